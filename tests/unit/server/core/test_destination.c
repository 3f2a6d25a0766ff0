/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "jingzhu/field.h"
#include "rank.h"
#include "stage.h"
#include "state.h"

static enum jz_status choose(struct stage *s, const char *facility, uint8_t reason, const char *text) {
    struct jz_peer dispatcher = stage_dispatcher("王调度");
    struct jz_action action = {.what = JZ_ACTION_CHOOSE_DESTINATION,
                               .facility = {facility, (uint32_t)strlen(facility)},
                               .reason = reason,
                               .text = {text, text ? (uint32_t)strlen(text) : 0}};
    stage_action(s, &dispatcher, 1, &action);
    return s->out.status;
}

static enum jz_status set_priority(struct stage *s, int32_t to, uint8_t reason) {
    struct jz_peer dispatcher = stage_dispatcher("王调度");
    struct jz_action action = {
        .what = JZ_ACTION_SET_PRIORITY, .has_value = true, .value = to, .reason = reason};
    stage_action(s, &dispatcher, 1, &action);
    return s->out.status;
}

/* "near" is asked, ten minutes away; "far" can the same, twenty minutes away. */
static struct stage *severe(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, true);
    stage_travel(s, 1);
    stage_sbp(s, 1, 168);
    return s;
}

static struct jz_encounter *patient(struct stage *s) {
    return &s->core->encounter[0];
}

static void another_hospital_than_the_first_needs_a_reason(void **state) {
    struct stage *s = severe(state);
    assert_int_equal(choose(s, "far", JZ_REASON_NONE, NULL), JZ_E_REASON);
    assert_int_equal(patient(s)->chosen, 0);
    assert_int_equal(choose(s, "far", JZ_REASON_FAMILY, NULL), JZ_OK);
    assert_string_equal(stage_alert_facility(s, 2), "far");
    assert_int_equal(stage_alert_state(s, 2), JZ_ALERT_RAISED);
    assert_string_equal(patient(s)->chosen_by, "王调度");
}

static void the_hospital_that_was_asked_before_is_told_that_it_is_off(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(choose(s, "far", JZ_REASON_ROAD, NULL), JZ_OK);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_WITHDRAWN);
    assert_int_equal(jz_alert_find(s->core, 1, NULL)->told, 0);
    assert_true(jz_core_facility_sees(s->core, "near", 0)); /* until somebody there says so */
    stage_answer(s, "near", 1, JZ_ALERT_SEEN, 0);
    assert_int_equal(jz_alert_find(s->core, 1, NULL)->told, 1);
    assert_false(jz_core_facility_sees(s->core, "near", 0));
    assert_int_equal(patient(s)->destination_alert, 0);
}

static void the_choice_of_the_first_needs_no_reason(void **state) {
    struct stage *s = severe(state);
    assert_int_equal(choose(s, "near", JZ_REASON_NONE, NULL), JZ_OK);
    assert_int_equal(patient(s)->alert_count, 1);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_RAISED);
}

static void a_hospital_that_lacks_what_is_needed_takes_a_second_person(void **state) {
    struct stage *s = severe(state);
    assert_int_equal(choose(s, "clinic", JZ_REASON_FAMILY, NULL), JZ_E_SECOND_PERSON);
    assert_int_equal(patient(s)->chosen, 0);
    assert_int_equal(s->core->region->proposal[0].what, JZ_ACTION_CHOOSE_DESTINATION);
    struct jz_peer chief = stage_dispatcher("值班主任");
    struct jz_action confirm = {.what = JZ_ACTION_SECOND,
                                .has_value = true,
                                .value = 1,
                                .number = s->core->region->proposal[0].number};
    stage_action(s, &chief, 0, &confirm);
    assert_int_equal(s->out.status, JZ_OK);
    assert_string_equal(stage_alert_facility(s, 2), "clinic");
    assert_non_null(strstr(stage_decision(s, JZ_DECISION_ACTION), "值班主任"));
}

static void the_nearest_hospital_to_resuscitate_needs_no_second_person(void **state) {
    struct stage *s = severe(state);
    assert_int_equal(choose(s, "clinic", JZ_REASON_NEAREST_RESUSCITATION, NULL), JZ_OK);
    assert_string_equal(stage_alert_facility(s, 2), "clinic");
}

static void an_unknown_hospital_is_refused_by_name(void **state) {
    struct stage *s = severe(state);
    assert_int_equal(choose(s, "nowhere", JZ_REASON_FAMILY, NULL), JZ_E_UNKNOWN_FACILITY);
}

static void a_priority_goes_up_freely_and_down_with_a_reason(void **state) {
    struct stage *s = severe(state);
    assert_int_equal(patient(s)->priority, 2);
    assert_int_equal(set_priority(s, 1, 0), JZ_OK);
    assert_int_equal(patient(s)->priority, 1);
    assert_int_equal(patient(s)->rule_priority, 2);
    assert_int_equal(jz_alerts(s->core, 0)[0].occurrence, 2); /* a rise rings again */
    assert_int_equal(set_priority(s, 3, 0), JZ_E_REASON);
    assert_int_equal(set_priority(s, 3, JZ_REASON_CONDITION_CHANGED), JZ_OK);
    assert_int_equal(patient(s)->priority, 3);
    assert_int_equal(set_priority(s, 6, JZ_REASON_CONDITION_CHANGED), JZ_E_VALUE);
}

static void what_the_rules_find_anew_raises_it_again(void **state) {
    struct stage *s = severe(state);
    set_priority(s, 4, JZ_REASON_CONDITION_CHANGED);
    stage_sbp(s, 1, 170); /* nothing new */
    assert_int_equal(patient(s)->priority, 4);
    stage_sbp(s, 1, 182);
    assert_int_equal(patient(s)->priority, 1);
}

/* The stage's condition of the heart has a goal to wire; "near" is 10 min away and takes 90 min. */
static void the_predicted_time_to_wire_is_in_the_chart(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, true);
    stage_travel(s, 1);
    stage_finding(s, 1, "st_elevation_confirmed", 1);
    struct jz_reading r = jz_chart_reading(&patient(s)->chart, jz_field_by_name("t_wire_min"));
    struct jz_ranking ranking;
    jz_rank_encounter(s->core, patient(s), &ranking);
    assert_int_equal(ranking.candidate[0].travel_s, 600);
    assert_int_equal(r.validity, JZ_VALID);
    assert_int_equal(r.value, (int32_t)((ranking.reperfusion.wire_s + 59u) / 60u));
    assert_int_equal(r.value, 100);
}

static void nothing_is_predicted_while_no_travel_time_is_known(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    stage_finding(s, 1, "st_elevation_confirmed", 1);
    assert_int_equal(jz_chart_reading(&patient(s)->chart, jz_field_by_name("t_wire_min")).taken_ms, 0);
}

/* A newborn whose mother is under way is looked at together with her. */
static void mother_and_newborn_go_to_one_hospital_where_both_can_be(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    struct jz_frame birth = {.kind = JZ_FRAME_ACTION, .has_encounter = true, .encounter = stage_patient(1)};
    birth.action = (struct jz_action){.what = JZ_ACTION_BIRTH, .has_other = true, .other = stage_patient(2)};
    stage_device(s, &birth);
    assert_int_equal(s->out.status, JZ_OK);
    stage_travel(s, 2);
    stage_sbp(s, 2, 185); /* wants obstetrics and the newborn unit: near and far have both */
    struct jz_pair pair;
    struct jz_ranking own;
    bool is_mother = true;
    const struct jz_encounter *newborn = &s->core->encounter[1];
    jz_rank_encounter(s->core, newborn, &own);
    assert_true(jz_pair_of(s->core, newborn, &own, &pair, &is_mother));
    assert_false(is_mother);
    assert_int_equal(pair.why, JZ_PAIR_TOGETHER);
    assert_string_equal(s->directory.facility[pair.newborn].id, "near");
    size_t bytes;
    assert_non_null(strstr(stage_view(s, 1, &bytes), "11: [\"near\", 0, 0]"));
}

/* --- several patients and the last place ------------------------------------------------------------------------------- */

static const char *plan(struct stage *s, enum jz_service service, bool *anything) {
    static uint8_t buffer[8192];
    static char text[65536];
    struct jz_writer w;
    size_t written;
    jz_writer_init(&w, buffer, sizeof buffer);
    assert_int_equal(jz_view_plan(s->core, service, s->now, anything, &w), JZ_OK);
    assert_int_equal(jz_diagnostic(buffer, w.used, text, sizeof text, &written), JZ_OK);
    return text;
}

static void set(struct stage *s, const char *facility, int32_t free) {
    struct jz_peer team = stage_team(facility, "护士长");
    struct jz_action action = {.what = JZ_ACTION_SET_CAPACITY,
                               .facility = {facility, (uint32_t)strlen(facility)},
                               .code = JZ_SERVICE_OBSTETRICS,
                               .has_value = true,
                               .value = free};
    stage_action(s, &team, 0, &action);
}

static void one_patient_competes_with_nobody(void **state) {
    struct stage *s = severe(state);
    bool anything;
    set(s, "near", 1);
    plan(s, JZ_SERVICE_OBSTETRICS, &anything);
    assert_false(anything);
}

static void a_patient_for_whom_no_place_is_left_is_shown(void **state) {
    struct stage *s = severe(state);
    bool anything;
    set(s, "near", 1);
    set(s, "far", 0);
    set(s, "mothers", 0);
    stage_open_patient(s, 2, true);
    stage_travel(s, 2);
    stage_sbp(s, 2, 168);
    assert_non_null(strstr(plan(s, JZ_SERVICE_OBSTETRICS, &anything), "\"near\""));
    assert_true(anything);
    assert_non_null(strstr(plan(s, JZ_SERVICE_OBSTETRICS, &anything), "\"\", 0"));
    plan(s, JZ_SERVICE_NICU, &anything);
    assert_false(anything); /* nobody wants that one */
}

static void where_nothing_is_known_of_places_nobody_competes(void **state) {
    struct stage *s = severe(state);
    bool anything;
    stage_open_patient(s, 2, true);
    stage_travel(s, 2);
    stage_sbp(s, 2, 168);
    plan(s, JZ_SERVICE_OBSTETRICS, &anything);
    assert_false(anything);
}

/* --- what is told outside -------------------------------------------------------------------------------------------- */

static bool has_notice(struct stage *s, enum jz_notice_kind kind, uint64_t *id) {
    struct jz_notice notice[JZ_NOTICES_MAX];
    uint32_t count = jz_core_notices(s->core, 0, notice, JZ_NOTICES_MAX);
    for (uint32_t i = 0; i < count; i++) {
        if (notice[i].kind != kind) continue;
        *id = notice[i].id;
        return true;
    }
    return false;
}

static void an_alert_that_nobody_received_is_noticed_and_again_when_it_rings_again(void **state) {
    struct stage *s = severe(state);
    uint64_t first = 0, again = 0;
    assert_false(has_notice(s, JZ_NOTICE_NOT_DELIVERED, &first));
    stage_wait(s, 10000);
    assert_true(has_notice(s, JZ_NOTICE_NOT_DELIVERED, &first));
    assert_true(has_notice(s, JZ_NOTICE_NOT_DELIVERED, &again));
    assert_int_equal(first, again);
    stage_wait(s, 20000);
    assert_true(has_notice(s, JZ_NOTICE_NOT_DELIVERED, &again));
    assert_int_not_equal(first, again);
    stage_answer(s, "near", 1, JZ_ALERT_DELIVERED, 0);
    assert_false(has_notice(s, JZ_NOTICE_NOT_DELIVERED, &again));
}

static void an_escalation_is_noticed_until_it_is_answered(void **state) {
    struct stage *s = severe(state);
    uint64_t id;
    stage_answer(s, "near", 1, JZ_ALERT_SEEN, 0);
    stage_wait(s, 30000);
    stage_wait(s, 30000);
    assert_true(has_notice(s, JZ_NOTICE_ESCALATED, &id));
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    assert_false(has_notice(s, JZ_NOTICE_ESCALATED, &id));
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, stage_open, stage_close)
    const struct CMUnitTest tests[] = {
        TEST(another_hospital_than_the_first_needs_a_reason),
        TEST(the_hospital_that_was_asked_before_is_told_that_it_is_off),
        TEST(the_choice_of_the_first_needs_no_reason),
        TEST(a_hospital_that_lacks_what_is_needed_takes_a_second_person),
        TEST(the_nearest_hospital_to_resuscitate_needs_no_second_person),
        TEST(an_unknown_hospital_is_refused_by_name),
        TEST(a_priority_goes_up_freely_and_down_with_a_reason),
        TEST(what_the_rules_find_anew_raises_it_again),
        TEST(the_predicted_time_to_wire_is_in_the_chart),
        TEST(nothing_is_predicted_while_no_travel_time_is_known),
        TEST(mother_and_newborn_go_to_one_hospital_where_both_can_be),
        TEST(one_patient_competes_with_nobody),
        TEST(a_patient_for_whom_no_place_is_left_is_shown),
        TEST(where_nothing_is_known_of_places_nobody_competes),
        TEST(an_alert_that_nobody_received_is_noticed_and_again_when_it_rings_again),
        TEST(an_escalation_is_noticed_until_it_is_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
