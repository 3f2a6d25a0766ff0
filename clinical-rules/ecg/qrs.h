/* SPDX-License-Identifier: Apache-2.0 */
/** @file qrs.h  Picking beats out of a trace of QRS activity: whole recordings and running traces share it. */
#ifndef JZ_ECG_QRS_H
#define JZ_ECG_QRS_H
#include "jingzhu/ecg.h"

#define ECG_CRESTS_MAX 160u
/** Spread of the slope's energy (jz_ecg_spread) from which a single beat is wide: of recordings whose averaged QRS has
 *  120 ms and more most have more than this, of narrow ones none. */
#define ECG_WIDE_SPREAD 180

struct ecg_crests {
    uint32_t count;
    int32_t rest, usual; /**< of the activity: between beats, and at a usual beat */
    uint16_t at[ECG_CRESTS_MAX], height[ECG_CRESTS_MAX];
    uint16_t steep[ECG_CRESTS_MAX]; /**< greatest slope within 80 ms of the crest */
};

/** How much the QRS of all leads together move: each lead weighed by how far its beats stand out of its rest.
 *  @param uv  `leads` pointers to `samples` µV at 500 Hz
 *  @param[out] sum  mean slope over 20 ms, µV  @param[out] activity  the same smoothed over 80 ms
 *  @return false: no lead has anything that stands out */
bool jz_ecg_activity(const int16_t *const *uv, uint32_t leads, uint32_t samples, int32_t *sum,
                     int32_t *activity);

/** Where the energy of `sum` within 60 ms of a crest has its centre: R. */
uint32_t jz_ecg_centre(const int32_t *sum, uint32_t count, uint32_t crest);
/** How far that energy lies about R, root mean square, in 1/16 samples. */
uint16_t jz_ecg_spread(const int32_t *sum, uint32_t count, uint32_t r);

/** Sets `premature`: at less than 80 % of the middle one of the five intervals before. */
void jz_ecg_mark_premature(struct jz_ecg_beat *beat, uint32_t count);

/** Beats in what jz_ecg_activity made, at most JZ_ECG_BEATS_MAX.
 *  @return false: nothing stands out as beats do */
bool jz_ecg_crests(const int32_t *sum, const int32_t *activity, uint32_t count, struct ecg_crests *out);

#endif /* JZ_ECG_QRS_H */
