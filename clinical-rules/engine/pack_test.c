/* SPDX-License-Identifier: Apache-2.0 */
/* The cases of all rules, read into data. A malformed one is reported, and the next one is read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pack_suite.h"

#define READINGS_MAX 256u              /* of a test: their times are compared with each other */
#define BASE_MS INT64_C(1699977600000) /* a midnight in Shanghai; any day will do where no test names one */
#define DAY_MS INT64_C(86400000)
#define SHANGHAI_MS INT64_C(28800000)

/* The rule whose tests are read, and the test at hand. */
struct reader {
    struct jz_suite *s;
    struct jz_loader *l;
    const struct jz_rule *rule;
    bool any_field; /* the rule reads other rules, so that its tests may set what those read */
    uint32_t whole; /* tests read to their end */
    struct fy_node *vary;
};

/* --- lists ------------------------------------------------------------------------------------------------------- */

void *jz_list_add(struct jz_list *list, size_t size) {
    if (list->count == list->capacity) {
        uint32_t capacity = list->capacity ? list->capacity * 2 : 256;
        void *data = realloc(list->data, capacity * size);
        if (!data) return NULL;
        list->data = data;
        list->capacity = capacity;
    }
    return memset((char *)list->data + size * list->count++, 0, size);
}

void jz_list_free(struct jz_list *list) {
    free(list->data);
    *list = (struct jz_list){0};
}

static void *grow(struct reader *r, struct jz_list *list, size_t size) {
    void *added = r->s->no_memory ? NULL : jz_list_add(list, size);
    if (!added) r->s->no_memory = true;
    return added;
}

static struct jz_test *current(const struct reader *r) {
    return jz_test_at(r->s, r->s->tests.count - 1);
}

/* --- values and times ---------------------------------------------------------------------------------------------- */

/* "15:00" is minutes and seconds; a policy is seconds. */
static int64_t time_s(struct reader *r, struct fy_node *node) {
    char word[JZ_SENTENCE_MAX], *colon;
    int64_t minutes = 0, seconds = 0;
    if (!jz_yaml_word(r->l->y, node, word, sizeof word)) return 0;
    if (strncmp(word, "policy.", 7) == 0) return jz_load_constant(r->l, node, 0, JZ_SECONDS_MAX);
    colon = strchr(word, ':');
    if (colon) *colon = 0;
    if (!colon || strlen(colon + 1) != 2 || strlen(word) > 7 || !jz_yaml_parse_number(word, &minutes) ||
        minutes < 0 || !jz_yaml_parse_number(colon + 1, &seconds) || seconds < 0 || seconds > 59)
        jz_yaml_refuse(r->l->y, node, "no time; write minutes and seconds, as in 15:00, or a policy");
    return minutes * 60 + seconds;
}

static uint32_t field_of(struct reader *r, struct fy_node *node) {
    char name[JZ_NAME_MAX];
    if (!jz_yaml_word(r->l->y, node, name, sizeof name)) return JZ_FIELD_UNKNOWN;
    uint32_t field = jz_field_by_name(name);
    if (field == JZ_FIELD_UNKNOWN || (!r->any_field && !jz_chart_input(r->l, field))) {
        jz_yaml_refuse(r->l->y, node, "'%s' is no input of this pack; correct it", name);
        return JZ_FIELD_UNKNOWN;
    }
    return field;
}

/* An event is given as `yes` at the time it happened. */
static int32_t value_of(struct reader *r, struct fy_node *node, uint32_t field) {
    char word[JZ_SENTENCE_MAX];
    const struct jz_field *def = jz_field_at(field);
    if (!jz_yaml_word(r->l->y, node, word, sizeof word)) return 0;
    if (def->kind == 'e') {
        if (strcmp(word, "yes") != 0)
            jz_yaml_refuse(r->l->y, node, "%s is an event; write 'yes' at the time it happened", def->name);
        return 1;
    }
    if (strncmp(word, "policy.", 7) == 0) return (int32_t)jz_load_constant(r->l, node, def->min, def->max);
    return jz_load_value(r->l, node, word, field);
}

static void take(struct reader *r, struct fy_node *key, struct fy_node *value, int64_t at_s) {
    uint32_t field = field_of(r, key);
    if (field == JZ_FIELD_UNKNOWN) return;
    int32_t number = value_of(r, value, field);
    if (current(r)->readings == READINGS_MAX)
        jz_yaml_refuse(r->l->y, key, "more than %u readings in a test; keep those that matter", READINGS_MAX);
    struct jz_test_reading *reading = r->l->y->refused ? NULL : grow(r, &r->s->readings, sizeof *reading);
    if (!reading) return;
    *reading = (struct jz_test_reading){at_s, number, (uint16_t)field};
    current(r)->readings++;
}

static void take_given(struct reader *r, struct fy_node *map) {
    if (map && !jz_yaml_is_map(map)) jz_yaml_refuse(r->l->y, map, "'given' is a map: {sbp: 120}");
    int count = map ? jz_yaml_count(r->l->y, map) : 0;
    for (int i = 0; i < count && !r->l->y->refused; i++) {
        struct jz_yaml_pair pair = jz_yaml_pair_at(map, i);
        take(r, pair.key, pair.value, 0);
    }
}

static void take_set(struct reader *r, struct fy_node *map) {
    struct fy_node *at = jz_yaml_need(r->l->y, map, "at");
    int64_t at_s = time_s(r, at);
    int count = jz_yaml_count(r->l->y, map);
    if (at_s > current(r)->now_s) current(r)->now_s = at_s;
    for (int i = 0; i < count && !r->l->y->refused; i++) {
        struct jz_yaml_pair pair = jz_yaml_pair_at(map, i);
        if (pair.value != at) take(r, pair.key, pair.value, at_s);
    }
}

static void take_readings(struct reader *r, struct fy_node *list) {
    if (list && !jz_yaml_is_list(list))
        jz_yaml_refuse(r->l->y, list, "'readings' is a list: - {at: 0:00, sbp: 160}");
    int count = list ? jz_yaml_count(r->l->y, list) : 0;
    for (int i = 0; i < count && !r->l->y->refused; i++) take_set(r, jz_yaml_at(list, i));
}

/* --- expectations ------------------------------------------------------------------------------------------------- */

static int64_t status_of(struct reader *r, struct fy_node *node) {
    static const char *const words[] = {"fired", "not_fired", "not_applicable", "cannot_evaluate", NULL};
    char word[JZ_NAME_MAX];
    int64_t i = 0;
    if (!jz_yaml_word(r->l->y, node, word, sizeof word)) return 0;
    while (words[i] && strcmp(words[i], word) != 0) i++;
    if (!words[i])
        jz_yaml_refuse(r->l->y, node,
                       "'%s' is no status; use fired, not_fired, not_applicable or cannot_evaluate", word);
    return JZ_RULE_FIRED + i;
}

static int64_t total_of(struct reader *r, struct fy_node *node) {
    return jz_yaml_number(r->l->y, node, "the score", -JZ_TOTAL_MAX, JZ_TOTAL_MAX);
}

static int64_t priority_of(struct reader *r, struct fy_node *node) {
    return jz_yaml_number(r->l->y, node, "priority", 0, 5);
}

static int64_t bool_of(struct reader *r, struct fy_node *node) {
    return jz_yaml_bool(r->l->y, node);
}

static int64_t level_of(struct reader *r, struct fy_node *node) {
    char word[JZ_NAME_MAX];
    const struct jz_level_info *level = &r->l->program->level[r->rule->rows.first];
    if (!jz_yaml_word(r->l->y, node, word, sizeof word) || strcmp(word, "none") == 0) return JZ_LEVEL_NONE;
    for (uint32_t i = 0; i < r->rule->rows.count; i++)
        if (strcmp(level[i].id, word) == 0) return i;
    jz_yaml_refuse(r->l->y, node, "'%s' is no level of this rule; correct it or write none", word);
    return JZ_LEVEL_NONE;
}

static int64_t conditions_of(struct reader *r, struct fy_node *node) {
    return (int64_t)jz_load_conditions_of(r->l, node);
}

static int64_t next_of(struct reader *r, struct fy_node *node) {
    char word[JZ_NAME_MAX];
    if (!jz_yaml_word(r->l->y, node, word, sizeof word) || strcmp(word, "none") == 0) return JZ_FIELD_NONE;
    return field_of(r, node);
}

static uint64_t input_bit(struct reader *r, struct fy_node *node) {
    uint32_t field = field_of(r, node);
    for (uint32_t i = 0; field != JZ_FIELD_UNKNOWN && i < r->rule->info.input_count; i++)
        if (r->rule->input[i] == field) return 1ull << i;
    if (field != JZ_FIELD_UNKNOWN)
        jz_yaml_refuse(r->l->y, node, "the rule does not read %s; remove it", jz_field_at(field)->name);
    return 0;
}

static int64_t inputs_of(struct reader *r, struct fy_node *list) {
    uint64_t bits = 0;
    if (!jz_yaml_is_list(list)) jz_yaml_refuse(r->l->y, list, "expected a list of fields: [sbp]");
    int count = jz_yaml_count(r->l->y, list);
    for (int i = 0; i < count && !r->l->y->refused; i++) bits |= input_bit(r, jz_yaml_at(list, i));
    return (int64_t)bits;
}

static int64_t (*const wishes[])(struct reader *, struct fy_node *) = {
    [JZ_WISH_STATUS] = status_of,  [JZ_WISH_LO] = total_of,
    [JZ_WISH_HI] = total_of,       [JZ_WISH_LEVEL] = level_of,
    [JZ_WISH_LEVEL_HI] = level_of, [JZ_WISH_PRIORITY] = priority_of,
    [JZ_WISH_ALARM] = bool_of,     [JZ_WISH_CONDITIONS] = conditions_of,
    [JZ_WISH_COMPLETE] = bool_of,  [JZ_WISH_MISSING] = inputs_of,
    [JZ_WISH_STALE] = inputs_of,   [JZ_WISH_NEXT] = next_of};

static void wish(struct reader *r, enum jz_wish_kind kind, uint32_t item, int64_t want) {
    struct jz_wish *added = r->l->y->refused ? NULL : grow(r, &r->s->wishes, sizeof *added);
    if (!added) return;
    *added = (struct jz_wish){want, (uint8_t)kind, (uint8_t)item};
    current(r)->wishes++;
}

static void read_expect(struct reader *r, struct fy_node *map) {
    static const char *const keys[] = {"status",   "lo",           "hi",         "level",    "level_hi",
                                       "priority", "alarm",        "conditions", "complete", "missing",
                                       "stale",    "measure_next", NULL};
    jz_yaml_only(r->l->y, map, keys);
    (void)jz_yaml_need(r->l->y, map, "status");
    for (uint32_t i = JZ_WISH_STATUS; i < JZ_WISH_POINTS && !r->l->y->refused; i++) {
        struct fy_node *node = jz_yaml_get(map, jz_wish_key(i));
        if (node) wish(r, i, 0, wishes[i](r, node));
    }
}

/* --- tests ------------------------------------------------------------------------------------------------------------ */

static void read_date(struct reader *r, struct fy_node *test) {
    struct fy_node *node = jz_yaml_get(test, "date");
    char word[JZ_NAME_MAX];
    int64_t days;
    current(r)->base_ms = BASE_MS;
    if (!node || !jz_yaml_word(r->l->y, node, word, sizeof word)) return;
    if (jz_parse_date(word, &days))
        current(r)->base_ms = days * DAY_MS - SHANGHAI_MS;
    else
        jz_yaml_refuse(r->l->y, node, "'%.20s' is no date; write it as 2024-12-05", word);
}

static void begin(struct reader *r, struct fy_node *test, struct fy_node *at) {
    struct jz_test *added = grow(r, &r->s->tests, sizeof *added);
    if (!added) {
        jz_yaml_no_memory(r->l->y);
        return;
    }
    added->at = jz_place(r->l, at);
    added->first_reading = r->s->readings.count;
    added->first_wish = r->s->wishes.count;
    jz_yaml_word(r->l->y, jz_yaml_need(r->l->y, test, "id"), added->id, JZ_NAME_MAX);
    read_date(r, test);
    take_given(r, jz_yaml_get(test, "given"));
    take_readings(r, jz_yaml_get(test, "readings"));
    struct fy_node *now = jz_yaml_get(test, "now");
    if (now) added->now_s = time_s(r, now);
}

/* Whether an expression reads the field. */
static bool span_reads(const struct jz_program *p, struct jz_span span, uint32_t field) {
    for (uint32_t i = 0; i < span.count; i++) {
        const struct jz_step *step = &p->step[span.first + i];
        if (jz_step_reads_field(step) && step->field == field) return true;
    }
    return false;
}

/* The item whose points vary with the field: the one over it, else the only one that reads it. */
static uint32_t item_of(struct reader *r, uint32_t field) {
    const struct jz_program *p = r->l->program;
    uint32_t found = JZ_ITEMS_PER_RULE_MAX, others = 0;
    for (uint32_t i = 0; i < r->rule->items.count; i++)
        if (p->item[r->rule->items.first + i].field == field) return i;
    for (uint32_t i = 0; i < r->rule->items.count; i++)
        if (span_reads(p, p->item[r->rule->items.first + i].value, field)) {
            others += found != JZ_ITEMS_PER_RULE_MAX;
            found = i;
        }
    if (found == JZ_ITEMS_PER_RULE_MAX || others)
        jz_yaml_refuse(r->l->y, r->vary,
                       "%s items give points by this field; expect 'lo' or 'levels' instead",
                       others ? "several" : "no");
    return found;
}

static void vary_case(struct reader *r, struct fy_node *test, struct jz_yaml_pair pair, bool points) {
    char name[JZ_NAME_MAX], word[JZ_NAME_MAX];
    begin(r, test, pair.key);
    if (r->l->y->refused) return;
    take(r, r->vary, pair.key, 0);
    if (!jz_yaml_word(r->l->y, r->vary, name, sizeof name) ||
        !jz_yaml_word(r->l->y, pair.key, word, sizeof word))
        return;
    size_t used = strlen(current(r)->id);
    snprintf(current(r)->id + used, sizeof current(r)->id - used, ", %.30s %.20s", name, word);
    if (points)
        wish(r, JZ_WISH_POINTS, item_of(r, jz_field_by_name(name)),
             jz_yaml_number(r->l->y, pair.value, "points", -JZ_POINTS_MAX, JZ_POINTS_MAX));
    else
        wish(r, JZ_WISH_LEVEL, 0, level_of(r, pair.value));
}

/* A malformed case is reported at its place and forgotten. */
static void settle(struct reader *r) {
    if (!r->l->y->refused) r->whole = r->s->tests.count;
    if (!r->l->y->refused || r->s->no_memory) return;
    struct jz_place at = {
        .line = r->l->error->line, .column = r->l->error->column, .pack = (uint8_t)(r->l->at - r->l->pack)};
    jz_suite_fail(r->s, at, "%s", r->l->error->text);
    r->l->y->refused = false;
    r->s->tests.count = r->whole;
}

static void vary_test(struct reader *r, struct fy_node *test) {
    struct fy_node *points = jz_yaml_get(test, "points"), *levels = jz_yaml_get(test, "levels");
    struct fy_node *map = points ? points : levels;
    if (!points == !levels)
        jz_yaml_refuse(r->l->y, test, "'vary' takes 'points' or 'levels'; give one of them");
    if (map && !jz_yaml_is_map(map))
        jz_yaml_refuse(r->l->y, map, "'%s' is a map: {8: 3, 9: 1}", points ? "points" : "levels");
    int count = jz_yaml_count(r->l->y, map);
    for (int i = 0; i < count && !r->l->y->refused; i++) {
        vary_case(r, test, jz_yaml_pair_at(map, i), points != NULL);
        settle(r);
    }
}

static void plain_test(struct reader *r, struct fy_node *test) {
    begin(r, test, jz_yaml_get(test, "id"));
    if (!jz_yaml_get(test, "given") && !jz_yaml_get(test, "readings"))
        jz_yaml_refuse(r->l->y, test, "neither 'given' nor 'readings'; add one");
    read_expect(r, jz_yaml_need(r->l->y, test, "expect"));
}

static void read_test(struct reader *r, struct fy_node *test) {
    static const char *const keys[] = {"id",   "date",   "given",  "readings", "now", "expect",
                                       "vary", "points", "levels", "why",      NULL};
    static const char *const vary_keys[] = {"id",   "date",   "given",  "readings", "now",
                                            "vary", "points", "levels", "why",      NULL};
    r->vary = jz_yaml_get(test, "vary");
    jz_yaml_only(r->l->y, test, r->vary ? vary_keys : keys);
    if (r->l->y->refused) return;
    if (r->vary)
        vary_test(r, test);
    else
        plain_test(r, test);
}

static void read_rule(struct jz_suite *s, uint32_t rule) {
    struct jz_loader *l = s->l;
    struct jz_pack *pack = &l->pack[l->rule[rule].pack];
    struct reader r = {.s = s,
                       .l = l,
                       .rule = &l->program->rule[rule],
                       .any_field = jz_rule_set_any(&s->needs[rule]),
                       .whole = s->tests.count};
    bool same = pack == l->at && rule;
    jz_enter(l, pack);
    if (!same) jz_load_chart(l);
    struct fy_node *tests = jz_yaml_get(l->rule[rule].map, "tests");
    int count = jz_yaml_count(l->y, tests);
    for (int i = 0; i < count && !s->no_memory; i++) {
        read_test(&r, jz_yaml_at(tests, i));
        settle(&r);
    }
}

static bool reads_result(const struct jz_step *step) {
    return step->op == JZ_OP_FIRED || step->op == JZ_OP_LEVEL || step->op == JZ_OP_TOTAL;
}

static void add_needs(struct jz_suite *s, uint32_t rule, struct jz_span span) {
    for (uint32_t i = 0; i < span.count; i++) {
        const struct jz_step *step = &s->l->program->step[span.first + i];
        if (!reads_result(step)) continue;
        jz_rule_set_add(&s->needs[rule], step->field);
        jz_rule_set_unite(&s->needs[rule], &s->needs[step->field]);
    }
}

/* In the order of evaluation, so that what a rule reads is complete before it. */
static void list_needs(struct jz_suite *s) {
    const struct jz_program *p = s->l->program;
    for (uint32_t place = 0; place < p->rule_count; place++) {
        uint32_t rule = p->order[place];
        const struct jz_rule *def = &p->rule[rule];
        add_needs(s, rule, def->applies);
        for (uint32_t i = 0; i < def->rows.count; i++) add_needs(s, rule, p->row[def->rows.first + i].when);
        for (uint32_t i = 0; i < def->items.count; i++) {
            const struct jz_item *item = &p->item[def->items.first + i];
            add_needs(s, rule, item->value);
            for (uint32_t c = 0; c < item->cases.count; c++)
                add_needs(s, rule, p->table[item->cases.first + c].when);
        }
    }
}

void jz_suite_read(struct jz_suite *s) {
    list_needs(s);
    s->l->chart_count = 0;
    for (uint32_t rule = 0; rule < s->l->program->rule_count && !s->no_memory; rule++) {
        s->first_test[rule] = s->tests.count;
        read_rule(s, rule);
        s->first_test[rule + 1] = s->tests.count;
    }
}

void jz_suite_free(struct jz_suite *s) {
    jz_list_free(&s->tests);
    jz_list_free(&s->readings);
    jz_list_free(&s->wishes);
}
