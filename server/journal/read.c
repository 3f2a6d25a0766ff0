/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "bytes.h"
#include "engine.h"

/* One walk over rows in ascending order. Every row must be the expected offset and hash to its stored chain
 * value; what the caller of jz_journal_read gets, and what catch_up believes, has passed here. */
struct walk {
    struct jz_journal *journal;
    uint64_t expected;
    uint8_t chain[32];
    bool seeding; /* the next row only gives the chain value before the first wanted one */
    bool stopped;
    enum jz_status status;
    uint32_t shard;
    jz_read_record each; /* NULL: take the record into the marks */
    void *context;
};

static enum jz_status verify(struct walk *walk, const struct jz_row *row) {
    if (row->offset != walk->expected || !row->chain) return JZ_E_STORE_CHAIN;
    if (walk->seeding) {
        memcpy(walk->chain, row->chain, sizeof walk->chain);
        return JZ_OK;
    }
    uint8_t next[32];
    enum jz_status status =
        jz_chain_next(&walk->journal->chain, walk->chain, row->offset, row->key, row->body, row->bytes, next);
    if (status != JZ_OK) return status;
    if (memcmp(next, row->chain, sizeof next) != 0) return JZ_E_STORE_CHAIN;
    memcpy(walk->chain, next, sizeof next);
    return JZ_OK;
}

static enum jz_status remember(struct walk *walk, const struct jz_row *row) {
    struct jz_marks *marks = &walk->journal->marks;
    enum jz_status status = jz_marks_reserve(marks, 1);
    if (status != JZ_OK) return status;
    struct jz_mark mark = {.source = jz_get_be64(row->key),
                           .sequence = jz_get_be64(row->key + 8),
                           .place = (uint64_t)walk->shard << JZ_PLACE_SHIFT | row->offset};
    struct jz_mark_undo undo;
    jz_marks_set(marks, &mark, &undo);
    return JZ_OK;
}

static bool walk_row(void *context, const struct jz_row *row) {
    struct walk *walk = context;
    walk->status = verify(walk, row);
    if (walk->status != JZ_OK) return false;
    walk->expected++;
    if (walk->seeding) {
        walk->seeding = false;
        return true;
    }
    if (walk->each)
        walk->stopped = !walk->each(walk->context, row->offset, row->key, row->body, row->bytes);
    else
        walk->status = remember(walk, row);
    return walk->status == JZ_OK && !walk->stopped;
}

static enum jz_status walk_rows(struct walk *walk, uint64_t end) {
    struct jz_journal *journal = walk->journal;
    if (journal->reading) return JZ_E_FULL;
    journal->reading = true;
    enum jz_status status =
        journal->engine->rows(journal, walk->shard, walk->expected, end, false, walk_row, walk);
    journal->reading = false;
    return status == JZ_OK ? walk->status : status;
}

/* The stored tail is the record of what was acknowledged: rows that end before it, or go on after it, are
 * damage. */
static bool agrees(const struct walk *walk, const struct jz_shard_tail *stored) {
    return walk->expected == stored->next && memcmp(walk->chain, stored->chain, sizeof walk->chain) == 0;
}

enum jz_status jz_journal_catch_up(struct jz_journal *journal, uint32_t shard) {
    struct jz_shard *known = &journal->shard[shard];
    struct jz_shard_tail stored = {0};
    enum jz_status loaded = journal->engine->load(journal, shard, &stored);
    if (loaded != JZ_OK && loaded != JZ_E_STORE_CHAIN) return loaded;
    struct walk walk = {.journal = journal, .shard = shard, .expected = known->tail.next};
    memcpy(walk.chain, known->tail.chain, sizeof walk.chain);
    enum jz_status status =
        walk_rows(&walk, JZ_PLACE_OFFSET_MASK); /* the records may be whole all the same */
    if (status == JZ_OK && (loaded != JZ_OK || !agrees(&walk, &stored))) status = JZ_E_STORE_CHAIN;
    if (status != JZ_OK && status != JZ_E_STORE_CHAIN) return status;
    known->tail.epoch = stored.epoch;
    known->tail.next = walk.expected;
    memcpy(known->tail.chain, walk.chain, sizeof walk.chain);
    known->health = status;
    return JZ_OK;
}

/* Past the last row: was everything up to the known end there, with the known chain value at the end? */
static enum jz_status ended(const struct walk *walk, uint64_t end, const struct jz_shard *known) {
    if (walk->seeding || walk->expected != end) return JZ_E_STORE_CHAIN;
    bool at_tail = end == known->tail.next;
    return at_tail && memcmp(walk->chain, known->tail.chain, sizeof walk->chain) != 0 ? JZ_E_STORE_CHAIN
                                                                                      : JZ_OK;
}

static enum jz_status read_range(struct walk *walk, uint64_t from, uint64_t end,
                                 const struct jz_shard *known) {
    walk->expected = from > 0 ? from - 1 : 0;
    walk->seeding = from > 0;
    enum jz_status status = walk_rows(walk, end);
    if (status == JZ_OK && !walk->stopped) status = ended(walk, end, known);
    return status;
}

enum jz_status jz_journal_read(struct jz_journal *journal, uint32_t shard, uint64_t from, uint64_t max,
                               jz_read_record each, void *context, uint64_t *bad_offset) {
    assert(journal && each);
    if (bad_offset) *bad_offset = 0;
    if (shard >= JZ_SHARDS_MAX) return JZ_E_VALUE;
    const struct jz_shard *known = &journal->shard[shard];
    struct walk walk = {
        .journal = journal, .shard = shard, .each = each, .context = context, .expected = from};
    uint64_t next = known->tail.next, end = next;
    bool beyond = from > next || max > next - from; /* more is asked for than is known to be good */
    if (!beyond) end = from + max;
    enum jz_status status = JZ_OK;
    if (from < end) status = read_range(&walk, from, end, known);
    if (status == JZ_OK && !walk.stopped && beyond) status = known->health;
    if (status == JZ_E_STORE_CHAIN && bad_offset) *bad_offset = walk.expected;
    return status;
}
