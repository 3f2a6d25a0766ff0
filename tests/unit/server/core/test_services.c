/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "jingzhu/field.h"
#include "rank.h"
#include "stage.h"
#include "state.h"

static uint32_t index_of(struct stage *s, const char *facility) {
    return jz_directory_facility(&s->directory, facility, (uint32_t)strlen(facility));
}

static const struct jz_capacity_number *number(struct stage *s, const char *facility,
                                               enum jz_service service) {
    return jz_capacity_number(&s->core->region->capacity, index_of(s, facility), service);
}

static enum jz_status say(struct stage *s, const struct jz_peer *peer, const char *facility,
                          const struct jz_action *wanted) {
    struct jz_action action = *wanted;
    action.facility = (struct jz_text){facility, (uint32_t)strlen(facility)};
    stage_action(s, peer, 0, &action);
    return s->out.status;
}

static enum jz_status set(struct stage *s, const char *facility, enum jz_service service, int32_t free) {
    struct jz_peer team = stage_team(facility, "护士长");
    return say(s, &team, facility,
               &(struct jz_action){
                   .what = JZ_ACTION_SET_CAPACITY, .code = service, .has_value = true, .value = free});
}

static enum jz_status divert(struct stage *s, const char *facility, enum jz_service service) {
    struct jz_peer team = stage_team(facility, "护士长");
    return say(s, &team, facility,
               &(struct jz_action){.what = JZ_ACTION_DIVERT, .code = service, .reason = JZ_REASON_FULL});
}

/* A severe pressure: wants obstetrics; "near" is asked. */
static struct stage *severe(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, true);
    stage_travel(s, 1);
    stage_sbp(s, 1, 168);
    return s;
}

static void accepting_reserves_and_arrival_takes_the_place(void **state) {
    struct stage *s = severe(state);
    assert_int_equal(set(s, "near", JZ_SERVICE_OBSTETRICS, 2), JZ_OK);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(number(s, "near", JZ_SERVICE_OBSTETRICS)->held, 1);
    assert_int_equal(
        jz_capacity_shown(&s->core->region->capacity, index_of(s, "near"), JZ_SERVICE_OBSTETRICS), 1);
    stage_milestone(s, 1, JZ_MILESTONE_DOOR);
    assert_int_equal(number(s, "near", JZ_SERVICE_OBSTETRICS)->held, 0);
    assert_int_equal(
        jz_capacity_shown(&s->core->region->capacity, index_of(s, "near"), JZ_SERVICE_OBSTETRICS), 1);
}

static void a_stand_down_gives_the_place_back(void **state) {
    struct stage *s = severe(state);
    set(s, "near", JZ_SERVICE_OBSTETRICS, 2);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    struct jz_frame close = {
        .kind = JZ_FRAME_ENCOUNTER_CLOSE, .has_encounter = true, .encounter = stage_patient(1)};
    close.close.reason = JZ_CLOSE_STOOD_DOWN;
    stage_device(s, &close);
    assert_int_equal(number(s, "near", JZ_SERVICE_OBSTETRICS)->held, 0);
    assert_int_equal(number(s, "near", JZ_SERVICE_OBSTETRICS)->value, 2);
}

static void a_place_is_not_held_for_ever(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    stage_wait(s, JZ_HOLD_LIMIT_MS - 1);
    assert_int_equal(number(s, "near", JZ_SERVICE_OBSTETRICS)->held, 1);
    stage_wait(s, 1);
    assert_int_equal(number(s, "near", JZ_SERVICE_OBSTETRICS)->held, 0);
}

static void an_over_booking_is_said(void **state) {
    struct stage *s = severe(state);
    set(s, "near", JZ_SERVICE_OBSTETRICS, 0);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    assert_non_null(strstr(stage_decision(s, JZ_DECISION_SERVICE), ", 7: 13, "));
}

static void a_diverting_hospital_is_not_asked_and_says_why(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, true);
    stage_travel(s, 1);
    assert_int_equal(divert(s, "near", JZ_SERVICE_OBSTETRICS), JZ_OK);
    stage_sbp(s, 1, 168);
    assert_string_equal(stage_alert_facility(s, 1), "far");
    struct jz_ranking ranking;
    jz_rank_encounter(s->core, &s->core->encounter[0], &ranking);
    bool found = false;
    for (uint32_t i = 0; i < ranking.exclusion_count; i++)
        found |= ranking.exclusion[i].facility == index_of(s, "near") &&
                 ranking.exclusion[i].why == JZ_EXCLUDED_DIVERTING &&
                 ranking.exclusion[i].service == JZ_SERVICE_OBSTETRICS;
    assert_true(found);
}

static void a_diversion_moves_nobody_who_is_on_the_way(void **state) {
    struct stage *s = severe(state);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(divert(s, "near", JZ_SERVICE_OBSTETRICS), JZ_OK);
    stage_wait(s, 0);
    assert_int_equal(s->core->encounter[0].destination_alert, 1);
    assert_int_equal(stage_alert_state(s, 1), JZ_ALERT_ACCEPTED);
}

static void whoever_waits_is_tried_again_when_a_diversion_ends(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, true);
    stage_travel(s, 1);
    divert(s, "near", JZ_SERVICE_OBSTETRICS);
    divert(s, "far", JZ_SERVICE_OBSTETRICS);
    assert_non_null(strstr(stage_decision(s, JZ_DECISION_SERVICE), ", 7: 12, ")); /* the region is short */
    divert(s, "mothers", JZ_SERVICE_OBSTETRICS);
    stage_sbp(s, 1, 168);
    assert_int_equal(s->core->encounter[0].alert_count, 0);
    stage_wait(s, JZ_DIVERT_DEFAULT_MS);
    assert_int_equal(s->core->encounter[0].alert_count, 1);
    assert_string_equal(stage_alert_facility(s, 1), "near");
}

static void a_hospital_speaks_for_itself_alone(void **state) {
    struct stage *s = *state;
    struct jz_peer team = stage_team("near", "护士长");
    struct jz_action action = {
        .what = JZ_ACTION_SET_CAPACITY, .code = JZ_SERVICE_ICU, .has_value = true, .value = 3};
    assert_int_equal(say(s, &team, "far", &action), JZ_E_DENIED);
    assert_int_equal(number(s, "far", JZ_SERVICE_ICU)->set_ms, 0);
    struct jz_peer dispatcher = stage_dispatcher("王调度");
    assert_int_equal(say(s, &dispatcher, "far", &action), JZ_OK);
    assert_string_equal(number(s, "far", JZ_SERVICE_ICU)->owner, "王调度");
}

static void an_expired_number_is_said_to_have_expired(void **state) {
    struct stage *s = *state;
    set(s, "near", JZ_SERVICE_NICU, 2);
    int64_t life = number(s, "near", JZ_SERVICE_NICU)->expires_ms - s->now;
    stage_wait(s, life);
    assert_non_null(strstr(stage_decision(s, JZ_DECISION_SERVICE), ", 7: 7, "));
    struct jz_live live;
    jz_live_of(s->core, &live);
    assert_int_equal(live.of[index_of(s, "near")].service[JZ_SERVICE_NICU], JZ_LIVE_UNKNOWN);
    assert_true(live.of[index_of(s, "near")].service_expired >> JZ_SERVICE_NICU & 1u);
}

static struct jz_peer administrator(const char *name) {
    struct jz_peer peer = stage_dispatcher(name);
    peer.role = JZ_ROLE_ADMINISTRATOR;
    return peer;
}

/* Two people confirm that the clinic has obstetrics in office hours; the stage begins at 8:00 in Guiyang, a Thursday. */
static void a_capability_of_office_hours_comes_and_goes_with_them(void **state) {
    struct stage *s = *state;
    struct jz_peer one = administrator("甲"), two = administrator("乙");
    struct jz_action confirm = {.what = JZ_ACTION_CONFIRM_CAPABILITY,
                                .text = {"obstetrics", 10},
                                .has_value = true,
                                .value = JZ_CONFIRMATION_OFFICE_HOURS};
    assert_int_equal(say(s, &one, "clinic", &confirm), JZ_E_SECOND_PERSON);
    struct jz_action second = {.what = JZ_ACTION_SECOND, .has_value = true, .value = 1, .number = 1};
    stage_action(s, &two, 0, &second);
    assert_int_equal(s->out.status, JZ_OK);
    struct jz_live live;
    uint32_t clinic = index_of(s, "clinic");
    uint32_t obstetrics = jz_directory_capability_index(&s->directory, "obstetrics");
    jz_live_of(s->core, &live);
    assert_int_equal(live.of[clinic].capability[obstetrics], JZ_CAPABILITY_CONFIRMED);
    stage_wait(s, 570 * MINUTE); /* half past five */
    assert_non_null(strstr(stage_decision(s, JZ_DECISION_SERVICE), ", 7: 15, "));
    jz_live_of(s->core, &live);
    assert_int_equal(live.of[clinic].capability[obstetrics], JZ_CAPABILITY_ABSENT);
    stage_wait(s, 870 * MINUTE); /* eight on Friday */
    jz_live_of(s->core, &live);
    assert_int_equal(live.of[clinic].capability[obstetrics], JZ_CAPABILITY_CONFIRMED);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, stage_open, stage_close)
    const struct CMUnitTest tests[] = {
        TEST(accepting_reserves_and_arrival_takes_the_place),
        TEST(a_stand_down_gives_the_place_back),
        TEST(a_place_is_not_held_for_ever),
        TEST(an_over_booking_is_said),
        TEST(a_diverting_hospital_is_not_asked_and_says_why),
        TEST(a_diversion_moves_nobody_who_is_on_the_way),
        TEST(whoever_waits_is_tried_again_when_a_diversion_ends),
        TEST(a_hospital_speaks_for_itself_alone),
        TEST(an_expired_number_is_said_to_have_expired),
        TEST(a_capability_of_office_hours_comes_and_goes_with_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
