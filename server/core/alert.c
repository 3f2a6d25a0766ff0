/* SPDX-License-Identifier: Apache-2.0 */
/* The pre-arrival alert: what each answer does in each state, and what happens when no answer comes (decision 0015). Every
 * state's way out is a row of a table here: answers, milestones, the end of the case, and the ladder of deadlines. */
#include <assert.h>
#include <string.h>

#include "state.h"

#define BIT(state) (1u << (state))
#define UNANSWERED (BIT(JZ_ALERT_RAISED) | BIT(JZ_ALERT_DELIVERED) | BIT(JZ_ALERT_SEEN))
#define COMING (BIT(JZ_ALERT_ACCEPTED) | BIT(JZ_ALERT_PREPARING))
#define OFF (BIT(JZ_ALERT_WITHDRAWN) | BIT(JZ_ALERT_EXPIRED))

#define TAKE_BACK_MS 5000                /* console.md 6: an acknowledgement can be undone for 5 s */
#define ON_ITS_WAY_MS 5000               /* PROJ: an answer older than this was not sent a moment ago */
#define TELL_LIMIT_MS JZ_ANSWER_LIMIT_MS /* PROJ: as long as for an answer, then somebody must telephone */

static bool is_in(const struct jz_alert_record *alert, uint32_t states) {
    return (BIT(alert->state) & states) != 0;
}

/* --- a change ----------------------------------------------------------------------------------------------------- */

static void announce(struct jz_core *core, uint32_t slot, const struct jz_alert_record *alert,
                     struct jz_outcome *out) {
    out->urgent = true;
    jz_touch(out, slot);
    jz_decide_alert(core, slot, alert, out);
}

/* An acceptance holds places, an arrival takes them, and whatever else ends it lets them go. */
static void move_places(struct jz_core *core, uint32_t slot, const struct jz_alert_record *alert,
                        uint8_t before, struct jz_outcome *out) {
    const struct jz_encounter *e = &core->encounter[slot];
    bool came = alert->state == JZ_ALERT_ARRIVED || alert->state == JZ_ALERT_HANDED_OVER;
    if (alert->state == JZ_ALERT_ACCEPTED)
        jz_hold_places(core, slot, alert->facility, out);
    else if (!(BIT(before) & COMING) || is_in(alert, COMING) || e->held_facility != alert->facility + 1u)
        return;
    else if (came)
        jz_use_places(core, slot, out);
    else
        jz_release_places(core, slot, out);
}

static void change(struct jz_core *core, uint32_t slot, struct jz_alert_record *alert, uint8_t state,
                   struct jz_outcome *out) {
    uint8_t before = alert->state;
    alert->state = state;
    alert->changed_ms = core->head.now_ms;
    if (!is_in(alert, UNANSWERED)) alert->due_ms = JZ_NEVER;
    if (state != JZ_ALERT_RAISED) alert->technical = 0;
    announce(core, slot, alert, out);
    move_places(core, slot, alert, before, out);
}

/* --- ringing ------------------------------------------------------------------------------------------------------ */

/* console.md 6. Each rung is taken once a ringing, and counts from when it rang. */
enum { NO_RECEIPT = 1, REPEATED, ESCALATED, NEXT_HOSPITAL, RUNGS = NEXT_HOSPITAL };
static const struct {
    int32_t after_ms;
    uint32_t in; /* in these states it does something; in others it is passed */
} ladder[RUNGS + 1] = {
    [NO_RECEIPT] = {JZ_RECEIPT_LIMIT_MS, BIT(JZ_ALERT_RAISED)}, /* a technical matter: telephone */
    [REPEATED] = {30000, UNANSWERED},                           /* sounds again, and the second contact */
    [ESCALATED] = {JZ_ANSWER_LIMIT_MS, UNANSWERED},             /* duty officer and dispatcher */
    [NEXT_HOSPITAL] = {120000, UNANSWERED},                     /* is asked beside this one */
};

static void wait_for_rung(struct jz_alert_record *alert) {
    bool more = alert->rung < RUNGS;
    alert->due_ms = more ? alert->raised_ms + ladder[alert->rung + 1u].after_ms : JZ_NEVER;
}

static void sound(struct jz_alert_record *alert) {
    if (alert->occurrence < UINT8_MAX) alert->occurrence++;
}

/* PROJ. By priority, and whether a team beyond the emergency department is called. */
static const uint8_t grades[6][2] = {
    [1] = {JZ_GRADE_ACTIVATE, JZ_GRADE_ACTIVATE}, [2] = {JZ_GRADE_PREPARE, JZ_GRADE_PREPARE},
    [3] = {JZ_GRADE_INFORM, JZ_GRADE_PREPARE},    [4] = {JZ_GRADE_INFORM, JZ_GRADE_INFORM},
    [5] = {JZ_GRADE_INFORM, JZ_GRADE_INFORM},
};

/* On standby nobody is activated: the patient is not on the way there. */
static uint8_t grade_of(const struct jz_alert_record *alert) {
    bool called = false;
    for (uint32_t i = JZ_TEAM_ED + 1u; i < JZ_TEAM_COUNT; i++) called |= alert->team[i].needed;
    uint8_t grade = grades[alert->priority][called];
    return alert->standby && grade > JZ_GRADE_PREPARE ? JZ_GRADE_PREPARE : grade;
}

static bool another_is_asked_first(const struct jz_core *core, uint32_t slot, uint64_t id) {
    for (uint32_t i = 0; i < core->encounter[slot].alert_count; i++) {
        const struct jz_alert_record *other = &jz_alerts(core, slot)[i];
        if (other->id != id && is_in(other, UNANSWERED) && !other->standby) return true;
    }
    return false;
}

/* Asks, or asks again: nobody has answered this yet. A hospital from which no receipt came is still to be telephoned. */
static void ring(struct jz_core *core, uint32_t slot, struct jz_alert_record *alert, struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    if (e->destination_alert == alert->id) e->destination_alert = 0;
    if (!is_in(alert, UNANSWERED | COMING)) memset(alert->team, 0, sizeof alert->team);
    jz_teams_call(core, slot, alert);
    alert->conditions = e->conditions;
    alert->priority = e->priority;
    alert->travel_s = e->travel_s[alert->facility];
    alert->standby = another_is_asked_first(core, slot, alert->id);
    alert->grade = grade_of(alert);
    alert->raised_ms = core->head.now_ms;
    alert->accepted_ms = 0;
    alert->escalated = alert->reason = alert->rung = alert->told = alert->off_for = 0;
    if (!is_in(alert, BIT(JZ_ALERT_RAISED))) alert->technical = 0;
    wait_for_rung(alert);
    sound(alert);
    memset(alert->person, 0, sizeof alert->person);
    memset(alert->reason_text, 0, sizeof alert->reason_text);
    change(core, slot, alert, JZ_ALERT_RAISED, out);
}

void jz_alert_raise(struct jz_core *core, uint32_t slot, uint8_t facility, struct jz_outcome *out) {
    struct jz_alert_record *alert = jz_alert_add(core, slot);
    assert(alert); /* the caller looked for room */
    alert->facility = facility;
    ring(core, slot, alert, out);
}

void jz_alert_renew(struct jz_core *core, uint32_t slot, struct jz_alert_record *alert,
                    struct jz_outcome *out) {
    ring(core, slot, alert, out);
}

/* When the hospital that was asked first is off, the next is meant itself. Its ladder goes on: the patient has waited. */
static void promote(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    if (core->encounter[slot].destination_alert || another_is_asked_first(core, slot, 0)) return;
    for (uint32_t i = 0; i < core->encounter[slot].alert_count; i++) {
        struct jz_alert_record *alert = &jz_alerts(core, slot)[i];
        if (!is_in(alert, UNANSWERED)) continue;
        alert->standby = 0;
        alert->grade = grade_of(alert);
        sound(alert);
        announce(core, slot, alert, out);
        return;
    }
}

/* --- off ---------------------------------------------------------------------------------------------------------- */

/* Whoever was asked, or has accepted, must hear that the patient does not come; the screen says so until somebody there
 * confirms it. */
static void call_off(struct jz_core *core, uint32_t slot, struct jz_alert_record *alert, uint8_t state,
                     struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    if (e->destination_alert == alert->id) e->destination_alert = 0;
    alert->told = 0;
    change(core, slot, alert, state, out);
    alert->due_ms = core->head.now_ms + TELL_LIMIT_MS;
}

static uint8_t place_of(const struct jz_alert_record *alert) {
    return (uint8_t)((alert->id - 1u) % JZ_ALERTS_PER_ENCOUNTER_MAX + 1u);
}

static void call_off_others(struct jz_core *core, uint32_t slot, uint64_t kept, uint8_t off_for,
                            struct jz_outcome *out) {
    for (uint32_t i = 0; i < core->encounter[slot].alert_count; i++) {
        struct jz_alert_record *alert = &jz_alerts(core, slot)[i];
        if (alert->id == kept || !is_in(alert, UNANSWERED | COMING)) continue;
        alert->off_for = off_for;
        call_off(core, slot, alert, JZ_ALERT_WITHDRAWN, out);
    }
}

void jz_alert_call_off(struct jz_core *core, uint32_t slot, uint64_t kept, struct jz_outcome *out) {
    call_off_others(core, slot, kept, 0, out);
    promote(core, slot, out);
}

static bool can_treat(const struct jz_encounter *e, const struct jz_ranking *ranking, uint8_t facility) {
    if (e->chosen == facility + 1u) return true; /* a person knew better */
    for (uint32_t i = 0; i < ranking->candidate_count; i++)
        if (ranking->candidate[i].facility == facility) return true;
    return false;
}

/* Worse, or something else: whoever was asked is asked again, and an acceptance given for less does not stand. A
 * hospital that cannot treat what is known now is let go, and another is asked. */
void jz_alert_worse(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    struct jz_ranking ranking;
    bool on_the_way =
        e->phase == JZ_PHASE_OPEN; /* at its door, a hospital is not told that the patient does not come */
    if (!core->directory) return;
    jz_rank_encounter(core, e, &ranking);
    for (uint32_t i = 0; i < e->alert_count; i++) {
        struct jz_alert_record *alert = &jz_alerts(core, slot)[i];
        if (!is_in(alert, UNANSWERED | COMING)) continue;
        if (!on_the_way || can_treat(e, &ranking, alert->facility))
            ring(core, slot, alert, out);
        else
            call_off(core, slot, alert, JZ_ALERT_WITHDRAWN, out);
    }
    /* Nobody accepted yet, and what is known now is better treated elsewhere: that hospital is asked, not the one before. */
    bool better = on_the_way && !e->destination_alert && !jz_best_is_asked(core, slot, &ranking);
    if (better) jz_alert_call_off(core, slot, 0, out);
    promote(core, slot, out);
    if (!e->destination_alert && !jz_alert_waits(core, slot)) jz_alert_next(core, slot, out);
}

bool jz_alert_waits(const struct jz_core *core, uint32_t slot) {
    for (uint32_t i = 0; i < core->encounter[slot].alert_count; i++) {
        const struct jz_alert_record *alert = &jz_alerts(core, slot)[i];
        if (is_in(alert, UNANSWERED) && alert->due_ms != JZ_NEVER) return true;
    }
    return false;
}

bool jz_is_destination(const struct jz_core *core, uint32_t slot, uint32_t facility) {
    const struct jz_alert_record *accepted =
        jz_alert_find(core, core->encounter[slot].destination_alert, NULL);
    if (accepted) return accepted->facility == facility;
    for (uint32_t i = 0; i < core->encounter[slot].alert_count; i++) {
        const struct jz_alert_record *alert = &jz_alerts(core, slot)[i];
        bool asked = (is_in(alert, UNANSWERED) && !alert->standby) || is_in(alert, BIT(JZ_ALERT_EXPIRED));
        if (asked && alert->facility == facility) return true;
    }
    return false;
}

bool jz_has_patient(const struct jz_core *core, uint32_t slot, uint32_t facility) {
    for (uint32_t i = 0; i < core->encounter[slot].alert_count; i++) {
        const struct jz_alert_record *alert = &jz_alerts(core, slot)[i];
        if (alert->facility == facility && is_in(alert, BIT(JZ_ALERT_HANDED_OVER))) return true;
    }
    return jz_is_destination(core, slot, facility);
}

/* --- a hospital's answer ------------------------------------------------------------------------------------------ */

enum effect {
    REFUSED,
    MOVES,      /* to the state that was answered */
    NOTHING,    /* every station of a hospital reports delivery and sight: only the first moves it */
    TAKES_BACK, /* one's own acceptance */
    TELLS       /* that it is off */
};
static const uint8_t effects[JZ_ALERT_STATE_COUNT][JZ_ALERT_HANDED_OVER + 1] = {
#define ROW(raised, delivered, seen, accepted, declined, preparing, arrived, handed_over)                    \
    { REFUSED, raised, delivered, seen, accepted, declined, preparing, arrived, handed_over }
    [JZ_ALERT_RAISED] = ROW(REFUSED, MOVES, MOVES, MOVES, MOVES, REFUSED, REFUSED, REFUSED),
    [JZ_ALERT_DELIVERED] = ROW(REFUSED, NOTHING, MOVES, MOVES, MOVES, REFUSED, REFUSED, REFUSED),
    [JZ_ALERT_SEEN] = ROW(REFUSED, NOTHING, NOTHING, MOVES, MOVES, REFUSED, REFUSED, REFUSED),
    [JZ_ALERT_ACCEPTED] = ROW(TAKES_BACK, NOTHING, NOTHING, REFUSED, MOVES, MOVES, MOVES, REFUSED),
    [JZ_ALERT_DECLINED] = ROW(REFUSED, NOTHING, NOTHING, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED),
    [JZ_ALERT_PREPARING] = ROW(REFUSED, NOTHING, NOTHING, REFUSED, MOVES, REFUSED, MOVES, REFUSED),
    [JZ_ALERT_ARRIVED] = ROW(REFUSED, NOTHING, NOTHING, REFUSED, REFUSED, REFUSED, REFUSED, MOVES),
    [JZ_ALERT_HANDED_OVER] = ROW(REFUSED, NOTHING, NOTHING, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED),
    [JZ_ALERT_WITHDRAWN] = ROW(REFUSED, NOTHING, TELLS, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED),
    [JZ_ALERT_EXPIRED] = ROW(REFUSED, NOTHING, TELLS, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED),
#undef ROW
};

/* Reasons that may go with an answer: 0 is none. */
#define LIMITS                                                                                               \
    (BIT(JZ_DECLINE_NONE) | BIT(JZ_DECLINE_CATH_LAB_BUSY) | BIT(JZ_DECLINE_NO_NICU_COT) |                    \
     BIT(JZ_DECLINE_NO_BLOOD) | BIT(JZ_DECLINE_OTHER))
#define DECLINES ((BIT(JZ_DECLINE_COUNT) - 1u) & ~BIT(JZ_DECLINE_NONE))

static enum jz_status check_reason(const struct jz_alert_answer *answer) {
    uint32_t permitted = answer->to == JZ_ALERT_DECLINED ? DECLINES : LIMITS;
    if (answer->to != JZ_ALERT_DECLINED && answer->to != JZ_ALERT_ACCEPTED) return JZ_OK;
    if (answer->reason >= JZ_DECLINE_COUNT || !(permitted & BIT(answer->reason))) return JZ_E_REASON;
    return answer->reason == JZ_DECLINE_OTHER && answer->text.bytes == 0 ? JZ_E_REASON : JZ_OK;
}

static enum jz_status check_authority(const struct jz_core *core, const struct jz_peer *peer,
                                      const struct jz_alert_record *alert) {
    if (peer->role != JZ_ROLE_RECEIVING) return JZ_E_DENIED;
    const char *id = core->directory->facility[alert->facility].id;
    return strncmp(peer->facility, id, sizeof peer->facility) == 0 ? JZ_OK : JZ_E_DENIED;
}

static void name(struct jz_alert_record *alert, const struct jz_peer *peer) {
    jz_copy_text(alert->person, sizeof alert->person, peer->name, strnlen(peer->name, sizeof peer->name));
}

static void stamp(struct jz_core *core, uint32_t slot, enum jz_milestone what, const struct jz_event *event,
                  struct jz_outcome *out) {
    struct jz_rule_set due = {{0}};
    jz_stamp(core, &core->encounter[slot], what, core->head.now_ms, event, JZ_STAMP_HOSPITAL, false, &due,
             out);
    jz_phase_reached(core, slot, what, out);
    if (jz_rule_set_any(&due)) jz_triage(core, slot, &due, out);
}

/* A person chose this hospital, and it does not take the patient: from here on the ranking says again who is asked. */
static void forget_choice(struct jz_encounter *e) {
    e->chosen = e->chosen_reason = 0;
    memset(e->chosen_by, 0, sizeof e->chosen_by);
}

static void follow(struct jz_core *core, uint32_t slot, const struct jz_alert_record *alert,
                   const struct jz_event *event, struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    if (alert->state == JZ_ALERT_ACCEPTED) {
        e->destination_alert = alert->id;
        call_off_others(core, slot, alert->id, place_of(alert), out);
    } else if (alert->state == JZ_ALERT_DECLINED) {
        e->declined |= UINT64_C(1) << alert->facility;
        if (e->chosen == alert->facility + 1u) forget_choice(e);
        if (e->destination_alert == alert->id) e->destination_alert = 0;
        promote(core, slot, out);
        if (!e->destination_alert && !jz_alert_waits(core, slot)) jz_alert_next(core, slot, out);
    } else if (alert->state == JZ_ALERT_ARRIVED) {
        stamp(core, slot, JZ_MILESTONE_DOOR, event, out);
    } else if (alert->state == JZ_ALERT_HANDED_OVER) {
        stamp(core, slot, JZ_MILESTONE_HANDOVER, event, out);
    }
}

/* An answer that was on its way when the alert rang anew was given to what was known before. Consoles keep the server's time;
 * one whose clock is far off is believed now rather than never. */
static bool is_for_the_ringing_before(const struct jz_alert_record *alert, const struct jz_event *event) {
    const struct jz_alert_answer *answer = &event->frame->answer;
    bool decides = answer->to == JZ_ALERT_ACCEPTED || answer->to == JZ_ALERT_DECLINED;
    int64_t before_ms = alert->raised_ms - event->frame->at_ms;
    return decides && alert->occurrence > 1 && is_in(alert, UNANSWERED) && before_ms > 0 &&
           before_ms <= ON_ITS_WAY_MS;
}

/* What goes with the answer is on the record before the state is. */
static enum jz_status move(struct jz_core *core, uint32_t slot, struct jz_alert_record *alert,
                           const struct jz_event *event, struct jz_outcome *out) {
    const struct jz_alert_answer *answer = &event->frame->answer;
    uint64_t accepted = core->encounter[slot].destination_alert;
    enum jz_status status = check_reason(answer);
    if (status != JZ_OK) return status;
    if (is_for_the_ringing_before(alert, event)) return JZ_E_TRANSITION;
    if (answer->to == JZ_ALERT_ACCEPTED && accepted && accepted != alert->id) {
        call_off(core, slot, alert, JZ_ALERT_WITHDRAWN, out);
        return JZ_E_TRANSITION;
    }
    if (answer->to > JZ_ALERT_DELIVERED) name(alert, &event->peer); /* delivery is a page's own doing */
    if (answer->to == JZ_ALERT_ACCEPTED || answer->to == JZ_ALERT_DECLINED) {
        alert->reason = answer->reason;
        jz_copy_text(alert->reason_text, sizeof alert->reason_text, answer->text.data, answer->text.bytes);
    }
    alert->told = answer->to == JZ_ALERT_DECLINED;
    if (answer->to == JZ_ALERT_ACCEPTED) {
        alert->accepted_ms = core->head.now_ms;
        alert->standby = 0;
        alert->grade = grade_of(alert);
    }
    change(core, slot, alert, (uint8_t)answer->to, out);
    follow(core, slot, alert, event, out);
    return JZ_OK;
}

/* As if it had not been said: the hospital rings again, and so do those that were told it had been. */
static enum jz_status take_back(struct jz_core *core, uint32_t slot, const struct jz_alert_record *alert,
                                const struct jz_peer *peer, struct jz_outcome *out) {
    uint8_t place = place_of(alert);
    if (core->head.now_ms - alert->accepted_ms > TAKE_BACK_MS) return JZ_E_TRANSITION;
    if (strncmp(alert->person, peer->name, sizeof alert->person) != 0) return JZ_E_DENIED;
    for (uint32_t i = 0; i < core->encounter[slot].alert_count; i++) {
        struct jz_alert_record *each = &jz_alerts(core, slot)[i];
        bool ended_by_it = each->state == JZ_ALERT_WITHDRAWN && each->off_for == place;
        if (each == alert || ended_by_it) ring(core, slot, each, out);
    }
    return JZ_OK;
}

static void tell(struct jz_core *core, uint32_t slot, struct jz_alert_record *alert,
                 const struct jz_peer *peer, struct jz_outcome *out) {
    if (alert->told) return;
    alert->told = 1;
    alert->changed_ms = core->head.now_ms;
    alert->technical = 0;
    alert->due_ms = JZ_NEVER;
    name(alert, peer);
    announce(core, slot, alert, out);
}

void jz_apply_answer(struct jz_core *core, const struct jz_event *event, struct jz_outcome *out) {
    const struct jz_alert_answer *answer = &event->frame->answer;
    uint32_t slot = 0;
    struct jz_alert_record *alert = jz_alert_find(core, answer->alert, &slot);
    assert(answer->to <= JZ_ALERT_HANDED_OVER); /* by the frame's decoder */
    out->status = alert ? check_authority(core, &event->peer, alert) : JZ_E_UNKNOWN_ALERT;
    if (out->status != JZ_OK) return;
    switch ((enum effect)effects[alert->state][answer->to]) {
    case NOTHING: return;
    case REFUSED: out->status = JZ_E_TRANSITION; return;
    case TELLS: tell(core, slot, alert, &event->peer, out); break;
    case TAKES_BACK: out->status = take_back(core, slot, alert, &event->peer, out); break;
    case MOVES: out->status = move(core, slot, alert, event, out); break;
    }
    if (jz_phase_is_live(core->encounter[slot].phase)) jz_direct(core, slot, out);
    jz_set_wake(core, slot, out);
}

void jz_alert_received(struct jz_core *core, uint32_t slot, struct jz_alert_record *alert,
                       struct jz_outcome *out) {
    if (alert->state == JZ_ALERT_RAISED) change(core, slot, alert, JZ_ALERT_DELIVERED, out);
}

/* --- the crew's side, and the end --------------------------------------------------------------------------------- */

/* What becomes of each state; 0: it stays. */
typedef const uint8_t becomes[JZ_ALERT_STATE_COUNT];
static becomes at_door = {[JZ_ALERT_ACCEPTED] = JZ_ALERT_ARRIVED, [JZ_ALERT_PREPARING] = JZ_ALERT_ARRIVED};
static becomes at_handover = {
    [JZ_ALERT_RAISED] = JZ_ALERT_EXPIRED,        [JZ_ALERT_DELIVERED] = JZ_ALERT_EXPIRED,
    [JZ_ALERT_SEEN] = JZ_ALERT_EXPIRED,          [JZ_ALERT_ACCEPTED] = JZ_ALERT_HANDED_OVER,
    [JZ_ALERT_PREPARING] = JZ_ALERT_HANDED_OVER, [JZ_ALERT_ARRIVED] = JZ_ALERT_HANDED_OVER,
};
/* Of whatever reason: where the patient has arrived, nobody has to be told that he does not come. */
static becomes at_close = {
    [JZ_ALERT_RAISED] = JZ_ALERT_EXPIRED,      [JZ_ALERT_DELIVERED] = JZ_ALERT_EXPIRED,
    [JZ_ALERT_SEEN] = JZ_ALERT_EXPIRED,        [JZ_ALERT_ACCEPTED] = JZ_ALERT_WITHDRAWN,
    [JZ_ALERT_PREPARING] = JZ_ALERT_WITHDRAWN, [JZ_ALERT_ARRIVED] = JZ_ALERT_HANDED_OVER,
};

static void pass(struct jz_core *core, uint32_t slot, becomes table, struct jz_outcome *out) {
    for (uint32_t i = 0; i < core->encounter[slot].alert_count; i++) {
        struct jz_alert_record *alert = &jz_alerts(core, slot)[i];
        uint8_t to = table[alert->state];
        if (!to) continue;
        if (OFF & BIT(to))
            call_off(core, slot, alert, to, out);
        else
            change(core, slot, alert, to, out);
    }
}

/* Nobody goes to a standby: the patient is at another door, and who is on standby must not accept any more. */
static void call_off_standby(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    for (uint32_t i = 0; i < core->encounter[slot].alert_count; i++) {
        struct jz_alert_record *alert = &jz_alerts(core, slot)[i];
        if (is_in(alert, UNANSWERED) && alert->standby) call_off(core, slot, alert, JZ_ALERT_WITHDRAWN, out);
    }
}

void jz_alert_milestone(struct jz_core *core, uint32_t slot, enum jz_milestone what, struct jz_outcome *out) {
    if (what == JZ_MILESTONE_DOOR) pass(core, slot, at_door, out);
    if (what == JZ_MILESTONE_DOOR && core->encounter[slot].phase == JZ_PHASE_ARRIVED)
        call_off_standby(core, slot, out);
    if (what == JZ_MILESTONE_HANDOVER) pass(core, slot, at_handover, out);
    jz_direct(core, slot, out);
}

/* Nothing is left ringing for a patient who is gone. The crew's last directive says what became of their destination. */
void jz_alert_close(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    uint64_t destination = e->destination_alert;
    pass(core, slot, e->close_reason == JZ_CLOSE_HANDED_OVER ? at_handover : at_close, out);
    bool off = destination && !e->destination_alert;
    e->destination_alert = destination;
    jz_direct(core, slot, out);
    if (off) e->destination_alert = 0;
}

/* --- the clock ---------------------------------------------------------------------------------------------------- */

/* @return true: it was the rung that asks the next hospital. */
static bool take_rung(struct jz_core *core, uint32_t slot, struct jz_alert_record *alert,
                      struct jz_outcome *out) {
    uint8_t rung = ++alert->rung;
    wait_for_rung(alert);
    if (!is_in(alert, ladder[rung].in)) return false;
    if (rung == NO_RECEIPT) alert->technical = 1;
    if (rung == REPEATED) sound(alert);
    if (rung == ESCALATED) alert->escalated = 1;
    announce(core, slot, alert, out);
    return rung == NEXT_HOSPITAL;
}

static bool climb(struct jz_core *core, uint32_t slot, struct jz_alert_record *alert,
                  struct jz_outcome *out) {
    bool next = false;
    while (is_in(alert, UNANSWERED) && alert->due_ms <= core->head.now_ms)
        next |= take_rung(core, slot, alert, out);
    if (alert->due_ms <= core->head.now_ms) { /* off, and nobody there said that they know */
        alert->due_ms = JZ_NEVER;
        alert->technical = 1;
        announce(core, slot, alert, out);
    }
    return next;
}

/* One hospital more is asked only when of those that were asked none has time left. */
static void look_at_alerts(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    bool next = false;
    for (uint32_t i = 0; i < core->encounter[slot].alert_count; i++) {
        struct jz_alert_record *alert = &jz_alerts(core, slot)[i];
        next |= climb(core, slot, alert, out);
        jz_teams_due(core, slot, alert, out);
    }
    if (next && !core->encounter[slot].destination_alert && !jz_alert_waits(core, slot))
        jz_alert_next(core, slot, out);
}

static void look_at_case(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    const struct jz_encounter *e = &core->encounter[slot];
    int64_t now_ms = core->head.now_ms;
    if (now_ms >= e->last_ms + JZ_SILENT_MS) {
        jz_close_encounter(core, slot, JZ_CLOSE_UNKNOWN, out);
        return;
    }
    if (e->reconsider) jz_reconsider(core, slot, out);
    if (e->rules_wake_ms <= now_ms) jz_triage_all(core, slot, out);
    if (e->clock_wake_ms <= now_ms) jz_clocks_look(core, slot, out);
    if (e->handover_due_ms <= now_ms) jz_handover_due(core, slot, out);
    jz_places_due(core, slot, out);
}

/* The untold hospital of a case that is closed is a matter of the alert alone. */
static void wake(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    jz_touch(out, slot);
    look_at_alerts(core, slot, out);
    if (jz_phase_is_live(core->encounter[slot].phase)) look_at_case(core, slot, out);
    jz_set_wake(core, slot, out);
}

static void wake_region(struct jz_core *core, struct jz_outcome *out) {
    static void (*const part[])(struct jz_core *, struct jz_outcome *) = {jz_services_due, jz_consults_due,
                                                                          jz_probes_due, jz_proposals_due};
    for (uint32_t i = 0; i < sizeof part / sizeof part[0]; i++)
        if (jz_outcome_has_room(out)) part[i](core, out);
    jz_set_region_wake(core, out);
}

/* What does not fit into one record set stays due and comes with the next deadline event. */
void jz_apply_due(struct jz_core *core, struct jz_outcome *out) {
    for (uint32_t slot = 0; slot < core->head.encounter_count && jz_outcome_has_room(out); slot++)
        if (core->wake_ms[slot] <= core->head.now_ms) wake(core, slot, out);
    if (core->region->wake_ms <= core->head.now_ms && jz_outcome_has_room(out)) wake_region(core, out);
}
