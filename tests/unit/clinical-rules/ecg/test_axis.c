/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "beat.h"
#include "conduction.h"

static void the_arctangent_is_right_to_the_degree_all_round_and_at_every_length(void **state) {
    (void)state;
    static const double length[] = {3000, 40000, 1.4e7, 1.0e9};
    for (size_t k = 0; k < sizeof length / sizeof length[0]; k++)
        for (int tenth = -1790; tenth <= 1800; tenth++) {
            double angle = tenth * (acos(-1) / 1800);
            int32_t x = (int32_t)lround(length[k] * cos(angle)), y = (int32_t)lround(length[k] * sin(angle));
            double off = jz_atan2_deg(y, x) - tenth / 10.0;
            if (fabs(off) > 0.6 && fabs(fabs(off) - 360) > 0.6) fail_msg("%d tenths: off by %f", tenth, off);
        }
}

static void the_four_directions_are_exact(void **state) {
    (void)state;
    assert_int_equal(jz_atan2_deg(0, 1000), 0);
    assert_int_equal(jz_atan2_deg(1000, 0), 90);
    assert_int_equal(jz_atan2_deg(-1000, 0), -90);
    assert_int_equal(jz_atan2_deg(0, -1000), 180);
    assert_int_equal(jz_atan2_deg(1000, 1000), 45);
    assert_int_equal(jz_atan2_deg(-1000, -1000), -135);
}

static struct jz_ecg_measure out;

static void frontal(double axis_deg, double uv) {
    memset(&out, 0, sizeof out);
    out.marks = beat_marks(BEAT_J);
    double angle = axis_deg * acos(-1) / 180;
    lead_clear(&out.lead[JZ_LEAD_I]);
    lead_clear(&out.lead[JZ_LEAD_AVF]);
    add_level(out.lead[JZ_LEAD_I].average_uv, 160, 190, (int)lround(uv * cos(angle)));
    add_level(out.lead[JZ_LEAD_AVF].average_uv, 160, 190, (int)lround(uv * sin(angle) * sqrt(3) / 2));
}

static void the_axis_comes_from_i_and_avf(void **state) {
    (void)state;
    for (int deg = -175; deg <= 180; deg += 5) {
        frontal(deg, 800);
        assert_in_range(jz_ecg_axis(&out) - deg + 1, 0, 2);
    }
}

static void a_qrs_without_a_direction_has_no_axis(void **state) {
    (void)state;
    frontal(60, 800);
    out.lead[JZ_LEAD_AVF].usable = false;
    assert_int_equal(jz_ecg_axis(&out), JZ_ECG_UNKNOWN);
    frontal(60, 40); /* 40 µV in a part of the QRS: below 40 on average */
    assert_int_equal(jz_ecg_axis(&out), JZ_ECG_UNKNOWN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_arctangent_is_right_to_the_degree_all_round_and_at_every_length),
        cmocka_unit_test(the_four_directions_are_exact),
        cmocka_unit_test(the_axis_comes_from_i_and_avf),
        cmocka_unit_test(a_qrs_without_a_direction_has_no_axis),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
