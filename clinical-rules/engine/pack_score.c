/* SPDX-License-Identifier: Apache-2.0 */
/* The items of a score: bands over a field or a number, and criteria with points. */
#include <stdio.h>
#include <string.h>

#include "loader.h"

/* What bands are over: a field, or a number of the pack. */
struct scale {
    const struct jz_field *def; /* NULL: a number */
    uint32_t field;
};

/* "8", "9..11", "..8", "25.."; an end left open is the type's end. Words of an enumeration stand alone. */
bool jz_split_range(char *word, const char **from, const char **to) {
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
    jz_split_range(word, &from, &to);
    if (!jz_yaml_parse_number(from, &lo) || !jz_yaml_parse_number(to, &hi) || lo < -JZ_POINTS_MAX ||
        hi > JZ_POINTS_MAX || lo > hi)
        jz_yaml_refuse(l->y, node, "points are -%d..%d or a range such as 0..3; correct them", JZ_POINTS_MAX,
                       JZ_POINTS_MAX);
    band->lo = (int16_t)lo;
    band->hi = (int16_t)hi;
}

static int32_t bound(struct jz_loader *l, struct fy_node *key, const char *word, const struct scale *scale,
                     int32_t open) {
    int64_t number;
    if (!*word) return open;
    if (scale->def) return jz_load_value(l, key, word, scale->field);
    if (jz_yaml_parse_number(word, &number) && number < INT32_MAX && number > INT32_MIN)
        return (int32_t)number;
    jz_yaml_refuse(l->y, key, "'%.30s' is no whole number; write bands such as 9..11", word);
    return open;
}

/* `next` is where this band has to begin: bands ascend without gap or overlap. */
static int64_t load_band(struct jz_loader *l, struct jz_yaml_pair pair, const struct scale *scale,
                         int64_t next) {
    struct jz_program *p = l->program;
    char word[2 * JZ_NAME_MAX];
    const char *from, *to;
    if (!jz_yaml_word(l->y, pair.key, word, sizeof word)) return next;
    bool range = jz_split_range(word, &from, &to);
    int32_t lo = bound(l, pair.key, from, scale, INT32_MIN);
    int32_t hi = range ? bound(l, pair.key, to, scale, INT32_MAX) : lo;
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
    l->band_at[p->band_count] = jz_place(l, pair.key);
    struct jz_band *band = &p->band[p->band_count++];
    band->to = hi;
    load_points(l, pair.value, band);
    return (int64_t)hi + 1;
}

/* Bands of words cover the enumeration from its least value; bands of numbers are open at both ends. */
static struct jz_span load_bands(struct jz_loader *l, struct fy_node *map, const struct scale *scale) {
    struct jz_span span = {(uint16_t)l->program->band_count, 0, 0};
    bool words = scale->def && *scale->def->words;
    int64_t next = words ? scale->def->min : INT32_MIN;
    if (map && !jz_yaml_is_map(map)) jz_yaml_refuse(l->y, map, "bands are a map: {..8: 3, 9..11: 1}");
    int count = jz_yaml_count(l->y, map);
    for (int i = 0; i < count && !l->y->refused; i++)
        next = load_band(l, jz_yaml_pair_at(map, i), scale, next);
    if (l->y->refused) return span;
    span.count = (uint16_t)(l->program->band_count - span.first);
    if (!count || next <= (words ? (int64_t)scale->def->max : INT32_MAX))
        jz_yaml_refuse(l->y, map, "a gap: %lld and above has no band; leave the last one open, as in 25..",
                       (long long)next);
    else
        l->program->band[l->program->band_count - 1].to = INT32_MAX;
    return span;
}

static struct jz_case *new_case(struct jz_loader *l, struct fy_node *map) {
    struct jz_program *p = l->program;
    if (p->case_count == JZ_CASES_MAX)
        jz_yaml_refuse(l->y, map, "more than %u tables; split the packs", JZ_CASES_MAX);
    return l->y->refused ? NULL : &p->table[p->case_count++];
}

static void load_case(struct jz_loader *l, struct fy_node *map, const struct scale *scale, bool last) {
    static const char *const keys[] = {"when", "bands", "source", "mark", NULL};
    const char *mark;
    jz_yaml_only(l->y, map, keys);
    jz_load_mark(l, map, &mark);
    struct fy_node *when = jz_yaml_get(map, "when");
    if (last && when)
        jz_yaml_refuse(l->y, when, "the last table must hold in every other case; remove its 'when'");
    if (!last && !when) jz_yaml_refuse(l->y, map, "no table after this one can be reached; give it a 'when'");
    struct jz_case *table = new_case(l, map);
    if (!table) return;
    table->when = when ? jz_load_expr(l, when) : (struct jz_span){0, 0, 0};
    table->bands = load_bands(l, jz_yaml_need(l->y, map, "bands"), scale);
}

static void load_only_case(struct jz_loader *l, struct fy_node *map, const struct scale *scale) {
    struct jz_case *table = new_case(l, map);
    if (!table) return;
    table->when = (struct jz_span){0, 0, 0};
    table->bands = load_bands(l, jz_yaml_need(l->y, map, "bands"), scale);
}

static void load_cases(struct jz_loader *l, struct fy_node *map, const struct scale *scale,
                       struct jz_item *item) {
    struct fy_node *cases = jz_yaml_get(map, "cases");
    item->cases.first = (uint16_t)l->program->case_count;
    if (cases && jz_yaml_get(map, "bands")) jz_yaml_refuse(l->y, map, "both 'bands' and 'cases'; keep one");
    if (cases && !jz_yaml_is_list(cases))
        jz_yaml_refuse(l->y, cases, "'cases' is a list; begin each with '- '");
    int count = cases ? jz_yaml_count(l->y, cases) : 0;
    for (int i = 0; i < count && !l->y->refused; i++)
        load_case(l, jz_yaml_at(cases, i), scale, i + 1 == count);
    if (cases && !count) jz_yaml_refuse(l->y, map, "no case; add one");
    if (!cases) load_only_case(l, map, scale);
    item->cases.count = (uint16_t)(l->program->case_count - item->cases.first);
}

/* --- kinds of items -------------------------------------------------------------------------------------------- */

static void load_field_item(struct jz_loader *l, struct fy_node *map, struct jz_item *item,
                            struct jz_item_info *info) {
    static const char *const keys[] = {"field", "bands", "cases", "title", "source", "mark", NULL};
    struct fy_node *node = jz_yaml_get(map, "field");
    char name[JZ_NAME_MAX];
    jz_yaml_only(l->y, map, keys);
    if (!jz_yaml_word(l->y, node, name, sizeof name)) return;
    struct jz_input *input = jz_find_input(l, name);
    if (!input)
        jz_yaml_refuse(l->y, node, "'%s' is no input of this pack; declare it with its unit", name);
    else if (jz_field_at(input->field)->kind == 'e')
        jz_yaml_refuse(l->y, node, "'%s' is an event and has no value; give points to a criterion on it",
                       name);
    else if (input->has_absent)
        jz_yaml_refuse(l->y, node,
                       "'%s' means something when absent; write 'value: %s' instead of 'field', with a title",
                       name, name);
    if (l->y->refused || !input) return;
    input->used = true;
    jz_fields_add(l->fields, input->field);
    item->kind = JZ_ITEM_FIELD;
    item->field = info->field = input->field;
    struct scale scale = {jz_field_at(input->field), input->field};
    if (!*info->title_zh) info->title_zh = scale.def->zh;
    if (!*info->title_en) info->title_en = scale.def->en;
    load_cases(l, map, &scale, item);
}

/* A named number brings its title along. */
static void title_of_number(struct jz_loader *l, struct fy_node *node, struct jz_item_info *info) {
    char name[JZ_SENTENCE_MAX];
    struct jz_pack *pack;
    if (*info->title_zh || jz_yaml_is_map(node) || !jz_yaml_word(l->y, node, name, sizeof name)) return;
    const struct jz_define *define = jz_find_define(l, node, name, &pack);
    if (define) info->title_zh = define->title_zh;
    if (define) info->title_en = define->title_en;
}

static void need_title(struct jz_loader *l, struct fy_node *map, const struct jz_item_info *info) {
    if (!l->y->refused && !*info->title_zh) jz_yaml_refuse(l->y, map, "'title' is missing; add it");
}

static void load_value_item(struct jz_loader *l, struct fy_node *map, struct jz_item *item,
                            struct jz_item_info *info) {
    static const char *const keys[] = {"value", "bands", "title", "source", "mark", NULL};
    struct fy_node *node = jz_yaml_get(map, "value");
    const struct scale scale = {NULL, 0};
    jz_yaml_only(l->y, map, keys);
    title_of_number(l, node, info);
    need_title(l, map, info);
    item->kind = JZ_ITEM_VALUE;
    item->value = jz_load_number(l, node);
    load_cases(l, map, &scale, item);
}

static void load_criterion_item(struct jz_loader *l, struct fy_node *map, struct jz_item *item,
                                struct jz_item_info *info) {
    static const char *const keys[] = {"when", "points", "title", "source", "mark", NULL};
    struct fy_node *points = jz_yaml_need(l->y, map, "points");
    jz_yaml_only(l->y, map, keys);
    need_title(l, map, info);
    item->kind = JZ_ITEM_CRITERION;
    item->points = (int16_t)jz_yaml_number(l->y, points, "points", -JZ_POINTS_MAX, JZ_POINTS_MAX);
    if (!l->y->refused && !item->points)
        jz_yaml_refuse(l->y, points, "0 points change nothing; remove the item");
    item->value = jz_load_expr(l, jz_yaml_get(map, "when"));
}

static void load_item(struct jz_loader *l, struct fy_node *map) {
    static const struct {
        const char *key;
        void (*load)(struct jz_loader *, struct fy_node *, struct jz_item *, struct jz_item_info *);
    } kinds[] = {{"field", load_field_item}, {"value", load_value_item}, {"when", load_criterion_item}};
    struct jz_program *p = l->program;
    uint32_t kind = 0;
    while (kind < 3 && !jz_yaml_get(map, kinds[kind].key)) kind++;
    if (kind == 3)
        jz_yaml_refuse(l->y, map, "an item has a 'field', a 'value' or a 'when'; name what gives points");
    if (p->item_count == JZ_ITEMS_MAX)
        jz_yaml_refuse(l->y, map, "more than %u items; split the packs", JZ_ITEMS_MAX);
    if (l->y->refused) return;
    struct jz_item_info *info = &p->item_info[p->item_count];
    l->item_at[p->item_count] = jz_place(l, map);
    struct jz_item *item = &p->item[p->item_count++];
    *item = (struct jz_item){.field = JZ_FIELD_NONE};
    info->field = JZ_FIELD_NONE;
    jz_load_title_or_none(l, map, "title", &info->title_zh, &info->title_en);
    jz_load_mark(l, map, &info->mark);
    kinds[kind].load(l, map, item, info);
}

void jz_load_items(struct jz_loader *l, struct fy_node *map, struct jz_rule *rule) {
    struct fy_node *items = jz_yaml_get(map, "score");
    rule->items.first = (uint16_t)l->program->item_count;
    if (!items) return;
    if (!jz_yaml_is_list(items))
        jz_yaml_refuse(l->y, items, "'score' is a list of items; begin each with '- '");
    int count = jz_yaml_count(l->y, items);
    if (!count) jz_yaml_refuse(l->y, map, "the score has no item; add one");
    if (count > (int)JZ_ITEMS_PER_RULE_MAX)
        jz_yaml_refuse(l->y, items, "more than %u items in a score; split it", JZ_ITEMS_PER_RULE_MAX);
    for (int i = 0; i < count && !l->y->refused; i++) load_item(l, jz_yaml_at(items, i));
    rule->items.count = (uint16_t)(l->program->item_count - rule->items.first);
    rule->info.item_count = (uint8_t)rule->items.count;
}
