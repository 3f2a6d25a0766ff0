/* SPDX-License-Identifier: Apache-2.0 */
/** @file tool_journal.h  A journal looked at by a tool: opened without making or changing one, and whose patient each of its
 *  records is about. */
#ifndef JZ_TOOL_JOURNAL_H
#define JZ_TOOL_JOURNAL_H
#include "core.h"
#include "journal.h"

#define JZ_TOOL_SHARD 0u
#define JZ_CASE_PREFIX_MIN 6u /**< hexadecimal digits: what people read aloud and copy */

/** Says on standard error what is wrong. @param what  The command's name @param dir  Folder with journal.db */
bool jz_tool_journal_is_there(const char *what, const char *dir);
JZ_MUST_CHECK enum jz_status jz_tool_journal_open(struct jz_journal **journal, const char *what,
                                                  const char *dir);
/** The limits of the process that wrote it, by its newest snapshot; else those of a server without a setting. */
struct jz_core_limits jz_tool_journal_limits(struct jz_journal *journal);

/** What a record without a patient's id may be about instead. */
enum jz_tool_about { JZ_ABOUT_NOTHING, JZ_ABOUT_ALERT, JZ_ABOUT_CONSULT, JZ_ABOUT_PROPOSAL };

/** Head of a record, and what it is about. Borrowed from the record's body. */
struct jz_tool_record {
    bool decision;
    uint64_t kind;            /**< of decision, or enum jz_event_kind */
    uint64_t number;          /**< of the decision */
    int64_t at_ms;            /**< server's clock: decided, or received */
    struct jz_bytes original; /**< frame as it came, payload of the others; of a decision its whole body */
    uint64_t frame_kind;      /**< 0: no frame */
    int64_t device_ms;        /**< the frame's own time; 0: none */
    uint64_t peer_kind, role; /**< enum jz_peer_kind, enum jz_role; of a frame */
    struct jz_text name, facility; /**< who sent the frame, or activated packs */
    int64_t clock_offset_ms, clock_uncertainty_ms;
    bool has_encounter, has_other;
    struct jz_encounter_id encounter, other; /**< other: the second patient an action names */
    enum jz_tool_about about;                /**< an answer, a receipt or a decision is about one */
    uint64_t about_number;
};
/** @return false: no record this version can read. */
bool jz_tool_record_read(const uint8_t *body, uint32_t bytes, struct jz_tool_record *out);

/** The patient whose id begins like this; says on standard error why there is none, or lists several.
 *  @return a process's exit code: 0 found, 1 none or several, 64 no such prefix, 70 the journal */
int jz_tool_case_find(struct jz_journal *journal, const char *what, const char *prefix,
                      struct jz_encounter_id *id);

#endif /* JZ_TOOL_JOURNAL_H */
