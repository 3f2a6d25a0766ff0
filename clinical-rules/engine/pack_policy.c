/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that a clinical board may change, and the one place where a site does it. */
#include <string.h>

#include "loader.h"

const struct jz_policy_info *jz_find_policy(const struct jz_loader *l, const char *name) {
    for (uint32_t i = 0; i < l->program->policy_count; i++)
        if (strcmp(l->program->policy[i].name, name) == 0) return &l->program->policy[i];
    return NULL;
}

static bool is_number(struct fy_node *node) {
    struct jz_pack_error unused;
    struct jz_yaml y = {.error = &unused, .file = ""};
    char word[JZ_NAME_MAX];
    int64_t number;
    return jz_yaml_word(&y, node, word, sizeof word) && jz_yaml_parse_number(word, &number);
}

/* Value, limits and every setting of one policy are all times or all numbers. */
static int64_t amount(struct jz_loader *l, struct fy_node *node, bool time) {
    if (time) return jz_yaml_duration(l->y, node);
    return jz_yaml_number(l->y, node, "the policy", -(int64_t)INT32_MAX, INT32_MAX);
}

static void load_unit(struct jz_loader *l, struct fy_node *map, bool time, const char **out) {
    struct fy_node *unit = jz_yaml_get(map, "unit");
    *out = time ? "s" : "";
    if (unit && time) jz_yaml_refuse(l->y, unit, "a time needs no unit; remove this");
    if (unit && !time) jz_load_required_text(l, map, "unit", out);
}

static void load_name(struct jz_loader *l, struct fy_node *key, const char **out) {
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    jz_load_id(l, key, out);
    if (l->y->refused) return;
    if ((*out)[strspn(*out, allowed)])
        jz_yaml_refuse(l->y, key, "'%s' is no name of a policy: a-z, 0-9 and _", *out);
    const struct jz_policy_info *other = jz_find_policy(l, *out);
    if (other) jz_yaml_refuse(l->y, key, "policy '%s' exists already in %s; rename one", *out, other->pack);
}

void jz_load_policy(struct jz_loader *l, struct jz_yaml_pair pair) {
    static const char *const keys[] = {"value", "min", "max", "unit", "title", "source", "mark", NULL};
    struct jz_program *p = l->program;
    if (p->policy_count == JZ_POLICIES_MAX)
        jz_yaml_refuse(l->y, pair.key, "more than %u policies in all packs", JZ_POLICIES_MAX);
    jz_yaml_only(l->y, pair.value, keys);
    if (l->y->refused) return;
    struct jz_policy_info policy = {.pack = l->at->id};
    struct fy_node *value = jz_yaml_need(l->y, pair.value, "value");
    bool time = value && !is_number(value);
    load_name(l, pair.key, &policy.name);
    policy.standard = amount(l, value, time);
    policy.min = amount(l, jz_yaml_need(l->y, pair.value, "min"), time);
    policy.max = amount(l, jz_yaml_need(l->y, pair.value, "max"), time);
    policy.value = policy.standard;
    load_unit(l, pair.value, time, &policy.unit);
    jz_load_title(l, pair.value, "title", &policy.title_zh, &policy.title_en);
    jz_load_required_text(l, pair.value, "source", &policy.source);
    jz_load_mark(l, pair.value, &policy.mark);
    if (!l->y->refused && (policy.value < policy.min || policy.value > policy.max))
        jz_yaml_refuse(l->y, value, "the standard is outside its own min..max; correct one of them");
    if (!l->y->refused) p->policy[p->policy_count++] = policy;
}

/* --- the site's own settings ------------------------------------------------------------------------------------ */

/* Who changed it, when and why; the first two are empty until somebody signs. */
static void load_reason(struct jz_loader *l, struct fy_node *map, const char **why) {
    const char *by, *date;
    jz_load_text(l, jz_yaml_need(l->y, map, "by"), &by);
    jz_load_text(l, jz_yaml_need(l->y, map, "date"), &date);
    jz_load_required_text(l, map, "why", why);
}

static void override(struct jz_loader *l, struct jz_yaml_pair pair) {
    static const char *const keys[] = {"value", "by", "date", "why", NULL};
    char name[JZ_NAME_MAX];
    const char *why;
    if (!jz_yaml_word(l->y, pair.key, name, sizeof name)) return;
    const struct jz_policy_info *found = jz_find_policy(l, name);
    if (!found) jz_yaml_refuse(l->y, pair.key, "no pack has a policy '%s'; correct its name", name);
    jz_yaml_only(l->y, pair.value, keys);
    struct fy_node *node = jz_yaml_need(l->y, pair.value, "value");
    if (l->y->refused) return;
    struct jz_policy_info *policy = &l->program->policy[found - l->program->policy];
    policy->value = amount(l, node, strcmp(policy->unit, "s") == 0);
    load_reason(l, pair.value, &why);
    if (!l->y->refused && (policy->value < policy->min || policy->value > policy->max))
        jz_yaml_refuse(l->y, node, "%s may be %lld..%lld%s; choose a value within", name,
                       (long long)policy->min, (long long)policy->max,
                       strcmp(policy->unit, "s") == 0 ? " s" : "");
}

static void switch_rule(struct jz_loader *l, struct jz_yaml_pair pair) {
    static const char *const keys[] = {"enabled", "by", "date", "why", NULL};
    char id[JZ_NAME_MAX];
    const char *why;
    if (!jz_yaml_word(l->y, pair.key, id, sizeof id)) return;
    uint32_t rule = jz_program_rule_by_id(l->program, id);
    if (rule == UINT32_MAX) jz_yaml_refuse(l->y, pair.key, "no pack has a rule '%s'; correct its id", id);
    jz_yaml_only(l->y, pair.value, keys);
    struct fy_node *enabled = jz_yaml_need(l->y, pair.value, "enabled");
    load_reason(l, pair.value, &why);
    if (l->y->refused) return;
    struct jz_rule_info *info = &l->program->rule[rule].info;
    info->enabled = jz_yaml_bool(l->y, enabled);
    info->why_disabled = info->enabled ? "" : why;
}

void jz_load_site_policy(struct jz_loader *l, struct fy_node *root) {
    jz_each_pair(l, jz_yaml_get(root, "policy"), override);
}

void jz_load_site_rules(struct jz_loader *l, struct fy_node *root) {
    jz_each_pair(l, jz_yaml_get(root, "rules"), switch_rule);
}
