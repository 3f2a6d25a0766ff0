/* SPDX-License-Identifier: Apache-2.0 */
#include "csv.h"

#include <assert.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { WHOLE_MAX = 2000000, DECIMALS = 3 };

static char *trim(char *text) {
    while (isspace((unsigned char)*text)) text++;
    char *end = text + strlen(text);
    while (end > text && isspace((unsigned char)end[-1])) *--end = 0;
    return text;
}

/* Up to three digits after the point, filled up with zeros. */
static bool parse_decimals(const char *at, int32_t *out) {
    int digits = 0;
    for (*out = 0; isdigit((unsigned char)*at); at++, digits++) {
        if (digits == DECIMALS) return false;
        *out = *out * 10 + (*at - '0');
    }
    if (digits == 0 || *at) return false;
    for (; digits < DECIMALS; digits++) *out *= 10;
    return true;
}

enum jz_status jz_csv_number(const char *text, int32_t *thousandths) {
    bool negative = *text == '-';
    const char *at = text + (negative || *text == '+');
    int32_t whole = 0, part = 0;
    *thousandths = 0;
    if (!isdigit((unsigned char)*at)) return JZ_E_VALUE;
    for (; isdigit((unsigned char)*at); at++) {
        whole = whole * 10 + (*at - '0');
        if (whole > WHOLE_MAX) return JZ_E_VALUE;
    }
    if (*at == '.' ? !parse_decimals(at + 1, &part) : *at != 0) return JZ_E_VALUE;
    *thousandths = (whole * 1000 + part) * (negative ? -1 : 1);
    return JZ_OK;
}

static bool is_missing(const char *cell) {
    return *cell == 0 || strcmp(cell, "-") == 0 || strcasecmp(cell, "NaN") == 0;
}

static bool is_empty(const char *line) {
    return line[strspn(line, " \t\r\n")] == 0;
}

static bool next_line(FILE *file, char line[JZ_CSV_LINE_MAX], bool *too_long) {
    if (!fgets(line, JZ_CSV_LINE_MAX, file)) return false;
    *too_long = !strchr(line, '\n') && !feof(file);
    return true;
}

/* Splits at commas in place; cells beyond the limit are counted as too many. */
static uint32_t split(char *line, char *cell[JZ_CSV_COLUMNS_MAX]) {
    uint32_t count = 0;
    for (char *next = line; next && count < JZ_CSV_COLUMNS_MAX;) {
        char *own = strsep(&next, ",");
        cell[count++] = trim(own);
    }
    return count;
}

struct columns {
    uint32_t count, at[JZ_CSV_COLUMNS_MAX];
};

static bool find_columns(char *line, const char *const *names, uint32_t count, struct columns *out) {
    char *cell[JZ_CSV_COLUMNS_MAX];
    uint32_t cells = split(line, cell);
    out->count = count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = 0;
        while (at < cells && strcmp(cell[at], names[i]) != 0) at++;
        if (at == cells) return false;
        out->at[i] = at;
    }
    return true;
}

static bool parse_row(char *line, const struct columns *columns, int32_t *out) {
    char *cell[JZ_CSV_COLUMNS_MAX];
    uint32_t cells = split(line, cell);
    for (uint32_t i = 0; i < columns->count; i++) {
        if (columns->at[i] >= cells) return false;
        const char *text = cell[columns->at[i]];
        out[i] = JZ_CSV_MISSING;
        if (!is_missing(text) && jz_csv_number(text, &out[i]) != JZ_OK) return false;
    }
    return true;
}

static enum jz_status read_rows(FILE *file, const struct columns *columns, uint32_t from, uint32_t capacity,
                                int32_t *out, uint32_t *rows, uint32_t *line_number) {
    char line[JZ_CSV_LINE_MAX];
    bool too_long = false, ended = false; /* empty lines may end a file; between rows something is missing */
    for (uint32_t row = 0; *rows < capacity && next_line(file, line, &too_long); row++) {
        *line_number += 1;
        if (too_long || (ended && !is_empty(line))) return JZ_E_FORMAT;
        ended = is_empty(line);
        if (row < from || ended) continue;
        if (!parse_row(line, columns, out + (size_t)*rows * columns->count)) return JZ_E_FORMAT;
        *rows += 1;
    }
    return JZ_OK;
}

/* Some programs put a byte order mark before UTF-8. */
static char *without_mark(char *line) {
    static const char mark[] = "\xef\xbb\xbf";
    return strncmp(line, mark, sizeof mark - 1) == 0 ? line + sizeof mark - 1 : line;
}

static enum jz_status read_table(FILE *file, const char *const *names, uint32_t columns, uint32_t from,
                                 uint32_t capacity, int32_t *out, uint32_t *rows, uint32_t *line_number) {
    char line[JZ_CSV_LINE_MAX];
    bool too_long = false;
    struct columns found;
    *line_number = 1;
    if (!next_line(file, line, &too_long) || too_long) return JZ_E_FORMAT;
    if (!find_columns(without_mark(line), names, columns, &found)) return JZ_E_FORMAT;
    return read_rows(file, &found, from, capacity, out, rows, line_number);
}

enum jz_status jz_csv_read(const char *path, const char *const *names, uint32_t columns, uint32_t from,
                           uint32_t capacity, int32_t *out, uint32_t *rows, uint32_t *line) {
    assert(columns >= 1 && columns <= JZ_CSV_COLUMNS_MAX);
    uint32_t line_number = 0;
    *rows = 0;
    FILE *file = fopen(path, "re");
    if (!file) return JZ_E_FILE;
    enum jz_status status = read_table(file, names, columns, from, capacity, out, rows, &line_number);
    fclose(file);
    if (status != JZ_OK) *rows = 0;
    if (line) *line = line_number;
    return status;
}
