/* SPDX-License-Identifier: Apache-2.0 */
/** @file trace.h  The last waveform segments of each encounter: for a console that opens it now, and for measuring.
 *
 *  A cache: what it drops is in the journal. Recordings, live ECG and CTG have their own places, so that none pushes the
 *  others out. A recording is told by its snapshot number and its time: a device that was restarted counts anew.
 *  Loop thread only. */
#ifndef JZ_TRACE_H
#define JZ_TRACE_H
#include "core.h"

#define JZ_TRACE_RECORDINGS                                                                                  \
    8u /**< of one encounter: what a device that had no link brings at once waits here for its measurement */
#define JZ_TRACE_RECORDINGS_SHOWN 2u /**< the one being taken and the one before */
#define JZ_TRACE_RECORDING_MS                                                                                \
    INT64_C(60000) /**< from its first segment; beyond, that number is another recording's */
#define JZ_TRACE_SNAPSHOT_SEGMENTS 64u /**< of one recording; 12 s of 12 leads at 2.5 kHz are 60 */
#define JZ_TRACE_LIVE_SEGMENTS 32u     /**< of ECG that runs on */
#define JZ_TRACE_CTG_SEGMENTS 64u      /**< half an hour in stretches of 30 s */
#define JZ_TRACE_SEGMENTS                                                                                    \
    (JZ_TRACE_RECORDINGS_SHOWN * JZ_TRACE_SNAPSHOT_SEGMENTS + JZ_TRACE_LIVE_SEGMENTS + JZ_TRACE_CTG_SEGMENTS)
#define JZ_TRACE_BYTES_MAX                                                                                   \
    (64u * 1024u * 1024u) /**< all encounters together; the oldest encounter's go first */

struct jz_trace;
/** @return NULL: out of memory. */
struct jz_trace *jz_trace_open(uint32_t encounters_max);
void jz_trace_close(struct jz_trace *trace);
/** Keeps a copy of a waveform frame. Out of memory, or a recording with more segments than it may have: not kept.
 *  @param wave   as decoded from `frame`
 *  @param own_ms  of its first sample, on the recorder's clock: what tells how segments lie to each other, whatever the
 *                 server knew of that clock when each of them came */
void jz_trace_add(struct jz_trace *trace, uint32_t slot, struct jz_encounter_id id,
                  const struct jz_waveform *wave, int64_t own_ms, struct jz_bytes frame);
/** Segments of an encounter, oldest first of each kind: the two newest recordings, live ECG, CTG; returns how many, at
 *  most JZ_TRACE_SEGMENTS. Borrowed until the next add. */
uint32_t jz_trace_get(const struct jz_trace *trace, uint32_t slot, struct jz_encounter_id id,
                      struct jz_bytes frames[JZ_TRACE_SEGMENTS]);

struct jz_trace_segment {
    struct jz_bytes frame;
    int64_t own_ms;
};
/** Segments of one recording in the order of their times; returns how many; 0: not here (any more). Borrowed likewise.
 *  @param first_ms  of its segment that came first, on the recorder's clock */
uint32_t jz_trace_recording(const struct jz_trace *trace, uint32_t slot, struct jz_encounter_id id,
                            uint32_t snapshot, int64_t first_ms,
                            struct jz_trace_segment segments[JZ_TRACE_SNAPSHOT_SEGMENTS]);
/** Whether a segment belongs to the recording of that number whose first segment came with `first_ms`. */
static inline bool jz_trace_is_same(int64_t first_ms, int64_t own_ms) {
    int64_t apart = own_ms > first_ms ? own_ms - first_ms : first_ms - own_ms;
    return apart <= JZ_TRACE_RECORDING_MS;
}

#endif /* JZ_TRACE_H */
