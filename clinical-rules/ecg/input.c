/* SPDX-License-Identifier: Apache-2.0 */
/* Samples as they arrive -> µV at 500 Hz.
 *
 * At 500 Hz they are taken as they are. At any other rate a sinc, windowed by Blackman over eight lobes, cuts at 85 % of
 * the lower of the two Nyquist frequencies: 212 Hz when the recorder is faster, so that neither muscle nor pacing folds
 * back. Weights are divided by their own sum, so a level stays a level at every phase, at the ends and beside a gap. */
#include <string.h>

#include "small.h"
#include "work.h"

#define LOBES 8u
#define STEPS 32u /* of the table, a lobe */
#define OUT_US (1000000u / JZ_ECG_HZ)
#define CLIP_US 8000u        /* equal extreme samples for so long, entered with a jump of */
#define CLIP_ENTRY_UV 40     /* this: no crest of a QRS is so flat, and none of a T wave so abrupt */
#define CLIP_LONG_US 100000u /* or for so long, however entered: against the rail */

_Static_assert(2 * LOBES * OUT_US / JZ_ECG_PERIOD_US_MIN + 2 <= ECG_BACK_MAX,
               "the ring holds the widest kernel");
_Static_assert(sizeof(struct jz_ecg) <= 512u * 1024u, "goal P11");

/* 32767 * sinc(0.85 x) * Blackman(x / 8), x = 0, 1/32 .. 8 */
static const int16_t kernel[LOBES * STEPS + 1] = {
    32767, 32727, 32607, 32408, 32130, 31775, 31345, 30842, 30267, 29624, 28915, 28144, 27315, 26430, 25495,
    24513, 23489, 22427, 21331, 20208, 19061, 17896, 16717, 15529, 14338, 13147, 11963, 10789, 9630,  8490,
    7374,  6286,  5228,  4206,  3221,  2278,  1379,  526,   -278,  -1032, -1734, -2383, -2977, -3516, -4001,
    -4430, -4804, -5123, -5389, -5602, -5764, -5876, -5941, -5959, -5933, -5866, -5760, -5618, -5441, -5234,
    -5000, -4740, -4458, -4157, -3840, -3509, -3169, -2822, -2470, -2116, -1762, -1413, -1068, -732,  -405,
    -90,   211,   498,   767,   1020,  1253,  1467,  1661,  1833,  1985,  2116,  2225,  2313,  2380,  2426,
    2453,  2461,  2450,  2421,  2376,  2316,  2241,  2153,  2054,  1943,  1824,  1696,  1562,  1422,  1278,
    1131,  983,   834,   686,   540,   397,   257,   122,   -7,    -131,  -247,  -356,  -457,  -550,  -635,
    -710,  -776,  -834,  -882,  -921,  -952,  -973,  -987,  -992,  -989,  -979,  -963,  -939,  -910,  -876,
    -836,  -792,  -745,  -694,  -641,  -586,  -529,  -471,  -412,  -354,  -296,  -239,  -184,  -130,  -78,
    -28,   19,    63,    104,   142,   177,   208,   236,   260,   281,   299,   313,   323,   331,   335,
    336,   335,   331,   325,   316,   305,   293,   279,   264,   248,   230,   212,   194,   175,   156,
    137,   118,   100,   82,    64,    48,    32,    17,    3,     -10,   -22,   -32,   -42,   -50,   -58,
    -64,   -69,   -74,   -77,   -79,   -80,   -81,   -80,   -79,   -78,   -75,   -72,   -69,   -66,   -62,
    -58,   -53,   -49,   -45,   -40,   -36,   -31,   -27,   -23,   -19,   -16,   -12,   -9,    -7,    -4,
    -2,    0,     2,     3,     5,     5,     6,     7,     7,     7,     7,     7,     7,     6,     6,
    5,     5,     4,     4,     3,     3,     2,     2,     1,     1,     1,     0,     0,     0,     0,
    0,     0,
};

size_t jz_ecg_bytes(void) {
    return sizeof(struct jz_ecg);
}

enum jz_status jz_ecg_begin(struct jz_ecg *ecg, uint32_t period_us) {
    if (period_us < JZ_ECG_PERIOD_US_MIN || period_us > JZ_ECG_PERIOD_US_MAX) return JZ_E_VALUE;
    memset(ecg, 0, sizeof *ecg);
    ecg->period_us = period_us;
    return JZ_OK;
}

static int32_t clamp_uv(int64_t uv) {
    return (int32_t)(uv > INT32_MAX ? INT32_MAX : uv < INT32_MIN ? INT32_MIN : uv);
}

static int64_t to_uv(int32_t sample, uint32_t scale_nv) {
    int64_t nv = (int64_t)sample * scale_nv;
    return (nv + (nv < 0 ? -500 : 500)) / 1000;
}

/* --- clipping ----------------------------------------------------------------------------------------------------- */

static void watch_extreme(const struct ecg_input *in, uint32_t period_us, int32_t *extreme, uint32_t *time_us,
                          bool beyond) {
    if (beyond) {
        *extreme = in->run_step;
        *time_us = 0;
    }
    if (in->run_step != *extreme) return;
    uint32_t run_us = (uint32_t)in->run_count * period_us;
    uint32_t due_us = in->run_entry_uv >= CLIP_ENTRY_UV ? CLIP_US : CLIP_LONG_US;
    if (run_us < due_us || in->run_count < 3) return;
    bool reached = run_us - period_us < due_us || in->run_count == 3;
    *time_us += reached ? run_us : period_us;
}

static void watch_clipping(struct ecg_input *in, uint32_t period_us, int32_t sample, uint32_t scale_nv) {
    bool first = in->run_count == 0;
    if (!first && sample == in->run_step) {
        if (in->run_count < INT32_MAX / 10000) in->run_count++;
    } else {
        int64_t jump = first ? 0 : to_uv(sample, scale_nv) - to_uv(in->run_step, scale_nv);
        in->run_entry_uv = ecg_narrow(jump < 0 ? -jump : jump);
        in->run_step = sample;
        in->run_count = 1;
    }
    watch_extreme(in, period_us, &in->top, &in->top_us, first || sample > in->top);
    watch_extreme(in, period_us, &in->bottom, &in->bottom_us, first || sample < in->bottom);
}

/* --- resampling --------------------------------------------------------------------------------------------------- */

/* Weight of an input sample `away_us` from the output sample; `unit_us` is a lobe. */
static int32_t weight_at(uint32_t away_us, uint32_t unit_us, uint32_t per_us_q20) {
    if (away_us >= LOBES * unit_us) return 0;
    uint64_t at = (uint64_t)away_us * per_us_q20; /* table steps, Q20 */
    uint32_t i = (uint32_t)(at >> 20), part = (uint32_t)(at >> 12) & 255u;
    if (i >= LOBES * STEPS) return 0;
    return kernel[i] + (((int32_t)kernel[i + 1] - kernel[i]) * (int32_t)part) / 256;
}

static uint32_t lobe_us(uint32_t period_us) {
    return period_us > OUT_US ? period_us : OUT_US;
}

/* Output sample `n` out of the ring. */
static int16_t resample(const struct ecg_input *in, uint32_t period_us, uint64_t n) {
    uint32_t unit_us = lobe_us(period_us), per_us_q20 = (STEPS << 20) / unit_us;
    uint64_t at_us = n * OUT_US, reach_us = LOBES * unit_us;
    uint64_t first = at_us > reach_us ? (at_us - reach_us) / period_us : 0;
    uint64_t nearest = (at_us + period_us / 2) / period_us;
    if (in->back_gap[nearest % ECG_BACK_MAX]) return ECG_GAP;
    int64_t sum = 0, weights = 0, t = (int64_t)(first * period_us) - (int64_t)at_us;
    uint32_t slot = (uint32_t)(first % ECG_BACK_MAX);
    for (uint64_t i = first; i < in->taken && t <= (int64_t)reach_us; i++, t += period_us) {
        if (!in->back_gap[slot]) {
            int32_t w = weight_at((uint32_t)(t < 0 ? -t : t), unit_us, per_us_q20);
            sum += (int64_t)w * in->back[slot];
            weights += w;
        }
        slot = slot + 1 == ECG_BACK_MAX ? 0 : slot + 1;
    }
    return weights > 0 ? ecg_narrow(ecg_div(sum, weights)) : ECG_GAP;
}

void jz_ecg_input_put(struct ecg_input *in, int32_t uv, bool gap) {
    uint32_t slot = (uint32_t)(in->taken++ % ECG_BACK_MAX);
    in->back_gap[slot] = gap;
    if (gap) return;
    if (!in->started) in->offset_uv = uv;
    in->started = true;
    in->back[slot] = ecg_narrow((int64_t)uv - in->offset_uv);
}

bool jz_ecg_input_get(const struct ecg_input *in, uint32_t period_us, uint64_t n, int16_t *uv) {
    if (period_us == OUT_US) {
        if (n >= in->taken) return false;
        *uv = in->back_gap[n % ECG_BACK_MAX] ? ECG_GAP : (int16_t)in->back[n % ECG_BACK_MAX];
        return true;
    }
    if ((in->taken - 1) * period_us < n * OUT_US + LOBES * lobe_us(period_us)) return false;
    *uv = resample(in, period_us, n);
    return true;
}

/* At 500 Hz a sample goes where it belongs, past the ring. */
static int16_t take_as_is(struct ecg_input *in, int32_t uv, bool gap) {
    if (gap) return ECG_GAP;
    if (!in->started) in->offset_uv = uv;
    in->started = true;
    return ecg_narrow((int64_t)uv - in->offset_uv);
}

enum jz_status jz_ecg_append(struct jz_ecg *ecg, enum jz_ecg_lead lead, const int32_t *samples,
                             uint32_t count, uint32_t scale_nv) {
    if ((unsigned)lead >= JZ_LEAD_COUNT || scale_nv < 1 || scale_nv > 1000000) return JZ_E_VALUE;
    struct ecg_input *in = &ecg->input[lead];
    uint32_t *n = &ecg->length[lead];
    for (uint32_t i = 0; i < count; i++) {
        if (*n == JZ_ECG_SAMPLES_MAX) return JZ_E_FULL;
        bool gap = samples[i] == JZ_ECG_MISSING;
        if (!gap) watch_clipping(in, ecg->period_us, samples[i], scale_nv);
        int32_t uv = gap ? 0 : clamp_uv(to_uv(samples[i], scale_nv));
        if (ecg->period_us == OUT_US) {
            ecg->raw[lead][(*n)++] = take_as_is(in, uv, gap);
            continue;
        }
        jz_ecg_input_put(in, uv, gap);
        while (*n < JZ_ECG_SAMPLES_MAX && jz_ecg_input_get(in, ecg->period_us, *n, &ecg->raw[lead][*n])) ++*n;
    }
    return JZ_OK;
}
