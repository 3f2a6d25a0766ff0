/* SPDX-License-Identifier: Apache-2.0 */
#include "clock.h"

#include <openssl/rand.h>
#include <stdlib.h>
#include <time.h>

static int64_t read_ms(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t net_utc_ms(const struct jz_hooks *hooks) {
    return hooks && hooks->utc_ms ? hooks->utc_ms(hooks->context) : read_ms(CLOCK_REALTIME);
}

int64_t net_mono_ms(const struct jz_hooks *hooks) {
    return hooks && hooks->mono_ms ? hooks->mono_ms(hooks->context) : read_ms(CLOCK_MONOTONIC);
}

void net_random(const struct jz_hooks *hooks, uint8_t *out, size_t bytes) {
    if (hooks && hooks->random)
        hooks->random(hooks->context, out, bytes);
    else if (RAND_bytes(out, (int)bytes) != 1)
        abort();
}
