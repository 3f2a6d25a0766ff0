/* SPDX-License-Identifier: Apache-2.0 */
/* The packs' own text, found again by name. It compiled before, so what is looked for is there. */
#include <string.h>

#include "doc.h"
#include "jingzhu/field.h"

#define PACK_BYTES_MAX 262144u

bool jz_doc_open(struct jz_doc *d) {
    for (uint32_t i = 0; i < d->packs->count; i++) {
        if (jz_yaml_open(&d->yaml[i], &d->packs->source[i], PACK_BYTES_MAX, &d->error)) continue;
        jz_tool_complain(&d->error, d->yaml[i].status);
        return false;
    }
    return true;
}

void jz_doc_close(struct jz_doc *d) {
    for (uint32_t i = 0; i < d->packs->count; i++) jz_yaml_close(&d->yaml[i]);
}

const char *jz_doc_word(struct fy_node *node, char *out, size_t capacity) {
    size_t bytes = 0;
    const char *text =
        node && fy_node_get_type(node) == FYNT_SCALAR ? fy_node_get_scalar(node, &bytes) : NULL;
    snprintf(out, capacity, "%.*s", (int)bytes, text ? text : "");
    return out;
}

static bool has_id(struct fy_node *node, const char *id) {
    char word[128];
    return strcmp(jz_doc_word(jz_yaml_get(node, "id"), word, sizeof word), id) == 0;
}

static struct fy_node *find(struct fy_node *list, const char *id) {
    void *at = NULL;
    if (!jz_yaml_is_list(list)) return NULL;
    for (struct fy_node *node; (node = fy_node_sequence_iterate(list, &at));)
        if (has_id(node, id)) return node;
    return NULL;
}

uint32_t jz_doc_pack(const struct jz_doc *d, const char *name) {
    size_t n = strlen(name);
    for (uint32_t i = 0; i < d->packs->count; i++)
        if (strncmp(d->packs->name[i], name, n) == 0 && strcmp(d->packs->name[i] + n, ".yaml") == 0) return i;
    return JZ_TOOL_PACKS_MAX;
}

struct fy_node *jz_doc_pathway(struct jz_doc *d, uint32_t pathway) {
    const struct jz_pathway_info *info = jz_program_pathway(d->program, pathway);
    d->pack = jz_doc_pack(d, jz_program_rule(d->program, info->first_rule)->pack);
    return d->pack < d->packs->count ? find(jz_yaml_get(d->yaml[d->pack].root, "pathways"), info->id) : NULL;
}

struct fy_node *jz_doc_rule(struct jz_doc *d, uint32_t rule) {
    const struct jz_rule_info *info = jz_program_rule(d->program, rule);
    if (info->pathway != JZ_PATHWAY_NONE)
        return find(jz_yaml_get(jz_doc_pathway(d, info->pathway), "targets"), info->id);
    d->pack = jz_doc_pack(d, info->pack);
    return d->pack < d->packs->count ? find(jz_yaml_get(d->yaml[d->pack].root, "rules"), info->id) : NULL;
}

struct fy_node *jz_doc_define(const struct jz_doc *d, uint32_t pack, const char *name, uint32_t *home) {
    struct fy_node *root = d->yaml[pack].root, *used, *node = jz_yaml_get(jz_yaml_get(root, "define"), name);
    struct fy_node *use = jz_yaml_get(root, "use");
    char word[JZ_TOOL_NAME_MAX];
    void *at = NULL;
    *home = pack;
    if (jz_field_by_name(name) != JZ_FIELD_UNKNOWN) return NULL;
    while (!node && jz_yaml_is_list(use) && (used = fy_node_sequence_iterate(use, &at))) {
        *home = jz_doc_pack(d, jz_doc_word(used, word, sizeof word));
        if (*home < d->packs->count) node = jz_yaml_get(jz_yaml_get(d->yaml[*home].root, "define"), name);
    }
    return node;
}
