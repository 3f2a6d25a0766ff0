/* SPDX-License-Identifier: Apache-2.0 */
/** @file waves.h  What the server makes of waveforms that are durable: kept for consoles, measured for the rules.
 *
 *  Joins trace cache, measuring and ledger. After a restart both are filled from the journal before peers are let in, however
 *  the last snapshot lies. Loop thread only. */
#ifndef JZ_WAVES_H
#define JZ_WAVES_H
#include "ledger.h"
#include "measure.h"

#define JZ_WAVES_LOOK_BACK_MS (2 * INT64_C(3600000)) /**< a CTG is kept that long */
#define JZ_WAVES_LOOK_BACK_RECORDS                                                                           \
    UINT64_C(1000000) /**< 5 s of reading at start if all were CTG, 25 s 12-lead ECG */

struct jz_waves;
/** @param ledger  Open; borrowed.  @return NULL: out of memory. */
struct jz_waves *jz_waves_open(struct jz_ledger *ledger, const struct jz_hooks *hooks,
                               uint32_t encounters_max);
void jz_waves_close(struct jz_waves *waves); /**< NULL is allowed */
/** Looks back in the journal for what patients who are still open have on record. Once, before the first peer.
 *  Where it had to stop at JZ_WAVES_LOOK_BACK_RECORDS it says so (event 4015). */
JZ_MUST_CHECK enum jz_status jz_waves_recall(struct jz_waves *waves);
/** A waveform frame was committed. @return false: its patient is not known (any more) */
bool jz_waves_durable(struct jz_waves *waves, const struct jz_released_event *event, uint32_t *slot);
/** One measurement, if one is due and the ledger takes it. At most one a loop round.  @return whether one was made */
bool jz_waves_step(struct jz_waves *waves);
const struct jz_trace *jz_waves_trace(const struct jz_waves *waves);
void jz_waves_stats(const struct jz_waves *waves, struct jz_measure_stats *out);

#endif /* JZ_WAVES_H */
