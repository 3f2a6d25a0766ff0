/* SPDX-License-Identifier: Apache-2.0 */
/* The pre-arrival alert: raised -> delivered -> seen -> accepted | declined -> preparing -> arrived -> handed
 * over. Not answered in time it escalates to the dispatcher and the next hospital; the first may still
 * accept, and the first to accept wins. */
#include <assert.h>
#include <string.h>

#include "state.h"

#define BIT(state) (1u << (state))

/* Where a hospital may move its alert from each state. A hospital that accepted may still have to decline. */
static const uint16_t allowed[JZ_ALERT_STATE_COUNT] = {
    [JZ_ALERT_RAISED] =
        BIT(JZ_ALERT_DELIVERED) | BIT(JZ_ALERT_SEEN) | BIT(JZ_ALERT_ACCEPTED) | BIT(JZ_ALERT_DECLINED),
    [JZ_ALERT_DELIVERED] = BIT(JZ_ALERT_SEEN) | BIT(JZ_ALERT_ACCEPTED) | BIT(JZ_ALERT_DECLINED),
    [JZ_ALERT_SEEN] = BIT(JZ_ALERT_ACCEPTED) | BIT(JZ_ALERT_DECLINED),
    [JZ_ALERT_ACCEPTED] = BIT(JZ_ALERT_PREPARING) | BIT(JZ_ALERT_ARRIVED) | BIT(JZ_ALERT_DECLINED),
    [JZ_ALERT_PREPARING] = BIT(JZ_ALERT_ARRIVED) | BIT(JZ_ALERT_DECLINED),
    [JZ_ALERT_ARRIVED] = BIT(JZ_ALERT_HANDED_OVER),
};

static bool unanswered(uint8_t state) {
    return state == JZ_ALERT_RAISED || state == JZ_ALERT_DELIVERED || state == JZ_ALERT_SEEN;
}

static bool holds_patient(uint8_t state) {
    return state == JZ_ALERT_ACCEPTED || state == JZ_ALERT_PREPARING || state == JZ_ALERT_ARRIVED;
}

static void change(struct jz_core *core, uint32_t slot, struct jz_alert_record *alert, uint8_t state,
                   struct jz_outcome *out) {
    alert->state = state;
    alert->changed_ms = core->head.now_ms;
    if (!unanswered(state)) alert->due_ms = JZ_NEVER;
    out->urgent = true;
    jz_touch(out, slot);
    jz_decide_alert(core, slot, alert, out);
}

/* Asks, or asks again: nobody has answered this yet. */
static void ring(struct jz_core *core, uint32_t slot, struct jz_alert_record *alert, struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    if (e->destination_alert == alert->id) e->destination_alert = 0;
    alert->raised_ms = core->head.now_ms;
    alert->due_ms = core->head.now_ms + JZ_ANSWER_LIMIT_MS;
    alert->conditions = e->conditions;
    alert->priority = e->priority;
    alert->travel_s = e->travel_s[alert->facility];
    alert->escalated = alert->reason = 0;
    if (alert->occurrence < UINT8_MAX) alert->occurrence++;
    memset(alert->person, 0, sizeof alert->person);
    memset(alert->reason_text, 0, sizeof alert->reason_text);
    change(core, slot, alert, JZ_ALERT_RAISED, out);
}

void jz_alert_raise(struct jz_core *core, uint32_t slot, uint8_t facility, struct jz_outcome *out) {
    struct jz_alert_record *alert = jz_alert_add(core, slot);
    assert(alert);
    alert->facility = facility;
    ring(core, slot, alert, out);
}

void jz_alert_renew(struct jz_core *core, uint32_t slot, struct jz_alert_record *alert,
                    struct jz_outcome *out) {
    ring(core, slot, alert, out);
}

static bool can_treat(const struct jz_ranking *ranking, uint8_t facility) {
    for (uint32_t i = 0; i < ranking->candidate_count; i++)
        if (ranking->candidate[i].facility == facility) return true;
    return false;
}

/* Worse, or something else: whoever was asked is asked again, and an acceptance given for less does not stand. A
 * hospital that cannot treat what is known now is let go, and another is asked. */
void jz_alert_worse(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    struct jz_ranking ranking;
    if (!core->directory) return;
    jz_rank_encounter(core, e, &ranking);
    for (uint32_t i = 0; i < e->alert_count; i++) {
        struct jz_alert_record *alert = &jz_alerts(core, slot)[i];
        if (!unanswered(alert->state) && alert->state != JZ_ALERT_ACCEPTED &&
            alert->state != JZ_ALERT_PREPARING)
            continue;
        if (can_treat(&ranking, alert->facility)) {
            ring(core, slot, alert, out);
            continue;
        }
        if (e->destination_alert == alert->id) e->destination_alert = 0;
        change(core, slot, alert, JZ_ALERT_WITHDRAWN, out);
    }
    if (!e->destination_alert && !jz_alert_waits(core, slot)) jz_alert_next(core, slot, out);
}

bool jz_alert_waits(const struct jz_core *core, uint32_t slot) {
    for (uint32_t i = 0; i < core->encounter[slot].alert_count; i++) {
        const struct jz_alert_record *alert = &jz_alerts(core, slot)[i];
        if (unanswered(alert->state) && !alert->escalated) return true;
    }
    return false;
}

static void withdraw_others(struct jz_core *core, uint32_t slot, uint64_t kept, struct jz_outcome *out) {
    for (uint32_t i = 0; i < core->encounter[slot].alert_count; i++) {
        struct jz_alert_record *alert = &jz_alerts(core, slot)[i];
        if (alert->id != kept && unanswered(alert->state)) change(core, slot, alert, JZ_ALERT_WITHDRAWN, out);
    }
}

/* --- a hospital's answer ----------------------------------------------------------------------------------
 */

static enum jz_status check_reason(const struct jz_alert_answer *answer) {
    if (answer->to != JZ_ALERT_DECLINED) return JZ_OK;
    if (answer->reason == JZ_DECLINE_NONE || answer->reason >= JZ_DECLINE_COUNT) return JZ_E_REASON;
    return answer->reason == JZ_DECLINE_OTHER && answer->text.bytes == 0 ? JZ_E_REASON : JZ_OK;
}

static enum jz_status check_authority(const struct jz_core *core, const struct jz_peer *peer,
                                      const struct jz_alert_record *alert) {
    if (peer->role != JZ_ROLE_RECEIVING) return JZ_E_DENIED;
    const char *id = core->directory->facility[alert->facility].id;
    return strncmp(peer->facility, id, sizeof peer->facility) == 0 ? JZ_OK : JZ_E_DENIED;
}

static enum jz_status check_answer(const struct jz_core *core, const struct jz_event *event) {
    const struct jz_alert_answer *answer = &event->frame->answer;
    const struct jz_alert_record *alert = jz_alert_find(core, answer->alert, NULL);
    if (!alert) return JZ_E_UNKNOWN_ALERT;
    enum jz_status status = check_authority(core, &event->peer, alert);
    if (status != JZ_OK) return status;
    if (!(allowed[alert->state] & BIT(answer->to))) return JZ_E_TRANSITION;
    return check_reason(answer);
}

/* Every station of a hospital reports delivery and sight; only the first moves the alert. */
static bool says_nothing_new(const struct jz_core *core, const struct jz_alert_answer *answer) {
    const struct jz_alert_record *alert = jz_alert_find(core, answer->alert, NULL);
    bool receipt = answer->to == JZ_ALERT_DELIVERED || answer->to == JZ_ALERT_SEEN;
    return alert && receipt && alert->state >= (uint8_t)answer->to;
}

static void stamp(struct jz_core *core, struct jz_encounter *e, enum jz_milestone what,
                  struct jz_rule_set *due, struct jz_outcome *out) {
    jz_stamp(core, e, what, core->head.now_ms, false, due, out);
    if (what == JZ_MILESTONE_DOOR && e->phase == JZ_PHASE_OPEN) {
        e->phase = JZ_PHASE_ARRIVED;
        jz_decide_phase(core, e, out);
    }
}

static void follow(struct jz_core *core, uint32_t slot, const struct jz_alert_record *alert,
                   struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    struct jz_rule_set due = {{0}};
    if (alert->state == JZ_ALERT_ACCEPTED) {
        e->destination_alert = alert->id;
        withdraw_others(core, slot, alert->id, out);
    } else if (alert->state == JZ_ALERT_DECLINED) {
        e->declined |= UINT64_C(1) << alert->facility;
        if (e->destination_alert == alert->id) e->destination_alert = 0;
        if (!e->destination_alert && !jz_alert_waits(core, slot)) jz_alert_next(core, slot, out);
    } else if (alert->state == JZ_ALERT_ARRIVED) {
        stamp(core, e, JZ_MILESTONE_DOOR, &due, out);
    } else if (alert->state == JZ_ALERT_HANDED_OVER) {
        stamp(core, e, JZ_MILESTONE_HANDOVER, &due, out);
    }
    if (jz_rule_set_any(&due)) jz_triage(core, slot, &due, out);
    jz_direct(core, slot, out);
    jz_set_wake(core, slot, out);
}

void jz_apply_answer(struct jz_core *core, const struct jz_event *event, struct jz_outcome *out) {
    const struct jz_alert_answer *answer = &event->frame->answer;
    uint32_t slot = 0;
    if (says_nothing_new(core, answer)) return;
    out->status = check_answer(core, event);
    if (out->status != JZ_OK) return;
    struct jz_alert_record *alert = jz_alert_find(core, answer->alert, &slot);
    if (answer->to > JZ_ALERT_DELIVERED) { /* a page reports delivery by itself: nobody did that */
        jz_copy_text(alert->person, sizeof alert->person, event->peer.name,
                     strnlen(event->peer.name, sizeof event->peer.name));
        alert->reason = answer->reason;
        jz_copy_text(alert->reason_text, sizeof alert->reason_text, answer->text.data, answer->text.bytes);
    }
    change(core, slot, alert, (uint8_t)answer->to, out);
    follow(core, slot, alert, out);
}

/* --- the crew's side, and the clock
 * --------------------------------------------------------------------------- */

void jz_alert_milestone(struct jz_core *core, uint32_t slot, enum jz_milestone what, struct jz_outcome *out) {
    struct jz_alert_record *alert = jz_alert_find(core, core->encounter[slot].destination_alert, NULL);
    if (alert) {
        bool expected = alert->state == JZ_ALERT_ACCEPTED || alert->state == JZ_ALERT_PREPARING;
        if (what == JZ_MILESTONE_DOOR && expected)
            change(core, slot, alert, JZ_ALERT_ARRIVED, out);
        else if (what == JZ_MILESTONE_HANDOVER && holds_patient(alert->state))
            change(core, slot, alert, JZ_ALERT_HANDED_OVER, out);
    }
    jz_direct(core, slot, out);
}

/* Nothing is left ringing for a patient who is gone. */
void jz_alert_close(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    const struct jz_encounter *e = &core->encounter[slot];
    uint8_t ended = e->close_reason == JZ_CLOSE_HANDED_OVER ? JZ_ALERT_HANDED_OVER : JZ_ALERT_WITHDRAWN;
    for (uint32_t i = 0; i < e->alert_count; i++) {
        struct jz_alert_record *alert = &jz_alerts(core, slot)[i];
        if (unanswered(alert->state))
            change(core, slot, alert, JZ_ALERT_EXPIRED, out);
        else if (holds_patient(alert->state))
            change(core, slot, alert, ended, out);
    }
    jz_direct(core, slot, out);
}

static void escalate(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    for (uint32_t i = 0; i < core->encounter[slot].alert_count; i++) {
        struct jz_alert_record *alert = &jz_alerts(core, slot)[i];
        if (alert->due_ms > core->head.now_ms) continue;
        alert->escalated = 1;
        alert->due_ms = JZ_NEVER;
        change(core, slot, alert, alert->state, out);
    }
    if (core->encounter[slot].wants_alert && !core->encounter[slot].destination_alert &&
        !jz_alert_waits(core, slot))
        jz_alert_next(core, slot, out);
}

static bool alert_is_due(const struct jz_core *core, uint32_t slot) {
    for (uint32_t i = 0; i < core->encounter[slot].alert_count; i++)
        if (jz_alerts(core, slot)[i].due_ms <= core->head.now_ms) return true;
    return false;
}

static void wake(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    const struct jz_encounter *e = &core->encounter[slot];
    jz_touch(out, slot);
    if (core->head.now_ms >= e->last_ms + JZ_SILENT_MS) {
        jz_close_encounter(core, slot, JZ_CLOSE_UNKNOWN, out);
    } else {
        if (alert_is_due(core, slot)) escalate(core, slot, out);
        if (e->rules_wake_ms <= core->head.now_ms) jz_triage_all(core, slot, out);
    }
    jz_set_wake(core, slot, out);
}

/* What does not fit into one record set stays due and comes with the next deadline event. */
void jz_apply_due(struct jz_core *core, struct jz_outcome *out) {
    for (uint32_t slot = 0; slot < core->head.encounter_count && jz_outcome_has_room(out); slot++)
        if (core->wake_ms[slot] <= core->head.now_ms) wake(core, slot, out);
}
