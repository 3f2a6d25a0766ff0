/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

#include <string.h>

#include "state.h"

#define FIRST_DOOR 67111415u
#define DOOR_OUT 67111416u

static struct jz_encounter *patient(struct stage *s, uint32_t slot) {
    return &s->core->encounter[slot];
}

static int64_t stamped(struct stage *s, uint32_t slot, uint32_t code) {
    const struct jz_encounter *e = patient(s, slot);
    for (uint32_t i = 0; i < e->stamp_count; i++)
        if (jz_field_at(e->stamp[i].field)->code == code) return e->stamp[i].happened_ms;
    return 0;
}

static uint32_t code_of(enum jz_milestone what) {
    return jz_milestone_code(what);
}

/* --- the table ------------------------------------------------------------------------------------------------------ */

/* O open, A arrived, C closed, H handed over, M merged; - refused. Events: arrive, hand over, close, re-open, transfer, merge. */
static const char *const expected[JZ_PHASE_COUNT] = {
    [JZ_PHASE_NONE] = "------",   [JZ_PHASE_OPEN] = "AHC--M",        [JZ_PHASE_ARRIVED] = "-HC-OM",
    [JZ_PHASE_CLOSED] = "---O--", [JZ_PHASE_HANDED_OVER] = "--C-OM", [JZ_PHASE_MERGED] = "---O--"};
static const char letter[] = {'-', 'O', 'A', 'C', 'H', 'M'};

static void every_event_in_every_phase_is_as_the_table_says_and_journaled(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    for (uint8_t phase = JZ_PHASE_OPEN; phase < JZ_PHASE_COUNT; phase++)
        for (int event = 1; event < JZ_PHASE_EVENT_COUNT; event++) {
            char is = expected[phase][event - 1];
            patient(s, 0)->phase = phase;
            s->out.decision_count = s->out.buffer_used = 0;
            s->out.urgent = false;
            assert_int_equal(letter[jz_phase_after((enum jz_phase)phase, (enum jz_phase_event)event)], is);
            enum jz_status status = jz_phase_move(s->core, 0, (enum jz_phase_event)event, &s->out);
            assert_int_equal(status, is == '-' ? JZ_E_PHASE : JZ_OK);
            assert_int_equal(letter[patient(s, 0)->phase], is == '-' ? letter[phase] : is);
            assert_int_equal(s->out.decision_count, is != '-');
            assert_int_equal(s->out.urgent, is != '-');
        }
}

static void nothing_moves_an_encounter_that_is_none(void **state) {
    (void)state;
    for (int event = 0; event < JZ_PHASE_EVENT_COUNT; event++)
        assert_int_equal(jz_phase_after(JZ_PHASE_NONE, (enum jz_phase_event)event), JZ_PHASE_NONE);
    for (int phase = 0; phase < JZ_PHASE_COUNT; phase++)
        assert_int_equal(jz_phase_after((enum jz_phase)phase, JZ_PHASE_EVENT_NONE), JZ_PHASE_NONE);
}

static void closed_and_merged_are_over_and_all_else_is_live(void **state) {
    (void)state;
    assert_true(jz_phase_is_live(JZ_PHASE_OPEN));
    assert_true(jz_phase_is_live(JZ_PHASE_ARRIVED));
    assert_true(jz_phase_is_live(JZ_PHASE_HANDED_OVER));
    assert_false(jz_phase_is_live(JZ_PHASE_CLOSED));
    assert_false(jz_phase_is_live(JZ_PHASE_MERGED));
    assert_false(jz_phase_is_live(JZ_PHASE_NONE));
}

/* --- milestones ------------------------------------------------------------------------------------------------------ */

static struct stage *under_way(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, true);
    stage_travel(s, 1);
    stage_sbp(s, 1, 168);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(s->out.status, JZ_OK);
    return s;
}

static void milestone(struct stage *s, enum jz_milestone what) {
    stage_wait(s, MINUTE);
    stage_milestone(s, 1, what);
}

static void the_door_and_the_handover_move_the_phase(void **state) {
    struct stage *s = under_way(state);
    milestone(s, JZ_MILESTONE_LEFT_SCENE);
    assert_int_equal(patient(s, 0)->phase, JZ_PHASE_OPEN);
    milestone(s, JZ_MILESTONE_DOOR);
    assert_int_equal(patient(s, 0)->phase, JZ_PHASE_ARRIVED);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_ARRIVED);
    assert_int_equal(patient(s, 0)->handover_due_ms, JZ_NEVER);
    milestone(s, JZ_MILESTONE_HANDOVER);
    assert_int_equal(patient(s, 0)->phase, JZ_PHASE_HANDED_OVER);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_HANDED_OVER);
    assert_int_equal(patient(s, 0)->handover_due_ms, s->now + 15 * MINUTE); /* unsigned reminds */
}

static void a_crew_that_forgot_the_door_has_handed_over_all_the_same(void **state) {
    struct stage *s = under_way(state);
    assert_int_not_equal(patient(s, 0)->held_facility, 0);
    milestone(s, JZ_MILESTONE_HANDOVER);
    assert_int_equal(patient(s, 0)->phase, JZ_PHASE_HANDED_OVER);
    assert_int_equal(patient(s, 0)->held_facility, 0);
    milestone(s, JZ_MILESTONE_WIRE);
    assert_int_equal(s->out.status, JZ_OK); /* the case is not over yet */
    assert_int_equal(patient(s, 0)->milestone[JZ_MILESTONE_WIRE], s->now);
}

static void a_milestone_in_a_phase_it_cannot_move_is_kept_as_a_fact(void **state) {
    struct stage *s = under_way(state);
    milestone(s, JZ_MILESTONE_HANDOVER);
    struct jz_frame door = {.kind = JZ_FRAME_MILESTONE, .has_encounter = true, .encounter = stage_patient(1)};
    door.milestone.what = JZ_MILESTONE_DOOR;
    door.milestone.happened_ms = s->now - 30000; /* tapped late */
    stage_device(s, &door);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(patient(s, 0)->phase, JZ_PHASE_HANDED_OVER);
    assert_int_equal(patient(s, 0)->milestone[JZ_MILESTONE_DOOR], s->now - 30000);
}

static void impossible(struct stage *s, enum jz_milestone what, int64_t happened_ms) {
    uint8_t phase = patient(s, 0)->phase;
    struct jz_frame frame = {
        .kind = JZ_FRAME_MILESTONE, .has_encounter = true, .encounter = stage_patient(1)};
    frame.milestone.what = what;
    frame.milestone.happened_ms = happened_ms;
    int64_t before = patient(s, 0)->milestone[what];
    stage_device(s, &frame);
    assert_int_equal(s->out.status, JZ_E_TIME_ORDER);
    assert_false(s->out.duplicate); /* in the journal */
    assert_int_equal(patient(s, 0)->phase, phase);
    assert_int_equal(patient(s, 0)->milestone[what], before);
}

static void an_impossible_milestone_is_in_the_journal_and_not_believed(void **state) {
    struct stage *s = under_way(state);
    milestone(s, JZ_MILESTONE_LEFT_SCENE);
    impossible(s, JZ_MILESTONE_DOOR, s->now - 1);
    milestone(s, JZ_MILESTONE_DOOR);
    impossible(s, JZ_MILESTONE_HANDOVER, s->now - 1);
    impossible(s, JZ_MILESTONE_WIRE, s->now - 1);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_ARRIVED);
    impossible(s, JZ_MILESTONE_HANDOVER, s->now + MINUTE + 1);
}

static void a_device_whose_clock_runs_ahead_loses_no_tap(void **state) {
    struct stage *s = under_way(state);
    struct jz_frame frame = {.kind = JZ_FRAME_MILESTONE,
                             .has_encounter = true,
                             .encounter = stage_patient(1),
                             .at_ms = s->now + 600000};
    frame.milestone.what = JZ_MILESTONE_DOOR;
    frame.milestone.happened_ms = s->now + 600000;
    stage_device(s, &frame);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(patient(s, 0)->milestone[JZ_MILESTONE_DOOR], s->now);
    frame = (struct jz_frame){.kind = JZ_FRAME_MILESTONE,
                              .has_encounter = true,
                              .encounter = stage_patient(1),
                              .at_ms = s->now + 600000};
    frame.milestone.what = JZ_MILESTONE_HANDOVER;
    frame.milestone.happened_ms = s->now + 600000 + MINUTE + 1; /* to come, by its own clock too */
    stage_device(s, &frame);
    assert_int_equal(s->out.status, JZ_E_TIME_ORDER);
}

/* --- the end, and back ------------------------------------------------------------------------------------------------ */

static void act(struct stage *s, const struct jz_action *action) {
    struct jz_peer dispatcher = stage_dispatcher("王调度");
    stage_action(s, &dispatcher, 1, action);
}

static void stand_down(struct stage *s) {
    act(s, &(struct jz_action){.what = JZ_ACTION_STAND_DOWN, .reason = JZ_REASON_FALSE_CALL});
}
static void reopen(struct stage *s) {
    act(s, &(struct jz_action){.what = JZ_ACTION_REOPEN, .reason = JZ_REASON_MISTAKE});
}

static void a_stand_down_ends_the_case_and_is_told_to_the_hospital(void **state) {
    struct stage *s = under_way(state);
    stand_down(s);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(patient(s, 0)->phase, JZ_PHASE_CLOSED);
    assert_int_equal(patient(s, 0)->close_reason, JZ_CLOSE_STOOD_DOWN);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_WITHDRAWN);
    assert_int_equal(patient(s, 0)->held_facility, 0);
    stage_sbp(s, 1, 120);
    assert_int_equal(s->out.status, JZ_E_ENCOUNTER_CLOSED);
    stand_down(s);
    assert_int_equal(s->out.status, JZ_E_PHASE);
}

static void whom_the_hospital_has_cannot_be_stood_down(void **state) {
    struct stage *s = under_way(state);
    milestone(s, JZ_MILESTONE_DOOR);
    milestone(s, JZ_MILESTONE_HANDOVER);
    stand_down(s);
    assert_int_equal(s->out.status, JZ_E_PHASE);
    assert_int_equal(patient(s, 0)->phase, JZ_PHASE_HANDED_OVER);
}

static void a_case_opened_again_seeks_a_hospital_again(void **state) {
    struct stage *s = under_way(state);
    stand_down(s);
    stage_wait(s, MINUTE);
    reopen(s);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(patient(s, 0)->phase, JZ_PHASE_OPEN);
    assert_int_equal(patient(s, 0)->close_reason, JZ_CLOSE_UNKNOWN);
    stage_travel(s, 1);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_RAISED);
    stage_sbp(s, 1, 120);
    assert_int_equal(s->out.status, JZ_OK);
    reopen(s);
    assert_int_equal(s->out.status, JZ_E_PHASE); /* it is open */
}

static void a_case_opened_again_is_where_its_milestones_say(void **state) {
    struct stage *s = under_way(state);
    milestone(s, JZ_MILESTONE_DOOR);
    stand_down(s);
    reopen(s);
    assert_int_equal(patient(s, 0)->phase, JZ_PHASE_ARRIVED);
    assert_int_equal(patient(s, 0)->alert_count, 1); /* nobody else is asked: the patient is in a hospital */
    milestone(s, JZ_MILESTONE_HANDOVER);
    jz_close_encounter(s->core, 0, JZ_CLOSE_HANDED_OVER, &s->out);
    assert_int_equal(patient(s, 0)->phase, JZ_PHASE_CLOSED);
    reopen(s);
    assert_int_equal(patient(s, 0)->phase, JZ_PHASE_HANDED_OVER);
}

static void a_case_no_longer_in_memory_cannot_be_opened_again(void **state) {
    struct stage *s = under_way(state);
    stand_down(s);
    for (uint8_t n = 2; n <= s->limits.encounters_max + 1u; n++) stage_open_patient(s, n, false);
    reopen(s);
    assert_int_equal(s->out.status, JZ_E_UNKNOWN_ENCOUNTER);
}

static void silence_for_a_day_ends_a_case_as_it_was(void **state) {
    struct stage *s = under_way(state);
    stage_open_patient(s, 2, false);
    milestone(s, JZ_MILESTONE_DOOR);
    milestone(s, JZ_MILESTONE_HANDOVER);
    stage_wait(s, JZ_SILENT_MS);
    assert_int_equal(patient(s, 0)->phase, JZ_PHASE_CLOSED);
    assert_int_equal(patient(s, 0)->close_reason, JZ_CLOSE_HANDED_OVER);
    assert_int_equal(patient(s, 1)->phase, JZ_PHASE_CLOSED);
    assert_int_equal(patient(s, 1)->close_reason, JZ_CLOSE_UNKNOWN);
}

/* --- on to another hospital ------------------------------------------------------------------------------------------- */

static struct stage *in_hospital(void **state) {
    struct stage *s = under_way(state);
    milestone(s, JZ_MILESTONE_LEFT_SCENE);
    milestone(s, JZ_MILESTONE_DOOR);
    stage_wait(s, MINUTE);
    return s;
}

static void transfer(struct stage *s, const struct jz_peer *peer, int64_t out_ms) {
    struct jz_action action = {.what = JZ_ACTION_TRANSFER, .reason = JZ_REASON_SPECIALTY, .ms = out_ms};
    stage_action(s, peer, 1, &action);
}

static void a_transfer_seeks_another_hospital_than_the_one_it_leaves(void **state) {
    struct stage *s = in_hospital(state);
    struct jz_peer team = stage_team("near", "李医生");
    int64_t door = patient(s, 0)->milestone[JZ_MILESTONE_DOOR];
    transfer(s, &team, 0);
    assert_int_equal(s->out.status, JZ_OK);
    struct jz_encounter *e = patient(s, 0);
    assert_int_equal(e->phase, JZ_PHASE_OPEN);
    assert_int_equal(e->legs, 1);
    assert_int_equal(e->from_facility, 1); /* near */
    assert_int_equal(e->destination_alert, 0);
    assert_true(e->declined & 1u);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_HANDED_OVER);
    assert_int_equal(stamped(s, 0, FIRST_DOOR), door);
    assert_int_equal(e->milestone[JZ_MILESTONE_DOOR], 0);
    assert_int_equal(stamped(s, 0, code_of(JZ_MILESTONE_DOOR)), 0);
    assert_int_not_equal(jz_chart_reading(&e->chart, jz_field_by_name("door")).validity, JZ_VALID);
    assert_non_null(stage_decision(s, JZ_DECISION_PHASE));
    assert_int_equal(e->alert_count, 1);
    assert_int_not_equal(e->travel_wanted_ms, 0);
    stage_travel(s, 1); /* from the hospital, not from where it was called */
    assert_string_equal(stage_alert_facility(s, jz_alerts(s->core, 0)[1].id), "far");
    assert_int_equal(jz_alerts(s->core, 0)[1].state, JZ_ALERT_RAISED);
}

static void the_crews_departure_is_the_first_hospitals_door_out(void **state) {
    struct stage *s = in_hospital(state);
    struct jz_peer team = stage_team("near", "李医生");
    int64_t left = patient(s, 0)->milestone[JZ_MILESTONE_LEFT_SCENE];
    transfer(s, &team, 0);
    assert_int_equal(stamped(s, 0, DOOR_OUT), 0);
    milestone(s, JZ_MILESTONE_LEFT_SCENE);
    assert_int_equal(stamped(s, 0, DOOR_OUT), s->now);
    assert_int_equal(patient(s, 0)->milestone[JZ_MILESTONE_LEFT_SCENE], left);
    stage_travel(s, 1);
    stage_answer(s, "far", jz_alerts(s->core, 0)[1].id, JZ_ALERT_ACCEPTED, 0);
    milestone(s, JZ_MILESTONE_DOOR); /* of the second hospital */
    assert_int_equal(patient(s, 0)->phase, JZ_PHASE_ARRIVED);
    assert_int_equal(stamped(s, 0, code_of(JZ_MILESTONE_DOOR)), s->now);
    milestone(s, JZ_MILESTONE_HANDOVER);
    assert_int_equal(patient(s, 0)->phase, JZ_PHASE_HANDED_OVER);
    assert_int_equal(patient(s, 0)->handover_due_ms, s->now + 15 * MINUTE);
}

static void a_departure_that_is_said_with_the_transfer_stands(void **state) {
    struct stage *s = in_hospital(state);
    struct jz_peer dispatcher = stage_dispatcher("王调度");
    int64_t door = patient(s, 0)->milestone[JZ_MILESTONE_DOOR];
    transfer(s, &dispatcher, door - 1);
    assert_int_equal(s->out.status, JZ_E_TIME_ORDER);
    transfer(s, &dispatcher, s->now + MINUTE + 1);
    assert_int_equal(s->out.status, JZ_E_TIME_ORDER);
    assert_int_equal(patient(s, 0)->phase, JZ_PHASE_ARRIVED);
    assert_int_equal(patient(s, 0)->legs, 0);
    transfer(s, &dispatcher, door);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(stamped(s, 0, DOOR_OUT), door);
    milestone(s, JZ_MILESTONE_LEFT_SCENE);
    assert_int_equal(stamped(s, 0, DOOR_OUT), door);
}

static void a_handed_over_patient_is_transferred_with_a_new_handover(void **state) {
    struct stage *s = in_hospital(state);
    struct jz_peer team = stage_team("near", "李医生");
    milestone(s, JZ_MILESTONE_HANDOVER);
    stage_action(s, &team, 1,
                 &(struct jz_action){.what = JZ_ACTION_SIGN_HANDOVER, .has_value = true, .value = 2});
    assert_int_equal(s->out.status, JZ_OK);
    transfer(s, &team, 0);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(patient(s, 0)->receives.ms, 0);
    assert_int_equal(patient(s, 0)->handover_due_ms, JZ_NEVER);
    assert_int_equal(patient(s, 0)->milestone[JZ_MILESTONE_HANDOVER], 0);
}

static void a_transfer_starts_where_the_hospital_is(void **state) {
    struct stage *s = in_hospital(state);
    struct jz_directory directory = s->directory;
    struct jz_peer team = stage_team("near", "李医生");
    directory.facility[0].lat_e7 = 265800000;
    directory.facility[0].lon_e7 = 1067100000;
    directory.facility[0].accuracy_m = 50;
    stage_directory(s, &directory);
    stage_wait(s, MINUTE);
    transfer(s, &team, 0);
    assert_int_equal(patient(s, 0)->lat_e7, 265800000);
    assert_int_equal(patient(s, 0)->lon_e7, 1067100000);
    assert_int_equal(patient(s, 0)->accuracy_m, 50);
    assert_int_equal(patient(s, 0)->position_ms, s->now);
    stage_directory(s, &s->directory); /* the one that outlives this test's */
}

static void a_hospital_that_was_asked_too_does_not_send_it_on(void **state) {
    struct stage *s = *state;
    struct jz_peer far = stage_team("far", "张医生");
    stage_open_patient(s, 1, true);
    stage_travel(s, 1);
    stage_sbp(s, 1, 168);
    stage_wait(s, 3 * MINUTE); /* far is asked beside near */
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    milestone(s, JZ_MILESTONE_DOOR);
    assert_true(jz_core_facility_sees(s->core, "far", 0));
    transfer(s, &far, 0);
    assert_int_equal(s->out.status, JZ_E_DENIED);
    assert_int_equal(patient(s, 0)->phase, JZ_PHASE_ARRIVED);
}

static void the_end_of_a_case_ends_its_consult(void **state) {
    struct stage *s = under_way(state);
    act(s, &(struct jz_action){.what = JZ_ACTION_ASK_CONSULT, .text = {"?", 1}});
    assert_int_equal(s->core->region->consult[0].state, JZ_CONSULT_ASKED);
    stand_down(s);
    assert_int_equal(s->core->region->consult[0].state, JZ_CONSULT_ENDED);
}

static void only_who_has_the_patient_sends_it_on(void **state) {
    struct stage *s = under_way(state);
    struct jz_peer near = stage_team("near", "李医生"), far = stage_team("far", "张医生");
    transfer(s, &near, 0);
    assert_int_equal(s->out.status, JZ_E_PHASE); /* it is not there yet */
    milestone(s, JZ_MILESTONE_DOOR);
    transfer(s, &far, 0);
    assert_int_equal(s->out.status, JZ_E_DENIED);
    stage_milestone(s, 1, JZ_MILESTONE_HANDOVER);
    jz_close_encounter(s->core, 0, JZ_CLOSE_HANDED_OVER, &s->out);
    transfer(s, &near, 0);
    assert_int_equal(s->out.status, JZ_E_PHASE);
}

static void a_second_transfer_keeps_the_first_hospitals_times(void **state) {
    struct stage *s = in_hospital(state);
    struct jz_peer dispatcher = stage_dispatcher("王调度");
    int64_t first = patient(s, 0)->milestone[JZ_MILESTONE_DOOR];
    transfer(s, &dispatcher, 0);
    milestone(s, JZ_MILESTONE_LEFT_SCENE);
    int64_t left = s->now;
    milestone(s, JZ_MILESTONE_DOOR);
    transfer(s, &dispatcher, 0);
    assert_int_equal(s->out.status, JZ_OK);
    milestone(s, JZ_MILESTONE_LEFT_SCENE);
    assert_int_equal(patient(s, 0)->legs, 2);
    assert_int_equal(stamped(s, 0, FIRST_DOOR), first);
    assert_int_equal(stamped(s, 0, DOOR_OUT), left);
}

#define test(f) cmocka_unit_test_setup_teardown(f, stage_open, stage_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(every_event_in_every_phase_is_as_the_table_says_and_journaled),
        test(nothing_moves_an_encounter_that_is_none),
        test(closed_and_merged_are_over_and_all_else_is_live),
        test(the_door_and_the_handover_move_the_phase),
        test(a_crew_that_forgot_the_door_has_handed_over_all_the_same),
        test(a_milestone_in_a_phase_it_cannot_move_is_kept_as_a_fact),
        test(an_impossible_milestone_is_in_the_journal_and_not_believed),
        test(a_device_whose_clock_runs_ahead_loses_no_tap),
        test(a_stand_down_ends_the_case_and_is_told_to_the_hospital),
        test(whom_the_hospital_has_cannot_be_stood_down),
        test(a_case_opened_again_seeks_a_hospital_again),
        test(a_case_opened_again_is_where_its_milestones_say),
        test(a_case_no_longer_in_memory_cannot_be_opened_again),
        test(silence_for_a_day_ends_a_case_as_it_was),
        test(a_transfer_seeks_another_hospital_than_the_one_it_leaves),
        test(the_crews_departure_is_the_first_hospitals_door_out),
        test(a_departure_that_is_said_with_the_transfer_stands),
        test(a_handed_over_patient_is_transferred_with_a_new_handover),
        test(a_transfer_starts_where_the_hospital_is),
        test(a_hospital_that_was_asked_too_does_not_send_it_on),
        test(the_end_of_a_case_ends_its_consult),
        test(only_who_has_the_patient_sends_it_on),
        test(a_second_transfer_keeps_the_first_hospitals_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
