/* SPDX-License-Identifier: Apache-2.0 */
/** @file rank_work.h  Inside a ranking: what the patient needs, and how a facility fits (private to routing). */
#ifndef JZ_RANK_WORK_H
#define JZ_RANK_WORK_H
#include "rank.h"

#define JZ_DOOR_KINDS (JZ_DOOR_CT + 1u)
#define JZ_GROUPS_MAX (JZ_CONDITIONS_MAX * JZ_MUSTS_MAX)

/** How a need binds. */
enum jz_bind {
    JZ_BIND_MUST,
    JZ_BIND_WISH,  /**< a must that yields: preferred */
    JZ_BIND_ONWARD /**< of a replaced condition: for the journey after this one */
};
struct jz_need {
    uint32_t mask; /**< bit per capability, of which one is enough; 0: the directory lists none of them */
    uint8_t bind;  /**< enum jz_bind */
    bool unlisted; /**< one of them is no key of the directory: excludes nobody, confirms nobody */
    const struct jz_alternatives *from; /**< the program's */
};
struct jz_needs {
    uint64_t active, replaced, yielded; /**< conditions; `active` without the other two's */
    uint32_t need_count;
    uint32_t prefer;                /**< bit per capability */
    uint32_t door_s[JZ_DOOR_KINDS]; /**< the longest planned one of each kind */
    uint32_t goal_s;                /**< 0: none */
    uint8_t goal_kind;
    bool nearest;
    uint16_t services; /**< who diverts one of these takes no such patient */
    uint16_t reserve, teams;
    struct jz_need need[JZ_GROUPS_MAX];
};
/** A facility, measured against needs. */
struct jz_fit {
    uint8_t why; /**< enum jz_exclusion_why */
    uint8_t service, flags;
    bool confirmed;
    uint8_t preferred;
    uint32_t missing;
    const char *capability;
};
struct jz_door {
    uint32_t seconds;
    uint16_t cases;
};

/** @param conditions  bits; those of request->conditions, or fewer */
void jz_needs_gather(const struct jz_rank_request *request, uint64_t conditions, struct jz_needs *out);
/** Needs of a fallback: the musts named, and an open emergency department. */
void jz_needs_begin(struct jz_needs *out);
void jz_needs_add(const struct jz_directory *directory, const struct jz_alternatives *from, enum jz_bind bind,
                  struct jz_needs *out);
void jz_fit_facility(const struct jz_rank_request *request, const struct jz_needs *needs, uint32_t facility,
                     struct jz_fit *out);
struct jz_door jz_door_of(const struct jz_rank_request *request, const struct jz_needs *needs,
                          uint32_t facility);
/** Time to treatment with what doubtful places may cost: what the order goes by. */
uint32_t jz_effective_s(const struct jz_candidate *c, bool nearest);
/** From travel and door, not from treatment_s, which stops at a day. */
bool jz_meets(uint32_t goal_s, uint32_t elapsed_s, uint32_t travel_s, uint32_t door_s);
uint32_t jz_at_most_a_day(uint64_t seconds);

/** rank_advice.c: fills reperfusion, fallback and change, once the order is made. */
void jz_rank_advise(const struct jz_rank_request *request, const struct jz_needs *needs,
                    struct jz_ranking *out);

#endif /* JZ_RANK_WORK_H */
