/* SPDX-License-Identifier: Apache-2.0 */
/** @file jingzhu/codec.h  Bytes to frames and back.
 *
 *  Order on the receiving side: jz_message_scan first (bounded, no allocation), then jz_frame_decode
 *  on each slice it found. Decoding bytes that were not scanned is a programmer error.
 *  Purity: no I/O, clock, allocation or global state; any thread.
 */
#ifndef JZ_CODEC_H
#define JZ_CODEC_H
#include "jingzhu/frame.h"

/** Where a frame lies in its message. */
struct jz_slice {
    uint32_t offset, bytes;
};

/** What the scan found. On failure: frames before `error_offset` are whole and may be used. */
struct jz_scan {
    uint32_t count;
    struct jz_slice frame[JZ_FRAMES_PER_MESSAGE_MAX];
    uint32_t error_offset; /**< of the first offending byte; 0 on success */
};

/** Bounded pre-scan of a whole message: depth, definite lengths, sizes, counts, shortest form,
 *  ascending map keys, no tags or floats, UTF-8, nothing left over; every frame a map whose first
 *  key is 0.
 *  @param[in]  message  Borrowed; `bytes` may be 0 (JZ_E_EMPTY).
 *  @param[out] out      Always written. */
JZ_MUST_CHECK enum jz_status jz_message_scan(const uint8_t *message, size_t bytes, struct jz_scan *out);

/** Decodes one scanned frame. Unknown keys are skipped; required keys and ranges are checked.
 *  @param[out] out           Fully written; on failure `kind`, `lane`, `seq` hold what was readable
 *                            (for the error frame), the rest is zero.
 *                            A number that is no kind of ours stays in `kind` (if it has 32 bits).
 *  @param[out] error_offset  Within the frame, may be NULL. The offending item; for a missing key, the
 *                            key that stands where it should be, or the frame's end. */
JZ_MUST_CHECK enum jz_status jz_frame_decode(const uint8_t *frame, size_t bytes, struct jz_frame *out,
                                             uint32_t *error_offset);

/** Encodes deterministically. PATIENT and FACILITY are not encoded here (server view): JZ_E_DIRECTION.
 *  Facts, readings and absences may stand in any order; they are written by ascending code.
 *  @param[out] written  Bytes used; 0 on failure. JZ_E_BUFFER when `capacity` is too small,
 *                       JZ_E_VALUE when a field is out of the grammar's range or a code is there twice,
 *                       JZ_E_MISSING_KEY when a required text, encounter or position is absent,
 *                       JZ_E_UTF8 when a text is not UTF-8, JZ_E_UNKNOWN_KIND. Bytes of `buffer`
 *                       behind `written` may have been overwritten. */
JZ_MUST_CHECK enum jz_status jz_frame_encode(const struct jz_frame *frame, uint8_t *buffer, size_t capacity,
                                             size_t *written);

/** Writer for deterministic CBOR: keeps the first error, so a message is a straight list of calls
 *  and one check at the end. Callers write map keys in ascending order. */
struct jz_writer {
    uint8_t *buffer;
    size_t capacity, used;
    enum jz_status status;
};
void jz_writer_init(struct jz_writer *w, uint8_t *buffer, size_t capacity);
void jz_write_uint(struct jz_writer *w, uint64_t value);
void jz_write_int(struct jz_writer *w, int64_t value);
void jz_write_bool(struct jz_writer *w, bool value);
void jz_write_null(struct jz_writer *w);
void jz_write_text(struct jz_writer *w, struct jz_text text);
void jz_write_cstr(struct jz_writer *w, const char *text);
void jz_write_bytes(struct jz_writer *w, const uint8_t *data, size_t bytes);
/** Whole items that another writer encoded. */
void jz_write_encoded(struct jz_writer *w, const uint8_t *data, size_t bytes);
void jz_write_array(struct jz_writer *w, uint64_t items);
void jz_write_map(struct jz_writer *w, uint64_t pairs);

/** Reader over scanned bytes, on libcbor's streaming decoder. First error sticks, with `at` on the offending
 *  item; after an error every read returns 0 / empty. Same bounds as the scan. */
struct jz_reader {
    const uint8_t *data;
    size_t bytes, at;
    /** Longest byte string and array taken; raise them after init only for what our own journal holds. */
    uint32_t bytes_max, items_max;
    enum jz_status status;
};
void jz_reader_init(struct jz_reader *r, const uint8_t *data, size_t bytes);
uint64_t jz_read_uint(struct jz_reader *r);
int64_t jz_read_int(struct jz_reader *r);
bool jz_read_bool(struct jz_reader *r);
struct jz_text jz_read_text(struct jz_reader *r);
struct jz_bytes jz_read_bytes(struct jz_reader *r);
uint32_t jz_read_array(struct jz_reader *r); /**< number of items */
uint32_t jz_read_map(struct jz_reader *r);   /**< number of pairs */
void jz_read_skip(struct jz_reader *r);      /**< one item, whatever it is; bounded, not recursive */

/** Waveform codec: lossless delta coding of integer samples, channel after channel.
 *  Layout: docs/protocol.md "Waveforms".
 *  JZ_E_VALUE: a sample or the shape is out of bounds (limits.h). JZ_E_BUFFER: `capacity` is too small;
 *  noise of full scale can need more than JZ_BYTES_MAX, then send fewer samples a segment.
 *  @param samples  channels x per_channel, channel-major. |value| <= 2^24. */
JZ_MUST_CHECK enum jz_status jz_wave_encode(const int32_t *samples, uint32_t channels, uint32_t per_channel,
                                            uint8_t *buffer, size_t capacity, size_t *written);
/** @param[out] samples  Capacity channels x per_channel; all of `coded` must be consumed, else JZ_E_VALUE.
 *                       On failure some of it may have been written. */
JZ_MUST_CHECK enum jz_status jz_wave_decode(struct jz_bytes coded, uint32_t channels, uint32_t per_channel,
                                            int32_t *samples);

/** Diagnostic notation (RFC 8949 section 8) of one well-formed item, e.g. {0: 11, 1: 2}. For people and
 * tests.
 *  @param[out] written  Length without the terminating 0; JZ_E_BUFFER if it does not fit. */
JZ_MUST_CHECK enum jz_status jz_diagnostic(const uint8_t *item, size_t bytes, char *buffer, size_t capacity,
                                           size_t *written);

#endif /* JZ_CODEC_H */
