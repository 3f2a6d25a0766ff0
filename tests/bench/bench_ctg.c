/* SPDX-License-Identifier: Apache-2.0 */
/* One hour and two hours of cardiotocogram measured, and the worst that can be fed: rates that never settle.
 *
 *   bench_ctg RECORDING.csv [REPEATS]     JSON lines; RECORDING: time_s,fhr_bpm,uc at 4 Hz, repeated to the length
 *
 * The yardstick does less: it sorts the rates of the trace, as one median of them would need. CPU time of this process,
 * medians. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jingzhu/ctg.h"
#include "measure.h"

#define HOUR (3600u * JZ_CTG_HZ)
#define REPEATS_MAX 25u
#define ROUNDS 20u /* a repeat: long enough to time */

/* Results go here, so that the compiler cannot leave the work out. */
static volatile uint64_t kept;
static struct jz_ctg_sample trace[2u * HOUR];
static int16_t sorted[2u * HOUR];
static struct jz_ctg_measure measured;

static uint32_t read_recording(const char *path) {
    char line[128];
    uint32_t count = 0;
    FILE *in = fopen(path, "re");
    if (!in) return 0;
    while (count < 2u * HOUR && fgets(line, sizeof line, in)) {
        char *rate = strchr(line, ','), *toco = rate ? strchr(rate + 1, ',') : NULL;
        if (!toco || line[0] < '0' || line[0] > '9') continue;
        trace[count++] = (struct jz_ctg_sample){.fhr_bpm_x10 = (int16_t)(strtod(rate + 1, NULL) * 10 + 0.5),
                                                .toco_x10 = (int16_t)(strtod(toco + 1, NULL) * 10 + 0.5)};
    }
    fclose(in);
    return count;
}

static void repeat_to_two_hours(uint32_t count) {
    for (uint32_t i = count; i < 2u * HOUR; i++) trace[i] = trace[i - count];
}

static void unsettle(void) {
    uint64_t state = 1;
    for (uint32_t i = 0; i < 2u * HOUR; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        uint32_t r = (uint32_t)(state >> 33);
        trace[i] = (struct jz_ctg_sample){(int16_t)(500 + r % 1700), (int16_t)(r >> 8 & 2047),
                                          (int16_t)(500 + r % 1690), (int16_t)(r >> 16 & 1023)};
    }
}

static int by_value(const void *a, const void *b) {
    return *(const int16_t *)a - *(const int16_t *)b;
}

static double measure_ms(struct jz_ctg *ctg) {
    int64_t start = measure_cpu_ns(0);
    for (uint32_t i = 0; i < ROUNDS; i++) {
        jz_ctg_measure(ctg, &measured);
        kept += measured.event_count;
    }
    return (double)(measure_cpu_ns(0) - start) / ROUNDS / 1e6;
}

static double append_ms(struct jz_ctg *ctg, uint32_t samples) {
    int64_t start = measure_cpu_ns(0);
    jz_ctg_begin(ctg, 0);
    jz_ctg_append(ctg, trace, samples);
    return (double)(measure_cpu_ns(0) - start) / 1e6;
}

static double sort_ms(uint32_t samples) {
    for (uint32_t i = 0; i < samples; i++) sorted[i] = trace[i].fhr_bpm_x10;
    int64_t start = measure_cpu_ns(0);
    qsort(sorted, samples, sizeof sorted[0], by_value);
    kept += (uint64_t)sorted[samples / 2];
    return (double)(measure_cpu_ns(0) - start) / 1e6;
}

static void bench(struct jz_ctg *ctg, const char *name, uint32_t samples, uint32_t repeats) {
    double measure[REPEATS_MAX], append[REPEATS_MAX], sort[REPEATS_MAX];
    for (uint32_t r = 0; r < repeats; r++) {
        append[r] = append_ms(ctg, samples);
        measure[r] = measure_ms(ctg);
        sort[r] = sort_ms(samples);
    }
    double median = measure_median(measure, repeats), yardstick = measure_median(sort, repeats);
    printf(
        "{\"bench\":\"ctg\",\"trace\":\"%s\",\"minutes\":%u,\"bytes\":%zu,\"repeats\":%u,\"measure_ms\":%.3f,"
        "\"append_ms\":%.3f,\"sort_ms\":%.3f,\"to_sort\":%.3f}\n",
        name, samples / JZ_CTG_HZ / 60u, jz_ctg_bytes(), repeats, median, measure_median(append, repeats),
        yardstick, median / yardstick);
}

int main(int argc, char **argv) {
    unsigned long repeats = argc > 2 ? strtoul(argv[2], NULL, 10) : 7;
    if (argc < 2 || repeats < 1 || repeats > REPEATS_MAX) {
        fprintf(stderr, "usage: bench_ctg RECORDING.csv [REPEATS]   (1 to %u)\n", REPEATS_MAX);
        return 64;
    }
    uint32_t count = read_recording(argv[1]);
    struct jz_ctg *ctg = malloc(jz_ctg_bytes());
    if (!ctg || !count) {
        fprintf(stderr, "bench_ctg: %s: no recording\n", argv[1]);
        free(ctg);
        return 70;
    }
    repeat_to_two_hours(count);
    bench(ctg, "recording", HOUR, (uint32_t)repeats);
    bench(ctg, "recording", 2u * HOUR, (uint32_t)repeats);
    unsettle();
    bench(ctg, "unsettled", HOUR, (uint32_t)repeats);
    bench(ctg, "unsettled", 2u * HOUR, (uint32_t)repeats);
    free(ctg);
    return 0;
}
