/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions: what a hospital must have for them, and how soon treatment should begin. */
#include <stdio.h>
#include <string.h>

#include "loader.h"
#include "pack_words.h"

static void load_keys(struct jz_loader *l, struct fy_node *list, const char **out, uint8_t *count) {
    if (!jz_yaml_is_list(list)) jz_yaml_refuse(l->y, list, "expected a list of capability keys: [a, b]");
    int entries = jz_yaml_count(l->y, list);
    if (entries > 8) jz_yaml_refuse(l->y, list, "more than 8 capabilities; keep those that decide");
    for (int i = 0; i < entries && !l->y->refused; i++) {
        struct fy_node *node = jz_yaml_at(list, i);
        jz_load_id(l, node, &out[i]);
        if (!l->y->refused && !jz_word_is_capability(out[i]))
            jz_yaml_refuse(l->y, node,
                           "'%s' is no key of the hospital directory; list it under not_in_directory",
                           out[i]);
        *count = (uint8_t)(i + 1);
    }
}

/* Needs that the directory cannot express: not used by the ranking, but kept in sight with their reason. */
static void check_not_in_directory(struct jz_loader *l, struct fy_node *list) {
    static const char *const keys[] = {"capability", "reason", NULL};
    const char *text;
    if (!list) return;
    if (!jz_yaml_is_list(list))
        jz_yaml_refuse(l->y, list, "'not_in_directory' is a list; begin each with '- '");
    int count = jz_yaml_count(l->y, list);
    for (int i = 0; i < count && !l->y->refused; i++) {
        jz_yaml_only(l->y, jz_yaml_at(list, i), keys);
        jz_load_required_text(l, jz_yaml_at(list, i), "capability", &text);
        jz_load_required_text(l, jz_yaml_at(list, i), "reason", &text);
    }
}

static uint32_t seconds(struct jz_loader *l, struct fy_node *map, const char *key) {
    struct fy_node *node = jz_yaml_need(l->y, map, key);
    char word[16] = "";
    jz_yaml_word(l->y, node, word, sizeof word);
    return strcmp(word, "0") == 0 ? 0 : jz_yaml_duration(l->y, node);
}

static void load_goal(struct jz_loader *l, struct fy_node *map, struct jz_condition_info *condition) {
    struct fy_node *milestone = jz_yaml_get(map, "goal_milestone");
    condition->goal_s = seconds(l, map, "goal");
    condition->door_s = seconds(l, map, "door");
    condition->goal_milestone = "";
    if (milestone) jz_load_id(l, milestone, &condition->goal_milestone);
    if (l->y->refused) return;
    if (milestone && !jz_word_is_milestone(condition->goal_milestone))
        jz_yaml_refuse(l->y, milestone, "'%s' is no milestone; use wire, needle, delivery ...",
                       condition->goal_milestone);
    if (!milestone == (condition->goal_s != 0))
        jz_yaml_refuse(l->y, milestone ? milestone : map,
                       "a goal and its milestone belong together; give both or neither");
}

void jz_load_condition(struct jz_loader *l, struct fy_node *map) {
    static const char *const keys[] = {"id",     "title", "source", "mark",           "must",
                                       "prefer", "goal",  "door",   "goal_milestone", "not_in_directory",
                                       NULL};
    struct jz_program *p = l->program;
    jz_yaml_only(l->y, map, keys);
    if (p->condition_count == JZ_CONDITIONS_MAX)
        jz_yaml_refuse(l->y, map, "more than %u conditions in all packs", JZ_CONDITIONS_MAX);
    if (l->y->refused) return;
    struct jz_condition_info *condition = &p->condition[p->condition_count];
    struct fy_node *id = jz_yaml_need(l->y, map, "id");
    const char *mark;
    jz_load_id(l, id, &condition->id);
    for (uint32_t i = 0; i < p->condition_count && !l->y->refused; i++)
        if (strcmp(p->condition[i].id, condition->id) == 0)
            jz_yaml_refuse(l->y, id, "condition '%s' exists already; give each its own id", condition->id);
    jz_load_title(l, map, "title", &condition->title_zh, &condition->title_en);
    jz_load_required_text(l, map, "source", &condition->source);
    jz_load_mark(l, map, &mark);
    load_keys(l, jz_yaml_need(l->y, map, "must"), condition->must, &condition->must_count);
    load_keys(l, jz_yaml_need(l->y, map, "prefer"), condition->prefer, &condition->prefer_count);
    load_goal(l, map, condition);
    check_not_in_directory(l, jz_yaml_get(map, "not_in_directory"));
    p->condition_count++;
}

uint64_t jz_load_conditions_of(struct jz_loader *l, struct fy_node *list) {
    char word[JZ_NAME_MAX];
    uint64_t bits = 0;
    if (!jz_yaml_is_list(list)) jz_yaml_refuse(l->y, list, "'conditions' is a list: [R01]");
    int count = jz_yaml_count(l->y, list);
    for (int i = 0; i < count && !l->y->refused; i++) {
        struct fy_node *node = jz_yaml_at(list, i);
        uint32_t found = 0;
        if (!jz_yaml_word(l->y, node, word, sizeof word)) break;
        while (found < l->program->condition_count && strcmp(l->program->condition[found].id, word) != 0)
            found++;
        if (found == l->program->condition_count)
            jz_yaml_refuse(l->y, node, "condition '%s' is in no routing pack; correct it or add it there",
                           word);
        else
            bits |= 1ull << found;
    }
    return bits;
}
