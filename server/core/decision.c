/* SPDX-License-Identifier: Apache-2.0 */
/* Decisions as journal records: deterministic CBOR maps. Replay makes them anew and compares the bytes.
 * Header keys: 0 record type, 1 number, 2 when, 3 kind, 4 encounter (ACTIVATION has none). */
#include <assert.h>

#include "pair.h"

#define PACKS_BYTES 8u /* of the hash that ACTIVATION gives in full */

/* The most one encounter's event can decide: every rule, each alert twice, and a ranking, a priority, a phase and
 * directives. Nothing of it is ever left out, so the outcome has room for the longest records there can be. An id is
 * at most 63 bytes (the loader refuses longer ones), a key, head or small number at most 9. */
#define ID_BYTES 66u
#define CODE_BYTES 5u
#define HEAD_BYTES 64u
#define CONDITIONS_BYTES (4u + JZ_CONDITIONS_MAX * ID_BYTES)
#define INPUTS_BYTES (4u + JZ_INPUTS_MAX * CODE_BYTES)
#define USED_BYTES (4u + JZ_INPUTS_MAX * 21u) /* array of 4, code, value, time, yes or no */
#define ITEMS_BYTES (4u + JZ_ITEMS_PER_RULE_MAX * 7u)
#define ASSESSMENT_BYTES                                                                                     \
    (HEAD_BYTES + 4u * ID_BYTES + 32u + CONDITIONS_BYTES + 2u * INPUTS_BYTES + USED_BYTES + ITEMS_BYTES)
#define ALERT_BYTES (HEAD_BYTES + 2u * ID_BYTES + 256u + CONDITIONS_BYTES)
#define OTHERS 192u /* two a record of an alert, two a team, three a target, and the rest */
#define RANKING_BYTES (HEAD_BYTES + 64u + CONDITIONS_BYTES + 2u * JZ_FACILITIES_MAX * (2u * ID_BYTES + 24u))
#define DECISIONS_PER_ENCOUNTER (JZ_RULES_MAX + OTHERS)
#define BYTES_PER_ENCOUNTER (JZ_RULES_MAX * ASSESSMENT_BYTES + OTHERS * ALERT_BYTES + 2u * RANKING_BYTES)
_Static_assert(DECISIONS_PER_ENCOUNTER * 2u <= JZ_OUTCOME_DECISIONS_MAX, "two patients of the worst kind");
_Static_assert(BYTES_PER_ENCOUNTER + 65536u <= JZ_OUTCOME_BYTES_MAX, "one, after many of the common kind");
_Static_assert(2u * JZ_ALERTS_PER_ENCOUNTER_MAX + 8u <= OTHERS, "each alert twice");

bool jz_outcome_has_room(const struct jz_outcome *out) {
    return out->decision_count + DECISIONS_PER_ENCOUNTER <= JZ_OUTCOME_DECISIONS_MAX &&
           out->buffer_used + BYTES_PER_ENCOUNTER <= JZ_OUTCOME_BYTES_MAX &&
           out->touched_count < JZ_TOUCHED_MAX;
}

/* @param e  NULL: of no patient. */
struct jz_writer jz_decision_begin(struct jz_core *core, enum jz_decision_kind kind, uint64_t pairs,
                                   const struct jz_encounter *e, struct jz_outcome *out) {
    struct jz_writer w;
    jz_writer_init(&w, out->buffer + out->buffer_used, JZ_OUTCOME_BYTES_MAX - out->buffer_used);
    jz_write_map(&w, pairs + (e ? 5u : 4u));
    jz_pair_uint(&w, 0, JZ_RECORD_DECISION);
    jz_pair_uint(&w, 1, ++core->head.decisions);
    jz_pair_int(&w, 2, core->head.now_ms);
    jz_pair_uint(&w, 3, kind);
    if (e) jz_pair_bytes(&w, 4, e->id.byte, sizeof e->id.byte);
    return w;
}

void jz_decision_end(const struct jz_writer *w, struct jz_outcome *out) {
    assert(w->status == JZ_OK && out->decision_count < JZ_OUTCOME_DECISIONS_MAX);
    out->decision[out->decision_count++] = (struct jz_slice){out->buffer_used, (uint32_t)w->used};
    out->buffer_used += (uint32_t)w->used;
}

static const char *level_id(const struct jz_core *core, uint32_t rule, uint8_t level) {
    return level == JZ_LEVEL_NONE ? "" : jz_program_level(core->program, rule, level)->id;
}

/* Least and most points of each item of a score, in its order. */
static void write_points(struct jz_writer *w, uint64_t key, const struct jz_assessment *a) {
    jz_write_uint(w, key);
    jz_write_array(w, a->item_count);
    for (uint32_t i = 0; i < a->item_count; i++) {
        jz_write_array(w, 2);
        jz_write_int(w, a->item[i].lo);
        jz_write_int(w, a->item[i].hi);
    }
}

/* Keys: 5 rule, 6 version, 7 status, 8 and 9 lowest and highest score, 10 level, 11 priority, 12 conditions, 13 missing,
 * 14 stale, 15 used, 16 level if all that is missing were at its worst, 17 points, 18 which packs. Titles, actions and
 * sources are in the packs. */
void jz_decide_assessment(struct jz_core *core, const struct jz_encounter *e, uint32_t rule,
                          struct jz_outcome *out) {
    const struct jz_rule_info *info = jz_program_rule(core->program, rule);
    struct jz_assessment a;
    jz_rule_evaluate(core->program, &e->chart, rule, core->head.now_ms, &a);
    struct jz_writer w = jz_decision_begin(core, JZ_DECISION_ASSESSMENT, 14, e, out);
    jz_pair_text(&w, 5, info->id);
    jz_pair_text(&w, 6, info->version);
    jz_pair_uint(&w, 7, a.result.status);
    jz_pair_int(&w, 8, a.result.lo);
    jz_pair_int(&w, 9, a.result.hi);
    jz_pair_text(&w, 10, level_id(core, rule, a.result.level));
    jz_pair_uint(&w, 11, a.priority);
    jz_pair_conditions(&w, 12, core->program, a.conditions);
    jz_pair_inputs(&w, 13, info, a.missing);
    jz_pair_inputs(&w, 14, info, a.stale);
    jz_pair_used(&w, 15, &a);
    jz_pair_text(&w, 16, level_id(core, rule, a.result.level_hi));
    write_points(&w, 17, &a);
    jz_pair_bytes(&w, 18, jz_program_hash(core->program), PACKS_BYTES);
    jz_decision_end(&w, out);
}

void jz_decide_priority(struct jz_core *core, const struct jz_encounter *e, struct jz_outcome *out) {
    struct jz_writer w = jz_decision_begin(core, JZ_DECISION_PRIORITY, 2, e, out);
    jz_pair_uint(&w, 5, e->priority);
    jz_pair_conditions(&w, 6, core->program, e->conditions);
    jz_decision_end(&w, out);
}

void jz_decide_ranking(struct jz_core *core, const struct jz_encounter *e, const struct jz_ranking *ranking,
                       struct jz_outcome *out) {
    struct jz_writer w = jz_decision_begin(core, JZ_DECISION_RANKING, 5, e, out);
    jz_pair_text(&w, 5, e->provider);
    jz_pair_conditions(&w, 6, core->program, e->conditions);
    jz_pair_uint(&w, 7, ranking->goal);
    jz_pair_candidates(&w, 8, core->directory, ranking);
    jz_pair_exclusions(&w, 9, core->directory, ranking);
    jz_decision_end(&w, out);
}

/* Keys: 5 id, 6 facility, 7 state, 8 occurrence, 9 priority, 10 conditions, 11 escalated, 12 person, 13 reason, 14 rungs taken,
 * 15 grade, 16 not received, 17 standby, 18 told that it is off, 19 words of the reason. */
void jz_decide_alert(struct jz_core *core, uint32_t slot, const struct jz_alert_record *alert,
                     struct jz_outcome *out) {
    struct jz_writer w = jz_decision_begin(core, JZ_DECISION_ALERT, 15, &core->encounter[slot], out);
    jz_pair_uint(&w, 5, alert->id);
    jz_pair_text(&w, 6, core->directory->facility[alert->facility].id);
    jz_pair_uint(&w, 7, alert->state);
    jz_pair_uint(&w, 8, alert->occurrence);
    jz_pair_uint(&w, 9, alert->priority);
    jz_pair_conditions(&w, 10, core->program, alert->conditions);
    jz_pair_uint(&w, 11, alert->escalated);
    jz_pair_text(&w, 12, alert->person);
    jz_pair_uint(&w, 13, alert->reason);
    jz_pair_uint(&w, 14, alert->rung);
    jz_pair_uint(&w, 15, alert->grade);
    jz_pair_uint(&w, 16, alert->technical);
    jz_pair_uint(&w, 17, alert->standby);
    jz_pair_uint(&w, 18, alert->told);
    jz_pair_text(&w, 19, alert->reason_text);
    jz_decision_end(&w, out);
}

void jz_decide_directive(struct jz_core *core, const struct jz_encounter *e, struct jz_outcome *out) {
    struct jz_writer w = jz_decision_begin(core, JZ_DECISION_DIRECTIVE, 5, e, out);
    jz_pair_uint(&w, 5, e->directive_number);
    jz_pair_uint(&w, 6, e->directive);
    jz_pair_uint(&w, 7, e->directive_alert);
    jz_pair_uint(&w, 8, e->directive_state);
    jz_pair_uint(&w, 9, e->directive_measure == JZ_FIELD_NONE ? 0 : jz_field_at(e->directive_measure)->code);
    jz_decision_end(&w, out);
}

void jz_decide_phase(struct jz_core *core, const struct jz_encounter *e, struct jz_outcome *out) {
    struct jz_writer w = jz_decision_begin(core, JZ_DECISION_PHASE, 2, e, out);
    jz_pair_uint(&w, 5, e->phase);
    jz_pair_uint(&w, 6, e->close_reason);
    jz_decision_end(&w, out);
}

/* Keys: 5 the person, 6 SHA-256 of the packs, 7 their rules: id, version, in force, signed by a clinician. */
void jz_decide_activation(struct jz_core *core, const char *person, struct jz_outcome *out) {
    uint32_t count = jz_program_rule_count(core->program);
    struct jz_writer w = jz_decision_begin(core, JZ_DECISION_ACTIVATION, 3, NULL, out);
    jz_pair_text(&w, 5, person);
    jz_pair_bytes(&w, 6, jz_program_hash(core->program), 32);
    jz_write_uint(&w, 7);
    jz_write_array(&w, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct jz_rule_info *rule = jz_program_rule(core->program, i);
        jz_write_array(&w, 4);
        jz_write_cstr(&w, rule->id);
        jz_write_cstr(&w, rule->version);
        jz_write_bool(&w, rule->enabled);
        jz_write_bool(&w, rule->signed_off);
    }
    jz_decision_end(&w, out);
}
