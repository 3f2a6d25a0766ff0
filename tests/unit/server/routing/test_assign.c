/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "assign.h"

static struct jz_assign_request request;
static struct jz_assignment answer;

static void stage(uint32_t patients, uint32_t facilities) {
    memset(&request, 0, sizeof request);
    request.patient_count = patients;
    request.facility_count = facilities;
    for (uint32_t p = 0; p < patients; p++) {
        request.patient[p].priority = 1;
        for (uint32_t f = 0; f < facilities; f++) request.patient[p].seconds[f] = JZ_ASSIGN_EXCLUDED;
    }
}

static void minutes(uint32_t patient, uint32_t facility, uint32_t m) {
    request.patient[patient].seconds[facility] = m * 60;
}

static void assign(void) {
    memset(&answer, 0xa5, sizeof answer);
    jz_assign(&request, &answer);
}

static void nobody_is_placed_where_nobody_waits(void **state) {
    (void)state;
    stage(0, 3);
    assign();
    assert_int_equal(answer.best.facility[0], JZ_ASSIGN_NOWHERE);
    assert_false(answer.differs);
}

static void with_room_for_all_each_goes_where_treatment_comes_first(void **state) {
    (void)state;
    stage(2, 2);
    request.places[0] = request.places[1] = 2;
    minutes(0, 0, 30), minutes(0, 1, 40), minutes(1, 0, 50), minutes(1, 1, 20);
    assign();
    assert_int_equal(answer.best.facility[0], 0);
    assert_int_equal(answer.best.facility[1], 1);
    assert_false(answer.differs);
}

/* The first takes the last cot although the second has nowhere else near: together they lose 50 minutes. */
static void the_last_cot_goes_to_the_one_who_has_no_other(void **state) {
    (void)state;
    stage(2, 2);
    request.places[0] = 1, request.places[1] = 5;
    minutes(0, 0, 30), minutes(0, 1, 40), minutes(1, 0, 30), minutes(1, 1, 90);
    assign();
    assert_int_equal(answer.greedy.facility[0], 0);
    assert_int_equal(answer.best.facility[0], 1);
    assert_int_equal(answer.best.facility[1], 0);
    assert_true(answer.differs);
    assert_int_equal(answer.best.seconds[0], 70 * 60);
    assert_int_equal(answer.greedy.seconds[0], 120 * 60);
}

static void no_gain_of_a_less_urgent_patient_is_paid_for_by_a_more_urgent_one(void **state) {
    (void)state;
    stage(2, 2);
    request.patient[1].priority = 2;
    request.places[0] = 1, request.places[1] = 5;
    minutes(0, 0, 30), minutes(0, 1, 31), minutes(1, 0, 30), minutes(1, 1, 600);
    assign();
    assert_int_equal(answer.best.facility[0], 0);
    assert_int_equal(answer.best.facility[1], 1);
}

static void a_more_urgent_patient_who_comes_later_displaces_a_less_urgent_one(void **state) {
    (void)state;
    stage(2, 1);
    request.patient[0].priority = 3;
    request.places[0] = 1;
    minutes(0, 0, 5), minutes(1, 0, 60);
    assign();
    assert_int_equal(answer.greedy.facility[0], 0);
    assert_int_equal(answer.best.facility[0], JZ_ASSIGN_NOWHERE);
    assert_int_equal(answer.best.facility[1], 0);
    assert_int_equal(answer.best.unplaced[2], 1);
}

static void a_place_for_one_more_counts_more_than_any_time(void **state) {
    (void)state;
    stage(2, 2);
    request.places[0] = request.places[1] = 1;
    minutes(0, 0, 1), minutes(0, 1, 1440), minutes(1, 0, 1);
    assign();
    assert_int_equal(answer.best.facility[0], 1);
    assert_int_equal(answer.best.facility[1], 0);
}

static void nobody_goes_where_the_need_cannot_be_met(void **state) {
    (void)state;
    stage(2, 2);
    request.places[0] = 0, request.places[1] = 9;
    minutes(0, 0, 5);
    minutes(1, 0, 5);
    assign();
    assert_int_equal(answer.best.facility[0], JZ_ASSIGN_NOWHERE);
    assert_int_equal(answer.best.facility[1], JZ_ASSIGN_NOWHERE);
    assert_int_equal(answer.best.unplaced[0], 2);
}

static void equal_answers_keep_what_greedy_says(void **state) {
    (void)state;
    stage(2, 2);
    request.places[0] = request.places[1] = 1;
    for (uint32_t p = 0; p < 2; p++) minutes(p, 0, 10), minutes(p, 1, 20);
    assign();
    assert_false(answer.differs);
    assert_int_equal(answer.best.facility[0], 0);
}

static void the_limit_of_patients_and_places_is_solved(void **state) {
    (void)state;
    stage(JZ_ASSIGN_PATIENTS_MAX, JZ_FACILITIES_MAX);
    memset(request.places, UINT8_MAX, sizeof request.places);
    for (uint32_t p = 0; p < JZ_ASSIGN_PATIENTS_MAX; p++)
        for (uint32_t f = 0; f < JZ_FACILITIES_MAX; f++) request.patient[p].seconds[f] = 86400 - 7 * f - p;
    assign();
    for (uint32_t p = 0; p < JZ_ASSIGN_PATIENTS_MAX; p++)
        assert_int_equal(answer.best.facility[p], JZ_FACILITIES_MAX - 1);
}

/* --- from rankings ----------------------------------------------------------------------------------------------- */

static void a_request_is_made_of_each_patient_s_own_ranking(void **state) {
    static struct jz_ranking first, second;
    const struct jz_ranking *const rankings[] = {&first, &second};
    const uint8_t priority[] = {3, 0};
    int32_t places[JZ_FACILITIES_MAX] = {-2, 1, 300};
    (void)state;
    first.candidate_count = second.candidate_count = 2;
    first.candidate[0] = (struct jz_candidate){.facility = 1, .travel_s = 60, .treatment_s = 600};
    first.candidate[1] = (struct jz_candidate){.facility = 2, .travel_s = 90, .treatment_s = 900};
    second.candidate[0] = (struct jz_candidate){.facility = 1, .travel_s = 60, .treatment_s = 700};
    second.candidate[1] = (struct jz_candidate){.facility = 0}; /* no journey known */
    memset(&request, 0xa5, sizeof request);
    jz_assign_prepare(rankings, priority, 2, places, 4, &request);
    assert_int_equal(request.places[0], 0);
    assert_int_equal(request.places[1], 1);
    assert_int_equal(request.places[2], 255);
    assert_int_equal(request.patient[0].priority, 3);
    assert_int_equal(request.patient[1].priority, 1); /* not known: nobody is less urgent by being unknown */
    assert_int_equal(request.patient[0].seconds[0], JZ_ASSIGN_EXCLUDED);
    assert_int_equal(request.patient[1].seconds[0], 86400);
    assign();
    assert_int_equal(answer.best.facility[1], 1);
    assert_int_equal(answer.best.facility[0], 2);
    assert_int_equal(answer.greedy.facility[1], JZ_ASSIGN_NOWHERE);
}

/* --- against every way there is ----------------------------------------------------------------------------- */

static struct jz_assign_plan best_of_all;

static void add_up(struct jz_assign_plan *plan) {
    memset(plan->unplaced, 0, sizeof plan->unplaced);
    memset(plan->seconds, 0, sizeof plan->seconds);
    for (uint32_t p = 0; p < request.patient_count; p++) {
        uint32_t level = request.patient[p].priority - 1u;
        if (plan->facility[p] == JZ_ASSIGN_NOWHERE)
            plan->unplaced[level]++;
        else
            plan->seconds[level] += request.patient[p].seconds[plan->facility[p]];
    }
}

static void try_all(struct jz_assign_plan *plan, uint32_t patient, uint8_t *places) {
    if (patient == request.patient_count) {
        add_up(plan);
        if (jz_assign_compare(plan, &best_of_all) < 0) best_of_all = *plan;
        return;
    }
    plan->facility[patient] = JZ_ASSIGN_NOWHERE;
    try_all(plan, patient + 1, places);
    for (uint32_t f = 0; f < request.facility_count; f++) {
        if (!places[f] || request.patient[patient].seconds[f] == JZ_ASSIGN_EXCLUDED) continue;
        places[f]--;
        plan->facility[patient] = (uint8_t)f;
        try_all(plan, patient + 1, places);
        places[f]++;
    }
}

static uint32_t below(uint32_t n) {
    return (uint32_t)rand() % n;
}

static void stage_at_random(void) {
    if (below(2))
        stage(1 + below(5), 1 + below(4));
    else
        stage(1 + below(3), 4 + below(6)); /* more places than anybody needs */
    for (uint32_t f = 0; f < request.facility_count; f++) request.places[f] = (uint8_t)below(3);
    for (uint32_t p = 0; p < request.patient_count; p++) {
        request.patient[p].priority = (uint8_t)(1 + below(3));
        for (uint32_t f = 0; f < request.facility_count; f++)
            if (below(4)) request.patient[p].seconds[f] = below(20) * 60;
    }
}

static void no_other_way_of_placing_them_is_better(void **state) {
    (void)state;
    unsigned seed = (unsigned)time(NULL);
    print_message("seed %u\n", seed);
    srand(seed);
    for (int round = 0; round < 3000; round++) {
        stage_at_random();
        assign();
        struct jz_assign_plan plan, all_nowhere;
        uint8_t places[JZ_FACILITIES_MAX];
        memcpy(places, request.places, sizeof places);
        memset(&plan, 0, sizeof plan);
        memset(all_nowhere.facility, JZ_ASSIGN_NOWHERE, sizeof all_nowhere.facility);
        add_up(&all_nowhere);
        best_of_all = all_nowhere;
        try_all(&plan, 0, places);
        assert_int_equal(jz_assign_compare(&answer.best, &best_of_all), 0);
        assert_true(jz_assign_compare(&answer.best, &answer.greedy) <= 0);
        for (uint32_t p = 0; p < request.patient_count; p++) {
            jz_facility_index f = answer.best.facility[p];
            if (f == JZ_ASSIGN_NOWHERE) continue;
            assert_int_not_equal(request.patient[p].seconds[f], JZ_ASSIGN_EXCLUDED);
            assert_true(request.places[f]-- > 0);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_placed_where_nobody_waits),
        cmocka_unit_test(with_room_for_all_each_goes_where_treatment_comes_first),
        cmocka_unit_test(the_last_cot_goes_to_the_one_who_has_no_other),
        cmocka_unit_test(no_gain_of_a_less_urgent_patient_is_paid_for_by_a_more_urgent_one),
        cmocka_unit_test(a_more_urgent_patient_who_comes_later_displaces_a_less_urgent_one),
        cmocka_unit_test(a_place_for_one_more_counts_more_than_any_time),
        cmocka_unit_test(nobody_goes_where_the_need_cannot_be_met),
        cmocka_unit_test(equal_answers_keep_what_greedy_says),
        cmocka_unit_test(the_limit_of_patients_and_places_is_solved),
        cmocka_unit_test(a_request_is_made_of_each_patient_s_own_ranking),
        cmocka_unit_test(no_other_way_of_placing_them_is_better),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
