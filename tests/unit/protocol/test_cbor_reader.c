/* SPDX-License-Identifier: Apache-2.0 */
#include "jingzhu/codec.h"

#include <cbor.h>

#include "hex.h"

static struct hex_bytes input;

static struct jz_reader reader_of(const char *hex) {
    struct jz_reader r;
    hex_parse(hex, &input);
    jz_reader_init(&r, input.data, input.bytes);
    return r;
}

static void items_are_read_in_order(void **state) {
    (void)state;
    struct jz_reader r = reader_of("a2 01 38 63 18 19 83 f5 63 e69db1 42 0102 1b ffffffffffffffff");
    assert_int_equal(jz_read_map(&r), 2);
    assert_int_equal(jz_read_uint(&r), 1);
    assert_int_equal(jz_read_int(&r), -100);
    assert_int_equal(jz_read_uint(&r), 25);
    assert_int_equal(jz_read_array(&r), 3);
    assert_true(jz_read_bool(&r));
    struct jz_text text = jz_read_text(&r);
    assert_int_equal(text.bytes, 3);
    assert_memory_equal(text.data, "\xe6\x9d\xb1", 3);
    struct jz_bytes bytes = jz_read_bytes(&r);
    assert_int_equal(bytes.bytes, 2);
    assert_memory_equal(bytes.data, "\1\2", 2);
    assert_true(jz_read_uint(&r) == UINT64_MAX);
    assert_int_equal(r.status, JZ_OK);
    assert_int_equal(r.at, input.bytes);
}

static void the_first_error_sticks_and_later_reads_are_empty(void **state) {
    (void)state;
    struct jz_reader r = reader_of("01 60 05 61 61");
    assert_int_equal(jz_read_uint(&r), 1);
    assert_int_equal(jz_read_uint(&r), 0);
    assert_int_equal(r.status, JZ_E_TYPE);
    assert_int_equal(r.at, 1);
    assert_int_equal(jz_read_text(&r).bytes, 0);
    assert_null(jz_read_text(&r).data);
    assert_int_equal(jz_read_uint(&r), 0);
    jz_read_skip(&r);
    assert_int_equal(r.status, JZ_E_TYPE);
    assert_int_equal(r.at, 1);
}

static void integers_beyond_64_bits_signed_are_out_of_range(void **state) {
    (void)state;
    struct jz_reader r = reader_of("1b 7fffffffffffffff 3b 7fffffffffffffff 1b 8000000000000000");
    assert_true(jz_read_int(&r) == INT64_MAX);
    assert_true(jz_read_int(&r) == INT64_MIN);
    assert_int_equal(jz_read_int(&r), 0);
    assert_int_equal(r.status, JZ_E_VALUE);
    r = reader_of("3b 8000000000000000");
    assert_int_equal(jz_read_int(&r), 0);
    assert_int_equal(r.status, JZ_E_VALUE);
}

static void each_read_refuses_every_other_type(void **state) {
    (void)state;
    static const char *const items[] = {"01", "20", "41 00", "61 61", "80", "a0", "f4", "f6"};
    /* Which of uint, int, bool, text, bytes, array, map takes which item. */
    static const char *const takes[] = {"u-------", "ui------", "------b-", "---t----",
                                        "--h-----", "----a---", "-----m--"};
    for (unsigned read = 0; read < 7; read++)
        for (unsigned i = 0; i < 8; i++) {
            struct jz_reader r = reader_of(items[i]);
            switch (read) {
            case 0: (void)jz_read_uint(&r); break;
            case 1: (void)jz_read_int(&r); break;
            case 2: (void)jz_read_bool(&r); break;
            case 3: (void)jz_read_text(&r); break;
            case 4: (void)jz_read_bytes(&r); break;
            case 5: (void)jz_read_array(&r); break;
            default: (void)jz_read_map(&r); break;
            }
            enum jz_status expected = takes[read][i] == '-' ? JZ_E_TYPE : JZ_OK;
            if (r.status != expected) fail_msg("read %u of %s: %s", read, items[i], jz_status_name(r.status));
        }
}

static void skipping_passes_one_item_whatever_it_is(void **state) {
    (void)state;
    struct jz_reader r = reader_of("a2 01 82 a1 02 f6 43 010203 03 64 61626364 07");
    jz_read_skip(&r);
    assert_int_equal(jz_read_uint(&r), 7);
    assert_int_equal(r.status, JZ_OK);
}

/* Bytes that skipped the scan are a programmer's error, but still bounded: libcbor's traps stay shut. */
static void unscanned_bytes_are_refused_and_not_followed(void **state) {
    (void)state;
    static const struct {
        const char *hex;
        enum jz_status status;
    } cases[] = {
        {"5b ffffffffffffffff 00 00", JZ_E_STRING_SIZE},
        {"7b ffffffffffffffff 00 00", JZ_E_STRING_SIZE},
        {"9b 0000000010000000", JZ_E_COUNT},
        {"98 41", JZ_E_COUNT},
        {"b8 41", JZ_E_COUNT},
        {"5f", JZ_E_RESERVED},
        {"9f", JZ_E_RESERVED},
        {"c1 00", JZ_E_RESERVED},
        {"f9 0000", JZ_E_RESERVED},
        {"fb 0000000000000000", JZ_E_RESERVED},
        {"1c", JZ_E_RESERVED},
        {"19 00", JZ_E_TRUNCATED},
        {"42 00", JZ_E_TRUNCATED},
        {"", JZ_E_TRUNCATED},
        {"81", JZ_E_TRUNCATED},
        {"a1 00", JZ_E_TRUNCATED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct jz_reader r = reader_of(cases[i].hex);
        jz_read_skip(&r);
        if (r.status != cases[i].status) fail_msg("%s: %s", cases[i].hex, jz_status_name(r.status));
    }
}

static void longer_arrays_are_read_only_where_the_reader_was_told(void **state) {
    (void)state;
    struct jz_reader r = reader_of("98 41");
    r.items_max = 65;
    assert_int_equal(jz_read_array(&r), 65);
    assert_int_equal(r.status, JZ_OK);
    r = reader_of("98 42");
    r.items_max = 65;
    assert_int_equal(jz_read_array(&r), 0);
    assert_int_equal(r.status, JZ_E_COUNT);
}

static void take8(void *c, uint8_t v) {
    *(uint64_t *)c = v;
}
static void take16(void *c, uint16_t v) {
    *(uint64_t *)c = v;
}
static void take32(void *c, uint32_t v) {
    *(uint64_t *)c = v;
}
static void take64(void *c, uint64_t v) {
    *(uint64_t *)c = v;
}

static void the_direct_path_agrees_with_libcbor(void **state) {
    (void)state;
    struct cbor_callbacks callbacks = cbor_empty_callbacks;
    callbacks.uint8 = callbacks.negint8 = take8;
    callbacks.uint16 = callbacks.negint16 = take16;
    callbacks.uint32 = callbacks.negint32 = take32;
    callbacks.uint64 = callbacks.negint64 = take64;
    uint64_t random = test_seed();
    for (unsigned round = 0; round < 20000; round++) {
        uint8_t bytes[9];
        uint64_t theirs = 0, value = next_random(&random) >> next_random(&random) % 64;
        struct jz_writer w;
        struct jz_reader r;
        jz_writer_init(&w, bytes, sizeof bytes);
        int64_t number = round % 2 ? (int64_t)(value >> 1) : -1 - (int64_t)(value >> 1);
        jz_write_int(&w, number);
        assert_int_equal(w.status, JZ_OK);
        struct cbor_decoder_result result = cbor_stream_decode(bytes, w.used, &callbacks, &theirs);
        assert_int_equal(result.read, w.used);
        assert_true(theirs == value >> 1);
        jz_reader_init(&r, bytes, w.used);
        assert_true(jz_read_int(&r) == number);
        assert_int_equal(r.at, w.used);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(longer_arrays_are_read_only_where_the_reader_was_told),
        cmocka_unit_test(items_are_read_in_order),
        cmocka_unit_test(the_first_error_sticks_and_later_reads_are_empty),
        cmocka_unit_test(integers_beyond_64_bits_signed_are_out_of_range),
        cmocka_unit_test(each_read_refuses_every_other_type),
        cmocka_unit_test(skipping_passes_one_item_whatever_it_is),
        cmocka_unit_test(unscanned_bytes_are_refused_and_not_followed),
        cmocka_unit_test(the_direct_path_agrees_with_libcbor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
