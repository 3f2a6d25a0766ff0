/* SPDX-License-Identifier: Apache-2.0 */
/* Moves the log into the database from a thread and connection of its own. In the commit path it costs up to
 * 19 ms at the 99.9th percentile, from here about 5 (performance.md, 5). */
#include <assert.h>
#include <errno.h>
#include <time.h>

#include "sqlite.h"

static int after_commit(void *context, sqlite3 *db, const char *name, int pages) {
    (void)db;
    (void)name;
    struct jz_sqlite *sqlite = context;
    struct jz_checkpointer *checkpointer = &sqlite->checkpointer;
    pthread_mutex_lock(&checkpointer->lock);
    checkpointer->wal_bytes = (uint64_t)pages * sqlite->page_bytes;
    /* Less than was checked last time: the log has started again from its beginning. */
    if (checkpointer->wal_bytes < checkpointer->checked_bytes) checkpointer->checked_bytes = 0;
    bool due = checkpointer->wal_bytes - checkpointer->checked_bytes >= JZ_CHECKPOINT_WAL_BYTES;
    if (due) pthread_cond_signal(&checkpointer->wake);
    pthread_mutex_unlock(&checkpointer->lock);
    return SQLITE_OK;
}

/* A full disk or a busy log is tried again: nothing was lost, the log still has it. A failed fsync is not:
 * the kernel has dropped the pages, and the next fsync would call them safe. */
static void judge(struct jz_checkpointer *checkpointer, enum jz_status status) {
    if (status == JZ_E_STORE_IO || status == JZ_E_STORE_CHAIN) atomic_store(&checkpointer->failed, true);
}

static void checkpoint(struct jz_sqlite *sqlite, uint64_t wal_bytes) {
    struct jz_checkpointer *checkpointer = &sqlite->checkpointer;
    enum jz_status status = jz_engine_fault(&sqlite->base, "checkpoint");
    int result = SQLITE_OK;
    errno = 0;
    if (status == JZ_OK)
        result = sqlite3_wal_checkpoint_v2(checkpointer->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (status == JZ_OK && result == SQLITE_OK && wal_bytes > JZ_RESTART_WAL_BYTES) {
        int how = wal_bytes > JZ_TRUNCATE_WAL_BYTES ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_RESTART;
        result = sqlite3_wal_checkpoint_v2(checkpointer->db, NULL, how, NULL, NULL);
    }
    if (status == JZ_OK) status = jz_sqlite_status(checkpointer->db, result);
    judge(checkpointer, status);
}

/* Waits for the period, for enough log, or for the end. */
static void wait_for_work(struct jz_checkpointer *checkpointer) {
    struct timespec until;
    int clock = clock_gettime(CLOCK_MONOTONIC, &until);
    assert(clock == 0);
    (void)clock;
    until.tv_nsec += JZ_CHECKPOINT_EVERY_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    int waited = 0;
    while (!checkpointer->stop && waited == 0 &&
           checkpointer->wal_bytes - checkpointer->checked_bytes < JZ_CHECKPOINT_WAL_BYTES)
        waited = pthread_cond_timedwait(&checkpointer->wake, &checkpointer->lock, &until);
}

static void *checkpointer_main(void *argument) {
    struct jz_sqlite *sqlite = argument;
    struct jz_checkpointer *checkpointer = &sqlite->checkpointer;
    pthread_mutex_lock(&checkpointer->lock);
    while (!checkpointer->stop && !atomic_load(&checkpointer->failed)) {
        wait_for_work(checkpointer);
        uint64_t wal_bytes = checkpointer->wal_bytes;
        if (checkpointer->stop || wal_bytes == checkpointer->checked_bytes) continue;
        checkpointer->checked_bytes = wal_bytes;
        pthread_mutex_unlock(&checkpointer->lock);
        checkpoint(sqlite, wal_bytes);
        pthread_mutex_lock(&checkpointer->lock);
    }
    pthread_mutex_unlock(&checkpointer->lock);
    return NULL;
}

static bool init_wake(pthread_cond_t *wake) {
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes) != 0) return false;
    bool good = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
                pthread_cond_init(wake, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    return good;
}

enum jz_status jz_sqlite_checkpointer_start(struct jz_sqlite *sqlite) {
    struct jz_checkpointer *checkpointer = &sqlite->checkpointer;
    enum jz_status status = jz_sqlite_connect(sqlite, sqlite->path, &checkpointer->db);
    if (status == JZ_OK) status = jz_sqlite_exec(checkpointer->db, "PRAGMA synchronous=FULL");
    if (status == JZ_OK)
        status =
            jz_sqlite_status(checkpointer->db, sqlite3_busy_timeout(checkpointer->db, JZ_CHECKPOINT_BUSY_MS));
    if (status != JZ_OK) return status;
    bool lock = pthread_mutex_init(&checkpointer->lock, NULL) == 0;
    bool wake = lock && init_wake(&checkpointer->wake);
    checkpointer->running =
        wake && pthread_create(&checkpointer->thread, NULL, checkpointer_main, sqlite) == 0;
    if (checkpointer->running) {
        (void)sqlite3_wal_hook(sqlite->writer, after_commit,
                               sqlite); /* returns the hook before: there was none */
        return JZ_OK;
    }
    if (wake) pthread_cond_destroy(&checkpointer->wake);
    if (lock) pthread_mutex_destroy(&checkpointer->lock);
    return JZ_E_MEMORY;
}

void jz_sqlite_checkpointer_stop(struct jz_sqlite *sqlite) {
    struct jz_checkpointer *checkpointer = &sqlite->checkpointer;
    if (checkpointer->running) {
        pthread_mutex_lock(&checkpointer->lock);
        checkpointer->stop = true;
        pthread_cond_signal(&checkpointer->wake);
        pthread_mutex_unlock(&checkpointer->lock);
        int joined = pthread_join(checkpointer->thread, NULL);
        assert(joined == 0);
        (void)joined;
        pthread_cond_destroy(&checkpointer->wake);
        pthread_mutex_destroy(&checkpointer->lock);
        checkpointer->running = false;
    }
    int closed = sqlite3_close(checkpointer->db);
    assert(closed == SQLITE_OK);
    (void)closed;
    checkpointer->db = NULL;
}
