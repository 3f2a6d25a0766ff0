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

/* One value of a fast series far from its two neighbours is a spike until the next confirms it; the same one come again
 * confirms nothing. Slow series (a cuff) are not gated: a single critical value is acted on at once. */
static bool is_spike(const struct jz_field *field, struct jz_recent *recent,
                     const struct jz_reading *reading) {
    if (reading->taken_ms == recent->ms[1] && reading->value == recent->value[1]) return true;
    bool fast = follows(recent->ms[0], recent->ms[1]) && follows(recent->ms[1], reading->taken_ms);
    int64_t away = (int64_t)reading->value - median(recent->value[0], recent->value[1], reading->value);
    if (reading->taken_ms > recent->ms[1])
        *recent = (struct jz_recent){{recent->ms[1], reading->taken_ms}, {recent->value[1], reading->value}};
    return fast && (away > field->spike || away < -field->spike);
}

/* The other half of the blood pressure, or NULL where the field is no half or the other is of another time. One that is
 * disbelieved speaks for its own time only. */
static struct jz_reading *partner(const struct jz_program *program, struct jz_chart *chart,
                                  const struct jz_reading *reading) {
    if (reading->field != program->sbp && reading->field != program->dbp) return NULL;
    struct jz_reading *other = slot_of(chart, reading->field == program->sbp ? program->dbp : program->sbp);
    if (!other) return NULL;
    int64_t apart = other->taken_ms - reading->taken_ms;
    bool near = apart <= JZ_SET_WINDOW_MS && apart >= -JZ_SET_WINDOW_MS;
    return (near && other->validity == JZ_VALID) || (!apart && other->validity == JZ_PAIR_INCONSISTENT)
               ? other
               : NULL;
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
        if (ms > t->last_false_ms) note_true(t, ms);
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

/* A reading taken at `ms` turned out not to be believed. What it broke off or refuted is open again, but for a run: that
 * begins anew. */
static void retract(const struct jz_temporal *def, struct jz_temporal_state *t, int64_t ms) {
    if (t->last_true_ms == ms) {
        t->last_true_ms = t->prior_true_ms;
        t->prior_true_ms = t->first_true_ms < t->last_true_ms ? t->first_true_ms : 0;
    }
    if (t->first_true_ms == ms) t->first_true_ms = t->prior_true_ms ? t->prior_true_ms : t->last_true_ms;
    if (t->prior_true_ms == ms) t->prior_true_ms = 0;
    if (!t->last_true_ms) t->first_true_ms = 0;
    if (def->kind == JZ_TEMPORAL_REPEATED && t->last_false_ms == ms) t->last_false_ms = 0;
}

/* --- the readings of one time --------------------------------------------------------------------------------- */

static void open_set(struct jz_set *set, int64_t taken_ms) {
    if (set->taken_ms == taken_ms) return;
    set->taken_ms = taken_ms;
    set->doubted_ms = 0;
    set->judged = 0;
    set->count = 0;
}

static uint32_t place_in(const struct jz_set *set, uint32_t field) {
    uint32_t i = 0;
    while (i < set->count && set->reading[i].field != field) i++;
    return i;
}

/* One too many begins a new set: what has been judged by then stands. */
static void join(struct jz_set *set, const struct jz_reading *reading) {
    uint32_t i = place_in(set, reading->field);
    if (i == JZ_READINGS_PER_FRAME_MAX) {
        set->judged = 0;
        set->count = i = 0;
    }
    set->reading[i] = *reading;
    if (i == set->count) set->count++;
}

static bool leave(struct jz_set *set, uint32_t field, int64_t taken_ms) {
    uint32_t i = place_in(set, field);
    if (set->taken_ms != taken_ms || i == set->count) return false;
    set->reading[i] = set->reading[--set->count];
    return true;
}

static bool speaks_to(const struct jz_set *set, const struct jz_temporal *def) {
    for (uint32_t i = 0; i < def->field_count; i++)
        if (place_in(set, def->field[i]) < set->count) return true;
    return false;
}

/* Judges a criterion on the set as it is by now, and as if it had not been judged on it before. */
static void judge(const struct jz_lens *lens, struct jz_chart *chart, uint32_t i, struct jz_rule_set *due) {
    const struct jz_program *program = lens->program;
    const struct jz_temporal *def = &program->temporal[i];
    struct jz_set *set = &chart->set;
    struct jz_temporal_state *t = &chart->temporal[i], old = *t;
    if (set->judged >> i & 1u) *t = set->before[i];
    set->before[i] = *t;
    set->judged |= 1ull << i;
    if (set->doubted_ms && program->temporals_of[set->doubted] >> i & 1u) retract(def, t, set->doubted_ms);
    enum jz_tri is = speaks_to(set, def) ? jz_expr_is(lens, def->of) : JZ_MAYBE;
    if (is != JZ_MAYBE) note(def, t, set->taken_ms, is == JZ_TRUE);
    if (jz_temporal_is(def, t) != jz_temporal_is(def, &old) || t->first_true_ms != old.first_true_ms)
        jz_rule_set_unite(due, &program->rules_of_temporal[i]);
}

static void judge_all(const struct jz_program *program, struct jz_chart *chart, uint32_t field,
                      struct jz_rule_set *due) {
    struct jz_values values;
    struct jz_lens lens = {program, chart, NULL, chart->set.taken_ms, &chart->set, NULL};
    if (!program->temporals_of[field]) return;
    lens.values = jz_compute(&lens, &program->memories[field], &values);
    for (uint64_t left = program->temporals_of[field]; left; left &= left - 1)
        judge(&lens, chart, (uint32_t)__builtin_ctzll(left), due);
}

/* What the field said at a time is evidence no more. */
static void forget(const struct jz_program *program, struct jz_chart *chart, uint32_t field, int64_t taken_ms,
                   struct jz_rule_set *due) {
    if (leave(&chart->set, field, taken_ms)) {
        judge_all(program, chart, field, due);
        return;
    }
    for (uint64_t left = program->temporals_of[field]; left; left &= left - 1) {
        uint32_t i = (uint32_t)__builtin_ctzll(left);
        retract(&program->temporal[i], &chart->temporal[i], taken_ms);
        retract(&program->temporal[i], &chart->set.before[i], taken_ms);
        jz_rule_set_unite(due, &program->rules_of_temporal[i]);
    }
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
    if (reading->taken_ms > w->last_ms[at]) w->last_ms[at] = reading->taken_ms;
    w->sum[at] += reading->value;
    w->count[at]++;
}

static void begin_stretch(struct jz_window_state *w, const struct jz_reading *reading) {
    uint32_t at = (uint32_t)(++w->newest % JZ_WINDOW_BUCKETS);
    w->begin_ms[at] = w->last_ms[at] = reading->taken_ms;
    w->sum[at] = 0;
    w->count[at] = 0;
    widen(w, at, reading);
}

/* A late reading belongs to the stretch it falls into; before the oldest one it is not remembered. */
static void feed_window(const struct jz_window *def, struct jz_window_state *w,
                        const struct jz_reading *reading) {
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

/* The newest value stands beside the window until a newer one comes: it may yet be corrected, or disbelieved. */
static void feed_windows(const struct jz_program *program, struct jz_chart *chart,
                         const struct jz_reading *reading, struct jz_rule_set *due) {
    for (uint32_t i = 0; i < program->window_count; i++) {
        if (program->window[i].field != reading->field) continue;
        feed_window(&program->window[i], &chart->window[i], reading);
        jz_rule_set_unite(due, &program->raw[reading->field]);
    }
}

/* --- who has to look ---------------------------------------------------------------------------------------- */

static void due_readers(const struct jz_program *program, uint32_t field, struct jz_rule_set *due) {
    jz_rule_set_unite(due, &program->readers[field]);
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

/* A newer value may make fresh what was stale; what time makes stale is announced (jz_chart_next_change). */
static void due_by_age(const struct jz_program *program, const struct jz_chart *chart, uint32_t field,
                       struct jz_rule_set *due) {
    for (uint32_t w = 0; w < JZ_RULES_MAX / 64u; w++)
        due->word[w] |= program->readers[field].word[w] & chart->stale.word[w];
}

/* Comparisons of numbers that the field is part of: those rules have to look for which one turned out otherwise. */
static void due_by_numbers(const struct jz_program *program, struct jz_chart *chart, uint32_t field,
                           int64_t at_ms, struct jz_rule_set *due) {
    struct jz_values values;
    struct jz_lens lens = {program, chart, NULL, at_ms, NULL, NULL};
    lens.values = jz_compute(&lens, &program->predicates[field], &values);
    for (uint32_t w = 0; w < JZ_PREDICATES_MAX / 64u; w++)
        for (uint64_t left = program->predicates_of[field][w]; left; left &= left - 1) {
            uint32_t i = w * 64u + (uint32_t)__builtin_ctzll(left);
            uint8_t is = (uint8_t)jz_expr_is(&lens, program->predicate[i].of);
            if (is == chart->predicate[i]) continue;
            chart->predicate[i] = is;
            jz_rule_set_unite(due, &program->predicate[i].rules);
        }
}

/* --- one reading -------------------------------------------------------------------------------------------- */

static bool same_reading(const struct jz_reading *a, const struct jz_reading *b) {
    return a->taken_ms == b->taken_ms && a->value == b->value && a->validity == b->validity;
}

static void revalue(const struct jz_program *program, struct jz_chart *chart, struct jz_reading *reading,
                    enum jz_validity validity, struct jz_rule_set *due) {
    reading->validity = (uint8_t)validity;
    due_by_numbers(program, chart, reading->field, reading->taken_ms, due);
    due_readers(program, reading->field, due);
}

/* Both halves of an impossible pair are disbelieved: which of them is wrong cannot be known. An older half only until
 * the reading's own one comes. */
static void disbelieve_pair(const struct jz_program *program, struct jz_chart *chart,
                            struct jz_reading *reading, struct jz_reading *other, struct jz_rule_set *due) {
    reading->validity = JZ_PAIR_INCONSISTENT;
    if (other->validity != JZ_VALID) return;
    revalue(program, chart, other, JZ_PAIR_INCONSISTENT, due);
    if (other->taken_ms == reading->taken_ms) {
        forget(program, chart, other->field, other->taken_ms, due);
        return;
    }
    chart->set.doubted_ms = other->taken_ms;
    chart->set.doubted = other->field;
    judge_all(program, chart, other->field, due);
}

/* Two halves of one time that fit. */
static void believe_pair(const struct jz_program *program, struct jz_chart *chart, struct jz_reading *other,
                         struct jz_rule_set *due) {
    if (other->validity == JZ_VALID) return;
    revalue(program, chart, other, JZ_VALID, due);
    join(&chart->set, other);
    judge_all(program, chart, other->field, due);
}

/* The half that a reading of this time contradicted was of an earlier measurement, now that this one has its own. */
static void settle_doubt(const struct jz_program *program, struct jz_chart *chart, struct jz_reading *own,
                         struct jz_rule_set *due) {
    if (!own || chart->set.doubted != own->field || chart->set.doubted_ms != own->taken_ms) return;
    chart->set.doubted_ms = 0;
    revalue(program, chart, own, JZ_VALID, due);
    judge_all(program, chart, own->field, due);
}

static void check_pair(const struct jz_program *program, struct jz_chart *chart, struct jz_reading *reading,
                       struct jz_rule_set *due) {
    struct jz_reading *own = slot_of(chart, reading->field), *other = partner(program, chart, reading);
    struct jz_reading doubted = *reading;
    doubted.validity = JZ_PAIR_INCONSISTENT;
    if (reading->validity != JZ_VALID) return;
    if (own && same_reading(own, &doubted)) *reading = doubted; /* the same come again */
    if (!other || reading->validity != JZ_VALID) return;
    int32_t sbp = reading->field == program->sbp ? reading->value : other->value;
    int32_t dbp = reading->field == program->sbp ? other->value : reading->value;
    if (other->taken_ms == reading->taken_ms) settle_doubt(program, chart, own, due);
    if (dbp >= sbp)
        disbelieve_pair(program, chart, reading, other, due);
    else if (other->taken_ms == reading->taken_ms)
        believe_pair(program, chart, other, due);
}

/* Puts the reading in and says who has to look: where a value only moves, those who have a bound in between or
 * whose calculation turns out otherwise. */
static void replace(const struct jz_program *program, struct jz_chart *chart,
                    const struct jz_reading *reading, struct jz_rule_set *due) {
    struct jz_reading *latest = take_slot(chart, reading->field), old = *latest;
    *latest = *reading;
    bool moved =
        old.validity == JZ_VALID && reading->validity == JZ_VALID && jz_field_at(reading->field)->kind != 'e';
    due_by_numbers(program, chart, reading->field, reading->taken_ms, due);
    if (!moved) {
        due_readers(program, reading->field, due);
        return;
    }
    jz_rule_set_unite(due, &program->raw[reading->field]);
    due_between(program, reading->field, old.value, reading->value, due);
    due_by_age(program, chart, reading->field, due);
}

static void take(const struct jz_program *program, struct jz_chart *chart, const struct jz_reading *reading,
                 struct jz_rule_set *due) {
    uint32_t field = reading->field;
    struct jz_reading old = jz_chart_reading(chart, field);
    bool event = jz_field_at(field)->kind == 'e', first = !chart->slot[field],
         valid = reading->validity == JZ_VALID;
    bool newest = first || event || reading->taken_ms >= old.taken_ms;
    if (newest && (first || !same_reading(&old, reading))) {
        replace(program, chart, reading, due);
        if (old.validity == JZ_VALID && old.taken_ms == reading->taken_ms)
            forget(program, chart, field, old.taken_ms, due); /* corrected */
        else if (old.validity == JZ_VALID)
            feed_windows(program, chart, &old, due);
    }
    if (valid && !newest) feed_windows(program, chart, reading, due);
    if (valid && program->temporals_of[field]) join(&chart->set, reading);
    if (valid || newest)
        judge_all(program, chart, field, due); /* none: what was there does not count either */
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
    if (program->temporals_of[field] || field == program->sbp || field == program->dbp)
        open_set(&chart->set, reading.taken_ms);
    check_pair(program, chart, &reading, due);
    take(program, chart, &reading, due);
    return JZ_OK;
}

/* --- evaluation ------------------------------------------------------------------------------------------------------ */

/* Byte for byte would be slow: one after the other they have only just been written. */
static bool same_result(const struct jz_rule_result *a, const struct jz_rule_result *b) {
    int differ = (a->lo ^ b->lo) | (a->hi ^ b->hi) | (a->status ^ b->status) | (a->level ^ b->level) |
                 (a->level_hi ^ b->level_hi) | (a->complete ^ b->complete) | (a->stale ^ b->stale) |
                 (a->known ^ b->known);
    return !differ;
}
_Static_assert(sizeof(struct jz_rule_result) == 10, "all of it is compared; it is hashed: no padding");

static struct jz_rule_set places_of(const struct jz_program *program, const struct jz_rule_set *rules) {
    struct jz_rule_set places = {{0}};
    for (uint32_t w = 0; w < JZ_RULES_MAX / 64u; w++)
        for (uint64_t left = rules->word[w] & program->enabled.word[w]; left; left &= left - 1)
            jz_rule_set_add(&places, program->place[w * 64u + (uint32_t)__builtin_ctzll(left)]);
    return places;
}

static bool are_all(const struct jz_program *program, const struct jz_rule_set *due) {
    uint64_t left = 0;
    for (uint32_t w = 0; w < JZ_RULES_MAX / 64u; w++) left |= program->enabled.word[w] & ~due->word[w];
    return !left;
}

/* Alone, a rule's expressions are computed just before it is evaluated. Where all rules are due, whatever reads no
 * rule's result is computed at first, and the rest as soon as the results are there. */
struct jz_rule_set jz_chart_update_from(const struct jz_program *program, struct jz_chart *chart,
                                        struct jz_rule_set due, int64_t now_ms,
                                        struct jz_rule_result before[JZ_RULES_MAX]) {
    assert(program && chart);
    bool all = are_all(program, &due);
    struct jz_rule_set places = all ? program->enabled_places : places_of(program, &due), changed = {{0}};
    struct jz_values values;
    struct jz_lens lens = {program, chart, NULL, now_ms, NULL, NULL};
    if (all) lens.values = jz_compute(&lens, &program->whole, &values);
    for (uint32_t w = 0; w < JZ_RULES_MAX / 64u; w++) {
        while (places.word[w]) { /* followers have later places, so none is met twice */
            uint32_t place = w * 64u + (uint32_t)__builtin_ctzll(places.word[w]),
                     rule = program->order[place];
            struct jz_rule_result result;
            places.word[w] &= places.word[w] - 1;
            lens.rule = &program->rule[rule];
            if (!all) {
                lens.values = jz_compute(&lens, &program->own[rule], &values);
                lens.values = jz_compute(&lens, &program->after[rule], &values);
            }
            jz_evaluate(&lens, &result, NULL);
            if (!same_result(&result, &chart->result[rule])) {
                if (before) before[rule] = chart->result[rule];
                jz_keep(chart, rule, &result);
                jz_rule_set_add(&changed, rule);
                jz_rule_set_unite(&places, &program->followers[rule]);
            }
            if (all && program->then[rule].truths.count) /* few are read by others */
                lens.values = jz_compute(&lens, &program->then[rule], &values);
        }
    }
    return changed;
}

struct jz_rule_set jz_chart_update(const struct jz_program *program, struct jz_chart *chart,
                                   struct jz_rule_set due, int64_t now_ms) {
    return jz_chart_update_from(program, chart, due, now_ms, NULL);
}

/* --- time alone -------------------------------------------------------------------------------------------------------- */

static int64_t sooner(int64_t best, int64_t at, int64_t now_ms) {
    return at > now_ms && at < best ? at : best;
}

static int64_t next_stale(const struct jz_program *program, const struct jz_chart *chart, int64_t now_ms) {
    int64_t best = INT64_MAX;
    for (uint32_t i = 0; i < chart->count; i++) {
        const struct jz_reading *reading = &chart->reading[i];
        const int64_t *fresh_ms = program->fresh_ms[reading->field];
        for (uint32_t k = 0; k < JZ_FRESH_MAX && fresh_ms[k] && reading->validity == JZ_VALID; k++)
            best = sooner(best, reading->taken_ms + fresh_ms[k] + 1, now_ms);
    }
    return best;
}

/* When a deadline's clock began, 0: it does not run. */
static int64_t began_ms(const struct jz_program *program, const struct jz_chart *chart,
                        const struct jz_deadline *d) {
    if (d->of_temporal) {
        const struct jz_temporal_state *t = &chart->temporal[d->index];
        return jz_temporal_is(&program->temporal[d->index], t) == JZ_TEMPORAL_PENDING ? t->first_true_ms : 0;
    }
    const struct jz_reading *event = jz_known(chart, d->index);
    return event ? event->taken_ms : 0;
}

/* The next whole minute since then: not a minute from now, which never comes where somebody asks every second. */
static int64_t next_minute(int64_t from_ms, int64_t now_ms) {
    return now_ms < from_ms ? from_ms : now_ms + JZ_PERIOD_MS - (now_ms - from_ms) % JZ_PERIOD_MS;
}

static int64_t next_deadline(const struct jz_program *program, const struct jz_chart *chart, int64_t now_ms,
                             int64_t best) {
    for (uint32_t i = 0; i < program->deadline_count; i++) {
        const struct jz_deadline *d = &program->deadline[i];
        int64_t from_ms = began_ms(program, chart, d);
        if (!from_ms) continue;
        int64_t at_ms = d->after_s ? from_ms + (int64_t)d->after_s * 1000 : next_minute(from_ms, now_ms);
        best = sooner(best, at_ms, now_ms);
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
