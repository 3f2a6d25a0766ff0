/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "recording.h"

static struct recording r;
static struct jz_ecg_measure out, clean;

static int setup(void **state) {
    *state = new_ecg();
    return 0;
}
static int teardown(void **state) {
    free(*state);
    return 0;
}

static void load(const char *name) {
    recording_load(&r, name, 0, 10);
}
static void measure(struct jz_ecg *ecg) {
    recording_feed(&r, ecg);
    jz_ecg_measure(ecg, &out);
}
static const struct jz_ecg_lead_measure *lead(enum jz_ecg_lead which) {
    return &out.lead[which];
}

static void a_clean_recording_is_believed_whole(void **state) {
    static const char *const name[] = {"ptbxl/00111_hr", "ptbxl/00279_hr", "ptb/s0010_re", "ludb/100",
                                       "ludb/96"};
    for (unsigned i = 0; i < 5; i++) {
        load(name[i]);
        measure(*state);
        assert_true(out.readable);
        assert_int_equal(out.lead_count, 12);
        assert_int_equal(out.usable_count, 12);
        assert_int_equal(out.quality, 100);
        for (int k = 0; k <= JZ_LEAD_V6; k++) assert_true(out.lead[k].quality >= 50 && out.lead[k].usable);
        assert_false(out.lead[JZ_LEAD_V7].recorded);
        assert_false(out.limb_reversal_suspected);
    }
}

static void only_the_noisy_lead_is_lost(void **state) {
    uint32_t seed = 99;
    print_message("seed %u\n", seed);
    load("ptbxl/00111_hr");
    recording_add_noise(&r, JZ_LEAD_V3, 150, &seed);
    measure(*state);
    assert_int_equal(lead(JZ_LEAD_V3)->trouble & JZ_ECG_NOISY, JZ_ECG_NOISY);
    assert_false(lead(JZ_LEAD_V3)->usable);
    assert_int_equal(lead(JZ_LEAD_V3)->st_j_uv, JZ_ECG_UNKNOWN);
    assert_int_equal(out.usable_count, 11);
    assert_int_equal(out.quality, 91);
    assert_true(out.readable);
}

static void a_lead_that_is_off_is_lost_whether_it_stands_still_or_hums(void **state) {
    load("ptbxl/00111_hr");
    for (uint32_t t = 0; t < r.samples; t++) r.nv[JZ_LEAD_V2][t] = 1234567;
    for (uint32_t t = 0; t < r.samples; t++) r.nv[JZ_LEAD_V5][t] = 0;
    recording_add_sine(&r, JZ_LEAD_V5, 800, 50, 0);
    measure(*state);
    assert_int_equal(lead(JZ_LEAD_V2)->trouble & JZ_ECG_LEAD_OFF, JZ_ECG_LEAD_OFF);
    assert_false(lead(JZ_LEAD_V2)->usable);
    assert_false(lead(JZ_LEAD_V5)->usable);
    assert_int_equal(out.usable_count, 10);
}

static void what_is_derived_from_a_lead_that_is_off_is_lost_with_it(void **state) {
    load("ptbxl/00111_hr");
    for (int k = JZ_LEAD_III; k <= JZ_LEAD_AVF; k++) r.has[k] = false;
    memset(r.nv[JZ_LEAD_I], 0, sizeof r.nv[JZ_LEAD_I]);
    recording_add_sine(&r, JZ_LEAD_I, 300, 50, 0);
    measure(*state);
    assert_int_equal(lead(JZ_LEAD_I)->trouble & JZ_ECG_LEAD_OFF, JZ_ECG_LEAD_OFF);
    assert_true(lead(JZ_LEAD_II)->usable);
    assert_false(out.limb_reversal_suspected);
    for (int k = JZ_LEAD_III; k <= JZ_LEAD_AVF; k++) {
        assert_true(out.lead[k].derived);
        assert_false(out.lead[k].usable);
        assert_int_equal(out.lead[k].st_j_uv, JZ_ECG_UNKNOWN);
    }
}

static void a_lead_that_falls_off_half_way_is_lost(void **state) {
    load("ptbxl/00111_hr");
    for (uint32_t t = 2500; t < r.samples; t++) r.nv[JZ_LEAD_V2][t] = r.nv[JZ_LEAD_V2][2499];
    for (uint32_t t = 3000; t < 4500; t++) r.nv[JZ_LEAD_V6][t] = JZ_ECG_MISSING;
    measure(*state);
    assert_int_equal(lead(JZ_LEAD_V2)->trouble & JZ_ECG_LEAD_OFF, JZ_ECG_LEAD_OFF);
    assert_false(lead(JZ_LEAD_V2)->usable);
    assert_int_equal(lead(JZ_LEAD_V6)->trouble & JZ_ECG_TOO_SHORT, JZ_ECG_TOO_SHORT);
    assert_false(lead(JZ_LEAD_V6)->usable);
}

static void a_short_loss_is_borne(void **state) {
    load("ptbxl/00111_hr");
    for (uint32_t t = 3000; t < 3600; t++) r.nv[JZ_LEAD_V6][t] = JZ_ECG_MISSING;
    measure(*state);
    assert_true(lead(JZ_LEAD_V6)->usable);
}

static void a_clipped_lead_is_not_measured(void **state) {
    load("ptbxl/00111_hr");
    int32_t top = 0;
    for (uint32_t t = 0; t < r.samples; t++)
        if (r.nv[JZ_LEAD_V4][t] > top) top = r.nv[JZ_LEAD_V4][t];
    for (uint32_t t = 0; t < r.samples; t++)
        if (r.nv[JZ_LEAD_V4][t] > top / 2) r.nv[JZ_LEAD_V4][t] = top / 2;
    measure(*state);
    assert_int_equal(lead(JZ_LEAD_V4)->trouble & JZ_ECG_SATURATED, JZ_ECG_SATURATED);
    assert_false(lead(JZ_LEAD_V4)->usable);
    assert_int_equal(out.usable_count, 11);
}

static void a_violent_sway_is_seen(void **state) {
    load("ptbxl/00111_hr");
    recording_add_sine(&r, JZ_LEAD_V1, 3000, 1.3, 0);
    measure(*state);
    assert_int_equal(lead(JZ_LEAD_V1)->trouble & JZ_ECG_WANDER, JZ_ECG_WANDER);
    assert_false(lead(JZ_LEAD_V1)->usable);
}

static void too_short_a_lead_is_not_measured(void **state) {
    load("ptbxl/00111_hr");
    recording_feed(&r, *state);
    assert_int_equal(jz_ecg_begin(*state, 2000), JZ_OK);
    for (int k = 0; k <= JZ_LEAD_V6; k++)
        assert_int_equal(
            jz_ecg_append(*state, (enum jz_ecg_lead)k, r.nv[k], k == JZ_LEAD_V1 ? 1249 : 5000, 1), JZ_OK);
    jz_ecg_measure(*state, &out);
    assert_int_equal(lead(JZ_LEAD_V1)->trouble & JZ_ECG_TOO_SHORT, JZ_ECG_TOO_SHORT);
    assert_false(lead(JZ_LEAD_V1)->usable);
    assert_int_equal(out.usable_count, 11);
}

static void with_a_third_of_the_leads_lost_it_is_not_readable(void **state) {
    load("ptbxl/00111_hr");
    for (int k = JZ_LEAD_V1; k <= JZ_LEAD_V4; k++) memset(r.nv[k], 0, sizeof r.nv[k]);
    measure(*state);
    assert_int_equal(out.usable_count, 8);
    assert_true(out.readable);
    memset(r.nv[JZ_LEAD_V5], 0, sizeof r.nv[JZ_LEAD_V5]);
    measure(*state);
    assert_int_equal(out.usable_count, 7);
    assert_false(out.readable);
}

static void without_beats_nothing_is_believed(void **state) {
    uint32_t seed = 3;
    recording_draw(&r, 2000, 10, NULL, 0, (struct drawn){0, 0, 0, 90});
    for (int k = 0; k <= JZ_LEAD_V6; k++) recording_add_noise(&r, (enum jz_ecg_lead)k, 15, &seed);
    measure(*state);
    assert_int_equal(out.lead_count, 12);
    assert_int_equal(out.usable_count, 0);
    assert_int_equal(out.quality, 0);
    assert_false(out.readable);
}

/* Worst error of ST at J + 40 ms over the usable leads, against the clean recording; how many of those leads are left. */
static int worst_error(uint32_t *left) {
    int found = 0;
    *left = 0;
    for (int k = 0; k <= JZ_LEAD_V6; k++) {
        if (!out.lead[k].usable) continue;
        ++*left;
        int error = abs(out.lead[k].st_j40_uv - clean.lead[k].st_j40_uv);
        if (error > found) found = error;
    }
    return found;
}

static void quality_falls_before_the_levels_go_wrong(void **state) {
    uint32_t seed = 1, left, before = 12;
    print_message("seed %u\n", seed);
    load("ptbxl/00111_hr");
    measure(*state);
    clean = out;
    for (int uv = 10; uv <= 150; uv += 20) {
        load("ptbxl/00111_hr");
        for (int k = 0; k <= JZ_LEAD_V6; k++) recording_add_noise(&r, (enum jz_ecg_lead)k, uv, &seed);
        measure(*state);
        if (worst_error(&left) > 75) fail_msg("%d µV of noise: ST wrong by %d µV", uv, worst_error(&left));
        assert_true(left <= before);
        before = left;
    }
    assert_int_equal(left, 0);
}

static int mean_quality(void) {
    int sum = 0;
    for (int k = 0; k <= JZ_LEAD_V6; k++) sum += out.lead[k].quality;
    return sum / 12;
}

static void quality_falls_with_sway_too(void **state) {
    uint32_t left;
    load("ptbxl/00111_hr");
    measure(*state);
    clean = out;
    for (int uv = 200; uv <= 3200; uv *= 2) {
        load("ptbxl/00111_hr");
        for (int k = 0; k <= JZ_LEAD_V6; k++) recording_add_sine(&r, (enum jz_ecg_lead)k, uv, 0.45, k);
        measure(*state);
        if (worst_error(&left) > 75) fail_msg("%d µV of sway: ST wrong by %d µV", uv, worst_error(&left));
        assert_true(uv > 400 || left == 12);
        assert_true(uv < 1600 || mean_quality() < 80); /* however well it was taken off */
    }
}

/* --- electrodes ------------------------------------------------------------------------------------------------------- */

static void swap(enum jz_ecg_lead a, enum jz_ecg_lead b, int sign) {
    for (uint32_t t = 0; t < r.samples; t++) {
        int32_t x = r.nv[a][t];
        r.nv[a][t] = sign * r.nv[b][t];
        r.nv[b][t] = sign * x;
    }
}
static void exchange_arms(void) {
    swap(JZ_LEAD_I, JZ_LEAD_I, -1);
    swap(JZ_LEAD_II, JZ_LEAD_III, 1);
    swap(JZ_LEAD_AVR, JZ_LEAD_AVL, 1);
}

static void a_lead_out_of_step_with_the_others_is_lost_and_moves_no_mark(void **state) {
    load("ptbxl/00111_hr");
    measure(*state);
    clean = out;
    for (uint32_t t = r.samples - 1; t >= 1750 + 30; t--) r.nv[JZ_LEAD_V6][t] = r.nv[JZ_LEAD_V6][t - 30];
    measure(*state);
    assert_int_equal(lead(JZ_LEAD_V6)->trouble & JZ_ECG_UNSTEADY, JZ_ECG_UNSTEADY);
    assert_false(lead(JZ_LEAD_V6)->usable);
    assert_int_equal(out.usable_count, 11);
    assert_in_range(out.qrs_ms, clean.qrs_ms - 4, clean.qrs_ms + 4);
    for (int k = 0; k <= JZ_LEAD_V5; k++)
        assert_in_range(out.lead[k].st_j_uv - clean.lead[k].st_j_uv + 25, 0, 50);
}

static void exchanged_arms_are_suspected(void **state) {
    static const char *const name[] = {"ptbxl/00111_hr", "challenge/A0003", "ludb/100"};
    for (unsigned i = 0; i < 3; i++) {
        load(name[i]);
        exchange_arms();
        measure(*state);
        assert_true(out.limb_reversal_suspected);
    }
}

static void a_heart_on_the_right_is_not_taken_for_exchanged_arms(void **state) {
    load("ptbxl/00111_hr");
    exchange_arms();
    for (int k = JZ_LEAD_V4; k <= JZ_LEAD_V6; k++) swap((enum jz_ecg_lead)k, (enum jz_ecg_lead)k, -1);
    measure(*state);
    assert_false(out.limb_reversal_suspected);
}

static void an_arm_exchanged_with_the_right_leg_is_suspected(void **state) {
    load("ptbxl/00111_hr");
    for (uint32_t t = 0; t < r.samples;
         t++) { /* the right arm's electrode on a leg: II is between the legs */
        r.nv[JZ_LEAD_II][t] /= 25;
        r.nv[JZ_LEAD_I][t] = r.nv[JZ_LEAD_II][t] - r.nv[JZ_LEAD_III][t];
    }
    for (int k = JZ_LEAD_AVR; k <= JZ_LEAD_AVF; k++) r.has[k] = false;
    measure(*state);
    assert_true(out.limb_reversal_suspected);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clean_recording_is_believed_whole),
        cmocka_unit_test(only_the_noisy_lead_is_lost),
        cmocka_unit_test(a_lead_that_is_off_is_lost_whether_it_stands_still_or_hums),
        cmocka_unit_test(what_is_derived_from_a_lead_that_is_off_is_lost_with_it),
        cmocka_unit_test(a_lead_that_falls_off_half_way_is_lost),
        cmocka_unit_test(a_short_loss_is_borne),
        cmocka_unit_test(a_clipped_lead_is_not_measured),
        cmocka_unit_test(a_violent_sway_is_seen),
        cmocka_unit_test(too_short_a_lead_is_not_measured),
        cmocka_unit_test(with_a_third_of_the_leads_lost_it_is_not_readable),
        cmocka_unit_test(without_beats_nothing_is_believed),
        cmocka_unit_test(quality_falls_before_the_levels_go_wrong),
        cmocka_unit_test(quality_falls_with_sway_too),
        cmocka_unit_test(a_lead_out_of_step_with_the_others_is_lost_and_moves_no_mark),
        cmocka_unit_test(exchanged_arms_are_suspected),
        cmocka_unit_test(a_heart_on_the_right_is_not_taken_for_exchanged_arms),
        cmocka_unit_test(an_arm_exchanged_with_the_right_leg_is_suspected),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
