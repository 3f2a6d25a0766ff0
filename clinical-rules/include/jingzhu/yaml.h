/* SPDX-License-Identifier: Apache-2.0 */
/** @file jingzhu/yaml.h  A YAML or JSON text as a tree with places, and the first refusal: line, column and cure.
 *
 *  Use     For what people write and activate: rule packs, the hospital directory, the road graph.
 *  Shape   The first refusal stays. Every reader returns a harmless value after it, so that a record is read as a
 *          straight list of fields with one check of `refused` at the end.
 *  Safety  Size and characters are checked before the parser sees the text. Directives, anchors and aliases are
 *          refused: libfyaml 0.7.12 loops for ever on a directive that holds a byte which is not UTF-8, and a text
 *          without aliases cannot grow when it is read.
 *  Purity  Load time only: it allocates. One thread per struct jz_yaml.
 */
#ifndef JZ_YAML_H
#define JZ_YAML_H
#include <libfyaml.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jingzhu/rules.h" /* struct jz_pack_source, struct jz_pack_error */
#include "jingzhu/status.h"

#define JZ_YAML_NODES_MAX 256 /**< entries of one map or list, for jz_yaml_count */

struct jz_yaml {
    struct jz_pack_error *error;
    const char *file;
    struct fy_document *document;
    struct fy_node *root;
    bool refused;
    enum jz_status status; /**< JZ_OK until refused; then JZ_E_CONFIG, or JZ_E_MEMORY */
};
struct jz_yaml_pair {
    struct fy_node *key, *value;
};

/** Parses. Close it in any case.
 *  @param source     Borrowed until the close. The name is for messages.
 *  @param bytes_max  A longer text is refused unread.
 *  @param error      Borrowed until the close; written by whichever call refuses first, untouched if none does.
 *  @return the root (any kind of node), or NULL if refused. */
struct fy_node *jz_yaml_open(struct jz_yaml *y, const struct jz_pack_source *source, size_t bytes_max,
                             struct jz_pack_error *error);
void jz_yaml_close(struct jz_yaml *y); /**< closing twice is allowed */

/** Refuses at a node (NULL: start of the file); printf style: what is wrong; and the cure. @return false. */
bool jz_yaml_refuse(struct jz_yaml *y, struct fy_node *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void jz_yaml_no_memory(struct jz_yaml *y);
/** Line and column of a node, both from 1; where a node has none, of the nearest around it. */
void jz_yaml_place(struct fy_node *node, int *line, int *column);

bool jz_yaml_is_map(struct fy_node *node);
bool jz_yaml_is_list(struct fy_node *node);

/** Refuses a map with keys outside `allowed` (NULL-terminated), or no map at all: a typing error must not pass for
 *  "not stated". */
void jz_yaml_only(struct jz_yaml *y, struct fy_node *map, const char *const *allowed);
/** NULL where the key is absent. */
struct fy_node *jz_yaml_get(struct fy_node *map, const char *key);
/** Refuses where the key is absent. */
struct fy_node *jz_yaml_need(struct jz_yaml *y, struct fy_node *map, const char *key);
/** Value of a key that must be there and be a map; NULL if refused. */
struct fy_node *jz_yaml_map(struct jz_yaml *y, struct fy_node *map, const char *key);
/** Value of a key that must be there and be a list of min..max entries; NULL if refused. */
struct fy_node *jz_yaml_list(struct jz_yaml *y, struct fy_node *map, const char *key, uint32_t min,
                             uint32_t max);

/** Entries of a map or list; refuses other nodes and more than JZ_YAML_NODES_MAX. */
int jz_yaml_count(struct jz_yaml *y, struct fy_node *node);
/** By index, which takes time with the index: for what jz_yaml_count accepts. Iterate over longer ones. */
struct jz_yaml_pair jz_yaml_pair_at(struct fy_node *map, int index);
struct fy_node *jz_yaml_at(struct fy_node *list, int index);

/** Copies a scalar, terminated; `out` is "" if refused. Refuses what is no scalar or does not fit. */
bool jz_yaml_word(struct jz_yaml *y, struct fy_node *node, char *out, size_t capacity);
/** As jz_yaml_word, but refuses an empty one too. `what` names it in messages, here and below. */
bool jz_yaml_text(struct jz_yaml *y, struct fy_node *node, const char *what, char *out, size_t capacity);
/** Index of a scalar in a NULL-terminated list of words; 0 if refused. */
uint32_t jz_yaml_choice(struct jz_yaml *y, struct fy_node *node, const char *what, const char *const *words);
/** A whole decimal number in [min, max]; min if refused. */
int64_t jz_yaml_number(struct jz_yaml *y, struct fy_node *node, const char *what, int64_t min, int64_t max);
/** Decimal degrees -max..max with at most 7 decimals, as 1e-7 degree, exactly; 0 if refused. */
int32_t jz_yaml_degrees(struct jz_yaml *y, struct fy_node *node, const char *what, int32_t max);
/** "yes" or "no". */
bool jz_yaml_bool(struct jz_yaml *y, struct fy_node *node);
/** "90 s", "15 min", "2 h", "3 d" in seconds; 0 if refused. */
uint32_t jz_yaml_duration(struct jz_yaml *y, struct fy_node *node);
/** Whole decimal number, all of `text`; false otherwise. */
bool jz_yaml_parse_number(const char *text, int64_t *out);

#endif /* JZ_YAML_H */
