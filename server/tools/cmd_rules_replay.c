/* SPDX-License-Identifier: Apache-2.0 */
/* A journal's patients under other packs. The inputs on record go through the core as they did, with the
 * new packs in the place of those on record; what the core decides then stands beside the decisions on
 * record. Nothing is written. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "core.h"
#include "journal.h"
#include "replay_tally.h"
#include "tool_flags.h"
#include "tool_packs.h"

#define SHARD 0u

struct replay {
    const struct jz_program *program;
    struct jz_world world; /* the directory on record */
    struct jz_core *core;
    void *memory;
    struct jz_tally *tally;
    struct jz_outcome *outcome;
    struct jz_frame frame;
    struct jz_travel travel;
    int64_t wake_ms; /* no deadline of the new core is due before this */
    bool activated, failed;
    struct jz_pack_error error;
};

static bool fail(struct replay *r, uint64_t offset, const char *text) {
    r->failed = true;
    snprintf(r->error.file, sizeof r->error.file, "journal record %llu", (unsigned long long)offset);
    if (!r->error.text[0]) snprintf(r->error.text, sizeof r->error.text, "%s", text);
    return false;
}

static bool apply(struct replay *r, const struct jz_event *event) {
    const struct jz_outcome *out = r->outcome;
    jz_core_apply(r->core, event, r->outcome);
    if (out->deadline_ms < r->wake_ms) r->wake_ms = out->deadline_ms;
    for (uint32_t i = 0; i < out->decision_count; i++)
        if (!jz_tally_decision(r->tally, JZ_SIDE_NEW, out->buffer + out->decision[i].offset,
                               out->decision[i].bytes))
            return false;
    return true;
}

/* The deadlines on record are those of the packs on record; the new ones have their own. */
static bool pass_time(struct replay *r, int64_t now_ms) {
    while (r->wake_ms < now_ms) {
        struct jz_event due = {.kind = JZ_EVENT_DEADLINE, .received_ms = r->wake_ms};
        if (!apply(r, &due)) return false;
        int64_t next = jz_core_next_deadline(r->core);
        if (next <= r->wake_ms && r->outcome->touched_count == 0)
            next = r->wake_ms + 1; /* nothing came of it */
        r->wake_ms = next;
    }
    return true;
}

static enum jz_status equip(struct replay *r, struct jz_event *event) {
    if (event->kind == JZ_EVENT_DIRECTORY) {
        enum jz_status status = jz_world_set_directory(&r->world, event->original, &r->error);
        if (status != JZ_OK) return status;
    }
    event->program = r->program;
    event->directory = r->world.directory;
    return JZ_OK;
}

static bool replay_input(struct replay *r, uint64_t offset, const uint8_t *body, uint32_t bytes) {
    struct jz_event event;
    if (jz_event_decode(body, bytes, &event, &r->frame, &r->travel) != JZ_OK)
        return fail(r, offset, "an input on record cannot be decoded");
    if (!pass_time(r, event.received_ms)) return fail(r, offset, "out of memory");
    if (event.kind == JZ_EVENT_DEADLINE || (event.kind == JZ_EVENT_PACKS && r->activated)) return true;
    if (equip(r, &event) != JZ_OK) return fail(r, offset, "the directory on record cannot be used");
    if (event.kind == JZ_EVENT_PACKS) r->activated = true;
    if (!apply(r, &event)) return fail(r, offset, "out of memory");
    if (r->outcome->duplicate && r->outcome->status == JZ_E_FULL)
        return fail(r, offset,
                    "more patients or peers at once than the journal's newest snapshot allows for");
    return true;
}

static bool replay_record(void *context, uint64_t offset, const uint8_t key[16], const uint8_t *body,
                          uint32_t bytes) {
    struct replay *r = context;
    (void)key;
    if (!jz_record_is_decision(body, bytes)) return replay_input(r, offset, body, bytes);
    return jz_tally_decision(r->tally, JZ_SIDE_RECORD, body, bytes) || fail(r, offset, "out of memory");
}

/* The limits of the process that wrote: a snapshot begins with them (ledger.c). */
static struct jz_core_limits limits_of(struct jz_journal *journal) {
    struct jz_core_limits limits = {.encounters_max = 4096, .peers_max = 20000};
    uint64_t offset;
    uint8_t hash[32];
    void *state;
    size_t bytes;
    if (jz_journal_snapshot_get(journal, SHARD, 0, &offset, hash, &state, &bytes) != JZ_OK) return limits;
    if (bytes >= sizeof limits) memcpy(&limits, state, sizeof limits);
    free(state);
    return limits;
}

static bool begin(struct replay *r, struct jz_journal *journal) {
    struct jz_core_limits limits = limits_of(journal);
    r->memory =
        calloc(1, (jz_core_bytes(&limits) + 4095u) & ~(size_t)4095u); /* untouched pages cost nothing */
    r->outcome = calloc(1, sizeof *r->outcome);
    r->tally = jz_tally_new();
    r->wake_ms = INT64_MAX;
    if (!r->memory || !r->outcome || !r->tally) return false;
    r->core = jz_core_init(r->memory, &limits);
    return true;
}

static void end(struct replay *r) {
    jz_tally_free(r->tally);
    free(r->outcome);
    free(r->memory);
    jz_world_deinit(&r->world);
}

static int replay(struct replay *r, struct jz_journal *journal) {
    uint64_t bad = 0;
    if (!begin(r, journal)) {
        fprintf(stderr, "jingzhu rules replay: out of memory\n");
        return JZ_EXIT_WRONG;
    }
    enum jz_status status = jz_journal_read(journal, SHARD, 0, UINT64_MAX, replay_record, r, &bad);
    if (status != JZ_OK) fail(r, bad, jz_status_text(status));
    if (r->failed) {
        fprintf(stderr, "jingzhu rules replay: %s: %s\n", r->error.file, r->error.text);
        return JZ_EXIT_WRONG;
    }
    return jz_tally_report(r->tally, stdout) ? JZ_EXIT_WRONG : JZ_EXIT_OK;
}

/* A look at a journal never makes one. */
static enum jz_status open_journal(struct jz_journal **journal, const char *dir) {
    char path[512];
    snprintf(path, sizeof path, "%s/journal.db", dir);
    if (access(path, R_OK) != 0) {
        fprintf(stderr, "jingzhu rules replay: no journal that can be read in '%s' (journal.db: %s)\n", dir,
                strerror(errno));
        return JZ_E_FILE;
    }
    snprintf(path, sizeof path, "sqlite:%s/journal.db", dir);
    enum jz_status status = jz_journal_open(journal, path, NULL);
    if (status != JZ_OK)
        fprintf(stderr, "jingzhu rules replay: %s: %s (%s)\n", dir, jz_status_text(status),
                jz_status_name(status));
    return status;
}

int jz_cmd_rules_replay(int argc, char **argv) {
    const char *folder = NULL;
    const struct jz_tool_flag flags[] = {{"--pack", &folder, NULL}, {"--packs", &folder, NULL}};
    struct jz_tool_rest rest;
    struct jz_journal *journal = NULL;
    if (!jz_tool_flags(argc, argv, flags, 2, &rest) || rest.count != 1 || !folder) {
        fprintf(
            stderr,
            "usage: jingzhu rules replay JOURNAL_DIR --pack FOLDER   (exit 1: triage would have differed)\n");
        return JZ_EXIT_USAGE;
    }
    struct jz_tool_packs *packs = jz_tool_packs_load(folder);
    struct replay *r = packs ? calloc(1, sizeof *r) : NULL;
    int code = JZ_EXIT_WRONG;
    if (r && open_journal(&journal, rest.word[0]) == JZ_OK) {
        r->program = packs->program;
        code = replay(r, journal);
        end(r);
    }
    jz_journal_close(journal);
    free(r);
    jz_tool_packs_free(packs);
    return code;
}
