/* SPDX-License-Identifier: Apache-2.0 */
#include "forms.h"

struct jz_chart chart;
struct jz_program *program;

static char yaml[32768];

static enum jz_status try(const char *define, const char *rules, struct jz_program **out,
                          struct jz_pack_error *error) {
    int bytes = snprintf(yaml, sizeof yaml,
                         "pack: general/form\n"
                         "title: {zh: 式, en: form}\n"
                         "population: {for: {zh: 人, en: people}, not_for: {zh: 无, en: nobody}}\n"
                         "inputs:\n"
                         "  sbp: {unit: \"mm[Hg]\"}\n"
                         "  dbp: {unit: \"mm[Hg]\"}\n"
                         "  hr: {unit: /min}\n"
                         "  rr: {unit: /min}\n"
                         "  temp_c: {unit: Cel, scale: 10}\n"
                         "  spo2: {unit: \"%%\"}\n"
                         "  seizure: {unit: \"{bool}\"}\n"
                         "  syncope: {unit: \"{bool}\"}\n"
                         "  lmp_date: {unit: \"{date}\"}\n"
                         "  edd_date: {unit: \"{date}\"}\n"
                         "  ga_days: {unit: d}\n"
                         "  sex: {unit: \"{enum}\", absent: male, why: test}\n"
                         "  ecg_pts: {unit: \"{enum}\"}\n"
                         "  st_deviation: {unit: \"{bool}\"}\n"
                         "  fmc: {unit: \"{event}\"}\n"
                         "  ecg: {unit: \"{event}\"}\n"
                         "%s%s\n%s%s",
                         *define ? "define:\n" : "", define, *rules == ' ' ? "rules:\n" : "", rules);
    assert_true(bytes > 0 && (size_t)bytes < sizeof yaml);
    struct jz_pack_source source = {"general/form.yaml", yaml, (size_t)bytes};
    return jz_program_compile(&source, 1, out, error);
}

struct jz_program *compile(const char *define, const char *rules) {
    struct jz_program *made;
    struct jz_pack_error error = {0};
    if (try(define, rules, &made, &error) != JZ_OK)
        fail_msg("%s:%d:%d: %s\n%s", error.file, error.line, error.column, error.text, yaml);
    return made;
}

struct jz_program *criterion(const char *define, const char *when) {
    static char rules[4096];
    snprintf(rules, sizeof rules, RULE("X", "%s") READER, when);
    return compile(define, rules);
}

const char *refusal(const char *define, const char *rules) {
    static struct jz_pack_error error;
    struct jz_program *made;
    memset(&error, 0, sizeof error);
    enum jz_status status = try(define, rules, &made, &error);
    assert_true(status == JZ_OK || status == JZ_E_PACK);
    jz_program_free(made);
    return error.text;
}

void begin(struct jz_program *with) {
    memset(&chart, 0, sizeof chart);
    jz_program_free(program);
    program = with;
}

int end(void **state) {
    (void)state;
    jz_program_free(program);
    program = NULL;
    return 0;
}

void take(const char *name, int32_t value, int64_t at_ms, struct jz_rule_set *due) {
    struct jz_reading reading = {.taken_ms = at_ms, .value = value, .validity = JZ_VALID};
    assert_int_equal(jz_chart_observe(program, &chart, field(name), reading, due), JZ_OK);
}

void see_reading(const char *name, struct jz_reading reading) {
    struct jz_rule_set due = {{0}};
    assert_int_equal(jz_chart_observe(program, &chart, field(name), reading, &due), JZ_OK);
    (void)jz_chart_update(program, &chart, due, reading.taken_ms);
}

void see(const char *name, int32_t value, int64_t at_ms) {
    see_reading(name, (struct jz_reading){.taken_ms = at_ms, .value = value, .validity = JZ_VALID});
}

struct jz_assessment now(const char *rule, int64_t now_ms) {
    struct jz_assessment a;
    jz_rule_evaluate(program, &chart, rule_index(program, rule), now_ms, &a);
    return a;
}

void expect(const char *rule, int64_t now_ms, int status) {
    assert_int_equal(now(rule, now_ms).result.status, status);
}

int kept(const char *rule) {
    return chart.result[rule_index(program, rule)].status;
}
