/* SPDX-License-Identifier: Apache-2.0 */
#include "tool_packs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jingzhu/codec.h"

void jz_tool_complain(const struct jz_pack_error *error, enum jz_status status) {
    fprintf(stderr, "%s", error->file);
    if (error->line) fprintf(stderr, ":%d:%d", error->line, error->column);
    fprintf(stderr, ": %s (%s)\n", error->text[0] ? error->text : jz_status_text(status),
            jz_status_name(status));
}

/* The payload is [[name, bytes], ...], as world.c makes it. */
static enum jz_status unpack(struct jz_tool_packs *packs) {
    struct jz_reader r;
    jz_reader_init(&r, packs->payload.data, packs->payload.bytes);
    r.bytes_max = UINT32_MAX;
    r.items_max = JZ_TOOL_PACKS_MAX;
    packs->count = jz_read_array(&r);
    if (packs->count > JZ_TOOL_PACKS_MAX) return JZ_E_COUNT;
    for (uint32_t i = 0; i < packs->count && r.status == JZ_OK; i++) {
        jz_read_array(&r);
        struct jz_text name = jz_read_text(&r);
        struct jz_bytes yaml = jz_read_bytes(&r);
        snprintf(packs->name[i], JZ_TOOL_NAME_MAX, "%.*s", (int)name.bytes, name.data ? name.data : "");
        packs->source[i] = (struct jz_pack_source){packs->name[i], (const char *)yaml.data, yaml.bytes};
    }
    return r.status;
}

struct jz_tool_packs *jz_tool_packs_read(const char *folder) {
    struct jz_pack_error error = {.line = 0};
    struct jz_tool_packs *packs = calloc(1, sizeof *packs);
    snprintf(error.file, sizeof error.file, "%s", folder);
    enum jz_status status = packs ? jz_packs_read(folder, &packs->payload, &error) : JZ_E_MEMORY;
    if (status == JZ_OK) status = unpack(packs);
    if (status == JZ_OK) return packs;
    jz_tool_complain(&error, status);
    jz_tool_packs_free(packs);
    return NULL;
}

struct jz_tool_packs *jz_tool_packs_load(const char *folder) {
    struct jz_pack_error error = {.line = 0};
    struct jz_tool_packs *packs = jz_tool_packs_read(folder);
    if (!packs) return NULL;
    enum jz_status status = jz_program_compile(packs->source, packs->count, &packs->program, &error);
    if (status == JZ_OK) return packs;
    jz_tool_complain(&error, status);
    jz_tool_packs_free(packs);
    return NULL;
}

void jz_tool_packs_free(struct jz_tool_packs *packs) {
    if (!packs) return;
    jz_program_free(packs->program);
    free(packs->payload.data);
    free(packs);
}

uint32_t jz_tool_rule(const struct jz_program *program, const char *id) {
    uint32_t rule = jz_program_rule_by_id(program, id);
    if (rule == UINT32_MAX)
        fprintf(stderr, "'%s' is no rule of these packs; `jingzhu rules list` names them\n", id);
    return rule;
}
