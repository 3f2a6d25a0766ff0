/* SPDX-License-Identifier: Apache-2.0 */
/* What waits for a second person. It is kept as it was proposed, for a few minutes; another named person confirms or refuses
 * it, and before it is done everything is looked at again. */
#include <string.h>

#include "pair.h"

enum proposal_state { WAITS = 1, CONFIRMED, REFUSED, EXPIRED };

static void say(struct jz_core *core, struct jz_proposal_record *p, const char *person,
                enum proposal_state state, struct jz_outcome *out) {
    uint32_t slot = 0;
    p->state = (uint8_t)state;
    const struct jz_encounter *e = p->has_encounter ? jz_encounter_find(core, p->encounter, &slot) : NULL;
    struct jz_writer w = jz_decision_begin(core, JZ_DECISION_PROPOSAL, 4, e, out);
    jz_pair_uint(&w, 5, p->number);
    jz_pair_uint(&w, 6, p->what);
    jz_pair_text(&w, 7, person);
    jz_pair_uint(&w, 8, state);
    jz_decision_end(&w, out);
    if (e) jz_touch(out, slot);
    out->urgent = out->proposals = true;
}

/* Where the same person asks for the same again, that is the one that waits. Whatever differs makes another one: who confirms
 * a number confirms what was read under it. */
static bool is_same(const struct jz_proposal_record *p, const struct jz_act *act) {
    char text[sizeof p->text];
    const struct jz_action *a = act->action;
    jz_copy_text(text, sizeof text, a->text.data, a->text.bytes);
    bool same_patient = !act->e == !p->has_encounter &&
                        (!act->e || memcmp(&p->encounter, &act->e->id, sizeof p->encounter) == 0);
    bool same_words = strcmp(p->text, text) == 0 && strncmp(p->person, act->person, sizeof p->person) == 0;
    return p->state == WAITS && same_patient && same_words && p->what == a->what && p->value == a->value &&
           p->code == a->code && p->reason == a->reason && p->ms == a->ms && p->about == a->number &&
           p->facility == (uint8_t)(act->facility + 1u);
}

static struct jz_proposal_record *place_for(struct jz_core *core, const struct jz_act *act) {
    struct jz_proposal_record *free = NULL;
    for (uint32_t i = 0; i < JZ_PROPOSALS_MAX; i++) {
        struct jz_proposal_record *p = &core->region->proposal[i];
        if (is_same(p, act)) return p;
        if (p->state != WAITS && !free) free = p;
    }
    return free;
}

enum jz_status jz_propose(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out) {
    const struct jz_action *a = act->action;
    jz_proposals_due(core, out);
    struct jz_proposal_record *p = place_for(core, act);
    if (!p) return JZ_E_FULL;
    uint64_t number = p->state == WAITS ? p->number : ++core->region->proposals;
    memset(p, 0, sizeof *p);
    p->number = number;
    p->asked_ms = core->head.now_ms;
    p->until_ms = core->head.now_ms + JZ_PROPOSAL_LIMIT_MS;
    p->what = (uint8_t)a->what;
    p->reason = a->reason;
    p->role = (uint8_t)act->event->peer.role;
    p->facility = (uint8_t)(act->facility + 1u); /* JZ_NONE_U32 becomes 0 */
    p->has_encounter = act->e != NULL;
    if (act->e) p->encounter = act->e->id;
    p->has_other = a->has_other;
    if (a->has_other) p->other = a->other;
    p->has_value = a->has_value;
    p->value = a->value;
    p->code = a->code;
    p->about = a->number;
    p->ms = a->ms;
    jz_copy_text(p->person, sizeof p->person, act->person, strlen(act->person));
    jz_copy_text(p->text, sizeof p->text, a->text.data, a->text.bytes);
    say(core, p, p->person, WAITS, out);
    jz_set_region_wake(core, out);
    return JZ_E_SECOND_PERSON;
}

/* As it was proposed, by whom it was proposed. */
static void restore(const struct jz_core *core, const struct jz_proposal_record *p,
                    const struct jz_event *now, struct jz_frame *frame, struct jz_event *event) {
    const char *facility = p->facility ? core->directory->facility[p->facility - 1u].id : "";
    memset(frame, 0, sizeof *frame);
    frame->kind = JZ_FRAME_ACTION;
    frame->at_ms = now->frame->at_ms;
    frame->has_encounter = p->has_encounter;
    frame->encounter = p->encounter;
    frame->action = (struct jz_action){.what = (enum jz_action_code)p->what,
                                       .facility = {facility, (uint32_t)strlen(facility)},
                                       .code = p->code,
                                       .value = p->value,
                                       .has_value = p->has_value,
                                       .ms = p->ms,
                                       .reason = p->reason,
                                       .text = {p->text, (uint32_t)strlen(p->text)},
                                       .has_other = p->has_other,
                                       .other = p->other,
                                       .number = p->about};
    *event = *now;
    event->frame = frame;
    memset(&event->peer, 0, sizeof event->peer);
    event->peer.kind = JZ_PEER_PERSON;
    event->peer.role = (enum jz_role)p->role;
    jz_copy_text(event->peer.name, sizeof event->peer.name, p->person, strlen(p->person));
    jz_copy_text(event->peer.facility, sizeof event->peer.facility, facility, strlen(facility));
}

/* Everything is looked at again: the patient may have arrived meanwhile. */
static enum jz_status execute(struct jz_core *core, struct jz_proposal_record *p,
                              const struct jz_act *confirms, struct jz_outcome *out) {
    struct jz_frame frame;
    struct jz_event event;
    restore(core, p, confirms->event, &frame, &event);
    struct jz_act act = {.event = &event,
                         .action = &frame.action,
                         .facility = JZ_NONE_U32,
                         .person = p->person,
                         .second = confirms->person};
    enum jz_status status = jz_act_check(core, &act);
    say(core, p, confirms->person, status == JZ_OK ? CONFIRMED : REFUSED, out);
    return status == JZ_OK ? jz_act_run(core, &act, out) : status;
}

enum jz_status jz_do_second(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out) {
    struct jz_proposal_record *p = NULL;
    jz_proposals_due(core, out);
    for (uint32_t i = 0; i < JZ_PROPOSALS_MAX && !p; i++) {
        struct jz_proposal_record *at = &core->region->proposal[i];
        if (at->state == WAITS && at->number == act->action->number) p = at;
    }
    if (!p) return JZ_E_UNKNOWN_PROPOSAL;
    if (strncmp(p->person, act->person, sizeof p->person) == 0) return JZ_E_SAME_PERSON;
    enum jz_status status = JZ_OK;
    if (act->action->value)
        status = execute(core, p, act, out);
    else
        say(core, p, act->person, REFUSED, out);
    jz_set_region_wake(core, out);
    return status;
}

void jz_proposals_due(struct jz_core *core, struct jz_outcome *out) {
    for (uint32_t i = 0; i < JZ_PROPOSALS_MAX && jz_outcome_has_room(out); i++) {
        struct jz_proposal_record *p = &core->region->proposal[i];
        if (p->state == WAITS && p->until_ms <= core->head.now_ms) say(core, p, "", EXPIRED, out);
    }
}

int64_t jz_proposals_next(const struct jz_core *core) {
    int64_t next = JZ_NEVER;
    for (uint32_t i = 0; i < JZ_PROPOSALS_MAX; i++) {
        const struct jz_proposal_record *p = &core->region->proposal[i];
        if (p->state == WAITS && p->until_ms < next) next = p->until_ms;
    }
    return next;
}

/* --- for screens ------------------------------------------------------------------------------------------------ */

enum jz_status jz_view_proposal(const struct jz_core *core, uint32_t proposal, int64_t now_ms,
                                struct jz_writer *w) {
    const struct jz_proposal_record *p = &core->region->proposal[proposal];
    if (!p->number) return JZ_E_UNKNOWN_PROPOSAL;
    bool patient = p->has_encounter, facility = p->facility != 0, reason = p->reason != JZ_REASON_NONE;
    jz_write_map(w, 8u + patient + facility + reason + (p->text[0] != 0));
    jz_pair_uint(w, 0, JZ_FRAME_PROPOSAL);
    jz_pair_int(w, 3, now_ms);
    if (patient) jz_pair_bytes(w, 4, p->encounter.byte, sizeof p->encounter.byte);
    jz_pair_uint(w, 8, p->number);
    jz_pair_uint(w, 9, p->what);
    jz_pair_text(w, 10, p->person);
    jz_pair_int(w, 11, p->asked_ms);
    jz_pair_int(w, 12, p->until_ms);
    if (facility) jz_pair_text(w, 13, core->directory->facility[p->facility - 1u].id);
    if (reason) jz_pair_uint(w, 14, p->reason);
    if (p->text[0]) jz_pair_text(w, 15, p->text);
    jz_pair_uint(w, 16, p->state);
    return w->status;
}
