/* SPDX-License-Identifier: Apache-2.0 */
/* `ctg analyse`: a recorded cardiotocogram, measured every minute and put before the rules. */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "ctg_csv.h"
#include "tool_ctg.h"
#include "tool_flags.h"
#include "tool_packs.h"
#include "tool_picture.h"

#define MINUTE_SAMPLES (60u * JZ_CTG_HZ)
#define VERDICT_MINUTES 10u
#define SAMPLES_MAX (JZ_CTG_HOURS_MAX * 60u * MINUTE_SAMPLES)
#define GA_DAYS_MAX 315
#define PREGNANT 2

struct asked {
    const char *file, *folder, *draw;
    bool json, every_minute;
    int64_t ga_days, from_min, minutes, speed_mm;
};

static const char usage[] =
    "usage: jingzhu ctg analyse FILE [--ga-days N] [--from MIN] [--minutes N] [--every-minute]\n"
    "                          [--packs FOLDER] [--json] [--draw FILE.svg|FILE.png] [--speed 1|2|3]\n"
    "FILE is a table: time_s,fhr_bpm,uc four times a second; --speed is of the paper, cm/min; see\n"
    "docs/signals-tools.md\n";

static bool take_flags(int argc, char **argv, struct asked *asked) {
    const char *ga = NULL, *from = NULL, *minutes = NULL, *speed = NULL;
    const struct jz_tool_flag flags[] = {{"--ga-days", &ga, NULL},
                                         {"--from", &from, NULL},
                                         {"--minutes", &minutes, NULL},
                                         {"--speed", &speed, NULL},
                                         {"--packs", &asked->folder, NULL},
                                         {"--draw", &asked->draw, NULL},
                                         {"--every-minute", NULL, &asked->every_minute},
                                         {"--json", NULL, &asked->json}};
    int64_t cm = 1;
    struct jz_tool_rest rest;
    if (!jz_tool_flags(argc, argv, flags, sizeof flags / sizeof flags[0], &rest)) return false;
    if (rest.count != 1) return fprintf(stderr, "name one file\n"), false;
    asked->file = rest.word[0];
    bool good =
        (!ga || jz_signal_number("--ga-days", ga, 1, 1, GA_DAYS_MAX, &asked->ga_days)) &&
        (!from || jz_signal_number("--from", from, 1, 0, JZ_CTG_HOURS_MAX * 60, &asked->from_min)) &&
        (!minutes || jz_signal_number("--minutes", minutes, 1, 1, JZ_CTG_HOURS_MAX * 60, &asked->minutes)) &&
        (!speed || jz_signal_number("--speed", speed, 1, 1, 3, &cm)) &&
        (!asked->draw || jz_picture_name(asked->draw));
    asked->speed_mm = cm * 10;
    return good;
}

static bool read_file(struct jz_ctg_run *run, const struct asked *asked) {
    struct jz_ctg_csv_problem problem;
    uint32_t capacity = (uint32_t)asked->minutes * MINUTE_SAMPLES;
    uint32_t from = (uint32_t)asked->from_min * MINUTE_SAMPLES;
    run->file = asked->file;
    run->sample = calloc(capacity, sizeof *run->sample);
    run->ctg = calloc(1, jz_ctg_bytes());
    if (!run->sample || !run->ctg) return fprintf(stderr, "%s: out of memory\n", run->file), false;
    if (jz_ctg_csv_read(run->file, from, capacity, run->sample, &run->samples, &problem) != JZ_OK) {
        fprintf(stderr, "%s", run->file);
        if (problem.line) fprintf(stderr, ":%u", problem.line);
        fprintf(stderr, ": %s\n", problem.what);
        return false;
    }
    if (run->samples > 0) return true;
    fprintf(stderr, "%s: no sample from minute %d on; give an earlier --from\n", run->file,
            (int)asked->from_min);
    return false;
}

/* Of a longer trace the oldest verdicts go. */
static void note_verdict(struct jz_ctg_run *run, uint32_t minute) {
    struct jz_ctg_classes classes = jz_ctg_classes_of(&run->patient);
    if (run->verdicts == JZ_CTG_VERDICTS_MAX)
        memmove(run->verdict, run->verdict + 1, --run->verdicts * sizeof run->verdict[0]);
    struct jz_ctg_verdict *v = &run->verdict[run->verdicts++];
    *v = (struct jz_ctg_verdict){minute, run->measure.baseline_x10, run->measure.variability_x10,
                                 run->measure.usable_permille, ""};
    snprintf(v->classes, sizeof v->classes, "FIGO %s %s   NICHD %s   NICE %s %s",
             jz_ctg_class_zh(classes.figo), classes.figo, classes.nichd, jz_ctg_class_zh(classes.nice),
             classes.nice);
}

static void run_through(struct jz_ctg_run *run, const struct asked *asked) {
    uint32_t done = 0;
    while (done < run->samples) {
        uint32_t next = done + MINUTE_SAMPLES < run->samples ? done + MINUTE_SAMPLES : run->samples;
        jz_ctg_advance(run, done, next);
        done = next;
        uint32_t minute = (done + MINUTE_SAMPLES - 1) / MINUTE_SAMPLES; /* the last may be short */
        if (done % MINUTE_SAMPLES == 0 && minute % VERDICT_MINUTES == 0) note_verdict(run, minute);
        if (!asked->every_minute) continue;
        if (asked->json)
            jz_ctg_minute_json(stdout, run, minute);
        else
            jz_ctg_minute_table(stdout, run, minute);
    }
    const struct jz_signal_patient *p = &run->patient;
    jz_ctg_statement(p->program, &p->chart, &run->measure, JZ_ZH, run->zh, sizeof run->zh);
    jz_ctg_statement(p->program, &p->chart, &run->measure, JZ_EN, run->en, sizeof run->en);
}

struct drawing {
    const struct jz_ctg_run *run;
    const struct asked *asked;
};

static enum jz_status draw(const void *context, jz_svg_write *write, void *out) {
    static int16_t fhr_x10[JZ_CTG_SAMPLES_MAX], baseline_x10[JZ_CTG_SAMPLES_MAX];
    const struct drawing *d = context;
    const struct jz_ctg_run *run = d->run;
    uint32_t kept = jz_ctg_curves(run->ctg, fhr_x10, baseline_x10);
    const char *slash = strrchr(run->file, '/');
    struct jz_ctg_sheet sheet = {.name = slash ? slash + 1 : run->file,
                                 .statement_zh = run->zh,
                                 .statement_en = run->en,
                                 .mm_per_min = (uint32_t)d->asked->speed_mm,
                                 .sample = run->sample + run->measure.first,
                                 .samples = kept,
                                 .baseline_x10 = baseline_x10,
                                 .measure = &run->measure,
                                 .verdict = run->verdict,
                                 .verdicts = run->verdicts};
    return jz_draw_ctg(&sheet, write, out);
}

static int answer(struct jz_ctg_run *run, const struct asked *asked, const struct jz_program *program) {
    struct drawing drawing = {run, asked};
    jz_signal_begin(&run->patient, program);
    jz_signal_tell(&run->patient, "pregnancy", PREGNANT);
    if (asked->ga_days) jz_signal_tell(&run->patient, "ga_days", (int32_t)asked->ga_days);
    jz_ctg_begin(run->ctg, (uint32_t)asked->ga_days);
    run_through(run, asked);
    if (!asked->every_minute && asked->json) jz_ctg_answer_json(stdout, run);
    if (!asked->every_minute && !asked->json) jz_ctg_answer_table(stdout, run);
    if (!jz_signal_written()) return JZ_SIGNAL_FAILED;
    if (asked->draw && !jz_picture(asked->draw, draw, &drawing)) return JZ_SIGNAL_FAILED;
    return run->measure.adequate && run->measure.baseline_x10 != JZ_CTG_UNKNOWN ? JZ_SIGNAL_MEASURED
                                                                                : JZ_SIGNAL_UNREADABLE;
}

int jz_cmd_ctg_analyse(int argc, char **argv) {
    struct asked asked = {.folder = JZ_TOOL_PACKS_FOLDER, .minutes = SAMPLES_MAX / MINUTE_SAMPLES};
    if (!take_flags(argc, argv, &asked)) {
        fputs(usage, stderr);
        return JZ_SIGNAL_USAGE;
    }
    int code = JZ_SIGNAL_FAILED;
    struct jz_ctg_run *run = calloc(1, sizeof *run);
    if (!run) return code;
    struct jz_tool_packs *packs = read_file(run, &asked) ? jz_tool_packs_load(asked.folder) : NULL;
    if (packs) code = answer(run, &asked, packs->program);
    jz_tool_packs_free(packs);
    free(run->ctg);
    free(run->sample);
    free(run);
    return code;
}
