/* SPDX-License-Identifier: Apache-2.0 */
#include "indicator_sum.h"

#include <stdlib.h>

static bool add_seconds(struct jz_sum *sum, int64_t seconds) {
    if (sum->timed == sum->capacity) {
        uint32_t capacity = sum->capacity ? sum->capacity * 2u : 16u;
        int64_t *moved = realloc(sum->seconds, capacity * sizeof *moved);
        if (!moved) return false;
        sum->seconds = moved;
        sum->capacity = capacity;
    }
    sum->seconds[sum->timed++] = seconds;
    sum->total_s += seconds;
    return true;
}

bool jz_sum_add(struct jz_sum *sum, const struct jz_verdict *verdict) {
    sum->unclear += verdict->kind == JZ_UNCLEAR;
    sum->running += verdict->kind == JZ_RUNNING;
    sum->missing += verdict->kind == JZ_MISSING;
    sum->invalid += verdict->kind == JZ_INVALID;
    if (verdict->kind != JZ_COUNTED) return true;
    sum->n++;
    sum->within += verdict->within;
    sum->with_arrest += verdict->with_arrest;
    return verdict->seconds < 0 || add_seconds(sum, verdict->seconds);
}

static int ascending(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

void jz_sum_close(struct jz_sum *sum) {
    if (sum->timed) qsort(sum->seconds, sum->timed, sizeof *sum->seconds, ascending);
}

void jz_sum_deinit(struct jz_sum *sum) {
    free(sum->seconds);
    *sum = (struct jz_sum){.n = 0};
}

int64_t jz_nearest_rank(const int64_t *ascending_s, uint32_t count, uint32_t percent) {
    uint64_t rank = ((uint64_t)count * percent + 99u) / 100u;
    return ascending_s[rank ? rank - 1u : 0];
}

int64_t jz_centiminutes(int64_t total_s, uint32_t count) {
    int64_t scaled = total_s * 100, by = 60 * (int64_t)count;
    return scaled < 0 ? -((-scaled + by / 2) / by) : (scaled + by / 2) / by;
}

uint32_t jz_permille(uint32_t part, uint32_t whole) {
    return (uint32_t)(((uint64_t)part * 1000u + whole / 2u) / whole);
}

/* --- goals --------------------------------------------------------------------------------------------------------- */

static bool goal_is_for(const struct jz_goal_row *goal, enum jz_arrival arrival) {
    return goal && (!goal->arrivals || goal->arrivals & JZ_ARRIVAL_BIT(arrival));
}

static enum jz_met met(bool is) {
    return is ? JZ_MET_YES : JZ_MET_NO;
}

/* Shown shares are rounded; the comparison is not. */
enum jz_met jz_share_met(const struct jz_sum *sum, const struct jz_goal_row *goal, enum jz_arrival arrival) {
    if (!goal_is_for(goal, arrival) || !goal->share_pct || sum->n < JZ_SUM_CASES_MIN) return JZ_MET_NONE;
    uint64_t share = (uint64_t)sum->within * 100u, wanted = (uint64_t)goal->share_pct * sum->n;
    return met(goal->more_than ? share > wanted : share >= wanted);
}

enum jz_met jz_mean_met(const struct jz_sum *sum, const struct jz_indicator *indicator,
                        enum jz_arrival arrival) {
    const struct jz_goal_row *goal = indicator->goal;
    if (!goal_is_for(goal, arrival) || goal->mean == JZ_MEAN_FREE || !indicator->clock ||
        sum->n < JZ_SUM_CASES_MIN)
        return JZ_MET_NONE;
    int64_t wanted = (int64_t)indicator->clock->within_s * sum->n;
    return met(goal->mean == JZ_MEAN_BELOW ? sum->total_s < wanted : sum->total_s <= wanted);
}

enum jz_met jz_rising(const struct jz_sum *sum, const struct jz_sum *before, const struct jz_goal_row *goal) {
    if (!goal || !goal->rising || !before || sum->n < JZ_SUM_CASES_MIN || before->n < JZ_SUM_CASES_MIN)
        return JZ_MET_NONE;
    return met((uint64_t)sum->within * before->n > (uint64_t)before->within * sum->n);
}

uint32_t jz_sum_expected(const struct jz_sum *sum) {
    return sum->n + sum->invalid + sum->missing;
}

enum jz_met jz_missing_met(const struct jz_sum *sum) {
    uint32_t expected = jz_sum_expected(sum);
    if (expected < JZ_SUM_CASES_MIN) return JZ_MET_NONE;
    return met((uint64_t)sum->missing * 100u <= (uint64_t)JZ_SUM_MISSING_PCT * expected);
}
