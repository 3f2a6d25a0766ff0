/* SPDX-License-Identifier: Apache-2.0 */
/* T amplitude and shape. No published pattern gives numbers for symmetry and breadth: these are engineering bounds. On
 * healthy recordings the rise of T at half height takes 1.28 times as long as its fall (median; nine in ten above 0.93),
 * and the whole half width is 25 % of QT. */
#include "lead_measure.h"
#include "small.h"

#define FROM_J 20             /* samples: 40 ms of ST before T may begin */
#define FLAT_UV 50            /* half a millimetre: no T to speak of */
#define PHASE_PERCENT 20      /* of the larger phase that the smaller must reach to make T biphasic */
#define RISE_LEAST_PERCENT 75 /* of the fall, to be symmetrical */
#define RISE_MOST_PERCENT 120
#define BROAD_PERCENT 22 /* of QT, at half height */

/* A T wave at half its height over the line between its ends, in samples: how long it rises and falls. */
struct halves {
    int32_t height, rise, fall;
};

static int32_t over_line(const int16_t *x, int32_t from, int32_t to, int32_t t) {
    return x[t] - x[from] - (x[to] - x[from]) * (t - from) / (to - from);
}

static struct halves halves_of(const int16_t *x, int32_t from, int32_t to, int32_t peak) {
    struct halves h = {over_line(x, from, to, peak), 0, 0};
    int32_t half = ecg_abs(h.height) / 2;
    while (peak - h.rise > from && ecg_abs(over_line(x, from, to, peak - h.rise)) > half) h.rise++;
    while (peak + h.fall < to && ecg_abs(over_line(x, from, to, peak + h.fall)) > half) h.fall++;
    return h;
}

static bool symmetrical(const struct halves *h) {
    return h->rise * 100 >= h->fall * RISE_LEAST_PERCENT && h->rise * 100 <= h->fall * RISE_MOST_PERCENT;
}

static bool broad(const struct halves *h, const struct jz_ecg_marks *marks) {
    return (h->rise + h->fall) * 100 >= (marks->t_off - marks->qrs_on) * BROAD_PERCENT;
}

/* First up, then down, and both to speak of. */
static bool biphasic(const int16_t *x, int32_t top, int32_t bottom) {
    int32_t up = x[top], down = -x[bottom];
    return top < bottom && up >= FLAT_UV && down >= FLAT_UV &&
           ecg_min(up, down) * 100 >= ecg_max(up, down) * PHASE_PERCENT;
}

static uint8_t shape_of(const int16_t *x, const struct halves *h, int32_t top, int32_t bottom,
                        const struct jz_ecg_marks *marks) {
    if (x[top] < FLAT_UV && -x[bottom] < FLAT_UV) return JZ_T_FLAT;
    if (biphasic(x, top, bottom)) return JZ_T_BIPHASIC_UP_DOWN;
    bool even = symmetrical(h) && ecg_abs(h->height) >= FLAT_UV;
    if (-x[bottom] > x[top]) return even ? JZ_T_INVERTED_SYMMETRICAL : JZ_T_INVERTED;
    return even && h->height > 0 && broad(h, marks) ? JZ_T_BROAD_SYMMETRICAL : JZ_T_UPRIGHT;
}

void jz_ecg_measure_t(const struct jz_ecg_marks *marks, struct jz_ecg_lead_measure *m) {
    m->t_uv = JZ_ECG_UNKNOWN;
    m->t_shape = JZ_T_UNKNOWN;
    int32_t from = marks->j + FROM_J, to = marks->t_off;
    if (to - from < FROM_J) return;
    const int16_t *x = m->average_uv;
    int32_t top = from, bottom = from;
    for (int32_t t = from; t < to; t++) {
        if (x[t] > x[top]) top = t;
        if (x[t] < x[bottom]) bottom = t;
    }
    int32_t peak = -x[bottom] > x[top] ? bottom : top;
    struct halves h = halves_of(x, from, to, peak);
    m->t_uv = x[peak];
    m->t_shape = shape_of(x, &h, top, bottom, marks);
}
