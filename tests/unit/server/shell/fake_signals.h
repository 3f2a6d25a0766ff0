/* SPDX-License-Identifier: Apache-2.0 */
/** @file fake_signals.h  Stands where the measuring libraries would: what they were given is what they say.
 *
 *  ECG: V2's ST level is its number of samples, V3's the number of those that were missing, st_prev_v2 that of the earlier
 *  ECG; readable from 4 s on. CTG: baseline is the number of samples given, variability those that were loss. */
#ifndef FAKE_SIGNALS_H
#define FAKE_SIGNALS_H
#include "jingzhu/ctg.h"
#include "jingzhu/ecg.h"

extern uint32_t fake_ecg_measured; /**< calls of jz_ecg_measure */
extern uint32_t fake_ctg_ga_days;  /**< of the newest jz_ctg_begin */

#endif /* FAKE_SIGNALS_H */
