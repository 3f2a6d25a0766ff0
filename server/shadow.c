/* SPDX-License-Identifier: Apache-2.0 */
#include "shadow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event_log.h"

#define NO_RULE UINT32_MAX

/* What was last seen of an encounter. Hashes are enough: a change that is missed is a line not logged. */
struct seen {
    struct jz_encounter_id id;
    uint64_t results, told;
};

struct jz_shadow {
    const struct jz_program *active;
    struct jz_program *program;
    uint32_t counterpart[JZ_RULES_MAX]; /* by rule of `program`: the active one of that id */
    struct jz_chart of_active, of_program;
    struct seen *seen;
    uint64_t differences;
};

struct jz_shadow *jz_shadow_open(uint32_t slots) {
    struct jz_shadow *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->seen = calloc(slots, sizeof *s->seen);
    if (s->seen) return s;
    free(s);
    return NULL;
}

void jz_shadow_close(struct jz_shadow *s) {
    if (!s) return;
    jz_program_free(s->program);
    free(s->seen);
    free(s);
}

void jz_shadow_set(struct jz_shadow *s, const struct jz_program *active, struct jz_program *program) {
    jz_program_free(s->program);
    s->program = program;
    jz_shadow_follow(s, active);
}

void jz_shadow_follow(struct jz_shadow *s, const struct jz_program *active) {
    s->active = active;
    for (uint32_t i = 0; s->program && i < jz_program_rule_count(s->program); i++)
        s->counterpart[i] = jz_program_rule_by_id(active, jz_program_rule(s->program, i)->id);
}

uint64_t jz_shadow_differences(const struct jz_shadow *s) {
    return s->differences;
}

/* FNV-1a, 64 bits. */
static uint64_t hash_of(uint64_t hash, const void *bytes, size_t count) {
    const uint8_t *at = bytes;
    for (size_t i = 0; i < count; i++) hash = (hash ^ at[i]) * 0x100000001b3u;
    return hash;
}
#define HASH_START 0xcbf29ce484222325u

static void ask(const struct jz_program *program, const struct jz_chart *from, int64_t now_ms,
                struct jz_chart *to) {
    struct jz_rule_set all = {{0}};
    memset(to, 0, sizeof *to);
    for (uint64_t i = 0; i < from->count; i++)
        if (jz_chart_observe(program, to, from->reading[i].field, from->reading[i], &all) != JZ_OK) break;
    for (uint32_t i = 0; i < jz_program_rule_count(program); i++) jz_rule_set_add(&all, i);
    jz_chart_update(program, to, all, now_ms);
}

/* The level a rule ends in; "-" where it has not fired, "" where there is no such rule. */
static const char *level_of(const struct jz_program *program, const struct jz_chart *chart, uint32_t rule) {
    if (rule == NO_RULE) return "";
    const struct jz_rule_result *r = &chart->result[rule];
    return r->status == JZ_RULE_FIRED && r->level != JZ_LEVEL_NONE
               ? jz_program_level(program, rule, r->level)->id
               : "-";
}

static bool says_something(const char *level) {
    return level[0] && strcmp(level, "-") != 0;
}

struct differences {
    uint64_t hash, count;
};

static void compare(const char *id, const char *is, const char *would, bool tell, struct differences *all) {
    char text[160];
    if (strcmp(would, is) == 0 || !(says_something(would) || says_something(is))) return;
    snprintf(text, sizeof text, "%s: active %s, shadow %s", id, is[0] ? is : "has no such rule",
             would[0] ? would : "has no such rule");
    all->hash = hash_of(all->hash, text, strlen(text));
    all->count++;
    if (tell) jz_log(JZ_LOG_SHADOW_DIFFERS, &(struct jz_log_fields){.detail = text});
}

static struct differences compare_all(const struct jz_shadow *s, bool tell) {
    struct differences all = {HASH_START, 0};
    for (uint32_t i = 0; i < jz_program_rule_count(s->program); i++)
        compare(jz_program_rule(s->program, i)->id, level_of(s->active, &s->of_active, s->counterpart[i]),
                level_of(s->program, &s->of_program, i), tell, &all);
    for (uint32_t i = 0; i < jz_program_rule_count(s->active); i++) {
        const char *id = jz_program_rule(s->active, i)->id, *is = level_of(s->active, &s->of_active, i);
        if (says_something(is) && jz_program_rule_by_id(s->program, id) == NO_RULE)
            compare(id, is, "", tell, &all);
    }
    return all;
}

void jz_shadow_look(struct jz_shadow *s, const struct jz_core *core, uint32_t slot) {
    const struct jz_chart *chart = jz_core_chart(core, slot);
    struct jz_encounter_id id = jz_core_encounter_id(core, slot);
    struct seen *seen = &s->seen[slot];
    if (!s->program) return;
    uint64_t results = hash_of(HASH_START, chart->result, sizeof chart->result);
    if (memcmp(&seen->id, &id, sizeof id) != 0) *seen = (struct seen){.id = id, .told = HASH_START};
    if (results == seen->results) return;
    seen->results = results;
    ask(s->active, chart, jz_core_now(core), &s->of_active);
    ask(s->program, chart, jz_core_now(core), &s->of_program);
    struct differences all = compare_all(s, false);
    if (all.hash == seen->told) return;
    seen->told = all.hash;
    s->differences += all.count;
    compare_all(s, true);
}
