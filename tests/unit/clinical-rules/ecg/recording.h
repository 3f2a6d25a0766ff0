/* SPDX-License-Identifier: Apache-2.0 */
/** @file recording.h  Recordings for the ECG tests: real ones of tests/data/ecg, and drawn ones. */
#ifndef JZ_TEST_RECORDING_H
#define JZ_TEST_RECORDING_H
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "work.h"

#define RECORDING_SAMPLES_MAX 30000u

struct recording {
    uint32_t period_us, samples;
    bool has[JZ_LEAD_COUNT];
    int32_t nv[JZ_LEAD_COUNT][RECORDING_SAMPLES_MAX];
};

/** Reads tests/data/ecg/<name>, `seconds` from `from_s`. MLII is read as II, a monitor's V as V1. Fails the test if it
 *  cannot. */
void recording_load(struct recording *r, const char *name, double from_s, double seconds);
/** Draws P, QRS and T at the given moments of R: µV of lead II; every other lead is a share of it. */
struct drawn {
    double p_uv, r_uv, t_uv, qrs_ms;
};
void recording_draw(struct recording *r, uint32_t period_us, double seconds, const double *r_s,
                    uint32_t beats, struct drawn shape);
void recording_add_sine(struct recording *r, enum jz_ecg_lead lead, double uv, double hz, double phase);
/** Gaussian, standard deviation `uv`. */
void recording_add_noise(struct recording *r, enum jz_ecg_lead lead, double uv, uint32_t *seed);

/** begin and append of all leads. */
void recording_feed(const struct recording *r, struct jz_ecg *ecg);
/** From the heap. */
struct jz_ecg *new_ecg(void);

/** Beat times in seconds of a WFDB annotation file of tests/data/ecg; @return how many */
uint32_t read_beats(const char *name, double rate_hz, double *at_s, uint32_t max);
double gauss(uint32_t *seed);

#endif /* JZ_TEST_RECORDING_H */
