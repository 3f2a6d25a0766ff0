/* SPDX-License-Identifier: Apache-2.0 */
/* Small errors, put into the compiled program one at a time, in every rule: each should make one of its tests fail.
 * Where it is certain that no input can show the error, it is left out and counted as equivalent. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pack_suite.h"

/* To which expression a step belongs. */
struct where {
    struct jz_span span;
    uint16_t row; /* of which level; JZ_ROWS_MAX: none */
    bool applies; /* it says whether the rule applies */
    bool memory;  /* it is the criterion of a temporal form: of other times */
    bool done;
};
struct mutator {
    struct jz_suite *s;
    struct jz_program *p;
    struct jz_rule *rule;
    uint32_t index;
    struct jz_mutation *out;
    struct jz_mutated_rule *count;
    struct jz_totals totals;  /* of the rule, where it is a score */
    uint64_t gathered, tried; /* temporal memories of the rule */
    uint32_t steps, twins;
    uint16_t step[JZ_STEPS_MAX]; /* the rule's steps */
    uint16_t twin[JZ_STEPS_MAX]; /* those of them that are changed together */
    struct where where[JZ_STEPS_MAX];
};

static bool is_killed(struct mutator *m) {
    struct jz_suite *s = m->s;
    for (uint32_t i = s->first_test[m->index]; i < s->first_test[m->index + 1]; i++) {
        const struct jz_test *test = jz_test_at(s, i);
        jz_run_test(s, m->index, test, NULL, NULL);
        if (!jz_test_passes(s, test)) return true;
    }
    return false;
}

/* The program holds the error now; the caller takes it out again. */
static void try(struct mutator *m, struct jz_place at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void try(struct mutator *m, struct jz_place at, const char *format, ...) {
    struct jz_mutation *out = m->out;
    m->count->mutants++;
    if (is_killed(m)) {
        m->count->killed++;
        return;
    }
    if (out->listed == JZ_SURVIVORS_MAX) return;
    struct jz_survivor *survivor = &out->survivor[out->listed++];
    snprintf(survivor->rule, sizeof survivor->rule, "%s", m->rule->info.id);
    snprintf(survivor->at.file, sizeof survivor->at.file, "%s", m->s->l->pack[at.pack].y.file);
    survivor->at.line = at.line;
    survivor->at.column = at.column;
    va_list list;
    va_start(list, format);
    vsnprintf(survivor->at.text, sizeof survivor->at.text, format, list);
    va_end(list);
}

static void skip(struct mutator *m) {
    m->count->equivalent++;
}

/* --- what belongs to the rule -------------------------------------------------------------------------------- */

static bool is_temporal(const struct jz_step *step) {
    return step->op == JZ_OP_REPEATED || step->op == JZ_OP_PENDING || step->op == JZ_OP_HELD;
}

static void gather(struct mutator *m, struct where where) {
    for (uint32_t i = where.span.first; i < (uint32_t)where.span.first + where.span.count; i++) {
        m->where[i] = where;
        m->step[m->steps++] = (uint16_t)i;
    }
}

/* An expression, and what its temporal forms remember: once a rule, however many of them look at one memory. */
static void gather_all(struct mutator *m, struct where where) {
    gather(m, where);
    for (uint32_t i = where.span.first; i < (uint32_t)where.span.first + where.span.count; i++) {
        const struct jz_step *step = &m->p->step[i];
        if (!is_temporal(step) || m->gathered >> step->index & 1u) continue;
        m->gathered |= 1ull << step->index;
        gather(m, (struct where){.span = m->p->temporal[step->index].of, .row = JZ_ROWS_MAX, .memory = true});
    }
}

static void gather_rule(struct mutator *m) {
    const struct jz_rule *rule = m->rule;
    m->steps = 0;
    m->gathered = m->tried = 0;
    gather_all(m, (struct where){.span = rule->applies, .row = JZ_ROWS_MAX, .applies = true});
    for (uint32_t i = 0; i < rule->items.count; i++) {
        const struct jz_item *item = &m->p->item[rule->items.first + i];
        gather_all(m, (struct where){.span = item->value, .row = JZ_ROWS_MAX});
        for (uint32_t c = 0; c < item->cases.count; c++)
            gather_all(m,
                       (struct where){.span = m->p->table[item->cases.first + c].when, .row = JZ_ROWS_MAX});
    }
    for (uint32_t i = rule->rows.first; i < (uint32_t)rule->rows.first + rule->rows.count; i++)
        gather_all(m, (struct where){.span = m->p->row[i].when, .row = (uint16_t)i});
}

/* The steps that come of the same words as step `i`: a definition is read in each place that names it, and an error
 * in it is an error in all of them. */
static void find_twins(struct mutator *m, uint32_t i) {
    const struct jz_place *at = &m->s->l->step_at[i];
    m->twins = 0;
    for (uint32_t k = 0; k < m->steps; k++) {
        uint32_t other = m->step[k];
        const struct jz_place *place = &m->s->l->step_at[other];
        if (m->p->step[other].op != m->p->step[i].op || place->line != at->line ||
            place->column != at->column || place->nth != at->nth || place->pack != at->pack)
            continue;
        m->twin[m->twins++] = (uint16_t)other;
        m->where[other].done = true;
    }
}

/* --- steps -------------------------------------------------------------------------------------------------------- */

static void put(struct mutator *m, struct jz_step with) {
    for (uint32_t i = 0; i < m->twins; i++) {
        struct jz_step *step = &m->p->step[m->twin[i]];
        step->op = with.op;
        step->count = with.count;
        step->lo = with.lo;
        step->hi = with.hi;
    }
}

/* All twins are `with` for one run of the tests. */
static void try_step(struct mutator *m, struct jz_step with, const char *what) {
    uint32_t i = m->twin[0];
    struct jz_step before = m->p->step[i];
    put(m, with);
    try(m, m->s->l->step_at[i], "%s", what);
    put(m, before);
}

static void try_numbers(struct mutator *m, struct jz_step with, const char *what, int32_t before,
                        int32_t after) {
    char text[96];
    snprintf(text, sizeof text, "%s %d made %d", what, before, after);
    try_step(m, with, text);
}

static void try_lo(struct mutator *m, int32_t by, const char *what) {
    struct jz_step with = m->p->step[m->twin[0]];
    if (__builtin_add_overflow(with.lo, by, &with.lo)) return;
    try_numbers(m, with, what, with.lo - by, with.lo);
}

static void try_hi(struct mutator *m, int32_t by, const char *what) {
    struct jz_step with = m->p->step[m->twin[0]];
    with.hi += by;
    try_numbers(m, with, what, with.hi - by, with.hi);
}

static void try_lo_both(struct mutator *m, const char *what) {
    try_lo(m, -1, what);
    try_lo(m, 1, what);
}

/* The step that takes the result of step `i`; UINT32_MAX: none, it is the last. */
static uint32_t parent_of(const struct mutator *m, uint32_t i) {
    const struct jz_span *span = &m->where[i].span;
    uint32_t above = 0, end = (uint32_t)span->first + span->count;
    for (uint32_t k = i + 1; k < end; k++) {
        uint32_t take = jz_operands(&m->p->step[k]);
        if (take > above) return k;
        above = above - take + 1;
    }
    return UINT32_MAX;
}

static bool holds(const struct jz_step *range, int32_t value) {
    return value >= range->lo && value <= range->hi;
}

/* Beside it in `any` the value is in, or in `all` it is out, by another comparison of the same field. */
static bool is_decided_beside(const struct mutator *m, uint32_t i, int32_t value) {
    const struct jz_step *step = m->p->step;
    uint32_t parent = parent_of(m, i);
    if (parent == UINT32_MAX || (step[parent].op != JZ_OP_ANY && step[parent].op != JZ_OP_ALL)) return false;
    for (uint32_t left = step[parent].count, end = parent - 1; left; left--) {
        uint32_t begin = jz_operand_begin(m->p, end);
        bool same =
            begin == end && end != i && step[end].op == JZ_OP_RANGE && step[end].field == step[i].field;
        if (same && step[i].op == JZ_OP_RANGE && holds(&step[end], value) == (step[parent].op == JZ_OP_ANY))
            return true;
        end = begin - 1;
    }
    return false;
}

/* Whether a level (JZ_ROWS_MAX: whom the rule applies to) is read from the same words, so that it changes too. */
static bool is_changed(const struct mutator *m, uint32_t row) {
    for (uint32_t i = 0; i < m->twins; i++) {
        const struct where *where = &m->where[m->twin[i]];
        if (row == JZ_ROWS_MAX ? where->applies : where->row == row) return true;
    }
    return false;
}

/* Wherever the field has the value the rule does not apply, or an earlier level holds: nobody looks here. */
static bool is_decided_before(const struct mutator *m, uint32_t i, int32_t value) {
    const struct where *where = &m->where[i];
    uint32_t field = m->p->step[i].field;
    if (where->memory || where->applies) return false;
    if (!is_changed(m, JZ_ROWS_MAX) && jz_criterion_at(m->p, field, value, m->rule->applies) == JZ_FALSE)
        return true;
    if (m->rule->info.kind == JZ_KIND_SCORE || where->row == JZ_ROWS_MAX) return false;
    for (uint32_t row = m->rule->rows.first; row < where->row; row++)
        if (!is_changed(m, row) && jz_criterion_at(m->p, field, value, m->p->row[row].when) == JZ_TRUE)
            return true;
    return false;
}

/* Whether no input can show it if `value` changes sides. */
static bool is_hidden(const struct mutator *m, int32_t value) {
    const struct jz_field *def = jz_field_at(m->p->step[m->twin[0]].field);
    if (value < def->min || value > def->max) return true; /* beyond the plausible range no value comes */
    for (uint32_t i = 0; i < m->twins; i++)
        if (!is_decided_beside(m, m->twin[i], value) && !is_decided_before(m, m->twin[i], value))
            return false;
    return true;
}

static void try_bound(struct mutator *m, bool upper, int32_t by, int32_t value) {
    const char *name = jz_field_at(m->p->step[m->twin[0]].field)->name;
    if (is_hidden(m, value))
        skip(m);
    else
        (upper ? try_hi : try_lo)(m, by, name);
}

/* Of a range of one value both narrower ones are the same: it holds never. */
static void mutate_range(struct mutator *m, const struct jz_step *step) {
    if (step->lo != INT32_MIN) try_bound(m, false, -1, step->lo - 1);
    if (step->lo != INT32_MIN) try_bound(m, false, 1, step->lo);
    if (step->hi != INT32_MAX && step->hi != step->lo) try_bound(m, true, -1, step->hi);
    if (step->hi != INT32_MAX) try_bound(m, true, 1, step->hi + 1);
}

/* A bound between totals that the other rule cannot have moves nothing. */
static void mutate_total(struct mutator *m, const struct jz_step *step) {
    struct jz_totals totals;
    jz_list_totals(m->p, &m->p->rule[step->field], &totals);
    for (int32_t by = -1; by <= 1; by += 2) {
        int64_t below = (int64_t)step->lo - (by < 0), above = (int64_t)step->hi + (by > 0); /* change sides */
        if (step->lo != INT32_MIN && !jz_can_total(&totals, below, below))
            skip(m);
        else if (step->lo != INT32_MIN)
            try_lo(m, by, "score of the other rule");
        if (step->hi != INT32_MAX && !jz_can_total(&totals, above, above))
            skip(m);
        else if (step->hi != INT32_MAX)
            try_hi(m, by, "score of the other rule");
    }
}

static void mutate_ends(struct mutator *m, const struct jz_step *step, const char *what) {
    if (step->lo != INT32_MIN) try_lo_both(m, what);
    if (step->hi != INT32_MAX) try_hi(m, -1, what);
    if (step->hi != INT32_MAX) try_hi(m, 1, what);
}

static void mutate_logic(struct mutator *m, const struct jz_step *step) {
    struct jz_step with = *step;
    if (step->op == JZ_OP_AT_LEAST) try_lo_both(m, "at_least");
    if (step->op == JZ_OP_NOT) {
        with.op = JZ_OP_ALL;
        with.count = 1;
        try_step(m, with, "'not' (or != or unknown) left out");
    }
    if ((step->op != JZ_OP_ALL && step->op != JZ_OP_ANY) || step->count < 2) return;
    with.op = step->op == JZ_OP_ALL ? JZ_OP_ANY : JZ_OP_ALL;
    try_step(m, with, step->op == JZ_OP_ALL ? "'all' made 'any'" : "'any' made 'all'");
}

static void try_seconds(struct mutator *m, uint32_t *seconds, const char *what) {
    for (int32_t by = -1; by <= 1; by += 2) {
        *seconds += (uint32_t)by;
        try(m, m->s->l->step_at[m->twin[0]], "%s %u s made %u s", what, *seconds - (uint32_t)by, *seconds);
        *seconds -= (uint32_t)by;
    }
}

static void mutate_temporal(struct mutator *m, const struct jz_step *step) {
    struct jz_temporal *t = &m->p->temporal[step->index];
    if (m->tried >> step->index & 1u) return;
    m->tried |= 1ull << step->index;
    try_seconds(m, &t->apart_s, t->kind == JZ_TEMPORAL_HELD ? "held for" : "apart");
}

static void mutate_window(struct mutator *m, const struct jz_step *step) {
    try_lo_both(m, "change of");
    try_seconds(m, &m->p->window[step->index].over_s, "within");
}

static void mutate_level(struct mutator *m, const struct jz_step *step) {
    const struct jz_rule *of = &m->p->rule[step->field];
    for (int32_t by = -1; by <= 1; by += 2)
        if (step->lo + by >= 0 && step->lo + by < of->rows.count) try_lo(m, by, "level number");
}

static void mutate_wait(struct mutator *m, const struct jz_step *step, const char *what) {
    if (step->lo > 0) try_lo(m, -1, what);
    try_lo(m, 1, what);
}

static void mutate_step(struct mutator *m) {
    const struct jz_step copy = m->p->step[m->twin[0]], *step = &copy;
    switch ((enum jz_op)step->op) {
    case JZ_OP_RANGE:
    case JZ_OP_RANGE_NO:
    case JZ_OP_RANGE_YES: mutate_range(m, step); return;
    case JZ_OP_NOT:
    case JZ_OP_ALL:
    case JZ_OP_ANY:
    case JZ_OP_AT_LEAST: mutate_logic(m, step); return;
    case JZ_OP_PENDING:
        mutate_wait(m, step, "pending for (s)");
        mutate_temporal(m, step);
        return;
    case JZ_OP_REPEATED:
    case JZ_OP_HELD: mutate_temporal(m, step); return;
    case JZ_OP_CHANGED:
    case JZ_OP_TREND: mutate_window(m, step); return;
    case JZ_OP_LEVEL: mutate_level(m, step); return;
    case JZ_OP_TOTAL: mutate_total(m, step); return;
    case JZ_OP_COMPARE: mutate_ends(m, step, "bound of the comparison (as a difference)"); return;
    case JZ_OP_NUMBER: try_lo_both(m, "number"); return;
    case JZ_OP_WITHIN: mutate_wait(m, step, "within (s)"); return;
    case JZ_OP_PLAUSIBLE: mutate_ends(m, step, "plausible range"); return;
    case JZ_OP_KNOWN:
    case JZ_OP_FIRED:
    case JZ_OP_VALUE:
    case JZ_OP_ADD:
    case JZ_OP_SUBTRACT:
    case JZ_OP_MULTIPLY:
    case JZ_OP_DIVIDE:
    case JZ_OP_SINCE:
    case JZ_OP_FROM_TO:
    case JZ_OP_FIRST:
    case JZ_OP_TODAY: break;
    }
}

/* The five states of a clock are the loader's own; what the pack says are two times, and whom it applies to. */
static void mutate_steps(struct mutator *m) {
    bool clock = m->rule->info.kind == JZ_KIND_CLOCK;
    gather_rule(m);
    for (uint32_t k = 0; k < m->steps; k++) {
        uint32_t i = m->step[k];
        if (m->where[i].done || (clock && m->where[i].row != JZ_ROWS_MAX && m->p->step[i].op != JZ_OP_NUMBER))
            continue;
        find_twins(m, i);
        mutate_step(m);
    }
}

/* --- scores -------------------------------------------------------------------------------------------------------- */

static void try_end(struct mutator *m, struct jz_place at, int32_t *end, int32_t by, const char *what) {
    *end += by;
    try(m, at, "%s %d made %d", what, *end - by, *end);
    *end -= by;
}

static void mutate_band_end(struct mutator *m, struct jz_place at, const struct jz_item *item,
                            struct jz_band *band) {
    const struct jz_field *def = item->kind == JZ_ITEM_FIELD ? jz_field_at(item->field) : NULL;
    bool same = band[0].lo == band[1].lo && band[0].hi == band[1].hi;
    for (int32_t by = -1; by <= 1; by += 2) {
        int32_t moves = by > 0 ? band->to + 1 : band->to;
        if (same || (def && (moves < def->min || moves > def->max)))
            skip(m);
        else
            try_end(m, at, &band->to, by, "end of the band");
    }
}

static void try_points(struct mutator *m, struct jz_place at, int16_t *points, int16_t by) {
    *points = (int16_t)(*points + by);
    try(m, at, "points %d made %d", *points - by, *points);
    *points = (int16_t)(*points - by);
}

/* `from` is the first value of the band. */
static void mutate_band_points(struct mutator *m, struct jz_place at, const struct jz_item *item,
                               struct jz_band *band, int64_t from) {
    const struct jz_field *def = item->kind == JZ_ITEM_FIELD ? jz_field_at(item->field) : NULL;
    bool comes = !def || (from <= def->max && band->to >= def->min);
    bool range = band->lo != band->hi;
    for (int16_t by = -1; by <= 1; by = (int16_t)(by + 2)) {
        if (!comes) {
            skip(m);
            continue;
        }
        if (range) try_points(m, at, &band->lo, by);
        int16_t lo = band->lo;
        if (!range) band->lo = (int16_t)(band->lo + by);
        try_points(m, at, &band->hi, by);
        band->lo = lo;
    }
}

static void mutate_bands(struct mutator *m, const struct jz_item *item, struct jz_span bands) {
    int64_t from = INT32_MIN;
    for (uint32_t i = 0; i < bands.count; i++) {
        struct jz_band *band = &m->p->band[bands.first + i];
        struct jz_place at = m->s->l->band_at[bands.first + i];
        mutate_band_points(m, at, item, band, from);
        if (i + 1u < bands.count) mutate_band_end(m, at, item, band);
        from = (int64_t)band->to + 1;
    }
}

static void mutate_item(struct mutator *m, uint32_t i) {
    struct jz_item *item = &m->p->item[i];
    if (item->kind == JZ_ITEM_CRITERION)
        for (int16_t by = -1; by <= 1; by = (int16_t)(by + 2))
            try_points(m, m->s->l->item_at[i], &item->points, by);
    for (uint32_t c = 0; c < item->cases.count; c++) {
        mutate_bands(m, item, m->p->table[item->cases.first + c].bands);
    }
}

/* Whether an earlier level that looks at the total alone has it already. */
static bool is_taken(const struct mutator *m, uint32_t row, int32_t total) {
    for (uint32_t i = m->rule->rows.first; i < row; i++) {
        const struct jz_row *before = &m->p->row[i];
        if (!before->when.count && !before->item_min && total >= before->score_lo &&
            total <= before->score_hi)
            return true;
    }
    return false;
}

/* One item has so many points: without negative ones the total has them too. */
static bool is_below_item(const struct mutator *m, uint32_t row, int32_t total) {
    bool negative = false;
    for (uint32_t i = 0; i < m->rule->items.count; i++) negative |= jz_least_points(m->p, m->rule, i) < 0;
    return !negative && total < m->p->row[row].item_min;
}

static void mutate_score_end(struct mutator *m, uint32_t row, int32_t *end, int32_t by, int32_t moves) {
    if (!jz_can_total(&m->totals, moves, moves) || is_taken(m, row, moves) || is_below_item(m, row, moves))
        skip(m);
    else
        try_end(m, m->s->l->row_at[row], end, by, "score bound of the level");
}

static void mutate_row(struct mutator *m, uint32_t i) {
    struct jz_row *row = &m->p->row[i];
    for (int32_t by = -1; by <= 1 && row->score_lo != INT32_MIN; by += 2)
        mutate_score_end(m, i, &row->score_lo, by, by < 0 ? row->score_lo - 1 : row->score_lo);
    for (int32_t by = -1; by <= 1 && row->score_hi != INT32_MAX; by += 2)
        mutate_score_end(m, i, &row->score_hi, by, by > 0 ? row->score_hi + 1 : row->score_hi);
}

static void mutate_priority(struct mutator *m, uint32_t i) {
    struct jz_level_info *level = &m->p->level[i];
    for (int32_t by = -1; by <= 1; by += 2) {
        if (level->priority + by < 0 || level->priority + by > 5) continue;
        level->priority = (uint8_t)(level->priority + by);
        try(m, m->s->l->row_at[i], "priority %d of level %s made %d", level->priority - by, level->id,
            level->priority);
        level->priority = (uint8_t)(level->priority - by);
    }
}

/* --- rules ------------------------------------------------------------------------------------------------------------ */

static void mutate_rule(struct mutator *m) {
    bool score = m->rule->info.kind == JZ_KIND_SCORE;
    mutate_steps(m);
    if (score) jz_list_totals(m->p, m->rule, &m->totals);
    for (uint32_t i = 0; i < m->rule->items.count; i++) mutate_item(m, m->rule->items.first + i);
    for (uint32_t i = 0; i < m->rule->rows.count; i++) {
        if (score) mutate_row(m, m->rule->rows.first + i);
        mutate_priority(m, m->rule->rows.first + i);
    }
}

static bool all_pass(struct jz_suite *s, struct jz_pack_error *error) {
    for (uint32_t rule = 0; rule < s->l->program->rule_count; rule++)
        for (uint32_t i = s->first_test[rule]; i < s->first_test[rule + 1]; i++) {
            const struct jz_test *test = jz_test_at(s, i);
            jz_run_test(s, rule, test, NULL, NULL);
            if (jz_test_passes(s, test)) continue;
            jz_suite_fail(s, test->at, "test %s fails without any change; correct it first", test->id);
            break;
        }
    if (s->report->failed) *error = s->report->failure[0];
    return !s->report->failed;
}

static void mutate_all(struct jz_suite *s, struct jz_mutation *out) {
    struct mutator *m = calloc(1, sizeof *m);
    s->no_memory |= !m;
    s->l->program->lowered = false; /* its circuits know nothing of errors in its steps */
    for (uint32_t rule = 0; m && rule < s->l->program->rule_count; rule++) {
        m->s = s;
        m->p = s->l->program;
        m->out = out;
        m->index = rule;
        m->rule = &m->p->rule[rule];
        m->count = &out->rule[out->rules++];
        snprintf(m->count->id, sizeof m->count->id, "%s", m->rule->info.id);
        mutate_rule(m);
        out->mutants += m->count->mutants;
        out->killed += m->count->killed;
        out->equivalent += m->count->equivalent;
    }
    free(m);
}

static enum jz_status mutate(struct jz_loader *l, struct jz_mutation *out, struct jz_pack_error *error) {
    struct jz_suite *s = calloc(1, sizeof *s);
    struct jz_pack_tests *report = calloc(1, sizeof *report);
    enum jz_status status = JZ_E_MEMORY;
    if (s && report) {
        s->l = l;
        s->report = report;
        jz_suite_read(s);
        bool passed = !s->no_memory && all_pass(s, error);
        if (passed) mutate_all(s, out);
        status = s->no_memory ? JZ_E_MEMORY : passed ? JZ_OK : JZ_E_PACK;
        jz_suite_free(s);
    }
    free(report);
    free(s);
    return status;
}

enum jz_status jz_pack_mutate(const struct jz_pack_source *packs, size_t count, struct jz_mutation *out,
                              struct jz_pack_error *error) {
    struct jz_loader *l;
    memset(out, 0, sizeof *out);
    enum jz_status status = jz_loader_open(packs, count, true, &l, error);
    if (status == JZ_OK) status = mutate(l, out, error);
    jz_loader_free(l);
    return status;
}
