/* SPDX-License-Identifier: Apache-2.0 */
/** @file jingzhu/field.h  The table of fields (protocol/fields/), generated into C at build time.
 *
 *  A field's dense index is its row; indexes are for memory only, codes are for wire and journal. */
#ifndef JZ_FIELD_H
#define JZ_FIELD_H
#include <stdbool.h>
#include <stdint.h>

/** What people say for one value of an enumeration or yes/no field (protocol/words.csv). */
struct jz_field_text {
    int32_t value;
    const char *zh, *en;
};

struct jz_field {
    uint32_t code;
    const char *term;  /**< IEEE 11073 reference id or JZ_ private term */
    const char *name;  /**< canonical name in rule packs: "sbp" */
    char kind;         /**< 'v' vital, 'f' finding, 'a' fact, 'e' event */
    int32_t scale;     /**< wire value = physical value * scale */
    const char *unit;  /**< UCUM, or {bool} {enum} {date} {event} {relative} {count} */
    int32_t min, max;  /**< plausible range of the wire value */
    int32_t fresh_s;   /**< 0: does not age */
    int32_t spike;     /**< distance from the median of three that needs confirming; 0: no gate */
    int32_t spike_row; /**< 0.. among fields with a gate, -1: none */
    const char *loinc; /**< "" where there is none */
    const char *words; /**< of an {enum}: "A=1 C=2"; "no=0 yes=1" for {bool}; else "" */
    const struct jz_field_text *text; /**< of every word, in their order; ends with zh NULL. NULL: no words */
    const char *zh, *en;
};
#define JZ_FIELD_UNKNOWN UINT32_MAX

uint32_t jz_field_count(void);
const struct jz_field *jz_field_at(uint32_t index); /**< index < count */
uint32_t jz_field_by_code(uint32_t code);           /**< index or JZ_FIELD_UNKNOWN; O(log n) */
uint32_t jz_field_by_name(const char *name);        /**< index or JZ_FIELD_UNKNOWN; load time only */
/** The value of a word of an enumeration or yes/no field. @return false: no such word. Load time only. */
bool jz_field_word(uint32_t index, const char *word, int32_t *value);
/** The word of a value. @return length, and where it begins in `words`; 0: the field has none. */
uint32_t jz_field_word_of(uint32_t index, int32_t value, const char **word);
/** The texts of a value that has a word; NULL: it has none. */
const struct jz_field_text *jz_field_text_of(uint32_t index, int32_t value);

#endif /* JZ_FIELD_H */
