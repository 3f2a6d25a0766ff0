/* SPDX-License-Identifier: Apache-2.0 */
/** @file bytes.h  Big-endian numbers in keys and hashes. */
#ifndef JZ_JOURNAL_BYTES_H
#define JZ_JOURNAL_BYTES_H
#include <stdint.h>

static inline uint64_t jz_get_be64(const uint8_t in[8]) {
    uint64_t value = 0;
    for (int i = 0; i < 8; i++) value = value << 8 | in[i];
    return value;
}

static inline void jz_put_be64(uint8_t out[8], uint64_t value) {
    for (int i = 7; i >= 0; i--) {
        out[i] = (uint8_t)value;
        value >>= 8;
    }
}

#endif /* JZ_JOURNAL_BYTES_H */
