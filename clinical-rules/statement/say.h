/* SPDX-License-Identifier: Apache-2.0 */
/** @file say.h  Text put together piece by piece into a caller's buffer (private to statement/). */
#ifndef JZ_SAY_H
#define JZ_SAY_H
#include <stdbool.h>

#include "jingzhu/rules.h"

struct jz_say {
    char *out;
    size_t used, capacity; /**< used < capacity: the 0 has its place */
    enum jz_language language;
    bool full; /**< something did not fit: nothing is added after it */
};

void jz_say_begin(struct jz_say *say, enum jz_language language, char *out, size_t capacity);
void jz_say_bytes(struct jz_say *say, const char *text, size_t bytes); /**< cut at a character */
void jz_say(struct jz_say *say, const char *text);
void jz_say_two(struct jz_say *say, const char *zh, const char *en); /**< the one of the language */
void jz_say_int(struct jz_say *say, int64_t value);
/** The separator before every item of a list but the first. */
void jz_say_comma(struct jz_say *say, bool *first, const char *zh, const char *en);

#endif /* JZ_SAY_H */
