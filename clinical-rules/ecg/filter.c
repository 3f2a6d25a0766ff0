/* SPDX-License-Identifier: Apache-2.0 */
/* What is taken off a recording before it is measured, and what is not.
 *
 * Baseline  A cubic spline through the level just before each QRS onset is subtracted. ST is measured against that same
 *           level, so what is subtracted between onset and J is only how the spline bends there; a high-pass that would
 *           hold a 0.3 Hz sway would tilt the ST segment.
 * Mains     The sine of 50 (or 60) Hz is fitted over 600 ms of the quiet parts around each moment, carried through the
 *           QRS, and subtracted. Nothing that the QRS does can make it ring.
 * Low-pass  None. Averaging the beats takes off noise without rounding the J point. */
#include "work.h"

#include <string.h>

#include "mains.h"
#include "small.h"
#include "spline.h"

/* --- gaps ----------------------------------------------------------------------------------------------------------- */

/* raw -> uv: straight lines across what is missing, the nearest level at the ends. false: nothing there. */
static bool bridge(const int16_t *raw, uint32_t length, uint32_t samples, int16_t *uv) {
    uint32_t last = ECG_NONE;
    for (uint32_t t = 0; t < length; t++) {
        if (raw[t] == ECG_GAP) continue;
        int32_t from = last == ECG_NONE ? raw[t] : raw[last];
        uint32_t start = last == ECG_NONE ? 0 : last + 1;
        for (uint32_t k = start; k < t; k++)
            uv[k] = (int16_t)(from + (raw[t] - from) * (int32_t)(k - start + 1) / (int32_t)(t - start + 1));
        uv[t] = raw[t];
        last = t;
    }
    if (last == ECG_NONE) return false;
    for (uint32_t k = last + 1; k < samples; k++) uv[k] = raw[last];
    return true;
}

void jz_ecg_condition(struct jz_ecg *ecg) {
    ecg->samples = 0;
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++)
        if (ecg->length[lead] > ecg->samples) ecg->samples = ecg->length[lead];
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++) {
        ecg->derived[lead] = false;
        ecg->present[lead] = bridge(ecg->raw[lead], ecg->length[lead], ecg->samples, ecg->uv[lead]);
    }
    jz_ecg_cut_spikes(ecg);
    jz_ecg_take_off_mains(ecg);
}

/* --- baseline -------------------------------------------------------------------------------------------------------- */

#define KNOT_SAMPLES 10u /* 20 ms, one period of 50 Hz */
#define PHASE_FIRST 100u /* samples after R: 200 ms, behind the widest QRS */
#define PHASE_STEP 100u
#define PHASES_MAX 8u
#define EDGE_BEATS_MIN 6u
#define SHAPE_PERCENT 25 /* a beat whose energy is spread more differently from the usual has another ST-T */

static int32_t mean_of(const int16_t *uv, uint32_t from, uint32_t count) {
    int32_t sum = 0;
    for (uint32_t t = from; t < from + count; t++) sum += uv[t];
    return count ? (int32_t)ecg_div(sum, (int32_t)count) : 0;
}

static void add_knot(struct ecg_spline *spline, const int16_t *uv, uint32_t end, int32_t off_uv) {
    if (spline->count == ECG_KNOTS_MAX) return;
    spline->at[spline->count] = (int32_t)(end - KNOT_SAMPLES / 2);
    spline->uv[spline->count++] = mean_of(uv, end - KNOT_SAMPLES, KNOT_SAMPLES) - off_uv;
}

/* Where the knot before beat i ends; 0: before the recording. */
static uint32_t onset_of(const struct jz_ecg *ecg, uint32_t i) {
    uint32_t before = (uint32_t)ecg->onset_before_r;
    return ecg->beat[i].at < before + KNOT_SAMPLES ? 0 : ecg->beat[i].at - before;
}

static void level_at_onsets(const struct jz_ecg *ecg, int16_t *uv) {
    struct ecg_spline spline;
    spline.count = 0;
    for (uint32_t i = 0; i < ecg->beat_count; i++)
        if (onset_of(ecg, i)) add_knot(&spline, uv, onset_of(ecg, i), 0);
    if (!spline.count) {
        spline.count = 1;
        spline.at[0] = 0;
        spline.uv[0] = mean_of(uv, 0, ecg->samples);
    }
    jz_ecg_spline_subtract(&spline, uv, ecg->samples);
}

/* How many phases of beat i lie before the next onset (or the end); 0 for a beat of another shape. */
static uint32_t phases_of(const struct jz_ecg *ecg, uint32_t i, int32_t usual_spread) {
    uint32_t r = ecg->beat[i].at, end = i + 1 < ecg->beat_count ? onset_of(ecg, i + 1) : ecg->samples, n = 0;
    int32_t off = ecg_abs((int32_t)ecg->beat_spread[i] - usual_spread);
    if (ecg->beat[i].premature || off * 100 > usual_spread * SHAPE_PERCENT) return 0;
    while (n < PHASES_MAX && r + PHASE_FIRST + n * PHASE_STEP + 2 * KNOT_SAMPLES <= end) n++;
    return n;
}

/* Mean without the outer quarter on both sides, so that one bad beat in four cannot move it. A sway that keeps step with
 * the heart would leave a median at one of its ends. */
static int32_t middle_mean(int32_t *v, uint32_t n) {
    uint32_t drop = n / 4;
    int64_t sum = 0;
    if (!n) return 0;
    jz_ecg_sort(v, n);
    for (uint32_t i = drop; i < n - drop; i++) sum += v[i];
    return (int32_t)ecg_div(sum, n - 2 * drop);
}

static int16_t stray(int32_t *v, uint32_t n, int32_t from) {
    for (uint32_t i = 0; i < n; i++) v[i] = ecg_abs(v[i] - from);
    return ecg_narrow(jz_ecg_median(v, n));
}

/* What the levels of a phase have in common is the heart's own ST, T or TP level; how they differ from beat to beat is the
 * rest of the sway, and knots of a second spline. */
static void level_at_phases(struct jz_ecg *ecg, const uint8_t *phases, uint32_t lead) {
    struct ecg_spline spline;
    int16_t *uv = ecg->uv[lead];
    int32_t own[PHASES_MAX], level[JZ_ECG_BEATS_MAX];
    spline.count = 0;
    /* Before the first onset and behind the last the first spline has only its direction to go by. */
    uint32_t edge = ecg->beat_count >= EDGE_BEATS_MIN;
    for (uint32_t k = 0; k < PHASES_MAX; k++) {
        uint32_t n = 0;
        for (uint32_t i = edge; i + edge < ecg->beat_count; i++)
            if (k < phases[i])
                level[n++] =
                    mean_of(uv, ecg->beat[i].at + PHASE_FIRST + k * PHASE_STEP - KNOT_SAMPLES, KNOT_SAMPLES);
        own[k] = middle_mean(level, n);
        if (k == 0) ecg->sway_uv[lead] = stray(level, n, own[0]);
    }
    for (uint32_t i = 0; i < ecg->beat_count; i++) {
        if (onset_of(ecg, i)) add_knot(&spline, uv, onset_of(ecg, i), 0);
        for (uint32_t k = 0; k < phases[i]; k++)
            add_knot(&spline, uv, ecg->beat[i].at + PHASE_FIRST + k * PHASE_STEP, own[k]);
    }
    if (spline.count) jz_ecg_spline_subtract(&spline, uv, ecg->samples);
}

static void count_phases(const struct jz_ecg *ecg, uint8_t *phases) {
    int32_t spread[JZ_ECG_BEATS_MAX];
    for (uint32_t i = 0; i < ecg->beat_count; i++) spread[i] = ecg->beat_spread[i];
    int32_t usual = jz_ecg_median(spread, ecg->beat_count);
    for (uint32_t i = 0; i < ecg->beat_count; i++) phases[i] = (uint8_t)phases_of(ecg, i, usual);
}

static void derive(struct jz_ecg *ecg, enum jz_ecg_lead lead, int32_t i_by_2, int32_t ii_by_2) {
    if (ecg->present[lead]) return;
    const int16_t *i = ecg->uv[JZ_LEAD_I], *ii = ecg->uv[JZ_LEAD_II];
    for (uint32_t t = 0; t < ecg->samples; t++)
        ecg->uv[lead][t] = ecg_narrow((i_by_2 * i[t] + ii_by_2 * ii[t]) / 2);
    ecg->present[lead] = ecg->derived[lead] = true;
    ecg->sway_uv[lead] = (int16_t)ecg_max(ecg->sway_uv[JZ_LEAD_I], ecg->sway_uv[JZ_LEAD_II]);
    ecg->trouble[lead] = ecg->trouble[JZ_LEAD_I] | ecg->trouble[JZ_LEAD_II];
    ecg->sound[lead] = ecg->sound[JZ_LEAD_I] && ecg->sound[JZ_LEAD_II];
}

void jz_ecg_level(struct jz_ecg *ecg) {
    uint8_t phases[JZ_ECG_BEATS_MAX] = {0};
    count_phases(ecg, phases);
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++) {
        if (!ecg->present[lead]) continue;
        level_at_onsets(ecg, ecg->uv[lead]);
        level_at_phases(ecg, phases, lead);
    }
    if (!ecg->present[JZ_LEAD_I] || !ecg->present[JZ_LEAD_II]) return;
    derive(ecg, JZ_LEAD_III, -2, 2);
    derive(ecg, JZ_LEAD_AVR, -1, -1);
    derive(ecg, JZ_LEAD_AVL, 2, -1);
    derive(ecg, JZ_LEAD_AVF, -1, 2);
}

void jz_ecg_prepare(struct jz_ecg *ecg) {
    jz_ecg_condition(ecg);
    jz_ecg_screen(ecg);
    jz_ecg_find_beats(ecg);
    jz_ecg_level(ecg);
}
