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

static int status(struct jz_chart *chart, const char *rule, int64_t now_ms) {
    return evaluate(program, chart, rule, now_ms).result.status;
}

static bool wakes(struct jz_rule_set due, const char *rule) {
    return jz_rule_set_has(&due, rule_index(program, rule));
}

static bool wakes_none(struct jz_rule_set due) {
    return !jz_rule_set_any(&due);
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
    assert_int_equal(evaluate(program, &chart, "HT-SEV", T0 + 15 * MINUTE - 1).measure_next, JZ_FIELD_NONE);
    assert_int_equal(evaluate(program, &chart, "HT-SEV", T0 + 15 * MINUTE).measure_next, field("sbp"));
}

static void a_late_reading_confirms_but_does_not_replace_the_newest(void **state) {
    (void)state;
    struct jz_chart chart = pregnant();
    pressure(&chart, 165, 100, T0 + 15 * MINUTE);
    assert_true(wakes(observe(program, &chart, "sbp", 170, T0), "HT-SEV"));
    assert_int_equal(newest(&chart, "sbp").value, 165);
    assert_int_equal(newest(&chart, "sbp").taken_ms, T0 + 15 * MINUTE);
    assert_int_equal(status(&chart, "HT-SEV", T0 + 15 * MINUTE), JZ_RULE_FIRED);
}

static void a_late_reading_that_changes_nothing_wakes_no_rule(void **state) {
    (void)state;
    struct jz_chart chart = pregnant();
    (void)observe(program, &chart, "potassium", 40, T0);
    assert_true(wakes_none(observe(program, &chart, "potassium", 75, T0 - 1)));
    assert_int_equal(newest(&chart, "potassium").value, 40);
}

static void the_same_reading_again_wakes_no_rule(void **state) {
    (void)state;
    struct jz_chart chart = pregnant();
    assert_true(wakes(observe(program, &chart, "sbp", 165, T0), "HT-SEV1"));
    assert_true(wakes_none(observe(program, &chart, "sbp", 165, T0)));
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
        assert_int_equal(newest(&chart, "sbp").taken_ms, T0 + 16 * MINUTE);
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
        assert_int_equal(newest(&chart, "temp_c").validity, rows[i].validity);
        assert_int_equal(newest(&chart, "temp_c").value, rows[i].value);
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
        assert_int_equal(newest(&chart, "sbp").validity, rows[i].validity);
        assert_int_equal(newest(&chart, "dbp").validity, rows[i].validity);
        assert_int_equal(newest(&chart, "sbp").value, rows[i].sbp);
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
        assert_int_equal(newest(&chart, "sbp").validity, rows[i].validity);
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
    assert_true(wakes(observe_reading(program, &chart, "spo2", off), "GEN-NEWS2"));
    assert_int_equal(newest(&chart, "spo2").validity, JZ_PROBE_OFF);
}

static void a_first_value_wakes_exactly_the_rules_that_read_the_field(void **state) {
    (void)state;
    for (uint32_t f = 0; f < jz_field_count(); f++) {
        static struct jz_chart chart;
        memset(&chart, 0, sizeof chart);
        (void)observe(program, &chart, f == field("hr") ? "sbp" : "hr", 80, T0);
        if (jz_field_at(f)->kind == 'v' && chart.slot[f]) continue;
        struct jz_rule_set woken = observe(program, &chart, jz_field_at(f)->name, jz_field_at(f)->min, T0);
        for (uint32_t r = 0; r < jz_program_rule_count(program); r++) {
            const struct jz_rule_info *info = jz_program_rule(program, r);
            bool reads = false;
            for (uint32_t i = 0; i < info->input_count; i++) reads |= info->input[i] == f;
            assert_int_equal(jz_rule_set_has(&woken, r), reads && info->enabled);
        }
    }
}

static void the_first_reading_of_a_patient_wakes_every_rule(void **state) {
    (void)state;
    static struct jz_chart chart;
    memset(&chart, 0, sizeof chart);
    struct jz_rule_set woken = observe(program, &chart, "hr", 80, T0);
    for (uint32_t r = 0; r < jz_program_rule_count(program); r++)
        assert_int_equal(jz_rule_set_has(&woken, r), jz_program_rule(program, r)->enabled);
}

/* Is `at_ms` among the times that are announced one after the other from `from_ms` on? */
static bool announced(const struct jz_chart *chart, int64_t from_ms, int64_t at_ms) {
    while (from_ms < at_ms) from_ms = jz_chart_next_change(program, chart, from_ms);
    return from_ms == at_ms;
}

static void staleness_and_a_repeat_falling_due_are_announced(void **state) {
    (void)state;
    static struct jz_chart chart;
    memset(&chart, 0, sizeof chart);
    (void)observe(program, &chart, "hr", 80, T0);
    assert_true(announced(&chart, T0, T0 + 15 * MINUTE + 1));
    assert_false(announced(&chart, T0, T0 + 15 * MINUTE + 2));
    (void)observe(program, &chart, "pregnancy", 2, T0);
    pressure(&chart, 165, 100, T0);
    assert_true(announced(&chart, T0, T0 + 15 * MINUTE));
    assert_true(announced(&chart, T0, T0 + 20 * MINUTE));
}

/* Whatever changes without new data must have been announced. */
static void no_result_changes_between_announced_times(void **state) {
    (void)state;
    static struct jz_chart chart;
    memset(&chart, 0, sizeof chart);
    (void)observe(program, &chart, "pregnancy", 2, T0);
    pressure(&chart, 165, 100, T0);
    (void)observe(program, &chart, "fmc", 1, T0);
    (void)observe(program, &chart, "hr", 80, T0 + 3 * MINUTE);
    int64_t next = jz_chart_next_change(program, &chart, T0 + 3 * MINUTE);
    struct jz_rule_set all;
    memset(&all, 0xff, sizeof all);
    for (int64_t now = T0 + 3 * MINUTE; now < T0 + 40 * MINUTE; now += 500) {
        bool announced = now >= next;
        if (announced) next = jz_chart_next_change(program, &chart, now);
        struct jz_rule_set changed = jz_chart_update(program, &chart, all, now);
        if (!announced) assert_false(jz_rule_set_any(&changed));
    }
}

/* Random patients, with breaks long enough for values to grow stale. */
static void changes_tell_what_results_were_and_stale_ones_are_kept_twice(void **state) {
    (void)state;
    uint64_t seed = seed_of(__func__);
    static const char *const name[] = {"sbp", "dbp", "hr", "spo2", "rr", "temp_c"};
    static const int32_t least[] = {60, 40, 40, 80, 8, 340};
    static struct jz_chart chart, old;
    static struct jz_rule_result before[JZ_RULES_MAX];
    uint32_t changes = 0, stale = 0;
    chart = pregnant();
    for (int64_t at_ms = T0; at_ms < T0 + 600 * MINUTE; at_ms += (1 + draw(&seed, 40)) * MINUTE) {
        struct jz_rule_set due = {{0}};
        uint32_t i = draw(&seed, sizeof name / sizeof name[0]);
        struct jz_reading reading = {
            .taken_ms = at_ms, .value = least[i] + (int32_t)draw(&seed, 70), .validity = JZ_VALID};
        (void)!jz_chart_observe(program, &chart, field(name[i]), reading, &due);
        for (uint32_t r = 0; r < JZ_RULES_MAX; r++)
            if (draw(&seed, 2) && r < jz_program_rule_count(program)) jz_rule_set_add(&due, r);
        old = chart;
        struct jz_rule_set changed = jz_chart_update_from(program, &chart, due, at_ms, before);
        for (uint32_t r = 0; r < jz_program_rule_count(program); r++) {
            bool differs = memcmp(&chart.result[r], &old.result[r], sizeof old.result[r]) != 0;
            assert_int_equal(jz_rule_set_has(&changed, r), differs);
            if (differs) assert_memory_equal(&before[r], &old.result[r], sizeof before[r]);
            assert_int_equal(jz_rule_set_has(&chart.stale, r), chart.result[r].stale);
            changes += differs;
            stale += chart.result[r].stale;
        }
    }
    assert_true(changes > 100 && stale > 0);
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
        cmocka_unit_test(a_first_value_wakes_exactly_the_rules_that_read_the_field),
        cmocka_unit_test(the_first_reading_of_a_patient_wakes_every_rule),
        cmocka_unit_test(staleness_and_a_repeat_falling_due_are_announced),
        cmocka_unit_test(no_result_changes_between_announced_times),
        cmocka_unit_test(changes_tell_what_results_were_and_stale_ones_are_kept_twice),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
