/* SPDX-License-Identifier: Apache-2.0 */
/** @file evaluate.h  One rule over a chart, with or without what it was made of (private to engine/). */
#ifndef JZ_EVALUATE_H
#define JZ_EVALUATE_H
#include "expr.h"

/** @param[out] result  Always written.
 *  @param[out] detail  NULL: only the result is wanted. Else its masks, items, priority, alarm and conditions. */
void jz_evaluate(const struct jz_lens *lens, struct jz_rule_result *result, struct jz_assessment *detail);

/** Puts a rule's result into the chart. */
static inline void jz_keep(struct jz_chart *chart, uint32_t rule, const struct jz_rule_result *result) {
    uint64_t bit = 1ull << (rule % 64u), *word = &chart->stale.word[rule / 64u];
    chart->result[rule] = *result;
    *word = result->stale ? *word | bit : *word & ~bit;
}

#endif /* JZ_EVALUATE_H */
