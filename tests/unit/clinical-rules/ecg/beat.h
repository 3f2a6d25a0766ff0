/* SPDX-License-Identifier: Apache-2.0 */
/** @file beat.h  Averaged beats drawn for the stages that come after averaging. */
#ifndef JZ_TEST_BEAT_H
#define JZ_TEST_BEAT_H
#include "recording.h"

/* QRS onset at 150, J at 200: 100 ms; T ends at 340. */
#define BEAT_ON 150
#define BEAT_J 200
#define BEAT_T_OFF 340

static inline struct jz_ecg_marks beat_marks(int16_t j) {
    return (struct jz_ecg_marks){100, 130, BEAT_ON, j, 300, BEAT_T_OFF};
}

/** Adds a triangle from `from` over `peak` to `to` (samples), `uv` high. */
static inline void add_triangle(int16_t *x, int from, int peak, int to, int uv) {
    for (int t = from; t < to; t++)
        x[t] = (int16_t)(x[t] + (t <= peak ? uv * (t - from) / (peak - from) : uv * (to - t) / (to - peak)));
}
/** Adds `uv` in [from, to). */
static inline void add_level(int16_t *x, int from, int to, int uv) {
    for (int t = from; t < to; t++) x[t] = (int16_t)(x[t] + uv);
}

/** A usable lead without a wave. */
static inline void lead_clear(struct jz_ecg_lead_measure *m) {
    memset(m, 0, sizeof *m);
    m->recorded = m->usable = true;
}

#endif /* JZ_TEST_BEAT_H */
