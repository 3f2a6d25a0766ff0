/* SPDX-License-Identifier: Apache-2.0 */
#include "recording.h"

#include <math.h>
#include <strings.h>

#include "wfdb.h"

static int lead_named(const char *name) {
    if (strcmp(name, "MLII") == 0) return JZ_LEAD_II;
    if (strcmp(name, "V") == 0) return JZ_LEAD_V1;
    for (int lead = 0; lead < JZ_LEAD_COUNT; lead++)
        if (strcasecmp(name, jz_ecg_lead_name((enum jz_ecg_lead)lead)) == 0) return lead;
    return -1;
}

void recording_load(struct recording *r, const char *name, double from_s, double seconds) {
    static struct jz_wfdb in;
    static int32_t step[RECORDING_SAMPLES_MAX];
    char path[512];
    snprintf(path, sizeof path, "%s/tests/data/ecg/%s", JZ_SOURCE_DIR, name);
    assert_int_equal(jz_wfdb_open(path, &in), JZ_OK);
    memset(r, 0, sizeof *r);
    r->period_us = (uint32_t)lround(1e6 / in.rate_hz);
    uint32_t from = (uint32_t)lround(from_s * in.rate_hz);
    r->samples = (uint32_t)lround(seconds * in.rate_hz);
    assert_true(from < in.samples && r->samples <= RECORDING_SAMPLES_MAX);
    if (from + r->samples > in.samples) r->samples = in.samples - from;
    for (uint32_t k = 0; k < in.signal_count; k++) {
        int lead = lead_named(in.signal[k].name);
        if (lead < 0) continue;
        assert_int_equal(jz_wfdb_read(&in, k, from, r->samples, step), JZ_OK);
        r->has[lead] = true;
        for (uint32_t t = 0; t < r->samples; t++)
            r->nv[lead][t] =
                step[t] == JZ_WFDB_MISSING
                    ? JZ_ECG_MISSING
                    : (int32_t)lround((step[t] - in.signal[k].baseline) * 1e6 / in.signal[k].gain);
    }
}

/* --- drawn ---------------------------------------------------------------------------------------------------- */

static double bump(double t_s, double at_ms, double width_ms) {
    double x = (t_s * 1000 - at_ms) / width_ms;
    return exp(-x * x / 2);
}

void recording_draw(struct recording *r, uint32_t period_us, double seconds, const double *r_s,
                    uint32_t beats, struct drawn shape) {
    static const double share[JZ_LEAD_COUNT] = {0.7, 1, 0.3, -0.85, 0.2,  0.65, -0.5, 0.4, 0.8,
                                                1.1, 1, 0.8, -0.4,  -0.3, 0.6,  0.5,  0.4};
    memset(r, 0, sizeof *r);
    r->period_us = period_us;
    r->samples = (uint32_t)lround(seconds * 1e6 / period_us);
    assert_true(r->samples <= RECORDING_SAMPLES_MAX);
    for (uint32_t t = 0; t < r->samples; t++) {
        double uv = 0, now = t * (double)period_us / 1e6, w = shape.qrs_ms / 8;
        for (uint32_t b = 0; b < beats; b++) {
            double d = now - r_s[b];
            if (d < -0.5 || d > 0.8) continue;
            uv += shape.r_uv * (bump(d, 0, w) - 0.25 * bump(d, 2 * w, w) - 0.12 * bump(d, -2 * w, w));
            uv += shape.p_uv * bump(d, -160, 20) + shape.t_uv * bump(d, 260, 40);
        }
        for (int lead = 0; lead <= JZ_LEAD_V6; lead++)
            r->nv[lead][t] = (int32_t)lround(uv * share[lead] * 1000);
    }
    for (int lead = 0; lead <= JZ_LEAD_V6; lead++) r->has[lead] = true;
}

double gauss(uint32_t *seed) {
    double sum = -6;
    for (int k = 0; k < 12; k++) {
        *seed = *seed * 1664525u + 1013904223u;
        sum += *seed / 4294967296.0;
    }
    return sum;
}

void recording_add_sine(struct recording *r, enum jz_ecg_lead lead, double uv, double hz, double phase) {
    for (uint32_t t = 0; t < r->samples; t++)
        r->nv[lead][t] +=
            (int32_t)lround(1000 * uv * sin(6.283185307179586 * hz * t * r->period_us / 1e6 + phase));
}

void recording_add_noise(struct recording *r, enum jz_ecg_lead lead, double uv, uint32_t *seed) {
    for (uint32_t t = 0; t < r->samples; t++) r->nv[lead][t] += (int32_t)lround(1000 * uv * gauss(seed));
}

/* --- feeding ---------------------------------------------------------------------------------------------------- */

struct jz_ecg *new_ecg(void) {
    struct jz_ecg *ecg = malloc(jz_ecg_bytes());
    assert_non_null(ecg);
    return ecg;
}

void recording_feed(const struct recording *r, struct jz_ecg *ecg) {
    assert_int_equal(jz_ecg_begin(ecg, r->period_us), JZ_OK);
    for (int lead = 0; lead < JZ_LEAD_COUNT; lead++)
        if (r->has[lead])
            assert_int_equal(jz_ecg_append(ecg, (enum jz_ecg_lead)lead, r->nv[lead], r->samples, 1), JZ_OK);
}

/* WFDB annotation(5): 16-bit words, type and time since the last; 59 is a long skip, 63 a note, 60 to 62 no time. */
uint32_t read_beats(const char *name, double rate_hz, double *at_s, uint32_t max) {
    char path[512];
    uint8_t b[6];
    uint32_t n = 0;
    long at = 0;
    snprintf(path, sizeof path, "%s/tests/data/ecg/%s", JZ_SOURCE_DIR, name);
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    while (fread(b, 1, 2, in) == 2 && (b[0] || b[1])) {
        unsigned type = b[1] >> 2, value = b[0] | (b[1] & 3u) << 8;
        if (type == 59) {
            assert_int_equal(fread(b, 1, 4, in), 4);
            at += (long)((b[0] | (uint32_t)b[1] << 8) << 16 | b[2] | (uint32_t)b[3] << 8);
        } else if (type == 63) {
            assert_int_equal(fseek(in, (long)((value + 1) & ~1u), SEEK_CUR), 0);
        } else if (type < 60) {
            at += (long)value;
            bool beat = (type >= 1 && type <= 13) || type == 34 || type == 38;
            if (beat && n < max) at_s[n++] = (double)at / rate_hz;
        }
    }
    fclose(in);
    return n;
}
