/* SPDX-License-Identifier: Apache-2.0 */
/* From the steps of all expressions to circuits (program.h). Every operand becomes a node; equal nodes are one,
 * however many rules name what they stand for. A circuit is then all the nodes that some expressions need, in an order
 * in which they can be computed. Load time. */
#include <stdlib.h>
#include <string.h>

#include "expr.h"
#include "link.h"

#define NODES_MAX (JZ_TRUTHS_MAX + JZ_NUMBERS_MAX)
#define BUCKETS 65536u /* a power of two, more than twice the nodes */
_Static_assert(NODES_MAX < BUCKETS / 2u && JZ_STEPS_MAX < BUCKETS, "indices of nodes and steps are 16 bits");

enum kind { LOOK, NUMBER, COMPARE, TRUTH, GATE }; /* the parts of a circuit, in their order */
enum { ALWAYS, NEVER, FIRST_NODE };               /* nodes of the constants, and their truths */

/* What makes two nodes equal. No padding. */
struct key {
    uint8_t kind, how, index, unused; /* how: what absence means, the step's op, or the kind of gate */
    uint16_t field, a, b, unused_too; /* a and b are nodes */
    int32_t lo, hi, constant;
};
_Static_assert(sizeof(struct key) == 24, "compared and hashed byte for byte");

struct node {
    struct key key;
    uint16_t step, out;
    uint16_t depth; /* of operands below it */
    uint16_t waits; /* 1 + the place of the last rule whose result is in it; 0: for none */
};
#define WAITS_MAX JZ_RULES_MAX
struct lowering {
    struct jz_program *p;
    bool full;
    uint32_t count, truths, numbers;
    uint16_t memory[JZ_TEMPORAL_MAX]; /* nodes of the criteria of temporal forms */
    struct node node[NODES_MAX];
    bool wanted[NODES_MAX];   /* in the circuit at hand */
    uint64_t rank[NODES_MAX]; /* those that are, in its order */
    uint16_t bucket[BUCKETS]; /* nodes by the hash of their keys; 0: none */
};

/* --- nodes ----------------------------------------------------------------------------------------------------- */

static uint32_t hash(const struct key *key) {
    const uint8_t *byte = (const uint8_t *)key;
    uint32_t hash = 0x811c9dc5u; /* FNV-1a */
    for (size_t i = 0; i < sizeof *key; i++) hash = (hash ^ byte[i]) * 0x01000193u;
    return hash ^ hash >> 16;
}

static uint16_t greater(uint16_t a, uint16_t b) {
    return a > b ? a : b;
}

/* Of a rule that is not in force everything is false, at any time. */
static uint16_t waits(const struct lowering *l, const struct key *key) {
    bool result = key->how == JZ_OP_FIRED || key->how == JZ_OP_LEVEL || key->how == JZ_OP_TOTAL;
    if (key->kind == GATE) return greater(l->node[key->a].waits, l->node[key->b].waits);
    if (key->kind != TRUTH || !result || !jz_rule_set_has(&l->p->enabled, key->field)) return 0;
    return (uint16_t)(l->p->place[key->field] + 1u);
}

static uint16_t depth(const struct lowering *l, const struct key *key) {
    if (key->kind == LOOK || !key->a) return 0;
    return (uint16_t)(greater(l->node[key->a].depth, l->node[key->b].depth) + 1u);
}

static uint16_t add(struct lowering *l, struct key key, uint16_t step) {
    uint32_t *outs = key.kind == NUMBER ? &l->numbers : &l->truths;
    if (*outs == (key.kind == NUMBER ? JZ_NUMBERS_MAX : JZ_TRUTHS_MAX)) {
        l->full = true;
        return ALWAYS;
    }
    l->node[l->count] = (struct node){key, step, (uint16_t)(*outs)++, depth(l, &key), waits(l, &key)};
    return (uint16_t)l->count++;
}

/* @param step  One that it is the outcome of. */
static uint16_t node_of(struct lowering *l, struct key key, uint16_t step) {
    uint32_t at = hash(&key) % BUCKETS;
    for (; l->bucket[at]; at = (at + 1u) % BUCKETS)
        if (memcmp(&l->node[l->bucket[at]].key, &key, sizeof key) == 0) return l->bucket[at];
    uint16_t node = add(l, key, step);
    if (!l->full) l->bucket[at] = node;
    return node;
}

/* --- gates ------------------------------------------------------------------------------------------------------ */

static uint16_t gate(struct lowering *l, enum jz_gate_kind kind, uint16_t a, uint16_t b) {
    uint16_t neutral = kind == JZ_GATE_AND ? ALWAYS : NEVER, decides = kind == JZ_GATE_AND ? NEVER : ALWAYS;
    if (kind == JZ_GATE_AND || kind == JZ_GATE_OR) {
        if (a == decides || b == decides) return decides;
        if (a == neutral || a == b) return b;
        if (b == neutral) return a;
    }
    return node_of(l, (struct key){.kind = GATE, .how = (uint8_t)kind, .a = a, .b = b}, 0);
}

static uint16_t chain(struct lowering *l, enum jz_gate_kind kind, const uint16_t *operand, uint32_t count) {
    uint16_t all = operand[0];
    for (uint32_t i = 1; i < count; i++) all = gate(l, kind, all, operand[i]);
    return all;
}

/* `so_many[k]`: at least k of the operands up to the i-th. That is k of those before it, or it and k - 1 of them; from
 * the greatest k down, so that the k - 1 are still of those before it. */
static uint16_t at_least(struct lowering *l, uint32_t n, const uint16_t *operand, uint32_t count) {
    uint16_t so_many[JZ_STACK_MAX + 1u];
    so_many[0] = ALWAYS;
    for (uint32_t k = 1; k <= n; k++) so_many[k] = NEVER;
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = n; k > 0; k--)
            so_many[k] = gate(l, JZ_GATE_OR, so_many[k], gate(l, JZ_GATE_AND, operand[i], so_many[k - 1u]));
    return so_many[n];
}

/* --- steps ---------------------------------------------------------------------------------------------------- */

static bool is_number(uint8_t op) {
    return op >= JZ_OP_VALUE;
}

static uint16_t look(struct lowering *l, const struct jz_step *s) {
    bool known = s->op == JZ_OP_KNOWN;
    uint8_t absent = s->op == JZ_OP_RANGE ? JZ_MAYBE : s->op == JZ_OP_RANGE_YES ? JZ_TRUE : JZ_FALSE;
    return node_of(l,
                   (struct key){.kind = LOOK,
                                .how = absent,
                                .field = s->field,
                                .lo = known ? INT32_MIN : s->lo,
                                .hi = known ? INT32_MAX : s->hi},
                   0);
}

/* A step of its own, over up to two numbers. Of FROM_TO `hi` is a bit of the rule's masks. */
static uint16_t calc(struct lowering *l, uint32_t step, uint16_t a, uint16_t b) {
    const struct jz_step *s = &l->p->step[step];
    return node_of(l,
                   (struct key){.kind = is_number(s->op) ? NUMBER : TRUTH,
                                .how = s->op,
                                .index = s->index,
                                .field = s->field,
                                .a = a,
                                .b = b,
                                .lo = s->lo,
                                .hi = s->op == JZ_OP_FROM_TO ? 0 : s->hi},
                   (uint16_t)step);
}

/* Of a number with a constant: most of them. */
static uint16_t compare(struct lowering *l, uint32_t step, uint16_t a, uint16_t b) {
    const struct jz_step *s = &l->p->step[step];
    if (l->node[b].key.how != JZ_OP_NUMBER) return calc(l, step, a, b);
    return node_of(
        l, (struct key){.kind = COMPARE, .a = a, .lo = s->lo, .hi = s->hi, .constant = l->node[b].key.lo}, 0);
}

static uint16_t memory(struct lowering *l, uint32_t step) {
    return gate(l, JZ_GATE_MEMORY, calc(l, step, 0, 0), l->memory[l->p->step[step].index]);
}

static uint16_t first_of(struct lowering *l, uint32_t step, const uint16_t *operand) {
    uint16_t first = operand[0];
    for (uint32_t i = 1; i < l->p->step[step].count; i++) first = calc(l, step, first, operand[i]);
    return first;
}

static uint16_t lower_step(struct lowering *l, uint32_t step, const uint16_t *operand) {
    const struct jz_step *s = &l->p->step[step];
    if (s->op <= JZ_OP_RANGE_YES || (s->op == JZ_OP_KNOWN && !s->count)) return look(l, s);
    if (s->op == JZ_OP_NOT) return gate(l, JZ_GATE_NOT, operand[0], operand[0]);
    if (s->op == JZ_OP_ALL) return chain(l, JZ_GATE_AND, operand, s->count);
    if (s->op == JZ_OP_ANY) return chain(l, JZ_GATE_OR, operand, s->count);
    if (s->op == JZ_OP_AT_LEAST) return at_least(l, (uint32_t)s->lo, operand, s->count);
    if (s->op == JZ_OP_REPEATED || s->op == JZ_OP_HELD || s->op == JZ_OP_PENDING) return memory(l, step);
    if (s->op == JZ_OP_COMPARE) return compare(l, step, operand[0], operand[1]);
    if (s->op == JZ_OP_FIRST) return first_of(l, step, operand);
    return calc(l, step, s->count > 0 ? operand[0] : 0, s->count > 1 ? operand[1] : 0);
}

/* Walks the expression as the evaluator does, with nodes on the stack. @return the node of its outcome. */
static uint16_t lower(struct lowering *l, struct jz_span span) {
    uint16_t stack[JZ_STACK_MAX + 1u], node = ALWAYS;
    uint32_t depth = 0;
    for (uint32_t i = span.first; i < (uint32_t)span.first + span.count; i++) {
        depth -= l->p->step[i].count;
        node = lower_step(l, i, &stack[depth]);
        l->p->step[i].out = l->node[node].out;
        stack[depth++] = node;
    }
    return node;
}

/* --- circuits ------------------------------------------------------------------------------------------------------ */

static void want(struct jz_program *p, uint32_t rule, struct jz_span span, void *context) {
    struct lowering *l = context;
    (void)p;
    (void)rule;
    l->wanted[lower(l, span)] = true;
}

static void want_operands(struct lowering *l) {
    for (uint32_t i = l->count; i-- > FIRST_NODE;) {
        const struct key *key = &l->node[i].key;
        if (l->wanted[i] && key->kind != LOOK) l->wanted[key->a] = l->wanted[key->b] = true;
    }
}

/* Where a node stands in a circuit: by part, operands first. For the processor's sake what does not wait for one
 * another is side by side, and in that what is alike: the same kind of step, looks at the same field. */
static uint64_t rank(const struct lowering *l, uint32_t node) {
    const struct key *key = &l->node[node].key;
    uint64_t alike = key->kind == LOOK ? key->field : key->how;
    return (uint64_t)key->kind << 48 | (uint64_t)l->node[node].depth << 32 | alike << 16 | node;
}

static int by_rank(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void write_look(struct lowering *l, const struct node *n) {
    l->p->look[l->p->look_count++] = (struct jz_look){
        .lo = n->key.lo, .hi = n->key.hi, .field = n->key.field, .out = n->out, .absent = n->key.how};
}

static void write_calc(struct lowering *l, const struct node *n) {
    l->p->calc[l->p->calc_count++] =
        (struct jz_calc){n->step, l->node[n->key.a].out, l->node[n->key.b].out, n->out};
}

static void write_compare(struct lowering *l, const struct node *n) {
    l->p->compare[l->p->compare_count++] =
        (struct jz_compare){n->key.constant, n->key.lo, n->key.hi, l->node[n->key.a].out, n->out};
}

static void write_gate(struct lowering *l, const struct node *n) {
    l->p->gate[l->p->gate_count++] =
        (struct jz_gate){n->key.how, l->node[n->key.a].out, l->node[n->key.b].out, n->out};
}

/* All wanted nodes that wait for this, at the least and at the most. */
static struct jz_circuit circuit(struct lowering *l, uint32_t least, uint32_t most) {
    static void (*const write[])(struct lowering *, const struct node *) = {
        write_look, write_calc, write_compare, write_calc, write_gate};
    struct jz_circuit out;
    struct jz_part *part[] = {&out.looks, &out.numbers, &out.compares, &out.truths, &out.gates};
    const uint32_t *used[] = {&l->p->look_count, &l->p->calc_count, &l->p->compare_count, &l->p->calc_count,
                              &l->p->gate_count};
    uint32_t count = 0, at = 0;
    for (uint32_t i = FIRST_NODE; i < l->count; i++)
        if (l->wanted[i] && l->node[i].waits >= least && l->node[i].waits <= most)
            l->rank[count++] = rank(l, i);
    qsort(l->rank, count, sizeof l->rank[0], by_rank);
    for (uint32_t kind = LOOK; kind <= GATE; kind++) {
        part[kind]->first = *used[kind];
        for (; at < count && l->rank[at] >> 48 == kind; at++) {
            l->full |= *used[kind] == JZ_CIRCUITS_MAX;
            if (!l->full) write[kind](l, &l->node[(uint16_t)l->rank[at]]);
        }
        part[kind]->count = *used[kind] - part[kind]->first;
    }
    return out;
}

static void begin(struct lowering *l) {
    memset(l->wanted, 0, sizeof l->wanted);
}

static void rule_circuits(struct lowering *l, uint32_t rule) {
    begin(l);
    jz_visit_rule(l->p, rule, want, l);
    want_operands(l);
    l->p->own[rule] = circuit(l, 0, 0);
    l->p->after[rule] = circuit(l, 1, WAITS_MAX);
}

static void whole_circuits(struct lowering *l) {
    begin(l);
    for (uint32_t i = 0; i < l->p->rule_count; i++)
        if (l->p->rule[i].info.enabled) jz_visit_rule(l->p, i, want, l);
    want_operands(l);
    l->p->whole = circuit(l, 0, 0);
    for (uint32_t i = 0; i < l->p->rule_count; i++) l->p->then[l->p->order[i]] = circuit(l, i + 1u, i + 1u);
}

static void field_circuits(struct lowering *l, uint32_t field) {
    begin(l);
    for (uint32_t i = 0; i < l->p->temporal_count; i++)
        if (l->p->temporals_of[field] >> i & 1u) l->wanted[l->memory[i]] = true;
    want_operands(l);
    l->p->memories[field] = circuit(l, 0, 0);
    begin(l);
    for (uint32_t i = 0; i < l->p->predicate_count; i++)
        if (l->p->predicates_of[field][i / 64u] >> (i % 64u) & 1u) want(l->p, 0, l->p->predicate[i].of, l);
    want_operands(l);
    l->p->predicates[field] = circuit(l, 0, 0);
}

/* Where each expression finds its outcome. */
static void note_out(const struct jz_program *p, struct jz_span *span) {
    if (span->count) span->out = p->step[span->first + span->count - 1u].out;
}

static void note_outs(struct jz_program *p) {
    for (uint32_t i = 0; i < p->rule_count; i++) note_out(p, &p->rule[i].applies);
    for (uint32_t i = 0; i < p->row_count; i++) note_out(p, &p->row[i].when);
    for (uint32_t i = 0; i < p->item_count; i++) note_out(p, &p->item[i].value);
    for (uint32_t i = 0; i < p->case_count; i++) note_out(p, &p->table[i].when);
    for (uint32_t i = 0; i < p->temporal_count; i++) note_out(p, &p->temporal[i].of);
    for (uint32_t i = 0; i < p->predicate_count; i++) note_out(p, &p->predicate[i].of);
}

/* Fields first: their circuits are computed most often, and so find their outcomes side by side. */
bool jz_program_lower(struct jz_program *p) {
    struct lowering *l = calloc(1, sizeof *l);
    if (!l) return false;
    l->p = p;
    l->count = FIRST_NODE;
    l->truths = FIRST_NODE;
    l->numbers = 1;
    l->node[NEVER].out = NEVER;
    for (uint32_t i = 0; i < p->temporal_count; i++) l->memory[i] = lower(l, p->temporal[i].of);
    for (uint32_t i = 0; i < jz_field_count(); i++) field_circuits(l, i);
    for (uint32_t i = 0; i < p->rule_count; i++) rule_circuits(l, i);
    whole_circuits(l);
    note_outs(p);
    p->lowered = !l->full;
    free(l);
    return true;
}
