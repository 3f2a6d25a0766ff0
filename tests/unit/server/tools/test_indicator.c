/* SPDX-License-Identifier: Apache-2.0 */
/* Indicators over cases made by hand: who counts, and the figures of a month. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "indicator_sum.h"

#define T0 INT64_C(1769861400000)

/* One clock, fmc to ecg within 10 min, as the packs would give it. */
struct world {
    struct jz_cases cases;
    struct jz_clock_row *clock;
    struct jz_case item;
    struct jz_indicator *indicator;
    uint32_t count;
};

static const struct jz_indicator *find(const struct world *w, const char *id) {
    for (uint32_t i = 0; i < w->count; i++)
        if (strcmp(w->indicator[i].id, id) == 0) return &w->indicator[i];
    fail_msg("no indicator %s", id);
    return NULL;
}

static int begin(void **state, const char *id, const char *pack) {
    struct world *w = calloc(1, sizeof *w);
    *state = w;
    if (!w || !jz_cases_init(&w->cases)) return -1;
    w->clock = &w->cases.clock[w->cases.clock_count++];
    *w->clock = (struct jz_clock_row){.id = id,
                                      .zh = "",
                                      .en = "",
                                      .pack = pack,
                                      .source = "",
                                      .mark = "",
                                      .from = jz_case_event(&w->cases, "fmc"),
                                      .to = jz_case_event(&w->cases, "ecg"),
                                      .within_s = 600};
    for (uint32_t i = 0; i < JZ_FACT_COUNT; i++) w->item.fact[i] = JZ_FACT_ABSENT;
    w->item.end = JZ_CASE_ENDED;
    w->count = jz_indicators(&w->cases, &w->indicator);
    return w->count ? 0 : -1;
}

static int chest_pain(void **state) {
    return begin(state, "KPI-01", "chest-pain/kpi");
}

static int maternal(void **state) {
    return begin(state, "OB-T", "obstetric/pathway-birth");
}

static int end(void **state) {
    struct world *w = *state;
    jz_cases_deinit(&w->cases);
    free(w->indicator);
    free(w);
    return 0;
}

static void happened(struct world *w, const char *event, int64_t ms) {
    uint32_t i = jz_case_event(&w->cases, event);
    assert_int_not_equal(i, UINT32_MAX);
    w->item.at[i] = ms;
}

static struct jz_verdict judge(const struct world *w, const char *id) {
    return jz_judge(find(w, id), &w->cases, &w->item);
}

/* --- one case ----------------------------------------------------------------------------------------------------- */

static void exactly_the_target_is_in_time_and_a_second_more_is_not(void **state) {
    struct world *w = *state;
    w->item.clock[0] = JZ_CLOCK_COUNTED;
    happened(w, "fmc", T0);
    happened(w, "ecg", T0 + 600999); /* whole seconds, as the clock rule counts */
    struct jz_verdict v = judge(w, "KPI-01");
    assert_int_equal(v.kind, JZ_COUNTED);
    assert_int_equal(v.seconds, 600);
    assert_true(v.within);
    happened(w, "ecg", T0 + 601000);
    assert_false(judge(w, "KPI-01").within);
}

static void an_end_before_its_beginning_or_after_a_day_is_invalid(void **state) {
    struct world *w = *state;
    w->item.clock[0] = JZ_CLOCK_APPLIES;
    happened(w, "fmc", T0);
    happened(w, "ecg", T0 - 1000);
    assert_int_equal(judge(w, "KPI-01").kind, JZ_INVALID);
    happened(w, "ecg", T0 + INT64_C(86400000));
    assert_int_equal(judge(w, "KPI-01").kind, JZ_COUNTED);
    happened(w, "ecg", T0 + INT64_C(86401000));
    assert_int_equal(judge(w, "KPI-01").kind, JZ_INVALID);
}

static void an_end_that_is_not_on_record_is_missing_only_where_it_should_be(void **state) {
    struct world *w = *state;
    w->item.clock[0] = JZ_CLOCK_APPLIES;
    happened(w, "fmc", T0);
    assert_int_equal(judge(w, "KPI-01").kind, JZ_MISSING);
    w->item.end = JZ_CASE_OPEN;
    assert_int_equal(judge(w, "KPI-01").kind, JZ_RUNNING);
    w->item.end = JZ_CASE_OTHERWISE;
    assert_int_equal(judge(w, "KPI-01").kind, JZ_NOT_COUNTED);
    w->item.clock[0] = 0;
    w->item.end = JZ_CASE_ENDED;
    assert_int_equal(judge(w, "KPI-01").kind, JZ_NOT_COUNTED);
}

static void a_case_that_goes_on_in_another_is_counted_there(void **state) {
    struct world *w = *state;
    w->item.clock[0] = JZ_CLOCK_COUNTED;
    happened(w, "fmc", T0);
    happened(w, "ecg", T0 + 1000);
    w->item.end = JZ_CASE_MERGED;
    assert_int_equal(judge(w, "KPI-01").kind, JZ_NOT_COUNTED);
}

static void who_is_not_known_to_belong_is_said_to_be_unclear(void **state) {
    struct world *w = *state;
    w->item.clock[0] = JZ_CLOCK_UNCLEAR;
    happened(w, "fmc", T0);
    assert_int_equal(judge(w, "KPI-01").kind, JZ_NOT_COUNTED); /* nothing to count yet */
    happened(w, "ecg", T0 + 1000);
    assert_int_equal(judge(w, "KPI-01").kind, JZ_UNCLEAR);
}

static void a_maternal_interval_counts_women_of_whom_it_was_said(void **state) {
    struct world *w = *state;
    w->item.clock[0] = JZ_CLOCK_COUNTED;
    happened(w, "fmc", T0);
    happened(w, "ecg", T0 + 1000);
    assert_int_equal(judge(w, "OB-T").kind, JZ_UNCLEAR);
    w->item.fact[JZ_FACT_PREGNANCY] = 1;
    assert_int_equal(judge(w, "OB-T").kind, JZ_NOT_COUNTED);
    w->item.fact[JZ_FACT_PREGNANCY] = 2;
    assert_int_equal(judge(w, "OB-T").kind, JZ_COUNTED);
    w->item.fact[JZ_FACT_PREGNANCY] = 3;
    assert_int_equal(judge(w, "OB-T").kind, JZ_COUNTED);
    assert_string_equal(find(w, "OB-T")->set, "maternal");
}

static void an_arrest_between_the_ends_is_tagged_and_stays_in_the_figures(void **state) {
    struct world *w = *state;
    w->item.clock[0] = JZ_CLOCK_COUNTED;
    happened(w, "fmc", T0);
    happened(w, "ecg", T0 + 900000);
    assert_false(judge(w, "KPI-01").with_arrest);
    happened(w, "arrest", T0 + 60000);
    assert_true(judge(w, "KPI-01").with_arrest);
    assert_int_equal(judge(w, "KPI-01").kind, JZ_COUNTED);
    happened(w, "arrest", T0 + 900001);
    assert_false(judge(w, "KPI-01").with_arrest);
}

static void an_ecg_is_transmitted_if_it_came_before_the_door(void **state) {
    struct world *w = *state;
    w->item.stemi = true;
    assert_int_equal(judge(w, "KPI-03").kind, JZ_NOT_COUNTED); /* not by ambulance */
    w->item.arrival = JZ_ARRIVAL_AMBULANCE;
    happened(w, "fmc", T0);
    happened(w, "door", T0 + 901000);
    assert_false(judge(w, "KPI-03").within);
    w->item.ecg_received_ms = T0 + 901001;
    assert_false(judge(w, "KPI-03").within);
    w->item.ecg_received_ms = T0 + 901000;
    assert_true(judge(w, "KPI-03").within);
    assert_int_equal(judge(w, "KPI-03-FAR").kind, JZ_COUNTED);
    happened(w, "door", T0 + 900000); /* 15 min are not more than 15 */
    assert_int_equal(judge(w, "KPI-03-FAR").kind, JZ_NOT_COUNTED);
}

static void eligible_patients_are_lysed_or_not(void **state) {
    struct world *w = *state;
    w->item.stemi = true;
    assert_int_equal(judge(w, "KPI-12").kind, JZ_NOT_COUNTED);
    w->item.lysis = true;
    assert_false(judge(w, "KPI-12").within);
    assert_int_equal(judge(w, "KPI-12").kind, JZ_COUNTED);
    happened(w, "needle", T0);
    assert_true(judge(w, "KPI-12").within);
}

static void the_laboratory_is_reached_past_the_departments_or_not(void **state) {
    struct world *w = *state;
    assert_string_equal(find(w, "KPI-14")->missing_en, "");
    assert_string_equal(find(w, "KPI-15")->missing_en, "");
    w->item.stemi = true;
    happened(w, "wire", T0);
    w->item.arrival = JZ_ARRIVAL_SELF;
    assert_int_equal(judge(w, "KPI-14").kind, JZ_NOT_COUNTED);
    assert_int_equal(judge(w, "KPI-15").kind, JZ_MISSING);
    w->item.fact[JZ_FACT_BYPASS_CCU] = 1;
    assert_true(judge(w, "KPI-15").within);
    w->item.arrival = JZ_ARRIVAL_AMBULANCE;
    assert_int_equal(judge(w, "KPI-15").kind, JZ_NOT_COUNTED);
    assert_int_equal(judge(w, "KPI-14").kind, JZ_MISSING); /* past the CCU alone says nothing of the ED */
    w->item.fact[JZ_FACT_BYPASS_ED] = 0;
    assert_int_equal(judge(w, "KPI-14").kind, JZ_COUNTED);
    assert_false(judge(w, "KPI-14").within);
    w->item.fact[JZ_FACT_BYPASS_ED] = 1;
    assert_true(judge(w, "KPI-14").within);
    happened(w, "needle", T0); /* no primary PCI */
    assert_int_equal(judge(w, "KPI-14").kind, JZ_NOT_COUNTED);
}

static void a_steroid_is_early_if_birth_came_a_day_later(void **state) {
    struct world *w = *state;
    assert_int_equal(judge(w, "OB-STEROID-24H").kind, JZ_NOT_COUNTED);
    happened(w, "steroid", T0);
    happened(w, "delivery", T0 + INT64_C(86400000));
    assert_true(judge(w, "OB-STEROID-24H").within);
    happened(w, "delivery", T0 + INT64_C(86399000));
    assert_false(judge(w, "OB-STEROID-24H").within);
    happened(w, "delivery", T0 - 1000);
    assert_int_equal(judge(w, "OB-STEROID-24H").kind, JZ_INVALID);
}

static void what_no_journal_can_tell_is_named_with_its_reason(void **state) {
    struct world *w = *state;
    assert_string_not_equal(find(w, "KPI-22")->missing_en, "");
    assert_int_equal(judge(w, "KPI-22").kind, JZ_NOT_COUNTED);
    assert_string_equal(find(w, "KPI-01")->missing_en, "");
}

/* --- a month ------------------------------------------------------------------------------------------------------ */

static void percentiles_are_of_the_nearest_rank(void **state) {
    const int64_t ten[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, one[] = {7};
    (void)state;
    assert_int_equal(jz_nearest_rank(ten, 10, 50), 5);
    assert_int_equal(jz_nearest_rank(ten, 10, 90), 9);
    assert_int_equal(jz_nearest_rank(ten, 9, 50), 5);
    assert_int_equal(jz_nearest_rank(ten, 9, 90), 9);
    assert_int_equal(jz_nearest_rank(one, 1, 90), 7);
}

static void minutes_and_shares_are_rounded_half_up(void **state) {
    (void)state;
    assert_int_equal(jz_centiminutes(601, 1), 1002); /* 10 min 01 s never reads 10.00 */
    assert_int_equal(jz_centiminutes(600, 1), 1000);
    assert_int_equal(jz_centiminutes(1, 200), 0);
    assert_int_equal(jz_centiminutes(3, 10), 1);
    assert_int_equal(jz_permille(1, 8), 125);
    assert_int_equal(jz_permille(2, 3), 667);
}

static void add(struct jz_sum *sum, int64_t seconds, bool within) {
    struct jz_verdict v = {JZ_COUNTED, seconds, within, false};
    assert_true(jz_sum_add(sum, &v));
}

static void goals_are_met_inclusively_and_fewer_than_five_cases_meet_none(void **state) {
    struct world *w = *state;
    struct jz_sum sum = {.n = 0};
    const struct jz_indicator *kpi = find(w, "KPI-01");
    for (int i = 0; i < 3; i++) add(&sum, 600, true);
    add(&sum, 599, false);
    assert_int_equal(jz_share_met(&sum, kpi->goal, JZ_ARRIVAL_ALL), JZ_MET_NONE);
    for (int i = 0; i < 3; i++) add(&sum, 600, true);
    add(&sum, 600, false); /* 6 of 8 are 75 % */
    assert_int_equal(jz_share_met(&sum, kpi->goal, JZ_ARRIVAL_ALL), JZ_MET_YES);
    assert_int_equal(jz_mean_met(&sum, kpi, JZ_ARRIVAL_ALL),
                     JZ_MET_YES); /* a mean below 10 min by an eighth of a second */
    add(&sum, 601, false);
    assert_int_equal(jz_share_met(&sum, kpi->goal, JZ_ARRIVAL_ALL), JZ_MET_NO);
    assert_int_equal(jz_mean_met(&sum, kpi, JZ_ARRIVAL_ALL), JZ_MET_NO); /* exactly 10 min is not below */
    jz_sum_deinit(&sum);
}

static void a_goal_of_one_arrival_is_no_goal_of_others(void **state) {
    struct jz_goal_row goal = {
        .share_pct = 30, .more_than = true, .arrivals = JZ_ARRIVAL_BIT(JZ_ARRIVAL_AMBULANCE)};
    struct jz_sum sum = {.n = 10, .within = 3};
    (void)state;
    assert_int_equal(jz_share_met(&sum, &goal, JZ_ARRIVAL_ALL), JZ_MET_NONE);
    assert_int_equal(jz_share_met(&sum, &goal, JZ_ARRIVAL_AMBULANCE),
                     JZ_MET_NO); /* 30 % is not more than 30 % */
    sum.within = 4;
    assert_int_equal(jz_share_met(&sum, &goal, JZ_ARRIVAL_AMBULANCE), JZ_MET_YES);
}

static void a_share_rises_against_the_month_before(void **state) {
    struct jz_goal_row goal = {.rising = true};
    struct jz_sum now = {.n = 10, .within = 5}, before = {.n = 5, .within = 2};
    (void)state;
    assert_int_equal(jz_rising(&now, &before, &goal), JZ_MET_YES);
    now.within = 4;
    assert_int_equal(jz_rising(&now, &before, &goal), JZ_MET_NO);
    assert_int_equal(jz_rising(&now, NULL, &goal), JZ_MET_NONE);
    before.n = 4;
    assert_int_equal(jz_rising(&now, &before, &goal), JZ_MET_NONE);
}

static void a_tenth_of_the_nodes_may_be_missing(void **state) {
    struct jz_sum sum = {.n = 9, .missing = 1};
    (void)state;
    assert_int_equal(jz_missing_met(&sum), JZ_MET_YES);
    sum.n = 8;
    assert_int_equal(jz_missing_met(&sum), JZ_MET_NO);
    sum.n = 3;
    assert_int_equal(jz_missing_met(&sum), JZ_MET_NONE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(exactly_the_target_is_in_time_and_a_second_more_is_not, chest_pain,
                                        end),
        cmocka_unit_test_setup_teardown(an_end_before_its_beginning_or_after_a_day_is_invalid, chest_pain,
                                        end),
        cmocka_unit_test_setup_teardown(an_end_that_is_not_on_record_is_missing_only_where_it_should_be,
                                        chest_pain, end),
        cmocka_unit_test_setup_teardown(a_case_that_goes_on_in_another_is_counted_there, chest_pain, end),
        cmocka_unit_test_setup_teardown(who_is_not_known_to_belong_is_said_to_be_unclear, chest_pain, end),
        cmocka_unit_test_setup_teardown(a_maternal_interval_counts_women_of_whom_it_was_said, maternal, end),
        cmocka_unit_test_setup_teardown(an_arrest_between_the_ends_is_tagged_and_stays_in_the_figures,
                                        chest_pain, end),
        cmocka_unit_test_setup_teardown(an_ecg_is_transmitted_if_it_came_before_the_door, chest_pain, end),
        cmocka_unit_test_setup_teardown(eligible_patients_are_lysed_or_not, chest_pain, end),
        cmocka_unit_test_setup_teardown(the_laboratory_is_reached_past_the_departments_or_not, chest_pain,
                                        end),
        cmocka_unit_test_setup_teardown(a_steroid_is_early_if_birth_came_a_day_later, chest_pain, end),
        cmocka_unit_test_setup_teardown(what_no_journal_can_tell_is_named_with_its_reason, chest_pain, end),
        cmocka_unit_test(percentiles_are_of_the_nearest_rank),
        cmocka_unit_test(minutes_and_shares_are_rounded_half_up),
        cmocka_unit_test_setup_teardown(goals_are_met_inclusively_and_fewer_than_five_cases_meet_none,
                                        chest_pain, end),
        cmocka_unit_test(a_goal_of_one_arrival_is_no_goal_of_others),
        cmocka_unit_test(a_share_rises_against_the_month_before),
        cmocka_unit_test(a_tenth_of_the_nodes_may_be_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
