/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "recording.h"

#define FOUND_MAX 400u

static struct recording r;
static double found_s[FOUND_MAX]; /* R of the beats told, in seconds of the stream */
static uint32_t found;
static struct jz_stream_state now;

static int setup(void **state) {
    *state = malloc(jz_ecg_stream_bytes());
    return *state ? 0 : -1;
}
static int teardown(void **state) {
    free(*state);
    return 0;
}

static void begin(struct jz_ecg_stream *s, uint32_t leads) {
    assert_int_equal(jz_ecg_stream_begin(s, r.period_us, leads), JZ_OK);
    found = 0;
}

/* Pushes samples [from, to) of the first `leads` of these leads, then asks for the state. */
static const enum jz_ecg_lead order[] = {JZ_LEAD_II, JZ_LEAD_V1, JZ_LEAD_V5};
static void push(struct jz_ecg_stream *s, uint32_t leads, uint32_t from, uint32_t to) {
    for (uint32_t t = from; t < to; t++) {
        int32_t uv[JZ_STREAM_LEADS_MAX];
        uint32_t ago;
        for (uint32_t k = 0; k < leads; k++) {
            int32_t nv = r.nv[order[k]][t];
            uv[k] = nv == JZ_ECG_MISSING ? nv : nv / 1000;
        }
        if (jz_ecg_stream_push(s, uv, &ago) && found < FOUND_MAX)
            found_s[found++] = (t - ago) * (r.period_us / 1e6);
    }
    jz_ecg_stream_state(s, &now);
}
static void push_all(struct jz_ecg_stream *s, uint32_t leads) {
    begin(s, leads);
    push(s, leads, 0, r.samples);
}

static uint32_t every(double *r_s, double interval_s, double seconds) {
    uint32_t n = 0;
    for (double t = 0.5; t < seconds; t += interval_s) r_s[n++] = t;
    return n;
}

static void periods_and_leads_out_of_range_are_refused(void **state) {
    struct jz_ecg_stream *s = *state;
    assert_int_equal(jz_ecg_stream_begin(s, JZ_ECG_PERIOD_US_MIN - 1, 1), JZ_E_VALUE);
    assert_int_equal(jz_ecg_stream_begin(s, JZ_ECG_PERIOD_US_MAX + 1, 1), JZ_E_VALUE);
    assert_int_equal(jz_ecg_stream_begin(s, 2000, 0), JZ_E_VALUE);
    assert_int_equal(jz_ecg_stream_begin(s, 2000, JZ_STREAM_LEADS_MAX + 1), JZ_E_VALUE);
    assert_int_equal(jz_ecg_stream_begin(s, 2000, JZ_STREAM_LEADS_MAX), JZ_OK);
}

static void memory_is_small_and_fixed(void **state) {
    (void)state;
    assert_true(jz_ecg_stream_bytes() <= 64u * 1024u);
}

static void the_beats_of_a_real_trace_are_told_in_time(void **state) {
    double at_s[200];
    uint32_t count = read_beats("rhythm/208_1min.atr", 360, at_s, 200), hit = 0, missed = 0, i = 0;
    recording_load(&r, "rhythm/208_1min", 0, 60);
    push_all(*state, 2);
    for (uint32_t a = 0; a < count; a++) {
        if (at_s[a] < 0.5 || at_s[a] > 59) continue;
        while (i < found && found_s[i] < at_s[a] - 0.15) i++;
        bool here = i < found && found_s[i] <= at_s[a] + 0.15;
        hit += here;
        missed += !here;
        i += here;
    }
    assert_true(hit > 90);
    assert_int_equal(missed, 0);
    assert_in_range(found, hit, hit + 3);
}

static void rates_are_right_at_every_sampling_rate(void **state) {
    static const uint32_t period[] = {400, 1000, 2000, 2778, 4000, 10000};
    static const int rate[] = {40, 75, 150, 220};
    for (unsigned p = 0; p < 6; p++)
        for (unsigned k = 0; k < 4; k++) {
            double r_s[64];
            double seconds = period[p] == 400 ? 11.9 : 14;
            uint32_t beats = every(r_s, 60.0 / rate[k], seconds);
            recording_draw(&r, period[p], seconds, r_s, beats,
                           (struct drawn){rate[k] > 120 ? 0 : 100, 1000, rate[k] > 150 ? 80 : 250, 90});
            push_all(*state, 3);
            assert_in_range(now.rate_bpm_x10, rate[k] * 10 - 10, rate[k] * 10 + 10);
            assert_false(now.lead_off);
            for (uint32_t b = 0; b < beats;
                 b++) { /* R where it was drawn, once each; the newest are not due yet */
                if (r_s[b] < 0.3 || r_s[b] > seconds - 0.7) continue;
                uint32_t near = 0;
                for (uint32_t i = 0; i < found; i++) near += fabs(found_s[i] - r_s[b]) < 0.03;
                assert_int_equal(near, 1);
            }
        }
}

static void a_beat_is_told_within_half_a_second_and_a_bit(void **state) {
    struct jz_ecg_stream *s = *state;
    double r_s[32];
    uint32_t beats = every(r_s, 0.9, 20), told = 0;
    recording_draw(&r, 4000, 20, r_s, beats, (struct drawn){100, 1000, 250, 90});
    begin(s, 1);
    for (uint32_t t = 0; t < r.samples; t++) {
        int32_t uv = r.nv[JZ_LEAD_II][t] / 1000;
        uint32_t ago;
        if (!jz_ecg_stream_push(s, &uv, &ago)) continue;
        told++;
        if (t * 0.004 > 4) assert_true(ago * 0.004 >= 0.29 && ago * 0.004 <= 0.56);
    }
    assert_true(told >= beats - 1);
}

/* Where a trace begins must not matter once the detector knows it. */
static void traces_that_begin_anywhere_give_the_same_beats(void **state) {
    static double whole_s[FOUND_MAX];
    uint32_t seed = 8675309;
    print_message("seed %u\n", seed);
    recording_load(&r, "rhythm/208_1min", 0, 60);
    push_all(*state, 2);
    uint32_t whole = found;
    memcpy(whole_s, found_s, sizeof whole_s);
    for (int k = 0; k < 12; k++) {
        seed = seed * 1664525u + 1013904223u;
        uint32_t from = 1 + (seed >> 8) % (30 * 360);
        begin(*state, 2);
        push(*state, 2, from, r.samples);
        uint32_t compared = 0, differ = 0;
        for (uint32_t i = 0; i < whole; i++) {
            if (whole_s[i] < from / 360.0 + 7 || whole_s[i] > 59) continue;
            compared++;
            bool here = false;
            for (uint32_t j = 0; j < found; j++) here = here || fabs(found_s[j] - whole_s[i]) < 0.04;
            differ += !here;
        }
        assert_true(compared > 30);
        assert_in_range(differ, 0, 1);
    }
}

static void the_same_trace_gives_the_same_again(void **state) {
    static double first_s[FOUND_MAX];
    recording_load(&r, "alarms2015/f697l_40s", 0, 40);
    push_all(*state, 2);
    uint32_t first = found;
    memcpy(first_s, found_s, sizeof first_s);
    struct jz_stream_state before = now;
    push_all(*state, 2);
    assert_int_equal(found, first);
    assert_memory_equal(found_s, first_s, first * sizeof first_s[0]);
    assert_memory_equal(&now, &before, sizeof now);
}

static void fibrillation_is_suspected_soon_after_it_begins_and_not_before(void **state) {
    struct jz_ecg_stream *s = *state;
    recording_load(&r, "alarms2015/f697l_40s", 0, 40);
    begin(s, 2);
    for (uint32_t second = 1; second <= 26; second++) {
        push(s, 2, (second - 1) * 250, second * 250);
        bool suspected = now.rhythm & JZ_RHYTHM_VF_SUSPECTED;
        if (second <= 13) assert_false(suspected);
        if (second >= 22) assert_true(suspected);
        if (suspected) assert_int_equal(now.rate_bpm_x10, JZ_ECG_UNKNOWN);
    }
}

static void a_flat_line_is_said_and_has_no_rate(void **state) {
    recording_load(&r, "alarms2015/f450s_44s", 0, 18);
    push_all(*state, 2);
    assert_int_equal(now.rhythm & JZ_RHYTHM_FLAT, JZ_RHYTHM_FLAT);
    assert_int_equal(now.rate_bpm_x10, JZ_ECG_UNKNOWN);
    assert_false(now.lead_off);
    assert_int_equal(found, 0);
}

static void leads_off_are_said_and_then_nothing_else_is_known(void **state) {
    struct jz_ecg_stream *s = *state;
    double r_s[32];
    uint32_t beats = every(r_s, 0.8, 20);
    recording_draw(&r, 2000, 20, r_s, beats, (struct drawn){100, 1000, 250, 90});
    for (uint32_t t = 6000; t < r.samples; t++) r.nv[JZ_LEAD_II][t] = JZ_ECG_MISSING;
    for (uint32_t t = 7000; t < r.samples; t++) r.nv[JZ_LEAD_V1][t] = r.nv[JZ_LEAD_V1][6999];
    begin(s, 2);
    jz_ecg_stream_state(s, &now);
    assert_true(now.lead_off);
    push(s, 2, 0, 6900);
    assert_false(now.lead_off);
    assert_in_range(now.rate_bpm_x10, 740, 760);
    push(s, 2, 6900, 7900);
    assert_false(now.lead_off);
    push(s, 2, 7900, 8100);
    assert_true(now.lead_off);
    assert_int_equal(now.rate_bpm_x10, JZ_ECG_UNKNOWN);
    assert_int_equal(now.rhythm, 0);
}

static void a_rate_grows_stale_and_a_pause_is_said(void **state) {
    struct jz_ecg_stream *s = *state;
    double r_s[32];
    uint32_t seed = 12, beats = every(r_s, 0.8, 8);
    recording_draw(&r, 2000, 16, r_s, beats, (struct drawn){100, 1000, 250, 90});
    recording_add_noise(&r, JZ_LEAD_II, 5, &seed);
    uint32_t last = (uint32_t)lround(r_s[beats - 1] * 500);
    begin(s, 1);
    push(s, 1, 0, last + 900);
    assert_int_equal(now.rhythm & JZ_RHYTHM_PAUSE, 0);
    assert_in_range(now.rate_bpm_x10, 740, 760);
    push(s, 1, last + 900, last + 1100);
    assert_int_equal(now.rhythm & JZ_RHYTHM_PAUSE, JZ_RHYTHM_PAUSE);
    assert_in_range(now.rate_bpm_x10, 740, 760);
    push(s, 1, last + 1100, last + 1600);
    assert_int_equal(now.rate_bpm_x10, JZ_ECG_UNKNOWN);
}

static void wide_and_fast_is_told_from_narrow_and_fast(void **state) {
    double r_s[64];
    uint32_t beats = every(r_s, 0.4, 14);
    recording_draw(&r, 2000, 14, r_s, beats, (struct drawn){0, 1000, 60, 90});
    push_all(*state, 2);
    assert_int_equal(now.rhythm, JZ_RHYTHM_REGULAR);
    recording_load(&r, "ptbxl/00279_hr", 0, 10);
    push_all(*state, 3);
    assert_int_equal(now.rhythm & (JZ_RHYTHM_WIDE | JZ_RHYTHM_WIDE_FAST),
                     JZ_RHYTHM_WIDE | JZ_RHYTHM_WIDE_FAST);
}

static void a_direct_voltage_that_wanders_far_loses_no_beat(void **state) {
    double r_s[64];
    uint32_t beats = every(r_s, 0.75, 30);
    recording_draw(&r, 2000, 30, r_s, beats, (struct drawn){100, 1000, 250, 90});
    recording_add_sine(&r, JZ_LEAD_II, 100000, 0.005, 0); /* 3 mV a second */
    push_all(*state, 1);
    for (uint32_t b = 1; b + 2 < beats; b++) {
        bool here = false;
        for (uint32_t i = 0; i < found; i++) here = here || fabs(found_s[i] - r_s[b]) < 0.05;
        assert_true(here);
    }
    assert_in_range(found, beats - 3, beats + 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(periods_and_leads_out_of_range_are_refused),
        cmocka_unit_test(memory_is_small_and_fixed),
        cmocka_unit_test(the_beats_of_a_real_trace_are_told_in_time),
        cmocka_unit_test(rates_are_right_at_every_sampling_rate),
        cmocka_unit_test(a_beat_is_told_within_half_a_second_and_a_bit),
        cmocka_unit_test(traces_that_begin_anywhere_give_the_same_beats),
        cmocka_unit_test(the_same_trace_gives_the_same_again),
        cmocka_unit_test(fibrillation_is_suspected_soon_after_it_begins_and_not_before),
        cmocka_unit_test(a_flat_line_is_said_and_has_no_rate),
        cmocka_unit_test(leads_off_are_said_and_then_nothing_else_is_known),
        cmocka_unit_test(a_rate_grows_stale_and_a_pause_is_said),
        cmocka_unit_test(wide_and_fast_is_told_from_narrow_and_fast),
        cmocka_unit_test(a_direct_voltage_that_wanders_far_loses_no_beat),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
