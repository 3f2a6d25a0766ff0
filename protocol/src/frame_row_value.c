/* SPDX-License-Identifier: Apache-2.0 */
#include "frame_row_value.h"

#include <assert.h>
#include <string.h>

#include "cbor_write.h"

/* Facts, readings and absences share one shape, so one pair of functions serves the three. */
static_assert(sizeof(struct jz_fact) == 8 && sizeof(struct jz_absent) == 8, "code and value, 32 bits each");
static_assert(offsetof(struct jz_absent, why) == offsetof(struct jz_fact, value), "same place");
static_assert(sizeof(enum jz_absence) == 4 && sizeof(enum jz_frame_kind) == 4, "enums are stored as 32 bits");
static_assert(JZ_READINGS_PER_FRAME_MAX == JZ_FACTS_PER_FRAME_MAX, "one bound for every map of codes");

#define CODE_MAX INT64_C(4294967295)
enum { PLACE_LAT = 8, PLACE_LON = 9, PLACE_ACCURACY = 10 };

void jz_reader_fail(struct jz_reader *r, enum jz_status status, size_t at) {
    if (r->status != JZ_OK) return;
    r->status = status;
    r->at = at;
}

static const uint8_t *field_of(const struct jz_frame *frame, uint16_t offset) {
    return (const uint8_t *)frame + offset;
}

static uint8_t *field_in(struct jz_frame *frame, uint16_t offset) {
    return (uint8_t *)frame + offset;
}

static void write_in_range(struct jz_writer *w, int64_t value, int64_t min, int64_t max) {
    if ((value < min || value > max) && w->status == JZ_OK) w->status = JZ_E_VALUE;
    jz_write_int_head(w, value);
}

static int64_t read_in_range(struct jz_reader *r, int64_t min, int64_t max) {
    size_t at = r->at;
    int64_t value = jz_read_int(r);
    if (value >= min && value <= max) return value;
    jz_reader_fail(r, JZ_E_VALUE, at);
    return 0;
}

/* The number of items of a list or map, compared with its grammar. */
static uint32_t check_count(struct jz_reader *r, uint32_t count, int64_t min, int64_t max, size_t at) {
    if (count > max) jz_reader_fail(r, JZ_E_COUNT, at);
    if (count < min) jz_reader_fail(r, JZ_E_VALUE, at);
    return r->status == JZ_OK ? count : 0;
}

/* --- integers ------------------------------------------------------------------------------- */
int64_t jz_row_int(const struct jz_row *row, const struct jz_frame *frame) {
    const uint8_t *field = field_of(frame, row->at);
    switch (row->size) {
    case 1: return *field;
    case 2: return *(const uint16_t *)(const void *)field;
    case 4:
        return row->min < 0 ? *(const int32_t *)(const void *)field
                            : (int64_t) * (const uint32_t *)(const void *)field;
    default: return *(const int64_t *)(const void *)field;
    }
}

static void decode_int(struct jz_reader *r, const struct jz_row *row, struct jz_frame *out) {
    int64_t value = read_in_range(r, row->min, row->max);
    uint8_t *field = field_in(out, row->at);
    if (r->status != JZ_OK) return;
    switch (row->size) {
    case 1: *field = (uint8_t)value; break;
    case 2: *(uint16_t *)(void *)field = (uint16_t)value; break;
    case 4: *(uint32_t *)(void *)field = (uint32_t)value; break;
    default: *(int64_t *)(void *)field = value; break;
    }
}

static void encode_int(struct jz_writer *w, const struct jz_row *row, const struct jz_frame *frame) {
    write_in_range(w, jz_row_int(row, frame), row->min, row->max);
}

/* A required integer is always written: 0 may be its value, and encode_int refuses it where it may not. */
static bool int_is_present(const struct jz_row *row, const struct jz_frame *frame) {
    return row->presence == JZ_ROW_REQUIRED || jz_row_int(row, frame) != 0;
}

/* --- true and false --------------------------------------------------------------------------- */
static void decode_bool(struct jz_reader *r, const struct jz_row *row, struct jz_frame *out) {
    *(bool *)field_in(out, row->at) = jz_read_bool(r);
}

static void encode_bool(struct jz_writer *w, const struct jz_row *row, const struct jz_frame *frame) {
    jz_write_bool(w, *(const bool *)field_of(frame, row->at));
}

static bool bool_is_present(const struct jz_row *row, const struct jz_frame *frame) {
    return row->presence == JZ_ROW_REQUIRED || *(const bool *)field_of(frame, row->at);
}

/* --- strings ---------------------------------------------------------------------------------- */
static void write_short(struct jz_writer *w, struct jz_text text) {
    if (text.bytes > JZ_TEXT_BYTES_MAX && w->status == JZ_OK) w->status = JZ_E_VALUE;
    if (w->status == JZ_OK) jz_write_text(w, text);
}

static void decode_text(struct jz_reader *r, const struct jz_row *row, struct jz_frame *out) {
    struct jz_text text = jz_read_text(r);
    memcpy(field_in(out, row->at), &text, sizeof text);
}

static void encode_text(struct jz_writer *w, const struct jz_row *row, const struct jz_frame *frame) {
    write_short(w, *(const struct jz_text *)(const void *)field_of(frame, row->at));
}

static bool text_is_present(const struct jz_row *row, const struct jz_frame *frame) {
    return ((const struct jz_text *)(const void *)field_of(frame, row->at))->data != NULL;
}

static void decode_bytes(struct jz_reader *r, const struct jz_row *row, struct jz_frame *out) {
    size_t at = r->at;
    struct jz_bytes bytes = jz_read_bytes(r);
    if (bytes.bytes < row->min || bytes.bytes > row->max) jz_reader_fail(r, JZ_E_VALUE, at);
    memcpy(field_in(out, row->at), &bytes, sizeof bytes);
}

static void encode_bytes(struct jz_writer *w, const struct jz_row *row, const struct jz_frame *frame) {
    const struct jz_bytes *bytes = (const void *)field_of(frame, row->at);
    if (bytes->bytes < row->min || bytes->bytes > row->max) w->status = JZ_E_VALUE;
    if (w->status == JZ_OK) jz_write_bytes(w, bytes->data, bytes->bytes);
}

static bool bytes_are_present(const struct jz_row *row, const struct jz_frame *frame) {
    return ((const struct jz_bytes *)(const void *)field_of(frame, row->at))->data != NULL;
}

static void decode_id(struct jz_reader *r, const struct jz_row *row, struct jz_frame *out) {
    size_t at = r->at;
    struct jz_bytes bytes = jz_read_bytes(r);
    if (bytes.bytes != sizeof(struct jz_encounter_id)) jz_reader_fail(r, JZ_E_VALUE, at);
    if (r->status == JZ_OK) memcpy(field_in(out, row->at), bytes.data, sizeof(struct jz_encounter_id));
}

static void encode_id(struct jz_writer *w, const struct jz_row *row, const struct jz_frame *frame) {
    jz_write_bytes(w, field_of(frame, row->at), sizeof(struct jz_encounter_id));
}

/* Its flag says so; see has_flag in frame_row.c. */
static bool id_is_present(const struct jz_row *row, const struct jz_frame *frame) {
    return *(const bool *)field_of(frame, row->has);
}

/* --- maps of codes ------------------------------------------------------------------------------ */
static uint32_t count_of(const struct jz_row *row, const struct jz_frame *frame) {
    return *(const uint32_t *)(const void *)field_of(frame, row->has);
}

static void set_count(const struct jz_row *row, struct jz_frame *out, uint32_t count) {
    *(uint32_t *)(void *)field_in(out, row->has) = count;
}

static void decode_pairs(struct jz_reader *r, const struct jz_row *row, struct jz_frame *out) {
    size_t at = r->at;
    int64_t count_min = row->type == JZ_ROW_ABSENT ? 1 : 0;
    uint32_t count = check_count(r, jz_read_map(r), count_min, JZ_FACTS_PER_FRAME_MAX, at);
    uint8_t *item = field_in(out, row->at);
    for (uint32_t i = 0; i < count && r->status == JZ_OK; i++, item += sizeof(struct jz_fact)) {
        uint32_t code = (uint32_t)read_in_range(r, 1, CODE_MAX);
        int32_t value = (int32_t)read_in_range(r, row->min, row->max);
        memcpy(item, &code, sizeof code);
        memcpy(item + offsetof(struct jz_fact, value), &value, sizeof value);
    }
    set_count(row, out, count);
}

/* The wire has map keys in order; callers need not. Insertion sort: the lists are short and mostly sorted. */
static void sort_by_code(struct jz_fact *item, uint32_t count) {
    for (uint32_t i = 1; i < count; i++) {
        struct jz_fact moving = item[i];
        uint32_t to = i;
        for (; to > 0 && item[to - 1].code > moving.code; to--) item[to] = item[to - 1];
        item[to] = moving;
    }
}

static void encode_pairs(struct jz_writer *w, const struct jz_row *row, const struct jz_frame *frame) {
    struct jz_fact sorted[JZ_FACTS_PER_FRAME_MAX];
    uint32_t count = count_of(row, frame), last = 0;
    if (count > JZ_FACTS_PER_FRAME_MAX) {
        w->status = JZ_E_VALUE;
        return;
    }
    memcpy(sorted, field_of(frame, row->at), count * sizeof *sorted);
    sort_by_code(sorted, count);
    jz_write_head(w, JZ_MAJOR_MAP, count);
    for (uint32_t i = 0; i < count && w->status == JZ_OK; i++) {
        if (sorted[i].code == last) w->status = JZ_E_VALUE; /* twice the same, or 0 */
        last = sorted[i].code;
        jz_write_head(w, JZ_MAJOR_UINT, sorted[i].code);
        write_in_range(w, sorted[i].value, row->min, row->max);
    }
}

static bool list_is_present(const struct jz_row *row, const struct jz_frame *frame) {
    return row->presence == JZ_ROW_REQUIRED || count_of(row, frame) > 0;
}

/* --- maps of lanes ------------------------------------------------------------------------------ */
static void decode_lanes(struct jz_reader *r, const struct jz_row *row, struct jz_frame *out) {
    size_t at = r->at;
    uint64_t *seq = (uint64_t *)(void *)field_in(out, row->at);
    /* min is 1 in an ack, which names one lane at least; 0 in a welcome, which may name none. */
    uint32_t count = check_count(r, jz_read_map(r), row->min, JZ_LANE_COUNT, at);
    for (uint32_t i = 0; i < count && r->status == JZ_OK; i++) {
        int64_t lane = read_in_range(r, 0, JZ_LANE_COUNT - 1);
        seq[lane] = (uint64_t)read_in_range(r, row->min, row->max);
    }
}

static uint32_t count_lanes(const uint64_t *seq) {
    uint32_t count = 0;
    for (uint32_t lane = 0; lane < JZ_LANE_COUNT; lane++) count += seq[lane] != 0;
    return count;
}

static void encode_lanes(struct jz_writer *w, const struct jz_row *row, const struct jz_frame *frame) {
    const uint64_t *seq = (const uint64_t *)(const void *)field_of(frame, row->at);
    uint32_t count = count_lanes(seq);
    if (count < row->min) w->status = JZ_E_VALUE;
    jz_write_map(w, count);
    for (uint32_t lane = 0; lane < JZ_LANE_COUNT; lane++) {
        if (seq[lane] == 0) continue;
        if (seq[lane] > (uint64_t)row->max && w->status == JZ_OK) w->status = JZ_E_VALUE;
        jz_write_uint(w, lane);
        jz_write_uint(w, seq[lane]);
    }
}

static bool always_present(const struct jz_row *row, const struct jz_frame *frame) {
    (void)row;
    (void)frame;
    return true;
}

/* --- arrays ------------------------------------------------------------------------------------- */
static void decode_codes(struct jz_reader *r, const struct jz_row *row, struct jz_frame *out) {
    size_t at = r->at;
    uint32_t count = check_count(r, jz_read_array(r), row->min, row->max, at);
    uint32_t *code = (uint32_t *)(void *)field_in(out, row->at);
    for (uint32_t i = 0; i < count; i++) code[i] = (uint32_t)read_in_range(r, 1, CODE_MAX);
    set_count(row, out, count);
}

static void encode_codes(struct jz_writer *w, const struct jz_row *row, const struct jz_frame *frame) {
    const uint32_t *code = (const uint32_t *)(const void *)field_of(frame, row->at);
    uint32_t count = count_of(row, frame);
    if (count < row->min || count > row->max) w->status = JZ_E_VALUE;
    jz_write_array(w, count);
    for (uint32_t i = 0; i < count && w->status == JZ_OK; i++) write_in_range(w, code[i], 1, CODE_MAX);
}

static void decode_texts(struct jz_reader *r, const struct jz_row *row, struct jz_frame *out) {
    size_t at = r->at;
    uint32_t count = check_count(r, jz_read_array(r), row->min, row->max, at);
    struct jz_text *text = (struct jz_text *)(void *)field_in(out, row->at);
    for (uint32_t i = 0; i < count; i++) text[i] = jz_read_text(r);
    set_count(row, out, count);
}

static void encode_texts(struct jz_writer *w, const struct jz_row *row, const struct jz_frame *frame) {
    const struct jz_text *text = (const struct jz_text *)(const void *)field_of(frame, row->at);
    uint32_t count = count_of(row, frame);
    if (count < row->min || count > row->max) w->status = JZ_E_VALUE;
    jz_write_array(w, count);
    for (uint32_t i = 0; i < count && w->status == JZ_OK; i++) write_short(w, text[i]);
}

/* --- a place -------------------------------------------------------------------------------------- */
/* The bits of 1 << key that have been seen say which required key is missing. */
static void decode_place_pair(struct jz_reader *r, struct jz_point *place, uint32_t *seen) {
    uint64_t key = jz_read_uint(r);
    if (key == PLACE_LAT)
        place->lat_e7 = (int32_t)read_in_range(r, -JZ_LAT_E7_MAX, JZ_LAT_E7_MAX);
    else if (key == PLACE_LON)
        place->lon_e7 = (int32_t)read_in_range(r, -JZ_LON_E7_MAX, JZ_LON_E7_MAX);
    else if (key == PLACE_ACCURACY)
        place->accuracy_m = (uint32_t)read_in_range(r, 0, JZ_ACCURACY_M_MAX);
    else
        jz_read_skip(r);
    if (key <= PLACE_ACCURACY) *seen |= 1u << key;
}

static void decode_place(struct jz_reader *r, const struct jz_row *row, struct jz_frame *out) {
    struct jz_point *place = (struct jz_point *)(void *)field_in(out, row->at);
    const uint32_t required = 1u << PLACE_LAT | 1u << PLACE_LON;
    uint32_t pairs = jz_read_map(r), seen = 0;
    for (uint32_t i = 0; i < pairs && r->status == JZ_OK; i++) decode_place_pair(r, place, &seen);
    if ((seen & required) != required) jz_reader_fail(r, JZ_E_MISSING_KEY, r->at);
    place->has = true;
    place->at_ms = out->at_ms;
}

static void encode_place(struct jz_writer *w, const struct jz_row *row, const struct jz_frame *frame) {
    const struct jz_point *place = (const struct jz_point *)(const void *)field_of(frame, row->at);
    jz_write_map(w, place->accuracy_m != 0 ? 3 : 2);
    jz_write_uint(w, PLACE_LAT);
    write_in_range(w, place->lat_e7, -JZ_LAT_E7_MAX, JZ_LAT_E7_MAX);
    jz_write_uint(w, PLACE_LON);
    write_in_range(w, place->lon_e7, -JZ_LON_E7_MAX, JZ_LON_E7_MAX);
    if (place->accuracy_m == 0) return;
    jz_write_uint(w, PLACE_ACCURACY);
    write_in_range(w, place->accuracy_m, 0, JZ_ACCURACY_M_MAX);
}

static bool place_is_present(const struct jz_row *row, const struct jz_frame *frame) {
    return ((const struct jz_point *)(const void *)field_of(frame, row->at))->has;
}

jz_row_decoder *const jz_row_decoders[JZ_ROW_TYPE_COUNT] = {
    [JZ_ROW_INT] = decode_int,      [JZ_ROW_BOOL] = decode_bool,   [JZ_ROW_TEXT] = decode_text,
    [JZ_ROW_BYTES] = decode_bytes,  [JZ_ROW_ID] = decode_id,       [JZ_ROW_PAIRS] = decode_pairs,
    [JZ_ROW_ABSENT] = decode_pairs, [JZ_ROW_LANES] = decode_lanes, [JZ_ROW_CODES] = decode_codes,
    [JZ_ROW_TEXTS] = decode_texts,  [JZ_ROW_PLACE] = decode_place,
};
jz_row_encoder *const jz_row_encoders[JZ_ROW_TYPE_COUNT] = {
    [JZ_ROW_INT] = encode_int,      [JZ_ROW_BOOL] = encode_bool,   [JZ_ROW_TEXT] = encode_text,
    [JZ_ROW_BYTES] = encode_bytes,  [JZ_ROW_ID] = encode_id,       [JZ_ROW_PAIRS] = encode_pairs,
    [JZ_ROW_ABSENT] = encode_pairs, [JZ_ROW_LANES] = encode_lanes, [JZ_ROW_CODES] = encode_codes,
    [JZ_ROW_TEXTS] = encode_texts,  [JZ_ROW_PLACE] = encode_place,
};
jz_row_presence *const jz_row_presences[JZ_ROW_TYPE_COUNT] = {
    [JZ_ROW_INT] = int_is_present,      [JZ_ROW_BOOL] = bool_is_present,   [JZ_ROW_TEXT] = text_is_present,
    [JZ_ROW_BYTES] = bytes_are_present, [JZ_ROW_ID] = id_is_present,       [JZ_ROW_PAIRS] = list_is_present,
    [JZ_ROW_ABSENT] = list_is_present,  [JZ_ROW_LANES] = always_present,   [JZ_ROW_CODES] = list_is_present,
    [JZ_ROW_TEXTS] = list_is_present,   [JZ_ROW_PLACE] = place_is_present,
};
