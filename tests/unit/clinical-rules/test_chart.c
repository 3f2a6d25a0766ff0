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

static struct jz_chart pregnant(void) {
    struct jz_chart chart;
    memset(&chart, 0, sizeof chart);
    (void)observe(program, &chart, "pregnancy", 2, T0);
    return chart;
}

static void pressure(struct jz_chart *chart, int32_t sbp, int32_t dbp, int64_t at_ms) {
    (void)observe(program, chart, "sbp", sbp, at_ms);
    (void)observe(program, chart, "dbp", dbp, at_ms);
}

static int status(const struct jz_chart *chart, const char *rule, int64_t now_ms) {
    return evaluate(program, chart, rule, now_ms).status;
}

static void severe_pressure_fires_from_160_or_110(void **state) {
    (void)state;
    static const struct {
        int32_t sbp, dbp;
        int first, sustained;
    } rows[] = {{159, 109, JZ_RULE_NOT_FIRED, JZ_RULE_NOT_FIRED},
                {160, 109, JZ_RULE_FIRED, JZ_RULE_FIRED},
                {159, 110, JZ_RULE_FIRED, JZ_RULE_FIRED}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct jz_chart chart = pregnant();
        pressure(&chart, rows[i].sbp, rows[i].dbp, T0);
        assert_int_equal(status(&chart, "HT-SEV1", T0), rows[i].first);
        pressure(&chart, rows[i].sbp, rows[i].dbp, T0 + 15 * MINUTE);
        assert_int_equal(status(&chart, "HT-SEV", T0 + 15 * MINUTE), rows[i].sustained);
    }
}

static void a_repeat_counts_from_15_minutes_and_not_a_millisecond_earlier(void **state) {
    (void)state;
    static const struct {
        int64_t after_ms;
        int status;
    } rows[] = {{14 * MINUTE + 59000, JZ_RULE_CANNOT_EVALUATE},
                {15 * MINUTE - 1, JZ_RULE_CANNOT_EVALUATE},
                {15 * MINUTE, JZ_RULE_FIRED}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct jz_chart chart = pregnant();
        pressure(&chart, 165, 100, T0);
        pressure(&chart, 165, 100, T0 + rows[i].after_ms);
        assert_int_equal(status(&chart, "HT-SEV", T0 + rows[i].after_ms), rows[i].status);
    }
}

static void the_repeat_is_asked_for_when_it_is_due(void **state) {
    (void)state;
    struct jz_chart chart = pregnant();
    pressure(&chart, 165, 100, T0);
    assert_int_equal(evaluate(program, &chart, "HT-SEV", T0 + 15 * MINUTE - 1).measure_next, 255);
    assert_int_equal(evaluate(program, &chart, "HT-SEV", T0 + 15 * MINUTE).measure_next, field("sbp"));
}

static void a_late_reading_confirms_but_does_not_replace_the_newest(void **state) {
    (void)state;
    struct jz_chart chart = pregnant();
    pressure(&chart, 165, 100, T0 + 15 * MINUTE);
    assert_int_not_equal(observe(program, &chart, "sbp", 170, T0), 0);
    assert_int_equal(chart.latest[field("sbp")].value, 165);
    assert_int_equal(chart.latest[field("sbp")].taken_ms, T0 + 15 * MINUTE);
    assert_int_equal(status(&chart, "HT-SEV", T0 + 15 * MINUTE), JZ_RULE_FIRED);
}

static void a_late_reading_that_changes_nothing_wakes_no_rule(void **state) {
    (void)state;
    struct jz_chart chart = pregnant();
    (void)observe(program, &chart, "hr", 80, T0);
    assert_int_equal(observe(program, &chart, "hr", 140, T0 - 1), 0);
    assert_int_equal(chart.latest[field("hr")].value, 80);
}

static void the_same_reading_again_wakes_no_rule(void **state) {
    (void)state;
    struct jz_chart chart = pregnant();
    assert_int_not_equal(observe(program, &chart, "sbp", 165, T0), 0);
    assert_int_equal(observe(program, &chart, "sbp", 165, T0), 0);
}

static void the_order_of_arrival_does_not_change_what_was_repeated(void **state) {
    (void)state;
    static const int64_t times[][3] = {{0, 8, 16}, {16, 8, 0}, {8, 16, 0},
                                       {8, 0, 16}, {16, 0, 8}, {0, 16, 8}};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        struct jz_chart chart = pregnant();
        for (int k = 0; k < 3; k++) {
            int32_t sbp = times[i][k] == 8 ? 150 : 165;
            pressure(&chart, sbp, 95, T0 + times[i][k] * MINUTE);
        }
        assert_int_equal(status(&chart, "HT-SEV", T0 + 16 * MINUTE), JZ_RULE_FIRED);
        assert_int_equal(chart.latest[field("sbp")].taken_ms, T0 + 16 * MINUTE);
    }
}

static void values_outside_the_plausible_range_are_kept_but_not_believed(void **state) {
    (void)state;
    const struct jz_field *def = jz_field_at(field("temp_c"));
    const struct {
        int32_t value;
        uint8_t validity;
    } rows[] = {{def->min - 1, JZ_OUT_OF_RANGE},
                {def->min, JZ_VALID},
                {def->max, JZ_VALID},
                {def->max + 1, JZ_OUT_OF_RANGE}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct jz_chart chart = pregnant();
        (void)observe(program, &chart, "temp_c", rows[i].value, T0);
        assert_int_equal(chart.latest[field("temp_c")].validity, rows[i].validity);
        assert_int_equal(chart.latest[field("temp_c")].value, rows[i].value);
    }
}

static void a_diastolic_at_or_above_the_systolic_disbelieves_both(void **state) {
    (void)state;
    static const struct {
        int32_t sbp, dbp;
        uint8_t validity;
    } rows[] = {{120, 119, JZ_VALID}, {120, 120, JZ_PAIR_INCONSISTENT}, {120, 121, JZ_PAIR_INCONSISTENT}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct jz_chart chart = pregnant();
        pressure(&chart, rows[i].sbp, rows[i].dbp, T0);
        assert_int_equal(chart.latest[field("sbp")].validity, rows[i].validity);
        assert_int_equal(chart.latest[field("dbp")].validity, rows[i].validity);
        assert_int_equal(chart.latest[field("sbp")].value, rows[i].sbp);
    }
}

static void a_pair_is_compared_only_within_60_seconds(void **state) {
    (void)state;
    static const struct {
        int64_t apart_ms;
        uint8_t validity;
    } rows[] = {
        {60000, JZ_PAIR_INCONSISTENT}, {60001, JZ_VALID}, {-60000, JZ_PAIR_INCONSISTENT}, {-60001, JZ_VALID}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct jz_chart chart = pregnant();
        (void)observe(program, &chart, "sbp", 100, T0);
        (void)observe(program, &chart, "dbp", 105, T0 + rows[i].apart_ms);
        assert_int_equal(chart.latest[field("sbp")].validity, rows[i].validity);
    }
}

static void an_impossible_pair_is_taken_back_from_temporal_criteria(void **state) {
    (void)state;
    struct jz_chart chart = pregnant();
    pressure(&chart, 165, 170, T0);
    assert_int_equal(status(&chart, "HT-SEV1", T0), JZ_RULE_CANNOT_EVALUATE);
    pressure(&chart, 165, 100, T0 + 15 * MINUTE);
    assert_int_equal(status(&chart, "HT-SEV", T0 + 15 * MINUTE), JZ_RULE_CANNOT_EVALUATE);
    assert_int_equal(status(&chart, "HT-SEV1", T0 + 15 * MINUTE), JZ_RULE_FIRED);
}

static void taking_back_the_newest_leaves_an_earlier_confirmation_standing(void **state) {
    (void)state;
    struct jz_chart chart = pregnant();
    pressure(&chart, 165, 100, T0);
    pressure(&chart, 165, 100, T0 + 15 * MINUTE);
    pressure(&chart, 165, 170, T0 + 20 * MINUTE);
    assert_int_equal(status(&chart, "HT-SEV", T0 + 20 * MINUTE), JZ_RULE_FIRED);
}

static void a_corrected_reading_of_the_same_time_is_no_evidence_any_more(void **state) {
    (void)state;
    struct jz_chart chart = pregnant();
    pressure(&chart, 165, 100, T0);
    (void)observe(program, &chart, "sbp", 125, T0);
    assert_int_equal(status(&chart, "HT-SEV1", T0), JZ_RULE_NOT_FIRED);
}

static void a_probe_off_note_is_kept_with_its_reason(void **state) {
    (void)state;
    struct jz_chart chart = pregnant();
    (void)observe(program, &chart, "spo2", 97, T0);
    struct jz_reading off = {.taken_ms = T0 + 1, .validity = JZ_PROBE_OFF};
    uint64_t woken = jz_chart_observe(program, &chart, field("spo2"), off);
    assert_int_equal(woken, 1ull << rule_index(program, "GEN-NEWS2"));
    assert_int_equal(chart.latest[field("spo2")].validity, JZ_PROBE_OFF);
}

static void observing_wakes_exactly_the_rules_that_read_the_field(void **state) {
    (void)state;
    for (uint32_t f = 0; f < jz_field_count(); f++) {
        struct jz_chart chart = {0};
        uint64_t woken = observe(program, &chart, jz_field_at(f)->name, jz_field_at(f)->min, T0), reads = 0;
        for (uint32_t r = 0; r < jz_program_rule_count(program); r++) {
            const struct jz_rule_info *info = jz_program_rule(program, r);
            for (uint32_t i = 0; i < info->input_count; i++)
                if (info->input[i] == f) reads |= 1ull << r;
        }
        assert_int_equal(woken, reads);
    }
}

static void the_next_change_is_staleness_or_a_repeat_falling_due(void **state) {
    (void)state;
    struct jz_chart chart = pregnant();
    assert_int_equal(jz_chart_next_change(program, &chart, T0), INT64_MAX);
    (void)observe(program, &chart, "hr", 80, T0);
    assert_int_equal(jz_chart_next_change(program, &chart, T0), T0 + 15 * MINUTE + 1);
    assert_int_equal(jz_chart_next_change(program, &chart, T0 + 15 * MINUTE), T0 + 15 * MINUTE + 1);
    assert_int_equal(jz_chart_next_change(program, &chart, T0 + 15 * MINUTE + 1), INT64_MAX);
    pressure(&chart, 165, 100, T0);
    assert_int_equal(jz_chart_next_change(program, &chart, T0), T0 + 15 * MINUTE);
    assert_int_equal(jz_chart_next_change(program, &chart, T0 + 15 * MINUTE + 1), T0 + 20 * MINUTE);
    assert_int_equal(jz_chart_next_change(program, &chart, T0 + 20 * MINUTE), INT64_MAX);
}

/* Whatever changes without new data must have been announced. */
static void no_result_changes_between_announced_times(void **state) {
    (void)state;
    struct jz_chart chart = pregnant();
    pressure(&chart, 165, 100, T0);
    (void)observe(program, &chart, "hr", 80, T0 + 3 * MINUTE);
    int64_t next = jz_chart_next_change(program, &chart, T0 + 3 * MINUTE);
    struct jz_assessment before[32], after;
    for (uint32_t r = 0; r < jz_program_rule_count(program); r++)
        jz_rule_evaluate(program, &chart, r, T0 + 3 * MINUTE, &before[r]);
    for (int64_t now = T0 + 3 * MINUTE; now < T0 + 40 * MINUTE; now += 500) {
        bool announced = now >= next;
        if (announced) next = jz_chart_next_change(program, &chart, now);
        for (uint32_t r = 0; r < jz_program_rule_count(program); r++) {
            jz_rule_evaluate(program, &chart, r, now, &after);
            int64_t at = after.evaluated_ms;
            after.evaluated_ms = before[r].evaluated_ms;
            if (!announced) assert_memory_equal(&after, &before[r], sizeof after);
            after.evaluated_ms = at;
            before[r] = after;
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(severe_pressure_fires_from_160_or_110),
        cmocka_unit_test(a_repeat_counts_from_15_minutes_and_not_a_millisecond_earlier),
        cmocka_unit_test(the_repeat_is_asked_for_when_it_is_due),
        cmocka_unit_test(a_late_reading_confirms_but_does_not_replace_the_newest),
        cmocka_unit_test(a_late_reading_that_changes_nothing_wakes_no_rule),
        cmocka_unit_test(the_same_reading_again_wakes_no_rule),
        cmocka_unit_test(the_order_of_arrival_does_not_change_what_was_repeated),
        cmocka_unit_test(values_outside_the_plausible_range_are_kept_but_not_believed),
        cmocka_unit_test(a_diastolic_at_or_above_the_systolic_disbelieves_both),
        cmocka_unit_test(a_pair_is_compared_only_within_60_seconds),
        cmocka_unit_test(an_impossible_pair_is_taken_back_from_temporal_criteria),
        cmocka_unit_test(taking_back_the_newest_leaves_an_earlier_confirmation_standing),
        cmocka_unit_test(a_corrected_reading_of_the_same_time_is_no_evidence_any_more),
        cmocka_unit_test(a_probe_off_note_is_kept_with_its_reason),
        cmocka_unit_test(observing_wakes_exactly_the_rules_that_read_the_field),
        cmocka_unit_test(the_next_change_is_staleness_or_a_repeat_falling_due),
        cmocka_unit_test(no_result_changes_between_announced_times),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
