/* SPDX-License-Identifier: Apache-2.0 */
/* What the evaluator needs beside the tables: an order in which rules may be evaluated, who reads what, and where a
 * value's side can change. Load time. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "expr.h"
#include "link.h"

static bool is_temporal(const struct jz_step *s) {
    return s->op == JZ_OP_REPEATED || s->op == JZ_OP_PENDING || s->op == JZ_OP_HELD;
}

void jz_visit_rule(struct jz_program *p, uint32_t rule, jz_visit_span visit, void *context) {
    const struct jz_rule *def = &p->rule[rule];
    visit(p, rule, def->applies, context);
    for (uint32_t i = 0; i < def->rows.count; i++) visit(p, rule, p->row[def->rows.first + i].when, context);
    for (uint32_t i = 0; i < def->items.count; i++) {
        const struct jz_item *item = &p->item[def->items.first + i];
        visit(p, rule, item->value, context);
        for (uint32_t c = 0; c < item->cases.count; c++)
            visit(p, rule, p->table[item->cases.first + c].when, context);
    }
}

struct visit {
    jz_visit_span visit;
    void *context;
};

static void visit_with_memories(struct jz_program *p, uint32_t rule, struct jz_span span, void *context) {
    const struct visit *v = context;
    v->visit(p, rule, span, v->context);
    for (uint32_t i = 0; i < span.count; i++) {
        const struct jz_step *s = &p->step[span.first + i];
        if (is_temporal(s)) v->visit(p, rule, p->temporal[s->index].of, v->context);
    }
}

/* Every expression of a rule, and those behind its temporal criteria. */
static void visit_rule(struct jz_program *p, uint32_t rule, jz_visit_span visit, void *context) {
    struct visit v = {visit, context};
    jz_visit_rule(p, rule, visit_with_memories, &v);
}

/* --- who reads whose result ------------------------------------------------------------------------------------ */

static bool reads_result(const struct jz_step *step) {
    return step->op == JZ_OP_FIRED || step->op == JZ_OP_LEVEL || step->op == JZ_OP_TOTAL;
}

static void note_reads(struct jz_program *p, uint32_t rule, struct jz_span span, void *context) {
    (void)context;
    for (uint32_t i = 0; i < span.count; i++) {
        const struct jz_step *s = &p->step[span.first + i];
        if (reads_result(s)) jz_rule_set_add(&p->reads[rule], s->field);
    }
}

/* The first of a set's rules that has no place yet, or JZ_RULES_MAX. */
static uint32_t first_left(const struct jz_rule_set *of, const struct jz_rule_set *placed) {
    for (uint32_t w = 0; w < JZ_RULES_MAX / 64u; w++) {
        uint64_t left = of->word[w] & ~placed->word[w];
        if (left) return w * 64u + (uint32_t)__builtin_ctzll(left);
    }
    return JZ_RULES_MAX;
}

/* From one that waits to one it waits for: after so many steps it is one of the circle. */
static uint32_t find_circle(const struct jz_program *p, const struct jz_rule_set *placed) {
    uint32_t rule = 0;
    while (jz_rule_set_has(placed, rule)) rule++;
    for (uint32_t i = 0; i < p->rule_count; i++) rule = first_left(&p->reads[rule], placed);
    return rule;
}

/* Repeatedly the first rule that waits for nobody. @return JZ_RULES_MAX, or a rule that waits for itself. */
static uint32_t put_in_order(struct jz_program *p) {
    struct jz_rule_set placed = {{0}};
    for (uint32_t place = 0; place < p->rule_count; place++) {
        uint32_t rule = 0;
        while (rule < p->rule_count &&
               (jz_rule_set_has(&placed, rule) || first_left(&p->reads[rule], &placed) != JZ_RULES_MAX))
            rule++;
        if (rule == p->rule_count) return find_circle(p, &placed);
        jz_rule_set_add(&placed, rule);
        p->order[place] = (uint16_t)rule;
        p->place[rule] = (uint16_t)place;
    }
    return JZ_RULES_MAX;
}

static void note_followers(struct jz_program *p) {
    for (uint32_t rule = 0; rule < p->rule_count; rule++)
        for (uint32_t read = 0; read < p->rule_count; read++)
            if (p->rule[rule].info.enabled && jz_rule_set_has(&p->reads[rule], read))
                jz_rule_set_add(&p->followers[read], p->place[rule]);
}

/* Backwards, so that a rule is complete before those it reads. */
static void note_ages(struct jz_program *p) {
    for (uint32_t place = p->rule_count; place-- > 0;) {
        uint32_t rule = p->order[place];
        bool rules_out = jz_rule_set_has(&p->ages, rule);
        for (uint32_t r = 0; r < p->rule[rule].rows.count; r++)
            rules_out |= p->row[p->rule[rule].rows.first + r].rule_out;
        if (!rules_out) continue;
        jz_rule_set_add(&p->ages, rule);
        jz_rule_set_unite(&p->ages, &p->reads[rule]);
    }
}

/* --- who reads which field ---------------------------------------------------------------------------------------- */

static void note_raw(struct jz_program *p, uint32_t rule, struct jz_span span, void *context) {
    (void)context;
    for (uint32_t i = 0; i < span.count; i++) {
        const struct jz_step *s = &p->step[span.first + i];
        if (s->op == JZ_OP_CHANGED || s->op == JZ_OP_TREND)
            jz_rule_set_add(&p->raw[p->window[s->index].field], rule);
        if (is_temporal(s)) jz_rule_set_add(&p->rules_of_temporal[s->index], rule);
    }
}

/* --- comparisons of numbers --------------------------------------------------------------------------------------- */

static bool is_number(const struct jz_step *s) {
    return s->op == JZ_OP_VALUE || s->op == JZ_OP_NUMBER || s->op == JZ_OP_ADD || s->op == JZ_OP_SUBTRACT ||
           s->op == JZ_OP_MULTIPLY || s->op == JZ_OP_DIVIDE || s->op == JZ_OP_FIRST ||
           s->op == JZ_OP_WITHIN || s->op == JZ_OP_PLAUSIBLE;
}

/* The comparison that ends at `end`, with the numbers before it. Counts are operands by now. */
static struct jz_span comparison(const struct jz_program *p, uint32_t end) {
    uint32_t first = end, wanted = p->step[end].count;
    for (; wanted; wanted += p->step[first].count - 1u) first--;
    return (struct jz_span){(uint16_t)first, (uint16_t)(end + 1u - first), 0};
}

static bool same_step(const struct jz_step *a, const struct jz_step *b) {
    return a->op == b->op && a->count == b->count && a->index == b->index && a->field == b->field &&
           a->lo == b->lo && a->hi == b->hi;
}

static bool same_comparison(const struct jz_program *p, struct jz_span a, struct jz_span b) {
    bool same = a.count == b.count;
    for (uint32_t i = 0; same && i < a.count; i++)
        same = same_step(&p->step[a.first + i], &p->step[b.first + i]);
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

static void note_numbers(struct jz_program *p, uint32_t rule, struct jz_span span, void *context) {
    (void)context;
    for (uint32_t end = (uint32_t)span.first + span.count; end > span.first;) {
        const struct jz_step *s = &p->step[--end];
        if (s->op == JZ_OP_VALUE) jz_rule_set_add(&p->raw[s->field], rule);
        if (s->op != JZ_OP_COMPARE) continue;
        struct jz_span of = comparison(p, end);
        if (note_comparison(p, rule, of)) end = of.first;
    }
}

/* @return whether there is room for it. */
static bool add_fresh(struct jz_program *p, uint32_t field, int64_t fresh_ms) {
    int64_t *list = p->fresh_ms[field];
    uint32_t i = 0;
    while (i < JZ_FRESH_MAX && list[i] && list[i] != fresh_ms) i++;
    if (i < JZ_FRESH_MAX) list[i] = fresh_ms;
    return i < JZ_FRESH_MAX;
}

/* @return JZ_FIELD_NONE, or a field that counts as fresh for too many different times. */
static uint32_t note_readers(struct jz_program *p, uint32_t rule) {
    const struct jz_rule *def = &p->rule[rule];
    for (uint32_t i = 0; i < def->info.input_count; i++) {
        jz_rule_set_add(&p->readers[def->input[i]], rule);
        if (def->fresh_ms[i] && !add_fresh(p, def->input[i], def->fresh_ms[i])) return def->input[i];
    }
    visit_rule(p, rule, note_raw, NULL);
    visit_rule(p, rule, note_numbers, NULL);
    return JZ_FIELD_NONE;
}

static void note_temporals(struct jz_program *p) {
    for (uint32_t i = 0; i < p->temporal_count; i++)
        for (uint32_t f = 0; f < p->temporal[i].field_count; f++)
            p->temporals_of[p->temporal[i].field[f]] |= 1ull << i;
}

/* --- bounds of fields ------------------------------------------------------------------------------------------------ */

struct edge {
    int64_t last; /**< the last value before a change */
    uint32_t field, rule;
};
struct edges {
    struct edge *list;
    uint32_t count, room;
    bool no_memory;
};

static void add_edge(struct edges *e, uint32_t field, int64_t last, uint32_t rule) {
    if (last >= INT32_MAX || e->no_memory) return;
    if (e->count == e->room) {
        uint32_t room = e->room ? 2u * e->room : 4096u;
        struct edge *list = realloc(e->list, room * sizeof *list);
        e->no_memory = !list;
        if (!list) return;
        e->list = list;
        e->room = room;
    }
    e->list[e->count++] = (struct edge){last, field, rule};
}

static void span_edges(struct jz_program *p, uint32_t rule, struct jz_span span, void *context) {
    for (uint32_t i = 0; i < span.count; i++) {
        const struct jz_step *s = &p->step[span.first + i];
        if (s->op > JZ_OP_RANGE_YES) continue;
        if (s->lo != INT32_MIN) add_edge(context, s->field, (int64_t)s->lo - 1, rule);
        add_edge(context, s->field, s->hi, rule);
    }
}

static void band_edges(const struct jz_program *p, uint32_t rule, const struct jz_item *item,
                       struct edges *e) {
    for (uint32_t c = 0; item->kind == JZ_ITEM_FIELD && c < item->cases.count; c++) {
        struct jz_span bands = p->table[item->cases.first + c].bands;
        for (uint32_t n = 0; n < bands.count; n++)
            add_edge(e, item->field, p->band[bands.first + n].to, rule);
    }
}

static void rule_edges(struct jz_program *p, uint32_t rule, struct edges *e) {
    const struct jz_rule *def = &p->rule[rule];
    visit_rule(p, rule, span_edges, e);
    for (uint32_t i = 0; i < def->items.count; i++) band_edges(p, rule, &p->item[def->items.first + i], e);
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

static enum jz_link list_bounds(struct jz_program *p) {
    struct edges e = {0};
    for (uint32_t i = 0; i < p->rule_count; i++)
        if (p->rule[i].info.enabled) rule_edges(p, i, &e);
    if (e.count) qsort(e.list, e.count, sizeof e.list[0], by_field);
    bool fits = join_edges(p, &e);
    free(e.list);
    return e.no_memory ? JZ_LINK_NO_MEMORY : fits ? JZ_LINK_OK : JZ_LINK_BOUNDS;
}

/* --- operands ---------------------------------------------------------------------------------------------------- */

static void count_operands(struct jz_program *p) {
    for (uint32_t i = 0; i < p->step_count; i++) p->step[i].count = (uint8_t)jz_operands(&p->step[i]);
}

/* --- deadlines --------------------------------------------------------------------------------------------------------- */

/* `full` is set where there is no room for it. */
static void add_deadline(struct jz_program *p, uint32_t index, bool of_temporal, int64_t after_s,
                         bool *full) {
    if (after_s < 0) return;
    struct jz_deadline d = {(uint16_t)index, of_temporal, (uint32_t)after_s};
    for (uint32_t i = 0; i < p->deadline_count; i++)
        if (memcmp(&p->deadline[i], &d, sizeof d) == 0) return;
    *full |= p->deadline_count == JZ_DEADLINES_MAX;
    if (!*full) p->deadline[p->deadline_count++] = d;
}

/* `since e` against a constant changes at two times; anything else is looked at every minute. A number that is nothing
 * but a time since changes with its bands. */
static void since_deadlines(struct jz_program *p, struct jz_span span, const struct jz_step *s, bool *full) {
    const struct jz_step *first = &p->step[span.first], *end = first + span.count;
    bool left = end - s > 2 && s[1].op == JZ_OP_NUMBER && s[2].op == JZ_OP_COMPARE;
    bool right = s > first && s[-1].op == JZ_OP_NUMBER && end - s > 1 && s[1].op == JZ_OP_COMPARE;
    const struct jz_step *n = left ? s + 1 : s - 1, *c = left ? s + 2 : s + 1;
    if (span.count == 1) return;
    if (!left && !right) {
        add_deadline(p, s->field, false, 0, full);
        return;
    }
    bool has_lo = c->lo != INT32_MIN, has_hi = c->hi != INT32_MAX;
    if (left ? has_lo : has_hi)
        add_deadline(p, s->field, false, (int64_t)n->lo + (left ? c->lo : -c->hi), full);
    if (left ? has_hi : has_lo)
        add_deadline(p, s->field, false, (int64_t)n->lo + (left ? c->hi : -c->lo) + 1, full);
}

static void note_deadlines(struct jz_program *p, uint32_t rule, struct jz_span span, void *full) {
    (void)rule;
    for (uint32_t i = 0; i < span.count; i++) {
        const struct jz_step *s = &p->step[span.first + i];
        if (s->op == JZ_OP_SINCE) since_deadlines(p, span, s, full);
        if (s->op == JZ_OP_TODAY) p->has_today = 1;
        if (s->op == JZ_OP_PENDING && s->lo) add_deadline(p, s->index, true, s->lo, full);
        if (is_temporal(s)) add_deadline(p, s->index, true, p->temporal[s->index].apart_s, full);
    }
}

static void note_band_deadlines(struct jz_program *p, const struct jz_item *item, bool *full) {
    const struct jz_step *s = &p->step[item->value.first];
    if (item->kind != JZ_ITEM_VALUE || item->value.count != 1 || s->op != JZ_OP_SINCE) return;
    struct jz_span bands = p->table[item->cases.first].bands;
    for (uint32_t b = 0; b + 1u < bands.count; b++)
        add_deadline(p, s->field, false, (int64_t)p->band[bands.first + b].to + 1, full);
}

static bool list_deadlines(struct jz_program *p, uint32_t rule) {
    const struct jz_rule *def = &p->rule[rule];
    bool full = false;
    visit_rule(p, rule, note_deadlines, &full);
    for (uint32_t i = 0; i < def->items.count; i++)
        note_band_deadlines(p, &p->item[def->items.first + i], &full);
    return !full;
}

enum jz_link jz_program_link(struct jz_program *p, uint32_t *at) {
    for (uint32_t i = 0; i < p->rule_count; i++) visit_rule(p, i, note_reads, NULL);
    *at = put_in_order(p);
    if (*at != JZ_RULES_MAX) return JZ_LINK_CIRCLE;
    note_followers(p);
    note_ages(p);
    count_operands(p);
    note_temporals(p);
    for (uint32_t i = 0; i < p->rule_count; i++) {
        if (!p->rule[i].info.enabled) continue;
        jz_rule_set_add(&p->enabled, i);
        jz_rule_set_add(&p->enabled_places, p->place[i]);
        *at = note_readers(p, i);
        if (*at != JZ_FIELD_NONE) return JZ_LINK_FRESH;
        if (!list_deadlines(p, i)) return JZ_LINK_DEADLINES;
    }
    enum jz_link bounds = list_bounds(p);
    if (bounds != JZ_LINK_OK) return bounds;
    return jz_program_lower(p) ? JZ_LINK_OK : JZ_LINK_NO_MEMORY;
}
