/* SPDX-License-Identifier: Apache-2.0 */
/** @file csv.h  Recordings as tables: a head line with names, then rows of decimal numbers.
 *
 *  Numbers are kept as thousandths, so quarters of a beat stay exact and nothing depends on the locale.
 *  An empty, `NaN` (letters of either case) or `-` cell is JZ_CSV_MISSING: missing is never 0. (In CTG files a source's own 0 means signal
 *  loss; that is the file's value and is kept.)
 *  Lines may end in CR LF, a byte order mark may stand before the head, and empty lines after the last row.
 *  Threads  Any; nothing global. Reads the file; allocates nothing.
 */
#ifndef JZ_CSV_H
#define JZ_CSV_H
#include <stdint.h>

#include "jingzhu/status.h"

#define JZ_CSV_LINE_MAX 512u
#define JZ_CSV_COLUMNS_MAX 16u
#define JZ_CSV_MISSING INT32_MIN

/** Reads up to `capacity` rows of the named columns, from row `from` (0: the first after the head).
 *  @param names    `columns` names, compared without leading and trailing blanks
 *  @param[out] out capacity x columns, row-major, in thousandths
 *  @param[out] rows  rows read; fewer than `capacity` at the file's end; 0 on failure
 *  @retval JZ_E_FILE    cannot be read
 *  @retval JZ_E_FORMAT  a named column is absent, a line is too long or empty between rows, or a cell is no number
 *                       within +-2e6
 *  @param[out] line     where it went wrong, from 1; may be NULL */
JZ_MUST_CHECK enum jz_status jz_csv_read(const char *path, const char *const *names, uint32_t columns,
                                         uint32_t from, uint32_t capacity, int32_t *out, uint32_t *rows,
                                         uint32_t *line);
/** One decimal number as thousandths: "36.8" is 36800. More than three decimals are refused, not rounded. */
JZ_MUST_CHECK enum jz_status jz_csv_number(const char *text, int32_t *thousandths);

#endif /* JZ_CSV_H */
