/* SPDX-License-Identifier: Apache-2.0 */
/* Decisions as journal records: deterministic CBOR maps. Replay makes them anew and compares the bytes.
 * Header keys: 0 record type, 1 number, 2 when, 3 kind, 4 encounter. */
#include <assert.h>

#include "pair.h"

enum decision_kind { ASSESSMENT = 1, PRIORITY, RANKING, ALERT, DIRECTIVE, PHASE };

/* The most one encounter's event can decide: every rule, a ranking, its alerts, and the rest. */
#define DECISIONS_PER_ENCOUNTER 48u
#define BYTES_PER_ENCOUNTER 32768u

bool jz_outcome_has_room(const struct jz_outcome *out) {
    return out->decision_count + DECISIONS_PER_ENCOUNTER <= JZ_OUTCOME_DECISIONS_MAX &&
           out->buffer_used + BYTES_PER_ENCOUNTER <= JZ_OUTCOME_BYTES_MAX &&
           out->touched_count < JZ_TOUCHED_MAX;
}

static struct jz_writer begin(struct jz_core *core, enum decision_kind kind, uint64_t pairs,
                              const struct jz_encounter *e, struct jz_outcome *out) {
    struct jz_writer w;
    jz_writer_init(&w, out->buffer + out->buffer_used, JZ_OUTCOME_BYTES_MAX - out->buffer_used);
    jz_write_map(&w, pairs + 5u);
    jz_pair_uint(&w, 0, JZ_RECORD_DECISION);
    jz_pair_uint(&w, 1, ++core->head.decisions);
    jz_pair_int(&w, 2, core->head.now_ms);
    jz_pair_uint(&w, 3, kind);
    jz_pair_bytes(&w, 4, e->id.byte, sizeof e->id.byte);
    return w;
}

static void end(const struct jz_writer *w, struct jz_outcome *out) {
    assert(w->status == JZ_OK && out->decision_count < JZ_OUTCOME_DECISIONS_MAX);
    out->decision[out->decision_count++] = (struct jz_slice){out->buffer_used, (uint32_t)w->used};
    out->buffer_used += (uint32_t)w->used;
}

void jz_decide_assessment(struct jz_core *core, const struct jz_encounter *e, uint32_t rule,
                          const struct jz_assessment *a, struct jz_outcome *out) {
    const struct jz_rule_info *info = jz_program_rule(core->program, rule);
    struct jz_writer w = begin(core, ASSESSMENT, 11, e, out);
    jz_pair_text(&w, 5, info->id);
    jz_pair_text(&w, 6, info->version);
    jz_pair_uint(&w, 7, a->status);
    jz_pair_int(&w, 8, a->lo);
    jz_pair_int(&w, 9, a->hi);
    jz_pair_text(&w, 10,
                 a->level == JZ_LEVEL_NONE ? "" : jz_program_level(core->program, rule, a->level)->id);
    jz_pair_uint(&w, 11, a->priority);
    jz_pair_conditions(&w, 12, core->program, a->conditions);
    jz_pair_fields(&w, 13, a->missing);
    jz_pair_fields(&w, 14, a->stale);
    jz_pair_used(&w, 15, a);
    end(&w, out);
}

void jz_decide_priority(struct jz_core *core, const struct jz_encounter *e, struct jz_outcome *out) {
    struct jz_writer w = begin(core, PRIORITY, 2, e, out);
    jz_pair_uint(&w, 5, e->priority);
    jz_pair_conditions(&w, 6, core->program, e->conditions);
    end(&w, out);
}

void jz_decide_ranking(struct jz_core *core, const struct jz_encounter *e, const struct jz_ranking *ranking,
                       struct jz_outcome *out) {
    struct jz_writer w = begin(core, RANKING, 5, e, out);
    jz_pair_text(&w, 5, e->provider);
    jz_pair_conditions(&w, 6, core->program, e->conditions);
    jz_pair_uint(&w, 7, ranking->goal);
    jz_pair_candidates(&w, 8, core->directory, ranking);
    jz_pair_exclusions(&w, 9, core->directory, ranking);
    end(&w, out);
}

void jz_decide_alert(struct jz_core *core, uint32_t slot, const struct jz_alert_record *alert,
                     struct jz_outcome *out) {
    struct jz_writer w = begin(core, ALERT, 9, &core->encounter[slot], out);
    jz_pair_uint(&w, 5, alert->id);
    jz_pair_text(&w, 6, core->directory->facility[alert->facility].id);
    jz_pair_uint(&w, 7, alert->state);
    jz_pair_uint(&w, 8, alert->occurrence);
    jz_pair_uint(&w, 9, alert->priority);
    jz_pair_conditions(&w, 10, core->program, alert->conditions);
    jz_pair_uint(&w, 11, alert->escalated);
    jz_pair_text(&w, 12, alert->person);
    jz_pair_uint(&w, 13, alert->reason);
    end(&w, out);
}

void jz_decide_directive(struct jz_core *core, const struct jz_encounter *e, struct jz_outcome *out) {
    struct jz_writer w = begin(core, DIRECTIVE, 5, e, out);
    jz_pair_uint(&w, 5, e->directive_number);
    jz_pair_uint(&w, 6, e->directive);
    jz_pair_uint(&w, 7, e->directive_alert);
    jz_pair_uint(&w, 8, e->directive_state);
    jz_pair_uint(&w, 9, e->directive_measure == 255 ? 0 : jz_field_at(e->directive_measure)->code);
    end(&w, out);
}

void jz_decide_phase(struct jz_core *core, const struct jz_encounter *e, struct jz_outcome *out) {
    struct jz_writer w = begin(core, PHASE, 2, e, out);
    jz_pair_uint(&w, 5, e->phase);
    jz_pair_uint(&w, 6, e->close_reason);
    end(&w, out);
}
