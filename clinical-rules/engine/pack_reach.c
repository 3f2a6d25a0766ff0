/* SPDX-License-Identifier: Apache-2.0 */
/* Criteria that cannot be true, and rows that cannot be reached. What must hold for a criterion to be true, or false,
 * is kept as one range per field ("a box"), always too wide rather than too narrow: so nothing that can happen is ever
 * refused, and some nonsense is not found. Times, numbers and temporal forms are not looked into. */
#include <stdlib.h>
#include <string.h>

#include "loader.h"

#define FACTS_MAX 24u
#define RULE_ID 0x10000u /* facts about a rule's level; 255 is none */

enum presence { EITHER, PRESENT, ABSENT };
struct fact {
    uint32_t id; /* field, or RULE_ID + rule */
    int32_t lo, hi;
    enum presence presence;
};
struct box {
    bool impossible;
    uint32_t count;
    struct fact fact[FACTS_MAX];
};
/* What holds wherever a criterion is true, and wherever it is false. */
struct view {
    struct box yes, no;
};
struct reach {
    struct jz_loader *l;
    const struct jz_rule *rule;
    struct view stack[JZ_STACK_MAX + 1u];
};

static const struct fact *find(const struct box *box, uint32_t id) {
    for (uint32_t i = 0; i < box->count; i++)
        if (box->fact[i].id == id) return &box->fact[i];
    return NULL;
}

/* One more fact holds. Where there is no room it is forgotten, which only widens the box. */
static void add(struct box *box, struct fact fact) {
    struct fact *old = (struct fact *)(uintptr_t)find(box, fact.id);
    if (!old) {
        if (box->count < FACTS_MAX) box->fact[box->count++] = fact;
        old = &fact;
    } else {
        if (fact.lo > old->lo) old->lo = fact.lo;
        if (fact.hi < old->hi) old->hi = fact.hi;
        box->impossible |= old->presence && fact.presence && old->presence != fact.presence;
        if (fact.presence) old->presence = fact.presence;
    }
    box->impossible |= old->lo > old->hi;
}

static void intersect(struct box *a, const struct box *b) {
    a->impossible |= b->impossible;
    for (uint32_t i = 0; i < b->count; i++) add(a, b->fact[i]);
}

/* What holds if either does: only what both say. */
static void hull(struct box *a, const struct box *b) {
    uint32_t kept = 0;
    if (b->impossible) return;
    if (a->impossible) {
        *a = *b;
        return;
    }
    for (uint32_t i = 0; i < a->count; i++) {
        const struct fact *other = find(b, a->fact[i].id);
        struct fact fact = a->fact[i];
        if (!other) continue;
        if (other->lo < fact.lo) fact.lo = other->lo;
        if (other->hi > fact.hi) fact.hi = other->hi;
        if (other->presence != fact.presence) fact.presence = EITHER;
        a->fact[kept++] = fact;
    }
    a->count = kept;
}

/* --- leaves ------------------------------------------------------------------------------------------------------ */

/* Outside a range is a range only where the range has an open end. */
static void range_leaf(const struct jz_step *step, struct view *out) {
    const struct jz_field *def = jz_field_at(step->field);
    int32_t lo = step->lo > def->min ? step->lo : def->min, hi = step->hi < def->max ? step->hi : def->max;
    struct fact inside = {step->field, lo, hi, PRESENT}, outside = {step->field, def->min, def->max, PRESENT};
    if (lo <= def->min) outside.lo = hi < def->max ? hi + 1 : def->max;
    if (hi >= def->max && lo > def->min) outside.hi = lo - 1;
    if (step->op != JZ_OP_RANGE_YES) add(&out->yes, inside);
    if (step->op != JZ_OP_RANGE_NO) add(&out->no, outside);
}

static void known_leaf(const struct jz_step *step, struct view *out) {
    const struct jz_field *def = jz_field_at(step->field);
    if (step->count) return;
    add(&out->yes, (struct fact){step->field, def->min, def->max, PRESENT});
    add(&out->no, (struct fact){step->field, def->min, def->max, ABSENT});
}

static void rule_leaf(const struct jz_step *step, struct view *out) {
    uint32_t id = RULE_ID + step->field;
    if (step->op == JZ_OP_LEVEL) add(&out->yes, (struct fact){id, step->lo, step->lo, EITHER});
    if (step->op != JZ_OP_FIRED) return;
    add(&out->yes, (struct fact){id, 0, JZ_LEVEL_NONE - 1, EITHER});
    add(&out->no, (struct fact){id, JZ_LEVEL_NONE, JZ_LEVEL_NONE, EITHER});
}

/* --- a criterion --------------------------------------------------------------------------------------------------- */

static void combine(struct view *operand, uint32_t count, bool all_yes, bool all_no) {
    for (uint32_t i = 1; i < count; i++) {
        (all_yes ? intersect : hull)(&operand[0].yes, &operand[i].yes);
        (all_no ? intersect : hull)(&operand[0].no, &operand[i].no);
    }
}

static void negate(struct view *v) {
    struct box yes = v->yes;
    v->yes = v->no;
    v->no = yes;
}

static void apply(const struct jz_step *step, struct view *operand) {
    uint32_t n = step->op == JZ_OP_ALL ? step->count : step->op == JZ_OP_ANY ? 1u : (uint32_t)step->lo;
    switch ((enum jz_op)step->op) {
    case JZ_OP_NOT: negate(operand); return;
    case JZ_OP_ALL:
    case JZ_OP_ANY:
    case JZ_OP_AT_LEAST: combine(operand, step->count, n == step->count, n == 1); return;
    case JZ_OP_RANGE:
    case JZ_OP_RANGE_NO:
    case JZ_OP_RANGE_YES:
    case JZ_OP_KNOWN:
    case JZ_OP_FIRED:
    case JZ_OP_LEVEL:
    case JZ_OP_TOTAL:
    case JZ_OP_REPEATED:
    case JZ_OP_PENDING:
    case JZ_OP_HELD:
    case JZ_OP_CHANGED:
    case JZ_OP_TREND:
    case JZ_OP_COMPARE:
    case JZ_OP_VALUE:
    case JZ_OP_NUMBER:
    case JZ_OP_ADD:
    case JZ_OP_SUBTRACT:
    case JZ_OP_MULTIPLY:
    case JZ_OP_DIVIDE:
    case JZ_OP_SINCE:
    case JZ_OP_FROM_TO:
    case JZ_OP_FIRST:
    case JZ_OP_PLAUSIBLE:
    case JZ_OP_TODAY:
    case JZ_OP_WITHIN: break;
    }
    memset(operand, 0, sizeof *operand);
    if (step->op <= JZ_OP_RANGE_YES) range_leaf(step, operand);
    if (step->op == JZ_OP_KNOWN) known_leaf(step, operand);
    rule_leaf(step, operand);
}

/* @return what the criterion says; refuses where it, or a part of it, cannot be true. */
static const struct view *look_at(struct reach *r, struct jz_span span) {
    const struct jz_program *p = r->l->program;
    uint32_t depth = 0;
    memset(&r->stack[0], 0, sizeof r->stack[0]);
    for (uint32_t i = 0; i < span.count; i++) {
        const struct jz_step *step = &p->step[span.first + i];
        depth -= jz_operands(step);
        apply(step, &r->stack[depth]);
        if (r->stack[depth].yes.impossible && step->op != JZ_OP_NOT)
            jz_refuse_at(r->l, r->l->step_at[span.first + i],
                         "cannot be true: its bounds leave no value; correct a number or remove it");
        depth++;
    }
    return &r->stack[0];
}

/* Likewise, and at what its temporal forms remember. */
static const struct view *look(struct reach *r, struct jz_span span) {
    const struct jz_program *p = r->l->program;
    for (uint32_t i = 0; i < span.count; i++) {
        const struct jz_step *step = &p->step[span.first + i];
        if (step->op == JZ_OP_REPEATED || step->op == JZ_OP_PENDING || step->op == JZ_OP_HELD)
            look_at(r, p->temporal[step->index].of);
    }
    return look_at(r, span);
}

/* --- an earlier row that always holds too ----------------------------------------------------------------------------- */

static enum jz_tri range_in(const struct box *box, const struct jz_step *step) {
    const struct fact *fact = find(box, step->field);
    if (!fact || fact->presence == EITHER) return JZ_MAYBE;
    if (fact->presence == ABSENT)
        return step->op == JZ_OP_RANGE ? JZ_MAYBE : step->op == JZ_OP_RANGE_YES ? JZ_TRUE : JZ_FALSE;
    if (fact->lo >= step->lo && fact->hi <= step->hi) return JZ_TRUE;
    return fact->lo > step->hi || fact->hi < step->lo ? JZ_FALSE : JZ_MAYBE;
}

static enum jz_tri known_in(const struct box *box, const struct jz_step *step) {
    const struct fact *fact = step->count ? NULL : find(box, step->field);
    if (!fact || fact->presence == EITHER) return JZ_MAYBE;
    return fact->presence == PRESENT ? JZ_TRUE : JZ_FALSE;
}

static enum jz_tri rule_in(const struct box *box, const struct jz_step *step) {
    const struct fact *fact = find(box, RULE_ID + step->field);
    if (!fact || step->op == JZ_OP_TOTAL) return JZ_MAYBE;
    if (step->op == JZ_OP_LEVEL) return fact->lo == step->lo && fact->hi == step->lo ? JZ_TRUE : JZ_MAYBE;
    if (fact->hi < (int32_t)JZ_LEVEL_NONE) return JZ_TRUE;
    return fact->lo == (int32_t)JZ_LEVEL_NONE ? JZ_FALSE : JZ_MAYBE;
}

static enum jz_tri count_in(const struct jz_step *step, const enum jz_tri *operand) {
    uint32_t n = step->op == JZ_OP_ALL ? step->count : step->op == JZ_OP_ANY ? 1u : (uint32_t)step->lo;
    uint32_t certain = 0, possible = 0;
    for (uint32_t i = 0; i < step->count; i++) {
        certain += operand[i] == JZ_TRUE;
        possible += operand[i] != JZ_FALSE;
    }
    return certain >= n ? JZ_TRUE : possible < n ? JZ_FALSE : JZ_MAYBE;
}

static enum jz_tri step_in(const struct box *box, const struct jz_step *step, const enum jz_tri *operand) {
    if (step->op <= JZ_OP_RANGE_YES) return range_in(box, step);
    if (step->op == JZ_OP_KNOWN) return known_in(box, step);
    if (step->op == JZ_OP_NOT) return (enum jz_tri)(JZ_TRUE - operand[0]);
    if (step->op == JZ_OP_ALL || step->op == JZ_OP_ANY || step->op == JZ_OP_AT_LEAST)
        return count_in(step, operand);
    if (step->op == JZ_OP_FIRED || step->op == JZ_OP_LEVEL) return rule_in(box, step);
    return JZ_MAYBE;
}

/* What the criterion is wherever the box holds. */
static enum jz_tri criterion_in(const struct jz_program *p, const struct box *box, struct jz_span span) {
    enum jz_tri stack[JZ_STACK_MAX + 1u] = {JZ_TRUE};
    uint32_t depth = 0;
    for (uint32_t i = 0; i < span.count; i++) {
        const struct jz_step *step = &p->step[span.first + i];
        depth -= jz_operands(step);
        stack[depth] = step_in(box, step, &stack[depth]);
        depth++;
    }
    return stack[0];
}

enum jz_tri jz_criterion_at(const struct jz_program *p, uint32_t field, int32_t value, struct jz_span span) {
    struct box box = {.count = 1, .fact = {{field, value, value, PRESENT}}};
    return criterion_in(p, &box, span);
}

static bool same_steps(const struct jz_program *p, struct jz_span a, struct jz_span b) {
    return a.count == b.count &&
           memcmp(&p->step[a.first], &p->step[b.first], a.count * sizeof p->step[0]) == 0;
}

static void check_row(struct reach *r, const struct box *applies, uint32_t i) {
    struct jz_program *p = r->l->program;
    const struct jz_row *row = &p->row[r->rule->rows.first + i];
    struct jz_place place = r->l->row_at[r->rule->rows.first + i];
    struct box box = look(r, row->when)->yes;
    if (r->l->y->refused) return;
    intersect(&box, applies);
    if (box.impossible)
        jz_refuse_at(r->l, place, "cannot be true where the rule applies; correct one of them");
    if (r->rule->info.kind == JZ_KIND_SCORE) return;
    for (uint32_t k = 0; k < i; k++) {
        struct jz_span earlier = p->row[r->rule->rows.first + k].when;
        if (same_steps(p, earlier, row->when) || criterion_in(p, &box, earlier) == JZ_TRUE)
            jz_refuse_at(r->l, place,
                         "cannot be reached: wherever it holds, an earlier level does; put it first");
    }
}

static void check_items(struct reach *r) {
    const struct jz_program *p = r->l->program;
    for (uint32_t i = 0; i < r->rule->items.count; i++) {
        const struct jz_item *item = &p->item[r->rule->items.first + i];
        if (item->kind == JZ_ITEM_CRITERION) look(r, item->value);
        for (uint32_t c = 0; c < item->cases.count; c++) look(r, p->table[item->cases.first + c].when);
    }
}

void jz_check_reach(struct jz_loader *l, const struct jz_rule *rule) {
    struct reach *r = calloc(1, sizeof *r);
    if (!r) {
        jz_yaml_no_memory(l->y);
        return;
    }
    r->l = l;
    r->rule = rule;
    struct box applies = look(r, rule->applies)->yes;
    check_items(r);
    for (uint32_t i = 0; i < rule->rows.count && !l->y->refused; i++) check_row(r, &applies, i);
    free(r);
}
