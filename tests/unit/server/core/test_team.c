/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

#include <string.h>

#include "state.h"

/* Nearest hospital asked for a patient of one condition: it calls the emergency department and the obstetric team. */
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

static const struct jz_team_record *team(struct stage *s, enum jz_team which) {
    return &alert(s, 1)->team[which];
}

static void receipt(struct stage *s, const char *facility, uint64_t id, uint32_t code, int32_t value) {
    struct jz_peer peer = stage_team(facility, "陈护士");
    struct jz_action action = {
        .what = JZ_ACTION_RECEIPT, .code = code, .has_value = true, .value = value, .number = id};
    stage_action(s, &peer, 0, &action);
}

static void obstetrics(struct stage *s, enum jz_receipt to) {
    receipt(s, "near", 1, JZ_TEAM_OBSTETRICS + 1u, (int32_t)to);
}

static void a_condition_calls_its_team_and_always_the_emergency_department(void **state) {
    struct stage *s = severe(state);
    assert_true(team(s, JZ_TEAM_ED)->needed);
    assert_true(team(s, JZ_TEAM_OBSTETRICS)->needed);
    assert_false(team(s, JZ_TEAM_CATH_LAB)->needed);
    assert_false(team(s, JZ_TEAM_NICU)->needed);
}

/* Every receipt after every other: only a later one is taken. */
static void receipts_only_go_forward(void **state) {
    struct stage *s = severe(state);
    for (int32_t from = JZ_RECEIPT_NONE; from < JZ_RECEIPT_COUNT; from++) {
        for (int32_t to = JZ_RECEIPT_DELIVERED; to < JZ_RECEIPT_COUNT; to++) {
            alert(s, 1)->team[JZ_TEAM_OBSTETRICS].receipt = (uint8_t)from;
            obstetrics(s, (enum jz_receipt)to);
            assert_int_equal(s->out.status, JZ_OK);
            assert_int_equal(team(s, JZ_TEAM_OBSTETRICS)->receipt, to > from ? to : from);
        }
    }
}

static void a_person_is_named_from_the_acknowledgement_on(void **state) {
    struct stage *s = severe(state);
    obstetrics(s, JZ_RECEIPT_DELIVERED);
    obstetrics(s, JZ_RECEIPT_DISPLAYED);
    assert_string_equal(team(s, JZ_TEAM_OBSTETRICS)->person, "");
    obstetrics(s, JZ_RECEIPT_ACKNOWLEDGED);
    assert_string_equal(team(s, JZ_TEAM_OBSTETRICS)->person, "陈护士");
    assert_int_equal(team(s, JZ_TEAM_OBSTETRICS)->changed_ms, s->now);
    assert_int_equal(team(s, JZ_TEAM_ED)->receipt, JZ_RECEIPT_NONE);
}

static void a_teams_device_is_a_device_of_the_hospital(void **state) {
    struct stage *s = severe(state);
    stage_wait(s, 10000);
    assert_int_equal(alert(s, 1)->technical, 1);
    obstetrics(s, JZ_RECEIPT_DELIVERED);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_DELIVERED);
    assert_int_equal(alert(s, 1)->technical, 0);
}

static void what_is_no_receipt_is_refused(void **state) {
    static const struct {
        const char *facility;
        uint64_t alert;
        uint32_t code;
        int32_t value;
        enum jz_status status;
    } row[] = {{"far", 1, 1, 1, JZ_E_DENIED},
               {"near", 2, 1, 1, JZ_E_UNKNOWN_ALERT},
               {"near", 1, 6, 1, JZ_E_UNKNOWN_CODE},
               {"near", 1, 1, 0, JZ_E_VALUE},
               {"near", 1, 1, 5, JZ_E_VALUE},
               {"near", 1, 1, -1, JZ_E_VALUE},
               {"near", 1, 1, 1, JZ_OK}};
    struct stage *s = severe(state);
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        receipt(s, row[i].facility, row[i].alert, row[i].code, row[i].value);
        assert_int_equal(s->out.status, row[i].status);
        assert_int_equal(team(s, JZ_TEAM_ED)->receipt, row[i].status == JZ_OK);
    }
}

/* Columns: raised, delivered, seen, accepted, declined, preparing, arrived, handed over, withdrawn, expired. */
static void a_team_answers_in_just_these_states(void **state) {
    static const char expected[] = "yyyy.yy...";
    struct stage *s = severe(state);
    for (uint8_t in = JZ_ALERT_RAISED; in < JZ_ALERT_STATE_COUNT; in++) {
        alert(s, 1)->state = in;
        alert(s, 1)->team[JZ_TEAM_OBSTETRICS].receipt = JZ_RECEIPT_NONE;
        obstetrics(s, JZ_RECEIPT_READY);
        assert_int_equal(s->out.status, expected[in - 1u] == 'y' ? JZ_OK : JZ_E_TRANSITION);
    }
}

static void a_needed_team_is_reminded_once_five_minutes_after_the_acceptance(void **state) {
    struct stage *s = severe(state);
    stage_wait(s, 20000);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    receipt(s, "near", 1, JZ_TEAM_ED + 1u, JZ_RECEIPT_READY);
    stage_wait(s, 5 * MINUTE - 1);
    assert_int_equal(team(s, JZ_TEAM_OBSTETRICS)->late, 0);
    stage_wait(s, 1);
    assert_int_equal(team(s, JZ_TEAM_OBSTETRICS)->late, 1);
    assert_true(s->out.urgent);
    assert_int_equal(team(s, JZ_TEAM_ED)->late, 0);       /* is ready */
    assert_int_equal(team(s, JZ_TEAM_CATH_LAB)->late, 0); /* was not called */
    assert_int_equal(jz_teams_next(s->core, alert(s, 1)), JZ_NEVER);
}

static void nobody_is_reminded_before_the_hospital_accepted_or_after_the_patient_came(void **state) {
    struct stage *s = severe(state);
    assert_int_equal(jz_teams_next(s->core, alert(s, 1)), JZ_NEVER);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(jz_teams_next(s->core, alert(s, 1)), s->now + 5 * MINUTE);
    stage_milestone(s, 1, JZ_MILESTONE_DOOR);
    assert_int_equal(jz_teams_next(s->core, alert(s, 1)), JZ_NEVER);
    stage_wait(s, 6 * MINUTE);
    assert_int_equal(team(s, JZ_TEAM_OBSTETRICS)->late, 0);
}

static void a_ready_team_stays_ready_when_what_called_it_is_the_same(void **state) {
    struct stage *s = severe(state);
    obstetrics(s, JZ_RECEIPT_READY);
    receipt(s, "near", 1, JZ_TEAM_ED + 1u, JZ_RECEIPT_READY);
    stage_sbp(s, 1, 184); /* now also the newborn's condition, which calls the NICU */
    assert_int_equal(alert(s, 1)->occurrence, 2);
    assert_int_equal(team(s, JZ_TEAM_OBSTETRICS)->receipt, JZ_RECEIPT_READY);
    assert_string_equal(team(s, JZ_TEAM_OBSTETRICS)->person, "陈护士");
    assert_int_equal(team(s, JZ_TEAM_NICU)->needed, 1);
    assert_int_equal(team(s, JZ_TEAM_NICU)->receipt, JZ_RECEIPT_NONE);
    assert_int_equal(team(s, JZ_TEAM_ED)->receipt, JZ_RECEIPT_NONE); /* called for something else now */
}

static void a_team_that_is_not_ready_begins_anew_with_each_ringing(void **state) {
    struct stage *s = severe(state);
    obstetrics(s, JZ_RECEIPT_ACKNOWLEDGED);
    stage_sbp(s, 1, 184);
    assert_int_equal(team(s, JZ_TEAM_OBSTETRICS)->receipt, JZ_RECEIPT_NONE);
    assert_string_equal(team(s, JZ_TEAM_OBSTETRICS)->person, "");
}

static void a_team_that_was_called_off_is_not_ready_when_its_hospital_is_asked_again(void **state) {
    struct stage *s = severe(state);
    obstetrics(s, JZ_RECEIPT_READY);
    stage_wait(s, 2 * MINUTE);
    stage_answer(s, "far", 2, JZ_ALERT_ACCEPTED, 0);
    stage_answer(s, "far", 2, JZ_ALERT_DECLINED, JZ_DECLINE_NO_TEAM);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_RAISED);
    assert_int_equal(team(s, JZ_TEAM_OBSTETRICS)->receipt, JZ_RECEIPT_NONE);
}

static const char *shown(struct stage *s) {
    static uint8_t buffer[1024];
    static char text[4096];
    struct jz_writer w;
    size_t written;
    jz_writer_init(&w, buffer, sizeof buffer);
    jz_view_teams(&w, alert(s, 1));
    assert_int_equal(w.status, JZ_OK);
    assert_int_equal(jz_diagnostic(buffer, w.used, text, sizeof text, &written), JZ_OK);
    return text;
}

static void the_view_shows_who_is_called_and_who_answered(void **state) {
    struct stage *s = severe(state);
    assert_string_equal(shown(s), "[[1, true, 0, 0, \"\", false], [3, true, 0, 0, \"\", false]]");
    receipt(s, "near", 1, JZ_TEAM_BLOOD + 1u,
            JZ_RECEIPT_ACKNOWLEDGED); /* not called, and comes all the same */
    assert_string_equal(shown(s), "[[1, true, 0, 0, \"\", false], [3, true, 0, 0, \"\", false], "
                                  "[5, false, 3, 1767225600000, \"陈护士\", false]]");
}

#define ON_STAGE(test) cmocka_unit_test_setup_teardown(test, stage_open, stage_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_STAGE(a_condition_calls_its_team_and_always_the_emergency_department),
        ON_STAGE(receipts_only_go_forward),
        ON_STAGE(a_person_is_named_from_the_acknowledgement_on),
        ON_STAGE(a_teams_device_is_a_device_of_the_hospital),
        ON_STAGE(what_is_no_receipt_is_refused),
        ON_STAGE(a_team_answers_in_just_these_states),
        ON_STAGE(a_needed_team_is_reminded_once_five_minutes_after_the_acceptance),
        ON_STAGE(nobody_is_reminded_before_the_hospital_accepted_or_after_the_patient_came),
        ON_STAGE(a_ready_team_stays_ready_when_what_called_it_is_the_same),
        ON_STAGE(a_team_that_is_not_ready_begins_anew_with_each_ringing),
        ON_STAGE(a_team_that_was_called_off_is_not_ready_when_its_hospital_is_asked_again),
        ON_STAGE(the_view_shows_who_is_called_and_who_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
