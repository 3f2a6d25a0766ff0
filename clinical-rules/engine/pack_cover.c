/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the tests of a rule and looks for bounds that none of them reaches from both sides. A bound is reached by the
 * values that tests give; that of a calculated number by results that one unit of one value, or one second, would take
 * to the other side. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expr.h"
#include "pack_suite.h"

/* What tests have met: values of fields, and under other keys the rest. */
#define KEY_TIME 0x10000u       /* seconds between two times of a test */
#define KEY_TOTAL 0x10001u      /* totals of the rule where a test expects level or lo */
#define KEY_CHANGE 0x20000u     /* + field: how far two of its values are apart */
#define KEY_RULE_TOTAL 0x30000u /* + rule: its total */
#define KEY_SAID 0x40000u       /* + side: place of a bound whose want has been reported */
struct seen {
    uint32_t key;
    int64_t value;
};

/* A range has two bounds; those below are kept apart. */
enum side { INSIDE = 1, OUTSIDE = 2, INSIDE_BELOW = 4, OUTSIDE_BELOW = 8 };
struct cover {
    struct jz_suite *s;
    const struct jz_program *p;
    const struct jz_rule *rule;
    uint32_t index;
    struct jz_list seen;
    uint8_t *step; /* by step: sides of a comparison or a rule's result that tests met */
    uint8_t *band; /* by band of a number: its upper bound */
};

static void saw(struct cover *c, uint32_t key, int64_t value) {
    struct seen *added = jz_list_add(&c->seen, sizeof *added);
    if (added)
        *added = (struct seen){key, value};
    else
        c->s->no_memory = true;
}

static bool has_seen(const struct cover *c, uint32_t key, int64_t value) {
    const struct seen *seen = c->seen.data;
    for (uint32_t i = 0; i < c->seen.count; i++)
        if (seen[i].key == key && seen[i].value == value) return true;
    return false;
}

/* --- every expression of a rule --------------------------------------------------------------------------------- */

/* `memory`: the criterion of a temporal form. */
typedef void (*visit_span)(struct cover *c, struct jz_span span, bool memory);

static bool is_temporal(const struct jz_step *step) {
    return step->op == JZ_OP_REPEATED || step->op == JZ_OP_PENDING || step->op == JZ_OP_HELD;
}

static void visit(struct cover *c, struct jz_span span, visit_span look) {
    look(c, span, false);
    for (uint32_t i = 0; i < span.count; i++) {
        const struct jz_step *step = &c->p->step[span.first + i];
        if (is_temporal(step)) look(c, c->p->temporal[step->index].of, true);
    }
}

static void visit_all(struct cover *c, visit_span look) {
    visit(c, c->rule->applies, look);
    for (uint32_t i = 0; i < c->rule->items.count; i++) {
        const struct jz_item *item = &c->p->item[c->rule->items.first + i];
        visit(c, item->value, look);
        for (uint32_t k = 0; k < item->cases.count; k++)
            visit(c, c->p->table[item->cases.first + k].when, look);
    }
    for (uint32_t i = 0; i < c->rule->rows.count; i++)
        visit(c, c->p->row[c->rule->rows.first + i].when, look);
}

/* --- what one test meets -------------------------------------------------------------------------------------------- */

/* One number of a test, moved by a unit, and back. */
struct nudge {
    int64_t *ms;
    int32_t *value;
    int64_t by;
};

static void move(const struct nudge *n, int64_t times) {
    if (n->ms) *n->ms += times * n->by;
    if (n->value) *n->value += (int32_t)(times * n->by);
}

static struct jz_reading *reading_of(struct cover *c, uint32_t field) {
    uint32_t slot = c->s->chart.slot[field];
    return slot ? &c->s->chart.reading[slot - 1u] : NULL;
}

/* What a step looks at, to be moved by its unit: a value, the time of an event, today. */
static struct nudge nudge_of(struct cover *c, const struct jz_step *step, int64_t *now_ms) {
    struct jz_reading *reading = NULL;
    if (step->op == JZ_OP_TODAY) return (struct nudge){.ms = now_ms, .by = 86400000};
    if (step->op == JZ_OP_VALUE || step->op == JZ_OP_SINCE) reading = reading_of(c, step->field);
    if (step->op == JZ_OP_FROM_TO) reading = reading_of(c, (uint32_t)step->lo);
    if (!reading) return (struct nudge){0};
    if (step->op == JZ_OP_VALUE) return (struct nudge){.value = &reading->value, .by = 1};
    return (struct nudge){.ms = &reading->taken_ms, .by = 1000};
}

struct probe {
    struct cover *c;
    struct jz_lens lens;
    struct jz_span span;
    int64_t to; /* for numbers: the bound */
    bool number;
};

/* On which side of its bound the expression is: INSIDE, OUTSIDE, or 0: not known. */
static int side_of(const struct probe *probe) {
    if (probe->number) {
        struct jz_number number = jz_expr_number(&probe->lens, probe->span);
        return !number.known ? 0 : number.is <= probe->to ? INSIDE : OUTSIDE;
    }
    enum jz_tri is = jz_expr(&probe->lens, probe->span).is;
    return is == JZ_TRUE ? INSIDE : is == JZ_FALSE ? OUTSIDE : 0;
}

/* The side, if one unit of one value would change it; else 0. */
static int side_at_bound(struct probe *probe) {
    const struct jz_step *step = &probe->c->p->step[probe->span.first];
    int side = side_of(probe);
    bool near = false;
    for (uint32_t i = 0; side && !near && i < probe->span.count; i++) {
        struct nudge n = nudge_of(probe->c, &step[i], &probe->lens.now_ms);
        for (int64_t sign = -1; sign <= 1; sign += 2) {
            move(&n, sign);
            int moved = side_of(probe);
            move(&n, -sign);
            near |= moved && moved != side;
        }
    }
    return near ? side : 0;
}

static struct probe probe_of(struct cover *c, struct jz_span span, int64_t now_ms) {
    return (struct probe){.c = c, .lens = {c->p, &c->s->chart, c->rule, now_ms, NULL, NULL}, .span = span};
}

static void meet_comparison(struct cover *c, uint32_t step, int64_t now_ms) {
    uint32_t right = jz_operand_begin(c->p, step - 1), left = jz_operand_begin(c->p, right - 1);
    struct probe probe =
        probe_of(c, (struct jz_span){(uint16_t)left, (uint16_t)(step - left + 1), 0}, now_ms);
    c->step[step] |= (uint8_t)side_at_bound(&probe);
}

static int side_of_bound(struct cover *c, struct jz_span number, int32_t to, int64_t now_ms) {
    struct probe probe = probe_of(c, number, now_ms);
    probe.number = true;
    probe.to = to;
    return side_at_bound(&probe);
}

static void meet_plausible(struct cover *c, uint32_t step, int64_t now_ms) {
    const struct jz_step *s = &c->p->step[step];
    uint32_t begin = jz_operand_begin(c->p, step - 1);
    struct jz_span number = {(uint16_t)begin, (uint16_t)(step - begin), 0};
    int below = s->lo == INT32_MIN ? 0 : side_of_bound(c, number, s->lo - 1, now_ms);
    if (s->hi != INT32_MAX) c->step[step] |= (uint8_t)side_of_bound(c, number, s->hi, now_ms);
    if (below) c->step[step] |= below == OUTSIDE ? INSIDE_BELOW : OUTSIDE_BELOW;
}

static void meet_rule(struct cover *c, uint32_t step, int64_t now_ms) {
    const struct jz_step *s = &c->p->step[step];
    const struct jz_rule_result *r = &c->s->chart.result[s->field];
    struct probe probe = probe_of(c, (struct jz_span){(uint16_t)step, 1, 0}, now_ms);
    c->step[step] |= (uint8_t)side_of(&probe);
    if (s->op == JZ_OP_TOTAL && r->lo == r->hi && r->status != JZ_RULE_UNKNOWN)
        saw(c, KEY_RULE_TOTAL + s->field, r->lo);
}

static void meet_span(struct cover *c, struct jz_span span, int64_t now_ms) {
    for (uint32_t i = span.first; i < (uint32_t)span.first + span.count; i++) {
        const struct jz_step *step = &c->p->step[i];
        if (step->op == JZ_OP_COMPARE) meet_comparison(c, i, now_ms);
        if (step->op == JZ_OP_PLAUSIBLE) meet_plausible(c, i, now_ms);
        if (step->op == JZ_OP_FIRED || step->op == JZ_OP_LEVEL || step->op == JZ_OP_TOTAL)
            meet_rule(c, i, now_ms);
    }
}

static void meet_bands(struct cover *c, const struct jz_item *item, int64_t now_ms) {
    struct jz_span bands = c->p->table[item->cases.first].bands;
    for (uint32_t b = bands.first; b + 1 < (uint32_t)bands.first + bands.count; b++) {
        c->band[b] |= (uint8_t)side_of_bound(c, item->value, c->p->band[b].to, now_ms);
    }
}

/* The visitor has no room for the time of the test at hand. */
struct meeting {
    struct cover c;
    int64_t now_ms;
};

static void meet_at_end(struct cover *c, struct jz_span span, bool memory) {
    if (!memory) meet_span(c, span, ((struct meeting *)c)->now_ms);
}

static void meet_memory(struct cover *c, struct jz_span span, bool memory) {
    if (memory) meet_span(c, span, ((struct meeting *)c)->now_ms);
}

static void watch(void *context, const struct jz_test *test, int64_t now_ms, bool end) {
    struct meeting *m = context;
    (void)test;
    m->now_ms = now_ms;
    visit_all(&m->c, end ? meet_at_end : meet_memory);
    for (uint32_t i = 0; end && i < m->c.rule->items.count; i++) {
        const struct jz_item *item = &m->c.p->item[m->c.rule->items.first + i];
        if (item->kind == JZ_ITEM_VALUE) meet_bands(&m->c, item, now_ms);
    }
}

static void note_times(struct cover *c, const struct jz_test *test) {
    for (uint32_t i = 0; i < test->readings; i++) {
        const struct jz_test_reading *a = jz_reading_at(c->s, test, i);
        bool first = i == 0 || jz_reading_at(c->s, test, i - 1)->at_s != a->at_s;
        saw(c, a->field, a->value);
        if (first) saw(c, KEY_TIME, test->now_s - a->at_s);
        for (uint32_t k = 0; k < i; k++) {
            const struct jz_test_reading *b = jz_reading_at(c->s, test, k);
            if (first && a->at_s != b->at_s)
                saw(c, KEY_TIME, a->at_s > b->at_s ? a->at_s - b->at_s : b->at_s - a->at_s);
            if (a->field == b->field) saw(c, KEY_CHANGE + a->field, a->value - b->value);
        }
    }
}

static void note_total(struct cover *c, const struct jz_test *test) {
    for (uint32_t i = 0; i < test->wishes; i++) {
        const struct jz_wish *wish = jz_wish_at(c->s, test, i);
        if (wish->kind == JZ_WISH_LEVEL || wish->kind == JZ_WISH_LO)
            saw(c, KEY_TOTAL, c->s->result.result.lo);
    }
}

/* --- what is missing ------------------------------------------------------------------------------------------------- */

static void lacks(struct cover *c, struct jz_place bound, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void lacks(struct cover *c, struct jz_place bound, const char *format, ...) {
    struct jz_loader *l = c->s->l;
    char text[200];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    jz_enter(l, &l->pack[l->rule[c->index].pack]);
    struct jz_place tests = jz_place(l, jz_yaml_get(l->rule[c->index].map, "tests"));
    const char *file = bound.pack == tests.pack ? "line" : l->pack[bound.pack].y.file;
    jz_suite_fail(c->s, tests, "%s: no test %s (bound at %s %d); add one", c->rule->info.id, text, file,
                  bound.line);
    c->s->report->uncovered++;
}

static const char *name_of(const struct cover *c, uint32_t key) {
    if (key == KEY_TIME) return "times apart by (s)";
    if (key == KEY_TOTAL) return "a checked total of";
    if (key >= KEY_RULE_TOTAL) return c->p->rule[key - KEY_RULE_TOTAL].info.id;
    return jz_field_at(key >= KEY_CHANGE ? key - KEY_CHANGE : key)->name;
}

static void wants(struct cover *c, struct jz_place at, uint32_t key, int64_t value) {
    const char *word;
    if (has_seen(c, key, value)) return;
    uint32_t length = key < KEY_TIME ? jz_field_word_of(key, (int32_t)value, &word) : 0;
    if (length)
        lacks(c, at, "with %s %.*s", name_of(c, key), (int)length, word);
    else
        lacks(c, at, "with %s%s %lld", name_of(c, key),
              key >= KEY_CHANGE && key < KEY_RULE_TOTAL ? " changed by" : "", (long long)value);
    saw(c, key, value); /* said once */
}

static void both_sides(struct cover *c, struct jz_place at, uint32_t key, int64_t first_inside) {
    wants(c, at, key, first_inside - 1);
    wants(c, at, key, first_inside);
}

static void cover_range(struct cover *c, struct jz_place at, const struct jz_step *step) {
    const struct jz_field *def = jz_field_at(step->field);
    if (step->lo > def->min) both_sides(c, at, step->field, step->lo);
    if (step->hi < def->max) both_sides(c, at, step->field, (int64_t)step->hi + 1);
}

/* Only totals that can come about. */
static void wants_total(struct cover *c, struct jz_place at, const struct jz_totals *totals, uint32_t key,
                        int64_t total) {
    if (jz_can_total(totals, total, total)) wants(c, at, key, total);
}

static void cover_total(struct cover *c, struct jz_place at, const struct jz_step *step) {
    struct jz_totals totals;
    uint32_t key = KEY_RULE_TOTAL + step->field;
    jz_list_totals(c->p, &c->p->rule[step->field], &totals);
    for (int64_t beside = 0; beside <= 1; beside++) {
        if (step->lo != INT32_MIN) wants_total(c, at, &totals, key, step->lo - beside);
        if (step->hi != INT32_MAX) wants_total(c, at, &totals, key, step->hi + beside);
    }
}

/* A definition is read in every place that names it: what it wants is said once. */
static void wants_side(struct cover *c, struct jz_place at, uint32_t step, enum side side, const char *what) {
    int64_t place = (int64_t)at.pack << 48 | (int64_t)at.line << 16 | at.column;
    if (c->step[step] & side || has_seen(c, KEY_SAID + side, place)) return;
    lacks(c, at, "%s", what);
    saw(c, KEY_SAID + side, place);
}

static void cover_rule_read(struct cover *c, struct jz_place at, uint32_t step) {
    const struct jz_step *s = &c->p->step[step];
    const struct jz_rule *of = &c->p->rule[s->field];
    char yes[112], no[128];
    if (s->op == JZ_OP_FIRED)
        snprintf(yes, sizeof yes, "in which %s has fired", of->info.id);
    else
        snprintf(yes, sizeof yes, "in which %s = %s", of->info.id,
                 c->p->level[of->rows.first + (uint32_t)s->lo].id);
    snprintf(no, sizeof no, "%s for certain not", yes);
    wants_side(c, at, step, INSIDE, yes);
    wants_side(c, at, step, OUTSIDE, no);
}

static void cover_plausible(struct cover *c, struct jz_place at, uint32_t step) {
    const struct jz_step *s = &c->p->step[step];
    if (s->lo != INT32_MIN) wants_side(c, at, step, INSIDE_BELOW, "with the least plausible number");
    if (s->lo != INT32_MIN)
        wants_side(c, at, step, OUTSIDE_BELOW, "with a number just below the plausible ones");
    if (s->hi != INT32_MAX) wants_side(c, at, step, INSIDE, "with the greatest plausible number");
    if (s->hi != INT32_MAX) wants_side(c, at, step, OUTSIDE, "with a number just above the plausible ones");
}

static void cover_change(struct cover *c, struct jz_place at, const struct jz_step *step) {
    int32_t less = step->lo < 0 ? step->lo + 1 : step->lo - 1;
    wants(c, at, KEY_CHANGE + step->field, step->lo);
    wants(c, at, KEY_CHANGE + step->field, less);
}

static void cover_step(struct cover *c, uint32_t i) {
    const struct jz_step *step = &c->p->step[i];
    struct jz_place at = c->s->l->step_at[i];
    if (step->op <= JZ_OP_RANGE_YES) cover_range(c, at, step);
    if (step->op == JZ_OP_REPEATED || step->op == JZ_OP_HELD)
        both_sides(c, at, KEY_TIME, c->p->temporal[step->index].apart_s);
    if (step->op == JZ_OP_PENDING && step->lo) both_sides(c, at, KEY_TIME, step->lo);
    if (step->op == JZ_OP_CHANGED || step->op == JZ_OP_TREND) cover_change(c, at, step);
    if (step->op == JZ_OP_TOTAL) cover_total(c, at, step);
    if (step->op == JZ_OP_FIRED || step->op == JZ_OP_LEVEL) cover_rule_read(c, at, i);
    if (step->op == JZ_OP_PLAUSIBLE) cover_plausible(c, at, i);
    if (step->op == JZ_OP_COMPARE) {
        wants_side(c, at, i, INSIDE, "just inside the bound of this comparison");
        wants_side(c, at, i, OUTSIDE, "just outside the bound of this comparison");
    }
}

static void cover_span(struct cover *c, struct jz_span span, bool memory) {
    (void)memory;
    for (uint32_t i = 0; i < span.count; i++) cover_step(c, span.first + i);
}

static void cover_bands(struct cover *c, const struct jz_item *item, struct jz_span bands) {
    for (uint32_t b = bands.first; b + 1 < (uint32_t)bands.first + bands.count; b++) {
        struct jz_place at = c->s->l->band_at[b];
        int32_t to = c->p->band[b].to;
        if (item->kind == JZ_ITEM_FIELD) {
            both_sides(c, at, item->field, (int64_t)to + 1);
            continue;
        }
        if (!(c->band[b] & INSIDE)) lacks(c, at, "with the number at %d, the end of a band", to);
        if (!(c->band[b] & OUTSIDE)) lacks(c, at, "with the number just above %d, the end of a band", to);
    }
}

static void cover_items(struct cover *c) {
    for (uint32_t i = 0; i < c->rule->items.count; i++) {
        const struct jz_item *item = &c->p->item[c->rule->items.first + i];
        for (uint32_t k = 0; k < item->cases.count; k++)
            cover_bands(c, item, c->p->table[item->cases.first + k].bands);
    }
}

/* Bounds between levels; beyond the least and the greatest total there is nothing. */
static void cover_rows(struct cover *c) {
    struct jz_totals totals;
    if (c->rule->info.kind != JZ_KIND_SCORE) return;
    jz_list_totals(c->p, c->rule, &totals);
    for (uint32_t i = 0; i < c->rule->rows.count; i++) {
        const struct jz_row *row = &c->p->row[c->rule->rows.first + i];
        struct jz_place at = c->s->l->row_at[c->rule->rows.first + i];
        for (int64_t beside = 0; beside <= 1; beside++) {
            if (row->score_lo > totals.least) wants_total(c, at, &totals, KEY_TOTAL, row->score_lo - beside);
            if (row->score_hi < totals.most) wants_total(c, at, &totals, KEY_TOTAL, row->score_hi + beside);
        }
    }
}

/* --- one rule ----------------------------------------------------------------------------------------------------------- */

static void describe_inputs(const struct jz_rule *rule, uint64_t bits, char *out, size_t capacity) {
    size_t used = 0;
    out[0] = 0;
    for (uint32_t i = 0; i < rule->info.input_count && used + 2 < capacity; i++)
        if (bits >> i & 1u)
            used += (size_t)snprintf(out + used, capacity - used, "%s%s", used ? ", " : "",
                                     jz_field_at(rule->input[i])->name);
    if (!used) snprintf(out, capacity, "none");
}

static void describe_conditions(const struct jz_program *p, uint64_t bits, char *out, size_t capacity) {
    size_t used = 0;
    out[0] = 0;
    for (uint32_t i = 0; i < p->condition_count && used + 2 < capacity; i++)
        if (bits >> i & 1u)
            used +=
                (size_t)snprintf(out + used, capacity - used, "%s%s", used ? ", " : "", p->condition[i].id);
    if (!used) snprintf(out, capacity, "none");
}

/* A value as the pack would write it. */
static void describe(const struct cover *c, const struct jz_wish *wish, int64_t value, char *out,
                     size_t capacity) {
    static const char *const statuses[] = {"unknown", "fired", "not_fired", "not_applicable",
                                           "cannot_evaluate"};
    switch ((enum jz_wish_kind)wish->kind) {
    case JZ_WISH_STATUS: snprintf(out, capacity, "%s", statuses[value]); return;
    case JZ_WISH_LEVEL:
    case JZ_WISH_LEVEL_HI:
        snprintf(out, capacity, "%s",
                 value == JZ_LEVEL_NONE ? "none" : c->p->level[c->rule->rows.first + (uint32_t)value].id);
        return;
    case JZ_WISH_ALARM:
    case JZ_WISH_COMPLETE: snprintf(out, capacity, "%s", value ? "yes" : "no"); return;
    case JZ_WISH_CONDITIONS: describe_conditions(c->p, (uint64_t)value, out, capacity); return;
    case JZ_WISH_MISSING:
    case JZ_WISH_STALE: describe_inputs(c->rule, (uint64_t)value, out, capacity); return;
    case JZ_WISH_NEXT:
        snprintf(out, capacity, "%s", value == JZ_FIELD_NONE ? "none" : jz_field_at((uint32_t)value)->name);
        return;
    case JZ_WISH_LO:
    case JZ_WISH_HI:
    case JZ_WISH_PRIORITY:
    case JZ_WISH_POINTS: break;
    }
    if (value == INT64_MIN)
        snprintf(out, capacity, "not given, the rule does not apply");
    else
        snprintf(out, capacity, "%lld", (long long)value);
}

/* Everything that is not as wished, in one sentence. */
static void fail(struct cover *c, const struct jz_test *test) {
    char text[200] = "", want[64], have[64];
    size_t used = 0;
    for (uint32_t i = 0; i < test->wishes && used < sizeof text; i++) {
        const struct jz_wish *wish = jz_wish_at(c->s, test, i);
        int64_t found = jz_wish_found(c->s, wish);
        if (found == wish->want) continue;
        describe(c, wish, found, have, sizeof have);
        describe(c, wish, wish->want, want, sizeof want);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s is %s, expected %s", used ? "; " : "",
                                 jz_wish_key(wish->kind), have, want);
    }
    jz_suite_fail(c->s, test->at, "test %s: %s; correct the rule or the test", test->id, text);
}

static void run_tests(struct meeting *m) {
    struct jz_suite *s = m->c.s;
    for (uint32_t i = s->first_test[m->c.index]; i < s->first_test[m->c.index + 1] && !s->no_memory; i++) {
        const struct jz_test *test = jz_test_at(s, i);
        jz_run_test(s, m->c.index, test, watch, m);
        s->report->tests++;
        if (!jz_test_passes(s, test)) fail(&m->c, test);
        note_times(&m->c, test);
        note_total(&m->c, test);
    }
}

void jz_cover_rule(struct jz_suite *s, uint32_t rule) {
    const struct jz_program *p = s->l->program;
    struct meeting m = {.c = {.s = s, .p = p, .rule = &p->rule[rule], .index = rule}};
    m.c.step = calloc(p->step_count + 1u, 1);
    m.c.band = calloc(p->band_count + 1u, 1);
    if (m.c.step && m.c.band) {
        run_tests(&m);
        visit_all(&m.c, cover_span);
        cover_items(&m.c);
        cover_rows(&m.c);
        s->report->rules++;
    } else {
        s->no_memory = true;
    }
    jz_list_free(&m.c.seen);
    free(m.c.step);
    free(m.c.band);
}

enum jz_status jz_pack_tests_run(const struct jz_pack_source *packs, size_t count, struct jz_pack_tests *out,
                                 struct jz_pack_error *error) {
    struct jz_loader *l;
    memset(out, 0, sizeof *out);
    enum jz_status status = jz_loader_open(packs, count, true, &l, error);
    struct jz_suite *s = status == JZ_OK ? calloc(1, sizeof *s) : NULL;
    if (s) {
        s->l = l;
        s->report = out;
        jz_suite_read(s);
        for (uint32_t rule = 0; rule < l->program->rule_count && !s->no_memory; rule++)
            jz_cover_rule(s, rule);
        status = s->no_memory ? JZ_E_MEMORY : out->failed ? JZ_E_PACK : JZ_OK;
        jz_suite_free(s);
        free(s);
    } else if (status == JZ_OK) {
        status = JZ_E_MEMORY;
    }
    jz_loader_free(l);
    return status;
}
