/* SPDX-License-Identifier: Apache-2.0 */
/* What a patient's chart takes in: plausibility and pair first, then the newest value and the temporal
 * memories. A disbelieved reading is kept with its reason and is evidence for nothing. */
#include <assert.h>
#include <string.h>

#include "expr.h"

static void believe(const struct jz_field *field, struct jz_reading *reading) {
    memset(reading->reserved, 0, sizeof reading->reserved);          /* the chart is hashed byte for byte */
    if (reading->validity == JZ_STALE) reading->validity = JZ_VALID; /* freshness is judged later */
    if (reading->validity != JZ_VALID) return;
    if (reading->value < field->min || reading->value > field->max) reading->validity = JZ_OUT_OF_RANGE;
}

/* Records that the criterion held at a time. `prior` lets the newest be taken back exactly. */
static bool note_true(struct jz_temporal_state *t, int64_t ms) {
    struct jz_temporal_state before = *t;
    if (!t->first_true_ms || ms < t->first_true_ms) t->first_true_ms = ms;
    if (ms > t->last_true_ms) {
        t->prior_true_ms = t->last_true_ms;
        t->last_true_ms = ms;
    } else if (ms > t->prior_true_ms && ms < t->last_true_ms) {
        t->prior_true_ms = ms;
    }
    return t->first_true_ms != before.first_true_ms || t->last_true_ms != before.last_true_ms;
}

/* The reading taken at `ms` turned out not to be believed. */
static void retract(struct jz_temporal_state *t, int64_t ms) {
    if (t->last_true_ms == ms) {
        t->last_true_ms = t->prior_true_ms;
        t->prior_true_ms = t->first_true_ms < t->last_true_ms ? t->first_true_ms : 0;
    }
    if (t->first_true_ms == ms) t->first_true_ms = t->prior_true_ms ? t->prior_true_ms : t->last_true_ms;
    if (t->prior_true_ms == ms) t->prior_true_ms = 0;
    if (!t->last_true_ms) t->first_true_ms = 0;
}

static bool feed(const struct jz_program *program, struct jz_chart *chart, uint32_t field,
                 const struct jz_reading *reading) {
    struct jz_lens lens = {program, chart, reading->taken_ms, reading, field};
    bool changed = false;
    for (uint32_t i = 0; i < program->temporal_count; i++) {
        const struct jz_temporal *def = &program->temporal[i];
        struct jz_temporal_state *t = &chart->temporal[i];
        if (!(def->fields >> field & 1u)) continue;
        enum jz_tri is = jz_expr(&lens, def->of).is;
        if (is == JZ_TRUE) changed |= note_true(t, reading->taken_ms);
        if (is == JZ_FALSE && reading->taken_ms > t->last_false_ms) {
            t->last_false_ms = reading->taken_ms;
            changed |= t->first_true_ms != 0;
        }
    }
    return changed;
}

static void take_back(const struct jz_program *program, struct jz_chart *chart, uint32_t field, int64_t ms) {
    for (uint32_t i = 0; i < program->temporal_count; i++)
        if (program->temporal[i].fields >> field & 1u) retract(&chart->temporal[i], ms);
}

/* The other half of the blood pressure, or NULL where the field is no half or the other is of another time. */
static struct jz_reading *partner(const struct jz_program *program, struct jz_chart *chart, uint32_t field,
                                  int64_t taken_ms) {
    if (field != program->sbp && field != program->dbp) return NULL;
    struct jz_reading *other = &chart->latest[field == program->sbp ? program->dbp : program->sbp];
    int64_t apart = other->taken_ms - taken_ms;
    bool same = apart <= JZ_SET_WINDOW_MS && apart >= -JZ_SET_WINDOW_MS;
    bool measured = other->validity == JZ_VALID || other->validity == JZ_PAIR_INCONSISTENT;
    return same && measured ? other : NULL;
}

/* Both halves of an impossible pair are disbelieved: which of them is wrong cannot be known. */
static uint64_t check_pair(const struct jz_program *program, struct jz_chart *chart, uint32_t field,
                           struct jz_reading *reading) {
    struct jz_reading *other = partner(program, chart, field, reading->taken_ms);
    if (!other || reading->validity != JZ_VALID) return 0;
    int32_t sbp = field == program->sbp ? reading->value : other->value;
    int32_t dbp = field == program->sbp ? other->value : reading->value;
    if (dbp < sbp) return 0;
    uint32_t other_field = field == program->sbp ? program->dbp : program->sbp;
    if (other->validity == JZ_VALID) take_back(program, chart, other_field, other->taken_ms);
    other->validity = JZ_PAIR_INCONSISTENT;
    reading->validity = JZ_PAIR_INCONSISTENT;
    return program->rules_of[other_field];
}

static bool same_reading(const struct jz_reading *a, const struct jz_reading *b) {
    return a->taken_ms == b->taken_ms && a->value == b->value && a->validity == b->validity;
}

uint64_t jz_chart_observe(const struct jz_program *program, struct jz_chart *chart, uint32_t field,
                          struct jz_reading reading) {
    assert(program && chart && field < jz_field_count());
    struct jz_reading *latest = &chart->latest[field];
    believe(jz_field_at(field), &reading);
    uint64_t touched = check_pair(program, chart, field, &reading);
    bool newest = latest->validity == JZ_ABSENT || reading.taken_ms >= latest->taken_ms;
    bool changed = newest && !same_reading(latest, &reading);
    bool corrected = changed && latest->taken_ms == reading.taken_ms && jz_is_known(latest);
    if (corrected) take_back(program, chart, field, reading.taken_ms);
    if (changed) *latest = reading;
    if (jz_is_known(&reading)) changed |= feed(program, chart, field, &reading);
    return touched | (changed ? program->rules_of[field] : 0);
}

static int64_t sooner(int64_t best, int64_t at, int64_t now_ms) {
    return at > now_ms && at < best ? at : best;
}

static int64_t next_stale(const struct jz_rule *rule, const struct jz_chart *chart, int64_t now_ms,
                          int64_t best) {
    for (uint32_t i = 0; i < rule->info.input_count; i++) {
        const struct jz_reading *reading = &chart->latest[rule->input[i]];
        if (rule->fresh_ms[i] && jz_is_known(reading))
            best = sooner(best, reading->taken_ms + rule->fresh_ms[i] + 1, now_ms);
    }
    return best;
}

/* A repeat that falls due, or one that is overdue, changes what to measure and which row holds. */
static int64_t next_due(const struct jz_program *program, const struct jz_chart *chart, int64_t now_ms,
                        int64_t best) {
    for (uint32_t i = 0; i < program->step_count; i++) {
        const struct jz_step *step = &program->step[i];
        if (step->op != JZ_OP_PENDING && step->op != JZ_OP_REPEATED) continue;
        if (jz_repeat_state(program, chart, step->index) != JZ_REPEAT_PENDING) continue;
        int64_t wait_s =
            step->op == JZ_OP_PENDING ? step->lo : (int64_t)program->temporal[step->index].apart_s;
        best = sooner(best, chart->temporal[step->index].first_true_ms + wait_s * 1000, now_ms);
    }
    return best;
}

int64_t jz_chart_next_change(const struct jz_program *program, const struct jz_chart *chart, int64_t now_ms) {
    assert(program && chart);
    int64_t best = INT64_MAX;
    for (uint32_t i = 0; i < program->rule_count; i++)
        best = next_stale(&program->rule[i], chart, now_ms, best);
    return program->temporal_count ? next_due(program, chart, now_ms, best) : best;
}
