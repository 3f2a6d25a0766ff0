/* SPDX-License-Identifier: Apache-2.0 */
/** @file evaluate.h  One rule over a chart, with or without what it was made of (private to engine/). */
#ifndef JZ_EVALUATE_H
#define JZ_EVALUATE_H
#include "expr.h"

/** @param[out] result  Always written.
 *  @param[out] detail  NULL: only the result is wanted. Else its masks, items, priority, alarm and conditions. */
void jz_evaluate(const struct jz_lens *lens, struct jz_rule_result *result, struct jz_assessment *detail);

#endif /* JZ_EVALUATE_H */
