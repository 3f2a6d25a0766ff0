/* SPDX-License-Identifier: Apache-2.0 */
#include "beat.h"
#include "conduction.h"
#include "lead_measure.h"

static struct jz_ecg_measure out;
static struct recording r;

static void clear(int qrs_ms) {
    memset(&out, 0, sizeof out);
    out.marks = beat_marks((int16_t)(BEAT_ON + qrs_ms / 2));
    out.qrs_ms = (int16_t)qrs_ms;
    out.pr_ms = 160;
    for (int lead = 0; lead <= JZ_LEAD_V6; lead++) lead_clear(&out.lead[lead]);
}

static int16_t *beat(enum jz_ecg_lead lead) {
    return out.lead[lead].average_uv;
}

static void judge(void) {
    for (int lead = 0; lead <= JZ_LEAD_V6; lead++) {
        jz_ecg_forget_lead(&out.lead[lead]);
        if (out.lead[lead].usable) jz_ecg_measure_lead(&out.marks, &out.lead[lead]);
    }
    jz_ecg_conduction(&out);
}

/* Broad late R in I, aVL, V5, V6, and a QS in V1; R peaks 80 ms after onset. */
static void draw_lbbb(int qrs_ms) {
    static const enum jz_ecg_lead left[] = {JZ_LEAD_I, JZ_LEAD_AVL, JZ_LEAD_V5, JZ_LEAD_V6};
    clear(qrs_ms);
    for (size_t i = 0; i < 4; i++) add_triangle(beat(left[i]), 150, 190, 205, 1200);
    add_triangle(beat(JZ_LEAD_V1), 150, 185, 205, -1500);
}
/* rsR' in V1; in I and V6 an S of 48 ms, shorter than R. */
static void draw_rbbb(int qrs_ms) {
    clear(qrs_ms);
    add_triangle(beat(JZ_LEAD_V1), 150, 155, 160, 200);
    add_triangle(beat(JZ_LEAD_V1), 160, 165, 170, -300);
    add_triangle(beat(JZ_LEAD_V1), 170, 190, 205, 900);
    static const enum jz_ecg_lead left[] = {JZ_LEAD_I, JZ_LEAD_V6};
    for (size_t i = 0; i < 2; i++) {
        add_triangle(beat(left[i]), 150, 165, 186, 800);
        add_triangle(beat(left[i]), 186, 196, 212, -300);
    }
}

static void the_two_bundle_branch_blocks_are_told_apart_from_120_ms_on(void **state) {
    (void)state;
    draw_lbbb(120);
    judge();
    assert_int_equal(out.conduction, JZ_CONDUCTION_LBBB);
    draw_rbbb(120);
    judge();
    assert_int_equal(out.conduction, JZ_CONDUCTION_RBBB);
    draw_lbbb(118);
    judge();
    assert_int_equal(out.conduction, JZ_CONDUCTION_NORMAL);
    draw_rbbb(118);
    judge();
    assert_int_equal(out.conduction, JZ_CONDUCTION_NORMAL);
}

static void a_septal_q_or_an_early_r_is_not_lbbb(void **state) {
    (void)state;
    draw_lbbb(130);
    add_triangle(beat(JZ_LEAD_I), 150, 154, 160, -300);
    judge();
    assert_int_equal(out.conduction, JZ_CONDUCTION_IVCD);

    clear(130);
    static const enum jz_ecg_lead left[] = {JZ_LEAD_I, JZ_LEAD_AVL, JZ_LEAD_V5, JZ_LEAD_V6};
    for (size_t i = 0; i < 4; i++)
        add_triangle(beat(left[i]), 150, 180, 205, 1200); /* peak at 60 ms: not later */
    add_triangle(beat(JZ_LEAD_V1), 150, 185, 205, -1500);
    judge();
    assert_int_equal(out.conduction, JZ_CONDUCTION_IVCD);
}

/* A scar leaves a q; what is left of the signs is two summits of the QRS. */
static void draw_notched(int qrs_ms, unsigned notched) {
    static const enum jz_ecg_lead left[] = {JZ_LEAD_I, JZ_LEAD_V6, JZ_LEAD_AVL, JZ_LEAD_V5};
    clear(qrs_ms);
    for (size_t i = 0; i < 4; i++) {
        add_triangle(beat(left[i]), 150, 154, 160, -300);
        add_triangle(beat(left[i]), 160, i < notched ? 174 : 188, i < notched ? 186 : 215, 1000);
        if (i < notched) add_triangle(beat(left[i]), 184, 198, 215, 1200);
    }
    add_triangle(beat(JZ_LEAD_V1), 150, 185, 205, -1500);
}

static void from_140_ms_on_notches_in_two_leads_are_lbbb_in_spite_of_a_q(void **state) {
    (void)state;
    static const struct {
        int ms;
        unsigned notched;
        int conduction;
    } rows[] = {{140, 2, JZ_CONDUCTION_LBBB}, {138, 2, JZ_CONDUCTION_IVCD}, {140, 1, JZ_CONDUCTION_IVCD}};
    for (size_t i = 0; i < 3; i++) {
        draw_notched(rows[i].ms, rows[i].notched);
        judge();
        assert_int_equal(out.conduction, rows[i].conduction);
    }
    draw_notched(140, 2);
    for (int t = 0; t < (int)JZ_ECG_AVERAGE_SAMPLES; t++) beat(JZ_LEAD_V1)[t] = (int16_t)-beat(JZ_LEAD_V1)[t];
    judge();
    assert_int_equal(out.conduction, JZ_CONDUCTION_IVCD);
}

static void rbbb_needs_the_broad_s_on_the_left(void **state) {
    (void)state;
    draw_rbbb(130);
    for (int t = 186; t < 212; t++) beat(JZ_LEAD_I)[t] = beat(JZ_LEAD_V6)[t] = 0;
    judge();
    assert_int_equal(out.conduction, JZ_CONDUCTION_IVCD);
}

static void an_elevated_st_in_v1_does_not_make_lbbb_into_rbbb(void **state) {
    (void)state;
    draw_lbbb(130);
    for (int t = 195; t < 300; t++) beat(JZ_LEAD_V1)[t] = (int16_t)(t < 205 ? 35 * (t - 195) : 320);
    judge();
    assert_int_equal(out.conduction, JZ_CONDUCTION_LBBB);
}

static void a_wide_qrs_is_unknown_where_its_shape_was_not_measured_or_a_pacemaker_made_it(void **state) {
    (void)state;
    draw_lbbb(130);
    out.lead[JZ_LEAD_V1].usable = false;
    judge();
    assert_int_equal(out.conduction, JZ_CONDUCTION_UNKNOWN);
    draw_lbbb(130);
    out.rhythm = JZ_RHYTHM_PACED;
    judge();
    assert_int_equal(out.conduction, JZ_CONDUCTION_UNKNOWN);
    draw_lbbb(130);
    out.qrs_ms = JZ_ECG_UNKNOWN;
    judge();
    assert_int_equal(out.conduction, JZ_CONDUCTION_UNKNOWN);
}

static void draw_tall(int s_v1, int r_v5, int st, int t) {
    clear(90);
    add_triangle(beat(JZ_LEAD_V1), 155, 165, 185, -s_v1);
    static const enum jz_ecg_lead left[] = {JZ_LEAD_I, JZ_LEAD_AVL, JZ_LEAD_V5, JZ_LEAD_V6};
    for (size_t i = 0; i < 4; i++) {
        add_triangle(beat(left[i]), 155, 165, 185, r_v5);
        add_level(beat(left[i]), 190, 230, st);
        add_triangle(beat(left[i]), 230, 300, 340, t);
    }
    add_triangle(beat(JZ_LEAD_V3), 155, 165, 185, -700);
}

static void sokolow_is_reached_at_35_mm(void **state) {
    (void)state;
    draw_tall(1500, 1999, 0, 300);
    judge();
    assert_int_equal(out.sokolow_uv, 3499);
    assert_int_equal(out.cornell_uv, 2699);
    assert_false(out.lvh_voltage);
    draw_tall(1500, 2000, 0, 300);
    judge();
    assert_true(out.lvh_voltage);
    assert_false(out.lvh_strain);
    out.lead[JZ_LEAD_V1].usable = false;
    judge();
    assert_int_equal(out.sokolow_uv, JZ_ECG_UNKNOWN);
    assert_false(out.lvh_voltage);
    out.lead[JZ_LEAD_AVL].usable = false;
    judge();
    assert_int_equal(out.cornell_uv, JZ_ECG_UNKNOWN);
}

static void strain_is_voltage_with_depression_and_inversion_in_two_lateral_leads(void **state) {
    (void)state;
    draw_tall(1500, 2000, -50, -200);
    judge();
    assert_true(out.lvh_strain);
    draw_tall(1500, 2000, -49, -200);
    judge();
    assert_false(out.lvh_strain);
    draw_tall(1500, 2000, -50, 200);
    judge();
    assert_false(out.lvh_strain);
    draw_tall(1500, 1999, -50, -200);
    judge();
    assert_false(out.lvh_strain);
    draw_tall(1500, 2000, -50, -200);
    out.lead[JZ_LEAD_I].usable = out.lead[JZ_LEAD_AVL].usable = false;
    judge();
    assert_true(out.lvh_strain);
    draw_tall(1500, 2000, -50, -200);
    out.lead[JZ_LEAD_I].usable = out.lead[JZ_LEAD_AVL].usable = out.lead[JZ_LEAD_V6].usable = false;
    judge();
    assert_false(out.lvh_strain);
}

/* 5 µV a sample for `slur_ms`, then 50 up and down again. */
static void draw_delta(int pr_ms, int qrs_ms, int slur_ms) {
    clear(qrs_ms);
    out.pr_ms = (int16_t)pr_ms;
    int uv = 0, slur = BEAT_ON + slur_ms / 2;
    for (int t = BEAT_ON; uv >= 0; t++) {
        beat(JZ_LEAD_V4)[t] = (int16_t)uv;
        uv += t < slur ? 5 : t < slur + 12 ? 50 : -50;
    }
}

static void pre_excitation_is_short_pr_wide_qrs_and_a_slurred_start(void **state) {
    (void)state;
    static const struct {
        int pr, qrs, slur;
        bool suspected;
    } rows[] = {{118, 112, 50, true}, {120, 112, 50, false}, {118, 110, 50, false}, {118, 112, 20, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        draw_delta(rows[i].pr, rows[i].qrs, rows[i].slur);
        judge();
        assert_int_equal(out.preexcitation_suspected, rows[i].suspected);
    }
    draw_delta(118, 112, 50);
    out.pr_ms = JZ_ECG_UNKNOWN;
    judge();
    assert_false(out.preexcitation_suspected);
}

static void recorded_hearts_have_the_conduction_their_readers_saw(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum jz_ecg_conduction conduction;
    } rows[] = {{"ptbxl/00111_hr", JZ_CONDUCTION_NORMAL},
                {"ptbxl/00279_hr", JZ_CONDUCTION_LBBB},
                {"ptb/s0010_re", JZ_CONDUCTION_RBBB}};
    struct jz_ecg *ecg = new_ecg();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        recording_load(&r, rows[i].name, 0, 10);
        recording_feed(&r, ecg);
        jz_ecg_measure(ecg, &out);
        assert_int_equal(out.conduction, rows[i].conduction);
    }
    free(ecg);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_two_bundle_branch_blocks_are_told_apart_from_120_ms_on),
        cmocka_unit_test(a_septal_q_or_an_early_r_is_not_lbbb),
        cmocka_unit_test(from_140_ms_on_notches_in_two_leads_are_lbbb_in_spite_of_a_q),
        cmocka_unit_test(rbbb_needs_the_broad_s_on_the_left),
        cmocka_unit_test(an_elevated_st_in_v1_does_not_make_lbbb_into_rbbb),
        cmocka_unit_test(a_wide_qrs_is_unknown_where_its_shape_was_not_measured_or_a_pacemaker_made_it),
        cmocka_unit_test(sokolow_is_reached_at_35_mm),
        cmocka_unit_test(strain_is_voltage_with_depression_and_inversion_in_two_lateral_leads),
        cmocka_unit_test(pre_excitation_is_short_pr_wide_qrs_and_a_slurred_start),
        cmocka_unit_test(recorded_hearts_have_the_conduction_their_readers_saw),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
