/* SPDX-License-Identifier: Apache-2.0 */
/* Pathways: each target is a rule of its own, with the five states of a clock as its levels. */
#include <stdio.h>
#include <string.h>

#include "loader.h"

/* Most urgent first. The titles are put before the target's own. */
enum state { OVERDUE, LATE, DUE_SOON, RUNNING, MET, STATES };
static const struct {
    const char *id, *zh, *en;
} states[STATES] = {[OVERDUE] = {"overdue", "已超时：", "Overdue: "},
                    [LATE] = {"late", "超时完成：", "Done late: "},
                    [DUE_SOON] = {"due-soon", "即将超时：", "Due soon: "},
                    [RUNNING] = {"running", "计时中：", "Running: "},
                    [MET] = {"met", "按时完成：", "Done in time: "}};

/* --- heads ----------------------------------------------------------------------------------------------------- */

static struct jz_pathway_info *current(struct jz_loader *l) {
    return &l->program->pathway[l->program->pathway_count];
}

static void load_state(struct jz_loader *l, struct fy_node *map, const struct jz_rule_info *rule,
                       enum state state) {
    struct jz_level_info *level = jz_new_row(l, map);
    if (!level) return;
    level->id = states[state].id;
    jz_load_joined(l, map, states[state].zh, rule->title_zh, &level->title_zh);
    jz_load_joined(l, map, states[state].en, rule->title_en, &level->title_en);
    level->source = rule->source;
    level->mark = rule->mark;
    level->action_zh = level->action_en = "";
    if (state == OVERDUE || state == DUE_SOON)
        jz_load_title(l, map, "action", &level->action_zh, &level->action_en);
    if (state == OVERDUE) jz_load_priority(l, map, &level->priority);
}

static void load_target(struct jz_loader *l, struct fy_node *pathway, struct fy_node *map) {
    static const char *const keys[] = {"id",       "title",  "from", "to",      "within", "warn",  "action",
                                       "priority", "source", "mark", "enabled", "why",    "tests", NULL};
    jz_yaml_only(l->y, map, keys);
    struct jz_rule *rule = jz_new_rule(l, map, pathway);
    if (!rule) return;
    struct jz_rule_info *info = &rule->info;
    info->kind = JZ_KIND_CLOCK;
    info->pathway = (uint16_t)l->program->pathway_count;
    info->version = current(l)->version;
    info->for_zh = l->at->population[0];
    info->for_en = l->at->population[1];
    info->not_for_zh = l->at->population[2];
    info->not_for_en = l->at->population[3];
    jz_load_rule_id(l, map, &info->id);
    jz_load_title(l, map, "title", &info->title_zh, &info->title_en);
    jz_load_text_or(l, map, "source", current(l)->source, &info->source);
    jz_load_mark(l, map, &info->mark);
    jz_load_sign_off(l, pathway, info);
    jz_load_enabled(l, map, info);
    for (enum state s = OVERDUE; s < STATES && !l->y->refused; s++)
        if (s != DUE_SOON || jz_yaml_get(map, "warn")) load_state(l, map, info, s);
    rule->rows.count = (uint16_t)(l->program->row_count - rule->rows.first);
    info->level_count = (uint8_t)rule->rows.count;
    if (!l->y->refused) l->program->rule_count++;
}

/* What the receiving hospital must be able to do, or why that does not matter. */
static void load_capability(struct jz_loader *l, struct fy_node *map, uint64_t *out) {
    struct fy_node *conditions = jz_yaml_get(map, "conditions"), *none = jz_yaml_get(map, "no_capability");
    const char *why;
    if (conditions && none) jz_yaml_refuse(l->y, none, "both 'conditions' and 'no_capability'; keep one");
    if (none) jz_load_required_text(l, map, "no_capability", &why);
    if (conditions) *out = jz_load_conditions_of(l, conditions);
    if (!l->y->refused && !none && !*out)
        jz_yaml_refuse(
            l->y, conditions ? conditions : map,
            "the pathway needs no capability; name 'conditions', or say why under 'no_capability'");
}

static void load_pathway_id(struct jz_loader *l, struct fy_node *map, const char **out) {
    jz_load_rule_id(l, map, out);
    for (uint32_t i = 0; i < l->program->pathway_count && !l->y->refused; i++)
        if (strcmp(l->program->pathway[i].id, *out) == 0)
            jz_yaml_refuse(l->y, jz_yaml_get(map, "id"), "pathway '%s' exists already; give each its own id",
                           *out);
}

void jz_load_pathway(struct jz_loader *l, struct fy_node *map) {
    static const char *const keys[] = {"id",       "version", "title",      "source",        "mark",
                                       "sign_off", "applies", "conditions", "no_capability", "targets",
                                       NULL};
    struct jz_program *p = l->program;
    const char *mark;
    jz_yaml_only(l->y, map, keys);
    if (p->pathway_count == JZ_PATHWAYS_MAX)
        jz_yaml_refuse(l->y, map, "more than %u pathways in all packs", JZ_PATHWAYS_MAX);
    if (l->y->refused) return;
    struct jz_pathway_info *info = current(l);
    load_pathway_id(l, map, &info->id);
    jz_load_id(l, jz_yaml_need(l->y, map, "version"), &info->version);
    jz_load_title(l, map, "title", &info->title_zh, &info->title_en);
    jz_load_required_text(l, map, "source", &info->source);
    jz_load_mark(l, map, &mark);
    load_capability(l, map, &info->conditions);
    struct fy_node *targets = jz_yaml_need(l->y, map, "targets");
    if (targets && !jz_yaml_is_list(targets))
        jz_yaml_refuse(l->y, targets, "'targets' is a list; begin each with '- '");
    int count = jz_yaml_count(l->y, targets);
    if (!count)
        jz_yaml_refuse(l->y, map, "the pathway has no target; add one with 'from', 'to' and 'within'");
    info->first_rule = (uint16_t)p->rule_count;
    for (int i = 0; i < count && !l->y->refused; i++) load_target(l, map, jz_yaml_at(targets, i));
    info->rule_count = (uint16_t)(p->rule_count - info->first_rule);
    p->pathway_count++;
}

/* --- bodies ---------------------------------------------------------------------------------------------------- */

static uint16_t load_event(struct jz_loader *l, struct fy_node *map, const char *key) {
    struct fy_node *node = jz_yaml_need(l->y, map, key);
    char name[JZ_NAME_MAX];
    if (!jz_yaml_word(l->y, node, name, sizeof name)) return 0;
    struct jz_input *input = jz_find_input(l, name);
    if (!input)
        jz_yaml_refuse(l->y, node, "'%s' is no input of this pack; declare it with its unit", name);
    else if (jz_field_at(input->field)->kind != 'e')
        jz_yaml_refuse(l->y, node, "'%s' is no event; a target runs from one event to another", name);
    if (l->y->refused || !input) return 0;
    input->used = true;
    jz_fields_add(l->fields, input->field);
    return input->field;
}

/* "50 %" of the time, in seconds; half a second counts as one. */
static uint32_t load_warning(struct jz_loader *l, struct fy_node *node, uint32_t within_s) {
    char word[16], *sign;
    int64_t percent = 0;
    if (!jz_yaml_word(l->y, node, word, sizeof word)) return 0;
    sign = strstr(word, " %");
    if (sign) *sign = 0;
    if (!sign || sign[2] || !jz_yaml_parse_number(word, &percent) || percent < 1 || percent > 99)
        jz_yaml_refuse(l->y, node, "'warn' is 1 %% to 99 %% of the time; write it as '50 %%'");
    return (uint32_t)(((uint64_t)within_s * (uint64_t)percent + 50u) / 100u);
}

/* Reached: from .. to against the time; not reached: since .. against it. Exactly the time is in time. An end before its
 * beginning is no time at all (clinical-chest-pain 8.2): neither in time nor late. */
static void write_state(struct jz_loader *l, struct fy_node *at, const struct jz_clock_info *clock,
                        enum state state, uint32_t limit_s, struct jz_span *out) {
    const struct jz_step known = {.op = JZ_OP_KNOWN, .field = clock->to}, no = {.op = JZ_OP_NOT};
    const struct jz_step limit = {.op = JZ_OP_NUMBER, .lo = (int32_t)limit_s},
                         all = {.op = JZ_OP_ALL, .count = 2};
    const struct jz_step since = {.op = JZ_OP_SINCE, .field = clock->from};
    const struct jz_step taken = {.op = JZ_OP_FROM_TO, .index = 1, .field = clock->from, .lo = clock->to};
    const struct jz_step over = {.op = JZ_OP_COMPARE, .lo = 1, .hi = INT32_MAX};
    const struct jz_step reached = {.op = JZ_OP_COMPARE, .lo = 0, .hi = INT32_MAX};
    const struct jz_step in_time = {.op = JZ_OP_COMPARE, .lo = INT32_MIN, .hi = 0};
    const struct jz_step begun = {.op = JZ_OP_KNOWN, .field = clock->from};
    const struct jz_step steps[STATES][6] = {[OVERDUE] = {known, no, since, limit, over, all},
                                             [LATE] = {known, taken, limit, over, all},
                                             [DUE_SOON] = {known, no, since, limit, reached, all},
                                             [RUNNING] = {known, no, begun, all},
                                             [MET] = {known, taken, limit, in_time, all}};
    static const uint8_t counts[STATES] = {6, 5, 6, 4, 5};
    jz_load_steps(l, at, steps[state], counts[state], out);
}

void jz_load_target_body(struct jz_loader *l, struct jz_rule *rule, const struct jz_rule_at *at) {
    struct fy_node *within = jz_yaml_need(l->y, at->map, "within"), *warn = jz_yaml_get(at->map, "warn");
    jz_load_applies(l, at->pathway, rule);
    rule->clock.from = load_event(l, at->map, "from");
    rule->clock.to = load_event(l, at->map, "to");
    if (!l->y->refused && rule->clock.from == rule->clock.to)
        jz_yaml_refuse(l->y, jz_yaml_get(at->map, "to"), "a target ends where it begins; name another event");
    rule->clock.within_s = jz_load_duration(l, within);
    uint32_t warn_s = warn ? load_warning(l, warn, rule->clock.within_s) : 0;
    struct jz_row *row = &l->program->row[rule->rows.first];
    for (enum state s = OVERDUE; s < STATES && !l->y->refused; s++)
        if (s != DUE_SOON || warn)
            write_state(l, s == DUE_SOON ? warn : within, &rule->clock, s,
                        s == DUE_SOON ? warn_s : rule->clock.within_s, &(row++)->when);
}
