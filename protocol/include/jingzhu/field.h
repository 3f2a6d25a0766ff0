/* SPDX-License-Identifier: Apache-2.0 */
/** @file jingzhu/field.h  The table of fields (protocol/fields.csv), generated into C at build time.
 *
 *  A field's dense index is its row; indexes are for memory only, codes are for wire and journal. */
#ifndef JZ_FIELD_H
#define JZ_FIELD_H
#include <stdint.h>

struct jz_field {
    uint32_t code;
    const char *term;  /**< IEEE 11073 reference id or JZ_ private term */
    const char *name;  /**< canonical name in rule packs: "sbp" */
    char kind;         /**< 'v' vital, 'f' finding, 'a' fact */
    int32_t scale;     /**< wire value = physical value * scale */
    const char *unit;  /**< UCUM */
    int32_t min, max;  /**< plausible range of the wire value */
    int32_t fresh_s;   /**< 0: does not age */
    const char *loinc; /**< "" where there is none */
    const char *zh, *en;
};
#define JZ_FIELD_UNKNOWN UINT32_MAX

uint32_t jz_field_count(void);
const struct jz_field *jz_field_at(uint32_t index); /**< index < count */
uint32_t jz_field_by_code(uint32_t code);           /**< index or JZ_FIELD_UNKNOWN; O(log n) */
uint32_t jz_field_by_name(const char *name);        /**< index or JZ_FIELD_UNKNOWN; load time only */

#endif /* JZ_FIELD_H */
