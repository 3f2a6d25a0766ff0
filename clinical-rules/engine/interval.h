/* SPDX-License-Identifier: Apache-2.0 */
/** @file interval.h  A score as an interval: what is missing counts from its least to its most points
 *  (private to engine/). */
#ifndef JZ_INTERVAL_H
#define JZ_INTERVAL_H
#include "expr.h"

struct jz_interval {
    int32_t lo, hi;
    int16_t item_lo, item_hi; /**< the most points one item has for certain, and could have */
    bool any_known;           /**< at least one item was scored on a value */
    bool settled;             /**< every item has a value and one number of points */
    uint64_t missing;
    uint64_t because;               /**< inputs behind points other than 0 */
    uint16_t narrow[JZ_INPUTS_MAX]; /**< how much of hi - lo hangs on a missing input */
    struct jz_points {
        int16_t lo, hi;
    } item[JZ_ITEMS_PER_RULE_MAX];
};

/** @param why  false: only lo, hi, settled, item_lo, item_hi and any_known are wanted. */
void jz_interval(const struct jz_lens *lens, bool why, struct jz_interval *out);

#endif /* JZ_INTERVAL_H */
