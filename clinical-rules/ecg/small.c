/* SPDX-License-Identifier: Apache-2.0 */
#include "small.h"

void jz_ecg_sort(int32_t *v, uint32_t count) {
    for (uint32_t i = 1; i < count; i++) {
        int32_t x = v[i];
        uint32_t k = i;
        for (; k > 0 && v[k - 1] > x; k--) v[k] = v[k - 1];
        v[k] = x;
    }
}

int32_t jz_ecg_median(int32_t *v, uint32_t count) {
    if (!count) return 0;
    jz_ecg_sort(v, count);
    return v[(count - 1) / 2];
}

int32_t jz_ecg_quantile(const int32_t *v, uint32_t count, uint32_t shift, uint32_t permille) {
    uint16_t hits[1024] = {0};
    for (uint32_t i = 0; i < count; i++) {
        int32_t b = v[i] >> shift;
        hits[b > 1023 ? 1023 : b < 0 ? 0 : b]++;
    }
    uint32_t due = (uint32_t)((uint64_t)count * permille / 1000), seen = 0;
    for (int32_t b = 0; b < 1024; b++) {
        seen += hits[b];
        if (seen > due) return b << shift;
    }
    return 0;
}

uint32_t jz_ecg_root(uint64_t v) {
    uint64_t root = 0, bit = UINT64_C(1) << 62;
    while (bit > v) bit >>= 2;
    for (; bit; bit >>= 2) {
        if (v >= root + bit) {
            v -= root + bit;
            root = (root >> 1) + bit;
        } else {
            root >>= 1;
        }
    }
    return (uint32_t)root;
}
