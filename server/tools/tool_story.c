/* SPDX-License-Identifier: Apache-2.0 */
#include "tool_story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"
#include "jingzhu/field.h"
#include "tool_value.h"

#define DAY_MS INT64_C(86400000)
#define NOON_MS INT64_C(14400000) /* 12:00 in Shanghai */
#define ANY_DAY 19675             /* shifting all times changes nothing */
#define WORD_BYTES 96u

struct telling {
    const struct jz_program *program;
    struct jz_story *story;
    jz_story_each each;
    void *context;
    int64_t zero_ms, now_s;
};

/* --- values as tests write them ------------------------------------------------------------------------- */

/* "policy.repeat_after", "policy.repeat_after + 1" or "- 1". */
static bool policy_value(const struct telling *t, const char *text, int64_t *value) {
    size_t n = strcspn(text, " ");
    if (strncmp(text, "policy.", 7) != 0) return false;
    for (uint32_t i = 0; i < jz_program_policy_count(t->program); i++) {
        const struct jz_policy_info *p = jz_program_policy(t->program, i);
        if (strlen(p->name) + 7 != n || strncmp(p->name, text + 7, n - 7) != 0) continue;
        bool more = strstr(text + n, "+") != NULL, less = strstr(text + n, "-") != NULL;
        *value = p->value + more - less;
        return true;
    }
    return false;
}

static bool field_value(const struct telling *t, uint32_t field, const char *text, int64_t *value) {
    int32_t word;
    if (policy_value(t, text, value) || jz_yaml_parse_number(text, value)) return true;
    if (jz_value_kind(field) == JZ_VALUE_EVENT) return *value = 1, strcmp(text, "yes") == 0;
    if (jz_value_kind(field) == JZ_VALUE_DATE) return jz_value_date(text, value);
    if (!jz_field_word(field, text, &word)) return false;
    *value = word;
    return true;
}

static int64_t seconds(const struct telling *t, struct fy_node *node) {
    char word[WORD_BYTES];
    int64_t s = 0;
    jz_doc_word(node, word, sizeof word);
    if (!policy_value(t, word, &s) && !jz_value_minutes(word, &s)) jz_yaml_parse_number(word, &s);
    return s;
}

/* --- one case ------------------------------------------------------------------------------------------- */

static void add(struct telling *t, const char *name, const char *text, int64_t at_s) {
    struct jz_story *s = t->story;
    uint32_t field = jz_field_by_name(name);
    int64_t value;
    if (field == JZ_FIELD_UNKNOWN || s->count == JZ_STORY_READINGS_MAX ||
        !field_value(t, field, text, &value))
        return;
    s->reading[s->count++] = (struct jz_reading){.taken_ms = t->zero_ms + at_s * 1000,
                                                 .value = (int32_t)value,
                                                 .validity = JZ_VALID,
                                                 .field = (uint16_t)field};
}

static void add_map(struct telling *t, struct fy_node *map, int64_t at_s) {
    void *at = NULL;
    char name[WORD_BYTES], text[WORD_BYTES];
    if (!jz_yaml_is_map(map)) return;
    for (struct fy_node_pair *pair; (pair = fy_node_mapping_iterate(map, &at));)
        add(t, jz_doc_word(fy_node_pair_key(pair), name, sizeof name),
            jz_doc_word(fy_node_pair_value(pair), text, sizeof text), at_s);
}

static void begin(struct telling *t, struct fy_node *test) {
    char word[WORD_BYTES];
    int64_t day = ANY_DAY;
    struct fy_node *readings = jz_yaml_get(test, "readings"), *set, *now = jz_yaml_get(test, "now");
    void *at = NULL;
    jz_value_date(jz_doc_word(jz_yaml_get(test, "date"), word, sizeof word), &day);
    t->zero_ms = day * DAY_MS + NOON_MS;
    t->now_s = 0;
    t->story->count = 0;
    t->story->value[0] = 0;
    jz_doc_word(jz_yaml_get(test, "id"), t->story->test, sizeof t->story->test);
    add_map(t, jz_yaml_get(test, "given"), 0);
    while (jz_yaml_is_list(readings) && (set = fy_node_sequence_iterate(readings, &at))) {
        int64_t at_s = seconds(t, jz_yaml_get(set, "at"));
        if (at_s > t->now_s) t->now_s = at_s;
        add_map(t, set, at_s);
    }
    if (now) t->now_s = seconds(t, now);
    t->story->now_ms = t->zero_ms + t->now_s * 1000;
}

/* One case a value of the field that varies. */
static void vary(struct telling *t, struct fy_node *test, struct fy_node *values) {
    char name[WORD_BYTES];
    void *at = NULL;
    jz_doc_word(jz_yaml_get(test, "vary"), name, sizeof name);
    for (struct fy_node_pair *pair; (pair = fy_node_mapping_iterate(values, &at));) {
        begin(t, test);
        jz_doc_word(fy_node_pair_key(pair), t->story->value, sizeof t->story->value);
        add(t, name, t->story->value, t->now_s);
        t->each(t->context, t->story);
    }
}

static void one_test(struct telling *t, struct fy_node *test) {
    struct fy_node *points = jz_yaml_get(test, "points"), *levels = jz_yaml_get(test, "levels");
    if (jz_yaml_is_map(points)) vary(t, test, points);
    if (jz_yaml_is_map(levels)) vary(t, test, levels);
    if (jz_yaml_get(test, "vary")) return;
    begin(t, test);
    t->each(t->context, t->story);
}

static void tests_of(struct telling *t, struct fy_node *rules) {
    void *at = NULL;
    for (struct fy_node *rule; jz_yaml_is_list(rules) && (rule = fy_node_sequence_iterate(rules, &at));) {
        struct fy_node *tests = jz_yaml_get(rule, "tests"), *test;
        void *within = NULL;
        jz_doc_word(jz_yaml_get(rule, "id"), t->story->rule, sizeof t->story->rule);
        while (jz_yaml_is_list(tests) && (test = fy_node_sequence_iterate(tests, &within))) one_test(t, test);
        tests_of(t, jz_yaml_get(rule, "targets")); /* a pathway; once, targets have none */
    }
}

bool jz_stories(const struct jz_tool_packs *packs, jz_story_each each, void *context) {
    struct jz_yaml y;
    struct jz_pack_error error;
    struct jz_story *story = calloc(1, sizeof *story);
    struct telling t = {.program = packs->program, .story = story, .each = each, .context = context};
    bool read = story != NULL;
    for (uint32_t i = 0; read && i < packs->count; i++) {
        read = jz_yaml_open(&y, &packs->source[i], packs->source[i].bytes, &error) != NULL;
        story->pack = packs->name[i];
        if (read) tests_of(&t, jz_yaml_get(y.root, "rules"));
        if (read) tests_of(&t, jz_yaml_get(y.root, "pathways"));
        if (!read) jz_tool_complain(&error, y.status);
        jz_yaml_close(&y);
    }
    free(story);
    return read;
}

void jz_story_tell(const struct jz_story *story, const struct jz_program *program, struct jz_chart *chart) {
    struct jz_rule_set all = {{0}};
    memset(chart, 0, sizeof *chart);
    for (uint32_t i = 0; i < story->count; i++) /* a full chart leaves the rest out, in every program alike */
        if (jz_chart_observe(program, chart, story->reading[i].field, story->reading[i], &all) != JZ_OK)
            break;
    for (uint32_t i = 0; i < jz_program_rule_count(program); i++) jz_rule_set_add(&all, i);
    (void)jz_chart_update(program, chart, all, story->now_ms);
}
