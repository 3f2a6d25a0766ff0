/* SPDX-License-Identifier: Apache-2.0 */
/** @file doc.h  Pages of the rules, for the clinician who reads and signs them.
 *
 *  Two sources: what was compiled (titles, levels, inputs: what the server uses) and the pack's own text
 *  (criteria and bands: what its author wrote). Everything is printed in the order of the packs; the same
 *  packs give the same bytes. */
#ifndef JZ_DOC_H
#define JZ_DOC_H
#include <stdio.h>

#include "jingzhu/yaml.h"
#include "tool_packs.h"

#define JZ_DOC_MARKER                                                                                        \
    "<!-- Made by `jingzhu rules docs` from the rule packs. Correct the pack, not this page. -->"
#define JZ_DOC_PATH_MAX 512u

/** A set of pages: written to a folder, or compared with what is there. */
struct jz_pages {
    const char *folder;
    bool check;                    /**< write nothing; say which page is not what it should be */
    uint32_t count, wrong;         /**< pages made; those that could not be written or differ */
    char (*name)[JZ_DOC_PATH_MAX]; /**< of the pages made, below the folder */
    char *text;                    /**< of the page at hand */
    size_t bytes;
};

/** Everything a page is made of. */
struct jz_doc {
    const struct jz_program *program;
    struct jz_tool_packs *packs;
    struct jz_pack_error error;
    struct jz_yaml yaml[JZ_TOOL_PACKS_MAX]; /**< by pack, as in packs->source */
    struct jz_pages pages;
    FILE *out;     /**< the page at hand */
    uint32_t pack; /**< whose text is printed: names are looked up there */
};

/* doc_pages.c */
bool jz_pages_begin(struct jz_pages *pages);
/** @return the stream of a new page; NULL: no memory. Below the folder, e.g. "general/GEN-NEWS2.md". */
FILE *jz_page_open(struct jz_pages *pages, const char *name);
void jz_page_close(struct jz_pages *pages, FILE *out);
/** Removes (check: names) pages of ours that nothing makes any more. */
void jz_pages_end(struct jz_pages *pages);

/* doc_text.c */
/** Text inside a table cell: no line ends, no bars. */
void jz_doc_cell(FILE *out, const char *text);
void jz_doc_cell_words(FILE *out, const char *text, size_t bytes);
/** "中文 / English", one of them where they are equal or empty. */
void jz_doc_title(FILE *out, const char *zh, const char *en, const char *between);
/** What a mark says, in both languages. */
const char *jz_doc_mark(const char *mark);
/** Path of a rule's page below docs/rules, with its anchor where it is a pathway's. */
void jz_doc_path(const struct jz_program *program, uint32_t rule, char out[JZ_DOC_PATH_MAX]);
/** A node as its author wrote it, on one line; "…" where it is longer. */
void jz_doc_node(FILE *out, struct fy_node *node, size_t bytes_max);

/* doc_source.c */
bool jz_doc_open(struct jz_doc *d); /**< parses every pack */
void jz_doc_close(struct jz_doc *d);
/** Index of the pack "general/news2"; JZ_TOOL_PACKS_MAX: none. */
uint32_t jz_doc_pack(const struct jz_doc *d, const char *name);
/** The node of a rule or of a pathway's target. Sets d->pack. */
struct fy_node *jz_doc_rule(struct jz_doc *d, uint32_t rule);
struct fy_node *jz_doc_pathway(struct jz_doc *d, uint32_t pathway);
/** A definition as pack `pack` sees it, its own first. `*home` is the pack it stands in. NULL: none of
 *  that name. */
struct fy_node *jz_doc_define(const struct jz_doc *d, uint32_t pack, const char *name, uint32_t *home);
/** Scalar as text; "" where it is none. */
const char *jz_doc_word(struct fy_node *node, char *out, size_t capacity);

/* doc_when.c */
/** A criterion as nested bullets. */
void jz_doc_when(struct jz_doc *d, struct fy_node *when, int depth);
/** A criterion or number in one line, for a cell. */
void jz_doc_inline(struct jz_doc *d, struct fy_node *when);
/** A value of a field as people read it, without its unit and with it. */
void jz_doc_number(FILE *out, uint32_t field, const char *text);
void jz_doc_value(FILE *out, uint32_t field, const char *text);
/** 血压 `sbp` */
void jz_doc_field(FILE *out, uint32_t field);

/* doc_define.c */
/** The definitions that a rule's text names, also through others. */
void jz_doc_defines(struct jz_doc *d, struct fy_node *rule);
/** Policies the rule's text and its definitions name. */
void jz_doc_policies_of(struct jz_doc *d, struct fy_node *rule);

/* doc_score.c */
/** "9..11", "..8" or "25.." of a field's values, or of plain numbers (JZ_FIELD_UNKNOWN). */
void jz_doc_range(FILE *out, uint32_t field, struct fy_node *node);
void jz_doc_score(struct jz_doc *d, struct fy_node *score, uint32_t rule);

/* doc_rule.c */
void jz_doc_rule_page(struct jz_doc *d, uint32_t rule);
void jz_doc_pathway_page(struct jz_doc *d, uint32_t pathway);

/* doc_index.c */
void jz_doc_index_page(struct jz_doc *d);
void jz_doc_policy_page(struct jz_doc *d);
void jz_doc_policy_table(struct jz_doc *d, const bool *wanted); /**< by policy index; NULL: all */
void jz_doc_conditions_page(struct jz_doc *d);

/* doc_coverage.c */
/** @param folder  Of the CSV files. @return false: something is missing; said on standard error. */
bool jz_doc_coverage_page(struct jz_doc *d, const char *folder);

#endif /* JZ_DOC_H */
