/* SPDX-License-Identifier: Apache-2.0 */
/** @file own.h  What this device itself makes of the ECG it took: the crew read it at once, with or without a link.
 *
 *  Measured with the library that the server measures with; said with the rule packs where the device has them. It decides
 *  nothing: the server measures what it has on disk, and that is what counts. */
#ifndef JZ_OWN_H
#define JZ_OWN_H
#include <stdio.h>

#include "jingzhu/ecg.h"
#include "jingzhu/rules.h"

struct jz_own;

/** @param packs  folder of rule packs, NULL: numbers are said, no criteria
 *  @param[out] error  what is wrong with the packs
 *  @retval JZ_E_FILE, JZ_E_PACK  of the packs; JZ_E_MEMORY */
JZ_MUST_CHECK enum jz_status jz_own_open(const char *packs, struct jz_own **own, struct jz_pack_error *error);
void jz_own_close(struct jz_own *own); /**< NULL is allowed */
/** A frame that goes to the server: what is said of the patient, and ECG with a snapshot number. */
void jz_own_frame(struct jz_own *own, const struct jz_frame *frame);
/** The recording is complete: measures it and writes one JSON line, {"event":"ecg","snapshot":N,"readable":true,"quality":N,
 *  "rate":N,"qrs_ms":N,"qtc_ms":N,"zh":"...","en":"..."}; numbers that were not measured are left out. */
void jz_own_report(struct jz_own *own, FILE *to);

#endif /* JZ_OWN_H */
