/* SPDX-License-Identifier: Apache-2.0 */
/** @file link.h  What the two halves of linking share (private to engine/). */
#ifndef JZ_LINK_H
#define JZ_LINK_H
#include "program.h"

typedef void (*jz_visit_span)(struct jz_program *p, uint32_t rule, struct jz_span span, void *context);

/** Visits every expression of a rule; criteria of its temporal forms are not among them. */
void jz_visit_rule(struct jz_program *p, uint32_t rule, jz_visit_span visit, void *context);

/** Makes the circuits. Each step's `count` is the operands it takes by now.
 *  @return false: no memory. A program that is too large for circuits is left without. */
bool jz_program_lower(struct jz_program *p);

#endif /* JZ_LINK_H */
