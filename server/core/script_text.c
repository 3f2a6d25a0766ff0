/* SPDX-License-Identifier: Apache-2.0 */
#include "script_text.h"

#include <string.h>

#include "jingzhu/field.h"

#define DIGITS_MAX 20u
#define CHINA_MS 28800000 /* UTC+8 */
#define MINUTE_MS 60000
#define DAY_MS 86400000
#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* --- characters ----------------------------------------------------------------------------------------------- */

/* 3GPP TS 23.038 6.2.1 beyond ASCII. */
static const uint16_t gsm_beyond_ascii[] = {
    0xA1, 0xA3, 0xA4, 0xA5,  0xA7,  0xBF,  0xC4,  0xC5,  0xC6,  0xC7,  0xC9,  0xD1,  0xD6,
    0xD8, 0xDC, 0xDF, 0xE0,  0xE4,  0xE5,  0xE6,  0xE8,  0xE9,  0xEC,  0xF1,  0xF2,  0xF6,
    0xF8, 0xF9, 0xFC, 0x393, 0x394, 0x398, 0x39B, 0x39E, 0x3A0, 0x3A3, 0x3A6, 0x3A8, 0x3A9,
};
static const char gsm_two_septets[] =
    "^{}\\[~]|"; /* 6.2.1.1; the euro sign is the only other printable one */

/* What a text of the packs may have and GSM 7 bit has not, as it is usually written without. */
static const struct {
    uint16_t point;
    const char *as;
} gsm_usual[] = {
    {0x60, "'"},     {0xA0, " "},   {0xB0, " deg"}, {0xB5, "u"},    {0xD7, "x"},    {0x3BC, "u"},
    {0x2013, "-"},   {0x2014, "-"}, {0x2018, "'"},  {0x2019, "'"},  {0x201C, "\""}, {0x201D, "\""},
    {0x2026, "..."}, {0x2212, "-"}, {0x2264, "<="}, {0x2265, ">="},
};

/* The next character and how many bytes it takes; what is none is a "?" of one byte (RFC 3629 section 4). */
static uint32_t next_point(const char *text, size_t *bytes) {
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    const uint8_t *b = (const uint8_t *)text;
    size_t n = b[0] < 0x80u ? 1 : b[0] >> 5 == 6u ? 2 : b[0] >> 4 == 14u ? 3 : b[0] >> 3 == 30u ? 4 : 0;
    uint32_t point = n == 1 ? b[0] : n ? b[0] & (0xFFu >> (n + 1)) : 0;
    *bytes = 1;
    if (n == 0) return '?';
    for (size_t i = 1; i < n; i++) {
        if ((b[i] & 0xC0u) != 0x80u) return '?'; /* also the 0 at the end */
        point = point << 6 | (b[i] & 0x3Fu);
    }
    if (point < least[n] || point > 0x10FFFFu || (point >= 0xD800u && point <= 0xDFFFu)) return '?';
    *bytes = n;
    return point;
}

/* Septets of a character; 0: the alphabet has it not. */
static uint32_t septets(uint32_t point) {
    if (point == 0x20ACu) return 2;
    for (size_t i = 0; i < COUNT(gsm_beyond_ascii); i++)
        if (gsm_beyond_ascii[i] == point) return 1;
    if (point < ' ' || point > '~' || point == '`') return 0;
    return memchr(gsm_two_septets, (int)point, sizeof gsm_two_septets - 1) ? 2 : 1;
}

static void put_bytes(struct jz_script_text *t, const char *bytes, size_t count, uint32_t units) {
    if (count > t->capacity - 1 - t->used) t->full = true;
    if (t->full) return;
    memcpy(t->out + t->used, bytes, count);
    t->used += count;
    t->units += units;
    t->out[t->used] = 0;
}

static void put_usual(struct jz_script_text *t, uint32_t point) {
    const char *as = "?";
    for (size_t i = 0; i < COUNT(gsm_usual); i++)
        if (gsm_usual[i].point == point) as = gsm_usual[i].as;
    put_bytes(t, as, strlen(as), (uint32_t)strlen(as));
}

static void put_point(struct jz_script_text *t, uint32_t point, const char *bytes, size_t count) {
    bool control = point < ' ' || (point >= 0x7Fu && point < 0xA0u), gsm = t->sms && t->language == JZ_EN;
    if (control)
        put_bytes(t, " ", 1, 1);
    else if (point == '?')
        put_bytes(t, "?", 1, 1);
    else if (gsm && !septets(point))
        put_usual(t, point);
    else
        put_bytes(t, bytes, count, gsm ? septets(point) : 1u + (point > 0xFFFFu));
}

/* --- text ----------------------------------------------------------------------------------------------------- */

void jz_text_begin(struct jz_script_text *t, enum jz_language language, bool sms, char *out,
                   size_t capacity) {
    *t = (struct jz_script_text){.out = out, .capacity = capacity, .language = language, .sms = sms};
    out[0] = 0;
}

struct jz_script_mark jz_text_mark(const struct jz_script_text *t) {
    return (struct jz_script_mark){t->used, t->units};
}

void jz_text_back(struct jz_script_text *t, struct jz_script_mark mark) {
    t->used = mark.used;
    t->units = mark.units;
    t->full = false;
    t->out[t->used] = 0;
}

void jz_text_put(struct jz_script_text *t, const char *text) {
    while (*text && !t->full) {
        size_t bytes;
        uint32_t point = next_point(text, &bytes);
        put_point(t, point, text, bytes);
        text += bytes;
    }
}

void jz_text_two(struct jz_script_text *t, const char *zh, const char *en) {
    jz_text_put(t, t->language == JZ_ZH ? zh : en);
}

void jz_text_line(struct jz_script_text *t) {
    put_bytes(t, "\n", 1, 1);
}

/* At least `least` digits. */
static void put_digits(struct jz_script_text *t, uint64_t value, uint32_t least) {
    char digit[DIGITS_MAX + 1];
    size_t at = sizeof digit - 1;
    digit[at] = 0;
    do {
        digit[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value || sizeof digit - 1 - at < least);
    jz_text_put(t, digit + at);
}

void jz_text_number(struct jz_script_text *t, int64_t value, int32_t scale) {
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value, by = (uint64_t)scale;
    uint32_t decimals = 0;
    for (int32_t s = scale; s > 1; s /= 10) decimals++;
    if (value < 0) jz_text_put(t, "-");
    put_digits(t, size / by, 1);
    if (!decimals) return;
    jz_text_put(t, ".");
    put_digits(t, size % by, decimals);
}

/* --- times ---------------------------------------------------------------------------------------------------- */

static int64_t day_of(int64_t ms) {
    return (ms + CHINA_MS) / DAY_MS;
}

void jz_text_clock(struct jz_script_text *t, int64_t ms) {
    int64_t minute = (ms + CHINA_MS) % DAY_MS / MINUTE_MS;
    put_digits(t, (uint64_t)minute / 60, 2);
    jz_text_put(t, ":");
    put_digits(t, (uint64_t)minute % 60, 2);
}

void jz_text_when(struct jz_script_text *t, int64_t ms, int64_t now_ms) {
    int64_t days = day_of(now_ms) - day_of(ms);
    if (days > 1) {
        jz_text_number(t, days, 1);
        jz_text_two(t, "天前", " days ago");
        return;
    }
    if (days == 1) jz_text_two(t, "昨日", "yesterday ");
    jz_text_clock(t, ms);
}

void jz_text_ago(struct jz_script_text *t, int64_t ms) {
    int64_t minutes = ms / MINUTE_MS;
    if (minutes < 120) {
        jz_text_number(t, minutes, 1);
        jz_text_two(t, t->sms ? "分前" : "分钟前", " min ago");
    } else if (minutes < 48 * 60) {
        jz_text_number(t, minutes / 60, 1);
        jz_text_two(t, t->sms ? "时前" : "小时前", " h ago");
    } else {
        jz_text_number(t, minutes / 1440, 1);
        jz_text_two(t, "天前", " days ago");
    }
}

/* --- values --------------------------------------------------------------------------------------------------- */

/* UCUM as people say it. */
static const struct {
    const char *ucum, *zh, *en;
} units[] = {
    {"mm[Hg]", "毫米汞柱", " mmHg"},
    {"/min", "次/分", " per minute"},
    {"%", "%", "%"},
    {"Cel", "℃", " degrees C"},
    {"mL", "毫升", " mL"},
    {"g", "克", " g"},
    {"kg", "公斤", " kg"},
    {"a", "岁", " years"},
    {"mmol/L", "毫摩/升", " mmol/L"},
    {"min", "分钟", " min"},
    {"s", "秒", " s"},
    {"{score}", "分", ""},
    {"mo", "个月", " months"},
    {"mL/h", "毫升/时", " mL/h"},
};

static void put_unit(struct jz_script_text *t, const char *ucum) {
    if (t->sms && strcmp(ucum, "mL") == 0) jz_text_two(t, "ml", " mL");
    if (t->sms && strcmp(ucum, "%") != 0) return;
    for (size_t i = 0; i < COUNT(units); i++)
        if (strcmp(units[i].ucum, ucum) == 0) {
            jz_text_two(t, units[i].zh, units[i].en);
            return;
        }
    if (ucum[0] == '{' || strcmp(ucum, "1") == 0) return;
    jz_text_put(t, " ");
    jz_text_put(t, ucum);
}

void jz_text_value(struct jz_script_text *t, uint32_t field, int32_t value) {
    const struct jz_field_text *word = jz_field_text_of(field, value);
    if (word) {
        jz_text_two(t, word->zh, word->en);
        return;
    }
    jz_text_number(t, value, jz_field_at(field)->scale);
    put_unit(t, jz_field_at(field)->unit);
}
