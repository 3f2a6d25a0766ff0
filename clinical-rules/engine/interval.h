/* SPDX-License-Identifier: Apache-2.0 */
/** @file interval.h  A score as an interval: what is missing counts from its least to its most points
 *  (private to engine/). */
#ifndef JZ_INTERVAL_H
#define JZ_INTERVAL_H
#include "expr.h"

struct jz_interval {
    int32_t lo, hi;
    uint64_t missing;
    uint8_t item_lo, item_hi;       /**< the most points one item has for certain, and could have */
    bool any_known;                 /**< at least one item was scored on a value */
    uint8_t points[JZ_FIELDS_MAX];  /**< certain points by field */
    uint16_t narrow[JZ_FIELDS_MAX]; /**< how much of hi - lo hangs on a missing field */
};

void jz_interval(const struct jz_lens *lens, const struct jz_rule *rule, struct jz_interval *out);

#endif /* JZ_INTERVAL_H */
