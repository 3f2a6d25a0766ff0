/* SPDX-License-Identifier: Apache-2.0 */
/** @file tool_json.h  One JSON value after another on a stream; commas and quotes are taken care of. */
#ifndef JZ_TOOL_JSON_H
#define JZ_TOOL_JSON_H
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct jz_json {
    FILE *out;
    bool comma; /**< the next value is not the first of its map or list */
};

/* `key` is NULL inside lists and for the outermost value. */
void jz_json_open(struct jz_json *j, const char *key, char bracket); /**< '{' or '[' */
void jz_json_close(struct jz_json *j, char bracket);                 /**< '}' or ']' */
void jz_json_text(struct jz_json *j, const char *key, const char *text);
void jz_json_words(struct jz_json *j, const char *key, const char *text, size_t bytes);
void jz_json_int(struct jz_json *j, const char *key, int64_t value);
void jz_json_bool(struct jz_json *j, const char *key, bool value);
void jz_json_null(struct jz_json *j, const char *key);
/** A number that is written already, digit for digit. */
void jz_json_number(struct jz_json *j, const char *key, const char *digits);
/** {"zh": ..., "en": ...} */
void jz_json_title(struct jz_json *j, const char *key, const char *zh, const char *en);

#endif /* JZ_TOOL_JSON_H */
