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
#define JZ_PACKS_MAX 128u
#define JZ_PACK_BYTES_MAX 262144u
#define JZ_STEPS_MAX 24576u /**< expression steps in a program */
#define JZ_STEPS_PER_EXPR_MAX 192u
#define JZ_STACK_MAX 48u /**< operands waiting in one expression */
#define JZ_BANDS_MAX 2048u
#define JZ_BOUNDS_MAX 8192u /**< different values at which any rule looks at a field again */
#define JZ_CASES_MAX 768u
#define JZ_ITEMS_MAX 768u
#define JZ_ROWS_MAX 1536u
#define JZ_PATHWAYS_MAX 64u
#define JZ_POLICIES_MAX 256u
#define JZ_POINTS_MAX 100 /**< of one band, either sign: the wire's -100..100 */
#define JZ_TEXT_MAX 1048576u
#define JZ_FRESH_MAX 4u /**< different times that one field counts as fresh, by rule */
#define JZ_DEADLINES_MAX                                                                                     \
    2048u /**< different times after an event, or after a temporal criterion was first true */
#define JZ_PERIOD_MS                                                                                         \
    60000 /**< how often an expression of time is looked at whose bounds are not plain (PROJ) */
#define JZ_SECONDS_MAX 31622400u /**< 366 days, the longest interval a criterion may name */

/* What circuits may hold. A program with more is read step by step: slower, with the same results. */
#define JZ_TRUTHS_MAX 16384u   /**< different truths in a program */
#define JZ_NUMBERS_MAX 1024u   /**< different numbers */
#define JZ_CIRCUITS_MAX 32768u /**< parts of one kind in all circuits */

#define JZ_SET_WINDOW_MS 60000 /**< readings this close belong to one set (PROJ); also the sbp/dbp pair */
#define JZ_SPIKE_WINDOW_MS                                                                                   \
    10000 /**< the spike gate looks at values that follow each other this closely (PROJ) */

/** Kleene's three values; `>` means "more true". */
enum jz_tri { JZ_FALSE, JZ_MAYBE, JZ_TRUE };

enum jz_op {
    /* Truths. Fields are read by `field`, their bit in masks is `input`. */
    JZ_OP_RANGE,    /**< lo <= field <= hi; absent: maybe */
    JZ_OP_RANGE_NO, /**< as RANGE, but absent counts as false: the pack said what absent means */
    JZ_OP_RANGE_YES,
    JZ_OP_KNOWN, /**< the field (count 0) or the number before it (count 1) has a value; never maybe */
    JZ_OP_NOT,
    JZ_OP_ALL,      /**< of the `count` truths before it */
    JZ_OP_ANY,      /**< likewise */
    JZ_OP_AT_LEAST, /**< `lo` of the `count` truths before it */
    JZ_OP_REPEATED, /**< temporal `index`: true at two times at least apart */
    JZ_OP_PENDING,  /**< temporal `index`: seen once, neither repeated nor refuted, for `lo` seconds */
    JZ_OP_HELD,     /**< temporal `index`: true without a break over at least its `apart_s` */
    JZ_OP_CHANGED,  /**< window `index`: newest value against the window: fallen (lo < 0) or risen by |lo| */
    JZ_OP_TREND,    /**< window `index`: newest quarter's mean against the oldest quarter's, likewise */
    JZ_OP_FIRED,    /**< rule `field`: fired */
    JZ_OP_LEVEL,    /**< rule `field`: its level is `lo` */
    JZ_OP_TOTAL,    /**< rule `field`: lo <= score <= hi */
    JZ_OP_COMPARE,  /**< of the two numbers before it: first minus second lies in lo..hi */
    /* Numbers. One that is not known makes the comparison maybe. 64 bits; an overflow is not known. */
    JZ_OP_VALUE,  /**< field */
    JZ_OP_NUMBER, /**< the constant `lo` */
    JZ_OP_ADD,
    JZ_OP_SUBTRACT,
    JZ_OP_MULTIPLY,
    JZ_OP_DIVIDE, /**< half away from zero; by zero: not known */
    JZ_OP_SINCE,  /**< seconds from event `field` to now, not below 0 */
    JZ_OP_FROM_TO, /**< seconds from event `field` (bit `input`) to event `lo` (bit `hi`), negative where that came
                         first; with `index` 1 it is then not known: the clocks of pathways only run forward */
    JZ_OP_FIRST,     /**< of the `count` numbers before it, the first that is known */
    JZ_OP_PLAUSIBLE, /**< the number before it, not known outside lo..hi */
    JZ_OP_TODAY,     /**< days since 1970-01-01 by the calendar of Asia/Shanghai (UTC+8) */
    JZ_OP_WITHIN /**< the number before it, not known unless the values of the `index` VALUE steps before it were
                         taken at most `lo` seconds apart */
};

/** One step of an expression in postfix order. jz_program_link makes `count` the operands it takes, for every step. */
struct jz_step {
    uint8_t op, count, index, input;
    uint16_t field;
    uint16_t out; /**< made by jz_program_link: which truth or number of `struct jz_values` is its outcome */
    int32_t lo, hi;
};
struct jz_span {
    uint16_t first, count;
    uint16_t
        out; /**< of an expression, made by jz_program_link: its outcome, as of its last step; 0: of none */
};

/** Bands ascend; `to` is the inclusive upper bound; the last is INT32_MAX. */
struct jz_band {
    int32_t to;
    int16_t lo, hi; /**< points */
};
/** A table of bands that holds while `when` does; an empty `when` always does. */
struct jz_case {
    struct jz_span when, bands;
};
enum jz_item_kind {
    JZ_ITEM_FIELD,    /**< tables over the field `field` (input `input`) */
    JZ_ITEM_VALUE,    /**< one table over the number `value` */
    JZ_ITEM_CRITERION /**< `points` where the criterion `value` is true, else 0 */
};
/** One parameter of a score. Its cases are tried in order. */
struct jz_item {
    struct jz_span cases, value;
    uint16_t field;
    uint8_t kind, input;
    int16_t points, reserved;
};

/** A line of a decision table, most urgent first; the level of the same index names it. */
struct jz_row {
    struct jz_span when;        /**< criteria; of a score: holds besides its total */
    int32_t score_lo, score_hi; /**< scores: the total's range, INT32_MIN/MAX where open */
    int16_t item_min;           /**< scores: the row wants one item with at least these points; 0: any */
    uint8_t rule_out, reserved;
};

enum jz_temporal_kind { JZ_TEMPORAL_REPEATED, JZ_TEMPORAL_HELD };
struct jz_temporal {
    struct jz_span of;
    uint32_t apart_s;
    uint16_t ask; /**< the field to measure again */
    uint8_t kind, field_count;
    uint16_t field[JZ_SPIKE_FIELDS_MAX]; /**< fields `of` reads: at most these many */
};
struct jz_window {
    uint32_t over_s;
    uint16_t field, reserved;
};

struct jz_rule {
    struct jz_rule_info info;
    uint16_t input[JZ_INPUTS_MAX];   /**< info.input points here */
    int64_t fresh_ms[JZ_INPUTS_MAX]; /**< info.fresh_ms points here */
    struct jz_span applies, items, rows;
    struct jz_clock_info clock;
    uint8_t withhold; /**< applicability unknown: 1 nothing is certain, 0 evaluate and say so */
};

/* Expressions once more, for their outcome alone: as circuits, in which equal parts of different expressions are one
 * (lower.c). They are always computed to the end: hardly a branch that can be guessed wrong costs less than stopping
 * early. A truth or number is an index in `struct jz_values`. */
struct jz_look {
    int32_t lo, hi;
    uint16_t field, out;       /**< truth `out`: lo <= field <= hi */
    uint8_t absent, unused[3]; /**< enum jz_tri: the truth where the field has no value */
};
struct jz_compare {
    int32_t constant, lo, hi;
    uint16_t of, out; /**< truth `out`: the number `of` less the constant lies in lo..hi */
};
struct jz_calc {
    uint16_t step, a, b, out; /**< outcome `out` of `step`, whose operands are the numbers a and b; 0: none */
};
enum jz_gate_kind {
    JZ_GATE_NOT, /**< of a, which is b too */
    JZ_GATE_AND,
    JZ_GATE_OR,
    JZ_GATE_MEMORY /**< what a memory says (a); where it has seen nothing, what the newest values (b) may yet refute */
};
#define JZ_UNSEEN 3u /**< instead of an enum jz_tri: a memory has seen nothing */
struct jz_gate {
    uint16_t kind, a, b, out; /**< truth `out` of the truths a and b */
};
struct jz_part {
    uint32_t first, count;
};
/** To be computed in this order: each part reads only what stands before it. */
struct jz_circuit {
    struct jz_part looks, numbers, compares, truths,
        gates; /**< in `look`, `calc`, `compare`, `calc` and `gate` */
};

struct jz_program {
    uint8_t hash[32];
    uint32_t sbp, dbp; /**< the pair that must be consistent */
    uint32_t rule_count, condition_count, temporal_count, window_count, pathway_count, policy_count;
    uint32_t step_count, band_count, case_count, item_count, row_count, text_used;
    struct jz_rule rule[JZ_RULES_MAX];
    struct jz_condition_info condition[JZ_CONDITIONS_MAX];
    struct jz_pathway_info pathway[JZ_PATHWAYS_MAX];
    struct jz_policy_info policy[JZ_POLICIES_MAX];
    struct jz_temporal temporal[JZ_TEMPORAL_MAX];
    struct jz_window window[JZ_WINDOWS_MAX];
    struct jz_step step[JZ_STEPS_MAX];
    struct jz_band band[JZ_BANDS_MAX];
    struct jz_case table[JZ_CASES_MAX];
    struct jz_item item[JZ_ITEMS_MAX];
    struct jz_item_info item_info[JZ_ITEMS_MAX];
    struct jz_row row[JZ_ROWS_MAX];
    struct jz_level_info level[JZ_ROWS_MAX];
    char text[JZ_TEXT_MAX];

    /* Made by jz_program_link from the tables above, for the evaluator. A place is an index in `order`. */
    uint16_t order[JZ_RULES_MAX]; /**< rules, each after those whose results it reads */
    uint16_t place[JZ_RULES_MAX];
    struct jz_rule_set enabled; /**< rules */
    struct jz_rule_set enabled_places;
    struct jz_rule_set
        ages; /**< rules that can rule something out, and all whose results such a rule rests on */
    struct jz_rule_set reads[JZ_RULES_MAX];    /**< rules whose results the rule reads */
    struct jz_rule_set readers[JZ_FIELDS_MAX]; /**< rules that read the field, disabled ones left out */
    struct jz_rule_set raw[JZ_FIELDS_MAX];     /**< those of them that have to look at each value of it */
    uint32_t predicate_count;
    struct jz_predicate {
        struct jz_span of; /**< a JZ_OP_COMPARE with the numbers before it, where it stands first */
        struct jz_rule_set rules;
    } predicate[JZ_PREDICATES_MAX];
    uint64_t predicates_of[JZ_FIELDS_MAX][JZ_PREDICATES_MAX / 64u]; /**< by field */
    struct jz_rule_set followers[JZ_RULES_MAX]; /**< places of enabled rules that read the rule's result */
    struct jz_rule_set rules_of_temporal[JZ_TEMPORAL_MAX];
    uint64_t temporals_of[JZ_FIELDS_MAX]; /**< bit per temporal that reads the field */
    uint32_t bound_first[JZ_FIELDS_MAX +
                         1u]; /**< bounds of field f: bound[bound_first[f] .. bound_first[f + 1]) */
    struct jz_bound {
        struct jz_rule_set rules; /**< which it matters to */
        int64_t last;             /**< the last value before a change; ascending */
    } bound[JZ_BOUNDS_MAX];
    int64_t fresh_ms[JZ_FIELDS_MAX][JZ_FRESH_MAX]; /**< what rules ask of the field, each once; then 0 */
    uint32_t deadline_count, has_today;
    struct jz_deadline {
        uint16_t index; /**< event field, or temporal */
        uint16_t of_temporal;
        uint32_t after_s; /**< 0: every minute */
    } deadline[JZ_DEADLINES_MAX];

    /* Made from the steps, when all else is there (lower.c). */
    bool lowered; /**< false: there are no circuits, or steps were changed after they were made */
    uint32_t look_count, calc_count, compare_count, gate_count;
    struct jz_look look[JZ_CIRCUITS_MAX];
    struct jz_calc calc[JZ_CIRCUITS_MAX];
    struct jz_compare compare[JZ_CIRCUITS_MAX];
    struct jz_gate gate[JZ_CIRCUITS_MAX];
    struct jz_circuit own[JZ_RULES_MAX]; /**< of one rule: all in it that no other rule's result is part of */
    struct jz_circuit after[JZ_RULES_MAX]; /**< the rest of it: when the rules it reads have their results */
    struct jz_circuit whole;               /**< `own` of all enabled rules at once, equal parts once */
    struct jz_circuit
        then[JZ_RULES_MAX]; /**< of `after` of all of them: what this rule's result was missing for */
    struct jz_circuit memories[JZ_FIELDS_MAX];   /**< criteria of temporal forms that read the field */
    struct jz_circuit predicates[JZ_FIELDS_MAX]; /**< comparisons of numbers that read the field */
};

enum jz_link {
    JZ_LINK_OK,
    JZ_LINK_CIRCLE,    /**< of rule `*at` */
    JZ_LINK_BOUNDS,    /**< more than JZ_BOUNDS_MAX */
    JZ_LINK_DEADLINES, /**< more than JZ_DEADLINES_MAX */
    JZ_LINK_FRESH,     /**< more than JZ_FRESH_MAX, of field `*at` */
    JZ_LINK_NO_MEMORY
};
/** Fills what the evaluator needs from the tables. Call once, when all packs are loaded. */
enum jz_link jz_program_link(struct jz_program *program, uint32_t *at);

#endif /* JZ_PROGRAM_H */
