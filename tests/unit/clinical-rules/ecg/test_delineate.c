/* SPDX-License-Identifier: Apache-2.0 */
#include "delineate.h"

#include <math.h>

#include "recording.h"

static struct recording r;
static struct jz_ecg_measure out;
static double r_s[JZ_ECG_BEATS_MAX];

static int setup(void **state) {
    *state = new_ecg();
    return 0;
}
static int teardown(void **state) {
    free(*state);
    return 0;
}

static void delineate(struct jz_ecg *ecg) {
    recording_feed(&r, ecg);
    jz_ecg_prepare(ecg);
    memset(&out, 0, sizeof out);
    out.beat_count = (uint16_t)ecg->beat_count;
    memcpy(out.beat, ecg->beat, sizeof out.beat);
    jz_ecg_average(ecg, &out);
    jz_ecg_delineate(ecg, ecg->sound, &out);
}

static void draw(struct drawn shape, double rr_s) {
    uint32_t count = (uint32_t)(9.0 / rr_s);
    for (uint32_t b = 0; b < count; b++) r_s[b] = 0.5 + b * rr_s;
    recording_draw(&r, 2000, 10, r_s, count, shape);
}

/* --- against the marks of cardiologists ------------------------------------------------------------------------- */

#define BEATS 40
static const char *const lead_file[12] = {"i",  "ii", "iii", "avr", "avl", "avf",
                                          "v1", "v2", "v3",  "v4",  "v5",  "v6"};

/* Waves of one kind (annotation type) in an annotation file: begin, peak, end in samples. */
static uint32_t read_waves(const char *record, const char *lead, unsigned kind, int (*wave)[3]) {
    char path[512];
    uint8_t b[6];
    snprintf(path, sizeof path, "%s/tests/data/ecg/ludb/%s.%s", JZ_SOURCE_DIR, record, lead);
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    int at = 0, on = -1, peak = -1;
    uint32_t n = 0;
    while (fread(b, 1, 2, in) == 2 && (b[0] || b[1])) {
        unsigned type = b[1] >> 2, value = b[0] | (b[1] & 3u) << 8;
        if (type == 59) {
            assert_int_equal(fread(b, 1, 4, in), 4);
            at += (int)((b[0] | (uint32_t)b[1] << 8) << 16 | b[2] | (uint32_t)b[3] << 8);
            continue;
        }
        if (type == 63) assert_int_equal(fseek(in, (long)((value + 1) & ~1u), SEEK_CUR), 0);
        if (type >= 60) continue;
        at += (int)value;
        if (type == 39) on = at, peak = -1;
        if (type == kind) peak = at;
        if (type == 40 && peak >= 0 && on >= 0 && n < BEATS) {
            wave[n][0] = on, wave[n][1] = peak, wave[n][2] = at;
            n++;
        }
        if (type == 40) on = peak = -1;
    }
    fclose(in);
    return n;
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Mean over the beats of the median over the leads of what the cardiologists marked, ms from R. `part` 0 begin, 1 peak, 2
 * end; `near`, `far` ms from R where the wave is looked for. */
static double marked(const struct jz_ecg *ecg, const char *record, unsigned kind, int part, int near,
                     int far) {
    static int wave[12][BEATS][3];
    uint32_t n[12], asked = 0;
    double sum = 0;
    for (int lead = 0; lead < 12; lead++) n[lead] = read_waves(record, lead_file[lead], kind, wave[lead]);
    for (uint32_t beat = 0; beat < ecg->ensemble.count; beat++) {
        double found[12];
        size_t leads = 0;
        for (int lead = 0; lead < 12; lead++)
            for (uint32_t i = 0; i < n[lead]; i++) {
                int peak = 2 * (wave[lead][i][1] - ecg->ensemble.at[beat]);
                if (peak < near || peak > far) continue;
                found[leads++] = 2 * (wave[lead][i][part] - ecg->ensemble.at[beat]);
                break;
            }
        if (leads < 6) continue;
        qsort(found, leads, sizeof *found, by_size);
        sum += (found[(leads - 1) / 2] + found[leads / 2]) / 2;
        asked++;
    }
    assert_true(asked >= 4);
    return sum / asked;
}

static double ours(int16_t mark) {
    return 2.0 * (mark - (int)JZ_ECG_AVERAGE_R);
}

/* Twice the deviations that CSE tolerates between readers: 10.2, 12.7, 6.5, 11.6, 30.6 ms. */
static void the_marks_are_where_cardiologists_put_them(void **state) {
    struct jz_ecg *ecg = *state;
    recording_load(&r, "ludb/100", 0, 10);
    delineate(ecg);
    const struct jz_ecg_marks *m = &out.marks;
    assert_true(fabs(ours(m->p_on) - marked(ecg, "100", 24, 0, -350, -40)) < 20.4);
    assert_true(fabs(ours(m->p_off) - marked(ecg, "100", 24, 2, -350, -40)) < 25.4);
    assert_true(fabs(ours(m->qrs_on) - marked(ecg, "100", 1, 0, -60, 60)) < 13);
    assert_true(fabs(ours(m->j) - marked(ecg, "100", 1, 2, -60, 60)) < 23.2);
    assert_true(fabs(ours(m->t_off) - marked(ecg, "100", 27, 2, 80, 500)) < 61.2);
    assert_true(fabs(ours(m->t_peak) - marked(ecg, "100", 27, 1, 80, 500)) < 20);
}

static void fibrillation_has_no_p_wave(void **state) {
    struct jz_ecg *ecg = *state;
    recording_load(&r, "ludb/96", 0, 10);
    delineate(ecg);
    assert_int_equal(out.marks.p_on, JZ_ECG_UNKNOWN);
    assert_int_equal(out.marks.p_off, JZ_ECG_UNKNOWN);
    assert_int_not_equal(out.marks.t_off, JZ_ECG_UNKNOWN);
}

/* --- drawn -------------------------------------------------------------------------------------------------------- */

static void a_wider_qrs_is_measured_wider(void **state) {
    struct jz_ecg *ecg = *state;
    int narrow, wide;
    draw((struct drawn){100, 1000, 300, 80}, 0.9);
    delineate(ecg);
    narrow = 2 * (out.marks.j - out.marks.qrs_on);
    draw((struct drawn){100, 1000, 300, 140}, 0.9);
    delineate(ecg);
    wide = 2 * (out.marks.j - out.marks.qrs_on);
    assert_in_range(wide - narrow, 30, 90);
}

static void every_averaged_beat_is_at_zero_at_qrs_onset(void **state) {
    struct jz_ecg *ecg = *state;
    draw((struct drawn){100, 1000, 300, 90}, 0.9);
    for (int lead = 0; lead <= JZ_LEAD_V6; lead++)
        for (uint32_t t = 0; t < r.samples; t++) r.nv[lead][t] += 150000 * lead;
    delineate(ecg);
    for (int lead = 0; lead <= JZ_LEAD_V6; lead++) {
        const int16_t *x = out.lead[lead].average_uv + out.marks.qrs_on;
        assert_in_range(x[0] + x[-1] + x[-2] + 2, 0, 4);
    }
}

static void a_beat_without_p_has_no_p_and_one_without_t_no_t(void **state) {
    struct jz_ecg *ecg = *state;
    for (int p_uv = 0; p_uv <= 10; p_uv += 10) {
        draw((struct drawn){p_uv, 1000, 300, 90}, 0.9);
        delineate(ecg);
        assert_int_equal(out.marks.p_on, JZ_ECG_UNKNOWN);
    }
    assert_int_not_equal(out.marks.t_peak, JZ_ECG_UNKNOWN);
    draw((struct drawn){100, 1000, 0, 90}, 0.9);
    delineate(ecg);
    assert_int_equal(out.marks.t_off, JZ_ECG_UNKNOWN);
    assert_int_not_equal(out.marks.p_on, JZ_ECG_UNKNOWN);
}

static void p_and_t_lie_where_they_were_drawn(void **state) {
    struct jz_ecg *ecg = *state;
    draw((struct drawn){120, 1000, 300, 90}, 0.9);
    delineate(ecg);
    int to_r = (int)lround(500 * r_s[3]) - ecg->ensemble.at[3];
    double p = ours((int16_t)((out.marks.p_on + out.marks.p_off) / 2)) - 2 * to_r;
    assert_true(fabs(p + 160) < 15);
    assert_true(fabs(ours(out.marks.t_peak) - 2 * to_r - 260) < 8);
    assert_in_range((int)ours(out.marks.t_off) - 2 * to_r, 320, 390);
}

static void the_next_p_is_not_taken_for_this_t(void **state) {
    struct jz_ecg *ecg = *state;
    draw((struct drawn){300, 1000, 150, 80}, 0.65);
    delineate(ecg);
    int to_r = (int)lround(500 * r_s[3]) - ecg->ensemble.at[3];
    assert_true(fabs(ours(out.marks.t_peak) - 2 * to_r - 260) < 10);
    assert_in_range((int)ours(out.marks.t_off) - 2 * to_r, 310, 400);
}

/* Double the mains, in step with the heart: no average takes it out. */
static void hum_in_a_few_leads_does_not_move_the_qrs(void **state) {
    struct jz_ecg *ecg = *state;
    draw((struct drawn){100, 1000, 300, 90}, 0.9);
    delineate(ecg);
    struct jz_ecg_marks clean = out.marks;
    recording_add_sine(&r, JZ_LEAD_II, 100, 100, 0);
    recording_add_sine(&r, JZ_LEAD_III, 100, 100, 0);
    recording_add_sine(&r, JZ_LEAD_AVF, 100, 100, 0);
    delineate(ecg);
    assert_in_range(out.marks.qrs_on - clean.qrs_on + 2, 0, 4);
    assert_in_range(out.marks.j - clean.j + 2, 0, 4);
}

static void a_steep_t_wave_behind_a_lull_is_not_qrs(void **state) {
    struct jz_ecg *ecg = *state;
    draw((struct drawn){100, 1000, 0, 90}, 0.9);
    delineate(ecg);
    struct jz_ecg_marks clean = out.marks;
    for (int lead = 0; lead <= JZ_LEAD_V6; lead++)
        for (uint32_t t = 0; t < r.samples; t++)
            for (uint32_t b = 0; b < 10; b++) {
                double x = (t * 0.002 - r_s[b] - 0.17) / 0.022;
                if (fabs(x) < 5) r.nv[lead][t] += (int32_t)lround(7e5 * exp(-x * x / 2));
            }
    delineate(ecg);
    assert_in_range(out.marks.j - clean.j + 4, 0, 8);
}

static void what_is_longer_than_250_ms_is_no_qrs(void **state) {
    draw((struct drawn){0, 1000, 0, 230}, 0.9);
    delineate(*state);
    assert_in_range(2 * (out.marks.j - out.marks.qrs_on), 120, 250);
    draw((struct drawn){0, 1000, 0, 400}, 0.9);
    delineate(*state);
    assert_true(out.averaged_count > 5);
    assert_int_equal(out.marks.qrs_on, JZ_ECG_UNKNOWN);
    assert_int_equal(out.marks.j, JZ_ECG_UNKNOWN);
}

/* What a recorder's filter leaves of a pulse: a leap, and a slope behind it. */
static void add_pulse(double at_s) {
    uint32_t at = (uint32_t)lround(at_s * 500);
    for (int lead = 0; lead <= JZ_LEAD_V6; lead++)
        for (int32_t k = 0; k < 20; k++) r.nv[lead][at + (uint32_t)k] += (k ? 12 * (20 - k) : 800) * 1000;
}

static void a_paced_qrs_does_not_begin_before_its_pulse(void **state) {
    struct jz_ecg *ecg = *state;
    draw((struct drawn){0, 1000, 300, 160}, 0.9);
    for (uint32_t b = 0; b < 10; b++) add_pulse(r_s[b] - 0.08);
    delineate(ecg);
    assert_int_equal(ecg->spike_count, 10);
    int32_t pulse = ecg->spike[3] - ecg->ensemble.at[3] + (int32_t)JZ_ECG_AVERAGE_R;
    assert_in_range(out.marks.qrs_on, pulse, pulse + 4);
}

static void leads_out_of_use_have_no_say(void **state) {
    struct jz_ecg *ecg = *state;
    draw((struct drawn){100, 1000, 300, 90}, 0.9);
    delineate(ecg);
    struct jz_ecg_marks clean = out.marks;
    jz_ecg_average(ecg, &out);
    int16_t *x = out.lead[JZ_LEAD_V3].average_uv;
    for (int t = 100; t < 400; t++) x[t] = (int16_t)((t * 7919) % 2000);
    bool use[JZ_LEAD_COUNT];
    memcpy(use, ecg->sound, sizeof use);
    use[JZ_LEAD_V3] = false;
    jz_ecg_delineate(ecg, use, &out);
    assert_in_range(out.marks.j - clean.j + 2, 0, 4);
    assert_in_range(out.marks.qrs_on - clean.qrs_on + 2, 0, 4);
}

static void without_a_lead_or_a_beat_every_mark_is_unknown(void **state) {
    struct jz_ecg *ecg = *state;
    draw((struct drawn){100, 1000, 300, 90}, 0.9);
    delineate(ecg);
    static const bool none[JZ_LEAD_COUNT];
    jz_ecg_delineate(ecg, none, &out);
    assert_int_equal(out.marks.qrs_on, JZ_ECG_UNKNOWN);
    assert_int_equal(out.marks.j, JZ_ECG_UNKNOWN);
    ecg->ensemble.count = 0;
    jz_ecg_delineate(ecg, ecg->sound, &out);
    assert_int_equal(out.marks.qrs_on, JZ_ECG_UNKNOWN);
    assert_int_equal(out.marks.t_off, JZ_ECG_UNKNOWN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_marks_are_where_cardiologists_put_them),
        cmocka_unit_test(fibrillation_has_no_p_wave),
        cmocka_unit_test(a_wider_qrs_is_measured_wider),
        cmocka_unit_test(every_averaged_beat_is_at_zero_at_qrs_onset),
        cmocka_unit_test(a_beat_without_p_has_no_p_and_one_without_t_no_t),
        cmocka_unit_test(p_and_t_lie_where_they_were_drawn),
        cmocka_unit_test(the_next_p_is_not_taken_for_this_t),
        cmocka_unit_test(hum_in_a_few_leads_does_not_move_the_qrs),
        cmocka_unit_test(a_steep_t_wave_behind_a_lull_is_not_qrs),
        cmocka_unit_test(what_is_longer_than_250_ms_is_no_qrs),
        cmocka_unit_test(a_paced_qrs_does_not_begin_before_its_pulse),
        cmocka_unit_test(leads_out_of_use_have_no_say),
        cmocka_unit_test(without_a_lead_or_a_beat_every_mark_is_unknown),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
