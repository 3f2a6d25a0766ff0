/* SPDX-License-Identifier: Apache-2.0 */
/* Baseline, method D of clinical-obstetric 9.3, at each boundary of two minutes ("knot").
 *
 * In ten minutes about the knot, of minutes read by half or more: median, the median of what lies within 25 bpm of it,
 * the median of what lies within 15 bpm of that, then the mean of what lies within half of an excursion's height (a mean
 * within 15 bpm leans towards excursions that have not quite left it). Two minutes of it must be left, else the baseline
 * before carries on, for as long as the window still holds it. Then once more without what stands out from that baseline,
 * as a baseline is that of segments without accelerations and decelerations; where two minutes are not left, the first
 * one stays.
 *
 * A window of ten minutes follows an excursion of six, and a deceleration of six minutes would then end while the rate
 * is still down. An excursion becomes a change of baseline after ten (9.4): a step of an excursion's height is taken over
 * once it has lasted that long, then from where it began. */
#include <string.h>

#include "work.h"

#define FIRST_TRIM 250 /* bpm x 10 */
#define SECOND_TRIM 150
#define THIRD_TRIM 75 /* half an excursion */
#define LEAST (2u * CTG_MINUTE)
#define STEP_X10 150

static bool counts(const struct jz_ctg *ctg, uint32_t m) {
    return 2u * ctg->read[m] >= ctg_minute_end(ctg, m) - m * CTG_MINUTE;
}

static void add_minute(const struct jz_ctg *ctg, struct ctg_histogram *h, uint32_t m, uint8_t without,
                       bool remove) {
    if (!counts(ctg, m)) return;
    for (uint32_t i = m * CTG_MINUTE, end = ctg_minute_end(ctg, m); i < end; i++) {
        if ((ctg->flags[i] & (CTG_READ | without)) != CTG_READ) continue;
        uint16_t *count = &h->count[ctg->rate[i] - CTG_GATE_LOW_X10];
        *count = (uint16_t)(remove ? *count - 1 : *count + 1);
        h->total += remove ? -1u : 1u;
    }
}

static void slide(const struct jz_ctg *ctg, struct ctg_histogram *h, uint32_t from, uint32_t to,
                  uint8_t without) {
    while (h->to < to) add_minute(ctg, h, h->to++, without, false);
    while (h->from < from) add_minute(ctg, h, h->from++, without, true);
}

static uint32_t count_between(const struct ctg_histogram *h, int32_t low, int32_t high) {
    uint32_t sum = 0;
    for (int32_t r = low; r <= high; r++) sum += h->count[r];
    return sum;
}

/* The lower middle one of `total` values from `low` up. */
static int32_t median_from(const struct ctg_histogram *h, int32_t low, uint32_t total) {
    uint32_t before = 0;
    int32_t r = low;
    for (; r < CTG_RATES - 1; r++) {
        before += h->count[r];
        if (2u * before >= total) break;
    }
    return r;
}

static int32_t low_end(int32_t middle, int32_t trim) {
    return middle > trim ? middle - trim : 0;
}
static int32_t high_end(int32_t middle, int32_t trim) {
    return middle + trim < CTG_RATES ? middle + trim : CTG_RATES - 1;
}

static int32_t mean_near(const struct ctg_histogram *h, int32_t middle, int32_t trim) {
    uint32_t count = 0, sum = 0; /* at most 4,800 rates of 1,701 */
    for (int32_t r = low_end(middle, trim); r <= high_end(middle, trim); r++) {
        count += h->count[r];
        sum += h->count[r] * (uint32_t)r;
    }
    return count < LEAST ? JZ_CTG_UNKNOWN : (int32_t)((sum + count / 2) / count);
}

static int32_t median_near(const struct ctg_histogram *h, int32_t middle, int32_t trim) {
    int32_t low = low_end(middle, trim);
    return median_from(h, low, count_between(h, low, high_end(middle, trim)));
}

static int32_t estimate(const struct ctg_histogram *h) {
    if (h->total < LEAST) return JZ_CTG_UNKNOWN;
    int32_t middle = median_near(h, median_from(h, 0, h->total), FIRST_TRIM);
    middle = median_near(h, middle, SECOND_TRIM);
    int32_t mean = mean_near(h, middle, THIRD_TRIM);
    if (mean == JZ_CTG_UNKNOWN) mean = mean_near(h, middle, SECOND_TRIM);
    return mean == JZ_CTG_UNKNOWN ? mean : CTG_GATE_LOW_X10 + mean;
}

/* Of what is not `without`; where too little is left the knot stays as it was. */
static void find_knots(struct jz_ctg *ctg, uint8_t without) {
    struct ctg_histogram *h = &ctg->scratch.rates;
    memset(h, 0, sizeof *h);
    for (uint32_t k = 0; k <= ctg->minutes; k++) {
        uint32_t from = ctg_window_from(k, CTG_WINDOW_MINUTES, ctg->minutes);
        slide(ctg, h, from, ctg_min(from + CTG_WINDOW_MINUTES, ctg->minutes), without);
        int32_t value = estimate(h);
        if (value != JZ_CTG_UNKNOWN || !without) ctg->estimate[k] = value;
    }
}

/* Mean of the ten knots before `k`, which a step creeping in over some windows cannot take along. */
static int32_t level_before(const struct jz_ctg *ctg, uint32_t k) {
    int32_t sum = 0, count = 0;
    for (uint32_t i = k > CTG_CHANGE_MINUTES ? k - CTG_CHANGE_MINUTES : 0; i < k; i++)
        if (ctg->knot[i] != JZ_CTG_UNKNOWN) {
            sum += ctg->knot[i];
            count++;
        }
    return count ? (sum + count / 2) / count : ctg->carried_x10;
}

/* A knot without an estimate takes the one before, for as long as the window holds something of it. */
static bool fill_knot(struct jz_ctg *ctg, uint32_t k, uint32_t *age) {
    int32_t before = k ? ctg->knot[k - 1] : ctg->carried_x10;
    ctg->knot_carried[k] = ctg->estimate[k] == JZ_CTG_UNKNOWN;
    *age = ctg->knot_carried[k] ? *age + 1 : 0;
    if (ctg->knot_carried[k])
        ctg->knot[k] = *age > CTG_WINDOW_MINUTES ? JZ_CTG_UNKNOWN : before;
    else
        ctg->knot[k] = ctg->estimate[k];
    return !ctg->knot_carried[k];
}

/* A step that has not lasted takes the level before it. */
static void hold_knots(struct jz_ctg *ctg) {
    int32_t level = JZ_CTG_UNKNOWN;
    uint32_t run = 0,
             age = 0; /* knots that are a step away from `level`, known or not; knots without an estimate */
    for (uint32_t k = 0; k <= ctg->minutes; k++) {
        if (!run) level = level_before(ctg, k);
        bool known = fill_knot(ctg, k, &age);
        if (ctg->knot[k] == JZ_CTG_UNKNOWN) run = 0;
        if (!known && !run) continue;
        int32_t value = known ? ctg->knot[k] : ctg->step[run - 1];
        if (level == JZ_CTG_UNKNOWN || ctg_abs(value - level) < STEP_X10) {
            run = 0;
            continue;
        }
        ctg->step[run++] = value;
        ctg->knot[k] = level;
        if (run <= CTG_CHANGE_MINUTES) continue;
        for (uint32_t back = 0; back < run; back++) ctg->knot[k - back] = ctg->step[run - 1 - back];
        run = 0;
    }
}

static void draw_level(struct jz_ctg *ctg) {
    for (uint32_t m = 0; m < ctg->minutes; m++) {
        int32_t from = ctg->knot[m], to = ctg->knot[m + 1];
        uint32_t start = m * CTG_MINUTE, end = ctg_minute_end(ctg, m);
        if (from == JZ_CTG_UNKNOWN) from = to;
        if (to == JZ_CTG_UNKNOWN) to = from;
        for (uint32_t i = start; i < end; i++) {
            int32_t part = (to - from) * (int32_t)(i - start) / (int32_t)CTG_MINUTE;
            ctg->level[i] = (int16_t)(from == JZ_CTG_UNKNOWN ? 0 : from + part);
        }
    }
}

void ctg_baseline(struct jz_ctg *ctg) {
    find_knots(ctg, 0);
    hold_knots(ctg);
    draw_level(ctg);
    ctg_excursions(ctg, 2);
    find_knots(ctg, CTG_RISEN | CTG_FALLEN);
    hold_knots(ctg);
    draw_level(ctg);
}
