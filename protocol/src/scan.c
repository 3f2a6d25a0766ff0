/* SPDX-License-Identifier: Apache-2.0 */
/* The gate: nothing a peer sends reaches libcbor, or any other code, before it has passed here.
 *
 * libcbor 0.8 trusts lengths: nine bytes made its loader take 2 GiB, and a length near 2^64 makes its
 * streaming decoder ask for bytes it already has, for ever. So lengths, counts and depth are compared with
 * limits.h first, in one pass over the message, with a small fixed stack instead of recursion. */
#include "scan.h"

#include <stdbool.h>

#include "cbor_head.h"
#include "jingzhu/codec.h"
#include "utf8.h"

/* An open map or array. A map counts keys and values: an even rest means that a key is next. */
struct level {
    uint32_t items_left;
    bool is_map, has_key;
    uint64_t last_key;
};
struct stack {
    uint32_t depth;
    struct level level[JZ_DEPTH_MAX];
};

static enum jz_status open_container(struct stack *stack, const struct jz_head *head) {
    bool is_map = head->major == JZ_MAJOR_MAP;
    if (head->argument > (is_map ? JZ_MAP_PAIRS_MAX : JZ_ARRAY_ITEMS_MAX)) return JZ_E_COUNT;
    if (stack->depth == JZ_DEPTH_MAX) return JZ_E_DEPTH;
    uint32_t items = (uint32_t)head->argument;
    stack->level[stack->depth++] = (struct level){.items_left = is_map ? 2 * items : items, .is_map = is_map};
    return JZ_OK;
}

/* `cursor` stands behind the head of the string; on a bad byte it is left there. */
static enum jz_status pass_string(struct jz_cursor *cursor, const struct jz_head *head) {
    bool is_text = head->major == JZ_MAJOR_TEXT;
    if (head->argument > (is_text ? JZ_TEXT_BYTES_MAX : JZ_BYTES_MAX)) return JZ_E_STRING_SIZE;
    size_t start = cursor->at + head->bytes, length = (size_t)head->argument;
    if (cursor->bytes - start < length) return JZ_E_TRUNCATED;
    if (is_text) {
        size_t valid = jz_utf8_valid(cursor->data + start, length);
        if (valid < length) {
            cursor->at = start + valid;
            return JZ_E_UTF8;
        }
    }
    cursor->at = start + length;
    return JZ_OK;
}

static inline enum jz_status pass_value(struct jz_cursor *cursor, struct stack *stack) {
    struct jz_head head;
    enum jz_status status = jz_head_read(cursor->data + cursor->at, cursor->bytes - cursor->at, &head);
    if (status != JZ_OK) return status;
    if (head.major == JZ_MAJOR_BYTES || head.major == JZ_MAJOR_TEXT) return pass_string(cursor, &head);
    if (head.major == JZ_MAJOR_ARRAY || head.major == JZ_MAJOR_MAP) status = open_container(stack, &head);
    if (status == JZ_OK) cursor->at += head.bytes;
    return status;
}

/* Every key of this protocol is an unsigned integer; in shortest form their order is numeric order. */
static inline enum jz_status check_key(struct level *map, const struct jz_head *head) {
    if (head->major != JZ_MAJOR_UINT) return JZ_E_TYPE;
    if (map->has_key && head->argument <= map->last_key) return JZ_E_KEY_ORDER;
    map->has_key = true;
    map->last_key = head->argument;
    return JZ_OK;
}

/* Passes keys and integers, which most of a frame is, up to the first value of another type.
 * The level is copied so that the compiler keeps it in registers. */
static inline enum jz_status pass_integers(struct jz_cursor *cursor, struct level *top) {
    const uint8_t *at = cursor->data + cursor->at, *end = cursor->data + cursor->bytes;
    struct level level = *top;
    enum jz_status status = JZ_OK;
    for (; level.items_left > 0; level.items_left--) {
        struct jz_head head;
        bool is_key = level.is_map && level.items_left % 2 == 0;
        if (!is_key && at < end && at[0] >> 5 > JZ_MAJOR_NEGATIVE) break;
        status = jz_head_read(at, (size_t)(end - at), &head);
        if (status == JZ_OK && is_key) status = check_key(&level, &head);
        if (status != JZ_OK) break;
        at += head.bytes;
    }
    *top = level;
    cursor->at = (size_t)(at - cursor->data);
    return status;
}

enum jz_status jz_item_scan(struct jz_cursor *cursor) {
    struct stack stack;
    stack.depth = 0;
    enum jz_status status = pass_value(cursor, &stack);
    while (status == JZ_OK && stack.depth > 0) {
        struct level *top = &stack.level[stack.depth - 1];
        status = pass_integers(cursor, top);
        if (status != JZ_OK) break;
        if (top->items_left == 0) {
            stack.depth--;
            continue;
        }
        top->items_left--;
        status = pass_value(cursor, &stack);
    }
    return status;
}

/* A frame is a map whose first key is 0, so the first two bytes after a sound head decide. */
static enum jz_status check_frame_start(const struct jz_cursor *cursor) {
    const uint8_t *start = cursor->data + cursor->at;
    size_t left = cursor->bytes - cursor->at;
    struct jz_head head;
    if (start[0] >> 5 != JZ_MAJOR_MAP) return JZ_E_NOT_FRAME;
    enum jz_status status = jz_head_read(start, left, &head);
    if (status != JZ_OK) return status;
    if (head.argument == 0) return JZ_E_NOT_FRAME;
    return left > head.bytes && start[head.bytes] != 0 ? JZ_E_NOT_FRAME : JZ_OK;
}

static enum jz_status scan_frame(struct jz_cursor *cursor, struct jz_scan *out) {
    uint32_t start = (uint32_t)cursor->at;
    if (out->count == JZ_FRAMES_PER_MESSAGE_MAX) return JZ_E_COUNT;
    enum jz_status status = check_frame_start(cursor);
    if (status == JZ_OK) status = jz_item_scan(cursor);
    if (status != JZ_OK) return status;
    out->frame[out->count++] = (struct jz_slice){start, (uint32_t)cursor->at - start};
    return JZ_OK;
}

enum jz_status jz_message_scan(const uint8_t *message, size_t bytes, struct jz_scan *out) {
    struct jz_cursor cursor = {.data = message, .bytes = bytes};
    enum jz_status status = bytes == 0 ? JZ_E_EMPTY : JZ_OK;
    out->count = 0;
    out->error_offset = 0;
    if (bytes > JZ_MESSAGE_BYTES_MAX) {
        cursor.at = JZ_MESSAGE_BYTES_MAX;
        status = JZ_E_MESSAGE_SIZE;
    }
    while (status == JZ_OK && cursor.at < bytes) status = scan_frame(&cursor, out);
    for (uint32_t i = out->count; i < JZ_FRAMES_PER_MESSAGE_MAX && status != JZ_OK; i++)
        out->frame[i] = (struct jz_slice){0, 0};
    if (status != JZ_OK) out->error_offset = (uint32_t)cursor.at;
    return status;
}
