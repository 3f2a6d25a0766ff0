/* SPDX-License-Identifier: Apache-2.0 */
/* Shortest augmenting paths (Kuhn's Hungarian method with potentials). The costs are tuples, one number a priority,
 * compared from the most urgent on: they add, subtract and compare like numbers, which is all the method asks of them. */
#include <assert.h>
#include <string.h>

#include "assign.h"

enum {
    PATIENTS = JZ_ASSIGN_PATIENTS_MAX,
    LEVELS = JZ_ASSIGN_PRIORITIES,
    /* Of the places in order of time, a patient needs no more than there are patients: if all of those are taken, as many
     * others are placed, and one of them is this one. So the work is the same for a thousand facilities as for twenty.
     * Each patient has one more column of its own, which is "nowhere". */
    COLUMNS = PATIENTS * (2 * PATIENTS - 1) + PATIENTS,
    NOBODY = PATIENTS
};
/* More than all patients of a level can sum up to, so that one placed patient more always wins. */
#define NOWHERE_COST ((int64_t)JZ_ASSIGN_PATIENTS_MAX * 86401)

struct cost {
    int64_t level[LEVELS];
};

struct columns {
    uint32_t count;
    jz_facility_index facility[COLUMNS]; /* JZ_ASSIGN_NOWHERE: the patient's own column */
};

struct search {
    const struct jz_assign_request *request;
    struct columns columns;
    uint8_t patient_of[COLUMNS]; /* NOBODY: free */
    struct cost patient_potential[PATIENTS], column_potential[COLUMNS];
    /* one augmentation */
    struct cost least[COLUMNS];
    uint16_t from[COLUMNS];
    bool reached[COLUMNS], done[COLUMNS];
};

static struct cost add(struct cost a, struct cost b) {
    for (int i = 0; i < LEVELS; i++) a.level[i] += b.level[i];
    return a;
}

static struct cost subtract(struct cost a, struct cost b) {
    for (int i = 0; i < LEVELS; i++) a.level[i] -= b.level[i];
    return a;
}

static bool less(struct cost a, struct cost b) {
    for (int i = 0; i < LEVELS; i++)
        if (a.level[i] != b.level[i]) return a.level[i] < b.level[i];
    return false;
}

static uint32_t places_of(const struct jz_assign_request *request, uint32_t facility) {
    uint32_t places = request->places[facility];
    return places < request->patient_count ? places : request->patient_count;
}

/* The next best facility with places after the one that was `last` (time, then index); JZ_FACILITIES_MAX: none. */
static uint32_t next_best(const struct jz_assign_request *request, uint32_t patient, uint32_t last) {
    const uint32_t *seconds = request->patient[patient].seconds;
    uint32_t best = JZ_FACILITIES_MAX;
    for (uint32_t f = 0; f < request->facility_count; f++) {
        if (!request->places[f] || seconds[f] == JZ_ASSIGN_EXCLUDED) continue;
        bool after = last == JZ_FACILITIES_MAX || seconds[f] > seconds[last] ||
                     (seconds[f] == seconds[last] && f > last);
        if (after && (best == JZ_FACILITIES_MAX || seconds[f] < seconds[best])) best = f;
    }
    return best;
}

static void mark_useful(const struct jz_assign_request *request, struct jz_facility_set *useful) {
    for (uint32_t p = 0; p < request->patient_count; p++) {
        uint32_t f = JZ_FACILITIES_MAX;
        for (uint32_t places = 0; places < request->patient_count; places += places_of(request, f)) {
            f = next_best(request, p, f);
            if (f == JZ_FACILITIES_MAX) break;
            jz_facility_set_add(useful, f);
        }
    }
}

static void lay_columns(const struct jz_assign_request *request, struct columns *out) {
    struct jz_facility_set useful = {{0}};
    mark_useful(request, &useful);
    out->count = 0;
    for (uint32_t f = 0; f < request->facility_count; f++)
        for (uint32_t i = 0; jz_facility_set_has(&useful, f) && i < places_of(request, f); i++)
            out->facility[out->count++] = (jz_facility_index)f;
    for (uint32_t p = 0; p < request->patient_count; p++) out->facility[out->count++] = JZ_ASSIGN_NOWHERE;
}

/* @return false: this patient cannot go there at all */
static bool cost_of(const struct search *s, uint32_t patient, uint32_t column, struct cost *out) {
    const struct jz_assign_patient *p = &s->request->patient[patient];
    jz_facility_index facility = s->columns.facility[column];
    uint32_t own = s->columns.count - s->request->patient_count + patient;
    memset(out, 0, sizeof *out);
    if (facility == JZ_ASSIGN_NOWHERE) {
        out->level[p->priority - 1] = NOWHERE_COST;
        return column == own;
    }
    out->level[p->priority - 1] = p->seconds[facility];
    return p->seconds[facility] != JZ_ASSIGN_EXCLUDED;
}

/* Looks from `patient` at every column not yet settled. `base`: what it cost to come to this patient. */
static void relax(struct search *s, uint32_t patient, struct cost base, uint16_t from) {
    for (uint32_t c = 0; c < s->columns.count; c++) {
        struct cost cost;
        if (s->done[c] || !cost_of(s, patient, c, &cost)) continue;
        cost = add(base, subtract(subtract(cost, s->patient_potential[patient]), s->column_potential[c]));
        if (s->reached[c] && !less(cost, s->least[c])) continue;
        s->least[c] = cost;
        s->from[c] = from;
        s->reached[c] = true;
    }
}

static uint32_t nearest(const struct search *s) {
    uint32_t best = UINT32_MAX;
    for (uint32_t c = 0; c < s->columns.count; c++) {
        if (s->done[c] || !s->reached[c]) continue;
        if (best == UINT32_MAX || less(s->least[c], s->least[best])) best = c;
    }
    return best;
}

static void settle(struct search *s, uint32_t patient, uint32_t last) {
    struct cost length = s->least[last];
    s->patient_potential[patient] = add(s->patient_potential[patient], length);
    for (uint32_t c = 0; c < s->columns.count; c++) {
        if (!s->done[c] || c == last) continue;
        struct cost gain = subtract(length, s->least[c]);
        s->column_potential[c] = subtract(s->column_potential[c], gain);
        s->patient_potential[s->patient_of[c]] = add(s->patient_potential[s->patient_of[c]], gain);
    }
}

static void place(struct search *s, uint32_t patient) {
    const uint16_t start = COLUMNS;
    memset(s->reached, 0, sizeof s->reached);
    memset(s->done, 0, sizeof s->done);
    relax(s, patient, (struct cost){{0}}, start);
    uint32_t column = nearest(s);
    while (s->patient_of[column] != NOBODY) { /* a patient's own column is free at the latest: this ends */
        s->done[column] = true;
        relax(s, s->patient_of[column], s->least[column], (uint16_t)column);
        column = nearest(s);
    }
    settle(s, patient, column);
    while (s->from[column] != start) {
        s->patient_of[column] = s->patient_of[s->from[column]];
        column = s->from[column];
    }
    s->patient_of[column] = (uint8_t)patient;
}

static void add_up(const struct jz_assign_request *request, struct jz_assign_plan *plan) {
    memset(plan->unplaced, 0, sizeof plan->unplaced);
    memset(plan->seconds, 0, sizeof plan->seconds);
    for (uint32_t p = 0; p < request->patient_count; p++) {
        const struct jz_assign_patient *patient = &request->patient[p];
        uint32_t level = patient->priority - 1u;
        if (plan->facility[p] == JZ_ASSIGN_NOWHERE)
            plan->unplaced[level]++;
        else
            plan->seconds[level] += patient->seconds[plan->facility[p]];
    }
}

static void solve(const struct jz_assign_request *request, struct jz_assign_plan *plan) {
    static const struct search empty;
    struct search s = empty;
    s.request = request;
    lay_columns(request, &s.columns);
    memset(s.patient_of, NOBODY, sizeof s.patient_of);
    for (uint32_t p = 0; p < request->patient_count; p++) place(&s, p);
    for (uint32_t c = 0; c < s.columns.count; c++)
        if (s.patient_of[c] != NOBODY) plan->facility[s.patient_of[c]] = s.columns.facility[c];
    add_up(request, plan);
}

static void serve_in_turn(const struct jz_assign_request *request, struct jz_assign_plan *plan) {
    uint8_t places[JZ_FACILITIES_MAX];
    memcpy(places, request->places, sizeof places);
    for (uint32_t p = 0; p < request->patient_count; p++) {
        const uint32_t *seconds = request->patient[p].seconds;
        jz_facility_index best = JZ_ASSIGN_NOWHERE;
        for (uint32_t f = 0; f < request->facility_count; f++) {
            if (!places[f] || seconds[f] == JZ_ASSIGN_EXCLUDED) continue;
            if (best == JZ_ASSIGN_NOWHERE || seconds[f] < seconds[best]) best = (jz_facility_index)f;
        }
        plan->facility[p] = best;
        if (best != JZ_ASSIGN_NOWHERE) places[best]--;
    }
    add_up(request, plan);
}

int jz_assign_compare(const struct jz_assign_plan *a, const struct jz_assign_plan *b) {
    for (uint32_t i = 0; i < LEVELS; i++) {
        if (a->unplaced[i] != b->unplaced[i]) return a->unplaced[i] < b->unplaced[i] ? -1 : 1;
        if (a->seconds[i] != b->seconds[i]) return a->seconds[i] < b->seconds[i] ? -1 : 1;
    }
    return 0;
}

static void check(const struct jz_assign_request *request) {
    assert(request->patient_count <= PATIENTS && request->facility_count <= JZ_FACILITIES_MAX);
    for (uint32_t p = 0; p < request->patient_count; p++) {
        const struct jz_assign_patient *patient = &request->patient[p];
        assert(patient->priority >= 1 && patient->priority <= LEVELS);
        for (uint32_t f = 0; f < request->facility_count; f++)
            assert(patient->seconds[f] <= 86400 || patient->seconds[f] == JZ_ASSIGN_EXCLUDED);
    }
}

void jz_assign(const struct jz_assign_request *request, struct jz_assignment *out) {
    check(request);
    memset(out, 0, sizeof *out);
    for (uint32_t p = 0; p < PATIENTS; p++)
        out->best.facility[p] = out->greedy.facility[p] = JZ_ASSIGN_NOWHERE;
    solve(request, &out->best);
    serve_in_turn(request, &out->greedy);
    if (jz_assign_compare(&out->greedy, &out->best) == 0)
        out->best = out->greedy; /* as good: then the plain one */
    out->differs = memcmp(out->best.facility, out->greedy.facility, sizeof out->best.facility) != 0;
}

static void prepare_patient(const struct jz_ranking *ranking, uint8_t priority, uint32_t facility_count,
                            struct jz_assign_patient *out) {
    out->priority = priority >= 1 && priority <= LEVELS ? priority : 1;
    for (uint32_t f = 0; f < facility_count; f++) out->seconds[f] = JZ_ASSIGN_EXCLUDED;
    for (uint32_t i = 0; i < ranking->candidate_count; i++) {
        const struct jz_candidate *c = &ranking->candidate[i];
        out->seconds[c->facility] = c->travel_s == JZ_TRAVEL_NONE ? JZ_TREATMENT_S_MAX : c->treatment_s;
    }
}

void jz_assign_prepare(const struct jz_ranking *const *ranking, const uint8_t *priority, uint32_t count,
                       const int32_t places[JZ_FACILITIES_MAX], uint32_t facility_count,
                       struct jz_assign_request *out) {
    assert(count <= PATIENTS && facility_count <= JZ_FACILITIES_MAX);
    memset(out, 0, sizeof *out);
    out->patient_count = count;
    out->facility_count = facility_count;
    for (uint32_t f = 0; f < facility_count; f++)
        out->places[f] = (uint8_t)(places[f] < 0 ? 0 : places[f] > UINT8_MAX ? UINT8_MAX : places[f]);
    for (uint32_t p = 0; p < count; p++)
        prepare_patient(ranking[p], priority[p], facility_count, &out->patient[p]);
}
