/* SPDX-License-Identifier: Apache-2.0 */
/** @file delineate.h  Where the waves of the averaged beat begin and end, over all leads together. */
#ifndef JZ_ECG_DELINEATE_H
#define JZ_ECG_DELINEATE_H
#include "jingzhu/ecg.h"

struct jz_ecg;
/** Finds the marks in the averaged beats of the leads in `use`, and puts every averaged beat at zero at QRS onset.
 *  Without an averaged beat or a lead every mark is JZ_ECG_UNKNOWN. */
void jz_ecg_delineate(const struct jz_ecg *ecg, const bool use[JZ_LEAD_COUNT], struct jz_ecg_measure *out);

#endif /* JZ_ECG_DELINEATE_H */
