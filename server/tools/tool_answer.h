/* SPDX-License-Identifier: Apache-2.0 */
/** @file tool_answer.h  Rules and their results as JSON. */
#ifndef JZ_TOOL_ANSWER_H
#define JZ_TOOL_ANSWER_H
#include "jingzhu/rules.h"
#include "tool_json.h"

/** "fired", "not_fired", "not_applicable", "cannot_evaluate", "unknown". */
const char *jz_status_word(uint8_t rule_status);
/** Id of a level, or "none". */
const char *jz_level_word(const struct jz_program *program, uint32_t rule, uint8_t level);
/** Ids of the conditions, as a list. */
void jz_json_conditions(struct jz_json *j, const char *key, const struct jz_program *program,
                        uint64_t conditions);
/** Everything known about one rule, on one line. */
void jz_answer_rule(FILE *out, const struct jz_program *program, uint32_t rule);
/** One result, on one line. */
void jz_answer_assessment(FILE *out, const struct jz_program *program, uint32_t rule,
                          const struct jz_assessment *a, bool explain);

#endif /* JZ_TOOL_ANSWER_H */
