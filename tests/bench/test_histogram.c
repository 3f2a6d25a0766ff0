/* SPDX-License-Identifier: Apache-2.0 */
#include "histogram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct histogram h;

static int empty(void **state) {
    (void)state;
    memset(&h, 0, sizeof h);
    return 0;
}

static void nothing_added_has_percentile_zero(void **state) {
    (void)state;
    assert_int_equal(histogram_percentile(&h, 0.5), 0);
    assert_int_equal(histogram_percentile(&h, 1.0), 0);
}

static void one_value_is_every_percentile_exactly(void **state) {
    (void)state;
    static const uint64_t row[] = {0, 1, 127, 128, 129, 1000003, UINT64_MAX / 2, UINT64_MAX};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        memset(&h, 0, sizeof h);
        histogram_add(&h, row[i]);
        assert_true(histogram_percentile(&h, 0.001) == row[i]);
        assert_true(histogram_percentile(&h, 1.0) == row[i]);
    }
}

static void small_values_are_exact(void **state) {
    (void)state;
    static const struct {
        double share;
        uint64_t value;
    } row[] = {{0.01, 1}, {0.5, 50}, {0.505, 51}, {0.99, 99}, {0.991, 100}, {1.0, 100}};
    for (uint64_t i = 100; i >= 1; i--) histogram_add(&h, i);
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
        assert_int_equal(histogram_percentile(&h, row[i].share), row[i].value);
}

static uint64_t next(uint64_t *x) {
    *x ^= *x << 13;
    *x ^= *x >> 7;
    return *x ^= *x << 17;
}

static int compare(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Against the sorted list, over twelve powers of ten. */
static void percentiles_are_never_below_the_truth_and_at_most_a_64th_above(void **state) {
    (void)state;
    static const double share[] = {0.5, 0.9, 0.99, 0.999, 1.0};
    static uint64_t value[20000];
    const size_t count = sizeof value / sizeof value[0];
    const char *given = getenv("JZ_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 0) | 1u : 20260101u;
    printf("JZ_SEED=%llu\n", (unsigned long long)seed);
    for (size_t i = 0; i < count; i++) {
        value[i] = next(&seed) >> (24 + next(&seed) % 40);
        histogram_add(&h, value[i]);
    }
    qsort(value, count, sizeof value[0], compare);
    for (size_t i = 0; i < sizeof share / sizeof share[0]; i++) {
        uint64_t truth = value[(size_t)(share[i] * (double)count + 0.5) - 1],
                 told = histogram_percentile(&h, share[i]);
        assert_true(told >= truth);
        assert_true(told - truth <= truth / 64);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nothing_added_has_percentile_zero, empty),
        cmocka_unit_test_setup(one_value_is_every_percentile_exactly, empty),
        cmocka_unit_test_setup(small_values_are_exact, empty),
        cmocka_unit_test_setup(percentiles_are_never_below_the_truth_and_at_most_a_64th_above, empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
