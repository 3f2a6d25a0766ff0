/* SPDX-License-Identifier: Apache-2.0 */
/** @file chain.h  The hash chain over a shard's records: h[i] = SHA-256(h[i-1] | offset | key | body).
 *
 *  The offset is eight bytes, big endian. All parts but the last have a fixed size, so no two records hash
 * alike. The database's own check says "ok" to a flipped bit in a stored body; this one does not (cluster.md,
 * 0.5). Threads: one jz_chain belongs to one thread at a time.
 */
#ifndef JZ_CHAIN_H
#define JZ_CHAIN_H
#include <stddef.h>
#include <stdint.h>

#include "jingzhu/status.h"

#define JZ_CHAIN_BYTES 32u

/** Reused for every record: fetching the algorithm anew would cost more than hashing 200 bytes. */
struct jz_chain {
    void *context;
};

/** @retval JZ_E_MEMORY  no SHA-256 to be had. Pairs with jz_chain_close. */
JZ_MUST_CHECK enum jz_status jz_chain_open(struct jz_chain *chain);
void jz_chain_close(struct jz_chain *chain);
/** @param[out] out  may be the same storage as `previous`. Unspecified unless JZ_OK. */
JZ_MUST_CHECK enum jz_status jz_chain_next(struct jz_chain *chain, const uint8_t previous[32],
                                           uint64_t offset, const uint8_t key[16], const uint8_t *body,
                                           uint32_t bytes, uint8_t out[32]);
/** SHA-256 of two pieces after each other. */
JZ_MUST_CHECK enum jz_status jz_chain_digest(struct jz_chain *chain, const void *head, size_t head_bytes,
                                             const void *rest, size_t rest_bytes, uint8_t out[32]);

#endif /* JZ_CHAIN_H */
