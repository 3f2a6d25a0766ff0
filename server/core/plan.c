/* SPDX-License-Identifier: Apache-2.0 */
/* Several patients who want the last places of one service. Each alert is raised for one patient alone; where looking at all
 * of them together places somebody otherwise, the dispatcher is shown both. Nothing is moved by it. */
#include "assign.h"
#include "pair.h"
#include "rank.h"

#define PLACES_UNKNOWN 255 /* no number: nothing says that they compete there */

struct competitors {
    uint32_t count;
    uint32_t slot[JZ_ASSIGN_PATIENTS_MAX];
    struct jz_ranking ranking[JZ_ASSIGN_PATIENTS_MAX];
};

static bool competes(const struct jz_core *core, const struct jz_encounter *e, enum jz_service service) {
    bool waits = e->phase == JZ_PHASE_OPEN && e->wants_alert && !e->destination_alert;
    return waits && (jz_places_wanted(core, e) >> service & 1u);
}

/* The more urgent first, then who came first: that is the order in which each in turn would be served. */
static bool comes_before(const struct jz_core *core, uint32_t a, uint32_t b) {
    const struct jz_encounter *x = &core->encounter[a], *y = &core->encounter[b];
    return x->priority != y->priority ? x->priority < y->priority : x->serial < y->serial;
}

static void insert(const struct jz_core *core, struct competitors *c, uint32_t slot) {
    uint32_t at = c->count;
    if (at == JZ_ASSIGN_PATIENTS_MAX) {
        if (!comes_before(core, slot, c->slot[--at])) return;
    } else {
        c->count++;
    }
    for (; at > 0 && comes_before(core, slot, c->slot[at - 1u]); at--) c->slot[at] = c->slot[at - 1u];
    c->slot[at] = slot;
}

static void collect(const struct jz_core *core, enum jz_service service, struct competitors *c) {
    c->count = 0;
    for (uint32_t slot = 0; slot < core->head.encounter_count; slot++)
        if (competes(core, &core->encounter[slot], service)) insert(core, c, slot);
    for (uint32_t i = 0; i < c->count && c->count > 1u; i++)
        jz_rank_encounter(core, &core->encounter[c->slot[i]], &c->ranking[i]);
}

static void solve(const struct jz_core *core, enum jz_service service, const struct competitors *c,
                  struct jz_assign_request *request, struct jz_assignment *out) {
    const struct jz_ranking *ranking[JZ_ASSIGN_PATIENTS_MAX];
    uint8_t priority[JZ_ASSIGN_PATIENTS_MAX];
    int32_t places[JZ_FACILITIES_MAX] = {0};
    for (uint32_t i = 0; i < c->count; i++) {
        ranking[i] = &c->ranking[i];
        priority[i] = core->encounter[c->slot[i]].priority;
    }
    for (uint32_t f = 0; f < core->directory->facility_count; f++) {
        bool known =
            jz_capacity_known(&core->region->capacity, f, service, core->head.now_ms) != JZ_CAPACITY_UNKNOWN;
        places[f] = known ? jz_capacity_shown(&core->region->capacity, f, service) : PLACES_UNKNOWN;
    }
    jz_assign_prepare(ranking, priority, c->count, places, core->directory->facility_count, request);
    jz_assign(request, out);
}

static void place(struct jz_writer *w, const struct jz_core *core, const struct jz_assign_patient *patient,
                  uint8_t facility) {
    bool placed = facility != JZ_ASSIGN_NOWHERE;
    uint32_t seconds = placed ? patient->seconds[facility] : 0;
    jz_write_cstr(w, placed ? core->directory->facility[facility].id : "");
    jz_write_uint(w, seconds < JZ_TREATMENT_S_MAX ? seconds : JZ_TREATMENT_S_MAX);
}

static bool somebody_is_left(const struct jz_assign_plan *plan) {
    uint32_t unplaced = 0;
    for (uint32_t i = 0; i < JZ_ASSIGN_PRIORITIES; i++) unplaced += plan->unplaced[i];
    return unplaced > 0;
}

enum jz_status jz_view_plan(const struct jz_core *core, enum jz_service service, int64_t now_ms,
                            bool *anything, struct jz_writer *w) {
    static const struct jz_assignment nothing;
    struct competitors c;
    struct jz_assign_request request;
    struct jz_assignment plan = nothing;
    c.count = 0;
    if (core->directory && core->program) collect(core, service, &c);
    if (c.count > 1u) solve(core, service, &c, &request, &plan);
    *anything = c.count > 1u && (plan.differs || somebody_is_left(&plan.best));
    jz_write_map(w, 5);
    jz_pair_uint(w, 0, JZ_FRAME_PLAN);
    jz_pair_int(w, 3, now_ms);
    jz_pair_uint(w, 8, service);
    jz_write_uint(w, 9);
    jz_write_array(w, *anything ? c.count : 0);
    for (uint32_t i = 0; i < c.count && *anything; i++) {
        jz_write_array(w, 5);
        jz_write_bytes(w, core->encounter[c.slot[i]].id.byte, 16);
        place(w, core, &request.patient[i], plan.best.facility[i]);
        place(w, core, &request.patient[i], plan.greedy.facility[i]);
    }
    jz_pair_bool(w, 10, plan.differs);
    return w->status;
}
