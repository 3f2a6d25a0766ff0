/* SPDX-License-Identifier: Apache-2.0 */
/** @file cbor_head.h  The head of one CBOR item, under the protocol's rules (private to protocol/src).
 *
 *  Everything this protocol forbids by form alone is refused here and nowhere else: tags, floats, reserved
 *  and simple values, indefinite lengths, and arguments that are not in their shortest form.
 *  Source: RFC 8949 sections 3 and 4.2.1.
 */
#ifndef JZ_CBOR_HEAD_H
#define JZ_CBOR_HEAD_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "jingzhu/status.h"

enum jz_major {
    JZ_MAJOR_UINT,
    JZ_MAJOR_NEGATIVE,
    JZ_MAJOR_BYTES,
    JZ_MAJOR_TEXT,
    JZ_MAJOR_ARRAY,
    JZ_MAJOR_MAP,
    JZ_MAJOR_TAG,
    JZ_MAJOR_SIMPLE
};
enum { JZ_SIMPLE_FALSE = 20, JZ_SIMPLE_TRUE = 21, JZ_SIMPLE_NULL = 22 };
enum { JZ_INFO_ONE_BYTE = 24, JZ_INFO_RESERVED = 28, JZ_INFO_INDEFINITE = 31 };

struct jz_head {
    uint8_t major;     /**< enum jz_major; never JZ_MAJOR_TAG */
    uint8_t bytes;     /**< length of the head itself */
    uint64_t argument; /**< value, length, count, or simple value */
};

/* The smallest argument that needs 1, 2, 4 and 8 bytes. */
static const uint64_t jz_shortest_minimum[4] = {24u, UINT64_C(1) << 8, UINT64_C(1) << 16, UINT64_C(1) << 32};

/* Big-endian argument of `size` bytes at `at`. One load and a shift where eight bytes may be read. */
static inline uint64_t jz_argument(const uint8_t *at, size_t left, unsigned size) {
    uint64_t argument = 0;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (left >= sizeof argument) {
        memcpy(&argument, at, sizeof argument);
        return __builtin_bswap64(argument) >> (64 - 8 * size);
    }
#else
    (void)left;
#endif
    for (unsigned i = 0; i < size; i++) argument = argument << 8 | at[i];
    return argument;
}

static inline enum jz_status jz_head_read_long(const uint8_t *at, size_t left, struct jz_head *out) {
    unsigned info = at[0] & 31u;
    if (out->major >= JZ_MAJOR_TAG) return JZ_E_RESERVED;
    if (info >= JZ_INFO_RESERVED)
        return info == JZ_INFO_INDEFINITE && out->major >= JZ_MAJOR_BYTES ? JZ_E_INDEFINITE : JZ_E_RESERVED;
    unsigned size = 1u << (info - JZ_INFO_ONE_BYTE);
    if (left - 1 < size) return JZ_E_TRUNCATED;
    out->argument = jz_argument(at + 1, left - 1, size);
    out->bytes = (uint8_t)(1 + size);
    return out->argument < jz_shortest_minimum[info - JZ_INFO_ONE_BYTE] ? JZ_E_NOT_CANONICAL : JZ_OK;
}

/** Reads the head at `at`. @param left  Bytes from `at` to the end; 0 is JZ_E_TRUNCATED. */
JZ_MUST_CHECK static inline enum jz_status jz_head_read(const uint8_t *at, size_t left, struct jz_head *out) {
    if (left == 0) return JZ_E_TRUNCATED;
    unsigned info = at[0] & 31u;
    out->major = at[0] >> 5;
    out->bytes = 1;
    out->argument = info;
    if (info >= JZ_INFO_ONE_BYTE) return jz_head_read_long(at, left, out);
    if (out->major < JZ_MAJOR_TAG) return JZ_OK;
    if (out->major == JZ_MAJOR_TAG || info < JZ_SIMPLE_FALSE || info > JZ_SIMPLE_NULL) return JZ_E_RESERVED;
    return JZ_OK;
}

#endif /* JZ_CBOR_HEAD_H */
