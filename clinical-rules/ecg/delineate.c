/* SPDX-License-Identifier: Apache-2.0 */
/* QRS: the slopes of all leads are added up; the QRS is where the sum stands above what rest looks like beside it plus a
 * share of its peak. T end: per lead where the area behind it is largest (Zhang 2006), then the median of the leads.
 * P: the last hump of all leads together before the QRS, if single beats show it too. The shares and offsets were set on
 * one half of the annotated recordings (docs/signal-evaluation.md has the other half); they have no clinical meaning. */
#include "delineate.h"

#include <string.h>

#include "small.h"
#include "work.h"

#define N ((int32_t)JZ_ECG_AVERAGE_SAMPLES)
#define R ((int32_t)JZ_ECG_AVERAGE_R)
#define UNKNOWN JZ_ECG_UNKNOWN

/* All in samples of 2 ms, or 1/1000 of the peak slope. */
#define QRS_BEFORE 60
#define QRS_AFTER 80
#define QRS_MAX 125 /* 250 ms: what is longer is QRS and T taken together, and its end is no J */
#define STEEP 250   /* of the peak: surely QRS */
#define LULL 20
#define ON_SHARE 50
#define ON_QUIET 4 /* so long under the limit: outside */
#define ON_SHIFT (-2)
#define J_SHARE 65
#define J_QUIET 12 /* longer than any notch */
#define J_SHIFT 2  /* the latest leads end after the sum has sunk */
/* A QRS smaller than this is weighed as if it had it: its noise would count instead. */
#define RANGE_LEAST_UV 500
#define PULSE_SMEAR 8 /* reach of the slope and its smoothing, and ON_SHIFT */
#define EDGE 4        /* no slope so near the ends of the average */
#define REST_REACH 70
#define REST_WIDTH 10

#define T_AFTER_J 20
#define T_LEAST_UV 40
#define T_AREA 48
#define T_FALL 110      /* of the end after the peak, at most */
#define T_RR_PERCENT 70 /* of RR from R: beyond lies the next P */
#define T_SHIFT 6

#define P_HALF 30
#define P_LEAST_UV 25 /* bend of the mean over the leads */
#define P_AREA 24
#define P_REACH 60
#define P_SHIFT (-4)
#define P_SCATTER_PERCENT 27 /* 20 and less in sinus rhythm, 34 and more in fibrillation */

/* The leads together. */
struct view {
    uint32_t count;
    const int16_t *x[JZ_LEAD_COUNT];
    const int16_t *single[JZ_LEAD_COUNT]; /* the recording that x is averaged from */
    /* Sum of the leads' slopes, each in parts of its own QRS: the slow end of a QRS that only a small lead shows counts
     * as much as the steep middle of a large one. The slope is that of means over 10 ms, in which mains and its double
     * are nought, smoothed 1-2-1. */
    int32_t slope[JZ_ECG_AVERAGE_SAMPLES];
    int32_t from, to;
};

/* Height of the QRS. */
static int32_t range_of(const int16_t *x) {
    int32_t low = x[R], high = x[R];
    for (int32_t t = R - QRS_BEFORE; t < R + QRS_AFTER; t++) {
        low = ecg_min(low, x[t]);
        high = ecg_max(high, x[t]);
    }
    return high - low;
}

static void view_of(const struct jz_ecg *ecg, const bool *use, const struct jz_ecg_measure *out,
                    struct view *v) {
    memset(v, 0, sizeof *v);
    v->from = ecg->ensemble.from;
    v->to = ecg->ensemble.to;
    for (unsigned lead = 0; lead < JZ_LEAD_COUNT; lead++) {
        if (!use[lead] || ecg->derived[lead]) continue;
        v->single[v->count] = ecg->uv[lead];
        v->x[v->count++] = out->lead[lead].average_uv;
    }
    int32_t raw[JZ_ECG_AVERAGE_SAMPLES] = {0};
    for (uint32_t i = 0; i < v->count; i++) {
        int32_t weight = 16384 / ecg_max(range_of(v->x[i]), RANGE_LEAST_UV);
        const int16_t *x = v->x[i];
        for (int32_t t = v->from + 3; t < v->to - 3; t++)
            raw[t] += ecg_abs(x[t + 3] + x[t + 2] - x[t - 2] - x[t - 3]) * weight;
    }
    for (int32_t t = v->from + EDGE; t < v->to - EDGE; t++)
        v->slope[t] = (raw[t - 1] + 2 * raw[t] + raw[t + 1]) / 4;
}

/* --- QRS ---------------------------------------------------------------------------------------------------------- */

/* Least mean slope of REST_WIDTH samples within [from, to). */
static int32_t rest(const struct view *v, int32_t from, int32_t to) {
    from = ecg_max(from, v->from + EDGE);
    to = ecg_min(to, v->to - EDGE);
    int32_t sum = 0, least = INT32_MAX;
    for (int32_t t = from; t < to; t++) {
        sum += v->slope[t];
        if (t - from >= REST_WIDTH) sum -= v->slope[t - REST_WIDTH];
        if (t - from >= REST_WIDTH - 1) least = ecg_min(least, sum / REST_WIDTH);
    }
    return least == INT32_MAX ? 0 : least;
}

/* From `t` on in steps of +1 or -1: where the slope begins to stay under the limit for `need` samples. */
static int32_t settles(const struct view *v, int32_t t, int32_t step, int32_t need, int32_t limit) {
    int32_t quiet = 0;
    for (; t > v->from + EDGE && t < v->to - EDGE - 1 && quiet < need; t += step)
        quiet = v->slope[t] < limit ? quiet + 1 : 0;
    return t - step * quiet;
}

/* From the peak on in steps of +1 or -1: the last steep sample before a lull that no notch of a QRS has. Behind it may be a
 * P or T wave that is steep as well. */
static int32_t steep_end(const struct view *v, int32_t peak, int32_t step) {
    int32_t steep = (int32_t)((int64_t)v->slope[peak] * STEEP / 1000), end = peak;
    for (int32_t t = peak; t >= R - QRS_BEFORE && t < R + QRS_AFTER; t += step) {
        if (v->slope[t] >= steep) end = t;
        if (ecg_abs(t - end) > LULL) break;
    }
    return end;
}

/* A pulse that was cut out leaves a leap, which the slope smears to before it; but no ventricle moves before its pulse.
 * Where most averaged beats have a pulse shortly after `on`, that is the onset. */
static int32_t not_before_pulse(const struct jz_ecg *ecg, int32_t on) {
    const struct jz_ensemble *e = &ecg->ensemble;
    int32_t after[JZ_AVERAGE_BEATS_MAX];
    uint32_t n = 0;
    for (uint32_t i = 0; i < e->count; i++)
        for (uint32_t s = 0; s < ecg->spike_count; s++) {
            int32_t at = ecg->spike[s] - e->at[i] + R - on;
            if (at < 0 || at > PULSE_SMEAR) continue;
            after[n++] = at;
            break;
        }
    return n * 2 > e->count ? on + jz_ecg_median(after, n) : on;
}

static bool find_qrs(const struct jz_ecg *ecg, const struct view *v, struct jz_ecg_marks *m) {
    int32_t peak = R;
    for (int32_t t = R - QRS_BEFORE; t < R + QRS_AFTER; t++)
        if (v->slope[t] > v->slope[peak]) peak = t;
    int32_t top = v->slope[peak];
    if (!top) return false;
    int32_t first = steep_end(v, peak, -1), last = steep_end(v, peak, 1);
    int32_t on_limit = rest(v, first - REST_REACH, first) + (int32_t)((int64_t)top * ON_SHARE / 1000);
    int32_t j_limit = rest(v, last, last + REST_REACH) + (int32_t)((int64_t)top * J_SHARE / 1000);
    int32_t on = settles(v, first, -1, ON_QUIET, on_limit) + ON_SHIFT;
    int32_t j = settles(v, last, 1, J_QUIET, j_limit) + J_SHIFT;
    on = ecg_max(not_before_pulse(ecg, on), v->from + 2);
    j = ecg_min(j, v->to - 1);
    if (j - on > QRS_MAX) return false;
    m->qrs_on = (int16_t)on;
    m->j = (int16_t)j;
    return true;
}

/* Level at QRS onset: the last 6 ms before it. */
static void to_zero(struct jz_ecg_measure *out) {
    int32_t on = out->marks.qrs_on;
    for (unsigned lead = 0; lead < JZ_LEAD_COUNT; lead++) {
        int16_t *x = out->lead[lead].average_uv;
        int32_t zero = (int32_t)ecg_div(x[on - 2] + x[on - 1] + x[on], 3);
        for (int32_t t = 0; t < N; t++) x[t] = ecg_narrow(x[t] - zero);
    }
}

/* --- T ------------------------------------------------------------------------------------------------------------ */

/* Area of x beyond its level at t over `width` samples on the side of `step`. Largest where a wave ends, and it needs no
 * baseline. */
static int32_t area_beyond(const int16_t *x, int32_t t, int32_t width, int32_t step) {
    int32_t sum = 0;
    for (int32_t i = 1; i <= width; i++) sum += x[t + i * step] - x[t];
    return sum;
}

/* T of one lead: its largest excursion from the chord of the stretch, and where it ends. */
static bool find_t_of(const int16_t *x, int32_t from, int32_t to, int32_t *peak, int32_t *end) {
    int32_t best = 0, span = to - 1 - from;
    for (int32_t t = from; t < to; t++) {
        int32_t over = ecg_abs(x[t] - x[from] - (x[to - 1] - x[from]) * (t - from) / span);
        if (over <= best) continue;
        best = over;
        *peak = t;
    }
    if (best < T_LEAST_UV) return false;
    int32_t most = 0, stop = ecg_min(*peak + T_FALL, to);
    for (int32_t t = *peak + T_AREA / 4; t < stop; t++) {
        int32_t area = ecg_abs(area_beyond(x, t, T_AREA, -1));
        if (area <= most) continue;
        most = area;
        *end = t;
    }
    return most > 0;
}

static void find_t(const struct view *v, uint16_t rr, struct jz_ecg_marks *m) {
    int32_t from = m->j + T_AFTER_J, to = v->to;
    if (rr) to = ecg_min(to, R + rr * T_RR_PERCENT / 100);
    if (to - from < 2 * T_AFTER_J) return;
    int32_t peaks[JZ_LEAD_COUNT], ends[JZ_LEAD_COUNT];
    uint32_t n = 0;
    for (uint32_t i = 0; i < v->count; i++) n += find_t_of(v->x[i], from, to, &peaks[n], &ends[n]);
    if (!n) return;
    m->t_peak = (int16_t)jz_ecg_median(peaks, n);
    m->t_off = (int16_t)ecg_min(jz_ecg_median(ends, n) + T_SHIFT, N - 1);
}

/* --- P ------------------------------------------------------------------------------------------------------------ */

/* How much of the averaged P a single beat shows, in percent: its projection on it, over all leads. */
static int32_t share_of_p(const struct view *v, const struct jz_ecg_marks *m, int32_t beat) {
    int64_t dot = 0, norm = 0;
    int32_t n = m->p_off - m->p_on;
    for (uint32_t i = 0; i < v->count; i++) {
        const int16_t *p = v->x[i] + m->p_on, *x = v->single[i] + beat - R + m->p_on;
        int32_t sum = 0;
        for (int32_t t = 0; t < n; t++) sum += p[t];
        int32_t mean = sum / n;
        for (int32_t t = 0; t < n; t++) {
            dot += (p[t] - mean) * x[t];
            norm += (p[t] - mean) * p[t];
        }
    }
    return norm > 0 ? (int32_t)(dot * 100 / norm) : 0;
}

/* A P wave is in the single beats too, each showing about all of it. What fibrillation leaves in an average is in none of
 * them: their shares scatter. */
static bool p_holds(const struct jz_ensemble *e, const struct view *v, const struct jz_ecg_marks *m) {
    int32_t off[JZ_AVERAGE_BEATS_MAX];
    uint32_t asked = 0;
    for (uint32_t i = 0; i < e->count; i++)
        if (e->at[i] - R + m->p_on >= 0) off[asked++] = ecg_abs(share_of_p(v, m, e->at[i]) - 100);
    return asked && jz_ecg_median(off, asked) <= P_SCATTER_PERCENT;
}

/* Mean excursion of the leads from their level before the QRS. */
static void excursion(const struct view *v, int32_t from, int32_t to, int16_t *x) {
    for (int32_t t = from; t <= to; t++) {
        int32_t sum = 0;
        for (uint32_t i = 0; i < v->count; i++) sum += ecg_abs(v->x[i][t] - v->x[i][to]);
        x[t] = ecg_narrow(sum / (int32_t)v->count);
    }
}

static int32_t hump(const int16_t *x, int32_t from, int32_t to) {
    int32_t best = P_LEAST_UV - 1, at = -1;
    for (int32_t t = to - 10; t >= from + P_HALF; t--) {
        int32_t bend = 2 * x[t] - x[t - P_HALF] - x[ecg_min(t + P_HALF, to)];
        if (bend <= best) continue;
        best = bend;
        at = t;
    }
    return at;
}

static void find_p(const struct jz_ensemble *e, const struct view *v, struct jz_ecg_marks *m) {
    int16_t x[JZ_ECG_AVERAGE_SAMPLES] = {0};
    int32_t from = v->from + 2, to = m->qrs_on - 2;
    if (to - from < P_HALF) return;
    excursion(v, from, to, x);
    int32_t at = hump(x, from, to), most = 0;
    if (at < 0) return;
    struct jz_ecg_marks found = *m;
    for (int32_t t = at - 5; t > from - P_SHIFT && t > at - P_REACH; t--) {
        int32_t area = area_beyond(x, t, P_AREA, 1);
        if (area <= most) continue;
        most = area;
        found.p_on = (int16_t)(t + P_SHIFT);
    }
    most = 0;
    for (int32_t t = at + 5; t <= to && t < at + P_REACH; t++) {
        int32_t area = area_beyond(x, t, P_AREA, -1);
        if (area <= most) continue;
        most = area;
        found.p_off = (int16_t)t;
    }
    if (found.p_on != UNKNOWN && found.p_off != UNKNOWN && p_holds(e, v, &found)) *m = found;
}

void jz_ecg_delineate(const struct jz_ecg *ecg, const bool use[JZ_LEAD_COUNT], struct jz_ecg_measure *out) {
    struct jz_ecg_marks *m = &out->marks;
    *m = (struct jz_ecg_marks){UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN};
    if (!ecg->ensemble.count) return;
    struct view v;
    view_of(ecg, use, out, &v);
    if (!v.count || !find_qrs(ecg, &v, m)) return;
    find_t(&v, ecg->ensemble.rr, m);
    find_p(&ecg->ensemble, &v, m);
    to_zero(out);
}
