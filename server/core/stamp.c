/* SPDX-License-Identifier: Apache-2.0 */
/* When each milestone of a case happened, who says so and how exactly. The first word stands until it is corrected, and a
 * correction stands beside it. What cannot be is kept in the journal and not believed. */
#include <assert.h>
#include <string.h>

#include "pair.h"

/* No milestone happens before the other. Only what is impossible for every patient stands here: a clinic may record an ECG
 * before the first medical contact of the crew. Codes: protocol/fields/. */
#define CALL 67109200u
#define DISPATCHED 67109201u
#define ON_SCENE 67109202u
#define ECG 67109204u
#define ECG_READ 67109205u
#define LEFT_SCENE 67109206u
#define DOOR 67109207u
#define HANDOVER 67109208u
#define WIRE 67109209u
#define DECISION_DELIVERY 67109211u
#define DELIVERY 67109212u
#define MOVING 67111404u
#define BLOOD_DRAWN 67111407u
#define TROPONIN_RESULT 67111408u
#define CONSENT_START 67111410u
#define CONSENT_SIGNED 67111411u
#define LAB_ACTIVATED 67111412u
#define LAB_READY 67111413u
#define PUNCTURE 67111414u
#define DOOR_FIRST 67111415u
#define DOOR_OUT 67111416u
#define CT_ORDERED 67111420u
#define CT_START 67111421u

static const struct {
    uint32_t first, then;
} order[] = {
    {CALL, DISPATCHED},
    {DISPATCHED, MOVING},
    {MOVING, ON_SCENE},
    {ON_SCENE, LEFT_SCENE},
    {LEFT_SCENE, DOOR},
    {DOOR, HANDOVER},
    {DOOR, WIRE},
    {PUNCTURE, WIRE},
    {ECG, ECG_READ},
    {BLOOD_DRAWN, TROPONIN_RESULT},
    {CONSENT_START, CONSENT_SIGNED},
    {LAB_ACTIVATED, LAB_READY},
    {DOOR_FIRST, DOOR_OUT},
    {CT_ORDERED, CT_START},
    {DECISION_DELIVERY, DELIVERY},
};

static struct jz_stamp_record *find(struct jz_encounter *e, uint32_t field) {
    for (uint32_t i = 0; i < e->stamp_count; i++)
        if (e->stamp[i].field == field) return &e->stamp[i];
    return NULL;
}

/* Two clocks may disagree by what both are uncertain of. */
static bool is_before(const struct jz_stamp_record *then, int64_t first_ms, uint32_t uncertainty_ms) {
    return then->happened_ms + then->uncertainty_ms < first_ms - (int64_t)uncertainty_ms;
}

static bool is_impossible(struct jz_encounter *e, uint32_t field, int64_t ms, uint32_t uncertainty_ms) {
    uint32_t code = jz_field_at(field)->code;
    for (uint32_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        const struct jz_stamp_record *other = NULL;
        if (order[i].first == code) {
            other = find(e, jz_field_by_code(order[i].then));
            if (other && is_before(other, ms, uncertainty_ms)) return true;
        } else if (order[i].then == code) {
            other = find(e, jz_field_by_code(order[i].first));
            struct jz_stamp_record then = {.happened_ms = ms, .uncertainty_ms = uncertainty_ms};
            if (other && is_before(&then, other->happened_ms, other->uncertainty_ms)) return true;
        }
    }
    return false;
}

/* A tap that comes late from the first hospital's door must not bring the patient to the second's. */
static bool is_of_leg_before(const struct jz_core *core, const struct jz_encounter *e, uint32_t code,
                             int64_t ms) {
    return (code == DOOR || code == HANDOVER) && e->legs && ms <= jz_leg_began_ms(core, e);
}

static void decide(struct jz_core *core, const struct jz_encounter *e, const struct jz_stamp_record *stamp,
                   struct jz_outcome *out) {
    struct jz_writer w = jz_decision_begin(core, JZ_DECISION_CLOCK, 6, e, out);
    jz_pair_uint(&w, 9, jz_field_at(stamp->field)->code);
    jz_pair_int(&w, 10, stamp->happened_ms);
    jz_pair_int(&w, 11, stamp->first_ms);
    jz_pair_uint(&w, 12, stamp->source);
    jz_pair_uint(&w, 13, stamp->uncertainty_ms);
    jz_pair_uint(&w, 14, stamp->corrections);
    jz_decision_end(&w, out);
}

static void keep_milestone(struct jz_encounter *e, uint32_t code, int64_t ms) {
    for (uint32_t i = 1; i < JZ_MILESTONE_COUNT; i++)
        if (jz_milestone_code((enum jz_milestone)i) == code) e->milestone[i] = ms;
}

static int64_t device_ms(const struct jz_event *event) {
    bool device = event && event->kind == JZ_EVENT_FRAME && event->peer.kind == JZ_PEER_DEVICE;
    return device ? event->frame->at_ms : 0;
}

enum jz_status jz_stamp_field(struct jz_core *core, struct jz_encounter *e, uint32_t field,
                              int64_t happened_ms, const struct jz_event *event, enum jz_stamp_source source,
                              bool correction, struct jz_rule_set *due, struct jz_outcome *out) {
    const struct jz_field *row = jz_field_at(field);
    uint32_t uncertainty_ms = event ? event->clock_uncertainty_ms : 0;
    assert(row->kind == 'e');
    struct jz_stamp_record *stamp = find(e, field);
    if (stamp && !correction) return JZ_OK;
    if (happened_ms > core->head.now_ms) return JZ_E_TIME_ORDER;
    if (is_impossible(e, field, happened_ms, uncertainty_ms)) return JZ_E_TIME_ORDER;
    if (is_of_leg_before(core, e, row->code, happened_ms + uncertainty_ms)) return JZ_E_TIME_ORDER;
    if (!stamp && e->stamp_count == JZ_STAMPS_MAX) return JZ_E_CHART_FULL;
    if (stamp && stamp->happened_ms == happened_ms) return JZ_OK;
    bool fresh = !stamp;
    if (fresh) stamp = &e->stamp[e->stamp_count++];
    if (!fresh && stamp->corrections < UINT8_MAX) stamp->corrections++;
    *stamp = (struct jz_stamp_record){.happened_ms = happened_ms,
                                      .first_ms = fresh ? happened_ms : stamp->first_ms,
                                      .device_ms = device_ms(event),
                                      .received_ms = core->head.now_ms,
                                      .uncertainty_ms = uncertainty_ms,
                                      .field = (uint16_t)field,
                                      .source = (uint8_t)source,
                                      .corrections = fresh ? 0 : stamp->corrections};
    keep_milestone(e, row->code, happened_ms);
    e->clock_wake_ms = core->head.now_ms; /* a target may begin or end otherwise now */
    decide(core, e, stamp, out);
    struct jz_reading reading = {
        .taken_ms = happened_ms, .value = 0, .validity = JZ_VALID}; /* 0 s before then */
    jz_triage_observe(core, e, row->code, reading, due, out);
    return JZ_OK;
}

/* --- a person's tap or correction ------------------------------------------------------------------------------ */

static void follow(struct jz_core *core, uint32_t slot, enum jz_milestone what, struct jz_outcome *out) {
    if (what == JZ_MILESTONE_UNKNOWN) return;
    jz_phase_reached(core, slot, what, out);
    jz_alert_milestone(core, slot, what, out);
}

static enum jz_milestone milestone_of(uint32_t code) {
    for (uint32_t i = 1; i < JZ_MILESTONE_COUNT; i++)
        if (jz_milestone_code((enum jz_milestone)i) == code) return (enum jz_milestone)i;
    return JZ_MILESTONE_UNKNOWN;
}

/* A first word that the patient arrived, or was handed over, moves the case as the crew's tap does. */
enum jz_status jz_do_stamp(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out) {
    uint32_t field = jz_field_by_code(act->action->code);
    if (field == JZ_FIELD_UNKNOWN || jz_field_at(field)->kind != 'e') return JZ_E_UNKNOWN_FIELD;
    bool moves = act->action->code == DOOR || act->action->code == HANDOVER;
    bool hospital = act->event->peer.kind == JZ_PEER_PERSON && act->event->peer.role == JZ_ROLE_RECEIVING;
    if (moves && hospital && !jz_is_destination(core, act->slot, act->facility)) return JZ_E_DENIED;
    struct jz_rule_set due = {{0}};
    int64_t ms = act->action->ms ? jz_core_time(core, act->event, act->action->ms) : core->head.now_ms;
    enum jz_status status =
        jz_stamp_field(core, act->e, field, ms, act->event, jz_source_of(&act->event->peer), true, &due, out);
    if (status != JZ_OK) return status;
    jz_machine_note(act->e, JZ_NO_MACHINE, field);
    jz_touch(out, act->slot);
    follow(core, act->slot, milestone_of(act->action->code), out);
    jz_triage(core, act->slot, &due, out);
    jz_set_wake(core, act->slot, out);
    return JZ_OK;
}

void jz_view_stamps(struct jz_writer *w, const struct jz_core *core, uint32_t slot) {
    const struct jz_encounter *e = &core->encounter[slot];
    jz_write_array(w, e->stamp_count);
    for (uint32_t i = 0; i < e->stamp_count; i++) {
        const struct jz_stamp_record *s = &e->stamp[i];
        jz_write_array(w, 6);
        jz_write_uint(w, jz_field_at(s->field)->code);
        jz_write_int(w, s->happened_ms);
        jz_write_int(w, s->first_ms);
        jz_write_uint(w, s->source);
        jz_write_uint(w, s->uncertainty_ms);
        jz_write_uint(w, s->corrections);
    }
}
