/* SPDX-License-Identifier: Apache-2.0 */
/** @file fleet.h  A certificate for each device of a fleet, signed at start by a throw-away authority.
 *
 *  All devices share one P-256 key: the server's work is the same, and 5,000 certificates take a second. */
#ifndef JZ_BENCH_FLEET_H
#define JZ_BENCH_FLEET_H
#include <openssl/types.h>
#include <stdint.h>

#include "jingzhu/status.h"

#define FLEET_DEVICES_MAX 10000u

struct fleet {
    EVP_PKEY *key;
    X509 **certificate; /**< of device i; SAN urn:device:00000000-0000-4000-8000-<i, 12 hex digits> */
    uint32_t count;
};

/** @param ca, ca_key  PEM files of the authority that the server trusts.
 *  @param[out] fleet  Owned; fleet_deinit also after a failure.
 *  @retval JZ_E_FILE  An authority file cannot be read. @retval JZ_E_TLS  OpenSSL refused to make one. */
JZ_MUST_CHECK enum jz_status fleet_init(struct fleet *fleet, const char *ca, const char *ca_key,
                                        uint32_t count);
void fleet_deinit(struct fleet *fleet);

#endif /* JZ_BENCH_FLEET_H */
