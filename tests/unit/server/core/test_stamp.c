/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "jingzhu/field.h"
#include "stage.h"
#include "state.h"

#define SECOND INT64_C(1000)

static const struct jz_stamp_record *stamp(struct stage *s, const char *field) {
    struct jz_encounter *e = &s->core->encounter[0];
    for (uint32_t i = 0; i < e->stamp_count; i++)
        if (e->stamp[i].field == jz_field_by_name(field)) return &e->stamp[i];
    return NULL;
}

static enum jz_status tap(struct stage *s, const char *field, int64_t ms, uint8_t reason) {
    struct jz_peer dispatcher = stage_dispatcher("王调度");
    struct jz_action action = {.what = JZ_ACTION_STAMP,
                               .code = jz_field_at(jz_field_by_name(field))->code,
                               .ms = ms,
                               .reason = reason};
    stage_action(s, &dispatcher, 1, &action);
    return s->out.status;
}

static struct stage *open(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, true);
    stage_wait(s, 10 * MINUTE);
    return s;
}

static void a_tap_of_the_crew_is_kept_with_both_clocks_and_its_source(void **state) {
    struct stage *s = open(state);
    stage_milestone(s, 1, JZ_MILESTONE_FMC);
    const struct jz_stamp_record *fmc = stamp(s, "fmc");
    assert_non_null(fmc);
    assert_int_equal(fmc->happened_ms, s->now);
    assert_int_equal(fmc->device_ms, s->now);
    assert_int_equal(fmc->received_ms, s->now);
    assert_int_equal(fmc->source, JZ_STAMP_CREW);
    assert_int_equal(fmc->corrections, 0);
}

static void an_event_that_comes_as_a_finding_is_a_milestone_like_any_other(void **state) {
    struct stage *s = open(state);
    stage_finding(s, 1, "blood_drawn", 120); /* two minutes ago */
    assert_non_null(stamp(s, "blood_drawn"));
    assert_int_equal(stamp(s, "blood_drawn")->happened_ms, s->now - 2 * MINUTE);
    assert_int_equal(stamp(s, "blood_drawn")->source, JZ_STAMP_CREW);
}

static void a_correction_stands_beside_the_original(void **state) {
    struct stage *s = open(state);
    stage_milestone(s, 1, JZ_MILESTONE_FMC);
    int64_t first = s->now;
    stage_wait(s, 5 * MINUTE);
    assert_int_equal(tap(s, "fmc", first - MINUTE, JZ_REASON_CLOCK_WRONG), JZ_OK);
    assert_int_equal(stamp(s, "fmc")->happened_ms, first - MINUTE);
    assert_int_equal(stamp(s, "fmc")->first_ms, first);
    assert_int_equal(stamp(s, "fmc")->corrections, 1);
    assert_int_equal(stamp(s, "fmc")->source, JZ_STAMP_DISPATCH);
    assert_int_equal(s->core->encounter[0].milestone[JZ_MILESTONE_FMC], first - MINUTE);
    assert_non_null(stage_decision(s, JZ_DECISION_CLOCK));
}

static void a_correction_needs_a_reason_and_a_first_word_does_not(void **state) {
    struct stage *s = open(state);
    assert_int_equal(tap(s, "lab_activated", 0, 0), JZ_OK);
    assert_int_equal(stamp(s, "lab_activated")->happened_ms, s->now);
    assert_int_equal(tap(s, "lab_activated", s->now - MINUTE, 0), JZ_E_REASON);
    assert_int_equal(stamp(s, "lab_activated")->corrections, 0);
}

static void a_second_tap_of_the_crew_changes_nothing(void **state) {
    struct stage *s = open(state);
    stage_milestone(s, 1, JZ_MILESTONE_FMC);
    int64_t first = s->now;
    stage_wait(s, MINUTE);
    stage_milestone(s, 1, JZ_MILESTONE_FMC);
    assert_int_equal(stamp(s, "fmc")->happened_ms, first);
}

/* Both sides of the bound: the same moment is possible, one second before is not. */
static void what_cannot_have_happened_before_is_not_believed(void **state) {
    static const struct {
        const char *first, *then;
    } pairs[] = {{"left_scene", "door"},
                 {"door", "handover"},
                 {"door", "wire"},
                 {"ecg", "ecg_read"},
                 {"puncture", "wire"},
                 {"blood_drawn", "troponin_result"},
                 {"lab_activated", "lab_ready"},
                 {"ct_ordered", "ct_start"},
                 {"decision_delivery", "delivery"},
                 {"door_first", "door_out"},
                 {"consent_start", "consent_signed"},
                 {"call", "dispatched"},
                 {"dispatched", "moving"},
                 {"moving", "on_scene"},
                 {"on_scene", "left_scene"}};
    struct stage *s = open(state);
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct jz_encounter *e = &s->core->encounter[0];
        e->stamp_count = 0;
        assert_int_equal(tap(s, pairs[i].first, s->now - MINUTE, 0), JZ_OK);
        if (tap(s, pairs[i].then, s->now - MINUTE - SECOND, 0) != JZ_E_TIME_ORDER)
            fail_msg("%s before %s", pairs[i].then, pairs[i].first);
        assert_null(stamp(s, pairs[i].then));
        assert_int_equal(tap(s, pairs[i].then, s->now - MINUTE, 0), JZ_OK);
        /* and from the other side: the first cannot be corrected to after what followed */
        assert_int_equal(tap(s, pairs[i].first, s->now - MINUTE + SECOND, JZ_REASON_MISTAKE),
                         JZ_E_TIME_ORDER);
    }
}

static void nothing_happened_in_the_future(void **state) {
    struct stage *s = open(state);
    assert_int_equal(tap(s, "wire", s->now + JZ_CLOCK_SLACK_MS + 1, 0), JZ_E_TIME_ORDER);
    assert_null(stamp(s, "wire"));
    assert_int_equal(tap(s, "wire", s->now + JZ_CLOCK_SLACK_MS, 0),
                     JZ_OK); /* a clock that is a minute fast */
    assert_int_equal(stamp(s, "wire")->happened_ms, s->now);
}

static void a_code_that_is_no_event_is_refused(void **state) {
    struct stage *s = open(state);
    assert_int_equal(tap(s, "sbp", 0, 0), JZ_E_UNKNOWN_FIELD);
}

static void milestones_have_a_limit_and_the_one_over_it_is_refused(void **state) {
    struct stage *s = open(state);
    uint32_t taken = 0;
    enum jz_status status = JZ_OK;
    for (uint32_t i = 0; i < jz_field_count() && status == JZ_OK; i++) {
        if (jz_field_at(i)->kind != 'e') continue;
        struct jz_peer dispatcher = stage_dispatcher("王调度");
        struct jz_action action = {.what = JZ_ACTION_STAMP, .code = jz_field_at(i)->code};
        stage_action(s, &dispatcher, 1, &action);
        status = s->out.status;
        taken += status == JZ_OK;
    }
    assert_int_equal(status, JZ_E_CHART_FULL);
    assert_int_equal(taken, JZ_STAMPS_MAX);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, stage_open, stage_close)
    const struct CMUnitTest tests[] = {
        TEST(a_tap_of_the_crew_is_kept_with_both_clocks_and_its_source),
        TEST(an_event_that_comes_as_a_finding_is_a_milestone_like_any_other),
        TEST(a_correction_stands_beside_the_original),
        TEST(a_correction_needs_a_reason_and_a_first_word_does_not),
        TEST(a_second_tap_of_the_crew_changes_nothing),
        TEST(what_cannot_have_happened_before_is_not_believed),
        TEST(nothing_happened_in_the_future),
        TEST(a_code_that_is_no_event_is_refused),
        TEST(milestones_have_a_limit_and_the_one_over_it_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
