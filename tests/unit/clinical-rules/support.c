/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <dirent.h>
#include <time.h>

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

static const char *const folders[] = {"chest-pain", "general", "neonatal", "obstetric", "routing", "site"};

static void read_pack(struct packs *packs, const char *root, const char *folder, const char *file) {
    char path[1024], name[512];
    assert_true(packs->count < PACKS_MAX);
    snprintf(name, sizeof name, "%s/%s", folder, file);
    snprintf(path, sizeof path, "%s/%s/%s", JZ_SOURCE_DIR, root, name);
    struct jz_pack_source *source = &packs->source[packs->count++];
    source->name = strdup(name);
    source->yaml = read_file(path, &source->bytes);
}

void packs_read(struct packs *packs) {
    packs->count = 0;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/clinical-rules/packs/%s", JZ_SOURCE_DIR, folders[i]);
        DIR *dir = opendir(path);
        for (struct dirent *entry; dir && (entry = readdir(dir));)
            if (strstr(entry->d_name, ".yaml"))
                read_pack(packs, "clinical-rules/packs", folders[i], entry->d_name);
        if (dir) closedir(dir);
    }
    assert_true(packs->count > 0);
}

void packs_read_small(struct packs *packs) {
    static const char *const files[][2] = {{"a", "rules.yaml"},
                                           {"b", "more.yaml"},
                                           {"c", "shared.yaml"},
                                           {"routing", "r.yaml"},
                                           {"site", "policy.yaml"}};
    packs->count = 0;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        read_pack(packs, "tests/unit/clinical-rules/packs", files[i][0], files[i][1]);
}

void packs_free(struct packs *packs) {
    for (size_t i = 0; i < packs->count; i++) {
        free((void *)(uintptr_t)packs->source[i].name);
        free((void *)(uintptr_t)packs->source[i].yaml);
    }
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

uint32_t rule_index(const struct jz_program *program, const char *id) {
    uint32_t rule = jz_program_rule_by_id(program, id);
    if (rule == UINT32_MAX) fail_msg("no rule %s", id);
    return rule;
}

uint64_t input_bit(const struct jz_program *program, const char *rule, const char *name) {
    const struct jz_rule_info *info = jz_program_rule(program, rule_index(program, rule));
    for (uint32_t i = 0; i < info->input_count; i++)
        if (info->input[i] == field(name)) return 1ull << i;
    fail_msg("%s does not read %s", rule, name);
    return 0;
}

uint64_t condition_bit(const struct jz_program *program, const char *id) {
    for (uint32_t i = 0; i < jz_program_condition_count(program); i++)
        if (strcmp(jz_program_condition(program, i)->id, id) == 0) return 1ull << i;
    fail_msg("no condition %s", id);
    return 0;
}

const char *level_id(const struct jz_program *program, uint32_t rule, uint8_t level) {
    return level == JZ_LEVEL_NONE ? "none" : jz_program_level(program, rule, level)->id;
}

struct jz_rule_set observe_reading(const struct jz_program *program, struct jz_chart *chart, const char *name,
                                   struct jz_reading reading) {
    struct jz_rule_set due = {{0}};
    assert_int_equal(jz_chart_observe(program, chart, field(name), reading, &due), JZ_OK);
    (void)jz_chart_update(program, chart, due, reading.taken_ms);
    return due;
}

struct jz_rule_set observe(const struct jz_program *program, struct jz_chart *chart, const char *name,
                           int32_t value, int64_t taken_ms) {
    struct jz_reading reading = {.taken_ms = taken_ms, .value = value, .validity = JZ_VALID};
    return observe_reading(program, chart, name, reading);
}

struct jz_assessment evaluate(const struct jz_program *program, struct jz_chart *chart, const char *rule,
                              int64_t now_ms) {
    struct jz_assessment out;
    struct jz_rule_set all;
    memset(&all, 0xff, sizeof all);
    for (uint32_t i = jz_program_rule_count(program); i < JZ_RULES_MAX; i++)
        all.word[i / 64u] &= ~(1ull << (i % 64u));
    (void)jz_chart_update(program, chart, all, now_ms);
    jz_rule_evaluate(program, chart, rule_index(program, rule), now_ms, &out);
    return out;
}

struct jz_reading newest(const struct jz_chart *chart, const char *name) {
    return jz_chart_reading(chart, field(name));
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
