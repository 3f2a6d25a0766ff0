/* SPDX-License-Identifier: Apache-2.0 */
/* What the patient needs, and how a facility fits. Capabilities are bits, so that a need with alternatives is one mask
 * and one look at a facility. */
#include <assert.h>
#include <string.h>

#include "rank_work.h"

/* --- needs -------------------------------------------------------------------------------------------------------- */

void jz_needs_begin(struct jz_needs *out) {
    memset(out, 0, offsetof(struct jz_needs, need));
}

static bool is_there(const struct jz_needs *needs, const struct jz_need *need) {
    for (uint32_t i = 0; i < needs->need_count; i++) {
        const struct jz_need *other = &needs->need[i];
        if (other->mask == need->mask && other->bind == need->bind && other->unlisted == need->unlisted)
            return true;
    }
    return false;
}

void jz_needs_add(const struct jz_directory *directory, const struct jz_alternatives *from, enum jz_bind bind,
                  struct jz_needs *out) {
    struct jz_need need = {.bind = (uint8_t)bind, .from = from};
    for (uint32_t i = 0; i < from->count && i < JZ_ALTERNATIVES_MAX; i++) {
        uint32_t index = jz_directory_capability_index(directory, from->key[i]);
        if (index == UINT32_MAX)
            need.unlisted = true;
        else
            need.mask |= 1u << index;
    }
    bool one = need.mask && !(need.mask & (need.mask - 1u)) && !need.unlisted;
    if (bind == JZ_BIND_WISH && one)
        out->prefer |= need.mask;
    else if (out->need_count < JZ_GROUPS_MAX && !is_there(out, &need))
        out->need[out->need_count++] = need;
}

static void add_musts(const struct jz_rank_request *request, const struct jz_condition_info *condition,
                      enum jz_bind bind, struct jz_needs *out) {
    for (uint32_t i = 0; i < condition->must_count && i < JZ_MUSTS_MAX; i++)
        jz_needs_add(request->directory, &condition->must[i], bind, out);
}

static void add_prefers(const struct jz_rank_request *request, const struct jz_condition_info *condition,
                        struct jz_needs *out) {
    for (uint32_t i = 0; i < condition->prefer_count && i < JZ_MUSTS_MAX; i++) {
        uint32_t index = jz_directory_capability_index(request->directory, condition->prefer[i]);
        if (index != UINT32_MAX) out->prefer |= 1u << index;
    }
}

/* Goal, door and diversions of a condition that binds. */
static void add_times(const struct jz_condition_info *condition, struct jz_needs *out) {
    uint8_t kind = condition->door_kind < JZ_DOOR_KINDS ? condition->door_kind : JZ_DOOR_NONE;
    if (condition->door_s > out->door_s[kind]) out->door_s[kind] = condition->door_s;
    out->services |= condition->services;
    if (condition->goal_s == 0 || (out->goal_s && condition->goal_s >= out->goal_s)) return;
    out->goal_s = condition->goal_s;
    out->goal_kind = kind;
}

/* @return whether the condition binds: its musts exclude, its goal counts */
static bool add_condition(const struct jz_rank_request *request, const struct jz_condition_info *condition,
                          struct jz_needs *out) {
    bool yields = condition->fetal && request->priority == 1;
    bool binds = out->nearest ? condition->nearest : !yields;
    out->reserve |= condition->services;
    out->teams |= condition->teams;
    add_musts(request, condition, binds ? JZ_BIND_MUST : JZ_BIND_WISH, out);
    add_prefers(request, condition, out);
    if (binds) add_times(condition, out);
    return binds || !yields;
}

static uint64_t present(const struct jz_program *program, uint64_t conditions) {
    uint32_t count = jz_program_condition_count(program);
    return count < 64u ? conditions & ((UINT64_C(1) << count) - 1u) : conditions;
}

static const struct jz_condition_info *condition_at(const struct jz_rank_request *request, uint64_t bits) {
    return jz_program_condition(request->program, (uint32_t)__builtin_ctzll(bits));
}

void jz_needs_gather(const struct jz_rank_request *request, uint64_t conditions, struct jz_needs *out) {
    uint64_t all = present(request->program, conditions), replaced = 0;
    jz_needs_begin(out);
    for (uint64_t left = all; left; left &= left - 1) replaced |= condition_at(request, left)->replaces;
    out->replaced = all & replaced;
    out->active = all & ~replaced;
    for (uint64_t left = out->active; left; left &= left - 1)
        if (condition_at(request, left)->nearest) out->nearest = true;
    for (uint64_t left = out->active; left; left &= left - 1)
        if (!add_condition(request, condition_at(request, left), out)) out->yielded |= left & (~left + 1u);
    for (uint64_t left = out->replaced; left; left &= left - 1)
        add_musts(request, condition_at(request, left), JZ_BIND_ONWARD, out);
    if (!all) out->services = 1u << JZ_SERVICE_ED;
    if (out->nearest) out->services = 1u << JZ_SERVICE_ED; /* a full ward is no reason to pass it by */
}

/* --- fit ---------------------------------------------------------------------------------------------------------- */

/* What a facility can do, a bit a capability; in none of them: absent. */
struct states {
    uint32_t confirmed, assumed, expired, unknown;
};

static struct states states_of(const struct jz_rank_request *request, uint32_t facility) {
    const struct jz_live_facility *live = request->live ? &request->live->of[facility] : NULL;
    const uint8_t *capability = live ? live->capability : request->directory->facility[facility].capability;
    uint32_t by_state[JZ_CAPABILITY_UNKNOWN + 1] = {0};
    for (uint32_t i = 0; i < request->directory->capability_count; i++)
        by_state[capability[i] < JZ_CAPABILITY_UNKNOWN ? capability[i] : JZ_CAPABILITY_UNKNOWN] |= 1u << i;
    uint32_t expired = live ? live->capability_expired & ~by_state[JZ_CAPABILITY_ABSENT] : 0;
    return (struct states){.confirmed = by_state[JZ_CAPABILITY_CONFIRMED] & ~expired,
                           .assumed = by_state[JZ_CAPABILITY_ASSUMED] & ~expired,
                           .expired = expired,
                           .unknown = by_state[JZ_CAPABILITY_UNKNOWN] & ~expired};
}

/* The first alternative that lies in `mask`, else the first at all. */
static const char *name_of(const struct jz_directory *directory, const struct jz_need *need, uint32_t mask) {
    if (need->from->count == 1) return need->from->key[0];
    for (uint32_t i = 0; i < need->from->count && i < JZ_ALTERNATIVES_MAX; i++) {
        uint32_t index = jz_directory_capability_index(directory, need->from->key[i]);
        if (index != UINT32_MAX && (mask >> index & 1u)) return need->from->key[i];
    }
    return need->from->key[0];
}

/* Only UNKNOWN stands between a simulation and a ranking; in live mode everything that was never confirmed does. */
static void fit_must(const struct jz_directory *directory, const struct jz_need *need,
                     const struct states *states, struct jz_fit *fit) {
    uint32_t known = states->confirmed | (directory->simulation ? states->assumed : 0);
    uint32_t open = states->unknown | (directory->simulation ? 0 : states->assumed);
    if (need->mask & states->confirmed) return;
    fit->confirmed = false;
    if (need->mask & known) return;
    if (need->mask & states->expired) {
        fit->flags |= JZ_CANDIDATE_EXPIRED;
        return;
    }
    if (need->unlisted) return;
    if (!(need->mask & open)) {
        fit->why = JZ_EXCLUDED_LACKS;
        fit->capability = name_of(directory, need, need->mask);
    } else if (directory->simulation) {
        fit->flags |= JZ_CANDIDATE_UNSURE;
    } else if (fit->why == JZ_EXCLUDED_NONE) {
        fit->why = JZ_EXCLUDED_UNCONFIRMED;
        fit->capability = name_of(directory, need, open);
    }
}

static void fit_wish(const struct jz_need *need, uint32_t has, struct jz_fit *fit) {
    uint32_t first = need->mask & (~need->mask + 1u);
    if (need->mask & has)
        fit->preferred++;
    else
        fit->missing |= first;
}

static void fit_needs(const struct jz_rank_request *request, const struct jz_needs *needs,
                      const struct states *states, struct jz_fit *fit) {
    uint32_t has = states->confirmed | states->assumed, may = has | states->expired;
    for (uint32_t i = 0; i < needs->need_count; i++) {
        const struct jz_need *need = &needs->need[i];
        if (need->bind == JZ_BIND_MUST) {
            fit_must(request->directory, need, states, fit);
            if (fit->why == JZ_EXCLUDED_LACKS) return;
        } else if (need->bind == JZ_BIND_WISH) {
            fit_wish(need, has, fit);
        } else if (!(need->mask & may)) {
            fit->flags |= JZ_CANDIDATE_ONWARD;
        }
    }
    fit->preferred = (uint8_t)(fit->preferred + __builtin_popcount(needs->prefer & has));
    fit->missing |= needs->prefer & ~has;
}

/* @return the service that is diverted, or NONE; sets what is doubtful of the others */
static uint8_t fit_services(const struct jz_rank_request *request, uint16_t services, uint32_t facility,
                            struct jz_fit *fit) {
    if (!request->live) return JZ_SERVICE_NONE;
    const struct jz_live_facility *live = &request->live->of[facility];
    for (uint32_t s = JZ_SERVICE_NONE + 1; s < JZ_SERVICE_COUNT; s++) {
        if (!(services >> s & 1u)) continue;
        if (live->service[s] == JZ_LIVE_DIVERTING) return (uint8_t)s;
        if (live->service_expired >> s & 1u)
            fit->flags |= JZ_CANDIDATE_EXPIRED;
        else if (live->service[s] == JZ_LIVE_FULL)
            fit->flags |= JZ_CANDIDATE_FULL;
        else if (live->service[s] != JZ_LIVE_OPEN)
            fit->flags |= JZ_CANDIDATE_UNKNOWN;
    }
    return JZ_SERVICE_NONE;
}

void jz_fit_facility(const struct jz_rank_request *request, const struct jz_needs *needs, uint32_t facility,
                     struct jz_fit *out) {
    struct states states = states_of(request, facility);
    *out = (struct jz_fit){.confirmed = true, .capability = ""};
    if (request->adult && request->directory->facility[facility].children_only) {
        out->why = JZ_EXCLUDED_LACKS;
        out->capability = JZ_TAKES_ADULTS;
        return;
    }
    fit_needs(request, needs, &states, out);
    if (out->why != JZ_EXCLUDED_NONE) return;
    uint8_t diverted = fit_services(request, needs->services, facility, out);
    if (jz_facility_set_has(&request->declined, facility)) {
        out->why = JZ_EXCLUDED_DECLINED;
    } else if (diverted || jz_facility_set_has(&request->diverting, facility)) {
        out->why = JZ_EXCLUDED_DIVERTING;
        out->service = diverted;
    }
}

/* --- times -------------------------------------------------------------------------------------------------------- */

/* Kinds of a record that hospitals keep; the others are planned. */
static const uint8_t figure_of[JZ_DOOR_KINDS] = {JZ_FIGURE_KINDS, JZ_FIGURE_WIRE, JZ_FIGURE_NEEDLE,
                                                 JZ_FIGURE_DELIVERY, JZ_FIGURE_CT};

struct jz_door jz_door_of(const struct jz_rank_request *request, const struct jz_needs *needs,
                          uint32_t facility) {
    struct jz_door longest = {0};
    for (uint32_t kind = 0; kind < JZ_DOOR_KINDS; kind++) {
        struct jz_door door = {.seconds = needs->door_s[kind]};
        if (door.seconds == 0) continue;
        if (request->figures && kind != JZ_DOOR_NONE) {
            struct jz_figure_quantile own = jz_figures_quantile(
                request->figures, facility, (enum jz_figure_kind)figure_of[kind], request->today);
            if (own.seconds) door = (struct jz_door){own.seconds, (uint16_t)own.cases};
        }
        if (door.seconds > longest.seconds) longest = door;
    }
    return longest;
}

uint32_t jz_at_most_a_day(uint64_t seconds) {
    return seconds < JZ_TREATMENT_S_MAX ? (uint32_t)seconds : JZ_TREATMENT_S_MAX;
}

bool jz_meets(uint32_t goal_s, uint32_t elapsed_s, uint32_t travel_s, uint32_t door_s) {
    if (goal_s == 0 || travel_s == JZ_TRAVEL_NONE) return false;
    return (uint64_t)elapsed_s + travel_s + door_s <= goal_s;
}

uint32_t jz_effective_s(const struct jz_candidate *c, bool nearest) {
    if (nearest) return c->travel_s;
    if (c->flags & JZ_CANDIDATE_FULL) return c->treatment_s + JZ_DOUBT_FULL_S;
    bool doubtful = c->flags & (JZ_CANDIDATE_EXPIRED | JZ_CANDIDATE_UNKNOWN);
    return c->treatment_s + (doubtful ? JZ_DOUBT_UNKNOWN_S : 0);
}
