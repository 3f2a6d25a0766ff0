/* SPDX-License-Identifier: Apache-2.0 */
/* Values as clinicians write them. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "words.h"

/* --- numbers ----------------------------------------------------------------------------------------------------- */

bool word_number(const char *text, int64_t *thousandths) {
    bool negative = *text == '-';
    int64_t value = 0;
    int decimals = -1;
    text += negative;
    if (!isdigit((unsigned char)*text)) return false;
    for (; *text; text++) {
        if (*text == '.' && decimals < 0) {
            decimals = 0;
            continue;
        }
        if (!isdigit((unsigned char)*text) || decimals == 3 || value > INT64_C(1000000000000)) return false;
        value = value * 10 + (*text - '0');
        if (decimals >= 0) decimals++;
    }
    for (int i = decimals < 0 ? 0 : decimals; i < 3; i++) value *= 10;
    *thousandths = negative ? -value : value;
    return decimals != 0;
}

bool word_time(const char *text, int64_t *ms) {
    int64_t part[3], parts = 0;
    for (const char *at = text;; at++) {
        int64_t value = 0;
        size_t digits = 0;
        for (; isdigit((unsigned char)*at) && digits < 6; at++, digits++) value = value * 10 + (*at - '0');
        if (digits == 0 || parts == 3 || (parts && (digits != 2 || value > 59))) return false;
        part[parts++] = value;
        if (*at == 0) break;
        if (*at != ':') return false;
    }
    if (parts < 2) return false;
    int64_t seconds = parts == 3 ? (part[0] * 60 + part[1]) * 60 + part[2] : part[0] * 60 + part[1];
    *ms = seconds * 1000;
    return true;
}

/* --- values of fields ---------------------------------------------------------------------------------------------- */

static const char *word_of(const struct part *part, uint32_t ahead) {
    return part->at + ahead < part->end ? part->words->word[part->at + ahead] : "";
}

bool word_date(const char *text, int64_t *days) {
    struct tm day = {0};
    int used = 0;
    if (sscanf(text, "%4d-%2d-%2d%n", &day.tm_year, &day.tm_mon, &day.tm_mday, &used) != 3 || text[used])
        return false;
    day.tm_year -= 1900;
    day.tm_mon -= 1;
    struct tm wanted = day;
    time_t seconds = timegm(&day);
    *days = seconds / 86400;
    return seconds >= 0 && day.tm_mon == wanted.tm_mon && day.tm_mday == wanted.tm_mday;
}

/* "34w2d": weeks and days. */
static bool weeks(const char *text, int32_t *days) {
    int w, d, used = 0;
    if (sscanf(text, "%2dw%1dd%n", &w, &d, &used) != 2 || text[used] || d > 6) return false;
    *days = w * 7 + d;
    return true;
}

/* "90 min ago", "2:10:00 ago": seconds before now. */
static uint32_t value_ago(const struct part *part, int32_t *value) {
    static const struct {
        const char *unit;
        int32_t s;
    } units[] = {{"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}};
    int64_t number;
    if (strcmp(word_of(part, 0), "now") == 0) {
        *value = 0;
        return 1;
    }
    if (word_time(word_of(part, 0), &number) && strcmp(word_of(part, 1), "ago") == 0) {
        *value = (int32_t)(number / 1000);
        return 2;
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (word_number(word_of(part, 0), &number) && strcmp(word_of(part, 1), units[i].unit) == 0 &&
            strcmp(word_of(part, 2), "ago") == 0) {
            *value = (int32_t)(number * units[i].s / 1000);
            return 3;
        }
    return 0;
}

/* What may stand behind a number, beside the table's own unit: how people write it. */
static const struct {
    const char *unit, *written;
    int32_t factor; /* of the number; 0: 1 */
} units[] = {{"mm[Hg]", "mmHg", 0},      {"Cel", "°C", 0},        {"uV", "µV", 0},
             {"uV", "mm", 100},          {"a", "years", 0},       {"10*9/L", "10⁹/L", 0},
             {"ng/mL{FEU}", "ng/mL", 0}, {"mm[Hg]", "mm", 0},     {"/min", "bpm", 0},
             {"umol/L", "µmol/L", 0},    {"{count}", "times", 0}, {"[pH]", "pH", 0},
             {"/1000", "per", 0}};

static bool unit_fits(const struct jz_field *field, const char *word, int32_t *factor) {
    *factor = 1;
    if (strcmp(word, field->unit) == 0) return true;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(units[i].unit, field->unit) == 0 && strcmp(units[i].written, word) == 0) {
            *factor = units[i].factor ? units[i].factor : 1;
            return true;
        }
    return false;
}

static uint32_t value_number(const struct part *part, const struct jz_field *field, int32_t *value) {
    int64_t thousandths;
    int32_t factor = 1;
    if (!word_number(word_of(part, 0), &thousandths)) return 0;
    bool unit = part->at + 1 < part->end;
    if (unit && !unit_fits(field, word_of(part, 1), &factor)) return 0;
    int64_t scaled = thousandths * factor * field->scale;
    if (scaled % 1000 || scaled / 1000 > INT32_MAX || scaled / 1000 < INT32_MIN) return 0;
    *value = (int32_t)(scaled / 1000);
    return unit ? 2 : 1;
}

static uint32_t value_of_kind(const struct part *part, uint32_t index, int32_t *value) {
    const struct jz_field *field = jz_field_at(index);
    int64_t days;
    if (field->kind == 'e') return value_ago(part, value);
    if (strcmp(field->unit, "{date}") == 0 && word_date(word_of(part, 0), &days)) {
        *value = (int32_t)days;
        return 1;
    }
    if (strcmp(field->unit, "d") == 0 && weeks(word_of(part, 0), value)) return 1;
    if (jz_field_word(index, word_of(part, 0), value)) return 1;
    if (field->words[0]) return 0; /* an enumeration is said in its words */
    return value_number(part, field, value);
}

uint32_t word_value(const struct part *part, uint32_t index, int32_t *value, char *why, size_t why_bytes) {
    const struct jz_field *field = jz_field_at(index);
    uint32_t words = value_of_kind(part, index, value);
    if (words && part->at + words == part->end) return words;
    char given[96];
    words_join(part, given, sizeof given);
    if (field->kind == 'e')
        snprintf(why, why_bytes, "\"%s\" is no time of %s; allowed: now, 90 min ago, 2:10:00 ago", given,
                 field->name);
    else if (field->words[0])
        snprintf(why, why_bytes, "\"%s\" is no value of %s; allowed: %s", given, field->name, field->words);
    else
        snprintf(why, why_bytes, "\"%s\" is no value of %s; allowed: a number in %s in steps of 1/%d%s",
                 given, field->name, field->unit, (int)field->scale,
                 strcmp(field->unit, "d") == 0 ? ", or weeks and days: 34w2d" : "");
    return 0;
}

void word_of_value(uint32_t index, int32_t value, char *out, size_t capacity) {
    const struct jz_field *field = jz_field_at(index);
    const char *word;
    uint32_t bytes = jz_field_word_of(index, value, &word);
    int digits = field->scale >= 1000 ? 3 : field->scale >= 100 ? 2 : field->scale >= 10 ? 1 : 0;
    if (bytes)
        snprintf(out, capacity, "%.*s", (int)bytes, word);
    else if (field->unit[0] == '{')
        snprintf(out, capacity, "%.*f", digits, (double)value / field->scale);
    else
        snprintf(out, capacity, "%.*f %s", digits, (double)value / field->scale, field->unit);
}
