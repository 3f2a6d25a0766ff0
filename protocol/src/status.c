/* SPDX-License-Identifier: Apache-2.0 */
#include "jingzhu/status.h"

#include <stddef.h>

struct status_row {
    enum jz_status status;
    const char *name, *text;
};
#define STATUS_ROW(name, number, text) {name, #name, text},
static const struct status_row status_rows[] = {JZ_STATUS_LIST(STATUS_ROW)};
#undef STATUS_ROW
static const struct status_row unknown_row = {JZ_OK, "JZ_?", "a status number this version does not know"};

static const struct status_row *find_row(enum jz_status status) {
    for (size_t i = 0; i < sizeof status_rows / sizeof status_rows[0]; i++)
        if (status_rows[i].status == status) return &status_rows[i];
    return &unknown_row;
}

const char *jz_status_name(enum jz_status status) {
    return find_row(status)->name;
}

const char *jz_status_text(enum jz_status status) {
    return find_row(status)->text;
}
