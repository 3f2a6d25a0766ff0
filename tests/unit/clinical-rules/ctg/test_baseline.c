/* SPDX-License-Identifier: Apache-2.0 */
/* Baseline (clinical-obstetric 9.3), and what becomes of it when the rate stays away from it. */
#include "trace.h"

static void a_steady_rate_is_its_own_baseline(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 1375, 30 * MINUTE);
    const struct jz_ctg_measure *m = measure(t);
    assert_int_equal(m->baseline_x10, 1375);
    assert_int_equal(m->baseline_start_x10, 1375);
    for (uint32_t i = 0; i < 30; i++) assert_int_equal(m->minute[i].baseline_x10, 1375);
}

static void bradycardia_and_tachycardia_begin_beyond_110_and_160(void **state) {
    (void)state;
    static const struct {
        int rate, below, above;
    } given[] = {{1099, 1200, 0}, {1100, 0, 0}, {1600, 0, 0}, {1601, 0, 1200}};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        struct trace *t = trace_new();
        add_rate(t, given[i].rate, 20 * MINUTE);
        const struct jz_ctg_measure *m = measure(t);
        assert_int_equal(field_of(m, "ctg_below_110_s"), given[i].below);
        assert_int_equal(field_of(m, "ctg_above_160_s"), given[i].above);
    }
}

static void two_minutes_of_baseline_in_ten_are_needed(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 1400, 2 * MINUTE - 1);
    assert_int_equal(measure(t)->baseline_x10, JZ_CTG_UNKNOWN);
    add_rate(t, 1400, 1);
    assert_int_equal(measure(t)->baseline_x10, 1400);
}

static void a_minute_read_by_less_than_half_does_not_count(void **state) {
    (void)state;
    for (uint32_t read = 119; read <= 120; read++) {
        struct trace *t = trace_new();
        for (uint32_t m = 0; m < 10; m++) {
            add_rate(t, 1400, read);
            add_loss(t, MINUTE - read);
        }
        assert_int_equal(measure(t)->baseline_x10, read < 120 ? JZ_CTG_UNKNOWN : 1400);
    }
}

static void accelerations_and_decelerations_do_not_move_it(void **state) {
    (void)state;
    struct trace *t = trace_new();
    for (uint32_t i = 0; i < 30; i++) {
        add_rate(t, 1400, 30 * SECOND);
        add_rate(t, i % 2 ? 1600 : 1250, 30 * SECOND);
    }
    const struct jz_ctg_measure *m = measure(t);
    for (uint32_t i = 0; i < 30; i++) assert_int_equal(m->minute[i].baseline_x10, 1400);
    assert_int_equal(event_count(m, JZ_CTG_ACCELERATION), 15);
}

static void without_signal_it_carries_on_for_ten_minutes(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 1400, 30 * MINUTE);
    add_loss(t, 40 * MINUTE);
    const struct jz_ctg_measure *m = measure(t);
    assert_int_equal(m->minute[35].baseline_x10, 1400);
    assert_int_equal(m->minute[42].baseline_x10, 1400);
    assert_int_equal(m->minute[45].baseline_x10, JZ_CTG_UNKNOWN);
    assert_int_equal(m->baseline_x10, JZ_CTG_UNKNOWN);
}

/* 140 for half an hour, then 80 for so long. */
static const struct jz_ctg_measure *fallen_for(uint32_t samples) {
    struct trace *t = trace_new();
    add_rate(t, 1400, 30 * MINUTE);
    add_rate(t, 800, samples);
    return measure(t);
}

static void a_fall_of_less_than_ten_minutes_is_a_deceleration_still_going_on(void **state) {
    (void)state;
    for (uint32_t minutes = 1; minutes < 10; minutes++) {
        const struct jz_ctg_measure *m = fallen_for(minutes * MINUTE);
        assert_int_equal(m->baseline_x10, 1400);
        assert_int_equal(field_of(m, "ctg_ongoing_decel_s"), minutes * 60);
        assert_int_equal(field_of(m, "ctg_longest_decel_s"), minutes * 60);
        assert_int_equal(field_of(m, "ctg_below_110_s"), 0);
    }
}

static void after_ten_minutes_it_is_bradycardia_since_it_began(void **state) {
    (void)state;
    const struct jz_ctg_measure *m = fallen_for(10 * MINUTE);
    assert_int_equal(m->baseline_x10, 800);
    assert_int_equal(m->baseline_start_x10, 1400);
    assert_int_equal(field_of(m, "ctg_below_110_s"), 600);
    m = fallen_for(14 * MINUTE);
    assert_int_equal(field_of(m, "ctg_below_110_s"), 840);
    assert_int_equal(field_of(m, "ctg_ongoing_decel_s"), 840);
}

static void a_rate_that_has_come_back_is_not_going_on(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 1400, 30 * MINUTE);
    add_rate(t, 800, 14 * MINUTE);
    add_rate(t, 1400, MINUTE);
    const struct jz_ctg_measure *m = measure(t);
    assert_int_equal(field_of(m, "ctg_ongoing_decel_s"), 0);
}

static void from_the_start_only_below_100_is_an_emergency(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 800, 4 * MINUTE);
    assert_int_equal(field_of(measure(t), "ctg_ongoing_decel_s"), 240);
    t = trace_new();
    add_rate(t, 1050, 15 * MINUTE);
    const struct jz_ctg_measure *m = measure(t);
    assert_int_equal(field_of(m, "ctg_ongoing_decel_s"), 0);
    assert_int_equal(field_of(m, "ctg_below_110_s"), 900);
}

static void below_110_it_takes_ten_minutes_to_be_bradycardia(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 1150, 20 * MINUTE);
    add_rate(t, 1050, 9 * MINUTE);
    assert_int_equal(field_of(measure(t), "ctg_ongoing_decel_s"), 0);
    add_rate(t, 1050, 11 * MINUTE);
    assert_in_range(field_of(measure(t), "ctg_ongoing_decel_s"), 900, 1320);
}

static void a_short_loss_does_not_end_what_is_going_on_and_a_long_one_hides_it(void **state) {
    (void)state;
    static const struct {
        uint32_t loss, tail;
        int32_t seconds;
    } given[] = {{20 * SECOND, 60 * SECOND, 200}, {31 * SECOND, 60 * SECOND, 60},
                 {16 * SECOND, 0, NO_FIELD},      {16 * SECOND, SECOND, 137}, /* no event of its own yet */
                 {30 * SECOND, 14 * SECOND, 164}, {31 * SECOND, 14 * SECOND, 0}};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        struct trace *t = trace_new();
        add_rate(t, 1400, 30 * MINUTE);
        add_rate(t, 800, 2 * MINUTE);
        add_loss(t, given[i].loss);
        add_rate(t, 800, given[i].tail);
        assert_int_equal(field_of(measure(t), "ctg_ongoing_decel_s"), given[i].seconds);
    }
}

static void a_rate_that_comes_back_up_after_a_loss_has_ended_it(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 1400, 30 * MINUTE);
    add_rate(t, 800, 2 * MINUTE);
    add_loss(t, 20 * SECOND);
    add_rate(t, 1330, 10 * SECOND);
    assert_int_equal(field_of(measure(t), "ctg_ongoing_decel_s"), 0);
}

/* The sum of its parts is how long it has been so far. */
static void what_is_going_on_over_a_loss_is_the_longest(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 1400, 30 * MINUTE);
    add_rate(t, 800, 200 * SECOND);
    add_loss(t, 20 * SECOND);
    add_rate(t, 800, 100 * SECOND);
    const struct jz_ctg_measure *m = measure(t);
    assert_int_equal(field_of(m, "ctg_ongoing_decel_s"), 320);
    assert_int_equal(field_of(m, "ctg_longest_decel_s"), 320);
    add_rate(t, 1400, 5 * MINUTE); /* nor is it shorter once it is over */
    m = measure(t);
    assert_int_equal(field_of(m, "ctg_ongoing_decel_s"), 0);
    assert_int_equal(field_of(m, "ctg_longest_decel_s"), 320);
}

static void a_fall_that_creeps_in_is_not_followed(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 1400, 30 * MINUTE);
    add_ramp(t, 1400, 800, 2 * MINUTE);
    add_rate(t, 800, 7 * MINUTE);
    const struct jz_ctg_measure *m = measure(t);
    assert_int_equal(m->baseline_x10, 1400);
    assert_true(field_of(m, "ctg_ongoing_decel_s") > 500);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_steady_rate_is_its_own_baseline),
        cmocka_unit_test(bradycardia_and_tachycardia_begin_beyond_110_and_160),
        cmocka_unit_test(two_minutes_of_baseline_in_ten_are_needed),
        cmocka_unit_test(a_minute_read_by_less_than_half_does_not_count),
        cmocka_unit_test(accelerations_and_decelerations_do_not_move_it),
        cmocka_unit_test(without_signal_it_carries_on_for_ten_minutes),
        cmocka_unit_test(a_fall_of_less_than_ten_minutes_is_a_deceleration_still_going_on),
        cmocka_unit_test(after_ten_minutes_it_is_bradycardia_since_it_began),
        cmocka_unit_test(a_rate_that_has_come_back_is_not_going_on),
        cmocka_unit_test(from_the_start_only_below_100_is_an_emergency),
        cmocka_unit_test(below_110_it_takes_ten_minutes_to_be_bradycardia),
        cmocka_unit_test(a_short_loss_does_not_end_what_is_going_on_and_a_long_one_hides_it),
        cmocka_unit_test(a_rate_that_comes_back_up_after_a_loss_has_ended_it),
        cmocka_unit_test(what_is_going_on_over_a_loss_is_the_longest),
        cmocka_unit_test(a_fall_that_creeps_in_is_not_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
