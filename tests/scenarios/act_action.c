/* SPDX-License-Identifier: Apache-2.0 */
/* Actions: what people and crews do beside reporting and answering. Anybody may say any of them here; who may is the core's
 * matter, and ", refused because denied" is how a story says so. */
#include <string.h>

#include "verbs.h"

static struct jz_text text_of(const char *text) {
    return (struct jz_text){text, (uint32_t)strlen(text)};
}

static struct jz_text facility_of(const struct word_arg *arg) {
    return text_of(arg->text);
}

/* A time of the story by the speaker's own clock. */
static int64_t own_time(const struct scene *s, const struct saying *saying, int64_t ms) {
    return ms + (saying->device ? saying->device->ahead_ms : s->server_ahead_ms);
}

/* What may stand behind any action: because REASON "words", for DURATION, until TIME. */
static void take_tail(struct scene *s, struct saying *saying, struct jz_action *action) {
    struct word_arg arg[WORD_ARGS_MAX];
    struct fit fit = {0};
    struct part *rest = &saying->rest;
    bool more = true;
    while (more && !words_end(rest)) {
        if (words_fit(s, rest, "because <why>", arg, &fit)) {
            action->reason = (uint8_t)arg[0].number;
            if (words_fit(s, rest, "<text>", arg, &fit)) action->text = text_of(arg[0].text);
        } else if (words_fit(s, rest, "for <duration>", arg, &fit)) {
            action->ms = own_time(s, saying, s->now_ms + arg[0].number);
        } else if (words_fit(s, rest, "until <time>", arg, &fit)) {
            action->ms = own_time(s, saying, s->start_ms + arg[0].number);
        } else {
            more = false;
        }
    }
    if (!words_end(rest) && fit.reached > rest->at)
        scene_error(s, "\"%s\": wanted %s",
                    fit.reached < rest->end ? rest->words->word[fit.reached] : "end of line", fit.wanted);
}

static enum jz_status send(struct scene *s, struct saying *saying, struct jz_frame *frame) {
    frame->kind = JZ_FRAME_ACTION;
    if (!saying->device) return scene_from_person(s, saying->person, frame);
    frame->lane = JZ_LANE_URGENT;
    return scene_from_device(s, saying->device, frame);
}

/* About no patient: of a hospital, or of a proposal. */
static enum jz_status act(struct scene *s, struct saying *saying, struct jz_action action) {
    struct jz_frame frame = {.action = action};
    take_tail(s, saying, &frame.action);
    return s->broken ? JZ_OK : send(s, saying, &frame);
}

static enum jz_status act_on(struct scene *s, struct saying *saying, uint32_t patient,
                             struct jz_action action) {
    struct jz_frame frame = {.action = action, .has_encounter = true};
    if (patient == JZ_NONE_U32) return JZ_OK;
    frame.encounter = s->patient[patient].id;
    if (saying->device) saying->device->patient = patient;
    take_tail(s, saying, &frame.action);
    return s->broken ? JZ_OK : send(s, saying, &frame);
}

static enum jz_status act_on_patient(struct scene *s, struct saying *saying, struct jz_action action) {
    return act_on(s, saying, act_patient(s, saying->patient), action);
}

/* When it happened, for the few actions that say so: ", taken at 5:00". */
static int64_t happened(const struct scene *s, const struct saying *saying) {
    return saying->taken_ms ? own_time(s, saying, saying->taken_ms) : 0;
}

/* --- the case ------------------------------------------------------------------------------------------------------------------ */

static enum jz_status chooses(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    return act_on_patient(
        s, saying,
        (struct jz_action){.what = JZ_ACTION_CHOOSE_DESTINATION, .facility = facility_of(&arg[0])});
}

static enum jz_status sets_priority(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    return act_on_patient(s, saying,
                          (struct jz_action){.what = JZ_ACTION_SET_PRIORITY,
                                             .has_value = true,
                                             .value = (int32_t)arg[0].number});
}

static enum jz_status stands_down(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    (void)arg;
    return act_on_patient(s, saying, (struct jz_action){.what = JZ_ACTION_STAND_DOWN});
}

static enum jz_status reopens(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    (void)arg;
    return act_on_patient(s, saying, (struct jz_action){.what = JZ_ACTION_REOPEN});
}

static enum jz_status transfers(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    (void)arg;
    return act_on_patient(s, saying,
                          (struct jz_action){.what = JZ_ACTION_TRANSFER, .ms = happened(s, saying)});
}

static enum jz_status merges(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    return act_on(s, saying, (uint32_t)arg[1].number,
                  (struct jz_action){
                      .what = JZ_ACTION_MERGE, .has_other = true, .other = s->patient[arg[0].number].id});
}

static enum jz_status births(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    uint32_t mother = act_patient(s, saying->patient), child = act_named(s, arg[0].text);
    if (mother == JZ_NONE_U32 || child == JZ_NONE_U32) return JZ_OK;
    return act_on(s, saying, mother,
                  (struct jz_action){.what = JZ_ACTION_BIRTH,
                                     .ms = happened(s, saying),
                                     .has_other = true,
                                     .other = s->patient[child].id});
}

static enum jz_status join_or_leave(struct scene *s, struct saying *saying, int32_t with) {
    return act_on_patient(s, saying,
                          (struct jz_action){.what = JZ_ACTION_JOIN, .has_value = true, .value = with});
}

static enum jz_status joins(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    (void)arg;
    return join_or_leave(s, saying, 1);
}

static enum jz_status leaves(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    (void)arg;
    return join_or_leave(s, saying, 0);
}

static enum jz_status tags(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    return act_on_patient(s, saying,
                          (struct jz_action){.what = JZ_ACTION_IDENTIFY, .text = text_of(arg[0].text)});
}

static enum jz_status stamps(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    return act_on_patient(s, saying,
                          (struct jz_action){.what = JZ_ACTION_STAMP,
                                             .code = jz_field_at((uint32_t)arg[0].number)->code,
                                             .ms = happened(s, saying)});
}

static enum jz_status signs(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    (void)arg;
    return act_on_patient(s, saying,
                          (struct jz_action){.what = JZ_ACTION_SIGN_HANDOVER,
                                             .has_value = true,
                                             .value = saying->device ? 1 : 2});
}

static enum jz_status outcome(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    return act_on_patient(s, saying,
                          (struct jz_action){.what = JZ_ACTION_OUTCOME,
                                             .code = (uint32_t)arg[0].number,
                                             .has_value = true,
                                             .value = (int32_t)arg[1].number});
}

/* --- hospitals ------------------------------------------------------------------------------------------------------------------- */

/* The rows with "at <hospital>" have the hospital last; a receiving team without it means its own. */
static enum jz_status diverts_at(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    return act(s, saying,
               (struct jz_action){.what = JZ_ACTION_DIVERT,
                                  .code = (uint32_t)arg[0].number,
                                  .facility = facility_of(&arg[1])});
}

static enum jz_status diverts(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    return act(s, saying, (struct jz_action){.what = JZ_ACTION_DIVERT, .code = (uint32_t)arg[0].number});
}

static enum jz_status ends_at(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    return act(s, saying,
               (struct jz_action){.what = JZ_ACTION_END_DIVERT,
                                  .code = (uint32_t)arg[0].number,
                                  .facility = facility_of(&arg[1])});
}

static enum jz_status ends(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    return act(s, saying, (struct jz_action){.what = JZ_ACTION_END_DIVERT, .code = (uint32_t)arg[0].number});
}

static struct jz_action number_of(uint32_t service, int64_t value) {
    return (struct jz_action){
        .what = JZ_ACTION_SET_CAPACITY, .code = service, .has_value = true, .value = (int32_t)value};
}

static enum jz_status counts_at(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    struct jz_action action = number_of((uint32_t)arg[1].number, arg[0].number);
    action.facility = facility_of(&arg[2]);
    return act(s, saying, action);
}

static enum jz_status counts(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    return act(s, saying, number_of((uint32_t)arg[1].number, arg[0].number));
}

static enum jz_status colours(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    return act(s, saying, number_of(JZ_SERVICE_ED, arg[0].number));
}

static struct jz_action confirmation_of(const struct word_arg *arg) {
    return (struct jz_action){.what = JZ_ACTION_CONFIRM_CAPABILITY,
                              .text = text_of(arg[0].text),
                              .has_value = true,
                              .value = (int32_t)arg[1].number};
}

static enum jz_status confirms_at(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    struct jz_action action = confirmation_of(arg);
    action.facility = facility_of(&arg[2]);
    return act(s, saying, action);
}

static enum jz_status confirms(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    return act(s, saying, confirmation_of(arg));
}

static enum jz_status team_says(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    uint32_t slot = act_slot(s, act_patient(s, saying->patient));
    if (!saying->person) scene_error(s, "a team is of a hospital: say which");
    if (slot == JZ_NONE_U32 || s->broken) return JZ_OK;
    return act(s, saying,
               (struct jz_action){.what = JZ_ACTION_RECEIPT,
                                  .code = (uint32_t)arg[0].number + 1u,
                                  .has_value = true,
                                  .value = (int32_t)arg[1].number,
                                  .number = act_alert(s, slot, saying->person->peer.facility)});
}

/* --- a second person ------------------------------------------------------------------------------------------------------------- */

/* The newest that waits, else the newest there ever was: the core then says that it does not wait. */
static uint64_t proposal(const struct scene *s) {
    uint64_t newest = 0, waiting = 0;
    for (uint32_t i = 0; i < JZ_PROPOSALS_MAX; i++) {
        const struct jz_proposal_record *p = &s->core->region->proposal[i];
        if (p->number > newest) newest = p->number;
        if (p->state == 1 && p->number > waiting) waiting = p->number;
    }
    return waiting ? waiting : newest ? newest : 1;
}

static enum jz_status second(struct scene *s, struct saying *saying, int32_t yes) {
    return act(
        s, saying,
        (struct jz_action){.what = JZ_ACTION_SECOND, .has_value = true, .value = yes, .number = proposal(s)});
}

static enum jz_status confirms_proposal(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    (void)arg;
    return second(s, saying, 1);
}

static enum jz_status refuses_proposal(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    (void)arg;
    return second(s, saying, 0);
}

/* --- consult ----------------------------------------------------------------------------------------------------------------------- */

static enum jz_status asks_about(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    return act_on_patient(s, saying,
                          (struct jz_action){.what = JZ_ACTION_ASK_CONSULT,
                                             .number = (uint64_t)arg[0].number,
                                             .text = text_of(arg[1].text)});
}

static enum jz_status asks(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    return act_on_patient(s, saying,
                          (struct jz_action){.what = JZ_ACTION_ASK_CONSULT, .text = text_of(arg[0].text)});
}

static enum jz_status takes(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    (void)arg;
    return act_on_patient(s, saying, (struct jz_action){.what = JZ_ACTION_TAKE_CONSULT});
}

static enum jz_status passes(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    (void)arg;
    return act_on_patient(s, saying, (struct jz_action){.what = JZ_ACTION_PASS_CONSULT});
}

static enum jz_status answers(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    return act_on_patient(s, saying,
                          (struct jz_action){.what = JZ_ACTION_ANSWER_CONSULT,
                                             .code = (uint32_t)arg[0].number,
                                             .text = text_of(arg[1].text)});
}

#define ANYBODY SPEAKER_PERSON
const struct verb action_verbs[] = {
    {ANYBODY, "chooses <hospital>", chooses, "as destination"},
    {ANYBODY, "sets priority <number>", sets_priority, ""},
    {ANYBODY, "stands the case down", stands_down, ""},
    {ANYBODY, "reopens the case", reopens, "a closed one, or one that was merged"},
    {ANYBODY, "transfers the patient", transfers, "to another hospital; \", taken at 5:00\": when it left"},
    {ANYBODY, "merges <patient> into <patient>", merges, "the first is the duplicate, the second is kept"},
    {ANYBODY, "notes the birth of <name>", births,
     "of the patient; the newborn is another one, of that name. Said again with another time: a correction"},
    {ANYBODY, "joins", joins, "this device is with the patient too"},
    {ANYBODY, "leaves the patient", leaves, "this device is not any more"},
    {ANYBODY, "tags the patient <name>", tags, "with the number of a wristband or case"},
    {ANYBODY, "stamps <field>", stamps,
     "a milestone, now or \", taken at 5:00\"; where one is known, a correction"},
    {ANYBODY, "signs the handover", signs, "a crew gives, a hospital receives"},
    {ANYBODY, "reports outcome <diagnosis> triage <verdict>", outcome, ""},
    {ANYBODY, "diverts <service> at <hospital>", diverts_at, ""},
    {ANYBODY, "diverts <service>", diverts, "of one's own hospital"},
    {ANYBODY, "ends the diversion of <service> at <hospital>", ends_at, ""},
    {ANYBODY, "ends the diversion of <service>", ends, ""},
    {ANYBODY, "counts <number> free in <service> at <hospital>", counts_at, "places"},
    {ANYBODY, "counts <number> free in <service>", counts, ""},
    {ANYBODY, "shows its ED <colour>", colours, ""},
    {ANYBODY, "confirms the proposal", confirms_proposal, "the newest that waits, as second person"},
    {ANYBODY, "refuses the proposal", refuses_proposal, ""},
    {ANYBODY, "confirms <capability> <confirmation> at <hospital>", confirms_at, ""},
    {ANYBODY, "confirms <capability> <confirmation>", confirms, ""},
    {ANYBODY, "reports the <team> team <receipt>", team_says, "of the hospital's alert for the patient"},
    {ANYBODY, "asks about ECG <number> <text>", asks_about, "the Beijing partner, with that recording"},
    {ANYBODY, "asks a consultant <text>", asks, "with the newest recording"},
    {ANYBODY, "takes the consult", takes, ""},
    {ANYBODY, "passes the consult on", passes, ""},
    {ANYBODY, "answers the consult <conclusion> <text>", answers, ""},
    {.pattern = NULL}};
