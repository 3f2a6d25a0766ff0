/* SPDX-License-Identifier: Apache-2.0 */
/* Shapes of the wide QRS after AHA/ACCF/HRS 2009 part III (Surawicz), and LBBB with a scar's q after Strauss 2011;
 * hypertrophy after AHA/ACCF/HRS 2009 part V (Hancock). */
#include "conduction.h"

#include "lead_measure.h"
#include "small.h"

#define MS 2
#define WIDE_MS 120
#define RBBB_S_MS 40    /* S in I and V6 longer than this, or longer than R */
#define RBBB_PEAK_MS 50 /* R peak time in V1 */
#define LBBB_PEAK_MS 60 /* R peak time in V5, V6 */
#define STRICT_MS                                                                                            \
    140 /* QRS of men from which notches make it LBBB (Strauss); of women 130, and the sex is not known here */
#define NOTCH_AFTER_MS 40
#define NOTCH_LEADS 2
#define NOTCH_PART 16   /* of the QRS: a dip that is seen. Engineering bound */
#define SOKOLOW_UV 3500 /* S V1 + R V5 or V6 */
#define STRAIN_ST_UV 50 /* half a millimetre of depression */
#define WPW_PR_MS 120
#define WPW_QRS_MS 110
#define DELTA_MS 40 /* from QRS onset to half its greatest slope; engineering bound: usual are 30 */

static bool usable(const struct jz_ecg_measure *m, enum jz_ecg_lead lead) {
    return m->lead[lead].usable;
}

static struct jz_qrs_waves waves_of(const struct jz_ecg_measure *m, enum jz_ecg_lead lead) {
    struct jz_qrs_waves w = {0};
    if (usable(m, lead)) jz_ecg_qrs_waves(m->lead[lead].average_uv, &m->marks, &w);
    return w;
}

/* --- bundle branches --------------------------------------------------------------------------------------------- */

/* The end of the QRS points to the right: r' or R', or one broad R that peaks late. */
static bool ends_to_the_right(const struct jz_ecg_measure *m, enum jz_ecg_lead lead) {
    struct jz_qrs_waves w = waves_of(m, lead);
    if (!w.count) return false;
    const struct jz_qrs_wave *last = &w.wave[w.count - 1];
    bool back = m->lead[lead].average_uv[m->marks.j] * 2 <= last->uv; /* else it is an elevated ST */
    return last->uv > 0 && back && (last->peak - m->marks.qrs_on) * MS > RBBB_PEAK_MS;
}

static bool broad_s(const struct jz_ecg_measure *m, enum jz_ecg_lead lead) {
    struct jz_qrs_waves w = waves_of(m, lead);
    int32_t r = 0, s = 0;
    for (uint32_t i = 0; i < w.count; i++) {
        int32_t ms = (w.wave[i].to - w.wave[i].from) * MS;
        if (w.wave[i].uv > 0)
            r = ecg_max(r, ms), s = 0;
        else if (r)
            s = ms;
    }
    return s > RBBB_S_MS || (s && s > r);
}

static bool rbbb(const struct jz_ecg_measure *m) {
    return (ends_to_the_right(m, JZ_LEAD_V1) || ends_to_the_right(m, JZ_LEAD_V2)) &&
           (broad_s(m, JZ_LEAD_I) || broad_s(m, JZ_LEAD_V6));
}

/* R without a q before it, and prevailing. */
static bool pure_r(const struct jz_ecg_measure *m, enum jz_ecg_lead lead) {
    struct jz_qrs_waves w = waves_of(m, lead);
    return w.count && w.wave[0].uv > 0 && m->lead[lead].polarity == JZ_QRS_POSITIVE;
}

static bool late_r(const struct jz_ecg_measure *m, enum jz_ecg_lead lead) {
    struct jz_qrs_waves w = waves_of(m, lead);
    for (uint32_t i = 0; i < w.count; i++)
        if (w.wave[i].uv == m->lead[lead].r_uv && w.wave[i].uv > 0)
            return (w.wave[i].peak - m->marks.qrs_on) * MS > LBBB_PEAK_MS;
    return false;
}

/* Two summits of the main deflection with a dip between them, once the first 40 ms are over. */
static bool notched(const struct jz_ecg_measure *m, enum jz_ecg_lead lead) {
    const struct jz_ecg_lead_measure *l = &m->lead[lead];
    if (!l->usable || (l->polarity != JZ_QRS_POSITIVE && l->polarity != JZ_QRS_NEGATIVE)) return false;
    int32_t sign = l->polarity == JZ_QRS_POSITIVE ? 1 : -1, top = 0, high = 0, low = 0;
    for (int32_t t = m->marks.qrs_on; t < m->marks.j; t++) top = ecg_max(top, sign * l->average_uv[t]);
    int32_t dip = ecg_max(JZ_WAVE_LEAST_UV, top / NOTCH_PART);
    for (int32_t t = m->marks.qrs_on + NOTCH_AFTER_MS / MS; t < m->marks.j; t++) {
        int32_t x = sign * l->average_uv[t];
        if (x > high) high = low = x;
        low = ecg_min(low, x);
        if (high * 4 > top && high - low >= dip && x - low >= dip) return true;
    }
    return false;
}

static bool strict_lbbb(const struct jz_ecg_measure *m) {
    static const enum jz_ecg_lead leads[] = {JZ_LEAD_I,  JZ_LEAD_AVL, JZ_LEAD_V1,
                                             JZ_LEAD_V2, JZ_LEAD_V5,  JZ_LEAD_V6};
    uint32_t count = 0;
    if (m->qrs_ms < STRICT_MS || m->lead[JZ_LEAD_I].polarity != JZ_QRS_POSITIVE) return false;
    for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++) count += notched(m, leads[i]);
    return count >= NOTCH_LEADS;
}

/* R peaks late in V5, V6 or, where those still show the transition, in I. */
static bool lbbb(const struct jz_ecg_measure *m) {
    if (m->lead[JZ_LEAD_V1].polarity != JZ_QRS_NEGATIVE || ends_to_the_right(m, JZ_LEAD_V1)) return false;
    bool v5 = pure_r(m, JZ_LEAD_V5) && late_r(m, JZ_LEAD_V5),
         v6 = pure_r(m, JZ_LEAD_V6) && late_r(m, JZ_LEAD_V6);
    if (strict_lbbb(m)) return true;
    return pure_r(m, JZ_LEAD_I) && (v5 || v6 || late_r(m, JZ_LEAD_I));
}

static uint8_t conduction_of(const struct jz_ecg_measure *m) {
    if (m->qrs_ms == JZ_ECG_UNKNOWN || m->rhythm & JZ_RHYTHM_PACED) return JZ_CONDUCTION_UNKNOWN;
    if (m->qrs_ms < WIDE_MS) return JZ_CONDUCTION_NORMAL;
    bool shaped =
        usable(m, JZ_LEAD_V1) && usable(m, JZ_LEAD_I) && usable(m, JZ_LEAD_V5) && usable(m, JZ_LEAD_V6);
    if (rbbb(m)) return JZ_CONDUCTION_RBBB;
    if (lbbb(m)) return JZ_CONDUCTION_LBBB;
    return shaped ? JZ_CONDUCTION_IVCD : JZ_CONDUCTION_UNKNOWN;
}

/* --- hypertrophy ------------------------------------------------------------------------------------------------- */

static int32_t r_of(const struct jz_ecg_lead_measure *l) {
    return ecg_max(l->r_uv, l->r2_uv);
}

static void voltages(struct jz_ecg_measure *m) {
    m->sokolow_uv = m->cornell_uv = JZ_ECG_UNKNOWN;
    const struct jz_ecg_lead_measure *v5 = &m->lead[JZ_LEAD_V5], *v6 = &m->lead[JZ_LEAD_V6];
    if (usable(m, JZ_LEAD_V1) && v5->usable && v6->usable)
        m->sokolow_uv = ecg_narrow(m->lead[JZ_LEAD_V1].s_uv + ecg_max(r_of(v5), r_of(v6)));
    if (usable(m, JZ_LEAD_AVL) && usable(m, JZ_LEAD_V3))
        m->cornell_uv = ecg_narrow(r_of(&m->lead[JZ_LEAD_AVL]) + m->lead[JZ_LEAD_V3].s_uv);
    m->lvh_voltage = m->sokolow_uv >= SOKOLOW_UV;
}

/* Depression going down into an inverted T, in two of I, aVL, V5, V6. A wide QRS has its own repolarisation. */
static bool strain(const struct jz_ecg_measure *m) {
    static const enum jz_ecg_lead lateral[] = {JZ_LEAD_I, JZ_LEAD_AVL, JZ_LEAD_V5, JZ_LEAD_V6};
    if (!m->lvh_voltage || m->qrs_ms >= WIDE_MS) return false;
    uint32_t leads = 0;
    for (size_t i = 0; i < sizeof lateral / sizeof lateral[0]; i++) {
        const struct jz_ecg_lead_measure *l = &m->lead[lateral[i]];
        if (!l->usable) continue;
        bool depressed = l->st_j_uv <= -STRAIN_ST_UV && l->slope != JZ_SLOPE_UP;
        bool inverted = l->t_shape == JZ_T_INVERTED || l->t_shape == JZ_T_INVERTED_SYMMETRICAL;
        leads += depressed && inverted;
    }
    return leads >= 2;
}

/* --- pre-excitation ---------------------------------------------------------------------------------------------- */

/* From QRS onset until all usable leads together are half as steep as they get: long where a delta wave leads. */
static int32_t slur_ms(const struct jz_ecg_measure *m) {
    int32_t slope[JZ_ECG_AVERAGE_SAMPLES] = {0}, top = 0;
    for (unsigned lead = 0; lead < JZ_LEAD_COUNT; lead++) {
        const int16_t *x = m->lead[lead].average_uv;
        if (!m->lead[lead].usable) continue;
        for (int32_t t = m->marks.qrs_on; t < m->marks.j; t++) slope[t] += ecg_abs(x[t + 1] - x[t - 1]);
    }
    for (int32_t t = m->marks.qrs_on; t < m->marks.j; t++) top = ecg_max(top, slope[t]);
    int32_t t = m->marks.qrs_on;
    while (t < m->marks.j && slope[t] * 2 < top) t++;
    return (t - m->marks.qrs_on) * MS;
}

static bool preexcited(const struct jz_ecg_measure *m) {
    if (m->pr_ms == JZ_ECG_UNKNOWN || m->qrs_ms == JZ_ECG_UNKNOWN || m->rhythm & JZ_RHYTHM_PACED)
        return false;
    return m->pr_ms < WPW_PR_MS && m->qrs_ms > WPW_QRS_MS && slur_ms(m) >= DELTA_MS;
}

void jz_ecg_conduction(struct jz_ecg_measure *out) {
    out->conduction = conduction_of(out);
    voltages(out);
    out->lvh_strain = strain(out);
    out->preexcitation_suspected = preexcited(out);
}
