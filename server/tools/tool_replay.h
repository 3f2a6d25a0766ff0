/* SPDX-License-Identifier: Apache-2.0 */
/** @file tool_replay.h  A journal's inputs through the core once more, from the first record, as `journal verify` does it:
 *  every decision on record must be the one the core makes now. Nothing is written. */
#ifndef JZ_TOOL_REPLAY_H
#define JZ_TOOL_REPLAY_H
#include "journal.h"
#include "world.h"

/** What has been replayed so far. */
struct jz_tool_replay {
    const struct jz_core *core;
    const struct jz_world *world; /**< packs and directory in force */
    uint64_t records, decisions;  /**< decisions: made again, and the same as on record */
};
/** One input that was applied, before its decisions are compared. */
struct jz_tool_replayed {
    uint64_t offset;
    const struct jz_event *event;
    const struct jz_outcome *outcome;
};
struct jz_tool_replay_calls {
    void *context;
    /** About to be applied at this time. May be NULL. @return false: out of memory, stop */
    bool (*before)(void *context, const struct jz_tool_replay *replay, const struct jz_event *event);
    bool (*after)(void *context, const struct jz_tool_replay *replay, const struct jz_tool_replayed *input);
    /** The last record is done, and the state is still there. May be NULL. */
    bool (*end)(void *context, const struct jz_tool_replay *replay);
};

/** Says on standard error what is wrong. @return a process's exit code: 0, 1 decisions differ or a record cannot be read,
 *  70 the journal or memory */
int jz_tool_replay(struct jz_journal *journal, const char *what, const struct jz_tool_replay_calls *calls);

#endif /* JZ_TOOL_REPLAY_H */
