/* SPDX-License-Identifier: Apache-2.0 */
#include "tool_say.h"

#include <assert.h>
#include <string.h>

#include "tool_time.h"

/* --- text --------------------------------------------------------------------------------------------------------- */

/* C1 controls (U+0080 to U+009F) are two bytes, c2 then 80 to 9f. */
static void put_safe(FILE *out, const char *text, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        uint8_t c = (uint8_t)text[i], next = i + 1 < bytes ? (uint8_t)text[i + 1] : 0;
        if (c == 0xc2 && next >= 0x80 && next < 0xa0) {
            putc('?', out);
            i++;
        } else {
            putc(c < 0x20 || c == 0x7f ? '?' : c, out);
        }
    }
}

static bool on_a_line(const struct jz_tool_say *s) {
    return s->depth <= s->lines && (!s->inlined || s->depth < s->inlined);
}

/* What stands before a value: a line break or a comma, and its name. */
static void lead(struct jz_tool_say *s, const char *key) {
    if (s->depth > 0 && on_a_line(s))
        fprintf(s->json.out, "\n%*s", s->indent + 2 * s->depth, "");
    else if (s->some[s->depth])
        fputs(", ", s->json.out);
    s->some[s->depth] = true;
    if (!key) return;
    put_safe(s->json.out, key, strlen(key));
    putc(':', s->json.out);
}

/* The same, and the value stands in the line. */
static void lead_value(struct jz_tool_say *s, const char *key) {
    lead(s, key);
    if (key) putc(' ', s->json.out);
}

static bool has_bracket(const struct jz_tool_say *s) {
    return s->depth > 0 && !on_a_line(s); /* of what is inside the depth just entered */
}

static void open_text(struct jz_tool_say *s, const char *key, char bracket, bool in_line) {
    assert(s->depth + 1 < (int)JZ_SAY_DEPTH_MAX);
    lead(s, key);
    bool outermost = s->depth == 0;
    s->some[++s->depth] = false;
    if (in_line && !s->inlined) s->inlined = s->depth;
    if (outermost || !has_bracket(s)) return;
    fprintf(s->json.out, "%s%c", key ? " " : "", bracket == '{' ? '(' : '[');
}

static void close_text(struct jz_tool_say *s, char bracket) {
    bool bracketed = s->depth > 1 && has_bracket(s);
    if (!bracketed && s->depth > 1 && !s->some[s->depth]) fputs(" none", s->json.out);
    if (bracketed) putc(bracket == '}' ? ')' : ']', s->json.out);
    if (s->inlined == s->depth) s->inlined = 0;
    s->depth--;
}

/* --- either ------------------------------------------------------------------------------------------------------- */

void jz_tool_say_begin(struct jz_tool_say *s) {
    s->json.comma = false;
    s->depth = s->inlined = 0;
    s->some[0] = false;
}

static void enter(struct jz_tool_say *s, const char *key, char bracket, bool in_line) {
    if (s->quiet) return;
    if (s->as_json)
        jz_json_open(&s->json, key, bracket);
    else
        open_text(s, key, bracket, in_line);
}

void jz_tool_say_open(struct jz_tool_say *s, const char *key, char bracket) {
    enter(s, key, bracket, false);
}

void jz_tool_say_open_inline(struct jz_tool_say *s, const char *key, char bracket) {
    enter(s, key, bracket, true);
}

void jz_tool_say_close(struct jz_tool_say *s, char bracket) {
    if (s->quiet) return;
    if (s->as_json)
        jz_json_close(&s->json, bracket);
    else
        close_text(s, bracket);
}

void jz_tool_say_words(struct jz_tool_say *s, const char *key, const char *text, size_t bytes) {
    if (s->quiet) return;
    if (s->as_json) {
        jz_json_words(&s->json, key, text ? text : "", bytes);
        return;
    }
    lead_value(s, key);
    if (bytes)
        put_safe(s->json.out, text, bytes);
    else
        fputs("\"\"", s->json.out);
}

void jz_tool_say_text(struct jz_tool_say *s, const char *key, const char *text) {
    jz_tool_say_words(s, key, text, strlen(text));
}

void jz_tool_say_number(struct jz_tool_say *s, const char *key, const char *digits, const char *unit) {
    if (s->quiet) return;
    if (s->as_json) {
        jz_json_number(&s->json, key, digits);
        return;
    }
    lead_value(s, key);
    fprintf(s->json.out, "%s%s%s", digits, unit[0] ? " " : "", unit);
}

void jz_tool_say_int(struct jz_tool_say *s, const char *key, int64_t value) {
    char digits[24];
    snprintf(digits, sizeof digits, "%lld", (long long)value);
    jz_tool_say_number(s, key, digits, "");
}

void jz_tool_say_bool(struct jz_tool_say *s, const char *key, bool value) {
    if (s->quiet) return;
    if (s->as_json)
        jz_json_bool(&s->json, key, value);
    else
        jz_tool_say_text(s, key, value ? "yes" : "no");
}

void jz_tool_say_none(struct jz_tool_say *s, const char *key) {
    if (s->quiet) return;
    if (s->as_json)
        jz_json_null(&s->json, key);
    else
        jz_tool_say_text(s, key, "none");
}

void jz_tool_say_time(struct jz_tool_say *s, const char *key, int64_t utc_ms) {
    char text[JZ_TIME_TEXT_MAX];
    if (utc_ms <= 0 || utc_ms > JZ_TIME_MAX_MS) {
        jz_tool_say_none(s, key);
        return;
    }
    jz_time_text(utc_ms, text);
    jz_tool_say_text(s, key, text);
}

void jz_tool_say_hex(struct jz_tool_say *s, const char *key, const uint8_t *data, size_t bytes) {
    char text[2u * 64u + 1u];
    size_t shown = bytes < 64 ? bytes : 64;
    for (size_t i = 0; i < shown; i++) snprintf(text + 2 * i, 3, "%02x", data[i]);
    jz_tool_say_words(s, key, text, 2 * shown);
}
