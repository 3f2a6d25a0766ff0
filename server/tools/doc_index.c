/* SPDX-License-Identifier: Apache-2.0 */
/* The pages beside the rules: index, policy, routing conditions. */
#include <string.h>

#include "doc.h"
#include "tool_value.h"

#define WORD_BYTES 768u

/* --- index ---------------------------------------------------------------------------------------------- */

static const char *folder_title(const char *folder) {
    static const char *const titles[][2] = {
        {"general", "一般急症 General"}, {"chest-pain", "胸痛 Chest pain"},
        {"obstetric", "产科 Obstetric"}, {"neonatal", "新生儿 Newborn"},
        {"ctg", "胎心监护 CTG"},         {"pathways", "急救路径 Pathways"}};
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++)
        if (strcmp(titles[i][0], folder) == 0) return titles[i][1];
    return folder;
}

static void folder_of(const struct jz_doc *d, uint32_t rule, char *out, size_t capacity) {
    const char *pack = jz_program_rule(d->program, rule)->pack, *slash = strchr(pack, '/');
    snprintf(out, capacity, "%.*s", slash ? (int)(slash - pack) : 5, slash ? pack : "packs");
}

static void put_priorities(struct jz_doc *d, uint32_t rule) {
    bool first = true, seen[6] = {false};
    for (uint32_t i = 0; i < jz_program_rule(d->program, rule)->level_count; i++)
        seen[jz_program_level(d->program, rule, i)->priority] = true;
    for (uint32_t p = 1; p <= 5; p++) {
        if (!seen[p]) continue;
        fprintf(d->out, "%sP%u", first ? "" : " ", p);
        first = false;
    }
}

static void put_rule_row(struct jz_doc *d, uint32_t rule) {
    const struct jz_rule_info *info = jz_program_rule(d->program, rule);
    char path[JZ_DOC_PATH_MAX];
    jz_doc_path(d->program, rule, path);
    fprintf(d->out, "| [%s](%s) | %s | ", info->id, path, info->version);
    jz_doc_title(d->out, info->title_zh, info->title_en, " / ");
    fputs(" | ", d->out);
    put_priorities(d, rule);
    fprintf(d->out, " | %s | %s | ", info->enabled ? "启用 on" : "停用 off",
            info->signed_off ? "是 yes" : "**否 no**");
    jz_doc_cell(d->out, info->mark);
    fputs(" |\n", d->out);
}

static void put_folder(struct jz_doc *d, const char *folder) {
    char other[JZ_TOOL_NAME_MAX];
    fprintf(d->out,
            "\n## %s\n\n| 规则 Rule | 版本 Version | 名称 Title | 优先级 Priority | 状态 Status | 已签署 "
            "Signed | 标记 Mark "
            "|\n|---|---|---|---|---|---|---|\n",
            folder_title(folder));
    for (uint32_t i = 0; i < jz_program_rule_count(d->program); i++) {
        folder_of(d, i, other, sizeof other);
        if (strcmp(folder, other) == 0) put_rule_row(d, i);
    }
}

static bool is_new_folder(const struct jz_doc *d, uint32_t rule, const char *folder) {
    char other[JZ_TOOL_NAME_MAX];
    for (uint32_t i = 0; i < rule; i++) {
        folder_of(d, i, other, sizeof other);
        if (strcmp(folder, other) == 0) return false;
    }
    return true;
}

static void put_counts(struct jz_doc *d) {
    uint32_t count = jz_program_rule_count(d->program), on = 0, with_name = 0;
    for (uint32_t i = 0; i < count; i++) {
        on += jz_program_rule(d->program, i)->enabled;
        with_name += jz_program_rule(d->program, i)->signed_off;
    }
    fprintf(d->out,
            "%u 条规则（含路径时限），%u 条启用，%u 条已由临床医师签署。 %u rules (targets of pathways "
            "included), %u enabled, %u "
            "signed by a clinician.\n\n",
            count, on, with_name, count, on, with_name);
}

void jz_doc_index_page(struct jz_doc *d) {
    char folder[JZ_TOOL_NAME_MAX];
    d->out = jz_page_open(&d->pages, "README.md");
    if (d->out) {
        fputs("# 临床规则 Clinical rules\n\n", d->out);
        put_counts(d);
        fputs("每页供临床医师核对并签署；规则写法见 [rules-language.md](../rules-language.md)。 One page a "
              "rule, to be read and "
              "signed.\n\n* [本地可调数值 Policy](policy.md)\n* [病情与医院能力 Routing "
              "conditions](conditions.md)\n"
              "* [规范覆盖 Coverage of the specifications](coverage.md)\n",
              d->out);
        for (uint32_t i = 0; i < jz_program_rule_count(d->program); i++) {
            folder_of(d, i, folder, sizeof folder);
            if (is_new_folder(d, i, folder)) put_folder(d, folder);
        }
    }
    jz_page_close(&d->pages, d->out);
}

/* --- policy --------------------------------------------------------------------------------------------- */

static void put_policy_value(struct jz_doc *d, const struct jz_policy_info *p, int64_t value) {
    char text[JZ_VALUE_TEXT_MAX];
    if (strcmp(p->unit, "s") == 0)
        jz_value_duration(value, text);
    else
        snprintf(text, sizeof text, "%lld%s%s", (long long)value, p->unit[0] ? " " : "", p->unit);
    fprintf(d->out, "%s | ", text);
}

static void put_policy_row(struct jz_doc *d, const struct jz_policy_info *p) {
    fprintf(d->out, "| `%s` | ", p->name);
    jz_doc_title(d->out, p->title_zh, p->title_en, " / ");
    fputs(p->value == p->standard ? " | " : " | **", d->out);
    put_policy_value(d, p, p->value);
    put_policy_value(d, p, p->standard);
    put_policy_value(d, p, p->min);
    put_policy_value(d, p, p->max);
    jz_doc_cell(d->out, p->source);
    fputs(" | ", d->out);
    jz_doc_cell(d->out, p->mark);
    fprintf(d->out, " | `%s` |\n", p->pack);
}

void jz_doc_policy_table(struct jz_doc *d, const bool *wanted) {
    fputs("| 名称 Name | 含义 Meaning | 现值 In force | 标准 Standard | 最小 Min | 最大 Max | 来源 Source | "
          "标记 Mark | 规则包 Pack "
          "|\n|---|---|---|---|---|---|---|---|---|\n",
          d->out);
    for (uint32_t i = 0; i < jz_program_policy_count(d->program); i++)
        if (!wanted || wanted[i]) put_policy_row(d, jz_program_policy(d->program, i));
    fputs("\n", d->out);
}

void jz_doc_policy_page(struct jz_doc *d) {
    d->out = jz_page_open(&d->pages, "policy.md");
    if (d->out) {
        fputs("# 本地可调数值 What a clinical board may change\n\n"
              "在 `clinical-rules/packs/site/policy.yaml` 中修改，须在允许范围内，并写明批准人、日期与理由。 "
              "Changed in "
              "`clinical-rules/packs/site/policy.yaml`, within the range, with name, date and reason.\n\n",
              d->out);
        jz_doc_policy_table(d, NULL);
        fputs("## 停用的规则 Rules that are off\n\n| 规则 Rule | 名称 Title | 理由 Why |\n|---|---|---|\n",
              d->out);
        for (uint32_t i = 0; i < jz_program_rule_count(d->program); i++) {
            const struct jz_rule_info *info = jz_program_rule(d->program, i);
            char path[JZ_DOC_PATH_MAX];
            if (info->enabled) continue;
            jz_doc_path(d->program, i, path);
            fprintf(d->out, "| [%s](%s) | ", info->id, path);
            jz_doc_title(d->out, info->title_zh, info->title_en, " / ");
            fputs(" | ", d->out);
            jz_doc_cell(d->out, info->why_disabled);
            fputs(" |\n", d->out);
        }
    }
    jz_page_close(&d->pages, d->out);
}

/* --- routing conditions --------------------------------------------------------------------------------- */

static void put_keys(struct jz_doc *d, const char *const *keys, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) fprintf(d->out, "%s`%s`", i ? " " : "", keys[i]);
    fputs(" | ", d->out);
}

static void put_needs(struct jz_doc *d, const struct jz_alternatives *need, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < need[i].count; k++)
            fprintf(d->out, "%s`%s`", k ? " 或 or " : i ? " " : "", need[i].key[k]);
}

static void put_time(struct jz_doc *d, uint32_t seconds, const char *zero) {
    char text[JZ_VALUE_TEXT_MAX];
    jz_value_duration(seconds, text);
    fputs(seconds ? text : zero, d->out);
}

static void put_condition(struct jz_doc *d, const struct jz_condition_info *c) {
    fprintf(d->out, "| <a id=\"%s\"></a>%s | ", c->id, c->id);
    jz_doc_title(d->out, c->title_zh, c->title_en, " / ");
    fputs(" | ", d->out);
    put_needs(d, c->must, c->must_count);
    fputs(" | ", d->out);
    put_keys(d, c->prefer, c->prefer_count);
    put_time(d, c->goal_s, "尽快 as soon as possible");
    fprintf(d->out, "%s%s | ", c->goal_milestone[0] ? " → " : "", c->goal_milestone);
    put_time(d, c->door_s, "—");
    fputs(" | ", d->out);
    jz_doc_cell(d->out, c->source);
    fputs(" |\n", d->out);
}

/* Names of the bits that are set, by index. */
static void put_bits(struct jz_doc *d, uint32_t bits, const char *const *name, uint32_t count) {
    const char *between = "";
    for (uint32_t i = 0; i < count; i++)
        if (bits >> i & 1u) {
            fprintf(d->out, "%s%s", between, name[i]);
            between = ", ";
        }
    fputs(" | ", d->out);
}

static void put_replaced(struct jz_doc *d, uint64_t bits) {
    for (uint32_t i = 0; i < jz_program_condition_count(d->program); i++)
        if (bits >> i & 1u) fprintf(d->out, "%s ", jz_program_condition(d->program, i)->id);
    fputs("| ", d->out);
}

static void put_bypass(struct jz_doc *d, const struct jz_condition_info *c) {
    if (c->nearest) fputs("最近急诊 nearest ED only", d->out);
    if (c->bypass_limited) put_time(d, c->bypass_s, "不可 no");
    if (c->fetal) fputs("让位于 P1 母亲 yields to a P1 mother", d->out);
    fputs(" |\n", d->out);
}

static void put_whom(struct jz_doc *d, const struct jz_condition_info *c) {
    static const char *const service[] = {"",           "ed",  "cath_lab", "theatre",
                                          "obstetrics", "icu", "nicu",     "blood"},
                             *const team[] = {"ed", "cath_lab", "obstetrics", "nicu", "blood"},
                             *const door[] = {"", "wire", "needle", "delivery", "ct"},
                             *const fallback[] = {
                                 "", "最近 nearest: ", "稳定后转运 stabilise, retrieval: ",
                                 "溶栓后转运 lysis, then transfer: ", "团队前往 its team goes there: "};
    fprintf(d->out, "| %s | ", c->id);
    put_bits(d, c->teams, team, sizeof team / sizeof team[0]);
    put_bits(d, c->services, service, sizeof service / sizeof service[0]);
    fprintf(d->out, "%s | ", door[c->door_kind]);
    put_replaced(d, c->replaces);
    fputs(fallback[c->fallback], d->out);
    put_needs(d, c->fallback_must, c->fallback_must_count);
    fputs(c->fallback && !c->fallback_must_count ? "急诊 open ED | " : " | ", d->out);
    put_bypass(d, c);
}

/* What the compiled form does not hold: the gaps, in the pack's own words. */
static void put_gaps(struct jz_doc *d, struct fy_node *condition) {
    char id[64], capability[WORD_BYTES], reason[WORD_BYTES];
    struct fy_node *gaps = jz_yaml_get(condition, "not_in_directory"), *gap;
    void *at = NULL;
    if (!jz_yaml_is_list(gaps)) return;
    jz_doc_word(jz_yaml_get(condition, "id"), id, sizeof id);
    while ((gap = fy_node_sequence_iterate(gaps, &at))) {
        fprintf(d->out, "| %s | ", id);
        jz_doc_cell(d->out, jz_doc_word(jz_yaml_get(gap, "capability"), capability, sizeof capability));
        fputs(" | ", d->out);
        jz_doc_cell(d->out, jz_doc_word(jz_yaml_get(gap, "reason"), reason, sizeof reason));
        fputs(" |\n", d->out);
    }
}

static void put_all_gaps(struct jz_doc *d) {
    for (uint32_t i = 0; i < d->packs->count; i++) {
        struct fy_node *list = jz_yaml_get(d->yaml[i].root, "conditions"), *condition;
        void *at = NULL;
        while (jz_yaml_is_list(list) && (condition = fy_node_sequence_iterate(list, &at)))
            put_gaps(d, condition);
    }
}

void jz_doc_conditions_page(struct jz_doc *d) {
    d->out = jz_page_open(&d->pages, "conditions.md");
    if (d->out) {
        fputs("# 病情与医院能力 Routing conditions\n\n"
              "| 病情 Condition | 名称 Title | 必须 Must | 优先 Prefer | 目标时间 Goal from first contact | "
              "门到治疗 Door | 来源 Source "
              "|\n|---|---|---|---|---|---|---|\n",
              d->out);
        for (uint32_t i = 0; i < jz_program_condition_count(d->program); i++)
            put_condition(d, jz_program_condition(d->program, i));
        fputs("\n## 通知谁、保留什么、无法达标时 Whom it calls, what it reserves, and where no hospital "
              "meets the goal\n\n"
              "| 病情 Condition | 团队 Teams | 保留 Services | 门到 Door to | 取代 Replaces | 退路 Fallback "
              "| 越过更近医院 Bypass "
              "|\n|---|---|---|---|---|---|---|\n",
              d->out);
        for (uint32_t i = 0; i < jz_program_condition_count(d->program); i++)
            put_whom(d, jz_program_condition(d->program, i));
        fputs("\n## 医院目录尚不能表达的要求 What the hospital directory cannot express\n\n"
              "| 病情 Condition | 能力 Capability | 原因 Reason |\n|---|---|---|\n",
              d->out);
        put_all_gaps(d);
    }
    jz_page_close(&d->pages, d->out);
}
