/* SPDX-License-Identifier: Apache-2.0 */
/* From one folder of packs to another: what they say, and what they do on every test case of both. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "doc.h"
#include "jingzhu/field.h"
#include "tool_answer.h"
#include "tool_flags.h"
#include "tool_story.h"
#include "tool_value.h"

#define EXAMPLES 3u /* of cases a rule that behaves otherwise */

struct diff {
    struct jz_doc *from, *to;
    uint32_t to_rule[JZ_RULES_MAX]; /* of each rule of `from`; UINT32_MAX: gone */
    uint32_t cases, differ[JZ_RULES_MAX];
    bool behaves; /* something acts otherwise */
    struct jz_chart before, after;
};

/* --- what rules say ------------------------------------------------------------------------------------- */

static void say(const char *id, const char *what, const char *before, const char *after) {
    if (strcmp(before, after) != 0) printf("changed %s: %s: %s -> %s\n", id, what, before, after);
}

static void say_bool(struct diff *d, const char *id, const char *what, bool before, bool after) {
    say(id, what, before ? "yes" : "no", after ? "yes" : "no");
    d->behaves |= before != after;
}

/* @return whether they differ. */
static bool print_numbers(const char *id, const char *what, int64_t before, int64_t after) {
    if (before == after) return false;
    printf("changed %s: %s: %lld -> %lld\n", id, what, (long long)before, (long long)after);
    return true;
}

static void say_number(struct diff *d, const char *id, const char *what, int64_t before, int64_t after) {
    d->behaves |= print_numbers(id, what, before, after);
}

static bool has_condition(const struct jz_program *program, uint64_t conditions, const char *id) {
    for (uint32_t i = 0; i < jz_program_condition_count(program); i++)
        if ((conditions >> i & 1u) && strcmp(jz_program_condition(program, i)->id, id) == 0) return true;
    return false;
}

/* @return whether all of `a` are in `b`. */
static bool within(const struct jz_program *pa, uint64_t a, const struct jz_program *pb, uint64_t b) {
    for (uint32_t i = 0; i < jz_program_condition_count(pa); i++)
        if ((a >> i & 1u) && !has_condition(pb, b, jz_program_condition(pa, i)->id)) return false;
    return true;
}

static bool same_conditions(const struct diff *d, uint64_t a, uint64_t b) {
    const struct jz_program *from = d->from->program, *to = d->to->program;
    return within(from, a, to, b) && within(to, b, from, a);
}

static const struct jz_level_info *level_named(const struct jz_program *program, uint32_t rule,
                                               const char *id) {
    for (uint32_t i = 0; i < jz_program_rule(program, rule)->level_count; i++)
        if (strcmp(jz_program_level(program, rule, i)->id, id) == 0)
            return jz_program_level(program, rule, i);
    return NULL;
}

static void compare_level(struct diff *d, const char *id, const struct jz_level_info *a,
                          const struct jz_level_info *b) {
    char what[160];
    snprintf(what, sizeof what, "level %s priority", a->id);
    say_number(d, id, what, a->priority, b->priority);
    snprintf(what, sizeof what, "level %s alarm", a->id);
    say_bool(d, id, what, a->alarm, b->alarm);
    snprintf(what, sizeof what, "level %s rule-out", a->id);
    say_bool(d, id, what, a->rule_out, b->rule_out);
    snprintf(what, sizeof what, "level %s title", a->id);
    say(id, what, a->title_zh, b->title_zh);
    say(id, what, a->title_en, b->title_en);
    snprintf(what, sizeof what, "level %s action", a->id);
    say(id, what, a->action_zh, b->action_zh);
    say(id, what, a->action_en, b->action_en);
    if (same_conditions(d, a->conditions, b->conditions)) return;
    printf("changed %s: level %s: conditions\n", id, a->id);
    d->behaves = true;
}

static void compare_levels(struct diff *d, uint32_t a, uint32_t b) {
    const struct jz_program *from = d->from->program, *to = d->to->program;
    const char *id = jz_program_rule(from, a)->id;
    for (uint32_t i = 0; i < jz_program_rule(from, a)->level_count; i++) {
        const struct jz_level_info *was = jz_program_level(from, a, i), *is = level_named(to, b, was->id);
        if (is)
            compare_level(d, id, was, is);
        else
            printf("changed %s: level %s is gone\n", id, was->id);
        d->behaves |= !is;
    }
    for (uint32_t i = 0; i < jz_program_rule(to, b)->level_count; i++) {
        if (level_named(from, a, jz_program_level(to, b, i)->id)) continue;
        printf("changed %s: level %s is new\n", id, jz_program_level(to, b, i)->id);
        d->behaves = true;
    }
}

static void compare_inputs(struct diff *d, const struct jz_rule_info *a, const struct jz_rule_info *b) {
    char before[JZ_VALUE_TEXT_MAX], after[JZ_VALUE_TEXT_MAX], what[96];
    for (uint32_t i = 0; i < a->input_count; i++) {
        uint32_t k = 0;
        const char *name = jz_field_at(a->input[i])->name;
        while (k < b->input_count && b->input[k] != a->input[i]) k++;
        if (k == b->input_count) {
            printf("changed %s: input %s is gone\n", a->id, name);
            continue;
        }
        jz_value_duration(a->fresh_ms[i] / 1000, before);
        jz_value_duration(b->fresh_ms[k] / 1000, after);
        snprintf(what, sizeof what, "input %s fresh", name);
        say(a->id, what, before, after);
        d->behaves |= a->fresh_ms[i] != b->fresh_ms[k];
    }
    for (uint32_t k = 0; k < b->input_count; k++) {
        uint32_t i = 0;
        while (i < a->input_count && a->input[i] != b->input[k]) i++;
        if (i == a->input_count)
            printf("changed %s: input %s is new\n", a->id, jz_field_at(b->input[k])->name);
    }
}

/* Criteria and bands as written: says where to look; whether they act otherwise is for the cases to show. */
static void compare_text(struct diff *d, uint32_t a, uint32_t b) {
    static const char *const keys[] = {"applies", "score", "levels", "within", "warn"};
    struct fy_node *was = jz_doc_rule(d->from, a), *is = jz_doc_rule(d->to, b);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct fy_node *x = jz_yaml_get(was, keys[i]), *y = jz_yaml_get(is, keys[i]);
        if ((!x && !y) || (x && y && fy_node_compare(x, y))) continue;
        printf("changed %s: text of '%s'\n", jz_program_rule(d->from->program, a)->id, keys[i]);
    }
}

static void compare_rule(struct diff *d, uint32_t a, uint32_t b) {
    const struct jz_rule_info *was = jz_program_rule(d->from->program, a),
                              *is = jz_program_rule(d->to->program, b);
    say(was->id, "version", was->version, is->version);
    say(was->id, "pack", was->pack, is->pack);
    say(was->id, "title", was->title_zh, is->title_zh);
    say(was->id, "title", was->title_en, is->title_en);
    say(was->id, "source", was->source, is->source);
    say(was->id, "mark", was->mark, is->mark);
    say(was->id, "signed", was->signed_off ? was->signed_by : "no", is->signed_off ? is->signed_by : "no");
    say_bool(d, was->id, "enabled", was->enabled, is->enabled);
    say_number(d, was->id, "items", was->item_count, is->item_count);
    compare_levels(d, a, b);
    compare_inputs(d, was, is);
    compare_text(d, a, b);
    if (was->kind != JZ_KIND_CLOCK || is->kind != JZ_KIND_CLOCK) return;
    say_number(d, was->id, "within (s)", jz_program_clock(d->from->program, a).within_s,
               jz_program_clock(d->to->program, b).within_s);
}

static void compare_rules(struct diff *d) {
    const struct jz_program *from = d->from->program, *to = d->to->program;
    for (uint32_t i = 0; i < jz_program_rule_count(from); i++) {
        const struct jz_rule_info *info = jz_program_rule(from, i);
        d->to_rule[i] = jz_program_rule_by_id(to, info->id);
        if (d->to_rule[i] != UINT32_MAX) {
            compare_rule(d, i, d->to_rule[i]);
            continue;
        }
        printf("removed %s %s %s\n", info->id, info->version, info->title_zh);
        d->behaves |= info->enabled;
    }
    for (uint32_t i = 0; i < jz_program_rule_count(to); i++) {
        const struct jz_rule_info *info = jz_program_rule(to, i);
        if (jz_program_rule_by_id(from, info->id) != UINT32_MAX) continue;
        printf("added %s %s %s\n", info->id, info->version, info->title_zh);
        d->behaves |= info->enabled;
    }
}

/* --- policies ------------------------------------------------------------------------------------------- */

static const struct jz_policy_info *policy_named(const struct jz_program *program, const char *name) {
    for (uint32_t i = 0; i < jz_program_policy_count(program); i++)
        if (strcmp(jz_program_policy(program, i)->name, name) == 0) return jz_program_policy(program, i);
    return NULL;
}

static void compare_policies(struct diff *d) {
    const struct jz_program *from = d->from->program, *to = d->to->program;
    for (uint32_t i = 0; i < jz_program_policy_count(from); i++) {
        const struct jz_policy_info *was = jz_program_policy(from, i), *is = policy_named(to, was->name);
        char what[96];
        snprintf(what, sizeof what, "policy.%s", was->name);
        if (!is) {
            printf("removed %s\n", what);
            continue;
        }
        say_number(d, what, "value", was->value, is->value);
        print_numbers(what, "min", was->min, is->min);
        print_numbers(what, "max", was->max, is->max);
    }
    for (uint32_t i = 0; i < jz_program_policy_count(to); i++)
        if (!policy_named(from, jz_program_policy(to, i)->name))
            printf("added policy.%s %lld\n", jz_program_policy(to, i)->name,
                   (long long)jz_program_policy(to, i)->value);
}

/* --- what rules do -------------------------------------------------------------------------------------- */

static bool same_level(const struct diff *d, uint32_t a, uint8_t was, uint32_t b, uint8_t is) {
    return strcmp(jz_level_word(d->from->program, a, was), jz_level_word(d->to->program, b, is)) == 0;
}

static bool same_result(const struct diff *d, uint32_t a, uint32_t b) {
    const struct jz_rule_result *was = &d->before.result[a], *is = &d->after.result[b];
    return was->status == is->status && was->lo == is->lo && was->hi == is->hi &&
           was->complete == is->complete && was->stale == is->stale &&
           same_level(d, a, was->level, b, is->level) && same_level(d, a, was->level_hi, b, is->level_hi);
}

static void print_result(const struct jz_program *program, uint32_t rule, const struct jz_rule_result *r) {
    printf("%s %d..%d %s (up to %s)", jz_status_word(r->status), r->lo, r->hi,
           jz_level_word(program, rule, r->level), jz_level_word(program, rule, r->level_hi));
}

static void one_case(void *context, const struct jz_story *story) {
    struct diff *d = context;
    const struct jz_program *from = d->from->program, *to = d->to->program;
    d->cases++;
    jz_story_tell(story, from, &d->before);
    jz_story_tell(story, to, &d->after);
    for (uint32_t a = 0; a < jz_program_rule_count(from); a++) {
        uint32_t b = d->to_rule[a];
        if (b == UINT32_MAX || same_result(d, a, b)) continue;
        d->behaves = true;
        if (++d->differ[a] > EXAMPLES) continue;
        printf("behaves %s: on %s %s%s%s: ", jz_program_rule(from, a)->id, story->pack, story->test,
               story->value[0] ? " at " : "", story->value);
        print_result(from, a, &d->before.result[a]);
        printf(" -> ");
        print_result(to, b, &d->after.result[b]);
        putchar('\n');
    }
}

static bool compare_behaviour(struct diff *d) {
    if (!jz_stories(d->from->packs, one_case, d) || !jz_stories(d->to->packs, one_case, d)) return false;
    for (uint32_t a = 0; a < jz_program_rule_count(d->from->program); a++)
        if (d->differ[a])
            printf("behaves %s: otherwise on %u of %u cases\n", jz_program_rule(d->from->program, a)->id,
                   d->differ[a], d->cases);
    return true;
}

/* --- the command ---------------------------------------------------------------------------------------- */

static struct jz_doc *open_side(const char *folder) {
    struct jz_tool_packs *packs = jz_tool_packs_load(folder);
    struct jz_doc *doc = packs ? calloc(1, sizeof *doc) : NULL;
    if (!doc) {
        jz_tool_packs_free(packs);
        return NULL;
    }
    doc->packs = packs;
    doc->program = packs->program;
    if (jz_doc_open(doc)) return doc;
    jz_doc_close(doc);
    free(doc);
    jz_tool_packs_free(packs);
    return NULL;
}

static void close_side(struct jz_doc *doc) {
    if (!doc) return;
    jz_doc_close(doc);
    jz_tool_packs_free(doc->packs);
    free(doc);
}

static int compare(struct diff *d) {
    compare_rules(d);
    compare_policies(d);
    if (!compare_behaviour(d)) return JZ_EXIT_WRONG;
    printf("%s, on %u test cases of both\n", d->behaves ? "they behave differently" : "they behave the same",
           d->cases);
    return d->behaves ? JZ_EXIT_WRONG : JZ_EXIT_OK;
}

int jz_cmd_rules_diff(int argc, char **argv) {
    struct jz_tool_rest rest;
    if (!jz_tool_flags(argc, argv, NULL, 0, &rest) || rest.count != 2) {
        fprintf(stderr, "usage: jingzhu rules diff FOLDER FOLDER   (exit 1: they behave differently)\n");
        return JZ_EXIT_USAGE;
    }
    struct diff *d = calloc(1, sizeof *d);
    if (d) d->from = open_side(rest.word[0]);
    if (d && d->from) d->to = open_side(rest.word[1]);
    int code = d && d->to ? compare(d) : JZ_EXIT_WRONG;
    if (d) {
        close_side(d->from);
        close_side(d->to);
    }
    free(d);
    return code;
}
