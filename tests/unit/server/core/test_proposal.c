/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state.h"

#define TEXT(t)                                                                                              \
    { (t), (uint32_t)strlen(t) }

static struct jz_encounter *patient(struct stage *s, uint32_t slot) {
    return &s->core->encounter[slot];
}

static struct jz_peer somebody(char who, const char *name) {
    struct jz_peer peer = who == 'r' ? stage_team("near", name) : stage_dispatcher(name);
    if (who == 'a') peer.role = JZ_ROLE_ADMINISTRATOR;
    return peer;
}

static void act_as(struct stage *s, char who, const char *name, uint8_t n, const struct jz_action *action) {
    struct jz_peer peer = somebody(who, name);
    stage_action(s, &peer, n, action);
}

static void dispatch(struct stage *s, uint8_t n, const struct jz_action *action) {
    act_as(s, 'd', "王调度", n, action);
}

static void begin(struct stage *s) {
    stage_open_patient(s, 1, true);
    stage_travel(s, 1);
    stage_sbp(s, 1, 168);
}

static void stood_down(struct stage *s) {
    dispatch(s, 1, &(struct jz_action){.what = JZ_ACTION_STAND_DOWN, .reason = JZ_REASON_MISTAKE});
}

/* A hard stop: it has no obstetrics. */
static const struct jz_action clinic = {
    .what = JZ_ACTION_CHOOSE_DESTINATION, .facility = {"clinic", 6}, .reason = JZ_REASON_FAMILY};
static void proposed(struct stage *s) {
    act_as(s, 'd', "赵调度", 1, &clinic);
    assert_int_equal(s->out.status, JZ_E_SECOND_PERSON);
}

static void answer(struct stage *s, char who, const char *name, uint64_t number, int32_t value) {
    act_as(
        s, who, name, 0,
        &(struct jz_action){.what = JZ_ACTION_SECOND, .number = number, .has_value = true, .value = value});
}

static uint32_t waiting(const struct stage *s) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < JZ_PROPOSALS_MAX; i++) count += s->core->region->proposal[i].state == 1;
    return count;
}

static void a_hard_stop_waits_for_another_named_person(void **state) {
    struct stage *s = *state;
    begin(s);
    proposed(s);
    assert_false(s->out.duplicate); /* stored: the sender sees that it waits */
    assert_non_null(strstr(stage_decision(s, JZ_DECISION_PROPOSAL), "5: 1, 6: 1, 7: \"赵调度\", 8: 1"));
    assert_null(stage_decision(s, JZ_DECISION_ACTION));
    assert_int_equal(patient(s, 0)->chosen, 0);
    answer(s, 'd', "赵调度", 1, 1);
    assert_int_equal(s->out.status, JZ_E_SAME_PERSON);
    assert_int_equal(waiting(s), 1);
    answer(s, 'd', "王调度", 1, 1);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(patient(s, 0)->chosen, 3);
    assert_string_equal(patient(s, 0)->chosen_by, "赵调度");
    assert_non_null(strstr(stage_decision(s, JZ_DECISION_PROPOSAL), "7: \"王调度\", 8: 2"));
    assert_non_null(strstr(stage_decision(s, JZ_DECISION_ACTION), "6: \"赵调度\", 7: \"王调度\""));
    assert_int_equal(waiting(s), 0);
    answer(s, 'd', "王调度", 1, 1);
    assert_int_equal(s->out.status, JZ_E_UNKNOWN_PROPOSAL);
}

static void the_second_person_may_refuse(void **state) {
    struct stage *s = *state;
    begin(s);
    proposed(s);
    answer(s, 'a', "主任", 1, 0);
    assert_int_equal(s->out.status, JZ_OK);
    assert_non_null(strstr(stage_decision(s, JZ_DECISION_PROPOSAL), "7: \"主任\", 8: 3"));
    assert_int_equal(patient(s, 0)->chosen, 0);
    assert_int_equal(waiting(s), 0);
}

static void the_nearest_hospital_to_resuscitate_needs_no_second_person(void **state) {
    struct stage *s = *state;
    begin(s);
    struct jz_action choose = clinic;
    choose.reason = JZ_REASON_NEAREST_RESUSCITATION;
    dispatch(s, 1, &choose);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(patient(s, 0)->chosen, 3);
}

static void a_hard_stop_without_its_reason_is_not_even_proposed(void **state) {
    struct stage *s = *state;
    begin(s);
    struct jz_action choose = clinic;
    choose.reason = JZ_REASON_NONE;
    dispatch(s, 1, &choose);
    assert_int_equal(s->out.status, JZ_E_REASON);
    assert_int_equal(waiting(s), 0);
}

static void a_proposal_ends_after_five_minutes_and_not_before(void **state) {
    struct stage *s = *state;
    begin(s);
    proposed(s);
    int64_t until = s->core->region->proposal[0].until_ms;
    assert_int_equal(until, s->now + JZ_PROPOSAL_LIMIT_MS);
    assert_int_equal(jz_proposals_next(s->core), until);
    stage_wait(s, JZ_PROPOSAL_LIMIT_MS - 1);
    assert_int_equal(waiting(s), 1);
    s->now++;
    struct jz_event due = {.kind = JZ_EVENT_DEADLINE, .received_ms = s->now};
    stage_apply(s, &due);
    assert_non_null(strstr(stage_decision(s, JZ_DECISION_PROPOSAL), "7: \"\", 8: 4"));
    assert_int_equal(waiting(s), 0);
    assert_true(jz_proposals_next(s->core) == JZ_NEVER);
    answer(s, 'd', "王调度", 1, 1);
    assert_int_equal(s->out.status, JZ_E_UNKNOWN_PROPOSAL);
}

static void a_confirmation_at_the_last_moment_counts_and_one_later_does_not(void **state) {
    struct stage *s = *state;
    begin(s);
    proposed(s);
    s->now += JZ_PROPOSAL_LIMIT_MS - 1;
    answer(s, 'd', "王调度", 1, 1);
    assert_int_equal(s->out.status, JZ_OK);
    proposed(s);
    s->now += JZ_PROPOSAL_LIMIT_MS;
    answer(s, 'd', "王调度", 2, 1);
    assert_int_equal(s->out.status, JZ_E_UNKNOWN_PROPOSAL);
    assert_non_null(strstr(stage_decision(s, JZ_DECISION_PROPOSAL), "8: 4"));
}

static void what_became_impossible_meanwhile_is_not_done(void **state) {
    struct stage *s = *state;
    begin(s);
    proposed(s);
    stood_down(s);
    answer(s, 'd', "王调度", 1, 1);
    assert_int_equal(s->out.status, JZ_E_PHASE);
    assert_int_equal(patient(s, 0)->chosen, 0);
    assert_non_null(strstr(stage_decision(s, JZ_DECISION_PROPOSAL), "8: 3"));
    assert_int_equal(waiting(s), 0);
}

static void asking_for_the_same_again_makes_no_second_proposal(void **state) {
    struct stage *s = *state;
    begin(s);
    proposed(s);
    s->now += 1000;
    proposed(s);
    assert_int_equal(waiting(s), 1);
    assert_int_equal(s->core->region->proposal[0].until_ms, s->now + JZ_PROPOSAL_LIMIT_MS);
    act_as(s, 'd', "钱调度", 1, &clinic);
    assert_int_equal(waiting(s), 2); /* another person's is another */
}

static void as_many_proposals_wait_as_there_is_room_for(void **state) {
    struct stage *s = *state;
    char name[32];
    begin(s);
    for (uint32_t i = 0; i < JZ_PROPOSALS_MAX; i++) {
        snprintf(name, sizeof name, "同一台工作站的调度 %u", i);
        act_as(s, 'd', name, 1, &clinic);
        assert_int_equal(s->out.status, JZ_E_SECOND_PERSON);
    }
    act_as(s, 'd', "同一台工作站的又一人", 1, &clinic);
    assert_int_equal(s->out.status, JZ_E_FULL);
    assert_int_equal(waiting(s), JZ_PROPOSALS_MAX);
    answer(s, 'd', "王调度", 7, 0);
    act_as(s, 'd', "同一台工作站的又一人", 1, &clinic);
    assert_int_equal(s->out.status, JZ_E_SECOND_PERSON);
    act_as(s, 'd', "同一台工作站的第三人", 1, &clinic);
    assert_int_equal(s->out.status, JZ_E_FULL);
    s->now += JZ_PROPOSAL_LIMIT_MS; /* before the deadline event came */
    act_as(s, 'd', "同一台工作站的第三人", 1, &clinic);
    assert_int_equal(s->out.status, JZ_E_SECOND_PERSON);
}

static void a_capability_becomes_available_by_two_people_and_closes_by_one(void **state) {
    struct stage *s = *state;
    begin(s);
    struct jz_action confirm = {.what = JZ_ACTION_CONFIRM_CAPABILITY,
                                .facility = TEXT("near"),
                                .has_value = true,
                                .value = JZ_CONFIRMATION_CLOSED_NOW,
                                .text = TEXT("pci")};
    act_as(s, 'r', "李医生", 0, &confirm);
    assert_int_equal(s->out.status, JZ_OK);
    confirm.value = JZ_CONFIRMATION_ROUND_THE_CLOCK;
    act_as(s, 'r', "李医生", 0, &confirm);
    assert_int_equal(s->out.status, JZ_E_SECOND_PERSON);
    answer(s, 'a', "主任", 1, 1);
    assert_int_equal(s->out.status, JZ_OK);
    uint32_t pci = jz_directory_capability_index(&s->directory, "pci");
    assert_int_equal(jz_capacity_confirmation(&s->core->region->capacity, 0, pci)->value,
                     JZ_CONFIRMATION_ROUND_THE_CLOCK);
    assert_string_equal(jz_capacity_confirmation(&s->core->region->capacity, 0, pci)->owner, "李医生");
}

static void a_proposal_is_shown_while_it_waits(void **state) {
    static uint8_t buffer[1024];
    static char text[2048];
    struct stage *s = *state;
    struct jz_writer w;
    struct jz_scan scan;
    size_t written;
    begin(s);
    jz_writer_init(&w, buffer, sizeof buffer);
    assert_int_equal(jz_view_proposal(s->core, 0, s->now, &w), JZ_E_UNKNOWN_PROPOSAL);
    proposed(s);
    assert_true(s->out.proposals);
    jz_writer_init(&w, buffer, sizeof buffer);
    assert_int_equal(jz_view_proposal(s->core, 0, s->now, &w), JZ_OK);
    assert_int_equal(jz_message_scan(buffer, w.used, &scan), JZ_OK);
    assert_int_equal(jz_diagnostic(buffer, w.used, text, sizeof text, &written), JZ_OK);
    assert_memory_equal(text, "{0: 28, 3: ", 11);
    assert_non_null(strstr(text, "8: 1, 9: 1, 10: \"赵调度\""));
    assert_non_null(strstr(text, "13: \"clinic\", 14: 2, 16: 1}"));
}

/* --- ten thousand ------------------------------------------------------------------------------------------------------------------- */

#define MANY 10000u

static struct jz_encounter_id id_of(uint32_t n) {
    return (struct jz_encounter_id){{2, 0, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n}};
}

static void open_by(struct stage *s, uint32_t n) {
    struct jz_peer peer = {
        .id = {0xee, (uint8_t)(n >> 8), (uint8_t)n}, .kind = JZ_PEER_DEVICE, .name = "many"};
    struct jz_frame frame = {.kind = JZ_FRAME_ENCOUNTER_OPEN, .has_encounter = true, .encounter = id_of(n)};
    frame.open.complaint = JZ_COMPLAINT_CHEST_PAIN;
    stage_person(s, &peer, &frame);
}

static int many_open(void **state) {
    struct stage *s;
    stage_open(state);
    s = *state;
    free(s->memory);
    s->limits = (struct jz_core_limits){.encounters_max = MANY, .peers_max = 64};
    s->memory = calloc(1, jz_core_bytes(&s->limits));
    assert_non_null(s->memory);
    s->core = jz_core_init(s->memory, &s->limits);
    stage_packs(s, "packs", "");
    stage_directory(s, &s->directory);
    return 0;
}

static void ten_thousand_are_under_way_and_one_more_is_kept_by_its_device(void **state) {
    struct stage *s = *state;
    uint32_t slot;
    for (uint32_t n = 0; n < MANY - 1u; n++) assert_non_null(jz_encounter_add(s->core, id_of(n), &slot));
    open_by(s, MANY - 1u);
    assert_int_equal(s->out.status, JZ_OK);
    open_by(s, MANY);
    assert_int_equal(s->out.status, JZ_E_FULL);
    assert_true(s->out.duplicate); /* not stored, so not acknowledged: it is sent again */
    assert_int_equal(jz_core_encounter_count(s->core), MANY);
    for (uint32_t n = 0; n < MANY; n++) assert_true(jz_core_encounter_slot(s->core, id_of(n), &slot));
    struct jz_frame frame = {.kind = JZ_FRAME_ACTION, .has_encounter = true, .encounter = id_of(5000)};
    struct jz_peer dispatcher = somebody('d', "王调度");
    frame.action = (struct jz_action){.what = JZ_ACTION_STAND_DOWN, .reason = JZ_REASON_FALSE_CALL};
    stage_person(s, &dispatcher, &frame);
    assert_int_equal(s->out.status, JZ_OK);
    open_by(s, MANY);
    assert_int_equal(s->out.status, JZ_OK); /* in the place of the one that is over */
    assert_false(jz_core_encounter_slot(s->core, id_of(5000), &slot));
}

#define test(f) cmocka_unit_test_setup_teardown(f, stage_open, stage_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(a_hard_stop_waits_for_another_named_person),
        test(the_second_person_may_refuse),
        test(the_nearest_hospital_to_resuscitate_needs_no_second_person),
        test(a_hard_stop_without_its_reason_is_not_even_proposed),
        test(a_proposal_ends_after_five_minutes_and_not_before),
        test(a_confirmation_at_the_last_moment_counts_and_one_later_does_not),
        test(what_became_impossible_meanwhile_is_not_done),
        test(asking_for_the_same_again_makes_no_second_proposal),
        test(as_many_proposals_wait_as_there_is_room_for),
        test(a_capability_becomes_available_by_two_people_and_closes_by_one),
        test(a_proposal_is_shown_while_it_waits),
        cmocka_unit_test_setup_teardown(ten_thousand_are_under_way_and_one_more_is_kept_by_its_device,
                                        many_open, stage_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
