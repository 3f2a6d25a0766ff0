/* SPDX-License-Identifier: Apache-2.0 */
/* make_journal DIR PACKS DIRECTORY: a journal of three patients for the tests of the tools. Patient 1 has
 * a systolic pressure of 85, patient 2 one of 95, patient 3 one of 120; each says so again a minute later.
 * make_journal DIR PACKS DIRECTORY cases: patients with chest pain from the 31st of January 2026 on (UTC+8), for reports,
 * exports and replays. Encounter ids begin with a1 to aa; two with aa.
 * make_journal DIR PACKS DIRECTORY wrong: the three patients, and a decision on record that the core does not make. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jingzhu/field.h"
#include "ledger.h"

#define NOON INT64_C(1767225600000)
#define MDC_SYSTOLIC 150021u

static int64_t now_ms = NOON;

static int64_t fake_utc(void *context) {
    (void)context;
    return now_ms;
}

static void want(enum jz_status status, const char *what, const struct jz_pack_error *error) {
    if (status == JZ_OK) return;
    fprintf(stderr, "make_journal: %s: %s %s %s\n", what, jz_status_name(status), error->file, error->text);
    exit(1);
}

static void activate(struct jz_ledger *ledger, enum jz_event_kind kind, struct jz_payload payload) {
    struct jz_pack_error error = {.line = 0};
    want(jz_ledger_activate(ledger, kind, payload, "", &error), "activate", &error);
    free(payload.data);
}

static void activate_all(struct jz_ledger *ledger, const char *packs, const char *directory) {
    struct jz_pack_error error = {.line = 0};
    struct jz_payload payload;
    want(jz_packs_read(packs, &payload, &error), packs, &error);
    activate(ledger, JZ_EVENT_PACKS, payload);
    want(jz_directory_read(directory, true, &payload, &error), directory, &error);
    activate(ledger, JZ_EVENT_DIRECTORY, payload);
}

/* A frame of device 9, or of a person, about one patient. */
static void send(struct jz_ledger *ledger, struct jz_frame *frame, const struct jz_peer *peer) {
    static uint64_t seq;
    uint8_t bytes[512];
    size_t written;
    struct jz_frame taken; /* as a server takes it: facts by ascending code */
    struct jz_pack_error none = {.line = 0};
    frame->seq = ++seq;
    want(jz_frame_encode(frame, bytes, sizeof bytes, &written), "encode", &none);
    want(jz_frame_decode(bytes, written, &taken, NULL), "decode", &none);
    struct jz_event event = {.kind = JZ_EVENT_FRAME,
                             .received_ms = now_ms,
                             .epoch = 3,
                             .clock_offset_ms = now_ms > frame->at_ms ? (int32_t)(now_ms - frame->at_ms) : 0,
                             .frame = &taken,
                             .peer = *peer,
                             .original = {bytes, (uint32_t)written}};
    want(jz_ledger_submit(ledger, &event, 0), "submit", &none);
    jz_ledger_flush(ledger);
}

static const struct jz_peer device = {.id = {9}, .kind = JZ_PEER_DEVICE, .name = "急救07"};

static void say_sbp(struct jz_ledger *ledger, uint8_t patient, int32_t sbp) {
    struct jz_frame frame = {.kind = JZ_FRAME_VITALS,
                             .lane = JZ_LANE_VITALS,
                             .at_ms = now_ms,
                             .has_encounter = true,
                             .encounter = {{1, 0, patient}}};
    struct jz_peer nameless = {.id = {9}, .kind = JZ_PEER_DEVICE};
    frame.vitals.count = 1;
    frame.vitals.item[0] = (struct jz_fact){MDC_SYSTOLIC, sbp};
    send(ledger, &frame, &nameless);
    now_ms += 1000;
}

/* --- patients with chest pain ------------------------------------------------------------------------------------- */

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define NEVER (-1)
#define EVENING INT64_C(1769861400000)   /* 2026-01-31T20:10+08:00 */
#define NEW_MONTH INT64_C(1769875500000) /* 2026-02-01T00:05+08:00 */

/* When something happened after first medical contact, in seconds; NEVER: nobody said. */
struct patient {
    uint8_t id, twin; /* the id begins with the first; the other is its last byte */
    int64_t contact_ms;
    int32_t ecg_s, left_s, door_s;
    enum jz_close_reason end; /* UNKNOWN: still open */
};

static const struct patient patients[] = {
    {0xa1, 0, EVENING, 240, 900, 1800, JZ_CLOSE_HANDED_OVER},
    {0xa2, 0, EVENING + 1 * MINUTE, 360, 900, 1800, JZ_CLOSE_HANDED_OVER},
    {0xa3, 0, EVENING + 2 * MINUTE, 480, 900, 1800, JZ_CLOSE_HANDED_OVER},
    {0xa4, 0, EVENING + 3 * MINUTE, 600, 900, 1800, JZ_CLOSE_HANDED_OVER},   /* 10 min 00 s is in time */
    {0xa5, 0, EVENING + 4 * MINUTE, 601, 900, 1800, JZ_CLOSE_HANDED_OVER},   /* 10 min 01 s is not */
    {0xa6, 0, EVENING + 5 * MINUTE, -120, 900, 1800, JZ_CLOSE_HANDED_OVER},  /* before contact: invalid */
    {0xa7, 0, EVENING + 6 * MINUTE, NEVER, 900, 1800, JZ_CLOSE_HANDED_OVER}, /* missing */
    {0xa8, 0, EVENING + 7 * MINUTE, NEVER, 900, NEVER, JZ_CLOSE_STOOD_DOWN}, /* nothing more was to happen */
    {0xa9, 0, EVENING + 8 * MINUTE, NEVER, 900, NEVER, JZ_CLOSE_UNKNOWN},    /* still running */
    {0xaa, 0, EVENING + 9 * MINUTE, 300, NEVER, -60, JZ_CLOSE_HANDED_OVER},  /* came by himself */
    {0xaa, 1, NEW_MONTH, 300, 900, 1800,
     JZ_CLOSE_HANDED_OVER}, /* of the next month by the clock in Guiyang */
};

static struct jz_frame about(const struct patient *p, enum jz_frame_kind kind, int64_t happened_ms) {
    if (happened_ms > now_ms) now_ms = happened_ms;
    return (struct jz_frame){.kind = kind,
                             .lane = JZ_LANE_URGENT,
                             .at_ms = now_ms - 250,
                             .has_encounter = true,
                             .encounter = {{p->id, 1, 2, [15] = p->twin}}};
}

static void say_fact(struct jz_ledger *ledger, const struct patient *p, const char *field, int32_t value) {
    struct jz_frame frame = about(p, JZ_FRAME_ENCOUNTER_UPDATE, p->contact_ms);
    frame.update.facts.count = 1;
    frame.update.facts.item[0] = (struct jz_fact){jz_field_at(jz_field_by_name(field))->code, value};
    send(ledger, &frame, &device);
}

static void stamp(struct jz_ledger *ledger, const struct patient *p, enum jz_milestone what,
                  int32_t after_s) {
    if (after_s == NEVER) return;
    int64_t happened_ms = p->contact_ms + after_s * SECOND;
    struct jz_frame frame = about(p, JZ_FRAME_MILESTONE, happened_ms);
    frame.milestone.what = what;
    frame.milestone.happened_ms = happened_ms - 250; /* the device's clock is a quarter of a second behind */
    send(ledger, &frame, &device);
}

static void open_patient(struct jz_ledger *ledger, const struct patient *p) {
    struct jz_frame frame = about(p, JZ_FRAME_ENCOUNTER_OPEN, p->contact_ms);
    frame.open.complaint = JZ_COMPLAINT_CHEST_PAIN;
    send(ledger, &frame, &device);
    say_fact(ledger, p, "chest_pain", 1);
    stamp(ledger, p, JZ_MILESTONE_FMC, 0);
}

static void say_shock(struct jz_ledger *ledger, const struct patient *p) {
    struct jz_frame frame = about(p, JZ_FRAME_VITALS, now_ms + SECOND);
    frame.lane = JZ_LANE_VITALS;
    frame.vitals.count = 2;
    frame.vitals.item[0] = (struct jz_fact){MDC_SYSTOLIC, 70};
    frame.vitals.item[1] = (struct jz_fact){jz_field_at(jz_field_by_name("hr"))->code, 140};
    send(ledger, &frame, &device);
}

/* The hospital that is asked first takes the patient. */
static void accept(struct jz_ledger *ledger, const struct patient *p) {
    const struct jz_core *core = jz_ledger_core(ledger);
    struct jz_frame frame = {.kind = JZ_FRAME_ALERT_ANSWER, .lane = JZ_LANE_URGENT, .at_ms = now_ms};
    struct jz_peer person = {.id = {7}, .kind = JZ_PEER_PERSON, .role = JZ_ROLE_RECEIVING, .name = "李医生"};
    struct jz_encounter_id id = {{p->id, 1, 2, [15] = p->twin}};
    const char *facility;
    uint32_t slot, of;
    if (!jz_core_encounter_slot(core, id, &slot) || !jz_core_alerts_of(core, slot, &frame.answer.alert, 1) ||
        !jz_core_alert_of(core, frame.answer.alert, &facility, &of)) {
        fprintf(stderr, "make_journal: no hospital was asked for patient %02x\n", p->id);
        exit(1);
    }
    snprintf(person.facility, sizeof person.facility, "%s", facility);
    frame.answer.to = JZ_ALERT_ACCEPTED;
    send(ledger, &frame, &person);
}

/* A dispatcher makes the second patient more urgent. */
static void raise_priority(struct jz_ledger *ledger, const struct patient *p) {
    const struct jz_peer person = {
        .id = {8}, .kind = JZ_PEER_PERSON, .role = JZ_ROLE_DISPATCHER, .name = "王调度"};
    struct jz_frame frame = about(p, JZ_FRAME_ACTION, now_ms);
    frame.action.what = JZ_ACTION_SET_PRIORITY;
    frame.action.has_value = true;
    frame.action.value = 1;
    send(ledger, &frame, &person);
}

static void close_patient(struct jz_ledger *ledger, const struct patient *p) {
    if (p->end == JZ_CLOSE_UNKNOWN) return;
    struct jz_frame frame = about(p, JZ_FRAME_ENCOUNTER_CLOSE, p->contact_ms + 40 * MINUTE);
    frame.close.reason = p->end;
    send(ledger, &frame, &device);
}

static void tell_patients(struct jz_ledger *ledger) {
    for (size_t i = 0; i < sizeof patients / sizeof patients[0]; i++) {
        const struct patient *p = &patients[i];
        open_patient(ledger, p);
        if (i == 0) say_shock(ledger, p);
        if (i == 0) accept(ledger, p);
        if (i == 1) raise_priority(ledger, p);
        stamp(ledger, p, JZ_MILESTONE_DOOR, p->door_s < 0 ? p->door_s : NEVER);
        stamp(ledger, p, JZ_MILESTONE_ECG, p->ecg_s);
        stamp(ledger, p, JZ_MILESTONE_LEFT_SCENE, p->left_s);
        stamp(ledger, p, JZ_MILESTONE_DOOR, p->door_s < 0 ? NEVER : p->door_s);
        close_patient(ledger, p);
    }
}

static void forged(void *context, const struct jz_appended *results, size_t count) {
    struct jz_pack_error none = {.line = 0};
    (void)context;
    for (size_t i = 0; i < count; i++) want(results[i].status, "append", &none);
}

/* A decision that the core never made, behind all others. */
static void forge(const char *url) {
    uint8_t body[64];
    struct jz_writer w;
    struct jz_journal *journal;
    struct jz_lease lease = {.shard = 0};
    struct jz_pack_error none = {.line = 0};
    jz_writer_init(&w, body, sizeof body);
    jz_write_map(&w, 4);
    for (uint64_t key = 0; key < 4; key++) {
        jz_write_uint(&w, key);
        jz_write_uint(&w, 2); /* a decision, its number, its time, a priority */
    }
    struct jz_record record = {.key = {9, 9}, .body = body, .bytes = (uint32_t)w.used};
    want(jz_journal_open(&journal, url, NULL), url, &none);
    want(jz_journal_lease(journal, 0, 15000, &lease), "lease", &none);
    want(jz_journal_append(journal, &lease, &record, 1, 0, forged, NULL), "append", &none);
    jz_journal_close(journal);
}

int main(int argc, char **argv) {
    char url[512];
    struct jz_pack_error error = {.line = 0};
    struct jz_ledger *ledger;
    struct jz_hooks hooks = {.utc_ms = fake_utc};
    bool cases = argc == 5 && strcmp(argv[4], "cases") == 0;
    bool wrong = argc == 5 && strcmp(argv[4], "wrong") == 0;
    if (argc != 4 && !cases && !wrong) return 2;
    snprintf(url, sizeof url, "sqlite:%s/journal.db?commit=inline", argv[1]);
    struct jz_ledger_config config = {.journal_url = url, .limits = {cases ? 4 : 16, 16}, .hooks = &hooks};
    want(jz_ledger_open(&ledger, &config, &error), url, &error);
    activate_all(ledger, argv[2], argv[3]);
    if (cases) tell_patients(ledger);
    for (int round = 0; round < 2 && !cases; round++) {
        say_sbp(ledger, 1, 85);
        say_sbp(ledger, 2, 95);
        say_sbp(ledger, 3, 120);
        now_ms += 57000;
    }
    if (cases)
        want(jz_ledger_snapshot(ledger), "snapshot", &error); /* places are used again, and a tool knows it */
    jz_ledger_close(ledger);
    if (wrong) forge(url);
    return 0;
}
