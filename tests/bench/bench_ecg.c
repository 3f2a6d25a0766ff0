/* SPDX-License-Identifier: Apache-2.0 */
/* A 12-lead ECG of ten seconds from its samples to the fields that the criteria read, and a running trace of two leads.
 *
 *   bench_ecg RECORD [REPEATS]     JSON lines; RECORD: a WFDB record of at least 10 s, path without the ending
 *
 * The yardstick does far less: a filter of 101 taps over the same twelve leads, which alone would hold no baseline.
 * CPU time of this process, medians. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jingzhu/ecg.h"
#include "measure.h"
#include "wfdb.h"

#define REPEATS_MAX 25u
#define ROUNDS 10u /* a repeat */
#define LEADS 12u
#define SAMPLES 5000u
#define TAPS 101u
#define STREAM_LEADS 2u

/* Results go here, so that the compiler cannot leave the work out. */
static volatile uint64_t kept;
static int32_t nv[LEADS][SAMPLES]; /* in order of enum jz_ecg_lead */
static struct jz_ecg_measure measured;

static bool read_recording(const char *path) {
    struct jz_wfdb in;
    if (jz_wfdb_open(path, &in) != JZ_OK || fabs(in.rate_hz - JZ_ECG_HZ) > 0.01) return false;
    for (uint32_t lead = 0; lead < LEADS; lead++) {
        int k = jz_wfdb_find(&in, jz_ecg_lead_name((enum jz_ecg_lead)lead));
        if (k < 0 || jz_wfdb_read(&in, (uint32_t)k, 0, SAMPLES, nv[lead]) != JZ_OK) return false;
        double step_nv = 1e6 / in.signal[k].gain;
        for (uint32_t t = 0; t < SAMPLES; t++)
            nv[lead][t] = (int32_t)lround((nv[lead][t] - in.signal[k].baseline) * step_nv);
    }
    return true;
}

static void append(struct jz_ecg *ecg) {
    if (jz_ecg_begin(ecg, 1000000u / JZ_ECG_HZ) != JZ_OK) abort();
    for (uint32_t lead = 0; lead < LEADS; lead++)
        if (jz_ecg_append(ecg, (enum jz_ecg_lead)lead, nv[lead], SAMPLES, 1) != JZ_OK) abort();
}

static void to_facts(struct jz_ecg *ecg) {
    struct jz_fact fact[JZ_ECG_FACTS_MAX];
    append(ecg);
    jz_ecg_measure(ecg, &measured);
    kept += jz_ecg_facts(&measured, NULL, fact);
}

static void filter(struct jz_ecg *ecg) {
    (void)ecg;
    for (uint32_t lead = 0; lead < LEADS; lead++)
        for (uint32_t t = 0; t + TAPS <= SAMPLES; t++) {
            int64_t sum = 0;
            for (uint32_t k = 0; k < TAPS; k++)
                sum += (int64_t)nv[lead][t + k] * (int32_t)(k < TAPS / 2 ? k + 1 : TAPS - k);
            kept += (uint64_t)sum;
        }
}

static double time_ms(void (*work)(struct jz_ecg *), struct jz_ecg *ecg) {
    int64_t start = measure_cpu_ns(0);
    for (uint32_t i = 0; i < ROUNDS; i++) work(ecg);
    return (double)(measure_cpu_ns(0) - start) / ROUNDS / 1e6;
}

static void bench_recording(struct jz_ecg *ecg, uint32_t repeats) {
    double all[REPEATS_MAX], append_only[REPEATS_MAX], yardstick[REPEATS_MAX];
    for (uint32_t r = 0; r < repeats; r++) {
        all[r] = time_ms(to_facts, ecg);
        append_only[r] = time_ms(append, ecg);
        yardstick[r] = time_ms(filter, ecg);
    }
    double ms = measure_median(all, repeats), filter_ms = measure_median(yardstick, repeats);
    printf("{\"bench\":\"ecg\",\"leads\":%u,\"seconds\":%u,\"beats\":%u,\"usable\":%u,\"bytes\":%zu,"
           "\"repeats\":%u,"
           "\"ms\":%.3f,\"append_ms\":%.3f,\"filter_ms\":%.3f,\"to_filter\":%.3f}\n",
           LEADS, SAMPLES / JZ_ECG_HZ, (unsigned)measured.beat_count, (unsigned)measured.usable_count,
           jz_ecg_bytes(), repeats, ms, measure_median(append_only, repeats), filter_ms, ms / filter_ms);
}

static void bench_stream(struct jz_ecg_stream *stream, uint32_t repeats) {
    double us[REPEATS_MAX];
    uint32_t ago, beats = 0;
    for (uint32_t r = 0; r < repeats; r++) {
        int64_t start = measure_cpu_ns(0);
        if (jz_ecg_stream_begin(stream, 1000000u / JZ_ECG_HZ, STREAM_LEADS) != JZ_OK) abort();
        for (uint32_t t = 0; t < ROUNDS * SAMPLES; t++) {
            int32_t uv[STREAM_LEADS] = {nv[JZ_LEAD_II][t % SAMPLES] / 1000,
                                        nv[JZ_LEAD_V1][t % SAMPLES] / 1000};
            beats += jz_ecg_stream_push(stream, uv, &ago);
        }
        us[r] = (double)(measure_cpu_ns(0) - start) / 1e3 / (ROUNDS * SAMPLES / JZ_ECG_HZ);
    }
    printf("{\"bench\":\"ecg_stream\",\"leads\":%u,\"beats\":%u,\"bytes\":%zu,\"repeats\":%u,\"us_a_second\":"
           "%.1f}\n",
           STREAM_LEADS, beats / repeats, jz_ecg_stream_bytes(), repeats, measure_median(us, repeats));
}

int main(int argc, char **argv) {
    uint32_t repeats = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 7;
    if (argc < 2 || !read_recording(argv[1]) || repeats < 1 || repeats > REPEATS_MAX) {
        fprintf(stderr, "bench_ecg RECORD [REPEATS, 1 to %u]: twelve leads, 500 Hz, 10 s\n", REPEATS_MAX);
        return 64;
    }
    struct jz_ecg *ecg = malloc(jz_ecg_bytes());
    struct jz_ecg_stream *stream = malloc(jz_ecg_stream_bytes());
    if (!ecg || !stream) return 1;
    bench_recording(ecg, repeats);
    bench_stream(stream, repeats);
    free(stream);
    free(ecg);
    return 0;
}
