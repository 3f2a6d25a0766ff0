/* SPDX-License-Identifier: Apache-2.0 */
/** @file marks.h  The newest record of every source: what makes a repeated key known without an index on
 * disk.
 *
 *  An open-addressing table in memory, rebuilt when the journal opens. A unique index on the hot table would
 * cost eight times the time and twenty times the log (performance.md, 5). A batch changes the table before
 * its commit and takes the changes back, newest first, if the commit fails. Threads: the loop thread.
 */
#ifndef JZ_MARKS_H
#define JZ_MARKS_H
#include <stdint.h>

#include "jingzhu/status.h"

/** Sources in all shards together: 4 Mi, 24 bytes each at most three quarters full (JZ_E_FULL beyond). */
#define JZ_SOURCES_MAX (4u * 1024u * 1024u)

struct jz_mark {
    uint64_t source;   /**< first eight bytes of the key */
    uint64_t sequence; /**< the highest stored */
    uint64_t place;    /**< shard << JZ_PLACE_SHIFT | its offset; all ones: the slot is free */
};
struct jz_marks {
    struct jz_mark *slot;
    uint32_t slot_count; /**< a power of two, or 0 */
    uint32_t used;
    uint64_t seed; /**< so that nobody can choose sources that collide */
};
struct jz_mark_undo {
    uint32_t slot;
    struct jz_mark old;
};

#define JZ_PLACE_SHIFT 48u
#define JZ_PLACE_OFFSET_MASK ((UINT64_C(1) << JZ_PLACE_SHIFT) - 1u)

void jz_marks_init(struct jz_marks *marks, uint64_t seed);
void jz_marks_deinit(struct jz_marks *marks);
/** Makes room for `extra` more sources. @retval JZ_E_FULL over JZ_SOURCES_MAX; JZ_E_MEMORY. The table is
 * unharmed. */
JZ_MUST_CHECK enum jz_status jz_marks_reserve(struct jz_marks *marks, uint32_t extra);
/** @return NULL: nothing stored from this source. Valid until the next reserve. */
const struct jz_mark *jz_marks_find(const struct jz_marks *marks, uint32_t shard, uint64_t source);
/** Room must have been reserved. `undo` is filled for jz_marks_undo. */
void jz_marks_set(struct jz_marks *marks, const struct jz_mark *mark, struct jz_mark_undo *undo);
/** Takes one change back. Changes go back newest first, with no reserve in between. */
void jz_marks_undo(struct jz_marks *marks, const struct jz_mark_undo *undo);

#endif /* JZ_MARKS_H */
