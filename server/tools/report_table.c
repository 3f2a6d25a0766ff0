/* SPDX-License-Identifier: Apache-2.0 */
#include "report_table.h"

#include <string.h>

#include "tool_time.h"

static const char *const csv_name[JZ_REPORT_COLUMNS] = {
    [JZ_REPORT_MONTH] = "month",
    [JZ_REPORT_SET] = "set",
    [JZ_REPORT_INDICATOR] = "indicator",
    [JZ_REPORT_ARRIVAL] = "arrival",
    [JZ_REPORT_STATUS] = "status",
    [JZ_REPORT_N] = "n",
    [JZ_REPORT_MEAN] = "mean_min",
    [JZ_REPORT_MEDIAN] = "median_min",
    [JZ_REPORT_P90] = "p90_min",
    [JZ_REPORT_TARGET] = "target_min",
    [JZ_REPORT_WITHIN] = "within_pct",
    [JZ_REPORT_SHARE_GOAL] = "share_goal_pct",
    [JZ_REPORT_SHARE_MET] = "share_met",
    [JZ_REPORT_MEAN_GOAL] = "mean_goal_min",
    [JZ_REPORT_MEAN_MET] = "mean_met",
    [JZ_REPORT_RISING] = "rising",
    [JZ_REPORT_MISSING] = "missing",
    [JZ_REPORT_MISSING_PCT] = "missing_pct",
    [JZ_REPORT_MISSING_MET] = "missing_met",
    [JZ_REPORT_RUNNING] = "running",
    [JZ_REPORT_INVALID] = "invalid",
    [JZ_REPORT_UNCLEAR] = "unclear",
    [JZ_REPORT_ARREST] = "with_arrest",
    [JZ_REPORT_FROM] = "from",
    [JZ_REPORT_TO] = "to",
    [JZ_REPORT_TITLE] = "title",
    [JZ_REPORT_SOURCE] = "source",
    [JZ_REPORT_MARK] = "mark",
    [JZ_REPORT_SIMULATION] = "simulation",
};

/* --- CSV ------------------------------------------------------------------------------------------------------------ */

static void put_quoted(FILE *out, const char *cell) {
    if (!strpbrk(cell, ",\"\r\n")) {
        fputs(cell, out);
        return;
    }
    putc('"', out);
    for (; *cell; cell++) {
        if (*cell == '"') putc('"', out);
        putc(*cell, out);
    }
    putc('"', out);
}

static void put_cell(FILE *out, uint32_t column, const char *cell) {
    if (column) putc(',', out);
    put_quoted(out, cell);
}

void jz_report_csv_head(FILE *out) {
    fputs("\xef\xbb\xbf", out);
    for (uint32_t i = 0; i < JZ_REPORT_COLUMNS; i++) put_cell(out, i, csv_name[i]);
    fputs("\r\n", out);
}

void jz_report_csv(FILE *out, const struct jz_report_row *row) {
    for (uint32_t i = 0; i < JZ_REPORT_COLUMNS; i++) put_cell(out, i, row->cell[i]);
    fputs("\r\n", out);
}

/* --- text ----------------------------------------------------------------------------------------------------------- */

static const struct {
    enum jz_report_column column;
    int width;
    bool left;
    const char *zh, *en;
} shown[] = {
    {JZ_REPORT_INDICATOR, 22, true, "指标", "indicator"},
    {JZ_REPORT_ARRIVAL, 10, true, "来院方式", "arrival"},
    {JZ_REPORT_N, 5, false, "例数", "n"},
    {JZ_REPORT_MEAN, 13, false, "均值(分)", "mean (min)"},
    {JZ_REPORT_MEDIAN, 8, false, "中位", "median"},
    {JZ_REPORT_P90, 8, false, "P90", "P90"},
    {JZ_REPORT_TARGET, 8, false, "目标", "target"},
    {JZ_REPORT_WITHIN, 9, false, "达标率%", "within %"},
    {JZ_REPORT_SHARE_GOAL, 6, false, "要求", "goal"},
    {JZ_REPORT_SHARE_MET, 5, false, "达到", "met"},
    {JZ_REPORT_MISSING_PCT, 10, false, "缺失率%", "missing %"},
    {JZ_REPORT_MISSING, 5, false, "缺失", "miss."},
    {JZ_REPORT_INVALID, 5, false, "无效", "inv."},
    {JZ_REPORT_UNCLEAR, 5, false, "不明", "uncl."},
    {JZ_REPORT_RUNNING, 6, false, "进行中", "open"},
    {JZ_REPORT_TITLE, 0, true, "名称", "title"},
};

/* Columns of a terminal: characters of Chinese take two. */
static int width_of(const char *text) {
    int width = 0;
    for (const unsigned char *at = (const unsigned char *)text; *at; at++)
        if ((*at & 0xc0u) != 0x80u) width += *at >= 0xe3 ? 2 : 1;
    return width;
}

static void put_padded(FILE *out, const char *text, int width, bool left) {
    int pad = width - width_of(text);
    if (!left && pad > 0) fprintf(out, "%*s", pad, "");
    fputs(text, out);
    if (left && pad > 0) fprintf(out, "%*s", pad, "");
}

static void put_shown(FILE *out, size_t i, const char *text) {
    if (i) putc(' ', out);
    put_padded(out, text, shown[i].width, shown[i].left);
}

void jz_report_text_head(FILE *out, int32_t month, bool zh) {
    char text[JZ_TIME_TEXT_MAX];
    jz_month_text(month, text);
    fprintf(out, "\n%s\n", text);
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
        put_shown(out, i, zh ? shown[i].zh : shown[i].en);
    putc('\n', out);
}

static const char *arrival_zh(const char *arrival) {
    static const char *const words[][2] = {{"all", "全部"},
                                           {"ambulance", "救护车"},
                                           {"transfer", "转院"},
                                           {"self", "自行来院"},
                                           {"unknown", "不明"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i][0], arrival) == 0) return words[i][1];
    return arrival;
}

/* Too few cases are said in the place of their figures. */
void jz_report_text(FILE *out, const struct jz_report_row *row, bool zh) {
    bool few = strcmp(row->cell[JZ_REPORT_STATUS], "insufficient") == 0;
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        const char *text = row->cell[shown[i].column];
        if (shown[i].column == JZ_REPORT_MEAN && few) text = zh ? "例数不足" : "insufficient";
        if (shown[i].column == JZ_REPORT_ARRIVAL && zh) text = arrival_zh(text);
        put_shown(out, i, text);
    }
    putc('\n', out);
}
