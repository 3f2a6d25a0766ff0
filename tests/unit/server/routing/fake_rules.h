/* SPDX-License-Identifier: Apache-2.0 */
/** @file fake_rules.h  A program of conditions only, written by the test: stands where the rule engine would. */
#ifndef FAKE_RULES_H
#define FAKE_RULES_H
#include "jingzhu/rules.h"

struct jz_program {
    uint32_t count;
    struct jz_condition_info condition[JZ_CONDITIONS_MAX];
};

/** Condition 0 is STEMI: must pci_24h and adult_icu, prefer cardiac_surgery, goal 120 min, door 60 min. */
struct jz_program stemi_program(void);
/** Deterministic numbers for random tests. */
uint32_t next_random(uint64_t *state);
/** The seed: environment JZ_SEED, else the clock. Prints it. */
uint64_t test_seed(void);

#endif /* FAKE_RULES_H */
