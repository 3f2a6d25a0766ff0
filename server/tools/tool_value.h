/* SPDX-License-Identifier: Apache-2.0 */
/** @file tool_value.h  Values as people write them: 37.2, pregnant, 2024-02-29. Exact: no floating point
 *  anywhere. */
#ifndef JZ_TOOL_VALUE_H
#define JZ_TOOL_VALUE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum jz_value_kind { JZ_VALUE_NUMBER, JZ_VALUE_YES_NO, JZ_VALUE_WORD, JZ_VALUE_DATE, JZ_VALUE_EVENT };
#define JZ_VALUE_TEXT_MAX 48u

enum jz_value_kind jz_value_kind(uint32_t field);
/** "37.2" of a field with scale 10 is 372. More decimals than the scale has are refused unless they are 0. */
bool jz_value_number(const char *text, int32_t scale, int64_t *value);
/** 372 of scale 10 is "37.2". */
void jz_value_decimal(int64_t value, int32_t scale, char out[JZ_VALUE_TEXT_MAX]);
/** "2024-02-29" as days since 1970-01-01. */
bool jz_value_date(const char *text, int64_t *days);
void jz_value_date_text(int64_t days, char out[JZ_VALUE_TEXT_MAX]);
/** "14:59" as seconds. Minutes may have up to six digits. */
bool jz_value_minutes(const char *text, int64_t *seconds);
/** 5400 is "90 min": the largest of s, min, h, d that needs no fraction. */
void jz_value_duration(int64_t seconds, char out[JZ_VALUE_TEXT_MAX]);

/** A value of a field as text: decimal, word, or date. */
void jz_value_text(uint32_t field, int32_t value, char out[JZ_VALUE_TEXT_MAX]);
/** The words a field knows, between spaces: "A C V P U". */
void jz_value_words(uint32_t field, char *out, size_t capacity);
/** The unit as people read it: "°C", "mmHg"; "" for words, yes/no, dates and events. */
const char *jz_value_unit(uint32_t field);

#endif /* JZ_TOOL_VALUE_H */
