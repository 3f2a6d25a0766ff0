/* SPDX-License-Identifier: Apache-2.0 */
/** @file field_table.h  What protocol/tools/fields.awk makes of protocol/fields/ (private to protocol/src). */
#ifndef JZ_FIELD_TABLE_H
#define JZ_FIELD_TABLE_H
#include "jingzhu/field.h"

extern const struct jz_field jz_field_table[]; /**< ascending by code */
extern const uint32_t jz_field_table_rows;

#endif /* JZ_FIELD_TABLE_H */
