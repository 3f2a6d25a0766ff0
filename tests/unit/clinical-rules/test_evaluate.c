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

struct vitals {
    int rr, spo2, on_oxygen, sbp, hr, acvpu, temp_c, scale;
};

static void put(struct jz_chart *chart, const char *name, int32_t value) {
    (void)observe(program, chart, name, value, T0);
}
static void put_vitals(struct jz_chart *chart, const struct vitals *v) {
    put(chart, "rr", v->rr);
    put(chart, "spo2", v->spo2);
    put(chart, "on_oxygen", v->on_oxygen);
    put(chart, "sbp", v->sbp);
    put(chart, "hr", v->hr);
    put(chart, "acvpu", v->acvpu);
    put(chart, "temp_c", v->temp_c);
    put(chart, "spo2_scale", v->scale);
}
static void put_adult(struct jz_chart *chart) {
    put(chart, "age_years", 60);
    put(chart, "sex", 1);
}

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static void priority_and_alarm_follow_the_level(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct vitals v;
        uint8_t priority, alarm;
    } rows[] = {{"low", {16, 98, 0, 120, 70, 1, 370, 1}, 4, 0},
                {"low-medium", {25, 98, 0, 120, 70, 1, 370, 1}, 3, 0},
                {"medium", {21, 98, 1, 120, 91, 1, 370, 1}, 3, 0},
                {"high", {25, 91, 0, 120, 91, 1, 370, 1}, 2, 1}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct jz_chart chart = {0};
        put_adult(&chart);
        put_vitals(&chart, &rows[i].v);
        struct jz_assessment a = evaluate(program, &chart, "GEN-NEWS2", T0);
        assert_string_equal(level_id(program, rule_index(program, "GEN-NEWS2"), a.result.level),
                            rows[i].name);
        assert_int_equal(a.priority, rows[i].priority);
        assert_int_equal(a.alarm, rows[i].alarm);
    }
}

static void used_lists_known_inputs_in_chart_order_with_age_and_items_their_points(void **state) {
    (void)state;
    struct jz_chart chart = {0};
    (void)observe(program, &chart, "temp_c", 391, T0 - 15 * MINUTE - 1);
    put(&chart, "rr", 25);
    put(&chart, "age_years", 60);
    struct jz_assessment a = evaluate(program, &chart, "GEN-NEWS2", T0);
    assert_int_equal(a.used[0].field, field("rr"));
    assert_int_equal(a.used[0].validity, JZ_VALID);
    assert_int_equal(a.used[1].field, field("temp_c"));
    assert_int_equal(a.used[1].validity, JZ_STALE);
    assert_int_equal(a.used[1].taken_ms, T0 - 15 * MINUTE - 1);
    assert_int_equal(a.stale, input_bit(program, "GEN-NEWS2", "temp_c"));
    assert_int_equal(a.because,
                     input_bit(program, "GEN-NEWS2", "temp_c") | input_bit(program, "GEN-NEWS2", "rr"));
    assert_int_equal(a.item_count, 7);
    assert_int_equal(a.item[0].lo, 3);
    assert_int_equal(a.item[6].hi, 2);
    assert_int_equal(a.item[4].hi, 3); /* the pulse is missing */
}

static void a_disbelieved_reading_counts_as_missing(void **state) {
    (void)state;
    static const uint8_t validities[] = {JZ_ABSENT,   JZ_PROBE_OFF,         JZ_OUT_OF_RANGE,
                                         JZ_ARTEFACT, JZ_PAIR_INCONSISTENT, JZ_NOT_MEASURED};
    for (size_t i = 0; i < COUNT(validities); i++) {
        struct jz_chart chart = {0};
        struct vitals v = {16, 98, 0, 120, 131, 1, 370, 1};
        put_adult(&chart);
        put_vitals(&chart, &v);
        struct jz_reading gone = {.taken_ms = T0 + 1, .value = 131, .validity = validities[i]};
        (void)observe_reading(program, &chart, "hr", gone);
        struct jz_assessment a = evaluate(program, &chart, "GEN-NEWS2", T0);
        assert_int_equal(a.result.lo, 0);
        assert_int_equal(a.result.hi, 3);
        assert_int_equal(a.missing, input_bit(program, "GEN-NEWS2", "hr"));
        assert_int_equal(a.measure_next, field("hr"));
    }
}

static void a_confirmed_st_elevation_asks_for_r01_at_once(void **state) {
    (void)state;
    struct jz_chart chart = {0};
    put(&chart, "st_elevation_confirmed", 1);
    struct jz_assessment a = evaluate(program, &chart, "CP-STE-CONFIRMED", T0 + 10000 * MINUTE);
    assert_int_equal(a.priority, 1);
    assert_int_equal(a.alarm, 1);
    assert_int_equal(a.conditions, condition_bit(program, "R01"));
    assert_int_equal(a.stale, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(priority_and_alarm_follow_the_level),
        cmocka_unit_test(used_lists_known_inputs_in_chart_order_with_age_and_items_their_points),
        cmocka_unit_test(a_disbelieved_reading_counts_as_missing),
        cmocka_unit_test(a_confirmed_st_elevation_asks_for_r01_at_once),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
