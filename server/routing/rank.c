/* SPDX-License-Identifier: Apache-2.0 */
/* The ranking in three straight steps: what the patient needs, which facilities qualify, in which order.
 *
 * Order. Each candidate gets a 64-bit key and the keys are sorted, so the order is total by construction (the
 * facility index is the last digit). First by certainty and travel time; then neighbours whose times are within
 * ten minutes of the fastest among them form a tie, in which `prefer` capabilities decide. A tie never spans
 * the time goal: a preference must not cost a patient the goal. */
#include "rank.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#define MENTIONS_MAX 8u /* must or prefer entries of one condition, struct jz_condition_info */

struct needs {
    uint32_t must_count, prefer; /* prefer: bit per capability index */
    uint32_t must_index[JZ_CAPABILITIES_MAX];
    const char *must[JZ_CAPABILITIES_MAX]; /* the program's strings, in the order conditions name them */
    bool unlisted;                         /* a must-have that the directory does not list at all */
    uint32_t door_s, goal_s;               /* goal_s 0: none */
};

struct fit {
    enum jz_exclusion_why why;
    const char *capability;
    bool confirmed, unknown;
};

static void add_musts(const struct jz_directory *directory, const struct jz_condition_info *condition,
                      uint32_t *seen, struct needs *needs) {
    for (uint32_t i = 0; i < condition->must_count && i < MENTIONS_MAX; i++) {
        uint32_t index = jz_directory_capability_index(directory, condition->must[i]);
        if (index == UINT32_MAX) {
            needs->unlisted = true;
            continue;
        }
        if (*seen >> index & 1u) continue;
        *seen |= 1u << index;
        needs->must_index[needs->must_count] = index;
        needs->must[needs->must_count++] = condition->must[i];
    }
}

static void add_prefers(const struct jz_directory *directory, const struct jz_condition_info *condition,
                        struct needs *needs) {
    for (uint32_t i = 0; i < condition->prefer_count && i < MENTIONS_MAX; i++) {
        uint32_t index = jz_directory_capability_index(directory, condition->prefer[i]);
        if (index != UINT32_MAX) needs->prefer |= 1u << index;
    }
}

static void gather(const struct jz_rank_request *request, struct needs *needs) {
    uint32_t count = jz_program_condition_count(request->program), seen = 0;
    memset(needs, 0, sizeof *needs);
    for (uint32_t c = 0; c < count && c < JZ_CONDITIONS_MAX; c++) {
        if (!(request->conditions >> c & 1u)) continue;
        const struct jz_condition_info *condition = jz_program_condition(request->program, c);
        add_musts(request->directory, condition, &seen, needs);
        add_prefers(request->directory, condition, needs);
        if (condition->door_s > needs->door_s) needs->door_s = condition->door_s;
        if (condition->goal_s && (!needs->goal_s || condition->goal_s < needs->goal_s))
            needs->goal_s = condition->goal_s;
    }
}

/* Only UNKNOWN stands between a simulation and a ranking; in live mode everything but CONFIRMED does. */
static bool unusable_live(const struct jz_directory *directory, uint8_t state) {
    return !directory->simulation && state != JZ_CAPABILITY_CONFIRMED;
}

static struct fit fit_of(const struct jz_directory *directory, const struct needs *needs, uint32_t facility) {
    struct fit fit = {JZ_EXCLUDED_NONE, "", !needs->unlisted, false};
    for (uint32_t i = 0; i < needs->must_count; i++) {
        uint8_t state = directory->facility[facility].capability[needs->must_index[i]];
        if (state == JZ_CAPABILITY_ABSENT)
            return (struct fit){JZ_EXCLUDED_LACKS, needs->must[i], false, false};
        if (fit.why == JZ_EXCLUDED_NONE && unusable_live(directory, state)) {
            fit.why = JZ_EXCLUDED_UNCONFIRMED;
            fit.capability = needs->must[i];
        }
        if (state != JZ_CAPABILITY_CONFIRMED) fit.confirmed = false;
        if (state != JZ_CAPABILITY_CONFIRMED && state != JZ_CAPABILITY_ASSUMED) fit.unknown = true;
    }
    return fit;
}

static struct fit judge(const struct jz_rank_request *request, const struct needs *needs, uint32_t facility) {
    struct fit fit = fit_of(request->directory, needs, facility);
    if (fit.why != JZ_EXCLUDED_NONE) return fit;
    if (request->declined >> facility & 1u)
        fit.why = JZ_EXCLUDED_DECLINED;
    else if (request->diverting >> facility & 1u)
        fit.why = JZ_EXCLUDED_DIVERTING;
    return fit;
}

static uint8_t preferred(const struct jz_facility *facility, uint32_t prefer) {
    uint8_t count = 0;
    for (uint32_t i = 0; i < JZ_CAPABILITIES_MAX; i++) {
        uint8_t state = facility->capability[i];
        bool has = state == JZ_CAPABILITY_CONFIRMED || state == JZ_CAPABILITY_ASSUMED;
        if ((prefer >> i & 1u) && has) count++;
    }
    return count;
}

static uint32_t at_most_a_day(uint64_t seconds) {
    return seconds < JZ_TREATMENT_S_MAX ? (uint32_t)seconds : JZ_TREATMENT_S_MAX;
}

static struct jz_candidate figures(const struct jz_rank_request *request, const struct needs *needs,
                                   uint32_t facility, bool confirmed) {
    struct jz_candidate c = {.facility = (uint8_t)facility, .confirmed = confirmed};
    c.preferred = preferred(&request->directory->facility[facility], needs->prefer);
    c.travel_s = at_most_a_day(request->travel->seconds[facility]);
    if (c.travel_s == JZ_TRAVEL_NONE) return c;
    c.treatment_s = at_most_a_day((uint64_t)c.travel_s + needs->door_s);
    c.uncertainty_s = at_most_a_day(request->travel->uncertainty_s[facility]);
    return c;
}

/* From travel_s, not from treatment_s, which stops at a day. */
static bool meets_goal(const struct jz_rank_request *request, const struct needs *needs, uint32_t travel_s) {
    if (needs->goal_s == 0 || travel_s == JZ_TRAVEL_NONE) return false;
    return (uint64_t)request->elapsed_s + travel_s + needs->door_s <= needs->goal_s;
}

/* Key, most significant first: certainty class (2 bits), group (8), 255 - preferred (8), travel_s (17 bits used),
 * facility (8). Bits below 8 are the facility; bits 8..31 the travel time. */
#define KEY_UNKNOWN ((uint64_t)1 << 63)
#define KEY_NO_TRAVEL ((uint64_t)1 << 62)
#define KEY_CLASS (KEY_UNKNOWN | KEY_NO_TRAVEL)

static uint64_t first_key(const struct jz_candidate *c, bool unknown) {
    uint64_t class = (unknown ? KEY_UNKNOWN : 0) | (c->travel_s == JZ_TRAVEL_NONE ? KEY_NO_TRAVEL : 0);
    return class | (uint64_t)c->travel_s << 8 | c->facility;
}

/* Insertion sort: at most 64 entries, nearly sorted the second time, no scratch memory. */
static void sort_by_key(uint64_t *key, struct jz_candidate *candidate, uint32_t count) {
    for (uint32_t i = 1; i < count; i++) {
        uint64_t k = key[i];
        struct jz_candidate c = candidate[i];
        uint32_t at = i;
        for (; at > 0 && key[at - 1u] > k; at--) {
            key[at] = key[at - 1u];
            candidate[at] = candidate[at - 1u];
        }
        key[at] = k;
        candidate[at] = c;
    }
}

/* Keys are sorted by class and time. Gives each candidate the number of its tie: a new one begins with a new
 * class, more than JZ_PREFER_TIE_S after the tie's fastest, or across the goal. */
static void group_ties(const struct jz_rank_request *request, const struct needs *needs, uint64_t *key,
                       const struct jz_candidate *candidate, uint32_t count) {
    uint64_t group = 0, class = 0;
    uint32_t fastest_s = 0;
    bool met = false;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t travel_s = candidate[i].travel_s;
        bool meets = meets_goal(request, needs, travel_s);
        if (i == 0 || (key[i] & KEY_CLASS) != class || travel_s > fastest_s + JZ_PREFER_TIE_S ||
            meets != met) {
            group++;
            class = key[i] & KEY_CLASS;
            fastest_s = travel_s;
            met = meets;
        }
        key[i] |= group << 48 | (uint64_t)(255u - candidate[i].preferred) << 40;
    }
}

static enum jz_goal goal_of(const struct jz_rank_request *request, const struct needs *needs,
                            const struct jz_ranking *ranking) {
    if (needs->goal_s == 0) return JZ_GOAL_NONE;
    if (ranking->candidate_count == 0) return JZ_GOAL_UNMET;
    return meets_goal(request, needs, ranking->candidate[0].travel_s) ? JZ_GOAL_MET : JZ_GOAL_UNMET;
}

/* Member by member: the padding stays zero, so that rankings can be compared as bytes. */
static void exclude(struct jz_ranking *out, uint32_t facility, const struct fit *fit) {
    struct jz_exclusion *x = &out->exclusion[out->exclusion_count++];
    x->facility = (uint8_t)facility;
    x->why = (uint8_t)fit->why;
    x->capability = fit->capability;
}

void jz_rank(const struct jz_rank_request *request, struct jz_ranking *out) {
    assert(request && out && request->program && request->directory && request->travel);
    assert(request->directory->facility_count <= JZ_FACILITIES_MAX);
    struct needs needs;
    uint64_t key[JZ_FACILITIES_MAX] = {0};
    memset(out, 0, sizeof *out);
    gather(request, &needs);
    for (uint32_t f = 0; f < request->directory->facility_count; f++) {
        struct fit fit = judge(request, &needs, f);
        if (fit.why != JZ_EXCLUDED_NONE) {
            exclude(out, f, &fit);
            continue;
        }
        struct jz_candidate c = figures(request, &needs, f, fit.confirmed);
        key[out->candidate_count] = first_key(&c, fit.unknown);
        out->candidate[out->candidate_count++] = c;
    }
    sort_by_key(key, out->candidate, out->candidate_count);
    group_ties(request, &needs, key, out->candidate, out->candidate_count);
    sort_by_key(key, out->candidate, out->candidate_count);
    out->goal = goal_of(request, &needs, out);
}
