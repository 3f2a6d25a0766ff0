/* SPDX-License-Identifier: Apache-2.0 */
/* What is expected of rules, clocks and explanations. */
#include <string.h>

#include "verbs.h"

#define CHECK(name)                                                                                          \
    static bool name(const struct scene *s, uint32_t slot, const struct word_arg *about,                     \
                     const struct word_arg *says, char *so, size_t so_bytes)

static uint32_t explain(const struct scene *s, uint32_t slot, const struct word_arg *about,
                        struct jz_assessment *a) {
    uint32_t rule = (uint32_t)about[0].number;
    jz_rule_evaluate(s->files->program, &s->core->encounter[slot].chart, rule, s->core->head.now_ms, a);
    a->result = s->core->encounter[slot].chart.result[rule]; /* what stands, not what would */
    return rule;
}

static const char *level_name(const struct scene *s, uint32_t rule, uint8_t level) {
    return level == JZ_LEVEL_NONE ? "none" : jz_program_level(s->files->program, rule, level)->id;
}

static void inputs(const struct jz_rule_info *info, uint64_t bits, char *out, size_t capacity) {
    size_t used = 0;
    snprintf(out, capacity, "nothing");
    for (uint32_t i = 0; i < info->input_count && used < capacity; i++)
        if (bits >> i & 1u)
            used += (size_t)snprintf(out + used, capacity - used, "%s%s", used ? " " : "",
                                     jz_field_at(info->input[i])->name);
}

static bool has_input(const struct scene *s, uint32_t rule, uint64_t bits, const struct word_arg *says,
                      const char *what, char *so, size_t so_bytes) {
    const struct jz_rule_info *info = jz_program_rule(s->files->program, rule);
    char list[400];
    inputs(info, bits, list, sizeof list);
    snprintf(so, so_bytes, "%s %s", what, list);
    for (uint32_t i = 0; i < info->input_count; i++)
        if (info->input[i] == says[0].number) return bits >> i & 1u;
    snprintf(so, so_bytes, "the rule does not read that field");
    return false;
}

CHECK(status) {
    struct jz_assessment a;
    uint32_t rule = explain(s, slot, about, &a);
    snprintf(so, so_bytes, "it is: %s, level %s", name_of(rule_status_names, a.result.status),
             level_name(s, rule, a.result.level));
    return a.result.status == says[0].number;
}

static bool is_level(const struct scene *s, uint32_t rule, uint8_t level, const char *wanted, char *so,
                     size_t so_bytes) {
    const char *is = level_name(s, rule, level);
    size_t used = (size_t)snprintf(so, so_bytes, "it is %s; its levels are none", is);
    for (uint8_t i = 0; i < jz_program_rule(s->files->program, rule)->level_count && used < so_bytes; i++)
        used += (size_t)snprintf(so + used, so_bytes - used, ", %s", level_name(s, rule, i));
    return strcmp(is, wanted) == 0;
}

CHECK(level) {
    struct jz_assessment a;
    uint32_t rule = explain(s, slot, about, &a);
    return is_level(s, rule, a.result.level, says[0].text, so, so_bytes);
}

CHECK(could_be) {
    struct jz_assessment a;
    uint32_t rule = explain(s, slot, about, &a);
    return is_level(s, rule, a.result.level_hi, says[0].text, so, so_bytes);
}

CHECK(score) {
    struct jz_assessment a;
    explain(s, slot, about, &a);
    snprintf(so, so_bytes, "it is %d to %d", a.result.lo, a.result.hi);
    return a.result.lo == says[0].number && a.result.hi == says[0].number;
}

CHECK(score_between) {
    struct jz_assessment a;
    explain(s, slot, about, &a);
    snprintf(so, so_bytes, "it is %d to %d", a.result.lo, a.result.hi);
    return a.result.lo == says[0].number && a.result.hi == says[1].number;
}

CHECK(because) {
    struct jz_assessment a;
    uint32_t rule = explain(s, slot, about, &a);
    return has_input(s, rule, a.because, says, "it is because of", so, so_bytes);
}

CHECK(misses) {
    struct jz_assessment a;
    uint32_t rule = explain(s, slot, about, &a);
    return has_input(s, rule, a.missing, says, "it misses", so, so_bytes);
}

CHECK(stale) {
    struct jz_assessment a;
    uint32_t rule = explain(s, slot, about, &a);
    return has_input(s, rule, a.stale, says, "stale is", so, so_bytes);
}

CHECK(uses) {
    struct jz_assessment a;
    uint32_t rule = explain(s, slot, about, &a);
    uint64_t used = 0;
    for (uint32_t i = 0; i < a.used_count; i++) used |= UINT64_C(1) << a.used[i].input;
    return has_input(s, rule, used, says, "it uses", so, so_bytes);
}

CHECK(asks) {
    struct jz_assessment a;
    explain(s, slot, about, &a);
    snprintf(so, so_bytes, "it asks for %s",
             a.measure_next == JZ_FIELD_NONE ? "nothing" : jz_field_at(a.measure_next)->name);
    return a.measure_next == says[0].number;
}

CHECK(priority) {
    struct jz_assessment a;
    explain(s, slot, about, &a);
    snprintf(so, so_bytes, "it proposes %u", a.priority);
    return a.priority == says[0].number;
}

CHECK(text) {
    struct jz_assessment a;
    static char words[16384];
    uint32_t rule = explain(s, slot, about, &a);
    bool found = false;
    for (int language = JZ_ZH; language <= JZ_EN; language++) {
        jz_explain_text(s->files->program, rule, &a, (enum jz_language)language, words, sizeof words);
        found = found || strstr(words, says[0].text);
    }
    snprintf(so, so_bytes, "it says: %s", words);
    return found;
}

static const struct named clock_names[] = {{"running", 0}, {"due-soon", 1}, {"overdue", 2},
                                           {"met", 3},     {"late", 4},     {NULL, 0}};

CHECK(clock_is) {
    struct jz_assessment a;
    uint32_t rule = explain(s, slot, about, &a);
    const char *wanted = name_of(clock_names, (uint32_t)says[0].number);
    snprintf(so, so_bytes, "it is %s (%s)", level_name(s, rule, a.result.level),
             name_of(rule_status_names, a.result.status));
    return a.result.status == JZ_RULE_FIRED && strcmp(level_name(s, rule, a.result.level), wanted) == 0;
}

#define RULE "rule <rule>"
#define CLOCK "clock <rule>"
const struct hope rule_hopes[] = {
    {RULE, "<status>", status, "how it stands"},
    {RULE, "level <name>", level, "the level that is certain"},
    {RULE, "could be <name>", could_be, "the level if all that is missing were at its worst"},
    {RULE, "score <number> to <number>", score_between,
     "with missing items at their least and at their most"},
    {RULE, "score <number>", score, "with nothing missing"},
    {RULE, "because <field>", because, "the explanation names this input as a reason"},
    {RULE, "uses <field>", uses, "the explanation shows this input"},
    {RULE, "misses <field>", misses, "the explanation says that it has no value and could decide"},
    {RULE, "stale <field>", stale, "the explanation says that it is stale"},
    {RULE, "asks for <field>", asks, "the one input that would narrow it most"},
    {RULE, "priority <number>", priority, "what it proposes; 0: nothing"},
    {RULE, "says <text>", text, "the explanation in words has this text, in Chinese or English"},
    {CLOCK, "{running|due-soon|overdue|met|late}", clock_is, "a time target of a pathway"},
    {CLOCK, "<status>", status, "not applicable: the pathway is not this patient's"},
    {.says = NULL}};
