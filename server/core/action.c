/* SPDX-License-Identifier: Apache-2.0 */
/* What people and crews do, beside reporting and answering. One row an action says who may, what it must carry, which
 * patients it can be about, when it needs a reason, when a second person, and who does it. What passed its row is done, and
 * stands in the journal with who, why, and what it was before and after. */
#include <assert.h>
#include <string.h>

#include "pair.h"

/* Who: bits of enum jz_role; a device, which has no role, is the bit that no person has. */
#define CREW (1u << JZ_ROLE_NONE)
#define DISPATCHER (1u << JZ_ROLE_DISPATCHER)
#define RECEIVING (1u << JZ_ROLE_RECEIVING)
#define CONSULTANT (1u << JZ_ROLE_CONSULTANT)
#define ADMINISTRATOR (1u << JZ_ROLE_ADMINISTRATOR)

/* What it must carry. A receiving team that names no hospital means its own. PAST: its time is of something that happened. */
enum { FACILITY = 1, CODE = 2, VALUE = 4, MS = 8, TEXT = 16, OTHER = 32, NUMBER = 64, PAST = 128 };

enum patient {
    NOBODY,
    LIVE,      /* under way or in a hospital */
    KEPT,      /* still in memory: what happened may be completed after the case was closed */
    ANY,       /* a merged one too */
    OF_ALERT,  /* whose alert the number is */
    OF_CONSULT /* named, or whose consult the number is */
};

enum reason { NEVER, SOMETIMES, ALWAYS };

typedef bool (*judge)(struct jz_core *, const struct jz_act *);
/* What it changes, as a number: before and after in the journal. */
typedef int64_t (*gauge)(struct jz_core *, const struct jz_act *);

struct row {
    uint16_t roles;
    uint8_t keys, patient, reason;
    uint8_t unrecorded;  /* another record says it */
    uint8_t has_patient; /* of a hospital: only the one that has the patient, had it, or is to receive it */
    int32_t min, max;    /* of the value, where it must be there */
    judge needs_reason, needs_second;
    gauge stands;
    jz_act_do run;
};

/* --- when a reason or a second person is needed ------------------------------------------------------------------------ */

static bool is_down(struct jz_core *core, const struct jz_act *act) {
    (void)core;
    return act->action->value > act->e->priority;
}

static const struct jz_stamp_record *stamp_of(const struct jz_act *act) {
    uint32_t field = jz_field_by_code(act->action->code);
    for (uint32_t i = 0; i < act->e->stamp_count; i++)
        if (act->e->stamp[i].field == field) return &act->e->stamp[i];
    return NULL;
}

static bool corrects(struct jz_core *core, const struct jz_act *act) {
    (void)core;
    return stamp_of(act) != NULL;
}

static bool is_not_first(struct jz_core *core, const struct jz_act *act) {
    struct jz_ranking ranking;
    jz_rank_encounter(core, act->e, &ranking);
    return !ranking.candidate_count || ranking.candidate[0].facility != act->facility;
}

/* A hard stop of console.md 6, unless somebody is being resuscitated. */
static bool is_hard_stop(struct jz_core *core, const struct jz_act *act) {
    return act->action->reason != JZ_REASON_NEAREST_RESUSCITATION && jz_destination_needs_second(core, act);
}

/* Of what is not there, patients would be sent there (PROJ: two people). Closing needs one. */
static bool makes_available(struct jz_core *core, const struct jz_act *act) {
    (void)core;
    return act->action->value == JZ_CONFIRMATION_ROUND_THE_CLOCK ||
           act->action->value == JZ_CONFIRMATION_OFFICE_HOURS;
}

/* --- what it was, what it is --------------------------------------------------------------------------------------------- */

static int64_t phase_is(struct jz_core *core, const struct jz_act *act) {
    (void)core;
    return act->e->phase;
}
static int64_t priority_is(struct jz_core *core, const struct jz_act *act) {
    (void)core;
    return act->e->priority;
}
/* Index of the hospital in the directory, and one; 0: none. */
static int64_t choice_is(struct jz_core *core, const struct jz_act *act) {
    (void)core;
    return act->e->chosen;
}
static int64_t kin_count(struct jz_core *core, const struct jz_act *act) {
    (void)core;
    return JZ_KIN_MAX - jz_kin_free(act->e);
}
static int64_t device_count(struct jz_core *core, const struct jz_act *act) {
    int64_t count = 0;
    (void)core;
    for (uint32_t i = 0; i < JZ_DEVICES_PER_ENCOUNTER_MAX; i++) count += act->e->device[i].heard_ms != 0;
    return count;
}
static int64_t is_identified(struct jz_core *core, const struct jz_act *act) {
    (void)core;
    return act->e->tag[0] != 0;
}
static int64_t stamp_is(struct jz_core *core, const struct jz_act *act) {
    const struct jz_stamp_record *stamp = stamp_of(act);
    (void)core;
    return stamp ? stamp->happened_ms : 0;
}
static int64_t consult_is(struct jz_core *core, const struct jz_act *act) {
    return act->e->consult ? core->region->consult[act->e->consult - 1u].state : JZ_CONSULT_NONE;
}
/* 1 the crew signed, 2 the hospital. */
static int64_t signatures(struct jz_core *core, const struct jz_act *act) {
    (void)core;
    return (act->e->gives.ms != 0) + 2 * (act->e->receives.ms != 0);
}
static int64_t diagnosis_is(struct jz_core *core, const struct jz_act *act) {
    (void)core;
    return act->e->diagnosis;
}
static int64_t receipt_is(struct jz_core *core, const struct jz_act *act) {
    const struct jz_alert_record *alert = jz_alert_find(core, act->action->number, NULL);
    uint32_t team = act->action->code - 1u;
    return alert && team < JZ_TEAM_COUNT ? alert->team[team].receipt : JZ_RECEIPT_NONE;
}
static int64_t probe_is(struct jz_core *core, const struct jz_act *act) {
    return core->region->probe[act->facility].state;
}

static bool is_service(uint32_t code) {
    return code > JZ_SERVICE_NONE && code < JZ_SERVICE_COUNT;
}
static int64_t places_are(struct jz_core *core, const struct jz_act *act) {
    if (!is_service(act->action->code)) return 0;
    return jz_capacity_shown(&core->region->capacity, act->facility, (enum jz_service)act->action->code);
}
static int64_t is_diverting(struct jz_core *core, const struct jz_act *act) {
    if (!is_service(act->action->code)) return 0;
    return jz_capacity_diverting(&core->region->capacity, act->facility, (enum jz_service)act->action->code,
                                 core->head.now_ms);
}
static int64_t confirmation_is(struct jz_core *core, const struct jz_act *act) {
    char key[sizeof core->directory->capability[0]];
    jz_copy_text(key, sizeof key, act->action->text.data, act->action->text.bytes);
    uint32_t capability = jz_directory_capability_index(core->directory, key);
    if (capability == UINT32_MAX) return JZ_CONFIRMATION_NONE;
    return jz_capacity_confirmation(&core->region->capacity, act->facility, capability)->value;
}

/* --- the table ----------------------------------------------------------------------------------------------------------- */

static const struct row rows[JZ_ACTION_COUNT] = {
    [JZ_ACTION_CHOOSE_DESTINATION] = {.roles = DISPATCHER,
                                      .keys = FACILITY,
                                      .patient = LIVE,
                                      .reason = SOMETIMES,
                                      .needs_reason = is_not_first,
                                      .needs_second = is_hard_stop,
                                      .stands = choice_is,
                                      .run = jz_do_choose_destination},
    [JZ_ACTION_SET_PRIORITY] = {.roles = DISPATCHER | CREW,
                                .keys = VALUE,
                                .min = 1,
                                .max = 5,
                                .patient = LIVE,
                                .reason = SOMETIMES,
                                .needs_reason = is_down,
                                .stands = priority_is,
                                .run = jz_do_set_priority},
    [JZ_ACTION_STAND_DOWN] = {.roles = DISPATCHER | CREW,
                              .patient = LIVE,
                              .reason = ALWAYS,
                              .stands = phase_is,
                              .run = jz_do_stand_down},
    [JZ_ACTION_REOPEN] =
        {.roles = DISPATCHER, .patient = ANY, .reason = ALWAYS, .stands = phase_is, .run = jz_do_reopen},
    [JZ_ACTION_MERGE] = {.roles = DISPATCHER,
                         .keys = OTHER,
                         .patient = LIVE,
                         .reason = ALWAYS,
                         .stands = kin_count,
                         .run = jz_do_merge},
    [JZ_ACTION_BIRTH] = {.roles = DISPATCHER | RECEIVING | CREW,
                         .keys = OTHER | PAST,
                         .patient = LIVE,
                         .has_patient = 1,
                         .reason = SOMETIMES,
                         .needs_reason = jz_birth_corrects,
                         .stands = kin_count,
                         .run = jz_do_birth},
    [JZ_ACTION_TRANSFER] = {.roles = DISPATCHER | RECEIVING,
                            .keys = PAST,
                            .patient = LIVE,
                            .has_patient = 1,
                            .reason = ALWAYS,
                            .stands = phase_is,
                            .run = jz_do_transfer},
    [JZ_ACTION_JOIN] =
        {.roles = CREW, .keys = VALUE, .max = 1, .patient = LIVE, .stands = device_count, .run = jz_do_join},
    [JZ_ACTION_IDENTIFY] = {.roles = DISPATCHER | RECEIVING | CREW,
                            .keys = TEXT,
                            .patient = KEPT,
                            .stands = is_identified,
                            .run = jz_do_identify},
    [JZ_ACTION_DIVERT] = {.roles = DISPATCHER | RECEIVING,
                          .keys = FACILITY | CODE,
                          .reason = ALWAYS,
                          .stands = is_diverting,
                          .run = jz_do_divert},
    [JZ_ACTION_END_DIVERT] = {.roles = DISPATCHER | RECEIVING,
                              .keys = FACILITY | CODE,
                              .stands = is_diverting,
                              .run = jz_do_end_divert},
    [JZ_ACTION_SET_CAPACITY] = {.roles = DISPATCHER | RECEIVING,
                                .keys = FACILITY | CODE | VALUE,
                                .min = INT32_MIN,
                                .max = INT32_MAX,
                                .stands = places_are,
                                .run = jz_do_set_capacity},
    [JZ_ACTION_CONFIRM_CAPABILITY] = {.roles = ADMINISTRATOR | RECEIVING,
                                      .keys = FACILITY | VALUE | TEXT,
                                      .max = JZ_CONFIRMATION_COUNT - 1,
                                      .needs_second = makes_available,
                                      .stands = confirmation_is,
                                      .run = jz_do_confirm_capability},
    [JZ_ACTION_STAMP] = {.roles = DISPATCHER | RECEIVING | CREW,
                         .keys = CODE | PAST,
                         .patient = KEPT,
                         .has_patient = 1,
                         .reason = SOMETIMES,
                         .needs_reason = corrects,
                         .stands = stamp_is,
                         .run = jz_do_stamp},
    [JZ_ACTION_RECEIPT] = {.roles = RECEIVING,
                           .keys = CODE | VALUE | NUMBER,
                           .min = JZ_RECEIPT_DELIVERED,
                           .max = JZ_RECEIPT_READY,
                           .patient = OF_ALERT,
                           .unrecorded = 1,
                           .stands = receipt_is,
                           .run = jz_do_receipt},
    [JZ_ACTION_ASK_CONSULT] = {.roles = DISPATCHER | RECEIVING | CREW,
                               .keys = TEXT,
                               .patient = LIVE,
                               .stands = consult_is,
                               .run = jz_do_ask_consult},
    [JZ_ACTION_TAKE_CONSULT] = {.roles = CONSULTANT,
                                .patient = OF_CONSULT,
                                .stands = consult_is,
                                .run = jz_do_take_consult},
    [JZ_ACTION_PASS_CONSULT] = {.roles = CONSULTANT,
                                .patient = OF_CONSULT,
                                .stands = consult_is,
                                .run = jz_do_pass_consult},
    [JZ_ACTION_ANSWER_CONSULT] = {.roles = CONSULTANT,
                                  .keys = CODE | TEXT,
                                  .patient = OF_CONSULT,
                                  .stands = consult_is,
                                  .run = jz_do_answer_consult},
    [JZ_ACTION_SIGN_HANDOVER] = {.roles = RECEIVING | CREW,
                                 .keys = VALUE,
                                 .min = 1,
                                 .max = 2,
                                 .patient = LIVE,
                                 .stands = signatures,
                                 .run = jz_do_sign_handover},
    [JZ_ACTION_OUTCOME] = {.roles = RECEIVING,
                           .keys = CODE | VALUE,
                           .min = 1,
                           .max = 3,
                           .patient = KEPT,
                           .has_patient = 1,
                           .stands = diagnosis_is,
                           .run = jz_do_outcome},
    [JZ_ACTION_SECOND] = {.roles = DISPATCHER | ADMINISTRATOR,
                          .keys = VALUE | NUMBER,
                          .max = 1,
                          .unrecorded = 1,
                          .run = jz_do_second},
    [JZ_ACTION_PROBE_SOUNDED] = {.roles = RECEIVING,
                                 .keys = FACILITY | NUMBER,
                                 .unrecorded = 1,
                                 .stands = probe_is,
                                 .run = jz_do_probe_sounded},
};

/* --- checks, in this order: the sender, the message, the patient, the hospital, the case, the reason ----------------------- */

static uint32_t bit_of(const struct jz_peer *peer) {
    if (peer->kind == JZ_PEER_DEVICE) return CREW;
    return peer->role == JZ_ROLE_NONE ? 0u : 1u << peer->role;
}

enum jz_stamp_source jz_source_of(const struct jz_peer *peer) {
    if (peer->kind == JZ_PEER_DEVICE || peer->role == JZ_ROLE_PARAMEDIC) return JZ_STAMP_CREW;
    return peer->role == JZ_ROLE_RECEIVING ? JZ_STAMP_HOSPITAL : JZ_STAMP_DISPATCH;
}

static bool is_receiving(const struct jz_act *act) {
    return act->event->peer.kind == JZ_PEER_PERSON && act->event->peer.role == JZ_ROLE_RECEIVING;
}

static enum jz_status check_keys(const struct row *row, const struct jz_act *act) {
    const struct jz_action *a = act->action;
    bool named = a->facility.bytes || is_receiving(act);
    uint8_t has = (uint8_t)((named ? FACILITY : 0) | (a->code ? CODE : 0) | (a->has_value ? VALUE : 0) |
                            (a->ms ? MS : 0) | (a->text.bytes ? TEXT : 0) | (a->has_other ? OTHER : 0) |
                            (a->number ? NUMBER : 0) | PAST);
    if (row->keys & ~has) return JZ_E_MISSING_KEY;
    bool far = (row->keys & VALUE) && (a->value < row->min || a->value > row->max);
    return far || a->reason >= JZ_REASON_COUNT ? JZ_E_VALUE : JZ_OK;
}

/* By the sender's own clock, or by ours: one that runs ahead is no reason to lose a tap. */
bool jz_is_to_come(const struct jz_core *core, const struct jz_event *event, int64_t device_ms) {
    int64_t now_ms = core->head.now_ms - event->clock_offset_ms;
    int64_t latest = event->frame->at_ms > now_ms ? event->frame->at_ms : now_ms;
    return device_ms > latest + JZ_CLOCK_SLACK_MS;
}

static const struct jz_encounter_id *consult_patient(const struct jz_core *core, uint64_t number) {
    for (uint32_t i = 0; number && i < JZ_CONSULTS_MAX; i++)
        if (core->region->consult[i].number == number) return &core->region->consult[i].encounter;
    return NULL;
}

static enum jz_status find_by_id(struct jz_core *core, const struct jz_encounter_id *id, struct jz_act *act) {
    if (!id) return JZ_E_MISSING_KEY;
    act->e = jz_encounter_find(core, *id, &act->slot);
    if (!act->e) return JZ_E_UNKNOWN_ENCOUNTER;
    if (act->event->peer.kind == JZ_PEER_DEVICE) act->e = jz_merged_into(core, act->e, &act->slot);
    return JZ_OK;
}

static enum jz_status find_patient(struct jz_core *core, const struct row *row, struct jz_act *act) {
    const struct jz_frame *frame = act->event->frame;
    const struct jz_encounter_id *id = frame->has_encounter ? &frame->encounter : NULL;
    uint64_t number = act->action->number;
    if (row->patient == NOBODY) return JZ_OK;
    if (row->patient == OF_ALERT) {
        const struct jz_alert_record *alert = jz_alert_find(core, number, &act->slot);
        if (!alert) return JZ_E_UNKNOWN_ALERT;
        act->e = &core->encounter[act->slot];
        act->facility = alert->facility;
        return JZ_OK;
    }
    if (row->patient == OF_CONSULT && number) { /* an answer to another question is none to this one */
        const struct jz_encounter_id *of = consult_patient(core, number);
        if (!of || (id && memcmp(of, id, sizeof *id) != 0)) return JZ_E_UNKNOWN_ENCOUNTER;
        id = of;
    }
    return find_by_id(core, id, act);
}

static enum jz_status find_facility(const struct jz_core *core, const struct row *row, struct jz_act *act) {
    const struct jz_peer *peer = &act->event->peer;
    struct jz_text id = act->action->facility;
    if (act->facility != JZ_NONE_U32) return JZ_OK;
    if (!id.bytes && is_receiving(act))
        id = (struct jz_text){peer->facility, (uint32_t)strnlen(peer->facility, sizeof peer->facility)};
    if (!id.bytes) return JZ_OK;
    act->facility = core->directory ? jz_directory_facility(core->directory, id.data, id.bytes) : JZ_NONE_U32;
    bool needed = (row->keys & FACILITY) || act->action->facility.bytes;
    return act->facility == JZ_NONE_U32 && needed ? JZ_E_UNKNOWN_FACILITY : JZ_OK;
}

/* A receiving team acts for its own hospital, on patients its hospital sees. */
static enum jz_status check_own(const struct jz_core *core, const struct row *row, const struct jz_act *act) {
    char own[sizeof act->event->peer.facility + 1];
    const struct jz_peer *peer = &act->event->peer;
    if (!is_receiving(act)) return JZ_OK;
    jz_copy_text(own, sizeof own, peer->facility, strnlen(peer->facility, sizeof peer->facility));
    if (!own[0] || act->facility == JZ_NONE_U32) return JZ_E_DENIED;
    if (strcmp(core->directory->facility[act->facility].id, own) != 0) return JZ_E_DENIED;
    if (row->patient == NOBODY || row->patient == OF_ALERT) return JZ_OK;
    if (row->has_patient && !jz_has_patient(core, act->slot, act->facility)) return JZ_E_DENIED;
    return jz_core_facility_sees(core, own, act->slot) ? JZ_OK : JZ_E_DENIED;
}

static enum jz_status check_phase(const struct row *row, const struct jz_act *act) {
    if (row->patient == LIVE || row->patient == OF_CONSULT)
        return jz_phase_is_live(act->e->phase) ? JZ_OK : JZ_E_PHASE;
    return row->patient == KEPT && act->e->phase == JZ_PHASE_MERGED ? JZ_E_PHASE : JZ_OK;
}

/* UTF-8 characters that are not blanks: five spaces are no reason. */
static uint32_t characters(struct jz_text text) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < text.bytes; i++)
        count += (uint8_t)text.data[i] > ' ' && ((uint8_t)text.data[i] & 0xc0u) != 0x80u;
    return count;
}

static enum jz_status check_reason(struct jz_core *core, const struct row *row, const struct jz_act *act) {
    uint8_t reason = act->action->reason;
    bool needed = row->reason == ALWAYS || (row->reason == SOMETIMES && row->needs_reason(core, act));
    if (row->reason == NEVER) return JZ_OK;
    if (needed && reason == JZ_REASON_NONE) return JZ_E_REASON;
    bool words = characters(act->action->text) >= JZ_REASON_TEXT_MIN;
    return reason == JZ_REASON_OTHER && !words ? JZ_E_REASON : JZ_OK;
}

enum jz_status jz_act_check(struct jz_core *core, struct jz_act *act) {
    const struct row *row = &rows[act->action->what];
    if (!(row->roles & bit_of(&act->event->peer))) return JZ_E_DENIED;
    enum jz_status status = check_keys(row, act);
    if (status == JZ_OK) status = find_patient(core, row, act);
    if (status == JZ_OK) status = find_facility(core, row, act);
    if (status == JZ_OK) status = check_own(core, row, act);
    if (status == JZ_OK) status = check_phase(row, act);
    if (status == JZ_OK) status = check_reason(core, row, act);
    bool to_come = (row->keys & PAST) && jz_is_to_come(core, act->event, act->action->ms);
    return status == JZ_OK && to_come ? JZ_E_TIME_ORDER : status;
}

/* --- doing it ------------------------------------------------------------------------------------------------------------- */

static const char *facility_id(const struct jz_core *core, uint32_t facility) {
    return facility == JZ_NONE_U32 ? "" : core->directory->facility[facility].id;
}

/* Keys as in state.h. A device acts for its crew. */
static void record(struct jz_core *core, const struct jz_act *act, int64_t before, int64_t after,
                   struct jz_outcome *out) {
    const struct jz_action *a = act->action;
    const struct jz_peer *peer = &act->event->peer;
    struct jz_writer w = jz_decision_begin(core, JZ_DECISION_ACTION, 10, act->e, out);
    jz_pair_uint(&w, 5, a->what);
    jz_pair_text(&w, 6, act->person);
    jz_pair_text(&w, 7, act->second ? act->second : "");
    jz_pair_uint(&w, 8, peer->kind == JZ_PEER_DEVICE ? JZ_ROLE_PARAMEDIC : peer->role);
    jz_pair_uint(&w, 9, a->reason);
    jz_write_uint(&w, 10);
    jz_write_text(&w, a->text);
    jz_pair_text(&w, 11, facility_id(core, act->facility));
    jz_pair_uint(&w, 12, a->code);
    jz_pair_int(&w, 13, before);
    jz_pair_int(&w, 14, after);
    jz_decision_end(&w, out);
}

enum jz_status jz_act_run(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out) {
    const struct row *row = &rows[act->action->what];
    int64_t before = row->stands ? row->stands(core, act) : 0;
    enum jz_status status = row->run(core, act, out);
    if (status != JZ_OK) return status;
    if (!row->unrecorded) record(core, act, before, row->stands(core, act), out);
    if (act->e) {
        act->e->last_ms = core->head.now_ms;
        jz_touch(out, act->slot);
        jz_set_wake(core, act->slot, out);
    }
    jz_set_region_wake(core, out);
    out->urgent = true;
    return JZ_OK;
}

/* --- an action --------------------------------------------------------------------------------------------------------------- */

void jz_apply_action(struct jz_core *core, const struct jz_event *event, struct jz_outcome *out) {
    char person[sizeof event->peer.name + 1];
    const struct jz_action *action = &event->frame->action;
    if (action->what <= JZ_ACTION_NONE || action->what >= JZ_ACTION_COUNT) {
        out->status = JZ_E_UNKNOWN_CODE;
        return;
    }
    const struct row *row = &rows[action->what];
    jz_copy_text(person, sizeof person, event->peer.name, strnlen(event->peer.name, sizeof event->peer.name));
    struct jz_act act = {.event = event, .action = action, .facility = JZ_NONE_U32, .person = person};
    out->status = jz_act_check(core, &act);
    if (out->status != JZ_OK) return;
    if (!person[0] && event->peer.kind == JZ_PEER_DEVICE && act.e)
        act.person = jz_device_callsign(act.e, event->peer.id);
    bool two = row->needs_second && row->needs_second(core, &act);
    out->status = two ? jz_propose(core, &act, out) : jz_act_run(core, &act, out);
}
