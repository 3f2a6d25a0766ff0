/* SPDX-License-Identifier: Apache-2.0 */
#include "chart_story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../clinical-rules/engine/program.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define T0 INT64_C(1700000000000)
#define FRAMES_MAX 24u
#define READINGS_MAX 8u
#define LEAP_S 3600 /* a clock that is looked at every minute is not worth more wakes than this */

struct story {
    const struct jz_program *program;
    const uint8_t *at, *end;
    int64_t now_ms;
    struct jz_rule_set due;
    struct jz_reading last; /* the one before, to be sent once more */
};
/* `kept` is woken by what arrives; `fresh` sees the same readings and evaluates once, at the end. */
static struct jz_chart kept, fresh;

static void fail(const struct story *s, uint32_t rule, const char *what) {
    fprintf(stderr, "rule %s at %lld ms: %s\n",
            rule < s->program->rule_count ? s->program->rule[rule].info.id : "-", (long long)(s->now_ms - T0),
            what);
    abort();
}

/* --- bytes as numbers: 0 where there are no more ---------------------------------------------------------------- */

static uint8_t take(struct story *s) {
    return s->at < s->end ? *s->at++ : 0;
}

static uint32_t take_below(struct story *s, uint32_t below) {
    uint32_t value = take(s);
    if (below > 256) value |= (uint32_t)take(s) << 8;
    return below ? value % below : 0;
}

static int32_t take_32(struct story *s) {
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) value = value << 8 | take(s);
    return (int32_t)value;
}

/* --- bytes as readings --------------------------------------------------------------------------------------------- */

/* Fields of rules meet each other more often than fields of the whole table would. */
static uint32_t take_field(struct story *s) {
    const struct jz_program *p = s->program;
    uint32_t kind = take_below(s, 16);
    if (kind == 0) return take_below(s, jz_field_count());
    if (kind == 1) return p->sbp;
    if (kind == 2) return p->dbp;
    if (kind == 3) return jz_field_by_name("pregnancy");
    const struct jz_rule_info *info = &p->rule[take_below(s, p->rule_count)].info;
    return info->input_count ? info->input[take_below(s, info->input_count)] : p->sbp;
}

static int32_t clamped(int64_t value) {
    return value < INT32_MIN ? INT32_MIN : value > INT32_MAX ? INT32_MAX : (int32_t)value;
}

/* Values at both sides of what rules ask of the field, at the ends of what is plausible, and any. */
static int32_t take_value(struct story *s, uint32_t field) {
    const struct jz_field *def = jz_field_at(field);
    const struct jz_program *p = s->program;
    uint32_t first = p->bound_first[field], bounds = p->bound_first[field + 1u] - first,
             kind = take_below(s, 8);
    if (kind == 7) return take_32(s);
    if (kind == 6)
        return clamped(take_below(s, 2) ? (int64_t)def->max + take_below(s, 2)
                                        : (int64_t)def->min - take_below(s, 2));
    if (strcmp(def->unit, "{date}") == 0) return (int32_t)(T0 / 86400000) - 400 + (int32_t)take_below(s, 800);
    if (kind > 2 || !bounds) return clamped((int64_t)def->min + take_below(s, 65535));
    return clamped(p->bound[first + take_below(s, bounds)].last + take_below(s, 2));
}

static struct jz_reading take_reading(struct story *s) {
    static const uint8_t validity[] = {JZ_VALID, JZ_VALID, JZ_VALID,     JZ_VALID,
                                       JZ_VALID, JZ_VALID, JZ_PROBE_OFF, JZ_ARTEFACT};
    static const int32_t late_s[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 9, 60, 61, 600, 900, 1200};
    if (take_below(s, 16) == 15 && s->last.taken_ms) return s->last;
    struct jz_reading r = {.field = (uint16_t)take_field(s)};
    r.validity = validity[take_below(s, COUNT(validity))];
    r.taken_ms = s->now_ms - late_s[take_below(s, COUNT(late_s))] * INT64_C(1000);
    r.value = take_value(s, r.field);
    if (jz_field_at(r.field)->kind == 'e') { /* the core makes this of an event */
        r.validity = JZ_VALID;
        r.taken_ms -= (int64_t)(uint16_t)r.value * 1000;
        r.value = 1;
    }
    s->last = r;
    return r;
}

/* --- what must hold ------------------------------------------------------------------------------------------------- */

static void check_result(const struct story *s, uint32_t rule, const struct jz_rule_result *r) {
    uint32_t levels = s->program->rule[rule].info.level_count;
    if (r->lo > r->hi) fail(s, rule, "lo is over hi");
    if (!r->status || r->status > JZ_RULE_CANNOT_EVALUATE) fail(s, rule, "no status");
    if ((r->level != JZ_LEVEL_NONE && r->level >= levels) ||
        (r->level_hi != JZ_LEVEL_NONE && r->level_hi >= levels))
        fail(s, rule, "no level");
    if (r->level_hi > r->level) fail(s, rule, "the worst case is less urgent than what is certain");
    if ((r->status == JZ_RULE_FIRED) != (r->level != JZ_LEVEL_NONE))
        fail(s, rule, "fired without a level, or not and with one");
    if (r->level != JZ_LEVEL_NONE && jz_program_level(s->program, rule, r->level)->rule_out &&
        (!r->complete || r->stale))
        fail(s, rule, "rules out on what is incomplete or stale");
}

static void check_all(const struct story *s) {
    struct jz_rule_set missed = jz_chart_update(s->program, &kept, s->program->enabled, s->now_ms);
    for (uint32_t rule = 0; rule < s->program->rule_count; rule++) {
        if (jz_rule_set_has(&missed, rule)) fail(s, rule, "was not looked at again");
        if (s->program->rule[rule].info.enabled) check_result(s, rule, &kept.result[rule]);
    }
}

static void check_text(const struct story *s, uint32_t rule, const struct jz_assessment *a) {
    static char text[16384];
    for (int language = JZ_ZH; language <= JZ_EN; language++) {
        size_t room = 1 + (size_t)(a->result.lo & 255) * 64;
        size_t used = jz_explain_text(s->program, rule, a, (enum jz_language)language, text, room);
        if (used >= room || strlen(text) != used) fail(s, rule, "its explanation does not end where it says");
    }
}

static void check_explanation(const struct story *s, uint32_t rule) {
    static struct jz_assessment a;
    const struct jz_rule_info *info = &s->program->rule[rule].info;
    memset(&a, 0xa5, sizeof a);
    jz_rule_evaluate(s->program, &kept, rule, s->now_ms, &a);
    check_result(s, rule, &a.result);
    if (info->enabled && memcmp(&a.result, &kept.result[rule], sizeof a.result) != 0)
        fail(s, rule, "explains another result than it has");
    if (a.used_count > info->input_count || a.item_count > info->item_count)
        fail(s, rule, "used more than it reads");
    if (info->input_count < 64 && (a.missing | a.because | a.stale) >> info->input_count)
        fail(s, rule, "a bit of no input");
    for (uint32_t i = 0; i < a.item_count; i++)
        if (a.item[i].lo > a.item[i].hi) fail(s, rule, "an item's lo is over its hi");
    check_text(s, rule, &a);
}

/* --- the story ------------------------------------------------------------------------------------------------------ */

/* Time passes: what can change by time alone is looked at when it says so, and after a leap all at once. */
static void pass_time(struct story *s) {
    static const int32_t step_s[] = {0,   0,   1,   2,   5,   9,   10,  11,   59,   60,    61,
                                     120, 299, 300, 600, 899, 900, 901, 1800, 3600, 14400, 86400};
    int64_t then_ms = s->now_ms + step_s[take_below(s, COUNT(step_s))] * INT64_C(1000);
    bool leap = then_ms - s->now_ms >= LEAP_S * INT64_C(1000);
    int64_t wake_ms = jz_chart_next_change(s->program, &kept, s->now_ms);
    while (!leap && wake_ms <= then_ms) {
        if (wake_ms <= s->now_ms) fail(s, UINT32_MAX, "the next change is not in the future");
        s->now_ms = wake_ms;
        (void)jz_chart_update(s->program, &kept, s->program->enabled, s->now_ms);
        wake_ms = jz_chart_next_change(s->program, &kept, s->now_ms);
    }
    s->now_ms = then_ms;
    if (leap) (void)jz_chart_update(s->program, &kept, s->program->enabled, s->now_ms);
}

static void observe(struct story *s) {
    struct jz_reading r = take_reading(s);
    struct jz_rule_set ignored = {{0}};
    enum jz_status first = jz_chart_observe(s->program, &kept, r.field, r, &s->due);
    enum jz_status second = jz_chart_observe(s->program, &fresh, r.field, r, &ignored);
    if (first != second || (first != JZ_OK && first != JZ_E_FULL))
        fail(s, UINT32_MAX, "one chart takes what the other does not");
}

void chart_story(const struct jz_program *program, const uint8_t *data, size_t bytes) {
    struct story s = {.program = program, .at = data, .end = data + bytes, .now_ms = T0};
    memset(&kept, 0, sizeof kept);
    memset(&fresh, 0, sizeof fresh);
    if (!program->rule_count) return;
    (void)jz_chart_update(program, &kept, program->enabled,
                          s.now_ms); /* as the core does for a new patient */
    for (uint32_t frame = 0; frame < FRAMES_MAX && s.at < s.end; frame++) {
        pass_time(&s);
        uint32_t readings = 1 + take_below(&s, READINGS_MAX);
        memset(&s.due, 0, sizeof s.due);
        for (uint32_t i = 0; i < readings && s.at < s.end; i++) observe(&s);
        (void)jz_chart_update(program, &kept, s.due, s.now_ms);
        check_all(&s);
        check_explanation(&s, take_below(&s, program->rule_count));
    }
    (void)jz_chart_update(program, &fresh, program->enabled, s.now_ms);
    for (uint32_t rule = 0; rule < program->rule_count; rule++)
        if (memcmp(&kept.result[rule], &fresh.result[rule], sizeof kept.result[rule]) != 0)
            fail(&s, rule, "came to another result than all readings at once");
}
