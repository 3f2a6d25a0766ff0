/* SPDX-License-Identifier: Apache-2.0 */
/** @file own_packs.h  The rule packs that a device carries, from a folder. For own.c. */
#ifndef JZ_OWN_PACKS_H
#define JZ_OWN_PACKS_H
#include "jingzhu/rules.h"

/** Every *.yaml of the folder and of the folders in it, compiled.
 *  @param[out] program  the caller frees it; NULL on failure
 *  @retval JZ_E_FILE, JZ_E_COUNT, JZ_E_PACK, JZ_E_MEMORY  `error` says what and where */
JZ_MUST_CHECK enum jz_status jz_own_packs_load(const char *folder, struct jz_program **program,
                                               struct jz_pack_error *error);

#endif /* JZ_OWN_PACKS_H */
