/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "recording.h"

static struct recording r;
static struct jz_ecg_measure out;
static double r_s[JZ_ECG_BEATS_MAX];
static const struct drawn usual = {.p_uv = 100, .r_uv = 1000, .t_uv = 300, .qrs_ms = 90};

static int setup(void **state) {
    *state = new_ecg();
    return 0;
}
static int teardown(void **state) {
    free(*state);
    return 0;
}

/* `count` beats from 0.5 s on, `rr_s` apart. */
static void draw(uint32_t count, double rr_s) {
    for (uint32_t b = 0; b < count; b++) r_s[b] = 0.5 + b * rr_s;
    recording_draw(&r, 2000, 10, r_s, count, usual);
}

static void prepare(struct jz_ecg *ecg) {
    recording_feed(&r, ecg);
    jz_ecg_prepare(ecg);
    memset(&out, 0, sizeof out);
    out.beat_count = (uint16_t)ecg->beat_count;
    memcpy(out.beat, ecg->beat, sizeof out.beat);
}

/* Level in the averaged beat against that 100 ms before R. */
static int level(enum jz_ecg_lead lead, int ms_after_r) {
    const int16_t *x = out.lead[lead].average_uv;
    return x[(int)JZ_ECG_AVERAGE_R + ms_after_r / 2] - x[JZ_ECG_AVERAGE_R - 50];
}

/* A wide upside-down beat in place of beat b. */
static void make_ectopic(uint32_t b) {
    for (int lead = 0; lead <= JZ_LEAD_V6; lead++)
        for (int k = -150; k <= 200; k++) {
            int t = (int)lround(r_s[b] * 500) + k;
            double x = k / 25.0;
            r.nv[lead][t] = (int32_t)lround(1e6 * (lead % 2 ? 1.2 : -1.4) * exp(-x * x / 2));
        }
}

static void the_average_of_like_beats_is_that_beat(void **state) {
    struct jz_ecg *ecg = *state;
    draw(11, 0.85);
    prepare(ecg);
    jz_ecg_average(ecg, &out);
    assert_int_equal(out.averaged_count, 11);
    int at = ecg->ensemble.at[5];
    for (int lead = 0; lead <= JZ_LEAD_V6; lead++)
        for (int t = 50; t < 400; t++) {
            int single = ecg->uv[lead][at + t - 175] - ecg->uv[lead][at - 50];
            assert_in_range(level((enum jz_ecg_lead)lead, (t - 175) * 2) - single + 12, 0, 24);
        }
    assert_in_range(ecg->ensemble.rr, 424, 426);
}

static void two_bad_beats_in_eleven_do_not_move_a_level(void **state) {
    struct jz_ecg *ecg = *state;
    draw(11, 0.85);
    prepare(ecg);
    jz_ecg_average(ecg, &out);
    int clean = level(JZ_LEAD_V4, 120);
    static const uint32_t bad[] = {3, 7};
    for (size_t i = 0; i < 2; i++)
        for (int t = 45; t < 150; t++) ecg->uv[JZ_LEAD_V4][ecg->beat[bad[i]].at + t] += 800;
    jz_ecg_average(ecg, &out);
    assert_int_equal(out.averaged_count, 11);
    assert_in_range(level(JZ_LEAD_V4, 120) - clean + 10, 0, 20);
}

static void one_bad_beat_in_three_does_not_move_a_level(void **state) {
    struct jz_ecg *ecg = *state;
    draw(3, 1.5);
    r.samples = 2500;
    prepare(ecg);
    jz_ecg_average(ecg, &out);
    int clean = level(JZ_LEAD_V4, 120);
    for (int t = 55; t < 150; t++) ecg->uv[JZ_LEAD_V4][ecg->beat[1].at + t] += 800;
    jz_ecg_average(ecg, &out);
    assert_int_equal(out.averaged_count, 3);
    assert_in_range(level(JZ_LEAD_V4, 120) - clean + 10, 0, 20);
}

static void ectopic_beats_are_of_another_kind_and_not_averaged(void **state) {
    struct jz_ecg *ecg = *state;
    draw(11, 0.85);
    make_ectopic(4);
    make_ectopic(8);
    prepare(ecg);
    jz_ecg_average(ecg, &out);
    assert_int_equal(out.beat_count, 11);
    assert_int_equal(out.averaged_count, 9);
    for (uint32_t b = 0; b < 11; b++)
        assert_int_equal(out.beat[b].kind, b == 4 || b == 8 ? JZ_BEAT_OTHER : JZ_BEAT_MAIN);
}

/* Six ectopics against five: the main kind is the one that keeps the time. */
/* Same direction, half as wide again: aberrant conduction. */
static void a_wider_beat_of_the_same_direction_is_of_another_kind(void **state) {
    struct jz_ecg *ecg = *state;
    static struct recording wide;
    draw(11, 0.85);
    recording_draw(&wide, 2000, 10, r_s, 11, (struct drawn){100, 1000, -300, 170});
    int from = (int)lround(500 * r_s[5]) - 120;
    for (int lead = 0; lead <= JZ_LEAD_V6; lead++)
        memcpy(r.nv[lead] + from, wide.nv[lead] + from, 400 * sizeof **r.nv);
    prepare(ecg);
    jz_ecg_average(ecg, &out);
    for (uint32_t b = 0; b < 11; b++)
        assert_int_equal(out.beat[b].kind, b == 5 ? JZ_BEAT_OTHER : JZ_BEAT_MAIN);
}

/* Beats before a short interval end early in the average. Where they lie higher, the rest must not fall away. */
static void the_average_has_no_step_where_some_beats_end(void **state) {
    struct jz_ecg *ecg = *state;
    double at = 0.5;
    uint32_t n = 0;
    for (; at < 9.3; at += n % 2 ? 0.5 : 0.9) r_s[n++] = at;
    recording_draw(&r, 2000, 10, r_s, n, usual);
    prepare(ecg);
    assert_int_equal(ecg->beat_count, n);
    for (uint32_t b = 0; b + 1 < n; b++) {
        bool ends_early = ecg->beat[b + 1].at - ecg->beat[b].at < 350;
        int from = ecg->beat[b].at - 40, to = ecg->beat[b + 1].at - 40;
        for (int t = from; t < to; t++)
            ecg->uv[JZ_LEAD_II][t] = (int16_t)(ecg->uv[JZ_LEAD_II][t] + 300 * ends_early);
    }
    jz_ecg_average(ecg, &out);
    const int16_t *x = out.lead[JZ_LEAD_II].average_uv;
    for (int t = 340; t < 400; t++) assert_in_range(x[t + 1] - x[t] + 15, 0, 30);
}

static void three_bad_electrodes_of_twelve_do_not_part_like_beats(void **state) {
    struct jz_ecg *ecg = *state;
    uint32_t seed = 11;
    draw(11, 0.85);
    for (int lead = JZ_LEAD_V1; lead <= JZ_LEAD_V3; lead++)
        recording_add_noise(&r, (enum jz_ecg_lead)lead, 900, &seed);
    prepare(ecg);
    for (uint32_t b = 0; b < 11; b++) ecg->beat[b].at = (uint16_t)lround(500 * r_s[b]);
    ecg->beat_count = out.beat_count = 11;
    jz_ecg_average(ecg, &out);
    assert_int_equal(out.averaged_count, 11);
}

static void the_main_kind_is_the_one_that_comes_on_time(void **state) {
    struct jz_ecg *ecg = *state;
    draw(11, 0.85);
    for (uint32_t b = 0; b < 11; b += 2) make_ectopic(b);
    prepare(ecg);
    for (uint32_t b = 0; b < 11; b += 2) ecg->beat[b].premature = 1;
    jz_ecg_average(ecg, &out);
    assert_int_equal(out.averaged_count, 5);
    for (uint32_t b = 0; b < 11; b++)
        assert_int_equal(out.beat[b].kind, b % 2 ? JZ_BEAT_MAIN : JZ_BEAT_OTHER);
}

static void beats_are_aligned_to_the_sample_wherever_their_fiducial_was_put(void **state) {
    struct jz_ecg *ecg = *state;
    draw(11, 0.85);
    prepare(ecg);
    static const int shift[] = {0, 5, -4, 12, -17, 0, 3, 8, -8, 19, 1};
    for (uint32_t b = 0; b < 11; b++) ecg->beat[b].at = (uint16_t)(ecg->beat[b].at + shift[b]);
    jz_ecg_average(ecg, &out);
    assert_int_equal(out.averaged_count, 11);
    for (uint32_t b = 1; b < 11; b++) assert_int_equal(ecg->ensemble.at[b] - ecg->ensemble.at[b - 1], 425);
    for (uint32_t b = 0; b < 11; b++) assert_int_equal(out.beat[b].at, ecg->ensemble.at[b]);
}

static void a_fast_rhythm_supports_the_average_only_up_to_the_next_qrs(void **state) {
    struct jz_ecg *ecg = *state;
    draw(20, 0.45);
    prepare(ecg);
    jz_ecg_average(ecg, &out);
    assert_in_range(ecg->ensemble.to, JZ_ECG_AVERAGE_R + 175, JZ_ECG_AVERAGE_R + 195); /* 450 ms less 80 */
    assert_true(ecg->ensemble.from > 0);
    const int16_t *x = out.lead[JZ_LEAD_II].average_uv;
    for (uint32_t t = (uint32_t)ecg->ensemble.to; t < JZ_ECG_AVERAGE_SAMPLES; t++)
        assert_int_equal(x[t], x[ecg->ensemble.to - 1]);
}

static void derived_leads_obey_einthoven_to_the_microvolt(void **state) {
    struct jz_ecg *ecg = *state;
    recording_load(&r, "ptb/s0010_re", 0, 10);
    for (int lead = JZ_LEAD_III; lead <= JZ_LEAD_AVF; lead++) r.has[lead] = false;
    prepare(ecg);
    jz_ecg_average(ecg, &out);
    for (uint32_t t = 0; t < JZ_ECG_AVERAGE_SAMPLES; t++) {
        int i = out.lead[JZ_LEAD_I].average_uv[t], ii = out.lead[JZ_LEAD_II].average_uv[t];
        assert_int_equal(out.lead[JZ_LEAD_III].average_uv[t], ii - i);
        assert_in_range(2 * out.lead[JZ_LEAD_AVR].average_uv[t] + i + ii + 1, 0, 2);
        assert_in_range(2 * out.lead[JZ_LEAD_AVL].average_uv[t] - 2 * i + ii + 1, 0, 2);
        assert_in_range(2 * out.lead[JZ_LEAD_AVF].average_uv[t] - 2 * ii + i + 1, 0, 2);
    }
}

static void without_beats_nothing_is_averaged(void **state) {
    struct jz_ecg *ecg = *state;
    draw(0, 1);
    prepare(ecg);
    ecg->beat_count = 0;
    out.beat_count = 0;
    jz_ecg_average(ecg, &out);
    assert_int_equal(out.averaged_count, 0);
    assert_int_equal(ecg->ensemble.count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_average_of_like_beats_is_that_beat),
        cmocka_unit_test(two_bad_beats_in_eleven_do_not_move_a_level),
        cmocka_unit_test(one_bad_beat_in_three_does_not_move_a_level),
        cmocka_unit_test(ectopic_beats_are_of_another_kind_and_not_averaged),
        cmocka_unit_test(a_wider_beat_of_the_same_direction_is_of_another_kind),
        cmocka_unit_test(the_average_has_no_step_where_some_beats_end),
        cmocka_unit_test(three_bad_electrodes_of_twelve_do_not_part_like_beats),
        cmocka_unit_test(the_main_kind_is_the_one_that_comes_on_time),
        cmocka_unit_test(beats_are_aligned_to_the_sample_wherever_their_fiducial_was_put),
        cmocka_unit_test(a_fast_rhythm_supports_the_average_only_up_to_the_next_qrs),
        cmocka_unit_test(derived_leads_obey_einthoven_to_the_microvolt),
        cmocka_unit_test(without_beats_nothing_is_averaged),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
