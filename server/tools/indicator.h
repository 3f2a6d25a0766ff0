/* SPDX-License-Identifier: Apache-2.0 */
/** @file indicator.h  The indicators of a report as tables.
 *
 *  An interval is a clock rule of the packs: its ends, its target, its population and its source are stated there and
 *  nowhere else. Here stands what a clock of one case cannot say: which share of a month's cases must be within it, and
 *  indicators that are no interval. Source: clinical-chest-pain 8, clinical-obstetric 16. Pure. */
#ifndef JZ_INDICATOR_H
#define JZ_INDICATOR_H
#include "indicator_case.h"

/** What a case is to an indicator. */
enum jz_verdict_kind {
    JZ_NOT_COUNTED,
    JZ_UNCLEAR, /**< both ends are known, and not whether the pathway applies */
    JZ_RUNNING, /**< counted once the case has ended, or the end is on record */
    JZ_MISSING, /**< the case ended and an end was never recorded */
    JZ_INVALID, /**< an end before its beginning, or more than 24 h after it: excluded and counted (8.2) */
    JZ_COUNTED
};
struct jz_verdict {
    enum jz_verdict_kind kind;
    int64_t seconds;  /**< COUNTED: of an interval; -1: none is measured */
    bool within;      /**< COUNTED: in time, or done */
    bool with_arrest; /**< a cardiac arrest between the ends: tagged, not deleted (8.2) */
};

enum jz_mean_goal { JZ_MEAN_FREE, JZ_MEAN_BELOW, JZ_MEAN_AT_MOST }; /**< against the interval's own target */

/** What a month's cases must reach. */
struct jz_goal_row {
    const char *clock; /**< id of a clock rule of the packs */
    uint8_t share_pct; /**< 0: none */
    bool more_than;    /**< the share must be exceeded; else reached */
    bool rising;       /**< more than in the month before */
    uint8_t mean;      /**< enum jz_mean_goal */
    uint8_t arrivals;  /**< bits of enum jz_arrival the goal is for; 0: all */
    const char *source, *mark;
};

/** An indicator that is no interval of the packs: a share of cases. */
struct jz_count_row {
    const char *id, *set, *zh, *en;
    struct jz_verdict (*judge)(const struct jz_cases *cases, const struct jz_case *item);
    const char *needs[2];        /**< fields without which it is not recorded at all */
    struct jz_goal_row goal;     /**< `clock` NULL */
    const char *why_zh, *why_en; /**< "" where it is computed; else why not */
};

/** One indicator, whichever table it is from. */
struct jz_indicator {
    const char *id, *set, *zh, *en, *source, *mark;
    const struct jz_clock_row *clock;    /**< NULL: a count */
    const struct jz_count_row *count;    /**< NULL: an interval */
    const struct jz_goal_row *goal;      /**< NULL: none */
    const char *missing_zh, *missing_en; /**< why it cannot be computed; "": it can */
};

/** All of them, by set and id. @param[out] out  malloc'ed, for the caller to free; NULL: out of memory */
uint32_t jz_indicators(const struct jz_cases *cases, struct jz_indicator **out);
struct jz_verdict jz_judge(const struct jz_indicator *indicator, const struct jz_cases *cases,
                           const struct jz_case *item);

#endif /* JZ_INDICATOR_H */
