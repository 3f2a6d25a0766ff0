/* SPDX-License-Identifier: Apache-2.0 */
/* Who in the alerted hospital has heard of the patient, and is ready. The patient's conditions say whom the alert calls, and
 * the emergency department is always called. Each team's receipt only goes forward; a needed team that is not ready some
 * time after its hospital accepted is reminded once. */
#include <assert.h>
#include <string.h>

#include "pair.h"

#define BIT(state) (1u << (state))
/* A team of a hospital that is off, or has the patient, has nothing more to say. */
#define CALLED                                                                                               \
    (BIT(JZ_ALERT_RAISED) | BIT(JZ_ALERT_DELIVERED) | BIT(JZ_ALERT_SEEN) | BIT(JZ_ALERT_ACCEPTED) |          \
     BIT(JZ_ALERT_PREPARING) | BIT(JZ_ALERT_ARRIVED))
#define COMING (BIT(JZ_ALERT_ACCEPTED) | BIT(JZ_ALERT_PREPARING))

static void decide(struct jz_core *core, uint32_t slot, const struct jz_alert_record *alert, uint32_t team,
                   struct jz_outcome *out) {
    const struct jz_team_record *record = &alert->team[team];
    struct jz_writer w = jz_decision_begin(core, JZ_DECISION_TEAM, 5, &core->encounter[slot], out);
    jz_pair_uint(&w, 5, alert->id);
    jz_pair_uint(&w, 6, team + 1u);
    jz_pair_uint(&w, 7, record->receipt);
    jz_pair_text(&w, 8, record->person);
    jz_pair_bool(&w, 9, record->late);
    jz_decision_end(&w, out);
    jz_touch(out, slot);
}

/* Of these conditions, the ones that call the team. */
static uint64_t callers(const struct jz_program *program, uint64_t conditions, uint32_t team) {
    uint64_t calling = 0;
    for (uint64_t left = conditions; left; left &= left - 1u) {
        uint32_t i = (uint32_t)__builtin_ctzll(left);
        if (team == JZ_TEAM_ED || (jz_program_condition(program, i)->teams >> team & 1u))
            calling |= UINT64_C(1) << i;
    }
    return calling;
}

void jz_teams_call(struct jz_core *core, uint32_t slot, struct jz_alert_record *alert) {
    uint64_t now = core->encounter[slot].conditions;
    for (uint32_t i = 0; i < JZ_TEAM_COUNT; i++) {
        struct jz_team_record *team = &alert->team[i];
        uint64_t calling = callers(core->program, now, i);
        bool same = calling == callers(core->program, alert->conditions, i);
        if (team->receipt != JZ_RECEIPT_READY || !same) memset(team, 0, sizeof *team);
        team->needed = i == JZ_TEAM_ED || calling != 0;
    }
}

/* --- receipts ------------------------------------------------------------------------------------------------- */

/* The number is the alert's, the code the team, the value the receipt. A station that comes after another one says nothing
 * new. A team that no condition calls may answer too: a hospital can call more than the rules do. */
enum jz_status jz_do_receipt(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out) {
    uint32_t slot = act->slot, which = act->action->code - 1u;
    struct jz_alert_record *alert = jz_alert_find(core, act->action->number, NULL);
    assert(alert); /* the action's patient is that of the alert */
    if (which >= JZ_TEAM_COUNT) return JZ_E_UNKNOWN_CODE;
    if (!(CALLED & BIT(alert->state))) return JZ_E_TRANSITION;
    struct jz_team_record *team = &alert->team[which];
    jz_alert_received(core, slot, alert, out); /* a team that stayed ready has the new ringing too */
    if (act->action->value <= team->receipt) return JZ_OK;
    team->receipt = (uint8_t)act->action->value;
    team->changed_ms = core->head.now_ms;
    if (team->receipt >= JZ_RECEIPT_ACKNOWLEDGED) /* before that it was a screen's own doing */
        jz_copy_text(team->person, sizeof team->person, act->person, strlen(act->person));
    out->urgent = true;
    decide(core, slot, alert, which, out);
    jz_set_wake(core, slot, out);
    return JZ_OK;
}

/* --- the deadline --------------------------------------------------------------------------------------------- */

static bool is_awaited(const struct jz_alert_record *alert, uint32_t team) {
    const struct jz_team_record *t = &alert->team[team];
    return (COMING & BIT(alert->state)) && t->needed && !t->late && t->receipt != JZ_RECEIPT_READY;
}

int64_t jz_teams_next(const struct jz_core *core, const struct jz_alert_record *alert) {
    (void)core;
    for (uint32_t i = 0; i < JZ_TEAM_COUNT; i++)
        if (is_awaited(alert, i)) return alert->accepted_ms + JZ_TEAM_LIMIT_MS;
    return JZ_NEVER;
}

void jz_teams_due(struct jz_core *core, uint32_t slot, struct jz_alert_record *alert,
                  struct jz_outcome *out) {
    if (jz_teams_next(core, alert) > core->head.now_ms) return;
    for (uint32_t i = 0; i < JZ_TEAM_COUNT; i++) {
        if (!is_awaited(alert, i)) continue;
        alert->team[i].late = 1;
        out->urgent = true;
        decide(core, slot, alert, i, out);
    }
}

/* --- for the screens ------------------------------------------------------------------------------------------ */

static bool is_shown(const struct jz_team_record *team) {
    return team->needed || team->receipt;
}

void jz_view_teams(struct jz_writer *w, const struct jz_alert_record *alert) {
    uint64_t count = 0;
    for (uint32_t i = 0; i < JZ_TEAM_COUNT; i++) count += is_shown(&alert->team[i]);
    jz_write_array(w, count);
    for (uint32_t i = 0; i < JZ_TEAM_COUNT; i++) {
        const struct jz_team_record *team = &alert->team[i];
        if (!is_shown(team)) continue;
        jz_write_array(w, 6);
        jz_write_uint(w, i + 1u);
        jz_write_bool(w, team->needed);
        jz_write_uint(w, team->receipt);
        jz_write_int(w, team->changed_ms);
        jz_write_cstr(w, team->person);
        jz_write_bool(w, team->late);
    }
}
