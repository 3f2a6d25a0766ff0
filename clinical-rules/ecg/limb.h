/* SPDX-License-Identifier: Apache-2.0 */
/** @file limb.h  Signs that limb electrodes were exchanged. */
#ifndef JZ_ECG_LIMB_H
#define JZ_ECG_LIMB_H
#include "jingzhu/ecg.h"

/** From the averaged beats and marks of usable leads: the arms exchanged, or one arm and the right leg. A suspicion: it
 *  asks for a look at the cables. Dextrocardia shows itself in V6 and is not taken for it. */
bool jz_ecg_limbs_reversed(const struct jz_ecg_measure *out);

#endif /* JZ_ECG_LIMB_H */
