/* SPDX-License-Identifier: Apache-2.0 */
/** @file expr.h  Three-valued evaluation of one expression over a chart (private to engine/). */
#ifndef JZ_EXPR_H
#define JZ_EXPR_H
#include "program.h"

/** The outcome of a step: a truth, or a number and whether it is known (JZ_TRUE, else JZ_MAYBE). */
struct jz_slot {
    int64_t number;
    enum jz_tri is;
};

/** What a circuit computed. Only what is in it has been written. */
struct jz_values {
    struct jz_slot number[JZ_NUMBERS_MAX];
    uint8_t truth[JZ_TRUTHS_MAX]; /**< enum jz_tri */
};

/** The part of a chart that an expression may see. */
struct jz_lens {
    const struct jz_program *program;
    const struct jz_chart *chart;
    const struct jz_rule *rule; /**< whose expression it is; NULL where masks do not matter */
    int64_t now_ms;
    const struct jz_set
        *set; /**< not NULL: its readings, and the newest of the other fields that were taken with them */
    const struct jz_values
        *values; /**< not NULL: computed from all of this, with the expressions at hand in them */
};

/** Computes all of a circuit: bounded by its size, whatever the patient.
 *  @param[in,out] values  Adds to what other circuits left there.
 *  @return `values`, for the lens; NULL: the program has no circuits, expressions are read step by step. */
const struct jz_values *jz_compute(const struct jz_lens *lens, const struct jz_circuit *circuit,
                                   struct jz_values *values);

/** What a step that reads another rule's result says; false for any other step. */
enum jz_tri jz_expr_rule(const struct jz_lens *lens, const struct jz_step *step);

/** A truth, what decided it, and where it is `maybe`, what is behind that. Bits are inputs of the rule. */
struct jz_truth {
    uint64_t because; /**< inputs whose values decide it */
    uint64_t missing; /**< inputs without a value that could decide; 0 unless `maybe` */
    uint64_t ask;     /**< inputs to measure: those, and values whose repeat is due; likewise */
    enum jz_tri is;
};

/** The same truth with its reasons. */
struct jz_truth jz_expr(const struct jz_lens *lens, struct jz_span span);

/** A number that an expression of JZ_OP_ numbers leaves. */
struct jz_number {
    int64_t is;
    uint64_t because, missing, ask;
    bool known;
};
struct jz_number jz_expr_number(const struct jz_lens *lens, struct jz_span span);

/** Only the truth, or the number: as computed, else step by step. An empty span is true. */
static inline enum jz_tri jz_expr_is(const struct jz_lens *lens, struct jz_span span) {
    return lens->values ? (enum jz_tri)lens->values->truth[span.out] : jz_expr(lens, span).is;
}
/** @return false: not known. */
static inline bool jz_expr_known(const struct jz_lens *lens, struct jz_span span, int64_t *value) {
    if (lens->values) {
        *value = lens->values->number[span.out].number;
        return lens->values->number[span.out].is == JZ_TRUE;
    }
    struct jz_number number = jz_expr_number(lens, span);
    *value = number.is;
    return number.known;
}

/** How many operands a step takes off the stack. */
static inline uint32_t jz_operands(const struct jz_step *step) {
    switch ((enum jz_op)step->op) {
    case JZ_OP_NOT:
    case JZ_OP_PLAUSIBLE:
    case JZ_OP_WITHIN: return 1;
    case JZ_OP_ADD:
    case JZ_OP_SUBTRACT:
    case JZ_OP_MULTIPLY:
    case JZ_OP_DIVIDE:
    case JZ_OP_COMPARE: return 2;
    case JZ_OP_ALL:
    case JZ_OP_ANY:
    case JZ_OP_AT_LEAST:
    case JZ_OP_KNOWN:
    case JZ_OP_FIRST: return step->count;
    case JZ_OP_RANGE:
    case JZ_OP_RANGE_NO:
    case JZ_OP_RANGE_YES:
    case JZ_OP_REPEATED:
    case JZ_OP_PENDING:
    case JZ_OP_HELD:
    case JZ_OP_CHANGED:
    case JZ_OP_TREND:
    case JZ_OP_FIRED:
    case JZ_OP_LEVEL:
    case JZ_OP_TOTAL:
    case JZ_OP_VALUE:
    case JZ_OP_NUMBER:
    case JZ_OP_SINCE:
    case JZ_OP_FROM_TO:
    case JZ_OP_TODAY: break;
    }
    return 0;
}

/** Newest reading of a field, NULL: none, or not believed. Stale ones are known. */
static inline const struct jz_reading *jz_known(const struct jz_chart *chart, uint32_t field) {
    uint32_t slot = chart->slot[field];
    if (!slot || chart->reading[slot - 1u].validity != JZ_VALID) return NULL;
    return &chart->reading[slot - 1u];
}

/** Where a temporal criterion stands. */
enum jz_temporal_is { JZ_TEMPORAL_UNSEEN, JZ_TEMPORAL_PENDING, JZ_TEMPORAL_REFUTED, JZ_TEMPORAL_TRUE };
enum jz_temporal_is jz_temporal_is(const struct jz_temporal *def, const struct jz_temporal_state *state);

#endif /* JZ_EXPR_H */
