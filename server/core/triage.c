/* SPDX-License-Identifier: Apache-2.0 */
/* Rules over the chart. What a rule once found stays found: a later, lower result never takes back a priority
 * or a condition (clinical-chest-pain 0.4); only a person may. */
#include <assert.h>
#include <string.h>

#include "state.h"

#define QUESTIONS_MAX 16u /* rules whose question is looked for, most urgent first */

/* An event is reported as seconds ago; the chart keeps when it happened. */
static bool place_event(const struct jz_field *field, struct jz_reading *reading) {
    if (reading->validity != JZ_VALID || reading->value < field->min || reading->value > field->max)
        return false;
    reading->taken_ms -= (int64_t)reading->value * 1000;
    if (reading->taken_ms < 1) reading->taken_ms = 1;
    reading->value = 1;
    return true;
}

void jz_triage_observe(struct jz_core *core, struct jz_encounter *e, uint32_t code, struct jz_reading reading,
                       struct jz_rule_set *due, struct jz_outcome *out) {
    jz_triage_observe_field(core, e, jz_field_by_code(code), reading, due, out);
}

void jz_triage_observe_field(struct jz_core *core, struct jz_encounter *e, uint32_t field,
                             struct jz_reading reading, struct jz_rule_set *due, struct jz_outcome *out) {
    assert(core->program); /* the shell activates packs before it lets a peer in */
    if (field == JZ_FIELD_UNKNOWN) {
        out->status = JZ_E_UNKNOWN_FIELD;
        return;
    }
    if (jz_field_at(field)->kind == 'e' && !place_event(jz_field_at(field), &reading)) {
        out->status = JZ_E_IMPLAUSIBLE;
        return;
    }
    if (jz_chart_observe(core->program, &e->chart, field, reading, due) == JZ_E_FULL)
        out->status = JZ_E_CHART_FULL;
}

struct rise {
    bool priority, conditions, alarm, clock;
    bool level; /* a rule fired, or ceased to, or at another level */
};

static const struct jz_level_info *level_of(const struct jz_program *program, uint32_t rule, uint8_t level) {
    return level == JZ_LEVEL_NONE ? NULL : jz_program_level(program, rule, level);
}

/* A new arrest ends what has stood for it since circulation returned; if it returns again, that is found again. Only what
 * needs the nearest department takes its stand-ins away: nothing else that was found is forgotten. */
static uint64_t stand_ins(const struct jz_program *program, uint64_t conditions) {
    uint64_t nearest = 0, found = 0;
    for (uint64_t left = conditions; left; left &= left - 1u)
        if (jz_program_condition(program, (uint32_t)__builtin_ctzll(left))->nearest)
            nearest |= left & (~left + 1u);
    for (uint32_t i = 0; nearest && i < jz_program_condition_count(program); i++)
        if (jz_program_condition(program, i)->replaces & nearest) found |= UINT64_C(1) << i;
    return found;
}

static void latch(const struct jz_program *program, struct jz_encounter *e, const struct jz_level_info *level,
                  struct rise *rise) {
    uint64_t over = stand_ins(program, level->conditions) & e->conditions;
    e->conditions &= ~over;
    bool worse = level->priority && level->priority < e->rule_priority;
    bool other = over || (level->conditions & ~e->conditions);
    if (worse) e->rule_priority = level->priority;
    /* What a person set lower stands until the rules find something they had not found then. */
    if ((worse || other) && level->priority && level->priority < e->priority) {
        e->priority = level->priority;
        rise->priority = true;
    }
    if (other) {
        e->conditions |= level->conditions;
        rise->conditions = true;
    }
    if (level->alarm && !e->wants_alert) {
        e->wants_alert = 1;
        rise->alarm = true;
    }
}

/* A rule that has fired, or that knows something and might yet propose a priority. */
static bool matters(const struct jz_program *program, uint32_t rule, const struct jz_rule_result *r) {
    if (r->status == JZ_RULE_FIRED) return true;
    const struct jz_level_info *worst = level_of(program, rule, r->level_hi);
    return r->status == JZ_RULE_CANNOT_EVALUATE && r->known && worst && worst->priority;
}

/* With hundreds of rules a first blood pressure tells most of them only that they do not apply. The journal holds what
 * matters and when it ceases to; all else is in the readings it holds, and the same for whoever replays them. */
static bool is_news(const struct jz_program *program, uint32_t rule, const struct jz_rule_result *before,
                    const struct jz_rule_result *after) {
    bool was = matters(program, rule, before), is = matters(program, rule, after);
    if (was != is) return true;
    if (!is) return false;
    if (before->status != after->status) return true;
    if (after->status == JZ_RULE_FIRED) return before->level != after->level || before->lo != after->lo;
    return before->level_hi != after->level_hi;
}

static void judge(struct jz_core *core, struct jz_encounter *e, uint32_t rule,
                  const struct jz_rule_result *before, struct rise *rise, struct jz_outcome *out) {
    const struct jz_rule_result *after = &e->chart.result[rule];
    rise->clock |= jz_program_rule(core->program, rule)->kind == JZ_KIND_CLOCK;
    rise->level |= before->level != after->level;
    if (is_news(core->program, rule, before, after)) jz_decide_assessment(core, e, rule, out);
    const struct jz_level_info *level = level_of(core->program, rule, after->level);
    if (after->status == JZ_RULE_FIRED && level) latch(core->program, e, level, rise);
}

/* How soon a rule's question should be put, the least first; UINT32_MAX: it has none. A rule asks while what is missing
 * could lead to another level that proposes a priority. */
static uint32_t urgency(const struct jz_program *program, uint32_t rule, const struct jz_rule_result *r) {
    if (r->status == JZ_RULE_UNKNOWN || r->status == JZ_RULE_NOT_APPLICABLE || r->level_hi == r->level)
        return UINT32_MAX;
    const struct jz_level_info *worst = level_of(program, rule, r->level_hi);
    if (!worst || !worst->priority) return UINT32_MAX;
    return (worst->priority * 2u + !(r->known || r->status == JZ_RULE_FIRED)) * JZ_RULES_MAX + rule;
}

/* Nobody is asked for a finding by a rule that knows nothing yet ("did a physician see ST elevation?"); a vital sign is
 * always worth taking. */
static uint16_t question(const struct jz_core *core, const struct jz_encounter *e, uint32_t rule) {
    struct jz_assessment a;
    jz_rule_evaluate(core->program, &e->chart, rule, core->head.now_ms, &a);
    bool knows = a.result.known || a.result.status == JZ_RULE_FIRED;
    if (a.measure_next == JZ_FIELD_NONE || (!knows && jz_field_at(a.measure_next)->kind != 'v'))
        return JZ_FIELD_NONE;
    return a.measure_next;
}

/* The next most urgent rule after `asked`, UINT32_MAX: none. */
static uint32_t next_urgent(const struct jz_core *core, const struct jz_encounter *e, uint32_t asked) {
    uint32_t least = UINT32_MAX, count = jz_program_rule_count(core->program);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t soon = urgency(core->program, i, &e->chart.result[i]);
        if (soon > asked && soon < least) least = soon;
    }
    return least;
}

/* The question of the most urgent rule that has one. Of rules that are equally urgent a vital sign is asked for before a
 * finding, for it is always worth taking; then the first in pack order. */
static uint16_t measure_next(const struct jz_core *core, const struct jz_encounter *e) {
    uint16_t first = JZ_FIELD_NONE;
    uint32_t first_rank = 0, asked = 0;
    for (uint32_t tries = 0; tries < QUESTIONS_MAX; tries++) {
        asked = next_urgent(core, e, asked);
        if (asked == UINT32_MAX || (first != JZ_FIELD_NONE && asked / JZ_RULES_MAX > first_rank)) break;
        uint16_t field = question(core, e, asked % JZ_RULES_MAX);
        if (field == JZ_FIELD_NONE) continue;
        if (jz_field_at(field)->kind == 'v') return field;
        if (first == JZ_FIELD_NONE) first_rank = asked / JZ_RULES_MAX;
        if (first == JZ_FIELD_NONE) first = field;
    }
    return first;
}

static bool is_known(const struct jz_chart *chart, uint16_t field) {
    return field != JZ_FIELD_NONE && jz_chart_reading(chart, field).validity == JZ_VALID;
}

/* @return whether another question may be due: a rule became more or less urgent. */
static bool update(struct jz_core *core, struct jz_encounter *e, const struct jz_rule_set *due,
                   struct rise *rise, struct jz_outcome *out) {
    struct jz_rule_result before[JZ_RULES_MAX];
    bool again = false;
    struct jz_rule_set changed =
        jz_chart_update_from(core->program, &e->chart, *due, core->head.now_ms, before);
    for (uint32_t w = 0; w < JZ_RULES_MAX / 64u; w++)
        for (uint64_t left = changed.word[w]; left; left &= left - 1u) {
            uint32_t rule = w * 64u + (uint32_t)__builtin_ctzll(left);
            judge(core, e, rule, &before[rule], rise, out);
            again |= urgency(core->program, rule, &before[rule]) !=
                     urgency(core->program, rule, &e->chart.result[rule]);
        }
    return again;
}

/* A new condition may be one whose treatment has a predicted time, and rules read that time in turn. They may find a
 * condition more, but each only once. */
static bool update_all(struct jz_core *core, uint32_t slot, const struct jz_rule_set *due, struct rise *rise,
                       struct jz_outcome *out) {
    struct jz_rule_set left = *due;
    bool again = false;
    while (jz_rule_set_any(&left)) {
        struct rise now = {.level = false};
        again |= update(core, &core->encounter[slot], &left, &now, out);
        memset(&left, 0, sizeof left);
        if (now.conditions) jz_predict_wire(core, slot, &left, out);
        rise->priority |= now.priority;
        rise->conditions |= now.conditions;
        rise->alarm |= now.alarm;
        rise->clock |= now.clock;
        rise->level |= now.level;
    }
    return again;
}

static void triage(struct jz_core *core, uint32_t slot, const struct jz_rule_set *due, bool again,
                   struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    struct rise rise = {.level = false};
    again |= update_all(core, slot, due, &rise, out);
    /* Time may have made a repeat due, and what was asked for may have been answered. */
    if (again || is_known(&e->chart, e->measure)) e->measure = measure_next(core, e);
    if (rise.level) rise.conditions |= jz_drop_lysis(core, e); /* something else is needed now */
    e->rules_wake_ms = jz_chart_next_change(core->program, &e->chart, core->head.now_ms);
    if (rise.priority || rise.conditions) {
        jz_decide_priority(core, e, out);
        out->urgent = true;
    }
    if (rise.alarm || (e->wants_alert && (rise.priority || rise.conditions))) jz_alert_worse(core, slot, out);
    if (rise.clock || e->clock_wake_ms <= core->head.now_ms) jz_clocks_look(core, slot, out);
    jz_direct(core, slot, out);
}

void jz_triage(struct jz_core *core, uint32_t slot, const struct jz_rule_set *due, struct jz_outcome *out) {
    triage(core, slot, due, false, out);
}

void jz_triage_all(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    struct jz_rule_set all = {{0}};
    for (uint32_t i = 0; i < jz_program_rule_count(core->program); i++) jz_rule_set_add(&all, i);
    triage(core, slot, &all, true, out);
}

/* --- a person's own judgement ------------------------------------------------------------------------------------- */

/* Up is free, down needs a reason: the rules' own finding stands beside it, and whatever they find anew that is more urgent
 * than what the person said raises it again. */
enum jz_status jz_do_set_priority(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out) {
    struct jz_encounter *e = act->e;
    int32_t to = act->action->value;
    if (to < 1 || to > 5) return JZ_E_VALUE;
    if (to > e->priority && !act->action->reason) return JZ_E_REASON;
    if (to == e->priority) return JZ_OK;
    bool up = to < e->priority;
    e->priority = (uint8_t)to;
    jz_decide_priority(core, e, out);
    if (up && e->wants_alert) jz_alert_worse(core, act->slot, out);
    jz_direct(core, act->slot, out);
    jz_touch(out, act->slot);
    jz_set_wake(core, act->slot, out);
    return JZ_OK;
}
