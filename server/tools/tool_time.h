/* SPDX-License-Identifier: Apache-2.0 */
/** @file tool_time.h  Times as people in the region read them: UTC+8, which has no summer time. Pure. */
#ifndef JZ_TOOL_TIME_H
#define JZ_TOOL_TIME_H
#include <stdbool.h>
#include <stdint.h>

#define JZ_TIME_TEXT_MAX 48u
#define JZ_LOCAL_MS INT64_C(28800000) /**< UTC+8 */
#define JZ_DAY_MS INT64_C(86400000)
#define JZ_TIME_MAX_MS INT64_C(4102444800000) /**< 2100: the wire's latest time */

/** "2026-01-01T08:00:00.250+08:00". What lies before 1970 or after JZ_TIME_MAX_MS is shown as that. */
void jz_time_text(int64_t utc_ms, char out[JZ_TIME_TEXT_MAX]);
/** "2026-01-01T08:00[:00[.250]]", a space for the T, optionally with "Z" or "+08:00" (without either: UTC+8). */
bool jz_time_parse(const char *text, int64_t *utc_ms);
/** "2026-01-01": when that day begins. */
bool jz_day_parse(const char *text, int64_t *utc_ms);
/** "2026-01": when that month begins and the next one does. */
bool jz_month_parse(const char *text, int64_t *from_ms, int64_t *to_ms);
/** Months since January of year 0; one number for each calendar month. */
int32_t jz_month_of(int64_t utc_ms);
/** "2026-01". */
void jz_month_text(int32_t month, char out[JZ_TIME_TEXT_MAX]);
/** "500ms", "1s", "2min", "1h": one millisecond at least, a day at most. */
bool jz_span_parse(const char *text, int64_t *ms);

#endif /* JZ_TOOL_TIME_H */
