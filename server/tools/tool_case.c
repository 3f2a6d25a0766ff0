/* SPDX-License-Identifier: Apache-2.0 */
/* A case has its own time: 0 is the moment of "inputs"; "readings" follow, "now" ends it. */
#include "tool_case.h"

#include <inttypes.h>
#include <string.h>

#include "jingzhu/field.h"
#include "jingzhu/yaml.h"
#include "tool_json.h"
#include "tool_value.h"

#define DAY_MS INT64_C(86400000)
#define NOON_MS INT64_C(14400000) /* 12:00 in Shanghai is 04:00 UTC */
#define SPAN_S INT64_C(31622400)  /* nothing of a case is farther than 366 days from its 0 */
#define NAME_MAX_BYTES 48u
#define ANY_DAY 19675 /* 2023-11-14: shifting all times changes nothing, and dates want a day of their own */

struct reading {
    struct jz_yaml y;
    struct jz_case *out;
    const struct jz_program *program;
    int64_t zero_ms, now_s;
    bool has_day;
};

static bool is_plain(struct fy_node *node) {
    return fy_node_get_style(node) == FYNS_PLAIN;
}

/* "14:59", or seconds as a number. */
static int64_t moment(struct reading *r, struct fy_node *node) {
    char text[JZ_VALUE_TEXT_MAX];
    int64_t seconds = 0;
    if (!jz_yaml_text(&r->y, node, "a time", text, sizeof text)) return 0;
    bool read = jz_value_minutes(text, &seconds) || (is_plain(node) && jz_value_number(text, 1, &seconds));
    if (!read || seconds > SPAN_S || seconds < -SPAN_S)
        jz_yaml_refuse(&r->y, node, "'%s' is no time; write \"14:59\" (minutes and seconds) or seconds",
                       text);
    return seconds;
}

/* The time of an event: {"at": ...} in the case's time, or seconds before now, or true for when the set
 * was taken. */
static int64_t event_time(struct reading *r, struct fy_node *node, int64_t at_s) {
    char text[JZ_VALUE_TEXT_MAX];
    static const char *const keys[] = {"at", NULL};
    int64_t ago;
    if (jz_yaml_is_map(node)) {
        jz_yaml_only(&r->y, node, keys);
        return moment(r, jz_yaml_need(&r->y, node, "at"));
    }
    if (!jz_yaml_text(&r->y, node, "an event", text, sizeof text)) return at_s;
    if (is_plain(node) && strcmp(text, "true") == 0) return at_s;
    if (is_plain(node) && jz_value_number(text, 1, &ago) && ago >= 0 && ago <= SPAN_S) return r->now_s - ago;
    jz_yaml_refuse(&r->y, node, "'%s' is no event; write {\"at\": \"3:00\"}, or how many seconds before now",
                   text);
    return at_s;
}

static bool word_value(struct reading *r, struct fy_node *node, uint32_t field, const char *text,
                       int64_t *value) {
    static const char *const json[2] = {"false", "true"};
    char words[128];
    int32_t found;
    if (jz_value_kind(field) == JZ_VALUE_YES_NO && is_plain(node))
        for (*value = 0; *value < 2; ++*value)
            if (strcmp(text, json[*value]) == 0) return true;
    if (jz_field_word(field, text, &found)) return *value = found, true;
    if (jz_value_kind(field) == JZ_VALUE_YES_NO)
        snprintf(words, sizeof words, "true, false");
    else
        jz_value_words(field, words, sizeof words);
    return jz_yaml_refuse(&r->y, node, "'%s' is no word of '%s'; write one of: %s", text,
                          jz_field_at(field)->name, words);
}

static bool date_value(struct reading *r, struct fy_node *node, const char *text, int64_t *value) {
    if (!jz_value_date(text, value))
        return jz_yaml_refuse(&r->y, node, "'%s' is no date; write it as \"2024-02-29\"", text);
    if (!r->has_day)
        return jz_yaml_refuse(&r->y, node,
                              "a date, and no day to count from; add \"date\": today's, as \"2024-12-05\"");
    return true;
}

static bool number_value(struct reading *r, struct fy_node *node, uint32_t field, const char *text,
                         int64_t *value) {
    const struct jz_field *f = jz_field_at(field);
    char step[JZ_VALUE_TEXT_MAX];
    jz_value_decimal(1, f->scale, step);
    if (is_plain(node) && jz_value_number(text, f->scale, value)) return true;
    return jz_yaml_refuse(&r->y, node,
                          "'%s' of '%s' is no number; write it without quotes, in steps of %s%s%s", text,
                          f->name, step, f->unit[0] == '{' ? "" : " ", f->unit[0] == '{' ? "" : f->unit);
}

static bool plain_value(struct reading *r, struct fy_node *node, uint32_t field, int64_t *value) {
    char text[NAME_MAX_BYTES];
    if (!jz_yaml_text(&r->y, node, jz_field_at(field)->name, text, sizeof text)) return false;
    switch (jz_value_kind(field)) {
    case JZ_VALUE_YES_NO:
    case JZ_VALUE_WORD: return word_value(r, node, field, text, value);
    case JZ_VALUE_DATE: return date_value(r, node, text, value);
    case JZ_VALUE_NUMBER:
    case JZ_VALUE_EVENT: break;
    }
    return number_value(r, node, field, text, value);
}

static void want_plausible(struct reading *r, struct fy_node *node, uint32_t field, int64_t value) {
    const struct jz_field *f = jz_field_at(field);
    char min[JZ_VALUE_TEXT_MAX], max[JZ_VALUE_TEXT_MAX];
    if (value >= f->min && value <= f->max) return;
    jz_value_text(field, f->min, min);
    jz_value_text(field, f->max, max);
    jz_yaml_refuse(&r->y, node, "'%s' is outside its plausible range; give a value from %s to %s", f->name,
                   min, max);
}

static void observe(struct reading *r, struct fy_node *node, uint32_t field, int64_t value, int64_t at_s) {
    struct jz_rule_set due = {{0}};
    struct jz_reading reading = {
        .taken_ms = r->zero_ms + at_s * 1000, .value = (int32_t)value, .validity = JZ_VALID};
    if (at_s > r->now_s)
        jz_yaml_refuse(&r->y, node, "'%s' happens after \"now\"; correct one of them",
                       jz_field_at(field)->name);
    if (r->y.refused) return;
    if (jz_chart_observe(r->program, &r->out->chart, field, reading, &due) != JZ_OK)
        jz_yaml_refuse(&r->y, node, "more than %u different inputs; leave some out", JZ_CHART_READINGS_MAX);
}

static void take(struct reading *r, struct jz_yaml_pair pair, int64_t at_s) {
    char name[NAME_MAX_BYTES];
    int64_t value = 1;
    if (!jz_yaml_word(&r->y, pair.key, name, sizeof name)) return;
    uint32_t field = jz_field_by_name(name);
    if (field == JZ_FIELD_UNKNOWN) {
        jz_yaml_refuse(&r->y, pair.key, "'%s' is no input; the fields are those of protocol/fields", name);
        return;
    }
    bool scalar = !jz_yaml_is_map(pair.value) && !jz_yaml_is_list(pair.value);
    if (scalar && is_plain(pair.value) && fy_node_compare_text(pair.value, "null", 4)) return; /* not known */
    if (jz_value_kind(field) == JZ_VALUE_EVENT)
        at_s = event_time(r, pair.value, at_s);
    else if (plain_value(r, pair.value, field, &value))
        want_plausible(r, pair.value, field, value);
    if (!r->y.refused) observe(r, pair.key, field, value, at_s);
}

static void take_all(struct reading *r, struct fy_node *map, int64_t at_s, bool has_at) {
    int count = jz_yaml_count(&r->y, map);
    struct fy_node *at = has_at ? jz_yaml_get(map, "at") : NULL;
    for (int i = 0; i < count && !r->y.refused; i++) {
        struct jz_yaml_pair pair = jz_yaml_pair_at(map, i);
        if (!at || pair.value != at) take(r, pair, at_s);
    }
}

/* First the times alone: "seconds before now" needs the end before the rest. */
static void find_now(struct reading *r, struct fy_node *root, struct fy_node *readings) {
    struct fy_node *now = jz_yaml_get(root, "now");
    int count = readings ? jz_yaml_count(&r->y, readings) : 0;
    for (int i = 0; i < count && !r->y.refused; i++) {
        int64_t at_s = moment(r, jz_yaml_need(&r->y, jz_yaml_at(readings, i), "at"));
        if (at_s > r->now_s) r->now_s = at_s;
    }
    if (now) r->now_s = moment(r, now);
    if (r->now_s < 0)
        jz_yaml_refuse(&r->y, now, "\"now\" is before the inputs; write a time of 0:00 or later");
}

static void find_day(struct reading *r, struct fy_node *node) {
    char text[JZ_VALUE_TEXT_MAX];
    int64_t day = ANY_DAY;
    r->has_day = node && jz_yaml_text(&r->y, node, "\"date\"", text, sizeof text);
    if (r->has_day && !jz_value_date(text, &day))
        jz_yaml_refuse(&r->y, node, "'%s' is no date; write it as \"2024-02-29\"", text);
    r->zero_ms = day * DAY_MS + NOON_MS;
}

static void read_case(struct reading *r) {
    static const char *const keys[] = {"inputs", "readings", "now", "date", NULL};
    struct fy_node *root = r->y.root, *inputs = jz_yaml_get(root, "inputs");
    if (!jz_yaml_is_map(root))
        jz_yaml_refuse(&r->y, root, "the line is no map; write {\"inputs\": {\"sbp\": 85}}");
    jz_yaml_only(&r->y, root, keys);
    struct fy_node *readings =
        jz_yaml_get(root, "readings") ? jz_yaml_list(&r->y, root, "readings", 0, JZ_YAML_NODES_MAX) : NULL;
    if (!inputs && !readings)
        jz_yaml_refuse(&r->y, root, "neither \"inputs\" nor \"readings\"; write {\"inputs\": {\"sbp\": 85}}");
    if (inputs && !jz_yaml_is_map(inputs))
        jz_yaml_refuse(&r->y, inputs, "\"inputs\" is a map; write {\"inputs\": {\"sbp\": 85}}");
    find_day(r, jz_yaml_get(root, "date"));
    find_now(r, root, readings);
    if (inputs) take_all(r, inputs, 0, false);
    int count = readings ? jz_yaml_count(&r->y, readings) : 0;
    for (int i = 0; i < count && !r->y.refused; i++) {
        struct fy_node *set = jz_yaml_at(readings, i);
        take_all(r, set, moment(r, jz_yaml_get(set, "at")), true);
    }
    r->out->now_ms = r->zero_ms + r->now_s * 1000;
}

static void evaluate(struct reading *r) {
    struct jz_rule_set all = {{0}};
    for (uint32_t i = 0; i < jz_program_rule_count(r->program); i++) jz_rule_set_add(&all, i);
    (void)jz_chart_update(r->program, &r->out->chart, all, r->out->now_ms);
}

bool jz_case_read(struct jz_case *out, const struct jz_program *program, const char *line, size_t bytes,
                  struct jz_pack_error *error) {
    struct jz_pack_source source = {"line", line, bytes};
    struct reading r = {.out = out, .program = program};
    memset(out, 0, sizeof *out);
    *error = (struct jz_pack_error){.line = 0};
    if (bytes == 0) {
        snprintf(error->text, sizeof error->text, "the line is empty; write {\"inputs\": {\"sbp\": 85}}");
        return false;
    }
    if (jz_yaml_open(&r.y, &source, JZ_CASE_LINE_MAX, error)) read_case(&r);
    bool read = !r.y.refused;
    jz_yaml_close(&r.y);
    if (read) evaluate(&r);
    return read;
}

size_t jz_case_line(FILE *in, char line[JZ_CASE_LINE_MAX + 2u]) {
    size_t bytes = 0;
    int c = getc(in);
    if (c == EOF) return SIZE_MAX;
    for (; c != EOF && c != '\n'; c = getc(in))
        if (bytes <= JZ_CASE_LINE_MAX) line[bytes++] = (char)c;
    line[bytes] = 0;
    return bytes;
}

void jz_case_error(FILE *out, uint64_t number, const struct jz_pack_error *error) {
    struct jz_json j = {out, false};
    const char *cut = strrchr(error->text, ';');
    size_t what = cut ? (size_t)(cut - error->text) : strlen(error->text);
    jz_json_open(&j, NULL, '{');
    jz_json_open(&j, "error", '{');
    jz_json_int(&j, "line", (int64_t)number);
    if (error->column) jz_json_int(&j, "column", error->column);
    jz_json_words(&j, "what", error->text, what);
    jz_json_text(&j, "cure", cut ? cut + 1 + strspn(cut + 1, " ") : "correct the line");
    jz_json_close(&j, '}');
    jz_json_close(&j, '}');
    putc('\n', out);
}
