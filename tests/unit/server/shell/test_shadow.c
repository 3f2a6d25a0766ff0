/* SPDX-License-Identifier: Apache-2.0 */
/* Two packs that differ in one bound, over one patient: what is logged, how often, and that nothing else
 * happens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "event_log.h"
#include "shadow.h"

#define NOON INT64_C(1767225600000)
#define RULE(id, bound)                                                                                      \
    "  - id: " id "\n"                                                                                       \
    "    version: 1.0.0\n"                                                                                   \
    "    title: {zh: 示例, en: Example}\n"                                                                 \
    "    source: test\n"                                                                                     \
    "    mark: PROJ\n"                                                                                       \
    "    sign_off: {by: \"\", date: \"\"}\n"                                                                 \
    "    levels:\n"                                                                                          \
    "      - {id: high, when: sbp >= " bound                                                                 \
    ", title: {zh: 高, en: High}, action: {zh: 处理, en: Act}, mark: PROJ}\n"                             \
    "    tests:\n"                                                                                           \
    "      - {id: " id "-1, given: {}, vary: sbp, levels: {" bound ": high}}\n"
#define PACK(rules)                                                                                          \
    "pack: example\n"                                                                                        \
    "title: {zh: 示例, en: Example}\n"                                                                     \
    "population: {for: {zh: 全部, en: all}, not_for: {zh: 无, en: none}}\n"                               \
    "inputs:\n"                                                                                              \
    "  sbp: {unit: \"mm[Hg]\", fresh: 15 min, mark: PROJ}\n"                                                 \
    "rules:\n" rules

struct scene {
    struct jz_program *active;
    struct jz_core *core;
    void *memory;
    struct jz_shadow *shadow;
    uint64_t seq;
    char last[JZ_LOG_LINE_BYTES_MAX];
    uint32_t lines;
};
static struct jz_outcome out;

static void keep_line(void *context, const char *line) {
    struct scene *s = context;
    s->lines++;
    snprintf(s->last, sizeof s->last, "%s", line);
}

static struct jz_program *compile(const char *yaml) {
    struct jz_pack_source pack = {"example.yaml", yaml, strlen(yaml)};
    struct jz_program *program;
    struct jz_pack_error error;
    if (jz_program_compile(&pack, 1, &program, &error) != JZ_OK)
        fail_msg("%s:%d:%d: %s", error.file, error.line, error.column, error.text);
    return program;
}

static int setup(void **state) {
    static struct scene s;
    struct jz_core_limits limits = {4, 4};
    s = (struct scene){.active = compile(PACK(RULE("EX-1", "160")))};
    s.memory = aligned_alloc(16, (jz_core_bytes(&limits) + 15u) & ~(size_t)15u);
    assert_non_null(s.memory);
    memset(s.memory, 0, jz_core_bytes(&limits));
    s.core = jz_core_init(s.memory, &limits);
    struct jz_event packs = {.kind = JZ_EVENT_PACKS, .received_ms = NOON, .program = s.active};
    jz_core_apply(s.core, &packs, &out);
    s.shadow = jz_shadow_open(4);
    assert_non_null(s.shadow);
    jz_log_sink(keep_line, &s);
    *state = &s;
    return 0;
}

static int teardown(void **state) {
    struct scene *s = *state;
    jz_log_sink(NULL, NULL);
    jz_shadow_close(s->shadow);
    jz_program_free(s->active);
    free(s->memory);
    return 0;
}

static void sbp(struct scene *s, int32_t mmhg) {
    struct jz_frame frame = {.kind = JZ_FRAME_VITALS,
                             .lane = JZ_LANE_VITALS,
                             .seq = ++s->seq,
                             .at_ms = NOON + (int64_t)s->seq * 1000,
                             .has_encounter = true,
                             .encounter = {{1, 0, 1}}};
    frame.vitals.count = 1;
    frame.vitals.item[0] = (struct jz_fact){150021, mmhg};
    struct jz_event event = {.kind = JZ_EVENT_FRAME,
                             .received_ms = frame.at_ms,
                             .epoch = 1,
                             .frame = &frame,
                             .peer = {.id = {7}, .kind = JZ_PEER_DEVICE}};
    jz_core_apply(s->core, &event, &out);
    assert_int_equal(out.status, JZ_OK);
    jz_shadow_look(s->shadow, s->core, 0);
}

static void a_difference_is_told_once_and_again_when_it_is_another(void **state) {
    struct scene *s = *state;
    jz_shadow_set(s->shadow, s->active, compile(PACK(RULE("EX-1", "150"))));
    sbp(s, 140);
    assert_int_equal(s->lines, 0);
    sbp(s, 155);
    sbp(s, 156);
    /* The active rule's result is the same at 140 and 155, so nobody looked: between changes a shadow costs
     * nothing. */
    assert_int_equal(s->lines, 0);
    sbp(s, 165);
    assert_int_equal(s->lines, 0); /* both have fired */
    sbp(s, 155);
    assert_int_equal(s->lines, 1);
    assert_non_null(strstr(s->last, "\"name\":\"rules.shadow_differs\""));
    assert_non_null(strstr(s->last, "\"detail\":\"EX-1: active -, shadow high\""));
    sbp(s, 156);
    assert_int_equal(s->lines, 1);
    sbp(s, 165);
    sbp(s, 155);
    assert_int_equal(s->lines, 2);
    assert_int_equal(jz_shadow_differences(s->shadow), 2);
}

static void rules_that_only_one_of_them_has_are_differences_when_they_fire(void **state) {
    struct scene *s = *state;
    jz_shadow_set(s->shadow, s->active, compile(PACK(RULE("EX-2", "150"))));
    sbp(s, 170);
    assert_int_equal(s->lines, 2);
    assert_non_null(strstr(s->last, "\"detail\":\"EX-1: active high, shadow has no such rule\""));
    sbp(s, 120);
    assert_int_equal(s->lines, 2);
}

static void without_shadow_packs_nothing_is_looked_at(void **state) {
    struct scene *s = *state;
    sbp(s, 170);
    jz_shadow_set(s->shadow, s->active, NULL);
    sbp(s, 120);
    assert_int_equal(s->lines, 0);
}

static void the_core_decides_the_same_with_and_without(void **state) {
    struct scene *s = *state;
    sbp(s, 170);
    uint32_t before = out.decision_count;
    jz_shadow_set(s->shadow, s->active, compile(PACK(RULE("EX-1", "100"))));
    sbp(s, 120);
    assert_int_equal(before, 1);
    assert_int_equal(out.decision_count, 1); /* no longer fired, whatever the shadow says */
    assert_int_equal(s->lines, 1);
}

#define ON_SCENE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_SCENE(a_difference_is_told_once_and_again_when_it_is_another),
        ON_SCENE(rules_that_only_one_of_them_has_are_differences_when_they_fire),
        ON_SCENE(without_shadow_packs_nothing_is_looked_at),
        ON_SCENE(the_core_decides_the_same_with_and_without),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
