/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the readings of a patient under the packs of the tree (chart_story.h). */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chart_story.h"

#define PACKS_MAX 128

int LLVMFuzzerInitialize(int *count, char ***words);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static const struct jz_program *program;

static void stop(const char *why) {
    fprintf(stderr, "%s\n", why);
    exit(1);
}

static void read_pack(const char *folder, const char *file, struct jz_pack_source *out) {
    char path[1024];
    snprintf(path, sizeof path, "%s/clinical-rules/packs/%s/%s", JZ_SOURCE_DIR, folder, file);
    FILE *in = fopen(path, "rb");
    if (!in || fseek(in, 0, SEEK_END) != 0) stop(path);
    long size = ftell(in);
    char *text = size > 0 ? malloc((size_t)size) : NULL, *name = malloc(strlen(folder) + strlen(file) + 2);
    if (!text || !name) stop(path);
    rewind(in);
    out->bytes = fread(text, 1, (size_t)size, in);
    fclose(in);
    snprintf(name, strlen(folder) + strlen(file) + 2, "%s/%s", folder, file);
    out->name = name;
    out->yaml = text;
}

static size_t read_packs(struct jz_pack_source *out) {
    static const char *const folders[] = {"chest-pain", "general", "neonatal",
                                          "obstetric",  "routing", "site"};
    size_t count = 0;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/clinical-rules/packs/%s", JZ_SOURCE_DIR, folders[i]);
        DIR *dir = opendir(path);
        if (!dir) stop(path);
        for (struct dirent *entry; (entry = readdir(dir));)
            if (strstr(entry->d_name, ".yaml") && count < PACKS_MAX)
                read_pack(folders[i], entry->d_name, &out[count++]);
        closedir(dir);
    }
    return count;
}

int LLVMFuzzerInitialize(int *count, char ***words) {
    static struct jz_pack_source packs[PACKS_MAX];
    static struct jz_program *compiled;
    struct jz_pack_error error = {.text = "the packs of the tree do not compile"};
    (void)count;
    (void)words;
    size_t found = read_packs(packs);
    if (jz_program_compile(packs, found, &compiled, &error) != JZ_OK) stop(error.text);
    for (size_t i = 0; i < found; i++) {
        free((void *)(uintptr_t)packs[i].name);
        free((void *)(uintptr_t)packs[i].yaml);
    }
    program = compiled;
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    chart_story(program, data, bytes);
    return 0;
}
