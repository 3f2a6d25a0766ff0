/* SPDX-License-Identifier: Apache-2.0 */
/** @file loader.h  The compiler of rule packs: one struct that passes share (private to engine/).
 *
 *  Every step refuses through its `struct jz_yaml` and returns; the caller looks at `refused` once. */
#ifndef JZ_LOADER_H
#define JZ_LOADER_H
#include "jingzhu/pack_tests.h"
#include "jingzhu/yaml.h"
#include "program.h"

#define JZ_DEFINES_MAX 64u
#define JZ_NAME_MAX 40u
#define JZ_SENTENCE_MAX 512u

/** A field as one pack reads it. */
struct jz_input {
    uint32_t field;
    int64_t fresh_ms;
    bool has_absent;
    int32_t absent; /**< what absence means, where the pack says so with a reason */
    bool used;
    struct fy_node *at;
};
/** An expression with a name, in one pack. */
struct jz_define {
    char name[JZ_NAME_MAX];
    struct fy_node *when;
    bool used;
    uint32_t temporal_count;
    struct {
        uint32_t apart_s, index;
    } temporal[4]; /**< "repeated" of this name: one memory an interval */
};

struct jz_loader {
    struct jz_yaml *y; /**< the pack at hand */
    struct jz_program *program;
    struct jz_pack_tests *tests; /**< NULL: read the tests, do not run them */
    uint32_t input_count, define_count;
    struct jz_input input[JZ_FIELDS_MAX];
    struct jz_define define[JZ_DEFINES_MAX];
    uint64_t fields;        /**< read by the rule at hand */
    struct fy_node *due[8]; /**< inner expressions of new temporals, to be compiled next */
    uint32_t due_index[8], due_count;
};

/* pack_load.c */
/** Copies a sentence into the program's text. `out` is never NULL after. */
void jz_load_text(struct jz_loader *l, struct fy_node *node, const char **out);
void jz_load_required_text(struct jz_loader *l, struct fy_node *map, const char *key, const char **out);
/** {zh: ..., en: ...} */
void jz_load_title(struct jz_loader *l, struct fy_node *map, const char *key, const char **zh,
                   const char **en);
void jz_load_mark(struct jz_loader *l, struct fy_node *map);
/** An identifier: letters, digits, "-", "_", ".", "/". */
void jz_load_id(struct jz_loader *l, struct fy_node *node, const char **out);
struct jz_input *jz_load_input(struct jz_loader *l, const char *name);
/** A value of a field: its word, or a number where it has no words; within the plausible range. */
int32_t jz_load_value(struct jz_loader *l, struct fy_node *node, const char *word, uint32_t field);
/** Compiles conditions (pass 1) or inputs, definitions and rules (pass 2) of the pack at hand. */
void jz_load_pack(struct jz_loader *l, bool conditions);

/* pack_expr.c */
struct jz_span jz_load_expr(struct jz_loader *l, struct fy_node *node);

/* pack_rule.c */
void jz_load_rule(struct jz_loader *l, struct fy_node *node);

/* pack_route.c */
void jz_load_condition(struct jz_loader *l, struct fy_node *node);
uint32_t jz_load_conditions_of(struct jz_loader *l, struct fy_node *list);

/* pack_check.c */
void jz_check_score_rows(struct jz_loader *l, struct fy_node *at, const struct jz_rule *rule);
void jz_check_order(struct jz_loader *l, struct fy_node *at, const struct jz_rule *rule);
/** Every bound of the rule has a test on both sides. `seen` are (field, value) pairs that tests use. */
struct jz_seen {
    uint32_t field;
    int32_t value;
};
#define JZ_SEEN_TIME JZ_FIELDS_MAX         /**< seconds between readings, or from the first to now */
#define JZ_SEEN_SCORE (JZ_FIELDS_MAX + 1u) /**< totals that tests expect */
void jz_check_coverage(struct jz_loader *l, struct fy_node *at, const struct jz_rule *rule,
                       const struct jz_seen *seen, uint32_t count);

/* pack_test.c */
void jz_check_tests(struct jz_loader *l, struct fy_node *tests, const struct jz_rule *rule);

/* compile.c */
struct jz_packs {
    size_t count;
    const struct jz_pack_source *source;
    uint8_t order[JZ_PACKS_MAX]; /**< by name */
};
enum jz_status jz_packs_sort(const struct jz_pack_source *packs, size_t count, struct jz_packs *out,
                             struct jz_pack_error *error);

#endif /* JZ_LOADER_H */
