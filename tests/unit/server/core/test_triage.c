/* SPDX-License-Identifier: Apache-2.0 */
/* The core over the real engine, with one rule that waits for a repeat: time alone can make its question due. */
#include "stage.h"

#include <string.h>

#include "fake_rules.h"
#include "jingzhu/field.h"
#include "state.h"

/* The least that a rule of a pack can be. Compiling does not run its tests. */
static const char pack[] =
    "pack: test/repeat\n"
    "title: {zh: 复测, en: repeat}\n"
    "population: {for: {zh: 人, en: people}, not_for: {zh: 无, en: nobody}}\n"
    "inputs:\n"
    "  sbp: {unit: \"mm[Hg]\"}\n"
    "define:\n"
    "  high: {when: sbp >= 160, source: test, mark: PROJ}\n"
    "rules:\n"
    "  - id: TWICE\n"
    "    version: 1.0.0\n"
    "    title: {zh: 两次, en: twice}\n"
    "    source: test\n"
    "    mark: PROJ\n"
    "    sign_off: {by: \"\", date: \"\"}\n"
    "    levels:\n"
    "      - {id: yes, when: {repeated: high, apart: 10 min}, priority: 2, title: {zh: 级, en: level},\n"
    "         action: {zh: 做, en: act}, mark: PROJ}\n"
    "    tests: [{id: t, given: {sbp: 100}, expect: {status: not_fired}}]\n";
#define APART (10 * MINUTE)

static struct jz_program *program;

static int compile(void **state) {
    (void)state;
    struct jz_pack_source source = {"test/repeat.yaml", pack, sizeof pack - 1};
    struct jz_pack_error error = {.text = ""};
    if (jz_program_compile(&source, 1, &program, &error) != JZ_OK) fail_msg("%s", error.text);
    return 0;
}

static int release(void **state) {
    (void)state;
    jz_program_free(program);
    return 0;
}

/* What the stage activates. */
const struct jz_program *fake_program(void) {
    return program;
}
const struct jz_program *fake_program_reversed(void) {
    return program;
}
const struct jz_program *fake_program_crowd(void) {
    return program;
}

static void the_question_is_looked_for_again_when_time_makes_a_repeat_due(void **state) {
    struct stage *s = *state;
    uint32_t sbp = jz_field_by_name("sbp");
    stage_open_patient(s, 1, false);
    const struct jz_encounter *e = &s->core->encounter[0];
    assert_int_equal(e->directive_measure, sbp);
    stage_sbp(s, 1, 170);
    struct jz_rule_result result = e->chart.result[0];
    assert_int_equal(result.status, JZ_RULE_CANNOT_EVALUATE);
    assert_int_equal(e->measure, JZ_FIELD_NONE); /* measured once more now it would be no repeat */
    stage_wait(s, APART - 1);
    assert_int_equal(e->measure, JZ_FIELD_NONE);
    stage_wait(s, 1);
    assert_memory_equal(&e->chart.result[0], &result, sizeof result); /* no rule became more or less urgent */
    assert_int_equal(e->measure, sbp);
    assert_int_equal(e->directive_measure, sbp);
    stage_sbp(s, 1, 165);
    assert_int_equal(e->chart.result[0].status, JZ_RULE_FIRED);
    assert_int_equal(e->priority, 2);
    assert_int_equal(e->measure, JZ_FIELD_NONE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_question_is_looked_for_again_when_time_makes_a_repeat_due,
                                        stage_open, stage_close),
    };
    return cmocka_run_group_tests(tests, compile, release);
}
