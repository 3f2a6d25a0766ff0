/* SPDX-License-Identifier: Apache-2.0 */
/* What a chart remembers and when it is looked at again: sets of readings, windows, doubts, and time alone. */
#include "forms.h"

#define YES 1
#define SECOND INT64_C(1000)

static const char fast[] = "  fast: {when: {all: [hr > 100, rr > 20]}, source: t, mark: PROJ}\n";
static const char either[] = "  either: {when: {any: [hr > 100, rr > 20]}, source: t, mark: PROJ}\n";
static const char severe[] = "  severe: {when: {any: [sbp >= 160, dbp >= 110]}, source: t, mark: PROJ}\n";

/* Two values of one frame. */
static void see_both(const char *a, int32_t value_a, const char *b, int32_t value_b, int64_t at_ms) {
    struct jz_rule_set due = {{0}};
    take(a, value_a, at_ms, &due);
    take(b, value_b, at_ms, &due);
    (void)jz_chart_update(program, &chart, due, at_ms);
}

static uint8_t validity(const char *name) {
    return jz_chart_reading(&chart, field(name)).validity;
}

/* --- sets ----------------------------------------------------------------------------------------------------- */

static void values_of_one_time_are_judged_together(void **state) {
    (void)state;
    begin(criterion(fast, "{pending: fast, apart: 1 min}"));
    see_both("hr", 110, "rr", 15, T0);
    see_both("rr", 25, "hr", 90, T0 + 30 * SECOND); /* never both */
    assert_int_equal(kept("X"), JZ_RULE_NOT_FIRED);
    see_both("rr", 26, "hr", 101, T0 + 40 * SECOND);
    assert_int_equal(kept("X"), JZ_RULE_FIRED);
}

static void a_run_is_not_broken_between_two_values_of_one_time(void **state) {
    (void)state;
    begin(criterion(either, "{held: either, for: 1 min}"));
    see_both("hr", 110, "rr", 15, T0);
    see_both("hr", 90, "rr", 25, T0 + 30 * SECOND);
    see_both("hr", 90, "rr", 25, T0 + 60 * SECOND);
    assert_int_equal(kept("X"), JZ_RULE_FIRED);
}

static void a_late_set_is_judged_on_its_own_values(void **state) {
    (void)state;
    begin(criterion(fast, "{repeated: fast, apart: 5 min}"));
    see_both("hr", 110, "rr", 25, T0 + 10 * MINUTE);
    assert_int_equal(kept("X"), JZ_RULE_CANNOT_EVALUATE);
    see_both("hr", 120, "rr", 21, T0);
    assert_int_equal(kept("X"), JZ_RULE_FIRED);
}

static void values_that_never_were_one_set_leave_it_open(void **state) {
    (void)state;
    begin(criterion(fast, "{repeated: fast, apart: 5 min}"));
    see("hr", 110, T0);
    see("rr", 25, T0 + 10 * MINUTE);
    expect("X", T0 + 10 * MINUTE, JZ_RULE_CANNOT_EVALUATE);
    assert_int_equal(now("X", T0 + 10 * MINUTE).measure_next, field("hr"));
}

static void what_does_not_age_counts_at_any_time(void **state) {
    (void)state;
    begin(criterion("  fast: {when: {all: [hr > 100, sex = female]}, source: t, mark: PROJ}\n",
                    "{repeated: fast, apart: 10 min}"));
    see("sex", 2, T0);
    see("hr", 110, T0 + 10 * MINUTE);
    see("hr", 110, T0 + 20 * MINUTE);
    assert_int_equal(kept("X"), JZ_RULE_FIRED);
}

static void a_correction_wakes_the_rules_that_remember(void **state) {
    (void)state;
    begin(criterion(severe, "{pending: severe, apart: 15 min}"));
    see("dbp", 80, T0);
    see("sbp", 165, T0);
    assert_int_equal(kept("X"), JZ_RULE_FIRED);
    see("sbp", 125, T0);
    assert_int_equal(kept("X"), JZ_RULE_NOT_FIRED);
}

static void a_bound_within_a_memory_wakes_the_rule(void **state) {
    (void)state;
    begin(criterion(fast, "{held: fast, for: 10 min}"));
    see("hr", 90, T0);
    assert_int_equal(kept("X"), JZ_RULE_NOT_FIRED);
    see("hr", 110, T0 + MINUTE);
    assert_int_equal(kept("X"), JZ_RULE_CANNOT_EVALUATE);
    begin(criterion("  fast: {when: {all: [hr * 10 > 9 * sbp, rr > 20]}, source: t, mark: PROJ}\n",
                    "{held: fast, for: 10 min}"));
    see("sbp", 100, T0);
    see("hr", 80, T0);
    assert_int_equal(kept("X"), JZ_RULE_NOT_FIRED);
    see("hr", 110, T0 + MINUTE);
    assert_int_equal(kept("X"), JZ_RULE_CANNOT_EVALUATE);
}

static void more_values_of_one_time_than_a_frame_has_are_taken_too(void **state) {
    (void)state;
    begin(criterion(severe, "{pending: severe, apart: 15 min}"));
    struct jz_rule_set due = {{0}};
    for (int i = 0; i < 100; i++) take(i % 2 ? "dbp" : "sbp", 100 - i % 2 * 20, T0 + i / 2, &due);
    take("sbp", 170, T0 + 60, &due);
    (void)jz_chart_update(program, &chart, due, T0 + 60);
    assert_int_equal(kept("X"), JZ_RULE_FIRED);
}

/* --- doubts --------------------------------------------------------------------------------------------------- */

static void what_is_disbelieved_refutes_nothing(void **state) {
    (void)state;
    begin(criterion("  severe: {when: sbp >= 160, source: t, mark: PROJ}\n",
                    "{repeated: severe, apart: 15 min}"));
    see_both("sbp", 165, "dbp", 90, T0);
    see_both("sbp", 100, "dbp", 120, T0 + 15 * MINUTE); /* in one frame */
    assert_int_equal(validity("sbp"), JZ_PAIR_INCONSISTENT);
    assert_int_equal(kept("X"), JZ_RULE_CANNOT_EVALUATE);
    see("sbp", 100, T0 + 20 * MINUTE);
    assert_int_equal(kept("X"), JZ_RULE_NOT_FIRED);
    see("dbp", 110, T0 + 20 * MINUTE + 30 * SECOND); /* in two */
    assert_int_equal(validity("sbp"), JZ_PAIR_INCONSISTENT);
    assert_int_equal(kept("X"), JZ_RULE_CANNOT_EVALUATE);
    see_both("sbp", 160, "dbp", 90, T0 + 25 * MINUTE);
    assert_int_equal(kept("X"), JZ_RULE_FIRED);
}

static void a_pressure_that_falls_below_the_last_diastolic_is_believed(void **state) {
    (void)state;
    begin(criterion(severe, "{pending: severe, apart: 15 min}"));
    see_both("sbp", 180, "dbp", 110, T0);
    assert_int_equal(kept("X"), JZ_RULE_FIRED);
    see_both("sbp", 100, "dbp", 60, T0 + 50 * SECOND);
    assert_int_equal(validity("sbp"), JZ_VALID);
    assert_int_equal(validity("dbp"), JZ_VALID);
    assert_int_equal(kept("X"), JZ_RULE_FIRED); /* what was seen at T0 stands */
    see_both("sbp", 150, "dbp", 90, T0 + 15 * MINUTE);
    assert_int_equal(kept("X"), JZ_RULE_NOT_FIRED); /* refuted from T0 on */
}

static void a_good_pair_soon_after_an_impossible_one_is_believed(void **state) {
    (void)state;
    begin(criterion(severe, "{pending: severe, apart: 15 min}"));
    see_both("sbp", 165, "dbp", 170, T0);
    assert_int_equal(validity("sbp"), JZ_PAIR_INCONSISTENT);
    see_both("sbp", 165, "dbp", 100, T0 + 15 * SECOND);
    assert_int_equal(validity("sbp"), JZ_VALID);
    assert_int_equal(validity("dbp"), JZ_VALID);
    assert_int_equal(kept("X"), JZ_RULE_FIRED);
}

static void a_doubted_value_that_comes_again_stays_doubted(void **state) {
    (void)state;
    begin(criterion(severe, "{pending: severe, apart: 15 min}"));
    see("sbp", 165, T0);
    see("dbp", 170, T0 + 5 * SECOND);
    see("sbp", 165, T0);
    assert_int_equal(validity("sbp"), JZ_PAIR_INCONSISTENT);
    assert_int_equal(kept("X"), JZ_RULE_CANNOT_EVALUATE);
    see("dbp", 70, T0 + 5 * SECOND); /* corrected */
    assert_int_equal(validity("dbp"), JZ_VALID);
}

static void a_first_known_number_wakes_when_its_better_source_is_doubted(void **state) {
    (void)state;
    begin(criterion("  best: {value: {first: [sbp, hr]}, source: t, mark: PROJ}\n", "best > 100"));
    see("hr", 90, T0);
    see("sbp", 120, T0);
    assert_int_equal(kept("X"), JZ_RULE_FIRED);
    see("dbp", 130, T0);
    assert_int_equal(kept("X"), JZ_RULE_NOT_FIRED);
    see("hr", 110, T0 + MINUTE);
    assert_int_equal(kept("X"), JZ_RULE_FIRED);
}

static void a_spike_that_comes_twice_is_still_one_value(void **state) {
    (void)state;
    begin(criterion("", "hr > 150"));
    see("hr", 80, T0);
    see("hr", 81, T0 + SECOND);
    see("hr", 200, T0 + 2 * SECOND);
    see("hr", 200, T0 + 2 * SECOND);
    assert_int_equal(jz_chart_reading(&chart, field("hr")).value, 81);
    assert_int_equal(kept("X"), JZ_RULE_NOT_FIRED);
    see("hr", 199, T0 + 3 * SECOND);
    assert_int_equal(kept("X"), JZ_RULE_FIRED);
}

/* --- windows -------------------------------------------------------------------------------------------------- */

static const char fall[] = "{changed: sbp, falls: 40, within: 15 min}";

static void a_late_value_in_the_window_wakes_the_rule(void **state) {
    (void)state;
    begin(criterion("", fall));
    see("sbp", 110, T0);
    see("sbp", 110, T0 + 15 * MINUTE);
    assert_int_equal(kept("X"), JZ_RULE_NOT_FIRED);
    see("sbp", 150, T0 + 10 * MINUTE);
    assert_int_equal(kept("X"), JZ_RULE_FIRED);
}

static void a_disbelieved_value_is_in_no_window(void **state) {
    (void)state;
    begin(criterion("", fall));
    see("sbp", 110, T0);
    see_both("sbp", 200, "dbp", 210, T0 + 10 * MINUTE);
    see("sbp", 110, T0 + 15 * MINUTE);
    assert_int_equal(kept("X"), JZ_RULE_NOT_FIRED);
    begin(criterion("", fall));
    see("sbp", 110, T0);
    see("sbp", 200, T0 + 10 * MINUTE);
    see("sbp", 115, T0 + 10 * MINUTE); /* corrected */
    see("sbp", 110, T0 + 15 * MINUTE);
    assert_int_equal(kept("X"), JZ_RULE_NOT_FIRED);
}

static void a_value_that_comes_again_moves_no_mean(void **state) {
    (void)state;
    begin(criterion("", "{trend: temp_c, rises: 8, over: 8 min}"));
    see("temp_c", 360, T0);
    see("temp_c", 364, T0 + 7 * MINUTE);
    see("temp_c", 369, T0 + 8 * MINUTE); /* the mean of the newest quarter is 366.5 */
    assert_int_equal(kept("X"), JZ_RULE_NOT_FIRED);
    for (int i = 0; i < 9; i++) see("temp_c", 369, T0 + 8 * MINUTE);
    assert_int_equal(kept("X"), JZ_RULE_NOT_FIRED);
    see("temp_c", 371, T0 + 8 * MINUTE); /* corrected: 367.5 */
    assert_int_equal(kept("X"), JZ_RULE_NOT_FIRED);
    see("temp_c", 372, T0 + 8 * MINUTE); /* 368 */
    assert_int_equal(kept("X"), JZ_RULE_FIRED);
}

static void a_value_at_the_edge_of_the_window_is_not_overlooked(void **state) {
    (void)state;
    begin(criterion("", fall));
    see("sbp", 141, T0);
    see("sbp", 140, T0 + 10 * SECOND); /* of the same stretch, of which 141 is the highest */
    see("sbp", 100, T0 + 15 * MINUTE + 6 * SECOND);
    assert_int_not_equal(kept("X"), JZ_RULE_NOT_FIRED);
    see("sbp", 100, T0 + 15 * MINUTE + 11 * SECOND);
    assert_int_equal(kept("X"), JZ_RULE_NOT_FIRED);
}

/* --- time alone ----------------------------------------------------------------------------------------------- */

static void a_time_that_is_looked_at_every_minute_does_not_move_away(void **state) {
    (void)state;
    begin(criterion("", "since fmc / 60 >= 10"));
    see("fmc", YES, T0);
    for (int64_t ms = 0; ms < 60000; ms += 1000)
        assert_int_equal(jz_chart_next_change(program, &chart, T0 + ms), T0 + 60000);
    assert_int_equal(jz_chart_next_change(program, &chart, T0 + 60000), T0 + 120000);
}

static void time_since_an_event_is_announced_on_either_side_of_the_comparison(void **state) {
    (void)state;
    begin(criterion("", "10 min < since fmc"));
    see("fmc", YES, T0);
    assert_int_equal(jz_chart_next_change(program, &chart, T0), T0 + 10 * MINUTE + SECOND);
    begin(criterion("", "10 min >= since fmc"));
    see("fmc", YES, T0);
    assert_int_equal(jz_chart_next_change(program, &chart, T0), T0 + 10 * MINUTE + SECOND);
    begin(criterion("", "since fmc > 500 d"));
    see("fmc", YES, T0);
    assert_int_equal(jz_chart_next_change(program, &chart, T0), T0 + 500 * 86400 * SECOND + SECOND);
}

static void bands_over_the_time_since_an_event_are_announced(void **state) {
    (void)state;
    begin(compile("",
                  HEAD("S") "    score:\n"
                            "      - {value: since fmc, mark: PROJ, title: {zh: 时, en: time}, bands: "
                            "{..10799: 0, 10800..: 1}}\n"
                            "    levels:\n" TOTAL("long", "1..", "") TOTAL("short", "..0", "") TESTS READER));
    see("fmc", YES, T0);
    assert_int_equal(jz_chart_next_change(program, &chart, T0), T0 + 180 * MINUTE);
    assert_int_equal(jz_chart_next_change(program, &chart, T0 + 180 * MINUTE), INT64_MAX);
}

/* The systolic value counts as fresh for 5 min in one pack and for 15 min in the other. */
static void each_freshness_of_a_field_is_announced(void **state) {
    (void)state;
#define PACK(name, fresh)                                                                                    \
    "pack: a/" name "\ntitle: {zh: z, en: e}\ninputs: {sbp: {unit: \"mm[Hg]\", fresh: " fresh                \
    ", mark: DEC}}\nrules:\n" RULE(name, "sbp >= 160")
    static const char five[] = PACK("five", "5 min"), fifteen[] = PACK("fifteen", "15 min");
    struct jz_pack_source source[] = {{"a/five", five, sizeof five - 1},
                                      {"a/fifteen", fifteen, sizeof fifteen - 1}};
    struct jz_pack_error error = {0};
    struct jz_program *made;
    if (jz_program_compile(source, 2, &made, &error) != JZ_OK) fail_msg("%d: %s", error.line, error.text);
    begin(made);
    see("sbp", 120, T0);
    assert_int_equal(jz_chart_next_change(program, &chart, T0), T0 + 5 * MINUTE + 1);
    assert_int_equal(jz_chart_next_change(program, &chart, T0 + 5 * MINUTE + 1), T0 + 15 * MINUTE + 1);
    assert_int_equal(jz_chart_next_change(program, &chart, T0 + 15 * MINUTE + 1), INT64_MAX);
}

/* --- what is stale -------------------------------------------------------------------------------------------- */

#define RESTS_ON_ANOTHER                                                                                     \
    RULE("A", "hr > 150")                                                                                    \
    RULE("B", "{all: [seizure, rule.A]}")                                                                    \
    HEAD("C") "    levels:\n" LEVEL("out", "{not: rule.B}", ", rule_out: yes") TESTS READER

static void nothing_is_ruled_out_on_a_rule_that_rests_on_stale_data(void **state) {
    (void)state;
    begin(compile("", RESTS_ON_ANOTHER));
    see("seizure", 0, T0);
    see("hr", 80, T0);
    assert_int_equal(kept("C"), JZ_RULE_FIRED);
    int64_t stale_ms = T0 + 15 * MINUTE + 1;
    assert_int_equal(jz_chart_next_change(program, &chart, T0), stale_ms);
    struct jz_rule_set all = {{0}};
    for (uint32_t i = 0; i < jz_program_rule_count(program); i++) jz_rule_set_add(&all, i);
    (void)jz_chart_update(program, &chart, all, stale_ms);
    assert_int_equal(kept("C"), JZ_RULE_CANNOT_EVALUATE);
    assert_int_equal(now("C", stale_ms).measure_next, field("hr"));
    see("hr", 81, stale_ms + 1000);
    assert_int_equal(kept("C"), JZ_RULE_FIRED);
}

static void a_value_from_the_outbox_makes_fresh_again_what_was_stale(void **state) {
    (void)state;
    begin(compile("", HEAD("C") "    levels:\n" LEVEL("out", "hr < 150", ", rule_out: yes") TESTS READER));
    see("hr", 80, T0);
    struct jz_rule_set all = {{0}}, due = {{0}};
    jz_rule_set_add(&all, rule_index(program, "C"));
    (void)jz_chart_update(program, &chart, all, T0 + 16 * MINUTE);
    assert_int_equal(kept("C"), JZ_RULE_CANNOT_EVALUATE);
    take("hr", 81, T0 + 10 * MINUTE, &due);
    (void)jz_chart_update(program, &chart, due, T0 + 20 * MINUTE);
    assert_int_equal(kept("C"), JZ_RULE_FIRED);
}

int main(void) {
#define TEST(name) cmocka_unit_test_teardown(name, end)
    const struct CMUnitTest tests[] = {
        TEST(values_of_one_time_are_judged_together),
        TEST(a_run_is_not_broken_between_two_values_of_one_time),
        TEST(a_late_set_is_judged_on_its_own_values),
        TEST(values_that_never_were_one_set_leave_it_open),
        TEST(what_does_not_age_counts_at_any_time),
        TEST(a_correction_wakes_the_rules_that_remember),
        TEST(a_bound_within_a_memory_wakes_the_rule),
        TEST(more_values_of_one_time_than_a_frame_has_are_taken_too),
        TEST(what_is_disbelieved_refutes_nothing),
        TEST(a_pressure_that_falls_below_the_last_diastolic_is_believed),
        TEST(a_good_pair_soon_after_an_impossible_one_is_believed),
        TEST(a_doubted_value_that_comes_again_stays_doubted),
        TEST(a_first_known_number_wakes_when_its_better_source_is_doubted),
        TEST(a_spike_that_comes_twice_is_still_one_value),
        TEST(a_late_value_in_the_window_wakes_the_rule),
        TEST(a_disbelieved_value_is_in_no_window),
        TEST(a_value_that_comes_again_moves_no_mean),
        TEST(a_value_at_the_edge_of_the_window_is_not_overlooked),
        TEST(a_time_that_is_looked_at_every_minute_does_not_move_away),
        TEST(time_since_an_event_is_announced_on_either_side_of_the_comparison),
        TEST(bands_over_the_time_since_an_event_are_announced),
        TEST(each_freshness_of_a_field_is_announced),
        TEST(nothing_is_ruled_out_on_a_rule_that_rests_on_stale_data),
        TEST(a_value_from_the_outbox_makes_fresh_again_what_was_stale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
