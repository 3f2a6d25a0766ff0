/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_signals.h"

#include <string.h>

#include "jingzhu/field.h"

uint32_t fake_ecg_measured, fake_ctg_ga_days;

struct jz_ecg {
    uint32_t period_us, samples[JZ_LEAD_COUNT], missing[JZ_LEAD_COUNT];
};
struct jz_ctg {
    uint32_t samples, loss;
};

static uint32_t code(const char *field) {
    return jz_field_at(jz_field_by_name(field))->code;
}

size_t jz_ecg_bytes(void) {
    return sizeof(struct jz_ecg);
}

enum jz_status jz_ecg_begin(struct jz_ecg *ecg, uint32_t period_us) {
    if (period_us < JZ_ECG_PERIOD_US_MIN || period_us > JZ_ECG_PERIOD_US_MAX) return JZ_E_VALUE;
    *ecg = (struct jz_ecg){.period_us = period_us};
    return JZ_OK;
}

enum jz_status jz_ecg_append(struct jz_ecg *ecg, enum jz_ecg_lead lead, const int32_t *samples,
                             uint32_t count, uint32_t scale_nv) {
    (void)scale_nv;
    ecg->samples[lead] += count;
    for (uint32_t i = 0; i < count; i++) ecg->missing[lead] += samples[i] == JZ_ECG_MISSING;
    return JZ_OK;
}

void jz_ecg_measure(struct jz_ecg *ecg, struct jz_ecg_measure *out) {
    fake_ecg_measured++;
    memset(out, 0, sizeof *out);
    for (uint32_t i = 0; i < JZ_LEAD_COUNT; i++) {
        out->lead[i].recorded = ecg->samples[i] > 0;
        out->lead[i].usable = ecg->missing[i] * 2u < ecg->samples[i];
        out->lead[i].st_j_uv = (int16_t)ecg->samples[i];
        out->lead[i].st_j80_uv = (int16_t)ecg->missing[i];
    }
    out->readable = (uint64_t)ecg->samples[JZ_LEAD_V2] * ecg->period_us >= 4000000u;
    out->quality = out->readable ? 90 : 0;
    out->rate_bpm_x10 = 720;
    out->pr_ms = out->qtc_ms = JZ_ECG_UNKNOWN;
}

uint32_t jz_ecg_facts(const struct jz_ecg_measure *now, const struct jz_ecg_measure *before,
                      struct jz_fact facts[JZ_ECG_FACTS_MAX]) {
    uint32_t count = 0;
    if (!now->readable) return 0;
    if (before) facts[count++] = (struct jz_fact){code("st_prev_v2"), before->lead[JZ_LEAD_V2].st_j_uv};
    facts[count++] = (struct jz_fact){code("st_v3"), now->lead[JZ_LEAD_V2].st_j80_uv};
    facts[count++] = (struct jz_fact){code("st_v2"), now->lead[JZ_LEAD_V2].st_j_uv};
    return count;
}

/* Any two codes will do. */
enum jz_ecg_lead jz_ecg_lead_of_code(uint32_t lead_code) {
    return lead_code == 131076 ? JZ_LEAD_V2 : lead_code == 131073 ? JZ_LEAD_I : JZ_LEAD_COUNT;
}
uint32_t jz_ecg_lead_code(enum jz_ecg_lead lead) {
    return lead == JZ_LEAD_V2 ? 131076 : lead == JZ_LEAD_I ? 131073 : 0;
}

size_t jz_ctg_bytes(void) {
    return sizeof(struct jz_ctg);
}
void jz_ctg_begin(struct jz_ctg *ctg, uint32_t ga_days) {
    *ctg = (struct jz_ctg){0};
    fake_ctg_ga_days = ga_days;
}
void jz_ctg_append(struct jz_ctg *ctg, const struct jz_ctg_sample *samples, uint32_t count) {
    ctg->samples += count;
    for (uint32_t i = 0; i < count; i++) ctg->loss += samples[i].fhr_bpm_x10 == JZ_CTG_LOSS;
}
void jz_ctg_measure(struct jz_ctg *ctg, struct jz_ctg_measure *out) {
    memset(out, 0, sizeof *out);
    out->samples = ctg->samples;
    out->usable_permille = 1000;
    out->adequate = true;
}
uint32_t jz_ctg_facts(const struct jz_ctg *ctg, const struct jz_ctg_measure *measure,
                      struct jz_fact facts[JZ_CTG_FACTS_MAX]) {
    (void)measure;
    facts[0] = (struct jz_fact){code("ctg_baseline"), (int32_t)ctg->samples};
    facts[1] = (struct jz_fact){code("ctg_variability"), (int32_t)ctg->loss};
    return 2;
}
