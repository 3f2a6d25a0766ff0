/* SPDX-License-Identifier: Apache-2.0 */
/** @file tool_case.h  One patient in one line of JSON, as `rules eval` and `rules explain` take it. */
#ifndef JZ_TOOL_CASE_H
#define JZ_TOOL_CASE_H
#include <stdio.h>

#include "jingzhu/rules.h"

#define JZ_CASE_LINE_MAX 65536u /**< bytes of one line */

struct jz_case {
    int64_t now_ms;
    struct jz_chart chart;
};

/** Reads a case and evaluates every rule on it.
 *  @param[out] error  Written on failure; `text` is "what; cure".
 *  @return false: the line is no case. */
bool jz_case_read(struct jz_case *out, const struct jz_program *program, const char *line, size_t bytes,
                  struct jz_pack_error *error);

/** The next line without its end. @return its bytes; SIZE_MAX at the end of the file. A line longer than
 *  JZ_CASE_LINE_MAX is read over and comes back as JZ_CASE_LINE_MAX + 1. */
size_t jz_case_line(FILE *in, char line[JZ_CASE_LINE_MAX + 2u]);
/** Says on `out`, in JSON, what was wrong with line `number`. */
void jz_case_error(FILE *out, uint64_t number, const struct jz_pack_error *error);

#endif /* JZ_TOOL_CASE_H */
