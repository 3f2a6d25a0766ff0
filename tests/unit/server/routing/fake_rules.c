/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

uint32_t jz_program_condition_count(const struct jz_program *program) {
    return program->count;
}

const struct jz_condition_info *jz_program_condition(const struct jz_program *program, uint32_t condition) {
    return &program->condition[condition];
}

struct jz_program stemi_program(void) {
    return (struct jz_program){.count = 1,
                               .condition = {{.id = "R01",
                                              .must_count = 2,
                                              .must = {{1, {"pci_24h"}}, {1, {"adult_icu"}}},
                                              .prefer_count = 1,
                                              .prefer = {"cardiac_surgery"},
                                              .goal_s = 7200,
                                              .goal_milestone = "wire",
                                              .door_s = 3600}}};
}

/* splitmix64 */
uint32_t next_random(uint64_t *state) {
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ (z >> 31)) >> 32);
}

uint64_t test_seed(void) {
    const char *given = getenv("JZ_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    printf("JZ_SEED=%llu\n", (unsigned long long)seed);
    return seed;
}
