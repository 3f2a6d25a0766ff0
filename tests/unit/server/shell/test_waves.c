/* SPDX-License-Identifier: Apache-2.0 */
/* Waveforms from the journal to the rules and over restarts, with the real journal, packs and measuring libraries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "waves.h"

#define NOON INT64_C(1767225600000)
#define ENCOUNTERS 64u

struct bench {
    char dir[64];
    struct jz_ledger *ledger;
    struct jz_waves *waves;
    struct jz_hooks hooks;
    int64_t now;
    uint64_t seq;
    int64_t ahead_ms;      /* of the device's clock, which nobody has measured */
    uint32_t measurements; /* released */
    enum jz_status last_status;
};

static const struct jz_encounter_id patient = {{1, 0, 7}};

static int64_t bench_now(void *context) {
    return ((struct bench *)context)->now;
}

static void on_event(void *context, const struct jz_released_event *event) {
    struct bench *b = context;
    uint32_t slot;
    if (event->kind == JZ_EVENT_MEASUREMENT) {
        b->measurements++;
        b->last_status = event->status;
    }
    if (b->waves && event->kind == JZ_EVENT_FRAME && !event->duplicate && event->status == JZ_OK &&
        event->frame_kind == JZ_FRAME_WAVEFORM)
        assert_true(jz_waves_durable(b->waves, event, &slot));
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

static void open_all(struct bench *b, bool ignore_snapshots) {
    char url[128];
    struct jz_pack_error error;
    snprintf(url, sizeof url, "sqlite:%s/journal.db?commit=inline", b->dir);
    struct jz_ledger_config config = {.journal_url = url,
                                      .limits = {ENCOUNTERS, 64},
                                      .ignore_snapshots = ignore_snapshots,
                                      .hooks = &b->hooks,
                                      .context = b,
                                      .event_released = on_event};
    enum jz_status status = jz_ledger_open(&b->ledger, &config, &error);
    if (status != JZ_OK) fail_msg("%s: %s", error.file, error.text);
    activate(b);
    b->waves = jz_waves_open(b->ledger, &b->hooks, ENCOUNTERS);
    assert_non_null(b->waves);
    assert_int_equal(jz_waves_recall(b->waves), JZ_OK);
}

static void close_all(struct bench *b) {
    jz_waves_close(b->waves);
    b->waves = NULL;
    jz_ledger_close(b->ledger);
}

static int bench_open(void **state) {
    struct bench *b = calloc(1, sizeof *b);
    assert_non_null(b);
    b->now = NOON;
    b->hooks = (struct jz_hooks){.utc_ms = bench_now, .mono_ms = bench_now, .context = b};
    snprintf(b->dir, sizeof b->dir, "/tmp/jz-waves-XXXXXX");
    assert_non_null(mkdtemp(b->dir));
    open_all(b, false);
    *state = b;
    return 0;
}

static int bench_close(void **state) {
    struct bench *b = *state;
    char path[128];
    close_all(b);
    const char *const name[] = {"journal.db", "journal.db-wal", "journal.db-shm", "journal.db.lock",
                                "journal.db.snap"};
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", b->dir, name[i]);
        unlink(path);
    }
    rmdir(b->dir);
    free(b);
    return 0;
}

static void settle(struct bench *b) {
    while (!jz_ledger_settled(b->ledger)) jz_ledger_flush(b->ledger);
}

static void send(struct bench *b, struct jz_frame *frame) {
    static uint8_t bytes[JZ_MESSAGE_BYTES_MAX];
    size_t written;
    frame->seq = ++b->seq;
    frame->has_encounter = true;
    frame->encounter = patient;
    if (!frame->at_ms) frame->at_ms = b->now;
    assert_int_equal(jz_frame_encode(frame, bytes, sizeof bytes, &written), JZ_OK);
    struct jz_event event = {.kind = JZ_EVENT_FRAME,
                             .received_ms = b->now,
                             .epoch = 3,
                             .frame = frame,
                             .peer = {.id = {9}, .kind = JZ_PEER_DEVICE},
                             .clock_offset_ms = 5000, /* the device is 5 s behind */
                             .original = {bytes, (uint32_t)written}};
    assert_int_equal(jz_ledger_submit(b->ledger, &event, 1), JZ_OK);
    settle(b);
}

static void open_patient(struct bench *b) {
    struct jz_frame frame = {.kind = JZ_FRAME_ENCOUNTER_OPEN};
    frame.open.complaint = JZ_COMPLAINT_CHEST_PAIN;
    send(b, &frame);
}

/* One second of a lead that shows nothing, which is an answer too. */
static void ecg(struct bench *b, uint32_t snapshot, int64_t second) {
    static const int32_t samples[500];
    static uint8_t coded[JZ_BYTES_MAX];
    size_t written;
    struct jz_frame frame = {
        .kind = JZ_FRAME_WAVEFORM, .lane = JZ_LANE_SNAPSHOT, .at_ms = NOON + second * 1000};
    assert_int_equal(jz_wave_encode(samples, 1, 500, coded, sizeof coded, &written), JZ_OK);
    frame.waveform = (struct jz_waveform){.wave = JZ_WAVE_ECG,
                                          .period_us = 2000,
                                          .channel_count = 1,
                                          .channel = {131076},
                                          .samples = 500,
                                          .scale = 1000,
                                          .coded = {coded, (uint32_t)written},
                                          .snapshot = snapshot};
    if (b->now < NOON + 5000 + (second + 1) * 1000) b->now = NOON + 5000 + (second + 1) * 1000;
    frame.at_ms += b->ahead_ms;
    send(b, &frame);
}

static void step(struct bench *b) {
    for (int i = 0; i < 10; i++) {
        jz_waves_step(b->waves);
        settle(b);
    }
}

/* 50 Hz, which no J point can be found in. */
static void coarse_ecg(struct bench *b) {
    static const int32_t samples[500];
    static uint8_t coded[JZ_BYTES_MAX];
    size_t written;
    struct jz_frame frame = {.kind = JZ_FRAME_WAVEFORM, .lane = JZ_LANE_SNAPSHOT, .at_ms = NOON};
    assert_int_equal(jz_wave_encode(samples, 1, 500, coded, sizeof coded, &written), JZ_OK);
    frame.waveform = (struct jz_waveform){.wave = JZ_WAVE_ECG,
                                          .period_us = 20000,
                                          .channel_count = 1,
                                          .channel = {131076},
                                          .samples = 500,
                                          .scale = 1000,
                                          .coded = {coded, (uint32_t)written},
                                          .snapshot = 1};
    b->now = NOON + 20000;
    send(b, &frame);
}

struct count {
    uint32_t measurements;
    struct jz_measurement last;
};

static bool count_record(void *context, const struct jz_event *event) {
    struct count *count = context;
    if (event->kind != JZ_EVENT_MEASUREMENT) return true;
    count->measurements++;
    assert_int_equal(jz_measurement_decode(event->original, &count->last), JZ_OK);
    return true;
}

static struct count on_record(struct bench *b) {
    struct count count = {0};
    bool cut;
    assert_int_equal(jz_ledger_recall(b->ledger, 0, UINT64_MAX, count_record, &count, &cut), JZ_OK);
    assert_false(cut);
    return count;
}

static struct jz_reading reading(struct bench *b, const char *field) {
    return jz_chart_reading(jz_core_chart(jz_ledger_core(b->ledger), 0), jz_field_by_name(field));
}

static void restart(struct bench *b, bool ignore_snapshots) {
    uint8_t before[32], after[32];
    jz_ledger_state_hash(b->ledger, before);
    close_all(b);
    open_all(b, ignore_snapshots);
    jz_ledger_state_hash(b->ledger, after);
    assert_memory_equal(before, after, sizeof before);
}

static void a_durable_recording_is_measured_and_the_rules_know_it(void **state) {
    struct bench *b = *state;
    open_patient(b);
    for (int64_t s = 0; s < 10; s++) ecg(b, 1, s);
    assert_int_equal(b->measurements, 0);
    step(b);
    assert_int_equal(b->measurements, 1);
    assert_int_equal(b->last_status, JZ_OK);
    struct count count = on_record(b);
    assert_int_equal(count.measurements, 1);
    assert_int_equal(count.last.segments, 10);
    assert_false(count.last.readable);
    /* on the server's clock: the device is 5 s behind */
    assert_int_equal(reading(b, "ecg_unreadable").value, 1);
    assert_int_equal(reading(b, "ecg_unreadable").taken_ms, NOON + 15000);
    assert_int_equal(reading(b, "ecg_last").taken_ms, NOON + 15000);
    restart(b, false);
    restart(b, true);
}

static void what_cannot_be_measured_has_no_numbers_that_look_like_some(void **state) {
    struct bench *b = *state;
    open_patient(b);
    coarse_ecg(b);
    step(b);
    struct count count = on_record(b);
    assert_int_equal(count.measurements, 1);
    assert_false(count.last.readable);
    assert_int_equal(reading(b, "ecg_unreadable").value, 1);
    for (uint32_t i = 0; i < JZ_NUMBER_COUNT; i++) assert_int_equal(count.last.number[i], JZ_NUMBER_UNKNOWN);
}

static void after_a_crash_what_was_durable_and_unmeasured_is_measured_exactly_once(void **state) {
    struct bench *b = *state;
    open_patient(b);
    for (int64_t s = 0; s < 10; s++) ecg(b, 1, s);
    restart(b, false);
    assert_int_equal(on_record(b).measurements, 0);
    step(b);
    assert_int_equal(on_record(b).measurements, 1);
    assert_int_equal(reading(b, "ecg_unreadable").taken_ms, NOON + 15000);
    for (int i = 0; i < 2; i++) {
        restart(b, i == 1);
        b->now += JZ_MEASURE_GIVE_UP_MS;
        step(b);
        assert_int_equal(on_record(b).measurements, 1);
    }
}

static void a_snapshot_between_the_segments_loses_none_of_them(void **state) {
    struct bench *b = *state;
    struct jz_bytes frames[JZ_TRACE_SEGMENTS];
    open_patient(b);
    for (int64_t s = 0; s < 5; s++) ecg(b, 1, s);
    assert_int_equal(jz_ledger_snapshot(b->ledger), JZ_OK);
    for (int64_t s = 5; s < 9; s++) ecg(b, 1, s);
    assert_int_equal(jz_ledger_snapshot(b->ledger), JZ_OK);
    restart(b, false);
    assert_int_equal(jz_trace_get(jz_waves_trace(b->waves), 0, patient, frames),
                     9); /* a console sees it at once */
    ecg(b, 1, 9);
    step(b);
    assert_int_equal(on_record(b).last.segments, 10);
}

static void what_came_with_a_clock_ahead_has_the_same_times_after_a_restart(void **state) {
    struct bench *b = *state;
    open_patient(b);
    b->ahead_ms = 3600000;
    for (int64_t s = 0; s < 10; s++) ecg(b, 1, s);
    b->now += 7200000;
    restart(b, false);
    step(b);
    struct count count = on_record(b);
    assert_int_equal(count.measurements, 1);
    assert_int_equal(count.last.duration_ms, 10000);
    assert_int_equal(count.last.taken_ms, NOON + 5000 + 10 * 1000 + 1000); /* each second as it came */
}

static void of_who_is_gone_nothing_is_measured_after_a_restart(void **state) {
    struct bench *b = *state;
    open_patient(b);
    for (int64_t s = 0; s < 10; s++) ecg(b, 1, s);
    struct jz_frame frame = {.kind = JZ_FRAME_ENCOUNTER_CLOSE};
    frame.close.reason = JZ_CLOSE_HANDED_OVER;
    send(b, &frame);
    restart(b, false);
    b->now += JZ_MEASURE_GIVE_UP_MS;
    step(b);
    assert_int_equal(on_record(b).measurements, 0);
}

static void a_measurement_that_was_not_committed_is_made_again(void **state) {
    struct bench *b = *state;
    open_patient(b);
    for (int64_t s = 0; s < 10; s++) ecg(b, 1, s);
    jz_waves_step(b->waves); /* in the batch; the process ends before its commit */
    assert_false(jz_ledger_settled(b->ledger));
    close_all(b);
    open_all(b, false);
    assert_int_equal(on_record(b).measurements, 0);
    step(b);
    assert_int_equal(on_record(b).measurements, 1);
}

static bool count_input(void *context, const struct jz_event *event) {
    (void)event;
    ++*(uint32_t *)context;
    return true;
}

static bool stop_at_once(void *context, const struct jz_event *event) {
    (void)event;
    ++*(uint32_t *)context;
    return false;
}

static void a_look_back_begins_at_a_time_and_ends_at_a_number(void **state) {
    struct bench *b = *state;
    uint32_t all = 0, some = 0, few = 0, one = 0;
    bool cut;
    open_patient(b);
    for (int64_t s = 0; s < 5; s++) ecg(b, 1, s);
    b->now += 3600000;
    for (int64_t s = 5; s < 8; s++) ecg(b, 1, s);
    assert_int_equal(jz_ledger_recall(b->ledger, 0, UINT64_MAX, count_input, &all, &cut), JZ_OK);
    assert_int_equal(all, 2 + 1 + 8);
    assert_int_equal(jz_ledger_recall(b->ledger, b->now, UINT64_MAX, count_input, &some, &cut), JZ_OK);
    assert_int_equal(some, 3);
    assert_false(cut);
    assert_int_equal(jz_ledger_recall(b->ledger, 0, 2, count_input, &few, &cut), JZ_OK);
    assert_int_equal(few, 2);
    assert_true(cut);
    assert_int_equal(jz_ledger_recall(b->ledger, 0, UINT64_MAX, stop_at_once, &one, &cut), JZ_OK);
    assert_int_equal(one, 1);
}

#define ON_BENCH(test) cmocka_unit_test_setup_teardown(test, bench_open, bench_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_BENCH(a_durable_recording_is_measured_and_the_rules_know_it),
        ON_BENCH(what_cannot_be_measured_has_no_numbers_that_look_like_some),
        ON_BENCH(after_a_crash_what_was_durable_and_unmeasured_is_measured_exactly_once),
        ON_BENCH(a_snapshot_between_the_segments_loses_none_of_them),
        ON_BENCH(what_came_with_a_clock_ahead_has_the_same_times_after_a_restart),
        ON_BENCH(of_who_is_gone_nothing_is_measured_after_a_restart),
        ON_BENCH(a_measurement_that_was_not_committed_is_made_again),
        ON_BENCH(a_look_back_begins_at_a_time_and_ends_at_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
