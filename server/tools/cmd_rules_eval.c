/* SPDX-License-Identifier: Apache-2.0 */
/* Cases in, one a line; results out, one a line for each rule asked for. */
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "tool_answer.h"
#include "tool_case.h"
#include "tool_flags.h"
#include "tool_packs.h"

struct asked {
    const struct jz_program *program;
    uint32_t rule[JZ_TOOL_REST_MAX];
    uint32_t count;
    bool explain;
};

static bool find_rules(struct asked *asked, const struct jz_tool_rest *rest) {
    for (int i = 0; i < rest->count; i++) {
        uint32_t rule = jz_tool_rule(asked->program, rest->word[i]);
        if (rule == UINT32_MAX) return false;
        asked->rule[asked->count++] = rule;
    }
    return true;
}

static void answer(const struct asked *asked, const struct jz_case *patient) {
    for (uint32_t i = 0; i < asked->count; i++) {
        struct jz_assessment a;
        jz_rule_evaluate(asked->program, &patient->chart, asked->rule[i], patient->now_ms, &a);
        jz_answer_assessment(stdout, asked->program, asked->rule[i], &a, asked->explain);
    }
}

/* @return true when every line was a case. */
static bool answer_all(const struct asked *asked) {
    static char line[JZ_CASE_LINE_MAX + 2u];
    static struct jz_case patient;
    struct jz_pack_error error;
    bool good = true;
    uint64_t number = 0;
    for (size_t bytes; (bytes = jz_case_line(stdin, line)) != SIZE_MAX;) {
        number++;
        if (jz_case_read(&patient, asked->program, line, bytes, &error)) {
            answer(asked, &patient);
            continue;
        }
        jz_case_error(stdout, number, &error);
        good = false;
    }
    return good;
}

int jz_cmd_rules_eval(int argc, char **argv) {
    const char *folder = JZ_TOOL_PACKS_FOLDER;
    struct asked asked = {.count = 0};
    const struct jz_tool_flag flags[] = {{"--packs", &folder, NULL}, {"--explain", NULL, &asked.explain}};
    struct jz_tool_rest rest;
    if (!jz_tool_flags(argc, argv, flags, 2, &rest) || rest.count == 0) {
        fprintf(stderr,
                "usage: jingzhu rules eval [--explain] [--packs FOLDER] ID... < CASES\n"
                "a case is one line of JSON: {\"inputs\": {\"sbp\": 85, \"pregnancy\": \"pregnant\"}}; see "
                "docs/rules-tools.md\n");
        return JZ_EXIT_USAGE;
    }
    struct jz_tool_packs *packs = jz_tool_packs_load(folder);
    if (!packs) return JZ_EXIT_WRONG;
    asked.program = packs->program;
    int code = !find_rules(&asked, &rest) ? JZ_EXIT_USAGE : answer_all(&asked) ? JZ_EXIT_OK : JZ_EXIT_WRONG;
    jz_tool_packs_free(packs);
    return code;
}
