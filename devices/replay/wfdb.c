/* SPDX-License-Identifier: Apache-2.0 */
#include "wfdb.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    SAMPLE_BYTES = 2,
    PAIR_BYTES = 3,
    RATE_MAX = 10000,
    OFFSET_MAX = 4096,
    AGE_MAX = 120,
    BASELINE_MAX = 65536
};
enum { FORMAT_16 = 16, FORMAT_212 = 212, MISSING_212 = -2048 };

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

/* "name signals rate samples [time date]". @return what is wrong, or NULL. */
static const char *parse_record_line(char *line, struct jz_wfdb *out) {
    char *save = NULL, *name = strtok_r(line, " \t", &save), *signals = strtok_r(NULL, " \t", &save);
    char *rate = strtok_r(NULL, " \t", &save), *samples = strtok_r(NULL, " \t", &save);
    const char *rest;
    long count, length;
    if (!name || !signals) return "no record line; it is: name, signals, rate, samples";
    if (strchr(name, '/')) return "a record of several segments; give one of its segments";
    if (!take_int(signals, 1, JZ_WFDB_SIGNALS_MAX, &count)) return "the number of signals is not 1 to 16";
    if (!rate || !whole_number(rate, "/(", &out->rate_hz, &rest) ||
        !(out->rate_hz > 0 && out->rate_hz <= RATE_MAX))
        return "the sampling rate is not a number up to 10000 Hz";
    if (!samples || !take_int(samples, 1, JZ_WFDB_SAMPLES_MAX, &length))
        return "the number of samples is missing or out of range; write it after the rate";
    out->signal_count = (uint32_t)count;
    out->samples = (uint32_t)length;
    return NULL;
}

/* "16", "16+24", "16x1+24" or "212": nothing else is read, so nothing else is guessed. */
static bool parse_format(const char *text, struct jz_wfdb_signal *out) {
    char *end;
    long format = strtol(text, &end, 10), offset = 0;
    if (format != FORMAT_16 && format != FORMAT_212) return false;
    if (strncmp(end, "x1", 2) == 0) end += 2; /* one sample a frame, as without it */
    if (*end == '+' ? !take_int(end + 1, 0, OFFSET_MAX, &offset) : *end != 0) return false;
    out->format = (uint32_t)format;
    out->offset = (uint32_t)offset;
    return true;
}

/* "2000", "1000/mV", "1000(5)/mV", "1000.0(0)/mV" */
static bool parse_gain(const char *text, struct jz_wfdb_signal *out, bool *has_baseline) {
    const char *rest;
    if (!whole_number(text, "(/", &out->gain, &rest) || !(out->gain >= 0)) return false;
    out->calibrated = out->gain > 0;
    if (!out->calibrated) out->gain = 200; /* header(5): 0 means uncalibrated, and 200 by default */
    *has_baseline = *rest == '(';
    if (*has_baseline) {
        char *end;
        long baseline = strtol(rest + 1, &end, 10);
        if (end == rest + 1 || *end != ')' || labs(baseline) > BASELINE_MAX) return false;
        out->baseline = (int32_t)baseline;
        rest = end + 1;
    }
    if (*rest == 0) return true;
    return *rest == '/' && snprintf(out->unit, sizeof out->unit, "%s", rest + 1) < (int)sizeof out->unit;
}

/* "file format gain resolution zero first checksum block name". @return what is wrong, or NULL. */
static const char *parse_signal_line(char *line, struct jz_wfdb_signal *out) {
    enum { FILE_NAME, FORMAT, GAIN, RESOLUTION, ZERO, FIRST, CHECKSUM, BLOCK, FIELD_COUNT };
    char *field[FIELD_COUNT], *save = NULL;
    for (int i = 0; i < FIELD_COUNT; i++)
        if (!(field[i] = strtok_r(i == 0 ? line : NULL, " \t", &save)))
            return "a signal line has fewer than eight columns; write all of header(5), the gain among them";
    bool has_baseline = false;
    long zero, first, checksum, block;
    memcpy(out->unit, "mV", 3);
    if (strchr(field[FILE_NAME], '/')) return "a signal file outside the record's folder; put it beside";
    if (!parse_format(field[FORMAT], out))
        return "a signal format that is not read; rewrite the record in format 16 or 212";
    if (!parse_gain(field[GAIN], out, &has_baseline)) return "the gain is no number; write it as 1000(0)/mV";
    if (!take_int(field[ZERO], -65536, 65536, &zero) || !take_int(field[FIRST], -65536, 65536, &first) ||
        !take_int(field[CHECKSUM], -65536, 65536, &checksum) || !take_int(field[BLOCK], 0, 65536, &block))
        return "zero, first value, checksum or block size is no number of 16 bits; are all columns there?";
    if (!has_baseline) out->baseline = (int32_t)zero;
    out->first = (int32_t)first;
    out->checksum = (int16_t)(uint16_t)(unsigned long)checksum;
    while (save && (*save == ' ' || *save == '\t')) save++;
    if (snprintf(out->file, sizeof out->file, "%s", field[FILE_NAME]) >= (int)sizeof out->file ||
        snprintf(out->name, sizeof out->name, "%s", save ? save : "") >= (int)sizeof out->name)
        return "a file or signal name is longer than 63 bytes";
    return NULL;
}

/* Signals of one file are interleaved in header order, in one format. */
static bool place_signals(struct jz_wfdb *out) {
    for (uint32_t i = 0; i < out->signal_count; i++)
        for (uint32_t j = 0; j < out->signal_count; j++) {
            const struct jz_wfdb_signal *other = &out->signal[j];
            if (strcmp(out->signal[i].file, other->file) != 0) continue;
            if (out->signal[i].format != other->format || out->signal[i].offset != other->offset)
                return false;
            out->signal[i].per_file++;
            if (j < i) out->signal[i].position++;
        }
    return true;
}

/* A line without its end. @return false at the end, or when it is too long. */
static bool any_line(FILE *file, char line[JZ_WFDB_LINE_MAX], uint32_t *number) {
    if (!fgets(line, JZ_WFDB_LINE_MAX, file)) return false;
    *number += 1;
    size_t bytes = strcspn(line, "\r\n");
    if (line[bytes] == 0 && !feof(file)) return false;
    line[bytes] = 0;
    return true;
}

/* The next line that is neither empty nor a comment. */
static bool next_line(FILE *file, char line[JZ_WFDB_LINE_MAX], uint32_t *number) {
    while (any_line(file, line, number))
        if (line[0] != 0 && line[0] != '#') return true;
    return false;
}

static const char *parse_header(FILE *file, struct jz_wfdb *out, uint32_t *number) {
    static const char *const ends = "the header ends early, or a line is longer than 510 bytes";
    char line[JZ_WFDB_LINE_MAX];
    if (!next_line(file, line, number)) return ends;
    const char *wrong = parse_record_line(line, out);
    for (uint32_t i = 0; i < out->signal_count && !wrong; i++)
        wrong = next_line(file, line, number) ? parse_signal_line(line, &out->signal[i]) : ends;
    if (!wrong && !place_signals(out)) wrong = "signals of one file differ in format or offset";
    return wrong;
}

static FILE *open_header(const char *record) {
    char path[JZ_WFDB_PATH_MAX];
    if (snprintf(path, sizeof path, "%s.hea", record) >= (int)sizeof path) return NULL;
    return fopen(path, "re");
}

enum jz_status jz_wfdb_open_or_say(const char *record, struct jz_wfdb *out, struct jz_wfdb_problem *problem) {
    memset(out, 0, sizeof *out);
    *problem = (struct jz_wfdb_problem){0, "there is no such header; a record is named without its ending"};
    FILE *file = open_header(record);
    if (!file) return JZ_E_FILE;
    problem->what = parse_header(file, out, &problem->line);
    fclose(file);
    if (problem->what) {
        memset(out, 0, sizeof *out);
        return JZ_E_FORMAT;
    }
    const char *slash = strrchr(record, '/');
    snprintf(out->folder, sizeof out->folder, "%.*s", slash ? (int)(slash - record + 1) : 0, record);
    return JZ_OK;
}

enum jz_status jz_wfdb_open(const char *record, struct jz_wfdb *out) {
    struct jz_wfdb_problem problem;
    return jz_wfdb_open_or_say(record, out, &problem);
}

/* What follows `word` and a colon in a comment, without blanks and angle brackets; NULL: the word is not there. */
static const char *said(const char *comment, const char *word) {
    for (const char *at = comment; (at = strcasestr(at, word)); at++) {
        const char *after = at + strlen(word);
        if (isalpha((unsigned char)at[-1])) continue; /* "dosage:" is no age; a comment begins with '#' */
        while (*after == '>' || *after == ' ') after++;
        if (*after != ':') continue;
        return after + 1 + strspn(after + 1, " \t");
    }
    return NULL;
}

static void take_person(const char *comment, struct jz_wfdb_person *out) {
    const char *age = said(comment, "age"), *sex = said(comment, "sex");
    char *end;
    if (age && out->age_years < 0) {
        long years = strtol(age, &end, 10);
        if (end != age && !isalnum((unsigned char)*end) && years >= 0 && years <= AGE_MAX)
            out->age_years = (int)years;
    }
    if (sex && !out->sex) {
        char letter = (char)tolower((unsigned char)*sex);
        if (letter == 'm' || letter == 'f') out->sex = letter;
    }
}

void jz_wfdb_person(const char *record, struct jz_wfdb_person *out) {
    char line[JZ_WFDB_LINE_MAX];
    uint32_t number = 0;
    *out = (struct jz_wfdb_person){-1, 0};
    FILE *file = open_header(record);
    if (!file) return;
    while (any_line(file, line, &number))
        if (line[0] == '#') take_person(line, out);
    fclose(file);
}

int jz_wfdb_find(const struct jz_wfdb *record, const char *name) {
    for (uint32_t i = 0; i < record->signal_count; i++)
        if (strcasecmp(record->signal[i].name, name) == 0) return (int)i;
    return -1;
}

static bool read_16(FILE *file, const struct jz_wfdb_signal *signal, uint32_t from, uint32_t count,
                    int32_t *out) {
    uint8_t row[JZ_WFDB_SIGNALS_MAX * SAMPLE_BYTES];
    size_t row_bytes = (size_t)signal->per_file * SAMPLE_BYTES;
    if (fseek(file, (long)signal->offset + (long)from * (long)row_bytes, SEEK_SET) != 0) return false;
    for (uint32_t i = 0; i < count; i++) {
        if (fread(row, row_bytes, 1, file) != 1) return false;
        const uint8_t *at = row + (size_t)signal->position * SAMPLE_BYTES;
        out[i] = (int16_t)(uint16_t)(at[0] | (unsigned)at[1] << 8);
    }
    return true;
}

/* Twelve bits each: the second byte has the high four of the first sample below and of the second above. */
static int32_t unpack_212(const uint8_t pair[PAIR_BYTES], bool second) {
    uint32_t bits = second ? pair[2] | (pair[1] & 0xf0u) << 4 : pair[0] | (pair[1] & 0x0fu) << 8;
    int32_t value = (int32_t)bits - (bits & 0x800u ? 0x1000 : 0);
    return value == MISSING_212 ? JZ_WFDB_MISSING : value;
}

/* Samples of all signals of the file go on in pairs. The last of an odd number has two bytes. */
static bool read_212(FILE *file, const struct jz_wfdb_signal *signal, uint32_t from, uint32_t count,
                     int32_t *out) {
    uint8_t pair[PAIR_BYTES] = {0};
    uint64_t held = UINT64_MAX;
    size_t have = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t sample = (uint64_t)(from + i) * signal->per_file + signal->position, wanted = sample / 2;
        bool second = sample % 2 != 0, next = held != UINT64_MAX && wanted == held + 1;
        if (wanted != held) {
            if (!next && fseek(file, (long)(signal->offset + wanted * PAIR_BYTES), SEEK_SET) != 0)
                return false;
            have = fread(pair, 1, PAIR_BYTES, file);
            held = wanted;
        }
        if (have < (second ? PAIR_BYTES : PAIR_BYTES - 1)) return false;
        out[i] = unpack_212(pair, second);
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
    bool good = which->format == FORMAT_212 ? read_212(file, which, from, count, out)
                                            : read_16(file, which, from, count, out);
    fclose(file);
    return good ? JZ_OK : JZ_E_FILE;
}
