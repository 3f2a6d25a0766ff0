/* SPDX-License-Identifier: Apache-2.0 */
#include "waves.h"

#include "qrs.h"
#include "small.h"

#define FLAT_UV 100    /* peak to peak in 4 s: below it a line, above it fine fibrillation is still seen */
#define WAVE_UV 40     /* mean distance from zero: about 130 µV peak to peak of a sine */
#define LEAK_MAX 560   /* every organised rhythm at hand leaks more in all leads, or rests between beats */
#define CONTRAST_MAX 8 /* usual crest to rest; sinus tachycardia at 180/min has more than this */
#define STEADY_PERCENT                                                                                       \
    20                 /* beats whose intervals differ by less keep time: a tachycardia, not fibrillation */
#define NARROW_HALF 4u /* means over 9 and over 125 samples: what is left is 2 to 40 Hz, and no mains */
#define WIDE_HALF 62u

/* Mean over `half` samples on both sides, as far as they are there. */
static int32_t mean_about(const int32_t *sums, uint32_t count, uint32_t t, uint32_t half) {
    uint32_t from = t > half ? t - half : 0, to = t + half + 1 < count ? t + half + 1 : count;
    return (sums[to] - sums[from]) / (int32_t)(to - from);
}

int32_t jz_ecg_leakage(const int32_t *x, uint32_t count, int32_t *mean_uv) {
    int64_t size = 0, way = 0, left = 0, whole = 0;
    for (uint32_t t = 0; t < count; t++) {
        size += ecg_abs(x[t]);
        if (t) way += ecg_abs(x[t] - x[t - 1]);
    }
    *mean_uv = count ? (int32_t)(size / count) : 0;
    if (!way) return 1000;
    uint64_t half = (uint64_t)(size * 3142 / 1000 / way); /* a sine's: pi times mean size by mean step */
    if (half >= count / 2) return 1000;
    for (uint32_t t = (uint32_t)half; t < count; t++) {
        left += ecg_abs(x[t] + x[t - half]);
        whole += ecg_abs(x[t]) + ecg_abs(x[t - half]);
    }
    return whole ? (int32_t)(left * 1000 / whole) : 1000;
}

/* 2 to 40 Hz of a lead -> x; its height from lowest to highest. */
static int32_t band(const int16_t *uv, int32_t *sums, int32_t *x) {
    const uint32_t n = ECG_WAVES_WINDOW - 1;
    int32_t low = INT32_MAX, high = INT32_MIN;
    sums[0] = 0;
    for (uint32_t t = 0; t < n; t++) sums[t + 1] = sums[t] + uv[t];
    for (uint32_t t = 0; t < n; t++) {
        x[t] = mean_about(sums, n, t, NARROW_HALF) - mean_about(sums, n, t, WIDE_HALF);
        low = ecg_min(low, x[t]);
        high = ecg_max(high, x[t]);
    }
    return high - low;
}

static bool keeps_time(const struct ecg_crests *c) {
    int32_t shortest = INT32_MAX, longest = 0;
    for (uint32_t i = 1; i < c->count; i++) {
        shortest = ecg_min(shortest, c->at[i] - c->at[i - 1]);
        longest = ecg_max(longest, c->at[i] - c->at[i - 1]);
    }
    return c->count >= 5 && (longest - shortest) * 100 <= longest * STEADY_PERCENT;
}

static bool stands_out(const struct ecg_crests *c) {
    return c->usual >= CONTRAST_MAX * c->rest;
}

bool jz_ecg_waves_beat(const uint16_t *activity, int32_t *work) {
    struct ecg_crests crests;
    for (uint32_t t = 0; t < ECG_WAVES_WINDOW; t++) work[t] = activity[t];
    return jz_ecg_crests(work, work, ECG_WAVES_WINDOW, &crests) && stands_out(&crests);
}

enum ecg_waves jz_ecg_waves(const int16_t *const *uv, uint32_t leads, int32_t *work) {
    int32_t *x = work, *sums = work + ECG_WAVES_WINDOW, tallest = 0;
    struct ecg_crests crests = {0};
    bool moves = jz_ecg_activity(uv, leads, ECG_WAVES_WINDOW, work, work + ECG_WAVES_WINDOW);
    bool beats = moves && jz_ecg_crests(work, work + ECG_WAVES_WINDOW, ECG_WAVES_WINDOW, &crests);
    if (beats && (stands_out(&crests) || keeps_time(&crests))) return ECG_WAVES_BEATS;
    bool cancels = false;
    for (uint32_t lead = 0; lead < leads; lead++) {
        int32_t mean;
        tallest = ecg_max(tallest, band(uv[lead], sums, x));
        int32_t leak = jz_ecg_leakage(x, ECG_WAVES_WINDOW - 1, &mean);
        cancels = cancels || (mean >= WAVE_UV && leak <= LEAK_MAX);
    }
    if (tallest < FLAT_UV && !beats) return ECG_WAVES_NONE;
    return cancels ? ECG_WAVES_DISORDERED : ECG_WAVES_BEATS;
}
