/* SPDX-License-Identifier: Apache-2.0 */
/** @file trace.h  The last waveform segments of each encounter, for a console that opens it now.
 *
 *  A cache: what it drops is in the journal. Loop thread only. */
#ifndef JZ_TRACE_H
#define JZ_TRACE_H
#include "core.h"

#define JZ_TRACE_SEGMENTS 48u /**< of one encounter: 12-lead snapshots and the CTG of the last minutes */
#define JZ_TRACE_BYTES_MAX                                                                                   \
    (64u * 1024u * 1024u) /**< all encounters together; the oldest encounter's go first */

struct jz_trace;
/** @return NULL: out of memory. */
struct jz_trace *jz_trace_open(uint32_t encounters_max);
void jz_trace_close(struct jz_trace *trace);
/** Keeps a copy of a waveform frame. Out of memory: not kept. */
void jz_trace_add(struct jz_trace *trace, uint32_t slot, struct jz_encounter_id id, struct jz_bytes frame);
/** Segments of an encounter, oldest first; returns how many, at most JZ_TRACE_SEGMENTS. Borrowed until the next add. */
uint32_t jz_trace_get(const struct jz_trace *trace, uint32_t slot, struct jz_encounter_id id,
                      struct jz_bytes frames[JZ_TRACE_SEGMENTS]);

#endif /* JZ_TRACE_H */
