/* SPDX-License-Identifier: Apache-2.0 */
/* Proof that an alert would sound in a hospital, before there is one. Every few minutes a probe goes the way an alert goes,
 * from this core through journal, shell and link to a board of the hospital, is sounded there by what sounds alerts, and
 * comes back as an action of the person who is logged in.
 *
 * What it proves: centre to sounder, at that moment, and that somebody is logged in. It does not prove that somebody is
 * within hearing, nor the way from a device to the centre: that is proven by the newest frame of any device, whose age is
 * shown beside it. A hospital whose probes do not come back is dead to alerts: it is called by telephone.
 *
 * The journal holds a record when a path comes alive or dies, and no record of probes that merely went out. */
#include <assert.h>
#include <string.h>

#include "pair.h"

/* All PROJ. A dead path is found within 5 min and two retries; 27 hospitals make one probe in 11 s. */
#define INTERVAL_MS 300000 /* between two probes of a path that is alive */
#define ANSWER_MS 15000    /* longer than a board takes that was asleep */
#define RETRY_MS 60000     /* between two probes of a path that did not answer */
#define RETRIES 10u /* then it is tried as often as one that is alive: a board that is off fills no journal */
#define MISSED_DEAD 3u

static void decide(struct jz_core *core, uint32_t facility, struct jz_outcome *out) {
    const struct jz_probe_record *probe = &core->region->probe[facility];
    struct jz_writer w = jz_decision_begin(core, JZ_DECISION_PROBE, 4, NULL, out);
    jz_pair_text(&w, 5, core->directory->facility[facility].id);
    jz_pair_uint(&w, 6, probe->number);
    jz_pair_uint(&w, 7, probe->state);
    jz_pair_uint(&w, 8, probe->missed);
    jz_decision_end(&w, out);
    out->urgent = true;
}

static void show(uint32_t facility, struct jz_outcome *out) {
    out->facilities |= UINT64_C(1) << facility;
}

/* Each hospital has a moment of its own in every interval, so that they do not sound, and do not fail, all at once. */
static int64_t next_turn(const struct jz_core *core, uint32_t facility) {
    int64_t now = core->head.now_ms;
    int64_t phase = (int64_t)facility * INTERVAL_MS / core->directory->facility_count;
    int64_t turn = now - now % INTERVAL_MS + phase;
    return turn > now ? turn : turn + INTERVAL_MS;
}

static void send(struct jz_core *core, uint32_t facility, struct jz_outcome *out) {
    struct jz_probe_record *probe = &core->region->probe[facility];
    probe->number = ++core->region->probes;
    probe->sent_ms = core->head.now_ms;
    probe->due_ms = core->head.now_ms + ANSWER_MS;
    probe->awaited = 1;
    if (probe->state != JZ_PROBE_DEAD) probe->state = JZ_PROBE_SENT; /* dead until one comes back */
    show(facility, out);
}

static void miss(struct jz_core *core, uint32_t facility, struct jz_outcome *out) {
    struct jz_probe_record *probe = &core->region->probe[facility];
    if (probe->missed < UINT8_MAX) probe->missed++;
    probe->awaited = 0;
    probe->due_ms = core->head.now_ms + (probe->missed < RETRIES ? RETRY_MS : INTERVAL_MS) - ANSWER_MS;
    show(facility, out);
    if (probe->state == JZ_PROBE_DEAD) return;
    if (probe->sounded_ms && probe->missed < MISSED_DEAD) return;
    probe->state = JZ_PROBE_DEAD;
    decide(core, facility, out);
}

/* Where the core itself was not asked for so long that nobody could have answered, the question is put again. */
static void take_turn(struct jz_core *core, uint32_t facility, struct jz_outcome *out) {
    struct jz_probe_record *probe = &core->region->probe[facility];
    bool stood_still = core->head.now_ms - probe->sent_ms >= INTERVAL_MS;
    if (!probe->due_ms)
        probe->due_ms = next_turn(core, facility);
    else if (probe->awaited && !stood_still)
        miss(core, facility, out);
    else
        send(core, facility, out);
}

void jz_probes_due(struct jz_core *core, struct jz_outcome *out) {
    uint32_t count = core->directory ? core->directory->facility_count : 0;
    for (uint32_t i = 0; i < count && jz_outcome_has_room(out); i++)
        if (core->region->probe[i].due_ms <= core->head.now_ms) take_turn(core, i, out);
}

int64_t jz_probes_next(const struct jz_core *core) {
    int64_t next = JZ_NEVER;
    uint32_t count = core->directory ? core->directory->facility_count : 0;
    for (uint32_t i = 0; i < count; i++)
        if (core->region->probe[i].due_ms < next) next = core->region->probe[i].due_ms;
    return next;
}

/* The first board that sounds it speaks for the hospital. One that comes late still proves the way, one that was overtaken
 * by the next proves nothing about now. */
enum jz_status jz_do_probe_sounded(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out) {
    struct jz_probe_record *probe = &core->region->probe[act->facility];
    uint64_t number = act->action->number;
    if (number == 0 || number > core->region->probes) return JZ_E_VALUE;
    if (number != probe->number || probe->state == JZ_PROBE_ALIVE) return JZ_OK;
    bool news = probe->state == JZ_PROBE_DEAD || !probe->sounded_ms;
    probe->state = JZ_PROBE_ALIVE;
    probe->missed = probe->awaited = 0;
    probe->sounded_ms = core->head.now_ms;
    probe->due_ms = next_turn(core, act->facility);
    jz_copy_text(probe->station, sizeof probe->station, act->person, strlen(act->person));
    show(act->facility, out);
    if (news) decide(core, act->facility, out);
    jz_set_region_wake(core, out);
    return JZ_OK;
}

enum jz_status jz_view_probe(const struct jz_core *core, uint32_t facility, int64_t now_ms,
                             struct jz_writer *w) {
    const struct jz_probe_record *probe = &core->region->probe[facility];
    if (!probe->awaited) return JZ_E_UNKNOWN_CODE;
    jz_write_map(w, 4);
    jz_pair_uint(w, 0, JZ_FRAME_PROBE);
    jz_pair_int(w, 3, now_ms);
    jz_pair_text(w, 8, core->directory->facility[facility].id);
    jz_pair_uint(w, 9, probe->number);
    return w->status;
}
