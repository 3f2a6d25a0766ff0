/* SPDX-License-Identifier: Apache-2.0 */
/* Items are summed at their least and at their most. A table whose condition is unknown counts beside the
 * next one, so the interval always contains the score that complete data would give. */
#include "interval.h"

#include <string.h>

/* What one item adds, and what leaves it open. */
struct share {
    struct jz_points points;
    uint64_t because, open;
    bool known; /**< scored on a value */
};

static struct jz_points of_value(const struct jz_program *program, struct jz_span bands, int64_t value) {
    const struct jz_band *band = &program->band[bands.first];
    const struct jz_band *last = band + bands.count - 1; /* its `to` is open */
    while (band < last && value > band->to) band++;
    return (struct jz_points){band->lo, band->hi};
}

static struct jz_points widen(struct jz_points a, struct jz_points b) {
    return (struct jz_points){a.lo < b.lo ? a.lo : b.lo, a.hi > b.hi ? a.hi : b.hi};
}

static const struct jz_points NOTHING = {INT16_MAX, INT16_MIN};

static struct jz_points of_any(const struct jz_program *program, struct jz_span bands) {
    struct jz_points all = NOTHING;
    for (uint32_t i = 0; i < bands.count; i++) {
        const struct jz_band *band = &program->band[bands.first + i];
        all = widen(all, (struct jz_points){band->lo, band->hi});
    }
    return all;
}

/* Fields that the conditions of an item's tables look at and that have no value: a range of points on a known value
 * waits for one of these. */
static uint64_t open_guards(const struct jz_lens *lens, const struct jz_item *item) {
    uint64_t inputs = 0;
    for (uint32_t i = 0; i < item->cases.count; i++) {
        struct jz_span when = lens->program->table[item->cases.first + i].when;
        for (uint32_t s = 0; s < when.count; s++) {
            const struct jz_step *step = &lens->program->step[when.first + s];
            bool reads = (step->op == JZ_OP_KNOWN && !step->count) || step->op == JZ_OP_RANGE;
            if (reads && !jz_known(lens->chart, step->field)) inputs |= 1ull << (step->input & 63u);
        }
    }
    return inputs;
}

static struct jz_truth truth_of(const struct jz_lens *lens, struct jz_span span, bool why) {
    return why ? jz_expr(lens, span) : (struct jz_truth){.is = jz_expr_is(lens, span)};
}

static struct share of_field(const struct jz_lens *lens, const struct jz_item *item, bool why) {
    const struct jz_reading *reading = jz_known(lens->chart, item->field);
    struct share out = {.points = NOTHING, .because = 1ull << (item->input & 63u), .known = reading != NULL};
    for (uint32_t i = 0; i < item->cases.count; i++) {
        const struct jz_case *table = &lens->program->table[item->cases.first + i];
        struct jz_truth when = truth_of(lens, table->when, why);
        if (when.is == JZ_FALSE) continue;
        out.open |= when.missing;
        out.points = widen(out.points, reading ? of_value(lens->program, table->bands, reading->value)
                                               : of_any(lens->program, table->bands));
        if (when.is == JZ_TRUE) break;
    }
    if (!reading)
        out.open = out.because;
    else if (why && out.points.lo != out.points.hi && !out.open)
        out.open = open_guards(lens, item);
    return out;
}

static struct share of_number(const struct jz_lens *lens, const struct jz_item *item, bool why) {
    struct jz_span bands = lens->program->table[item->cases.first].bands;
    struct jz_number number = {0};
    if (why)
        number = jz_expr_number(lens, item->value);
    else
        number.known = jz_expr_known(lens, item->value, &number.is);
    return (struct share){number.known ? of_value(lens->program, bands, number.is)
                                       : of_any(lens->program, bands),
                          number.because, number.missing | number.ask, number.known};
}

static struct share of_criterion(const struct jz_lens *lens, const struct jz_item *item, bool why) {
    struct jz_truth is = truth_of(lens, item->value, why);
    struct jz_points points = {0, 0};
    if (is.is == JZ_TRUE) points = (struct jz_points){item->points, item->points};
    if (is.is == JZ_MAYBE && item->points > 0) points.hi = item->points;
    if (is.is == JZ_MAYBE && item->points < 0) points.lo = item->points;
    return (struct share){points, is.because, is.missing | is.ask, is.is != JZ_MAYBE};
}

static struct share share_of(const struct jz_lens *lens, const struct jz_item *item, bool why) {
    switch ((enum jz_item_kind)item->kind) {
    case JZ_ITEM_FIELD: return of_field(lens, item, why);
    case JZ_ITEM_VALUE: return of_number(lens, item, why);
    case JZ_ITEM_CRITERION: break;
    }
    return of_criterion(lens, item, why);
}

/* How much of hi - lo hangs on each input that is missing. */
static void credit(struct jz_interval *out, uint64_t inputs, uint32_t width) {
    for (; inputs; inputs &= inputs - 1) {
        uint16_t *narrow = &out->narrow[__builtin_ctzll(inputs)];
        *narrow = (uint16_t)(*narrow + width);
    }
}

static void add(const struct share *share, struct jz_interval *out) {
    out->lo += share->points.lo;
    out->hi += share->points.hi;
    out->any_known |= share->known;
    out->settled &= share->known && share->points.lo == share->points.hi;
    if (share->points.lo > out->item_lo) out->item_lo = share->points.lo;
    if (share->points.hi > out->item_hi) out->item_hi = share->points.hi;
}

static void explain(const struct share *share, struct jz_interval *out) {
    bool settled = share->known && share->points.lo == share->points.hi;
    if (settled && share->points.lo) out->because |= share->because;
    if (settled) return;
    out->missing |= share->open;
    credit(out, share->open, (uint32_t)(share->points.hi - share->points.lo));
}

void jz_interval(const struct jz_lens *lens, bool why, struct jz_interval *out) {
    out->lo = out->hi = 0;
    out->item_lo = out->item_hi = 0;
    out->any_known = false;
    out->settled = true;
    out->missing = out->because = 0;
    if (why) memset(out->narrow, 0, sizeof out->narrow);
    for (uint32_t i = 0; i < lens->rule->items.count && i < JZ_ITEMS_PER_RULE_MAX; i++) {
        struct share share = share_of(lens, &lens->program->item[lens->rule->items.first + i], why);
        add(&share, out);
        if (why) explain(&share, out);
        out->item[i] = share.points;
    }
}
