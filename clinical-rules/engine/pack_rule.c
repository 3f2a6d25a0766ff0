/* SPDX-License-Identifier: Apache-2.0 */
/* One rule, in two passes: its head and levels, which other rules may name, then its expressions. */
#include <stdio.h>
#include <string.h>

#include "loader.h"

/* --- heads: what can be named -------------------------------------------------------------------------------- */

struct jz_rule *jz_new_rule(struct jz_loader *l, struct fy_node *map, struct fy_node *pathway) {
    struct jz_program *p = l->program;
    if (p->rule_count == JZ_RULES_MAX)
        jz_yaml_refuse(l->y, map, "more than %u rules in all packs", JZ_RULES_MAX);
    if (l->y->refused) return NULL;
    l->rule[p->rule_count] = (struct jz_rule_at){map, pathway, (uint8_t)(l->at - l->pack)};
    struct jz_rule *rule = &p->rule[p->rule_count];
    rule->info.pathway = JZ_PATHWAY_NONE;
    rule->info.pack = l->at->id;
    rule->info.input = rule->input;
    rule->info.fresh_ms = rule->fresh_ms;
    rule->rows.first = (uint16_t)p->row_count;
    return rule;
}

void jz_load_rule_id(struct jz_loader *l, struct fy_node *map, const char **out) {
    struct fy_node *id = jz_yaml_need(l->y, map, "id");
    jz_load_id(l, id, out);
    for (uint32_t i = 0; i < l->program->rule_count && !l->y->refused; i++)
        if (strcmp(l->program->rule[i].info.id, *out) == 0)
            jz_yaml_refuse(l->y, id, "rule '%s' exists already; give each rule its own id", *out);
}

void jz_load_sign_off(struct jz_loader *l, struct fy_node *map, struct jz_rule_info *info) {
    static const char *const keys[] = {"by", "date", NULL};
    struct fy_node *node = jz_yaml_need(l->y, map, "sign_off");
    jz_yaml_only(l->y, node, keys);
    jz_load_text(l, jz_yaml_need(l->y, node, "by"), &info->signed_by);
    jz_load_text(l, jz_yaml_need(l->y, node, "date"), &info->signed_date);
    info->signed_off = *info->signed_by && *info->signed_date;
    if (!l->y->refused && !*info->signed_by != !*info->signed_date)
        jz_yaml_refuse(l->y, node, "a signature needs both 'by' and 'date'");
}

static void load_population(struct jz_loader *l, struct fy_node *map, struct jz_rule_info *info) {
    const char *population[4];
    memcpy(population, l->at->population, sizeof population);
    jz_load_population(l, map, population);
    info->for_zh = population[0];
    info->for_en = population[1];
    info->not_for_zh = population[2];
    info->not_for_en = population[3];
}

static void load_head(struct jz_loader *l, struct fy_node *map, struct jz_rule_info *info) {
    jz_load_rule_id(l, map, &info->id);
    jz_load_id(l, jz_yaml_need(l->y, map, "version"), &info->version);
    jz_load_title(l, map, "title", &info->title_zh, &info->title_en);
    jz_load_required_text(l, map, "source", &info->source);
    jz_load_mark(l, map, &info->mark);
    jz_load_sign_off(l, map, info);
    jz_load_enabled(l, map, info);
    load_population(l, map, info);
    info->kind = jz_yaml_get(map, "score") ? JZ_KIND_SCORE : JZ_KIND_CRITERIA;
}

struct jz_level_info *jz_new_row(struct jz_loader *l, struct fy_node *map) {
    struct jz_program *p = l->program;
    if (p->row_count == JZ_ROWS_MAX)
        jz_yaml_refuse(l->y, map, "more than %u levels; split the packs", JZ_ROWS_MAX);
    if (l->y->refused) return NULL;
    l->row_at[p->row_count] = jz_place(l, map);
    p->row[p->row_count] = (struct jz_row){.score_lo = INT32_MIN, .score_hi = INT32_MAX};
    return &p->level[p->row_count++];
}

void jz_load_priority(struct jz_loader *l, struct fy_node *map, uint8_t *out) {
    struct fy_node *priority = jz_yaml_get(map, "priority");
    if (priority) *out = (uint8_t)jz_yaml_number(l->y, priority, "priority", 1, 5);
}

static void load_level_head(struct jz_loader *l, struct fy_node *map, const struct jz_rule *rule) {
    static const char *const keys[] = {"id",     "when",   "score",    "any_item", "rule_out",
                                       "title",  "action", "priority", "alarm",    "conditions",
                                       "source", "mark",   NULL};
    jz_yaml_only(l->y, map, keys);
    struct jz_level_info *level = jz_new_row(l, map);
    if (!level) return;
    struct fy_node *id = jz_yaml_need(l->y, map, "id"), *alarm = jz_yaml_get(map, "alarm");
    struct fy_node *conditions = jz_yaml_get(map, "conditions"), *rule_out = jz_yaml_get(map, "rule_out");
    jz_load_id(l, id, &level->id);
    for (uint32_t i = rule->rows.first; i + 1 < l->program->row_count && !l->y->refused; i++)
        if (strcmp(l->program->level[i].id, level->id) == 0)
            jz_yaml_refuse(l->y, id, "level '%s' exists already; give each level its own id", level->id);
    if (!l->y->refused && strcmp(level->id, "none") == 0)
        jz_yaml_refuse(l->y, id, "'none' means no level; rename it");
    int64_t number;
    if (!l->y->refused && jz_yaml_parse_number(level->id, &number))
        jz_yaml_refuse(l->y, id, "'%s' reads as a score; begin the level's id with a letter", level->id);
    jz_load_title(l, map, "title", &level->title_zh, &level->title_en);
    jz_load_title_or_none(l, map, "action", &level->action_zh, &level->action_en);
    jz_load_text_or(l, map, "source", rule->info.source, &level->source);
    jz_load_mark_or(l, map, rule->info.mark, &level->mark);
    jz_load_priority(l, map, &level->priority);
    if (alarm) level->alarm = jz_yaml_bool(l->y, alarm);
    if (rule_out) level->rule_out = jz_yaml_bool(l->y, rule_out);
    if (conditions) level->conditions = jz_load_conditions_of(l, conditions);
    l->program->row[l->program->row_count - 1].rule_out = level->rule_out;
}

static void load_level_heads(struct jz_loader *l, struct fy_node *map, struct jz_rule *rule) {
    struct fy_node *levels = jz_yaml_need(l->y, map, "levels");
    if (levels && !jz_yaml_is_list(levels))
        jz_yaml_refuse(l->y, levels, "'levels' is a list; begin each with '- '");
    int count = jz_yaml_count(l->y, levels);
    if (!count) jz_yaml_refuse(l->y, map, "the rule has no level; add one");
    if (count > (int)JZ_LEVELS_MAX)
        jz_yaml_refuse(l->y, levels, "more than %u levels; split the rule", JZ_LEVELS_MAX);
    for (int i = 0; i < count && !l->y->refused; i++) load_level_head(l, jz_yaml_at(levels, i), rule);
    rule->rows.count = (uint16_t)(l->program->row_count - rule->rows.first);
    rule->info.level_count = (uint8_t)rule->rows.count;
}

void jz_load_rule_head(struct jz_loader *l, struct fy_node *map) {
    static const char *const keys[] = {"id",       "version",    "title",   "source", "mark",
                                       "sign_off", "population", "enabled", "why",    "applies",
                                       "score",    "levels",     "tests",   NULL};
    jz_yaml_only(l->y, map, keys);
    struct jz_rule *rule = jz_new_rule(l, map, NULL);
    if (!rule) return;
    load_head(l, map, &rule->info);
    load_level_heads(l, map, rule);
    if (!l->y->refused) l->program->rule_count++;
}

/* --- bodies ---------------------------------------------------------------------------------------------------- */

void jz_load_applies(struct jz_loader *l, struct fy_node *map, struct jz_rule *rule) {
    static const char *const keys[] = {"when", "unknown", "source", "mark", NULL};
    char word[16];
    const char *mark;
    struct fy_node *applies = jz_yaml_get(map, "applies");
    if (!applies) return;
    jz_yaml_only(l->y, applies, keys);
    jz_load_mark(l, applies, &mark);
    struct fy_node *when = jz_yaml_need(l->y, applies, "when"),
                   *unknown = jz_yaml_need(l->y, applies, "unknown");
    if (!jz_yaml_word(l->y, unknown, word, sizeof word)) return;
    if (strcmp(word, "evaluate") != 0 && strcmp(word, "ask") != 0)
        jz_yaml_refuse(l->y, unknown, "'%s' is neither evaluate nor ask; say what happens when it is unknown",
                       word);
    rule->withhold = strcmp(word, "ask") == 0;
    rule->applies = jz_load_expr(l, when);
}

static void load_score_range(struct jz_loader *l, struct fy_node *map, struct jz_row *row) {
    char word[32];
    const char *from, *to;
    int64_t lo = INT32_MIN, hi = INT32_MAX;
    struct fy_node *node = jz_yaml_need(l->y, map, "score"), *item = jz_yaml_get(map, "any_item");
    if (!jz_yaml_word(l->y, node, word, sizeof word)) return;
    jz_split_range(word, &from, &to);
    bool read = (!*from || jz_yaml_parse_number(from, &lo)) && (!*to || jz_yaml_parse_number(to, &hi));
    if (!read || hi < lo || lo < INT32_MIN || hi > INT32_MAX)
        jz_yaml_refuse(l->y, node, "'score' is a range such as 5..6, 7.. or ..4; correct it");
    row->score_lo = (int32_t)lo;
    row->score_hi = (int32_t)hi;
    if (item) row->item_min = (int16_t)jz_yaml_number(l->y, item, "any_item", 1, JZ_POINTS_MAX);
}

static void load_row(struct jz_loader *l, struct fy_node *map, struct jz_row *row, bool score) {
    struct fy_node *when = jz_yaml_get(map, "when");
    if (score) {
        load_score_range(l, map, row);
        if (when) row->when = jz_load_expr(l, when);
        return;
    }
    row->when = jz_load_expr(l, jz_yaml_need(l->y, map, "when"));
    struct fy_node *other = jz_yaml_get(map, "score");
    if (!other) other = jz_yaml_get(map, "any_item");
    if (other) jz_yaml_refuse(l->y, other, "the rule is no score, its levels take 'when'; remove this");
}

static void load_rows(struct jz_loader *l, struct fy_node *levels, struct jz_rule *rule) {
    for (uint32_t i = 0; i < rule->rows.count && !l->y->refused; i++)
        load_row(l, jz_yaml_at(levels, (int)i), &l->program->row[rule->rows.first + i],
                 rule->info.kind == JZ_KIND_SCORE);
}

/* The inputs in the pack's order, which is the chart's order. */
static void list_inputs(struct jz_loader *l, struct fy_node *map, struct jz_rule *rule) {
    for (uint32_t i = 0; i < l->chart_count && !l->y->refused; i++) {
        const struct jz_input *input = l->chart[i];
        if (!jz_fields_has(l->fields, input->field)) continue;
        if (rule->info.input_count == JZ_INPUTS_MAX) {
            jz_yaml_refuse(l->y, map, "the rule reads more than %u fields; split it", JZ_INPUTS_MAX);
            return;
        }
        rule->input[rule->info.input_count] = input->field;
        rule->fresh_ms[rule->info.input_count++] = input->fresh_ms;
    }
}

static uint8_t bit_of(const struct jz_rule *rule, uint32_t field) {
    uint8_t bit = 0;
    while (bit < rule->info.input_count && rule->input[bit] != field) bit++;
    return bit;
}

/* Now that the inputs have their bits. Steps from `first` on are the rule's own. */
static void number_inputs(struct jz_program *p, struct jz_rule *rule, uint32_t first) {
    for (uint32_t i = first; i < p->step_count; i++) {
        struct jz_step *step = &p->step[i];
        if (jz_step_reads_field(step)) step->input = bit_of(rule, step->field);
        if (step->op == JZ_OP_FROM_TO) step->hi = bit_of(rule, (uint32_t)step->lo);
    }
    for (uint32_t i = 0; i < rule->items.count; i++) {
        struct jz_item *item = &p->item[rule->items.first + i];
        if (item->kind == JZ_ITEM_FIELD) item->input = bit_of(rule, item->field);
    }
}

static void check_rule(struct jz_loader *l, struct fy_node *map, const struct jz_rule *rule) {
    struct fy_node *levels = jz_yaml_get(map, "levels");
    if (rule->info.kind == JZ_KIND_SCORE) jz_check_score_rows(l, levels, rule);
    jz_check_order(l, levels, rule);
    if (!l->y->refused) jz_check_reach(l, rule);
}

static void check_tests(struct jz_loader *l, struct fy_node *map) {
    struct fy_node *tests = jz_yaml_need(l->y, map, "tests");
    if (!jz_yaml_is_list(tests)) jz_yaml_refuse(l->y, tests, "'tests' is a list; begin each with '- '");
    if (!jz_yaml_count(l->y, tests))
        jz_yaml_refuse(l->y, tests, "the rule has no test; add one on both sides of every bound");
}

void jz_load_rule_body(struct jz_loader *l, uint32_t index) {
    struct jz_rule *rule = &l->program->rule[index];
    const struct jz_rule_at *at = &l->rule[index];
    uint32_t first = l->program->step_count;
    memset(l->fields, 0, sizeof l->fields);
    if (at->pathway) {
        jz_load_target_body(l, rule, at);
    } else {
        jz_load_applies(l, at->map, rule);
        jz_load_items(l, at->map, rule);
        load_rows(l, jz_yaml_get(at->map, "levels"), rule);
    }
    list_inputs(l, at->map, rule);
    if (l->y->refused) return;
    number_inputs(l->program, rule, first);
    check_rule(l, at->map, rule);
    check_tests(l, at->map);
}
