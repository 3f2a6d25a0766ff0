/* SPDX-License-Identifier: Apache-2.0 */
/** @file cbor_write.h  Heads of items, inline: most of what a frame consists of (private to protocol/src). */
#ifndef JZ_CBOR_WRITE_H
#define JZ_CBOR_WRITE_H
#include "cbor_head.h"
#include "jingzhu/codec.h"

enum { JZ_HEAD_BYTES_MAX = 9 };

/** Room for `bytes` more, or NULL with the first error kept. */
static inline uint8_t *jz_write_reserve(struct jz_writer *w, size_t bytes) {
    if (w->status != JZ_OK) return NULL;
    if (w->capacity - w->used < bytes) {
        w->status = JZ_E_BUFFER;
        return NULL;
    }
    uint8_t *at = w->buffer + w->used;
    w->used += bytes;
    return at;
}

/** Which of 1, 2, 4 or 8 bytes an argument of 24 or more needs: 0 to 3. */
static inline unsigned jz_size_class(uint64_t argument) {
    return (unsigned)(argument >= jz_shortest_minimum[1]) + (argument >= jz_shortest_minimum[2]) +
           (argument >= jz_shortest_minimum[3]);
}

static inline void jz_write_long_head(struct jz_writer *w, enum jz_major major, uint64_t argument) {
    unsigned size_class = jz_size_class(argument), size = 1u << size_class;
    uint8_t *at = jz_write_reserve(w, 1 + size);
    if (!at) return;
    at[0] = (uint8_t)(((unsigned)major << 5) | (JZ_INFO_ONE_BYTE + size_class));
    uint64_t wire = argument << (64 - 8 * size);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    wire = __builtin_bswap64(wire);
#endif
    /* One store where there is room behind; what follows in the message overwrites the excess. */
    if (w->capacity - w->used >= sizeof wire)
        memcpy(at + 1, &wire, sizeof wire);
    else
        memcpy(at + 1, &wire, size);
}

static inline void jz_write_head(struct jz_writer *w, enum jz_major major, uint64_t argument) {
    if (argument >= JZ_INFO_ONE_BYTE) {
        jz_write_long_head(w, major, argument);
        return;
    }
    uint8_t *at = jz_write_reserve(w, 1);
    if (at) at[0] = (uint8_t)(((unsigned)major << 5) | (unsigned)argument);
}

static inline void jz_write_int_head(struct jz_writer *w, int64_t value) {
    if (value >= 0)
        jz_write_head(w, JZ_MAJOR_UINT, (uint64_t)value);
    else
        jz_write_head(w, JZ_MAJOR_NEGATIVE, ~(uint64_t)value); /* -1 - value */
}

#endif /* JZ_CBOR_WRITE_H */
