/* SPDX-License-Identifier: Apache-2.0 */
#include "jingzhu/codec.h"

#include "hex.h"

static uint8_t buffer[64];

static void assert_written(const struct jz_writer *w, const char *hex) {
    static struct hex_bytes expected;
    hex_parse(hex, &expected);
    assert_int_equal(w->status, JZ_OK);
    assert_int_equal(w->used, expected.bytes);
    assert_memory_equal(w->buffer, expected.data, expected.bytes);
}

static void integers_take_the_shortest_form(void **state) {
    (void)state;
    static const struct {
        int64_t value;
        const char *hex;
    } cases[] = {
        {0, "00"},
        {23, "17"},
        {24, "18 18"},
        {255, "18 ff"},
        {256, "19 0100"},
        {65535, "19 ffff"},
        {65536, "1a 00010000"},
        {4294967295, "1a ffffffff"},
        {4294967296, "1b 0000000100000000"},
        {INT64_MAX, "1b 7fffffffffffffff"},
        {-1, "20"},
        {-24, "37"},
        {-25, "38 18"},
        {-256, "38 ff"},
        {-257, "39 0100"},
        {-65537, "3a 00010000"},
        {-4294967297, "3b 0000000100000000"},
        {INT64_MIN, "3b 7fffffffffffffff"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct jz_writer w;
        jz_writer_init(&w, buffer, sizeof buffer);
        jz_write_int(&w, cases[i].value);
        assert_written(&w, cases[i].hex);
    }
}

static void every_call_writes_its_item(void **state) {
    (void)state;
    struct jz_writer w;
    jz_writer_init(&w, buffer, sizeof buffer);
    jz_write_map(&w, 2);
    jz_write_uint(&w, 0);
    jz_write_array(&w, 4);
    jz_write_bool(&w, true);
    jz_write_bool(&w, false);
    jz_write_null(&w);
    jz_write_cstr(&w, "京");
    jz_write_uint(&w, 1);
    jz_write_bytes(&w, (const uint8_t *)"\1\2", 2);
    assert_written(&w, "a2 00 84 f5 f4 f6 63 e4baac 01 42 0102");
}

static void the_first_error_sticks(void **state) {
    (void)state;
    struct jz_writer w;
    jz_writer_init(&w, buffer, 3);
    jz_write_uint(&w, 1000);
    assert_int_equal(w.status, JZ_OK);
    jz_write_uint(&w, 0);
    assert_int_equal(w.status, JZ_E_BUFFER);
    jz_write_text(&w, (struct jz_text){"\xff", 1});
    assert_int_equal(w.status, JZ_E_BUFFER);
    assert_int_equal(w.used, 3);
}

static void text_that_is_not_utf8_is_not_written(void **state) {
    (void)state;
    struct jz_writer w;
    jz_writer_init(&w, buffer, sizeof buffer);
    jz_write_text(&w, (struct jz_text){"a\xc3", 2});
    assert_int_equal(w.status, JZ_E_UTF8);
    assert_int_equal(w.used, 0);
}

static void encoded_items_go_in_as_they_are_and_only_whole(void **state) {
    (void)state;
    struct jz_writer w;
    jz_writer_init(&w, buffer, 3);
    jz_write_encoded(&w, (const uint8_t *)"\x01\x02", 2);
    jz_write_encoded(&w, NULL, 0);
    assert_int_equal(w.used, 2);
    jz_write_encoded(&w, (const uint8_t *)"\x03\x04", 2);
    assert_int_equal(w.status, JZ_E_BUFFER);
    assert_int_equal(w.used, 2);
    assert_memory_equal(buffer, "\x01\x02", 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_take_the_shortest_form),
        cmocka_unit_test(every_call_writes_its_item),
        cmocka_unit_test(the_first_error_sticks),
        cmocka_unit_test(text_that_is_not_utf8_is_not_written),
        cmocka_unit_test(encoded_items_go_in_as_they_are_and_only_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
