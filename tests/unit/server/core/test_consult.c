/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "stage.h"
#include "state.h"

static const struct jz_peer *dispatcher(void) {
    static struct jz_peer peer;
    peer = stage_dispatcher("王调度");
    return &peer;
}

static const struct jz_peer *consultant(const char *name) {
    static struct jz_peer peer;
    peer = stage_dispatcher(name);
    peer.role = JZ_ROLE_CONSULTANT;
    return &peer;
}

static enum jz_status act(struct stage *s, const struct jz_peer *peer, enum jz_action_code what,
                          uint32_t code, const char *text) {
    struct jz_action action = {.what = what, .code = code, .text = {text, text ? (uint32_t)strlen(text) : 0}};
    stage_action(s, peer, 1, &action);
    return s->out.status;
}

static const struct jz_consult_record *consult(struct stage *s) {
    return &s->core->region->consult[0];
}

static struct stage *asked(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, true);
    assert_int_equal(act(s, dispatcher(), JZ_ACTION_ASK_CONSULT, 0, "胎心变异减少？"), JZ_OK);
    return s;
}

static void a_question_waits_two_minutes_for_somebody_to_take_it(void **state) {
    struct stage *s = asked(state);
    assert_int_equal(consult(s)->state, JZ_CONSULT_ASKED);
    assert_int_equal(consult(s)->due_ms, s->now + 2 * MINUTE);
    assert_string_equal(consult(s)->question, "胎心变异减少？");
    assert_string_equal(consult(s)->asked_by, "王调度");
    assert_true(s->out.consults);
    stage_wait(s, 2 * MINUTE - 1);
    assert_int_equal(consult(s)->tries, 1);
    stage_wait(s, 1);
    assert_int_equal(consult(s)->tries, 2);
    assert_int_equal(consult(s)->state, JZ_CONSULT_ASKED);
}

static void after_three_rounds_it_is_the_telephones_turn(void **state) {
    struct stage *s = asked(state);
    for (int round = 1; round < 3; round++) stage_wait(s, 2 * MINUTE);
    stage_wait(s, 2 * MINUTE - 1);
    assert_int_equal(consult(s)->state, JZ_CONSULT_ASKED);
    stage_wait(s, 1);
    assert_int_equal(consult(s)->state, JZ_CONSULT_PHONE);
    assert_int_equal(consult(s)->tries, JZ_CONSULT_TRIES_MAX);
}

static void an_opinion_that_is_not_there_in_ten_minutes_is_late_once(void **state) {
    struct stage *s = asked(state);
    assert_int_equal(act(s, consultant("北京张"), JZ_ACTION_TAKE_CONSULT, 0, NULL), JZ_OK);
    stage_wait(s, 10 * MINUTE - 1);
    assert_int_equal(consult(s)->late, 0);
    stage_wait(s, 1);
    assert_int_equal(consult(s)->late, 1);
    assert_int_equal(consult(s)->due_ms, JZ_NEVER);
    assert_int_equal(act(s, consultant("北京张"), JZ_ACTION_ANSWER_CONSULT, JZ_CONCLUSION_AGREE, "同意"),
                     JZ_OK);
    assert_int_equal(consult(s)->state, JZ_CONSULT_ANSWERED);
}

static void the_first_who_takes_it_has_it(void **state) {
    struct stage *s = asked(state);
    assert_int_equal(act(s, consultant("北京张"), JZ_ACTION_TAKE_CONSULT, 0, NULL), JZ_OK);
    assert_int_equal(act(s, consultant("北京李"), JZ_ACTION_TAKE_CONSULT, 0, NULL), JZ_E_TRANSITION);
    assert_string_equal(consult(s)->consultant, "北京张");
    assert_int_equal(act(s, consultant("北京李"), JZ_ACTION_ANSWER_CONSULT, JZ_CONCLUSION_AGREE, "同意"),
                     JZ_E_DENIED);
    assert_int_equal(consult(s)->state, JZ_CONSULT_TAKEN);
}

static void who_passed_it_on_is_not_asked_again_and_sees_nothing_more(void **state) {
    struct stage *s = asked(state);
    assert_true(jz_core_consultant_sees(s->core, "北京张", 0));
    assert_int_equal(act(s, consultant("北京张"), JZ_ACTION_PASS_CONSULT, 0, NULL), JZ_OK);
    assert_false(jz_core_consultant_sees(s->core, "北京张", 0));
    assert_true(jz_core_consultant_sees(s->core, "北京李", 0));
    assert_int_equal(act(s, consultant("北京张"), JZ_ACTION_PASS_CONSULT, 0, NULL), JZ_E_TRANSITION);
    assert_int_equal(consult(s)->due_ms, s->now + 2 * MINUTE); /* the next has the whole time */
}

static void an_opinion_is_signed_and_changes_nothing_by_itself(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, true);
    stage_travel(s, 1);
    stage_sbp(s, 1, 168);
    uint8_t priority = s->core->encounter[0].priority;
    enum jz_alert_state alert = stage_alert_state(s, 1);
    act(s, dispatcher(), JZ_ACTION_ASK_CONSULT, 0, "?");
    act(s, consultant("北京张"), JZ_ACTION_TAKE_CONSULT, 0, NULL);
    assert_int_equal(
        act(s, consultant("北京张"), JZ_ACTION_ANSWER_CONSULT, JZ_CONCLUSION_LESS_URGENT, "可观察"), JZ_OK);
    assert_string_equal(consult(s)->opinion, "可观察");
    assert_int_equal(consult(s)->answered_ms, s->now);
    assert_int_equal(s->core->encounter[0].priority, priority);
    assert_int_equal(stage_alert_state(s, 1), alert);
    assert_null(stage_decision(s, JZ_DECISION_PRIORITY));
    assert_null(stage_decision(s, JZ_DECISION_ALERT));
}

static void an_opinion_needs_a_conclusion_and_words(void **state) {
    struct stage *s = asked(state);
    act(s, consultant("北京张"), JZ_ACTION_TAKE_CONSULT, 0, NULL);
    assert_int_not_equal(act(s, consultant("北京张"), JZ_ACTION_ANSWER_CONSULT, 0, "同意"), JZ_OK);
    assert_int_equal(act(s, consultant("北京张"), JZ_ACTION_ANSWER_CONSULT, JZ_CONCLUSION_COUNT, "同意"),
                     JZ_E_VALUE);
    assert_int_equal(act(s, consultant("北京张"), JZ_ACTION_ANSWER_CONSULT, JZ_CONCLUSION_OTHER, NULL),
                     JZ_E_MISSING_KEY);
    assert_int_equal(consult(s)->state, JZ_CONSULT_TAKEN);
}

static void access_ends_with_the_case(void **state) {
    struct stage *s = asked(state);
    act(s, consultant("北京张"), JZ_ACTION_TAKE_CONSULT, 0, NULL);
    assert_true(jz_core_consultant_sees(s->core, "北京张", 0));
    struct jz_frame close = {
        .kind = JZ_FRAME_ENCOUNTER_CLOSE, .has_encounter = true, .encounter = stage_patient(1)};
    close.close.reason = JZ_CLOSE_HANDED_OVER;
    stage_device(s, &close);
    assert_false(jz_core_consultant_sees(s->core, "北京张", 0));
    assert_int_equal(consult(s)->state, JZ_CONSULT_ENDED);
}

static void one_question_at_a_time_and_another_after_the_answer(void **state) {
    struct stage *s = asked(state);
    assert_int_equal(act(s, dispatcher(), JZ_ACTION_ASK_CONSULT, 0, "again"), JZ_E_TRANSITION);
    act(s, consultant("北京张"), JZ_ACTION_TAKE_CONSULT, 0, NULL);
    act(s, consultant("北京张"), JZ_ACTION_ANSWER_CONSULT, JZ_CONCLUSION_AGREE, "同意");
    assert_int_equal(act(s, dispatcher(), JZ_ACTION_ASK_CONSULT, 0, "again"), JZ_OK);
    assert_int_equal(consult(s)->number, 2);
    assert_int_equal(consult(s)->answered_ms, 0);
}

static void consults_have_a_limit_and_the_one_over_it_is_refused(void **state) {
    struct stage *s = *state;
    struct jz_action ask = {.what = JZ_ACTION_ASK_CONSULT, .text = {"?", 1}};
    uint32_t room = s->limits.encounters_max < JZ_CONSULTS_MAX ? s->limits.encounters_max : JZ_CONSULTS_MAX;
    for (uint32_t i = 0; i < JZ_CONSULTS_MAX; i++) s->core->region->consult[i].state = JZ_CONSULT_ASKED;
    for (uint32_t i = 0; i < JZ_CONSULTS_MAX; i++) s->core->region->consult[i].due_ms = JZ_NEVER;
    assert_true(room > 0);
    stage_open_patient(s, 1, true);
    stage_action(s, dispatcher(), 1, &ask);
    assert_int_equal(s->out.status, JZ_E_FULL);
    s->core->region->consult[JZ_CONSULTS_MAX - 1u].state = JZ_CONSULT_ENDED;
    stage_action(s, dispatcher(), 1, &ask);
    assert_int_equal(s->out.status, JZ_OK);
}

/* Every state with every event of people: T the state it leads to, 0 refused. */
enum { TAKE, PASS, ANSWER, ASK_AGAIN, EVENTS };
static const uint8_t expected[JZ_CONSULT_ENDED + 1][EVENTS] = {
    [JZ_CONSULT_ASKED] = {JZ_CONSULT_TAKEN, JZ_CONSULT_ASKED, 0, 0},
    [JZ_CONSULT_TAKEN] = {0, JZ_CONSULT_ASKED, JZ_CONSULT_ANSWERED, 0},
    [JZ_CONSULT_ANSWERED] = {0, 0, 0, JZ_CONSULT_ASKED},
    [JZ_CONSULT_PHONE] = {JZ_CONSULT_TAKEN, 0, 0, 0},
};

static void every_event_in_every_state_does_what_the_table_says(void **state) {
    struct stage *s = asked(state);
    struct jz_consult_record *c = &s->core->region->consult[0];
    for (uint8_t from = JZ_CONSULT_ASKED; from < JZ_CONSULT_ENDED; from++)
        for (int event = 0; event < EVENTS; event++) {
            struct jz_consult_record before = *c;
            c->state = from;
            c->tries = 1;
            c->passed_count = 0;
            jz_copy_text(c->consultant, sizeof c->consultant, "北京张", strlen("北京张"));
            enum jz_status status =
                event == TAKE   ? act(s, consultant("北京张"), JZ_ACTION_TAKE_CONSULT, 0, NULL)
                : event == PASS ? act(s, consultant("北京张"), JZ_ACTION_PASS_CONSULT, 0, NULL)
                : event == ANSWER
                    ? act(s, consultant("北京张"), JZ_ACTION_ANSWER_CONSULT, JZ_CONCLUSION_AGREE, "是")
                    : act(s, dispatcher(), JZ_ACTION_ASK_CONSULT, 0, "又问");
            uint8_t to = expected[from][event];
            if ((status == JZ_OK) != (to != 0))
                fail_msg("state %u event %d: %s", from, event, jz_status_name(status));
            assert_int_equal(c->state, to ? to : from);
            *c = before;
        }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, stage_open, stage_close)
    const struct CMUnitTest tests[] = {
        TEST(a_question_waits_two_minutes_for_somebody_to_take_it),
        TEST(after_three_rounds_it_is_the_telephones_turn),
        TEST(an_opinion_that_is_not_there_in_ten_minutes_is_late_once),
        TEST(the_first_who_takes_it_has_it),
        TEST(who_passed_it_on_is_not_asked_again_and_sees_nothing_more),
        TEST(an_opinion_is_signed_and_changes_nothing_by_itself),
        TEST(an_opinion_needs_a_conclusion_and_words),
        TEST(access_ends_with_the_case),
        TEST(one_question_at_a_time_and_another_after_the_answer),
        TEST(consults_have_a_limit_and_the_one_over_it_is_refused),
        TEST(every_event_in_every_state_does_what_the_table_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
