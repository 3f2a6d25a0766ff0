/* SPDX-License-Identifier: Apache-2.0 */
/** @file look_back.h  What the journal holds since a time, read again. Loop thread only; for ledger.c. */
#ifndef JZ_LOOK_BACK_H
#define JZ_LOOK_BACK_H
#include "core.h"
#include "journal.h"

/** One input on record, for what is derived from the journal and lies in no snapshot: caches, traces being measured.
 *  @return false to stop reading */
typedef bool (*jz_event_recalled)(void *context, const struct jz_event *event);

/** As jz_ledger_recall. @param end  offset behind the last durable record */
JZ_MUST_CHECK enum jz_status jz_look_back(struct jz_journal *journal, uint32_t shard, uint64_t end,
                                          int64_t since_ms, uint64_t records_max, jz_event_recalled each,
                                          void *context, bool *cut);

#endif /* JZ_LOOK_BACK_H */
