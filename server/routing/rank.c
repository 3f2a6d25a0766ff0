/* SPDX-License-Identifier: Apache-2.0 */
/* The ranking in three straight steps: what the patient needs, which facilities qualify, in which order.
 *
 * Order. Each candidate gets a 64-bit key and the keys are sorted, so the order is total by construction (the
 * facility index is the last digit). First by certainty, travel time known, goal met, and predicted time; then
 * neighbours whose times are within ten minutes of the fastest among them form a tie, in which `prefer` capabilities
 * decide. A tie never spans the time goal: a preference must not cost a patient the goal, and neither must a doubt. */
#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "rank_work.h"

/* Key, most significant first: class (3 bits), predicted time (18 bits used), facility (16). In the second round the
 * number of the tie takes the place of the class (16 bits), then 255 - preferred (8), time and facility. */
#define KEY_UNSURE ((uint64_t)1 << 63)
#define KEY_NO_TRAVEL ((uint64_t)1 << 62)
#define KEY_MISSES ((uint64_t)1 << 61)
#define KEY_CLASS (KEY_UNSURE | KEY_NO_TRAVEL | KEY_MISSES)
#define FACILITY_BITS 16u
#define PREFERRED_SHIFT 40u
#define TIE_SHIFT 48u

struct work {
    struct jz_needs needs;
    uint64_t key[JZ_FACILITIES_MAX];
    struct jz_candidate candidate[JZ_FACILITIES_MAX]; /* by facility */
};

static uint32_t facility_of(uint64_t key) {
    return (uint32_t)(key & ((1u << FACILITY_BITS) - 1u));
}

static void measure(const struct jz_rank_request *request, const struct jz_needs *needs, uint32_t facility,
                    const struct jz_fit *fit, struct jz_candidate *c) {
    struct jz_door door = jz_door_of(request, needs, facility);
    c->facility = (jz_facility_index)facility;
    c->confirmed = fit->confirmed;
    c->preferred = fit->preferred;
    c->flags = fit->flags;
    c->missing = fit->missing;
    c->travel_s = jz_at_most_a_day(request->travel->seconds[facility]);
    if (c->travel_s == JZ_TRAVEL_NONE) return;
    c->door_s = door.seconds;
    c->cases = door.cases;
    c->treatment_s = jz_at_most_a_day((uint64_t)c->travel_s + door.seconds);
    c->uncertainty_s = jz_at_most_a_day(request->travel->uncertainty_s[facility]);
    bool meets = jz_meets(needs->goal_s, request->elapsed_s, c->travel_s, c->door_s);
    if (meets && !(c->flags & JZ_CANDIDATE_FULL)) c->flags |= JZ_CANDIDATE_MEETS;
}

static uint64_t first_key(const struct jz_candidate *c, const struct jz_needs *needs) {
    uint64_t class = 0;
    if (c->flags & JZ_CANDIDATE_UNSURE) class |= KEY_UNSURE;
    if (c->travel_s == JZ_TRAVEL_NONE) class |= KEY_NO_TRAVEL;
    if (needs->goal_s && !(c->flags & JZ_CANDIDATE_MEETS)) class |= KEY_MISSES;
    return class | (uint64_t)jz_effective_s(c, needs->nearest) << FACILITY_BITS | c->facility;
}

/* --- order -------------------------------------------------------------------------------------------------------- */

static void sift(uint64_t *key, uint32_t at, uint32_t count) {
    uint64_t k = key[at];
    for (uint32_t child = 2u * at + 1u; child < count; child = 2u * at + 1u) {
        if (child + 1u < count && key[child + 1u] > key[child]) child++;
        if (key[child] <= k) break;
        key[at] = key[child];
        at = child;
    }
    key[at] = k;
}

/* Heap sort: no scratch memory, and a thousand facilities take no more than their share. All keys differ. */
static void sort(uint64_t *key, uint32_t count) {
    for (uint32_t i = count / 2u; i > 0; i--) sift(key, i - 1u, count);
    for (uint32_t left = count; left > 1; left--) {
        uint64_t largest = key[0];
        key[0] = key[left - 1u];
        key[left - 1u] = largest;
        sift(key, 0, left - 1u);
    }
}

/* Keys are sorted by class and time. Gives each candidate the number of its tie: a new one begins with a new class, or
 * more than JZ_PREFER_TIE_S after the tie's fastest. */
static void number_ties(struct work *w, uint32_t count) {
    uint64_t tie = 0, class = 0;
    uint32_t fastest_s = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct jz_candidate *c = &w->candidate[facility_of(w->key[i])];
        uint64_t of = w->key[i] & KEY_CLASS;
        uint32_t time_s = jz_effective_s(c, false);
        if (i == 0 || of != class || time_s > fastest_s + JZ_PREFER_TIE_S) {
            tie++;
            class = of;
            fastest_s = time_s;
        }
        w->key[i] =
            (w->key[i] & ~KEY_CLASS) | tie << TIE_SHIFT | (uint64_t)(255u - c->preferred) << PREFERRED_SHIFT;
    }
}

static void put_in_order(struct work *w, struct jz_ranking *out) {
    sort(w->key, out->candidate_count);
    if (!w->needs.nearest) { /* the nearest is nearest, whatever the others have */
        number_ties(w, out->candidate_count);
        sort(w->key, out->candidate_count);
    }
    for (uint32_t i = 0; i < out->candidate_count; i++)
        memcpy(&out->candidate[i], &w->candidate[facility_of(w->key[i])], sizeof out->candidate[i]);
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static enum jz_goal goal_of(const struct jz_needs *needs, const struct jz_ranking *ranking) {
    if (needs->goal_s == 0) return JZ_GOAL_NONE;
    if (ranking->candidate_count == 0) return JZ_GOAL_UNMET;
    return ranking->candidate[0].flags & JZ_CANDIDATE_MEETS ? JZ_GOAL_MET : JZ_GOAL_UNMET;
}

/* Member by member: the padding stays zero, so that rankings can be compared as bytes. */
static void exclude(struct jz_ranking *out, uint32_t facility, const struct jz_fit *fit) {
    struct jz_exclusion *x = &out->exclusion[out->exclusion_count++];
    x->facility = (jz_facility_index)facility;
    x->why = fit->why;
    x->service = fit->service;
    x->capability = fit->capability;
}

static void summarise(const struct jz_needs *needs, struct jz_ranking *out) {
    out->goal = goal_of(needs, out);
    out->goal_s = needs->goal_s;
    out->goal_kind = needs->goal_kind;
    out->nearest = needs->nearest;
    out->services = needs->reserve;
    out->teams = needs->teams;
    out->replaced = needs->replaced;
    out->yielded = needs->yielded;
}

void jz_rank(const struct jz_rank_request *request, struct jz_ranking *out) {
    assert(request && out && request->program && request->directory && request->travel);
    assert(request->directory->facility_count <= JZ_FACILITIES_MAX);
    struct work w;
    memset(out, 0, sizeof *out);
    jz_needs_gather(request, request->conditions, &w.needs);
    for (uint32_t f = 0; f < request->directory->facility_count; f++) {
        struct jz_fit fit;
        jz_fit_facility(request, &w.needs, f, &fit);
        if (fit.why != JZ_EXCLUDED_NONE) {
            exclude(out, f, &fit);
            continue;
        }
        memset(&w.candidate[f], 0, sizeof w.candidate[f]);
        measure(request, &w.needs, f, &fit, &w.candidate[f]);
        w.key[out->candidate_count++] = first_key(&w.candidate[f], &w.needs);
    }
    put_in_order(&w, out);
    summarise(&w.needs, out);
    jz_rank_advise(request, &w.needs, out);
}

bool jz_rank_change_worth(const struct jz_ranking *ranking, uint32_t current, bool departed, bool worse) {
    const struct jz_candidate *first = &ranking->candidate[0], *now = NULL;
    if (ranking->candidate_count == 0 || first->facility == current) return false;
    for (uint32_t i = 0; i < ranking->candidate_count; i++)
        if (ranking->candidate[i].facility == current) now = &ranking->candidate[i];
    if (!departed || worse || !now) return true;
    if (first->travel_s == JZ_TRAVEL_NONE || now->travel_s == JZ_TRAVEL_NONE) return false;
    return (uint64_t)first->treatment_s + JZ_CHANGE_WORTH_S <= now->treatment_s;
}
