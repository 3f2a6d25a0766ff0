/* SPDX-License-Identifier: Apache-2.0 */
/** @file clock.h  Time and randomness through the owner's hooks; the real thing where a hook is absent. */
#ifndef JZ_NET_CLOCK_H
#define JZ_NET_CLOCK_H
#include "journal.h"

int64_t net_utc_ms(const struct jz_hooks *hooks);
int64_t net_mono_ms(const struct jz_hooks *hooks);
/** Aborts when the system has no randomness: no secret may be guessable. */
void net_random(const struct jz_hooks *hooks, uint8_t *out, size_t bytes);

#endif /* JZ_NET_CLOCK_H */
