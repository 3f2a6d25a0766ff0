/* SPDX-License-Identifier: Apache-2.0 */
/** @file rank.h  Which hospital: capability first, then predicted time to treatment. Pure.
 *
 *  Source: clinical-chest-pain 11, clinical-obstetric 14. Every facility appears exactly once in the result,
 *  as a candidate with its figures or as an exclusion with its reason. The order, and why, is in
 *  docs/routing.md. Integers only: the same request gives the same bytes on every machine. */
#ifndef JZ_RANK_H
#define JZ_RANK_H
#include "directory.h"
#include "travel.h"

#define JZ_PREFER_TIE_S 600u /**< prefer capabilities decide only within this (chest-pain 11.3.3, PROJ) */
#define JZ_TREATMENT_S_MAX 86400u /**< the wire's largest time; longer ones are shown as this */

/** The most lasting reason is the one given: what a hospital lacks, before what it said today. */
enum jz_exclusion_why {
    JZ_EXCLUDED_NONE,
    JZ_EXCLUDED_LACKS,
    JZ_EXCLUDED_DIVERTING,
    JZ_EXCLUDED_DECLINED,
    JZ_EXCLUDED_UNCONFIRMED
};
/** MET: the first candidate reaches the strictest goal. UNMET: it does not, or there is none. A hospital whose
 *  capability is unknown ranks after all known ones and never turns UNMET into MET before them. */
enum jz_goal { JZ_GOAL_NONE, JZ_GOAL_MET, JZ_GOAL_UNMET };

struct jz_rank_request {
    const struct jz_program *program;
    const struct jz_directory *directory;
    const struct jz_travel *travel;
    uint64_t conditions; /**< bits; 0: any facility with nothing required */
    uint64_t declined;   /**< bit per facility */
    uint64_t diverting;  /**< bit per facility */
    uint32_t elapsed_s;  /**< since first medical contact, for the goal */
};
struct jz_candidate {
    uint8_t facility, confirmed; /**< confirmed: every must-have is CONFIRMED */
    uint8_t preferred;           /**< how many prefer capabilities it has (confirmed or assumed) */
    uint8_t reserved;
    uint32_t travel_s, treatment_s, uncertainty_s; /**< treatment: travel + door to treatment, at most a day;
                                                        all 0 where the travel time is not known */
};
struct jz_exclusion {
    uint8_t facility, why;
    const char *capability; /**< "" unless LACKS or UNCONFIRMED; program's string */
};
struct jz_ranking {
    uint32_t candidate_count, exclusion_count;
    struct jz_candidate candidate[JZ_FACILITIES_MAX]; /**< best first; ties: facility index */
    struct jz_exclusion exclusion[JZ_FACILITIES_MAX]; /**< facility order */
    enum jz_goal goal;
};
/** Ranks every facility of the directory. Bounded by JZ_FACILITIES_MAX, JZ_CONDITIONS_MAX, JZ_CAPABILITIES_MAX.
 *  @param[out] out  Fully written; unused entries are zero. */
void jz_rank(const struct jz_rank_request *request, struct jz_ranking *out);

#endif /* JZ_RANK_H */
