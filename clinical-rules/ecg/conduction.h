/* SPDX-License-Identifier: Apache-2.0 */
/** @file conduction.h  Conduction, ventricular hypertrophy, pre-excitation and axis, from the measured leads. */
#ifndef JZ_ECG_CONDUCTION_H
#define JZ_ECG_CONDUCTION_H
#include "jingzhu/ecg.h"

/** Sets conduction, sokolow_uv, cornell_uv, lvh_*, preexcitation_suspected. What needs a lead that is not usable stays
 *  unknown (conduction, voltages) or false (suspicions); jz_ecg_facts tells the two apart. */
void jz_ecg_conduction(struct jz_ecg_measure *out);
/** Frontal QRS axis from the net areas of I and aVF; JZ_ECG_UNKNOWN when both are near zero or not usable. */
int16_t jz_ecg_axis(const struct jz_ecg_measure *out);
/** atan2 in whole degrees, -179 .. 180; |x|, |y| below 2^30, not both zero. */
int32_t jz_atan2_deg(int32_t y, int32_t x);

#endif /* JZ_ECG_CONDUCTION_H */
