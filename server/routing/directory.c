/* SPDX-License-Identifier: Apache-2.0 */
/* Look-ups in a parsed directory: a walk over an id or a key, none of them once a facility of a ranking. */
#include "directory.h"

#include <assert.h>
#include <string.h>

uint32_t jz_directory_facility(const struct jz_directory *directory, const char *id, size_t id_bytes) {
    assert(directory && id);
    if (id_bytes == 0 || id_bytes >= sizeof directory->facility[0].id) return UINT32_MAX;
    for (uint32_t i = 0; i < directory->facility_count; i++) {
        const char *have = directory->facility[i].id;
        if (memcmp(have, id, id_bytes) == 0 && have[id_bytes] == '\0') return i;
    }
    return UINT32_MAX;
}

uint32_t jz_directory_capability_index(const struct jz_directory *directory, const char *key) {
    assert(directory && key);
    for (uint32_t i = 0; i < directory->capability_count; i++)
        if (strcmp(directory->capability[i], key) == 0) return i;
    return UINT32_MAX;
}

enum jz_capability_state jz_directory_capability(const struct jz_directory *directory, uint32_t facility,
                                                 const char *key) {
    uint32_t capability = jz_directory_capability_index(directory, key);
    if (facility >= directory->facility_count || capability == UINT32_MAX) return JZ_CAPABILITY_UNKNOWN;
    return (enum jz_capability_state)directory->facility[facility].capability[capability];
}
