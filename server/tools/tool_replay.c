/* SPDX-License-Identifier: Apache-2.0 */
#include "tool_replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool_journal.h"

struct replay {
    struct jz_tool_replay seen; /* what callers see */
    const struct jz_tool_replay_calls *calls;
    struct jz_world world;
    struct jz_core *core;
    void *memory;
    struct jz_outcome *outcome;
    uint32_t decision; /* decisions of the last input seen so far */
    struct jz_frame frame;
    struct jz_travel travel;
    int code; /* of the process; 0: all is well so far */
    struct jz_pack_error error;
};

static bool stop(struct replay *r, int code, uint64_t offset, const char *text) {
    r->code = code;
    snprintf(r->error.file, sizeof r->error.file, "journal record %llu", (unsigned long long)offset);
    snprintf(r->error.text, sizeof r->error.text, "%s", text);
    return false;
}

static bool equip(struct replay *r, uint64_t offset, struct jz_event *event) {
    struct jz_pack_error error = {.line = 0};
    enum jz_status status = JZ_OK;
    if (event->kind == JZ_EVENT_PACKS) status = jz_world_set_packs(&r->world, event->original, &error);
    if (event->kind == JZ_EVENT_DIRECTORY)
        status = jz_world_set_directory(&r->world, event->original, &error);
    event->program = r->world.program;
    event->directory = r->world.directory;
    if (status == JZ_OK) return true;
    return stop(r, 1, offset, error.text[0] ? error.text : jz_status_text(status));
}

static bool apply(struct replay *r, uint64_t offset, const struct jz_event *event) {
    struct jz_tool_replayed input = {offset, event, r->outcome};
    if (r->calls->before && !r->calls->before(r->calls->context, &r->seen, event))
        return stop(r, 70, offset, "out of memory");
    jz_core_apply(r->core, event, r->outcome);
    r->decision = 0;
    if (r->outcome->duplicate && r->outcome->status == JZ_E_FULL)
        return stop(r, 1, offset,
                    "more patients or peers at once than the journal's newest snapshot allows for");
    if (r->outcome->duplicate) return stop(r, 1, offset, "the same input is on record twice");
    return r->calls->after(r->calls->context, &r->seen, &input) || stop(r, 70, offset, "out of memory");
}

static bool replay_input(struct replay *r, uint64_t offset, const uint8_t *body, uint32_t bytes) {
    struct jz_event event;
    if (r->decision != r->outcome->decision_count)
        return stop(r, 1, offset, "a decision is missing that replay makes");
    if (jz_event_decode(body, bytes, &event, &r->frame, &r->travel) != JZ_OK)
        return stop(r, 1, offset, "an input on record cannot be decoded");
    return equip(r, offset, &event) && apply(r, offset, &event);
}

static bool replay_decision(struct replay *r, uint64_t offset, const uint8_t *body, uint32_t bytes) {
    const struct jz_outcome *out = r->outcome;
    bool same = r->decision < out->decision_count;
    struct jz_slice made = same ? out->decision[r->decision++] : (struct jz_slice){0, 0};
    same = same && made.bytes == bytes && memcmp(out->buffer + made.offset, body, bytes) == 0;
    if (!same) return stop(r, 1, offset, "the decision on record is not the one replay makes");
    r->seen.decisions++;
    return true;
}

static bool replay_record(void *context, uint64_t offset, const uint8_t key[16], const uint8_t *body,
                          uint32_t bytes) {
    struct replay *r = context;
    (void)key;
    r->seen.records = offset + 1u;
    return jz_record_is_decision(body, bytes) ? replay_decision(r, offset, body, bytes)
                                              : replay_input(r, offset, body, bytes);
}

static bool begin(struct replay *r, struct jz_journal *journal, const struct jz_tool_replay_calls *calls) {
    struct jz_core_limits limits = jz_tool_journal_limits(journal);
    size_t bytes = (jz_core_bytes(&limits) + 4095u) & ~(size_t)4095u;
    r->calls = calls;
    r->memory = calloc(1, bytes); /* untouched pages cost nothing */
    r->outcome = calloc(1, sizeof *r->outcome);
    if (!r->memory || !r->outcome) return stop(r, 70, 0, "out of memory");
    r->core = jz_core_init(r->memory, &limits);
    r->seen.core = r->core;
    r->seen.world = &r->world;
    return true;
}

static void run(struct replay *r, struct jz_journal *journal) {
    uint64_t bad = 0;
    enum jz_status status = jz_journal_read(journal, JZ_TOOL_SHARD, 0, UINT64_MAX, replay_record, r, &bad);
    if (status != JZ_OK)
        stop(r, 70, bad, jz_status_text(status));
    else if (!r->code && r->decision != r->outcome->decision_count)
        stop(r, 1, r->seen.records, "a decision is missing at the end");
    else if (!r->code && r->calls->end && !r->calls->end(r->calls->context, &r->seen))
        stop(r, 70, r->seen.records, "out of memory");
}

int jz_tool_replay(struct jz_journal *journal, const char *what, const struct jz_tool_replay_calls *calls) {
    struct replay *r = calloc(1, sizeof *r);
    if (!r) return fprintf(stderr, "jingzhu %s: out of memory\n", what), 70;
    if (begin(r, journal, calls)) run(r, journal);
    int code = r->code;
    if (code) fprintf(stderr, "jingzhu %s: %s: %s\n", what, r->error.file, r->error.text);
    free(r->outcome);
    free(r->memory);
    jz_world_deinit(&r->world);
    free(r);
    return code;
}
