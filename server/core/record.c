/* SPDX-License-Identifier: Apache-2.0 */
/* An input event as it stands in the journal: who, when, and the bytes as they came.
 * Keys: 0 record type, 1 event kind, 2 received, then by kind (see the writers below). */
#include <string.h>

#include "pair.h"

static void head(struct jz_writer *w, const struct jz_event *event, uint64_t pairs) {
    jz_write_map(w, pairs + 3u);
    jz_pair_uint(w, 0, JZ_RECORD_INPUT);
    jz_pair_uint(w, 1, event->kind);
    jz_pair_uint(w, 2, (uint64_t)event->received_ms);
}

static void write_frame(struct jz_writer *w, const struct jz_event *event) {
    bool person = event->peer.kind == JZ_PEER_PERSON;
    head(w, event, person ? 9 : 7);
    jz_pair_bytes(w, 3, event->peer.id, sizeof event->peer.id);
    jz_pair_uint(w, 4, event->peer.kind);
    jz_pair_text(w, 5, event->peer.name);
    if (person) {
        jz_pair_uint(w, 6, event->peer.role);
        jz_pair_text(w, 7, event->peer.facility);
    }
    jz_pair_uint(w, 8, event->epoch);
    jz_pair_int(w, 9, event->clock_offset_ms);
    jz_pair_uint(w, 10, event->clock_uncertainty_ms);
    jz_pair_bytes(w, 11, event->original.data, event->original.bytes);
}

static uint32_t answered(const struct jz_travel *travel) {
    uint32_t count = JZ_FACILITIES_MAX;
    while (count && travel->seconds[count - 1u] == JZ_TRAVEL_NONE) count--;
    return count;
}

static void write_travel(struct jz_writer *w, const struct jz_event *event) {
    head(w, event, 3);
    jz_pair_bytes(w, 3, event->encounter.byte, sizeof event->encounter.byte);
    jz_pair_text(w, 4, event->travel->provider);
    uint32_t count = answered(event->travel);
    jz_write_uint(w, 5);
    jz_write_array(w, count);
    for (uint32_t i = 0; i < count; i++) {
        jz_write_array(w, 2);
        jz_write_uint(w, event->travel->seconds[i]);
        jz_write_uint(w, event->travel->uncertainty_s[i]);
    }
}

static void write_payload(struct jz_writer *w, const struct jz_event *event) {
    bool packs = event->kind == JZ_EVENT_PACKS;
    head(w, event, packs ? 2 : 1);
    jz_pair_bytes(w, 3, event->original.data, event->original.bytes);
    if (packs) jz_pair_text(w, 4, event->peer.name);
}

/* The payload is a map of its own: what was measured can be read in a listing. */
static void write_measurement(struct jz_writer *w, const struct jz_event *event) {
    head(w, event, 1);
    jz_write_uint(w, 3);
    jz_write_encoded(w, event->original.data, event->original.bytes);
}

enum jz_status jz_event_encode(const struct jz_event *event, uint8_t *buffer, size_t capacity,
                               size_t *written) {
    struct jz_writer w;
    jz_writer_init(&w, buffer, capacity);
    switch (event->kind) {
    case JZ_EVENT_FRAME: write_frame(&w, event); break;
    case JZ_EVENT_DEADLINE: head(&w, event, 0); break;
    case JZ_EVENT_TRAVEL: write_travel(&w, event); break;
    case JZ_EVENT_PACKS:
    case JZ_EVENT_DIRECTORY: write_payload(&w, event); break;
    case JZ_EVENT_MEASUREMENT: write_measurement(&w, event); break;
    case JZ_EVENT_NONE: w.status = JZ_E_VALUE; break;
    }
    *written = w.status == JZ_OK ? w.used : 0;
    return w.status;
}

/* --- back
 * ---------------------------------------------------------------------------------------------------- */

static void copy_id(struct jz_reader *r, uint8_t id[16]) {
    struct jz_bytes bytes = jz_read_bytes(r);
    if (bytes.bytes == 16)
        memcpy(id, bytes.data, 16);
    else if (r->status == JZ_OK)
        r->status = JZ_E_VALUE;
}

static void copy_text(struct jz_reader *r, char *to, size_t capacity) {
    struct jz_text text = jz_read_text(r);
    jz_copy_text(to, capacity, text.data, text.bytes);
}

static void read_frame_key(struct jz_reader *r, uint64_t key, struct jz_event *event) {
    switch (key) {
    case 3: copy_id(r, event->peer.id); break;
    case 4: event->peer.kind = (enum jz_peer_kind)jz_read_uint(r); break;
    case 5: copy_text(r, event->peer.name, sizeof event->peer.name); break;
    case 6: event->peer.role = (enum jz_role)jz_read_uint(r); break;
    case 7: copy_text(r, event->peer.facility, sizeof event->peer.facility); break;
    case 8: event->epoch = (uint32_t)jz_read_uint(r); break;
    case 9: event->clock_offset_ms = (int32_t)jz_read_int(r); break;
    case 10: event->clock_uncertainty_ms = (uint32_t)jz_read_uint(r); break;
    case 11: event->original = jz_read_bytes(r); break;
    default: jz_read_skip(r); break;
    }
}

static void read_travel_key(struct jz_reader *r, uint64_t key, struct jz_event *event,
                            struct jz_travel *travel) {
    if (key == 3) {
        copy_id(r, event->encounter.byte);
    } else if (key == 4) {
        copy_text(r, travel->provider, sizeof travel->provider);
    } else if (key == 5) {
        uint32_t count = jz_read_array(r);
        if (count > JZ_FACILITIES_MAX) r->status = JZ_E_COUNT;
        for (uint32_t i = 0; i < count && r->status == JZ_OK; i++) {
            if (jz_read_array(r) != 2 && r->status == JZ_OK) r->status = JZ_E_VALUE;
            travel->seconds[i] = (uint32_t)jz_read_uint(r);
            travel->uncertainty_s[i] = (uint32_t)jz_read_uint(r);
        }
    } else {
        jz_read_skip(r);
    }
}

static void read_payload_key(struct jz_reader *r, uint64_t key, struct jz_event *event) {
    if (key == 3)
        event->original = jz_read_bytes(r);
    else if (key == 4)
        copy_text(r, event->peer.name, sizeof event->peer.name);
    else
        jz_read_skip(r);
}

static void read_measurement_key(struct jz_reader *r, uint64_t key, struct jz_event *event) {
    size_t from = r->at;
    jz_read_skip(r);
    if (key == 3 && r->status == JZ_OK)
        event->original = (struct jz_bytes){r->data + from, (uint32_t)(r->at - from)};
}

static void read_key(struct jz_reader *r, uint64_t key, struct jz_event *event, struct jz_travel *travel) {
    switch (event->kind) {
    case JZ_EVENT_FRAME: read_frame_key(r, key, event); return;
    case JZ_EVENT_TRAVEL: read_travel_key(r, key, event, travel); return;
    case JZ_EVENT_PACKS:
    case JZ_EVENT_DIRECTORY: read_payload_key(r, key, event); return;
    case JZ_EVENT_MEASUREMENT: read_measurement_key(r, key, event); return;
    case JZ_EVENT_DEADLINE:
    case JZ_EVENT_NONE: break;
    }
    jz_read_skip(r);
}

bool jz_record_is_decision(const uint8_t *body, size_t bytes) {
    /* a map whose first pair is 0: JZ_RECORD_DECISION */
    return bytes > 3 && (body[0] & 0xe0u) == 0xa0u && body[1] == 0 && body[2] == JZ_RECORD_DECISION;
}

enum jz_status jz_event_decode(const uint8_t *body, size_t bytes, struct jz_event *event,
                               struct jz_frame *frame, struct jz_travel *travel) {
    struct jz_reader r;
    memset(event, 0, sizeof *event);
    memset(travel, 0, sizeof *travel);
    jz_reader_init(&r, body, bytes);
    r.bytes_max =
        UINT32_MAX; /* packs and directory; every length is still checked against the bytes there are */
    uint32_t pairs = jz_read_map(&r);
    for (uint32_t i = 0; i < pairs && r.status == JZ_OK; i++) {
        uint64_t key = jz_read_uint(&r);
        if (key == 0 && jz_read_uint(&r) != JZ_RECORD_INPUT) return JZ_E_FORMAT;
        if (key == 1) event->kind = (enum jz_event_kind)jz_read_uint(&r);
        if (key == 2) event->received_ms = jz_read_int(&r);
        if (key > 2) read_key(&r, key, event, travel);
    }
    if (r.status != JZ_OK) return r.status;
    if (event->kind == JZ_EVENT_NONE || event->kind > JZ_EVENT_MEASUREMENT || r.at != bytes)
        return JZ_E_FORMAT;
    if (event->kind == JZ_EVENT_TRAVEL) event->travel = travel;
    if (event->kind != JZ_EVENT_FRAME) return JZ_OK;
    event->frame = frame;
    return jz_frame_decode(event->original.data, event->original.bytes, frame, NULL);
}
