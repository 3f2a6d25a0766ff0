/* SPDX-License-Identifier: Apache-2.0 */
#include "program.h"

#include <assert.h>
#include <string.h>

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

uint32_t jz_program_rule_by_id(const struct jz_program *program, const char *id) {
    for (uint32_t i = 0; i < program->rule_count; i++)
        if (strcmp(program->rule[i].info.id, id) == 0) return i;
    return UINT32_MAX;
}

const struct jz_level_info *jz_program_level(const struct jz_program *program, uint32_t rule,
                                             uint32_t level) {
    assert(rule < program->rule_count && level < program->rule[rule].rows.count);
    return &program->level[program->rule[rule].rows.first + level];
}

const struct jz_item_info *jz_program_item(const struct jz_program *program, uint32_t rule, uint32_t item) {
    assert(rule < program->rule_count && item < program->rule[rule].items.count);
    return &program->item_info[program->rule[rule].items.first + item];
}

uint32_t jz_program_condition_count(const struct jz_program *program) {
    return program->condition_count;
}

const struct jz_condition_info *jz_program_condition(const struct jz_program *program, uint32_t condition) {
    assert(condition < program->condition_count);
    return &program->condition[condition];
}

uint32_t jz_program_pathway_count(const struct jz_program *program) {
    return program->pathway_count;
}

const struct jz_pathway_info *jz_program_pathway(const struct jz_program *program, uint32_t pathway) {
    assert(pathway < program->pathway_count);
    return &program->pathway[pathway];
}

struct jz_clock_info jz_program_clock(const struct jz_program *program, uint32_t rule) {
    assert(rule < program->rule_count && program->rule[rule].info.kind == JZ_KIND_CLOCK);
    return program->rule[rule].clock;
}

uint32_t jz_program_policy_count(const struct jz_program *program) {
    return program->policy_count;
}

const struct jz_policy_info *jz_program_policy(const struct jz_program *program, uint32_t policy) {
    assert(policy < program->policy_count);
    return &program->policy[policy];
}
