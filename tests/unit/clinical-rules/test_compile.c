/* SPDX-License-Identifier: Apache-2.0 */
/* The program as a whole: order, hash, what is read out of it, and how much it may hold. */
#include "support.h"

#define TEXT_MAX (1024 * 1024)

static void the_hash_depends_on_names_and_bytes_not_on_order(void **state) {
    (void)state;
    struct packs packs;
    struct jz_program *one, *turned, *renamed;
    struct jz_pack_error error;
    packs_read(&packs);
    assert_int_equal(jz_program_compile(packs.source, packs.count, &one, &error), JZ_OK);
    struct jz_pack_source first = packs.source[0];
    packs.source[0] = packs.source[packs.count - 1];
    packs.source[packs.count - 1] = first;
    assert_int_equal(jz_program_compile(packs.source, packs.count, &turned, &error), JZ_OK);
    packs.source[0].name = "routing/other.yaml";
    assert_int_equal(jz_program_compile(packs.source, packs.count, &renamed, &error), JZ_OK);
    assert_memory_equal(jz_program_hash(one), jz_program_hash(turned), 32);
    assert_memory_not_equal(jz_program_hash(one), jz_program_hash(renamed), 32);
    for (uint32_t i = 0; i < jz_program_rule_count(one); i++)
        assert_string_equal(jz_program_rule(one, i)->id, jz_program_rule(turned, i)->id);
    jz_program_free(one);
    jz_program_free(turned);
    jz_program_free(renamed);
    packs_free(&packs);
}

static void two_packs_of_one_name_are_refused(void **state) {
    (void)state;
    struct jz_pack_source twice[] = {{"a.yaml", "x", 1}, {"a.yaml", "x", 1}};
    struct jz_program *program;
    struct jz_pack_error error;
    assert_int_equal(jz_program_compile(twice, 2, &program, &error), JZ_E_PACK);
    assert_non_null(strstr(error.text, "rename one"));
}

static void a_rule_is_read_out_as_its_pack_has_it(void **state) {
    (void)state;
    struct jz_program *program = program_of_tree();
    const struct jz_rule_info *info = jz_program_rule(program, rule_index(program, "GEN-NEWS2"));
    assert_string_equal(info->version, "1.0.0");
    assert_string_equal(info->title_en, "NEWS2 early warning score");
    assert_non_null(strstr(info->source, "Royal College of Physicians"));
    assert_false(info->signed_off);
    assert_int_equal(info->input_count, 11);
    assert_int_equal(info->input[0], field("rr"));
    assert_int_equal(info->input[10], field("pregnancy"));
    jz_program_free(program);
}

static void conditions_carry_needs_and_goals(void **state) {
    (void)state;
    struct jz_program *program = program_of_tree();
    assert_int_equal(jz_program_condition_count(program), 4);
    const struct jz_condition_info *r01 = jz_program_condition(program, 0);
    assert_string_equal(r01->id, "R01");
    assert_int_equal(r01->goal_s, 7200);
    assert_string_equal(r01->goal_milestone, "wire");
    assert_int_equal(r01->door_s, 5400);
    assert_int_equal(r01->must_count, 1);
    assert_string_equal(r01->must[0], "pci_24h");
    const struct jz_condition_info *htn = jz_program_condition(program, 1);
    assert_string_equal(htn->id, "OB-HTN");
    assert_int_equal(htn->goal_s, 0);
    assert_string_equal(htn->goal_milestone, "");
    assert_int_equal(htn->must_count, 3);
    jz_program_free(program);
}

/* --- limits: at the limit and one over -------------------------------------------------------------------- */

static char text[TEXT_MAX];
static size_t used;

static void add(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void add(const char *format, ...) {
    va_list list;
    va_start(list, format);
    int wrote = vsnprintf(text + used, sizeof text - used, format, list);
    va_end(list);
    assert_true(wrote >= 0 && (size_t)wrote < sizeof text - used);
    used += (size_t)wrote;
}

static void head(void) {
    used = 0;
    add("pack: p\ntitle: {zh: z, en: e}\ninputs:\n  hr: {unit: /min}\n");
}

static void rule_begin(const char *id) {
    add("  - id: %s\n    version: 1.0.0\n    title: {zh: z, en: e}\n    source: s\n    mark: S\n"
        "    sign_off: {by: \"\", date: \"\"}\n    levels:\n"
        "      - {id: l, title: {zh: z, en: e}, action: {zh: z, en: e}, mark: S, when: ",
        id);
}

static void rule_end(void) {
    add("}\n    tests:\n      - {id: T1, readings: [{at: 0:00, hr: 99}, {at: 1:00, hr: 100}], expect: "
        "{status: fired}}\n"
        "      - {id: T2, readings: [{at: 0:00, hr: 99}, {at: 0:59, hr: 100}, {at: 1:01, hr: 100}],"
        " expect: {status: fired}}\n");
}

static enum jz_status compiled(struct jz_pack_error *error) {
    struct jz_pack_source pack = {"p.yaml", text, used};
    struct jz_program *program;
    enum jz_status status = jz_program_compile(&pack, 1, &program, error);
    jz_program_free(program);
    return status;
}

static void many_rules(int count) {
    head();
    add("rules:\n");
    for (int i = 0; i < count; i++) {
        char id[16];
        snprintf(id, sizeof id, "R%d", i);
        rule_begin(id);
        add("hr >= 100");
        rule_end();
    }
}

static void many_operands(int count) {
    head();
    add("rules:\n");
    rule_begin("R");
    add("{any: [hr >= 100");
    for (int i = 1; i < count; i++) add(", hr >= 100");
    add("]}");
    rule_end();
}

static void many_steps(int count) {
    head();
    add("rules:\n");
    rule_begin("R");
    int nested = count - 1;
    for (int i = 0; i < nested; i++) add("{not: ");
    add("hr %s 100", nested % 2 ? "<" : ">=");
    for (int i = 0; i < nested; i++) add("}");
    rule_end();
}

/* Grouped, so that neither depth nor operands are what is too many. */
static void many_leaves(int groups) {
    head();
    add("rules:\n");
    rule_begin("R");
    add("{any: [hr >= 100");
    for (int i = 0; i < groups; i++) add(", {any: [hr >= 100, hr >= 100, hr >= 100, hr >= 100, hr >= 100]}");
    add("]}");
    rule_end();
}

static void many_temporals(int count) {
    head();
    add("define:\n");
    for (int i = 0; i < count; i++) add("  d%d: {when: hr >= 100, source: s, mark: S}\n", i);
    add("rules:\n");
    for (int i = 0; i < count; i++) {
        char id[16];
        snprintf(id, sizeof id, "R%d", i);
        rule_begin(id);
        add("{pending: d%d, apart: 1 min}", i);
        rule_end();
    }
}

static void many_definitions(int count) {
    head();
    add("define:\n");
    for (int i = 0; i < count; i++) add("  d%d: {when: hr >= 100, source: s, mark: S}\n", i);
    add("rules:\n");
    for (int r = 0; r < 3; r++) {
        char id[16];
        snprintf(id, sizeof id, "R%d", r);
        rule_begin(id);
        add("{any: [hr >= 100");
        for (int i = r * 25; i < count && i < r * 25 + 25; i++) add(", d%d", i);
        add("]}");
        rule_end();
    }
}

static void many_conditions(int count) {
    used = 0;
    add("pack: p\ntitle: {zh: z, en: e}\nconditions:\n");
    for (int i = 0; i < count; i++)
        add("  - {id: K%d, title: {zh: z, en: e}, source: s, mark: S, must: [], prefer: [], goal: 0, door: "
            "0}\n",
            i);
}

static void many_needs(int count) {
    used = 0;
    add("pack: p\ntitle: {zh: z, en: e}\nconditions:\n"
        "  - {id: K, title: {zh: z, en: e}, source: s, mark: S, prefer: [], goal: 0, door: 0, must: [ecmo");
    for (int i = 1; i < count; i++) add(", ecmo");
    add("]}\n");
}

static void long_sentence(int bytes) {
    many_conditions(1);
    used = 0;
    add("pack: p\ntitle: {zh: z, en: e}\nconditions:\n"
        "  - {id: K, title: {zh: z, en: e}, mark: S, must: [], prefer: [], goal: 0, door: 0, source: ");
    for (int i = 0; i < bytes; i++) add("s");
    add("}\n");
}

static void many_bytes(int bytes) {
    many_conditions(1);
    add("#");
    while (used < (size_t)bytes) text[used++] = 'x';
}

static void long_id(int bytes) {
    used = 0;
    add("title: {zh: z, en: e}\nconditions:\n"
        "  - {id: K, title: {zh: z, en: e}, source: s, mark: S, must: [], prefer: [], goal: 0, door: "
        "0}\npack: ");
    for (int i = 0; i < bytes; i++) add("i");
    add("\n");
}

static const struct limit {
    const char *sentence;
    void (*build)(int);
    int most;
    const char *cure;
} limits[] = {
    {"rules_up_to_the_limit_compile_and_one_more_is_refused", many_rules, 32, "more than 32 rules"},
    {"operands_up_to_the_limit_compile_and_one_more_is_refused", many_operands, 32, "takes 1 to 32 criteria"},
    {"steps_up_to_the_limit_compile_and_more_are_refused", many_leaves, 10, "more than 64 steps"},
    {"temporals_up_to_the_limit_compile_and_one_more_is_refused", many_temporals, 16,
     "more than 16 temporal"},
    {"definitions_up_to_the_limit_compile_and_one_more_is_refused", many_definitions, 64,
     "more than 64 definitions"},
    {"conditions_up_to_the_limit_compile_and_one_more_is_refused", many_conditions, 32,
     "more than 32 conditions"},
    {"needs_up_to_the_limit_compile_and_one_more_is_refused", many_needs, 8, "more than 8 capabilities"},
    {"a_sentence_up_to_the_limit_compiles_and_a_longer_one_is_refused", long_sentence, 512,
     "longer than 512 bytes"},
    {"a_pack_up_to_the_limit_compiles_and_a_longer_one_is_refused", many_bytes, 262144,
     "262145 bytes, at most 262144"},
    {"an_id_up_to_the_limit_compiles_and_a_longer_one_is_refused", long_id, 39, "not an id"}};

static void the_limit_holds(void **state) {
    const struct limit *limit = *state;
    struct jz_pack_error error = {0};
    limit->build(limit->most);
    if (compiled(&error) != JZ_OK) fail_msg("at the limit: %d:%d: %s", error.line, error.column, error.text);
    limit->build(limit->most + 1);
    assert_int_equal(compiled(&error), JZ_E_PACK);
    if (!strstr(error.text, limit->cure)) fail_msg("over the limit: %s", error.text);
}

static void nesting_of_20_compiles_and_of_200_is_refused(void **state) {
    (void)state;
    struct jz_pack_error error = {0};
    many_steps(20);
    assert_int_equal(compiled(&error), JZ_OK);
    many_steps(200);
    assert_int_equal(compiled(&error), JZ_E_PACK);
}

static void packs_up_to_the_limit_compile_and_one_more_is_refused(void **state) {
    (void)state;
    static char names[65][16], bodies[65][200];
    static struct jz_pack_source packs[65];
    struct jz_program *program;
    struct jz_pack_error error = {0};
    for (int i = 0; i < 65; i++) {
        snprintf(names[i], sizeof names[i], "p%d", i);
        int bytes = snprintf(bodies[i], sizeof bodies[i], "pack: p\ntitle: {zh: z, en: e}\nconditions: []\n");
        packs[i] = (struct jz_pack_source){names[i], bodies[i], (size_t)bytes};
    }
    assert_int_equal(jz_program_compile(packs, 64, &program, &error), JZ_OK);
    jz_program_free(program);
    assert_int_equal(jz_program_compile(packs, 65, &program, &error), JZ_E_PACK);
    assert_int_equal(jz_program_compile(packs, 0, &program, &error), JZ_E_PACK);
}

#define LIMITS (sizeof limits / sizeof limits[0])

int main(void) {
    struct CMUnitTest tests[LIMITS + 6] = {
        cmocka_unit_test(the_hash_depends_on_names_and_bytes_not_on_order),
        cmocka_unit_test(two_packs_of_one_name_are_refused),
        cmocka_unit_test(a_rule_is_read_out_as_its_pack_has_it),
        cmocka_unit_test(conditions_carry_needs_and_goals),
        cmocka_unit_test(nesting_of_20_compiles_and_of_200_is_refused),
        cmocka_unit_test(packs_up_to_the_limit_compile_and_one_more_is_refused),
    };
    for (size_t i = 0; i < LIMITS; i++)
        tests[i + 6] = (struct CMUnitTest){limits[i].sentence, the_limit_holds, NULL, NULL,
                                           (void *)(uintptr_t)&limits[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
