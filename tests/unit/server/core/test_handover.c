/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "jingzhu/field.h"
#include "stage.h"
#include "state.h"

enum { GIVES = 1, RECEIVES = 2 };

/* Accepted by "near", at its door, and handed over by the crew's tap. */
static struct stage *handed_over(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, true);
    stage_travel(s, 1);
    stage_sbp(s, 1, 168);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    stage_wait(s, 10 * MINUTE);
    stage_milestone(s, 1, JZ_MILESTONE_DOOR);
    stage_milestone(s, 1, JZ_MILESTONE_HANDOVER);
    return s;
}

static enum jz_status sign(struct stage *s, int32_t side, const char *facility) {
    struct jz_action action = {.what = JZ_ACTION_SIGN_HANDOVER, .has_value = true, .value = side};
    if (side == GIVES) {
        struct jz_frame frame = {
            .kind = JZ_FRAME_ACTION, .has_encounter = true, .encounter = stage_patient(1)};
        frame.action = action;
        stage_device(s, &frame);
    } else {
        struct jz_peer team = stage_team(facility, "李医生");
        stage_action(s, &team, 1, &action);
    }
    return s->out.status;
}

static enum jz_status outcome(struct stage *s, uint32_t diagnosis, int32_t right) {
    struct jz_peer team = stage_team("near", "李医生");
    struct jz_action action = {
        .what = JZ_ACTION_OUTCOME, .code = diagnosis, .has_value = true, .value = right};
    stage_action(s, &team, 1, &action);
    return s->out.status;
}

static struct jz_encounter *patient(struct stage *s) {
    return &s->core->encounter[0];
}

static void an_unsigned_handover_reminds_after_fifteen_minutes_once(void **state) {
    struct stage *s = handed_over(state);
    stage_wait(s, 15 * MINUTE - 1);
    assert_int_equal(patient(s)->reminded, 0);
    stage_wait(s, 1);
    assert_int_equal(patient(s)->reminded, 1);
    assert_int_equal(patient(s)->handover_due_ms, JZ_NEVER);
    stage_wait(s, 60 * MINUTE);
    assert_null(stage_decision(s, JZ_DECISION_HANDOVER));
}

static void both_signatures_end_the_reminder(void **state) {
    struct stage *s = handed_over(state);
    assert_int_equal(sign(s, GIVES, NULL), JZ_OK);
    assert_int_equal(sign(s, RECEIVES, "near"), JZ_OK);
    assert_string_equal(patient(s)->receives.person, "李医生");
    stage_wait(s, 30 * MINUTE);
    assert_int_equal(patient(s)->reminded, 0);
}

static void one_signature_does_not(void **state) {
    struct stage *s = handed_over(state);
    assert_int_equal(sign(s, RECEIVES, "near"), JZ_OK);
    stage_wait(s, 15 * MINUTE);
    assert_int_equal(patient(s)->reminded, 1);
}

static void each_side_signs_for_itself_and_once(void **state) {
    struct stage *s = handed_over(state);
    struct jz_peer team = stage_team("near", "李医生");
    struct jz_action gives = {.what = JZ_ACTION_SIGN_HANDOVER, .has_value = true, .value = GIVES};
    stage_action(s, &team, 1, &gives);
    assert_int_equal(s->out.status, JZ_E_DENIED);
    assert_int_equal(sign(s, GIVES, NULL), JZ_OK);
    assert_int_equal(sign(s, GIVES, NULL), JZ_E_TRANSITION);
    assert_int_equal(sign(s, RECEIVES, "far"), JZ_E_DENIED); /* it has not the patient */
}

static void two_signatures_at_the_door_are_the_handover(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, true);
    stage_travel(s, 1);
    stage_sbp(s, 1, 168);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(sign(s, RECEIVES, "near"), JZ_E_PHASE); /* on the way there is nothing to sign */
    stage_milestone(s, 1, JZ_MILESTONE_DOOR);
    sign(s, RECEIVES, "near");
    assert_int_equal(patient(s)->phase, JZ_PHASE_ARRIVED);
    sign(s, GIVES, NULL);
    assert_int_equal(patient(s)->phase, JZ_PHASE_HANDED_OVER);
    assert_int_equal(patient(s)->milestone[JZ_MILESTONE_HANDOVER], s->now);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_HANDED_OVER);
}

static void what_the_hospital_found_comes_back(void **state) {
    struct stage *s = handed_over(state);
    assert_int_equal(outcome(s, JZ_DIAGNOSIS_PREECLAMPSIA, 1), JZ_OK);
    assert_int_equal(patient(s)->diagnosis, JZ_DIAGNOSIS_PREECLAMPSIA);
    assert_int_equal(outcome(s, JZ_DIAGNOSIS_HAEMORRHAGE, 3), JZ_OK); /* corrected */
    assert_int_equal(patient(s)->triage_right, 3);
    assert_int_equal(outcome(s, JZ_DIAGNOSIS_COUNT, 1), JZ_E_VALUE);
    assert_int_equal(outcome(s, JZ_DIAGNOSIS_OTHER, 4), JZ_E_VALUE);
    size_t bytes;
    assert_non_null(strstr(stage_view(s, 0, &bytes), "5: 7, 6: 3"));
}

static void an_ended_case_feeds_the_figures_of_its_hospital(void **state) {
    struct stage *s = handed_over(state);
    stage_wait(s, 40 * MINUTE);
    stage_milestone(s, 1, JZ_MILESTONE_WIRE);
    struct jz_frame close = {
        .kind = JZ_FRAME_ENCOUNTER_CLOSE, .has_encounter = true, .encounter = stage_patient(1)};
    close.close.reason = JZ_CLOSE_HANDED_OVER;
    stage_device(s, &close);
    uint32_t near = jz_directory_facility(&s->directory, "near", 4);
    const struct jz_figure *figure = &s->core->region->figures.of[near][JZ_FIGURE_WIRE];
    assert_int_equal(figure->count, 1);
    assert_int_equal(figure->seconds[0], 40 * 60);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, stage_open, stage_close)
    const struct CMUnitTest tests[] = {
        TEST(an_unsigned_handover_reminds_after_fifteen_minutes_once),
        TEST(both_signatures_end_the_reminder),
        TEST(one_signature_does_not),
        TEST(each_side_signs_for_itself_and_once),
        TEST(two_signatures_at_the_door_are_the_handover),
        TEST(what_the_hospital_found_comes_back),
        TEST(an_ended_case_feeds_the_figures_of_its_hospital),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
