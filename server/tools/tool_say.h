/* SPDX-License-Identifier: Apache-2.0 */
/** @file tool_say.h  The same things said as JSON or as a line of text: "sbp: 85 mmHg, because: [rr, sbp]".
 *
 *  Text can be broken into lines at its outer levels (a screen), or be one line (a record). What a peer wrote cannot
 *  drive a terminal or begin a line: control characters become "?". */
#ifndef JZ_TOOL_SAY_H
#define JZ_TOOL_SAY_H
#include <stddef.h>

#include "tool_json.h"

#define JZ_SAY_DEPTH_MAX 16u

struct jz_tool_say {
    struct jz_json json; /**< `out` is where all of it goes */
    bool as_json;
    bool quiet;         /**< only looked at, nothing is said: a dry run */
    int lines;          /**< text: what lies up to this deep has lines of its own */
    int indent;         /**< text: spaces before them */
    int depth, inlined; /**< inlined: depth from which all is in line whatever `lines` says; 0: none */
    bool some[JZ_SAY_DEPTH_MAX]; /**< something was said at this depth */
};

/** Forgets what was said before: the next value is the outermost one. */
void jz_tool_say_begin(struct jz_tool_say *s);
/* `key` is NULL inside lists and for the outermost value. */
void jz_tool_say_open(struct jz_tool_say *s, const char *key, char bracket); /**< '{' or '[' */
void jz_tool_say_open_inline(struct jz_tool_say *s, const char *key,
                             char bracket); /**< all within it is one line */
void jz_tool_say_close(struct jz_tool_say *s, char bracket);
void jz_tool_say_words(struct jz_tool_say *s, const char *key, const char *text, size_t bytes);
void jz_tool_say_text(struct jz_tool_say *s, const char *key, const char *text);
void jz_tool_say_int(struct jz_tool_say *s, const char *key, int64_t value);
void jz_tool_say_bool(struct jz_tool_say *s, const char *key, bool value); /**< text: yes, no */
/** A number that is written already. @param unit  Text alone says it; "" where there is none. */
void jz_tool_say_number(struct jz_tool_say *s, const char *key, const char *digits, const char *unit);
/** There is none: null, or "none". */
void jz_tool_say_none(struct jz_tool_say *s, const char *key);
/** ISO 8601 in UTC+8; 0 and what no clock shows are none. */
void jz_tool_say_time(struct jz_tool_say *s, const char *key, int64_t utc_ms);
void jz_tool_say_hex(struct jz_tool_say *s, const char *key, const uint8_t *data, size_t bytes);

#endif /* JZ_TOOL_SAY_H */
