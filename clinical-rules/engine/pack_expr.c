/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions: YAML trees to postfix steps with a work list instead of recursion. A work item is a node still
 * to be read or a step to be written once its operands are. */
#include <stdio.h>
#include <string.h>

#include "loader.h"

#define WORK_MAX 128

struct work {
    struct fy_node *node; /**< NULL: write `step` */
    struct jz_step step;
};
struct builder {
    struct jz_loader *l;
    struct jz_span span;
    uint32_t depth; /**< operands on the evaluator's stack now */
    int count;
    struct work work[WORK_MAX];
};

static void push(struct builder *b, struct fy_node *node, struct jz_step step) {
    if (b->count == WORK_MAX)
        jz_yaml_refuse(b->l->y, node, "expression too large, or a definition that names itself; simplify it");
    else
        b->work[b->count++] = (struct work){node, step};
}

static void emit(struct builder *b, struct fy_node *at, struct jz_step step) {
    struct jz_program *p = b->l->program;
    uint32_t take = step.op == JZ_OP_NOT ? 1u : step.count;
    if (b->l->y->refused) return;
    if (p->step_count == JZ_STEPS_MAX || b->span.count == JZ_STEPS_PER_EXPR_MAX) {
        jz_yaml_refuse(b->l->y, at, "more than %u steps in an expression; split it", JZ_STEPS_PER_EXPR_MAX);
        return;
    }
    if (b->depth - take + 1 > JZ_STACK_MAX) {
        jz_yaml_refuse(b->l->y, at, "more than %u operands side by side; group them", JZ_STACK_MAX);
        return;
    }
    b->depth = b->depth - take + 1;
    p->step[p->step_count++] = step;
    b->span.count++;
}

static struct jz_input *use_field(struct builder *b, struct fy_node *node, const char *name) {
    struct jz_input *input = jz_load_input(b->l, name);
    if (!input) {
        jz_yaml_refuse(b->l->y, node, "'%.40s' is neither an input nor a definition of this pack; declare it",
                       name);
        return NULL;
    }
    input->used = true;
    b->l->fields |= 1ull << input->field;
    return input;
}

static struct jz_define *find_define(struct jz_loader *l, const char *name) {
    for (uint32_t i = 0; i < l->define_count; i++)
        if (strcmp(l->define[i].name, name) == 0) return &l->define[i];
    return NULL;
}

static void set_bounds(struct jz_step *step, const char *op, int32_t value) {
    *step = (struct jz_step){.op = JZ_OP_RANGE, .field = step->field, .lo = value, .hi = value};
    if (op[0] == '>') step->hi = INT32_MAX;
    if (op[0] == '<') step->lo = INT32_MIN;
    if (strcmp(op, ">") == 0) step->lo = value + 1; /* value is plausible, far from the type's ends */
    if (strcmp(op, "<") == 0) step->hi = value - 1;
}

static void absence(const struct jz_input *input, struct jz_step *step) {
    if (!input->has_absent) return;
    bool holds = input->absent >= step->lo && input->absent <= step->hi;
    step->op = holds ? JZ_OP_RANGE_YES : JZ_OP_RANGE_NO;
}

static void comparison(struct builder *b, struct fy_node *node, char *word) {
    static const char *const ops[] = {"=", "!=", "<", "<=", ">", ">=", NULL};
    char name[JZ_NAME_MAX], op[3], value[JZ_NAME_MAX], rest;
    if (sscanf(word, "%39s %2s %39s %c", name, op, value, &rest) != 3) {
        jz_yaml_refuse(b->l->y, node,
                       "cannot read '%.40s'; write 'field >= number' with spaces, or a definition's name",
                       word);
        return;
    }
    struct jz_input *input = use_field(b, node, name);
    int known = 0;
    while (ops[known] && strcmp(ops[known], op) != 0) known++;
    if (!ops[known]) jz_yaml_refuse(b->l->y, node, "'%s' is no comparison; use = != < <= > >=", op);
    if (b->l->y->refused) return;
    int32_t number = jz_load_value(b->l, node, value, input->field);
    struct jz_step step = {.field = (uint8_t)input->field};
    set_bounds(&step, op, number);
    absence(input, &step);
    emit(b, node, step);
    if (op[0] == '!') emit(b, node, (struct jz_step){.op = JZ_OP_NOT});
}

static void leaf(struct builder *b, struct fy_node *node) {
    char word[JZ_SENTENCE_MAX];
    if (!jz_yaml_word(b->l->y, node, word, sizeof word)) return;
    struct jz_define *define = strchr(word, ' ') ? NULL : find_define(b->l, word);
    if (!define) {
        comparison(b, node, word);
        return;
    }
    define->used = true;
    push(b, define->when, (struct jz_step){0});
}

/* The memory of "this definition, repeated that far apart"; rules of one pack share it. */
static uint32_t temporal(struct builder *b, struct fy_node *node, struct jz_define *define,
                         uint32_t apart_s) {
    struct jz_loader *l = b->l;
    for (uint32_t i = 0; i < define->temporal_count; i++)
        if (define->temporal[i].apart_s == apart_s) return define->temporal[i].index;
    uint32_t index = l->program->temporal_count;
    if (index == JZ_TEMPORAL_MAX || l->due_count == sizeof l->due / sizeof l->due[0] ||
        define->temporal_count == sizeof define->temporal / sizeof define->temporal[0]) {
        jz_yaml_refuse(l->y, node, "more than %u temporal criteria; share definitions", JZ_TEMPORAL_MAX);
        return 0;
    }
    l->program->temporal_count++;
    l->program->temporal[index] = (struct jz_temporal){.apart_s = apart_s};
    l->due[l->due_count] = define->when;
    l->due_index[l->due_count++] = index;
    define->temporal[define->temporal_count].apart_s = apart_s;
    define->temporal[define->temporal_count++].index = index;
    return index;
}

static void temporal_form(struct builder *b, struct fy_node *map, const char *op) {
    static const char *const repeated[] = {"repeated", "apart", NULL};
    static const char *const pending[] = {"pending", "apart", "for", NULL};
    bool waits = strcmp(op, "pending") == 0;
    char name[JZ_NAME_MAX];
    struct fy_node *what = jz_yaml_get(map, op), *wait = jz_yaml_get(map, "for");
    jz_yaml_only(b->l->y, map, waits ? pending : repeated);
    uint32_t apart_s = jz_yaml_duration(b->l->y, jz_yaml_need(b->l->y, map, "apart"));
    uint32_t for_s = wait ? jz_yaml_duration(b->l->y, wait) : 0;
    if (!jz_yaml_word(b->l->y, what, name, sizeof name)) return;
    struct jz_define *define = find_define(b->l, name);
    if (!define) {
        jz_yaml_refuse(b->l->y, what, "'%s' is no definition of this pack; name the criterion under 'define'",
                       name);
        return;
    }
    define->used = true;
    uint32_t index = temporal(b, what, define, apart_s);
    b->l->fields |= b->l->program->temporal[index].fields;
    emit(b, what,
         (struct jz_step){
             .op = waits ? JZ_OP_PENDING : JZ_OP_REPEATED, .index = (uint8_t)index, .lo = (int32_t)for_s});
}

static void known_form(struct builder *b, struct fy_node *map, const char *op) {
    const char *const keys[] = {op, NULL};
    char name[JZ_NAME_MAX];
    struct fy_node *what = jz_yaml_get(map, op);
    jz_yaml_only(b->l->y, map, keys);
    if (!jz_yaml_word(b->l->y, what, name, sizeof name)) return;
    struct jz_input *input = use_field(b, what, name);
    if (!input) return;
    emit(b, what, (struct jz_step){.op = JZ_OP_KNOWN, .field = (uint8_t)input->field});
    if (strcmp(op, "unknown") == 0) emit(b, what, (struct jz_step){.op = JZ_OP_NOT});
}

static void not_form(struct builder *b, struct fy_node *map, const char *op) {
    const char *const keys[] = {op, NULL};
    jz_yaml_only(b->l->y, map, keys);
    push(b, NULL, (struct jz_step){.op = JZ_OP_NOT});
    push(b, jz_yaml_get(map, op), (struct jz_step){0});
}

static void list_form(struct builder *b, struct fy_node *map, const char *op) {
    bool counts = strcmp(op, "at_least") == 0;
    const char *const keys[] = {op, counts ? "of" : NULL, NULL};
    jz_yaml_only(b->l->y, map, keys);
    struct fy_node *list = counts ? jz_yaml_need(b->l->y, map, "of") : jz_yaml_get(map, op);
    if (!jz_yaml_is_list(list))
        jz_yaml_refuse(b->l->y, list ? list : map, "'%s' takes a list: [a, b, c]", op);
    int count = jz_yaml_count(b->l->y, list);
    if (count < 1 || count > (int)JZ_STACK_MAX)
        jz_yaml_refuse(b->l->y, list, "'%s' takes 1 to %u criteria; regroup them", op, JZ_STACK_MAX);
    int64_t n = counts ? jz_yaml_number(b->l->y, jz_yaml_get(map, op), op, 1, count < 1 ? 1 : count) : 0;
    if (b->l->y->refused) return;
    uint8_t code = counts ? JZ_OP_AT_LEAST : strcmp(op, "all") == 0 ? JZ_OP_ALL : JZ_OP_ANY;
    push(b, NULL, (struct jz_step){.op = code, .count = (uint8_t)count, .lo = (int32_t)n});
    for (int i = count - 1; i >= 0; i--) push(b, jz_yaml_at(list, i), (struct jz_step){0});
}

static void form(struct builder *b, struct fy_node *map) {
    static const struct {
        const char *key;
        void (*read)(struct builder *, struct fy_node *, const char *);
    } forms[] = {{"all", list_form},          {"any", list_form},        {"at_least", list_form},
                 {"not", not_form},           {"known", known_form},     {"unknown", known_form},
                 {"repeated", temporal_form}, {"pending", temporal_form}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (jz_yaml_get(map, forms[i].key)) {
            forms[i].read(b, map, forms[i].key);
            return;
        }
    jz_yaml_refuse(b->l->y, map,
                   "no criterion; use all, any, at_least, not, known, unknown, repeated or pending");
}

static struct jz_span expression(struct jz_loader *l, struct fy_node *node) {
    struct builder b = {.l = l, .span = {(uint16_t)l->program->step_count, 0}};
    push(&b, node, (struct jz_step){0});
    while (b.count && !l->y->refused) {
        struct work work = b.work[--b.count];
        if (!work.node)
            emit(&b, node, work.step);
        else if (jz_yaml_is_map(work.node))
            form(&b, work.node);
        else
            leaf(&b, work.node);
    }
    return b.span;
}

/* What a temporal criterion remembers is judged on one set of readings, so it cannot itself be temporal. */
static void compile_due(struct jz_loader *l, struct fy_node *node, uint32_t index) {
    struct jz_temporal *t = &l->program->temporal[index];
    uint64_t outer = l->fields;
    uint32_t before = l->program->temporal_count;
    l->fields = 0;
    t->of = expression(l, node);
    t->fields = l->fields;
    if (!l->y->refused && l->program->temporal_count != before)
        jz_yaml_refuse(l->y, node, "a temporal criterion inside another; define them apart");
    for (uint32_t i = l->input_count; i > 0; i--)
        if (t->fields >> l->input[i - 1].field & 1u) t->ask = l->input[i - 1].field;
    l->fields |= outer;
}

struct jz_span jz_load_expr(struct jz_loader *l, struct fy_node *node) {
    l->due_count = 0;
    struct jz_span span = expression(l, node);
    for (uint32_t i = 0; i < l->due_count && !l->y->refused; i++) {
        if (l->due_index[i] < JZ_TEMPORAL_MAX) compile_due(l, l->due[i], l->due_index[i]);
    }
    return span;
}
