/* SPDX-License-Identifier: Apache-2.0 */
/* What a hospital confirms of its capabilities, and the hours it confirms them for. */
#include "capacity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define T (INT64_C(1767578400000)) /* Monday 5 January 2026, 10:00 at UTC+8 */

static struct jz_capacity capacity;

static int setup(void **state) {
    (void)state;
    memset(&capacity, 0, sizeof capacity);
    return 0;
}

static struct jz_said said(const char *owner, int64_t at_ms, int64_t until_ms) {
    return (struct jz_said){{owner, (uint32_t)strlen(owner)}, at_ms, until_ms};
}

static enum jz_status confirm(uint32_t capability, enum jz_confirmation_value value, int64_t at_ms,
                              int64_t until_ms) {
    struct jz_said who = said("Chen", at_ms, until_ms);
    return jz_capacity_confirm(&capacity, 3, capability, value, &who);
}

static void a_confirmation_counts_while_it_stands_and_afterwards_nothing_is_confirmed(void **state) {
    (void)state;
    enum { ABSENT = JZ_CAPABILITY_ABSENT, CONFIRMED = JZ_CAPABILITY_CONFIRMED };
    enum { ASSUMED = JZ_CAPABILITY_ASSUMED, UNKNOWN = JZ_CAPABILITY_UNKNOWN };
    /* Directory: absent, confirmed, assumed, unknown. */
    static const struct {
        enum jz_confirmation_value value;
        int64_t at_ms;
        int expected[4];
    } rows[] = {
        {JZ_CONFIRMATION_NONE, 0, {ABSENT, CONFIRMED, ASSUMED, UNKNOWN}},
        {JZ_CONFIRMATION_NONE, 400 * DAY, {ABSENT, CONFIRMED, ASSUMED, UNKNOWN}},
        {JZ_CONFIRMATION_ABSENT, 0, {ABSENT, ABSENT, ABSENT, ABSENT}},
        {JZ_CONFIRMATION_ABSENT, 365 * DAY, {ABSENT, UNKNOWN, ASSUMED, UNKNOWN}},
        {JZ_CONFIRMATION_ROUND_THE_CLOCK, 0, {CONFIRMED, CONFIRMED, CONFIRMED, CONFIRMED}},
        {JZ_CONFIRMATION_ROUND_THE_CLOCK, 5 * DAY, {CONFIRMED, CONFIRMED, CONFIRMED, CONFIRMED}},
        {JZ_CONFIRMATION_ROUND_THE_CLOCK, 365 * DAY - 1, {CONFIRMED, CONFIRMED, CONFIRMED, CONFIRMED}},
        {JZ_CONFIRMATION_ROUND_THE_CLOCK, 365 * DAY, {ABSENT, UNKNOWN, ASSUMED, UNKNOWN}},
        {JZ_CONFIRMATION_OFFICE_HOURS, 0, {CONFIRMED, CONFIRMED, CONFIRMED, CONFIRMED}},
        {JZ_CONFIRMATION_OFFICE_HOURS, 5 * DAY, {ABSENT, ABSENT, ABSENT, ABSENT}},
        {JZ_CONFIRMATION_OFFICE_HOURS, 365 * DAY, {ABSENT, UNKNOWN, ASSUMED, UNKNOWN}},
        {JZ_CONFIRMATION_CLOSED_NOW, HOUR - 1, {ABSENT, ABSENT, ABSENT, ABSENT}},
        {JZ_CONFIRMATION_CLOSED_NOW, HOUR, {ABSENT, UNKNOWN, ASSUMED, UNKNOWN}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        setup(NULL);
        assert_int_equal(confirm(31, rows[i].value, T, 0), JZ_OK);
        for (int directory = 0; directory < 4; directory++)
            assert_int_equal(jz_capacity_capability(&capacity, 3, 31, (enum jz_capability_state)directory,
                                                    T + rows[i].at_ms),
                             rows[i].expected[directory]);
    }
}

static void a_confirmation_stands_no_longer_than_its_kind_may(void **state) {
    (void)state;
    const int64_t year = JZ_CONFIRMED_MAX_MS, day = JZ_CLOSED_MAX_MS;
    assert_int_equal(year, 365 * DAY);
    for (enum jz_confirmation_value v = JZ_CONFIRMATION_ABSENT; v < JZ_CONFIRMATION_COUNT; v++) {
        int64_t max = v == JZ_CONFIRMATION_CLOSED_NOW ? day : year;
        assert_int_equal(confirm(0, v, T, T + max + 1), JZ_E_VALUE);
        assert_int_equal(confirm(0, v, T, T), JZ_E_TIME_ORDER);
        assert_int_equal(confirm(0, v, T, T + max), JZ_OK);
        assert_int_equal(jz_capacity_confirmation(&capacity, 3, 0)->expires_ms, T + max);
    }
    assert_int_equal(confirm(0, JZ_CONFIRMATION_COUNT, T, 0), JZ_E_UNKNOWN_CODE);
    assert_int_equal(confirm(JZ_CAPABILITIES_MAX, JZ_CONFIRMATION_ABSENT, T, 0), JZ_E_UNKNOWN_CODE);
    assert_int_equal(confirm(0, JZ_CONFIRMATION_ABSENT, T - 1, 0), JZ_E_TIME_ORDER);
}

static void a_confirmation_that_is_withdrawn_leaves_the_directory_and_who_withdrew_it(void **state) {
    (void)state;
    assert_int_equal(confirm(5, JZ_CONFIRMATION_ABSENT, T, 0), JZ_OK);
    struct jz_said who = said("Zhao", T + 1, 0);
    assert_int_equal(jz_capacity_confirm(&capacity, 3, 5, JZ_CONFIRMATION_NONE, &who), JZ_OK);
    assert_int_equal(jz_capacity_capability(&capacity, 3, 5, JZ_CAPABILITY_CONFIRMED, T + 1),
                     JZ_CAPABILITY_CONFIRMED);
    assert_string_equal(jz_capacity_confirmation(&capacity, 3, 5)->owner, "Zhao");
    assert_true(jz_capacity_next(&capacity) == INT64_MAX);
    assert_int_equal(confirm(5, JZ_CONFIRMATION_ABSENT, T, 0), JZ_E_TIME_ORDER);
}

static void office_hours_are_eight_to_half_past_five_on_working_days_east_of_greenwich(void **state) {
    (void)state;
    const int64_t monday = T - 10 * HOUR; /* midnight */
    static const struct {
        int day;
        int64_t of_day;
        bool open;
        int64_t turn; /* from Monday's midnight */
    } rows[] = {
        {0, 0, false, 8 * HOUR},
        {0, 8 * HOUR - 1, false, 8 * HOUR},
        {0, 8 * HOUR, true, 17 * HOUR + 30 * MINUTE},
        {0, 17 * HOUR + 30 * MINUTE - 1, true, 17 * HOUR + 30 * MINUTE},
        {0, 17 * HOUR + 30 * MINUTE, false, DAY + 8 * HOUR},
        {4, 12 * HOUR, true, 4 * DAY + 17 * HOUR + 30 * MINUTE},
        {4, 17 * HOUR + 30 * MINUTE, false, 7 * DAY + 8 * HOUR},
        {5, 12 * HOUR, false, 7 * DAY + 8 * HOUR},
        {6, 12 * HOUR, false, 7 * DAY + 8 * HOUR},
        {7, 12 * HOUR, true, 7 * DAY + 17 * HOUR + 30 * MINUTE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t now_ms = monday + rows[i].day * DAY + rows[i].of_day;
        assert_int_equal(jz_office_hours(now_ms), rows[i].open);
        assert_int_equal(jz_office_hours_turn(now_ms) - monday, rows[i].turn);
    }
    assert_true(jz_office_hours(0)); /* Thursday, 1 January 1970, 08:00 there */
}

static void a_year_of_office_hours_turns_exactly_where_it_says(void **state) {
    (void)state;
    int64_t now_ms = T, turn_ms;
    uint32_t turns = 0;
    for (; (turn_ms = jz_office_hours_turn(now_ms)) < T + 364 * DAY; turns++) {
        assert_true(turn_ms > now_ms);
        assert_int_equal(jz_office_hours(turn_ms - 1), jz_office_hours(now_ms));
        assert_int_equal(jz_office_hours(turn_ms), !jz_office_hours(now_ms));
        now_ms = turn_ms;
    }
    assert_int_equal(turns, 52 * 5 * 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_confirmation_counts_while_it_stands_and_afterwards_nothing_is_confirmed,
                               setup),
        cmocka_unit_test_setup(a_confirmation_stands_no_longer_than_its_kind_may, setup),
        cmocka_unit_test_setup(a_confirmation_that_is_withdrawn_leaves_the_directory_and_who_withdrew_it,
                               setup),
        cmocka_unit_test_setup(office_hours_are_eight_to_half_past_five_on_working_days_east_of_greenwich,
                               setup),
        cmocka_unit_test_setup(a_year_of_office_hours_turns_exactly_where_it_says, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
