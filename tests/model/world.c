/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_rules.h"
#include "jingzhu/field.h"

#define START INT64_C(1767225600000)
#define SPINS_MAX 9u
/* Deadlines farther away than this, and times as long ago, are alike: the longest that the alerts know is five minutes. What
 * lies beyond (silence, the end of a hold, a reading that ages) happens only where nothing else is left to happen. */
#define FAR_MS 600000

static const char *const hospital[WORLD_HOSPITALS] = {"near", "far", "last"};

static void *must(void *memory) {
    if (memory) return memory;
    fputs("no memory\n", stderr);
    exit(2);
}

/* --- who says what -------------------------------------------------------------------------------------------------- */

static struct jz_encounter_id patient_id(uint32_t patient) {
    struct jz_encounter_id id = {{1, 0, (uint8_t)(patient + 1u)}};
    return id;
}

static void apply(struct world *w, const struct jz_event *event) {
    jz_core_apply(w->core, event, w->out);
}

static void send(struct world *w, const struct jz_peer *peer, struct jz_frame *frame) {
    frame->lane = frame->kind == JZ_FRAME_VITALS ? JZ_LANE_VITALS : JZ_LANE_URGENT;
    frame->seq = jz_core_watermark(w->core, peer->id, 1, frame->lane) + 1u;
    frame->at_ms = w->now;
    struct jz_event event = {
        .kind = JZ_EVENT_FRAME, .received_ms = w->now, .peer = *peer, .epoch = 1, .frame = frame};
    apply(w, &event);
}

static void device(struct world *w, uint32_t patient, struct jz_frame *frame) {
    struct jz_peer peer = {
        .id = {0xaa, (uint8_t)(patient + 1u)}, .kind = JZ_PEER_DEVICE, .name = "ambulance"};
    frame->has_encounter = true;
    frame->encounter = patient_id(patient);
    send(w, &peer, frame);
}

static void dispatcher(struct world *w, uint32_t patient, const struct jz_action *action) {
    struct jz_peer peer = {
        .id = {0xdd}, .kind = JZ_PEER_PERSON, .role = JZ_ROLE_DISPATCHER, .name = "dispatcher"};
    struct jz_frame frame = {
        .kind = JZ_FRAME_ACTION, .has_encounter = true, .encounter = patient_id(patient)};
    frame.action = *action;
    send(w, &peer, &frame);
}

static void finding(struct world *w, uint32_t patient, const char *field, int32_t value) {
    struct jz_frame frame = {.kind = JZ_FRAME_FINDING};
    frame.finding.code = jz_field_at(jz_field_by_name(field))->code;
    frame.finding.value = value;
    frame.finding.observer = JZ_OBSERVER_PHYSICIAN;
    device(w, patient, &frame);
}

/* --- everything that can happen --------------------------------------------------------------------------------------- */

/* Of a hospital about a patient: its answers. Reason: of declining. */
static const struct {
    const char *verb;
    enum jz_alert_state to;
} answers[] = {
    {"has a receipt of", JZ_ALERT_DELIVERED}, {"sees", JZ_ALERT_SEEN},
    {"accepts", JZ_ALERT_ACCEPTED},           {"takes back its acceptance of", JZ_ALERT_RAISED},
    {"declines", JZ_ALERT_DECLINED},          {"prepares for", JZ_ALERT_PREPARING},
    {"says arrived of", JZ_ALERT_ARRIVED},    {"says handed over of", JZ_ALERT_HANDED_OVER},
};
#define ANSWERS (uint32_t)(sizeof answers / sizeof answers[0])

static bool answer(struct world *w, uint32_t patient, uint32_t which, uint32_t at) {
    const struct jz_encounter *e = &w->core->encounter[patient];
    struct jz_peer peer = {.id = {0xbb, (uint8_t)at}, .kind = JZ_PEER_PERSON, .role = JZ_ROLE_RECEIVING};
    snprintf(peer.name, sizeof peer.name, "team %s", hospital[at]);
    snprintf(peer.facility, sizeof peer.facility, "%s", hospital[at]);
    for (uint32_t i = 0; i < e->alert_count; i++) {
        const struct jz_alert_record *alert = &jz_alerts(w->core, patient)[i];
        if (alert->facility != at) continue;
        enum jz_alert_state to = answers[which].to;
        struct jz_frame frame = {.kind = JZ_FRAME_ALERT_ANSWER};
        frame.answer.alert = alert->id;
        frame.answer.to = to;
        frame.answer.reason = to == JZ_ALERT_DECLINED ? JZ_DECLINE_NO_BED : 0;
        send(w, &peer, &frame);
        return true;
    }
    return false;
}

/* The one choice of these that needs a second person is left out: what waits for one is not a matter of alerts. */
static bool choose(struct world *w, uint32_t patient, uint32_t at) {
    struct jz_action action = {.what = JZ_ACTION_CHOOSE_DESTINATION,
                               .facility = {hospital[at], (uint32_t)strlen(hospital[at])},
                               .reason = JZ_REASON_ROAD};
    struct jz_act act = {
        .action = &action, .e = &w->core->encounter[patient], .slot = patient, .facility = at};
    if (jz_destination_needs_second(w->core, &act)) return false;
    dispatcher(w, patient, &action);
    return true;
}

static void worse(struct world *w, uint32_t patient) {
    struct jz_frame frame = {.kind = JZ_FRAME_VITALS};
    frame.vitals.count = 1;
    frame.vitals.item[0] = (struct jz_fact){jz_field_at(jz_field_by_name("sbp"))->code, 184};
    device(w, patient, &frame);
}
static void heart(struct world *w, uint32_t patient) {
    finding(w, patient, "st_elevation_confirmed", 1);
}
static void milestone(struct world *w, uint32_t patient, enum jz_milestone what) {
    struct jz_frame frame = {.kind = JZ_FRAME_MILESTONE};
    frame.milestone.what = what;
    frame.milestone.happened_ms = w->now;
    device(w, patient, &frame);
}
static void door(struct world *w, uint32_t patient) {
    milestone(w, patient, JZ_MILESTONE_DOOR);
}
static void handover(struct world *w, uint32_t patient) {
    milestone(w, patient, JZ_MILESTONE_HANDOVER);
}
static void end(struct world *w, uint32_t patient, enum jz_close_reason reason) {
    struct jz_frame frame = {.kind = JZ_FRAME_ENCOUNTER_CLOSE};
    frame.close.reason = reason;
    device(w, patient, &frame);
}
static void closed(struct world *w, uint32_t patient) {
    end(w, patient, JZ_CLOSE_HANDED_OVER);
}
static void act(struct world *w, uint32_t patient, enum jz_action_code what, enum jz_action_reason reason) {
    struct jz_action action = {.what = what, .reason = (uint8_t)reason};
    dispatcher(w, patient, &action);
}
static void stand_down(struct world *w, uint32_t patient) {
    act(w, patient, JZ_ACTION_STAND_DOWN, JZ_REASON_FALSE_CALL);
}
static void reopen(struct world *w, uint32_t patient) {
    act(w, patient, JZ_ACTION_REOPEN, JZ_REASON_MISTAKE);
}
static void transfer(struct world *w, uint32_t patient) {
    act(w, patient, JZ_ACTION_TRANSFER, JZ_REASON_SPECIALTY);
}

static const struct {
    const char *name;
    void (*happens)(struct world *, uint32_t);
} others[] = {
    {"gets worse", worse},       {"has a heart attack", heart},
    {"is at the door", door},    {"is handed over", handover},
    {"is closed", closed},       {"is stood down", stand_down},
    {"is opened again", reopen}, {"goes on to another hospital", transfer},
};
#define OTHERS (uint32_t)(sizeof others / sizeof others[0])
#define A_PATIENT ((ANSWERS + 1u) * WORLD_HOSPITALS + OTHERS)

/* The region's own deadlines are brought as well when they fall in between, but do not stop the clock. */
static bool time_passes(struct world *w) {
    int64_t next = JZ_NEVER;
    for (uint32_t i = 0; i < w->patients; i++)
        if (w->core->wake_ms[i] < next) next = w->core->wake_ms[i];
    if (next == JZ_NEVER) return false;
    if (next > w->now) w->now = next;
    struct jz_event event = {.kind = JZ_EVENT_DEADLINE, .received_ms = w->now};
    for (w->spins = 0; w->spins < SPINS_MAX && jz_core_next_deadline(w->core) <= w->now; w->spins++)
        apply(w, &event);
    return true;
}

uint32_t world_events(const struct world *w) {
    return w->patients * A_PATIENT + 1u;
}

const char *world_event_name(const struct world *w, uint32_t event) {
    static char name[96];
    uint32_t patient = event / A_PATIENT, which = event % A_PATIENT;
    if (patient == w->patients) return "time passes";
    if (which >= (ANSWERS + 1u) * WORLD_HOSPITALS)
        snprintf(name, sizeof name, "patient %u %s", patient + 1u,
                 others[which - (ANSWERS + 1u) * WORLD_HOSPITALS].name);
    else if (which % (ANSWERS + 1u) == ANSWERS)
        snprintf(name, sizeof name, "%s is chosen for patient %u", hospital[which / (ANSWERS + 1u)],
                 patient + 1u);
    else
        snprintf(name, sizeof name, "%s %s patient %u", hospital[which / (ANSWERS + 1u)],
                 answers[which % (ANSWERS + 1u)].verb, patient + 1u);
    return name;
}

bool world_apply(struct world *w, uint32_t event) {
    uint32_t patient = event / A_PATIENT, which = event % A_PATIENT;
    w->spins = 0;
    if (patient == w->patients) return time_passes(w);
    if (which < (ANSWERS + 1u) * WORLD_HOSPITALS) {
        uint32_t at = which / (ANSWERS + 1u), verb = which % (ANSWERS + 1u);
        return verb == ANSWERS ? choose(w, patient, at) : answer(w, patient, verb, at);
    }
    others[which - (ANSWERS + 1u) * WORLD_HOSPITALS].happens(w, patient);
    return true;
}

/* --- the beginning ---------------------------------------------------------------------------------------------------- */

static void make_directory(struct jz_directory *d) {
    static const char *const key[] = {"obstetrics", "nicu", "pci"};
    memset(d, 0, sizeof *d);
    d->simulation = true;
    d->capability_count = 3;
    d->facility_count = WORLD_HOSPITALS;
    for (uint32_t c = 0; c < 3; c++) snprintf(d->capability[c], sizeof d->capability[c], "%s", key[c]);
    for (uint32_t f = 0; f < WORLD_HOSPITALS; f++) {
        snprintf(d->facility[f].id, sizeof d->facility[f].id, "%s", hospital[f]);
        for (uint32_t c = 0; c < 3; c++)
            d->facility[f].capability[c] =
                f == 2 && c == 2 ? (uint8_t)JZ_CAPABILITY_ABSENT : (uint8_t)JZ_CAPABILITY_CONFIRMED;
    }
}

static void open_patient(struct world *w, uint32_t patient) {
    struct jz_frame open = {.kind = JZ_FRAME_ENCOUNTER_OPEN};
    open.open.complaint = JZ_COMPLAINT_PREGNANCY;
    device(w, patient, &open);
    struct jz_frame vitals = {.kind = JZ_FRAME_VITALS};
    vitals.vitals.count = 1;
    vitals.vitals.item[0] = (struct jz_fact){jz_field_at(jz_field_by_name("sbp"))->code, 168};
    device(w, patient, &vitals);
}

void world_open(struct world *w, uint32_t patients) {
    struct jz_core_limits limits = {.encounters_max = WORLD_PATIENTS_MAX, .peers_max = 8};
    memset(w, 0, sizeof *w);
    w->patients = patients;
    w->now = START;
    w->memory = must(aligned_alloc(16, jz_core_bytes(&limits)));
    memset(w->memory, 0, jz_core_bytes(&limits));
    w->out = must(calloc(1, sizeof *w->out));
    w->core = jz_core_init(w->memory, &limits);
    make_directory(&w->directory);
    struct jz_event packs = {.kind = JZ_EVENT_PACKS, .received_ms = START, .program = fake_program()};
    struct jz_event directory = {
        .kind = JZ_EVENT_DIRECTORY, .received_ms = START, .directory = &w->directory};
    struct jz_event deadline = {.kind = JZ_EVENT_DEADLINE, .received_ms = START};
    apply(w, &packs);
    apply(w, &directory);
    apply(w, &deadline); /* probes take their places in the interval */
    for (uint32_t i = 0; i < patients; i++) open_patient(w, i);
}

void world_close(struct world *w) {
    free(w->memory);
    free(w->out);
}

/* --- states ------------------------------------------------------------------------------------------------------------ */

struct part {
    void *at;
    size_t bytes;
};
#define PARTS 10u

/* Where events leave their traces: all of the core but those tables of the region that no event here can reach. */
static void parts_of(const struct world *w, struct part part[PARTS]) {
    struct jz_core *core = w->core;
    size_t n = w->patients;
    const struct part all[PARTS] = {
        {&core->head, sizeof core->head},
        {core->peer, core->limits.peers_max * sizeof *core->peer},
        {core->peer_bucket, (core->peer_mask + 1u) * sizeof(uint32_t)},
        {core->peer_next, core->limits.peers_max * sizeof(uint32_t)},
        {core->encounter, n * sizeof *core->encounter},
        {core->wake_ms, n * sizeof *core->wake_ms},
        {core->alert, n * JZ_ALERTS_PER_ENCOUNTER_MAX * sizeof *core->alert},
        {core->region->capacity.of, WORLD_HOSPITALS * sizeof core->region->capacity.of[0]},
        {core->region->probe, WORLD_HOSPITALS * sizeof core->region->probe[0]},
        {&core->region->consults, sizeof *core->region - offsetof(struct jz_region, consults)},
    };
    memcpy(part, all, sizeof all);
}

size_t world_bytes(const struct world *w) {
    struct part part[PARTS];
    size_t bytes = sizeof w->now;
    parts_of(w, part);
    for (uint32_t i = 0; i < PARTS; i++) bytes += part[i].bytes;
    return (bytes + 7u) & ~(size_t)7u;
}

void world_save(const struct world *w, uint8_t *bytes) {
    struct part part[PARTS];
    parts_of(w, part);
    memcpy(bytes, &w->now, sizeof w->now);
    bytes += sizeof w->now;
    for (uint32_t i = 0; i < PARTS; bytes += part[i++].bytes) memcpy(bytes, part[i].at, part[i].bytes);
}

void world_load(struct world *w, const uint8_t *bytes) {
    struct part part[PARTS];
    parts_of(w, part);
    memcpy(&w->now, bytes, sizeof w->now);
    bytes += sizeof w->now;
    for (uint32_t i = 0; i < PARTS; bytes += part[i++].bytes) memcpy(part[i].at, bytes, part[i].bytes);
}

static bool all_zero(const void *bytes, size_t count) {
    const uint8_t *at = bytes;
    return count == 0 || (at[0] == 0 && memcmp(at, at + 1, count - 1u) == 0);
}

void world_check_rest(struct world *w) {
    const struct jz_region *r = w->core->region;
    bool rest = all_zero(&r->capacity.of[WORLD_HOSPITALS],
                         sizeof r->capacity - WORLD_HOSPITALS * sizeof r->capacity.of[0]) &&
                all_zero(&r->figures, sizeof r->figures) && all_zero(r->consult, sizeof r->consult) &&
                all_zero(r->proposal, sizeof r->proposal) &&
                all_zero(&r->probe[WORLD_HOSPITALS], sizeof r->probe - WORLD_HOSPITALS * sizeof r->probe[0]);
    if (rest) return;
    fputs("an event changed what this explorer does not store: add it to parts_of\n", stderr);
    exit(2);
}

/* --- equal states -------------------------------------------------------------------------------------------------------- */

static int64_t ahead(const struct world *w, int64_t ms) {
    int64_t left = ms == JZ_NEVER ? JZ_NEVER : ms - w->now;
    return left != JZ_NEVER && left > FAR_MS ? FAR_MS : left;
}

static int64_t ago(const struct world *w, int64_t ms, int64_t reach_ms) {
    if (!ms) return -1;
    return w->now - ms > reach_ms ? reach_ms + 1 : w->now - ms;
}

static void mix(struct world_hash *h, const void *bytes, size_t count) {
    const uint8_t *at = bytes;
    for (size_t i = 0; i + 8u <= count; i += 8u) {
        uint64_t word;
        memcpy(&word, at + i, 8);
        if (!word) continue; /* most are; the place of the others is mixed in */
        h->a = (h->a ^ word ^ (i << 48)) * 0x9e3779b97f4a7c15u;
        h->a ^= h->a >> 29;
        h->b = (h->b + word + i) * 0xc2b2ae3d27d4eb4fu;
        h->b ^= h->b >> 31;
    }
}

/* A case with its times counted from now. What is left out is read by screens only. */
static void mix_case(const struct world *w, uint32_t slot, struct world_hash *h) {
    static struct jz_encounter e;
    memcpy(&e, &w->core->encounter[slot], sizeof e);
    e.last_ms = ahead(w, e.last_ms + JZ_SILENT_MS);
    e.rules_wake_ms = ahead(w, e.rules_wake_ms);
    e.clock_wake_ms = ahead(w, e.clock_wake_ms);
    e.handover_due_ms = ahead(w, e.handover_due_ms);
    e.held_until_ms = e.held_until_ms ? ahead(w, e.held_until_ms) : 0;
    for (uint32_t i = 0; i < JZ_MILESTONE_COUNT; i++) e.milestone[i] = e.milestone[i] != 0;
    e.opened_ms = 0;
    e.directive_number = 0;
    e.close_reason = e.chosen_reason = 0;
    memset(e.chosen_by, 0, sizeof e.chosen_by);
    e.legs = e.legs != 0;
    for (uint32_t i = 0; i < JZ_DEVICES_PER_ENCOUNTER_MAX; i++)
        e.device[i].heard_ms = e.device[i].heard_ms != 0;
    for (uint32_t i = 0; i < JZ_STAMPS_MAX; i++) {
        struct jz_stamp_record *s = &e.stamp[i];
        s->happened_ms = s->first_ms = s->device_ms = s->received_ms = 0;
        s->source = s->corrections = 0;
    }
    for (uint64_t i = 0; i < e.chart.count; i++) e.chart.reading[i].taken_ms = 0;
    e.trend_count = e.trend_next = 0;
    memset(e.trend, 0, sizeof e.trend);
    mix(h, &e, sizeof e);
}

/* Of an alert that rings, is accepted, or is off and not told, what its future depends on; of all others that it is over. */
static void mix_alert(const struct world *w, const struct jz_alert_record *alert, struct world_hash *h) {
    bool asked = alert->state <= JZ_ALERT_SEEN, off = alert->state >= JZ_ALERT_WITHDRAWN;
    bool coming = alert->state == JZ_ALERT_ACCEPTED || alert->state == JZ_ALERT_PREPARING;
    struct jz_alert_record a = {.id = alert->id, .facility = alert->facility, .state = alert->state};
    a.due_ms = ahead(w, alert->due_ms);
    if (asked || coming) {
        a.conditions = alert->conditions;
        a.priority = alert->priority;
        a.grade = alert->grade;
        memcpy(a.team, alert->team, sizeof a.team);
        for (uint32_t i = 0; i < JZ_TEAM_COUNT; i++) a.team[i].changed_ms = 0;
    }
    if (asked) {
        a.rung = alert->rung;
        a.standby = alert->standby;
        a.escalated = alert->escalated;
    }
    if (asked || off) a.technical = alert->technical;
    if (off) a.told = alert->told;
    if (coming) a.accepted_ms = ago(w, alert->accepted_ms, 300000);
    if (off) a.off_for = alert->off_for;
    mix(h, &a, sizeof a);
}

struct world_hash world_hash(const struct world *w) {
    struct world_hash h = {1, 1};
    for (uint32_t slot = 0; slot < w->patients; slot++) {
        mix_case(w, slot, &h);
        for (uint32_t i = 0; i < w->core->encounter[slot].alert_count; i++)
            mix_alert(w, &jz_alerts(w->core, slot)[i], &h);
    }
    for (uint32_t f = 0; f < WORLD_HOSPITALS; f++)
        for (uint32_t s = 1; s < JZ_SERVICE_COUNT; s++) {
            uint64_t held = jz_capacity_number(&w->core->region->capacity, f, (enum jz_service)s)->held + 1u;
            mix(&h, &held, sizeof held);
        }
    return h;
}
