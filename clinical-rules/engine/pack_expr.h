/* SPDX-License-Identifier: Apache-2.0 */
/** @file pack_expr.h  An expression under construction: nodes still to be read and steps still to be written wait in a
 *  work list, so that nothing here calls itself (private to engine/). */
#ifndef JZ_PACK_EXPR_H
#define JZ_PACK_EXPR_H
#include "loader.h"

/** Work waiting: a node to read, a definition that ends here, or a step to write. */
struct jz_work {
    struct fy_node *node;
    struct jz_pack *pack; /**< whose names hold in `node` */
    struct jz_define *ends;
    struct jz_step step;
};
struct jz_builder {
    struct jz_loader *l;
    struct jz_span span;
    uint32_t depth;   /**< operands on the evaluator's stack now */
    bool fields_only; /**< what a temporal form remembers is judged on one set of readings */
    uint16_t *nth;    /**< steps of the line at hand so far; NULL: it is no line */
    uint32_t work_count;
    struct jz_work work[JZ_WORKS_MAX];
};

/* pack_expr.c */
void jz_push(struct jz_builder *b, struct fy_node *at, struct jz_work work);
void jz_emit(struct jz_builder *b, struct fy_node *at, struct jz_step step);
/** Takes back all steps from `count` on: they are to be written another way. */
void jz_take_back(struct jz_builder *b, uint32_t count);
/** An input that the expression reads; NULL: refused. */
struct jz_input *jz_use_input(struct jz_builder *b, struct fy_node *node, const char *name);
/** Reads a definition next, as a criterion. */
void jz_push_define(struct jz_builder *b, struct fy_node *node, struct jz_define *define,
                    struct jz_pack *pack);
/** The truth "lo <= input <= hi", with what its absence means. */
void jz_emit_range(struct jz_builder *b, struct fy_node *node, const struct jz_input *input, int32_t lo,
                   int32_t hi);

/* pack_line.c */
/** A criterion in one line. */
void jz_read_line(struct jz_builder *b, struct fy_node *node);
/** A number: a line of arithmetic, or {first: [...]}. */
void jz_read_number(struct jz_builder *b, struct fy_node *node);
/** The number behind a definition. */
void jz_read_define(struct jz_builder *b, struct fy_node *node, struct jz_define *define,
                    struct jz_pack *pack);

#endif /* JZ_PACK_EXPR_H */
