/* SPDX-License-Identifier: Apache-2.0 */
/** @file mains.h  What comes into the electrodes from machines: 50 or 60 Hz, and pacing pulses. */
#ifndef JZ_ECG_MAINS_H
#define JZ_ECG_MAINS_H

struct jz_ecg;
/** Sets mains_hz and mains_uv, and takes the sine off uv where it is worth it. */
void jz_ecg_take_off_mains(struct jz_ecg *ecg);
/** Sets spike[] and draws a line across each pacing pulse in uv. */
void jz_ecg_cut_spikes(struct jz_ecg *ecg);

#endif /* JZ_ECG_MAINS_H */
