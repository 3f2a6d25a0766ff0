/* SPDX-License-Identifier: Apache-2.0 */
/** @file history.h  Random histories over the stage: whatever devices, people and time do, in whatever order.
 *
 *  64 hospitals come and change places under patients who are under way, rule packs are exchanged, places of patients are used
 *  again. The numbers are the generator's own, so a seed means the same on every machine. */
#ifndef HISTORY_H
#define HISTORY_H
#include "stage.h"

struct history {
    struct stage *stage;
    uint64_t random;                  /**< state of the generator */
    uint8_t newest;                   /**< patient opened last */
    struct jz_directory many, turned; /**< 64 hospitals, and the same in another order */
    bool was_due;                     /**< the last event was a deadline */
};

void history_begin(struct history *h, struct stage *s, uint64_t seed);
/** One event or none; the clock moves on. */
void history_step(struct history *h);
/** 0 .. below - 1. */
uint32_t history_draw(struct history *h, uint32_t below);
/** The directory of an event on record. */
const struct jz_directory *history_directory(const struct history *h, struct jz_bytes name);

#endif /* HISTORY_H */
