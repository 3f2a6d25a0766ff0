/* SPDX-License-Identifier: Apache-2.0 */
/** @file yaml_doc.h  A YAML or JSON text as a tree, with every complaint carrying line, column and cure.
 *
 *  The first error sticks: after it every read returns nothing, so a record is read as a straight list of fields
 *  with one check at the end. Load time only. Aliases are refused, so a text cannot grow when it is read. */
#ifndef JZ_YAML_DOC_H
#define JZ_YAML_DOC_H
#include <libfyaml.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jingzhu/rules.h" /* struct jz_pack_error */
#include "jingzhu/status.h"

struct jz_doc {
    struct fy_diag *diag;
    struct fy_document *document;
    struct jz_pack_error *error;
    enum jz_status status;
};

/** Parses. Pair with jz_doc_close, also after a failure.
 *  @param error  Borrowed until the close; written by whichever call fails first.
 *  @return the root mapping, or NULL with `status` set. */
struct fy_node *jz_doc_open(struct jz_doc *y, const char *name, const char *text, size_t bytes,
                            size_t bytes_max, struct jz_pack_error *error);
void jz_doc_close(struct jz_doc *y);

/** Records the first error at a node's place (NULL: none). */
void jz_doc_fail(struct jz_doc *y, struct fy_node *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void jz_doc_no_memory(struct jz_doc *y);

/** Refuses keys that are not in `known` (NULL-terminated): a typing error must not pass for "not stated". */
void jz_doc_only(struct jz_doc *y, struct fy_node *mapping, const char *const *known);
/** Value of a key; NULL where absent. */
struct fy_node *jz_doc_get(struct jz_doc *y, struct fy_node *mapping, const char *key);
/** As jz_doc_get, but absent is an error. */
struct fy_node *jz_doc_need(struct jz_doc *y, struct fy_node *mapping, const char *key);
/** Value of a key that must be a mapping, a sequence; NULL on error. */
struct fy_node *jz_doc_mapping(struct jz_doc *y, struct fy_node *mapping, const char *key);
struct fy_node *jz_doc_sequence(struct jz_doc *y, struct fy_node *mapping, const char *key, uint32_t min,
                                uint32_t max);
/** Copies a scalar, terminated; `out` is "" on error. Refuses one that is empty or does not fit. */
void jz_doc_text(struct jz_doc *y, struct fy_node *scalar, const char *what, char *out, size_t capacity);
/** Index of a scalar in a NULL-terminated list of words; 0 on error. */
uint32_t jz_doc_word(struct jz_doc *y, struct fy_node *scalar, const char *what, const char *const *words);
/** Whole number min..max; min on error. */
uint32_t jz_doc_uint(struct jz_doc *y, struct fy_node *scalar, const char *what, uint32_t min, uint32_t max);
/** Decimal degrees -max..max with at most 7 decimals, as 1e-7 degree, exactly; 0 on error. */
int32_t jz_doc_degrees(struct jz_doc *y, struct fy_node *scalar, const char *what, int32_t max);

#endif /* JZ_YAML_DOC_H */
