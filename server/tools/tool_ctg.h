/* SPDX-License-Identifier: Apache-2.0 */
/** @file tool_ctg.h  A cardiotocogram minute by minute, as a monitor would see it, and as JSON and a table. */
#ifndef JZ_TOOL_CTG_H
#define JZ_TOOL_CTG_H
#include "jingzhu/draw.h"
#include "tool_signal.h"

#define JZ_CTG_HOURS_MAX 24u /**< of a file */

/** A class by each scheme, as the answers print it. */
struct jz_ctg_classes {
    const char *figo, *nichd, *nice;
};

struct jz_ctg_run {
    const char *file;
    struct jz_ctg_sample *sample; /**< of the stretch */
    uint32_t samples;
    struct jz_ctg *ctg;
    struct jz_ctg_measure measure; /**< as it stands */
    struct jz_signal_patient patient;
    struct jz_fact fact[JZ_CTG_FACTS_MAX];
    uint32_t fact_count;
    struct jz_ctg_verdict verdict[JZ_CTG_VERDICTS_MAX]; /**< of the last two hours, every ten minutes */
    uint32_t verdicts;
    char zh[JZ_STATEMENT_MAX], en[JZ_STATEMENT_MAX]; /**< at the end */
};

/** Measures up to `samples` of the stretch and evaluates the rules at that time. `done`: how many were before. */
void jz_ctg_advance(struct jz_ctg_run *run, uint32_t done, uint32_t samples);
struct jz_ctg_classes jz_ctg_classes_of(const struct jz_signal_patient *patient);
/** Of a class as above; "" where there is none. */
const char *jz_ctg_class_zh(const char *name);

void jz_ctg_answer_json(FILE *out, const struct jz_ctg_run *run);                  /**< one line */
void jz_ctg_minute_json(FILE *out, const struct jz_ctg_run *run, uint32_t minute); /**< one line */
void jz_ctg_answer_table(FILE *out, const struct jz_ctg_run *run);
void jz_ctg_minute_table(FILE *out, const struct jz_ctg_run *run, uint32_t minute); /**< one line */

#endif /* JZ_TOOL_CTG_H */
