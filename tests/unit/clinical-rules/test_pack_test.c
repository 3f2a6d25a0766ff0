/* SPDX-License-Identifier: Apache-2.0 */
/* The tests that packs carry: run, reported, and tried for their sharpness. */
#include "support.h"

static struct jz_pack_tests report;
static struct jz_mutation mutation;

static void every_test_in_every_pack_of_the_tree_passes(void **state) {
    (void)state;
    struct packs packs;
    struct jz_pack_error error = {0};
    packs_read(&packs);
    enum jz_status status = jz_pack_tests_run(packs.source, packs.count, &report, &error);
    packs_free(&packs);
    for (uint32_t i = 0; i < report.listed; i++) {
        const struct jz_pack_error *f = &report.failure[i];
        print_error("%s:%d:%d: %s\n", f->file, f->line, f->column, f->text);
    }
    if (report.failed) fail_msg("%u of %u failed", report.failed, report.tests);
    if (status != JZ_OK) fail_msg("%s:%d:%d: %s", error.file, error.line, error.column, error.text);
    assert_true(report.rules >= 8);
    assert_true(report.tests > 150);
}

#define HEAD                                                                                                 \
    "pack: x\ntitle: {zh: x, en: x}\ninputs: {hr: {unit: /min}}\nrules:\n"                                   \
    "  - id: X\n    version: 1.0.0\n    title: {zh: x, en: x}\n    source: s\n    mark: S\n"                 \
    "    sign_off: {by: \"\", date: \"\"}\n    levels:\n"

static enum jz_status run(const char *yaml, struct jz_pack_error *error) {
    struct jz_pack_source one = {"x.yaml", yaml, strlen(yaml)};
    return jz_pack_tests_run(&one, 1, &report, error);
}

static enum jz_status mutate(const char *yaml, struct jz_pack_error *error) {
    struct jz_pack_source one = {"x.yaml", yaml, strlen(yaml)};
    return jz_pack_mutate(&one, 1, &mutation, error);
}

static void every_failure_is_reported_at_its_line(void **state) {
    (void)state;
    struct jz_pack_error error = {0};
    static const char yaml[] =
        HEAD "      - {id: a, when: hr >= 100, priority: 3, title: {zh: x, en: x}}\n    tests:\n"
             "      - {id: X1, given: {hr: 100}, expect: {status: fired, priority: 2}}\n"
             "      - {id: X2, given: {hr: 99}, expect: {status: fired, level: a}}\n"
             "      - {id: X3, given: {hr: 98}, expect: {status: maybe}}\n"
             "      - {id: X4, given: {hr: 97}, expect: {status: not_fired}}\n"
             "      - {id: X5, vary: hr, levels: {101: a, 96: a}}\n";
    assert_int_equal(run(yaml, &error), JZ_E_PACK);
    assert_int_equal(report.tests, 5); /* X3 is malformed, X5 counts twice */
    assert_int_equal(report.failed, 4);
    assert_int_equal(report.listed, 4);
    assert_int_equal(report.uncovered, 0);
    static const struct {
        int line;
        const char *text;
    } wants[] = {{16, "'maybe' is no status"},
                 {14, "test X1: priority is 3, expected 2"},
                 {15, "test X2: status is not_fired, expected fired; level is none, expected a"},
                 {18, "test X5, hr 96: level is none, expected a"}};
    for (uint32_t i = 0; i < report.listed; i++) {
        assert_int_equal(report.failure[i].line, wants[i].line);
        if (!strstr(report.failure[i].text, wants[i].text)) fail_msg("%s", report.failure[i].text);
    }
}

static void failures_beyond_the_list_are_counted(void **state) {
    (void)state;
    static char yaml[16384] = HEAD "      - {id: a, when: hr >= 100, title: {zh: x, en: x}}\n    tests:\n";
    struct jz_pack_error error = {0};
    for (uint32_t i = 0; i < JZ_PACK_FAILURES_MAX + 6; i++)
        strcat(yaml, "      - {id: X, given: {hr: 90}, expect: {status: fired}}\n");
    assert_int_equal(run(yaml, &error), JZ_E_PACK);
    assert_int_equal(report.failed, JZ_PACK_FAILURES_MAX + 6 + 2);
    assert_int_equal(report.uncovered, 2);
    assert_int_equal(report.listed, JZ_PACK_FAILURES_MAX);
}

static void a_pack_that_does_not_compile_has_an_error_and_no_failures(void **state) {
    (void)state;
    struct jz_pack_error error = {0};
    assert_int_equal(
        run(HEAD "      - {id: a, when: rr >= 100, title: {zh: x, en: x}}\n    tests: []\n", &error),
        JZ_E_PACK);
    assert_int_equal(report.failed, 0);
    assert_int_equal(error.line, 12);
}

static void rules_are_tested_as_if_they_were_enabled(void **state) {
    (void)state;
    struct jz_pack_error error = {0};
    static const char yaml[] =
        HEAD "      - {id: a, when: hr >= 100, title: {zh: x, en: x}}\n    enabled: no\n    why: w\n"
             "    tests:\n      - {id: X1, vary: hr, levels: {100: a, 99: none}}\n"
             "  - {id: Y, version: 1.0.0, title: {zh: x, en: x}, source: s, mark: S,\n"
             "     sign_off: {by: \"\", date: \"\"},\n"
             "     levels: [{id: b, when: rule.X, title: {zh: x, en: x}}],\n"
             "     tests: [{id: Y1, given: {hr: 99}, expect: {status: not_fired}},\n"
             "             {id: Y2, given: {hr: 100}, expect: {status: fired}}]}\n";
    if (run(yaml, &error) != JZ_OK) fail_msg("%s %s", error.text, report.failure[0].text);
    assert_int_equal(report.rules, 2);
    assert_int_equal(report.tests, 4);
}

static void a_mutant_that_no_test_kills_is_named(void **state) {
    (void)state;
    struct jz_pack_error error = {0};
    static const char yaml[] =
        HEAD "      - {id: a, when: hr >= 100, priority: 3, title: {zh: x, en: x}}\n    tests:\n"
             "      - {id: X1, given: {hr: 100}, expect: {status: fired}}\n"
             "      - {id: X2, given: {hr: 99}, expect: {status: not_fired}}\n";
    assert_int_equal(mutate(yaml, &error), JZ_OK);
    assert_int_equal(mutation.rules, 1);
    assert_string_equal(mutation.rule[0].id, "X");
    assert_int_equal(mutation.mutants, 4); /* 99, 101 and priorities 2, 4 */
    assert_int_equal(mutation.killed, 2);
    assert_int_equal(mutation.equivalent, 0);
    assert_int_equal(mutation.listed, 2);
    assert_string_equal(mutation.survivor[0].rule, "X");
    assert_string_equal(mutation.survivor[0].at.file, "x.yaml");
    assert_int_equal(mutation.survivor[0].at.line, 12);
    assert_non_null(strstr(mutation.survivor[0].at.text, "priority 3 of level a made 2"));
}

static void bounds_that_no_value_can_cross_are_equivalent(void **state) {
    (void)state;
    struct jz_pack_error error = {0};
    static const char yaml[] =
        HEAD "      - {id: a, when: hr >= 100, title: {zh: x, en: x}}\n"
             "      - {id: b, when: {any: [hr = 98, hr = 99]}, title: {zh: x, en: x}}\n    tests:\n"
             "      - {id: X1, vary: hr, levels: {100: a, 99: b, 98: b, 97: none}}\n"
             "      - {id: X2, given: {hr: 100}, expect: {status: fired, priority: 0}}\n"
             "      - {id: X3, given: {hr: 99}, expect: {status: fired, priority: 0}}\n";
    assert_int_equal(mutate(yaml, &error), JZ_OK);
    assert_int_equal(mutation.mutants, mutation.killed);
    /* 98 widened to 99 and 99 to 98 are in the other comparison; 99 widened to 100 is in the level before. */
    assert_int_equal(mutation.equivalent, 3);
}

static void an_error_in_what_a_memory_judges_is_noticed(void **state) {
    (void)state;
    struct jz_pack_error error = {0};
    static const char yaml[] =
        "pack: x\ntitle: {zh: x, en: x}\ninputs: {hr: {unit: /min}}\n"
        "define: {fast: {when: hr >= 100, source: t, mark: PROJ}}\nrules:\n"
        "  - id: X\n    version: 1.0.0\n    title: {zh: x, en: x}\n    source: s\n    mark: S\n"
        "    sign_off: {by: \"\", date: \"\"}\n    levels:\n"
        "      - {id: a, when: {repeated: fast, apart: 1 min}, title: {zh: x, en: x}}\n    tests:\n"
        "      - {id: X1, readings: [{at: 0:00, hr: 100}, {at: 1:00, hr: 100}], expect: {status: fired, "
        "priority: 0}}\n"
        "      - {id: X2, readings: [{at: 0:00, hr: 99}, {at: 1:00, hr: 100}], expect: {status: "
        "cannot_evaluate}}\n"
        "      - {id: X3, readings: [{at: 0:00, hr: 100}, {at: 0:59, hr: 100}], expect: {status: "
        "cannot_evaluate}}\n";
    if (mutate(yaml, &error) != JZ_OK) fail_msg("%d: %s", error.line, error.text);
    assert_true(mutation.mutants >= 4);
    if (mutation.listed) fail_msg("%s", mutation.survivor[0].at.text);
}

static void packs_with_a_failing_test_are_not_mutated(void **state) {
    (void)state;
    struct jz_pack_error error = {0};
    static const char yaml[] = HEAD "      - {id: a, when: hr >= 100, title: {zh: x, en: x}}\n    tests:\n"
                                    "      - {id: X1, given: {hr: 100}, expect: {status: not_fired}}\n";
    assert_int_equal(mutate(yaml, &error), JZ_E_PACK);
    assert_int_equal(error.line, 14);
    assert_non_null(strstr(error.text, "test X1 fails without any change"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_test_in_every_pack_of_the_tree_passes),
        cmocka_unit_test(every_failure_is_reported_at_its_line),
        cmocka_unit_test(failures_beyond_the_list_are_counted),
        cmocka_unit_test(a_pack_that_does_not_compile_has_an_error_and_no_failures),
        cmocka_unit_test(rules_are_tested_as_if_they_were_enabled),
        cmocka_unit_test(a_mutant_that_no_test_kills_is_named),
        cmocka_unit_test(bounds_that_no_value_can_cross_are_equivalent),
        cmocka_unit_test(an_error_in_what_a_memory_judges_is_noticed),
        cmocka_unit_test(packs_with_a_failing_test_are_not_mutated)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
