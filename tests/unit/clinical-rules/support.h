/* SPDX-License-Identifier: Apache-2.0 */
/** @file support.h  The project's own packs, charts of patients and the usual includes for rule tests. */
#ifndef JZ_RULES_TEST_SUPPORT_H
#define JZ_RULES_TEST_SUPPORT_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "jingzhu/field.h"
#include "jingzhu/pack_tests.h"
#include "jingzhu/rules.h"

#define T0 INT64_C(1700000000000)
#define MINUTE INT64_C(60000)
#define PACKS_MAX 128

struct packs {
    size_t count;
    struct jz_pack_source source[PACKS_MAX];
};

/** Reads every *.yaml below clinical-rules/packs; fails the test where one cannot be read. Free with packs_free. */
void packs_read(struct packs *packs);
/** The packs beside the tests: everything the language has, in 5 files by name; the last are the site's settings. */
void packs_read_small(struct packs *packs);
void packs_free(struct packs *packs);
/** Compiles the tree's packs; prints the refusal and fails otherwise. */
struct jz_program *program_of_tree(void);

uint32_t field(const char *name);
uint32_t rule_index(const struct jz_program *program, const char *id);
/** Of a field among the inputs of a rule. */
uint64_t input_bit(const struct jz_program *program, const char *rule, const char *name);
uint64_t condition_bit(const struct jz_program *program, const char *id);
const char *level_id(const struct jz_program *program, uint32_t rule, uint8_t level);
/** Observes one valid reading and updates all rules it is due for, at its time. @return the rules that were due. */
struct jz_rule_set observe(const struct jz_program *program, struct jz_chart *chart, const char *name,
                           int32_t value, int64_t taken_ms);
struct jz_rule_set observe_reading(const struct jz_program *program, struct jz_chart *chart, const char *name,
                                   struct jz_reading reading);
/** Brings every rule up to `now_ms`, then explains one. */
struct jz_assessment evaluate(const struct jz_program *program, struct jz_chart *chart, const char *rule,
                              int64_t now_ms);
/** Newest reading of a field. */
struct jz_reading newest(const struct jz_chart *chart, const char *name);

/** A seed from JZ_SEED or the clock, printed either way. */
uint64_t seed_of(const char *test);
uint32_t draw(uint64_t *state, uint32_t below);

#endif /* JZ_RULES_TEST_SUPPORT_H */
