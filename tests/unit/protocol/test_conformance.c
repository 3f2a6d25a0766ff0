/* SPDX-License-Identifier: Apache-2.0 */
/* Published CBOR vectors (tests/data/conformance/SOURCES.md). Each is the value of an unknown key, which a decoder
 * skips, so the scan alone decides: {0: 11, 100: item}. A line is "hex status"; without status: any refusal. */
#include "jingzhu/codec.h"

#include "hex.h"

static enum jz_status scan_item(const char *hex) {
    static struct hex_bytes item;
    static struct jz_scan scan;
    uint8_t message[1024] = {0xa2, 0x00, 0x0b, 0x18, 0x64};
    hex_parse(hex, &item);
    assert_true(item.bytes + 5 <= sizeof message);
    memcpy(message + 5, item.data, item.bytes);
    return jz_message_scan(message, item.bytes + 5, &scan);
}

static void check_line(char *line) {
    char *expected = strchr(line, ' ');
    if (expected) *expected++ = 0;
    enum jz_status status = scan_item(line);
    bool as_expected = expected ? strcmp(jz_status_name(status), expected) == 0 : status != JZ_OK;
    if (!as_expected)
        fail_msg("%s: %s, not %s", line, jz_status_name(status), expected ? expected : "refused");
}

static unsigned check_file(const char *path) {
    char *text = read_text(path), *rest = NULL;
    unsigned lines = 0;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        if (line[0] == '#') continue;
        check_line(line);
        lines++;
    }
    free(text);
    return lines;
}

static void everything_not_well_formed_is_refused(void **state) {
    (void)state;
    assert_int_equal(check_file("tests/data/conformance/not_well_formed_hex.txt"), 42);
}

static void well_formed_items_pass_or_get_the_error_for_what_we_do_not_use(void **state) {
    (void)state;
    assert_int_equal(check_file("tests/data/conformance/appendix_a.txt"), 82);
}

static void encodings_that_are_not_deterministic_are_refused(void **state) {
    (void)state;
    assert_int_equal(check_file("tests/data/conformance/dcbor.txt"), 34);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_not_well_formed_is_refused),
        cmocka_unit_test(well_formed_items_pass_or_get_the_error_for_what_we_do_not_use),
        cmocka_unit_test(encodings_that_are_not_deterministic_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
