/* SPDX-License-Identifier: Apache-2.0 */
#include "tool_ecg.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NV_MAX 2.0e9 /* what 32 bits hold; nothing a person's skin has */

const char *jz_ecg_short_name(const char *record) {
    const char *slash = strrchr(record, '/');
    return slash && slash[1] ? slash + 1 : record;
}

double jz_ecg_step_nv(const struct jz_wfdb_signal *signal) {
    static const struct {
        const char *unit;
        double nv;
    } units[] = {{"mV", 1e6}, {"uV", 1e3}, {"µV", 1e3}, {"V", 1e9}, {"nV", 1}};
    if (!signal->calibrated) return 0;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcasecmp(units[i].unit, signal->unit) == 0) {
            double step = units[i].nv / signal->gain;
            return step <= NV_MAX ? step : 0;
        }
    return 0;
}

static bool refuse(const struct jz_ecg_stretch *s, uint32_t line, const char *what) {
    fprintf(stderr, "%s.hea", s->record);
    if (line) fprintf(stderr, ":%u", line);
    fprintf(stderr, ": %s\n", what);
    return false;
}

static bool is_file(const char *path) {
    FILE *file = fopen(path, "re");
    if (file) fclose(file);
    return file != NULL;
}

bool jz_ecg_open(struct jz_ecg_stretch *out, const char *name) {
    struct jz_wfdb_problem problem;
    size_t bytes = strlen(name);
    memset(out, 0, sizeof *out);
    if (bytes > 4 && strcmp(name + bytes - 4, ".hea") == 0) bytes -= 4;
    if (bytes >= sizeof out->record) {
        fprintf(stderr, "%s: the name is longer than %zu bytes\n", name, sizeof out->record - 1);
        return false;
    }
    memcpy(out->record, name, bytes);
    enum jz_status status = jz_wfdb_open_or_say(out->record, &out->wfdb, &problem);
    if (status == JZ_E_FILE && is_file(name)) {
        fprintf(stderr, "%s: no WFDB record; name its header (.hea), or the record without an ending\n",
                name);
        return false;
    }
    if (status != JZ_OK) return refuse(out, problem.line, problem.what);
    double period = 1e6 / out->wfdb.rate_hz;
    if (period < JZ_ECG_PERIOD_US_MIN || period > JZ_ECG_PERIOD_US_MAX)
        return refuse(out, 1, "an ECG is measured at 100 to 2500 samples a second; resample the record");
    out->period_us = (uint32_t)lround(period);
    jz_wfdb_person(out->record, &out->person);
    return true;
}

static enum jz_ecg_lead lead_named(const char *name) {
    uint32_t lead = 0;
    while (lead < JZ_LEAD_COUNT && strcasecmp(name, jz_ecg_lead_name((enum jz_ecg_lead)lead)) != 0) lead++;
    return (enum jz_ecg_lead)lead;
}

/* Steps of the recorder as nanovolts, for the measurement; and as microvolts, for the drawing. */
static void convert(const struct jz_wfdb_signal *signal, uint32_t count, int32_t *raw, int32_t *uv) {
    double step = jz_ecg_step_nv(signal);
    for (uint32_t i = 0; i < count; i++) {
        double nv = ((double)raw[i] - signal->baseline) * step;
        if (raw[i] == JZ_WFDB_MISSING || fabs(nv) > NV_MAX) {
            raw[i] = uv[i] = JZ_ECG_MISSING;
            continue;
        }
        raw[i] = (int32_t)lround(nv);
        uv[i] = (int32_t)lround(nv / 1000);
    }
}

static bool read_lead(struct jz_ecg_stretch *s, struct jz_ecg *ecg, uint32_t signal, enum jz_ecg_lead lead,
                      int32_t *raw) {
    const struct jz_wfdb_signal *about = &s->wfdb.signal[signal];
    if (jz_ecg_step_nv(about) == 0) {
        fprintf(stderr,
                "%s.hea: lead %s has no gain in mV; write it in the header's third column as 1000(0)/mV\n",
                s->record, about->name);
        return false;
    }
    s->uv[lead] = calloc(s->count, sizeof *s->uv[lead]);
    if (!s->uv[lead]) return fprintf(stderr, "out of memory\n"), false;
    if (jz_wfdb_read(&s->wfdb, signal, s->from, s->count, raw) != JZ_OK) {
        fprintf(stderr, "%s%s: missing or shorter than %s.hea says; copy the whole record\n", s->wfdb.folder,
                about->file, s->record);
        return false;
    }
    convert(about, s->count, raw, s->uv[lead]);
    if (jz_ecg_append(ecg, lead, raw, s->count, 1) == JZ_OK) return true;
    fprintf(stderr, "%s: longer than %u s; give --seconds\n", s->record, JZ_ECG_SECONDS_MAX);
    return false;
}

static bool read_leads(struct jz_ecg_stretch *s, struct jz_ecg *ecg, int32_t *raw) {
    uint32_t found = 0;
    for (uint32_t i = 0; i < s->wfdb.signal_count; i++) {
        enum jz_ecg_lead lead = lead_named(s->wfdb.signal[i].name);
        if (lead == JZ_LEAD_COUNT || s->uv[lead]) continue;
        if (!read_lead(s, ecg, i, lead, raw)) return false;
        found++;
    }
    if (found == 0) return refuse(s, 0, "no signal is named as a lead of an ECG (I, II, V1 ...)");
    jz_ecg_measure(ecg, &s->measure);
    return true;
}

/* Cuts the stretch asked for to the record. */
static bool place(struct jz_ecg_stretch *s, int64_t from_x1000, int64_t seconds_x1000) {
    double from = round((double)from_x1000 * s->wfdb.rate_hz / 1000);
    double count = floor((double)seconds_x1000 * s->wfdb.rate_hz / 1000);
    if (from >= s->wfdb.samples) return refuse(s, 0, "ends before --from; give an earlier one");
    s->from = (uint32_t)from;
    s->count = s->wfdb.samples - s->from;
    if (count < s->count) s->count = (uint32_t)count;
    return s->count > 0 || refuse(s, 0, "no sample in that stretch; give a longer --seconds");
}

bool jz_ecg_read(struct jz_ecg_stretch *out, int64_t from_x1000, int64_t seconds_x1000) {
    if (!place(out, from_x1000, seconds_x1000)) return false;
    struct jz_ecg *ecg = calloc(1, jz_ecg_bytes());
    int32_t *raw = calloc(out->count, sizeof *raw);
    bool good = ecg && raw && jz_ecg_begin(ecg, out->period_us) == JZ_OK;
    if (!good)
        fprintf(stderr, "%s: out of memory\n", out->record);
    else
        good = read_leads(out, ecg, raw);
    free(raw);
    free(ecg);
    return good;
}

void jz_ecg_close(struct jz_ecg_stretch *stretch) {
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++) free(stretch->uv[lead]);
}
