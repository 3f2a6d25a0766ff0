/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "recording.h"

static int setup(void **state) {
    *state = new_ecg();
    return 0;
}
static int teardown(void **state) {
    free(*state);
    return 0;
}

static void append(struct jz_ecg *ecg, const int32_t *v, uint32_t count, uint32_t scale_nv) {
    assert_int_equal(jz_ecg_append(ecg, JZ_LEAD_II, v, count, scale_nv), JZ_OK);
}

static void begin(struct jz_ecg *ecg, uint32_t period_us) {
    assert_int_equal(jz_ecg_begin(ecg, period_us), JZ_OK);
}

/* A sine of 1 mV, in µV. */
static void append_sine(struct jz_ecg *ecg, uint32_t period_us, double hz, double seconds) {
    static int32_t v[RECORDING_SAMPLES_MAX];
    uint32_t n = (uint32_t)(seconds * 1e6 / period_us);
    begin(ecg, period_us);
    for (uint32_t t = 0; t < n; t++)
        v[t] = (int32_t)lround(1000 * sin(6.283185307 * hz * t * period_us / 1e6));
    append(ecg, v, n, 1000);
}

static void memory_is_within_the_goal(void **state) {
    (void)state;
    assert_true(jz_ecg_bytes() <= 512u * 1024u);
}

static void periods_scales_and_leads_out_of_range_are_refused(void **state) {
    struct jz_ecg *ecg = *state;
    int32_t v = 1;
    assert_int_equal(jz_ecg_begin(ecg, JZ_ECG_PERIOD_US_MIN - 1), JZ_E_VALUE);
    assert_int_equal(jz_ecg_begin(ecg, JZ_ECG_PERIOD_US_MAX + 1), JZ_E_VALUE);
    assert_int_equal(jz_ecg_begin(ecg, JZ_ECG_PERIOD_US_MIN), JZ_OK);
    assert_int_equal(jz_ecg_begin(ecg, JZ_ECG_PERIOD_US_MAX), JZ_OK);
    assert_int_equal(jz_ecg_append(ecg, JZ_LEAD_II, &v, 1, 0), JZ_E_VALUE);
    assert_int_equal(jz_ecg_append(ecg, JZ_LEAD_II, &v, 1, 1000001), JZ_E_VALUE);
    assert_int_equal(jz_ecg_append(ecg, JZ_LEAD_COUNT, &v, 1, 1000), JZ_E_VALUE);
    assert_int_equal(jz_ecg_append(ecg, JZ_LEAD_II, &v, 1, 1000000), JZ_OK);
}

static void at_500_hz_every_sample_stays_in_microvolts_from_the_first(void **state) {
    struct jz_ecg *ecg = *state;
    const int32_t v[] = {100, 101, 99, 300, -500};
    begin(ecg, 2000);
    append(ecg, v, 5, 2500); /* 2.5 µV a step: 250, 252.5, 247.5, 750, -1250; rounded half away from zero */
    const int16_t due[] = {0, 3, -2, 500, -1500};
    assert_int_equal(ecg->length[JZ_LEAD_II], 5);
    assert_memory_equal(ecg->raw[JZ_LEAD_II], due, sizeof due);
    assert_int_equal(ecg->length[JZ_LEAD_I], 0);
}

static void a_direct_voltage_of_300_millivolts_is_taken_off(void **state) {
    struct jz_ecg *ecg = *state;
    const int32_t v[] = {300000, 301000, 299000};
    begin(ecg, 2000);
    append(ecg, v, 3, 1000);
    assert_int_equal(ecg->raw[JZ_LEAD_II][1], 1000);
    assert_int_equal(ecg->raw[JZ_LEAD_II][2], -1000);
}

static void what_is_beyond_32_millivolts_is_held_there(void **state) {
    struct jz_ecg *ecg = *state;
    const int32_t v[] = {0, 40000, -40000, INT32_MAX, INT32_MIN + 1};
    begin(ecg, 2000);
    append(ecg, v, 5, 1000);
    const int16_t due[] = {0, INT16_MAX, -INT16_MAX, INT16_MAX, -INT16_MAX};
    assert_memory_equal(ecg->raw[JZ_LEAD_II], due, sizeof due);
}

static void parts_of_any_length_give_the_same_as_one_piece(void **state) {
    struct jz_ecg *ecg = *state, *whole = new_ecg();
    static const uint32_t period[] = {400, 1000, 2000, 2778, 4000, 10000};
    static struct recording r;
    uint32_t seed = 20240611;
    print_message("seed %u\n", seed);
    recording_load(&r, "ptb/s0010_re", 0, 10);
    for (unsigned p = 0; p < sizeof period / sizeof period[0]; p++) {
        begin(whole, period[p]);
        begin(ecg, period[p]);
        uint32_t count = 900, at = 0;
        assert_int_equal(jz_ecg_append(whole, JZ_LEAD_II, r.nv[JZ_LEAD_II], count, 1), JZ_OK);
        while (at < count) {
            seed = seed * 1664525u + 1013904223u;
            uint32_t n = (seed >> 16) % 40;
            if (n > count - at) n = count - at;
            assert_int_equal(jz_ecg_append(ecg, JZ_LEAD_II, r.nv[JZ_LEAD_II] + at, n, 1), JZ_OK);
            at += n;
        }
        assert_true(whole->length[JZ_LEAD_II] > 100);
        assert_int_equal(whole->length[JZ_LEAD_II], ecg->length[JZ_LEAD_II]);
        assert_memory_equal(whole->raw[JZ_LEAD_II], ecg->raw[JZ_LEAD_II], sizeof ecg->raw[0]);
    }
    free(whole);
}

/* Greatest difference from the same sine at 500 Hz, ends left out. */
static int worst(const struct jz_ecg *ecg, double hz, double uv) {
    int found = 0;
    for (uint32_t n = 50; n + 50 < ecg->length[JZ_LEAD_II]; n++) {
        int d = abs(ecg->raw[JZ_LEAD_II][n] - (int)lround(uv * sin(6.283185307 * hz * n * 0.002)));
        if (d > found) found = d;
    }
    return found;
}

static void every_rate_keeps_what_an_ecg_is_made_of(void **state) {
    static const uint32_t period[] = {400, 500, 833, 1000, 1333, 2000, 2778, 3906, 4000, 5000, 10000};
    for (unsigned p = 0; p < sizeof period / sizeof period[0]; p++) {
        double top = period[p] >= 3900 ? 0.5e6 / period[p] * 0.4 : 100;
        append_sine(*state, period[p], 1, 6);
        assert_true(worst(*state, 1, 1000) <= 5);
        append_sine(*state, period[p], 20, 6);
        assert_true(worst(*state, 20, 1000) <= 5);
        append_sine(*state, period[p], top, 6);
        assert_true(worst(*state, top, 1000) <= 5);
    }
}

static void what_would_fold_back_is_gone(void **state) {
    static const struct {
        uint32_t period_us;
        double hz;
    } given[] = {{1000, 450}, {1000, 320}, {400, 460}, {400, 900}, {500, 300}};
    for (unsigned i = 0; i < sizeof given / sizeof given[0]; i++) {
        append_sine(*state, given[i].period_us, given[i].hz, 4);
        assert_true(worst(*state, 0, 0) <= 10);
    }
}

static void a_level_is_a_level_at_every_phase_and_beside_a_gap(void **state) {
    struct jz_ecg *ecg = *state;
    static int32_t v[3000];
    for (uint32_t i = 0; i < 3000; i++) v[i] = i == 0 ? 0 : 1000;
    for (uint32_t i = 1200; i < 1300; i++) v[i] = JZ_ECG_MISSING;
    begin(ecg, 1333);
    append(ecg, v, 3000, 1000);
    for (uint32_t n = 20; n < ecg->length[JZ_LEAD_II]; n++)
        assert_true(ecg->raw[JZ_LEAD_II][n] == 1000 || ecg->raw[JZ_LEAD_II][n] == ECG_GAP);
    assert_int_equal(ecg->raw[JZ_LEAD_II][1250 * 1333 / 2000], ECG_GAP);
    assert_int_equal(ecg->raw[JZ_LEAD_II][790], 1000);
    assert_int_equal(ecg->raw[JZ_LEAD_II][880], 1000);
}

static void a_missing_sample_is_a_gap_and_not_zero(void **state) {
    struct jz_ecg *ecg = *state;
    const int32_t v[] = {JZ_ECG_MISSING, 5, JZ_ECG_MISSING, 7};
    begin(ecg, 2000);
    append(ecg, v, 4, 1000);
    const int16_t due[] = {ECG_GAP, 0, ECG_GAP, 2};
    assert_memory_equal(ecg->raw[JZ_LEAD_II], due, sizeof due);
}

static void one_missing_sample_is_a_gap_at_other_rates_too(void **state) {
    struct jz_ecg *ecg = *state;
    static int32_t v[2000];
    v[1000] = JZ_ECG_MISSING;
    begin(ecg, 1000);
    append(ecg, v, 2000, 1000);
    for (uint32_t n = 0; n < 900; n++) assert_int_equal(ecg->raw[JZ_LEAD_II][n], n == 500 ? ECG_GAP : 0);
}

static void what_fits_is_kept_and_the_rest_refused(void **state) {
    struct jz_ecg *ecg = *state;
    static int32_t v[JZ_ECG_SAMPLES_MAX + 10];
    for (uint32_t i = 0; i < JZ_ECG_SAMPLES_MAX + 10; i++) v[i] = (int32_t)(i % 1000);
    begin(ecg, 2000);
    append(ecg, v, JZ_ECG_SAMPLES_MAX, 1000);
    assert_int_equal(jz_ecg_append(ecg, JZ_LEAD_II, v, 1, 1000), JZ_E_FULL);
    assert_int_equal(ecg->length[JZ_LEAD_II], JZ_ECG_SAMPLES_MAX);
    assert_int_equal(jz_ecg_append(ecg, JZ_LEAD_V1, v, JZ_ECG_SAMPLES_MAX + 10, 1000), JZ_E_FULL);
    assert_int_equal(ecg->length[JZ_LEAD_V1], JZ_ECG_SAMPLES_MAX);
    assert_int_equal(ecg->raw[JZ_LEAD_V1][JZ_ECG_SAMPLES_MAX - 1], (JZ_ECG_SAMPLES_MAX - 1) % 1000);
}

static uint32_t clipped_us(struct jz_ecg *ecg, const int32_t *v, uint32_t count) {
    begin(ecg, 2000);
    append(ecg, v, count, 1000);
    return ecg->input[JZ_LEAD_II].top_us + ecg->input[JZ_LEAD_II].bottom_us;
}

static void clipping_is_told_from_a_flat_topped_wave(void **state) {
    static int32_t v[1000];
    for (int t = 0; t < 1000; t++) { /* a tall narrow wave whose top is cut off at 1000 */
        double x = 3000 * exp(-pow((t % 250 - 100) / 6.0, 2));
        v[t] = x > 1000 ? 1000 : (int32_t)x;
    }
    assert_true(clipped_us(*state, v, 1000) >= 4 * 8000);
    for (int t = 0; t < 1000; t++) /* a slow wave in coarse steps: its top is flat for 20 ms and more */
        v[t] = (int32_t)(1000 * exp(-pow((t % 250 - 100) / 40.0, 2)) -
                         100 * exp(-pow((t % 250 - 30) / 9.0, 2))) /
               20 * 20;
    assert_int_equal(clipped_us(*state, v, 1000), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_within_the_goal),
        cmocka_unit_test(periods_scales_and_leads_out_of_range_are_refused),
        cmocka_unit_test(at_500_hz_every_sample_stays_in_microvolts_from_the_first),
        cmocka_unit_test(a_direct_voltage_of_300_millivolts_is_taken_off),
        cmocka_unit_test(what_is_beyond_32_millivolts_is_held_there),
        cmocka_unit_test(parts_of_any_length_give_the_same_as_one_piece),
        cmocka_unit_test(every_rate_keeps_what_an_ecg_is_made_of),
        cmocka_unit_test(what_would_fold_back_is_gone),
        cmocka_unit_test(a_level_is_a_level_at_every_phase_and_beside_a_gap),
        cmocka_unit_test(a_missing_sample_is_a_gap_and_not_zero),
        cmocka_unit_test(one_missing_sample_is_a_gap_at_other_rates_too),
        cmocka_unit_test(what_fits_is_kept_and_the_rest_refused),
        cmocka_unit_test(clipping_is_told_from_a_flat_topped_wave),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
