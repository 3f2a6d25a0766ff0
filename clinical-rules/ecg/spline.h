/* SPDX-License-Identifier: Apache-2.0 */
/** @file spline.h  The natural cubic spline through a few levels, taken off a lead. */
#ifndef JZ_ECG_SPLINE_H
#define JZ_ECG_SPLINE_H
#include "jingzhu/ecg.h"

#define ECG_KNOTS_MAX 320u

struct ecg_spline {
    uint32_t count;
    int32_t at[ECG_KNOTS_MAX]; /**< samples, rising */
    int32_t uv[ECG_KNOTS_MAX];
};

/** uv -= spline. Beyond the outer knots it goes on straight for half a second, then level; one knot is a level. */
void jz_ecg_spline_subtract(const struct ecg_spline *spline, int16_t *uv, uint32_t samples);

#endif /* JZ_ECG_SPLINE_H */
