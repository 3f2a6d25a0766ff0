/* SPDX-License-Identifier: Apache-2.0 */
/* From what the recorder sent to what can be believed (clinical-obstetric 9.2): gate, islands, two channels, the
 * mother's rate, short gaps. */
#include <string.h>

#include "work.h"

#define ISLAND_SHORT (5u * CTG_SECOND) /* shorter, before a gap longer than this */
#define ISLAND_LONG (30u * CTG_SECOND) /* shorter, and off by ISLAND_JUMP the same way at both ends */
#define ISLAND_JUMP_X10 250
#define MOTHER_NEAR_X10 50
#define MOTHER_FOR (30u * CTG_SECOND)
/* Without a pair to compare for this long the stretch ends: as long as an island's gap. */
#define MOTHER_GAP (5u * CTG_SECOND)

static bool jumps(int32_t from, int32_t to) {
    return ctg_abs(to - from) > ISLAND_JUMP_X10;
}

/* A run ends at a loss or at a jump: halving and doubling often come without a gap. */
static uint32_t run_end(const int16_t *rate, uint32_t start, uint32_t length) {
    uint32_t end = start + 1;
    while (end < length && rate[end] && !jumps(rate[end - 1], rate[end])) end++;
    return end;
}

static bool is_island(const int16_t *rate, uint32_t start, uint32_t end, uint32_t next, uint32_t length,
                      int32_t before) {
    if (end - start < ISLAND_SHORT && next - end > ISLAND_SHORT) return true;
    if (end - start >= ISLAND_LONG || !before || next == length) return false;
    int32_t in = rate[start] - before, out = rate[end - 1] - rate[next];
    return (in > ISLAND_JUMP_X10 && out > ISLAND_JUMP_X10) ||
           (in < -ISLAND_JUMP_X10 && out < -ISLAND_JUMP_X10);
}

static void gate(const int16_t *raw, int16_t *rate, uint32_t length) {
    for (uint32_t i = 0; i < length; i++)
        rate[i] = raw[i] < CTG_GATE_LOW_X10 || raw[i] > CTG_GATE_HIGH_X10 ? JZ_CTG_LOSS : raw[i];
}

static void drop_islands(int16_t *rate, uint32_t length) {
    int32_t before = 0;
    for (uint32_t start = 0; start < length;) {
        if (!rate[start]) {
            start++;
            continue;
        }
        uint32_t end = run_end(rate, start, length), next = end;
        while (next < length && !rate[next]) next++;
        if (is_island(rate, start, end, next, length, before))
            memset(rate + start, 0, (end - start) * sizeof *rate);
        else
            before = rate[end - 1];
        start = next;
    }
}

/* Two channels of one child: the higher one, as a channel in trouble counts half or nothing. */
static void join_channels(int16_t *rate, const int16_t *other, uint32_t length) {
    for (uint32_t i = 0; i < length; i++)
        if (other[i] > rate[i]) rate[i] = other[i];
}

static void drop_mother(struct jz_ctg *ctg, uint32_t start, uint32_t end) {
    if (end - start < MOTHER_FOR) return;
    for (uint32_t i = start; i < end; i++) {
        ctg->rate[i] = JZ_CTG_LOSS;
        ctg->flags[i] |= CTG_MATERNAL;
    }
}

/* Stretches [start, end) from the first to the last pair that agrees; a pair that differs ends one. */
static void check_mother(struct jz_ctg *ctg) {
    uint32_t start = 0, end = 0;
    for (uint32_t i = 0; i < ctg->length; i++) {
        int32_t mother = ctg->mother[i];
        bool pair = ctg->rate[i] && mother >= CTG_GATE_LOW_X10 / 2;
        bool near = pair && ctg_abs(ctg->rate[i] - mother) <= MOTHER_NEAR_X10;
        bool ends = pair ? !near : i - end >= MOTHER_GAP;
        if (ends && end > start) {
            drop_mother(ctg, start, end);
            start = end = 0;
        }
        if (near) {
            if (end == start) start = i;
            end = i + 1;
        }
    }
    if (end > start) drop_mother(ctg, start, end);
}

static void bridge(int16_t *rate, uint32_t start, uint32_t end) {
    int32_t from = rate[start - 1], rise = rate[end] - from, steps = (int32_t)(end - start + 1);
    for (uint32_t i = start; i < end; i++)
        rate[i] = (int16_t)(from + rise * (int32_t)(i - start + 1) / steps);
}

static void count_and_bridge(struct jz_ctg *ctg) {
    uint32_t gap = 0; /* start of the one under way */
    bool seen = false;
    for (uint32_t i = 0; i < ctg->length; i++) {
        uint32_t m = i / CTG_MINUTE;
        if (ctg->flags[i] & CTG_MATERNAL) ctg->from_mother[m]++;
        if (!ctg->rate[i]) continue;
        ctg->flags[i] |= CTG_READ;
        ctg->read[m]++;
        if (seen && i > gap && i - gap <= CTG_BRIDGE) bridge(ctg->rate, gap, i);
        seen = true;
        gap = i + 1;
    }
}

void ctg_condition(struct jz_ctg *ctg) {
    uint32_t n = ctg->length;
    ctg->minutes = (n + CTG_MINUTE - 1) / CTG_MINUTE;
    memset(ctg->flags, 0, n);
    memset(ctg->read, 0, sizeof ctg->read);
    memset(ctg->from_mother, 0, sizeof ctg->from_mother);
    gate(ctg->raw[0], ctg->rate, n);
    drop_islands(ctg->rate, n);
    gate(ctg->raw[1], ctg->smooth, n);
    drop_islands(ctg->smooth, n);
    join_channels(ctg->rate, ctg->smooth, n);
    check_mother(ctg);
    count_and_bridge(ctg);
}
