/* SPDX-License-Identifier: Apache-2.0 */
/* Circuits against the steps they were made from. */
#include "../../../clinical-rules/engine/expr.h"
#include "../../../clinical-rules/engine/link.h"
#include "forms.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static struct jz_values values;

/* --- every expression of the tree, on random patients ---------------------------------------------------------- */

struct check {
    const struct jz_lens *computed, *by_step;
    uint32_t truths, numbers, decided; /* how many were compared, and how many truths were not `maybe` */
};

static void truth_is_the_same(struct check *c, uint32_t rule, struct jz_span span) {
    enum jz_tri is = jz_expr_is(c->computed, span), wanted = jz_expr(c->by_step, span).is;
    if (is != wanted)
        fail_msg("%s, expression at step %u: %d instead of %d", program->rule[rule].info.id, span.first, is,
                 wanted);
    c->truths += span.count > 0;
    c->decided += span.count > 0 && is != JZ_MAYBE;
}

static void number_is_the_same(struct check *c, uint32_t rule, struct jz_span span) {
    struct jz_number wanted = jz_expr_number(c->by_step, span);
    int64_t is;
    bool known = jz_expr_known(c->computed, span, &is);
    if (known != wanted.known || (known && is != wanted.is))
        fail_msg("%s, number at step %u", program->rule[rule].info.id, span.first);
    c->numbers += known;
}

static void rule_is_the_same(struct check *c, uint32_t rule) {
    const struct jz_rule *def = &program->rule[rule];
    truth_is_the_same(c, rule, def->applies);
    for (uint32_t i = 0; i < def->rows.count; i++)
        truth_is_the_same(c, rule, program->row[def->rows.first + i].when);
    for (uint32_t i = 0; i < def->items.count; i++) {
        const struct jz_item *item = &program->item[def->items.first + i];
        if (item->kind == JZ_ITEM_VALUE)
            number_is_the_same(c, rule, item->value);
        else
            truth_is_the_same(c, rule, item->value);
        for (uint32_t n = 0; n < item->cases.count; n++)
            truth_is_the_same(c, rule, program->table[item->cases.first + n].when);
    }
}

/* A reading of a field of any rule, at the bounds that rules have for it. */
static void see_anything(uint64_t *seed, int64_t at_ms) {
    const struct jz_rule_info *info = &program->rule[draw(seed, program->rule_count)].info;
    if (!info->input_count) return;
    uint32_t f = info->input[draw(seed, info->input_count)];
    const struct jz_field *def = jz_field_at(f);
    uint32_t bounds = program->bound_first[f + 1u] - program->bound_first[f];
    int64_t value = (int64_t)def->min + draw(seed, (uint32_t)(def->max - def->min) + 1u);
    if (bounds)
        value = (int64_t)program->bound[program->bound_first[f] + draw(seed, bounds)].last + draw(seed, 2);
    if (value < def->min || value > def->max) return;
    see_reading(def->name,
                (struct jz_reading){.taken_ms = at_ms, .value = (int32_t)value, .validity = JZ_VALID});
}

static void a_rules_circuits_say_what_its_steps_say(void **state) {
    (void)state;
    uint64_t seed = seed_of(__func__);
    struct check c = {0};
    begin(program_of_tree());
    for (int patient = 0; patient < 12; patient++) {
        memset(&chart, 0, sizeof chart);
        for (int i = 0; i < 60; i++) see_anything(&seed, T0 + i * MINUTE);
        int64_t now_ms = T0 + 60 * MINUTE;
        for (uint32_t rule = 0; rule < program->rule_count; rule++) {
            struct jz_lens by_step = {program, &chart, &program->rule[rule], now_ms, NULL, NULL};
            struct jz_lens computed = by_step;
            memset(&values, 0xff, sizeof values);
            computed.values = jz_compute(&by_step, &program->own[rule], &values);
            computed.values = jz_compute(&by_step, &program->after[rule], &values);
            assert_non_null(computed.values);
            c.computed = &computed;
            c.by_step = &by_step;
            rule_is_the_same(&c, rule);
        }
    }
    assert_true(c.truths > 1000 && c.decided > 1000 && c.numbers > 10);
}

/* The results of all rules stand: what is computed as they come in is there when the last one is. */
static void all_rules_at_once_come_to_the_same(void **state) {
    (void)state;
    uint64_t seed = seed_of(__func__);
    struct check c = {0};
    begin(program_of_tree());
    for (int patient = 0; patient < 12; patient++) {
        memset(&chart, 0, sizeof chart);
        for (int i = 0; i < 60; i++) see_anything(&seed, T0 + i * MINUTE);
        struct jz_lens by_step = {program, &chart, NULL, T0 + 60 * MINUTE, NULL, NULL};
        struct jz_lens computed = by_step;
        (void)jz_chart_update(program, &chart, program->enabled, by_step.now_ms);
        memset(&values, 0xff, sizeof values);
        computed.values = jz_compute(&by_step, &program->whole, &values);
        for (uint32_t place = 0; place < program->rule_count; place++)
            (void)jz_compute(&by_step, &program->then[program->order[place]], &values);
        for (uint32_t rule = 0; rule < program->rule_count; rule++) {
            by_step.rule = computed.rule = &program->rule[rule];
            c.computed = &computed;
            c.by_step = &by_step;
            if (program->rule[rule].info.enabled) rule_is_the_same(&c, rule);
        }
    }
    assert_true(c.truths > 1000 && c.decided > 1000 && c.numbers > 10);
}

static void without_circuits_a_chart_becomes_the_same_to_the_byte(void **state) {
    (void)state;
    uint64_t seed = seed_of(__func__);
    begin(program_of_tree());
    for (int patient = 0; patient < 6; patient++) {
        static struct jz_chart computed;
        uint64_t again = seed;
        memset(&chart, 0, sizeof chart);
        program->lowered = true;
        for (int i = 0; i < 80; i++) see_anything(&seed, T0 + i * MINUTE / 2);
        computed = chart;
        memset(&chart, 0, sizeof chart);
        program->lowered = false;
        for (int i = 0; i < 80; i++) see_anything(&again, T0 + i * MINUTE / 2);
        assert_memory_equal(&chart, &computed, sizeof chart);
    }
}

/* --- single forms ------------------------------------------------------------------------------------------------ */

static const char *const four[] = {"seizure", "syncope", "st_deviation", "sbp"};

/* 0: no, 1: not known, 2: yes, of each of the four in turn. */
static void set_four(uint32_t pattern) {
    memset(&chart, 0, sizeof chart);
    for (uint32_t i = 0; i < COUNT(four); i++, pattern /= 3)
        if (pattern % 3 != 1) see(four[i], i == 3 ? (pattern % 3 ? 100 : 99) : pattern % 3 > 0, T0);
}

static void at_least_so_many_counts_alike_for_any_four_truths(void **state) {
    (void)state;
    for (uint32_t n = 1; n <= COUNT(four); n++) {
        char when[120];
        snprintf(when, sizeof when, "{at_least: %u, of: [seizure, syncope, st_deviation, sbp >= 100]}", n);
        begin(criterion("", when));
        uint32_t rule = rule_index(program, "X"), seen[3] = {0};
        for (uint32_t pattern = 0; pattern < 81; pattern++) {
            set_four(pattern);
            struct jz_lens lens = {program, &chart, &program->rule[rule], T0, NULL, NULL}, computed = lens;
            struct jz_span span = program->row[program->rule[rule].rows.first].when;
            computed.values = jz_compute(&lens, &program->own[rule], &values);
            assert_int_equal(jz_expr_is(&computed, span), jz_expr(&lens, span).is);
            seen[jz_expr(&lens, span).is]++;
        }
        assert_true(seen[JZ_FALSE] && seen[JZ_MAYBE] && seen[JZ_TRUE]);
    }
}

static uint32_t size(const struct jz_circuit *c) {
    return c->looks.count + c->numbers.count + c->compares.count + c->truths.count + c->gates.count;
}

static void what_two_rules_have_in_common_is_computed_once(void **state) {
    (void)state;
    static const char shock[] =
        "  shock: {when: {all: [sbp < 90, hr * 10 > 9 * sbp]}, source: t, mark: PROJ}\n";
    begin(compile(shock, RULE("A", "{any: [shock, seizure]}") RULE("B", "{all: [shock, syncope]}") READER));
    uint32_t a = rule_index(program, "A"), b = rule_index(program, "B"),
             reader = rule_index(program, "READER");
    uint32_t apart = size(&program->own[a]) + size(&program->own[b]) + size(&program->own[reader]);
    assert_int_equal(program->own[a].looks.count, 2); /* sbp, seizure */
    assert_int_equal(program->own[a].gates.count, 2);
    /* A look, two values, two constants and two products, a comparison, and the "all" of `shock`. */
    assert_int_equal(size(&program->whole), apart - 9);
}

static void a_rules_result_is_looked_at_when_it_is_there(void **state) {
    (void)state;
    begin(compile("", RULE("B", "{all: [rule.A, hr > 100]}") RULE("A", "sbp < 90") READER));
    uint32_t a = rule_index(program, "A"), b = rule_index(program, "B");
    assert_int_equal(size(&program->after[a]), 0);
    assert_int_equal(size(&program->after[b]), 2);
    assert_int_equal(size(&program->then[a]), 2);
    assert_int_equal(size(&program->then[b]), 0);
    see("hr", 110, T0);
    see("sbp", 80, T0);
    assert_int_equal(kept("B"), JZ_RULE_FIRED);
}

static void a_program_too_large_for_circuits_is_left_without(void **state) {
    (void)state;
    struct jz_program *p = calloc(1, sizeof *p);
    assert_non_null(p);
    p->rule_count = 1;
    for (; p->row_count < JZ_ROWS_MAX; p->row_count++) {
        struct jz_row *row = &p->row[p->row_count];
        row->when = (struct jz_span){(uint16_t)p->step_count, 16, 0};
        for (uint32_t i = 0; i < 15; i++, p->step_count++) /* none like another */
            p->step[p->step_count] =
                (struct jz_step){.op = JZ_OP_RANGE, .lo = (int32_t)p->step_count, .hi = INT32_MAX};
        p->step[p->step_count++] = (struct jz_step){.op = JZ_OP_ALL, .count = 15};
    }
    p->rule[0].rows = (struct jz_span){0, JZ_ROWS_MAX, 0};
    assert_true(p->step_count > JZ_TRUTHS_MAX);
    assert_true(jz_program_lower(p));
    assert_false(p->lowered);
    p->rule[0].rows.count = JZ_ROWS_MAX / 4;
    p->look_count = p->gate_count = 0;
    assert_true(jz_program_lower(p));
    assert_true(p->lowered);
    free(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rules_circuits_say_what_its_steps_say),
        cmocka_unit_test(all_rules_at_once_come_to_the_same),
        cmocka_unit_test(without_circuits_a_chart_becomes_the_same_to_the_byte),
        cmocka_unit_test(at_least_so_many_counts_alike_for_any_four_truths),
        cmocka_unit_test(what_two_rules_have_in_common_is_computed_once),
        cmocka_unit_test(a_rules_result_is_looked_at_when_it_is_there),
        cmocka_unit_test(a_program_too_large_for_circuits_is_left_without),
    };
    return cmocka_run_group_tests(tests, NULL, end);
}
