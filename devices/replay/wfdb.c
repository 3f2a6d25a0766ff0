/* SPDX-License-Identifier: Apache-2.0 */
#include "wfdb.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SAMPLE_BYTES = 2, RATE_MAX = 10000, OFFSET_MAX = 4096 };

/* A whole-string number; false when anything else is in it. */
static bool whole_number(const char *text, const char *stops, double *value, const char **rest) {
    char *end;
    *value = strtod(text, &end);
    if (end == text || (*end && !strchr(stops, *end))) return false;
    *rest = end;
    return true;
}

static bool take_int(const char *text, long low, long high, long *out) {
    char *end;
    *out = strtol(text, &end, 10);
    return end != text && *end == 0 && *out >= low && *out <= high;
}

/* "name signals rate samples [time date]" */
static bool parse_record_line(char *line, struct jz_wfdb *out) {
    char *save = NULL, *name = strtok_r(line, " \t", &save), *signals = strtok_r(NULL, " \t", &save);
    char *rate = strtok_r(NULL, " \t", &save), *samples = strtok_r(NULL, " \t", &save);
    const char *rest;
    long count, length;
    if (!name || !signals || !rate || !samples || strchr(name, '/')) return false; /* '/': multi-segment */
    if (!take_int(signals, 1, JZ_WFDB_SIGNALS_MAX, &count) ||
        !take_int(samples, 1, JZ_WFDB_SAMPLES_MAX, &length))
        return false;
    if (!whole_number(rate, "/(", &out->rate_hz, &rest) || !(out->rate_hz > 0 && out->rate_hz <= RATE_MAX))
        return false;
    out->signal_count = (uint32_t)count;
    out->samples = (uint32_t)length;
    return true;
}

/* "16" or "16+24": nothing else is read, so nothing else is guessed. */
static bool parse_format(const char *text, struct jz_wfdb_signal *out) {
    if (strcmp(text, "16") == 0) return true;
    long offset;
    if (strncmp(text, "16+", 3) != 0 || !take_int(text + 3, 0, OFFSET_MAX, &offset)) return false;
    out->offset = (uint32_t)offset;
    return true;
}

/* "2000", "1000/mV", "1000(5)/mV", "1000.0(0)/mV" */
static bool parse_gain(const char *text, struct jz_wfdb_signal *out, bool *has_baseline) {
    const char *rest;
    if (!whole_number(text, "(/", &out->gain, &rest) || out->gain < 0) return false;
    if (out->gain == 0) out->gain = 200; /* header(5): 0 means uncalibrated, and 200 by default */
    *has_baseline = *rest == '(';
    if (*has_baseline) {
        char *end;
        out->baseline = (int32_t)strtol(rest + 1, &end, 10);
        if (*end != ')') return false;
        rest = end + 1;
    }
    if (*rest == 0) return true;
    return *rest == '/' && snprintf(out->unit, sizeof out->unit, "%s", rest + 1) < (int)sizeof out->unit;
}

/* "file format gain resolution zero first checksum block name" */
static bool parse_signal_line(char *line, struct jz_wfdb_signal *out) {
    enum { FILE_NAME, FORMAT, GAIN, RESOLUTION, ZERO, FIRST, CHECKSUM, BLOCK, FIELD_COUNT };
    char *field[FIELD_COUNT], *save = NULL;
    for (int i = 0; i < FIELD_COUNT; i++)
        if (!(field[i] = strtok_r(i == 0 ? line : NULL, " \t", &save))) return false;
    bool has_baseline = false;
    long zero, first, checksum;
    memcpy(out->unit, "mV", 3);
    if (strchr(field[FILE_NAME], '/') || !parse_format(field[FORMAT], out)) return false;
    if (!parse_gain(field[GAIN], out, &has_baseline) || !take_int(field[ZERO], -65536, 65536, &zero))
        return false;
    if (!take_int(field[FIRST], -65536, 65536, &first) ||
        !take_int(field[CHECKSUM], -65536, 65536, &checksum))
        return false;
    if (!has_baseline) out->baseline = (int32_t)zero;
    out->first = (int32_t)first;
    out->checksum = (int16_t)(uint16_t)(unsigned long)checksum;
    while (save && (*save == ' ' || *save == '\t')) save++;
    return snprintf(out->file, sizeof out->file, "%s", field[FILE_NAME]) < (int)sizeof out->file &&
           snprintf(out->name, sizeof out->name, "%s", save ? save : "") < (int)sizeof out->name;
}

/* Signals of one file are interleaved in header order. */
static void place_signals(struct jz_wfdb *out) {
    for (uint32_t i = 0; i < out->signal_count; i++)
        for (uint32_t j = 0; j < out->signal_count; j++) {
            if (strcmp(out->signal[i].file, out->signal[j].file) != 0) continue;
            out->signal[i].per_file++;
            if (j < i) out->signal[i].position++;
        }
}

/* The next line that is neither empty nor a comment, without its end; false at the end or when too long. */
static bool next_line(FILE *file, char line[JZ_WFDB_LINE_MAX]) {
    while (fgets(line, JZ_WFDB_LINE_MAX, file)) {
        size_t bytes = strcspn(line, "\r\n");
        if (line[bytes] == 0 && !feof(file)) return false;
        line[bytes] = 0;
        if (bytes > 0 && line[0] != '#') return true;
    }
    return false;
}

static bool parse_header(FILE *file, struct jz_wfdb *out) {
    char line[JZ_WFDB_LINE_MAX];
    if (!next_line(file, line) || !parse_record_line(line, out)) return false;
    for (uint32_t i = 0; i < out->signal_count; i++)
        if (!next_line(file, line) || !parse_signal_line(line, &out->signal[i])) return false;
    place_signals(out);
    return true;
}

enum jz_status jz_wfdb_open(const char *record, struct jz_wfdb *out) {
    char path[JZ_WFDB_PATH_MAX];
    memset(out, 0, sizeof *out);
    if (snprintf(path, sizeof path, "%s.hea", record) >= (int)sizeof path) return JZ_E_FILE;
    FILE *file = fopen(path, "re");
    if (!file) return JZ_E_FILE;
    bool good = parse_header(file, out);
    fclose(file);
    if (!good) {
        memset(out, 0, sizeof *out);
        return JZ_E_FORMAT;
    }
    const char *slash = strrchr(record, '/');
    snprintf(out->folder, sizeof out->folder, "%.*s", slash ? (int)(slash - record + 1) : 0, record);
    return JZ_OK;
}

int jz_wfdb_find(const struct jz_wfdb *record, const char *name) {
    for (uint32_t i = 0; i < record->signal_count; i++)
        if (strcasecmp(record->signal[i].name, name) == 0) return (int)i;
    return -1;
}

static bool read_interleaved(FILE *file, const struct jz_wfdb_signal *signal, uint32_t count, int32_t *out) {
    uint8_t row[JZ_WFDB_SIGNALS_MAX * SAMPLE_BYTES];
    size_t row_bytes = (size_t)signal->per_file * SAMPLE_BYTES;
    for (uint32_t i = 0; i < count; i++) {
        if (fread(row, row_bytes, 1, file) != 1) return false;
        const uint8_t *at = row + (size_t)signal->position * SAMPLE_BYTES;
        out[i] = (int16_t)(uint16_t)(at[0] | (unsigned)at[1] << 8);
    }
    return true;
}

enum jz_status jz_wfdb_read(const struct jz_wfdb *record, uint32_t signal, uint32_t from, uint32_t count,
                            int32_t *out) {
    assert(signal < record->signal_count);
    if (from > record->samples || count > record->samples - from) return JZ_E_VALUE;
    const struct jz_wfdb_signal *which = &record->signal[signal];
    char path[JZ_WFDB_PATH_MAX + JZ_WFDB_NAME_MAX];
    snprintf(path, sizeof path, "%s%s", record->folder, which->file);
    FILE *file = fopen(path, "rbe");
    if (!file) return JZ_E_FILE;
    long skip = (long)which->offset + (long)from * (long)which->per_file * SAMPLE_BYTES;
    bool good = fseek(file, skip, SEEK_SET) == 0 && read_interleaved(file, which, count, out);
    fclose(file);
    return good ? JZ_OK : JZ_E_FILE;
}
