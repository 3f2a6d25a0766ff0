/* SPDX-License-Identifier: Apache-2.0 */
/** @file histogram.h  Durations in logarithmic buckets: fixed memory, any number of them, 1.6 % wide.
 *
 *  Up to 128 ns each value has a bucket; above, every power of two is cut into 64. A percentile is the upper
 *  edge of its bucket, so it never flatters. No I/O or allocation; one thread. */
#ifndef JZ_BENCH_HISTOGRAM_H
#define JZ_BENCH_HISTOGRAM_H
#include <stdint.h>

#define HISTOGRAM_SUB_BITS 6u
#define HISTOGRAM_BUCKETS ((64u - HISTOGRAM_SUB_BITS + 1u) << HISTOGRAM_SUB_BITS)

struct histogram {
    uint64_t count, max;
    uint64_t bucket[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *h, uint64_t value);
/** Least value that at least `share` (0 < share <= 1) of all are at or below, rounded up to its bucket's
 * upper edge, at most `max`; 0 where nothing was added. */
uint64_t histogram_percentile(const struct histogram *h, double share);

#endif /* JZ_BENCH_HISTOGRAM_H */
