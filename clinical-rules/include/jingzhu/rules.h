/* SPDX-License-Identifier: Apache-2.0 */
/** @file jingzhu/rules.h  Rule packs compiled to a flat program, evaluated over one patient's chart.
 *
 *  Loading reads files, allocates and may fail; evaluating does neither. A program is immutable and
 *  may be shared by threads; a chart belongs to one patient and one thread.
 *  Missing is never normal: scores are intervals, criteria three-valued (Kleene).
 *
 *  Use     jz_chart_observe says which rules a reading can change, jz_chart_update evaluates those and the rules
 *          that read their results, jz_rule_evaluate explains one of them in full.
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

/** A set of rules by index. */
struct jz_rule_set {
    uint64_t word[JZ_RULES_MAX / 64u];
};
static inline bool jz_rule_set_has(const struct jz_rule_set *set, uint32_t rule) {
    return set->word[rule / 64u] >> (rule % 64u) & 1u;
}
static inline void jz_rule_set_add(struct jz_rule_set *set, uint32_t rule) {
    set->word[rule / 64u] |= 1ull << (rule % 64u);
}
static inline void jz_rule_set_unite(struct jz_rule_set *set, const struct jz_rule_set *other) {
    for (uint32_t i = 0; i < JZ_RULES_MAX / 64u; i++) set->word[i] |= other->word[i];
}
static inline bool jz_rule_set_any(const struct jz_rule_set *set) {
    uint64_t any = 0;
    for (uint32_t i = 0; i < JZ_RULES_MAX / 64u; i++) any |= set->word[i];
    return any != 0;
}

enum jz_rule_kind {
    JZ_KIND_SCORE,    /**< items with points, levels by total */
    JZ_KIND_CRITERIA, /**< levels by criteria, first match */
    JZ_KIND_CLOCK     /**< a target of a pathway: criteria over two milestones */
};

/** A rule as people read it. Strings live as long as the program; "" where there is none. */
struct jz_rule_info {
    const char *id, *version, *title_zh, *title_en, *source, *mark;
    const char *pack;                                      /**< "general/news2" */
    const char *for_zh, *for_en, *not_for_zh, *not_for_en; /**< population */
    const char *signed_by, *signed_date;                   /**< "" until a clinician signs */
    const char *why_disabled;                              /**< "" where enabled */
    bool signed_off, enabled;
    uint8_t kind;        /**< enum jz_rule_kind */
    uint8_t input_count; /**< <= JZ_INPUTS_MAX */
    uint8_t level_count;
    uint8_t item_count;    /**< scores */
    uint16_t pathway;      /**< index for jz_program_pathway, JZ_PATHWAY_NONE: not a clock */
    const uint16_t *input; /**< field indexes, in chart order; bit i of masks in an assessment is input[i] */
    const int64_t *fresh_ms; /**< of each input; 0: does not age */
};
#define JZ_PATHWAY_NONE UINT16_MAX
uint32_t jz_program_rule_count(const struct jz_program *program); /**< <= JZ_RULES_MAX */
const struct jz_rule_info *jz_program_rule(const struct jz_program *program, uint32_t rule);
/** @return its index, or UINT32_MAX. */
uint32_t jz_program_rule_by_id(const struct jz_program *program, const char *id);

/** A band or level a rule can end in; the most urgent has index 0. */
struct jz_level_info {
    const char *id, *title_zh, *title_en, *action_zh, *action_en, *source, *mark;
    uint64_t conditions; /**< bit per condition index this level asks for */
    uint8_t priority;    /**< 1..5, 0: proposes none */
    uint8_t alarm;       /**< 1: this level alone asks that the receiving hospital be alerted */
    uint8_t rule_out;    /**< 1: never given on incomplete, stale or invalid data */
    uint8_t reserved[5];
};
const struct jz_level_info *jz_program_level(const struct jz_program *program, uint32_t rule, uint32_t level);

/** One item of a score. */
struct jz_item_info {
    const char *title_zh, *title_en, *mark;
    uint16_t field; /**< JZ_FIELD_NONE where the item is a criterion or a derived value */
};
#define JZ_FIELD_NONE UINT16_MAX
const struct jz_item_info *jz_program_item(const struct jz_program *program, uint32_t rule, uint32_t item);

#define JZ_MUSTS_MAX 8u        /**< must entries of one condition, and as many prefer entries */
#define JZ_ALTERNATIVES_MAX 4u /**< keys of one must entry, of which one is enough */
#define JZ_FALLBACK_MUSTS_MAX 4u

/** What a condition's `door` time ends with, where hospitals keep a record of their own (server/routing/figures.h). */
enum jz_door_kind { JZ_DOOR_NONE, JZ_DOOR_WIRE, JZ_DOOR_NEEDLE, JZ_DOOR_DELIVERY, JZ_DOOR_CT };
/** What is done where no hospital meets the goal; a greater number goes first where conditions differ. */
enum jz_fallback_kind {
    JZ_FALLBACK_NONE,
    JZ_FALLBACK_NEAREST,   /**< the nearest that can begin, then transfer */
    JZ_FALLBACK_STABILISE, /**< the nearest that can hold mother or newborn, and a retrieval team */
    JZ_FALLBACK_LYSIS,     /**< fibrinolysis, then transfer to a catheter laboratory */
    JZ_FALLBACK_TEAM       /**< the best for the other conditions; this one's team goes to the patient */
};
/** A need: one of the keys is enough. */
struct jz_alternatives {
    uint8_t count; /**< 1 .. JZ_ALTERNATIVES_MAX */
    const char *key[JZ_ALTERNATIVES_MAX];
};
/** A condition asks for capabilities (packs/routing). The bit number in `conditions` is its index. All-zero members ask for
 *  nothing. */
struct jz_condition_info {
    const char *id, *title_zh, *title_en, *source; /**< "R01" */
    uint8_t must_count, prefer_count;
    struct jz_alternatives
        must[JZ_MUSTS_MAX]; /**< capability keys of the directory; all entries are needed */
    const char *prefer[JZ_MUSTS_MAX];
    uint64_t replaces; /**< bit per condition index: asks for nothing while this one is present; no circles */
    uint16_t
        services;   /**< bit per enum jz_service: places to reserve; who diverts one takes no such patient */
    uint16_t teams; /**< bit per enum jz_team: whom the alert calls */
    bool nearest;   /**< the nearest emergency department that is open, whatever else is present */
    bool fetal;     /**< a need of the unborn: yields to a mother of priority 1 */
    uint8_t door_kind; /**< enum jz_door_kind */
    uint8_t fallback;  /**< enum jz_fallback_kind */
    uint8_t fallback_must_count;
    bool bypass_limited; /**< false: nearer emergency departments may be passed whatever it costs */
    uint32_t bypass_s;   /**< the most added drive; 0: none may be passed */
    struct jz_alternatives fallback_must[JZ_FALLBACK_MUSTS_MAX];
    uint32_t goal_s; /**< time to treatment goal from first medical contact; 0: as soon as possible */
    const char *goal_milestone; /**< "wire"; "" where goal_s is 0 */
    uint32_t door_s;            /**< planned door to treatment where a hospital's own record is not known */
};
uint32_t jz_program_condition_count(const struct jz_program *program); /**< <= JZ_CONDITIONS_MAX */
const struct jz_condition_info *jz_program_condition(const struct jz_program *program, uint32_t condition);

/** A pathway: milestones with time targets, each of which is a rule of kind JZ_KIND_CLOCK. */
struct jz_pathway_info {
    const char *id, *version, *title_zh, *title_en, *source;
    uint64_t conditions;
    uint16_t first_rule, rule_count;
};
uint32_t jz_program_pathway_count(const struct jz_program *program);
const struct jz_pathway_info *jz_program_pathway(const struct jz_program *program, uint32_t pathway);
/** What a clock rule measures. */
struct jz_clock_info {
    uint16_t from, to; /**< event fields */
    uint32_t within_s;
};
struct jz_clock_info jz_program_clock(const struct jz_program *program, uint32_t rule);

/** A number that a clinical board may change in site/policy.yaml. */
struct jz_policy_info {
    const char *pack, *name, *title_zh, *title_en, *source, *mark, *unit;
    int64_t value, standard, min, max; /**< in force, as the pack has it, permitted range */
};
uint32_t jz_program_policy_count(const struct jz_program *program);
const struct jz_policy_info *jz_program_policy(const struct jz_program *program, uint32_t policy);

#define JZ_TEMPORAL_MAX 64u /**< "repeated", "pending", "held" memories in a program */
#define JZ_WINDOWS_MAX 4u   /**< "changed" and "trend" memories in a program */
#define JZ_WINDOW_BUCKETS 8u
#define JZ_PREDICATES_MAX 256u     /**< different comparisons of calculated numbers in a program */
#define JZ_CHART_READINGS_MAX 255u /**< different fields known of one patient; a byte of `slot` counts them */
#define JZ_INPUTS_MAX 64u          /**< fields one rule reads */

/** When a temporal criterion held, by the times the readings were taken; 0: never. `prior` is the newest
 *  before `last`, so that a reading which turns out inconsistent can be taken back. */
struct jz_temporal_state {
    int64_t first_true_ms, last_true_ms, prior_true_ms, last_false_ms;
};

/** The readings of one time, as far as temporal criteria look at them: in whatever order they come, a criterion over
 *  several fields is judged on all of them. */
struct jz_set {
    int64_t taken_ms; /**< 0: none yet */
    int64_t
        doubted_ms; /**< of the other half of a blood pressure, from before, that one of them contradicts; 0: none */
    uint64_t judged;  /**< bit per temporal */
    uint32_t doubted; /**< its field */
    uint32_t count;
    struct jz_reading reading[JZ_READINGS_PER_FRAME_MAX];
    struct jz_temporal_state
        before[JZ_TEMPORAL_MAX]; /**< of those that are judged: how they were without this set */
};

/** The values of one field before the newest over a window, in stretches of at least a seventh of it that begin with a
 *  reading. */
struct jz_window_state {
    int64_t begin_ms[JZ_WINDOW_BUCKETS]; /**< ascending from the one after `newest`, in a ring; 0: empty */
    int64_t last_ms[JZ_WINDOW_BUCKETS];  /**< of its readings */
    int64_t min_ms[JZ_WINDOW_BUCKETS], max_ms[JZ_WINDOW_BUCKETS];
    int64_t sum[JZ_WINDOW_BUCKETS];
    int32_t min[JZ_WINDOW_BUCKETS], max[JZ_WINDOW_BUCKETS];
    uint32_t count[JZ_WINDOW_BUCKETS];
    uint64_t newest; /**< index of the stretch under way */
};

enum jz_rule_status {
    JZ_RULE_UNKNOWN,
    JZ_RULE_FIRED,
    JZ_RULE_NOT_FIRED,
    JZ_RULE_NOT_APPLICABLE,
    JZ_RULE_CANNOT_EVALUATE
};
#define JZ_LEVEL_NONE 255u

/** What a chart keeps of a rule's result. `lo == hi` and `complete` when nothing is missing. */
struct jz_rule_result {
    int16_t lo, hi;   /**< score; 0 and 1 for criteria: false and true */
    uint8_t status;   /**< enum jz_rule_status; JZ_RULE_UNKNOWN: never evaluated */
    uint8_t level;    /**< index for jz_program_level, decided on what is certain; JZ_LEVEL_NONE: none */
    uint8_t level_hi; /**< level if all that is missing were at its worst */
    uint8_t complete;
    uint8_t stale; /**< 1: a value it rests on is stale; of rules that can rule something out, and of those
                                that such a rule reads */
    uint8_t known; /**< 1: cannot be evaluated, though at least one of its inputs has a value */
};

/** What one patient's rules remember. Zero it to start. No padding, no pointers: it is state. */
struct jz_chart {
    uint8_t slot[JZ_FIELDS_MAX]; /**< 1 + index in `reading` by field index; 0: absent */
    uint64_t count;              /**< of readings */
    struct jz_reading reading[JZ_CHART_READINGS_MAX];
    struct jz_temporal_state temporal[JZ_TEMPORAL_MAX];
    struct jz_set set;
    struct jz_window_state window[JZ_WINDOWS_MAX];
    struct jz_recent { /**< the two values before, of fields with a spike gate */
        int64_t ms[2];
        int32_t value[2];
    } recent[JZ_SPIKE_FIELDS_MAX];
    uint8_t predicate[JZ_PREDICATES_MAX]; /**< how each comparison of numbers last turned out */
    struct jz_rule_result result[JZ_RULES_MAX];
    struct jz_rule_set stale; /**< rules whose result is, once more: side by side */
};

/** Newest reading of a field; an absent one where there is none. */
struct jz_reading jz_chart_reading(const struct jz_chart *chart, uint32_t field);

/** Puts one reading into the chart: the artefact gate first (plausibility, pair, spike); the raw value is kept with
 *  why it was not believed. Temporal criteria look at every accepted reading, also late ones; those of one time that
 *  come one after the other (a frame) are judged together. An event field (kind 'e') takes the latest report, whatever
 *  its time.
 *  @param[out] due  Rules whose result the reading can change are added; never removed.
 *  @retval JZ_OK              Taken, or older than what is known.
 *  @retval JZ_E_FULL          JZ_CHART_READINGS_MAX other fields are known already: nothing is changed. */
JZ_MUST_CHECK enum jz_status jz_chart_observe(const struct jz_program *program, struct jz_chart *chart,
                                              uint32_t field, struct jz_reading reading,
                                              struct jz_rule_set *due);

/** Evaluates the rules of `due` in the order of their dependence, and those that read a changed result. Disabled
 *  rules are left out. Freshness is judged at `now_ms`. Bounded time, no allocation.
 *  @return the rules whose kept result changed. */
struct jz_rule_set jz_chart_update(const struct jz_program *program, struct jz_chart *chart,
                                   struct jz_rule_set due, int64_t now_ms);
/** The same. @param[out] before  NULL, or written at the index of each rule whose result changed: what it was. */
struct jz_rule_set jz_chart_update_from(const struct jz_program *program, struct jz_chart *chart,
                                        struct jz_rule_set due, int64_t now_ms,
                                        struct jz_rule_result before[JZ_RULES_MAX]);

/** When a result can change without new data (a reading going stale, a repeat falling due, a clock running out).
 *  @return UTC ms after now_ms, or INT64_MAX. */
int64_t jz_chart_next_change(const struct jz_program *program, const struct jz_chart *chart, int64_t now_ms);

/** The result of one rule with what it was made of. No padding, no pointers. */
struct jz_assessment {
    int64_t evaluated_ms;
    uint64_t missing;    /**< bit per input of the rule (jz_rule_info.input): has no value and could decide */
    uint64_t stale;      /**< bit per input: used but stale */
    uint64_t because;    /**< bit per input: makes the matched row true, or carries points */
    uint64_t conditions; /**< bit per condition index this result asks for */
    struct jz_rule_result result;
    uint8_t priority; /**< 1..5, 0: proposes none */
    uint8_t alarm;
    uint8_t used_count;    /**< <= JZ_INPUTS_MAX */
    uint8_t item_count;    /**< scores: points of each item below */
    uint16_t measure_next; /**< field index that would narrow the result most; JZ_FIELD_NONE: none */
    struct {
        int64_t taken_ms;
        int32_t value;
        uint16_t field;
        uint8_t validity, input; /**< JZ_VALID or JZ_STALE; index in jz_rule_info.input */
    } used[JZ_INPUTS_MAX];
    struct {
        int16_t lo, hi;
    } item[JZ_ITEMS_PER_RULE_MAX];
};

/** Explains one rule now. Reads, of the rules it depends on, the results kept in the chart. Pure. */
void jz_rule_evaluate(const struct jz_program *program, const struct jz_chart *chart, uint32_t rule,
                      int64_t now_ms, struct jz_assessment *out);

enum jz_language { JZ_ZH, JZ_EN };
/** The assessment in words, from the pack's own texts: title, level, action, every input with value, unit and age, what is
 *  missing, source, signature. Lines end in "\n"; the last ends in 0. Cut at a character boundary where it does not fit.
 *  @return bytes written without the 0. */
size_t jz_explain_text(const struct jz_program *program, uint32_t rule,
                       const struct jz_assessment *assessment, enum jz_language language, char *out,
                       size_t capacity);

#endif /* JZ_RULES_H */
