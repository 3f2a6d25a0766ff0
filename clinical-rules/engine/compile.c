/* SPDX-License-Identifier: Apache-2.0 */
/* All packs to one program: conditions first, so that rules can name them; then rules in name order. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader.h"

static enum jz_status refuse_packs(struct jz_pack_error *error, const char *file, const char *text) {
    *error = (struct jz_pack_error){.line = 1, .column = 1};
    snprintf(error->file, sizeof error->file, "%s", file);
    snprintf(error->text, sizeof error->text, "%s", text);
    return JZ_E_PACK;
}

enum jz_status jz_packs_sort(const struct jz_pack_source *packs, size_t count, struct jz_packs *out,
                             struct jz_pack_error *error) {
    *out = (struct jz_packs){.count = count, .source = packs};
    if (count == 0 || count > JZ_PACKS_MAX)
        return refuse_packs(error, "packs", "1 to 64 packs make a program; check the folder given");
    for (size_t i = 0; i < count; i++) {
        size_t at = i;
        for (; at > 0 && strcmp(packs[out->order[at - 1]].name, packs[i].name) > 0; at--)
            out->order[at] = out->order[at - 1];
        out->order[at] = (uint8_t)i;
        if (at > 0 && strcmp(packs[out->order[at - 1]].name, packs[i].name) == 0)
            return refuse_packs(error, packs[i].name, "two packs have this name; rename one");
    }
    return JZ_OK;
}

/* Lengths go in before the bytes, so that no two lists of packs hash alike. */
static bool hash_piece(EVP_MD_CTX *ctx, const char *data, size_t bytes) {
    uint8_t length[8];
    for (int i = 0; i < 8; i++) length[i] = (uint8_t)((uint64_t)bytes >> (56 - 8 * i));
    return EVP_DigestUpdate(ctx, length, sizeof length) == 1 && EVP_DigestUpdate(ctx, data, bytes) == 1;
}

static bool hash_packs(const struct jz_packs *packs, uint8_t out[32]) {
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1;
    for (size_t i = 0; ok && i < packs->count; i++) {
        const struct jz_pack_source *pack = &packs->source[packs->order[i]];
        ok = hash_piece(ctx, pack->name, strlen(pack->name)) && hash_piece(ctx, pack->yaml, pack->bytes);
    }
    ok = ok && EVP_DigestFinal_ex(ctx, out, NULL) == 1;
    EVP_MD_CTX_free(ctx);
    return ok;
}

static bool load(struct jz_loader *l, const struct jz_pack_source *pack, bool conditions,
                 struct jz_pack_error *error) {
    struct jz_yaml y;
    jz_yaml_open(&y, pack, JZ_PACK_BYTES_MAX, error);
    l->y = &y;
    if (!y.refused) jz_load_pack(l, conditions);
    jz_yaml_close(&y);
    return !y.refused;
}

static bool load_all(struct jz_loader *l, const struct jz_packs *packs, struct jz_pack_error *error) {
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < packs->count; i++)
            if (!load(l, &packs->source[packs->order[i]], pass == 0, error)) return false;
    return true;
}

static enum jz_status compile(const struct jz_packs *packs, struct jz_loader *l,
                              struct jz_pack_error *error) {
    l->program->sbp = jz_field_by_name("sbp");
    l->program->dbp = jz_field_by_name("dbp");
    if (!load_all(l, packs, error)) return JZ_E_PACK;
    return hash_packs(packs, l->program->hash) ? JZ_OK : JZ_E_MEMORY;
}

static enum jz_status compile_packs(const struct jz_pack_source *packs, size_t count,
                                    struct jz_pack_tests *tests, struct jz_program **program,
                                    struct jz_pack_error *error) {
    struct jz_packs sorted;
    *program = NULL;
    enum jz_status status = jz_packs_sort(packs, count, &sorted, error);
    if (status != JZ_OK) return status;
    struct jz_program *p = calloc(1, sizeof *p);
    struct jz_loader *l = calloc(1, sizeof *l);
    if (l) *l = (struct jz_loader){.program = p, .tests = tests};
    status = p && l ? compile(&sorted, l, error) : JZ_E_MEMORY;
    free(l);
    if (status == JZ_OK)
        *program = p;
    else
        free(p);
    return status;
}

enum jz_status jz_program_compile(const struct jz_pack_source *packs, size_t count,
                                  struct jz_program **program, struct jz_pack_error *error) {
    return compile_packs(packs, count, NULL, program, error);
}

enum jz_status jz_pack_tests_run(const struct jz_pack_source *packs, size_t count, struct jz_pack_tests *out,
                                 struct jz_pack_error *error) {
    struct jz_program *program;
    memset(out, 0, sizeof *out);
    enum jz_status status = compile_packs(packs, count, out, &program, error);
    jz_program_free(program);
    return status == JZ_OK && out->failed ? JZ_E_PACK : status;
}

void jz_program_free(struct jz_program *program) {
    free(program);
}
