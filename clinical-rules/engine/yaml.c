/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PLACE_DEPTH_MAX 16

bool jz_is_map(struct fy_node *node) {
    return node && fy_node_get_type(node) == FYNT_MAPPING;
}
bool jz_is_list(struct fy_node *node) {
    return node && fy_node_get_type(node) == FYNT_SEQUENCE;
}
bool jz_is_scalar(struct fy_node *node) {
    return node && fy_node_get_type(node) == FYNT_SCALAR && !fy_node_is_alias(node);
}

/* Only scalars know where they stand; a map or list stands where its first scalar does. */
static const struct fy_mark *place(struct fy_node *node) {
    for (int i = 0; node && i < PLACE_DEPTH_MAX; i++) {
        if (fy_node_get_type(node) == FYNT_SCALAR) {
            struct fy_token *token = fy_node_get_scalar_token(node);
            return token ? fy_token_start_mark(token) : NULL;
        }
        node = jz_is_map(node) ? jz_yaml_pair(node, 0).key : jz_yaml_at(node, 0);
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

bool jz_refuse(struct jz_yaml *y, struct fy_node *at, const char *format, ...) {
    if (y->refused) return false;
    y->refused = true;
    const struct fy_mark *mark = nearest_place(at ? at : y->root);
    snprintf(y->error->file, sizeof y->error->file, "%s", y->file);
    y->error->line = mark ? mark->line + 1 : 1;
    y->error->column = mark ? mark->column + 1 : 1;
    va_list list;
    va_start(list, format);
    vsnprintf(y->error->text, sizeof y->error->text, format, list);
    va_end(list);
    return false;
}

/* The parser's own words, with its line and column (both from 1). */
static void refuse_syntax(struct jz_yaml *y, struct fy_diag *diag) {
    void *cursor = NULL;
    struct fy_diag_error *first = diag ? fy_diag_errors_iterate(diag, &cursor) : NULL;
    jz_refuse(y, NULL, "not valid YAML: %.160s; correct the file at this place",
              first && first->msg ? first->msg : "the parser gave up");
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
    if (code == '%' && line_start) return "a line begins with '%'; packs use no YAML directives, remove it";
    if (code < 0x20 && code != '\n' && code != '\r' && code != '\t')
        return "a control character; save the file as plain UTF-8 text";
    if (code == 0x7f || code == 0x85 || code == 0x2028 || code == 0x2029 || code == 0xfeff)
        return "an invisible character (byte order mark or odd line end); save as plain UTF-8 text";
    return NULL;
}

/* The parser (libfyaml 0.7.12) loops for ever on a directive in broken UTF-8, so it is shown neither. */
static void scan_text(struct jz_yaml *y, const struct jz_pack_source *pack) {
    const uint8_t *text = (const uint8_t *)pack->yaml;
    int line = 1, column = 1;
    for (size_t at = 0, bytes; at < pack->bytes; at += bytes) {
        uint32_t code = 0;
        bytes = character(text + at, pack->bytes - at, &code);
        const char *why = bytes ? unwanted(code, column == 1) : "not UTF-8; save the file as UTF-8 text";
        if (why) {
            jz_refuse(y, NULL, "%s", why);
            y->error->line = line;
            y->error->column = column;
            return;
        }
        bool end = code == '\n' || code == '\r';
        line += code == '\n';
        column = end ? 1 : column + 1;
    }
}

static void parse(struct jz_yaml *y, const struct jz_pack_source *pack) {
    struct fy_diag_cfg diag_cfg;
    fy_diag_cfg_default(&diag_cfg);
    diag_cfg.fp = NULL;
    struct fy_diag *diag = fy_diag_create(&diag_cfg);
    if (diag) fy_diag_set_collect_errors(diag, true);
    struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG, .diag = diag};
    y->document = fy_document_build_from_string(&cfg, pack->yaml, pack->bytes);
    y->root = y->document ? fy_document_root(y->document) : NULL;
    if (!y->document) refuse_syntax(y, diag);
    if (diag) fy_diag_destroy(diag);
}

void jz_yaml_open(struct jz_yaml *y, const struct jz_pack_source *pack, struct jz_pack_error *error) {
    *y = (struct jz_yaml){.error = error, .file = pack->name};
    if (pack->bytes == 0 || pack->bytes > JZ_PACK_BYTES_MAX)
        jz_refuse(y, NULL, "a pack has 1 to %u bytes, this one %zu; split it", JZ_PACK_BYTES_MAX,
                  pack->bytes);
    else
        scan_text(y, pack);
    if (!y->refused) parse(y, pack);
    if (!y->refused && !jz_is_map(y->root)) jz_refuse(y, y->root, "a pack is a YAML map; begin with 'pack:'");
}

void jz_yaml_close(struct jz_yaml *y) {
    if (y->document) fy_document_destroy(y->document);
    y->document = NULL;
}

int jz_yaml_count(struct jz_yaml *y, struct fy_node *node) {
    if (y->refused) return 0;
    if (!jz_is_map(node) && !jz_is_list(node)) return jz_refuse(y, node, "expected a map or a list here");
    int count = jz_is_map(node) ? fy_node_mapping_item_count(node) : fy_node_sequence_item_count(node);
    if (count > JZ_YAML_NODES_MAX)
        return jz_refuse(y, node, "%d entries, at most %d; split the list", count, JZ_YAML_NODES_MAX);
    return count < 0 ? 0 : count;
}

struct jz_pair jz_yaml_pair(struct fy_node *map, int index) {
    struct fy_node_pair *pair = jz_is_map(map) ? fy_node_mapping_get_by_index(map, index) : NULL;
    return pair ? (struct jz_pair){fy_node_pair_key(pair), fy_node_pair_value(pair)}
                : (struct jz_pair){NULL, NULL};
}

struct fy_node *jz_yaml_at(struct fy_node *list, int index) {
    return jz_is_list(list) ? fy_node_sequence_get_by_index(list, index) : NULL;
}

static bool key_is(struct fy_node *key, const char *name) {
    size_t bytes = 0;
    const char *text = jz_is_scalar(key) ? fy_node_get_scalar(key, &bytes) : NULL;
    return text && bytes == strlen(name) && memcmp(text, name, bytes) == 0;
}

struct fy_node *jz_yaml_get(struct fy_node *map, const char *key) {
    int count = jz_is_map(map) ? fy_node_mapping_item_count(map) : 0;
    for (int i = 0; i < count && i < JZ_YAML_NODES_MAX; i++) {
        struct jz_pair pair = jz_yaml_pair(map, i);
        if (key_is(pair.key, key)) return pair.value;
    }
    return NULL;
}

struct fy_node *jz_yaml_need(struct jz_yaml *y, struct fy_node *map, const char *key) {
    struct fy_node *node = jz_yaml_get(map, key);
    if (!node) jz_refuse(y, map, "'%s' is missing; add it", key);
    return node;
}

void jz_yaml_only(struct jz_yaml *y, struct fy_node *map, const char *const *allowed) {
    if (!y->refused && !jz_is_map(map)) jz_refuse(y, map, "expected a map with '%s'", allowed[0]);
    int count = jz_yaml_count(y, map);
    for (int i = 0; i < count && !y->refused; i++) {
        struct fy_node *key = jz_yaml_pair(map, i).key;
        const char *const *name = allowed;
        while (*name && !key_is(key, *name)) name++;
        char word[48] = "?";
        if (*name) continue;
        if (jz_yaml_word(y, key, word, sizeof word))
            jz_refuse(y, key, "'%s' is not known here; remove it or correct its spelling", word);
    }
}

bool jz_yaml_word(struct jz_yaml *y, struct fy_node *node, char *out, size_t capacity) {
    size_t bytes = 0;
    out[0] = 0;
    if (y->refused) return false;
    if (!jz_is_scalar(node)) return jz_refuse(y, node, "expected one word or number here");
    const char *text = fy_node_get_scalar(node, &bytes);
    if (bytes >= capacity) return jz_refuse(y, node, "longer than %zu bytes; shorten it", capacity - 1);
    if (bytes) memcpy(out, text, bytes);
    out[bytes] = 0;
    return true;
}

bool jz_parse_number(const char *text, int64_t *out) {
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

int64_t jz_yaml_number(struct jz_yaml *y, struct fy_node *node, int64_t min, int64_t max) {
    char word[32];
    int64_t value = 0;
    if (!jz_yaml_word(y, node, word, sizeof word)) return min;
    if (!jz_parse_number(word, &value))
        jz_refuse(y, node, "'%s' is no whole number; scale it as in fields.csv and write digits", word);
    else if (value < min || value > max)
        jz_refuse(y, node, "%s is outside %lld..%lld; correct it", word, (long long)min, (long long)max);
    return y->refused ? min : value;
}

bool jz_yaml_bool(struct jz_yaml *y, struct fy_node *node) {
    char word[16];
    if (!jz_yaml_word(y, node, word, sizeof word)) return false;
    if (strcmp(word, "yes") != 0 && strcmp(word, "no") != 0)
        jz_refuse(y, node, "'%s' is neither yes nor no; write one of them", word);
    return strcmp(word, "yes") == 0;
}

uint32_t jz_yaml_duration(struct jz_yaml *y, struct fy_node *node) {
    static const struct {
        const char *name;
        int64_t seconds;
    } units[] = {{"s", 1}, {"min", 60}, {"h", 3600}};
    char word[32], *space;
    int64_t value = 0;
    if (!jz_yaml_word(y, node, word, sizeof word)) return 0;
    space = strchr(word, ' ');
    if (space) *space = 0;
    for (size_t i = 0; space && i < sizeof units / sizeof units[0]; i++)
        if (strcmp(space + 1, units[i].name) == 0 && jz_parse_number(word, &value) && value > 0 &&
            value <= JZ_SECONDS_MAX / units[i].seconds)
            return (uint32_t)(value * units[i].seconds);
    jz_refuse(y, node, "no duration of 1 s to 7 days; write it as '15 min', '90 s' or '2 h'");
    return 0;
}
