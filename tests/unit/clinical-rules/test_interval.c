/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

static struct jz_program *program;

static int load(void **state) {
    (void)state;
    program = program_of_tree();
    return 0;
}
static int unload(void **state) {
    (void)state;
    jz_program_free(program);
    return 0;
}

struct given {
    const char *name;
    int32_t value;
};

/* Everything normal and known except what the row leaves out (-1) or sets. */
static struct jz_assessment news2(const struct given *change, size_t count) {
    static const struct given normal[] = {{"rr", 16},      {"spo2", 97},      {"on_oxygen", 0},
                                          {"sbp", 120},    {"hr", 70},        {"acvpu", 1},
                                          {"temp_c", 370}, {"age_years", 60}, {"sex", 1}};
    struct jz_chart chart = {0};
    for (size_t i = 0; i < sizeof normal / sizeof normal[0]; i++) {
        struct given g = normal[i];
        for (size_t k = 0; k < count; k++)
            if (strcmp(change[k].name, g.name) == 0) g = change[k];
        if (g.value >= 0) (void)observe(program, &chart, g.name, g.value, T0);
    }
    for (size_t k = 0; k < count; k++)
        if (strcmp(change[k].name, "spo2_scale") == 0)
            (void)observe(program, &chart, "spo2_scale", change[k].value, T0);
    return evaluate(program, &chart, "GEN-NEWS2", T0);
}

static void each_missing_item_widens_by_its_own_range(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int32_t hi;
    } rows[] = {{"rr", 3}, {"spo2", 3}, {"on_oxygen", 2}, {"sbp", 3}, {"hr", 3}, {"acvpu", 3}, {"temp_c", 3}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct given gone = {rows[i].name, -1};
        struct jz_assessment a = news2(&gone, 1);
        assert_int_equal(a.result.lo, 0);
        assert_int_equal(a.result.hi, rows[i].hi);
        assert_true(a.missing & input_bit(program, "GEN-NEWS2", rows[i].name));
        assert_int_equal(a.measure_next, field(rows[i].name));
        assert_int_equal(a.result.complete, 0);
    }
}

static void scale_2_without_knowing_the_oxygen_is_0_to_3_from_93_up(void **state) {
    (void)state;
    static const struct {
        int32_t spo2, lo, hi; /* of SpO2 alone; oxygen itself adds 0 to 2 */
    } rows[] = {{83, 3, 3}, {84, 2, 2}, {87, 1, 1}, {88, 0, 0},
                {92, 0, 0}, {93, 0, 3}, {97, 0, 3}, {100, 0, 3}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct given set[] = {{"spo2", rows[i].spo2}, {"on_oxygen", -1}, {"spo2_scale", 2}};
        struct jz_assessment a = news2(set, 3);
        assert_int_equal(a.result.lo, rows[i].lo);
        assert_int_equal(a.result.hi, rows[i].hi + 2);
        assert_int_equal(a.missing, input_bit(program, "GEN-NEWS2", "on_oxygen"));
        assert_int_equal(a.measure_next, field("on_oxygen"));
    }
}

static void the_field_that_narrows_most_is_asked_for(void **state) {
    (void)state;
    struct given set[] = {{"on_oxygen", -1}, {"temp_c", -1}, {"spo2", 97}};
    assert_int_equal(news2(set, 3).measure_next, field("temp_c")); /* 3 points against 2 */
    struct given both[] = {{"on_oxygen", -1}, {"temp_c", -1}, {"spo2", 97}, {"spo2_scale", 2}};
    assert_int_equal(news2(both, 4).measure_next, field("on_oxygen")); /* 5 against 3 */
}

static void a_tie_goes_to_the_earlier_in_chart_order(void **state) {
    (void)state;
    struct given set[] = {{"temp_c", -1}, {"hr", -1}, {"sbp", -1}};
    assert_int_equal(news2(set, 3).measure_next, field("sbp"));
}

static void the_scale_is_1_unless_a_clinician_said_2(void **state) {
    (void)state;
    struct given set[] = {{"spo2", 90}};
    assert_int_equal(news2(set, 1).result.lo, 3);
    struct given two[] = {{"spo2", 90}, {"spo2_scale", 2}};
    assert_int_equal(news2(two, 2).result.lo, 0);
}

static void a_missing_item_that_could_be_red_shows_in_level_hi_only(void **state) {
    (void)state;
    struct given set[] = {{"hr", -1}};
    struct jz_assessment a = news2(set, 1);
    uint32_t rule = rule_index(program, "GEN-NEWS2");
    assert_string_equal(level_id(program, rule, a.result.level), "low");
    assert_string_equal(level_id(program, rule, a.result.level_hi), "low-medium");
    assert_int_equal(a.priority, 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_missing_item_widens_by_its_own_range),
        cmocka_unit_test(scale_2_without_knowing_the_oxygen_is_0_to_3_from_93_up),
        cmocka_unit_test(the_field_that_narrows_most_is_asked_for),
        cmocka_unit_test(a_tie_goes_to_the_earlier_in_chart_order),
        cmocka_unit_test(the_scale_is_1_unless_a_clinician_said_2),
        cmocka_unit_test(a_missing_item_that_could_be_red_shows_in_level_hi_only)};
    return cmocka_run_group_tests(tests, load, unload);
}
