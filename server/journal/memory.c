/* SPDX-License-Identifier: Apache-2.0 */
/* The journal without a disk, for tests and the simulator: "memory:" commits inside the append,
 * "memory:?commit=thread" shows the caller the other order, `done` from jz_journal_service, without a thread.
 * Its level is 1: it stands in for one disk that forgets when it is closed. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "engine.h"

#define FIRST_ROWS 64u

struct memory_row {
    uint8_t key[16];
    uint8_t chain[32];
    uint32_t bytes;
    uint8_t *body;
};
struct memory_shard {
    struct jz_shard_tail tail;
    struct memory_row *row;
    uint64_t room;
    struct jz_snapshot snapshot[JZ_SNAPSHOTS_KEPT]; /* newest first; state NULL: none */
};
struct memory {
    struct jz_journal base;
    struct memory_shard shard[JZ_SHARDS_MAX];
    int event_fd; /* -1: every commit is inline */
    bool waiting;
    enum jz_status outcome;
};

static struct memory *memory_of(struct jz_journal *journal) {
    return (struct memory *)journal;
}

static enum jz_status memory_open(struct jz_journal *journal, const char *rest) {
    struct memory *memory = memory_of(journal);
    bool deferred = strcmp(rest, "?commit=thread") == 0;
    memory->event_fd = -1;
    if (!deferred && rest[0] != '\0' && strcmp(rest, "?commit=inline") != 0) return JZ_E_CONFIG;
    if (deferred) memory->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return deferred && memory->event_fd < 0 ? JZ_E_FILE : JZ_OK;
}

static void drop_shard(struct memory_shard *shard) {
    for (uint64_t i = 0; i < shard->tail.next; i++) free(shard->row[i].body);
    for (uint32_t i = 0; i < JZ_SNAPSHOTS_KEPT; i++) free(shard->snapshot[i].state);
    free(shard->row);
    *shard = (struct memory_shard){0};
}

static void memory_close(struct jz_journal *journal) {
    struct memory *memory = memory_of(journal);
    for (uint32_t i = 0; i < JZ_SHARDS_MAX; i++) drop_shard(&memory->shard[i]);
    if (memory->event_fd > 0) close(memory->event_fd);
    memory->event_fd = -1;
}

static enum jz_status memory_load(struct jz_journal *journal, uint32_t shard, struct jz_shard_tail *out) {
    *out = memory_of(journal)->shard[shard].tail;
    return JZ_OK;
}

static enum jz_status memory_take(struct jz_journal *journal, uint32_t shard, uint64_t epoch) {
    enum jz_status status = jz_engine_fault(journal, "begin");
    if (status == JZ_OK) status = jz_engine_fault(journal, "commit");
    if (status == JZ_OK) memory_of(journal)->shard[shard].tail.epoch = epoch;
    return status;
}

static enum jz_status grow(struct memory_shard *shard, uint64_t wanted) {
    uint64_t room = shard->room ? shard->room : FIRST_ROWS;
    while (room < wanted) room *= 2u;
    if (room == shard->room) return JZ_OK;
    struct memory_row *row = realloc(shard->row, room * sizeof *row);
    if (!row) return JZ_E_STORE_FULL;
    shard->row = row;
    shard->room = room;
    return JZ_OK;
}

/* Fills the row behind the tail; the tail itself goes forward only at the commit. */
static enum jz_status insert(struct memory *memory, struct memory_row *row, const struct jz_batch *batch,
                             size_t i, uint8_t chain[32]) {
    const struct jz_record *record = &batch->records[i];
    enum jz_status status = jz_engine_fault(&memory->base, "insert");
    if (status == JZ_OK)
        status = jz_chain_next(&memory->base.chain, chain, batch->first + i, record->key, record->body,
                               record->bytes, chain);
    if (status != JZ_OK) return status;
    *row = (struct memory_row){.bytes = record->bytes, .body = malloc(record->bytes + 1u)};
    if (!row->body) return JZ_E_STORE_FULL;
    memcpy(row->key, record->key, sizeof row->key);
    memcpy(row->chain, chain, sizeof row->chain);
    if (record->bytes > 0) memcpy(row->body, record->body, record->bytes);
    return JZ_OK;
}

static enum jz_status transaction(struct memory *memory, struct jz_batch *batch) {
    struct memory_shard *shard = &memory->shard[batch->shard];
    uint8_t chain[32];
    memcpy(chain, batch->chain, sizeof chain);
    enum jz_status status = jz_engine_fault(&memory->base, "begin");
    if (status == JZ_OK && shard->tail.epoch != batch->epoch) status = JZ_E_STORE_FENCED;
    if (status == JZ_OK) status = grow(shard, batch->first + batch->count);
    size_t done = 0;
    for (; done < batch->count && status == JZ_OK; done += status == JZ_OK)
        status = insert(memory, &shard->row[batch->first + done], batch, done, chain);
    if (status == JZ_OK) status = jz_engine_fault(&memory->base, "commit");
    for (; status != JZ_OK && done > 0; done--) free(shard->row[batch->first + done - 1].body);
    if (status != JZ_OK) return status;
    shard->tail.next += batch->count;
    memcpy(shard->tail.chain, chain, sizeof chain);
    memcpy(batch->chain, chain, sizeof chain);
    return JZ_OK;
}

static bool memory_commit(struct jz_journal *journal, struct jz_batch *batch, int64_t deadline_ms,
                          enum jz_status *status) {
    (void)deadline_ms; /* nothing here can take long */
    struct memory *memory = memory_of(journal);
    batch->ran_inline = memory->event_fd < 0;
    *status = memory->outcome = transaction(memory, batch);
    if (batch->ran_inline) return true;
    if (eventfd_write(memory->event_fd, 1) != 0) return true;
    memory->waiting = true;
    return false;
}

static bool memory_poll(struct jz_journal *journal, enum jz_status *status) {
    struct memory *memory = memory_of(journal);
    if (!memory->waiting) return false;
    eventfd_t ignored;
    if (memory->event_fd >= 0) (void)eventfd_read(memory->event_fd, &ignored); /* EAGAIN: drained before */
    memory->waiting = false;
    *status = memory->outcome;
    return true;
}

static bool give_row(const struct memory_shard *shard, uint64_t offset, jz_row_each each, void *context) {
    const struct memory_row *row = &shard->row[offset];
    struct jz_row out = {
        .offset = offset, .key = row->key, .body = row->body, .chain = row->chain, .bytes = row->bytes};
    return each(context, &out);
}

static enum jz_status memory_rows(struct jz_journal *journal, uint32_t number, uint64_t from, uint64_t end,
                                  bool descending, jz_row_each each, void *context) {
    const struct memory_shard *shard = &memory_of(journal)->shard[number];
    if (end > shard->tail.next) end = shard->tail.next;
    bool go_on = true;
    for (uint64_t i = from; i < end && go_on; i++)
        go_on = give_row(shard, descending ? end - 1 - (i - from) : i, each, context);
    return JZ_OK;
}

static enum jz_status copy_snapshot(const struct jz_snapshot *from, struct jz_snapshot *to) {
    *to = *from;
    to->state = malloc(from->bytes + 1u);
    if (!to->state) return JZ_E_MEMORY;
    if (from->bytes > 0) memcpy(to->state, from->state, from->bytes);
    return JZ_OK;
}

/* The place for an offset: over the same one, before the first older one, or none. */
static uint32_t snapshot_place(const struct memory_shard *shard, uint64_t offset) {
    uint32_t i = 0;
    while (i < JZ_SNAPSHOTS_KEPT && shard->snapshot[i].state && shard->snapshot[i].offset > offset) i++;
    return i;
}

static enum jz_status memory_snapshot_put(struct jz_journal *journal, const struct jz_snapshot *snapshot) {
    struct memory_shard *shard = &memory_of(journal)->shard[snapshot->shard];
    struct jz_snapshot copy, *kept = shard->snapshot;
    uint32_t place = snapshot_place(shard, snapshot->offset);
    if (place == JZ_SNAPSHOTS_KEPT) return JZ_OK; /* older than the ones kept: dropped at once */
    enum jz_status status = copy_snapshot(snapshot, &copy);
    if (status != JZ_OK) return status;
    bool replaces = kept[place].state && kept[place].offset == snapshot->offset;
    uint32_t last = replaces ? place : JZ_SNAPSHOTS_KEPT - 1u;
    free(kept[last].state);
    memmove(&kept[place + 1], &kept[place], (last - place) * sizeof *kept);
    kept[place] = copy;
    return JZ_OK;
}

static enum jz_status memory_snapshot_get(struct jz_journal *journal, uint32_t nth,
                                          struct jz_snapshot *snapshot) {
    const struct jz_snapshot *kept = &memory_of(journal)->shard[snapshot->shard].snapshot[nth];
    return kept->state ? copy_snapshot(kept, snapshot) : JZ_E_FILE;
}

static int memory_fd(const struct jz_journal *journal) {
    return ((const struct memory *)journal)->event_fd;
}

const struct jz_engine jz_engine_memory = {
    .scheme = "memory:",
    .bytes = sizeof(struct memory),
    .open = memory_open,
    .close = memory_close,
    .load = memory_load,
    .take = memory_take,
    .commit = memory_commit,
    .poll = memory_poll,
    .rows = memory_rows,
    .snapshot_put = memory_snapshot_put,
    .snapshot_get = memory_snapshot_get,
    .fd = memory_fd,
};
