/* SPDX-License-Identifier: Apache-2.0 */
#include "pair.h"

void jz_pair_uint(struct jz_writer *w, uint64_t key, uint64_t value) {
    jz_write_uint(w, key);
    jz_write_uint(w, value);
}

void jz_pair_int(struct jz_writer *w, uint64_t key, int64_t value) {
    jz_write_uint(w, key);
    jz_write_int(w, value);
}

void jz_pair_bool(struct jz_writer *w, uint64_t key, bool value) {
    jz_write_uint(w, key);
    jz_write_bool(w, value);
}

void jz_pair_text(struct jz_writer *w, uint64_t key, const char *value) {
    jz_write_uint(w, key);
    jz_write_cstr(w, value);
}

void jz_pair_bytes(struct jz_writer *w, uint64_t key, const uint8_t *data, size_t bytes) {
    jz_write_uint(w, key);
    jz_write_bytes(w, data, bytes);
}

void jz_pair_conditions(struct jz_writer *w, uint64_t key, const struct jz_program *program,
                        uint64_t conditions) {
    jz_write_uint(w, key);
    jz_write_array(w, (uint64_t)__builtin_popcountll(conditions));
    for (uint32_t i = 0; i < JZ_CONDITIONS_MAX; i++)
        if (conditions >> i & 1u) jz_write_cstr(w, jz_program_condition(program, i)->id);
}

void jz_pair_inputs(struct jz_writer *w, uint64_t key, const struct jz_rule_info *rule, uint64_t inputs) {
    jz_write_uint(w, key);
    jz_write_array(w, (uint64_t)__builtin_popcountll(inputs));
    for (; inputs; inputs &= inputs - 1u)
        jz_write_uint(w, jz_field_at(rule->input[__builtin_ctzll(inputs)])->code);
}

void jz_pair_used(struct jz_writer *w, uint64_t key, const struct jz_assessment *a) {
    jz_write_uint(w, key);
    jz_write_array(w, a->used_count);
    for (uint32_t i = 0; i < a->used_count; i++) {
        jz_write_array(w, 4);
        jz_write_uint(w, jz_field_at(a->used[i].field)->code);
        jz_write_int(w, a->used[i].value);
        jz_write_int(w, a->used[i].taken_ms);
        jz_write_bool(w, a->because >> a->used[i].input & 1u);
    }
}

void jz_pair_candidates(struct jz_writer *w, uint64_t key, const struct jz_directory *directory,
                        const struct jz_ranking *ranking) {
    jz_write_uint(w, key);
    jz_write_array(w, ranking->candidate_count);
    for (uint32_t i = 0; i < ranking->candidate_count; i++) {
        const struct jz_candidate *c = &ranking->candidate[i];
        jz_write_array(w, 8);
        jz_write_cstr(w, directory->facility[c->facility].id);
        jz_write_uint(w, c->travel_s);
        jz_write_uint(w, c->treatment_s);
        jz_write_uint(w, c->uncertainty_s);
        jz_write_bool(w, c->confirmed);
        jz_write_uint(w, c->door_s);
        jz_write_uint(w, c->cases);
        jz_write_uint(w, c->flags);
    }
}

void jz_pair_exclusions(struct jz_writer *w, uint64_t key, const struct jz_directory *directory,
                        const struct jz_ranking *ranking) {
    jz_write_uint(w, key);
    jz_write_array(w, ranking->exclusion_count);
    for (uint32_t i = 0; i < ranking->exclusion_count; i++) {
        const struct jz_exclusion *x = &ranking->exclusion[i];
        jz_write_array(w, 4);
        jz_write_cstr(w, directory->facility[x->facility].id);
        jz_write_uint(w, x->why);
        jz_write_cstr(w, x->capability);
        jz_write_uint(w, x->service);
    }
}

void jz_pair_changes(struct jz_writer *w, uint64_t key, const struct jz_directory *directory,
                     const struct jz_ranking *ranking) {
    jz_write_uint(w, key);
    jz_write_array(w, ranking->change_count);
    for (uint32_t i = 0; i < ranking->change_count; i++) {
        const struct jz_change *c = &ranking->change[i];
        jz_write_array(w, 6);
        jz_write_cstr(w, directory->facility[c->facility].id);
        jz_write_uint(w, c->kind);
        jz_write_uint(w, c->why);
        jz_write_cstr(w, c->capability);
        jz_write_uint(w, c->service);
        jz_write_uint(w, c->seconds < JZ_TREATMENT_S_MAX ? c->seconds : JZ_TREATMENT_S_MAX);
    }
}
