/* SPDX-License-Identifier: Apache-2.0 */
/* Places, diversions and confirmations of hospitals as events of the core: who said it, what it changes, and whom of the
 * patients it concerns. The ledger itself is capacity.c. A patient under way is flagged and never moved silently. */
#include <assert.h>
#include <string.h>

#include "pair.h"
#include "rank.h"

/* What became of a service; a number on record, never renumber. */
enum change {
    SET = 1,
    DIVERTED,
    DIVERSION_ENDED,
    HELD,
    RELEASED,
    USED,
    NUMBER_EXPIRED,
    DIVERSION_ENDING,
    DIVERSION_OVER,
    CONFIRMED,
    CONFIRMATION_EXPIRED,
    REGION_SHORT, /* a second hospital diverts the same service */
    OVERBOOKED,   /* held, though no place was free by the last number */
    HELD_UNKNOWN, /* held, and no number stands behind it */
    OFFICE_TURNED /* office hours began or ended where a capability stands for them */
};

struct told {
    uint32_t facility, index; /* service, or capability where the change is one of it */
    enum change change;
    const char *person;
    uint8_t reason;
    int64_t until_ms;
};

static void decide(struct jz_core *core, const struct jz_encounter *e, const struct told *told,
                   struct jz_outcome *out) {
    bool service =
        told->change != CONFIRMED && told->change != CONFIRMATION_EXPIRED && told->change != OFFICE_TURNED;
    const struct jz_capacity_number *number =
        service ? jz_capacity_number(&core->region->capacity, told->facility, (enum jz_service)told->index)
                : NULL;
    struct jz_writer w = jz_decision_begin(core, JZ_DECISION_SERVICE, 8, e, out);
    jz_pair_text(&w, 5, core->directory->facility[told->facility].id);
    if (service)
        jz_pair_uint(&w, 6, told->index);
    else
        jz_pair_text(&w, 6, core->directory->capability[told->index]);
    jz_pair_uint(&w, 7, told->change);
    jz_pair_int(&w, 8, number ? number->value : 0);
    jz_pair_uint(&w, 9, number ? number->held : 0);
    jz_pair_int(&w, 10, told->until_ms);
    jz_pair_text(&w, 11, told->person);
    jz_pair_uint(&w, 12, told->reason);
    jz_decision_end(&w, out);
    out->facilities |= UINT64_C(1) << told->facility;
}

/* --- who is concerned ------------------------------------------------------------------------------------------ */

/* Their turn comes with the next deadline event, as many at a time as an outcome has room for. */
static void mark_concerned(struct jz_core *core, struct jz_outcome *out) {
    for (uint32_t slot = 0; slot < core->head.encounter_count; slot++) {
        struct jz_encounter *e = &core->encounter[slot];
        if (e->phase != JZ_PHASE_OPEN || !e->wants_alert) continue;
        e->reconsider = 1;
        jz_set_wake(core, slot, out);
    }
}

static void changed(struct jz_core *core, struct jz_outcome *out) {
    mark_concerned(core, out);
    jz_set_region_wake(core, out);
    out->urgent = true;
}

/* --- reservations --------------------------------------------------------------------------------------------- */

uint32_t jz_services_needed(const struct jz_core *core, uint64_t conditions) {
    uint32_t services = 0, needed = 0;
    for (; conditions; conditions &= conditions - 1u)
        services |= jz_program_condition(core->program, (uint32_t)__builtin_ctzll(conditions))->services;
    for (uint32_t s = 1; s < JZ_SERVICE_COUNT; s++)
        if ((services >> s & 1u) && jz_capacity_row((enum jz_service)s)->reservable) needed |= 1u << s;
    return needed;
}

static const enum change held_as[] = {
    [JZ_CAPACITY_UNKNOWN] = HELD_UNKNOWN, [JZ_CAPACITY_KNOWN] = HELD, [JZ_CAPACITY_FULL] = OVERBOOKED};

/* Once a child is born the cot is its own, and held with its own acceptance. */
uint32_t jz_places_wanted(const struct jz_core *core, const struct jz_encounter *e) {
    uint32_t services = jz_services_needed(core, e->conditions);
    for (uint32_t i = 0; i < JZ_KIN_MAX; i++)
        if (e->kin[i].since_ms && e->kin[i].kind == JZ_KIN_NEWBORN) services &= ~(1u << JZ_SERVICE_NICU);
    return services;
}

void jz_hold_places(struct jz_core *core, uint32_t slot, uint32_t facility, struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    jz_release_places(core, slot, out);
    uint32_t services = jz_places_wanted(core, e);
    if (!services) return;
    e->held_facility = (uint8_t)(facility + 1u);
    e->held_services = (uint8_t)services;
    e->held_until_ms = core->head.now_ms + JZ_HOLD_LIMIT_MS;
    for (uint32_t s = 1; s < JZ_SERVICE_COUNT; s++) {
        if (!(services >> s & 1u)) continue;
        enum jz_capacity_state before =
            jz_capacity_hold(&core->region->capacity, facility, (enum jz_service)s, core->head.now_ms);
        decide(core, e, &(struct told){facility, s, held_as[before], "", 0, e->held_until_ms}, out);
    }
}

static void let_go(struct jz_core *core, uint32_t slot, uint32_t of, enum change change,
                   struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    if (!e->held_facility) return;
    uint32_t facility = e->held_facility - 1u, services = e->held_services & of;
    e->held_services = (uint8_t)(e->held_services & ~of);
    if (!e->held_services) {
        e->held_facility = 0;
        e->held_until_ms = 0;
    }
    for (uint32_t s = 1; s < JZ_SERVICE_COUNT; s++) {
        if (!(services >> s & 1u)) continue;
        if (change == USED)
            jz_capacity_use(&core->region->capacity, facility, (enum jz_service)s, core->head.now_ms);
        else
            jz_capacity_release(&core->region->capacity, facility, (enum jz_service)s);
        decide(core, e, &(struct told){facility, s, change, "", 0, 0}, out);
    }
}

void jz_release_places(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    let_go(core, slot, UINT32_MAX, RELEASED, out);
}

void jz_release_unwanted(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    let_go(core, slot, ~jz_places_wanted(core, &core->encounter[slot]), RELEASED, out);
}

void jz_use_places(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    let_go(core, slot, UINT32_MAX, USED, out);
}

void jz_places_due(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    if (e->held_until_ms && e->held_until_ms <= core->head.now_ms) jz_release_places(core, slot, out);
}

/* --- what people say ------------------------------------------------------------------------------------------ */

static struct jz_said said_by(const struct jz_core *core, const struct jz_act *act) {
    int64_t said_ms =
        jz_core_time(core, act->event, act->event->frame->at_ms); /* a queued word stays as old as it is */
    return (struct jz_said){
        .owner = {act->person, (uint32_t)strlen(act->person)}, .at_ms = said_ms, .until_ms = act->action->ms};
}

static struct told told_by(const struct jz_act *act, enum change change, int64_t until_ms) {
    return (struct told){act->facility, act->action->code,   change,
                         act->person,   act->action->reason, until_ms};
}

/* What ended by time is said before anybody writes over it. */
static void bring_up(struct jz_core *core, struct jz_outcome *out) {
    jz_services_due(core, out);
}

enum jz_status jz_do_divert(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out) {
    struct jz_capacity *capacity = &core->region->capacity;
    enum jz_service service = (enum jz_service)act->action->code;
    struct jz_said said = said_by(core, act);
    bring_up(core, out);
    enum jz_status status =
        jz_capacity_divert(capacity, act->facility, service, (enum jz_action_reason)act->action->reason,
                           act->action->text, &said);
    if (status != JZ_OK) return status;
    int64_t until_ms = jz_capacity_diversion(capacity, act->facility, service)->until_ms;
    struct told told = told_by(act, DIVERTED, until_ms);
    decide(core, NULL, &told, out);
    if (jz_capacity_diverting_count(capacity, service, core->head.now_ms) > 1u) {
        told.change = REGION_SHORT;
        decide(core, NULL, &told, out);
    }
    changed(core, out);
    return JZ_OK;
}

enum jz_status jz_do_end_divert(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out) {
    struct jz_said said = said_by(core, act);
    bring_up(core, out);
    enum jz_status status = jz_capacity_end_divert(&core->region->capacity, act->facility,
                                                   (enum jz_service)act->action->code, &said);
    if (status != JZ_OK) return status;
    struct told told = told_by(act, DIVERSION_ENDED, core->head.now_ms);
    decide(core, NULL, &told, out);
    changed(core, out);
    return JZ_OK;
}

enum jz_status jz_do_set_capacity(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out) {
    struct jz_said said = said_by(core, act);
    enum jz_service service = (enum jz_service)act->action->code;
    bring_up(core, out);
    enum jz_status status =
        jz_capacity_set(&core->region->capacity, act->facility, service, act->action->value, &said);
    if (status != JZ_OK) return status;
    struct told told =
        told_by(act, SET, jz_capacity_number(&core->region->capacity, act->facility, service)->expires_ms);
    decide(core, NULL, &told, out);
    changed(core, out);
    return JZ_OK;
}

enum jz_status jz_do_confirm_capability(struct jz_core *core, const struct jz_act *act,
                                        struct jz_outcome *out) {
    char key[32];
    struct jz_said said = said_by(core, act);
    jz_copy_text(key, sizeof key, act->action->text.data, act->action->text.bytes);
    uint32_t capability = jz_directory_capability_index(core->directory, key);
    if (capability == UINT32_MAX) return JZ_E_UNKNOWN_CODE;
    if (act->action->value < 0 || act->action->value >= JZ_CONFIRMATION_COUNT) return JZ_E_VALUE;
    bring_up(core, out);
    enum jz_status status = jz_capacity_confirm(&core->region->capacity, act->facility, capability,
                                                (enum jz_confirmation_value)act->action->value, &said);
    if (status != JZ_OK) return status;
    struct told told =
        told_by(act, CONFIRMED,
                jz_capacity_confirmation(&core->region->capacity, act->facility, capability)->expires_ms);
    told.index = capability;
    if (act->action->value == JZ_CONFIRMATION_OFFICE_HOURS)
        core->region->office_ms = jz_office_hours_turn(core->head.now_ms);
    decide(core, NULL, &told, out);
    changed(core, out);
    return JZ_OK;
}

/* --- what time does ------------------------------------------------------------------------------------------- */

static bool stands_for_office_hours(const struct jz_core *core, uint32_t facility, uint32_t capability) {
    const struct jz_confirmation *said =
        jz_capacity_confirmation(&core->region->capacity, facility, capability);
    return said->value == JZ_CONFIRMATION_OFFICE_HOURS && said->expires_ms > core->head.now_ms;
}

static const enum change change_of[] = {
    [JZ_CAPACITY_EXPIRED] = NUMBER_EXPIRED,
    [JZ_CAPACITY_DIVERSION_ENDING] = DIVERSION_ENDING,
    [JZ_CAPACITY_DIVERSION_OVER] = DIVERSION_OVER,
    [JZ_CAPACITY_CONFIRMATION_EXPIRED] = CONFIRMATION_EXPIRED,
};

/* Capabilities that stand for office hours change at their turn with nobody's doing. One record a hospital, with the first of
 * them: of each capability there may be two thousand, more than one event can put on record. @return whether one did */
static bool office_turns(struct jz_core *core, struct jz_outcome *out) {
    const struct jz_directory *directory = core->directory;
    bool any = false;
    if (core->region->office_ms > core->head.now_ms) return false;
    core->region->office_ms = JZ_NEVER;
    for (uint32_t f = 0; f < directory->facility_count; f++) {
        uint32_t c = 0;
        while (c < directory->capability_count && !stands_for_office_hours(core, f, c)) c++;
        if (c == directory->capability_count) continue;
        decide(core, NULL, &(struct told){f, c, OFFICE_TURNED, "", 0, 0}, out);
        core->region->office_ms = jz_office_hours_turn(core->head.now_ms);
        any = true;
    }
    return any;
}

int64_t jz_services_next(const struct jz_core *core) {
    int64_t next = jz_capacity_next(&core->region->capacity);
    return core->region->office_ms < next ? core->region->office_ms : next;
}

void jz_services_due(struct jz_core *core, struct jz_outcome *out) {
    struct jz_capacity_notice notice;
    bool any = core->directory && jz_outcome_has_room(out) && office_turns(core, out);
    while (core->directory && jz_outcome_has_room(out) &&
           jz_capacity_due(&core->region->capacity, core->head.now_ms, &notice)) {
        decide(core, NULL,
               &(struct told){notice.facility, notice.index, change_of[notice.kind], "", 0, notice.at_ms},
               out);
        any |= notice.kind != JZ_CAPACITY_DIVERSION_ENDING;
        out->urgent = true;
    }
    if (any) changed(core, out);
}

/* --- for the ranking and for screens ---------------------------------------------------------------------------- */

static uint8_t live_service(const struct jz_capacity *capacity, uint32_t facility, uint32_t service,
                            int64_t now_ms) {
    if (jz_capacity_diverting(capacity, facility, (enum jz_service)service, now_ms)) return JZ_LIVE_DIVERTING;
    switch (jz_capacity_known(capacity, facility, (enum jz_service)service, now_ms)) {
    case JZ_CAPACITY_KNOWN: return JZ_LIVE_OPEN;
    case JZ_CAPACITY_FULL: return JZ_LIVE_FULL;
    case JZ_CAPACITY_UNKNOWN: break;
    }
    return JZ_LIVE_UNKNOWN;
}

static void live_facility(const struct jz_core *core, uint32_t f, struct jz_live_facility *live) {
    const struct jz_capacity *capacity = &core->region->capacity;
    const struct jz_directory *directory = core->directory;
    int64_t now_ms = core->head.now_ms;
    for (uint32_t s = 1; s < JZ_SERVICE_COUNT; s++) {
        const struct jz_capacity_number *n = jz_capacity_number(capacity, f, (enum jz_service)s);
        live->service[s] = live_service(capacity, f, s, now_ms);
        if (n->set_ms && n->expires_ms <= now_ms) live->service_expired |= (uint16_t)(1u << s);
    }
    for (uint32_t c = 0; c < directory->capability_count; c++) {
        const struct jz_confirmation *said = jz_capacity_confirmation(capacity, f, c);
        live->capability[c] = (uint8_t)jz_capacity_capability(
            capacity, f, c, (enum jz_capability_state)directory->facility[f].capability[c], now_ms);
        /* What was closed for a while is there, and open again or not: nobody has said so. */
        bool yes = said->value == JZ_CONFIRMATION_ROUND_THE_CLOCK ||
                   said->value == JZ_CONFIRMATION_OFFICE_HOURS || said->value == JZ_CONFIRMATION_CLOSED_NOW;
        if (yes && said->expires_ms <= now_ms) live->capability_expired |= 1u << c;
    }
}

void jz_live_of(const struct jz_core *core, struct jz_live *live) {
    memset(live, 0, sizeof *live);
    for (uint32_t f = 0; f < core->directory->facility_count; f++) live_facility(core, f, &live->of[f]);
}

static bool is_shown(const struct jz_capacity *capacity, uint32_t facility, uint32_t service) {
    return jz_capacity_number(capacity, facility, (enum jz_service)service)->set_ms ||
           jz_capacity_number(capacity, facility, (enum jz_service)service)->held ||
           jz_capacity_diversion(capacity, facility, (enum jz_service)service)->since_ms;
}

static void view_service(struct jz_writer *w, const struct jz_capacity *capacity, uint32_t facility,
                         uint32_t service, int64_t now_ms) {
    const struct jz_capacity_number *n = jz_capacity_number(capacity, facility, (enum jz_service)service);
    const struct jz_diversion *d = jz_capacity_diversion(capacity, facility, (enum jz_service)service);
    bool diverting = jz_capacity_diverting(capacity, facility, (enum jz_service)service, now_ms);
    bool known =
        jz_capacity_known(capacity, facility, (enum jz_service)service, now_ms) != JZ_CAPACITY_UNKNOWN;
    jz_write_array(w, 10);
    jz_write_uint(w, service);
    jz_write_uint(w, known ? 1u : n->set_ms ? 2u : 0u);
    jz_write_int(w, n->set_ms ? jz_capacity_shown(capacity, facility, (enum jz_service)service) : 0);
    jz_write_uint(w, n->held);
    jz_write_cstr(w, n->owner);
    jz_write_int(w, n->set_ms);
    jz_write_int(w, n->expires_ms);
    jz_write_int(w, diverting ? d->until_ms : 0);
    jz_write_uint(w, diverting ? d->reason : 0);
    jz_write_cstr(w, diverting ? d->owner : "");
}

void jz_view_services(struct jz_writer *w, const struct jz_core *core, uint32_t facility, int64_t now_ms) {
    const struct jz_capacity *capacity = &core->region->capacity;
    uint64_t count = 0;
    for (uint32_t s = 1; s < JZ_SERVICE_COUNT; s++) count += is_shown(capacity, facility, s);
    jz_write_array(w, count);
    for (uint32_t s = 1; s < JZ_SERVICE_COUNT; s++)
        if (is_shown(capacity, facility, s)) view_service(w, capacity, facility, s, now_ms);
}
