/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "trace.h"

static const struct jz_encounter_id first = {{1}}, second = {{2}};

static void add(struct jz_trace *trace, uint32_t slot, struct jz_encounter_id id, uint8_t value,
                uint32_t bytes) {
    static uint8_t data[JZ_MESSAGE_BYTES_MAX];
    memset(data, value, bytes);
    jz_trace_add(trace, slot, id, (struct jz_bytes){data, bytes});
}

static void the_newest_segments_come_back_oldest_first(void **state) {
    struct jz_bytes frames[JZ_TRACE_SEGMENTS];
    struct jz_trace *trace = jz_trace_open(4);
    (void)state;
    assert_non_null(trace);
    for (uint8_t i = 0; i < JZ_TRACE_SEGMENTS + 3; i++) add(trace, 1, first, i, 10);
    assert_int_equal(jz_trace_get(trace, 1, first, frames), JZ_TRACE_SEGMENTS);
    assert_int_equal(frames[0].data[0], 3);
    assert_int_equal(frames[JZ_TRACE_SEGMENTS - 1].data[9], JZ_TRACE_SEGMENTS + 2);
    jz_trace_close(trace);
}

static void a_slot_that_went_to_another_patient_shows_nothing_of_the_first(void **state) {
    struct jz_bytes frames[JZ_TRACE_SEGMENTS];
    struct jz_trace *trace = jz_trace_open(4);
    (void)state;
    assert_non_null(trace);
    add(trace, 1, first, 7, 10);
    assert_int_equal(jz_trace_get(trace, 1, second, frames), 0);
    add(trace, 1, second, 8, 10);
    assert_int_equal(jz_trace_get(trace, 1, first, frames), 0);
    assert_int_equal(jz_trace_get(trace, 1, second, frames), 1);
    assert_int_equal(frames[0].data[0], 8);
    jz_trace_close(trace);
}

static void over_the_limit_the_patient_silent_longest_is_dropped(void **state) {
    struct jz_bytes frames[JZ_TRACE_SEGMENTS];
    const uint32_t slots = JZ_TRACE_BYTES_MAX / (JZ_TRACE_SEGMENTS * JZ_MESSAGE_BYTES_MAX) + 2u;
    struct jz_trace *trace = jz_trace_open(slots);
    (void)state;
    assert_non_null(trace);
    for (uint32_t slot = 0; slot < slots; slot++)
        for (uint32_t i = 0; i < JZ_TRACE_SEGMENTS; i++) add(trace, slot, first, 1, JZ_MESSAGE_BYTES_MAX);
    assert_int_equal(jz_trace_get(trace, 0, first, frames), 0);
    assert_int_equal(jz_trace_get(trace, slots - 1u, first, frames), JZ_TRACE_SEGMENTS);
    jz_trace_close(trace);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_segments_come_back_oldest_first),
        cmocka_unit_test(a_slot_that_went_to_another_patient_shows_nothing_of_the_first),
        cmocka_unit_test(over_the_limit_the_patient_silent_longest_is_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
