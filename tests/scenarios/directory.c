/* SPDX-License-Identifier: Apache-2.0 */
/* The directory of a story: the tree's own, with what the story says is otherwise. */
#include <stdlib.h>
#include <string.h>

#include "scene.h"

const char *const scene_capability_words[4] = {"absent", "confirmed", "assumed", "unknown"};

static bool set_capability(struct jz_directory *d, const char *line) {
    char facility[16], capability[32], word[16];
    if (sscanf(line, "%15s %31s %15s", facility, capability, word) != 3) return false;
    uint32_t f = jz_directory_facility(d, facility, strlen(facility));
    uint32_t c = jz_directory_capability_index(d, capability);
    if (f == JZ_NONE_U32 || c == JZ_NONE_U32) return false;
    for (uint8_t i = 0; i < 4; i++)
        if (strcmp(word, scene_capability_words[i]) == 0) {
            d->facility[f].capability[c] = i;
            return true;
        }
    return false;
}

static bool set_all(struct jz_directory *d, const char *payload) {
    for (const char *line = strchr(payload, '\n'); line && line[1]; line = strchr(line + 1, '\n'))
        if (!set_capability(d, line + 1)) return false;
    return true;
}

struct scene_directory *scene_directory(const struct world_files *files, const char *payload) {
    struct jz_pack_error error;
    bool live = strncmp(payload, "live\n", 5) == 0;
    struct scene_directory *made = calloc(1, sizeof *made);
    if (!made) abort();
    bool good = jz_directory_parse("guiyang-directory.yaml", files->directory_yaml, files->directory_bytes,
                                   !live, &made->directory, &error) == JZ_OK &&
                set_all(&made->directory, payload) &&
                jz_roads_load("guiyang-roads.json", files->roads_json, files->roads_bytes, &made->directory,
                              &made->roads, &error) == JZ_OK;
    if (good) return made;
    free(made);
    return NULL;
}

void scene_directory_free(struct scene_directory *directory) {
    while (directory) {
        struct scene_directory *before = directory->before;
        jz_roads_free(directory->roads);
        free(directory);
        directory = before;
    }
}
