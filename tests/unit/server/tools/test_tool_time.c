/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tool_time.h"

#define NOON INT64_C(1767225600000) /* 2026-01-01T00:00:00Z */

static void a_time_is_written_and_read_in_the_region_s_own(void **state) {
    char text[JZ_TIME_TEXT_MAX];
    int64_t ms = 0;
    (void)state;
    jz_time_text(NOON + 1250, text);
    assert_string_equal(text, "2026-01-01T08:00:01.250+08:00");
    static const char *const same[] = {"2026-01-01T08:00:01.250+08:00", "2026-01-01T08:00:01.25",
                                       "2026-01-01 08:00:01.250", "2026-01-01T00:00:01.250Z",
                                       "2025-12-31T19:00:01.250-05:00"};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        assert_true(jz_time_parse(same[i], &ms));
        assert_int_equal(ms, NOON + 1250);
    }
    assert_true(jz_time_parse("2026-01-01T08:00", &ms));
    assert_int_equal(ms, NOON);
}

static void what_is_no_time_is_refused(void **state) {
    int64_t ms;
    (void)state;
    static const char *const wrong[] = {"",
                                        "2026-01-01",
                                        "2026-13-01T00:00",
                                        "2026-02-29T00:00",
                                        "2026-01-01T24:00",
                                        "2026-01-01T00:60",
                                        "2026-01-01T00:00:60",
                                        "2026-01-01T00:00:00.",
                                        "2026-01-01T00:00:00+0800",
                                        "2026-01-01T00:00:00ZZ",
                                        "2026-01-01X00:00",
                                        "2026-01-01T00:00:00 "};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) assert_false(jz_time_parse(wrong[i], &ms));
}

static void a_month_ends_where_the_next_begins_at_midnight_utc_8(void **state) {
    char text[JZ_TIME_TEXT_MAX];
    int64_t from, to;
    (void)state;
    assert_true(jz_month_parse("2025-12", &from, &to));
    assert_int_equal(to, NOON - JZ_LOCAL_MS);
    jz_month_text(jz_month_of(to - 1), text);
    assert_string_equal(text, "2025-12");
    jz_month_text(jz_month_of(to), text);
    assert_string_equal(text, "2026-01");
    assert_int_equal(jz_month_of(to) - jz_month_of(from), 1);
    assert_false(jz_month_parse("2025-13", &from, &to));
    assert_false(jz_month_parse("2025-1", &from, &to));
    assert_true(jz_day_parse("2026-01-01", &from));
    assert_int_equal(from, NOON - JZ_LOCAL_MS);
}

static void a_span_has_a_unit_and_lasts_a_day_at_most(void **state) {
    int64_t ms;
    (void)state;
    assert_true(jz_span_parse("500ms", &ms) && ms == 500);
    assert_true(jz_span_parse("1s", &ms) && ms == 1000);
    assert_true(jz_span_parse("2min", &ms) && ms == 120000);
    assert_true(jz_span_parse("24h", &ms) && ms == JZ_DAY_MS);
    static const char *const wrong[] = {"", "1", "s", "0s", "-1s", "25h", "1 s", "99999999999999999999s"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) assert_false(jz_span_parse(wrong[i], &ms));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_is_written_and_read_in_the_region_s_own),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(a_month_ends_where_the_next_begins_at_midnight_utc_8),
        cmocka_unit_test(a_span_has_a_unit_and_lasts_a_day_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
