/* SPDX-License-Identifier: Apache-2.0 */
/* A bounded question to the Beijing partner. Each round asks those consultants who did not pass it on; the first to take it
 * has it; after three rounds of 120 s it goes to the telephone (console.md 6). An opinion is signed text beside the case: it
 * never changes priority, destination or alert by itself. Access begins with the question and ends with the case. */
#include <assert.h>
#include <string.h>

#include "pair.h"

#define TAKE_LIMIT_MS 120000    /* console.md 6 */
#define SERVICE_LIMIT_MS 600000 /* the service level: an opinion within ten minutes of the question */

enum event { ASK, TAKE, PASS, ANSWER, ROUND_OVER, LAST_ROUND_OVER, END, EVENT_COUNT };

/* What each event makes of each state; JZ_CONSULT_NONE: refused. */
static const uint8_t after[JZ_CONSULT_ENDED + 1][EVENT_COUNT] = {
    [JZ_CONSULT_NONE] = {[ASK] = JZ_CONSULT_ASKED},
    [JZ_CONSULT_ASKED] = {[TAKE] = JZ_CONSULT_TAKEN,
                          [PASS] = JZ_CONSULT_ASKED,
                          [ROUND_OVER] = JZ_CONSULT_ASKED,
                          [LAST_ROUND_OVER] = JZ_CONSULT_PHONE,
                          [END] = JZ_CONSULT_ENDED},
    [JZ_CONSULT_TAKEN] =
        {[PASS] = JZ_CONSULT_ASKED, [ANSWER] = JZ_CONSULT_ANSWERED, [END] = JZ_CONSULT_ENDED},
    [JZ_CONSULT_ANSWERED] = {[END] = JZ_CONSULT_ENDED},
    [JZ_CONSULT_PHONE] = {[TAKE] = JZ_CONSULT_TAKEN, [END] = JZ_CONSULT_ENDED},
};

static struct jz_consult_record *consult_of(struct jz_core *core, const struct jz_encounter *e) {
    return e->consult ? &core->region->consult[e->consult - 1u] : NULL;
}

static void say(struct jz_core *core, struct jz_consult_record *c, const char *person,
                struct jz_outcome *out) {
    uint32_t slot;
    const struct jz_encounter *e = jz_encounter_find(core, c->encounter, &slot);
    struct jz_writer w = jz_decision_begin(core, JZ_DECISION_CONSULT, 5, e, out);
    jz_pair_uint(&w, 5, c->number);
    jz_pair_uint(&w, 6, c->state);
    jz_pair_text(&w, 7, person);
    jz_pair_uint(&w, 8, c->conclusion);
    jz_pair_bool(&w, 9, c->late);
    jz_decision_end(&w, out);
    if (e) jz_touch(out, slot);
    out->consults = out->urgent = true;
}

static bool move(struct jz_consult_record *c, enum event event) {
    uint8_t to = after[c->state][event];
    if (to == JZ_CONSULT_NONE) return false;
    c->state = to;
    return true;
}

static bool is_free(const struct jz_consult_record *c) {
    return c->state == JZ_CONSULT_NONE || c->state == JZ_CONSULT_ENDED;
}

static struct jz_consult_record *free_place(struct jz_core *core) {
    assert(core->region);
    for (uint32_t i = 0; i < JZ_CONSULTS_MAX; i++)
        if (is_free(&core->region->consult[i])) return &core->region->consult[i];
    return NULL;
}

static void copy(char *to, size_t capacity, struct jz_text text) {
    jz_copy_text(to, capacity, text.data, text.bytes);
}

/* One question at a time; after an answer another may be asked, and the answered one stays in the journal. */
enum jz_status jz_do_ask_consult(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out) {
    struct jz_consult_record *c = consult_of(core, act->e);
    if (c && c->state != JZ_CONSULT_ANSWERED && !is_free(c)) return JZ_E_TRANSITION;
    if (!c && !(c = free_place(core))) return JZ_E_FULL;
    memset(c, 0, sizeof *c);
    c->encounter = act->e->id;
    c->number = ++core->region->consults;
    c->asked_ms = core->head.now_ms;
    c->due_ms = core->head.now_ms + TAKE_LIMIT_MS;
    c->service_ms = core->head.now_ms + SERVICE_LIMIT_MS;
    c->snapshot = act->action->number ? act->action->number : act->e->ecg.snapshot;
    c->tries = 1;
    bool moved = move(c, ASK);
    assert(moved);
    (void)moved;
    copy(c->question, sizeof c->question, act->action->text);
    jz_copy_text(c->asked_by, sizeof c->asked_by, act->person, strlen(act->person));
    act->e->consult = (uint8_t)(c - core->region->consult + 1);
    say(core, c, c->asked_by, out);
    jz_set_region_wake(core, out);
    return JZ_OK;
}

static bool has_passed(const struct jz_consult_record *c, const char *person) {
    for (uint32_t i = 0; i < c->passed_count; i++)
        if (strncmp(c->passed[i], person, JZ_PERSON_BYTES) == 0) return true;
    return false;
}

enum jz_status jz_do_take_consult(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out) {
    struct jz_consult_record *c = consult_of(core, act->e);
    if (!c) return JZ_E_TRANSITION;
    if (!move(c, TAKE)) return JZ_E_TRANSITION; /* somebody was first */
    c->due_ms = c->late ? JZ_NEVER : c->service_ms;
    jz_copy_text(c->consultant, sizeof c->consultant, act->person, strlen(act->person));
    say(core, c, c->consultant, out);
    jz_set_region_wake(core, out);
    return JZ_OK;
}

/* Asks the others, or nobody: then it is the telephone's turn. */
static void next_round(struct jz_core *core, struct jz_consult_record *c, const char *person,
                       struct jz_outcome *out) {
    bool last = c->tries >= JZ_CONSULT_TRIES_MAX;
    if (!last) c->tries++;
    c->state = last ? JZ_CONSULT_PHONE : JZ_CONSULT_ASKED;
    c->due_ms = last ? (c->late ? JZ_NEVER : c->service_ms) : core->head.now_ms + TAKE_LIMIT_MS;
    say(core, c, person, out);
}

enum jz_status jz_do_pass_consult(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out) {
    struct jz_consult_record *c = consult_of(core, act->e);
    if (!c || after[c->state][PASS] == JZ_CONSULT_NONE) return JZ_E_TRANSITION;
    bool his = c->state == JZ_CONSULT_TAKEN;
    if (his && strncmp(c->consultant, act->person, sizeof c->consultant) != 0) return JZ_E_DENIED;
    if (has_passed(c, act->person)) return JZ_E_TRANSITION;
    if (c->passed_count < JZ_CONSULT_TRIES_MAX)
        jz_copy_text(c->passed[c->passed_count++], JZ_PERSON_BYTES, act->person, strlen(act->person));
    memset(c->consultant, 0, sizeof c->consultant);
    next_round(core, c, act->person, out);
    jz_set_region_wake(core, out);
    return JZ_OK;
}

/* The name is the signature: who took it answers it. */
enum jz_status jz_do_answer_consult(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out) {
    struct jz_consult_record *c = consult_of(core, act->e);
    if (!c || after[c->state][ANSWER] == JZ_CONSULT_NONE) return JZ_E_TRANSITION;
    if (strncmp(c->consultant, act->person, sizeof c->consultant) != 0) return JZ_E_DENIED;
    if (act->action->code < 1 || act->action->code >= JZ_CONCLUSION_COUNT) return JZ_E_VALUE;
    if (act->action->text.bytes == 0) return JZ_E_MISSING_KEY;
    c->conclusion = (uint8_t)act->action->code;
    c->answered_ms = core->head.now_ms;
    c->due_ms = JZ_NEVER;
    copy(c->opinion, sizeof c->opinion, act->action->text);
    move(c, ANSWER);
    say(core, c, c->consultant, out);
    jz_set_region_wake(core, out);
    return JZ_OK;
}

void jz_consult_end(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    struct jz_consult_record *c = consult_of(core, &core->encounter[slot]);
    if (!c || !move(c, END)) return;
    c->due_ms = JZ_NEVER;
    core->encounter[slot].consult = 0;
    say(core, c, "", out);
    jz_set_region_wake(core, out);
}

/* --- what time does ------------------------------------------------------------------------------------------- */

static bool waits(const struct jz_consult_record *c) {
    return !is_free(c) && c->state != JZ_CONSULT_ANSWERED && c->due_ms != JZ_NEVER;
}

static void due(struct jz_core *core, struct jz_consult_record *c, struct jz_outcome *out) {
    bool late = core->head.now_ms >= c->service_ms && !c->late;
    if (late) c->late = 1;
    if (c->state == JZ_CONSULT_ASKED) {
        next_round(core, c, "", out);
    } else {
        c->due_ms = JZ_NEVER;
        say(core, c, c->consultant, out);
    }
}

void jz_consults_due(struct jz_core *core, struct jz_outcome *out) {
    for (uint32_t i = 0; i < JZ_CONSULTS_MAX && jz_outcome_has_room(out); i++) {
        struct jz_consult_record *c = &core->region->consult[i];
        if (waits(c) && c->due_ms <= core->head.now_ms) due(core, c, out);
    }
}

int64_t jz_consults_next(const struct jz_core *core) {
    int64_t next = JZ_NEVER;
    for (uint32_t i = 0; i < JZ_CONSULTS_MAX; i++) {
        const struct jz_consult_record *c = &core->region->consult[i];
        if (waits(c) && c->due_ms < next) next = c->due_ms;
    }
    return next;
}

/* --- for screens ------------------------------------------------------------------------------------------------ */

bool jz_core_consult_is_for(const struct jz_core *core, uint32_t consult, const char *person) {
    const struct jz_consult_record *c = &core->region->consult[consult];
    if (c->state == JZ_CONSULT_ASKED || c->state == JZ_CONSULT_PHONE) return !has_passed(c, person);
    return !is_free(c) && strncmp(c->consultant, person, sizeof c->consultant) == 0;
}

bool jz_core_consultant_sees(const struct jz_core *core, const char *person, uint32_t slot) {
    const struct jz_encounter *e = &core->encounter[slot];
    return e->consult && jz_core_consult_is_for(core, e->consult - 1u, person);
}

uint64_t jz_core_consult_number(const struct jz_core *core, uint32_t consult) {
    return core->region->consult[consult].number;
}

bool jz_core_consult_slot(const struct jz_core *core, uint32_t consult, uint32_t *slot) {
    const struct jz_consult_record *c = &core->region->consult[consult];
    return c->state != JZ_CONSULT_NONE && jz_core_encounter_slot(core, c->encounter, slot);
}

enum jz_status jz_view_consult(const struct jz_core *core, uint32_t consult, int64_t now_ms,
                               enum jz_consult_view view, struct jz_writer *w) {
    const struct jz_consult_record *c = &core->region->consult[consult];
    bool told = view != JZ_CONSULT_OFF, taken = told && c->consultant[0], answered = told && c->answered_ms;
    bool framed = told && c->snapshot;
    if (c->state == JZ_CONSULT_NONE) return JZ_E_UNKNOWN_ENCOUNTER;
    jz_write_map(w, 12u + taken + (answered ? 3u : 0u) + framed);
    jz_pair_uint(w, 0, JZ_FRAME_CONSULT);
    jz_pair_int(w, 3, now_ms);
    jz_pair_bytes(w, 4, c->encounter.byte, sizeof c->encounter.byte);
    jz_pair_uint(w, 8, c->number);
    jz_pair_uint(w, 9, told ? c->state : JZ_CONSULT_ENDED);
    jz_pair_int(w, 10, c->asked_ms);
    jz_pair_int(w, 11, c->due_ms == JZ_NEVER ? c->service_ms : c->due_ms);
    jz_pair_int(w, 12, c->service_ms);
    jz_pair_text(w, 13, view == JZ_CONSULT_WHOLE ? c->asked_by : ""); /* a crew's name is its callsign */
    if (taken) jz_pair_text(w, 14, c->consultant);
    jz_pair_text(w, 15, told ? c->question : "");
    if (answered) jz_pair_text(w, 16, c->opinion);
    if (answered) jz_pair_uint(w, 17, c->conclusion);
    if (answered) jz_pair_int(w, 18, c->answered_ms);
    if (framed) jz_pair_uint(w, 19, c->snapshot);
    jz_pair_bool(w, 20, c->late);
    jz_pair_uint(w, 21, c->tries);
    return w->status;
}
