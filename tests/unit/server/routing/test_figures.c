/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_rules.h"
#include "figures.h"

#define TODAY 20000u

static struct jz_figures figures;

static int setup(void **state) {
    (void)state;
    memset(&figures, 0, sizeof figures);
    return 0;
}

static void add_minutes(const int *minutes, uint32_t count, uint32_t day) {
    for (uint32_t i = 0; i < count; i++)
        assert_true(jz_figures_add(&figures, 3, JZ_FIGURE_WIRE, minutes[i] * 60, day));
}

static struct jz_figure_quantile now(void) {
    return jz_figures_quantile(&figures, 3, JZ_FIGURE_WIRE, TODAY);
}

static void four_cases_say_nothing_and_five_do(void **state) {
    (void)state;
    add_minutes((int[]){60, 70, 80, 90}, 4, TODAY);
    assert_int_equal(now().seconds, 0);
    assert_int_equal(now().cases, 4);
    add_minutes((int[]){100}, 1, TODAY);
    assert_int_equal(now().seconds, 90 * 60);
    assert_int_equal(now().cases, 5);
}

static void one_case_that_went_wrong_does_not_move_the_figure(void **state) {
    (void)state;
    add_minutes((int[]){60, 61, 62, 63, 64, 65, 66, 1440}, 8, TODAY);
    assert_int_equal(now().seconds, 65 * 60);
}

static void the_order_in_which_cases_came_does_not_matter(void **state) {
    (void)state;
    add_minutes((int[]){90, 60, 100, 70, 80}, 5, TODAY);
    assert_int_equal(now().seconds, 90 * 60);
}

static void cases_older_than_half_a_year_no_longer_count(void **state) {
    (void)state;
    add_minutes((int[]){60, 60, 60, 60, 60}, 5, TODAY - JZ_FIGURE_DAYS_MAX);
    assert_int_equal(now().cases, 5);
    setup(NULL);
    add_minutes((int[]){60, 60, 60, 60, 60}, 5, TODAY - JZ_FIGURE_DAYS_MAX - 1);
    assert_int_equal(now().cases, 0);
    assert_int_equal(now().seconds, 0);
}

static void the_oldest_case_gives_way_to_the_newest(void **state) {
    (void)state;
    for (uint32_t i = 0; i < JZ_FIGURE_CASES_MAX; i++) add_minutes((int[]){1000}, 1, TODAY);
    for (uint32_t i = 0; i < JZ_FIGURE_CASES_MAX; i++) add_minutes((int[]){30}, 1, TODAY);
    assert_int_equal(now().cases, JZ_FIGURE_CASES_MAX);
    assert_int_equal(now().seconds, 30 * 60);
}

static void what_cannot_be_is_not_kept(void **state) {
    (void)state;
    assert_false(jz_figures_add(&figures, 3, JZ_FIGURE_WIRE, -1, TODAY));
    assert_false(jz_figures_add(&figures, 3, JZ_FIGURE_WIRE, JZ_FIGURE_S_MAX + 1, TODAY));
    assert_true(jz_figures_add(&figures, 3, JZ_FIGURE_WIRE, JZ_FIGURE_S_MAX, TODAY));
    assert_int_equal(now().cases, 1);
}

static void hospitals_and_treatments_are_kept_apart(void **state) {
    (void)state;
    add_minutes((int[]){60, 60, 60, 60, 60}, 5, TODAY);
    assert_int_equal(jz_figures_quantile(&figures, 3, JZ_FIGURE_NEEDLE, TODAY).cases, 0);
    assert_int_equal(jz_figures_quantile(&figures, 4, JZ_FIGURE_WIRE, TODAY).cases, 0);
}

static int by_value(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* The last cases of the ring that are recent, sorted. */
static void every_quartile_is_that_of_the_sorted_cases(void **state) {
    uint64_t seed = test_seed();
    uint32_t seconds[200], day[200], sorted[JZ_FIGURE_CASES_MAX];
    for (int round = 0; round < 500; round++) {
        setup(state);
        uint32_t count = 1 + next_random(&seed) % 200u;
        for (uint32_t i = 0; i < count; i++) {
            seconds[i] = 1 + next_random(&seed) % 50u; /* many are alike */
            day[i] = TODAY - next_random(&seed) % 240u;
            assert_true(jz_figures_add(&figures, 3, JZ_FIGURE_WIRE, seconds[i], day[i]));
        }
        uint32_t kept = 0;
        for (uint32_t i = count > JZ_FIGURE_CASES_MAX ? count - JZ_FIGURE_CASES_MAX : 0; i < count; i++)
            if (day[i] + JZ_FIGURE_DAYS_MAX >= TODAY) sorted[kept++] = seconds[i];
        qsort(sorted, kept, sizeof sorted[0], by_value);
        assert_int_equal(now().cases, kept);
        assert_int_equal(now().seconds, kept < JZ_FIGURE_CASES_MIN ? 0 : sorted[(3 * kept + 3) / 4 - 1]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(four_cases_say_nothing_and_five_do, setup),
        cmocka_unit_test_setup(one_case_that_went_wrong_does_not_move_the_figure, setup),
        cmocka_unit_test_setup(the_order_in_which_cases_came_does_not_matter, setup),
        cmocka_unit_test_setup(cases_older_than_half_a_year_no_longer_count, setup),
        cmocka_unit_test_setup(the_oldest_case_gives_way_to_the_newest, setup),
        cmocka_unit_test_setup(what_cannot_be_is_not_kept, setup),
        cmocka_unit_test_setup(every_quartile_is_that_of_the_sorted_cases, setup),
        cmocka_unit_test_setup(hospitals_and_treatments_are_kept_apart, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
