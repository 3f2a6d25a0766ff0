/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "doc.h"
#include "tool_flags.h"

static void make_pages(struct jz_doc *d) {
    for (uint32_t i = 0; i < jz_program_rule_count(d->program); i++)
        if (jz_program_rule(d->program, i)->pathway == JZ_PATHWAY_NONE) jz_doc_rule_page(d, i);
    for (uint32_t i = 0; i < jz_program_pathway_count(d->program); i++) jz_doc_pathway_page(d, i);
    jz_doc_index_page(d);
    jz_doc_policy_page(d);
    jz_doc_conditions_page(d);
}

static int make(struct jz_doc *d, const char *coverage) {
    if (!jz_pages_begin(&d->pages)) return JZ_EXIT_WRONG;
    make_pages(d);
    bool covered = jz_doc_coverage_page(d, coverage);
    jz_pages_end(&d->pages);
    printf("%u pages%s\n", d->pages.count, d->pages.check ? " checked" : "");
    return covered && d->pages.wrong == 0 ? JZ_EXIT_OK : JZ_EXIT_WRONG;
}

int jz_cmd_rules_docs(int argc, char **argv) {
    const char *folder = JZ_TOOL_PACKS_FOLDER, *out = "docs/rules", *coverage = NULL;
    bool check = false;
    const struct jz_tool_flag flags[] = {{"--packs", &folder, NULL},
                                         {"--out", &out, NULL},
                                         {"--coverage", &coverage, NULL},
                                         {"--check", NULL, &check}};
    struct jz_tool_rest rest;
    char beside[JZ_DOC_PATH_MAX];
    if (!jz_tool_flags(argc, argv, flags, sizeof flags / sizeof flags[0], &rest) || rest.count) {
        fprintf(stderr,
                "usage: jingzhu rules docs [--check] [--out FOLDER] [--packs FOLDER] [--coverage FOLDER]\n");
        return JZ_EXIT_USAGE;
    }
    snprintf(beside, sizeof beside, "%s/../coverage", folder);
    struct jz_tool_packs *packs = jz_tool_packs_load(folder);
    struct jz_doc *d = packs ? calloc(1, sizeof *d) : NULL;
    if (!d) {
        jz_tool_packs_free(packs);
        return JZ_EXIT_WRONG;
    }
    d->program = packs->program;
    d->packs = packs;
    d->pages = (struct jz_pages){.folder = out, .check = check};
    int code = jz_doc_open(d) ? make(d, coverage ? coverage : beside) : JZ_EXIT_WRONG;
    jz_doc_close(d);
    free(d);
    jz_tool_packs_free(packs);
    return code;
}
