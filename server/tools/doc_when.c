/* SPDX-License-Identifier: Apache-2.0 */
/* Criteria in words. A line of the pack keeps its shape (sbp >= 160); names get their label, numbers their
 * unit. */
#include <ctype.h>
#include <string.h>

#include "doc.h"
#include "jingzhu/field.h"
#include "tool_value.h"

#define LINE_MAX_BYTES 1024u
#define TOKENS_MAX 192u
#define DEPTH_MAX 12

void jz_doc_field(FILE *out, uint32_t field) {
    const struct jz_field *f = jz_field_at(field);
    fprintf(out, "%s `%s`", f->zh, f->name);
}

void jz_doc_number(FILE *out, uint32_t field, const char *text) {
    int64_t value;
    char shown[JZ_VALUE_TEXT_MAX];
    if (!jz_yaml_parse_number(text, &value)) {
        fprintf(out, "`%s`", text);
        return;
    }
    jz_value_text(field, (int32_t)value, shown);
    fputs(shown, out);
}

void jz_doc_value(FILE *out, uint32_t field, const char *text) {
    int64_t value;
    const char *unit = jz_value_unit(field);
    jz_doc_number(out, field, text);
    if (unit[0] && jz_yaml_parse_number(text, &value)) fprintf(out, " %s", unit);
}

/* --- one line ------------------------------------------------------------------------------------------- */

struct line {
    char text[LINE_MAX_BYTES];
    char *token[TOKENS_MAX];
    uint32_t count;
};

static void cut(struct line *line, struct fy_node *node) {
    line->count = 0;
    jz_doc_word(node, line->text, sizeof line->text);
    for (char *at = line->text; *at && line->count < TOKENS_MAX;) {
        while (*at == ' ' || *at == '\n') *at++ = 0;
        if (!*at) break;
        line->token[line->count++] = at;
        while (*at && *at != ' ' && *at != '\n') at++;
    }
}

static const char *sign(const char *token) {
    static const char *const signs[][2] = {{">=", "≥"},
                                           {"<=", "≤"},
                                           {"!=", "≠"},
                                           {">", ">"},
                                           {"<", "<"},
                                           {"=", "="},
                                           {"*", "×"},
                                           {"/", "÷"},
                                           {"+", "+"},
                                           {"-", "−"},
                                           {"(", "("},
                                           {")", ")"},
                                           {"since", "距今时间 time since"},
                                           {"from", "自 from"},
                                           {"to", "至 to"},
                                           {"today", "今日 today"}};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strcmp(signs[i][0], token) == 0) return signs[i][1];
    return NULL;
}

static bool is_comparison(const char *token) {
    return strchr("<>=!", token[0]) != NULL && token[0];
}

static const struct jz_policy_info *policy(const struct jz_doc *d, const char *name) {
    for (uint32_t i = 0; i < jz_program_policy_count(d->program); i++)
        if (strcmp(jz_program_policy(d->program, i)->name, name) == 0)
            return jz_program_policy(d->program, i);
    return NULL;
}

/* As a value of the field it is compared with, where it is compared with one. */
static void put_policy(struct jz_doc *d, const char *name, uint32_t field) {
    const struct jz_policy_info *p = policy(d, name);
    char text[JZ_VALUE_TEXT_MAX];
    int64_t value = p ? p->value : 0;
    if (p && strcmp(p->unit, "s") == 0) {
        jz_value_duration(value, text);
        fputs(text, d->out);
    } else {
        snprintf(text, sizeof text, "%lld", (long long)value);
        if (field != JZ_FIELD_UNKNOWN)
            jz_doc_value(d->out, field, text);
        else
            fputs(text, d->out);
    }
    fprintf(d->out, " [`policy.%s`](../policy.md)", name);
}

static void put_rule(struct jz_doc *d, const char *id) {
    uint32_t rule = jz_program_rule_by_id(d->program, id);
    char path[JZ_DOC_PATH_MAX];
    if (rule == UINT32_MAX) {
        fprintf(d->out, "`%s`", id);
        return;
    }
    jz_doc_path(d->program, rule, path);
    const struct jz_rule_info *info = jz_program_rule(d->program, rule);
    fprintf(d->out, "[%s %s](../%s)", id, info->title_zh, path);
    if (!info->enabled) fputs("（停用 disabled）", d->out);
}

/* rule.ID alone, or a level of it. */
static bool put_fired(struct jz_doc *d, const struct line *line) {
    if (strncmp(line->token[0], "rule.", 5) != 0) return false;
    uint32_t rule = jz_program_rule_by_id(d->program, line->token[0] + 5);
    if (rule == UINT32_MAX || (line->count != 1 && line->count != 3)) return false;
    put_rule(d, line->token[0] + 5);
    if (line->count == 1) {
        fputs(" 成立 fired", d->out);
        return true;
    }
    const char *level = line->token[2];
    fprintf(d->out, " %s ", sign(line->token[1]) ? sign(line->token[1]) : line->token[1]);
    for (uint32_t i = 0; i < jz_program_rule(d->program, rule)->level_count; i++) {
        const struct jz_level_info *l = jz_program_level(d->program, rule, i);
        if (strcmp(l->id, level) != 0) continue;
        fprintf(d->out, "%s `%s`", l->title_zh, level);
        return true;
    }
    if (strncmp(level, "policy.", 7) == 0)
        put_policy(d, level + 7, JZ_FIELD_UNKNOWN);
    else
        fputs(level, d->out);
    return true;
}

static void put_define(struct jz_doc *d, const char *name, struct fy_node *define) {
    char zh[256];
    jz_doc_word(jz_yaml_get(jz_yaml_get(define, "title"), "zh"), zh, sizeof zh);
    fprintf(d->out, "[%s%s`%s`](#def-%s)", zh, zh[0] ? " " : "", name, name);
}

/* A name that several kinds of thing may have. */
static void put_name(struct jz_doc *d, const char *token) {
    uint32_t field = jz_field_by_name(token), home;
    struct fy_node *define = jz_doc_define(d, d->pack, token, &home);
    if (strncmp(token, "policy.", 7) == 0)
        put_policy(d, token + 7, JZ_FIELD_UNKNOWN);
    else if (strncmp(token, "rule.", 5) == 0)
        put_rule(d, token + 5);
    else if (field != JZ_FIELD_UNKNOWN)
        jz_doc_field(d->out, field);
    else if (define)
        put_define(d, token, define);
    else if (isdigit((unsigned char)token[0]) || isdigit((unsigned char)token[1]))
        fputs(token, d->out);
    else
        fprintf(d->out, "`%s`", token);
}

static void put_token(struct jz_doc *d, const char *token) {
    if (sign(token))
        fputs(sign(token), d->out);
    else
        put_name(d, token);
}

/* In arithmetic the numbers are those of the wire: 37.2 degrees are 372. */
static void put_scale(struct jz_doc *d, const char *token) {
    uint32_t field = jz_field_by_name(token);
    if (field != JZ_FIELD_UNKNOWN && jz_field_at(field)->scale != 1)
        fprintf(d->out, "（×%d）", (int)jz_field_at(field)->scale);
}

static bool is_units(const char *token) {
    static const char *const units[] = {"s", "min", "h", "d"};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(units[i], token) == 0) return true;
    return false;
}

/* field, sign, number: the number is the field's. */
static bool put_comparison(struct jz_doc *d, const struct line *line) {
    uint32_t field = line->count == 3 ? jz_field_by_name(line->token[0]) : JZ_FIELD_UNKNOWN;
    if (field == JZ_FIELD_UNKNOWN || !is_comparison(line->token[1])) return false;
    const char *value = line->token[2];
    bool is_policy = strncmp(value, "policy.", 7) == 0;
    if (!is_policy && jz_field_by_name(value) != JZ_FIELD_UNKNOWN) return false;
    jz_doc_field(d->out, field);
    fprintf(d->out, " %s ", sign(line->token[1]));
    if (is_policy)
        put_policy(d, value + 7, field);
    else
        jz_doc_value(d->out, field, value);
    return true;
}

/* A yes/no field alone. */
static bool put_yes(struct jz_doc *d, const struct line *line) {
    uint32_t field = line->count == 1 ? jz_field_by_name(line->token[0]) : JZ_FIELD_UNKNOWN;
    if (field == JZ_FIELD_UNKNOWN || jz_value_kind(field) != JZ_VALUE_YES_NO) return false;
    jz_doc_field(d->out, field);
    fputs(" = `yes`", d->out);
    return true;
}

/* Names, signs, numbers and times as they stand. */
static void put_tokens(struct jz_doc *d, const struct line *line) {
    for (uint32_t i = 0; i < line->count; i++) {
        if (i) putc(' ', d->out);
        if (i && is_units(line->token[i]))
            fputs(line->token[i], d->out);
        else
            put_token(d, line->token[i]);
        if (line->count > 1) put_scale(d, line->token[i]);
    }
}

static void put_line(struct jz_doc *d, const struct line *line) {
    bool put = line->count && (put_comparison(d, line) || put_yes(d, line) || put_fired(d, line));
    if (!put) put_tokens(d, line);
}

static void put_scalar(struct jz_doc *d, struct fy_node *node) {
    struct line line;
    cut(&line, node);
    put_line(d, &line);
}

/* --- forms ---------------------------------------------------------------------------------------------- */

/* Not a criterion: a yes/no field is no "= yes" here. */
static void put_of(struct jz_doc *d, struct fy_node *map, const char *key) {
    struct line line;
    cut(&line, jz_yaml_get(map, key));
    put_tokens(d, &line);
}

static void repeated(struct jz_doc *d, struct fy_node *map) {
    put_of(d, map, "repeated");
    fputs(" 在相隔至少 ", d->out);
    put_of(d, map, "apart");
    fputs(" 的两次测量均成立 held at two times at least that far apart", d->out);
}

static void pending(struct jz_doc *d, struct fy_node *map) {
    put_of(d, map, "pending");
    fputs(" 已出现一次，尚未（相隔 ", d->out);
    put_of(d, map, "apart");
    fputs("）复测证实或否定 held once, neither repeated nor refuted", d->out);
    if (!jz_yaml_get(map, "for")) return;
    fputs("，已过 for ", d->out);
    put_of(d, map, "for");
}

static void held(struct jz_doc *d, struct fy_node *map) {
    put_of(d, map, "held");
    fputs(" 持续至少 held without a break for ", d->out);
    put_of(d, map, "for");
}

static void move(struct jz_doc *d, struct fy_node *map) {
    bool falls = jz_yaml_get(map, "falls") != NULL;
    fputs(falls ? " 下降 falls ≥ " : " 上升 rises ≥ ", d->out);
    put_of(d, map, falls ? "falls" : "rises");
}

static void changed(struct jz_doc *d, struct fy_node *map) {
    put_of(d, map, "changed");
    move(d, map);
    fputs("，时间窗 within ", d->out);
    put_of(d, map, "within");
}

static void trend(struct jz_doc *d, struct fy_node *map) {
    put_of(d, map, "trend");
    fputs(" 末四分之一时段均值较首四分之一", d->out);
    move(d, map);
    fputs("，时间窗 over ", d->out);
    put_of(d, map, "over");
}

static void known(struct jz_doc *d, struct fy_node *map) {
    put_of(d, map, "known");
    fputs(" 已知 is known", d->out);
}

static void unknown(struct jz_doc *d, struct fy_node *map) {
    put_of(d, map, "unknown");
    fputs(" 未知 is not known", d->out);
}

static const struct {
    const char *key;
    void (*put)(struct jz_doc *, struct fy_node *);
} forms[] = {{"repeated", repeated}, {"pending", pending}, {"held", held},      {"changed", changed},
             {"trend", trend},       {"known", known},     {"unknown", unknown}};

static bool put_form(struct jz_doc *d, struct fy_node *map) {
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (!jz_yaml_get(map, forms[i].key)) continue;
        forms[i].put(d, map);
        return true;
    }
    return false;
}

/* --- and, or, not, at least: as bullets, or in one line ------------------------------------------------- */

static const struct {
    const char *key, *heading, *between;
} joins[] = {{"all", "全部成立 all of", " **且 and** "},
             {"any", "任一成立 any of", " **或 or** "},
             {"of", "", "；"},
             {"first", "取首个已知 the first that is known", "；"}};

static size_t join_of(struct fy_node *map) {
    size_t i = 0;
    while (i < sizeof joins / sizeof joins[0] && !jz_yaml_get(map, joins[i].key)) i++;
    return i;
}

static bool is_join(size_t join) {
    return join < sizeof joins / sizeof joins[0];
}

static void put_heading(struct jz_doc *d, struct fy_node *map, size_t join) {
    char count[16];
    if (strcmp(joins[join].key, "of") == 0)
        fprintf(d->out, "至少 %s 项成立 at least %s of",
                jz_doc_word(jz_yaml_get(map, "at_least"), count, sizeof count), count);
    else
        fputs(joins[join].heading, d->out);
}

static void inline_at(struct jz_doc *d, struct fy_node *node, int depth);

static void inline_join(struct jz_doc *d, struct fy_node *map, size_t join, int depth) {
    struct fy_node *list = jz_yaml_get(map, joins[join].key), *part;
    bool named = strcmp(joins[join].key, "all") != 0 && strcmp(joins[join].key, "any") != 0, first = true;
    void *at = NULL;
    if (named) put_heading(d, map, join);
    if (named || depth) fputs(named ? "（" : "(", d->out);
    while (jz_yaml_is_list(list) && (part = fy_node_sequence_iterate(list, &at))) {
        if (!first) fputs(joins[join].between, d->out);
        first = false;
        inline_at(d, part, depth + 1);
    }
    if (named || depth) fputs(named ? "）" : ")", d->out);
}

/* Bounded: the compiler took the same text, whose expressions are. */
static void inline_at(struct jz_doc *d, struct fy_node *node, int depth) {
    if (!jz_yaml_is_map(node)) {
        put_scalar(d, node);
        return;
    }
    struct fy_node *not = jz_yaml_get(node, "not");
    size_t join = join_of(node);
    if (depth == DEPTH_MAX || put_form(d, node)) return;
    if (not ) {
        fputs("**非 not** ", d->out);
        inline_at(d, not, depth + 1);
    } else if (is_join(join)) {
        inline_join(d, node, join, depth);
    }
}

void jz_doc_inline(struct jz_doc *d, struct fy_node *when) {
    inline_at(d, when, 0);
}

static void indent(struct jz_doc *d, int depth) {
    fprintf(d->out, "%*s- ", depth * 2, "");
}

void jz_doc_when(struct jz_doc *d, struct fy_node *when, int depth) {
    struct fy_node *not = jz_yaml_is_map(when) ? jz_yaml_get(when, "not") : NULL, *list, *part;
    size_t join = jz_yaml_is_map(when) ? join_of(when) : sizeof joins / sizeof joins[0];
    void *at = NULL;
    indent(d, depth);
    if (not &&jz_yaml_is_map(not ) && depth < DEPTH_MAX) {
        fputs("**不成立 not**\n", d->out);
        jz_doc_when(d, not, depth + 1);
        return;
    }
    if (!is_join(join) || depth == DEPTH_MAX) {
        jz_doc_inline(d, when);
        putc('\n', d->out);
        return;
    }
    fputs("**", d->out);
    put_heading(d, when, join);
    fputs("**\n", d->out);
    list = jz_yaml_get(when, joins[join].key);
    while (jz_yaml_is_list(list) && (part = fy_node_sequence_iterate(list, &at)))
        jz_doc_when(d, part, depth + 1);
}
