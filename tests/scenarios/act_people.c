/* SPDX-License-Identifier: Apache-2.0 */
/* What hospitals and people of the centre do, and what happens around them. */
#include <string.h>

#include "verbs.h"

/* --- hospitals ------------------------------------------------------------------------------------------------------------------- */

uint64_t act_alert(struct scene *s, uint32_t slot, const char *facility) {
    uint64_t found = UINT32_MAX;
    for (uint32_t i = 0; i < s->core->encounter[slot].alert_count; i++) {
        const struct jz_alert_record *a = &jz_alerts(s->core, slot)[i];
        if (strcmp(s->core->directory->facility[a->facility].id, facility) == 0) found = a->id;
    }
    return found;
}

static enum jz_status answer(struct scene *s, struct saying *saying, struct jz_alert_answer *answer) {
    struct jz_frame frame = {.kind = JZ_FRAME_ALERT_ANSWER};
    uint32_t slot = act_slot(s, act_patient(s, saying->patient));
    if (slot == JZ_NONE_U32) return JZ_OK;
    answer->alert = act_alert(s, slot, saying->person->peer.facility);
    frame.answer = *answer;
    return scene_from_person(s, saying->person, &frame);
}

#define ANSWER(name, state)                                                                                  \
    static enum jz_status name(struct scene *s, struct saying *saying, const struct word_arg *arg) {         \
        (void)arg;                                                                                           \
        return answer(s, saying, &(struct jz_alert_answer){.to = (state)});                                  \
    }
ANSWER(receives, JZ_ALERT_DELIVERED)
ANSWER(sees, JZ_ALERT_SEEN)
ANSWER(accepts, JZ_ALERT_ACCEPTED)
ANSWER(prepares, JZ_ALERT_PREPARING)
ANSWER(reports_arrival, JZ_ALERT_ARRIVED)
ANSWER(takes_over, JZ_ALERT_HANDED_OVER)
ANSWER(takes_back, JZ_ALERT_RAISED)
#undef ANSWER

static enum jz_status with_reason(struct scene *s, struct saying *saying, const struct word_arg *arg,
                                  enum jz_alert_state to) {
    struct jz_alert_answer a = {.to = to, .reason = (uint8_t)arg[0].number};
    if (!words_end(&saying->rest)) {
        const char *text = saying->rest.words->word[saying->rest.at++];
        a.text = (struct jz_text){text, (uint32_t)strlen(text)};
    }
    return answer(s, saying, &a);
}

static enum jz_status declines(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    return with_reason(s, saying, arg, JZ_ALERT_DECLINED);
}

static enum jz_status accepts_with(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    return with_reason(s, saying, arg, JZ_ALERT_ACCEPTED);
}

static enum jz_status declines_dumb(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    (void)arg;
    return answer(s, saying, &(struct jz_alert_answer){.to = JZ_ALERT_DECLINED});
}

static enum jz_status has_capability(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    char payload[sizeof s->payload];
    int n = snprintf(payload, sizeof payload, "%s%s %s %s\n", s->payload, saying->person->peer.facility,
                     arg[0].text, arg[1].text);
    if (n >= (int)sizeof payload)
        scene_error(s, "the directory changes too often");
    else
        scene_set_directory(s, payload);
    return JZ_OK;
}

static enum jz_status board(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    const char *id = saying->person->peer.facility;
    s->boards_silent[jz_directory_facility(s->core->directory, id, strlen(id))] = arg[0].number == 0;
    return JZ_OK;
}

const struct verb hospital_verbs[] = {
    {SPEAKER_HOSPITAL, "receives the alert", receives,
     "what a board that is on does by itself after a second"},
    {SPEAKER_HOSPITAL, "sees the alert", sees, "a person has opened it"},
    {SPEAKER_HOSPITAL, "knows that it is off", sees, "of an alert that is withdrawn or expired"},
    {SPEAKER_HOSPITAL, "accepts with the limit <reason>", accepts_with, ""},
    {SPEAKER_HOSPITAL, "accepts", accepts, ""},
    {SPEAKER_HOSPITAL, "takes the acceptance back", takes_back, ""},
    {SPEAKER_HOSPITAL, "declines because <reason>", declines, "\"other\" needs a text in quotes behind it"},
    {SPEAKER_HOSPITAL, "declines without a reason", declines_dumb, "is always refused"},
    {SPEAKER_HOSPITAL, "prepares", prepares, "the team is on its way"},
    {SPEAKER_HOSPITAL, "reports arrival", reports_arrival, "the patient is at the door"},
    {SPEAKER_HOSPITAL, "takes over", takes_over, "handover"},
    {SPEAKER_HOSPITAL, "has <capability> {absent|confirmed|assumed|unknown}", has_capability,
     "another directory comes into force"},
    {SPEAKER_HOSPITAL, "board is {silent|on}", board,
     "a silent board receives no alert and sounds no probe; all are on at the start"},
    {.pattern = NULL}};

/* --- the world --------------------------------------------------------------------------------------------------------------------- */

static enum jz_status travel_takes(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    struct word_arg more[WORD_ARGS_MAX] = {arg[0], arg[1]};
    struct fit fit = {0};
    memset(&s->travel, 0, sizeof s->travel);
    snprintf(s->travel.provider, sizeof s->travel.provider, "story");
    s->travel_given = true;
    for (;;) {
        s->travel.seconds[more[1].number] = (uint32_t)(more[0].number / 1000);
        s->travel.uncertainty_s[more[1].number] = 60;
        struct part at = saying->rest;
        if (!words_fit(s, &at, ", <duration> to <hospital>", more, &fit)) return JZ_OK;
        saying->rest = at;
    }
}

static enum jz_status travel_follows(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    (void)saying;
    (void)arg;
    s->travel_given = false;
    return JZ_OK;
}

static enum jz_status service_silent(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    (void)saying;
    (void)arg;
    s->roads_silent = true;
    return JZ_OK;
}

static enum jz_status service_answers(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    (void)saying;
    s->roads_silent = false;
    s->roads_ms = arg[0].number;
    return JZ_OK;
}

static enum jz_status server_clock(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    (void)saying;
    s->server_ahead_ms += arg[1].number == 0 ? arg[0].number : -arg[0].number;
    return JZ_OK;
}

const struct verb world_verbs[] = {
    {SPEAKER_WORLD, "travel takes <duration> to <hospital>", travel_takes,
     "instead of the road graph, from anywhere; more after commas; hospitals that are not named have no "
     "travel time"},
    {SPEAKER_WORLD, "travel follows the roads", travel_follows, "the road graph again"},
    {SPEAKER_WORLD, "the road service is silent", service_silent, "no travel times from now on"},
    {SPEAKER_WORLD, "the road service answers after <duration>", service_answers,
     "it answers at once at the start"},
    {SPEAKER_WORLD, "the server's clock jumps <duration> {ahead|back}", server_clock, ""},
    {.pattern = NULL}};
