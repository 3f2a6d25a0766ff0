/* SPDX-License-Identifier: Apache-2.0 */
/** @file expr.h  Three-valued evaluation of one expression over a chart (private to engine/). */
#ifndef JZ_EXPR_H
#define JZ_EXPR_H
#include "program.h"

/** The part of a chart that an expression may see. */
struct jz_lens {
    const struct jz_program *program;
    const struct jz_chart *chart;
    int64_t now_ms;
    const struct jz_reading *set; /**< not NULL: only readings of this one's set, and itself in its field */
    uint32_t set_field;
};

/** A truth and, where it is `maybe`, what is behind that. Both masks are 0 otherwise. */
struct jz_truth {
    uint64_t missing; /**< fields without a value that could decide */
    uint64_t ask;     /**< fields to measure: those, and values whose repeat is due */
    enum jz_tri is;
};

/** An empty span is true. Bounded by JZ_STEPS_PER_EXPR_MAX. */
struct jz_truth jz_expr(const struct jz_lens *lens, struct jz_span span);

/** Believed, be it stale or not. */
static inline bool jz_is_known(const struct jz_reading *reading) {
    return reading->validity == JZ_VALID;
}

/** Where a temporal criterion stands. */
enum jz_repeat { JZ_REPEAT_UNSEEN, JZ_REPEAT_PENDING, JZ_REPEAT_REFUTED, JZ_REPEAT_TRUE };
enum jz_repeat jz_repeat_state(const struct jz_program *program, const struct jz_chart *chart,
                               uint32_t temporal);

#endif /* JZ_EXPR_H */
