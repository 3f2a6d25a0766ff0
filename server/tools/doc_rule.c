/* SPDX-License-Identifier: Apache-2.0 */
/* The page of one rule, and of one pathway with its targets. */
#include <string.h>

#include "doc.h"
#include "jingzhu/field.h"
#include "tool_value.h"

#define WORD_BYTES 768u
#define TEST_BYTES 160u /* of a test; the pack has all of it */

static void row(struct jz_doc *d, const char *name, const char *text) {
    if (!text[0]) return;
    fprintf(d->out, "| %s | ", name);
    jz_doc_cell(d->out, text);
    fputs(" |\n", d->out);
}

static void row_title(struct jz_doc *d, const char *name, const char *zh, const char *en) {
    if (!zh[0] && !en[0]) return;
    fprintf(d->out, "| %s | ", name);
    jz_doc_title(d->out, zh, en, "<br>");
    fputs(" |\n", d->out);
}

static void put_status(struct jz_doc *d, const struct jz_rule_info *info) {
    fprintf(d->out, "| 状态 Status | %s", info->enabled ? "启用 enabled" : "停用 disabled: ");
    if (!info->enabled) jz_doc_cell(d->out, info->why_disabled);
    fputs("；", d->out);
    if (info->signed_off)
        fprintf(d->out, "已签署 signed: %s, %s |\n", info->signed_by, info->signed_date);
    else
        fputs("**未签署 UNSIGNED** |\n", d->out);
}

static void put_mark(struct jz_doc *d, const char *mark) {
    const char *means = jz_doc_mark(mark);
    fputs("| 核验标记 Mark | `", d->out);
    jz_doc_cell(d->out, mark);
    fprintf(d->out, "`%s%s |\n", means[0] ? "：" : "", means);
}

static void put_applies(struct jz_doc *d, struct fy_node *applies) {
    char word[WORD_BYTES];
    if (!applies) return;
    fputs("## 适用条件 Applies when\n\n", d->out);
    jz_doc_when(d, jz_yaml_get(applies, "when"), 0);
    bool ask = strcmp(jz_doc_word(jz_yaml_get(applies, "unknown"), word, sizeof word), "ask") == 0;
    fputs(ask ? "\n不明时：先询问，结论不作确定。 Not known: asks first; nothing is certain until then.\n"
              : "\n不明时：照常评估并注明。 Not known: evaluates all the same, and says so.\n",
          d->out);
    fputs("\n", d->out);
    jz_doc_word(jz_yaml_get(applies, "source"), word, sizeof word);
    if (word[0]) fprintf(d->out, "%s ", word);
    jz_doc_word(jz_yaml_get(applies, "mark"), word, sizeof word);
    fprintf(d->out, "%s%s%s\n\n", word[0] ? "[" : "", word, word[0] ? "]" : "");
}

/* --- inputs --------------------------------------------------------------------------------------------- */

/* What a pack writes, and what people say for it. */
static void put_words(struct jz_doc *d, uint32_t field) {
    const char *word;
    for (const struct jz_field_text *text = jz_field_at(field)->text; text->zh; text++) {
        int bytes = (int)jz_field_word_of(field, text->value, &word);
        fprintf(d->out, "%s`%.*s` %s / %s", text == jz_field_at(field)->text ? "" : "<br>", bytes, word,
                text->zh, text->en);
    }
}

static void put_range(struct jz_doc *d, uint32_t field) {
    const struct jz_field *f = jz_field_at(field);
    char min[JZ_VALUE_TEXT_MAX], max[JZ_VALUE_TEXT_MAX];
    switch (jz_value_kind(field)) {
    case JZ_VALUE_EVENT: fputs("时间点 event", d->out); return;
    case JZ_VALUE_DATE: fputs("日期 date", d->out); return;
    case JZ_VALUE_YES_NO: fputs("`no yes`", d->out); return;
    case JZ_VALUE_WORD: put_words(d, field); return;
    case JZ_VALUE_NUMBER: break;
    }
    jz_value_text(field, f->min, min);
    jz_value_text(field, f->max, max);
    fprintf(d->out, "%s – %s", min, max);
}

/* What the pack says of an input: its own, or the one of the pack that brought it. */
static struct fy_node *input_node(const struct jz_doc *d, const char *name) {
    struct fy_node *root = d->yaml[d->pack].root, *node = jz_yaml_get(jz_yaml_get(root, "inputs"), name),
                   *used;
    struct fy_node *use = jz_yaml_get(root, "use");
    char word[JZ_TOOL_NAME_MAX];
    void *at = NULL;
    while (!node && jz_yaml_is_list(use) && (used = fy_node_sequence_iterate(use, &at))) {
        uint32_t home = jz_doc_pack(d, jz_doc_word(used, word, sizeof word));
        if (home < d->packs->count) node = jz_yaml_get(jz_yaml_get(d->yaml[home].root, "inputs"), name);
    }
    return node;
}

static void put_absent(struct jz_doc *d, struct fy_node *node) {
    char word[WORD_BYTES];
    if (jz_yaml_get(node, "absent")) {
        fprintf(d->out, "视为 taken as `%s`: ", jz_doc_word(jz_yaml_get(node, "absent"), word, sizeof word));
        jz_doc_cell(d->out, jz_doc_word(jz_yaml_get(node, "why"), word, sizeof word));
    } else {
        fputs("未知 unknown", d->out);
    }
}

static void put_input(struct jz_doc *d, uint32_t field, int64_t fresh_ms) {
    char fresh[JZ_VALUE_TEXT_MAX] = "—", mark[WORD_BYTES];
    const struct jz_field *f = jz_field_at(field);
    struct fy_node *node = input_node(d, f->name);
    if (fresh_ms) jz_value_duration(fresh_ms / 1000, fresh);
    fprintf(d->out, "| %s / %s | `%s` | %s | ", f->zh, f->en, f->name, jz_value_unit(field));
    put_range(d, field);
    fprintf(d->out, " | %s | ", fresh);
    put_absent(d, node);
    fprintf(d->out, " | %s |\n", jz_doc_word(jz_yaml_get(node, "mark"), mark, sizeof mark));
}

static void put_inputs(struct jz_doc *d, const struct jz_rule_info *info) {
    if (!info->input_count) return;
    fputs("## 输入 Inputs\n\n"
          "| 项目 Input | 字段 Field | 单位 Unit | 可信范围或取值 Range or words | 时效 Fresh | 缺失时 If "
          "absent | 标记 Mark "
          "|\n|---|---|---|---|---|---|---|\n",
          d->out);
    for (uint32_t i = 0; i < info->input_count; i++) put_input(d, info->input[i], info->fresh_ms[i]);
    fputs("\n", d->out);
}

/* --- levels --------------------------------------------------------------------------------------------- */

static void put_conditions(struct jz_doc *d, uint64_t conditions) {
    bool first = true;
    for (uint32_t i = 0; i < jz_program_condition_count(d->program); i++) {
        if (!(conditions >> i & 1u)) continue;
        const char *id = jz_program_condition(d->program, i)->id;
        fprintf(d->out, "%s[%s](../conditions.md#%s)", first ? "" : " ", id, id);
        first = false;
    }
}

static void put_priority(struct jz_doc *d, const struct jz_level_info *level) {
    if (level->priority)
        fprintf(d->out, "P%u", level->priority);
    else
        fputs("—", d->out);
    fprintf(d->out, " | %s | ", level->alarm ? "**是 yes**" : "否 no");
}

static void put_level_row(struct jz_doc *d, uint32_t rule, uint32_t level) {
    const struct jz_level_info *l = jz_program_level(d->program, rule, level);
    fprintf(d->out, "| %u | `%s` ", level + 1u, l->id);
    jz_doc_title(d->out, l->title_zh, l->title_en, "<br>");
    if (l->rule_out)
        fputs("<br>**排除性结论，仅在资料完整、有效、及时时给出 rule-out, only on complete, valid and fresh "
              "data**",
              d->out);
    fputs(" | ", d->out);
    put_priority(d, l);
    put_conditions(d, l->conditions);
    fputs(" | ", d->out);
    jz_doc_title(d->out, l->action_zh, l->action_en, "<br>");
    fputs(" | ", d->out);
    jz_doc_cell(d->out, l->source);
    fputs(" | ", d->out);
    jz_doc_cell(d->out, l->mark);
    fputs(" |\n", d->out);
}

static void put_criterion(struct jz_doc *d, struct fy_node *level) {
    char word[WORD_BYTES];
    struct fy_node *score = jz_yaml_get(level, "score"), *item = jz_yaml_get(level, "any_item");
    fprintf(d->out, "**`%s`**\n\n", jz_doc_word(jz_yaml_get(level, "id"), word, sizeof word));
    if (score) {
        fputs("- 总分 total ", d->out);
        jz_doc_range(d->out, JZ_FIELD_UNKNOWN, score);
        putc('\n', d->out);
    }
    if (item) fprintf(d->out, "- 任一单项 one item with at least %s\n", jz_doc_word(item, word, sizeof word));
    if (jz_yaml_get(level, "when")) jz_doc_when(d, jz_yaml_get(level, "when"), 0);
    putc('\n', d->out);
}

static void put_levels(struct jz_doc *d, struct fy_node *levels, uint32_t rule) {
    void *at = NULL;
    fputs("## 等级 Levels\n\n自上而下，取首个成立者。 The first that holds, from the top.\n\n"
          "| # | 等级 Level | 优先级 Priority | 预警医院 Alert hospital | 病情 Conditions | 处置 Action | "
          "来源 Source | 标记 Mark "
          "|\n|---|---|---|---|---|---|---|---|\n",
          d->out);
    for (uint32_t i = 0; i < jz_program_rule(d->program, rule)->level_count; i++) put_level_row(d, rule, i);
    fputs("\n### 判定 Criteria\n\n", d->out);
    for (struct fy_node *level; (level = fy_node_sequence_iterate(levels, &at));) put_criterion(d, level);
}

/* --- tests ---------------------------------------------------------------------------------------------- */

/* The pack's own words: whoever reads these reads the pack too. */
static void put_test(struct jz_doc *d, struct fy_node *test) {
    char word[WORD_BYTES];
    static const char *const given[] = {"date", "given", "vary", "readings", "now"};
    static const char *const expected[] = {"points", "levels", "expect"};
    bool first = true;
    fprintf(d->out, "| %s | ", jz_doc_word(jz_yaml_get(test, "id"), word, sizeof word));
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        struct fy_node *node = jz_yaml_get(test, given[i]);
        if (!node) continue;
        fprintf(d->out, "%s%s ", first ? "" : " ", given[i]);
        first = false;
        jz_doc_node(d->out, node, TEST_BYTES);
    }
    fputs(" | ", d->out);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        if (jz_yaml_get(test, expected[i])) jz_doc_node(d->out, jz_yaml_get(test, expected[i]), TEST_BYTES);
    fputs(" | ", d->out);
    jz_doc_cell(d->out, jz_doc_word(jz_yaml_get(test, "why"), word, sizeof word));
    fputs(" |\n", d->out);
}

static void put_tests(struct jz_doc *d, struct fy_node *tests) {
    void *at = NULL;
    if (!jz_yaml_is_list(tests)) return;
    fprintf(
        d->out,
        "<details><summary>随包测试 Tests in the pack (%d)；全文见规则包 in full in the pack</summary>\n\n"
        "| 编号 Id | 输入 Given | 预期 Expected | 说明 Why |\n|---|---|---|---|\n",
        fy_node_sequence_item_count(tests));
    for (struct fy_node *test; (test = fy_node_sequence_iterate(tests, &at));) put_test(d, test);
    fputs("\n</details>\n\n", d->out);
}

static void put_signature(struct jz_doc *d, const struct jz_rule_info *info) {
    fprintf(d->out,
            "## 签署 Sign-off\n\n"
            "本人已核对本页所列阈值、来源与处置，同意版本 %s 用于临床。 "
            "I have checked the thresholds, sources and actions on this page and agree to version %s.\n\n"
            "| 姓名 Name | 职称 Title | 日期 Date | 签名 Signature |\n|---|---|---|---|\n| %s |  | %s |  |\n",
            info->version, info->version, info->signed_by, info->signed_date);
}

/* --- pages ---------------------------------------------------------------------------------------------- */

static void put_head(struct jz_doc *d, const struct jz_rule_info *info) {
    fprintf(d->out, "| | |\n|---|---|\n| 编号 Id | `%s` |\n| 版本 Version | %s |\n", info->id, info->version);
    fprintf(d->out, "| 规则包 Pack | [%s](../../../clinical-rules/packs/%s.yaml) |\n", info->pack,
            info->pack);
    row_title(d, "适用人群 For", info->for_zh, info->for_en);
    row_title(d, "不适用 Not for", info->not_for_zh, info->not_for_en);
    put_status(d, info);
    row(d, "来源 Source", info->source);
    put_mark(d, info->mark);
    fputs("\n", d->out);
}

static FILE *begin(struct jz_doc *d, const char *path, const char *zh, const char *en) {
    d->out = jz_page_open(&d->pages, path);
    if (d->out) fprintf(d->out, "# %s\n\n%s\n\n", zh, en);
    return d->out;
}

void jz_doc_rule_page(struct jz_doc *d, uint32_t rule) {
    const struct jz_rule_info *info = jz_program_rule(d->program, rule);
    struct fy_node *node = jz_doc_rule(d, rule);
    char path[JZ_DOC_PATH_MAX];
    jz_doc_path(d->program, rule, path);
    if (node && begin(d, path, info->title_zh, info->title_en)) {
        put_head(d, info);
        put_applies(d, jz_yaml_get(node, "applies"));
        if (jz_yaml_get(node, "score")) jz_doc_score(d, jz_yaml_get(node, "score"), rule);
        put_levels(d, jz_yaml_get(node, "levels"), rule);
        jz_doc_defines(d, node);
        jz_doc_policies_of(d, node);
        put_inputs(d, info);
        put_tests(d, jz_yaml_get(node, "tests"));
        put_signature(d, info);
    }
    jz_page_close(&d->pages, d->out);
}

/* --- pathways ------------------------------------------------------------------------------------------- */

static void put_target(struct jz_doc *d, struct fy_node *node, uint32_t rule) {
    const struct jz_rule_info *info = jz_program_rule(d->program, rule);
    struct jz_clock_info clock = jz_program_clock(d->program, rule);
    char within[JZ_VALUE_TEXT_MAX], warn[WORD_BYTES], path[JZ_DOC_PATH_MAX];
    jz_doc_path(d->program, rule, path);
    jz_value_duration(clock.within_s, within);
    fprintf(d->out, "<a id=\"%s\"></a>\n\n## %s %s / %s\n\n", strchr(path, '#') + 1, info->id, info->title_zh,
            info->title_en);
    fprintf(d->out, "| | |\n|---|---|\n| 自 From | ");
    jz_doc_field(d->out, clock.from);
    fputs(" |\n| 至 To | ", d->out);
    jz_doc_field(d->out, clock.to);
    fprintf(d->out, " |\n| 时限 Within | %s |\n", within);
    row(d, "提前提醒 Warn at", jz_doc_word(jz_yaml_get(node, "warn"), warn, sizeof warn));
    put_status(d, info);
    row(d, "来源 Source", info->source);
    put_mark(d, info->mark);
    fputs("\n| 等级 Level | 优先级 Priority | 预警医院 Alert hospital | 处置 Action |\n|---|---|---|---|\n",
          d->out);
    for (uint32_t i = 0; i < info->level_count; i++) {
        const struct jz_level_info *l = jz_program_level(d->program, rule, i);
        fprintf(d->out, "| `%s` ", l->id);
        jz_doc_title(d->out, l->title_zh, l->title_en, " / ");
        fputs(" | ", d->out);
        put_priority(d, l);
        jz_doc_title(d->out, l->action_zh, l->action_en, "<br>");
        fputs(" |\n", d->out);
    }
    fputs("\n", d->out);
    put_tests(d, jz_yaml_get(node, "tests"));
}

static void put_pathway_head(struct jz_doc *d, const struct jz_pathway_info *p, struct fy_node *node) {
    const struct jz_rule_info *first = jz_program_rule(d->program, p->first_rule);
    char word[WORD_BYTES];
    fprintf(d->out, "| | |\n|---|---|\n| 编号 Id | `%s` |\n| 版本 Version | %s |\n", p->id, p->version);
    fprintf(d->out, "| 规则包 Pack | [%s](../../../clinical-rules/packs/%s.yaml) |\n", first->pack,
            first->pack);
    row_title(d, "适用人群 For", first->for_zh, first->for_en);
    row_title(d, "不适用 Not for", first->not_for_zh, first->not_for_en);
    fputs("| 所需能力 Conditions | ", d->out);
    put_conditions(d, p->conditions);
    jz_doc_cell(d->out, jz_doc_word(jz_yaml_get(node, "no_capability"), word, sizeof word));
    fputs(" |\n", d->out);
    put_status(d, first);
    row(d, "来源 Source", p->source);
    fputs("\n", d->out);
}

void jz_doc_pathway_page(struct jz_doc *d, uint32_t pathway) {
    const struct jz_pathway_info *p = jz_program_pathway(d->program, pathway);
    struct fy_node *node = jz_doc_pathway(d, pathway), *target;
    char path[JZ_DOC_PATH_MAX];
    void *at = NULL;
    jz_doc_path(d->program, p->first_rule, path);
    *strchr(path, '#') = 0;
    if (node && begin(d, path, p->title_zh, p->title_en)) {
        put_pathway_head(d, p, node);
        put_applies(d, jz_yaml_get(node, "applies"));
        struct fy_node *targets = jz_yaml_get(node, "targets");
        for (uint32_t i = 0; i < p->rule_count && (target = fy_node_sequence_iterate(targets, &at)); i++)
            put_target(d, target, p->first_rule + i);
        jz_doc_defines(d, node);
        jz_doc_policies_of(d, node);
        put_inputs(d, jz_program_rule(d->program, p->first_rule));
        put_signature(d, jz_program_rule(d->program, p->first_rule));
    }
    jz_page_close(&d->pages, d->out);
}
