/* SPDX-License-Identifier: Apache-2.0 */
/* A birth: one encounter becomes two linked patients. The newborn has a chart, a priority, clocks and a destination of its
 * own; what its mother's record says of it comes with it. */
#include <string.h>

#include "state.h"

/* protocol/fields/ */
#define DELIVERY 67109212u
#define BIRTH 67115202u
#define IS_NEWBORN 67115000u
#define BIRTH_GA_DAYS 67115001u
#define GA_DAYS 67108883u
#define LMP_DATE 67109045u
#define EDD_DATE 67109046u
#define EMBRYO_TRANSFER_DATE 67113001u
#define EMBRYO_AGE_DAYS 67113002u
#define CYCLE_DAYS 67113003u
#define ULTRASOUND_DATE 67113004u
#define GA_FROM_CRL_DAYS 67113006u
#define GA_US_DAYS 67113007u

/* --- how old it is by its mother's record -------------------------------------------------------------------------- */

#define SHANGHAI_MS INT64_C(28800000) /* dates are calendar days of Shanghai */
#define DAY_MS INT64_C(86400000)
#define GA_DAYS_MAX 308 /* clinical-obstetric 1: over 308 days is invalid */

/* Day a 28-day cycle would have begun: date, plus a number, less a number, plus days. The first that is known counts; the
 * order is that of packs/obstetric/status.yaml (lmp_by_date). */
static const struct {
    uint32_t date, plus, less;
    int32_t days;
} dating[] = {
    {EDD_DATE, 0, 0, -280},
    {EMBRYO_TRANSFER_DATE, 0, EMBRYO_AGE_DAYS, -14},
    {LMP_DATE, CYCLE_DAYS, 0, -28},
    {LMP_DATE, 0, 0, 0},
    {ULTRASOUND_DATE, 0, GA_FROM_CRL_DAYS, 0},
    {ULTRASOUND_DATE, 0, GA_US_DAYS, 0},
};

static bool value_of(const struct jz_chart *chart, uint32_t code, int32_t *value) {
    struct jz_reading reading = jz_chart_reading(chart, jz_field_by_code(code));
    *value = reading.value;
    return reading.validity == JZ_VALID;
}

static int32_t day_of(int64_t ms) {
    return (int32_t)((ms + SHANGHAI_MS) / DAY_MS);
}

/* @return false: not known, or impossible. */
static bool weeks_by_date(const struct jz_chart *chart, int64_t birth_ms, int32_t *days) {
    for (uint32_t i = 0; i < sizeof dating / sizeof dating[0]; i++) {
        int32_t date, plus = 0, less = 0;
        if (!value_of(chart, dating[i].date, &date)) continue;
        if (dating[i].plus && !value_of(chart, dating[i].plus, &plus)) continue;
        if (dating[i].less && !value_of(chart, dating[i].less, &less)) continue;
        *days = day_of(birth_ms) - (date + plus - less + dating[i].days);
        return *days >= 0 && *days <= GA_DAYS_MAX;
    }
    return false;
}

/* As reported, it was so on the day of the report. */
static bool weeks_as_reported(const struct jz_chart *chart, int64_t birth_ms, int32_t *days) {
    struct jz_reading reading = jz_chart_reading(chart, jz_field_by_code(GA_DAYS));
    if (reading.validity != JZ_VALID) return false;
    *days = reading.value + day_of(birth_ms) - day_of(reading.taken_ms);
    return *days >= 0 && *days <= GA_DAYS_MAX;
}

/* --- who it is ------------------------------------------------------------------------------------------------------ */

struct birth {
    const struct jz_act *act;
    struct jz_encounter *child; /* NULL: nobody opened it yet */
    uint32_t slot;
    int64_t ms;
    bool known; /* it is this mother's newborn already: the time is corrected */
};

static bool is_same(struct jz_encounter_id a, struct jz_encounter_id b) {
    return memcmp(a.byte, b.byte, sizeof a.byte) == 0;
}

static struct birth birth_of(struct jz_core *core, const struct jz_act *act) {
    const struct jz_action *action = act->action;
    struct birth b = {.act = act};
    b.ms = action->ms ? jz_core_time(core, act->event, action->ms) : core->head.now_ms;
    b.child = jz_encounter_find(core, action->other, &b.slot);
    b.known = b.child && jz_kin_find(b.child, &act->e->id, JZ_KIN_MOTHER);
    return b;
}

bool jz_birth_corrects(struct jz_core *core, const struct jz_act *act) {
    struct birth b = birth_of(core, act);
    return b.known && b.ms != b.child->birth_ms;
}

/* A hospital that has the mother makes no newborn of a patient it does not know. */
static bool is_strange(const struct jz_core *core, const struct birth *b) {
    const struct jz_peer *peer = &b->act->event->peer;
    bool hospital = peer->kind == JZ_PEER_PERSON && peer->role == JZ_ROLE_RECEIVING;
    if (!hospital || !b->child || b->known) return false;
    return !jz_core_facility_sees(core, core->directory->facility[b->act->facility].id, b->slot);
}

static enum jz_status check(const struct jz_core *core, const struct birth *b) {
    struct jz_encounter *mother = b->act->e, *child = b->child;
    if (is_strange(core, b)) return JZ_E_DENIED;
    if (is_same(b->act->action->other, mother->id)) return JZ_E_VALUE;
    if (mother->birth_ms || jz_kin_find(mother, NULL, JZ_KIN_MOTHER)) return JZ_E_VALUE;
    if (b->known) return jz_phase_is_live(child->phase) ? JZ_OK : JZ_E_PHASE;
    if (child && !jz_phase_is_live(child->phase)) return JZ_E_PHASE;
    if (child && (jz_kin_find(child, NULL, JZ_KIN_MOTHER) || jz_kin_find(child, NULL, JZ_KIN_NEWBORN)))
        return JZ_E_VALUE;
    return jz_kin_free(mother) && (!child || jz_kin_free(child)) ? JZ_OK : JZ_E_FULL;
}

/* --- its record ----------------------------------------------------------------------------------------------------- */

/* Nobody opened it yet: it lies where its mother lies, and the same crew and devices are with it. */
static bool open_record(struct jz_core *core, struct birth *b) {
    const struct jz_encounter *mother = b->act->e;
    struct jz_encounter *child = jz_encounter_add(core, b->act->action->other, &b->slot);
    if (!child) return false;
    b->child = child;
    child->opened_ms = b->ms;
    child->complaint = JZ_COMPLAINT_PREGNANCY;
    memcpy(child->device, mother->device, sizeof child->device);
    memcpy(child->callsign, mother->callsign, sizeof child->callsign);
    child->lat_e7 = mother->lat_e7;
    child->lon_e7 = mother->lon_e7;
    child->accuracy_m = mother->accuracy_m;
    child->position_ms = mother->position_ms;
    child->travel_ms = mother->travel_ms;
    memcpy(child->provider, mother->provider, sizeof child->provider);
    memcpy(child->travel_s, mother->travel_s, sizeof child->travel_s);
    memcpy(child->travel_uncertainty_s, mother->travel_uncertainty_s, sizeof child->travel_uncertainty_s);
    return true;
}

static void say(struct jz_core *core, const struct birth *b, uint32_t code, int32_t value,
                struct jz_rule_set *due, struct jz_outcome *out) {
    struct jz_reading reading = {.taken_ms = b->ms, .value = value, .validity = JZ_VALID};
    jz_triage_observe(core, b->child, code, reading, due, out);
    jz_machine_note(b->child, JZ_NO_MACHINE, jz_field_by_code(code));
}

/* Its own birth starts its clocks. Its weeks are the mother's on that day, unless somebody said its own. */
static void write_chart(struct jz_core *core, const struct birth *b, struct jz_rule_set *due,
                        struct jz_outcome *out) {
    const struct jz_chart *mother = &b->act->e->chart;
    const struct jz_peer *peer = &b->act->event->peer;
    int32_t days, own;
    b->child->birth_ms = b->ms;
    b->child->last_ms = core->head.now_ms;
    enum jz_status status = jz_stamp_field(core, b->child, jz_field_by_code(BIRTH), b->ms, b->act->event,
                                           jz_source_of(peer), true, due, out);
    (void)status; /* full of other milestones: the action and the link have the time all the same */
    say(core, b, IS_NEWBORN, 1, due, out);
    if (value_of(&b->child->chart, BIRTH_GA_DAYS, &own)) return;
    if (weeks_by_date(mother, b->ms, &days) || weeks_as_reported(mother, b->ms, &days))
        say(core, b, BIRTH_GA_DAYS, days, due, out);
}

enum jz_status jz_do_birth(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out) {
    struct birth b = birth_of(core, act);
    struct jz_rule_set due = {{0}}, newborns = {{0}};
    enum jz_status status = check(core, &b);
    if (status != JZ_OK) return status;
    bool first = !b.child;
    status = jz_stamp_field(core, act->e, jz_field_by_code(DELIVERY), b.ms, act->event,
                            jz_source_of(&act->event->peer), false, &due, out);
    if (status == JZ_E_TIME_ORDER) return status;
    if (first && !open_record(core, &b)) { /* that she gave birth stays true, and her rules read it */
        jz_triage(core, act->slot, &due, out);
        jz_touch(out, act->slot);
        jz_set_wake(core, act->slot, out);
        return JZ_E_FULL;
    }
    if (!b.known) {
        jz_kin_add(core, act->slot, b.child->id, JZ_KIN_NEWBORN, out);
        jz_kin_add(core, b.slot, act->e->id, JZ_KIN_MOTHER, out);
    }
    jz_release_unwanted(core, act->slot, out);
    write_chart(core, &b, &newborns, out);
    jz_triage(core, act->slot, &due, out);
    jz_triage_all(core, b.slot, out);
    if (first) jz_decide_priority(core, b.child, out);
    jz_set_wake(core, b.slot, out);
    jz_touch(out, b.slot);
    out->urgent = true;
    return JZ_OK;
}
