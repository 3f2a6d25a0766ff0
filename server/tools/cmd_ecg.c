/* SPDX-License-Identifier: Apache-2.0 */
/* `ecg measure` and `ecg beats`: a recorded ECG, measured and put before the rules. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "command.h"
#include "tool_ecg_answer.h"
#include "tool_flags.h"
#include "tool_packs.h"
#include "tool_picture.h"

#define SECONDS_USUAL 10000 /* ms: what a 12-lead sheet shows */
#define AGE_MAX 120
#define RECORD_SECONDS_MAX INT64_C(1000000)

struct asked {
    const char *record, *earlier, *folder, *draw;
    bool json;
    int64_t from_ms, length_ms, age;
    char sex;
    const char *pain; /* "yes", "no", or NULL: nobody said */
};

static const char usage_measure[] =
    "usage: jingzhu ecg measure RECORD [--from S] [--seconds S] [--age N] [--sex male|female]\n"
    "                           [--pain yes|no] [--serial EARLIER] [--packs FOLDER] [--json]\n"
    "                           [--draw FILE.svg|FILE.png]\n"
    "RECORD is a WFDB record, with or without .hea; see docs/signals-tools.md\n";
static const char usage_beats[] = "usage: jingzhu ecg beats RECORD --lead NAME[,NAME[,NAME]] [--json]\n"
                                  "RECORD is a WFDB record of any length; NAME is a signal of its header\n";

static int wrong(const char *usage) {
    fputs(usage, stderr);
    return JZ_SIGNAL_USAGE;
}

static bool take_sex(const char *text, char *sex) {
    if (strcmp(text, "male") != 0 && strcmp(text, "female") != 0)
        return fprintf(stderr, "'%s' of --sex is neither male nor female\n", text), false;
    *sex = text[0];
    return true;
}

static bool is_yes_or_no(const char *option, const char *text) {
    if (strcmp(text, "yes") == 0 || strcmp(text, "no") == 0) return true;
    fprintf(stderr, "'%s' of %s is neither yes nor no\n", text, option);
    return false;
}

static bool take_flags(int argc, char **argv, struct asked *asked) {
    const char *from = NULL, *seconds = NULL, *age = NULL, *sex = NULL;
    const struct jz_tool_flag flags[] = {{"--from", &from, NULL},
                                         {"--seconds", &seconds, NULL},
                                         {"--age", &age, NULL},
                                         {"--sex", &sex, NULL},
                                         {"--pain", &asked->pain, NULL},
                                         {"--packs", &asked->folder, NULL},
                                         {"--serial", &asked->earlier, NULL},
                                         {"--draw", &asked->draw, NULL},
                                         {"--json", NULL, &asked->json}};
    struct jz_tool_rest rest;
    if (!jz_tool_flags(argc, argv, flags, sizeof flags / sizeof flags[0], &rest)) return false;
    if (rest.count != 1) return fprintf(stderr, "name one record\n"), false;
    asked->record = rest.word[0];
    return (!from || jz_signal_number("--from", from, 1000, 0, RECORD_SECONDS_MAX * 1000, &asked->from_ms)) &&
           (!seconds || jz_signal_number("--seconds", seconds, 1000, 100, JZ_ECG_SECONDS_MAX * 1000,
                                         &asked->length_ms)) &&
           (!age || jz_signal_number("--age", age, 1, 0, AGE_MAX, &asked->age)) &&
           (!sex || take_sex(sex, &asked->sex)) && (!asked->pain || is_yes_or_no("--pain", asked->pain)) &&
           (!asked->draw || jz_picture_name(asked->draw));
}

/* What the options do not say, the record may. */
static void conclude(struct jz_ecg_answer *answer, struct jz_signal_patient *patient,
                     const struct asked *asked) {
    const struct jz_ecg_stretch *now = answer->now;
    answer->age_years = asked->age >= 0 ? (int)asked->age : now->person.age_years;
    answer->sex = asked->sex ? asked->sex : now->person.sex;
    if (answer->age_years >= 0) jz_signal_tell(patient, "age_years", answer->age_years);
    if (answer->sex) jz_signal_tell(patient, "sex", answer->sex == 'm' ? 1 : 2);
    if (asked->pain) jz_signal_tell(patient, "ecg_pain", strcmp(asked->pain, "yes") == 0);
    answer->fact_count =
        jz_ecg_facts(&now->measure, answer->before ? &answer->before->measure : NULL, answer->fact);
    jz_signal_take(patient, answer->fact, answer->fact_count);
    jz_ecg_statement(patient->program, &patient->chart, patient->now_ms, &now->measure, JZ_ZH, answer->zh,
                     sizeof answer->zh);
    jz_ecg_statement(patient->program, &patient->chart, patient->now_ms, &now->measure, JZ_EN, answer->en,
                     sizeof answer->en);
}

static enum jz_status draw(const void *context, jz_svg_write *write, void *out) {
    const struct jz_ecg_answer *answer = context;
    struct jz_ecg_sheet sheet = {.name = jz_ecg_short_name(answer->now->record),
                                 .statement_zh = answer->zh,
                                 .statement_en = answer->en,
                                 .period_us = answer->now->period_us,
                                 .samples = answer->now->count,
                                 .age_years = answer->age_years,
                                 .sex = answer->sex,
                                 .measure = &answer->now->measure};
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++) sheet.uv[lead] = answer->now->uv[lead];
    return jz_draw_ecg(&sheet, write, out);
}

static int answer_with(const struct asked *asked, const struct jz_program *program,
                       const struct jz_ecg_stretch *now, const struct jz_ecg_stretch *before) {
    static struct jz_signal_patient patient;
    static struct jz_ecg_answer answer;
    jz_signal_begin(&patient, program);
    answer = (struct jz_ecg_answer){.now = now, .before = before, .patient = &patient};
    conclude(&answer, &patient, asked);
    if (asked->json)
        jz_ecg_answer_json(stdout, &answer);
    else
        jz_ecg_answer_table(stdout, &answer);
    if (!jz_signal_written()) return JZ_SIGNAL_FAILED;
    if (asked->draw && !jz_picture(asked->draw, draw, &answer)) return JZ_SIGNAL_FAILED;
    return now->measure.readable ? JZ_SIGNAL_MEASURED : JZ_SIGNAL_UNREADABLE;
}

int jz_cmd_ecg_measure(int argc, char **argv) {
    static struct jz_ecg_stretch now, before;
    struct asked asked = {.folder = JZ_TOOL_PACKS_FOLDER, .age = -1, .length_ms = SECONDS_USUAL};
    if (!take_flags(argc, argv, &asked)) return wrong(usage_measure);
    int code = JZ_SIGNAL_FAILED;
    bool good = jz_ecg_open(&now, asked.record) && jz_ecg_read(&now, asked.from_ms, asked.length_ms);
    if (good && asked.earlier)
        good = jz_ecg_open(&before, asked.earlier) && jz_ecg_read(&before, 0, SECONDS_USUAL);
    struct jz_tool_packs *packs = good ? jz_tool_packs_load(asked.folder) : NULL;
    if (packs) code = answer_with(&asked, packs->program, &now, asked.earlier ? &before : NULL);
    jz_tool_packs_free(packs);
    jz_ecg_close(&before);
    jz_ecg_close(&now);
    return code;
}

/* --- beats ------------------------------------------------------------------------------------------------ */

#define CHUNK 65536u

struct running {
    struct jz_ecg_stretch record;
    uint32_t lead_count, signal[JZ_STREAM_LEADS_MAX];
    struct jz_ecg_stream *stream;
    int32_t raw[JZ_STREAM_LEADS_MAX][CHUNK];
};

static bool find_signals(struct running *r, const char *names) {
    while (*names) {
        char name[JZ_WFDB_NAME_MAX];
        size_t bytes = strcspn(names, ",");
        snprintf(name, sizeof name, "%.*s", (int)bytes, names);
        names += bytes + (names[bytes] == ',');
        int signal = jz_wfdb_find(&r->record.wfdb, name);
        if (signal < 0)
            return fprintf(stderr, "%s.hea: no signal is named '%s'\n", r->record.record, name), false;
        if (jz_ecg_step_nv(&r->record.wfdb.signal[signal]) == 0)
            return fprintf(stderr, "%s.hea: signal %s has no gain in mV\n", r->record.record, name), false;
        if (r->lead_count == JZ_STREAM_LEADS_MAX)
            return fprintf(stderr, "more than %u leads\n", JZ_STREAM_LEADS_MAX), false;
        r->signal[r->lead_count++] = (uint32_t)signal;
    }
    return r->lead_count > 0;
}

static int32_t to_uv(const struct jz_wfdb_signal *signal, int32_t raw) {
    double uv = ((double)raw - signal->baseline) * jz_ecg_step_nv(signal) / 1000;
    return raw == JZ_WFDB_MISSING || fabs(uv) > 1e9 ? JZ_ECG_MISSING : (int32_t)lround(uv);
}

static bool read_chunk(struct running *r, uint32_t from, uint32_t count) {
    for (uint32_t lead = 0; lead < r->lead_count; lead++) {
        const struct jz_wfdb_signal *signal = &r->record.wfdb.signal[r->signal[lead]];
        if (jz_wfdb_read(&r->record.wfdb, r->signal[lead], from, count, r->raw[lead]) != JZ_OK) {
            fprintf(stderr, "%s%s: missing or shorter than %s.hea says\n", r->record.wfdb.folder,
                    signal->file, r->record.record);
            return false;
        }
        for (uint32_t i = 0; i < count; i++) r->raw[lead][i] = to_uv(signal, r->raw[lead][i]);
    }
    return true;
}

static bool print_beats(struct running *r, struct jz_json *j) {
    uint32_t samples = r->record.wfdb.samples;
    for (uint32_t from = 0, count; from < samples; from += count) {
        count = samples - from < CHUNK ? samples - from : CHUNK;
        if (!read_chunk(r, from, count)) return false;
        for (uint32_t i = 0; i < count; i++) {
            int32_t uv[JZ_STREAM_LEADS_MAX] = {0};
            uint32_t ago;
            for (uint32_t lead = 0; lead < r->lead_count; lead++) uv[lead] = r->raw[lead][i];
            if (!jz_ecg_stream_push(r->stream, uv, &ago)) continue;
            if (j)
                jz_json_int(j, NULL, (int64_t)from + i - ago);
            else
                printf("%lld\n", (long long)from + i - ago);
        }
    }
    return true;
}

static bool run_beats(struct running *r, bool json) {
    struct jz_json j = {stdout, false};
    r->stream = calloc(1, jz_ecg_stream_bytes());
    if (!r->stream || jz_ecg_stream_begin(r->stream, r->record.period_us, r->lead_count) != JZ_OK) {
        fprintf(stderr, "%s: out of memory\n", r->record.record);
        return false;
    }
    if (json) {
        char rate[32];
        snprintf(rate, sizeof rate, "%.10g", r->record.wfdb.rate_hz);
        jz_json_open(&j, NULL, '{');
        jz_json_text(&j, "record", r->record.record);
        jz_json_number(&j, "hz", rate);
        jz_json_open(&j, "beats", '[');
    }
    bool good = print_beats(r, json ? &j : NULL);
    if (json) {
        jz_json_close(&j, ']');
        jz_json_close(&j, '}');
        putchar('\n');
    }
    return jz_signal_written() && good;
}

int jz_cmd_ecg_beats(int argc, char **argv) {
    const char *names = NULL;
    bool json = false;
    const struct jz_tool_flag flags[] = {{"--lead", &names, NULL}, {"--json", NULL, &json}};
    struct jz_tool_rest rest;
    if (!jz_tool_flags(argc, argv, flags, 2, &rest) || rest.count != 1 || !names) return wrong(usage_beats);
    struct running *r = calloc(1, sizeof *r);
    if (!r) return JZ_SIGNAL_FAILED;
    bool good = jz_ecg_open(&r->record, rest.word[0]) && find_signals(r, names) && run_beats(r, json);
    free(r->stream);
    free(r);
    return good ? JZ_SIGNAL_MEASURED : JZ_SIGNAL_FAILED;
}
