/* SPDX-License-Identifier: Apache-2.0 */
#include "beat.h"
#include "lead_measure.h"

static struct jz_ecg_lead_measure m;

static void measure(void) {
    struct jz_ecg_marks marks = beat_marks(BEAT_J);
    jz_ecg_measure_lead(&marks, &m);
}

static void the_waves_of_a_qrs_are_named_in_their_order(void **state) {
    (void)state;
    lead_clear(&m);
    add_triangle(m.average_uv, 150, 155, 160, -100);
    add_triangle(m.average_uv, 160, 170, 180, 1000);
    add_triangle(m.average_uv, 180, 184, 188, -400);
    add_triangle(m.average_uv, 188, 192, 196, 300);
    measure();
    assert_int_equal(m.q_uv, 100);
    assert_in_range(m.q_ms, 16, 22);
    assert_int_equal(m.r_uv, 1000);
    assert_in_range(m.r_ms, 36, 40);
    assert_int_equal(m.s_uv, 400);
    assert_int_equal(m.r2_uv, 300);
    assert_int_equal(m.polarity, JZ_QRS_POSITIVE);
}

static void a_wave_below_a_quarter_of_a_millimetre_has_no_name(void **state) {
    (void)state;
    for (int uv = 24; uv <= 25; uv++) {
        lead_clear(&m);
        add_triangle(m.average_uv, 150, 155, 160, -uv);
        add_triangle(m.average_uv, 160, 170, 180, 1000);
        measure();
        assert_int_equal(m.q_uv, uv == 25 ? 25 : 0);
    }
}

/* Its depth is the S of the modified Sgarbossa ratio and the Q of an infarct. */
static void a_qs_complex_is_both_q_and_s(void **state) {
    (void)state;
    lead_clear(&m);
    add_triangle(m.average_uv, 152, 170, 190, -1500);
    measure();
    assert_int_equal(m.r_uv, 0);
    assert_int_equal(m.q_uv, 1500);
    assert_int_equal(m.s_uv, 1500);
    assert_int_equal(m.polarity, JZ_QRS_NEGATIVE);
}

static void an_elevated_st_is_no_second_r_and_a_depressed_one_no_s(void **state) {
    (void)state;
    lead_clear(&m);
    add_triangle(m.average_uv, 150, 160, 170, 200);
    add_triangle(m.average_uv, 170, 180, 190, -1000);
    for (int t = 190; t < 300; t++) m.average_uv[t] = (int16_t)(t < 198 ? 40 * (t - 190) : 320);
    measure();
    assert_int_equal(m.r2_uv, 0);
    assert_int_equal(m.s_uv, 1000);
    assert_int_equal(m.st_j_uv, 320);

    lead_clear(&m);
    add_triangle(m.average_uv, 150, 165, 180, 1000);
    for (int t = 180; t < 300; t++) m.average_uv[t] = (int16_t)(t < 190 ? -20 * (t - 180) : -200);
    measure();
    assert_int_equal(m.s_uv, 0);
    assert_int_equal(m.st_j_uv, -200);
}

static void a_last_wave_counts_when_it_stands_an_eighth_of_itself_above_j(void **state) {
    (void)state;
    for (int j = 263; j <= 264; j++) {
        lead_clear(&m);
        add_triangle(m.average_uv, 150, 160, 170, -600);
        add_level(m.average_uv, 175, 190, 300);
        add_level(m.average_uv, 190, 300, j);
        measure();
        assert_int_equal(m.r_uv, j == 263 ? 300 : 0);
    }
}

static void st_is_read_at_j_and_40_60_and_80_ms_after_it(void **state) {
    (void)state;
    lead_clear(&m);
    add_triangle(m.average_uv, 150, 165, 180, 1000);
    for (int t = 190; t < 300; t++) m.average_uv[t] = (int16_t)(100 + (t - BEAT_J)); /* 0.5 µV a ms */
    measure();
    assert_int_equal(m.st_j_uv, 100);
    assert_int_equal(m.st_j40_uv, 120);
    assert_int_equal(m.st_j60_uv, 130);
    assert_int_equal(m.st_j80_uv, 140);
}

static void st_is_horizontal_up_to_40_uv_in_80_ms(void **state) {
    (void)state;
    static const struct {
        int rise;
        enum jz_ecg_slope slope;
    } rows[] = {
        {-41, JZ_SLOPE_DOWN}, {-40, JZ_SLOPE_HORIZONTAL}, {40, JZ_SLOPE_HORIZONTAL}, {41, JZ_SLOPE_UP}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        lead_clear(&m);
        add_level(m.average_uv, 190, 235, -100);
        add_level(m.average_uv, 235, 300, -100 + rows[i].rise);
        measure();
        assert_int_equal(m.st_j80_uv - m.st_j_uv, rows[i].rise);
        assert_int_equal(m.slope, rows[i].slope);
    }
}

static void polarity_is_isoelectric_while_a_fifth_of_the_area_does_not_prevail(void **state) {
    (void)state;
    static const struct {
        int down;
        enum jz_ecg_polarity polarity;
    } rows[] = {{-660, JZ_QRS_POSITIVE},
                {-680, JZ_QRS_ISOELECTRIC},
                {-1000, JZ_QRS_ISOELECTRIC},
                {-1480, JZ_QRS_ISOELECTRIC},
                {-1520, JZ_QRS_NEGATIVE}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        lead_clear(&m);
        add_level(m.average_uv, 155, 165, 1000);
        add_level(m.average_uv, 165, 175, rows[i].down);
        measure();
        assert_int_equal(m.polarity, rows[i].polarity);
    }
}

static void p_is_measured_from_the_line_between_its_ends(void **state) {
    (void)state;
    lead_clear(&m);
    add_level(m.average_uv, 0, 150, 40);
    add_triangle(m.average_uv, 100, 115, 130, 120);
    measure();
    assert_in_range(m.p_uv, 118, 120);
}

static void without_a_p_wave_there_is_no_p_amplitude(void **state) {
    (void)state;
    lead_clear(&m);
    struct jz_ecg_marks marks = beat_marks(BEAT_J);
    marks.p_on = marks.p_off = JZ_ECG_UNKNOWN;
    jz_ecg_measure_lead(&marks, &m);
    assert_int_equal(m.p_uv, JZ_ECG_UNKNOWN);
}

static void a_forgotten_lead_has_no_measure_at_all(void **state) {
    (void)state;
    lead_clear(&m);
    add_triangle(m.average_uv, 160, 170, 180, 1000);
    measure();
    jz_ecg_forget_lead(&m);
    const int16_t all[] = {m.st_j_uv, m.st_j40_uv, m.st_j60_uv, m.st_j80_uv, m.q_uv, m.q_ms,
                           m.r_uv,    m.r_ms,      m.s_uv,      m.t_uv,      m.p_uv, m.r2_uv};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) assert_int_equal(all[i], JZ_ECG_UNKNOWN);
    assert_int_equal(m.slope, JZ_SLOPE_UNKNOWN);
    assert_int_equal(m.polarity, JZ_QRS_UNKNOWN);
    assert_int_equal(m.t_shape, JZ_T_UNKNOWN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_waves_of_a_qrs_are_named_in_their_order),
        cmocka_unit_test(a_wave_below_a_quarter_of_a_millimetre_has_no_name),
        cmocka_unit_test(a_qs_complex_is_both_q_and_s),
        cmocka_unit_test(an_elevated_st_is_no_second_r_and_a_depressed_one_no_s),
        cmocka_unit_test(a_last_wave_counts_when_it_stands_an_eighth_of_itself_above_j),
        cmocka_unit_test(st_is_read_at_j_and_40_60_and_80_ms_after_it),
        cmocka_unit_test(st_is_horizontal_up_to_40_uv_in_80_ms),
        cmocka_unit_test(polarity_is_isoelectric_while_a_fifth_of_the_area_does_not_prevail),
        cmocka_unit_test(p_is_measured_from_the_line_between_its_ends),
        cmocka_unit_test(without_a_p_wave_there_is_no_p_amplitude),
        cmocka_unit_test(a_forgotten_lead_has_no_measure_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
