/* SPDX-License-Identifier: Apache-2.0 */
/* Rules over the chart. What a rule once found stays found: a later, lower result never takes back a priority
 * or a condition (clinical-chest-pain 0.4); only a person may. */
#include <assert.h>
#include <string.h>

#include "state.h"

#define MEASURE_NONE 255u

uint64_t jz_triage_observe(struct jz_core *core, struct jz_encounter *e, uint32_t code,
                           struct jz_reading reading, struct jz_outcome *out) {
    assert(core->program); /* the shell activates packs before it lets a peer in */
    uint32_t field = jz_field_by_code(code);
    if (field == JZ_FIELD_UNKNOWN) {
        out->status = JZ_E_UNKNOWN_FIELD;
        return 0;
    }
    return jz_chart_observe(core->program, &e->chart, field, reading);
}

static bool same(const struct jz_rule_state *r, const struct jz_assessment *a) {
    return r->evaluated_ms && r->status == a->status && r->level == a->level && r->priority == a->priority &&
           r->lo == a->lo && r->hi == a->hi && r->conditions == a->conditions && r->alarm == a->alarm &&
           r->complete == a->complete && r->measure_next == a->measure_next;
}

static void keep(struct jz_rule_state *r, const struct jz_assessment *a) {
    *r = (struct jz_rule_state){.evaluated_ms = a->evaluated_ms,
                                .lo = a->lo,
                                .hi = a->hi,
                                .conditions = a->conditions,
                                .status = a->status,
                                .level = a->level,
                                .priority = a->priority,
                                .alarm = a->alarm,
                                .complete = a->complete,
                                .measure_next = a->measure_next};
}

struct rise {
    bool priority, conditions, alarm;
};

static void latch(struct jz_encounter *e, const struct jz_assessment *a, struct rise *rise) {
    if (a->status != JZ_RULE_FIRED) return;
    if (a->priority && a->priority < e->priority) {
        e->priority = a->priority;
        rise->priority = true;
    }
    if (a->conditions & ~e->conditions) {
        e->conditions |= a->conditions;
        rise->conditions = true;
    }
    if (a->alarm && !e->wants_alert) {
        e->wants_alert = 1;
        rise->alarm = true;
    }
}

static void evaluate(struct jz_core *core, struct jz_encounter *e, uint64_t rules, struct rise *rise,
                     struct jz_outcome *out) {
    uint32_t count = jz_program_rule_count(core->program);
    for (uint32_t i = 0; i < count && i < JZ_RULES_MAX; i++) {
        if (!(rules >> i & 1u)) continue;
        struct jz_assessment a;
        jz_rule_evaluate(core->program, &e->chart, i, core->head.now_ms, &a);
        bool changed = !same(&e->rule[i], &a);
        keep(&e->rule[i], &a);
        if (!changed) continue;
        jz_decide_assessment(core, e, i, &a, out);
        latch(e, &a, rise);
    }
}

/* Nobody is asked for a finding by a rule that knows nothing yet ("did a physician see ST elevation?"); a vital sign
 * is always worth taking. */
static bool worth_asking(const struct jz_rule_state *r) {
    if (!r->evaluated_ms || r->measure_next == MEASURE_NONE || r->status == JZ_RULE_NOT_APPLICABLE)
        return false;
    return r->status != JZ_RULE_CANNOT_EVALUATE || jz_field_at(r->measure_next)->kind == 'v';
}

/* The measurement asked for by the most urgent rule that is still an interval; the first in pack order on a tie. */
static uint8_t measure_next(const struct jz_core *core, const struct jz_encounter *e) {
    uint8_t best = MEASURE_NONE, best_priority = 6;
    uint32_t count = jz_program_rule_count(core->program);
    for (uint32_t i = 0; i < count && i < JZ_RULES_MAX; i++) {
        const struct jz_rule_state *r = &e->rule[i];
        uint8_t priority = r->priority ? r->priority : 5;
        if (!worth_asking(r) || priority >= best_priority) continue;
        best = r->measure_next;
        best_priority = priority;
    }
    return best;
}

void jz_triage(struct jz_core *core, uint32_t slot, uint64_t rules, struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    struct rise rise = {false, false, false};
    if (rules) evaluate(core, e, rules, &rise, out);
    e->rules_wake_ms = jz_chart_next_change(core->program, &e->chart, core->head.now_ms);
    e->measure = measure_next(core, e);
    if (rise.priority || rise.conditions) {
        jz_decide_priority(core, e, out);
        out->urgent = true;
    }
    if (rise.alarm || (e->wants_alert && (rise.priority || rise.conditions))) jz_alert_worse(core, slot, out);
    jz_direct(core, slot, out);
}

void jz_triage_all(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    jz_triage(core, slot, UINT64_MAX, out);
}
