/* SPDX-License-Identifier: Apache-2.0 */
/** @file rhythm.h  Facts about a row of beats, which whole recordings and running traces share. */
#ifndef JZ_ECG_RHYTHM_H
#define JZ_ECG_RHYTHM_H
#include "jingzhu/ecg.h"

/** JZ_RHYTHM_REGULAR; JZ_RHYTHM_IRREGULAR: no sequence at all, whether or not there are P waves; or 0: neither, as with a
 *  sinus arrhythmia, extra beats, or too few. */
uint32_t jz_ecg_regularity(const struct jz_ecg_beat *beat, uint32_t count);
/** Three and more wide beats in a row at 100/min and more, which are not the main kind nor paced. */
bool jz_ecg_wide_run(const struct jz_ecg_beat *beat, const uint16_t *spread, uint32_t count);

#endif /* JZ_ECG_RHYTHM_H */
