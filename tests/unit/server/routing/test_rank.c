/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "rank_stage.h"

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

static void an_adult_is_kept_from_a_hospital_for_children(void **state) {
    (void)state;
    stage(2, false);
    scene.directory.facility[0].children_only = true;
    assert_string_equal(order(), "01");
    scene.request.adult = true;
    assert_string_equal(order(), "1");
    excluded(0, JZ_EXCLUDED_LACKS, JZ_TAKES_ADULTS);
}

static void musts_are_the_union_over_conditions(void **state) {
    (void)state;
    stage(2, false);
    scene.program.count = 2;
    scene.program.condition[1] = (struct jz_condition_info){
        .id = "R22", .must_count = 2, .must = {{1, {"pci_24h"}}, {1, {"obstetrics_emergency"}}}};
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
        for (uint32_t m = 0; m < 8; m++)
            scene.program.condition[c].must[m] =
                (struct jz_alternatives){1, {m % 2 ? "pci_24h" : "adult_icu"}};
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
        scene.program.condition[0].must[1] = (struct jz_alternatives){1, {"hyperbaric"}};
        assert_string_equal(order(), "01");
        assert_int_equal(scene.ranking.candidate[0].confirmed, 0);
        assert_int_equal(scene.ranking.candidate[1].confirmed, 0);
    }
}

static void declined_and_diverting_are_excluded_after_lasting_reasons(void **state) {
    (void)state;
    stage(5, false);
    scene.request.declined = (struct jz_facility_set){{1u << 0 | 1u << 2 | 1u << 3}};
    scene.request.diverting = (struct jz_facility_set){{1u << 1 | 1u << 2 | 1u << 3}};
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
    jz_facility_set_add(&scene.request.declined, JZ_FACILITIES_MAX - 1);
    jz_facility_set_add(&scene.request.diverting, JZ_FACILITIES_MAX - 2);
    assert_int_equal(rank()->candidate_count, JZ_FACILITIES_MAX - 2);
    excluded(JZ_FACILITIES_MAX - 1, JZ_EXCLUDED_DECLINED, "");
    excluded(JZ_FACILITIES_MAX - 2, JZ_EXCLUDED_DIVERTING, "");
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
    scene.request.declined = (struct jz_facility_set){{3}};
    assert_int_equal(rank()->candidate_count, 0);
    assert_int_equal(scene.ranking.goal, JZ_GOAL_UNMET);
}

/* --- a change after departure ------------------------------------------------------------------------------- */

/* Hospital 0 is on the way to; hospital 1 treats `saves_s` sooner. */
static bool worth(int saves_s, bool departed, bool worse) {
    stage(2, false);
    scene.program.condition[0].prefer_count = 0;
    scene.travel.seconds[0] = 3000;
    scene.travel.seconds[1] = (uint32_t)(3000 - saves_s);
    return jz_rank_change_worth(rank(), 0, departed, worse);
}

static void after_departure_only_fifteen_minutes_are_worth_a_change(void **state) {
    (void)state;
    assert_false(worth(899, true, false));
    assert_true(worth(900, true, false));
    assert_true(worth(1, false, false));
    assert_true(worth(1, true, true));
}

static void the_first_is_no_change_however_much_worse_the_patient_is(void **state) {
    (void)state;
    assert_false(worth(-1, false, true));
    assert_false(worth(-1, true, true));
}

static void where_the_destination_dropped_out_any_other_is_worth_it(void **state) {
    (void)state;
    worth(-2000, true, false);
    can(0, PCI, ABSENT);
    assert_true(jz_rank_change_worth(rank(), 0, true, false));
    jz_facility_set_add(&scene.request.declined, 1);
    assert_false(jz_rank_change_worth(rank(), 0, true, false)); /* nobody to change to */
    stage(2, false);
    assert_true(jz_rank_change_worth(rank(), JZ_FACILITY_NONE, false, false));
}

static void without_travel_times_nothing_is_known_to_be_saved(void **state) {
    (void)state;
    stage(2, false);
    scene.travel.seconds[0] = JZ_TRAVEL_NONE;
    assert_string_equal(order(), "10");
    assert_false(jz_rank_change_worth(&scene.ranking, 0, true, false));
}

/* --- properties over random scenes ----------------------------------------------------------------------- */

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

/* The rules once more, read from the conditions as they stand: no masks, no needs, one facility at a time. */
static bool is_active(uint32_t c) {
    uint64_t replaced = 0;
    for (uint32_t i = 0; i < scene.program.count; i++)
        if (scene.request.conditions >> i & 1u) replaced |= scene.program.condition[i].replaces;
    return (scene.request.conditions & ~replaced) >> c & 1u;
}

static bool is_nearest(void) {
    return is_active(4);
}

static bool binds(uint32_t c) {
    const struct jz_condition_info *info = &scene.program.condition[c];
    if (!is_active(c)) return false;
    return is_nearest() ? info->nearest : !(info->fetal && scene.request.priority == 1);
}

static uint8_t state_of(uint32_t f, const char *key, bool *expired) {
    uint32_t k = jz_directory_capability_index(&scene.directory, key);
    const struct jz_live *live = scene.request.live;
    *expired = false;
    if (k == UINT32_MAX) return UNKNOWN;
    uint8_t is = live ? live->of[f].capability[k] : scene.directory.facility[f].capability[k];
    *expired = live && is != ABSENT && (live->of[f].capability_expired >> k & 1u);
    return is;
}

static bool is_usable(uint32_t f, const char *key) {
    bool expired, unlisted = jz_directory_capability_index(&scene.directory, key) == UINT32_MAX;
    uint8_t is = state_of(f, key, &expired);
    if (is == ABSENT) return false;
    return unlisted || expired || scene.directory.simulation || is == CONFIRMED;
}

static bool is_certain(uint32_t f, const char *key) {
    bool expired;
    return state_of(f, key, &expired) == CONFIRMED && !expired;
}

/* Whether each must has an alternative that passes. */
static bool each_must(uint32_t f, bool (*passes)(uint32_t, const char *)) {
    for (uint32_t c = 0; c < scene.program.count; c++) {
        const struct jz_condition_info *info = &scene.program.condition[c];
        for (uint32_t m = 0; binds(c) && m < info->must_count; m++) {
            bool any = false;
            for (uint32_t k = 0; k < info->must[m].count; k++) any |= passes(f, info->must[m].key[k]);
            if (!any) return false;
        }
    }
    return true;
}

static bool diverts(uint32_t f) {
    for (uint32_t c = 0; scene.request.live && c < scene.program.count; c++)
        for (uint32_t s = 1; binds(c) && s < JZ_SERVICE_COUNT; s++)
            if ((scene.program.condition[c].services >> s & 1u) &&
                scene.live.of[f].service[s] == JZ_LIVE_DIVERTING)
                return true;
    bool nobody = scene.request.conditions == 0;
    return scene.request.live && nobody && scene.live.of[f].service[JZ_SERVICE_ED] == JZ_LIVE_DIVERTING;
}

static bool may_take(uint32_t f) {
    return each_must(f, is_usable) && !diverts(f) && !jz_facility_set_has(&scene.request.declined, f) &&
           !jz_facility_set_has(&scene.request.diverting, f);
}

static void check_excluded_never_ranked(void) {
    const struct jz_ranking *r = &scene.ranking;
    for (uint32_t i = 0; i < r->candidate_count; i++) {
        assert_true(may_take(r->candidate[i].facility));
        assert_int_equal(r->candidate[i].confirmed, each_must(r->candidate[i].facility, is_certain));
    }
    for (uint32_t i = 0; i < r->exclusion_count; i++) assert_false(may_take(r->exclusion[i].facility));
}

static uint32_t strictest_goal(void) {
    uint32_t goal = 0;
    for (uint32_t c = 0; c < scene.program.count; c++) {
        uint32_t g = binds(c) ? scene.program.condition[c].goal_s : 0;
        if (g && (!goal || g < goal)) goal = g;
    }
    return goal;
}

static bool meets(const struct jz_candidate *c) {
    return strictest_goal() && c->travel_s && !(c->flags & JZ_CANDIDATE_FULL) &&
           scene.request.elapsed_s + c->travel_s + c->door_s <= strictest_goal();
}

static uint32_t with_doubt(const struct jz_candidate *c) {
    if (c->flags & JZ_CANDIDATE_FULL) return c->treatment_s + 3600;
    return c->treatment_s + (c->flags & (JZ_CANDIDATE_EXPIRED | JZ_CANDIDATE_UNKNOWN) ? 1800 : 0);
}

/* Between neighbours: certainty first; then known before unknown times; then the goal; then at most ten minutes out of
 * order, and for a preference only. */
static void check_neighbours(const struct jz_candidate *a, const struct jz_candidate *b) {
    bool a_unsure = a->flags & JZ_CANDIDATE_UNSURE, b_unsure = b->flags & JZ_CANDIDATE_UNSURE;
    assert_true(a_unsure <= b_unsure);
    if (a_unsure != b_unsure) return;
    assert_true(a->travel_s || !b->travel_s);
    if (!a->travel_s || !b->travel_s) return;
    if (is_nearest()) {
        assert_true(a->travel_s <= b->travel_s);
        return;
    }
    assert_true(meets(a) >= meets(b));
    if (meets(a) != meets(b) || with_doubt(a) <= with_doubt(b)) return;
    assert_true(with_doubt(a) - with_doubt(b) <= JZ_PREFER_TIE_S);
    assert_true(a->preferred > b->preferred);
}

static void check_order(void) {
    const struct jz_ranking *r = &scene.ranking;
    for (uint32_t i = 0; i < r->candidate_count; i++) {
        assert_int_equal((r->candidate[i].flags & JZ_CANDIDATE_MEETS) != 0, meets(&r->candidate[i]));
        if (i) check_neighbours(&r->candidate[i - 1], &r->candidate[i]);
    }
}

static void check_goal(void) {
    const struct jz_ranking *r = &scene.ranking;
    bool first = r->candidate_count && meets(&r->candidate[0]);
    enum jz_goal expected = !strictest_goal() ? JZ_GOAL_NONE : first ? JZ_GOAL_MET : JZ_GOAL_UNMET;
    assert_int_equal(r->goal, expected);
    assert_int_equal(r->goal_s, strictest_goal());
    if (!strictest_goal() || first || !r->candidate_count) return;
    bool unsure = r->candidate[0].flags & JZ_CANDIDATE_UNSURE;
    for (uint32_t i = 1; i < r->candidate_count; i++) /* nobody as certain as the first would have met it */
        if (unsure || !(r->candidate[i].flags & JZ_CANDIDATE_UNSURE)) assert_false(meets(&r->candidate[i]));
}

/* What is proposed can be done, and what would change the order is no more than there is room for. */
static void check_advice(void) {
    const struct jz_ranking *r = &scene.ranking;
    assert_int_equal(r->fallback == JZ_FALLBACK_NONE, r->fallback_why == JZ_FALLBACK_BECAUSE_NONE);
    if (r->fallback_facility != JZ_FACILITY_NONE) {
        assert_int_not_equal(r->fallback, JZ_FALLBACK_NONE);
        assert_false(jz_facility_set_has(&scene.request.declined, r->fallback_facility));
        assert_false(jz_facility_set_has(&scene.request.diverting, r->fallback_facility));
    }
    assert_in_range(r->change_count, 0, JZ_CHANGES_MAX);
    for (uint32_t i = 0; i < r->change_count; i++) {
        assert_in_range(r->change[i].kind, JZ_CHANGE_MARGIN, JZ_CHANGE_EXCLUDED);
        assert_in_range(r->change[i].seconds, 1, JZ_TREATMENT_S_MAX);
        assert_true(r->change[i].facility < scene.directory.facility_count);
    }
}

static void every_random_ranking_holds_the_promises(void **state) {
    uint64_t seed = test_seed();
    uint32_t rounds_with_candidates = 0;
    (void)state;
    const int rounds = 320000 / JZ_FACILITIES_MAX; /* the work is the same whatever the limit */
    for (int round = 0; round < rounds; round++) {
        stage_at_random(&seed);
        rank();
        check_each_exactly_once();
        check_excluded_never_ranked();
        check_order();
        check_goal();
        check_advice();
        rounds_with_candidates += scene.ranking.candidate_count > 1;
    }
    assert_true(rounds_with_candidates > (uint32_t)rounds / 4); /* the scenes do exercise the order */
}

static void the_same_request_gives_the_same_bytes(void **state) {
    static struct jz_ranking once;
    uint64_t seed = test_seed();
    (void)state;
    for (int round = 0; round < 100; round++) {
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
        cmocka_unit_test(an_adult_is_kept_from_a_hospital_for_children),
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
        cmocka_unit_test(after_departure_only_fifteen_minutes_are_worth_a_change),
        cmocka_unit_test(the_first_is_no_change_however_much_worse_the_patient_is),
        cmocka_unit_test(where_the_destination_dropped_out_any_other_is_worth_it),
        cmocka_unit_test(without_travel_times_nothing_is_known_to_be_saved),
        cmocka_unit_test(every_random_ranking_holds_the_promises),
        cmocka_unit_test(the_same_request_gives_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
