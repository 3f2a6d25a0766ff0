/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger over a real SQLite journal, the real packs and the real directory. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ledger.h"

#define NOON INT64_C(1767225600000)

struct bench {
    char dir[64];
    const char *commit; /* inline or thread */
    struct jz_ledger *ledger;
    struct jz_hooks hooks;
    int64_t now;
    enum jz_status fault; /* what the next commit answers */
    uint32_t faults_left, released, batches;
    uint64_t last_token;
    struct jz_core_limits limits;
    uint8_t gone; /* a patient: was it seen closed in a batch that was released? */
    bool gone_was_seen;
    uint64_t seq;
};

static int64_t bench_utc(void *context) {
    return ((struct bench *)context)->now;
}

static enum jz_status bench_fault(void *context, const char *step) {
    struct bench *b = context;
    if (strcmp(step, "commit") != 0 || b->faults_left == 0) return JZ_OK;
    b->faults_left--;
    return b->fault;
}

static void on_event(void *context, const struct jz_released_event *event) {
    struct bench *b = context;
    b->released++;
    b->last_token = event->token;
}

static void on_batch(void *context, const struct jz_released *released) {
    struct bench *b = context;
    const struct jz_core *core = jz_ledger_core(b->ledger);
    b->batches++;
    for (uint32_t i = 0; i < released->touched_count; i++) {
        uint32_t slot = released->touched[i];
        b->gone_was_seen |= b->gone && jz_core_encounter_id(core, slot).byte[2] == b->gone &&
                            !jz_core_encounter_is_open(core, slot);
    }
}

static void open_ledger(struct bench *b, bool ignore_snapshots) {
    char url[128];
    struct jz_pack_error error;
    snprintf(url, sizeof url, "sqlite:%s/journal.db?commit=%s", b->dir, b->commit);
    struct jz_ledger_config config = {.journal_url = url,
                                      .limits = b->limits,
                                      .ignore_snapshots = ignore_snapshots,
                                      .hooks = &b->hooks,
                                      .context = b,
                                      .event_released = on_event,
                                      .batch_released = on_batch};
    enum jz_status status = jz_ledger_open(&b->ledger, &config, &error);
    if (status != JZ_OK) fail_msg("%s: %s", error.file, error.text);
}

static void activate(struct bench *b) {
    struct jz_payload payload;
    struct jz_pack_error error;
    assert_int_equal(jz_packs_read(JZ_SOURCE_DIR "/clinical-rules/packs", &payload, &error), JZ_OK);
    assert_int_equal(jz_ledger_activate(b->ledger, JZ_EVENT_PACKS, payload, "周组长", &error), JZ_OK);
    free(payload.data);
    assert_int_equal(jz_directory_read(JZ_SOURCE_DIR "/server/routing/data/guiyang-directory.yaml", true,
                                       &payload, &error),
                     JZ_OK);
    assert_int_equal(jz_ledger_activate(b->ledger, JZ_EVENT_DIRECTORY, payload, "周组长", &error), JZ_OK);
    free(payload.data);
}

static int bench_open(void **state) {
    struct bench *b = calloc(1, sizeof *b);
    assert_non_null(b);
    b->now = NOON;
    b->commit = "inline";
    b->limits = (struct jz_core_limits){64, 64};
    b->hooks = (struct jz_hooks){.utc_ms = bench_utc, .storage_fault = bench_fault, .context = b};
    snprintf(b->dir, sizeof b->dir, "/tmp/jz-ledger-XXXXXX");
    assert_non_null(mkdtemp(b->dir));
    open_ledger(b, false);
    activate(b);
    b->released = b->batches = 0;
    *state = b;
    return 0;
}

static int bench_close(void **state) {
    struct bench *b = *state;
    char command[128];
    jz_ledger_close(b->ledger);
    const char *const name[] = {"journal.db", "journal.db-wal", "journal.db-shm", "journal.db.lock",
                                "journal.db.snap"};
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++) {
        snprintf(command, sizeof command, "%s/%s", b->dir, name[i]);
        unlink(command);
    }
    rmdir(b->dir);
    free(b);
    return 0;
}

static enum jz_status submit(struct bench *b, struct jz_frame *frame, uint8_t patient, uint64_t token) {
    uint8_t bytes[256];
    size_t written;
    frame->lane = JZ_LANE_VITALS;
    frame->seq = ++b->seq;
    frame->at_ms = b->now;
    frame->has_encounter = true;
    frame->encounter = (struct jz_encounter_id){{1, 0, patient}};
    assert_int_equal(jz_frame_encode(frame, bytes, sizeof bytes, &written), JZ_OK);
    struct jz_event event = {.kind = JZ_EVENT_FRAME,
                             .received_ms = b->now,
                             .epoch = 3,
                             .frame = frame,
                             .peer = {.id = {9}, .kind = JZ_PEER_DEVICE},
                             .original = {bytes, (uint32_t)written}};
    b->now += 1000;
    return jz_ledger_submit(b->ledger, &event, token);
}

static enum jz_status submit_sbp(struct bench *b, uint8_t patient, int32_t sbp, uint64_t token) {
    struct jz_frame frame = {.kind = JZ_FRAME_VITALS};
    frame.vitals.count = 1;
    frame.vitals.item[0] = (struct jz_fact){150021, sbp};
    return submit(b, &frame, patient, token);
}

static enum jz_status submit_close(struct bench *b, uint8_t patient) {
    struct jz_frame frame = {.kind = JZ_FRAME_ENCOUNTER_CLOSE};
    frame.close.reason = JZ_CLOSE_STOOD_DOWN;
    return submit(b, &frame, patient, 1);
}

static void settle(struct bench *b) {
    while (!jz_ledger_settled(b->ledger)) {
        struct pollfd fd = {.fd = jz_ledger_fd(b->ledger), .events = POLLIN};
        jz_ledger_flush(b->ledger);
        if (jz_ledger_settled(b->ledger)) break;
        assert_true(fd.fd >= 0 && poll(&fd, 1, 10000) == 1);
        jz_ledger_service(b->ledger);
    }
}

static void assert_replay_equals(struct bench *b) {
    uint8_t before[32], after[32];
    uint64_t offset = jz_ledger_offset(b->ledger);
    jz_ledger_state_hash(b->ledger, before);
    for (int ignore = 0; ignore < 2; ignore++) {
        jz_ledger_close(b->ledger);
        open_ledger(b, ignore);
        jz_ledger_state_hash(b->ledger, after);
        assert_memory_equal(before, after, sizeof before);
        assert_int_equal(jz_ledger_offset(b->ledger), offset);
    }
}

static void nothing_is_released_before_its_commit(void **state) {
    struct bench *b = *state;
    assert_int_equal(submit_sbp(b, 1, 168, 42), JZ_OK);
    assert_int_equal(b->released, 0);
    assert_false(jz_ledger_settled(b->ledger));
    assert_int_equal(jz_ledger_watermark(b->ledger, (const uint8_t[16]){9}, 3, JZ_LANE_VITALS), 0);
    settle(b);
    assert_int_equal(b->released, 1);
    assert_int_equal(b->last_token, 42);
    assert_int_equal(jz_ledger_watermark(b->ledger, (const uint8_t[16]){9}, 3, JZ_LANE_VITALS), 1);
}

static void a_restart_reaches_the_same_state_with_and_without_snapshot(void **state) {
    struct bench *b = *state;
    for (int i = 0; i < 50; i++) {
        assert_int_equal(submit_sbp(b, (uint8_t)(i % 5), 120 + i, 1), JZ_OK);
        if (i % 7 == 0) settle(b);
        if (i == 25) {
            settle(b);
            assert_int_equal(jz_ledger_snapshot(b->ledger), JZ_OK);
        }
    }
    settle(b);
    assert_replay_equals(b);
}

static void after_a_patient_who_found_no_room_nothing_of_that_sender_is_taken(void **state) {
    struct bench *b = *state;
    for (uint8_t n = 0; n < 32; n++) assert_int_equal(submit_sbp(b, n, 120, 1), JZ_OK);
    settle(b);
    uint64_t stored = b->seq;
    assert_int_equal(submit_sbp(b, 200, 120, 1), JZ_E_FULL); /* a device has 32 open patients at most */
    assert_int_equal(submit_sbp(b, 3, 121, 1),
                     JZ_E_FULL); /* known, but an ack of it would cover the one before */
    settle(b);
    jz_ledger_flush(b->ledger);
    assert_int_equal(jz_ledger_watermark(b->ledger, (const uint8_t[16]){9}, 3, JZ_LANE_VITALS), stored);
    b->seq = stored; /* it comes again over a new connection */
    assert_int_equal(submit_sbp(b, 3, 121, 2), JZ_OK);
    settle(b);
    assert_replay_equals(b);
}

static void a_duplicate_is_acknowledged_and_not_stored(void **state) {
    struct bench *b = *state;
    assert_int_equal(submit_sbp(b, 1, 120, 1), JZ_OK);
    settle(b);
    uint64_t offset = jz_ledger_offset(b->ledger);
    b->seq--;
    assert_int_equal(submit_sbp(b, 1, 120, 2), JZ_OK);
    settle(b);
    jz_ledger_flush(b->ledger);
    assert_int_equal(jz_ledger_offset(b->ledger), offset);
    assert_int_equal(b->released, 2);
}

static void a_full_disk_acknowledges_nothing_and_goes_on_when_there_is_room(void **state) {
    struct bench *b = *state;
    b->fault = JZ_E_STORE_FULL;
    b->faults_left = 3;
    assert_int_equal(submit_sbp(b, 1, 120, 1), JZ_OK);
    jz_ledger_flush(b->ledger);
    assert_int_equal(b->released, 0);
    assert_false(jz_ledger_has_room(b->ledger));
    assert_int_equal(submit_sbp(b, 1, 121, 2), JZ_OK); /* waits, is not lost */
    assert_int_equal(b->faults_left, 2);
    jz_ledger_flush(b->ledger);
    jz_ledger_flush(b->ledger);
    assert_int_equal(b->faults_left, 0);
    settle(b);
    jz_ledger_flush(b->ledger);
    assert_int_equal(b->released, 2);
    assert_int_equal(jz_ledger_failed(b->ledger), JZ_OK);
    assert_replay_equals(b);
}

static void a_failed_disk_stops_everything_and_releases_nothing(void **state) {
    struct bench *b = *state;
    b->fault = JZ_E_STORE_IO;
    b->faults_left = 1;
    assert_int_equal(submit_sbp(b, 1, 120, 1), JZ_OK);
    jz_ledger_flush(b->ledger);
    jz_ledger_service(b->ledger);
    assert_int_equal(jz_ledger_failed(b->ledger), JZ_E_STORE_IO);
    assert_int_equal(b->released, 0);
    assert_int_equal(submit_sbp(b, 1, 121, 2), JZ_E_STORE_IO);
}

static void the_same_packs_again_are_no_new_record(void **state) {
    struct bench *b = *state;
    uint64_t offset = jz_ledger_offset(b->ledger);
    activate(b);
    settle(b);
    assert_int_equal(jz_ledger_offset(b->ledger), offset);
}

static void a_deadline_comes_when_the_clock_passes_it_and_once(void **state) {
    struct bench *b = *state;
    assert_int_equal(submit_sbp(b, 1, 120, 1), JZ_OK);
    settle(b);
    uint64_t offset = jz_ledger_offset(b->ledger);
    int64_t wake = jz_ledger_wake(b->ledger);
    assert_true(wake > b->now && wake < INT64_MAX);
    b->now = wake - 1;
    jz_ledger_tick(b->ledger);
    settle(b);
    assert_int_equal(jz_ledger_offset(b->ledger), offset);
    b->now = wake;
    jz_ledger_tick(b->ledger);
    settle(b);
    assert_true(jz_ledger_offset(b->ledger) > offset);
    offset = jz_ledger_offset(b->ledger);
    jz_ledger_tick(b->ledger);
    settle(b);
    assert_int_equal(jz_ledger_offset(b->ledger), offset);
    assert_replay_equals(b);
}

/* A slow disk on its own thread: something is always under way, and the clock must be heard all the same. */
static void a_deadline_comes_through_while_a_commit_is_always_under_way(void **state) {
    struct bench *b = *state;
    jz_ledger_close(b->ledger);
    b->commit = "thread";
    open_ledger(b, false);
    assert_int_equal(submit_sbp(b, 1, 120, 1), JZ_OK);
    settle(b);
    int64_t wake = jz_ledger_wake(b->ledger);
    b->now = wake + 1;
    assert_int_equal(submit_sbp(b, 2, 120, 2), JZ_OK);
    jz_ledger_flush(b->ledger);
    assert_false(jz_ledger_settled(b->ledger));
    jz_ledger_tick(b->ledger);
    assert_int_equal(submit_sbp(b, 3, 120, 3), JZ_OK);
    settle(b);
    assert_true(jz_core_next_deadline(jz_ledger_core(b->ledger)) > wake);
    assert_replay_equals(b);
}

static void a_directory_that_lost_a_hospital_is_not_activated(void **state) {
    struct bench *b = *state;
    struct jz_payload payload;
    struct jz_pack_error error;
    assert_int_equal(jz_directory_read(JZ_SOURCE_DIR "/server/routing/data/guiyang-directory.yaml", true,
                                       &payload, &error),
                     JZ_OK);
    uint8_t *at = memmem(payload.data, payload.bytes, "id: gy-6", 8);
    assert_non_null(at);
    memcpy(at, "id: gy-7", 8);
    uint64_t offset = jz_ledger_offset(b->ledger);
    assert_int_equal(jz_ledger_activate(b->ledger, JZ_EVENT_DIRECTORY, payload, "周组长", &error),
                     JZ_E_CONFIG);
    assert_non_null(strstr(error.text, "'gy-6'"));
    assert_int_equal(jz_ledger_offset(b->ledger), offset);
    free(payload.data);
}

/* The packs with a comment behind the first of them: other bytes, the same rules. */
static struct jz_payload other_packs(void) {
    struct jz_payload read, made = {malloc(8u << 20), 0};
    struct jz_pack_error error;
    struct jz_reader r;
    struct jz_writer w;
    assert_int_equal(jz_packs_read(JZ_SOURCE_DIR "/clinical-rules/packs", &read, &error), JZ_OK);
    jz_reader_init(&r, read.data, read.bytes);
    r.bytes_max = r.items_max = UINT32_MAX;
    jz_writer_init(&w, made.data, 8u << 20);
    uint32_t count = jz_read_array(&r);
    jz_write_array(&w, count);
    for (uint32_t i = 0; i < count; i++) {
        jz_read_array(&r);
        jz_write_array(&w, 2);
        jz_write_text(&w, jz_read_text(&r));
        struct jz_bytes yaml = jz_read_bytes(&r);
        char *longer = malloc(yaml.bytes + 16u);
        assert_non_null(longer);
        memcpy(longer, yaml.data, yaml.bytes);
        memcpy(longer + yaml.bytes, "# another\n", 10);
        jz_write_bytes(&w, (const uint8_t *)longer, yaml.bytes + (i == 0 ? 10u : 0u));
        free(longer);
    }
    assert_int_equal(r.status, JZ_OK);
    assert_int_equal(w.status, JZ_OK);
    made.bytes = w.used;
    free(read.data);
    return made;
}

struct found {
    const char *text;
    uint32_t count;
};

static bool look_for(void *context, uint64_t offset, const uint8_t key[16], const uint8_t *body,
                     uint32_t bytes) {
    struct found *found = context;
    (void)offset, (void)key;
    found->count += memmem(body, bytes, found->text, strlen(found->text)) != NULL;
    return true;
}

static uint32_t records_with(struct bench *b, const char *text) {
    struct found found = {text, 0};
    struct jz_journal *journal;
    char url[128];
    jz_ledger_close(b->ledger);
    snprintf(url, sizeof url, "sqlite:%s/journal.db?commit=%s", b->dir, b->commit);
    assert_int_equal(jz_journal_open(&journal, url, &b->hooks), JZ_OK);
    assert_int_equal(jz_journal_read(journal, 0, 0, UINT64_MAX, look_for, &found, NULL), JZ_OK);
    jz_journal_close(journal);
    open_ledger(b, false);
    return found.count;
}

static void replace(struct bench *b, bool expected, const char *person) {
    struct jz_payload payload = other_packs();
    struct jz_pack_error error;
    struct jz_program *program;
    bool changed;
    assert_int_equal(
        jz_packs_compile((struct jz_bytes){payload.data, (uint32_t)payload.bytes}, &program, &error), JZ_OK);
    assert_int_equal(jz_ledger_replace_packs(b->ledger, payload, program, person, &changed, &error), JZ_OK);
    assert_int_equal(changed, expected);
    free(payload.data);
}

static void packs_replaced_under_way_carry_the_person_and_replay_to_the_same_state(void **state) {
    struct bench *b = *state;
    uint8_t before[32];
    assert_int_equal(submit_sbp(b, 1, 168, 1), JZ_OK); /* still to be committed */
    memcpy(before, jz_program_hash(jz_ledger_world(b->ledger)->program), 32);
    replace(b, true, "李委员");
    assert_memory_not_equal(before, jz_program_hash(jz_ledger_world(b->ledger)->program), 32);
    assert_int_equal(b->released >= 1, 1);
    settle(b);
    b->now += 1000;
    jz_ledger_tick(b->ledger); /* everything is evaluated anew */
    settle(b);
    assert_int_equal(submit_sbp(b, 1, 170, 2), JZ_OK);
    settle(b);
    assert_replay_equals(b);
    assert_int_equal(records_with(b, "李委员"), 2); /* the packs, and which rules are in force from then on */
    assert_int_equal(records_with(b, "周组长"), 2);
}

static void packs_replaced_by_the_same_are_no_new_record(void **state) {
    struct bench *b = *state;
    replace(b, true, "李委员");
    settle(b);
    uint64_t offset = jz_ledger_offset(b->ledger);
    replace(b, false, "李委员");
    settle(b);
    assert_int_equal(jz_ledger_offset(b->ledger), offset);
}

static void packs_are_not_replaced_while_the_disk_is_full(void **state) {
    struct bench *b = *state;
    struct jz_payload payload = other_packs();
    struct jz_pack_error error;
    struct jz_program *program;
    bool changed;
    const struct jz_program *in_force = jz_ledger_world(b->ledger)->program;
    b->fault = JZ_E_STORE_FULL;
    b->faults_left = 1;
    assert_int_equal(submit_sbp(b, 1, 120, 1), JZ_OK);
    jz_ledger_flush(b->ledger);
    assert_true(jz_ledger_blocked(b->ledger));
    assert_int_equal(
        jz_packs_compile((struct jz_bytes){payload.data, (uint32_t)payload.bytes}, &program, &error), JZ_OK);
    assert_int_equal(jz_ledger_replace_packs(b->ledger, payload, program, "李委员", &changed, &error),
                     JZ_E_STORE_FULL);
    assert_false(changed);
    assert_ptr_equal(jz_ledger_world(b->ledger)->program, in_force);
    free(payload.data);
    jz_ledger_flush(b->ledger);
    settle(b);
    assert_replay_equals(b);
}

/* All places are taken. One patient is closed, and the next finds room: both came before the first commit. */
static void what_became_of_a_patient_is_shown_before_another_takes_the_place(void **state) {
    struct bench *b = *state;
    for (int threaded = 0; threaded < 2; threaded++) {
        jz_ledger_close(b->ledger);
        b->commit = threaded ? "thread" : "inline";
        b->limits.encounters_max = 2;
        open_ledger(b, false);
        uint8_t first = (uint8_t)(1 + 10 * threaded);
        for (uint8_t n = 0; n < 2; n++) assert_int_equal(submit_sbp(b, (uint8_t)(first + n), 120, 1), JZ_OK);
        settle(b);
        b->gone = first;
        b->gone_was_seen = false;
        assert_int_equal(submit_close(b, first), JZ_OK);
        assert_int_equal(submit_sbp(b, (uint8_t)(first + 2), 120, 1), JZ_OK);
        settle(b);
        jz_ledger_flush(b->ledger);
        settle(b);
        assert_true(b->gone_was_seen);
        struct jz_encounter_id next = {{1, 0, (uint8_t)(first + 2)}};
        uint32_t slot;
        assert_true(jz_core_encounter_slot(jz_ledger_core(b->ledger), next, &slot));
        assert_replay_equals(b);
        for (uint8_t n = 1; n < 3; n++) assert_int_equal(submit_close(b, (uint8_t)(first + n)), JZ_OK);
        settle(b);
    }
}

#define ON_BENCH(test) cmocka_unit_test_setup_teardown(test, bench_open, bench_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_BENCH(nothing_is_released_before_its_commit),
        ON_BENCH(a_restart_reaches_the_same_state_with_and_without_snapshot),
        ON_BENCH(after_a_patient_who_found_no_room_nothing_of_that_sender_is_taken),
        ON_BENCH(a_duplicate_is_acknowledged_and_not_stored),
        ON_BENCH(a_full_disk_acknowledges_nothing_and_goes_on_when_there_is_room),
        ON_BENCH(a_failed_disk_stops_everything_and_releases_nothing),
        ON_BENCH(the_same_packs_again_are_no_new_record),
        ON_BENCH(a_deadline_comes_through_while_a_commit_is_always_under_way),
        ON_BENCH(a_directory_that_lost_a_hospital_is_not_activated),
        ON_BENCH(packs_replaced_under_way_carry_the_person_and_replay_to_the_same_state),
        ON_BENCH(packs_replaced_by_the_same_are_no_new_record),
        ON_BENCH(packs_are_not_replaced_while_the_disk_is_full),
        ON_BENCH(a_deadline_comes_when_the_clock_passes_it_and_once),
        ON_BENCH(what_became_of_a_patient_is_shown_before_another_takes_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
