/* SPDX-License-Identifier: Apache-2.0 */
/** @file steady.h  UTC that runs with the monotonic clock (docs/decisions/0007).
 *
 *  A system clock that is a little ahead is followed, one that is behind is waited for; one that stepped is not
 *  followed and said once (event 4007). So no deadline and no age jumps. Loop thread only. */
#ifndef JZ_STEADY_H
#define JZ_STEADY_H
#include "journal.h" /* struct jz_hooks */

#define JZ_CLOCK_STEP_MS 1000 /**< a system clock that is off by more than this stepped */

struct jz_steady {
    const struct jz_hooks *real;
    struct jz_hooks hooks;   /**< to be used instead of `real`; borrowed from this struct */
    int64_t utc_ms, mono_ms; /**< a moment known in both */
    bool stepped;            /**< said so */
};

/** @param real  Borrowed; NULL: the real clocks. */
void jz_steady_start(struct jz_steady *steady, const struct jz_hooks *real);
/** After the replay: time goes on from the newest event on record. */
void jz_steady_not_before(struct jz_steady *steady, int64_t utc_ms);

#endif /* JZ_STEADY_H */
