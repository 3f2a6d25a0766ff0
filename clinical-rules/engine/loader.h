/* SPDX-License-Identifier: Apache-2.0 */
/** @file loader.h  The compiler of rule packs: one struct that passes share (private to engine/).
 *
 *  All documents stay open while it works, so that packs can name each other's rules and definitions.
 *  Every step refuses through its `struct jz_yaml` and returns; the caller looks at `refused` once. */
#ifndef JZ_LOADER_H
#define JZ_LOADER_H
#include "expr.h"
#include "jingzhu/pack_tests.h"
#include "jingzhu/yaml.h"

#define JZ_DEFINES_MAX 64u
#define JZ_PACK_INPUTS_MAX 256u
#define JZ_USES_MAX 8u
#define JZ_LEVELS_MAX 64u /**< of one rule */
#define JZ_NAME_MAX 40u
#define JZ_SENTENCE_MAX 512u
#define JZ_TEMPORAL_NEW_MAX 16u /**< temporal memories that one expression may bring */
#define JZ_TEMPORAL_OF_DEFINE_MAX 8u
#define JZ_WORKS_MAX 256u /**< nodes and steps waiting while an expression is read */

/** A field as one pack reads it. */
struct jz_input {
    int64_t fresh_ms;
    struct fy_node *at;
    int32_t absent; /**< what absence means, where the pack says so with a reason */
    uint16_t field;
    bool has_absent, used;
};
/** A criterion (`when`) or number (`value`) with a name, in one pack. */
struct jz_define {
    char name[JZ_NAME_MAX];
    struct fy_node *at, *when, *value;
    const char *title_zh, *title_en; /**< "" where there is none */
    uint32_t within_s;
    int32_t plausible_lo, plausible_hi; /**< the type's ends where open */
    bool used, open;                    /**< open: it is being read, so naming it now would be a circle */
    uint32_t temporal_count;
    struct {
        uint32_t apart_s;
        uint8_t kind, index;
    } temporal[JZ_TEMPORAL_OF_DEFINE_MAX]; /**< temporal forms of this name: one memory a kind and interval */
};
struct jz_pack {
    struct jz_yaml y;
    const char *id;
    const char *population[4]; /**< for whom and for whom not, each zh and en */
    uint32_t input_count, define_count, use_count;
    struct jz_input input[JZ_PACK_INPUTS_MAX];
    struct jz_define define[JZ_DEFINES_MAX];
    uint8_t use[JZ_USES_MAX]; /**< packs whose names may be used */
};
/** Where a rule stands. A target of a pathway has both nodes, any other rule only `map`. */
struct jz_rule_at {
    struct fy_node *map, *pathway;
    uint8_t pack;
};
/** A place in a pack, kept for what is said about the compiled program. A line of text gives several steps: `nth` of
 *  them. A definition is read wherever it is named, so that steps of one place are one thing that somebody wrote. */
struct jz_place {
    int line, column;
    uint16_t nth;
    uint8_t pack;
};

struct jz_loader {
    struct jz_pack *at; /**< the pack whose names hold now */
    struct jz_yaml *y;  /**< its document: refuse through this */
    struct jz_program *program;
    struct jz_pack_error *error;
    uint32_t pack_count;
    struct jz_pack *pack; /**< in the order of their names */
    struct jz_rule_at rule[JZ_RULES_MAX];
    uint32_t chart_count; /**< fields of the pack at hand and of all packs it uses, in chart order */
    struct jz_input *chart[JZ_FIELDS_MAX];
    uint64_t fields[JZ_FIELDS_MAX / 64u]; /**< read by the rule at hand */
    struct {
        struct jz_pack *pack;
        struct fy_node *when;
        uint8_t index;
    } due[JZ_TEMPORAL_NEW_MAX]; /**< criteria of new temporal memories, to be compiled next */
    uint32_t due_count;
    struct jz_place step_at[JZ_STEPS_MAX], band_at[JZ_BANDS_MAX], item_at[JZ_ITEMS_MAX], row_at[JZ_ROWS_MAX];
};

static inline void jz_fields_add(uint64_t *fields, uint32_t field) {
    fields[field / 64u] |= 1ull << (field % 64u);
}
static inline bool jz_fields_has(const uint64_t *fields, uint32_t field) {
    return fields[field / 64u] >> (field % 64u) & 1u;
}

/* pack_load.c */
/** From now on names are those of `pack`, and refusals its lines. A refusal is carried along. */
void jz_enter(struct jz_loader *l, struct jz_pack *pack);
struct jz_place jz_place(const struct jz_loader *l, struct fy_node *node);
/** Refuses at a place noted before. */
void jz_refuse_at(struct jz_loader *l, struct jz_place place, const char *text);
/** Copies a sentence into the program's text. `out` is never NULL after. */
void jz_load_text(struct jz_loader *l, struct fy_node *node, const char **out);
void jz_load_required_text(struct jz_loader *l, struct fy_node *map, const char *key, const char **out);
/** As jz_load_required_text, or `other` where the key is absent. */
void jz_load_text_or(struct jz_loader *l, struct fy_node *map, const char *key, const char *other,
                     const char **out);
/** {zh: ..., en: ...} */
void jz_load_title(struct jz_loader *l, struct fy_node *map, const char *key, const char **zh,
                   const char **en);
void jz_load_title_or_none(struct jz_loader *l, struct fy_node *map, const char *key, const char **zh,
                           const char **en);
void jz_load_mark(struct jz_loader *l, struct fy_node *map, const char **out);
/** As jz_load_mark, or `other` where there is none. */
void jz_load_mark_or(struct jz_loader *l, struct fy_node *map, const char *other, const char **out);
/** An identifier: letters, digits, "-", "_", ".", "/". */
void jz_load_id(struct jz_loader *l, struct fy_node *node, const char **out);
/** Two sentences joined into the program's text. */
void jz_load_joined(struct jz_loader *l, struct fy_node *at, const char *a, const char *b, const char **out);
/** An input that may be named here, or NULL. */
struct jz_input *jz_find_input(struct jz_loader *l, const char *name);
/** A definition that may be named here, and its pack; NULL: none, or refused as ambiguous. */
struct jz_define *jz_find_define(struct jz_loader *l, struct fy_node *node, const char *name,
                                 struct jz_pack **pack);
/** An input of the pack at hand or of those it uses, as its chart has it; NULL: none. */
struct jz_input *jz_chart_input(struct jz_loader *l, uint32_t field);
/** A value of a field: its word, a date, or a number; within the plausible range. */
int32_t jz_load_value(struct jz_loader *l, struct fy_node *node, const char *word, uint32_t field);
bool jz_parse_date(const char *word, int64_t *days);
/** `enabled: no` with its reason. */
void jz_load_enabled(struct jz_loader *l, struct fy_node *map, struct jz_rule_info *info);
/** Leaves `out` as it is where the map has no population. */
void jz_load_population(struct jz_loader *l, struct fy_node *map, const char *out[4]);
void jz_load_head(struct jz_loader *l);
void jz_load_names(struct jz_loader *l);
void jz_load_chart(struct jz_loader *l);
void jz_check_unused(struct jz_loader *l);
void jz_each_entry(struct jz_loader *l, struct fy_node *list,
                   void (*load)(struct jz_loader *, struct fy_node *));
void jz_each_pair(struct jz_loader *l, struct fy_node *map,
                  void (*load)(struct jz_loader *, struct jz_yaml_pair));

/* pack_policy.c */
#define JZ_SITE_PACK "site/policy"
void jz_load_policy(struct jz_loader *l, struct jz_yaml_pair pair);
void jz_load_site_policy(struct jz_loader *l, struct fy_node *root);
void jz_load_site_rules(struct jz_loader *l, struct fy_node *root);
const struct jz_policy_info *jz_find_policy(const struct jz_loader *l, const char *name);

/* pack_expr.c */
struct jz_span jz_load_expr(struct jz_loader *l, struct fy_node *node);
struct jz_span jz_load_number(struct jz_loader *l, struct fy_node *node);
/** A number that is known now: digits, durations, dates, policies and arithmetic over them. */
int64_t jz_load_constant(struct jz_loader *l, struct fy_node *node, int64_t min, int64_t max);
/** "15 min", or the policy that says how long; seconds. */
uint32_t jz_load_duration(struct jz_loader *l, struct fy_node *node);
/** Steps written by hand, for the clocks of pathways. */
void jz_load_steps(struct jz_loader *l, struct fy_node *at, const struct jz_step *steps, uint32_t count,
                   struct jz_span *out);
/** Whether it looks at its `field`. */
bool jz_step_reads_field(const struct jz_step *step);
/** First step of the operand whose last step is `end`. */
uint32_t jz_operand_begin(const struct jz_program *p, uint32_t end);

/* pack_score.c */
void jz_load_items(struct jz_loader *l, struct fy_node *map, struct jz_rule *rule);
bool jz_split_range(char *word, const char **from, const char **to);

/* pack_rule.c */
void jz_load_rule_head(struct jz_loader *l, struct fy_node *map);
void jz_load_rule_body(struct jz_loader *l, uint32_t rule);
struct jz_rule *jz_new_rule(struct jz_loader *l, struct fy_node *map, struct fy_node *pathway);
struct jz_level_info *jz_new_row(struct jz_loader *l, struct fy_node *map);
void jz_load_rule_id(struct jz_loader *l, struct fy_node *map, const char **out);
void jz_load_sign_off(struct jz_loader *l, struct fy_node *map, struct jz_rule_info *info);
void jz_load_applies(struct jz_loader *l, struct fy_node *map, struct jz_rule *rule);
void jz_load_priority(struct jz_loader *l, struct fy_node *map, uint8_t *out);

/* pack_path.c */
void jz_load_pathway(struct jz_loader *l, struct fy_node *map);
void jz_load_target_body(struct jz_loader *l, struct jz_rule *rule, const struct jz_rule_at *at);

/* pack_route.c */
void jz_load_condition(struct jz_loader *l, struct fy_node *node);
/** What a condition replaces, once all conditions of all packs are known. */
void jz_load_replaces(struct jz_loader *l, struct fy_node *node);
uint64_t jz_load_conditions_of(struct jz_loader *l, struct fy_node *list);

/* pack_check.c */
#define JZ_TOTAL_MAX (JZ_POINTS_MAX * (int32_t)JZ_ITEMS_PER_RULE_MAX)
/** The totals that the items of a score can add up to. Some of them may be out of reach all the same, where one input
 *  gives points in two items; a total that is not in here cannot come about. */
struct jz_totals {
    int32_t least, most;
    bool can[2 * JZ_TOTAL_MAX + 1]; /**< by total + JZ_TOTAL_MAX */
};
void jz_list_totals(const struct jz_program *p, const struct jz_rule *rule, struct jz_totals *out);
bool jz_can_total(const struct jz_totals *totals, int64_t lo, int64_t hi);
/** The most points one item can have. */
int32_t jz_most_points(const struct jz_program *p, const struct jz_rule *rule);
int32_t jz_least_points(const struct jz_program *p, const struct jz_rule *rule, uint32_t item);
void jz_check_score_rows(struct jz_loader *l, struct fy_node *levels, const struct jz_rule *rule);
void jz_check_order(struct jz_loader *l, struct fy_node *levels, const struct jz_rule *rule);

/* pack_reach.c */
/** What a criterion is for certain wherever the field has the value; JZ_MAYBE: that depends. */
enum jz_tri jz_criterion_at(const struct jz_program *p, uint32_t field, int32_t value, struct jz_span span);
/** Refuses criteria that cannot be true and rows that an earlier one always precedes. */
void jz_check_reach(struct jz_loader *l, const struct jz_rule *rule);

/* compile.c */
struct jz_packs {
    size_t count;
    const struct jz_pack_source *source;
    uint8_t order[JZ_PACKS_MAX]; /**< by name */
};
enum jz_status jz_packs_sort(const struct jz_pack_source *packs, size_t count, struct jz_packs *out,
                             struct jz_pack_error *error);
/** Compiles and leaves the documents open, for the tests in them. `as_if_enabled`: every rule is.
 *  Free with jz_loader_free in any case; it owns `out->program` until that is set to NULL. */
enum jz_status jz_loader_open(const struct jz_pack_source *packs, size_t count, bool as_if_enabled,
                              struct jz_loader **out, struct jz_pack_error *error);
void jz_loader_free(struct jz_loader *l); /**< NULL is allowed */

#endif /* JZ_LOADER_H */
