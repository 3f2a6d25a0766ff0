/* SPDX-License-Identifier: Apache-2.0 */
/* The tests that packs carry: do they pass, and would they notice a small error in a rule? */
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "jingzhu/pack_tests.h"
#include "tool_flags.h"
#include "tool_packs.h"

static void print_place(FILE *out, const struct jz_pack_error *error) {
    fprintf(out, "%s:%d:%d: %s\n", error->file, error->line, error->column, error->text);
}

static int test(const struct jz_tool_packs *packs) {
    struct jz_pack_error error = {.line = 0};
    struct jz_pack_tests *tests = calloc(1, sizeof *tests);
    enum jz_status status =
        tests ? jz_pack_tests_run(packs->source, packs->count, tests, &error) : JZ_E_MEMORY;
    if (status == JZ_OK) {
        printf("%u rules, %u test cases, all passed\n", tests->rules, tests->tests);
    } else if (tests && tests->failed) {
        for (uint32_t i = 0; i < tests->listed; i++) print_place(stdout, &tests->failure[i]);
        if (tests->failed > tests->listed) printf("and %u more\n", tests->failed - tests->listed);
        printf("%u rules, %u test cases, %u failed, %u bounds without a test on both sides\n", tests->rules,
               tests->tests, tests->failed - tests->uncovered, tests->uncovered);
    } else {
        jz_tool_complain(&error, status);
    }
    free(tests);
    return status == JZ_OK ? JZ_EXIT_OK : JZ_EXIT_WRONG;
}

/* In hundredths of a percent, rounded down: 100.00 % is said only of all. */
static void print_score(const char *name, uint32_t mutants, uint32_t killed, uint32_t equivalent) {
    uint32_t share = mutants ? (uint32_t)((uint64_t)killed * 10000u / mutants) : 10000u;
    printf("%-24s %6u of %6u killed  %3u.%02u %%", name, killed, mutants, share / 100u, share % 100u);
    if (equivalent) printf("  (%u equivalent)", equivalent);
    printf("\n");
}

static void print_mutation(const struct jz_mutation *m) {
    for (uint32_t i = 0; i < m->rules; i++)
        print_score(m->rule[i].id, m->rule[i].mutants, m->rule[i].killed, m->rule[i].equivalent);
    for (uint32_t i = 0; i < m->listed; i++) {
        printf("survived %s ", m->survivor[i].rule);
        print_place(stdout, &m->survivor[i].at);
    }
    uint32_t survived = m->mutants - m->killed;
    if (survived > m->listed) printf("and %u more\n", survived - m->listed);
    print_score("total", m->mutants, m->killed, m->equivalent);
}

static int mutate(const struct jz_tool_packs *packs) {
    struct jz_pack_error error = {.line = 0};
    struct jz_mutation *m = calloc(1, sizeof *m);
    enum jz_status status = m ? jz_pack_mutate(packs->source, packs->count, m, &error) : JZ_E_MEMORY;
    if (status == JZ_OK)
        print_mutation(m);
    else
        jz_tool_complain(&error, status);
    bool all = status == JZ_OK && m->killed == m->mutants;
    free(m);
    return all ? JZ_EXIT_OK : JZ_EXIT_WRONG;
}

int jz_cmd_rules_test(int argc, char **argv) {
    const char *folder = JZ_TOOL_PACKS_FOLDER;
    bool mutants = false;
    const struct jz_tool_flag flags[] = {{"--packs", &folder, NULL}, {"--mutate", NULL, &mutants}};
    struct jz_tool_rest rest;
    if (!jz_tool_flags(argc, argv, flags, 2, &rest) || rest.count > 1) {
        fprintf(stderr, "usage: jingzhu rules test [--mutate] [FOLDER]\n");
        return JZ_EXIT_USAGE;
    }
    struct jz_tool_packs *packs = jz_tool_packs_read(rest.count ? rest.word[0] : folder);
    if (!packs) return JZ_EXIT_WRONG;
    int code = test(packs);
    if (code == JZ_EXIT_OK && mutants) code = mutate(packs);
    jz_tool_packs_free(packs);
    return code;
}
