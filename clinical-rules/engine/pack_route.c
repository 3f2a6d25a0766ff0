/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions: what a hospital must have for them, whom it is told to, and how soon treatment should begin. */
#include <stdio.h>
#include <string.h>

#include "jingzhu/frame.h"
#include "loader.h"
#include "pack_words.h"

/* --- capability keys ---------------------------------------------------------------------------------------------- */

static void load_key(struct jz_loader *l, struct fy_node *node, const char **out) {
    jz_load_id(l, node, out);
    if (!l->y->refused && !jz_word_is_capability(*out))
        jz_yaml_refuse(l->y, node, "'%s' is no key of the hospital directory; list it under not_in_directory",
                       *out);
}

static int count_keys(struct jz_loader *l, struct fy_node *list, int most) {
    if (!jz_yaml_is_list(list)) jz_yaml_refuse(l->y, list, "expected a list of capability keys: [a, b]");
    int entries = jz_yaml_count(l->y, list);
    if (entries > most) jz_yaml_refuse(l->y, list, "more than %d capabilities; keep those that decide", most);
    return l->y->refused ? 0 : entries;
}

static void load_keys(struct jz_loader *l, struct fy_node *list, const char **out, uint8_t *count) {
    int entries = count_keys(l, list, JZ_MUSTS_MAX);
    for (int i = 0; i < entries && !l->y->refused; i++) {
        load_key(l, jz_yaml_at(list, i), &out[i]);
        *count = (uint8_t)(i + 1);
    }
}

static void load_alternatives(struct jz_loader *l, struct fy_node *list, struct jz_alternatives *out) {
    int entries = jz_yaml_count(l->y, list);
    if (entries < 2 || entries > (int)JZ_ALTERNATIVES_MAX)
        jz_yaml_refuse(l->y, list,
                       "alternatives are 2 to %u keys, of which one is enough; write a single key without []",
                       JZ_ALTERNATIVES_MAX);
    for (int i = 0; i < entries && !l->y->refused; i++) {
        struct fy_node *node = jz_yaml_at(list, i);
        load_key(l, node, &out->key[i]);
        for (int before = 0; before < i && !l->y->refused; before++)
            if (strcmp(out->key[before], out->key[i]) == 0)
                jz_yaml_refuse(l->y, node, "'%s' is its own alternative; name it once", out->key[i]);
        out->count = (uint8_t)(i + 1);
    }
}

/* Entries are keys, or lists of keys of which one is enough. */
static void load_musts(struct jz_loader *l, struct fy_node *list, int most, struct jz_alternatives *out,
                       uint8_t *count) {
    int entries = count_keys(l, list, most);
    for (int i = 0; i < entries && !l->y->refused; i++) {
        struct fy_node *node = jz_yaml_at(list, i);
        if (jz_yaml_is_list(node)) {
            load_alternatives(l, node, &out[i]);
        } else {
            load_key(l, node, &out[i].key[0]);
            out[i].count = 1;
        }
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

/* --- words -------------------------------------------------------------------------------------------------------- */

/* By enum jz_service and enum jz_team; a service of no name is none. */
static const char *const services[JZ_SERVICE_COUNT + 1] = {"",    "ed",   "cath_lab", "theatre", "obstetrics",
                                                           "icu", "nicu", "blood",    NULL};
static const char *const teams[JZ_TEAM_COUNT + 1] = {"ed", "cath_lab", "obstetrics", "nicu", "blood", NULL};
static const char *const door_kinds[] = {"", "wire", "needle", "delivery", "ct", NULL};
static const char *const fallbacks[] = {"", "nearest", "stabilise", "lysis", "team", NULL};

/* Index of a word, or 0 and a refusal with the words that are meant. */
static uint32_t load_word(struct jz_loader *l, struct fy_node *node, const char *what,
                          const char *const *words) {
    char word[JZ_NAME_MAX], known[96] = "";
    size_t used = 0;
    if (!jz_yaml_word(l->y, node, word, sizeof word)) return 0;
    for (uint32_t i = 0; words[i]; i++) {
        if (*word && strcmp(words[i], word) == 0) return i;
        if (*words[i])
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "", words[i]);
    }
    jz_yaml_refuse(l->y, node, "'%.20s' is no %s; use %s", word, what, known);
    return 0;
}

/* Absent: none. */
static uint16_t load_bits(struct jz_loader *l, struct fy_node *map, const char *key, const char *what,
                          const char *const *words) {
    struct fy_node *list = jz_yaml_get(map, key);
    uint32_t bits = 0;
    if (!list) return 0;
    if (!jz_yaml_is_list(list)) jz_yaml_refuse(l->y, list, "'%s' is a list: [ed]", key);
    int count = jz_yaml_count(l->y, list);
    for (int i = 0; i < count && !l->y->refused; i++) {
        uint32_t bit = 1u << load_word(l, jz_yaml_at(list, i), what, words);
        if (!l->y->refused && (bits & bit))
            jz_yaml_refuse(l->y, jz_yaml_at(list, i), "this %s is named twice; name it once", what);
        bits |= bit;
    }
    return (uint16_t)bits;
}

static bool load_yes(struct jz_loader *l, struct fy_node *map, const char *key) {
    struct fy_node *node = jz_yaml_get(map, key);
    return node && jz_yaml_bool(l->y, node);
}

/* --- times and ways out ------------------------------------------------------------------------------------------- */

static uint32_t seconds(struct jz_loader *l, struct fy_node *map, const char *key) {
    struct fy_node *node = jz_yaml_need(l->y, map, key);
    char word[16] = "";
    jz_yaml_word(l->y, node, word, sizeof word);
    return strcmp(word, "0") == 0 ? 0 : jz_yaml_duration(l->y, node);
}

static void load_goal(struct jz_loader *l, struct fy_node *map, struct jz_condition_info *condition) {
    struct fy_node *milestone = jz_yaml_get(map, "goal_milestone"), *door_to = jz_yaml_get(map, "door_to");
    condition->goal_s = seconds(l, map, "goal");
    condition->door_s = seconds(l, map, "door");
    condition->goal_milestone = "";
    if (milestone) jz_load_id(l, milestone, &condition->goal_milestone);
    if (door_to) condition->door_kind = (uint8_t)load_word(l, door_to, "treatment", door_kinds);
    if (l->y->refused) return;
    if (milestone && !jz_word_is_milestone(condition->goal_milestone))
        jz_yaml_refuse(l->y, milestone, "'%s' is no milestone; use wire, needle, delivery ...",
                       condition->goal_milestone);
    if (!milestone == (condition->goal_s != 0))
        jz_yaml_refuse(l->y, milestone ? milestone : map,
                       "a goal and its milestone belong together; give both or neither");
    if (door_to && condition->door_s == 0)
        jz_yaml_refuse(l->y, door_to, "a record of door times replaces a planned one; give 'door' too");
}

static void load_fallback(struct jz_loader *l, struct fy_node *map, struct jz_condition_info *condition) {
    static const char *const keys[] = {"kind", "must", NULL};
    struct fy_node *fallback = jz_yaml_get(map, "fallback");
    if (!fallback) return;
    jz_yaml_only(l->y, fallback, keys);
    condition->fallback = (uint8_t)load_word(l, jz_yaml_need(l->y, fallback, "kind"), "way out", fallbacks);
    load_musts(l, jz_yaml_need(l->y, fallback, "must"), JZ_FALLBACK_MUSTS_MAX, condition->fallback_must,
               &condition->fallback_must_count);
}

/* Absent: whatever it costs. "no": none may be passed. */
static void load_bypass(struct jz_loader *l, struct fy_node *map, struct jz_condition_info *condition) {
    struct fy_node *bypass = jz_yaml_get(map, "bypass");
    char word[16] = "";
    if (!bypass || !jz_yaml_word(l->y, bypass, word, sizeof word)) return;
    condition->bypass_limited = true;
    if (strcmp(word, "no") != 0) condition->bypass_s = jz_yaml_duration(l->y, bypass);
    if (!l->y->refused && !condition->fallback)
        jz_yaml_refuse(l->y, bypass, "where it may not be passed is the fallback; give 'fallback' too");
}

static void load_destination(struct jz_loader *l, struct fy_node *map, struct jz_condition_info *condition) {
    condition->services = load_bits(l, map, "services", "service", services);
    condition->teams = load_bits(l, map, "teams", "team", teams);
    condition->nearest = load_yes(l, map, "nearest");
    condition->fetal = load_yes(l, map, "fetal");
    load_fallback(l, map, condition);
    load_bypass(l, map, condition);
    if (condition->nearest && condition->must_count && !l->y->refused)
        jz_yaml_refuse(l->y, jz_yaml_get(map, "nearest"),
                       "the nearest emergency department needs nothing else; leave 'must' empty");
}

void jz_load_condition(struct jz_loader *l, struct fy_node *map) {
    static const char *const keys[] = {
        "id",       "title",    "source",         "mark",     "must",   "prefer",
        "replaces", "services", "teams",          "nearest",  "fetal",  "goal",
        "door",     "door_to",  "goal_milestone", "fallback", "bypass", "not_in_directory",
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
    load_musts(l, jz_yaml_need(l->y, map, "must"), JZ_MUSTS_MAX, condition->must, &condition->must_count);
    load_keys(l, jz_yaml_need(l->y, map, "prefer"), condition->prefer, &condition->prefer_count);
    load_goal(l, map, condition);
    load_destination(l, map, condition);
    check_not_in_directory(l, jz_yaml_get(map, "not_in_directory"));
    p->condition_count++;
}

/* --- conditions that name conditions ------------------------------------------------------------------------------- */

static uint32_t condition_by_id(const struct jz_program *p, const char *id) {
    uint32_t found = 0;
    while (found < p->condition_count && strcmp(p->condition[found].id, id) != 0) found++;
    return found;
}

static uint64_t load_ids(struct jz_loader *l, struct fy_node *list, const char *key) {
    char word[JZ_NAME_MAX];
    uint64_t bits = 0;
    if (!jz_yaml_is_list(list)) jz_yaml_refuse(l->y, list, "'%s' is a list: [R01]", key);
    int count = jz_yaml_count(l->y, list);
    for (int i = 0; i < count && !l->y->refused; i++) {
        struct fy_node *node = jz_yaml_at(list, i);
        if (!jz_yaml_word(l->y, node, word, sizeof word)) break;
        uint32_t found = condition_by_id(l->program, word);
        if (found == l->program->condition_count)
            jz_yaml_refuse(l->y, node, "condition '%s' is in no routing pack; correct it or add it there",
                           word);
        else
            bits |= 1ull << found;
    }
    return bits;
}

uint64_t jz_load_conditions_of(struct jz_loader *l, struct fy_node *list) {
    return load_ids(l, list, "conditions");
}

/* Everything that `from` replaces, and what that replaces in turn: each round adds at least one, or ends. */
static bool replaces_itself(const struct jz_program *p, uint32_t from) {
    uint64_t reached = p->condition[from].replaces, before = 0;
    while (reached != before) {
        before = reached;
        for (uint32_t i = 0; i < p->condition_count; i++)
            if (before >> i & 1u) reached |= p->condition[i].replaces;
    }
    return reached >> from & 1u;
}

void jz_load_replaces(struct jz_loader *l, struct fy_node *map) {
    char id[JZ_NAME_MAX];
    struct fy_node *list = jz_yaml_get(map, "replaces");
    if (!list || !jz_yaml_word(l->y, jz_yaml_get(map, "id"), id, sizeof id)) return;
    uint32_t at = condition_by_id(l->program, id);
    l->program->condition[at].replaces = load_ids(l, list, "replaces");
    if (!l->y->refused && replaces_itself(l->program, at))
        jz_yaml_refuse(l->y, list,
                       "condition '%s' replaces itself, so that nothing would be asked for; break the circle",
                       id);
}
