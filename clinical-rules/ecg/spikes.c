/* SPDX-License-Identifier: Apache-2.0 */
/* Pacing pulses. At 500 Hz a pulse of half a millisecond is what the recorder's own filter left of it: one to nine samples.
 * What gives it away is that it leaps out of quiet within 2 ms, which no QRS does, and in several leads at once. */
#include <string.h>

#include "mains.h"
#include "small.h"
#include "work.h"

#define LEAP_UV 100       /* less is in reach of noise */
#define QUIET_SAMPLES 10u /* 20 ms before the leap, in which the lead moved less than a quarter of it */
#define SPAN_MAX 9u       /* samples that a pulse may take */
#define APART 10u         /* samples between two pulses of a pair */
#define PULSES_MIN 3u     /* in a recording; fewer are taken for crackle and stay */
#define VOTES_MAX 3       /* leads; limb leads go together, so fewer would be one electrode's crackle */

/* Whether the lead leaps out of quiet from sample t - 1 to t, or at most `over` samples later. */
static bool leaps(const int16_t *uv, uint32_t t, uint32_t over) {
    int32_t leap = ecg_abs((int32_t)uv[t] - uv[t - 1]), low = uv[t - 1], high = uv[t - 1];
    if (over) leap = ecg_max(leap, ecg_abs((int32_t)uv[t + over] - uv[t - 1]));
    if (leap < LEAP_UV) return false;
    for (uint32_t k = 2; k <= QUIET_SAMPLES + 1; k++) {
        low = ecg_min(low, uv[t - k]);
        high = ecg_max(high, uv[t - k]);
    }
    return (high - low) * 4 <= leap;
}

/* A straight line from before the pulse to where the lead has calmed down after it. */
static void cut(int16_t *uv, uint32_t samples, uint32_t t) {
    int32_t leap = ecg_max(ecg_abs((int32_t)uv[t + 1] - uv[t - 1]), LEAP_UV / 2);
    uint32_t end = t + 2;
    while (end < t + SPAN_MAX && end + 1 < samples && ecg_abs((int32_t)uv[end] - uv[end - 1]) * 4 > leap)
        end++;
    int32_t from = uv[t - 1], rise = uv[end] - from, n = (int32_t)(end - t + 1);
    for (uint32_t k = t; k < end; k++) uv[k] = (int16_t)(from + rise * (int32_t)(k - t + 1) / n);
}

static void list_spikes(struct jz_ecg *ecg, uint32_t over) {
    int32_t *votes = ecg->scratch[0];
    uint32_t leads = 0, next = QUIET_SAMPLES + 1;
    memset(votes, 0, sizeof ecg->scratch[0]);
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++) {
        if (!ecg->present[lead]) continue;
        leads++;
        for (uint32_t t = next; t + SPAN_MAX < ecg->samples; t++) votes[t] += leaps(ecg->uv[lead], t, over);
    }
    int32_t due = ecg_min((int32_t)leads / 4 + 1, VOTES_MAX);
    ecg->spike_count = 0;
    for (uint32_t t = next; t + SPAN_MAX < ecg->samples && ecg->spike_count < ECG_SPIKES_MAX; t++) {
        if (t < next || !votes[t] || votes[t] + votes[t + 1] < due) continue;
        if (over && votes[t + 1] >= votes[t]) t++; /* the leap itself, not the sample before it */
        ecg->spike[ecg->spike_count++] = (uint16_t)t;
        next = t + APART;
    }
}

/* A steep QRS may leap in 4 ms as a blunted pulse does, so that is a pulse only where others leapt in 2 ms. */
void jz_ecg_cut_spikes(struct jz_ecg *ecg) {
    list_spikes(ecg, 0);
    if (ecg->spike_count < PULSES_MIN) {
        ecg->spike_count = 0;
        return;
    }
    list_spikes(ecg, 1);
    for (uint32_t s = 0; s < ecg->spike_count; s++)
        for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++)
            if (ecg->present[lead]) cut(ecg->uv[lead], ecg->samples, ecg->spike[s]);
}
