/* SPDX-License-Identifier: Apache-2.0 */
#include "limb.h"

#include "small.h"

#define P_UV 10 /* mean over the P wave, up or down: a P wave of some 20 µV */
#define WIDE_MS 120
#define QRS_UV 100 /* net of highest and deepest */
#define FLAT_PERCENT                                                                                         \
    8 /* of the tallest limb lead: between two electrodes that sit on the legs there is nothing */
#define FLAT_UV 80
#define OFF_UV 10 /* of an averaged beat: no electrode at all */

static const struct jz_ecg_lead_measure *usable(const struct jz_ecg_measure *out, enum jz_ecg_lead lead) {
    return out->lead[lead].usable ? &out->lead[lead] : NULL;
}

/* Mean of the P wave above the line between its ends. */
static int32_t p_of(const struct jz_ecg_measure *out, const struct jz_ecg_lead_measure *m) {
    int32_t from = out->marks.p_on, to = out->marks.p_off, sum = 0;
    if (from < 0 || to <= from + 4) return 0;
    for (int32_t i = from; i <= to; i++) sum += m->average_uv[i];
    return sum / (to - from + 1) - (m->average_uv[from] + m->average_uv[to]) / 2;
}

static void extremes(const struct jz_ecg_lead_measure *m, int32_t from, int32_t to, int32_t *low,
                     int32_t *high) {
    *low = INT32_MAX;
    *high = INT32_MIN;
    for (int32_t i = from; i < to; i++) {
        *low = ecg_min(*low, m->average_uv[i]);
        *high = ecg_max(*high, m->average_uv[i]);
    }
}

/* Highest plus deepest of the QRS: its main direction. */
static int32_t qrs_of(const struct jz_ecg_measure *out, const struct jz_ecg_lead_measure *m) {
    int32_t low, high;
    extremes(m, out->marks.qrs_on, out->marks.j, &low, &high);
    return low + high;
}

/* With the arms exchanged lead I is upside down. A P wave and a QRS that both point down in I while V6 looks as ever are
 * rare otherwise; without a P wave it takes a large narrow QRS down in I and up in aVR. */
static bool arms(const struct jz_ecg_measure *out) {
    const struct jz_ecg_lead_measure *i = usable(out, JZ_LEAD_I), *avr = usable(out, JZ_LEAD_AVR);
    const struct jz_ecg_lead_measure *v6 = usable(out, JZ_LEAD_V6);
    if (!v6) v6 = usable(out, JZ_LEAD_V5);
    if (!i || !avr || !v6 || qrs_of(out, i) > -QRS_UV || qrs_of(out, v6) < QRS_UV) return false;
    if (out->marks.p_on != JZ_ECG_UNKNOWN) return p_of(out, i) <= -P_UV && p_of(out, v6) > 0;
    return qrs_of(out, i) < -3 * QRS_UV && qrs_of(out, avr) > QRS_UV && out->qrs_ms < WIDE_MS;
}

/* One of I, II, III flat from P to T while the others are not. That one, or what is derived from it, may pass for a lead
 * that is off; but an electrode that is off takes two of the three with it, and leaves less. */
static bool leg(const struct jz_ecg_measure *out) {
    int32_t height[3], tallest = 0;
    for (uint32_t k = 0; k < 3; k++) {
        const struct jz_ecg_lead_measure *m = &out->lead[JZ_LEAD_I + k];
        if (!m->usable && m->trouble != JZ_ECG_LEAD_OFF) return false;
        int32_t low, high;
        extremes(m, 0, (int32_t)JZ_ECG_AVERAGE_SAMPLES, &low, &high);
        height[k] = high - low;
        if (height[k] < OFF_UV) return false;
        tallest = ecg_max(tallest, height[k]);
    }
    for (uint32_t k = 0; k < 3; k++)
        if (height[k] < FLAT_UV && height[k] * 100 < tallest * FLAT_PERCENT) return true;
    return false;
}

bool jz_ecg_limbs_reversed(const struct jz_ecg_measure *out) {
    return arms(out) || leg(out);
}
