/* SPDX-License-Identifier: Apache-2.0 */
/* Frames for consoles and devices, encoded from durable state. Grammar: protocol/jingzhu.cddl. */
#include <string.h>

#include "pair.h"

#define ASSESSMENTS_MAX                                                                                      \
    24u /* in one patient frame: what a person can take in, and a third of what must fit */

uint32_t jz_core_encounter_count(const struct jz_core *core) {
    return core->head.encounter_count;
}
uint32_t jz_core_facility_count(const struct jz_core *core) {
    return core->directory ? core->directory->facility_count : 0;
}
const char *jz_core_facility_id(const struct jz_core *core, uint32_t facility) {
    return core->directory->facility[facility].id;
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
const struct jz_chart *jz_core_chart(const struct jz_core *core, uint32_t slot) {
    return &core->encounter[slot].chart;
}
bool jz_core_encounter_is_open(const struct jz_core *core, uint32_t slot) {
    return jz_phase_is_live(core->encounter[slot].phase);
}
uint64_t jz_core_directive_number(const struct jz_core *core, uint32_t slot) {
    return core->encounter[slot].directive_number;
}
uint32_t jz_core_encounter_devices(const struct jz_core *core, uint32_t slot,
                                   uint8_t peer[JZ_DEVICES_PER_ENCOUNTER_MAX][16]) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < JZ_DEVICES_PER_ENCOUNTER_MAX; i++)
        if (core->encounter[slot].device[i].heard_ms)
            memcpy(peer[count++], core->encounter[slot].device[i].id, 16);
    return count;
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
        bool off = a->state == JZ_ALERT_WITHDRAWN || a->state == JZ_ALERT_EXPIRED;
        bool shown =
            a->state != JZ_ALERT_DECLINED && !(off && a->told); /* it must be able to say that it knows */
        if (shown && strcmp(core->directory->facility[a->facility].id, facility) == 0) return true;
    }
    return false;
}

/* --- pieces
 * ---------------------------------------------------------------------------------------------------- */

static uint8_t shown_validity(const struct jz_reading *r, const struct jz_field *field, int64_t now_ms) {
    bool aged = field->fresh_s > 0 && now_ms - r->taken_ms > (int64_t)field->fresh_s * 1000;
    return r->validity == JZ_VALID && aged ? (uint8_t)JZ_STALE : r->validity;
}

int64_t jz_core_encounter_opened(const struct jz_core *core, uint32_t slot) {
    return core->encounter[slot].opened_ms;
}

/* Milestones have a place of their own in the frame, and so has what was measured of a waveform: a hundred lead measures
 * would leave no room for what people found. */
static bool has_a_place_elsewhere(const struct jz_encounter *e, uint32_t index) {
    const struct jz_field *field = jz_field_at(index);
    for (uint32_t i = 1; i < JZ_MILESTONE_COUNT; i++)
        if (jz_milestone_code((enum jz_milestone)i) == field->code) return true;
    bool measured = jz_machine_has(e, JZ_WAVE_ECG, index) || jz_machine_has(e, JZ_WAVE_CTG, index);
    return measured && field->kind != 'v';
}

/* A vital sign before a finding or a fact, the newer before the older, a code before a higher one. */
static bool comes_before(const struct jz_reading *a, const struct jz_reading *b) {
    bool a_vital = jz_field_at(a->field)->kind == 'v', b_vital = jz_field_at(b->field)->kind == 'v';
    if (a_vital != b_vital) return a_vital;
    return a->taken_ms != b->taken_ms ? a->taken_ms > b->taken_ms : a->field < b->field;
}

static bool is_among_the_first(const struct jz_reading *const *list, uint32_t count,
                               const struct jz_reading *r) {
    uint32_t before = 0;
    for (uint32_t i = 0; i < count; i++) before += comes_before(list[i], r);
    return before < JZ_MAP_PAIRS_MAX;
}

/* By ascending code, as the field table and as map keys must. @return how many are known and not shown. */
static uint32_t readings(struct jz_writer *w, const struct jz_encounter *e, int64_t now_ms) {
    const struct jz_reading *list[JZ_CHART_READINGS_MAX];
    const struct jz_chart *chart = &e->chart;
    uint32_t count = 0;
    for (uint32_t field = 0; field < jz_field_count(); field++) {
        if (!chart->slot[field] || has_a_place_elsewhere(e, field)) continue;
        list[count++] = &chart->reading[chart->slot[field] - 1u];
    }
    jz_write_uint(w, 13);
    jz_write_map(w, count < JZ_MAP_PAIRS_MAX ? count : JZ_MAP_PAIRS_MAX);
    for (uint32_t i = 0; i < count; i++) {
        const struct jz_field *field = jz_field_at(list[i]->field);
        if (count > JZ_MAP_PAIRS_MAX && !is_among_the_first(list, count, list[i])) continue;
        jz_write_uint(w, field->code);
        jz_write_array(w, 3);
        jz_write_int(w, list[i]->value);
        jz_write_int(w, list[i]->taken_ms);
        jz_write_uint(w, shown_validity(list[i], field, now_ms));
    }
    return count > JZ_MAP_PAIRS_MAX ? count - JZ_MAP_PAIRS_MAX : 0;
}

/* --- assessments -------------------------------------------------------------------------------------------------- */

/* Places in the list: what fired by its priority, then scores without one, then what could still propose a priority if the
 * worst were measured, then what fired besides (a clock that runs, a form that is not complete). */
enum { FIRED, FIRED_SCORE = 8, POSSIBLE = 16, FIRED_OTHER = 24, NOT_LISTED = 32 };

static const struct jz_level_info *level_of(const struct jz_core *core, uint32_t rule, uint8_t level) {
    return level == JZ_LEVEL_NONE ? NULL : jz_program_level(core->program, rule, level);
}

static uint8_t place_of(const struct jz_core *core, uint32_t rule, const struct jz_rule_result *r) {
    const struct jz_level_info *level = level_of(core, rule, r->level);
    if (r->status == JZ_RULE_FIRED && level && level->priority) return (uint8_t)(FIRED + level->priority);
    if (r->status == JZ_RULE_FIRED)
        return jz_program_rule(core->program, rule)->kind == JZ_KIND_SCORE ? FIRED_SCORE : FIRED_OTHER;
    const struct jz_level_info *worst = level_of(core, rule, r->level_hi);
    bool possible = r->status == JZ_RULE_CANNOT_EVALUATE && r->known && worst && worst->priority;
    return possible ? (uint8_t)(POSSIBLE + worst->priority) : (uint8_t)NOT_LISTED;
}

/* Rules to list, in their order; equal places in pack order. @return how many. */
static uint32_t listed(const struct jz_core *core, const struct jz_chart *chart,
                       uint16_t rule[JZ_RULES_MAX]) {
    uint32_t count = 0, rules = core->program ? jz_program_rule_count(core->program) : 0;
    uint8_t place[JZ_RULES_MAX];
    for (uint32_t i = 0; i < rules; i++) {
        uint8_t p = place_of(core, i, &chart->result[i]);
        if (p == NOT_LISTED) continue;
        uint32_t at = count++;
        for (; at > 0 && place[at - 1u] > p; at--) {
            place[at] = place[at - 1u];
            rule[at] = rule[at - 1u];
        }
        place[at] = p;
        rule[at] = (uint16_t)i;
    }
    return count;
}

static bool carries_points(const struct jz_assessment *a, uint32_t item) {
    return a->item[item].lo || a->item[item].hi;
}

static uint32_t items_with_points(const struct jz_assessment *a) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < a->item_count; i++) count += carries_points(a, i);
    return count;
}

static void points(struct jz_writer *w, const struct jz_core *core, uint32_t rule,
                   const struct jz_assessment *a) {
    jz_write_uint(w, 19);
    jz_write_array(w, items_with_points(a));
    for (uint32_t i = 0; i < a->item_count; i++) {
        if (!carries_points(a, i)) continue;
        const struct jz_item_info *item = jz_program_item(core->program, rule, i);
        if (item->field == JZ_FIELD_NONE) {
            jz_write_array(w, 4);
            jz_write_cstr(w, item->title_zh);
            jz_write_cstr(w, item->title_en);
        } else {
            jz_write_array(w, 3);
            jz_write_uint(w, jz_field_at(item->field)->code);
        }
        jz_write_int(w, a->item[i].lo);
        jz_write_int(w, a->item[i].hi);
    }
}

static void possible(struct jz_writer *w, const struct jz_level_info *worst) {
    jz_write_uint(w, 18);
    jz_write_array(w, 4);
    jz_write_cstr(w, worst->id);
    jz_write_cstr(w, worst->title_zh);
    jz_write_cstr(w, worst->title_en);
    jz_write_uint(w, worst->priority);
}

static void assessment(struct jz_writer *w, const struct jz_core *core, uint32_t rule,
                       const struct jz_assessment *a) {
    const struct jz_rule_result *r = &a->result;
    const struct jz_rule_info *info = jz_program_rule(core->program, rule);
    const struct jz_level_info *level = level_of(core, rule, r->level);
    const struct jz_level_info *worst = r->level_hi == r->level ? NULL : level_of(core, rule, r->level_hi);
    bool scored = items_with_points(a) > 0;
    jz_write_map(w, 15u + (level != NULL) + (a->priority != 0) + (a->measure_next != JZ_FIELD_NONE) +
                        (worst != NULL) + scored + (a->stale != 0));
    jz_pair_text(w, 0, info->id);
    jz_pair_uint(w, 1, r->status);
    jz_pair_int(w, 2, r->lo);
    jz_pair_int(w, 3, r->hi);
    jz_pair_bool(w, 4, r->complete);
    if (level) jz_pair_text(w, 5, level->id);
    if (a->priority) jz_pair_uint(w, 6, a->priority);
    jz_pair_inputs(w, 7, info, a->missing);
    if (a->measure_next != JZ_FIELD_NONE) jz_pair_uint(w, 8, jz_field_at(a->measure_next)->code);
    jz_pair_used(w, 9, a);
    jz_pair_int(w, 10, a->evaluated_ms);
    jz_pair_text(w, 11, level ? level->title_zh : info->title_zh);
    jz_pair_text(w, 12, level ? level->title_en : info->title_en);
    jz_pair_text(w, 13, level ? level->action_zh : "");
    jz_pair_text(w, 14, level ? level->action_en : "");
    jz_pair_text(w, 15, info->version);
    jz_pair_text(w, 16, level && level->source[0] ? level->source : info->source);
    jz_pair_bool(w, 17, info->signed_off);
    if (worst) possible(w, worst);
    if (scored) points(w, core, rule, a);
    if (a->stale) jz_pair_inputs(w, 20, info, a->stale);
}

static bool fits(struct jz_writer *w, const struct jz_core *core, uint32_t rule,
                 const struct jz_assessment *a) {
    struct jz_writer before = *w;
    assessment(w, core, rule, a);
    if (w->status == JZ_OK) return true;
    *w = before;
    return false;
}

/* The texts of a rule may be long. Where all of an assessment has no room, it is shown without points and what was used:
 * the most urgent one is never left out for its length.
 * @return how many of `count` were written, the most urgent first. */
static uint32_t assessments(struct jz_writer *w, const struct jz_core *core, const struct jz_chart *chart,
                            const uint16_t *rule, uint32_t count) {
    uint32_t shown = 0;
    for (; shown < count && shown < ASSESSMENTS_MAX; shown++) {
        struct jz_assessment a;
        jz_rule_evaluate(core->program, chart, rule[shown], core->head.now_ms, &a);
        if (fits(w, core, rule[shown], &a)) continue;
        a.used_count = a.item_count = 0;
        if (!fits(w, core, rule[shown], &a)) break;
    }
    return shown;
}

static void milestones(struct jz_writer *w, const struct jz_encounter *e) {
    uint64_t count = 0;
    for (uint32_t i = 1; i < JZ_MILESTONE_COUNT; i++) count += e->milestone[i] != 0;
    jz_write_uint(w, 16);
    jz_write_map(w, count);
    for (uint32_t i = 1; i < JZ_MILESTONE_COUNT; i++)
        if (e->milestone[i]) jz_pair_int(w, i, e->milestone[i]);
}

/* A change that is worth while for a patient who is on the way to a hospital: shown, never made by itself. */
static uint32_t worth_changing(struct jz_writer *w, const struct jz_core *core, const struct jz_encounter *e,
                               const struct jz_ranking *rank) {
    const struct jz_alert_record *now = jz_alert_find(core, e->destination_alert, NULL);
    if (!now || e->phase != JZ_PHASE_OPEN || !rank->candidate_count) return 0;
    const struct jz_candidate *best = &rank->candidate[0];
    bool departed = e->milestone[JZ_MILESTONE_LEFT_SCENE] != 0;
    if (best->facility == now->facility || !jz_rank_change_worth(rank, now->facility, departed, false))
        return 0;
    uint32_t saves_s = 0;
    for (uint32_t i = 0; i < rank->candidate_count; i++)
        if (rank->candidate[i].facility == now->facility &&
            rank->candidate[i].treatment_s > best->treatment_s)
            saves_s = rank->candidate[i].treatment_s - best->treatment_s;
    jz_write_uint(w, 10);
    jz_write_array(w, 2);
    jz_write_cstr(w, core->directory->facility[best->facility].id);
    jz_write_uint(w, saves_s);
    return 1;
}

static uint32_t together(struct jz_writer *w, const struct jz_core *core, const struct jz_encounter *e,
                         const struct jz_ranking *rank) {
    struct jz_pair pair;
    bool is_mother;
    if (!jz_pair_of(core, e, rank, &pair, &is_mother)) return 0;
    uint32_t facility = is_mother ? pair.mother : pair.newborn;
    bool common = pair.why == JZ_PAIR_TOGETHER;
    jz_write_uint(w, 11);
    jz_write_array(w, 3);
    jz_write_cstr(w, common ? core->directory->facility[facility].id : "");
    jz_write_uint(w, pair.why);
    jz_write_uint(w, is_mother ? pair.mother_extra_s : pair.newborn_extra_s);
    return 1;
}

static void way_out(struct jz_writer *w, const struct jz_core *core, const struct jz_ranking *rank) {
    bool whereto = rank->fallback_facility != JZ_FACILITY_NONE;
    jz_write_uint(w, 7);
    jz_write_array(w, 3);
    jz_write_uint(w, rank->fallback);
    jz_write_uint(w, rank->fallback_why);
    jz_write_cstr(w, whereto ? core->directory->facility[rank->fallback_facility].id : "");
}

static void reperfusion(struct jz_writer *w, const struct jz_reperfusion_advice *advice) {
    jz_write_uint(w, 8);
    jz_write_array(w, 4);
    jz_write_uint(w, advice->what);
    jz_write_uint(w, advice->row);
    jz_write_uint(w, advice->wire_s);
    jz_write_uint(w, advice->fmc_to_wire_s);
}

static void ranking(struct jz_writer *w, const struct jz_core *core, const struct jz_encounter *e) {
    struct jz_ranking rank;
    struct jz_writer more;
    uint8_t buffer[512]; /* two ids and a few numbers: what comes last and is counted first */
    jz_rank_encounter(core, e, &rank);
    jz_writer_init(&more, buffer, sizeof buffer);
    uint32_t last = worth_changing(&more, core, e, &rank) + together(&more, core, e, &rank);
    bool advised = rank.reperfusion.what != JZ_REPERFUSION_NONE;
    jz_write_uint(w, 17);
    jz_write_map(w, 5u + (rank.goal_s != 0) + (rank.nearest != 0) + (rank.fallback != 0) + advised +
                        (rank.change_count != 0) + last);
    jz_pair_int(w, 0, e->travel_ms ? e->travel_ms : e->last_ms);
    jz_pair_text(w, 1, e->provider);
    jz_pair_candidates(w, 2, core->directory, &rank);
    jz_pair_exclusions(w, 3, core->directory, &rank);
    jz_pair_uint(w, 4, rank.goal);
    if (rank.goal_s) jz_pair_uint(w, 5, rank.goal_s);
    if (rank.nearest) jz_pair_bool(w, 6, true);
    if (rank.fallback) way_out(w, core, &rank);
    if (advised) reperfusion(w, &rank.reperfusion);
    if (rank.change_count) jz_pair_changes(w, 9, core->directory, &rank);
    jz_write_encoded(w, more.buffer, more.used);
}

static void position(struct jz_writer *w, const struct jz_encounter *e) {
    jz_write_uint(w, 19);
    jz_write_array(w, 3);
    jz_write_int(w, e->lat_e7);
    jz_write_int(w, e->lon_e7);
    jz_write_int(w, e->position_ms);
}

static void trend(struct jz_writer *w, const struct jz_encounter *e) {
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
    for (uint32_t c = 0; c < JZ_TREND_COLUMNS; c++) jz_write_uint(w, jz_trend_code[c]);
}

/* --- what was measured of waveforms ------------------------------------------------------------------------------ */

#define MEASURED_VALUES_MAX 32u /* ST levels and what is of the whole; of a CTG all that people name */
#define LAST_ST_CODE 67111016u
#define WHOLE_ECG_CODE 67111140u

/* Between them lie slope, polarity, R, S and T of each lead: a hundred values that rules read and people do not. They would
 * leave no room for bundle branch block, pacing and what changed since the last ECG. */
static bool is_shown_measured(const struct jz_field *field) {
    return field->kind == 'f' && (field->code <= LAST_ST_CODE || field->code >= WHOLE_ECG_CODE);
}

/* Values that measurements of this kind left in the chart, by ascending code and each with its time; a person's stand among
 * the readings. */
static void measured_values(struct jz_writer *w, const struct jz_encounter *e, enum jz_wave_kind wave,
                            int64_t now_ms) {
    uint16_t field[MEASURED_VALUES_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < jz_field_count() && count < MEASURED_VALUES_MAX; i++)
        if (jz_machine_has(e, wave, i) && is_shown_measured(jz_field_at(i))) field[count++] = (uint16_t)i;
    jz_write_uint(w, 7);
    jz_write_map(w, count);
    for (uint32_t i = 0; i < count; i++) {
        struct jz_reading r = jz_chart_reading(&e->chart, field[i]);
        jz_write_uint(w, jz_field_at(field[i])->code);
        jz_write_array(w, 3);
        jz_write_int(w, r.value);
        jz_write_int(w, r.taken_ms);
        jz_write_uint(w, shown_validity(&r, jz_field_at(field[i]), now_ms));
    }
}

static void measured(struct jz_writer *w, uint64_t key, const struct jz_encounter *e, enum jz_wave_kind wave,
                     int64_t now_ms) {
    const struct jz_measured *m = wave == JZ_WAVE_ECG ? &e->ecg : &e->ctg;
    jz_write_uint(w, key);
    jz_write_map(w, 8);
    jz_pair_int(w, 0, m->taken_ms);
    jz_pair_uint(w, 1, m->snapshot);
    jz_pair_uint(w, 2, m->duration_ms);
    jz_pair_uint(w, 3, m->quality);
    jz_pair_bool(w, 4, m->readable);
    jz_pair_numbers(w, 5, m->number);
    jz_write_uint(w, 6);
    jz_write_array(w, m->lead_count);
    for (uint32_t i = 0; i < m->lead_count; i++) {
        jz_write_array(w, 4);
        jz_write_uint(w, m->lead_code[i]);
        jz_write_uint(w, m->lead_quality[i]);
        jz_write_uint(w, m->lead_trouble[i]);
        jz_write_bool(w, m->lead_usable[i]);
    }
    measured_values(w, e, wave, now_ms);
}

/* --- frames
 * ------------------------------------------------------------------------------------------------------ */

/* Needs a hospital, has none, and no clock is running that would find one. */
static bool needs_person(const struct jz_core *core, const struct jz_encounter *e, uint32_t slot) {
    bool finding = e->travel_wanted_ms && e->alert_count == 0;
    return e->wants_alert && e->phase == JZ_PHASE_OPEN && !e->destination_alert && !finding &&
           !jz_alert_waits(core, slot);
}

/* What stands before and behind the assessments is always whole, and they get what is left of MESSAGE_BYTES, but a quarter
 * of that at least. Without them the longest frame there can be is some 22 kB: 64 readings, 64 conditions with ids of 63
 * bytes, 64 hospitals, 48 rows of trend, 48 milestones and 24 targets. */
#define MESSAGE_BYTES JZ_MESSAGE_BYTES_MAX
#define FRAME_OVERHEAD                                                                                       \
    32u /* head of the map, key and head of the assessments, two counts of what is not shown */

static uint32_t front_part(struct jz_writer *w, const struct jz_encounter *e, int64_t now_ms,
                           bool pseudonymous, uint32_t *unshown) {
    jz_pair_uint(w, 0, JZ_FRAME_PATIENT);
    jz_pair_int(w, 3, now_ms);
    jz_pair_bytes(w, 4, e->id.byte, sizeof e->id.byte);
    jz_pair_uint(w, 8, e->priority);
    jz_pair_uint(w, 9, e->complaint);
    jz_pair_uint(w, 10, e->phase);
    jz_pair_int(w, 11, e->opened_ms);
    bool named = e->callsign[0] && !pseudonymous;
    if (named) jz_pair_text(w, 12, e->callsign);
    *unshown = readings(w, e, now_ms);
    return 8u + named;
}

/* --- the case beside the patient: clocks, kin, handover, what people decided ------------------------------------------ */

static uint32_t kin(struct jz_writer *w, const struct jz_encounter *e) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < JZ_KIN_MAX; i++) count += e->kin[i].since_ms != 0;
    if (!count) return 0;
    jz_write_uint(w, 30);
    jz_write_array(w, count);
    for (uint32_t i = 0; i < JZ_KIN_MAX; i++) {
        if (!e->kin[i].since_ms) continue;
        jz_write_array(w, 2);
        jz_write_bytes(w, e->kin[i].id.byte, sizeof e->kin[i].id.byte);
        jz_write_uint(w, e->kin[i].kind);
    }
    return 1;
}

static const char *facility_id(const struct jz_core *core, uint8_t index_and_one) {
    return core->directory->facility[index_and_one - 1u].id;
}

static uint32_t chosen(struct jz_writer *w, const struct jz_core *core, const struct jz_encounter *e) {
    if (!e->chosen) return 0;
    jz_write_uint(w, 32);
    jz_write_array(w, 3);
    jz_write_cstr(w, facility_id(core, e->chosen));
    jz_write_uint(w, e->chosen_reason);
    jz_write_cstr(w, e->chosen_by);
    return 1;
}

static uint32_t legs(struct jz_writer *w, const struct jz_core *core, const struct jz_encounter *e) {
    if (!e->legs || !e->from_facility) return 0;
    jz_write_uint(w, 35);
    jz_write_array(w, 2);
    jz_write_uint(w, e->legs);
    jz_write_cstr(w, facility_id(core, e->from_facility));
    return 1;
}

/* @return pairs written, keys from 28 up. */
static uint32_t case_part(struct jz_writer *w, const struct jz_core *core, const struct jz_encounter *e,
                          uint32_t slot, int64_t now_ms, bool pseudonymous) {
    uint8_t devices[JZ_DEVICES_PER_ENCOUNTER_MAX][16];
    bool sheet = e->gives.ms || e->receives.ms || e->reminded || e->outcome_ms;
    jz_write_uint(w, 28);
    jz_view_clocks(w, core, slot, now_ms);
    jz_write_uint(w, 29);
    jz_view_stamps(w, core, slot);
    uint32_t pairs = 2u + kin(w, e);
    if (sheet) jz_write_uint(w, 31);
    if (sheet) jz_view_handover(w, core, slot);
    pairs += sheet + chosen(w, core, e);
    if (e->consult) jz_pair_uint(w, 33, core->region->consult[e->consult - 1u].number);
    if (e->tag[0] && !pseudonymous) jz_pair_text(w, 34, e->tag);
    pairs += (e->consult != 0) + (e->tag[0] != 0 && !pseudonymous) + legs(w, core, e);
    if (e->rule_priority != e->priority) jz_pair_uint(w, 36, e->rule_priority);
    jz_pair_uint(w, 37, jz_core_encounter_devices(core, slot, devices));
    return pairs + (e->rule_priority != e->priority) + 1u;
}

static uint32_t back_part(struct jz_writer *w, const struct jz_core *core, const struct jz_encounter *e,
                          uint32_t slot, bool pseudonymous) {
    bool ranked = e->wants_alert && core->directory, stuck = needs_person(core, e, slot);
    jz_pair_conditions(w, 15, core->program, e->conditions);
    milestones(w, e);
    if (ranked) ranking(w, core, e);
    jz_write_uint(w, 18);
    jz_write_array(w, e->alert_count);
    for (uint32_t i = 0; i < e->alert_count; i++) jz_write_uint(w, jz_alerts(core, slot)[i].id);
    bool placed = e->position_ms && !pseudonymous;
    if (placed) position(w, e);
    trend(w, e);
    jz_pair_int(w, 22, e->last_ms);
    if (stuck) jz_pair_bool(w, 23, true);
    return 6u + ranked + placed + stuck;
}

enum jz_status jz_view_patient(const struct jz_core *core, uint32_t slot, int64_t now_ms, bool pseudonymous,
                               struct jz_writer *w) {
    const struct jz_encounter *e = &core->encounter[slot];
    struct jz_writer front, middle, back, traces;
    uint8_t buffer[4][JZ_VIEW_BYTES_MAX];
    uint16_t rule[JZ_RULES_MAX];
    uint32_t unshown, count = listed(core, &e->chart, rule);
    jz_writer_init(&front, buffer[0], sizeof buffer[0]);
    jz_writer_init(&back, buffer[2], sizeof buffer[2]);
    uint32_t pairs =
        front_part(&front, e, now_ms, pseudonymous, &unshown) + back_part(&back, core, e, slot, pseudonymous);
    jz_writer_init(&traces, buffer[3], sizeof buffer[3]);
    if (e->ecg.taken_ms) measured(&traces, 26, e, JZ_WAVE_ECG, now_ms);
    if (e->ctg.taken_ms) measured(&traces, 27, e, JZ_WAVE_CTG, now_ms);
    pairs += (e->ecg.taken_ms != 0) + (e->ctg.taken_ms != 0);
    pairs += case_part(&traces, core, e, slot, now_ms, pseudonymous);
    size_t around = front.used + back.used + traces.used + FRAME_OVERHEAD;
    size_t least = MESSAGE_BYTES / 4u;
    jz_writer_init(&middle, buffer[1], around + least < MESSAGE_BYTES ? MESSAGE_BYTES - around : least);
    uint32_t shown = assessments(&middle, core, &e->chart, rule, count);
    jz_write_map(w, pairs + 1u + (shown < count) + (unshown > 0));
    jz_write_encoded(w, front.buffer, front.used);
    jz_write_uint(w, 14);
    jz_write_array(w, shown);
    jz_write_encoded(w, middle.buffer, middle.used);
    jz_write_encoded(w, back.buffer, back.used);
    if (shown < count) jz_pair_uint(w, 24, count - shown);
    if (unshown) jz_pair_uint(w, 25, unshown);
    jz_write_encoded(w, traces.buffer, traces.used);
    if (front.status != JZ_OK || back.status != JZ_OK)
        return front.status != JZ_OK ? front.status : back.status;
    return traces.status != JZ_OK ? traces.status : w->status;
}

enum jz_status jz_view_alert(const struct jz_core *core, uint64_t id, int64_t now_ms, struct jz_writer *w) {
    uint32_t slot = 0;
    const struct jz_alert_record *a = jz_alert_find(core, id, &slot);
    if (!a) return JZ_E_UNKNOWN_ALERT;
    bool answered = a->person[0] != 0;
    jz_write_map(w, 18u + answered + (a->reason != 0) + (a->reason_text[0] != 0) + (a->travel_s != 0) +
                        (a->accepted_ms != 0));
    jz_pair_uint(w, 0, JZ_FRAME_ALERT);
    jz_pair_int(w, 3, now_ms);
    jz_pair_bytes(w, 4, core->encounter[slot].id.byte, sizeof core->encounter[slot].id.byte);
    jz_pair_uint(w, 8, id);
    jz_pair_text(w, 9, core->directory->facility[a->facility].id);
    jz_pair_uint(w, 10, a->state);
    jz_pair_int(w, 11, a->raised_ms);
    jz_pair_int(w, 12, a->raised_ms + JZ_ANSWER_LIMIT_MS);
    jz_pair_uint(w, 13, a->priority);
    jz_pair_bool(w, 14, a->escalated);
    if (answered) jz_pair_text(w, 15, a->person);
    if (a->reason) jz_pair_uint(w, 16, a->reason);
    if (a->reason_text[0]) jz_pair_text(w, 17, a->reason_text);
    jz_pair_conditions(w, 18, core->program, a->conditions);
    if (a->travel_s) jz_pair_uint(w, 19, a->travel_s);
    jz_pair_uint(w, 20, a->occurrence);
    jz_pair_uint(w, 21, a->grade ? a->grade : JZ_GRADE_INFORM);
    jz_write_uint(w, 22);
    jz_view_teams(w, a);
    jz_pair_uint(w, 23, a->rung);
    jz_pair_bool(w, 24, a->technical);
    jz_pair_bool(w, 25, a->standby);
    jz_pair_bool(w, 26, a->told);
    if (a->accepted_ms) jz_pair_int(w, 27, a->accepted_ms);
    return w->status;
}

/* What it confirmed itself since the directory was made, standing or not. */
static void confirmations(struct jz_writer *w, const struct jz_core *core, uint32_t facility) {
    uint64_t count = 0, capabilities = core->directory->capability_count;
    for (uint32_t i = 0; i < capabilities; i++)
        count += jz_capacity_confirmation(&core->region->capacity, facility, i)->value != 0;
    jz_write_array(w, count);
    for (uint32_t i = 0; i < capabilities; i++) {
        const struct jz_confirmation *c = jz_capacity_confirmation(&core->region->capacity, facility, i);
        if (!c->value) continue;
        jz_write_array(w, 5);
        jz_write_cstr(w, core->directory->capability[i]);
        jz_write_uint(w, c->value);
        jz_write_cstr(w, c->owner);
        jz_write_int(w, c->set_ms);
        jz_write_int(w, c->expires_ms);
    }
}

static void path(struct jz_writer *w, const struct jz_probe_record *probe) {
    jz_write_array(w, 4);
    jz_write_uint(w, probe->state);
    jz_write_int(w, probe->sent_ms);
    jz_write_int(w, probe->sounded_ms);
    jz_write_uint(w, probe->missed);
}

enum jz_status jz_view_facility(const struct jz_core *core, uint32_t facility, int64_t now_ms,
                                struct jz_writer *w) {
    const struct jz_facility *f = &core->directory->facility[facility];
    jz_write_map(w, 10u + (f->partner_zh[0] != 0));
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
        jz_write_uint(w, jz_capacity_capability(&core->region->capacity, facility, i,
                                                (enum jz_capability_state)f->capability[i], now_ms));
    }
    jz_write_uint(w, 15);
    jz_view_services(w, core, facility, now_ms);
    jz_write_uint(w, 16);
    confirmations(w, core, facility);
    jz_write_uint(w, 17);
    path(w, &core->region->probe[facility]);
    return w->status;
}

enum jz_status jz_view_directive(const struct jz_core *core, uint32_t slot, int64_t now_ms,
                                 struct jz_writer *w) {
    const struct jz_encounter *e = &core->encounter[slot];
    if (!e->directive_number) return JZ_E_UNKNOWN_ENCOUNTER;
    const struct jz_alert_record *a = jz_alert_find(core, e->directive_alert, NULL);
    const struct jz_facility *f = a ? &core->directory->facility[a->facility] : NULL;
    bool measure = e->directive_measure != JZ_FIELD_NONE;
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
