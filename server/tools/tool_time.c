/* SPDX-License-Identifier: Apache-2.0 */
#include "tool_time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool_value.h"

_Static_assert(JZ_TIME_TEXT_MAX >= JZ_VALUE_TEXT_MAX, "a date is written into a time's text");

/* Other times are nobody's. */
static int64_t local(int64_t utc_ms) {
    int64_t ms = utc_ms > 0 ? utc_ms : 0;
    return (ms < JZ_TIME_MAX_MS ? ms : JZ_TIME_MAX_MS) + JZ_LOCAL_MS;
}

void jz_time_text(int64_t utc_ms, char out[JZ_TIME_TEXT_MAX]) {
    int64_t ms = local(utc_ms), of_day = ms % JZ_DAY_MS;
    jz_value_date_text(ms / JZ_DAY_MS, out);
    size_t used = strlen(out);
    snprintf(out + used, JZ_TIME_TEXT_MAX - used, "T%02d:%02d:%02d.%03d+08:00", (int)(of_day / 3600000),
             (int)(of_day / 60000 % 60), (int)(of_day / 1000 % 60), (int)(of_day % 1000));
}

/* Exactly `count` digits. */
static bool digits(const char **at, int count, int64_t max, int64_t *value) {
    *value = 0;
    for (int i = 0; i < count; i++, (*at)++) {
        if (**at < '0' || **at > '9') return false;
        *value = *value * 10 + (**at - '0');
    }
    return *value <= max;
}

static bool parse_fraction(const char **at, int64_t *ms) {
    int64_t weight = 100;
    *ms = 0;
    if (**at != '.') return true;
    for ((*at)++; **at >= '0' && **at <= '9' && weight; (*at)++, weight /= 10) *ms += weight * (**at - '0');
    return weight < 100;
}

/* ":00.250" or nothing. */
static bool parse_seconds(const char **at, int64_t *ms) {
    int64_t seconds = 0, fraction = 0;
    if (**at == ':') {
        (*at)++;
        if (!digits(at, 2, 59, &seconds) || !parse_fraction(at, &fraction)) return false;
    }
    *ms = seconds * 1000 + fraction;
    return true;
}

static bool parse_zone(const char *at, int64_t *offset_ms) {
    int64_t hours, minutes, sign = *at == '-' ? -1 : 1;
    *offset_ms = *at == 'Z' ? 0 : JZ_LOCAL_MS;
    if (*at == 0) return true;
    if (*at == 'Z') return at[1] == 0;
    if (*at != '+' && *at != '-') return false;
    at++;
    if (!digits(&at, 2, 14, &hours) || *at++ != ':' || !digits(&at, 2, 59, &minutes) || *at) return false;
    *offset_ms = sign * (hours * 60 + minutes) * 60000;
    return true;
}

bool jz_time_parse(const char *text, int64_t *utc_ms) {
    char date[11];
    int64_t days, hours, minutes, rest, zone;
    if (strlen(text) < 16 || (text[10] != 'T' && text[10] != ' ')) return false;
    snprintf(date, sizeof date, "%.10s", text);
    if (!jz_value_date(date, &days)) return false;
    const char *at = text + 11;
    if (!digits(&at, 2, 23, &hours) || *at++ != ':' || !digits(&at, 2, 59, &minutes)) return false;
    if (!parse_seconds(&at, &rest) || !parse_zone(at, &zone)) return false;
    *utc_ms = days * JZ_DAY_MS + (hours * 60 + minutes) * 60000 + rest - zone;
    return true;
}

bool jz_day_parse(const char *text, int64_t *utc_ms) {
    int64_t days;
    if (!jz_value_date(text, &days)) return false;
    *utc_ms = days * JZ_DAY_MS - JZ_LOCAL_MS;
    return true;
}

bool jz_month_parse(const char *text, int64_t *from_ms, int64_t *to_ms) {
    char day[16];
    if (strlen(text) != 7) return false;
    snprintf(day, sizeof day, "%s-01", text);
    if (!jz_day_parse(day, from_ms)) return false;
    char next[JZ_TIME_TEXT_MAX];
    jz_month_text(jz_month_of(*from_ms) + 1, next);
    snprintf(day, sizeof day, "%.7s-01", next);
    return jz_day_parse(day, to_ms);
}

int32_t jz_month_of(int64_t utc_ms) {
    char date[JZ_VALUE_TEXT_MAX];
    jz_value_date_text(local(utc_ms) / JZ_DAY_MS, date);
    return (int32_t)(strtol(date, NULL, 10) * 12 + strtol(date + 5, NULL, 10) - 1);
}

void jz_month_text(int32_t month, char out[JZ_TIME_TEXT_MAX]) {
    snprintf(out, JZ_TIME_TEXT_MAX, "%04d-%02d", month / 12, month % 12 + 1);
}

bool jz_span_parse(const char *text, int64_t *ms) {
    static const struct {
        const char *name;
        int64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"min", 60000}, {"h", 3600000}};
    char *end;
    long count = text[0] >= '0' && text[0] <= '9' ? strtol(text, &end, 10) : 0;
    if (count < 1 || count > JZ_DAY_MS) return false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(end, units[i].name) != 0) continue;
        *ms = count * units[i].ms;
        return *ms <= JZ_DAY_MS;
    }
    return false;
}
