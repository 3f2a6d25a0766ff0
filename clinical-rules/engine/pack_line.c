/* SPDX-License-Identifier: Apache-2.0 */
/* Lines: `sbp >= 160`, `( sbp + 2 * dbp ) / 3 < 55`, `rule.CP-GRACE > 140`, a name. Words stand between spaces.
 * Arithmetic becomes postfix by precedence; a named number is read in its place as if it stood in parentheses,
 * which takes a small stack of texts and no recursion. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "pack_expr.h"

#define WORDS_MAX 96u
#define TEXTS_MAX 8u /* numbers that name numbers */
#define OPS_MAX 64u

/* A line cut into words. It holds no pointers, so that it can be copied. */
struct words {
    char text[2 * JZ_SENTENCE_MAX];
    uint16_t at[WORDS_MAX];
    uint32_t count;
};

static const char *word_at(const struct words *words, uint32_t i) {
    return words->text + words->at[i];
}

/* Parentheses are words of their own, with or without spaces. */
static void spread(const char *from, char *to, size_t capacity) {
    size_t used = 0;
    for (; *from && used + 4 < capacity; from++) {
        bool paren = *from == '(' || *from == ')';
        if (paren) to[used++] = ' ';
        to[used++] = *from;
        if (paren) to[used++] = ' ';
    }
    to[used] = 0;
}

static bool cut(struct jz_loader *l, struct fy_node *node, struct words *out) {
    char line[JZ_SENTENCE_MAX];
    out->count = 0;
    if (!jz_yaml_word(l->y, node, line, sizeof line)) return false;
    spread(line, out->text, sizeof out->text);
    for (char *rest = out->text, *word; (word = strtok_r(rest, " \n", &rest));) {
        if (out->count == WORDS_MAX)
            return jz_yaml_refuse(l->y, node, "more than %u words in a line; name its parts under 'define'",
                                  WORDS_MAX);
        out->at[out->count++] = (uint16_t)(word - out->text);
    }
    return out->count || jz_yaml_refuse(l->y, node, "nothing stands here; write a criterion or a number");
}

/* --- numbers --------------------------------------------------------------------------------------------------- */

struct text {
    struct words words;
    uint32_t next, end;
    struct fy_node *node; /* where it stands */
    struct fy_node *list; /* of {first: [...]}: the texts, one after the other */
    int entry, entries;
    struct jz_pack *pack;
    struct jz_define *define; /* NULL: no name stands for it */
    uint32_t first_step, first_op;
    uint16_t steps, *outer; /* what b->nth counts here, and counted around it */
};
struct number {
    struct jz_builder *b;
    uint16_t *outer; /* b->nth before it */
    uint32_t texts, ops;
    uint32_t opened; /* texts so far: constants fold, so that the steps do not bound them */
    bool operand;    /* one stands there, so that an operator may follow */
    char op[OPS_MAX];
    struct text text[TEXTS_MAX];
};

static struct text *top(struct number *n) {
    return &n->text[n->texts - 1];
}

static void refuse(struct number *n, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void refuse(struct number *n, const char *format, ...) {
    char text[200];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    jz_yaml_refuse(n->b->l->y, top(n)->node, "%s", text);
}

static int precedence(char op) {
    return op == '(' ? 0 : op == '+' || op == '-' ? 1 : 2;
}

static bool divide(int64_t a, int64_t b, int64_t *out) {
    if (b == 0) return false;
    int64_t rest = a % b, twice = 2 * (rest < 0 ? -rest : rest), size = b < 0 ? -b : b;
    *out = a / b + (twice >= size ? ((a < 0) == (b < 0) ? 1 : -1) : 0);
    return true;
}

static bool calculate(char op, int64_t a, int64_t b, int64_t *out) {
    if (op == '/') return divide(a, b, out);
    *out = op == '+' ? a + b : op == '-' ? a - b : a * b;
    return true;
}

/* Two constants become one, so that a comparison with it stays a plain bound. */
static bool fold(struct jz_builder *b, char op) {
    struct jz_program *p = b->l->program;
    struct jz_step *last = &p->step[p->step_count - 1];
    int64_t value;
    if (b->span.count < 2 || last[0].op != JZ_OP_NUMBER || last[-1].op != JZ_OP_NUMBER) return false;
    if (!calculate(op, last[-1].lo, last[0].lo, &value) || value > INT32_MAX || value < -(int64_t)INT32_MAX)
        return false;
    jz_take_back(b, p->step_count - 1);
    p->step[p->step_count - 1].lo = (int32_t)value;
    return true;
}

static void write_op(struct number *n) {
    static const struct {
        char sign;
        uint8_t op;
    } ops[] = {{'+', JZ_OP_ADD}, {'-', JZ_OP_SUBTRACT}, {'*', JZ_OP_MULTIPLY}, {'/', JZ_OP_DIVIDE}};
    char sign = n->op[--n->ops];
    const struct jz_step *last = &n->b->l->program->step[n->b->l->program->step_count - 1];
    if (n->b->l->y->refused || fold(n->b, sign)) return;
    if (sign == '/' && last->op == JZ_OP_NUMBER && !last->lo)
        refuse(n, "a division by 0 is never known; correct the divisor");
    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++)
        if (ops[i].sign == sign) jz_emit(n->b, top(n)->node, (struct jz_step){.op = ops[i].op});
}

static void push_op(struct number *n, char op) {
    if (n->ops == OPS_MAX)
        refuse(n, "too many operators in one number; name its parts under 'define'");
    else
        n->op[n->ops++] = op;
}

/* Writes the operators that bind at least as strongly. */
static void write_down_to(struct number *n, int least) {
    while (n->ops > top(n)->first_op && precedence(n->op[n->ops - 1]) >= least) write_op(n);
}

static void emit_number(struct number *n, int64_t value) {
    if (value > INT32_MAX || value < -(int64_t)INT32_MAX)
        refuse(n, "a number beyond 32 bits; use a smaller scale");
    jz_emit(n->b, top(n)->node, (struct jz_step){.op = JZ_OP_NUMBER, .lo = (int32_t)value});
    n->operand = true;
}

static void push_text(struct number *n, struct text text) {
    if (n->texts == TEXTS_MAX) {
        refuse(n, "numbers that name numbers that name numbers ...: more than 8; flatten them");
        return;
    }
    text.first_step = n->b->l->program->step_count;
    text.first_op = n->ops;
    if (n->opened++ == JZ_STEPS_PER_EXPR_MAX)
        refuse(n, "a number of more than 192 named parts; write out what they come to");
    text.outer = n->b->nth;
    n->text[n->texts++] = text;
    if (text.define || !text.outer) n->b->nth = &top(n)->steps;
    n->operand = false;
}

/* Opens the first text of a number: the line itself, or the first entry of {first: [...]}. */
static void open_number(struct number *n, struct fy_node *node, struct jz_define *define,
                        struct jz_pack *pack) {
    static const char *const keys[] = {"first", NULL};
    struct jz_loader *l = n->b->l;
    struct text text = {.node = node, .define = define, .pack = pack};
    jz_enter(l, pack);
    if (jz_yaml_is_map(node)) {
        jz_yaml_only(l->y, node, keys);
        text.list = jz_yaml_list(l->y, node, "first", 1, JZ_STACK_MAX);
        text.entries = text.list ? jz_yaml_count(l->y, text.list) : 0;
        text.node = text.list ? jz_yaml_at(text.list, 0) : NULL;
    }
    if (!l->y->refused && cut(l, text.node, &text.words)) text.end = text.words.count;
    if (!l->y->refused) push_text(n, text);
}

static void name_define(struct number *n, struct jz_define *define, struct jz_pack *pack) {
    define->used = true;
    if (!define->value) {
        refuse(n, "'%s' is a criterion, not a number; give it a 'value' or use another", define->name);
    } else if (define->open) {
        refuse(n, "'%s' is a definition that names itself; take it out", define->name);
    } else {
        define->open = true;
        open_number(n, define->value, define, pack);
    }
}

static uint32_t values_since(const struct jz_program *p, uint32_t first) {
    uint32_t values = 0;
    for (uint32_t i = first; i < p->step_count; i++) values += p->step[i].op == JZ_OP_VALUE;
    return values;
}

static void write_plausible(struct number *n, const struct text *text) {
    struct jz_step step = {
        .op = JZ_OP_PLAUSIBLE, .lo = text->define->plausible_lo, .hi = text->define->plausible_hi};
    if (step.lo != INT32_MIN || step.hi != INT32_MAX) jz_emit(n->b, text->node, step);
}

static void write_within(struct number *n, const struct text *text) {
    uint32_t values = values_since(n->b->l->program, text->first_step);
    if (values < 2)
        refuse(n, "'within' is for numbers of two or more values; remove it from %s", text->define->name);
    struct jz_step step = {
        .op = JZ_OP_WITHIN, .index = (uint8_t)values, .lo = (int32_t)text->define->within_s};
    jz_emit(n->b, text->node, step);
}

/* A text is read: its operators are due, then the next entry, or what stands around all of them. */
static void close_text(struct number *n) {
    struct text *text = top(n);
    struct jz_loader *l = n->b->l;
    if (!n->operand) refuse(n, "the number ends too early; something is missing after the last operator");
    write_down_to(n, 1);
    if (n->ops > text->first_op) refuse(n, "a parenthesis is not closed; add ')'");
    if (l->y->refused) return;
    if (++text->entry < text->entries) {
        text->node = jz_yaml_at(text->list, text->entry);
        text->next = 0;
        if (cut(l, text->node, &text->words)) text->end = text->words.count;
        n->operand = false;
        return;
    }
    if (text->entries > 1)
        jz_emit(n->b, text->node, (struct jz_step){.op = JZ_OP_FIRST, .count = (uint8_t)text->entries});
    if (text->define) write_plausible(n, text);
    if (text->define && text->define->within_s) write_within(n, text);
    if (text->define) text->define->open = false;
    n->b->nth = text->outer;
    n->texts--;
    n->operand = true;
    if (n->texts) jz_enter(l, top(n)->pack);
}

/* --- operands --------------------------------------------------------------------------------------------------- */

static const char *peek(const struct text *text) {
    return text->next < text->end ? word_at(&text->words, text->next) : "";
}

static const char *take(struct text *text) {
    const char *word = peek(text);
    if (*word) text->next++;
    return word;
}

static bool duration_unit(const char *word, int64_t *seconds) {
    static const struct {
        const char *name;
        int64_t seconds;
    } units[] = {{"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(units[i].name, word) == 0) {
            *seconds = units[i].seconds;
            return true;
        }
    return false;
}

static bool constant(struct number *n, const char *word) {
    int64_t value, unit;
    if (jz_parse_date(word, &value)) {
        emit_number(n, value);
        return true;
    }
    if (!jz_yaml_parse_number(word, &value)) return false;
    if (duration_unit(peek(top(n)), &unit)) {
        take(top(n));
        value = value > INT32_MAX ? value : value * unit;
    }
    emit_number(n, value);
    return true;
}

static struct jz_input *event(struct number *n) {
    const char *name = take(top(n));
    struct jz_input *input = jz_use_input(n->b, top(n)->node, name);
    if (input && jz_field_at(input->field)->kind != 'e')
        refuse(n, "'%s' is no event; 'since' and 'from .. to' take times at which something happened", name);
    return input;
}

static void since(struct number *n) {
    struct jz_input *input = event(n);
    if (!n->b->l->y->refused)
        jz_emit(n->b, top(n)->node, (struct jz_step){.op = JZ_OP_SINCE, .field = input->field});
    n->operand = true;
}

static void from_to(struct number *n) {
    struct jz_input *from = event(n), *to = NULL;
    if (strcmp(take(top(n)), "to") != 0) refuse(n, "write 'from EVENT to EVENT'");
    if (!n->b->l->y->refused) to = event(n);
    if (!n->b->l->y->refused)
        jz_emit(n->b, top(n)->node,
                (struct jz_step){.op = JZ_OP_FROM_TO, .field = from->field, .lo = to->field});
    n->operand = true;
}

static void today(struct number *n) {
    jz_emit(n->b, top(n)->node, (struct jz_step){.op = JZ_OP_TODAY});
    n->operand = true;
}

static void policy(struct number *n, const char *name) {
    const struct jz_policy_info *policy = jz_find_policy(n->b->l, name);
    if (policy)
        emit_number(n, policy->value);
    else
        refuse(n, "no pack has a policy '%s'; correct its name or add it under 'policy'", name);
}

/* An input whose absence means something always has a value: the one it means. */
static void field(struct number *n, const char *name) {
    struct fy_node *node = top(n)->node;
    struct jz_input *input = jz_use_input(n->b, node, name);
    if (!input) return;
    if (jz_field_at(input->field)->kind == 'e')
        refuse(n, "'%s' is an event and has no value; write 'since EVENT' or 'from EVENT to EVENT'", name);
    jz_emit(n->b, node, (struct jz_step){.op = JZ_OP_VALUE, .field = input->field});
    n->operand = true;
    if (!input->has_absent) return;
    emit_number(n, input->absent);
    jz_emit(n->b, node, (struct jz_step){.op = JZ_OP_FIRST, .count = 2});
}

static void named(struct number *n, const char *word) {
    struct jz_pack *pack;
    struct jz_define *define = jz_find_define(n->b->l, top(n)->node, word, &pack);
    if (n->b->l->y->refused) return;
    if (define)
        name_define(n, define, pack);
    else
        field(n, word);
}

static void operand(struct number *n, const char *word) {
    if (strcmp(word, "(") == 0)
        push_op(n, '(');
    else if (constant(n, word))
        return;
    else if (strcmp(word, "since") == 0)
        since(n);
    else if (strcmp(word, "from") == 0)
        from_to(n);
    else if (strcmp(word, "today") == 0)
        today(n);
    else if (strncmp(word, "policy.", 7) == 0)
        policy(n, word + 7);
    else if (strncmp(word, "rule.", 5) == 0)
        refuse(n, "'%s' is no part of arithmetic; compare a rule's score with one number", word);
    else
        named(n, word);
}

static void operator(struct number *n, const char *word) {
    if (strcmp(word, ")") == 0) {
        write_down_to(n, 1);
        if (n->ops == top(n)->first_op)
            refuse(n, "')' without '('; remove it");
        else
            n->ops--;
        return;
    }
    if (strlen(word) != 1 || !strchr("+-*/", *word)) {
        refuse(n, "'%.40s' stands where an operator should; put spaces around + - * /", word);
        return;
    }
    write_down_to(n, precedence(*word));
    push_op(n, *word);
    n->operand = false;
}

static void read_number(struct number *n) {
    struct jz_pack *pack = n->texts ? n->text[0].pack : NULL;
    while (n->texts && !n->b->l->y->refused) {
        const char *word = take(top(n));
        if (!*word)
            close_text(n);
        else if (n->operand)
            operator(n, word);
        else
            operand(n, word);
    }
    n->b->nth = n->outer;
    if (pack) jz_enter(n->b->l, pack);
}

void jz_read_number(struct jz_builder *b, struct fy_node *node) {
    struct number n = {.b = b, .outer = b->nth};
    open_number(&n, node, NULL, b->l->at);
    read_number(&n);
}

void jz_read_define(struct jz_builder *b, struct fy_node *node, struct jz_define *define,
                    struct jz_pack *pack) {
    struct number n = {.b = b, .outer = b->nth};
    struct jz_pack *here = b->l->at;
    if (define->open) {
        jz_yaml_refuse(b->l->y, node, "'%s' is a definition that names itself; take it out", define->name);
        return;
    }
    define->used = define->open = true;
    open_number(&n, define->value, define, pack);
    read_number(&n);
    jz_enter(b->l, here);
}

/* One side of a comparison: words [next, end) of the line. */
static void read_side(struct jz_builder *b, struct fy_node *node, const struct words *words, uint32_t next,
                      uint32_t end) {
    struct number n = {.b = b, .outer = b->nth};
    struct text text = {.words = *words, .node = node, .pack = b->l->at, .next = next, .end = end};
    push_text(&n, text);
    read_number(&n);
}

/* --- comparisons --------------------------------------------------------------------------------------------------- */

struct limits {
    int32_t lo, hi;
};

/* What `op value` permits. `value` is far from the type's ends. */
static struct limits permitted(const char *op, int32_t value) {
    struct limits l = {value, value};
    if (op[0] == '>') l.hi = INT32_MAX;
    if (op[0] == '<') l.lo = INT32_MIN;
    if (strcmp(op, ">") == 0) l.lo = value + 1;
    if (strcmp(op, "<") == 0) l.hi = value - 1;
    return l;
}

static const char *mirrored(const char *op) {
    static const char *const pairs[][2] = {{"<", ">"}, {"<=", ">="}, {">", "<"}, {">=", "<="}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (strcmp(pairs[i][0], op) == 0) return pairs[i][1];
    return op;
}

static bool is_comparison(const char *word) {
    static const char *const ops[] = {"=", "!=", "<", "<=", ">", ">=", NULL};
    for (const char *const *op = ops; *op; op++)
        if (strcmp(*op, word) == 0) return true;
    return false;
}

struct comparison {
    struct jz_builder *b;
    struct fy_node *node;
    const struct words *words;
    uint32_t at; /* of the operator */
    const char *op;
};

static void unless_equal(const struct comparison *c) {
    if (c->op[0] == '!') jz_emit(c->b, c->node, (struct jz_step){.op = JZ_OP_NOT});
}

/* The only word of a side, or "". */
static const char *only(const struct comparison *c, bool right) {
    uint32_t first = right ? c->at + 1 : 0, end = right ? c->words->count : c->at;
    return end == first + 1 ? word_at(c->words, first) : "";
}

/* A side that is nothing but an input, or NULL. */
static struct jz_input *plain_input(const struct comparison *c, bool right) {
    struct jz_pack *pack;
    const char *word = only(c, right);
    if (!*word || jz_find_define(c->b->l, c->node, word, &pack)) return NULL;
    struct jz_input *input = jz_find_input(c->b->l, word);
    return input && jz_field_at(input->field)->kind != 'e' ? input : NULL;
}

static void bound(const struct comparison *c, const struct jz_input *input, const char *op, int64_t value) {
    const struct jz_field *def = jz_field_at(input->field);
    if (value < def->min || value > def->max) {
        jz_yaml_refuse(c->b->l->y, c->node, "%s %lld is outside the plausible %d..%d; check unit and scale",
                       def->name, (long long)value, def->min, def->max);
        return;
    }
    struct limits l = permitted(op, (int32_t)value);
    (void)jz_use_input(c->b, c->node, def->name);
    jz_emit_range(c->b, c->node, input, l.lo, l.hi);
    unless_equal(c);
}

static bool has_unit(const struct jz_input *input, const char *unit) {
    return input && strcmp(jz_field_at(input->field)->unit, unit) == 0;
}

/* `pregnancy = pregnant`: what stands on the right of a field with words is one of them, whatever else it may name. */
static bool word_comparison(const struct comparison *c, const struct jz_input *input) {
    const char *word = only(c, true);
    struct jz_loader *l = c->b->l;
    if (!input || !*jz_field_at(input->field)->words || !*word) return false;
    bool answers =
        has_unit(input, "{bool}") && has_unit(plain_input(c, true), "{bool}"); /* do both say the same? */
    if (strncmp(word, "policy.", 7) == 0 || answers) return false;
    int32_t value = jz_load_value(l, c->node, word, input->field);
    if (!l->y->refused) bound(c, input, c->op, value);
    return true;
}

/* A side that is one constant. Read apart, and taken back: it becomes a bound and needs no step. */
static bool constant_side(const struct comparison *c, bool right, int64_t *value) {
    struct jz_program *p = c->b->l->program;
    struct jz_builder apart = {.l = c->b->l, .fields_only = c->b->fields_only};
    uint32_t first = p->step_count;
    read_side(&apart, c->node, c->words, right ? c->at + 1 : 0, right ? c->words->count : c->at);
    bool constant = p->step_count == first + 1 && p->step[first].op == JZ_OP_NUMBER;
    if (constant) *value = p->step[first].lo;
    jz_take_back(&apart, first);
    return constant && !c->b->l->y->refused;
}

static void number_comparison(const struct comparison *c) {
    struct jz_builder *b = c->b;
    const struct jz_input *left = plain_input(c, false);
    int64_t value;
    if (word_comparison(c, left)) return;
    const struct jz_input *right = plain_input(c, true);
    if (has_unit(right, "{enum}")) {
        jz_yaml_refuse(b->l->y, c->node, "%s has words; write it on the left and one of them on the right",
                       jz_field_at(right->field)->name);
        return;
    }
    if (left && constant_side(c, true, &value)) {
        bound(c, left, c->op, value);
    } else if (right && constant_side(c, false, &value)) {
        bound(c, right, mirrored(c->op), value);
    } else {
        read_side(b, c->node, c->words, 0, c->at);
        read_side(b, c->node, c->words, c->at + 1, c->words->count);
        struct limits l = permitted(c->op, 0);
        jz_emit(b, c->node, (struct jz_step){.op = JZ_OP_COMPARE, .lo = l.lo, .hi = l.hi});
        unless_equal(c);
    }
}

/* --- other rules' results ----------------------------------------------------------------------------------------- */

static uint32_t find_rule(struct jz_builder *b, struct fy_node *node, const char *word) {
    uint32_t rule = jz_program_rule_by_id(b->l->program, word + 5);
    if (b->fields_only)
        jz_yaml_refuse(b->l->y, node, "a temporal form looks at fields only; take '%.40s' out", word);
    if (rule == UINT32_MAX)
        jz_yaml_refuse(b->l->y, node, "no pack has a rule '%.40s'; correct its id", word + 5);
    return b->l->y->refused ? UINT32_MAX : rule;
}

static uint32_t find_level(const struct jz_program *p, uint32_t rule, const char *id) {
    for (uint32_t i = 0; i < p->rule[rule].rows.count; i++)
        if (strcmp(p->level[p->rule[rule].rows.first + i].id, id) == 0) return i;
    return UINT32_MAX;
}

static void total_comparison(const struct comparison *c, uint32_t rule) {
    struct jz_loader *l = c->b->l;
    int64_t total;
    if (l->program->rule[rule].info.kind != JZ_KIND_SCORE) {
        jz_yaml_refuse(l->y, c->node, "rule '%s' has no level '%.40s' and no score; name one of its levels",
                       l->program->rule[rule].info.id, only(c, true));
        return;
    }
    if (!constant_side(c, true, &total)) {
        jz_yaml_refuse(l->y, c->node, "a rule's score is compared with one number; write it out");
        return;
    }
    if (total < -JZ_TOTAL_MAX || total > JZ_TOTAL_MAX) {
        jz_yaml_refuse(l->y, c->node, "no score comes to %lld; correct the number", (long long)total);
        return;
    }
    struct limits at = permitted(c->op, (int32_t)total);
    jz_emit(c->b, c->node,
            (struct jz_step){.op = JZ_OP_TOTAL, .field = (uint16_t)rule, .lo = at.lo, .hi = at.hi});
    unless_equal(c);
}

static void rule_comparison(const struct comparison *c) {
    uint32_t rule = find_rule(c->b, c->node, only(c, false));
    if (rule == UINT32_MAX) return;
    uint32_t level = find_level(c->b->l->program, rule, only(c, true));
    int64_t number;
    bool equality = c->op[0] == '=' || c->op[0] == '!';
    if (level == UINT32_MAX && *only(c, true) && equality && !jz_yaml_parse_number(only(c, true), &number) &&
        strncmp(only(c, true), "policy.", 7) != 0) {
        jz_yaml_refuse(c->b->l->y, c->node, "rule '%.40s' has no level '%.40s'; name one of its levels",
                       c->b->l->program->rule[rule].info.id, only(c, true));
    } else if (level == UINT32_MAX || !equality) {
        total_comparison(c, rule);
    } else {
        jz_emit(c->b, c->node,
                (struct jz_step){.op = JZ_OP_LEVEL, .field = (uint16_t)rule, .lo = (int32_t)level});
        unless_equal(c);
    }
}

/* --- a line ------------------------------------------------------------------------------------------------------------ */

static void yes_no(struct jz_builder *b, struct fy_node *node, const char *name) {
    struct jz_input *input = jz_use_input(b, node, name);
    int32_t yes;
    if (!input) return;
    if (strcmp(jz_field_at(input->field)->unit, "{bool}") == 0 && jz_field_word(input->field, "yes", &yes))
        jz_emit_range(b, node, input, yes, yes);
    else
        jz_yaml_refuse(b->l->y, node, "%s is no yes/no field; compare it, as in '%s >= number'", name, name);
}

static void name(struct jz_builder *b, struct fy_node *node, const char *word) {
    struct jz_pack *pack;
    if (strncmp(word, "rule.", 5) == 0) {
        uint32_t rule = find_rule(b, node, word);
        if (rule != UINT32_MAX)
            jz_emit(b, node, (struct jz_step){.op = JZ_OP_FIRED, .field = (uint16_t)rule});
        return;
    }
    struct jz_define *define = jz_find_define(b->l, node, word, &pack);
    if (b->l->y->refused) return;
    if (define && !define->when)
        jz_yaml_refuse(b->l->y, node, "'%s' is a number; compare it, as in '%s >= 1'", word, word);
    else if (define)
        jz_push_define(b, node, define, pack);
    else if (strpbrk(word, "<>="))
        jz_yaml_refuse(b->l->y, node, "cannot read '%.40s'; write 'field >= number' with spaces", word);
    else
        yes_no(b, node, word);
}

static void refuse_line(struct jz_builder *b, struct fy_node *node, const struct words *words) {
    for (uint32_t i = 0; i < words->count; i++)
        if (!word_at(words, i)[strspn(word_at(words, i), "<>=!")]) {
            jz_yaml_refuse(b->l->y, node, "'%.8s' is no comparison; use = != < <= > >=", word_at(words, i));
            return;
        }
    jz_yaml_refuse(
        b->l->y, node,
        "cannot read '%.20s %.20s ...'; write 'field >= number' with spaces, or a definition's name",
        word_at(words, 0), word_at(words, 1));
}

static void read_words(struct jz_builder *b, struct fy_node *node) {
    struct words words;
    if (!cut(b->l, node, &words)) return;
    if (words.count == 1) {
        name(b, node, word_at(&words, 0));
        return;
    }
    struct comparison c = {.b = b, .node = node, .words = &words};
    uint32_t found = 0;
    for (uint32_t i = 0; i < words.count; i++)
        if (is_comparison(word_at(&words, i)) && !found++) c.at = i;
    c.op = word_at(&words, c.at);
    if (!found)
        refuse_line(b, node, &words);
    else if (found > 1)
        jz_yaml_refuse(b->l->y, node, "more than one comparison in a line; join them with 'all'");
    else if (strncmp(only(&c, false), "rule.", 5) == 0)
        rule_comparison(&c);
    else
        number_comparison(&c);
}

void jz_read_line(struct jz_builder *b, struct fy_node *node) {
    uint16_t steps = 0;
    b->nth = &steps;
    read_words(b, node);
    b->nth = NULL;
}
