/* SPDX-License-Identifier: Apache-2.0 */
/** @file program.h  A compiled program: flat tables that refer to each other by index (private to engine/).
 *
 *  Nothing in here points into a YAML document. Strings live in `text`, owned by the program.
 *  The loader (pack_*.c, compile.c) writes it once; the evaluator only reads it. */
#ifndef JZ_PROGRAM_H
#define JZ_PROGRAM_H
#include "jingzhu/field.h"
#include "jingzhu/rules.h"

/* What one program may hold. One over is refused with the line that went over. */
#define JZ_PACKS_MAX 64u
#define JZ_PACK_BYTES_MAX 262144u
#define JZ_INPUTS_MAX JZ_USED_MAX /**< fields one rule reads: each must fit in `used` */
#define JZ_STEPS_MAX 4096u        /**< expression steps in a program */
#define JZ_STEPS_PER_EXPR_MAX 64u
#define JZ_STACK_MAX 32u /**< operands waiting in one expression */
#define JZ_BANDS_MAX 1024u
#define JZ_CASES_MAX 256u
#define JZ_ITEMS_MAX 128u
#define JZ_ROWS_MAX 256u
#define JZ_POINTS_MAX 100 /**< of one band: the wire's 0..100 */
#define JZ_TEXT_MAX 131072u
#define JZ_SECONDS_MAX 604800u /**< 7 days, the longest interval a criterion may name */

#define JZ_SET_WINDOW_MS 60000 /**< readings this close belong to one set (PROJ); also the sbp/dbp pair */

/** Kleene's three values; `>` means "more true". */
enum jz_tri { JZ_FALSE, JZ_MAYBE, JZ_TRUE };

enum jz_op {
    JZ_OP_RANGE,    /**< lo <= field <= hi; absent: maybe */
    JZ_OP_RANGE_NO, /**< as RANGE, but absent counts as false: the pack said what absent means */
    JZ_OP_RANGE_YES,
    JZ_OP_KNOWN, /**< the field has a believed value; never maybe */
    JZ_OP_NOT,
    JZ_OP_ALL,      /**< of the `count` operands before it */
    JZ_OP_ANY,      /**< likewise */
    JZ_OP_AT_LEAST, /**< `lo` of the `count` operands before it */
    JZ_OP_REPEATED, /**< temporal `index`: true at two times at least apart */
    JZ_OP_PENDING   /**< temporal `index`: seen once, neither repeated nor refuted, for `lo` seconds */
};

/** One step of an expression in postfix order. */
struct jz_step {
    uint8_t op, field, count, index;
    int32_t lo, hi;
};
struct jz_span {
    uint16_t first, count;
};

/** Bands ascend; `to` is the inclusive upper bound; the last is INT32_MAX. */
struct jz_band {
    int32_t to;
    uint8_t lo, hi;
    uint8_t reserved[2];
};
/** A table of bands that holds while `when` does; an empty `when` always does. */
struct jz_case {
    struct jz_span when, bands;
};
/** One parameter of a score. Its cases are tried in order. */
struct jz_item {
    struct jz_span cases;
    uint8_t field, reserved;
};

/** A line of a decision table, most urgent first; the level of the same index names it. */
struct jz_row {
    struct jz_span when;        /**< criteria */
    int32_t score_lo, score_hi; /**< scores: the total's range */
    uint32_t conditions;
    uint8_t item_min; /**< scores: the row wants one item with at least these points; 0: any */
    uint8_t priority, alarm, reserved;
};

struct jz_temporal {
    struct jz_span of;
    uint64_t fields;
    uint32_t apart_s;
    uint32_t ask; /**< the field to measure again */
};

enum jz_rule_kind { JZ_KIND_SCORE, JZ_KIND_CRITERIA };
struct jz_rule {
    struct jz_rule_info info;
    uint64_t fields;                 /**< reads these */
    uint32_t input[JZ_INPUTS_MAX];   /**< info.input points here */
    int64_t fresh_ms[JZ_INPUTS_MAX]; /**< 0: does not age */
    struct jz_span applies, items, rows;
    uint8_t kind;
    uint8_t withhold; /**< applicability unknown: 1 nothing is certain, 0 evaluate and say so */
};

struct jz_program {
    uint8_t hash[32];
    uint64_t rules_of[JZ_FIELDS_MAX]; /**< bit per rule that reads the field */
    uint32_t sbp, dbp;                /**< the pair that must be consistent */
    uint32_t rule_count, condition_count, temporal_count;
    uint32_t step_count, band_count, case_count, item_count, row_count, text_used;
    struct jz_rule rule[JZ_RULES_MAX];
    struct jz_condition_info condition[JZ_CONDITIONS_MAX];
    struct jz_temporal temporal[JZ_TEMPORAL_MAX];
    struct jz_step step[JZ_STEPS_MAX];
    struct jz_band band[JZ_BANDS_MAX];
    struct jz_case table[JZ_CASES_MAX];
    struct jz_item item[JZ_ITEMS_MAX];
    struct jz_row row[JZ_ROWS_MAX];
    struct jz_level_info level[JZ_ROWS_MAX];
    char text[JZ_TEXT_MAX];
};

#endif /* JZ_PROGRAM_H */
