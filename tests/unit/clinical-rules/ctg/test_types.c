/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds of decelerations (clinical-obstetric 9.4, 9.6), each bound from both sides. */
#include "trace.h"

#define AT (15u * MINUTE)

/* A deceleration at AT of 40 bpm whose nadir comes `to_nadir` samples after its onset; over in `back` more. */
static struct trace *with_fall(uint32_t to_nadir, uint32_t back) {
    struct trace *t = trace_new();
    add_rate(t, 1400, AT);
    add_ramp(t, 1399, 1000, to_nadir);
    add_rate(t, 1000, 4);
    add_ramp(t, 1000, 1400, back - 4);
    add_rate(t, 1400, AT);
    return t;
}

static const struct jz_ctg_event *fall_of(const struct jz_ctg_measure *m) {
    for (uint32_t i = 0; i < m->event_count; i++)
        if (m->event[i].kind != JZ_CTG_CONTRACTION) return &m->event[i];
    fail_msg("no deceleration");
    return NULL;
}

static void onset_to_nadir_below_30_s_is_variable(void **state) {
    (void)state;
    assert_int_equal(fall_of(measure(with_fall(119, 80)))->kind, JZ_CTG_VARIABLE);
    assert_int_equal(fall_of(measure(with_fall(120, 80)))->kind, JZ_CTG_UNIFORM);
}

static void without_a_contraction_curve_a_gradual_one_counts_as_late(void **state) {
    (void)state;
    const struct jz_ctg_measure *m = measure(with_fall(140, 140));
    assert_int_equal(fall_of(m)->kind, JZ_CTG_UNIFORM);
    assert_int_equal(fall_of(m)->lag, JZ_CTG_UNKNOWN);
    assert_false(m->toco_usable);
    assert_int_equal(field_of(m, "ctg_late"), 1);
    assert_int_equal(field_of(m, "ctg_late_20"), 1);
    assert_int_equal(field_of(m, "ctg_contractions_20"), 0);
    assert_int_equal(field_of(m, "ctg_toco_usable"), 0);
    assert_int_equal(field_of(m, "ctg_decel_lag_s"), NO_FIELD);
    assert_int_equal(field_of(m, "ctg_decel_after_acme"), NO_FIELD);
}

/* The nadir is at AT + 140; the contraction's peak `before` it. */
static const struct jz_ctg_measure *with_contraction(uint32_t before) {
    struct trace *t = with_fall(140, 140);
    rest_toco(t);
    peak_toco(t, AT + 140 - before, 200, 500);
    return measure(t);
}

static void a_nadir_with_the_contractions_peak_is_early_and_after_it_late(void **state) {
    (void)state;
    assert_int_equal(fall_of(with_contraction(0))->kind, JZ_CTG_EARLY);
    assert_false(fall_of(with_contraction(0))->after_acme);
    assert_int_equal(fall_of(with_contraction(16))->kind, JZ_CTG_EARLY);
    assert_int_equal(fall_of(with_contraction(24))->kind, JZ_CTG_LATE);
    assert_true(fall_of(with_contraction(24))->after_acme);
    const struct jz_ctg_measure *m = with_contraction(100);
    assert_int_equal(fall_of(m)->kind, JZ_CTG_LATE);
    assert_int_equal(field_of(m, "ctg_decel_after_acme"), 1);
    assert_int_equal(field_of(m, "ctg_late_20"), 1);
    assert_int_equal(field_of(m, "ctg_contractions_20"), 1);
    m = with_contraction(0);
    assert_int_equal(field_of(m, "ctg_late"), 0);
    assert_int_equal(field_of(m, "ctg_decels_20"), 1);
}

/* A rise with the nadir in a curve of which too little was recorded to rely on its contractions. */
static void only_a_curve_that_can_be_used_makes_one_early(void **state) {
    (void)state;
    for (uint32_t minutes = 9; minutes <= 17; minutes += 8) {
        struct trace *t = with_fall(140, 140);
        rest_toco(t);
        peak_toco(t, AT + 140, 200, 500);
        for (uint32_t i = 0; i < t->count; i++)
            if (i < AT - 4 * MINUTE || i >= AT + (minutes - 4) * MINUTE)
                t->sample[i].toco_x10 = JZ_CTG_NO_TOCO;
        const struct jz_ctg_measure *m = measure(t);
        assert_int_equal(m->toco_usable, minutes == 17);
        assert_int_equal(event_count(m, JZ_CTG_EARLY), minutes == 17);
        assert_int_equal(event_count(m, JZ_CTG_UNIFORM), minutes == 9);
        assert_int_equal(field_of(m, "ctg_late_20"), minutes == 9);
    }
}

static void the_lag_is_from_the_onset_of_the_contraction(void **state) {
    (void)state;
    struct trace *t = with_fall(140, 140);
    flat_toco(t, 100);
    raise_toco(t, AT - 100, 240, 400);
    const struct jz_ctg_measure *m = measure(t);
    /* The curve's mean over 4 s crosses 10 units above rest 4 samples before the middle of a step of 40. */
    assert_in_range((uint64_t)fall_of(m)->lag, 100, 108);
}

static void a_contraction_long_over_is_not_its_cause(void **state) {
    (void)state;
    struct trace *t = with_fall(140, 140);
    rest_toco(t);
    raise_toco(t, AT - 500, 240, 400);
    assert_int_equal(fall_of(measure(t))->kind, JZ_CTG_UNIFORM);
    t = with_fall(140, 140);
    rest_toco(t);
    raise_toco(t, AT - 300, 240, 400); /* over 15 s before */
    assert_int_equal(fall_of(measure(t))->kind, JZ_CTG_LATE);
}

static void a_variable_one_stays_so_whatever_the_contraction(void **state) {
    (void)state;
    struct trace *t = with_fall(60, 60);
    rest_toco(t);
    peak_toco(t, AT + 60, 200, 500);
    const struct jz_ctg_measure *m = measure(t);
    assert_int_equal(fall_of(m)->kind, JZ_CTG_VARIABLE);
    assert_int_equal(field_of(m, "ctg_variable_20"), 1);
    assert_int_equal(field_of(m, "ctg_late_20"), 0);
}

static void longer_than_60_s_is_concerning(void **state) {
    (void)state;
    for (uint32_t samples = 240; samples <= 241; samples++) {
        struct trace *t = trace_new();
        add_rate(t, 1400, AT);
        add_rate(t, 1100, samples);
        add_rate(t, 1400, AT);
        const struct jz_ctg_measure *m = measure(t);
        assert_int_equal(fall_of(m)->kind, JZ_CTG_VARIABLE);
        assert_int_equal(fall_of(m)->concerning, samples > 240);
        assert_int_equal(field_of(m, "ctg_concerning_20"), samples > 240);
        assert_int_equal(field_of(m, "ctg_variable_20"), 1);
    }
}

static void two_dips_with_half_the_depth_between_them_are_concerning(void **state) {
    (void)state;
    static const struct {
        int between;
        bool concerning;
    } given[] = {{1150, false}, {1199, false}, {1200, true}, {1350, true}};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        struct trace *t = trace_new();
        add_rate(t, 1400, AT);
        add_ramp(t, 1399, 1000, 20);
        add_rate(t, 1000, 40);
        add_ramp(t, 1000, given[i].between, 20);
        add_rate(t, given[i].between, 20);
        add_ramp(t, given[i].between, 1000, 20);
        add_rate(t, 1000, 40);
        add_ramp(t, 1000, 1400, 20);
        add_rate(t, 1400, AT);
        assert_int_equal(fall_of(measure(t))->concerning, given[i].concerning);
    }
}

static void a_gradual_one_is_never_called_concerning(void **state) {
    (void)state;
    assert_false(fall_of(measure(with_fall(200, 200)))->concerning);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(onset_to_nadir_below_30_s_is_variable),
        cmocka_unit_test(without_a_contraction_curve_a_gradual_one_counts_as_late),
        cmocka_unit_test(a_nadir_with_the_contractions_peak_is_early_and_after_it_late),
        cmocka_unit_test(only_a_curve_that_can_be_used_makes_one_early),
        cmocka_unit_test(the_lag_is_from_the_onset_of_the_contraction),
        cmocka_unit_test(a_contraction_long_over_is_not_its_cause),
        cmocka_unit_test(a_variable_one_stays_so_whatever_the_contraction),
        cmocka_unit_test(longer_than_60_s_is_concerning),
        cmocka_unit_test(two_dips_with_half_the_depth_between_them_are_concerning),
        cmocka_unit_test(a_gradual_one_is_never_called_concerning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
