/* SPDX-License-Identifier: Apache-2.0 */
/** @file journal.h  The one append-only log, behind one interface: SQLite now, memory in tests, a cluster
 * later.
 *
 *  Eight promises, each a test that every implementation passes (tests/unit/server/journal):
 *  P1 a batch is all or nothing; P2 JZ_OK only after the stated level is durable; P3 the same key has one
 *  offset for ever; P4 offsets of a shard are 0, 1, 2 ...; P5 after a lease of epoch e+1 exists no append of
 *  epoch e succeeds; P6 JZ_E_STORE_UNKNOWN means "ask again with the same key", never "failed"; P7 a full
 * disk, an I/O error or a frozen engine ends in an error inside the deadline, never in an acknowledgement; P8
 * h[i] = SHA-256(h[i-1] | offset | key | body), h[-1] = 0, is checked on every read.
 *
 *  Keys. The first eight bytes name a source, the last eight are its sequence, big endian. The keys of one
 *  source are appended in ascending order (JZ_E_STORE_ORDER otherwise); that lets duplicates be found with
 *  one number a source in memory instead of an index on the hot table (eight times slower).
 *
 *  Threads. All calls on the loop thread. `done` runs on the loop thread, inside jz_journal_append (when the
 *  commit ran inline) or inside jz_journal_service or jz_journal_close. One append is under way at a time;
 *  another, also one from inside `done`, is refused with JZ_E_FULL. Reading, renewing and snapshots go on
 *  meanwhile.
 */
#ifndef JZ_JOURNAL_H
#define JZ_JOURNAL_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jingzhu/status.h"

#define JZ_RECORD_BYTES_MAX (8u * 1024u * 1024u) /**< rule packs and directory are the largest */
#define JZ_BATCH_RECORDS_MAX 4096u

struct jz_journal;
struct jz_record {
    uint8_t key[16];
    const uint8_t *body;
    uint32_t bytes;
};
/** status: JZ_OK stored; duplicate true: was already durable at `offset`. */
struct jz_appended {
    enum jz_status status;
    bool duplicate;
    uint8_t level;
    uint64_t offset;
};
struct jz_lease {
    uint32_t shard;
    uint64_t epoch;
    int64_t until_mono_ms;
};
typedef void (*jz_append_done)(void *context, const struct jz_appended *results, size_t count);
/** @return false to stop reading. `body` is valid during the call. */
typedef bool (*jz_read_record)(void *context, uint64_t offset, const uint8_t key[16], const uint8_t *body,
                               uint32_t bytes);

/** The seam: all time, randomness and file access of journal and shell goes through these, so that tests and
 * the simulator can bend them. NULL members mean the real thing. */
struct jz_hooks {
    int64_t (*utc_ms)(void *context);
    int64_t (*mono_ms)(void *context);
    void (*random)(void *context, uint8_t *out, size_t bytes);
    /** Asked before each storage step ("begin", "insert", "commit", "checkpoint", "snapshot", "open"); not
     * JZ_OK makes that step fail with that status. For fault tests. Threads: whichever does the step, so
     * "checkpoint" comes from the checkpointer at any time, and "begin", "insert", "commit" from the
     * committer unless inline. */
    enum jz_status (*storage_fault)(void *context, const char *step);
    const char *vfs; /**< SQLite VFS name, NULL: default */
    void *context;
};
int64_t jz_hooks_utc_ms(const struct jz_hooks *hooks);
int64_t jz_hooks_mono_ms(const struct jz_hooks *hooks);
void jz_hooks_random(const struct jz_hooks *hooks, uint8_t *out, size_t bytes);

/** Reads and verifies everything once (about a million 200-byte records a second).
 *
 *  @param url  "sqlite:/path/file.db" or "memory:", either with "?commit=inline" (never a thread, no
 *      descriptor) or "?commit=thread" (never inline); else the journal chooses by how long recent commits
 *      took. Tests and simulators that must repeat exactly choose. "memory:" reports level 1, standing in for
 *      one disk. Single owner: a second open of the same file fails (JZ_E_STORE_BUSY).
 *  @param hooks  Borrowed for the journal's life; NULL: all real.
 *  @retval JZ_E_CONFIG  the URL. JZ_E_FORMAT: not a journal, or of a newer version. JZ_E_STORE_CHAIN: the log
 *      beside the file lost commits that were durable. Damage to single records does not fail here: the shard
 *      can be read up to it, and refuses all else. On any error *journal is NULL. */
JZ_MUST_CHECK enum jz_status jz_journal_open(struct jz_journal **journal, const char *url,
                                             const struct jz_hooks *hooks);
/** Waits for a commit under way, calls its `done`, then closes. NULL is allowed. */
void jz_journal_close(struct jz_journal *journal);
/** Takes or renews; taking raises the epoch in a durable step of its own. A lease that this journal gave out
 *  since it was opened, and that is still the newest of the shard, is renewed; any other content (zero it at
 *  first) takes. `until_mono_ms` is advice for the holder; safety is the epoch.
 *  @param shard  0 to 255 (JZ_E_VALUE). @retval JZ_E_FULL, JZ_E_STORE_UNKNOWN: a commit is under way; take
 *  after it. On any error *lease is unchanged. */
JZ_MUST_CHECK enum jz_status jz_journal_lease(struct jz_journal *journal, uint32_t shard, uint32_t ttl_ms,
                                              struct jz_lease *lease);
/** One batch, one transaction. Records and bodies must stay until `done`. `done` gets one result a record,
 *  all with the same status: JZ_OK, or what failed, or JZ_E_STORE_UNKNOWN at the deadline. After that the
 *  storage is the caller's again, and appends answer JZ_E_STORE_UNKNOWN until the late commit has ended; then
 *  the same keys give its outcome.
 *
 *  A non-OK return means `done` will not be called and nothing was stored: JZ_E_EMPTY, JZ_E_COUNT (over
 *  JZ_BATCH_RECORDS_MAX), JZ_E_STORE_TOO_BIG (a body over JZ_RECORD_BYTES_MAX, or all over 64 MiB),
 *  JZ_E_STORE_ORDER, JZ_E_STORE_FENCED, JZ_E_STORE_CHAIN (damaged shard), JZ_E_FULL (busy, or too many
 *  sources), JZ_E_STORE_IO (an earlier fsync failed: nothing is taken any more), JZ_E_MEMORY.
 *  @param deadline_ms  From now; 0: none. An inline commit cannot be interrupted and reports its true
 *  outcome. A key older than the newest of its source is looked up on disk, newest first: callers that drop
 *  old repeats themselves spare the loop that. */
JZ_MUST_CHECK enum jz_status jz_journal_append(struct jz_journal *journal, const struct jz_lease *lease,
                                               const struct jz_record *records, size_t count,
                                               uint32_t deadline_ms, jz_append_done done, void *context);
/** Ordered, gapless, chain-checked from `from`; past the end there is nothing, and that is JZ_OK.
 *  JZ_E_STORE_CHAIN names the first offset that cannot be trusted in *bad_offset (may be NULL; 0 otherwise);
 *  all given to `each` before it was whole. Not from inside `each` (JZ_E_FULL). */
JZ_MUST_CHECK enum jz_status jz_journal_read(struct jz_journal *journal, uint32_t shard, uint64_t from,
                                             uint64_t max, jz_read_record each, void *context,
                                             uint64_t *bad_offset);
/** Next offset (count of durable records) and the chain value after the last. JZ_E_STORE_CHAIN: the shard is
 *  damaged, and these are the end of its whole part. */
JZ_MUST_CHECK enum jz_status jz_journal_tail(struct jz_journal *journal, uint32_t shard, uint64_t *next,
                                             uint8_t chain[32]);
/** A snapshot of the state after `offset` records, with its hash. The two newest are kept. Durable on JZ_OK.
 *  @retval JZ_E_VALUE  offset beyond the tail. JZ_E_STORE_TOO_BIG: over 512 MiB. Blocks for as long as the
 *  disk takes. */
JZ_MUST_CHECK enum jz_status jz_journal_snapshot_put(struct jz_journal *journal, uint32_t shard,
                                                     uint64_t offset, const uint8_t hash[32],
                                                     const void *state, size_t bytes);
/** Newest first by `nth` (0, 1) among the whole ones: SHA-256 checked, not ahead of the records. *state is
 *  malloc'ed for the caller, who frees it; NULL on error. JZ_E_FILE: none; JZ_E_FORMAT: none, and a damaged
 *  one was passed over. */
JZ_MUST_CHECK enum jz_status jz_journal_snapshot_get(struct jz_journal *journal, uint32_t shard, uint32_t nth,
                                                     uint64_t *offset, uint8_t hash[32], void **state,
                                                     size_t *bytes);
/** Becomes readable when jz_journal_service has something to do; -1: never (always inline). */
int jz_journal_fd(const struct jz_journal *journal);
/** Runs pending `done` callbacks. */
void jz_journal_service(struct jz_journal *journal);
/** Figures for metrics, since open. Commits take real microseconds, whatever the hooks' clock says. */
struct jz_journal_stats {
    uint64_t commits, inline_commits, records, bytes;
    uint32_t last_commit_us, max_commit_us;
};
void jz_journal_stats(const struct jz_journal *journal, struct jz_journal_stats *out);

#endif /* JZ_JOURNAL_H */
