/* SPDX-License-Identifier: Apache-2.0 */
/* Postfix steps over a small stack: no recursion, no allocation, bounded by the step count. */
#include "expr.h"

#include <assert.h>

static const struct jz_truth TRUE_NOW = {0, 0, JZ_TRUE}, FALSE_NOW = {0, 0, JZ_FALSE};

enum jz_repeat jz_repeat_state(const struct jz_program *program, const struct jz_chart *chart,
                               uint32_t temporal) {
    const struct jz_temporal_state *t = &chart->temporal[temporal];
    int64_t apart_ms = (int64_t)program->temporal[temporal].apart_s * 1000;
    if (!t->first_true_ms) return JZ_REPEAT_UNSEEN;
    if (t->last_true_ms - t->first_true_ms >= apart_ms) return JZ_REPEAT_TRUE;
    return t->last_false_ms - t->first_true_ms >= apart_ms ? JZ_REPEAT_REFUTED : JZ_REPEAT_PENDING;
}

static const struct jz_reading *seen(const struct jz_lens *lens, uint32_t field) {
    const struct jz_reading *latest = &lens->chart->latest[field];
    if (!lens->set) return jz_is_known(latest) ? latest : NULL;
    if (field == lens->set_field) return lens->set;
    int64_t apart = latest->taken_ms - lens->set->taken_ms;
    bool same = apart <= JZ_SET_WINDOW_MS && apart >= -JZ_SET_WINDOW_MS;
    return same && jz_is_known(latest) ? latest : NULL;
}

static struct jz_truth range(const struct jz_lens *lens, const struct jz_step *step) {
    const struct jz_reading *reading = seen(lens, step->field);
    if (reading) return reading->value >= step->lo && reading->value <= step->hi ? TRUE_NOW : FALSE_NOW;
    if (step->op == JZ_OP_RANGE_YES) return TRUE_NOW;
    if (step->op == JZ_OP_RANGE_NO) return FALSE_NOW;
    uint64_t bit = 1ull << step->field;
    return (struct jz_truth){bit, bit, JZ_MAYBE};
}

/* Unseen yet: the newest values may already say no; what they leave open is missing, not awaited. */
static struct jz_truth repeated(const struct jz_lens *lens, const struct jz_step *step) {
    const struct jz_temporal *def = &lens->program->temporal[step->index];
    int64_t due_ms = lens->chart->temporal[step->index].first_true_ms + (int64_t)def->apart_s * 1000;
    switch (jz_repeat_state(lens->program, lens->chart, step->index)) {
    case JZ_REPEAT_TRUE: return TRUE_NOW;
    case JZ_REPEAT_REFUTED: return FALSE_NOW;
    case JZ_REPEAT_PENDING:
        return (struct jz_truth){0, lens->now_ms >= due_ms ? 1ull << def->ask : 0, JZ_MAYBE};
    case JZ_REPEAT_UNSEEN: break;
    }
    uint64_t unknown = 0;
    for (uint32_t f = 0; f < JZ_FIELDS_MAX; f++)
        if (def->fields >> f & 1u && !jz_is_known(&lens->chart->latest[f])) unknown |= 1ull << f;
    return unknown ? (struct jz_truth){unknown, unknown, JZ_MAYBE} : FALSE_NOW;
}

static struct jz_truth pending(const struct jz_lens *lens, const struct jz_step *step) {
    const struct jz_chart *chart = lens->chart;
    enum jz_repeat state = jz_repeat_state(lens->program, chart, step->index);
    if (state == JZ_REPEAT_UNSEEN) return repeated(lens, step);
    if (state != JZ_REPEAT_PENDING) return FALSE_NOW;
    int64_t waited_ms = lens->now_ms - chart->temporal[step->index].first_true_ms;
    return waited_ms >= (int64_t)step->lo * 1000 ? TRUE_NOW : FALSE_NOW;
}

static struct jz_truth negate(struct jz_truth t) {
    t.is = (enum jz_tri)(JZ_TRUE - t.is);
    return t;
}

/* At least n of the operands; "all" is n of n, "any" is 1 of n. */
static struct jz_truth at_least(const struct jz_truth *operand, uint32_t count, uint32_t n) {
    struct jz_truth out = {0, 0, JZ_FALSE};
    uint32_t certain = 0, possible = 0;
    for (uint32_t i = 0; i < count; i++) {
        certain += operand[i].is == JZ_TRUE;
        possible += operand[i].is != JZ_FALSE;
        out.missing |= operand[i].missing;
        out.ask |= operand[i].ask;
    }
    if (certain >= n) return TRUE_NOW;
    if (possible < n) return FALSE_NOW;
    out.is = JZ_MAYBE;
    return out;
}

static uint32_t wanted(const struct jz_step *step) {
    if (step->op == JZ_OP_ALL) return step->count;
    return step->op == JZ_OP_ANY ? 1u : (uint32_t)step->lo;
}

/* How many operands a step takes off the stack. */
static uint32_t operands(const struct jz_step *step) {
    if (step->op == JZ_OP_NOT) return 1;
    return step->op == JZ_OP_ALL || step->op == JZ_OP_ANY || step->op == JZ_OP_AT_LEAST ? step->count : 0;
}

static struct jz_truth apply(const struct jz_lens *lens, const struct jz_step *step,
                             const struct jz_truth *operand) {
    switch ((enum jz_op)step->op) {
    case JZ_OP_RANGE:
    case JZ_OP_RANGE_NO:
    case JZ_OP_RANGE_YES: return range(lens, step);
    case JZ_OP_KNOWN: return seen(lens, step->field) ? TRUE_NOW : FALSE_NOW;
    case JZ_OP_NOT: return negate(operand[0]);
    case JZ_OP_ALL:
    case JZ_OP_ANY:
    case JZ_OP_AT_LEAST: return at_least(operand, step->count, wanted(step));
    case JZ_OP_REPEATED: return repeated(lens, step);
    case JZ_OP_PENDING: return pending(lens, step);
    }
    assert(false && "a step the compiler does not emit");
    return FALSE_NOW;
}

struct jz_truth jz_expr(const struct jz_lens *lens, struct jz_span span) {
    struct jz_truth stack[JZ_STACK_MAX];
    uint32_t top = 0;
    if (!span.count) return TRUE_NOW;
    for (uint32_t i = 0; i < span.count; i++) {
        const struct jz_step *step = &lens->program->step[span.first + i];
        uint32_t take = operands(step);
        assert(take <= top && top - take < JZ_STACK_MAX);
        struct jz_truth result = apply(lens, step, &stack[top - take]);
        top -= take;
        stack[top++] = result;
    }
    assert(top == 1);
    return stack[0];
}
