/* SPDX-License-Identifier: Apache-2.0 */
/** @file indicator_sum.h  Verdicts of a month's cases as the figures of a table. Integers only: the same cases give the same
 *  bytes on every machine. Pure but for memory. */
#ifndef JZ_INDICATOR_SUM_H
#define JZ_INDICATOR_SUM_H
#include "indicator.h"

#define JZ_SUM_CASES_MIN 5u    /**< fewer are "insufficient" (clinical-chest-pain 8.2) */
#define JZ_SUM_MISSING_PCT 10u /**< key nodes: at most this share missing (8.1) */

struct jz_sum {
    uint32_t n, within, running, missing, invalid, unclear, with_arrest;
    uint32_t timed, capacity; /**< of the n, those with an interval */
    int64_t total_s;
    int64_t *seconds; /**< ascending after jz_sum_close */
};

/** @return false: out of memory */
bool jz_sum_add(struct jz_sum *sum, const struct jz_verdict *verdict);
void jz_sum_close(struct jz_sum *sum);
void jz_sum_deinit(struct jz_sum *sum);

/** Nearest rank: the smallest value that at least `percent` of all do not exceed. @param count  at least 1 */
int64_t jz_nearest_rank(const int64_t *ascending, uint32_t count, uint32_t percent);
/** total / count of seconds in hundredths of a minute, half away from zero. */
int64_t jz_centiminutes(int64_t total_s, uint32_t count);
/** part / whole in tenths of a percent, half up. @param whole  at least 1 */
uint32_t jz_permille(uint32_t part, uint32_t whole);

enum jz_met { JZ_MET_NONE, JZ_MET_YES, JZ_MET_NO };
/** Against the goal; NONE: there is none for this arrival, or too few cases. */
enum jz_met jz_share_met(const struct jz_sum *sum, const struct jz_goal_row *goal, enum jz_arrival arrival);
enum jz_met jz_mean_met(const struct jz_sum *sum, const struct jz_indicator *indicator,
                        enum jz_arrival arrival);
/** @param before  of the calendar month before; NULL: none */
enum jz_met jz_rising(const struct jz_sum *sum, const struct jz_sum *before, const struct jz_goal_row *goal);
enum jz_met jz_missing_met(const struct jz_sum *sum);
/** Cases that should have both ends. */
uint32_t jz_sum_expected(const struct jz_sum *sum);

#endif /* JZ_INDICATOR_SUM_H */
