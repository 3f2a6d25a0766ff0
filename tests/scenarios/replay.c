/* SPDX-License-Identifier: Apache-2.0 */
/* What a journal is for: the same inputs give the same decisions and the same state, from the first record on and from
 * a snapshot in the middle. */
#include <stdlib.h>
#include <string.h>

#include "scene.h"

struct bytes {
    uint8_t *data;
    size_t count, capacity;
};

static void collect(void *context, const void *data, size_t count) {
    struct bytes *to = context;
    if (to->count + count > to->capacity) {
        to->capacity = (to->count + count) * 2;
        to->data = realloc(to->data, to->capacity);
        if (!to->data) abort();
    }
    if (count) memcpy(to->data + to->count, data, count);
    to->count += count;
}

/* A second core, with what it needs of its own. */
struct second {
    void *memory;
    struct jz_core *core;
    struct jz_outcome *out;
    struct scene_directory *directory;
};

static void second_open(struct second *p, const struct scene *s) {
    memset(p, 0, sizeof *p);
    p->memory = aligned_alloc(16, jz_core_bytes(&s->limits));
    p->out = malloc(sizeof *p->out);
    if (!p->memory || !p->out) abort();
    memset(p->memory, 0, jz_core_bytes(&s->limits));
    p->core = jz_core_init(p->memory, &s->limits);
}

static void second_close(struct second *p) {
    free(p->memory);
    free(p->out);
    scene_directory_free(p->directory);
}

static bool differs(const struct scene *s, size_t record, const char *what) {
    fprintf(s->to, "%s: replay: record %zu of %zu: %s\n", s->path, record, s->record_count, what);
    return false;
}

/* The directory of a record is made of its payload, as the server does. */
static void take_directory(struct second *p, const struct scene *s, struct jz_event *event) {
    char payload[sizeof s->payload];
    snprintf(payload, sizeof payload, "%.*s", (int)event->original.bytes, (const char *)event->original.data);
    struct scene_directory *made = scene_directory(s->files, payload);
    if (!made) abort();
    made->before = p->directory;
    p->directory = made;
    event->directory = &made->directory;
}

static bool play(struct second *p, const struct scene *s, size_t at) {
    static struct jz_frame frame;
    static struct jz_travel travel;
    struct jz_event event;
    const struct scene_record *r = &s->record[at];
    if (jz_event_decode(r->input, r->input_bytes, &event, &frame, &travel) != JZ_OK)
        return differs(s, at, "cannot be read back");
    if (event.kind == JZ_EVENT_PACKS) event.program = s->files->program;
    if (event.kind == JZ_EVENT_DIRECTORY) take_directory(p, s, &event);
    jz_core_apply(p->core, &event, p->out);
    if (p->out->duplicate) return differs(s, at, "was taken the first time and is not taken the second time");
    if (p->out->buffer_used != r->decision_bytes || memcmp(p->out->buffer, r->decisions, r->decision_bytes))
        return differs(s, at, "other decisions than the first time");
    return true;
}

static bool same_state(const struct scene *s, const struct jz_core *core, const char *what) {
    struct bytes first = {0}, second = {0};
    jz_core_save(s->core, collect, &first);
    jz_core_save(core, collect, &second);
    bool same = first.count == second.count && memcmp(first.data, second.data, first.count) == 0;
    free(first.data);
    free(second.data);
    return same || differs(s, s->record_count, what);
}

/* What was in force at the snapshot has to be there before it is loaded. */
static bool from_snapshot(const struct scene *s, const struct bytes *snapshot, size_t from) {
    struct second p;
    second_open(&p, s);
    bool good = true;
    struct jz_frame *frame = malloc(sizeof *frame);
    struct jz_travel travel;
    if (!frame) abort();
    for (size_t i = 0; i < from; i++) {
        struct jz_event event;
        if (jz_event_decode(s->record[i].input, s->record[i].input_bytes, &event, frame, &travel) != JZ_OK)
            abort();
        if (event.kind == JZ_EVENT_DIRECTORY) take_directory(&p, s, &event);
    }
    free(frame);
    if (jz_core_load(p.core, snapshot->data, snapshot->count, s->files->program,
                     p.directory ? &p.directory->directory : NULL) != JZ_OK)
        good = differs(s, from, "the snapshot cannot be loaded");
    for (size_t i = from; good && i < s->record_count; i++) good = play(&p, s, i);
    good = good && same_state(s, p.core, "another state from the snapshot");
    second_close(&p);
    return good;
}

bool scene_replays(struct scene *s) {
    struct second p;
    struct bytes snapshot = {0};
    size_t middle = s->record_count / 2;
    bool good = true;
    second_open(&p, s);
    for (size_t i = 0; good && i < s->record_count; i++) {
        if (i == middle) jz_core_save(p.core, collect, &snapshot);
        good = play(&p, s, i);
    }
    good = good && same_state(s, p.core, "another state");
    second_close(&p);
    good = good && from_snapshot(s, &snapshot, middle);
    free(snapshot.data);
    return good;
}
