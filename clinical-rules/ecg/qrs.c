/* SPDX-License-Identifier: Apache-2.0 */
/* Where the beats are, from all sound leads at once.
 *
 * slope     |x(t + 10 ms) - x(t - 10 ms)| of each lead, of means over 10 ms: blind to 50 Hz and to slow drift, deaf to
 *           muscle, widest open at 20 Hz.
 * activity  its mean over the leads, each weighed by how far its QRS stand out of its rest, smoothed over 80 ms.
 * beats     crests of the activity that rise far enough between its rest level and its usual crest; a smaller crest soon
 *           after a beat is its T wave; a gap in the rhythm is searched again at half the threshold.
 * R         centre of the slope's energy around the crest. It wanders less with noise than any peak of one lead, and is
 *           the same point of every beat of one shape. */
#include <string.h>

#include "qrs.h"
#include "small.h"
#include "work.h"

#define HALF_LAG 5u        /* 10 ms */
#define SMOOTH 40u         /* 80 ms: about one QRS */
#define CREST_WINDOW 1000u /* 2 s: holds a beat down to 30/min */
#define SLOW_MIN 3u        /* stretches of 4 s, to hold a beat down to 15/min, */
#define SLOW_TIMES 3       /* whose crests are so much higher */
#define WINDOWS_MAX (JZ_ECG_SAMPLES_MAX / CREST_WINDOW + 1)
#define SLOPE_SHIFT 2 /* bins of 4 µV */

/* The largest value in each stretch of 2 s, the middle one of those: what a usual beat reaches, whatever the rate, and
 * untouched by a few artefacts. Below 30/min most stretches hold no beat at all; then the crests of stretches twice as
 * long stand far above theirs. */
static int32_t usual_crest(const int32_t *v, uint32_t count) {
    int32_t crest[WINDOWS_MAX], slow[WINDOWS_MAX];
    uint32_t n = 0;
    for (uint32_t at = 0; at < count && n < WINDOWS_MAX; at += CREST_WINDOW) {
        uint32_t end = at + CREST_WINDOW < count ? at + CREST_WINDOW : count;
        if (n && end - at < CREST_WINDOW / 2) break;
        int32_t top = 0;
        for (uint32_t i = at; i < end; i++) top = ecg_max(top, v[i]);
        crest[n++] = top;
    }
    uint32_t pairs = (n + 1) / 2;
    for (uint32_t i = 0; i < pairs; i++)
        slow[i] = ecg_max(crest[2 * i], 2 * i + 1 < n ? crest[2 * i + 1] : 0);
    int32_t usual = jz_ecg_median(crest, n), rare = jz_ecg_median(slow, pairs);
    return pairs >= SLOW_MIN && rare > SLOW_TIMES * usual ? rare : usual;
}

/* --- activity ------------------------------------------------------------------------------------------------------ */

static int32_t five(const int16_t *uv, uint32_t count, int32_t t) {
    int32_t sum = 0;
    for (int32_t k = t - 2; k <= t + 2; k++) sum += uv[ecg_clamp(k, 0, (int32_t)count - 1)];
    return sum;
}

/* |mean of five samples 10 ms ahead - the same 10 ms behind| */
static void slope_of(const int16_t *uv, uint32_t count, int32_t *slope) {
    const int32_t lag = HALF_LAG, reach = lag + 2, n = (int32_t)count;
    for (int32_t t = 0; t < n; t++) {
        if (t == reach + 1 && n > 2 * reach + 1) t = n - reach; /* only the ends here */
        slope[t] = ecg_abs(five(uv, count, t + lag) - five(uv, count, t - lag)) / 5;
    }
    int32_t sum = five(uv, count, reach + lag) - five(uv, count, reach - lag);
    for (int32_t t = reach + 1; t < n - reach; t++) {
        sum += uv[t + reach] - uv[t + 2] - uv[t - 3] + uv[t - reach - 1];
        slope[t] = ecg_abs(sum) / 5;
    }
}

/* 0: a lead in which nothing stands out. The square: noise adds up in the sum, so a lead with twice the noise is worth a
 * quarter. The floor keeps a noiseless lead from being worth all the others. */
static int32_t weight_of(int32_t crest, int32_t rest) {
    int32_t out = (crest * 4) / (rest + 8);
    if (crest < 24 || out < 8) return 0;
    out = ecg_min(out, 48);
    return out * out / 16;
}

static void smooth(const int32_t *sum, uint32_t count, int32_t *activity) {
    int32_t total = 0;
    for (uint32_t t = 0; t < count + SMOOTH / 2; t++) {
        if (t < count) total += sum[t];
        if (t >= SMOOTH) total -= sum[t - SMOOTH];
        if (t >= SMOOTH / 2) activity[t - SMOOTH / 2] = ecg_min(total / (int32_t)SMOOTH, UINT16_MAX);
    }
}

struct lead_worth {
    int32_t crest, weight;
};

/* What the usual beat reaches in each lead, and what the lead is worth. @return the middle crest of those worth anything */
static int32_t weigh(const int16_t *const *uv, uint32_t leads, uint32_t samples, int32_t *slope,
                     struct lead_worth *worth) {
    int32_t crest[JZ_LEAD_COUNT];
    uint32_t n = 0;
    for (uint32_t lead = 0; lead < leads; lead++) {
        slope_of(uv[lead], samples, slope);
        worth[lead].crest = usual_crest(slope, samples);
        worth[lead].weight = weight_of(worth[lead].crest, jz_ecg_quantile(slope, samples, SLOPE_SHIFT, 500));
        if (worth[lead].weight) crest[n++] = worth[lead].crest;
    }
    return jz_ecg_median(crest, n);
}

bool jz_ecg_activity(const int16_t *const *uv, uint32_t leads, uint32_t samples, int32_t *sum,
                     int32_t *activity) {
    int32_t weights = 0, *slope = activity;
    struct lead_worth worth[JZ_LEAD_COUNT];
    int32_t middle = weigh(uv, leads, samples, slope, worth);
    memset(sum, 0, samples * sizeof *sum);
    for (uint32_t lead = 0; lead < leads; lead++) {
        int32_t weight = worth[lead].weight, crest = worth[lead].crest;
        int32_t cap = ecg_min(crest + crest / 2, 2 * middle); /* crackle of one lead is held to this */
        if (!weight) continue;
        slope_of(uv[lead], samples, slope);
        weights += weight;
        for (uint32_t t = 0; t < samples; t++) sum[t] += weight * ecg_min(slope[t], cap);
    }
    if (!weights) return false;
    for (uint32_t t = 0; t < samples; t++) sum[t] /= weights;
    smooth(sum, samples, activity);
    return true;
}

/* --- crests ------------------------------------------------------------------------------------------------------ */

#define TAKE_PERCENT 30    /* of the way from rest to the usual crest */
#define SEARCH_PERCENT 18  /* the same, where a beat is overdue */
#define REFRACTORY 100u    /* 200 ms: 300 a minute */
#define T_UNTIL 220u       /* 440 ms after a beat a crest below */
#define T_PERCENT 45       /* of that beat's may be its T wave */
#define T_BLUNT_UNTIL 190u /* 380 ms after a beat a crest less than */
#define T_STEEP_PERCENT 55 /* as steep may be, however high it is */
#define STEEP_REACH 40u
#define OVERDUE_PERCENT 160u /* of the median interval */

/* Every crest that stands out of the valleys on both sides, in order. */
static void list_crests(const int32_t *v, uint32_t count, int32_t rest, int32_t usual,
                        struct ecg_crests *all) {
    int32_t rise = (usual - rest) * SEARCH_PERCENT / 100, top = 0, low = INT32_MAX;
    uint32_t top_at = 0;
    bool rising = false;
    all->count = 0;
    for (uint32_t t = 0; t < count; t++) {
        if (!rising) {
            low = ecg_min(low, v[t]);
            if (v[t] < low + rise || v[t] < rest + rise) continue;
            rising = true;
            top = 0;
        }
        if (v[t] > top) {
            top = v[t];
            top_at = t;
        }
        bool fell = v[t] - rest < (top - rest) * 6 / 10;
        if (!fell && t + 1 < count) continue;
        if (all->count == ECG_CRESTS_MAX) return;
        all->at[all->count] = (uint16_t)top_at;
        all->height[all->count++] = (uint16_t)top;
        rising = false;
        low = v[t];
    }
}

static uint16_t steepest(const int32_t *sum, uint32_t count, uint32_t at) {
    uint32_t from = at > STEEP_REACH ? at - STEEP_REACH : 0,
             to = at + STEEP_REACH < count ? at + STEEP_REACH : count;
    int32_t top = 0;
    for (uint32_t t = from; t < to; t++) top = ecg_max(top, sum[t]);
    return (uint16_t)ecg_min(top, UINT16_MAX);
}

static void keep_crest(const struct ecg_crests *all, uint32_t i, struct ecg_crests *out) {
    if (out->count == JZ_ECG_BEATS_MAX) return;
    out->at[out->count] = all->at[i];
    out->height[out->count] = all->height[i];
    out->steep[out->count++] = all->steep[i];
}

/* A T wave is lower than its QRS, or as high but blunt: its slopes last longer and are less steep. */
static bool is_t_wave(const struct ecg_crests *all, uint32_t i, const struct ecg_crests *out, int32_t rest) {
    if (!out->count) return false;
    uint32_t last = out->count - 1, after = (uint32_t)(all->at[i] - out->at[last]);
    bool low = (all->height[i] - rest) * 100 < (out->height[last] - rest) * T_PERCENT;
    bool blunt = all->steep[i] * 100 < out->steep[last] * T_STEEP_PERCENT;
    return (after < T_UNTIL && low) || (after < T_BLUNT_UNTIL && blunt);
}

static void take_crests(const struct ecg_crests *all, int32_t rest, int32_t usual, struct ecg_crests *out) {
    int32_t threshold = rest + (usual - rest) * TAKE_PERCENT / 100;
    out->count = 0;
    for (uint32_t i = 0; i < all->count; i++) {
        if (all->height[i] < threshold || is_t_wave(all, i, out, rest)) continue;
        if (out->count && (uint32_t)(all->at[i] - out->at[out->count - 1]) < REFRACTORY) {
            if (all->height[i] <= out->height[out->count - 1]) continue;
            out->count--;
        }
        keep_crest(all, i, out);
    }
}

static int32_t median_interval(const struct ecg_crests *c) {
    int32_t interval[JZ_ECG_BEATS_MAX];
    if (c->count < 2) return 0;
    for (uint32_t i = 1; i < c->count; i++) interval[i - 1] = c->at[i] - c->at[i - 1];
    return jz_ecg_median(interval, c->count - 1);
}

/* The highest of the listed crests between two beats that are too far apart. */
static void search_gap(const struct ecg_crests *all, uint32_t from, uint32_t to, int32_t rest,
                       struct ecg_crests *out) {
    uint32_t best = ECG_CRESTS_MAX;
    for (uint32_t i = 0; i < all->count; i++)
        if (all->at[i] >= from + T_UNTIL / 2 && all->at[i] + T_UNTIL / 2 <= to &&
            !is_t_wave(all, i, out, rest) && (best == ECG_CRESTS_MAX || all->height[i] > all->height[best]))
            best = i;
    if (best != ECG_CRESTS_MAX) keep_crest(all, best, out);
}

static void search_back(const struct ecg_crests *all, int32_t rest, struct ecg_crests *out) {
    const struct ecg_crests found = *out;
    uint32_t median = (uint32_t)median_interval(&found);
    if (!median) return;
    out->count = 0;
    for (uint32_t i = 0; i < found.count; i++) {
        if (i && (uint32_t)(found.at[i] - found.at[i - 1]) * 100 > median * OVERDUE_PERCENT)
            search_gap(all, found.at[i - 1], found.at[i], rest, out);
        keep_crest(&found, i, out);
    }
}

bool jz_ecg_crests(const int32_t *sum, const int32_t *activity, uint32_t count, struct ecg_crests *out) {
    struct ecg_crests all;
    out->count = 0;
    out->usual = usual_crest(activity, count);
    uint32_t shift = 0;
    while (out->usual >> shift > 511) shift++;
    out->rest = jz_ecg_quantile(activity, count, shift, 400);
    if (!out->usual || out->usual < 2 * out->rest) return false;
    list_crests(activity, count, out->rest, out->usual, &all);
    for (uint32_t i = 0; i < all.count; i++) all.steep[i] = steepest(sum, count, all.at[i]);
    take_crests(&all, out->rest, out->usual, out);
    search_back(&all, out->rest, out);
    return out->count > 0;
}

/* --- beats -------------------------------------------------------------------------------------------------------- */

#define ENERGY_REACH 30u /* 60 ms on both sides */
#define PACE_BEFORE 75   /* samples: R comes at most 150 ms after the pulse that made it */
#define PACE_AFTER 10    /* or its energy is centred on the pulse's own tail */
#define PACED_MIN 2u
#define PACED_T_PERCENT                                                                                      \
    75 /* of the paced beat before it: a T wave after a wide QRS is steeper for its QRS than others */
#define SPREAD_REACH 60u /* 120 ms */

/* Centre of the energy of `slope` within reach of `at`. */
static uint32_t centre_of(const int32_t *slope, uint32_t count, uint32_t at) {
    uint32_t from = at > ENERGY_REACH ? at - ENERGY_REACH : 0;
    uint32_t to = at + ENERGY_REACH < count ? at + ENERGY_REACH : count - 1;
    int64_t energy = 0, moment = 0;
    for (uint32_t t = from; t <= to; t++) {
        int64_t e = (int64_t)slope[t] * slope[t];
        energy += e;
        moment += e * (int64_t)(t - from);
    }
    return energy ? from + (uint32_t)((moment + energy / 2) / energy) : at;
}

uint32_t jz_ecg_centre(const int32_t *slope, uint32_t count, uint32_t crest) {
    return centre_of(slope, count, centre_of(slope, count, crest));
}

uint16_t jz_ecg_spread(const int32_t *slope, uint32_t count, uint32_t r) {
    uint32_t from = r > SPREAD_REACH ? r - SPREAD_REACH : 0;
    uint32_t to = r + SPREAD_REACH < count ? r + SPREAD_REACH : count - 1;
    int64_t energy = 0, moment = 0;
    for (uint32_t t = from; t <= to; t++) {
        int64_t e = (int64_t)slope[t] * slope[t], d = (int64_t)t - r;
        energy += e;
        moment += e * d * d;
    }
    return energy ? (uint16_t)jz_ecg_root((uint64_t)(moment * 256 / energy)) : 0;
}

static void set_beats(struct jz_ecg *ecg, const struct ecg_crests *crests) {
    for (uint32_t i = 0; i < crests->count; i++) {
        uint32_t at = jz_ecg_centre(ecg->scratch[0], ecg->samples, crests->at[i]);
        ecg->beat[i] = (struct jz_ecg_beat){.at = (uint16_t)at};
        ecg->beat_height[i] = crests->height[i];
        ecg->beat_spread[i] = jz_ecg_spread(ecg->scratch[0], ecg->samples, at);
    }
    ecg->beat_count = crests->count;
}

#define QUIET_PERCENT 12 /* of the mean QRS's crest above rest: before the onset */
#define ONSET_REACH 75u  /* 150 ms before R the latest QRS has not begun */

/* Where, before R, the slope of the mean beat has come to rest: the baseline's knots go there. */
static int16_t find_onset(const struct jz_ecg *ecg) {
    int64_t mean[ONSET_REACH + 1] = {0};
    for (uint32_t i = 0; i < ecg->beat_count; i++)
        for (uint32_t k = 0; k <= ONSET_REACH && k <= ecg->beat[i].at; k++)
            mean[k] += ecg->scratch[0][ecg->beat[i].at - k];
    int64_t top = 0, low = INT64_MAX;
    for (uint32_t k = 0; k <= ONSET_REACH; k++) {
        if (mean[k] > top) top = mean[k];
        if (mean[k] < low) low = mean[k];
    }
    for (uint32_t k = 10; k < ONSET_REACH; k++)
        if ((mean[k] - low) * 100 < (top - low) * QUIET_PERCENT) return (int16_t)k;
    return ONSET_REACH;
}

/* A beat that comes at less than 80 % of the middle one of the last five intervals. */
void jz_ecg_mark_premature(struct jz_ecg_beat *beat, uint32_t count) {
    int32_t recent[5];
    for (uint32_t i = 2; i < count; i++) {
        uint32_t n = i - 1 < 5 ? i - 1 : 5;
        for (uint32_t k = 0; k < n; k++) recent[k] = beat[i - 1 - k].at - beat[i - 2 - k].at;
        beat[i].premature = (beat[i].at - beat[i - 1].at) * 100 < jz_ecg_median(recent, n) * 80;
    }
}

/* Beats with a pacing pulse shortly before their R. A rhythm is paced when most pulses are followed by a beat: a crackling
 * electrode leaps too, but at any moment. */
static void mark_paced(struct jz_ecg *ecg) {
    uint32_t followed = 0;
    for (uint32_t s = 0; s < ecg->spike_count; s++) {
        bool by_beat = false;
        for (uint32_t i = 0; i < ecg->beat_count; i++) {
            int32_t before = (int32_t)ecg->beat[i].at - ecg->spike[s];
            by_beat = by_beat || (before >= -PACE_AFTER && before <= PACE_BEFORE);
        }
        followed += by_beat;
    }
    if (followed < PACED_MIN || followed * 3 < ecg->spike_count * 2) return;
    for (uint32_t s = 0; s < ecg->spike_count; s++)
        for (uint32_t i = 0; i < ecg->beat_count; i++) {
            int32_t before = (int32_t)ecg->beat[i].at - ecg->spike[s];
            if (before >= -PACE_AFTER && before <= PACE_BEFORE) ecg->beat[i].kind = JZ_BEAT_PACED;
        }
}

/* Takes out what follows a paced beat within the reach of its T wave, without a pulse of its own and lower. */
static void drop_paced_t(struct jz_ecg *ecg) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < ecg->beat_count; i++) {
        const struct jz_ecg_beat *last = kept ? &ecg->beat[kept - 1] : NULL;
        bool within = last && last->kind == JZ_BEAT_PACED && (uint32_t)(ecg->beat[i].at - last->at) < T_UNTIL;
        bool low = within && ecg->beat_height[i] * 100 < ecg->beat_height[kept - 1] * PACED_T_PERCENT;
        if (low && ecg->beat[i].kind != JZ_BEAT_PACED) continue;
        ecg->beat[kept] = ecg->beat[i];
        ecg->beat_height[kept] = ecg->beat_height[i];
        ecg->beat_spread[kept++] = ecg->beat_spread[i];
    }
    ecg->beat_count = kept;
}

void jz_ecg_find_beats(struct jz_ecg *ecg) {
    struct ecg_crests crests;
    const int16_t *uv[JZ_LEAD_COUNT];
    uint32_t leads = 0;
    memset(ecg->activity, 0, sizeof ecg->activity);
    ecg->beat_count = 0;
    ecg->onset_before_r = 0;
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++)
        if (ecg->sound[lead]) uv[leads++] = ecg->uv[lead];
    if (ecg->samples < REFRACTORY) return;
    if (!jz_ecg_activity(uv, leads, ecg->samples, ecg->scratch[0], ecg->scratch[1])) return;
    for (uint32_t t = 0; t < ecg->samples; t++) ecg->activity[t] = (uint16_t)ecg->scratch[1][t];
    if (!jz_ecg_crests(ecg->scratch[0], ecg->scratch[1], ecg->samples, &crests)) return;
    set_beats(ecg, &crests);
    mark_paced(ecg);
    drop_paced_t(ecg);
    jz_ecg_mark_premature(ecg->beat, ecg->beat_count);
    ecg->onset_before_r = find_onset(ecg);
}
