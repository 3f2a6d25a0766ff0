/* SPDX-License-Identifier: Apache-2.0 */
#include "own.h"

#include <inttypes.h>
#include <stdlib.h>

#include "jingzhu/codec.h"
#include "jingzhu/field.h"
#include "jingzhu/statement.h"
#include "own_packs.h"
#include "report.h"

struct jz_own {
    struct jz_program *program; /* NULL: no packs */
    struct jz_chart chart;
    struct jz_rule_set due;
    bool measured[JZ_FIELDS_MAX]; /* the chart's reading is a measure of this device, and no person's */
    struct jz_ecg *ecg;
    struct jz_ecg_measure measure;
    uint32_t snapshot; /* of the recording under way; 0: none */
    bool measurable;
    int64_t end_ms;
    int32_t samples[JZ_SAMPLES_PER_SEGMENT_MAX];
};

enum jz_status jz_own_open(const char *packs, struct jz_own **out, struct jz_pack_error *error) {
    struct jz_own *own = calloc(1, sizeof *own);
    *out = own;
    *error = (struct jz_pack_error){.line = 0};
    if (!own || !(own->ecg = calloc(1, jz_ecg_bytes()))) return JZ_E_MEMORY;
    return packs ? jz_own_packs_load(packs, &own->program, error) : JZ_OK;
}

void jz_own_close(struct jz_own *own) {
    if (!own) return;
    jz_program_free(own->program);
    free(own->ecg);
    free(own);
}

/* --- what is said of the patient ------------------------------------------------------------------------------ */

/* As at the server (server/core/measured.c): what a person found stands over a machine while it is fresh. */
static bool a_person_stands(const struct jz_own *own, uint32_t field, int64_t at_ms) {
    struct jz_reading r = jz_chart_reading(&own->chart, field);
    int64_t fresh_ms = (int64_t)jz_field_at(field)->fresh_s * 1000;
    if (r.validity != JZ_VALID || own->measured[field]) return false;
    return fresh_ms == 0 || at_ms - r.taken_ms <= fresh_ms;
}

static void observe(struct jz_own *own, const struct jz_fact *fact, int64_t at_ms, bool measured) {
    struct jz_reading reading = {.taken_ms = at_ms, .value = fact->value, .validity = JZ_VALID};
    uint32_t field = jz_field_by_code(fact->code);
    if (!own->program || field == JZ_FIELD_UNKNOWN) return;
    if (measured && a_person_stands(own, field, at_ms)) return;
    if (jz_field_at(field)->kind == 'e') { /* so many seconds ago */
        reading.taken_ms -= (int64_t)fact->value * 1000;
        reading.value = 1;
    }
    if (jz_chart_observe(own->program, &own->chart, field, reading, &own->due) != JZ_OK)
        return; /* full: the statement names what is missing */
    own->measured[field] = measured;
}

static void observe_all(struct jz_own *own, const struct jz_fact *facts, uint32_t count, int64_t at_ms,
                        bool measured) {
    for (uint32_t i = 0; i < count; i++) observe(own, &facts[i], at_ms, measured);
}

/* --- the recording ---------------------------------------------------------------------------------------------- */

/* A rate that cannot be measured: an empty recording, which is said as one that cannot be read. */
static void begin(struct jz_own *own, const struct jz_waveform *wave) {
    own->snapshot = wave->snapshot;
    own->measurable = jz_ecg_begin(own->ecg, wave->period_us) == JZ_OK;
    enum jz_status status = own->measurable ? JZ_OK : jz_ecg_begin(own->ecg, 1000000 / JZ_ECG_HZ);
    (void)status; /* the library's own rate */
}

static void append(struct jz_own *own, const struct jz_waveform *wave, int64_t at_ms) {
    if (wave->snapshot != own->snapshot) begin(own, wave);
    if (!own->measurable) return;
    if (jz_wave_decode(wave->coded, wave->channel_count, wave->samples, own->samples) != JZ_OK) return;
    for (uint32_t c = 0; c < wave->channel_count; c++) {
        enum jz_ecg_lead lead = jz_ecg_lead_of_code(wave->channel[c]);
        if (lead == JZ_LEAD_COUNT) continue;
        enum jz_status status = jz_ecg_append(own->ecg, lead, own->samples + (size_t)c * wave->samples,
                                              wave->samples, wave->scale);
        (void)status; /* full: what fitted is measured */
    }
    own->end_ms = at_ms + (int64_t)wave->samples * wave->period_us / 1000;
}

void jz_own_frame(struct jz_own *own, const struct jz_frame *frame) {
    const struct jz_facts *facts = frame->kind == JZ_FRAME_ENCOUNTER_OPEN     ? &frame->open.facts
                                   : frame->kind == JZ_FRAME_ENCOUNTER_UPDATE ? &frame->update.facts
                                                                              : NULL;
    if (facts) observe_all(own, facts->item, facts->count, frame->at_ms, false);
    if (frame->kind == JZ_FRAME_VITALS)
        observe_all(own, frame->vitals.item, frame->vitals.count, frame->at_ms, false);
    if (frame->kind == JZ_FRAME_FINDING)
        observe(own, &(struct jz_fact){frame->finding.code, frame->finding.value}, frame->at_ms,
                frame->finding.observer == JZ_OBSERVER_MACHINE);
    if (frame->kind == JZ_FRAME_WAVEFORM && frame->waveform.wave == JZ_WAVE_ECG && frame->waveform.snapshot)
        append(own, &frame->waveform, frame->at_ms);
}

/* --- the crew's line ---------------------------------------------------------------------------------------------- */

static void evaluate(struct jz_own *own) {
    struct jz_fact facts[JZ_ECG_FACTS_MAX];
    uint32_t count = jz_ecg_facts(&own->measure, NULL, facts);
    observe_all(own, facts, count, own->end_ms, true);
    jz_chart_update(own->program, &own->chart, own->due, own->end_ms);
    own->due = (struct jz_rule_set){{0}};
}

static void say(struct jz_own *own, enum jz_language language, char *out, size_t capacity) {
    if (own->program) {
        jz_ecg_statement(own->program, &own->chart, own->end_ms, &own->measure, language, out, capacity);
        return;
    }
    const char *text = language == JZ_ZH ? own->measure.readable ? "已测量；不是诊断，须医师判读"
                                                                 : "无法判读：请立即重做心电图"
                       : own->measure.readable ? "measured; not a diagnosis, needs a physician's reading"
                                               : "cannot be read: repeat the ECG now";
    snprintf(out, capacity, "%s", text);
}

static void put_number(FILE *to, const char *name, int16_t value, int32_t divisor) {
    if (value != JZ_ECG_UNKNOWN) fprintf(to, ",\"%s\":%" PRId32, name, (value + divisor / 2) / divisor);
}

void jz_own_report(struct jz_own *own, FILE *to) {
    static const struct {
        const char *name;
        enum jz_language language;
    } line[] = {{"zh", JZ_ZH}, {"en", JZ_EN}};
    char text[JZ_STATEMENT_MAX];
    if (!own->snapshot) return;
    jz_ecg_measure(own->ecg, &own->measure);
    if (own->program) evaluate(own);
    fprintf(to, "{\"event\":\"ecg\",\"snapshot\":%" PRIu32 ",\"readable\":%s,\"quality\":%u", own->snapshot,
            own->measure.readable ? "true" : "false", own->measure.quality);
    put_number(to, "rate", own->measure.rate_bpm_x10, 10);
    put_number(to, "qrs_ms", own->measure.qrs_ms, 1);
    put_number(to, "qtc_ms", own->measure.qtc_ms, 1);
    for (size_t i = 0; i < sizeof line / sizeof line[0]; i++) {
        say(own, line[i].language, text, sizeof text);
        jz_report_text(to, line[i].name, text);
    }
    fputs("}\n", to);
    fflush(to);
    own->snapshot = 0;
}
