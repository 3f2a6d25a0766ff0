/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions: YAML trees to postfix steps with a work list instead of recursion. A work item is a node still
 * to be read or a step to be written once its operands are. */
#include "pack_expr.h"

#include <stdio.h>
#include <string.h>

void jz_push(struct jz_builder *b, struct fy_node *at, struct jz_work work) {
    if (b->work_count == JZ_WORKS_MAX)
        jz_yaml_refuse(b->l->y, at, "expression too large; name its parts under 'define'");
    else
        b->work[b->work_count++] = work;
}

bool jz_step_reads_field(const struct jz_step *step) {
    if (step->op == JZ_OP_KNOWN) return !step->count;
    return step->op <= JZ_OP_RANGE_YES || (step->op >= JZ_OP_REPEATED && step->op <= JZ_OP_TREND) ||
           step->op == JZ_OP_VALUE || step->op == JZ_OP_SINCE || step->op == JZ_OP_FROM_TO;
}

/* Backwards, until as many operands were left as are wanted: one. */
uint32_t jz_operand_begin(const struct jz_program *p, uint32_t end) {
    uint32_t wanted = 1;
    for (uint32_t i = end;; i--) {
        wanted = wanted - 1 + jz_operands(&p->step[i]);
        if (!wanted) return i;
    }
}

static bool reads_more_than_fields(const struct jz_step *step) {
    return (step->op >= JZ_OP_REPEATED && step->op <= JZ_OP_TOTAL) || step->op == JZ_OP_SINCE ||
           step->op == JZ_OP_FROM_TO || step->op == JZ_OP_TODAY;
}

void jz_emit(struct jz_builder *b, struct fy_node *at, struct jz_step step) {
    struct jz_program *p = b->l->program;
    uint32_t take = jz_operands(&step);
    if (b->l->y->refused) return;
    if (p->step_count == JZ_STEPS_MAX || b->span.count == JZ_STEPS_PER_EXPR_MAX) {
        jz_yaml_refuse(b->l->y, at, "more than %u steps in an expression, or %u in all packs; split it",
                       JZ_STEPS_PER_EXPR_MAX, JZ_STEPS_MAX);
        return;
    }
    if (b->depth - take + 1 > JZ_STACK_MAX) {
        jz_yaml_refuse(b->l->y, at, "more than %u operands side by side; group them", JZ_STACK_MAX);
        return;
    }
    if (b->fields_only && reads_more_than_fields(&step)) {
        jz_yaml_refuse(
            b->l->y, at,
            "a temporal form inside another, or one over time or other rules; it looks at fields only");
        return;
    }
    b->depth = b->depth - take + 1;
    b->l->step_at[p->step_count] = jz_place(b->l, at);
    if (b->nth) b->l->step_at[p->step_count].nth = (*b->nth)++;
    p->step[p->step_count++] = step;
    b->span.count++;
}

void jz_take_back(struct jz_builder *b, uint32_t count) {
    struct jz_program *p = b->l->program;
    while (p->step_count > count) {
        b->depth = b->depth - 1 + jz_operands(&p->step[--p->step_count]);
        b->span.count--;
    }
}

struct jz_input *jz_use_input(struct jz_builder *b, struct fy_node *node, const char *name) {
    struct jz_input *input = jz_find_input(b->l, name);
    if (!input) {
        jz_yaml_refuse(b->l->y, node, "'%.40s' is neither an input nor a definition of this pack; declare it",
                       name);
        return NULL;
    }
    input->used = true;
    jz_fields_add(b->l->fields, input->field);
    return input;
}

void jz_emit_range(struct jz_builder *b, struct fy_node *node, const struct jz_input *input, int32_t lo,
                   int32_t hi) {
    struct jz_step step = {.op = JZ_OP_RANGE, .field = input->field, .lo = lo, .hi = hi};
    bool holds = input->absent >= lo && input->absent <= hi;
    if (input->has_absent) step.op = holds ? JZ_OP_RANGE_YES : JZ_OP_RANGE_NO;
    jz_emit(b, node, step);
}

void jz_push_define(struct jz_builder *b, struct fy_node *node, struct jz_define *define,
                    struct jz_pack *pack) {
    if (define->open) {
        jz_yaml_refuse(b->l->y, node, "'%s' is a definition that names itself; take it out", define->name);
        return;
    }
    define->used = define->open = true;
    jz_push(b, node, (struct jz_work){.ends = define});
    jz_push(b, node, (struct jz_work){.node = define->when, .pack = pack});
}

/* --- temporal forms ---------------------------------------------------------------------------------------- */

/* The memory of "this definition, repeated that far apart" or "held that long"; rules share it. */
static uint8_t temporal(struct jz_builder *b, struct fy_node *node, struct jz_define *define,
                        struct jz_pack *pack, struct jz_temporal wanted) {
    struct jz_loader *l = b->l;
    for (uint32_t i = 0; i < define->temporal_count; i++)
        if (define->temporal[i].apart_s == wanted.apart_s && define->temporal[i].kind == wanted.kind)
            return define->temporal[i].index;
    uint32_t index = l->program->temporal_count;
    if (index == JZ_TEMPORAL_MAX)
        jz_yaml_refuse(l->y, node,
                       "more than %u temporal criteria in all packs; share definitions and intervals",
                       JZ_TEMPORAL_MAX);
    if (l->due_count == JZ_TEMPORAL_NEW_MAX)
        jz_yaml_refuse(l->y, node, "more than %u temporal criteria in one expression; split it into levels",
                       JZ_TEMPORAL_NEW_MAX);
    if (define->temporal_count == JZ_TEMPORAL_OF_DEFINE_MAX)
        jz_yaml_refuse(l->y, node, "more than %u intervals for '%s'; agree on fewer",
                       JZ_TEMPORAL_OF_DEFINE_MAX, define->name);
    if (l->y->refused) return 0;
    l->program->temporal[l->program->temporal_count++] = wanted;
    l->due[l->due_count].pack = pack;
    l->due[l->due_count].when = define->when;
    l->due[l->due_count++].index = (uint8_t)index;
    define->temporal[define->temporal_count].apart_s = wanted.apart_s;
    define->temporal[define->temporal_count].kind = wanted.kind;
    define->temporal[define->temporal_count++].index = (uint8_t)index;
    return (uint8_t)index;
}

static struct jz_define *criterion_named(struct jz_builder *b, struct fy_node *node, struct jz_pack **pack) {
    char name[JZ_NAME_MAX];
    if (!jz_yaml_word(b->l->y, node, name, sizeof name)) return NULL;
    struct jz_define *define = jz_find_define(b->l, node, name, pack);
    if (b->l->y->refused) return NULL;
    if (define && define->when) {
        define->used = true;
        return define;
    }
    jz_yaml_refuse(b->l->y, node, "'%s' is no definition of this pack; name the criterion under 'define'",
                   name);
    return NULL;
}

static void emit_temporal(struct jz_builder *b, struct fy_node *what, struct jz_temporal wanted,
                          struct jz_step step) {
    struct jz_pack *pack;
    struct jz_define *define = criterion_named(b, what, &pack);
    if (!define) return;
    if (b->fields_only)
        jz_yaml_refuse(b->l->y, what, "a temporal criterion inside another; define them apart");
    else
        step.index = temporal(b, what, define, pack, wanted);
    jz_emit(b, what, step);
}

static void repeated_form(struct jz_builder *b, struct fy_node *map, const char *op) {
    static const char *const keys[] = {"repeated", "apart", NULL};
    jz_yaml_only(b->l->y, map, keys);
    struct jz_temporal wanted = {.kind = JZ_TEMPORAL_REPEATED,
                                 .apart_s = jz_load_duration(b->l, jz_yaml_need(b->l->y, map, "apart"))};
    emit_temporal(b, jz_yaml_get(map, op), wanted, (struct jz_step){.op = JZ_OP_REPEATED});
}

static void pending_form(struct jz_builder *b, struct fy_node *map, const char *op) {
    static const char *const keys[] = {"pending", "apart", "for", NULL};
    struct fy_node *wait = jz_yaml_get(map, "for");
    jz_yaml_only(b->l->y, map, keys);
    struct jz_temporal wanted = {.kind = JZ_TEMPORAL_REPEATED,
                                 .apart_s = jz_load_duration(b->l, jz_yaml_need(b->l->y, map, "apart"))};
    uint32_t for_s = wait ? jz_load_duration(b->l, wait) : 0;
    emit_temporal(b, jz_yaml_get(map, op), wanted,
                  (struct jz_step){.op = JZ_OP_PENDING, .lo = (int32_t)for_s});
}

static void held_form(struct jz_builder *b, struct fy_node *map, const char *op) {
    static const char *const keys[] = {"held", "for", NULL};
    jz_yaml_only(b->l->y, map, keys);
    struct jz_temporal wanted = {.kind = JZ_TEMPORAL_HELD,
                                 .apart_s = jz_load_duration(b->l, jz_yaml_need(b->l->y, map, "for"))};
    emit_temporal(b, jz_yaml_get(map, op), wanted, (struct jz_step){.op = JZ_OP_HELD});
}

static uint8_t window(struct jz_builder *b, struct fy_node *node, uint16_t field, uint32_t over_s) {
    struct jz_program *p = b->l->program;
    for (uint32_t i = 0; i < p->window_count; i++)
        if (p->window[i].field == field && p->window[i].over_s == over_s) return (uint8_t)i;
    if (p->window_count == JZ_WINDOWS_MAX) {
        jz_yaml_refuse(b->l->y, node, "more than %u windows of 'changed' and 'trend'; share field and time",
                       JZ_WINDOWS_MAX);
        return 0;
    }
    p->window[p->window_count] = (struct jz_window){.over_s = over_s, .field = field};
    return (uint8_t)p->window_count++;
}

static bool has_amounts(const struct jz_field *def) {
    return !*def->words && def->kind != 'e' && strcmp(def->unit, "{date}") != 0;
}

static void window_form(struct jz_builder *b, struct fy_node *map, const char *op) {
    bool trend = strcmp(op, "trend") == 0;
    const char *time = trend ? "over" : "within";
    const char *const keys[] = {op, "rises", "falls", time, NULL};
    struct fy_node *what = jz_yaml_get(map, op), *rises = jz_yaml_get(map, "rises"),
                   *falls = jz_yaml_get(map, "falls");
    char name[JZ_NAME_MAX];
    jz_yaml_only(b->l->y, map, keys);
    if (!rises == !falls) jz_yaml_refuse(b->l->y, map, "'%s' takes either 'rises' or 'falls'", op);
    uint32_t over_s = jz_load_duration(b->l, jz_yaml_need(b->l->y, map, time));
    if (!jz_yaml_word(b->l->y, what, name, sizeof name)) return;
    struct jz_input *input = jz_use_input(b, what, name);
    if (!input) return;
    if (!has_amounts(jz_field_at(input->field)))
        jz_yaml_refuse(b->l->y, what, "%s has no amounts that rise or fall; name a measurement", name);
    int32_t amount = (int32_t)jz_load_constant(b->l, rises ? rises : falls, 1, INT32_MAX);
    struct jz_step step = {
        .op = trend ? JZ_OP_TREND : JZ_OP_CHANGED, .field = input->field, .lo = rises ? amount : -amount};
    if (!b->l->y->refused) step.index = window(b, what, input->field, over_s);
    jz_emit(b, what, step);
}

/* --- logic --------------------------------------------------------------------------------------------------- */

static void known_form(struct jz_builder *b, struct fy_node *map, const char *op) {
    const char *const keys[] = {op, NULL};
    char name[JZ_NAME_MAX];
    struct jz_pack *pack;
    struct fy_node *what = jz_yaml_get(map, op);
    jz_yaml_only(b->l->y, map, keys);
    if (!jz_yaml_word(b->l->y, what, name, sizeof name)) return;
    struct jz_define *define = jz_find_define(b->l, what, name, &pack);
    struct jz_step step = {.op = JZ_OP_KNOWN};
    if (define && !define->value)
        jz_yaml_refuse(b->l->y, what, "'%s' is a criterion; '%s' takes a field or a number", name, op);
    if (b->l->y->refused) return;
    struct jz_input *input = define ? NULL : jz_use_input(b, what, name);
    if (define) jz_read_define(b, what, define, pack);
    step.count = define != NULL;
    if (input) step.field = input->field;
    jz_emit(b, what, step);
    if (strcmp(op, "unknown") == 0) jz_emit(b, what, (struct jz_step){.op = JZ_OP_NOT});
}

static void push_node(struct jz_builder *b, struct fy_node *at, struct fy_node *node) {
    if (node)
        jz_push(b, at, (struct jz_work){.node = node, .pack = b->l->at});
    else
        jz_yaml_refuse(b->l->y, at, "a criterion is missing here; write it");
}

static void push_step(struct jz_builder *b, struct fy_node *at, struct jz_step step) {
    jz_push(b, at, (struct jz_work){.node = at, .pack = b->l->at, .step = step});
}

static void not_form(struct jz_builder *b, struct fy_node *map, const char *op) {
    const char *const keys[] = {op, NULL};
    jz_yaml_only(b->l->y, map, keys);
    push_step(b, map, (struct jz_step){.op = JZ_OP_NOT});
    push_node(b, map, jz_yaml_get(map, op));
}

static void list_form(struct jz_builder *b, struct fy_node *map, const char *op) {
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
    push_step(b, map, (struct jz_step){.op = code, .count = (uint8_t)count, .lo = (int32_t)n});
    for (int i = count - 1; i >= 0; i--) push_node(b, list, jz_yaml_at(list, i));
}

static void form(struct jz_builder *b, struct fy_node *map) {
    static const struct {
        const char *key;
        void (*read)(struct jz_builder *, struct fy_node *, const char *);
    } forms[] = {{"all", list_form},        {"any", list_form},          {"at_least", list_form},
                 {"not", not_form},         {"known", known_form},       {"unknown", known_form},
                 {"pending", pending_form}, {"repeated", repeated_form}, {"held", held_form},
                 {"changed", window_form},  {"trend", window_form}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (jz_yaml_get(map, forms[i].key)) {
            forms[i].read(b, map, forms[i].key);
            return;
        }
    jz_yaml_refuse(
        b->l->y, map,
        "no criterion; use all, any, at_least, not, known, unknown, repeated, pending, held, changed "
        "or trend");
}

/* --- expressions ------------------------------------------------------------------------------------------------ */

static void read_work(struct jz_builder *b, const struct jz_work *work) {
    if (work->ends) {
        work->ends->open = false;
        return;
    }
    jz_enter(b->l, work->pack);
    if (work->step.count || work->step.op == JZ_OP_NOT)
        jz_emit(b, work->node, work->step);
    else if (jz_yaml_is_map(work->node))
        form(b, work->node);
    else
        jz_read_line(b, work->node);
}

static struct jz_span expression(struct jz_loader *l, struct fy_node *node, bool fields_only) {
    struct jz_builder b = {
        .l = l, .span = {(uint16_t)l->program->step_count, 0, 0}, .fields_only = fields_only};
    struct jz_pack *here = l->at;
    jz_push(&b, node, (struct jz_work){.node = node, .pack = here});
    while (b.work_count && !l->y->refused) {
        struct jz_work work = b.work[--b.work_count];
        read_work(&b, &work);
    }
    jz_enter(l, here);
    return b.span;
}

/* In chart order, so that the first field is the one to ask for. */
static void list_fields(struct jz_loader *l, struct fy_node *node, const uint64_t *fields,
                        struct jz_temporal *t) {
    for (uint32_t i = 0; i < l->chart_count; i++) {
        if (!jz_fields_has(fields, l->chart[i]->field)) continue;
        if (t->field_count == JZ_SPIKE_FIELDS_MAX) {
            jz_yaml_refuse(l->y, node, "a temporal form looks at more than %u fields; split the definition",
                           JZ_SPIKE_FIELDS_MAX);
            return;
        }
        t->field[t->field_count++] = l->chart[i]->field;
    }
    if (!t->field_count)
        jz_yaml_refuse(l->y, node,
                       "a temporal form looks at readings, and this definition at none; name a field");
    t->ask = t->field[0];
}

/* What a temporal criterion remembers is judged on one set of readings. */
static void compile_due(struct jz_loader *l, uint32_t due) {
    struct jz_temporal *t = &l->program->temporal[l->due[due].index];
    struct jz_pack *here = l->at;
    uint64_t outer[JZ_FIELDS_MAX / 64u];
    memcpy(outer, l->fields, sizeof outer);
    memset(l->fields, 0, sizeof l->fields);
    jz_enter(l, l->due[due].pack);
    t->of = expression(l, l->due[due].when, true);
    if (!l->y->refused) list_fields(l, l->due[due].when, l->fields, t);
    jz_enter(l, here);
    memcpy(l->fields, outer, sizeof outer);
}

/* Every rule that names a memory reads its fields, also where an earlier rule made it. */
static void add_temporal_fields(struct jz_loader *l, struct jz_span span) {
    struct jz_program *p = l->program;
    for (uint32_t i = 0; i < span.count; i++) {
        struct jz_step *step = &p->step[span.first + i];
        if (step->op != JZ_OP_REPEATED && step->op != JZ_OP_PENDING && step->op != JZ_OP_HELD) continue;
        const struct jz_temporal *t = &p->temporal[step->index];
        step->field = t->ask;
        for (uint32_t f = 0; f < t->field_count; f++) jz_fields_add(l->fields, t->field[f]);
    }
}

struct jz_span jz_load_expr(struct jz_loader *l, struct fy_node *node) {
    l->due_count = 0;
    struct jz_span span = expression(l, node, false);
    for (uint32_t i = 0; i < l->due_count && !l->y->refused; i++) compile_due(l, i);
    if (!l->y->refused) add_temporal_fields(l, span);
    return span;
}

struct jz_span jz_load_number(struct jz_loader *l, struct fy_node *node) {
    struct jz_builder b = {.l = l, .span = {(uint16_t)l->program->step_count, 0, 0}};
    jz_read_number(&b, node);
    return b.span;
}

int64_t jz_load_constant(struct jz_loader *l, struct fy_node *node, int64_t min, int64_t max) {
    struct jz_program *p = l->program;
    struct jz_builder b = {.l = l, .span = {(uint16_t)p->step_count, 0, 0}};
    uint32_t first = p->step_count;
    int64_t value = 0;
    jz_read_number(&b, node);
    if (l->y->refused) return min;
    if (p->step_count == first + 1 && p->step[first].op == JZ_OP_NUMBER)
        value = p->step[first].lo;
    else
        jz_yaml_refuse(l->y, node, "a whole number is needed here, or a policy; write it out");
    jz_take_back(&b, first);
    if (!l->y->refused && (value < min || value > max))
        jz_yaml_refuse(l->y, node, "%lld is outside %lld..%lld; correct it", (long long)value, (long long)min,
                       (long long)max);
    return l->y->refused ? min : value;
}

uint32_t jz_load_duration(struct jz_loader *l, struct fy_node *node) {
    char word[JZ_SENTENCE_MAX];
    if (!jz_yaml_word(l->y, node, word, sizeof word)) return 0;
    if (strncmp(word, "policy.", 7) != 0) return jz_yaml_duration(l->y, node);
    const struct jz_policy_info *policy = jz_find_policy(l, word + 7);
    if (!policy)
        jz_yaml_refuse(l->y, node, "no pack has a policy '%.40s'; correct its name or add it under 'policy'",
                       word + 7);
    if (policy && strcmp(policy->unit, "s") != 0)
        jz_yaml_refuse(l->y, node, "policy '%s' is no time; name one whose value is a duration",
                       policy->name);
    return (uint32_t)jz_load_constant(l, node, 1, JZ_SECONDS_MAX);
}

void jz_load_steps(struct jz_loader *l, struct fy_node *at, const struct jz_step *steps, uint32_t count,
                   struct jz_span *out) {
    struct jz_builder b = {.l = l, .span = {(uint16_t)l->program->step_count, 0, 0}};
    for (uint32_t i = 0; i < count; i++) jz_emit(&b, at, steps[i]);
    *out = b.span;
}
