/* SPDX-License-Identifier: Apache-2.0 */
/* The handover: two signatures, a reminder when one is missing, and what the hospital found afterwards, which comes back to
 * the crew and into the hospital's own figures. */
#include <string.h>

#include "pair.h"

#define DAY_MS 86400000
enum { GIVES = 1, RECEIVES = 2 };

static void decide(struct jz_core *core, const struct jz_encounter *e, struct jz_outcome *out) {
    struct jz_writer w = jz_decision_begin(core, JZ_DECISION_HANDOVER, 5, e, out);
    jz_pair_text(&w, 5, e->gives.person);
    jz_pair_text(&w, 6, e->receives.person);
    jz_pair_bool(&w, 7, e->reminded);
    jz_pair_uint(&w, 8, e->diagnosis);
    jz_pair_uint(&w, 9, e->triage_right);
    jz_decision_end(&w, out);
}

static bool is_signed(const struct jz_encounter *e) {
    return e->gives.ms && e->receives.ms;
}

/* The clock of the missing signature starts when the patient is in the hospital, and anew with each leg of a transfer. */
void jz_handover_begin(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    if (is_signed(e) || e->handover_due_ms != JZ_NEVER || e->reminded) return;
    e->handover_due_ms = core->head.now_ms + JZ_SIGN_LIMIT_MS;
    jz_set_wake(core, slot, out);
}

void jz_handover_due(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    if (e->handover_due_ms > core->head.now_ms) return;
    e->handover_due_ms = JZ_NEVER;
    e->reminded = 1;
    out->urgent = true;
    jz_touch(out, slot);
    decide(core, e, out);
}

static bool may_sign(const struct jz_core *core, const struct jz_act *act, int32_t side) {
    const struct jz_peer *peer = &act->event->peer;
    bool crew = peer->kind == JZ_PEER_DEVICE || peer->role == JZ_ROLE_PARAMEDIC;
    if (side == GIVES) return crew;
    return !crew && peer->role == JZ_ROLE_RECEIVING && jz_is_destination(core, act->slot, act->facility);
}

/* Both signed and not yet said by anybody: the patient is handed over now. */
static void finish(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out) {
    struct jz_rule_set due = {{0}};
    act->e->handover_due_ms = JZ_NEVER;
    if (act->e->phase != JZ_PHASE_ARRIVED) return;
    jz_stamp(core, act->e, JZ_MILESTONE_HANDOVER, core->head.now_ms, NULL, JZ_STAMP_EVENT, false, &due, out);
    enum jz_status status = jz_phase_move(core, act->slot, JZ_PHASE_HAND_OVER, out);
    if (status == JZ_OK) jz_alert_milestone(core, act->slot, JZ_MILESTONE_HANDOVER, out);
    if (jz_rule_set_any(&due)) jz_triage(core, act->slot, &due, out);
}

/* Each side signs once; who signed stands. */
enum jz_status jz_do_sign_handover(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out) {
    struct jz_encounter *e = act->e;
    int32_t side = act->action->value;
    if (side != GIVES && side != RECEIVES) return JZ_E_VALUE;
    if (!may_sign(core, act, side)) return JZ_E_DENIED;
    if (e->phase != JZ_PHASE_ARRIVED && e->phase != JZ_PHASE_HANDED_OVER) return JZ_E_PHASE;
    struct jz_signature *signature = side == GIVES ? &e->gives : &e->receives;
    if (signature->ms) return JZ_E_TRANSITION;
    signature->ms = core->head.now_ms;
    jz_copy_text(signature->person, sizeof signature->person, act->person, strlen(act->person));
    decide(core, e, out);
    if (is_signed(e)) finish(core, act, out);
    jz_touch(out, act->slot);
    jz_set_wake(core, act->slot, out);
    return JZ_OK;
}

/* What the hospital found may be corrected by it; the last word counts, the journal has all. */
enum jz_status jz_do_outcome(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out) {
    struct jz_encounter *e = act->e;
    if (act->action->code < 1 || act->action->code >= JZ_DIAGNOSIS_COUNT) return JZ_E_VALUE;
    if (act->action->value < 1 || act->action->value > 3) return JZ_E_VALUE;
    if (e->phase == JZ_PHASE_OPEN) return JZ_E_PHASE;
    e->diagnosis = (uint8_t)act->action->code;
    e->triage_right = (uint8_t)act->action->value;
    e->outcome_ms = core->head.now_ms;
    decide(core, e, out);
    jz_touch(out, act->slot);
    return JZ_OK;
}

/* --- the hospital's own figures --------------------------------------------------------------------------------- */

static int64_t stamp_ms(const struct jz_encounter *e, uint32_t code) {
    uint32_t field = jz_field_by_code(code);
    for (uint32_t i = 0; i < e->stamp_count; i++)
        if (e->stamp[i].field == field) return e->stamp[i].happened_ms;
    return 0;
}

/* Codes: protocol/fields/ (door, wire, needle, decision for delivery, delivery, CT ordered, CT started). */
static const struct {
    uint32_t from, to;
    enum jz_figure_kind kind;
} intervals[] = {
    {67109207u, 67109209u, JZ_FIGURE_WIRE},
    {67109207u, 67109210u, JZ_FIGURE_NEEDLE},
    {67109211u, 67109212u, JZ_FIGURE_DELIVERY},
    {67111420u, 67111421u, JZ_FIGURE_CT},
};

static void feed(struct jz_core *core, const struct jz_encounter *e, uint32_t facility) {
    uint32_t today = (uint32_t)(core->head.now_ms / DAY_MS);
    for (uint32_t i = 0; i < sizeof intervals / sizeof intervals[0]; i++) {
        int64_t from = stamp_ms(e, intervals[i].from), to = stamp_ms(e, intervals[i].to);
        if (!from || !to || to < from) continue;
        bool kept =
            jz_figures_add(&core->region->figures, facility, intervals[i].kind, (to - from) / 1000, today);
        (void)kept; /* over a day is no interval (chest-pain 8.2); the report counts it as invalid */
    }
}

void jz_case_ended(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    const struct jz_alert_record *alert = jz_alert_find(core, e->destination_alert, NULL);
    if (alert && e->milestone[JZ_MILESTONE_DOOR]) feed(core, e, alert->facility);
    e->handover_due_ms = e->clock_wake_ms = JZ_NEVER;
    jz_consult_end(core, slot, out);
}

static uint64_t signature_pairs(const struct jz_signature *s) {
    return s->ms ? 2u : 0u;
}

static void view_signature(struct jz_writer *w, uint64_t key, const struct jz_signature *s) {
    if (!s->ms) return;
    jz_pair_text(w, key, s->person);
    jz_pair_int(w, key + 1u, s->ms);
}

void jz_view_handover(struct jz_writer *w, const struct jz_core *core, uint32_t slot) {
    const struct jz_encounter *e = &core->encounter[slot];
    bool reminded = e->reminded && !is_signed(e);
    jz_write_map(w, signature_pairs(&e->gives) + signature_pairs(&e->receives) + reminded +
                        (e->outcome_ms ? 2u : 0u));
    view_signature(w, 0, &e->gives);
    view_signature(w, 2, &e->receives);
    if (reminded) jz_pair_bool(w, 4, true);
    if (!e->outcome_ms) return;
    jz_pair_uint(w, 5, e->diagnosis);
    jz_pair_uint(w, 6, e->triage_right);
}
