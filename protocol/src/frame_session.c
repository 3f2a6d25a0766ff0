/* SPDX-License-Identifier: Apache-2.0 */
/* hello, welcome, error, ack, clock: the connection itself. */
#include "frame_row.h"

enum { CLOCK_OFFSET_MS_MAX = 86400000, STATUS_NUMBER_MAX = 999, ACK_LEVEL_MAX = 2 };

static const struct jz_row hello_rows[] = {
    JZ_HEADER_AT_MS,
    JZ_INT(8, hello.version, REQUIRED, 1, UINT16_MAX),
    JZ_INT(9, hello.epoch, REQUIRED, 1, UINT32_MAX),
    JZ_SHORT(10, hello.software, OPTIONAL),
};
static const struct jz_row welcome_rows[] = {
    JZ_HEADER_AT_MS,
    JZ_INT(8, welcome.version, REQUIRED, 1, UINT16_MAX),
    JZ_INT(9, welcome.hello_ms, REQUIRED, 0, JZ_MS_MAX),
    JZ_INT(10, welcome.received_ms, REQUIRED, 0, JZ_MS_MAX),
    {11, JZ_ROW_LANES, JZ_ROW_REQUIRED, 0, JZ_AT(welcome.resume), 0, 0, JZ_SEQ_MAX},
    JZ_INT(12, welcome.ack_level, REQUIRED, 1, ACK_LEVEL_MAX),
    JZ_SHORT(13, welcome.person, OPTIONAL),
    JZ_INT(14, welcome.role, OPTIONAL, 1, JZ_ROLE_COUNT - 1),
    JZ_SHORT(15, welcome.facility, OPTIONAL),
    JZ_BOOL_IF(16, welcome.simulation, welcome.has_simulation, OPTIONAL),
};
static const struct jz_row error_rows[] = {
    JZ_HEADER_AT_MS,
    JZ_INT(8, error.status, REQUIRED, 1, STATUS_NUMBER_MAX),
    JZ_INT(9, error.refused_kind, OPTIONAL, 0, UINT32_MAX),
    JZ_INT_IF(10, error.lane, error.has_seq, OPTIONAL, 0, JZ_LANE_COUNT - 1),
    JZ_INT_IF(11, error.seq, error.has_seq, WITH_PREVIOUS, 1, JZ_SEQ_MAX),
    JZ_INT_IF(12, error.offset, error.has_offset, OPTIONAL, 0, UINT32_MAX),
    JZ_SHORT(13, error.text, REQUIRED),
};
static const struct jz_row ack_rows[] = {
    {8, JZ_ROW_LANES, JZ_ROW_REQUIRED, 0, JZ_AT(ack.seq), 0, 1, JZ_SEQ_MAX},
    JZ_INT(9, ack.level, REQUIRED, 1, ACK_LEVEL_MAX),
};
static const struct jz_row clock_rows[] = {
    JZ_HEADER_AT_MS,
    JZ_INT_IF(8, clock.received_ms, clock.answered, OPTIONAL, 0, JZ_MS_MAX),
    JZ_INT_IF(9, clock.sent_ms, clock.answered, WITH_PREVIOUS, 0, JZ_MS_MAX),
    JZ_INT_IF(10, clock.offset_ms, clock.has_estimate, OPTIONAL, -CLOCK_OFFSET_MS_MAX, CLOCK_OFFSET_MS_MAX),
    JZ_INT_IF(11, clock.uncertainty_ms, clock.has_estimate, WITH_PREVIOUS, 0, CLOCK_OFFSET_MS_MAX),
};

const struct jz_kind jz_session_kinds[5] = {
    JZ_KIND(JZ_FRAME_HELLO, "hello", false, hello_rows, NULL),
    JZ_KIND(JZ_FRAME_WELCOME, "welcome", false, welcome_rows, NULL),
    JZ_KIND(JZ_FRAME_ERROR, "error", false, error_rows, NULL),
    JZ_KIND(JZ_FRAME_ACK, "ack", false, ack_rows, NULL),
    JZ_KIND(JZ_FRAME_CLOCK, "clock", false, clock_rows, NULL),
};
