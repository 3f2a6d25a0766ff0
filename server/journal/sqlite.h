/* SPDX-License-Identifier: Apache-2.0 */
/** @file sqlite.h  Private to the sqlite*.c files: one journal in one SQLite file.
 *
 *  Connections, each used by one thread at a time: the writer (loop thread or committer, handed over under
 * the committer's lock), the reader and the snapshots (loop thread), the checkpointer's own.
 *  "sqlite:/path/file.db", with "?commit=inline" or "?commit=thread" to take the choice from the journal.
 * Beside the file: -wal and -shm (SQLite's), .lock (held while open), .snap (the two newest snapshots of
 * every shard).
 */
#ifndef JZ_SQLITE_H
#define JZ_SQLITE_H
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "engine.h"

#define JZ_SQLITE_PATH_MAX 1024u
/** How long a statement waits for the checkpointer's truncation before it gives up. */
#define JZ_SQLITE_BUSY_MS 2000
/** Commit on the loop thread while the mean of recent commits is below this ... */
#define JZ_INLINE_COMMIT_US_MAX 500u
/** ... and the bodies of the batch are no more than this. */
#define JZ_INLINE_BATCH_BYTES_MAX (256u * 1024u)
/** A truncation keeps the writer out while it waits for readers; it gives up early and comes back. */
#define JZ_CHECKPOINT_BUSY_MS 50
#define JZ_CHECKPOINT_EVERY_MS 200
#define JZ_CHECKPOINT_WAL_BYTES (4u * 1024u * 1024u)
/** Under a flood the log never runs empty by itself. From here on the writer is made to start it again from
 *  the beginning: writing over the same blocks commits a third more records a second than a file that
 *  grows. */
#define JZ_RESTART_WAL_BYTES (16u * 1024u * 1024u)
#define JZ_TRUNCATE_WAL_BYTES (64u * 1024u * 1024u)

enum jz_commit_mode { JZ_COMMIT_AUTO, JZ_COMMIT_INLINE, JZ_COMMIT_THREAD };
enum jz_commit_state { JZ_COMMIT_IDLE, JZ_COMMIT_SUBMITTED, JZ_COMMIT_FINISHED };

enum jz_sqlite_statement {
    JZ_SQL_BEGIN,
    JZ_SQL_COMMIT,
    JZ_SQL_ROLLBACK,
    JZ_SQL_INSERT,
    JZ_SQL_ADVANCE,
    JZ_SQL_TAKE, /* writer */
    JZ_SQL_ASCENDING,
    JZ_SQL_DESCENDING,
    JZ_SQL_LOAD, /* reader */
    JZ_SQL_SNAP_PUT,
    JZ_SQL_SNAP_PRUNE,
    JZ_SQL_SNAP_GET, /* snapshots */
    JZ_SQL_COUNT
};

struct jz_committer {
    pthread_t thread;
    bool running;
    pthread_mutex_t lock; /**< guards state, stop, status; hands over writer and batch */
    pthread_cond_t wake;
    enum jz_commit_state state;
    bool stop;
    enum jz_status status;
    struct jz_batch *batch;
    uint8_t
        *arena; /**< the bodies of the batch: the caller's may go at the deadline, the thread may be late */
    size_t arena_bytes;
    int epoll_fd, event_fd, timer_fd; /**< epoll joins the other two: done, deadline */
};

struct jz_checkpointer {
    pthread_t thread;
    bool running;
    pthread_mutex_t lock; /**< guards stop, wal_bytes */
    pthread_cond_t wake;
    bool stop;
    uint64_t wal_bytes; /**< length of the log after the last commit; the checkpointer may restart it */
    uint64_t checked_bytes;
    sqlite3 *db;
    atomic_bool failed; /**< an fsync failed: no more appends, no more checkpoints */
};

struct jz_sqlite {
    struct jz_journal base;
    char path[JZ_SQLITE_PATH_MAX];
    enum jz_commit_mode mode;
    int lock_fd; /**< -1: not held */
    sqlite3 *writer, *reader, *snapshots;
    sqlite3_stmt *statement[JZ_SQL_COUNT];
    struct jz_chain chain; /**< goes with the writer */
    uint32_t page_bytes;
    uint32_t commit_us_mean;
    struct jz_committer committer;
    struct jz_checkpointer checkpointer;
};

static inline struct jz_sqlite *jz_sqlite_of(struct jz_journal *journal) {
    return (struct jz_sqlite *)journal;
}

/* sqlite.c */
/** What an SQLite result means; reads errno, which must have been cleared before the call that gave `result`.
 *  SQLITE_OK, ROW and DONE are JZ_OK. */
enum jz_status jz_sqlite_status(sqlite3 *db, int result);
JZ_MUST_CHECK enum jz_status jz_sqlite_connect(struct jz_sqlite *sqlite, const char *path, sqlite3 **db);
JZ_MUST_CHECK enum jz_status jz_sqlite_exec(sqlite3 *db, const char *sql);
/** Runs a pragma that answers one number. */
JZ_MUST_CHECK enum jz_status jz_sqlite_number(sqlite3 *db, const char *sql, int64_t *out);
JZ_MUST_CHECK enum jz_status jz_sqlite_prepare(struct jz_sqlite *sqlite, sqlite3 *db,
                                               enum jz_sqlite_statement which);
/** Steps a statement that gives no row, and resets it. */
JZ_MUST_CHECK enum jz_status jz_sqlite_run(sqlite3_stmt *statement);
/** SHA-256 over a shard's row, so that a flipped bit in epoch or offset is damage and not a number. */
JZ_MUST_CHECK enum jz_status jz_sqlite_seal(struct jz_chain *chain, uint32_t shard,
                                            const struct jz_shard_tail *tail, uint8_t seal[32]);
/** Binds id, epoch, next, chain and seal to parameters 1 to 5. The tail must stay until the statement is
 * reset. */
JZ_MUST_CHECK enum jz_status jz_sqlite_bind_tail(sqlite3_stmt *statement, uint32_t shard,
                                                 const struct jz_shard_tail *tail, const uint8_t seal[32]);

/* sqlite_commit.c */
JZ_MUST_CHECK enum jz_status jz_sqlite_committer_start(struct jz_sqlite *sqlite);
void jz_sqlite_committer_stop(struct jz_sqlite *sqlite);
enum jz_status jz_sqlite_take(struct jz_journal *journal, uint32_t shard, uint64_t epoch);
bool jz_sqlite_commit(struct jz_journal *journal, struct jz_batch *batch, int64_t deadline_ms,
                      enum jz_status *status);
bool jz_sqlite_poll(struct jz_journal *journal, enum jz_status *status);

/* sqlite_checkpoint.c */
JZ_MUST_CHECK enum jz_status jz_sqlite_checkpointer_start(struct jz_sqlite *sqlite);
void jz_sqlite_checkpointer_stop(struct jz_sqlite *sqlite);

/* sqlite_snapshot.c */
JZ_MUST_CHECK enum jz_status jz_sqlite_snapshots_open(struct jz_sqlite *sqlite);
enum jz_status jz_sqlite_snapshot_put(struct jz_journal *journal, const struct jz_snapshot *snapshot);
enum jz_status jz_sqlite_snapshot_get(struct jz_journal *journal, uint32_t nth, struct jz_snapshot *snapshot);

/* sqlite_wal.c */
/** Looks for damage that SQLite would take for the end of the log, before SQLite opens it. Absent or empty is
 * fine.
 *  @retval JZ_E_STORE_CHAIN  commits that had been made durable would be dropped in silence. */
JZ_MUST_CHECK enum jz_status jz_sqlite_wal_check(const char *wal_path);

#endif /* JZ_SQLITE_H */
