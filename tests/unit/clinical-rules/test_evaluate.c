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

/* --- NEWS2 written a second time, straight from the printed chart ------------------------------------------ */

struct vitals {
    int rr, spo2, on_oxygen, sbp, hr, acvpu, temp_c, scale;
};

static int chart_rr(int rr) {
    if (rr <= 8) return 3;
    if (rr <= 11) return 1;
    if (rr <= 20) return 0;
    return rr <= 24 ? 2 : 3;
}
static int chart_spo2(const struct vitals *v) {
    int s = v->spo2;
    if (v->scale == 1) return s <= 91 ? 3 : s <= 93 ? 2 : s <= 95 ? 1 : 0;
    if (s <= 83) return 3;
    if (s <= 85) return 2;
    if (s <= 87) return 1;
    if (s <= 92 || !v->on_oxygen) return 0;
    return s <= 94 ? 1 : s <= 96 ? 2 : 3;
}
static int chart_sbp(int sbp) {
    if (sbp <= 90 || sbp >= 220) return 3;
    if (sbp <= 100) return 2;
    return sbp <= 110 ? 1 : 0;
}
static int chart_hr(int hr) {
    if (hr <= 40 || hr >= 131) return 3;
    if (hr >= 111) return 2;
    return hr <= 50 || hr >= 91 ? 1 : 0;
}
static int chart_temp(int t) {
    if (t <= 350) return 3;
    if (t >= 391) return 2;
    return t <= 360 || t >= 381 ? 1 : 0;
}

struct total {
    int score, red;
};
static struct total chart_total(const struct vitals *v) {
    int p[] = {chart_rr(v->rr), chart_spo2(v),         v->on_oxygen ? 2 : 0, chart_sbp(v->sbp),
               chart_hr(v->hr), v->acvpu == 1 ? 0 : 3, chart_temp(v->temp_c)};
    struct total t = {0, 0};
    for (size_t i = 0; i < sizeof p / sizeof p[0]; i++) {
        t.score += p[i];
        t.red |= p[i] == 3;
    }
    return t;
}
static const char *chart_level(struct total t) {
    if (t.score >= 7) return "high";
    if (t.score >= 5) return "medium";
    return t.red ? "low-medium" : "low";
}

static void put(struct jz_chart *chart, const char *name, int32_t value) {
    chart->latest[field(name)] = (struct jz_reading){.taken_ms = T0, .value = value, .validity = JZ_VALID};
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

static const int rrs[] = {8, 9, 11, 12, 20, 21, 24, 25},
                 spo2s[] = {83, 84, 85, 86, 87, 88, 91, 92, 93, 94, 95, 96, 97, 99},
                 sbps[] = {90, 91, 100, 101, 110, 111, 219, 220},
                 hrs[] = {40, 41, 50, 51, 90, 91, 110, 111, 130, 131},
                 temps[] = {350, 351, 360, 361, 380, 381, 390, 391};
#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* The n-th of all combinations of both sides of every bound. */
static struct vitals combination(uint32_t n) {
    struct vitals v;
#define DIGIT(list) (list)[n % COUNT(list)], n /= (uint32_t)COUNT(list)
    v.rr = DIGIT(rrs);
    v.spo2 = DIGIT(spo2s);
    v.sbp = DIGIT(sbps);
    v.hr = DIGIT(hrs);
    v.temp_c = DIGIT(temps);
#undef DIGIT
    v.on_oxygen = (int)(n % 2);
    v.scale = (int)(n / 2 % 2) + 1;
    v.acvpu = (int)(n / 4 % 5) + 1;
    return v;
}
#define COMBINATIONS ((uint32_t)(COUNT(rrs) * COUNT(spo2s) * COUNT(sbps) * COUNT(hrs) * COUNT(temps) * 20))

static void every_combination_at_every_bound_equals_the_printed_chart(void **state) {
    (void)state;
    uint32_t news2 = rule_index(program, "GEN-NEWS2");
    struct jz_chart chart = {0};
    put_adult(&chart);
    assert_int_equal(COMBINATIONS, 1433600);
    struct jz_reading *slot[] = {&chart.latest[field("rr")],        &chart.latest[field("spo2")],
                                 &chart.latest[field("on_oxygen")], &chart.latest[field("sbp")],
                                 &chart.latest[field("hr")],        &chart.latest[field("acvpu")],
                                 &chart.latest[field("temp_c")],    &chart.latest[field("spo2_scale")]};
    struct vitals first = combination(0);
    put_vitals(&chart, &first);
    for (uint32_t n = 0; n < COMBINATIONS; n++) {
        struct vitals v = combination(n);
        const int value[] = {v.rr, v.spo2, v.on_oxygen, v.sbp, v.hr, v.acvpu, v.temp_c, v.scale};
        for (size_t i = 0; i < COUNT(slot); i++) slot[i]->value = value[i];
        struct jz_assessment a;
        jz_rule_evaluate(program, &chart, news2, T0, &a);
        struct total t = chart_total(&v);
        bool same = a.lo == t.score && a.hi == t.score && a.complete && a.status == JZ_RULE_FIRED &&
                    strcmp(level_id(program, news2, a.level), chart_level(t)) == 0 && a.level == a.level_hi;
        if (!same)
            fail_msg("combination %u: %d..%d %s, chart says %d %s", n, a.lo, a.hi,
                     level_id(program, news2, a.level), t.score, chart_level(t));
    }
}

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
        assert_string_equal(level_id(program, rule_index(program, "GEN-NEWS2"), a.level), rows[i].name);
        assert_int_equal(a.priority, rows[i].priority);
        assert_int_equal(a.alarm, rows[i].alarm);
    }
}

static const char *const measured[] = {"rr", "spo2", "on_oxygen", "sbp", "hr", "acvpu", "temp_c"};

static struct jz_assessment with_only(const struct jz_chart *full, uint32_t kept) {
    struct jz_chart chart = *full;
    for (uint32_t i = 0; i < COUNT(measured); i++)
        if (!(kept >> i & 1u)) chart.latest[field(measured[i])] = (struct jz_reading){0};
    return evaluate(program, &chart, "GEN-NEWS2", T0);
}

static void losing_a_reading_never_raises_lo_nor_lowers_hi(void **state) {
    (void)state;
    uint64_t seed = seed_of(__func__);
    for (int round = 0; round < 60; round++) {
        struct jz_chart full = {0};
        struct vitals v = combination(draw(&seed, COMBINATIONS));
        put_adult(&full);
        put_vitals(&full, &v);
        int complete = chart_total(&v).score;
        for (uint32_t kept = 0; kept < 128; kept++) {
            struct jz_assessment a = with_only(&full, kept);
            assert_true(a.lo <= complete && complete <= a.hi);
            assert_int_equal(a.complete, kept == 127);
            for (uint32_t i = 0; i < COUNT(measured); i++) {
                struct jz_assessment b = with_only(&full, kept & ~(1u << i));
                assert_true(b.lo <= a.lo && a.hi <= b.hi);
            }
        }
    }
}

static void shifting_all_times_changes_nothing_else(void **state) {
    (void)state;
    uint64_t seed = seed_of(__func__);
    for (int round = 0; round < 200; round++) {
        int64_t shift = (int64_t)draw(&seed, 1000000000) * 1000;
        struct jz_chart one = {0}, other = {0};
        int64_t at = T0;
        for (int i = 0; i < 12; i++) {
            static const char *const names[] = {"sbp", "dbp", "severe_symptom", "pregnancy", "hr"};
            uint32_t which = draw(&seed, COUNT(names));
            int32_t value = which < 2    ? 85 + (int32_t)draw(&seed, 100)
                            : which == 4 ? 80
                                         : 1 + (int32_t)draw(&seed, 2);
            if (which == 2) value = value - 1;
            at += draw(&seed, 600) * 1000;
            assert_int_equal(observe(program, &one, names[which], value, at),
                             observe(program, &other, names[which], value, at + shift));
        }
        for (uint32_t r = 0; r < jz_program_rule_count(program); r++) {
            struct jz_assessment a, b;
            jz_rule_evaluate(program, &one, r, at, &a);
            jz_rule_evaluate(program, &other, r, at + shift, &b);
            b.evaluated_ms -= shift;
            for (uint32_t i = 0; i < b.used_count; i++) b.used[i].taken_ms -= shift;
            assert_memory_equal(&a, &b, sizeof a);
        }
    }
}

static void used_lists_known_inputs_in_chart_order_with_points_and_age(void **state) {
    (void)state;
    struct jz_chart chart = {0};
    put(&chart, "temp_c", 391);
    put(&chart, "rr", 25);
    put(&chart, "age_years", 60);
    chart.latest[field("temp_c")].taken_ms = T0 - 15 * MINUTE - 1;
    struct jz_assessment a = evaluate(program, &chart, "GEN-NEWS2", T0);
    assert_int_equal(a.used_count, 3);
    assert_int_equal(a.used[0].field, field("rr"));
    assert_int_equal(a.used[0].points, 3);
    assert_int_equal(a.used[0].validity, JZ_VALID);
    assert_int_equal(a.used[1].field, field("temp_c"));
    assert_int_equal(a.used[1].points, 2);
    assert_int_equal(a.used[1].validity, JZ_STALE);
    assert_int_equal(a.used[1].taken_ms, T0 - 15 * MINUTE - 1);
    assert_int_equal(a.used[2].field, field("age_years"));
    assert_int_equal(a.stale, bit("temp_c"));
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
        chart.latest[field("hr")].validity = validities[i];
        struct jz_assessment a = evaluate(program, &chart, "GEN-NEWS2", T0);
        assert_int_equal(a.lo, 0);
        assert_int_equal(a.hi, 3);
        assert_int_equal(a.missing, bit("hr"));
        assert_int_equal(a.measure_next, field("hr"));
    }
}

static void nothing_known_is_no_level_and_no_priority_in_any_rule(void **state) {
    (void)state;
    struct jz_chart chart = {0};
    for (uint32_t r = 0; r < jz_program_rule_count(program); r++) {
        struct jz_assessment a;
        jz_rule_evaluate(program, &chart, r, T0, &a);
        assert_int_equal(a.status, JZ_RULE_CANNOT_EVALUATE);
        assert_int_equal(a.level, JZ_LEVEL_NONE);
        assert_int_not_equal(a.level_hi, JZ_LEVEL_NONE);
        assert_int_equal(a.priority, 0);
        assert_int_equal(a.conditions, 0);
        assert_int_equal(a.alarm, 0);
        assert_int_equal(a.complete, 0);
        assert_int_not_equal(a.missing, 0);
        assert_int_equal(a.used_count, 0);
    }
}

static void the_whole_result_is_written(void **state) {
    (void)state;
    struct jz_chart chart = {0};
    put(&chart, "rr", 25);
    struct jz_assessment a, b;
    memset(&a, 0, sizeof a);
    memset(&b, 0xff, sizeof b);
    for (uint32_t r = 0; r < jz_program_rule_count(program); r++) {
        jz_rule_evaluate(program, &chart, r, T0, &a);
        jz_rule_evaluate(program, &chart, r, T0, &b);
        assert_memory_equal(&a, &b, sizeof a);
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
        cmocka_unit_test(every_combination_at_every_bound_equals_the_printed_chart),
        cmocka_unit_test(priority_and_alarm_follow_the_level),
        cmocka_unit_test(losing_a_reading_never_raises_lo_nor_lowers_hi),
        cmocka_unit_test(shifting_all_times_changes_nothing_else),
        cmocka_unit_test(used_lists_known_inputs_in_chart_order_with_points_and_age),
        cmocka_unit_test(a_disbelieved_reading_counts_as_missing),
        cmocka_unit_test(nothing_known_is_no_level_and_no_priority_in_any_rule),
        cmocka_unit_test(the_whole_result_is_written),
        cmocka_unit_test(a_confirmed_st_elevation_asks_for_r01_at_once),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
