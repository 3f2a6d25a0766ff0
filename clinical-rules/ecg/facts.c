/* SPDX-License-Identifier: Apache-2.0 */
/* Measures -> fields of protocol/fields/ecg.csv. Only what the measurement supports: a lead that is not usable gives no
 * field, nor do limb leads that may be reversed, and a finding is said to be absent only where everything it needs was
 * measured. Left to people: the rhythm on
 * the monitor (ten seconds cannot tell fibrillation from a loose electrode, and that field is an alarm), early
 * repolarisation, aneurysm, hyperkalaemia, and that ST/T is "unchanged", which would silence a rule. */
#include "jingzhu/ecg.h"
#include "small.h"

/* Codes of ecg.csv; a test holds them against the names of the table. */
enum {
    CODE_ST = 67111000,
    CODE_SLOPE = 67111020,
    CODE_QRS = 67111040,
    CODE_R = 67111060,
    CODE_S = 67111080,
    CODE_T = 67111100,
    CODE_T_SHAPE = 67111120,
    CODE_ST_PREV_V2 = 67111140,
    CODE_ST_PREV_V3 = 67111141,
    CODE_R_MS_V2 = 67111142,
    CODE_UNREADABLE = 67111145,
    CODE_LBBB = 67111146,
    CODE_PACED = 67111147,
    CODE_LVH_STRAIN = 67111148,
    CODE_PREEXCITATION = 67111149,
    CODE_PRECORDIAL_Q = 67111153,
    CODE_R_PROGRESSION = 67111154,
    CODE_PROMINENT_R = 67111158,
    CODE_ST_DYNAMIC = 67111159,
    CODE_QUALITY = 67111165,
    CODE_RATE = 67111166,
    CODE_PR_MS = 67111167,
    CODE_QRS_MS = 67111168,
    CODE_QTC_MS = 67111169,
    CODE_AXIS = 67111170
};

#define CHANGE_UP_UV                                                                                         \
    100             /* rise over the earlier ECG that counts as new, strictly more: clinical-chest-pain 2.2 */
#define STD_UV 50   /* new depression: 2.6 OLD-STD */
#define TINV_UV 100 /* T inversion, strictly more: 2.6 OLD-STD */
#define POOR_R_V3_UV 300 /* R in V3 of 3 mm or less: poor progression (DePace 1983) */

struct list {
    struct jz_fact *item;
    uint32_t count;
};

static void put(struct list *list, uint32_t code, int32_t value) {
    if (list->count < JZ_ECG_FACTS_MAX) list->item[list->count++] = (struct jz_fact){code, value};
}
static void put_known(struct list *list, uint32_t code, int16_t value) {
    if (value != JZ_ECG_UNKNOWN) put(list, code, value);
}

/* Whether a lead may be spoken of: usable, and surely the lead that its name says. */
static bool sure(const struct jz_ecg_measure *m, uint32_t lead) {
    return m->lead[lead].usable && !(m->limb_reversal_suspected && lead <= JZ_LEAD_AVF);
}

/* ecg.csv has aVR in the ST levels, QRS polarities and S depths only, and extra leads in the ST levels only. */
static uint32_t row_without_avr(uint32_t lead) {
    return lead < JZ_LEAD_AVR ? lead : lead - 1;
}

/* The S wave that modified Sgarbossa divides by (chest-pain 2.5) is the deep one of a negative QRS. Where the deep one comes
 * first it is a Q by position; a small S behind it would make any ST elevation look out of proportion. */
static int16_t depth_of(const struct jz_ecg_lead_measure *m) {
    if (m->polarity != JZ_QRS_NEGATIVE || m->s_uv == JZ_ECG_UNKNOWN) return m->s_uv;
    return (int16_t)ecg_max(m->s_uv, m->q_uv);
}

static void put_lead(struct list *list, const struct jz_ecg_lead_measure *m, uint32_t lead) {
    put_known(list, CODE_ST + lead, m->st_j_uv);
    if (lead > JZ_LEAD_V6) return;
    if (m->polarity != JZ_QRS_UNKNOWN) put(list, CODE_QRS + lead, m->polarity);
    put_known(list, CODE_S + lead, depth_of(m));
    if (lead == JZ_LEAD_AVR) return;
    uint32_t row = row_without_avr(lead);
    if (m->slope != JZ_SLOPE_UNKNOWN) put(list, CODE_SLOPE + row, m->slope);
    if (m->r_uv != JZ_ECG_UNKNOWN) put(list, CODE_R + row, ecg_max(m->r_uv, m->r2_uv));
    put_known(list, CODE_T + row, m->t_uv);
    if (m->t_shape != JZ_T_UNKNOWN) put(list, CODE_T_SHAPE + row, m->t_shape);
}

static bool sure_all(const struct jz_ecg_measure *m, uint32_t from, uint32_t to) {
    for (uint32_t lead = from; lead <= to; lead++)
        if (!sure(m, lead) || m->lead[lead].r_uv == JZ_ECG_UNKNOWN) return false;
    return true;
}

/* --- conduction -------------------------------------------------------------------------------------------------- */

static void put_conduction(struct list *list, const struct jz_ecg_measure *m) {
    bool paced = (m->rhythm & JZ_RHYTHM_PACED) != 0;
    /* A narrow QRS was not paced in the ventricle. A wide one without spikes may be: many recorders lose them. */
    if (paced)
        put(list, CODE_PACED, 1);
    else if (m->conduction == JZ_CONDUCTION_NORMAL)
        put(list, CODE_PACED, 0);
    bool normal = m->conduction == JZ_CONDUCTION_NORMAL;
    bool shaped = normal || (m->conduction != JZ_CONDUCTION_UNKNOWN && !m->limb_reversal_suspected);
    if (!paced && shaped) put(list, CODE_LBBB, m->conduction == JZ_CONDUCTION_LBBB);
    bool lateral = sure(m, JZ_LEAD_I) && sure(m, JZ_LEAD_AVL) && sure_all(m, JZ_LEAD_V5, JZ_LEAD_V6);
    if (m->lvh_strain && !m->limb_reversal_suspected)
        put(list, CODE_LVH_STRAIN, 1);
    else if (normal && lateral && m->sokolow_uv != JZ_ECG_UNKNOWN)
        put(list, CODE_LVH_STRAIN, 0);
    if (m->preexcitation_suspected)
        put(list, CODE_PREEXCITATION, 1);
    else if (normal && m->pr_ms != JZ_ECG_UNKNOWN)
        put(list, CODE_PREEXCITATION, 0);
}

/* --- Q, R -------------------------------------------------------------------------------------------------------- */

/* Fourth Universal Definition, prior infarction: in V2-V3 any Q of more than 20 ms or QS; in V4-V6 a Q of 30 ms and
 * 1 mm or QS, in two leads side by side. */
static bool precordial_q(const struct jz_ecg_measure *m) {
    bool deep[JZ_LEAD_COUNT] = {false};
    for (uint32_t lead = JZ_LEAD_V2; lead <= JZ_LEAD_V6; lead++) {
        const struct jz_ecg_lead_measure *l = &m->lead[lead];
        bool qs = l->q_uv > 0 && l->r_uv == 0;
        if (lead <= JZ_LEAD_V3 && (l->q_ms > 20 || qs)) return true;
        deep[lead] = qs || (l->q_ms >= 30 && l->q_uv >= 100);
    }
    return (deep[JZ_LEAD_V4] && deep[JZ_LEAD_V5]) || (deep[JZ_LEAD_V5] && deep[JZ_LEAD_V6]);
}

/* Neither poor (R V3 of 3 mm or less) nor lost on the way (R V3 below R V1). */
static bool r_progresses(const struct jz_ecg_measure *m) {
    return m->lead[JZ_LEAD_V3].r_uv > POOR_R_V3_UV && m->lead[JZ_LEAD_V3].r_uv >= m->lead[JZ_LEAD_V1].r_uv;
}

/* In every lead with an inverted T the R prevails, or no T is inverted; in between a person has to look. */
static void put_prominent_r(struct list *list, const struct jz_ecg_measure *m) {
    uint32_t inverted = 0, prominent = 0;
    for (uint32_t lead = 0; lead <= JZ_LEAD_V6; lead++) {
        const struct jz_ecg_lead_measure *l = &m->lead[lead];
        if (lead == JZ_LEAD_AVR) continue;
        if (!sure(m, lead) || l->t_uv == JZ_ECG_UNKNOWN || l->r_uv == JZ_ECG_UNKNOWN) return;
        if (l->t_uv >= -TINV_UV) continue;
        inverted++;
        prominent += ecg_max(l->r_uv, l->r2_uv) > l->s_uv;
    }
    if (!inverted)
        put(list, CODE_PROMINENT_R, 0);
    else if (prominent == inverted)
        put(list, CODE_PROMINENT_R, 1);
}

static void put_shapes(struct list *list, const struct jz_ecg_measure *m) {
    const struct jz_ecg_lead_measure *v2 = &m->lead[JZ_LEAD_V2];
    if (v2->usable) put_known(list, CODE_R_MS_V2, v2->r_ms);
    bool own = m->conduction == JZ_CONDUCTION_NORMAL || m->conduction == JZ_CONDUCTION_RBBB;
    if (own && sure_all(m, JZ_LEAD_V2, JZ_LEAD_V6)) put(list, CODE_PRECORDIAL_Q, precordial_q(m));
    if (own && sure_all(m, JZ_LEAD_V1, JZ_LEAD_V3)) put(list, CODE_R_PROGRESSION, r_progresses(m));
    put_prominent_r(list, m);
}

/* --- against the earlier ECG ------------------------------------------------------------------------------------- */

enum change { CHANGE_NONE, CHANGE_UP, CHANGE_DOWN, CHANGE_T, CHANGE_UNKNOWN };

static enum change change_of(const struct jz_ecg_measure *m, const struct jz_ecg_measure *earlier,
                             uint32_t lead) {
    const struct jz_ecg_lead_measure *now = &m->lead[lead], *before = &earlier->lead[lead];
    if (!sure(m, lead) || !sure(earlier, lead) || now->st_j_uv == JZ_ECG_UNKNOWN ||
        before->st_j_uv == JZ_ECG_UNKNOWN)
        return CHANGE_UNKNOWN;
    if (now->st_j_uv - before->st_j_uv > CHANGE_UP_UV) return CHANGE_UP;
    if (now->st_j_uv <= -STD_UV && now->st_j_uv - before->st_j_uv <= -STD_UV && now->slope != JZ_SLOPE_UP)
        return CHANGE_DOWN;
    if (now->t_uv == JZ_ECG_UNKNOWN || before->t_uv == JZ_ECG_UNKNOWN) return CHANGE_UNKNOWN;
    return now->t_uv < -TINV_UV && before->t_uv > 0 ? CHANGE_T : CHANGE_NONE;
}

/* The same change in two contiguous leads (2.1). Another conduction has another ST and T: nothing is said. */
static void put_dynamic(struct list *list, const struct jz_ecg_measure *now,
                        const struct jz_ecg_measure *before) {
    static const uint8_t pair[][2] = {
        {JZ_LEAD_V1, JZ_LEAD_V2},  {JZ_LEAD_V2, JZ_LEAD_V3},  {JZ_LEAD_V3, JZ_LEAD_V4},
        {JZ_LEAD_V4, JZ_LEAD_V5},  {JZ_LEAD_V5, JZ_LEAD_V6},  {JZ_LEAD_I, JZ_LEAD_AVL},
        {JZ_LEAD_II, JZ_LEAD_III}, {JZ_LEAD_II, JZ_LEAD_AVF}, {JZ_LEAD_III, JZ_LEAD_AVF}};
    if (now->conduction == JZ_CONDUCTION_UNKNOWN || now->conduction != before->conduction) return;
    bool all = true;
    for (size_t i = 0; i < sizeof pair / sizeof pair[0]; i++) {
        enum change a = change_of(now, before, pair[i][0]), b = change_of(now, before, pair[i][1]);
        all = all && a != CHANGE_UNKNOWN && b != CHANGE_UNKNOWN;
        if (a != b || a == CHANGE_NONE || a == CHANGE_UNKNOWN) continue;
        put(list, CODE_ST_DYNAMIC, 1);
        return;
    }
    if (all) put(list, CODE_ST_DYNAMIC, 0);
}

static void put_earlier(struct list *list, const struct jz_ecg_measure *now,
                        const struct jz_ecg_measure *before) {
    if (!before || !before->readable) return;
    if (before->lead[JZ_LEAD_V2].usable) put_known(list, CODE_ST_PREV_V2, before->lead[JZ_LEAD_V2].st_j_uv);
    if (before->lead[JZ_LEAD_V3].usable) put_known(list, CODE_ST_PREV_V3, before->lead[JZ_LEAD_V3].st_j_uv);
    put_dynamic(list, now, before);
}

/* ----------------------------------------------------------------------------------------------------------------- */

static void put_whole(struct list *list, const struct jz_ecg_measure *m) {
    if (m->rate_bpm_x10 != JZ_ECG_UNKNOWN) put(list, CODE_RATE, (int32_t)ecg_div(m->rate_bpm_x10, 10));
    put_known(list, CODE_PR_MS, m->pr_ms);
    put_known(list, CODE_QRS_MS, m->qrs_ms);
    put_known(list, CODE_QTC_MS, m->qtc_ms);
    if (!m->limb_reversal_suspected) put_known(list, CODE_AXIS, m->axis_deg);
}

/* Share of the twelve that can be believed. */
static int32_t quality_of(const struct jz_ecg_measure *m) {
    int32_t count = 0;
    if (!m->limb_reversal_suspected) return m->quality;
    for (uint32_t lead = JZ_LEAD_V1; lead <= JZ_LEAD_V6; lead++) count += m->lead[lead].usable;
    return count * 100 / 12;
}

uint32_t jz_ecg_facts(const struct jz_ecg_measure *now, const struct jz_ecg_measure *before,
                      struct jz_fact facts[JZ_ECG_FACTS_MAX]) {
    struct list list = {facts, 0};
    put(&list, CODE_UNREADABLE, !now->readable);
    put(&list, CODE_QUALITY, quality_of(now));
    if (!now->readable) return list.count;
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++)
        if (sure(now, lead)) put_lead(&list, &now->lead[lead], lead);
    put_conduction(&list, now);
    put_shapes(&list, now);
    put_earlier(&list, now, before);
    put_whole(&list, now);
    return list.count;
}
