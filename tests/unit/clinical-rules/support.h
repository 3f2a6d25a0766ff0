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
#define PACKS_MAX 16

struct packs {
    size_t count;
    struct jz_pack_source source[PACKS_MAX];
};

/** Reads every pack of the tree; fails the test where one is missing. Free with packs_free. */
void packs_read(struct packs *packs);
void packs_free(struct packs *packs);
/** Compiles the tree's packs; prints the refusal and fails otherwise. */
struct jz_program *program_of_tree(void);

uint32_t field(const char *name);
uint64_t bit(const char *name);
uint32_t rule_index(const struct jz_program *program, const char *id);
uint32_t condition_bit(const struct jz_program *program, const char *id);
const char *level_id(const struct jz_program *program, uint32_t rule, uint8_t level);
uint64_t observe(const struct jz_program *program, struct jz_chart *chart, const char *name, int32_t value,
                 int64_t taken_ms);
struct jz_assessment evaluate(const struct jz_program *program, const struct jz_chart *chart,
                              const char *rule, int64_t now_ms);

/** A seed from JZ_SEED or the clock, printed either way. */
uint64_t seed_of(const char *test);
uint32_t draw(uint64_t *state, uint32_t below);

#endif /* JZ_RULES_TEST_SUPPORT_H */
