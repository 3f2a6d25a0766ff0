/* SPDX-License-Identifier: Apache-2.0 */
#include "tool_answer.h"

#include "jingzhu/field.h"
#include "tool_value.h"

#define EXPLANATION_MAX 16384u

const char *jz_status_word(uint8_t rule_status) {
    static const char *const words[] = {[JZ_RULE_UNKNOWN] = "unknown",
                                        [JZ_RULE_FIRED] = "fired",
                                        [JZ_RULE_NOT_FIRED] = "not_fired",
                                        [JZ_RULE_NOT_APPLICABLE] = "not_applicable",
                                        [JZ_RULE_CANNOT_EVALUATE] = "cannot_evaluate"};
    return words[rule_status];
}

const char *jz_level_word(const struct jz_program *program, uint32_t rule, uint8_t level) {
    return level == JZ_LEVEL_NONE ? "none" : jz_program_level(program, rule, level)->id;
}

void jz_json_conditions(struct jz_json *j, const char *key, const struct jz_program *program,
                        uint64_t conditions) {
    jz_json_open(j, key, '[');
    for (uint32_t i = 0; i < jz_program_condition_count(program); i++)
        if (conditions >> i & 1u) jz_json_text(j, NULL, jz_program_condition(program, i)->id);
    jz_json_close(j, ']');
}

/* A value without quotes where JSON has a form of its own for it. */
static void put_value(struct jz_json *j, const char *key, uint32_t field, int32_t value) {
    char text[JZ_VALUE_TEXT_MAX];
    jz_value_text(field, value, text);
    switch (jz_value_kind(field)) {
    case JZ_VALUE_NUMBER: jz_json_number(j, key, text); return;
    case JZ_VALUE_YES_NO: jz_json_bool(j, key, value != 0); return;
    case JZ_VALUE_EVENT: jz_json_bool(j, key, true); return;
    case JZ_VALUE_WORD:
    case JZ_VALUE_DATE: break;
    }
    jz_json_text(j, key, text);
}

/* --- one rule ------------------------------------------------------------------------------------------- */

static const char *kind_word(uint8_t kind) {
    static const char *const words[] = {
        [JZ_KIND_SCORE] = "score", [JZ_KIND_CRITERIA] = "criteria", [JZ_KIND_CLOCK] = "clock"};
    return words[kind];
}

static void put_words(struct jz_json *j, const struct jz_field *f) {
    const char *at = f->words;
    jz_json_open(j, "words", '[');
    while (*at) {
        const char *end = at;
        while (*end && *end != '=') end++;
        jz_json_words(j, NULL, at, (size_t)(end - at));
        while (*end && *end != ' ') end++;
        at = *end ? end + 1 : end;
    }
    jz_json_close(j, ']');
}

static void put_input(struct jz_json *j, const struct jz_rule_info *info, uint32_t i) {
    const struct jz_field *f = jz_field_at(info->input[i]);
    enum jz_value_kind kind = jz_value_kind(info->input[i]);
    jz_json_open(j, NULL, '{');
    jz_json_text(j, "name", f->name);
    jz_json_text(j, "unit", f->unit);
    jz_json_int(j, "scale", f->scale);
    put_words(j, f);
    if (kind == JZ_VALUE_NUMBER) {
        put_value(j, "min", info->input[i], f->min);
        put_value(j, "max", info->input[i], f->max);
    }
    if (info->fresh_ms[i])
        jz_json_int(j, "fresh_s", info->fresh_ms[i] / 1000);
    else
        jz_json_null(j, "fresh_s");
    jz_json_title(j, "title", f->zh, f->en);
    jz_json_close(j, '}');
}

static void put_level(struct jz_json *j, const struct jz_program *program,
                      const struct jz_level_info *level) {
    jz_json_open(j, NULL, '{');
    jz_json_text(j, "id", level->id);
    jz_json_title(j, "title", level->title_zh, level->title_en);
    jz_json_title(j, "action", level->action_zh, level->action_en);
    if (level->priority)
        jz_json_int(j, "priority", level->priority);
    else
        jz_json_null(j, "priority");
    jz_json_bool(j, "alarm", level->alarm);
    jz_json_conditions(j, "conditions", program, level->conditions);
    jz_json_bool(j, "rule_out", level->rule_out);
    jz_json_text(j, "source", level->source);
    jz_json_text(j, "mark", level->mark);
    jz_json_close(j, '}');
}

static void put_item(struct jz_json *j, const struct jz_item_info *item) {
    jz_json_open(j, NULL, '{');
    jz_json_title(j, "title", item->title_zh, item->title_en);
    if (item->field == JZ_FIELD_NONE)
        jz_json_null(j, "field");
    else
        jz_json_text(j, "field", jz_field_at(item->field)->name);
    jz_json_text(j, "mark", item->mark);
    jz_json_close(j, '}');
}

static void put_clock(struct jz_json *j, const struct jz_program *program, uint32_t rule) {
    struct jz_clock_info clock = jz_program_clock(program, rule);
    jz_json_open(j, "clock", '{');
    jz_json_text(j, "pathway", jz_program_pathway(program, jz_program_rule(program, rule)->pathway)->id);
    jz_json_text(j, "from", jz_field_at(clock.from)->name);
    jz_json_text(j, "to", jz_field_at(clock.to)->name);
    jz_json_int(j, "within_s", clock.within_s);
    jz_json_close(j, '}');
}

static void put_lists(struct jz_json *j, const struct jz_program *program, uint32_t rule) {
    const struct jz_rule_info *info = jz_program_rule(program, rule);
    jz_json_open(j, "inputs", '[');
    for (uint32_t i = 0; i < info->input_count; i++) put_input(j, info, i);
    jz_json_close(j, ']');
    jz_json_open(j, "items", '[');
    for (uint32_t i = 0; i < info->item_count; i++) put_item(j, jz_program_item(program, rule, i));
    jz_json_close(j, ']');
    jz_json_open(j, "levels", '[');
    for (uint32_t i = 0; i < info->level_count; i++)
        put_level(j, program, jz_program_level(program, rule, i));
    jz_json_close(j, ']');
}

void jz_answer_rule(FILE *out, const struct jz_program *program, uint32_t rule) {
    const struct jz_rule_info *info = jz_program_rule(program, rule);
    struct jz_json j = {out, false};
    jz_json_open(&j, NULL, '{');
    jz_json_text(&j, "id", info->id);
    jz_json_text(&j, "version", info->version);
    jz_json_text(&j, "kind", kind_word(info->kind));
    jz_json_title(&j, "title", info->title_zh, info->title_en);
    jz_json_open(&j, "population", '{');
    jz_json_title(&j, "for", info->for_zh, info->for_en);
    jz_json_title(&j, "not_for", info->not_for_zh, info->not_for_en);
    jz_json_close(&j, '}');
    jz_json_bool(&j, "enabled", info->enabled);
    if (!info->enabled) jz_json_text(&j, "why_disabled", info->why_disabled);
    jz_json_bool(&j, "signed", info->signed_off);
    jz_json_text(&j, "pack", info->pack);
    if (info->kind == JZ_KIND_CLOCK) put_clock(&j, program, rule);
    put_lists(&j, program, rule);
    jz_json_text(&j, "source", info->source);
    jz_json_text(&j, "mark", info->mark);
    jz_json_close(&j, '}');
    putc('\n', out);
}

/* --- one result ----------------------------------------------------------------------------------------- */

static void put_range(struct jz_json *j, const char *value, int32_t lo, int32_t hi) {
    if (lo == hi) {
        jz_json_int(j, value, lo);
        return;
    }
    jz_json_int(j, "lo", lo);
    jz_json_int(j, "hi", hi);
}

static void put_fields(struct jz_json *j, const char *key, const struct jz_rule_info *info, uint64_t inputs) {
    jz_json_open(j, key, '[');
    for (uint32_t i = 0; i < info->input_count; i++)
        if (inputs >> i & 1u) jz_json_text(j, NULL, jz_field_at(info->input[i])->name);
    jz_json_close(j, ']');
}

static void put_band(struct jz_json *j, const char *key, const struct jz_program *program, uint32_t rule,
                     uint8_t level) {
    if (level == JZ_LEVEL_NONE)
        jz_json_null(j, key);
    else
        jz_json_text(j, key, jz_program_level(program, rule, level)->id);
}

static void put_items(struct jz_json *j, const struct jz_program *program, uint32_t rule,
                      const struct jz_assessment *a) {
    jz_json_open(j, "items", '[');
    for (uint32_t i = 0; i < a->item_count; i++) {
        const struct jz_item_info *item = jz_program_item(program, rule, i);
        jz_json_open(j, NULL, '{');
        jz_json_text(j, "name",
                     item->field == JZ_FIELD_NONE ? item->title_en : jz_field_at(item->field)->name);
        put_range(j, "points", a->item[i].lo, a->item[i].hi);
        jz_json_close(j, '}');
    }
    jz_json_close(j, ']');
}

static void put_used(struct jz_json *j, const struct jz_assessment *a) {
    jz_json_open(j, "used", '[');
    for (uint32_t i = 0; i < a->used_count; i++) {
        const struct jz_field *f = jz_field_at(a->used[i].field);
        jz_json_open(j, NULL, '{');
        jz_json_text(j, "name", f->name);
        put_value(j, "value", a->used[i].field, a->used[i].value);
        jz_json_text(j, "unit", f->unit);
        jz_json_int(j, "age_s", (a->evaluated_ms - a->used[i].taken_ms) / 1000);
        jz_json_bool(j, "because", a->because >> a->used[i].input & 1u);
        jz_json_close(j, '}');
    }
    jz_json_close(j, ']');
}

static void put_explanation(struct jz_json *j, const struct jz_program *program, uint32_t rule,
                            const struct jz_assessment *a) {
    static char zh[EXPLANATION_MAX], en[EXPLANATION_MAX];
    jz_explain_text(program, rule, a, JZ_ZH, zh, sizeof zh);
    jz_explain_text(program, rule, a, JZ_EN, en, sizeof en);
    jz_json_title(j, "explanation", zh, en);
}

static void put_result(struct jz_json *j, const struct jz_program *program, uint32_t rule,
                       const struct jz_assessment *a) {
    const struct jz_rule_info *info = jz_program_rule(program, rule);
    put_range(j, "value", a->result.lo, a->result.hi);
    jz_json_bool(j, "complete", a->result.complete);
    put_fields(j, "missing", info, a->missing);
    put_fields(j, "stale", info, a->stale);
    put_band(j, "band", program, rule, a->result.level);
    put_band(j, "band_hi", program, rule, a->result.level_hi);
    if (a->priority)
        jz_json_int(j, "priority", a->priority);
    else
        jz_json_null(j, "priority");
    jz_json_bool(j, "alarm", a->alarm);
    jz_json_conditions(j, "conditions", program, a->conditions);
    put_items(j, program, rule, a);
    if (a->measure_next == JZ_FIELD_NONE)
        jz_json_null(j, "measure_next");
    else
        jz_json_text(j, "measure_next", jz_field_at(a->measure_next)->name);
    put_used(j, a);
}

void jz_answer_assessment(FILE *out, const struct jz_program *program, uint32_t rule,
                          const struct jz_assessment *a, bool explain) {
    const struct jz_rule_info *info = jz_program_rule(program, rule);
    struct jz_json j = {out, false};
    jz_json_open(&j, NULL, '{');
    jz_json_text(&j, "rule", info->id);
    jz_json_text(&j, "version", info->version);
    jz_json_bool(&j, "enabled", info->enabled);
    jz_json_text(&j, "status", jz_status_word(a->result.status));
    put_result(&j, program, rule, a);
    jz_json_text(&j, "source", info->source);
    jz_json_text(&j, "mark", info->mark);
    jz_json_bool(&j, "signed", info->signed_off);
    if (explain) put_explanation(&j, program, rule, a);
    jz_json_close(&j, '}');
    putc('\n', out);
}
