/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

#include <string.h>

#include "state.h"

#define CHILD 50

static struct jz_encounter *patient(struct stage *s, uint32_t slot) {
    return &s->core->encounter[slot];
}

static struct jz_reading reading(struct stage *s, uint32_t slot, const char *field) {
    return jz_chart_reading(&patient(s, slot)->chart, jz_field_by_name(field));
}

static int32_t value_of(struct stage *s, uint32_t slot, const char *field) {
    return reading(s, slot, field).validity == JZ_VALID ? reading(s, slot, field).value : -1;
}

static void birth_by(struct stage *s, const struct jz_peer *peer, uint8_t mother, uint8_t child, int64_t ms) {
    struct jz_action action = {.what = JZ_ACTION_BIRTH,
                               .has_other = true,
                               .other = stage_patient(child),
                               .ms = ms,
                               .reason = JZ_REASON_NONE};
    stage_action(s, peer, mother, &action);
}

static void birth(struct stage *s, uint8_t mother, uint8_t child, int64_t ms) {
    struct jz_peer dispatcher = stage_dispatcher("王调度");
    birth_by(s, &dispatcher, mother, child, ms);
}

static bool linked(struct stage *s, uint32_t mother, uint32_t child) {
    return jz_kin_find(patient(s, mother), &patient(s, child)->id, JZ_KIN_NEWBORN) &&
           jz_kin_find(patient(s, child), &patient(s, mother)->id, JZ_KIN_MOTHER);
}

static void at_birth_one_encounter_becomes_two_linked_patients(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, true);
    stage_travel(s, 1);
    stage_sbp(s, 1, 184);
    stage_wait(s, MINUTE);
    int64_t born = s->now - 20000;
    birth(s, 1, CHILD, born);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(jz_core_encounter_count(s->core), 2);
    assert_true(linked(s, 0, 1));
    struct jz_encounter *child = patient(s, 1);
    assert_int_equal(child->phase, JZ_PHASE_OPEN);
    assert_int_equal(child->complaint, JZ_COMPLAINT_PREGNANCY);
    assert_int_equal(child->birth_ms, born);
    assert_int_equal(child->opened_ms, born);
    assert_int_equal(child->lat_e7, patient(s, 0)->lat_e7);
    assert_int_equal(child->travel_s[1], patient(s, 0)->travel_s[1]);
    assert_memory_equal(child->device, patient(s, 0)->device, sizeof child->device);
    assert_string_equal(child->callsign, "贵A·120-07");
    assert_int_equal(child->priority, 5); /* its own: nothing is known of it yet */
    assert_int_equal(child->conditions, 0);
    assert_int_equal(child->chart.result[0].status, JZ_RULE_CANNOT_EVALUATE); /* its rules were looked at */
    assert_int_equal(value_of(s, 1, "sbp"), -1); /* what was measured of her is not its */
}

static void its_own_birth_starts_its_clocks_and_hers_is_the_delivery(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    int64_t born = s->now - 20000;
    birth(s, 1, CHILD, born);
    assert_int_equal(reading(s, 1, "birth").taken_ms, born);
    assert_int_equal(reading(s, 1, "birth").validity, JZ_VALID);
    assert_int_equal(value_of(s, 1, "is_newborn"), 1);
    assert_int_not_equal(reading(s, 1, "delivery").validity, JZ_VALID);
    assert_int_equal(patient(s, 0)->milestone[JZ_MILESTONE_DELIVERY], born);
    assert_int_not_equal(reading(s, 0, "birth").validity, JZ_VALID);
    assert_int_not_equal(reading(s, 0, "is_newborn").validity, JZ_VALID);
}

static void a_birth_without_a_time_is_now(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    birth(s, 1, CHILD, 0);
    assert_int_equal(patient(s, 1)->birth_ms, s->now);
}

static void a_birth_yet_to_come_is_none(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    birth(s, 1, CHILD, s->now + JZ_CLOCK_SLACK_MS + 1);
    assert_int_equal(s->out.status, JZ_E_TIME_ORDER);
    assert_int_equal(jz_core_encounter_count(s->core), 1);
    birth(s, 1, CHILD, s->now + JZ_CLOCK_SLACK_MS); /* a watch that is a minute fast */
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(patient(s, 1)->birth_ms, s->now);
}

static void a_birth_before_the_decision_for_it_is_impossible(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    stage_milestone(s, 1, JZ_MILESTONE_DECISION_DELIVERY);
    birth(s, 1, CHILD, s->now - MINUTE);
    assert_int_equal(s->out.status, JZ_E_TIME_ORDER);
    assert_int_equal(jz_core_encounter_count(s->core), 1);
    assert_int_equal(jz_kin_free(patient(s, 0)), JZ_KIN_MAX);
}

/* --- weeks at birth ----------------------------------------------------------------------------------------------------- */

#define TODAY 20454 /* NOON is the first of January 2026, 08:00 in Shanghai */

static int32_t weeks_of(struct stage *s) {
    birth(s, 1, CHILD, s->now);
    assert_int_equal(s->out.status, JZ_OK);
    return value_of(s, 1, "birth_ga_days");
}

static void its_weeks_are_not_known_where_hers_are_not(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    assert_int_equal(weeks_of(s), -1);
}

static void its_weeks_are_those_reported_of_her_and_the_days_since(void **state) {
    struct stage *s = *state;
    stage_fact(s, 1, "ga_days", 238);
    for (int hour = 0; hour < 16; hour++) { /* midnight in Shanghai */
        stage_wait(s, 60 * MINUTE);
        stage_sbp(s, 1, 120);
    }
    assert_int_equal(weeks_of(s), 239);
}

static void a_date_comes_before_what_was_reported_and_the_due_date_before_the_period(void **state) {
    struct stage *s = *state;
    stage_fact(s, 1, "ga_days", 100);
    stage_fact(s, 1, "lmp_date", TODAY - 200);
    stage_fact(s, 1, "edd_date", TODAY + 40);
    assert_int_equal(weeks_of(s), 240);
}

static void the_period_counts_with_the_length_of_the_cycle(void **state) {
    struct stage *s = *state;
    stage_fact(s, 1, "lmp_date", TODAY - 203);
    stage_fact(s, 1, "cycle_days", 31);
    assert_int_equal(weeks_of(s), 200);
}

static void an_embryo_needs_its_age(void **state) {
    struct stage *s = *state;
    stage_fact(s, 1, "embryo_transfer_date", TODAY - 100);
    stage_fact(s, 1, "lmp_date", TODAY - 210);
    assert_int_equal(weeks_of(s), 210);
}

static void an_embryos_age_is_known_to_the_day(void **state) {
    struct stage *s = *state;
    stage_fact(s, 1, "embryo_transfer_date", TODAY - 100);
    stage_fact(s, 1, "embryo_age_days", 5);
    assert_int_equal(weeks_of(s), 119);
}

static void a_scan_counts_from_its_day(void **state) {
    struct stage *s = *state;
    stage_fact(s, 1, "ultrasound_date", TODAY - 100);
    stage_fact(s, 1, "ga_us_days", 90);
    assert_int_equal(weeks_of(s), 190);
}

static void a_date_that_cannot_be_leaves_what_was_reported(void **state) {
    struct stage *s = *state;
    stage_fact(s, 1, "ga_days", 250);
    stage_fact(s, 1, "lmp_date", TODAY - 309);
    assert_int_equal(weeks_of(s), 250);
}

static void at_308_days_it_is_believed(void **state) {
    struct stage *s = *state;
    stage_fact(s, 1, "lmp_date", TODAY - 308);
    assert_int_equal(weeks_of(s), 308);
}

/* --- twins, and a child that is here already -------------------------------------------------------------------------------- */

static void twins_are_two_newborns_of_one_mother(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    birth(s, 1, CHILD, s->now);
    stage_wait(s, 8 * MINUTE);
    birth(s, 1, CHILD + 1, s->now);
    assert_true(linked(s, 0, 1) && linked(s, 0, 2));
    assert_int_equal(patient(s, 0)->milestone[JZ_MILESTONE_DELIVERY], s->now - 8 * MINUTE);
    assert_int_equal(patient(s, 2)->birth_ms, s->now);
}

static void as_many_newborns_as_there_is_room_for_and_no_more(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    for (uint8_t i = 0; i < JZ_KIN_MAX; i++) {
        birth(s, 1, CHILD + i, s->now);
        assert_int_equal(s->out.status, JZ_OK);
    }
    birth(s, 1, CHILD + JZ_KIN_MAX, s->now);
    assert_int_equal(s->out.status, JZ_E_FULL);
    assert_int_equal(jz_core_encounter_count(s->core), 1u + JZ_KIN_MAX);
}

static void where_all_places_are_taken_the_birth_says_so_and_the_mother_has_given_birth(void **state) {
    struct stage *s = *state;
    for (uint8_t n = 1; n <= s->limits.encounters_max; n++) stage_open_patient(s, n, false);
    birth(s, 1, CHILD, s->now);
    assert_int_equal(s->out.status, JZ_E_FULL);
    assert_int_equal(jz_core_encounter_count(s->core), s->limits.encounters_max);
    assert_int_equal(patient(s, 0)->milestone[JZ_MILESTONE_DELIVERY], s->now);
    assert_int_equal(jz_kin_free(patient(s, 0)), JZ_KIN_MAX);
}

static void a_child_its_monitor_opened_first_is_linked(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    stage_sbp(s, CHILD, 55);
    stage_fact(s, CHILD, "birth_ga_days", 231); /* said of the child itself */
    stage_fact(s, 1, "ga_days", 250);
    stage_wait(s, 1000);
    birth(s, 1, CHILD, s->now);
    assert_int_equal(value_of(s, 1, "birth_ga_days"), 231);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(jz_core_encounter_count(s->core), 2);
    assert_true(linked(s, 0, 1));
    assert_int_equal(value_of(s, 1, "sbp"), 55);
    assert_int_equal(value_of(s, 1, "is_newborn"), 1);
}

static void a_corrected_time_of_birth_needs_a_reason_and_is_the_childs(void **state) {
    struct stage *s = *state;
    struct jz_peer dispatcher = stage_dispatcher("王调度");
    stage_open_patient(s, 1, false);
    birth(s, 1, CHILD, s->now);
    stage_wait(s, MINUTE);
    int64_t corrected = s->now - 2 * MINUTE;
    birth(s, 1, CHILD, corrected);
    assert_int_equal(s->out.status, JZ_E_REASON);
    stage_action(s, &dispatcher, 1,
                 &(struct jz_action){.what = JZ_ACTION_BIRTH,
                                     .has_other = true,
                                     .other = stage_patient(CHILD),
                                     .ms = corrected,
                                     .reason = JZ_REASON_CLOCK_WRONG});
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(patient(s, 1)->birth_ms, corrected);
    assert_int_equal(reading(s, 1, "birth").taken_ms, corrected);
    assert_int_equal(jz_kin_free(patient(s, 0)), JZ_KIN_MAX - 1u); /* linked once */
}

static void who_cannot_be_mother_and_child_is_refused(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    stage_open_patient(s, 2, false);
    birth(s, 1, 1, s->now);
    assert_int_equal(s->out.status, JZ_E_VALUE); /* of itself */
    birth(s, 1, CHILD, s->now);
    birth(s, 2, CHILD, s->now);
    assert_int_equal(s->out.status, JZ_E_VALUE); /* of two mothers */
    birth(s, CHILD, CHILD + 1, s->now);
    assert_int_equal(s->out.status, JZ_E_VALUE); /* of a newborn */
    birth(s, 2, 1, s->now);
    assert_int_equal(s->out.status, JZ_E_VALUE); /* a mother is nobody's newborn */
    assert_int_equal(jz_core_encounter_count(s->core), 3);
}

static void merge(struct stage *s, uint8_t kept, uint8_t duplicate) {
    struct jz_peer dispatcher = stage_dispatcher("王调度");
    stage_action(s, &dispatcher, kept,
                 &(struct jz_action){.what = JZ_ACTION_MERGE,
                                     .reason = JZ_REASON_DUPLICATE,
                                     .has_other = true,
                                     .other = stage_patient(duplicate)});
}

static void a_newborn_and_its_mother_are_never_merged(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    stage_open_patient(s, 2, false);
    birth(s, 1, CHILD, s->now);
    merge(s, 1, CHILD);
    assert_int_equal(s->out.status, JZ_E_VALUE);
    merge(s, CHILD, 1);
    assert_int_equal(s->out.status, JZ_E_VALUE);
    merge(s, 2, 1);
    assert_int_equal(s->out.status, JZ_OK);
    assert_true(linked(s, 1, 2)); /* the newborn is the kept record's now */
    assert_null(jz_kin_find(patient(s, 0), NULL, JZ_KIN_NEWBORN));
}

static void children_of_two_mothers_are_two_until_the_mothers_are_one(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    stage_open_patient(s, 2, false);
    birth(s, 1, CHILD, s->now);
    birth(s, 2, CHILD + 1, s->now);
    merge(s, CHILD, CHILD + 1);
    assert_int_equal(s->out.status, JZ_E_VALUE);
    merge(s, 1, 2);
    assert_true(linked(s, 0, 2) && linked(s, 0, 3));
    merge(s, CHILD, CHILD + 1);
    assert_int_equal(s->out.status, JZ_OK);
    assert_true(linked(s, 0, 2));
    assert_null(jz_kin_find(patient(s, 0), &patient(s, 3)->id, JZ_KIN_NEWBORN));
}

static void the_crew_and_the_hospital_may_say_it_too(void **state) {
    struct stage *s = *state;
    struct jz_frame frame = {.kind = JZ_FRAME_ACTION, .has_encounter = true, .encounter = stage_patient(1)};
    stage_open_patient(s, 1, false);
    frame.action =
        (struct jz_action){.what = JZ_ACTION_BIRTH, .has_other = true, .other = stage_patient(CHILD)};
    stage_device(s, &frame);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(patient(s, 1)->stamp[0].source, JZ_STAMP_CREW);
    stage_sbp(s, 1, 184); /* now a hospital sees her */
    struct jz_peer team = stage_team("near", "李医生");
    birth_by(s, &team, 1, CHILD + 1, 0);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(patient(s, 2)->stamp[0].source, JZ_STAMP_HOSPITAL);
}

#define test(f) cmocka_unit_test_setup_teardown(f, stage_open, stage_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(at_birth_one_encounter_becomes_two_linked_patients),
        test(its_own_birth_starts_its_clocks_and_hers_is_the_delivery),
        test(a_birth_without_a_time_is_now),
        test(a_birth_yet_to_come_is_none),
        test(a_birth_before_the_decision_for_it_is_impossible),
        test(its_weeks_are_not_known_where_hers_are_not),
        test(its_weeks_are_those_reported_of_her_and_the_days_since),
        test(a_date_comes_before_what_was_reported_and_the_due_date_before_the_period),
        test(the_period_counts_with_the_length_of_the_cycle),
        test(an_embryo_needs_its_age),
        test(an_embryos_age_is_known_to_the_day),
        test(a_scan_counts_from_its_day),
        test(a_date_that_cannot_be_leaves_what_was_reported),
        test(at_308_days_it_is_believed),
        test(twins_are_two_newborns_of_one_mother),
        test(as_many_newborns_as_there_is_room_for_and_no_more),
        test(where_all_places_are_taken_the_birth_says_so_and_the_mother_has_given_birth),
        test(a_child_its_monitor_opened_first_is_linked),
        test(a_corrected_time_of_birth_needs_a_reason_and_is_the_childs),
        test(who_cannot_be_mother_and_child_is_refused),
        test(a_newborn_and_its_mother_are_never_merged),
        test(children_of_two_mothers_are_two_until_the_mothers_are_one),
        test(the_crew_and_the_hospital_may_say_it_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
