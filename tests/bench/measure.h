/* SPDX-License-Identifier: Apache-2.0 */
/** @file measure.h  Clocks, another process's CPU and memory, and medians: what every program here needs. */
#ifndef JZ_BENCH_MEASURE_H
#define JZ_BENCH_MEASURE_H
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define NS_PER_S INT64_C(1000000000)

int64_t measure_now_ns(void); /**< monotonic */
int64_t measure_utc_ms(void);
/** CPU time of a process, all threads, user and system; pid 0: this one. Its CPU clock counts nanoseconds
 * where /proc/PID/stat counts 10 ms. @return -1: no such process. */
int64_t measure_cpu_ns(pid_t pid);
/** Resident memory of a process. @return -1: no such process. */
int64_t measure_rss_bytes(pid_t pid);
/** Sorts `value`. @return the middle one (mean of the two middle ones); 0 for none. */
double measure_median(double *value, size_t count);

#endif /* JZ_BENCH_MEASURE_H */
