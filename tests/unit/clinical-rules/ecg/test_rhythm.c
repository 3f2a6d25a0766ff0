/* SPDX-License-Identifier: Apache-2.0 */
#include "qrs.h"
#include "recording.h"
#include "rhythm.h"
#include "waves.h"

static struct recording r;
static struct jz_ecg_measure out;

static int setup(void **state) {
    *state = new_ecg();
    return 0;
}
static int teardown(void **state) {
    free(*state);
    return 0;
}

/* A measure with beats at these intervals (ms) from 400 ms on, in a recording that ends 400 ms after the last. */
static void beats_apart(const int *ms, uint32_t count) {
    memset(&out, 0, sizeof out);
    uint32_t at = 200;
    for (uint32_t i = 0; i <= count; i++) {
        out.beat[i] = (struct jz_ecg_beat){.at = (uint16_t)at, .kind = JZ_BEAT_MAIN};
        if (i < count) at += (uint32_t)ms[i] / 2;
    }
    out.beat_count = (uint16_t)(count + 1);
    out.samples = at + 200;
    out.qrs_ms = 90;
    out.usable_count = 12;
    out.marks.p_on = 80;
}

/* Rhythm of `out` with no samples behind it. */
static uint32_t rhythm_of(struct jz_ecg *ecg) {
    assert_int_equal(jz_ecg_begin(ecg, 2000), JZ_OK);
    jz_ecg_rhythm(ecg, &out);
    return out.rhythm;
}

static void intervals_and_rate_are_of_all_beats(void **state) {
    const int ms[] = {800, 900, 700, 800};
    beats_apart(ms, 4);
    (void)rhythm_of(*state);
    assert_int_equal(out.rr_ms_mean, 800);
    assert_int_equal(out.rr_ms_min, 700);
    assert_int_equal(out.rr_ms_max, 900);
    assert_int_equal(out.rate_bpm_x10, 750);
}

static void one_beat_has_no_rate(void **state) {
    beats_apart(NULL, 0);
    (void)rhythm_of(*state);
    assert_int_equal(out.rate_bpm_x10, JZ_ECG_UNKNOWN);
    assert_int_equal(out.rr_ms_mean, JZ_ECG_UNKNOWN);
}

static void a_steady_rhythm_is_regular_and_breathing_is_neither(void **state) {
    const int steady[] = {800, 810, 820, 800, 790, 800, 810};
    const int breathing[] = {700, 760, 830, 880, 840, 770, 710, 700, 750};
    beats_apart(steady, 7);
    assert_int_equal(rhythm_of(*state), JZ_RHYTHM_REGULAR);
    beats_apart(breathing, 9);
    out.marks.p_on = JZ_ECG_UNKNOWN;
    assert_int_equal(rhythm_of(*state), 0);
}

static void no_sequence_without_p_is_irregular_and_with_p_is_not_said(void **state) {
    const int ms[] = {600, 850, 520, 700, 910, 480, 760, 640, 990};
    beats_apart(ms, 9);
    assert_int_equal(rhythm_of(*state), 0);
    out.marks.p_on = JZ_ECG_UNKNOWN;
    assert_int_equal(rhythm_of(*state), JZ_RHYTHM_IRREGULAR);
}

static void one_early_beat_leaves_a_rhythm_regular_and_many_do_not(void **state) {
    const int one[] = {800, 800, 800, 500, 1100, 800, 800, 800};
    const int many[] = {800, 500, 1100, 800, 500, 1100, 800, 500, 1100};
    beats_apart(one, 8);
    assert_int_equal(rhythm_of(*state), JZ_RHYTHM_REGULAR);
    beats_apart(many, 9);
    assert_int_equal(rhythm_of(*state) & JZ_RHYTHM_REGULAR, 0);
}

static void few_beats_say_nothing_about_regularity(void **state) {
    const int ms[] = {800, 800, 800, 800};
    beats_apart(ms, 4);
    assert_int_equal(rhythm_of(*state), 0);
}

static void two_seconds_without_a_beat_are_a_pause_also_at_the_ends(void **state) {
    const int below[] = {800, 1998, 800}, at[] = {800, 2000, 800}, steady[] = {800, 800, 800};
    beats_apart(below, 3);
    assert_int_equal(rhythm_of(*state) & JZ_RHYTHM_PAUSE, 0);
    beats_apart(at, 3);
    assert_int_equal(rhythm_of(*state) & JZ_RHYTHM_PAUSE, JZ_RHYTHM_PAUSE);
    beats_apart(steady, 3);
    out.samples = out.beat[3].at + 999u;
    assert_int_equal(rhythm_of(*state) & JZ_RHYTHM_PAUSE, 0);
    out.samples++;
    assert_int_equal(rhythm_of(*state) & JZ_RHYTHM_PAUSE, JZ_RHYTHM_PAUSE);
}

static void wide_is_120_ms_and_wide_fast_is_100_a_minute_more(void **state) {
    const int fast[] = {600, 600, 600, 600}, slower[] = {602, 602, 602, 602};
    beats_apart(fast, 4);
    out.qrs_ms = 118;
    assert_int_equal(rhythm_of(*state) & (JZ_RHYTHM_WIDE | JZ_RHYTHM_WIDE_FAST), 0);
    out.qrs_ms = 120;
    assert_int_equal(rhythm_of(*state), JZ_RHYTHM_WIDE | JZ_RHYTHM_WIDE_FAST);
    beats_apart(slower, 4);
    out.qrs_ms = 120;
    assert_int_equal(rhythm_of(*state), JZ_RHYTHM_WIDE);
    out.usable_count = 0; /* the width of noise is not a QRS's */
    assert_int_equal(rhythm_of(*state), 0);
    out.usable_count = 12;
    out.qrs_ms = JZ_ECG_UNKNOWN;
    assert_int_equal(rhythm_of(*state), 0);
}

static void a_qrs_too_long_to_be_measured_is_wide_all_the_same(void **state) {
    struct jz_ecg *ecg = *state;
    const int ms[] = {500, 500, 500, 500, 500, 500, 500};
    for (uint16_t averaged = 2; averaged <= 8; averaged += 6) {
        beats_apart(ms, 7);
        out.qrs_ms = JZ_ECG_UNKNOWN;
        out.usable_count = 0;
        out.averaged_count = averaged;
        assert_int_equal(jz_ecg_begin(ecg, 2000), JZ_OK);
        for (uint32_t i = 0; i < 8; i++) ecg->beat_spread[i] = ECG_WIDE_SPREAD;
        jz_ecg_rhythm(ecg, &out);
        uint32_t wide = JZ_RHYTHM_WIDE | JZ_RHYTHM_WIDE_FAST;
        assert_int_equal(out.rhythm & wide, averaged == 8 ? wide : 0); /* beats of no one kind may be noise */
    }
}

static void three_wide_beats_in_a_row_are_a_run(void **state) {
    (void)state;
    struct jz_ecg_beat beat[6];
    uint16_t spread[6] = {120, 300, 300, 300, 120, 120};
    for (int i = 0; i < 6; i++)
        beat[i] = (struct jz_ecg_beat){.at = (uint16_t)(500 + 250 * i),
                                       .kind = spread[i] > 200 ? JZ_BEAT_OTHER : JZ_BEAT_MAIN};
    assert_true(jz_ecg_wide_run(beat, spread, 6));
    beat[3].kind = JZ_BEAT_MAIN;
    assert_false(jz_ecg_wide_run(beat, spread, 6));
    beat[3].kind = JZ_BEAT_PACED;
    assert_false(jz_ecg_wide_run(beat, spread, 6));
    beat[3].kind = JZ_BEAT_OTHER;
    spread[2] = 120; /* a narrow one among them */
    assert_false(jz_ecg_wide_run(beat, spread, 6));
    spread[2] = 300;
    for (int i = 2; i < 6; i++)
        beat[i].at += 80; /* 660 ms after the first: slower than 100/min, two remain */
    assert_false(jz_ecg_wide_run(beat, spread, 6));
}

static void measure(struct jz_ecg *ecg, const char *name, double from_s, double seconds) {
    recording_load(&r, name, from_s, seconds);
    recording_feed(&r, ecg);
    jz_ecg_measure(ecg, &out);
}

static void real_ventricular_fibrillation_is_suspected(void **state) {
    measure(*state, "alarms2015/f697l_40s", 22, 10);
    assert_int_equal(out.rhythm & JZ_RHYTHM_VF_SUSPECTED, JZ_RHYTHM_VF_SUSPECTED);
    measure(*state, "alarms2015/f450s_44s", 32, 10);
    assert_int_equal(out.rhythm & JZ_RHYTHM_VF_SUSPECTED, JZ_RHYTHM_VF_SUSPECTED);
}

static void a_real_flat_line_with_its_noise_is_flat(void **state) {
    measure(*state, "alarms2015/f450s_44s", 5, 10);
    assert_int_equal(out.rhythm, JZ_RHYTHM_FLAT);
    assert_int_equal(out.rate_bpm_x10, JZ_ECG_UNKNOWN);
    assert_false(out.readable);
}

static void leads_that_are_off_are_not_called_flat(void **state) {
    recording_draw(&r, 2000, 10, NULL, 0, (struct drawn){0, 0, 0, 90});
    recording_feed(&r, *state);
    jz_ecg_measure(*state, &out);
    assert_int_equal(out.rhythm, 0);
    assert_false(out.readable);
}

static void organised_rhythms_are_neither_fibrillation_nor_flat(void **state) {
    static const char *const name[] = {"ptbxl/00111_hr", "ptbxl/00190_hr",  "ptbxl/00279_hr",
                                       "ptb/s0010_re",   "challenge/A0003", "ludb/96",
                                       "ludb/100",       "rhythm/208_1min", "alarms2015/f697l_40s"};
    for (unsigned i = 0; i < sizeof name / sizeof name[0]; i++) {
        measure(*state, name[i], 0, 10);
        assert_int_equal(out.rhythm & (JZ_RHYTHM_VF_SUSPECTED | JZ_RHYTHM_FLAT), 0);
        assert_true(out.rate_bpm_x10 > 300 && out.rate_bpm_x10 < 1500);
    }
}

static void what_the_sources_call_paced_af_and_wide_is_found_so(void **state) {
    measure(*state, "ptbxl/00190_hr", 0, 10);
    assert_int_equal(out.rhythm & JZ_RHYTHM_PACED, JZ_RHYTHM_PACED);
    measure(*state, "ludb/96", 0, 10);
    assert_int_equal(out.rhythm & (JZ_RHYTHM_IRREGULAR | JZ_RHYTHM_REGULAR), JZ_RHYTHM_IRREGULAR);
    measure(*state, "ptbxl/00279_hr", 0, 10); /* LBBB at 116/min */
    assert_int_equal(out.rhythm, JZ_RHYTHM_REGULAR | JZ_RHYTHM_WIDE | JZ_RHYTHM_WIDE_FAST);
    measure(*state, "ptbxl/00111_hr", 0, 10);
    assert_int_equal(out.rhythm & ~JZ_RHYTHM_REGULAR, 0);
}

static void a_sine_cancels_itself_and_noise_does_not(void **state) {
    (void)state;
    static int32_t x[2000];
    int32_t mean;
    uint32_t seed = 5;
    static const int32_t sine[50] = {
        0,    125,  249,  368,  482,  588,  685,  771,  844,  905,  951,  982,  998,  998,  982,  951,  905,
        844,  771,  685,  588,  482,  368,  249,  125,  0,    -125, -249, -368, -482, -588, -685, -771, -844,
        -905, -951, -982, -998, -998, -982, -951, -905, -844, -771, -685, -588, -482, -368, -249, -125};
    for (int t = 0; t < 2000; t++) x[t] = sine[t % 50];
    assert_true(jz_ecg_leakage(x, 2000, &mean) < 50);
    assert_in_range(mean, 620, 650);
    for (int t = 0; t < 2000; t++) x[t] = (int32_t)(1000 * gauss(&seed));
    assert_in_range(jz_ecg_leakage(x, 2000, &mean), 600, 800);
    memset(x, 0, sizeof x);
    assert_int_equal(jz_ecg_leakage(x, 2000, &mean), 1000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_and_rate_are_of_all_beats),
        cmocka_unit_test(one_beat_has_no_rate),
        cmocka_unit_test(a_steady_rhythm_is_regular_and_breathing_is_neither),
        cmocka_unit_test(no_sequence_without_p_is_irregular_and_with_p_is_not_said),
        cmocka_unit_test(one_early_beat_leaves_a_rhythm_regular_and_many_do_not),
        cmocka_unit_test(few_beats_say_nothing_about_regularity),
        cmocka_unit_test(two_seconds_without_a_beat_are_a_pause_also_at_the_ends),
        cmocka_unit_test(wide_is_120_ms_and_wide_fast_is_100_a_minute_more),
        cmocka_unit_test(a_qrs_too_long_to_be_measured_is_wide_all_the_same),
        cmocka_unit_test(three_wide_beats_in_a_row_are_a_run),
        cmocka_unit_test(real_ventricular_fibrillation_is_suspected),
        cmocka_unit_test(a_real_flat_line_with_its_noise_is_flat),
        cmocka_unit_test(leads_that_are_off_are_not_called_flat),
        cmocka_unit_test(organised_rhythms_are_neither_fibrillation_nor_flat),
        cmocka_unit_test(what_the_sources_call_paced_af_and_wide_is_found_so),
        cmocka_unit_test(a_sine_cancels_itself_and_noise_does_not),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
