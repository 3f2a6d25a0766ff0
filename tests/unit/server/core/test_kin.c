/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

#include <stdio.h>
#include <string.h>

#include "state.h"

static struct jz_encounter *patient(struct stage *s, uint32_t slot) {
    return &s->core->encounter[slot];
}

static struct jz_peer device(uint8_t n) {
    struct jz_peer peer = {.id = {0xd0, n}, .kind = JZ_PEER_DEVICE};
    snprintf(peer.name, sizeof peer.name, "device-%u", n);
    return peer;
}

static void vitals_by(struct stage *s, uint8_t of_device, uint8_t n, const char *field, int32_t value) {
    struct jz_peer peer = device(of_device);
    struct jz_frame frame = {.kind = JZ_FRAME_VITALS,
                             .lane = JZ_LANE_VITALS,
                             .has_encounter = true,
                             .encounter = stage_patient(n)};
    frame.vitals.count = 1;
    frame.vitals.item[0] = (struct jz_fact){jz_field_at(jz_field_by_name(field))->code, value};
    stage_person(s, &peer, &frame);
}

static int32_t value_of(struct stage *s, uint32_t slot, const char *field) {
    struct jz_reading reading = jz_chart_reading(&patient(s, slot)->chart, jz_field_by_name(field));
    return reading.validity == JZ_VALID ? reading.value : -1;
}

/* --- devices ---------------------------------------------------------------------------------------------------------- */

static void data_of_several_devices_on_one_patient_all_count(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    vitals_by(s, 1, 1, "sbp", 120);
    vitals_by(s, 2, 1, "hr", 88);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(value_of(s, 0, "sbp"), 120);
    assert_int_equal(value_of(s, 0, "hr"), 88);
    assert_memory_equal(patient(s, 0)->device[0].id, device(2).id, 16); /* heard last */
    assert_memory_equal(patient(s, 0)->device[1].id, device(1).id, 16);
    assert_string_equal(patient(s, 0)->callsign, "贵A·120-07"); /* who opened it is called */
}

static void of_five_devices_the_one_silent_longest_gives_way(void **state) {
    struct stage *s = *state;
    for (uint8_t d = 1; d <= 4; d++) vitals_by(s, d, 1, "hr", 80);
    stage_wait(s, 1000);
    vitals_by(s, 1, 1, "hr", 81); /* 2 is now silent longest */
    vitals_by(s, 5, 1, "hr", 82);
    static const uint8_t order[] = {5, 1, 4, 3};
    for (int i = 0; i < 4; i++) assert_memory_equal(patient(s, 0)->device[i].id, device(order[i]).id, 16);
    vitals_by(s, 2, 1, "hr", 83);
    assert_int_equal(s->out.status, JZ_OK); /* and is heard all the same when it comes back */
    assert_int_equal(value_of(s, 0, "hr"), 83);
}

static void join(struct stage *s, uint8_t of_device, int32_t value) {
    struct jz_peer peer = device(of_device);
    stage_action(s, &peer, 1, &(struct jz_action){.what = JZ_ACTION_JOIN, .has_value = true, .value = value});
    assert_int_equal(s->out.status, JZ_OK);
}

static void a_change_of_crew_is_a_join_and_a_leave_and_both_are_on_record(void **state) {
    struct stage *s = *state;
    vitals_by(s, 1, 1, "hr", 80);
    assert_string_equal(patient(s, 0)->callsign, "device-1");
    join(s, 2, 1);
    assert_string_equal(patient(s, 0)->callsign, "device-2");
    assert_non_null(strstr(stage_decision(s, JZ_DECISION_ACTION), "6: \"device-2\""));
    assert_non_null(strstr(stage_decision(s, JZ_DECISION_ACTION), "13: 1, 14: 2"));
    join(s, 1, 0);
    assert_int_equal(patient(s, 0)->device[1].heard_ms, 0);
    assert_string_equal(patient(s, 0)->callsign, "device-2");
    join(s, 1, 0); /* it is not there: nothing to take off */
    assert_non_null(strstr(stage_decision(s, JZ_DECISION_ACTION), "13: 1, 14: 1"));
}

static void the_one_that_stays_gives_the_callsign_and_the_last_ones_stays(void **state) {
    struct stage *s = *state;
    vitals_by(s, 1, 1, "hr", 80);
    join(s, 2, 1);
    join(s, 2, 0);
    assert_string_equal(patient(s, 0)->callsign, "device-1");
    join(s, 1, 0);
    assert_int_equal(patient(s, 0)->device[0].heard_ms, 0);
    assert_string_equal(patient(s, 0)->callsign, "device-1");
}

static void a_crew_is_called_again_as_it_called_itself(void **state) {
    struct stage *s = *state;
    struct jz_peer peer = device(1);
    struct jz_frame frame = {
        .kind = JZ_FRAME_ENCOUNTER_UPDATE, .has_encounter = true, .encounter = stage_patient(1)};
    frame.update.callsign = (struct jz_text){"120-9", 5};
    stage_person(s, &peer, &frame);
    vitals_by(s, 1, 1, "hr", 80);
    join(s, 2, 1);
    assert_string_equal(patient(s, 0)->callsign, "device-2");
    join(s, 2, 0);
    assert_string_equal(patient(s, 0)->callsign, "120-9");
}

/* --- identity ---------------------------------------------------------------------------------------------------------- */

static void dispatch(struct stage *s, uint8_t n, const struct jz_action *action) {
    struct jz_peer dispatcher = stage_dispatcher("王调度");
    stage_action(s, &dispatcher, n, action);
}

static void identify(struct stage *s, uint8_t n, const char *tag) {
    struct jz_text text = {tag, (uint32_t)strlen(tag)};
    dispatch(s, n, &(struct jz_action){.what = JZ_ACTION_IDENTIFY, .text = text});
}

static bool touched(const struct stage *s, uint32_t slot) {
    for (uint32_t i = 0; i < s->out.touched_count; i++)
        if (s->out.touched[i] == slot) return true;
    return false;
}

static void who_is_not_identified_has_no_tag(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    assert_string_equal(patient(s, 0)->tag, "");
    identify(s, 1, "0123456789abcde");
    assert_int_equal(s->out.status, JZ_OK);
    assert_string_equal(patient(s, 0)->tag, "0123456789abcde");
    identify(s, 1, "0123456789abcdef"); /* one too long: cut, it might be another's */
    assert_int_equal(s->out.status, JZ_E_VALUE);
    assert_string_equal(patient(s, 0)->tag, "0123456789abcde");
}

static void two_open_records_with_one_tag_are_both_shown_anew(void **state) {
    struct stage *s = *state;
    for (uint8_t n = 1; n <= 3; n++) stage_open_patient(s, n, false);
    identify(s, 1, "W-77");
    identify(s, 3, "W-78");
    stage_open_patient(s, 4, false);
    identify(s, 4, "W-77");
    dispatch(s, 4, &(struct jz_action){.what = JZ_ACTION_STAND_DOWN, .reason = JZ_REASON_FALSE_CALL});
    identify(s, 2, "W-77");
    assert_true(touched(s, 0) && touched(s, 1) && !touched(s, 2) && !touched(s, 3));
    assert_int_equal(patient(s, 0)->phase, JZ_PHASE_OPEN); /* merging is the person's act */
    assert_int_equal(patient(s, 1)->phase, JZ_PHASE_OPEN);
}

/* --- mergers ----------------------------------------------------------------------------------------------------------- */

static void merge(struct stage *s, uint8_t kept, uint8_t duplicate) {
    dispatch(s, kept,
             &(struct jz_action){.what = JZ_ACTION_MERGE,
                                 .reason = JZ_REASON_DUPLICATE,
                                 .has_other = true,
                                 .other = stage_patient(duplicate)});
}

static struct stage *two_records(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, true);
    vitals_by(s, 1, 1, "hr", 80);
    stage_wait(s, MINUTE);
    vitals_by(s, 2, 2, "hr", 99);
    vitals_by(s, 2, 2, "spo2", 93);
    return s;
}

static void a_merger_loses_nothing_either_record_knew(void **state) {
    struct stage *s = two_records(state);
    int64_t then = s->now;
    stage_milestone(s, 2, JZ_MILESTONE_FMC);
    stage_wait(s, MINUTE);
    stage_milestone(s, 1, JZ_MILESTONE_LEFT_SCENE);
    stage_milestone(s, 2, JZ_MILESTONE_LEFT_SCENE);
    identify(s, 2, "W-77");
    stage_wait(s, MINUTE);
    vitals_by(s, 1, 1, "spo2", 97); /* newer in the kept record */
    merge(s, 1, 2);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(value_of(s, 0, "hr"), 99);
    assert_int_equal(value_of(s, 0, "spo2"), 97);
    assert_int_equal(jz_chart_reading(&patient(s, 0)->chart, jz_field_by_name("hr")).taken_ms, then);
    assert_int_equal(patient(s, 0)->milestone[JZ_MILESTONE_FMC], then);
    assert_int_equal(patient(s, 0)->milestone[JZ_MILESTONE_LEFT_SCENE], then + MINUTE);
    assert_string_equal(patient(s, 0)->tag, "W-77");
    assert_int_equal(value_of(s, 1, "hr"), 99); /* the duplicate is as it was */
    assert_int_equal(patient(s, 1)->phase, JZ_PHASE_MERGED);
    assert_non_null(jz_kin_find(patient(s, 0), &patient(s, 1)->id, JZ_KIN_MERGED_FROM));
    assert_non_null(jz_kin_find(patient(s, 1), &patient(s, 0)->id, JZ_KIN_MERGED_INTO));
}

static void a_milestone_comes_over_with_how_it_was_known(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    struct jz_frame frame = {.kind = JZ_FRAME_MILESTONE,
                             .has_encounter = true,
                             .encounter = stage_patient(2),
                             .at_ms = NOON - 5000};
    frame.milestone.what = JZ_MILESTONE_FMC;
    frame.milestone.happened_ms = NOON - 7000;
    stage_device(s, &frame);
    struct jz_stamp_record before = patient(s, 1)->stamp[0];
    stage_wait(s, MINUTE);
    merge(s, 1, 2);
    assert_int_equal(patient(s, 0)->stamp_count, 1);
    assert_memory_equal(&patient(s, 0)->stamp[0], &before, sizeof before);
    assert_int_equal(before.device_ms, NOON - 5000);
}

static void the_more_urgent_of_both_counts_and_one_hospital_is_asked(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    stage_open_patient(s, 2, false);
    stage_sbp(s, 2, 184);
    assert_int_equal(stage_alert_state(s, 9), JZ_ALERT_RAISED);
    merge(s, 1, 2);
    assert_int_equal(patient(s, 0)->priority, patient(s, 1)->priority);
    assert_int_equal(patient(s, 0)->conditions, patient(s, 1)->conditions);
    assert_int_equal(patient(s, 0)->alert_count, 1);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_RAISED);
    assert_int_equal(stage_alert_state(s, 9), JZ_ALERT_EXPIRED); /* that of the duplicate is off */
    stage_wait(s, 10 * MINUTE);
    assert_int_equal(patient(s, 1)->alert_count, 1); /* and nothing rings on for it */
}

static void a_persons_finding_outlives_a_machines_newer_one(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    stage_finding(s, 1, "st_elevation_confirmed", 0);
    stage_open_patient(s, 2, false);
    stage_wait(s, 1000);
    stage_measured(s, 2, "st_elevation_confirmed", 1);
    merge(s, 1, 2);
    assert_int_equal(value_of(s, 0, "st_elevation_confirmed"), 0);
    assert_int_equal(patient(s, 0)->ecg.snapshot, 1); /* the recording is shown */
}

static void an_older_finding_of_the_duplicate_changes_nothing(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    stage_finding(s, 2, "st_v2", 7);
    stage_wait(s, 1000);
    stage_measured(s, 1, "st_v2", 21);
    merge(s, 1, 2);
    assert_int_equal(value_of(s, 0, "st_v2"), 21);
    assert_true(
        jz_machine_has(patient(s, 0), JZ_WAVE_ECG, jz_field_by_name("st_v2"))); /* still the machine's */
}

static void what_was_once_found_of_the_duplicate_stays_found(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    stage_open_patient(s, 2, false);
    stage_sbp(s, 2, 168);
    stage_sbp(s, 2, 118);
    merge(s, 1, 2);
    assert_int_equal(patient(s, 0)->priority, 2);
    assert_int_equal(patient(s, 0)->rule_priority, 2);
    assert_int_equal(patient(s, 0)->conditions, 1);
    assert_int_equal(patient(s, 0)->alert_count, 1);
}

static void a_consult_about_the_duplicate_ends_with_it(void **state) {
    struct stage *s = two_records(state);
    dispatch(s, 2, &(struct jz_action){.what = JZ_ACTION_ASK_CONSULT, .text = {"?", 1}});
    merge(s, 1, 2);
    assert_int_equal(s->core->region->consult[0].state, JZ_CONSULT_ENDED);
}

static void a_duplicates_accepted_hospital_is_told_and_its_places_are_free(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    stage_open_patient(s, 2, false);
    stage_sbp(s, 2, 168);
    stage_answer(s, "near", 9, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(jz_capacity_number(&s->core->region->capacity, 0, JZ_SERVICE_OBSTETRICS)->held, 1);
    merge(s, 1, 2);
    assert_int_equal(stage_alert_state(s, 9), JZ_ALERT_WITHDRAWN);
    assert_int_equal(jz_capacity_number(&s->core->region->capacity, 0, JZ_SERVICE_OBSTETRICS)->held, 0);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_RAISED); /* asked for the one that is kept */
}

static void what_the_duplicates_devices_say_is_about_the_kept_one(void **state) {
    struct stage *s = two_records(state);
    merge(s, 1, 2);
    assert_memory_equal(patient(s, 0)->device[0].id, device(2).id, 16); /* heard last */
    stage_wait(s, 1000);
    vitals_by(s, 2, 2, "hr", 140);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(value_of(s, 0, "hr"), 140);
    assert_int_equal(value_of(s, 1, "hr"), 99);
    struct jz_peer peer = device(2);
    stage_action(s, &peer, 2,
                 &(struct jz_action){.what = JZ_ACTION_SET_PRIORITY, .has_value = true, .value = 1});
    assert_int_equal(patient(s, 0)->priority, 1);
}

static void a_merged_record_that_is_separated_goes_on_by_itself(void **state) {
    struct stage *s = two_records(state);
    stage_sbp(s, 2, 168);
    merge(s, 1, 2);
    dispatch(s, 2, &(struct jz_action){.what = JZ_ACTION_REOPEN, .reason = JZ_REASON_MISTAKE});
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(patient(s, 1)->phase, JZ_PHASE_OPEN);
    assert_null(jz_kin_find(patient(s, 0), NULL, JZ_KIN_MERGED_FROM));
    assert_null(jz_kin_find(patient(s, 1), NULL, JZ_KIN_MERGED_INTO));
    vitals_by(s, 2, 2, "hr", 150);
    assert_int_equal(value_of(s, 1, "hr"), 150);
    assert_int_equal(value_of(s, 0, "hr"), 99);
}

static void a_duplicate_that_has_arrived_brings_the_patient_there(void **state) {
    struct stage *s = two_records(state);
    stage_travel(s, 1);
    stage_sbp(s, 1, 168);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    stage_milestone(s, 2, JZ_MILESTONE_DOOR);
    merge(s, 1, 2);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_ARRIVED);
    assert_int_equal(patient(s, 0)->held_facility, 0);
    assert_int_equal(patient(s, 0)->phase, JZ_PHASE_ARRIVED);
    assert_int_equal(patient(s, 0)->milestone[JZ_MILESTONE_DOOR], s->now);
}

static void assert_not_merged(struct stage *s, uint8_t kept, uint8_t duplicate, enum jz_status why) {
    uint64_t decisions = s->core->head.decisions;
    struct jz_encounter kept_before = *patient(s, kept - 1u);
    merge(s, kept, duplicate);
    assert_int_equal(s->out.status, why);
    assert_int_equal(s->core->head.decisions, decisions);
    assert_memory_equal(patient(s, kept - 1u), &kept_before, sizeof kept_before);
}

static void a_merger_that_cannot_be_is_refused_and_changes_nothing(void **state) {
    struct stage *s = two_records(state);
    assert_not_merged(s, 1, 1, JZ_E_VALUE); /* with itself */
    assert_not_merged(s, 1, 9, JZ_E_UNKNOWN_ENCOUNTER);
    stage_open_patient(s, 3, false);
    dispatch(s, 3, &(struct jz_action){.what = JZ_ACTION_STAND_DOWN, .reason = JZ_REASON_FALSE_CALL});
    assert_not_merged(s, 1, 3, JZ_E_PHASE); /* with a closed one */
    assert_not_merged(s, 3, 1, JZ_E_PHASE);
    merge(s, 1, 2);
    assert_not_merged(s, 2, 1, JZ_E_PHASE); /* in a circle */
    assert_not_merged(s, 1, 2, JZ_E_PHASE); /* twice */
}

static void mergers_of_mergers_all_lead_to_the_one_that_is_kept(void **state) {
    struct stage *s = *state;
    for (uint8_t n = 1; n <= 4; n++) stage_open_patient(s, n, false);
    merge(s, 2, 1);
    merge(s, 3, 2);
    merge(s, 4, 3);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(jz_kin_free(patient(s, 3)), JZ_KIN_MAX - 3u);
    for (uint8_t n = 1; n <= 3; n++) {
        assert_non_null(jz_kin_find(patient(s, n - 1u), &patient(s, 3)->id, JZ_KIN_MERGED_INTO));
        assert_int_equal(jz_kin_free(patient(s, n - 1u)), JZ_KIN_MAX - 1u);
        stage_sbp(s, n, 100 + n);
        assert_int_equal(value_of(s, 3, "sbp"), 100 + n);
    }
}

static void six_duplicates_are_taken_and_a_seventh_is_refused(void **state) {
    struct stage *s = *state;
    for (uint8_t n = 1; n <= 8; n++) stage_open_patient(s, n, false);
    for (uint8_t n = 2; n <= 7; n++) {
        merge(s, 1, n);
        assert_int_equal(s->out.status, JZ_OK);
    }
    assert_not_merged(s, 1, 8, JZ_E_FULL);
    assert_int_equal(patient(s, 7)->phase, JZ_PHASE_OPEN);
}

static void where_the_kept_record_is_forgotten_the_duplicate_is_over(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    stage_open_patient(s, 2, false);
    merge(s, 1, 2);
    dispatch(s, 1, &(struct jz_action){.what = JZ_ACTION_STAND_DOWN, .reason = JZ_REASON_FALSE_CALL});
    patient(s, 1)->last_ms = s->now + 1; /* so that the kept one is forgotten first */
    for (uint8_t n = 3; n <= s->limits.encounters_max + 1u; n++) stage_open_patient(s, n, false);
    assert_int_equal(patient(s, 1)->phase, JZ_PHASE_MERGED);
    stage_sbp(s, 2, 120);
    assert_int_equal(s->out.status, JZ_E_ENCOUNTER_CLOSED);
    dispatch(s, 2, &(struct jz_action){.what = JZ_ACTION_REOPEN, .reason = JZ_REASON_MISTAKE});
    assert_int_equal(s->out.status, JZ_OK); /* its own record is still there */
}

#define test(f) cmocka_unit_test_setup_teardown(f, stage_open, stage_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(data_of_several_devices_on_one_patient_all_count),
        test(of_five_devices_the_one_silent_longest_gives_way),
        test(a_change_of_crew_is_a_join_and_a_leave_and_both_are_on_record),
        test(the_one_that_stays_gives_the_callsign_and_the_last_ones_stays),
        test(a_crew_is_called_again_as_it_called_itself),
        test(who_is_not_identified_has_no_tag),
        test(two_open_records_with_one_tag_are_both_shown_anew),
        test(a_merger_loses_nothing_either_record_knew),
        test(a_milestone_comes_over_with_how_it_was_known),
        test(the_more_urgent_of_both_counts_and_one_hospital_is_asked),
        test(a_persons_finding_outlives_a_machines_newer_one),
        test(an_older_finding_of_the_duplicate_changes_nothing),
        test(what_was_once_found_of_the_duplicate_stays_found),
        test(a_consult_about_the_duplicate_ends_with_it),
        test(a_duplicates_accepted_hospital_is_told_and_its_places_are_free),
        test(what_the_duplicates_devices_say_is_about_the_kept_one),
        test(a_merged_record_that_is_separated_goes_on_by_itself),
        test(a_duplicate_that_has_arrived_brings_the_patient_there),
        test(a_merger_that_cannot_be_is_refused_and_changes_nothing),
        test(mergers_of_mergers_all_lead_to_the_one_that_is_kept),
        test(six_duplicates_are_taken_and_a_seventh_is_refused),
        test(where_the_kept_record_is_forgotten_the_duplicate_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
