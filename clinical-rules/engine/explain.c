/* SPDX-License-Identifier: Apache-2.0 */
#include "explain.h"

#include <string.h>

void jz_explain_used(const struct jz_lens *lens, const struct jz_rule *rule, const uint8_t *points,
                     struct jz_assessment *out) {
    for (uint32_t i = 0; i < rule->info.input_count; i++) {
        uint32_t field = rule->input[i];
        const struct jz_reading *reading = &lens->chart->latest[field];
        if (!jz_is_known(reading)) continue;
        bool stale = rule->fresh_ms[i] && lens->now_ms - reading->taken_ms > rule->fresh_ms[i];
        if (stale) out->stale |= 1ull << field;
        uint8_t at = out->used_count++;
        out->used[at].taken_ms = reading->taken_ms;
        out->used[at].value = reading->value;
        out->used[at].field = (uint8_t)field;
        out->used[at].points = points ? points[field] : 0;
        out->used[at].validity = stale ? JZ_STALE : JZ_VALID;
    }
}

uint8_t jz_explain_next(const struct jz_rule *rule, const uint16_t *narrow) {
    uint8_t best = JZ_FIELD_NONE;
    uint16_t most = 0;
    for (uint32_t i = 0; i < rule->info.input_count; i++)
        if (narrow[rule->input[i]] > most) {
            most = narrow[rule->input[i]];
            best = (uint8_t)rule->input[i];
        }
    return best;
}

uint8_t jz_explain_ask(const struct jz_rule *rule, uint64_t ask) {
    for (uint32_t i = 0; i < rule->info.input_count; i++)
        if (ask >> rule->input[i] & 1u) return (uint8_t)rule->input[i];
    return JZ_FIELD_NONE;
}
