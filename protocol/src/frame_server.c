/* SPDX-License-Identifier: Apache-2.0 */
/* directive, alert, alert-answer, action: what the server tells, and what people answer and do. */
#include "frame_row.h"

enum { TRAVEL_S_MAX = 86400, REASON_MAX = 20, PRIORITY_MAX = 5 };

static const struct jz_row directive_rows[] = {
    JZ_HEADER_AT_MS,
    JZ_HEADER_ENCOUNTER(REQUIRED),
    JZ_INT(8, directive.number, REQUIRED, 1, JZ_SEQ_MAX),
    JZ_INT(9, directive.what, REQUIRED, 1, JZ_DIRECTIVE_MEASURE),
    JZ_SHORT(10, directive.facility, OPTIONAL),
    JZ_SHORT(11, directive.name_zh, OPTIONAL),
    JZ_SHORT(12, directive.name_en, OPTIONAL),
    JZ_INT(13, directive.alert_state, OPTIONAL, 1, JZ_ALERT_STATE_MAX),
    JZ_SHORT(14, directive.person, OPTIONAL),
    JZ_INT_IF(15, directive.travel_s, directive.has_travel, OPTIONAL, 0, TRAVEL_S_MAX),
    JZ_INT(16, directive.measure_code, OPTIONAL, 1, UINT32_MAX),
};
static const struct jz_row alert_rows[] = {
    JZ_HEADER_AT_MS,
    JZ_HEADER_ENCOUNTER(REQUIRED),
    JZ_INT(8, alert.id, REQUIRED, 1, JZ_SEQ_MAX),
    JZ_SHORT(9, alert.facility, REQUIRED),
    JZ_INT(10, alert.state, REQUIRED, 1, JZ_ALERT_STATE_MAX),
    JZ_INT(11, alert.raised_ms, REQUIRED, 0, JZ_MS_MAX),
    JZ_INT(12, alert.due_ms, REQUIRED, 0, JZ_MS_MAX),
    JZ_INT(13, alert.priority, REQUIRED, 1, PRIORITY_MAX),
    JZ_BOOL(14, alert.escalated, REQUIRED),
    JZ_SHORT(15, alert.person, OPTIONAL),
    JZ_INT(16, alert.reason, OPTIONAL, 0, REASON_MAX),
    JZ_SHORT(17, alert.reason_text, OPTIONAL),
    JZ_LIST(18, TEXTS, alert.condition, alert.condition_count, REQUIRED, 0, JZ_CONDITIONS_MAX),
    JZ_INT_IF(19, alert.travel_s, alert.has_travel, OPTIONAL, 0, TRAVEL_S_MAX),
    JZ_INT(20, alert.occurrence, REQUIRED, 1, UINT8_MAX),
};
static const struct jz_row answer_rows[] = {
    JZ_HEADER_STORED,
    JZ_INT(8, answer.alert, REQUIRED, 1, JZ_SEQ_MAX),
    JZ_INT(9, answer.to, REQUIRED, JZ_ALERT_RAISED, JZ_ALERT_HANDED_OVER),
    JZ_INT(10, answer.reason, OPTIONAL, 0, REASON_MAX),
    JZ_SHORT(11, answer.text, OPTIONAL),
};

static const struct jz_row action_rows[] = {
    JZ_HEADER_STORED,
    JZ_HEADER_ENCOUNTER(OPTIONAL),
    JZ_INT(8, action.what, REQUIRED, 1, JZ_ACTION_COUNT - 1),
    JZ_SHORT(9, action.facility, OPTIONAL),
    JZ_INT(10, action.code, OPTIONAL, 1, UINT32_MAX),
    JZ_INT_IF(11, action.value, action.has_value, OPTIONAL, INT32_MIN, INT32_MAX),
    JZ_INT(12, action.ms, OPTIONAL, 1, JZ_MS_MAX),
    JZ_INT(13, action.reason, OPTIONAL, 1, JZ_REASON_COUNT - 1),
    JZ_SHORT(14, action.text, OPTIONAL),
    {15, JZ_ROW_ID, JZ_ROW_OPTIONAL, 0, JZ_AT(action.other), JZ_AT(action.has_other), 0, 0},
    JZ_INT(16, action.number, OPTIONAL, 1, JZ_SEQ_MAX),
};

const struct jz_kind jz_server_kinds[4] = {
    JZ_KIND(JZ_FRAME_DIRECTIVE, "directive", false, directive_rows, NULL),
    JZ_KIND(JZ_FRAME_ALERT, "alert", false, alert_rows, NULL),
    JZ_KIND(JZ_FRAME_ALERT_ANSWER, "alert-answer", true, answer_rows, NULL),
    JZ_KIND(JZ_FRAME_ACTION, "action", true, action_rows, NULL),
};
