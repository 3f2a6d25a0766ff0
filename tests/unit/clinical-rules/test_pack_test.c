/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

static void every_test_in_every_pack_of_the_tree_passes(void **state) {
    (void)state;
    struct packs packs;
    struct jz_pack_tests result;
    struct jz_pack_error error = {0};
    packs_read(&packs);
    enum jz_status status = jz_pack_tests_run(packs.source, packs.count, &result, &error);
    packs_free(&packs);
    if (result.failed)
        fail_msg("%u failed; %s:%d:%d: %s", result.failed, result.first.file, result.first.line,
                 result.first.column, result.first.text);
    if (status != JZ_OK) fail_msg("%s:%d:%d: %s", error.file, error.line, error.column, error.text);
    assert_int_equal(result.rules, 8);
    assert_true(result.tests > 150);
}

static void a_wrong_expectation_is_reported_at_its_line(void **state) {
    (void)state;
    struct jz_pack_tests result;
    struct jz_pack_error error = {0};
    static const char *const wrong =
        "pack: x\ntitle: {zh: x, en: x}\ninputs: {chest_pain: {unit: \"{bool}\"}}\nrules:\n"
        "  - id: X\n    version: 1.0.0\n    title: {zh: x, en: x}\n    source: s\n"
        "    mark: S\n    sign_off: {by: \"\", date: \"\"}\n    levels:\n"
        "      - {id: a, when: chest_pain = yes, title: {zh: x, en: x},"
        " action: {zh: x, en: x}, mark: S}\n    tests:\n"
        "      - {id: X1, given: {chest_pain: yes}, expect: {status: fired}}\n"
        "      - {id: X2, given: {chest_pain: no}, expect: {status: fired}}\n";
    struct jz_pack_source one = {"x.yaml", wrong, strlen(wrong)};
    assert_int_equal(jz_pack_tests_run(&one, 1, &result, &error), JZ_E_PACK);
    assert_int_equal(result.tests, 2);
    assert_int_equal(result.failed, 1);
    assert_int_equal(result.first.line, 15);
    assert_non_null(strstr(result.first.text, "test X2: status is 2, expected 1"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_test_in_every_pack_of_the_tree_passes),
                                       cmocka_unit_test(a_wrong_expectation_is_reported_at_its_line)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
