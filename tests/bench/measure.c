/* SPDX-License-Identifier: Apache-2.0 */
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int64_t read_clock(clockid_t clock) {
    struct timespec t;
    return clock_gettime(clock, &t) == 0 ? t.tv_sec * NS_PER_S + t.tv_nsec : -1;
}

int64_t measure_now_ns(void) {
    return read_clock(CLOCK_MONOTONIC);
}

int64_t measure_utc_ms(void) {
    return read_clock(CLOCK_REALTIME) / 1000000;
}

int64_t measure_cpu_ns(pid_t pid) {
    clockid_t clock;
    return clock_getcpuclockid(pid, &clock) == 0 ? read_clock(clock) : -1;
}

int64_t measure_rss_bytes(pid_t pid) {
    char path[64];
    long pages = -1;
    snprintf(path, sizeof path, "/proc/%ld/statm", (long)pid);
    FILE *in = fopen(path, "re");
    if (!in) return -1;
    if (fscanf(in, "%*s %ld", &pages) != 1) pages = -1;
    fclose(in);
    return pages < 0 ? -1 : pages * sysconf(_SC_PAGESIZE);
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

double measure_median(double *value, size_t count) {
    if (count == 0) return 0;
    qsort(value, count, sizeof *value, compare);
    return (value[(count - 1) / 2] + value[count / 2]) / 2;
}
