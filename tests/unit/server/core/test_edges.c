/* SPDX-License-Identifier: Apache-2.0 */
/* Where a patient could be lost between two rules that are each right: words that come late, places that are used up, people
 * who act for a hospital that is not theirs to act for. */
#include "stage.h"

#include <stdio.h>
#include <string.h>

#include "history.h"
#include "state.h"

#define CHILD 50

static struct jz_encounter *patient(struct stage *s, uint32_t slot) {
    return &s->core->encounter[slot];
}

static struct jz_alert_record *alert(struct stage *s, uint64_t id) {
    struct jz_alert_record *record = jz_alert_find(s->core, id, NULL);
    assert_non_null(record);
    return record;
}

static const struct jz_capacity_number *beds(struct stage *s, uint32_t facility) {
    return jz_capacity_number(&s->core->region->capacity, facility, JZ_SERVICE_OBSTETRICS);
}

static enum jz_status dispatch(struct stage *s, uint8_t n, const struct jz_action *action) {
    struct jz_peer dispatcher = stage_dispatcher("王调度");
    stage_action(s, &dispatcher, n, action);
    return s->out.status;
}

static enum jz_status of_team(struct stage *s, const char *facility, uint8_t n,
                              const struct jz_action *action) {
    struct jz_peer team = stage_team(facility, "李医生");
    stage_action(s, &team, n, action);
    return s->out.status;
}

/* "near" is asked for an obstetric patient. */
static struct stage *severe(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, true);
    stage_travel(s, 1);
    stage_sbp(s, 1, 168);
    return s;
}

static struct stage *accepted(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(s->out.status, JZ_OK);
    return s;
}

static void close_patient(struct stage *s, uint8_t n, enum jz_close_reason reason) {
    struct jz_frame frame = {
        .kind = JZ_FRAME_ENCOUNTER_CLOSE, .has_encounter = true, .encounter = stage_patient(n)};
    frame.close.reason = reason;
    stage_device(s, &frame);
}

/* --- hospitals --------------------------------------------------------------------------------------------------------- */

/* Eight places for alerts, and nine hospitals: who declined makes room. */
static void after_eight_hospitals_declined_the_ninth_is_asked(void **state) {
    struct stage *s = severe(state);
    static struct history h;
    history_begin(&h, s, 1);
    stage_directory(s, &h.many);
    for (uint64_t id = 1; id <= JZ_ALERTS_PER_ENCOUNTER_MAX; id++) {
        stage_wait(s, 11000);
        assert_int_equal(stage_alert_state(s, id), JZ_ALERT_RAISED);
        stage_answer(s, stage_alert_facility(s, id), id, JZ_ALERT_DECLINED, JZ_DECLINE_NO_BED);
        assert_int_equal(s->out.status, JZ_OK);
    }
    assert_int_equal(patient(s, 0)->alert_count, JZ_ALERTS_PER_ENCOUNTER_MAX);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_RAISED); /* another hospital's now */
    assert_string_not_equal(stage_alert_facility(s, 1), "near");
    assert_int_equal(alert(s, 1)->occurrence, 2);
    assert_int_equal(patient(s, 0)->directive_alert, 1);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(s->out.status, JZ_E_DENIED);
    stage_answer(s, stage_alert_facility(s, 1), 1, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(s->out.status, JZ_OK);
    stage_directory(s, &h.many);
}

static void who_waits_for_a_hospital_is_tried_again_with_a_new_directory(void **state) {
    struct stage *s = severe(state);
    static struct history h;
    stage_answer(s, "near", 1, JZ_ALERT_DECLINED, JZ_DECLINE_NO_BED);
    stage_answer(s, "far", 2, JZ_ALERT_DECLINED, JZ_DECLINE_NO_BED);
    stage_answer(s, "mothers", 3, JZ_ALERT_DECLINED, JZ_DECLINE_NO_BED);
    assert_int_equal(patient(s, 0)->directive, JZ_DIRECTIVE_NO_DESTINATION);
    history_begin(&h, s, 1);
    stage_directory(s, &h.many);
    assert_true(patient(s, 0)->travel_wanted_ms); /* to those that are new */
    stage_wait(s, 0);
    assert_int_equal(stage_alert_state(s, 4), JZ_ALERT_RAISED);
}

/* A choice that its hospital declined holds nobody off from the better one. */
static void a_choice_that_was_declined_is_over(void **state) {
    struct stage *s = severe(state);
    struct jz_action far = {
        .what = JZ_ACTION_CHOOSE_DESTINATION, .facility = {"far", 3}, .reason = JZ_REASON_FAMILY};
    assert_int_equal(dispatch(s, 1, &far), JZ_OK);
    stage_answer(s, "far", 2, JZ_ALERT_DECLINED, JZ_DECLINE_NO_BED);
    assert_int_equal(patient(s, 0)->chosen, 0);
    assert_string_equal(patient(s, 0)->chosen_by, "");
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_RAISED);
}

/* The hospital pressed before it could know that the patient is worse now. */
static void an_acceptance_on_its_way_when_the_patient_got_worse_does_not_count(void **state) {
    struct stage *s = severe(state);
    s->now += 20000;
    int64_t pressed_ms = s->now;
    s->now += 300;
    stage_sbp(s, 1, 185); /* rings again */
    struct jz_peer team = stage_team("near", "李医生");
    struct jz_frame frame = {.kind = JZ_FRAME_ALERT_ANSWER, .at_ms = pressed_ms};
    frame.answer = (struct jz_alert_answer){.alert = 1, .to = JZ_ALERT_ACCEPTED};
    s->now += 200;
    stage_person(s, &team, &frame);
    assert_int_equal(s->out.status, JZ_E_TRANSITION);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_RAISED);
    frame.seq = 0;
    frame.at_ms = s->now;
    stage_person(s, &team, &frame);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_ACCEPTED);
}

static void a_clock_that_is_far_behind_keeps_nobody_from_accepting(void **state) {
    struct stage *s = severe(state);
    stage_sbp(s, 1, 185);
    struct jz_peer team = stage_team("near", "李医生");
    struct jz_frame frame = {.kind = JZ_FRAME_ALERT_ANSWER, .at_ms = s->now - MINUTE};
    frame.answer = (struct jz_alert_answer){.alert = 1, .to = JZ_ALERT_ACCEPTED};
    stage_person(s, &team, &frame);
    assert_int_equal(s->out.status, JZ_OK);
}

static void a_standby_hospital_is_off_when_the_patient_is_at_another_door(void **state) {
    struct stage *s = severe(state);
    stage_wait(s, 3 * MINUTE);
    assert_int_equal(alert(s, 2)->standby, 1);
    stage_milestone(s, 1, JZ_MILESTONE_DOOR);
    assert_int_equal(stage_alert_state(s, 2), JZ_ALERT_WITHDRAWN);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_RAISED); /* it has not said that it knows */
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(patient(s, 0)->destination_alert, 1);
}

/* Worse at its door, and it cannot treat what is known now: it is asked anew and not told that the patient does not come. */
static void at_its_door_no_hospital_is_called_off(void **state) {
    struct stage *s = *state;
    struct jz_action mothers = {
        .what = JZ_ACTION_CHOOSE_DESTINATION, .facility = {"mothers", 7}, .reason = JZ_REASON_FAMILY};
    stage_open_patient(s, 1, true);
    stage_travel(s, 1);
    stage_sbp(s, 1, 168);
    assert_int_equal(dispatch(s, 1, &mothers), JZ_OK);
    patient(s, 0)->chosen = 0; /* as the ranking's own choice */
    stage_milestone(s, 1, JZ_MILESTONE_DOOR);
    stage_finding(s, 1, "st_elevation_confirmed", 1); /* it has no catheter laboratory */
    assert_string_equal(stage_alert_facility(s, 2), "mothers");
    assert_int_equal(stage_alert_state(s, 2), JZ_ALERT_RAISED);
    stage_answer(s, "mothers", 2, JZ_ALERT_ACCEPTED, 0);
    stage_sbp(s, 1, 185);
    assert_int_equal(stage_alert_state(s, 2), JZ_ALERT_RAISED);
}

static void a_team_that_stayed_ready_still_confirms_the_new_ringing(void **state) {
    struct stage *s = severe(state);
    struct jz_action ready = {.what = JZ_ACTION_RECEIPT,
                              .code = JZ_TEAM_OBSTETRICS + 1u,
                              .has_value = true,
                              .value = JZ_RECEIPT_READY,
                              .number = 1};
    of_team(s, "near", 0, &ready);
    stage_sbp(s, 1, 185); /* the newborn's team is called too; obstetrics stays ready */
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_RAISED);
    ready.value = JZ_RECEIPT_DELIVERED;
    of_team(s, "near", 0, &ready);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_DELIVERED);
}

/* --- places ---------------------------------------------------------------------------------------------------------- */

static void a_patient_handed_over_without_a_tap_at_the_door_has_taken_the_place(void **state) {
    struct stage *s = *state;
    struct jz_action two = {
        .what = JZ_ACTION_SET_CAPACITY, .code = JZ_SERVICE_OBSTETRICS, .has_value = true, .value = 2};
    assert_int_equal(of_team(s, "near", 0, &two), JZ_OK);
    accepted(state);
    assert_int_equal(beds(s, 0)->held, 1);
    close_patient(s, 1, JZ_CLOSE_HANDED_OVER);
    assert_int_equal(beds(s, 0)->held, 0);
    assert_int_equal(beds(s, 0)->value, 1);
}

static void office_hours_turn_at_all_hospitals_at_once(void **state) {
    struct stage *s = *state;
    static struct history h;
    history_begin(&h, s, 1);
    h.many.capability_count = JZ_CAPABILITIES_MAX;
    for (uint32_t c = 3; c < JZ_CAPABILITIES_MAX; c++)
        snprintf(h.many.capability[c], sizeof h.many.capability[c], "capability_%u", c);
    stage_directory(s, &h.many);
    struct jz_said said = {.owner = {"甲", 3}, .at_ms = s->now};
    for (uint32_t f = 0; f < JZ_FACILITIES_MAX; f++)
        for (uint32_t c = 0; c < JZ_CAPABILITIES_MAX; c++)
            assert_int_equal(
                jz_capacity_confirm(&s->core->region->capacity, f, c, JZ_CONFIRMATION_OFFICE_HOURS, &said),
                JZ_OK);
    s->core->region->office_ms = jz_office_hours_turn(s->now);
    jz_set_region_wake(s->core, &s->out);
    stage_wait(s, 570 * MINUTE);
    assert_true(s->core->region->office_ms > s->now);
    assert_int_equal(s->out.facilities, UINT64_MAX);
}

/* One place of the newborn unit is held with the mother; once born, the child holds its own. */
static void a_cot_is_held_once_for_mother_and_newborn(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, true);
    stage_travel(s, 1);
    stage_sbp(s, 1, 185);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    const struct jz_capacity_number *cots =
        jz_capacity_number(&s->core->region->capacity, 0, JZ_SERVICE_NICU);
    assert_int_equal(cots->held, 1);
    struct jz_action birth = {.what = JZ_ACTION_BIRTH, .has_other = true, .other = stage_patient(CHILD)};
    assert_int_equal(dispatch(s, 1, &birth), JZ_OK);
    assert_int_equal(cots->held, 0);
    assert_int_equal(beds(s, 0)->held, 1); /* she still needs hers */
    stage_sbp(s, CHILD, 185);
    stage_answer(s, "near", 9, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(cots->held, 1);
    close_patient(s, 1, JZ_CLOSE_STOOD_DOWN);
    assert_int_equal(beds(s, 0)->held, 1); /* of the child's own conditions */
    assert_int_equal(cots->held, 1);
}

/* --- the way --------------------------------------------------------------------------------------------------------- */

static void a_travel_time_that_comes_after_the_end_changes_nothing(void **state) {
    struct stage *s = accepted(state);
    close_patient(s, 1, JZ_CLOSE_STOOD_DOWN);
    uint64_t told = patient(s, 0)->directive_number;
    stage_wait(s, MINUTE);
    stage_travel(s, 1);
    assert_int_equal(s->out.status, JZ_E_PHASE);
    assert_int_equal(s->out.decision_count, 0);
    assert_int_equal(patient(s, 0)->directive_number, told);
}

static void a_case_opened_again_later_waits_for_travel_times_of_now(void **state) {
    struct stage *s = accepted(state);
    struct jz_action reopen = {.what = JZ_ACTION_REOPEN, .reason = JZ_REASON_MISTAKE};
    close_patient(s, 1, JZ_CLOSE_STOOD_DOWN);
    stage_wait(s, 60 * MINUTE);
    assert_int_equal(dispatch(s, 1, &reopen), JZ_OK);
    assert_int_equal(patient(s, 0)->travel_ms, 0);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_WITHDRAWN);
    stage_travel(s, 1);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_RAISED);
}

/* The second device of the first leg was in a tunnel. */
static void a_tap_from_the_first_hospital_brings_nobody_to_the_second(void **state) {
    struct stage *s = accepted(state);
    struct jz_action transfer = {.what = JZ_ACTION_TRANSFER, .reason = JZ_REASON_SPECIALTY};
    stage_wait(s, 10 * MINUTE);
    int64_t tapped_ms = s->now;
    stage_milestone(s, 1, JZ_MILESTONE_DOOR);
    stage_wait(s, 10 * MINUTE);
    assert_int_equal(of_team(s, "near", 1, &transfer), JZ_OK);
    assert_int_equal(patient(s, 0)->phase, JZ_PHASE_OPEN);
    static const enum jz_milestone late[] = {JZ_MILESTONE_DOOR, JZ_MILESTONE_HANDOVER};
    for (int i = 0; i < 2; i++) {
        struct jz_frame frame = {
            .kind = JZ_FRAME_MILESTONE, .has_encounter = true, .encounter = stage_patient(1)};
        frame.milestone.what = late[i];
        frame.milestone.happened_ms = tapped_ms + 5000;
        stage_device(s, &frame);
        assert_int_equal(s->out.status, JZ_E_TIME_ORDER);
        assert_int_equal(patient(s, 0)->phase, JZ_PHASE_OPEN);
    }
    stage_wait(s, 30 * MINUTE);
    stage_milestone(s, 1, JZ_MILESTONE_DOOR);
    assert_int_equal(patient(s, 0)->phase, JZ_PHASE_ARRIVED);
}

static void a_transferred_patient_is_one_to_the_rules(void **state) {
    struct stage *s = accepted(state);
    struct jz_action transfer = {.what = JZ_ACTION_TRANSFER, .reason = JZ_REASON_SPECIALTY};
    stage_milestone(s, 1, JZ_MILESTONE_DOOR);
    assert_int_equal(of_team(s, "near", 1, &transfer), JZ_OK);
    struct jz_reading is = jz_chart_reading(&patient(s, 0)->chart, jz_field_by_name("transferred"));
    assert_int_equal(is.validity, JZ_VALID);
    assert_int_equal(is.value, 1);
}

/* "far" accepted the record that turns out to be the duplicate: the patient goes on to where it was going. */
static void merged_a_patient_goes_on_to_the_hospital_that_expects_it(void **state) {
    struct stage *s = *state;
    struct jz_action far = {
        .what = JZ_ACTION_CHOOSE_DESTINATION, .facility = {"far", 3}, .reason = JZ_REASON_FAMILY};
    struct jz_action merge = {
        .what = JZ_ACTION_MERGE, .reason = JZ_REASON_DUPLICATE, .has_other = true, .other = stage_patient(1)};
    stage_open_patient(s, 1, true);
    stage_travel(s, 1);
    stage_sbp(s, 1, 168);
    assert_int_equal(dispatch(s, 1, &far), JZ_OK);
    stage_answer(s, "far", 2, JZ_ALERT_ACCEPTED, 0);
    stage_open_patient(s, 2, true);
    stage_travel(s, 2);
    stage_sbp(s, 2, 168); /* "near" is asked */
    assert_int_equal(dispatch(s, 2, &merge), JZ_OK);
    assert_string_equal(s->core->directory->facility[patient(s, 1)->chosen - 1u].id, "far");
    assert_string_equal(stage_alert_facility(s, 10), "far");
    assert_int_equal(stage_alert_state(s, 10), JZ_ALERT_RAISED);
    assert_int_equal(stage_alert_state(s, 9), JZ_ALERT_WITHDRAWN);
    assert_int_equal(patient(s, 1)->directive_alert, 10);
    assert_int_equal(beds(s, 1)->held, 0);
    stage_answer(s, "far", 10, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(beds(s, 1)->held, 1);
}

static void merged_nothing_takes_the_kept_record_from_its_own_hospital(void **state) {
    struct stage *s = accepted(state);
    struct jz_action far = {
        .what = JZ_ACTION_CHOOSE_DESTINATION, .facility = {"far", 3}, .reason = JZ_REASON_FAMILY};
    struct jz_action merge = {
        .what = JZ_ACTION_MERGE, .reason = JZ_REASON_DUPLICATE, .has_other = true, .other = stage_patient(2)};
    stage_open_patient(s, 2, true);
    stage_travel(s, 2);
    stage_sbp(s, 2, 168);
    assert_int_equal(dispatch(s, 2, &far), JZ_OK);
    assert_int_equal(dispatch(s, 1, &merge), JZ_OK);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_ACCEPTED);
    assert_int_equal(patient(s, 0)->chosen, 0);
}

/* --- whose word counts ------------------------------------------------------------------------------------------------ */

/* "far" was asked beside "near", which accepted: it still sees the patient until it says that it knows. */
static struct stage *in_the_other_hospital(void **state) {
    struct stage *s = severe(state);
    stage_wait(s, 3 * MINUTE);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    assert_true(jz_core_facility_sees(s->core, "far", 0));
    return s;
}

static void a_hospital_that_is_off_does_not_say_that_the_patient_arrived(void **state) {
    struct stage *s = in_the_other_hospital(state);
    struct jz_action door = {.what = JZ_ACTION_STAMP, .code = jz_milestone_code(JZ_MILESTONE_DOOR)};
    assert_int_equal(of_team(s, "far", 1, &door), JZ_E_DENIED);
    assert_int_equal(patient(s, 0)->phase, JZ_PHASE_OPEN);
    assert_int_equal(of_team(s, "near", 1, &door), JZ_OK);
    assert_int_equal(patient(s, 0)->phase, JZ_PHASE_ARRIVED);
}

static void only_the_hospital_that_has_the_patient_signs_and_finds(void **state) {
    struct stage *s = in_the_other_hospital(state);
    struct jz_action sign = {.what = JZ_ACTION_SIGN_HANDOVER, .has_value = true, .value = 2};
    struct jz_action found = {
        .what = JZ_ACTION_OUTCOME, .code = JZ_DIAGNOSIS_PREECLAMPSIA, .has_value = true, .value = 1};
    stage_milestone(s, 1, JZ_MILESTONE_DOOR);
    assert_int_equal(of_team(s, "far", 1, &sign), JZ_E_DENIED);
    assert_int_equal(of_team(s, "far", 1, &found), JZ_E_DENIED);
    assert_int_equal(patient(s, 0)->receives.ms, 0);
    assert_int_equal(of_team(s, "near", 1, &sign), JZ_OK);
    assert_int_equal(of_team(s, "near", 1, &found), JZ_OK);
}

static void a_hospital_that_never_answered_signs_for_the_patient_it_got(void **state) {
    struct stage *s = severe(state);
    struct jz_action sign = {.what = JZ_ACTION_SIGN_HANDOVER, .has_value = true, .value = 2};
    stage_milestone(s, 1, JZ_MILESTONE_DOOR);
    stage_milestone(s, 1, JZ_MILESTONE_HANDOVER);
    assert_int_equal(of_team(s, "near", 1, &sign), JZ_OK);
}

static void no_hospital_makes_a_newborn_of_a_patient_it_does_not_know(void **state) {
    struct stage *s = accepted(state);
    stage_open_patient(s, 2, true);
    struct jz_action birth = {.what = JZ_ACTION_BIRTH, .has_other = true, .other = stage_patient(2)};
    assert_int_equal(of_team(s, "near", 1, &birth), JZ_E_DENIED);
    assert_int_equal(patient(s, 1)->birth_ms, 0);
    birth.other = stage_patient(CHILD);
    assert_int_equal(of_team(s, "near", 1, &birth), JZ_OK);
    birth.reason = JZ_REASON_MISTAKE;
    birth.ms = s->now;
    assert_int_equal(of_team(s, "near", 1, &birth), JZ_OK); /* its own newborn */
}

/* --- no room ---------------------------------------------------------------------------------------------------------- */

static void fill(struct stage *s) {
    for (uint8_t n = 2; n <= s->limits.encounters_max; n++) stage_open_patient(s, n, false);
    assert_int_equal(jz_core_encounter_count(s->core), s->limits.encounters_max);
}

/* As any patient who finds no room: its device keeps the birth and sends it again. */
static void a_birth_for_which_there_is_no_room_stays_with_its_device(void **state) {
    struct stage *s = severe(state);
    fill(s);
    uint64_t before = s->device_seq[JZ_LANE_URGENT];
    struct jz_frame frame = {.kind = JZ_FRAME_ACTION, .has_encounter = true, .encounter = stage_patient(1)};
    frame.action =
        (struct jz_action){.what = JZ_ACTION_BIRTH, .has_other = true, .other = stage_patient(CHILD)};
    stage_device(s, &frame);
    assert_int_equal(s->out.status, JZ_E_FULL);
    assert_true(s->out.duplicate);
    s->device_seq[JZ_LANE_URGENT] = before; /* its number is free: the birth was not stored */
    close_patient(s, 7, JZ_CLOSE_STOOD_DOWN);
    frame.seq = 0;
    stage_device(s, &frame);
    assert_int_equal(s->out.status, JZ_OK);
    assert_non_null(jz_kin_find(patient(s, 0), NULL, JZ_KIN_NEWBORN));
}

/* Who was closed last is not forgotten first where it still has to be said, or leads somewhere. */
static void a_place_that_is_still_needed_is_used_again_last(void **state) {
    struct stage *s = accepted(state);
    struct jz_action merge = {
        .what = JZ_ACTION_MERGE, .reason = JZ_REASON_DUPLICATE, .has_other = true, .other = stage_patient(2)};
    fill(s);
    close_patient(s, 1, JZ_CLOSE_STOOD_DOWN); /* "near" is to be told */
    assert_int_equal(dispatch(s, 3, &merge), JZ_OK);
    stage_wait(s, 1000);
    close_patient(s, 4, JZ_CLOSE_STOOD_DOWN);
    stage_open_patient(s, 100, false);
    assert_int_equal(jz_core_encounter_id(s->core, 3).byte[2], 100);
    assert_int_equal(jz_core_encounter_id(s->core, 0).byte[2], 1);
    stage_sbp(s, 2, 120); /* of the duplicate: it still leads to the patient who is kept */
    assert_int_equal(jz_core_encounter_count(s->core), s->limits.encounters_max);
    assert_int_equal(s->out.touched[0], 2);
}

/* --- what is confirmed, and by whom --------------------------------------------------------------------------------- */

/* Who confirms a number confirms what was read under it. */
static void a_proposal_with_another_reason_is_another_proposal(void **state) {
    struct stage *s = severe(state);
    struct jz_action clinic = {
        .what = JZ_ACTION_CHOOSE_DESTINATION, .facility = {"clinic", 6}, .reason = JZ_REASON_FAMILY};
    assert_int_equal(dispatch(s, 1, &clinic), JZ_E_SECOND_PERSON);
    clinic.reason = JZ_REASON_ROAD;
    assert_int_equal(dispatch(s, 1, &clinic), JZ_E_SECOND_PERSON);
    assert_int_equal(s->core->region->proposal[0].number, 1);
    assert_int_equal(s->core->region->proposal[0].reason, JZ_REASON_FAMILY);
    assert_int_equal(s->core->region->proposal[1].number, 2);
}

/* More words than are kept: the same again is the same. */
static void a_long_reason_said_twice_is_one_proposal(void **state) {
    struct stage *s = severe(state);
    char words[300];
    memset(words, 'w', sizeof words);
    struct jz_action clinic = {.what = JZ_ACTION_CHOOSE_DESTINATION,
                               .facility = {"clinic", 6},
                               .reason = JZ_REASON_OTHER,
                               .text = {words, sizeof words}};
    assert_int_equal(dispatch(s, 1, &clinic), JZ_E_SECOND_PERSON);
    assert_int_equal(dispatch(s, 1, &clinic), JZ_E_SECOND_PERSON);
    assert_int_equal(s->core->region->proposals, 1);
}

static struct jz_peer consultant(const char *name) {
    struct jz_peer peer = stage_dispatcher(name);
    peer.role = JZ_ROLE_CONSULTANT;
    return peer;
}

static void an_answer_to_another_question_is_refused(void **state) {
    struct stage *s = severe(state);
    struct jz_peer zhang = consultant("北京张");
    struct jz_action ask = {.what = JZ_ACTION_ASK_CONSULT, .text = {"?", 1}};
    struct jz_action take = {.what = JZ_ACTION_TAKE_CONSULT, .number = 1};
    struct jz_action answer = {
        .what = JZ_ACTION_ANSWER_CONSULT, .code = JZ_CONCLUSION_AGREE, .text = {"同意", 6}, .number = 1};
    dispatch(s, 1, &ask);
    stage_action(s, &zhang, 1, &take);
    stage_action(s, &zhang, 1, &answer);
    assert_int_equal(s->out.status, JZ_OK);
    dispatch(s, 1, &ask); /* question 2 */
    stage_action(s, &zhang, 1, &take);
    assert_int_equal(s->out.status, JZ_E_UNKNOWN_ENCOUNTER);
    take.number = 2;
    stage_action(s, &zhang, 1, &take);
    assert_int_equal(s->out.status, JZ_OK);
    stage_action(s, &zhang, 1, &answer);
    assert_int_equal(s->out.status, JZ_E_UNKNOWN_ENCOUNTER);
}

static bool noticed(struct stage *s, enum jz_notice_kind kind) {
    struct jz_notice notice[JZ_NOTICES_MAX];
    uint32_t count = jz_core_notices(s->core, 0, notice, JZ_NOTICES_MAX);
    for (uint32_t i = 0; i < count; i++)
        if (notice[i].kind == kind) return true;
    return false;
}

static void a_consultant_who_does_not_answer_in_time_is_telephoned(void **state) {
    struct stage *s = severe(state);
    struct jz_peer zhang = consultant("北京张");
    dispatch(s, 1, &(struct jz_action){.what = JZ_ACTION_ASK_CONSULT, .text = {"?", 1}});
    stage_action(s, &zhang, 1, &(struct jz_action){.what = JZ_ACTION_TAKE_CONSULT});
    assert_false(noticed(s, JZ_NOTICE_CONSULT));
    stage_wait(s, 10 * MINUTE);
    assert_true(noticed(s, JZ_NOTICE_CONSULT));
}

/* The pages that rang for it hear that it is over, and not a word of what was asked. */
static void who_was_asked_beside_hears_that_it_is_over_and_nothing_else(void **state) {
    struct stage *s = severe(state);
    static uint8_t buffer[4096];
    static char text[8192];
    struct jz_peer zhang = consultant("北京张");
    struct jz_writer w;
    struct jz_scan scan;
    size_t written;
    dispatch(s, 1, &(struct jz_action){.what = JZ_ACTION_ASK_CONSULT, .text = {"what?", 5}});
    stage_action(s, &zhang, 1, &(struct jz_action){.what = JZ_ACTION_TAKE_CONSULT});
    for (int ended = 0; ended < 2; ended++) {
        jz_writer_init(&w, buffer, sizeof buffer);
        assert_int_equal(jz_view_consult(s->core, 0, s->now, JZ_CONSULT_OFF, &w), JZ_OK);
        assert_int_equal(jz_message_scan(buffer, w.used, &scan), JZ_OK);
        assert_int_equal(jz_diagnostic(buffer, w.used, text, sizeof text, &written), JZ_OK);
        assert_null(strstr(text, "what?"));
        assert_non_null(strstr(text, "9: 5"));
        close_patient(s, 1, JZ_CLOSE_STOOD_DOWN);
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, stage_open, stage_close)
    const struct CMUnitTest tests[] = {
        TEST(after_eight_hospitals_declined_the_ninth_is_asked),
        TEST(who_waits_for_a_hospital_is_tried_again_with_a_new_directory),
        TEST(a_choice_that_was_declined_is_over),
        TEST(an_acceptance_on_its_way_when_the_patient_got_worse_does_not_count),
        TEST(a_clock_that_is_far_behind_keeps_nobody_from_accepting),
        TEST(a_standby_hospital_is_off_when_the_patient_is_at_another_door),
        TEST(at_its_door_no_hospital_is_called_off),
        TEST(a_team_that_stayed_ready_still_confirms_the_new_ringing),
        TEST(a_patient_handed_over_without_a_tap_at_the_door_has_taken_the_place),
        TEST(office_hours_turn_at_all_hospitals_at_once),
        TEST(a_cot_is_held_once_for_mother_and_newborn),
        TEST(a_travel_time_that_comes_after_the_end_changes_nothing),
        TEST(a_case_opened_again_later_waits_for_travel_times_of_now),
        TEST(a_tap_from_the_first_hospital_brings_nobody_to_the_second),
        TEST(a_transferred_patient_is_one_to_the_rules),
        TEST(merged_a_patient_goes_on_to_the_hospital_that_expects_it),
        TEST(merged_nothing_takes_the_kept_record_from_its_own_hospital),
        TEST(a_hospital_that_is_off_does_not_say_that_the_patient_arrived),
        TEST(only_the_hospital_that_has_the_patient_signs_and_finds),
        TEST(a_hospital_that_never_answered_signs_for_the_patient_it_got),
        TEST(no_hospital_makes_a_newborn_of_a_patient_it_does_not_know),
        TEST(a_birth_for_which_there_is_no_room_stays_with_its_device),
        TEST(a_place_that_is_still_needed_is_used_again_last),
        TEST(a_proposal_with_another_reason_is_another_proposal),
        TEST(a_long_reason_said_twice_is_one_proposal),
        TEST(an_answer_to_another_question_is_refused),
        TEST(a_consultant_who_does_not_answer_in_time_is_telephoned),
        TEST(who_was_asked_beside_hears_that_it_is_over_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
