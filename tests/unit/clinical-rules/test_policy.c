/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever a clinical board may set, the packs' own tests still hold on both sides of it. */
#include "support.h"

struct overlay {
    char *text;
    size_t bytes, room;
};

__attribute__((format(printf, 2, 3))) static void put(struct overlay *o, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int wrote = vsnprintf(o->text + o->bytes, o->room - o->bytes, format, args);
    va_end(args);
    assert_true(wrote > 0 && (size_t)wrote < o->room - o->bytes);
    o->bytes += (size_t)wrote;
}

/* site/policy.yaml with every number at one end of what is permitted. */
static void write_all(struct overlay *o, const struct jz_program *program, bool at_max) {
    put(o, "pack: site/policy\ntitle: {zh: 设置, en: settings}\nrules: {}\npolicy:\n");
    for (uint32_t i = 0; i < jz_program_policy_count(program); i++) {
        const struct jz_policy_info *p = jz_program_policy(program, i);
        put(o, "  %s: {value: %lld%s, by: a, date: \"2026-01-01\", why: test}\n", p->name,
            (long long)(at_max ? p->max : p->min), strcmp(p->unit, "s") == 0 ? " s" : "");
    }
}

static void all_tests_pass_with_every_number_at(bool at_max) {
    struct packs packs;
    struct jz_pack_tests tests;
    struct jz_pack_error error = {0};
    struct overlay o = {calloc(1, 65536), 0, 65536};
    struct jz_program *program = program_of_tree();
    assert_true(jz_program_policy_count(program) > 0);
    write_all(&o, program, at_max);
    jz_program_free(program);
    packs_read(&packs);
    size_t site = 0;
    while (site < packs.count && strcmp(packs.source[site].name, "site/policy.yaml") != 0) site++;
    assert_true(site < packs.count);
    free((void *)(uintptr_t)packs.source[site].yaml);
    packs.source[site].yaml = o.text;
    packs.source[site].bytes = o.bytes;
    enum jz_status status = jz_pack_tests_run(packs.source, packs.count, &tests, &error);
    if (error.line) fail_msg("%s:%d:%d: %s", error.file, error.line, error.column, error.text);
    if (status != JZ_OK)
        fail_msg("%s:%d: %s", tests.failure[0].file, tests.failure[0].line, tests.failure[0].text);
    assert_true(tests.tests > 1000);
    packs_free(&packs);
}

static void every_number_may_be_set_to_its_least(void **state) {
    (void)state;
    all_tests_pass_with_every_number_at(false);
}

static void every_number_may_be_set_to_its_greatest(void **state) {
    (void)state;
    all_tests_pass_with_every_number_at(true);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_may_be_set_to_its_least),
        cmocka_unit_test(every_number_may_be_set_to_its_greatest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
