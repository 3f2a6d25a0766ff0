/* SPDX-License-Identifier: Apache-2.0 */
#include "tool_json.h"

#include <string.h>

/* Bytes of the UTF-8 character at `at`; 0: cut short, as a message of fixed size may be. */
static size_t character(const char *at, size_t left) {
    uint8_t c = (uint8_t)at[0];
    size_t bytes = c < 0x80 ? 1 : c >> 5 == 6 ? 2 : c >> 4 == 14 ? 3 : c >> 3 == 30 ? 4 : 0;
    if (bytes > left) return 0;
    for (size_t i = 1; i < bytes; i++)
        if (((uint8_t)at[i] & 0xc0u) != 0x80u) return 0;
    return bytes;
}

static void quote(FILE *out, const char *text, size_t bytes) {
    putc('"', out);
    for (size_t i = 0, n; i < bytes; i += n ? n : 1) {
        uint8_t c = (uint8_t)text[i];
        n = character(text + i, bytes - i);
        if (n == 0)
            putc('?', out);
        else if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c == '\n')
            fputs("\\n", out);
        else if (c < 0x20)
            fprintf(out, "\\u%04x", c);
        else
            fwrite(text + i, 1, n, out);
    }
    putc('"', out);
}

static void lead(struct jz_json *j, const char *key) {
    if (j->comma) putc(',', j->out);
    j->comma = true;
    if (!key) return;
    quote(j->out, key, strlen(key));
    putc(':', j->out);
}

void jz_json_open(struct jz_json *j, const char *key, char bracket) {
    lead(j, key);
    putc(bracket, j->out);
    j->comma = false;
}

void jz_json_close(struct jz_json *j, char bracket) {
    putc(bracket, j->out);
    j->comma = true;
}

void jz_json_words(struct jz_json *j, const char *key, const char *text, size_t bytes) {
    lead(j, key);
    quote(j->out, text, bytes);
}

void jz_json_text(struct jz_json *j, const char *key, const char *text) {
    jz_json_words(j, key, text, strlen(text));
}

void jz_json_int(struct jz_json *j, const char *key, int64_t value) {
    lead(j, key);
    fprintf(j->out, "%lld", (long long)value);
}

void jz_json_bool(struct jz_json *j, const char *key, bool value) {
    lead(j, key);
    fputs(value ? "true" : "false", j->out);
}

void jz_json_null(struct jz_json *j, const char *key) {
    lead(j, key);
    fputs("null", j->out);
}

void jz_json_number(struct jz_json *j, const char *key, const char *digits) {
    lead(j, key);
    fputs(digits, j->out);
}

void jz_json_title(struct jz_json *j, const char *key, const char *zh, const char *en) {
    jz_json_open(j, key, '{');
    jz_json_text(j, "zh", zh);
    jz_json_text(j, "en", en);
    jz_json_close(j, '}');
}
