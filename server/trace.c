/* SPDX-License-Identifier: Apache-2.0 */
#include "trace.h"

#include <stdlib.h>
#include <string.h>

struct strip {
    struct jz_encounter_id id;
    uint64_t touched; /* counter of additions: the least is the oldest */
    uint32_t first, count;
    struct {
        uint8_t *data;
        uint32_t bytes;
    } segment[JZ_TRACE_SEGMENTS];
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

static void drop_first(struct jz_trace *trace, struct strip *s) {
    trace->bytes -= s->segment[s->first].bytes;
    free(s->segment[s->first].data);
    s->first = (s->first + 1u) % JZ_TRACE_SEGMENTS;
    s->count--;
}

static void drop_strip(struct jz_trace *trace, uint32_t slot) {
    struct strip *s = trace->strip[slot];
    while (s && s->count) drop_first(trace, s);
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

void jz_trace_add(struct jz_trace *trace, uint32_t slot, struct jz_encounter_id id, struct jz_bytes frame) {
    struct strip *s = reach(trace, slot, id);
    uint8_t *copy = s ? malloc(frame.bytes) : NULL;
    if (!copy) return;
    memcpy(copy, frame.data, frame.bytes);
    if (s->count == JZ_TRACE_SEGMENTS) drop_first(trace, s);
    uint32_t at = (s->first + s->count++) % JZ_TRACE_SEGMENTS;
    s->segment[at].data = copy;
    s->segment[at].bytes = frame.bytes;
    s->touched = ++trace->clock;
    trace->bytes += frame.bytes;
    while (trace->bytes > JZ_TRACE_BYTES_MAX && drop_oldest_strip(trace, slot)) {}
}

uint32_t jz_trace_get(const struct jz_trace *trace, uint32_t slot, struct jz_encounter_id id,
                      struct jz_bytes frames[JZ_TRACE_SEGMENTS]) {
    const struct strip *s = trace->strip[slot];
    if (!s || memcmp(s->id.byte, id.byte, sizeof id.byte) != 0) return 0;
    for (uint32_t i = 0; i < s->count; i++) {
        uint32_t at = (s->first + i) % JZ_TRACE_SEGMENTS;
        frames[i] = (struct jz_bytes){s->segment[at].data, s->segment[at].bytes};
    }
    return s->count;
}
