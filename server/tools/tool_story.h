/* SPDX-License-Identifier: Apache-2.0 */
/** @file tool_story.h  The test cases of packs as charts to be filled, whatever program then judges them. */
#ifndef JZ_TOOL_STORY_H
#define JZ_TOOL_STORY_H
#include "tool_packs.h"

#define JZ_STORY_READINGS_MAX 2048u

struct jz_story {
    const char *pack;
    char rule[64], test[64], value[64]; /**< value: of the field that the test varies, else "" */
    int64_t now_ms;
    uint32_t count;
    struct jz_reading reading[JZ_STORY_READINGS_MAX]; /**< in the order of the test; `field` is set */
};
typedef void (*jz_story_each)(void *context, const struct jz_story *story);

/** Every case of every pack. Policies have the values of `packs->program`. @return false: no memory, or a
 *  pack that cannot be read (said on standard error). */
bool jz_stories(const struct jz_tool_packs *packs, jz_story_each each, void *context);
/** Fills a chart and evaluates all rules of the program on it. */
void jz_story_tell(const struct jz_story *story, const struct jz_program *program, struct jz_chart *chart);

#endif /* JZ_TOOL_STORY_H */
