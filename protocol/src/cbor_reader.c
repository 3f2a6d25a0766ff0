/* SPDX-License-Identifier: Apache-2.0 */
/* A cursor over scanned bytes, on libcbor's streaming decoder.
 *
 * One item at a time: libcbor calls back into `struct item`, each read then asks for the type it needs.
 * Integers, and counts of one byte, are taken directly with the scan's own head reader: a call with its
 * callback costs several times the load it stands for, and nine items in ten of a vitals frame are such.
 * A test compares the two on every head (the_direct_path_agrees_with_libcbor). */
#include <cbor.h>

#include "cbor_head.h"
#include "jingzhu/codec.h"

struct item {
    uint8_t major;       /* enum jz_major */
    bool refused;        /* a form this protocol does not use */
    uint64_t argument;   /* value, length, count or simple value */
    const uint8_t *data; /* of a string */
};

static void set_item(void *context, enum jz_major major, uint64_t argument) {
    struct item *item = context;
    item->major = (uint8_t)major;
    item->argument = argument;
}

/* Names and parameter types are libcbor's. */
static void on_uint8(void *c, uint8_t v) {
    set_item(c, JZ_MAJOR_UINT, v);
}
static void on_uint16(void *c, uint16_t v) {
    set_item(c, JZ_MAJOR_UINT, v);
}
static void on_uint32(void *c, uint32_t v) {
    set_item(c, JZ_MAJOR_UINT, v);
}
static void on_uint64(void *c, uint64_t v) {
    set_item(c, JZ_MAJOR_UINT, v);
}
static void on_negative8(void *c, uint8_t v) {
    set_item(c, JZ_MAJOR_NEGATIVE, v);
}
static void on_negative16(void *c, uint16_t v) {
    set_item(c, JZ_MAJOR_NEGATIVE, v);
}
static void on_negative32(void *c, uint32_t v) {
    set_item(c, JZ_MAJOR_NEGATIVE, v);
}
static void on_negative64(void *c, uint64_t v) {
    set_item(c, JZ_MAJOR_NEGATIVE, v);
}
static void on_array(void *c, size_t items) {
    set_item(c, JZ_MAJOR_ARRAY, items);
}
static void on_map(void *c, size_t pairs) {
    set_item(c, JZ_MAJOR_MAP, pairs);
}
static void on_null(void *c) {
    set_item(c, JZ_MAJOR_SIMPLE, JZ_SIMPLE_NULL);
}
static void on_boolean(void *c, bool v) {
    set_item(c, JZ_MAJOR_SIMPLE, v ? JZ_SIMPLE_TRUE : JZ_SIMPLE_FALSE);
}
static void on_bytes(void *c, cbor_data data, size_t bytes) {
    set_item(c, JZ_MAJOR_BYTES, bytes);
    ((struct item *)c)->data = data;
}
static void on_text(void *c, cbor_data data, size_t bytes) {
    set_item(c, JZ_MAJOR_TEXT, bytes);
    ((struct item *)c)->data = data;
}
static void refuse(void *c) {
    ((struct item *)c)->refused = true;
}
static void refuse_float(void *c, float v) {
    (void)v;
    refuse(c);
}
static void refuse_double(void *c, double v) {
    (void)v;
    refuse(c);
}
static void refuse_tag(void *c, uint64_t v) {
    (void)v;
    refuse(c);
}

static const struct cbor_callbacks callbacks = {
    .uint8 = on_uint8,
    .uint16 = on_uint16,
    .uint32 = on_uint32,
    .uint64 = on_uint64,
    .negint8 = on_negative8,
    .negint16 = on_negative16,
    .negint32 = on_negative32,
    .negint64 = on_negative64,
    .byte_string = on_bytes,
    .string = on_text,
    .array_start = on_array,
    .map_start = on_map,
    .null = on_null,
    .boolean = on_boolean,
    .byte_string_start = refuse,
    .string_start = refuse,
    .indef_array_start = refuse,
    .indef_map_start = refuse,
    .indef_break = refuse,
    .undefined = refuse,
    .tag = refuse_tag,
    .float2 = refuse_float,
    .float4 = refuse_float,
    .float8 = refuse_double,
};

/* An integer under the cursor, of any size. False leaves whatever is there to libcbor. */
static inline bool take_integer(struct jz_reader *r, struct jz_head *out) {
    if (r->status != JZ_OK || r->at >= r->bytes) return false;
    const uint8_t *at = r->data + r->at;
    if (at[0] >> 5 > JZ_MAJOR_NEGATIVE || jz_head_read(at, r->bytes - r->at, out) != JZ_OK) return false;
    r->at += out->bytes;
    return true;
}

/* A map or array of fewer than 24 under the cursor. */
static inline bool take_count(struct jz_reader *r, enum jz_major major, uint32_t *out) {
    if (r->status != JZ_OK || r->at >= r->bytes) return false;
    unsigned first = r->data[r->at];
    if (first >> 5 != (unsigned)major || (first & 31u) >= JZ_INFO_ONE_BYTE) return false;
    r->at++;
    *out = first & 31u;
    return true;
}

static enum jz_status stream_one(struct jz_reader *r, struct item *out) {
    /* A length of 8 bytes overflows in libcbor 0.8 (GHSA-pj89-8hch-p7vp); no scanned message has one. */
    uint8_t first = r->data[r->at];
    if (first == 0x5b || first == 0x7b) return JZ_E_STRING_SIZE;
    struct cbor_decoder_result result =
        cbor_stream_decode(r->data + r->at, r->bytes - r->at, &callbacks, out);
    if (result.status == CBOR_DECODER_NEDATA) return JZ_E_TRUNCATED;
    if (result.status != CBOR_DECODER_FINISHED || out->refused) return JZ_E_RESERVED;
    r->at += result.read;
    return JZ_OK;
}

static bool in_bounds(const struct jz_reader *r, const struct item *item) {
    switch (item->major) {
    case JZ_MAJOR_BYTES: return item->argument <= r->bytes_max;
    case JZ_MAJOR_TEXT: return item->argument <= JZ_TEXT_BYTES_MAX;
    case JZ_MAJOR_ARRAY: return item->argument <= r->items_max;
    case JZ_MAJOR_MAP: return item->argument <= JZ_MAP_PAIRS_MAX;
    default: return true;
    }
}

/* The next item, or false with the first error kept and the cursor on the offending byte. */
static bool next(struct jz_reader *r, struct item *out) {
    *out = (struct item){0};
    if (r->status != JZ_OK) return false;
    size_t start = r->at;
    if (start >= r->bytes) {
        r->status = JZ_E_TRUNCATED;
        return false;
    }
    r->status = stream_one(r, out);
    if (r->status == JZ_OK && !in_bounds(r, out))
        r->status = out->major >= JZ_MAJOR_ARRAY ? JZ_E_COUNT : JZ_E_STRING_SIZE;
    if (r->status != JZ_OK) r->at = start;
    return r->status == JZ_OK;
}

static bool next_of(struct jz_reader *r, enum jz_major major, struct item *out) {
    size_t start = r->at;
    if (!next(r, out)) return false;
    if (out->major == (uint8_t)major) return true;
    r->status = JZ_E_TYPE;
    r->at = start;
    return false;
}

void jz_reader_init(struct jz_reader *r, const uint8_t *data, size_t bytes) {
    *r = (struct jz_reader){.data = data,
                            .bytes = bytes,
                            .bytes_max = JZ_BYTES_MAX,
                            .items_max = JZ_ARRAY_ITEMS_MAX,
                            .status = JZ_OK};
}

static void fail_at(struct jz_reader *r, enum jz_status status, size_t at) {
    r->status = status;
    r->at = at;
}

uint64_t jz_read_uint(struct jz_reader *r) {
    struct jz_head head;
    struct item item;
    size_t start = r->at;
    if (!take_integer(r, &head)) return next_of(r, JZ_MAJOR_UINT, &item) ? item.argument : 0;
    if (head.major == JZ_MAJOR_UINT) return head.argument;
    fail_at(r, JZ_E_TYPE, start);
    return 0;
}

int64_t jz_read_int(struct jz_reader *r) {
    struct jz_head head;
    struct item item;
    size_t start = r->at;
    if (!take_integer(r, &head)) {
        if (!next(r, &item)) return 0;
        head = (struct jz_head){.major = item.major, .argument = item.argument};
    }
    if (head.major <= JZ_MAJOR_NEGATIVE && head.argument <= INT64_MAX)
        return head.major == JZ_MAJOR_UINT ? (int64_t)head.argument : -1 - (int64_t)head.argument;
    fail_at(r, head.major <= JZ_MAJOR_NEGATIVE ? JZ_E_VALUE : JZ_E_TYPE, start);
    return 0;
}

bool jz_read_bool(struct jz_reader *r) {
    struct item item;
    size_t start = r->at;
    if (!next_of(r, JZ_MAJOR_SIMPLE, &item)) return false;
    if (item.argument == JZ_SIMPLE_NULL) fail_at(r, JZ_E_TYPE, start);
    return item.argument == JZ_SIMPLE_TRUE;
}

struct jz_text jz_read_text(struct jz_reader *r) {
    struct item item;
    if (!next_of(r, JZ_MAJOR_TEXT, &item)) return (struct jz_text){NULL, 0};
    return (struct jz_text){(const char *)item.data, (uint32_t)item.argument};
}

struct jz_bytes jz_read_bytes(struct jz_reader *r) {
    struct item item;
    if (!next_of(r, JZ_MAJOR_BYTES, &item)) return (struct jz_bytes){NULL, 0};
    return (struct jz_bytes){item.data, (uint32_t)item.argument};
}

uint32_t jz_read_array(struct jz_reader *r) {
    struct item item;
    uint32_t count;
    if (take_count(r, JZ_MAJOR_ARRAY, &count)) return count;
    return next_of(r, JZ_MAJOR_ARRAY, &item) ? (uint32_t)item.argument : 0;
}

uint32_t jz_read_map(struct jz_reader *r) {
    struct item item;
    uint32_t count;
    if (take_count(r, JZ_MAJOR_MAP, &count)) return count;
    return next_of(r, JZ_MAJOR_MAP, &item) ? (uint32_t)item.argument : 0;
}

/* Each round takes at least one byte, so the loop ends with the message; no depth is followed. */
void jz_read_skip(struct jz_reader *r) {
    struct item item;
    for (uint64_t items_left = 1; items_left > 0; items_left--) {
        if (!next(r, &item)) return;
        if (item.major == JZ_MAJOR_ARRAY) items_left += item.argument;
        if (item.major == JZ_MAJOR_MAP) items_left += 2 * item.argument;
    }
}
