/* SPDX-License-Identifier: Apache-2.0 */
#include "indicator_case.h"

#include <stdlib.h>
#include <string.h>

#include "jingzhu/field.h"
#include "jingzhu/rules.h"

#define BUCKETS_FIRST 1024u
#define ALERTS_MAX 64u
#define DECIDED_PHASE 6u /* kind of decision (decision.c): 5 phase, 6 why it ended */
#define PHASE_MERGED 5u

/* --- fields and rules ---------------------------------------------------------------------------------------------- */

bool jz_cases_init(struct jz_cases *cases) {
    static const char *const facts[JZ_FACT_COUNT] = {[JZ_FACT_TRANSFERRED] = "transferred",
                                                     [JZ_FACT_PREGNANCY] = "pregnancy",
                                                     [JZ_FACT_BYPASS_ED] = "bypass_ed",
                                                     [JZ_FACT_BYPASS_CCU] = "bypass_ccu"};
    memset(cases, 0, sizeof *cases);
    for (uint32_t i = 0; i < JZ_FACT_COUNT; i++) cases->fact_field[i] = jz_field_by_name(facts[i]);
    for (uint32_t field = 0; field < jz_field_count(); field++) {
        if (jz_field_at(field)->kind != 'e') continue;
        if (cases->event_count == JZ_CASE_EVENTS_MAX) return false;
        cases->event_field[cases->event_count++] = field;
    }
    cases->buckets = BUCKETS_FIRST;
    cases->bucket = calloc(cases->buckets, sizeof *cases->bucket);
    return cases->bucket != NULL;
}

void jz_cases_deinit(struct jz_cases *cases) {
    free(cases->item);
    free(cases->bucket);
}

uint32_t jz_case_event(const struct jz_cases *cases, const char *name) {
    for (uint32_t i = 0; i < cases->event_count; i++)
        if (strcmp(jz_field_at(cases->event_field[i])->name, name) == 0) return i;
    return UINT32_MAX;
}

int64_t jz_case_at(const struct jz_cases *cases, const struct jz_case *item, const char *name) {
    uint32_t event = jz_case_event(cases, name);
    return event == UINT32_MAX ? 0 : item->at[event];
}

static uint32_t event_of(const struct jz_cases *cases, uint32_t field) {
    uint32_t i = 0;
    while (i < cases->event_count && cases->event_field[i] != field) i++;
    return i;
}

static struct jz_clock_row *clock_by_id(struct jz_cases *cases, const char *id) {
    for (uint32_t i = 0; i < cases->clock_count; i++)
        if (strcmp(cases->clock[i].id, id) == 0) return &cases->clock[i];
    if (cases->clock_count == JZ_CASE_CLOCKS_MAX) return NULL;
    struct jz_clock_row *row = &cases->clock[cases->clock_count];
    row->number = cases->clock_count++;
    return row;
}

static uint64_t done_levels(const struct jz_program *program, uint32_t rule) {
    uint64_t done = 0;
    for (uint32_t i = 0; i < jz_program_rule(program, rule)->level_count && i < 64; i++) {
        const char *id = jz_program_level(program, rule, i)->id;
        if (strcmp(id, "met") == 0 || strcmp(id, "late") == 0) done |= UINT64_C(1) << i;
    }
    return done;
}

static bool take_clock(struct jz_cases *cases, const struct jz_program *program, uint32_t rule) {
    const struct jz_rule_info *info = jz_program_rule(program, rule);
    struct jz_clock_info ends = jz_program_clock(program, rule);
    struct jz_clock_row *row = clock_by_id(cases, info->id);
    if (!row) return false;
    row->id = info->id;
    row->zh = info->title_zh;
    row->en = info->title_en;
    row->pack = info->pack;
    row->source = info->source;
    row->mark = info->mark;
    row->from = event_of(cases, ends.from);
    row->to = event_of(cases, ends.to);
    row->within_s = ends.within_s;
    row->rule = rule;
    row->done = done_levels(program, rule);
    return true;
}

/* @return false: more clocks in all packs of the journal than there is room for. */
static bool use_program(struct jz_cases *cases, const struct jz_program *program) {
    cases->program = program;
    cases->stemi_rule = jz_program_rule_by_id(program, "CP-STEMI");
    cases->strategy_rule = jz_program_rule_by_id(program, "RP-STRATEGY");
    for (uint32_t i = 0; i < cases->clock_count; i++) cases->clock[i].rule = UINT32_MAX;
    for (uint32_t i = 0; i < jz_program_rule_count(program); i++) {
        const struct jz_rule_info *info = jz_program_rule(program, i);
        if (info->kind == JZ_KIND_CLOCK && info->enabled && !take_clock(cases, program, i)) return false;
    }
    return true;
}

/* --- the cases ----------------------------------------------------------------------------------------------------- */

static uint32_t hash_of(const struct jz_encounter_id *id) {
    uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */
    for (size_t i = 0; i < sizeof id->byte; i++) hash = (hash ^ id->byte[i]) * 0x100000001b3u;
    return (uint32_t)(hash ^ hash >> 32);
}

static uint32_t *place_of(const struct jz_cases *cases, const struct jz_encounter_id *id) {
    uint32_t at = hash_of(id) % cases->buckets;
    while (cases->bucket[at] && memcmp(&cases->item[cases->bucket[at] - 1u].id, id, sizeof *id) != 0)
        at = (at + 1u) % cases->buckets;
    return &cases->bucket[at];
}

static bool grow(struct jz_cases *cases) {
    uint32_t buckets = cases->buckets * 2u, *old = cases->bucket, *bucket = calloc(buckets, sizeof *bucket);
    if (!bucket) return false;
    cases->bucket = bucket;
    cases->buckets = buckets;
    for (uint32_t i = 0; i < cases->count; i++) *place_of(cases, &cases->item[i].id) = i + 1u;
    free(old);
    return true;
}

static struct jz_case *case_of(struct jz_cases *cases, const struct jz_encounter_id *id) {
    uint32_t *place = place_of(cases, id);
    if (*place) return &cases->item[*place - 1u];
    if (cases->count == cases->capacity) {
        uint32_t capacity = cases->capacity ? cases->capacity * 2u : 64u;
        struct jz_case *moved = realloc(cases->item, capacity * sizeof *moved);
        if (!moved) return NULL;
        cases->item = moved;
        cases->capacity = capacity;
    }
    struct jz_case *item = &cases->item[cases->count++];
    memset(item, 0, sizeof *item);
    item->id = *id;
    for (uint32_t i = 0; i < JZ_FACT_COUNT; i++) item->fact[i] = JZ_FACT_ABSENT;
    *place = cases->count;
    if (cases->count * 2u > cases->buckets && !grow(cases)) return NULL;
    return &cases->item[cases->count - 1u];
}

/* --- one look ------------------------------------------------------------------------------------------------------ */

static bool is_fired(const struct jz_chart *chart, uint32_t rule) {
    return rule != UINT32_MAX && chart->result[rule].status == JZ_RULE_FIRED;
}

static void note_events(const struct jz_cases *cases, const struct jz_chart *chart, struct jz_case *item) {
    for (uint32_t i = 0; i < cases->event_count; i++) {
        struct jz_reading r = jz_chart_reading(chart, cases->event_field[i]);
        item->at[i] = r.validity == JZ_VALID ? r.taken_ms : 0;
    }
    for (uint32_t i = 0; i < JZ_FACT_COUNT; i++) {
        if (cases->fact_field[i] == JZ_FIELD_UNKNOWN) continue;
        struct jz_reading r = jz_chart_reading(chart, cases->fact_field[i]);
        item->fact[i] = r.validity == JZ_VALID ? r.value : JZ_FACT_ABSENT;
    }
}

/* It runs or has ended, and nothing of whom it is for is missing: some pathways are evaluated also where that is unknown. */
static bool runs_for_certain(const struct jz_program *program, const struct jz_chart *chart, uint32_t rule,
                             int64_t now_ms) {
    struct jz_assessment a;
    const struct jz_rule_info *info = jz_program_rule(program, rule);
    struct jz_clock_info ends = jz_program_clock(program, rule);
    jz_rule_evaluate(program, chart, rule, now_ms, &a);
    for (uint32_t i = 0; i < info->input_count; i++)
        if (a.missing >> i & 1u && info->input[i] != ends.from && info->input[i] != ends.to) return false;
    return a.result.status == JZ_RULE_FIRED;
}

static void note_results(const struct jz_cases *cases, const struct jz_chart *chart, int64_t now_ms,
                         struct jz_case *item) {
    for (uint32_t i = 0; i < cases->clock_count; i++) {
        const struct jz_clock_row *row = &cases->clock[i];
        if (row->rule == UINT32_MAX) continue;
        const struct jz_rule_result *r = &chart->result[row->rule];
        if (r->status != JZ_RULE_FIRED || r->level >= 64 || !(row->done >> r->level & 1u)) continue;
        if (item->clock[i] & JZ_CLOCK_COUNTED) continue;
        if (runs_for_certain(cases->program, chart, row->rule, now_ms)) item->clock[i] |= JZ_CLOCK_COUNTED;
    }
    item->stemi |= is_fired(chart, cases->stemi_rule);
    item->lysis |= jz_case_at(cases, item, "lysis_confirmed") != 0;
    if (is_fired(chart, cases->strategy_rule)) {
        uint8_t level = chart->result[cases->strategy_rule].level;
        const char *id =
            level == JZ_LEVEL_NONE ? "" : jz_program_level(cases->program, cases->strategy_rule, level)->id;
        item->lysis |= strcmp(id, "lysis") == 0 || strcmp(id, "lysis-on-board") == 0;
    }
}

/* A clock whose beginning is not on record, or lies behind its end, cannot be evaluated, and neither can one of which
 * nobody knows whether it applies. Which of them it is shows if the beginning is put where the clock can run. */
static bool would_run(struct jz_cases *cases, const struct jz_chart *chart, const struct jz_clock_row *row,
                      int64_t now_ms, const struct jz_case *item) {
    struct jz_rule_set due = {{0}};
    struct jz_reading begin = {
        .taken_ms = item->at[row->to] ? item->at[row->to] : now_ms, .value = 1, .validity = JZ_VALID};
    cases->scratch = *chart;
    if (jz_chart_observe(cases->program, &cases->scratch, cases->event_field[row->from], begin, &due) !=
        JZ_OK)
        return false;
    return runs_for_certain(cases->program, &cases->scratch, row->rule, now_ms);
}

/* How each clock stands as the case does. */
static void note_end(struct jz_cases *cases, const struct jz_chart *chart, int64_t now_ms,
                     struct jz_case *item) {
    for (uint32_t i = 0; i < cases->clock_count; i++) {
        const struct jz_clock_row *row = &cases->clock[i];
        uint8_t status = row->rule == UINT32_MAX ? JZ_RULE_UNKNOWN : chart->result[row->rule].status;
        if (status == JZ_RULE_UNKNOWN) continue; /* other packs since: what they said before stands */
        bool fired = status == JZ_RULE_FIRED, open = status == JZ_RULE_CANNOT_EVALUATE;
        bool applies = (fired && runs_for_certain(cases->program, chart, row->rule, now_ms)) ||
                       (open && would_run(cases, chart, row, now_ms, item));
        item->clock[i] &= (uint8_t) ~(JZ_CLOCK_APPLIES | JZ_CLOCK_UNCLEAR);
        if (applies) item->clock[i] |= JZ_CLOCK_APPLIES;
        if ((fired || open) && !applies) item->clock[i] |= JZ_CLOCK_UNCLEAR;
    }
}

static bool holds(enum jz_alert_state state) {
    return state == JZ_ALERT_ACCEPTED || state == JZ_ALERT_PREPARING || state == JZ_ALERT_ARRIVED ||
           state == JZ_ALERT_HANDED_OVER;
}

/* The last hospital that has the patient, as its own board says. */
static void note_facility(const struct jz_core *core, uint32_t slot, struct jz_case *item) {
    uint64_t alert[ALERTS_MAX];
    uint8_t bytes[JZ_MESSAGE_BYTES_MAX];
    uint32_t of, count = jz_core_alerts_of(core, slot, alert, ALERTS_MAX);
    for (uint32_t i = 0; i < count && i < ALERTS_MAX; i++) {
        struct jz_writer w;
        struct jz_frame frame;
        const char *facility;
        jz_writer_init(&w, bytes, sizeof bytes);
        if (jz_view_alert(core, alert[i], jz_core_now(core), &w) != JZ_OK) continue;
        if (jz_frame_decode(bytes, w.used, &frame, NULL) != JZ_OK || !holds(frame.alert.state)) continue;
        if (!jz_core_alert_of(core, alert[i], &facility, &of)) continue;
        memset(item->facility, 0, sizeof item->facility);
        memcpy(item->facility, facility, strnlen(facility, sizeof item->facility - 1u));
    }
}

static bool look(struct jz_cases *cases, const struct jz_core *core, uint32_t slot, bool last) {
    struct jz_encounter_id id = jz_core_encounter_id(core, slot);
    const struct jz_chart *chart = jz_core_chart(core, slot);
    struct jz_case *item = case_of(cases, &id);
    if (!item) return false;
    bool open = jz_core_encounter_is_open(core, slot);
    item->opened_ms = jz_core_encounter_opened(core, slot);
    note_events(cases, chart, item);
    note_results(cases, chart, jz_core_now(core), item);
    if (open && item->end != JZ_CASE_MERGED) item->end = JZ_CASE_OPEN;
    if (open && !last) return true;
    if (!open && item->end == JZ_CASE_OPEN) item->end = JZ_CASE_ENDED;
    note_end(cases, chart, jz_core_now(core), item);
    note_facility(core, slot, item);
    return true;
}

static bool look_at_all(struct jz_cases *cases, const struct jz_core *core) {
    for (uint32_t slot = 0; slot < jz_core_encounter_count(core); slot++)
        if (!look(cases, core, slot, true)) return false;
    return true;
}

/* --- how it ended: only the decision says why ---------------------------------------------------------------------- */

static uint8_t end_of(uint64_t phase, uint64_t reason) {
    if (phase == PHASE_MERGED) return JZ_CASE_MERGED;
    bool otherwise = reason == JZ_CLOSE_STOOD_DOWN || reason == JZ_CLOSE_REFUSED || reason == JZ_CLOSE_DIED;
    return otherwise ? JZ_CASE_OTHERWISE : JZ_CASE_OPEN;
}

static bool note_phase(struct jz_cases *cases, const uint8_t *body, uint32_t bytes) {
    struct jz_reader r;
    struct jz_encounter_id id;
    uint64_t kind = 0, value[8] = {0};
    bool whose = false;
    jz_reader_init(&r, body, bytes);
    uint32_t pairs = jz_read_map(&r);
    for (uint32_t i = 0; i < pairs && r.status == JZ_OK; i++) {
        uint64_t key = jz_read_uint(&r);
        if (key == 3) {
            kind = jz_read_uint(&r);
        } else if (key == 4 && kind == DECIDED_PHASE) {
            struct jz_bytes of = jz_read_bytes(&r);
            whose = of.bytes == sizeof id.byte;
            if (whose) memcpy(id.byte, of.data, sizeof id.byte);
        } else if (key > 4 && key < 7 && kind == DECIDED_PHASE) {
            value[key] = jz_read_uint(&r);
        } else {
            jz_read_skip(&r);
        }
    }
    if (!whose || r.status != JZ_OK) return true;
    struct jz_case *item = case_of(cases, &id);
    if (item) item->end = end_of(value[5], value[6]);
    return item != NULL;
}

static bool note_phases(struct jz_cases *cases, const struct jz_outcome *out) {
    for (uint32_t i = 0; i < out->decision_count; i++)
        if (!note_phase(cases, out->buffer + out->decision[i].offset, out->decision[i].bytes)) return false;
    return true;
}

/* --- the replay ---------------------------------------------------------------------------------------------------- */

/* Under other packs the rules have other numbers: what stands is noted first. */
bool jz_cases_before(void *context, const struct jz_tool_replay *replay, const struct jz_event *event) {
    struct jz_cases *cases = context;
    if (event->kind == JZ_EVENT_DIRECTORY) cases->simulation |= event->directory->simulation;
    if (event->kind != JZ_EVENT_PACKS) return true;
    if (cases->program && !look_at_all(cases, replay->core)) return false;
    return use_program(cases, event->program);
}

static bool note_wave(struct jz_cases *cases, const struct jz_tool_replayed *input) {
    const struct jz_event *event = input->event;
    bool ecg = event->kind == JZ_EVENT_FRAME && event->frame->kind == JZ_FRAME_WAVEFORM &&
               event->frame->waveform.wave == JZ_WAVE_ECG && input->outcome->status == JZ_OK;
    if (!ecg) return true;
    struct jz_case *item = case_of(cases, &event->frame->encounter);
    if (item && !item->ecg_received_ms) item->ecg_received_ms = event->received_ms;
    return item != NULL;
}

bool jz_cases_after(void *context, const struct jz_tool_replay *replay,
                    const struct jz_tool_replayed *input) {
    struct jz_cases *cases = context;
    const struct jz_outcome *out = input->outcome;
    if (!note_phases(cases, out)) return false;
    for (uint32_t i = 0; i < out->touched_count; i++)
        if (!look(cases, replay->core, out->touched[i], false)) return false;
    return note_wave(cases, input);
}

/* --- how the patient came ------------------------------------------------------------------------------------------ */

static enum jz_arrival arrival_of(const struct jz_cases *cases, const struct jz_case *item) {
    static const char *const by_ambulance[] = {"dispatched", "moving", "on_scene", "left_scene"};
    int64_t fmc = jz_case_at(cases, item, "fmc"), door = jz_case_at(cases, item, "door");
    if (item->fact[JZ_FACT_TRANSFERRED] == 1 || jz_case_at(cases, item, "door_first"))
        return JZ_ARRIVAL_TRANSFER;
    for (size_t i = 0; i < sizeof by_ambulance / sizeof by_ambulance[0]; i++)
        if (jz_case_at(cases, item, by_ambulance[i])) return JZ_ARRIVAL_AMBULANCE;
    return fmc && door && fmc >= door ? JZ_ARRIVAL_SELF : JZ_ARRIVAL_UNKNOWN;
}

/* --- the end ------------------------------------------------------------------------------------------------------- */

static int by_opening(const void *a, const void *b) {
    const struct jz_case *x = a, *y = b;
    if (x->opened_ms != y->opened_ms) return x->opened_ms < y->opened_ms ? -1 : 1;
    return memcmp(&x->id, &y->id, sizeof x->id);
}

bool jz_cases_end(struct jz_cases *cases, const struct jz_tool_replay *replay) {
    if (cases->program && !look_at_all(cases, replay->core)) return false;
    for (uint32_t i = 0; i < cases->count; i++)
        cases->item[i].arrival = (uint8_t)arrival_of(cases, &cases->item[i]);
    if (cases->count) qsort(cases->item, cases->count, sizeof *cases->item, by_opening);
    memset(cases->bucket, 0, cases->buckets * sizeof *cases->bucket); /* the order is another one now */
    return true;
}

const char *jz_arrival_name(enum jz_arrival arrival) {
    static const char *const names[JZ_ARRIVAL_COUNT] = {[JZ_ARRIVAL_ALL] = "all",
                                                        [JZ_ARRIVAL_AMBULANCE] = "ambulance",
                                                        [JZ_ARRIVAL_TRANSFER] = "transfer",
                                                        [JZ_ARRIVAL_SELF] = "self",
                                                        [JZ_ARRIVAL_UNKNOWN] = "unknown"};
    return names[arrival];
}
