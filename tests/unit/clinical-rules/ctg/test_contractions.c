/* SPDX-License-Identifier: Apache-2.0 */
/* Contractions (clinical-obstetric 9.6), each bound from both sides, and when a curve cannot be used. */
#include "trace.h"

#define AT (15u * MINUTE)

static struct trace *quiet(uint32_t minutes) {
    struct trace *t = trace_new();
    add_rate(t, 1400, minutes * MINUTE);
    flat_toco(t, 100);
    return t;
}

static void a_rise_is_10_units_for_30_to_180_s(void **state) {
    (void)state;
    static const struct {
        int height;
        uint32_t samples, found;
    } given[] = {{200, 120, 1}, {200, 119, 0}, {200, 720, 1}, {200, 721, 0}, {100, 240, 1}, {99, 240, 0}};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        struct trace *t = quiet(30);
        raise_toco(t, AT, given[i].samples, given[i].height);
        const struct jz_ctg_measure *m = measure(t);
        assert_int_equal(event_count(m, JZ_CTG_CONTRACTION), given[i].found);
    }
}

static void its_edges_peak_and_height_are_those_of_the_rise(void **state) {
    (void)state;
    struct trace *t = quiet(30);
    raise_toco(t, AT, 240, 200);
    const struct jz_ctg_event *k = event_at(measure(t), JZ_CTG_CONTRACTION, 0);
    assert_int_equal(k->start, AT);
    assert_int_equal(k->end, AT + 240);
    assert_int_equal(k->height_x10, 200);
    t = quiet(30);
    peak_toco(t, AT, 200, 500);
    assert_in_range(event_at(measure(t), JZ_CTG_CONTRACTION, 0)->peak, AT - 4,
                    AT + 4); /* a flat top of the mean */
}

static void peaks_less_than_60_s_apart_are_one_contraction(void **state) {
    (void)state;
    for (uint32_t apart = 239; apart <= 240; apart++) {
        struct trace *t = quiet(30);
        raise_toco(t, AT, 120, 200);
        raise_toco(t, AT + apart, 120, 300);
        const struct jz_ctg_measure *m = measure(t);
        assert_int_equal(event_count(m, JZ_CTG_CONTRACTION), apart < 240 ? 1 : 2);
        if (apart < 240) assert_int_equal(event_at(m, JZ_CTG_CONTRACTION, 0)->height_x10, 300);
    }
}

static void contractions_that_do_not_come_back_to_rest_are_still_told_apart(void **state) {
    (void)state;
    struct trace *t = quiet(30);
    raise_toco(t, AT, 4 * MINUTE, 200);
    for (uint32_t i = 0; i < 4; i++) peak_toco(t, AT + i * MINUTE + 120, 80, 400);
    assert_int_equal(event_count(measure(t), JZ_CTG_CONTRACTION), 4);
}

/* Ten minutes of rest, then `count` contractions in half an hour. */
static const struct jz_ctg_measure *contractions(uint32_t count) {
    struct trace *t = trace_new();
    add_rate(t, 1400, 40 * MINUTE);
    rest_toco(t);
    for (uint32_t i = 0; i < count; i++) raise_toco(t, 10 * MINUTE + 60 + i * 30 * MINUTE / count, 160, 400);
    return measure(t);
}

static void the_rate_is_the_mean_of_30_min(void **state) {
    (void)state;
    assert_int_equal(contractions(15)->contraction_rate_x10, 50);
    assert_int_equal(contractions(16)->contraction_rate_x10, 53); /* tachysystole: above 5 */
    assert_int_equal(field_of(contractions(16), "ctg_contraction_rate"), 53);
    assert_int_equal(contractions(1)->contraction_rate_x10, 3);
    assert_int_equal(field_of(contractions(12), "ctg_contractions_20"), 8);
}

static void a_rise_longer_than_180_s_is_a_raised_tone(void **state) {
    (void)state;
    struct trace *t = quiet(30);
    rest_toco(t);
    raise_toco(t, AT, 700, 300);
    assert_int_equal(field_of(measure(t), "ctg_hypertonus"), 0);
    raise_toco(t, AT + 700, 100, 300);
    assert_int_equal(field_of(measure(t), "ctg_hypertonus"), 1);
}

static void a_curve_that_does_not_move_is_not_usable(void **state) {
    (void)state;
    struct trace *t = quiet(30);
    const struct jz_ctg_measure *m = measure(t);
    assert_false(m->toco_usable);
    assert_int_equal(m->contraction_rate_x10, JZ_CTG_UNKNOWN);
    assert_int_equal(field_of(m, "ctg_contraction_rate"), NO_FIELD);
    assert_int_equal(field_of(m, "ctg_hypertonus"), NO_FIELD);
    rest_toco(t);
    m = measure(t);
    assert_true(m->toco_usable);
    assert_int_equal(m->contraction_rate_x10, 0);
    assert_int_equal(field_of(m, "ctg_hypertonus"), 0);
}

static void half_of_the_window_and_ten_minutes_of_curve_are_needed(void **state) {
    (void)state;
    for (uint32_t without = 15; without <= 16; without++) {
        struct trace *t = quiet(30);
        rest_toco(t);
        for (uint32_t i = 0; i < without * MINUTE; i++) t->sample[i].toco_x10 = JZ_CTG_NO_TOCO;
        assert_int_equal(measure(t)->toco_usable, without == 15);
    }
    for (uint32_t minutes = 9; minutes <= 10; minutes++) {
        struct trace *t = quiet(minutes);
        rest_toco(t);
        assert_int_equal(measure(t)->toco_usable, minutes == 10);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rise_is_10_units_for_30_to_180_s),
        cmocka_unit_test(its_edges_peak_and_height_are_those_of_the_rise),
        cmocka_unit_test(peaks_less_than_60_s_apart_are_one_contraction),
        cmocka_unit_test(contractions_that_do_not_come_back_to_rest_are_still_told_apart),
        cmocka_unit_test(the_rate_is_the_mean_of_30_min),
        cmocka_unit_test(a_rise_longer_than_180_s_is_a_raised_tone),
        cmocka_unit_test(a_curve_that_does_not_move_is_not_usable),
        cmocka_unit_test(half_of_the_window_and_ten_minutes_of_curve_are_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
