/* SPDX-License-Identifier: Apache-2.0 */
/** @file small.h  Integer odds and ends of the ECG stages. */
#ifndef JZ_ECG_SMALL_H
#define JZ_ECG_SMALL_H
#include <stdint.h>

static inline int32_t ecg_abs(int32_t v) {
    return v < 0 ? -v : v;
}
static inline int32_t ecg_min(int32_t a, int32_t b) {
    return a < b ? a : b;
}
static inline int32_t ecg_max(int32_t a, int32_t b) {
    return a > b ? a : b;
}
static inline int32_t ecg_clamp(int32_t v, int32_t low, int32_t high) {
    return v < low ? low : v > high ? high : v;
}
/** Quotient rounded half away from zero; `by` > 0. */
static inline int64_t ecg_div(int64_t v, int64_t by) {
    return (v + (v < 0 ? -by : by) / 2) / by;
}
static inline int16_t ecg_narrow(int64_t v) {
    return (int16_t)(v > INT16_MAX ? INT16_MAX : v < -INT16_MAX ? -INT16_MAX : v);
}

/** Sorts; for the short lists here (at most a few dozen). */
void jz_ecg_sort(int32_t *v, uint32_t count);
/** The lower middle one; sorts `v`. 0 for none. */
int32_t jz_ecg_median(int32_t *v, uint32_t count);
/** The value below which `permille` of them lie, to a bin of 2^shift; values from 0, all above 1023 bins as one. */
int32_t jz_ecg_quantile(const int32_t *v, uint32_t count, uint32_t shift, uint32_t permille);
/** Square root, rounded down. */
uint32_t jz_ecg_root(uint64_t v);

#endif /* JZ_ECG_SMALL_H */
