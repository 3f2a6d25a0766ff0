/* SPDX-License-Identifier: Apache-2.0 */
#include "waves.h"

#include <stdlib.h>

#include "event_log.h"
#include "jingzhu/ctg.h"

_Static_assert(JZ_WAVES_LOOK_BACK_MS == JZ_CTG_MINUTES_MAX * INT64_C(60000), "as much as a CTG keeps");

struct jz_waves {
    struct jz_ledger *ledger;
    const struct jz_hooks *hooks;
    struct jz_trace *trace;
    struct jz_measure *measure;
    struct jz_frame frame; /* large */
    int32_t samples[JZ_SAMPLES_PER_SEGMENT_MAX];
    uint8_t payload[JZ_MEASUREMENT_BYTES_MAX];
};

static const struct jz_core *core_of(const struct jz_waves *w) {
    return jz_ledger_core(w->ledger);
}

/* The encoded payload is borrowed for the call: the ledger copies what it keeps. */
static bool submit(void *context, const struct jz_measurement *measurement) {
    struct jz_waves *w = context;
    struct jz_event event = {.kind = JZ_EVENT_MEASUREMENT, .received_ms = jz_hooks_utc_ms(w->hooks)};
    size_t written;
    if (jz_measurement_encode(measurement, w->payload, sizeof w->payload, &written) != JZ_OK) {
        jz_log(JZ_LOG_MEASURE_REFUSED, &(struct jz_log_fields){.status = JZ_E_VALUE});
        return true; /* measuring it again would give the same */
    }
    event.original = (struct jz_bytes){w->payload, (uint32_t)written};
    return jz_ledger_submit(w->ledger, &event, 0) == JZ_OK;
}

static void let_go(void *context, uint32_t count) {
    (void)context;
    jz_log(JZ_LOG_MEASURE_LET_GO, &(struct jz_log_fields){.count = count});
}

struct jz_waves *jz_waves_open(struct jz_ledger *ledger, const struct jz_hooks *hooks,
                               uint32_t encounters_max) {
    struct jz_waves *w = calloc(1, sizeof *w);
    if (!w) return NULL;
    w->ledger = ledger;
    w->hooks = hooks;
    w->trace = jz_trace_open(encounters_max);
    struct jz_measure_config config = {.core = jz_ledger_core(ledger),
                                       .trace = w->trace,
                                       .hooks = hooks,
                                       .encounters_max = encounters_max,
                                       .ctg_max = JZ_MEASURE_CTG_MAX,
                                       .context = w,
                                       .submit = submit,
                                       .let_go = let_go};
    if (w->trace) w->measure = jz_measure_open(&config);
    if (w->measure) return w;
    jz_waves_close(w);
    return NULL;
}

void jz_waves_close(struct jz_waves *w) {
    if (!w) return;
    jz_measure_close(w->measure);
    jz_trace_close(w->trace);
    free(w);
}

static void keep(struct jz_waves *w, uint32_t slot, const struct jz_frame *frame, int64_t at_ms,
                 struct jz_bytes bytes) {
    jz_trace_add(w->trace, slot, frame->encounter, &frame->waveform, frame->at_ms, bytes);
    if (jz_core_encounter_is_open(core_of(w), slot))
        jz_measure_add(w->measure, slot, frame->encounter, &frame->waveform, frame->at_ms, at_ms);
}

bool jz_waves_durable(struct jz_waves *w, const struct jz_released_event *event, uint32_t *slot) {
    if (!jz_core_encounter_slot(core_of(w), event->encounter, slot)) return false;
    if (jz_frame_decode(event->original.data, event->original.bytes, &w->frame, NULL) != JZ_OK) return false;
    keep(w, *slot, &w->frame, event->at_ms, event->original);
    return true;
}

/* --- after a restart ---------------------------------------------------------------------------------------------- */

/* The core's clock was what it was when the frame came, not what it is now. */
static int64_t time_of(const struct jz_waves *w, const struct jz_event *event) {
    int64_t ms = jz_core_time(core_of(w), event, event->frame->at_ms);
    return ms < event->received_ms ? ms : event->received_ms;
}

static void recall_waveform(struct jz_waves *w, const struct jz_event *event) {
    const struct jz_waveform *wave = &event->frame->waveform;
    uint32_t slot;
    if (!jz_core_encounter_slot(core_of(w), event->frame->encounter, &slot)) return;
    if (jz_wave_decode(wave->coded, wave->channel_count, wave->samples, w->samples) != JZ_OK)
        return; /* refused when it came */
    keep(w, slot, event->frame, time_of(w, event), event->original);
}

static void recall_measurement(struct jz_waves *w, const struct jz_event *event) {
    struct jz_measurement measurement;
    uint32_t slot;
    if (jz_measurement_decode(event->original, &measurement) == JZ_OK &&
        jz_core_encounter_slot(core_of(w), measurement.encounter, &slot))
        jz_measure_on_record(w->measure, slot, &measurement);
}

static bool recall(void *context, const struct jz_event *event) {
    if (event->kind == JZ_EVENT_FRAME && event->frame->kind == JZ_FRAME_WAVEFORM)
        recall_waveform(context, event);
    else if (event->kind == JZ_EVENT_MEASUREMENT)
        recall_measurement(context, event);
    return true;
}

enum jz_status jz_waves_recall(struct jz_waves *w) {
    int64_t earliest = INT64_MAX, oldest = jz_core_now(core_of(w)) - JZ_WAVES_LOOK_BACK_MS;
    bool cut = false;
    for (uint32_t slot = 0; slot < jz_core_encounter_count(core_of(w)); slot++) {
        if (!jz_core_encounter_is_open(core_of(w), slot)) continue;
        int64_t opened_ms = jz_core_encounter_opened(core_of(w), slot);
        if (opened_ms < earliest) earliest = opened_ms;
    }
    if (earliest == INT64_MAX) return JZ_OK; /* nobody is under way */
    if (earliest < oldest) earliest = oldest;
    enum jz_status status =
        jz_ledger_recall(w->ledger, earliest, JZ_WAVES_LOOK_BACK_RECORDS, recall, w, &cut);
    if (cut) jz_log(JZ_LOG_LOOK_BACK_CUT, &(struct jz_log_fields){.count = JZ_WAVES_LOOK_BACK_RECORDS});
    return status;
}

/* --- under way ------------------------------------------------------------------------------------------------------- */

bool jz_waves_step(struct jz_waves *w) {
    return jz_ledger_failed(w->ledger) == JZ_OK && jz_ledger_has_room(w->ledger) &&
           jz_measure_step(w->measure);
}

const struct jz_trace *jz_waves_trace(const struct jz_waves *w) {
    return w->trace;
}

void jz_waves_stats(const struct jz_waves *w, struct jz_measure_stats *out) {
    jz_measure_stats(w->measure, out);
}
