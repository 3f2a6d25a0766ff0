/* SPDX-License-Identifier: Apache-2.0 */
/* Which kinds there are, and one frame to and from bytes. */
#include "jingzhu/frame.h"

#include <string.h>

#include "frame_row.h"

enum { KIND_ROOM = JZ_FRAME_PLAN + 1 };

/* Encoded by the server's view and shown by consoles; this library only knows their names. */
static const struct jz_kind view_kinds[] = {
    {JZ_FRAME_PATIENT, "patient", false, 0, NULL, NULL},
    {JZ_FRAME_FACILITY, "facility", false, 0, NULL, NULL},
    {JZ_FRAME_PROBE, "probe", false, 0, NULL, NULL},
    {JZ_FRAME_CONSULT, "consult", false, 0, NULL, NULL},
    {JZ_FRAME_PROPOSAL, "proposal", false, 0, NULL, NULL},
    {JZ_FRAME_PLAN, "plan", false, 0, NULL, NULL},
};

static const struct jz_kind *const kinds[KIND_ROOM] = {
    [JZ_FRAME_HELLO] = &jz_session_kinds[0],
    [JZ_FRAME_WELCOME] = &jz_session_kinds[1],
    [JZ_FRAME_ERROR] = &jz_session_kinds[2],
    [JZ_FRAME_ACK] = &jz_session_kinds[3],
    [JZ_FRAME_CLOCK] = &jz_session_kinds[4],
    [JZ_FRAME_ENCOUNTER_OPEN] = &jz_encounter_kinds[0],
    [JZ_FRAME_ENCOUNTER_UPDATE] = &jz_encounter_kinds[1],
    [JZ_FRAME_ENCOUNTER_CLOSE] = &jz_encounter_kinds[2],
    [JZ_FRAME_VITALS] = &jz_signal_kinds[0],
    [JZ_FRAME_WAVEFORM] = &jz_signal_kinds[1],
    [JZ_FRAME_FINDING] = &jz_report_kinds[0],
    [JZ_FRAME_MEDICATION] = &jz_report_kinds[1],
    [JZ_FRAME_MILESTONE] = &jz_report_kinds[2],
    [JZ_FRAME_POSITION] = &jz_report_kinds[3],
    [JZ_FRAME_DIRECTIVE] = &jz_server_kinds[0],
    [JZ_FRAME_ALERT] = &jz_server_kinds[1],
    [JZ_FRAME_ALERT_ANSWER] = &jz_server_kinds[2],
    [JZ_FRAME_ACTION] = &jz_server_kinds[3],
    [JZ_FRAME_PATIENT] = &view_kinds[0],
    [JZ_FRAME_FACILITY] = &view_kinds[1],
    [JZ_FRAME_PROBE] = &view_kinds[2],
    [JZ_FRAME_CONSULT] = &view_kinds[3],
    [JZ_FRAME_PROPOSAL] = &view_kinds[4],
    [JZ_FRAME_PLAN] = &view_kinds[5],
};

/* NULL where the number names no kind. */
static const struct jz_kind *find_kind(uint64_t number) {
    return number < KIND_ROOM ? kinds[number] : NULL;
}

bool jz_frame_is_stored(enum jz_frame_kind kind) {
    const struct jz_kind *found = find_kind((uint64_t)kind);
    return found && found->is_stored;
}

const char *jz_frame_name(enum jz_frame_kind kind) {
    const struct jz_kind *found = find_kind((uint64_t)kind);
    return found ? found->name : "unknown";
}

/* Whether this library can decode or encode `kind`, and if not, why. */
static enum jz_status check_kind(const struct jz_kind *kind) {
    if (!kind) return JZ_E_UNKNOWN_KIND;
    return kind->row ? JZ_OK : JZ_E_DIRECTION;
}

/* For the error frame: kind, lane and seq as far as they can be read, all else zero. */
static void keep_header_only(const uint8_t *frame, size_t bytes, struct jz_frame *out) {
    struct jz_reader r;
    jz_reader_init(&r, frame, bytes);
    uint32_t pairs = jz_read_map(&r);
    memset(out, 0, sizeof *out);
    for (uint32_t i = 0; i < pairs; i++) {
        uint64_t key = jz_read_uint(&r);
        if (r.status != JZ_OK || key > 2) return;
        uint64_t value = jz_read_uint(&r);
        if (key == 0 && value <= UINT32_MAX) out->kind = (enum jz_frame_kind)value;
        if (key == 1 && value < JZ_LANE_COUNT) out->lane = (uint8_t)value;
        if (key == 2 && value <= (uint64_t)JZ_SEQ_MAX) out->seq = value;
    }
}

/* A position's own time is its frame's: one place says when, so the two cannot differ. */
static void finish(struct jz_frame *out) {
    if (out->kind == JZ_FRAME_POSITION) out->position.at_ms = out->at_ms;
}

/* The reader stands behind key 0; `at` is where the kind's number stands. */
static void decode_kind(struct jz_reader *r, uint32_t pairs, struct jz_frame *out) {
    size_t at = r->at;
    uint64_t number = jz_read_uint(r);
    if (r->status != JZ_OK) return;
    const struct jz_kind *kind = find_kind(number);
    r->status = check_kind(kind);
    if (r->status != JZ_OK) {
        r->at = at;
        return;
    }
    out->kind = kind->kind;
    jz_rows_decode(r, pairs - 1, kind, out);
    if (r->status == JZ_OK && kind->check) r->status = kind->check(out);
    finish(out);
}

enum jz_status jz_frame_decode(const uint8_t *frame, size_t bytes, struct jz_frame *out,
                               uint32_t *error_offset) {
    struct jz_reader r;
    memset(out, 0, sizeof *out);
    jz_reader_init(&r, frame, bytes);
    uint32_t pairs = jz_read_map(&r);
    bool is_frame = r.status == JZ_OK && pairs > 0 && jz_read_uint(&r) == 0 && r.status == JZ_OK;
    if (is_frame) {
        decode_kind(&r, pairs, out);
    } else {
        r.status = JZ_E_NOT_FRAME;
        r.at = 0;
    }
    if (r.status != JZ_OK) keep_header_only(frame, bytes, out);
    if (error_offset) *error_offset = r.status == JZ_OK ? 0 : (uint32_t)r.at;
    return r.status;
}

enum jz_status jz_frame_encode(const struct jz_frame *frame, uint8_t *buffer, size_t capacity,
                               size_t *written) {
    struct jz_writer w;
    const struct jz_kind *kind = find_kind((uint64_t)frame->kind);
    jz_writer_init(&w, buffer, capacity);
    w.status = check_kind(kind);
    if (w.status == JZ_OK && kind->check) w.status = kind->check(frame);
    if (w.status == JZ_OK) jz_rows_encode(&w, kind, frame);
    *written = w.status == JZ_OK ? w.used : 0;
    return w.status;
}
