/* SPDX-License-Identifier: Apache-2.0 */
/* Recurrence and what lasts (clinical-obstetric 9.4, 10, 12), and what the antepartum criteria ask for (9.7). */
#include "trace.h"

#define EVERY (3u * MINUTE)

/* Decelerations every three minutes, after 20 minutes without. */
static struct trace *falls_every_three_minutes(uint32_t count, uint32_t to_nadir) {
    struct trace *t = trace_new();
    add_rate(t, 1400, 20 * MINUTE);
    for (uint32_t i = 0; i < count; i++) {
        add_ramp(t, 1399, 1100, to_nadir);
        add_rate(t, 1100, 4);
        add_ramp(t, 1100, 1400, 80);
        add_rate(t, 1400, EVERY - 84 - to_nadir);
    }
    return t;
}

static void late_decelerations_recur_from_the_first_to_the_last(void **state) {
    (void)state;
    const struct jz_ctg_measure *m = measure(falls_every_three_minutes(6, 140));
    assert_int_equal(field_of(m, "ctg_late"), 6);
    assert_int_equal(field_of(m, "ctg_late_s"), (5 * EVERY + 224) / SECOND);
    assert_int_equal(field_of(m, "ctg_late_prolonged_s"), (5 * EVERY + 224) / SECOND);
    assert_int_equal(field_of(m, "ctg_variable_s"), 0);
    assert_int_equal(field_of(m, "ctg_concerning_s"), 0);
}

static void variable_ones_recur_by_themselves(void **state) {
    (void)state;
    const struct jz_ctg_measure *m = measure(falls_every_three_minutes(6, 60));
    assert_int_equal(field_of(m, "ctg_variable"), 6);
    assert_int_equal(field_of(m, "ctg_variable_s"), (5 * EVERY + 144) / SECOND);
    assert_int_equal(field_of(m, "ctg_late_s"), 0);
    assert_int_equal(field_of(m, "ctg_late_prolonged_s"), 0);
}

static void twenty_minutes_without_one_end_a_chain(void **state) {
    (void)state;
    struct trace *t = falls_every_three_minutes(3, 140);
    add_rate(t, 1400, 20 * MINUTE - (EVERY - 224));
    assert_int_equal(field_of(measure(t), "ctg_late_s"), (2 * EVERY + 224) / SECOND);
    add_rate(t, 1400, 1);
    assert_int_equal(field_of(measure(t), "ctg_late_s"), 0);
}

/* Contractions every three minutes; `with` of every four come with a late deceleration. */
static const struct jz_ctg_measure *late_with(uint32_t with) {
    struct trace *t = trace_new();
    add_rate(t, 1400, 20 * MINUTE);
    for (uint32_t i = 0; i < 12; i++) {
        if (i % 4 < with) {
            add_rate(t, 1400, 200);
            add_ramp(t, 1399, 1100, 140);
            add_ramp(t, 1100, 1400, 100);
            add_rate(t, 1400, EVERY - 440);
        } else {
            add_rate(t, 1400, EVERY);
        }
    }
    rest_toco(t);
    for (uint32_t i = 0; i < 12; i++) peak_toco(t, 20 * MINUTE + i * EVERY + 200, 160, 500);
    return measure(t);
}

static void recurrence_is_counted_in_contractions(void **state) {
    (void)state;
    static const uint32_t late[] = {0, 1, 2, 4, 6}; /* of the six contractions of the last 20 minutes */
    for (uint32_t with = 0; with <= 4; with++) {
        const struct jz_ctg_measure *m = late_with(with);
        assert_int_equal(field_of(m, "ctg_contractions_20"), 6);
        assert_int_equal(field_of(m, "ctg_late_20"), late[with]);
        assert_int_equal(field_of(m, "ctg_decels_20"), late[with]);
        assert_int_equal(field_of(m, "ctg_variable_20"), 0);
    }
}

static void late_ones_with_fewer_than_half_of_contractions_do_not_count_as_repetitive(void **state) {
    (void)state;
    assert_int_equal(field_of(late_with(1), "ctg_late_prolonged_s"), 0);
    assert_true(field_of(late_with(3), "ctg_late_prolonged_s") > 1800);
    assert_true(field_of(late_with(4), "ctg_late_prolonged_s") > 1800);
}

static void exactly_half_is_not_over_half(void **state) {
    (void)state;
    struct trace *t = trace_new();
    const uint32_t every = 600; /* eight in any 20 minutes, four of them with a late deceleration */
    add_rate(t, 1400, 20 * MINUTE);
    for (uint32_t i = 0; i < 24; i++) {
        if (i % 2) {
            add_rate(t, 1400, 200);
            add_ramp(t, 1399, 1100, 140);
            add_ramp(t, 1100, 1400, 100);
            add_rate(t, 1400, every - 440);
        } else {
            add_rate(t, 1400, every);
        }
    }
    rest_toco(t);
    for (uint32_t i = 0; i < 24; i++) peak_toco(t, 20 * MINUTE + i * every + 200, 160, 500);
    const struct jz_ctg_measure *m = measure(t);
    assert_int_equal(field_of(m, "ctg_contractions_20"), 8);
    assert_int_equal(field_of(m, "ctg_late_20"), 4);
    assert_int_equal(field_of(m, "ctg_late_prolonged_s"), 0);
}

static void prolonged_ones_count_with_the_late_ones(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 1400, 20 * MINUTE);
    for (uint32_t i = 0; i < 4; i++) {
        add_rate(t, 1200, 480);
        add_rate(t, 1400, 8 * MINUTE);
    }
    const struct jz_ctg_measure *m = measure(t);
    assert_int_equal(field_of(m, "ctg_late"), 0);
    assert_int_equal(field_of(m, "ctg_late_prolonged_s"), 3 * 600 + 120);
}

static void lost_beats_are_the_area_below_the_baseline(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 1400, 10 * MINUTE);
    add_rate(t, 1200, MINUTE);
    add_rate(t, 1400, 4 * MINUTE);
    add_rate(t, 1100, MINUTE);
    add_rate(t, 1400, 14 * MINUTE);
    const struct jz_ctg_measure *m = measure(t);
    assert_int_equal(field_of(m, "dr_lost_beats"), 300);
    assert_int_equal(field_of(m, "dr_record_s"), 1800);
    assert_int_equal(field_of(m, "dr_usable"), 1000);
    assert_int_equal(field_of(m, "dr_baseline"), 1400);
    assert_int_equal(field_of(m, "dr_accelerations"), 0);
    assert_int_equal(field_of(m, "dr_sinusoidal"), 0);
    assert_int_equal(field_of(m, "dr_end_error"), 0);
}

static void a_record_that_ends_in_loss_or_off_limits_ends_in_error(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 1400, 20 * MINUTE);
    add_loss(t, 130);
    add_rate(t, 1400, 110);
    assert_int_equal(field_of(measure(t), "dr_end_error"), 1);
    static const struct {
        int rate;
        uint32_t days;
        int32_t error;
    } given[] = {{1100, 0, 0},   {1099, 0, 1},   {1601, 0, 1},  {1600, 0, 0},
                 {1150, 209, 1}, {1160, 209, 0}, {1150, 210, 0}};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        t->count = 0;
        t->ga_days = given[i].days;
        add_rate(t, given[i].rate, 20 * MINUTE);
        assert_int_equal(field_of(measure(t), "dr_end_error"), given[i].error);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(late_decelerations_recur_from_the_first_to_the_last),
        cmocka_unit_test(variable_ones_recur_by_themselves),
        cmocka_unit_test(twenty_minutes_without_one_end_a_chain),
        cmocka_unit_test(recurrence_is_counted_in_contractions),
        cmocka_unit_test(late_ones_with_fewer_than_half_of_contractions_do_not_count_as_repetitive),
        cmocka_unit_test(exactly_half_is_not_over_half),
        cmocka_unit_test(prolonged_ones_count_with_the_late_ones),
        cmocka_unit_test(lost_beats_are_the_area_below_the_baseline),
        cmocka_unit_test(a_record_that_ends_in_loss_or_off_limits_ends_in_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
