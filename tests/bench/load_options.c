/* SPDX-License-Identifier: Apache-2.0 */
#include "load_options.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fleet.h"

struct row {
    const char *name;
    size_t offset;
    uint32_t max; /* 0: text */
    uint32_t min;
};

#define TEXT(name, member)                                                                                   \
    { name, offsetof(struct load_options, member), 0, 0 }
#define NUMBER(name, member, min, max)                                                                       \
    { name, offsetof(struct load_options, member), max, min }
static const struct row rows[] = {
    TEXT("--ca", ca),
    TEXT("--ca-key", ca_key),
    TEXT("--server", server),
    TEXT("--case", name),
    NUMBER("--round", round, 0, 1000),
    NUMBER("--port", port, 1, 65535),
    NUMBER("--pid", pid, 1, INT32_MAX),
    NUMBER("--connections", connections, 1, FLEET_DEVICES_MAX),
    NUMBER("--window", window, 1, LOAD_WINDOW_MAX),
    NUMBER("--rate", rate, 0, 10000000),
    NUMBER("--warm-ms", warm_ms, 0, 600000),
    NUMBER("--measure-ms", measure_ms, 1, 600000),
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

static bool set_number(const struct row *row, const char *text, uint32_t *to) {
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    if (errno || *text == 0 || *text == '-' || *end || value < row->min || value > row->max) return false;
    *to = (uint32_t)value;
    return true;
}

static bool set(struct load_options *options, const char *name, const char *value) {
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (strcmp(rows[i].name, name) != 0) continue;
        void *to = (char *)options + rows[i].offset;
        if (rows[i].max) return set_number(&rows[i], value, to);
        *(const char **)to = value;
        return true;
    }
    return false;
}

bool load_options_parse(int argc, char **argv, struct load_options *options) {
    *options = (struct load_options){.server = "server",
                                     .name = "case",
                                     .connections = 100,
                                     .window = 4,
                                     .warm_ms = 1000,
                                     .measure_ms = 5000};
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 < argc && set(options, argv[i], argv[i + 1])) continue;
        fprintf(stderr, "load: %s: no such option, or a value out of range\n", argv[i]);
        return false;
    }
    if (options->ca && options->ca_key && options->port && options->pid) return true;
    fprintf(stderr, "load: --ca, --ca-key, --port and --pid are required\n");
    return false;
}
