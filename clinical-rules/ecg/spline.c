/* SPDX-License-Identifier: Apache-2.0 */
#include "spline.h"

#include "small.h"

#define Q 16 /* fraction bits of the second derivatives, µV / sample^2, and of the position in a segment */
#define ONE ((int64_t)1 << Q)
#define STRAIGHT 250

/* Second derivatives at the knots by Thomas's elimination; 0 at the ends. */
static void bend(const struct ecg_spline *s, int64_t *m) {
    int64_t ratio[ECG_KNOTS_MAX] = {0}; /* Q16 */
    m[0] = 0;
    for (uint32_t i = 1; i + 1 < s->count; i++) {
        int64_t h0 = s->at[i] - s->at[i - 1], h1 = s->at[i + 1] - s->at[i];
        int64_t rise1 = (s->uv[i + 1] - s->uv[i]) * ONE / h1;
        int64_t rise0 = (s->uv[i] - s->uv[i - 1]) * ONE / h0;
        int64_t pivot = 2 * (h0 + h1) * ONE - h0 * ratio[i - 1]; /* Q16, at least h0 + 2 h1 */
        ratio[i] = h1 * ONE * ONE / pivot;
        m[i] = (6 * (rise1 - rise0) - h0 * m[i - 1]) * ONE / pivot;
    }
    m[s->count - 1] = 0;
    for (uint32_t i = s->count - 1; i-- > 1;) m[i] -= (ratio[i] * m[i + 1]) >> Q;
}

/* Between two knots, by Horner's rule in the fraction of the way. */
static void subtract_segment(const struct ecg_spline *s, const int64_t *m, uint32_t i, int16_t *uv,
                             int32_t to) {
    int64_t h = s->at[i + 1] - s->at[i];
    int64_t b = (s->uv[i + 1] - s->uv[i]) * ONE - h * h * (2 * m[i] + m[i + 1]) / 6;
    int64_t c = h * h * m[i] / 2, d = h * h * (m[i + 1] - m[i]) / 6;
    int64_t step = ((int64_t)1 << 30) / h, u = 0; /* Q30 */
    for (int32_t t = s->at[i]; t < to; t++, u += step) {
        int64_t f = u >> (30 - Q);
        int64_t v = c + ((f * d) >> Q);
        v = b + ((f * v) >> Q);
        v = (f * v) >> Q;
        uv[t] = ecg_narrow(uv[t] - s->uv[i] - ((v + (1 << (Q - 1))) >> Q));
    }
}

/* Slope at an end knot, Q16 µV a sample; `i` is the segment, `far` its other end. */
static int64_t end_slope(const struct ecg_spline *s, const int64_t *m, bool last) {
    if (s->count < 2) return 0;
    uint32_t i = last ? s->count - 2 : 0;
    int64_t h = s->at[i + 1] - s->at[i];
    int64_t chord = (s->uv[i + 1] - s->uv[i]) * ONE / h;
    return last ? chord + h * (2 * m[i + 1] + m[i]) / 6 : chord - h * (2 * m[i] + m[i + 1]) / 6;
}

void jz_ecg_spline_subtract(const struct ecg_spline *s, int16_t *uv, uint32_t samples) {
    int64_t m[ECG_KNOTS_MAX];
    uint32_t last = s->count - 1;
    bend(s, m);
    int64_t before = end_slope(s, m, false), after = end_slope(s, m, true);
    for (int32_t t = 0; t < s->at[0]; t++)
        uv[t] = ecg_narrow(uv[t] - s->uv[0] + ((before * ecg_min(s->at[0] - t, STRAIGHT)) >> Q));
    for (uint32_t i = 0; i < last; i++) subtract_segment(s, m, i, uv, s->at[i + 1]);
    for (int32_t t = s->at[last]; t < (int32_t)samples; t++)
        uv[t] = ecg_narrow(uv[t] - s->uv[last] - ((after * ecg_min(t - s->at[last], STRAIGHT)) >> Q));
}
