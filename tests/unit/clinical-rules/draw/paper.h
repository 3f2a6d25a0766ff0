/* SPDX-License-Identifier: Apache-2.0 */
/** @file paper.h  A drawing kept in memory, for tests. */
#ifndef JZ_TEST_PAPER_H
#define JZ_TEST_PAPER_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "svg.h"

static struct {
    char text[4u << 20];
    size_t bytes;
} paper;

static void keep(void *out, const char *text, size_t bytes) {
    (void)out;
    assert_true(paper.bytes + bytes < sizeof paper.text);
    memcpy(paper.text + paper.bytes, text, bytes);
    paper.bytes += bytes;
    paper.text[paper.bytes] = 0;
}

static void has(const char *part) {
    if (!strstr(paper.text, part)) fail_msg("missing in the drawing: %s", part);
}

static inline uint32_t count_of(const char *part) {
    uint32_t count = 0;
    for (const char *at = paper.text; (at = strstr(at, part)); at += strlen(part)) count++;
    return count;
}

#endif /* JZ_TEST_PAPER_H */
