/* SPDX-License-Identifier: Apache-2.0 */
/** @file waves.h  Is there a rhythm at all: beats, disordered waves, or nothing. */
#ifndef JZ_ECG_WAVES_H
#define JZ_ECG_WAVES_H
#include "jingzhu/ecg.h"

#define ECG_WAVES_WINDOW 2000u /**< 4 s are looked at together */

enum ecg_waves {
    ECG_WAVES_NONE,  /**< the line is flat */
    ECG_WAVES_BEATS, /**< something stands out of rest, as beats do */
    ECG_WAVES_DISORDERED /**< waves without rest and without beats that keep time: as in ventricular fibrillation */
};

/** Looks at one stretch of ECG_WAVES_WINDOW samples of some leads.
 *  @param work  2 * ECG_WAVES_WINDOW of room */
enum ecg_waves jz_ecg_waves(const int16_t *const *uv, uint32_t leads, int32_t *work);

/** Whether ECG_WAVES_WINDOW samples of QRS activity already show beats, so that nothing else need be looked at.
 *  @param work  ECG_WAVES_WINDOW of room */
bool jz_ecg_waves_beat(const uint16_t *activity, int32_t *work);

/** How badly a stretch cancels when shifted by half its own mean period and added to itself, in 1/1000: a sine 0,
 *  noise 700, and a sinus rhythm as much, for its beats do not cancel. (Kuo and Dillman's VF filter.)
 *  @param x  rectified about its own moving mean first  @param[out] mean_uv  mean distance from zero */
int32_t jz_ecg_leakage(const int32_t *x, uint32_t count, int32_t *mean_uv);

#endif /* JZ_ECG_WAVES_H */
