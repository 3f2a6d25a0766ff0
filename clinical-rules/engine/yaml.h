/* SPDX-License-Identifier: Apache-2.0 */
/** @file yaml.h  A pack's YAML as a tree with places, and the first refusal (private to engine/).
 *
 *  Every reader returns a harmless value after a refusal, so that a form is a straight list of reads with one
 *  check at the end; the first refusal stays. */
#ifndef JZ_YAML_H
#define JZ_YAML_H
#include <libfyaml.h>

#include "program.h"

#define JZ_YAML_NODES_MAX 256 /**< entries of one map or list */

struct jz_yaml {
    struct jz_pack_error *error;
    const char *file;
    struct fy_document *document;
    struct fy_node *root;
    bool refused;
};
struct jz_pair {
    struct fy_node *key, *value;
};

/** Parses. Refuses what is no YAML map, with the parser's own line. Close it in any case. */
void jz_yaml_open(struct jz_yaml *y, const struct jz_pack_source *pack, struct jz_pack_error *error);
void jz_yaml_close(struct jz_yaml *y);

/** Refuses at a node (NULL: start of the file); printf style: what is wrong; and the cure. @return false. */
bool jz_refuse(struct jz_yaml *y, struct fy_node *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

bool jz_is_map(struct fy_node *node);
bool jz_is_list(struct fy_node *node);
bool jz_is_scalar(struct fy_node *node);

/** Refuses a map with keys outside `allowed` (NULL-terminated), or no map at all. */
void jz_yaml_only(struct jz_yaml *y, struct fy_node *map, const char *const *allowed);
/** NULL where the key is absent. */
struct fy_node *jz_yaml_get(struct fy_node *map, const char *key);
/** Refuses where the key is absent. */
struct fy_node *jz_yaml_need(struct jz_yaml *y, struct fy_node *map, const char *key);
/** Entries of a map or list; refuses other nodes and more than JZ_YAML_NODES_MAX. */
int jz_yaml_count(struct jz_yaml *y, struct fy_node *node);
struct jz_pair jz_yaml_pair(struct fy_node *map, int index);
struct fy_node *jz_yaml_at(struct fy_node *list, int index);

/** Copies a scalar into `out`, terminated. Refuses non-scalars, aliases and what does not fit. */
bool jz_yaml_word(struct jz_yaml *y, struct fy_node *node, char *out, size_t capacity);
/** A whole decimal number in [min, max]. */
int64_t jz_yaml_number(struct jz_yaml *y, struct fy_node *node, int64_t min, int64_t max);
/** "yes" or "no". */
bool jz_yaml_bool(struct jz_yaml *y, struct fy_node *node);
/** "15 min", "90 s", "2 h" in seconds. */
uint32_t jz_yaml_duration(struct jz_yaml *y, struct fy_node *node);
/** Whole decimal number, all of `text`; false otherwise. */
bool jz_parse_number(const char *text, int64_t *out);

#endif /* JZ_YAML_H */
