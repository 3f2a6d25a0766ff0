/* SPDX-License-Identifier: Apache-2.0 */
/** @file average.h  Beats sorted by shape, and the averaged beat of the main shape in every lead.
 *
 *  Alignment is to a whole sample (2 ms), on all leads together. Each sample of the averaged beat is the mean of the
 *  middle half of the aligned beats, so that one bad beat in four cannot move a level. */
#ifndef JZ_ECG_AVERAGE_H
#define JZ_ECG_AVERAGE_H
#include "jingzhu/ecg.h"

#define JZ_AVERAGE_BEATS_MAX                                                                                 \
    32u /**< that go into one averaged beat: what more would add is below a microvolt */

/** What averaging leaves besides the averaged beats themselves. */
struct jz_ensemble {
    uint16_t count;                    /**< beats averaged */
    uint16_t at[JZ_AVERAGE_BEATS_MAX]; /**< their aligned R positions */
    uint16_t rr;      /**< median distance to the beat after them, samples; 0: none had one */
    int16_t from, to; /**< part of the averaged beat that single beats support: [from, to) */
};

struct jz_ecg;
/** Sorts out->beat by shape and fills `average_uv` of every recorded lead (level: as conditioned, not yet at zero).
 *  Reads beat[].at, beat[].premature, and which leads are recorded, derived or in trouble.
 *  No beats: nothing is averaged, averaged_count is 0. */
void jz_ecg_average(struct jz_ecg *ecg, struct jz_ecg_measure *out);

/** Whether the averaged beats' QRS in this lead fall into two groups that lie 20 ms and more apart: a recorder's fault, for
 *  all leads see the same heart. */
bool jz_ecg_out_of_step(const struct jz_ecg *ecg, uint32_t lead);

#endif /* JZ_ECG_AVERAGE_H */
