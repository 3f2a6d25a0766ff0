/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake_rules.h"
#include "rank.h"

static struct jz_ranking mother, newborn;
static struct jz_pair pair;

static int setup(void **state) {
    (void)state;
    memset(&mother, 0, sizeof mother);
    memset(&newborn, 0, sizeof newborn);
    return 0;
}

/* The next candidate: treated after so many seconds, and whether that meets the goal. */
static void may(struct jz_ranking *ranking, uint32_t facility, uint32_t treatment_s, bool meets) {
    struct jz_candidate *c = &ranking->candidate[ranking->candidate_count++];
    c->facility = (jz_facility_index)facility;
    c->travel_s = c->treatment_s = treatment_s;
    c->flags = meets ? JZ_CANDIDATE_MEETS : 0;
}

static void pair_is(uint8_t priority, jz_facility_index of_mother, jz_facility_index of_newborn,
                    uint8_t why) {
    memset(&pair, 0xa5, sizeof pair);
    jz_rank_pair(&mother, priority, &newborn, &pair);
    assert_int_equal(pair.mother, of_mother);
    assert_int_equal(pair.newborn, of_newborn);
    assert_int_equal(pair.why, why);
}

static void both_go_to_the_hospital_that_is_best_for_both(void **state) {
    (void)state;
    may(&mother, 3, 1000, false);
    may(&newborn, 3, 1000, false);
    pair_is(1, 3, 3, JZ_PAIR_TOGETHER);
    assert_int_equal(pair.mother_extra_s, 0);
    assert_int_equal(pair.newborn_extra_s, 0);
}

/* Mother best at 1, newborn at 2; at 2 the mother, or at 1 the newborn, loses `extra_s`. */
static void apart_by(uint32_t mother_extra_s, uint32_t newborn_extra_s) {
    setup(NULL);
    may(&mother, 1, 1000, false), may(&mother, 2, 1000 + mother_extra_s, false);
    may(&newborn, 2, 500, false), may(&newborn, 1, 500 + newborn_extra_s, false);
}

static void fifteen_minutes_are_given_to_be_together_and_no_more(void **state) {
    (void)state;
    apart_by(900, 901);
    pair_is(2, 2, 2, JZ_PAIR_TOGETHER);
    assert_int_equal(pair.mother_extra_s, 900);
    apart_by(901, 900);
    pair_is(2, 1, 1, JZ_PAIR_TOGETHER);
    assert_int_equal(pair.newborn_extra_s, 900);
    apart_by(901, 901);
    pair_is(2, 1, 2, JZ_PAIR_TOO_FAR);
    assert_int_equal(pair.mother_extra_s, 0); /* what it would cost at hospital 1 */
    assert_int_equal(pair.newborn_extra_s, 901);
}

static void the_mother_s_loss_is_the_least(void **state) {
    (void)state;
    apart_by(60, 900);
    pair_is(2, 1, 1, JZ_PAIR_TOGETHER);
}

static void an_unstable_mother_does_not_move_and_the_newborn_may(void **state) {
    (void)state;
    apart_by(60, 901);
    pair_is(2, 2, 2, JZ_PAIR_TOGETHER);
    pair_is(1, 1, 2, JZ_PAIR_TOO_FAR); /* hospital 1 would do, but for the newborn's 901 s */
    pair_is(0, 1, 2, JZ_PAIR_TOO_FAR); /* not known to be stable */
    apart_by(60, 900);
    pair_is(1, 1, 1, JZ_PAIR_TOGETHER);
}

static void an_unstable_mother_is_not_sent_where_only_the_newborn_is_well_off(void **state) {
    (void)state;
    may(&mother, 1, 1000, false), may(&mother, 2, 1060, false);
    may(&newborn, 2, 500, false);
    pair_is(1, 1, 2, JZ_PAIR_MOTHER_FIRST);
    pair_is(2, 2, 2, JZ_PAIR_TOGETHER);
}

static void being_together_never_costs_a_goal(void **state) {
    (void)state;
    may(&mother, 1, 1000, true), may(&mother, 2, 1060, false);
    may(&newborn, 2, 500, true), may(&newborn, 1, 560, false);
    pair_is(2, 1, 2, JZ_PAIR_GOAL);
    newborn.candidate[1].flags = JZ_CANDIDATE_MEETS;
    pair_is(2, 1, 1, JZ_PAIR_TOGETHER);
}

static void where_nobody_takes_both_each_has_its_own(void **state) {
    (void)state;
    pair_is(2, JZ_FACILITY_NONE, JZ_FACILITY_NONE, JZ_PAIR_NOBODY);
    may(&mother, 1, 1000, false);
    pair_is(2, 1, JZ_FACILITY_NONE, JZ_PAIR_NOBODY);
    may(&newborn, 2, 1000, false);
    pair_is(2, 1, 2, JZ_PAIR_NOBODY);
    may(&newborn, 1, 0, false); /* no journey is known: nobody can say what it costs */
    pair_is(2, 1, 2, JZ_PAIR_NOBODY);
}

static void at_random(struct jz_ranking *r, uint64_t *seed) {
    memset(r, 0, sizeof *r);
    uint32_t s = 600, used = 0;
    for (uint32_t i = 0; i < 6; i++) {
        uint32_t f = next_random(seed) % 8u;
        s += next_random(seed) % 600u;
        if (!(used >> f & 1u)) may(r, f, s, s < 2000);
        used |= 1u << f;
    }
}

static void together_or_apart_nobody_loses_more_than_was_promised(void **state) {
    uint64_t seed = test_seed();
    uint32_t together = 0;
    (void)state;
    for (int round = 0; round < 5000; round++) {
        at_random(&mother, &seed);
        at_random(&newborn, &seed);
        uint8_t priority = (uint8_t)(next_random(&seed) % 6u);
        jz_rank_pair(&mother, priority, &newborn, &pair);
        if (pair.why != JZ_PAIR_TOGETHER) {
            assert_int_equal(pair.mother, mother.candidate[0].facility);
            assert_int_equal(pair.newborn, newborn.candidate[0].facility);
            continue;
        }
        together++;
        assert_int_equal(pair.mother, pair.newborn);
        assert_in_range(pair.mother_extra_s, 0, JZ_PAIR_EXTRA_S);
        assert_in_range(pair.newborn_extra_s, 0, JZ_PAIR_EXTRA_S);
        if (priority <= 1) assert_int_equal(pair.mother, mother.candidate[0].facility);
    }
    assert_in_range(together, 500, 4500);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(both_go_to_the_hospital_that_is_best_for_both, setup),
        cmocka_unit_test_setup(fifteen_minutes_are_given_to_be_together_and_no_more, setup),
        cmocka_unit_test_setup(the_mother_s_loss_is_the_least, setup),
        cmocka_unit_test_setup(an_unstable_mother_does_not_move_and_the_newborn_may, setup),
        cmocka_unit_test_setup(an_unstable_mother_is_not_sent_where_only_the_newborn_is_well_off, setup),
        cmocka_unit_test_setup(being_together_never_costs_a_goal, setup),
        cmocka_unit_test_setup(where_nobody_takes_both_each_has_its_own, setup),
        cmocka_unit_test_setup(together_or_apart_nobody_loses_more_than_was_promised, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
