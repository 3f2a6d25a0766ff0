/* SPDX-License-Identifier: Apache-2.0 */
/* Every form of the language on small packs of its own. */
#include "forms.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define YES 1

static void arithmetic_is_exact_in_whole_numbers(void **state) {
    (void)state;
    begin(criterion("", "hr * 10 >= 9 * sbp"));
    see("sbp", 122, T0);
    expect("X", T0, JZ_RULE_CANNOT_EVALUATE);
    see("hr", 109, T0);
    expect("X", T0, JZ_RULE_NOT_FIRED);
    see("hr", 110, T0 + 1); /* 1100 against 1098 */
    expect("X", T0 + 1, JZ_RULE_FIRED);
}

static void division_rounds_half_away_from_zero_and_by_zero_is_not_known(void **state) {
    (void)state;
    begin(criterion("", "hr * 1000 / sbp >= 900"));
    see("sbp", 200, T0);
    see("hr", 179, T0);
    expect("X", T0, JZ_RULE_NOT_FIRED); /* 895 */
    see("hr", 180, T0 + 1);
    expect("X", T0 + 1, JZ_RULE_FIRED);
    see("sbp", 0, T0 + 2);
    expect("X", T0 + 2, JZ_RULE_CANNOT_EVALUATE);
    begin(criterion("", "( hr - sbp ) / 2 = -1"));
    see("sbp", 101, T0);
    see("hr", 100, T0);
    expect("X", T0, JZ_RULE_FIRED); /* -0.5 */
}

static void values_of_different_times_make_no_number_together(void **state) {
    (void)state;
    begin(criterion("  si: {value: hr * 1000 / sbp, within: 5 min, title: {zh: 指数, en: index}, source: t, "
                    "mark: PROJ}\n",
                    "si >= 900"));
    see("sbp", 100, T0);
    see("hr", 120, T0 + 5 * MINUTE);
    expect("X", T0 + 5 * MINUTE, JZ_RULE_FIRED);
    see("hr", 121, T0 + 5 * MINUTE + 1);
    struct jz_assessment a = now("X", T0 + 5 * MINUTE + 1);
    assert_int_equal(a.result.status, JZ_RULE_CANNOT_EVALUATE);
    assert_int_equal(a.measure_next, field("sbp"));
}

static void the_first_known_number_counts(void **state) {
    (void)state;
    begin(criterion("  ga: {value: {first: [280 - ( edd_date - today ), today - lmp_date, ga_days]}, title: "
                    "{zh: 孕周, en: ga}, "
                    "source: t, mark: PROJ}\n",
                    "ga >= 140"));
    int32_t day = (int32_t)((T0 + 8 * 60 * MINUTE) / 86400000);
    see("ga_days", 140, T0);
    expect("X", T0, JZ_RULE_FIRED);
    see("lmp_date", day - 139, T0);
    expect("X", T0, JZ_RULE_NOT_FIRED);
    see("edd_date", day + 140, T0);
    expect("X", T0, JZ_RULE_FIRED);
}

static void the_calendar_day_changes_at_midnight_in_shanghai(void **state) {
    (void)state;
    begin(criterion("", "today - lmp_date >= 10"));
    int64_t day = (T0 + 8 * 60 * MINUTE) / 86400000, midnight = (day + 1) * 86400000 - 8 * 60 * MINUTE;
    see("lmp_date", (int32_t)day - 9, T0);
    expect("X", midnight - 1, JZ_RULE_NOT_FIRED);
    expect("X", midnight, JZ_RULE_FIRED);
    assert_int_equal(jz_chart_next_change(program, &chart, T0), midnight);
}

static void time_since_an_event_counts_whole_seconds(void **state) {
    (void)state;
    begin(criterion("", "since fmc > 10 min"));
    expect("X", T0, JZ_RULE_CANNOT_EVALUATE);
    see("fmc", YES, T0);
    expect("X", T0 + 10 * MINUTE, JZ_RULE_NOT_FIRED);
    expect("X", T0 + 10 * MINUTE + 999, JZ_RULE_NOT_FIRED);
    expect("X", T0 + 10 * MINUTE + 1000, JZ_RULE_FIRED);
    assert_int_equal(jz_chart_next_change(program, &chart, T0), T0 + 10 * MINUTE + 1000);
}

static void time_between_events_needs_both(void **state) {
    (void)state;
    begin(criterion("", "from fmc to ecg <= 10 min"));
    see("fmc", YES, T0);
    assert_int_equal(now("X", T0).measure_next, field("ecg"));
    see("ecg", YES, T0 + 10 * MINUTE + 1000);
    expect("X", T0 + 20 * MINUTE, JZ_RULE_NOT_FIRED);
    see("ecg", YES, T0 + 10 * MINUTE); /* the latest report counts, though it is of an earlier time */
    expect("X", T0 + 20 * MINUTE, JZ_RULE_FIRED);
}

#define CLOCK                                                                                                \
    "pathways:\n"                                                                                            \
    "  - id: P\n"                                                                                            \
    "    version: 1.0.0\n"                                                                                   \
    "    title: {zh: 径, en: path}\n"                                                                       \
    "    source: test\n"                                                                                     \
    "    mark: PROJ\n"                                                                                       \
    "    sign_off: {by: \"\", date: \"\"}\n"                                                                 \
    "    no_capability: test\n"                                                                              \
    "    targets:\n"                                                                                         \
    "      - {id: K, title: {zh: 时, en: time}, from: fmc, to: ecg, within: 10 min, action: {zh: 做, en: " \
    "act}, "                                                                                                 \
    "mark: PROJ, tests: [{id: t, given: {fmc: yes}, expect: {status: fired}}]}\n"

static void a_clock_that_ends_before_it_begins_is_neither_in_time_nor_late(void **state) {
    (void)state;
    begin(compile("", RULE("X", "from fmc to ecg < 0 s") READER CLOCK));
    uint32_t rule = rule_index(program, "K");
    see("fmc", YES, T0);
    assert_string_equal(level_id(program, rule, now("K", T0).result.level), "running");
    see("ecg", YES, T0 + 600);
    assert_string_equal(level_id(program, rule, now("K", T0 + 600).result.level), "met");
    see("ecg", YES, T0 - 999);
    assert_string_equal(level_id(program, rule, now("K", T0).result.level), "met");
    see("ecg", YES, T0 - 1000);
    struct jz_assessment a = now("K", T0 + 30 * MINUTE);
    assert_int_equal(a.result.status, JZ_RULE_CANNOT_EVALUATE);
    assert_int_equal(a.measure_next, field("fmc"));
    expect("X", T0, JZ_RULE_FIRED); /* the order of two events is a question of its own */
}

static const char held[] = "  fast: {when: hr > 110, source: t, mark: PROJ}\n";

static void held_needs_an_unbroken_run_of_its_length(void **state) {
    (void)state;
    begin(criterion(held, "{held: fast, for: 15 min}"));
    see("hr", 111, T0);
    expect("X", T0, JZ_RULE_CANNOT_EVALUATE);
    see("hr", 120, T0 + 15 * MINUTE - 1);
    expect("X", T0 + 15 * MINUTE - 1, JZ_RULE_CANNOT_EVALUATE);
    see("hr", 120, T0 + 15 * MINUTE);
    expect("X", T0 + 15 * MINUTE, JZ_RULE_FIRED);
    see("hr", 110, T0 + 16 * MINUTE);
    expect("X", T0 + 16 * MINUTE, JZ_RULE_NOT_FIRED);
    see("hr", 111, T0 + 17 * MINUTE);
    see("hr", 111, T0 + 31 * MINUTE);
    expect("X", T0 + 31 * MINUTE, JZ_RULE_CANNOT_EVALUATE);
    see("hr", 111, T0 + 32 * MINUTE);
    expect("X", T0 + 32 * MINUTE, JZ_RULE_FIRED);
}

static void a_late_break_ends_the_run_it_falls_into(void **state) {
    (void)state;
    begin(criterion(held, "{held: fast, for: 15 min}"));
    see("hr", 111, T0);
    see("hr", 111, T0 + 20 * MINUTE);
    expect("X", T0 + 20 * MINUTE, JZ_RULE_FIRED);
    see("hr", 100, T0 + 10 * MINUTE); /* from the outbox of a tunnel */
    expect("X", T0 + 20 * MINUTE, JZ_RULE_CANNOT_EVALUATE);
}

static void a_fall_is_against_the_highest_of_the_window(void **state) {
    (void)state;
    begin(criterion("", "{changed: sbp, falls: 40, within: 15 min}"));
    see("sbp", 140, T0);
    expect("X", T0, JZ_RULE_CANNOT_EVALUATE); /* the quarter of an hour before is not known */
    see("sbp", 101, T0 + 5 * MINUTE);
    expect("X", T0 + 5 * MINUTE, JZ_RULE_CANNOT_EVALUATE);
    see("sbp", 100, T0 + 15 * MINUTE);
    expect("X", T0 + 15 * MINUTE, JZ_RULE_FIRED);
    see("sbp", 99, T0 + 15 * MINUTE + 1000); /* the 140 is out of the window, the 101 is not */
    expect("X", T0 + 15 * MINUTE + 1000, JZ_RULE_NOT_FIRED);
}

static void a_rise_is_against_the_lowest_of_the_window(void **state) {
    (void)state;
    begin(criterion("", "{changed: hr, rises: 20, within: 8 min}"));
    for (int i = 0; i <= 16; i++) see("hr", 80, T0 + i * MINUTE);
    see("hr", 99, T0 + 17 * MINUTE);
    expect("X", T0 + 17 * MINUTE, JZ_RULE_NOT_FIRED);
    see("hr", 100, T0 + 18 * MINUTE);
    expect("X", T0 + 18 * MINUTE, JZ_RULE_FIRED);
}

static void a_trend_compares_the_newest_quarter_with_the_oldest(void **state) {
    (void)state;
    begin(criterion("", "{trend: rr, rises: 5, over: 8 min}"));
    for (int i = 0; i < 6; i++) see("rr", 16 + i / 2, T0 + i * MINUTE);
    expect("X", T0 + 5 * MINUTE, JZ_RULE_CANNOT_EVALUATE); /* nothing as old as the oldest quarter yet */
    for (int i = 6; i < 16; i++) see("rr", 20, T0 + i * MINUTE);
    expect("X", T0 + 15 * MINUTE, JZ_RULE_NOT_FIRED);
    for (int i = 16; i < 19; i++) see("rr", 25, T0 + i * MINUTE);
    expect("X", T0 + 18 * MINUTE, JZ_RULE_FIRED);
}

static void a_rule_sees_the_result_of_another_in_the_same_update(void **state) {
    (void)state;
    begin(compile("", HEAD("A") "    levels:\n" LEVEL("low", "sbp < 90", "")
                          TESTS HEAD("B") "    levels:\n" LEVEL("both", "{all: [rule.A, seizure]}", "")
                              TESTS HEAD("C") "    levels:\n" LEVEL("neither", "{not: rule.A = low}", "")
                                  TESTS READER));
    see("seizure", YES, T0);
    expect("B", T0, JZ_RULE_CANNOT_EVALUATE);
    expect("C", T0, JZ_RULE_CANNOT_EVALUATE);
    see("sbp", 89, T0);
    expect("B", T0, JZ_RULE_FIRED);
    expect("C", T0, JZ_RULE_NOT_FIRED);
    see("sbp", 90, T0 + 1);
    expect("B", T0 + 1, JZ_RULE_NOT_FIRED);
    expect("C", T0 + 1, JZ_RULE_FIRED);
}

static void a_rule_that_waits_for_another_asks_for_what_that_one_lacks(void **state) {
    (void)state;
    begin(compile("", HEAD("A") "    levels:\n" LEVEL("low", "sbp < 90", "")
                          TESTS HEAD("B") "    levels:\n" LEVEL("both", "{all: [rule.A, seizure]}", "")
                              TESTS HEAD("C") "    levels:\n" LEVEL("far", "rule.B", "") TESTS READER));
    see("seizure", YES, T0);
    assert_int_equal(now("B", T0).measure_next, field("sbp"));
    assert_int_equal(now("C", T0).measure_next, field("sbp")); /* two rules away */
}

/* docs/rules-language.md: "at least this level". */
static void a_level_is_open_while_a_more_urgent_one_is_possible(void **state) {
    (void)state;
    begin(compile(
        "", HEAD("K") "    levels:\n" LEVEL("iv", "sbp < 90", "") LEVEL("iii", "rr > 30", "")
                LEVEL("ii", "rr > 20", "") LEVEL("i", "rr <= 20", "") TESTS RULE("THREE", "rule.K = iii")
                    RULE("EITHER", "{any: [rule.K = iii, rule.K = iv]}") RULE("TWO", "rule.K = ii")
                        RULE("WORSE", "{all: [rule.K, {not: {any: [rule.K = ii, rule.K = i]}}]}") READER));
    see("rr", 35, T0);
    assert_int_equal(kept("K"), JZ_RULE_FIRED);
    assert_int_equal(kept("THREE"), JZ_RULE_CANNOT_EVALUATE);
    assert_int_equal(kept("EITHER"), JZ_RULE_CANNOT_EVALUATE);
    assert_int_equal(kept("TWO"), JZ_RULE_NOT_FIRED);
    assert_int_equal(kept("WORSE"), JZ_RULE_FIRED);
    see("sbp", 120, T0);
    assert_int_equal(kept("THREE"), JZ_RULE_FIRED);
}

#define SCORE                                                                                                \
    HEAD("S")                                                                                                \
    "    score:\n"                                                                                           \
    "      - {field: rr, mark: PROJ, bands: {..8: 3, 9..20: 0, 21..: 2}}\n"                                  \
    "      - {when: seizure, points: -4, mark: PROJ, title: {zh: 抽, en: seizure}}\n"                       \
    "      - {when: {at_least: 2, of: [syncope, hr > 100]}, points: 5, mark: PROJ, title: {zh: 二, en: "    \
    "two}}\n"                                                                                                \
    "    levels:\n"                                                                                          \
    "      - {id: high, score: 3.., title: {zh: 高, en: high}, action: {zh: 做, en: act}, mark: PROJ}\n"   \
    "      - {id: low, score: ..2, rule_out: yes, title: {zh: 低, en: low}, action: {zh: 做, en: act}, "   \
    "mark: PROJ}\n" TESTS

static void a_criterion_item_counts_between_nothing_and_its_points(void **state) {
    (void)state;
    begin(compile("", SCORE READER));
    see("rr", 25, T0);
    struct jz_assessment a = now("S", T0);
    assert_int_equal(a.result.lo, -2);
    assert_int_equal(a.result.hi, 7);
    see("seizure", YES, T0);
    see("syncope", YES, T0);
    see("hr", 101, T0);
    a = now("S", T0);
    assert_int_equal(a.result.lo, 3);
    assert_int_equal(a.result.hi, 3);
    assert_int_equal(a.item_count, 3);
    assert_int_equal(a.item[1].lo, -4);
    assert_string_equal(level_id(program, rule_index(program, "S"), a.result.level), "high");
}

static void nothing_is_ruled_out_on_incomplete_data(void **state) {
    (void)state;
    begin(compile("", SCORE READER));
    see("rr", 12, T0);
    see("seizure", 0, T0);
    see("hr", 80, T0);
    expect("S", T0, JZ_RULE_FIRED); /* two of two are out of reach without a fast pulse */
    begin(compile("", SCORE READER));
    see("rr", 12, T0);
    see("seizure", 0, T0);
    see("syncope", YES, T0);
    struct jz_assessment a = now("S", T0);
    assert_int_equal(a.result.status, JZ_RULE_CANNOT_EVALUATE);
    assert_int_equal(a.result.level, JZ_LEVEL_NONE);
    assert_int_equal(a.measure_next, field("hr"));
}

static void nothing_is_ruled_out_on_stale_data(void **state) {
    (void)state;
    begin(compile("", SCORE READER));
    see("rr", 12, T0);
    see("seizure", 0, T0);
    see("syncope", 0, T0);
    see("hr", 80, T0);
    expect("S", T0 + 15 * MINUTE, JZ_RULE_FIRED);
    expect("S", T0 + 15 * MINUTE + 1, JZ_RULE_CANNOT_EVALUATE);
}

/* Both ends of 2..7 are more urgent than what lies between; and the other way round. */
#define BANDS(points)                                                                                        \
    HEAD("S")                                                                                                \
    "    score:\n"                                                                                           \
    "      - {field: rr, mark: PROJ, bands: {..20: 2, 21..: 3}}\n"                                           \
    "      - {field: hr, mark: PROJ, bands: {..100: 0, 101..: 2}}\n"                                         \
    "      - {field: sbp, mark: PROJ, bands: {..100: " points ", 101..: 0}}\n"                               \
    "    levels:\n"

static void what_is_certain_of_a_score_holds_for_every_total_between(void **state) {
    (void)state;
    begin(compile("", BANDS("3") TOTAL("high", "7..", "") TOTAL("middle", "..2", "") TOTAL("low", "3..6", "")
                          TESTS READER));
    see("rr", 12, T0);
    struct jz_assessment a = now("S", T0);
    assert_int_equal(a.result.lo, 2);
    assert_int_equal(a.result.hi, 7);
    assert_string_equal(level_id(program, rule_index(program, "S"), a.result.level), "low");
    assert_string_equal(level_id(program, rule_index(program, "S"), a.result.level_hi), "high");
    begin(compile("", BANDS("3") TOTAL("high", "3..6", "") TOTAL("middle", "..2", "") TOTAL("low", "7..", "")
                          TESTS READER));
    see("rr", 12, T0);
    a = now("S", T0);
    assert_string_equal(level_id(program, rule_index(program, "S"), a.result.level), "low");
    assert_string_equal(level_id(program, rule_index(program, "S"), a.result.level_hi), "high");
}

static void a_level_that_a_criterion_may_still_raise_is_not_complete(void **state) {
    (void)state;
    begin(compile("",
                  HEAD("S") "    score:\n"
                            "      - {field: rr, mark: PROJ, bands: {..20: 0, 21..: 3}}\n"
                            "    levels:\n" TOTAL("high", "3..", "") TOTAL("ill", "..2", ", when: seizure")
                                TOTAL("well", "..2", ", rule_out: yes") TESTS READER));
    see("rr", 12, T0);
    struct jz_assessment a = now("S", T0);
    assert_int_equal(a.result.status, JZ_RULE_CANNOT_EVALUATE);
    assert_int_equal(a.result.complete, 0);
    assert_int_equal(a.measure_next, field("seizure"));
    see("seizure", 0, T0);
    expect("S", T0, JZ_RULE_FIRED);
    see("seizure", YES, T0 + 1);
    assert_string_equal(level_id(program, rule_index(program, "S"), now("S", T0 + 1).result.level), "ill");
}

static void the_score_of_a_rule_that_may_not_apply_is_open(void **state) {
    (void)state;
    begin(compile("", HEAD("S") "    applies: {when: seizure, unknown: ask, mark: PROJ}\n"
                                "    score:\n"
                                "      - {field: rr, mark: PROJ, bands: {..20: 0, 21..: 3}}\n"
                                "    levels:\n" TOTAL("high", "3..", "") TOTAL("low", "..2", "")
                                    TESTS RULE("X", "rule.S >= 3") RULE("Y", "rule.S < 3") READER));
    see("rr", 25, T0);
    assert_int_equal(kept("X"), JZ_RULE_CANNOT_EVALUATE);
    assert_int_equal(kept("Y"), JZ_RULE_NOT_FIRED); /* as it would be if the rule did not apply */
    see("seizure", YES, T0);
    assert_int_equal(kept("X"), JZ_RULE_FIRED);
    see("seizure", 0, T0 + 1);
    assert_int_equal(kept("X"), JZ_RULE_NOT_FIRED);
}

static void a_number_outside_its_plausible_range_asks_for_what_it_is_made_of(void **state) {
    (void)state;
    begin(
        criterion("  ratio: {value: hr * 10 / sbp, plausible: 1..30, source: t, mark: PROJ}\n", "ratio > 9"));
    see("hr", 200, T0);
    see("sbp", 20, T0);
    struct jz_assessment a = now("X", T0);
    assert_int_equal(a.result.status, JZ_RULE_CANNOT_EVALUATE);
    assert_int_equal(a.measure_next, field("sbp"));
}

static void a_word_of_an_enumeration_is_that_word_whatever_else_it_names(void **state) {
    (void)state;
    begin(criterion("", "ecg_pts = st_deviation"));
    see("ecg_pts", 1, T0);
    see("st_deviation", 1, T0);
    expect("X", T0, JZ_RULE_NOT_FIRED);
    see("ecg_pts", 2, T0 + 1);
    see("st_deviation", 0, T0 + 1);
    expect("X", T0 + 1, JZ_RULE_FIRED);
    begin(criterion("  normal: {value: hr + 1, source: t, mark: PROJ}\n",
                    "{any: [ecg_pts = normal, normal > 90]}"));
    see("ecg_pts", 0, T0);
    expect("X", T0, JZ_RULE_FIRED);
}

static void words_are_compared_with_words_only(void **state) {
    (void)state;
    static const struct {
        const char *when, *cure;
    } rows[] = {{"ecg_pts = st_elevation", "'st_elevation' is no value of ecg_pts; use its words"},
                {"ecg_pts = sex", "'sex' is no value of ecg_pts; use its words"},
                {"ecg_pts > hr", "'hr' is no value of ecg_pts; use its words"},
                {"st_deviation = ecg_pts", "'ecg_pts' is no value of st_deviation; use its words"},
                {"hr = ecg_pts", "ecg_pts has words; write it on the left"},
                {"1 < ecg_pts", "ecg_pts has words; write it on the left"},
                {"ecg_pts + 1 > 2", ""},
                {"seizure != syncope", ""}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char rules[4096];
        snprintf(rules, sizeof rules, RULE("X", "%s") READER, rows[i].when);
        const char *text = refusal("", rules);
        if (!strstr(text, rows[i].cure) || !*rows[i].cure != !*text)
            fail_msg("%s: '%s', expected '%s'", rows[i].when, text, rows[i].cure);
    }
}

static void a_disabled_rule_is_not_evaluated_and_has_not_fired(void **state) {
    (void)state;
    begin(compile(
        "", HEAD("A") "    enabled: no\n    why: to be confirmed\n    levels:\n" LEVEL("low", "sbp < 90", "")
                TESTS HEAD("B") "    levels:\n" LEVEL("not", "{not: rule.A}", "") TESTS READER));
    see("sbp", 80, T0);
    assert_int_equal(chart.result[rule_index(program, "A")].status, JZ_RULE_UNKNOWN);
    expect("B", T0, JZ_RULE_FIRED);
}

static void one_value_far_from_its_neighbours_waits_for_the_next(void **state) {
    (void)state;
    begin(criterion("", "hr > 150"));
    see("hr", 80, T0);
    see("hr", 81, T0 + 1000);
    see("hr", 200, T0 + 2000);
    assert_int_equal(jz_chart_reading(&chart, field("hr")).value, 81);
    expect("X", T0 + 2000, JZ_RULE_NOT_FIRED);
    see("hr", 198, T0 + 3000);
    assert_int_equal(jz_chart_reading(&chart, field("hr")).value, 198);
    expect("X", T0 + 3000, JZ_RULE_FIRED);
    see("hr", 80, T0 + 14000); /* 11 s later: no fast series, so it is taken at once */
    expect("X", T0 + 14000, JZ_RULE_NOT_FIRED);
}

static void a_slow_series_is_believed_at_once(void **state) {
    (void)state;
    begin(criterion("", "hr > 150"));
    see("hr", 80, T0);
    see("hr", 81, T0 + 5 * MINUTE);
    see("hr", 200, T0 + 10 * MINUTE);
    expect("X", T0 + 10 * MINUTE, JZ_RULE_FIRED);
}

static void only_what_crosses_a_bound_wakes_a_rule(void **state) {
    (void)state;
    begin(criterion("", "sbp >= 160"));
    struct jz_rule_set due = {{0}};
    static const struct {
        int32_t sbp;
        bool wakes;
    } rows[] = {{120, true}, {159, false}, {160, true}, {161, false}, {159, true}, {40, false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct jz_reading reading = {.taken_ms = T0 + (int64_t)i, .value = rows[i].sbp, .validity = JZ_VALID};
        memset(&due, 0, sizeof due);
        assert_int_equal(jz_chart_observe(program, &chart, field("sbp"), reading, &due), JZ_OK);
        assert_int_equal(jz_rule_set_has(&due, rule_index(program, "X")), rows[i].wakes);
    }
}

static void because_names_the_inputs_that_decide(void **state) {
    (void)state;
    begin(criterion("", "{any: [sbp < 90, {all: [seizure, syncope]}]}"));
    see("sbp", 120, T0);
    see("seizure", YES, T0);
    see("syncope", YES, T0);
    struct jz_assessment a = now("X", T0);
    const struct jz_rule_info *info = jz_program_rule(program, rule_index(program, "X"));
    for (uint32_t i = 0; i < info->input_count; i++)
        assert_int_equal(a.because >> i & 1u, info->input[i] != field("sbp"));
}

static void a_chart_takes_no_more_than_its_limit_of_fields(void **state) {
    (void)state;
    begin(criterion("", "sbp >= 160"));
    struct jz_rule_set due = {{0}};
    for (uint32_t f = 0; f < jz_field_count(); f++) {
        struct jz_reading reading = {.taken_ms = T0, .value = jz_field_at(f)->min, .validity = JZ_VALID};
        enum jz_status want = f < JZ_CHART_READINGS_MAX ? JZ_OK : JZ_E_FULL;
        assert_int_equal(jz_chart_observe(program, &chart, f, reading, &due), want);
    }
    assert_true(jz_field_count() > JZ_CHART_READINGS_MAX);
    struct jz_reading known = {.taken_ms = T0 + 1, .value = 170, .validity = JZ_VALID};
    assert_int_equal(jz_chart_observe(program, &chart, field("sbp"), known, &due), JZ_OK);
}

int main(void) {
#define TEST(name) cmocka_unit_test_teardown(name, end)
    const struct CMUnitTest tests[] = {
        TEST(arithmetic_is_exact_in_whole_numbers),
        TEST(division_rounds_half_away_from_zero_and_by_zero_is_not_known),
        TEST(values_of_different_times_make_no_number_together),
        TEST(the_first_known_number_counts),
        TEST(the_calendar_day_changes_at_midnight_in_shanghai),
        TEST(time_since_an_event_counts_whole_seconds),
        TEST(time_between_events_needs_both),
        TEST(a_clock_that_ends_before_it_begins_is_neither_in_time_nor_late),
        TEST(held_needs_an_unbroken_run_of_its_length),
        TEST(a_late_break_ends_the_run_it_falls_into),
        TEST(a_fall_is_against_the_highest_of_the_window),
        TEST(a_rise_is_against_the_lowest_of_the_window),
        TEST(a_trend_compares_the_newest_quarter_with_the_oldest),
        TEST(a_rule_sees_the_result_of_another_in_the_same_update),
        TEST(a_rule_that_waits_for_another_asks_for_what_that_one_lacks),
        TEST(a_level_is_open_while_a_more_urgent_one_is_possible),
        TEST(a_criterion_item_counts_between_nothing_and_its_points),
        TEST(nothing_is_ruled_out_on_incomplete_data),
        TEST(nothing_is_ruled_out_on_stale_data),
        TEST(what_is_certain_of_a_score_holds_for_every_total_between),
        TEST(a_level_that_a_criterion_may_still_raise_is_not_complete),
        TEST(the_score_of_a_rule_that_may_not_apply_is_open),
        TEST(a_number_outside_its_plausible_range_asks_for_what_it_is_made_of),
        TEST(a_word_of_an_enumeration_is_that_word_whatever_else_it_names),
        TEST(words_are_compared_with_words_only),
        TEST(a_disabled_rule_is_not_evaluated_and_has_not_fired),
        TEST(one_value_far_from_its_neighbours_waits_for_the_next),
        TEST(a_slow_series_is_believed_at_once),
        TEST(only_what_crosses_a_bound_wakes_a_rule),
        TEST(because_names_the_inputs_that_decide),
        TEST(a_chart_takes_no_more_than_its_limit_of_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
