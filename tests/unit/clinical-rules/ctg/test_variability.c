/* SPDX-License-Identifier: Apache-2.0 */
/* Variability (clinical-obstetric 9.5), sinusoidal pattern (9.4), short-term variation (9.7). */
#include <math.h>

#include "trace.h"

static void variability_is_the_band_of_a_minute(void **state) {
    (void)state;
    static const int given[] = {0, 10, 49, 50, 60, 250, 251};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        struct trace *t = trace_new();
        add_band(t, 1400, given[i], 30 * MINUTE);
        const struct jz_ctg_measure *m = measure(t);
        assert_int_equal(m->variability_x10, given[i]);
        assert_int_equal(m->minute[12].variability_x10, given[i]);
        assert_int_equal(field_of(m, "ctg_low_variability_s"), given[i] < 50 ? 1800 : 0);
        assert_int_equal(field_of(m, "ctg_high_variability_s"), given[i] > 250 ? 1800 : 0);
    }
}

static void it_is_that_of_means_of_one_second(void **state) {
    (void)state;
    struct trace *t = trace_new();
    for (uint32_t i = 0; i < 30 * MINUTE / 2; i++) {
        add_rate(t, 1400, 1);
        add_rate(t, 1420, 1);
    }
    assert_int_equal(measure(t)->variability_x10, 0);
}

static void a_minute_within_an_event_has_none(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_band(t, 1400, 60, 20 * MINUTE);
    add_band(t, 1100, 200, 2 * MINUTE);
    add_band(t, 1400, 60, 20 * MINUTE);
    const struct jz_ctg_measure *m = measure(t);
    assert_int_equal(m->minute[21].variability_x10, JZ_CTG_UNKNOWN);
    assert_int_equal(m->minute[19].variability_x10, 60);
    assert_int_equal(m->variability_x10, 60);
}

static void the_window_has_the_median_of_its_minutes(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_band(t, 1400, 60, 30 * MINUTE); /* before the window */
    add_band(t, 1400, 60, 14 * MINUTE);
    add_band(t, 1400, 120, 16 * MINUTE);
    assert_int_equal(measure(t)->variability_x10, 120);
}

static void one_or_two_odd_minutes_do_not_break_a_state(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_band(t, 1400, 30, 30 * MINUTE);
    add_band(t, 1400, 100, 1 * MINUTE);
    add_band(t, 1400, 30, 24 * MINUTE);
    assert_int_equal(field_of(measure(t), "ctg_low_variability_s"), 3300);
    t = trace_new();
    add_band(t, 1400, 30, 30 * MINUTE);
    add_band(t, 1400, 100, 2 * MINUTE);
    add_band(t, 1400, 30, 23 * MINUTE);
    assert_int_equal(field_of(measure(t), "ctg_low_variability_s"), 3300);
    t = trace_new();
    add_band(t, 1400, 30, 30 * MINUTE);
    add_band(t, 1400, 100, 5 * MINUTE);
    add_band(t, 1400, 30, 20 * MINUTE);
    assert_int_equal(field_of(measure(t), "ctg_low_variability_s"), 1200);
}

static void ten_minutes_without_signal_leave_it_unknown(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_band(t, 1400, 30, 40 * MINUTE);
    add_loss(t, 8 * MINUTE);
    assert_int_equal(field_of(measure(t), "ctg_low_variability_s"), 2880);
    add_loss(t, 3 * MINUTE);
    assert_int_equal(field_of(measure(t), "ctg_low_variability_s"), NO_FIELD);
}

static void inside_a_deceleration_the_flat_stretch_is_measured(void **state) {
    (void)state;
    static const struct {
        int band;
        int32_t seconds;
    } given[] = {{40, 240}, {60, 0}};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        struct trace *t = trace_new();
        add_rate(t, 1400, 20 * MINUTE);
        add_band(t, 900, given[i].band, 4 * MINUTE);
        add_rate(t, 1400, 10 * MINUTE);
        assert_int_equal(field_of(measure(t), "ctg_decel_low_variability_s"), given[i].seconds);
    }
}

static void add_sine(struct trace *t, double height_x10, double per_minute, uint32_t samples) {
    uint32_t from = t->count;
    for (uint32_t i = 0; i < samples; i++)
        add_rate(
            t, 1400 + (int)lround(height_x10 * sin(2 * 3.141592653589793 * per_minute * (from + i) / MINUTE)),
            1);
}

static int32_t sinusoidal_s(double height_x10, double per_minute) {
    struct trace *t = trace_new();
    add_rate(t, 1400, 10 * MINUTE);
    add_sine(t, height_x10, per_minute, 21 * MINUTE);
    return field_of(measure(t), "ctg_sinusoidal_s");
}

static void a_smooth_wave_of_3_to_5_a_minute_is_sinusoidal(void **state) {
    (void)state;
    static const struct {
        double height, per_minute;
        bool found;
    } given[] = {{100, 4, true},    {100, 3, true},  {100, 5, true},   {100, 3.54, true},
                 {100, 4.62, true}, {30, 4, true},   {140, 4.3, true}, {20, 4, false},
                 {160, 4, false},   {100, 2, false}, {100, 7, false}};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        int32_t seconds = sinusoidal_s(given[i].height, given[i].per_minute);
        if (given[i].found)
            assert_in_range(seconds, 1200, 1320);
        else
            assert_int_equal(seconds, 0);
    }
}

static void two_waves_at_once_are_not_smooth(void **state) {
    (void)state;
    struct trace *t = trace_new();
    for (uint32_t i = 0; i < 30 * MINUTE; i++) {
        double turn = 2 * 3.141592653589793 * i / MINUTE;
        add_rate(t, 1400 + (int)lround(50 * sin(3.2 * turn) + 50 * sin(4.7 * turn)), 1);
    }
    assert_int_equal(field_of(measure(t), "ctg_sinusoidal_s"), 0);
}

static void ten_minutes_of_it_count_in_an_antepartum_record(void **state) {
    (void)state;
    for (uint32_t minutes = 8; minutes <= 12; minutes += 4) {
        struct trace *t = trace_new();
        add_rate(t, 1400, 10 * MINUTE);
        add_sine(t, 80, 4, minutes * MINUTE);
        add_rate(t, 1400, 10 * MINUTE);
        assert_int_equal(field_of(measure(t), "dr_sinusoidal"), minutes == 12);
        assert_int_equal(field_of(measure(t), "ctg_sinusoidal_s"), 0);
    }
}

static void a_minute_needs_half_of_it_outside_of_events(void **state) {
    (void)state;
    for (uint32_t loss = 120; loss <= 124; loss += 4) {
        struct trace *t = trace_new();
        add_band(t, 1400, 60, 20 * MINUTE);
        add_loss(t, loss);
        add_band(t, 1400, 60, 20 * MINUTE - loss);
        assert_int_equal(measure(t)->minute[20].variability_x10 == JZ_CTG_UNKNOWN, loss > 120);
    }
}

static void ordinary_variability_is_not_sinusoidal(void **state) {
    (void)state;
    uint64_t seed = seed_of("ordinary_variability_is_not_sinusoidal");
    struct trace *t = trace_new();
    int rate = 1400;
    for (uint32_t i = 0; i < 60 * MINUTE / 2; i++) {
        rate += (int)draw(&seed, 41) - 20 - (rate - 1400) / 20;
        add_rate(t, rate, 2);
    }
    const struct jz_ctg_measure *m = measure(t);
    uint32_t count = 0;
    for (uint32_t i = 0; i < m->minute_count; i++) count += m->minute[i].sinusoidal;
    assert_in_range(count, 0, 2);
}

static void accelerations_end_a_sinusoidal_pattern(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_sine(t, 80, 4, 30 * MINUTE);
    assert_int_equal(field_of(measure(t), "ctg_sinusoidal_s"), 1800);
    for (uint32_t i = 0; i < 80; i++) t->sample[25 * MINUTE + 100 + i].fhr_bpm_x10 = 1650;
    assert_in_range(field_of(measure(t), "ctg_sinusoidal_s"), 120, 300);
}

static void short_term_variation_is_the_mean_step_between_epochs(void **state) {
    (void)state;
    struct trace *t = trace_new();
    for (uint32_t i = 0; i < 400; i++) add_rate(t, i % 2 ? 1420 : 1400, 15);
    assert_int_equal(measure(t)->stv_ms_x100, 42857 - 42253);
    assert_int_equal(field_of(measure(t), "ctg_stv"), 604);
}

static void it_needs_ten_minutes_of_signal(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 1400, 10 * MINUTE - 1);
    assert_int_equal(measure(t)->stv_ms_x100, JZ_CTG_UNKNOWN);
    add_rate(t, 1400, 1);
    assert_int_equal(measure(t)->stv_ms_x100, 0);
}

static void decelerations_and_losses_are_left_out_of_it(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 1400, 20 * MINUTE);
    add_ramp(t, 1399, 1000, 100);
    add_ramp(t, 1000, 1400, 100);
    add_rate(t, 1400, 10 * MINUTE);
    add_loss(t, 90);
    add_rate(t, 1400, 10 * MINUTE);
    assert_int_equal(measure(t)->stv_ms_x100, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(variability_is_the_band_of_a_minute),
        cmocka_unit_test(it_is_that_of_means_of_one_second),
        cmocka_unit_test(a_minute_within_an_event_has_none),
        cmocka_unit_test(the_window_has_the_median_of_its_minutes),
        cmocka_unit_test(one_or_two_odd_minutes_do_not_break_a_state),
        cmocka_unit_test(ten_minutes_without_signal_leave_it_unknown),
        cmocka_unit_test(inside_a_deceleration_the_flat_stretch_is_measured),
        cmocka_unit_test(a_smooth_wave_of_3_to_5_a_minute_is_sinusoidal),
        cmocka_unit_test(two_waves_at_once_are_not_smooth),
        cmocka_unit_test(ten_minutes_of_it_count_in_an_antepartum_record),
        cmocka_unit_test(a_minute_needs_half_of_it_outside_of_events),
        cmocka_unit_test(ordinary_variability_is_not_sinusoidal),
        cmocka_unit_test(accelerations_end_a_sinusoidal_pattern),
        cmocka_unit_test(short_term_variation_is_the_mean_step_between_epochs),
        cmocka_unit_test(it_needs_ten_minutes_of_signal),
        cmocka_unit_test(decelerations_and_losses_are_left_out_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
