/* SPDX-License-Identifier: Apache-2.0 */
/* When no answer comes, when it comes with a limit or is taken back, and when the patient does not come. */
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

static struct jz_alert_record *alert(struct stage *s, uint64_t id) {
    struct jz_alert_record *record = jz_alert_find(s->core, id, NULL);
    assert_non_null(record);
    return record;
}

static void say(struct stage *s, const char *facility, const char *person, uint64_t id,
                enum jz_alert_state to, uint8_t reason, const char *text) {
    struct jz_peer peer = stage_team(facility, person);
    struct jz_frame frame = {.kind = JZ_FRAME_ALERT_ANSWER};
    frame.answer = (struct jz_alert_answer){
        .alert = id, .to = to, .reason = reason, .text = {text, (uint32_t)strlen(text)}};
    stage_person(s, &peer, &frame);
}

static void close_patient(struct stage *s, enum jz_close_reason reason) {
    struct jz_frame close = {
        .kind = JZ_FRAME_ENCOUNTER_CLOSE, .has_encounter = true, .encounter = stage_patient(1)};
    close.close.reason = reason;
    stage_device(s, &close);
}

/* As it stands in the ledger: places held for patients who accepted hospitals wait for. */
static uint32_t held(struct stage *s, uint32_t facility, enum jz_service service) {
    return jz_capacity_number(&s->core->region->capacity, facility, service)->held;
}

/* --- the ladder ------------------------------------------------------------------------------------------------- */

static void without_a_receipt_for_ten_seconds_somebody_must_telephone(void **state) {
    struct stage *s = severe(state);
    stage_wait(s, 9999);
    assert_int_equal(alert(s, 1)->technical, 0);
    stage_wait(s, 1);
    assert_int_equal(alert(s, 1)->technical, 1);
    assert_int_equal(alert(s, 1)->rung, 1);
    assert_true(s->out.urgent);
    stage_answer(s, "near", 1, JZ_ALERT_DELIVERED, 0);
    assert_int_equal(alert(s, 1)->technical, 0);
}

static void with_a_receipt_the_first_rung_passes_in_silence(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "near", 1, JZ_ALERT_DELIVERED, 0);
    stage_wait(s, 10000);
    assert_int_equal(alert(s, 1)->technical, 0);
    assert_int_equal(alert(s, 1)->rung, 1);
    assert_int_equal(s->out.decision_count, 0);
}

static void not_acknowledged_for_thirty_seconds_it_sounds_again(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "near", 1, JZ_ALERT_SEEN, 0);
    stage_wait(s, 29999);
    assert_int_equal(alert(s, 1)->occurrence, 1);
    stage_wait(s, 1);
    assert_int_equal(alert(s, 1)->occurrence, 2);
    assert_int_equal(alert(s, 1)->rung, 2);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_SEEN); /* what was said stands */
}

static void it_escalates_after_sixty_seconds_and_not_before(void **state) {
    struct stage *s = severe(state);
    stage_wait(s, 59999);
    assert_int_equal(alert(s, 1)->escalated, 0);
    stage_wait(s, 1);
    assert_int_equal(alert(s, 1)->escalated, 1);
    assert_int_equal(alert(s, 1)->rung, 3);
    assert_int_equal(s->core->encounter[0].alert_count, 1); /* nobody else is asked yet */
}

static void after_two_minutes_the_next_hospital_is_on_standby_and_nobody_is_diverted(void **state) {
    struct stage *s = severe(state);
    uint64_t directive;
    stage_wait(s, 119999);
    assert_int_equal(s->core->encounter[0].alert_count, 1);
    directive = s->core->encounter[0].directive_number;
    stage_wait(s, 1);
    assert_string_equal(stage_alert_facility(s, 2), "far");
    assert_int_equal(alert(s, 2)->standby, 1);
    assert_int_equal(alert(s, 1)->standby, 0);
    assert_int_equal(alert(s, 1)->rung, 4);
    assert_int_equal(s->core->encounter[0].directive_alert, 1);
    assert_int_equal(s->core->encounter[0].directive_number, directive); /* the crew is told nothing new */
}

static void rungs_that_came_late_are_all_taken_and_each_is_on_record(void **state) {
    struct stage *s = severe(state);
    struct jz_event deadline = {.kind = JZ_EVENT_DEADLINE};
    s->now += 61000;
    deadline.received_ms = s->now;
    stage_apply(s, &deadline);
    assert_int_equal(alert(s, 1)->technical, 1);
    assert_int_equal(alert(s, 1)->occurrence, 2);
    assert_int_equal(alert(s, 1)->escalated, 1);
    assert_int_equal(s->out.decision_count, 3);
    assert_int_equal(s->core->wake_ms[0], NOON + 2 * MINUTE);
}

static void the_standby_hospital_has_a_ladder_of_its_own(void **state) {
    struct stage *s = severe(state);
    stage_wait(s, 2 * MINUTE);
    stage_wait(s, 10000);
    assert_int_equal(alert(s, 2)->technical, 1);
    stage_wait(s, 110000);
    assert_string_equal(stage_alert_facility(s, 3), "mothers");
    assert_int_equal(alert(s, 3)->standby, 1);
}

static void a_standby_hospital_that_accepts_first_is_the_destination(void **state) {
    struct stage *s = severe(state);
    stage_wait(s, 2 * MINUTE);
    stage_answer(s, "far", 2, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(s->core->encounter[0].destination_alert, 2);
    assert_int_equal(alert(s, 2)->standby, 0);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_WITHDRAWN);
    assert_int_equal(s->core->encounter[0].directive_alert, 2);
}

static void the_standby_hospital_is_meant_itself_when_the_first_declines(void **state) {
    struct stage *s = severe(state);
    stage_wait(s, 2 * MINUTE);
    stage_answer(s, "near", 1, JZ_ALERT_DECLINED, JZ_DECLINE_NO_BED);
    assert_int_equal(alert(s, 2)->standby, 0);
    assert_int_equal(alert(s, 2)->occurrence, 2);                /* it sounds again */
    assert_int_equal(alert(s, 2)->raised_ms, NOON + 2 * MINUTE); /* and its ladder goes on */
    assert_int_equal(s->core->encounter[0].directive_alert, 2);
    assert_int_equal(s->core->encounter[0].alert_count, 2);
}

/* --- with limits, and taken back ---------------------------------------------------------------------------------- */

static void an_acceptance_may_name_its_limit_and_the_limit_stays_on_it(void **state) {
    struct stage *s = severe(state);
    say(s, "near", "李医生", 1, JZ_ALERT_ACCEPTED, JZ_DECLINE_NO_NICU_COT, "");
    assert_int_equal(s->out.status, JZ_OK);
    stage_answer(s, "near", 1, JZ_ALERT_PREPARING, 0);
    assert_int_equal(alert(s, 1)->reason, JZ_DECLINE_NO_NICU_COT);
    assert_int_equal(s->core->encounter[0].destination_alert, 1);
    assert_int_equal(s->core->encounter[0].alert_count, 1); /* the dispatcher decides what it means */
}

static void a_limit_that_is_none_is_refused(void **state) {
    static const struct {
        uint8_t reason;
        const char *text;
        enum jz_status status;
    } row[] = {{JZ_DECLINE_NO_BED, "", JZ_E_REASON},  {JZ_DECLINE_CATH_LAB_BUSY, "", JZ_OK},
               {JZ_DECLINE_NO_TEAM, "", JZ_E_REASON}, {JZ_DECLINE_NO_NICU_COT, "", JZ_OK},
               {JZ_DECLINE_NO_BLOOD, "", JZ_OK},      {JZ_DECLINE_ON_DIVERSION, "", JZ_E_REASON},
               {JZ_DECLINE_OTHER, "", JZ_E_REASON},   {JZ_DECLINE_OTHER, "只有一名医生", JZ_OK},
               {JZ_DECLINE_COUNT, "", JZ_E_REASON}};
    struct stage *s = severe(state);
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        say(s, "near", "李医生", 1, JZ_ALERT_ACCEPTED, row[i].reason, row[i].text);
        assert_int_equal(s->out.status, row[i].status);
        if (row[i].status != JZ_OK) continue;
        assert_string_equal(alert(s, 1)->reason_text, row[i].text);
        say(s, "near", "李医生", 1, JZ_ALERT_RAISED, 0, "");
        assert_int_equal(s->out.status, JZ_OK);
        assert_int_equal(alert(s, 1)->reason, 0);
    }
}

static void ones_own_acceptance_can_be_taken_back_for_five_seconds(void **state) {
    struct stage *s = severe(state);
    say(s, "near", "李医生", 1, JZ_ALERT_ACCEPTED, 0, "");
    stage_wait(s, 5000);
    say(s, "near", "李医生", 1, JZ_ALERT_RAISED, 0, "");
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_RAISED);
    assert_int_equal(alert(s, 1)->occurrence, 2);
    assert_int_equal(s->core->encounter[0].destination_alert, 0);
    assert_int_equal(s->core->wake_ms[0], s->now + 10000); /* the ladder begins anew */
}

static void after_five_seconds_only_declining_takes_it_back(void **state) {
    struct stage *s = severe(state);
    say(s, "near", "李医生", 1, JZ_ALERT_ACCEPTED, 0, "");
    stage_wait(s, 5001);
    say(s, "near", "李医生", 1, JZ_ALERT_RAISED, 0, "");
    assert_int_equal(s->out.status, JZ_E_TRANSITION);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_ACCEPTED);
}

static void nobody_takes_back_anothers_acceptance(void **state) {
    struct stage *s = severe(state);
    say(s, "near", "李医生", 1, JZ_ALERT_ACCEPTED, 0, "");
    say(s, "near", "赵医生", 1, JZ_ALERT_RAISED, 0, "");
    assert_int_equal(s->out.status, JZ_E_DENIED);
    assert_int_equal(s->core->encounter[0].destination_alert, 1);
}

static void what_an_acceptance_ended_rings_again_when_it_is_taken_back(void **state) {
    struct stage *s = severe(state);
    stage_wait(s, 2 * MINUTE);
    say(s, "far", "李医生", 2, JZ_ALERT_ACCEPTED, 0, "");
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_WITHDRAWN);
    say(s, "far", "李医生", 2, JZ_ALERT_RAISED, 0, "");
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_RAISED);
    assert_int_equal(alert(s, 1)->standby, 0);
    assert_int_equal(stage_alert_state(s, 2), JZ_ALERT_RAISED);
    assert_int_equal(alert(s, 2)->standby, 1);
    assert_int_equal(s->core->encounter[0].directive_alert, 1);
}

/* --- off, and told ------------------------------------------------------------------------------------------------- */

static void choose(struct stage *s, const char *facility, enum jz_action_reason reason) {
    struct jz_peer dispatcher = stage_dispatcher("王调度");
    struct jz_action action = {.what = JZ_ACTION_CHOOSE_DESTINATION,
                               .facility = {facility, (uint32_t)strlen(facility)},
                               .reason = (uint8_t)reason};
    stage_action(s, &dispatcher, 1, &action);
    assert_int_equal(s->out.status, JZ_OK);
}

static void another_destination_tells_the_first_hospital_until_it_confirms(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    choose(s, "far", JZ_REASON_FAMILY);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_WITHDRAWN);
    assert_int_equal(alert(s, 1)->told, 0);
    say(s, "near", "赵护士", 1, JZ_ALERT_SEEN, 0, "");
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_WITHDRAWN);
    assert_int_equal(alert(s, 1)->told, 1);
    assert_string_equal(alert(s, 1)->person, "赵护士");
    say(s, "near", "李医生", 1, JZ_ALERT_SEEN, 0, ""); /* whoever came first */
    assert_int_equal(s->out.decision_count, 0);
    assert_string_equal(alert(s, 1)->person, "赵护士");
}

static void a_hospital_that_does_not_confirm_is_telephoned_after_a_minute(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    choose(s, "far", JZ_REASON_FAMILY);
    stage_answer(s, "far", 2, JZ_ALERT_ACCEPTED, 0);
    stage_wait(s, MINUTE - 1);
    assert_int_equal(alert(s, 1)->technical, 0);
    stage_wait(s, 1);
    assert_int_equal(alert(s, 1)->technical, 1);
    assert_true(s->out.urgent);
    stage_answer(s, "near", 1, JZ_ALERT_SEEN, 0);
    assert_int_equal(alert(s, 1)->technical, 0);
}

static void a_stand_down_is_told_though_the_case_is_closed(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    close_patient(s, JZ_CLOSE_STOOD_DOWN);
    stage_wait(s, MINUTE);
    assert_int_equal(alert(s, 1)->technical, 1);
    stage_answer(s, "near", 1, JZ_ALERT_SEEN, 0);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(alert(s, 1)->told, 1);
    assert_int_equal(s->core->wake_ms[0], INT64_MAX);
}

static void the_crew_of_a_case_that_is_stood_down_is_told_that_its_hospital_is_off(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    uint64_t number = s->core->encounter[0].directive_number;
    close_patient(s, JZ_CLOSE_STOOD_DOWN);
    assert_int_equal(s->core->encounter[0].directive_number, number + 1u);
    assert_int_equal(s->core->encounter[0].directive_alert, 1);
    assert_int_equal(s->core->encounter[0].directive_state, JZ_ALERT_WITHDRAWN);
    assert_int_equal(s->core->encounter[0].destination_alert, 0);
    stage_answer(s, "near", 1, JZ_ALERT_SEEN, 0); /* which is no news for the crew */
    assert_int_equal(s->core->encounter[0].directive_number, number + 1u);
}

static void a_case_that_is_opened_again_asks_the_first_hospital_again(void **state) {
    struct stage *s = severe(state);
    struct jz_peer dispatcher = stage_dispatcher("王调度");
    struct jz_action reopen = {.what = JZ_ACTION_REOPEN, .reason = JZ_REASON_MISTAKE};
    close_patient(s, JZ_CLOSE_STOOD_DOWN);
    stage_action(s, &dispatcher, 1, &reopen);
    assert_int_equal(s->out.status, JZ_OK);
    stage_travel(s, 1); /* the way is asked for anew */
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_RAISED);
    assert_int_equal(s->core->encounter[0].alert_count, 1);
}

static void another_hospital_cannot_confirm_for_this_one(void **state) {
    struct stage *s = severe(state);
    close_patient(s, JZ_CLOSE_STOOD_DOWN);
    stage_answer(s, "far", 1, JZ_ALERT_SEEN, 0);
    assert_int_equal(s->out.status, JZ_E_DENIED);
    assert_int_equal(alert(s, 1)->told, 0);
}

static void of_two_acceptances_the_second_is_refused_and_told(void **state) {
    struct stage *s = severe(state);
    stage_wait(s, 2 * MINUTE);
    stage_answer(s, "far", 2, JZ_ALERT_ACCEPTED, 0); /* in the same millisecond */
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(s->out.status, JZ_E_TRANSITION);
    assert_int_equal(s->core->encounter[0].destination_alert, 2);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_WITHDRAWN);
    stage_wait(s, MINUTE);
    assert_int_equal(alert(s, 1)->technical, 1);
}

static void a_persons_choice_stays_when_the_patient_gets_worse(void **state) {
    struct stage *s = severe(state);
    choose(s, "mothers", JZ_REASON_FAMILY);
    stage_finding(s, 1, "st_elevation_confirmed", 1); /* and mothers has no cath lab */
    assert_string_equal(stage_alert_facility(s, 2), "mothers");
    assert_int_equal(stage_alert_state(s, 2), JZ_ALERT_RAISED);
    assert_int_equal(alert(s, 2)->conditions, 5u);
}

static void what_a_dispatcher_ended_stays_off_when_an_acceptance_is_taken_back(void **state) {
    struct stage *s = severe(state);
    choose(s, "far", JZ_REASON_FAMILY);
    say(s, "far", "李医生", 2, JZ_ALERT_ACCEPTED, 0, ""); /* in the same millisecond */
    say(s, "far", "李医生", 2, JZ_ALERT_RAISED, 0, "");
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_WITHDRAWN);
    assert_int_equal(alert(s, 2)->standby, 0);
}

/* --- how much is asked ---------------------------------------------------------------------------------------------- */

static void the_grade_follows_the_priority_and_rises_with_it(void **state) {
    struct stage *s = severe(state);
    assert_int_equal(alert(s, 1)->priority, 2);
    assert_int_equal(alert(s, 1)->grade, JZ_GRADE_PREPARE);
    stage_sbp(s, 1, 184);
    assert_int_equal(alert(s, 1)->priority, 1);
    assert_int_equal(alert(s, 1)->grade, JZ_GRADE_ACTIVATE);
}

static void a_standby_hospital_activates_nobody_until_it_is_meant(void **state) {
    struct stage *s = severe(state);
    stage_sbp(s, 1, 184);
    stage_wait(s, 2 * MINUTE);
    assert_int_equal(alert(s, 2)->grade, JZ_GRADE_PREPARE);
    stage_answer(s, "near", 1, JZ_ALERT_DECLINED, JZ_DECLINE_NO_BED);
    assert_int_equal(alert(s, 2)->grade, JZ_GRADE_ACTIVATE);
}

static void a_grade_without_teams_of_a_specialty_informs(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, true);
    stage_travel(s, 1);
    s->core->encounter[0].priority = 3;
    s->core->encounter[0].wants_alert = 1;
    choose(s, "near", JZ_REASON_FAMILY);
    assert_int_equal(alert(s, 1)->grade, JZ_GRADE_INFORM);
    stage_sbp(s, 1, 118);
    s->core->encounter[0].conditions = 1; /* one that calls the obstetric team */
    struct jz_outcome *out = &s->out;
    jz_alert_renew(s->core, 0, alert(s, 1), out);
    assert_int_equal(alert(s, 1)->grade, JZ_GRADE_PREPARE);
}

/* --- places --------------------------------------------------------------------------------------------------------- */

static void an_acceptance_holds_a_place_and_everything_that_ends_it_lets_it_go(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(held(s, 0, JZ_SERVICE_OBSTETRICS), 1);
    stage_answer(s, "near", 1, JZ_ALERT_DECLINED, JZ_DECLINE_NO_TEAM);
    assert_int_equal(held(s, 0, JZ_SERVICE_OBSTETRICS), 0);
    stage_answer(s, "far", 2, JZ_ALERT_ACCEPTED, 0);
    stage_sbp(s, 1, 184); /* an acceptance for less does not stand, nor does its place */
    assert_int_equal(held(s, 1, JZ_SERVICE_OBSTETRICS), 0);
    stage_answer(s, "far", 2, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(held(s, 1, JZ_SERVICE_OBSTETRICS), 1);
    assert_int_equal(held(s, 1, JZ_SERVICE_NICU), 1);
    choose(s, "mothers", JZ_REASON_FAMILY);
    assert_int_equal(held(s, 1, JZ_SERVICE_OBSTETRICS), 0);
    stage_answer(s, "mothers", 3, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(held(s, 3, JZ_SERVICE_NICU), 1);
    close_patient(s, JZ_CLOSE_STOOD_DOWN);
    assert_int_equal(held(s, 3, JZ_SERVICE_NICU), 0);
    assert_int_equal(held(s, 3, JZ_SERVICE_OBSTETRICS), 0);
}

static void an_arrival_takes_the_place_that_was_held(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    stage_answer(s, "near", 1, JZ_ALERT_ARRIVED, 0);
    assert_int_equal(held(s, 0, JZ_SERVICE_OBSTETRICS), 0);
    assert_int_equal(s->core->encounter[0].held_facility, 0);
    assert_int_equal(s->core->encounter[0].phase, JZ_PHASE_ARRIVED);
}

#define ON_STAGE(test) cmocka_unit_test_setup_teardown(test, stage_open, stage_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_STAGE(without_a_receipt_for_ten_seconds_somebody_must_telephone),
        ON_STAGE(with_a_receipt_the_first_rung_passes_in_silence),
        ON_STAGE(not_acknowledged_for_thirty_seconds_it_sounds_again),
        ON_STAGE(it_escalates_after_sixty_seconds_and_not_before),
        ON_STAGE(after_two_minutes_the_next_hospital_is_on_standby_and_nobody_is_diverted),
        ON_STAGE(rungs_that_came_late_are_all_taken_and_each_is_on_record),
        ON_STAGE(the_standby_hospital_has_a_ladder_of_its_own),
        ON_STAGE(a_standby_hospital_that_accepts_first_is_the_destination),
        ON_STAGE(the_standby_hospital_is_meant_itself_when_the_first_declines),
        ON_STAGE(an_acceptance_may_name_its_limit_and_the_limit_stays_on_it),
        ON_STAGE(a_limit_that_is_none_is_refused),
        ON_STAGE(ones_own_acceptance_can_be_taken_back_for_five_seconds),
        ON_STAGE(after_five_seconds_only_declining_takes_it_back),
        ON_STAGE(nobody_takes_back_anothers_acceptance),
        ON_STAGE(what_an_acceptance_ended_rings_again_when_it_is_taken_back),
        ON_STAGE(another_destination_tells_the_first_hospital_until_it_confirms),
        ON_STAGE(a_hospital_that_does_not_confirm_is_telephoned_after_a_minute),
        ON_STAGE(a_stand_down_is_told_though_the_case_is_closed),
        ON_STAGE(the_crew_of_a_case_that_is_stood_down_is_told_that_its_hospital_is_off),
        ON_STAGE(a_case_that_is_opened_again_asks_the_first_hospital_again),
        ON_STAGE(another_hospital_cannot_confirm_for_this_one),
        ON_STAGE(of_two_acceptances_the_second_is_refused_and_told),
        ON_STAGE(a_persons_choice_stays_when_the_patient_gets_worse),
        ON_STAGE(what_a_dispatcher_ended_stays_off_when_an_acceptance_is_taken_back),
        ON_STAGE(the_grade_follows_the_priority_and_rises_with_it),
        ON_STAGE(a_standby_hospital_activates_nobody_until_it_is_meant),
        ON_STAGE(a_grade_without_teams_of_a_specialty_informs),
        ON_STAGE(an_acceptance_holds_a_place_and_everything_that_ends_it_lets_it_go),
        ON_STAGE(an_arrival_takes_the_place_that_was_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
