/* SPDX-License-Identifier: Apache-2.0 */
/** @file pack_words.h  Words that packs may use: values of enumerations, marks, milestones, capabilities
 *  (private to engine/). */
#ifndef JZ_PACK_WORDS_H
#define JZ_PACK_WORDS_H
#include <stdbool.h>
#include <stdint.h>

/** The number behind a field's word ("pregnancy", "pregnant"); false: the field has no such word. */
bool jz_word_value(const char *field, const char *word, int32_t *value);
/** True where the field's values are words, not numbers. */
bool jz_word_field(const char *field);
/** S, S2, GK, PROJ, DEC, c, or C / C2 with an optional source after a colon. */
bool jz_word_is_mark(const char *mark);
bool jz_word_is_milestone(const char *name);
/** A capability key that the hospital directory can express. */
bool jz_word_is_capability(const char *key);

#endif /* JZ_PACK_WORDS_H */
