/* SPDX-License-Identifier: Apache-2.0 */
/* Shortest augmenting paths (Kuhn's Hungarian method with potentials). The costs are tuples, one number a priority,
 * compared from the most urgent on: they add, subtract and compare like numbers, which is all the method asks of them. */
#include <assert.h>
#include <string.h>

#include "assign.h"

enum {
    PATIENTS = JZ_ASSIGN_PATIENTS_MAX,
    LEVELS = JZ_ASSIGN_PRIORITIES,
    /* A place nobody competes for needs no second column: a facility has as many as there are patients at most, and each
     * patient has one more column of its own, which is "nowhere". */
    COLUMNS = JZ_FACILITIES_MAX * PATIENTS + PATIENTS,
    NOBODY = PATIENTS
};
/* More than all patients of a level can sum up to, so that one placed patient more always wins. */
#define NOWHERE_COST ((int64_t)JZ_ASSIGN_PATIENTS_MAX * 86401)

struct cost {
    int64_t level[LEVELS];
};

struct columns {
    uint32_t count;
    uint8_t facility[COLUMNS]; /* JZ_ASSIGN_NOWHERE: the patient's own column */
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

static void lay_columns(const struct jz_assign_request *request, struct columns *out) {
    out->count = 0;
    for (uint32_t f = 0; f < request->facility_count; f++) {
        uint32_t places = request->places[f];
        if (places > request->patient_count) places = request->patient_count;
        for (uint32_t i = 0; i < places; i++) out->facility[out->count++] = (uint8_t)f;
    }
    for (uint32_t p = 0; p < request->patient_count; p++) out->facility[out->count++] = JZ_ASSIGN_NOWHERE;
}

/* @return false: this patient cannot go there at all */
static bool cost_of(const struct search *s, uint32_t patient, uint32_t column, struct cost *out) {
    const struct jz_assign_patient *p = &s->request->patient[patient];
    uint8_t facility = s->columns.facility[column];
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
        uint8_t best = JZ_ASSIGN_NOWHERE;
        for (uint32_t f = 0; f < request->facility_count; f++) {
            if (!places[f] || seconds[f] == JZ_ASSIGN_EXCLUDED) continue;
            if (best == JZ_ASSIGN_NOWHERE || seconds[f] < seconds[best]) best = (uint8_t)f;
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
    memset(out->best.facility, JZ_ASSIGN_NOWHERE, sizeof out->best.facility);
    memset(out->greedy.facility, JZ_ASSIGN_NOWHERE, sizeof out->greedy.facility);
    solve(request, &out->best);
    serve_in_turn(request, &out->greedy);
    if (jz_assign_compare(&out->greedy, &out->best) == 0)
        out->best = out->greedy; /* as good: then the plain one */
    out->differs = memcmp(out->best.facility, out->greedy.facility, sizeof out->best.facility) != 0;
}
