/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "qrs.h"
#include "recording.h"

static struct recording r;

static int setup(void **state) {
    *state = new_ecg();
    return 0;
}
static int teardown(void **state) {
    free(*state);
    return 0;
}

struct score {
    uint32_t hit, missed, extra;
    double spread_ms; /* of R against the annotation, standard deviation */
};

/* Beats of `ecg` (its time 0 at `from_s`) against annotations within [begin_s, end_s]. */
static struct score compare(const struct jz_ecg *ecg, double from_s, const double *at_s, uint32_t count,
                            double begin_s, double end_s) {
    struct score s = {0};
    bool used[JZ_ECG_BEATS_MAX] = {false};
    double sum = 0, square = 0;
    for (uint32_t a = 0; a < count; a++) {
        if (at_s[a] < begin_s || at_s[a] > end_s) continue;
        uint32_t i = 0;
        double d = 1;
        for (; i < ecg->beat_count; i++) {
            d = from_s + ecg->beat[i].at * 0.002 - at_s[a];
            if (!used[i] && fabs(d) <= 0.15) break;
        }
        if (i == ecg->beat_count) {
            s.missed++;
            continue;
        }
        used[i] = true;
        s.hit++;
        sum += d;
        square += d * d;
    }
    for (uint32_t i = 0; i < ecg->beat_count; i++) {
        double at = from_s + ecg->beat[i].at * 0.002;
        s.extra += !used[i] && at > begin_s + 0.15 && at < end_s - 0.15;
    }
    if (s.hit > 1) s.spread_ms = 1000 * sqrt((square - sum * sum / s.hit) / (s.hit - 1));
    return s;
}

static void prepare(struct jz_ecg *ecg) {
    recording_feed(&r, ecg);
    jz_ecg_prepare(ecg);
}

static void every_annotated_beat_is_found_and_no_other(void **state) {
    struct jz_ecg *ecg = *state;
    static const char *const name[][2] = {{"ludb/100", "ludb/100.ii"}, {"ludb/96", "ludb/96.ii"}};
    for (unsigned k = 0; k < 2; k++) {
        double at_s[64];
        uint32_t count = read_beats(name[k][1], 500, at_s, 64);
        assert_true(count >= 8);
        recording_load(&r, name[k][0], 0, 10);
        prepare(ecg);
        struct score s = compare(ecg, 0, at_s, count, at_s[0], at_s[count - 1]);
        assert_int_equal(s.hit, count);
        assert_int_equal(s.extra, 0);
        assert_true(s.spread_ms < 6);
    }
}

static void many_ventricular_beats_are_found_in_two_leads(void **state) {
    struct jz_ecg *ecg = *state;
    double at_s[200];
    uint32_t count = read_beats("rhythm/208_1min.atr", 360, at_s, 200), hit = 0, missed = 0, extra = 0;
    assert_true(count > 90);
    for (int k = 0; k < 6; k++) {
        recording_load(&r, "rhythm/208_1min", 10 * k, 10);
        prepare(ecg);
        struct score s = compare(ecg, 10 * k, at_s, count, 10 * k + 0.2, 10 * k + 9.7);
        hit += s.hit;
        missed += s.missed;
        extra += s.extra;
    }
    assert_true(hit > 85);
    assert_int_equal(missed, 0);
    assert_int_equal(extra, 0);
}

/* Beats that differ by more than `tolerance` samples once shifted by `shift`; the outer 0.5 s does not count. */
static uint32_t differing(const struct jz_ecg *a, const struct jz_ecg *b, int shift, int tolerance) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < a->beat_count; i++) {
        int at = a->beat[i].at - shift;
        if (at < 250 || at + 250 > (int)b->samples) continue;
        bool found = false;
        for (uint32_t k = 0; k < b->beat_count; k++) found = found || abs(b->beat[k].at - at) <= tolerance;
        n += !found;
    }
    return n;
}

static void where_the_recording_begins_changes_no_beat(void **state) {
    struct jz_ecg *ecg = *state, *later = new_ecg();
    recording_load(&r, "ptbxl/00111_hr", 0, 10);
    prepare(ecg);
    for (int ms = 20; ms < 1000; ms += 140) {
        recording_load(&r, "ptbxl/00111_hr", ms / 1000.0, 9);
        prepare(later);
        assert_true(later->beat_count >= 8);
        assert_int_equal(differing(ecg, later, ms / 2, 2), 0);
        assert_int_equal(differing(later, ecg, -ms / 2, 2), 0);
    }
    free(later);
}

static void size_does_not_matter(void **state) {
    struct jz_ecg *ecg = *state, *scaled = new_ecg();
    static const double factor[] = {0.2, 0.5, 3};
    recording_load(&r, "challenge/A0003", 0, 10);
    prepare(ecg);
    for (unsigned k = 0; k < 3; k++) {
        recording_load(&r, "challenge/A0003", 0, 10);
        for (int lead = 0; lead < JZ_LEAD_COUNT; lead++)
            for (uint32_t t = 0; t < r.samples; t++) r.nv[lead][t] = (int32_t)(r.nv[lead][t] * factor[k]);
        prepare(scaled);
        assert_int_equal(scaled->beat_count, ecg->beat_count);
        assert_int_equal(differing(ecg, scaled, 0, 3), 0);
    }
    free(scaled);
}

static void leads_of_noise_and_crackle_change_no_beat(void **state) {
    struct jz_ecg *ecg = *state, *noisy = new_ecg();
    uint32_t seed = 77;
    print_message("seed %u\n", seed);
    recording_load(&r, "ptbxl/00111_hr", 0, 10);
    prepare(ecg);
    for (int lead = JZ_LEAD_V1; lead <= JZ_LEAD_V3; lead++)
        recording_add_noise(&r, (enum jz_ecg_lead)lead, 1000, &seed);
    for (uint32_t t = 300; t < r.samples; t += 611)
        for (uint32_t k = t; k < t + 30; k++) r.nv[JZ_LEAD_V5][k] += 8000000;
    prepare(noisy);
    assert_int_equal(noisy->beat_count, ecg->beat_count);
    assert_int_equal(differing(ecg, noisy, 0, 4), 0);
    free(noisy);
}

static uint32_t regular(double *r_s, double interval_s, double seconds) {
    uint32_t n = 0;
    for (double t = 0.4; t < seconds - 0.2; t += interval_s) r_s[n++] = t;
    return n;
}

static void rates_from_25_to_250_are_counted_right(void **state) {
    struct jz_ecg *ecg = *state;
    static const int rate[] = {25, 30, 45, 60, 90, 120, 150, 180, 210, 250};
    for (unsigned k = 0; k < sizeof rate / sizeof rate[0]; k++) {
        double r_s[JZ_ECG_BEATS_MAX];
        uint32_t beats = regular(r_s, 60.0 / rate[k], 12);
        recording_draw(&r, 2000, 12, r_s, beats,
                       (struct drawn){rate[k] > 120 ? 0 : 120, 1000, rate[k] > 150 ? 100 : 250, 90});
        prepare(ecg);
        if (ecg->beat_count != beats) fail_msg("%d/min: %u beats of %u", rate[k], ecg->beat_count, beats);
        for (uint32_t i = 0; i < beats; i++) assert_true(fabs(ecg->beat[i].at * 0.002 - r_s[i]) < 0.03);
    }
}

static void fifteen_a_minute_are_found_in_the_noise_of_any_recorder(void **state) {
    struct jz_ecg *ecg = *state;
    uint32_t seed = 4711;
    print_message("seed %u\n", seed);
    for (int k = 0; k < 8; k++) {
        double at_s[4], begin = 0.5 + 0.5 * k;
        uint32_t count = 0;
        for (double at = begin; at < 9.5; at += 4) at_s[count++] = at;
        recording_draw(&r, 2000, 10, at_s, count, (struct drawn){100, 1000, 250, 90});
        for (int lead = 0; lead <= JZ_LEAD_V6; lead++)
            recording_add_noise(&r, (enum jz_ecg_lead)lead, 10, &seed);
        prepare(ecg);
        struct score s = compare(ecg, 0, at_s, count, 0, 10);
        assert_int_equal(s.missed + s.extra, 0);
    }
}

static void a_steep_t_wave_after_a_paced_beat_is_no_beat(void **state) {
    struct jz_ecg *ecg = *state;
    double at_s[10];
    for (uint32_t b = 0; b < 10; b++) at_s[b] = 0.6 + 0.95 * b;
    recording_draw(&r, 2000, 10, at_s, 10, (struct drawn){0, 1000, 1300, 160});
    for (uint32_t b = 0; b < 10; b++)
        for (int lead = 0; lead <= JZ_LEAD_V6; lead++)
            r.nv[lead][(uint32_t)lround((at_s[b] - 0.08) * 500)] += 800 * 1000;
    prepare(ecg);
    struct score s = compare(ecg, 0, at_s, 10, 0, 10);
    assert_int_equal(s.missed + s.extra, 0);
    for (uint32_t i = 0; i < ecg->beat_count; i++) assert_int_equal(ecg->beat[i].kind, JZ_BEAT_PACED);
}

static void a_t_wave_taller_than_its_qrs_is_no_beat(void **state) {
    struct jz_ecg *ecg = *state;
    double r_s[JZ_ECG_BEATS_MAX];
    uint32_t beats = regular(r_s, 0.8, 10);
    recording_draw(&r, 2000, 10, r_s, beats, (struct drawn){100, 800, 1000, 90});
    prepare(ecg);
    assert_int_equal(ecg->beat_count, beats);
}

static void p_waves_without_qrs_are_no_beats(void **state) {
    struct jz_ecg *ecg = *state;
    const double qrs_s[] = {0.8, 2.6, 4.4, 6.2, 8.0};
    recording_draw(&r, 2000, 10, qrs_s, 5, (struct drawn){0, 1000, 200, 90});
    static struct recording p;
    double p_s[12];
    for (int i = 0; i < 12; i++) p_s[i] = 0.5 + 0.77 * i;
    recording_draw(&p, 2000, 10, p_s, 12, (struct drawn){180, 0, 0, 90});
    for (int lead = 0; lead <= JZ_LEAD_V6; lead++)
        for (uint32_t t = 0; t < r.samples; t++) r.nv[lead][t] += p.nv[lead][t];
    prepare(ecg);
    assert_int_equal(ecg->beat_count, 5);
}

/* Adds beats of another size at other times. */
static void draw_more(const double *r_s, uint32_t beats, struct drawn shape) {
    static struct recording more;
    recording_draw(&more, r.period_us, 10, r_s, beats, shape);
    for (int lead = 0; lead <= JZ_LEAD_V6; lead++)
        for (uint32_t t = 0; t < r.samples; t++) r.nv[lead][t] += more.nv[lead][t];
}

static void a_small_beat_is_found_where_one_is_overdue_and_only_there(void **state) {
    struct jz_ecg *ecg = *state;
    const double r_s[] = {0.6, 1.4, 2.2, 3.0, 4.6, 5.4, 6.2, 7.0, 7.8, 8.6, 9.4}, due_s = 3.8, extra_s = 5.85;
    recording_draw(&r, 2000, 10, r_s, 11, (struct drawn){0, 1000, 150, 90});
    draw_more(&due_s, 1, (struct drawn){0, 250, 0, 90});
    prepare(ecg);
    assert_int_equal(ecg->beat_count, 12);
    draw_more(&extra_s, 1, (struct drawn){0, 250, 0, 90});
    prepare(ecg);
    assert_int_equal(ecg->beat_count, 12);
}

static void what_is_less_than_half_a_qrs_soon_after_it_is_no_beat(void **state) {
    struct jz_ecg *ecg = *state;
    double r_s[JZ_ECG_BEATS_MAX], echo_s[JZ_ECG_BEATS_MAX];
    uint32_t beats = regular(r_s, 0.9, 10);
    for (uint32_t i = 0; i < beats; i++) echo_s[i] = r_s[i] + 0.41;
    recording_draw(&r, 2000, 10, r_s, beats, (struct drawn){100, 1000, 0, 90});
    draw_more(echo_s, beats - 1, (struct drawn){0, 400, 0, 90});
    prepare(ecg);
    assert_int_equal(ecg->beat_count, beats);
}

static void ripples_of_a_few_microvolts_are_no_beats(void **state) {
    struct jz_ecg *ecg = *state;
    double r_s[JZ_ECG_BEATS_MAX];
    uint32_t beats = regular(r_s, 0.8, 10);
    recording_draw(&r, 2000, 10, r_s, beats, (struct drawn){0, 15, 0, 90});
    prepare(ecg);
    assert_int_equal(ecg->beat_count, 0);
    recording_draw(&r, 2000, 10, r_s, beats, (struct drawn){0, 150, 0, 90});
    prepare(ecg);
    assert_int_equal(ecg->beat_count, beats);
}

static void noise_and_silence_hold_no_beats(void **state) {
    struct jz_ecg *ecg = *state;
    uint32_t seed = 4242;
    print_message("seed %u\n", seed);
    recording_draw(&r, 2000, 10, NULL, 0, (struct drawn){0, 0, 0, 90});
    prepare(ecg);
    assert_int_equal(ecg->beat_count, 0);
    for (int lead = 0; lead <= JZ_LEAD_V6; lead++) recording_add_noise(&r, (enum jz_ecg_lead)lead, 15, &seed);
    prepare(ecg);
    assert_int_equal(ecg->beat_count, 0);
}

static void an_early_beat_is_premature_and_the_late_one_after_it_is_not(void **state) {
    (void)state;
    struct jz_ecg_beat beat[] = {{.at = 400},  {.at = 800},  {.at = 1200}, {.at = 1500},
                                 {.at = 2010}, {.at = 2330}, {.at = 2700}};
    static const uint8_t due[] = {0, 0, 0, 1, 0, 0, 0};
    jz_ecg_mark_premature(beat, 7); /* 300 of 400 is 75 %; 320 is 80 % and not less */
    for (unsigned i = 0; i < 7; i++) assert_int_equal(beat[i].premature, due[i]);
}

static void wide_beats_spread_their_energy_and_narrow_ones_do_not(void **state) {
    struct jz_ecg *ecg = *state;
    recording_load(&r, "ptbxl/00111_hr", 0, 10);
    prepare(ecg);
    for (uint32_t i = 0; i < ecg->beat_count; i++) assert_true(ecg->beat_spread[i] < ECG_WIDE_SPREAD);
    recording_load(&r, "ptbxl/00279_hr", 0, 10);
    prepare(ecg);
    assert_true(ecg->beat_count >= 18);
    for (uint32_t i = 0; i < ecg->beat_count; i++) assert_true(ecg->beat_spread[i] >= ECG_WIDE_SPREAD);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_annotated_beat_is_found_and_no_other),
        cmocka_unit_test(many_ventricular_beats_are_found_in_two_leads),
        cmocka_unit_test(where_the_recording_begins_changes_no_beat),
        cmocka_unit_test(size_does_not_matter),
        cmocka_unit_test(leads_of_noise_and_crackle_change_no_beat),
        cmocka_unit_test(rates_from_25_to_250_are_counted_right),
        cmocka_unit_test(fifteen_a_minute_are_found_in_the_noise_of_any_recorder),
        cmocka_unit_test(a_steep_t_wave_after_a_paced_beat_is_no_beat),
        cmocka_unit_test(a_t_wave_taller_than_its_qrs_is_no_beat),
        cmocka_unit_test(p_waves_without_qrs_are_no_beats),
        cmocka_unit_test(a_small_beat_is_found_where_one_is_overdue_and_only_there),
        cmocka_unit_test(what_is_less_than_half_a_qrs_soon_after_it_is_no_beat),
        cmocka_unit_test(ripples_of_a_few_microvolts_are_no_beats),
        cmocka_unit_test(noise_and_silence_hold_no_beats),
        cmocka_unit_test(an_early_beat_is_premature_and_the_late_one_after_it_is_not),
        cmocka_unit_test(wide_beats_spread_their_energy_and_narrow_ones_do_not),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
