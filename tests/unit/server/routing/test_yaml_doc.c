/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "yaml_doc.h"

static struct jz_doc yaml;
static struct jz_pack_error error;

static struct fy_node *open_text(const char *text) {
    return jz_doc_open(&yaml, "t.yaml", text, strlen(text), 1024, &error);
}

static int teardown(void **state) {
    (void)state;
    jz_doc_close(&yaml);
    return 0;
}

static void decimals_become_degrees_exactly(void **state) {
    static const struct {
        const char *text;
        bool good;
        int32_t e7;
    } rows[] = {{"0", true, 0},
                {"90", true, 900000000},
                {"-90", true, -900000000},
                {"89.9999999", true, 899999999},
                {"26.5705", true, 265705000},
                {"-0.0000001", true, -1},
                {"90.0000001", false, 0},
                {"1000", false, 0},
                {"+1", false, 0},
                {".5", false, 0},
                {"1.", false, 0},
                {"1.12345678", false, 0},
                {"1,5", false, 0},
                {"-", false, 0},
                {"\"1 \"", false, 0},
                {"0x1", false, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[64];
        snprintf(text, sizeof text, "a: %s", rows[i].text);
        struct fy_node *root = open_text(text);
        assert_int_equal(jz_doc_degrees(&yaml, jz_doc_get(&yaml, root, "a"), "a", 90), rows[i].e7);
        if ((yaml.status == JZ_OK) != rows[i].good) fail_msg("%s", rows[i].text);
        jz_doc_close(&yaml);
    }
}

static void whole_numbers_keep_their_bounds(void **state) {
    static const struct {
        const char *text;
        bool good;
    } rows[] = {{"5", true},    {"10", true},  {"4", false}, {"11", false},   {"0000000000005", false},
                {"5.0", false}, {"-5", false}, {"x", false}, {"\"\"", false}, {"[5]", false}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[64];
        snprintf(text, sizeof text, "a: %s", rows[i].text);
        struct fy_node *root = open_text(text);
        uint32_t value = jz_doc_uint(&yaml, jz_doc_get(&yaml, root, "a"), "a", 5, 10);
        if ((yaml.status == JZ_OK) != rows[i].good) fail_msg("%s", rows[i].text);
        assert_true(value >= 5 && value <= 10);
        jz_doc_close(&yaml);
    }
}

static void the_first_error_sticks(void **state) {
    char text[4] = "xxx";
    (void)state;
    struct fy_node *root = open_text("a: 1\nb: 2\n");
    jz_doc_fail(&yaml, jz_doc_get(&yaml, root, "b"), "first");
    jz_doc_fail(&yaml, NULL, "second");
    assert_string_equal(error.text, "first");
    assert_int_equal(error.line, 2);
    assert_int_equal(error.column, 4);
    assert_null(jz_doc_get(&yaml, root, "a"));
    jz_doc_text(&yaml, root, "a", text, sizeof text);
    assert_string_equal(text, "");
    jz_doc_no_memory(&yaml);
    assert_int_equal(yaml.status, JZ_E_CONFIG);
}

static void an_empty_collection_is_placed_at_its_parent(void **state) {
    (void)state;
    struct fy_node *root = open_text("\n a: {}\n");
    jz_doc_need(&yaml, jz_doc_mapping(&yaml, root, "a"), "b");
    assert_int_equal(yaml.status, JZ_E_CONFIG);
    assert_int_equal(error.line, 2);
    assert_int_equal(error.column, 2);
}

static void texts_fill_their_buffer_and_no_more(void **state) {
    char four[4];
    (void)state;
    struct fy_node *root = open_text("a: abc\nb: abcd\n");
    jz_doc_text(&yaml, jz_doc_get(&yaml, root, "a"), "a", four, sizeof four);
    assert_string_equal(four, "abc");
    jz_doc_text(&yaml, jz_doc_get(&yaml, root, "b"), "b", four, sizeof four);
    assert_string_equal(four, "");
    assert_non_null(strstr(error.text, "longer than 3 bytes"));
}

static void a_zero_byte_in_a_text_is_refused(void **state) {
    char out[16];
    (void)state;
    struct fy_node *root = open_text("a: \"x\\0y\"\n");
    jz_doc_text(&yaml, jz_doc_get(&yaml, root, "a"), "a", out, sizeof out);
    assert_int_equal(yaml.status, JZ_E_CONFIG);
}

static void closing_twice_does_no_harm(void **state) {
    (void)state;
    assert_non_null(open_text("a: 1"));
    jz_doc_close(&yaml);
    assert_null(yaml.document);
    assert_null(yaml.diag);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(decimals_become_degrees_exactly, teardown),
        cmocka_unit_test_teardown(whole_numbers_keep_their_bounds, teardown),
        cmocka_unit_test_teardown(the_first_error_sticks, teardown),
        cmocka_unit_test_teardown(an_empty_collection_is_placed_at_its_parent, teardown),
        cmocka_unit_test_teardown(texts_fill_their_buffer_and_no_more, teardown),
        cmocka_unit_test_teardown(a_zero_byte_in_a_text_is_refused, teardown),
        cmocka_unit_test_teardown(closing_twice_does_no_harm, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
