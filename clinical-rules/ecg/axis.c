/* SPDX-License-Identifier: Apache-2.0 */
/* Arctangent by CORDIC: each step turns the vector by atan(2^-i) towards the positive x axis and adds up the turns. */
#include "conduction.h"
#include "small.h"

#define STEPS 12
static const int32_t turn[STEPS] = {/* atan(2^-i) in 1/1000 degree */
                                    45000, 26565, 14036, 7125, 3576, 1790, 895, 448, 224, 112, 56, 28};

int32_t jz_atan2_deg(int32_t y, int32_t x) {
    int32_t angle = 0;
    bool back = x < 0;
    int64_t u = back ? -(int64_t)x : x, v = back ? -(int64_t)y : y;
    u *= 1024; /* fractions of the inputs, so that the shifts below lose nothing that matters */
    v *= 1024;
    for (int i = 0; i < STEPS; i++) {
        int64_t du = u / (INT64_C(1) << i), dv = v / (INT64_C(1) << i);
        if (v > 0) {
            u += dv;
            v -= du;
            angle += turn[i];
        } else {
            u -= dv;
            v += du;
            angle -= turn[i];
        }
    }
    if (back) angle += angle > 0 ? -180000 : 180000;
    int32_t degrees = (int32_t)ecg_div(angle, 1000);
    return degrees == -180 ? 180 : degrees;
}

static int32_t area(const struct jz_ecg_measure *out, enum jz_ecg_lead lead) {
    int32_t sum = 0;
    for (int32_t t = out->marks.qrs_on; t < out->marks.j; t++) sum += out->lead[lead].average_uv[t];
    return sum;
}

int16_t jz_ecg_axis(const struct jz_ecg_measure *out) {
    const int32_t least =
        40 * (out->marks.j - out->marks.qrs_on); /* 40 µV on average: below it there is no axis */
    if (!out->lead[JZ_LEAD_I].usable || !out->lead[JZ_LEAD_AVF].usable || out->marks.j <= out->marks.qrs_on)
        return JZ_ECG_UNKNOWN;
    int32_t x = area(out, JZ_LEAD_I);
    int32_t y =
        (int32_t)ecg_div((int64_t)area(out, JZ_LEAD_AVF) * 1155, 1000); /* 2 / sqrt 3: aVF's own gain */
    if (ecg_abs(x) < least && ecg_abs(y) < least) return JZ_ECG_UNKNOWN;
    return (int16_t)jz_atan2_deg(y, x);
}
