/* SPDX-License-Identifier: Apache-2.0 */
/** @file chart_story.h  Bytes as the readings of one patient, and what must hold for any of them. */
#ifndef CHART_STORY_H
#define CHART_STORY_H
#include <stddef.h>
#include <stdint.h>

#include "jingzhu/rules.h"

/** Plays `bytes` as frames of readings to one patient under the program; aborts, with a sentence on stderr, where
 *  - a result has lo > hi, a level that is no level or less urgent than the worst case, or rules out what is incomplete
 *    or stale;
 *  - a rule that was not woken would have come to another result, or the readings all at once to other results;
 *  - the explanation of a rule is another result, or is no whole text;
 *  - the next change is not in the future.
 *  Any bytes are a story; at most 24 frames of at most 8 readings are taken from them. Not for threads. */
void chart_story(const struct jz_program *program, const uint8_t *data, size_t bytes);

#endif /* CHART_STORY_H */
