/* SPDX-License-Identifier: Apache-2.0 */
/* The frame of a pack: its head, the inputs it declares, the expressions it names. */
#include <stdio.h>
#include <string.h>

#include "loader.h"
#include "pack_words.h"

void jz_load_text(struct jz_loader *l, struct fy_node *node, const char **out) {
    struct jz_program *p = l->program;
    char sentence[JZ_SENTENCE_MAX + 1];
    *out = "";
    if (!jz_yaml_word(l->y, node, sentence, sizeof sentence)) return;
    size_t bytes = strlen(sentence) + 1;
    if (bytes > JZ_TEXT_MAX - p->text_used) {
        jz_yaml_refuse(l->y, node, "the packs hold more than %u bytes of text; shorten them", JZ_TEXT_MAX);
        return;
    }
    memcpy(p->text + p->text_used, sentence, bytes);
    *out = p->text + p->text_used;
    p->text_used += (uint32_t)bytes;
}

void jz_load_required_text(struct jz_loader *l, struct fy_node *map, const char *key, const char **out) {
    struct fy_node *node = jz_yaml_need(l->y, map, key);
    jz_load_text(l, node, out);
    if (!l->y->refused && !**out) jz_yaml_refuse(l->y, node, "'%s' is empty; write it", key);
}

void jz_load_title(struct jz_loader *l, struct fy_node *map, const char *key, const char **zh,
                   const char **en) {
    static const char *const keys[] = {"zh", "en", NULL};
    struct fy_node *title = jz_yaml_need(l->y, map, key);
    jz_yaml_only(l->y, title, keys);
    jz_load_required_text(l, title, "zh", zh);
    jz_load_required_text(l, title, "en", en);
}

void jz_load_mark(struct jz_loader *l, struct fy_node *map) {
    char mark[64];
    struct fy_node *node = jz_yaml_need(l->y, map, "mark");
    if (jz_yaml_word(l->y, node, mark, sizeof mark) && !jz_word_is_mark(mark))
        jz_yaml_refuse(l->y, node,
                       "'%.20s' is no verification mark; use S, S2, GK, PROJ, DEC, c, C:source or C2:source",
                       mark);
}

void jz_load_id(struct jz_loader *l, struct fy_node *node, const char **out) {
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./";
    jz_load_text(l, node, out);
    if (l->y->refused) return;
    if (!**out || strlen(*out) >= JZ_NAME_MAX || (*out)[strspn(*out, allowed)])
        jz_yaml_refuse(l->y, node, "not an id: 1 to %u letters, digits and - _ . /", JZ_NAME_MAX - 1);
}

struct jz_input *jz_load_input(struct jz_loader *l, const char *name) {
    for (uint32_t i = 0; i < l->input_count; i++)
        if (strcmp(jz_field_at(l->input[i].field)->name, name) == 0) return &l->input[i];
    return NULL;
}

int32_t jz_load_value(struct jz_loader *l, struct fy_node *node, const char *word, uint32_t field) {
    const struct jz_field *def = jz_field_at(field);
    int64_t number = 0;
    int32_t value = 0;
    if (jz_word_field(def->name)) {
        if (!jz_word_value(def->name, word, &value))
            jz_yaml_refuse(l->y, node, "'%.30s' is no value of %s; use its words (docs/rules-language.md)",
                           word, def->name);
        return value;
    }
    if (!jz_yaml_parse_number(word, &number))
        jz_yaml_refuse(l->y, node, "'%.30s' is no whole number for %s; write the scaled value", word,
                       def->name);
    else if (number < def->min || number > def->max)
        jz_yaml_refuse(l->y, node, "%s %.20s is outside the plausible %d..%d; check unit and scale",
                       def->name, word, def->min, def->max);
    else
        value = (int32_t)number;
    return value;
}

/* Absence of a setting may mean something; absence of a measurement never does. */
static void load_absent(struct jz_loader *l, struct fy_node *map, struct jz_input *input) {
    struct fy_node *node = jz_yaml_get(map, "absent");
    const char *why;
    char word[JZ_NAME_MAX];
    if (!node) return;
    if (jz_field_at(input->field)->fresh_s) {
        jz_yaml_refuse(l->y, node, "a measurement's absence means nothing; remove 'absent'");
        return;
    }
    jz_load_required_text(l, map, "why", &why);
    if (!jz_yaml_word(l->y, node, word, sizeof word)) return;
    input->has_absent = true;
    input->absent = jz_load_value(l, node, word, input->field);
}

static void check_unit(struct jz_loader *l, struct fy_node *map, const struct jz_field *def) {
    char unit[32];
    struct fy_node *node = jz_yaml_need(l->y, map, "unit");
    if (jz_yaml_word(l->y, node, unit, sizeof unit) && strcmp(unit, def->unit) != 0)
        jz_yaml_refuse(l->y, node, "%s is in '%s', not '%.20s'; convert the numbers and correct the unit",
                       def->name, def->unit, unit);
    struct fy_node *scale = jz_yaml_get(map, "scale");
    int64_t number = scale ? jz_yaml_number(l->y, scale, "scale", 1, 1000000) : 1;
    if (!l->y->refused && number != def->scale)
        jz_yaml_refuse(l->y, scale ? scale : map, "%s is scaled by %d; write 'scale: %d' and scaled numbers",
                       def->name, def->scale, def->scale);
}

static void load_input(struct jz_loader *l, struct jz_yaml_pair pair) {
    static const char *const keys[] = {"unit", "scale", "fresh", "absent", "why", "mark", NULL};
    char name[JZ_NAME_MAX];
    if (!jz_yaml_word(l->y, pair.key, name, sizeof name)) return;
    uint32_t field = jz_field_by_name(name);
    if (field == JZ_FIELD_UNKNOWN) {
        jz_yaml_refuse(l->y, pair.key, "'%s' is no field of protocol/fields.csv; correct it or add the field",
                       name);
        return;
    }
    jz_yaml_only(l->y, pair.value, keys);
    const struct jz_field *def = jz_field_at(field);
    struct jz_input input = {.field = field, .fresh_ms = (int64_t)def->fresh_s * 1000, .at = pair.key};
    check_unit(l, pair.value, def);
    struct fy_node *fresh = jz_yaml_get(pair.value, "fresh");
    if (fresh) input.fresh_ms = (int64_t)jz_yaml_duration(l->y, fresh) * 1000;
    if (fresh && !def->fresh_s) jz_yaml_refuse(l->y, fresh, "%s does not age; remove 'fresh'", name);
    if (fresh) jz_load_mark(l, pair.value);
    load_absent(l, pair.value, &input);
    if (l->y->refused) return;
    if (l->input_count < JZ_FIELDS_MAX) l->input[l->input_count++] = input; /* the parser refuses doubles */
}

static void load_define(struct jz_loader *l, struct jz_yaml_pair pair) {
    static const char *const keys[] = {"when", "source", "mark", NULL};
    const char *source;
    if (l->define_count == JZ_DEFINES_MAX) {
        jz_yaml_refuse(l->y, pair.key, "more than %u definitions; split the pack", JZ_DEFINES_MAX);
        return;
    }
    struct jz_define *define = &l->define[l->define_count];
    memset(define, 0, sizeof *define);
    if (!jz_yaml_word(l->y, pair.key, define->name, sizeof define->name)) return;
    jz_yaml_only(l->y, pair.value, keys);
    jz_load_required_text(l, pair.value, "source", &source);
    jz_load_mark(l, pair.value);
    define->when = jz_yaml_need(l->y, pair.value, "when");
    l->define_count++;
}

static void each_pair(struct jz_loader *l, struct fy_node *map,
                      void (*load)(struct jz_loader *, struct jz_yaml_pair)) {
    if (map && !jz_yaml_is_map(map)) jz_yaml_refuse(l->y, map, "expected a map here");
    int count = map ? jz_yaml_count(l->y, map) : 0;
    for (int i = 0; i < count && !l->y->refused; i++) load(l, jz_yaml_pair_at(map, i));
}

static void each_entry(struct jz_loader *l, struct fy_node *list,
                       void (*load)(struct jz_loader *, struct fy_node *)) {
    if (!jz_yaml_is_list(list))
        jz_yaml_refuse(l->y, list, "expected a list here; begin each entry with '- '");
    int count = jz_yaml_count(l->y, list);
    for (int i = 0; i < count && !l->y->refused; i++) load(l, jz_yaml_at(list, i));
}

static void check_unused(struct jz_loader *l) {
    for (uint32_t i = 0; i < l->input_count; i++)
        if (!l->input[i].used) jz_yaml_refuse(l->y, l->input[i].at, "no rule reads this input; remove it");
    for (uint32_t i = 0; i < l->define_count; i++)
        if (!l->define[i].used)
            jz_yaml_refuse(l->y, l->define[i].when, "nothing uses this definition; remove it");
}

void jz_load_pack(struct jz_loader *l, bool conditions) {
    static const char *const keys[] = {"pack", "title", "inputs", "define", "rules", "conditions", NULL};
    struct fy_node *root = l->y->root;
    const char *id, *zh, *en;
    l->input_count = l->define_count = 0;
    jz_yaml_only(l->y, root, keys);
    struct fy_node *rows = jz_yaml_get(root, "conditions"), *rules = jz_yaml_get(root, "rules");
    if (conditions) {
        jz_load_id(l, jz_yaml_need(l->y, root, "pack"), &id);
        jz_load_title(l, root, "title", &zh, &en);
        if (!rows && !rules) jz_yaml_refuse(l->y, root, "neither 'rules' nor 'conditions'; add one");
        if (rows && !l->y->refused) each_entry(l, rows, jz_load_condition);
    } else if (rules) {
        each_pair(l, jz_yaml_need(l->y, root, "inputs"), load_input);
        each_pair(l, jz_yaml_get(root, "define"), load_define);
        if (!l->y->refused) each_entry(l, rules, jz_load_rule);
        if (!l->y->refused) check_unused(l);
    }
}
