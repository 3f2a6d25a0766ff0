/* SPDX-License-Identifier: Apache-2.0 */
/* A birth over the project's own packs: what the core writes into both charts is what their rules read. */
#include "stage.h"

#include "fake_rules.h"
#include "own_packs.h"
#include "state.h"

static struct jz_program *program;

static int compile(void **state) {
    (void)state;
    program = own_packs();
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

static const char *level_of(struct stage *s, uint32_t slot, const char *rule) {
    uint32_t index = jz_program_rule_by_id(program, rule);
    assert_int_not_equal(index, UINT32_MAX);
    const struct jz_rule_result *r = &s->core->encounter[slot].chart.result[index];
    if (r->status != JZ_RULE_FIRED || r->level == JZ_LEVEL_NONE) return "";
    return jz_program_level(program, index, r->level)->id;
}

static void deliver(struct stage *s) {
    struct jz_peer dispatcher = stage_dispatcher("王调度");
    stage_action(s, &dispatcher, 1,
                 &(struct jz_action){.what = JZ_ACTION_BIRTH, .has_other = true, .other = stage_patient(2)});
    assert_int_equal(s->out.status, JZ_OK);
}

static void by_the_rules_the_child_is_a_newborn_and_its_mother_has_given_birth(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    stage_fact(s, 1, "pregnancy", 2);
    assert_string_equal(level_of(s, 0, "OB-STATUS"), "pregnant");
    deliver(s);
    assert_string_equal(level_of(s, 0, "OB-STATUS"), "postpartum");
    assert_string_equal(level_of(s, 0, "NB-NEWBORN"), "");
    assert_string_equal(level_of(s, 1, "NB-NEWBORN"), "newborn");
    assert_string_equal(level_of(s, 1, "OB-STATUS"), "");
}

static void the_minute_to_the_first_breath_runs_from_birth(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    deliver(s);
    int64_t born = s->now;
    stage_wait(s, 10000);
    stage_finding(s, 2, "nb_breathing", 0);
    assert_string_equal(level_of(s, 1, "NB-PPV-60"), "running");
    assert_int_equal(s->core->encounter[1].clock_wake_ms, born + 30000); /* half of it */
    stage_wait(s, 51000);                                                /* whole seconds: 60 are in time */
    assert_string_equal(level_of(s, 1, "NB-PPV-60"), "overdue");
    assert_int_equal(s->core->encounter[1].priority, 1);
    assert_int_equal(s->core->encounter[0].priority, 5); /* hers is her own */
}

#define test(f) cmocka_unit_test_setup_teardown(f, stage_open, stage_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(by_the_rules_the_child_is_a_newborn_and_its_mother_has_given_birth),
        test(the_minute_to_the_first_breath_runs_from_birth),
    };
    return cmocka_run_group_tests(tests, compile, release);
}
