/* SPDX-License-Identifier: Apache-2.0 */
/** @file tool_packs.h  A folder of rule packs: compiled, and as the text its authors wrote. */
#ifndef JZ_TOOL_PACKS_H
#define JZ_TOOL_PACKS_H
#include "jingzhu/rules.h"
#include "world.h"

#define JZ_TOOL_PACKS_FOLDER "/usr/share/jingzhu/packs" /**< where an installed server finds them */
#define JZ_TOOL_PACKS_MAX 256u
#define JZ_TOOL_NAME_MAX 256u

struct jz_tool_packs {
    struct jz_payload payload;
    struct jz_program *program;
    uint32_t count;
    struct jz_pack_source source[JZ_TOOL_PACKS_MAX]; /**< points into payload and name */
    char name[JZ_TOOL_PACKS_MAX][JZ_TOOL_NAME_MAX];
};

/** Reads the folder, does not compile. Says on standard error what is wrong. @return NULL then. */
struct jz_tool_packs *jz_tool_packs_read(const char *folder);
/** Reads and compiles. */
struct jz_tool_packs *jz_tool_packs_load(const char *folder);
void jz_tool_packs_free(struct jz_tool_packs *packs); /**< NULL is allowed */

/** Prints a refusal as file:line:column: what; and the cure. */
void jz_tool_complain(const struct jz_pack_error *error, enum jz_status status);
/** The rule of that id; says what is wrong where there is none. @return UINT32_MAX then. */
uint32_t jz_tool_rule(const struct jz_program *program, const char *id);

#endif /* JZ_TOOL_PACKS_H */
