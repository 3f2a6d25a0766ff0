/* SPDX-License-Identifier: Apache-2.0 */
/* ECG and CTG recordings as waveform segments, samples unchanged.
 *
 * ECG: scale is nanovolts a step, 1e6 / (steps per mV). CTG: thousandths of a beat or of the toco unit a step; the
 * recordings hold quarters and halves, so 250 is exact; anything finer goes in thousandths. A CTG's 0 is the
 * recorder's "signal loss" and is kept as it is. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "csv.h"
#include "emit.h"
#include "jingzhu/codec.h"
#include "wfdb.h"

enum { CTG_PERIOD_US = 250000, CTG_HZ = 4, CTG_COARSE = 250, FHR_CODE = 67108900, TOCO_CODE = 67108901 };

/* MDC_ECG_LEAD_* of IEEE 11073-10101: partition 2, lead number. */
static const struct {
    const char *name;
    uint32_t code;
} lead_rows[] = {{"I", 131073},   {"II", 131074},  {"III", 131133}, {"aVR", 131134},
                 {"aVL", 131135}, {"aVF", 131136}, {"V1", 131075},  {"V2", 131076},
                 {"V3", 131077},  {"V4", 131078},  {"V5", 131079},  {"V6", 131080}};
enum { LEAD_COUNT = sizeof lead_rows / sizeof lead_rows[0] };

static enum jz_status refuse(struct jz_story *story, const struct jz_story_item *item, enum jz_status status,
                             const char *what) {
    snprintf(story->error, sizeof story->error, "line %u: %.160s: %s", item->line, item->file, what);
    return status;
}

bool jz_story_path(const struct jz_story *story, const char *file, char *out, size_t capacity) {
    const char *folder = file[0] == '/' ? "" : story->folder;
    return snprintf(out, capacity, "%s%s", folder, file) < (int)capacity;
}

/* --- ECG -------------------------------------------------------------------------------------------------- */

static enum jz_status open_ecg(struct jz_story *story, const struct jz_story_item *item,
                               struct jz_wfdb *out) {
    char path[JZ_WFDB_PATH_MAX];
    if (!jz_story_path(story, item->file, path, sizeof path))
        return refuse(story, item, JZ_E_FILE, "path too long");
    enum jz_status status = jz_wfdb_open(path, out);
    if (status == JZ_E_FILE) return refuse(story, item, status, "no such record; name it without .hea");
    if (status != JZ_OK)
        return refuse(story, item, status, "header is not WFDB with format 16; convert the record");
    if (((double)item->from_s + item->length_s) * out->rate_hz > out->samples)
        return refuse(story, item, JZ_E_FORMAT, "shorter than from and seconds ask for; lower them");
    return JZ_OK;
}

static int32_t ecg_part_ms(const struct jz_wfdb *record) {
    return (int32_t)lround(JZ_ECG_SEGMENT_SAMPLES * 1000.0 / record->rate_hz);
}

static enum jz_status ecg_parts(struct jz_story *story, const struct jz_story_item *item, uint32_t *parts,
                                int32_t *part_ms) {
    struct jz_wfdb record;
    enum jz_status status = open_ecg(story, item, &record);
    if (status != JZ_OK) return status;
    uint32_t samples = (uint32_t)(item->length_s * record.rate_hz);
    *parts = (samples + JZ_ECG_SEGMENT_SAMPLES - 1) / JZ_ECG_SEGMENT_SAMPLES;
    *part_ms = ecg_part_ms(&record);
    return JZ_OK;
}

/* One lead after the other; leads that the record lacks are left out, never filled. */
static enum jz_status read_leads(struct jz_story *story, const struct jz_story_item *item,
                                 const struct jz_wfdb *record, uint32_t from, int32_t *samples,
                                 struct jz_waveform *out) {
    for (int i = 0; i < LEAD_COUNT; i++) {
        int signal = jz_wfdb_find(record, lead_rows[i].name);
        if (signal < 0) continue;
        const struct jz_wfdb_signal *about = &record->signal[signal];
        uint32_t scale = (uint32_t)lround(1e6 / about->gain);
        if (strcmp(about->unit, "mV") != 0 || scale == 0 || (out->scale && scale != out->scale))
            return refuse(story, item, JZ_E_FORMAT,
                          "leads differ in gain or are not in mV; convert the record");
        int32_t *to = samples + (size_t)out->channel_count * out->samples;
        if (jz_wfdb_read(record, (uint32_t)signal, from, out->samples, to) != JZ_OK)
            return refuse(story, item, JZ_E_FILE, "samples are missing; check the record's files");
        for (uint32_t s = 0; s < out->samples; s++) {
            if (to[s] == JZ_WFDB_MISSING)
                return refuse(story, item, JZ_E_VALUE, "a gap in the lead; choose another part");
            to[s] -= about->baseline;
        }
        out->scale = scale;
        out->channel[out->channel_count++] = lead_rows[i].code;
    }
    return out->channel_count > 0 ? JZ_OK : refuse(story, item, JZ_E_FORMAT, "has none of the twelve leads");
}

static enum jz_status emit_ecg(struct jz_story *story, const struct jz_story_item *item, uint32_t part,
                               struct jz_emit_buffer *buffer, struct jz_waveform *out, int32_t *part_ms) {
    struct jz_wfdb record;
    enum jz_status status = open_ecg(story, item, &record);
    if (status != JZ_OK) return status;
    uint32_t all = (uint32_t)(item->length_s * record.rate_hz), from = part * JZ_ECG_SEGMENT_SAMPLES;
    uint32_t left = all - from;
    out->wave = JZ_WAVE_ECG;
    out->period_us = (uint32_t)lround(1e6 / record.rate_hz);
    out->samples = left < JZ_ECG_SEGMENT_SAMPLES ? left : JZ_ECG_SEGMENT_SAMPLES;
    out->snapshot = item->snapshot;
    *part_ms = ecg_part_ms(&record);
    return read_leads(story, item, &record, (uint32_t)(item->from_s * record.rate_hz) + from, buffer->samples,
                      out);
}

/* --- CTG -------------------------------------------------------------------------------------------------- */

static enum jz_status read_ctg(struct jz_story *story, const struct jz_story_item *item, uint32_t from,
                               uint32_t count, int32_t *rows) {
    static const char *const names[] = {"fhr_bpm", "uc"};
    char path[JZ_WFDB_PATH_MAX], what[80];
    uint32_t got = 0, line = 0;
    if (!jz_story_path(story, item->file, path, sizeof path))
        return refuse(story, item, JZ_E_FILE, "path too long");
    enum jz_status status = jz_csv_read(path, names, 2, from, count, rows, &got, &line);
    snprintf(what, sizeof what, "its line %u is not time_s,fhr_bpm,uc; mend it", line);
    if (status == JZ_E_FILE) return refuse(story, item, status, "cannot be read; check name and rights");
    if (status != JZ_OK) return refuse(story, item, status, what);
    if (got < count)
        return refuse(story, item, JZ_E_FORMAT, "shorter than from and minutes ask for; lower them");
    return JZ_OK;
}

static enum jz_status ctg_parts(struct jz_story *story, const struct jz_story_item *item, uint32_t *parts,
                                int32_t *part_ms) {
    int32_t last[2];
    *parts = item->length_s * CTG_HZ / JZ_CTG_SEGMENT_SAMPLES;
    *part_ms = (int32_t)JZ_CTG_SEGMENT_SAMPLES * 1000 / CTG_HZ;
    return read_ctg(story, item, (item->from_s + item->length_s) * CTG_HZ - 1, 1, last);
}

static enum jz_status emit_ctg(struct jz_story *story, const struct jz_story_item *item, uint32_t part,
                               struct jz_emit_buffer *buffer, struct jz_waveform *out, int32_t *part_ms) {
    int32_t rows[2 * JZ_CTG_SEGMENT_SAMPLES];
    uint32_t from = item->from_s * CTG_HZ + part * JZ_CTG_SEGMENT_SAMPLES;
    enum jz_status status = read_ctg(story, item, from, JZ_CTG_SEGMENT_SAMPLES, rows);
    if (status != JZ_OK) return status;
    out->scale = CTG_COARSE;
    for (uint32_t i = 0; i < 2 * JZ_CTG_SEGMENT_SAMPLES; i++) {
        if (rows[i] == JZ_CSV_MISSING)
            return refuse(story, item, JZ_E_VALUE, "an empty cell; signal loss is 0");
        if (rows[i] % CTG_COARSE != 0) out->scale = 1;
    }
    for (uint32_t i = 0; i < JZ_CTG_SEGMENT_SAMPLES; i++) {
        buffer->samples[i] = rows[2 * i] / (int32_t)out->scale;
        buffer->samples[JZ_CTG_SEGMENT_SAMPLES + i] = rows[2 * i + 1] / (int32_t)out->scale;
    }
    out->wave = JZ_WAVE_CTG;
    out->period_us = CTG_PERIOD_US;
    out->samples = JZ_CTG_SEGMENT_SAMPLES;
    out->channel_count = 2, out->channel[0] = FHR_CODE, out->channel[1] = TOCO_CODE;
    *part_ms = (int32_t)JZ_CTG_SEGMENT_SAMPLES * 1000 / CTG_HZ;
    return JZ_OK;
}

/* ---------------------------------------------------------------------------------------------------------- */

enum jz_status jz_wave_parts(struct jz_story *story, const struct jz_story_item *item, uint32_t *parts,
                             int32_t *part_ms) {
    return item->verb == JZ_STORY_ECG ? ecg_parts(story, item, parts, part_ms)
                                      : ctg_parts(story, item, parts, part_ms);
}

enum jz_status jz_wave_emit(struct jz_story *story, const struct jz_story_item *item, uint32_t part,
                            struct jz_emit_buffer *buffer, struct jz_waveform *out, int32_t *part_ms) {
    memset(out, 0, sizeof *out);
    enum jz_status status = item->verb == JZ_STORY_ECG ? emit_ecg(story, item, part, buffer, out, part_ms)
                                                       : emit_ctg(story, item, part, buffer, out, part_ms);
    if (status != JZ_OK) return status;
    size_t written = 0;
    status = jz_wave_encode(buffer->samples, out->channel_count, out->samples, buffer->coded,
                            sizeof buffer->coded, &written);
    if (status != JZ_OK) return refuse(story, item, status, "this segment does not fit one frame");
    out->coded = (struct jz_bytes){buffer->coded, (uint32_t)written};
    return JZ_OK;
}
