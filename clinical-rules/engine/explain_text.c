/* SPDX-License-Identifier: Apache-2.0 */
/* A result and its reasons in words. The words are the pack's own; only the frame around them is here. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "jingzhu/field.h"
#include "jingzhu/rules.h"

enum word {
    W_TITLE,
    W_UNSIGNED,
    W_SIGNED,
    W_STATUS,
    W_UNKNOWN,
    W_FIRED,
    W_NOT_FIRED,
    W_NOT_APPLICABLE,
    W_CANNOT,
    W_AT_LEAST,
    W_UP_TO,
    W_SCORE,
    W_ACTION,
    W_USED,
    W_AGO,
    W_STALE,
    W_DECISIVE,
    W_MISSING,
    W_NEXT,
    W_SOURCE,
    W_MARK,
    W_POINTS,
    W_COUNT
};
static const char *const words[2][W_COUNT] = {
    [JZ_ZH] = {"规则",   "未经临床医师签署", "签署",   "结果",     "未评估",   "符合", "不符合",
               "不适用", "无法判定",         "至少",   "可能达到", "得分",     "处置", "依据",
               "前",     "已过时",           "决定性", "缺少",     "优先测量", "来源", "核实标记",
               "分"},
    [JZ_EN] = {"Rule",
               "not signed by a clinician",
               "signed",
               "Result",
               "not evaluated",
               "criteria met",
               "criteria not met",
               "not applicable",
               "cannot be evaluated",
               "at least",
               "could be up to",
               "Score",
               "Action",
               "Based on",
               "ago",
               "stale",
               "decisive",
               "Missing",
               "Measure next",
               "Source",
               "verification",
               "points"},
};

struct text {
    const struct jz_program *program;
    const struct jz_rule_info *info;
    const struct jz_assessment *a;
    uint32_t rule;
    enum jz_language language;
    char *out;
    size_t capacity, used;
};

/* Bytes of a UTF-8 character by its first one. */
static size_t character_bytes(unsigned char first) {
    if (first < 0x80u) return 1;
    if (first < 0xE0u) return 2;
    return first < 0xF0u ? 3 : 4;
}

/* The buffer is full: does not end within a character, and takes nothing more. */
static void cut(struct text *t) {
    size_t start = t->capacity - 1;
    while (start && ((unsigned char)t->out[start - 1] & 0xC0u) == 0x80u) start--;
    if (start) start--;
    bool whole = start + character_bytes((unsigned char)t->out[start]) <= t->capacity - 1;
    t->used = whole ? t->capacity - 1 : start;
    t->out[t->used] = 0;
    t->capacity = t->used + 1;
}

__attribute__((format(printf, 2, 3))) static void put(struct text *t, const char *format, ...) {
    va_list args;
    size_t room = t->capacity - t->used;
    if (room <= 1) return;
    va_start(args, format);
    int wrote = vsnprintf(t->out + t->used, room, format, args);
    va_end(args);
    if (wrote < 0) return;
    if ((size_t)wrote < room)
        t->used += (size_t)wrote;
    else
        cut(t);
}

static const char *say(const struct text *t, enum word word) {
    return words[t->language][word];
}

static const char *pick(const struct text *t, const char *zh, const char *en) {
    return t->language == JZ_ZH ? zh : en;
}

static const char *field_name(const struct text *t, uint32_t field) {
    return pick(t, jz_field_at(field)->zh, jz_field_at(field)->en);
}

/* Days since 1970-01-01 by the civil calendar, counted in years that begin with March. */
static void put_date(struct text *t, int32_t days) {
    int64_t since = (int64_t)days + 719468; /* 0000-03-01 */
    int64_t era = since / 146097, of_era = since % 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100), march = (5 * of_year + 2) / 153;
    int64_t month = march < 10 ? march + 3 : march - 9;
    int64_t day = of_year - (153 * march + 2) / 5 + 1;
    year += era * 400 + (month <= 2);
    put(t, "%04d-%02d-%02d", (int)year, (int)month, (int)day);
}

static void put_number(struct text *t, const struct jz_field *def, int32_t value) {
    int32_t digits = 0, size = value < 0 ? -value : value;
    for (int32_t s = def->scale; s > 1; s /= 10) digits++;
    if (def->scale == 1)
        put(t, "%d", value);
    else
        put(t, "%s%d.%0*d", value < 0 ? "-" : "", size / def->scale, digits, size % def->scale);
    if (def->unit[0] != '{' && strcmp(def->unit, "1") != 0) put(t, " %s", def->unit);
}

static void put_value(struct text *t, uint32_t field, int32_t value) {
    const struct jz_field *def = jz_field_at(field);
    const struct jz_field_text *text = jz_field_text_of(field, value);
    if (text)
        put(t, "%s", pick(t, text->zh, text->en));
    else if (strcmp(def->unit, "{date}") == 0)
        put_date(t, value);
    else
        put_number(t, def, value);
}

static void put_age(struct text *t, int64_t ms) {
    int64_t s = ms < 0 ? 0 : ms / 1000;
    if (s >= 86400) put(t, "%lld d ", (long long)(s / 86400));
    if (s >= 3600) put(t, "%lld h ", (long long)(s / 3600 % 24));
    put(t, "%lld min %lld s", (long long)(s / 60 % 60), (long long)(s % 60));
}

static void put_head(struct text *t) {
    const struct jz_rule_info *i = t->info;
    put(t, "%s: %s %s - %s\n", say(t, W_TITLE), i->id, i->version, pick(t, i->title_zh, i->title_en));
    if (i->signed_off)
        put(t, "%s: %s %s\n", say(t, W_SIGNED), i->signed_by, i->signed_date);
    else
        put(t, "%s\n", say(t, W_UNSIGNED));
}

static const struct jz_level_info *level_of(const struct text *t, uint8_t level) {
    return level == JZ_LEVEL_NONE ? NULL : jz_program_level(t->program, t->rule, level);
}

static void put_result(struct text *t) {
    const struct jz_rule_result *r = &t->a->result;
    const struct jz_level_info *level = level_of(t, r->level), *most = level_of(t, r->level_hi);
    put(t, "%s: %s", say(t, W_STATUS), say(t, (enum word)(W_UNKNOWN + r->status)));
    if (level)
        put(t, "; %s%s%s", r->complete ? "" : say(t, W_AT_LEAST), r->complete ? "" : " ",
            pick(t, level->title_zh, level->title_en));
    if (most && most != level) put(t, "; %s %s", say(t, W_UP_TO), pick(t, most->title_zh, most->title_en));
    if (t->a->priority) put(t, "; P%u", (unsigned)t->a->priority);
    put(t, "\n");
    if (t->info->kind == JZ_KIND_SCORE && r->status != JZ_RULE_NOT_APPLICABLE)
        put(t, r->lo == r->hi ? "%s: %d\n" : "%s: %d-%d\n", say(t, W_SCORE), r->lo, r->hi);
    const char *action = level ? pick(t, level->action_zh, level->action_en) : "";
    if (*action) put(t, "%s: %s\n", say(t, W_ACTION), action);
}

static void put_used(struct text *t) {
    for (uint32_t i = 0; i < t->a->used_count; i++) {
        uint32_t field = t->a->used[i].field;
        put(t, "%s: %s", say(t, W_USED), field_name(t, field));
        if (jz_field_at(field)->kind != 'e') {
            put(t, " ");
            put_value(t, field, t->a->used[i].value);
        }
        put(t, " (");
        put_age(t, t->a->evaluated_ms - t->a->used[i].taken_ms);
        put(t, " %s%s%s%s%s)\n", say(t, W_AGO), t->a->used[i].validity == JZ_STALE ? ", " : "",
            t->a->used[i].validity == JZ_STALE ? say(t, W_STALE) : "",
            t->a->because >> t->a->used[i].input & 1u ? ", " : "",
            t->a->because >> t->a->used[i].input & 1u ? say(t, W_DECISIVE) : "");
    }
}

static void put_items(struct text *t) {
    for (uint32_t i = 0; i < t->a->item_count; i++) {
        const struct jz_item_info *item = jz_program_item(t->program, t->rule, i);
        put(t, "%s: %s ", say(t, W_POINTS), pick(t, item->title_zh, item->title_en));
        if (t->a->item[i].lo == t->a->item[i].hi)
            put(t, "%d\n", t->a->item[i].lo);
        else
            put(t, "%d..%d\n", t->a->item[i].lo, t->a->item[i].hi);
    }
}

static void put_missing(struct text *t) {
    for (uint32_t i = 0; i < t->info->input_count; i++)
        if (t->a->missing >> i & 1u) put(t, "%s: %s\n", say(t, W_MISSING), field_name(t, t->info->input[i]));
    if (t->a->measure_next != JZ_FIELD_NONE)
        put(t, "%s: %s\n", say(t, W_NEXT), field_name(t, t->a->measure_next));
}

static void put_source(struct text *t) {
    const struct jz_level_info *level = level_of(t, t->a->result.level);
    const char *source = level && *level->source ? level->source : t->info->source;
    const char *mark = level && *level->mark ? level->mark : t->info->mark;
    put(t, "%s: %s (%s %s)\n", say(t, W_SOURCE), source, say(t, W_MARK), mark);
}

size_t jz_explain_text(const struct jz_program *program, uint32_t rule,
                       const struct jz_assessment *assessment, enum jz_language language, char *out,
                       size_t capacity) {
    assert(program && assessment && out && capacity > 0);
    struct text t = {program, jz_program_rule(program, rule), assessment, rule, language, out, capacity, 0};
    out[0] = 0;
    put_head(&t);
    put_result(&t);
    put_items(&t);
    put_used(&t);
    put_missing(&t);
    put_source(&t);
    return t.used;
}
