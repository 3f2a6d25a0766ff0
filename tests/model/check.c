/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold in every state. Each rule stands alone, and its name is what is printed when it does not. */
#include <string.h>

#include "world.h"

#define BIT(state) (1u << (state))
#define UNANSWERED (BIT(JZ_ALERT_RAISED) | BIT(JZ_ALERT_DELIVERED) | BIT(JZ_ALERT_SEEN))
#define COMING (BIT(JZ_ALERT_ACCEPTED) | BIT(JZ_ALERT_PREPARING))
#define HOLDS (COMING | BIT(JZ_ALERT_ARRIVED))
#define OFF (BIT(JZ_ALERT_WITHDRAWN) | BIT(JZ_ALERT_EXPIRED))

static const struct jz_encounter *case_of(const struct world *w, uint32_t slot) {
    return &w->core->encounter[slot];
}

static bool is_in(const struct jz_alert_record *alert, uint32_t states) {
    return (BIT(alert->state) & states) != 0;
}

static uint32_t count_in(const struct world *w, uint32_t slot, uint32_t states) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < case_of(w, slot)->alert_count; i++)
        count += is_in(&jz_alerts(w->core, slot)[i], states);
    return count;
}

/* --- an owner --------------------------------------------------------------------------------------------------------- */

/* Key 23 of the patient's frame, as a dispatcher's screen gets it. */
static bool screen_says_call(const struct world *w, uint32_t slot) {
    static uint8_t buffer[JZ_MESSAGE_BYTES_MAX];
    struct jz_writer writer;
    struct jz_reader r;
    jz_writer_init(&writer, buffer, sizeof buffer);
    if (jz_view_patient(w->core, slot, w->now, false, &writer) != JZ_OK) return false;
    jz_reader_init(&r, buffer, writer.used);
    uint32_t pairs = jz_read_map(&r);
    for (uint32_t i = 0; i < pairs && r.status == JZ_OK; i++) {
        if (jz_read_uint(&r) == 23) return true;
        jz_read_skip(&r);
    }
    return false;
}

static bool time_is_left(const struct world *w, uint32_t slot) {
    for (uint32_t i = 0; i < case_of(w, slot)->alert_count; i++) {
        const struct jz_alert_record *alert = &jz_alerts(w->core, slot)[i];
        if (is_in(alert, UNANSWERED) && alert->due_ms > w->now && alert->due_ms != JZ_NEVER) return true;
    }
    return false;
}

static bool wants_hospital(const struct world *w, uint32_t slot) {
    return case_of(w, slot)->phase == JZ_PHASE_OPEN && case_of(w, slot)->wants_alert;
}

static bool has_owner(const struct world *w, uint32_t slot) {
    if (!wants_hospital(w, slot) || case_of(w, slot)->destination_alert) return true;
    return time_is_left(w, slot) || screen_says_call(w, slot);
}

/* A person must call only when there is no hospital left that could be asked and was not. */
static bool all_were_asked(const struct world *w, uint32_t slot) {
    static struct jz_ranking ranking;
    const struct jz_encounter *e = case_of(w, slot);
    if (!wants_hospital(w, slot) || e->destination_alert || time_is_left(w, slot)) return true;
    jz_rank_encounter(w->core, e, &ranking);
    for (uint32_t i = 0; i < ranking.candidate_count; i++) {
        bool rings = false;
        for (uint32_t k = 0; k < e->alert_count; k++) {
            const struct jz_alert_record *alert = &jz_alerts(w->core, slot)[k];
            rings |= alert->facility == ranking.candidate[i].facility && is_in(alert, UNANSWERED);
        }
        if (!rings) return false;
    }
    return true;
}

/* --- one acceptance ---------------------------------------------------------------------------------------------------- */

static bool one_acceptance(const struct world *w, uint32_t slot) {
    return count_in(w, slot, HOLDS) <= 1;
}

static bool destination_is_the_acceptance(const struct world *w, uint32_t slot) {
    const struct jz_encounter *e = case_of(w, slot);
    const struct jz_alert_record *d = jz_alert_find(w->core, e->destination_alert, NULL);
    if (e->destination_alert && !d) return false;
    if (d && !is_in(d, HOLDS | BIT(JZ_ALERT_HANDED_OVER))) return false;
    if (d && e->phase == JZ_PHASE_OPEN && !is_in(d, COMING)) return false;
    return count_in(w, slot, HOLDS) == 0 || (d && is_in(d, HOLDS));
}

/* The crew is sent to the acceptance, else to the hospital that was asked first, and never to one on standby. */
static bool crew_goes_where_it_is_meant(const struct world *w, uint32_t slot) {
    const struct jz_encounter *e = case_of(w, slot);
    const struct jz_alert_record *told = jz_alert_find(w->core, e->directive_alert, NULL);
    if (e->phase != JZ_PHASE_OPEN) return true;
    if (e->destination_alert) return e->directive_alert == e->destination_alert;
    if (count_in(w, slot, UNANSWERED)) return told && is_in(told, UNANSWERED) && !told->standby;
    return e->directive_alert == 0;
}

static bool somebody_is_asked_first(const struct world *w, uint32_t slot) {
    uint32_t first = 0;
    for (uint32_t i = 0; i < case_of(w, slot)->alert_count; i++) {
        const struct jz_alert_record *alert = &jz_alerts(w->core, slot)[i];
        first += is_in(alert, UNANSWERED) && !alert->standby;
        if (is_in(alert, HOLDS) && alert->standby) return false;
    }
    return first == (count_in(w, slot, UNANSWERED) != 0);
}

/* --- the ladder -------------------------------------------------------------------------------------------------------- */

/* As said in console.md 6, not as the core's own table has it. */
static bool unanswered_climbs(const struct world *w, uint32_t slot) {
    for (uint32_t i = 0; i < case_of(w, slot)->alert_count; i++) {
        const struct jz_alert_record *alert = &jz_alerts(w->core, slot)[i];
        int64_t since_ms = w->now - alert->raised_ms;
        uint32_t rungs =
            (since_ms >= 10000) + (since_ms >= 30000) + (since_ms >= 60000) + (since_ms >= 120000);
        if (!is_in(alert, UNANSWERED)) continue;
        if (alert->rung != rungs || alert->escalated != (rungs >= 3)) return false;
        if (alert->state == JZ_ALERT_RAISED && rungs && !alert->technical) return false;
        if (rungs < 4 && alert->due_ms == JZ_NEVER) return false;
    }
    return true;
}

static bool nothing_rings_for_who_is_gone(const struct world *w, uint32_t slot) {
    bool gone = !jz_phase_is_live(case_of(w, slot)->phase);
    return !gone || count_in(w, slot, UNANSWERED | HOLDS) == 0;
}

static bool whoever_is_off_is_told(const struct world *w, uint32_t slot) {
    for (uint32_t i = 0; i < case_of(w, slot)->alert_count; i++) {
        const struct jz_alert_record *alert = &jz_alerts(w->core, slot)[i];
        bool due = alert->due_ms != JZ_NEVER && alert->due_ms > w->now;
        if (is_in(alert, OFF) && !alert->told && !alert->technical && !due) return false;
        if (is_in(alert, OFF) && due && w->core->wake_ms[slot] > alert->due_ms) return false;
    }
    return true;
}

/* --- places ------------------------------------------------------------------------------------------------------------- */

/* Held where it is accepted and nowhere else; what was held for four hours is let go (services.c). */
static bool places_follow_the_acceptance(const struct world *w, uint32_t slot) {
    const struct jz_encounter *e = case_of(w, slot);
    const struct jz_alert_record *d = jz_alert_find(w->core, e->destination_alert, NULL);
    if (!e->held_facility) return e->held_services == 0;
    return jz_phase_is_live(e->phase) && d && is_in(d, COMING) && e->held_facility == d->facility + 1u;
}

static bool accepted_places_are_held(const struct world *w, uint32_t slot) {
    const struct jz_encounter *e = case_of(w, slot);
    const struct jz_alert_record *d = jz_alert_find(w->core, e->destination_alert, NULL);
    bool coming = e->phase == JZ_PHASE_OPEN && d && is_in(d, COMING);
    bool late = coming && w->now - d->accepted_ms >= JZ_HOLD_LIMIT_MS;
    return !coming || late || e->held_facility != 0;
}

static bool no_place_is_lost(const struct world *w) {
    for (uint32_t f = 0; f < WORLD_HOSPITALS; f++)
        for (uint32_t s = 1; s < JZ_SERVICE_COUNT; s++) {
            uint32_t held = 0;
            for (uint32_t slot = 0; slot < w->patients; slot++)
                held += case_of(w, slot)->held_facility == f + 1u &&
                        (case_of(w, slot)->held_services >> s & 1u) != 0;
            const struct jz_capacity *capacity = &w->core->region->capacity;
            if (jz_capacity_number(capacity, f, (enum jz_service)s)->held != held) return false;
        }
    return true;
}

static bool nothing_is_overdue(const struct world *w) {
    return w->spins == 0 || jz_core_next_deadline(w->core) > w->now;
}

/* ------------------------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *says;
    bool (*holds)(const struct world *, uint32_t);
} of_a_case[] = {
    {"a patient who wants a hospital has an owner: an acceptance, an alert with time left, or a person",
     has_owner},
    {"a person must call only when every hospital that can was asked", all_were_asked},
    {"at most one hospital has accepted", one_acceptance},
    {"the destination is the hospital that accepted", destination_is_the_acceptance},
    {"the crew goes where it is meant, never to a standby", crew_goes_where_it_is_meant},
    {"of those that are asked exactly one is asked first", somebody_is_asked_first},
    {"an alert that nobody acknowledges climbs: 10, 30, 60, 120 s", unanswered_climbs},
    {"nothing rings for a patient who is gone", nothing_rings_for_who_is_gone},
    {"a hospital that is off is told, or somebody telephones", whoever_is_off_is_told},
    {"places are held where it is accepted", places_follow_the_acceptance},
    {"an acceptance holds its places", accepted_places_are_held},
};

const char *world_broken(const struct world *w) {
    for (uint32_t i = 0; i < sizeof of_a_case / sizeof of_a_case[0]; i++)
        for (uint32_t slot = 0; slot < w->patients; slot++)
            if (!of_a_case[i].holds(w, slot)) return of_a_case[i].says;
    if (!no_place_is_lost(w)) return "held are the places of those who are waited for, no more and no less";
    return nothing_is_overdue(w) ? NULL : "after a deadline event nothing is overdue";
}
