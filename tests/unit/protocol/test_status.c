/* SPDX-License-Identifier: Apache-2.0 */
#include "jingzhu/status.h"

#include "jingzhu/limits.h"

#include "hex.h"

#define ROW(name, number, text) {name, number, #name, text},
static const struct {
    enum jz_status status;
    int number;
    const char *name, *text;
} rows[] = {JZ_STATUS_LIST(ROW)};
enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

static void every_status_has_its_name_and_text(void **state) {
    (void)state;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        assert_string_equal(jz_status_name(rows[i].status), rows[i].name);
        assert_string_equal(jz_status_text(rows[i].status), rows[i].text);
    }
}

static void numbers_ascend_and_fit_the_error_frame(void **state) {
    (void)state;
    assert_int_equal(rows[0].number, 0);
    for (size_t i = 1; i < ROW_COUNT; i++) {
        assert_true(rows[i].number > rows[i - 1].number);
        assert_in_range(rows[i].number, 1, 999);
    }
}

static void a_number_that_is_none_of_ours_says_so(void **state) {
    (void)state;
    assert_string_equal(jz_status_name((enum jz_status)999), "JZ_?");
    assert_string_not_equal(jz_status_text((enum jz_status)999), jz_status_text(JZ_OK));
    assert_true(strlen(jz_status_text((enum jz_status)999)) > 0);
}

/* docs/protocol.md lists them all, so that a device maker need not read C. */
static void the_document_lists_every_status(void **state) {
    (void)state;
    char *document = read_text("docs/protocol.md"), row[256];
    for (size_t i = 1; i < ROW_COUNT; i++) {
        (void)snprintf(row, sizeof row, "| %d | `%s` | %s |", rows[i].number, rows[i].name, rows[i].text);
        if (!strstr(document, row)) fail_msg("docs/protocol.md lacks: %s", row);
    }
    free(document);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_its_name_and_text),
        cmocka_unit_test(numbers_ascend_and_fit_the_error_frame),
        cmocka_unit_test(a_number_that_is_none_of_ours_says_so),
        cmocka_unit_test(the_document_lists_every_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
