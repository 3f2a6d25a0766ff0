/* SPDX-License-Identifier: Apache-2.0 */
/** @file scan.h  The bounded scan of one item (private to protocol/src). */
#ifndef JZ_SCAN_H
#define JZ_SCAN_H
#include <stddef.h>
#include <stdint.h>

#include "jingzhu/status.h"

/** A position in a message. On failure `at` is the first offending byte. */
struct jz_cursor {
    const uint8_t *data;
    size_t bytes, at;
};

/** Passes over one item, of whatever type, and everything nested in it. Bounded by limits.h. */
JZ_MUST_CHECK enum jz_status jz_item_scan(struct jz_cursor *cursor);

#endif /* JZ_SCAN_H */
