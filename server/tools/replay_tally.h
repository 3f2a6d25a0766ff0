/* SPDX-License-Identifier: Apache-2.0 */
/** @file replay_tally.h  What two sets of rules decided about the same patients, from their decision
 *  records. */
#ifndef JZ_REPLAY_TALLY_H
#define JZ_REPLAY_TALLY_H
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct jz_tally; /**< opaque */
enum jz_side { JZ_SIDE_RECORD, JZ_SIDE_NEW };

struct jz_tally *jz_tally_new(void);        /**< NULL: no memory */
void jz_tally_free(struct jz_tally *tally); /**< NULL is allowed */
/** Takes one decision record; those that are no assessment and no priority are passed over.
 *  @return false: no memory. */
bool jz_tally_decision(struct jz_tally *tally, enum jz_side side, const uint8_t *body, uint32_t bytes);
/** One line of JSON a patient whose triage differs, in the order patients came; then the totals.
 *  @return patients that differ. */
uint32_t jz_tally_report(const struct jz_tally *tally, FILE *out);

#endif /* JZ_REPLAY_TALLY_H */
