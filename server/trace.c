/* SPDX-License-Identifier: Apache-2.0 */
#include "trace.h"

#include <stdlib.h>
#include <string.h>

/* A place of its own in a strip: a recording is filled once, the others are rings. */
enum { LIVE = JZ_TRACE_RECORDINGS, CTG, PLACES };

struct segment {
    uint8_t *data;
    uint32_t bytes;
    int64_t own_ms;
};

struct place {
    uint32_t snapshot; /* 0: no recording */
    int64_t first_ms;  /* of its segment that came first */
    uint32_t first, count;
    uint64_t touched;
    struct segment segment[JZ_TRACE_SNAPSHOT_SEGMENTS];
};
_Static_assert(JZ_TRACE_LIVE_SEGMENTS <= JZ_TRACE_SNAPSHOT_SEGMENTS &&
                   JZ_TRACE_CTG_SEGMENTS <= JZ_TRACE_SNAPSHOT_SEGMENTS,
               "every place has room for its segments");

struct strip {
    struct jz_encounter_id id;
    uint64_t touched;            /* counter of additions: the least is the oldest */
    struct place *place[PLACES]; /* NULL: nothing of the kind came */
};

struct jz_trace {
    uint32_t encounters_max;
    uint64_t clock;
    size_t bytes;
    struct strip **strip; /* by slot; NULL: none */
};

struct jz_trace *jz_trace_open(uint32_t encounters_max) {
    struct jz_trace *trace = calloc(1, sizeof *trace);
    if (!trace) return NULL;
    trace->encounters_max = encounters_max;
    trace->strip = calloc(encounters_max, sizeof(struct strip *));
    if (trace->strip) return trace;
    free(trace);
    return NULL;
}

static uint32_t room_of(uint32_t place) {
    if (place == LIVE) return JZ_TRACE_LIVE_SEGMENTS;
    return place == CTG ? JZ_TRACE_CTG_SEGMENTS : JZ_TRACE_SNAPSHOT_SEGMENTS;
}

static void drop_first(struct jz_trace *trace, struct place *p, uint32_t room) {
    trace->bytes -= p->segment[p->first].bytes;
    free(p->segment[p->first].data);
    p->first = (p->first + 1u) % room;
    p->count--;
}

static void drop_place(struct jz_trace *trace, struct strip *s, uint32_t place) {
    while (s->place[place] && s->place[place]->count) drop_first(trace, s->place[place], room_of(place));
    free(s->place[place]);
    s->place[place] = NULL;
}

static void drop_strip(struct jz_trace *trace, uint32_t slot) {
    struct strip *s = trace->strip[slot];
    for (uint32_t place = 0; s && place < PLACES; place++) drop_place(trace, s, place);
    free(s);
    trace->strip[slot] = NULL;
}

void jz_trace_close(struct jz_trace *trace) {
    if (!trace) return;
    for (uint32_t slot = 0; slot < trace->encounters_max; slot++) drop_strip(trace, slot);
    free(trace->strip);
    free(trace);
}

/* @return false: there is no other to drop. */
static bool drop_oldest_strip(struct jz_trace *trace, uint32_t except) {
    uint32_t oldest = except;
    for (uint32_t slot = 0; slot < trace->encounters_max; slot++) {
        if (slot == except || !trace->strip[slot]) continue;
        if (oldest == except || trace->strip[slot]->touched < trace->strip[oldest]->touched) oldest = slot;
    }
    if (oldest == except) return false;
    drop_strip(trace, oldest);
    return true;
}

static struct strip *reach(struct jz_trace *trace, uint32_t slot, struct jz_encounter_id id) {
    struct strip *s = trace->strip[slot];
    if (s && memcmp(s->id.byte, id.byte, sizeof id.byte) != 0) { /* the slot went to another patient */
        drop_strip(trace, slot);
        s = NULL;
    }
    if (!s && (s = calloc(1, sizeof *s))) s->id = id;
    trace->strip[slot] = s;
    return s;
}

static bool is_of(const struct place *p, uint32_t snapshot, int64_t own_ms) {
    return p && p->snapshot == snapshot && jz_trace_is_same(p->first_ms, own_ms);
}

/* The place of a recording; a new one takes a free one, or that of the recording untouched longest. */
static uint32_t recording(struct jz_trace *trace, struct strip *s, uint32_t snapshot, int64_t own_ms) {
    uint32_t oldest = 0;
    for (uint32_t i = 0; i < JZ_TRACE_RECORDINGS; i++) {
        if (is_of(s->place[i], snapshot, own_ms)) return i;
        if (!s->place[oldest]) continue;
        if (!s->place[i] || s->place[i]->touched < s->place[oldest]->touched) oldest = i;
    }
    drop_place(trace, s, oldest);
    return oldest;
}

static uint32_t place_of(struct jz_trace *trace, struct strip *s, const struct jz_waveform *wave,
                         int64_t own_ms) {
    if (wave->wave == JZ_WAVE_CTG) return CTG;
    return wave->snapshot ? recording(trace, s, wave->snapshot, own_ms) : LIVE;
}

static struct place *begin_place(const struct jz_waveform *wave, int64_t own_ms) {
    struct place *p = calloc(1, sizeof *p);
    if (p) p->snapshot = wave->snapshot;
    if (p) p->first_ms = own_ms;
    return p;
}

void jz_trace_add(struct jz_trace *trace, uint32_t slot, struct jz_encounter_id id,
                  const struct jz_waveform *wave, int64_t own_ms, struct jz_bytes frame) {
    struct strip *s = reach(trace, slot, id);
    if (!s) return;
    uint32_t which = place_of(trace, s, wave, own_ms), room = room_of(which);
    if (!s->place[which]) s->place[which] = begin_place(wave, own_ms);
    struct place *p = s->place[which];
    if (!p || (which < JZ_TRACE_RECORDINGS && p->count == room)) return; /* longer than an ECG may be */
    uint8_t *copy = malloc(frame.bytes);
    if (!copy) return;
    memcpy(copy, frame.data, frame.bytes);
    if (p->count == room) drop_first(trace, p, room);
    p->segment[(p->first + p->count++) % room] = (struct segment){copy, frame.bytes, own_ms};
    s->touched = p->touched = ++trace->clock;
    trace->bytes += frame.bytes;
    while (trace->bytes > JZ_TRACE_BYTES_MAX && drop_oldest_strip(trace, slot)) {}
}

static const struct strip *strip_of(const struct jz_trace *trace, uint32_t slot, struct jz_encounter_id id) {
    const struct strip *s = trace->strip[slot];
    return s && memcmp(s->id.byte, id.byte, sizeof id.byte) == 0 ? s : NULL;
}

static uint32_t copy_place(const struct place *p, uint32_t room, struct jz_bytes *frames) {
    for (uint32_t i = 0; p && i < p->count; i++) {
        const struct segment *segment = &p->segment[(p->first + i) % room];
        frames[i] = (struct jz_bytes){segment->data, segment->bytes};
    }
    return p ? p->count : 0;
}

/* The recording touched last before `before`; NULL: none. */
static const struct place *newest(const struct strip *s, uint64_t before) {
    const struct place *found = NULL;
    for (uint32_t i = 0; i < JZ_TRACE_RECORDINGS; i++) {
        const struct place *p = s->place[i];
        if (p && p->touched < before && (!found || p->touched > found->touched)) found = p;
    }
    return found;
}

uint32_t jz_trace_get(const struct jz_trace *trace, uint32_t slot, struct jz_encounter_id id,
                      struct jz_bytes frames[JZ_TRACE_SEGMENTS]) {
    const struct strip *s = strip_of(trace, slot, id);
    if (!s) return 0;
    const struct place *last = newest(s, UINT64_MAX);
    uint32_t count = last ? copy_place(newest(s, last->touched), JZ_TRACE_SNAPSHOT_SEGMENTS, frames) : 0;
    count += copy_place(last, JZ_TRACE_SNAPSHOT_SEGMENTS, frames + count);
    count += copy_place(s->place[LIVE], JZ_TRACE_LIVE_SEGMENTS, frames + count);
    return count + copy_place(s->place[CTG], JZ_TRACE_CTG_SEGMENTS, frames + count);
}
_Static_assert(JZ_TRACE_RECORDINGS_SHOWN == 2, "an older one and a newer one");

uint32_t jz_trace_recording(const struct jz_trace *trace, uint32_t slot, struct jz_encounter_id id,
                            uint32_t snapshot, int64_t first_ms,
                            struct jz_trace_segment segments[JZ_TRACE_SNAPSHOT_SEGMENTS]) {
    const struct strip *s = strip_of(trace, slot, id);
    uint32_t which = 0, count = 0;
    while (s && which < JZ_TRACE_RECORDINGS && !is_of(s->place[which], snapshot, first_ms)) which++;
    if (!s || which == JZ_TRACE_RECORDINGS) return 0;
    for (const struct place *p = s->place[which]; count < p->count; count++) {
        const struct segment *from = &p->segment[count]; /* a recording is no ring: it begins at 0 */
        uint32_t at = count;
        for (; at > 0 && segments[at - 1u].own_ms > from->own_ms; at--) segments[at] = segments[at - 1u];
        segments[at] = (struct jz_trace_segment){{from->data, from->bytes}, from->own_ms};
    }
    return count;
}
