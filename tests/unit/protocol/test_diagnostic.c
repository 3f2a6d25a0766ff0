/* SPDX-License-Identifier: Apache-2.0 */
#include "jingzhu/codec.h"

#include "hex.h"

struct diagnostic_case {
    const char *hex, *text;
};

static void items_are_printed_as_rfc_8949_section_8_says(void **state) {
    (void)state;
    static const struct diagnostic_case cases[] = {
        {"00", "0"},
        {"1b ffffffffffffffff", "18446744073709551615"},
        {"20", "-1"},
        {"3b ffffffffffffffff", "-18446744073709551616"},
        {"40", "h''"},
        {"43 00a1ff", "h'00a1ff'"},
        {"60", "\"\""},
        {"63 e4baac", "\"京\""},
        {"64 225c0a7f", "\"\\\"\\\\\\u000a\\u007f\""},
        {"65 c29b 32 c2a0", "\"\\u009b2\xc2\xa0\""}, /* a C1 control could drive a terminal */
        {"80", "[]"},
        {"a0", "{}"},
        {"83 f5 f4 f6", "[true, false, null]"},
        {"a2 00 0b 01 82 a0 81 20", "{0: 11, 1: [{}, [-1]]}"},
    };
    static struct hex_bytes item;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[128];
        size_t written, length = strlen(cases[i].text);
        hex_parse(cases[i].hex, &item);
        assert_int_equal(jz_diagnostic(item.data, item.bytes, text, sizeof text, &written), JZ_OK);
        assert_string_equal(text, cases[i].text);
        assert_int_equal(written, length);
        assert_int_equal(jz_diagnostic(item.data, item.bytes, text, length + 1, &written), JZ_OK);
        assert_int_equal(jz_diagnostic(item.data, item.bytes, text, length, &written), JZ_E_BUFFER);
        assert_int_equal(written, 0);
        assert_string_equal(text, "");
    }
}

static void what_is_not_one_item_is_refused(void **state) {
    (void)state;
    static struct hex_bytes item;
    char text[64];
    size_t written;
    hex_parse("00 00", &item);
    assert_int_equal(jz_diagnostic(item.data, 2, text, sizeof text, &written), JZ_E_NOT_FRAME);
    assert_int_equal(jz_diagnostic(item.data, 0, text, sizeof text, &written), JZ_E_EMPTY);
    hex_parse("82 00", &item);
    assert_int_equal(jz_diagnostic(item.data, item.bytes, text, sizeof text, &written), JZ_E_TRUNCATED);
    hex_parse("81 81 81 81 81 81 80", &item);
    assert_int_equal(jz_diagnostic(item.data, item.bytes, text, sizeof text, &written), JZ_E_DEPTH);
    assert_int_equal(jz_diagnostic(item.data + 1, item.bytes - 1, text, sizeof text, &written), JZ_OK);
    assert_string_equal(text, "[[[[[[]]]]]]");
    assert_int_equal(jz_diagnostic(item.data + 6, 1, NULL, 0, &written), JZ_E_BUFFER);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_are_printed_as_rfc_8949_section_8_says),
        cmocka_unit_test(what_is_not_one_item_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
