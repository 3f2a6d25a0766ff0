/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state.h"

#define CHILD 50
#define TEXT(t)                                                                                              \
    { (t), (uint32_t)strlen(t) }

static struct jz_encounter *patient(struct stage *s, uint32_t slot) {
    return &s->core->encounter[slot];
}

/* --- who there is ---------------------------------------------------------------------------------------------------- */

/* The crew, then every role a person can have. */
static const char everybody[] = "c-pdrkau";

static struct jz_peer somebody(char who, const char *name) {
    static const uint8_t role[256] = {
        ['-'] = JZ_ROLE_NONE,      ['p'] = JZ_ROLE_PARAMEDIC,  ['d'] = JZ_ROLE_DISPATCHER,
        ['r'] = JZ_ROLE_RECEIVING, ['k'] = JZ_ROLE_CONSULTANT, ['a'] = JZ_ROLE_ADMINISTRATOR,
        ['u'] = JZ_ROLE_AUDITOR};
    struct jz_peer peer = {.kind = who == 'c' ? JZ_PEER_DEVICE : JZ_PEER_PERSON,
                           .role = (enum jz_role)role[(uint8_t)who]};
    snprintf(peer.name, sizeof peer.name, "%s", name);
    memcpy(peer.id, peer.name, sizeof peer.id);
    if (who == 'r') snprintf(peer.facility, sizeof peer.facility, "near");
    return peer;
}

static void act_as(struct stage *s, char who, const char *name, uint8_t n, const struct jz_action *action) {
    struct jz_peer peer = somebody(who, name);
    stage_action(s, &peer, n, action);
}

static void dispatch(struct stage *s, uint8_t n, const struct jz_action *action) {
    act_as(s, 'd', "王调度", n, action);
}

/* --- worlds ------------------------------------------------------------------------------------------------------------ */

static void nothing_more(struct stage *s) {
    (void)s;
}
static void stood_down(struct stage *s) {
    dispatch(s, 1, &(struct jz_action){.what = JZ_ACTION_STAND_DOWN, .reason = JZ_REASON_MISTAKE});
}
static void arrived(struct stage *s) {
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    stage_milestone(s, 1, JZ_MILESTONE_DOOR);
}
static void diverting(struct stage *s) {
    dispatch(s, 0,
             &(struct jz_action){.what = JZ_ACTION_DIVERT,
                                 .facility = TEXT("near"),
                                 .code = JZ_SERVICE_CATH_LAB,
                                 .reason = JZ_REASON_EQUIPMENT});
}
static void asked(struct stage *s) {
    dispatch(s, 1, &(struct jz_action){.what = JZ_ACTION_ASK_CONSULT, .text = TEXT("胎心变异减少？")});
}
static void taken(struct stage *s) {
    asked(s);
    act_as(s, 'k', "某人", 1, &(struct jz_action){.what = JZ_ACTION_TAKE_CONSULT});
}
static void probed(struct stage *s) {
    s->core->region->probes = s->core->region->probe[0].number = 1;
}
static const struct jz_action clinic = {
    .what = JZ_ACTION_CHOOSE_DESTINATION, .facility = {"clinic", 6}, .reason = JZ_REASON_FAMILY};
static void proposed(struct stage *s) {
    act_as(s, 'd', "赵调度", 1, &clinic);
    assert_int_equal(s->out.status, JZ_E_SECOND_PERSON);
}

static void begin(struct stage *s) {
    stage_open_patient(s, 1, true);
    stage_travel(s, 1);
    stage_sbp(s, 1, 168);
    stage_open_patient(s, 2, false);
    stage_wait(s, 1000);
}

/* One of each action as it should be; `needs`: keys it must carry (encounter, facility, code, value, text, other, number);
 * `why`: needs a reason always, sometimes, never. */
struct sample {
    const char *who, *needs;
    char why;
    void (*prepare)(struct stage *);
    int32_t min, max; /* of the value */
    struct jz_action action;
};

static const struct sample samples[JZ_ACTION_COUNT] = {
    [JZ_ACTION_CHOOSE_DESTINATION] = {"d", "ef", 's', nothing_more,
                                      .action = {.facility = {"far", 3}, .reason = 3}},
    [JZ_ACTION_SET_PRIORITY] = {"cd", "ev", 's', nothing_more, 1, 5, {.has_value = true, .value = 1}},
    [JZ_ACTION_STAND_DOWN] = {"cd", "e", 'a', nothing_more, .action = {.reason = JZ_REASON_FALSE_CALL}},
    [JZ_ACTION_REOPEN] = {"d", "e", 'a', stood_down, .action = {.reason = JZ_REASON_MISTAKE}},
    [JZ_ACTION_MERGE] = {"d", "eo", 'a', nothing_more,
                         .action = {.reason = JZ_REASON_DUPLICATE,
                                    .has_other = true,
                                    .other = {{1, 0, 2, 7, 7, 7}}}},
    [JZ_ACTION_BIRTH] = {"cdr", "eo", 's', nothing_more,
                         .action = {.has_other = true, .other = {{1, 0, CHILD, 7, 7, 7}}}},
    [JZ_ACTION_TRANSFER] = {"dr", "e", 'a', arrived, .action = {.reason = JZ_REASON_SPECIALTY}},
    [JZ_ACTION_JOIN] = {"c", "ev", 'n', nothing_more, 0, 1, {.has_value = true, .value = 1}},
    [JZ_ACTION_IDENTIFY] = {"cdr", "et", 'n', nothing_more, .action = {.text = {"W-77", 4}}},
    [JZ_ACTION_DIVERT] = {"dr", "fc", 'a', nothing_more,
                          .action = {.facility = {"near", 4}, .code = 2, .reason = JZ_REASON_EQUIPMENT}},
    [JZ_ACTION_END_DIVERT] = {"dr", "fc", 'n', diverting, .action = {.facility = {"near", 4}, .code = 2}},
    [JZ_ACTION_SET_CAPACITY] = {"dr",
                                "fcv",
                                'n',
                                nothing_more,
                                INT32_MIN,
                                INT32_MAX,
                                {.facility = {"near", 4}, .code = 2, .has_value = true, .value = 1}},
    [JZ_ACTION_CONFIRM_CAPABILITY] = {"ra",
                                      "fvt",
                                      'n',
                                      nothing_more,
                                      0,
                                      4,
                                      {.facility = {"near", 4},
                                       .has_value = true,
                                       .value = JZ_CONFIRMATION_CLOSED_NOW,
                                       .text = {"pci", 3}}},
    [JZ_ACTION_STAMP] = {"cdr", "ec", 's', nothing_more, .action = {.code = 67109203}},
    [JZ_ACTION_RECEIPT] = {"r",
                           "cvn",
                           'n',
                           nothing_more,
                           1,
                           4,
                           {.code = 1, .has_value = true, .value = JZ_RECEIPT_ACKNOWLEDGED, .number = 1}},
    [JZ_ACTION_ASK_CONSULT] = {"cdr", "et", 'n', nothing_more, .action = {.text = {"why?", 4}}},
    [JZ_ACTION_TAKE_CONSULT] = {"k", "e", 'n', asked, .action = {.code = 0}},
    [JZ_ACTION_PASS_CONSULT] = {"k", "e", 'n', asked, .action = {.code = 0}},
    [JZ_ACTION_ANSWER_CONSULT] = {"k", "ect", 'n', taken, .action = {.code = 1, .text = {"agree", 5}}},
    [JZ_ACTION_SIGN_HANDOVER] = {"cr", "ev", 'n', arrived, 1, 2, {.has_value = true, .value = 2}},
    [JZ_ACTION_OUTCOME] = {"r", "ecv", 'n', arrived, 1, 3, {.code = 1, .has_value = true, .value = 1}},
    [JZ_ACTION_SECOND] = {"da", "vn", 'n', proposed, 0, 1, {.has_value = true, .value = 1, .number = 1}},
    [JZ_ACTION_PROBE_SOUNDED] = {"r", "fn", 'n', probed, .action = {.facility = {"near", 4}, .number = 1}},
};

static struct jz_action sample(int what) {
    struct jz_action action = samples[what].action;
    action.what = (enum jz_action_code)what;
    return action;
}

static uint8_t about(int what) {
    return strchr(samples[what].needs, 'e') ? 1 : 0;
}

static struct stage *world(int what, void **state) {
    stage_open(state);
    struct stage *s = *state;
    begin(s);
    samples[what].prepare(s);
    return s;
}

/* The crew gives what the hospital receives. */
static void as_it_should_be(struct jz_action *action, char who) {
    if (action->what == JZ_ACTION_SIGN_HANDOVER && who == 'c') action->value = 1;
}

/* --- who may what --------------------------------------------------------------------------------------------------------- */

static void every_role_may_do_what_its_row_says_and_nothing_else(void **unused) {
    (void)unused;
    for (int what = 1; what < JZ_ACTION_COUNT; what++)
        for (const char *who = everybody; *who; who++) {
            void *state;
            struct stage *s = world(what, &state);
            struct jz_action action = sample(what);
            as_it_should_be(&action, *who);
            uint64_t decisions = s->core->head.decisions;
            act_as(s, *who, "某人", about(what), &action);
            bool may = strchr(samples[what].who, *who) != NULL;
            if (s->out.status != (may ? JZ_OK : JZ_E_DENIED))
                print_message("action %d by '%c'\n", what, *who);
            assert_int_equal(s->out.status, may ? JZ_OK : JZ_E_DENIED);
            assert_false(s->out.duplicate); /* in the journal either way */
            if (!may) assert_int_equal(s->core->head.decisions, decisions);
            stage_close(&state);
        }
}

static void what_is_done_is_on_record_with_who_and_why(void **unused) {
    (void)unused;
    for (int what = 1; what < JZ_ACTION_COUNT; what++) {
        char key[32];
        void *state;
        struct stage *s = world(what, &state);
        struct jz_action action = sample(what);
        char who = samples[what].who[0];
        as_it_should_be(&action, who);
        act_as(s, who, "某人", about(what), &action);
        const char *record = stage_decision(s, JZ_DECISION_ACTION);
        if (what == JZ_ACTION_PROBE_SOUNDED || what == JZ_ACTION_RECEIPT) {
            assert_null(record); /* nobody did the one: the board did; the other has a record of its own */
        } else {
            assert_non_null(record);
            snprintf(key, sizeof key,
                     " 5: %d, 6: ", what == JZ_ACTION_SECOND ? JZ_ACTION_CHOOSE_DESTINATION : what);
            assert_non_null(strstr(record, key));
            assert_non_null(strstr(record, "\"某人\""));
            assert_true(s->out.urgent);
        }
        stage_close(&state);
    }
}

static void an_action_of_no_known_kind_is_stored_and_said(void **state) {
    struct stage *s = *state;
    struct jz_event event = {.kind = JZ_EVENT_FRAME, .received_ms = s->now, .peer = somebody('d', "王调度")};
    struct jz_frame frame = {.kind = JZ_FRAME_ACTION, .seq = 1, .at_ms = s->now};
    frame.action.what = JZ_ACTION_COUNT;
    event.frame = &frame;
    jz_core_apply(s->core, &event, &s->out);
    assert_int_equal(s->out.status, JZ_E_UNKNOWN_CODE);
}

/* --- what it must carry ---------------------------------------------------------------------------------------------------- */

static void take_out(struct jz_action *action, uint8_t *n, char key) {
    if (key == 'e') *n = 0;
    if (key == 'f') action->facility = (struct jz_text){0};
    if (key == 'c') action->code = 0;
    if (key == 'v') action->has_value = false;
    if (key == 't') action->text = (struct jz_text){0};
    if (key == 'o') action->has_other = false;
    if (key == 'n') action->number = 0;
}

static void every_key_that_is_needed_is_asked_for(void **unused) {
    (void)unused;
    for (int what = 1; what < JZ_ACTION_COUNT; what++)
        for (const char *key = samples[what].needs; *key; key++) {
            void *state;
            struct stage *s = world(what, &state);
            struct jz_action action = sample(what);
            uint8_t n = about(what);
            char who = samples[what].who[strlen(samples[what].who) - 1u];
            if (who == 'r' && *key == 'f') who = samples[what].who[0];
            as_it_should_be(&action, who);
            take_out(&action, &n, *key);
            act_as(s, who, "某人", n, &action);
            bool own = who == 'r' && *key == 'f'; /* a receiving team means its own hospital */
            if (s->out.status != (own ? JZ_OK : JZ_E_MISSING_KEY))
                print_message("action %d without '%c'\n", what, *key);
            assert_int_equal(s->out.status, own ? JZ_OK : JZ_E_MISSING_KEY);
            stage_close(&state);
        }
}

static enum jz_status with_value(int what, int32_t value) {
    void *state;
    struct stage *s = world(what, &state);
    struct jz_action action = sample(what);
    action.value = value;
    action.reason = JZ_REASON_MISTAKE;
    act_as(s, samples[what].who[strlen(samples[what].who) - 1u], "某人", about(what), &action);
    enum jz_status status = s->out.status;
    stage_close(&state);
    return status;
}

static void a_value_out_of_its_range_is_refused(void **unused) {
    (void)unused;
    for (int what = 1; what < JZ_ACTION_COUNT; what++) {
        if (!strchr(samples[what].needs, 'v') || samples[what].max == INT32_MAX) continue;
        assert_int_equal(with_value(what, samples[what].min - 1), JZ_E_VALUE);
        assert_int_equal(with_value(what, samples[what].max + 1), JZ_E_VALUE);
        assert_int_not_equal(with_value(what, samples[what].min), JZ_E_VALUE);
        assert_int_not_equal(with_value(what, samples[what].max), JZ_E_VALUE);
    }
}

static void a_patient_or_a_hospital_nobody_knows_is_said_so(void **state) {
    struct stage *s = *state;
    begin(s);
    struct jz_action divert = sample(JZ_ACTION_DIVERT), identify = sample(JZ_ACTION_IDENTIFY);
    divert.facility = (struct jz_text)TEXT("nowhere");
    dispatch(s, 0, &divert);
    assert_int_equal(s->out.status, JZ_E_UNKNOWN_FACILITY);
    dispatch(s, 99, &identify);
    assert_int_equal(s->out.status, JZ_E_UNKNOWN_ENCOUNTER);
    assert_int_equal(jz_core_encounter_count(s->core), 2);
    struct jz_action receipt = sample(JZ_ACTION_RECEIPT);
    receipt.number = 77;
    act_as(s, 'r', "某人", 0, &receipt);
    assert_int_equal(s->out.status, JZ_E_UNKNOWN_ALERT);
}

/* --- reasons ---------------------------------------------------------------------------------------------------------------- */

static void try_reason(int what, uint8_t reason, const char *text, enum jz_status expected) {
    void *state;
    struct stage *s = world(what, &state);
    struct jz_action action = sample(what);
    action.reason = reason;
    action.text = (struct jz_text)TEXT(text);
    dispatch(s, about(what), &action);
    if (s->out.status != expected) print_message("action %d, reason %u, '%s'\n", what, reason, text);
    assert_int_equal(s->out.status, expected);
    stage_close(&state);
}

static void where_a_reason_is_always_needed_nothing_goes_without(void **unused) {
    (void)unused;
    for (int what = 1; what < JZ_ACTION_COUNT; what++) {
        if (samples[what].why != 'a') continue;
        try_reason(what, JZ_REASON_NONE, "", JZ_E_REASON);
        try_reason(what, JZ_REASON_NONE, "a long explanation", JZ_E_REASON);
        try_reason(what, JZ_REASON_OTHER, "", JZ_E_REASON);
        try_reason(what, JZ_REASON_OTHER, "四个字呢", JZ_E_REASON);
        try_reason(what, JZ_REASON_OTHER, "四个字呢 ", JZ_E_REASON); /* a blank is no character of a reason */
        try_reason(what, JZ_REASON_OTHER, "家属要求的", JZ_OK);
        try_reason(what, JZ_REASON_OTHER, "abcde", JZ_OK);
        try_reason(what, JZ_REASON_OTHER, "abcd", JZ_E_REASON);
    }
}

static void a_reason_out_of_the_list_is_none(void **unused) {
    (void)unused;
    void *state;
    struct stage *s = world(JZ_ACTION_STAND_DOWN, &state);
    struct jz_event event = {.kind = JZ_EVENT_FRAME, .received_ms = s->now, .peer = somebody('d', "王调度")};
    struct jz_frame frame = {.kind = JZ_FRAME_ACTION, .seq = 99, .at_ms = s->now};
    frame.has_encounter = true;
    frame.encounter = stage_patient(1);
    frame.action = (struct jz_action){.what = JZ_ACTION_STAND_DOWN, .reason = JZ_REASON_COUNT};
    event.frame = &frame;
    jz_core_apply(s->core, &event, &s->out);
    assert_int_equal(s->out.status, JZ_E_VALUE);
    stage_close(&state);
}

static void priority_goes_up_freely_and_down_for_a_reason(void **state) {
    struct stage *s = *state;
    begin(s);
    assert_int_equal(patient(s, 0)->priority, 2);
    dispatch(s, 1, &(struct jz_action){.what = JZ_ACTION_SET_PRIORITY, .has_value = true, .value = 1});
    assert_int_equal(s->out.status, JZ_OK);
    assert_non_null(strstr(stage_decision(s, JZ_DECISION_ACTION), "13: 2, 14: 1"));
    struct jz_action down = {.what = JZ_ACTION_SET_PRIORITY, .has_value = true, .value = 3};
    dispatch(s, 1, &down);
    assert_int_equal(s->out.status, JZ_E_REASON);
    down.reason = JZ_REASON_OTHER;
    down.text = (struct jz_text)TEXT("误判");
    dispatch(s, 1, &down);
    assert_int_equal(s->out.status, JZ_E_REASON);
    assert_int_equal(patient(s, 0)->priority, 1);
    down.reason = JZ_REASON_CONDITION_CHANGED;
    dispatch(s, 1, &down);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(patient(s, 0)->priority, 3);
}

static void the_best_hospital_needs_no_reason_and_any_other_does(void **state) {
    struct stage *s = *state;
    begin(s);
    struct jz_action choose = {.what = JZ_ACTION_CHOOSE_DESTINATION, .facility = TEXT("far")};
    dispatch(s, 1, &choose);
    assert_int_equal(s->out.status, JZ_E_REASON);
    choose.facility = (struct jz_text)TEXT("near");
    dispatch(s, 1, &choose);
    assert_int_equal(s->out.status, JZ_OK);
}

static void a_corrected_milestone_needs_a_reason_and_the_first_one_none(void **state) {
    struct stage *s = *state;
    begin(s);
    struct jz_action stamp = {.what = JZ_ACTION_STAMP, .code = 67109203, .ms = s->now - MINUTE};
    dispatch(s, 1, &stamp);
    assert_int_equal(s->out.status, JZ_OK);
    stamp.ms -= MINUTE;
    dispatch(s, 1, &stamp);
    assert_int_equal(s->out.status, JZ_E_REASON);
    stamp.reason = JZ_REASON_CLOCK_WRONG;
    dispatch(s, 1, &stamp);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(patient(s, 0)->milestone[JZ_MILESTONE_FMC], stamp.ms);
    stamp.ms = s->now + JZ_CLOCK_SLACK_MS + 1;
    dispatch(s, 1, &stamp);
    assert_int_equal(s->out.status, JZ_E_TIME_ORDER);
}

/* --- whose patient, which phase ------------------------------------------------------------------------------------------------ */

static void a_team_acts_for_its_own_hospital_on_patients_it_sees(void **state) {
    struct stage *s = *state;
    struct jz_peer far = stage_team("far", "张医生"), nowhere = stage_team("", "无人");
    begin(s);
    struct jz_action identify = sample(JZ_ACTION_IDENTIFY), places = sample(JZ_ACTION_SET_CAPACITY);
    stage_action(s, &far, 1, &identify);
    assert_int_equal(s->out.status, JZ_E_DENIED); /* it was not asked */
    act_as(s, 'r', "李医生", 2, &identify);
    assert_int_equal(s->out.status, JZ_E_DENIED); /* nobody was */
    stage_action(s, &far, 0, &places);
    assert_int_equal(s->out.status, JZ_E_DENIED); /* near's own */
    stage_action(s, &nowhere, 1, &identify);
    assert_int_equal(s->out.status, JZ_E_DENIED);
    struct jz_action receipt = sample(JZ_ACTION_RECEIPT);
    stage_action(s, &far, 0, &receipt);
    assert_int_equal(s->out.status, JZ_E_DENIED);
    places.facility = (struct jz_text){0};
    stage_action(s, &far, 0, &places);
    assert_int_equal(s->out.status, JZ_OK); /* its own, though it named none */
    assert_int_equal(jz_capacity_number(&s->core->region->capacity, 1, JZ_SERVICE_CATH_LAB)->value, 1);
}

/* L under way or in a hospital, K also closed, A also merged; - about no patient. */
static const char when[] = "?LLLALLLLK----KALLLLLK--";

static void what_is_over_takes_only_what_may_still_be_completed(void **unused) {
    static const uint8_t phases[] = {JZ_PHASE_CLOSED, JZ_PHASE_MERGED};
    (void)unused;
    for (int what = 1; what < JZ_ACTION_COUNT; what++)
        for (uint32_t i = 0; i < 2; i++) {
            void *state;
            struct stage *s = world(what, &state);
            struct jz_action action = sample(what);
            char who = samples[what].who[strlen(samples[what].who) - 1u];
            char rule = when[what];
            as_it_should_be(&action, who);
            patient(s, 0)->phase = phases[i];
            act_as(s, who, "某人", about(what), &action);
            bool refused = rule == 'L' || (rule == 'K' && phases[i] == JZ_PHASE_MERGED);
            if (refused != (s->out.status == JZ_E_PHASE) && what != JZ_ACTION_SECOND)
                print_message("action %d\n", what);
            if (what != JZ_ACTION_SECOND) assert_int_equal(s->out.status == JZ_E_PHASE, refused);
            stage_close(&state);
        }
}

static void who_acts_on_a_case_is_not_silent(void **state) {
    struct stage *s = *state;
    begin(s);
    struct jz_action identify = sample(JZ_ACTION_IDENTIFY);
    stage_wait(s, JZ_SILENT_MS - 2 * MINUTE);
    dispatch(s, 2, &identify);
    stage_wait(s, 2 * MINUTE);
    assert_int_equal(patient(s, 0)->phase, JZ_PHASE_CLOSED);
    assert_int_equal(patient(s, 1)->phase, JZ_PHASE_OPEN);
}

static void a_consult_is_found_by_its_number_too(void **state) {
    struct stage *s = *state;
    begin(s);
    asked(s);
    act_as(s, 'k', "专家", 0, &(struct jz_action){.what = JZ_ACTION_TAKE_CONSULT, .number = 2});
    assert_int_equal(s->out.status, JZ_E_UNKNOWN_ENCOUNTER);
    act_as(s, 'k', "专家", 0, &(struct jz_action){.what = JZ_ACTION_TAKE_CONSULT, .number = 1});
    assert_int_equal(s->out.status, JZ_OK);
}

#define test(f) cmocka_unit_test_setup_teardown(f, stage_open, stage_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_role_may_do_what_its_row_says_and_nothing_else),
        cmocka_unit_test(what_is_done_is_on_record_with_who_and_why),
        test(an_action_of_no_known_kind_is_stored_and_said),
        cmocka_unit_test(every_key_that_is_needed_is_asked_for),
        cmocka_unit_test(a_value_out_of_its_range_is_refused),
        test(a_patient_or_a_hospital_nobody_knows_is_said_so),
        cmocka_unit_test(where_a_reason_is_always_needed_nothing_goes_without),
        cmocka_unit_test(a_reason_out_of_the_list_is_none),
        test(priority_goes_up_freely_and_down_for_a_reason),
        test(the_best_hospital_needs_no_reason_and_any_other_does),
        test(a_corrected_milestone_needs_a_reason_and_the_first_one_none),
        test(a_team_acts_for_its_own_hospital_on_patients_it_sees),
        cmocka_unit_test(what_is_over_takes_only_what_may_still_be_completed),
        test(who_acts_on_a_case_is_not_silent),
        test(a_consult_is_found_by_its_number_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
