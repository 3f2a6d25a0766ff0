/* SPDX-License-Identifier: Apache-2.0 */
/* What the evaluator needs beside the tables: an order in which rules may be evaluated, who reads what, and where a
 * value's side can change. Load time. */
#include <stdlib.h>
#include <string.h>

#include "expr.h"

/* Visits every expression of a rule: its own, and those behind its temporal criteria. */
typedef void (*visit_step)(struct jz_program *p, uint32_t rule, uint32_t step);

static void visit_span(struct jz_program *p, uint32_t rule, struct jz_span span, visit_step visit) {
    for (uint32_t i = 0; i < span.count; i++) visit(p, rule, span.first + i);
}

static void visit_item(struct jz_program *p, uint32_t rule, const struct jz_item *item, visit_step visit) {
    visit_span(p, rule, item->value, visit);
    for (uint32_t i = 0; i < item->cases.count; i++)
        visit_span(p, rule, p->table[item->cases.first + i].when, visit);
}

static void visit_rule(struct jz_program *p, uint32_t rule, visit_step visit) {
    const struct jz_rule *def = &p->rule[rule];
    visit_span(p, rule, def->applies, visit);
    for (uint32_t i = 0; i < def->items.count; i++) visit_item(p, rule, &p->item[def->items.first + i], visit);
    for (uint32_t i = 0; i < def->rows.count; i++) visit_span(p, rule, p->row[def->rows.first + i].when, visit);
}

/* --- who reads whose result ------------------------------------------------------------------------------------ */

static bool reads_result(const struct jz_step *step) {
    return step->op == JZ_OP_FIRED || step->op == JZ_OP_LEVEL || step->op == JZ_OP_TOTAL;
}

/* In rules, until places are known. */
static void note_follower(struct jz_program *p, uint32_t rule, uint32_t step) {
    if (reads_result(&p->step[step])) jz_rule_set_add(&p->followers[p->step[step].field], rule);
}

/* How many results each rule still waits for. */
static void count_waits(const struct jz_program *p, uint32_t *waits) {
    for (uint32_t read = 0; read < p->rule_count; read++)
        for (uint32_t rule = 0; rule < p->rule_count; rule++)
            waits[rule] += jz_rule_set_has(&p->followers[read], rule);
}

/* Repeatedly the first rule that waits for nobody. @return JZ_RULES_MAX, or a rule that waits for itself. */
static uint32_t put_in_order(struct jz_program *p) {
    uint32_t waits[JZ_RULES_MAX] = {0};
    struct jz_rule_set placed = {{0}};
    count_waits(p, waits);
    for (uint32_t place = 0; place < p->rule_count; place++) {
        uint32_t rule = 0, stuck = JZ_RULES_MAX;
        for (; rule < p->rule_count && (jz_rule_set_has(&placed, rule) || waits[rule]); rule++)
            if (stuck == JZ_RULES_MAX && !jz_rule_set_has(&placed, rule)) stuck = rule;
        if (rule == p->rule_count) return stuck;
        jz_rule_set_add(&placed, rule);
        p->order[place] = (uint16_t)rule;
        p->place[rule] = (uint16_t)place;
        for (uint32_t next = 0; next < p->rule_count; next++) waits[next] -= jz_rule_set_has(&p->followers[rule], next);
    }
    return JZ_RULES_MAX;
}

static void followers_by_place(struct jz_program *p) {
    for (uint32_t read = 0; read < p->rule_count; read++) {
        struct jz_rule_set rules = p->followers[read];
        memset(&p->followers[read], 0, sizeof p->followers[read]);
        for (uint32_t rule = 0; rule < p->rule_count; rule++)
            if (jz_rule_set_has(&rules, rule) && p->rule[rule].info.enabled)
                jz_rule_set_add(&p->followers[read], p->place[rule]);
    }
}

/* --- who reads which field ---------------------------------------------------------------------------------------- */

static void note_raw(struct jz_program *p, uint32_t rule, uint32_t step) {
    const struct jz_step *s = &p->step[step];
    if (s->op == JZ_OP_CHANGED || s->op == JZ_OP_TREND) jz_rule_set_add(&p->raw[p->window[s->index].field], rule);
    if (s->op == JZ_OP_REPEATED || s->op == JZ_OP_PENDING || s->op == JZ_OP_HELD)
        jz_rule_set_add(&p->rules_of_temporal[s->index], rule);
}

/* --- comparisons of numbers --------------------------------------------------------------------------------------- */

static bool is_number(const struct jz_step *s) {
    return s->op == JZ_OP_VALUE || s->op == JZ_OP_NUMBER || s->op == JZ_OP_ADD || s->op == JZ_OP_SUBTRACT ||
           s->op == JZ_OP_MULTIPLY || s->op == JZ_OP_DIVIDE || s->op == JZ_OP_FIRST || s->op == JZ_OP_WITHIN ||
           s->op == JZ_OP_PLAUSIBLE;
}

/* The comparison that ends at `end`, with the numbers before it. Counts are operands by now. */
static struct jz_span comparison(const struct jz_program *p, uint32_t end) {
    uint32_t first = end, wanted = p->step[end].count;
    for (; wanted; wanted += p->step[first].count - 1u) first--;
    return (struct jz_span){(uint16_t)first, (uint16_t)(end + 1u - first)};
}

static bool same_step(const struct jz_step *a, const struct jz_step *b) {
    return a->op == b->op && a->count == b->count && a->index == b->index && a->field == b->field && a->lo == b->lo &&
           a->hi == b->hi;
}

static bool same_comparison(const struct jz_program *p, struct jz_span a, struct jz_span b) {
    bool same = a.count == b.count;
    for (uint32_t i = 0; same && i < a.count; i++) same = same_step(&p->step[a.first + i], &p->step[b.first + i]);
    return same;
}

static struct jz_predicate *predicate_of(struct jz_program *p, struct jz_span span) {
    uint32_t i = 0;
    while (i < p->predicate_count && !same_comparison(p, p->predicate[i].of, span)) i++;
    if (i == JZ_PREDICATES_MAX) return NULL;
    if (i == p->predicate_count) p->predicate[p->predicate_count++].of = span;
    return &p->predicate[i];
}

/* Where all of it is values and constants its outcome is remembered, and only a change of that wakes the rule. */
static bool note_comparison(struct jz_program *p, uint32_t rule, struct jz_span span) {
    for (uint32_t i = 0; i + 1u < span.count; i++)
        if (!is_number(&p->step[span.first + i])) return false;
    struct jz_predicate *predicate = predicate_of(p, span);
    if (!predicate) return false;
    uint32_t at = (uint32_t)(predicate - p->predicate);
    jz_rule_set_add(&predicate->rules, rule);
    for (uint32_t i = 0; i < span.count; i++)
        if (p->step[span.first + i].op == JZ_OP_VALUE)
            p->predicates_of[p->step[span.first + i].field][at / 64u] |= 1ull << (at % 64u);
    return true;
}

static void note_span_numbers(struct jz_program *p, uint32_t rule, struct jz_span span) {
    for (uint32_t end = (uint32_t)span.first + span.count; end > span.first;) {
        const struct jz_step *s = &p->step[--end];
        if (s->op == JZ_OP_VALUE) jz_rule_set_add(&p->raw[s->field], rule);
        if (s->op != JZ_OP_COMPARE) continue;
        struct jz_span of = comparison(p, end);
        if (note_comparison(p, rule, of)) end = of.first;
    }
}

static void note_numbers(struct jz_program *p, uint32_t rule) {
    const struct jz_rule *def = &p->rule[rule];
    note_span_numbers(p, rule, def->applies);
    for (uint32_t i = 0; i < def->rows.count; i++) note_span_numbers(p, rule, p->row[def->rows.first + i].when);
    for (uint32_t i = 0; i < def->items.count; i++) {
        const struct jz_item *item = &p->item[def->items.first + i];
        note_span_numbers(p, rule, item->value);
        for (uint32_t c = 0; c < item->cases.count; c++)
            note_span_numbers(p, rule, p->table[item->cases.first + c].when);
    }
}

static void note_readers(struct jz_program *p, uint32_t rule) {
    const struct jz_rule *def = &p->rule[rule];
    for (uint32_t i = 0; i < def->info.input_count; i++) {
        uint32_t field = def->input[i];
        int64_t fresh_ms = def->fresh_ms[i];
        jz_rule_set_add(&p->readers[field], rule);
        if (fresh_ms && (!p->fresh_ms[field] || fresh_ms < p->fresh_ms[field])) p->fresh_ms[field] = fresh_ms;
    }
    visit_rule(p, rule, note_raw);
    note_numbers(p, rule);
}

static void note_temporals(struct jz_program *p) {
    for (uint32_t i = 0; i < p->temporal_count; i++)
        for (uint32_t f = 0; f < p->temporal[i].field_count; f++)
            p->temporals_of[p->temporal[i].field[f]] |= 1ull << i;
}

static void note_rows(struct jz_program *p) {
    for (uint32_t i = 0; i < p->rule_count; i++) {
        struct jz_rule *rule = &p->rule[i];
        rule->rules_out = 0;
        for (uint32_t r = 0; r < rule->rows.count; r++) rule->rules_out |= p->row[rule->rows.first + r].rule_out;
    }
}

/* --- bounds of fields ------------------------------------------------------------------------------------------------ */

struct edge {
    int64_t last; /**< the last value before a change */
    uint32_t field, rule;
};
struct edges {
    struct edge *list;
    uint32_t count, room;
};

static void add_edge(struct edges *e, uint32_t field, int64_t last, uint32_t rule) {
    if (last < INT32_MAX && e->count < e->room) e->list[e->count++] = (struct edge){last, field, rule};
}

/* visit_step knows no context, so steps are walked by rule here. */
static void span_edges(const struct jz_program *p, uint32_t rule, struct jz_span span, struct edges *e) {
    for (uint32_t i = 0; i < span.count; i++) {
        const struct jz_step *s = &p->step[span.first + i];
        if (s->op > JZ_OP_RANGE_YES) continue;
        if (s->lo != INT32_MIN) add_edge(e, s->field, (int64_t)s->lo - 1, rule);
        add_edge(e, s->field, s->hi, rule);
    }
}

static void item_edges(const struct jz_program *p, uint32_t rule, const struct jz_item *item, struct edges *e) {
    span_edges(p, rule, item->value, e);
    for (uint32_t c = 0; c < item->cases.count; c++) {
        const struct jz_case *table = &p->table[item->cases.first + c];
        span_edges(p, rule, table->when, e);
        for (uint32_t n = 0; item->kind == JZ_ITEM_FIELD && n < table->bands.count; n++)
            add_edge(e, item->field, p->band[table->bands.first + n].to, rule);
    }
}

static void rule_edges(const struct jz_program *p, uint32_t rule, struct edges *e) {
    const struct jz_rule *def = &p->rule[rule];
    span_edges(p, rule, def->applies, e);
    for (uint32_t i = 0; i < def->items.count; i++) item_edges(p, rule, &p->item[def->items.first + i], e);
    for (uint32_t i = 0; i < def->rows.count; i++) span_edges(p, rule, p->row[def->rows.first + i].when, e);
}

static int by_field(const void *a, const void *b) {
    const struct edge *x = a, *y = b;
    if (x->field != y->field) return x->field < y->field ? -1 : 1;
    return x->last < y->last ? -1 : x->last > y->last;
}

/* Edges of one field at one value become one bound. @return false: more than there is room for. */
static bool join_edges(struct jz_program *p, const struct edges *e) {
    uint32_t used = 0, at = 0;
    for (uint32_t field = 0; field < JZ_FIELDS_MAX; field++) {
        p->bound_first[field] = used;
        for (; at < e->count && e->list[at].field == field; at++) {
            bool again = used > p->bound_first[field] && p->bound[used - 1u].last == e->list[at].last;
            if (!again && used == JZ_BOUNDS_MAX) return false;
            if (!again) p->bound[used++].last = e->list[at].last;
            jz_rule_set_add(&p->bound[used - 1u].rules, e->list[at].rule);
        }
    }
    p->bound_first[JZ_FIELDS_MAX] = used;
    return true;
}

static bool list_bounds(struct jz_program *p) {
    uint32_t room = 2u * JZ_STEPS_MAX + JZ_BANDS_MAX;
    struct edges e = {calloc(room, sizeof(struct edge)), 0, room};
    if (!e.list) return false;
    for (uint32_t i = 0; i < p->rule_count; i++)
        if (p->rule[i].info.enabled) rule_edges(p, i, &e);
    qsort(e.list, e.count, sizeof e.list[0], by_field);
    bool fits = join_edges(p, &e);
    free(e.list);
    return fits;
}

/* --- which operand decides what it stands in --------------------------------------------------------------------- */

/* Walks an expression as the evaluator does, with the steps that made the operands on the stack. */
static void note_decides(struct jz_program *p, struct jz_span span) {
    uint32_t maker[JZ_STACK_MAX + 1u], depth = 0;
    for (uint32_t i = span.first; i < (uint32_t)span.first + span.count; i++) {
        struct jz_step *step = &p->step[i];
        uint32_t take = jz_operands(step);
        depth -= take;
        step->count = (uint8_t)take;
        for (uint32_t k = 0; k < take && (step->op == JZ_OP_ALL || step->op == JZ_OP_ANY); k++)
            p->step[maker[depth + k]].decides = (uint16_t)((i - maker[depth + k]) << 6 | k);
        maker[depth++] = i;
    }
}

static void note_all_decides(struct jz_program *p) {
    for (uint32_t i = 0; i < p->rule_count; i++) note_decides(p, p->rule[i].applies);
    for (uint32_t i = 0; i < p->row_count; i++) note_decides(p, p->row[i].when);
    for (uint32_t i = 0; i < p->item_count; i++) note_decides(p, p->item[i].value);
    for (uint32_t i = 0; i < p->case_count; i++) note_decides(p, p->table[i].when);
    for (uint32_t i = 0; i < p->temporal_count; i++) note_decides(p, p->temporal[i].of);
}

/* --- deadlines --------------------------------------------------------------------------------------------------------- */

static void add_deadline(struct jz_program *p, uint32_t index, bool of_temporal, int64_t after_s) {
    if (after_s < 0 || after_s > JZ_SECONDS_MAX) return;
    struct jz_deadline d = {(uint16_t)index, of_temporal, (uint32_t)after_s};
    for (uint32_t i = 0; i < p->deadline_count; i++)
        if (memcmp(&p->deadline[i], &d, sizeof d) == 0) return;
    if (p->deadline_count < JZ_ROWS_MAX) p->deadline[p->deadline_count++] = d;
}

/* `since e` against a constant changes at that constant and one second later; anything else is looked at every
 * minute. */
static void since_deadline(struct jz_program *p, uint32_t step) {
    const struct jz_step *s = &p->step[step], *n = s + 1, *c = s + 2;
    bool plain = step + 2 < p->step_count && n->op == JZ_OP_NUMBER && c->op == JZ_OP_COMPARE;
    if (!plain) {
        add_deadline(p, s->field, false, 0);
        return;
    }
    if (c->lo != INT32_MIN) add_deadline(p, s->field, false, (int64_t)n->lo + c->lo);
    if (c->hi != INT32_MAX) add_deadline(p, s->field, false, (int64_t)n->lo + c->hi + 1);
}

static void note_deadline(struct jz_program *p, uint32_t rule, uint32_t step) {
    const struct jz_step *s = &p->step[step];
    (void)rule;
    if (s->op == JZ_OP_SINCE) since_deadline(p, step);
    if (s->op == JZ_OP_TODAY) p->has_today = 1;
    if (s->op == JZ_OP_PENDING && s->lo) add_deadline(p, s->index, true, s->lo);
    if (s->op == JZ_OP_REPEATED || s->op == JZ_OP_PENDING || s->op == JZ_OP_HELD)
        add_deadline(p, s->index, true, p->temporal[s->index].apart_s);
}

uint32_t jz_program_link(struct jz_program *p) {
    for (uint32_t i = 0; i < p->rule_count; i++) visit_rule(p, i, note_follower);
    uint32_t circle = put_in_order(p);
    if (circle != JZ_RULES_MAX) return circle;
    followers_by_place(p);
    note_rows(p);
    note_all_decides(p);
    note_temporals(p);
    for (uint32_t i = 0; i < p->rule_count; i++) {
        if (!p->rule[i].info.enabled) continue;
        jz_rule_set_add(&p->enabled, i);
        note_readers(p, i);
        visit_rule(p, i, note_deadline);
    }
    return list_bounds(p) ? JZ_RULES_MAX : JZ_LINK_NO_MEMORY;
}
