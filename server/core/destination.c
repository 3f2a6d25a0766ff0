/* SPDX-License-Identifier: Apache-2.0 */
/* Where the patient should go: asks for travel times, ranks, and says who is alerted next. */
#include <assert.h>
#include <string.h>

#include "state.h"

void jz_want_travel(struct jz_core *core, struct jz_encounter *e) {
    if (e->position_ms && e->phase == JZ_PHASE_OPEN && !e->travel_wanted_ms)
        e->travel_wanted_ms = core->head.now_ms;
}

static uint32_t elapsed_s(const struct jz_core *core, const struct jz_encounter *e) {
    int64_t from = e->milestone[JZ_MILESTONE_FMC] ? e->milestone[JZ_MILESTONE_FMC] : e->opened_ms;
    int64_t s = (core->head.now_ms - from) / 1000;
    return s < 0 ? 0u : s > 86400 ? 86400u : (uint32_t)s;
}

void jz_rank_encounter(const struct jz_core *core, const struct jz_encounter *e, struct jz_ranking *ranking) {
    struct jz_travel travel;
    memset(&travel, 0, sizeof travel);
    memcpy(travel.provider, e->provider, sizeof travel.provider);
    memcpy(travel.seconds, e->travel_s, sizeof travel.seconds);
    memcpy(travel.uncertainty_s, e->travel_uncertainty_s, sizeof travel.uncertainty_s);
    struct jz_rank_request request = {.program = core->program,
                                      .directory = core->directory,
                                      .travel = &travel,
                                      .conditions = e->conditions,
                                      .declined = e->declined,
                                      .elapsed_s = elapsed_s(core, e)};
    jz_rank(&request, ranking);
}

static struct jz_alert_record *asked(const struct jz_core *core, uint32_t slot, uint8_t facility) {
    for (uint32_t i = 0; i < core->encounter[slot].alert_count; i++)
        if (jz_alerts(core, slot)[i].facility == facility) return &jz_alerts(core, slot)[i];
    return NULL;
}

/* @return true: somebody is asked now. A hospital whose alert was withdrawn for another's acceptance is asked anew. */
static bool ask(struct jz_core *core, uint32_t slot, uint8_t facility, struct jz_outcome *out) {
    struct jz_alert_record *before = asked(core, slot, facility);
    if (!before) {
        if (core->encounter[slot].alert_count == JZ_ALERTS_PER_ENCOUNTER_MAX) return false;
        jz_alert_raise(core, slot, facility, out);
    } else if (before->state == JZ_ALERT_WITHDRAWN) {
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
    for (uint32_t i = 0; i < ranking.candidate_count; i++)
        if (ask(core, slot, ranking.candidate[i].facility, out)) break;
    jz_direct(core, slot, out);
}

static void keep_travel(struct jz_core *core, uint32_t slot, const struct jz_travel *travel) {
    struct jz_encounter *e = &core->encounter[slot];
    memcpy(e->travel_s, travel->seconds, sizeof e->travel_s);
    memcpy(e->travel_uncertainty_s, travel->uncertainty_s, sizeof e->travel_uncertainty_s);
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
    if (!e) {
        out->status = JZ_E_UNKNOWN_ENCOUNTER;
        return;
    }
    keep_travel(core, slot, event->travel);
    jz_touch(out, slot);
    if (e->wants_alert && !e->destination_alert && !jz_alert_waits(core, slot)) {
        out->urgent = true;
        jz_alert_next(core, slot, out);
    }
    jz_set_wake(core, slot, out);
}

/* The alert a crew should hear about: the accepted one, else the newest that may still be accepted. */
static const struct jz_alert_record *directive_alert(const struct jz_core *core, uint32_t slot) {
    const struct jz_encounter *e = &core->encounter[slot];
    const struct jz_alert_record *alert = jz_alerts(core, slot), *newest = NULL;
    for (uint32_t i = 0; i < e->alert_count; i++) {
        uint8_t state = alert[i].state;
        if (e->destination_alert == alert[i].id) return &alert[i];
        if (state == JZ_ALERT_RAISED || state == JZ_ALERT_DELIVERED || state == JZ_ALERT_SEEN)
            newest = &alert[i];
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
