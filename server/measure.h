/* SPDX-License-Identifier: Apache-2.0 */
/** @file measure.h  Waveforms that are durable, measured: each 12-lead recording, and each new minute of a CTG.
 *
 *  What it finds becomes an event of its own (JZ_EVENT_MEASUREMENT), journaled before it has any effect; a replay applies
 *  what is on record and never measures again.
 *
 *  When     A recording is measured when JZ_MEASURE_WHOLE_MS of it are there, or the next recording has begun, or nothing of
 *           it came for JZ_MEASURE_QUIET_MS and JZ_MEASURE_ENOUGH_MS are there; what stays shorter is measured after
 *           JZ_MEASURE_GIVE_UP_MS: too short is an answer (take it again), silence is none. Once measured it is measured again
 *           when more of it came and then nothing for JZ_MEASURE_QUIET_MS. A CTG is measured when a minute is new, and when
 *           it ended within one; a backlog is measured as it stands at its end.
 *  Load     One measurement a call of jz_measure_step: recordings before CTG, of each the one that waits longest; of one
 *           patient an earlier recording before a later one, or what it showed would come too late for the rules.
 *  Memory   One work area for ECG (jz_ecg_bytes), one a CTG under way (jz_ctg_bytes), at most `ctg_max` of those: one that
 *           was not heard for JZ_MEASURE_ENDED_MS gives way to another and begins anew when more of it comes. While all of
 *           them go on, another is not followed: taking turns, none would ever be ten minutes long. Both are said (event
 *           4013). Segments of recordings lie in the trace cache.
 *  Restart  What was durable and not measured is measured after the restart: the shell shows the records of the last two
 *           hours (jz_measure_add, jz_measure_on_record) before it lets peers in. An earlier ECG is measured again where a
 *           later one is to be compared with it; that goes on no record.
 *  Threads  Loop thread only. */
#ifndef JZ_MEASURE_H
#define JZ_MEASURE_H
#include "journal.h" /* struct jz_hooks */
#include "trace.h"

#define JZ_MEASURE_VERSION 1u     /**< of what the same samples give; raise with any change of that */
#define JZ_MEASURE_WHOLE_MS 10000 /**< an ordinary 12-lead recording */
#define JZ_MEASURE_ENOUGH_MS 4000 /**< a few beats at any rate of interest */
#define JZ_MEASURE_QUIET_MS 5000
#define JZ_MEASURE_GIVE_UP_MS 30000 /**< a device that lost its link is back by then, or goes on later */
#define JZ_MEASURE_MINUTE_MS 60000
#define JZ_MEASURE_ENDED_MS (2 * JZ_MEASURE_MINUTE_MS) /**< a CTG is then measured to its end */
#define JZ_MEASURE_CTG_MAX 128u                        /**< traces followed at once: 64 MiB at most */

struct jz_measure;
struct jz_measure_config {
    const struct jz_core *core;   /**< read only: who is open, gestational age; borrowed */
    const struct jz_trace *trace; /**< where the segments are; borrowed */
    const struct jz_hooks *hooks; /**< its monotonic clock; borrowed */
    uint32_t encounters_max, ctg_max;
    void *context;
    /** Takes a measurement to the journal. @return false: no room now; it is measured again later */
    bool (*submit)(void *context, const struct jz_measurement *measurement);
    /** `count` waveforms were let go unmeasured, or are not followed. */
    void (*let_go)(void *context, uint32_t count);
};
struct jz_measure_stats {
    uint64_t ecg, ctg; /**< measurements submitted */
    uint64_t let_go;
    uint32_t waiting; /**< due and not yet measured, at the last step */
    uint32_t max_us;  /**< the longest that one took */
};

/** @return NULL: out of memory. */
struct jz_measure *jz_measure_open(const struct jz_measure_config *config);
void jz_measure_close(struct jz_measure *measure); /**< NULL is allowed */
/** A waveform segment is durable and in the trace cache. What is neither of a recording nor CTG is not measured.
 *  @param wave  as decoded from the frame
 *  @param own_ms, at_ms  of its first sample, on the recorder's clock (as in the trace cache) and on the server's */
void jz_measure_add(struct jz_measure *measure, uint32_t slot, struct jz_encounter_id id,
                    const struct jz_waveform *wave, int64_t own_ms, int64_t at_ms);
/** A measurement that the journal holds, in its order among the segments. */
void jz_measure_on_record(struct jz_measure *measure, uint32_t slot,
                          const struct jz_measurement *measurement);
/** Measures what is due longest. @return false: nothing is due, or there was no room for it */
bool jz_measure_step(struct jz_measure *measure);
void jz_measure_stats(const struct jz_measure *measure, struct jz_measure_stats *out);

#endif /* JZ_MEASURE_H */
