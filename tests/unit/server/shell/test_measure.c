/* SPDX-License-Identifier: Apache-2.0 */
/* When a waveform is measured and from what, over a clock that moves when told; fake_signals.c says what it was given. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../core/stage.h"
#include "fake_signals.h"
#include "measure.h"

#define LEAD_I 131073u
#define LEAD_V2 131076u

struct bench {
    struct stage *stage;
    struct jz_trace *trace;
    struct jz_measure *measure;
    struct jz_hooks hooks;
    int64_t mono;
    bool full;         /* the ledger takes nothing */
    int64_t server_ms; /* of every segment, whatever its own time says; 0: both clocks are one */
    uint32_t submitted, let_go;
    struct jz_measurement last;
};

static int64_t bench_mono(void *context) {
    return ((struct bench *)context)->mono;
}

static bool on_submit(void *context, const struct jz_measurement *measurement) {
    struct bench *b = context;
    uint8_t bytes[JZ_MEASUREMENT_BYTES_MAX];
    size_t written;
    if (b->full) return false;
    assert_int_equal(jz_measurement_encode(measurement, bytes, sizeof bytes, &written), JZ_OK);
    b->submitted++;
    b->last = *measurement;
    return true;
}

static void on_let_go(void *context, uint32_t count) {
    ((struct bench *)context)->let_go += count;
}

static void begin(struct bench *b) {
    struct jz_measure_config config = {.core = b->stage->core,
                                       .trace = b->trace,
                                       .hooks = &b->hooks,
                                       .encounters_max = b->stage->limits.encounters_max,
                                       .ctg_max = 2,
                                       .context = b,
                                       .submit = on_submit,
                                       .let_go = on_let_go};
    b->measure = jz_measure_open(&config);
    assert_non_null(b->measure);
}

static int bench_open(void **state) {
    struct bench *b = calloc(1, sizeof *b);
    void *stage;
    assert_non_null(b);
    assert_int_equal(stage_open(&stage), 0);
    b->stage = stage;
    b->mono = 1000000;
    b->hooks = (struct jz_hooks){.mono_ms = bench_mono, .context = b};
    b->trace = jz_trace_open(b->stage->limits.encounters_max);
    assert_non_null(b->trace);
    begin(b);
    stage_open_patient(b->stage, 1, false);
    fake_ecg_measured = 0;
    *state = b;
    return 0;
}

static int bench_close(void **state) {
    struct bench *b = *state;
    void *stage = b->stage;
    jz_measure_close(b->measure);
    jz_trace_close(b->trace);
    stage_close(&stage);
    free(b);
    return 0;
}

static uint32_t slot_of(const struct bench *b, uint8_t n) {
    uint32_t slot;
    assert_true(jz_core_encounter_slot(b->stage->core, stage_patient(n), &slot));
    return slot;
}

/* A segment of one or two channels becomes durable: `samples` of each, all `value`. */
static void segment(struct bench *b, uint8_t n, struct jz_waveform wave, int64_t at_ms, int32_t value) {
    static int32_t samples[JZ_SAMPLES_PER_SEGMENT_MAX];
    static uint8_t coded[JZ_BYTES_MAX], bytes[JZ_MESSAGE_BYTES_MAX];
    size_t written;
    for (uint32_t i = 0; i < wave.samples * wave.channel_count; i++) samples[i] = value;
    assert_int_equal(jz_wave_encode(samples, wave.channel_count, wave.samples, coded, sizeof coded, &written),
                     JZ_OK);
    wave.coded = (struct jz_bytes){coded, (uint32_t)written};
    struct jz_frame frame = {.kind = JZ_FRAME_WAVEFORM,
                             .lane = wave.wave == JZ_WAVE_ECG ? JZ_LANE_SNAPSHOT : JZ_LANE_BULK,
                             .seq = 1,
                             .at_ms = at_ms,
                             .has_encounter = true,
                             .encounter = stage_patient(n)};
    frame.waveform = wave;
    assert_int_equal(jz_frame_encode(&frame, bytes, sizeof bytes, &written), JZ_OK);
    jz_trace_add(b->trace, slot_of(b, n), stage_patient(n), &wave, at_ms,
                 (struct jz_bytes){bytes, (uint32_t)written});
    jz_measure_add(b->measure, slot_of(b, n), stage_patient(n), &wave, at_ms,
                   b->server_ms ? b->server_ms : at_ms);
}

/* One second of leads I and V2 at 500 Hz, the `second` of a recording that begins at noon. */
static void ecg(struct bench *b, uint8_t n, uint32_t snapshot, int64_t second) {
    struct jz_waveform wave = {.wave = JZ_WAVE_ECG,
                               .period_us = 2000,
                               .channel_count = 2,
                               .channel = {LEAD_I, LEAD_V2},
                               .samples = 500,
                               .scale = 1000,
                               .snapshot = snapshot};
    segment(b, n, wave, NOON + (int64_t)(snapshot - 1u) * 600000 + second * 1000, 5);
}

/* Half a minute of CTG at 4 Hz: 140/min. */
static void ctg(struct bench *b, uint8_t n, int64_t at_ms) {
    struct jz_waveform wave = {.wave = JZ_WAVE_CTG,
                               .period_us = 250000,
                               .channel_count = 2,
                               .channel = {67108900, 67108901},
                               .samples = 120,
                               .scale = 250};
    segment(b, n, wave, at_ms, 560);
}

static int32_t fact(const struct bench *b, const char *field) {
    uint32_t code = jz_field_at(jz_field_by_name(field))->code;
    for (uint32_t i = 0; i < b->last.fact_count; i++)
        if (b->last.fact[i].code == code) return b->last.fact[i].value;
    return INT32_MIN;
}

static void settle(struct bench *b) {
    while (jz_measure_step(b->measure)) {}
}

/* --- recordings -------------------------------------------------------------------------------------------------- */

static void a_recording_is_measured_once_ten_seconds_are_there(void **state) {
    struct bench *b = *state;
    for (int64_t s = 0; s < 9; s++) ecg(b, 1, 1, s);
    assert_false(jz_measure_step(b->measure));
    ecg(b, 1, 1, 9);
    assert_true(jz_measure_step(b->measure));
    assert_false(jz_measure_step(b->measure));
    assert_int_equal(b->submitted, 1);
    assert_int_equal(b->last.wave, JZ_WAVE_ECG);
    assert_int_equal(b->last.snapshot, 1);
    assert_int_equal(b->last.taken_ms, NOON + 10000);
    assert_int_equal(b->last.duration_ms, 10000);
    assert_int_equal(b->last.segments, 10);
    assert_int_equal(b->last.version, JZ_MEASURE_VERSION);
    assert_true(b->last.readable);
    assert_int_equal(fact(b, "st_v2"), 5000);
    assert_int_equal(fact(b, "st_v3"), 0);
    assert_int_equal(b->last.lead_count, 2);
    assert_int_equal(b->last.number[JZ_NUMBER_RATE], 720);
    assert_int_equal(b->last.number[JZ_NUMBER_PR], JZ_NUMBER_UNKNOWN);
}

static void four_seconds_and_then_five_of_silence_are_measured(void **state) {
    struct bench *b = *state;
    for (int64_t s = 0; s < 4; s++) ecg(b, 1, 1, s);
    b->mono += JZ_MEASURE_QUIET_MS - 1;
    assert_false(jz_measure_step(b->measure));
    b->mono += 1;
    assert_true(jz_measure_step(b->measure));
    assert_int_equal(fact(b, "st_v2"), 2000);
}

static void what_stays_too_short_is_said_to_be_unreadable_and_not_left_in_silence(void **state) {
    struct bench *b = *state;
    ecg(b, 1, 1, 0);
    b->mono += JZ_MEASURE_GIVE_UP_MS - 1;
    assert_false(jz_measure_step(b->measure));
    b->mono += 1;
    assert_true(jz_measure_step(b->measure));
    assert_false(b->last.readable);
    assert_int_equal(b->last.fact_count, 1);
    assert_int_equal(fact(b, "ecg_unreadable"), 1);
}

static void the_next_recording_ends_the_one_before(void **state) {
    struct bench *b = *state;
    for (int64_t s = 0; s < 5; s++) ecg(b, 1, 1, s);
    ecg(b, 1, 2, 0);
    assert_true(jz_measure_step(b->measure));
    assert_int_equal(b->last.snapshot, 1);
    assert_false(jz_measure_step(b->measure));
}

static void what_comes_late_is_measured_again_and_the_whole(void **state) {
    struct bench *b = *state;
    for (int64_t s = 0; s < 5; s++) ecg(b, 1, 1, s);
    b->mono += JZ_MEASURE_QUIET_MS;
    settle(b);
    assert_int_equal(fact(b, "st_v2"), 2500);
    for (int64_t s = 5; s < 10; s++) ecg(b, 1, 1, s);
    assert_false(jz_measure_step(b->measure)); /* more may follow */
    b->mono += JZ_MEASURE_QUIET_MS;
    assert_true(jz_measure_step(b->measure));
    assert_int_equal(b->submitted, 2);
    assert_int_equal(fact(b, "st_v2"), 5000);
    assert_int_equal(b->last.segments, 10);
    assert_int_equal(fact(b, "st_prev_v2"), INT32_MIN); /* no ECG is its own predecessor */
}

static void a_gap_is_missing_samples_and_a_repeat_counts_once(void **state) {
    struct bench *b = *state;
    const int64_t seconds[] = {0, 1, 1, 2, 5, 4, 6, 7, 8, 9};
    for (size_t i = 0; i < sizeof seconds / sizeof seconds[0]; i++) ecg(b, 1, 1, seconds[i]);
    assert_true(jz_measure_step(b->measure));
    assert_int_equal(fact(b, "st_v2"), 5000);
    assert_int_equal(fact(b, "st_v3"), 500); /* of the second that never came */
}

static void a_later_ecg_is_compared_with_the_one_before_it(void **state) {
    struct bench *b = *state;
    for (int64_t s = 0; s < 5; s++) ecg(b, 1, 1, s);
    b->mono += JZ_MEASURE_QUIET_MS;
    settle(b);
    assert_int_equal(fact(b, "st_prev_v2"), INT32_MIN);
    for (uint32_t snapshot = 2; snapshot < JZ_TRACE_RECORDINGS + 4; snapshot++) {
        for (int64_t s = 0; s < 10; s++) ecg(b, 1, snapshot, s);
        settle(b);
        assert_int_equal(b->last.snapshot, snapshot);
        assert_int_equal(fact(b, "st_prev_v2"), snapshot == 2 ? 2500 : 5000);
    }
    assert_int_equal(b->let_go, 0);
}

/* A crew without a link for an hour: what the first one showed may be gone from the last. */
static void all_that_a_device_brings_at_once_is_measured_the_earliest_first(void **state) {
    struct bench *b = *state;
    for (uint32_t snapshot = 1; snapshot <= JZ_TRACE_RECORDINGS; snapshot++)
        for (int64_t s = 0; s < 10; s++) ecg(b, 1, snapshot, s);
    for (uint32_t snapshot = 1; snapshot <= JZ_TRACE_RECORDINGS; snapshot++) {
        assert_true(jz_measure_step(b->measure));
        assert_int_equal(b->last.snapshot, snapshot);
        assert_int_equal(fact(b, "st_prev_v2"), snapshot == 1 ? INT32_MIN : 5000);
    }
    assert_false(jz_measure_step(b->measure));
    assert_int_equal(b->let_go, 0);
    for (int64_t s = 0; s < 10; s++) ecg(b, 1, JZ_TRACE_RECORDINGS + 1, s); /* in the place of the first */
    b->mono += 1;
    for (int64_t s = 0; s < 10; s++) ecg(b, 1, JZ_TRACE_RECORDINGS + 2, s);
    assert_true(jz_measure_step(b->measure));
    assert_int_equal(b->last.snapshot, JZ_TRACE_RECORDINGS + 1);
}

static void of_those_heard_at_once_the_first_goes_first_whatever_its_place(void **state) {
    struct bench *b = *state;
    for (uint32_t snapshot = 1; snapshot < JZ_TRACE_RECORDINGS; snapshot++)
        for (int64_t s = 0; s < 10; s++) ecg(b, 1, snapshot, s);
    settle(b);
    for (uint32_t snapshot = JZ_TRACE_RECORDINGS; snapshot < JZ_TRACE_RECORDINGS + 2; snapshot++)
        for (int64_t s = 0; s < 10; s++) ecg(b, 1, snapshot, s); /* the last place, then the first */
    assert_true(jz_measure_step(b->measure));
    assert_int_equal(b->last.snapshot, JZ_TRACE_RECORDINGS);
}

/* A device that was restarted counts from 1 again: its first ECG of half an hour ago must not look new. */
static void a_number_that_comes_again_is_another_recording(void **state) {
    struct bench *b = *state;
    for (int64_t s = 0; s < 5; s++) ecg(b, 1, 1, s);
    b->mono += JZ_MEASURE_QUIET_MS;
    settle(b);
    assert_int_equal(b->last.taken_ms, NOON + 5000);
    for (int64_t s = 1800; s < 1810; s++) ecg(b, 1, 1, s);
    assert_true(jz_measure_step(b->measure));
    assert_int_equal(b->last.taken_ms, NOON + 1810000);
    assert_int_equal(b->last.duration_ms, 10000);
    assert_int_equal(b->last.segments, 10);
    assert_int_equal(fact(b, "st_v2"), 5000);
    assert_int_equal(fact(b, "st_prev_v2"), 2500);
    assert_false(jz_measure_step(b->measure));
}

/* The library takes twelve seconds: what follows makes them no newer. */
static void of_a_long_recording_the_time_is_that_of_what_was_measured(void **state) {
    struct bench *b = *state;
    for (int64_t s = 0; s < 30; s++) ecg(b, 1, 1, s);
    assert_true(jz_measure_step(b->measure));
    assert_int_equal(b->last.taken_ms, NOON + 12000);
    assert_int_equal(b->last.duration_ms, 12000);
}

/* A clock ahead of the server's, not measured yet: all that comes at once bears the time at which it came. */
static void segments_lie_as_their_recorder_says_whatever_is_known_of_its_clock(void **state) {
    struct bench *b = *state;
    b->server_ms = NOON + 60000;
    for (int64_t s = 0; s < 10; s++) ecg(b, 1, 1, s);
    assert_true(jz_measure_step(b->measure));
    assert_int_equal(fact(b, "st_v2"), 5000);
    assert_int_equal(b->last.duration_ms, 10000);
    assert_int_equal(b->last.taken_ms, NOON + 61000);
}

static void an_unreadable_ecg_is_no_predecessor(void **state) {
    struct bench *b = *state;
    for (int64_t s = 0; s < 5; s++) ecg(b, 1, 1, s);
    ecg(b, 1, 2, 0);
    b->mono += JZ_MEASURE_GIVE_UP_MS;
    settle(b);
    assert_int_equal(b->submitted, 2);
    for (int64_t s = 0; s < 10; s++) ecg(b, 1, 3, s);
    settle(b);
    assert_int_equal(b->last.snapshot, 3);
    assert_int_equal(fact(b, "st_prev_v2"), 2500);
}

static void a_rate_that_cannot_be_measured_is_unreadable_and_not_what_was_measured_before(void **state) {
    struct bench *b = *state;
    stage_open_patient(b->stage, 2, false);
    for (int64_t s = 0; s < 10; s++) ecg(b, 2, 1, s); /* another patient's */
    assert_true(jz_measure_step(b->measure));
    assert_true(b->last.readable);
    struct jz_waveform wave = {.wave = JZ_WAVE_ECG,
                               .period_us = 20000,
                               .channel_count = 1,
                               .channel = {LEAD_V2},
                               .samples = 500,
                               .scale = 1000,
                               .snapshot = 1};
    segment(b, 1, wave, NOON, 5);
    assert_true(jz_measure_step(b->measure));
    assert_false(b->last.readable);
    assert_int_equal(fact(b, "ecg_unreadable"), 1);
}

static void ecg_that_runs_on_is_not_measured(void **state) {
    struct bench *b = *state;
    for (int64_t s = 0; s < 10; s++) {
        struct jz_waveform wave = {.wave = JZ_WAVE_ECG,
                                   .period_us = 2000,
                                   .channel_count = 1,
                                   .channel = {LEAD_V2},
                                   .samples = 500,
                                   .scale = 1000};
        segment(b, 1, wave, NOON + s * 1000, 5);
    }
    b->mono += JZ_MEASURE_GIVE_UP_MS;
    assert_false(jz_measure_step(b->measure));
}

/* --- CTG ------------------------------------------------------------------------------------------------------------ */

static void each_new_minute_of_a_ctg_is_measured_from_its_beginning(void **state) {
    struct bench *b = *state;
    stage_fact(b->stage, 1, "ga_days", 238);
    ctg(b, 1, NOON);
    assert_int_equal(fake_ctg_ga_days, 238);
    assert_false(jz_measure_step(b->measure));
    ctg(b, 1, NOON + 30000);
    assert_true(jz_measure_step(b->measure));
    assert_int_equal(b->last.wave, JZ_WAVE_CTG);
    assert_int_equal(b->last.taken_ms, NOON + 60000);
    assert_int_equal(fact(b, "ctg_baseline"), 240);
    assert_int_equal(b->last.quality, 100);
    assert_false(jz_measure_step(b->measure));
    ctg(b, 1, NOON + 60000);
    assert_false(jz_measure_step(b->measure));
    ctg(b, 1, NOON + 90000);
    assert_true(jz_measure_step(b->measure));
    assert_int_equal(fact(b, "ctg_baseline"), 480);
}

static void a_ctg_that_ends_within_a_minute_is_measured_to_its_end(void **state) {
    struct bench *b = *state;
    ctg(b, 1, NOON);
    b->mono += JZ_MEASURE_MINUTE_MS - 1;
    assert_false(jz_measure_step(b->measure));
    b->mono += 1;
    assert_true(jz_measure_step(b->measure));
    assert_int_equal(b->last.taken_ms, NOON + 30000);
    assert_false(jz_measure_step(b->measure));
}

static void what_was_not_heard_of_a_ctg_is_loss_and_a_repeat_counts_once(void **state) {
    struct bench *b = *state;
    ctg(b, 1, NOON);
    ctg(b, 1, NOON + 20000);         /* its first ten seconds are there already */
    ctg(b, 1, NOON + 50000 + 15000); /* fifteen seconds were not heard */
    assert_true(jz_measure_step(b->measure));
    assert_int_equal(b->last.taken_ms, NOON + 95000);
    assert_int_equal(fact(b, "ctg_baseline"), 95 * 4);
    assert_int_equal(fact(b, "ctg_variability"), 15 * 4);
}

static void a_ctg_whose_clock_was_set_begins_anew(void **state) {
    struct bench *b = *state;
    ctg(b, 1, NOON);
    ctg(b, 1, NOON + 30000);
    settle(b);
    ctg(b, 1, NOON - 7200000);
    ctg(b, 1, NOON - 7200000 + 30000);
    assert_true(jz_measure_step(b->measure));
    assert_int_equal(fact(b, "ctg_baseline"), 240);
    assert_int_equal(b->last.duration_ms, 60000);
}

static void of_more_ctgs_than_can_be_followed_one_that_ended_gives_way(void **state) {
    struct bench *b = *state;
    for (uint8_t n = 2; n <= 3; n++) stage_open_patient(b->stage, n, false);
    ctg(b, 1, NOON);
    ctg(b, 2, NOON);
    b->mono += JZ_MEASURE_ENDED_MS - 1;
    ctg(b, 2, NOON + 30000);
    ctg(b, 3, NOON); /* 1 may go on yet */
    ctg(b, 3, NOON + 30000);
    settle(b);
    assert_int_equal(b->let_go, 1);    /* said once */
    assert_int_equal(b->submitted, 2); /* of 1 to its end, of 2 a minute */
    b->mono += 1;
    ctg(b, 3, NOON + 60000);
    assert_int_equal(b->let_go, 2);
    ctg(b, 3, NOON + 90000);
    settle(b);
    struct jz_encounter_id last = stage_patient(3);
    assert_memory_equal(&b->last.encounter, &last, sizeof last);
    assert_int_equal(b->last.duration_ms, 60000);
    ctg(b, 1, NOON + 30000); /* now both others go on */
    assert_int_equal(b->let_go, 3);
}

/* --- load ------------------------------------------------------------------------------------------------------------- */

static void one_a_step_recordings_before_ctg_and_of_each_the_oldest_first(void **state) {
    struct bench *b = *state;
    struct jz_measure_stats stats;
    for (uint8_t n = 2; n <= 4; n++) stage_open_patient(b->stage, n, false);
    ctg(b, 4, NOON);
    ctg(b, 4, NOON + 30000);
    const uint8_t order[] = {3, 1, 2};
    for (size_t i = 0; i < 3; i++) {
        b->mono += 10;
        for (int64_t s = 0; s < 10; s++) ecg(b, order[i], 1, s);
    }
    for (size_t i = 0; i < 3; i++) {
        assert_true(jz_measure_step(b->measure));
        jz_measure_stats(b->measure, &stats);
        assert_int_equal(stats.waiting, 4 - i); /* at that step */
        struct jz_encounter_id expected = stage_patient(order[i]);
        assert_memory_equal(&b->last.encounter, &expected, sizeof expected);
    }
    assert_true(jz_measure_step(b->measure));
    assert_int_equal(b->last.wave, JZ_WAVE_CTG);
    assert_false(jz_measure_step(b->measure));
    jz_measure_stats(b->measure, &stats);
    assert_int_equal(stats.waiting, 0);
    assert_int_equal(stats.ecg, 3);
    assert_int_equal(stats.ctg, 1);
}

static void what_finds_no_room_in_the_ledger_is_measured_later(void **state) {
    struct bench *b = *state;
    for (int64_t s = 0; s < 10; s++) ecg(b, 1, 1, s);
    b->full = true;
    assert_false(jz_measure_step(b->measure));
    b->full = false;
    assert_true(jz_measure_step(b->measure));
    assert_int_equal(b->submitted, 1);
}

static void of_a_patient_who_is_gone_nothing_is_measured(void **state) {
    struct bench *b = *state;
    for (int64_t s = 0; s < 10; s++) ecg(b, 1, 1, s);
    ctg(b, 1, NOON);
    ctg(b, 1, NOON + 30000);
    struct jz_frame close = {
        .kind = JZ_FRAME_ENCOUNTER_CLOSE, .has_encounter = true, .encounter = stage_patient(1)};
    close.close.reason = JZ_CLOSE_HANDED_OVER;
    stage_device(b->stage, &close);
    assert_false(jz_measure_step(b->measure));
    assert_int_equal(b->submitted, 0);
}

static void a_recording_that_gives_way_unmeasured_is_said(void **state) {
    struct bench *b = *state;
    b->full = true;
    for (uint32_t snapshot = 1; snapshot <= JZ_TRACE_RECORDINGS + 1u; snapshot++)
        for (int64_t s = 0; s < 10; s++) ecg(b, 1, snapshot, s);
    assert_int_equal(b->let_go, 1);
}

/* --- after a restart ------------------------------------------------------------------------------------------------------ */

static void restart(struct bench *b) {
    jz_measure_close(b->measure);
    jz_trace_close(b->trace);
    b->trace = jz_trace_open(b->stage->limits.encounters_max);
    assert_non_null(b->trace);
    begin(b);
}

static void what_is_on_record_is_not_measured_again(void **state) {
    struct bench *b = *state;
    for (int64_t s = 0; s < 10; s++) ecg(b, 1, 1, s);
    settle(b);
    struct jz_measurement before = b->last;
    restart(b);
    for (int64_t s = 0; s < 10; s++) ecg(b, 1, 1, s);
    jz_measure_on_record(b->measure, slot_of(b, 1), &before);
    b->mono += JZ_MEASURE_GIVE_UP_MS;
    assert_false(jz_measure_step(b->measure));
    assert_int_equal(b->submitted, 1);
    ecg(b, 1, 1, 10); /* the rest of it comes now */
    b->mono += JZ_MEASURE_QUIET_MS;
    assert_true(jz_measure_step(b->measure));
    assert_int_equal(b->last.segments, 11);
}

static void an_earlier_ecg_on_record_is_compared_with_and_goes_on_no_record_again(void **state) {
    struct bench *b = *state;
    for (int64_t s = 0; s < 5; s++) ecg(b, 1, 1, s);
    b->mono += JZ_MEASURE_QUIET_MS;
    settle(b);
    struct jz_measurement before = b->last;
    restart(b);
    for (int64_t s = 0; s < 5; s++) ecg(b, 1, 1, s);
    jz_measure_on_record(b->measure, slot_of(b, 1), &before);
    assert_int_equal(fake_ecg_measured, 1); /* not before it is needed */
    for (int64_t s = 0; s < 10; s++) ecg(b, 1, 2, s);
    settle(b);
    assert_int_equal(b->submitted, 2);
    assert_int_equal(b->last.snapshot, 2);
    assert_int_equal(fact(b, "st_prev_v2"), 2500);
}

static void a_ctg_goes_on_from_the_minute_on_record(void **state) {
    struct bench *b = *state;
    ctg(b, 1, NOON);
    ctg(b, 1, NOON + 30000);
    settle(b);
    struct jz_measurement before = b->last;
    restart(b);
    ctg(b, 1, NOON);
    ctg(b, 1, NOON + 30000);
    jz_measure_on_record(b->measure, slot_of(b, 1), &before);
    assert_false(jz_measure_step(b->measure));
    ctg(b, 1, NOON + 60000);
    ctg(b, 1, NOON + 90000);
    assert_true(jz_measure_step(b->measure));
    assert_int_equal(b->submitted, 2);
    assert_int_equal(fact(b, "ctg_baseline"), 480);
}

#define ON_BENCH(test) cmocka_unit_test_setup_teardown(test, bench_open, bench_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_BENCH(a_recording_is_measured_once_ten_seconds_are_there),
        ON_BENCH(four_seconds_and_then_five_of_silence_are_measured),
        ON_BENCH(what_stays_too_short_is_said_to_be_unreadable_and_not_left_in_silence),
        ON_BENCH(the_next_recording_ends_the_one_before),
        ON_BENCH(what_comes_late_is_measured_again_and_the_whole),
        ON_BENCH(a_gap_is_missing_samples_and_a_repeat_counts_once),
        ON_BENCH(a_later_ecg_is_compared_with_the_one_before_it),
        ON_BENCH(all_that_a_device_brings_at_once_is_measured_the_earliest_first),
        ON_BENCH(of_those_heard_at_once_the_first_goes_first_whatever_its_place),
        ON_BENCH(a_number_that_comes_again_is_another_recording),
        ON_BENCH(of_a_long_recording_the_time_is_that_of_what_was_measured),
        ON_BENCH(segments_lie_as_their_recorder_says_whatever_is_known_of_its_clock),
        ON_BENCH(an_unreadable_ecg_is_no_predecessor),
        ON_BENCH(a_rate_that_cannot_be_measured_is_unreadable_and_not_what_was_measured_before),
        ON_BENCH(ecg_that_runs_on_is_not_measured),
        ON_BENCH(each_new_minute_of_a_ctg_is_measured_from_its_beginning),
        ON_BENCH(a_ctg_that_ends_within_a_minute_is_measured_to_its_end),
        ON_BENCH(what_was_not_heard_of_a_ctg_is_loss_and_a_repeat_counts_once),
        ON_BENCH(a_ctg_whose_clock_was_set_begins_anew),
        ON_BENCH(of_more_ctgs_than_can_be_followed_one_that_ended_gives_way),
        ON_BENCH(one_a_step_recordings_before_ctg_and_of_each_the_oldest_first),
        ON_BENCH(what_finds_no_room_in_the_ledger_is_measured_later),
        ON_BENCH(of_a_patient_who_is_gone_nothing_is_measured),
        ON_BENCH(a_recording_that_gives_way_unmeasured_is_said),
        ON_BENCH(what_is_on_record_is_not_measured_again),
        ON_BENCH(an_earlier_ecg_on_record_is_compared_with_and_goes_on_no_record_again),
        ON_BENCH(a_ctg_goes_on_from_the_minute_on_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
