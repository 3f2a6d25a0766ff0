/* SPDX-License-Identifier: Apache-2.0 */
/** @file pack_words.h  Words that packs may use: marks, milestones, capabilities (private to engine/). */
#ifndef JZ_PACK_WORDS_H
#define JZ_PACK_WORDS_H
#include <stdbool.h>

/** S, S2, GK, PROJ, DEC, c, or C / C2 with an optional source after a colon. */
bool jz_word_is_mark(const char *mark);
bool jz_word_is_milestone(const char *name);
/** A capability key that the hospital directory can express. */
bool jz_word_is_capability(const char *key);

#endif /* JZ_PACK_WORDS_H */
