/* SPDX-License-Identifier: Apache-2.0 */
/* What a rule's text names: definitions (also through others) and policies. */
#include <string.h>

#include "doc.h"

#define DEFINES_MAX 256u
#define NAME_BYTES 64u
#define DEPTH_MAX 16

struct found {
    uint32_t count;
    struct {
        char name[NAME_BYTES];
        uint32_t home;
        struct fy_node *node;
    } define[DEFINES_MAX];
    bool policy[256];
};

static void note_define(struct jz_doc *d, struct found *f, uint32_t pack, const char *name) {
    uint32_t home;
    struct fy_node *node = jz_doc_define(d, pack, name, &home);
    if (!node || f->count == DEFINES_MAX) return;
    for (uint32_t i = 0; i < f->count; i++)
        if (f->define[i].node == node) return;
    snprintf(f->define[f->count].name, NAME_BYTES, "%s", name);
    f->define[f->count].home = home;
    f->define[f->count++].node = node;
}

static void note_policy(struct jz_doc *d, struct found *f, const char *name) {
    for (uint32_t i = 0; i < jz_program_policy_count(d->program) && i < 256; i++)
        if (strcmp(jz_program_policy(d->program, i)->name, name) == 0) f->policy[i] = true;
}

static void note_line(struct jz_doc *d, struct found *f, uint32_t pack, struct fy_node *node) {
    size_t left = 0;
    const char *at = fy_node_get_scalar(node, &left);
    while (at && left) {
        size_t n = 0;
        char name[NAME_BYTES];
        while (n < left && at[n] != ' ' && at[n] != '\n') n++;
        snprintf(name, sizeof name, "%.*s", (int)(n < NAME_BYTES ? n : 0), at);
        if (strncmp(name, "policy.", 7) == 0)
            note_policy(d, f, name + 7);
        else if (n)
            note_define(d, f, pack, name);
        at += n < left ? n + 1 : n;
        left -= n < left ? n + 1 : n;
    }
}

static bool is_prose(struct fy_node *key) {
    static const char *const prose[] = {"title", "action",  "source",   "mark",       "tests",    "why",
                                        "id",    "version", "sign_off", "conditions", "priority", "alarm"};
    char word[NAME_BYTES];
    jz_doc_word(key, word, sizeof word);
    for (size_t i = 0; i < sizeof prose / sizeof prose[0]; i++)
        if (strcmp(prose[i], word) == 0) return true;
    return false;
}

/* Every line of text below a node that is not prose. */
static void walk(struct jz_doc *d, struct found *f, uint32_t pack, struct fy_node *node, int depth) {
    void *at = NULL;
    if (!node || depth > DEPTH_MAX) return;
    if (jz_yaml_is_list(node)) {
        for (struct fy_node *part; (part = fy_node_sequence_iterate(node, &at));)
            walk(d, f, pack, part, depth + 1);
    } else if (jz_yaml_is_map(node)) {
        for (struct fy_node_pair *pair; (pair = fy_node_mapping_iterate(node, &at));)
            if (!is_prose(fy_node_pair_key(pair))) walk(d, f, pack, fy_node_pair_value(pair), depth + 1);
    } else {
        note_line(d, f, pack, node);
    }
}

static void collect(struct jz_doc *d, struct found *f, struct fy_node *rule) {
    memset(f, 0, sizeof *f);
    walk(d, f, d->pack, rule, 0);
    for (uint32_t i = 0; i < f->count; i++) walk(d, f, f->define[i].home, f->define[i].node, 0);
}

static void put_define(struct jz_doc *d, const char *name, uint32_t home, struct fy_node *node) {
    char zh[256], en[256], source[640], mark[128];
    struct fy_node *title = jz_yaml_get(node, "title"), *when = jz_yaml_get(node, "when");
    uint32_t here = d->pack;
    bool number = !when;
    fprintf(d->out, "<a id=\"def-%s\"></a>**`%s`** ", name, name);
    jz_doc_title(d->out, jz_doc_word(jz_yaml_get(title, "zh"), zh, sizeof zh),
                 jz_doc_word(jz_yaml_get(title, "en"), en, sizeof en), " / ");
    fputs(number ? "（数值 number）" : "", d->out);
    if (home != here) fprintf(d->out, "（见 from `%s`）", d->packs->name[home]);
    jz_doc_word(jz_yaml_get(node, "source"), source, sizeof source);
    jz_doc_word(jz_yaml_get(node, "mark"), mark, sizeof mark);
    if (source[0]) fprintf(d->out, " — %s", source);
    if (mark[0]) fprintf(d->out, " [%s]", mark);
    fputs("\n\n", d->out);
    d->pack = home; /* its names are looked up where it stands */
    jz_doc_when(d, number ? jz_yaml_get(node, "value") : when, 0);
    if (jz_yaml_get(node, "within")) {
        fputs("- 各值测量时间相差不超过 values taken within ", d->out);
        jz_doc_inline(d, jz_yaml_get(node, "within"));
        putc('\n', d->out);
    }
    d->pack = here;
    putc('\n', d->out);
}

void jz_doc_defines(struct jz_doc *d, struct fy_node *rule) {
    static struct found found;
    collect(d, &found, rule);
    if (!found.count) return;
    fputs("## 定义 Definitions\n\n", d->out);
    for (uint32_t i = 0; i < found.count; i++)
        put_define(d, found.define[i].name, found.define[i].home, found.define[i].node);
}

void jz_doc_policies_of(struct jz_doc *d, struct fy_node *rule) {
    static struct found found;
    bool any = false;
    collect(d, &found, rule);
    for (size_t i = 0; i < sizeof found.policy; i++) any |= found.policy[i];
    if (!any) return;
    fputs("## 本地可调数值 Local policy\n\n", d->out);
    jz_doc_policy_table(d, found.policy);
}
