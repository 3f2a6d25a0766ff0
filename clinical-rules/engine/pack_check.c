/* SPDX-License-Identifier: Apache-2.0 */
/* What the levels of a rule must be together: every total has exactly one, and urgency descends. */
#include <stdio.h>
#include <string.h>

#include "loader.h"

/* --- totals ------------------------------------------------------------------------------------------------------ */

/* Points an item can add: by points + JZ_POINTS_MAX. */
struct choices {
    bool can[2 * JZ_POINTS_MAX + 1];
};

static void add_bands(const struct jz_program *p, struct jz_span bands, struct choices *out) {
    for (uint32_t b = 0; b < bands.count; b++) {
        const struct jz_band *band = &p->band[bands.first + b];
        for (int32_t points = band->lo; points <= band->hi; points++) out->can[points + JZ_POINTS_MAX] = true;
    }
}

static void list_choices(const struct jz_program *p, const struct jz_item *item, struct choices *out) {
    memset(out, 0, sizeof *out);
    if (item->kind == JZ_ITEM_CRITERION)
        out->can[JZ_POINTS_MAX] = out->can[item->points + JZ_POINTS_MAX] = true;
    for (uint32_t c = 0; c < item->cases.count; c++) add_bands(p, p->table[item->cases.first + c].bands, out);
}

static void add_choices(const struct choices *choices, const struct jz_totals *from, struct jz_totals *to) {
    memset(to->can, 0, sizeof to->can);
    to->least = JZ_TOTAL_MAX;
    to->most = -JZ_TOTAL_MAX;
    for (int32_t points = -JZ_POINTS_MAX; points <= JZ_POINTS_MAX; points++) {
        if (!choices->can[points + JZ_POINTS_MAX]) continue;
        for (int32_t total = from->least; total <= from->most; total++)
            if (from->can[total + JZ_TOTAL_MAX]) to->can[total + points + JZ_TOTAL_MAX] = true;
        if (from->least + points < to->least) to->least = from->least + points;
        if (from->most + points > to->most) to->most = from->most + points;
    }
}

void jz_list_totals(const struct jz_program *p, const struct jz_rule *rule, struct jz_totals *out) {
    struct jz_totals before;
    struct choices choices;
    memset(out, 0, sizeof *out);
    out->can[JZ_TOTAL_MAX] = true;
    for (uint32_t i = 0; i < rule->items.count; i++) {
        before = *out;
        list_choices(p, &p->item[rule->items.first + i], &choices);
        add_choices(&choices, &before, out);
    }
}

bool jz_can_total(const struct jz_totals *totals, int64_t lo, int64_t hi) {
    if (lo < totals->least) lo = totals->least;
    if (hi > totals->most) hi = totals->most;
    for (int64_t total = lo; total <= hi; total++)
        if (totals->can[total + JZ_TOTAL_MAX]) return true;
    return false;
}

int32_t jz_most_points(const struct jz_program *p, const struct jz_rule *rule) {
    int32_t most = 0;
    struct choices choices;
    for (uint32_t i = 0; i < rule->items.count; i++) {
        list_choices(p, &p->item[rule->items.first + i], &choices);
        for (int32_t points = most + 1; points <= JZ_POINTS_MAX; points++)
            if (choices.can[points + JZ_POINTS_MAX]) most = points;
    }
    return most;
}

int32_t jz_least_points(const struct jz_program *p, const struct jz_rule *rule, uint32_t item) {
    struct choices choices;
    int32_t points = -JZ_POINTS_MAX;
    list_choices(p, &p->item[rule->items.first + item], &choices);
    while (points < JZ_POINTS_MAX && !choices.can[points + JZ_POINTS_MAX]) points++;
    return points;
}

/* --- rows of a score ----------------------------------------------------------------------------------------------- */

struct rows {
    struct jz_loader *l;
    struct fy_node *levels;
    const struct jz_row *row;
    uint32_t count;
    struct jz_totals totals;
};

static struct fy_node *node_of(const struct rows *r, uint32_t i) {
    return jz_yaml_get(jz_yaml_at(r->levels, (int)i), "score");
}

/* A plain row decides by its total alone; the others refine a later one. */
static bool is_plain(const struct jz_row *row) {
    return !row->item_min && !row->when.count;
}

static void check_limits(const struct rows *r, uint32_t i) {
    const struct jz_row *row = &r->row[i];
    struct jz_yaml *y = r->l->y;
    if (row->score_hi != INT32_MAX && row->score_hi > r->totals.most)
        jz_yaml_refuse(y, node_of(r, i), "more than can be reached: end this level at %d, or leave it open",
                       r->totals.most);
    if (row->score_lo != INT32_MIN && row->score_lo != 0 && row->score_lo < r->totals.least)
        jz_yaml_refuse(y, node_of(r, i), "less than can be reached: begin this level at %d, or leave it open",
                       r->totals.least);
    if (!jz_can_total(&r->totals, row->score_lo, row->score_hi))
        jz_yaml_refuse(y, node_of(r, i),
                       "no total here can be reached; remove the level or correct its range");
}

static void check_overlap(const struct rows *r, uint32_t i) {
    const struct jz_row *row = &r->row[i];
    for (uint32_t k = 0; k < i; k++) {
        const struct jz_row *before = &r->row[k];
        bool apart = row->score_lo > before->score_hi || row->score_hi < before->score_lo;
        if (apart || !is_plain(before)) continue;
        bool below = row->score_lo < before->score_lo;
        jz_yaml_refuse(r->l->y, node_of(r, i), "an overlap with an earlier level: %s this one at %lld",
                       below ? "end" : "begin",
                       below ? (long long)before->score_lo - 1 : (long long)before->score_hi + 1);
    }
}

/* Whether something of a refining row is left by the plain ones before it. */
static bool is_left(const struct rows *r, uint32_t i) {
    const struct jz_row *row = &r->row[i];
    for (int32_t total = r->totals.least; total <= r->totals.most; total++) {
        bool free =
            total >= row->score_lo && total <= row->score_hi && jz_can_total(&r->totals, total, total);
        for (uint32_t k = 0; free && k < i; k++)
            free = !is_plain(&r->row[k]) || total < r->row[k].score_lo || total > r->row[k].score_hi;
        if (free) return true;
    }
    return false;
}

static const struct jz_row *plain_at(const struct rows *r, int64_t total) {
    for (uint32_t i = 0; i < r->count; i++)
        if (is_plain(&r->row[i]) && total >= r->row[i].score_lo && total <= r->row[i].score_hi)
            return &r->row[i];
    return NULL;
}

/* The level that stands next to the gap: the least above it, else the last below. */
static struct fy_node *beside(const struct rows *r, int64_t total) {
    uint32_t best = UINT32_MAX;
    for (uint32_t i = 0; i < r->count; i++)
        if (is_plain(&r->row[i]) && r->row[i].score_lo > total &&
            (best == UINT32_MAX || r->row[i].score_lo < r->row[best].score_lo))
            best = i;
    for (uint32_t i = 0; best == UINT32_MAX && i < r->count; i++)
        if (is_plain(&r->row[i]) && r->row[i].score_hi == total - 1) best = i;
    return best == UINT32_MAX ? r->levels : node_of(r, best);
}

static void check_gaps(const struct rows *r) {
    int64_t total = r->totals.least;
    while (total <= r->totals.most) {
        const struct jz_row *row = plain_at(r, total);
        if (!row) {
            jz_yaml_refuse(r->l->y, beside(r, total),
                           "a gap: a total of %lld has no level; extend this level to it", (long long)total);
            return;
        }
        total = (int64_t)row->score_hi + 1;
    }
}

void jz_check_score_rows(struct jz_loader *l, struct fy_node *levels, const struct jz_rule *rule) {
    struct rows r = {
        .l = l, .levels = levels, .row = &l->program->row[rule->rows.first], .count = rule->rows.count};
    int32_t most_points = jz_most_points(l->program, rule);
    jz_list_totals(l->program, rule, &r.totals);
    for (uint32_t i = 0; i < r.count && !l->y->refused; i++) {
        check_limits(&r, i);
        if (is_plain(&r.row[i])) check_overlap(&r, i);
        if (r.row[i].item_min > most_points)
            jz_yaml_refuse(l->y, node_of(&r, i), "no item can have %d points; correct 'any_item'",
                           r.row[i].item_min);
        if (!is_left(&r, i))
            jz_yaml_refuse(l->y, node_of(&r, i), "cannot be reached: earlier levels take all its totals");
    }
    if (!l->y->refused) check_gaps(&r);
}

/* First match wins, so a less urgent row before a more urgent one would hide it. No priority is the least. */
void jz_check_order(struct jz_loader *l, struct fy_node *levels, const struct jz_rule *rule) {
    uint32_t before = 0;
    for (uint32_t i = 0; i < rule->rows.count; i++) {
        uint32_t priority = l->program->level[rule->rows.first + i].priority;
        if (!priority) priority = 6;
        if (priority < before)
            jz_yaml_refuse(l->y, jz_yaml_at(levels, (int)i),
                           "more urgent than the level before it; put it first");
        before = priority;
    }
}
