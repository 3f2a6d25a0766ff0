/* SPDX-License-Identifier: Apache-2.0 */
/* The one transaction of an append, and the thread that runs it when the disk is slow or the batch large. */
#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "sqlite.h"

/* The mean moves by an eighth of each difference: some eight commits to believe a change of the disk. */
#define MEAN_SHIFT 8

static int64_t now_us(void) {
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) abort(); /* exists on every Linux */
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static enum jz_status begin(struct jz_sqlite *sqlite) {
    enum jz_status status = jz_engine_fault(&sqlite->base, "begin");
    return status == JZ_OK ? jz_sqlite_run(sqlite->statement[JZ_SQL_BEGIN]) : status;
}

static enum jz_status insert(struct jz_sqlite *sqlite, uint64_t place, const struct jz_record *record,
                             const uint8_t chain[32]) {
    sqlite3_stmt *statement = sqlite->statement[JZ_SQL_INSERT];
    const void *body = record->bytes > 0 ? record->body : (const void *)"";
    int result = sqlite3_bind_int64(statement, 1, (int64_t)place);
    if (result == SQLITE_OK) result = sqlite3_bind_blob(statement, 2, record->key, 16, SQLITE_STATIC);
    if (result == SQLITE_OK)
        result = sqlite3_bind_blob(statement, 3, body, (int)record->bytes, SQLITE_STATIC);
    if (result == SQLITE_OK) result = sqlite3_bind_blob(statement, 4, chain, 32, SQLITE_STATIC);
    return result == SQLITE_OK ? jz_sqlite_run(statement) : jz_sqlite_status(sqlite->writer, result);
}

static enum jz_status insert_all(struct jz_sqlite *sqlite, struct jz_batch *batch) {
    enum jz_status status = JZ_OK;
    for (size_t i = 0; i < batch->count && status == JZ_OK; i++) {
        const struct jz_record *record = &batch->records[i];
        uint64_t offset = batch->first + i;
        status = jz_engine_fault(&sqlite->base, "insert");
        if (status == JZ_OK)
            status = jz_chain_next(&sqlite->chain, batch->chain, offset, record->key, record->body,
                                   record->bytes, batch->chain);
        uint64_t place = (uint64_t)batch->shard << JZ_PLACE_SHIFT | offset;
        if (status == JZ_OK) status = insert(sqlite, place, record, batch->chain);
    }
    return status;
}

/* Moves the stored tail, and is the fence: no row with this epoch, no append. */
static enum jz_status advance(struct jz_sqlite *sqlite, const struct jz_batch *batch) {
    sqlite3_stmt *statement = sqlite->statement[JZ_SQL_ADVANCE];
    struct jz_shard_tail tail = {.epoch = batch->epoch, .next = batch->first + batch->count};
    uint8_t seal[32];
    memcpy(tail.chain, batch->chain, sizeof tail.chain);
    enum jz_status status = jz_sqlite_seal(&sqlite->chain, batch->shard, &tail, seal);
    if (status == JZ_OK) status = jz_sqlite_bind_tail(statement, batch->shard, &tail, seal);
    if (status == JZ_OK) status = jz_sqlite_run(statement);
    if (status == JZ_OK && sqlite3_changes(sqlite->writer) != 1) status = JZ_E_STORE_FENCED;
    (void)sqlite3_clear_bindings(statement); /* always SQLITE_OK; the bound storage ends with this function */
    return status;
}

static enum jz_status commit(struct jz_sqlite *sqlite, uint32_t *took_us) {
    enum jz_status status = jz_engine_fault(&sqlite->base, "commit");
    if (status != JZ_OK) return status;
    int64_t start = now_us();
    status = jz_sqlite_run(sqlite->statement[JZ_SQL_COMMIT]);
    int64_t took = now_us() - start;
    *took_us = took > UINT32_MAX ? UINT32_MAX : (uint32_t)took;
    bool known = status == JZ_OK || status == JZ_E_STORE_FULL || status == JZ_E_STORE_IO;
    /* Any other error with no transaction left open does not say whether the commit happened. */
    return known || !sqlite3_get_autocommit(sqlite->writer) ? status : JZ_E_STORE_UNKNOWN;
}

/* Takes back what a failed step left open. A rollback that fails leaves a writer that cannot be believed. */
static enum jz_status settle(struct jz_sqlite *sqlite, enum jz_status status) {
    if (status != JZ_OK && !sqlite3_get_autocommit(sqlite->writer) &&
        jz_sqlite_run(sqlite->statement[JZ_SQL_ROLLBACK]) != JZ_OK)
        return JZ_E_STORE_IO;
    return status;
}

static enum jz_status transaction(struct jz_sqlite *sqlite, struct jz_batch *batch) {
    if (atomic_load(&sqlite->checkpointer.failed)) return JZ_E_STORE_IO;
    enum jz_status status = begin(sqlite);
    if (status == JZ_OK) status = insert_all(sqlite, batch);
    if (status == JZ_OK) status = advance(sqlite, batch);
    if (status == JZ_OK) status = commit(sqlite, &batch->commit_us);
    return settle(sqlite, status);
}

enum jz_status jz_sqlite_take(struct jz_journal *journal, uint32_t shard, uint64_t epoch) {
    struct jz_sqlite *sqlite = jz_sqlite_of(journal);
    sqlite3_stmt *statement = sqlite->statement[JZ_SQL_TAKE];
    struct jz_shard_tail tail = journal->shard[shard].tail;
    uint8_t seal[32];
    uint32_t took_us = 0;
    if (atomic_load(&sqlite->checkpointer.failed)) return JZ_E_STORE_IO;
    tail.epoch = epoch;
    enum jz_status status = begin(sqlite);
    if (status == JZ_OK) status = jz_sqlite_seal(&sqlite->chain, shard, &tail, seal);
    if (status == JZ_OK) status = jz_sqlite_bind_tail(statement, shard, &tail, seal);
    if (status == JZ_OK) status = jz_sqlite_run(statement);
    if (status == JZ_OK) status = commit(sqlite, &took_us);
    (void)sqlite3_clear_bindings(statement); /* always SQLITE_OK; the bound storage ends with this function */
    return settle(sqlite, status);
}

static void learn(struct jz_sqlite *sqlite, uint32_t sample_us) {
    int64_t mean = sqlite->commit_us_mean;
    sqlite->commit_us_mean = (uint32_t)(mean + ((int64_t)sample_us - mean) / MEAN_SHIFT);
}

static bool goes_inline(const struct jz_sqlite *sqlite, const struct jz_batch *batch) {
    if (sqlite->mode != JZ_COMMIT_AUTO) return sqlite->mode == JZ_COMMIT_INLINE;
    return sqlite->commit_us_mean < JZ_INLINE_COMMIT_US_MAX && batch->bytes <= JZ_INLINE_BATCH_BYTES_MAX;
}

static enum jz_status copy_bodies(struct jz_committer *committer, struct jz_batch *batch) {
    if (batch->bytes > committer->arena_bytes) {
        uint8_t *arena = realloc(committer->arena, batch->bytes);
        if (!arena) return JZ_E_MEMORY;
        committer->arena = arena;
        committer->arena_bytes = batch->bytes;
    }
    uint8_t *to = committer->arena;
    for (size_t i = 0; i < batch->count; i++) {
        struct jz_record *record = &batch->records[i];
        if (record->bytes == 0) continue;
        memcpy(to, record->body, record->bytes);
        record->body = to;
        to += record->bytes;
    }
    return JZ_OK;
}

/* Makes the descriptor readable at the deadline. Virtual clocks may run differently; poll asks them again. */
static enum jz_status arm(struct jz_committer *committer, int64_t left_ms) {
    struct itimerspec at = {.it_value = {.tv_sec = left_ms / 1000, .tv_nsec = left_ms % 1000 * 1000000}};
    return timerfd_settime(committer->timer_fd, 0, &at, NULL) == 0 ? JZ_OK : JZ_E_FILE;
}

static enum jz_status submit(struct jz_sqlite *sqlite, struct jz_batch *batch, int64_t deadline_ms) {
    struct jz_committer *committer = &sqlite->committer;
    enum jz_status status = copy_bodies(committer, batch);
    int64_t left_ms = deadline_ms == INT64_MAX ? 0 : deadline_ms - jz_hooks_mono_ms(sqlite->base.hooks);
    if (status == JZ_OK && deadline_ms != INT64_MAX) status = arm(committer, left_ms > 0 ? left_ms : 1);
    if (status != JZ_OK) return status;
    pthread_mutex_lock(&committer->lock);
    committer->batch = batch;
    committer->state = JZ_COMMIT_SUBMITTED;
    pthread_cond_signal(&committer->wake);
    pthread_mutex_unlock(&committer->lock);
    return JZ_OK;
}

bool jz_sqlite_commit(struct jz_journal *journal, struct jz_batch *batch, int64_t deadline_ms,
                      enum jz_status *status) {
    struct jz_sqlite *sqlite = jz_sqlite_of(journal);
    batch->ran_inline = goes_inline(sqlite, batch);
    if (!batch->ran_inline) {
        *status = submit(sqlite, batch, deadline_ms);
        return *status != JZ_OK;
    }
    *status = transaction(sqlite, batch);
    if (*status == JZ_OK) learn(sqlite, batch->commit_us);
    return true;
}

static void drain(int fd) {
    uint64_t ignored;
    ssize_t got = read(fd, &ignored, sizeof ignored);
    (void)got; /* EAGAIN: nothing was waiting */
}

/* Not done yet: if the timer went off early for the journal's own clock, set it again, or its descriptor
 * would stay readable and the loop spin. */
static void rearm(struct jz_sqlite *sqlite) {
    struct jz_journal *journal = &sqlite->base;
    drain(sqlite->committer.timer_fd);
    if (journal->deadline_ms == INT64_MAX) return;
    int64_t left_ms = journal->deadline_ms - jz_hooks_mono_ms(journal->hooks);
    if (left_ms > 0 && arm(&sqlite->committer, left_ms) != JZ_OK)
        abort(); /* a valid time on our own descriptor */
}

bool jz_sqlite_poll(struct jz_journal *journal, enum jz_status *status) {
    struct jz_sqlite *sqlite = jz_sqlite_of(journal);
    struct jz_committer *committer = &sqlite->committer;
    bool threaded =
        committer->running; /* else the thread has been joined, and its result may still be here */
    if (threaded) pthread_mutex_lock(&committer->lock);
    bool finished = committer->state == JZ_COMMIT_FINISHED;
    bool under_way = committer->state == JZ_COMMIT_SUBMITTED;
    if (finished) committer->state = JZ_COMMIT_IDLE;
    *status = committer->status;
    if (threaded) pthread_mutex_unlock(&committer->lock);
    if (threaded && finished) {
        drain(committer->event_fd);
        if (arm(committer, 0) != JZ_OK) abort(); /* a valid time on our own descriptor */
        drain(committer->timer_fd);
    }
    if (threaded && under_way) rearm(sqlite);
    if (finished && *status == JZ_OK) learn(sqlite, committer->batch->commit_us);
    return finished;
}

static void *committer_main(void *argument) {
    struct jz_sqlite *sqlite = argument;
    struct jz_committer *committer = &sqlite->committer;
    pthread_mutex_lock(&committer->lock);
    while (!committer->stop || committer->state == JZ_COMMIT_SUBMITTED) {
        if (committer->state != JZ_COMMIT_SUBMITTED) {
            pthread_cond_wait(&committer->wake, &committer->lock);
            continue;
        }
        pthread_mutex_unlock(&committer->lock);
        enum jz_status status = transaction(sqlite, committer->batch);
        pthread_mutex_lock(&committer->lock);
        committer->status = status;
        committer->state = JZ_COMMIT_FINISHED;
        if (eventfd_write(committer->event_fd, 1) != 0) abort(); /* cannot fail before 2^64 commits unread */
    }
    pthread_mutex_unlock(&committer->lock);
    return NULL;
}

static bool watch(const struct jz_committer *committer, int fd) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    return fd >= 0 && epoll_ctl(committer->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

static void close_descriptors(struct jz_committer *committer) {
    int fds[] = {committer->event_fd, committer->timer_fd, committer->epoll_fd};
    for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++)
        if (fds[i] >= 0) close(fds[i]);
    committer->event_fd = committer->timer_fd = committer->epoll_fd = -1;
}

static bool open_descriptors(struct jz_committer *committer) {
    committer->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    committer->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    committer->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    bool good = committer->epoll_fd >= 0 && watch(committer, committer->event_fd) &&
                watch(committer, committer->timer_fd);
    if (!good) close_descriptors(committer);
    return good;
}

enum jz_status jz_sqlite_committer_start(struct jz_sqlite *sqlite) {
    struct jz_committer *committer = &sqlite->committer;
    if (!open_descriptors(committer)) return JZ_E_FILE;
    bool lock = pthread_mutex_init(&committer->lock, NULL) == 0;
    bool wake = lock && pthread_cond_init(&committer->wake, NULL) == 0;
    committer->running = wake && pthread_create(&committer->thread, NULL, committer_main, sqlite) == 0;
    if (committer->running) return JZ_OK;
    if (wake) pthread_cond_destroy(&committer->wake);
    if (lock) pthread_mutex_destroy(&committer->lock);
    close_descriptors(committer);
    return JZ_E_MEMORY;
}

void jz_sqlite_committer_stop(struct jz_sqlite *sqlite) {
    struct jz_committer *committer = &sqlite->committer;
    if (!committer->running) return;
    pthread_mutex_lock(&committer->lock);
    committer->stop = true;
    pthread_cond_signal(&committer->wake);
    pthread_mutex_unlock(&committer->lock);
    int joined = pthread_join(committer->thread, NULL);
    assert(joined == 0);
    (void)joined;
    committer->running = false;
    pthread_cond_destroy(&committer->wake);
    pthread_mutex_destroy(&committer->lock);
    close_descriptors(committer);
    free(committer->arena);
    committer->arena = NULL;
}
