/* SPDX-License-Identifier: Apache-2.0 */
/* One case in words, as a screen would give them. */
#include <stdio.h>

#include "command.h"
#include "tool_case.h"
#include "tool_flags.h"
#include "tool_packs.h"

#define TEXT_BYTES 16384u

static int explain(const struct jz_program *program, uint32_t rule) {
    static char line[JZ_CASE_LINE_MAX + 2u], text[TEXT_BYTES];
    static struct jz_case patient;
    struct jz_pack_error error = {.text = "no case on standard input; write one line of JSON"};
    struct jz_assessment a;
    size_t bytes = jz_case_line(stdin, line);
    if (bytes == SIZE_MAX || !jz_case_read(&patient, program, line, bytes, &error)) {
        fprintf(stderr, "jingzhu rules explain: column %d: %s\n", error.column, error.text);
        return JZ_EXIT_WRONG;
    }
    jz_rule_evaluate(program, &patient.chart, rule, patient.now_ms, &a);
    jz_explain_text(program, rule, &a, JZ_ZH, text, sizeof text);
    printf("%s\n", text);
    jz_explain_text(program, rule, &a, JZ_EN, text, sizeof text);
    fputs(text, stdout);
    return JZ_EXIT_OK;
}

int jz_cmd_rules_explain(int argc, char **argv) {
    const char *folder = JZ_TOOL_PACKS_FOLDER;
    const struct jz_tool_flag flags[] = {{"--packs", &folder, NULL}};
    struct jz_tool_rest rest;
    if (!jz_tool_flags(argc, argv, flags, 1, &rest) || rest.count != 1) {
        fprintf(stderr,
                "usage: jingzhu rules explain [--packs FOLDER] ID < CASE   (one line, as for rules eval)\n");
        return JZ_EXIT_USAGE;
    }
    struct jz_tool_packs *packs = jz_tool_packs_load(folder);
    if (!packs) return JZ_EXIT_WRONG;
    uint32_t rule = jz_tool_rule(packs->program, rest.word[0]);
    int code = rule == UINT32_MAX ? JZ_EXIT_USAGE : explain(packs->program, rule);
    jz_tool_packs_free(packs);
    return code;
}
