/* SPDX-License-Identifier: Apache-2.0 */
/* Mother and newborn: one hospital for both where that costs neither of them too much. */
#include <string.h>

#include "rank.h"

/* Candidates by facility, so that the two lists are walked once each. */
struct lists {
    const struct jz_candidate *newborn[JZ_FACILITIES_MAX];
};

static uint32_t extra_s(const struct jz_candidate *best, const struct jz_candidate *c) {
    return c->treatment_s > best->treatment_s ? c->treatment_s - best->treatment_s : 0;
}

static bool costs_goal(const struct jz_candidate *best, const struct jz_candidate *c) {
    return best->flags & ~c->flags & JZ_CANDIDATE_MEETS;
}

static enum jz_pair_why judge(const struct jz_ranking *mother, const struct jz_candidate *m, bool unstable,
                              const struct jz_ranking *newborn, const struct jz_candidate *n) {
    if (unstable && m != &mother->candidate[0]) return JZ_PAIR_MOTHER_FIRST;
    if (costs_goal(&mother->candidate[0], m) || costs_goal(&newborn->candidate[0], n)) return JZ_PAIR_GOAL;
    if (extra_s(&mother->candidate[0], m) > JZ_PAIR_EXTRA_S ||
        extra_s(&newborn->candidate[0], n) > JZ_PAIR_EXTRA_S)
        return JZ_PAIR_TOO_FAR;
    return JZ_PAIR_TOGETHER;
}

/* A place that both can have before one that they cannot; then the mother's loss, then the newborn's. */
static bool better(enum jz_pair_why why, uint32_t mother_s, uint32_t newborn_s, const struct jz_pair *than) {
    bool good = why == JZ_PAIR_TOGETHER, was = than->why == JZ_PAIR_TOGETHER;
    if (than->why == JZ_PAIR_NOBODY || good != was) return than->why == JZ_PAIR_NOBODY || good;
    if (mother_s != than->mother_extra_s) return mother_s < than->mother_extra_s;
    return newborn_s < than->newborn_extra_s;
}

static void list_newborn(const struct jz_ranking *newborn, struct lists *out) {
    memset(out, 0, sizeof *out);
    for (uint32_t i = 0; i < newborn->candidate_count; i++)
        if (newborn->candidate[i].travel_s != JZ_TRAVEL_NONE)
            out->newborn[newborn->candidate[i].facility] = &newborn->candidate[i];
}

static jz_facility_index best_of(const struct jz_ranking *ranking) {
    return ranking->candidate_count ? ranking->candidate[0].facility : JZ_FACILITY_NONE;
}

void jz_rank_pair(const struct jz_ranking *mother, uint8_t mother_priority, const struct jz_ranking *newborn,
                  struct jz_pair *out) {
    struct lists lists;
    jz_facility_index together = JZ_FACILITY_NONE;
    memset(out, 0, sizeof *out);
    out->why = JZ_PAIR_NOBODY;
    list_newborn(newborn, &lists);
    for (uint32_t i = 0; i < mother->candidate_count; i++) {
        const struct jz_candidate *m = &mother->candidate[i], *n = lists.newborn[m->facility];
        if (!n || m->travel_s == JZ_TRAVEL_NONE) continue;
        enum jz_pair_why why = judge(mother, m, mother_priority <= 1, newborn, n);
        uint32_t mother_s = extra_s(&mother->candidate[0], m), newborn_s = extra_s(&newborn->candidate[0], n);
        if (!better(why, mother_s, newborn_s, out)) continue;
        out->why = (uint8_t)why;
        out->mother_extra_s = mother_s;
        out->newborn_extra_s = newborn_s;
        together = m->facility;
    }
    bool both = out->why == JZ_PAIR_TOGETHER;
    out->mother = both ? together : best_of(mother);
    out->newborn = both ? together : best_of(newborn);
}
