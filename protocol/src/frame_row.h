/* SPDX-License-Identifier: Apache-2.0 */
/** @file frame_row.h  A frame kind as a table: one row a key (private to protocol/src).
 *
 *  Each kind's file states its rows once; decoding, encoding and range checks all follow them, so the three
 *  cannot disagree. Rows ascend by key, as the wire does. Source: protocol/jingzhu.cddl.
 */
#ifndef JZ_FRAME_ROW_H
#define JZ_FRAME_ROW_H
#include "jingzhu/codec.h"

enum jz_row_type {
    JZ_ROW_INT, /**< `size` bytes at `at`; min..max */
    JZ_ROW_BOOL,
    JZ_ROW_TEXT,   /**< struct jz_text; min..max bytes */
    JZ_ROW_BYTES,  /**< struct jz_bytes; min..max bytes */
    JZ_ROW_ID,     /**< struct jz_encounter_id */
    JZ_ROW_PAIRS,  /**< map code => min..max: items of 8 bytes at `at`, their count at `has` */
    JZ_ROW_ABSENT, /**< as PAIRS, but present only when there is one at least */
    JZ_ROW_LANES,  /**< map lane => min..max: uint64_t[JZ_LANE_COUNT] at `at`, 0 where absent */
    JZ_ROW_CODES, /**< array of codes: uint32_t[] at `at`, count (uint32_t) at `has`; min..max of the count */
    JZ_ROW_TEXTS, /**< array of short texts: struct jz_text[] at `at`, count at `has`; min..max of the count
                   */
    JZ_ROW_PLACE, /**< map of position: struct jz_point at `at` */
    JZ_ROW_TYPE_COUNT
};
enum jz_presence {
    JZ_ROW_REQUIRED,
    JZ_ROW_OPTIONAL,
    JZ_ROW_WITH_PREVIOUS, /**< present exactly when the row before is */
    JZ_ROW_UNLESS_AT_MS   /**< optional; absent means "as at_ms" */
};

struct jz_row {
    uint8_t key, type, presence, size;
    uint16_t at;  /**< offset in struct jz_frame */
    uint16_t has; /**< offset of the bool (or count) that says it is there; 0: the value itself says */
    int64_t min, max;
};

/** One kind of frame. */
struct jz_kind {
    enum jz_frame_kind kind;
    const char *name;
    bool is_stored;
    uint32_t row_count;
    const struct jz_row *row;
    /** What rows cannot say, or NULL. On decode and on encode; does not change the frame. */
    enum jz_status (*check)(const struct jz_frame *frame);
};

#define JZ_MS_MAX INT64_C(4102444800000)
#define JZ_SEQ_MAX INT64_C(9007199254740991)
#define JZ_LAT_E7_MAX INT64_C(900000000)
#define JZ_LON_E7_MAX INT64_C(1800000000)
#define JZ_ACCURACY_M_MAX INT64_C(100000)
#define JZ_ALERT_STATE_MAX INT64_C(10)

#define JZ_AT(field) ((uint16_t)offsetof(struct jz_frame, field))
#define JZ_SIZE(field) ((uint8_t)sizeof(((struct jz_frame *)0)->field))
#define JZ_INT(key, field, presence, min, max)                                                               \
    { key, JZ_ROW_INT, JZ_ROW_##presence, JZ_SIZE(field), JZ_AT(field), 0, min, max }
#define JZ_INT_IF(key, field, has, presence, min, max)                                                       \
    { key, JZ_ROW_INT, JZ_ROW_##presence, JZ_SIZE(field), JZ_AT(field), JZ_AT(has), min, max }
#define JZ_BOOL(key, field, presence)                                                                        \
    { key, JZ_ROW_BOOL, JZ_ROW_##presence, 0, JZ_AT(field), 0, 0, 1 }
#define JZ_BOOL_IF(key, field, has, presence)                                                                \
    { key, JZ_ROW_BOOL, JZ_ROW_##presence, 0, JZ_AT(field), JZ_AT(has), 0, 1 }
#define JZ_SHORT(key, field, presence)                                                                       \
    { key, JZ_ROW_TEXT, JZ_ROW_##presence, 0, JZ_AT(field), 0, 0, JZ_TEXT_BYTES_MAX }
#define JZ_LIST(key, type, field, count, presence, min, max)                                                 \
    { key, JZ_ROW_##type, JZ_ROW_##presence, 0, JZ_AT(field), JZ_AT(count), min, max }

/* The header. Keys 1 to 3 are those of a stored frame. */
#define JZ_HEADER_AT_MS JZ_INT(3, at_ms, REQUIRED, 0, JZ_MS_MAX)
#define JZ_HEADER_STORED                                                                                     \
    JZ_INT(1, lane, REQUIRED, 0, JZ_LANE_COUNT - 1), JZ_INT(2, seq, REQUIRED, 1, JZ_SEQ_MAX), JZ_HEADER_AT_MS
#define JZ_HEADER_ENCOUNTER(presence)                                                                        \
    { 4, JZ_ROW_ID, JZ_ROW_##presence, 0, JZ_AT(encounter), JZ_AT(has_encounter), 0, 0 }

#define JZ_KIND(kind, name, is_stored, rows, check)                                                          \
    { kind, name, is_stored, (uint32_t)(sizeof(rows) / sizeof(rows)[0]), rows, check }

/* The families; each file has one table of its kinds. */
extern const struct jz_kind jz_session_kinds[5], jz_encounter_kinds[3], jz_signal_kinds[2],
    jz_report_kinds[4], jz_server_kinds[4];

/** Reads `pairs` pairs by `rows`, after key 0 was taken. Errors stay in the reader, on the offending byte. */
void jz_rows_decode(struct jz_reader *r, uint32_t pairs, const struct jz_kind *kind, struct jz_frame *out);
/** Writes the whole map, key 0 included. Errors stay in the writer. */
void jz_rows_encode(struct jz_writer *w, const struct jz_kind *kind, const struct jz_frame *frame);

#endif /* JZ_FRAME_ROW_H */
