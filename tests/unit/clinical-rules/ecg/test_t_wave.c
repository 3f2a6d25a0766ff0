/* SPDX-License-Identifier: Apache-2.0 */
#include "beat.h"
#include "lead_measure.h"

static struct jz_ecg_lead_measure m;

static void measure(void) {
    struct jz_ecg_marks marks = beat_marks(BEAT_J);
    jz_ecg_measure_t(&marks, &m);
}

/* A T wave from `from` over `peak` to 340. */
static void one_wave(int from, int peak, int uv) {
    lead_clear(&m);
    add_triangle(m.average_uv, from, peak, BEAT_T_OFF, uv);
    measure();
}

static void t_below_half_a_millimetre_is_flat(void **state) {
    (void)state;
    one_wave(230, 300, 49);
    assert_int_equal(m.t_shape, JZ_T_FLAT);
    one_wave(230, 300, -49);
    assert_int_equal(m.t_shape, JZ_T_FLAT);
    one_wave(230, 300, 50);
    assert_int_equal(m.t_shape, JZ_T_UPRIGHT);
    assert_int_equal(m.t_uv, 50);
    one_wave(230, 300, -50);
    assert_int_equal(m.t_shape, JZ_T_INVERTED);
    assert_int_equal(m.t_uv, -50);
}

/* Rise to fall: 75 % to 120 %. Sides of a triangle from 230 to 340 are as its halves. */
static void symmetry_is_a_rise_of_75_to_120_percent_of_the_fall(void **state) {
    (void)state;
    static const struct {
        int peak;
        bool even;
    } rows[] = {{274, false}, {280, true}, {285, true}, {288, true}, {294, false}, {305, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        one_wave(230, rows[i].peak, 600);
        assert_int_equal(m.t_shape, rows[i].even ? JZ_T_BROAD_SYMMETRICAL : JZ_T_UPRIGHT);
        one_wave(230, rows[i].peak, -300);
        assert_int_equal(m.t_shape, rows[i].even ? JZ_T_INVERTED_SYMMETRICAL : JZ_T_INVERTED);
    }
}

static void a_narrow_symmetrical_t_is_only_upright(void **state) {
    (void)state;
    /* QT is 190 samples, 22 % of it 41.8 at half height */
    lead_clear(&m);
    add_triangle(m.average_uv, 262, 300, 338, 600);
    measure();
    assert_int_equal(m.t_shape, JZ_T_UPRIGHT);
    memset(m.average_uv, 0, sizeof m.average_uv);
    add_triangle(m.average_uv, 252, 296, 340, 600);
    measure();
    assert_int_equal(m.t_shape, JZ_T_BROAD_SYMMETRICAL);
}

static void up_then_down_is_biphasic_and_down_then_up_is_not(void **state) {
    (void)state;
    lead_clear(&m);
    add_triangle(m.average_uv, 230, 265, 285, 150);
    add_triangle(m.average_uv, 285, 305, 340, -200);
    measure();
    assert_int_equal(m.t_shape, JZ_T_BIPHASIC_UP_DOWN);
    assert_int_equal(m.t_uv, -200);
    lead_clear(&m);
    add_triangle(m.average_uv, 230, 265, 285, -150);
    add_triangle(m.average_uv, 285, 305, 340, 200);
    measure();
    assert_int_equal(m.t_shape, JZ_T_UPRIGHT);
    assert_int_equal(m.t_uv, 200);
}

static void a_phase_below_half_a_millimetre_or_a_fifth_of_the_other_is_none(void **state) {
    (void)state;
    static const struct {
        int up, down;
        bool both;
    } rows[] = {{49, -100, false}, {50, -100, true}, {100, -499, true}, {100, -520, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        lead_clear(&m);
        add_triangle(m.average_uv, 230, 265, 285, rows[i].up);
        add_triangle(m.average_uv, 285, 305, 340, rows[i].down);
        measure();
        assert_int_equal(m.t_shape == JZ_T_BIPHASIC_UP_DOWN, rows[i].both);
    }
}

static void without_an_end_of_t_nothing_is_said(void **state) {
    (void)state;
    struct jz_ecg_marks marks = beat_marks(BEAT_J);
    marks.t_off = JZ_ECG_UNKNOWN;
    lead_clear(&m);
    add_triangle(m.average_uv, 230, 300, 340, 600);
    jz_ecg_measure_t(&marks, &m);
    assert_int_equal(m.t_uv, JZ_ECG_UNKNOWN);
    assert_int_equal(m.t_shape, JZ_T_UNKNOWN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(t_below_half_a_millimetre_is_flat),
        cmocka_unit_test(symmetry_is_a_rise_of_75_to_120_percent_of_the_fall),
        cmocka_unit_test(a_narrow_symmetrical_t_is_only_upright),
        cmocka_unit_test(up_then_down_is_biphasic_and_down_then_up_is_not),
        cmocka_unit_test(a_phase_below_half_a_millimetre_or_a_fifth_of_the_other_is_none),
        cmocka_unit_test(without_an_end_of_t_nothing_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
