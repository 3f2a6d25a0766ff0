/* SPDX-License-Identifier: Apache-2.0 */
/** @file jingzhu/pack_tests.h  Runs the cases that rule packs carry for themselves. Load time only. */
#ifndef JZ_PACK_TESTS_H
#define JZ_PACK_TESTS_H
#include "jingzhu/rules.h"

struct jz_pack_tests {
    uint32_t rules, tests, failed;
    struct jz_pack_error first; /**< of the first failed test: where, expected and found */
};

/** Compiles the packs and runs every test in them.
 *  @param[out] out    Always written.
 *  @param[out] error  Written when the packs do not compile.
 *  @retval JZ_OK      All passed.
 *  @retval JZ_E_PACK  The packs do not compile (`error`), or `out->failed` is not 0 (`out->first`). */
JZ_MUST_CHECK enum jz_status jz_pack_tests_run(const struct jz_pack_source *packs, size_t count,
                                               struct jz_pack_tests *out, struct jz_pack_error *error);

#endif /* JZ_PACK_TESTS_H */
