/* SPDX-License-Identifier: Apache-2.0 */
#include "explain.h"

static bool is_stale(const struct jz_lens *lens, uint32_t input, const struct jz_reading *reading) {
    int64_t fresh_ms = lens->rule->fresh_ms[input];
    return fresh_ms && lens->now_ms - reading->taken_ms > fresh_ms;
}

uint16_t jz_explain_stale(const struct jz_lens *lens) {
    for (uint32_t i = 0; i < lens->rule->info.input_count; i++) {
        const struct jz_reading *reading = jz_known(lens->chart, lens->rule->input[i]);
        if (reading && is_stale(lens, i, reading)) return lens->rule->input[i];
    }
    return JZ_FIELD_NONE;
}

void jz_explain_used(const struct jz_lens *lens, struct jz_assessment *out) {
    for (uint32_t i = 0; i < lens->rule->info.input_count; i++) {
        const struct jz_reading *reading = jz_known(lens->chart, lens->rule->input[i]);
        if (!reading) continue;
        bool stale = is_stale(lens, i, reading);
        if (stale) out->stale |= 1ull << i;
        uint8_t at = out->used_count++;
        out->used[at].taken_ms = reading->taken_ms;
        out->used[at].value = reading->value;
        out->used[at].field = lens->rule->input[i];
        out->used[at].validity = stale ? JZ_STALE : JZ_VALID;
        out->used[at].input = (uint8_t)i;
    }
}
