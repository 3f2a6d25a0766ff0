/* SPDX-License-Identifier: Apache-2.0 */
/* What the shell measured of a waveform, into the chart. A person who said something about the same field is believed
 * before a machine for as long as what was said is fresh; the measurement stays in the journal all the same. */
#include <assert.h>
#include <string.h>

#include "pair.h"

#define FACTS_PER_MAP 64u /* JZ_MAP_PAIRS_MAX */
#define ECG_LAST_CODE 67111401u
#define STANDARD_LEADS 12u
#define FIRST_EXTRA_ST 67111012u /* st_v3r, and on to st_v9: no part of a 12-lead recording */
#define LAST_EXTRA_ST 67111016u

/* --- bytes: keys 0 encounter, 1 kind of waveform, 2 snapshot, 3 time of the last sample, 4 duration, 5 segments, 6 version
 * of the library, 7 quality, 8 readable, 9 facts in maps of 64, 10 leads [code, quality, trouble, usable], 11 numbers -- */

static bool is_sound(const struct jz_measurement *m) {
    if ((m->wave != JZ_WAVE_ECG && m->wave != JZ_WAVE_CTG) || m->fact_count > JZ_MEASURED_FACTS_MAX ||
        m->lead_count > JZ_MEASURED_LEADS_MAX || m->taken_ms < 1 || m->quality > 100)
        return false;
    for (uint32_t i = 1; i < m->fact_count; i++)
        if (m->fact[i - 1u].code >= m->fact[i].code) return false;
    return true;
}

static void write_facts(struct jz_writer *w, const struct jz_measurement *m) {
    jz_write_uint(w, 9);
    jz_write_array(w, (m->fact_count + FACTS_PER_MAP - 1u) / FACTS_PER_MAP);
    for (uint32_t i = 0; i < m->fact_count; i++) {
        uint32_t left = m->fact_count - i;
        if (i % FACTS_PER_MAP == 0) jz_write_map(w, left < FACTS_PER_MAP ? left : FACTS_PER_MAP);
        jz_write_uint(w, m->fact[i].code);
        jz_write_int(w, m->fact[i].value);
    }
}

static void write_leads(struct jz_writer *w, const struct jz_measurement *m) {
    jz_write_uint(w, 10);
    jz_write_array(w, m->lead_count);
    for (uint32_t i = 0; i < m->lead_count; i++) {
        jz_write_array(w, 4);
        jz_write_uint(w, m->lead[i].code);
        jz_write_uint(w, m->lead[i].quality);
        jz_write_uint(w, m->lead[i].trouble);
        jz_write_bool(w, m->lead[i].usable);
    }
}

void jz_pair_numbers(struct jz_writer *w, uint64_t key, const int16_t number[JZ_NUMBER_COUNT]) {
    uint64_t known = 0;
    for (uint32_t i = 0; i < JZ_NUMBER_COUNT; i++) known += number[i] != JZ_NUMBER_UNKNOWN;
    jz_write_uint(w, key);
    jz_write_map(w, known);
    for (uint32_t i = 0; i < JZ_NUMBER_COUNT; i++)
        if (number[i] != JZ_NUMBER_UNKNOWN) jz_pair_int(w, i, number[i]);
}

enum jz_status jz_measurement_encode(const struct jz_measurement *m, uint8_t *buffer, size_t capacity,
                                     size_t *written) {
    struct jz_writer w;
    *written = 0;
    if (!is_sound(m)) return JZ_E_VALUE;
    jz_writer_init(&w, buffer, capacity);
    jz_write_map(&w, 12);
    jz_pair_bytes(&w, 0, m->encounter.byte, sizeof m->encounter.byte);
    jz_pair_uint(&w, 1, m->wave);
    jz_pair_uint(&w, 2, m->snapshot);
    jz_pair_int(&w, 3, m->taken_ms);
    jz_pair_uint(&w, 4, m->duration_ms);
    jz_pair_uint(&w, 5, m->segments);
    jz_pair_uint(&w, 6, m->version);
    jz_pair_uint(&w, 7, m->quality);
    jz_pair_bool(&w, 8, m->readable);
    write_facts(&w, m);
    write_leads(&w, m);
    jz_pair_numbers(&w, 11, m->number);
    if (w.status == JZ_OK) *written = w.used;
    return w.status;
}

static int64_t within(struct jz_reader *r, int64_t min, int64_t max) {
    int64_t value = jz_read_int(r);
    if (r->status == JZ_OK && (value < min || value > max)) r->status = JZ_E_VALUE;
    return r->status == JZ_OK ? value : min;
}

static void read_facts(struct jz_reader *r, struct jz_measurement *m) {
    uint32_t maps = jz_read_array(r);
    for (uint32_t i = 0; i < maps && r->status == JZ_OK; i++) {
        uint32_t pairs = jz_read_map(r);
        if (pairs > JZ_MEASURED_FACTS_MAX - m->fact_count && r->status == JZ_OK) r->status = JZ_E_COUNT;
        for (uint32_t k = 0; k < pairs && r->status == JZ_OK; k++) {
            struct jz_fact *fact = &m->fact[m->fact_count++];
            fact->code = (uint32_t)within(r, 1, UINT32_MAX);
            fact->value = (int32_t)within(r, INT32_MIN, INT32_MAX);
        }
    }
}

static void read_leads(struct jz_reader *r, struct jz_measurement *m) {
    uint32_t count = jz_read_array(r);
    if (count > JZ_MEASURED_LEADS_MAX && r->status == JZ_OK) r->status = JZ_E_COUNT;
    for (uint32_t i = 0; i < count && r->status == JZ_OK; i++) {
        struct jz_measured_lead *lead = &m->lead[m->lead_count++];
        if (jz_read_array(r) != 4 && r->status == JZ_OK) r->status = JZ_E_VALUE;
        lead->code = (uint32_t)within(r, 1, UINT32_MAX);
        lead->quality = (uint8_t)within(r, 0, 100);
        lead->trouble = (uint8_t)within(r, 0, UINT8_MAX);
        lead->usable = jz_read_bool(r);
    }
}

static void read_numbers(struct jz_reader *r, struct jz_measurement *m) {
    uint32_t pairs = jz_read_map(r);
    for (uint32_t i = 0; i < pairs && r->status == JZ_OK; i++) {
        uint64_t which = jz_read_uint(r);
        int64_t value = within(r, INT16_MIN, INT16_MAX);
        if (which < JZ_NUMBER_COUNT) m->number[which] = (int16_t)value;
    }
}

static void read_encounter(struct jz_reader *r, struct jz_measurement *m) {
    struct jz_bytes id = jz_read_bytes(r);
    if (r->status != JZ_OK) return;
    if (id.bytes == sizeof m->encounter.byte)
        memcpy(m->encounter.byte, id.data, id.bytes);
    else
        r->status = JZ_E_VALUE;
}

static void read_key(struct jz_reader *r, uint64_t key, struct jz_measurement *m) {
    switch (key) {
    case 0: read_encounter(r, m); break;
    case 1: m->wave = (enum jz_wave_kind)within(r, JZ_WAVE_ECG, JZ_WAVE_CTG); break;
    case 2: m->snapshot = (uint32_t)within(r, 0, UINT32_MAX); break;
    case 3: m->taken_ms = within(r, 1, INT64_MAX); break;
    case 4: m->duration_ms = (uint32_t)within(r, 0, UINT32_MAX); break;
    case 5: m->segments = (uint32_t)within(r, 0, UINT32_MAX); break;
    case 6: m->version = (uint32_t)within(r, 0, UINT32_MAX); break;
    case 7: m->quality = (uint8_t)within(r, 0, 100); break;
    case 8: m->readable = jz_read_bool(r); break;
    case 9: read_facts(r, m); break;
    case 10: read_leads(r, m); break;
    case 11: read_numbers(r, m); break;
    default: jz_read_skip(r); break;
    }
}

enum jz_status jz_measurement_decode(struct jz_bytes bytes, struct jz_measurement *out) {
    struct jz_reader r;
    memset(out, 0, sizeof *out);
    for (uint32_t i = 0; i < JZ_NUMBER_COUNT; i++) out->number[i] = JZ_NUMBER_UNKNOWN;
    jz_reader_init(&r, bytes.data, bytes.bytes);
    uint32_t pairs = jz_read_map(&r);
    for (uint32_t i = 0; i < pairs && r.status == JZ_OK; i++) {
        uint64_t key = jz_read_uint(&r);
        read_key(&r, key, out);
    }
    if (r.status != JZ_OK) return r.status;
    return r.at == bytes.bytes && is_sound(out) ? JZ_OK : JZ_E_VALUE;
}

/* --- who is believed ------------------------------------------------------------------------------------------ */

bool jz_machine_has(const struct jz_encounter *e, uint32_t source, uint32_t field) {
    return e->machine.word[source][field / 64u] >> (field % 64u) & 1u;
}

void jz_machine_note(struct jz_encounter *e, uint32_t source, uint32_t field) {
    uint64_t bit = UINT64_C(1) << (field % 64u);
    for (uint32_t i = 0; i < JZ_MACHINE_SOURCES; i++) e->machine.word[i][field / 64u] &= ~bit;
    if (source < JZ_MACHINE_SOURCES) e->machine.word[source][field / 64u] |= bit;
}

void jz_machine_note_reading(struct jz_encounter *e, uint32_t source, uint32_t field, int64_t at_ms) {
    if (!e->chart.slot[field]) return;
    if (jz_chart_reading(&e->chart, field).taken_ms != (at_ms > 0 ? at_ms : 1))
        return; /* a newer one is known */
    jz_machine_note(e, source, field);
}

void jz_machine_note_fact(struct jz_encounter *e, uint32_t source, const struct jz_fact *fact,
                          int64_t at_ms) {
    uint32_t field = jz_field_by_code(fact->code);
    if (field == JZ_FIELD_UNKNOWN) return;
    if (jz_field_at(field)->kind == 'e') at_ms -= (int64_t)fact->value * 1000;
    jz_machine_note_reading(e, source, field, at_ms);
}

static bool is_machines(const struct jz_encounter *e, uint32_t field) {
    for (uint32_t i = 0; i < JZ_MACHINE_SOURCES; i++)
        if (jz_machine_has(e, i, field)) return true;
    return false;
}

/* What a person said, or a monitor measured by its own means, stands while it is fresh; what does not age stands. */
static bool another_stands(const struct jz_encounter *e, uint32_t field, int64_t at_ms) {
    struct jz_reading r = jz_chart_reading(&e->chart, field);
    int64_t fresh_ms = (int64_t)jz_field_at(field)->fresh_s * 1000;
    if (r.validity != JZ_VALID || is_machines(e, field)) return false;
    return fresh_ms == 0 || at_ms - r.taken_ms <= fresh_ms;
}

void jz_observe_machine(struct jz_core *core, struct jz_encounter *e, uint32_t source,
                        const struct jz_fact *fact, int64_t at_ms, struct jz_rule_set *due,
                        struct jz_outcome *out) {
    struct jz_reading reading = {.taken_ms = at_ms, .value = fact->value, .validity = JZ_VALID};
    uint32_t field = jz_field_by_code(fact->code);
    if (field != JZ_FIELD_UNKNOWN && another_stands(e, field, at_ms)) return;
    jz_triage_observe(core, e, fact->code, reading, due, out);
    jz_machine_note_fact(e, source, fact, at_ms);
}

/* --- one measurement -------------------------------------------------------------------------------------------- */

/* A recording is an ECG whether or not anybody tapped "ECG taken"; one that cannot be read has to be taken again and is
 * not the first ECG. */
static void stamp_ecg(struct jz_core *core, struct jz_encounter *e, const struct jz_measurement *m,
                      int64_t at_ms, struct jz_rule_set *due, struct jz_outcome *out) {
    uint32_t last = jz_field_by_code(ECG_LAST_CODE);
    struct jz_reading reading = {.taken_ms = at_ms, .value = 0, .validity = JZ_VALID};
    assert(last != JZ_FIELD_UNKNOWN);
    int64_t before_ms = e->milestone[JZ_MILESTONE_ECG];
    if (m->readable) jz_stamp(core, e, JZ_MILESTONE_ECG, at_ms, NULL, JZ_STAMP_RECORDING, false, due, out);
    if (e->milestone[JZ_MILESTONE_ECG] != before_ms)
        jz_machine_note(e, JZ_WAVE_ECG, jz_field_by_code(jz_milestone_code(JZ_MILESTONE_ECG)));
    if (at_ms > jz_chart_reading(&e->chart, last).taken_ms)
        jz_triage_observe(core, e, ECG_LAST_CODE, reading, due, out);
}

static bool is_said(const struct jz_measurement *m, uint32_t code) {
    for (uint32_t i = 0; i < m->fact_count; i++)
        if (m->fact[i].code == code) return true;
    return false;
}

/* Does this 12-lead recording speak for a field of the one before? A bundle branch block, say, does not end with it. */
static bool speaks_for(const struct jz_field *field) {
    bool extra = field->code >= FIRST_EXTRA_ST && field->code <= LAST_EXTRA_ST;
    return field->kind != 'e' && field->fresh_s != 0 && !extra;
}

/* The leads of one ECG are judged together: what an earlier one showed in a lead that this one cannot read must neither
 * complete a pair with it nor rule one out. An ECG that cannot be read at all takes nothing back. */
static void withdraw_unsaid(struct jz_core *core, struct jz_encounter *e, const struct jz_measurement *m,
                            int64_t at_ms, struct jz_rule_set *due, struct jz_outcome *out) {
    struct jz_reading none = {.taken_ms = at_ms, .validity = JZ_NOT_MEASURED};
    if (!m->readable || m->lead_count < STANDARD_LEADS) return;
    for (uint32_t field = 0; field < jz_field_count(); field++) {
        const struct jz_field *def = jz_field_at(field);
        if (!jz_machine_has(e, JZ_WAVE_ECG, field) || !speaks_for(def) || is_said(m, def->code)) continue;
        if (jz_chart_reading(&e->chart, field).taken_ms < at_ms)
            jz_triage_observe(core, e, def->code, none, due, out);
    }
}

/* What is shown beside the trace: of the newest recording, as last measured. */
static void show(struct jz_measured *shown, const struct jz_measurement *m, int64_t at_ms) {
    if (at_ms < shown->taken_ms) return;
    memset(shown, 0, sizeof *shown);
    shown->taken_ms = at_ms;
    shown->snapshot = m->snapshot;
    shown->duration_ms = m->duration_ms;
    shown->quality = m->quality;
    shown->readable = m->readable;
    shown->lead_count = (uint8_t)m->lead_count;
    memcpy(shown->number, m->number, sizeof shown->number);
    for (uint32_t i = 0; i < m->lead_count; i++) {
        shown->lead_code[i] = m->lead[i].code;
        shown->lead_quality[i] = m->lead[i].quality;
        shown->lead_trouble[i] = m->lead[i].trouble;
        shown->lead_usable[i] = m->lead[i].usable;
    }
}

void jz_apply_measurement(struct jz_core *core, const struct jz_event *event, struct jz_outcome *out) {
    struct jz_measurement m;
    struct jz_rule_set due = {{0}};
    uint32_t slot;
    out->status = jz_measurement_decode(event->original, &m);
    if (out->status != JZ_OK) return;
    struct jz_encounter *e = jz_encounter_find(core, m.encounter, &slot);
    e = e ? jz_merged_into(core, e, &slot) : NULL;
    if (!e || !jz_phase_is_live(e->phase)) {
        out->status = e ? JZ_E_ENCOUNTER_CLOSED : JZ_E_UNKNOWN_ENCOUNTER;
        return;
    }
    int64_t at_ms = m.taken_ms < core->head.now_ms ? m.taken_ms : core->head.now_ms;
    if (m.wave == JZ_WAVE_ECG) {
        stamp_ecg(core, e, &m, at_ms, &due, out);
        withdraw_unsaid(core, e, &m, at_ms, &due, out);
    }
    for (uint32_t i = 0; i < m.fact_count; i++)
        jz_observe_machine(core, e, m.wave, &m.fact[i], at_ms, &due, out);
    show(m.wave == JZ_WAVE_ECG ? &e->ecg : &e->ctg, &m, at_ms);
    jz_touch(out, slot);
    jz_triage(core, slot, &due, out);
    jz_set_wake(core, slot, out);
}
