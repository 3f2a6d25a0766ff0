/* SPDX-License-Identifier: Apache-2.0 */
/* An expression is a list of steps in postfix order. What a step comes to depends on the patient and on the outcomes
 * of the steps before it that are its operands. It is asked for in two ways: for the outcome alone, by circuits in
 * which what rules have in common is computed once; and with masks that say why, step by step over a small stack.
 * Neither recurses or allocates. The loader sees to it that each step finds the kind of operand it needs. */
#include "expr.h"

#include <assert.h>

struct masks {
    uint64_t because, missing, ask;
};

#define DAY_MS INT64_C(86400000)
#define SHANGHAI_MS INT64_C(28800000)

static const struct jz_slot UNKNOWN = {0, JZ_MAYBE};

static inline struct jz_slot truth(bool is) {
    return (struct jz_slot){0, is ? JZ_TRUE : JZ_FALSE};
}

static inline struct jz_slot number(int64_t value) {
    return (struct jz_slot){value, JZ_TRUE};
}

static uint64_t bit_of(const struct jz_lens *lens, uint32_t field) {
    for (uint32_t i = 0; lens->rule && i < lens->rule->info.input_count; i++)
        if (lens->rule->input[i] == field) return 1ull << i;
    return 0;
}

static inline uint64_t bit(const struct jz_step *step) {
    return 1ull << (step->input & 63u);
}

/* A reading of the set's time, else the newest if it was taken with them. What does not age holds at any time. */
static const struct jz_reading *seen_in_set(const struct jz_lens *lens, uint32_t field) {
    for (uint32_t i = 0; i < lens->set->count; i++)
        if (lens->set->reading[i].field == field) return &lens->set->reading[i];
    const struct jz_reading *latest = jz_known(lens->chart, field);
    if (!latest || !jz_field_at(field)->fresh_s) return latest;
    int64_t apart = latest->taken_ms - lens->set->taken_ms;
    return apart <= JZ_SET_WINDOW_MS && apart >= -JZ_SET_WINDOW_MS ? latest : NULL;
}

static inline const struct jz_reading *seen(const struct jz_lens *lens, uint32_t field) {
    return lens->set ? seen_in_set(lens, field) : jz_known(lens->chart, field);
}

static inline struct jz_slot range(const struct jz_lens *lens, const struct jz_step *step) {
    const struct jz_reading *reading = seen(lens, step->field);
    if (reading) return truth(reading->value >= step->lo && reading->value <= step->hi);
    return step->op == JZ_OP_RANGE ? UNKNOWN : truth(step->op == JZ_OP_RANGE_YES);
}

/* --- temporal forms ---------------------------------------------------------------------------------------- */

enum jz_temporal_is jz_temporal_is(const struct jz_temporal *def, const struct jz_temporal_state *t) {
    int64_t apart_ms = (int64_t)def->apart_s * 1000;
    if (!t->first_true_ms) return JZ_TEMPORAL_UNSEEN;
    if (t->last_true_ms - t->first_true_ms >= apart_ms) return JZ_TEMPORAL_TRUE;
    bool refuted = def->kind == JZ_TEMPORAL_REPEATED && t->last_false_ms - t->first_true_ms >= apart_ms;
    return refuted ? JZ_TEMPORAL_REFUTED : JZ_TEMPORAL_PENDING;
}

static enum jz_temporal_is stands(const struct jz_lens *lens, uint32_t temporal) {
    return jz_temporal_is(&lens->program->temporal[temporal], &lens->chart->temporal[temporal]);
}

/* What the memory itself says: an enum jz_tri, or JZ_UNSEEN. */
static uint32_t recall(const struct jz_lens *lens, const struct jz_step *step) {
    enum jz_temporal_is is = stands(lens, step->index);
    if (is == JZ_TEMPORAL_UNSEEN) return JZ_UNSEEN;
    if (step->op != JZ_OP_PENDING)
        return is == JZ_TEMPORAL_PENDING ? JZ_MAYBE : is == JZ_TEMPORAL_TRUE ? JZ_TRUE : JZ_FALSE;
    int64_t waited_ms = lens->now_ms - lens->chart->temporal[step->index].first_true_ms;
    return is == JZ_TEMPORAL_PENDING && waited_ms >= (int64_t)step->lo * 1000 ? JZ_TRUE : JZ_FALSE;
}

/* Never true of one set. The newest values may say no; else they wait for one another. A temporal criterion holds no
 * other one (the loader sees to it), so this goes one level deep. */
static struct jz_slot temporal(const struct jz_lens *lens, const struct jz_step *step) {
    uint32_t is = recall(lens, step);
    if (is != JZ_UNSEEN) return (struct jz_slot){0, (enum jz_tri)is};
    return jz_expr(lens, lens->program->temporal[step->index].of).is == JZ_FALSE ? truth(false) : UNKNOWN;
}

static uint64_t temporal_bits(const struct jz_lens *lens, const struct jz_temporal *def, bool only_unknown) {
    uint64_t bits = 0;
    for (uint32_t i = 0; i < def->field_count; i++)
        if (!only_unknown || !jz_known(lens->chart, def->field[i])) bits |= bit_of(lens, def->field[i]);
    return bits;
}

/* Where nothing is missing a set is: the field to measure again brings one. */
static struct masks temporal_masks(const struct jz_lens *lens, const struct jz_step *step, enum jz_tri is) {
    const struct jz_temporal *def = &lens->program->temporal[step->index];
    int64_t due_ms = lens->chart->temporal[step->index].first_true_ms + (int64_t)def->apart_s * 1000;
    if (is != JZ_MAYBE) return (struct masks){.because = temporal_bits(lens, def, false)};
    if (stands(lens, step->index) == JZ_TEMPORAL_PENDING)
        return (struct masks){.ask = lens->now_ms >= due_ms ? bit_of(lens, def->ask) : 0};
    uint64_t unknown = temporal_bits(lens, def, true);
    return (struct masks){.missing = unknown, .ask = unknown ? unknown : bit_of(lens, def->ask)};
}

/* --- windows ------------------------------------------------------------------------------------------------ */

/* How the newest value stands to the extreme of one stretch; UNKNOWN where that is of a time before the window, and
 * another of the stretch is not. */
static enum jz_tri fell_in(const struct jz_window_state *w, uint32_t at, const struct jz_reading *newest,
                           const struct jz_step *step, int64_t from_ms) {
    bool falls = step->lo < 0;
    int64_t by = (int64_t)newest->value - (falls ? w->max[at] : w->min[at]);
    if (!w->begin_ms[at] || w->last_ms[at] < from_ms || (falls ? by > step->lo : by < step->lo))
        return JZ_FALSE;
    return (falls ? w->max_ms[at] : w->min_ms[at]) >= from_ms ? JZ_TRUE : JZ_MAYBE;
}

/* The newest value against the extreme of the time before it; not covered by data, "no" is not certain. */
static struct jz_slot changed(const struct jz_lens *lens, const struct jz_step *step) {
    const struct jz_window *def = &lens->program->window[step->index];
    const struct jz_window_state *w = &lens->chart->window[step->index];
    const struct jz_reading *newest = jz_known(lens->chart, def->field);
    if (!newest) return UNKNOWN;
    int64_t from_ms = newest->taken_ms - (int64_t)def->over_s * 1000;
    bool covered = false;
    enum jz_tri most = JZ_FALSE;
    for (uint32_t i = 0; i < JZ_WINDOW_BUCKETS; i++) {
        enum jz_tri is = fell_in(w, i, newest, step, from_ms);
        covered |= w->begin_ms[i] && w->begin_ms[i] <= from_ms;
        if (is > most) most = is;
    }
    return most == JZ_FALSE && !covered ? UNKNOWN : (struct jz_slot){0, most};
}

static struct jz_slot trend(const struct jz_lens *lens, const struct jz_step *step) {
    const struct jz_window *def = &lens->program->window[step->index];
    const struct jz_window_state *w = &lens->chart->window[step->index];
    const struct jz_reading *newest = jz_known(lens->chart, def->field);
    if (!newest) return UNKNOWN;
    int64_t over_ms = (int64_t)def->over_s * 1000, sum[2] = {0, newest->value}, count[2] = {0, 1};
    for (uint32_t i = 0; i < JZ_WINDOW_BUCKETS; i++) {
        int64_t age_ms = newest->taken_ms - w->begin_ms[i];
        bool recent = age_ms < over_ms / 4, old = age_ms <= over_ms && age_ms >= over_ms - over_ms / 4;
        if (!w->begin_ms[i] || (!recent && !old)) continue;
        sum[recent] += w->sum[i];
        count[recent] += w->count[i];
    }
    if (!count[0]) return UNKNOWN;
    int64_t difference = sum[1] * count[0] - sum[0] * count[1], limit = step->lo * count[0] * count[1];
    return truth(step->lo < 0 ? difference <= limit : difference >= limit);
}

/* --- results of other rules -------------------------------------------------------------------------------- */

static bool unusable(const struct jz_lens *lens, const struct jz_rule_result *r, uint32_t rule) {
    return r->status == JZ_RULE_NOT_APPLICABLE || !jz_rule_set_has(&lens->program->enabled, rule);
}

static struct jz_slot fired(const struct jz_lens *lens, const struct jz_step *step) {
    const struct jz_rule_result *r = &lens->chart->result[step->field];
    if (unusable(lens, r, step->field) || r->status == JZ_RULE_NOT_FIRED) return truth(false);
    return r->status == JZ_RULE_FIRED ? truth(true) : UNKNOWN;
}

/* What is missing could still lead to a more urgent level than the one that is certain. */
static struct jz_slot level(const struct jz_lens *lens, const struct jz_step *step) {
    const struct jz_rule_result *r = &lens->chart->result[step->field];
    if (unusable(lens, r, step->field) || r->status == JZ_RULE_NOT_FIRED) return truth(false);
    if (r->status == JZ_RULE_UNKNOWN) return UNKNOWN;
    if (r->level == r->level_hi) return truth(r->level == step->lo);
    return step->lo >= r->level_hi && step->lo <= r->level ? UNKNOWN : truth(false);
}

/* A score that could not be evaluated (is the rule for this patient? is it fresh?) says at most what it is not. */
static struct jz_slot total(const struct jz_lens *lens, const struct jz_step *step) {
    const struct jz_rule_result *r = &lens->chart->result[step->field];
    if (unusable(lens, r, step->field)) return truth(false);
    if (r->status == JZ_RULE_UNKNOWN) return UNKNOWN;
    if (r->lo >= step->lo && r->hi <= step->hi) return r->status == JZ_RULE_FIRED ? truth(true) : UNKNOWN;
    return r->lo > step->hi || r->hi < step->lo ? truth(false) : UNKNOWN;
}

enum jz_tri jz_expr_rule(const struct jz_lens *lens, const struct jz_step *step) {
    if (step->op == JZ_OP_FIRED) return fired(lens, step).is;
    if (step->op == JZ_OP_LEVEL) return level(lens, step).is;
    return step->op == JZ_OP_TOTAL ? total(lens, step).is : JZ_FALSE;
}

/* --- numbers ------------------------------------------------------------------------------------------------ */

static inline struct jz_slot value(const struct jz_lens *lens, const struct jz_step *step) {
    const struct jz_reading *reading = seen(lens, step->field);
    return reading ? number(reading->value) : UNKNOWN;
}

static struct jz_slot since(const struct jz_lens *lens, const struct jz_step *step) {
    const struct jz_reading *event = jz_known(lens->chart, step->field);
    if (!event) return UNKNOWN;
    int64_t ms = lens->now_ms - event->taken_ms;
    return number(ms < 0 ? 0 : ms / 1000);
}

static struct jz_slot from_to(const struct jz_lens *lens, const struct jz_step *step) {
    const struct jz_reading *from = jz_known(lens->chart, step->field);
    const struct jz_reading *to = jz_known(lens->chart, (uint32_t)step->lo);
    if (!from || !to) return UNKNOWN;
    int64_t seconds = (to->taken_ms - from->taken_ms) / 1000; /* less than one apart: the same time */
    return step->index && seconds < 0 ? UNKNOWN : number(seconds);
}

static struct masks from_to_masks(const struct jz_lens *lens, const struct jz_step *step, enum jz_tri is) {
    uint64_t from = bit(step), to = 1ull << ((uint32_t)step->hi & 63u);
    if (is == JZ_TRUE) return (struct masks){.because = from | to};
    uint64_t unknown = (jz_known(lens->chart, step->field) ? 0 : from) |
                       (jz_known(lens->chart, (uint32_t)step->lo) ? 0 : to);
    return (struct masks){.missing = unknown,
                          .ask = unknown ? unknown : from | to}; /* one of the two is wrong */
}

static bool divide(int64_t a, int64_t b, int64_t *out) {
    if (b == 0 || a == INT64_MIN || b == INT64_MIN) return true;
    int64_t whole = a / b, rest = a % b;
    uint64_t twice = 2u * (uint64_t)(rest < 0 ? -rest : rest), size = (uint64_t)(b < 0 ? -b : b);
    *out = whole + (twice >= size ? ((a < 0) == (b < 0) ? 1 : -1) : 0);
    return false;
}

static inline struct jz_slot arithmetic(enum jz_op op, const struct jz_slot *x, const struct jz_slot *y) {
    const struct jz_slot a = *x, b = *y;
    bool lost = false;
    int64_t out = 0;
    if (a.is != JZ_TRUE || b.is != JZ_TRUE) return UNKNOWN;
    if (op == JZ_OP_ADD) lost = __builtin_add_overflow(a.number, b.number, &out);
    if (op == JZ_OP_SUBTRACT) lost = __builtin_sub_overflow(a.number, b.number, &out);
    if (op == JZ_OP_MULTIPLY) lost = __builtin_mul_overflow(a.number, b.number, &out);
    if (op == JZ_OP_DIVIDE) lost = divide(a.number, b.number, &out);
    return lost ? UNKNOWN : number(out);
}

static inline struct jz_slot compare(const struct jz_step *step, const struct jz_slot *a,
                                     const struct jz_slot *b) {
    struct jz_slot difference = arithmetic(JZ_OP_SUBTRACT, a, b);
    if (difference.is == JZ_MAYBE) return UNKNOWN;
    bool low = step->lo == INT32_MIN || difference.number >= step->lo;
    return truth(low && (step->hi == INT32_MAX || difference.number <= step->hi));
}

static struct jz_slot first_known(const struct jz_slot *operand, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (operand[i].is == JZ_TRUE) return operand[i];
    return UNKNOWN;
}

static struct jz_slot plausible(const struct jz_step *step, const struct jz_slot *of) {
    return of->is == JZ_TRUE && (of->number < step->lo || of->number > step->hi) ? UNKNOWN : *of;
}

/* Values of different times make no number together. @return the oldest of them, NULL: close enough. */
static const struct jz_step *too_old(const struct jz_lens *lens, const struct jz_step *step) {
    const struct jz_step *oldest = NULL, *s = step;
    int64_t from_ms = INT64_MAX, to_ms = INT64_MIN;
    for (uint32_t left = step->index; left;) {
        if ((--s)->op != JZ_OP_VALUE) continue;
        left--;
        const struct jz_reading *reading = seen(lens, s->field);
        if (!reading) continue;
        if (reading->taken_ms < from_ms) oldest = s;
        if (reading->taken_ms < from_ms) from_ms = reading->taken_ms;
        if (reading->taken_ms > to_ms) to_ms = reading->taken_ms;
    }
    return oldest && to_ms - from_ms > (int64_t)step->lo * 1000 ? oldest : NULL;
}

/* --- logic --------------------------------------------------------------------------------------------------- */

static inline uint32_t wanted(const struct jz_step *step) {
    if (step->op == JZ_OP_ALL) return step->count;
    return step->op == JZ_OP_ANY ? 1u : (uint32_t)step->lo;
}

/* At least n of the operands; "all" is n of n, "any" is 1 of n. */
static inline struct jz_slot at_least(const struct jz_slot *operand, const struct jz_step *step) {
    uint32_t certain = 0, possible = 0, n = wanted(step);
    for (uint32_t i = 0; i < step->count; i++) {
        certain += operand[i].is == JZ_TRUE;
        possible += operand[i].is != JZ_FALSE;
    }
    if (certain >= n) return truth(true);
    return possible < n ? truth(false) : UNKNOWN;
}

/* What decides a truth are the true ones, a falsehood the false ones. */
static struct masks at_least_masks(const struct jz_slot *operand, const struct masks *mask, uint32_t count,
                                   enum jz_tri is) {
    struct masks out = {0, 0, 0};
    for (uint32_t i = 0; i < count; i++) {
        if (is == operand[i].is) out.because |= mask[i].because;
        out.missing |= mask[i].missing;
        out.ask |= mask[i].ask;
    }
    if (is == JZ_MAYBE) return (struct masks){.missing = out.missing, .ask = out.ask};
    return (struct masks){.because = out.because};
}

/* @param a  The operands side by side, but for steps that take two: @param b the second. */
static inline __attribute__((always_inline)) struct jz_slot apply(const struct jz_lens *lens,
                                                                  const struct jz_step *step,
                                                                  const struct jz_slot *a,
                                                                  const struct jz_slot *b) {
    switch ((enum jz_op)step->op) {
    case JZ_OP_RANGE:
    case JZ_OP_RANGE_NO:
    case JZ_OP_RANGE_YES: return range(lens, step);
    case JZ_OP_KNOWN: return truth(step->count ? a->is == JZ_TRUE : seen(lens, step->field) != NULL);
    case JZ_OP_NOT: return (struct jz_slot){0, (enum jz_tri)(JZ_TRUE - a->is)};
    case JZ_OP_ALL:
    case JZ_OP_ANY:
    case JZ_OP_AT_LEAST: return at_least(a, step);
    case JZ_OP_REPEATED:
    case JZ_OP_PENDING:
    case JZ_OP_HELD: return temporal(lens, step);
    case JZ_OP_CHANGED: return changed(lens, step);
    case JZ_OP_TREND: return trend(lens, step);
    case JZ_OP_FIRED: return fired(lens, step);
    case JZ_OP_LEVEL: return level(lens, step);
    case JZ_OP_TOTAL: return total(lens, step);
    case JZ_OP_COMPARE: return compare(step, a, b);
    case JZ_OP_VALUE: return value(lens, step);
    case JZ_OP_NUMBER: return number(step->lo);
    case JZ_OP_ADD: return arithmetic(JZ_OP_ADD, a, b);
    case JZ_OP_SUBTRACT: return arithmetic(JZ_OP_SUBTRACT, a, b);
    case JZ_OP_MULTIPLY: return arithmetic(JZ_OP_MULTIPLY, a, b);
    case JZ_OP_DIVIDE: return arithmetic(JZ_OP_DIVIDE, a, b);
    case JZ_OP_SINCE: return since(lens, step);
    case JZ_OP_FROM_TO: return from_to(lens, step);
    case JZ_OP_FIRST: return first_known(a, step->count);
    case JZ_OP_PLAUSIBLE: return plausible(step, a);
    case JZ_OP_TODAY: return number((lens->now_ms + SHANGHAI_MS) / DAY_MS);
    case JZ_OP_WITHIN: return a->is == JZ_TRUE && too_old(lens, step) ? UNKNOWN : *a;
    }
    return UNKNOWN;
}

/* --- outcomes alone ----------------------------------------------------------------------------------------------- */

static void compute_looks(const struct jz_lens *lens, const struct jz_part *part, uint8_t *truth) {
    const struct jz_look *look = &lens->program->look[part->first], *end = look + part->count;
    const struct jz_reading *reading = NULL;
    uint32_t field = JZ_FIELD_NONE;
    for (; look < end; look++) {
        if (look->field != field)
            reading = seen(lens, field = look->field); /* those of a field are side by side */
        int32_t value = reading ? reading->value : 0;
        uint8_t inside = value >= look->lo && value <= look->hi ? JZ_TRUE : JZ_FALSE;
        truth[look->out] = reading ? inside : look->absent;
    }
}

static void compute_numbers(const struct jz_lens *lens, const struct jz_part *part, struct jz_slot *number) {
    const struct jz_calc *calc = &lens->program->calc[part->first], *end = calc + part->count;
    for (; calc < end; calc++) {
        const struct jz_step *step = &lens->program->step[calc->step];
        const struct jz_slot *a = &number[calc->a], *b = &number[calc->b];
        number[calc->out] = step->op != JZ_OP_FIRST ? apply(lens, step, a, b) : a->is == JZ_TRUE ? *a : *b;
    }
}

static void compute_truths(const struct jz_lens *lens, const struct jz_part *part,
                           const struct jz_slot *number, uint8_t *truth) {
    const struct jz_calc *calc = &lens->program->calc[part->first], *end = calc + part->count;
    for (; calc < end; calc++) {
        const struct jz_step *step = &lens->program->step[calc->step];
        bool memory = step->op >= JZ_OP_REPEATED && step->op <= JZ_OP_HELD;
        truth[calc->out] =
            (uint8_t)(memory ? recall(lens, step) : apply(lens, step, &number[calc->a], &number[calc->b]).is);
    }
}

static void compute_compares(const struct jz_lens *lens, const struct jz_part *part,
                             const struct jz_slot *number, uint8_t *truth) {
    const struct jz_compare *c = &lens->program->compare[part->first], *end = c + part->count;
    for (; c < end; c++) {
        int64_t by;
        bool lost = __builtin_sub_overflow(number[c->of].number, (int64_t)c->constant, &by);
        uint8_t inside =
            (by >= c->lo || c->lo == INT32_MIN) && (by <= c->hi || c->hi == INT32_MAX) ? JZ_TRUE : JZ_FALSE;
        truth[c->out] = lost || number[c->of].is != JZ_TRUE ? JZ_MAYBE : inside;
    }
}

/* By table, not by branch: what a patient's gates come to is not to be guessed. */
static void compute_gates(const struct jz_lens *lens, const struct jz_part *part, uint8_t *truth) {
    enum { F = JZ_FALSE, M = JZ_MAYBE, T = JZ_TRUE };
    static const uint8_t outcome[][4][4] = {
        [JZ_GATE_NOT] = {{T, T, T}, {M, M, M}, {F, F, F}},
        [JZ_GATE_AND] = {{F, F, F}, {F, M, M}, {F, M, T}},
        [JZ_GATE_OR] = {{F, M, T}, {M, M, T}, {T, T, T}},
        [JZ_GATE_MEMORY] = {{F, F, F}, {M, M, M}, {T, T, T}, [JZ_UNSEEN] = {F, M, M}}};
    const struct jz_gate *gate = &lens->program->gate[part->first], *end = gate + part->count;
    for (; gate < end; gate++) truth[gate->out] = outcome[gate->kind][truth[gate->a]][truth[gate->b]];
}

const struct jz_values *jz_compute(const struct jz_lens *lens, const struct jz_circuit *circuit,
                                   struct jz_values *values) {
    if (!lens->program->lowered) return NULL;
    values->truth[0] = JZ_TRUE;
    values->truth[1] = JZ_FALSE;
    values->number[0] = UNKNOWN;
    compute_looks(lens, &circuit->looks, values->truth);
    compute_numbers(lens, &circuit->numbers, values->number);
    compute_compares(lens, &circuit->compares, values->number, values->truth);
    compute_truths(lens, &circuit->truths, values->number, values->truth);
    compute_gates(lens, &circuit->gates, values->truth);
    return values;
}

/* --- with reasons ------------------------------------------------------------------------------------------------- */

static struct masks leaf_masks(const struct jz_lens *lens, const struct jz_step *step, enum jz_tri is) {
    if (is != JZ_MAYBE) return (struct masks){.because = bit(step)};
    if (seen(lens, step->field)) return (struct masks){0, 0, 0};
    return (struct masks){.missing = bit(step), .ask = bit(step)};
}

static struct masks join(const struct masks *a, uint32_t count, enum jz_tri is) {
    struct masks out = {0, 0, 0};
    for (uint32_t i = 0; i < count; i++) {
        out.because |= a[i].because;
        out.missing |= a[i].missing;
        out.ask |= a[i].ask;
    }
    if (is == JZ_MAYBE) out.because = 0;
    return out;
}

static struct masks first_masks(const struct jz_slot *operand, const struct masks *mask, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (operand[i].is == JZ_TRUE) return mask[i];
    return join(mask, count, JZ_MAYBE);
}

static struct masks within_masks(const struct jz_lens *lens, const struct jz_step *step, struct jz_slot of,
                                 struct masks mask) {
    const struct jz_step *oldest = of.is == JZ_TRUE ? too_old(lens, step) : NULL;
    return oldest ? (struct masks){.ask = bit(oldest)} : mask;
}

/* A number that cannot be is to be had from other values than these. */
static struct masks plausible_masks(struct jz_slot of, struct masks mask, enum jz_tri is) {
    return of.is == JZ_TRUE && is == JZ_MAYBE ? (struct masks){.ask = mask.because} : mask;
}

static struct masks masks_of(const struct jz_lens *lens, const struct jz_step *step,
                             const struct jz_slot *operand, const struct masks *mask, enum jz_tri is) {
    switch ((enum jz_op)step->op) {
    case JZ_OP_KNOWN:
        if (step->count) return (struct masks){.because = mask->because};
        return leaf_masks(lens, step, is);
    case JZ_OP_RANGE:
    case JZ_OP_RANGE_NO:
    case JZ_OP_RANGE_YES:
    case JZ_OP_CHANGED:
    case JZ_OP_TREND:
    case JZ_OP_VALUE:
    case JZ_OP_SINCE: return leaf_masks(lens, step, is);
    case JZ_OP_REPEATED:
    case JZ_OP_HELD:
    case JZ_OP_PENDING: return temporal_masks(lens, step, is);
    case JZ_OP_ALL:
    case JZ_OP_ANY:
    case JZ_OP_AT_LEAST: return at_least_masks(operand, mask, step->count, is);
    case JZ_OP_FROM_TO: return from_to_masks(lens, step, is);
    case JZ_OP_FIRST: return first_masks(operand, mask, step->count);
    case JZ_OP_WITHIN: return within_masks(lens, step, *operand, *mask);
    case JZ_OP_PLAUSIBLE: return plausible_masks(*operand, *mask, is);
    case JZ_OP_NOT:
    case JZ_OP_COMPARE:
    case JZ_OP_ADD:
    case JZ_OP_SUBTRACT:
    case JZ_OP_MULTIPLY:
    case JZ_OP_DIVIDE: return join(mask, step->count, is);
    case JZ_OP_FIRED:
    case JZ_OP_LEVEL:
    case JZ_OP_TOTAL:
    case JZ_OP_NUMBER:
    case JZ_OP_TODAY: break;
    }
    return (struct masks){0, 0, 0};
}

static struct jz_slot run_with_masks(const struct jz_lens *lens, struct jz_span span, struct masks *why) {
    struct jz_slot stack[JZ_STACK_MAX + 1u];
    struct masks mask[JZ_STACK_MAX + 1u];
    uint32_t depth = 0;
    *why = (struct masks){0, 0, 0};
    if (!span.count) return truth(true);
    for (uint32_t i = 0; i < span.count; i++) {
        const struct jz_step *step = &lens->program->step[span.first + i];
        uint32_t take = step->count, at = depth - take;
        assert(take <= depth && at < JZ_STACK_MAX);
        struct jz_slot out = apply(lens, step, &stack[at], &stack[at + 1u]);
        mask[at] = masks_of(lens, step, &stack[at], &mask[at], out.is);
        stack[at] = out;
        depth = at + 1;
    }
    assert(depth == 1);
    *why = mask[0];
    return stack[0];
}

struct jz_truth jz_expr(const struct jz_lens *lens, struct jz_span span) {
    struct masks why;
    enum jz_tri is = run_with_masks(lens, span, &why).is;
    return (struct jz_truth){why.because, why.missing, why.ask, is};
}

struct jz_number jz_expr_number(const struct jz_lens *lens, struct jz_span span) {
    struct masks why;
    struct jz_slot out = run_with_masks(lens, span, &why);
    return (struct jz_number){out.number, why.because, why.missing, why.ask, out.is == JZ_TRUE};
}
