/* SPDX-License-Identifier: Apache-2.0 */
/** @file utf8.h  Is this text UTF-8? (private to protocol/src) */
#ifndef JZ_UTF8_H
#define JZ_UTF8_H
#include <stddef.h>
#include <stdint.h>

/** Length of the longest valid prefix: equal to `bytes` when all of it is UTF-8.
 *  Overlong forms, surrogates and values above U+10FFFF are not (RFC 3629 section 4). */
size_t jz_utf8_valid(const uint8_t *text, size_t bytes);

#endif /* JZ_UTF8_H */
