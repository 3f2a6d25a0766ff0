/* SPDX-License-Identifier: Apache-2.0 */
/* Items are summed at their least and at their most. A table whose condition is unknown counts beside the
 * next one, so the interval always contains the score that complete data would give. */
#include "interval.h"

#include <string.h>

struct points {
    uint8_t lo, hi;
};

static struct points of_value(const struct jz_program *program, struct jz_span bands, int32_t value) {
    const struct jz_band *band = &program->band[bands.first];
    while (value > band->to) band++; /* the last `to` is INT32_MAX */
    return (struct points){band->lo, band->hi};
}

static struct points of_any(const struct jz_program *program, struct jz_span bands) {
    struct points all = {UINT8_MAX, 0};
    for (uint32_t i = 0; i < bands.count; i++) {
        const struct jz_band *band = &program->band[bands.first + i];
        if (band->lo < all.lo) all.lo = band->lo;
        if (band->hi > all.hi) all.hi = band->hi;
    }
    return all;
}

static struct points widen(struct points a, struct points b) {
    return (struct points){a.lo < b.lo ? a.lo : b.lo, a.hi > b.hi ? a.hi : b.hi};
}

static struct points item_points(const struct jz_lens *lens, const struct jz_item *item,
                                 uint64_t *undecided) {
    const struct jz_reading *reading = &lens->chart->latest[item->field];
    struct points sum = {UINT8_MAX, 0};
    *undecided = 0;
    for (uint32_t i = 0; i < item->cases.count; i++) {
        const struct jz_case *table = &lens->program->table[item->cases.first + i];
        struct jz_truth when = jz_expr(lens, table->when);
        if (when.is == JZ_FALSE) continue;
        *undecided |= when.missing;
        sum = widen(sum, jz_is_known(reading) ? of_value(lens->program, table->bands, reading->value)
                                              : of_any(lens->program, table->bands));
        if (when.is == JZ_TRUE) break;
    }
    return sum;
}

/* The width hangs on the item's own field where that is missing, else on what leaves its table open. A known
 * field whose points are a range waits for another input of the rule, which the range's condition names. */
static void credit(struct jz_interval *out, uint64_t fields, uint32_t width) {
    for (uint32_t f = 0; fields; f++, fields >>= 1)
        if (fields & 1u) out->narrow[f] = (uint16_t)(out->narrow[f] + width);
}

/* Fields that the conditions of an item's tables look at and that have no value. */
static uint64_t open_guards(const struct jz_lens *lens, const struct jz_item *item) {
    uint64_t fields = 0;
    for (uint32_t i = 0; i < item->cases.count; i++) {
        struct jz_span when = lens->program->table[item->cases.first + i].when;
        for (uint32_t s = 0; s < when.count; s++) {
            const struct jz_step *step = &lens->program->step[when.first + s];
            bool reads = step->op == JZ_OP_KNOWN || step->op == JZ_OP_RANGE;
            if (reads && !jz_is_known(&lens->chart->latest[step->field])) fields |= 1ull << step->field;
        }
    }
    return fields;
}

static void add(const struct jz_lens *lens, const struct jz_item *item, struct jz_interval *out) {
    uint64_t undecided;
    struct points points = item_points(lens, item, &undecided);
    bool known = jz_is_known(&lens->chart->latest[item->field]);
    if (!known)
        undecided = 1ull << item->field;
    else if (points.lo != points.hi && !undecided)
        undecided = open_guards(lens, item);
    out->lo += points.lo;
    out->hi += points.hi;
    out->any_known |= known;
    out->points[item->field] = (uint8_t)(out->points[item->field] + points.lo);
    if (points.lo > out->item_lo) out->item_lo = points.lo;
    if (points.hi > out->item_hi) out->item_hi = points.hi;
    if (known && points.lo == points.hi) return;
    out->missing |= undecided;
    credit(out, undecided, (uint32_t)(points.hi - points.lo));
}

void jz_interval(const struct jz_lens *lens, const struct jz_rule *rule, struct jz_interval *out) {
    memset(out, 0, sizeof *out);
    for (uint32_t i = 0; i < rule->items.count; i++)
        add(lens, &lens->program->item[rule->items.first + i], out);
}
