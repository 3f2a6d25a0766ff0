/* SPDX-License-Identifier: Apache-2.0 */
/* What was measured of a waveform, as an event: into the chart, beside what people found, on record and replayed. */
#include <stdlib.h>
#include <string.h>

#include "stage.h"
#include "state.h"

static uint32_t code_of(const char *field) {
    return jz_field_at(jz_field_by_name(field))->code;
}

static struct jz_measurement measurement(uint8_t n, enum jz_wave_kind wave, int64_t taken_ms) {
    struct jz_measurement m = {.encounter = stage_patient(n),
                               .wave = wave,
                               .snapshot = wave == JZ_WAVE_ECG ? 1 : 0,
                               .taken_ms = taken_ms,
                               .duration_ms = 10000,
                               .segments = 10,
                               .version = 1,
                               .quality = 80,
                               .readable = true};
    for (uint32_t i = 0; i < JZ_NUMBER_COUNT; i++) m.number[i] = JZ_NUMBER_UNKNOWN;
    return m;
}

static void add_fact(struct jz_measurement *m, const char *field, int32_t value) {
    uint32_t at = m->fact_count++, code = code_of(field);
    for (; at > 0 && m->fact[at - 1u].code > code; at--) m->fact[at] = m->fact[at - 1u];
    m->fact[at] = (struct jz_fact){code, value};
}

static void apply(struct stage *s, const struct jz_measurement *m) {
    static uint8_t bytes[JZ_MEASUREMENT_BYTES_MAX];
    size_t written;
    assert_int_equal(jz_measurement_encode(m, bytes, sizeof bytes, &written), JZ_OK);
    struct jz_event event = {
        .kind = JZ_EVENT_MEASUREMENT, .received_ms = s->now, .original = {bytes, (uint32_t)written}};
    stage_apply(s, &event);
}

static void apply_one(struct stage *s, uint8_t n, const char *field, int32_t value, int64_t taken_ms) {
    struct jz_measurement m = measurement(n, JZ_WAVE_ECG, taken_ms);
    add_fact(&m, field, value);
    apply(s, &m);
}

static struct jz_reading reading(const struct stage *s, const char *field) {
    return jz_chart_reading(&s->core->encounter[0].chart, jz_field_by_name(field));
}

/* --- applied -------------------------------------------------------------------------------------------------------- */

static void what_was_measured_is_known_at_the_time_of_the_last_sample_and_moves_the_rules(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, true);
    s->now += 20000;
    struct jz_measurement m = measurement(1, JZ_WAVE_ECG, NOON + 10000);
    add_fact(&m, "st_v2", 250);
    add_fact(&m, "st_elevation_confirmed", 1); /* the fake rules know no other finding */
    apply(s, &m);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(reading(s, "st_v2").value, 250);
    assert_int_equal(reading(s, "st_v2").taken_ms, NOON + 10000);
    assert_int_equal(s->core->encounter[0].priority, 1);
    assert_true(s->out.urgent);
    assert_int_equal(s->out.touched_count, 1);
    assert_true(s->out.decision_count > 0);
}

static void a_recording_stamps_the_first_ecg_unless_the_crew_did(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    s->now += 60000;
    apply_one(s, 1, "st_v2", 20, NOON + 30000);
    assert_int_equal(s->core->encounter[0].milestone[JZ_MILESTONE_ECG], NOON + 30000);
    assert_int_equal(reading(s, "ecg_last").taken_ms, NOON + 30000);
    apply_one(s, 1, "st_v2", 20, NOON + 50000);
    assert_int_equal(s->core->encounter[0].milestone[JZ_MILESTONE_ECG], NOON + 30000);
    assert_int_equal(reading(s, "ecg_last").taken_ms, NOON + 50000);
    apply_one(s, 1, "st_v2", 20, NOON + 40000); /* an older one, measured late */
    assert_int_equal(reading(s, "ecg_last").taken_ms, NOON + 50000);
}

static void the_crews_own_stamp_stands(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    stage_milestone(s, 1, JZ_MILESTONE_ECG);
    s->now += 60000;
    apply_one(s, 1, "st_v2", 20, NOON + 30000);
    assert_int_equal(s->core->encounter[0].milestone[JZ_MILESTONE_ECG], NOON);
}

/* The crew tapped before the recording ended, and their link brought it later. */
static void the_crews_stamp_that_comes_late_and_is_earlier_stands_too(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    s->now += 60000;
    apply_one(s, 1, "st_v2", 20, NOON + 30000);
    struct jz_frame frame = {
        .kind = JZ_FRAME_MILESTONE, .has_encounter = true, .encounter = stage_patient(1)};
    frame.milestone.what = JZ_MILESTONE_ECG;
    frame.milestone.happened_ms = NOON + 40000; /* of a later ECG: the first one is on record */
    stage_device(s, &frame);
    assert_int_equal(s->core->encounter[0].milestone[JZ_MILESTONE_ECG], NOON + 30000);
    frame.seq = 0;
    frame.milestone.happened_ms = NOON + 20000;
    stage_device(s, &frame);
    assert_int_equal(s->core->encounter[0].milestone[JZ_MILESTONE_ECG], NOON + 20000);
    frame.seq = 0;
    frame.milestone.happened_ms = NOON + 10000; /* a person's first stamp stands */
    stage_device(s, &frame);
    apply_one(s, 1, "st_v2", 20, NOON + 15000);
    assert_int_equal(s->core->encounter[0].milestone[JZ_MILESTONE_ECG], NOON + 20000);
}

static void of_recordings_measured_out_of_order_the_earliest_is_the_first_ecg(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    s->now += 60000;
    apply_one(s, 1, "st_v2", 20, NOON + 30000);
    apply_one(s, 1, "st_v2", 20, NOON + 20000);
    assert_int_equal(s->core->encounter[0].milestone[JZ_MILESTONE_ECG], NOON + 20000);
}

static void an_ecg_that_cannot_be_read_is_no_first_ecg_but_one_to_be_read(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    struct jz_measurement m = measurement(1, JZ_WAVE_ECG, NOON);
    m.readable = false;
    add_fact(&m, "ecg_unreadable", 1);
    apply(s, &m);
    assert_int_equal(s->core->encounter[0].milestone[JZ_MILESTONE_ECG], 0);
    assert_int_equal(reading(s, "ecg_last").taken_ms, NOON);
    assert_int_equal(reading(s, "ecg_unreadable").value, 1);
}

static void a_ctg_is_no_ecg(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    struct jz_measurement m = measurement(1, JZ_WAVE_CTG, NOON);
    add_fact(&m, "ctg_baseline", 1400);
    apply(s, &m);
    assert_int_equal(s->core->encounter[0].milestone[JZ_MILESTONE_ECG], 0);
    assert_int_equal(reading(s, "ecg_last").validity, JZ_ABSENT);
    assert_int_equal(reading(s, "ctg_baseline").value, 1400);
}

static void a_time_ahead_of_the_clock_is_taken_as_now(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    apply_one(s, 1, "st_v2", 20, NOON + 3600000);
    assert_int_equal(reading(s, "st_v2").taken_ms, NOON);
}

static void a_later_measurement_counts_and_one_that_comes_late_does_not(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    s->now += 60000;
    apply_one(s, 1, "st_v2", 20, NOON + 20000);
    apply_one(s, 1, "st_v2", 250, NOON + 30000);
    assert_int_equal(reading(s, "st_v2").value, 250);
    apply_one(s, 1, "st_v2", 30, NOON + 10000);
    assert_int_equal(reading(s, "st_v2").value, 250);
    assert_int_equal(s->core->encounter[0].ecg.taken_ms, NOON + 30000);
}

static struct jz_measurement twelve_leads(int64_t taken_ms) {
    struct jz_measurement m = measurement(1, JZ_WAVE_ECG, taken_ms);
    for (m.lead_count = 0; m.lead_count < 12; m.lead_count++)
        m.lead[m.lead_count] = (struct jz_measured_lead){131073 + m.lead_count, 90, 0, true};
    return m;
}

/* An ECG that shows V2, V3, V7 and a bundle branch block; then `next`. */
static void follow(struct stage *s, struct jz_measurement *next) {
    stage_open_patient(s, 1, false);
    s->now += 600000;
    struct jz_measurement first = twelve_leads(NOON + 10000);
    add_fact(&first, "st_v2", 220);
    add_fact(&first, "st_v3", 250);
    add_fact(&first, "st_v7", 60);
    add_fact(&first, "lbbb", 1);
    apply(s, &first);
    add_fact(next, "st_v2", 240);
    apply(s, next);
    assert_int_equal(reading(s, "st_v2").value, 240);
}

static void a_lead_that_the_newer_ecg_cannot_read_is_unknown_and_not_what_it_was(void **state) {
    struct stage *s = *state;
    struct jz_measurement next = twelve_leads(NOON + 70000);
    follow(s, &next);
    assert_int_equal(reading(s, "st_v3").validity, JZ_NOT_MEASURED);
    assert_int_equal(reading(s, "st_v7").validity, JZ_VALID); /* not of a 12-lead recording */
    assert_int_equal(reading(s, "lbbb").validity, JZ_VALID);  /* does not age */
    assert_int_equal(reading(s, "ecg_last").validity, JZ_VALID);
    struct jz_measurement third = twelve_leads(NOON + 130000);
    add_fact(&third, "st_v3", 30);
    apply(s, &third);
    assert_int_equal(reading(s, "st_v3").value, 30);
    assert_int_equal(reading(s, "st_v3").validity, JZ_VALID);
}

static void an_ecg_that_cannot_be_read_or_has_few_leads_takes_nothing_back(void **state) {
    struct stage *s = *state;
    struct jz_measurement unreadable = twelve_leads(NOON + 70000);
    unreadable.readable = false;
    follow(s, &unreadable);
    assert_int_equal(reading(s, "st_v3").validity, JZ_VALID);
    struct jz_measurement few = twelve_leads(NOON + 80000);
    few.lead_count = 11;
    apply(s, &few);
    assert_int_equal(reading(s, "st_v3").validity, JZ_VALID);
}

static void an_earlier_ecg_measured_late_takes_nothing_back(void **state) {
    struct stage *s = *state;
    struct jz_measurement next = twelve_leads(NOON + 70000), late = twelve_leads(NOON + 5000);
    add_fact(&next, "st_v3", 260);
    follow(s, &next);
    apply(s, &late);
    assert_int_equal(reading(s, "st_v3").value, 260);
    assert_int_equal(reading(s, "st_v3").validity, JZ_VALID);
}

static void what_a_person_found_is_not_taken_back_by_an_ecg(void **state) {
    struct stage *s = *state;
    struct jz_measurement next = twelve_leads(NOON + 50000);
    stage_open_patient(s, 1, false);
    stage_finding(s, 1, "ecg_pain", 1);
    s->now += 60000;
    apply(s, &next);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(reading(s, "ecg_pain").validity, JZ_VALID);
}

static void the_same_again_changes_nothing(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    apply_one(s, 1, "st_elevation_confirmed", 1, NOON);
    size_t bytes;
    uint8_t *before = stage_state(s->core, &bytes);
    apply_one(s, 1, "st_elevation_confirmed", 1, NOON);
    assert_int_equal(s->out.decision_count, 0);
    struct jz_core_head head; /* counts events */
    memcpy(&head, before, sizeof head);
    size_t again_bytes;
    uint8_t *after = stage_state(s->core, &again_bytes);
    assert_int_equal(bytes, again_bytes);
    assert_memory_equal(before + sizeof head, after + sizeof head, bytes - sizeof head);
    free(before);
    free(after);
}

static void of_a_patient_unknown_or_gone_it_is_on_record_without_effect(void **state) {
    struct stage *s = *state;
    apply_one(s, 1, "st_v2", 250, NOON);
    assert_int_equal(s->out.status, JZ_E_UNKNOWN_ENCOUNTER);
    assert_false(s->out.duplicate);
    assert_int_equal(jz_core_encounter_count(s->core), 0); /* a measurement opens nobody */
    stage_open_patient(s, 1, false);
    struct jz_frame close = {
        .kind = JZ_FRAME_ENCOUNTER_CLOSE, .has_encounter = true, .encounter = stage_patient(1)};
    close.close.reason = JZ_CLOSE_HANDED_OVER;
    stage_device(s, &close);
    apply_one(s, 1, "st_v2", 250, NOON);
    assert_int_equal(s->out.status, JZ_E_ENCOUNTER_CLOSED);
    assert_int_equal(reading(s, "st_v2").validity, JZ_ABSENT);
}

static void a_chart_that_is_full_is_said_and_not_silent(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    s->core->encounter[0].chart.count = JZ_CHART_READINGS_MAX;
    apply_one(s, 1, "st_v2", 250, NOON);
    assert_int_equal(s->out.status, JZ_E_CHART_FULL);
    assert_false(s->out.duplicate);
}

/* --- people before machines ------------------------------------------------------------------------------------------- */

static void what_a_person_found_stands_over_a_machine(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    stage_finding(s, 1, "lbbb", 0);
    s->now += 3600000;
    apply_one(s, 1, "lbbb", 1, s->now);
    assert_int_equal(reading(s, "lbbb").value, 0); /* it does not age */
    assert_int_equal(reading(s, "lbbb").taken_ms, NOON);
}

static void what_a_person_found_gives_way_once_it_is_stale(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    stage_finding(s, 1, "st_v2", 0);
    int64_t fresh_ms = (int64_t)jz_field_at(jz_field_by_name("st_v2"))->fresh_s * 1000;
    s->now += fresh_ms + 1;
    apply_one(s, 1, "st_v2", 250, NOON + fresh_ms);
    assert_int_equal(reading(s, "st_v2").value, 0);
    apply_one(s, 1, "st_v2", 250, NOON + fresh_ms + 1);
    assert_int_equal(reading(s, "st_v2").value, 250);
}

static void a_person_overrules_a_machine_and_a_machine_itself(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    apply_one(s, 1, "lbbb", 1, NOON);
    s->now += 1000;
    apply_one(s, 1, "lbbb", 0, s->now);
    assert_int_equal(reading(s, "lbbb").value, 0);
    s->now += 1000;
    stage_finding(s, 1, "lbbb", 1);
    assert_int_equal(reading(s, "lbbb").value, 1);
    s->now += 1000;
    apply_one(s, 1, "lbbb", 0, s->now);
    assert_int_equal(reading(s, "lbbb").value, 1);
}

static void a_device_that_reports_its_own_finding_is_a_machine_too(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    stage_finding(s, 1, "lbbb", 0);
    s->now += 1000;
    struct jz_frame frame = {.kind = JZ_FRAME_FINDING, .has_encounter = true, .encounter = stage_patient(1)};
    frame.finding.code = code_of("lbbb");
    frame.finding.value = 1;
    frame.finding.observer = JZ_OBSERVER_MACHINE;
    stage_device(s, &frame);
    assert_int_equal(reading(s, "lbbb").value, 0);
    stage_fact(s, 1, "paced", 0);
    s->now += 1000;
    apply_one(s, 1, "paced", 1, s->now);
    assert_int_equal(reading(s, "paced").value, 0); /* what the crew entered stands likewise */
}

static void send_event(struct stage *s, enum jz_observer observer, int32_t seconds_ago) {
    struct jz_frame frame = {.kind = JZ_FRAME_FINDING, .has_encounter = true, .encounter = stage_patient(1)};
    frame.finding.code = code_of("pain_recurred");
    frame.finding.value = seconds_ago;
    frame.finding.observer = observer;
    stage_device(s, &frame);
}

static void a_machines_event_gives_way_to_its_next_and_to_a_persons(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    s->now += 60000;
    send_event(s, JZ_OBSERVER_MACHINE, 30);
    s->now += 60000;
    send_event(s, JZ_OBSERVER_MACHINE, 20);
    assert_int_equal(reading(s, "pain_recurred").taken_ms, NOON + 100000);
    send_event(s, JZ_OBSERVER_CREW, 10);
    assert_int_equal(reading(s, "pain_recurred").taken_ms, NOON + 110000);
    s->now += 60000;
    send_event(s, JZ_OBSERVER_MACHINE, 5);
    assert_int_equal(reading(s, "pain_recurred").taken_ms, NOON + 110000);
}

/* --- as bytes ----------------------------------------------------------------------------------------------------------- */

static struct jz_measurement largest(void) {
    struct jz_measurement m = measurement(1, JZ_WAVE_ECG, NOON);
    for (uint32_t i = 0; i < JZ_MEASURED_FACTS_MAX; i++)
        m.fact[m.fact_count++] = (struct jz_fact){UINT32_MAX - JZ_MEASURED_FACTS_MAX + i, INT32_MIN};
    for (uint32_t i = 0; i < JZ_MEASURED_LEADS_MAX; i++)
        m.lead[m.lead_count++] = (struct jz_measured_lead){UINT32_MAX, 100, 255, 1};
    for (uint32_t i = 0; i < JZ_NUMBER_COUNT; i++) m.number[i] = INT16_MAX;
    m.snapshot = m.duration_ms = m.segments = m.version = UINT32_MAX;
    m.quality = 100;
    return m;
}

static void the_largest_measurement_fits_and_comes_back_the_same(void **state) {
    struct jz_measurement m = largest(), back;
    uint8_t bytes[JZ_MEASUREMENT_BYTES_MAX];
    size_t written;
    (void)state;
    assert_int_equal(jz_measurement_encode(&m, bytes, sizeof bytes, &written), JZ_OK);
    assert_int_equal(jz_measurement_decode((struct jz_bytes){bytes, (uint32_t)written}, &back), JZ_OK);
    assert_int_equal(back.fact_count, JZ_MEASURED_FACTS_MAX);
    assert_memory_equal(back.fact, m.fact, sizeof m.fact);
    assert_memory_equal(back.number, m.number, sizeof m.number);
    assert_int_equal(back.lead_count, JZ_MEASURED_LEADS_MAX);
    assert_int_equal(back.lead[16].trouble, 255);
    assert_int_equal(back.duration_ms, UINT32_MAX);
    for (size_t cut = 0; cut < written; cut++)
        assert_int_not_equal(jz_measurement_decode((struct jz_bytes){bytes, (uint32_t)cut}, &back), JZ_OK);
}

static void what_is_no_measurement_is_not_encoded(void **state) {
    struct jz_measurement m = largest();
    uint8_t bytes[JZ_MEASUREMENT_BYTES_MAX];
    size_t written;
    (void)state;
    m.fact[1].code = m.fact[0].code; /* twice */
    assert_int_equal(jz_measurement_encode(&m, bytes, sizeof bytes, &written), JZ_E_VALUE);
    m = largest();
    m.wave = JZ_WAVE_UNKNOWN;
    assert_int_equal(jz_measurement_encode(&m, bytes, sizeof bytes, &written), JZ_E_VALUE);
    m = largest();
    m.quality = 101;
    assert_int_equal(jz_measurement_encode(&m, bytes, sizeof bytes, &written), JZ_E_VALUE);
    m = largest();
    assert_int_equal(jz_measurement_encode(&m, bytes, 1000, &written), JZ_E_BUFFER);
    assert_int_equal(written, 0);
}

/* --- on record ------------------------------------------------------------------------------------------------------------- */

static void its_record_is_a_readable_map_and_replays_to_the_same_state(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, true);
    stage_finding(s, 1, "lbbb", 0);
    s->now += 20000;
    struct jz_measurement m = measurement(1, JZ_WAVE_ECG, NOON + 10000);
    add_fact(&m, "st_elevation_confirmed", 1);
    add_fact(&m, "lbbb", 1);
    size_t at = s->record_count;
    apply(s, &m);
    static char text[65536];
    size_t written;
    assert_int_equal(jz_diagnostic(s->record[at].bytes, s->record[at].count, text, sizeof text, &written),
                     JZ_OK);
    assert_non_null(strstr(text, "{0: 1, 1: 6, 2: 1767225620000, 3: {0: h'"));
    assert_non_null(strstr(text, "9: [{67108868: 1, 67111146: 1}]"));
    void *memory = aligned_alloc(16, jz_core_bytes(&s->limits));
    assert_non_null(memory);
    memset(memory, 0, jz_core_bytes(&s->limits));
    struct jz_core *again = jz_core_init(memory, &s->limits);
    static struct jz_outcome out;
    static struct jz_frame frame;
    static struct jz_travel travel;
    for (size_t i = 0; i < s->record_count; i++) {
        struct jz_event event;
        if (jz_record_is_decision(s->record[i].bytes, s->record[i].count)) continue;
        assert_int_equal(jz_event_decode(s->record[i].bytes, s->record[i].count, &event, &frame, &travel),
                         JZ_OK);
        if (event.kind == JZ_EVENT_PACKS) event.program = stage_program(event.original);
        event.directory = &s->directory;
        jz_core_apply(again, &event, &out);
    }
    size_t a_bytes, b_bytes;
    uint8_t *a = stage_state(s->core, &a_bytes), *b = stage_state(again, &b_bytes);
    assert_int_equal(a_bytes, b_bytes);
    assert_memory_equal(a, b, a_bytes);
    free(a);
    free(b);
    free(memory);
}

/* The wire knows no such frame: whatever kind a peer names, it is not this event. */
static void no_peer_can_send_one(void **state) {
    struct jz_measurement m = largest();
    uint8_t bytes[JZ_MEASUREMENT_BYTES_MAX];
    size_t written;
    static struct jz_frame frame;
    (void)state;
    assert_int_equal(jz_measurement_encode(&m, bytes, sizeof bytes, &written), JZ_OK);
    assert_int_not_equal(jz_frame_decode(bytes, written, &frame, NULL), JZ_OK);
    for (int kind = 0; kind < 64; kind++) {
        if (!jz_frame_is_stored((enum jz_frame_kind)kind)) continue;
        assert_null(strstr(jz_frame_name((enum jz_frame_kind)kind), "measurement"));
    }
}

/* --- shown ------------------------------------------------------------------------------------------------------------------- */

static void a_console_gets_it_in_a_place_of_its_own_and_findings_in_theirs(void **state) {
    struct stage *s = *state;
    size_t bytes;
    stage_open_patient(s, 1, false);
    stage_finding(s, 1, "lbbb", 0);
    assert_null(strstr(stage_view(s, 0, &bytes), "26: {"));
    struct jz_measurement m = measurement(1, JZ_WAVE_ECG, NOON);
    add_fact(&m, "st_v2", 250);
    add_fact(&m, "lbbb", 1);
    m.number[JZ_NUMBER_QRS] = 92;
    m.lead[m.lead_count++] = (struct jz_measured_lead){131076, 40, 4, 0};
    apply(s, &m);
    struct jz_measurement c = measurement(1, JZ_WAVE_CTG, NOON);
    add_fact(&c, "ctg_baseline", 1400);
    apply(s, &c);
    const char *text = stage_view(s, 0, &bytes);
    assert_non_null(strstr(text, "13: {67111146: [0, 1767225600000, 1], 67111401: [1, "));
    assert_non_null(strstr(text, "26: {0: 1767225600000, 1: 1, 2: 10000, 3: 80, 4: true, 5: {2: 92}, "
                                 "6: [[131076, 40, 4, false]], 7: {67111007: [250, 1767225600000, 1]}}"));
    assert_non_null(strstr(text, "27: {0: 1767225600000, 1: 0, 2: 10000, 3: 80, 4: true, 5: {}, 6: [], "
                                 "7: {67114003: [1400, 1767225600000, 1]}}"));
}

static void what_was_measured_long_ago_is_shown_as_stale(void **state) {
    struct stage *s = *state;
    size_t bytes;
    stage_open_patient(s, 1, false);
    apply_one(s, 1, "st_v2", 250, NOON);
    s->now += (int64_t)jz_field_at(jz_field_by_name("st_v2"))->fresh_s * 1000;
    assert_non_null(strstr(stage_view(s, 0, &bytes), "7: {67111007: [250, 1767225600000, 1]}}"));
    s->now += 1;
    assert_non_null(strstr(stage_view(s, 0, &bytes), "7: {67111007: [250, 1767225600000, 2]}}"));
}

static void details_of_leads_leave_room_for_what_is_of_the_whole(void **state) {
    struct stage *s = *state;
    size_t bytes;
    stage_open_patient(s, 1, false);
    struct jz_measurement m = measurement(1, JZ_WAVE_ECG, NOON);
    for (uint32_t code = code_of("st_i"); code <= code_of("t_shape_v6") && m.fact_count < 100; code++)
        if (jz_field_by_code(code) != JZ_FIELD_UNKNOWN) m.fact[m.fact_count++] = (struct jz_fact){code, 1};
    add_fact(&m, "preexcitation", 1);
    apply(s, &m);
    const char *text = stage_view(s, 0, &bytes);
    assert_non_null(strstr(text, "67111016: [1, 1767225600000, 1], 67111149: [1, 1767225600000, 1]}"));
    assert_null(strstr(text, "67111020: "));
    assert_null(strstr(text, "67109204: ")); /* the first ECG is among the milestones */
}

static void with_all_measured_of_both_the_frame_stays_a_message(void **state) {
    struct stage *s = *state;
    size_t bytes;
    stage_open_patient(s, 1, true);
    stage_packs(s, "crowd", "");
    stage_wait(s, 1);
    for (enum jz_wave_kind wave = JZ_WAVE_ECG; wave <= JZ_WAVE_CTG; wave++) {
        struct jz_measurement m = measurement(1, wave, NOON);
        for (uint32_t i = 0; i < jz_field_count() && m.fact_count < 60; i++)
            if (strncmp(jz_field_at(i)->name, wave == JZ_WAVE_ECG ? "st_" : "ctg_", 3) == 0)
                m.fact[m.fact_count++] = (struct jz_fact){jz_field_at(i)->code, 1};
        for (uint32_t i = 0; i < JZ_MEASURED_LEADS_MAX; i++)
            m.lead[m.lead_count++] = (struct jz_measured_lead){131073 + i, 100, 63, 1};
        apply(s, &m);
    }
    stage_sbp(s, 1, 200);
    const char *text = stage_view(s, 0, &bytes);
    assert_true(bytes <= JZ_MESSAGE_BYTES_MAX);
    assert_non_null(strstr(text, "26: {0: "));
    assert_non_null(strstr(text, "27: {0: "));
}

#define ON_STAGE(test) cmocka_unit_test_setup_teardown(test, stage_open, stage_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_STAGE(what_was_measured_is_known_at_the_time_of_the_last_sample_and_moves_the_rules),
        ON_STAGE(a_recording_stamps_the_first_ecg_unless_the_crew_did),
        ON_STAGE(the_crews_own_stamp_stands),
        ON_STAGE(the_crews_stamp_that_comes_late_and_is_earlier_stands_too),
        ON_STAGE(of_recordings_measured_out_of_order_the_earliest_is_the_first_ecg),
        ON_STAGE(an_ecg_that_cannot_be_read_is_no_first_ecg_but_one_to_be_read),
        ON_STAGE(a_ctg_is_no_ecg),
        ON_STAGE(a_time_ahead_of_the_clock_is_taken_as_now),
        ON_STAGE(a_later_measurement_counts_and_one_that_comes_late_does_not),
        ON_STAGE(a_lead_that_the_newer_ecg_cannot_read_is_unknown_and_not_what_it_was),
        ON_STAGE(an_ecg_that_cannot_be_read_or_has_few_leads_takes_nothing_back),
        ON_STAGE(an_earlier_ecg_measured_late_takes_nothing_back),
        ON_STAGE(what_a_person_found_is_not_taken_back_by_an_ecg),
        ON_STAGE(the_same_again_changes_nothing),
        ON_STAGE(of_a_patient_unknown_or_gone_it_is_on_record_without_effect),
        ON_STAGE(a_chart_that_is_full_is_said_and_not_silent),
        ON_STAGE(what_a_person_found_stands_over_a_machine),
        ON_STAGE(what_a_person_found_gives_way_once_it_is_stale),
        ON_STAGE(a_person_overrules_a_machine_and_a_machine_itself),
        ON_STAGE(a_device_that_reports_its_own_finding_is_a_machine_too),
        ON_STAGE(a_machines_event_gives_way_to_its_next_and_to_a_persons),
        cmocka_unit_test(the_largest_measurement_fits_and_comes_back_the_same),
        cmocka_unit_test(what_is_no_measurement_is_not_encoded),
        ON_STAGE(its_record_is_a_readable_map_and_replays_to_the_same_state),
        cmocka_unit_test(no_peer_can_send_one),
        ON_STAGE(a_console_gets_it_in_a_place_of_its_own_and_findings_in_theirs),
        ON_STAGE(what_was_measured_long_ago_is_shown_as_stale),
        ON_STAGE(details_of_leads_leave_room_for_what_is_of_the_whole),
        ON_STAGE(with_all_measured_of_both_the_frame_stays_a_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
