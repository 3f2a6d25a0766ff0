/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

#include <stdlib.h>
#include <string.h>

#include "fake_rules.h"
#include "state.h"

static struct stage *severe(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, true);
    stage_travel(s, 1);
    stage_sbp(s, 1, 168);
    return s;
}

static void a_severe_patient_raises_one_alert_at_the_nearest_capable_hospital(void **state) {
    struct stage *s = severe(state);
    assert_int_equal(s->core->encounter[0].alert_count, 1);
    assert_string_equal(stage_alert_facility(s, 1), "near");
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_RAISED);
}

static void an_alert_waits_for_travel_times_when_the_position_is_known(void **state) {
    struct stage *s = *state;
    struct jz_encounter_id id;
    struct jz_point from;
    stage_open_patient(s, 1, true);
    stage_sbp(s, 1, 168);
    assert_int_equal(s->core->encounter[0].alert_count, 0);
    assert_true(jz_core_wants_travel(s->core, 0, &id, &from));
    stage_travel(s, 1);
    assert_int_equal(s->core->encounter[0].alert_count, 1);
    assert_false(jz_core_wants_travel(s->core, 0, &id, &from));
}

static void an_alert_does_not_wait_for_a_position_that_never_came(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    stage_sbp(s, 1, 168);
    assert_int_equal(s->core->encounter[0].alert_count, 1);
}

static void the_same_value_again_does_not_ring_again(void **state) {
    struct stage *s = severe(state);
    for (int i = 0; i < 20; i++) {
        stage_wait(s, 1000);
        stage_sbp(s, 1, 168);
        assert_int_equal(s->out.decision_count, 0);
    }
    assert_int_equal(s->core->encounter[0].alert_count, 1);
    assert_int_equal(jz_alerts(s->core, 0)[0].occurrence, 1);
}

static void a_value_hovering_on_a_bound_rings_once(void **state) {
    struct stage *s = severe(state);
    for (int i = 0; i < 29; i++) { /* at 30 s it would sound again for want of an answer */
        stage_wait(s, 1000);
        stage_sbp(s, 1, i % 2 ? 160 : 159);
    }
    assert_int_equal(s->core->encounter[0].alert_count, 1);
    assert_int_equal(jz_alerts(s->core, 0)[0].occurrence, 1);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_RAISED);
}

static struct jz_alert_record *alert(struct stage *s, uint64_t id) {
    struct jz_alert_record *record = jz_alert_find(s->core, id, NULL);
    assert_non_null(record);
    return record;
}

static void close_patient(struct stage *s, enum jz_close_reason reason) {
    struct jz_frame close = {
        .kind = JZ_FRAME_ENCOUNTER_CLOSE, .has_encounter = true, .encounter = stage_patient(1)};
    close.close.reason = reason;
    stage_device(s, &close);
}

static void a_lower_result_never_withdraws_an_alarm_nobody_acknowledged(void **state) {
    struct stage *s = severe(state);
    stage_sbp(s, 1, 118);
    assert_int_equal(s->core->encounter[0].chart.result[0].status, JZ_RULE_NOT_FIRED);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_RAISED);
    assert_int_equal(s->core->encounter[0].priority, 2);
    assert_int_equal(s->core->encounter[0].conditions, 1);
    stage_wait(s, 2 * MINUTE); /* nobody answers: it goes on, as if nothing had become better */
    assert_int_equal(alert(s, 1)->escalated, 1);
    assert_string_equal(stage_alert_facility(s, 2), "far");
}

static void with_nobody_left_to_ask_the_crew_is_told_so(void **state) {
    struct stage *s = severe(state);
    for (int i = 0; i < 3; i++) stage_wait(s, 2 * MINUTE);
    assert_int_equal(s->core->encounter[0].alert_count,
                     3); /* the clinic lacks the capability and is never asked */
    stage_answer(s, "near", 1, JZ_ALERT_DECLINED, JZ_DECLINE_NO_BED);
    stage_answer(s, "far", 2, JZ_ALERT_DECLINED, JZ_DECLINE_NO_BED);
    stage_answer(s, "mothers", 3, JZ_ALERT_DECLINED, JZ_DECLINE_NO_BED);
    assert_int_equal(s->core->encounter[0].directive, JZ_DIRECTIVE_NO_DESTINATION);
}

static bool says_call(struct stage *s) {
    static uint8_t buffer[65536];
    static char text[131072];
    struct jz_writer w;
    size_t written;
    jz_writer_init(&w, buffer, sizeof buffer);
    assert_int_equal(jz_view_patient(s->core, 0, s->now, false, &w), JZ_OK);
    assert_int_equal(jz_diagnostic(buffer, w.used, text, sizeof text, &written), JZ_OK);
    return strstr(text, ", 23: true") != NULL;
}

static void the_dispatcher_is_told_to_call_when_no_clock_runs_any_more(void **state) {
    struct stage *s = severe(state);
    assert_false(says_call(s));
    for (int i = 0; i < 3; i++) {
        assert_false(says_call(s));
        stage_wait(s, 2 * MINUTE);
    }
    assert_true(says_call(s)); /* near, far and mothers were asked, nobody answered */
    stage_answer(s, "far", 2, JZ_ALERT_ACCEPTED, 0);
    assert_false(says_call(s));
}

static void the_first_hospital_may_still_accept_after_escalation_and_the_second_is_withdrawn(void **state) {
    struct stage *s = severe(state);
    stage_wait(s, 2 * MINUTE);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_ACCEPTED);
    assert_int_equal(stage_alert_state(s, 2), JZ_ALERT_WITHDRAWN);
    stage_answer(s, "far", 2, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(s->out.status, JZ_E_TRANSITION);
}

static void an_accepted_alert_never_escalates(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    stage_wait(s, 10 * MINUTE);
    assert_int_equal(s->core->encounter[0].alert_count, 1);
    assert_int_equal(jz_alerts(s->core, 0)[0].escalated, 0);
}

static void declining_needs_a_reason_and_asks_the_next_hospital_at_once(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "near", 1, JZ_ALERT_DECLINED, 0);
    assert_int_equal(s->out.status, JZ_E_REASON);
    stage_answer(s, "near", 1, JZ_ALERT_DECLINED, JZ_DECLINE_OTHER); /* other needs words */
    assert_int_equal(s->out.status, JZ_E_REASON);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_RAISED);
    stage_answer(s, "near", 1, JZ_ALERT_DECLINED, JZ_DECLINE_NO_NICU_COT);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(s->core->encounter[0].alert_count, 2);
    assert_string_equal(stage_alert_facility(s, 2), "far");
}

static void declining_after_accepting_asks_the_next_hospital(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    stage_answer(s, "near", 1, JZ_ALERT_DECLINED, JZ_DECLINE_NO_TEAM);
    assert_int_equal(s->core->encounter[0].alert_count, 2);
    assert_int_equal(s->core->encounter[0].destination_alert, 0);
}

static void another_hospital_and_another_role_are_denied(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "far", 1, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(s->out.status, JZ_E_DENIED);
    stage_answer(s, "", 1, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(s->out.status, JZ_E_DENIED);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_RAISED);
}

static void an_unknown_alert_is_refused(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "near", 2, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(s->out.status, JZ_E_UNKNOWN_ALERT);
}

static void delivery_and_sight_from_a_second_station_change_nothing(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "near", 1, JZ_ALERT_SEEN, 0);
    stage_answer(s, "near", 1, JZ_ALERT_DELIVERED, 0);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(s->out.decision_count, 0);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_SEEN);
}

static void a_rise_in_severity_rings_again_and_needs_a_new_acceptance(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    stage_sbp(s, 1, 184);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_RAISED);
    assert_int_equal(jz_alerts(s->core, 0)[0].occurrence, 2);
    assert_int_equal(jz_alerts(s->core, 0)[0].priority, 1);
    assert_int_equal(s->core->encounter[0].destination_alert, 0);
    assert_int_equal(s->core->encounter[0].alert_count, 1);
}

static void the_crew_brings_the_alert_to_arrived_and_handed_over(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    stage_milestone(s, 1, JZ_MILESTONE_DOOR);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_ARRIVED);
    assert_int_equal(s->core->encounter[0].phase, JZ_PHASE_ARRIVED);
    stage_milestone(s, 1, JZ_MILESTONE_HANDOVER);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_HANDED_OVER);
}

static void a_patient_who_needs_more_leaves_the_hospital_that_cannot_give_it(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "near", 1, JZ_ALERT_DECLINED, JZ_DECLINE_NO_BED);
    stage_answer(s, "far", 2, JZ_ALERT_DECLINED, JZ_DECLINE_NO_BED);
    stage_answer(s, "mothers", 3, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(s->core->encounter[0].destination_alert, 3);
    stage_finding(s, 1, "st_elevation_confirmed", 1); /* and mothers has no cath lab */
    assert_int_equal(stage_alert_state(s, 3), JZ_ALERT_WITHDRAWN);
    assert_int_equal(s->core->encounter[0].destination_alert, 0);
    assert_int_equal(s->core->encounter[0].directive, JZ_DIRECTIVE_NO_DESTINATION);
}

static void a_patient_who_needs_more_gets_the_next_hospital_that_can(void **state) {
    struct stage *s = *state;
    struct jz_directory directory = s->directory;
    memset(directory.facility[0].capability, 0, 2); /* near: heart only */
    memset(directory.facility[1].capability, 0, 2); /* far: heart only */
    directory.facility[3].capability[2] = JZ_CAPABILITY_ASSUMED;
    stage_directory(s, &directory);
    stage_open_patient(s, 1, true);
    stage_travel(s, 1);
    stage_finding(s, 1, "st_elevation_confirmed", 1);
    assert_string_equal(stage_alert_facility(s, 1), "near");
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    stage_sbp(s, 1, 168);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_WITHDRAWN);
    assert_string_equal(stage_alert_facility(s, 2), "mothers");
    assert_int_equal(stage_alert_state(s, 2), JZ_ALERT_RAISED);
    stage_directory(s, &s->directory); /* the stage's own outlives this test's */
}

static void a_hospital_withdrawn_for_another_is_asked_again_when_that_one_declines(void **state) {
    struct stage *s = severe(state);
    stage_wait(s, 2 * MINUTE); /* near did not answer, far is asked too */
    stage_answer(s, "far", 2, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_WITHDRAWN);
    stage_answer(s, "far", 2, JZ_ALERT_DECLINED, JZ_DECLINE_NO_TEAM);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_RAISED);
    assert_int_equal(jz_alerts(s->core, 0)[0].occurrence, 3); /* the second was for want of an answer */
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(s->core->encounter[0].destination_alert, 1);
}

static void travel_times_that_come_late_still_find_the_next_hospital(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    stage_sbp(s, 1, 168);
    struct jz_frame frame = {.kind = JZ_FRAME_POSITION, .has_encounter = true, .encounter = stage_patient(1)};
    frame.position = (struct jz_point){.has = true, .lat_e7 = 270000000, .lon_e7 = 1069000000};
    stage_device(s, &frame);
    stage_answer(s, stage_alert_facility(s, 1), 1, JZ_ALERT_DECLINED, JZ_DECLINE_NO_BED);
    assert_int_equal(s->core->encounter[0].alert_count, 1); /* it waits for the way */
    stage_travel(s, 1);
    assert_int_equal(s->core->encounter[0].alert_count, 2);
}

static void an_alert_that_rings_again_names_nobody(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    assert_string_equal(jz_alerts(s->core, 0)[0].person, "李医生 near");
    stage_sbp(s, 1, 184);
    assert_string_equal(jz_alerts(s->core, 0)[0].person, "");
}

static void a_patient_silent_for_a_day_is_closed_and_nothing_rings_on(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    stage_wait(s, 24 * 60 * MINUTE - 1);
    assert_int_equal(s->core->encounter[0].phase, JZ_PHASE_OPEN);
    stage_wait(s, 1);
    assert_int_equal(s->core->encounter[0].phase, JZ_PHASE_CLOSED);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_WITHDRAWN);
    assert_int_equal(s->core->wake_ms[0], s->now + MINUTE); /* the hospital is to be told */
    stage_answer(s, "near", 1, JZ_ALERT_SEEN, 0);
    assert_int_equal(s->core->wake_ms[0], INT64_MAX);
}

static void conditions_that_move_in_the_packs_stay_with_their_patients(void **state) {
    struct stage *s = severe(state);
    assert_int_equal(s->core->encounter[0].conditions, 1u);
    stage_packs(s, "reversed", "");
    assert_int_equal(s->core->encounter[0].conditions, 4u); /* still C-OB, which is the last one now */
    assert_int_equal(jz_alerts(s->core, 0)[0].conditions, 4u);
    stage_wait(s, 0); /* everything is evaluated anew, and nothing new is found */
    assert_int_equal(s->core->encounter[0].conditions, 4u);
    assert_int_equal(jz_alerts(s->core, 0)[0].occurrence, 1);
}

static void hospitals_that_move_in_the_directory_keep_their_patients(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    struct jz_directory swapped = s->directory;
    swapped.facility[0] = s->directory.facility[1];
    swapped.facility[1] = s->directory.facility[0];
    stage_directory(s, &swapped);
    assert_string_equal(stage_alert_facility(s, 1), "near");
    assert_true(jz_core_facility_sees(s->core, "near", 0));
    assert_false(jz_core_facility_sees(s->core, "far", 0));
    assert_int_equal(s->core->encounter[0].travel_s[1], 600);
    stage_answer(s, "far", 1, JZ_ALERT_PREPARING, 0);
    assert_int_equal(s->out.status, JZ_E_DENIED);
    stage_directory(s, &s->directory); /* the stage's own outlives this test's */
}

static void a_directory_that_lost_a_hospital_is_named(void **state) {
    struct stage *s = *state;
    struct jz_directory fewer = s->directory;
    fewer.facility_count = 3;
    assert_string_equal(jz_core_misses_facility(s->core, &fewer), "mothers");
    assert_null(jz_core_misses_facility(s->core, &s->directory));
}

static void closing_leaves_nothing_ringing(void **state) {
    struct stage *s = severe(state);
    close_patient(s, JZ_CLOSE_STOOD_DOWN);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_EXPIRED);
    stage_wait(s, 10 * MINUTE);
    assert_int_equal(alert(s, 1)->occurrence, 1);
    assert_int_equal(s->core->encounter[0].alert_count, 1);
    assert_int_equal(s->core->wake_ms[0], INT64_MAX);
    stage_sbp(s, 1, 200);
    assert_int_equal(s->out.status, JZ_E_ENCOUNTER_CLOSED);
}

static void what_a_reason_cannot_hold_is_cut_on_a_character(void **state) {
    char text[JZ_REASON_BYTES], from[200];
    (void)state;
    for (size_t i = 0; i + 3 <= sizeof from; i += 3) memcpy(from + i, "床", 3);
    jz_copy_text(text, sizeof text, from, 198);
    assert_int_equal(strlen(text), 126);
    assert_memory_equal(text + 123, "床", 3);
}

#define ON_STAGE(test) cmocka_unit_test_setup_teardown(test, stage_open, stage_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_STAGE(a_severe_patient_raises_one_alert_at_the_nearest_capable_hospital),
        ON_STAGE(an_alert_waits_for_travel_times_when_the_position_is_known),
        ON_STAGE(an_alert_does_not_wait_for_a_position_that_never_came),
        ON_STAGE(the_same_value_again_does_not_ring_again),
        ON_STAGE(a_value_hovering_on_a_bound_rings_once),
        ON_STAGE(a_lower_result_never_withdraws_an_alarm_nobody_acknowledged),
        ON_STAGE(with_nobody_left_to_ask_the_crew_is_told_so),
        ON_STAGE(the_dispatcher_is_told_to_call_when_no_clock_runs_any_more),
        ON_STAGE(the_first_hospital_may_still_accept_after_escalation_and_the_second_is_withdrawn),
        ON_STAGE(an_accepted_alert_never_escalates),
        ON_STAGE(declining_needs_a_reason_and_asks_the_next_hospital_at_once),
        ON_STAGE(declining_after_accepting_asks_the_next_hospital),
        ON_STAGE(another_hospital_and_another_role_are_denied),
        ON_STAGE(an_unknown_alert_is_refused),
        ON_STAGE(delivery_and_sight_from_a_second_station_change_nothing),
        ON_STAGE(a_rise_in_severity_rings_again_and_needs_a_new_acceptance),
        ON_STAGE(the_crew_brings_the_alert_to_arrived_and_handed_over),
        ON_STAGE(a_patient_who_needs_more_leaves_the_hospital_that_cannot_give_it),
        ON_STAGE(a_patient_who_needs_more_gets_the_next_hospital_that_can),
        ON_STAGE(a_hospital_withdrawn_for_another_is_asked_again_when_that_one_declines),
        ON_STAGE(travel_times_that_come_late_still_find_the_next_hospital),
        ON_STAGE(an_alert_that_rings_again_names_nobody),
        ON_STAGE(a_patient_silent_for_a_day_is_closed_and_nothing_rings_on),
        ON_STAGE(conditions_that_move_in_the_packs_stay_with_their_patients),
        ON_STAGE(hospitals_that_move_in_the_directory_keep_their_patients),
        ON_STAGE(a_directory_that_lost_a_hospital_is_named),
        ON_STAGE(closing_leaves_nothing_ringing),
        cmocka_unit_test(what_a_reason_cannot_hold_is_cut_on_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
