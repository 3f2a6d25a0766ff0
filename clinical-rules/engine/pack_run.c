/* SPDX-License-Identifier: Apache-2.0 */
/* Runs cases: readings into a chart, the rules that are read, then the rule itself; and says what was not as wished. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evaluate.h"
#include "pack_suite.h"

/* --- running ------------------------------------------------------------------------------------------------------- */

/* Rules that the rule reads, in the order of their dependence. */
static void evaluate_needs(struct jz_suite *s, uint32_t rule, int64_t now_ms) {
    const struct jz_program *p = s->l->program;
    if (!jz_rule_set_any(&s->needs[rule])) return;
    for (uint32_t place = 0; place < p->rule_count; place++) {
        uint32_t needed = p->order[place];
        struct jz_lens lens = {p, &s->chart, &p->rule[needed], now_ms, NULL, NULL};
        struct jz_rule_result result;
        if (!jz_rule_set_has(&s->needs[rule], needed)) continue;
        jz_evaluate(&lens, &result, NULL);
        jz_keep(&s->chart, needed, &result);
    }
}

void jz_run_test(struct jz_suite *s, uint32_t rule, const struct jz_test *test, jz_watch watch,
                 void *context) {
    const struct jz_program *p = s->l->program;
    int64_t now_ms = test->base_ms + test->now_s * 1000;
    memset(&s->chart, 0, sizeof s->chart);
    for (uint32_t i = 0; i < test->readings; i++) {
        const struct jz_test_reading *given = jz_reading_at(s, test, i);
        struct jz_reading reading = {
            .taken_ms = test->base_ms + given->at_s * 1000, .value = given->value, .validity = JZ_VALID};
        struct jz_rule_set due = {{0}};
        if (jz_chart_observe(p, &s->chart, given->field, reading, &due) != JZ_OK)
            continue; /* 192 fields are known */
        bool last = i + 1 == test->readings || jz_reading_at(s, test, i + 1)->at_s != given->at_s;
        if (watch && last) watch(context, test, reading.taken_ms, false);
    }
    evaluate_needs(s, rule, now_ms);
    jz_rule_evaluate(p, &s->chart, rule, now_ms, &s->result);
    if (watch) watch(context, test, now_ms, true);
}

int64_t jz_wish_found(const struct jz_suite *s, const struct jz_wish *wish) {
    const struct jz_assessment *a = &s->result;
    switch ((enum jz_wish_kind)wish->kind) {
    case JZ_WISH_STATUS: return a->result.status;
    case JZ_WISH_LO: return a->result.lo;
    case JZ_WISH_HI: return a->result.hi;
    case JZ_WISH_LEVEL: return a->result.level;
    case JZ_WISH_LEVEL_HI: return a->result.level_hi;
    case JZ_WISH_PRIORITY: return a->priority;
    case JZ_WISH_ALARM: return a->alarm;
    case JZ_WISH_CONDITIONS: return (int64_t)a->conditions;
    case JZ_WISH_COMPLETE: return a->result.complete;
    case JZ_WISH_MISSING: return (int64_t)a->missing;
    case JZ_WISH_STALE: return (int64_t)a->stale;
    case JZ_WISH_NEXT: return a->measure_next;
    case JZ_WISH_POINTS: break;
    }
    return wish->item < a->item_count ? a->item[wish->item].lo : INT64_MIN;
}

bool jz_test_passes(const struct jz_suite *s, const struct jz_test *test) {
    for (uint32_t i = 0; i < test->wishes; i++) {
        const struct jz_wish *wish = jz_wish_at(s, test, i);
        if (jz_wish_found(s, wish) != wish->want) return false;
    }
    return true;
}

/* --- the report ------------------------------------------------------------------------------------------------------ */

const char *jz_wish_key(enum jz_wish_kind kind) {
    static const char *const keys[] = {"status",   "lo",           "hi",         "level",    "level_hi",
                                       "priority", "alarm",        "conditions", "complete", "missing",
                                       "stale",    "measure_next", "points"};
    return keys[kind];
}

void jz_suite_fail(struct jz_suite *s, struct jz_place at, const char *format, ...) {
    struct jz_pack_tests *out = s->report;
    out->failed++;
    if (out->listed == JZ_PACK_FAILURES_MAX) return;
    struct jz_pack_error *error = &out->failure[out->listed++];
    snprintf(error->file, sizeof error->file, "%s", s->l->pack[at.pack].y.file);
    error->line = at.line;
    error->column = at.column;
    va_list list;
    va_start(list, format);
    vsnprintf(error->text, sizeof error->text, format, list);
    va_end(list);
}
