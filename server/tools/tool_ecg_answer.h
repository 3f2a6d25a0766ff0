/* SPDX-License-Identifier: Apache-2.0 */
/** @file tool_ecg_answer.h  A measured ECG as JSON and as a table. */
#ifndef JZ_TOOL_ECG_ANSWER_H
#define JZ_TOOL_ECG_ANSWER_H
#include "tool_ecg.h"
#include "tool_signal.h"

struct jz_ecg_answer {
    const struct jz_ecg_stretch *now;
    const struct jz_ecg_stretch *before; /**< an earlier ECG of the same person, or NULL */
    const struct jz_signal_patient *patient;
    struct jz_fact fact[JZ_ECG_FACTS_MAX];
    uint32_t fact_count;
    int age_years; /**< -1: not known */
    char sex;      /**< 'm', 'f', 0 */
    char zh[JZ_STATEMENT_MAX], en[JZ_STATEMENT_MAX];
};

void jz_ecg_answer_json(FILE *out, const struct jz_ecg_answer *answer); /**< one line */
void jz_ecg_answer_table(FILE *out, const struct jz_ecg_answer *answer);

#endif /* JZ_TOOL_ECG_ANSWER_H */
