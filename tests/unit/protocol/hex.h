/* SPDX-License-Identifier: Apache-2.0 */
/** @file hex.h  Bytes written as hex in tests, and small files. Header only; tests are one file each. */
#ifndef JZ_TEST_HEX_H
#define JZ_TEST_HEX_H
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct hex_bytes {
    size_t bytes;
    uint8_t data[JZ_MESSAGE_BYTES_MAX + 64];
};

static inline int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/** Pairs of hex digits up to the end of text or line; spaces between are ignored, anything else fails. */
static inline void hex_parse(const char *text, struct hex_bytes *out) {
    out->bytes = 0;
    for (; *text && *text != '\n'; text++) {
        if (*text == ' ' || *text == '\r') continue;
        int high = hex_digit(text[0]), low = hex_digit(text[1]);
        if (high < 0 || low < 0) fail_msg("not hex: %s", text);
        assert_true(out->bytes < sizeof out->data);
        out->data[out->bytes++] = (uint8_t)(high << 4 | low);
        text++;
    }
}

/** A text file of the tree, whole, terminated; the caller frees. */
static inline char *read_text(const char *path) {
    char name[512];
    (void)snprintf(name, sizeof name, "%s/%s", JZ_SOURCE_DIR, path);
    FILE *file = fopen(name, "rb");
    if (!file) fail_msg("cannot open %s", name);
    size_t room = 1u << 20, got;
    char *text = calloc(1, room);
    assert_non_null(text);
    got = fread(text, 1, room - 1, file);
    assert_true(got > 0 && got < room - 1);
    assert_int_equal(fclose(file), 0);
    return text;
}

/** JZ_SEED, or a fixed number; printed, so that a failure can be repeated. */
static inline uint64_t test_seed(void) {
    const char *text = getenv("JZ_SEED");
    uint64_t seed = text ? strtoull(text, NULL, 0) : 20240601u;
    print_message("JZ_SEED=%llu\n", (unsigned long long)seed);
    return seed ? seed : 1;
}

/** xorshift64*; enough for tests. */
static inline uint64_t next_random(uint64_t *state) {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

#endif /* JZ_TEST_HEX_H */
