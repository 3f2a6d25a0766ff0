/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_rules.h"
#include "state.h"

static const struct jz_travel travel = {"test-roads", {600, 1200, 300, 3600}, {60, 60, 60, 60}};

static void make_directory(struct jz_directory *d) {
    static const struct {
        const char *id;
        uint8_t can[3]; /* enum jz_capability_state of obstetrics, nicu, pci */
    } row[] = {{"near", {2, 2, 2}}, {"far", {2, 2, 2}}, {"clinic", {0, 0, 0}}, {"mothers", {2, 2, 0}}};
    static const char *const key[] = {"obstetrics", "nicu", "pci"};
    memset(d, 0, sizeof *d);
    d->simulation = true;
    d->capability_count = 3;
    d->facility_count = 4;
    for (int c = 0; c < 3; c++) snprintf(d->capability[c], sizeof d->capability[c], "%s", key[c]);
    for (int f = 0; f < 4; f++) {
        snprintf(d->facility[f].id, sizeof d->facility[f].id, "%s", row[f].id);
        snprintf(d->facility[f].name_zh, sizeof d->facility[f].name_zh, "医院%d", f);
        snprintf(d->facility[f].name_en, sizeof d->facility[f].name_en, "Hospital %d", f);
        memcpy(d->facility[f].capability, row[f].can, 3);
    }
}

static void keep(struct stage *s, const void *bytes, size_t count) {
    if (s->record_count == s->record_capacity) {
        s->record_capacity = s->record_capacity ? s->record_capacity * 2 : 64;
        s->record = realloc(s->record, s->record_capacity * sizeof *s->record);
        assert_non_null(s->record);
    }
    struct stage_record *r = &s->record[s->record_count++];
    *r = (struct stage_record){malloc(count), count};
    assert_non_null(r->bytes);
    memcpy(r->bytes, bytes, count);
}

void stage_apply(struct stage *s, const struct jz_event *event) {
    static uint8_t buffer[65536];
    size_t written;
    jz_core_apply(s->core, event, &s->out);
    if (s->out.duplicate) return;
    assert_int_equal(jz_event_encode(event, buffer, sizeof buffer, &written), JZ_OK);
    keep(s, buffer, written);
    for (uint32_t i = 0; i < s->out.decision_count; i++)
        keep(s, s->out.buffer + s->out.decision[i].offset, s->out.decision[i].bytes);
}

int stage_open(void **state) {
    struct stage *s = calloc(1, sizeof *s);
    assert_non_null(s);
    s->limits = (struct jz_core_limits){.encounters_max = 20, .peers_max = 100};
    s->memory = aligned_alloc(16, jz_core_bytes(&s->limits));
    assert_non_null(s->memory);
    memset(s->memory, 0, jz_core_bytes(&s->limits));
    s->core = jz_core_init(s->memory, &s->limits);
    s->now = NOON;
    make_directory(&s->directory);
    struct jz_event directory = {.kind = JZ_EVENT_DIRECTORY,
                                 .received_ms = s->now,
                                 .directory = &s->directory,
                                 .original = {(const uint8_t *)"directory", 9}};
    stage_packs(s, "packs", "");
    stage_apply(s, &directory);
    *state = s;
    return 0;
}

int stage_close(void **state) {
    struct stage *s = *state;
    for (size_t i = 0; i < s->record_count; i++) free(s->record[i].bytes);
    free(s->record);
    free(s->memory);
    free(s);
    return 0;
}

struct jz_encounter_id stage_patient(uint8_t n) {
    struct jz_encounter_id id = {{1, 0, n, 7, 7, 7}};
    return id;
}

static void apply_frame(struct stage *s, struct jz_frame *frame, const struct jz_peer *peer) {
    uint8_t bytes[JZ_MESSAGE_BYTES_MAX];
    size_t written;
    assert_int_equal(jz_frame_encode(frame, bytes, sizeof bytes, &written), JZ_OK);
    struct jz_event event = {.kind = JZ_EVENT_FRAME,
                             .received_ms = s->now,
                             .peer = *peer,
                             .epoch = 9,
                             .frame = frame,
                             .original = {bytes, (uint32_t)written}};
    stage_apply(s, &event);
}

void stage_device(struct stage *s, struct jz_frame *frame) {
    static const struct jz_peer ambulance = {.id = {0xaa, 1}, .kind = JZ_PEER_DEVICE, .name = "贵A·120-07"};
    if (!frame->seq) frame->seq = ++s->device_seq[frame->lane];
    if (!frame->at_ms) frame->at_ms = s->now;
    apply_frame(s, frame, &ambulance);
}

void stage_open_patient(struct stage *s, uint8_t n, bool with_position) {
    struct jz_frame frame = {
        .kind = JZ_FRAME_ENCOUNTER_OPEN, .has_encounter = true, .encounter = stage_patient(n)};
    frame.open.complaint = JZ_COMPLAINT_PREGNANCY;
    if (with_position)
        frame.open.position = (struct jz_point){.has = true, .lat_e7 = 270000000, .lon_e7 = 1069000000};
    stage_device(s, &frame);
}

void stage_sbp(struct stage *s, uint8_t n, int32_t mmhg) {
    struct jz_frame frame = {.kind = JZ_FRAME_VITALS,
                             .lane = JZ_LANE_VITALS,
                             .has_encounter = true,
                             .encounter = stage_patient(n)};
    frame.vitals.count = 1;
    frame.vitals.item[0] = (struct jz_fact){jz_field_at(jz_field_by_name("sbp"))->code, mmhg};
    stage_device(s, &frame);
}

void stage_finding(struct stage *s, uint8_t n, const char *field, int32_t value) {
    struct jz_frame frame = {.kind = JZ_FRAME_FINDING, .has_encounter = true, .encounter = stage_patient(n)};
    frame.finding.code = jz_field_at(jz_field_by_name(field))->code;
    frame.finding.value = value;
    frame.finding.observer = JZ_OBSERVER_PHYSICIAN;
    stage_device(s, &frame);
}

void stage_measured(struct stage *s, uint8_t n, const char *field, int32_t value) {
    static uint8_t bytes[JZ_MEASUREMENT_BYTES_MAX];
    size_t written;
    struct jz_measurement m = {.encounter = stage_patient(n),
                               .wave = JZ_WAVE_ECG,
                               .snapshot = 1,
                               .taken_ms = s->now,
                               .duration_ms = 10000,
                               .segments = 10,
                               .version = 1,
                               .quality = 80,
                               .readable = true,
                               .fact_count = 1};
    m.fact[0] = (struct jz_fact){jz_field_at(jz_field_by_name(field))->code, value};
    for (uint32_t i = 0; i < JZ_NUMBER_COUNT; i++) m.number[i] = JZ_NUMBER_UNKNOWN;
    assert_int_equal(jz_measurement_encode(&m, bytes, sizeof bytes, &written), JZ_OK);
    struct jz_event event = {
        .kind = JZ_EVENT_MEASUREMENT, .received_ms = s->now, .original = {bytes, (uint32_t)written}};
    stage_apply(s, &event);
}

void stage_fact(struct stage *s, uint8_t n, const char *field, int32_t value) {
    struct jz_frame frame = {
        .kind = JZ_FRAME_ENCOUNTER_UPDATE, .has_encounter = true, .encounter = stage_patient(n)};
    frame.update.facts.count = 1;
    frame.update.facts.item[0] = (struct jz_fact){jz_field_at(jz_field_by_name(field))->code, value};
    stage_device(s, &frame);
}

void stage_milestone(struct stage *s, uint8_t n, enum jz_milestone what) {
    struct jz_frame frame = {
        .kind = JZ_FRAME_MILESTONE, .has_encounter = true, .encounter = stage_patient(n)};
    frame.milestone.what = what;
    frame.milestone.happened_ms = s->now;
    stage_device(s, &frame);
}

void stage_travel(struct stage *s, uint8_t n) {
    struct jz_event event = {
        .kind = JZ_EVENT_TRAVEL, .received_ms = s->now, .encounter = stage_patient(n), .travel = &travel};
    stage_apply(s, &event);
}

void stage_answer(struct stage *s, const char *facility, uint64_t alert, enum jz_alert_state to,
                  uint8_t reason) {
    struct jz_peer person = {.kind = JZ_PEER_PERSON, .role = JZ_ROLE_RECEIVING};
    snprintf(person.name, sizeof person.name, "李医生 %s", facility);
    snprintf(person.facility, sizeof person.facility, "%s", facility);
    memcpy(person.id, facility, strlen(facility));
    struct jz_frame frame = {.kind = JZ_FRAME_ALERT_ANSWER, .seq = ++s->person_seq, .at_ms = s->now};
    frame.answer = (struct jz_alert_answer){.alert = alert, .to = to, .reason = reason};
    apply_frame(s, &frame, &person);
}

void stage_wait(struct stage *s, int64_t ms) {
    s->now += ms;
    while (jz_core_next_deadline(s->core) <= s->now) {
        struct jz_event event = {.kind = JZ_EVENT_DEADLINE, .received_ms = s->now};
        stage_apply(s, &event);
    }
}

const struct jz_program *stage_program(struct jz_bytes name) {
    if (name.bytes == 5 && memcmp(name.data, "packs", 5) == 0) return fake_program();
    if (name.bytes == 8 && memcmp(name.data, "reversed", 8) == 0) return fake_program_reversed();
    assert_true(name.bytes == 5 && memcmp(name.data, "crowd", 5) == 0);
    return fake_program_crowd();
}

void stage_packs(struct stage *s, const char *name, const char *person) {
    struct jz_event packs = {.kind = JZ_EVENT_PACKS,
                             .received_ms = s->now,
                             .original = {(const uint8_t *)name, (uint32_t)strlen(name)}};
    packs.program = stage_program(packs.original);
    snprintf(packs.peer.name, sizeof packs.peer.name, "%s", person);
    stage_apply(s, &packs);
}

const char *stage_view(struct stage *s, uint32_t slot, size_t *bytes) {
    static uint8_t buffer[65536];
    static char text[262144];
    struct jz_writer w;
    struct jz_scan scan;
    size_t written;
    jz_writer_init(&w, buffer, sizeof buffer);
    assert_int_equal(jz_view_patient(s->core, slot, s->now, false, &w), JZ_OK);
    assert_int_equal(jz_message_scan(buffer, w.used, &scan), JZ_OK);
    assert_int_equal(scan.count, 1);
    assert_int_equal(jz_diagnostic(buffer, w.used, text, sizeof text, &written), JZ_OK);
    *bytes = w.used;
    return text;
}

void stage_directory(struct stage *s, const struct jz_directory *directory) {
    struct jz_event event = {.kind = JZ_EVENT_DIRECTORY,
                             .received_ms = s->now,
                             .directory = directory,
                             .original = {(const uint8_t *)"directory", 9}};
    stage_apply(s, &event);
}

enum jz_alert_state stage_alert_state(struct stage *s, uint64_t alert) {
    const struct jz_alert_record *record = jz_alert_find(s->core, alert, NULL);
    assert_non_null(record);
    return (enum jz_alert_state)record->state;
}

const char *stage_alert_facility(struct stage *s, uint64_t alert) {
    const char *facility = NULL;
    uint32_t slot = 0;
    assert_true(jz_core_alert_of(s->core, alert, &facility, &slot));
    return facility;
}

struct sink {
    uint8_t *bytes;
    size_t count;
};

static void collect(void *context, const void *bytes, size_t count) {
    struct sink *sink = context;
    if (!count) return;
    sink->bytes = realloc(sink->bytes, sink->count + count);
    assert_non_null(sink->bytes);
    memcpy(sink->bytes + sink->count, bytes, count);
    sink->count += count;
}

uint8_t *stage_state(const struct jz_core *core, size_t *bytes) {
    struct sink sink = {0};
    jz_core_save(core, collect, &sink);
    *bytes = sink.count;
    return sink.bytes;
}

void stage_person(struct stage *s, const struct jz_peer *peer, struct jz_frame *frame) {
    if (!frame->seq) frame->seq = ++s->person_seq;
    if (!frame->at_ms) frame->at_ms = s->now;
    apply_frame(s, frame, peer);
}

static struct jz_peer person(enum jz_role role, const char *facility, const char *name) {
    struct jz_peer peer = {.kind = JZ_PEER_PERSON, .role = role};
    snprintf(peer.name, sizeof peer.name, "%s", name);
    snprintf(peer.facility, sizeof peer.facility, "%s", facility);
    memcpy(peer.id, peer.name, sizeof peer.id);
    return peer;
}

struct jz_peer stage_team(const char *facility, const char *name) {
    return person(JZ_ROLE_RECEIVING, facility, name);
}

struct jz_peer stage_dispatcher(const char *name) {
    return person(JZ_ROLE_DISPATCHER, "", name);
}

void stage_action(struct stage *s, const struct jz_peer *peer, uint8_t n, const struct jz_action *action) {
    struct jz_frame frame = {.kind = JZ_FRAME_ACTION, .has_encounter = n != 0};
    if (n) frame.encounter = stage_patient(n);
    frame.action = *action;
    stage_person(s, peer, &frame);
}

const char *stage_decision(struct stage *s, uint32_t kind) {
    static char text[65536];
    char key[24];
    size_t written;
    snprintf(key, sizeof key, ", 3: %u, ", kind);
    for (uint32_t i = s->out.decision_count; i-- > 0;) {
        const struct jz_slice *d = &s->out.decision[i];
        assert_int_equal(jz_diagnostic(s->out.buffer + d->offset, d->bytes, text, sizeof text, &written),
                         JZ_OK);
        if (strstr(text, key)) return text;
    }
    return NULL;
}
