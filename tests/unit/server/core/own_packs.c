/* SPDX-License-Identifier: Apache-2.0 */
#include "own_packs.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const folders[] = {"chest-pain", "general", "neonatal", "obstetric", "routing", "site"};
#define PACKS_MAX 128u
#define PACK_BYTES_MAX 1048576u

static char *read_pack(const char *name, size_t *bytes) {
    char path[1024];
    snprintf(path, sizeof path, "%s/clinical-rules/packs/%s", JZ_SOURCE_DIR, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *content = malloc(PACK_BYTES_MAX);
    assert_non_null(content);
    *bytes = fread(content, 1, PACK_BYTES_MAX, file);
    assert_in_range(*bytes, 1, PACK_BYTES_MAX - 1u);
    fclose(file);
    return content;
}

static size_t read_folder(const char *folder, struct jz_pack_source *source, size_t count) {
    char path[1024], name[512];
    snprintf(path, sizeof path, "%s/clinical-rules/packs/%s", JZ_SOURCE_DIR, folder);
    DIR *dir = opendir(path);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (!strstr(entry->d_name, ".yaml")) continue;
        assert_true(count < PACKS_MAX);
        snprintf(name, sizeof name, "%s/%s", folder, entry->d_name);
        source[count].name = strdup(name);
        source[count].yaml = read_pack(name, &source[count].bytes);
        count++;
    }
    closedir(dir);
    return count;
}

struct jz_program *own_packs(void) {
    struct jz_pack_source source[PACKS_MAX];
    struct jz_pack_error error = {.text = ""};
    struct jz_program *program = NULL;
    size_t count = 0;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        count = read_folder(folders[i], source, count);
    enum jz_status status = jz_program_compile(source, count, &program, &error);
    for (size_t i = 0; i < count; i++) {
        free((void *)(uintptr_t)source[i].name);
        free((void *)(uintptr_t)source[i].yaml);
    }
    if (status != JZ_OK) fail_msg("%s:%d:%d: %s", error.file, error.line, error.column, error.text);
    return program;
}
