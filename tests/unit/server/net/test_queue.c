/* SPDX-License-Identifier: Apache-2.0 */
#include "queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static uint32_t dropped;

static enum queue_result push(struct queue *q, size_t bytes, enum jz_send_class cls) {
    static uint8_t data[JZ_NET_SEND_BYTES_MAX];
    struct jz_blob *blob = jz_blob_make(data, bytes);
    assert_non_null(blob);
    enum queue_result result = queue_push(q, blob, cls, &dropped);
    jz_blob_release(blob);
    return result;
}

static void a_blob_is_copied_counted_and_bounded(void **state) {
    static uint8_t data[JZ_NET_SEND_BYTES_MAX + 1] = {7};
    (void)state;
    assert_null(jz_blob_make(data, 0));
    assert_null(jz_blob_make(data, JZ_NET_SEND_BYTES_MAX + 1));
    struct jz_blob *blob = jz_blob_make(data, JZ_NET_SEND_BYTES_MAX);
    assert_int_equal(blob->data[JZ_BLOB_HEADROOM], 7);
    jz_blob_keep(blob);
    jz_blob_release(blob);
    assert_int_equal(blob->bytes, JZ_NET_SEND_BYTES_MAX); /* still there: one owner is left */
    jz_blob_release(blob);
    jz_blob_release(NULL);
}

static void messages_come_out_in_order(void **state) {
    struct queue q = {.bytes_max = 100};
    (void)state;
    for (size_t n = 1; n <= 3; n++) assert_int_equal(push(&q, n, JZ_SEND_STATE), QUEUE_TAKEN);
    assert_int_equal(q.bytes, 6);
    for (size_t n = 1; n <= 3; n++) {
        struct jz_blob *blob = queue_pop(&q);
        assert_int_equal(blob->bytes, n);
        jz_blob_release(blob);
    }
    assert_null(queue_pop(&q));
    assert_int_equal(q.bytes, 0);
    assert_null(q.last);
}

static void state_fits_to_the_last_byte_and_one_more_overflows(void **state) {
    struct queue q = {.bytes_max = 100};
    (void)state;
    assert_int_equal(push(&q, 60, JZ_SEND_STATE), QUEUE_TAKEN);
    assert_int_equal(queue_room(&q), 40);
    assert_int_equal(push(&q, 40, JZ_SEND_STATE), QUEUE_TAKEN);
    assert_int_equal(queue_room(&q), 0);
    assert_int_equal(push(&q, 1, JZ_SEND_STATE), QUEUE_OVERFLOW);
    assert_null(q.first);
    assert_int_equal(queue_room(&q), 100);
}

static void bulk_takes_half_at_most(void **state) {
    struct queue q = {.bytes_max = 100};
    (void)state;
    assert_int_equal(push(&q, 50, JZ_SEND_BULK), QUEUE_TAKEN);
    assert_int_equal(dropped, 0);
    assert_int_equal(push(&q, 1, JZ_SEND_BULK), QUEUE_DROPPED);
    assert_int_equal(dropped, 1);
    queue_clear(&q);
}

static void bulk_gives_way_to_state_and_state_keeps_its_order(void **state) {
    struct queue q = {.bytes_max = 100};
    static const uint32_t order[] = {10, 30, 60};
    (void)state;
    assert_int_equal(push(&q, 10, JZ_SEND_STATE), QUEUE_TAKEN);
    assert_int_equal(push(&q, 20, JZ_SEND_BULK), QUEUE_TAKEN);
    assert_int_equal(push(&q, 30, JZ_SEND_STATE), QUEUE_TAKEN);
    assert_int_equal(queue_room(&q), 60);
    assert_int_equal(push(&q, 60, JZ_SEND_STATE), QUEUE_TAKEN);
    assert_int_equal(dropped, 1);
    for (size_t i = 0; i < 3; i++) {
        struct jz_blob *blob = queue_pop(&q);
        assert_int_equal(blob->bytes, order[i]);
        jz_blob_release(blob);
    }
    assert_null(queue_pop(&q));
}

static void many_tiny_messages_are_bounded_by_their_number(void **state) {
    struct queue q = {.bytes_max = 1000000};
    (void)state;
    for (uint32_t i = 0; i < JZ_QUEUE_ITEMS_MAX; i++)
        assert_int_equal(push(&q, 1, JZ_SEND_STATE), QUEUE_TAKEN);
    assert_int_equal(queue_room(&q), 0);
    assert_int_equal(push(&q, 1, JZ_SEND_BULK), QUEUE_DROPPED);
    assert_int_equal(push(&q, 1, JZ_SEND_STATE), QUEUE_OVERFLOW);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_blob_is_copied_counted_and_bounded),
        cmocka_unit_test(messages_come_out_in_order),
        cmocka_unit_test(state_fits_to_the_last_byte_and_one_more_overflows),
        cmocka_unit_test(bulk_takes_half_at_most),
        cmocka_unit_test(bulk_gives_way_to_state_and_state_keeps_its_order),
        cmocka_unit_test(many_tiny_messages_are_bounded_by_their_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
