/* SPDX-License-Identifier: Apache-2.0 */
#include "frame_row.h"

#include "cbor_write.h"
#include "frame_row_value.h"

static bool flag_at(const struct jz_frame *frame, uint16_t offset) {
    return *(const bool *)((const uint8_t *)frame + offset);
}

static bool has_flag(const struct jz_row *row) {
    return row->has != 0 && (row->type == JZ_ROW_INT || row->type == JZ_ROW_BOOL || row->type == JZ_ROW_ID);
}

static void decode_row(struct jz_reader *r, const struct jz_row *row, struct jz_frame *out) {
    jz_row_decoders[row->type](r, row, out);
    if (has_flag(row) && r->status == JZ_OK) *(bool *)((uint8_t *)out + row->has) = true;
}

/* A row passed over without its key; `previous` tells whether the row before had its own. */
static enum jz_status absent_row(const struct jz_row *row, bool previous, struct jz_frame *out) {
    if (row->presence == JZ_ROW_REQUIRED) return JZ_E_MISSING_KEY;
    if (row->presence == JZ_ROW_WITH_PREVIOUS && previous) return JZ_E_MISSING_KEY;
    if (row->presence == JZ_ROW_UNLESS_AT_MS) *(int64_t *)((uint8_t *)out + row->at) = out->at_ms;
    return JZ_OK;
}

/* Where a kind's rows have been matched up to. */
struct match {
    const struct jz_row *row, *end;
    bool previous; /* the row before `row` was present */
};

/* Passes over the rows before `key`; `at` is where their absence showed. */
static void pass_absent(struct jz_reader *r, struct match *match, uint64_t key, size_t at,
                        struct jz_frame *out) {
    for (; match->row < match->end && match->row->key < key && r->status == JZ_OK; match->row++) {
        enum jz_status status = absent_row(match->row, match->previous, out);
        if (status != JZ_OK) jz_reader_fail(r, status, at);
        match->previous = false;
    }
}

static void decode_pair(struct jz_reader *r, struct match *match, struct jz_frame *out) {
    size_t at = r->at;
    uint64_t key = jz_read_uint(r);
    pass_absent(r, match, key, at, out);
    if (match->row == match->end || match->row->key != key) {
        jz_read_skip(r);
        return;
    }
    if (match->row->presence == JZ_ROW_WITH_PREVIOUS && !match->previous)
        jz_reader_fail(r, JZ_E_MISSING_KEY, at);
    decode_row(r, match->row, out);
    match->previous = true;
    match->row++;
}

void jz_rows_decode(struct jz_reader *r, uint32_t pairs, const struct jz_kind *kind, struct jz_frame *out) {
    struct match match = {kind->row, kind->row + kind->row_count, false};
    for (uint32_t i = 0; i < pairs && r->status == JZ_OK; i++) decode_pair(r, &match, out);
    pass_absent(r, &match, UINT64_MAX, r->at, out);
}

static bool is_present(const struct jz_row *row, const struct jz_frame *frame) {
    if (row->presence == JZ_ROW_UNLESS_AT_MS) {
        int64_t value = jz_row_int(row, frame);
        return value != 0 && value != frame->at_ms;
    }
    if (has_flag(row)) return flag_at(frame, row->has);
    return jz_row_presences[row->type](row, frame);
}

/* A bit a row: is it to be written? A required one that the frame does not hold is an error. */
static uint32_t find_present(struct jz_writer *w, const struct jz_kind *kind, const struct jz_frame *frame) {
    uint32_t present = 0;
    for (uint32_t i = 0; i < kind->row_count; i++) {
        const struct jz_row *row = &kind->row[i];
        bool holds = is_present(row, frame);
        if (!holds && row->presence == JZ_ROW_REQUIRED) w->status = JZ_E_MISSING_KEY;
        present |= (uint32_t)holds << i;
    }
    return present;
}

void jz_rows_encode(struct jz_writer *w, const struct jz_kind *kind, const struct jz_frame *frame) {
    uint32_t present = find_present(w, kind, frame);
    jz_write_map(w, 1 + (uint32_t)__builtin_popcount(present));
    jz_write_uint(w, 0);
    jz_write_uint(w, (uint64_t)kind->kind);
    for (uint32_t left = present; left != 0 && w->status == JZ_OK; left &= left - 1) {
        const struct jz_row *row = &kind->row[__builtin_ctz(left)];
        jz_write_head(w, JZ_MAJOR_UINT, row->key);
        jz_row_encoders[row->type](w, row, frame);
    }
}
