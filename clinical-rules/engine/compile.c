/* SPDX-License-Identifier: Apache-2.0 */
/* All packs to one program, in passes over all of them: what can be named comes before what names it. */
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

static enum jz_status refuse_count(struct jz_pack_error *error) {
    char text[80];
    snprintf(text, sizeof text, "1 to %u packs make a program; check the folder given", JZ_PACKS_MAX);
    return refuse_packs(error, "packs", text);
}

enum jz_status jz_packs_sort(const struct jz_pack_source *packs, size_t count, struct jz_packs *out,
                             struct jz_pack_error *error) {
    *out = (struct jz_packs){.count = count, .source = packs};
    if (count == 0 || count > JZ_PACKS_MAX) return refuse_count(error);
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

/* --- passes over the packs ------------------------------------------------------------------------------------ */

static void open_pack(struct jz_loader *l, const struct jz_pack_source *source) {
    struct jz_pack *pack = &l->pack[l->pack_count++];
    jz_yaml_open(&pack->y, source, JZ_PACK_BYTES_MAX, l->error);
    jz_enter(l, pack);
    if (!l->y->refused) jz_load_head(l);
}

static bool is_site(const struct jz_loader *l) {
    return strcmp(l->at->id, JZ_SITE_PACK) == 0;
}

static void load_shared(struct jz_loader *l) {
    struct fy_node *conditions = jz_yaml_get(l->y->root, "conditions"),
                   *policy = jz_yaml_get(l->y->root, "policy");
    if (conditions) jz_each_entry(l, conditions, jz_load_condition);
    if (policy && !is_site(l)) jz_each_pair(l, policy, jz_load_policy);
}

static void load_replaces(struct jz_loader *l) {
    struct fy_node *conditions = jz_yaml_get(l->y->root, "conditions");
    if (conditions) jz_each_entry(l, conditions, jz_load_replaces);
}

static void load_site_policy(struct jz_loader *l) {
    if (is_site(l)) jz_load_site_policy(l, l->y->root);
}

static void load_names(struct jz_loader *l) {
    if (!is_site(l)) jz_load_names(l);
}

static void load_rule_heads(struct jz_loader *l) {
    struct fy_node *rules = jz_yaml_get(l->y->root, "rules"), *pathways = jz_yaml_get(l->y->root, "pathways");
    if (rules && !is_site(l)) jz_each_entry(l, rules, jz_load_rule_head);
    if (pathways) jz_each_entry(l, pathways, jz_load_pathway);
}

static void load_site_rules(struct jz_loader *l) {
    if (is_site(l)) jz_load_site_rules(l, l->y->root);
}

static void load_rule_bodies(struct jz_loader *l) {
    uint8_t at = (uint8_t)(l->at - l->pack);
    jz_load_chart(l);
    for (uint32_t i = 0; i < l->program->rule_count && !l->y->refused; i++)
        if (l->rule[i].pack == at) jz_load_rule_body(l, i);
}

static bool load_all(struct jz_loader *l, const struct jz_packs *packs) {
    static void (*const passes[])(struct jz_loader *) = {load_shared,      load_replaces,   load_site_policy,
                                                         load_names,       load_rule_heads, load_site_rules,
                                                         load_rule_bodies, jz_check_unused};
    for (size_t i = 0; i < packs->count; i++) {
        open_pack(l, &packs->source[packs->order[i]]);
        if (l->y->refused) return false;
    }
    for (size_t pass = 0; pass < sizeof passes / sizeof passes[0]; pass++)
        for (uint32_t i = 0; i < l->pack_count; i++) {
            jz_enter(l, &l->pack[i]);
            passes[pass](l);
            if (l->y->refused) return false;
        }
    return true;
}

/* --- the program -------------------------------------------------------------------------------------------------- */

static void refuse_circle(struct jz_loader *l, uint32_t rule) {
    const struct jz_rule_at *at = &l->rule[rule];
    jz_enter(l, &l->pack[at->pack]);
    jz_yaml_refuse(
        l->y, jz_yaml_get(at->map, "id"),
        "rule '%s' depends on itself through the rules it reads; take one `rule.` out of the circle",
        l->program->rule[rule].info.id);
}

static enum jz_status link_all(struct jz_loader *l) {
    char text[160] = "";
    uint32_t at;
    enum jz_link result = jz_program_link(l->program, &at);
    if (result == JZ_LINK_OK) return JZ_OK;
    if (result == JZ_LINK_NO_MEMORY) return JZ_E_MEMORY;
    if (result == JZ_LINK_CIRCLE) refuse_circle(l, at);
    if (result == JZ_LINK_CIRCLE) return JZ_E_PACK;
    if (result == JZ_LINK_FRESH)
        snprintf(text, sizeof text,
                 "%s is fresh for more than %u different times; agree on fewer in 'inputs'",
                 jz_field_at(at)->name, JZ_FRESH_MAX);
    else if (result == JZ_LINK_BOUNDS)
        snprintf(text, sizeof text, "more than %u different values at which a rule changes; take rules out",
                 JZ_BOUNDS_MAX);
    else
        snprintf(text, sizeof text, "more than %u different times at which a rule changes; take rules out",
                 JZ_DEADLINES_MAX);
    return refuse_packs(l->error, "packs", text);
}

static void enable_all(struct jz_program *p) {
    for (uint32_t i = 0; i < p->rule_count; i++) p->rule[i].info.enabled = true;
}

static enum jz_status compile(struct jz_loader *l, const struct jz_packs *packs, bool as_if_enabled) {
    l->program->sbp = jz_field_by_name("sbp");
    l->program->dbp = jz_field_by_name("dbp");
    if (!load_all(l, packs)) return l->y->status == JZ_E_MEMORY ? JZ_E_MEMORY : JZ_E_PACK;
    if (as_if_enabled) enable_all(l->program);
    enum jz_status status = link_all(l);
    if (status != JZ_OK) return status;
    return hash_packs(packs, l->program->hash) ? JZ_OK : JZ_E_MEMORY;
}

enum jz_status jz_loader_open(const struct jz_pack_source *packs, size_t count, bool as_if_enabled,
                              struct jz_loader **out, struct jz_pack_error *error) {
    struct jz_packs sorted;
    *out = NULL;
    enum jz_status status = jz_packs_sort(packs, count, &sorted, error);
    if (status != JZ_OK) return status;
    struct jz_loader *l = calloc(1, sizeof *l);
    if (!l) return JZ_E_MEMORY;
    *out = l;
    l->error = error;
    l->program = calloc(1, sizeof *l->program);
    l->pack = calloc(count, sizeof *l->pack);
    return l->program && l->pack ? compile(l, &sorted, as_if_enabled) : JZ_E_MEMORY;
}

void jz_loader_free(struct jz_loader *l) {
    if (!l) return;
    for (uint32_t i = 0; i < l->pack_count; i++) jz_yaml_close(&l->pack[i].y);
    free(l->pack);
    free(l->program);
    free(l);
}

enum jz_status jz_program_compile(const struct jz_pack_source *packs, size_t count,
                                  struct jz_program **program, struct jz_pack_error *error) {
    struct jz_loader *l;
    *program = NULL;
    enum jz_status status = jz_loader_open(packs, count, false, &l, error);
    if (status == JZ_OK) {
        *program = l->program;
        l->program = NULL;
    }
    jz_loader_free(l);
    return status;
}

void jz_program_free(struct jz_program *program) {
    free(program);
}
