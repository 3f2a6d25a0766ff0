/* SPDX-License-Identifier: Apache-2.0 */
/* Where the patient should go: asks for travel times, ranks, and says who is alerted next. */
#include <assert.h>
#include <string.h>

#include "rank.h"
#include "state.h"

#define DAY_MS 86400000

void jz_want_travel(struct jz_core *core, struct jz_encounter *e) {
    if (e->position_ms && e->phase == JZ_PHASE_OPEN && !e->travel_wanted_ms)
        e->travel_wanted_ms = core->head.now_ms;
}

static uint32_t elapsed_s(const struct jz_core *core, const struct jz_encounter *e) {
    int64_t from = e->milestone[JZ_MILESTONE_FMC] ? e->milestone[JZ_MILESTONE_FMC] : e->opened_ms;
    int64_t s = (core->head.now_ms - from) / 1000;
    return s < 0 ? 0u : s > 86400 ? 86400u : (uint32_t)s;
}

/* What the reperfusion rules make of check list and window; the row they are in says it (packs/chest-pain/reperfusion). */
static const struct {
    const char *level;
    enum jz_lysis lysis;
} lysis_levels[] = {
    {"lysis", JZ_LYSIS_CLEAR},
    {"lysis-on-board", JZ_LYSIS_CLEAR},
    {"lysis-discuss", JZ_LYSIS_RELATIVE},
    {"ppci-contraindicated", JZ_LYSIS_CONTRAINDICATED},
    {"dissection", JZ_LYSIS_CONTRAINDICATED},
    {"lysis-late", JZ_LYSIS_LATE},
    {"ppci-late", JZ_LYSIS_LATE},
    {"pci-consider", JZ_LYSIS_LATE},
    {"late-open", JZ_LYSIS_LATE},
    {"no-pci", JZ_LYSIS_LATE},
    {"cardiologist", JZ_LYSIS_LATE},
};
#define LYSIS_CONFIRMED 67111417u

static enum jz_lysis lysis_of(const struct jz_core *core, const struct jz_encounter *e) {
    uint32_t rule = jz_program_rule_by_id(core->program, "RP-STRATEGY");
    if (jz_chart_reading(&e->chart, jz_field_by_code(LYSIS_CONFIRMED)).validity == JZ_VALID)
        return JZ_LYSIS_CONFIRMED;
    if (rule == UINT32_MAX || e->chart.result[rule].status != JZ_RULE_FIRED) return JZ_LYSIS_UNANSWERED;
    const char *level = jz_program_level(core->program, rule, e->chart.result[rule].level)->id;
    for (size_t i = 0; i < sizeof lysis_levels / sizeof lysis_levels[0]; i++)
        if (strcmp(level, lysis_levels[i].level) == 0) return lysis_levels[i].lysis;
    return JZ_LYSIS_UNANSWERED;
}

bool jz_drop_lysis(struct jz_core *core, struct jz_encounter *e) {
    uint64_t needle = 0;
    for (uint64_t left = e->conditions; left; left &= left - 1u) {
        uint32_t i = (uint32_t)__builtin_ctzll(left);
        if (jz_program_condition(core->program, i)->door_kind == JZ_DOOR_NEEDLE) needle |= UINT64_C(1) << i;
    }
    bool given = e->milestone[JZ_MILESTONE_NEEDLE] != 0;
    if (!needle || given || !(e->conditions & ~needle)) return false;
    if (lysis_of(core, e) != JZ_LYSIS_CONTRAINDICATED) return false;
    e->conditions &= ~needle;
    return true;
}

static uint32_t since_s(const struct jz_core *core, int64_t ms) {
    int64_t s = ms ? (core->head.now_ms - ms) / 1000 : 0;
    return s < 0 ? 0u : s > 86400 ? 86400u : (uint32_t)s;
}

/* Missing is never normal: who is not known to be a child is no patient for a children's hospital. */
#define AGE_YEARS 67108880u
#define IS_NEWBORN 67115000u
#define ADULT_YEARS 18 /* PROJ */

static bool is_adult(const struct jz_encounter *e) {
    struct jz_reading age = jz_chart_reading(&e->chart, jz_field_by_code(AGE_YEARS));
    struct jz_reading newborn = jz_chart_reading(&e->chart, jz_field_by_code(IS_NEWBORN));
    if (e->birth_ms || (newborn.validity == JZ_VALID && newborn.value)) return false;
    return age.validity != JZ_VALID || age.value >= ADULT_YEARS;
}

void jz_rank_encounter(const struct jz_core *core, const struct jz_encounter *e, struct jz_ranking *ranking) {
    struct jz_travel travel;
    struct jz_live live;
    memset(&travel, 0, sizeof travel);
    memcpy(travel.provider, e->provider, sizeof travel.provider);
    memcpy(travel.seconds, e->travel_s, sizeof travel.seconds);
    memcpy(travel.uncertainty_s, e->travel_uncertainty_s, sizeof travel.uncertainty_s);
    jz_live_of(core, &live);
    struct jz_rank_request request = {.program = core->program,
                                      .directory = core->directory,
                                      .travel = &travel,
                                      .live = &live,
                                      .figures = &core->region->figures,
                                      .conditions = e->conditions,
                                      .declined.word[0] = e->declined,
                                      .elapsed_s = elapsed_s(core, e),
                                      .since_t0_s = since_s(core, e->milestone[JZ_MILESTONE_ECG_READ]),
                                      .today = (uint32_t)(core->head.now_ms / DAY_MS),
                                      .priority = e->priority,
                                      .lysis = (uint8_t)lysis_of(core, e),
                                      .adult = is_adult(e)};
    jz_rank(&request, ranking);
}

/* --- predicted time to wire ------------------------------------------------------------------------------------------ */

#define T_WIRE_MIN 67111206u
#define T_WIRE_AGAIN_MS                                                                                      \
    300000 /* the same time is said again before the rules call it stale (15 min, packs) */

static bool wants_wire(const struct jz_core *core, uint64_t conditions) {
    for (uint64_t left = conditions; left; left &= left - 1u)
        if (jz_program_condition(core->program, (uint32_t)__builtin_ctzll(left))->door_kind == JZ_DOOR_WIRE)
            return true;
    return false;
}

/* Whole minutes, rounded up: 120 min and one second is not within 120. */
void jz_predict_wire(struct jz_core *core, uint32_t slot, struct jz_rule_set *due, struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    struct jz_ranking ranking;
    if (!core->directory || !e->travel_ms || !wants_wire(core, e->conditions)) return;
    jz_rank_encounter(core, e, &ranking);
    if (!ranking.reperfusion.wire_s) return;
    struct jz_fact fact = {T_WIRE_MIN, (int32_t)((ranking.reperfusion.wire_s + 59u) / 60u)};
    struct jz_reading before = jz_chart_reading(&e->chart, jz_field_by_code(T_WIRE_MIN));
    bool known = before.validity == JZ_VALID && before.value == fact.value;
    if (known && core->head.now_ms - before.taken_ms < T_WIRE_AGAIN_MS) return;
    jz_observe_machine(core, e, JZ_WAVE_UNKNOWN, &fact, core->head.now_ms, due, out);
}

/* --- mother and newborn ------------------------------------------------------------------------------------------------- */

static const struct jz_encounter *other_of(const struct jz_core *core, const struct jz_encounter *e,
                                           bool *is_mother) {
    for (uint32_t i = 0; i < JZ_KIN_MAX; i++) {
        uint32_t slot;
        uint8_t kind = e->kin[i].kind;
        if (kind != JZ_KIN_NEWBORN && kind != JZ_KIN_MOTHER) continue;
        if (!jz_core_encounter_slot(core, e->kin[i].id, &slot)) continue;
        *is_mother = kind == JZ_KIN_NEWBORN;
        if (core->encounter[slot].phase == JZ_PHASE_OPEN) return &core->encounter[slot];
    }
    return NULL;
}

bool jz_pair_of(const struct jz_core *core, const struct jz_encounter *e, const struct jz_ranking *own,
                struct jz_pair *pair, bool *is_mother) {
    struct jz_ranking others;
    const struct jz_encounter *other = other_of(core, e, is_mother);
    if (!other || !core->directory) return false;
    jz_rank_encounter(core, other, &others);
    if (*is_mother)
        jz_rank_pair(own, e->priority, &others, pair);
    else
        jz_rank_pair(&others, other->priority, own, pair);
    return true;
}

/* Whom to ask first: where both can be, if that was found good for both; else the best for this one. */
static uint32_t first_choice(const struct jz_core *core, const struct jz_encounter *e,
                             const struct jz_ranking *ranking) {
    struct jz_pair pair;
    bool is_mother;
    if (!jz_pair_of(core, e, ranking, &pair, &is_mother) || pair.why != JZ_PAIR_TOGETHER) return JZ_NONE_U32;
    return is_mother ? pair.mother : pair.newborn;
}

/* --- who is asked next -------------------------------------------------------------------------------------------------- */

bool jz_best_is_asked(const struct jz_core *core, uint32_t slot, const struct jz_ranking *ranking) {
    const struct jz_encounter *e = &core->encounter[slot];
    if (e->chosen || !ranking->candidate_count) return true;
    uint32_t best = first_choice(core, e, ranking);
    if (best == JZ_NONE_U32) best = ranking->candidate[0].facility;
    for (uint32_t i = 0; i < e->alert_count; i++) {
        const struct jz_alert_record *alert = &jz_alerts(core, slot)[i];
        if (alert->facility == best && alert->state <= JZ_ALERT_SEEN) return true;
    }
    return false;
}

static struct jz_alert_record *asked(const struct jz_core *core, uint32_t slot, uint8_t facility) {
    for (uint32_t i = 0; i < core->encounter[slot].alert_count; i++)
        if (jz_alerts(core, slot)[i].facility == facility) return &jz_alerts(core, slot)[i];
    return NULL;
}

/* @return true: somebody is asked now. A hospital whose alert ended is asked anew. */
static bool ask(struct jz_core *core, uint32_t slot, uint8_t facility, struct jz_outcome *out) {
    struct jz_alert_record *before = asked(core, slot, facility);
    if (!before) {
        if (!jz_alert_has_room(core, slot)) return false;
        jz_alert_raise(core, slot, facility, out);
    } else if (before->state >= JZ_ALERT_HANDED_OVER) {
        jz_alert_renew(core, slot, before, out);
    } else {
        return false;
    }
    return true;
}

/* Raises the alert at the best hospital that is not asked yet. Waits for travel times where the position is known: an
 * order by capability alone would send the patient anywhere. */
void jz_alert_next(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    if (!core->directory || e->phase != JZ_PHASE_OPEN) return;
    if (e->position_ms && !e->travel_ms) {
        jz_want_travel(core, e);
        return;
    }
    struct jz_ranking ranking;
    jz_rank_encounter(core, e, &ranking);
    jz_decide_ranking(core, e, &ranking, out);
    uint32_t first = first_choice(core, e, &ranking);
    bool asking = first != JZ_NONE_U32 && ask(core, slot, (uint8_t)first, out);
    for (uint32_t i = 0; i < ranking.candidate_count && !asking; i++)
        asking = ask(core, slot, (uint8_t)ranking.candidate[i].facility, out);
    jz_direct(core, slot, out);
}

static void keep_travel(struct jz_core *core, uint32_t slot, const struct jz_travel *travel) {
    struct jz_encounter *e = &core->encounter[slot];
    for (uint32_t f = 0; f < JZ_FACILITIES_MAX;
         f++) { /* of no time there is no uncertainty, as the journal has it */
        bool known = travel->seconds[f] != JZ_TRAVEL_NONE;
        e->travel_s[f] = travel->seconds[f];
        e->travel_uncertainty_s[f] = known ? travel->uncertainty_s[f] : 0;
    }
    jz_copy_text(e->provider, sizeof e->provider, travel->provider,
                 strnlen(travel->provider, sizeof travel->provider));
    e->travel_ms = core->head.now_ms;
    e->travel_wanted_ms = 0;
    for (uint32_t i = 0; i < e->alert_count; i++) {
        struct jz_alert_record *alert = &jz_alerts(core, slot)[i];
        alert->travel_s = e->travel_s[alert->facility];
    }
}

void jz_apply_travel(struct jz_core *core, const struct jz_event *event, struct jz_outcome *out) {
    uint32_t slot;
    assert(event->travel);
    struct jz_encounter *e = jz_encounter_find(core, event->encounter, &slot);
    if (!e || e->phase != JZ_PHASE_OPEN) { /* who has arrived, or is gone, is on no way */
        out->status = e ? JZ_E_PHASE : JZ_E_UNKNOWN_ENCOUNTER;
        return;
    }
    struct jz_rule_set due = {{0}};
    keep_travel(core, slot, event->travel);
    jz_touch(out, slot);
    jz_predict_wire(core, slot, &due, out);
    if (jz_rule_set_any(&due))
        jz_triage(core, slot, &due, out);
    else
        jz_clocks_look(core, slot, out); /* another way, another time of arrival */
    if (e->wants_alert && !e->destination_alert && !jz_alert_waits(core, slot)) {
        out->urgent = true;
        jz_alert_next(core, slot, out);
    }
    jz_set_wake(core, slot, out);
}

void jz_reconsider(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    e->reconsider = 0;
    jz_touch(out, slot);
    if (!e->wants_alert || e->phase != JZ_PHASE_OPEN) return;
    if (!e->destination_alert && !jz_alert_waits(core, slot)) jz_alert_next(core, slot, out);
}

/* --- a person chooses --------------------------------------------------------------------------------------------------- */

static const struct jz_exclusion *exclusion_of(const struct jz_ranking *ranking, uint32_t facility) {
    for (uint32_t i = 0; i < ranking->exclusion_count; i++)
        if (ranking->exclusion[i].facility == facility) return &ranking->exclusion[i];
    return NULL;
}

/* STEMI to a hospital without PCI while lysis is no way out, or an obstetric emergency to one without obstetrics: in general a
 * hospital that lacks what the patient's conditions must have (console.md 6, "hard stops"). */
bool jz_destination_needs_second(const struct jz_core *core, const struct jz_act *act) {
    struct jz_ranking ranking;
    jz_rank_encounter(core, act->e, &ranking);
    const struct jz_exclusion *x = exclusion_of(&ranking, act->facility);
    return x && (x->why == JZ_EXCLUDED_LACKS || x->why == JZ_EXCLUDED_UNCONFIRMED);
}

bool jz_can_ask(const struct jz_core *core, uint32_t slot, uint8_t facility) {
    return asked(core, slot, facility) || jz_alert_has_room(core, slot);
}

void jz_ask_only(struct jz_core *core, uint32_t slot, uint8_t facility, struct jz_outcome *out) {
    struct jz_alert_record *alert = asked(core, slot, facility);
    bool asked_now = alert && alert->state <= JZ_ALERT_SEEN && alert->due_ms != JZ_NEVER;
    bool stands = alert && (alert->id == core->encounter[slot].destination_alert || asked_now);
    jz_alert_call_off(core, slot, alert ? alert->id : 0, out);
    if (!alert)
        jz_alert_raise(core, slot, facility, out);
    else if (!stands)
        jz_alert_renew(core, slot, alert, out);
}

/* The first of the ranking needs no reason, any other does. Whoever was asked before is told that it is off. */
enum jz_status jz_do_choose_destination(struct jz_core *core, const struct jz_act *act,
                                        struct jz_outcome *out) {
    struct jz_encounter *e = act->e;
    struct jz_ranking ranking;
    uint8_t facility = (uint8_t)act->facility;
    if (e->phase != JZ_PHASE_OPEN) return JZ_E_PHASE;
    jz_rank_encounter(core, e, &ranking);
    bool first = ranking.candidate_count && ranking.candidate[0].facility == facility;
    if (!first && !act->action->reason) return JZ_E_REASON;
    if (!jz_can_ask(core, act->slot, facility)) return JZ_E_FULL;
    jz_decide_ranking(core, e, &ranking, out);
    e->wants_alert = 1;
    e->chosen = (uint8_t)(facility + 1u);
    e->chosen_reason = act->action->reason;
    jz_copy_text(e->chosen_by, sizeof e->chosen_by, act->person, strlen(act->person));
    e->declined &= ~(UINT64_C(1) << facility);
    jz_ask_only(core, act->slot, facility, out);
    jz_direct(core, act->slot, out);
    jz_touch(out, act->slot);
    jz_set_wake(core, act->slot, out);
    return JZ_OK;
}

/* The alert a crew should hear about: the accepted one, else the newest that may still be accepted. A hospital on standby is
 * asked in case another does not answer: nobody is sent there before it accepts (console.md 6). */
static const struct jz_alert_record *directive_alert(const struct jz_core *core, uint32_t slot) {
    const struct jz_encounter *e = &core->encounter[slot];
    const struct jz_alert_record *alert = jz_alerts(core, slot), *newest = NULL;
    for (uint32_t i = 0; i < e->alert_count; i++) {
        uint8_t state = alert[i].state;
        if (e->destination_alert == alert[i].id) return &alert[i];
        bool asked_now = state == JZ_ALERT_RAISED || state == JZ_ALERT_DELIVERED || state == JZ_ALERT_SEEN;
        if (asked_now && (!newest || !alert[i].standby)) newest = &alert[i];
    }
    return newest;
}

/* One directive an encounter, always whole; it gets a new number only when it says something new. */
void jz_direct(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    const struct jz_alert_record *alert = directive_alert(core, slot);
    uint64_t id = alert ? alert->id : 0;
    uint8_t what = JZ_DIRECTIVE_UNKNOWN;
    if (alert)
        what = JZ_DIRECTIVE_DESTINATION;
    else if (e->wants_alert && e->phase == JZ_PHASE_OPEN)
        what = JZ_DIRECTIVE_NO_DESTINATION;
    else if (e->measure != JZ_FIELD_NONE)
        what = JZ_DIRECTIVE_MEASURE;
    uint8_t state = alert ? alert->state : 0;
    static const uint16_t nothing = JZ_FIELD_NONE;
    uint16_t measure = what ? e->measure : nothing;
    if (what == e->directive && id == e->directive_alert && state == e->directive_state &&
        measure == e->directive_measure)
        return;
    e->directive = what;
    e->directive_alert = id;
    e->directive_state = state;
    e->directive_measure = measure;
    if (what == JZ_DIRECTIVE_UNKNOWN) return;
    e->directive_number++;
    jz_decide_directive(core, e, out);
}
