/* SPDX-License-Identifier: Apache-2.0 */
#include "tool_flags.h"

#include <stdio.h>
#include <string.h>

static const struct jz_tool_flag *find(const struct jz_tool_flag *flags, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(flags[i].name, name) == 0) return &flags[i];
    return NULL;
}

bool jz_tool_flags(int argc, char **argv, const struct jz_tool_flag *flags, size_t count,
                   struct jz_tool_rest *rest) {
    rest->count = 0;
    for (int i = 0; i < argc; i++) {
        if (strncmp(argv[i], "--", 2) != 0) {
            if (rest->count == JZ_TOOL_REST_MAX)
                return fprintf(stderr, "more than %d arguments; leave some out\n", JZ_TOOL_REST_MAX), false;
            rest->word[rest->count++] = argv[i];
            continue;
        }
        const struct jz_tool_flag *flag = find(flags, count, argv[i]);
        if (!flag) return fprintf(stderr, "'%s' is no flag of this command\n", argv[i]), false;
        if (flag->alone)
            *flag->alone = true;
        else if (++i < argc)
            *flag->value = argv[i];
        else
            return fprintf(stderr, "'%s' wants a value after it\n", flag->name), false;
    }
    return true;
}
