/* SPDX-License-Identifier: Apache-2.0 */
/* Everything on record of one patient, in order, and nothing of anybody else. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "tool_flags.h"
#include "tool_journal.h"
#include "tool_time.h"
#include "tool_words.h"
#include "users.h"
#include "world.h"

#define WHAT "journal export"
#define HASH_BYTES 32u
#define CAUSE_BYTES_MAX 65536u /* packs and directories are longer, and about no patient */
/* Keys that the head of a line tells. */
#define HEAD_OF_FRAME 0x1fu
#define HEAD_OF_DECISION 0x1fu
#define HEAD_OF_INPUT 0x07u

/* An input about no patient: told where something about this one came of it. */
struct cause {
    uint64_t offset;
    uint8_t *body;
    uint32_t bytes;
    bool waits;
};

struct own {
    enum jz_tool_about about;
    uint64_t number;
};

struct export {
    struct jz_encounter_id id;
    struct jz_teller teller;
    struct jz_world world; /* its directory names hospitals; the packs are not needed */
    struct own *own;       /* this patient's alerts, consults and proposals */
    uint32_t own_count, own_capacity;
    struct cause cause;
    uint64_t input; /* offset of the last input: decisions come of it */
    bool failed;
};

/* --- is it about this patient? ------------------------------------------------------------------------------------ */

static bool is_own(const struct export *x, const struct jz_tool_record *record) {
    for (uint32_t i = 0; record->about && i < x->own_count; i++)
        if (x->own[i].about == record->about && x->own[i].number == record->about_number) return true;
    return false;
}

/* A decision says whose an alert, a consult or a proposal is before anybody answers it. */
static bool note_own(struct export *x, const struct jz_tool_record *record) {
    if (!record->decision || !record->about || is_own(x, record)) return true;
    if (x->own_count == x->own_capacity) {
        uint32_t capacity = x->own_capacity ? 2u * x->own_capacity : 16u;
        struct own *moved = realloc(x->own, capacity * sizeof *moved);
        if (!moved) return false;
        x->own = moved;
        x->own_capacity = capacity;
    }
    x->own[x->own_count++] = (struct own){record->about, record->about_number};
    return true;
}

static bool is_mine(const struct export *x, const struct jz_tool_record *record) {
    if (record->has_encounter && memcmp(&record->encounter, &x->id, sizeof x->id) == 0) return true;
    if (record->has_other && memcmp(&record->other, &x->id, sizeof x->id) == 0) return true;
    return !record->has_encounter && is_own(x, record);
}

/* --- one line ----------------------------------------------------------------------------------------------------- */

static const char *who_kind(const struct jz_tool_record *record) {
    bool frame = !record->decision && record->kind == JZ_EVENT_FRAME;
    if (!frame) return "server";
    return record->peer_kind == JZ_PEER_PERSON ? "person" : "device";
}

static void say_who(struct jz_tool_say *s, const struct jz_tool_record *record) {
    const char *role = jz_role_name((enum jz_role)record->role);
    jz_tool_say_open(s, "who", '{');
    jz_tool_say_text(s, "kind", who_kind(record));
    if (record->name.bytes) jz_tool_say_words(s, "name", record->name.data, record->name.bytes);
    if (role[0]) jz_tool_say_text(s, "role", role);
    if (record->facility.bytes)
        jz_tool_say_words(s, "facility", record->facility.data, record->facility.bytes);
    jz_tool_say_close(s, '}');
}

static void put_part(struct jz_tool_say *s, struct jz_text text) {
    if (!text.bytes) return;
    putc(' ', s->json.out);
    jz_tool_say_begin(s);
    jz_tool_say_words(s, NULL, text.data, text.bytes);
}

/* "person 李医生 receiving gy-3" */
static void put_who(struct jz_tool_say *s, const struct jz_tool_record *record) {
    const char *role = jz_role_name((enum jz_role)record->role);
    fputs(who_kind(record), s->json.out);
    put_part(s, record->name);
    put_part(s, (struct jz_text){role, (uint32_t)strlen(role)});
    put_part(s, record->facility);
    jz_tool_say_begin(s);
}

static const struct jz_word_kind *words_of(const struct jz_tool_record *record) {
    if (record->decision) return jz_word_kind(jz_decision_words, record->kind);
    if (record->kind == JZ_EVENT_FRAME) return jz_word_kind(jz_frame_words, record->frame_kind);
    return jz_word_kind(jz_event_words, record->kind);
}

/* A kind that no table has is shown as it stands. */
static void say_content(struct export *x, const struct jz_tool_record *record, struct jz_bytes body) {
    const struct jz_word_kind *kind = words_of(record);
    bool frame = !record->decision && record->kind == JZ_EVENT_FRAME;
    struct jz_bytes item = frame ? record->original : body;
    uint64_t head = record->decision ? HEAD_OF_DECISION : frame ? HEAD_OF_FRAME : HEAD_OF_INPUT;
    struct jz_tool_say *s = &x->teller.say;
    struct jz_reader r;
    jz_reader_init(&r, item.data, item.bytes);
    r.bytes_max = r.items_max = UINT32_MAX; /* what our own journal holds */
    x->teller.now_ms = record->at_ms;
    x->teller.field = JZ_FIELD_NONE;
    jz_tool_say_open(s, s->as_json ? "content" : NULL, '{');
    if (kind)
        jz_tell_pairs(&x->teller, &r, kind->key, head);
    else
        jz_tell_raw(&x->teller, "raw", item.data, item.bytes);
    jz_tool_say_close(s, '}');
}

static void name_of(const struct jz_tool_record *record, char out[64]) {
    const struct jz_word_kind *kind = words_of(record);
    if (kind)
        snprintf(out, 64, "%s", kind->name);
    else
        snprintf(out, 64, "kind %llu",
                 (unsigned long long)(record->frame_kind ? record->frame_kind : record->kind));
}

static void hash_of(struct jz_bytes bytes, uint8_t hash[HASH_BYTES]) {
    if (EVP_Digest(bytes.data, bytes.bytes, hash, NULL, EVP_sha256(), NULL) != 1) abort();
}

static void put_json(struct export *x, uint64_t offset, const struct jz_tool_record *record,
                     struct jz_bytes body) {
    struct jz_tool_say *s = &x->teller.say;
    uint8_t hash[HASH_BYTES];
    char name[64];
    name_of(record, name);
    hash_of(record->original, hash);
    jz_tool_say_open(s, NULL, '{');
    jz_tool_say_int(s, "offset", (int64_t)offset);
    jz_tool_say_time(s, "server_time", record->at_ms);
    if (record->frame_kind) {
        jz_tool_say_time(s, "device_time", record->device_ms);
        jz_tool_say_int(s, "clock_offset_ms", record->clock_offset_ms);
        jz_tool_say_int(s, "clock_uncertainty_ms", record->clock_uncertainty_ms);
    }
    say_who(s, record);
    jz_tool_say_text(s, "record", record->decision ? "decision" : "input");
    jz_tool_say_text(s, "what", name);
    if (record->decision) jz_tool_say_int(s, "because_of", (int64_t)x->input);
    say_content(x, record, body);
    jz_tool_say_hex(s, "sha256", hash, sizeof hash);
    jz_tool_say_close(s, '}');
    putc('\n', s->json.out);
}

/* "17 2026-01-01T08:00:05.123+08:00 device 急救07 (2026-01-01T08:00:05.000+08:00) vitals: readings: (...) sha256 ..." */
static void put_text(struct export *x, uint64_t offset, const struct jz_tool_record *record,
                     struct jz_bytes body) {
    struct jz_tool_say *s = &x->teller.say;
    FILE *out = s->json.out;
    uint8_t hash[HASH_BYTES];
    char name[64], server[JZ_TIME_TEXT_MAX], device[JZ_TIME_TEXT_MAX];
    name_of(record, name);
    hash_of(record->original, hash);
    jz_time_text(record->at_ms, server);
    jz_time_text(record->device_ms, device);
    fprintf(out, "%llu %s ", (unsigned long long)offset, server);
    if (record->frame_kind) fprintf(out, "(sender's clock %s) ", device);
    if (record->decision)
        fprintf(out, "decided because of %llu: ", (unsigned long long)x->input);
    else
        put_who(s, record), fputs(": ", out);
    fprintf(out, "%s: ", name);
    say_content(x, record, body);
    fputs(" sha256 ", out);
    for (uint32_t i = 0; i < HASH_BYTES; i++) fprintf(out, "%02x", hash[i]);
    putc('\n', out);
}

static void put_record(struct export *x, uint64_t offset, const struct jz_tool_record *record,
                       struct jz_bytes body) {
    struct jz_tool_say *s = &x->teller.say;
    jz_tool_say_begin(s);
    if (s->as_json)
        put_json(x, offset, record, body);
    else
        put_text(x, offset, record, body);
}

static void put_cause(struct export *x) {
    struct jz_tool_record record;
    if (!x->cause.waits) return;
    x->cause.waits = false;
    if (jz_tool_record_read(x->cause.body, x->cause.bytes, &record))
        put_record(x, x->cause.offset, &record, (struct jz_bytes){x->cause.body, x->cause.bytes});
}

/* --- the journal -------------------------------------------------------------------------------------------------- */

static bool keep_cause(struct export *x, uint64_t offset, const struct jz_tool_record *record,
                       struct jz_bytes body) {
    x->cause.waits = false;
    if (record->has_encounter || record->has_other || record->about || body.bytes > CAUSE_BYTES_MAX)
        return true;
    uint8_t *room = realloc(x->cause.body, body.bytes);
    if (!room) return false;
    memcpy(room, body.data, body.bytes);
    x->cause = (struct cause){.offset = offset, .body = room, .bytes = body.bytes, .waits = true};
    return true;
}

static bool note_directory(struct export *x, const struct jz_tool_record *record) {
    struct jz_pack_error error;
    if (record->decision || record->kind != JZ_EVENT_DIRECTORY) return true;
    bool taken = jz_world_set_directory(&x->world, record->original, &error) == JZ_OK;
    x->teller.directory = x->world.directory;
    return taken;
}

static bool export_record(void *context, uint64_t offset, const uint8_t key[16], const uint8_t *body,
                          uint32_t bytes) {
    struct export *x = context;
    struct jz_tool_record record;
    struct jz_bytes whole = {body, bytes};
    (void)key;
    if (!jz_tool_record_read(body, bytes, &record))
        return true; /* of no version this one knows: of no patient either */
    bool mine = is_mine(x, &record), well = note_directory(x, &record);
    if (!record.decision) {
        x->input = offset;
        well = well && keep_cause(x, offset, &record, whole);
    }
    if (mine) {
        well = well && note_own(x, &record);
        if (record.decision) put_cause(x);
        put_record(x, offset, &record, whole);
    }
    x->failed = !well;
    return well;
}

static int export_case(struct jz_journal *journal, struct export *x) {
    uint64_t bad = 0;
    enum jz_status status = jz_journal_read(journal, JZ_TOOL_SHARD, 0, UINT64_MAX, export_record, x, &bad);
    free(x->own);
    free(x->cause.body);
    jz_world_deinit(&x->world);
    if (status == JZ_OK && !x->failed) return 0;
    fprintf(stderr, "jingzhu " WHAT ": journal record %llu: %s\n",
            (unsigned long long)(x->failed ? x->input : bad),
            x->failed ? "out of memory, or a directory that cannot be used" : jz_status_text(status));
    return x->failed ? 1 : 70;
}

int jz_cmd_journal_export(int argc, char **argv) {
    bool json = false;
    const struct jz_tool_flag flags[] = {{"--json", NULL, &json}};
    struct jz_tool_rest rest;
    struct jz_journal *journal;
    if (!jz_tool_flags(argc, argv, flags, 1, &rest) || rest.count != 2) {
        fprintf(stderr,
                "usage: jingzhu " WHAT " DIR CASE [--json]   (CASE: id of the patient, or its beginning)\n");
        return 64;
    }
    struct export *x = calloc(1, sizeof *x);
    if (!x) return 70;
    x->teller.say = (struct jz_tool_say){.json = {.out = stdout}, .as_json = json};
    int code = jz_tool_journal_open(&journal, WHAT, rest.word[0]) == JZ_OK ? 0 : 70;
    if (!code) code = jz_tool_case_find(journal, WHAT, rest.word[1], &x->id);
    if (!code) code = export_case(journal, x);
    jz_journal_close(journal);
    free(x);
    return code;
}
