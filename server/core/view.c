/* SPDX-License-Identifier: Apache-2.0 */
/* Frames for consoles and devices, encoded from durable state. Grammar: protocol/jingzhu.cddl. */
#include <string.h>

#include "pair.h"

uint32_t jz_core_encounter_count(const struct jz_core *core) {
    return core->head.encounter_count;
}
uint32_t jz_core_facility_count(const struct jz_core *core) {
    return core->directory ? core->directory->facility_count : 0;
}
struct jz_encounter_id jz_core_encounter_id(const struct jz_core *core, uint32_t slot) {
    return core->encounter[slot].id;
}
bool jz_core_encounter_slot(const struct jz_core *core, struct jz_encounter_id id, uint32_t *slot) {
    return jz_encounter_find((struct jz_core *)core, id, slot) != NULL; /* finding changes nothing */
}
bool jz_core_alert_of(const struct jz_core *core, uint64_t alert, const char **facility, uint32_t *slot) {
    const struct jz_alert_record *a = jz_alert_find(core, alert, slot);
    if (!a) return false;
    *facility = core->directory->facility[a->facility].id;
    return true;
}
bool jz_core_encounter_is_open(const struct jz_core *core, uint32_t slot) {
    return core->encounter[slot].phase != JZ_PHASE_CLOSED;
}
uint64_t jz_core_directive_number(const struct jz_core *core, uint32_t slot) {
    return core->encounter[slot].directive_number;
}
void jz_core_encounter_device(const struct jz_core *core, uint32_t slot, uint8_t peer[16]) {
    memcpy(peer, core->encounter[slot].device, 16);
}

uint32_t jz_core_alerts_of(const struct jz_core *core, uint32_t slot, uint64_t *ids, uint32_t capacity) {
    const struct jz_encounter *e = &core->encounter[slot];
    for (uint32_t i = 0; i < e->alert_count && i < capacity; i++) ids[i] = jz_alerts(core, slot)[i].id;
    return e->alert_count;
}

bool jz_core_facility_sees(const struct jz_core *core, const char *facility, uint32_t slot) {
    const struct jz_encounter *e = &core->encounter[slot];
    for (uint32_t i = 0; i < e->alert_count; i++) {
        const struct jz_alert_record *a = &jz_alerts(core, slot)[i];
        bool shown =
            a->state != JZ_ALERT_WITHDRAWN && a->state != JZ_ALERT_DECLINED && a->state != JZ_ALERT_EXPIRED;
        if (shown && strcmp(core->directory->facility[a->facility].id, facility) == 0) return true;
    }
    return false;
}

/* --- pieces
 * ---------------------------------------------------------------------------------------------------- */

/* The order in which codes ascend: map keys must, field rows need not. */
static uint32_t fields_by_code(uint32_t order[JZ_FIELDS_MAX]) {
    uint32_t count = jz_field_count();
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = i;
        while (at > 0 && jz_field_at(order[at - 1u])->code > jz_field_at(i)->code) {
            order[at] = order[at - 1u];
            at--;
        }
        order[at] = i;
    }
    return count;
}

static uint8_t shown_validity(const struct jz_reading *r, const struct jz_field *field, int64_t now_ms) {
    bool aged = field->fresh_s > 0 && now_ms - r->taken_ms > (int64_t)field->fresh_s * 1000;
    return r->validity == JZ_VALID && aged ? (uint8_t)JZ_STALE : r->validity;
}

static void readings(struct jz_writer *w, const struct jz_encounter *e, int64_t now_ms) {
    uint32_t order[JZ_FIELDS_MAX], count = fields_by_code(order), present = 0;
    for (uint32_t i = 0; i < count; i++) present += e->chart.latest[i].validity != JZ_ABSENT;
    jz_write_uint(w, 13);
    jz_write_map(w, present);
    for (uint32_t i = 0; i < count; i++) {
        const struct jz_reading *r = &e->chart.latest[order[i]];
        const struct jz_field *field = jz_field_at(order[i]);
        if (r->validity == JZ_ABSENT) continue;
        jz_write_uint(w, field->code);
        jz_write_array(w, 3);
        jz_write_int(w, r->value);
        jz_write_int(w, r->taken_ms);
        jz_write_uint(w, shown_validity(r, field, now_ms));
    }
}

static void assessment(struct jz_writer *w, const struct jz_core *core, uint32_t rule,
                       const struct jz_assessment *a) {
    const struct jz_rule_info *info = jz_program_rule(core->program, rule);
    const struct jz_level_info *level =
        a->level == JZ_LEVEL_NONE ? NULL : jz_program_level(core->program, rule, a->level);
    jz_write_map(w, 15u + (level != NULL) + (a->priority != 0) + (a->measure_next != 255));
    jz_pair_text(w, 0, info->id);
    jz_pair_uint(w, 1, a->status);
    jz_pair_int(w, 2, a->lo);
    jz_pair_int(w, 3, a->hi);
    jz_pair_bool(w, 4, a->complete);
    if (level) jz_pair_text(w, 5, level->id);
    if (a->priority) jz_pair_uint(w, 6, a->priority);
    jz_pair_fields(w, 7, a->missing);
    if (a->measure_next != 255) jz_pair_uint(w, 8, jz_field_at(a->measure_next)->code);
    jz_pair_used(w, 9, a);
    jz_pair_int(w, 10, a->evaluated_ms);
    jz_pair_text(w, 11, level ? level->title_zh : info->title_zh);
    jz_pair_text(w, 12, level ? level->title_en : info->title_en);
    jz_pair_text(w, 13, level ? level->action_zh : "");
    jz_pair_text(w, 14, level ? level->action_en : "");
    jz_pair_text(w, 15, info->version);
    jz_pair_text(w, 16, info->source);
    jz_pair_bool(w, 17, info->signed_off);
}

static void assessments(struct jz_writer *w, const struct jz_core *core, const struct jz_encounter *e) {
    uint32_t rules = core->program ? jz_program_rule_count(core->program) : 0, count = 0;
    for (uint32_t i = 0; i < rules; i++)
        count += e->rule[i].evaluated_ms && e->rule[i].status != JZ_RULE_NOT_APPLICABLE;
    jz_write_uint(w, 14);
    jz_write_array(w, count);
    for (uint32_t i = 0; i < rules; i++) {
        if (!e->rule[i].evaluated_ms || e->rule[i].status == JZ_RULE_NOT_APPLICABLE) continue;
        struct jz_assessment a;
        jz_rule_evaluate(core->program, &e->chart, i, e->rule[i].evaluated_ms, &a);
        assessment(w, core, i, &a);
    }
}

static void milestones(struct jz_writer *w, const struct jz_encounter *e) {
    uint64_t count = 0;
    for (uint32_t i = 1; i < JZ_MILESTONE_COUNT; i++) count += e->milestone[i] != 0;
    jz_write_uint(w, 16);
    jz_write_map(w, count);
    for (uint32_t i = 1; i < JZ_MILESTONE_COUNT; i++)
        if (e->milestone[i]) jz_pair_int(w, i, e->milestone[i]);
}

static void ranking(struct jz_writer *w, const struct jz_core *core, const struct jz_encounter *e) {
    struct jz_ranking rank;
    jz_rank_encounter(core, e, &rank);
    jz_write_uint(w, 17);
    jz_write_map(w, 5);
    jz_pair_int(w, 0, e->travel_ms ? e->travel_ms : e->last_ms);
    jz_pair_text(w, 1, e->provider);
    jz_pair_candidates(w, 2, core->directory, &rank);
    jz_pair_exclusions(w, 3, core->directory, &rank);
    jz_pair_uint(w, 4, rank.goal);
}

static void position(struct jz_writer *w, const struct jz_encounter *e) {
    jz_write_uint(w, 19);
    jz_write_array(w, 3);
    jz_write_int(w, e->lat_e7);
    jz_write_int(w, e->lon_e7);
    jz_write_int(w, e->position_ms);
}

static void trend(struct jz_writer *w, const struct jz_encounter *e) {
    static const char *const column[JZ_TREND_COLUMNS] = {"hr", "spo2", "sbp", "dbp", "rr", "temp_c"};
    jz_write_uint(w, 20);
    jz_write_array(w, e->trend_count);
    for (uint32_t i = 0; i < e->trend_count; i++) {
        const struct jz_trend_row *row =
            &e->trend[(e->trend_next + JZ_TREND_ROWS - e->trend_count + i) % JZ_TREND_ROWS];
        jz_write_array(w, 2);
        jz_write_int(w, row->ms);
        jz_write_array(w, JZ_TREND_COLUMNS);
        for (uint32_t c = 0; c < JZ_TREND_COLUMNS; c++) {
            if (row->value[c] == JZ_TREND_NULL)
                jz_write_null(w);
            else
                jz_write_int(w, row->value[c]);
        }
    }
    jz_write_uint(w, 21);
    jz_write_array(w, JZ_TREND_COLUMNS);
    for (uint32_t c = 0; c < JZ_TREND_COLUMNS; c++)
        jz_write_uint(w, jz_field_at(jz_field_by_name(column[c]))->code);
}

/* --- frames
 * ------------------------------------------------------------------------------------------------------ */

/* Needs a hospital, has none, and no clock is running that would find one. */
static bool needs_person(const struct jz_core *core, const struct jz_encounter *e, uint32_t slot) {
    bool finding = e->travel_wanted_ms && e->alert_count == 0;
    return e->wants_alert && e->phase == JZ_PHASE_OPEN && !e->destination_alert && !finding &&
           !jz_alert_waits(core, slot);
}

enum jz_status jz_view_patient(const struct jz_core *core, uint32_t slot, int64_t now_ms,
                               struct jz_writer *w) {
    const struct jz_encounter *e = &core->encounter[slot];
    bool ranked = e->wants_alert && core->directory, stuck = needs_person(core, e, slot);
    jz_write_map(w, 15u + (e->callsign[0] != 0) + ranked + (e->position_ms != 0) + stuck);
    jz_pair_uint(w, 0, JZ_FRAME_PATIENT);
    jz_pair_int(w, 3, now_ms);
    jz_pair_bytes(w, 4, e->id.byte, sizeof e->id.byte);
    jz_pair_uint(w, 8, e->priority);
    jz_pair_uint(w, 9, e->complaint);
    jz_pair_uint(w, 10, e->phase);
    jz_pair_int(w, 11, e->opened_ms);
    if (e->callsign[0]) jz_pair_text(w, 12, e->callsign);
    readings(w, e, now_ms);
    assessments(w, core, e);
    jz_pair_conditions(w, 15, core->program, e->conditions);
    milestones(w, e);
    if (ranked) ranking(w, core, e);
    jz_write_uint(w, 18);
    jz_write_array(w, e->alert_count);
    for (uint32_t i = 0; i < e->alert_count; i++) jz_write_uint(w, jz_alerts(core, slot)[i].id);
    if (e->position_ms) position(w, e);
    trend(w, e);
    jz_pair_int(w, 22, e->last_ms);
    if (stuck) jz_pair_bool(w, 23, true);
    return w->status;
}

enum jz_status jz_view_alert(const struct jz_core *core, uint64_t id, int64_t now_ms, struct jz_writer *w) {
    uint32_t slot = 0;
    const struct jz_alert_record *a = jz_alert_find(core, id, &slot);
    if (!a) return JZ_E_UNKNOWN_ALERT;
    int64_t due_ms = a->due_ms;
    bool answered = a->person[0] != 0;
    jz_write_map(w, 12u + answered + (a->reason != 0) + (a->reason_text[0] != 0) + (a->travel_s != 0));
    jz_pair_uint(w, 0, JZ_FRAME_ALERT);
    jz_pair_int(w, 3, now_ms);
    jz_pair_bytes(w, 4, core->encounter[slot].id.byte, sizeof core->encounter[slot].id.byte);
    jz_pair_uint(w, 8, id);
    jz_pair_text(w, 9, core->directory->facility[a->facility].id);
    jz_pair_uint(w, 10, a->state);
    jz_pair_int(w, 11, a->raised_ms);
    jz_pair_int(w, 12, due_ms == JZ_NEVER ? a->raised_ms + JZ_ANSWER_LIMIT_MS : due_ms);
    jz_pair_uint(w, 13, a->priority);
    jz_pair_bool(w, 14, a->escalated);
    if (answered) jz_pair_text(w, 15, a->person);
    if (a->reason) jz_pair_uint(w, 16, a->reason);
    if (a->reason_text[0]) jz_pair_text(w, 17, a->reason_text);
    jz_pair_conditions(w, 18, core->program, a->conditions);
    if (a->travel_s) jz_pair_uint(w, 19, a->travel_s);
    jz_pair_uint(w, 20, a->occurrence);
    return w->status;
}

enum jz_status jz_view_facility(const struct jz_core *core, uint32_t facility, struct jz_writer *w) {
    const struct jz_facility *f = &core->directory->facility[facility];
    jz_write_map(w, 7u + (f->partner_zh[0] != 0));
    jz_pair_uint(w, 0, JZ_FRAME_FACILITY);
    jz_pair_text(w, 8, f->id);
    jz_pair_text(w, 9, f->name_zh);
    jz_pair_text(w, 10, f->name_en);
    jz_pair_int(w, 11, f->lat_e7);
    jz_pair_int(w, 12, f->lon_e7);
    if (f->partner_zh[0]) jz_pair_text(w, 13, f->partner_zh);
    jz_write_uint(w, 14);
    jz_write_array(w, core->directory->capability_count);
    for (uint32_t i = 0; i < core->directory->capability_count; i++) {
        jz_write_array(w, 2);
        jz_write_cstr(w, core->directory->capability[i]);
        jz_write_uint(w, f->capability[i]);
    }
    return w->status;
}

enum jz_status jz_view_directive(const struct jz_core *core, uint32_t slot, int64_t now_ms,
                                 struct jz_writer *w) {
    const struct jz_encounter *e = &core->encounter[slot];
    if (!e->directive_number) return JZ_E_UNKNOWN_ENCOUNTER;
    const struct jz_alert_record *a = jz_alert_find(core, e->directive_alert, NULL);
    const struct jz_facility *f = a ? &core->directory->facility[a->facility] : NULL;
    bool measure = e->directive_measure != 255;
    jz_write_map(w, 5u + (f ? 4u : 0u) + (a && a->person[0]) + (a && a->travel_s) + measure);
    jz_pair_uint(w, 0, JZ_FRAME_DIRECTIVE);
    jz_pair_int(w, 3, now_ms);
    jz_pair_bytes(w, 4, e->id.byte, sizeof e->id.byte);
    jz_pair_uint(w, 8, e->directive_number);
    jz_pair_uint(w, 9, e->directive ? e->directive : JZ_DIRECTIVE_MEASURE);
    if (f) {
        jz_pair_text(w, 10, f->id);
        jz_pair_text(w, 11, f->name_zh);
        jz_pair_text(w, 12, f->name_en);
        jz_pair_uint(w, 13, a->state);
        if (a->person[0]) jz_pair_text(w, 14, a->person);
        if (a->travel_s) jz_pair_uint(w, 15, a->travel_s);
    }
    if (measure) jz_pair_uint(w, 16, jz_field_at(e->directive_measure)->code);
    return w->status;
}
