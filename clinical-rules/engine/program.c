/* SPDX-License-Identifier: Apache-2.0 */
#include "program.h"

#include <assert.h>

const uint8_t *jz_program_hash(const struct jz_program *program) {
    return program->hash;
}

uint32_t jz_program_rule_count(const struct jz_program *program) {
    return program->rule_count;
}

const struct jz_rule_info *jz_program_rule(const struct jz_program *program, uint32_t rule) {
    assert(rule < program->rule_count);
    return &program->rule[rule].info;
}

const struct jz_level_info *jz_program_level(const struct jz_program *program, uint32_t rule,
                                             uint32_t level) {
    assert(rule < program->rule_count && level < program->rule[rule].rows.count);
    return &program->level[program->rule[rule].rows.first + level];
}

uint32_t jz_program_condition_count(const struct jz_program *program) {
    return program->condition_count;
}

const struct jz_condition_info *jz_program_condition(const struct jz_program *program, uint32_t condition) {
    assert(condition < program->condition_count);
    return &program->condition[condition];
}
