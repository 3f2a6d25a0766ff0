/* SPDX-License-Identifier: Apache-2.0 */
/** @file shadow.h  A second set of rule packs that looks on: what it would have said goes to the event log, and
 *  nowhere else. It decides nothing, is not on record and not part of the state.
 *
 *  Whenever a patient's results changed, both programs are asked about the newest readings, each on a chart made
 *  for the question: neither has a memory, so that what differs are the rules and not how long they have
 *  watched. Criteria that need a memory (repeated, held, a trend) are therefore unknown to both. Loop thread
 *  only. */
#ifndef JZ_SHADOW_H
#define JZ_SHADOW_H
#include "core.h"

struct jz_shadow;

/** @param slots  Encounters the core holds at most. @return NULL: out of memory. */
struct jz_shadow *jz_shadow_open(uint32_t slots);
void jz_shadow_close(struct jz_shadow *shadow); /**< NULL is allowed */
/** What is compared from now on. @param active  Borrowed. @param program  Taken; NULL: nothing. */
void jz_shadow_set(struct jz_shadow *shadow, const struct jz_program *active, struct jz_program *program);
/** Other packs are in force; what looks on stays. */
void jz_shadow_follow(struct jz_shadow *shadow, const struct jz_program *active);
/** Looks at a patient whose views changed; logs each difference once. */
void jz_shadow_look(struct jz_shadow *shadow, const struct jz_core *core, uint32_t slot);
/** Differences told so far. */
uint64_t jz_shadow_differences(const struct jz_shadow *shadow);

#endif /* JZ_SHADOW_H */
