/* SPDX-License-Identifier: Apache-2.0 */
/** @file assign.h  Several patients, and not enough cots, laboratories or theatres for all: who goes where. Pure.
 *
 *  Exact: of all ways to place the patients it gives the one in which the most urgent lose least. Levels of urgency are
 *  compared first by the most urgent: no gain of a less urgent patient is paid for with a second of a more urgent
 *  one. Within a level the sum of the times to treatment counts, and a patient without a place counts more than any time.
 *  Beside it stands the greedy answer (each in turn takes the best that is left), which is what happens when nobody
 *  looks at all patients at once; a screen shows both. Ties go to the lower facility index, so the answer is the
 *  same on every machine.
 */
#ifndef JZ_ASSIGN_H
#define JZ_ASSIGN_H
#include <stdbool.h>
#include <stdint.h>

#include "rank.h"

#define JZ_ASSIGN_PATIENTS_MAX 16u /**< who compete with one another; more are taken in turn by the caller */
#define JZ_ASSIGN_PRIORITIES 5u
#define JZ_ASSIGN_EXCLUDED UINT32_MAX
#define JZ_ASSIGN_NOWHERE JZ_FACILITY_NONE

struct jz_assign_patient {
    uint8_t priority; /**< 1 (most urgent) .. JZ_ASSIGN_PRIORITIES */
    uint32_t
        seconds[JZ_FACILITIES_MAX]; /**< predicted time to treatment, at most a day; JZ_ASSIGN_EXCLUDED */
};
struct jz_assign_request {
    uint32_t patient_count, facility_count;
    struct jz_assign_patient patient[JZ_ASSIGN_PATIENTS_MAX]; /**< in the order in which greedy serves them */
    uint8_t places[JZ_FACILITIES_MAX];                        /**< free at each facility; 0: none */
};
struct jz_assign_plan {
    jz_facility_index facility[JZ_ASSIGN_PATIENTS_MAX]; /**< index, or JZ_ASSIGN_NOWHERE */
    uint32_t unplaced[JZ_ASSIGN_PRIORITIES];            /**< patients of priority 1, 2, ... without a place */
    uint64_t seconds[JZ_ASSIGN_PRIORITIES];             /**< sum over the placed ones */
};
struct jz_assignment {
    struct jz_assign_plan best, greedy;
    bool differs; /**< the two place somebody differently */
};

/** @param[out] out  Fully written. Bounded: facilities times patients squared, whatever their places. */
void jz_assign(const struct jz_assign_request *request, struct jz_assignment *out);
/** -1: a is better, 0: equally good, 1: b is better. */
int jz_assign_compare(const struct jz_assign_plan *a, const struct jz_assign_plan *b);

/** Who competes for one service: a request from each patient's own ranking. A candidate without a travel time counts as a
 *  day away: a place, and the last choice. What is excluded in a ranking is excluded here.
 *  @param ranking   one a patient, over the same directory; borrowed
 *  @param priority  of each; 0 or above JZ_ASSIGN_PRIORITIES (not known) counts as 1
 *  @param count     at most JZ_ASSIGN_PATIENTS_MAX
 *  @param places    free places by facility; below 0 (over-booked) is none, above 255 is 255
 *  @param[out] out  Fully written. */
void jz_assign_prepare(const struct jz_ranking *const *ranking, const uint8_t *priority, uint32_t count,
                       const int32_t places[JZ_FACILITIES_MAX], uint32_t facility_count,
                       struct jz_assign_request *out);

#endif /* JZ_ASSIGN_H */
