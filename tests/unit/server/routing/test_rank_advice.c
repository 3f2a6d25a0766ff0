/* SPDX-License-Identifier: Apache-2.0 */
/* What stands beside the order: reperfusion, the way out, and what would change the order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rank_stage.h"

#define BIT(s) (uint16_t)(1u << (s))

/* --- reperfusion ------------------------------------------------------------------------------------------- */

/* STEMI, door to wire 60 min: the first hospital can lyse only and is 10 min away, the laboratory `travel_s`. */
static void stemi(uint32_t travel_s) {
    stage(2, false);
    scene.program.condition[0].door_kind = JZ_DOOR_WIRE;
    scene.program.condition[0].fallback = JZ_FALLBACK_LYSIS;
    scene.program.condition[0].fallback_must_count = 1;
    scene.program.condition[0].fallback_must[0] = (struct jz_alternatives){1, {"thrombolysis"}};
    can(0, PCI, ABSENT);
    scene.travel.seconds[1] = travel_s;
}

static const struct jz_reperfusion_advice *advice(void) {
    return &rank()->reperfusion;
}

static void t_wire_of_120_min_is_primary_pci_and_one_second_more_is_not(void **state) {
    (void)state;
    stemi(3600);
    assert_int_equal(advice()->what, JZ_REPERFUSION_PCI);
    assert_int_equal(advice()->row, 2);
    assert_int_equal(advice()->wire_s, 7200);
    assert_int_equal(advice()->within_120, 1);
    assert_int_equal(scene.ranking.fallback, JZ_FALLBACK_NONE);
    stemi(3601);
    assert_int_equal(advice()->what, JZ_REPERFUSION_ASK); /* nothing is answered yet */
    assert_int_equal(advice()->within_120, 0);
}

static void the_clock_of_t_wire_is_the_ecg_s_and_that_of_90_min_the_first_contact_s(void **state) {
    (void)state;
    stemi(1500);
    scene.request.elapsed_s = 300;
    scene.request.since_t0_s = 60;
    assert_int_equal(advice()->wire_s, 60 + 1500 + 3600);
    assert_int_equal(advice()->fmc_to_wire_s, 5400);
    assert_int_equal(advice()->within_90, 1);
    scene.request.elapsed_s = 301;
    assert_int_equal(advice()->within_90, 0);
    scene.request.since_t0_s = 2101;
    assert_int_equal(advice()->within_120, 0);
}

static void beyond_120_min_the_check_list_decides_the_row(void **state) {
    static const struct {
        uint8_t lysis, what, row, fallback;
    } rows[] = {{JZ_LYSIS_UNANSWERED, JZ_REPERFUSION_ASK, 3, JZ_FALLBACK_LYSIS},
                {JZ_LYSIS_CLEAR, JZ_REPERFUSION_LYSIS, 3, JZ_FALLBACK_LYSIS},
                {JZ_LYSIS_RELATIVE, JZ_REPERFUSION_DISCUSS, 3, JZ_FALLBACK_LYSIS},
                {JZ_LYSIS_CONTRAINDICATED, JZ_REPERFUSION_PCI_ANYWAY, 4, JZ_FALLBACK_NONE},
                {JZ_LYSIS_LATE, JZ_REPERFUSION_PCI_ANYWAY, 5, JZ_FALLBACK_NONE},
                {JZ_LYSIS_CONFIRMED, JZ_REPERFUSION_LYSIS, 3, JZ_FALLBACK_LYSIS},
                {JZ_LYSIS_CONFIRMED + 1, JZ_REPERFUSION_ASK, 3, JZ_FALLBACK_LYSIS}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        stemi(3601);
        scene.request.lysis = rows[i].lysis;
        assert_int_equal(advice()->what, rows[i].what);
        assert_int_equal(advice()->row, rows[i].row);
        assert_int_equal(scene.ranking.fallback, rows[i].fallback);
        bool lyse = rows[i].fallback == JZ_FALLBACK_LYSIS;
        assert_int_equal(scene.ranking.fallback_facility, lyse ? 0 : JZ_FACILITY_NONE);
        assert_int_equal(scene.ranking.fallback_why,
                         lyse ? JZ_FALLBACK_BECAUSE_GOAL : JZ_FALLBACK_BECAUSE_NONE);
    }
}

static void within_120_min_no_answer_makes_it_fibrinolysis(void **state) {
    (void)state;
    for (uint8_t lysis = 0; lysis <= JZ_LYSIS_CONFIRMED; lysis++) {
        stemi(3600);
        scene.request.lysis = lysis;
        advice();
        assert_int_equal(scene.ranking.reperfusion.what,
                         lysis == JZ_LYSIS_LATE ? JZ_REPERFUSION_PCI_ANYWAY : JZ_REPERFUSION_PCI);
        assert_int_equal(scene.ranking.fallback, JZ_FALLBACK_NONE);
    }
}

static void shock_is_row_1_whatever_the_delay(void **state) {
    (void)state;
    stemi(9000);
    scene.request.lysis = JZ_LYSIS_CLEAR;
    add_condition((struct jz_condition_info){.must_count = 1,
                                             .must = {{1, {"pci_24h"}}},
                                             .replaces = 1,
                                             .door_kind = JZ_DOOR_WIRE,
                                             .door_s = 3600});
    assert_int_equal(advice()->what, JZ_REPERFUSION_PCI_ANYWAY);
    assert_int_equal(advice()->row, 1);
    assert_int_equal(scene.ranking.fallback, JZ_FALLBACK_NONE);
    assert_int_equal(advice()->wire_s, 12600);
}

/* Where fibrinolysis was decided, what primary PCI would take stays in sight: new figures may turn it. */
static void t_wire_is_predicted_beside_fibrinolysis(void **state) {
    (void)state;
    stemi(3601);
    add_condition((struct jz_condition_info){.must_count = 1,
                                             .must = {{1, {"thrombolysis"}}},
                                             .replaces = 1,
                                             .door_kind = JZ_DOOR_NEEDLE,
                                             .goal_s = 1800,
                                             .door_s = 1800});
    scene.request.lysis = JZ_LYSIS_CLEAR;
    assert_int_equal(rank()->candidate[0].facility, 0);
    assert_int_equal(advice()->what, JZ_REPERFUSION_LYSIS);
    assert_int_equal(advice()->wire_s, 7201);
    scene.travel.seconds[1] = 3600;
    assert_int_equal(advice()->what, JZ_REPERFUSION_PCI);
}

/* Pregnant: the laboratory without obstetrics is 20 min away, the one with it an hour and a half. */
static void pregnant_stemi(void) {
    stemi(1200);
    scene.directory.facility_count = 3;
    memset(scene.directory.facility[2].capability, CONFIRMED, JZ_CAPABILITIES_MAX);
    scene.travel.seconds[2] = 5400;
    can(1, OBSTETRICS, ABSENT);
    add_condition((struct jz_condition_info){
        .must_count = 1, .must = {{1, {"obstetrics_emergency"}}}, .fallback = JZ_FALLBACK_TEAM});
    scene.request.lysis = JZ_LYSIS_CLEAR;
}

static void the_laboratory_wins_and_the_obstetric_team_goes_there(void **state) {
    (void)state;
    pregnant_stemi();
    assert_string_equal(order(), "2");
    assert_int_equal(scene.ranking.goal, JZ_GOAL_UNMET);
    assert_int_equal(scene.ranking.fallback, JZ_FALLBACK_TEAM);
    assert_int_equal(scene.ranking.fallback_why, JZ_FALLBACK_BECAUSE_GOAL);
    assert_int_equal(scene.ranking.fallback_facility, 1);
    assert_int_equal(scene.ranking.reperfusion.what, JZ_REPERFUSION_PCI); /* and no fibrinolysis */
    assert_int_equal(scene.ranking.reperfusion.wire_s, 1200 + 3600);
    scene.travel.seconds[2] = 3600; /* both in time: no reason to part them */
    rank();
    assert_int_equal(scene.ranking.fallback, JZ_FALLBACK_NONE);
    can(2, PCI, ABSENT);
    rank();
    assert_int_equal(scene.ranking.fallback_why, JZ_FALLBACK_BECAUSE_NOBODY);
    assert_int_equal(scene.ranking.fallback_facility, 1);
}

static void where_no_laboratory_is_in_time_a_pregnant_patient_s_row_is_that_of_all(void **state) {
    (void)state;
    pregnant_stemi();
    scene.travel.seconds[1] = scene.travel.seconds[2] = 3601;
    rank();
    assert_int_equal(scene.ranking.reperfusion.what, JZ_REPERFUSION_LYSIS);
    assert_int_equal(scene.ranking.fallback, JZ_FALLBACK_LYSIS);
}

static void without_a_predicted_time_both_branches_stay_open(void **state) {
    (void)state;
    stemi(JZ_TRAVEL_NONE);
    assert_int_equal(advice()->what, JZ_REPERFUSION_CANNOT_SAY);
    assert_int_equal(advice()->wire_s, 0);
    assert_int_equal(scene.ranking.fallback, JZ_FALLBACK_NONE);
    stemi(600);
    jz_facility_set_add(&scene.request.declined, 1);
    assert_int_equal(advice()->what, JZ_REPERFUSION_CANNOT_SAY);
    assert_int_equal(scene.ranking.fallback, JZ_FALLBACK_LYSIS);
    assert_int_equal(scene.ranking.fallback_why, JZ_FALLBACK_BECAUSE_NOBODY);
    assert_int_equal(scene.ranking.fallback_facility, 0);
}

static void a_laboratory_nobody_confirmed_gives_no_t_wire(void **state) {
    (void)state;
    stemi(600);
    scene.directory.simulation = true;
    can(1, PCI, UNKNOWN);
    assert_int_equal(advice()->what, JZ_REPERFUSION_CANNOT_SAY);
}

static void a_full_laboratory_counts_with_the_wait(void **state) {
    (void)state;
    stemi(600);
    scene.program.condition[0].services = BIT(JZ_SERVICE_CATH_LAB);
    go_live();
    scene.live.of[1].service[JZ_SERVICE_CATH_LAB] = JZ_LIVE_FULL;
    assert_int_equal(advice()->wire_s, 600 + 3600 + JZ_DOUBT_FULL_S);
}

static void who_has_no_stemi_gets_no_reperfusion_advice(void **state) {
    (void)state;
    stemi(9000);
    scene.program.condition[0].fallback = JZ_FALLBACK_NEAREST;
    assert_int_equal(advice()->what, JZ_REPERFUSION_NONE);
    assert_int_equal(advice()->wire_s, 0);
}

/* --- the way out -------------------------------------------------------------------------------------------- */

/* A condition whose hospital is `travel_s` away while hospital 0, at 10 min, has blood and obstetrics. */
static void far(uint8_t fallback, uint32_t travel_s) {
    stage(2, false);
    scene.program.condition[0] = (struct jz_condition_info){
        .must_count = 1,
        .must = {{1, {"cardiac_surgery"}}},
        .fallback = fallback,
        .fallback_must_count = 2,
        .fallback_must = {{1, {"obstetrics_emergency"}}, {2, {"blood_bank", "adult_icu"}}}};
    can(0, SURGERY, ABSENT);
    scene.travel.seconds[1] = travel_s;
}

static void fallback_is(uint8_t kind, uint8_t why, jz_facility_index facility) {
    rank();
    assert_int_equal(scene.ranking.fallback, kind);
    assert_int_equal(scene.ranking.fallback_why, why);
    assert_int_equal(scene.ranking.fallback_facility, facility);
}
#define NO_FALLBACK JZ_FALLBACK_NONE, JZ_FALLBACK_BECAUSE_NONE, JZ_FACILITY_NONE

static void beyond_an_hour_priority_1_is_stabilised_first_and_others_beyond_two(void **state) {
    static const struct {
        uint8_t priority;
        uint32_t reach_s;
    } rows[] = {{1, 3600}, {0, 3600}, {2, 7200}, {5, 7200}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        far(JZ_FALLBACK_STABILISE, rows[i].reach_s);
        scene.request.priority = rows[i].priority;
        fallback_is(NO_FALLBACK);
        far(JZ_FALLBACK_STABILISE, rows[i].reach_s + 1);
        scene.request.priority = rows[i].priority;
        fallback_is(JZ_FALLBACK_STABILISE, JZ_FALLBACK_BECAUSE_REACH, 0);
    }
}

static void the_way_out_needs_what_its_row_says(void **state) {
    (void)state;
    far(JZ_FALLBACK_STABILISE, 9000);
    can(0, BLOOD, ABSENT);
    fallback_is(JZ_FALLBACK_STABILISE, JZ_FALLBACK_BECAUSE_REACH, 0); /* intensive care instead */
    can(0, ICU, ABSENT);
    fallback_is(NO_FALLBACK); /* nobody nearer can */
    far(JZ_FALLBACK_STABILISE, 9000);
    go_live();
    scene.live.of[0].service[JZ_SERVICE_ED] = JZ_LIVE_DIVERTING;
    fallback_is(NO_FALLBACK);
}

static void an_unmet_goal_opens_the_way_out_and_a_met_one_does_not(void **state) {
    (void)state;
    far(JZ_FALLBACK_NEAREST, 3000);
    scene.program.condition[0].goal_s = 3000;
    fallback_is(NO_FALLBACK);
    scene.request.elapsed_s = 1;
    fallback_is(JZ_FALLBACK_NEAREST, JZ_FALLBACK_BECAUSE_GOAL, 0);
}

static void without_any_candidate_the_way_out_is_all_there_is(void **state) {
    (void)state;
    far(JZ_FALLBACK_NEAREST, 3000);
    can(1, SURGERY, ABSENT);
    fallback_is(JZ_FALLBACK_NEAREST, JZ_FALLBACK_BECAUSE_NOBODY, 0);
    can(0, OBSTETRICS, ABSENT), can(1, OBSTETRICS, ABSENT);
    fallback_is(JZ_FALLBACK_NEAREST, JZ_FALLBACK_BECAUSE_NOBODY, JZ_FACILITY_NONE);
}

static void a_way_out_that_is_no_nearer_is_none(void **state) {
    (void)state;
    far(JZ_FALLBACK_STABILISE, 9000);
    scene.travel.seconds[0] = 9000;
    fallback_is(NO_FALLBACK);
    scene.travel.seconds[0] = 8999;
    fallback_is(JZ_FALLBACK_STABILISE, JZ_FALLBACK_BECAUSE_REACH, 0);
}

static void passing_nearer_ones_by_more_than_the_row_allows_opens_the_way_out(void **state) {
    (void)state;
    far(JZ_FALLBACK_NEAREST, 600 + 1200);
    scene.program.condition[0].bypass_limited = true;
    scene.program.condition[0].bypass_s = 1200;
    fallback_is(NO_FALLBACK);
    scene.travel.seconds[1]++;
    fallback_is(JZ_FALLBACK_NEAREST, JZ_FALLBACK_BECAUSE_BYPASS, 0);
    add_condition((struct jz_condition_info){.must_count = 1, .must = {{1, {"pci_24h"}}}});
    fallback_is(NO_FALLBACK); /* the other row may pass them whatever it costs */
}

static void only_priority_1_may_not_pass_in_obstetric_rows(void **state) {
    (void)state;
    far(JZ_FALLBACK_STABILISE, 600 + 1801);
    scene.program.condition[0].bypass_limited = true;
    scene.program.condition[0].bypass_s = 1800;
    scene.request.priority = 2;
    fallback_is(NO_FALLBACK);
    scene.request.priority = 1;
    fallback_is(JZ_FALLBACK_STABILISE, JZ_FALLBACK_BECAUSE_BYPASS, 0);
}

static void fibrinolysis_goes_before_other_ways_out(void **state) {
    (void)state;
    stemi(3601);
    scene.request.lysis = JZ_LYSIS_CLEAR;
    add_condition((struct jz_condition_info){.fallback = JZ_FALLBACK_STABILISE,
                                             .fallback_must_count = 1,
                                             .fallback_must = {{1, {"obstetrics_emergency"}}}});
    fallback_is(JZ_FALLBACK_LYSIS, JZ_FALLBACK_BECAUSE_GOAL, 0);
}

/* --- what would change the order ----------------------------------------------------------------------------- */

static const struct jz_change *change(uint8_t kind) {
    for (uint32_t i = 0; i < scene.ranking.change_count; i++)
        if (scene.ranking.change[i].kind == kind) return &scene.ranking.change[i];
    return NULL;
}

static void the_margin_is_the_time_that_turns_the_first_two(void **state) {
    (void)state;
    stage(2, false);
    rank();
    assert_int_equal(change(JZ_CHANGE_MARGIN)->facility, 1);
    assert_int_equal(change(JZ_CHANGE_MARGIN)->seconds,
                     1201);  /* at the same time the lower index goes first */
    can(0, SURGERY, ABSENT); /* the second has more of what is preferred: ten minutes are given to it */
    rank();
    assert_int_equal(change(JZ_CHANGE_MARGIN)->seconds, 600);
    stage(2, false);
    can(1, SURGERY, ABSENT); /* and here the first */
    scene.travel.seconds[1] = 1900;
    rank();
    assert_int_equal(change(JZ_CHANGE_MARGIN)->seconds, 1300 + 601);
}

static void no_margin_is_named_where_no_time_would_turn_them(void **state) {
    (void)state;
    stage(2, true);
    can(1, PCI, UNKNOWN);
    rank();
    assert_null(change(JZ_CHANGE_MARGIN));
    stage(2, false);
    scene.travel.seconds[1] = JZ_TRAVEL_NONE;
    rank();
    assert_null(change(JZ_CHANGE_MARGIN));
    stage(1, false);
    rank();
    assert_int_equal(scene.ranking.change_count, 0);
}

static uint32_t place_of(uint32_t facility) {
    for (uint32_t i = 0; i < scene.ranking.candidate_count; i++)
        if (scene.ranking.candidate[i].facility == facility) return i;
    return UINT32_MAX;
}

static bool turns(uint32_t first, uint32_t second, uint32_t travel_s) {
    scene.travel.seconds[second] = travel_s;
    rank();
    return place_of(second) < place_of(first);
}

static void the_margin_turns_the_order_and_one_second_less_does_not(void **state) {
    uint64_t seed = test_seed();
    uint32_t seen = 0;
    (void)state;
    const int rounds = 256000 / JZ_FACILITIES_MAX;
    for (int round = 0; round < rounds; round++) {
        stage_at_random(&seed);
        rank();
        const struct jz_change *margin = change(JZ_CHANGE_MARGIN);
        if (!margin) continue;
        uint32_t first = scene.ranking.candidate[0].facility, second = margin->facility;
        uint32_t seconds = margin->seconds, travel_s = scene.travel.seconds[second];
        if (seconds >= travel_s) continue; /* only a shorter door time could do it */
        if (!turns(first, second, travel_s - seconds))
            fail_msg("round %d: %u s do not turn %u and %u", round, seconds, first, second);
        if (turns(first, second, travel_s - seconds + 1))
            fail_msg("round %d: %u s less turn %u and %u too", round, seconds, first, second);
        seen++;
    }
    assert_true(seen > (uint32_t)rounds / 14);
}

static void an_excluded_hospital_that_would_be_sooner_is_named_with_its_reason(void **state) {
    (void)state;
    stage(5, false);
    scene.program.condition[0].services = BIT(JZ_SERVICE_CATH_LAB);
    go_live();
    scene.live.of[0].service[JZ_SERVICE_CATH_LAB] = JZ_LIVE_DIVERTING;
    scene.live.of[1].capability[ICU] = UNKNOWN;
    scene.live.of[2].capability[PCI] = ABSENT;
    jz_facility_set_add(&scene.request.declined, 4); /* later than the first: not worth a word */
    rank();
    static const struct {
        uint8_t facility, why, service;
        uint32_t seconds;
        const char *capability;
    } rows[] = {{0, JZ_EXCLUDED_DIVERTING, JZ_SERVICE_CATH_LAB, 3600, ""},
                {1, JZ_EXCLUDED_UNCONFIRMED, 0, 2400, "adult_icu"},
                {2, JZ_EXCLUDED_LACKS, 0, 1200, "pci_24h"}};
    assert_int_equal(scene.ranking.change_count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        const struct jz_change *c = &scene.ranking.change[i];
        assert_int_equal(c->kind, JZ_CHANGE_EXCLUDED);
        assert_int_equal(c->facility, rows[i].facility);
        assert_int_equal(c->why, rows[i].why);
        assert_int_equal(c->service, rows[i].service);
        assert_int_equal(c->seconds, rows[i].seconds);
        assert_string_equal(c->capability, rows[i].capability);
    }
}

static void of_one_reason_only_the_soonest_is_named_and_four_in_all(void **state) {
    (void)state;
    stage(9, false);
    for (uint32_t f = 0; f < 4; f++) jz_facility_set_add(&scene.request.declined, f);
    jz_facility_set_add(&scene.request.diverting, 4);
    can(5, PCI, UNKNOWN), can(6, PCI, ABSENT);
    rank(); /* margin between 7 and 8; declined, diverting, unconfirmed; no room for what is lacking */
    assert_int_equal(scene.ranking.change_count, JZ_CHANGES_MAX);
    assert_int_equal(scene.ranking.change[0].kind, JZ_CHANGE_MARGIN);
    assert_int_equal(scene.ranking.change[1].facility, 0);
    assert_int_equal(scene.ranking.change[2].facility, 4);
    assert_int_equal(scene.ranking.change[3].facility, 5);
}

static void without_candidates_the_time_itself_is_named(void **state) {
    (void)state;
    stage(1, false);
    can(0, PCI, UNKNOWN);
    rank();
    assert_int_equal(scene.ranking.change_count, 1);
    assert_int_equal(scene.ranking.change[0].seconds, 600 + 3600);
}

static void a_sooner_hospital_behind_for_doubtful_places_is_named(void **state) {
    (void)state;
    stage(3, false);
    scene.program.condition[0].services = BIT(JZ_SERVICE_CATH_LAB);
    scene.program.condition[0].goal_s = 0;
    go_live();
    scene.live.of[0].service[JZ_SERVICE_CATH_LAB] = JZ_LIVE_FULL;
    assert_string_equal(order(), "120");
    assert_int_equal(change(JZ_CHANGE_PLACES)->facility, 0);
    assert_int_equal(change(JZ_CHANGE_PLACES)->seconds, 1200);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(t_wire_of_120_min_is_primary_pci_and_one_second_more_is_not),
        cmocka_unit_test(the_clock_of_t_wire_is_the_ecg_s_and_that_of_90_min_the_first_contact_s),
        cmocka_unit_test(beyond_120_min_the_check_list_decides_the_row),
        cmocka_unit_test(within_120_min_no_answer_makes_it_fibrinolysis),
        cmocka_unit_test(shock_is_row_1_whatever_the_delay),
        cmocka_unit_test(t_wire_is_predicted_beside_fibrinolysis),
        cmocka_unit_test(the_laboratory_wins_and_the_obstetric_team_goes_there),
        cmocka_unit_test(where_no_laboratory_is_in_time_a_pregnant_patient_s_row_is_that_of_all),
        cmocka_unit_test(without_a_predicted_time_both_branches_stay_open),
        cmocka_unit_test(a_laboratory_nobody_confirmed_gives_no_t_wire),
        cmocka_unit_test(a_full_laboratory_counts_with_the_wait),
        cmocka_unit_test(who_has_no_stemi_gets_no_reperfusion_advice),
        cmocka_unit_test(beyond_an_hour_priority_1_is_stabilised_first_and_others_beyond_two),
        cmocka_unit_test(the_way_out_needs_what_its_row_says),
        cmocka_unit_test(an_unmet_goal_opens_the_way_out_and_a_met_one_does_not),
        cmocka_unit_test(without_any_candidate_the_way_out_is_all_there_is),
        cmocka_unit_test(a_way_out_that_is_no_nearer_is_none),
        cmocka_unit_test(passing_nearer_ones_by_more_than_the_row_allows_opens_the_way_out),
        cmocka_unit_test(only_priority_1_may_not_pass_in_obstetric_rows),
        cmocka_unit_test(fibrinolysis_goes_before_other_ways_out),
        cmocka_unit_test(the_margin_is_the_time_that_turns_the_first_two),
        cmocka_unit_test(no_margin_is_named_where_no_time_would_turn_them),
        cmocka_unit_test(the_margin_turns_the_order_and_one_second_less_does_not),
        cmocka_unit_test(an_excluded_hospital_that_would_be_sooner_is_named_with_its_reason),
        cmocka_unit_test(of_one_reason_only_the_soonest_is_named_and_four_in_all),
        cmocka_unit_test(without_candidates_the_time_itself_is_named),
        cmocka_unit_test(a_sooner_hospital_behind_for_doubtful_places_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
