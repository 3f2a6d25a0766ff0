/* SPDX-License-Identifier: Apache-2.0 */
/* Signal (clinical-obstetric 9.2), each rule on both sides of its bound. */
#include "trace.h"

static int16_t rate[JZ_CTG_SAMPLES_MAX], level[JZ_CTG_SAMPLES_MAX];

/* The gated and bridged rate of sample `at`. */
static int rate_at(const struct trace *t, uint32_t at) {
    (void)measure(t);
    uint32_t count = jz_ctg_curves(measured(), rate, level);
    assert_int_equal(count, t->count);
    return rate[at];
}

/* Ten minutes of 140, then the rate for so long, then ten minutes of 140. */
static struct trace *with_stretch(int rate_x10, uint32_t samples) {
    struct trace *t = trace_new();
    add_rate(t, 1400, 10 * MINUTE);
    add_rate(t, rate_x10, samples);
    add_rate(t, 1400, 10 * MINUTE);
    return t;
}

static void rates_below_50_and_above_220_are_loss(void **state) {
    (void)state;
    static const struct {
        int rate;
        bool kept;
    } given[] = {{499, false}, {500, true}, {2200, true}, {2201, false}, {-1400, false}};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        struct trace *t = with_stretch(given[i].rate, 60 * SECOND);
        assert_int_equal(rate_at(t, 10 * MINUTE + 100), given[i].kept ? given[i].rate : 0);
    }
}

static void a_run_below_5_s_before_a_gap_above_5_s_is_loss(void **state) {
    (void)state;
    static const struct {
        uint32_t run, gap;
        bool kept;
    } given[] = {{19, 21, false}, {20, 21, true}, {19, 20, true}};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        struct trace *t = trace_new();
        add_rate(t, 1400, 10 * MINUTE);
        add_loss(t, 100);
        add_rate(t, 1420, given[i].run);
        add_loss(t, given[i].gap);
        add_rate(t, 1400, 10 * MINUTE);
        assert_int_equal(rate_at(t, 10 * MINUTE + 105), given[i].kept ? 1420 : 0);
    }
}

static void a_run_below_30_s_off_by_more_than_25_bpm_at_both_ends_is_loss(void **state) {
    (void)state;
    static const struct {
        int rate;
        uint32_t run;
        bool kept;
    } given[] = {{700, 119, false}, {700, 120, true},  {1149, 80, false},
                 {1150, 80, true},  {1651, 80, false}, {1650, 80, true}};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        const struct jz_ctg_measure *m = measure(with_stretch(given[i].rate, given[i].run));
        uint32_t lost = given[i].kept ? 0 : given[i].run;
        assert_int_equal(m->usable_s, (20 * MINUTE + given[i].run - lost) / SECOND);
    }
}

static void a_rise_in_two_steps_is_no_island(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 1200, 10 * MINUTE);
    add_rate(t, 1500, 80);
    add_rate(t, 1800, 10 * MINUTE);
    assert_int_equal(rate_at(t, 10 * MINUTE + 40), 1500);
}

static void a_gap_of_15_s_is_bridged_and_a_longer_one_is_not(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 1400, 10 * MINUTE);
    add_loss(t, 60);
    add_rate(t, 1461, 10 * MINUTE);
    assert_int_equal(rate_at(t, 10 * MINUTE + 29), 1430);
    t = trace_new();
    add_rate(t, 1400, 10 * MINUTE);
    add_loss(t, 61);
    add_rate(t, 1461, 10 * MINUTE);
    assert_int_equal(rate_at(t, 10 * MINUTE + 29), 0);
}

static void a_bridged_gap_is_still_loss_in_the_usable_share(void **state) {
    (void)state;
    const struct jz_ctg_measure *m = measure(with_stretch(0, 60));
    assert_int_equal(m->usable_s, 1200);
    assert_int_equal(m->minute[10].usable_pct, 75);
}

static void of_two_channels_the_higher_rate_counts(void **state) {
    (void)state;
    struct trace *t = with_stretch(1400, 10 * MINUTE);
    for (uint32_t i = 0; i < t->count; i++) t->sample[i].fhr2_bpm_x10 = 700;
    for (uint32_t i = 10 * MINUTE; i < t->count; i++) {
        t->sample[i].fhr_bpm_x10 = 0;
        t->sample[i].fhr2_bpm_x10 = 1450;
    }
    assert_int_equal(rate_at(t, 5 * MINUTE), 1400);
    assert_int_equal(rate_at(t, 15 * MINUTE), 1450);
}

static struct trace *with_mother(int mother_x10, uint32_t samples) {
    struct trace *t = with_stretch(1400, 10 * MINUTE);
    for (uint32_t i = 0; i < t->count; i++) t->sample[i].mhr_bpm_x10 = 800;
    for (uint32_t i = 0; i < samples; i++) t->sample[10 * MINUTE + i].mhr_bpm_x10 = (int16_t)mother_x10;
    return t;
}

static void a_rate_within_5_bpm_of_the_mothers_for_30_s_is_loss(void **state) {
    (void)state;
    static const struct {
        int mother;
        uint32_t samples;
        bool lost;
    } given[] = {{1450, 120, true},  {1350, 120, true},  {1450, 119, false},
                 {1451, 120, false}, {1349, 120, false}, {0, 240, false}};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        const struct jz_ctg_measure *m = measure(with_mother(given[i].mother, given[i].samples));
        assert_int_equal(m->maternal_pickup, given[i].lost);
        assert_int_equal(m->minute[10].maternal, given[i].lost);
        assert_int_equal(m->usable_s, 1800 - (given[i].lost ? 30 : 0));
    }
}

static void losses_within_a_stretch_of_the_mothers_rate_do_not_hide_it(void **state) {
    (void)state;
    struct trace *t = with_mother(1400, 5 * MINUTE);
    for (uint32_t i = 10 * MINUTE; i < 15 * MINUTE; i += 40)
        for (uint32_t k = 0; k < 12; k++) t->sample[i + k].fhr_bpm_x10 = 0;
    const struct jz_ctg_measure *m = measure(t);
    assert_true(m->minute[12].maternal);
    assert_int_equal(m->minute[12].usable_pct, 0);
}

static void the_mothers_rate_alone_leaves_nothing_to_class(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 850, 40 * MINUTE);
    for (uint32_t i = 0; i < t->count; i++) t->sample[i].mhr_bpm_x10 = 850;
    const struct jz_ctg_measure *m = measure(t);
    assert_false(m->adequate);
    assert_true(m->maternal_pickup);
    assert_int_equal(m->usable_permille, 0);
    assert_int_equal(m->baseline_x10, JZ_CTG_UNKNOWN);
    assert_int_equal(field_of(m, "ctg_baseline"), NO_FIELD);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_below_50_and_above_220_are_loss),
        cmocka_unit_test(a_run_below_5_s_before_a_gap_above_5_s_is_loss),
        cmocka_unit_test(a_run_below_30_s_off_by_more_than_25_bpm_at_both_ends_is_loss),
        cmocka_unit_test(a_rise_in_two_steps_is_no_island),
        cmocka_unit_test(a_gap_of_15_s_is_bridged_and_a_longer_one_is_not),
        cmocka_unit_test(a_bridged_gap_is_still_loss_in_the_usable_share),
        cmocka_unit_test(of_two_channels_the_higher_rate_counts),
        cmocka_unit_test(a_rate_within_5_bpm_of_the_mothers_for_30_s_is_loss),
        cmocka_unit_test(losses_within_a_stretch_of_the_mothers_rate_do_not_hide_it),
        cmocka_unit_test(the_mothers_rate_alone_leaves_nothing_to_class),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
