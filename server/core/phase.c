/* SPDX-License-Identifier: Apache-2.0 */
/* The life of an encounter: open, arrived, handed over, closed, merged. One table says what each event makes of each phase;
 * everything that changes a phase goes through it. */
#include <assert.h>
#include <string.h>

#include "state.h"

#define DOOR_FIRST 67111415u /* protocol/fields: first hospital's door in and out (chest-pain KPI-09, DIDO) */
#define DOOR_OUT 67111416u
#define TRANSFERRED 67111212u

/* JZ_PHASE_NONE: refused. A crew that forgot to tap the door has handed over all the same. What is closed or merged can only
 * be taken back by a person. */
static const uint8_t after[JZ_PHASE_COUNT][JZ_PHASE_EVENT_COUNT] = {
    [JZ_PHASE_OPEN] = {[JZ_PHASE_ARRIVE] = JZ_PHASE_ARRIVED,
                       [JZ_PHASE_HAND_OVER] = JZ_PHASE_HANDED_OVER,
                       [JZ_PHASE_CLOSE] = JZ_PHASE_CLOSED,
                       [JZ_PHASE_MERGE] = JZ_PHASE_MERGED},
    [JZ_PHASE_ARRIVED] = {[JZ_PHASE_HAND_OVER] = JZ_PHASE_HANDED_OVER,
                          [JZ_PHASE_CLOSE] = JZ_PHASE_CLOSED,
                          [JZ_PHASE_TRANSFER] = JZ_PHASE_OPEN,
                          [JZ_PHASE_MERGE] = JZ_PHASE_MERGED},
    [JZ_PHASE_HANDED_OVER] = {[JZ_PHASE_CLOSE] = JZ_PHASE_CLOSED,
                              [JZ_PHASE_TRANSFER] = JZ_PHASE_OPEN,
                              [JZ_PHASE_MERGE] = JZ_PHASE_MERGED},
    [JZ_PHASE_CLOSED] = {[JZ_PHASE_REOPEN] = JZ_PHASE_OPEN},
    [JZ_PHASE_MERGED] = {[JZ_PHASE_REOPEN] = JZ_PHASE_OPEN},
};

enum jz_phase jz_phase_after(enum jz_phase phase, enum jz_phase_event event) {
    return (enum jz_phase)after[phase][event];
}

bool jz_phase_is_live(uint8_t phase) {
    return phase == JZ_PHASE_OPEN || phase == JZ_PHASE_ARRIVED || phase == JZ_PHASE_HANDED_OVER;
}

enum jz_status jz_phase_move(struct jz_core *core, uint32_t slot, enum jz_phase_event event,
                             struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    enum jz_phase next = jz_phase_after((enum jz_phase)e->phase, event);
    if (next == JZ_PHASE_NONE) return JZ_E_PHASE;
    if (event == JZ_PHASE_REOPEN) e->close_reason = JZ_CLOSE_UNKNOWN;
    e->phase = (uint8_t)next;
    jz_decide_phase(core, e, out);
    jz_touch(out, slot);
    out->urgent = true;
    return JZ_OK;
}

/* Where the table was asked before. */
static void move_surely(struct jz_core *core, uint32_t slot, enum jz_phase_event event,
                        struct jz_outcome *out) {
    enum jz_status status = jz_phase_move(core, slot, event, out);
    assert(status == JZ_OK);
    (void)status;
}

/* A milestone in a phase it cannot move is a fact of its own and moves nothing. */
void jz_phase_reached(struct jz_core *core, uint32_t slot, enum jz_milestone what, struct jz_outcome *out) {
    bool door = what == JZ_MILESTONE_DOOR;
    if (!door && what != JZ_MILESTONE_HANDOVER) return;
    if (jz_phase_move(core, slot, door ? JZ_PHASE_ARRIVE : JZ_PHASE_HAND_OVER, out) != JZ_OK) return;
    core->encounter[slot].travel_wanted_ms = 0;
    if (!door) jz_handover_begin(core, slot, out);
}

void jz_close_encounter(struct jz_core *core, uint32_t slot, enum jz_close_reason reason,
                        struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    bool with_hospital = e->phase == JZ_PHASE_HANDED_OVER;
    if (jz_phase_after((enum jz_phase)e->phase, JZ_PHASE_CLOSE) == JZ_PHASE_NONE) return;
    /* Silence after a handover is no unknown end. */
    e->close_reason = (uint8_t)(reason == JZ_CLOSE_UNKNOWN && with_hospital ? JZ_CLOSE_HANDED_OVER : reason);
    move_surely(core, slot, JZ_PHASE_CLOSE, out);
    e->travel_wanted_ms = 0;
    jz_case_ended(core, slot, out);
    jz_alert_close(core, slot, out); /* a patient who was handed over has taken the place that was held */
    jz_release_places(core, slot, out);
}

/* --- what people do with it -------------------------------------------------------------------------------------- */

enum jz_status jz_do_stand_down(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out) {
    if (act->e->phase == JZ_PHASE_HANDED_OVER) return JZ_E_PHASE; /* there is no mission left to call off */
    jz_close_encounter(core, act->slot, JZ_CLOSE_STOOD_DOWN, out);
    return JZ_OK;
}

/* The phase it had before is in its milestones. */
static void catch_up(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    const struct jz_encounter *e = &core->encounter[slot];
    if (e->milestone[JZ_MILESTONE_DOOR]) jz_phase_reached(core, slot, JZ_MILESTONE_DOOR, out);
    if (e->milestone[JZ_MILESTONE_HANDOVER]) jz_phase_reached(core, slot, JZ_MILESTONE_HANDOVER, out);
}

static void seek_hospital(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    e->destination_alert = 0;
    jz_want_travel(core, e);
    if (e->wants_alert) jz_alert_next(core, slot, out);
    jz_direct(core, slot, out);
}

enum jz_status jz_do_reopen(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out) {
    bool merged = act->e->phase == JZ_PHASE_MERGED;
    enum jz_status status = jz_phase_move(core, act->slot, JZ_PHASE_REOPEN, out);
    if (status != JZ_OK) return status;
    if (merged) jz_kin_separate(core, act->slot, out);
    catch_up(core, act->slot, out);
    if (core->head.now_ms - act->e->travel_ms >= JZ_TRAVEL_REFRESH_MS)
        act->e->travel_ms = 0; /* it was elsewhere then */
    if (act->e->phase == JZ_PHASE_OPEN) seek_hospital(core, act->slot, out);
    jz_clocks_look(core, act->slot, out);
    return JZ_OK;
}

/* --- on to another hospital -------------------------------------------------------------------------------------- */

static const struct jz_stamp_record *stamp_of(const struct jz_encounter *e, uint32_t field) {
    for (uint32_t i = 0; i < e->stamp_count; i++)
        if (e->stamp[i].field == field) return &e->stamp[i];
    return NULL;
}

/* The next hospital has a milestone of its own; the journal keeps this one. */
static void forget(struct jz_core *core, struct jz_encounter *e, enum jz_milestone what,
                   struct jz_rule_set *due) {
    uint32_t field = jz_field_by_code(jz_milestone_code(what)), kept = 0;
    for (uint32_t i = 0; i < e->stamp_count; i++)
        if (e->stamp[i].field != field) e->stamp[kept++] = e->stamp[i];
    memset(&e->stamp[kept], 0, (e->stamp_count - kept) * sizeof e->stamp[0]);
    e->stamp_count = (uint8_t)kept;
    e->milestone[what] = 0;
    if (jz_chart_reading(&e->chart, field).validity != JZ_VALID) return;
    struct jz_reading none = {.taken_ms = core->head.now_ms, .validity = JZ_NOT_MEASURED};
    enum jz_status status = jz_chart_observe(core->program, &e->chart, field, none, due);
    (void)status; /* its place in the chart is taken already */
}

/* A case with JZ_STAMPS_MAX milestones is not held back for one more: the journal has the action and its time. */
static void stamp_door(struct jz_core *core, const struct jz_act *act, uint32_t code, int64_t ms,
                       enum jz_stamp_source source, struct jz_rule_set *due, struct jz_outcome *out) {
    enum jz_status status =
        jz_stamp_field(core, act->e, jz_field_by_code(code), ms, act->event, source, false, due, out);
    (void)status;
}

static void stamp_first_hospital(struct jz_core *core, const struct jz_act *act, int64_t out_ms,
                                 struct jz_rule_set *due, struct jz_outcome *out) {
    const struct jz_stamp_record *door =
        stamp_of(act->e, jz_field_by_code(jz_milestone_code(JZ_MILESTONE_DOOR)));
    bool hospital = act->event->peer.role == JZ_ROLE_RECEIVING;
    if (door)
        stamp_door(core, act, DOOR_FIRST, door->happened_ms, (enum jz_stamp_source)door->source, due, out);
    if (out_ms)
        stamp_door(core, act, DOOR_OUT, out_ms, hospital ? JZ_STAMP_HOSPITAL : JZ_STAMP_DISPATCH, due, out);
}

/* Where the patient lies; JZ_NONE_U32: nobody knows. */
static uint32_t hospital_of(const struct jz_core *core, const struct jz_act *act) {
    const struct jz_alert_record *alert = jz_alert_find(core, act->e->destination_alert, NULL);
    return alert ? alert->facility : act->facility;
}

static void leave_hospital(struct jz_core *core, const struct jz_act *act, uint32_t from,
                           struct jz_outcome *out) {
    struct jz_encounter *e = act->e;
    if (e->phase == JZ_PHASE_ARRIVED) jz_alert_milestone(core, act->slot, JZ_MILESTONE_HANDOVER, out);
    memset(&e->gives, 0, sizeof e->gives);
    memset(&e->receives, 0, sizeof e->receives);
    memset(e->chosen_by, 0, sizeof e->chosen_by);
    e->chosen = e->chosen_reason = e->reminded = 0;
    e->handover_due_ms = JZ_NEVER;
    if (e->legs < UINT8_MAX) e->legs++;
    e->from_facility = 0;
    if (from == JZ_NONE_U32) return;
    const struct jz_facility *hospital = &core->directory->facility[from];
    e->from_facility = (uint8_t)(from + 1u);
    e->declined |= UINT64_C(1) << from;
    if (!hospital->lat_e7 && !hospital->lon_e7) return;
    e->lat_e7 = hospital->lat_e7;
    e->lon_e7 = hospital->lon_e7;
    e->accuracy_m = hospital->accuracy_m;
    e->position_ms = core->head.now_ms;
}

static enum jz_status check_transfer(const struct jz_core *core, const struct jz_act *act, uint32_t from,
                                     int64_t out_ms) {
    const struct jz_peer *peer = &act->event->peer;
    if (jz_phase_after((enum jz_phase)act->e->phase, JZ_PHASE_TRANSFER) == JZ_PHASE_NONE) return JZ_E_PHASE;
    bool elsewhere = from == JZ_NONE_U32 ||
                     strncmp(core->directory->facility[from].id, peer->facility, sizeof peer->facility) != 0;
    if (peer->role == JZ_ROLE_RECEIVING && elsewhere) return JZ_E_DENIED;
    return out_ms && out_ms < act->e->milestone[JZ_MILESTONE_DOOR] ? JZ_E_TIME_ORDER : JZ_OK;
}

/* Targets of a transferred patient are others, and nobody has to type what the system did itself. */
static void say_transferred(struct jz_core *core, const struct jz_act *act, struct jz_rule_set *due,
                            struct jz_outcome *out) {
    struct jz_reading yes = {.taken_ms = core->head.now_ms, .value = 1, .validity = JZ_VALID};
    jz_triage_observe(core, act->e, TRANSFERRED, yes, due, out);
    jz_machine_note(act->e, JZ_NO_MACHINE, jz_field_by_code(TRANSFERRED));
}

/* By the team that has the patient, or a dispatcher. The first hospital's door stays on record; where the departure is not
 * said here, the crew's next "left" is it. */
enum jz_status jz_do_transfer(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out) {
    struct jz_encounter *e = act->e;
    struct jz_rule_set due = {{0}};
    int64_t out_ms = act->action->ms ? jz_core_time(core, act->event, act->action->ms) : 0;
    uint32_t from = hospital_of(core, act);
    enum jz_status status = check_transfer(core, act, from, out_ms);
    if (status != JZ_OK) return status;
    stamp_first_hospital(core, act, out_ms, &due, out);
    leave_hospital(core, act, from, out);
    say_transferred(core, act, &due, out);
    forget(core, e, JZ_MILESTONE_DOOR, &due);
    forget(core, e, JZ_MILESTONE_HANDOVER, &due);
    move_surely(core, act->slot, JZ_PHASE_TRANSFER, out);
    e->wants_alert = 1;
    e->travel_ms = 0; /* from where it was before; with a position, the new ones are asked for at once */
    seek_hospital(core, act->slot, out);
    jz_triage(core, act->slot, &due, out);
    return JZ_OK;
}

static int64_t later(int64_t a, int64_t b) {
    return a > b ? a : b;
}

int64_t jz_leg_began_ms(const struct jz_core *core, const struct jz_encounter *e) {
    const struct jz_stamp_record *door = stamp_of(e, jz_field_by_code(DOOR_FIRST)),
                                 *left = stamp_of(e, jz_field_by_code(DOOR_OUT));
    uint32_t slot = (uint32_t)(e - core->encounter);
    int64_t began_ms = 0;
    if (!e->legs) return 0;
    for (uint32_t i = 0; i < e->alert_count; i++) {
        const struct jz_alert_record *alert = &jz_alerts(core, slot)[i];
        if (alert->state == JZ_ALERT_HANDED_OVER && alert->facility + 1u == e->from_facility)
            began_ms = alert->changed_ms;
    }
    if (door)
        began_ms = later(began_ms, door->received_ms); /* the transfer itself made it the first hospital's */
    return left ? later(began_ms, left->happened_ms) : began_ms;
}

void jz_left_hospital(struct jz_core *core, struct jz_encounter *e, int64_t ms, const struct jz_event *event,
                      struct jz_rule_set *due, struct jz_outcome *out) {
    if (!e->legs || e->phase != JZ_PHASE_OPEN) return;
    enum jz_status status =
        jz_stamp_field(core, e, jz_field_by_code(DOOR_OUT), ms, event, JZ_STAMP_CREW, false, due, out);
    if (status != JZ_OK) out->status = status;
}
