/* SPDX-License-Identifier: Apache-2.0 */
#include "histogram.h"

#include <math.h>

#define SUB_COUNT (1u << HISTOGRAM_SUB_BITS)

/* Small values are their own bucket; others keep their top seven bits. */
static uint32_t bucket_of(uint64_t value) {
    if (value < 2u * SUB_COUNT) return (uint32_t)value;
    uint32_t shift = 63u - HISTOGRAM_SUB_BITS - (uint32_t)__builtin_clzll(value);
    return shift * SUB_COUNT + (uint32_t)(value >> shift);
}

static uint64_t upper_edge(uint32_t bucket) {
    if (bucket < 2u * SUB_COUNT) return bucket;
    uint32_t shift = bucket / SUB_COUNT - 1u;
    uint64_t top = SUB_COUNT + bucket % SUB_COUNT;
    return (top << shift) + ((UINT64_C(1) << shift) - 1u);
}

void histogram_add(struct histogram *h, uint64_t value) {
    h->bucket[bucket_of(value)]++;
    h->count++;
    if (value > h->max) h->max = value;
}

uint64_t histogram_percentile(const struct histogram *h, double share) {
    uint64_t rank = (uint64_t)ceil(share * (double)h->count), seen = 0;
    for (uint32_t i = 0; i < HISTOGRAM_BUCKETS && h->count > 0; i++) {
        seen += h->bucket[i];
        if (seen >= rank && seen > 0) return upper_edge(i) < h->max ? upper_edge(i) : h->max;
    }
    return h->max;
}
