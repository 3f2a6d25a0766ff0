/* SPDX-License-Identifier: Apache-2.0 */
/* An append in three steps: plan (which records are new, and at which offset), commit (the engine, in one
 * transaction), finish (tail and marks go forward, or the marks go back; `done` tells). */
#include <assert.h>
#include <string.h>

#include "bytes.h"
#include "engine.h"

struct search {
    uint64_t source, sequence, offset;
    bool found;
};

/* Keys of a source ascend, so the first smaller one of the same source ends the search. */
static bool search_key(struct search *search, const uint8_t key[16], uint64_t offset) {
    if (jz_get_be64(key) != search->source) return true;
    uint64_t sequence = jz_get_be64(key + 8);
    search->found = sequence == search->sequence;
    search->offset = offset;
    return sequence > search->sequence;
}

static bool search_row(void *context, const struct jz_row *row) {
    return !row->chain || search_key(context, row->key, row->offset);
}

/* The rare path: a key older than the newest of its source. First among the new records of this batch, then
 * backwards on disk from the newest record that this source has there. */
static enum jz_status find_older(struct jz_journal *journal, struct search *search, uint64_t newest) {
    const struct jz_batch *batch = &journal->batch;
    bool go_on = true;
    for (size_t i = batch->count; i > 0 && go_on; i--)
        go_on = search_key(search, batch->records[i - 1].key, batch->first + i - 1);
    uint64_t end = newest < batch->first ? newest + 1 : batch->first;
    enum jz_status status = JZ_OK;
    if (go_on && journal->reading) return JZ_E_FULL;
    if (go_on) status = journal->engine->rows(journal, batch->shard, 0, end, true, search_row, search);
    if (status != JZ_OK) return status;
    return search->found ? JZ_OK : JZ_E_STORE_ORDER;
}

static void plan_new(struct jz_journal *journal, const struct jz_record *record, uint64_t sequence,
                     struct jz_appended *result) {
    struct jz_batch *batch = &journal->batch;
    result->offset = batch->first + batch->count;
    struct jz_mark mark = {.source = jz_get_be64(record->key),
                           .sequence = sequence,
                           .place = (uint64_t)batch->shard << JZ_PLACE_SHIFT | result->offset};
    jz_marks_set(&journal->marks, &mark, &journal->undo[batch->count]);
    batch->records[batch->count++] = *record;
    batch->bytes += record->bytes;
}

static enum jz_status plan_record(struct jz_journal *journal, const struct jz_record *record,
                                  struct jz_appended *result) {
    if (record->bytes > JZ_RECORD_BYTES_MAX) return JZ_E_STORE_TOO_BIG;
    assert(record->body || record->bytes == 0);
    *result = (struct jz_appended){.status = JZ_OK, .level = 1};
    struct search search = {.source = jz_get_be64(record->key), .sequence = jz_get_be64(record->key + 8)};
    const struct jz_mark *mark = jz_marks_find(&journal->marks, journal->batch.shard, search.source);
    if (!mark || search.sequence > mark->sequence) {
        plan_new(journal, record, search.sequence, result);
        return journal->batch.bytes > JZ_BATCH_BYTES_MAX ? JZ_E_STORE_TOO_BIG : JZ_OK;
    }
    result->duplicate = true;
    result->offset = mark->place & JZ_PLACE_OFFSET_MASK;
    if (search.sequence == mark->sequence) return JZ_OK;
    enum jz_status status = find_older(journal, &search, result->offset);
    result->offset = search.offset;
    return status;
}

static void undo_marks(struct jz_journal *journal) {
    for (size_t i = journal->batch.count; i > 0; i--) jz_marks_undo(&journal->marks, &journal->undo[i - 1]);
}

static enum jz_status plan(struct jz_journal *journal, const struct jz_lease *lease,
                           const struct jz_record *records, size_t count) {
    const struct jz_shard_tail *tail = &journal->shard[lease->shard].tail;
    journal->batch = (struct jz_batch){
        .shard = lease->shard, .epoch = lease->epoch, .first = tail->next, .records = journal->fresh};
    memcpy(journal->batch.chain, tail->chain, sizeof tail->chain);
    journal->result_count = count;
    enum jz_status status = jz_marks_reserve(&journal->marks, (uint32_t)count);
    for (size_t i = 0; i < count && status == JZ_OK; i++)
        status = plan_record(journal, &records[i], &journal->results[i]);
    if (status == JZ_OK && tail->next + journal->batch.count >= JZ_PLACE_OFFSET_MASK) status = JZ_E_FULL;
    if (status != JZ_OK) undo_marks(journal);
    return status;
}

static void count_commit(struct jz_journal *journal) {
    struct jz_journal_stats *stats = &journal->stats;
    const struct jz_batch *batch = &journal->batch;
    stats->commits++;
    if (batch->ran_inline) stats->inline_commits++;
    stats->records += batch->count;
    stats->bytes += batch->bytes;
    stats->last_commit_us = batch->commit_us;
    if (batch->commit_us > stats->max_commit_us) stats->max_commit_us = batch->commit_us;
}

static void tell(struct jz_journal *journal, enum jz_status status) {
    journal->deadline_ms = INT64_MAX; /* `done` may call jz_journal_service; it must not be told twice */
    for (size_t i = 0; i < journal->result_count && status != JZ_OK; i++)
        journal->results[i] = (struct jz_appended){.status = status};
    journal->done(journal->done_context, journal->results, journal->result_count);
}

/* Nothing in memory goes forward before this, and this runs only when the outcome is known. */
static void finish(struct jz_journal *journal, enum jz_status status) {
    struct jz_batch *batch = &journal->batch;
    struct jz_shard_tail *tail = &journal->shard[batch->shard].tail;
    if (status != JZ_OK) {
        undo_marks(journal);
    } else if (batch->count > 0) {
        tail->next += batch->count;
        memcpy(tail->chain, batch->chain, sizeof tail->chain);
        count_commit(journal);
    }
    if (status == JZ_E_STORE_IO) journal->broken = true;
    if (status == JZ_E_STORE_UNKNOWN) journal->resync = true;
    if (!journal->late) tell(journal, status); /* still busy: an append from inside `done` is refused */
    journal->late = false;
    journal->busy = false;
}

enum jz_status jz_journal_settle(struct jz_journal *journal) {
    enum jz_status status = JZ_OK;
    if (journal->busy && !journal->late) return JZ_E_FULL;
    if (journal->late) {
        if (!journal->engine->poll(journal, &status)) return JZ_E_STORE_UNKNOWN;
        finish(journal, status);
    }
    if (!journal->resync || journal->broken) return JZ_OK;
    status = jz_journal_catch_up(journal, journal->batch.shard);
    if (status == JZ_OK) journal->resync = false;
    return status;
}

static enum jz_status may_append(struct jz_journal *journal, const struct jz_lease *lease, size_t count) {
    if (count > JZ_BATCH_RECORDS_MAX) return JZ_E_COUNT;
    if (count == 0) return JZ_E_EMPTY;
    if (lease->shard >= JZ_SHARDS_MAX) return JZ_E_VALUE;
    enum jz_status status = jz_journal_settle(journal);
    if (status != JZ_OK) return status;
    if (journal->broken) return JZ_E_STORE_IO;
    const struct jz_shard *shard = &journal->shard[lease->shard];
    if (shard->health != JZ_OK) return shard->health;
    return !shard->held || lease->epoch != shard->tail.epoch ? JZ_E_STORE_FENCED : JZ_OK;
}

enum jz_status jz_journal_append(struct jz_journal *journal, const struct jz_lease *lease,
                                 const struct jz_record *records, size_t count, uint32_t deadline_ms,
                                 jz_append_done done, void *context) {
    assert(journal && lease && records && done);
    enum jz_status status = may_append(journal, lease, count);
    if (status == JZ_OK) status = plan(journal, lease, records, count);
    if (status != JZ_OK) return status;
    journal->busy = true;
    journal->done = done;
    journal->done_context = context;
    journal->deadline_ms = deadline_ms ? jz_hooks_mono_ms(journal->hooks) + deadline_ms : INT64_MAX;
    bool over = journal->batch.count == 0; /* all of them durable already */
    if (!over) over = journal->engine->commit(journal, &journal->batch, journal->deadline_ms, &status);
    if (over) finish(journal, status);
    return JZ_OK;
}

void jz_journal_service(struct jz_journal *journal) {
    if (!journal->busy) return;
    enum jz_status status = JZ_OK;
    if (journal->engine->poll(journal, &status)) {
        finish(journal, status);
    } else if (!journal->late && jz_hooks_mono_ms(journal->hooks) >= journal->deadline_ms) {
        journal->late = true;
        tell(journal, JZ_E_STORE_UNKNOWN);
    }
}
