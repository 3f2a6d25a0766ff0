/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "recording.h"

static struct recording r;
static struct jz_ecg_measure out, again;
static double r_s[JZ_ECG_BEATS_MAX];

static int setup(void **state) {
    *state = new_ecg();
    return 0;
}
static int teardown(void **state) {
    free(*state);
    return 0;
}

static void draw(double rr_s) {
    uint32_t count = (uint32_t)(9.0 / rr_s);
    for (uint32_t b = 0; b < count; b++) r_s[b] = 0.5 + b * rr_s;
    recording_draw(&r, 2000, 10, r_s, count, (struct drawn){100, 1000, 300, 90});
}

static void measure(struct jz_ecg *ecg) {
    recording_feed(&r, ecg);
    jz_ecg_measure(ecg, &out);
}

static void rate_intervals_and_qtc_come_out(void **state) {
    measure((draw(0.8), *state));
    assert_int_equal(out.beat_count, 11);
    assert_int_equal(out.averaged_count, 11);
    assert_in_range(out.rate_bpm_x10, 748, 752);
    assert_in_range(out.pr_ms, 130, 200);
    assert_in_range(out.qrs_ms, 60, 110);
    assert_in_range(out.qt_ms, 340, 460);
    assert_int_equal(out.pr_ms, 2 * (out.marks.qrs_on - out.marks.p_on));
    assert_int_equal(out.qrs_ms, 2 * (out.marks.j - out.marks.qrs_on));
    assert_int_equal(out.qt_ms, 2 * (out.marks.t_off - out.marks.qrs_on));
    assert_in_range(out.qtc_ms - (int)lround(out.qt_ms / cbrt(out.rr_ms_mean / 1000.0)) + 1, 0, 2);
    assert_int_equal(out.conduction, JZ_CONDUCTION_NORMAL);
    assert_true(out.readable);
}

/* What is drawn on top of the ST part is what comes out. */
static void an_st_level_comes_out_as_it_was_put_in(void **state) {
    static const int put[] = {-200, -100, 100, 250};
    measure((draw(0.9), *state));
    int zero = out.lead[JZ_LEAD_V3].st_j_uv;
    for (size_t i = 0; i < sizeof put / sizeof put[0]; i++) {
        draw(0.9);
        for (uint32_t t = 0; t < r.samples; t++)
            for (uint32_t b = 0; b < 10; b++) {
                double d = t * 0.002 - r_s[b];
                double part = d < 0.02 || d > 0.42 ? 0
                              : d < 0.05           ? (d - 0.02) / 0.03
                              : d > 0.3            ? (0.42 - d) / 0.12
                                                   : 1;
                r.nv[JZ_LEAD_V3][t] += (int32_t)lround(1000 * put[i] * part);
            }
        measure(*state);
        assert_in_range(out.lead[JZ_LEAD_V3].st_j_uv - zero - put[i] + 25, 0, 50);
        assert_in_range(out.lead[JZ_LEAD_V4].st_j_uv + 25, 0, 50);
    }
}

/* PTB s0010_re: acute infero-lateral infarction, right bundle branch block. Levels as read from the recording by eye of
 * its averaged beat: III lifted 1 mm, aVF near it, I and aVL below the line, V2 and V3 more than 1 mm below. */
static void the_infarct_of_s0010_shows_its_levels(void **state) {
    recording_load(&r, "ptb/s0010_re", 0, 10);
    measure(*state);
    assert_true(out.readable);
    assert_int_equal(out.usable_count, 12);
    assert_in_range(out.lead[JZ_LEAD_III].st_j_uv, 75, 125);
    assert_in_range(out.lead[JZ_LEAD_AVF].st_j_uv, 40, 90);
    assert_in_range(-out.lead[JZ_LEAD_AVL].st_j_uv, 50, 110);
    assert_in_range(-out.lead[JZ_LEAD_V2].st_j_uv, 95, 145);
    assert_in_range(-out.lead[JZ_LEAD_V3].st_j_uv, 105, 155);
    assert_int_equal(out.lead[JZ_LEAD_V2].slope, JZ_SLOPE_HORIZONTAL);
    assert_int_equal(out.lead[JZ_LEAD_V3].slope, JZ_SLOPE_HORIZONTAL);
    assert_in_range(out.qrs_ms, 130, 156);
}

static void a_healthy_heart_has_its_levels_near_the_line(void **state) {
    recording_load(&r, "ptbxl/00111_hr", 0, 10);
    measure(*state);
    assert_true(out.readable);
    for (int lead = 0; lead <= JZ_LEAD_V6; lead++) {
        assert_true(out.lead[lead].usable);
        assert_in_range(out.lead[lead].st_j_uv + 100, 0,
                        lead == JZ_LEAD_V2 || lead == JZ_LEAD_V3 ? 299 : 199);
    }
    assert_in_range(out.qrs_ms, 70, 118);
    assert_in_range(out.pr_ms, 120, 220);
    assert_in_range(out.qtc_ms, 350, 450);
}

static void the_same_samples_give_the_same_bytes_in_whatever_order_the_leads_come(void **state) {
    struct jz_ecg *ecg = *state;
    recording_load(&r, "ptb/s0010_re", 0, 10);
    measure(ecg);
    again = out;
    jz_ecg_measure(ecg, &out);
    assert_memory_equal(&out, &again, sizeof out);
    assert_int_equal(jz_ecg_begin(ecg, r.period_us), JZ_OK);
    for (uint32_t from = 0; from < r.samples; from += 997)
        for (int lead = JZ_LEAD_COUNT - 1; lead >= 0; lead--) {
            uint32_t n = r.samples - from < 997 ? r.samples - from : 997;
            if (r.has[lead])
                assert_int_equal(jz_ecg_append(ecg, (enum jz_ecg_lead)lead, r.nv[lead] + from, n, 1), JZ_OK);
        }
    jz_ecg_measure(ecg, &out);
    assert_memory_equal(&out, &again, sizeof out);
}

static void a_lead_that_is_not_usable_has_no_measure(void **state) {
    draw(0.9);
    for (uint32_t t = 0; t < r.samples; t++) r.nv[JZ_LEAD_V5][t] = 0;
    measure(*state);
    const struct jz_ecg_lead_measure *v5 = &out.lead[JZ_LEAD_V5];
    assert_false(v5->usable);
    assert_int_equal(v5->st_j_uv, JZ_ECG_UNKNOWN);
    assert_int_equal(v5->r_uv, JZ_ECG_UNKNOWN);
    assert_int_equal(v5->slope, JZ_SLOPE_UNKNOWN);
    assert_int_equal(out.sokolow_uv, JZ_ECG_UNKNOWN);
    assert_int_not_equal(out.lead[JZ_LEAD_V4].st_j_uv, JZ_ECG_UNKNOWN);
}

static void twenty_a_minute_are_measured(void **state) {
    const double at_s[] = {0.5, 3.5, 6.5};
    recording_draw(&r, 2000, 10, at_s, 3, (struct drawn){100, 1000, 300, 90});
    measure(*state);
    assert_int_equal(out.beat_count, 3);
    assert_int_equal(out.rate_bpm_x10, 200);
    assert_int_equal(out.usable_count, 12);
    assert_true(out.readable && out.rhythm & JZ_RHYTHM_PAUSE);
}

/* Where the leads that are left have no QRS, none of them is measured by marks that others gave. */
static void a_usable_lead_has_an_st_level(void **state) {
    uint32_t seed = 5;
    print_message("seed %u\n", seed);
    draw(0.9);
    static struct recording sharp;
    sharp = r;
    recording_draw(&r, 2000, 10, r_s, 10, (struct drawn){0, 1000, 0, 400});
    for (int lead = 0; lead <= JZ_LEAD_AVF; lead++) {
        memcpy(r.nv[lead], sharp.nv[lead], sizeof r.nv[lead]);
        recording_add_noise(&r, (enum jz_ecg_lead)lead, 110, &seed);
    }
    measure(*state);
    assert_true(out.averaged_count > 2);
    for (int lead = 0; lead <= JZ_LEAD_V6; lead++)
        assert_int_equal(out.lead[lead].usable, out.lead[lead].st_j_uv != JZ_ECG_UNKNOWN);
    assert_false(out.readable);
}

static void a_noisy_lead_does_not_move_the_marks_of_the_others(void **state) {
    measure((draw(0.9), *state));
    struct jz_ecg_marks clean = out.marks;
    uint32_t seed = 3;
    recording_add_noise(&r, JZ_LEAD_V2, 900, &seed);
    recording_add_noise(&r, JZ_LEAD_V3, 900, &seed);
    measure(*state);
    assert_false(out.lead[JZ_LEAD_V2].usable);
    assert_false(out.lead[JZ_LEAD_V3].usable);
    assert_in_range(out.marks.qrs_on - clean.qrs_on + 1, 0, 2);
    assert_in_range(out.marks.j - clean.j + 1, 0, 2);
    assert_int_equal(out.qrs_ms, 2 * (out.marks.j - out.marks.qrs_on));
}

static void nothing_recorded_is_nothing_measured(void **state) {
    struct jz_ecg *ecg = *state;
    assert_int_equal(jz_ecg_begin(ecg, 2000), JZ_OK);
    memset(&out, 0x5a, sizeof out);
    jz_ecg_measure(ecg, &out);
    assert_false(out.readable);
    assert_int_equal(out.beat_count, 0);
    assert_int_equal(out.conduction, JZ_CONDUCTION_UNKNOWN);
    const int16_t unknown[] = {out.pr_ms,
                               out.qrs_ms,
                               out.qt_ms,
                               out.qtc_ms,
                               out.axis_deg,
                               out.sokolow_uv,
                               out.cornell_uv,
                               out.marks.qrs_on,
                               out.marks.j,
                               out.lead[JZ_LEAD_II].st_j_uv,
                               out.lead[JZ_LEAD_V9].t_uv};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        assert_int_equal(unknown[i], JZ_ECG_UNKNOWN);
    assert_false(out.lvh_voltage || out.lvh_strain || out.preexcitation_suspected);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rate_intervals_and_qtc_come_out),
        cmocka_unit_test(an_st_level_comes_out_as_it_was_put_in),
        cmocka_unit_test(the_infarct_of_s0010_shows_its_levels),
        cmocka_unit_test(a_healthy_heart_has_its_levels_near_the_line),
        cmocka_unit_test(the_same_samples_give_the_same_bytes_in_whatever_order_the_leads_come),
        cmocka_unit_test(a_lead_that_is_not_usable_has_no_measure),
        cmocka_unit_test(twenty_a_minute_are_measured),
        cmocka_unit_test(a_usable_lead_has_an_st_level),
        cmocka_unit_test(a_noisy_lead_does_not_move_the_marks_of_the_others),
        cmocka_unit_test(nothing_recorded_is_nothing_measured),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
