/* SPDX-License-Identifier: Apache-2.0 */
/* Is this folder fit to be activated? It compiles, and the tests it carries pass. */
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "jingzhu/pack_tests.h"
#include "tool_flags.h"
#include "tool_packs.h"

static void print_rules(const struct jz_program *program) {
    for (uint32_t i = 0; i < jz_program_rule_count(program); i++) {
        const struct jz_rule_info *rule = jz_program_rule(program, i);
        printf("%-22s %-8s %s / %s%s%s\n", rule->id, rule->version, rule->title_zh, rule->title_en,
               rule->signed_off ? "" : " (unsigned)", rule->enabled ? "" : " (disabled)");
    }
}

static int check(const struct jz_tool_packs *packs, struct jz_pack_tests *tests) {
    struct jz_pack_error error = {.line = 0};
    enum jz_status status = jz_pack_tests_run(packs->source, packs->count, tests, &error);
    if (status != JZ_OK) {
        jz_tool_complain(tests->failed ? &tests->failure[0] : &error, status);
        if (tests->failed > 1)
            fprintf(stderr, "%u more; `jingzhu rules test` lists them\n", tests->failed - 1);
        return JZ_EXIT_WRONG;
    }
    print_rules(packs->program);
    printf("%u rules, %u test cases, all passed\n", tests->rules, tests->tests);
    return JZ_EXIT_OK;
}

int jz_cmd_rules_check(int argc, char **argv) {
    const char *folder = JZ_TOOL_PACKS_FOLDER;
    const struct jz_tool_flag flags[] = {{"--packs", &folder, NULL}};
    struct jz_tool_rest rest;
    if (!jz_tool_flags(argc, argv, flags, 1, &rest) || rest.count > 1) {
        fprintf(stderr, "usage: jingzhu rules check [FOLDER]\n");
        return JZ_EXIT_USAGE;
    }
    struct jz_tool_packs *packs = jz_tool_packs_load(rest.count ? rest.word[0] : folder);
    struct jz_pack_tests *tests = calloc(1, sizeof *tests); /* too large for the stack */
    int code = packs && tests ? check(packs, tests) : JZ_EXIT_WRONG;
    free(tests);
    jz_tool_packs_free(packs);
    return code;
}
