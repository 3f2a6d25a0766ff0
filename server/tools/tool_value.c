/* SPDX-License-Identifier: Apache-2.0 */
#include "tool_value.h"

#include <stdio.h>
#include <string.h>

#include "jingzhu/field.h"

#define WHOLE_DIGITS_MAX 9

enum jz_value_kind jz_value_kind(uint32_t field) {
    static const struct {
        const char *unit;
        enum jz_value_kind kind;
    } kinds[] = {{"{bool}", JZ_VALUE_YES_NO},
                 {"{enum}", JZ_VALUE_WORD},
                 {"{date}", JZ_VALUE_DATE},
                 {"{event}", JZ_VALUE_EVENT}};
    const char *unit = jz_field_at(field)->unit;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].unit, unit) == 0) return kinds[i].kind;
    return JZ_VALUE_NUMBER;
}

static const char *digits(const char *text, int max, int64_t *value) {
    for (*value = 0; *text >= '0' && *text <= '9' && max > 0; text++, max--)
        *value = *value * 10 + (*text - '0');
    return text;
}

bool jz_value_number(const char *text, int32_t scale, int64_t *value) {
    bool minus = *text == '-';
    const char *from = text + minus, *at = digits(from, WHOLE_DIGITS_MAX, value);
    if (at == from) return false;
    *value *= scale;
    if (*at == '.') {
        if (at[1] < '0' || at[1] > '9') return false;
        for (at++; *at >= '0' && *at <= '9'; at++) {
            scale /= 10;
            if (scale == 0 && *at != '0') return false;
            *value += (int64_t)scale * (*at - '0');
        }
    }
    if (minus) *value = -*value;
    return *at == 0;
}

void jz_value_decimal(int64_t value, int32_t scale, char out[JZ_VALUE_TEXT_MAX]) {
    int decimals = 0;
    for (int32_t left = scale; left >= 10; left /= 10) decimals++;
    uint64_t size = value < 0 ? (uint64_t)-value : (uint64_t)value;
    size_t used = (size_t)snprintf(out, JZ_VALUE_TEXT_MAX, "%s%llu", value < 0 ? "-" : "",
                                   (unsigned long long)(size / (uint64_t)scale));
    if (decimals)
        snprintf(out + used, JZ_VALUE_TEXT_MAX - used, ".%0*llu", decimals,
                 (unsigned long long)(size % (uint64_t)scale));
}

/* The proleptic Gregorian calendar, in eras of 400 years that begin on 1 March. */
static int64_t days_of(int64_t year, int64_t month, int64_t day) {
    year -= month <= 2;
    int64_t era = year / 400, of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void jz_value_date_text(int64_t days, char out[JZ_VALUE_TEXT_MAX]) {
    int64_t z = days + 719468, era = z / 146097, of_era = z - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100), shifted = (5 * of_year + 2) / 153;
    int64_t month = shifted + (shifted < 10 ? 3 : -9);
    int64_t day = of_year - (153 * shifted + 2) / 5 + 1;
    year += era * 400 + (month <= 2);
    snprintf(out, JZ_VALUE_TEXT_MAX, "%04lld-%02lld-%02lld", (long long)year, (long long)month,
             (long long)day);
}

bool jz_value_date(const char *text, int64_t *days) {
    int64_t year, month, day;
    char again[JZ_VALUE_TEXT_MAX];
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-') return false;
    digits(text, 4, &year);
    digits(text + 5, 2, &month);
    digits(text + 8, 2, &day);
    if (year < 1970 || month < 1 || month > 12) return false;
    *days = days_of(year, month, day);
    jz_value_date_text(*days, again); /* 2023-02-29 comes back as another day */
    return strcmp(text, again) == 0;
}

bool jz_value_minutes(const char *text, int64_t *seconds) {
    int64_t minutes, rest;
    const char *at = digits(text, 6, &minutes);
    if (at == text || *at != ':' || strlen(at + 1) != 2) return false;
    if (*digits(at + 1, 2, &rest) != 0 || rest > 59) return false;
    *seconds = minutes * 60 + rest;
    return true;
}

void jz_value_duration(int64_t seconds, char out[JZ_VALUE_TEXT_MAX]) {
    static const struct {
        int64_t seconds, at_least;
        const char *name;
    } units[] = {{86400, 2 * 86400, "d"}, {3600, 2 * 3600, "h"}, {60, 60, "min"}, {1, INT64_MIN, "s"}};
    size_t i = 0;
    while (seconds % units[i].seconds != 0 || seconds < units[i].at_least) i++;
    snprintf(out, JZ_VALUE_TEXT_MAX, "%lld %s", (long long)(seconds / units[i].seconds), units[i].name);
}

void jz_value_text(uint32_t field, int32_t value, char out[JZ_VALUE_TEXT_MAX]) {
    const char *word;
    uint32_t bytes = jz_field_word_of(field, value, &word);
    if (bytes)
        snprintf(out, JZ_VALUE_TEXT_MAX, "%.*s", (int)bytes, word);
    else if (jz_value_kind(field) == JZ_VALUE_DATE)
        jz_value_date_text(value, out);
    else
        jz_value_decimal(value, jz_field_at(field)->scale, out);
}

/* The table has "A=1 C=2": the numbers are for the wire. */
void jz_value_words(uint32_t field, char *out, size_t capacity) {
    size_t used = 0;
    bool number = false;
    for (const char *at = jz_field_at(field)->words; *at && used + 1 < capacity; at++) {
        if (*at == '=') number = true;
        if (*at == ' ') number = false;
        if (!number) out[used++] = *at;
    }
    out[used] = 0;
}

const char *jz_value_unit(uint32_t field) {
    static const char *const shown[][2] = {
        {"Cel", "°C"},        {"mm[Hg]", "mmHg"}, {"a", "岁"},          {"d", "d"},
        {"10*9/L", "×10⁹/L"}, {"kg/m2", "kg/m²"}, {"umol/L", "μmol/L"}, {"ng/mL{FEU}", "ng/mL FEU"},
        {"uV", "μV"},         {"1", ""}};
    const char *unit = jz_field_at(field)->unit;
    if (unit[0] == '{') return "";
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
        if (strcmp(shown[i][0], unit) == 0) return shown[i][1];
    return unit;
}
