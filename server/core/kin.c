/* SPDX-License-Identifier: Apache-2.0 */
/* Who and what belongs to a patient: the devices that are with it, its tag, and records that turn out to be of the same
 * patient. A merger loses neither record: the duplicate stays as it was, and the kept one knows what it knew. */
#include <assert.h>
#include <string.h>

#include "pair.h"

/* --- devices ------------------------------------------------------------------------------------------------------ */

static uint32_t place_of(const struct jz_encounter *e, const uint8_t id[16]) {
    uint32_t i = 0;
    while (i < JZ_DEVICES_PER_ENCOUNTER_MAX &&
           !(e->device[i].heard_ms && memcmp(e->device[i].id, id, sizeof e->device[i].id) == 0))
        i++;
    return i;
}

void jz_device_heard(struct jz_core *core, struct jz_encounter *e, const struct jz_peer *peer) {
    uint32_t at = place_of(e, peer->id);
    struct jz_device_of heard = {.heard_ms = 0};
    if (at < JZ_DEVICES_PER_ENCOUNTER_MAX) {
        heard = e->device[at];
    } else {
        at--; /* the last in the list was silent longest */
        memcpy(heard.id, peer->id, sizeof heard.id);
        jz_copy_text(heard.callsign, sizeof heard.callsign, peer->name,
                     strnlen(peer->name, sizeof peer->name));
    }
    heard.heard_ms = core->head.now_ms > 0 ? core->head.now_ms : 1;
    memmove(&e->device[1], &e->device[0], at * sizeof e->device[0]);
    e->device[0] = heard;
}

const char *jz_device_callsign(const struct jz_encounter *e, const uint8_t device[16]) {
    uint32_t at = place_of(e, device);
    bool own = at < JZ_DEVICES_PER_ENCOUNTER_MAX && e->device[at].callsign[0];
    return own ? e->device[at].callsign : e->callsign;
}

static void leave(struct jz_encounter *e, const uint8_t id[16]) {
    uint32_t at = place_of(e, id), last = JZ_DEVICES_PER_ENCOUNTER_MAX - 1u;
    if (at > last) return;
    memmove(&e->device[at], &e->device[at + 1u], (last - at) * sizeof e->device[0]);
    memset(&e->device[last], 0, sizeof e->device[last]);
}

/* 1: this device is with the patient, and its crew is called. 0: it hands over to whoever else is there; the last one's
 * callsign stays, for somebody must be called. */
enum jz_status jz_do_join(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out) {
    struct jz_encounter *e = act->e;
    if (act->event->peer.kind != JZ_PEER_DEVICE) return JZ_E_DENIED;
    if (act->action->value)
        jz_device_heard(core, e, &act->event->peer);
    else
        leave(e, act->event->peer.id);
    if (e->device[0].heard_ms && e->device[0].callsign[0])
        memcpy(e->callsign, e->device[0].callsign, sizeof e->callsign);
    jz_touch(out, act->slot);
    return JZ_OK;
}

/* --- identity ----------------------------------------------------------------------------------------------------- */

/* Two open records with one tag are shown to people, who know whether they are one patient: nothing is merged by itself.
 * A tag that is too long is refused, for two that differ at their end would become one. */
enum jz_status jz_do_identify(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out) {
    struct jz_encounter *e = act->e;
    if (act->action->text.bytes >= sizeof e->tag) return JZ_E_VALUE;
    jz_copy_text(e->tag, sizeof e->tag, act->action->text.data, act->action->text.bytes);
    jz_touch(out, act->slot);
    for (uint32_t i = 0; i < core->head.encounter_count; i++) {
        const struct jz_encounter *other = &core->encounter[i];
        if (i == act->slot || !jz_phase_is_live(other->phase) || strcmp(other->tag, e->tag) != 0) continue;
        jz_touch(out, i);
        out->urgent = true;
    }
    return JZ_OK;
}

/* --- links -------------------------------------------------------------------------------------------------------- */

static bool is_same(struct jz_encounter_id a, struct jz_encounter_id b) {
    return memcmp(a.byte, b.byte, sizeof a.byte) == 0;
}

struct jz_kin *jz_kin_find(struct jz_encounter *e, const struct jz_encounter_id *id, enum jz_kin_kind kind) {
    for (uint32_t i = 0; i < JZ_KIN_MAX; i++)
        if (e->kin[i].since_ms && e->kin[i].kind == kind && (!id || is_same(e->kin[i].id, *id)))
            return &e->kin[i];
    return NULL;
}

uint32_t jz_kin_free(const struct jz_encounter *e) {
    uint32_t free = 0;
    for (uint32_t i = 0; i < JZ_KIN_MAX; i++) free += e->kin[i].since_ms == 0;
    return free;
}

static void say(struct jz_core *core, uint32_t slot, struct jz_encounter_id other, enum jz_kin_kind kind,
                struct jz_outcome *out) {
    struct jz_writer w = jz_decision_begin(core, JZ_DECISION_KIN, 3, &core->encounter[slot], out);
    jz_pair_bytes(&w, 5, other.byte, sizeof other.byte);
    jz_pair_uint(&w, 6, kind);
    jz_pair_int(&w, 7, core->head.now_ms);
    jz_decision_end(&w, out);
    jz_touch(out, slot);
    out->urgent = true;
}

void jz_kin_add(struct jz_core *core, uint32_t slot, struct jz_encounter_id other, enum jz_kin_kind kind,
                struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    uint32_t i = 0;
    while (i < JZ_KIN_MAX && e->kin[i].since_ms) i++;
    assert(i < JZ_KIN_MAX); /* there was room when it was asked for */
    e->kin[i] = (struct jz_kin){.id = other, .since_ms = core->head.now_ms, .kind = (uint8_t)kind};
    say(core, slot, other, kind, out);
}

struct jz_encounter *jz_merged_into(struct jz_core *core, struct jz_encounter *e, uint32_t *slot) {
    for (uint32_t step = 0; step < JZ_KIN_MAX && e->phase == JZ_PHASE_MERGED; step++) {
        const struct jz_kin *link = jz_kin_find(e, NULL, JZ_KIN_MERGED_INTO);
        struct jz_encounter *kept = link ? jz_encounter_find(core, link->id, slot) : NULL;
        if (!kept) break; /* no longer in memory */
        e = kept;
    }
    return e;
}

void jz_kin_separate(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    struct jz_kin *link = jz_kin_find(e, NULL, JZ_KIN_MERGED_INTO);
    uint32_t kept_slot;
    if (!link) return;
    struct jz_encounter_id kept_id = link->id;
    struct jz_encounter *kept = jz_encounter_find(core, kept_id, &kept_slot);
    memset(link, 0, sizeof *link);
    say(core, slot, kept_id, JZ_KIN_NONE, out);
    struct jz_kin *back = kept ? jz_kin_find(kept, &e->id, JZ_KIN_MERGED_FROM) : NULL;
    if (!back) return;
    memset(back, 0, sizeof *back);
    say(core, kept_slot, e->id, JZ_KIN_NONE, out);
}

/* --- a merger: may it be? ------------------------------------------------------------------------------------------ */

static bool is_born(struct jz_encounter *e) {
    return e->birth_ms || jz_kin_find(e, NULL, JZ_KIN_MOTHER);
}

/* A mother and a newborn are two, whichever of them the records are, and so are the children of two mothers: where those are
 * one, they are merged first. */
static bool are_two(struct jz_encounter *a, struct jz_encounter *b) {
    const struct jz_kin *mother = jz_kin_find(a, NULL, JZ_KIN_MOTHER);
    const struct jz_kin *other = jz_kin_find(b, NULL, JZ_KIN_MOTHER);
    if (mother && other && !is_same(mother->id, other->id)) return true;
    return (jz_kin_find(a, NULL, JZ_KIN_NEWBORN) && is_born(b)) ||
           (jz_kin_find(b, NULL, JZ_KIN_NEWBORN) && is_born(a));
}

/* The duplicate's own links go over to the record that is kept, so that no chain of mergers grows. */
static bool has_room(struct jz_encounter *kept, const struct jz_encounter *duplicate) {
    uint32_t needed = 1;
    for (uint32_t i = 0; i < JZ_KIN_MAX; i++) {
        const struct jz_kin *k = &duplicate->kin[i];
        if (k->since_ms && !jz_kin_find(kept, &k->id, (enum jz_kin_kind)k->kind)) needed++;
    }
    return needed <= jz_kin_free(kept);
}

static enum jz_status check_merge(struct jz_encounter *kept, struct jz_encounter *duplicate) {
    if (!duplicate) return JZ_E_UNKNOWN_ENCOUNTER;
    if (kept == duplicate || are_two(kept, duplicate)) return JZ_E_VALUE;
    if (jz_phase_after((enum jz_phase)duplicate->phase, JZ_PHASE_MERGE) == JZ_PHASE_NONE) return JZ_E_PHASE;
    return has_room(kept, duplicate) ? JZ_OK : JZ_E_FULL;
}

/* --- a merger: what goes over -------------------------------------------------------------------------------------- */

static const uint8_t other_side[] = {[JZ_KIN_NEWBORN] = JZ_KIN_MOTHER,
                                     [JZ_KIN_MOTHER] = JZ_KIN_NEWBORN,
                                     [JZ_KIN_MERGED_FROM] = JZ_KIN_MERGED_INTO};

/* Whoever was linked to the duplicate is linked to the kept record. */
static void move_link(struct jz_core *core, struct jz_kin *link, const struct jz_encounter *duplicate,
                      uint32_t kept_slot, struct jz_outcome *out) {
    struct jz_encounter *kept = &core->encounter[kept_slot];
    enum jz_kin_kind kind = (enum jz_kin_kind)link->kind, other_kind = (enum jz_kin_kind)other_side[kind];
    struct jz_encounter_id id = link->id;
    uint32_t other_slot;
    struct jz_encounter *other = jz_encounter_find(core, id, &other_slot);
    struct jz_kin *back = other ? jz_kin_find(other, &duplicate->id, other_kind) : NULL;
    memset(link, 0, sizeof *link);
    if (back) memset(back, 0, sizeof *back);
    if (!jz_kin_find(kept, &id, kind)) jz_kin_add(core, kept_slot, id, kind, out);
    if (back && !jz_kin_find(other, &kept->id, other_kind))
        jz_kin_add(core, other_slot, kept->id, other_kind, out);
}

static struct jz_stamp_record *stamp_of(struct jz_encounter *e, uint32_t field) {
    for (uint32_t i = 0; i < e->stamp_count; i++)
        if (e->stamp[i].field == field) return &e->stamp[i];
    return NULL;
}

/* A milestone the kept record has is its own; one it lacks comes over with all that is known of how it was said. What is
 * impossible beside those it has stays in the duplicate. */
static void take_stamps(struct jz_core *core, const struct jz_act *act, const struct jz_encounter *duplicate,
                        struct jz_rule_set *due, struct jz_outcome *out) {
    for (uint32_t i = 0; i < duplicate->stamp_count; i++) {
        const struct jz_stamp_record *theirs = &duplicate->stamp[i];
        if (stamp_of(act->e, theirs->field)) continue;
        enum jz_status status = jz_stamp_field(core, act->e, theirs->field, theirs->happened_ms, act->event,
                                               (enum jz_stamp_source)theirs->source, false, due, out);
        if (status == JZ_OK) *stamp_of(act->e, theirs->field) = *theirs;
    }
}

static uint32_t machine_of(const struct jz_encounter *e, uint32_t field) {
    uint32_t source = 0;
    while (source < JZ_MACHINE_SOURCES && !jz_machine_has(e, source, field)) source++;
    return source;
}

static void take_reading(struct jz_core *core, struct jz_encounter *kept,
                         const struct jz_encounter *duplicate, const struct jz_reading *theirs,
                         struct jz_rule_set *due, struct jz_outcome *out) {
    const struct jz_field *field = jz_field_at(theirs->field);
    struct jz_reading mine = jz_chart_reading(&kept->chart, theirs->field);
    struct jz_reading reading = {.taken_ms = theirs->taken_ms, .value = theirs->value, .validity = JZ_VALID};
    if (theirs->validity != JZ_VALID) return; /* what nobody measured there says nothing here */
    if (field->kind == 'e' && mine.validity == JZ_VALID) return;
    if (field->kind == 'e') reading.value = 0; /* at that time: 0 s before */
    if (mine.validity == JZ_VALID && mine.taken_ms >= theirs->taken_ms) return;
    uint32_t machine = machine_of(duplicate, theirs->field);
    if (machine < JZ_MACHINE_SOURCES && field->kind != 'e') {
        struct jz_fact fact = {field->code, theirs->value};
        jz_observe_machine(core, kept, machine, &fact, theirs->taken_ms, due, out);
        return;
    }
    jz_triage_observe(core, kept, field->code, reading, due, out);
    jz_machine_note(kept, machine, theirs->field);
}

static void take_chart(struct jz_core *core, struct jz_encounter *kept, const struct jz_encounter *duplicate,
                       struct jz_rule_set *due, struct jz_outcome *out) {
    for (uint64_t i = 0; i < duplicate->chart.count; i++)
        take_reading(core, kept, duplicate, &duplicate->chart.reading[i], due, out);
    if (duplicate->ecg.taken_ms > kept->ecg.taken_ms) kept->ecg = duplicate->ecg;
    if (duplicate->ctg.taken_ms > kept->ctg.taken_ms) kept->ctg = duplicate->ctg;
}

/* Of both lists those heard last. */
static void take_devices(struct jz_encounter *kept, struct jz_encounter *duplicate) {
    for (uint32_t i = 0; i < JZ_DEVICES_PER_ENCOUNTER_MAX; i++) {
        const struct jz_device_of theirs = duplicate->device[i];
        if (!theirs.heard_ms || place_of(kept, theirs.id) < JZ_DEVICES_PER_ENCOUNTER_MAX) continue;
        uint32_t at = 0;
        while (at < JZ_DEVICES_PER_ENCOUNTER_MAX && kept->device[at].heard_ms >= theirs.heard_ms) at++;
        if (at == JZ_DEVICES_PER_ENCOUNTER_MAX) continue;
        memmove(&kept->device[at + 1u], &kept->device[at],
                (JZ_DEVICES_PER_ENCOUNTER_MAX - 1u - at) * sizeof kept->device[0]);
        kept->device[at] = theirs;
    }
    memset(duplicate->device, 0, sizeof duplicate->device);
}

static void take_case(struct jz_core *core, struct jz_encounter *kept, const struct jz_encounter *duplicate) {
    if (duplicate->opened_ms < kept->opened_ms) kept->opened_ms = duplicate->opened_ms;
    if (!kept->complaint) kept->complaint = duplicate->complaint;
    if (!kept->tag[0]) memcpy(kept->tag, duplicate->tag, sizeof kept->tag);
    if (!kept->birth_ms) kept->birth_ms = duplicate->birth_ms;
    if (duplicate->position_ms <= kept->position_ms) return;
    kept->lat_e7 = duplicate->lat_e7;
    kept->lon_e7 = duplicate->lon_e7;
    kept->accuracy_m = duplicate->accuracy_m;
    kept->position_ms = duplicate->position_ms;
    jz_want_travel(core, kept);
}

/* @return whether the kept patient became more urgent, or needs something it did not. */
static bool take_urgency(struct jz_encounter *kept, const struct jz_encounter *duplicate) {
    bool rises = duplicate->priority < kept->priority || (duplicate->conditions & ~kept->conditions) ||
                 duplicate->wants_alert > kept->wants_alert;
    if (duplicate->priority < kept->priority) kept->priority = duplicate->priority;
    if (duplicate->rule_priority < kept->rule_priority) kept->rule_priority = duplicate->rule_priority;
    kept->conditions |= duplicate->conditions;
    kept->wants_alert |= duplicate->wants_alert;
    return rises;
}

/* --- a merger ------------------------------------------------------------------------------------------------------ */

static void end_duplicate(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    enum jz_status status = jz_phase_move(core, slot, JZ_PHASE_MERGE, out);
    assert(status == JZ_OK); /* the table was asked before */
    (void)status;
    e->travel_wanted_ms = 0;
    e->handover_due_ms = e->clock_wake_ms = JZ_NEVER;
    jz_alert_close(core, slot, out); /* and the places that were held */
    jz_consult_end(core, slot, out);
    jz_set_wake(core, slot, out);
}

/* Where the duplicate's patient was going: a person's choice, else the hospital that accepted; unless the kept record has one of
 * its own. @return facility + 1; 0: nowhere yet */
static uint8_t goes_to(const struct jz_core *core, const struct jz_encounter *kept,
                       const struct jz_encounter *duplicate) {
    if (kept->destination_alert || kept->chosen || duplicate->phase != JZ_PHASE_OPEN) return 0;
    const struct jz_alert_record *accepted = jz_alert_find(core, duplicate->destination_alert, NULL);
    if (duplicate->chosen) return duplicate->chosen;
    return accepted ? (uint8_t)(accepted->facility + 1u) : 0;
}

static uint64_t asked_by(const struct jz_core *core, uint32_t slot) {
    uint64_t facilities = 0;
    for (uint32_t i = 0; i < core->encounter[slot].alert_count; i++) {
        const struct jz_alert_record *alert = &jz_alerts(core, slot)[i];
        if (alert->state < JZ_ALERT_HANDED_OVER && alert->state != JZ_ALERT_DECLINED)
            facilities |= UINT64_C(1) << alert->facility;
    }
    return facilities;
}

/* What was decided for one record holds for both. Whoever declined one patient, and is asked for the other or took him, knows. */
static void take_choice(const struct jz_core *core, uint32_t slot, const struct jz_encounter *duplicate) {
    struct jz_encounter *kept = &core->encounter[slot];
    kept->declined |= duplicate->declined & ~asked_by(core, slot);
    if (kept->destination_alert || kept->chosen || !duplicate->chosen) return;
    kept->chosen = duplicate->chosen;
    kept->chosen_reason = duplicate->chosen_reason;
    memcpy(kept->chosen_by, duplicate->chosen_by, sizeof kept->chosen_by);
}

/* The hospital that expects the patient is asked anew, under the number that stays, and no other. */
static bool keep_going(struct jz_core *core, uint32_t slot, uint8_t to, struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    if (!to || e->phase != JZ_PHASE_OPEN || !jz_can_ask(core, slot, (uint8_t)(to - 1u))) return false;
    e->wants_alert = 1;
    e->declined &= ~(UINT64_C(1) << (to - 1u));
    jz_ask_only(core, slot, (uint8_t)(to - 1u), out);
    return true;
}

static void go_on(struct jz_core *core, uint32_t slot, bool rises, uint8_t to, struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    if (rises) jz_decide_priority(core, e, out);
    static const enum jz_milestone moves[] = {JZ_MILESTONE_DOOR, JZ_MILESTONE_HANDOVER};
    for (uint32_t i = 0; i < 2u; i++) {
        if (!e->milestone[moves[i]]) continue;
        jz_phase_reached(core, slot, moves[i], out);
        jz_alert_milestone(core, slot, moves[i], out);
    }
    bool going = keep_going(core, slot, to, out);
    jz_triage_all(core, slot, out);
    if (rises && !going && e->wants_alert) jz_alert_worse(core, slot, out);
    jz_clocks_look(core, slot, out);
}

/* The encounter is kept, `other` is its duplicate: from here on what names the duplicate is about the kept one. */
enum jz_status jz_do_merge(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out) {
    struct jz_encounter *kept = act->e;
    struct jz_rule_set due = {{0}}; /* all are evaluated anyway */
    uint32_t slot = 0;
    struct jz_encounter *duplicate = jz_encounter_find(core, act->action->other, &slot);
    enum jz_status status = check_merge(kept, duplicate);
    if (status != JZ_OK) return status;
    for (uint32_t i = 0; i < JZ_KIN_MAX; i++)
        if (duplicate->kin[i].since_ms) move_link(core, &duplicate->kin[i], duplicate, act->slot, out);
    jz_kin_add(core, act->slot, duplicate->id, JZ_KIN_MERGED_FROM, out);
    jz_kin_add(core, slot, kept->id, JZ_KIN_MERGED_INTO, out);
    take_stamps(core, act, duplicate, &due, out);
    take_chart(core, kept, duplicate, &due, out);
    take_devices(kept, duplicate);
    take_case(core, kept, duplicate);
    uint8_t to = goes_to(core, kept, duplicate);
    take_choice(core, act->slot, duplicate);
    bool rises = take_urgency(kept, duplicate);
    end_duplicate(core, slot, out);
    go_on(core, act->slot, rises, to, out);
    return JZ_OK;
}
