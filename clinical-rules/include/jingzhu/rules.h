/* SPDX-License-Identifier: Apache-2.0 */
/** @file jingzhu/rules.h  Rule packs compiled to a flat program, evaluated over one patient's chart.
 *
 *  Loading reads files, allocates and may fail; evaluating does neither. A program is immutable and
 *  may be shared by threads; a chart belongs to one patient and one thread.
 *  Missing is never normal: scores are intervals, criteria three-valued (Kleene).
 */
#ifndef JZ_RULES_H
#define JZ_RULES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jingzhu/limits.h"
#include "jingzhu/reading.h"
#include "jingzhu/status.h"

struct jz_program; /**< opaque: all loaded packs, compiled */

/** Where and why a pack was refused, for a person with an editor open. */
struct jz_pack_error {
    char file[128];
    int line, column;
    char text[256]; /**< what, and the cure */
};

/** One pack file as bytes (as journaled): name is the path under packs/, e.g. "general/news2.yaml". */
struct jz_pack_source {
    const char *name;
    const char *yaml;
    size_t bytes;
};

/** Compiles packs. All or nothing.
 *  @param[out] program  Owned by the caller; free with jz_program_free. NULL on failure.
 *  @param[out] error    Written on JZ_E_PACK. */
JZ_MUST_CHECK enum jz_status jz_program_compile(const struct jz_pack_source *packs, size_t count,
                                                struct jz_program **program, struct jz_pack_error *error);
void jz_program_free(struct jz_program *program); /**< NULL is allowed */
/** SHA-256 over names and bytes of the packs in name order: the same packs, the same hash. 32 bytes. */
const uint8_t *jz_program_hash(const struct jz_program *program);

/** A rule as people read it. Strings live as long as the program. */
struct jz_rule_info {
    const char *id, *version, *title_zh, *title_en, *source;
    bool signed_off;
    uint8_t input_count;
    const uint32_t *input; /**< field indexes, in chart order */
};
uint32_t jz_program_rule_count(const struct jz_program *program); /**< <= JZ_RULES_MAX */
const struct jz_rule_info *jz_program_rule(const struct jz_program *program, uint32_t rule);

/** A band or level a rule can end in. */
struct jz_level_info {
    const char *id, *title_zh, *title_en, *action_zh, *action_en;
};
const struct jz_level_info *jz_program_level(const struct jz_program *program, uint32_t rule, uint32_t level);

/** A condition asks for capabilities (packs/routing). The bit number in `conditions` is its index. */
struct jz_condition_info {
    const char *id, *title_zh, *title_en, *source; /**< "R01" */
    uint8_t must_count, prefer_count;
    const char *must[8], *prefer[8]; /**< capability keys of the directory */
    uint32_t goal_s; /**< time to treatment goal from first medical contact; 0: as soon as possible */
    const char *goal_milestone; /**< "wire"; "" where goal_s is 0 */
    uint32_t door_s;            /**< planned door to treatment where a hospital's own record is not known */
};
uint32_t jz_program_condition_count(const struct jz_program *program);
const struct jz_condition_info *jz_program_condition(const struct jz_program *program, uint32_t condition);

#define JZ_TEMPORAL_MAX 16u /**< temporal nodes in a program */

/** When a temporal criterion held, by the times the readings were taken; 0: never. `prior` is the newest
 *  before `last`, so that a reading which turns out inconsistent can be taken back. */
struct jz_temporal_state {
    int64_t first_true_ms, last_true_ms, prior_true_ms, last_false_ms;
};

/** What one patient's rules remember. Zero it to start. No padding, no pointers: it is state. */
struct jz_chart {
    struct jz_reading latest[JZ_FIELDS_MAX]; /**< by field index */
    struct jz_temporal_state temporal[JZ_TEMPORAL_MAX];
};

enum jz_rule_status {
    JZ_RULE_UNKNOWN,
    JZ_RULE_FIRED,
    JZ_RULE_NOT_FIRED,
    JZ_RULE_NOT_APPLICABLE,
    JZ_RULE_CANNOT_EVALUATE
};
#define JZ_LEVEL_NONE 255u
#define JZ_USED_MAX 16u

/** The result of one rule. No padding, no pointers. `lo == hi` and `complete` when nothing is missing. */
struct jz_assessment {
    int64_t evaluated_ms;
    uint64_t missing;    /**< bit per field index */
    uint64_t stale;      /**< bit per field index: used but stale */
    uint32_t conditions; /**< bit per condition index this result asks for */
    int32_t lo, hi;      /**< score; 0 and 1 for criteria: false and true */
    uint8_t status;      /**< enum jz_rule_status */
    uint8_t level;       /**< index for jz_program_level, decided on `lo`; JZ_LEVEL_NONE: none */
    uint8_t level_hi;    /**< level if all that is missing were at its worst */
    uint8_t priority;    /**< 1..5, 0: proposes none */
    uint8_t complete;
    uint8_t measure_next; /**< field index that would narrow the result most; 255: none */
    uint8_t used_count;
    uint8_t alarm; /**< 1: this result alone asks that the receiving hospital be alerted */
    struct {
        int64_t taken_ms;
        int32_t value;
        uint8_t field, points, validity, reserved;
    } used[JZ_USED_MAX];
};

/** Puts one reading into the chart: plausibility and pair checks first; the raw value is kept with why
 *  it was not believed. Temporal criteria look at every accepted reading, also late ones.
 *  @return bit per rule that depends on what changed (0: nothing). */
uint64_t jz_chart_observe(const struct jz_program *program, struct jz_chart *chart, uint32_t field,
                          struct jz_reading reading);

/** Evaluates one rule now. Freshness is judged at `now_ms`. Bounded time, no allocation. */
void jz_rule_evaluate(const struct jz_program *program, const struct jz_chart *chart, uint32_t rule,
                      int64_t now_ms, struct jz_assessment *out);

/** When the result can change without new data (a reading going stale, a repeat falling due).
 *  @return UTC ms after now_ms, or INT64_MAX. */
int64_t jz_chart_next_change(const struct jz_program *program, const struct jz_chart *chart, int64_t now_ms);

#endif /* JZ_RULES_H */
