/* SPDX-License-Identifier: Apache-2.0 */
/* encounter-open, encounter-update, encounter-close: one patient's episode. */
#include "frame_row.h"

static const struct jz_row open_rows[] = {
    JZ_HEADER_STORED,
    JZ_HEADER_ENCOUNTER(REQUIRED),
    JZ_INT(8, open.complaint, REQUIRED, 1, JZ_COMPLAINT_PREGNANCY),
    JZ_LIST(9, PAIRS, open.facts.item, open.facts.count, OPTIONAL, INT32_MIN, INT32_MAX),
    JZ_SHORT(10, open.callsign, OPTIONAL),
    {11, JZ_ROW_PLACE, JZ_ROW_OPTIONAL, 0, JZ_AT(open.position), 0, 0, 0},
};
static const struct jz_row update_rows[] = {
    JZ_HEADER_STORED,
    JZ_HEADER_ENCOUNTER(REQUIRED),
    JZ_LIST(9, PAIRS, update.facts.item, update.facts.count, OPTIONAL, INT32_MIN, INT32_MAX),
    JZ_SHORT(10, update.callsign, OPTIONAL),
};
static const struct jz_row close_rows[] = {
    JZ_HEADER_STORED,
    JZ_HEADER_ENCOUNTER(REQUIRED),
    JZ_INT(8, close.reason, REQUIRED, 1, JZ_CLOSE_DIED),
};

const struct jz_kind jz_encounter_kinds[3] = {
    JZ_KIND(JZ_FRAME_ENCOUNTER_OPEN, "encounter-open", true, open_rows, NULL),
    JZ_KIND(JZ_FRAME_ENCOUNTER_UPDATE, "encounter-update", true, update_rows, NULL),
    JZ_KIND(JZ_FRAME_ENCOUNTER_CLOSE, "encounter-close", true, close_rows, NULL),
};
