/* SPDX-License-Identifier: Apache-2.0 */
#include "jingzhu/field.h"

#include <assert.h>
#include <string.h>

#include "field_table.h"

uint32_t jz_field_count(void) {
    return jz_field_table_rows;
}

const struct jz_field *jz_field_at(uint32_t index) {
    assert(index < jz_field_table_rows);
    return &jz_field_table[index];
}

uint32_t jz_field_by_code(uint32_t code) {
    uint32_t low = 0, high = jz_field_table_rows;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (jz_field_table[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low < jz_field_table_rows && jz_field_table[low].code == code ? low : JZ_FIELD_UNKNOWN;
}

uint32_t jz_field_by_name(const char *name) {
    for (uint32_t i = 0; i < jz_field_table_rows; i++)
        if (strcmp(jz_field_table[i].name, name) == 0) return i;
    return JZ_FIELD_UNKNOWN;
}
