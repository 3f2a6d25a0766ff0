/* SPDX-License-Identifier: Apache-2.0 */
/* The measures as fields: every code is the one of the table, and what the rules make of too little signal. */
#include "trace.h"

/* Everything that can be given at once: a good hour with an acceleration, a late deceleration and contractions. */
static const struct jz_ctg_measure *full(void) {
    struct trace *t = trace_new();
    add_band(t, 1370, 60, 40 * MINUTE);
    add_rate(t, 1600, 80);
    add_band(t, 1370, 60, 5 * MINUTE);
    add_ramp(t, 1369, 1000, 140);
    add_ramp(t, 1000, 1400, 100);
    add_band(t, 1370, 60, 5 * MINUTE);
    rest_toco(t);
    for (uint32_t i = 0; i < 16; i++) peak_toco(t, 5 * MINUTE + i * 690, 160, 400);
    return measure(t);
}

static void a_full_trace_gives_every_field_the_module_knows(void **state) {
    (void)state;
    static const char *const names[] = {"ctg_usable",
                                        "ctg_usable_s",
                                        "ctg_toco_usable",
                                        "ctg_baseline",
                                        "ctg_baseline_start",
                                        "ctg_below_110_s",
                                        "ctg_above_160_s",
                                        "ctg_variability",
                                        "ctg_low_variability_s",
                                        "ctg_high_variability_s",
                                        "ctg_decel_low_variability_s",
                                        "ctg_sinusoidal_s",
                                        "ctg_accelerations",
                                        "ctg_contraction_rate",
                                        "ctg_hypertonus",
                                        "ctg_contractions_20",
                                        "ctg_decels_20",
                                        "ctg_late_20",
                                        "ctg_variable_20",
                                        "ctg_concerning_20",
                                        "ctg_late_s",
                                        "ctg_variable_s",
                                        "ctg_concerning_s",
                                        "ctg_late_prolonged_s",
                                        "ctg_longest_decel_s",
                                        "ctg_ongoing_decel_s",
                                        "ctg_late",
                                        "ctg_variable",
                                        "ctg_decel_depth",
                                        "ctg_decel_s",
                                        "ctg_decel_nadir_s",
                                        "ctg_decel_lag_s",
                                        "ctg_decel_after_acme",
                                        "ctg_accel_height",
                                        "ctg_accel_s",
                                        "ctg_accel_peak_s",
                                        "dr_record_s",
                                        "dr_usable",
                                        "dr_baseline",
                                        "dr_lost_beats",
                                        "dr_sinusoidal",
                                        "dr_accelerations",
                                        "dr_end_error",
                                        "ctg_stv"};
    const uint32_t count = sizeof names / sizeof names[0];
    struct jz_fact fact[JZ_CTG_FACTS_MAX];
    const struct jz_ctg_measure *m = full();
    assert_int_equal(jz_ctg_facts(measured(), m, fact), count);
    for (uint32_t i = 0; i < count; i++)
        assert_string_equal(jz_field_at(jz_field_by_code(fact[i].code))->name, names[i]);
}

static void the_newest_events_are_described(void **state) {
    (void)state;
    const struct jz_ctg_measure *m = full();
    assert_in_range(field_of(m, "ctg_accel_height"), 190, 210);
    assert_in_range(field_of(m, "ctg_accel_s"), 20, 21);
    assert_int_equal(field_of(m, "ctg_accel_peak_s"), 0);
    assert_in_range(field_of(m, "ctg_decel_depth"), 390, 410);
    assert_in_range(field_of(m, "ctg_decel_nadir_s"), 33, 40);
}

static void what_cannot_be_measured_here_is_never_given(void **state) {
    (void)state;
    static const char *const absent[] = {"ctg_pseudo_sinusoidal", "ctg_no_induced_acceleration",
                                         "ctg_risk_factor",       "dr_high_episodes",
                                         "dr_ltv_centile",        "dr_movements_h"};
    const struct jz_ctg_measure *m = full();
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++)
        assert_int_equal(field_of(m, absent[i]), NO_FIELD);
}

static void a_deceleration_going_on_is_given_however_short_the_record(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 1400, 4 * MINUTE);
    add_rate(t, 800, 200 * SECOND);
    const struct jz_ctg_measure *m = measure(t);
    assert_false(m->adequate);
    assert_int_equal(field_of(m, "ctg_ongoing_decel_s"), 200);
    assert_int_equal(field_of(m, "ctg_baseline"), NO_FIELD);
    assert_int_equal(field_of(m, "ctg_longest_decel_s"), NO_FIELD);
}

static void events_older_than_the_window_are_not_the_newest(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 1400, 10 * MINUTE);
    add_rate(t, 1200, 80);
    add_rate(t, 1400, 30 * MINUTE - 1);
    assert_int_equal(field_of(measure(t), "ctg_decel_s"), 20);
    assert_int_equal(field_of(measure(t), "ctg_variable"), 1);
    add_rate(t, 1400, 1);
    assert_int_equal(field_of(measure(t), "ctg_decel_s"), NO_FIELD);
    assert_int_equal(field_of(measure(t), "ctg_variable"), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_trace_gives_every_field_the_module_knows),
        cmocka_unit_test(the_newest_events_are_described),
        cmocka_unit_test(what_cannot_be_measured_here_is_never_given),
        cmocka_unit_test(a_deceleration_going_on_is_given_however_short_the_record),
        cmocka_unit_test(events_older_than_the_window_are_not_the_newest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
