/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "fake_rules.h"
#include "rank.h"

enum { PCI, ICU, SURGERY, OBSTETRICS };
#define ABSENT JZ_CAPABILITY_ABSENT
#define CONFIRMED JZ_CAPABILITY_CONFIRMED
#define ASSUMED JZ_CAPABILITY_ASSUMED
#define UNKNOWN JZ_CAPABILITY_UNKNOWN

/* Everything a ranking needs, in one place that a test changes in one point. */
struct scene {
    struct jz_program program;
    struct jz_directory directory;
    struct jz_travel travel;
    struct jz_rank_request request;
    struct jz_ranking ranking;
};
static struct scene scene;

/* `count` hospitals that can do everything, for certain, 10, 30, 50 ... minutes away. */
static void stage(uint32_t count, bool simulation) {
    static const char *const keys[] = {"pci_24h", "adult_icu", "cardiac_surgery", "obstetrics_emergency"};
    memset(&scene, 0, sizeof scene);
    scene.program = stemi_program();
    scene.directory =
        (struct jz_directory){.facility_count = count, .capability_count = 4, .simulation = simulation};
    for (uint32_t k = 0; k < 4; k++) strcpy(scene.directory.capability[k], keys[k]);
    for (uint32_t f = 0; f < count; f++) {
        memset(scene.directory.facility[f].capability, CONFIRMED, JZ_CAPABILITIES_MAX);
        scene.travel.seconds[f] = 600 + 1200 * f;
        scene.travel.uncertainty_s[f] = 60 + f;
    }
    scene.request = (struct jz_rank_request){
        .program = &scene.program, .directory = &scene.directory, .travel = &scene.travel, .conditions = 1};
}

static void can(uint32_t facility, uint32_t capability, uint8_t state) {
    scene.directory.facility[facility].capability[capability] = state;
}

static const struct jz_ranking *rank(void) {
    memset(&scene.ranking, 0xa5, sizeof scene.ranking);
    jz_rank(&scene.request, &scene.ranking);
    return &scene.ranking;
}

/* Order of the candidates as digits: "102". */
static const char *order(void) {
    static char text[JZ_FACILITIES_MAX + 1];
    rank();
    for (uint32_t i = 0; i < scene.ranking.candidate_count; i++)
        text[i] = (char)('0' + scene.ranking.candidate[i].facility);
    text[scene.ranking.candidate_count] = '\0';
    return text;
}

static void excluded(uint32_t facility, uint8_t why, const char *capability) {
    for (uint32_t i = 0; i < rank()->exclusion_count; i++) {
        const struct jz_exclusion *x = &scene.ranking.exclusion[i];
        if (x->facility != facility) continue;
        assert_int_equal(x->why, why);
        assert_string_equal(x->capability, capability);
        return;
    }
    fail_msg("facility %u is not excluded", facility);
}

static void the_fastest_comes_first_with_its_figures(void **state) {
    (void)state;
    stage(3, false);
    scene.travel.seconds[0] = 5000;
    assert_string_equal(order(), "120");
    const struct jz_candidate *c = &scene.ranking.candidate[0];
    assert_int_equal(c->travel_s, 1800);
    assert_int_equal(c->treatment_s, 1800 + 3600);
    assert_int_equal(c->uncertainty_s, 61);
    assert_int_equal(c->confirmed, 1);
    assert_int_equal(c->preferred, 1);
    assert_int_equal(scene.ranking.exclusion_count, 0);
}

static void treatment_counts_the_longest_door_time_of_all_conditions(void **state) {
    (void)state;
    stage(1, false);
    scene.program.count = 3;
    scene.program.condition[1] = (struct jz_condition_info){.id = "R02", .door_s = 4000};
    scene.program.condition[2] = (struct jz_condition_info){.id = "R03", .door_s = 9000};
    scene.request.conditions = 3; /* R03 is not asked for */
    assert_int_equal(rank()->candidate[0].treatment_s, 600 + 4000);
}

static void a_day_is_the_longest_time_shown_and_does_not_meet_a_goal_by_being_cut(void **state) {
    (void)state;
    stage(1, false);
    scene.travel.seconds[0] = 86400;
    scene.program.condition[0].goal_s = 86400;
    assert_int_equal(rank()->candidate[0].treatment_s, 86400);
    assert_int_equal(scene.ranking.goal, JZ_GOAL_UNMET);
}

static void a_hospital_that_lacks_a_must_is_excluded_by_the_first_missing(void **state) {
    (void)state;
    stage(3, false);
    can(0, ICU, ABSENT);
    can(1, ICU, ABSENT);
    can(1, PCI, ABSENT);
    assert_string_equal(order(), "2");
    excluded(0, JZ_EXCLUDED_LACKS, "adult_icu");
    excluded(1, JZ_EXCLUDED_LACKS, "pci_24h");
}

static void musts_are_the_union_over_conditions(void **state) {
    (void)state;
    stage(2, false);
    scene.program.count = 2;
    scene.program.condition[1] =
        (struct jz_condition_info){.id = "R22", .must_count = 2, .must = {"pci_24h", "obstetrics_emergency"}};
    can(0, OBSTETRICS, ABSENT);
    assert_string_equal(order(), "01");
    scene.request.conditions = 3;
    assert_string_equal(order(), "1");
    excluded(0, JZ_EXCLUDED_LACKS, "obstetrics_emergency");
}

/* All 32 conditions name the same musts: 256 mentions of 2 needs. */
static void musts_named_by_every_condition_count_once(void **state) {
    (void)state;
    stage(3, true);
    scene.program.count = JZ_CONDITIONS_MAX;
    for (uint32_t c = 0; c < JZ_CONDITIONS_MAX; c++) {
        scene.program.condition[c] = scene.program.condition[0];
        scene.program.condition[c].must_count = 8;
        for (uint32_t m = 0; m < 8; m++) scene.program.condition[c].must[m] = m % 2 ? "pci_24h" : "adult_icu";
    }
    scene.request.conditions = UINT32_MAX;
    can(0, ICU, ABSENT);
    can(1, PCI, UNKNOWN);
    assert_string_equal(order(), "21");
    excluded(0, JZ_EXCLUDED_LACKS, "adult_icu");
}

static void a_condition_the_program_does_not_have_asks_for_nothing(void **state) {
    (void)state;
    stage(2, false);
    can(0, PCI, ABSENT);
    scene.request.conditions = 1u << 1 | 1u << 31;
    assert_string_equal(order(), "01");
    assert_int_equal(scene.ranking.goal, JZ_GOAL_NONE);
}

static void live_mode_uses_confirmed_capabilities_only(void **state) {
    static const struct {
        uint8_t state, why;
    } rows[] = {{CONFIRMED, JZ_EXCLUDED_NONE},
                {ABSENT, JZ_EXCLUDED_LACKS},
                {ASSUMED, JZ_EXCLUDED_UNCONFIRMED},
                {UNKNOWN, JZ_EXCLUDED_UNCONFIRMED}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        stage(2, false);
        can(0, ICU, rows[i].state);
        assert_string_equal(order(), rows[i].why ? "1" : "01");
        if (rows[i].why) excluded(0, rows[i].why, "adult_icu");
    }
}

static void simulation_ranks_assumed_as_known_and_unknown_after_both(void **state) {
    (void)state;
    stage(3, true);
    can(0, PCI, UNKNOWN);
    can(1, PCI, ASSUMED);
    scene.travel.seconds[2] = 80000;
    assert_string_equal(order(), "120");
    assert_int_equal(scene.ranking.candidate[0].confirmed, 0);
    assert_int_equal(scene.ranking.candidate[1].confirmed, 1);
    assert_int_equal(scene.ranking.candidate[2].confirmed, 0);
}

static void an_unknown_hospital_does_not_turn_unmet_into_met(void **state) {
    (void)state;
    stage(2, true);
    can(0, PCI, UNKNOWN);
    scene.travel.seconds[1] = 3601;
    assert_string_equal(order(), "10");
    assert_int_equal(scene.ranking.goal, JZ_GOAL_UNMET);
}

static void a_must_the_directory_does_not_list_excludes_nobody_but_is_not_confirmed(void **state) {
    (void)state;
    for (int simulation = 0; simulation < 2; simulation++) {
        stage(2, simulation);
        scene.program.condition[0].must[1] = "hyperbaric";
        assert_string_equal(order(), "01");
        assert_int_equal(scene.ranking.candidate[0].confirmed, 0);
        assert_int_equal(scene.ranking.candidate[1].confirmed, 0);
    }
}

static void declined_and_diverting_are_excluded_after_lasting_reasons(void **state) {
    (void)state;
    stage(5, false);
    scene.request.declined = 1u << 0 | 1u << 2 | 1u << 3;
    scene.request.diverting = 1u << 1 | 1u << 2 | 1u << 3;
    can(3, PCI, ABSENT);
    assert_string_equal(order(), "4");
    excluded(0, JZ_EXCLUDED_DECLINED, "");
    excluded(1, JZ_EXCLUDED_DIVERTING, "");
    excluded(2, JZ_EXCLUDED_DECLINED, "");
    excluded(3, JZ_EXCLUDED_LACKS, "pci_24h");
}

static void the_last_facility_of_a_full_directory_can_decline(void **state) {
    (void)state;
    stage(JZ_FACILITIES_MAX, false);
    scene.request.declined = (uint64_t)1 << 63;
    scene.request.diverting = (uint64_t)1 << 62;
    assert_int_equal(rank()->candidate_count, 62);
    excluded(63, JZ_EXCLUDED_DECLINED, "");
    excluded(62, JZ_EXCLUDED_DIVERTING, "");
}

static void no_condition_requires_nothing_and_has_no_goal(void **state) {
    (void)state;
    stage(2, false);
    can(0, PCI, ABSENT);
    scene.request.conditions = 0;
    assert_string_equal(order(), "01");
    assert_int_equal(scene.ranking.goal, JZ_GOAL_NONE);
    assert_int_equal(scene.ranking.candidate[0].treatment_s, 600);
}

static void without_a_travel_time_a_hospital_ranks_last_with_no_figures(void **state) {
    (void)state;
    stage(3, false);
    scene.travel.seconds[0] = JZ_TRAVEL_NONE;
    assert_string_equal(order(), "120");
    assert_int_equal(scene.ranking.candidate[2].travel_s, 0);
    assert_int_equal(scene.ranking.candidate[2].treatment_s, 0);
    assert_int_equal(scene.ranking.candidate[2].uncertainty_s, 0);
}

static void without_any_travel_time_the_goal_is_not_met(void **state) {
    (void)state;
    stage(3, false);
    memset(scene.travel.seconds, 0, sizeof scene.travel.seconds);
    assert_string_equal(order(), "012");
    assert_int_equal(scene.ranking.goal, JZ_GOAL_UNMET);
}

/* Hospital 1 alone has what the condition prefers; hospital 0 is `gap_s` faster. */
static void prefer_decides_within_ten_minutes_and_not_beyond(void **state) {
    static const struct {
        uint32_t gap_s;
        const char *order;
    } rows[] = {{1, "10"}, {600, "10"}, {601, "01"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        stage(2, false);
        can(0, SURGERY, ABSENT);
        scene.travel.seconds[0] = 900;
        scene.travel.seconds[1] = 900 + rows[i].gap_s;
        assert_string_equal(order(), rows[i].order);
    }
}

static void a_preference_never_costs_the_goal(void **state) {
    (void)state;
    stage(2, false);
    can(0, SURGERY, ABSENT);
    scene.travel.seconds[0] = 3500;
    scene.travel.seconds[1] = 3600;
    assert_string_equal(order(), "10");
    assert_int_equal(scene.ranking.goal, JZ_GOAL_MET);
    scene.travel.seconds[1] = 3601;
    assert_string_equal(order(), "01");
    assert_int_equal(scene.ranking.goal, JZ_GOAL_MET);
}

static void a_preference_that_is_unknown_does_not_count(void **state) {
    (void)state;
    stage(2, true);
    can(0, SURGERY, ABSENT);
    can(1, SURGERY, UNKNOWN);
    scene.travel.seconds[1] = 700;
    assert_string_equal(order(), "01");
    can(1, SURGERY, ASSUMED);
    assert_string_equal(order(), "10");
}

/* 0 s, 400 s and 800 s after the fastest: the third is within ten minutes of the second, not of the first. */
static void ties_do_not_chain(void **state) {
    (void)state;
    stage(3, false);
    can(0, SURGERY, ABSENT);
    can(1, SURGERY, ABSENT);
    for (uint32_t f = 0; f < 3; f++) scene.travel.seconds[f] = 600 + 400 * f;
    assert_string_equal(order(), "012");
}

static void equal_times_fall_back_to_the_facility_index(void **state) {
    (void)state;
    stage(4, false);
    for (uint32_t f = 0; f < 4; f++) scene.travel.seconds[f] = 700;
    assert_string_equal(order(), "0123");
}

static void the_goal_is_inclusive(void **state) {
    static const struct {
        uint32_t travel_s, elapsed_s;
        enum jz_goal goal;
    } rows[] = {{3600, 0, JZ_GOAL_MET},        {3601, 0, JZ_GOAL_UNMET}, {1, 3599, JZ_GOAL_MET},
                {1, 3600, JZ_GOAL_UNMET},      {600, 3000, JZ_GOAL_MET}, {600, 3001, JZ_GOAL_UNMET},
                {1, UINT32_MAX, JZ_GOAL_UNMET}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        stage(1, false);
        scene.travel.seconds[0] = rows[i].travel_s;
        scene.request.elapsed_s = rows[i].elapsed_s;
        assert_int_equal(rank()->goal, rows[i].goal);
    }
}

static void the_strictest_goal_counts(void **state) {
    (void)state;
    stage(1, false);
    scene.program.count = 3;
    scene.program.condition[1] = (struct jz_condition_info){.id = "R05", .goal_s = 86400};
    scene.program.condition[2] = (struct jz_condition_info){.id = "R07", .goal_s = 4199};
    scene.request.conditions = 3;
    assert_int_equal(rank()->goal, JZ_GOAL_MET); /* 4200 s against 7200 s */
    scene.request.conditions = 7;
    assert_int_equal(rank()->goal, JZ_GOAL_UNMET); /* against 4199 s */
}

static void no_candidate_leaves_the_goal_unmet(void **state) {
    (void)state;
    stage(2, false);
    scene.request.declined = 3;
    assert_int_equal(rank()->candidate_count, 0);
    assert_int_equal(scene.ranking.goal, JZ_GOAL_UNMET);
}

/* --- properties over random scenes ----------------------------------------------------------------------- */

static void stage_at_random(uint64_t *seed) {
    stage(next_random(seed) % (JZ_FACILITIES_MAX + 1u), next_random(seed) % 4u != 0);
    scene.program.count = 2;
    scene.program.condition[0].goal_s = next_random(seed) % 3u ? 3600 + next_random(seed) % 7200 : 0;
    scene.program.condition[1] = (struct jz_condition_info){.id = "R22",
                                                            .must_count = 2,
                                                            .must = {"obstetrics_emergency", "tox"},
                                                            .prefer_count = 1,
                                                            .prefer = {"adult_icu"},
                                                            .goal_s = next_random(seed) % 9000,
                                                            .door_s = next_random(seed) % 7200};
    scene.request.conditions = next_random(seed) % 4u;
    scene.request.elapsed_s = next_random(seed) % 4000;
    scene.request.declined = (uint64_t)next_random(seed) << 32 & (uint64_t)next_random(seed) << 32;
    scene.request.diverting = next_random(seed) & next_random(seed) & next_random(seed);
    for (uint32_t f = 0; f < scene.directory.facility_count; f++) {
        for (uint32_t k = 0; k < 4; k++) can(f, k, (uint8_t)(next_random(seed) % 8u));
        for (uint32_t k = 0; k < 4; k++)
            if (scene.directory.facility[f].capability[k] > UNKNOWN)
                can(f, k, next_random(seed) % 2 ? CONFIRMED : ASSUMED);
        scene.travel.seconds[f] = next_random(seed) % 8u ? 1 + next_random(seed) % 7200 : JZ_TRAVEL_NONE;
    }
}

static void check_each_exactly_once(void) {
    uint32_t seen[JZ_FACILITIES_MAX] = {0};
    const struct jz_ranking *r = &scene.ranking;
    for (uint32_t i = 0; i < r->candidate_count; i++) seen[r->candidate[i].facility]++;
    for (uint32_t i = 0; i < r->exclusion_count; i++) {
        assert_in_range(r->exclusion[i].why, JZ_EXCLUDED_LACKS, JZ_EXCLUDED_UNCONFIRMED);
        assert_true(i == 0 || r->exclusion[i - 1].facility < r->exclusion[i].facility);
        seen[r->exclusion[i].facility]++;
    }
    for (uint32_t f = 0; f < scene.directory.facility_count; f++) assert_int_equal(seen[f], 1);
    assert_int_equal(r->candidate_count + r->exclusion_count, scene.directory.facility_count);
}

static uint8_t worst_must(uint32_t facility) {
    static const uint8_t severity[] = {[CONFIRMED] = 0, [ASSUMED] = 1, [UNKNOWN] = 2, [ABSENT] = 3};
    uint8_t worst = 0;
    for (uint32_t k = PCI; k <= OBSTETRICS; k++) {
        bool must =
            k == OBSTETRICS ? scene.request.conditions & 2u : k != SURGERY && (scene.request.conditions & 1u);
        uint8_t is = severity[scene.directory.facility[facility].capability[k]];
        if (must && is > worst) worst = is;
    }
    return worst;
}

static void check_excluded_never_ranked(void) {
    for (uint32_t i = 0; i < scene.ranking.candidate_count; i++) {
        uint8_t f = scene.ranking.candidate[i].facility;
        assert_false(scene.request.declined >> f & 1u);
        assert_false(scene.request.diverting >> f & 1u);
        assert_true(worst_must(f) <= (scene.directory.simulation ? 2 : 0));
        bool unlisted = scene.request.conditions & 2u;
        assert_int_equal(scene.ranking.candidate[i].confirmed, worst_must(f) == 0 && !unlisted);
    }
}

static uint32_t strictest_goal(void) {
    uint32_t goal = 0;
    for (uint32_t c = 0; c < 2; c++) {
        uint32_t g = scene.request.conditions >> c & 1u ? scene.program.condition[c].goal_s : 0;
        if (g && (!goal || g < goal)) goal = g;
    }
    return goal;
}

static bool meets(const struct jz_candidate *c) {
    return c->travel_s && scene.request.elapsed_s + c->treatment_s <= strictest_goal();
}

/* Between neighbours: certainty first; then known before unknown times; then at most ten minutes out of order. */
static void check_order(void) {
    for (uint32_t i = 1; i < scene.ranking.candidate_count; i++) {
        const struct jz_candidate *a = &scene.ranking.candidate[i - 1], *b = &scene.ranking.candidate[i];
        bool a_unknown = worst_must(a->facility) == 2, b_unknown = worst_must(b->facility) == 2;
        assert_true(a_unknown <= b_unknown);
        if (a_unknown != b_unknown) continue;
        assert_true(a->travel_s || !b->travel_s);
        if (!a->travel_s || !b->travel_s || a->treatment_s <= b->treatment_s) continue;
        assert_true(a->treatment_s - b->treatment_s <= JZ_PREFER_TIE_S);
        assert_true(a->preferred > b->preferred);
        assert_int_equal(meets(a), meets(b));
    }
}

static void check_goal(void) {
    const struct jz_ranking *r = &scene.ranking;
    bool first = r->candidate_count && meets(&r->candidate[0]);
    enum jz_goal expected = !strictest_goal() ? JZ_GOAL_NONE : first ? JZ_GOAL_MET : JZ_GOAL_UNMET;
    assert_int_equal(r->goal, expected);
    if (!strictest_goal() || first || !r->candidate_count) return;
    bool known = worst_must(r->candidate[0].facility) < 2;
    for (uint32_t i = 1; i < r->candidate_count; i++) /* nobody as certain as the first would have met it */
        if (!known || worst_must(r->candidate[i].facility) < 2) assert_false(meets(&r->candidate[i]));
}

static void every_random_ranking_holds_the_promises(void **state) {
    uint64_t seed = test_seed();
    uint32_t rounds_with_candidates = 0;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        stage_at_random(&seed);
        rank();
        check_each_exactly_once();
        check_excluded_never_ranked();
        check_order();
        check_goal();
        rounds_with_candidates += scene.ranking.candidate_count > 1;
    }
    assert_true(rounds_with_candidates > 5000); /* the scenes do exercise the order */
}

static void the_same_request_gives_the_same_bytes(void **state) {
    static struct jz_ranking once;
    uint64_t seed = test_seed();
    (void)state;
    for (int round = 0; round < 200; round++) {
        stage_at_random(&seed);
        memset(&once, 0, sizeof once);
        jz_rank(&scene.request, &once);
        rank();
        assert_memory_equal(&once, &scene.ranking, sizeof once);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fastest_comes_first_with_its_figures),
        cmocka_unit_test(treatment_counts_the_longest_door_time_of_all_conditions),
        cmocka_unit_test(a_day_is_the_longest_time_shown_and_does_not_meet_a_goal_by_being_cut),
        cmocka_unit_test(a_hospital_that_lacks_a_must_is_excluded_by_the_first_missing),
        cmocka_unit_test(musts_are_the_union_over_conditions),
        cmocka_unit_test(musts_named_by_every_condition_count_once),
        cmocka_unit_test(a_condition_the_program_does_not_have_asks_for_nothing),
        cmocka_unit_test(live_mode_uses_confirmed_capabilities_only),
        cmocka_unit_test(simulation_ranks_assumed_as_known_and_unknown_after_both),
        cmocka_unit_test(an_unknown_hospital_does_not_turn_unmet_into_met),
        cmocka_unit_test(a_must_the_directory_does_not_list_excludes_nobody_but_is_not_confirmed),
        cmocka_unit_test(declined_and_diverting_are_excluded_after_lasting_reasons),
        cmocka_unit_test(the_last_facility_of_a_full_directory_can_decline),
        cmocka_unit_test(no_condition_requires_nothing_and_has_no_goal),
        cmocka_unit_test(without_a_travel_time_a_hospital_ranks_last_with_no_figures),
        cmocka_unit_test(without_any_travel_time_the_goal_is_not_met),
        cmocka_unit_test(prefer_decides_within_ten_minutes_and_not_beyond),
        cmocka_unit_test(a_preference_never_costs_the_goal),
        cmocka_unit_test(a_preference_that_is_unknown_does_not_count),
        cmocka_unit_test(ties_do_not_chain),
        cmocka_unit_test(equal_times_fall_back_to_the_facility_index),
        cmocka_unit_test(the_goal_is_inclusive),
        cmocka_unit_test(the_strictest_goal_counts),
        cmocka_unit_test(no_candidate_leaves_the_goal_unmet),
        cmocka_unit_test(every_random_ranking_holds_the_promises),
        cmocka_unit_test(the_same_request_gives_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
