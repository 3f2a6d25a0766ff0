/* SPDX-License-Identifier: Apache-2.0 */
/* jingzhu report: the indicators of a journal's patients, calendar month by calendar month and by how they came. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "indicator_sum.h"
#include "jingzhu/field.h"
#include "report_table.h"
#include "tool_flags.h"
#include "tool_journal.h"
#include "tool_time.h"

#define WHAT "report"

struct report {
    struct jz_cases cases;
    int64_t from_ms, to_ms; /* opened from .. before */
    const char *facility;   /* NULL: all */
    bool csv, zh;
    struct jz_indicator *indicator;
    uint32_t indicators;
    struct jz_sum *sum[2]; /* [indicator][arrival] of this month and of the one before */
    int32_t month[2];      /* which; -1: none */
};

/* --- one month ------------------------------------------------------------------------------------------------------ */

static struct jz_sum *sum_of(const struct report *r, int which, uint32_t indicator, enum jz_arrival arrival) {
    return &r->sum[which][indicator * JZ_ARRIVAL_COUNT + arrival];
}

static void clear(struct report *r, int which) {
    for (uint32_t i = 0; i < r->indicators * JZ_ARRIVAL_COUNT; i++) jz_sum_deinit(&r->sum[which][i]);
    r->month[which] = -1;
}

/* This month becomes the one before. */
static void turn(struct report *r) {
    struct jz_sum *old = r->sum[1];
    clear(r, 1);
    r->sum[1] = r->sum[0];
    r->month[1] = r->month[0];
    r->sum[0] = old;
    r->month[0] = -1;
}

static bool add_case(struct report *r, const struct jz_case *item) {
    for (uint32_t i = 0; i < r->indicators; i++) {
        struct jz_verdict verdict = jz_judge(&r->indicator[i], &r->cases, item);
        if (verdict.kind == JZ_NOT_COUNTED) continue;
        if (!jz_sum_add(sum_of(r, 0, i, JZ_ARRIVAL_ALL), &verdict) ||
            !jz_sum_add(sum_of(r, 0, i, item->arrival), &verdict))
            return false;
    }
    return true;
}

/* --- one row -------------------------------------------------------------------------------------------------------- */

static void put_minutes(struct jz_report_row *row, enum jz_report_column column, int64_t total_s,
                        uint32_t count) {
    int64_t hundredths = jz_centiminutes(total_s, count);
    snprintf(row->cell[column], JZ_REPORT_CELL, "%lld.%02lld", (long long)(hundredths / 100),
             (long long)(hundredths % 100));
}

static void put_percent(struct jz_report_row *row, enum jz_report_column column, uint32_t part,
                        uint32_t whole) {
    uint32_t permille = jz_permille(part, whole);
    snprintf(row->cell[column], JZ_REPORT_CELL, "%u.%u", permille / 10u, permille % 10u);
}

static void put_count(struct jz_report_row *row, enum jz_report_column column, uint32_t count) {
    snprintf(row->cell[column], JZ_REPORT_CELL, "%u", count);
}

static void put_word(struct jz_report_row *row, enum jz_report_column column, const char *word) {
    snprintf(row->cell[column], JZ_REPORT_CELL, "%s", word);
}

static void put_met(struct jz_report_row *row, enum jz_report_column column, enum jz_met met) {
    static const char *const words[] = {[JZ_MET_NONE] = "", [JZ_MET_YES] = "yes", [JZ_MET_NO] = "no"};
    put_word(row, column, words[met]);
}

static void put_figures(struct jz_report_row *row, const struct jz_sum *sum) {
    if (sum->timed) {
        put_minutes(row, JZ_REPORT_MEAN, sum->total_s, sum->timed);
        put_minutes(row, JZ_REPORT_MEDIAN, jz_nearest_rank(sum->seconds, sum->timed, 50), 1);
        put_minutes(row, JZ_REPORT_P90, jz_nearest_rank(sum->seconds, sum->timed, 90), 1);
    }
    put_percent(row, JZ_REPORT_WITHIN, sum->within, sum->n);
}

static void put_goals(struct jz_report_row *row, const struct jz_indicator *indicator) {
    const struct jz_goal_row *goal = indicator->goal;
    char target[JZ_REPORT_CELL] = "";
    if (indicator->clock) put_minutes(row, JZ_REPORT_TARGET, indicator->clock->within_s, 1);
    if (!goal) return;
    if (goal->share_pct)
        snprintf(target, sizeof target, "%s%u", goal->more_than ? ">" : ">=", goal->share_pct);
    put_word(row, JZ_REPORT_SHARE_GOAL, target);
    if (goal->mean && indicator->clock)
        snprintf(row->cell[JZ_REPORT_MEAN_GOAL], JZ_REPORT_CELL, "%s%.*s",
                 goal->mean == JZ_MEAN_BELOW ? "<" : "<=", (int)(JZ_REPORT_CELL - 3),
                 row->cell[JZ_REPORT_TARGET]);
}

static void put_ends(struct jz_report_row *row, const struct report *r,
                     const struct jz_indicator *indicator) {
    if (!indicator->clock) return;
    put_word(row, JZ_REPORT_FROM, jz_field_at(r->cases.event_field[indicator->clock->from])->name);
    put_word(row, JZ_REPORT_TO, jz_field_at(r->cases.event_field[indicator->clock->to])->name);
}

static const char *status_of(const struct jz_indicator *indicator, const struct jz_sum *sum) {
    if (indicator->missing_en[0]) return "not_recorded";
    if (sum->n >= JZ_SUM_CASES_MIN) return "ok";
    return sum->n ? "insufficient" : "none";
}

static void put_counts(struct jz_report_row *row, const struct jz_sum *sum) {
    put_count(row, JZ_REPORT_N, sum->n);
    put_count(row, JZ_REPORT_MISSING, sum->missing);
    if (jz_sum_expected(sum) >= JZ_SUM_CASES_MIN)
        put_percent(row, JZ_REPORT_MISSING_PCT, sum->missing, jz_sum_expected(sum));
    put_met(row, JZ_REPORT_MISSING_MET, jz_missing_met(sum));
    put_count(row, JZ_REPORT_RUNNING, sum->running);
    put_count(row, JZ_REPORT_INVALID, sum->invalid);
    put_count(row, JZ_REPORT_UNCLEAR, sum->unclear);
    put_count(row, JZ_REPORT_ARREST, sum->with_arrest);
}

static void put_head(struct jz_report_row *row, const struct report *r, const struct jz_indicator *indicator,
                     enum jz_arrival arrival) {
    bool computed = !indicator->missing_en[0];
    jz_month_text(r->month[0], row->cell[JZ_REPORT_MONTH]);
    put_word(row, JZ_REPORT_SET, indicator->set);
    put_word(row, JZ_REPORT_INDICATOR, indicator->id);
    put_word(row, JZ_REPORT_ARRIVAL, jz_arrival_name(arrival));
    put_word(row, JZ_REPORT_SOURCE, indicator->source);
    put_word(row, JZ_REPORT_MARK, indicator->mark);
    put_word(row, JZ_REPORT_SIMULATION, r->cases.simulation ? "yes" : "no");
    snprintf(row->cell[JZ_REPORT_TITLE], JZ_REPORT_CELL, "%s%s%s%s", r->zh ? indicator->zh : indicator->en,
             computed ? ""
             : r->zh  ? "（"
                      : " (",
             r->zh ? indicator->missing_zh : indicator->missing_en,
             computed ? ""
             : r->zh  ? "）"
                      : ")");
}

static void put_row(const struct report *r, uint32_t which, enum jz_arrival arrival) {
    struct jz_report_row row = {{{0}}};
    const struct jz_indicator *indicator = &r->indicator[which];
    const struct jz_sum *sum = sum_of(r, 0, which, arrival);
    bool next = r->month[1] == r->month[0] - 1;
    put_head(&row, r, indicator, arrival);
    put_word(&row, JZ_REPORT_STATUS, status_of(indicator, sum));
    put_goals(&row, indicator);
    put_ends(&row, r, indicator);
    if (!indicator->missing_en[0]) put_counts(&row, sum);
    if (sum->n >= JZ_SUM_CASES_MIN) put_figures(&row, sum);
    put_met(&row, JZ_REPORT_SHARE_MET, jz_share_met(sum, indicator->goal, arrival));
    put_met(&row, JZ_REPORT_MEAN_MET, jz_mean_met(sum, indicator, arrival));
    put_met(&row, JZ_REPORT_RISING,
            jz_rising(sum, next ? sum_of(r, 1, which, arrival) : NULL, indicator->goal));
    if (r->csv)
        jz_report_csv(stdout, &row);
    else
        jz_report_text(stdout, &row, r->zh);
}

static bool is_empty(const struct jz_sum *sum) {
    return sum->n + sum->running + sum->missing + sum->invalid + sum->unclear == 0;
}

/* In a table of text, indicators nobody belongs to are named in one line. */
static void put_empty(const struct report *r) {
    bool some = false;
    for (uint32_t i = 0; i < r->indicators; i++) {
        if (!is_empty(sum_of(r, 0, i, JZ_ARRIVAL_ALL))) continue;
        fputs(some ? " " : r->zh ? "无病例：" : "no cases: ", stdout);
        fputs(r->indicator[i].id, stdout);
        some = true;
    }
    if (some) putchar('\n');
}

static void put_month(struct report *r) {
    if (!r->csv) jz_report_text_head(stdout, r->month[0], r->zh);
    for (uint32_t i = 0; i < r->indicators; i++)
        for (uint32_t arrival = 0; arrival < JZ_ARRIVAL_COUNT; arrival++) {
            bool empty = is_empty(sum_of(r, 0, i, arrival));
            if (!empty || (r->csv && arrival == JZ_ARRIVAL_ALL)) put_row(r, i, arrival);
        }
    if (!r->csv) put_empty(r);
}

/* --- all ------------------------------------------------------------------------------------------------------------ */

static bool is_among(const struct report *r, const struct jz_case *item) {
    return item->end != JZ_CASE_MERGED && (!r->facility || strcmp(r->facility, item->facility) == 0);
}

static bool is_asked(const struct report *r, const struct jz_case *item) {
    return item->opened_ms >= r->from_ms && item->opened_ms < r->to_ms && is_among(r, item);
}

/* The month before the first one asked for is worked out too: shares rise against it. */
static bool is_before(const struct report *r, const struct jz_case *item) {
    bool some = r->from_ms != INT64_MIN;
    return some && is_among(r, item) && jz_month_of(item->opened_ms) == jz_month_of(r->from_ms) - 1;
}

static void put_if_asked(struct report *r) {
    bool before = r->from_ms != INT64_MIN && r->month[0] < jz_month_of(r->from_ms);
    for (uint32_t i = 0; i < r->indicators * JZ_ARRIVAL_COUNT; i++) jz_sum_close(&r->sum[0][i]);
    if (r->month[0] >= 0 && !before) put_month(r);
}

static bool put_months(struct report *r) {
    for (uint32_t i = 0; i < r->cases.count; i++) {
        const struct jz_case *item = &r->cases.item[i];
        if (!is_asked(r, item) && !is_before(r, item)) continue;
        int32_t month = jz_month_of(item->opened_ms);
        if (month != r->month[0]) {
            put_if_asked(r);
            turn(r);
            r->month[0] = month;
        }
        if (!add_case(r, item)) return false;
    }
    put_if_asked(r);
    return true;
}

static uint32_t asked(const struct report *r) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < r->cases.count; i++) count += is_asked(r, &r->cases.item[i]);
    return count;
}

static bool put_report(struct report *r, const struct jz_tool_replay *replay) {
    r->indicators = jz_indicators(&r->cases, &r->indicator);
    for (int i = 0; i < 2; i++) {
        r->month[i] = -1;
        r->sum[i] = calloc((size_t)r->indicators * JZ_ARRIVAL_COUNT + 1u, sizeof *r->sum[i]);
    }
    bool well = r->indicator && r->sum[0] && r->sum[1];
    if (well && r->csv)
        jz_report_csv_head(stdout);
    else if (well)
        printf(r->zh ? "病例 %u 例，记录 %llu 条，决策 %llu 项均与记录一致%s\n"
                     : "%u patients, %llu records, %llu decisions made again as on record%s\n",
               asked(r), (unsigned long long)replay->records, (unsigned long long)replay->decisions,
               !r->cases.simulation ? ""
               : r->zh              ? "；模拟数据"
                                    : "; SIMULATION");
    well = well && put_months(r);
    for (int i = 0; i < 2 && r->sum[i]; i++) clear(r, i);
    free(r->sum[0]);
    free(r->sum[1]);
    free(r->indicator);
    return well;
}

static bool after(void *context, const struct jz_tool_replay *replay, const struct jz_tool_replayed *input) {
    struct report *r = context;
    return jz_cases_after(&r->cases, replay, input);
}

static bool before(void *context, const struct jz_tool_replay *replay, const struct jz_event *event) {
    struct report *r = context;
    return jz_cases_before(&r->cases, replay, event);
}

static bool end(void *context, const struct jz_tool_replay *replay) {
    struct report *r = context;
    return jz_cases_end(&r->cases, replay) && put_report(r, replay);
}

/* --- arguments ------------------------------------------------------------------------------------------------------ */

struct asked {
    const char *month, *from, *to, *lang, *facility;
    bool csv;
};

static bool read_days(struct report *r, const struct asked *a) {
    r->from_ms = INT64_MIN;
    r->to_ms = INT64_MAX;
    if (a->month && (a->from || a->to))
        return fprintf(stderr, "jingzhu report: --month goes with no other day\n"), false;
    if (a->month && !jz_month_parse(a->month, &r->from_ms, &r->to_ms))
        return fprintf(stderr, "jingzhu report: --month '%s' is no month; write it as 2026-01\n", a->month),
               false;
    if (a->from && !jz_day_parse(a->from, &r->from_ms))
        return fprintf(stderr, "jingzhu report: --from '%s' is no day; write it as 2026-01-31\n", a->from),
               false;
    if (a->to && !jz_day_parse(a->to, &r->to_ms))
        return fprintf(stderr, "jingzhu report: --to '%s' is no day; write it as 2026-01-31\n", a->to), false;
    if (a->to) r->to_ms += JZ_DAY_MS; /* the whole day */
    if (r->from_ms >= r->to_ms) return fprintf(stderr, "jingzhu report: --to lies before --from\n"), false;
    return true;
}

static bool read_asked(struct report *r, const struct asked *a) {
    if (a->lang && strcmp(a->lang, "zh") != 0 && strcmp(a->lang, "en") != 0)
        return fprintf(stderr, "jingzhu report: --lang '%s' is neither zh nor en\n", a->lang), false;
    r->zh = !a->lang || strcmp(a->lang, "zh") == 0;
    r->csv = a->csv;
    r->facility = a->facility;
    return read_days(r, a);
}

static int report(struct report *r, const char *dir) {
    const struct jz_tool_replay_calls calls = {.context = r, .before = before, .after = after, .end = end};
    struct jz_journal *journal = NULL;
    int code = jz_cases_init(&r->cases) ? 0 : 70;
    if (code) fprintf(stderr, "jingzhu report: out of memory\n");
    if (!code) code = jz_tool_journal_open(&journal, WHAT, dir) == JZ_OK ? 0 : 70;
    if (!code) code = jz_tool_replay(journal, WHAT, &calls);
    jz_journal_close(journal);
    jz_cases_deinit(&r->cases);
    return code;
}

int jz_cmd_report(int argc, char **argv) {
    struct asked a = {.month = NULL};
    const struct jz_tool_flag flags[] = {
        {"--month", &a.month, NULL}, {"--from", &a.from, NULL},         {"--to", &a.to, NULL},
        {"--lang", &a.lang, NULL},   {"--facility", &a.facility, NULL}, {"--csv", NULL, &a.csv}};
    struct jz_tool_rest rest;
    struct report *r = calloc(1, sizeof *r);
    if (!r) return 70;
    bool used = jz_tool_flags(argc, argv, flags, 6, &rest) && rest.count == 1 && read_asked(r, &a);
    if (!used)
        fprintf(stderr,
                "usage: jingzhu report DIR [--month YYYY-MM | --from DAY --to DAY] [--csv] [--lang zh|en] "
                "[--facility ID]\n");
    int code = used ? report(r, rest.word[0]) : 64;
    free(r);
    return code;
}
