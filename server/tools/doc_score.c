/* SPDX-License-Identifier: Apache-2.0 */
/* The items of a score, one row a table of bands. */
#include <string.h>

#include "doc.h"
#include "jingzhu/field.h"

#define WORD_BYTES 128u

/* One end of a band: a number of the field, a word, or a plain number. */
static void put_bound(FILE *out, uint32_t field, const char *text) {
    if (field == JZ_FIELD_UNKNOWN)
        fputs(text, out);
    else
        jz_doc_value(out, field, text);
}

void jz_doc_range(FILE *out, uint32_t field, struct fy_node *node) {
    char word[WORD_BYTES], *dots;
    jz_doc_word(node, word, sizeof word);
    dots = strstr(word, "..");
    if (!dots) {
        put_bound(out, field, word);
        return;
    }
    *dots = 0;
    const char *to = dots + 2;
    if (!word[0] || !to[0]) {
        fputs(word[0] ? "≥ " : "≤ ", out);
        put_bound(out, field, word[0] ? word : to);
    } else {
        if (field == JZ_FIELD_UNKNOWN)
            fputs(word, out);
        else
            jz_doc_number(out, field, word);
        fputs(" – ", out);
        put_bound(out, field, to);
    }
}

static void put_bands(struct jz_doc *d, uint32_t field, struct fy_node *bands) {
    char points[WORD_BYTES];
    void *at = NULL;
    bool first = true;
    for (struct fy_node_pair *pair; (pair = fy_node_mapping_iterate(bands, &at));) {
        if (!first) fputs("<br>", d->out);
        first = false;
        jz_doc_range(d->out, field, fy_node_pair_key(pair));
        fprintf(d->out, ": **%s**", jz_doc_word(fy_node_pair_value(pair), points, sizeof points));
    }
}

static void put_mark(struct jz_doc *d, struct fy_node *own, struct fy_node *item) {
    char mark[WORD_BYTES];
    struct fy_node *node = own ? jz_yaml_get(own, "mark") : NULL;
    jz_doc_cell(d->out, jz_doc_word(node ? node : jz_yaml_get(item, "mark"), mark, sizeof mark));
}

static void put_item_name(struct jz_doc *d, struct fy_node *item, uint32_t field,
                          const struct jz_item_info *info) {
    if (field != JZ_FIELD_UNKNOWN) {
        jz_doc_field(d->out, field);
        return;
    }
    struct fy_node *value = jz_yaml_get(item, "value");
    char name[WORD_BYTES];
    uint32_t home;
    if (value && jz_doc_define(d, d->pack, jz_doc_word(value, name, sizeof name), &home)) {
        jz_doc_inline(d, value); /* its title is the definition's */
        return;
    }
    jz_doc_title(d->out, info->title_zh, info->title_en, " / ");
    if (!value) return;
    fputs(" ", d->out);
    jz_doc_inline(d, value);
}

static void row_begin(struct jz_doc *d, struct fy_node *item, uint32_t field,
                      const struct jz_item_info *info) {
    fputs("| ", d->out);
    put_item_name(d, item, field, info);
    fputs(" | ", d->out);
}

static void put_cases(struct jz_doc *d, struct fy_node *item, uint32_t field,
                      const struct jz_item_info *info) {
    struct fy_node *cases = jz_yaml_get(item, "cases"), *one;
    void *at = NULL;
    while ((one = fy_node_sequence_iterate(cases, &at))) {
        row_begin(d, item, field, info);
        if (jz_yaml_get(one, "when"))
            jz_doc_inline(d, jz_yaml_get(one, "when"));
        else
            fputs("其余 otherwise", d->out);
        fputs(" | ", d->out);
        put_bands(d, field, jz_yaml_get(one, "bands"));
        fputs(" | ", d->out);
        put_mark(d, one, item);
        fputs(" |\n", d->out);
    }
}

static void put_item(struct jz_doc *d, struct fy_node *item, const struct jz_item_info *info) {
    char word[WORD_BYTES];
    struct fy_node *name = jz_yaml_get(item, "field"), *when = jz_yaml_get(item, "when");
    uint32_t field = name ? jz_field_by_name(jz_doc_word(name, word, sizeof word)) : JZ_FIELD_UNKNOWN;
    if (jz_yaml_get(item, "cases")) {
        put_cases(d, item, field, info);
        return;
    }
    row_begin(d, item, field, info);
    if (when) {
        jz_doc_inline(d, when);
        fprintf(d->out, " | 成立 if so: **%s**", jz_doc_word(jz_yaml_get(item, "points"), word, sizeof word));
    } else {
        fputs(" | ", d->out);
        put_bands(d, field, jz_yaml_get(item, "bands"));
    }
    fputs(" | ", d->out);
    put_mark(d, NULL, item);
    fputs(" |\n", d->out);
}

void jz_doc_score(struct jz_doc *d, struct fy_node *score, uint32_t rule) {
    void *at = NULL;
    fputs("## 评分 Score\n\n"
          "缺项按区间计算：最低分按缺项计最少，最高分按缺项计最多。 A missing item counts as an interval, "
          "never as normal.\n\n"
          "| 项目 Item | 条件 When | 分值 Points | 标记 Mark |\n|---|---|---|---|\n",
          d->out);
    for (uint32_t i = 0; i < jz_program_rule(d->program, rule)->item_count; i++) {
        struct fy_node *item = fy_node_sequence_iterate(score, &at);
        if (item) put_item(d, item, jz_program_item(d->program, rule, i));
    }
    fputs("\n", d->out);
}
