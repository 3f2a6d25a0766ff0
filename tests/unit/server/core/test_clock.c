/* SPDX-License-Identifier: Apache-2.0 */
/* One target: 10 min from first medical contact to the first ECG (fake_rules.c). */
#include <stdio.h>
#include <string.h>

#include "jingzhu/field.h"
#include "stage.h"
#include "state.h"

static struct stage *contact(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, true);
    stage_milestone(s, 1, JZ_MILESTONE_FMC);
    return s;
}

/* Stage of the warning that the last event gave; 0: none. */
static int warning(struct stage *s) {
    const char *text = stage_decision(s, JZ_DECISION_CLOCK), *stage = text ? strstr(text, ", 6: ") : NULL;
    return stage ? stage[5] - '0' : 0;
}

static void warnings_come_at_half_at_four_fifths_and_after_the_target(void **state) {
    struct stage *s = contact(state);
    stage_wait(s, 5 * MINUTE - 1);
    assert_int_equal(warning(s), 0);
    stage_wait(s, 1);
    assert_int_equal(warning(s), 1);
    stage_wait(s, 3 * MINUTE);
    assert_int_equal(warning(s), 2);
    stage_wait(s, 2 * MINUTE); /* exactly the target is in time */
    assert_int_equal(s->core->encounter[0].clock_wake_ms, s->now + 1);
    stage_wait(s, 1);
    assert_int_equal(warning(s), 3);
    assert_int_equal(s->core->encounter[0].clock_wake_ms, JZ_NEVER);
}

static void each_warning_is_given_once(void **state) {
    struct stage *s = contact(state);
    stage_wait(s, 6 * MINUTE);
    assert_int_equal(warning(s), 1);
    for (int i = 0; i < 5; i++) {
        stage_wait(s, 1000);
        stage_sbp(s, 1, 120);
        assert_int_equal(warning(s), 0);
    }
}

static void a_target_that_was_met_is_not_warned_about(void **state) {
    struct stage *s = contact(state);
    stage_wait(s, 4 * MINUTE);
    stage_milestone(s, 1, JZ_MILESTONE_ECG);
    assert_int_equal(s->core->encounter[0].clock_wake_ms, JZ_NEVER);
    stage_wait(s, 30 * MINUTE);
    assert_int_equal(warning(s), 0);
    size_t bytes;
    assert_non_null(strstr(stage_view(s, 0, &bytes), "\"CLOCK\""));
}

/* A correction that takes the end back, or moves the beginning, moves the clock with it. */
static void a_corrected_beginning_moves_the_target(void **state) {
    struct stage *s = contact(state);
    int64_t first = s->now;
    struct jz_peer dispatcher = stage_dispatcher("王调度");
    struct jz_action earlier = {.what = JZ_ACTION_STAMP,
                                .code = jz_milestone_code(JZ_MILESTONE_FMC),
                                .ms = first - 4 * MINUTE,
                                .reason = JZ_REASON_CLOCK_WRONG};
    stage_action(s, &dispatcher, 1, &earlier);
    assert_int_equal(s->out.status, JZ_OK);
    stage_wait(s, MINUTE); /* five minutes after what is believed now */
    assert_int_equal(warning(s), 1);
}

/* The view: [id, zh, en, began, due, state, warnings, predicted]. */
static void the_view_shows_when_it_began_when_it_is_due_and_how_it_stands(void **state) {
    struct stage *s = contact(state);
    int64_t began = s->now;
    char expected[160];
    size_t bytes;
    snprintf(expected, sizeof expected, "%lld, %lld, 1, 0, null]", (long long)began,
             (long long)(began + 10 * MINUTE));
    assert_non_null(strstr(stage_view(s, 0, &bytes), expected));
    stage_wait(s, 11 * MINUTE);
    snprintf(expected, sizeof expected, "%lld, %lld, 3, 3, null]", (long long)began,
             (long long)(began + 10 * MINUTE));
    assert_non_null(strstr(stage_view(s, 0, &bytes), expected));
    stage_milestone(s, 1, JZ_MILESTONE_ECG);
    snprintf(expected, sizeof expected, "%lld, %lld, 5, 3, null]", (long long)began,
             (long long)(began + 10 * MINUTE));
    assert_non_null(strstr(stage_view(s, 0, &bytes), expected));
}

static void the_time_from_door_to_treatment_is_the_hospitals_own_when_it_has_five_cases(void **state) {
    struct stage *s = *state;
    uint32_t cases = 99, near = jz_directory_facility(&s->directory, "near", 4);
    uint32_t wire = jz_field_by_name("wire"), today = (uint32_t)(s->now / 86400000);
    stage_open_patient(s, 1, true);
    stage_finding(s, 1, "st_elevation_confirmed", 1);
    const struct jz_encounter *e = &s->core->encounter[0];
    assert_int_equal(jz_door_s(s->core, e, near, wire, &cases), 5400); /* as the condition plans it */
    assert_int_equal(cases, 0);
    for (int64_t i = 1; i <= 5; i++)
        assert_true(jz_figures_add(&s->core->region->figures, near, JZ_FIGURE_WIRE, i * 600, today));
    assert_int_equal(jz_door_s(s->core, e, near, wire, &cases), 4 * 600); /* upper quartile of 10 .. 50 min */
    assert_int_equal(cases, 5);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, stage_open, stage_close)
    const struct CMUnitTest tests[] = {
        TEST(warnings_come_at_half_at_four_fifths_and_after_the_target),
        TEST(each_warning_is_given_once),
        TEST(a_target_that_was_met_is_not_warned_about),
        TEST(a_corrected_beginning_moves_the_target),
        TEST(the_view_shows_when_it_began_when_it_is_due_and_how_it_stands),
        TEST(the_time_from_door_to_treatment_is_the_hospitals_own_when_it_has_five_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
