/* SPDX-License-Identifier: Apache-2.0 */
/** @file story_word.h  Words of a story line: splitting, numbers, named values. Pure. */
#ifndef JZ_STORY_WORD_H
#define JZ_STORY_WORD_H
#include "story.h"

struct jz_story_word {
    char *key, *value; /**< value is NULL where there is no '=' */
};

/** Splits in place at blanks outside quotes. @return the count; -1: too many; -2: a quote is not closed. */
int jz_story_split(char *line, struct jz_story_word words[JZ_STORY_WORDS_MAX]);
/** "12:05" to milliseconds, at most a day. */
bool jz_story_time(const char *text, int32_t *ms);
/** A decimal times `scale`, exactly. False when not a number, not exact at that scale, or out of 32 bits. */
bool jz_story_scaled(const char *text, int64_t scale, int32_t *out);
/** Degrees to 1e-7 degree, up to seven decimals; |degrees| <= limit. */
bool jz_story_degrees(const char *text, int32_t limit, int32_t *e7);
/** Whole number in low .. high. */
bool jz_story_count(const char *text, uint32_t low, uint32_t high, uint32_t *out);
/** Index from 1 of `text` among "a|b|c"; 0: not there. */
uint32_t jz_story_choice(const char *text, const char *choices);

#endif /* JZ_STORY_WORD_H */
