/* SPDX-License-Identifier: Apache-2.0 */
#include "steady.h"

#include "event_log.h"

static int64_t steady_utc_ms(void *context) {
    struct jz_steady *s = context;
    int64_t mono = jz_hooks_mono_ms(s->real), utc = s->utc_ms + (mono - s->mono_ms);
    int64_t off = jz_hooks_utc_ms(s->real) - utc;
    bool stepped = off > JZ_CLOCK_STEP_MS || off < -JZ_CLOCK_STEP_MS;
    s->mono_ms = mono;
    s->utc_ms = off > 0 && !stepped ? utc + off : utc;
    if (stepped && !s->stepped) jz_log(JZ_LOG_CLOCK_STEPPED, NULL);
    s->stepped = stepped;
    return s->utc_ms;
}

static int64_t steady_mono_ms(void *context) {
    return jz_hooks_mono_ms(((struct jz_steady *)context)->real);
}

static void steady_random(void *context, uint8_t *out, size_t bytes) {
    jz_hooks_random(((struct jz_steady *)context)->real, out, bytes);
}

void jz_steady_start(struct jz_steady *steady, const struct jz_hooks *real) {
    *steady = (struct jz_steady){.real = real,
                                 .hooks = {.utc_ms = steady_utc_ms,
                                           .mono_ms = steady_mono_ms,
                                           .random = steady_random,
                                           .context = steady},
                                 .utc_ms = jz_hooks_utc_ms(real),
                                 .mono_ms = jz_hooks_mono_ms(real)};
}

void jz_steady_not_before(struct jz_steady *steady, int64_t utc_ms) {
    if (steady->utc_ms < utc_ms) steady->utc_ms = utc_ms;
}
