/* SPDX-License-Identifier: Apache-2.0 */
/** @file measure_wave.h  Segments into the measuring libraries, and their measures into a measurement. For measure.c. */
#ifndef JZ_MEASURE_WAVE_H
#define JZ_MEASURE_WAVE_H
#include "jingzhu/ctg.h"
#include "jingzhu/ecg.h"
#include "measure.h"

/** An earlier ECG, without its beats and curves: what a later one is compared with. */
struct jz_ecg_past {
    int64_t end_ms; /**< on the server's clock; 0: none */
    struct jz_ecg_measure_head {
        uint8_t bytes[offsetof(struct jz_ecg_measure, beat)];
    } head;
    uint8_t numbers[offsetof(struct jz_ecg_measure, lead) - offsetof(struct jz_ecg_measure, rate_bpm_x10)];
    uint8_t lead[JZ_LEAD_COUNT][offsetof(struct jz_ecg_lead_measure, average_uv)];
};
void jz_ecg_past_keep(struct jz_ecg_past *past, const struct jz_ecg_measure *measure, int64_t end_ms);
/** @param[out] out  beats and curves are empty */
void jz_ecg_past_recall(const struct jz_ecg_past *past, struct jz_ecg_measure *out);

/** Memory to decode into; large, so one for all. */
struct jz_wave_scratch {
    struct jz_frame frame;
    int32_t samples[JZ_SAMPLES_PER_SEGMENT_MAX], missing[JZ_SAMPLES_PER_CHANNEL_MAX];
};
/** Puts the segments of a recording together by their times: gaps are missing samples, what is there twice counts once.
 *  Where none can be used `ecg` is empty, and measures as one that cannot be read. */
void jz_wave_fill_ecg(struct jz_ecg *ecg, const struct jz_trace_segment *segments, uint32_t count,
                      struct jz_wave_scratch *scratch);
/** Facts, leads and numbers of an ECG. @param before  NULL: none */
void jz_wave_say_ecg(const struct jz_ecg_measure *now, const struct jz_ecg_measure *before,
                     struct jz_measurement *out);

/** A CTG under way. */
struct jz_ctg_trace {
    struct jz_ctg *ctg; /**< NULL: none */
    int64_t start_ms, end_ms,
        measured_ms; /**< of its first sample, behind its last, how far it was measured; 0: not yet */
    int64_t heard_mono_ms;
    uint32_t segments;
};
/** Appends a segment at its place in time: what was not heard in between is loss, what is there already is left out.
 *  @return false: it lies so far from the trace that a new one begins with it (ctg_begin was called) */
bool jz_wave_append_ctg(struct jz_ctg_trace *trace, const struct jz_waveform *wave, int64_t at_ms,
                        uint32_t ga_days, struct jz_wave_scratch *scratch);
void jz_wave_say_ctg(const struct jz_ctg *ctg, const struct jz_ctg_measure *now, struct jz_measurement *out);

#endif /* JZ_MEASURE_WAVE_H */
