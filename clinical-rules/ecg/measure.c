/* SPDX-License-Identifier: Apache-2.0 */
#include "jingzhu/ecg.h"

#include <string.h>

#include "conduction.h"
#include "delineate.h"
#include "lead_measure.h"
#include "small.h"
#include "work.h"

#define MS 2 /* of one sample */

static int16_t ms_between(int16_t from, int16_t to) {
    return from < 0 || to < from ? JZ_ECG_UNKNOWN : (int16_t)((to - from) * MS);
}

/* Least x with x^3 >= cube, for RR of Fridericia. */
static int32_t cube_root(int64_t cube) {
    int32_t low = 0, high = 2500; /* RR of 15 s */
    while (low < high) {
        int32_t half = (low + high) / 2;
        if ((int64_t)half * half * half >= cube)
            high = half;
        else
            low = half + 1;
    }
    return low;
}

/* QT / (RR in seconds)^(1/3); the root here is 1000 times that. */
static int16_t fridericia(int16_t qt_ms, int16_t rr_ms) {
    if (qt_ms == JZ_ECG_UNKNOWN || rr_ms <= 0) return JZ_ECG_UNKNOWN;
    return ecg_narrow(ecg_div((int64_t)qt_ms * 1000, cube_root((int64_t)rr_ms * 1000000)));
}

static void intervals(struct jz_ecg_measure *out) {
    const struct jz_ecg_marks *m = &out->marks;
    out->pr_ms = ms_between(m->p_on, m->qrs_on);
    out->qrs_ms = ms_between(m->qrs_on, m->j);
    out->qt_ms = ms_between(m->qrs_on, m->t_off);
}

/* Leads that fail their check have no say about where waves begin and end: once more without them, and the leads are
 * judged by the marks that they are then measured at. */
static void delineate_again(const struct jz_ecg *ecg, struct jz_ecg_measure *out) {
    bool use[JZ_LEAD_COUNT];
    uint32_t left = 0, lost = 0;
    for (unsigned lead = 0; lead < JZ_LEAD_COUNT; lead++) {
        use[lead] = ecg->sound[lead] && out->lead[lead].usable;
        left += use[lead] && !ecg->derived[lead];
        lost += ecg->sound[lead] && !use[lead] && !ecg->derived[lead];
    }
    if (!left || !lost) return;
    jz_ecg_delineate(ecg, use, out);
    intervals(out);
    jz_ecg_judge(ecg, out);
}

static void measure_leads(struct jz_ecg_measure *out) {
    for (unsigned lead = 0; lead < JZ_LEAD_COUNT; lead++) {
        struct jz_ecg_lead_measure *m = &out->lead[lead];
        jz_ecg_forget_lead(m);
        if (m->usable && out->marks.qrs_on != JZ_ECG_UNKNOWN) jz_ecg_measure_lead(&out->marks, m);
    }
}

void jz_ecg_measure(struct jz_ecg *ecg, struct jz_ecg_measure *out) {
    memset(out, 0, sizeof *out);
    jz_ecg_prepare(ecg);
    out->samples = ecg->samples;
    out->beat_count = (uint16_t)ecg->beat_count;
    memcpy(out->beat, ecg->beat, sizeof out->beat);
    jz_ecg_average(ecg, out);
    jz_ecg_delineate(ecg, ecg->sound, out);
    intervals(out);
    jz_ecg_judge(ecg, out);
    delineate_again(ecg, out);
    jz_ecg_rhythm(ecg, out);
    out->qtc_ms = fridericia(out->qt_ms, out->rr_ms_mean);
    measure_leads(out);
    out->axis_deg = jz_ecg_axis(out);
    jz_ecg_conduction(out);
}
