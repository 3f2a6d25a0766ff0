/* SPDX-License-Identifier: Apache-2.0 */
/* libfyaml behind a small surface: what the loaders need, and a place for every complaint. */
#include "jingzhu/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "program.h" /* JZ_SECONDS_MAX */

#define PLACE_DEPTH_MAX 16
#define SHOWN_MAX 40 /* bytes of somebody's text in a message */
#define DEGREE_E7 10000000
#define DEGREE_DIGITS 3
#define DECIMALS_MAX 7

bool jz_yaml_is_map(struct fy_node *node) {
    return node && fy_node_get_type(node) == FYNT_MAPPING;
}
bool jz_yaml_is_list(struct fy_node *node) {
    return node && fy_node_get_type(node) == FYNT_SEQUENCE;
}
static bool is_scalar(struct fy_node *node) {
    return node && fy_node_get_type(node) == FYNT_SCALAR && !fy_node_is_alias(node);
}

/* Only scalars know where they stand; a map or list stands where its first scalar does. */
static const struct fy_mark *place(struct fy_node *node) {
    for (int i = 0; node && i < PLACE_DEPTH_MAX; i++) {
        if (fy_node_get_type(node) == FYNT_SCALAR) {
            struct fy_token *token = fy_node_get_scalar_token(node);
            return token ? fy_token_start_mark(token) : NULL;
        }
        node = jz_yaml_is_map(node) ? jz_yaml_pair_at(node, 0).key : jz_yaml_at(node, 0);
    }
    return NULL;
}

/* An empty map has no scalar inside: its parent's place is the nearest. */
static const struct fy_mark *nearest_place(struct fy_node *node) {
    const struct fy_mark *mark = place(node);
    for (int i = 0; node && !mark && i < PLACE_DEPTH_MAX; i++) {
        node = fy_node_get_parent(node);
        mark = place(node);
    }
    return mark;
}

void jz_yaml_place(struct fy_node *node, int *line, int *column) {
    const struct fy_mark *mark = nearest_place(node);
    *line = mark ? mark->line + 1 : 1;
    *column = mark ? mark->column + 1 : 1;
}

bool jz_yaml_refuse(struct jz_yaml *y, struct fy_node *at, const char *format, ...) {
    if (y->refused) return false;
    y->refused = true;
    y->status = JZ_E_CONFIG;
    snprintf(y->error->file, sizeof y->error->file, "%s", y->file);
    jz_yaml_place(at ? at : y->root, &y->error->line, &y->error->column);
    va_list list;
    va_start(list, format);
    vsnprintf(y->error->text, sizeof y->error->text, format, list);
    va_end(list);
    return false;
}

void jz_yaml_no_memory(struct jz_yaml *y) {
    if (y->refused) return;
    jz_yaml_refuse(y, NULL, "out of memory; free some and load again");
    y->status = JZ_E_MEMORY;
}

static void refuse_place(struct jz_yaml *y, int line, int column, const char *why) {
    jz_yaml_refuse(y, NULL, "%s", why);
    y->error->line = line;
    y->error->column = column;
}

/* The parser's own words, with its line and column (both from 1). It has none for a file of comments. */
static void refuse_syntax(struct jz_yaml *y, struct fy_diag *diag) {
    void *cursor = NULL;
    struct fy_diag_error *first = fy_diag_errors_iterate(diag, &cursor);
    if (!first || !first->msg)
        jz_yaml_refuse(y, NULL, "nothing to read in the file; write a map of keys to values");
    else
        jz_yaml_refuse(y, NULL, "not valid YAML or JSON: %.160s; correct the file at this place", first->msg);
    if (!first || first->line < 1) return;
    y->error->line = first->line;
    y->error->column = first->column < 1 ? 1 : first->column;
}

/* Bytes of the UTF-8 character at `at`, 0 where it is none. `*code` gets the character. */
static size_t character(const uint8_t *at, size_t left, uint32_t *code) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t bytes = at[0] < 0x80 ? 1 : at[0] >> 5 == 6 ? 2 : at[0] >> 4 == 14 ? 3 : at[0] >> 3 == 30 ? 4 : 0;
    if (!bytes || bytes > left) return 0;
    *code = bytes == 1 ? at[0] : (uint32_t)(at[0] & (0x7f >> bytes));
    for (size_t i = 1; i < bytes; i++) {
        if (at[i] >> 6 != 2) return 0;
        *code = *code << 6 | (at[i] & 0x3f);
    }
    bool surrogate = *code >= 0xd800 && *code <= 0xdfff;
    return *code < least[bytes] || *code > 0x10ffff || surrogate ? 0 : bytes;
}

static const char *unwanted(uint32_t code, bool line_start) {
    if (code == '%' && line_start)
        return "a line begins with '%'; YAML directives are not allowed, remove it";
    if (code < 0x20 && code != '\n' && code != '\r' && code != '\t')
        return "a control character; save the file as plain UTF-8 text";
    if (code == 0x7f || code == 0x85 || code == 0x2028 || code == 0x2029 || code == 0xfeff)
        return "an invisible character (byte order mark or odd line end); save as plain UTF-8 text";
    return NULL;
}

/* The parser (libfyaml 0.7.12) loops for ever on a directive in broken UTF-8, so it is shown neither. */
static void scan_text(struct jz_yaml *y, const struct jz_pack_source *source) {
    const uint8_t *text = (const uint8_t *)source->yaml;
    int line = 1, column = 1;
    for (size_t at = 0, bytes; at < source->bytes; at += bytes) {
        uint32_t code = 0;
        bytes = character(text + at, source->bytes - at, &code);
        const char *why = bytes ? unwanted(code, column == 1) : "not UTF-8; save the file as UTF-8 text";
        if (why) {
            refuse_place(y, line, column, why);
            return;
        }
        bool end = code == '\n' || code == '\r';
        line += code == '\n';
        column = end ? 1 : column + 1;
    }
}

static struct fy_diag *quiet_diag(void) {
    struct fy_diag_cfg cfg;
    fy_diag_cfg_default(&cfg);
    cfg.fp = NULL;
    struct fy_diag *diag = fy_diag_create(&cfg);
    if (diag) fy_diag_set_collect_errors(diag, true);
    return diag;
}

static void parse(struct jz_yaml *y, const struct jz_pack_source *source) {
    struct fy_diag *diag = quiet_diag();
    if (!diag) {
        jz_yaml_no_memory(y);
        return;
    }
    struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_DEFAULT_VERSION_1_2 |
                                        FYPCF_JSON_NONE,
                               .diag = diag};
    y->document = fy_document_build_from_string(&cfg, source->yaml, source->bytes);
    y->root = y->document ? fy_document_root(y->document) : NULL;
    if (!y->document) refuse_syntax(y, diag);
    fy_diag_destroy(diag);
}

/* All of them, also where nobody reads: an alias to one could stand anywhere. */
static void refuse_anchors(struct jz_yaml *y) {
    void *at = NULL;
    struct fy_anchor *anchor = fy_document_anchor_iterate(y->document, &at);
    if (anchor)
        jz_yaml_refuse(y, fy_anchor_node(anchor),
                       "anchors ('&') are not allowed; remove it, write values out");
}

struct fy_node *jz_yaml_open(struct jz_yaml *y, const struct jz_pack_source *source, size_t bytes_max,
                             struct jz_pack_error *error) {
    *y = (struct jz_yaml){.error = error, .file = source->name, .status = JZ_OK};
    if (source->bytes == 0)
        jz_yaml_refuse(y, NULL, "the file is empty; write a map of keys to values");
    else if (source->bytes > bytes_max)
        jz_yaml_refuse(y, NULL, "%zu bytes, at most %zu; split the file or take out what is not needed",
                       source->bytes, bytes_max);
    else
        scan_text(y, source);
    if (!y->refused) parse(y, source);
    if (!y->refused) refuse_anchors(y);
    return y->refused ? NULL : y->root;
}

void jz_yaml_close(struct jz_yaml *y) {
    fy_document_destroy(y->document);
    y->document = NULL;
    y->root = NULL;
}

int jz_yaml_count(struct jz_yaml *y, struct fy_node *node) {
    if (y->refused) return 0;
    if (!jz_yaml_is_map(node) && !jz_yaml_is_list(node))
        return jz_yaml_refuse(y, node, "expected a map or a list here");
    int count = jz_yaml_is_map(node) ? fy_node_mapping_item_count(node) : fy_node_sequence_item_count(node);
    if (count > JZ_YAML_NODES_MAX)
        return jz_yaml_refuse(y, node, "%d entries, at most %d; split the list", count, JZ_YAML_NODES_MAX);
    return count < 0 ? 0 : count;
}

struct jz_yaml_pair jz_yaml_pair_at(struct fy_node *map, int index) {
    struct fy_node_pair *pair = jz_yaml_is_map(map) ? fy_node_mapping_get_by_index(map, index) : NULL;
    return pair ? (struct jz_yaml_pair){fy_node_pair_key(pair), fy_node_pair_value(pair)}
                : (struct jz_yaml_pair){NULL, NULL};
}

struct fy_node *jz_yaml_at(struct fy_node *list, int index) {
    return jz_yaml_is_list(list) ? fy_node_sequence_get_by_index(list, index) : NULL;
}

static bool is_word(const char *text, size_t bytes, const char *word) {
    return strlen(word) == bytes && memcmp(text, word, bytes) == 0;
}

static bool key_is(struct fy_node *key, const char *name) {
    size_t bytes = 0;
    const char *text = is_scalar(key) ? fy_node_get_scalar(key, &bytes) : NULL;
    return text && is_word(text, bytes, name);
}

struct fy_node *jz_yaml_get(struct fy_node *map, const char *key) {
    void *at = NULL;
    struct fy_node_pair *pair;
    while (jz_yaml_is_map(map) && (pair = fy_node_mapping_iterate(map, &at)))
        if (key_is(fy_node_pair_key(pair), key)) return fy_node_pair_value(pair);
    return NULL;
}

struct fy_node *jz_yaml_need(struct jz_yaml *y, struct fy_node *map, const char *key) {
    struct fy_node *node = jz_yaml_get(map, key);
    if (!node && !jz_yaml_is_map(map)) jz_yaml_refuse(y, map, "expected a map with '%s'", key);
    if (!node) jz_yaml_refuse(y, map, "'%s' is missing; add it", key);
    return node;
}

struct fy_node *jz_yaml_map(struct jz_yaml *y, struct fy_node *map, const char *key) {
    struct fy_node *value = jz_yaml_need(y, map, key);
    if (value && !jz_yaml_is_map(value))
        jz_yaml_refuse(y, value, "'%s' must be a map of keys to values", key);
    return y->refused ? NULL : value;
}

struct fy_node *jz_yaml_list(struct jz_yaml *y, struct fy_node *map, const char *key, uint32_t min,
                             uint32_t max) {
    struct fy_node *value = jz_yaml_need(y, map, key);
    int count = jz_yaml_is_list(value) ? fy_node_sequence_item_count(value) : -1;
    if (count < 0)
        jz_yaml_refuse(y, value, "'%s' must be a list", key);
    else if ((uint32_t)count < min || (uint32_t)count > max)
        jz_yaml_refuse(y, value, "'%s' has %d entries; %u to %u are allowed", key, count, min, max);
    return y->refused ? NULL : value;
}

/* The bytes of a scalar, not terminated; NULL if refused. */
static const char *scalar(struct jz_yaml *y, struct fy_node *node, const char *what, size_t *bytes) {
    *bytes = 0;
    if (y->refused) return NULL;
    if (node && fy_node_is_alias(node))
        jz_yaml_refuse(y, node, "%s: aliases ('*') are not allowed; write the value", what);
    else if (!is_scalar(node))
        jz_yaml_refuse(y, node, "%s must be one word or number", what);
    if (y->refused) return NULL;
    const char *text = fy_node_get_scalar(node, bytes);
    return text ? text : "";
}

static int shown(size_t bytes) {
    return bytes < SHOWN_MAX ? (int)bytes : SHOWN_MAX;
}

static void check_key(struct jz_yaml *y, struct fy_node *key, const char *const *allowed) {
    size_t bytes;
    const char *text = scalar(y, key, "a key", &bytes);
    if (!text) return;
    for (const char *const *name = allowed; *name; name++)
        if (is_word(text, bytes, *name)) return;
    jz_yaml_refuse(y, key, "'%.*s' is not known here; remove it or correct its spelling", shown(bytes), text);
}

void jz_yaml_only(struct jz_yaml *y, struct fy_node *map, const char *const *allowed) {
    void *at = NULL;
    struct fy_node_pair *pair;
    if (!jz_yaml_is_map(map)) jz_yaml_refuse(y, map, "expected a map with '%s'", allowed[0]);
    while (!y->refused && (pair = fy_node_mapping_iterate(map, &at)))
        check_key(y, fy_node_pair_key(pair), allowed);
}

static bool copy(struct jz_yaml *y, struct fy_node *node, const char *what, char *out, size_t capacity) {
    size_t bytes;
    const char *text = scalar(y, node, what, &bytes);
    out[0] = 0;
    if (!text) return false;
    if (bytes >= capacity)
        return jz_yaml_refuse(y, node, "%s is longer than %zu bytes; shorten it", what, capacity - 1);
    if (memchr(text, 0, bytes)) return jz_yaml_refuse(y, node, "%s holds a zero byte; remove it", what);
    memcpy(out, text, bytes);
    out[bytes] = 0;
    return true;
}

bool jz_yaml_word(struct jz_yaml *y, struct fy_node *node, char *out, size_t capacity) {
    return copy(y, node, "this", out, capacity);
}

bool jz_yaml_text(struct jz_yaml *y, struct fy_node *node, const char *what, char *out, size_t capacity) {
    if (!copy(y, node, what, out, capacity)) return false;
    return out[0] || jz_yaml_refuse(y, node, "%s is empty; give a value", what);
}

uint32_t jz_yaml_choice(struct jz_yaml *y, struct fy_node *node, const char *what, const char *const *words) {
    size_t bytes, used = 0;
    char list[96] = "";
    const char *text = scalar(y, node, what, &bytes);
    if (!text) return 0;
    for (uint32_t i = 0; words[i]; i++)
        if (is_word(text, bytes, words[i])) return i;
    for (uint32_t i = 0; words[i]; i++, used = strlen(list))
        snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", words[i]);
    jz_yaml_refuse(y, node, "%s is '%.*s'; it must be one of: %s", what, shown(bytes), text, list);
    return 0;
}

bool jz_yaml_parse_number(const char *text, int64_t *out) {
    bool minus = *text == '-';
    int64_t value = 0;
    text += minus;
    if (!*text || strlen(text) > 15) return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9') return false;
        value = value * 10 + (*text - '0');
    }
    *out = minus ? -value : value;
    return true;
}

int64_t jz_yaml_number(struct jz_yaml *y, struct fy_node *node, const char *what, int64_t min, int64_t max) {
    char word[32];
    int64_t value = 0;
    if (!jz_yaml_text(y, node, what, word, sizeof word)) return min;
    if (jz_yaml_parse_number(word, &value) && value >= min && value <= max) return value;
    jz_yaml_refuse(y, node, "%s is '%s'; it must be a whole number from %lld to %lld", what, word,
                   (long long)min, (long long)max);
    return min;
}

/* Reads up to `max` digits; more, or none, is not a number here. Returns how many were read. */
static size_t digits(const char *text, size_t max, int64_t *value) {
    size_t n = 0;
    for (*value = 0; text[n] >= '0' && text[n] <= '9'; n++) {
        if (n == max) return 0;
        *value = *value * 10 + (text[n] - '0');
    }
    return n;
}

/* No strtod: it depends on the locale, and a position must be the same number on every machine. */
static bool degrees_e7(const char *text, int32_t max, int32_t *out) {
    int64_t whole, part = 0;
    bool minus = *text == '-';
    text += minus;
    size_t read = digits(text, DEGREE_DIGITS, &whole), decimals = 0;
    text += read;
    if (read && *text == '.') {
        read = decimals = digits(++text, DECIMALS_MAX, &part);
        text += decimals;
    }
    for (; decimals < DECIMALS_MAX; decimals++) part *= 10;
    int64_t e7 = whole * DEGREE_E7 + part;
    if (!read || *text || e7 > (int64_t)max * DEGREE_E7) return false;
    *out = (int32_t)(minus ? -e7 : e7);
    return true;
}

int32_t jz_yaml_degrees(struct jz_yaml *y, struct fy_node *node, const char *what, int32_t max) {
    char word[32];
    int32_t e7 = 0;
    if (!jz_yaml_text(y, node, what, word, sizeof word)) return 0;
    if (!degrees_e7(word, max, &e7))
        jz_yaml_refuse(y, node,
                       "%s is '%s'; it must be decimal degrees from -%d to %d with at most 7 decimals", what,
                       word, max, max);
    return e7;
}

bool jz_yaml_bool(struct jz_yaml *y, struct fy_node *node) {
    char word[16];
    if (!jz_yaml_word(y, node, word, sizeof word)) return false;
    if (strcmp(word, "yes") != 0 && strcmp(word, "no") != 0)
        jz_yaml_refuse(y, node, "'%s' is neither yes nor no; write one of them", word);
    return strcmp(word, "yes") == 0;
}

uint32_t jz_yaml_duration(struct jz_yaml *y, struct fy_node *node) {
    static const struct {
        const char *name;
        int64_t seconds;
    } units[] = {{"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}};
    char word[32], *space;
    int64_t value = 0;
    if (!jz_yaml_word(y, node, word, sizeof word)) return 0;
    space = strchr(word, ' ');
    if (space) *space = 0;
    for (size_t i = 0; space && i < sizeof units / sizeof units[0]; i++)
        if (strcmp(space + 1, units[i].name) == 0 && jz_yaml_parse_number(word, &value) && value > 0 &&
            value <= JZ_SECONDS_MAX / units[i].seconds)
            return (uint32_t)(value * units[i].seconds);
    jz_yaml_refuse(y, node, "no duration of 1 s to 366 days; write it as '90 s', '15 min', '2 h' or '3 d'");
    return 0;
}
