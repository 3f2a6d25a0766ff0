/* SPDX-License-Identifier: Apache-2.0 */
/* What a rule must be as a whole: levels that cover every total, urgency in order, tests at every bound. */
#include <stdio.h>

#include "loader.h"

static int32_t best_total(const struct jz_program *p, const struct jz_rule *rule) {
    int32_t total = 0;
    for (uint32_t i = 0; i < rule->items.count; i++) {
        const struct jz_item *item = &p->item[rule->items.first + i];
        int32_t most = 0;
        for (uint32_t c = 0; c < item->cases.count; c++) {
            struct jz_span bands = p->table[item->cases.first + c].bands;
            for (uint32_t b = 0; b < bands.count; b++)
                if (p->band[bands.first + b].hi > most) most = p->band[bands.first + b].hi;
        }
        total += most;
    }
    return total;
}

/* Levels stand most urgent first, so totals descend; rows with `any_item` refine what a later row covers. */
void jz_check_score_rows(struct jz_loader *l, struct fy_node *at, const struct jz_rule *rule) {
    const struct jz_program *p = l->program;
    int64_t next = best_total(p, rule);
    for (uint32_t i = 0; i < rule->rows.count; i++) {
        const struct jz_row *row = &p->row[rule->rows.first + i];
        struct fy_node *node = jz_yaml_get(jz_yaml_at(at, (int)i), "score");
        if (row->score_hi > next)
            jz_yaml_refuse(l->y, node, "an overlap, or more than can be reached: end this level at %lld",
                           (long long)next);
        if (row->item_min) continue;
        if (row->score_hi < next)
            jz_yaml_refuse(l->y, node, "a gap: a total of %lld has no level; end this level there",
                           (long long)next);
        next = (int64_t)row->score_lo - 1;
    }
    if (next >= 0)
        jz_yaml_refuse(l->y, at, "a gap: a total of %lld has no level; let the last one begin at 0",
                       (long long)next);
}

/* First match wins, so a less urgent row before a more urgent one would hide it. No priority is the least. */
void jz_check_order(struct jz_loader *l, struct fy_node *at, const struct jz_rule *rule) {
    uint32_t before = 0;
    for (uint32_t i = 0; i < rule->rows.count; i++) {
        uint32_t priority = l->program->row[rule->rows.first + i].priority;
        if (!priority) priority = 6;
        if (priority < before)
            jz_yaml_refuse(l->y, jz_yaml_at(at, (int)i),
                           "more urgent than the level before it; put it first");
        before = priority;
    }
}

struct cover {
    struct jz_loader *l;
    struct fy_node *at;
    const struct jz_seen *seen;
    uint32_t count;
};

static const char *seen_name(uint32_t field) {
    if (field == JZ_SEEN_TIME) return "time (s)";
    return field == JZ_SEEN_SCORE ? "expected lo" : jz_field_at(field)->name;
}

static void wants(const struct cover *c, uint32_t field, int64_t value) {
    for (uint32_t i = 0; i < c->count; i++)
        if (c->seen[i].field == field && c->seen[i].value == value) return;
    jz_yaml_refuse(c->l->y, c->at, "no test with %s %lld, a bound of this rule; add one", seen_name(field),
                   (long long)value);
}

static void both_sides(const struct cover *c, uint32_t field, int64_t first_inside) {
    wants(c, field, first_inside - 1);
    wants(c, field, first_inside);
}

static void cover_step(const struct cover *c, const struct jz_step *step) {
    if (step->op == JZ_OP_REPEATED) both_sides(c, JZ_SEEN_TIME, c->l->program->temporal[step->index].apart_s);
    if (step->op == JZ_OP_PENDING && step->lo) both_sides(c, JZ_SEEN_TIME, step->lo);
    if (step->op > JZ_OP_RANGE_YES) return;
    const struct jz_field *def = jz_field_at(step->field);
    if (step->lo > def->min) both_sides(c, step->field, step->lo);
    if (step->hi < def->max) both_sides(c, step->field, (int64_t)step->hi + 1);
}

static void cover_expr(const struct cover *c, struct jz_span span) {
    const struct jz_program *p = c->l->program;
    for (uint32_t i = 0; i < span.count; i++) {
        const struct jz_step *step = &p->step[span.first + i];
        cover_step(c, step);
        if (step->op != JZ_OP_REPEATED && step->op != JZ_OP_PENDING) continue;
        struct jz_span inner = p->temporal[step->index].of;
        for (uint32_t k = 0; k < inner.count; k++) cover_step(c, &p->step[inner.first + k]);
    }
}

static void cover_item(const struct cover *c, const struct jz_item *item) {
    const struct jz_program *p = c->l->program;
    for (uint32_t i = 0; i < item->cases.count; i++) {
        const struct jz_case *table = &p->table[item->cases.first + i];
        cover_expr(c, table->when);
        for (uint32_t b = 0; b + 1 < table->bands.count; b++)
            both_sides(c, item->field, (int64_t)p->band[table->bands.first + b].to + 1);
    }
}

void jz_check_coverage(struct jz_loader *l, struct fy_node *at, const struct jz_rule *rule,
                       const struct jz_seen *seen, uint32_t count) {
    struct cover c = {l, at, seen, count};
    const struct jz_program *p = l->program;
    cover_expr(&c, rule->applies);
    for (uint32_t i = 0; i < rule->items.count; i++) cover_item(&c, &p->item[rule->items.first + i]);
    for (uint32_t i = 0; i < rule->rows.count; i++) {
        const struct jz_row *row = &p->row[rule->rows.first + i];
        cover_expr(&c, row->when);
        if (rule->kind == JZ_KIND_SCORE && row->score_lo > 0) both_sides(&c, JZ_SEEN_SCORE, row->score_lo);
    }
}
