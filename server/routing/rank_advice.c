/* SPDX-License-Identifier: Apache-2.0 */
/* What stands beside the order: the reperfusion arithmetic, the way out where no hospital meets the goal, and what would
 * change the order. All of it is advice: nothing here moves a candidate. */
#include <string.h>

#include "rank_work.h"

static const struct jz_condition_info *condition_at(const struct jz_rank_request *request, uint64_t bits) {
    return jz_program_condition(request->program, (uint32_t)__builtin_ctzll(bits));
}

/* --- reperfusion (chest-pain 7.2) ---------------------------------------------------------------------------------- */

struct stemi {
    uint64_t conditions; /* those that fibrinolysis may stand in for */
    uint64_t needle;     /* those that are fibrinolysis */
    bool shock;          /* another condition took their place that wants the laboratory whatever the delay */
};

static struct stemi find_stemi(const struct jz_rank_request *request, const struct jz_needs *needs) {
    struct stemi out = {0};
    uint64_t taken = 0;
    for (uint64_t left = needs->active | needs->replaced; left; left &= left - 1) {
        const struct jz_condition_info *c = condition_at(request, left);
        uint64_t bit = left & (~left + 1u);
        if (c->fallback == JZ_FALLBACK_LYSIS) out.conditions |= bit;
        if (c->door_kind == JZ_DOOR_NEEDLE)
            out.needle |= bit;
        else
            taken |= c->replaces;
    }
    out.shock = out.conditions && !(out.conditions & ~taken);
    return out;
}

/* Of a hospital that is full the wait counts; one that nobody ever confirmed does not count. 0: not known. */
static uint64_t predicted(const struct jz_candidate *c) {
    if ((c->flags & JZ_CANDIDATE_UNSURE) || c->travel_s == JZ_TRAVEL_NONE) return 0;
    return (uint64_t)c->treatment_s + (c->flags & JZ_CANDIDATE_FULL ? JZ_DOUBT_FULL_S : 0);
}

struct soonest {
    uint64_t seconds; /* 0: nobody */
    uint32_t facility;
};

static void consider(const struct jz_candidate *c, struct soonest *best) {
    uint64_t s = predicted(c);
    if (s == 0 || (best->seconds && s >= best->seconds)) return;
    *best = (struct soonest){s, c->facility};
}

static struct soonest soonest_for(const struct jz_rank_request *request, const struct jz_needs *needs) {
    struct soonest best = {0, 0};
    for (uint32_t f = 0; f < request->directory->facility_count; f++) {
        struct jz_fit fit;
        uint32_t travel_s = request->travel->seconds[f];
        if (travel_s == JZ_TRAVEL_NONE || (best.seconds && travel_s >= best.seconds)) continue;
        jz_fit_facility(request, needs, f, &fit);
        if (fit.why != JZ_EXCLUDED_NONE) continue;
        struct jz_candidate c = {.facility = (jz_facility_index)f, .flags = fit.flags};
        c.travel_s = jz_at_most_a_day(travel_s);
        c.treatment_s = jz_at_most_a_day((uint64_t)c.travel_s + jz_door_of(request, needs, f).seconds);
        consider(&c, &best);
    }
    return best;
}

static void add_fallback(const struct jz_rank_request *request, const struct jz_condition_info *c,
                         struct jz_needs *needs) {
    for (uint32_t i = 0; i < c->fallback_must_count && i < JZ_FALLBACK_MUSTS_MAX; i++)
        jz_needs_add(request->directory, &c->fallback_must[i], JZ_BIND_MUST, needs);
}

static uint64_t with_fallback(const struct jz_rank_request *request, uint64_t conditions, uint8_t kind) {
    uint64_t found = 0;
    for (uint64_t left = conditions; left; left &= left - 1)
        if (condition_at(request, left)->fallback == kind) found |= left & (~left + 1u);
    return found;
}

/* What remains to be needed where the team of some conditions goes to the patient. */
static void gather_without(const struct jz_rank_request *request, uint64_t team, uint64_t others,
                           struct jz_needs *out) {
    jz_needs_gather(request, request->conditions & ~(team | others), out);
    for (uint64_t left = team; left; left &= left - 1)
        add_fallback(request, condition_at(request, left), out);
}

/* As if fibrinolysis had not been decided: what primary PCI would take stays in sight. And where only obstetrics is
 * farther, the laboratory's time wins (11.2 R22). */
static uint64_t wire_of(const struct jz_rank_request *request, const struct jz_needs *needs,
                        const struct stemi *stemi, const struct jz_ranking *ranking) {
    uint64_t team = with_fallback(request, needs->active, JZ_FALLBACK_TEAM);
    struct soonest best = {0, 0};
    if (stemi->needle || team) {
        struct jz_needs there;
        gather_without(request, team, stemi->needle, &there);
        return soonest_for(request, &there).seconds;
    }
    for (uint32_t i = 0; i < ranking->candidate_count; i++) consider(&ranking->candidate[i], &best);
    return best.seconds;
}

/* Rows of 7.2 where T_wire is over 120 min, by what is known of the check list. */
static const struct {
    uint8_t what, row;
} beyond[] = {[JZ_LYSIS_UNANSWERED] = {JZ_REPERFUSION_ASK, 3},
              [JZ_LYSIS_CLEAR] = {JZ_REPERFUSION_LYSIS, 3},
              [JZ_LYSIS_RELATIVE] = {JZ_REPERFUSION_DISCUSS, 3},
              [JZ_LYSIS_CONTRAINDICATED] = {JZ_REPERFUSION_PCI_ANYWAY, 4},
              [JZ_LYSIS_LATE] = {JZ_REPERFUSION_PCI_ANYWAY, 5},
              [JZ_LYSIS_CONFIRMED] = {JZ_REPERFUSION_LYSIS, 3}};

static void advise_reperfusion(const struct jz_rank_request *request, const struct jz_needs *needs,
                               struct jz_ranking *out) {
    struct stemi found = find_stemi(request, needs), *stemi = &found;
    struct jz_reperfusion_advice *a = &out->reperfusion;
    if (!stemi->conditions) return;
    uint64_t wire = wire_of(request, needs, stemi, out);
    a->what = JZ_REPERFUSION_CANNOT_SAY;
    if (wire) {
        a->wire_s = jz_at_most_a_day(wire + request->since_t0_s);
        a->fmc_to_wire_s = jz_at_most_a_day(wire + request->elapsed_s);
        a->within_120 = a->wire_s <= JZ_WIRE_S_MAX;
        a->within_90 = a->fmc_to_wire_s <= JZ_FMC_TO_WIRE_S_MAX;
    }
    uint8_t lysis = request->lysis <= JZ_LYSIS_CONFIRMED ? request->lysis : JZ_LYSIS_UNANSWERED;
    if (stemi->shock) {
        a->what = JZ_REPERFUSION_PCI_ANYWAY;
        a->row = 1;
    } else if (a->within_120) {
        a->what = lysis == JZ_LYSIS_LATE ? JZ_REPERFUSION_PCI_ANYWAY : JZ_REPERFUSION_PCI;
        a->row = lysis == JZ_LYSIS_LATE ? 5 : 2;
    } else if (wire) {
        a->what = beyond[lysis].what;
        a->row = beyond[lysis].row;
    }
}

/* --- the way out (11.3.4; obstetric 14.3) -------------------------------------------------------------------------- */

/* Hospitals that satisfy the musts of the fallback, with an open emergency department. */
static uint32_t nearest_that_can(const struct jz_rank_request *request, const struct jz_needs *needs) {
    uint32_t best = UINT32_MAX;
    for (uint32_t f = 0; f < request->directory->facility_count; f++) {
        struct jz_fit fit;
        uint32_t s = request->travel->seconds[f];
        if (s == JZ_TRAVEL_NONE || (best != UINT32_MAX && s >= request->travel->seconds[best])) continue;
        jz_fit_facility(request, needs, f, &fit);
        if (fit.why == JZ_EXCLUDED_NONE && !(fit.flags & JZ_CANDIDATE_UNSURE)) best = f;
    }
    return best;
}

static uint32_t reach_s(uint8_t priority) {
    return priority <= 1 ? JZ_REACH_P1_S : JZ_REACH_S;
}

/* Why one condition asks for its way out, before the price of passing nearer hospitals is known. */
static uint8_t reason_of(const struct jz_rank_request *request, const struct jz_condition_info *c,
                         const struct jz_ranking *out) {
    const struct jz_candidate *first = &out->candidate[0];
    if (out->candidate_count == 0) return JZ_FALLBACK_BECAUSE_NOBODY;
    if (c->fallback == JZ_FALLBACK_LYSIS) {
        uint8_t what = out->reperfusion.what;
        bool lyse =
            what == JZ_REPERFUSION_LYSIS || what == JZ_REPERFUSION_DISCUSS || what == JZ_REPERFUSION_ASK;
        return lyse ? JZ_FALLBACK_BECAUSE_GOAL : JZ_FALLBACK_BECAUSE_NONE;
    }
    if (first->travel_s == JZ_TRAVEL_NONE) return JZ_FALLBACK_BECAUSE_NONE;
    if (c->goal_s && !jz_meets(c->goal_s, request->elapsed_s, first->travel_s, first->door_s))
        return JZ_FALLBACK_BECAUSE_GOAL;
    if (c->fallback == JZ_FALLBACK_STABILISE && first->treatment_s > reach_s(request->priority))
        return JZ_FALLBACK_BECAUSE_REACH;
    return JZ_FALLBACK_BECAUSE_NONE;
}

/* The loosest row of those that need a particular hospital; obstetric rows limit priority 1 only (14.3). */
static bool bypass_limit(const struct jz_rank_request *request, const struct jz_needs *needs,
                         uint32_t *limit_s) {
    bool limited = false;
    *limit_s = 0;
    for (uint64_t left = needs->active & ~needs->yielded; left; left &= left - 1) {
        const struct jz_condition_info *c = condition_at(request, left);
        if (c->must_count == 0) continue;
        if (!c->bypass_limited || (c->fallback == JZ_FALLBACK_STABILISE && request->priority > 1))
            return false;
        if (c->bypass_s > *limit_s) *limit_s = c->bypass_s;
        limited = true;
    }
    return limited;
}

/* The strongest kind among the conditions that `ask` for a way out, and what all of that kind need there. */
static uint8_t gather_fallback(const struct jz_rank_request *request, uint64_t ask, struct jz_needs *needs) {
    uint8_t kind = JZ_FALLBACK_NONE;
    for (uint64_t left = ask; left; left &= left - 1)
        if (condition_at(request, left)->fallback > kind) kind = condition_at(request, left)->fallback;
    jz_needs_begin(needs);
    needs->services = 1u << JZ_SERVICE_ED;
    for (uint64_t left = ask; left; left &= left - 1)
        if (condition_at(request, left)->fallback == kind)
            add_fallback(request, condition_at(request, left), needs);
    return kind;
}

static void set_fallback(struct jz_ranking *out, uint8_t kind, uint8_t why, uint32_t facility) {
    out->fallback = kind;
    out->fallback_why = why;
    out->fallback_facility = facility == UINT32_MAX ? JZ_FACILITY_NONE : (jz_facility_index)facility;
}

/* R22: the laboratory wins, and the obstetric team goes to the patient. */
static bool advise_team(const struct jz_rank_request *request, const struct jz_needs *needs,
                        struct jz_ranking *out) {
    uint64_t team = with_fallback(request, needs->active & ~needs->yielded, JZ_FALLBACK_TEAM);
    struct jz_needs there;
    if (!team || (out->candidate_count && out->goal != JZ_GOAL_UNMET)) return false;
    gather_without(request, team, 0, &there);
    struct soonest best = soonest_for(request, &there);
    uint64_t first = out->candidate_count ? predicted(&out->candidate[0]) : 0;
    if (best.seconds == 0 || (first && best.seconds >= first)) return false;
    set_fallback(out, JZ_FALLBACK_TEAM,
                 out->candidate_count ? JZ_FALLBACK_BECAUSE_GOAL : JZ_FALLBACK_BECAUSE_NOBODY, best.facility);
    return true;
}

/* A way out that is no nearer than the first candidate gains nothing - but for fibrinolysis, which gains the time from
 * needle to wire. */
static void advise_fallback(const struct jz_rank_request *request, const struct jz_needs *needs,
                            struct jz_ranking *out) {
    struct jz_needs there;
    uint64_t ask = 0, any = 0;
    uint8_t why = JZ_FALLBACK_BECAUSE_NONE;
    uint32_t limit_s;
    for (uint64_t left = needs->active & ~needs->yielded; left; left &= left - 1) {
        const struct jz_condition_info *c = condition_at(request, left);
        if (!c->fallback || c->fallback == JZ_FALLBACK_TEAM) continue;
        uint8_t reason = reason_of(request, c, out);
        any |= left & (~left + 1u);
        if (reason) ask |= left & (~left + 1u);
        if (reason && (!why || reason < why)) why = reason;
    }
    bool limited = bypass_limit(request, needs, &limit_s);
    if (!any || (!ask && !limited)) return;
    uint8_t kind = gather_fallback(request, ask ? ask : any, &there);
    uint32_t best = nearest_that_can(request, &there);
    uint32_t first_s = out->candidate_count ? out->candidate[0].travel_s : JZ_TRAVEL_NONE;
    if (kind == JZ_FALLBACK_LYSIS ? ask != 0 : why == JZ_FALLBACK_BECAUSE_NOBODY) {
        set_fallback(out, kind, why, best);
        return;
    }
    if (best == UINT32_MAX || first_s == JZ_TRAVEL_NONE || request->travel->seconds[best] >= first_s) return;
    uint32_t added_s = first_s - request->travel->seconds[best];
    if (!ask && added_s <= limit_s) return;
    set_fallback(out, kind, ask ? why : JZ_FALLBACK_BECAUSE_BYPASS, best);
}

/* --- what would change the order ----------------------------------------------------------------------------------- */

static void add_change(struct jz_ranking *out, struct jz_change change) {
    if (out->change_count == JZ_CHANGES_MAX) return;
    struct jz_change *to = &out->change[out->change_count++];
    to->facility = change.facility;
    to->kind = change.kind;
    to->why = change.why;
    to->service = change.service;
    to->seconds = change.seconds;
    to->capability = change.capability;
}

/* The least predicted time of those that compare with the first: where its tie begins. */
static uint32_t tie_begins(const struct jz_ranking *r) {
    uint8_t class = r->candidate[0].flags & (JZ_CANDIDATE_UNSURE | JZ_CANDIDATE_MEETS);
    uint32_t least = UINT32_MAX;
    for (uint32_t i = 0; i < r->candidate_count; i++) {
        const struct jz_candidate *c = &r->candidate[i];
        if ((c->flags & (JZ_CANDIDATE_UNSURE | JZ_CANDIDATE_MEETS)) != class || !c->travel_s) continue;
        uint32_t s = jz_effective_s(c, r->nearest);
        if (s < least) least = s;
    }
    return least;
}

/* The predicted time at which `b` comes before `a`, were they alike in meeting the goal; below 1: never. */
static int64_t turning_point(const struct jz_ranking *r, const struct jz_candidate *a,
                             const struct jz_candidate *b) {
    int64_t a_s = jz_effective_s(a, r->nearest);
    if (r->nearest || a->preferred == b->preferred) return b->facility < a->facility ? a_s : a_s - 1;
    if (b->preferred > a->preferred) return (int64_t)tie_begins(r) + JZ_PREFER_TIE_S;
    return a_s - JZ_PREFER_TIE_S - 1;
}

/* How much sooner the second must treat to come first. @return 0: no time would do */
static uint32_t margin(const struct jz_rank_request *request, const struct jz_ranking *r) {
    const struct jz_candidate *a = &r->candidate[0], *b = &r->candidate[1];
    bool other_class = (a->flags ^ b->flags) & JZ_CANDIDATE_UNSURE;
    if (other_class || !a->travel_s || !b->travel_s) return 0;
    int64_t point = turning_point(r, a, b);
    int64_t order = (int64_t)jz_effective_s(b, r->nearest) - point;
    int64_t goal = (int64_t)request->elapsed_s + b->travel_s + b->door_s - r->goal_s;
    bool a_meets = a->flags & JZ_CANDIDATE_MEETS, b_meets = b->flags & JZ_CANDIDATE_MEETS;
    bool full = b->flags & JZ_CANDIDATE_FULL, in_reach = point >= 1;
    if (order < 0) order = 0;
    if (a_meets && !b_meets) {
        if (full || !in_reach) return 0;
        order = goal > order ? goal : order;
    } else if (r->goal_s && !a_meets && !full && (goal < order || !in_reach)) {
        order = goal;
    } else if (!in_reach) {
        return 0;
    }
    return order >= 1 && order < b->treatment_s ? (uint32_t)order : 0;
}

static void change_by_margin(const struct jz_rank_request *request, struct jz_ranking *out) {
    uint32_t seconds = out->candidate_count > 1 ? margin(request, out) : 0;
    if (seconds)
        add_change(out, (struct jz_change){.facility = out->candidate[1].facility,
                                           .kind = JZ_CHANGE_MARGIN,
                                           .seconds = seconds,
                                           .capability = ""});
}

/* The soonest of the candidates that only doubtful places put behind the first. */
static void change_by_places(struct jz_ranking *out) {
    const struct jz_candidate *first = &out->candidate[0], *best = NULL;
    if (out->candidate_count == 0 || out->nearest) return;
    for (uint32_t i = 1; i < out->candidate_count; i++) {
        const struct jz_candidate *c = &out->candidate[i];
        bool doubtful = c->flags & (JZ_CANDIDATE_FULL | JZ_CANDIDATE_EXPIRED | JZ_CANDIDATE_UNKNOWN);
        if (!doubtful || !c->travel_s || c->treatment_s >= first->treatment_s) continue;
        if (!best || c->treatment_s < best->treatment_s) best = c;
    }
    if (best)
        add_change(out, (struct jz_change){.facility = best->facility,
                                           .kind = JZ_CHANGE_PLACES,
                                           .seconds = first->treatment_s - best->treatment_s,
                                           .capability = ""});
}

/* The soonest excluded hospital of each reason, the soonest of all first, where it would be sooner than the first. */
static void change_by_exclusion(const struct jz_rank_request *request, const struct jz_needs *needs,
                                struct jz_ranking *out) {
    uint32_t best_s[JZ_EXCLUDED_UNCONFIRMED + 1], best[JZ_EXCLUDED_UNCONFIRMED + 1];
    uint32_t first_s = out->candidate_count ? out->candidate[0].treatment_s : 0;
    memset(best_s, 0xff, sizeof best_s);
    memset(best, 0, sizeof best);
    if (out->candidate_count && !out->candidate[0].travel_s) return;
    for (uint32_t i = 0; i < out->exclusion_count; i++) {
        const struct jz_exclusion *x = &out->exclusion[i];
        uint32_t travel_s = jz_at_most_a_day(request->travel->seconds[x->facility]);
        if (travel_s == JZ_TRAVEL_NONE || travel_s >= best_s[x->why] || (first_s && travel_s >= first_s))
            continue;
        uint32_t s = jz_at_most_a_day((uint64_t)travel_s + jz_door_of(request, needs, x->facility).seconds);
        if (s >= best_s[x->why] || (first_s && s >= first_s)) continue;
        best_s[x->why] = s;
        best[x->why] = i;
    }
    for (uint32_t round = 0; round < JZ_CHANGES_MAX; round++) {
        uint32_t soonest = 0;
        for (uint32_t why = 1; why <= JZ_EXCLUDED_UNCONFIRMED; why++)
            if (best_s[why] < best_s[soonest]) soonest = why;
        if (best_s[soonest] == UINT32_MAX) return;
        const struct jz_exclusion *x = &out->exclusion[best[soonest]];
        add_change(out, (struct jz_change){.facility = x->facility,
                                           .kind = JZ_CHANGE_EXCLUDED,
                                           .why = x->why,
                                           .service = x->service,
                                           .seconds = first_s ? first_s - best_s[soonest] : best_s[soonest],
                                           .capability = x->capability});
        best_s[soonest] = UINT32_MAX;
    }
}

void jz_rank_advise(const struct jz_rank_request *request, const struct jz_needs *needs,
                    struct jz_ranking *out) {
    out->fallback_facility = JZ_FACILITY_NONE;
    if (!out->nearest) {
        advise_reperfusion(request, needs, out);
        if (!advise_team(request, needs, out)) advise_fallback(request, needs, out);
    }
    change_by_margin(request, out);
    change_by_places(out);
    change_by_exclusion(request, needs, out);
}
