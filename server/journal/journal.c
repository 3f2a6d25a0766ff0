/* SPDX-License-Identifier: Apache-2.0 */
#include "journal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "engine.h"

static const struct jz_engine *const engines[] = {&jz_engine_sqlite, &jz_engine_memory};

static const struct jz_engine *engine_of(const char *url) {
    for (size_t i = 0; i < sizeof engines / sizeof engines[0]; i++)
        if (strncmp(url, engines[i]->scheme, strlen(engines[i]->scheme)) == 0) return engines[i];
    return NULL;
}

static enum jz_status load_shards(struct jz_journal *journal) {
    for (uint32_t shard = 0; shard < JZ_SHARDS_MAX; shard++) {
        enum jz_status status = jz_journal_catch_up(journal, shard);
        if (status != JZ_OK) return status;
    }
    return JZ_OK;
}

static enum jz_status start(struct jz_journal *journal, const char *rest) {
    uint8_t seed[8];
    jz_hooks_random(journal->hooks, seed, sizeof seed);
    jz_marks_init(&journal->marks, jz_get_be64(seed));
    enum jz_status status = jz_chain_open(&journal->chain);
    if (status == JZ_OK) status = jz_engine_fault(journal, "open");
    if (status == JZ_OK) status = journal->engine->open(journal, rest);
    return status == JZ_OK ? load_shards(journal) : status;
}

enum jz_status jz_journal_open(struct jz_journal **journal, const char *url, const struct jz_hooks *hooks) {
    assert(journal && url);
    *journal = NULL;
    const struct jz_engine *engine = engine_of(url);
    if (!engine) return JZ_E_CONFIG;
    struct jz_journal *made = calloc(1, engine->bytes);
    if (!made) return JZ_E_MEMORY;
    made->engine = engine;
    made->hooks = hooks;
    enum jz_status status = start(made, url + strlen(engine->scheme));
    if (status != JZ_OK) {
        jz_journal_close(made);
        return status;
    }
    *journal = made;
    return JZ_OK;
}

void jz_journal_close(struct jz_journal *journal) {
    if (!journal) return;
    journal->engine->close(journal);
    jz_journal_service(journal); /* a commit that close waited for still owes its `done` */
    jz_marks_deinit(&journal->marks);
    jz_chain_close(&journal->chain);
    free(journal);
}

static enum jz_status take(struct jz_journal *journal, struct jz_shard *shard, uint32_t number) {
    if (journal->broken) return JZ_E_STORE_IO;
    if (shard->health != JZ_OK) return shard->health;
    enum jz_status status = journal->engine->take(journal, number, shard->tail.epoch + 1);
    if (status == JZ_OK) {
        shard->tail.epoch++;
        shard->held = true;
    }
    if (status == JZ_E_STORE_IO) journal->broken = true;
    return status;
}

enum jz_status jz_journal_lease(struct jz_journal *journal, uint32_t shard, uint32_t ttl_ms,
                                struct jz_lease *lease) {
    assert(journal && lease);
    if (shard >= JZ_SHARDS_MAX) return JZ_E_VALUE;
    struct jz_shard *known = &journal->shard[shard];
    bool renews = known->held && lease->shard == shard && lease->epoch == known->tail.epoch;
    if (renews && (known->health != JZ_OK || journal->broken)) renews = false; /* taking says why not */
    if (!renews) {
        enum jz_status status = jz_journal_settle(journal);
        if (status == JZ_OK) status = take(journal, known, shard);
        if (status != JZ_OK) return status;
    }
    lease->shard = shard;
    lease->epoch = known->tail.epoch;
    lease->until_mono_ms = jz_hooks_mono_ms(journal->hooks) + ttl_ms;
    return JZ_OK;
}

enum jz_status jz_journal_tail(struct jz_journal *journal, uint32_t shard, uint64_t *next,
                               uint8_t chain[32]) {
    assert(journal && next && chain);
    if (shard >= JZ_SHARDS_MAX) return JZ_E_VALUE;
    const struct jz_shard *known = &journal->shard[shard];
    *next = known->tail.next;
    memcpy(chain, known->tail.chain, JZ_CHAIN_BYTES);
    return known->health;
}

static enum jz_status digest_of(struct jz_journal *journal, const struct jz_snapshot *snapshot,
                                uint8_t out[32]) {
    uint8_t head[8 + 8 + 32];
    jz_put_be64(head, snapshot->shard);
    jz_put_be64(head + 8, snapshot->offset);
    memcpy(head + 16, snapshot->hash, 32);
    return jz_chain_digest(&journal->chain, head, sizeof head, snapshot->state, snapshot->bytes, out);
}

enum jz_status jz_journal_snapshot_put(struct jz_journal *journal, uint32_t shard, uint64_t offset,
                                       const uint8_t hash[32], const void *state, size_t bytes) {
    assert(journal && hash && (state || bytes == 0));
    if (shard >= JZ_SHARDS_MAX || offset > journal->shard[shard].tail.next) return JZ_E_VALUE;
    if (bytes > JZ_SNAPSHOT_BYTES_MAX) return JZ_E_STORE_TOO_BIG;
    /* The engine only reads the state; the cast is for the one struct that get fills too. */
    struct jz_snapshot snapshot = {.shard = shard, .offset = offset, .state = (void *)state, .bytes = bytes};
    memcpy(snapshot.hash, hash, sizeof snapshot.hash);
    enum jz_status status = digest_of(journal, &snapshot, snapshot.digest);
    if (status == JZ_OK) status = jz_engine_fault(journal, "snapshot");
    return status == JZ_OK ? journal->engine->snapshot_put(journal, &snapshot) : status;
}

/* A snapshot counts only if it is whole and not ahead of the records that can be trusted. */
static bool usable(struct jz_journal *journal, const struct jz_snapshot *snapshot) {
    uint8_t digest[32];
    if (snapshot->offset > journal->shard[snapshot->shard].tail.next) return false;
    if (digest_of(journal, snapshot, digest) != JZ_OK) return false;
    return memcmp(digest, snapshot->digest, sizeof digest) == 0;
}

static void give(const struct jz_snapshot *snapshot, uint64_t *offset, uint8_t hash[32], void **state,
                 size_t *bytes) {
    *offset = snapshot->offset;
    memcpy(hash, snapshot->hash, sizeof snapshot->hash);
    *state = snapshot->state;
    *bytes = snapshot->bytes;
}

enum jz_status jz_journal_snapshot_get(struct jz_journal *journal, uint32_t shard, uint32_t nth,
                                       uint64_t *offset, uint8_t hash[32], void **state, size_t *bytes) {
    assert(journal && offset && hash && state && bytes);
    *state = NULL;
    if (shard >= JZ_SHARDS_MAX) return JZ_E_VALUE;
    enum jz_status missing = JZ_E_FILE;
    for (uint32_t i = 0, whole = 0; i < JZ_SNAPSHOTS_KEPT; i++) {
        struct jz_snapshot snapshot = {.shard = shard};
        enum jz_status status = journal->engine->snapshot_get(journal, i, &snapshot);
        if (status == JZ_E_FILE) break;
        if (status == JZ_OK && !usable(journal, &snapshot)) status = JZ_E_FORMAT;
        if (status == JZ_OK && whole++ == nth) {
            give(&snapshot, offset, hash, state, bytes);
            return JZ_OK;
        }
        if (status != JZ_OK) missing = status;
        free(snapshot.state);
    }
    return missing;
}

int jz_journal_fd(const struct jz_journal *journal) {
    return journal->engine->fd(journal);
}

void jz_journal_stats(const struct jz_journal *journal, struct jz_journal_stats *out) {
    *out = journal->stats;
}
