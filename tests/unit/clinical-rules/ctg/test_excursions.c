/* SPDX-License-Identifier: Apache-2.0 */
/* Accelerations and decelerations (clinical-obstetric 9.4): heights, lengths and edges on both sides of each bound. */
#include "trace.h"

#define AT (15u * MINUTE)

/* Half an hour of 140 with one rectangle at AT. */
static struct trace *with_step(int rate_x10, uint32_t samples) {
    struct trace *t = trace_new();
    add_rate(t, 1400, AT);
    add_rate(t, rate_x10, samples);
    add_rate(t, 1400, AT);
    return t;
}

static void an_acceleration_is_15_bpm_or_more_for_15_s_or_more(void **state) {
    (void)state;
    static const struct {
        int rate;
        uint32_t samples, found;
    } given[] = {{1550, 60, 1}, {1549, 60, 0}, {1550, 59, 0}, {1540, 56, 0}};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        const struct jz_ctg_measure *m = measure(with_step(given[i].rate, given[i].samples));
        assert_int_equal(event_count(m, JZ_CTG_ACCELERATION), given[i].found);
        assert_int_equal(field_of(m, "ctg_accelerations"), given[i].found);
    }
}

static void before_32_weeks_10_bpm_for_10_s_are_one(void **state) {
    (void)state;
    static const struct {
        uint32_t days;
        int rate;
        uint32_t samples, found;
    } given[] = {
        {223, 1500, 40, 1}, {223, 1499, 40, 0}, {223, 1500, 39, 0}, {224, 1500, 40, 0}, {0, 1500, 40, 0}};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        struct trace *t = with_step(given[i].rate, given[i].samples);
        t->ga_days = given[i].days;
        assert_int_equal(event_count(measure(t), JZ_CTG_ACCELERATION), given[i].found);
    }
}

static void a_deceleration_is_15_bpm_or_more_for_15_s_or_more_at_any_age(void **state) {
    (void)state;
    static const struct {
        uint32_t days;
        int rate;
        uint32_t samples, found;
    } given[] = {{0, 1250, 60, 1}, {0, 1251, 60, 0}, {0, 1250, 59, 0}, {200, 1251, 60, 0}};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        struct trace *t = with_step(given[i].rate, given[i].samples);
        t->ga_days = given[i].days;
        assert_int_equal(event_count(measure(t), JZ_CTG_VARIABLE), given[i].found);
    }
}

static void it_lasts_from_crossing_to_crossing(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 1400, AT);
    add_ramp(t, 1390, 1000, 20 * SECOND);
    add_rate(t, 1000, 10 * SECOND);
    add_ramp(t, 1000, 1400, 30 * SECOND);
    add_rate(t, 1400, AT);
    const struct jz_ctg_measure *m = measure(t);
    const struct jz_ctg_event *e = event_at(m, JZ_CTG_VARIABLE, 0);
    assert_int_equal(e->start, AT);
    assert_int_equal(e->peak, AT + 20 * SECOND);
    assert_int_equal(e->end, AT + 60 * SECOND);
    assert_int_equal(e->height_x10, 400);
    assert_int_equal(field_of(m, "ctg_decel_depth"), 400);
    assert_int_equal(field_of(m, "ctg_decel_s"), 60);
    assert_int_equal(field_of(m, "ctg_decel_nadir_s"), 20);
}

static void it_is_prolonged_from_two_minutes(void **state) {
    (void)state;
    assert_false(event_at(measure(with_step(1200, 479)), JZ_CTG_VARIABLE, 0)->prolonged);
    assert_true(event_at(measure(with_step(1200, 480)), JZ_CTG_VARIABLE, 0)->prolonged);
    assert_int_equal(field_of(measure(with_step(1200, 480)), "ctg_longest_decel_s"), 120);
}

static void a_moment_at_the_baseline_does_not_end_it(void **state) {
    (void)state;
    for (uint32_t back = 3; back <= 4; back++) {
        struct trace *t = trace_new();
        add_rate(t, 1400, AT);
        add_rate(t, 1200, 60);
        add_rate(t, 1400, back);
        add_rate(t, 1200, 60);
        add_rate(t, 1400, AT);
        assert_int_equal(event_count(measure(t), JZ_CTG_VARIABLE), back < 4 ? 1 : 2);
    }
}

static void less_than_half_the_height_away_for_15_s_it_is_over(void **state) {
    (void)state;
    static const struct {
        int rate;
        uint32_t samples, length;
    } given[] = {{1326, 59, 139}, {1326, 60, 80}, {1325, 240, 320}, {1399, 59, 139}};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        struct trace *t = trace_new();
        add_rate(t, 1400, AT);
        add_rate(t, 1200, 80);
        add_rate(t, given[i].rate, given[i].samples);
        add_rate(t, 1400, AT);
        const struct jz_ctg_event *e = event_at(measure(t), JZ_CTG_VARIABLE, 0);
        assert_int_equal(e->start, AT);
        assert_int_equal(e->end - e->start, given[i].length);
    }
}

static void a_slow_drift_before_it_is_not_its_onset(void **state) {
    (void)state;
    static const struct { uint32_t drift, start; } given[] = {{59, 0}, {60, 60}, {400, 400}};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        struct trace *t = trace_new();
        add_rate(t, 1400, AT);
        add_rate(t, 1380, given[i].drift);
        add_rate(t, 1200, 80);
        add_rate(t, 1400, AT);
        assert_int_equal(event_at(measure(t), JZ_CTG_VARIABLE, 0)->start, AT + given[i].start);
    }
}

static void a_gap_longer_than_15_s_ends_it(void **state) {
    (void)state;
    for (uint32_t gap = 60; gap <= 61; gap++) {
        struct trace *t = trace_new();
        add_rate(t, 1400, AT);
        add_rate(t, 1200, 80);
        add_loss(t, gap);
        add_rate(t, 1200, 80);
        add_rate(t, 1400, AT);
        const struct jz_ctg_measure *m = measure(t);
        assert_int_equal(event_count(m, JZ_CTG_VARIABLE), gap == 60 ? 1 : 2);
        const struct jz_ctg_event *e = event_at(m, JZ_CTG_VARIABLE, 0);
        assert_int_equal(e->end, AT + (gap == 60 ? 220 : 80));
        assert_false(e->ongoing);
    }
}

static void what_has_not_ended_is_ongoing(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 1400, AT);
    add_rate(t, 1200, 80);
    const struct jz_ctg_measure *m = measure(t);
    assert_true(event_at(m, JZ_CTG_VARIABLE, 0)->ongoing);
    assert_int_equal(field_of(m, "ctg_ongoing_decel_s"), 20);
    add_rate(t, 1400, 4);
    m = measure(t);
    assert_false(event_at(m, JZ_CTG_VARIABLE, 0)->ongoing);
    assert_int_equal(field_of(m, "ctg_ongoing_decel_s"), 0);
}

static void single_odd_beats_are_no_events(void **state) {
    (void)state;
    struct trace *t = trace_new();
    for (uint32_t i = 0; i < 30 * 60; i++) {
        add_rate(t, 1400, 3);
        add_rate(t, i % 2 ? 1600 : 1200, 1);
    }
    assert_int_equal(measure(t)->event_count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_acceleration_is_15_bpm_or_more_for_15_s_or_more),
        cmocka_unit_test(before_32_weeks_10_bpm_for_10_s_are_one),
        cmocka_unit_test(a_deceleration_is_15_bpm_or_more_for_15_s_or_more_at_any_age),
        cmocka_unit_test(it_lasts_from_crossing_to_crossing),
        cmocka_unit_test(it_is_prolonged_from_two_minutes),
        cmocka_unit_test(a_moment_at_the_baseline_does_not_end_it),
        cmocka_unit_test(less_than_half_the_height_away_for_15_s_it_is_over),
        cmocka_unit_test(a_slow_drift_before_it_is_not_its_onset),
        cmocka_unit_test(a_gap_longer_than_15_s_ends_it),
        cmocka_unit_test(what_has_not_ended_is_ongoing),
        cmocka_unit_test(single_odd_beats_are_no_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
