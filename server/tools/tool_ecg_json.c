/* SPDX-License-Identifier: Apache-2.0 */
/* A measure that was not taken is left out: never null, never 0. */
#include "tool_ecg_answer.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

struct bit_word {
    uint8_t bit;
    const char *word;
};
static const struct bit_word rhythms[] = {
    {JZ_RHYTHM_REGULAR, "regular"},     {JZ_RHYTHM_IRREGULAR, "irregular"},
    {JZ_RHYTHM_PAUSE, "pause"},         {JZ_RHYTHM_WIDE, "wide"},
    {JZ_RHYTHM_WIDE_FAST, "wide_fast"}, {JZ_RHYTHM_VF_SUSPECTED, "vf_suspected"},
    {JZ_RHYTHM_FLAT, "flat"},           {JZ_RHYTHM_PACED, "paced"}};
static const struct bit_word troubles[] = {{JZ_ECG_LEAD_OFF, "lead_off"},   {JZ_ECG_SATURATED, "saturated"},
                                           {JZ_ECG_NOISY, "noisy"},         {JZ_ECG_WANDER, "wander"},
                                           {JZ_ECG_TOO_SHORT, "too_short"}, {JZ_ECG_UNSTEADY, "unsteady"}};
static const char *const conductions[] = {[JZ_CONDUCTION_UNKNOWN] = "unknown",
                                          [JZ_CONDUCTION_NORMAL] = "normal",
                                          [JZ_CONDUCTION_LBBB] = "lbbb",
                                          [JZ_CONDUCTION_RBBB] = "rbbb",
                                          [JZ_CONDUCTION_IVCD] = "ivcd"};
static const char *const kinds[] = {[JZ_BEAT_UNKNOWN] = "unknown",
                                    [JZ_BEAT_MAIN] = "main",
                                    [JZ_BEAT_OTHER] = "other",
                                    [JZ_BEAT_PACED] = "paced"};
static const char *const slopes[] = {
    [JZ_SLOPE_UP] = "up", [JZ_SLOPE_HORIZONTAL] = "horizontal", [JZ_SLOPE_DOWN] = "down"};
static const char *const polarities[] = {
    [JZ_QRS_NEGATIVE] = "negative", [JZ_QRS_ISOELECTRIC] = "isoelectric", [JZ_QRS_POSITIVE] = "positive"};
static const char *const shapes[] = {[JZ_T_UPRIGHT] = "upright",
                                     [JZ_T_BROAD_SYMMETRICAL] = "broad_symmetrical",
                                     [JZ_T_BIPHASIC_UP_DOWN] = "biphasic_up_down",
                                     [JZ_T_INVERTED] = "inverted",
                                     [JZ_T_INVERTED_SYMMETRICAL] = "inverted_symmetrical",
                                     [JZ_T_FLAT] = "flat"};

static void put(struct jz_json *j, const char *key, int16_t value) {
    if (value != JZ_ECG_UNKNOWN) jz_json_int(j, key, value);
}

static void put_bits(struct jz_json *j, const char *key, const struct bit_word *word, size_t count,
                     uint8_t bits) {
    jz_json_open(j, key, '[');
    for (size_t i = 0; i < count; i++)
        if (bits & word[i].bit) jz_json_text(j, NULL, word[i].word);
    jz_json_close(j, ']');
}

static void put_word(struct jz_json *j, const char *key, const char *const *words, uint8_t value) {
    if (words[value]) jz_json_text(j, key, words[value]);
}

static void put_whole(struct jz_json *j, const struct jz_ecg_measure *m) {
    jz_json_int(j, "samples", m->samples);
    jz_json_int(j, "hz", JZ_ECG_HZ);
    jz_json_int(j, "quality", m->quality);
    jz_json_bool(j, "readable", m->readable);
    jz_json_bool(j, "limb_reversal_suspected", m->limb_reversal_suspected);
    if (m->rate_bpm_x10 != JZ_ECG_UNKNOWN) jz_signal_put_decimal(j, "rate_bpm", m->rate_bpm_x10, 10);
    if (m->rr_ms_mean != JZ_ECG_UNKNOWN) {
        jz_json_open(j, "rr_ms", '{');
        put(j, "mean", m->rr_ms_mean);
        put(j, "min", m->rr_ms_min);
        put(j, "max", m->rr_ms_max);
        jz_json_close(j, '}');
    }
    put_bits(j, "rhythm", rhythms, COUNT(rhythms), m->rhythm);
    jz_json_text(j, "conduction", conductions[m->conduction]);
}

static void put_intervals(struct jz_json *j, const struct jz_ecg_measure *m) {
    put(j, "pr_ms", m->pr_ms);
    put(j, "qrs_ms", m->qrs_ms);
    put(j, "qt_ms", m->qt_ms);
    put(j, "qtc_ms", m->qtc_ms);
    put(j, "axis_deg", m->axis_deg);
    put(j, "sokolow_uv", m->sokolow_uv);
    put(j, "cornell_uv", m->cornell_uv);
    jz_json_bool(j, "lvh_voltage", m->lvh_voltage);
    jz_json_bool(j, "lvh_strain", m->lvh_strain);
    jz_json_bool(j, "preexcitation_suspected", m->preexcitation_suspected);
    jz_json_open(j, "marks", '{');
    put(j, "p_on", m->marks.p_on);
    put(j, "p_off", m->marks.p_off);
    put(j, "qrs_on", m->marks.qrs_on);
    put(j, "j", m->marks.j);
    put(j, "t_peak", m->marks.t_peak);
    put(j, "t_off", m->marks.t_off);
    jz_json_close(j, '}');
}

static void put_beats(struct jz_json *j, const struct jz_ecg_measure *m) {
    jz_json_open(j, "beats", '[');
    for (uint32_t i = 0; i < m->beat_count; i++) {
        jz_json_open(j, NULL, '{');
        jz_json_int(j, "at", m->beat[i].at);
        jz_json_text(j, "kind", kinds[m->beat[i].kind]);
        jz_json_bool(j, "premature", m->beat[i].premature != 0);
        jz_json_close(j, '}');
    }
    jz_json_close(j, ']');
}

static void put_lead(struct jz_json *j, const char *name, const struct jz_ecg_lead_measure *m) {
    jz_json_open(j, name, '{');
    jz_json_bool(j, "usable", m->usable);
    jz_json_bool(j, "derived", m->derived);
    jz_json_int(j, "quality", m->quality);
    put_bits(j, "trouble", troubles, COUNT(troubles), m->trouble);
    put(j, "st_j_uv", m->st_j_uv);
    put(j, "st_j40_uv", m->st_j40_uv);
    put(j, "st_j60_uv", m->st_j60_uv);
    put(j, "st_j80_uv", m->st_j80_uv);
    put(j, "q_uv", m->q_uv);
    put(j, "q_ms", m->q_ms);
    put(j, "r_uv", m->r_uv);
    put(j, "r_ms", m->r_ms);
    put(j, "s_uv", m->s_uv);
    put(j, "r2_uv", m->r2_uv);
    put(j, "t_uv", m->t_uv);
    put(j, "p_uv", m->p_uv);
    put_word(j, "slope", slopes, m->slope);
    put_word(j, "polarity", polarities, m->polarity);
    put_word(j, "t_shape", shapes, m->t_shape);
    jz_json_close(j, '}');
}

/* How much each lead rose since, where both could be read. */
static void put_serial(struct jz_json *j, const struct jz_ecg_answer *answer) {
    jz_json_open(j, "serial", '{');
    jz_json_text(j, "record", answer->before->record);
    jz_json_bool(j, "readable", answer->before->measure.readable);
    jz_json_open(j, "st_j_change_uv", '{');
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++) {
        int16_t now = answer->now->measure.lead[lead].st_j_uv;
        int16_t before = answer->before->measure.lead[lead].st_j_uv;
        if (now != JZ_ECG_UNKNOWN && before != JZ_ECG_UNKNOWN)
            jz_json_int(j, jz_ecg_lead_name((enum jz_ecg_lead)lead), now - before);
    }
    jz_json_close(j, '}');
    jz_json_close(j, '}');
}

void jz_ecg_answer_json(FILE *out, const struct jz_ecg_answer *answer) {
    const struct jz_ecg_measure *m = &answer->now->measure;
    struct jz_json j = {out, false};
    jz_json_open(&j, NULL, '{');
    jz_json_text(&j, "record", answer->now->record);
    if (answer->age_years >= 0) jz_json_int(&j, "age_years", answer->age_years);
    if (answer->sex) jz_json_text(&j, "sex", answer->sex == 'm' ? "male" : "female");
    put_whole(&j, m);
    put_intervals(&j, m);
    put_beats(&j, m);
    jz_json_open(&j, "leads", '{');
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++)
        if (m->lead[lead].recorded) put_lead(&j, jz_ecg_lead_name((enum jz_ecg_lead)lead), &m->lead[lead]);
    jz_json_close(&j, '}');
    jz_signal_put_facts(&j, answer->fact, answer->fact_count);
    jz_signal_put_rules(&j, answer->patient, jz_statement_of_ecg);
    if (answer->before) put_serial(&j, answer);
    jz_json_title(&j, "statement", answer->zh, answer->en);
    jz_json_close(&j, '}');
    putc('\n', out);
}
