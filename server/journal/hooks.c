/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "journal.h"

static int64_t clock_ms(clockid_t clock) {
    struct timespec now;
    if (clock_gettime(clock, &now) != 0) abort(); /* the two clocks asked for exist on every Linux */
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t jz_hooks_utc_ms(const struct jz_hooks *hooks) {
    return hooks && hooks->utc_ms ? hooks->utc_ms(hooks->context) : clock_ms(CLOCK_REALTIME);
}

int64_t jz_hooks_mono_ms(const struct jz_hooks *hooks) {
    return hooks && hooks->mono_ms ? hooks->mono_ms(hooks->context) : clock_ms(CLOCK_MONOTONIC);
}

void jz_hooks_random(const struct jz_hooks *hooks, uint8_t *out, size_t bytes) {
    if (hooks && hooks->random) {
        hooks->random(hooks->context, out, bytes);
        return;
    }
    /* getrandom gives at most 256 bytes in one uninterrupted piece. A key made of anything less than real
     * randomness would be worse than no server, so failing here ends the process. */
    while (bytes > 0) {
        ssize_t got = getrandom(out, bytes < 256 ? bytes : 256, 0);
        if (got <= 0) abort();
        out += got;
        bytes -= (size_t)got;
    }
}
