/* SPDX-License-Identifier: Apache-2.0 */
#include "tool_signal.h"

#include <stdlib.h>
#include <string.h>

#include "jingzhu/field.h"
#include "tool_answer.h"
#include "tool_value.h"

#define SIGNAL_TIME_MS INT64_C(1700000000000) /* any time: every answer depends on differences alone */

void jz_signal_begin(struct jz_signal_patient *patient, const struct jz_program *program) {
    memset(patient, 0, sizeof *patient);
    patient->program = program;
    patient->now_ms = SIGNAL_TIME_MS;
}

static void observe(struct jz_signal_patient *patient, uint32_t field, int32_t value) {
    struct jz_rule_set due = {{0}};
    struct jz_reading reading = {.taken_ms = patient->now_ms, .value = value, .validity = JZ_VALID};
    if (field == JZ_FIELD_UNKNOWN) return;
    if (jz_chart_observe(patient->program, &patient->chart, field, reading, &due) != JZ_OK) {
        fprintf(stderr, "more than %u different fields of one patient\n", JZ_CHART_READINGS_MAX);
        abort(); /* the measures together are fewer by design */
    }
}

void jz_signal_tell(struct jz_signal_patient *patient, const char *field, int32_t value) {
    observe(patient, jz_field_by_name(field), value);
}

void jz_signal_take(struct jz_signal_patient *patient, const struct jz_fact *facts, uint32_t count) {
    struct jz_rule_set all = {{0}};
    for (uint32_t i = 0; i < count; i++) observe(patient, jz_field_by_code(facts[i].code), facts[i].value);
    for (uint32_t i = 0; i < jz_program_rule_count(patient->program); i++) jz_rule_set_add(&all, i);
    (void)jz_chart_update(patient->program, &patient->chart, all, patient->now_ms);
}

void jz_signal_put_decimal(struct jz_json *j, const char *key, int64_t value, int32_t scale) {
    char text[JZ_VALUE_TEXT_MAX];
    jz_value_decimal(value, scale, text);
    jz_json_number(j, key, text);
}

void jz_signal_put_facts(struct jz_json *j, const struct jz_fact *facts, uint32_t count) {
    jz_json_open(j, "facts", '{');
    for (uint32_t i = 0; i < count; i++) {
        char text[JZ_VALUE_TEXT_MAX];
        uint32_t field = jz_field_by_code(facts[i].code);
        if (field == JZ_FIELD_UNKNOWN) continue;
        enum jz_value_kind kind = jz_value_kind(field);
        const char *name = jz_field_at(field)->name;
        jz_value_text(field, facts[i].value, text);
        if (kind == JZ_VALUE_NUMBER)
            jz_json_number(j, name, text);
        else if (kind == JZ_VALUE_YES_NO)
            jz_json_bool(j, name, facts[i].value != 0);
        else
            jz_json_text(j, name, text);
    }
    jz_json_close(j, '}');
}

/* In the order in which a reader wants them. */
static const uint8_t order[] = {JZ_RULE_FIRED, JZ_RULE_CANNOT_EVALUATE, JZ_RULE_NOT_FIRED,
                                JZ_RULE_NOT_APPLICABLE};
#define ORDER_COUNT (sizeof order / sizeof order[0])

static bool is_asked(const struct jz_signal_patient *patient, uint32_t rule, uint8_t status,
                     bool (*of)(const struct jz_rule_info *rule)) {
    const struct jz_rule_info *info = jz_program_rule(patient->program, rule);
    return info->enabled && of(info) && patient->chart.result[rule].status == status;
}

static void put_rule(struct jz_json *j, const struct jz_signal_patient *patient, uint32_t rule) {
    const struct jz_rule_info *info = jz_program_rule(patient->program, rule);
    const struct jz_rule_result *result = &patient->chart.result[rule];
    jz_json_open(j, NULL, '{');
    jz_json_text(j, "rule", info->id);
    jz_json_text(j, "status", jz_status_word(result->status));
    if (result->level != JZ_LEVEL_NONE) {
        const struct jz_level_info *level = jz_program_level(patient->program, rule, result->level);
        jz_json_text(j, "level", level->id);
        jz_json_text(j, "level_zh", level->title_zh);
        jz_json_text(j, "level_en", level->title_en);
    }
    jz_json_text(j, "title_zh", info->title_zh);
    jz_json_text(j, "title_en", info->title_en);
    jz_json_close(j, '}');
}

void jz_signal_put_rules(struct jz_json *j, const struct jz_signal_patient *patient,
                         bool (*of)(const struct jz_rule_info *rule)) {
    jz_json_open(j, "rules", '[');
    for (size_t i = 0; i < ORDER_COUNT; i++)
        for (uint32_t rule = 0; rule < jz_program_rule_count(patient->program); rule++)
            if (is_asked(patient, rule, order[i], of)) put_rule(j, patient, rule);
    jz_json_close(j, ']');
}

void jz_signal_print_rules(FILE *out, const struct jz_signal_patient *patient,
                           bool (*of)(const struct jz_rule_info *rule)) {
    for (size_t i = 0; i < 2; i++)
        for (uint32_t rule = 0; rule < jz_program_rule_count(patient->program); rule++) {
            if (!is_asked(patient, rule, order[i], of)) continue;
            const struct jz_rule_info *info = jz_program_rule(patient->program, rule);
            uint8_t level = patient->chart.result[rule].level;
            fprintf(out, "  %-16s ", info->id);
            if (order[i] == JZ_RULE_CANNOT_EVALUATE)
                fprintf(out, "cannot evaluate 无法判定: %s %s\n", info->title_en, info->title_zh);
            else if (level == JZ_LEVEL_NONE)
                fprintf(out, "%s %s\n", info->title_en, info->title_zh);
            else
                fprintf(out, "%s %s\n", jz_program_level(patient->program, rule, level)->title_en,
                        jz_program_level(patient->program, rule, level)->title_zh);
        }
}

bool jz_signal_number(const char *option, const char *text, int32_t scale, int64_t min, int64_t max,
                      int64_t *out) {
    char low[JZ_VALUE_TEXT_MAX], high[JZ_VALUE_TEXT_MAX];
    if (jz_value_number(text, scale, out) && *out >= min && *out <= max) return true;
    jz_value_decimal(min, scale, low);
    jz_value_decimal(max, scale, high);
    fprintf(stderr, "'%s' of %s is no number from %s to %s\n", text, option, low, high);
    return false;
}

bool jz_signal_written(void) {
    if (fflush(stdout) == 0 && !ferror(stdout)) return true;
    fputs("standard output: cannot be written; is the disk full?\n", stderr);
    return false;
}

/* Columns that one character takes: two from the Chinese punctuation and signs on (U+2E80 and above). */
static int columns(const char *text) {
    int count = 0;
    for (const unsigned char *at = (const unsigned char *)text; *at; at++)
        if ((*at & 0xc0u) != 0x80u) count += *at >= 0xe3 ? 2 : 1;
    return count;
}

void jz_signal_print_padded(FILE *out, const char *text, int width) {
    int left = width - columns(text);
    fputs(text, out);
    for (; left > 0; left--) putc(' ', out);
}
