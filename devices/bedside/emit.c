/* SPDX-License-Identifier: Apache-2.0 */
#include "emit.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "jingzhu/field.h"
#include "wfdb.h"

enum { NUMERIC_COUNT = 4 };
static const char *const numeric_columns[NUMERIC_COUNT] = {"HR", "PULSE", "RESP", "SpO2"};
static const char *const numeric_fields[NUMERIC_COUNT] = {"hr", "pulse", "rr", "spo2"};

static bool is_wave(const struct jz_story_item *item) {
    return item->verb == JZ_STORY_ECG || item->verb == JZ_STORY_CTG;
}

static bool is_stream(const struct jz_story_item *item) {
    return item->verb == JZ_STORY_VITALS && item->file[0] != 0;
}

/* --- the plan --------------------------------------------------------------------------------------------- */

static enum jz_status read_numerics(struct jz_story *story, const struct jz_story_item *item, uint32_t row,
                                    int32_t values[NUMERIC_COUNT]) {
    char path[JZ_WFDB_PATH_MAX];
    uint32_t rows = 0, line = 0;
    enum jz_status status = JZ_E_FILE;
    if (jz_story_path(story, item->file, path, sizeof path))
        status = jz_csv_read(path, numeric_columns, NUMERIC_COUNT, row, 1, values, &rows, &line);
    if (status == JZ_OK && rows == 1) return JZ_OK;
    if (status == JZ_OK) status = JZ_E_FORMAT;
    snprintf(story->error, sizeof story->error,
             "line %u: %.160s (its line %u): not one row a second with HR, PULSE, RESP, SpO2, or too short; "
             "choose "
             "another file or fewer seconds",
             item->line, item->file, line);
    return status;
}

static enum jz_status stream_parts(struct jz_story *story, const struct jz_story_item *item,
                                   uint32_t *parts) {
    int32_t values[NUMERIC_COUNT];
    *parts = (item->length_s + item->every_s - 1) / item->every_s;
    return read_numerics(story, item, item->from_s + (*parts - 1) * item->every_s, values);
}

/* How many frames an item makes, how far apart, and when the first falls due after the item's time. A segment is
 * due when its last sample was taken. */
static enum jz_status parts_of(struct jz_story *story, const struct jz_story_item *item, uint32_t *parts,
                               int32_t *step_ms, int32_t *first_ms) {
    *parts = 1, *step_ms = 0, *first_ms = 0;
    if (is_stream(item)) {
        *step_ms = (int32_t)item->every_s * 1000;
        return stream_parts(story, item, parts);
    }
    if (!is_wave(item)) return JZ_OK;
    enum jz_status status = jz_wave_parts(story, item, parts, step_ms);
    *first_ms = *step_ms;
    return status;
}

static int by_time(const void *left, const void *right) {
    const struct jz_emission *a = left, *b = right;
    if (a->due_ms != b->due_ms) return a->due_ms < b->due_ms ? -1 : 1;
    if (a->item != b->item) return a->item < b->item ? -1 : 1;
    return a->part < b->part ? -1 : a->part > b->part;
}

/* What a story says last is the close: a recording that runs beyond it would report a closed encounter. */
static bool runs_past_close(const struct jz_story *story, const struct jz_plan *plan) {
    const struct jz_story_item *last = &story->item[story->count - 1];
    return last->verb == JZ_STORY_CLOSE && plan->emission[plan->count - 1].due_ms > last->at_ms;
}

enum jz_status jz_plan_make(struct jz_story *story, struct jz_plan *out) {
    out->count = 0;
    for (uint32_t i = 0; i < story->count; i++) {
        const struct jz_story_item *item = &story->item[i];
        uint32_t parts;
        int32_t step_ms, first_ms;
        enum jz_status status = parts_of(story, item, &parts, &step_ms, &first_ms);
        if (status != JZ_OK) return status;
        if (parts > JZ_EMISSIONS_MAX - out->count) {
            snprintf(story->error, sizeof story->error,
                     "line %u: more than %u frames in all; shorten recordings", item->line, JZ_EMISSIONS_MAX);
            return JZ_E_FORMAT;
        }
        for (uint32_t k = 0; k < parts; k++)
            out->emission[out->count++] =
                (struct jz_emission){item->at_ms + first_ms + (int32_t)k * step_ms, (uint16_t)i, (uint16_t)k};
    }
    qsort(out->emission, out->count, sizeof out->emission[0], by_time);
    if (!runs_past_close(story, out)) return JZ_OK;
    uint32_t line = story->item[out->emission[out->count - 1].item].line;
    snprintf(story->error, sizeof story->error, "line %u: runs past the close; shorten it or close later",
             line);
    return JZ_E_FORMAT;
}

/* --- frames ----------------------------------------------------------------------------------------------- */

static struct jz_text text_of(const char *text) {
    return (struct jz_text){text[0] ? text : NULL, (uint32_t)strlen(text)};
}

static void fill_open(const struct jz_story_item *item, struct jz_frame *out) {
    out->kind = JZ_FRAME_ENCOUNTER_OPEN;
    out->open.complaint = (enum jz_complaint)item->enums[0];
    out->open.facts = item->facts;
    out->open.callsign = text_of(item->text);
    out->open.position = (struct jz_point){.has = item->has_lat,
                                           .lat_e7 = item->lat_e7,
                                           .lon_e7 = item->lon_e7,
                                           .at_ms = item->has_lat ? out->at_ms : 0};
}

static void fill_update(const struct jz_story_item *item, struct jz_frame *out) {
    out->kind = JZ_FRAME_ENCOUNTER_UPDATE;
    out->update.facts = item->facts;
    out->update.callsign = text_of(item->text);
}

static void fill_vitals(const struct jz_story_item *item, struct jz_frame *out) {
    out->kind = JZ_FRAME_VITALS;
    out->lane = JZ_LANE_VITALS;
    out->vitals.count = item->facts.count;
    memcpy(out->vitals.item, item->facts.item, sizeof out->vitals.item);
}
static_assert(JZ_READINGS_PER_FRAME_MAX == JZ_FACTS_PER_FRAME_MAX, "one array copies to the other");

static void fill_absent(const struct jz_story_item *item, struct jz_frame *out) {
    out->kind = JZ_FRAME_VITALS;
    out->lane = JZ_LANE_VITALS;
    out->vitals.absent_count = 1;
    out->vitals.absent[0] =
        (struct jz_absent){.code = item->facts.item[0].code, .why = (enum jz_absence)item->enums[0]};
}

static void fill_finding(const struct jz_story_item *item, struct jz_frame *out) {
    out->kind = JZ_FRAME_FINDING;
    out->finding = (struct jz_finding){.code = item->facts.item[0].code,
                                       .value = item->facts.item[0].value,
                                       .observer = (enum jz_observer)item->enums[1],
                                       .note = text_of(item->note)};
}

static void fill_medication(const struct jz_story_item *item, struct jz_frame *out) {
    out->kind = JZ_FRAME_MEDICATION;
    out->medication = (struct jz_medication){.drug = text_of(item->text),
                                             .dose_ug = item->dose_ug,
                                             .route = (enum jz_drug_route)item->enums[0],
                                             .note = text_of(item->note)};
}

static void fill_milestone(const struct jz_story_item *item, struct jz_frame *out) {
    out->kind = JZ_FRAME_MILESTONE;
    out->milestone =
        (struct jz_milestone_stamp){.what = (enum jz_milestone)item->enums[0], .happened_ms = out->at_ms};
}

static void fill_position(const struct jz_story_item *item, struct jz_frame *out) {
    out->kind = JZ_FRAME_POSITION;
    out->lane = JZ_LANE_VITALS;
    out->position = (struct jz_point){.has = true,
                                      .lat_e7 = item->lat_e7,
                                      .lon_e7 = item->lon_e7,
                                      .at_ms = out->at_ms,
                                      .accuracy_m = item->accuracy_m};
}

static void fill_close(const struct jz_story_item *item, struct jz_frame *out) {
    out->kind = JZ_FRAME_ENCOUNTER_CLOSE;
    out->close.reason = (enum jz_close_reason)item->enums[0];
}

/* Everything a person states travels in the urgent lane, so that it stands in the order it happened. */
static void (*const fillers[])(const struct jz_story_item *, struct jz_frame *) = {
    [JZ_STORY_OPEN] = fill_open,           [JZ_STORY_UPDATE] = fill_update,
    [JZ_STORY_VITALS] = fill_vitals,       [JZ_STORY_ABSENT] = fill_absent,
    [JZ_STORY_FINDING] = fill_finding,     [JZ_STORY_MEDICATION] = fill_medication,
    [JZ_STORY_MILESTONE] = fill_milestone, [JZ_STORY_POSITION] = fill_position,
    [JZ_STORY_CLOSE] = fill_close,
};

static enum jz_status emit_stream(struct jz_story *story, const struct jz_story_item *item, uint32_t part,
                                  struct jz_frame *out) {
    int32_t values[NUMERIC_COUNT];
    enum jz_status status = read_numerics(story, item, item->from_s + part * item->every_s, values);
    if (status != JZ_OK) return status;
    out->kind = JZ_FRAME_VITALS;
    out->lane = JZ_LANE_VITALS;
    for (int i = 0; i < NUMERIC_COUNT; i++) {
        uint32_t code = jz_field_at(jz_field_by_name(numeric_fields[i]))->code;
        if (values[i] == JZ_CSV_MISSING) /* the monitor showed nothing and did not say why */
            out->vitals.absent[out->vitals.absent_count++] = (struct jz_absent){code, JZ_ABSENCE_FAILED};
        else
            out->vitals.item[out->vitals.count++] = (struct jz_fact){code, values[i] / 1000};
    }
    out->at_ms += (int64_t)part * item->every_s * 1000;
    return JZ_OK;
}

static enum jz_status emit_wave(struct jz_story *story, const struct jz_story_item *item, uint32_t part,
                                struct jz_emit_buffer *buffer, struct jz_frame *out, int32_t *duration_ms) {
    out->kind = JZ_FRAME_WAVEFORM;
    out->lane = item->verb == JZ_STORY_ECG ? item->lane : JZ_LANE_BULK;
    enum jz_status status = jz_wave_emit(story, item, part, buffer, &out->waveform, duration_ms);
    out->at_ms += (int64_t)part * *duration_ms;
    return status;
}

enum jz_status jz_story_emit(struct jz_story *story, const struct jz_emission *which,
                             struct jz_emit_buffer *buffer, struct jz_frame *out, int32_t *duration_ms) {
    const struct jz_story_item *item = &story->item[which->item];
    memset(out, 0, sizeof *out);
    *duration_ms = 0;
    out->at_ms = item->at_ms;
    if (is_stream(item)) return emit_stream(story, item, which->part, out);
    if (is_wave(item)) return emit_wave(story, item, which->part, buffer, out, duration_ms);
    if (item->verb != JZ_STORY_AWAIT) fillers[item->verb](item, out);
    return JZ_OK;
}
