/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "trace.h"

static const struct jz_encounter_id first = {{1}}, second = {{2}};

static void add_at(struct jz_trace *trace, uint32_t slot, struct jz_encounter_id id, struct jz_waveform wave,
                   int64_t own_ms, uint8_t value, uint32_t bytes) {
    static uint8_t data[JZ_MESSAGE_BYTES_MAX];
    memset(data, value, bytes);
    jz_trace_add(trace, slot, id, &wave, own_ms, (struct jz_bytes){data, bytes});
}

static void ctg(struct jz_trace *trace, uint32_t slot, struct jz_encounter_id id, uint8_t value,
                uint32_t bytes) {
    add_at(trace, slot, id, (struct jz_waveform){.wave = JZ_WAVE_CTG}, value, value, bytes);
}

static void ecg(struct jz_trace *trace, uint32_t snapshot, int64_t at_ms, uint8_t value) {
    add_at(trace, 1, first, (struct jz_waveform){.wave = JZ_WAVE_ECG, .snapshot = snapshot}, at_ms, value,
           10);
}

static void the_newest_segments_come_back_oldest_first(void **state) {
    struct jz_bytes frames[JZ_TRACE_SEGMENTS];
    struct jz_trace *trace = jz_trace_open(4);
    (void)state;
    assert_non_null(trace);
    for (uint8_t i = 0; i < JZ_TRACE_CTG_SEGMENTS + 3; i++) ctg(trace, 1, first, i, 10);
    assert_int_equal(jz_trace_get(trace, 1, first, frames), JZ_TRACE_CTG_SEGMENTS);
    assert_int_equal(frames[0].data[0], 3);
    assert_int_equal(frames[JZ_TRACE_CTG_SEGMENTS - 1].data[9], JZ_TRACE_CTG_SEGMENTS + 2);
    jz_trace_close(trace);
}

static void no_kind_of_trace_pushes_another_out(void **state) {
    struct jz_bytes frames[JZ_TRACE_SEGMENTS];
    struct jz_trace *trace = jz_trace_open(4);
    (void)state;
    assert_non_null(trace);
    for (uint8_t i = 0; i < 10; i++) ecg(trace, 1, i, 1);
    for (uint8_t i = 0; i < 100; i++) ctg(trace, 1, first, 2, 10);
    for (uint8_t i = 0; i < 100; i++) ecg(trace, 0, i, 3);
    assert_int_equal(jz_trace_get(trace, 1, first, frames),
                     10 + JZ_TRACE_CTG_SEGMENTS + JZ_TRACE_LIVE_SEGMENTS);
    assert_int_equal(frames[0].data[0], 1);
    assert_int_equal(frames[10].data[0], 3);
    assert_int_equal(frames[10 + JZ_TRACE_LIVE_SEGMENTS].data[0], 2);
    jz_trace_close(trace);
}

static void a_recording_comes_back_in_the_order_of_its_times_and_the_two_newest_are_shown(void **state) {
    struct jz_trace_segment segments[JZ_TRACE_SNAPSHOT_SEGMENTS];
    struct jz_bytes frames[JZ_TRACE_SEGMENTS];
    struct jz_trace *trace = jz_trace_open(4);
    (void)state;
    assert_non_null(trace);
    ecg(trace, 7, 2000, 2);
    ecg(trace, 7, 1000, 1);
    ecg(trace, 8, 500, 3);
    ecg(trace, 7, 3000, 4);
    assert_int_equal(jz_trace_recording(trace, 1, first, 7, 2000, segments), 3);
    for (int i = 0; i < 3; i++) assert_int_equal(segments[i].own_ms, (i + 1) * 1000);
    assert_int_equal(segments[2].frame.data[0], 4);
    ecg(trace, 9, 0, 5);
    assert_int_equal(jz_trace_recording(trace, 1, first, 9, 0, segments), 1);
    assert_int_equal(jz_trace_recording(trace, 1, second, 9, 0, segments), 0);
    assert_int_equal(jz_trace_get(trace, 1, first, frames), 4);
    assert_int_equal(frames[0].data[0], 2); /* the newer recordings are 7 and 9 */
    assert_int_equal(frames[3].data[0], 5);
    jz_trace_close(trace);
}

static void of_more_recordings_than_there_are_places_the_one_untouched_longest_goes(void **state) {
    struct jz_trace_segment segments[JZ_TRACE_SNAPSHOT_SEGMENTS];
    struct jz_trace *trace = jz_trace_open(4);
    (void)state;
    assert_non_null(trace);
    for (uint32_t i = 1; i <= JZ_TRACE_RECORDINGS; i++) ecg(trace, i, 0, 1);
    ecg(trace, 1, 1000, 1);
    assert_int_equal(jz_trace_recording(trace, 1, first, 2, 0, segments), 1);
    ecg(trace, 100, 0, 1);
    assert_int_equal(jz_trace_recording(trace, 1, first, 1, 0, segments), 2);
    assert_int_equal(jz_trace_recording(trace, 1, first, 2, 0, segments), 0);
    assert_int_equal(jz_trace_recording(trace, 1, first, 100, 0, segments), 1);
    jz_trace_close(trace);
}

static void a_number_that_comes_again_much_later_is_another_recording(void **state) {
    struct jz_trace_segment segments[JZ_TRACE_SNAPSHOT_SEGMENTS];
    struct jz_trace *trace = jz_trace_open(4);
    const int64_t later = JZ_TRACE_RECORDING_MS + 1;
    (void)state;
    assert_non_null(trace);
    ecg(trace, 1, 0, 1);
    ecg(trace, 1, JZ_TRACE_RECORDING_MS, 2);
    ecg(trace, 1, later, 3);
    assert_int_equal(jz_trace_recording(trace, 1, first, 1, 0, segments), 2);
    assert_int_equal(jz_trace_recording(trace, 1, first, 1, later, segments), 1);
    assert_int_equal(segments[0].frame.data[0], 3);
    jz_trace_close(trace);
}

static void of_a_recording_that_is_too_long_the_beginning_is_kept(void **state) {
    struct jz_trace_segment segments[JZ_TRACE_SNAPSHOT_SEGMENTS];
    struct jz_trace *trace = jz_trace_open(4);
    (void)state;
    assert_non_null(trace);
    for (uint8_t i = 0; i < JZ_TRACE_SNAPSHOT_SEGMENTS + 2; i++) ecg(trace, 1, i, i);
    assert_int_equal(jz_trace_recording(trace, 1, first, 1, 0, segments), JZ_TRACE_SNAPSHOT_SEGMENTS);
    assert_int_equal(segments[JZ_TRACE_SNAPSHOT_SEGMENTS - 1].frame.data[0], JZ_TRACE_SNAPSHOT_SEGMENTS - 1);
    jz_trace_close(trace);
}

static void a_slot_that_went_to_another_patient_shows_nothing_of_the_first(void **state) {
    struct jz_bytes frames[JZ_TRACE_SEGMENTS];
    struct jz_trace *trace = jz_trace_open(4);
    (void)state;
    assert_non_null(trace);
    ctg(trace, 1, first, 7, 10);
    assert_int_equal(jz_trace_get(trace, 1, second, frames), 0);
    ctg(trace, 1, second, 8, 10);
    assert_int_equal(jz_trace_get(trace, 1, first, frames), 0);
    assert_int_equal(jz_trace_get(trace, 1, second, frames), 1);
    assert_int_equal(frames[0].data[0], 8);
    jz_trace_close(trace);
}

static void over_the_limit_the_patient_silent_longest_is_dropped(void **state) {
    struct jz_bytes frames[JZ_TRACE_SEGMENTS];
    const uint32_t slots = JZ_TRACE_BYTES_MAX / (JZ_TRACE_CTG_SEGMENTS * JZ_MESSAGE_BYTES_MAX) + 2u;
    struct jz_trace *trace = jz_trace_open(slots);
    (void)state;
    assert_non_null(trace);
    for (uint32_t slot = 0; slot < slots; slot++)
        for (uint32_t i = 0; i < JZ_TRACE_CTG_SEGMENTS; i++) ctg(trace, slot, first, 1, JZ_MESSAGE_BYTES_MAX);
    assert_int_equal(jz_trace_get(trace, 0, first, frames), 0);
    assert_int_equal(jz_trace_get(trace, slots - 1u, first, frames), JZ_TRACE_CTG_SEGMENTS);
    jz_trace_close(trace);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_segments_come_back_oldest_first),
        cmocka_unit_test(no_kind_of_trace_pushes_another_out),
        cmocka_unit_test(a_recording_comes_back_in_the_order_of_its_times_and_the_two_newest_are_shown),
        cmocka_unit_test(of_more_recordings_than_there_are_places_the_one_untouched_longest_goes),
        cmocka_unit_test(a_number_that_comes_again_much_later_is_another_recording),
        cmocka_unit_test(of_a_recording_that_is_too_long_the_beginning_is_kept),
        cmocka_unit_test(a_slot_that_went_to_another_patient_shows_nothing_of_the_first),
        cmocka_unit_test(over_the_limit_the_patient_silent_longest_is_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
