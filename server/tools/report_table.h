/* SPDX-License-Identifier: Apache-2.0 */
/** @file report_table.h  Rows of a report as CSV for spreadsheets (RFC 4180, with a byte order mark) and as text. */
#ifndef JZ_REPORT_TABLE_H
#define JZ_REPORT_TABLE_H
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define JZ_REPORT_CELL 256u

/** In the order of the CSV. The names of its columns are stable: new ones are added behind. */
enum jz_report_column {
    JZ_REPORT_MONTH,
    JZ_REPORT_SET,
    JZ_REPORT_INDICATOR,
    JZ_REPORT_ARRIVAL,
    JZ_REPORT_STATUS,
    JZ_REPORT_N,
    JZ_REPORT_MEAN,
    JZ_REPORT_MEDIAN,
    JZ_REPORT_P90,
    JZ_REPORT_TARGET,
    JZ_REPORT_WITHIN,
    JZ_REPORT_SHARE_GOAL,
    JZ_REPORT_SHARE_MET,
    JZ_REPORT_MEAN_GOAL,
    JZ_REPORT_MEAN_MET,
    JZ_REPORT_RISING,
    JZ_REPORT_MISSING,
    JZ_REPORT_MISSING_PCT,
    JZ_REPORT_MISSING_MET,
    JZ_REPORT_RUNNING,
    JZ_REPORT_INVALID,
    JZ_REPORT_UNCLEAR,
    JZ_REPORT_ARREST,
    JZ_REPORT_FROM,
    JZ_REPORT_TO,
    JZ_REPORT_TITLE,
    JZ_REPORT_SOURCE,
    JZ_REPORT_MARK,
    JZ_REPORT_SIMULATION,
    JZ_REPORT_COLUMNS
};
struct jz_report_row {
    char cell[JZ_REPORT_COLUMNS][JZ_REPORT_CELL];
};

void jz_report_csv_head(FILE *out);
void jz_report_csv(FILE *out, const struct jz_report_row *row);
/** @param month  jz_month_of */
void jz_report_text_head(FILE *out, int32_t month, bool zh);
/** The columns a person reads at once. */
void jz_report_text(FILE *out, const struct jz_report_row *row, bool zh);

#endif /* JZ_REPORT_TABLE_H */
