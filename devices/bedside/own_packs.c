/* SPDX-License-Identifier: Apache-2.0 */
#include "own_packs.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PACKS_MAX = 128, PACK_BYTES_MAX = 512 * 1024, LEVELS_MAX = 2 };

struct pack {
    char *name, *yaml; /* name: relative to the folder */
    size_t bytes;
};

struct packs {
    struct pack pack[PACKS_MAX];
    size_t count;
};

static enum jz_status fail(struct jz_pack_error *error, enum jz_status status, const char *file,
                           const char *text) {
    *error = (struct jz_pack_error){.line = 0};
    snprintf(error->file, sizeof error->file, "%.120s", file);
    snprintf(error->text, sizeof error->text, "%s", text);
    return status;
}

static bool is_pack(const char *name) {
    size_t n = strlen(name);
    return n > 5 && strcmp(name + n - 5, ".yaml") == 0 && name[0] != '.';
}

static enum jz_status read_pack(const char *path, const char *name, struct packs *packs,
                                struct jz_pack_error *error) {
    if (packs->count == PACKS_MAX) return fail(error, JZ_E_COUNT, path, "more than 128 packs; merge some");
    FILE *file = fopen(path, "rb");
    if (!file) return fail(error, JZ_E_FILE, path, strerror(errno));
    struct pack *pack = &packs->pack[packs->count++];
    pack->name = strdup(name);
    pack->yaml = malloc(PACK_BYTES_MAX + 1u);
    if (pack->yaml) pack->bytes = fread(pack->yaml, 1, PACK_BYTES_MAX + 1u, file);
    bool bad = ferror(file) || pack->bytes > PACK_BYTES_MAX;
    fclose(file);
    if (!pack->name || !pack->yaml) return JZ_E_MEMORY;
    return bad ? fail(error, JZ_E_FILE, path, "cannot be read, or is longer than 512 KiB") : JZ_OK;
}

static int by_name(const FTSENT **a, const FTSENT **b) {
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static enum jz_status read_all(const char *folder, struct packs *packs, struct jz_pack_error *error) {
    char *const roots[] = {(char *)folder, NULL}; /* fts alters nothing of it */
    FTS *tree = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, by_name);
    if (!tree) return fail(error, JZ_E_FILE, folder, strerror(errno));
    enum jz_status status = JZ_OK;
    size_t prefix = strlen(folder) + 1u;
    for (FTSENT *entry; status == JZ_OK && (entry = fts_read(tree));) {
        if (entry->fts_info == FTS_D && entry->fts_level >= LEVELS_MAX) fts_set(tree, entry, FTS_SKIP);
        if (entry->fts_info == FTS_F && is_pack(entry->fts_name))
            status = read_pack(entry->fts_path, entry->fts_path + prefix, packs, error);
    }
    fts_close(tree);
    if (status == JZ_OK && packs->count == 0)
        return fail(error, JZ_E_FILE, folder, "holds no *.yaml rule pack");
    return status;
}

enum jz_status jz_own_packs_load(const char *folder, struct jz_program **program,
                                 struct jz_pack_error *error) {
    struct packs *packs = calloc(1, sizeof *packs);
    struct jz_pack_source source[PACKS_MAX];
    *program = NULL;
    if (!packs) return JZ_E_MEMORY;
    enum jz_status status = read_all(folder, packs, error);
    for (size_t i = 0; i < packs->count; i++)
        source[i] = (struct jz_pack_source){packs->pack[i].name, packs->pack[i].yaml, packs->pack[i].bytes};
    if (status == JZ_OK) status = jz_program_compile(source, packs->count, program, error);
    for (size_t i = 0; i < packs->count; i++) {
        free(packs->pack[i].name);
        free(packs->pack[i].yaml);
    }
    free(packs);
    return status;
}
