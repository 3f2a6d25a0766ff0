/* SPDX-License-Identifier: Apache-2.0 */
/** @file jingzhu/pack_tests.h  Runs the cases that rule packs carry for themselves, and tries how sharp they are.
 *
 *  Load time only: it allocates. Every rule is tested as if it were enabled, so that a pack's tests hold whatever a
 *  site switches on or off. Both reports are too large for a small stack. */
#ifndef JZ_PACK_TESTS_H
#define JZ_PACK_TESTS_H
#include "jingzhu/rules.h"

#define JZ_PACK_FAILURES_MAX 64u
#define JZ_SURVIVORS_MAX 2048u

struct jz_pack_tests {
    uint32_t rules, tests;
    uint32_t failed;    /**< tests that failed, and bounds that no test reaches from both sides */
    uint32_t uncovered; /**< of them: bounds */
    uint32_t listed; /**< of them: in `failure`, which holds the first ones in the order of packs and rules */
    struct jz_pack_error failure[JZ_PACK_FAILURES_MAX]; /**< where, expected and found */
};

/** Compiles the packs, runs every test in them and looks for bounds without a test.
 *  @param[out] out    Always written.
 *  @param[out] error  Written when the packs do not compile.
 *  @retval JZ_OK      All passed.
 *  @retval JZ_E_PACK  The packs do not compile (`out->failed` is 0, see `error`), or `out->failed` is not 0. */
JZ_MUST_CHECK enum jz_status jz_pack_tests_run(const struct jz_pack_source *packs, size_t count,
                                               struct jz_pack_tests *out, struct jz_pack_error *error);

/** What became of the small errors put into one rule, one at a time: a bound, a number, a time or points one off, `all`
 *  for `any`, a `not` left out ... A mutant is killed when a test of the rule fails. */
struct jz_mutated_rule {
    char id[40];
    uint32_t mutants, killed;
    uint32_t equivalent; /**< not counted as mutants: no input can tell them from the rule */
};
/** An error that no test noticed. */
struct jz_survivor {
    char rule[40];
    struct jz_pack_error at; /**< where the number stands, and what was done to it */
};
struct jz_mutation {
    uint32_t mutants, killed, equivalent;
    uint32_t rules;  /**< rows of `rule`, in the order of packs and rules */
    uint32_t listed; /**< rows of `survivor`; there are mutants - killed in all */
    struct jz_mutated_rule rule[JZ_RULES_MAX];
    struct jz_survivor survivor[JZ_SURVIVORS_MAX];
};

/** Compiles the packs and, for every rule, runs its tests against each of its mutants.
 *  @param[out] out    Always written.
 *  @param[out] error  Written on JZ_E_PACK.
 *  @retval JZ_OK      Done; survivors are no error.
 *  @retval JZ_E_PACK  The packs do not compile, or a test fails without any mutant: correct that first. */
JZ_MUST_CHECK enum jz_status jz_pack_mutate(const struct jz_pack_source *packs, size_t count,
                                            struct jz_mutation *out, struct jz_pack_error *error);

#endif /* JZ_PACK_TESTS_H */
