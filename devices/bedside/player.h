/* SPDX-License-Identifier: Apache-2.0 */
/** @file player.h  Plays a plan as a patient: story time against the wall clock, and where it stopped.
 *
 *  Times    A frame's time is the patient's: start + story time. Rules ask how old a value is, so the default start
 *           puts the story's last `await` (or its end) at the moment it is reached: played at speed n, earlier
 *           frames lie before now with their true distances. A time never lies after the wall clock: what is played
 *           faster than it happened after that point is stamped with the moment it was sent. An explicit start is
 *           taken as it is.
 *  Waiting  `await accepted` stops the story's clock. The close waits until all before it is acknowledged, because
 *           its lane overtakes theirs.
 *  Resume   Cursor, start and encounter are the note that is committed with the frames: both or neither.
 *  Purity   player.c reads recordings, nothing else; times are arguments.
 */
#ifndef JZ_PLAYER_H
#define JZ_PLAYER_H
#include "emit.h"

#define JZ_PLAYER_NOTE_BYTES 40u
#define JZ_PLAYER_SPEED_MAX 3600u

struct jz_player {
    struct jz_story *story;
    const struct jz_plan *plan;
    uint32_t speed;
    uint32_t cursor;  /**< emissions done */
    int64_t start_ms; /**< utc of story time 0 */
    bool exact;       /**< an explicit start: no capping */
    bool accepted;    /**< a directive said so */
    struct jz_encounter_id encounter;
    int64_t anchor_mono_ms; /**< when the story's clock stood at anchor_story_ms */
    int64_t anchor_story_ms;
    bool waiting;
    int64_t waiting_since_ms;
    struct jz_emit_buffer buffer;
};

/** @param start_ms  utc of story time 0, or -1: as described above
 *  @param random    the encounter id, drawn once */
void jz_player_begin(struct jz_player *player, struct jz_story *story, const struct jz_plan *plan,
                     uint32_t speed, int64_t start_ms, const uint8_t random[16], int64_t mono_ms,
                     int64_t utc_ms);
/** Goes on from a note. @retval JZ_E_FORMAT  the note is of another story; use another outbox. */
JZ_MUST_CHECK enum jz_status jz_player_resume(struct jz_player *player, const uint8_t *note, uint32_t bytes,
                                              int64_t mono_ms);
void jz_player_note(const struct jz_player *player, uint8_t note[JZ_PLAYER_NOTE_BYTES]);

/** The next frame when one is due. The caller puts it; then calls jz_player_done.
 *  @param pending  frames not yet acknowledged (the close waits for 0)
 *  @retval JZ_OK       `out` is a frame (its texts and samples borrow from the player)
 *  @retval JZ_E_EMPTY  nothing is due; others: as jz_story_emit */
JZ_MUST_CHECK enum jz_status jz_player_next(struct jz_player *player, int64_t mono_ms, int64_t utc_ms,
                                            uint64_t pending, struct jz_frame *out);
void jz_player_done(struct jz_player *player); /**< the frame of jz_player_next was put */

/** The frame of jz_player_next is the last of its line in the story: a recording is complete. */
bool jz_player_ends_item(const struct jz_player *player);

/** Frames played so far; an `await` is none. */
uint32_t jz_player_frames(const struct jz_player *player);
bool jz_player_finished(const struct jz_player *player);
/** All played, and the last was the close. */
bool jz_player_closed(const struct jz_player *player);
/** How long nothing falls due, at most `most` (ms). */
uint32_t jz_player_wait_ms(const struct jz_player *player, int64_t mono_ms, uint32_t most);

#endif /* JZ_PLAYER_H */
