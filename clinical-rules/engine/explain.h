/* SPDX-License-Identifier: Apache-2.0 */
/** @file explain.h  What a result was made of (private to engine/). */
#ifndef JZ_EXPLAIN_H
#define JZ_EXPLAIN_H
#include "expr.h"

#define JZ_FIELD_NONE 255u

/** Lists the rule's known inputs in chart order, with their points (NULL: none) and age. */
void jz_explain_used(const struct jz_lens *lens, const struct jz_rule *rule, const uint8_t *points,
                     struct jz_assessment *out);
/** The field with the most to gain; a tie goes to the earlier in chart order. JZ_FIELD_NONE: nothing to gain. */
uint8_t jz_explain_next(const struct jz_rule *rule, const uint16_t *narrow);
/** The first field of `ask` in chart order. */
uint8_t jz_explain_ask(const struct jz_rule *rule, uint64_t ask);

#endif /* JZ_EXPLAIN_H */
