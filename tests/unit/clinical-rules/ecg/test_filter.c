/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "recording.h"
#include "spline.h"

static struct recording r, other;

static int setup(void **state) {
    *state = new_ecg();
    return 0;
}
static int teardown(void **state) {
    free(*state);
    return 0;
}

/* --- the ST level ------------------------------------------------------------------------------------------------- */

#define R_TO_ST 50 /* samples: 100 ms after R, past J of the records used here */
#define ONSET_TO_R 30

/* Mean over the beats of the level at 100 ms after R against that before the QRS, µV. */
static double st_level(const struct jz_ecg *ecg, const double *r_s, uint32_t beats, enum jz_ecg_lead lead) {
    double sum = 0;
    for (uint32_t b = 0; b < beats; b++) {
        int32_t at = (int32_t)lround(r_s[b] * 500);
        for (int k = 0; k < 10; k++)
            sum += ecg->uv[lead][at + R_TO_ST + k - 5] - ecg->uv[lead][at - ONSET_TO_R + k - 5];
    }
    return sum / (10.0 * beats);
}

/* Lifts the ST part of each beat: from J on, back to nothing behind the T wave. */
static void lift_st(struct recording *rec, enum jz_ecg_lead lead, const double *r_s, uint32_t beats,
                    double uv) {
    for (uint32_t t = 0; t < rec->samples; t++)
        for (uint32_t b = 0; b < beats; b++) {
            double d = t * 0.002 - r_s[b];
            double part = d < 0.03 || d > 0.4 ? 0
                          : d < 0.05          ? (d - 0.03) / 0.02
                          : d > 0.3           ? (0.4 - d) / 0.1
                                              : 1;
            rec->nv[lead][t] += (int32_t)lround(1000 * uv * part);
        }
}

static uint32_t beats_of(const struct jz_ecg *ecg, double *r_s) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < ecg->beat_count; i++)
        if (ecg->beat[i].at > 60 && ecg->beat[i].at + 250u < ecg->samples) r_s[n++] = ecg->beat[i].at * 0.002;
    return n;
}

static void a_known_st_step_keeps_its_level_in_sway_and_mains(void **state) {
    struct jz_ecg *ecg = *state;
    static const double step_uv[] = {0, 100, 200, -150};
    double r_s[JZ_ECG_BEATS_MAX];
    recording_load(&r, "ptbxl/00111_hr", 0, 10);
    recording_feed(&r, ecg);
    jz_ecg_prepare(ecg);
    uint32_t beats = beats_of(ecg, r_s);
    assert_true(beats >= 9);
    double before[JZ_LEAD_COUNT];
    for (int lead = 0; lead <= JZ_LEAD_V6; lead++)
        before[lead] = st_level(ecg, r_s, beats, (enum jz_ecg_lead)lead);
    for (unsigned i = 0; i < 4; i++) {
        other = r;
        for (int lead = 0; lead <= JZ_LEAD_V6; lead++) {
            lift_st(&other, (enum jz_ecg_lead)lead, r_s, beats, step_uv[i]);
            recording_add_sine(&other, (enum jz_ecg_lead)lead, 500, 0.3,
                               lead); /* 1 mV from crest to trough */
            recording_add_sine(&other, (enum jz_ecg_lead)lead, 200, 50, lead * 0.5);
        }
        recording_feed(&other, ecg);
        jz_ecg_prepare(ecg);
        assert_int_equal(ecg->mains_hz, 50);
        for (int lead = 0; lead <= JZ_LEAD_V6; lead++) {
            double error = st_level(ecg, r_s, beats, (enum jz_ecg_lead)lead) - before[lead] - step_uv[i];
            if (fabs(error) > 10) fail_msg("%s: %.1f µV", jz_ecg_lead_name((enum jz_ecg_lead)lead), error);
        }
    }
}

static void a_slow_sway_of_two_millivolts_is_gone_between_the_beats_too(void **state) {
    struct jz_ecg *ecg = *state;
    static int16_t clean[JZ_ECG_SAMPLES_MAX];
    recording_load(&r, "ptbxl/00111_hr", 0, 10);
    recording_feed(&r, ecg);
    jz_ecg_prepare(ecg);
    memcpy(clean, ecg->uv[JZ_LEAD_V3], sizeof clean);
    recording_add_sine(&r, JZ_LEAD_V3, 1000, 0.25, 1);
    recording_feed(&r, ecg);
    jz_ecg_prepare(ecg);
    double sum = 0;
    for (uint32_t t = 500; t < 4500; t++) sum += pow(ecg->uv[JZ_LEAD_V3][t] - clean[t], 2);
    assert_true(sqrt(sum / 4000) < 15);
}

/* --- spline --------------------------------------------------------------------------------------------------------- */

static void two_bad_beats_of_eleven_move_the_level_of_no_other(void **state) {
    struct jz_ecg *ecg = *state;
    double r_s[11], good[9];
    uint32_t n = 0;
    for (uint32_t b = 0; b < 11; b++) {
        r_s[b] = 0.6 + 0.85 * b;
        if (b != 4 && b != 7) good[n++] = r_s[b];
    }
    recording_draw(&r, 2000, 10, r_s, 11, (struct drawn){100, 1000, 300, 90});
    recording_feed(&r, ecg);
    jz_ecg_prepare(ecg);
    double before = st_level(ecg, good, n, JZ_LEAD_V3);
    lift_st(&r, JZ_LEAD_V3, &r_s[4], 1, 600);
    lift_st(&r, JZ_LEAD_V3, &r_s[7], 1, 600);
    recording_feed(&r, ecg);
    jz_ecg_prepare(ecg);
    assert_int_equal(ecg->beat_count, 11);
    assert_true(fabs(st_level(ecg, good, n, JZ_LEAD_V3) - before) < 20);
}

static void one_knot_is_a_level(void **state) {
    (void)state;
    struct ecg_spline s = {.count = 1, .at = {3}, .uv = {250}};
    int16_t uv[8] = {250, 251, 252, 253, 254, 255, 256, 0};
    const int16_t due[8] = {0, 1, 2, 3, 4, 5, 6, -250};
    jz_ecg_spline_subtract(&s, uv, 8);
    assert_memory_equal(uv, due, sizeof due);
}

static void a_straight_line_is_taken_off_whole(void **state) {
    (void)state;
    static int16_t uv[3000];
    struct ecg_spline s = {.count = 6};
    const int32_t at[] = {200, 500, 1100, 1300, 2000, 2800};
    for (int t = 0; t < 3000; t++) uv[t] = (int16_t)(3 * t - 4000);
    for (int k = 0; k < 6; k++) {
        s.at[k] = at[k];
        s.uv[k] = uv[at[k]];
    }
    jz_ecg_spline_subtract(&s, uv, 3000);
    for (int t = 0; t < 3000; t++) assert_in_range(uv[t] + 1, 0, 2);
}

static void it_bends_as_a_sway_does(void **state) {
    (void)state;
    static int16_t uv[6000];
    struct ecg_spline s = {.count = 0};
    for (int t = 0; t < 6000; t++) uv[t] = (int16_t)lround(1000 * sin(6.283185307 * 0.2 * t * 0.002));
    for (int t = 100; t < 6000; t += 400) {
        s.at[s.count] = t;
        s.uv[s.count++] = uv[t];
    }
    jz_ecg_spline_subtract(&s, uv, 6000);
    for (int t = 900; t < 5000; t++) assert_in_range(uv[t] + 10, 0, 20);
}

/* --- mains ---------------------------------------------------------------------------------------------------------- */

static void mains_of_50_and_60_hz_are_told_apart_and_taken_off(void **state) {
    struct jz_ecg *ecg = *state;
    static int16_t clean[JZ_LEAD_COUNT][JZ_ECG_SAMPLES_MAX];
    static const double hz[] = {50, 60, 49.7, 50.3};
    recording_load(&r, "ptbxl/00111_hr", 0, 10);
    recording_feed(&r, ecg);
    jz_ecg_condition(ecg);
    memcpy(clean, ecg->uv, sizeof clean);
    for (unsigned i = 0; i < 4; i++) {
        other = r;
        for (int lead = 0; lead <= JZ_LEAD_V6; lead++)
            recording_add_sine(&other, (enum jz_ecg_lead)lead, 200, hz[i], lead);
        recording_feed(&other, ecg);
        jz_ecg_condition(ecg);
        assert_int_equal(ecg->mains_hz, i == 1 ? 60 : 50);
        for (int lead = 0; lead <= JZ_LEAD_V6; lead++) {
            double sum = 0, worst = 0;
            int32_t first = 0;
            for (uint32_t t = 100; t < 4900; t++) first += ecg->uv[lead][t] - clean[lead][t];
            for (uint32_t t = 200; t < 4800; t++) { /* QRS included: nothing may ring there */
                double d = ecg->uv[lead][t] - clean[lead][t] - first / 4800.0;
                sum += d * d;
                worst = fmax(worst, fabs(d));
            }
            assert_in_range(ecg->mains_uv[lead], 170, 230);
            assert_true(sqrt(sum / 4600) < 5);
            assert_true(worst < 25);
        }
    }
}

/* Mean distance of a lead from the same lead of `clean`, without the ends. */
static double distance(const struct jz_ecg *ecg, const struct jz_ecg *clean, enum jz_ecg_lead lead) {
    double sum = 0;
    for (uint32_t t = 250; t < 4750; t++) sum += abs(ecg->uv[lead][t] - clean->uv[lead][t]);
    return sum / 4500;
}

static void mains_of_any_size_and_its_double_are_taken_off(void **state) {
    static const struct {
        double hz, uv, double_uv;
    } hum[] = {{50, 200, 60}, {60, 200, 60}, {50, 9000, 0}, {60, 3000, 300}};
    struct jz_ecg *ecg = *state, *clean = new_ecg();
    recording_load(&r, "ptbxl/00111_hr", 0, 10);
    recording_feed(&r, clean);
    jz_ecg_condition(clean);
    for (unsigned i = 0; i < 4; i++) {
        other = r;
        for (int lead = 0; lead <= JZ_LEAD_V6; lead++) {
            recording_add_sine(&other, (enum jz_ecg_lead)lead, hum[i].uv, hum[i].hz, lead);
            recording_add_sine(&other, (enum jz_ecg_lead)lead, hum[i].double_uv, 2 * hum[i].hz, 2 * lead);
        }
        recording_feed(&other, ecg);
        jz_ecg_condition(ecg);
        assert_int_equal(ecg->mains_hz, hum[i].hz);
        for (int lead = 0; lead <= JZ_LEAD_V6; lead++) {
            int32_t first =
                (other.nv[lead][0] - r.nv[lead][0]) / 1000; /* levels count from the first sample */
            for (uint32_t t = 0; t < ecg->samples; t++)
                ecg->uv[lead][t] = (int16_t)(ecg->uv[lead][t] + first);
            assert_true(distance(ecg, clean, (enum jz_ecg_lead)lead) < 8);
        }
    }
    free(clean);
}

static void without_mains_nothing_is_touched(void **state) {
    struct jz_ecg *ecg = *state;
    static const double r_s[] = {0.6, 1.5, 2.4, 3.3, 4.2, 5.1, 6.0, 6.9, 7.8, 8.7};
    recording_draw(&r, 2000, 10, r_s, 10, (struct drawn){100, 1200, 300, 90});
    recording_feed(&r, ecg);
    jz_ecg_condition(ecg);
    assert_int_equal(ecg->mains_hz, 0);
    for (int lead = 0; lead <= JZ_LEAD_V6; lead++)
        assert_memory_equal(ecg->uv[lead], ecg->raw[lead], 5000 * sizeof(int16_t));
}

/* --- pulses, gaps, derived leads -------------------------------------------------------------------------------------- */

static void pacing_pulses_are_found_and_cut_out(void **state) {
    struct jz_ecg *ecg = *state;
    double r_s[JZ_ECG_BEATS_MAX];
    recording_load(&r, "ptbxl/00111_hr", 0, 10);
    recording_feed(&r, ecg);
    jz_ecg_prepare(ecg);
    assert_int_equal(ecg->spike_count, 0);
    uint32_t beats = beats_of(ecg, r_s);
    for (uint32_t b = 0; b < beats; b++)
        for (int lead = 0; lead <= JZ_LEAD_V6; lead++) {
            uint32_t t = (uint32_t)lround(r_s[b] * 500) - 40;
            r.nv[lead][t] += 900000;
            r.nv[lead][t + 1] += 300000;
        }
    recording_feed(&r, ecg);
    jz_ecg_condition(ecg);
    assert_int_equal(ecg->spike_count, beats);
    for (uint32_t b = 0; b < beats; b++) {
        uint32_t t = ecg->spike[b];
        assert_int_equal(t, (uint32_t)lround(r_s[b] * 500) - 40);
        assert_true(abs(ecg->uv[JZ_LEAD_V3][t] - ecg->uv[JZ_LEAD_V3][t - 2]) < 60);
    }
}

static void one_or_two_leaps_are_crackle_and_stay(void **state) {
    struct jz_ecg *ecg = *state;
    recording_load(&r, "ptbxl/00111_hr", 0, 10);
    for (int lead = 0; lead <= JZ_LEAD_V6; lead++) {
        r.nv[lead][1210] += 900000;
        r.nv[lead][3310] += 900000;
    }
    recording_feed(&r, ecg);
    jz_ecg_condition(ecg);
    assert_int_equal(ecg->spike_count, 0);
    assert_true(ecg->uv[JZ_LEAD_V3][1210] - ecg->uv[JZ_LEAD_V3][1209] > 700);
}

static void the_pulses_of_a_real_pacemaker_are_found(void **state) {
    struct jz_ecg *ecg = *state;
    recording_load(&r, "ptbxl/00190_hr", 0, 10);
    recording_feed(&r, ecg);
    jz_ecg_prepare(ecg);
    assert_in_range(ecg->spike_count, 10, 12);
    uint32_t paced = 0;
    for (uint32_t i = 0; i < ecg->beat_count; i++) paced += ecg->beat[i].kind == JZ_BEAT_PACED;
    assert_int_equal(ecg->beat_count, 12);
    assert_in_range(paced, 10, 12);
}

static void a_gap_is_bridged_straight_and_stays_known(void **state) {
    struct jz_ecg *ecg = *state;
    static int32_t v[2000];
    for (int t = 0; t < 2000; t++) v[t] = t >= 1000 && t < 1010 ? JZ_ECG_MISSING : 10 * t;
    v[0] = JZ_ECG_MISSING;
    assert_int_equal(jz_ecg_begin(ecg, 2000), JZ_OK);
    assert_int_equal(jz_ecg_append(ecg, JZ_LEAD_II, v, 2000, 1000), JZ_OK);
    assert_int_equal(jz_ecg_append(ecg, JZ_LEAD_V1, v + 1, 1500, 1000), JZ_OK);
    jz_ecg_condition(ecg);
    assert_int_equal(ecg->samples, 2000);
    for (int t = 1; t < 2000; t++) assert_in_range(ecg->uv[JZ_LEAD_II][t] - (t - 1) * 10 + 1, 0, 2);
    assert_int_equal(ecg->uv[JZ_LEAD_II][0], ecg->uv[JZ_LEAD_II][1]);
    assert_int_equal(ecg->raw[JZ_LEAD_II][1005], ECG_GAP);
    assert_int_equal(ecg->uv[JZ_LEAD_V1][1999], ecg->uv[JZ_LEAD_V1][1499]);
}

static void leads_that_were_not_recorded_come_from_i_and_ii(void **state) {
    struct jz_ecg *ecg = *state;
    static int16_t recorded[JZ_LEAD_COUNT][JZ_ECG_SAMPLES_MAX];
    recording_load(&r, "ptbxl/00111_hr", 0, 10);
    recording_feed(&r, ecg);
    jz_ecg_prepare(ecg);
    memcpy(recorded, ecg->uv, sizeof recorded);
    for (int lead = JZ_LEAD_III; lead <= JZ_LEAD_AVF; lead++) {
        assert_false(ecg->derived[lead]);
        r.has[lead] = false;
    }
    recording_feed(&r, ecg);
    jz_ecg_prepare(ecg);
    for (int lead = JZ_LEAD_III; lead <= JZ_LEAD_AVF; lead++) {
        assert_true(ecg->present[lead] && ecg->derived[lead]);
        for (uint32_t t = 300; t < 4700; t++)
            assert_in_range(ecg->uv[lead][t] - recorded[lead][t] + 25, 0, 50);
    }
    r.has[JZ_LEAD_II] = false;
    recording_feed(&r, ecg);
    jz_ecg_prepare(ecg);
    for (int lead = JZ_LEAD_III; lead <= JZ_LEAD_AVF; lead++) assert_false(ecg->present[lead]);
}

static void preparing_twice_is_preparing_once(void **state) {
    struct jz_ecg *ecg = *state;
    static int16_t first[JZ_LEAD_COUNT][JZ_ECG_SAMPLES_MAX];
    recording_load(&r, "ptbxl/00111_hr", 0, 10);
    recording_feed(&r, ecg);
    jz_ecg_prepare(ecg);
    memcpy(first, ecg->uv, sizeof first);
    jz_ecg_prepare(ecg);
    assert_memory_equal(first, ecg->uv, sizeof first);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_known_st_step_keeps_its_level_in_sway_and_mains),
        cmocka_unit_test(a_slow_sway_of_two_millivolts_is_gone_between_the_beats_too),
        cmocka_unit_test(two_bad_beats_of_eleven_move_the_level_of_no_other),
        cmocka_unit_test(one_knot_is_a_level),
        cmocka_unit_test(a_straight_line_is_taken_off_whole),
        cmocka_unit_test(it_bends_as_a_sway_does),
        cmocka_unit_test(mains_of_50_and_60_hz_are_told_apart_and_taken_off),
        cmocka_unit_test(mains_of_any_size_and_its_double_are_taken_off),
        cmocka_unit_test(without_mains_nothing_is_touched),
        cmocka_unit_test(pacing_pulses_are_found_and_cut_out),
        cmocka_unit_test(one_or_two_leaps_are_crackle_and_stay),
        cmocka_unit_test(the_pulses_of_a_real_pacemaker_are_found),
        cmocka_unit_test(a_gap_is_bridged_straight_and_stays_known),
        cmocka_unit_test(leads_that_were_not_recorded_come_from_i_and_ii),
        cmocka_unit_test(preparing_twice_is_preparing_once),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
