/* SPDX-License-Identifier: Apache-2.0 */
/** @file directory.h  The hospitals of a region and what each can do, from directory.yaml.
 *
 *  In simulation mode an unconfirmed capability counts as the file's `sim` value (ASSUMED or ABSENT; UNKNOWN
 *  where the file gives none) and every screen says so; in live mode it is UNKNOWN and never silently used.
 *  The format is described in data/guiyang-directory.yaml and docs/routing.md. */
#ifndef JZ_DIRECTORY_H
#define JZ_DIRECTORY_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jingzhu/limits.h"
#include "jingzhu/rules.h" /* struct jz_pack_error */
#include "jingzhu/status.h"

#define JZ_DIRECTORY_BYTES_MAX 1048576u /**< of the YAML text */

/** Index of a facility: a byte where that is enough, since records of patients hold many. */
#if JZ_FACILITIES_MAX < 256u
typedef uint8_t jz_facility_index;
#define JZ_FACILITY_NONE UINT8_MAX
#else
typedef uint16_t jz_facility_index;
#define JZ_FACILITY_NONE UINT16_MAX
#endif
_Static_assert(JZ_FACILITIES_MAX <= 16384u, "the sort keys of a ranking hold 14 bits of it");

/** A set of facilities by index. */
struct jz_facility_set {
    uint64_t word[(JZ_FACILITIES_MAX + 63u) / 64u];
};
static inline bool jz_facility_set_has(const struct jz_facility_set *set, uint32_t facility) {
    return set->word[facility / 64u] >> (facility % 64u) & 1u;
}
static inline void jz_facility_set_add(struct jz_facility_set *set, uint32_t facility) {
    set->word[facility / 64u] |= UINT64_C(1) << (facility % 64u);
}
static inline void jz_facility_set_remove(struct jz_facility_set *set, uint32_t facility) {
    set->word[facility / 64u] &= ~(UINT64_C(1) << (facility % 64u));
}

enum jz_capability_state {
    JZ_CAPABILITY_ABSENT,
    JZ_CAPABILITY_CONFIRMED,
    JZ_CAPABILITY_ASSUMED,
    JZ_CAPABILITY_UNKNOWN
};

struct jz_facility {
    char id[16], name_zh[64], name_en[96], partner_zh[48]; /**< UTF-8, terminated; partner "" where none */
    int32_t lat_e7, lon_e7;
    uint32_t accuracy_m;                     /**< how far off the position may be; 0: not stated */
    uint8_t capability[JZ_CAPABILITIES_MAX]; /**< enum jz_capability_state, by capability index */
    bool children_only;                      /**< kind "children": takes no adult */
};
struct jz_directory {
    uint32_t facility_count, capability_count;
    bool simulation;
    char capability[JZ_CAPABILITIES_MAX][32]; /**< keys: "pci_24h" */
    struct jz_facility facility[JZ_FACILITIES_MAX];
};

/** Parses and checks a whole directory. Load time only: it allocates (libfyaml) and frees before it returns.
 *  @param name  For messages: the file as the operator knows it.
 *  @param[out] out    Caller's storage; all zero on failure.
 *  @param[out] error  Written on failure: file, line and column (from 1), cure.
 *  @retval JZ_E_CONFIG  The text is not a directory.
 *  @retval JZ_E_MEMORY  No memory to parse it. */
JZ_MUST_CHECK enum jz_status jz_directory_parse(const char *name, const char *yaml, size_t bytes,
                                                bool simulation, struct jz_directory *out,
                                                struct jz_pack_error *error);
/** Index, or UINT32_MAX. Pure. */
uint32_t jz_directory_facility(const struct jz_directory *directory, const char *id, size_t id_bytes);
/** Index of a capability key, or UINT32_MAX where the directory does not list it. Pure. */
uint32_t jz_directory_capability_index(const struct jz_directory *directory, const char *key);
/** State of a capability at a facility; a key the directory does not know is UNKNOWN. Pure. */
enum jz_capability_state jz_directory_capability(const struct jz_directory *directory, uint32_t facility,
                                                 const char *key);

#endif /* JZ_DIRECTORY_H */
