/* SPDX-License-Identifier: Apache-2.0 */
/** @file engine.h  Private: what a storage engine must do for journal.c, which keeps the promises common to
 * all.
 *
 *  journal.c checks arguments, finds duplicates, gives offsets, verifies the chain and calls `done`. An
 * engine stores the records that are left, in one transaction, and reads rows back without judging them.
 */
#ifndef JZ_ENGINE_H
#define JZ_ENGINE_H
#include "chain.h"
#include "journal.h"
#include "marks.h"

/** Shard numbers are one byte of the encounter id (cluster.md, 2.2). */
#define JZ_SHARDS_MAX 256u
/** Bodies of one batch together: what one commit may have to copy, hash and write. */
#define JZ_BATCH_BYTES_MAX (64u * 1024u * 1024u)
#define JZ_SNAPSHOT_BYTES_MAX (512u * 1024u * 1024u)
#define JZ_SNAPSHOTS_KEPT 2u

/** Where a shard stands. An engine stores the first three members with every commit. */
struct jz_shard_tail {
    uint64_t epoch;
    uint64_t next;
    uint8_t chain[32];
};

/** New records of one shard with offsets first, first + 1, ... */
struct jz_batch {
    uint32_t shard;
    uint64_t epoch;
    uint64_t first;
    struct jz_record
        *records; /**< the journal's storage; the bodies are the caller's until an engine copies them */
    size_t count;
    uint64_t bytes;
    uint8_t chain[32];  /**< in: before the first record; out: after the last */
    uint32_t commit_us; /**< out: how long the durable step took */
    bool ran_inline;    /**< out */
};

/** A stored row. `chain` NULL: the row has not the shape of a record. */
struct jz_row {
    uint64_t offset;
    const uint8_t *key, *body, *chain;
    uint32_t bytes;
};
typedef bool (*jz_row_each)(void *context, const struct jz_row *row);

struct jz_snapshot {
    uint32_t shard;
    uint64_t offset;
    uint8_t hash[32];
    uint8_t digest[32];
    void *state;
    size_t bytes;
};

struct jz_engine {
    const char *scheme; /**< with the colon */
    size_t
        bytes; /**< of the engine's struct, whose first member is struct jz_journal; zeroed before `open` */
    enum jz_status (*open)(struct jz_journal *journal, const char *rest);
    void (*close)(
        struct jz_journal *journal); /**< accepts what a failed open left; waits for a commit under way */
    enum jz_status (*load)(struct jz_journal *journal, uint32_t shard, struct jz_shard_tail *out);
    enum jz_status (*take)(struct jz_journal *journal, uint32_t shard, uint64_t epoch);
    /** @return true: over, *status is the outcome; false: under way, `poll` will tell. */
    bool (*commit)(struct jz_journal *journal, struct jz_batch *batch, int64_t deadline_ms,
                   enum jz_status *status);
    bool (*poll)(struct jz_journal *journal, enum jz_status *status);
    /** Rows with from <= offset < end, ascending, or descending, until `each` says no. */
    enum jz_status (*rows)(struct jz_journal *journal, uint32_t shard, uint64_t from, uint64_t end,
                           bool descending, jz_row_each each, void *context);
    enum jz_status (*snapshot_put)(struct jz_journal *journal, const struct jz_snapshot *snapshot);
    enum jz_status (*snapshot_get)(struct jz_journal *journal, uint32_t nth, struct jz_snapshot *snapshot);
    int (*fd)(const struct jz_journal *journal);
};
extern const struct jz_engine jz_engine_sqlite, jz_engine_memory;

/** What is known of a shard. health other than JZ_OK: records from `tail.next` on cannot be trusted. */
struct jz_shard {
    struct jz_shard_tail tail;
    enum jz_status health;
    bool held; /**< taken since this open: an epoch of an earlier process is not ours to renew */
};

struct jz_journal {
    const struct jz_engine *engine;
    const struct jz_hooks *hooks;
    struct jz_chain chain; /**< the loop thread's; an engine that hashes on a thread has its own */
    struct jz_marks marks;
    struct jz_shard shard[JZ_SHARDS_MAX];
    struct jz_journal_stats stats;
    bool busy;    /**< an append is under way, or its `done` is running */
    bool late;    /**< ... and its `done` has already said JZ_E_STORE_UNKNOWN */
    bool reading; /**< rows are being walked */
    bool broken;  /**< an fsync failed: what the disk holds is unknown, and asking again would hide it */
    bool
        resync; /**< an outcome was unknown: read the shard of `batch` from the disk before the next append */
    struct jz_batch batch;
    struct jz_record fresh[JZ_BATCH_RECORDS_MAX];
    struct jz_mark_undo undo[JZ_BATCH_RECORDS_MAX];
    struct jz_appended results[JZ_BATCH_RECORDS_MAX];
    size_t result_count;
    int64_t deadline_ms; /**< monotonic; INT64_MAX: none */
    jz_append_done done;
    void *done_context;
};

/** Asks the fault hook. Thread: whichever does the step. */
static inline enum jz_status jz_engine_fault(const struct jz_journal *journal, const char *step) {
    const struct jz_hooks *hooks = journal->hooks;
    return hooks && hooks->storage_fault ? hooks->storage_fault(hooks->context, step) : JZ_OK;
}

/** read.c: reads what the disk holds beyond `tail.next`, checks it and takes it into tail and marks. Damage
 * is not an error here: it lands in `health`. */
JZ_MUST_CHECK enum jz_status jz_journal_catch_up(struct jz_journal *journal, uint32_t shard);
/** append.c: settles a commit whose outcome is known by now; reads the disk again where it was not. */
JZ_MUST_CHECK enum jz_status jz_journal_settle(struct jz_journal *journal);

#endif /* JZ_ENGINE_H */
