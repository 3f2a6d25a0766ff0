/* SPDX-License-Identifier: Apache-2.0 */
/* A frame's facts into the state. Nothing here judges them: triage.c does. */
#include <assert.h>
#include <string.h>

#include "state.h"

int64_t jz_core_time(const struct jz_core *core, const struct jz_event *event, int64_t device_ms) {
    int64_t ms = device_ms + event->clock_offset_ms;
    if (ms > core->head.now_ms) ms = core->head.now_ms;
    return ms > 0 ? ms : 1;
}

/* Data for an encounter nobody opened still belongs to a patient: it is opened without a complaint. Data for one that was
 * merged belongs to the one it goes on in. */
static struct jz_encounter *reach(struct jz_core *core, const struct jz_event *event, uint32_t *slot,
                                  struct jz_outcome *out) {
    const struct jz_frame *frame = event->frame;
    struct jz_encounter *e = jz_encounter_find(core, frame->encounter, slot);
    if (!e) {
        e = jz_encounter_add(core, frame->encounter, slot);
        assert(e); /* there was room when the frame was taken */
        e->opened_ms = jz_core_time(core, event, frame->at_ms);
        jz_copy_text(e->callsign, sizeof e->callsign, event->peer.name,
                     strnlen(event->peer.name, sizeof event->peer.name));
        out->urgent = true;
    }
    e = jz_merged_into(core, e, slot);
    if (!jz_phase_is_live(e->phase)) {
        out->status = JZ_E_ENCOUNTER_CLOSED;
        return NULL;
    }
    jz_device_heard(core, e, &event->peer);
    e->last_ms = core->head.now_ms;
    jz_touch(out, *slot);
    return e;
}

static void set_position(struct jz_core *core, struct jz_encounter *e, const struct jz_point *point,
                         int64_t at_ms) {
    if (!point->has || at_ms < e->position_ms) return; /* a late fix never moves the patient back */
    e->lat_e7 = point->lat_e7;
    e->lon_e7 = point->lon_e7;
    e->accuracy_m = point->accuracy_m;
    e->position_ms = at_ms;
    if (!e->travel_ms || core->head.now_ms - e->travel_ms >= JZ_TRAVEL_REFRESH_MS) jz_want_travel(core, e);
}

/* --- milestones: kept for people, and events to the rules ------------------------------------------------------- */

static const uint32_t milestone_code[JZ_MILESTONE_COUNT] = {
    [JZ_MILESTONE_FMC] = 67109203,
    [JZ_MILESTONE_ECG] = 67109204,
    [JZ_MILESTONE_ECG_READ] = 67109205,
    [JZ_MILESTONE_LEFT_SCENE] = 67109206,
    [JZ_MILESTONE_DOOR] = 67109207,
    [JZ_MILESTONE_HANDOVER] = 67109208,
    [JZ_MILESTONE_WIRE] = 67109209,
    [JZ_MILESTONE_NEEDLE] = 67109210,
    [JZ_MILESTONE_DECISION_DELIVERY] = 67109211,
    [JZ_MILESTONE_DELIVERY] = 67109212,
};

uint32_t jz_milestone_code(enum jz_milestone what) {
    return milestone_code[what];
}

static enum jz_milestone milestone_of(uint32_t code) {
    for (uint32_t i = 1; i < JZ_MILESTONE_COUNT; i++)
        if (milestone_code[i] == code) return (enum jz_milestone)i;
    return JZ_MILESTONE_UNKNOWN;
}

void jz_stamp(struct jz_core *core, struct jz_encounter *e, enum jz_milestone what, int64_t ms,
              const struct jz_event *event, enum jz_stamp_source source, bool correction,
              struct jz_rule_set *due, struct jz_outcome *out) {
    uint32_t field = jz_field_by_code(milestone_code[what]);
    int64_t before_ms = e->milestone[what];
    bool earlier = jz_machine_has(e, JZ_WAVE_ECG, field) && ms < before_ms;
    enum jz_status status =
        jz_stamp_field(core, e, field, ms, event, source, correction || earlier, due, out);
    if (status != JZ_OK) out->status = status;
    if (status == JZ_OK && (correction || e->milestone[what] != before_ms))
        jz_machine_note(e, JZ_NO_MACHINE, field);
}

static bool is_event(const struct jz_field *field, const struct jz_fact *fact) {
    return field->kind == 'e' && fact->value >= field->min && fact->value <= field->max;
}

/* An event that comes as a fact, seconds ago, corrects what was known of its time: rules and people see one. */
static void observe_event(struct jz_core *core, const struct jz_event *event, struct jz_encounter *e,
                          uint32_t field, const struct jz_fact *fact, int64_t at_ms, struct jz_rule_set *due,
                          struct jz_outcome *out) {
    int64_t ms = at_ms - (int64_t)fact->value * 1000;
    enum jz_status status =
        jz_stamp_field(core, e, field, ms > 0 ? ms : 1, event, JZ_STAMP_CREW, true, due, out);
    if (status != JZ_OK) out->status = status;
    if (status == JZ_OK) jz_machine_note(e, JZ_NO_MACHINE, field);
}

static void observe(struct jz_core *core, const struct jz_event *event, struct jz_encounter *e,
                    const struct jz_fact *fact, int64_t at_ms, struct jz_rule_set *due,
                    struct jz_outcome *out) {
    uint32_t field = jz_field_by_code(fact->code);
    if (field != JZ_FIELD_UNKNOWN && is_event(jz_field_at(field), fact)) {
        observe_event(core, event, e, field, fact, at_ms, due, out);
        return;
    }
    struct jz_reading reading = {.taken_ms = at_ms, .value = fact->value, .validity = JZ_VALID};
    jz_triage_observe_field(core, e, field, reading, due, out);
    if (field != JZ_FIELD_UNKNOWN && jz_field_at(field)->kind != 'e')
        jz_machine_note_reading(e, JZ_NO_MACHINE, field, at_ms);
}

static void observe_facts(struct jz_core *core, const struct jz_event *event, struct jz_encounter *e,
                          const struct jz_fact *item, uint32_t count, int64_t at_ms, struct jz_rule_set *due,
                          struct jz_outcome *out) {
    for (uint32_t i = 0; i < count; i++) observe(core, event, e, &item[i], at_ms, due, out);
}

/* --- trend ------------------------------------------------------------------------------------------------
 */

/* hr, spo2, sbp, dbp, rr, temp_c */
const uint32_t jz_trend_code[JZ_TREND_COLUMNS] = {147842, 150456, 150021, 150022, 151562, 150364};

static int trend_column(uint32_t code) {
    for (int c = 0; c < (int)JZ_TREND_COLUMNS; c++)
        if (jz_trend_code[c] == code) return c;
    return -1;
}

static struct jz_trend_row *trend_row(struct jz_encounter *e, int64_t at_ms) {
    if (e->trend_count) {
        struct jz_trend_row *newest = &e->trend[(e->trend_next + JZ_TREND_ROWS - 1u) % JZ_TREND_ROWS];
        if (at_ms < newest->ms + JZ_TREND_SPACING_MS) return at_ms >= newest->ms ? newest : NULL;
    }
    struct jz_trend_row *row = &e->trend[e->trend_next];
    e->trend_next = (e->trend_next + 1u) % JZ_TREND_ROWS;
    if (e->trend_count < JZ_TREND_ROWS) e->trend_count++;
    row->ms = at_ms;
    for (uint32_t c = 0; c < JZ_TREND_COLUMNS; c++) row->value[c] = JZ_TREND_NULL;
    return row;
}

/* Only what the chart believed is drawn: an artefact leaves a gap. */
static void add_trend(struct jz_encounter *e, const struct jz_vitals *vitals, int64_t at_ms) {
    struct jz_trend_row *row = NULL;
    for (uint32_t i = 0; i < vitals->count; i++) {
        int column = trend_column(vitals->item[i].code);
        if (column < 0) continue;
        struct jz_reading latest = jz_chart_reading(&e->chart, jz_field_by_code(vitals->item[i].code));
        if (latest.taken_ms != at_ms || latest.validity != JZ_VALID) continue;
        if (!row && !(row = trend_row(e, at_ms))) return;
        row->value[column] = vitals->item[i].value;
    }
}

/* --- one function a kind
 * ------------------------------------------------------------------------------------ */

/* Its own word for itself, also when it is called again after another crew left (kin.c). */
static void call(struct jz_encounter *e, struct jz_text callsign) {
    if (!callsign.bytes) return;
    jz_copy_text(e->callsign, sizeof e->callsign, callsign.data, callsign.bytes);
    memcpy(e->device[0].callsign, e->callsign, sizeof e->device[0].callsign);
}

/* The crew's first word is a finding: rules read it before anything else was asked (chest-pain 6.8). A case that is opened for
 * a pregnancy says nothing that the rules' own fields do not say better. */
#define CHEST_PAIN 67108870u

static void observe_complaint(struct jz_core *core, const struct jz_event *event, struct jz_encounter *e,
                              int64_t at_ms, struct jz_rule_set *due, struct jz_outcome *out) {
    const struct jz_fact chest_pain = {CHEST_PAIN, 1};
    if (e->complaint == JZ_COMPLAINT_CHEST_PAIN) observe(core, event, e, &chest_pain, at_ms, due, out);
}

static void apply_open(struct jz_core *core, const struct jz_event *event, struct jz_encounter *e,
                       uint32_t slot, struct jz_outcome *out) {
    const struct jz_encounter_open *open = &event->frame->open;
    int64_t at_ms = jz_core_time(core, event, event->frame->at_ms);
    e->complaint = (uint8_t)open->complaint;
    e->opened_ms = at_ms < e->opened_ms ? at_ms : e->opened_ms;
    call(e, open->callsign);
    struct jz_rule_set due = {{0}}; /* all are evaluated anyway */
    observe_complaint(core, event, e, at_ms, &due, out);
    observe_facts(core, event, e, open->facts.item, open->facts.count, at_ms, &due, out);
    set_position(core, e, &open->position, at_ms);
    jz_triage_all(core, slot, out);
    jz_decide_priority(core, e, out);
    out->urgent = true;
}

static void apply_update(struct jz_core *core, const struct jz_event *event, struct jz_encounter *e,
                         uint32_t slot, struct jz_outcome *out) {
    const struct jz_encounter_update *update = &event->frame->update;
    call(e, update->callsign);
    int64_t at_ms = jz_core_time(core, event, event->frame->at_ms);
    struct jz_rule_set due = {{0}};
    observe_facts(core, event, e, update->facts.item, update->facts.count, at_ms, &due, out);
    jz_triage(core, slot, &due, out);
}

static const uint8_t validity_of_absence[] = {
    [JZ_ABSENCE_NONE] = JZ_NOT_MEASURED,         [JZ_ABSENCE_PROBE_OFF] = JZ_PROBE_OFF,
    [JZ_ABSENCE_OUT_OF_RANGE] = JZ_OUT_OF_RANGE, [JZ_ABSENCE_ARTEFACT] = JZ_ARTEFACT,
    [JZ_ABSENCE_NOT_ATTACHED] = JZ_NOT_MEASURED, [JZ_ABSENCE_FAILED] = JZ_NOT_MEASURED,
};

static void apply_vitals(struct jz_core *core, const struct jz_event *event, struct jz_encounter *e,
                         uint32_t slot, struct jz_outcome *out) {
    const struct jz_vitals *vitals = &event->frame->vitals;
    int64_t at_ms = jz_core_time(core, event, event->frame->at_ms);
    struct jz_rule_set due = {{0}};
    observe_facts(core, event, e, vitals->item, vitals->count, at_ms, &due, out);
    for (uint32_t i = 0; i < vitals->absent_count; i++) {
        struct jz_reading none = {.taken_ms = at_ms, .validity = validity_of_absence[vitals->absent[i].why]};
        jz_triage_observe(core, e, vitals->absent[i].code, none, &due, out);
    }
    add_trend(e, vitals, at_ms);
    jz_triage(core, slot, &due, out);
}

static void apply_finding(struct jz_core *core, const struct jz_event *event, struct jz_encounter *e,
                          uint32_t slot, struct jz_outcome *out) {
    struct jz_fact fact = {event->frame->finding.code, event->frame->finding.value};
    int64_t at_ms = jz_core_time(core, event, event->frame->at_ms);
    struct jz_rule_set due = {{0}};
    out->urgent = true;
    if (event->frame->finding.observer == JZ_OBSERVER_MACHINE && !milestone_of(fact.code))
        jz_observe_machine(core, e, JZ_WAVE_UNKNOWN, &fact, at_ms, &due, out);
    else
        observe(core, event, e, &fact, at_ms, &due, out);
    jz_triage(core, slot, &due, out);
}

/* The first stamp of a milestone stands; a correction stands beside it. In whatever phase it comes it is a fact; what is
 * impossible is in the journal and moves nothing. Of a transfer, "left" is the first hospital's door out. */
static void apply_milestone(struct jz_core *core, const struct jz_event *event, struct jz_encounter *e,
                            uint32_t slot, struct jz_outcome *out) {
    const struct jz_milestone_stamp *stamp = &event->frame->milestone;
    int64_t ms = jz_core_time(core, event, stamp->happened_ms);
    struct jz_rule_set due = {{0}};
    out->urgent = true;
    if (jz_is_to_come(core, event, stamp->happened_ms))
        out->status = JZ_E_TIME_ORDER;
    else if (stamp->what == JZ_MILESTONE_LEFT_SCENE && e->legs)
        jz_left_hospital(core, e, ms, event, &due, out);
    else
        jz_stamp(core, e, stamp->what, ms, event, JZ_STAMP_CREW, false, &due, out);
    if (out->status == JZ_E_TIME_ORDER) return;
    jz_phase_reached(core, slot, stamp->what, out);
    jz_alert_milestone(core, slot, stamp->what, out);
    jz_triage(core, slot, &due, out);
}

static void apply_position(struct jz_core *core, const struct jz_event *event, struct jz_encounter *e) {
    set_position(core, e, &event->frame->position, jz_core_time(core, event, event->frame->at_ms));
}

/* Kept in the journal and shown; what the shell measures of it comes as an event of its own (measured.c). What cannot be
 * decoded is neither shown nor measured. */
static void apply_waveform(const struct jz_waveform *wave, struct jz_outcome *out) {
    int32_t samples[JZ_SAMPLES_PER_SEGMENT_MAX];
    out->status = jz_wave_decode(wave->coded, wave->channel_count, wave->samples, samples);
}

static void apply_kind(struct jz_core *core, const struct jz_event *event, struct jz_encounter *e,
                       uint32_t slot, struct jz_outcome *out) {
    switch (event->frame->kind) {
    case JZ_FRAME_ENCOUNTER_OPEN: apply_open(core, event, e, slot, out); return;
    case JZ_FRAME_ENCOUNTER_UPDATE: apply_update(core, event, e, slot, out); return;
    case JZ_FRAME_ENCOUNTER_CLOSE: jz_close_encounter(core, slot, event->frame->close.reason, out); return;
    case JZ_FRAME_VITALS: apply_vitals(core, event, e, slot, out); return;
    case JZ_FRAME_FINDING: apply_finding(core, event, e, slot, out); return;
    case JZ_FRAME_MILESTONE: apply_milestone(core, event, e, slot, out); return;
    case JZ_FRAME_POSITION: apply_position(core, event, e); return;
    case JZ_FRAME_WAVEFORM: apply_waveform(&event->frame->waveform, out); return;
    case JZ_FRAME_MEDICATION: /* kept in the journal */ return;
    case JZ_FRAME_NONE:
    case JZ_FRAME_HELLO:
    case JZ_FRAME_WELCOME:
    case JZ_FRAME_ERROR:
    case JZ_FRAME_ACK:
    case JZ_FRAME_CLOCK:
    case JZ_FRAME_DIRECTIVE:
    case JZ_FRAME_ALERT:
    case JZ_FRAME_ALERT_ANSWER:
    case JZ_FRAME_ACTION:
    case JZ_FRAME_PATIENT:
    case JZ_FRAME_FACILITY:
    case JZ_FRAME_PROBE:
    case JZ_FRAME_CONSULT:
    case JZ_FRAME_PROPOSAL:
    case JZ_FRAME_PLAN: break;
    }
    out->status = JZ_E_DIRECTION;
}

static void apply_to_encounter(struct jz_core *core, const struct jz_event *event, struct jz_outcome *out) {
    uint32_t slot;
    if (!event->frame->has_encounter) return; /* a unit's position between patients: stored, nothing to do */
    struct jz_encounter *e = reach(core, event, &slot, out);
    if (!e) return;
    apply_kind(core, event, e, slot, out);
    jz_set_wake(core, slot, out);
}

/* Who may say what: devices report on patients, people answer alerts, and either acts. */
void jz_apply_frame(struct jz_core *core, const struct jz_event *event, struct jz_outcome *out) {
    bool answer = event->frame->kind == JZ_FRAME_ALERT_ANSWER;
    if (event->peer.kind != JZ_PEER_SHELL && event->frame->kind == JZ_FRAME_ACTION) {
        jz_apply_action(core, event, out);
    } else if (event->peer.kind == JZ_PEER_PERSON && answer) {
        jz_apply_answer(core, event, out);
    } else if (event->peer.kind == JZ_PEER_DEVICE && !answer) {
        apply_to_encounter(core, event, out);
    } else {
        out->status = JZ_E_DIRECTION;
    }
}
