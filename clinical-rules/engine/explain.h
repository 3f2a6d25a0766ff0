/* SPDX-License-Identifier: Apache-2.0 */
/** @file explain.h  What a result was made of (private to engine/). */
#ifndef JZ_EXPLAIN_H
#define JZ_EXPLAIN_H
#include "expr.h"

/** Lists the rule's known inputs in chart order with their age. */
void jz_explain_used(const struct jz_lens *lens, struct jz_assessment *out);
/** The first of the rule's known inputs that is stale, or JZ_FIELD_NONE. */
uint16_t jz_explain_stale(const struct jz_lens *lens);

#endif /* JZ_EXPLAIN_H */
