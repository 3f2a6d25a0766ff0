/* SPDX-License-Identifier: Apache-2.0 */
#include "capacity.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
/* Monday 5 January 2026, 10:00 in the zone of the office hours. */
#define T (INT64_C(1767578400000))

static struct jz_capacity capacity;

static int setup(void **state) {
    (void)state;
    memset(&capacity, 0, sizeof capacity);
    return 0;
}

static struct jz_text text(const char *words) {
    return (struct jz_text){words, (uint32_t)strlen(words)};
}

static struct jz_said said(const char *owner, int64_t at_ms, int64_t until_ms) {
    return (struct jz_said){text(owner), at_ms, until_ms};
}

static enum jz_status set(uint32_t facility, enum jz_service service, int32_t value, int64_t at_ms,
                          int64_t until_ms) {
    struct jz_said who = said("Li", at_ms, until_ms);
    return jz_capacity_set(&capacity, facility, service, value, &who);
}

static enum jz_status divert(uint32_t facility, enum jz_service service, int64_t at_ms, int64_t until_ms) {
    struct jz_said who = said("Wang", at_ms, until_ms);
    return jz_capacity_divert(&capacity, facility, service, JZ_REASON_STAFF, text(""), &who);
}

static enum jz_status end_divert(uint32_t facility, enum jz_service service, int64_t at_ms) {
    struct jz_said who = said("Zhao", at_ms, 0);
    return jz_capacity_end_divert(&capacity, facility, service, &who);
}

static enum jz_status confirm(uint32_t capability, enum jz_confirmation_value value, int64_t at_ms,
                              int64_t until_ms) {
    struct jz_said who = said("Chen", at_ms, until_ms);
    return jz_capacity_confirm(&capacity, 3, capability, value, &who);
}

static enum jz_capacity_state known(int64_t now_ms) {
    return jz_capacity_known(&capacity, 3, JZ_SERVICE_NICU, now_ms);
}

static int32_t shown(void) {
    return jz_capacity_shown(&capacity, 3, JZ_SERVICE_NICU);
}

static uint32_t held(void) {
    return jz_capacity_number(&capacity, 3, JZ_SERVICE_NICU)->held;
}

static uint32_t random_seed(void) {
    const char *given = getenv("JZ_SEED");
    uint32_t seed = given ? (uint32_t)strtoul(given, NULL, 10) : (uint32_t)time(NULL);
    print_message("JZ_SEED=%u\n", seed);
    return seed ? seed : 1;
}

static uint32_t random_below(uint32_t *seed, uint32_t bound) {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed % bound;
}

static void assert_notice(int64_t now_ms, enum jz_capacity_notice_kind kind, uint32_t facility,
                          uint32_t index, int64_t at_ms) {
    struct jz_capacity_notice notice;
    assert_true(jz_capacity_due(&capacity, now_ms, &notice));
    assert_int_equal(notice.kind, kind);
    assert_int_equal(notice.facility, facility);
    assert_int_equal(notice.index, index);
    assert_int_equal(notice.at_ms, at_ms);
}

static void assert_no_notice(int64_t now_ms) {
    struct jz_capacity_notice notice;
    assert_false(jz_capacity_due(&capacity, now_ms, &notice));
}

/* Runs it in a process of its own, which an assertion must end. */
static void assert_asserts(void (*misuse)(void)) {
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)signal(SIGABRT, SIG_DFL);
        if (!freopen("/dev/null", "w", stderr)) _exit(0);
        misuse();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

/* --- numbers --------------------------------------------------------------------------------------------------- */

static void a_number_nobody_said_is_unknown_and_not_zero(void **state) {
    (void)state;
    assert_int_equal(known(T), JZ_CAPACITY_UNKNOWN);
    assert_string_equal(jz_capacity_number(&capacity, 3, JZ_SERVICE_NICU)->owner, "");
    assert_true(jz_capacity_next(&capacity) == INT64_MAX);
}

static void a_number_is_known_for_an_hour_and_then_unknown_but_readable(void **state) {
    (void)state;
    assert_int_equal(set(3, JZ_SERVICE_NICU, 2, T, 0), JZ_OK);
    assert_int_equal(known(T + HOUR - 1), JZ_CAPACITY_KNOWN);
    assert_int_equal(known(T + HOUR), JZ_CAPACITY_UNKNOWN);
    const struct jz_capacity_number *last = jz_capacity_number(&capacity, 3, JZ_SERVICE_NICU);
    assert_int_equal(last->value, 2);
    assert_string_equal(last->owner, "Li");
    assert_int_equal(last->set_ms, T);
}

static void a_number_stands_a_day_at_most_and_not_backwards(void **state) {
    (void)state;
    assert_int_equal(set(3, JZ_SERVICE_NICU, 2, T, T + JZ_CAPACITY_LIFE_MAX_MS), JZ_OK);
    assert_int_equal(known(T + DAY - 1), JZ_CAPACITY_KNOWN);
    assert_int_equal(set(3, JZ_SERVICE_NICU, 3, T, T + JZ_CAPACITY_LIFE_MAX_MS + 1), JZ_E_VALUE);
    assert_int_equal(set(3, JZ_SERVICE_NICU, 3, T, T), JZ_E_TIME_ORDER);
    assert_int_equal(set(3, JZ_SERVICE_NICU, 3, -1, 0), JZ_E_TIME_ORDER);
    assert_int_equal(shown(), 2);
    assert_int_equal(set(3, JZ_SERVICE_NICU, 3, T, T + 1), JZ_OK);
    assert_int_equal(known(T), JZ_CAPACITY_KNOWN);
    assert_int_equal(known(T + 1), JZ_CAPACITY_UNKNOWN);
}

static void every_service_takes_its_least_and_greatest_number_and_nothing_beyond(void **state) {
    (void)state;
    for (enum jz_service s = JZ_SERVICE_ED; s < JZ_SERVICE_COUNT; s++) {
        const struct jz_capacity_row *row = jz_capacity_row(s);
        assert_true(strlen(row->key) > 0 && row->min == 0 && row->life_ms == HOUR);
        assert_int_equal(set(63, s, row->min, T, 0), JZ_OK);
        assert_int_equal(set(63, s, row->max, T, 0), JZ_OK);
        assert_int_equal(set(63, s, row->min - 1, T, 0), JZ_E_IMPLAUSIBLE);
        assert_int_equal(set(63, s, row->max + 1, T, 0), JZ_E_IMPLAUSIBLE);
        assert_int_equal(jz_capacity_number(&capacity, 63, s)->value, row->max);
    }
}

static void what_is_no_service_is_refused_wherever_it_comes_in(void **state) {
    (void)state;
    const enum jz_service none[] = {JZ_SERVICE_NONE, JZ_SERVICE_COUNT, (enum jz_service)40};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_null(jz_capacity_row(none[i]));
        assert_int_equal(set(3, none[i], 1, T, 0), JZ_E_UNKNOWN_CODE);
        assert_int_equal(divert(3, none[i], T, 0), JZ_E_UNKNOWN_CODE);
        assert_int_equal(end_divert(3, none[i], T), JZ_E_UNKNOWN_CODE);
    }
    static const struct jz_capacity nothing;
    assert_memory_equal(&capacity, &nothing, sizeof nothing);
}

static void nothing_is_taken_that_nobody_answers_for(void **state) {
    (void)state;
    const struct jz_said nobody[] = {said("", T, 0), {.owner = {"\0x", 2}, .at_ms = T}};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(jz_capacity_set(&capacity, 3, JZ_SERVICE_NICU, 1, &nobody[i]), JZ_E_VALUE);
        assert_int_equal(
            jz_capacity_divert(&capacity, 3, JZ_SERVICE_NICU, JZ_REASON_FULL, text(""), &nobody[i]),
            JZ_E_VALUE);
        assert_int_equal(jz_capacity_confirm(&capacity, 3, 1, JZ_CONFIRMATION_ABSENT, &nobody[i]),
                         JZ_E_VALUE);
        assert_int_equal(jz_capacity_end_divert(&capacity, 3, JZ_SERVICE_NICU, &nobody[i]), JZ_E_VALUE);
    }
}

static void a_long_name_is_cut_between_characters(void **state) {
    (void)state;
    struct jz_said who = said("贵州省人民医院急诊中心李医生", T, 0); /* 42 bytes */
    assert_int_equal(jz_capacity_set(&capacity, 3, JZ_SERVICE_NICU, 1, &who), JZ_OK);
    assert_string_equal(jz_capacity_number(&capacity, 3, JZ_SERVICE_NICU)->owner, "贵州省人民医院急诊中");
}

static void an_older_count_that_comes_late_does_not_replace_a_newer_one(void **state) {
    (void)state;
    assert_int_equal(set(3, JZ_SERVICE_NICU, 2, T, 0), JZ_OK);
    assert_int_equal(set(3, JZ_SERVICE_NICU, 9, T - 1, 0), JZ_E_TIME_ORDER);
    assert_int_equal(shown(), 2);
    assert_int_equal(set(3, JZ_SERVICE_NICU, 9, T, 0), JZ_OK);
    assert_int_equal(shown(), 9);
}

static void a_count_that_comes_an_hour_late_is_expired_when_it_comes(void **state) {
    (void)state;
    assert_int_equal(set(3, JZ_SERVICE_NICU, 2, T - HOUR, 0), JZ_OK);
    assert_int_equal(known(T), JZ_CAPACITY_UNKNOWN);
    assert_int_equal(jz_capacity_next(&capacity), T);
    assert_notice(T, JZ_CAPACITY_EXPIRED, 3, JZ_SERVICE_NICU, T);
    assert_no_notice(T);
}

/* --- reservation ----------------------------------------------------------------------------------------------- */

static void an_arrival_does_not_change_what_is_free_for_another(void **state) {
    (void)state;
    assert_int_equal(set(3, JZ_SERVICE_NICU, 2, T, 0), JZ_OK);
    assert_int_equal(jz_capacity_hold(&capacity, 3, JZ_SERVICE_NICU, T), JZ_CAPACITY_KNOWN);
    assert_int_equal(shown(), 1);
    jz_capacity_use(&capacity, 3, JZ_SERVICE_NICU, T);
    assert_int_equal(shown(), 1);
    assert_int_equal(held(), 0);
    assert_int_equal(jz_capacity_hold(&capacity, 3, JZ_SERVICE_NICU, T), JZ_CAPACITY_KNOWN);
    jz_capacity_release(&capacity, 3, JZ_SERVICE_NICU);
    assert_int_equal(shown(), 1);
}

static void an_acceptance_without_a_place_is_held_and_called_over_booked(void **state) {
    (void)state;
    assert_int_equal(set(3, JZ_SERVICE_NICU, 1, T, 0), JZ_OK);
    assert_int_equal(jz_capacity_hold(&capacity, 3, JZ_SERVICE_NICU, T), JZ_CAPACITY_KNOWN);
    assert_int_equal(jz_capacity_hold(&capacity, 3, JZ_SERVICE_NICU, T), JZ_CAPACITY_FULL);
    assert_int_equal(shown(), -1);
    jz_capacity_use(&capacity, 3, JZ_SERVICE_NICU, T);
    jz_capacity_use(&capacity, 3, JZ_SERVICE_NICU, T);
    assert_int_equal(shown(), -1);
    assert_int_equal(held(), 0);
    assert_int_equal(known(T), JZ_CAPACITY_FULL);
}

static void an_acceptance_that_no_number_stands_behind_is_held_and_says_so(void **state) {
    (void)state;
    assert_int_equal(jz_capacity_hold(&capacity, 3, JZ_SERVICE_NICU, T), JZ_CAPACITY_UNKNOWN);
    assert_int_equal(held(), 1);
    assert_int_equal(known(T), JZ_CAPACITY_UNKNOWN);
    jz_capacity_use(&capacity, 3, JZ_SERVICE_NICU, T);
    assert_int_equal(held(), 0);
    assert_int_equal(known(T), JZ_CAPACITY_UNKNOWN);
}

static void a_correction_leaves_held_what_is_held(void **state) {
    (void)state;
    (void)jz_capacity_hold(&capacity, 3, JZ_SERVICE_NICU, T);
    assert_int_equal(set(3, JZ_SERVICE_NICU, 4, T, 0), JZ_OK);
    assert_int_equal(held(), 1);
    assert_int_equal(shown(), 3);
    struct jz_said dispatcher = said("Sun", T + 1, 0);
    assert_int_equal(jz_capacity_set(&capacity, 3, JZ_SERVICE_NICU, 1, &dispatcher), JZ_OK);
    assert_int_equal(shown(), 0);
    assert_int_equal(known(T + 1), JZ_CAPACITY_FULL);
}

static void a_number_that_expired_stays_what_its_owner_said_when_a_patient_arrives(void **state) {
    (void)state;
    assert_int_equal(set(3, JZ_SERVICE_NICU, 2, T, 0), JZ_OK);
    (void)jz_capacity_hold(&capacity, 3, JZ_SERVICE_NICU, T);
    jz_capacity_use(&capacity, 3, JZ_SERVICE_NICU, T + HOUR);
    assert_int_equal(jz_capacity_number(&capacity, 3, JZ_SERVICE_NICU)->value, 2);
    assert_int_equal(held(), 0);
}

static void the_colour_of_an_emergency_department_is_not_lessened_and_black_is_full(void **state) {
    (void)state;
    for (int32_t colour = 0; colour <= 3; colour++) {
        enum jz_capacity_state expected = colour == 3 ? JZ_CAPACITY_FULL : JZ_CAPACITY_KNOWN;
        assert_int_equal(set(3, JZ_SERVICE_ED, colour, T, 0), JZ_OK);
        assert_int_equal(jz_capacity_hold(&capacity, 3, JZ_SERVICE_ED, T), expected);
        assert_int_equal(jz_capacity_shown(&capacity, 3, JZ_SERVICE_ED), colour);
        jz_capacity_use(&capacity, 3, JZ_SERVICE_ED, T);
        assert_int_equal(jz_capacity_shown(&capacity, 3, JZ_SERVICE_ED), colour);
        assert_int_equal(jz_capacity_known(&capacity, 3, JZ_SERVICE_ED, T), expected);
    }
}

static void as_many_are_held_as_there_can_be_patients(void **state) {
    (void)state;
    for (uint32_t i = 0; i < JZ_CAPACITY_HELD_MAX; i++)
        (void)jz_capacity_hold(&capacity, 3, JZ_SERVICE_NICU, T);
    assert_int_equal(held(), JZ_CAPACITY_HELD_MAX);
    assert_int_equal(set(3, JZ_SERVICE_NICU, 0, T, 0), JZ_OK);
    for (uint32_t i = 0; i < JZ_CAPACITY_HELD_MAX; i++) jz_capacity_use(&capacity, 3, JZ_SERVICE_NICU, T);
    assert_int_equal(shown(), -(int32_t)JZ_CAPACITY_HELD_MAX);
    (void)jz_capacity_hold(&capacity, 3, JZ_SERVICE_NICU, T);
    jz_capacity_use(&capacity, 3, JZ_SERVICE_NICU, T);
    assert_int_equal(shown(), -(int32_t)JZ_CAPACITY_HELD_MAX);
}

static void use_nothing(void) {
    jz_capacity_use(&capacity, 3, JZ_SERVICE_NICU, T);
}
static void release_nothing(void) {
    jz_capacity_release(&capacity, 3, JZ_SERVICE_NICU);
}
static void hold_one_too_many(void) {
    capacity.of[3].number[JZ_SERVICE_NICU].held = JZ_CAPACITY_HELD_MAX;
    (void)jz_capacity_hold(&capacity, 3, JZ_SERVICE_NICU, T);
}
static void hold_no_service(void) {
    (void)jz_capacity_hold(&capacity, 3, JZ_SERVICE_COUNT, T);
}
static void look_past_the_last_facility(void) {
    (void)jz_capacity_known(&capacity, JZ_FACILITIES_MAX, JZ_SERVICE_NICU, T);
}
static void look_past_the_last_capability(void) {
    (void)jz_capacity_confirmation(&capacity, 3, JZ_CAPABILITIES_MAX);
}
static void carry_two_into_one(void) {
    const uint32_t moved[JZ_FACILITIES_MAX] = {5, 5}, same[JZ_CAPABILITIES_MAX] = {0};
    jz_capacity_carry(&capacity, moved, 2, same, 0);
}
static void carry_out_of_the_array(void) {
    const uint32_t moved[JZ_FACILITIES_MAX] = {JZ_FACILITIES_MAX}, same[JZ_CAPABILITIES_MAX] = {0};
    jz_capacity_carry(&capacity, moved, 1, same, 0);
}

static void a_programmers_error_does_not_go_on(void **state) {
    (void)state;
    assert_asserts(use_nothing);
    assert_asserts(release_nothing);
    assert_asserts(hold_one_too_many);
    assert_asserts(hold_no_service);
    assert_asserts(look_past_the_last_facility);
    assert_asserts(look_past_the_last_capability);
    assert_asserts(carry_two_into_one);
    assert_asserts(carry_out_of_the_array);
}

/* --- diversion ------------------------------------------------------------------------------------------------- */

static bool diverting(int64_t now_ms) {
    return jz_capacity_diverting(&capacity, 3, JZ_SERVICE_CATH_LAB, now_ms);
}

static void a_diversion_lasts_an_hour_is_warned_about_once_and_ends_by_itself(void **state) {
    (void)state;
    assert_int_equal(divert(3, JZ_SERVICE_CATH_LAB, T, 0), JZ_OK);
    assert_true(diverting(T));
    assert_int_equal(jz_capacity_next(&capacity), T + 50 * MINUTE);
    assert_no_notice(T + 50 * MINUTE - 1);
    assert_notice(T + 50 * MINUTE, JZ_CAPACITY_DIVERSION_ENDING, 3, JZ_SERVICE_CATH_LAB, T + 50 * MINUTE);
    assert_no_notice(T + HOUR - 1);
    assert_int_equal(jz_capacity_next(&capacity), T + HOUR);
    assert_true(diverting(T + HOUR - 1));
    assert_false(diverting(T + HOUR)); /* also where nobody asked yet what became due */
    assert_notice(T + HOUR, JZ_CAPACITY_DIVERSION_OVER, 3, JZ_SERVICE_CATH_LAB, T + HOUR);
    assert_no_notice(T + DAY);
    const struct jz_diversion *last = jz_capacity_diversion(&capacity, 3, JZ_SERVICE_CATH_LAB);
    assert_int_equal(last->state, JZ_DIVERSION_OVER);
    assert_int_equal(last->reason, JZ_REASON_STAFF);
    assert_string_equal(last->owner, "Wang");
    assert_int_equal(last->until_ms - last->since_ms, HOUR);
}

static void a_diversion_lasts_four_hours_at_most_and_not_backwards(void **state) {
    (void)state;
    assert_int_equal(divert(3, JZ_SERVICE_CATH_LAB, T, T + JZ_DIVERT_MAX_MS + 1), JZ_E_VALUE);
    assert_int_equal(divert(3, JZ_SERVICE_CATH_LAB, T, T), JZ_E_TIME_ORDER);
    assert_false(diverting(T));
    assert_int_equal(divert(3, JZ_SERVICE_CATH_LAB, T, T + JZ_DIVERT_MAX_MS), JZ_OK);
    assert_true(diverting(T + 4 * HOUR - 1));
    assert_false(diverting(T + 4 * HOUR));
}

static void a_diversion_needs_a_reason_of_its_own_and_other_needs_words(void **state) {
    (void)state;
    const uint32_t may = 1u << JZ_REASON_EQUIPMENT | 1u << JZ_REASON_FULL | 1u << JZ_REASON_STAFF |
                         1u << JZ_REASON_POWER | 1u << JZ_REASON_INFECTION | 1u << JZ_REASON_OTHER;
    struct jz_said who = said("Wang", T, 0);
    for (uint32_t r = 0; r <= JZ_REASON_COUNT; r++) {
        enum jz_status expected = may >> r & 1u ? JZ_OK : JZ_E_REASON;
        assert_int_equal(jz_capacity_divert(&capacity, 3, JZ_SERVICE_CATH_LAB, (enum jz_action_reason)r,
                                            text("导管室漏水"), &who),
                         expected);
    }
    assert_int_equal(
        jz_capacity_divert(&capacity, 3, JZ_SERVICE_CATH_LAB, JZ_REASON_OTHER, text("导管漏水"), &who),
        JZ_E_REASON);
    assert_int_equal(
        jz_capacity_divert(&capacity, 3, JZ_SERVICE_CATH_LAB, JZ_REASON_OTHER, text("导管室漏水"), &who),
        JZ_OK);
    assert_string_equal(jz_capacity_diversion(&capacity, 3, JZ_SERVICE_CATH_LAB)->text, "导管室漏水");
}

static void a_renewed_diversion_keeps_its_beginning_and_is_warned_about_anew(void **state) {
    (void)state;
    assert_int_equal(divert(3, JZ_SERVICE_CATH_LAB, T, 0), JZ_OK);
    assert_notice(T + 55 * MINUTE, JZ_CAPACITY_DIVERSION_ENDING, 3, JZ_SERVICE_CATH_LAB, T + 50 * MINUTE);
    assert_int_equal(divert(3, JZ_SERVICE_CATH_LAB, T + 55 * MINUTE, 0), JZ_OK);
    const struct jz_diversion *d = jz_capacity_diversion(&capacity, 3, JZ_SERVICE_CATH_LAB);
    assert_int_equal(d->since_ms, T);
    assert_int_equal(d->until_ms, T + 115 * MINUTE);
    assert_no_notice(T + 105 * MINUTE - 1);
    assert_notice(T + 105 * MINUTE, JZ_CAPACITY_DIVERSION_ENDING, 3, JZ_SERVICE_CATH_LAB, T + 105 * MINUTE);
    assert_notice(T + 115 * MINUTE, JZ_CAPACITY_DIVERSION_OVER, 3, JZ_SERVICE_CATH_LAB, T + 115 * MINUTE);
    assert_int_equal(divert(3, JZ_SERVICE_CATH_LAB, T + 120 * MINUTE, 0), JZ_OK);
    assert_int_equal(d->since_ms, T + 120 * MINUTE);
}

static void a_diversion_shorter_than_its_warning_is_warned_about_at_once(void **state) {
    (void)state;
    assert_int_equal(divert(3, JZ_SERVICE_CATH_LAB, T, T + 5 * MINUTE), JZ_OK);
    assert_true(jz_capacity_next(&capacity) <= T);
    assert_notice(T, JZ_CAPACITY_DIVERSION_ENDING, 3, JZ_SERVICE_CATH_LAB, T - 5 * MINUTE);
    assert_no_notice(T + 5 * MINUTE - 1);
    assert_notice(T + 5 * MINUTE, JZ_CAPACITY_DIVERSION_OVER, 3, JZ_SERVICE_CATH_LAB, T + 5 * MINUTE);
}

static void a_diversion_that_is_over_is_not_warned_about_any_more(void **state) {
    (void)state;
    assert_int_equal(divert(3, JZ_SERVICE_CATH_LAB, T, 0), JZ_OK);
    assert_notice(T + 2 * HOUR, JZ_CAPACITY_DIVERSION_OVER, 3, JZ_SERVICE_CATH_LAB, T + HOUR);
    assert_no_notice(T + DAY);
}

static void a_diversion_begun_after_the_last_one_ended_is_another_one(void **state) {
    (void)state;
    assert_int_equal(divert(3, JZ_SERVICE_CATH_LAB, T, 0), JZ_OK);
    assert_int_equal(divert(3, JZ_SERVICE_CATH_LAB, T + HOUR, 0), JZ_OK); /* and nobody asked what was due */
    assert_int_equal(jz_capacity_diversion(&capacity, 3, JZ_SERVICE_CATH_LAB)->since_ms, T + HOUR);
}

static void a_diversion_that_is_ended_by_hand_ends_once_and_says_by_whom(void **state) {
    (void)state;
    assert_int_equal(end_divert(3, JZ_SERVICE_CATH_LAB, T), JZ_E_TRANSITION);
    assert_int_equal(divert(3, JZ_SERVICE_CATH_LAB, T, 0), JZ_OK);
    assert_int_equal(end_divert(3, JZ_SERVICE_CATH_LAB, T + MINUTE), JZ_OK);
    assert_false(diverting(T + MINUTE));
    const struct jz_diversion *d = jz_capacity_diversion(&capacity, 3, JZ_SERVICE_CATH_LAB);
    assert_string_equal(d->owner, "Zhao");
    assert_int_equal(d->since_ms, T);
    assert_int_equal(d->until_ms, T + MINUTE);
    assert_int_equal(d->reason, JZ_REASON_STAFF);
    assert_int_equal(end_divert(3, JZ_SERVICE_CATH_LAB, T + MINUTE), JZ_E_TRANSITION);
    assert_no_notice(T + DAY);
}

static void a_word_on_a_diversion_that_comes_late_undoes_no_newer_one(void **state) {
    (void)state;
    assert_int_equal(divert(3, JZ_SERVICE_CATH_LAB, T, 0), JZ_OK);
    assert_int_equal(end_divert(3, JZ_SERVICE_CATH_LAB, T - 1), JZ_E_TIME_ORDER);
    assert_true(diverting(T));
    assert_int_equal(end_divert(3, JZ_SERVICE_CATH_LAB, T + MINUTE), JZ_OK);
    assert_int_equal(divert(3, JZ_SERVICE_CATH_LAB, T + MINUTE - 1, 0), JZ_E_TIME_ORDER);
    assert_false(diverting(T + MINUTE));
}

static void hospitals_that_divert_one_service_at_once_are_counted(void **state) {
    (void)state;
    assert_int_equal(jz_capacity_diverting_count(&capacity, JZ_SERVICE_CATH_LAB, T), 0);
    assert_int_equal(divert(0, JZ_SERVICE_CATH_LAB, T, 0), JZ_OK);
    assert_int_equal(divert(0, JZ_SERVICE_NICU, T, 0), JZ_OK);
    assert_int_equal(jz_capacity_diverting_count(&capacity, JZ_SERVICE_CATH_LAB, T), 1);
    assert_int_equal(divert(63, JZ_SERVICE_CATH_LAB, T, T + 2 * HOUR), JZ_OK);
    assert_int_equal(jz_capacity_diverting_count(&capacity, JZ_SERVICE_CATH_LAB, T), 2);
    assert_int_equal(jz_capacity_diverting_count(&capacity, JZ_SERVICE_CATH_LAB, T + HOUR), 1);
    assert_int_equal(end_divert(63, JZ_SERVICE_CATH_LAB, T + HOUR), JZ_OK);
    assert_int_equal(jz_capacity_diverting_count(&capacity, JZ_SERVICE_CATH_LAB, T + HOUR), 0);
}

/* --- what time does -------------------------------------------------------------------------------------------- */

static void what_is_due_comes_by_time_and_then_by_place(void **state) {
    (void)state;
    assert_int_equal(confirm(2, JZ_CONFIRMATION_CLOSED_NOW, T, 0), JZ_OK);
    assert_int_equal(divert(3, JZ_SERVICE_CATH_LAB, T - 10 * MINUTE, T + 70 * MINUTE), JZ_OK);
    assert_int_equal(set(3, JZ_SERVICE_NICU, 1, T, 0), JZ_OK);
    assert_int_equal(set(3, JZ_SERVICE_ED, 1, T, 0), JZ_OK);
    assert_int_equal(set(1, JZ_SERVICE_BLOOD, 1, T, 0), JZ_OK);
    assert_int_equal(set(63, JZ_SERVICE_ICU, 1, T, T + MINUTE), JZ_OK);
    assert_int_equal(jz_capacity_next(&capacity), T + MINUTE);
    assert_notice(T + HOUR, JZ_CAPACITY_EXPIRED, 63, JZ_SERVICE_ICU, T + MINUTE);
    assert_int_equal(jz_capacity_next(&capacity), T + HOUR);
    assert_notice(T + HOUR, JZ_CAPACITY_EXPIRED, 1, JZ_SERVICE_BLOOD, T + HOUR);
    assert_notice(T + HOUR, JZ_CAPACITY_EXPIRED, 3, JZ_SERVICE_ED, T + HOUR);
    assert_notice(T + HOUR, JZ_CAPACITY_EXPIRED, 3, JZ_SERVICE_NICU, T + HOUR);
    assert_notice(T + HOUR, JZ_CAPACITY_DIVERSION_ENDING, 3, JZ_SERVICE_CATH_LAB, T + HOUR);
    assert_notice(T + HOUR, JZ_CAPACITY_CONFIRMATION_EXPIRED, 3, 2, T + HOUR);
    assert_no_notice(T + HOUR);
    assert_int_equal(jz_capacity_next(&capacity), T + 70 * MINUTE);
}

static void everything_at_once_is_reported_once_each(void **state) {
    (void)state;
    struct jz_capacity_notice notice;
    struct jz_said who = said("Li", T, T + HOUR);
    uint32_t count = 0;
    for (uint32_t f = 0; f < JZ_FACILITIES_MAX; f++) {
        for (enum jz_service s = JZ_SERVICE_ED; s < JZ_SERVICE_COUNT; s++) {
            assert_int_equal(set(f, s, 1, T, T + HOUR), JZ_OK);
            assert_int_equal(divert(f, s, T, T + HOUR), JZ_OK);
        }
        for (uint32_t k = 0; k < JZ_CAPABILITIES_MAX; k++)
            assert_int_equal(jz_capacity_confirm(&capacity, f, k, JZ_CONFIRMATION_ABSENT, &who), JZ_OK);
    }
    while (jz_capacity_due(&capacity, T + HOUR, &notice)) count++;
    assert_int_equal(count, JZ_FACILITIES_MAX * (2 * (JZ_SERVICE_COUNT - 1) + JZ_CAPABILITIES_MAX));
    assert_true(jz_capacity_next(&capacity) == INT64_MAX);
}

/* --- another directory ----------------------------------------------------------------------------------------- */

static void everything_follows_its_hospital_and_its_capability_to_another_directory(void **state) {
    (void)state;
    const uint32_t moved[JZ_FACILITIES_MAX] = {2, 0, 63, 1};
    const uint32_t capability_moved[JZ_CAPABILITIES_MAX] = {31, UINT32_MAX, 0};
    for (uint32_t f = 0; f < 4; f++) {
        struct jz_said who = said("Chen", T, 0);
        for (uint32_t i = 0; i <= f; i++) (void)jz_capacity_hold(&capacity, f, JZ_SERVICE_NICU, T);
        assert_int_equal(set(f, JZ_SERVICE_NICU, 10 + (int32_t)f, T, 0), JZ_OK);
        for (uint32_t k = 0; k < 3; k++)
            assert_int_equal(jz_capacity_confirm(&capacity, f, k, (enum jz_confirmation_value)(1 + k), &who),
                             JZ_OK);
    }
    assert_int_equal(divert(2, JZ_SERVICE_ICU, T, 0), JZ_OK);
    jz_capacity_carry(&capacity, moved, 4, capability_moved, 3);
    for (uint32_t f = 0; f < 4; f++) {
        const struct jz_facility_capacity *now = &capacity.of[moved[f]];
        assert_int_equal(now->number[JZ_SERVICE_NICU].held, f + 1);
        assert_int_equal(now->number[JZ_SERVICE_NICU].value, 10 + f);
        assert_int_equal(now->confirmation[31].value, JZ_CONFIRMATION_ABSENT);
        assert_int_equal(now->confirmation[0].value, JZ_CONFIRMATION_OFFICE_HOURS);
        for (uint32_t k = 1; k < 31; k++) assert_int_equal(now->confirmation[k].set_ms, 0);
    }
    assert_true(jz_capacity_diverting(&capacity, 63, JZ_SERVICE_ICU, T));
    assert_int_equal(jz_capacity_diverting_count(&capacity, JZ_SERVICE_ICU, T), 1);
    static const struct jz_facility_capacity nothing;
    assert_memory_equal(&capacity.of[3], &nothing, sizeof nothing);
}

static void shuffle(uint32_t *item, uint32_t count, uint32_t *seed) {
    for (uint32_t i = count - 1; i > 0; i--) {
        uint32_t j = random_below(seed, i + 1), at = item[i];
        item[i] = item[j];
        item[j] = at;
    }
}

static void a_directory_that_is_changed_and_changed_back_leaves_equal_bytes(void **state) {
    (void)state;
    static struct jz_capacity before;
    uint32_t seed = random_seed();
    uint32_t there[JZ_FACILITIES_MAX], back[JZ_FACILITIES_MAX];
    uint32_t there_k[JZ_CAPABILITIES_MAX], back_k[JZ_CAPABILITIES_MAX];
    for (uint32_t f = 0; f < JZ_FACILITIES_MAX; f++) {
        struct jz_said who = said("Chen", T + f, 0);
        there[f] = f;
        assert_int_equal(set(f, JZ_SERVICE_ICU, (int32_t)f, T, 0), JZ_OK);
        for (uint32_t k = 0; k < JZ_CAPABILITIES_MAX; k++)
            assert_int_equal(jz_capacity_confirm(&capacity, f, k, JZ_CONFIRMATION_ABSENT, &who), JZ_OK);
    }
    for (uint32_t k = 0; k < JZ_CAPABILITIES_MAX; k++) there_k[k] = k;
    before = capacity;
    jz_capacity_carry(&capacity, there, JZ_FACILITIES_MAX, there_k, JZ_CAPABILITIES_MAX);
    assert_memory_equal(&capacity, &before, sizeof before);
    shuffle(there, JZ_FACILITIES_MAX, &seed);
    shuffle(there_k, JZ_CAPABILITIES_MAX, &seed);
    for (uint32_t f = 0; f < JZ_FACILITIES_MAX; f++) back[there[f]] = f;
    for (uint32_t k = 0; k < JZ_CAPABILITIES_MAX; k++) back_k[there_k[k]] = k;
    jz_capacity_carry(&capacity, there, JZ_FACILITIES_MAX, there_k, JZ_CAPABILITIES_MAX);
    for (uint32_t f = 0; f < JZ_FACILITIES_MAX; f++)
        assert_int_equal(capacity.of[there[f]].number[JZ_SERVICE_ICU].value, f);
    jz_capacity_carry(&capacity, back, JZ_FACILITIES_MAX, back_k, JZ_CAPABILITIES_MAX);
    assert_memory_equal(&capacity, &before, sizeof before);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_number_nobody_said_is_unknown_and_not_zero, setup),
        cmocka_unit_test_setup(a_number_is_known_for_an_hour_and_then_unknown_but_readable, setup),
        cmocka_unit_test_setup(a_number_stands_a_day_at_most_and_not_backwards, setup),
        cmocka_unit_test_setup(every_service_takes_its_least_and_greatest_number_and_nothing_beyond, setup),
        cmocka_unit_test_setup(what_is_no_service_is_refused_wherever_it_comes_in, setup),
        cmocka_unit_test_setup(nothing_is_taken_that_nobody_answers_for, setup),
        cmocka_unit_test_setup(a_long_name_is_cut_between_characters, setup),
        cmocka_unit_test_setup(an_older_count_that_comes_late_does_not_replace_a_newer_one, setup),
        cmocka_unit_test_setup(a_count_that_comes_an_hour_late_is_expired_when_it_comes, setup),
        cmocka_unit_test_setup(an_arrival_does_not_change_what_is_free_for_another, setup),
        cmocka_unit_test_setup(an_acceptance_without_a_place_is_held_and_called_over_booked, setup),
        cmocka_unit_test_setup(an_acceptance_that_no_number_stands_behind_is_held_and_says_so, setup),
        cmocka_unit_test_setup(a_correction_leaves_held_what_is_held, setup),
        cmocka_unit_test_setup(a_number_that_expired_stays_what_its_owner_said_when_a_patient_arrives, setup),
        cmocka_unit_test_setup(the_colour_of_an_emergency_department_is_not_lessened_and_black_is_full,
                               setup),
        cmocka_unit_test_setup(as_many_are_held_as_there_can_be_patients, setup),
        cmocka_unit_test_setup(a_programmers_error_does_not_go_on, setup),
        cmocka_unit_test_setup(a_diversion_lasts_an_hour_is_warned_about_once_and_ends_by_itself, setup),
        cmocka_unit_test_setup(a_diversion_lasts_four_hours_at_most_and_not_backwards, setup),
        cmocka_unit_test_setup(a_diversion_needs_a_reason_of_its_own_and_other_needs_words, setup),
        cmocka_unit_test_setup(a_renewed_diversion_keeps_its_beginning_and_is_warned_about_anew, setup),
        cmocka_unit_test_setup(a_diversion_shorter_than_its_warning_is_warned_about_at_once, setup),
        cmocka_unit_test_setup(a_diversion_that_is_over_is_not_warned_about_any_more, setup),
        cmocka_unit_test_setup(a_diversion_begun_after_the_last_one_ended_is_another_one, setup),
        cmocka_unit_test_setup(a_diversion_that_is_ended_by_hand_ends_once_and_says_by_whom, setup),
        cmocka_unit_test_setup(a_word_on_a_diversion_that_comes_late_undoes_no_newer_one, setup),
        cmocka_unit_test_setup(hospitals_that_divert_one_service_at_once_are_counted, setup),
        cmocka_unit_test_setup(what_is_due_comes_by_time_and_then_by_place, setup),
        cmocka_unit_test_setup(everything_at_once_is_reported_once_each, setup),
        cmocka_unit_test_setup(everything_follows_its_hospital_and_its_capability_to_another_directory,
                               setup),
        cmocka_unit_test_setup(a_directory_that_is_changed_and_changed_back_leaves_equal_bytes, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
