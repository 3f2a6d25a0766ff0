/* SPDX-License-Identifier: Apache-2.0 */
/** @file jingzhu/statement.h  What a measured ECG or cardiotocogram is said to show, in one or two sentences.
 *
 *  "Criteria met: inferior ST elevation II, III, aVF, 210/260/190 µV, quality good. Not a diagnosis; needs a
 *  physician's reading."
 *
 *  Safety   Never "negative" and never "normal" of an ECG. What could not be read is named with why; where nothing was
 *           met, the leads that were looked at are named, and that this rules nothing out. Every statement ends by
 *           saying that it is no diagnosis.
 *  Input    A chart whose rules have been evaluated on the measure's facts (jz_ecg_facts, jz_ctg_facts), and the
 *           measure itself for what could not be read. Names of rules and levels are the packs' own.
 *  Purity   No I/O, clock, allocation or global state; bounded time.
 */
#ifndef JZ_STATEMENT_H
#define JZ_STATEMENT_H
#include "jingzhu/ctg.h"
#include "jingzhu/ecg.h"
#include "jingzhu/rules.h"

#define JZ_STATEMENT_MAX 2048u /**< bytes that every statement of the project's own packs fits in */

/** UTF-8 without a line end; the last byte written is 0. Cut at a character where it does not fit.
 *  @param now_ms  when the rules were evaluated
 *  @return bytes written without the 0 */
size_t jz_ecg_statement(const struct jz_program *program, const struct jz_chart *chart, int64_t now_ms,
                        const struct jz_ecg_measure *measure, enum jz_language language, char *out,
                        size_t capacity);
size_t jz_ctg_statement(const struct jz_program *program, const struct jz_chart *chart,
                        const struct jz_ctg_measure *measure, enum jz_language language, char *out,
                        size_t capacity);

/** Packs whose rules read an ECG, or a cardiotocogram. */
bool jz_statement_of_ecg(const struct jz_rule_info *rule);
bool jz_statement_of_ctg(const struct jz_rule_info *rule);

/** Why a lead is not believed, in words: "lead off, noisy"; "not recorded". Cut where it does not fit. */
void jz_ecg_trouble_text(const struct jz_ecg_lead_measure *lead, enum jz_language language, char *out,
                         size_t capacity);

#endif /* JZ_STATEMENT_H */
