/* SPDX-License-Identifier: Apache-2.0 */
/* One rule: head, applicability, items of a score or rows of criteria, levels. */
#include <stdio.h>
#include <string.h>

#include "loader.h"

/* "8", "9..11", "..8", "25.."; an end left open is the type's end. Words of an enumeration stand alone. */
static bool split_range(char *word, const char **from, const char **to) {
    char *dots = strstr(word, "..");
    *from = word;
    *to = word;
    if (!dots) return false;
    *dots = 0;
    *to = dots + 2;
    return true;
}

static void load_points(struct jz_loader *l, struct fy_node *node, struct jz_band *band) {
    char word[16];
    const char *from, *to;
    int64_t lo = 0, hi = 0;
    if (!jz_yaml_word(l->y, node, word, sizeof word)) return;
    split_range(word, &from, &to);
    if (!jz_yaml_parse_number(from, &lo) || !jz_yaml_parse_number(to, &hi) || lo < 0 || hi > JZ_POINTS_MAX ||
        lo > hi)
        jz_yaml_refuse(l->y, node, "points are 0..%d or a range such as 0..3; correct them", JZ_POINTS_MAX);
    band->lo = (uint8_t)lo;
    band->hi = (uint8_t)hi;
}

static int32_t bound(struct jz_loader *l, struct fy_node *key, const char *word, uint32_t field,
                     int32_t open) {
    return *word ? jz_load_value(l, key, word, field) : open;
}

/* `next` is where this band has to begin: bands ascend without gap or overlap. */
static int64_t load_band(struct jz_loader *l, struct jz_yaml_pair pair, uint32_t field, int64_t next) {
    struct jz_program *p = l->program;
    char word[JZ_NAME_MAX];
    const char *from, *to;
    if (!jz_yaml_word(l->y, pair.key, word, sizeof word)) return next;
    bool range = split_range(word, &from, &to);
    int32_t lo = bound(l, pair.key, from, field, INT32_MIN);
    int32_t hi = range ? bound(l, pair.key, to, field, INT32_MAX) : lo;
    if (l->y->refused) return next;
    if (lo > next && next == INT32_MIN)
        jz_yaml_refuse(l->y, pair.key,
                       "a gap: values below %d have no band; leave the first one open, as in ..8", lo);
    if (lo > next)
        jz_yaml_refuse(l->y, pair.key, "a gap: %lld has no band; begin this one there", (long long)next);
    if (lo < next)
        jz_yaml_refuse(l->y, pair.key, "an overlap, or bands out of order: begin this one at %lld",
                       (long long)next);
    if (hi < lo) jz_yaml_refuse(l->y, pair.key, "the band ends before it begins; swap its bounds");
    if (p->band_count == JZ_BANDS_MAX)
        jz_yaml_refuse(l->y, pair.key, "more than %u bands; split the packs", JZ_BANDS_MAX);
    if (l->y->refused) return next;
    struct jz_band *band = &p->band[p->band_count++];
    band->to = hi;
    load_points(l, pair.value, band);
    return (int64_t)hi + 1;
}

/* Bands of words cover the enumeration from its least value; bands of numbers are open at both ends. */
static struct jz_span load_bands(struct jz_loader *l, struct fy_node *map, uint32_t field) {
    struct jz_span span = {(uint16_t)l->program->band_count, 0};
    const struct jz_field *def = jz_field_at(field);
    bool words = def->unit[0] == '{';
    int64_t next = words ? def->min : INT32_MIN;
    if (map && !jz_yaml_is_map(map)) jz_yaml_refuse(l->y, map, "bands are a map: {..8: 3, 9..11: 1}");
    int count = jz_yaml_count(l->y, map);
    for (int i = 0; i < count && !l->y->refused; i++)
        next = load_band(l, jz_yaml_pair_at(map, i), field, next);
    if (l->y->refused) return span;
    span.count = (uint16_t)(l->program->band_count - span.first);
    if (!count || next <= (words ? (int64_t)def->max : INT32_MAX))
        jz_yaml_refuse(l->y, map, "a gap: %lld and above has no band; leave the last one open, as in 25..",
                       (long long)next);
    else
        l->program->band[l->program->band_count - 1].to = INT32_MAX;
    return span;
}

static void load_case(struct jz_loader *l, struct fy_node *map, uint32_t field, bool last) {
    static const char *const keys[] = {"when", "bands", "source", "mark", NULL};
    struct jz_program *p = l->program;
    jz_yaml_only(l->y, map, keys);
    jz_load_mark(l, map);
    if (p->case_count == JZ_CASES_MAX)
        jz_yaml_refuse(l->y, map, "more than %u tables; split the packs", JZ_CASES_MAX);
    if (l->y->refused) return;
    struct fy_node *when = jz_yaml_get(map, "when");
    if (last && when)
        jz_yaml_refuse(l->y, when, "the last table must hold in every other case; remove its 'when'");
    if (!last && !when) jz_yaml_refuse(l->y, map, "no table after this one can be reached; give it a 'when'");
    struct jz_case *table = &p->table[p->case_count++];
    table->when = when ? jz_load_expr(l, when) : (struct jz_span){0, 0};
    table->bands = load_bands(l, jz_yaml_need(l->y, map, "bands"), field);
}

static void load_cases(struct jz_loader *l, struct fy_node *map, struct jz_item *item) {
    struct fy_node *cases = jz_yaml_get(map, "cases");
    item->cases.first = (uint16_t)l->program->case_count;
    if (cases && jz_yaml_get(map, "bands")) jz_yaml_refuse(l->y, map, "both 'bands' and 'cases'; keep one");
    if (cases && !jz_yaml_is_list(cases))
        jz_yaml_refuse(l->y, cases, "'cases' is a list; begin each with '- '");
    int count = cases ? jz_yaml_count(l->y, cases) : 0;
    for (int i = 0; i < count && !l->y->refused; i++)
        load_case(l, jz_yaml_at(cases, i), item->field, i + 1 == count);
    if (cases && !count) jz_yaml_refuse(l->y, map, "no case; add one");
    if (!cases && l->program->case_count == JZ_CASES_MAX)
        jz_yaml_refuse(l->y, map, "more than %u tables; split the packs", JZ_CASES_MAX);
    if (!cases && !l->y->refused) {
        struct jz_case *table = &l->program->table[l->program->case_count++];
        table->when = (struct jz_span){0, 0};
        table->bands = load_bands(l, jz_yaml_need(l->y, map, "bands"), item->field);
    }
    item->cases.count = (uint16_t)(l->program->case_count - item->cases.first);
}

static void load_item(struct jz_loader *l, struct fy_node *map) {
    static const char *const keys[] = {"field", "bands", "cases", "source", "mark", NULL};
    char name[JZ_NAME_MAX];
    struct jz_program *p = l->program;
    struct fy_node *node = jz_yaml_need(l->y, map, "field");
    jz_yaml_only(l->y, map, keys);
    jz_load_mark(l, map);
    if (!jz_yaml_word(l->y, node, name, sizeof name)) return;
    struct jz_input *input = jz_load_input(l, name);
    if (!input) jz_yaml_refuse(l->y, node, "'%s' is no input of this pack; declare it with its unit", name);
    if (p->item_count == JZ_ITEMS_MAX)
        jz_yaml_refuse(l->y, node, "more than %u items; split the packs", JZ_ITEMS_MAX);
    if (l->y->refused || !input) return;
    input->used = true;
    l->fields |= 1ull << input->field;
    struct jz_item *item = &p->item[p->item_count++];
    *item = (struct jz_item){.field = (uint8_t)input->field};
    load_cases(l, map, item);
}

static void load_score_range(struct jz_loader *l, struct fy_node *map, struct jz_row *row) {
    char word[32];
    const char *from, *to;
    int64_t lo = 0, hi = 0;
    struct fy_node *node = jz_yaml_need(l->y, map, "score"), *item = jz_yaml_get(map, "any_item");
    if (!jz_yaml_word(l->y, node, word, sizeof word)) return;
    split_range(word, &from, &to);
    if (!jz_yaml_parse_number(from, &lo) || !jz_yaml_parse_number(to, &hi) || lo < 0 || hi < lo ||
        hi > INT32_MAX)
        jz_yaml_refuse(l->y, node, "'score' is a range such as 5..6; correct it");
    row->score_lo = (int32_t)lo;
    row->score_hi = (int32_t)hi;
    if (item) row->item_min = (uint8_t)jz_yaml_number(l->y, item, "any_item", 1, JZ_POINTS_MAX);
}

static void load_level_words(struct jz_loader *l, struct fy_node *map, struct jz_level_info *level) {
    jz_load_id(l, jz_yaml_need(l->y, map, "id"), &level->id);
    jz_load_title(l, map, "title", &level->title_zh, &level->title_en);
    jz_load_title(l, map, "action", &level->action_zh, &level->action_en);
    jz_load_mark(l, map);
}

static void load_level(struct jz_loader *l, struct fy_node *map, bool score) {
    static const char *const keys[] = {"id",       "when",  "score",      "any_item", "title", "action",
                                       "priority", "alarm", "conditions", "source",   "mark",  NULL};
    struct jz_program *p = l->program;
    jz_yaml_only(l->y, map, keys);
    if (p->row_count == JZ_ROWS_MAX)
        jz_yaml_refuse(l->y, map, "more than %u levels; split the packs", JZ_ROWS_MAX);
    if (l->y->refused) return;
    struct jz_row *row = &p->row[p->row_count];
    memset(row, 0, sizeof *row);
    load_level_words(l, map, &p->level[p->row_count++]);
    struct fy_node *priority = jz_yaml_get(map, "priority"), *alarm = jz_yaml_get(map, "alarm");
    struct fy_node *conditions = jz_yaml_get(map, "conditions");
    if (priority) row->priority = (uint8_t)jz_yaml_number(l->y, priority, "priority", 1, 5);
    if (alarm) row->alarm = jz_yaml_bool(l->y, alarm);
    if (conditions) row->conditions = jz_load_conditions_of(l, conditions);
    if (score)
        load_score_range(l, map, row);
    else
        row->when = jz_load_expr(l, jz_yaml_need(l->y, map, "when"));
    struct fy_node *other = jz_yaml_get(map, score ? "when" : "score");
    if (other)
        jz_yaml_refuse(l->y, other, "levels of a score take 'score', those of criteria 'when'; remove this");
}

static void load_levels(struct jz_loader *l, struct fy_node *map, struct jz_rule *rule) {
    struct fy_node *levels = jz_yaml_need(l->y, map, "levels");
    if (levels && !jz_yaml_is_list(levels))
        jz_yaml_refuse(l->y, levels, "'levels' is a list; begin each with '- '");
    int count = jz_yaml_count(l->y, levels);
    rule->rows.first = (uint16_t)l->program->row_count;
    for (int i = 0; i < count && !l->y->refused; i++)
        load_level(l, jz_yaml_at(levels, i), rule->kind == JZ_KIND_SCORE);
    if (!count) jz_yaml_refuse(l->y, map, "the rule has no level; add one");
    rule->rows.count = (uint16_t)(l->program->row_count - rule->rows.first);
}

static void load_items(struct jz_loader *l, struct fy_node *map, struct jz_rule *rule) {
    struct fy_node *items = jz_yaml_get(map, "score");
    rule->kind = items ? JZ_KIND_SCORE : JZ_KIND_CRITERIA;
    rule->items.first = (uint16_t)l->program->item_count;
    if (items && !jz_yaml_is_list(items))
        jz_yaml_refuse(l->y, items, "'score' is a list of items; begin each with '- '");
    int count = items ? jz_yaml_count(l->y, items) : 0;
    for (int i = 0; i < count && !l->y->refused; i++) load_item(l, jz_yaml_at(items, i));
    if (items && !count) jz_yaml_refuse(l->y, map, "the score has no item; add one");
    rule->items.count = (uint16_t)(l->program->item_count - rule->items.first);
}

static void load_applies(struct jz_loader *l, struct fy_node *map, struct jz_rule *rule) {
    static const char *const keys[] = {"when", "unknown", "source", "mark", NULL};
    char word[16];
    struct fy_node *applies = jz_yaml_get(map, "applies");
    if (!applies) return;
    jz_yaml_only(l->y, applies, keys);
    jz_load_mark(l, applies);
    struct fy_node *when = jz_yaml_need(l->y, applies, "when"),
                   *unknown = jz_yaml_need(l->y, applies, "unknown");
    if (!jz_yaml_word(l->y, unknown, word, sizeof word)) return;
    if (strcmp(word, "evaluate") != 0 && strcmp(word, "ask") != 0)
        jz_yaml_refuse(l->y, unknown, "'%s' is neither evaluate nor ask; say what happens when it is unknown",
                       word);
    rule->withhold = strcmp(word, "ask") == 0;
    rule->applies = jz_load_expr(l, when);
}

static void load_sign_off(struct jz_loader *l, struct fy_node *map, struct jz_rule *rule) {
    static const char *const keys[] = {"by", "date", NULL};
    const char *by, *date;
    struct fy_node *node = jz_yaml_need(l->y, map, "sign_off");
    jz_yaml_only(l->y, node, keys);
    jz_load_text(l, jz_yaml_need(l->y, node, "by"), &by);
    jz_load_text(l, jz_yaml_need(l->y, node, "date"), &date);
    rule->info.signed_off = *by && *date;
    if (!l->y->refused && !*by != !*date)
        jz_yaml_refuse(l->y, node, "a signature needs both 'by' and 'date'");
}

static void load_head(struct jz_loader *l, struct fy_node *map, struct jz_rule *rule) {
    struct fy_node *id = jz_yaml_need(l->y, map, "id");
    jz_load_id(l, id, &rule->info.id);
    for (uint32_t i = 0; i < l->program->rule_count && !l->y->refused; i++)
        if (strcmp(l->program->rule[i].info.id, rule->info.id) == 0)
            jz_yaml_refuse(l->y, id, "rule '%s' exists already; give each rule its own id", rule->info.id);
    jz_load_id(l, jz_yaml_need(l->y, map, "version"), &rule->info.version);
    jz_load_title(l, map, "title", &rule->info.title_zh, &rule->info.title_en);
    jz_load_required_text(l, map, "source", &rule->info.source);
    jz_load_mark(l, map);
    load_sign_off(l, map, rule);
}

/* The inputs in the pack's order, which is the chart's order, and what to wake up when they change. */
static void list_inputs(struct jz_loader *l, struct fy_node *map, struct jz_rule *rule) {
    rule->fields = l->fields;
    for (uint32_t i = 0; i < l->input_count && !l->y->refused; i++) {
        const struct jz_input *input = &l->input[i];
        if (!(l->fields >> input->field & 1u)) continue;
        if (rule->info.input_count == JZ_INPUTS_MAX) {
            jz_yaml_refuse(l->y, map, "the rule reads more than %u fields; split it", JZ_INPUTS_MAX);
            return;
        }
        rule->input[rule->info.input_count] = input->field;
        rule->fresh_ms[rule->info.input_count++] = input->fresh_ms;
        l->program->rules_of[input->field] |= 1ull << l->program->rule_count;
    }
    rule->info.input = rule->input;
}

void jz_load_rule(struct jz_loader *l, struct fy_node *map) {
    static const char *const keys[] = {"id",      "version", "title",  "source", "mark", "sign_off",
                                       "applies", "score",   "levels", "tests",  NULL};
    struct jz_program *p = l->program;
    jz_yaml_only(l->y, map, keys);
    if (p->rule_count == JZ_RULES_MAX)
        jz_yaml_refuse(l->y, map, "more than %u rules in all packs", JZ_RULES_MAX);
    if (l->y->refused) return;
    struct jz_rule *rule = &p->rule[p->rule_count];
    l->fields = 0;
    load_head(l, map, rule);
    load_applies(l, map, rule);
    load_items(l, map, rule);
    load_levels(l, map, rule);
    list_inputs(l, map, rule);
    if (l->y->refused) return;
    if (rule->kind == JZ_KIND_SCORE) jz_check_score_rows(l, jz_yaml_get(map, "levels"), rule);
    jz_check_order(l, jz_yaml_get(map, "levels"), rule);
    struct fy_node *tests = jz_yaml_need(l->y, map, "tests");
    p->rule_count++; /* its tests may evaluate it now */
    jz_check_tests(l, tests, rule);
}
