/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <time.h>

static const char *const names[] = {"chest-pain/entry.yaml",      "chest-pain/stemi-confirmed.yaml",
                                    "general/news2.yaml",         "obstetric/nicu-gate.yaml",
                                    "obstetric/risk-colour.yaml", "obstetric/severe-hypertension.yaml",
                                    "routing/conditions.yaml"};

static char *read_file(const char *path, size_t *bytes) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    assert_true(size > 0);
    rewind(file);
    char *text = malloc((size_t)size);
    assert_non_null(text);
    *bytes = fread(text, 1, (size_t)size, file);
    assert_int_equal(*bytes, size);
    fclose(file);
    return text;
}

void packs_read(struct packs *packs) {
    packs->count = sizeof names / sizeof names[0];
    for (size_t i = 0; i < packs->count; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/clinical-rules/packs/%s", JZ_SOURCE_DIR, names[i]);
        packs->source[i].name = names[i];
        packs->source[i].yaml = read_file(path, &packs->source[i].bytes);
    }
}

void packs_free(struct packs *packs) {
    for (size_t i = 0; i < packs->count; i++) free((void *)(uintptr_t)packs->source[i].yaml);
    packs->count = 0;
}

struct jz_program *program_of_tree(void) {
    struct packs packs;
    struct jz_program *program;
    struct jz_pack_error error = {0};
    packs_read(&packs);
    enum jz_status status = jz_program_compile(packs.source, packs.count, &program, &error);
    packs_free(&packs);
    if (status != JZ_OK) fail_msg("%s:%d:%d: %s", error.file, error.line, error.column, error.text);
    return program;
}

uint32_t field(const char *name) {
    uint32_t index = jz_field_by_name(name);
    assert_int_not_equal(index, JZ_FIELD_UNKNOWN);
    return index;
}

uint64_t bit(const char *name) {
    return 1ull << field(name);
}

uint32_t rule_index(const struct jz_program *program, const char *id) {
    for (uint32_t i = 0; i < jz_program_rule_count(program); i++)
        if (strcmp(jz_program_rule(program, i)->id, id) == 0) return i;
    fail_msg("no rule %s", id);
    return 0;
}

uint32_t condition_bit(const struct jz_program *program, const char *id) {
    for (uint32_t i = 0; i < jz_program_condition_count(program); i++)
        if (strcmp(jz_program_condition(program, i)->id, id) == 0) return 1u << i;
    fail_msg("no condition %s", id);
    return 0;
}

const char *level_id(const struct jz_program *program, uint32_t rule, uint8_t level) {
    return level == JZ_LEVEL_NONE ? "none" : jz_program_level(program, rule, level)->id;
}

uint64_t observe(const struct jz_program *program, struct jz_chart *chart, const char *name, int32_t value,
                 int64_t taken_ms) {
    struct jz_reading reading = {.taken_ms = taken_ms, .value = value, .validity = JZ_VALID};
    return jz_chart_observe(program, chart, field(name), reading);
}

struct jz_assessment evaluate(const struct jz_program *program, const struct jz_chart *chart,
                              const char *rule, int64_t now_ms) {
    struct jz_assessment out;
    jz_rule_evaluate(program, chart, rule_index(program, rule), now_ms, &out);
    return out;
}

uint64_t seed_of(const char *test) {
    const char *given = getenv("JZ_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    printf("%s: JZ_SEED=%llu\n", test, (unsigned long long)seed);
    return seed * 2654435769u + 1;
}

uint32_t draw(uint64_t *state, uint32_t below) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (uint32_t)(*state >> 33) % below;
}
