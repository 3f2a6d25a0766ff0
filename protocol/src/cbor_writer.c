/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cbor_write.h"
#include "utf8.h"

void jz_writer_init(struct jz_writer *w, uint8_t *buffer, size_t capacity) {
    *w = (struct jz_writer){.buffer = buffer, .capacity = capacity, .used = 0, .status = JZ_OK};
}

static void write_string(struct jz_writer *w, enum jz_major major, const void *data, size_t bytes) {
    jz_write_head(w, major, bytes);
    uint8_t *at = jz_write_reserve(w, bytes);
    if (at && bytes > 0) memcpy(at, data, bytes);
}

void jz_write_uint(struct jz_writer *w, uint64_t value) {
    jz_write_head(w, JZ_MAJOR_UINT, value);
}

void jz_write_int(struct jz_writer *w, int64_t value) {
    jz_write_int_head(w, value);
}

void jz_write_bool(struct jz_writer *w, bool value) {
    jz_write_head(w, JZ_MAJOR_SIMPLE, value ? JZ_SIMPLE_TRUE : JZ_SIMPLE_FALSE);
}

void jz_write_null(struct jz_writer *w) {
    jz_write_head(w, JZ_MAJOR_SIMPLE, JZ_SIMPLE_NULL);
}

void jz_write_text(struct jz_writer *w, struct jz_text text) {
    /* A receiver refuses the whole frame for one bad byte, so the sender must hear of it first. */
    if (w->status == JZ_OK && jz_utf8_valid((const uint8_t *)text.data, text.bytes) != text.bytes)
        w->status = JZ_E_UTF8;
    write_string(w, JZ_MAJOR_TEXT, text.data, text.bytes);
}

void jz_write_cstr(struct jz_writer *w, const char *text) {
    size_t bytes = strlen(text);
    if (bytes > UINT32_MAX && w->status == JZ_OK) w->status = JZ_E_STRING_SIZE;
    jz_write_text(w, (struct jz_text){text, (uint32_t)bytes});
}

void jz_write_bytes(struct jz_writer *w, const uint8_t *data, size_t bytes) {
    write_string(w, JZ_MAJOR_BYTES, data, bytes);
}

void jz_write_encoded(struct jz_writer *w, const uint8_t *data, size_t bytes) {
    uint8_t *at = jz_write_reserve(w, bytes);
    if (at && bytes > 0) memcpy(at, data, bytes);
}

void jz_write_array(struct jz_writer *w, uint64_t items) {
    jz_write_head(w, JZ_MAJOR_ARRAY, items);
}

void jz_write_map(struct jz_writer *w, uint64_t pairs) {
    jz_write_head(w, JZ_MAJOR_MAP, pairs);
}
