/* SPDX-License-Identifier: Apache-2.0 */
#include "marks.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_SLOTS 1024u
#define FREE_PLACE UINT64_MAX

void jz_marks_init(struct jz_marks *marks, uint64_t seed) {
    *marks = (struct jz_marks){.seed = seed};
}

void jz_marks_deinit(struct jz_marks *marks) {
    free(marks->slot);
    *marks = (struct jz_marks){0};
}

/* The finalizer of splitmix64: every input bit reaches every output bit. */
static uint64_t mixed(uint64_t value) {
    value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
    return value ^ (value >> 31);
}

/* The slot of the source, or the free slot where it belongs. At most three quarters are used, so one is free.
 */
static uint32_t slot_of(const struct jz_marks *marks, uint64_t shard, uint64_t source) {
    uint32_t mask = marks->slot_count - 1u;
    uint32_t i = (uint32_t)mixed(mixed(source ^ marks->seed) + shard) & mask;
    for (uint32_t probes = 0; probes <= mask; probes++, i = (i + 1u) & mask) {
        const struct jz_mark *mark = &marks->slot[i];
        if (mark->place == FREE_PLACE) break;
        if (mark->source == source && mark->place >> JZ_PLACE_SHIFT == shard) break;
    }
    return i;
}

static void move_marks(struct jz_marks *to, const struct jz_marks *from) {
    for (uint32_t i = 0; i < from->slot_count; i++) {
        const struct jz_mark *mark = &from->slot[i];
        if (mark->place == FREE_PLACE) continue;
        to->slot[slot_of(to, mark->place >> JZ_PLACE_SHIFT, mark->source)] = *mark;
    }
}

enum jz_status jz_marks_reserve(struct jz_marks *marks, uint32_t extra) {
    uint64_t wanted = (uint64_t)marks->used + extra;
    if (wanted > JZ_SOURCES_MAX) return JZ_E_FULL;
    if (wanted * 4u <= (uint64_t)marks->slot_count * 3u) return JZ_OK;
    struct jz_marks bigger = *marks;
    bigger.slot_count = marks->slot_count ? marks->slot_count : FIRST_SLOTS;
    while (wanted * 4u > (uint64_t)bigger.slot_count * 3u) bigger.slot_count *= 2u;
    bigger.slot = malloc(bigger.slot_count * sizeof *bigger.slot);
    if (!bigger.slot) return JZ_E_MEMORY;
    memset(bigger.slot, 0xff, bigger.slot_count * sizeof *bigger.slot);
    move_marks(&bigger, marks);
    free(marks->slot);
    *marks = bigger;
    return JZ_OK;
}

const struct jz_mark *jz_marks_find(const struct jz_marks *marks, uint32_t shard, uint64_t source) {
    if (marks->slot_count == 0) return NULL;
    const struct jz_mark *mark = &marks->slot[slot_of(marks, shard, source)];
    return mark->place == FREE_PLACE ? NULL : mark;
}

void jz_marks_set(struct jz_marks *marks, const struct jz_mark *mark, struct jz_mark_undo *undo) {
    assert(marks->slot_count > 0 && mark->place != FREE_PLACE);
    undo->slot = slot_of(marks, mark->place >> JZ_PLACE_SHIFT, mark->source);
    undo->old = marks->slot[undo->slot];
    if (undo->old.place == FREE_PLACE) marks->used++;
    marks->slot[undo->slot] = *mark;
}

void jz_marks_undo(struct jz_marks *marks, const struct jz_mark_undo *undo) {
    if (undo->old.place == FREE_PLACE) marks->used--;
    marks->slot[undo->slot] = undo->old;
}
