/* SPDX-License-Identifier: Apache-2.0 */
/** @file tool_flags.h  The arguments of a command: flags in any order, the rest in order. */
#ifndef JZ_TOOL_FLAGS_H
#define JZ_TOOL_FLAGS_H
#include <stdbool.h>
#include <stddef.h>

/** A flag with a value that follows it, or one that stands alone: exactly one of the pointers is set. */
struct jz_tool_flag {
    const char *name;
    const char **value;
    bool *alone;
};

#define JZ_TOOL_REST_MAX 64

/** What is no flag, in order. */
struct jz_tool_rest {
    const char *word[JZ_TOOL_REST_MAX];
    int count;
};

/** Says on standard error what is wrong. @return false then: print the usage and exit with JZ_EXIT_USAGE. */
bool jz_tool_flags(int argc, char **argv, const struct jz_tool_flag *flags, size_t count,
                   struct jz_tool_rest *rest);

#endif /* JZ_TOOL_FLAGS_H */
