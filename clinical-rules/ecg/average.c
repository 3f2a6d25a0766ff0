/* SPDX-License-Identifier: Apache-2.0 */
#include "average.h"

#include <string.h>

#include "small.h"
#include "work.h"

#define SHAPES_MAX 6u
#define BEFORE 40   /* of R, samples: the stretch that is compared, P-R segment to early ST */
#define AFTER 60    /* a wide QRS and the first of its ST */
#define LAG_MAX 20  /* 40 ms: the fiducial of a notched QRS may jump that far between its peaks */
#define COARSE 4    /* lags tried first */
#define ALIKE 850   /* correlation of one kind in the median lead, in 1/1000 */
#define NEXT_QRS 40 /* samples before the next R where its own QRS may begin */
#define LAST_QRS 60 /* after the last R: its QRS and J */

/* The leads that decide about likeness: sound, and not derived (they would only count I and II twice). */
struct voters {
    uint32_t count;
    const int16_t *uv[JZ_LEAD_COUNT];
};

static struct voters voters_of(const struct jz_ecg *ecg) {
    struct voters v = {0};
    for (unsigned lead = 0; lead < JZ_LEAD_COUNT; lead++)
        if (ecg->present[lead] && ecg->sound[lead] && !ecg->derived[lead]) v.uv[v.count++] = ecg->uv[lead];
    return v;
}

static bool inside(const struct jz_ecg *ecg, int32_t at) {
    return at >= BEFORE && at + AFTER < (int32_t)ecg->samples;
}

/* Correlation of two stretches, each about its own mean, in 1/1000; every second sample. */
static int32_t correlation(const int16_t *x, const int16_t *y) {
    const int32_t n = (BEFORE + AFTER) / 2;
    int32_t sx = 0, sy = 0;
    int64_t sxx = 0, syy = 0, sxy = 0;
    for (int32_t i = 0; i < 2 * n; i += 2) {
        sx += x[i];
        sy += y[i];
        sxx += x[i] * x[i];
        syy += y[i] * y[i];
        sxy += x[i] * y[i];
    }
    int64_t xx = sxx - (int64_t)sx * sx / n, yy = syy - (int64_t)sy * sy / n, xy = sxy - (int64_t)sx * sy / n;
    int64_t norm = (int64_t)jz_ecg_root((uint64_t)xx) * jz_ecg_root((uint64_t)yy);
    return norm ? (int32_t)(xy * 1000 / norm) : 0;
}

/* How the stretches about `a` and `b` compare: the sum over the leads tells the lag, their median the likeness. Each
 * lead has one vote, so that a few bad electrodes cannot make strangers of like beats. Both are inside the recording. */
struct likeness {
    int32_t sum, median;
};

static struct likeness compare(const struct voters *v, int32_t a, int32_t b) {
    int32_t r[JZ_LEAD_COUNT];
    struct likeness l = {0, 0};
    for (uint32_t lead = 0; lead < v->count; lead++)
        l.sum += r[lead] = correlation(v->uv[lead] + a - BEFORE, v->uv[lead] + b - BEFORE);
    l.median = jz_ecg_median(r, v->count);
    return l;
}

/* Best lag of beat `b` against `a`: where b + lag looks most like a. */
static int32_t align(const struct jz_ecg *ecg, const struct voters *v, int32_t a, int32_t b, int32_t *alike) {
    int32_t best = 0, most = INT32_MIN, from = -LAG_MAX, to = LAG_MAX;
    *alike = INT32_MIN;
    for (int32_t step = COARSE; step; step = step > 1 ? 1 : 0) {
        for (int32_t lag = from; lag <= to; lag += step) {
            if (!inside(ecg, b + lag)) continue;
            struct likeness l = compare(v, a, b + lag);
            if (l.sum <= most) continue;
            most = l.sum;
            *alike = l.median;
            best = lag;
        }
        from = best - COARSE + 1;
        to = best + COARSE - 1;
    }
    return best;
}

/* --- out of step --------------------------------------------------------------------------------------------------- */

#define STEP_MAX 40     /* samples: a lead may lag by 80 ms and the QRS still lies in what is compared */
#define STEP_LEAST 10   /* 20 ms: more than a breath turns the axis by */
#define STEP_ALIKE 900  /* as alike as that at its own lag, */
#define STEP_BETTER 150 /* and by so much more than in step */

/* Lag at which beat `b` of one lead looks like beat `a`; 0: in step, or like it nowhere. */
static int32_t step_of(const struct jz_ecg *ecg, const int16_t *uv, int32_t a, int32_t b) {
    int32_t best = 0, most = correlation(uv + a - BEFORE, uv + b - BEFORE) + STEP_BETTER;
    for (int32_t lag = -STEP_MAX; lag <= STEP_MAX; lag += 2) {
        if (!inside(ecg, b + lag)) continue;
        int32_t r = correlation(uv + a - BEFORE, uv + b + lag - BEFORE);
        if (r < STEP_ALIKE || r <= most) continue;
        most = r;
        best = lag;
    }
    return best;
}

bool jz_ecg_out_of_step(const struct jz_ecg *ecg, uint32_t lead) {
    const struct jz_ensemble *e = &ecg->ensemble;
    uint32_t off = 0;
    for (uint32_t i = 1; i < e->count; i++)
        off += ecg_abs(step_of(ecg, ecg->uv[lead], e->at[0], e->at[i])) >= STEP_LEAST;
    /* One odd beat of five and more, be it the first, is no group. */
    return off * 4 >= e->count && (e->count - off) * 4 >= e->count;
}

/* --- shapes ------------------------------------------------------------------------------------------------------- */

struct shape {
    int32_t at; /* of its first beat, which stands for it */
    uint32_t count, early;
};

struct sorting {
    uint32_t shapes;
    struct shape shape[SHAPES_MAX];
    uint8_t of[JZ_ECG_BEATS_MAX]; /* shape of each beat; SHAPES_MAX: of none */
    int16_t at[JZ_ECG_BEATS_MAX]; /* R, aligned with its shape's first */
};

static void sort_beat(const struct jz_ecg *ecg, const struct voters *v, struct sorting *s, uint32_t i) {
    int32_t at = ecg->beat[i].at, best = ALIKE - 1;
    s->of[i] = SHAPES_MAX;
    s->at[i] = (int16_t)at;
    if (!inside(ecg, at)) return;
    for (uint32_t k = 0; k < s->shapes; k++) {
        int32_t alike, lag = align(ecg, v, s->shape[k].at, at, &alike);
        if (alike <= best) continue;
        best = alike;
        s->of[i] = (uint8_t)k;
        s->at[i] = (int16_t)(at + lag);
    }
    if (s->of[i] == SHAPES_MAX && s->shapes < SHAPES_MAX) {
        s->of[i] = (uint8_t)s->shapes;
        s->shape[s->shapes++] = (struct shape){.at = at};
    }
    if (s->of[i] == SHAPES_MAX) return;
    s->shape[s->of[i]].count++;
    s->shape[s->of[i]].early += ecg->beat[i].premature;
}

/* The shape that came most often on time. */
static uint32_t main_shape(const struct sorting *s) {
    uint32_t best = 0;
    for (uint32_t k = 1; k < s->shapes; k++) {
        const struct shape *a = &s->shape[k], *b = &s->shape[best];
        uint32_t timely_a = a->count - a->early, timely_b = b->count - b->early;
        if (timely_a > timely_b || (timely_a == timely_b && a->count > b->count)) best = k;
    }
    return best;
}

/* --- the average -------------------------------------------------------------------------------------------------- */

/* What of a beat's own stretch of the averaged beat belongs to it: up to its neighbours' QRS. In samples of it. */
struct reach {
    int16_t from, to;
};

static void reaches_of(const struct jz_ecg *ecg, const struct jz_ensemble *e, const uint8_t *index,
                       struct reach *out) {
    for (uint32_t i = 0; i < e->count; i++) {
        int32_t at = e->at[i], from = 0, to = (int32_t)ecg->samples;
        if (index[i] > 0) from = ecg->beat[index[i] - 1].at + LAST_QRS;
        if (index[i] + 1u < ecg->beat_count) to = ecg->beat[index[i] + 1].at - NEXT_QRS;
        from -= at - (int32_t)JZ_ECG_AVERAGE_R;
        to -= at - (int32_t)JZ_ECG_AVERAGE_R;
        out[i].from = (int16_t)ecg_clamp(from, 0, (int32_t)JZ_ECG_AVERAGE_R - BEFORE);
        out[i].to =
            (int16_t)ecg_clamp(to, (int32_t)JZ_ECG_AVERAGE_R + AFTER, (int32_t)JZ_ECG_AVERAGE_SAMPLES);
    }
}

/* Sorts; few and nearly sorted, so by insertion. */
static void sort(int16_t *x, uint32_t n) {
    for (uint32_t i = 1; i < n; i++) {
        int16_t v = x[i];
        uint32_t k = i;
        for (; k > 0 && x[k - 1] > v; k--) x[k] = x[k - 1];
        x[k] = v;
    }
}

static uint16_t following(const struct jz_ecg *ecg, const struct jz_ensemble *e, const uint8_t *index) {
    int16_t rr[JZ_AVERAGE_BEATS_MAX];
    uint32_t n = 0;
    for (uint32_t i = 0; i < e->count; i++)
        if (index[i] + 1u < ecg->beat_count) rr[n++] = (int16_t)(ecg->beat[index[i] + 1].at - e->at[i]);
    sort(rr, n);
    return (uint16_t)(n ? rr[n / 2] : 0);
}

/* Mean of the middle half; of three the middle one. Sorts `x`. */
static int32_t middle(int16_t *x, uint32_t n) {
    sort(x, n);
    uint32_t drop = (n + 1) / 4;
    int32_t sum = 0, kept = (int32_t)(n - 2 * drop);
    for (uint32_t i = drop; i < n - drop; i++) sum += x[i];
    return kept ? (int32_t)ecg_div(sum, kept) : 0;
}

/* Level of a beat about its R, which its fellows share: takes out what is left of wander. */
static int32_t level_of(const int16_t *uv, int32_t at) {
    int32_t sum = 0;
    for (int32_t i = -BEFORE; i < AFTER; i++) sum += uv[at + i];
    return sum / (BEFORE + AFTER);
}

static void average_lead(const struct jz_ensemble *e, const struct reach *reach, const int16_t *uv,
                         int16_t *out) {
    int32_t level[JZ_AVERAGE_BEATS_MAX], mean = 0;
    for (uint32_t i = 0; i < e->count; i++) mean += level[i] = level_of(uv, e->at[i]);
    mean /= e->count;
    for (int32_t t = e->from; t < e->to; t++) {
        int16_t x[JZ_AVERAGE_BEATS_MAX];
        uint32_t n = 0;
        for (uint32_t i = 0; i < e->count; i++) {
            if (t < reach[i].from || t >= reach[i].to) continue;
            int32_t v = uv[e->at[i] + t - (int32_t)JZ_ECG_AVERAGE_R] - level[i] + mean;
            x[n++] = ecg_narrow(v);
        }
        out[t] = (int16_t)middle(x, n);
    }
    for (int32_t t = 0; t < e->from; t++) out[t] = out[e->from];
    for (int32_t t = e->to; t < (int32_t)JZ_ECG_AVERAGE_SAMPLES; t++) out[t] = out[e->to - 1];
}

/* The stretch that at least a third of the beats support: a lone beat is no average. */
static void support(struct jz_ensemble *e, const struct reach *reach) {
    uint32_t need = (e->count + 2u) / 3u;
    e->from = JZ_ECG_AVERAGE_R - BEFORE;
    e->to = JZ_ECG_AVERAGE_R + AFTER;
    for (bool up = false;; up = true) {
        for (;;) {
            int32_t t = up ? e->to : e->from - 1;
            if (t < 0 || t >= (int32_t)JZ_ECG_AVERAGE_SAMPLES) break;
            uint32_t n = 0;
            for (uint32_t i = 0; i < e->count; i++) n += t >= reach[i].from && t < reach[i].to;
            if (n < need) break;
            if (up)
                e->to++;
            else
                e->from--;
        }
        if (up) break;
    }
}

/* A derived lead's average comes from those of I and II, so that Einthoven's law holds to the microvolt. */
static void derive(struct jz_ecg_measure *out, unsigned lead) {
    const int16_t *i = out->lead[JZ_LEAD_I].average_uv, *ii = out->lead[JZ_LEAD_II].average_uv;
    int16_t *x = out->lead[lead].average_uv;
    for (uint32_t t = 0; t < JZ_ECG_AVERAGE_SAMPLES; t++) {
        int32_t twice = lead == JZ_LEAD_III   ? 2 * (ii[t] - i[t])
                        : lead == JZ_LEAD_AVR ? -i[t] - ii[t]
                        : lead == JZ_LEAD_AVL ? 2 * i[t] - ii[t]
                                              : 2 * ii[t] - i[t];
        x[t] = ecg_narrow(ecg_div(twice, 2));
    }
}

static void mark_kinds(struct jz_ecg_measure *out, const struct sorting *s, uint32_t main) {
    for (uint32_t i = 0; i < out->beat_count; i++) {
        out->beat[i].at = (uint16_t)s->at[i];
        if (out->beat[i].kind == JZ_BEAT_PACED) continue;
        out->beat[i].kind = s->of[i] == main         ? JZ_BEAT_MAIN
                            : s->of[i] == SHAPES_MAX ? JZ_BEAT_UNKNOWN
                                                     : JZ_BEAT_OTHER;
    }
}

void jz_ecg_average(struct jz_ecg *ecg, struct jz_ecg_measure *out) {
    struct jz_ensemble *e = &ecg->ensemble;
    memset(e, 0, sizeof *e);
    struct voters v = voters_of(ecg);
    struct sorting s = {0};
    for (uint32_t i = 0; i < ecg->beat_count; i++) sort_beat(ecg, &v, &s, i);
    if (!s.shapes || !v.count) return;
    uint32_t main = main_shape(&s);
    mark_kinds(out, &s, main);
    uint8_t index[JZ_AVERAGE_BEATS_MAX] = {0};
    for (uint32_t i = 0; i < ecg->beat_count && e->count < JZ_AVERAGE_BEATS_MAX; i++) {
        if (s.of[i] != main || !inside(ecg, s.at[i])) continue;
        index[e->count] = (uint8_t)i;
        e->at[e->count++] = (uint16_t)s.at[i];
    }
    struct reach reach[JZ_AVERAGE_BEATS_MAX];
    reaches_of(ecg, e, index, reach);
    support(e, reach);
    e->rr = following(ecg, e, index);
    out->averaged_count = e->count;
    for (unsigned lead = 0; lead < JZ_LEAD_COUNT; lead++) {
        if (!ecg->present[lead]) continue;
        if (ecg->derived[lead])
            derive(out, lead);
        else
            average_lead(e, reach, ecg->uv[lead], out->lead[lead].average_uv);
    }
}
