/* SPDX-License-Identifier: Apache-2.0 */
#include "indicator.h"

#include <stdlib.h>
#include <string.h>

#include "jingzhu/field.h"

#define LONGEST_S 86400          /* an interval of more than 24 h is no interval (8.2) */
#define FAR_FROM_DOOR_S 900      /* KPI-03: FMC-to-door of more than 15 min */
#define STEROID_IDEAL_S 86400    /* clinical-obstetric 16: 24 h before birth */
#define GBS_BEFORE_BIRTH_S 14400 /* clinical-obstetric 16: 4 h before birth */
#define PREGNANT 2
#define POSTPARTUM 3

/* --- what a month must reach --------------------------------------------------------------------------------------- */

/* The mean's goal is the interval's own target. Of the obstetric and neonatal intervals the specification sets targets,
 * and no share of a month. */
static const struct jz_goal_row goals[] = {
    {"KPI-01", 75, false, false, JZ_MEAN_BELOW, 0, "clinical-chest-pain 8.1, KPI-01: mean < 10 min, >= 75 %",
     "S"},
    {"KPI-02", 0, false, false, JZ_MEAN_BELOW, 0, "clinical-chest-pain 8.1, KPI-02: mean < 10 min", "S"},
    {"KPI-06", 75, false, false, JZ_MEAN_AT_MOST, 0,
     "clinical-chest-pain 8.1, KPI-06: mean <= 90 min, >= 75 %", "S"},
    {"KPI-09", 0, false, false, JZ_MEAN_AT_MOST, 0, "clinical-chest-pain 8.1, KPI-09: mean <= 30 min", "S"},
    {"KPI-10", 75, false, false, JZ_MEAN_AT_MOST, 0,
     "clinical-chest-pain 8.1, KPI-10: mean <= 30 min, >= 75 %", "S"},
    {"KPI-11", 30, true, false, JZ_MEAN_FREE, JZ_ARRIVAL_BIT(JZ_ARRIVAL_AMBULANCE),
     "clinical-chest-pain 8.1, KPI-11: > 30 % of ambulance cases", "S"},
    {"KPI-13", 0, false, true, JZ_MEAN_FREE, 0, "clinical-chest-pain 8.1, KPI-13: rising", "S"},
    {"KPI-16", 0, false, true, JZ_MEAN_FREE, 0, "clinical-chest-pain 8.1, KPI-16: rising", "S"},
    {"KPI-17", 0, false, true, JZ_MEAN_FREE, 0, "clinical-chest-pain 8.1, KPI-17: rising", "S"},
};

/* Whose a clock is: its pack's folder. */
static const struct {
    const char *folder, *set;
} sets[] = {{"chest-pain/", "chest-pain"}, {"obstetric/", "maternal"}, {"neonatal/", "newborn"}};

/* Who counts besides those to whom the pathway applies. Some pathways run also for a patient of whom nobody knows yet whether
 * they are meant, so that no clock is lost; a month's figures are of those of whom it is known. */
static enum jz_verdict_kind mothers(const struct jz_case *item) {
    int32_t pregnancy = item->fact[JZ_FACT_PREGNANCY];
    if (pregnancy == PREGNANT || pregnancy == POSTPARTUM) return JZ_COUNTED;
    return pregnancy == JZ_FACT_ABSENT ? JZ_UNCLEAR : JZ_NOT_COUNTED;
}

static enum jz_verdict_kind infarctions(const struct jz_case *item) {
    return item->stemi ? JZ_COUNTED : JZ_NOT_COUNTED;
}

static const struct {
    const char *of; /* id of a clock, or folder of a pack */
    enum jz_verdict_kind (*counts)(const struct jz_case *item);
} who[] = {{"KPI-09", infarctions}, {"obstetric/", mothers}};

/* --- shares of cases ------------------------------------------------------------------------------------------------ */

static struct jz_verdict counted(bool done) {
    return (struct jz_verdict){.kind = JZ_COUNTED, .seconds = -1, .within = done};
}

static struct jz_verdict not_counted(enum jz_verdict_kind kind) {
    return (struct jz_verdict){.kind = kind, .seconds = -1};
}

/* What is not on record of a case that goes on may still come. */
static struct jz_verdict not_known(const struct jz_case *item) {
    if (item->end == JZ_CASE_OPEN) return not_counted(JZ_RUNNING);
    return not_counted(item->end == JZ_CASE_ENDED ? JZ_MISSING : JZ_NOT_COUNTED);
}

static struct jz_verdict judge_transmitted(const struct jz_cases *cases, const struct jz_case *item) {
    int64_t door = jz_case_at(cases, item, "door"), informed = jz_case_at(cases, item, "ecg_informed");
    int64_t sent = item->ecg_received_ms && (!informed || item->ecg_received_ms < informed)
                       ? item->ecg_received_ms
                       : informed;
    if (!item->stemi || item->arrival != JZ_ARRIVAL_AMBULANCE) return not_counted(JZ_NOT_COUNTED);
    if (sent) return counted(!door || sent <= door);
    return door || item->end == JZ_CASE_ENDED ? counted(false) : not_known(item);
}

static struct jz_verdict judge_transmitted_far(const struct jz_cases *cases, const struct jz_case *item) {
    int64_t fmc = jz_case_at(cases, item, "fmc"), door = jz_case_at(cases, item, "door");
    struct jz_verdict all = judge_transmitted(cases, item);
    if (all.kind == JZ_NOT_COUNTED) return all;
    if (!fmc || !door) return not_known(item);
    return (door - fmc) / 1000 > FAR_FROM_DOOR_S ? all : not_counted(JZ_NOT_COUNTED);
}

static struct jz_verdict judge_lysis(const struct jz_cases *cases, const struct jz_case *item) {
    if (!item->stemi || !item->lysis) return not_counted(JZ_NOT_COUNTED);
    if (jz_case_at(cases, item, "needle")) return counted(true);
    if (item->end == JZ_CASE_OPEN) return not_counted(JZ_RUNNING);
    return item->end == JZ_CASE_ENDED ? counted(false) : not_counted(JZ_NOT_COUNTED);
}

static bool is_primary_pci(const struct jz_cases *cases, const struct jz_case *item) {
    return item->stemi && jz_case_at(cases, item, "wire") && !jz_case_at(cases, item, "needle");
}

static struct jz_verdict judge_bypass_ed(const struct jz_cases *cases, const struct jz_case *item) {
    bool brought = item->arrival == JZ_ARRIVAL_AMBULANCE || item->arrival == JZ_ARRIVAL_TRANSFER;
    int32_t ed = item->fact[JZ_FACT_BYPASS_ED], ccu = item->fact[JZ_FACT_BYPASS_CCU];
    if (!brought || !is_primary_pci(cases, item)) return not_counted(JZ_NOT_COUNTED);
    return ed == JZ_FACT_ABSENT || ccu == JZ_FACT_ABSENT ? not_known(item) : counted(ed == 1 && ccu == 1);
}

static struct jz_verdict judge_bypass_ccu(const struct jz_cases *cases, const struct jz_case *item) {
    int32_t ccu = item->fact[JZ_FACT_BYPASS_CCU];
    if (item->arrival != JZ_ARRIVAL_SELF || !is_primary_pci(cases, item)) return not_counted(JZ_NOT_COUNTED);
    return ccu == JZ_FACT_ABSENT ? not_known(item) : counted(ccu == 1);
}

/* Of those who got it, how many got it long enough before birth. */
static struct jz_verdict judge_before_birth(const struct jz_cases *cases, const struct jz_case *item,
                                            const char *event, int64_t at_least_s) {
    int64_t given = jz_case_at(cases, item, event), birth = jz_case_at(cases, item, "delivery");
    if (!given) return not_counted(JZ_NOT_COUNTED);
    if (!birth) return item->end == JZ_CASE_OPEN ? not_counted(JZ_RUNNING) : not_counted(JZ_NOT_COUNTED);
    int64_t seconds = (birth - given) / 1000;
    return seconds < 0 ? not_counted(JZ_INVALID) : counted(seconds >= at_least_s);
}

static struct jz_verdict judge_steroid(const struct jz_cases *cases, const struct jz_case *item) {
    return judge_before_birth(cases, item, "steroid", STEROID_IDEAL_S);
}

static struct jz_verdict judge_gbs(const struct jz_cases *cases, const struct jz_case *item) {
    return judge_before_birth(cases, item, "gbs_antibiotic", GBS_BEFORE_BIRTH_S);
}

static const struct jz_count_row counts[] = {
    {"KPI-03",
     "chest-pain",
     "救护车 STEMI 院前心电图传输",
     "prehospital ECG transmitted, ambulance STEMI",
     judge_transmitted,
     {NULL, NULL},
     {NULL, 30, false, true, JZ_MEAN_FREE, 0, "clinical-chest-pain 8.1, KPI-03", "S"},
     "",
     ""},
    {"KPI-03-FAR",
     "chest-pain",
     "同上，首次医疗接触至进门 > 15 min",
     "the same, FMC-to-door more than 15 min",
     judge_transmitted_far,
     {NULL, NULL},
     {NULL, 50, false, false, JZ_MEAN_FREE, 0, "clinical-chest-pain 8.1, KPI-03", "S"},
     "",
     ""},
    {"KPI-12",
     "chest-pain",
     "适合溶栓者溶栓率",
     "eligible patients lysed",
     judge_lysis,
     {NULL, NULL},
     {NULL, 50, false, true, JZ_MEAN_FREE, 0, "clinical-chest-pain 8.1, KPI-12", "S"},
     "",
     ""},
    {"KPI-14",
     "chest-pain",
     "救护车/转运 PPCI 绕行急诊和 CCU",
     "ambulance or transferred PPCI bypassing ED and CCU",
     judge_bypass_ed,
     {"bypass_ed", "bypass_ccu"},
     {NULL, 50, false, false, JZ_MEAN_FREE, 0, "clinical-chest-pain 8.1, KPI-14 (std; re-acc >= 30 %)", "S2"},
     "",
     ""},
    {"KPI-15",
     "chest-pain",
     "自行来院 PPCI 绕行 CCU",
     "self-presenting PPCI bypassing CCU",
     judge_bypass_ccu,
     {"bypass_ccu", NULL},
     {NULL, 75, false, false, JZ_MEAN_FREE, 0, "clinical-chest-pain 8.1, KPI-15 (std; re-acc >= 50 %)", "S2"},
     "",
     ""},
    {"KPI-22",
     "chest-pain",
     "登记完整率",
     "registry completeness",
     NULL,
     {NULL, NULL},
     {NULL, 0, false, false, JZ_MEAN_FREE, 0, "clinical-chest-pain 8.1, KPI-22", "S"},
     "需医院登记系统的病例数",
     "needs the hospital registry's own count of patients"},
    {"OB-STEROID-24H",
     "maternal",
     "糖皮质激素早于分娩 ≥ 24 h",
     "antenatal steroid 24 h or more before birth",
     judge_steroid,
     {NULL, NULL},
     {NULL, 0, false, false, JZ_MEAN_FREE, 0, "clinical-obstetric 16: >= 24 h before birth ideal", "GK"},
     "",
     ""},
    {"OB-GBS-4H",
     "maternal",
     "GBS 预防用药早于分娩 ≥ 4 h",
     "GBS prophylaxis 4 h or more before birth",
     judge_gbs,
     {NULL, NULL},
     {NULL, 0, false, false, JZ_MEAN_FREE, 0, "clinical-obstetric 16: >= 4 h before birth", "GK"},
     "",
     ""},
};
#define COUNTS (sizeof counts / sizeof counts[0])

/* --- intervals ------------------------------------------------------------------------------------------------------ */

static size_t set_of(const char *pack) {
    size_t i = 0;
    while (i < sizeof sets / sizeof sets[0] && strncmp(pack, sets[i].folder, strlen(sets[i].folder)) != 0)
        i++;
    return i;
}

/* Does this patient belong to it? COUNTED: for certain. */
static enum jz_verdict_kind belongs(const struct jz_clock_row *clock, const struct jz_case *item) {
    uint8_t bits = item->clock[clock->number];
    if (!(bits & (JZ_CLOCK_COUNTED | JZ_CLOCK_APPLIES)))
        return bits & JZ_CLOCK_UNCLEAR ? JZ_UNCLEAR : JZ_NOT_COUNTED;
    for (size_t i = 0; i < sizeof who / sizeof who[0]; i++)
        if (strcmp(who[i].of, clock->id) == 0 || strncmp(who[i].of, clock->pack, strlen(who[i].of)) == 0)
            return who[i].counts(item);
    return JZ_COUNTED;
}

static bool between(int64_t ms, int64_t from, int64_t to) {
    return ms && ms >= from && ms <= to;
}

static struct jz_verdict judge_clock(const struct jz_clock_row *clock, const struct jz_cases *cases,
                                     const struct jz_case *item) {
    int64_t from = item->at[clock->from], to = item->at[clock->to];
    enum jz_verdict_kind kind = belongs(clock, item);
    if (kind == JZ_NOT_COUNTED || (kind == JZ_UNCLEAR && (!from || !to))) return not_counted(JZ_NOT_COUNTED);
    if (kind == JZ_UNCLEAR) return not_counted(JZ_UNCLEAR);
    if (!from || !to) return not_known(item);
    int64_t seconds = (to - from) / 1000; /* whole seconds, as the clock rule counts them */
    if (seconds < 0 || seconds > LONGEST_S) return not_counted(JZ_INVALID);
    bool arrest = between(jz_case_at(cases, item, "arrest"), from, to) ||
                  between(jz_case_at(cases, item, "arrest_recognised"), from, to);
    return (struct jz_verdict){JZ_COUNTED, seconds, seconds <= clock->within_s, arrest};
}

struct jz_verdict jz_judge(const struct jz_indicator *indicator, const struct jz_cases *cases,
                           const struct jz_case *item) {
    if (item->end == JZ_CASE_MERGED || indicator->missing_en[0]) return not_counted(JZ_NOT_COUNTED);
    return indicator->clock ? judge_clock(indicator->clock, cases, item)
                            : indicator->count->judge(cases, item);
}

/* --- all of them ---------------------------------------------------------------------------------------------------- */

static const struct jz_goal_row *goal_of(const char *clock) {
    for (size_t i = 0; i < sizeof goals / sizeof goals[0]; i++)
        if (strcmp(goals[i].clock, clock) == 0) return &goals[i];
    return NULL;
}

static struct jz_indicator of_clock(const struct jz_clock_row *clock) {
    size_t set = set_of(clock->pack);
    return (struct jz_indicator){.id = clock->id,
                                 .set = set < sizeof sets / sizeof sets[0] ? sets[set].set : "other",
                                 .zh = clock->zh,
                                 .en = clock->en,
                                 .source = clock->source,
                                 .mark = clock->mark,
                                 .clock = clock,
                                 .goal = goal_of(clock->id),
                                 .missing_zh = "",
                                 .missing_en = ""};
}

static struct jz_indicator of_count(const struct jz_count_row *count) {
    struct jz_indicator out = {.id = count->id,
                               .set = count->set,
                               .zh = count->zh,
                               .en = count->en,
                               .source = count->goal.source,
                               .mark = count->goal.mark,
                               .count = count,
                               .goal = &count->goal,
                               .missing_zh = count->why_zh,
                               .missing_en = count->why_en};
    for (size_t i = 0; i < 2; i++) {
        if (!count->needs[i] || jz_field_by_name(count->needs[i]) != JZ_FIELD_UNKNOWN) continue;
        out.missing_zh = "无此项记录";
        out.missing_en = "no field of the protocol records it";
    }
    return out;
}

static int by_set_and_id(const void *a, const void *b) {
    const struct jz_indicator *x = a, *y = b;
    int order = strcmp(x->set, y->set);
    return order ? order : strcmp(x->id, y->id);
}

uint32_t jz_indicators(const struct jz_cases *cases, struct jz_indicator **out) {
    uint32_t count = 0;
    *out = calloc(cases->clock_count + COUNTS, sizeof **out);
    if (!*out) return 0;
    for (uint32_t i = 0; i < cases->clock_count; i++) (*out)[count++] = of_clock(&cases->clock[i]);
    for (size_t i = 0; i < COUNTS; i++) (*out)[count++] = of_count(&counts[i]);
    qsort(*out, count, sizeof **out, by_set_and_id);
    return count;
}
