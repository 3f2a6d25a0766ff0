/* SPDX-License-Identifier: Apache-2.0 */
/** @file lead_measure.h  Levels, waves and shapes of each lead's averaged beat. */
#ifndef JZ_ECG_LEAD_MEASURE_H
#define JZ_ECG_LEAD_MEASURE_H
#include "jingzhu/ecg.h"

/** One wave of the QRS: a stretch on one side of the level at QRS onset. Positions in samples of the averaged beat. */
struct jz_qrs_wave {
    int16_t from, to, peak; /**< [from, to) */
    int16_t uv;             /**< signed, at the peak */
};
#define JZ_QRS_WAVES_MAX 5u
/** q R S R' S' in their order; what is under JZ_WAVE_LEAST_UV, or only the ST level beginning, is no wave. */
struct jz_qrs_waves {
    uint32_t count;
    struct jz_qrs_wave wave[JZ_QRS_WAVES_MAX];
};
/** A quarter of a small square: the least wave that is named. Engineering bound, three times and more what is left of
 *  noise in an averaged beat of a lead that passes its check. */
#define JZ_WAVE_LEAST_UV 25

void jz_ecg_qrs_waves(const int16_t *x, const struct jz_ecg_marks *marks, struct jz_qrs_waves *out);

/** Fills the measures of one lead from its averaged beat, which is at zero at QRS onset. Marks have QRS onset and J. */
void jz_ecg_measure_lead(const struct jz_ecg_marks *marks, struct jz_ecg_lead_measure *lead);
/** Every measure unknown; `recorded`, `derived`, quality and the averaged beat stay. */
void jz_ecg_forget_lead(struct jz_ecg_lead_measure *lead);
/** T amplitude and shape (t_wave.c). */
void jz_ecg_measure_t(const struct jz_ecg_marks *marks, struct jz_ecg_lead_measure *lead);

#endif /* JZ_ECG_LEAD_MEASURE_H */
