/* SPDX-License-Identifier: Apache-2.0 */
/* finding, medication, milestone, position: what the crew saw, gave and did, and where they are. */
#include "frame_row.h"

enum { DOSE_UG_MAX = 1000000000 };

static const struct jz_row finding_rows[] = {
    JZ_HEADER_STORED,
    JZ_HEADER_ENCOUNTER(REQUIRED),
    JZ_INT(8, finding.code, REQUIRED, 1, UINT32_MAX),
    JZ_INT(9, finding.value, REQUIRED, INT32_MIN, INT32_MAX),
    JZ_INT(10, finding.observer, OPTIONAL, 1, JZ_OBSERVER_MACHINE),
    JZ_SHORT(11, finding.note, OPTIONAL),
};
static const struct jz_row medication_rows[] = {
    JZ_HEADER_STORED,
    JZ_HEADER_ENCOUNTER(REQUIRED),
    JZ_SHORT(8, medication.drug, REQUIRED),
    JZ_INT(9, medication.dose_ug, REQUIRED, 1, DOSE_UG_MAX),
    JZ_INT(10, medication.route, REQUIRED, 1, JZ_ROUTE_INHALED),
    JZ_SHORT(11, medication.note, OPTIONAL),
};
static const struct jz_row milestone_rows[] = {
    JZ_HEADER_STORED,
    JZ_HEADER_ENCOUNTER(REQUIRED),
    JZ_INT(8, milestone.what, REQUIRED, 1, JZ_MILESTONE_COUNT - 1),
    JZ_INT(9, milestone.happened_ms, UNLESS_AT_MS, 1, JZ_MS_MAX),
};
static const struct jz_row position_rows[] = {
    JZ_HEADER_STORED,
    JZ_HEADER_ENCOUNTER(OPTIONAL),
    JZ_INT_IF(8, position.lat_e7, position.has, REQUIRED, -JZ_LAT_E7_MAX, JZ_LAT_E7_MAX),
    JZ_INT_IF(9, position.lon_e7, position.has, REQUIRED, -JZ_LON_E7_MAX, JZ_LON_E7_MAX),
    JZ_INT(10, position.accuracy_m, OPTIONAL, 0, JZ_ACCURACY_M_MAX),
};

const struct jz_kind jz_report_kinds[4] = {
    JZ_KIND(JZ_FRAME_FINDING, "finding", true, finding_rows, NULL),
    JZ_KIND(JZ_FRAME_MEDICATION, "medication", true, medication_rows, NULL),
    JZ_KIND(JZ_FRAME_MILESTONE, "milestone", true, milestone_rows, NULL),
    JZ_KIND(JZ_FRAME_POSITION, "position", true, position_rows, NULL),
};
