/* SPDX-License-Identifier: Apache-2.0 */
/* What a patient's chart takes in: the artefact gate first, then the newest value, the temporal memories and the
 * windows; and which rules that can change. A disbelieved reading is kept with its reason and is evidence for
 * nothing. */
#include <assert.h>
#include <string.h>

#include "evaluate.h"

struct jz_reading jz_chart_reading(const struct jz_chart *chart, uint32_t field) {
    assert(field < JZ_FIELDS_MAX);
    return chart->slot[field] ? chart->reading[chart->slot[field] - 1u] : (struct jz_reading){0};
}

static struct jz_reading *slot_of(struct jz_chart *chart, uint32_t field) {
    return chart->slot[field] ? &chart->reading[chart->slot[field] - 1u] : NULL;
}

static struct jz_reading *take_slot(struct jz_chart *chart, uint32_t field) {
    if (!chart->slot[field]) chart->slot[field] = (uint8_t)++chart->count;
    return slot_of(chart, field);
}

/* --- the artefact gate --------------------------------------------------------------------------------------- */

static void believe(const struct jz_field *field, struct jz_reading *reading) {
    if (reading->validity == JZ_STALE) reading->validity = JZ_VALID; /* freshness is judged later */
    if (reading->validity != JZ_VALID || field->kind == 'e') return;
    if (reading->value < field->min || reading->value > field->max) reading->validity = JZ_OUT_OF_RANGE;
}

static int32_t median(int32_t a, int32_t b, int32_t c) {
    if (a > b) return b > c ? b : (a > c ? c : a);
    return a > c ? a : (b > c ? c : b);
}

static bool follows(int64_t before_ms, int64_t ms) {
    return ms > before_ms && ms - before_ms <= JZ_SPIKE_WINDOW_MS;
}

/* One value of a fast series far from its two neighbours is a spike until the next confirms it. Slow series (a cuff)
 * are not gated: a single critical value is acted on at once. */
static bool is_spike(const struct jz_field *field, struct jz_recent *recent, const struct jz_reading *reading) {
    bool fast = follows(recent->ms[0], recent->ms[1]) && follows(recent->ms[1], reading->taken_ms);
    int64_t away = (int64_t)reading->value - median(recent->value[0], recent->value[1], reading->value);
    if (reading->taken_ms > recent->ms[1])
        *recent = (struct jz_recent){{recent->ms[1], reading->taken_ms}, {recent->value[1], reading->value}};
    return fast && (away > field->spike || away < -field->spike);
}

/* The other half of the blood pressure, or NULL where the field is no half or the other is of another time. */
static struct jz_reading *partner(const struct jz_program *program, struct jz_chart *chart, uint32_t field,
                                  int64_t taken_ms) {
    if (field != program->sbp && field != program->dbp) return NULL;
    struct jz_reading *other = slot_of(chart, field == program->sbp ? program->dbp : program->sbp);
    if (!other) return NULL;
    int64_t apart = other->taken_ms - taken_ms;
    bool same = apart <= JZ_SET_WINDOW_MS && apart >= -JZ_SET_WINDOW_MS;
    bool measured = other->validity == JZ_VALID || other->validity == JZ_PAIR_INCONSISTENT;
    return same && measured ? other : NULL;
}

/* --- temporal memories --------------------------------------------------------------------------------------- */

/* Records that the criterion held at a time. `prior` lets the newest be taken back exactly. */
static void note_true(struct jz_temporal_state *t, int64_t ms) {
    if (!t->first_true_ms || ms < t->first_true_ms) t->first_true_ms = ms;
    if (ms > t->last_true_ms) {
        t->prior_true_ms = t->last_true_ms;
        t->last_true_ms = ms;
    } else if (ms > t->prior_true_ms && ms < t->last_true_ms) {
        t->prior_true_ms = ms;
    }
}

/* An unbroken run: a false set ends it, one in its midst leaves only its end. */
static void note_held(struct jz_temporal_state *t, int64_t ms, bool holds) {
    if (holds) {
        bool before_break = ms < t->first_true_ms && ms <= t->last_false_ms;
        if (!before_break && ms > t->last_false_ms) note_true(t, ms);
        return;
    }
    if (ms > t->last_false_ms) t->last_false_ms = ms;
    if (ms < t->first_true_ms) return;
    if (ms < t->last_true_ms)
        t->first_true_ms = t->last_true_ms;
    else
        t->first_true_ms = t->last_true_ms = 0;
    t->prior_true_ms = 0;
}

static void note(const struct jz_temporal *def, struct jz_temporal_state *t, int64_t ms, bool holds) {
    if (def->kind == JZ_TEMPORAL_HELD)
        note_held(t, ms, holds);
    else if (holds)
        note_true(t, ms);
    else if (ms > t->last_false_ms)
        t->last_false_ms = ms;
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

static void feed_temporals(const struct jz_program *program, struct jz_chart *chart, uint32_t field,
                           const struct jz_reading *reading, struct jz_rule_set *due) {
    struct jz_lens lens = {program, chart, NULL, reading->taken_ms, reading, field};
    for (uint64_t left = program->temporals_of[field]; left; left &= left - 1) {
        uint32_t i = (uint32_t)__builtin_ctzll(left);
        struct jz_temporal_state *t = &chart->temporal[i];
        enum jz_tri is = jz_expr_is(&lens, program->temporal[i].of);
        if (is == JZ_MAYBE) continue;
        int64_t first_ms = t->first_true_ms;
        enum jz_temporal_is before = jz_temporal_is(program, chart, i);
        note(&program->temporal[i], t, reading->taken_ms, is == JZ_TRUE);
        if (before != jz_temporal_is(program, chart, i) || first_ms != t->first_true_ms)
            jz_rule_set_unite(due, &program->rules_of_temporal[i]);
    }
}

static void take_back(const struct jz_program *program, struct jz_chart *chart, uint32_t field, int64_t ms) {
    for (uint64_t left = program->temporals_of[field]; left; left &= left - 1)
        retract(&chart->temporal[__builtin_ctzll(left)], ms);
}

/* --- windows --------------------------------------------------------------------------------------------------- */

static void widen(struct jz_window_state *w, uint32_t at, const struct jz_reading *reading) {
    if (!w->count[at] || reading->value < w->min[at] ||
        (reading->value == w->min[at] && reading->taken_ms > w->min_ms[at])) {
        w->min[at] = reading->value;
        w->min_ms[at] = reading->taken_ms;
    }
    if (!w->count[at] || reading->value > w->max[at] ||
        (reading->value == w->max[at] && reading->taken_ms > w->max_ms[at])) {
        w->max[at] = reading->value;
        w->max_ms[at] = reading->taken_ms;
    }
    w->sum[at] += reading->value;
    w->count[at]++;
}

static void begin_stretch(struct jz_window_state *w, const struct jz_reading *reading) {
    uint32_t at = (uint32_t)(++w->newest % JZ_WINDOW_BUCKETS);
    w->begin_ms[at] = reading->taken_ms;
    w->sum[at] = 0;
    w->count[at] = 0;
    widen(w, at, reading);
}

/* A late reading belongs to the stretch it falls into; before the oldest one it is not remembered. */
static void feed_window(const struct jz_window *def, struct jz_window_state *w, const struct jz_reading *reading) {
    /* The stretch under way and the seven before it cover the window. */
    int64_t length_ms = (int64_t)def->over_s * 1000 / (JZ_WINDOW_BUCKETS - 1u);
    for (uint32_t back = 0; back < JZ_WINDOW_BUCKETS && back <= w->newest; back++) {
        uint32_t at = (uint32_t)((w->newest - back) % JZ_WINDOW_BUCKETS);
        if (!w->begin_ms[at] || reading->taken_ms < w->begin_ms[at]) continue;
        if (back == 0 && reading->taken_ms - w->begin_ms[at] >= length_ms) break;
        widen(w, at, reading);
        return;
    }
    uint32_t newest = (uint32_t)(w->newest % JZ_WINDOW_BUCKETS);
    if (!w->begin_ms[newest] || reading->taken_ms > w->begin_ms[newest]) begin_stretch(w, reading);
}

static void feed_windows(const struct jz_program *program, struct jz_chart *chart, uint32_t field,
                         const struct jz_reading *reading) {
    for (uint32_t i = 0; i < program->window_count; i++)
        if (program->window[i].field == field) feed_window(&program->window[i], &chart->window[i], reading);
}

/* --- one reading -------------------------------------------------------------------------------------------------- */

static void due_readers(const struct jz_program *program, uint32_t field, struct jz_rule_set *due) {
    jz_rule_set_unite(due, &program->readers[field]);
}

/* Both halves of an impossible pair are disbelieved: which of them is wrong cannot be known. */
static void check_pair(const struct jz_program *program, struct jz_chart *chart, uint32_t field,
                       struct jz_reading *reading, struct jz_rule_set *due) {
    struct jz_reading *other = partner(program, chart, field, reading->taken_ms);
    if (!other || reading->validity != JZ_VALID) return;
    int32_t sbp = field == program->sbp ? reading->value : other->value;
    int32_t dbp = field == program->sbp ? other->value : reading->value;
    if (dbp < sbp) return;
    if (other->validity == JZ_VALID) take_back(program, chart, other->field, other->taken_ms);
    other->validity = JZ_PAIR_INCONSISTENT;
    reading->validity = JZ_PAIR_INCONSISTENT;
    due_readers(program, other->field, due);
}

/* Rules that have a bound between the two values. */
static void due_between(const struct jz_program *program, uint32_t field, int32_t a, int32_t b,
                        struct jz_rule_set *due) {
    int32_t lo = a < b ? a : b, hi = a < b ? b : a;
    uint32_t first = program->bound_first[field], end = program->bound_first[field + 1u], last = end;
    while (first < end) { /* the first bound that is not below `lo` */
        uint32_t middle = first + (end - first) / 2u;
        if (program->bound[middle].last < lo)
            first = middle + 1u;
        else
            end = middle;
    }
    for (; first < last && program->bound[first].last < hi; first++)
        jz_rule_set_unite(due, &program->bound[first].rules);
}

static bool was_fresh(const struct jz_program *program, uint32_t field, const struct jz_reading *old,
                      int64_t now_ms) {
    return !program->fresh_ms[field] || now_ms - old->taken_ms <= program->fresh_ms[field];
}

static bool same_reading(const struct jz_reading *a, const struct jz_reading *b) {
    return a->taken_ms == b->taken_ms && a->value == b->value && a->validity == b->validity;
}

/* Comparisons of numbers that the field is part of: those rules have to look for which one turned out otherwise. */
static void due_by_numbers(const struct jz_program *program, struct jz_chart *chart, uint32_t field, int64_t at_ms,
                           struct jz_rule_set *due) {
    struct jz_lens lens = {program, chart, NULL, at_ms, NULL, 0};
    for (uint32_t w = 0; w < JZ_PREDICATES_MAX / 64u; w++)
        for (uint64_t left = program->predicates_of[field][w]; left; left &= left - 1) {
            uint32_t i = w * 64u + (uint32_t)__builtin_ctzll(left);
            uint8_t is = (uint8_t)jz_expr_is(&lens, program->predicate[i].of);
            if (is == chart->predicate[i]) continue;
            chart->predicate[i] = is;
            jz_rule_set_unite(due, &program->predicate[i].rules);
        }
}

/* Puts the reading in and says who has to look: where a value only moves, those who have a bound in between or
 * whose calculation turns out otherwise. */
static void replace(const struct jz_program *program, struct jz_chart *chart, const struct jz_reading *reading,
                    struct jz_rule_set *due) {
    struct jz_reading *latest = take_slot(chart, reading->field), old = *latest;
    *latest = *reading;
    bool moved = old.validity == JZ_VALID && reading->validity == JZ_VALID &&
                 jz_field_at(reading->field)->kind != 'e' &&
                 was_fresh(program, reading->field, &old, reading->taken_ms);
    due_by_numbers(program, chart, reading->field, reading->taken_ms, due);
    if (!moved) {
        due_readers(program, reading->field, due);
        return;
    }
    jz_rule_set_unite(due, &program->raw[reading->field]);
    due_between(program, reading->field, old.value, reading->value, due);
}

static void take(const struct jz_program *program, struct jz_chart *chart, const struct jz_reading *reading,
                 struct jz_rule_set *due) {
    uint32_t field = reading->field;
    const struct jz_reading *latest = slot_of(chart, field);
    bool event = jz_field_at(field)->kind == 'e';
    bool newest = !latest || event || reading->taken_ms >= latest->taken_ms;
    bool changed = newest && (!latest || !same_reading(latest, reading));
    if (changed && latest && latest->taken_ms == reading->taken_ms && latest->validity == JZ_VALID)
        take_back(program, chart, field, reading->taken_ms); /* corrected */
    if (changed) replace(program, chart, reading, due);
    if (reading->validity != JZ_VALID) return;
    feed_temporals(program, chart, field, reading, due);
    feed_windows(program, chart, field, reading);
}

enum jz_status jz_chart_observe(const struct jz_program *program, struct jz_chart *chart, uint32_t field,
                                struct jz_reading reading, struct jz_rule_set *due) {
    assert(program && chart && due && field < jz_field_count());
    const struct jz_field *def = jz_field_at(field);
    if (!chart->slot[field] && chart->count == JZ_CHART_READINGS_MAX) return JZ_E_FULL;
    if (!chart->count) jz_rule_set_unite(due, &program->enabled); /* nothing has been evaluated yet */
    reading.reserved = 0;                                         /* the chart is hashed byte for byte */
    reading.field = (uint16_t)field;
    believe(def, &reading);
    bool gated = def->spike && reading.validity == JZ_VALID;
    if (gated && is_spike(def, &chart->recent[def->spike_row], &reading)) {
        if (jz_known(chart, field)) return JZ_OK; /* the value before stays until the next one decides */
        reading.validity = JZ_ARTEFACT;
    }
    check_pair(program, chart, field, &reading, due);
    take(program, chart, &reading, due);
    return JZ_OK;
}

/* --- evaluation ------------------------------------------------------------------------------------------------------ */

static bool same_result(const struct jz_rule_result *a, const struct jz_rule_result *b) {
    return memcmp(a, b, sizeof *a) == 0; /* no padding */
}
_Static_assert(sizeof(struct jz_rule_result) == 10, "compared and hashed byte for byte");

static struct jz_rule_set places_of(const struct jz_program *program, const struct jz_rule_set *rules) {
    struct jz_rule_set places = {{0}};
    for (uint32_t w = 0; w < JZ_RULES_MAX / 64u; w++)
        for (uint64_t left = rules->word[w] & program->enabled.word[w]; left; left &= left - 1)
            jz_rule_set_add(&places, program->place[w * 64u + (uint32_t)__builtin_ctzll(left)]);
    return places;
}

struct jz_rule_set jz_chart_update(const struct jz_program *program, struct jz_chart *chart, struct jz_rule_set due,
                                   int64_t now_ms) {
    assert(program && chart);
    struct jz_rule_set places = places_of(program, &due), changed = {{0}};
    for (uint32_t w = 0; w < JZ_RULES_MAX / 64u; w++) {
        while (places.word[w]) { /* followers have later places, so none is met twice */
            uint32_t place = w * 64u + (uint32_t)__builtin_ctzll(places.word[w]), rule = program->order[place];
            struct jz_lens lens = {program, chart, &program->rule[rule], now_ms, NULL, 0};
            struct jz_rule_result result;
            places.word[w] &= places.word[w] - 1;
            jz_evaluate(&lens, &result, NULL);
            if (same_result(&result, &chart->result[rule])) continue;
            chart->result[rule] = result;
            jz_rule_set_add(&changed, rule);
            jz_rule_set_unite(&places, &program->followers[rule]);
        }
    }
    return changed;
}

/* --- time alone -------------------------------------------------------------------------------------------------------- */

static int64_t sooner(int64_t best, int64_t at, int64_t now_ms) {
    return at > now_ms && at < best ? at : best;
}

static int64_t next_stale(const struct jz_program *program, const struct jz_chart *chart, int64_t now_ms) {
    int64_t best = INT64_MAX;
    for (uint32_t i = 0; i < chart->count; i++) {
        const struct jz_reading *reading = &chart->reading[i];
        int64_t fresh_ms = program->fresh_ms[reading->field];
        if (fresh_ms && reading->validity == JZ_VALID) best = sooner(best, reading->taken_ms + fresh_ms + 1, now_ms);
    }
    return best;
}

/* When a deadline's clock began, 0: it does not run. */
static int64_t began_ms(const struct jz_program *program, const struct jz_chart *chart, const struct jz_deadline *d) {
    if (d->of_temporal)
        return jz_temporal_is(program, chart, d->index) == JZ_TEMPORAL_PENDING ? chart->temporal[d->index].first_true_ms
                                                                               : 0;
    const struct jz_reading *event = jz_known(chart, d->index);
    return event ? event->taken_ms : 0;
}

static int64_t next_deadline(const struct jz_program *program, const struct jz_chart *chart, int64_t now_ms,
                             int64_t best) {
    for (uint32_t i = 0; i < program->deadline_count; i++) {
        const struct jz_deadline *d = &program->deadline[i];
        int64_t from_ms = began_ms(program, chart, d);
        if (!from_ms) continue;
        best = sooner(best, d->after_s ? from_ms + (int64_t)d->after_s * 1000 : now_ms + JZ_PERIOD_MS, now_ms);
    }
    return best;
}

#define DAY_MS INT64_C(86400000)
#define SHANGHAI_MS INT64_C(28800000)

int64_t jz_chart_next_change(const struct jz_program *program, const struct jz_chart *chart, int64_t now_ms) {
    assert(program && chart);
    int64_t best = next_deadline(program, chart, now_ms, next_stale(program, chart, now_ms));
    if (!program->has_today || !chart->count) return best;
    return sooner(best, ((now_ms + SHANGHAI_MS) / DAY_MS + 1) * DAY_MS - SHANGHAI_MS, now_ms);
}
