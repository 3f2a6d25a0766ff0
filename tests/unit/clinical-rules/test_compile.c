/* SPDX-License-Identifier: Apache-2.0 */
/* The program as a whole: order, hash, what is read out of it, and how much it may hold. */
#include "support.h"

#define TEXT_MAX (1024 * 1024)

#define CONDITION(pack, id)                                                                                  \
    "pack: " pack "\ntitle: {zh: z, en: e}\nconditions:\n  - {id: " id                                       \
    ", title: {zh: z, en: e}, source: s, mark: S, must: [], prefer: [], goal: 0, door: 0}\n"

static struct packs hashed(void) {
    static const char a[] = CONDITION("a/a", "A"), b[] = CONDITION("b/b", "B");
    return (struct packs){2, {{"a/a", a, sizeof a - 1}, {"b/b", b, sizeof b - 1}}};
}

static void the_hash_depends_on_names_and_bytes_not_on_order(void **state) {
    (void)state;
    struct packs packs;
    struct jz_program *one, *turned, *renamed;
    struct jz_pack_error error;
    packs = hashed();
    assert_int_equal(jz_program_compile(packs.source, packs.count, &one, &error), JZ_OK);
    struct jz_pack_source first = packs.source[0];
    packs.source[0] = packs.source[packs.count - 1];
    packs.source[packs.count - 1] = first;
    assert_int_equal(jz_program_compile(packs.source, packs.count, &turned, &error), JZ_OK);
    packs.source[0].name = "b/c";
    packs.source[0].yaml = CONDITION("b/c", "B");
    assert_int_equal(jz_program_compile(packs.source, packs.count, &renamed, &error), JZ_OK);
    assert_memory_equal(jz_program_hash(one), jz_program_hash(turned), 32);
    assert_memory_not_equal(jz_program_hash(one), jz_program_hash(renamed), 32);
    for (uint32_t i = 0; i < jz_program_condition_count(one); i++)
        assert_string_equal(jz_program_condition(one, i)->id, jz_program_condition(turned, i)->id);
    jz_program_free(one);
    jz_program_free(turned);
    jz_program_free(renamed);
}

static void two_packs_of_one_name_are_refused(void **state) {
    (void)state;
    struct jz_pack_source twice[] = {{"a.yaml", "x", 1}, {"a.yaml", "x", 1}};
    struct jz_program *program;
    struct jz_pack_error error;
    assert_int_equal(jz_program_compile(twice, 2, &program, &error), JZ_E_PACK);
    assert_non_null(strstr(error.text, "rename one"));
}

/* --- a program read out ------------------------------------------------------------------------------------ */

/* `site`: with the site's own settings. */
static struct jz_program *small_program(bool site) {
    struct packs packs;
    struct jz_program *program;
    struct jz_pack_error error;
    packs_read_small(&packs);
    enum jz_status status = jz_program_compile(packs.source, packs.count - !site, &program, &error);
    packs_free(&packs);
    if (status != JZ_OK) fail_msg("%s:%d: %s", error.file, error.line, error.text);
    return program;
}

static void a_rule_is_read_out_as_its_pack_has_it(void **state) {
    (void)state;
    struct jz_program *program = small_program(true);
    uint32_t index = rule_index(program, "M-RULE");
    const struct jz_rule_info *info = jz_program_rule(program, index);
    assert_string_equal(info->version, "1.0.0");
    assert_string_equal(info->pack, "b/more");
    assert_string_equal(info->for_en, "adults");
    assert_string_equal(info->not_for_zh, "儿童");
    assert_string_equal(info->mark, "S");
    assert_int_equal(info->kind, JZ_KIND_CRITERIA);
    assert_int_equal(info->pathway, JZ_PATHWAY_NONE);
    assert_int_equal(info->level_count, 4);
    assert_true(info->enabled);
    assert_false(info->signed_off);
    assert_string_equal(jz_program_level(program, index, 3)->id, "loss");
    assert_string_equal(jz_program_level(program, index, 3)->source, "s");
    assert_string_equal(jz_program_level(program, index, 3)->action_zh, "");
    assert_int_equal(jz_program_rule_by_id(program, "M-RULE"), index);
    assert_int_equal(jz_program_rule_by_id(program, "LOST"), UINT32_MAX);
    jz_program_free(program);
}

/* Own inputs in their order, then those of the packs it uses. */
static void inputs_are_in_chart_order_with_imported_ones_last(void **state) {
    (void)state;
    static const char *const order[] = {"dbp", "haemoptysis", "blood_loss_ml", "pregnancy", "sbp"};
    struct jz_program *program = small_program(true);
    const struct jz_rule_info *info = jz_program_rule(program, rule_index(program, "M-RULE"));
    assert_int_equal(info->input_count, sizeof order / sizeof order[0]);
    for (uint32_t i = 0; i < info->input_count; i++) {
        assert_int_equal(info->input[i], field(order[i]));
        assert_int_equal(info->fresh_ms[i], jz_field_at(info->input[i])->fresh_s * 1000);
    }
    jz_program_free(program);
}

static void a_signed_rule_that_is_off_says_so(void **state) {
    (void)state;
    struct jz_program *program = small_program(false);
    const struct jz_rule_info *info = jz_program_rule(program, rule_index(program, "M-READS"));
    assert_true(info->signed_off);
    assert_string_equal(info->signed_by, "A. Doctor");
    assert_false(info->enabled);
    assert_string_equal(info->why_disabled, "not wanted here");
    assert_string_equal(info->for_zh, "孕妇");
    jz_program_free(program);
}

static void the_site_changes_policies_and_switches_rules(void **state) {
    (void)state;
    struct jz_program *program = small_program(true);
    const struct jz_rule_info *info = jz_program_rule(program, rule_index(program, "M-READS"));
    assert_true(info->enabled);
    assert_string_equal(info->why_disabled, "");
    assert_int_equal(jz_program_policy_count(program), 2);
    const struct jz_policy_info *wait = jz_program_policy(program, 0), *loss = jz_program_policy(program, 1);
    assert_string_equal(wait->name, "wait");
    assert_string_equal(wait->pack, "c/shared");
    assert_string_equal(wait->unit, "s");
    assert_int_equal(wait->value, 600);
    assert_int_equal(wait->standard, 900);
    assert_int_equal(wait->min, 300);
    assert_int_equal(wait->max, 1800);
    assert_string_equal(loss->unit, "mL");
    assert_int_equal(loss->value, 500);
    jz_program_free(program);
}

static void items_of_a_score_have_titles(void **state) {
    (void)state;
    struct jz_program *program = small_program(true);
    uint32_t rule = rule_index(program, "M-SCORE"), plain = rule_index(program, "A-SCORE");
    assert_int_equal(jz_program_rule(program, rule)->item_count, 3);
    assert_string_equal(jz_program_item(program, rule, 0)->title_en, "e"); /* of the named number */
    assert_int_equal(jz_program_item(program, rule, 0)->field, JZ_FIELD_NONE);
    assert_string_equal(jz_program_item(program, plain, 0)->title_en, "Heart rate");
    assert_int_equal(jz_program_item(program, plain, 0)->field, field("hr"));
    assert_int_equal(jz_program_level(program, rule, 3)->rule_out, 1);
    jz_program_free(program);
}

static void a_target_is_a_rule_with_the_states_of_a_clock(void **state) {
    (void)state;
    static const char *const states[] = {"overdue", "late", "due-soon", "running", "met"};
    struct jz_program *program = small_program(true);
    uint32_t rule = rule_index(program, "M-KPI");
    const struct jz_rule_info *info = jz_program_rule(program, rule);
    assert_int_equal(info->kind, JZ_KIND_CLOCK);
    assert_int_equal(jz_program_pathway_count(program), 1);
    assert_int_equal(info->pathway, 0);
    const struct jz_pathway_info *path = jz_program_pathway(program, 0);
    assert_string_equal(path->id, "M-PATH");
    assert_int_equal(path->first_rule, rule);
    assert_int_equal(path->rule_count, 1);
    assert_int_equal(path->conditions, condition_bit(program, "K1"));
    struct jz_clock_info clock = jz_program_clock(program, rule);
    assert_int_equal(clock.from, field("fmc"));
    assert_int_equal(clock.to, field("ecg"));
    assert_int_equal(clock.within_s, 600);
    assert_int_equal(info->level_count, 5);
    for (uint32_t i = 0; i < 5; i++) assert_string_equal(jz_program_level(program, rule, i)->id, states[i]);
    assert_string_equal(jz_program_level(program, rule, 0)->title_zh, "已超时：首份心电图");
    assert_string_equal(jz_program_level(program, rule, 2)->title_en, "Due soon: first ECG");
    assert_string_equal(jz_program_level(program, rule, 2)->action_en, "now");
    assert_string_equal(jz_program_level(program, rule, 3)->action_en, "");
    assert_int_equal(jz_program_level(program, rule, 0)->priority, 2);
    assert_int_equal(jz_program_level(program, rule, 2)->priority, 0);
    jz_program_free(program);
}

static void conditions_carry_needs_and_goals(void **state) {
    (void)state;
    struct jz_program *program = small_program(true);
    assert_int_equal(jz_program_condition_count(program), 1);
    const struct jz_condition_info *k1 = jz_program_condition(program, 0);
    assert_string_equal(k1->id, "K1");
    assert_int_equal(k1->goal_s, 7200);
    assert_string_equal(k1->goal_milestone, "wire");
    assert_int_equal(k1->door_s, 0);
    assert_int_equal(k1->must_count, 1);
    assert_int_equal(k1->must[0].count, 1);
    assert_string_equal(k1->must[0].key[0], "pci_24h");
    jz_program_free(program);
}

/* Two packs, the first naming a condition of the second. */
static void conditions_say_whom_they_call_and_whom_they_replace(void **state) {
    static const char a[] =
        "pack: a/a\ntitle: {zh: z, en: e}\nconditions:\n"
        "  - {id: A, title: {zh: z, en: e}, source: s, mark: S, prefer: [], goal: 0,\n"
        "     must: [[ecmo, adult_icu], pci_24h], replaces: [B], services: [cath_lab, icu],\n"
        "     teams: [ed, cath_lab], fallback: {kind: stabilise, must: [[ecmo, adult_icu]]},\n"
        "     bypass: 30 min, door: 20 min, door_to: ct}\n"
        "  - {id: N, title: {zh: z, en: e}, source: s, mark: S, must: [], prefer: [], goal: 0,\n"
        "     door: 0, nearest: yes, fetal: yes, fallback: {kind: nearest, must: []}, bypass: no}\n",
                      b[] = CONDITION("b/b", "B");
    struct jz_pack_source packs[] = {{"a/a", a, sizeof a - 1}, {"b/b", b, sizeof b - 1}};
    struct jz_program *program;
    struct jz_pack_error error;
    (void)state;
    if (jz_program_compile(packs, 2, &program, &error) != JZ_OK)
        fail_msg("%s:%d:%d: %s", error.file, error.line, error.column, error.text);
    const struct jz_condition_info *c = jz_program_condition(program, 0),
                                   *n = jz_program_condition(program, 1);
    assert_int_equal(c->must_count, 2);
    assert_int_equal(c->must[0].count, 2);
    assert_string_equal(c->must[0].key[1], "adult_icu");
    assert_int_equal(c->replaces, condition_bit(program, "B"));
    assert_int_equal(c->services, 1u << 2 | 1u << 5); /* JZ_SERVICE_CATH_LAB, _ICU */
    assert_int_equal(c->teams, 1u << 0 | 1u << 1);    /* JZ_TEAM_ED, _CATH_LAB */
    assert_int_equal(c->fallback, JZ_FALLBACK_STABILISE);
    assert_int_equal(c->fallback_must_count, 1);
    assert_string_equal(c->fallback_must[0].key[0], "ecmo");
    assert_true(c->bypass_limited);
    assert_int_equal(c->bypass_s, 1800);
    assert_int_equal(c->door_kind, JZ_DOOR_CT);
    assert_false(c->nearest || c->fetal);
    assert_true(n->nearest && n->fetal && n->bypass_limited);
    assert_int_equal(n->bypass_s, 0);
    jz_program_free(program);
}

static void conditions_that_replace_each_other_are_refused(void **state) {
    static const char a[] = "pack: a/a\ntitle: {zh: z, en: e}\nconditions:\n"
                            "  - {id: A, title: {zh: z, en: e}, source: s, mark: S, must: [], prefer: [], "
                            "goal: 0, door: 0, replaces: [B]}\n"
                            "  - {id: B, title: {zh: z, en: e}, source: s, mark: S, must: [], prefer: [], "
                            "goal: 0, door: 0, replaces: [C]}\n"
                            "  - {id: C, title: {zh: z, en: e}, source: s, mark: S, must: [], prefer: [], "
                            "goal: 0, door: 0, replaces: [A]}\n";
    struct jz_pack_source pack = {"a/a", a, sizeof a - 1};
    struct jz_program *program;
    struct jz_pack_error error;
    (void)state;
    assert_int_equal(jz_program_compile(&pack, 1, &program, &error), JZ_E_PACK);
    assert_int_equal(error.line, 6); /* the one that closes the circle */
    assert_non_null(strstr(error.text, "condition 'C' replaces itself"));
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

/* Two intervals of a definition are two memories. */
static void many_temporals(int count) {
    head();
    add("define:\n");
    for (int i = 0; i < count; i += 2) add("  d%d: {when: hr >= 100, source: s, mark: S}\n", i);
    add("rules:\n");
    for (int i = 0; i < count; i++) {
        char id[16];
        snprintf(id, sizeof id, "R%d", i);
        rule_begin(id);
        add("{pending: d%d, apart: %d min}", i & ~1, 1 + (i & 1));
        rule_end();
    }
}

static void many_intervals(int count) {
    head();
    add("define:\n  fast: {when: hr >= 100, source: s, mark: S}\nrules:\n");
    for (int i = 0; i < count; i++) {
        char id[16];
        snprintf(id, sizeof id, "R%d", i);
        rule_begin(id);
        add("{pending: fast, apart: %d min}", i + 1);
        rule_end();
    }
}

static void many_new_memories(int count) {
    head();
    add("define:\n");
    for (int i = 0; i < count; i++) add("  d%d: {when: hr >= 100, source: s, mark: S}\n", i);
    add("rules:\n");
    rule_begin("R");
    add("{any: [hr >= 100");
    for (int i = 0; i < count; i++) add(", {pending: d%d, apart: 1 min}", i);
    add("]}");
    rule_end();
}

/* `count` different lines in as few levels and rules as hold them. */
static void many_lines(int count, const char *line) {
    used = 0;
    add("pack: p\ntitle: {zh: z, en: e}\ninputs:\n  d_dimer_ng_ml: {unit: \"ng/mL{FEU}\"}\n  fmc: {unit: "
        "\"{event}\"}\nrules:\n");
    for (int i = 0; i < count; i++) {
        if (i % (32 * 60) == 0)
            add("%s  - id: R%d\n    version: 1.0.0\n    title: {zh: z, en: e}\n    source: s\n    mark: S\n"
                "    sign_off: {by: \"\", date: \"\"}\n    tests: [{id: T, given: {d_dimer_ng_ml: 1}, "
                "expect: {status: "
                "fired}}]\n    levels:\n"
                "      - {id: first, title: {zh: z, en: e}, when: {all: [{known: fmc}, {known: "
                "d_dimer_ng_ml}]}}\n",
                i ? "]}}\n" : "", i);
        if (i % 32 == 0)
            add("%s      - {id: l%d, title: {zh: z, en: e}, when: {any: [", i % (32 * 60) ? "]}}\n" : "", i);
        add(i % 32 ? ", " : "");
        add(line, i + 1);
    }
    add("]}}\n");
}

static void many_values(int count) {
    many_lines(count, "d_dimer_ng_ml = %d");
}

static void many_times(int count) {
    many_lines(count, "since fmc > %d s");
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
    add("pack: p\ntitle: {zh: z, en: e}\nconditions:\n"
        "  - {title: {zh: z, en: e}, source: s, mark: S, must: [], prefer: [], goal: 0, door: 0, id: ");
    for (int i = 0; i < bytes; i++) add("i");
    add("}\n");
}

static void many_levels(int count) {
    head();
    add("rules:\n  - id: R\n    version: 1.0.0\n    title: {zh: z, en: e}\n    source: s\n    mark: S\n"
        "    sign_off: {by: \"\", date: \"\"}\n    tests: [{id: T, given: {hr: 1}, expect: {status: "
        "fired}}]\n"
        "    levels:\n");
    for (int i = 0; i < count; i++) add("      - {id: l%d, title: {zh: z, en: e}, when: hr = %d}\n", i, i);
}

static void many_items(int count) {
    head();
    add("rules:\n  - id: R\n    version: 1.0.0\n    title: {zh: z, en: e}\n    source: s\n    mark: S\n"
        "    sign_off: {by: \"\", date: \"\"}\n    tests: [{id: T, given: {hr: 1}, expect: {status: "
        "fired}}]\n"
        "    levels: [{id: l, title: {zh: z, en: e}, score: 0..}]\n    score:\n");
    for (int i = 0; i < count; i++)
        add("      - {field: hr, mark: S, bands: {..%d: 0, %d..: 1}}\n", i, i + 1);
}

static void many_windows(int count) {
    head();
    add("rules:\n");
    for (int i = 0; i < count; i++) {
        char id[16];
        snprintf(id, sizeof id, "R%d", i);
        rule_begin(id);
        add("{changed: hr, rises: 10, within: %d min}", i + 1);
        rule_end();
    }
}

static void many_policies(int count) {
    used = 0;
    add("pack: p\ntitle: {zh: z, en: e}\npolicy:\n");
    for (int i = 0; i < count; i++)
        add("  p%d: {value: 1, min: 0, max: 2, title: {zh: z, en: e}, source: s, mark: S}\n", i);
}

static void many_pathways(int count) {
    used = 0;
    add("pack: p\ntitle: {zh: z, en: e}\ninputs: {fmc: {unit: \"{event}\"}, ecg: {unit: "
        "\"{event}\"}}\npathways:\n");
    for (int i = 0; i < count; i++)
        add("  - {id: P%d, version: 1.0.0, title: {zh: z, en: e}, source: s, mark: S, sign_off: {by: \"\", "
            "date: \"\"},\n"
            "     no_capability: none, targets: [{id: T%d, title: {zh: z, en: e}, from: fmc, to: ecg, "
            "within: 10 min,\n"
            "     action: {zh: z, en: e}, mark: S, tests: [{id: T, given: {fmc: yes}, expect: {status: "
            "fired}}]}]}\n",
            i, i);
}

/* Fields of one memory; each is a definition's own. */
static void many_fields(int count) {
    static const char *const names[] = {"hr", "sbp", "dbp", "rr", "spo2", "temp_c", "pulse", "gcs", "fhr"};
    used = 0;
    add("pack: p\ntitle: {zh: z, en: e}\ninputs:\n");
    for (int i = 0; i < count; i++) {
        const struct jz_field *def = jz_field_at(field(names[i]));
        add("  %s: {unit: \"%s\", scale: %d}\n", names[i], def->unit, def->scale);
    }
    add("define:\n  some: {source: s, mark: S, when: {any: [");
    for (int i = 0; i < count; i++)
        add("%s%s >= %d", i ? ", " : "", names[i], jz_field_at(field(names[i]))->min + 1);
    add("]}}\nrules:\n");
    rule_begin("R");
    add("{repeated: some, apart: 1 min}");
    rule_end();
}

static const struct limit {
    const char *sentence;
    void (*build)(int);
    int most;
    const char *cure;
} limits[] = {
    {"operands_up_to_the_limit_compile_and_one_more_is_refused", many_operands, 48, "takes 1 to 48 criteria"},
    {"steps_up_to_the_limit_compile_and_more_are_refused", many_leaves, 31, "more than 192 steps"},
    {"temporals_up_to_the_limit_compile_and_one_more_is_refused", many_temporals, 64,
     "more than 64 temporal criteria in all packs"},
    {"intervals_of_a_definition_up_to_the_limit_compile_and_one_more_is_refused", many_intervals, 8,
     "more than 8 intervals for 'fast'"},
    {"memories_of_an_expression_up_to_the_limit_compile_and_one_more_is_refused", many_new_memories, 16,
     "more than 16 temporal criteria in one expression"},
    {"values_that_change_a_rule_up_to_the_limit_compile_and_one_more_is_refused", many_values, 8191,
     "more than 8192 different values"},
    {"times_that_change_a_rule_up_to_the_limit_compile_and_one_more_is_refused", many_times, 2048,
     "more than 2048 different times"},
    {"windows_up_to_the_limit_compile_and_one_more_is_refused", many_windows, JZ_WINDOWS_MAX,
     "windows of 'changed' and 'trend'"},
    {"fields_of_a_memory_up_to_the_limit_compile_and_one_more_is_refused", many_fields, 8,
     "more than 8 fields"},
    {"definitions_up_to_the_limit_compile_and_one_more_is_refused", many_definitions, 64,
     "more than 64 definitions"},
    {"levels_up_to_the_limit_compile_and_one_more_is_refused", many_levels, 64, "more than 64 levels"},
    {"items_up_to_the_limit_compile_and_one_more_is_refused", many_items, 32, "more than 32 items"},
    {"policies_up_to_the_limit_compile_and_one_more_is_refused", many_policies, 256, "at most 256"},
    {"pathways_up_to_the_limit_compile_and_one_more_is_refused", many_pathways, 64, "more than 64 pathways"},
    {"conditions_up_to_the_limit_compile_and_one_more_is_refused", many_conditions, 64,
     "more than 64 conditions"},
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

static void many_rules(const char *pack, int count) {
    used = 0;
    add("pack: %s\ntitle: {zh: z, en: e}\ninputs:\n  hr: {unit: /min}\nrules:\n", pack);
    for (int i = 0; i < count; i++) {
        char id[16];
        snprintf(id, sizeof id, "%s%d", pack, i);
        rule_begin(id);
        add("hr >= 100");
        rule_end();
    }
}

/* A list has at most 256 entries, so that it takes two packs. */
static void rules_up_to_the_limit_compile_and_one_more_is_refused(void **state) {
    (void)state;
    struct jz_program *program;
    struct jz_pack_error error;
    for (int more = 0; more <= 1; more++) {
        many_rules("a", 200);
        char *first = strdup(text);
        assert_non_null(first);
        many_rules("b", (int)JZ_RULES_MAX - 200 + more);
        struct jz_pack_source packs[] = {{"a.yaml", first, strlen(first)}, {"b.yaml", text, used}};
        assert_int_equal(jz_program_compile(packs, 2, &program, &error), more ? JZ_E_PACK : JZ_OK);
        if (!more) assert_int_equal(jz_program_rule_count(program), JZ_RULES_MAX);
        jz_program_free(program);
        free(first);
    }
    char want[40];
    snprintf(want, sizeof want, "more than %u rules", JZ_RULES_MAX);
    assert_non_null(strstr(error.text, want));
}

/* Each number is 40 times the one before: 40^6 readings of the first, were they not counted. */
static void numbers_that_name_each_other_without_end_are_refused(void **state) {
    (void)state;
    struct jz_pack_error error = {0};
    head();
    add("define:\n  n0: {value: 1, source: s, mark: S}\n");
    for (int i = 1; i < 7; i++) {
        add("  n%d: {source: s, mark: S, value: n%d", i, i - 1);
        for (int k = 1; k < 40; k++) add(" + n%d", i - 1);
        add("}\n");
    }
    add("rules:\n");
    rule_begin("R");
    add("hr > n6");
    rule_end();
    assert_int_equal(compiled(&error), JZ_E_PACK);
    assert_non_null(strstr(error.text, "more than 192 named parts"));
}

static void times_of_freshness_up_to_the_limit_compile_and_one_more_is_refused(void **state) {
    (void)state;
    static char names[5][8], bodies[5][700];
    struct jz_pack_source packs[5];
    struct jz_program *program;
    struct jz_pack_error error = {0};
    for (int i = 0; i < 5; i++) {
        snprintf(names[i], sizeof names[i], "p%d", i);
        int bytes =
            snprintf(bodies[i], sizeof bodies[i],
                     "pack: p%d\ntitle: {zh: z, en: e}\ninputs: {hr: {unit: /min, fresh: %d min, mark: S}}\n"
                     "rules:\n  - {id: R%d, version: 1.0.0, title: {zh: z, en: e}, source: s, mark: S,\n"
                     "     sign_off: {by: \"\", date: \"\"}, levels: [{id: l, title: {zh: z, en: e}, when: "
                     "hr > 99}],\n"
                     "     tests: [{id: T, given: {hr: 1}, expect: {status: fired}}]}\n",
                     i, i + 1, i);
        packs[i] = (struct jz_pack_source){names[i], bodies[i], (size_t)bytes};
    }
    assert_int_equal(jz_program_compile(packs, 4, &program, &error), JZ_OK);
    jz_program_free(program);
    assert_int_equal(jz_program_compile(packs, 5, &program, &error), JZ_E_PACK);
    assert_non_null(strstr(error.text, "hr is fresh for more than 4 different times; agree on fewer"));
}

/* A waits for the circle of B and C, and is no part of it. */
static void a_circle_is_refused_where_it_is(void **state) {
    (void)state;
    struct jz_pack_error error = {0};
    static const char *const reads[] = {"rule.B", "rule.C", "rule.B"};
    head();
    add("rules:\n");
    for (int i = 0; i < 3; i++) {
        rule_begin((const char *[]){"A", "B", "C"}[i]);
        add("{any: [hr >= 100, %s]}", reads[i]);
        rule_end();
    }
    assert_int_equal(compiled(&error), JZ_E_PACK);
    assert_non_null(strstr(error.text, "depends on itself"));
    assert_null(strstr(error.text, "'A'"));
}

static void a_name_that_means_two_things_is_refused(void **state) {
    (void)state;
    static const char other[] = "pack: q\ntitle: {zh: z, en: e}\ninputs: {hr: {unit: /min}}\n"
                                "define: {pulse: {value: hr + 1, source: s, mark: S}}\n";
    struct jz_pack_error error = {0};
    struct jz_program *program;
    used = 0;
    add("pack: p\ntitle: {zh: z, en: e}\ninputs:\n  hr: {unit: /min}\n  pulse: {unit: /min}\nuse: "
        "[q]\nrules:\n");
    rule_begin("R");
    add("{any: [hr >= 100, pulse >= 100]}");
    rule_end();
    struct jz_pack_source packs[] = {{"p.yaml", text, used}, {"q.yaml", other, sizeof other - 1}};
    assert_int_equal(jz_program_compile(packs, 2, &program, &error), JZ_E_PACK);
    assert_non_null(
        strstr(error.text, "'pulse' is an input here and a definition of q; rename the definition"));
}

static void packs_up_to_the_limit_compile_and_one_more_is_refused(void **state) {
    (void)state;
    static char names[129][16], bodies[129][200];
    static struct jz_pack_source packs[129];
    struct jz_program *program;
    struct jz_pack_error error = {0};
    for (int i = 0; i < 129; i++) {
        snprintf(names[i], sizeof names[i], "p%d", i);
        int bytes =
            snprintf(bodies[i], sizeof bodies[i], "pack: p%d\ntitle: {zh: z, en: e}\nconditions: []\n", i);
        packs[i] = (struct jz_pack_source){names[i], bodies[i], (size_t)bytes};
    }
    assert_int_equal(jz_program_compile(packs, 128, &program, &error), JZ_OK);
    jz_program_free(program);
    assert_int_equal(jz_program_compile(packs, 129, &program, &error), JZ_E_PACK);
    assert_int_equal(jz_program_compile(packs, 0, &program, &error), JZ_E_PACK);
}

#define LIMITS (sizeof limits / sizeof limits[0])

#define OTHERS 16

int main(void) {
    struct CMUnitTest tests[LIMITS + OTHERS] = {
        cmocka_unit_test(the_hash_depends_on_names_and_bytes_not_on_order),
        cmocka_unit_test(two_packs_of_one_name_are_refused),
        cmocka_unit_test(a_rule_is_read_out_as_its_pack_has_it),
        cmocka_unit_test(inputs_are_in_chart_order_with_imported_ones_last),
        cmocka_unit_test(a_signed_rule_that_is_off_says_so),
        cmocka_unit_test(the_site_changes_policies_and_switches_rules),
        cmocka_unit_test(items_of_a_score_have_titles),
        cmocka_unit_test(a_target_is_a_rule_with_the_states_of_a_clock),
        cmocka_unit_test(conditions_carry_needs_and_goals),
        cmocka_unit_test(conditions_say_whom_they_call_and_whom_they_replace),
        cmocka_unit_test(conditions_that_replace_each_other_are_refused),
        cmocka_unit_test(nesting_of_20_compiles_and_of_200_is_refused),
        cmocka_unit_test(numbers_that_name_each_other_without_end_are_refused),
        cmocka_unit_test(rules_up_to_the_limit_compile_and_one_more_is_refused),
        cmocka_unit_test(packs_up_to_the_limit_compile_and_one_more_is_refused),
        cmocka_unit_test(times_of_freshness_up_to_the_limit_compile_and_one_more_is_refused),
        cmocka_unit_test(a_circle_is_refused_where_it_is),
        cmocka_unit_test(a_name_that_means_two_things_is_refused),
    };
    for (size_t i = 0; i < LIMITS; i++)
        tests[i + OTHERS] = (struct CMUnitTest){limits[i].sentence, the_limit_holds, NULL, NULL,
                                                (void *)(uintptr_t)&limits[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
