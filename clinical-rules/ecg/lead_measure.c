/* SPDX-License-Identifier: Apache-2.0 */
#include "lead_measure.h"

#include "small.h"

#define MS 2 /* of one sample */
#define AFTER_J(ms) ((ms) / MS)
/* Of ST from J to J + 80 ms, either way, still horizontal: half a millimetre over two small squares, the least that a
 * reader sees on paper; 0.5 mV/s. Engineering bound. */
#define LEVEL_UV 40
#define ISOELECTRIC_PERCENT 20 /* net area of the whole: below it neither side prevails. Engineering bound */

static int16_t at(const int16_t *x, int32_t t) {
    if (t < 1 || t + 1 >= (int32_t)JZ_ECG_AVERAGE_SAMPLES) return JZ_ECG_UNKNOWN;
    return (int16_t)ecg_div(x[t - 1] + 2 * x[t] + x[t + 1], 4);
}

void jz_ecg_forget_lead(struct jz_ecg_lead_measure *m) {
    m->slope = JZ_SLOPE_UNKNOWN;
    m->polarity = JZ_QRS_UNKNOWN;
    m->t_shape = JZ_T_UNKNOWN;
    m->st_j_uv = m->st_j40_uv = m->st_j60_uv = m->st_j80_uv = JZ_ECG_UNKNOWN;
    m->q_uv = m->q_ms = m->r_uv = m->r_ms = m->s_uv = m->t_uv = m->p_uv = m->r2_uv = JZ_ECG_UNKNOWN;
}

/* --- QRS ---------------------------------------------------------------------------------------------------------- */

/* The last wave runs into ST: it counts only where it rises above the level at J on its own, by an eighth of itself. */
static bool stands(const struct jz_qrs_wave *w, const int16_t *x, int32_t j) {
    if (ecg_abs(w->uv) < JZ_WAVE_LEAST_UV) return false;
    if (w->to < j) return true;
    int32_t beyond = w->uv > 0 ? w->uv - x[j] : x[j] - w->uv;
    return beyond >= ecg_max(JZ_WAVE_LEAST_UV, ecg_abs(w->uv) / 8);
}

void jz_ecg_qrs_waves(const int16_t *x, const struct jz_ecg_marks *marks, struct jz_qrs_waves *out) {
    out->count = 0;
    int32_t t = marks->qrs_on;
    while (t < marks->j) {
        struct jz_qrs_wave w = {(int16_t)t, 0, (int16_t)t, x[t]};
        bool up = x[t] > 0;
        for (; t < marks->j && (x[t] > 0) == up; t++) {
            if (ecg_abs(x[t]) <= ecg_abs(w.uv)) continue;
            w.uv = x[t];
            w.peak = (int16_t)t;
        }
        w.to = (int16_t)t;
        if (!stands(&w, x, marks->j)) continue;
        struct jz_qrs_wave *last = out->count ? &out->wave[out->count - 1] : NULL;
        if (last && (last->uv > 0) == up) { /* nothing worth a name between them: one wave */
            last->to = w.to;
            if (ecg_abs(w.uv) > ecg_abs(last->uv)) last->uv = w.uv, last->peak = w.peak;
        } else if (out->count < JZ_QRS_WAVES_MAX) {
            out->wave[out->count++] = w;
        }
    }
}

/* Names the waves. A QS complex has no R: its depth is both Q (of an infarct) and S (of the modified Sgarbossa ratio). */
static void name_waves(const struct jz_qrs_waves *waves, struct jz_ecg_lead_measure *m) {
    m->q_uv = m->q_ms = m->r_uv = m->r_ms = m->s_uv = m->r2_uv = 0;
    bool r = false;
    for (uint32_t i = 0; i < waves->count; i++) {
        const struct jz_qrs_wave *w = &waves->wave[i];
        int16_t ms = (int16_t)((w->to - w->from) * MS);
        if (w->uv > 0 && !r) {
            r = true;
            m->r_uv = w->uv;
            m->r_ms = ms;
        } else if (w->uv > 0) {
            m->r2_uv = (int16_t)ecg_max(m->r2_uv, w->uv);
        } else if (!r) {
            m->q_uv = (int16_t)-w->uv;
            m->q_ms = ms;
        } else {
            m->s_uv = (int16_t)ecg_max(m->s_uv, -w->uv);
        }
    }
    if (!r) m->s_uv = m->q_uv;
}

static uint8_t polarity_of(const int16_t *x, const struct jz_ecg_marks *marks) {
    int32_t net = 0, all = 0;
    for (int32_t t = marks->qrs_on; t < marks->j; t++) {
        net += x[t];
        all += ecg_abs(x[t]);
    }
    if (ecg_abs(net) * 100 < all * ISOELECTRIC_PERCENT || !all) return JZ_QRS_ISOELECTRIC;
    return net > 0 ? JZ_QRS_POSITIVE : JZ_QRS_NEGATIVE;
}

/* --- ST, P -------------------------------------------------------------------------------------------------------- */

static uint8_t slope_of(const struct jz_ecg_lead_measure *m) {
    if (m->st_j_uv == JZ_ECG_UNKNOWN || m->st_j80_uv == JZ_ECG_UNKNOWN) return JZ_SLOPE_UNKNOWN;
    int32_t rise = m->st_j80_uv - m->st_j_uv;
    return rise > LEVEL_UV ? JZ_SLOPE_UP : rise < -LEVEL_UV ? JZ_SLOPE_DOWN : JZ_SLOPE_HORIZONTAL;
}

/* Largest excursion between P onset and end, from the line between the two. */
static int16_t p_of(const int16_t *x, const struct jz_ecg_marks *marks) {
    if (marks->p_on < 0 || marks->p_off <= marks->p_on) return JZ_ECG_UNKNOWN;
    int32_t best = 0, span = marks->p_off - marks->p_on;
    for (int32_t t = marks->p_on; t <= marks->p_off; t++) {
        int32_t line = x[marks->p_on] + (x[marks->p_off] - x[marks->p_on]) * (t - marks->p_on) / span;
        if (ecg_abs(x[t] - line) > ecg_abs(best)) best = x[t] - line;
    }
    return (int16_t)best;
}

void jz_ecg_measure_lead(const struct jz_ecg_marks *marks, struct jz_ecg_lead_measure *m) {
    const int16_t *x = m->average_uv;
    struct jz_qrs_waves waves;
    jz_ecg_qrs_waves(x, marks, &waves);
    name_waves(&waves, m);
    m->polarity = polarity_of(x, marks);
    m->st_j_uv = at(x, marks->j);
    m->st_j40_uv = at(x, marks->j + AFTER_J(40));
    m->st_j60_uv = at(x, marks->j + AFTER_J(60));
    m->st_j80_uv = at(x, marks->j + AFTER_J(80));
    m->slope = slope_of(m);
    m->p_uv = p_of(x, marks);
    jz_ecg_measure_t(marks, m);
}
