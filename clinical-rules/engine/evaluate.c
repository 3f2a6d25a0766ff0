/* SPDX-License-Identifier: Apache-2.0 */
/* One rule over one chart at one moment. What is certain decides level, priority and alarm; what is only
 * possible is reported beside it, never acted on. */
#include <assert.h>
#include <string.h>

#include "explain.h"
#include "interval.h"

static const struct jz_row *row_at(const struct jz_lens *lens, const struct jz_rule *rule, uint32_t level) {
    return &lens->program->row[rule->rows.first + level];
}

static uint8_t level_of(const struct jz_lens *lens, const struct jz_rule *rule, int32_t score, uint8_t item) {
    for (uint32_t i = 0; i < rule->rows.count; i++) {
        const struct jz_row *row = row_at(lens, rule, i);
        if (score >= row->score_lo && score <= row->score_hi && item >= row->item_min) return (uint8_t)i;
    }
    return JZ_LEVEL_NONE;
}

static void propose(const struct jz_lens *lens, const struct jz_rule *rule, uint8_t level,
                    struct jz_assessment *out) {
    const struct jz_row *row = row_at(lens, rule, level);
    out->status = JZ_RULE_FIRED;
    out->level = level;
    out->priority = row->priority;
    out->alarm = row->alarm;
    out->conditions = row->conditions;
}

/* With nothing scored at all there is no "at least": the lowest band would read as reassurance. */
static void score(const struct jz_lens *lens, const struct jz_rule *rule, struct jz_truth applies,
                  struct jz_assessment *out) {
    struct jz_interval sum;
    jz_interval(lens, rule, &sum);
    out->lo = sum.lo;
    out->hi = sum.hi;
    out->missing = sum.missing | applies.missing;
    out->complete = sum.missing == 0 && sum.lo == sum.hi;
    out->level_hi = level_of(lens, rule, sum.hi, sum.item_hi);
    bool withheld = applies.is == JZ_MAYBE && rule->withhold;
    out->measure_next = withheld ? jz_explain_ask(rule, applies.ask) : jz_explain_next(rule, sum.narrow);
    uint8_t level = level_of(lens, rule, sum.lo, sum.item_lo);
    if (!withheld && sum.any_known && level != JZ_LEVEL_NONE)
        propose(lens, rule, level, out);
    else
        out->status = JZ_RULE_CANNOT_EVALUATE;
    if (withheld) out->complete = 0;
    jz_explain_used(lens, rule, sum.points, out);
}

/* A row is no more certain than that the rule applies at all, where the pack says to ask first. */
static struct jz_truth row_truth(const struct jz_lens *lens, const struct jz_row *row,
                                 const struct jz_truth *limit) {
    struct jz_truth is = jz_expr(lens, row->when);
    if (is.is == JZ_FALSE || !limit) return is;
    return (struct jz_truth){is.missing | limit->missing, is.ask | limit->ask, JZ_MAYBE};
}

/* First match, most urgent first: a certain row gives the level, an earlier possible one the worst case. */
static void criteria(const struct jz_lens *lens, const struct jz_rule *rule, struct jz_truth applies,
                     struct jz_assessment *out) {
    const struct jz_truth *limit = applies.is == JZ_MAYBE && rule->withhold ? &applies : NULL;
    uint64_t ask = 0, missing = 0;
    uint8_t certain = JZ_LEVEL_NONE;
    for (uint32_t i = 0; i < rule->rows.count && certain == JZ_LEVEL_NONE; i++) {
        struct jz_truth is = row_truth(lens, row_at(lens, rule, i), limit);
        if (is.is == JZ_FALSE) continue;
        if (is.is == JZ_TRUE) certain = (uint8_t)i;
        if (out->level_hi == JZ_LEVEL_NONE) out->level_hi = (uint8_t)i;
        missing |= is.missing;
        ask |= is.ask;
    }
    out->lo = certain != JZ_LEVEL_NONE;
    out->hi = out->level_hi != JZ_LEVEL_NONE;
    out->missing = missing | (out->hi ? applies.missing : 0);
    out->complete = certain == out->level_hi;
    out->status = out->hi ? JZ_RULE_CANNOT_EVALUATE : JZ_RULE_NOT_FIRED;
    /* Whether the rule applies decides everything else, so it is asked first. */
    if (out->hi) out->measure_next = jz_explain_ask(rule, limit ? limit->ask : ask);
    if (certain != JZ_LEVEL_NONE) propose(lens, rule, certain, out);
    jz_explain_used(lens, rule, NULL, out);
}

void jz_rule_evaluate(const struct jz_program *program, const struct jz_chart *chart, uint32_t rule,
                      int64_t now_ms, struct jz_assessment *out) {
    assert(program && chart && out && rule < program->rule_count);
    const struct jz_rule *def = &program->rule[rule];
    struct jz_lens lens = {program, chart, now_ms, NULL, 0};
    memset(out, 0, sizeof *out);
    out->evaluated_ms = now_ms;
    out->level = JZ_LEVEL_NONE;
    out->level_hi = JZ_LEVEL_NONE;
    out->measure_next = JZ_FIELD_NONE;
    struct jz_truth applies = jz_expr(&lens, def->applies);
    if (applies.is == JZ_FALSE) {
        out->status = JZ_RULE_NOT_APPLICABLE;
        out->complete = 1;
        jz_explain_used(&lens, def, NULL, out);
    } else if (def->kind == JZ_KIND_SCORE) {
        score(&lens, def, applies, out);
    } else {
        criteria(&lens, def, applies, out);
    }
}
