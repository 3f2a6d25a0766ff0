/* SPDX-License-Identifier: Apache-2.0 */
#include "tool_ctg.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define MS_PER_SAMPLE (1000 / JZ_CTG_HZ)

static const char *const kinds[] = {[JZ_CTG_ACCELERATION] = "acceleration",
                                    [JZ_CTG_EARLY] = "early",
                                    [JZ_CTG_LATE] = "late",
                                    [JZ_CTG_VARIABLE] = "variable",
                                    [JZ_CTG_UNIFORM] = "uniform",
                                    [JZ_CTG_CONTRACTION] = "contraction"};
static const char *const kinds_zh[] = {
    [JZ_CTG_ACCELERATION] = "加速", [JZ_CTG_EARLY] = "早期减速",   [JZ_CTG_LATE] = "晚期减速",
    [JZ_CTG_VARIABLE] = "变异减速", [JZ_CTG_UNIFORM] = "均一减速", [JZ_CTG_CONTRACTION] = "宫缩"};

void jz_ctg_advance(struct jz_ctg_run *run, uint32_t done, uint32_t samples) {
    run->patient.now_ms += (int64_t)(samples - done) * MS_PER_SAMPLE;
    jz_ctg_append(run->ctg, run->sample + done, samples - done);
    jz_ctg_measure(run->ctg, &run->measure);
    run->fact_count = jz_ctg_facts(run->ctg, &run->measure, run->fact);
    jz_signal_take(&run->patient, run->fact, run->fact_count);
}

/* --- classes ---------------------------------------------------------------------------------------------- */

static const char *level_of(const struct jz_signal_patient *patient, const char *id) {
    uint32_t rule = jz_program_rule_by_id(patient->program, id);
    if (rule == UINT32_MAX) return NULL;
    const struct jz_rule_result *result = &patient->chart.result[rule];
    if (result->status != JZ_RULE_FIRED || result->level == JZ_LEVEL_NONE) return NULL;
    return jz_program_level(patient->program, rule, result->level)->id;
}

/* The level a scheme ended in; where there is none, why the signal allows no class: "inadequate", "collecting". */
static const char *class_of(const struct jz_signal_patient *patient, const char *id) {
    const char *level = level_of(patient, id), *signal = level_of(patient, "CTG-SIGNAL");
    if (level) return level;
    return signal && strcmp(signal, "usable") != 0 ? signal : "unknown";
}

struct jz_ctg_classes jz_ctg_classes_of(const struct jz_signal_patient *patient) {
    static const char *const roman[][2] = {{"i", "I"}, {"ii", "II"}, {"ii-minor", "II"}, {"iii", "III"}};
    struct jz_ctg_classes out = {class_of(patient, "CTG-FIGO"), class_of(patient, "CTG-NICHD"),
                                 class_of(patient, "CTG-NG229")};
    for (size_t i = 0; i < COUNT(roman); i++)
        if (strcmp(out.nichd, roman[i][0]) == 0) {
            out.nichd = roman[i][1];
            break;
        }
    return out;
}

const char *jz_ctg_class_zh(const char *name) {
    static const char *const words[][2] = {
        {"normal", "正常"},       {"suspicious", "可疑"},     {"suspicious-fever", "可疑（发热可解释）"},
        {"pathological", "病理"}, {"urgent", "紧急"},         {"watch", "观察"},
        {"short", "记录过短"},    {"inadequate", "信号不足"}, {"collecting", "继续采集"},
        {"unknown", "未定"}};
    for (size_t i = 0; i < COUNT(words); i++)
        if (strcmp(words[i][0], name) == 0) return words[i][1];
    return "";
}

static void put_classes(struct jz_json *j, const struct jz_signal_patient *patient) {
    struct jz_ctg_classes classes = jz_ctg_classes_of(patient);
    jz_json_open(j, "classes", '{');
    jz_json_text(j, "figo", classes.figo);
    jz_json_text(j, "nichd", classes.nichd);
    jz_json_text(j, "nice", classes.nice);
    jz_json_close(j, '}');
}

/* --- JSON ------------------------------------------------------------------------------------------------- */

static void put(struct jz_json *j, const char *key, int32_t value, int32_t scale) {
    if (value != JZ_CTG_UNKNOWN) jz_signal_put_decimal(j, key, value, scale);
}

/* Samples as seconds, exactly: quarters. */
static void put_seconds(struct jz_json *j, const char *key, int64_t samples) {
    jz_signal_put_decimal(j, key, samples * 100 / (int64_t)JZ_CTG_HZ, 100);
}

static void put_state(struct jz_json *j, const struct jz_ctg_measure *m) {
    jz_json_bool(j, "adequate", m->adequate);
    jz_json_bool(j, "toco_usable", m->toco_usable);
    jz_json_bool(j, "maternal_pickup", m->maternal_pickup);
    put(j, "usable_pct", m->usable_permille, 10);
    put(j, "baseline_bpm", m->baseline_x10, 10);
    put(j, "variability_bpm", m->variability_x10, 10);
    put(j, "stv_ms", m->stv_ms_x100, 100);
    put(j, "contractions_per_10min", m->contraction_rate_x10, 10);
}

static void put_minutes(struct jz_json *j, const struct jz_ctg_measure *m) {
    jz_json_open(j, "minutes", '[');
    for (uint32_t i = 0; i < m->minute_count; i++) {
        const struct jz_ctg_minute *minute = &m->minute[i];
        jz_json_open(j, NULL, '{');
        put(j, "baseline_bpm", minute->baseline_x10, 10);
        put(j, "variability_bpm", minute->variability_x10, 10);
        jz_json_int(j, "usable_pct", minute->usable_pct);
        jz_json_bool(j, "maternal", minute->maternal);
        jz_json_bool(j, "sinusoidal", minute->sinusoidal);
        jz_json_close(j, '}');
    }
    jz_json_close(j, ']');
}

static void put_event(struct jz_json *j, const struct jz_ctg_event *event) {
    jz_json_open(j, NULL, '{');
    jz_json_text(j, "kind", kinds[event->kind]);
    put_seconds(j, "start_s", event->start);
    put_seconds(j, "peak_s", event->peak);
    put_seconds(j, "end_s", event->end);
    put(j, "height", event->height_x10, 10);
    jz_json_bool(j, "ongoing", event->ongoing);
    jz_json_bool(j, "prolonged", event->prolonged);
    jz_json_bool(j, "concerning", event->concerning);
    if (event->lag != JZ_CTG_UNKNOWN) put_seconds(j, "lag_s", event->lag);
    jz_json_close(j, '}');
}

void jz_ctg_answer_json(FILE *out, const struct jz_ctg_run *run) {
    const struct jz_ctg_measure *m = &run->measure;
    struct jz_json j = {out, false};
    jz_json_open(&j, NULL, '{');
    jz_json_text(&j, "file", run->file);
    jz_json_int(&j, "samples", m->samples);
    put_state(&j, m);
    jz_json_int(&j, "first_minute", m->first / (60 * JZ_CTG_HZ));
    put_minutes(&j, m);
    jz_json_open(&j, "events", '[');
    for (uint32_t i = 0; i < m->event_count; i++) put_event(&j, &m->event[i]);
    jz_json_close(&j, ']');
    jz_signal_put_facts(&j, run->fact, run->fact_count);
    put_classes(&j, &run->patient);
    jz_signal_put_rules(&j, &run->patient, jz_statement_of_ctg);
    jz_json_title(&j, "statement", run->zh, run->en);
    jz_json_close(&j, '}');
    putc('\n', out);
}

void jz_ctg_minute_json(FILE *out, const struct jz_ctg_run *run, uint32_t minute) {
    struct jz_json j = {out, false};
    jz_json_open(&j, NULL, '{');
    jz_json_int(&j, "minute", minute);
    put_state(&j, &run->measure);
    put_classes(&j, &run->patient);
    jz_json_close(&j, '}');
    putc('\n', out);
}

/* --- tables ----------------------------------------------------------------------------------------------- */

static void print_value(FILE *out, int32_t x10, const char *unit) {
    if (x10 == JZ_CTG_UNKNOWN)
        fputs("-", out);
    else
        fprintf(out, "%d.%d%s", x10 / 10, x10 % 10, unit);
}

static void print_cell(FILE *out, int32_t x10, int width) {
    if (x10 == JZ_CTG_UNKNOWN)
        fprintf(out, "%*s", width, "-");
    else
        fprintf(out, "%*d.%d", width - 2, x10 / 10, x10 % 10);
}

static void print_state(FILE *out, const struct jz_ctg_measure *m) {
    fputs("baseline 基线 ", out);
    print_value(out, m->baseline_x10, "/min");
    fputs("   variability 变异 ", out);
    print_value(out, m->variability_x10, "/min");
    fputs("   usable 可用 ", out);
    print_value(out, m->usable_permille, " %");
    fputs("   contractions 宫缩/10 min ", out);
    print_value(out, m->contraction_rate_x10, "");
}

static void print_classes(FILE *out, const struct jz_signal_patient *patient) {
    struct jz_ctg_classes classes = jz_ctg_classes_of(patient);
    fprintf(out, "FIGO %s %s   NICHD %s   NICE NG229 %s %s", jz_ctg_class_zh(classes.figo), classes.figo,
            classes.nichd, jz_ctg_class_zh(classes.nice), classes.nice);
}

void jz_ctg_minute_table(FILE *out, const struct jz_ctg_run *run, uint32_t minute) {
    fprintf(out, "%4u  ", minute);
    print_state(out, &run->measure);
    fputs("   ", out);
    print_classes(out, &run->patient);
    putc('\n', out);
}

static void print_time(FILE *out, uint32_t samples) {
    uint32_t seconds = samples / JZ_CTG_HZ;
    fprintf(out, "%4u:%02u", seconds / 60, seconds % 60);
}

static void print_event(FILE *out, const struct jz_ctg_event *event) {
    char name[64];
    snprintf(name, sizeof name, "%s %s", kinds[event->kind], kinds_zh[event->kind]);
    print_time(out, event->start);
    print_time(out, event->peak);
    print_time(out, event->end);
    fprintf(out, "  ");
    jz_signal_print_padded(out, name, 24);
    print_value(out, event->height_x10, event->kind == JZ_CTG_CONTRACTION ? "" : "/min");
    if (event->lag != JZ_CTG_UNKNOWN)
        fprintf(out, ", %d s after the contraction began 晚于宫缩起点", event->lag / (int)JZ_CTG_HZ);
    if (event->prolonged) fputs(", prolonged 延长", out);
    if (event->concerning) fputs(", concerning 令人担忧", out);
    if (event->ongoing) fputs(", still going on 仍在进行", out);
    putc('\n', out);
}

void jz_ctg_answer_table(FILE *out, const struct jz_ctg_run *run) {
    const struct jz_ctg_measure *m = &run->measure;
    fprintf(out, "%s   %u min %u s\n\n", run->file, m->samples / JZ_CTG_HZ / 60, m->samples / JZ_CTG_HZ % 60);
    print_state(out, m);
    if (m->stv_ms_x100 != JZ_CTG_UNKNOWN)
        fprintf(out, "   STV 短变异 %d.%02d ms", m->stv_ms_x100 / 100, m->stv_ms_x100 % 100);
    putc('\n', out);
    print_classes(out, &run->patient);
    if (!m->toco_usable) fputs("\nno usable contraction curve 宫缩曲线不可用", out);
    if (m->maternal_pickup) fputs("\nthe rate may be the mother's 所记可能为母体心率", out);
    fputs("\n\nminute 分  baseline 基线  variability 变异  usable 可用  class 分类\n", out);
    for (uint32_t i = 0; i < run->verdicts; i++) {
        const struct jz_ctg_verdict *v = &run->verdict[i];
        fprintf(out, "%9u", v->minute);
        print_cell(out, v->baseline_x10, 14);
        print_cell(out, v->variability_x10, 18);
        print_cell(out, v->usable_permille, 12);
        fprintf(out, " %%  %s\n", v->classes);
    }
    fputs("\n begin  peak   end   event 事件\n", out);
    for (uint32_t i = 0; i < m->event_count; i++) print_event(out, &m->event[i]);
    fputs("\nRules 规则\n", out);
    jz_signal_print_rules(out, &run->patient, jz_statement_of_ctg);
    fprintf(out, "\n%s\n%s\n", run->zh, run->en);
}
