/* SPDX-License-Identifier: Apache-2.0 */
/* The cases of a rule. Always read, so that none is malformed and every bound is met from both sides; run only
 * where a report is asked for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader.h"

#define BASE_MS INT64_C(1700000000000) /* any time will do: shifting all times changes nothing */
#define SEEN_MAX 2048u
#define NOT_SEEN INT64_MIN

struct run {
    struct jz_loader *l;
    const struct jz_rule *rule;
    uint32_t index;
    char id[JZ_NAME_MAX];
    int64_t first_s, now_s; /**< of the test at hand */
    struct jz_chart chart;
    struct jz_assessment result;
    uint32_t seen_count;
    struct jz_seen seen[SEEN_MAX];
};

static void saw(struct run *r, struct fy_node *at, uint32_t field, int64_t value) {
    if (r->seen_count == SEEN_MAX)
        jz_yaml_refuse(r->l->y, at, "more than %u values in the tests of a rule; keep those at bounds",
                       SEEN_MAX);
    else
        r->seen[r->seen_count++] = (struct jz_seen){field, (int32_t)value};
}

/* "15:00" is minutes and seconds. */
static int64_t clock_s(struct run *r, struct fy_node *node) {
    char word[16], *colon;
    int64_t minutes = 0, seconds = 0;
    if (!jz_yaml_word(r->l->y, node, word, sizeof word)) return 0;
    colon = strchr(word, ':');
    if (colon) *colon = 0;
    if (!colon || strlen(colon + 1) != 2 || strlen(word) > 5 || !jz_yaml_parse_number(word, &minutes) ||
        minutes < 0 || !jz_yaml_parse_number(colon + 1, &seconds) || seconds < 0 || seconds > 59)
        jz_yaml_refuse(r->l->y, node, "no time; write minutes and seconds, as in 15:00");
    return minutes * 60 + seconds;
}

static void take(struct run *r, struct fy_node *key, struct fy_node *value, int64_t at_s) {
    char name[JZ_NAME_MAX], word[JZ_NAME_MAX];
    if (!jz_yaml_word(r->l->y, key, name, sizeof name) || !jz_yaml_word(r->l->y, value, word, sizeof word))
        return;
    struct jz_input *input = jz_load_input(r->l, name);
    if (!input) {
        jz_yaml_refuse(r->l->y, key, "'%s' is no input of this pack; correct it", name);
        return;
    }
    int32_t number = jz_load_value(r->l, value, word, input->field);
    if (r->l->y->refused) return;
    saw(r, key, input->field, number);
    struct jz_reading reading = {.taken_ms = BASE_MS + at_s * 1000, .value = number, .validity = JZ_VALID};
    if (r->l->tests) (void)jz_chart_observe(r->l->program, &r->chart, input->field, reading);
}

static void given(struct run *r, struct fy_node *map) {
    if (map && !jz_yaml_is_map(map)) jz_yaml_refuse(r->l->y, map, "'given' is a map: {sbp: 120}");
    int count = map ? jz_yaml_count(r->l->y, map) : 0;
    for (int i = 0; i < count && !r->l->y->refused; i++) {
        struct jz_yaml_pair pair = jz_yaml_pair_at(map, i);
        take(r, pair.key, pair.value, 0);
    }
}

static void one_set(struct run *r, struct fy_node *map) {
    struct fy_node *at = jz_yaml_need(r->l->y, map, "at");
    int64_t at_s = clock_s(r, at);
    int count = jz_yaml_count(r->l->y, map);
    if (r->first_s == NOT_SEEN) r->first_s = at_s;
    if (at_s > r->now_s) r->now_s = at_s;
    saw(r, at, JZ_SEEN_TIME, at_s - r->first_s);
    for (int i = 0; i < count && !r->l->y->refused; i++) {
        struct jz_yaml_pair pair = jz_yaml_pair_at(map, i);
        if (pair.value != at) take(r, pair.key, pair.value, at_s);
    }
}

static void readings(struct run *r, struct fy_node *list) {
    if (list && !jz_yaml_is_list(list))
        jz_yaml_refuse(r->l->y, list, "'readings' is a list: - {at: 0:00, sbp: 160}");
    int count = list ? jz_yaml_count(r->l->y, list) : 0;
    for (int i = 0; i < count && !r->l->y->refused; i++) one_set(r, jz_yaml_at(list, i));
}

/* --- expectations: what the word means, and what the result has ------------------------------------------ */

struct expected {
    int64_t want, have;
};

static struct expected status_of(struct run *r, struct fy_node *node) {
    static const char *const words[] = {"unknown", "fired", "not_fired", "not_applicable", "cannot_evaluate"};
    char word[JZ_NAME_MAX];
    int64_t i = JZ_RULE_FIRED;
    if (!jz_yaml_word(r->l->y, node, word, sizeof word)) return (struct expected){0, 0};
    while (i <= JZ_RULE_CANNOT_EVALUATE && strcmp(words[i], word) != 0) i++;
    if (i > JZ_RULE_CANNOT_EVALUATE)
        jz_yaml_refuse(r->l->y, node,
                       "'%s' is no status; use fired, not_fired, not_applicable or cannot_evaluate", word);
    return (struct expected){i, r->result.status};
}

static struct expected lo_of(struct run *r, struct fy_node *node) {
    int64_t want = jz_yaml_number(r->l->y, node, "lo", 0, INT32_MAX);
    saw(r, node, JZ_SEEN_SCORE, want);
    return (struct expected){want, r->result.lo};
}

static struct expected hi_of(struct run *r, struct fy_node *node) {
    return (struct expected){jz_yaml_number(r->l->y, node, "hi", 0, INT32_MAX), r->result.hi};
}

static struct expected priority_of(struct run *r, struct fy_node *node) {
    return (struct expected){jz_yaml_number(r->l->y, node, "priority", 0, 5), r->result.priority};
}

static struct expected alarm_of(struct run *r, struct fy_node *node) {
    return (struct expected){jz_yaml_bool(r->l->y, node), r->result.alarm};
}

static struct expected complete_of(struct run *r, struct fy_node *node) {
    return (struct expected){jz_yaml_bool(r->l->y, node), r->result.complete};
}

static int64_t level_number(struct run *r, struct fy_node *node) {
    char word[JZ_NAME_MAX];
    const struct jz_level_info *level = &r->l->program->level[r->rule->rows.first];
    if (!jz_yaml_word(r->l->y, node, word, sizeof word) || strcmp(word, "none") == 0) return JZ_LEVEL_NONE;
    for (uint32_t i = 0; i < r->rule->rows.count; i++)
        if (strcmp(level[i].id, word) == 0) return i;
    jz_yaml_refuse(r->l->y, node, "'%s' is no level of this rule; correct it or write none", word);
    return JZ_LEVEL_NONE;
}

static struct expected level_of(struct run *r, struct fy_node *node) {
    return (struct expected){level_number(r, node), r->result.level};
}

static struct expected level_hi_of(struct run *r, struct fy_node *node) {
    return (struct expected){level_number(r, node), r->result.level_hi};
}

static struct expected conditions_of(struct run *r, struct fy_node *node) {
    return (struct expected){jz_load_conditions_of(r->l, node), r->result.conditions};
}

static int64_t field_number(struct run *r, struct fy_node *node) {
    char word[JZ_NAME_MAX];
    if (!jz_yaml_word(r->l->y, node, word, sizeof word) || strcmp(word, "none") == 0) return 255;
    struct jz_input *input = jz_load_input(r->l, word);
    if (!input)
        jz_yaml_refuse(r->l->y, node, "'%s' is no input of this pack; correct it or write none", word);
    return input ? (int64_t)input->field : 255;
}

static struct expected next_of(struct run *r, struct fy_node *node) {
    return (struct expected){field_number(r, node), r->result.measure_next};
}

static int64_t field_bits(struct run *r, struct fy_node *list) {
    uint64_t bits = 0;
    if (!jz_yaml_is_list(list)) jz_yaml_refuse(r->l->y, list, "expected a list of fields: [sbp]");
    int count = jz_yaml_count(r->l->y, list);
    for (int i = 0; i < count && !r->l->y->refused; i++) {
        int64_t field = field_number(r, jz_yaml_at(list, i));
        if (field < (int64_t)JZ_FIELDS_MAX) bits |= 1ull << field;
    }
    return (int64_t)bits;
}

static struct expected missing_of(struct run *r, struct fy_node *node) {
    return (struct expected){field_bits(r, node), (int64_t)r->result.missing};
}

static struct expected stale_of(struct run *r, struct fy_node *node) {
    return (struct expected){field_bits(r, node), (int64_t)r->result.stale};
}

static const struct {
    const char *key;
    struct expected (*read)(struct run *, struct fy_node *);
} expectations[] = {{"status", status_of},
                    {"lo", lo_of},
                    {"hi", hi_of},
                    {"level", level_of},
                    {"level_hi", level_hi_of},
                    {"priority", priority_of},
                    {"alarm", alarm_of},
                    {"conditions", conditions_of},
                    {"complete", complete_of},
                    {"missing", missing_of},
                    {"stale", stale_of},
                    {"measure_next", next_of}};

static void expect(struct run *r, struct fy_node *map) {
    static const char *const keys[] = {"status",   "lo",           "hi",         "level",    "level_hi",
                                       "priority", "alarm",        "conditions", "complete", "missing",
                                       "stale",    "measure_next", NULL};
    jz_yaml_only(r->l->y, map, keys);
    (void)jz_yaml_need(r->l->y, map, "status");
    for (size_t i = 0; i < sizeof expectations / sizeof expectations[0] && !r->l->y->refused; i++) {
        struct fy_node *node = jz_yaml_get(map, expectations[i].key);
        if (!node) continue;
        struct expected e = expectations[i].read(r, node);
        if (r->l->tests && e.want != e.have)
            jz_yaml_refuse(r->l->y, node, "test %s: %s is %lld, expected %lld; correct the rule or the test",
                           r->id, expectations[i].key, (long long)e.have, (long long)e.want);
    }
}

/* --- tests ------------------------------------------------------------------------------------------------ */

static void evaluate(struct run *r) {
    jz_rule_evaluate(r->l->program, &r->chart, r->index, BASE_MS + r->now_s * 1000, &r->result);
}

static void fresh_chart(struct run *r, struct fy_node *test) {
    memset(&r->chart, 0, sizeof r->chart);
    r->now_s = 0;
    r->first_s = NOT_SEEN;
    given(r, jz_yaml_get(test, "given"));
}

static void case_test(struct run *r, struct fy_node *test) {
    struct fy_node *now = jz_yaml_get(test, "now");
    fresh_chart(r, test);
    readings(r, jz_yaml_get(test, "readings"));
    if (now) r->now_s = clock_s(r, now);
    if (now) saw(r, now, JZ_SEEN_TIME, r->now_s - (r->first_s == NOT_SEEN ? 0 : r->first_s));
    if (!jz_yaml_get(test, "given") && !jz_yaml_get(test, "readings"))
        jz_yaml_refuse(r->l->y, test, "neither 'given' nor 'readings'; add one");
    if (r->l->tests && !r->l->y->refused) evaluate(r);
    if (r->l->tests) r->l->tests->tests++;
    expect(r, jz_yaml_need(r->l->y, test, "expect"));
}

static uint32_t points_of(const struct run *r, uint32_t field) {
    for (uint32_t i = 0; i < r->result.used_count; i++)
        if (r->result.used[i].field == field) return r->result.used[i].points;
    return UINT32_MAX;
}

static void point_test(struct run *r, struct fy_node *test, struct fy_node *vary, struct jz_yaml_pair pair) {
    fresh_chart(r, test);
    int64_t field = field_number(r, vary);
    take(r, vary, pair.key, 0);
    int64_t want = jz_yaml_number(r->l->y, pair.value, "points", 0, JZ_POINTS_MAX);
    if (!r->l->tests || r->l->y->refused) return;
    evaluate(r);
    r->l->tests->tests++;
    uint32_t have = points_of(r, (uint32_t)field);
    if (have != want)
        jz_yaml_refuse(r->l->y, pair.key, "test %s: %d points, expected %lld; correct the rule or the test",
                       r->id, (int)have, (long long)want);
}

static void read_test(struct run *r, struct fy_node *test) {
    static const char *const keys[] = {"id",   "given",  "readings", "now", "expect",
                                       "vary", "points", "why",      NULL};
    jz_yaml_only(r->l->y, test, keys);
    if (!jz_yaml_word(r->l->y, jz_yaml_need(r->l->y, test, "id"), r->id, sizeof r->id)) return;
    struct fy_node *vary = jz_yaml_get(test, "vary");
    if (!vary) {
        case_test(r, test);
        return;
    }
    struct fy_node *points = jz_yaml_need(r->l->y, test, "points");
    if (points && !jz_yaml_is_map(points)) jz_yaml_refuse(r->l->y, points, "'points' is a map: {8: 3, 9: 1}");
    int count = jz_yaml_count(r->l->y, points);
    for (int i = 0; i < count && !r->l->y->refused; i++)
        point_test(r, test, vary, jz_yaml_pair_at(points, i));
}

/* A failed test is counted, and the next one runs. */
static void note_failure(struct jz_loader *l) {
    if (!l->tests || !l->y->refused) return;
    if (l->tests->failed++ == 0) l->tests->first = *l->y->error;
    l->y->refused = false;
}

void jz_check_tests(struct jz_loader *l, struct fy_node *tests, const struct jz_rule *rule) {
    if (l->y->refused) return;
    struct run *r = calloc(1, sizeof *r);
    if (!r) {
        jz_yaml_refuse(l->y, tests, "out of memory; free some and load again");
        return;
    }
    r->l = l;
    r->rule = rule;
    r->index = (uint32_t)(rule - l->program->rule);
    r->seen_count = 0;
    if (!jz_yaml_is_list(tests)) jz_yaml_refuse(l->y, tests, "'tests' is a list; begin each with '- '");
    int count = jz_yaml_count(l->y, tests);
    if (!count) jz_yaml_refuse(l->y, tests, "the rule has no test; add one on both sides of every bound");
    for (int i = 0; i < count && !l->y->refused; i++) {
        read_test(r, jz_yaml_at(tests, i));
        note_failure(l);
    }
    if (l->tests) l->tests->rules++;
    if (!l->y->refused) jz_check_coverage(l, tests, rule, r->seen, r->seen_count);
    free(r);
}
