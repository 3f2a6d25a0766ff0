/* SPDX-License-Identifier: Apache-2.0 */
#include "player.h"

#include <assert.h>
#include <string.h>

enum { NOTE_VERSION = 1 };

static const struct jz_emission *current(const struct jz_player *player) {
    return &player->plan->emission[player->cursor];
}

static enum jz_story_verb current_verb(const struct jz_player *player) {
    return player->story->item[current(player)->item].verb;
}

/* Story time of the last await, or of the end. */
static int64_t pivot_ms(const struct jz_story *story, const struct jz_plan *plan) {
    for (uint32_t i = story->count; i > 0; i--)
        if (story->item[i - 1].verb == JZ_STORY_AWAIT) return story->item[i - 1].at_ms;
    return plan->emission[plan->count - 1].due_ms;
}

void jz_player_begin(struct jz_player *player, struct jz_story *story, const struct jz_plan *plan,
                     uint32_t speed, int64_t start_ms, const uint8_t random[16], int64_t mono_ms,
                     int64_t utc_ms) {
    assert(plan->count > 0 && speed >= 1 && speed <= JZ_PLAYER_SPEED_MAX);
    memset(player, 0, sizeof *player);
    int64_t pivot = pivot_ms(story, plan);
    player->story = story;
    player->plan = plan;
    player->speed = speed;
    player->exact = start_ms >= 0;
    player->start_ms = player->exact ? start_ms : utc_ms - (pivot - pivot / speed);
    memcpy(player->encounter.byte, random, sizeof player->encounter.byte);
    player->encounter.byte[0] = player->encounter.byte[1] = 0; /* region and shard: the first of each */
    player->anchor_mono_ms = mono_ms;
}

/* --- the note: version, story, cursor, exact, start, encounter ------------------------------------------------ */

static void store(uint8_t *at, uint64_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; i++) at[i] = (uint8_t)(value >> (8u * i));
}

static uint64_t load(const uint8_t *at, unsigned bytes) {
    uint64_t value = 0;
    for (unsigned i = bytes; i > 0; i--) value = value << 8 | at[i - 1];
    return value;
}

void jz_player_note(const struct jz_player *player, uint8_t note[JZ_PLAYER_NOTE_BYTES]) {
    memset(note, 0, JZ_PLAYER_NOTE_BYTES);
    note[0] = NOTE_VERSION;
    note[1] = player->exact;
    note[2] = player->accepted;
    store(note + 4, player->story->crc, 4);
    store(note + 8, player->cursor, 4);
    store(note + 16, (uint64_t)player->start_ms, 8);
    memcpy(note + 24, player->encounter.byte, 16);
}

enum jz_status jz_player_resume(struct jz_player *player, const uint8_t *note, uint32_t bytes,
                                int64_t mono_ms) {
    if (bytes != JZ_PLAYER_NOTE_BYTES || note[0] != NOTE_VERSION) return JZ_E_FORMAT;
    uint64_t cursor = load(note + 8, 4);
    if (load(note + 4, 4) != player->story->crc || cursor > player->plan->count) return JZ_E_FORMAT;
    player->exact = note[1] != 0;
    player->accepted = note[2] != 0;
    player->cursor = (uint32_t)cursor;
    player->start_ms = (int64_t)load(note + 16, 8);
    memcpy(player->encounter.byte, note + 24, 16);
    player->anchor_mono_ms = mono_ms;
    /* The story's clock stood while this program did: it goes on where the last frame was due. */
    player->anchor_story_ms = cursor > 0 ? player->plan->emission[cursor - 1].due_ms : 0;
    return JZ_OK;
}

/* --- playing -------------------------------------------------------------------------------------------------- */

static int64_t story_now(const struct jz_player *player, int64_t mono_ms) {
    return player->anchor_story_ms + (mono_ms - player->anchor_mono_ms) * player->speed;
}

bool jz_player_finished(const struct jz_player *player) {
    return player->cursor == player->plan->count;
}

uint32_t jz_player_frames(const struct jz_player *player) {
    uint32_t frames = 0;
    for (uint32_t i = 0; i < player->cursor; i++)
        if (player->story->item[player->plan->emission[i].item].verb != JZ_STORY_AWAIT) frames++;
    return frames;
}

bool jz_player_closed(const struct jz_player *player) {
    return jz_player_finished(player) && player->story->item[player->story->count - 1].verb == JZ_STORY_CLOSE;
}

static void stand_still(struct jz_player *player, int64_t mono_ms) {
    if (player->waiting) return;
    player->waiting = true;
    player->waiting_since_ms = mono_ms;
}

/* The clock goes on from where it stood; the wait was the patient's too, so later times move by it. */
static void go_on(struct jz_player *player, int64_t mono_ms) {
    if (!player->waiting) return;
    player->waiting = false;
    if (!player->exact) player->start_ms += mono_ms - player->waiting_since_ms;
    player->anchor_mono_ms = mono_ms;
    player->anchor_story_ms = current(player)->due_ms;
}

/* @return true when the current emission must wait for the world. */
static bool held(struct jz_player *player, int64_t mono_ms, uint64_t pending) {
    enum jz_story_verb verb = current_verb(player);
    bool hold = (verb == JZ_STORY_AWAIT && !player->accepted) || (verb == JZ_STORY_CLOSE && pending > 0);
    if (hold)
        stand_still(player, mono_ms);
    else
        go_on(player, mono_ms);
    return hold;
}

static void stamp(const struct jz_player *player, int64_t utc_ms, int32_t duration_ms, struct jz_frame *out) {
    int64_t at = player->start_ms + out->at_ms, latest = utc_ms - duration_ms;
    if (!player->exact && at > latest) at = latest;
    out->at_ms = at;
    if (out->kind == JZ_FRAME_MILESTONE) out->milestone.happened_ms = at;
    if (out->kind == JZ_FRAME_POSITION) out->position.at_ms = at;
    if (out->kind == JZ_FRAME_ENCOUNTER_OPEN && out->open.position.has) out->open.position.at_ms = at;
    out->encounter = player->encounter;
    out->has_encounter = true;
}

enum jz_status jz_player_next(struct jz_player *player, int64_t mono_ms, int64_t utc_ms, uint64_t pending,
                              struct jz_frame *out) {
    int32_t duration_ms = 0;
    memset(out, 0, sizeof *out);
    while (!jz_player_finished(player) &&
           !(!player->waiting && current(player)->due_ms > story_now(player, mono_ms))) {
        if (held(player, mono_ms, pending)) return JZ_E_EMPTY;
        enum jz_status status =
            jz_story_emit(player->story, current(player), &player->buffer, out, &duration_ms);
        if (status != JZ_OK) return status;
        if (out->kind != JZ_FRAME_NONE) {
            stamp(player, utc_ms, duration_ms, out);
            return JZ_OK;
        }
        player->cursor++; /* an await that is over */
    }
    return JZ_E_EMPTY;
}

void jz_player_done(struct jz_player *player) {
    assert(!jz_player_finished(player));
    player->cursor++;
}

bool jz_player_ends_item(const struct jz_player *player) {
    for (uint32_t i = player->cursor + 1u; i < player->plan->count; i++)
        if (player->plan->emission[i].item == current(player)->item) return false;
    return true;
}

uint32_t jz_player_wait_ms(const struct jz_player *player, int64_t mono_ms, uint32_t most) {
    if (jz_player_finished(player) || player->waiting) return most;
    int64_t left = (current(player)->due_ms - story_now(player, mono_ms) + player->speed - 1) / player->speed;
    if (left < 1) return 1;
    return left < (int64_t)most ? (uint32_t)left : most;
}
