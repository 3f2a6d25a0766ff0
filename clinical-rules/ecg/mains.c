/* SPDX-License-Identifier: Apache-2.0 */
#include "mains.h"

#include <string.h>

#include "small.h"
#include "work.h"

/* --- 50 and 60 Hz, and their doubles ---------------------------------------------------------------------------
 * y(t) = 2 x(t) - x(t - L) - x(t + L), L about half a period: drift and slow waves vanish, a mains sine is about four
 * times itself. Where y is busier than twice its usual self there is a QRS, and it does not count. */

struct mains {
    uint8_t hz;
    uint8_t lag; /* samples, L */
    uint8_t period,
        step;     /* entries of the table, which repeats exactly; how many of them a sample turns on */
    int16_t gain; /* 1024 * 4 / what y makes of the sine */
    const int16_t (*turn)[2]; /* cos, sin, Q14 */
};
static const int16_t turn_50[10][2] = {{16384, 0},     {13255, 9630}, {5063, 15582},   {-5063, 15582},
                                       {-13255, 9630}, {-16384, 0},   {-13255, -9630}, {-5063, -15582},
                                       {5063, -15582}, {13255, -9630}};
static const int16_t turn_60[25][2] = {
    {16384, 0},      {11943, 11216},  {1029, 16352},    {-10444, 12624}, {-16255, 2053},
    {-13255, -9630}, {-3070, -16094}, {8779, -13833},   {15869, -4075},  {14357, 7893},
    {5063, 15582},   {-6976, 14825},  {-15233, 6031},   {-15233, -6031}, {-6976, -14825},
    {5063, -15582},  {14357, -7893},  {15869, 4075},    {8779, 13833},   {-3070, 16094},
    {-13255, 9630},  {-16255, -2053}, {-10444, -12624}, {1029, -16352},  {11943, -11216}};
static const struct mains kinds[2] = {{50, 5, 10, 1, 1024, turn_50}, {60, 4, 25, 1, 1028, turn_60}};
/* A rectifier in the neighbourhood hums at twice the mains. */
static const struct mains doubles[2] = {{100, 2, 10, 2, 1132, turn_50}, {120, 2, 25, 2, 1028, turn_60}};

#define PERIOD_MAX 25u  /* samples of any kind until it repeats */
#define BLOCK 10u       /* the fit is renewed every 20 ms and turned on in between */
#define HALF_BLOCKS 15u /* it looks 300 ms to both sides */
#define BLOCKS_MAX (JZ_ECG_SAMPLES_MAX / BLOCK)
#define BUSY_BASE_UV 8   /* on top of twice the usual, so that a noiseless lead is not all "busy" */
#define TURNS_MAX 3u     /* mains of 49.6 Hz turn away within the window: what is left is fitted again */
#define TURN_AGAIN_UV 18 /* of which a turn leaves WORTH_UV: a sixth, at 49.5 Hz */
#define WORTH_UV 3       /* less than this is not worth touching the lead */
#define DOUBLE_UV 10     /* mains from which its double may be worth as much */

/* A kind's sine, sample by sample: one period and a block beyond. */
struct sine {
    int16_t cos[PERIOD_MAX + BLOCK], sin[PERIOD_MAX + BLOCK];
};

static void draw_sine(const struct mains *kind, struct sine *out) {
    for (uint32_t t = 0; t < PERIOD_MAX + BLOCK; t++) {
        const int16_t *turn = kind->turn[t * kind->step % kind->period];
        out->cos[t] = turn[0];
        out->sin[t] = turn[1];
    }
}

struct fit { /* sums over a block */
    int32_t cos, sin, count;
};
struct fits {
    struct fit block[BLOCKS_MAX];
    uint32_t count;
};

static void band(const int16_t *uv, uint32_t samples, uint32_t lag, int32_t *y) {
    for (uint32_t t = 0; t < lag; t++) y[t] = y[samples - 1 - t] = 0;
    for (uint32_t t = lag; t + lag < samples; t++) y[t] = 2 * (int32_t)uv[t] - uv[t - lag] - uv[t + lag];
}

/* The middle one of `count` values from 0, of whatever size. */
static int32_t middle_of(const int32_t *v, uint32_t count, uint32_t shift) {
    int32_t top = 0;
    for (uint32_t i = 0; i < count; i++) top = ecg_max(top, v[i]);
    while (top >> shift > 1023) shift++;
    return jz_ecg_quantile(v, count, shift, 500);
}

/* Mean |y| over each block -> `busy`; the middle one of them. */
static int32_t busy_blocks(const int32_t *y, uint32_t count, int32_t *busy) {
    for (uint32_t b = 0; b < count; b++) {
        int32_t sum = 0;
        for (uint32_t k = 0; k < BLOCK; k++) sum += ecg_abs(y[b * BLOCK + k]);
        busy[b] = sum / (int32_t)BLOCK;
    }
    return middle_of(busy, count, 3);
}

static void fit_blocks(const struct mains *kind, const int32_t *y, const int32_t *busy, int32_t limit,
                       struct fits *fits) {
    struct sine sine;
    draw_sine(kind, &sine);
    for (uint32_t b = 0; b < fits->count; b++) {
        fits->block[b] = (struct fit){0, 0, 0};
        bool quiet = busy[b] <= limit && (!b || busy[b - 1] <= limit) &&
                     (b + 1 == fits->count || busy[b + 1] <= limit);
        if (!quiet) continue;
        uint32_t phase = b * BLOCK % kind->period;
        int32_t c = 0, s = 0;
        for (uint32_t k = 0; k < BLOCK; k++) {
            int32_t v = y[b * BLOCK + k] * kind->gain / 4096; /* |y| is at most 2^17 */
            c += (v * sine.cos[phase + k]) >> 7;
            s += (v * sine.sin[phase + k]) >> 7;
        }
        fits->block[b] = (struct fit){c, s, BLOCK};
    }
}

/* Sums over the window around each block, in place of the blocks: `out` are amplitudes of cos and sin, µV in Q7. */
static void fit_windows(const struct fits *fits, int32_t (*out)[2]) {
    int64_t c = 0, s = 0;
    int32_t n = 0;
    for (uint32_t b = 0; b < fits->count + HALF_BLOCKS; b++) {
        if (b < fits->count) {
            c += fits->block[b].cos;
            s += fits->block[b].sin;
            n += fits->block[b].count;
        }
        if (b < HALF_BLOCKS) continue;
        uint32_t at = b - HALF_BLOCKS;
        bool enough = n >= (int32_t)(HALF_BLOCKS * BLOCK / 2);
        out[at][0] = enough ? (int32_t)(2 * c / n) : at ? out[at - 1][0] : 0;
        out[at][1] = enough ? (int32_t)(2 * s / n) : at ? out[at - 1][1] : 0;
        if (at >= HALF_BLOCKS) {
            c -= fits->block[at - HALF_BLOCKS].cos;
            s -= fits->block[at - HALF_BLOCKS].sin;
            n -= fits->block[at - HALF_BLOCKS].count;
        }
    }
}

/* Where there was too little quiet at the start, the first fit that there was. */
static void fill_start(int32_t (*fit)[2], uint32_t count) {
    uint32_t first = 0;
    while (first < count && !fit[first][0] && !fit[first][1]) first++;
    if (first == count) return;
    for (uint32_t b = 0; b < first; b++) memcpy(fit[b], fit[first], sizeof fit[b]);
}

static void fit_lead(const struct mains *kind, struct jz_ecg *ecg, uint32_t lead, int32_t (*fit)[2],
                     int32_t *amplitude_uv) {
    struct fits fits = {.count = ecg->samples / BLOCK};
    int32_t *y = ecg->scratch[0], *busy = ecg->scratch[1], *size = ecg->scratch[0];
    band(ecg->uv[lead], ecg->samples, kind->lag, y);
    int32_t usual = busy_blocks(y, fits.count, busy);
    fit_blocks(kind, y, busy, 2 * usual + 4 * BUSY_BASE_UV, &fits);
    fit_windows(&fits, fit);
    fill_start(fit, fits.count);
    for (uint32_t b = 0; b < fits.count; b++) {
        int32_t c = ecg_abs(fit[b][0]), s = ecg_abs(fit[b][1]);
        size[b] = ecg_max(c, s) + ecg_min(c, s) * 3 / 8; /* length of (c, s), to 7 % */
    }
    int32_t found = middle_of(size, fits.count, 6) / 128;
    bool worth = found >= WORTH_UV && found * 10 >= usual; /* `usual` of noise alone: some 25 times its fit */
    *amplitude_uv = worth ? found : 0;
}

/* Turns from fit to fit, from the middle of one block to the middle of the next. */
static void subtract(const struct mains *kind, int16_t *uv, uint32_t samples, int32_t (*fit)[2]) {
    uint32_t phase = 0, count = samples / BLOCK;
    struct sine turn;
    draw_sine(kind, &turn);
    for (uint32_t t = 0; t < samples; t++) {
        uint32_t half = t + BLOCK / 2, b = half / BLOCK, part = half % BLOCK;
        uint32_t a = ecg_min((int32_t)(b ? b - 1 : 0), (int32_t)count - 1);
        b = ecg_min((int32_t)b, (int32_t)count - 1);
        int32_t c = fit[a][0] + (fit[b][0] - fit[a][0]) * (int32_t)part / (int32_t)BLOCK;
        int32_t s = fit[a][1] + (fit[b][1] - fit[a][1]) * (int32_t)part / (int32_t)BLOCK;
        int64_t sine = (int64_t)c * turn.cos[phase] + (int64_t)s * turn.sin[phase]; /* Q21 */
        uv[t] = ecg_narrow(uv[t] - ((sine + (1 << 20)) >> 21));
        phase = phase + 1 == kind->period ? 0 : phase + 1;
    }
}

/* @return amplitude in the lead, µV; 0: not worth taking off, and nothing was */
static int32_t take_off(const struct mains *kind, struct jz_ecg *ecg, uint32_t lead) {
    int32_t fit[BLOCKS_MAX][2], found = 0, left = 0;
    for (uint32_t turn = 0; turn < TURNS_MAX; turn++) {
        fit_lead(kind, ecg, lead, fit, &left);
        if (turn == 0) found = left;
        if (!left) break;
        subtract(kind, ecg->uv[lead], ecg->samples, fit);
        if (left < TURN_AGAIN_UV) break;
    }
    return found;
}

/* All leads' mains of a kind together. What III and the augmented leads hold is already in I and II. */
static int32_t total_of(const struct mains *kind, struct jz_ecg *ecg) {
    int32_t fit[BLOCKS_MAX][2], amplitude, total = 0;
    bool both = ecg->present[JZ_LEAD_I] && ecg->present[JZ_LEAD_II];
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++) {
        if (!ecg->present[lead] || (both && lead >= JZ_LEAD_III && lead <= JZ_LEAD_AVF)) continue;
        fit_lead(kind, ecg, lead, fit, &amplitude);
        total += amplitude;
    }
    return total;
}

void jz_ecg_take_off_mains(struct jz_ecg *ecg) {
    ecg->mains_hz = 0;
    memset(ecg->mains_uv, 0, sizeof ecg->mains_uv);
    if (ecg->samples < 2 * HALF_BLOCKS * BLOCK) return;
    int32_t total[2] = {total_of(&kinds[0], ecg), total_of(&kinds[1], ecg)};
    uint32_t best = total[1] > total[0];
    if (!total[best]) return;
    ecg->mains_hz = kinds[best].hz;
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++) {
        if (!ecg->present[lead]) continue;
        ecg->mains_uv[lead] = ecg_narrow(take_off(&kinds[best], ecg, lead));
        if (ecg->mains_uv[lead] >= DOUBLE_UV) (void)take_off(&doubles[best], ecg, lead);
    }
}
