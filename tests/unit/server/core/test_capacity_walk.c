/* SPDX-License-Identifier: Apache-2.0 */
/* Every state with every event, and streams of random events against a model that is too simple to be wrong. */
#include "capacity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define T (INT64_C(1767578400000)) /* Monday 5 January 2026, 10:00 at UTC+8 */

static struct jz_capacity capacity;

static struct jz_text text(const char *words) {
    return (struct jz_text){words, (uint32_t)strlen(words)};
}

static struct jz_said said(int64_t at_ms, int64_t until_ms) {
    return (struct jz_said){text("Li"), at_ms, until_ms};
}

static enum jz_status set(int32_t value, int64_t at_ms) {
    struct jz_said who = said(at_ms, 0);
    return jz_capacity_set(&capacity, 3, JZ_SERVICE_NICU, value, &who);
}

static enum jz_status divert(int64_t at_ms) {
    struct jz_said who = said(at_ms, 0);
    return jz_capacity_divert(&capacity, 3, JZ_SERVICE_NICU, JZ_REASON_FULL, text(""), &who);
}

static enum jz_status end_divert(int64_t at_ms) {
    struct jz_said who = said(at_ms, 0);
    return jz_capacity_end_divert(&capacity, 3, JZ_SERVICE_NICU, &who);
}

/* --- every state and every event ------------------------------------------------------------------------------- */

enum number_state { UNKNOWN, KNOWN, FULL, EXPIRED, NUMBER_STATES };
enum divert_state { NONE, ON, WARNED, DIVERT_STATES };
enum event { SET, HOLD, USE, RELEASE, DIVERT, END, TIME_50_MIN, TIME_60_MIN, EVENTS };

/* One is held in every state. Numbers say free places; an expired one says 2 still. */
struct number_row {
    enum number_state to;
    int32_t value;
    uint32_t held;
    int returned; /* of hold: the state it found */
    int told;     /* notices */
};
static const struct number_row number_table[NUMBER_STATES][EVENTS] = {
    [UNKNOWN] = {[SET] = {KNOWN, 3, 1, 0, 0},
                 [HOLD] = {UNKNOWN, 0, 2, JZ_CAPACITY_UNKNOWN, 0},
                 [USE] = {UNKNOWN, 0, 0, 0, 0},
                 [RELEASE] = {UNKNOWN, 0, 0, 0, 0},
                 [DIVERT] = {UNKNOWN, 0, 1, 0, 0},
                 [END] = {UNKNOWN, 0, 1, 0, 0},
                 [TIME_50_MIN] = {UNKNOWN, 0, 1, 0, 0},
                 [TIME_60_MIN] = {UNKNOWN, 0, 1, 0, 0}},
    [KNOWN] = {[SET] = {KNOWN, 3, 1, 0, 0},
               [HOLD] = {FULL, 2, 2, JZ_CAPACITY_KNOWN, 0},
               [USE] = {KNOWN, 1, 0, 0, 0},
               [RELEASE] = {KNOWN, 2, 0, 0, 0},
               [DIVERT] = {KNOWN, 2, 1, 0, 0},
               [END] = {KNOWN, 2, 1, 0, 0},
               [TIME_50_MIN] = {KNOWN, 2, 1, 0, 0},
               [TIME_60_MIN] = {EXPIRED, 2, 1, 0, 1}},
    [FULL] = {[SET] = {KNOWN, 3, 1, 0, 0},
              [HOLD] = {FULL, 1, 2, JZ_CAPACITY_FULL, 0},
              [USE] = {FULL, 0, 0, 0, 0},
              [RELEASE] = {KNOWN, 1, 0, 0, 0},
              [DIVERT] = {FULL, 1, 1, 0, 0},
              [END] = {FULL, 1, 1, 0, 0},
              [TIME_50_MIN] = {FULL, 1, 1, 0, 0},
              [TIME_60_MIN] = {EXPIRED, 1, 1, 0, 1}},
    [EXPIRED] = {[SET] = {KNOWN, 3, 1, 0, 0},
                 [HOLD] = {EXPIRED, 2, 2, JZ_CAPACITY_UNKNOWN, 0},
                 [USE] = {EXPIRED, 2, 0, 0, 0},
                 [RELEASE] = {EXPIRED, 2, 0, 0, 0},
                 [DIVERT] = {EXPIRED, 2, 1, 0, 0},
                 [END] = {EXPIRED, 2, 1, 0, 0},
                 [TIME_50_MIN] = {EXPIRED, 2, 1, 0, 0},
                 [TIME_60_MIN] = {EXPIRED, 2, 1, 0, 0}},
};

/* On: until 60 minutes from now. Warned: until 10 minutes from now. */
struct divert_row {
    enum divert_state to;
    int64_t until; /* minutes from now; 0 where it does not divert */
    enum jz_status status;
    int warnings, ends;
};
static const struct divert_row divert_table[DIVERT_STATES][EVENTS] = {
    [NONE] = {[SET] = {NONE, 0, JZ_OK, 0, 0},
              [HOLD] = {NONE, 0, JZ_OK, 0, 0},
              [USE] = {NONE, 0, JZ_OK, 0, 0},
              [RELEASE] = {NONE, 0, JZ_OK, 0, 0},
              [DIVERT] = {ON, 60, JZ_OK, 0, 0},
              [END] = {NONE, 0, JZ_E_TRANSITION, 0, 0},
              [TIME_50_MIN] = {NONE, 0, JZ_OK, 0, 0},
              [TIME_60_MIN] = {NONE, 0, JZ_OK, 0, 0}},
    [ON] = {[SET] = {ON, 60, JZ_OK, 0, 0},
            [HOLD] = {ON, 60, JZ_OK, 0, 0},
            [USE] = {ON, 60, JZ_OK, 0, 0},
            [RELEASE] = {ON, 60, JZ_OK, 0, 0},
            [DIVERT] = {ON, 60, JZ_OK, 0, 0},
            [END] = {NONE, 0, JZ_OK, 0, 0},
            [TIME_50_MIN] = {WARNED, 60, JZ_OK, 1, 0},
            [TIME_60_MIN] = {NONE, 0, JZ_OK, 0, 1}},
    [WARNED] = {[SET] = {WARNED, 10, JZ_OK, 0, 0},
                [HOLD] = {WARNED, 10, JZ_OK, 0, 0},
                [USE] = {WARNED, 10, JZ_OK, 0, 0},
                [RELEASE] = {WARNED, 10, JZ_OK, 0, 0},
                [DIVERT] = {ON, 60, JZ_OK, 0, 0},
                [END] = {NONE, 0, JZ_OK, 0, 0},
                [TIME_50_MIN] = {NONE, 0, JZ_OK, 0, 1},
                [TIME_60_MIN] = {NONE, 0, JZ_OK, 0, 1}},
};

struct told {
    int expired, warnings, ends;
};

static struct told advance(int64_t now_ms) {
    struct told told = {0, 0, 0};
    struct jz_capacity_notice notice;
    while (jz_capacity_due(&capacity, now_ms, &notice)) {
        told.expired += notice.kind == JZ_CAPACITY_EXPIRED;
        told.warnings += notice.kind == JZ_CAPACITY_DIVERSION_ENDING;
        told.ends += notice.kind == JZ_CAPACITY_DIVERSION_OVER;
    }
    return told;
}

static void bring_about(enum number_state number, enum divert_state diversion) {
    memset(&capacity, 0, sizeof capacity);
    (void)jz_capacity_hold(&capacity, 3, JZ_SERVICE_NICU, T - 3 * HOUR);
    if (number == EXPIRED) assert_int_equal(set(2, T - 2 * HOUR), JZ_OK);
    if (diversion == WARNED) assert_int_equal(divert(T - 50 * MINUTE), JZ_OK);
    (void)advance(T);
    if (number == KNOWN) assert_int_equal(set(2, T), JZ_OK);
    if (number == FULL) assert_int_equal(set(1, T), JZ_OK);
    if (diversion == ON) assert_int_equal(divert(T), JZ_OK);
}

static enum number_state number_state(int64_t now_ms) {
    static const enum number_state of[] = {
        [JZ_CAPACITY_UNKNOWN] = UNKNOWN, [JZ_CAPACITY_KNOWN] = KNOWN, [JZ_CAPACITY_FULL] = FULL};
    const struct jz_capacity_number *n = jz_capacity_number(&capacity, 3, JZ_SERVICE_NICU);
    enum number_state s = of[jz_capacity_known(&capacity, 3, JZ_SERVICE_NICU, now_ms)];
    return s == UNKNOWN && n->owner[0] ? EXPIRED : s;
}

static enum divert_state divert_state(int64_t now_ms) {
    if (!jz_capacity_diverting(&capacity, 3, JZ_SERVICE_NICU, now_ms)) return NONE;
    return jz_capacity_diversion(&capacity, 3, JZ_SERVICE_NICU)->state == JZ_DIVERSION_WARNED ? WARNED : ON;
}

static void walk(enum number_state number, enum divert_state diversion, enum event event) {
    const struct number_row *n = &number_table[number][event];
    const struct divert_row *d = &divert_table[diversion][event];
    struct told told = {0, 0, 0};
    enum jz_status status = JZ_OK;
    int64_t now_ms = T;
    int returned = 0;
    bring_about(number, diversion);
    switch (event) {
    case SET: status = set(3, T); break;
    case HOLD: returned = (int)jz_capacity_hold(&capacity, 3, JZ_SERVICE_NICU, T); break;
    case USE: jz_capacity_use(&capacity, 3, JZ_SERVICE_NICU, T); break;
    case RELEASE: jz_capacity_release(&capacity, 3, JZ_SERVICE_NICU); break;
    case DIVERT: status = divert(T); break;
    case END: status = end_divert(T); break;
    case TIME_50_MIN: told = advance(now_ms = T + 50 * MINUTE); break;
    case TIME_60_MIN: told = advance(now_ms = T + 60 * MINUTE); break;
    case EVENTS: fail();
    }
    assert_int_equal(number_state(now_ms), n->to);
    assert_int_equal(jz_capacity_number(&capacity, 3, JZ_SERVICE_NICU)->value, n->value);
    assert_int_equal(jz_capacity_number(&capacity, 3, JZ_SERVICE_NICU)->held, n->held);
    assert_int_equal(returned, n->returned);
    assert_int_equal(told.expired, n->told);
    assert_int_equal(status, d->status);
    assert_int_equal(divert_state(now_ms), d->to);
    assert_int_equal(told.warnings, d->warnings);
    assert_int_equal(told.ends, d->ends);
    if (d->until)
        assert_int_equal(jz_capacity_diversion(&capacity, 3, JZ_SERVICE_NICU)->until_ms,
                         T + d->until * MINUTE);
    told = advance(now_ms);
    assert_int_equal(told.expired + told.warnings + told.ends, 0);
}

static void every_event_in_every_state_does_what_the_table_says(void **state) {
    (void)state;
    for (int n = 0; n < NUMBER_STATES; n++)
        for (int d = 0; d < DIVERT_STATES; d++)
            for (int e = 0; e < EVENTS; e++) walk((enum number_state)n, (enum divert_state)d, (enum event)e);
}

/* --- random streams ---------------------------------------------------------------------------------------------- */

#define HOSPITALS 3u
#define PATIENTS 64u
#define STEPS 6000u

/* What a clerk would write down: the last word on each thing, and where every patient on the way is going. */
struct model {
    struct {
        bool said, told;
        int32_t value, arrived;
        int64_t at_ms, until_ms;
    } number[HOSPITALS][JZ_SERVICE_COUNT];
    struct {
        bool running;
        int warnings;
        int64_t said_ms, until_ms;
    } diversion[HOSPITALS][JZ_SERVICE_COUNT];
    struct {
        enum jz_confirmation_value value;
        bool told;
        int64_t at_ms, until_ms;
    } confirmation[HOSPITALS];
    struct {
        bool on_the_way;
        uint32_t hospital;
        enum jz_service service;
    } patient[PATIENTS];
};
static struct model model;
static int64_t now_ms;
static uint32_t seed;

static uint32_t random_seed(void) {
    const char *given = getenv("JZ_SEED");
    uint32_t from = given ? (uint32_t)strtoul(given, NULL, 10) : (uint32_t)time(NULL);
    print_message("JZ_SEED=%u\n", from);
    return from ? from : 1;
}

static uint32_t below(uint32_t bound) {
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % bound;
}

static enum jz_service any_service(void) {
    return (enum jz_service)(1 + below(JZ_SERVICE_COUNT - 1));
}

/* Now, or a while ago: a page that was without a link. */
static int64_t any_moment(void) {
    return below(8) ? now_ms : now_ms - (int64_t)below((uint32_t)(2 * HOUR));
}

static void say_number(uint32_t h) {
    enum jz_service s = any_service();
    int64_t at_ms = any_moment(), until_ms = below(2) ? 0 : at_ms + 1 + below((uint32_t)DAY);
    int32_t value = (int32_t)below(4);
    struct jz_said who = said(at_ms, until_ms);
    bool late = model.number[h][s].said && at_ms < model.number[h][s].at_ms;
    assert_int_equal(jz_capacity_set(&capacity, h, s, value, &who), late ? JZ_E_TIME_ORDER : JZ_OK);
    if (late) return;
    model.number[h][s].said = true;
    model.number[h][s].told = false;
    model.number[h][s].value = value;
    model.number[h][s].arrived = 0;
    model.number[h][s].at_ms = at_ms;
    model.number[h][s].until_ms = until_ms ? until_ms : at_ms + HOUR;
}

static void say_diversion(uint32_t h) {
    enum jz_service s = any_service();
    int64_t at_ms = any_moment(), until_ms = below(2) ? 0 : at_ms + 1 + below((uint32_t)(4 * HOUR));
    struct jz_said who = said(at_ms, until_ms);
    bool late = at_ms < model.diversion[h][s].said_ms;
    assert_int_equal(jz_capacity_divert(&capacity, h, s, JZ_REASON_FULL, text(""), &who),
                     late ? JZ_E_TIME_ORDER : JZ_OK);
    if (late) return;
    model.diversion[h][s].running = true;
    model.diversion[h][s].warnings = 0;
    model.diversion[h][s].said_ms = at_ms;
    model.diversion[h][s].until_ms = until_ms ? until_ms : at_ms + HOUR;
}

static void end_diversion(uint32_t h) {
    enum jz_service s = any_service();
    struct jz_said who = said(now_ms, 0);
    bool running = model.diversion[h][s].running && now_ms < model.diversion[h][s].until_ms;
    assert_int_equal(jz_capacity_end_divert(&capacity, h, s, &who), running ? JZ_OK : JZ_E_TRANSITION);
    if (!running) return;
    model.diversion[h][s].running = false;
    model.diversion[h][s].said_ms = now_ms;
}

static void say_capability(uint32_t h) {
    enum jz_confirmation_value value = (enum jz_confirmation_value)below(JZ_CONFIRMATION_COUNT);
    struct jz_said who = said(now_ms, now_ms + 1 + below((uint32_t)DAY));
    assert_int_equal(jz_capacity_confirm(&capacity, h, 7, value, &who), JZ_OK);
    model.confirmation[h].value = value;
    model.confirmation[h].told = value == JZ_CONFIRMATION_NONE;
    model.confirmation[h].until_ms = who.until_ms;
}

static void accept_patient(uint32_t h) {
    uint32_t p = below(PATIENTS);
    if (model.patient[p].on_the_way) return;
    model.patient[p].on_the_way = true;
    model.patient[p].hospital = h;
    model.patient[p].service = any_service();
    (void)jz_capacity_hold(&capacity, h, model.patient[p].service, now_ms);
}

static void patient_comes_or_not(uint32_t p) {
    uint32_t h = model.patient[p].hospital;
    enum jz_service s = model.patient[p].service;
    if (!model.patient[p].on_the_way) return;
    model.patient[p].on_the_way = false;
    if (below(2)) {
        jz_capacity_release(&capacity, h, s);
    } else {
        jz_capacity_use(&capacity, h, s, now_ms);
        model.number[h][s].arrived += now_ms < model.number[h][s].until_ms;
    }
}

static void one_event(void) {
    static void (*const event[])(uint32_t) = {say_number,     say_diversion,  end_diversion,
                                              say_capability, accept_patient, accept_patient};
    uint32_t which = below(9);
    if (which < 6)
        event[which](below(HOSPITALS));
    else
        patient_comes_or_not(below(PATIENTS));
}

static bool warning_is_due(uint32_t h, uint32_t s) {
    int64_t until_ms = model.diversion[h][s].until_ms;
    return model.diversion[h][s].running && model.diversion[h][s].warnings == 0 && now_ms < until_ms &&
           now_ms >= until_ms - 10 * MINUTE;
}
static bool end_is_due(uint32_t h, uint32_t s) {
    return model.diversion[h][s].running && now_ms >= model.diversion[h][s].until_ms;
}
static bool expiry_is_due(uint32_t h, uint32_t s) {
    return model.number[h][s].said && !model.number[h][s].told && now_ms >= model.number[h][s].until_ms;
}
static bool confirmation_is_due(uint32_t h) {
    return model.confirmation[h].value && !model.confirmation[h].told &&
           now_ms >= model.confirmation[h].until_ms;
}

static void take(const struct jz_capacity_notice *notice) {
    uint32_t h = notice->facility, i = notice->index;
    assert_true(h < HOSPITALS && notice->at_ms <= now_ms);
    switch (notice->kind) {
    case JZ_CAPACITY_EXPIRED:
        assert_true(expiry_is_due(h, i));
        model.number[h][i].told = true;
        break;
    case JZ_CAPACITY_DIVERSION_ENDING:
        assert_true(warning_is_due(h, i));
        model.diversion[h][i].warnings++;
        break;
    case JZ_CAPACITY_DIVERSION_OVER:
        assert_true(end_is_due(h, i));
        model.diversion[h][i].running = false;
        break;
    case JZ_CAPACITY_CONFIRMATION_EXPIRED:
        assert_int_equal(i, 7);
        assert_true(confirmation_is_due(h));
        model.confirmation[h].told = true;
        break;
    }
}

/* Everything that is due comes, in order of time, and nothing else does. */
static void pass_time(int64_t ms) {
    struct jz_capacity_notice notice;
    int64_t last_ms = INT64_MIN;
    now_ms += ms;
    while (jz_capacity_due(&capacity, now_ms, &notice)) {
        assert_true(notice.at_ms >= last_ms);
        last_ms = notice.at_ms;
        take(&notice);
    }
    for (uint32_t h = 0; h < HOSPITALS; h++) {
        assert_false(confirmation_is_due(h));
        for (uint32_t s = 1; s < JZ_SERVICE_COUNT; s++)
            assert_false(expiry_is_due(h, s) || warning_is_due(h, s) || end_is_due(h, s));
    }
}

static uint32_t on_the_way(uint32_t h, enum jz_service s) {
    uint32_t count = 0;
    for (uint32_t p = 0; p < PATIENTS; p++)
        count +=
            model.patient[p].on_the_way && model.patient[p].hospital == h && model.patient[p].service == s;
    return count;
}

static enum jz_capacity_state expected_state(uint32_t h, enum jz_service s) {
    if (!model.number[h][s].said || now_ms >= model.number[h][s].until_ms) return JZ_CAPACITY_UNKNOWN;
    bool full = s == JZ_SERVICE_ED
                    ? model.number[h][s].value == 3
                    : model.number[h][s].value - model.number[h][s].arrived <= (int32_t)on_the_way(h, s);
    return full ? JZ_CAPACITY_FULL : JZ_CAPACITY_KNOWN;
}

static void check_service(uint32_t h, enum jz_service s) {
    const struct jz_capacity_number *n = jz_capacity_number(&capacity, h, s);
    assert_int_equal(n->held, on_the_way(h, s));
    assert_int_equal(jz_capacity_known(&capacity, h, s, now_ms), expected_state(h, s));
    assert_int_equal(n->value,
                     model.number[h][s].value - (s == JZ_SERVICE_ED ? 0 : model.number[h][s].arrived));
    assert_int_equal(jz_capacity_diverting(&capacity, h, s, now_ms),
                     model.diversion[h][s].running && now_ms < model.diversion[h][s].until_ms);
    assert_true(model.diversion[h][s].warnings <= 1);
}

static int64_t earlier(int64_t a, bool counts, int64_t b) {
    return counts && b < a ? b : a;
}

static int64_t expected_next(void) {
    int64_t next = INT64_MAX;
    for (uint32_t h = 0; h < HOSPITALS; h++) {
        next = earlier(next, model.confirmation[h].value && !model.confirmation[h].told,
                       model.confirmation[h].until_ms);
        for (uint32_t s = 1; s < JZ_SERVICE_COUNT; s++) {
            int64_t until_ms = model.diversion[h][s].until_ms;
            next = earlier(next, model.number[h][s].said && !model.number[h][s].told,
                           model.number[h][s].until_ms);
            next = earlier(next, model.diversion[h][s].running,
                           model.diversion[h][s].warnings ? until_ms : until_ms - 10 * MINUTE);
        }
    }
    return next;
}

static void check_all(void) {
    for (uint32_t h = 0; h < HOSPITALS; h++) {
        for (enum jz_service s = JZ_SERVICE_ED; s < JZ_SERVICE_COUNT; s++) check_service(h, s);
        if (model.confirmation[h].value && now_ms >= model.confirmation[h].until_ms)
            assert_int_equal(jz_capacity_capability(&capacity, h, 7, JZ_CAPABILITY_CONFIRMED, now_ms),
                             JZ_CAPABILITY_UNKNOWN);
    }
    assert_int_equal(jz_capacity_next(&capacity), expected_next());
}

/* Mostly seconds, at times minutes, seldom hours. */
static int64_t any_step(void) {
    uint32_t which = below(50);
    if (which == 0) return below((uint32_t)(6 * HOUR));
    return which < 10 ? below((uint32_t)(20 * MINUTE)) : below((uint32_t)(2 * MINUTE));
}

static void stream(uint32_t from) {
    memset(&capacity, 0, sizeof capacity);
    memset(&model, 0, sizeof model);
    seed = from;
    now_ms = T;
    for (uint32_t i = 0; i < STEPS; i++) {
        pass_time(any_step());
        check_all();
        one_event();
        check_all();
    }
    for (uint32_t p = 0; p < PATIENTS; p++) patient_comes_or_not(p);
    pass_time(DAY);
    check_all();
}

static void whatever_comes_the_clerk_and_the_ledger_agree_and_all_ends(void **state) {
    (void)state;
    stream(random_seed());
    assert_true(jz_capacity_next(&capacity) == INT64_MAX);
    for (uint32_t h = 0; h < HOSPITALS; h++) {
        for (enum jz_service s = JZ_SERVICE_ED; s < JZ_SERVICE_COUNT; s++) {
            assert_int_equal(jz_capacity_number(&capacity, h, s)->held, 0);
            assert_int_equal(jz_capacity_known(&capacity, h, s, now_ms), JZ_CAPACITY_UNKNOWN);
            assert_false(jz_capacity_diverting(&capacity, h, s, now_ms));
        }
    }
}

static void the_same_stream_twice_leaves_equal_bytes(void **state) {
    (void)state;
    static struct jz_capacity first;
    uint32_t from = random_seed();
    stream(from);
    first = capacity;
    stream(from);
    assert_memory_equal(&capacity, &first, sizeof first);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_in_every_state_does_what_the_table_says),
        cmocka_unit_test(whatever_comes_the_clerk_and_the_ledger_agree_and_all_ends),
        cmocka_unit_test(the_same_stream_twice_leaves_equal_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
