/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

#include <assert.h>
#include <openssl/evp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_EVENTS_MAX 2048u
#define BATCH_BYTES (16u * 1024u * 1024u) /* room for the largest event and its decisions is kept free */
#define EVENT_ROOM (JZ_RECORD_BYTES_MAX + JZ_OUTCOME_BYTES_MAX)
#define WAITING_BYTES (8u * 1024u * 1024u)
#define BATCH_TOUCHED_MAX 1024u
#define APPEND_DEADLINE_MS 30000u
#define REPLACE_WAIT_MS 2000u /* while peers are served */
#define LEASE_TTL_MS 15000u
#define SOURCE_CACHE 4096u
#define REFUSED_MAX 256u /* senders of a batch who found no room */

/* Journal key sources of the shell itself; those of peers are hashes. */
enum { SOURCE_SHELL = 1, SOURCE_DECISION = 2 };

struct entry {
    struct jz_released_event event;
    uint8_t peer[16];
    uint32_t epoch;
    uint64_t prior; /* watermark before it */
};

struct batch {
    struct entry entry[BATCH_EVENTS_MAX];
    struct jz_record record[JZ_BATCH_RECORDS_MAX];
    uint32_t touched[BATCH_TOUCHED_MAX];
    uint32_t entry_count, record_count, touched_count;
    size_t used;
    struct jz_released released; /* what changed beside patients */
    uint8_t arena[BATCH_BYTES];
};

struct source {
    uint8_t peer[16];
    uint32_t epoch, valid;
    uint64_t id[JZ_LANE_COUNT];
};

struct jz_ledger {
    struct jz_ledger_config config;
    struct jz_journal *journal;
    struct jz_lease lease;
    struct jz_world world;
    struct jz_core *core;
    void *core_memory;
    uint64_t offset, snapshot_offset; /* durable records; those in the newest snapshot */
    enum jz_status failed;
    int64_t wake_ms;                            /* no deadline is due before this */
    bool deadline_submitted;                    /* one is in the batch or waits behind it */
    bool in_flight, blocked;                    /* blocked: the disk is full, the batch is tried again */
    struct batch *batch, *current, *committing; /* two, one of which may be on its way to the disk */
    struct jz_outcome outcome;
    size_t waiting_used, waiting_at;
    uint8_t *waiting;              /* (token, length, encoded event) ... */
    uint64_t refused[REFUSED_MAX]; /* who was refused for want of room and may still be sending: see refuse */
    uint32_t refused_count;
    struct source source[SOURCE_CACHE];
};

/* --- keys ------------------------------------------------------------------------------------------------ */

static void put64(uint8_t *to, uint64_t value) {
    for (int i = 7; i >= 0; i--, value >>= 8) to[i] = (uint8_t)value;
}

static void make_key(uint8_t key[16], uint64_t source, uint64_t seq) {
    put64(key, source);
    put64(key + 8, seq);
}

/* First half of SHA-256 over peer, epoch and lane: one ascending sequence each. */
static uint64_t hash_source(const uint8_t peer[16], uint32_t epoch, uint8_t lane) {
    uint8_t in[21], out[32];
    uint64_t id = 0;
    memcpy(in, peer, 16);
    for (int i = 0; i < 4; i++) in[16 + i] = (uint8_t)(epoch >> (8 * i));
    in[20] = lane;
    if (EVP_Digest(in, sizeof in, out, NULL, EVP_sha256(), NULL) != 1) abort();
    for (int i = 0; i < 8; i++) id = id << 8 | out[i];
    return id;
}

static uint64_t source_of(struct jz_ledger *ledger, const struct jz_event *event) {
    uint64_t mix;
    memcpy(&mix, event->peer.id, 8);
    struct source *s = &ledger->source[((mix ^ event->epoch) * 0x9e3779b97f4a7c15u >> 52) % SOURCE_CACHE];
    if (!s->valid || s->epoch != event->epoch || memcmp(s->peer, event->peer.id, 16) != 0) {
        memcpy(s->peer, event->peer.id, 16);
        s->epoch = event->epoch;
        s->valid = 1;
        for (uint8_t lane = 0; lane < JZ_LANE_COUNT; lane++)
            s->id[lane] = hash_source(event->peer.id, event->epoch, lane);
    }
    return s->id[event->frame->lane];
}

/* --- one event into the current batch ------------------------------------------------------------------------ */

static void add_record(struct jz_ledger *ledger, uint64_t source, uint64_t seq, const uint8_t *body,
                       size_t bytes) {
    struct batch *b = ledger->current;
    struct jz_record *record = &b->record[b->record_count++];
    make_key(record->key, source, seq);
    record->body = body;
    record->bytes = (uint32_t)bytes;
}

static uint64_t next_seq(const struct jz_ledger *ledger) {
    return ledger->offset + ledger->current->record_count + 1u;
}

static void note_touched(struct batch *b, const struct jz_outcome *out) {
    for (uint32_t i = 0; i < out->touched_count; i++) {
        bool known = false;
        for (uint32_t k = b->touched_count; k-- > 0 && !known;) known = b->touched[k] == out->touched[i];
        if (!known && b->touched_count < BATCH_TOUCHED_MAX) b->touched[b->touched_count++] = out->touched[i];
    }
    b->released.urgent |= out->urgent;
    b->released.directory_changed |= out->directory_changed;
    b->released.facilities |= out->facilities;
    b->released.consults |= out->consults;
    b->released.proposals |= out->proposals;
}

static void add_records(struct jz_ledger *ledger, const struct jz_event *event, struct entry *entry) {
    struct batch *b = ledger->current;
    size_t written;
    enum jz_status status = jz_event_encode(event, b->arena + b->used, BATCH_BYTES - b->used, &written);
    assert(status == JZ_OK);
    bool frame = event->kind == JZ_EVENT_FRAME;
    add_record(ledger, frame ? source_of(ledger, event) : SOURCE_SHELL,
               frame ? event->frame->seq : next_seq(ledger), b->arena + b->used, written);
    if (frame) /* the original is the last item of the record */
        entry->event.original =
            (struct jz_bytes){b->arena + b->used + written - event->original.bytes, event->original.bytes};
    b->used += written;
    const struct jz_outcome *out = &ledger->outcome;
    if (out->buffer_used) memcpy(b->arena + b->used, out->buffer, out->buffer_used);
    for (uint32_t i = 0; i < out->decision_count; i++)
        add_record(ledger, SOURCE_DECISION, next_seq(ledger), b->arena + b->used + out->decision[i].offset,
                   out->decision[i].bytes);
    b->used += out->buffer_used;
}

/* A frame that finds no room is not stored, and nothing later of its sender may be: an ack of that would cover it. The
 * sender is let go (its connection is closed at the release) and comes again from its last ack. */
static void refuse(struct jz_ledger *ledger, uint64_t token) {
    if (ledger->refused_count < REFUSED_MAX) ledger->refused[ledger->refused_count++] = token;
}

static bool is_refused(const struct jz_ledger *ledger, uint64_t token) {
    if (ledger->refused_count == REFUSED_MAX)
        return true; /* more than can be told apart: all wait for the release */
    for (uint32_t i = 0; i < ledger->refused_count; i++)
        if (ledger->refused[i] == token) return true;
    return false;
}

static void take(struct jz_ledger *ledger, const struct jz_event *event, uint64_t token) {
    assert(event->kind != JZ_EVENT_FRAME || event->frame);
    struct batch *b = ledger->current;
    struct entry *entry = &b->entry[b->entry_count++];
    *entry = (struct entry){.event = {.token = token, .kind = event->kind}};
    if (event->kind == JZ_EVENT_FRAME) {
        entry->event.frame_kind = event->frame->kind;
        entry->event.lane = event->frame->lane;
        entry->event.seq = event->frame->seq;
        entry->event.encounter = event->frame->encounter;
        memcpy(entry->peer, event->peer.id, sizeof entry->peer);
        entry->epoch = event->epoch;
        entry->prior = jz_core_watermark(ledger->core, event->peer.id, event->epoch, event->frame->lane);
    }
    jz_core_apply(ledger->core, event, &ledger->outcome);
    if (event->kind == JZ_EVENT_FRAME)
        entry->event.at_ms = jz_core_time(ledger->core, event, event->frame->at_ms);
    if (ledger->outcome.deadline_ms < ledger->wake_ms) ledger->wake_ms = ledger->outcome.deadline_ms;
    if (event->kind == JZ_EVENT_DEADLINE) {
        ledger->wake_ms = jz_core_next_deadline(ledger->core);
        ledger->deadline_submitted = false;
    }
    entry->event.status = ledger->outcome.status;
    entry->event.duplicate = ledger->outcome.duplicate;
    if (ledger->outcome.duplicate && ledger->outcome.status == JZ_E_FULL) refuse(ledger, token);
    if (ledger->outcome.duplicate) return;
    add_records(ledger, event, entry);
    note_touched(b, &ledger->outcome);
}

static bool batch_has_room(const struct batch *b) {
    return b->entry_count < BATCH_EVENTS_MAX && b->used + EVENT_ROOM <= BATCH_BYTES &&
           b->record_count + JZ_OUTCOME_DECISIONS_MAX + 1u <= JZ_BATCH_RECORDS_MAX &&
           b->touched_count + JZ_TOUCHED_MAX <= BATCH_TOUCHED_MAX;
}

/* The last that happened to a patient is shown before another one takes the place: that needs a commit between the two. */
static bool must_come_later(const struct jz_ledger *ledger, const struct jz_event *event) {
    const struct batch *b = ledger->current;
    uint32_t slot;
    if (!jz_core_replaces(ledger->core, event, &slot)) return false;
    for (uint32_t i = 0; i < b->touched_count; i++)
        if (b->touched[i] == slot) return true;
    return false;
}

static bool fits(const struct jz_ledger *ledger, const struct jz_event *event) {
    return batch_has_room(ledger->current) && !must_come_later(ledger, event);
}

/* --- what came while a commit was under way ------------------------------------------------------------------ */

struct waiting_head {
    uint64_t token;
    uint32_t bytes, reserved;
};

static enum jz_status wait_for_commit(struct jz_ledger *ledger, const struct jz_event *event,
                                      uint64_t token) {
    struct waiting_head head = {.token = token};
    size_t written, room = WAITING_BYTES - ledger->waiting_used;
    if (room < sizeof head) return JZ_E_FULL;
    enum jz_status status = jz_event_encode(event, ledger->waiting + ledger->waiting_used + sizeof head,
                                            room - sizeof head, &written);
    if (status == JZ_E_BUFFER) return JZ_E_FULL;
    if (status != JZ_OK) return status;
    head.bytes = (uint32_t)written;
    memcpy(ledger->waiting + ledger->waiting_used, &head, sizeof head);
    ledger->waiting_used += sizeof head + written;
    return JZ_OK;
}

static void take_waiting(struct jz_ledger *ledger) {
    while (ledger->waiting_at < ledger->waiting_used && batch_has_room(ledger->current)) {
        struct waiting_head head;
        struct jz_event event;
        static struct jz_frame frame; /* large; the loop thread is the only one here */
        static struct jz_travel travel;
        memcpy(&head, ledger->waiting + ledger->waiting_at, sizeof head);
        const uint8_t *body = ledger->waiting + ledger->waiting_at + sizeof head;
        enum jz_status status = jz_event_decode(body, head.bytes, &event, &frame, &travel);
        assert(status == JZ_OK);
        (void)status;
        if (must_come_later(ledger, &event)) break;
        if (event.kind != JZ_EVENT_FRAME || !is_refused(ledger, head.token)) take(ledger, &event, head.token);
        ledger->waiting_at += sizeof head + head.bytes;
    }
    if (ledger->waiting_at == ledger->waiting_used) ledger->waiting_at = ledger->waiting_used = 0;
}

static bool must_wait(const struct jz_ledger *ledger) {
    return ledger->in_flight || ledger->blocked || ledger->waiting_used > 0;
}

enum jz_status jz_ledger_submit(struct jz_ledger *ledger, const struct jz_event *event, uint64_t token) {
    if (ledger->failed != JZ_OK) return ledger->failed;
    if (event->kind == JZ_EVENT_FRAME && is_refused(ledger, token)) return JZ_E_FULL;
    if (!must_wait(ledger) && !fits(ledger, event)) jz_ledger_flush(ledger);
    if (must_wait(ledger) || !fits(ledger, event)) return wait_for_commit(ledger, event, token);
    take(ledger, event, token);
    return ledger->outcome.duplicate && ledger->outcome.status == JZ_E_FULL ? JZ_E_FULL : JZ_OK;
}

/* --- commit and release ---------------------------------------------------------------------------------------- */

static bool snapshot_is_due(const struct jz_ledger *ledger) {
    return ledger->config.snapshot_every &&
           ledger->offset - ledger->snapshot_offset >= ledger->config.snapshot_every;
}

/* At a release nothing is applied that is not durable: the one moment for a snapshot when the load never pauses. */
static void snapshot_if_due(struct jz_ledger *ledger) {
    if (snapshot_is_due(ledger) && jz_ledger_snapshot(ledger) != JZ_OK)
        ledger->snapshot_offset = ledger->offset; /* only a shortcut: try again after as many records */
}

static void release(struct jz_ledger *ledger) {
    struct batch *b = ledger->committing;
    ledger->committing = NULL;
    snapshot_if_due(ledger);
    for (uint32_t i = 0; i < b->entry_count && ledger->config.event_released; i++)
        ledger->config.event_released(ledger->config.context, &b->entry[i].event);
    ledger->refused_count =
        0; /* their connections are closed now: what they send again comes over new ones */
    b->released.touched = b->touched;
    b->released.touched_count = b->touched_count;
    if (ledger->config.batch_released) ledger->config.batch_released(ledger->config.context, &b->released);
    b->entry_count = b->record_count = b->touched_count = 0;
    b->used = 0;
    b->released = (struct jz_released){.urgent = false};
}

static void fail(struct jz_ledger *ledger, enum jz_status status) {
    if (ledger->failed == JZ_OK) ledger->failed = status;
}

/* A full disk and an unknown outcome are tried again with the same keys; everything else stops the process. */
static void committed(void *context, const struct jz_appended *results, size_t count) {
    struct jz_ledger *ledger = context;
    ledger->in_flight = false;
    for (size_t i = 0; i < count; i++) {
        enum jz_status status = results[i].status;
        if (status == JZ_E_STORE_FULL || status == JZ_E_STORE_UNKNOWN)
            ledger->blocked = true;
        else if (status != JZ_OK)
            fail(ledger, status);
        else if (results[i].offset != ledger->offset + i)
            fail(ledger, JZ_E_STORE_ORDER);
        if (ledger->blocked || ledger->failed != JZ_OK) return;
    }
    ledger->offset += count;
}

static void append(struct jz_ledger *ledger) {
    struct batch *b = ledger->committing;
    ledger->in_flight = true;
    ledger->blocked = false;
    enum jz_status status = jz_journal_append(ledger->journal, &ledger->lease, b->record, b->record_count,
                                              APPEND_DEADLINE_MS, committed, ledger);
    if (status == JZ_OK) return;
    ledger->in_flight = false;
    if (status == JZ_E_STORE_FULL || status == JZ_E_STORE_UNKNOWN)
        ledger->blocked = true;
    else
        fail(ledger, status);
}

static void start_commit(struct jz_ledger *ledger) {
    ledger->committing = ledger->current;
    ledger->current = ledger->current == &ledger->batch[0] ? &ledger->batch[1] : &ledger->batch[0];
    if (ledger->committing->record_count) append(ledger);
}

void jz_ledger_flush(struct jz_ledger *ledger) {
    while (ledger->failed == JZ_OK && !ledger->in_flight) {
        if (ledger->committing) {
            if (ledger->blocked) {
                append(ledger);
                if (ledger->blocked) return;
                continue;
            }
            release(ledger);
            continue;
        }
        if (ledger->current->entry_count == 0) take_waiting(ledger);
        if (ledger->current->entry_count == 0) break;
        start_commit(ledger);
        if (ledger->blocked) return; /* tried again at the next tick */
    }
    if (jz_ledger_settled(ledger) && snapshot_is_due(ledger) && jz_ledger_snapshot(ledger) != JZ_OK)
        ledger->snapshot_offset =
            ledger->offset; /* a snapshot is only a shortcut: try again after as many records */
}

void jz_ledger_service(struct jz_ledger *ledger) {
    jz_journal_service(ledger->journal);
    jz_ledger_flush(ledger);
}

/* --- facts -------------------------------------------------------------------------------------------------------- */

int jz_ledger_fd(const struct jz_ledger *ledger) {
    return jz_journal_fd(ledger->journal);
}
enum jz_status jz_ledger_failed(const struct jz_ledger *ledger) {
    return ledger->failed;
}
const struct jz_core *jz_ledger_core(const struct jz_ledger *ledger) {
    return ledger->core;
}
const struct jz_world *jz_ledger_world(const struct jz_ledger *ledger) {
    return &ledger->world;
}
uint64_t jz_ledger_offset(const struct jz_ledger *ledger) {
    return ledger->offset;
}
void jz_ledger_stats(const struct jz_ledger *ledger, struct jz_journal_stats *out) {
    jz_journal_stats(ledger->journal, out);
}
bool jz_ledger_blocked(const struct jz_ledger *ledger) {
    return ledger->blocked;
}
bool jz_ledger_has_room(const struct jz_ledger *ledger) {
    return !ledger->blocked && ledger->waiting_used < WAITING_BYTES / 2u;
}
bool jz_ledger_settled(const struct jz_ledger *ledger) {
    return !ledger->committing && ledger->current->record_count == 0;
}

bool jz_ledger_urgent(const struct jz_ledger *ledger) {
    return ledger->current->released.urgent;
}
int64_t jz_ledger_wake(const struct jz_ledger *ledger) {
    return ledger->wake_ms;
}

void jz_ledger_tick(struct jz_ledger *ledger) {
    int64_t now = jz_hooks_utc_ms(ledger->config.hooks);
    if (now >= ledger->wake_ms && !ledger->deadline_submitted) {
        struct jz_event due = {.kind = JZ_EVENT_DEADLINE, .received_ms = now};
        ledger->wake_ms =
            jz_core_next_deadline(ledger->core); /* the bound may have been passed by later data */
        if (now >= ledger->wake_ms && jz_ledger_submit(ledger, &due, 0) == JZ_OK)
            ledger->deadline_submitted = must_wait(ledger) && now >= ledger->wake_ms;
    }
    jz_ledger_flush(ledger);
}

static uint64_t first_prior(const struct batch *b, const uint8_t peer[16], uint32_t epoch, uint8_t lane,
                            uint64_t mark) {
    for (uint32_t i = 0; b && i < b->entry_count; i++) {
        const struct entry *e = &b->entry[i];
        if (!e->event.duplicate && e->event.kind == JZ_EVENT_FRAME && e->event.lane == lane &&
            e->epoch == epoch && memcmp(e->peer, peer, 16) == 0)
            return e->prior;
    }
    return mark;
}

uint64_t jz_ledger_watermark(const struct jz_ledger *ledger, const uint8_t peer[16], uint32_t epoch,
                             uint8_t lane) {
    uint64_t mark = jz_core_watermark(ledger->core, peer, epoch, lane);
    mark = first_prior(ledger->current, peer, epoch, lane, mark);
    return first_prior(ledger->committing, peer, epoch, lane, mark);
}

/* --- snapshots: the limits it was made under, two payloads, then the core's bytes ------------------------- */

static void hash_piece(void *context, const void *bytes, size_t count) {
    if (EVP_DigestUpdate(context, bytes, count) != 1) abort();
}

void jz_ledger_state_hash(const struct jz_ledger *ledger, uint8_t hash[32]) {
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    if (!md || EVP_DigestInit_ex(md, EVP_sha256(), NULL) != 1) abort();
    jz_core_save(ledger->core, hash_piece, md);
    if (EVP_DigestFinal_ex(md, hash, NULL) != 1) abort();
    EVP_MD_CTX_free(md);
}

struct growing {
    uint8_t *data;
    size_t bytes, capacity;
    bool failed;
};

static void grow(void *context, const void *bytes, size_t count) {
    struct growing *g = context;
    if (g->failed || count == 0) return;
    if (g->bytes + count > g->capacity) {
        size_t capacity = (g->bytes + count) * 2u;
        uint8_t *data = realloc(g->data, capacity);
        g->failed = data == NULL;
        if (g->failed) return;
        g->data = data;
        g->capacity = capacity;
    }
    memcpy(g->data + g->bytes, bytes, count);
    g->bytes += count;
}

static void grow_payload(struct growing *g, const struct jz_payload *payload) {
    uint64_t bytes = payload->bytes;
    grow(g, &bytes, sizeof bytes);
    grow(g, payload->data, payload->bytes);
}

enum jz_status jz_ledger_snapshot(struct jz_ledger *ledger) {
    struct growing g = {0};
    uint8_t hash[32];
    assert(jz_ledger_settled(ledger));
    grow(&g, &ledger->config.limits, sizeof ledger->config.limits);
    grow_payload(&g, &ledger->world.packs);
    grow_payload(&g, &ledger->world.directory_source);
    jz_core_save(ledger->core, grow, &g);
    jz_ledger_state_hash(ledger, hash);
    enum jz_status status = g.failed ? JZ_E_MEMORY
                                     : jz_journal_snapshot_put(ledger->journal, ledger->config.shard,
                                                               ledger->offset, hash, g.data, g.bytes);
    free(g.data);
    if (status == JZ_OK) ledger->snapshot_offset = ledger->offset;
    return status;
}

static bool cut_payload(const uint8_t **from, size_t *left, struct jz_bytes *payload) {
    uint64_t bytes;
    if (*left < sizeof bytes) return false;
    memcpy(&bytes, *from, sizeof bytes);
    *from += sizeof bytes;
    *left -= sizeof bytes;
    if (bytes > *left) return false;
    *payload = (struct jz_bytes){*from, (uint32_t)bytes};
    *from += bytes;
    *left -= bytes;
    return true;
}

static bool use_snapshot(struct jz_ledger *ledger, const uint8_t *from, size_t left,
                         const uint8_t expected[32]) {
    struct jz_bytes packs, directory;
    struct jz_pack_error error;
    uint8_t hash[32];
    /* Other limits, other slots: then the journal is replayed. */
    if (left < sizeof ledger->config.limits ||
        memcmp(from, &ledger->config.limits, sizeof ledger->config.limits) != 0)
        return false;
    from += sizeof ledger->config.limits;
    left -= sizeof ledger->config.limits;
    if (!cut_payload(&from, &left, &packs) || !cut_payload(&from, &left, &directory)) return false;
    if (packs.bytes && jz_world_set_packs(&ledger->world, packs, &error) != JZ_OK) return false;
    if (directory.bytes && jz_world_set_directory(&ledger->world, directory, &error) != JZ_OK) return false;
    if (jz_core_load(ledger->core, from, left, ledger->world.program, ledger->world.directory) != JZ_OK)
        return false;
    jz_ledger_state_hash(ledger, hash);
    return memcmp(hash, expected, sizeof hash) == 0;
}

/* --- start ------------------------------------------------------------------------------------------------------------ */

static bool new_memory(struct jz_ledger *ledger) {
    size_t bytes = (jz_core_bytes(&ledger->config.limits) + 4095u) & ~(size_t)4095u;
    free(ledger->core_memory);
    ledger->core_memory = calloc(1, bytes); /* untouched pages cost nothing */
    if (!ledger->core_memory) return false;
    ledger->core = jz_core_init(ledger->core_memory, &ledger->config.limits);
    return true;
}

static enum jz_status load_snapshot(struct jz_ledger *ledger) {
    for (uint32_t nth = 0; nth < 2 && !ledger->config.ignore_snapshots; nth++) {
        uint64_t offset;
        uint8_t hash[32];
        void *state;
        size_t bytes;
        if (jz_journal_snapshot_get(ledger->journal, ledger->config.shard, nth, &offset, hash, &state,
                                    &bytes) != JZ_OK)
            continue;
        bool used = use_snapshot(ledger, state, bytes, hash);
        free(state);
        if (used) {
            ledger->offset = ledger->snapshot_offset = offset;
            return JZ_OK;
        }
        jz_world_deinit(&ledger->world);
        if (!new_memory(ledger)) return JZ_E_MEMORY;
    }
    return JZ_OK;
}

struct replay {
    struct jz_ledger *ledger;
    struct jz_pack_error *error;
    enum jz_status status;
    uint32_t decision; /* decisions of the last input seen so far */
    struct jz_frame frame;
    struct jz_travel travel;
};

static bool stop_replay(struct replay *r, enum jz_status status, uint64_t offset, const char *text) {
    r->status = status;
    *r->error = (struct jz_pack_error){.line = 0};
    snprintf(r->error->file, sizeof r->error->file, "journal record %llu", (unsigned long long)offset);
    snprintf(r->error->text, sizeof r->error->text, "%s", text);
    return false;
}

static bool same_decision(struct replay *r, const uint8_t *body, uint32_t bytes) {
    const struct jz_outcome *out = &r->ledger->outcome;
    if (r->decision >= out->decision_count) return false;
    struct jz_slice made = out->decision[r->decision++];
    return made.bytes == bytes && memcmp(out->buffer + made.offset, body, bytes) == 0;
}

static enum jz_status equip(struct replay *r, struct jz_event *event) {
    struct jz_world *world = &r->ledger->world;
    enum jz_status status = JZ_OK;
    if (event->kind == JZ_EVENT_PACKS) status = jz_world_set_packs(world, event->original, r->error);
    if (event->kind == JZ_EVENT_DIRECTORY) status = jz_world_set_directory(world, event->original, r->error);
    event->program = world->program;
    event->directory = world->directory;
    return status;
}

static bool replay_input(struct replay *r, uint64_t offset, const uint8_t *body, uint32_t bytes) {
    struct jz_ledger *ledger = r->ledger;
    struct jz_event event;
    if (r->decision != ledger->outcome.decision_count)
        return stop_replay(r, JZ_E_REPLAY, offset, "a decision is missing that replay makes");
    enum jz_status status = jz_event_decode(body, bytes, &event, &r->frame, &r->travel);
    if (status != JZ_OK) return stop_replay(r, status, offset, "an input on record cannot be decoded");
    r->status = equip(r, &event);
    if (r->status != JZ_OK) return false;
    jz_core_apply(ledger->core, &event, &ledger->outcome);
    if (ledger->outcome.duplicate && ledger->outcome.status == JZ_E_FULL)
        return stop_replay(
            r, JZ_E_FULL, offset,
            "more patients or peers at once than encounters_max or peers_max allow; raise them");
    if (ledger->outcome.duplicate)
        return stop_replay(r, JZ_E_REPLAY, offset, "the same input is on record twice");
    r->decision = 0;
    return true;
}

static bool replay_record(void *context, uint64_t offset, const uint8_t key[16], const uint8_t *body,
                          uint32_t bytes) {
    struct replay *r = context;
    (void)key;
    r->ledger->offset = offset + 1u;
    if (!jz_record_is_decision(body, bytes)) return replay_input(r, offset, body, bytes);
    if (same_decision(r, body, bytes)) return true;
    return stop_replay(r, JZ_E_REPLAY, offset, "the decision on record is not the one replay makes");
}

static enum jz_status replay(struct jz_ledger *ledger, struct jz_pack_error *error) {
    struct replay *r = calloc(1, sizeof *r);
    if (!r) return JZ_E_MEMORY;
    uint64_t bad = 0;
    r->ledger = ledger;
    r->error = error;
    ledger->outcome.decision_count = 0;
    enum jz_status status = jz_journal_read(ledger->journal, ledger->config.shard, ledger->offset, UINT64_MAX,
                                            replay_record, r, &bad);
    if (status != JZ_OK)
        stop_replay(r, status, bad, jz_status_text(status));
    else if (r->status == JZ_OK && r->decision != ledger->outcome.decision_count)
        stop_replay(r, JZ_E_REPLAY, ledger->offset, "a decision is missing at the end");
    status = r->status;
    free(r);
    return status;
}

enum jz_status jz_ledger_recall(const struct jz_ledger *ledger, int64_t since_ms, uint64_t records_max,
                                jz_event_recalled each, void *context, bool *cut) {
    return jz_look_back(ledger->journal, ledger->config.shard, ledger->offset, since_ms, records_max, each,
                        context, cut);
}

static const struct jz_core_limits default_limits = {.encounters_max = 4096, .peers_max = 20000};

/* For who only reads: the limits of the process that wrote. */
static void adopt_limits(struct jz_ledger *ledger) {
    uint64_t offset;
    uint8_t hash[32];
    void *state;
    size_t bytes;
    ledger->config.limits = default_limits;
    if (jz_journal_snapshot_get(ledger->journal, ledger->config.shard, 0, &offset, hash, &state, &bytes) !=
        JZ_OK)
        return;
    if (bytes >= sizeof ledger->config.limits)
        memcpy(&ledger->config.limits, state, sizeof ledger->config.limits);
    free(state);
}

static enum jz_status start(struct jz_ledger *ledger, struct jz_pack_error *error) {
    enum jz_status status =
        jz_journal_open(&ledger->journal, ledger->config.journal_url, ledger->config.hooks);
    if (status == JZ_OK)
        status = jz_journal_lease(ledger->journal, ledger->config.shard, LEASE_TTL_MS, &ledger->lease);
    if (status == JZ_OK && ledger->config.limits.encounters_max == 0) adopt_limits(ledger);
    if (status == JZ_OK && !new_memory(ledger)) status = JZ_E_MEMORY;
    if (status == JZ_OK) status = load_snapshot(ledger);
    if (status == JZ_OK) {
        status = replay(ledger, error);
        ledger->wake_ms = jz_core_next_deadline(ledger->core);
        return status;
    }
    snprintf(error->file, sizeof error->file, "%s", ledger->config.journal_url);
    snprintf(error->text, sizeof error->text, "%s", jz_status_text(status));
    return status;
}

enum jz_status jz_ledger_open(struct jz_ledger **out, const struct jz_ledger_config *config,
                              struct jz_pack_error *error) {
    *error = (struct jz_pack_error){.line = 0};
    struct jz_ledger *ledger = calloc(1, sizeof *ledger);
    *out = ledger;
    if (!ledger) return JZ_E_MEMORY;
    ledger->config = *config;
    ledger->batch = calloc(2, sizeof *ledger->batch);
    ledger->waiting = malloc(WAITING_BYTES);
    ledger->current = ledger->batch;
    bool room = ledger->batch && ledger->waiting;
    enum jz_status status = room ? start(ledger, error) : JZ_E_MEMORY;
    if (status == JZ_OK) return JZ_OK;
    jz_ledger_close(ledger);
    *out = NULL;
    return status;
}

void jz_ledger_close(struct jz_ledger *ledger) {
    if (!ledger) return;
    jz_journal_close(ledger->journal);
    jz_world_deinit(&ledger->world);
    free(ledger->core_memory);
    free(ledger->batch);
    free(ledger->waiting);
    free(ledger);
}

static bool on_record(const struct jz_payload *active, struct jz_payload payload) {
    return active->bytes == payload.bytes && active->data &&
           memcmp(active->data, payload.data, payload.bytes) == 0;
}

bool jz_ledger_has_packs(const struct jz_ledger *ledger, struct jz_payload payload) {
    return on_record(&ledger->world.packs, payload);
}

static enum jz_status settle(struct jz_ledger *ledger, uint32_t wait_ms) {
    int64_t end = jz_hooks_mono_ms(ledger->config.hooks) + wait_ms;
    jz_ledger_flush(ledger);
    while (!jz_ledger_settled(ledger) && ledger->failed == JZ_OK) {
        struct pollfd fd = {.fd = jz_journal_fd(ledger->journal), .events = POLLIN};
        if (jz_hooks_mono_ms(ledger->config.hooks) >= end)
            return ledger->blocked ? JZ_E_STORE_FULL : JZ_E_TIMEOUT;
        poll(&fd, fd.fd >= 0 ? 1 : 0, 100);
        jz_ledger_service(ledger);
    }
    return ledger->failed;
}

static enum jz_status check_directory(const struct jz_ledger *ledger, struct jz_pack_error *error) {
    const char *missing = jz_core_misses_facility(ledger->core, ledger->world.directory);
    if (!missing) return JZ_OK;
    *error = (struct jz_pack_error){.line = 0};
    snprintf(error->file, sizeof error->file, "directory");
    snprintf(error->text, sizeof error->text,
             "'%s' is on record and missing here; keep it, and set its capabilities to no", missing);
    return JZ_E_CONFIG;
}

/* Nothing waits: the event is taken at once. Its pointers could not wait in encoded form. */
static enum jz_status submit_world(struct jz_ledger *ledger, enum jz_event_kind kind,
                                   struct jz_payload payload, const char *person) {
    struct jz_event event = {.kind = kind,
                             .received_ms = jz_hooks_utc_ms(ledger->config.hooks),
                             .original = {payload.data, (uint32_t)payload.bytes},
                             .program = ledger->world.program,
                             .directory = ledger->world.directory};
    assert(!must_wait(ledger));
    snprintf(event.peer.name, sizeof event.peer.name, "%s", person);
    enum jz_status status = jz_ledger_submit(ledger, &event, 0);
    jz_ledger_flush(ledger);
    return status;
}

static enum jz_status say(struct jz_pack_error *error, enum jz_status status) {
    if (status != JZ_OK && !error->text[0])
        snprintf(error->text, sizeof error->text, "%s", jz_status_text(status));
    return status;
}

/* The caller stops on failure: what was compiled here is then not used. Nobody is let in before it is durable. */
enum jz_status jz_ledger_activate(struct jz_ledger *ledger, enum jz_event_kind kind,
                                  struct jz_payload payload, const char *person,
                                  struct jz_pack_error *error) {
    bool packs = kind == JZ_EVENT_PACKS;
    struct jz_bytes bytes = {payload.data, (uint32_t)payload.bytes};
    if (on_record(packs ? &ledger->world.packs : &ledger->world.directory_source, payload)) return JZ_OK;
    enum jz_status status = packs ? jz_world_set_packs(&ledger->world, bytes, error)
                                  : jz_world_set_directory(&ledger->world, bytes, error);
    if (status == JZ_OK && !packs) status = check_directory(ledger, error);
    if (status != JZ_OK) return status;
    *error = (struct jz_pack_error){.line = 0};
    status = submit_world(ledger, kind, payload, person);
    if (status == JZ_OK) status = settle(ledger, APPEND_DEADLINE_MS);
    return say(error, status);
}

enum jz_status jz_ledger_replace_packs(struct jz_ledger *ledger, struct jz_payload payload,
                                       struct jz_program *program, const char *person, bool *changed,
                                       struct jz_pack_error *error) {
    struct jz_bytes bytes = {payload.data, (uint32_t)payload.bytes};
    enum jz_status status = ledger->blocked ? JZ_E_STORE_FULL : settle(ledger, REPLACE_WAIT_MS);
    *error = (struct jz_pack_error){.line = 0};
    *changed = status == JZ_OK && !on_record(&ledger->world.packs, payload);
    if (status == JZ_OK && *changed && must_wait(ledger)) status = JZ_E_TIMEOUT;
    if (status != JZ_OK || !*changed) {
        jz_program_free(program);
        return say(error, status);
    }
    status = jz_world_use_packs(&ledger->world, bytes, program, error);
    if (status == JZ_OK) status = submit_world(ledger, JZ_EVENT_PACKS, payload, person);
    return say(error, status);
}
