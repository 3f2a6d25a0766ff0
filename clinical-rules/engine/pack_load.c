/* SPDX-License-Identifier: Apache-2.0 */
/* The frame of a pack: its head, the inputs it declares, the expressions it names, the packs it uses. */
#include <stdio.h>
#include <string.h>

#include "loader.h"
#include "pack_words.h"

void jz_enter(struct jz_loader *l, struct jz_pack *pack) {
    if (l->y && l->y->refused && !pack->y.refused) {
        pack->y.refused = true;
        pack->y.status = l->y->status;
    }
    l->at = pack;
    l->y = &pack->y;
}

struct jz_place jz_place(const struct jz_loader *l, struct fy_node *node) {
    struct jz_place place = {.pack = (uint8_t)(l->at - l->pack)};
    jz_yaml_place(node, &place.line, &place.column);
    return place;
}

void jz_refuse_at(struct jz_loader *l, struct jz_place place, const char *text) {
    struct jz_pack *here = l->at;
    if (l->y->refused) return;
    jz_enter(l, &l->pack[place.pack]);
    jz_yaml_refuse(l->y, NULL, "%s", text);
    l->error->line = place.line;
    l->error->column = place.column;
    jz_enter(l, here);
}

/* --- words and sentences ---------------------------------------------------------------------------------- */

static void keep(struct jz_loader *l, struct fy_node *node, const char *sentence, const char **out) {
    struct jz_program *p = l->program;
    size_t bytes = strlen(sentence) + 1;
    if (bytes > JZ_TEXT_MAX - p->text_used) {
        jz_yaml_refuse(l->y, node, "the packs hold more than %u bytes of text; shorten them", JZ_TEXT_MAX);
        return;
    }
    memcpy(p->text + p->text_used, sentence, bytes);
    *out = p->text + p->text_used;
    p->text_used += (uint32_t)bytes;
}

void jz_load_text(struct jz_loader *l, struct fy_node *node, const char **out) {
    char sentence[JZ_SENTENCE_MAX + 1];
    *out = "";
    if (jz_yaml_word(l->y, node, sentence, sizeof sentence)) keep(l, node, sentence, out);
}

void jz_load_joined(struct jz_loader *l, struct fy_node *at, const char *a, const char *b, const char **out) {
    char sentence[2 * JZ_SENTENCE_MAX];
    *out = "";
    snprintf(sentence, sizeof sentence, "%s%s", a, b);
    keep(l, at, sentence, out);
}

void jz_load_required_text(struct jz_loader *l, struct fy_node *map, const char *key, const char **out) {
    struct fy_node *node = jz_yaml_need(l->y, map, key);
    jz_load_text(l, node, out);
    if (!l->y->refused && !**out) jz_yaml_refuse(l->y, node, "'%s' is empty; write it", key);
}

void jz_load_text_or(struct jz_loader *l, struct fy_node *map, const char *key, const char *other,
                     const char **out) {
    *out = other;
    if (jz_yaml_get(map, key)) jz_load_required_text(l, map, key, out);
}

void jz_load_title(struct jz_loader *l, struct fy_node *map, const char *key, const char **zh,
                   const char **en) {
    static const char *const keys[] = {"zh", "en", NULL};
    struct fy_node *title = jz_yaml_need(l->y, map, key);
    jz_yaml_only(l->y, title, keys);
    jz_load_required_text(l, title, "zh", zh);
    jz_load_required_text(l, title, "en", en);
}

void jz_load_title_or_none(struct jz_loader *l, struct fy_node *map, const char *key, const char **zh,
                           const char **en) {
    *zh = *en = "";
    if (jz_yaml_get(map, key)) jz_load_title(l, map, key, zh, en);
}

void jz_load_mark(struct jz_loader *l, struct fy_node *map, const char **out) {
    struct fy_node *node = jz_yaml_need(l->y, map, "mark");
    jz_load_text(l, node, out);
    if (!l->y->refused && !jz_word_is_mark(*out))
        jz_yaml_refuse(l->y, node,
                       "'%.20s' is no verification mark; use S, S2, GK, PROJ, DEC, c, C:source or C2:source",
                       *out);
}

void jz_load_mark_or(struct jz_loader *l, struct fy_node *map, const char *other, const char **out) {
    *out = other;
    if (jz_yaml_get(map, "mark")) jz_load_mark(l, map, out);
}

void jz_load_id(struct jz_loader *l, struct fy_node *node, const char **out) {
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./";
    jz_load_text(l, node, out);
    if (l->y->refused) return;
    if (!**out || strlen(*out) >= JZ_NAME_MAX || (*out)[strspn(*out, allowed)])
        jz_yaml_refuse(l->y, node, "not an id: 1 to %u letters, digits and - _ . /", JZ_NAME_MAX - 1);
}

void jz_each_pair(struct jz_loader *l, struct fy_node *map,
                  void (*load)(struct jz_loader *, struct jz_yaml_pair)) {
    if (map && !jz_yaml_is_map(map)) jz_yaml_refuse(l->y, map, "expected a map of names here");
    int count = map ? jz_yaml_count(l->y, map) : 0;
    for (int i = 0; i < count && !l->y->refused; i++) load(l, jz_yaml_pair_at(map, i));
}

void jz_each_entry(struct jz_loader *l, struct fy_node *list,
                   void (*load)(struct jz_loader *, struct fy_node *)) {
    if (!jz_yaml_is_list(list))
        jz_yaml_refuse(l->y, list, "expected a list here; begin each entry with '- '");
    int count = jz_yaml_count(l->y, list);
    for (int i = 0; i < count && !l->y->refused; i++) load(l, jz_yaml_at(list, i));
}

/* --- values of fields -------------------------------------------------------------------------------------- */

static bool digits(const char *word, size_t count, int64_t *out) {
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        if (word[i] < '0' || word[i] > '9') return false;
        *out = *out * 10 + (word[i] - '0');
    }
    return true;
}

static bool exists(int64_t year, int64_t month, int64_t day) {
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || day < 1) return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= days[month - 1] + (month == 2 && leap);
}

/* Whole days since 1970-01-01, by the civil calendar counted from a 1st of March. */
bool jz_parse_date(const char *word, int64_t *days) {
    int64_t year, month, day;
    if (strlen(word) != 10 || word[4] != '-' || word[7] != '-' || !digits(word, 4, &year) ||
        !digits(word + 5, 2, &month) || !digits(word + 8, 2, &day) || !exists(year, month, day))
        return false;
    year -= month <= 2;
    int64_t era_year = year % 400, march = (month + 9) % 12;
    int64_t of_year = (153 * march + 2) / 5 + day - 1;
    *days = year / 400 * 146097 + era_year * 365 + era_year / 4 - era_year / 100 + of_year - 719468;
    return true;
}

static bool parse_value(const struct jz_field *def, const char *word, int64_t *out) {
    if (strcmp(def->unit, "{date}") == 0 && jz_parse_date(word, out)) return true;
    return jz_yaml_parse_number(word, out);
}

int32_t jz_load_value(struct jz_loader *l, struct fy_node *node, const char *word, uint32_t field) {
    const struct jz_field *def = jz_field_at(field);
    int64_t number = 0;
    int32_t value = 0;
    if (*def->words) {
        if (!jz_field_word(field, word, &value))
            jz_yaml_refuse(l->y, node, "'%.30s' is no value of %s; use its words: %.120s", word, def->name,
                           def->words);
        return value;
    }
    if (!parse_value(def, word, &number))
        jz_yaml_refuse(l->y, node, "'%.30s' is no whole number for %s; write the scaled value", word,
                       def->name);
    else if (number < def->min || number > def->max)
        jz_yaml_refuse(l->y, node, "%s %.20s is outside the plausible %d..%d; check unit and scale",
                       def->name, word, def->min, def->max);
    else
        value = (int32_t)number;
    return value;
}

/* --- inputs ------------------------------------------------------------------------------------------------ */

static struct jz_input *own_input(struct jz_pack *pack, uint32_t field) {
    for (uint32_t i = 0; i < pack->input_count; i++)
        if (pack->input[i].field == field) return &pack->input[i];
    return NULL;
}

struct jz_input *jz_find_input(struct jz_loader *l, const char *name) {
    uint32_t field = jz_field_by_name(name);
    struct jz_input *input = field == JZ_FIELD_UNKNOWN ? NULL : own_input(l->at, field);
    for (uint32_t i = 0; field != JZ_FIELD_UNKNOWN && !input && i < l->at->use_count; i++)
        input = own_input(&l->pack[l->at->use[i]], field);
    return input;
}

struct jz_input *jz_chart_input(struct jz_loader *l, uint32_t field) {
    for (uint32_t i = 0; i < l->chart_count; i++)
        if (l->chart[i]->field == field) return l->chart[i];
    return NULL;
}

/* Absence of a setting may mean something; absence of a measurement never does. */
static void load_absent(struct jz_loader *l, struct fy_node *map, struct jz_input *input) {
    struct fy_node *node = jz_yaml_get(map, "absent");
    const char *why;
    char word[JZ_NAME_MAX];
    if (!node) return;
    if (jz_field_at(input->field)->fresh_s || jz_field_at(input->field)->kind == 'e') {
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
    const char *mark;
    if (!jz_yaml_word(l->y, pair.key, name, sizeof name)) return;
    uint32_t field = jz_field_by_name(name);
    if (field == JZ_FIELD_UNKNOWN)
        jz_yaml_refuse(l->y, pair.key, "'%s' is no field of protocol/fields/; correct it", name);
    if (l->at->input_count == JZ_PACK_INPUTS_MAX)
        jz_yaml_refuse(l->y, pair.key, "more than %u inputs; split the pack", JZ_PACK_INPUTS_MAX);
    jz_yaml_only(l->y, pair.value, keys);
    if (l->y->refused) return;
    struct jz_input input = {
        .field = (uint16_t)field, .at = pair.key, .fresh_ms = (int64_t)jz_field_at(field)->fresh_s * 1000};
    check_unit(l, pair.value, jz_field_at(field));
    struct fy_node *fresh = jz_yaml_get(pair.value, "fresh");
    if (fresh && !jz_field_at(field)->fresh_s)
        jz_yaml_refuse(l->y, fresh, "%s does not age; remove 'fresh'", name);
    if (fresh) input.fresh_ms = (int64_t)jz_load_duration(l, fresh) * 1000;
    if (fresh || jz_yaml_get(pair.value, "mark")) jz_load_mark(l, pair.value, &mark);
    load_absent(l, pair.value, &input);
    if (!l->y->refused) l->at->input[l->at->input_count++] = input;
}

/* --- definitions ------------------------------------------------------------------------------------------- */

static struct jz_define *own_define(struct jz_pack *pack, const char *name) {
    for (uint32_t i = 0; i < pack->define_count; i++)
        if (strcmp(pack->define[i].name, name) == 0) return &pack->define[i];
    return NULL;
}

struct jz_define *jz_find_define(struct jz_loader *l, struct fy_node *node, const char *name,
                                 struct jz_pack **pack) {
    struct jz_define *found = own_define(l->at, name);
    *pack = l->at;
    for (uint32_t i = 0; i < l->at->use_count; i++) {
        struct jz_pack *used = &l->pack[l->at->use[i]];
        struct jz_define *define = own_define(used, name);
        if (!define) continue;
        if (found) {
            jz_yaml_refuse(l->y, node, "'%s' is defined in %s and in %s; rename one", name, (*pack)->id,
                           used->id);
            return NULL;
        }
        found = define;
        *pack = used;
    }
    if (!found || !jz_find_input(l, name)) return found;
    jz_yaml_refuse(l->y, node, "'%s' is an input here and a definition of %s; rename the definition", name,
                   (*pack)->id);
    return NULL;
}

static void check_define_name(struct jz_loader *l, struct fy_node *key, const char *name) {
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    static const char *const taken[] = {"today", "since", "from", "to", "s", "min", "h", "d", NULL};
    bool word = name[0] >= 'a' && name[0] <= 'z' && !name[strspn(name, allowed)];
    for (const char *const *t = taken; *t; t++) word &= strcmp(*t, name) != 0;
    if (!word)
        jz_yaml_refuse(l->y, key,
                       "'%.40s' is no name: a-z, 0-9 and _, first a letter, no word of the language", name);
    else if (jz_find_input(l, name))
        jz_yaml_refuse(l->y, key, "'%s' is an input already; give the definition another name", name);
}

/* "0..308": outside, the number is not known. */
static void load_plausible(struct jz_loader *l, struct fy_node *node, struct jz_define *define) {
    char word[JZ_NAME_MAX];
    const char *from, *to;
    int64_t lo = INT32_MIN, hi = INT32_MAX;
    define->plausible_lo = INT32_MIN;
    define->plausible_hi = INT32_MAX;
    if (!node || !jz_yaml_word(l->y, node, word, sizeof word)) return;
    bool range = jz_split_range(word, &from, &to);
    bool read = (!*from || jz_yaml_parse_number(from, &lo)) && (!*to || jz_yaml_parse_number(to, &hi));
    if (!range || !read || lo < INT32_MIN || hi > INT32_MAX || lo > hi || !define->value)
        jz_yaml_refuse(l->y, node, "'plausible' is the range of a 'value', such as 0..308; correct it");
    define->plausible_lo = (int32_t)lo;
    define->plausible_hi = (int32_t)hi;
}

static void load_define(struct jz_loader *l, struct jz_yaml_pair pair) {
    static const char *const keys[] = {"when",  "value",  "within", "plausible",
                                       "title", "source", "mark",   NULL};
    const char *text;
    char name[JZ_NAME_MAX];
    if (!jz_yaml_word(l->y, pair.key, name, sizeof name)) return;
    if (l->at->define_count == JZ_DEFINES_MAX)
        jz_yaml_refuse(l->y, pair.key, "more than %u definitions in a pack; split it", JZ_DEFINES_MAX);
    check_define_name(l, pair.key, name);
    jz_yaml_only(l->y, pair.value, keys);
    if (l->y->refused) return;
    struct jz_define *define = &l->at->define[l->at->define_count++];
    memcpy(define->name, name, sizeof name);
    define->at = pair.key;
    define->when = jz_yaml_get(pair.value, "when");
    define->value = jz_yaml_get(pair.value, "value");
    struct fy_node *within = jz_yaml_get(pair.value, "within");
    if (!define->when == !define->value)
        jz_yaml_refuse(l->y, pair.key,
                       "a definition has a 'when' (criterion) or a 'value' (number); give one");
    if (within && define->when)
        jz_yaml_refuse(l->y, within, "'within' is for values that make a number; remove it");
    if (within) define->within_s = jz_load_duration(l, within);
    load_plausible(l, jz_yaml_get(pair.value, "plausible"), define);
    jz_load_title_or_none(l, pair.value, "title", &define->title_zh, &define->title_en);
    jz_load_required_text(l, pair.value, "source", &text);
    jz_load_mark(l, pair.value, &text);
}

/* --- the pack ------------------------------------------------------------------------------------------------ */

static void load_use(struct jz_loader *l, struct fy_node *node) {
    char id[JZ_NAME_MAX];
    uint32_t other = 0;
    if (!jz_yaml_word(l->y, node, id, sizeof id)) return;
    while (other < l->pack_count && strcmp(l->pack[other].id, id) != 0) other++;
    if (other == l->pack_count)
        jz_yaml_refuse(l->y, node, "'%s' is no pack; write its path under packs/ without .yaml", id);
    else if (&l->pack[other] == l->at)
        jz_yaml_refuse(l->y, node, "a pack need not use itself; remove this");
    else if (l->at->use_count == JZ_USES_MAX)
        jz_yaml_refuse(l->y, node, "more than %u packs used; move what is shared into one", JZ_USES_MAX);
    else
        l->at->use[l->at->use_count++] = (uint8_t)other;
}

void jz_load_population(struct jz_loader *l, struct fy_node *map, const char *out[4]) {
    static const char *const keys[] = {"for", "not_for", NULL};
    struct fy_node *node = jz_yaml_get(map, "population");
    if (!node) return;
    jz_yaml_only(l->y, node, keys);
    jz_load_title(l, node, "for", &out[0], &out[1]);
    jz_load_title(l, node, "not_for", &out[2], &out[3]);
}

void jz_load_enabled(struct jz_loader *l, struct fy_node *map, struct jz_rule_info *info) {
    struct fy_node *enabled = jz_yaml_get(map, "enabled"), *why = jz_yaml_get(map, "why");
    info->enabled = !enabled || jz_yaml_bool(l->y, enabled);
    info->why_disabled = "";
    if (!info->enabled)
        jz_load_required_text(l, map, "why", &info->why_disabled);
    else if (why)
        jz_yaml_refuse(l->y, why, "'why' is for a rule that is off; remove it or write 'enabled: no'");
}

/* A pack's id is where it stands, so that `use` names a file. */
static void check_id(struct jz_loader *l, struct fy_node *node) {
    const char *file = l->y->file, *end = strstr(file, ".yaml");
    size_t bytes = end && !end[5] ? (size_t)(end - file) : strlen(file);
    if (!l->y->refused && (strlen(l->at->id) != bytes || memcmp(l->at->id, file, bytes) != 0))
        jz_yaml_refuse(l->y, node, "the pack stands in %.60s; write 'pack: %.*s'", file, (int)bytes, file);
}

void jz_load_head(struct jz_loader *l) {
    static const char *const keys[] = {"pack",   "title", "population", "inputs",     "use", "policy",
                                       "define", "rules", "pathways",   "conditions", NULL};
    static const char *const site_keys[] = {"pack", "title", "policy", "rules", NULL};
    struct fy_node *root = l->y->root, *id = jz_yaml_need(l->y, root, "pack");
    const char *zh, *en;
    bool content = false;
    for (uint32_t i = 0; i < 4; i++) l->at->population[i] = "";
    l->at->id = "";
    jz_load_id(l, id, &l->at->id);
    check_id(l, id);
    jz_yaml_only(l->y, root, strcmp(l->at->id, JZ_SITE_PACK) == 0 ? site_keys : keys);
    jz_load_title(l, root, "title", &zh, &en);
    for (uint32_t i = 5; keys[i]; i++) content |= jz_yaml_get(root, keys[i]) != NULL;
    if (!content)
        jz_yaml_refuse(l->y, root,
                       "the pack is empty; give it rules, pathways, define, policy or conditions");
}

void jz_load_names(struct jz_loader *l) {
    struct fy_node *root = l->y->root, *use = jz_yaml_get(root, "use");
    jz_load_population(l, root, l->at->population);
    if (use) jz_each_entry(l, use, load_use);
    jz_each_pair(l, jz_yaml_get(root, "inputs"), load_input);
    jz_each_pair(l, jz_yaml_get(root, "define"), load_define);
}

/* Own inputs first, then those of the packs it uses and of the packs these use: a definition brings its inputs. */
void jz_load_chart(struct jz_loader *l) {
    uint8_t queue[JZ_PACKS_MAX] = {(uint8_t)(l->at - l->pack)};
    bool queued[JZ_PACKS_MAX] = {false};
    uint32_t count = 1;
    queued[queue[0]] = true;
    l->chart_count = 0;
    for (uint32_t q = 0; q < count; q++) {
        struct jz_pack *pack = &l->pack[queue[q]];
        for (uint32_t i = 0; i < pack->input_count; i++)
            if (!jz_chart_input(l, pack->input[i].field)) l->chart[l->chart_count++] = &pack->input[i];
        for (uint32_t i = 0; i < pack->use_count; i++) {
            if (!queued[pack->use[i]]) queue[count++] = pack->use[i];
            queued[pack->use[i]] = true;
        }
    }
}

void jz_check_unused(struct jz_loader *l) {
    for (uint32_t i = 0; i < l->at->input_count; i++)
        if (!l->at->input[i].used)
            jz_yaml_refuse(l->y, l->at->input[i].at, "no rule reads this input; remove it");
    for (uint32_t i = 0; i < l->at->define_count; i++)
        if (!l->at->define[i].used)
            jz_yaml_refuse(l->y, l->at->define[i].at, "nothing uses this definition; remove it");
}
