/* SPDX-License-Identifier: Apache-2.0 */
/* libfyaml behind a small surface: what the loaders need, and places for every complaint. */
#include "yaml_doc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLACE_STEPS_MAX 8
#define DEGREE_E7 10000000
#define DECIMALS_MAX 7
#define DIGITS_MAX 9u

static void discard(struct fy_diag *diag, void *user, const char *text, size_t bytes) {
    (void)diag, (void)user, (void)text, (void)bytes;
}

void jz_doc_no_memory(struct jz_doc *y) {
    if (y->status != JZ_OK) return;
    y->status = JZ_E_MEMORY;
    snprintf(y->error->text, sizeof y->error->text, "out of memory");
}

/* Only scalars know their place; a collection borrows its first key's or item's, an empty one its parent's. */
static struct fy_node *inside(struct fy_node *node) {
    void *at = NULL;
    if (fy_node_is_sequence(node)) return fy_node_sequence_iterate(node, &at);
    struct fy_node_pair *pair = fy_node_mapping_iterate(node, &at);
    return pair ? fy_node_pair_key(pair) : NULL;
}

static struct fy_node *placed(struct fy_node *node) {
    for (int step = 0; node && !fy_node_is_scalar(node) && step < PLACE_STEPS_MAX; step++) {
        struct fy_node *next = inside(node);
        node = next ? next : fy_node_get_parent(node);
    }
    return node && fy_node_is_scalar(node) ? node : NULL;
}

static void set_place(struct jz_pack_error *error, struct fy_node *at) {
    struct fy_node *scalar = placed(at);
    struct fy_token *token = scalar ? fy_node_get_scalar_token(scalar) : NULL;
    const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;
    if (!mark) return;
    error->line = mark->line + 1;
    error->column = mark->column + 1;
}

void jz_doc_fail(struct jz_doc *y, struct fy_node *at, const char *format, ...) {
    if (y->status != JZ_OK) return;
    y->status = JZ_E_CONFIG;
    set_place(y->error, at);
    va_list list;
    va_start(list, format);
    vsnprintf(y->error->text, sizeof y->error->text, format, list);
    va_end(list);
}

static void report_syntax(struct jz_doc *y) {
    void *at = NULL;
    struct fy_diag_error *e = fy_diag_errors_iterate(y->diag, &at);
    jz_doc_fail(y, NULL, "not well-formed: %.180s", e && e->msg ? e->msg : "nothing in it; write a mapping");
    if (!e) return;
    y->error->line = e->line > 0 ? e->line : 0;
    y->error->column = e->column > 0 ? e->column : 0;
}

static struct fy_diag *quiet_diag(void) {
    struct fy_diag_cfg cfg;
    fy_diag_cfg_default(&cfg);
    cfg.fp = NULL;
    cfg.output_fn = discard;
    cfg.level = FYET_ERROR;
    struct fy_diag *diag = fy_diag_create(&cfg);
    if (diag) fy_diag_set_collect_errors(diag, true);
    return diag;
}

/* libfyaml 0.7.12 loops for ever on a directive (a line that starts with '%') that holds a byte which is not UTF-8,
 * and these files need no directives. A byte order mark does not move the first column. */
static void refuse_directives(struct jz_doc *y, const char *text, size_t bytes) {
    static const char mark[] = "\xef\xbb\xbf";
    bool line_start = true;
    int line = 1;
    for (size_t i = 0; i < bytes && y->status == JZ_OK; i++) {
        if (line_start && text[i] == '%') {
            jz_doc_fail(y, NULL, "a line starts with '%%'; directives are not allowed, remove it");
            y->error->line = line;
            y->error->column = 1;
        }
        bool in_mark = line_start && bytes - i >= 3 && memcmp(text + i, mark, 3) == 0;
        if (in_mark) i += 2;
        line_start = text[i] == '\n' || text[i] == '\r' || in_mark;
        line += text[i] == '\n';
    }
}

struct fy_node *jz_doc_open(struct jz_doc *y, const char *name, const char *text, size_t bytes,
                            size_t bytes_max, struct jz_pack_error *error) {
    *y = (struct jz_doc){.error = error, .status = JZ_OK};
    *error = (struct jz_pack_error){0};
    snprintf(error->file, sizeof error->file, "%s", name);
    if (bytes == 0) jz_doc_fail(y, NULL, "the file is empty");
    if (bytes > bytes_max)
        jz_doc_fail(y, NULL, "longer than %zu bytes; take out what is not needed", bytes_max);
    else
        refuse_directives(y, text, bytes);
    if (y->status != JZ_OK) return NULL;
    y->diag = quiet_diag();
    if (!y->diag) {
        jz_doc_no_memory(y);
        return NULL;
    }
    struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE,
                               .diag = y->diag};
    y->document = fy_document_build_from_string(&cfg, text, bytes);
    struct fy_node *root = y->document ? fy_document_root(y->document) : NULL;
    if (!root)
        report_syntax(y);
    else if (!fy_node_is_mapping(root))
        jz_doc_fail(y, root, "the file must be a mapping of keys to values");
    return y->status == JZ_OK ? root : NULL;
}

void jz_doc_close(struct jz_doc *y) {
    fy_document_destroy(y->document);
    fy_diag_destroy(y->diag);
    y->document = NULL;
    y->diag = NULL;
}

static const char *scalar_text(struct jz_doc *y, struct fy_node *node, const char *what, size_t *bytes) {
    *bytes = 0;
    if (y->status != JZ_OK) return NULL;
    if (node && fy_node_is_alias(node))
        jz_doc_fail(y, node, "%s: aliases are not allowed; write the value", what);
    else if (!node || !fy_node_is_scalar(node))
        jz_doc_fail(y, node, "%s must be a single value", what);
    if (y->status != JZ_OK) return NULL;
    const char *text = fy_node_get_scalar(node, bytes);
    if (!text || *bytes == 0) jz_doc_fail(y, node, "%s is empty; give a value", what);
    return y->status == JZ_OK ? text : NULL;
}

static bool is_word(const char *text, size_t bytes, const char *word) {
    return strlen(word) == bytes && memcmp(text, word, bytes) == 0;
}

void jz_doc_only(struct jz_doc *y, struct fy_node *mapping, const char *const *known) {
    void *at = NULL;
    struct fy_node_pair *pair;
    while (y->status == JZ_OK && mapping && (pair = fy_node_mapping_iterate(mapping, &at))) {
        size_t bytes;
        const char *key = scalar_text(y, fy_node_pair_key(pair), "a key", &bytes);
        bool found = false;
        for (const char *const *k = known; key && *k && !found; k++) found = is_word(key, bytes, *k);
        if (key && !found)
            jz_doc_fail(y, fy_node_pair_key(pair), "unknown key \"%.*s\"; correct or remove it",
                        bytes < 40 ? (int)bytes : 40, key);
    }
}

struct fy_node *jz_doc_get(struct jz_doc *y, struct fy_node *mapping, const char *key) {
    if (y->status != JZ_OK || !mapping) return NULL;
    return fy_node_mapping_lookup_value_by_simple_key(mapping, key, FY_NT);
}

struct fy_node *jz_doc_need(struct jz_doc *y, struct fy_node *mapping, const char *key) {
    struct fy_node *value = jz_doc_get(y, mapping, key);
    if (!value) jz_doc_fail(y, mapping, "\"%s\" is missing; add it", key);
    return value;
}

struct fy_node *jz_doc_mapping(struct jz_doc *y, struct fy_node *mapping, const char *key) {
    struct fy_node *value = jz_doc_need(y, mapping, key);
    if (value && !fy_node_is_mapping(value)) jz_doc_fail(y, value, "\"%s\" must be a mapping", key);
    return y->status == JZ_OK ? value : NULL;
}

struct fy_node *jz_doc_sequence(struct jz_doc *y, struct fy_node *mapping, const char *key, uint32_t min,
                                uint32_t max) {
    struct fy_node *value = jz_doc_need(y, mapping, key);
    if (!value) return NULL;
    int count = fy_node_is_sequence(value) ? fy_node_sequence_item_count(value) : -1;
    if (count < 0)
        jz_doc_fail(y, value, "\"%s\" must be a list", key);
    else if ((uint32_t)count < min || (uint32_t)count > max)
        jz_doc_fail(y, value, "\"%s\" has %d entries; %u to %u are allowed", key, count, min, max);
    return y->status == JZ_OK ? value : NULL;
}

void jz_doc_text(struct jz_doc *y, struct fy_node *scalar, const char *what, char *out, size_t capacity) {
    size_t bytes;
    out[0] = '\0';
    const char *text = scalar_text(y, scalar, what, &bytes);
    if (!text) return;
    if (bytes >= capacity || memchr(text, '\0', bytes)) {
        jz_doc_fail(y, scalar, "%s is longer than %zu bytes (or holds a zero byte); shorten it", what,
                    capacity - 1u);
        return;
    }
    memcpy(out, text, bytes);
    out[bytes] = '\0';
}

uint32_t jz_doc_word(struct jz_doc *y, struct fy_node *scalar, const char *what, const char *const *words) {
    size_t bytes;
    char list[96] = "";
    const char *text = scalar_text(y, scalar, what, &bytes);
    if (!text) return 0;
    for (uint32_t i = 0; words[i]; i++)
        if (is_word(text, bytes, words[i])) return i;
    for (uint32_t i = 0; words[i]; i++) {
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", words[i]);
    }
    jz_doc_fail(y, scalar, "%s is \"%.*s\"; it must be one of: %s", what, bytes < 40 ? (int)bytes : 40, text,
                list);
    return 0;
}

/* Reads up to DIGITS_MAX digits; more, or none, is not a number here. Returns how many were read. */
static uint32_t digits(const char *text, size_t bytes, uint32_t max, uint32_t *value) {
    uint32_t n = 0;
    for (*value = 0; n < bytes && text[n] >= '0' && text[n] <= '9'; n++) {
        if (n == max) return 0;
        *value = *value * 10u + (uint32_t)(text[n] - '0');
    }
    return n;
}

uint32_t jz_doc_uint(struct jz_doc *y, struct fy_node *scalar, const char *what, uint32_t min, uint32_t max) {
    size_t bytes;
    uint32_t value;
    const char *text = scalar_text(y, scalar, what, &bytes);
    if (!text) return min;
    uint32_t read = digits(text, bytes, DIGITS_MAX, &value);
    if (read && read == bytes && value >= min && value <= max) return value;
    jz_doc_fail(y, scalar, "%s must be a whole number from %u to %u", what, min, max);
    return min;
}

/* No strtod: it depends on the locale, and a position must be the same number on every machine. */
static bool degrees_e7(const char *text, size_t bytes, int32_t max, int32_t *out) {
    uint32_t whole, part = 0, decimals = 0;
    size_t at = bytes && text[0] == '-';
    bool negative = at == 1;
    uint32_t read = digits(text + at, bytes - at, 3, &whole);
    if (!read) return false;
    at += read;
    if (at < bytes && text[at] == '.') {
        at++;
        decimals = digits(text + at, bytes - at, DECIMALS_MAX, &part);
        if (!decimals) return false;
        at += decimals;
    }
    for (; decimals < DECIMALS_MAX; decimals++) part *= 10u;
    int64_t e7 = (int64_t)whole * DEGREE_E7 + part;
    if (at != bytes || e7 > (int64_t)max * DEGREE_E7) return false;
    *out = (int32_t)(negative ? -e7 : e7);
    return true;
}

int32_t jz_doc_degrees(struct jz_doc *y, struct fy_node *scalar, const char *what, int32_t max) {
    size_t bytes;
    int32_t e7 = 0;
    const char *text = scalar_text(y, scalar, what, &bytes);
    if (!text) return 0;
    if (!degrees_e7(text, bytes, max, &e7))
        jz_doc_fail(y, scalar, "%s must be decimal degrees from -%d to %d with at most 7 decimals", what, max,
                    max);
    return e7;
}
