/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "event_log.h"
#include "steady.h"

#define NOON INT64_C(1767225600000)

static int64_t utc, mono;
static int lines;

static int64_t real_utc(void *context) {
    (void)context;
    return utc;
}
static int64_t real_mono(void *context) {
    (void)context;
    return mono;
}
static const struct jz_hooks real = {.utc_ms = real_utc, .mono_ms = real_mono};

static void count_line(void *context, const char *line) {
    (void)context;
    lines += strstr(line, "clock.stepped") != NULL;
}

static struct jz_steady started(void) {
    struct jz_steady steady;
    utc = NOON;
    mono = 5000;
    lines = 0;
    jz_log_sink(count_line, NULL);
    jz_steady_start(&steady, &real);
    steady.hooks.context = NULL; /* set by the caller: the struct moves */
    return steady;
}

static int64_t now(struct jz_steady *steady) {
    steady->hooks.context = steady;
    return jz_hooks_utc_ms(&steady->hooks);
}

static void pass(int64_t ms) {
    utc += ms;
    mono += ms;
}

static void time_passes_as_it_does(void **state) {
    (void)state;
    struct jz_steady steady = started();
    pass(1234);
    assert_int_equal(now(&steady), NOON + 1234);
    assert_int_equal(lines, 0);
}

static void a_step_in_either_direction_is_not_followed_and_said_once(void **state) {
    static const int64_t step[] = {JZ_CLOCK_STEP_MS + 1, -JZ_CLOCK_STEP_MS - 1, 3600000, -3600000};
    (void)state;
    for (size_t i = 0; i < sizeof step / sizeof step[0]; i++) {
        struct jz_steady steady = started();
        pass(1000);
        utc += step[i];
        assert_int_equal(now(&steady), NOON + 1000);
        pass(1000);
        assert_int_equal(now(&steady), NOON + 2000);
        assert_int_equal(lines, 1);
    }
}

static void a_system_clock_a_little_ahead_is_followed_and_one_behind_is_waited_for(void **state) {
    (void)state;
    struct jz_steady steady = started();
    utc += JZ_CLOCK_STEP_MS;
    assert_int_equal(now(&steady), NOON + JZ_CLOCK_STEP_MS);
    utc -= 400;
    assert_int_equal(now(&steady), NOON + JZ_CLOCK_STEP_MS);
    pass(100);
    assert_int_equal(now(&steady), NOON + JZ_CLOCK_STEP_MS + 100);
    assert_int_equal(lines, 0);
}

static void time_never_begins_before_the_newest_event_on_record(void **state) {
    (void)state;
    struct jz_steady steady = started();
    jz_steady_not_before(&steady, NOON - 1);
    assert_int_equal(now(&steady), NOON);
    jz_steady_not_before(&steady, NOON + 60000);
    assert_int_equal(now(&steady), NOON + 60000);
    pass(10);
    assert_int_equal(now(&steady), NOON + 60010);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_passes_as_it_does),
        cmocka_unit_test(a_step_in_either_direction_is_not_followed_and_said_once),
        cmocka_unit_test(a_system_clock_a_little_ahead_is_followed_and_one_behind_is_waited_for),
        cmocka_unit_test(time_never_begins_before_the_newest_event_on_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
