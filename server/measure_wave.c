/* SPDX-License-Identifier: Apache-2.0 */
#include "measure_wave.h"

#include <stdlib.h>
#include <string.h>

#define JOIN_SLACK_US                                                                                        \
    3000 /* frame times are whole milliseconds, rounded on both sides: closer than this is no gap */
#define CTG_STEP_MS (1000 / (int64_t)JZ_CTG_HZ)
#define CTG_STEP_US (1000000 / (int64_t)JZ_CTG_HZ)
/* Not heard for as long as a trace is kept, or a step back by a minute (the device's clock was set): another trace. */
#define CTG_APART_MS ((int64_t)JZ_CTG_MINUTES_MAX * 60000)
#define CTG_BACK_MS 60000

/* --- an earlier ECG ------------------------------------------------------------------------------------------- */

void jz_ecg_past_keep(struct jz_ecg_past *past, const struct jz_ecg_measure *measure, int64_t end_ms) {
    const uint8_t *from = (const uint8_t *)measure;
    past->end_ms = end_ms;
    memcpy(past->head.bytes, from, sizeof past->head.bytes);
    memcpy(past->numbers, from + offsetof(struct jz_ecg_measure, rate_bpm_x10), sizeof past->numbers);
    for (uint32_t i = 0; i < JZ_LEAD_COUNT; i++)
        memcpy(past->lead[i], &measure->lead[i], sizeof past->lead[i]);
}

void jz_ecg_past_recall(const struct jz_ecg_past *past, struct jz_ecg_measure *out) {
    uint8_t *to = (uint8_t *)out;
    memset(out, 0, sizeof *out);
    memcpy(to, past->head.bytes, sizeof past->head.bytes);
    memcpy(to + offsetof(struct jz_ecg_measure, rate_bpm_x10), past->numbers, sizeof past->numbers);
    for (uint32_t i = 0; i < JZ_LEAD_COUNT; i++) memcpy(&out->lead[i], past->lead[i], sizeof past->lead[i]);
    out->beat_count = 0;
}

/* --- ECG: segments to samples ------------------------------------------------------------------------------------ */

struct filling {
    struct jz_ecg *ecg;
    int64_t start_ms;
    uint32_t period_us;
    uint32_t have[JZ_LEAD_COUNT]; /* samples of the recorder appended */
    struct jz_wave_scratch *scratch;
};

/* Full (a recording longer than the library takes) keeps what fitted. */
static void append(struct filling *f, enum jz_ecg_lead lead, const int32_t *samples, uint32_t count,
                   uint32_t scale_nv) {
    enum jz_status status = count ? jz_ecg_append(f->ecg, lead, samples, count, scale_nv) : JZ_OK;
    (void)status;
    f->have[lead] += count;
}

static void append_missing(struct filling *f, enum jz_ecg_lead lead, uint64_t count) {
    uint64_t most = (uint64_t)JZ_ECG_SECONDS_MAX * 1000000u / f->period_us;
    if (count > most) count = most;
    while (count) {
        uint32_t part = count < JZ_SAMPLES_PER_CHANNEL_MAX ? (uint32_t)count : JZ_SAMPLES_PER_CHANNEL_MAX;
        append(f, lead, f->scratch->missing, part, 1);
        count -= part;
    }
}

static void append_channel(struct filling *f, uint32_t channel, int64_t own_ms) {
    const struct jz_waveform *wave = &f->scratch->frame.waveform;
    enum jz_ecg_lead lead = jz_ecg_lead_of_code(wave->channel[channel]);
    const int32_t *samples = f->scratch->samples + (size_t)channel * wave->samples;
    if (lead == JZ_LEAD_COUNT) return;
    int64_t at_us = (own_ms - f->start_ms) * 1000, have_us = (int64_t)f->have[lead] * f->period_us;
    int64_t slack_us = JOIN_SLACK_US > f->period_us / 2u ? JOIN_SLACK_US : f->period_us / 2u;
    uint32_t skip = 0;
    if (at_us > have_us + slack_us) append_missing(f, lead, (uint64_t)(at_us - have_us) / f->period_us);
    if (at_us < have_us - slack_us) skip = (uint32_t)((have_us - at_us) / f->period_us);
    if (skip < wave->samples) append(f, lead, samples + skip, wave->samples - skip, wave->scale);
}

static bool decode(const struct jz_trace_segment *segment, struct jz_wave_scratch *scratch) {
    const struct jz_waveform *wave = &scratch->frame.waveform;
    return jz_frame_decode(segment->frame.data, segment->frame.bytes, &scratch->frame, NULL) == JZ_OK &&
           scratch->frame.kind == JZ_FRAME_WAVEFORM &&
           jz_wave_decode(wave->coded, wave->channel_count, wave->samples, scratch->samples) == JZ_OK;
}

void jz_wave_fill_ecg(struct jz_ecg *ecg, const struct jz_trace_segment *segments, uint32_t count,
                      struct jz_wave_scratch *scratch) {
    struct filling f = {.ecg = ecg, .scratch = scratch};
    for (uint32_t i = 0; i < JZ_SAMPLES_PER_CHANNEL_MAX; i++) scratch->missing[i] = JZ_ECG_MISSING;
    for (uint32_t i = 0; i < count; i++) {
        if (!decode(&segments[i], scratch)) continue;
        const struct jz_waveform *wave = &scratch->frame.waveform;
        if (!f.period_us) {
            if (jz_ecg_begin(ecg, wave->period_us) != JZ_OK) continue;
            f.period_us = wave->period_us;
            f.start_ms = segments[i].own_ms;
        }
        if (wave->period_us != f.period_us) continue; /* one recording has one rate */
        for (uint32_t c = 0; c < wave->channel_count; c++) append_channel(&f, c, segments[i].own_ms);
    }
    if (f.period_us) return;
    enum jz_status status = jz_ecg_begin(ecg, 1000000 / JZ_ECG_HZ);
    (void)status; /* the library's own rate */
}

/* --- measures to a measurement ------------------------------------------------------------------------------------ */

static int by_code(const void *a, const void *b) {
    uint32_t x = ((const struct jz_fact *)a)->code, y = ((const struct jz_fact *)b)->code;
    return (x > y) - (x < y);
}

static void put_facts(const struct jz_fact *facts, uint32_t count, struct jz_measurement *out) {
    struct jz_fact sorted[JZ_MEASURED_FACTS_MAX];
    out->fact_count = 0;
    if (count) memcpy(sorted, facts, count * sizeof *facts);
    qsort(sorted, count, sizeof *sorted, by_code);
    for (uint32_t i = 0; i < count; i++)
        if (i == 0 || sorted[i].code != sorted[i - 1u].code) out->fact[out->fact_count++] = sorted[i];
}
_Static_assert(JZ_ECG_FACTS_MAX <= JZ_MEASURED_FACTS_MAX && JZ_CTG_FACTS_MAX <= JZ_MEASURED_FACTS_MAX,
               "all of a measure's facts");

static bool has(const struct jz_fact *facts, uint32_t count, uint32_t code) {
    for (uint32_t i = 0; i < count; i++)
        if (facts[i].code == code) return true;
    return false;
}

static void put_leads(const struct jz_ecg_measure *now, struct jz_measurement *out) {
    for (uint32_t i = 0; i < JZ_LEAD_COUNT; i++) {
        const struct jz_ecg_lead_measure *lead = &now->lead[i];
        uint32_t code = jz_ecg_lead_code((enum jz_ecg_lead)i);
        if (!lead->recorded || !code) continue;
        out->lead[out->lead_count++] = (struct jz_measured_lead){
            code, lead->quality > 100 ? 100 : lead->quality, lead->trouble, lead->usable};
    }
}
_Static_assert((int)JZ_MEASURED_LEADS_MAX == (int)JZ_LEAD_COUNT, "every lead");
/* NOLINTNEXTLINE(misc-redundant-expression) that they are equal is what is asserted */
_Static_assert(JZ_NUMBER_UNKNOWN == JZ_ECG_UNKNOWN, "unknown is unknown");

void jz_wave_say_ecg(const struct jz_ecg_measure *now, const struct jz_ecg_measure *before,
                     struct jz_measurement *out) {
    struct jz_fact facts[JZ_ECG_FACTS_MAX];
    uint32_t unreadable = jz_field_at(jz_field_by_name("ecg_unreadable"))->code;
    uint32_t count = jz_ecg_facts(now, before, facts);
    /* That it has to be taken again is a fact in any case. */
    if (!now->readable && !has(facts, count, unreadable) && count < JZ_ECG_FACTS_MAX)
        facts[count++] = (struct jz_fact){unreadable, 1};
    put_facts(facts, count, out);
    put_leads(now, out);
    out->quality = now->quality > 100 ? 100 : now->quality;
    out->readable = now->readable;
    out->number[JZ_NUMBER_RATE] = now->rate_bpm_x10;
    out->number[JZ_NUMBER_PR] = now->pr_ms;
    out->number[JZ_NUMBER_QRS] = now->qrs_ms;
    out->number[JZ_NUMBER_QT] = now->qt_ms;
    out->number[JZ_NUMBER_QTC] = now->qtc_ms;
    out->number[JZ_NUMBER_AXIS] = now->axis_deg;
    if (now->conduction != JZ_CONDUCTION_UNKNOWN) out->number[JZ_NUMBER_CONDUCTION] = now->conduction;
    if (now->rhythm) out->number[JZ_NUMBER_RHYTHM] = now->rhythm;
}

void jz_wave_say_ctg(const struct jz_ctg *ctg, const struct jz_ctg_measure *now, struct jz_measurement *out) {
    struct jz_fact facts[JZ_CTG_FACTS_MAX];
    int32_t percent = now->usable_permille / 10;
    put_facts(facts, jz_ctg_facts(ctg, now, facts), out);
    out->quality = (uint8_t)(percent < 0 ? 0 : percent > 100 ? 100 : percent);
    out->readable = now->adequate;
}

/* --- CTG: segments to a running trace --------------------------------------------------------------------------------- */

/* Channels of a CTG that the library takes: MDC codes and codes of protocol/fields/. */
enum { FHR, TOCO, MOTHER, CHANNELS };
static const char *const channel_field[CHANNELS] = {"fhr", "toco", "hr"};

static void find_channels(const struct jz_waveform *wave, int at[CHANNELS]) {
    for (uint32_t k = 0; k < CHANNELS; k++) {
        uint32_t code = jz_field_at(jz_field_by_name(channel_field[k]))->code;
        at[k] = -1;
        for (uint32_t c = 0; c < wave->channel_count && at[k] < 0; c++)
            if (wave->channel[c] == code) at[k] = (int)c;
    }
}

/* Thousandths of the unit a step, to tenths. */
static int16_t tenths(int32_t sample, uint32_t scale) {
    int64_t value = (int64_t)sample * scale;
    value = (value + (value < 0 ? -50 : 50)) / 100;
    return (int16_t)(value > INT16_MAX ? INT16_MAX : value < INT16_MIN + 1 ? INT16_MIN + 1 : value);
}

/* Four samples a second whatever the recorder's rate: the one that stood at that moment. */
static struct jz_ctg_sample sample_at(const struct jz_waveform *wave, const int32_t *samples,
                                      const int at[CHANNELS], uint32_t step) {
    uint32_t i = (uint32_t)((int64_t)step * CTG_STEP_US / wave->period_us);
    struct jz_ctg_sample s = {JZ_CTG_LOSS, JZ_CTG_LOSS, JZ_CTG_LOSS, JZ_CTG_NO_TOCO};
    if (i >= wave->samples) i = wave->samples - 1u;
    if (at[FHR] >= 0) s.fhr_bpm_x10 = tenths(samples[(uint32_t)at[FHR] * wave->samples + i], wave->scale);
    if (at[MOTHER] >= 0)
        s.mhr_bpm_x10 = tenths(samples[(uint32_t)at[MOTHER] * wave->samples + i], wave->scale);
    if (at[TOCO] >= 0) s.toco_x10 = tenths(samples[(uint32_t)at[TOCO] * wave->samples + i], wave->scale);
    return s;
}

#define PART 240u /* a minute */

static void append_loss(struct jz_ctg_trace *trace, int64_t steps) {
    static const struct jz_ctg_sample none = {JZ_CTG_LOSS, JZ_CTG_LOSS, JZ_CTG_LOSS, JZ_CTG_NO_TOCO};
    struct jz_ctg_sample part[PART];
    for (uint32_t i = 0; i < PART; i++) part[i] = none;
    trace->end_ms += steps * CTG_STEP_MS;
    for (; steps > 0; steps -= PART) jz_ctg_append(trace->ctg, part, steps < PART ? (uint32_t)steps : PART);
}

static void append_samples(struct jz_ctg_trace *trace, const struct jz_waveform *wave, uint32_t skip,
                           uint32_t steps, const int32_t *samples) {
    struct jz_ctg_sample part[PART];
    int at[CHANNELS];
    find_channels(wave, at);
    for (uint32_t step = skip; step < steps;) {
        uint32_t count = 0;
        while (count < PART && step < steps) part[count++] = sample_at(wave, samples, at, step++);
        jz_ctg_append(trace->ctg, part, count);
        trace->end_ms += (int64_t)count * CTG_STEP_MS;
    }
}

bool jz_wave_append_ctg(struct jz_ctg_trace *trace, const struct jz_waveform *wave, int64_t at_ms,
                        uint32_t ga_days, struct jz_wave_scratch *scratch) {
    if (jz_wave_decode(wave->coded, wave->channel_count, wave->samples, scratch->samples) != JZ_OK)
        return true;
    bool fresh =
        !trace->start_ms || at_ms > trace->end_ms + CTG_APART_MS || at_ms < trace->end_ms - CTG_APART_MS;
    int64_t length_us = (int64_t)wave->samples * wave->period_us;
    int64_t steps = (length_us + CTG_STEP_US / 2) / CTG_STEP_US;
    if (!fresh) fresh = at_ms + length_us / 1000 < trace->end_ms - CTG_BACK_MS;
    if (fresh) {
        jz_ctg_begin(trace->ctg, ga_days);
        trace->start_ms = trace->end_ms = at_ms;
        trace->measured_ms = 0;
        trace->segments = 0;
    }
    int64_t apart = at_ms - trace->end_ms; /* to the nearest step */
    int64_t gap = (apart + (apart < 0 ? -CTG_STEP_MS : CTG_STEP_MS) / 2) / CTG_STEP_MS;
    trace->segments++;
    if (steps > CTG_APART_MS / CTG_STEP_MS) steps = CTG_APART_MS / CTG_STEP_MS;
    if (gap > 0) append_loss(trace, gap);
    if (gap > -steps)
        append_samples(trace, wave, gap < 0 ? (uint32_t)-gap : 0, (uint32_t)steps, scratch->samples);
    return !fresh;
}
