/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "doc.h"

void jz_doc_cell_words(FILE *out, const char *text, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        if (text[i] == '|') putc('\\', out);
        putc(text[i] == '\n' ? ' ' : text[i], out);
    }
}

void jz_doc_cell(FILE *out, const char *text) {
    jz_doc_cell_words(out, text, strlen(text));
}

void jz_doc_title(FILE *out, const char *zh, const char *en, const char *between) {
    jz_doc_cell(out, zh[0] ? zh : en);
    if (!zh[0] || !en[0] || strcmp(zh, en) == 0) return;
    fputs(between, out);
    jz_doc_cell(out, en);
}

const char *jz_doc_mark(const char *mark) {
    static const struct {
        const char *begins, *means;
    } marks[] = {
        {"S2",
         "仅在二手转载中读到，临床使用前须核对原文 read in a secondary reproduction; check the original"},
        {"S", "已在来源原文中读到 read in the source"},
        {"GK", "常识，未能在来源中核实 general knowledge, not confirmed in a source"},
        {"PROJ", "本项目选定，须临床医师批准 this project's choice; clinicians must approve it"},
        {"DEC", "本项目选定，须临床医师批准 this project's choice; clinicians must approve it"},
        {"C2",
         "仅在转载或公开实现中读到 read in a secondary page or open implementation of the source named"},
        {"C", "已在所列来源中读到 read in the source named"},
        {"c", "在表格的转载中读到 read in reproductions of the form"},
    };
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (strncmp(mark, marks[i].begins, strlen(marks[i].begins)) == 0) return marks[i].means;
    return "";
}

/* Ids may hold a '/', file names not. */
static void flat(char *text) {
    for (; *text; text++)
        if (*text == '/') *text = '-';
}

static void anchor(const char *id, char *out, size_t capacity) {
    size_t i = 0;
    for (; id[i] && i + 1 < capacity; i++)
        out[i] = (char)(id[i] >= 'A' && id[i] <= 'Z' ? id[i] + 32 : id[i] == '/' ? '-' : id[i]);
    out[i] = 0;
}

void jz_doc_path(const struct jz_program *program, uint32_t rule, char out[JZ_DOC_PATH_MAX]) {
    const struct jz_rule_info *info = jz_program_rule(program, rule);
    bool clock = info->pathway != JZ_PATHWAY_NONE;
    const char *slash = strchr(info->pack, '/');
    char page[128], at[128];
    snprintf(page, sizeof page, "%s", clock ? jz_program_pathway(program, info->pathway)->id : info->id);
    flat(page);
    anchor(info->id, at, sizeof at);
    snprintf(out, JZ_DOC_PATH_MAX, "%.*s/%s.md%s%s", slash ? (int)(slash - info->pack) : 5,
             slash ? info->pack : "packs", page, clock ? "#" : "", clock ? at : "");
}

void jz_doc_node(FILE *out, struct fy_node *node, size_t bytes_max) {
    char *text = node ? fy_emit_node_to_string(node, FYECF_MODE_FLOW_ONELINE | FYECF_WIDTH_INF) : NULL;
    if (!text) return;
    size_t n = strlen(text);
    while (n && (text[n - 1] == '\n' || text[n - 1] == ' ')) n--;
    bool cut = n > bytes_max;
    if (cut) n = bytes_max;
    while (cut && n && ((uint8_t)text[n] & 0xc0u) == 0x80u) n--; /* not inside a character */
    jz_doc_cell_words(out, text, n);
    if (cut) fputs(" …", out);
    free(text);
}
