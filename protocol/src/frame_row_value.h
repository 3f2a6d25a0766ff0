/* SPDX-License-Identifier: Apache-2.0 */
/** @file frame_row_value.h  The values a row can have, by type (private to protocol/src). */
#ifndef JZ_FRAME_ROW_VALUE_H
#define JZ_FRAME_ROW_VALUE_H
#include "frame_row.h"

/** Keeps the first error in the reader, with its cursor at `at`. */
void jz_reader_fail(struct jz_reader *r, enum jz_status status, size_t at);

typedef void jz_row_decoder(struct jz_reader *r, const struct jz_row *row, struct jz_frame *out);
typedef void jz_row_encoder(struct jz_writer *w, const struct jz_row *row, const struct jz_frame *frame);
typedef bool jz_row_presence(const struct jz_row *row, const struct jz_frame *frame);

/** Decode, encode, and "does the frame hold one", by enum jz_row_type. */
extern jz_row_decoder *const jz_row_decoders[JZ_ROW_TYPE_COUNT];
extern jz_row_encoder *const jz_row_encoders[JZ_ROW_TYPE_COUNT];
extern jz_row_presence *const jz_row_presences[JZ_ROW_TYPE_COUNT];

/** An integer field of the frame, whatever its size. */
int64_t jz_row_int(const struct jz_row *row, const struct jz_frame *frame);

#endif /* JZ_FRAME_ROW_VALUE_H */
