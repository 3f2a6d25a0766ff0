/* SPDX-License-Identifier: Apache-2.0 */
/* One rule: applicable? then a score's total or the first criterion that holds. What is certain decides; what
 * is possible stands beside it. */
#include "evaluate.h"

#include <assert.h>
#include <string.h>

#include "explain.h"
#include "interval.h"

/* The result under construction; masks are of the rule's inputs and stay empty where nobody asks why. */
struct outcome {
    struct jz_rule_result *result;
    struct jz_assessment *detail; /**< NULL: nobody asks */
    uint64_t missing, because, ask;
};

/* @param[out] why  Written where somebody asks. */
static enum jz_tri truth_of(const struct jz_lens *lens, struct jz_span span, const struct outcome *out,
                            struct jz_truth *why) {
    if (!out->detail) return jz_expr_is(lens, span);
    *why = jz_expr(lens, span);
    return why->is;
}

static const struct jz_row *row_at(const struct jz_lens *lens, uint32_t i) {
    return &lens->program->row[lens->rule->rows.first + i];
}

static uint16_t field_of(const struct jz_lens *lens, uint64_t inputs) {
    return inputs ? lens->rule->input[__builtin_ctzll(inputs)] : JZ_FIELD_NONE;
}

static uint32_t index_of(const struct jz_lens *lens) {
    return (uint32_t)(lens->rule - lens->program->rule);
}

/* The first rule it reads whose result rests on stale data, or JZ_RULES_MAX. */
static uint32_t stale_rule(const struct jz_lens *lens) {
    const struct jz_rule_set *reads = &lens->program->reads[index_of(lens)];
    for (uint32_t w = 0; w < JZ_RULES_MAX / 64u; w++) {
        uint64_t stale = reads->word[w] & lens->chart->stale.word[w];
        if (stale) return w * 64u + (uint32_t)__builtin_ctzll(stale);
    }
    return JZ_RULES_MAX;
}

static bool rests_on_stale(const struct jz_lens *lens) {
    return jz_explain_stale(lens) != JZ_FIELD_NONE || stale_rule(lens) != JZ_RULES_MAX;
}

/* Nothing is ruled out on data that is incomplete, stale or of a patient the rule may not be for (0.3.4). */
static bool may_rule_out(const struct jz_rule_result *r, enum jz_tri applies) {
    return r->complete && applies == JZ_TRUE && !r->stale;
}

static void conclude(const struct jz_lens *lens, uint8_t level, enum jz_tri applies, struct outcome *out) {
    struct jz_rule_result *r = out->result;
    bool withheld = level != JZ_LEVEL_NONE && row_at(lens, level)->rule_out && !may_rule_out(r, applies);
    if (level == JZ_LEVEL_NONE || withheld) {
        r->status = JZ_RULE_CANNOT_EVALUATE;
        r->complete = 0;
        return;
    }
    r->status = JZ_RULE_FIRED;
    r->level = level;
}

/* --- scores -------------------------------------------------------------------------------------------------- */

static bool row_takes(const struct jz_row *row, int64_t lo, int64_t hi, int32_t item_most) {
    return hi >= row->score_lo && lo <= row->score_hi && item_most >= row->item_min;
}

/* The first row that is sure to hold of this total. */
static uint8_t sure_level(const struct jz_lens *lens, const struct jz_interval *sum, int64_t total) {
    for (uint32_t i = 0; i < lens->rule->rows.count; i++) {
        const struct jz_row *row = row_at(lens, i);
        if (row_takes(row, total, total, sum->item_lo) && jz_expr_is(lens, row->when) == JZ_TRUE)
            return (uint8_t)i;
    }
    return JZ_LEVEL_NONE;
}

static uint8_t later(uint8_t a, uint8_t b) {
    return a > b ? a : b; /* JZ_LEVEL_NONE is the last of all */
}

/* What is certain is the least urgent level of any total in the interval. Another level begins only where a row begins
 * or ends, and urgency may fall with the total (Apgar). */
static uint8_t certain_level(const struct jz_lens *lens, const struct jz_interval *sum) {
    uint8_t least = sure_level(lens, sum, sum->lo);
    for (uint32_t i = 0; i < lens->rule->rows.count && sum->lo < sum->hi; i++) {
        int64_t ends[] = {row_at(lens, i)->score_lo, (int64_t)row_at(lens, i)->score_hi + 1};
        for (uint32_t k = 0; k < 2; k++)
            if (ends[k] > sum->lo && ends[k] <= sum->hi) least = later(least, sure_level(lens, sum, ends[k]));
    }
    return least;
}

/* The most urgent row that may hold of one of its totals. */
static uint8_t possible_level(const struct jz_lens *lens, const struct jz_interval *sum) {
    for (uint32_t i = 0; i < lens->rule->rows.count; i++) {
        const struct jz_row *row = row_at(lens, i);
        if (row_takes(row, sum->lo, sum->hi, sum->item_hi) && jz_expr_is(lens, row->when) != JZ_FALSE)
            return (uint8_t)i;
    }
    return JZ_LEVEL_NONE;
}

/* What rows still wait for that may take the level further. */
static void open_rows(const struct jz_lens *lens, const struct jz_interval *sum, struct outcome *out) {
    for (uint32_t i = 0; i < lens->rule->rows.count; i++) {
        if (!row_takes(row_at(lens, i), sum->lo, sum->hi, sum->item_hi)) continue;
        struct jz_truth when = jz_expr(lens, row_at(lens, i)->when);
        out->missing |= when.missing;
        out->ask |= when.ask;
        if (when.is == JZ_TRUE) return;
    }
}

static uint16_t narrowest(const struct jz_lens *lens, const struct jz_interval *sum) {
    uint16_t most = 0, best = JZ_FIELD_NONE;
    for (uint32_t i = 0; i < lens->rule->info.input_count; i++)
        if (sum->narrow[i] > most) {
            most = sum->narrow[i];
            best = lens->rule->input[i];
        }
    return best;
}

static void detail_score(const struct jz_lens *lens, const struct jz_interval *sum,
                         const struct jz_truth *applies, bool withheld, struct outcome *out) {
    struct jz_assessment *a = out->detail;
    out->missing = sum->missing | applies->missing;
    out->because = sum->because;
    if (sum->settled) open_rows(lens, sum, out);
    a->measure_next = withheld ? field_of(lens, applies->ask) : narrowest(lens, sum);
    if (a->measure_next == JZ_FIELD_NONE) a->measure_next = field_of(lens, out->ask);
    a->item_count = (uint8_t)lens->rule->items.count;
    for (uint32_t i = 0; i < a->item_count; i++) {
        a->item[i].lo = sum->item[i].lo;
        a->item[i].hi = sum->item[i].hi;
    }
}

/* With no item known at all there is no "at least": the lowest band would read as reassurance.
 * @param why  Read where somebody asks why. */
static void score(const struct jz_lens *lens, enum jz_tri applies, const struct jz_truth *why,
                  struct outcome *out) {
    struct jz_rule_result *r = out->result;
    struct jz_interval sum;
    jz_interval(lens, out->detail != NULL, &sum);
    bool withheld = applies == JZ_MAYBE && lens->rule->withhold;
    uint8_t certain = certain_level(lens, &sum);
    r->lo = (int16_t)sum.lo;
    r->hi = (int16_t)sum.hi;
    r->level_hi = possible_level(lens, &sum);
    r->complete = sum.settled && !withheld && certain == r->level_hi;
    if (out->detail) detail_score(lens, &sum, why, withheld, out);
    conclude(lens, withheld || !sum.any_known ? JZ_LEVEL_NONE : certain, applies, out);
}

/* --- criteria ------------------------------------------------------------------------------------------------ */

static void note(struct outcome *out, const struct jz_truth *why, const struct jz_truth *limit) {
    out->missing |= why->missing | (limit ? limit->missing : 0);
    out->ask |= why->ask | (limit ? limit->ask : 0);
    if (!limit && why->is == JZ_TRUE) out->because = why->because;
}

/* First match, most urgent first: a certain row gives the level, an earlier possible one the worst case. A row is no
 * more certain than that the rule applies at all (`limit`), where the pack says to ask first. */
static uint8_t first_row(const struct jz_lens *lens, const struct jz_truth *limit, struct outcome *out) {
    for (uint32_t i = 0; i < lens->rule->rows.count; i++) {
        struct jz_truth why;
        enum jz_tri is = truth_of(lens, row_at(lens, i)->when, out, &why);
        if (is == JZ_FALSE) continue;
        if (out->result->level_hi == JZ_LEVEL_NONE) out->result->level_hi = (uint8_t)i;
        if (out->detail) note(out, &why, limit);
        if (is == JZ_TRUE && !limit) return (uint8_t)i;
    }
    return JZ_LEVEL_NONE;
}

/* @param why  Read where somebody asks why. */
static void criteria(const struct jz_lens *lens, enum jz_tri applies, const struct jz_truth *why,
                     struct outcome *out) {
    const struct jz_truth *limit = applies == JZ_MAYBE && lens->rule->withhold ? why : NULL;
    struct jz_rule_result *r = out->result;
    uint8_t certain = first_row(lens, limit, out);
    r->lo = certain != JZ_LEVEL_NONE;
    r->hi = r->level_hi != JZ_LEVEL_NONE;
    r->complete = certain == r->level_hi;
    if (!r->hi) {
        r->status = JZ_RULE_NOT_FIRED;
        out->missing = 0;
        return;
    }
    if (out->detail) {
        out->missing |= why->missing;
        /* Whether the rule applies decides everything else, so it is asked first. */
        out->detail->measure_next = field_of(lens, limit ? limit->ask : out->ask);
    }
    conclude(lens, certain, applies, out);
}

/* --- the rule -------------------------------------------------------------------------------------------------- */

static bool any_known(const struct jz_lens *lens) {
    for (uint32_t i = 0; i < lens->rule->info.input_count; i++)
        if (jz_known(lens->chart, lens->rule->input[i])) return true;
    return false;
}

static void fill(const struct jz_lens *lens, const struct outcome *out) {
    struct jz_assessment *a = out->detail;
    a->missing = out->missing;
    a->because = out->because;
    if (out->result->status != JZ_RULE_FIRED) return;
    const struct jz_level_info *level = &lens->program->level[lens->rule->rows.first + out->result->level];
    a->priority = level->priority;
    a->alarm = level->alarm;
    a->conditions = level->conditions;
}

void jz_evaluate(const struct jz_lens *lens, struct jz_rule_result *result, struct jz_assessment *detail) {
    struct outcome out = {.result = result, .detail = detail};
    memset(result, 0, sizeof *result);
    result->level = JZ_LEVEL_NONE;
    result->level_hi = JZ_LEVEL_NONE;
    if (jz_rule_set_has(&lens->program->ages, index_of(lens))) result->stale = rests_on_stale(lens);
    if (detail) detail->measure_next = JZ_FIELD_NONE;
    struct jz_truth why = {0};
    enum jz_tri applies = truth_of(lens, lens->rule->applies, &out, &why);
    if (applies == JZ_FALSE) {
        result->status = JZ_RULE_NOT_APPLICABLE;
        result->complete = 1;
        if (detail) out.because = why.because;
    } else if (lens->rule->info.kind == JZ_KIND_SCORE) {
        score(lens, applies, &why, &out);
    } else {
        criteria(lens, applies, &why, &out);
    }
    if (result->status == JZ_RULE_CANNOT_EVALUATE) result->known = any_known(lens);
    if (detail) fill(lens, &out);
}

/* --- what it waits for ------------------------------------------------------------------------------------------- */

#define HOPS_MAX 8u /* rules that wait for one another, followed to a field that can be measured */

static bool waits_for(const struct jz_lens *lens, struct jz_span span, uint32_t *rule) {
    for (uint32_t i = span.first; i < (uint32_t)span.first + span.count; i++) {
        const struct jz_step *step = &lens->program->step[i];
        if (jz_expr_rule(lens, step) != JZ_MAYBE) continue;
        *rule = step->field;
        return true;
    }
    return false;
}

/* The first rule whose result this one needs and that is not decided. */
static bool first_awaited(const struct jz_lens *lens, uint32_t *rule) {
    const struct jz_rule *def = lens->rule;
    if (waits_for(lens, def->applies, rule)) return true;
    for (uint32_t i = 0; i < def->items.count; i++)
        if (waits_for(lens, lens->program->item[def->items.first + i].value, rule)) return true;
    for (uint32_t i = 0; i < def->rows.count; i++)
        if (waits_for(lens, row_at(lens, i)->when, rule)) return true;
    return false;
}

/* Where nothing of its own is left to measure, what the rule it waits for would ask for. */
static uint16_t awaited_field(struct jz_lens lens) {
    struct jz_assessment other = {.measure_next = JZ_FIELD_NONE};
    uint32_t rule;
    for (uint32_t hop = 0; hop < HOPS_MAX && other.measure_next == JZ_FIELD_NONE; hop++) {
        if (!first_awaited(&lens, &rule)) break;
        lens.rule = &lens.program->rule[rule];
        jz_evaluate(&lens, &other.result, &other);
    }
    return other.measure_next;
}

/* The first value that is stale, its own or of the rules it rests on: where that alone withholds a level. */
static uint16_t stale_field(struct jz_lens lens) {
    uint16_t field = jz_explain_stale(&lens);
    for (uint32_t hop = 0; hop < HOPS_MAX && field == JZ_FIELD_NONE; hop++) {
        uint32_t rule = stale_rule(&lens);
        if (rule == JZ_RULES_MAX) break;
        lens.rule = &lens.program->rule[rule];
        field = jz_explain_stale(&lens);
    }
    return field;
}

void jz_rule_evaluate(const struct jz_program *program, const struct jz_chart *chart, uint32_t rule,
                      int64_t now_ms, struct jz_assessment *out) {
    assert(program && chart && out && rule < program->rule_count);
    struct jz_lens lens = {program, chart, &program->rule[rule], now_ms, NULL, NULL};
    memset(out, 0, sizeof *out);
    out->evaluated_ms = now_ms;
    jz_evaluate(&lens, &out->result, out);
    bool open = out->result.status == JZ_RULE_CANNOT_EVALUATE || out->result.level != out->result.level_hi;
    if (open && out->measure_next == JZ_FIELD_NONE) out->measure_next = awaited_field(lens);
    if (out->result.status == JZ_RULE_CANNOT_EVALUATE && out->result.stale &&
        out->measure_next == JZ_FIELD_NONE)
        out->measure_next = stale_field(lens);
    jz_explain_used(&lens, out);
}
