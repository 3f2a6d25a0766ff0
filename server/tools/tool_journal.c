/* SPDX-License-Identifier: Apache-2.0 */
#include "tool_journal.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CASES_LISTED_MAX 16u
#define ENCOUNTERS_DEFAULT 4096u /* of a server without a setting (config.c) */
#define PEERS_DEFAULT 20000u

/* Keys of records (server/core/record.c, decision.c) and frames (protocol/jingzhu.cddl). */
enum { KEY_TYPE, KEY_KIND_OR_NUMBER, KEY_AT, KEY_DECISION_KIND, KEY_DECISION_ENCOUNTER, KEY_DECISION_NUMBER };
enum { KEY_PAYLOAD = 3, KEY_PERSON = 4, KEY_ORIGINAL = 11 };
enum { KEY_PEER_KIND = 4, KEY_NAME, KEY_ROLE, KEY_FACILITY, KEY_CLOCK_OFFSET = 9, KEY_CLOCK_UNCERTAINTY };
enum {
    FRAME_KIND = 0,
    FRAME_AT = 3,
    FRAME_ENCOUNTER = 4,
    FRAME_ALERT = 8,
    FRAME_ACTION = 8,
    FRAME_OTHER = 15,
    FRAME_NUMBER = 16
};

bool jz_tool_journal_is_there(const char *what, const char *dir) {
    char path[512];
    snprintf(path, sizeof path, "%s/journal.db", dir);
    if (access(path, R_OK) == 0) return true;
    fprintf(stderr, "jingzhu %s: no journal that can be read in '%s' (journal.db: %s)\n", what, dir,
            strerror(errno));
    return false;
}

enum jz_status jz_tool_journal_open(struct jz_journal **journal, const char *what, const char *dir) {
    char url[512];
    *journal = NULL;
    if (!jz_tool_journal_is_there(what, dir)) return JZ_E_FILE;
    snprintf(url, sizeof url, "sqlite:%s/journal.db", dir);
    enum jz_status status = jz_journal_open(journal, url, NULL);
    if (status != JZ_OK)
        fprintf(stderr, "jingzhu %s: %s: %s (%s)\n", what, dir, jz_status_text(status),
                jz_status_name(status));
    return status;
}

/* A snapshot begins with them (ledger.c). */
struct jz_core_limits jz_tool_journal_limits(struct jz_journal *journal) {
    struct jz_core_limits limits = {.encounters_max = ENCOUNTERS_DEFAULT, .peers_max = PEERS_DEFAULT};
    uint64_t offset;
    uint8_t hash[32];
    void *state;
    size_t bytes;
    if (jz_journal_snapshot_get(journal, JZ_TOOL_SHARD, 0, &offset, hash, &state, &bytes) != JZ_OK)
        return limits;
    if (bytes >= sizeof limits) memcpy(&limits, state, sizeof limits);
    free(state);
    return limits;
}

/* Kinds of decision whose key 5 numbers what they are about, and actions whose key 16 does. */
static const struct {
    uint64_t kind;
    enum jz_tool_about about;
} decided[] = {{4, JZ_ABOUT_ALERT}, {10, JZ_ABOUT_ALERT}, {12, JZ_ABOUT_CONSULT}, {15, JZ_ABOUT_PROPOSAL}},
  acted[] = {{JZ_ACTION_RECEIPT, JZ_ABOUT_ALERT},
             {JZ_ACTION_TAKE_CONSULT, JZ_ABOUT_CONSULT},
             {JZ_ACTION_PASS_CONSULT, JZ_ABOUT_CONSULT},
             {JZ_ACTION_ANSWER_CONSULT, JZ_ABOUT_CONSULT},
             {JZ_ACTION_SECOND, JZ_ABOUT_PROPOSAL}};

/* --- whom a record is about --------------------------------------------------------------------------------------- */

static bool read_id(struct jz_reader *r, struct jz_encounter_id *id) {
    struct jz_bytes bytes = jz_read_bytes(r);
    if (r->status != JZ_OK || bytes.bytes != sizeof id->byte) return false;
    memcpy(id->byte, bytes.data, sizeof id->byte);
    return true;
}

static enum jz_tool_about about_of_decision(uint64_t kind) {
    for (size_t i = 0; i < sizeof decided / sizeof decided[0]; i++)
        if (decided[i].kind == kind) return decided[i].about;
    return JZ_ABOUT_NOTHING;
}

static enum jz_tool_about about_of_action(uint64_t action) {
    for (size_t i = 0; i < sizeof acted / sizeof acted[0]; i++)
        if (acted[i].kind == action) return acted[i].about;
    return JZ_ABOUT_NOTHING;
}

static void read_frame_pair(struct jz_reader *r, struct jz_tool_record *out) {
    uint64_t key = jz_read_uint(r);
    bool acts = out->frame_kind == JZ_FRAME_ACTION, answers = out->frame_kind == JZ_FRAME_ALERT_ANSWER;
    if (key == FRAME_KIND) {
        out->frame_kind = jz_read_uint(r);
    } else if (key == FRAME_AT) {
        out->device_ms = jz_read_int(r);
    } else if (key == FRAME_ENCOUNTER) {
        out->has_encounter = read_id(r, &out->encounter);
    } else if (key == FRAME_ALERT && answers) {
        out->about = JZ_ABOUT_ALERT;
        out->about_number = jz_read_uint(r);
    } else if (key == FRAME_ACTION && acts) {
        out->about = about_of_action(jz_read_uint(r));
    } else if (key == FRAME_OTHER && acts) {
        out->has_other = read_id(r, &out->other);
    } else if (key == FRAME_NUMBER && acts) {
        out->about_number = jz_read_uint(r);
    } else {
        jz_read_skip(r);
    }
}

static void read_frame(struct jz_tool_record *out) {
    struct jz_reader r;
    jz_reader_init(&r, out->original.data, out->original.bytes);
    uint32_t pairs = jz_read_map(&r);
    for (uint32_t i = 0; i < pairs && r.status == JZ_OK; i++) read_frame_pair(&r, out);
}

/* {0: encounter, ...} */
static void read_measurement(struct jz_tool_record *out) {
    struct jz_reader r;
    jz_reader_init(&r, out->original.data, out->original.bytes);
    if (jz_read_map(&r) > 0 && jz_read_uint(&r) == 0) out->has_encounter = read_id(&r, &out->encounter);
}

static void read_stored_pair(struct jz_reader *r, uint64_t key, struct jz_tool_record *out) {
    switch (key) {
    case KEY_PEER_KIND: out->peer_kind = jz_read_uint(r); break;
    case KEY_NAME: out->name = jz_read_text(r); break;
    case KEY_ROLE: out->role = jz_read_uint(r); break;
    case KEY_FACILITY: out->facility = jz_read_text(r); break;
    case KEY_CLOCK_OFFSET: out->clock_offset_ms = jz_read_int(r); break;
    case KEY_CLOCK_UNCERTAINTY: out->clock_uncertainty_ms = jz_read_int(r); break;
    case KEY_ORIGINAL: out->original = jz_read_bytes(r); break;
    default: jz_read_skip(r); break;
    }
}

static void read_input_pair(struct jz_reader *r, uint64_t key, struct jz_tool_record *out) {
    size_t from = r->at;
    if (out->kind == JZ_EVENT_FRAME) {
        read_stored_pair(r, key, out);
    } else if (key == KEY_PAYLOAD && out->kind == JZ_EVENT_TRAVEL) {
        out->has_encounter = read_id(r, &out->encounter);
    } else if (key == KEY_PAYLOAD && out->kind == JZ_EVENT_MEASUREMENT) {
        jz_read_skip(r);
        out->original = (struct jz_bytes){r->data + from, (uint32_t)(r->at - from)};
    } else if (key == KEY_PAYLOAD && (out->kind == JZ_EVENT_PACKS || out->kind == JZ_EVENT_DIRECTORY)) {
        out->original = jz_read_bytes(r);
    } else if (key == KEY_PERSON && out->kind == JZ_EVENT_PACKS) {
        out->name = jz_read_text(r);
    } else {
        jz_read_skip(r);
    }
}

static void read_decision_pair(struct jz_reader *r, uint64_t key, struct jz_tool_record *out) {
    if (key == KEY_DECISION_KIND) {
        out->kind = jz_read_uint(r);
        out->about = about_of_decision(out->kind);
    } else if (key == KEY_DECISION_ENCOUNTER) {
        out->has_encounter = read_id(r, &out->encounter);
    } else if (key == KEY_DECISION_NUMBER && out->about) {
        out->about_number = jz_read_uint(r);
    } else {
        jz_read_skip(r);
    }
}

static void read_record_pair(struct jz_reader *r, struct jz_tool_record *out) {
    uint64_t key = jz_read_uint(r);
    if (key == KEY_TYPE)
        out->decision = jz_read_uint(r) == JZ_RECORD_DECISION;
    else if (key == KEY_KIND_OR_NUMBER && out->decision)
        out->number = jz_read_uint(r);
    else if (key == KEY_KIND_OR_NUMBER)
        out->kind = jz_read_uint(r);
    else if (key == KEY_AT)
        out->at_ms = jz_read_int(r);
    else if (out->decision)
        read_decision_pair(r, key, out);
    else
        read_input_pair(r, key, out);
}

bool jz_tool_record_read(const uint8_t *body, uint32_t bytes, struct jz_tool_record *out) {
    struct jz_reader r;
    memset(out, 0, sizeof *out);
    jz_reader_init(&r, body, bytes);
    r.bytes_max = r.items_max = UINT32_MAX; /* packs, directory; our own journal */
    uint32_t pairs = jz_read_map(&r);
    for (uint32_t i = 0; i < pairs && r.status == JZ_OK; i++) read_record_pair(&r, out);
    if (r.status != JZ_OK) return false;
    if (out->decision || !out->original.data) out->original = (struct jz_bytes){body, bytes};
    if (out->kind == JZ_EVENT_FRAME && !out->decision) read_frame(out);
    if (out->kind == JZ_EVENT_MEASUREMENT && !out->decision) read_measurement(out);
    return true;
}

/* --- a patient by the beginning of the id ------------------------------------------------------------------------- */

struct search {
    uint8_t prefix[16];
    size_t digits;
    struct jz_encounter_id found[CASES_LISTED_MAX];
    uint32_t count; /* found; one more than are listed: there are more */
};

static bool begins_like(const struct search *s, const struct jz_encounter_id *id) {
    size_t whole = s->digits / 2u;
    if (memcmp(s->prefix, id->byte, whole) != 0) return false;
    return s->digits % 2u == 0 || (s->prefix[whole] ^ id->byte[whole]) >> 4 == 0;
}

static void note(struct search *s, bool has, const struct jz_encounter_id *id) {
    if (!has || !begins_like(s, id)) return;
    uint32_t listed = s->count < CASES_LISTED_MAX ? s->count : CASES_LISTED_MAX;
    for (uint32_t i = 0; i < listed; i++)
        if (memcmp(&s->found[i], id, sizeof *id) == 0) return;
    if (s->count < CASES_LISTED_MAX) s->found[s->count] = *id;
    if (s->count <= CASES_LISTED_MAX) s->count++;
}

static bool search_record(void *context, uint64_t offset, const uint8_t key[16], const uint8_t *body,
                          uint32_t bytes) {
    struct jz_tool_record record;
    struct search *s = context;
    (void)offset, (void)key;
    if (!jz_tool_record_read(body, bytes, &record)) return true;
    note(s, record.has_encounter, &record.encounter);
    note(s, record.has_other, &record.other);
    return s->count <= CASES_LISTED_MAX;
}

static bool read_prefix(const char *text, struct search *s) {
    for (s->digits = 0; *text && s->digits < 32; text++, s->digits++) {
        int c = tolower((unsigned char)*text);
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0) return false;
        s->prefix[s->digits / 2u] |= (uint8_t)(s->digits % 2u ? digit : digit << 4);
    }
    return *text == 0 && s->digits >= JZ_CASE_PREFIX_MIN;
}

static void list_found(const struct search *s, const char *what, const char *prefix) {
    fprintf(stderr, "jingzhu %s: '%s' is the beginning of several patients' ids; give more of it:\n", what,
            prefix);
    for (uint32_t i = 0; i < s->count && i < CASES_LISTED_MAX; i++) {
        fputs("  ", stderr);
        for (size_t k = 0; k < sizeof s->found[i].byte; k++) fprintf(stderr, "%02x", s->found[i].byte[k]);
        putc('\n', stderr);
    }
    if (s->count > CASES_LISTED_MAX) fputs("  ... and more\n", stderr);
}

int jz_tool_case_find(struct jz_journal *journal, const char *what, const char *prefix,
                      struct jz_encounter_id *id) {
    struct search search = {.digits = 0};
    uint64_t bad;
    if (!read_prefix(prefix, &search)) {
        fprintf(stderr, "jingzhu %s: '%s' is no id of a patient; give %u to 32 hexadecimal digits of it\n",
                what, prefix, JZ_CASE_PREFIX_MIN);
        return 64;
    }
    enum jz_status status =
        jz_journal_read(journal, JZ_TOOL_SHARD, 0, UINT64_MAX, search_record, &search, &bad);
    if (status != JZ_OK) {
        fprintf(stderr, "jingzhu %s: journal record %llu: %s (%s)\n", what, (unsigned long long)bad,
                jz_status_text(status), jz_status_name(status));
        return 70;
    }
    if (search.count == 0)
        fprintf(stderr, "jingzhu %s: no patient's id in it begins with '%s'\n", what, prefix);
    if (search.count > 1) list_found(&search, what, prefix);
    if (search.count != 1) return 1;
    *id = search.found[0];
    return 0;
}
