/* SPDX-License-Identifier: Apache-2.0 */
/* What conditions ask for, and what is known of hospitals beside the directory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rank_stage.h"

#define TODAY 20000u
#define BIT(s) (uint16_t)(1u << (s))

/* --- conditions -------------------------------------------------------------------------------------------- */

static void one_alternative_is_enough(void **state) {
    (void)state;
    stage(3, false);
    add_condition((struct jz_condition_info){.must_count = 1, .must = {{2, {"blood_bank", "thrombolysis"}}}});
    can(0, BLOOD, ABSENT);
    can(1, LYSIS, ABSENT);
    can(2, BLOOD, ABSENT), can(2, LYSIS, ABSENT);
    assert_string_equal(order(), "01");
    assert_int_equal(candidate(0)->confirmed, 1);
    excluded(2, JZ_EXCLUDED_LACKS, "blood_bank");
}

static void the_better_known_alternative_counts(void **state) {
    (void)state;
    stage(2, true);
    add_condition((struct jz_condition_info){.must_count = 1, .must = {{2, {"blood_bank", "thrombolysis"}}}});
    can(0, BLOOD, UNKNOWN), can(0, LYSIS, ASSUMED);
    can(1, BLOOD, UNKNOWN), can(1, LYSIS, ABSENT);
    assert_string_equal(order(), "01");
    assert_int_equal(candidate(0)->flags & JZ_CANDIDATE_UNSURE, 0);
    assert_int_equal(candidate(0)->confirmed, 0);
    assert_int_equal(candidate(1)->flags & JZ_CANDIDATE_UNSURE, JZ_CANDIDATE_UNSURE);
}

static void of_alternatives_the_one_that_a_call_could_confirm_is_named(void **state) {
    (void)state;
    stage(1, false);
    add_condition((struct jz_condition_info){.must_count = 1, .must = {{2, {"blood_bank", "thrombolysis"}}}});
    can(0, BLOOD, ABSENT), can(0, LYSIS, UNKNOWN);
    excluded(0, JZ_EXCLUDED_UNCONFIRMED, "thrombolysis");
}

static void an_alternative_that_no_directory_lists_excludes_nobody(void **state) {
    (void)state;
    stage(2, false);
    add_condition((struct jz_condition_info){.must_count = 1, .must = {{2, {"dialysis", "blood_bank"}}}});
    can(0, BLOOD, ABSENT);
    assert_string_equal(order(), "01");
    assert_int_equal(candidate(0)->confirmed, 0);
    assert_int_equal(candidate(1)->confirmed, 1);
}

/* STEMI and fibrinolysis decided: the hospital that lyses, although it has no laboratory. */
static void lysis(void) {
    stage(2, false);
    add_condition((struct jz_condition_info){.must_count = 1,
                                             .must = {{1, {"thrombolysis"}}},
                                             .prefer_count = 1,
                                             .prefer = {"pci_24h"},
                                             .replaces = 1,
                                             .services = BIT(JZ_SERVICE_ED),
                                             .teams = BIT(JZ_TEAM_ED),
                                             .door_kind = JZ_DOOR_NEEDLE,
                                             .goal_s = 1800,
                                             .door_s = 1500});
    scene.program.condition[0].services = BIT(JZ_SERVICE_CATH_LAB);
    scene.program.condition[0].teams = BIT(JZ_TEAM_CATH_LAB);
    can(0, PCI, ABSENT);
}

static void a_replaced_condition_asks_for_nothing_and_the_journey_goes_on(void **state) {
    (void)state;
    lysis();
    assert_string_equal(order(), "01");
    assert_int_equal(candidate(0)->flags & JZ_CANDIDATE_ONWARD, JZ_CANDIDATE_ONWARD);
    assert_int_equal(candidate(1)->flags & JZ_CANDIDATE_ONWARD, 0);
    assert_int_equal(candidate(0)->treatment_s, 600 + 1500);
    assert_int_equal(candidate(0)->missing, 1u << PCI);
    assert_int_equal(scene.ranking.goal_s, 1800);
    assert_int_equal(scene.ranking.goal_kind, JZ_DOOR_NEEDLE);
    assert_int_equal(scene.ranking.replaced, 1);
    assert_int_equal(scene.ranking.services, BIT(JZ_SERVICE_ED));
    assert_int_equal(scene.ranking.teams, BIT(JZ_TEAM_ED));
}

static void without_the_condition_that_replaces_it_it_asks_again(void **state) {
    (void)state;
    lysis();
    scene.request.conditions = 1;
    assert_string_equal(order(), "1");
    assert_int_equal(scene.ranking.replaced, 0);
    assert_int_equal(scene.ranking.teams, BIT(JZ_TEAM_CATH_LAB));
}

static void a_condition_may_be_replaced_by_one_that_is_replaced(void **state) {
    (void)state;
    lysis();
    add_condition((struct jz_condition_info){.replaces = 2, .services = BIT(JZ_SERVICE_ICU)});
    assert_string_equal(order(), "01");
    assert_int_equal(scene.ranking.replaced, 3);
    assert_int_equal(scene.ranking.services, BIT(JZ_SERVICE_ICU));
}

/* --- the nearest, and the mother first --------------------------------------------------------------------- */

static void an_arrest_goes_to_the_nearest_whatever_else_is_needed(void **state) {
    (void)state;
    stage(3, false);
    uint32_t arrest =
        add_condition((struct jz_condition_info){.nearest = true, .services = BIT(JZ_SERVICE_ED)});
    can(0, PCI, ABSENT), can(0, SURGERY, ABSENT);
    scene.travel.seconds[1] = 601;
    assert_string_equal(order(), "012");
    assert_int_equal(scene.ranking.nearest, 1);
    assert_int_equal(candidate(0)->missing, 1u << PCI | 1u << SURGERY);
    assert_int_equal(candidate(0)->treatment_s, 600);
    assert_int_equal(scene.ranking.goal, JZ_GOAL_NONE);
    scene.request.conditions &= ~(UINT64_C(1) << arrest);
    assert_string_equal(order(), "12");
}

static void the_nearest_is_not_passed_for_doubtful_places_but_for_a_closed_door(void **state) {
    (void)state;
    stage(3, false);
    add_condition((struct jz_condition_info){.nearest = true, .services = BIT(JZ_SERVICE_ED)});
    scene.program.condition[0].services = BIT(JZ_SERVICE_CATH_LAB);
    go_live();
    scene.live.of[0].service[JZ_SERVICE_ED] = JZ_LIVE_FULL;
    scene.live.of[1].service[JZ_SERVICE_CATH_LAB] = JZ_LIVE_DIVERTING;
    assert_string_equal(order(), "012");
    assert_int_equal(candidate(0)->flags & JZ_CANDIDATE_FULL, JZ_CANDIDATE_FULL);
    scene.live.of[0].service[JZ_SERVICE_ED] = JZ_LIVE_DIVERTING;
    assert_string_equal(order(), "12");
}

/* The newborn centre is 20 minutes farther. */
static void fetal_need(uint8_t priority) {
    stage(2, false);
    add_condition((struct jz_condition_info){.must_count = 1,
                                             .must = {{1, {"nicu_critical_neonatal_centre"}}},
                                             .services = BIT(JZ_SERVICE_NICU),
                                             .fetal = true});
    can(0, NICU, ABSENT);
    scene.request.priority = priority;
}

static void the_need_of_the_unborn_yields_to_a_mother_of_priority_1_only(void **state) {
    static const char *const orders[] = {"1", "01", "1", "1", "1", "1"};
    (void)state;
    for (uint8_t priority = 0; priority <= 5; priority++) {
        fetal_need(priority);
        assert_string_equal(order(), orders[priority]);
        assert_int_equal(scene.ranking.yielded, priority == 1 ? 2 : 0);
    }
    fetal_need(1);
    rank();
    assert_int_equal(candidate(0)->missing, 1u << NICU);
    assert_int_equal(scene.ranking.services, BIT(JZ_SERVICE_NICU)); /* still asked for, where it is */
}

static void a_need_that_yields_decides_within_ten_minutes(void **state) {
    (void)state;
    fetal_need(1);
    scene.travel.seconds[1] = 1200;
    assert_string_equal(order(), "10");
    scene.travel.seconds[1] = 1201;
    assert_string_equal(order(), "01");
}

static void who_diverts_newborns_still_takes_a_mother_of_priority_1(void **state) {
    (void)state;
    fetal_need(1);
    go_live();
    scene.live.of[0].service[JZ_SERVICE_NICU] = JZ_LIVE_DIVERTING;
    assert_string_equal(order(), "01");
}

/* --- capabilities as they are said now -------------------------------------------------------------------- */

static void what_is_in_force_counts_and_not_the_directory(void **state) {
    (void)state;
    stage(3, false);
    go_live();
    can(0, PCI, ABSENT);
    scene.live.of[1].capability[PCI] = ABSENT;
    assert_string_equal(order(), "02");
    excluded(1, JZ_EXCLUDED_LACKS, "pci_24h");
}

static void an_expired_confirmation_is_usable_and_flagged_in_both_modes(void **state) {
    static const uint8_t states[] = {UNKNOWN, CONFIRMED};
    (void)state;
    for (int simulation = 0; simulation < 2; simulation++)
        for (size_t i = 0; i < 2; i++) {
            stage(2, simulation);
            go_live();
            scene.live.of[0].capability[PCI] = states[i];
            scene.live.of[0].capability_expired = 1u << PCI;
            scene.travel.seconds[1] = 600 + JZ_DOUBT_UNKNOWN_S;
            assert_string_equal(order(), "01");
            assert_int_equal(candidate(0)->confirmed, 0);
            assert_int_equal(candidate(0)->flags & JZ_CANDIDATE_EXPIRED, JZ_CANDIDATE_EXPIRED);
            assert_int_equal(candidate(1)->flags & JZ_CANDIDATE_EXPIRED, 0);
        }
}

static void an_absence_does_not_become_usable_by_growing_old(void **state) {
    (void)state;
    stage(1, false);
    go_live();
    scene.live.of[0].capability[PCI] = ABSENT;
    scene.live.of[0].capability_expired = 1u << PCI;
    excluded(0, JZ_EXCLUDED_LACKS, "pci_24h");
}

/* --- places ------------------------------------------------------------------------------------------------- */

static void needs_cath_lab(uint32_t count) {
    stage(count, false);
    scene.program.condition[0].services = BIT(JZ_SERVICE_CATH_LAB);
    scene.program.condition[0].goal_s = 0;
    scene.program.condition[0].prefer_count = 0;
    go_live();
}

static void who_diverts_a_service_is_excluded_for_those_who_need_it(void **state) {
    (void)state;
    needs_cath_lab(3);
    scene.live.of[0].service[JZ_SERVICE_OBSTETRICS] = JZ_LIVE_DIVERTING;
    scene.live.of[1].service[JZ_SERVICE_CATH_LAB] = JZ_LIVE_DIVERTING;
    assert_string_equal(order(), "02");
    excluded(1, JZ_EXCLUDED_DIVERTING, "");
    assert_int_equal(scene.ranking.exclusion[0].service, JZ_SERVICE_CATH_LAB);
    add_condition((struct jz_condition_info){.services = BIT(JZ_SERVICE_OBSTETRICS)});
    assert_string_equal(order(), "2");
}

static void who_diverts_the_emergency_department_takes_nobody_without_a_condition(void **state) {
    (void)state;
    needs_cath_lab(2);
    scene.live.of[0].service[JZ_SERVICE_ED] = JZ_LIVE_DIVERTING;
    assert_string_equal(order(), "01"); /* the laboratory is reached past it (11.2 R01) */
    scene.request.conditions = 0;
    assert_string_equal(order(), "1");
}

/* Hospital 0 is `gap_s` sooner than hospital 1, whose places are certain. */
static void doubtful_places_rank_behind_certain_ones_up_to_their_price(void **state) {
    static const struct {
        uint8_t service, expired, flag;
        uint32_t price_s;
    } rows[] = {{JZ_LIVE_UNKNOWN, 0, JZ_CANDIDATE_UNKNOWN, JZ_DOUBT_UNKNOWN_S},
                {JZ_LIVE_OPEN, 1, JZ_CANDIDATE_EXPIRED, JZ_DOUBT_UNKNOWN_S},
                {JZ_LIVE_FULL, 1, JZ_CANDIDATE_EXPIRED, JZ_DOUBT_UNKNOWN_S},
                {JZ_LIVE_FULL, 0, JZ_CANDIDATE_FULL, JZ_DOUBT_FULL_S}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        needs_cath_lab(2);
        scene.live.of[0].service[JZ_SERVICE_CATH_LAB] = rows[i].service;
        scene.live.of[0].service_expired = (uint16_t)(rows[i].expired << JZ_SERVICE_CATH_LAB);
        scene.travel.seconds[1] = scene.travel.seconds[0] + rows[i].price_s - 1;
        assert_string_equal(order(), "10");
        assert_int_equal(candidate(0)->flags, rows[i].flag);
        assert_int_equal(candidate(0)->treatment_s, 600 + 3600); /* the figure itself is no guess */
        scene.travel.seconds[1] = scene.travel.seconds[0] + rows[i].price_s + 1;
        assert_string_equal(order(), "01");
    }
}

static void a_doubt_never_costs_the_goal_but_a_full_laboratory_does_not_meet_it(void **state) {
    (void)state;
    needs_cath_lab(2);
    scene.program.condition[0].goal_s = 4200;
    scene.travel.seconds[1] = 601; /* misses it by a second */
    scene.live.of[0].service[JZ_SERVICE_CATH_LAB] = JZ_LIVE_UNKNOWN;
    assert_string_equal(order(), "01");
    assert_int_equal(scene.ranking.goal, JZ_GOAL_MET);
    scene.live.of[0].service[JZ_SERVICE_CATH_LAB] = JZ_LIVE_FULL;
    assert_string_equal(order(), "10");
    assert_int_equal(scene.ranking.goal, JZ_GOAL_UNMET);
}

static void where_all_are_full_the_soonest_is_still_named(void **state) {
    (void)state;
    needs_cath_lab(3);
    for (uint32_t f = 0; f < 3; f++) scene.live.of[f].service[JZ_SERVICE_CATH_LAB] = JZ_LIVE_FULL;
    assert_string_equal(order(), "012");
}

static void without_live_states_nothing_is_doubted(void **state) {
    (void)state;
    needs_cath_lab(1);
    scene.request.live = NULL;
    rank();
    assert_int_equal(candidate(0)->flags, 0);
}

/* --- the hospital's own record ----------------------------------------------------------------------------- */

static void add_cases(uint32_t facility, enum jz_figure_kind kind, uint32_t minutes, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        assert_true(jz_figures_add(&scene.figures, facility, kind, minutes * 60, TODAY));
}

static void has_record(uint8_t kind) {
    stage(2, false);
    scene.program.condition[0].door_kind = kind;
    scene.request.figures = &scene.figures;
    scene.request.today = TODAY;
}

static void the_own_record_takes_the_place_of_the_planned_door_time(void **state) {
    static const struct {
        uint8_t door;
        enum jz_figure_kind kind;
    } rows[] = {{JZ_DOOR_WIRE, JZ_FIGURE_WIRE},
                {JZ_DOOR_NEEDLE, JZ_FIGURE_NEEDLE},
                {JZ_DOOR_DELIVERY, JZ_FIGURE_DELIVERY},
                {JZ_DOOR_CT, JZ_FIGURE_CT}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        has_record(rows[i].door);
        add_cases(1, rows[i].kind, 20, 6);
        assert_string_equal(order(), "10"); /* 30 + 20 min against 10 + 60 min */
        assert_int_equal(candidate(1)->treatment_s, 1800 + 1200);
        assert_int_equal(candidate(1)->door_s, 1200);
        assert_int_equal(candidate(1)->cases, 6);
        assert_int_equal(candidate(0)->door_s, 3600);
        assert_int_equal(candidate(0)->cases, 0);
    }
}

static void four_cases_and_another_treatment_s_record_say_nothing(void **state) {
    (void)state;
    has_record(JZ_DOOR_WIRE);
    add_cases(1, JZ_FIGURE_WIRE, 20, 4);
    add_cases(1, JZ_FIGURE_CT, 20, 9);
    assert_string_equal(order(), "01");
    assert_int_equal(candidate(1)->cases, 0);
    has_record(JZ_DOOR_NONE);
    add_cases(1, JZ_FIGURE_WIRE, 20, 9);
    assert_string_equal(order(), "01");
}

static void a_slow_record_costs_the_goal(void **state) {
    (void)state;
    has_record(JZ_DOOR_WIRE);
    assert_int_equal(rank()->goal, JZ_GOAL_MET);
    add_cases(0, JZ_FIGURE_WIRE, 130, 5);
    add_cases(1, JZ_FIGURE_WIRE, 130, 5);
    assert_int_equal(rank()->goal, JZ_GOAL_UNMET);
}

static void of_several_treatments_the_longest_counts_with_its_own_cases(void **state) {
    (void)state;
    has_record(JZ_DOOR_WIRE);
    add_condition((struct jz_condition_info){.door_kind = JZ_DOOR_CT, .door_s = 1800});
    add_cases(0, JZ_FIGURE_WIRE, 50, 7);
    add_cases(0, JZ_FIGURE_CT, 55, 5);
    rank();
    assert_int_equal(candidate(0)->door_s, 3300);
    assert_int_equal(candidate(0)->cases, 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_alternative_is_enough),
        cmocka_unit_test(the_better_known_alternative_counts),
        cmocka_unit_test(of_alternatives_the_one_that_a_call_could_confirm_is_named),
        cmocka_unit_test(an_alternative_that_no_directory_lists_excludes_nobody),
        cmocka_unit_test(a_replaced_condition_asks_for_nothing_and_the_journey_goes_on),
        cmocka_unit_test(without_the_condition_that_replaces_it_it_asks_again),
        cmocka_unit_test(a_condition_may_be_replaced_by_one_that_is_replaced),
        cmocka_unit_test(an_arrest_goes_to_the_nearest_whatever_else_is_needed),
        cmocka_unit_test(the_nearest_is_not_passed_for_doubtful_places_but_for_a_closed_door),
        cmocka_unit_test(the_need_of_the_unborn_yields_to_a_mother_of_priority_1_only),
        cmocka_unit_test(a_need_that_yields_decides_within_ten_minutes),
        cmocka_unit_test(who_diverts_newborns_still_takes_a_mother_of_priority_1),
        cmocka_unit_test(what_is_in_force_counts_and_not_the_directory),
        cmocka_unit_test(an_expired_confirmation_is_usable_and_flagged_in_both_modes),
        cmocka_unit_test(an_absence_does_not_become_usable_by_growing_old),
        cmocka_unit_test(who_diverts_a_service_is_excluded_for_those_who_need_it),
        cmocka_unit_test(who_diverts_the_emergency_department_takes_nobody_without_a_condition),
        cmocka_unit_test(doubtful_places_rank_behind_certain_ones_up_to_their_price),
        cmocka_unit_test(a_doubt_never_costs_the_goal_but_a_full_laboratory_does_not_meet_it),
        cmocka_unit_test(where_all_are_full_the_soonest_is_still_named),
        cmocka_unit_test(without_live_states_nothing_is_doubted),
        cmocka_unit_test(the_own_record_takes_the_place_of_the_planned_door_time),
        cmocka_unit_test(four_cases_and_another_treatment_s_record_say_nothing),
        cmocka_unit_test(a_slow_record_costs_the_goal),
        cmocka_unit_test(of_several_treatments_the_longest_counts_with_its_own_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
