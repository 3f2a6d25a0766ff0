/* SPDX-License-Identifier: Apache-2.0 */
/** @file crc32c.h  CRC-32C (Castagnoli, RFC 3720 section 12.1): finds torn and flipped outbox records. */
#ifndef JZ_CRC32C_H
#define JZ_CRC32C_H
#include <stddef.h>
#include <stdint.h>

/** Goes on from `crc`, which is 0 for the first piece. */
uint32_t jz_crc32c(uint32_t crc, const void *data, size_t bytes);

#endif /* JZ_CRC32C_H */
