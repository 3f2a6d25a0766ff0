/* SPDX-License-Identifier: Apache-2.0 */
/** @file script_text.h  Text in a bounded buffer, item by item, counted as a telephone network counts it (private to
 *  script*.c). Pure. */
#ifndef JZ_SCRIPT_TEXT_H
#define JZ_SCRIPT_TEXT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jingzhu/rules.h"

struct jz_script_text {
    char *out;
    size_t used, capacity; /**< used < capacity: the 0 has its place */
    uint32_t units;        /**< of an SMS: UTF-16 units in Chinese, septets in English */
    enum jz_language language;
    bool sms;  /**< short forms, and in English only what GSM 7 bit has */
    bool full; /**< something did not fit; nothing is added until the text is taken back */
};
/** Where an item began. */
struct jz_script_mark {
    size_t used;
    uint32_t units;
};

/** @param capacity  at least 1 */
void jz_text_begin(struct jz_script_text *t, enum jz_language language, bool sms, char *out, size_t capacity);
struct jz_script_mark jz_text_mark(const struct jz_script_text *t);
/** Forgets what came after the mark. */
void jz_text_back(struct jz_script_text *t, struct jz_script_mark mark);
/** Control characters become spaces; what is not UTF-8 becomes "?". */
void jz_text_put(struct jz_script_text *t, const char *text);
void jz_text_two(struct jz_script_text *t, const char *zh, const char *en); /**< the one of the language */
void jz_text_line(struct jz_script_text *t);                                /**< ends a line */
/** A scaled number as a decimal: 385 of scale 10 is "38.5". @param scale  1, 10, 100 or 1000 */
void jz_text_number(struct jz_script_text *t, int64_t value, int32_t scale);
/** "14:05" by the clock of China (UTC+8, without summer time). */
void jz_text_clock(struct jz_script_text *t, int64_t ms);
/** When something happened: "14:05", "yesterday 23:10", "3 days ago". */
void jz_text_when(struct jz_script_text *t, int64_t ms, int64_t now_ms);
/** "22 min ago", in hours and days where it is long. @param ms  0 or more */
void jz_text_ago(struct jz_script_text *t, int64_t ms);
/** Value of a field by its words, else as a number; with its unit as people say it, in an SMS only "%" and mL. */
void jz_text_value(struct jz_script_text *t, uint32_t field, int32_t value);

#endif /* JZ_SCRIPT_TEXT_H */
