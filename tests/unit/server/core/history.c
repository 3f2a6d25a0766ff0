/* SPDX-License-Identifier: Apache-2.0 */
#include "history.h"

#include <stdio.h>
#include <string.h>

#include "state.h"

#define PATIENTS_MAX 200u

uint32_t history_draw(struct history *h, uint32_t below) {
    h->random ^= h->random << 13; /* xorshift64 (Marsaglia 2003) */
    h->random ^= h->random >> 7;
    h->random ^= h->random << 17;
    return (uint32_t)((h->random >> 32) % below);
}

static bool one_in(struct history *h, uint32_t n) {
    return history_draw(h, n) == 0;
}

static struct jz_text text_of(const char *from) {
    return (struct jz_text){from, (uint32_t)strlen(from)};
}

/* --- hospitals -------------------------------------------------------------------------------------------------- */

static void make_many(const struct jz_directory *few, struct jz_directory *many, bool turned) {
    *many = *few;
    many->facility_count = JZ_FACILITIES_MAX;
    for (uint32_t i = 0; i < JZ_FACILITIES_MAX; i++) {
        struct jz_facility *f = &many->facility[turned ? JZ_FACILITIES_MAX - 1u - i : i];
        *f = few->facility[i < few->facility_count ? i : i % 2u];
        if (i >= few->facility_count) snprintf(f->id, sizeof f->id, "h%02u", i);
    }
}

const struct jz_directory *history_directory(const struct history *h, struct jz_bytes name) {
    if (name.bytes == 4) return &h->many;
    return name.bytes == 6 ? &h->turned : &h->stage->directory;
}

static void change_directory(struct history *h) {
    static const char *const names[] = {"many", "turned"};
    const char *name = names[history_draw(h, 2)];
    struct jz_event event = {.kind = JZ_EVENT_DIRECTORY,
                             .received_ms = h->stage->now,
                             .original = {(const uint8_t *)name, (uint32_t)strlen(name)}};
    event.directory = history_directory(h, event.original);
    stage_apply(h->stage, &event);
}

static const char *some_hospital(struct history *h) {
    const struct jz_directory *d = h->stage->core->directory;
    return d->facility[one_in(h, 3) ? history_draw(h, d->facility_count) : history_draw(h, 4)].id;
}

/* --- patients --------------------------------------------------------------------------------------------------- */

/* One who is in memory, mostly of those under way; now and then a new one. Nobody who was forgotten comes back under the same
 * number. */
static uint8_t some_patient(struct history *h) {
    uint32_t slot = 0, count = jz_core_encounter_count(h->stage->core);
    if ((count < 4 || one_in(h, 30)) && h->newest < PATIENTS_MAX) return ++h->newest;
    for (int tries = 0; tries < 4; tries++) {
        slot = history_draw(h, count);
        if (jz_core_encounter_is_open(h->stage->core, slot)) break;
    }
    return jz_core_encounter_id(h->stage->core, slot).byte[2];
}

static uint64_t some_alert(struct history *h) {
    uint32_t count = jz_core_encounter_count(h->stage->core);
    uint32_t slot = history_draw(h, count ? count : 1u);
    uint32_t alerts = count ? h->stage->core->encounter[slot].alert_count : 0;
    return alerts ? jz_alerts(h->stage->core, slot)[history_draw(h, alerts)].id : 1;
}

static void answer(struct history *h) {
    uint64_t alert = some_alert(h);
    const char *facility = some_hospital(h);
    uint32_t slot;
    if (!one_in(h, 8) && !jz_core_alert_of(h->stage->core, alert, &facility, &slot)) return;
    static const uint8_t often[] = {JZ_ALERT_DELIVERED, JZ_ALERT_SEEN, JZ_ALERT_ACCEPTED, JZ_ALERT_DECLINED};
    uint8_t to =
        one_in(h, 3) ? (uint8_t)(1u + history_draw(h, JZ_ALERT_HANDED_OVER)) : often[history_draw(h, 4)];
    uint8_t reason = to == JZ_ALERT_DECLINED ? (uint8_t)(1u + history_draw(h, JZ_DECLINE_COUNT - 1u)) : 0;
    stage_answer(h->stage, facility, alert, (enum jz_alert_state)to, reason);
}

static void travel(struct history *h, uint8_t n) {
    struct jz_travel travel = {.provider = "history"};
    for (uint32_t i = 0; i < h->stage->core->directory->facility_count; i++) {
        travel.seconds[i] = one_in(h, 20) ? JZ_TRAVEL_NONE : 60u + history_draw(h, 5000);
        travel.uncertainty_s[i] = history_draw(h, 600);
    }
    struct jz_event event = {.kind = JZ_EVENT_TRAVEL,
                             .received_ms = h->stage->now,
                             .encounter = stage_patient(n),
                             .travel = &travel};
    stage_apply(h->stage, &event);
}

static void position(struct history *h, uint8_t n) {
    struct jz_frame frame = {.kind = JZ_FRAME_POSITION, .has_encounter = true, .encounter = stage_patient(n)};
    frame.position = (struct jz_point){
        .has = true, .lat_e7 = 266000000 + (int32_t)history_draw(h, 1000000), .lon_e7 = 1067000000};
    stage_device(h->stage, &frame);
}

static void close_patient(struct history *h, uint8_t n) {
    struct jz_frame frame = {
        .kind = JZ_FRAME_ENCOUNTER_CLOSE, .has_encounter = true, .encounter = stage_patient(n)};
    frame.close.reason = (enum jz_close_reason)(1u + history_draw(h, 4));
    stage_device(h->stage, &frame);
}

/* --- what people do --------------------------------------------------------------------------------------------- */

/* Who does such a thing, three times of four; 0: dispatchers. */
static const uint8_t likely[JZ_ACTION_COUNT] = {
    [JZ_ACTION_TRANSFER] = JZ_ROLE_RECEIVING,      [JZ_ACTION_SET_CAPACITY] = JZ_ROLE_RECEIVING,
    [JZ_ACTION_DIVERT] = JZ_ROLE_RECEIVING,        [JZ_ACTION_CONFIRM_CAPABILITY] = JZ_ROLE_RECEIVING,
    [JZ_ACTION_STAMP] = JZ_ROLE_RECEIVING,         [JZ_ACTION_RECEIPT] = JZ_ROLE_RECEIVING,
    [JZ_ACTION_SIGN_HANDOVER] = JZ_ROLE_RECEIVING, [JZ_ACTION_OUTCOME] = JZ_ROLE_RECEIVING,
    [JZ_ACTION_PROBE_SOUNDED] = JZ_ROLE_RECEIVING, [JZ_ACTION_TAKE_CONSULT] = JZ_ROLE_CONSULTANT,
    [JZ_ACTION_PASS_CONSULT] = JZ_ROLE_CONSULTANT, [JZ_ACTION_ANSWER_CONSULT] = JZ_ROLE_CONSULTANT,
};

static struct jz_peer somebody(struct history *h, enum jz_action_code what, const char *hospital) {
    static const char *const name[] = {"王调度", "赵调度", "钱调度"};
    uint8_t role = likely[what] ? likely[what] : JZ_ROLE_DISPATCHER;
    if (one_in(h, 4)) role = (uint8_t)(1u + history_draw(h, JZ_ROLE_ADMINISTRATOR));
    if (role == JZ_ROLE_RECEIVING) return stage_team(hospital, one_in(h, 2) ? "李医生" : "孙医生");
    struct jz_peer peer = stage_dispatcher(name[history_draw(h, 3)]);
    peer.role = (enum jz_role)role;
    return peer;
}

/* One that has to do with the patient, where there is one. */
static const char *hospital_of(struct history *h, uint8_t n) {
    uint32_t slot, of;
    const char *facility = some_hospital(h);
    if (one_in(h, 4) || !jz_core_encounter_slot(h->stage->core, stage_patient(n), &slot)) return facility;
    uint32_t alerts = h->stage->core->encounter[slot].alert_count;
    if (!alerts) return facility;
    jz_core_alert_of(h->stage->core, jz_alerts(h->stage->core, slot)[history_draw(h, alerts)].id, &facility,
                     &of);
    return facility;
}

static uint64_t some_number(struct history *h, enum jz_action_code what) {
    const struct jz_region *region = h->stage->core->region;
    if (what == JZ_ACTION_RECEIPT) return some_alert(h);
    if (what == JZ_ACTION_SECOND && region->proposals) return region->proposals - history_draw(h, 2);
    if (what == JZ_ACTION_PROBE_SOUNDED) return region->probes;
    bool consult = what == JZ_ACTION_TAKE_CONSULT || what == JZ_ACTION_PASS_CONSULT;
    return consult || what == JZ_ACTION_ANSWER_CONSULT ? 0 : history_draw(h, 3);
}

static void act(struct history *h, uint8_t n) {
    static const char *const words[] = {"obstetrics", "nicu", "T-17", "T-18", "说了五个字以上"};
    const char *hospital = hospital_of(h, n);
    struct jz_frame frame = {.kind = JZ_FRAME_ACTION, .has_encounter = true, .encounter = stage_patient(n)};
    struct jz_action *a = &frame.action;
    a->what = (enum jz_action_code)(1u + history_draw(h, JZ_ACTION_COUNT - 1u));
    struct jz_peer peer = somebody(h, a->what, hospital);
    if (!one_in(h, 4)) a->facility = text_of(hospital);
    a->code = one_in(h, 4) ? jz_milestone_code((enum jz_milestone)(1u + history_draw(h, 10)))
                           : 1u + history_draw(h, JZ_SERVICE_COUNT);
    a->has_value = true;
    a->value = (int32_t)history_draw(h, 5);
    bool until = a->what == JZ_ACTION_DIVERT || a->what == JZ_ACTION_SET_CAPACITY;
    if (one_in(h, 2)) a->ms = h->stage->now + (until ? 1 : -1) * (int64_t)history_draw(h, 600000);
    a->reason = (uint8_t)history_draw(h, JZ_REASON_COUNT);
    a->text = text_of(words[history_draw(h, 5)]);
    a->has_other = true;
    a->other = stage_patient(some_patient(h));
    a->number = some_number(h, a->what);
    if (one_in(h, 4))
        stage_device(h->stage, &frame);
    else
        stage_person(h->stage, &peer, &frame);
}

/* --- time ------------------------------------------------------------------------------------------------------- */

static void wait(struct history *h) {
    struct stage *s = h->stage;
    s->now += one_in(h, 40) ? (int64_t)history_draw(h, 20000000) : (int64_t)history_draw(h, 40000);
    for (int events = 0; jz_core_next_deadline(s->core) <= s->now; events++) {
        struct jz_event due = {.kind = JZ_EVENT_DEADLINE, .received_ms = s->now};
        stage_apply(s, &due);
        assert_true(events < 100); /* what is due is done, and not done for ever */
        h->was_due = true;
    }
}

/* --- all of it -------------------------------------------------------------------------------------------------- */

static void report(struct history *h, uint8_t n) {
    static const char *const findings[] = {"fmc", "ecg", "is_newborn"};
    switch (history_draw(h, 6)) {
    case 0: stage_finding(h->stage, n, "st_elevation_confirmed", (int32_t)history_draw(h, 2)); break;
    case 1: stage_measured(h->stage, n, "st_elevation_confirmed", (int32_t)history_draw(h, 2)); break;
    case 2: stage_fact(h->stage, n, findings[history_draw(h, 2)], (int32_t)history_draw(h, 900)); break;
    default: stage_sbp(h->stage, n, 90 + (int32_t)history_draw(h, 120)); break;
    }
}

void history_step(struct history *h) {
    uint8_t n = some_patient(h);
    h->was_due = false;
    switch (history_draw(h, 16)) {
    case 0: stage_open_patient(h->stage, n, one_in(h, 2)); break;
    case 1:
    case 2: report(h, n); break;
    case 3: position(h, n); break;
    case 4: travel(h, n); break;
    case 5:
    case 6:
    case 7: answer(h); break;
    case 8: stage_milestone(h->stage, n, (enum jz_milestone)(1u + history_draw(h, 10))); break;
    case 9:
        if (one_in(h, 8)) close_patient(h, n);
        break;
    case 10:
        if (one_in(h, 60)) stage_packs(h->stage, one_in(h, 2) ? "packs" : "reversed", "王主任");
        if (one_in(h, 60)) change_directory(h);
        break;
    case 11:
    case 12: wait(h); break;
    default: act(h, n); break;
    }
    h->stage->now += history_draw(h, 500);
}

void history_begin(struct history *h, struct stage *s, uint64_t seed) {
    *h = (struct history){.stage = s, .random = seed * 0x9e3779b97f4a7c15u + 1u};
    make_many(&s->directory, &h->many, false);
    make_many(&s->directory, &h->turned, true);
}
