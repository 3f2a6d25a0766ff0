/* SPDX-License-Identifier: Apache-2.0 */
/** @file certificate.h  Which device a certificate speaks for, and which certificates speak for none any more.
 *
 *  The identity is the one subjectAltName URI `urn:device:<uuid>`, read by OpenSSL's parser, never by matching text
 *  of the subject. A chain that verifies is not enough: usage and identity are checked here as well.
 *  Threads  No global state; a loaded list is read-only. */
#ifndef JZ_CERTIFICATE_H
#define JZ_CERTIFICATE_H
#include <openssl/types.h>

#include "users.h" /* struct jz_identity_error */

#define JZ_REVOKED_MAX 65536u
#define JZ_SERIAL_BYTES_MAX 20u /**< RFC 5280 section 4.1.2.2 */

struct jz_revoked; /**< serials, sorted */

/** @param[out] uuid  16 bytes, zeroed on failure.
 *  @retval JZ_E_TLS  Not an end-entity certificate for client authentication (extended key usage must say so), or
 *                    it has no `urn:device:` URI, more than one, or one that is no lower-case UUID. */
JZ_MUST_CHECK enum jz_status jz_certificate_device(const X509 *certificate, uint8_t uuid[16]);

/** One serial a line, hexadecimal, with or without colons; # starts a comment line. "" or NULL: an empty list. */
JZ_MUST_CHECK enum jz_status jz_revoked_load(const char *file, struct jz_revoked **revoked,
                                             struct jz_identity_error *error);
void jz_revoked_free(struct jz_revoked *revoked);
/** True as well for a serial that is longer than RFC 5280 allows: what cannot be looked up is not trusted. */
bool jz_revoked_has(const struct jz_revoked *revoked, const X509 *certificate);

#endif /* JZ_CERTIFICATE_H */
