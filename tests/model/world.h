/* SPDX-License-Identifier: Apache-2.0 */
/** @file world.h  A small world around the true core, in which everything that can happen is a number.
 *
 *  Hospitals: near and far can treat all, last can treat all but the heart. Patients have one device each and no position,
 *  so that the ranking is the directory's order. Time passes only when nothing else does: to the next deadline of a
 *  patient. */
#ifndef WORLD_H
#define WORLD_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "state.h"

#define WORLD_PATIENTS_MAX 2u
#define WORLD_HOSPITALS 3u

struct world {
    void *memory; /**< of the core; freed by world_close */
    struct jz_core *core;
    struct jz_directory directory;
    struct jz_outcome *out; /**< of the last event */
    uint32_t patients;
    int64_t now;
    uint32_t
        spins; /**< deadline events the last passing of time took; a core that never comes to rest is stopped at 9 */
};

/** All patients open, and each severe enough for an alert. Exits where there is no memory. */
void world_open(struct world *w, uint32_t patients);
void world_close(struct world *w);

/** Events are 0 .. world_events()-1, the same in every state; the last is that time passes. */
uint32_t world_events(const struct world *w);
/** "near declines patient 1"; static storage. */
const char *world_event_name(const struct world *w, uint32_t event);
/** @return false: it cannot happen now (no such alert, no deadline); nothing was applied. */
bool world_apply(struct world *w, uint32_t event);

/** What an event can change, as one block: to store a state and to come back to it. */
size_t world_bytes(const struct world *w);
void world_save(const struct world *w, uint8_t *bytes);
void world_load(struct world *w, const uint8_t *bytes);
/** Ends the process where an event changed something beyond that block. */
void world_check_rest(struct world *w);

/** Equal where two states can have the same futures: times count from now, those out of reach are alike, and what nothing
 *  reads (counters, names, the record of what was) is left out. */
struct world_hash {
    uint64_t a, b;
};
struct world_hash world_hash(const struct world *w);

/** The first rule that does not hold in this state; NULL: all do. Static storage. check.c */
const char *world_broken(const struct world *w);

#endif /* WORLD_H */
