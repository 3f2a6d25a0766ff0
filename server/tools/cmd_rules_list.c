/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "command.h"
#include "tool_answer.h"
#include "tool_flags.h"
#include "tool_packs.h"

static void print_plain(const struct jz_program *program, uint32_t rule) {
    const struct jz_rule_info *info = jz_program_rule(program, rule);
    printf("%-24s %-8s %-32s %s / %s%s%s\n", info->id, info->version, info->pack, info->title_zh,
           info->title_en, info->signed_off ? "" : " (unsigned)", info->enabled ? "" : " (disabled)");
}

int jz_cmd_rules_list(int argc, char **argv) {
    const char *folder = JZ_TOOL_PACKS_FOLDER;
    bool json = false;
    const struct jz_tool_flag flags[] = {{"--packs", &folder, NULL}, {"--json", NULL, &json}};
    struct jz_tool_rest rest;
    if (!jz_tool_flags(argc, argv, flags, 2, &rest) || rest.count) {
        fprintf(stderr, "usage: jingzhu rules list [--json] [--packs FOLDER]\n");
        return JZ_EXIT_USAGE;
    }
    struct jz_tool_packs *packs = jz_tool_packs_load(folder);
    if (!packs) return JZ_EXIT_WRONG;
    for (uint32_t i = 0; i < jz_program_rule_count(packs->program); i++) {
        if (json)
            jz_answer_rule(stdout, packs->program, i);
        else
            print_plain(packs->program, i);
    }
    jz_tool_packs_free(packs);
    return JZ_EXIT_OK;
}
