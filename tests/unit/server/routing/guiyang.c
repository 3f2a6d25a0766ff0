/* SPDX-License-Identifier: Apache-2.0 */
#include "guiyang.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FILE_BYTES_MAX 1048576u

char *data_file(const char *name, size_t *bytes) {
    char path[512];
    snprintf(path, sizeof path, "%s/server/routing/data/%s", JZ_SOURCE_DIR, name);
    FILE *file = fopen(path, "rb");
    char *text = malloc(FILE_BYTES_MAX);
    assert_non_null(file);
    assert_non_null(text);
    *bytes = fread(text, 1, FILE_BYTES_MAX, file);
    fclose(file);
    assert_in_range(*bytes, 1, FILE_BYTES_MAX - 1);
    return text;
}

const struct jz_directory *guiyang_directory(bool simulation) {
    static struct jz_directory directory;
    struct jz_pack_error error;
    size_t bytes;
    char *yaml = data_file("guiyang-directory.yaml", &bytes);
    enum jz_status status =
        jz_directory_parse("guiyang-directory.yaml", yaml, bytes, simulation, &directory, &error);
    free(yaml);
    if (status != JZ_OK) fail_msg("%s:%d:%d: %s", error.file, error.line, error.column, error.text);
    return &directory;
}

struct jz_roads *guiyang_roads(const struct jz_directory *directory) {
    struct jz_pack_error error;
    struct jz_roads *roads;
    size_t bytes;
    char *json = data_file("guiyang-roads.json", &bytes);
    enum jz_status status = jz_roads_load("guiyang-roads.json", json, bytes, directory, &roads, &error);
    free(json);
    if (status != JZ_OK) fail_msg("%s:%d:%d: %s", error.file, error.line, error.column, error.text);
    return roads;
}

uint32_t facility_index(const struct jz_directory *directory, const char *id) {
    uint32_t index = jz_directory_facility(directory, id, strlen(id));
    assert_true(index < directory->facility_count);
    return index;
}
