/* SPDX-License-Identifier: Apache-2.0 */
/* Diagnostic notation (RFC 8949 section 8): what a person reads instead of bytes. */
#include <string.h>

#include "cbor_head.h"
#include "jingzhu/codec.h"
#include "scan.h"

/* Text under construction; once it does not fit, it stays so. */
struct printer {
    char *buffer;
    size_t capacity, used;
    bool full;
};

/* An open map or array: what is left in it, so that separators and the bracket can be placed. */
struct open {
    uint64_t items_left;
    bool is_map, is_first;
};

static void put(struct printer *p, const char *text, size_t bytes) {
    if (p->full || p->capacity - p->used <= bytes) {
        p->full = true;
        return;
    }
    memcpy(p->buffer + p->used, text, bytes);
    p->used += bytes;
}

static void print_uint(struct printer *p, uint64_t value) {
    char digits[20];
    size_t at = sizeof digits;
    do digits[--at] = (char)('0' + value % 10);
    while ((value /= 10) > 0);
    put(p, digits + at, sizeof digits - at);
}

static void print_hex(struct printer *p, uint8_t byte) {
    static const char digit[] = "0123456789abcdef";
    char pair[2] = {digit[byte >> 4], digit[byte & 15]};
    put(p, pair, sizeof pair);
}

static void print_escape(struct printer *p, uint8_t code) {
    put(p, "\\u00", 4);
    print_hex(p, code);
}

static void print_negative(struct printer *p, uint64_t argument) {
    put(p, "-", 1);
    if (argument == UINT64_MAX)
        put(p, "18446744073709551616", 20); /* 2^64 does not fit in 64 bits */
    else
        print_uint(p, argument + 1);
}

/* Escapes what would end the string, and control characters, so that a peer's text cannot drive a terminal.
 * C1 controls (U+0080 to U+009F) are two bytes, c2 then 80 to 9f. */
static void print_text(struct printer *p, const uint8_t *text, size_t bytes) {
    put(p, "\"", 1);
    for (size_t i = 0; i < bytes; i++) {
        uint8_t c = text[i];
        if (c == '"' || c == '\\')
            put(p, (const char[]){'\\', (char)c}, 2);
        else if (c < 0x20 || c == 0x7f)
            print_escape(p, c);
        else if (c == 0xc2 && i + 1 < bytes && text[i + 1] < 0xa0)
            print_escape(p, text[++i]);
        else
            put(p, (const char *)&c, 1);
    }
    put(p, "\"", 1);
}

static void print_bytes(struct printer *p, const uint8_t *data, size_t bytes) {
    put(p, "h'", 2);
    for (size_t i = 0; i < bytes; i++) print_hex(p, data[i]);
    put(p, "'", 1);
}

static void print_simple(struct printer *p, uint64_t argument) {
    const char *name = argument == JZ_SIMPLE_TRUE ? "true" : argument == JZ_SIMPLE_FALSE ? "false" : "null";
    put(p, name, strlen(name));
}

/* Prints the item at `at` (a container: its bracket only); returns the bytes it took. */
static size_t print_item(struct printer *p, const uint8_t *at, const struct jz_head *head) {
    const uint8_t *content = at + head->bytes;
    switch (head->major) {
    case JZ_MAJOR_UINT: print_uint(p, head->argument); break;
    case JZ_MAJOR_NEGATIVE: print_negative(p, head->argument); break;
    case JZ_MAJOR_BYTES: print_bytes(p, content, (size_t)head->argument); break;
    case JZ_MAJOR_TEXT: print_text(p, content, (size_t)head->argument); break;
    case JZ_MAJOR_ARRAY: put(p, "[", 1); break;
    case JZ_MAJOR_MAP: put(p, "{", 1); break;
    default: print_simple(p, head->argument); break;
    }
    bool is_string = head->major == JZ_MAJOR_BYTES || head->major == JZ_MAJOR_TEXT;
    return head->bytes + (is_string ? (size_t)head->argument : 0);
}

static void separate(struct printer *p, struct open *top) {
    bool is_value = top->is_map && top->items_left % 2 == 1;
    if (is_value)
        put(p, ": ", 2);
    else if (!top->is_first)
        put(p, ", ", 2);
    top->is_first = false;
    top->items_left--;
}

/* The item has passed the scan, so heads are sound and depth is bounded. */
static enum jz_status print_scanned(struct printer *p, const uint8_t *item, size_t bytes) {
    struct open stack[JZ_DEPTH_MAX + 1] = {{.items_left = 1, .is_first = true}};
    size_t depth = 1, at = 0;
    while (depth > 0) {
        struct open *top = &stack[depth - 1];
        if (top->items_left == 0) {
            if (--depth > 0) put(p, top->is_map ? "}" : "]", 1);
            continue;
        }
        struct jz_head head;
        enum jz_status status = jz_head_read(item + at, bytes - at, &head);
        if (status != JZ_OK) return status;
        separate(p, top);
        at += print_item(p, item + at, &head);
        bool is_map = head.major == JZ_MAJOR_MAP;
        if (is_map || head.major == JZ_MAJOR_ARRAY)
            stack[depth++] = (struct open){is_map ? 2 * head.argument : head.argument, is_map, true};
    }
    return JZ_OK;
}

enum jz_status jz_diagnostic(const uint8_t *item, size_t bytes, char *buffer, size_t capacity,
                             size_t *written) {
    struct jz_cursor cursor = {.data = item, .bytes = bytes};
    struct printer printer = {.buffer = buffer, .capacity = capacity, .full = capacity == 0};
    enum jz_status status = bytes == 0 ? JZ_E_EMPTY : jz_item_scan(&cursor);
    if (status == JZ_OK && cursor.at != bytes) status = JZ_E_NOT_FRAME;
    if (status == JZ_OK) status = print_scanned(&printer, item, bytes);
    if (status == JZ_OK && printer.full) status = JZ_E_BUFFER;
    *written = status == JZ_OK ? printer.used : 0;
    if (capacity > 0) buffer[*written] = 0;
    return status;
}
