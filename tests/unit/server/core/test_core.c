/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fake_rules.h"
#include "state.h"

static void a_frame_applied_twice_counts_once(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    s->device_seq[JZ_LANE_URGENT]--;
    size_t before, after;
    uint8_t *a = stage_state(s->core, &before);
    stage_open_patient(s, 1, false);
    uint8_t *b = stage_state(s->core, &after);
    assert_true(s->out.duplicate);
    assert_int_equal(before, after);
    assert_memory_equal(a, b, before);
    free(a);
    free(b);
}

static void lanes_have_their_own_sequences(void **state) {
    struct stage *s = *state;
    const uint8_t ambulance[16] = {0xaa, 1};
    stage_open_patient(s, 1, false);
    stage_sbp(s, 1, 120);
    stage_sbp(s, 1, 121);
    assert_int_equal(jz_core_watermark(s->core, ambulance, 9, JZ_LANE_URGENT), 1);
    assert_int_equal(jz_core_watermark(s->core, ambulance, 9, JZ_LANE_VITALS), 2);
    assert_int_equal(jz_core_watermark(s->core, ambulance, 9, JZ_LANE_BULK), 0);
    assert_int_equal(jz_core_watermark(s->core, ambulance, 10, JZ_LANE_VITALS), 0);
}

static void data_for_an_encounter_nobody_opened_still_makes_a_patient(void **state) {
    struct stage *s = *state;
    stage_sbp(s, 3, 120);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(jz_core_encounter_count(s->core), 1);
    assert_int_equal(s->core->encounter[0].complaint, JZ_COMPLAINT_UNKNOWN);
}

static void an_unknown_field_is_stored_and_said(void **state) {
    struct stage *s = *state;
    struct jz_frame frame = {.kind = JZ_FRAME_FINDING, .has_encounter = true, .encounter = stage_patient(1)};
    frame.finding.code = 12345;
    frame.finding.observer = JZ_OBSERVER_CREW;
    stage_device(s, &frame);
    assert_int_equal(s->out.status, JZ_E_UNKNOWN_FIELD);
    assert_false(s->out.duplicate);
}

static void a_waveform_that_cannot_be_decoded_is_stored_and_said(void **state) {
    struct stage *s = *state;
    int32_t samples[100] = {0};
    uint8_t coded[1024];
    size_t bytes;
    samples[7] = 500;
    assert_int_equal(jz_wave_encode(samples, 1, 100, coded, sizeof coded, &bytes), JZ_OK);
    struct jz_frame frame = {.kind = JZ_FRAME_WAVEFORM,
                             .lane = JZ_LANE_BULK,
                             .has_encounter = true,
                             .encounter = stage_patient(1)};
    frame.waveform = (struct jz_waveform){.wave = JZ_WAVE_ECG,
                                          .period_us = 1000,
                                          .channel_count = 1,
                                          .channel = {131073},
                                          .samples = 100,
                                          .scale = 1000,
                                          .coded = {coded, (uint32_t)bytes}};
    stage_device(s, &frame);
    assert_int_equal(s->out.status, JZ_OK);
    frame.seq = 0;
    frame.waveform.coded.bytes--;
    stage_device(s, &frame);
    assert_int_equal(s->out.status, JZ_E_VALUE);
    assert_false(s->out.duplicate);
}

static void at_the_limit_a_patient_is_taken_and_one_over_is_kept_by_its_device(void **state) {
    struct stage *s = *state;
    for (uint8_t n = 1; n <= s->limits.encounters_max; n++) {
        stage_open_patient(s, n, false);
        assert_int_equal(s->out.status, JZ_OK);
    }
    uint64_t before = s->device_seq[JZ_LANE_URGENT];
    stage_open_patient(s, 200, false);
    assert_int_equal(s->out.status, JZ_E_FULL);
    assert_true(s->out.duplicate); /* not stored, so not acknowledged: it is sent again */
    assert_int_equal(jz_core_watermark(s->core, (const uint8_t[16]){0xaa, 1}, 9, JZ_LANE_URGENT), before);
    stage_sbp(s, 1, 120);
    assert_int_equal(s->out.status, JZ_OK); /* those already here go on */
    struct jz_frame close = {
        .kind = JZ_FRAME_ENCOUNTER_CLOSE, .has_encounter = true, .encounter = stage_patient(7)};
    close.close.reason = JZ_CLOSE_STOOD_DOWN;
    s->device_seq[JZ_LANE_URGENT] = before;
    stage_device(s, &close);
    stage_open_patient(s, 200, false);
    assert_int_equal(s->out.status, JZ_OK);
}

static void a_slot_used_again_shows_nothing_of_the_patient_before(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    stage_sbp(s, 1, 168);
    struct jz_frame close = {
        .kind = JZ_FRAME_ENCOUNTER_CLOSE, .has_encounter = true, .encounter = stage_patient(1)};
    close.close.reason = JZ_CLOSE_STOOD_DOWN;
    stage_device(s, &close);
    for (uint8_t n = 2; n <= s->limits.encounters_max + 1u; n++) stage_open_patient(s, n, false);
    assert_int_equal(s->core->encounter[0].serial, s->limits.encounters_max + 1u);
    assert_int_equal(s->core->encounter[0].alert_count, 0);
    assert_null(jz_alert_find(s->core, 1, NULL));
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    assert_int_equal(s->out.status, JZ_E_UNKNOWN_ALERT);
}

static void a_peer_with_ever_new_epochs_takes_no_more_than_its_share(void **state) {
    struct stage *s = *state;
    for (uint32_t epoch = 1; epoch <= 100; epoch++) {
        struct jz_frame frame = {.kind = JZ_FRAME_POSITION, .seq = 1, .at_ms = s->now};
        uint8_t bytes[128];
        size_t written;
        frame.position = (struct jz_point){.has = true, .lat_e7 = 1, .lon_e7 = 1};
        assert_int_equal(jz_frame_encode(&frame, bytes, sizeof bytes, &written), JZ_OK);
        struct jz_event event = {.kind = JZ_EVENT_FRAME,
                                 .received_ms = ++s->now,
                                 .epoch = epoch,
                                 .frame = &frame,
                                 .peer = {.id = {0xbb}, .kind = JZ_PEER_DEVICE},
                                 .original = {bytes, (uint32_t)written}};
        stage_apply(s, &event);
        assert_int_equal(s->out.status, JZ_OK);
    }
    assert_int_equal(s->core->head.peer_count, JZ_EPOCHS_PER_PEER_MAX);
    assert_int_equal(jz_core_watermark(s->core, (const uint8_t[16]){0xbb}, 100, 0), 1);
    assert_int_equal(jz_core_watermark(s->core, (const uint8_t[16]){0xbb}, 92, 0), 0);
    stage_open_patient(s, 1, false); /* everybody else goes on */
    assert_int_equal(s->out.status, JZ_OK);
}

static void a_clock_that_steps_back_moves_no_deadline(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    stage_sbp(s, 1, 168);
    int64_t due = jz_alerts(s->core, 0)[0].due_ms;
    s->now -= 3600 * 1000;
    stage_sbp(s, 1, 169);
    assert_int_equal(s->core->head.now_ms, NOON);
    assert_int_equal(jz_alerts(s->core, 0)[0].due_ms, due);
}

static void a_reading_from_the_future_is_taken_as_now(void **state) {
    struct stage *s = *state;
    struct jz_frame frame = {.kind = JZ_FRAME_VITALS,
                             .lane = JZ_LANE_VITALS,
                             .has_encounter = true,
                             .encounter = stage_patient(1),
                             .at_ms = NOON + 86400000};
    uint32_t sbp = jz_field_by_name("sbp");
    frame.vitals.count = 1;
    frame.vitals.item[0] = (struct jz_fact){jz_field_at(sbp)->code, 120};
    stage_device(s, &frame);
    assert_int_equal(s->core->encounter[0].chart.reading[0].taken_ms, NOON);
}

static void a_late_fix_does_not_move_the_patient_back(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, true);
    struct jz_frame frame = {.kind = JZ_FRAME_POSITION,
                             .has_encounter = true,
                             .encounter = stage_patient(1),
                             .at_ms = NOON - 1000};
    frame.position = (struct jz_point){.has = true, .lat_e7 = 1, .lon_e7 = 1};
    stage_device(s, &frame);
    assert_int_equal(s->core->encounter[0].lat_e7, 270000000);
}

static void the_first_stamp_of_a_milestone_stands(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    stage_milestone(s, 1, JZ_MILESTONE_FMC);
    stage_wait(s, MINUTE);
    stage_milestone(s, 1, JZ_MILESTONE_FMC);
    assert_int_equal(s->core->encounter[0].milestone[JZ_MILESTONE_FMC], NOON);
}

static void people_do_not_report_and_devices_do_not_answer(void **state) {
    struct stage *s = *state;
    struct jz_frame answer = {.kind = JZ_FRAME_ALERT_ANSWER};
    answer.answer = (struct jz_alert_answer){.alert = 1, .to = JZ_ALERT_SEEN};
    stage_device(s, &answer);
    assert_int_equal(s->out.status, JZ_E_DIRECTION);
}

static struct jz_core *second_core(const struct stage *s, void **memory) {
    *memory = aligned_alloc(16, jz_core_bytes(&s->limits));
    assert_non_null(*memory);
    memset(*memory, 0, jz_core_bytes(&s->limits));
    return jz_core_init(*memory, &s->limits);
}

static void assert_same_state(const struct jz_core *a, const struct jz_core *b) {
    size_t a_bytes, b_bytes;
    uint8_t *x = stage_state(a, &a_bytes), *y = stage_state(b, &b_bytes);
    assert_int_equal(a_bytes, b_bytes);
    assert_memory_equal(x, y, a_bytes);
    free(x);
    free(y);
}

/* Reads the records back as a restart would, compares each decision made with the one on record. */
static void replay_and_compare(struct stage *s, struct jz_core *core) {
    static struct jz_outcome out;
    static struct jz_frame frame;
    static struct jz_travel travel;
    uint32_t decision = 0;
    out.decision_count = 0;
    for (size_t i = 0; i < s->record_count; i++) {
        const struct stage_record *r = &s->record[i];
        if (jz_record_is_decision(r->bytes, r->count)) {
            assert_true(decision < out.decision_count);
            assert_int_equal(out.decision[decision].bytes, r->count);
            assert_memory_equal(out.buffer + out.decision[decision].offset, r->bytes, r->count);
            decision++;
            continue;
        }
        struct jz_event event;
        assert_int_equal(decision, out.decision_count);
        assert_int_equal(jz_event_decode(r->bytes, r->count, &event, &frame, &travel), JZ_OK);
        if (event.kind == JZ_EVENT_PACKS) event.program = stage_program(event.original);
        event.directory = &s->directory;
        jz_core_apply(core, &event, &out);
        decision = 0;
    }
}

/* Whatever people do, in whatever state it is. */
static void random_action(struct stage *s, uint8_t n) {
    static const char *const facility[] = {"near", "far", "clinic", "mothers"};
    static const char *const name[] = {"王调度", "赵调度"};
    struct jz_peer peer = stage_dispatcher(name[rand() % 2]);
    const char *hospital = facility[rand() % 4];
    static const enum jz_role role[] = {JZ_ROLE_DISPATCHER, JZ_ROLE_DISPATCHER, JZ_ROLE_CONSULTANT,
                                        JZ_ROLE_ADMINISTRATOR};
    peer.role = role[rand() % 4];
    if (rand() % 3 == 0) peer = stage_team(hospital, "李医生");
    struct jz_frame frame = {.kind = JZ_FRAME_ACTION, .has_encounter = true, .encounter = stage_patient(n)};
    struct jz_action *a = &frame.action;
    a->what = (enum jz_action_code)(1 + rand() % (JZ_ACTION_COUNT - 1));
    if (a->what == JZ_ACTION_CHOOSE_DESTINATION) hospital = facility[rand() % 2];
    a->facility = (struct jz_text){hospital, (uint32_t)strlen(hospital)};
    a->code =
        rand() % 4 ? 1u + (uint32_t)rand() % 7u : jz_milestone_code((enum jz_milestone)(1 + rand() % 10));
    a->has_value = true;
    a->value = rand() % 5;
    a->ms = rand() % 2 ? s->now - rand() % 600000 : 0;
    a->reason = (uint8_t)(rand() % JZ_REASON_COUNT);
    a->text = (struct jz_text){"obstetrics", 10};
    a->has_other = true;
    a->other = stage_patient((uint8_t)(1 + rand() % 12));
    a->number = 1 + (uint64_t)(rand() % 40);
    if (a->what == JZ_ACTION_SECOND) a->number = s->core->region->proposals;
    if (rand() % 4 == 0)
        stage_device(s, &frame);
    else
        stage_person(s, &peer, &frame);
}

static void random_event(struct stage *s) {
    static const char *const facility[] = {"near", "far", "clinic", "mothers"};
    uint8_t n = (uint8_t)(1 + rand() % 6);
    uint64_t alert = 1 + (uint64_t)(rand() % 6) * 8 + (uint64_t)(rand() % 3);
    switch (rand() % 14) {
    case 11:
    case 12: random_action(s, n); break;
    case 0: stage_open_patient(s, n, rand() % 2); break;
    case 1:
    case 2: stage_sbp(s, n, 90 + rand() % 120); break;
    case 3: stage_finding(s, n, "st_elevation_confirmed", rand() % 2); break;
    case 4: stage_travel(s, n); break;
    case 5:
    case 6:
        stage_answer(s, facility[rand() % 4], alert, (enum jz_alert_state)(2 + rand() % 7),
                     (uint8_t)(rand() % 7));
        break;
    case 7: stage_milestone(s, n, (enum jz_milestone)(1 + rand() % 6)); break;
    case 8: stage_fact(s, n, rand() % 2 ? "fmc" : "ecg", rand() % 900); break;
    case 9:
        if (rand() % 20 == 0) stage_packs(s, rand() % 2 ? "packs" : "reversed", "王主任");
        break;
    case 10: stage_measured(s, n, rand() % 2 ? "st_elevation_confirmed" : "st_v2", rand() % 2); break;
    default: stage_wait(s, rand() % 40000); break;
    }
    s->now += rand() % 500;
}

static void check_kin(struct stage *s, struct jz_encounter *e) {
    static const uint8_t other_side[] = {0, JZ_KIN_MOTHER, JZ_KIN_NEWBORN, JZ_KIN_MERGED_FROM,
                                         JZ_KIN_MERGED_INTO};
    uint32_t into = 0, mothers = 0, slot;
    for (uint32_t i = 0; i < JZ_KIN_MAX; i++) {
        const struct jz_kin *k = &e->kin[i];
        if (!k->since_ms) continue;
        into += k->kind == JZ_KIN_MERGED_INTO;
        mothers += k->kind == JZ_KIN_MOTHER;
        struct jz_encounter *other = jz_encounter_find(s->core, k->id, &slot);
        assert_true(other && other != e); /* nobody is forgotten in this test */
        assert_non_null(jz_kin_find(other, &e->id, (enum jz_kin_kind)other_side[k->kind]));
        if (k->kind == JZ_KIN_MERGED_INTO) assert_int_not_equal(other->phase, JZ_PHASE_MERGED);
    }
    assert_int_equal(into, e->phase == JZ_PHASE_MERGED);
    assert_true(mothers <= 1);
}

/* Each place that is held is held for a patient who is on the way. */
static void check_places(struct stage *s) {
    uint32_t held[4][JZ_SERVICE_COUNT] = {{0}};
    for (uint32_t slot = 0; slot < jz_core_encounter_count(s->core); slot++) {
        const struct jz_encounter *e = &s->core->encounter[slot];
        if (!e->held_facility) continue;
        assert_true(jz_phase_is_live(e->phase));
        for (uint32_t v = 1; v < JZ_SERVICE_COUNT; v++)
            held[e->held_facility - 1u][v] += e->held_services >> v & 1u;
    }
    for (uint32_t f = 0; f < 4; f++)
        for (uint32_t v = 1; v < JZ_SERVICE_COUNT; v++)
            assert_int_equal(jz_capacity_number(&s->core->region->capacity, f, (enum jz_service)v)->held,
                             held[f][v]);
}

static void check_invariants(struct stage *s) {
    check_places(s);
    for (uint32_t slot = 0; slot < jz_core_encounter_count(s->core); slot++) {
        const struct jz_encounter *e = &s->core->encounter[slot];
        uint32_t accepted = 0;
        check_kin(s, &s->core->encounter[slot]);
        for (uint32_t i = 0; i < e->alert_count; i++) {
            const struct jz_alert_record *a = &jz_alerts(s->core, slot)[i];
            accepted += a->state == JZ_ALERT_ACCEPTED || a->state == JZ_ALERT_PREPARING;
            assert_int_not_equal(a->facility, 2); /* the clinic can never be a destination */
            if (a->state <= JZ_ALERT_SEEN) assert_true(a->escalated || a->due_ms != INT64_MAX);
        }
        assert_true(accepted <= 1);
    }
}

static void any_history_replays_to_the_same_bytes(void **state) {
    struct stage *s = *state;
    const char *given = getenv("JZ_SEED");
    unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
    print_message("seed %u\n", seed);
    srand(seed);
    for (int i = 0; i < 3000; i++) {
        random_event(s);
        check_invariants(s);
    }
    void *memory;
    struct jz_core *core = second_core(s, &memory);
    replay_and_compare(s, core);
    assert_same_state(s->core, core);
    free(memory);
}

static void a_saved_state_loads_to_the_same_bytes_and_goes_on_the_same_way(void **state) {
    struct stage *s = *state;
    srand(7);
    for (int i = 0; i < 500; i++) random_event(s);
    size_t bytes;
    uint8_t *saved = stage_state(s->core, &bytes);
    void *memory;
    struct jz_core *core = second_core(s, &memory);
    assert_int_equal(jz_core_load(core, saved, bytes, s->core->program, &s->directory), JZ_OK);
    assert_same_state(s->core, core);
    static struct jz_outcome out;
    struct jz_event due = {.kind = JZ_EVENT_DEADLINE, .received_ms = s->now + 100000};
    stage_apply(s, &due);
    jz_core_apply(core, &due, &out);
    assert_int_equal(out.buffer_used, s->out.buffer_used);
    assert_memory_equal(out.buffer, s->out.buffer, out.buffer_used);
    assert_same_state(s->core, core);
    free(saved);
    free(memory);
}

static void a_snapshot_cut_short_or_of_another_layout_is_refused(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, true);
    size_t bytes;
    uint8_t *saved = stage_state(s->core, &bytes);
    void *memory;
    struct jz_core *core = second_core(s, &memory);
    for (size_t cut = 1; cut < 200; cut++)
        assert_int_equal(jz_core_load(core, saved, bytes - cut, fake_program(), &s->directory), JZ_E_FORMAT);
    assert_int_equal(jz_core_load(core, saved, 10, fake_program(), &s->directory), JZ_E_FORMAT);
    assert_int_equal(jz_core_load(core, saved, bytes, NULL, &s->directory), JZ_E_FORMAT);
    saved[0] ^= 1;
    assert_int_equal(jz_core_load(core, saved, bytes, fake_program(), &s->directory), JZ_E_FORMAT);
    free(saved);
    free(memory);
}

static void every_view_is_a_valid_frame(void **state) {
    struct stage *s = *state;
    static uint8_t buffer[65536];
    size_t bytes;
    srand(11);
    for (int i = 0; i < 400; i++) random_event(s);
    for (uint32_t slot = 0; slot < jz_core_encounter_count(s->core); slot++)
        assert_memory_equal(stage_view(s, slot, &bytes), "{0: 24, 3: ", 11);
    uint32_t seen = 0;
    for (uint64_t id = 1; id <= 8u * s->core->head.serial; id++) {
        if (!jz_alert_find(s->core, id, NULL)) continue;
        seen++;
        struct jz_writer w;
        struct jz_frame frame;
        struct jz_scan scan;
        jz_writer_init(&w, buffer, sizeof buffer);
        assert_int_equal(jz_view_alert(s->core, id, s->now, &w), JZ_OK);
        assert_int_equal(jz_message_scan(buffer, w.used, &scan), JZ_OK);
        assert_int_equal(jz_frame_decode(buffer, w.used, &frame, NULL), JZ_OK);
        assert_int_equal(frame.alert.id, id);
    }
    assert_true(seen > 3);
}

static void the_directive_tells_the_crew_where_and_who_accepted(void **state) {
    struct stage *s = *state;
    uint8_t buffer[1024];
    struct jz_writer w;
    struct jz_frame frame;
    struct jz_scan scan;
    stage_open_patient(s, 1, true);
    stage_travel(s, 1);
    stage_sbp(s, 1, 168);
    stage_answer(s, "near", 1, JZ_ALERT_ACCEPTED, 0);
    jz_writer_init(&w, buffer, sizeof buffer);
    assert_int_equal(jz_view_directive(s->core, 0, s->now, &w), JZ_OK);
    assert_int_equal(jz_message_scan(buffer, w.used, &scan), JZ_OK);
    assert_int_equal(jz_frame_decode(buffer, w.used, &frame, NULL), JZ_OK);
    assert_int_equal(frame.directive.what, JZ_DIRECTIVE_DESTINATION);
    assert_int_equal(frame.directive.alert_state, JZ_ALERT_ACCEPTED);
    assert_memory_equal(frame.directive.facility.data, "near", 4);
    assert_memory_equal(frame.directive.person.data, "李医生 near", strlen("李医生 near"));
    assert_int_equal(frame.directive.travel_s, 600);
}

static void the_crew_is_asked_for_a_vital_sign_and_not_for_a_finding_nobody_made(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    assert_int_equal(s->core->encounter[0].directive, JZ_DIRECTIVE_MEASURE);
    assert_int_equal(s->core->encounter[0].directive_measure, jz_field_by_name("sbp"));
    stage_sbp(s, 1, 120);
    assert_int_equal(s->core->encounter[0].measure,
                     JZ_FIELD_NONE); /* CHEST could ask for its finding, and does not */
}

static void a_receiving_team_sees_only_patients_routed_to_it(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, true);
    stage_travel(s, 1);
    stage_sbp(s, 1, 168);
    assert_true(jz_core_facility_sees(s->core, "near", 0));
    assert_false(jz_core_facility_sees(s->core, "far", 0));
    stage_answer(s, "near", 1, JZ_ALERT_DECLINED, JZ_DECLINE_NO_BED);
    assert_false(jz_core_facility_sees(s->core, "near", 0));
    assert_true(jz_core_facility_sees(s->core, "far", 0));
}

/* --- events and milestones ---------------------------------------------------------------------------------- */

static struct jz_reading reading_of(const struct stage *s, const char *field) {
    return jz_chart_reading(&s->core->encounter[0].chart, jz_field_by_name(field));
}

static void every_milestone_has_an_event_of_its_name(void **state) {
    static const char *const name[JZ_MILESTONE_COUNT] = {
        NULL,       "fmc",  "ecg",    "ecg_read",          "left_scene", "door",
        "handover", "wire", "needle", "decision_delivery", "delivery"};
    (void)state;
    for (uint32_t i = 1; i < JZ_MILESTONE_COUNT; i++) {
        const struct jz_field *field = jz_field_at(jz_field_by_name(name[i]));
        assert_int_equal(jz_milestone_code((enum jz_milestone)i), field->code);
        assert_int_equal(field->kind, 'e');
    }
    static const char *const column[JZ_TREND_COLUMNS] = {"hr", "spo2", "sbp", "dbp", "rr", "temp_c"};
    for (uint32_t i = 0; i < JZ_TREND_COLUMNS; i++)
        assert_int_equal(jz_trend_code[i], jz_field_at(jz_field_by_name(column[i]))->code);
}

static void an_event_happened_so_many_seconds_before_the_frame(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    stage_fact(s, 1, "pain_onset", 5400);
    assert_int_equal(s->out.status, JZ_OK);
    struct jz_reading onset = reading_of(s, "pain_onset");
    assert_int_equal(onset.taken_ms, NOON - 5400000);
    assert_int_equal(onset.value, 1);
    assert_int_equal(onset.validity, JZ_VALID);
}

static void an_event_outside_its_range_is_kept_and_not_believed(void **state) {
    struct stage *s = *state;
    static const int32_t bad[] = {-1, 31622401};
    stage_open_patient(s, 1, false);
    for (int i = 0; i < 2; i++) {
        stage_fact(s, 1, "pain_onset", bad[i]);
        assert_int_equal(s->out.status, JZ_E_IMPLAUSIBLE);
        assert_false(s->out.duplicate);
        stage_fact(s, 1, "fmc", bad[i]);
        assert_int_equal(s->out.status, JZ_E_IMPLAUSIBLE);
    }
    assert_int_equal(reading_of(s, "pain_onset").validity, JZ_ABSENT);
    assert_int_equal(reading_of(s, "fmc").validity, JZ_ABSENT);
    assert_int_equal(s->core->encounter[0].milestone[JZ_MILESTONE_FMC], 0);
    stage_fact(s, 1, "pain_onset", 31622400);
    assert_int_equal(s->out.status, JZ_OK);
}

static void a_milestone_is_an_event_to_the_rules_and_its_clock_runs_out_by_itself(void **state) {
    struct stage *s = *state;
    const struct jz_rule_result *clock = &s->core->encounter[0].chart.result[2];
    stage_open_patient(s, 1, false);
    assert_int_equal(clock->status, JZ_RULE_NOT_APPLICABLE);
    stage_milestone(s, 1, JZ_MILESTONE_FMC);
    assert_int_equal(reading_of(s, "fmc").taken_ms, NOON);
    assert_int_equal(clock->level, 1); /* running */
    stage_wait(s, 10 * MINUTE);
    assert_int_equal(clock->level, 1);
    assert_int_equal(s->core->encounter[0].priority, 5);
    stage_wait(s, 1);
    assert_int_equal(clock->level, 0); /* overdue */
    assert_int_equal(s->core->encounter[0].priority, 3);
    stage_milestone(s, 1, JZ_MILESTONE_ECG);
    assert_int_equal(clock->level, 2);
}

static void a_milestone_reported_as_an_event_corrects_it(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    stage_milestone(s, 1, JZ_MILESTONE_FMC);
    stage_fact(s, 1, "fmc", 240);
    assert_int_equal(s->core->encounter[0].milestone[JZ_MILESTONE_FMC], NOON - 240000);
    assert_int_equal(reading_of(s, "fmc").taken_ms, NOON - 240000);
    size_t bytes;
    const char *text = stage_view(s, 0, &bytes);
    assert_non_null(strstr(text, "13: {}, ")); /* shown once, as the milestone */
    assert_non_null(strstr(text, "16: {1: 1767225360000}"));
}

static void a_field_too_many_is_stored_and_said(void **state) {
    struct stage *s = *state;
    stage_open_patient(s, 1, false);
    s->core->encounter[0].chart.count = JZ_CHART_READINGS_MAX;
    stage_sbp(s, 1, 168);
    assert_int_equal(s->out.status, JZ_E_CHART_FULL);
    assert_false(s->out.duplicate);
}

/* --- what the journal is told ------------------------------------------------------------------------------- */

/* How many assessments (kind 1) the last event put on record, and the text of the last of them. */
static uint32_t told(const struct stage *s, const char **last) {
    static char text[65536];
    uint32_t count = 0;
    for (uint32_t i = 0; i < s->out.decision_count; i++) {
        size_t written;
        static char one[65536];
        const struct jz_slice *d = &s->out.decision[i];
        assert_int_equal(jz_diagnostic(s->out.buffer + d->offset, d->bytes, one, sizeof one, &written),
                         JZ_OK);
        if (!strstr(one, ", 3: 1, 4: h'")) continue;
        memcpy(text, one, sizeof text);
        count++;
    }
    if (last) *last = text;
    return count;
}

static void results_that_never_mattered_are_not_on_record(void **state) {
    struct stage *s = *state;
    const char *last;
    stage_open_patient(s, 1, false);
    assert_int_equal(told(s, NULL), 0); /* cannot be evaluated, and knows nothing */
    stage_sbp(s, 1, 120);
    assert_int_equal(told(s, NULL), 0); /* not fired, and never was */
    stage_sbp(s, 1, 168);
    assert_int_equal(told(s, &last), 1);
    assert_non_null(
        strstr(last, "5: \"PRESSURE\", 6: \"1\", 7: 1, 8: 1, 9: 1, 10: \"high\", 11: 2, 12: [\"C-OB\"], "
                     "13: [], 14: [], 15: [[150021, 168, 1767225600000, true]], 16: \"high\", "
                     "17: [], 18: h'0102030405060708'}"));
    stage_sbp(s, 1, 169);
    assert_int_equal(told(s, NULL), 0); /* the same level */
    stage_sbp(s, 1, 181);
    assert_int_equal(told(s, NULL), 1);
    stage_sbp(s, 1, 120);
    assert_int_equal(told(s, &last), 1); /* no longer fired */
    assert_non_null(strstr(last, "7: 2, 8: 0, 9: 0, 10: \"\""));
    stage_sbp(s, 1, 121);
    assert_int_equal(told(s, NULL), 0);
}

static void an_activation_names_person_packs_and_rules(void **state) {
    struct stage *s = *state;
    char text[2048];
    size_t written;
    stage_packs(s, "reversed", "王主任");
    assert_int_equal(s->out.decision_count, 1);
    assert_int_equal(jz_diagnostic(s->out.buffer, s->out.buffer_used, text, sizeof text, &written), JZ_OK);
    assert_non_null(strstr(text, "3: 7, 5: \"王主任\", 6: h'010203040506070809000000"));
    assert_non_null(strstr(text, "7: [[\"PRESSURE\", \"1\", true, false], [\"CHEST\", "));
    const struct stage_record *input = &s->record[s->record_count - 2];
    assert_int_equal(jz_diagnostic(input->bytes, input->count, text, sizeof text, &written), JZ_OK);
    assert_non_null(strstr(text, "4: \"王主任\"}"));
}

/* The worst there can be: every rule changes at once, with the longest records a rule can have. */
static void every_rule_at_once_is_on_record_and_the_view_stays_a_message(void **state) {
    struct stage *s = *state;
    size_t bytes;
    stage_open_patient(s, 1, false);
    stage_packs(s, "crowd", "");
    stage_wait(s, 0);
    stage_sbp(s, 1, 168);
    assert_int_equal(told(s, NULL), JZ_RULES_MAX);
    assert_true(s->out.decision_count > JZ_RULES_MAX + 1);
    const char *text = stage_view(s, 0, &bytes);
    assert_in_range(bytes, JZ_MESSAGE_BYTES_MAX / 2, JZ_MESSAGE_BYTES_MAX);
    const char *unshown = strstr(text, ", 24: ");
    while (unshown && strstr(unshown + 1, ", 24: "))
        unshown = strstr(unshown + 1, ", 24: "); /* the frame's own */
    assert_non_null(unshown);
    assert_in_range(strtoul(unshown + 6, NULL, 10), JZ_RULES_MAX - 24, JZ_RULES_MAX - 1);
}

/* --- what a patient frame shows ----------------------------------------------------------------------------- */

static bool is_milestone(uint32_t code) {
    for (uint32_t i = 1; i < JZ_MILESTONE_COUNT; i++)
        if (jz_milestone_code((enum jz_milestone)i) == code) return true;
    return false;
}

static void at_64_fields_all_are_shown_and_beyond_the_vital_signs_and_the_newest(void **state) {
    struct stage *s = *state;
    size_t bytes;
    uint32_t known = 0;
    stage_open_patient(s, 1, false);
    stage_sbp(s, 1, 120);
    for (uint32_t i = 0; i < jz_field_count() && known < 63; i++) {
        const struct jz_field *field = jz_field_at(i);
        if (field->kind == 'v' || is_milestone(field->code) || strcmp(field->name, "pain_onset") == 0)
            continue;
        s->now += 1000;
        stage_fact(s, 1, field->name, field->min);
        known++;
    }
    assert_int_equal(known, 63);
    assert_null(strstr(stage_view(s, 0, &bytes), ", 25: "));
    assert_non_null(strstr(stage_view(s, 0, &bytes), "67108865: ["));
    stage_fact(s, 1, "pain_onset", 60);
    const char *text = stage_view(s, 0, &bytes);
    assert_non_null(strstr(text, ", 25: 1, 28: "));
    assert_non_null(strstr(text, "150021: [120, ")); /* the oldest of all, and a vital sign */
    assert_null(strstr(text, "67108865: ["));        /* the oldest of the others */
    assert_non_null(strstr(text, "67109213: [1, "));
}

static void what_fired_comes_first_and_what_is_not_known_is_not_shown(void **state) {
    struct stage *s = *state;
    size_t bytes;
    stage_open_patient(s, 1, false);
    assert_non_null(strstr(stage_view(s, 0, &bytes), "14: [], 15: []"));
    stage_milestone(s, 1, JZ_MILESTONE_FMC);
    stage_sbp(s, 1, 168);
    stage_finding(s, 1, "st_elevation_confirmed", 1);
    const char *text = stage_view(s, 0, &bytes);
    const char *chest = strstr(text, "0: \"CHEST\""), *pressure = strstr(text, "0: \"PRESSURE\""),
               *clock = strstr(text, "0: \"CLOCK\"");
    assert_true(chest && pressure && clock && chest < pressure && pressure < clock);
}

#define ON_STAGE(test) cmocka_unit_test_setup_teardown(test, stage_open, stage_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_STAGE(a_frame_applied_twice_counts_once),
        ON_STAGE(lanes_have_their_own_sequences),
        ON_STAGE(data_for_an_encounter_nobody_opened_still_makes_a_patient),
        ON_STAGE(an_unknown_field_is_stored_and_said),
        ON_STAGE(a_waveform_that_cannot_be_decoded_is_stored_and_said),
        ON_STAGE(at_the_limit_a_patient_is_taken_and_one_over_is_kept_by_its_device),
        ON_STAGE(a_slot_used_again_shows_nothing_of_the_patient_before),
        ON_STAGE(a_peer_with_ever_new_epochs_takes_no_more_than_its_share),
        ON_STAGE(a_clock_that_steps_back_moves_no_deadline),
        ON_STAGE(a_reading_from_the_future_is_taken_as_now),
        ON_STAGE(a_late_fix_does_not_move_the_patient_back),
        ON_STAGE(the_first_stamp_of_a_milestone_stands),
        ON_STAGE(people_do_not_report_and_devices_do_not_answer),
        ON_STAGE(any_history_replays_to_the_same_bytes),
        ON_STAGE(a_saved_state_loads_to_the_same_bytes_and_goes_on_the_same_way),
        ON_STAGE(a_snapshot_cut_short_or_of_another_layout_is_refused),
        ON_STAGE(every_view_is_a_valid_frame),
        ON_STAGE(the_directive_tells_the_crew_where_and_who_accepted),
        ON_STAGE(the_crew_is_asked_for_a_vital_sign_and_not_for_a_finding_nobody_made),
        ON_STAGE(a_receiving_team_sees_only_patients_routed_to_it),
        ON_STAGE(every_milestone_has_an_event_of_its_name),
        ON_STAGE(an_event_happened_so_many_seconds_before_the_frame),
        ON_STAGE(an_event_outside_its_range_is_kept_and_not_believed),
        ON_STAGE(a_milestone_is_an_event_to_the_rules_and_its_clock_runs_out_by_itself),
        ON_STAGE(a_milestone_reported_as_an_event_corrects_it),
        ON_STAGE(a_field_too_many_is_stored_and_said),
        ON_STAGE(results_that_never_mattered_are_not_on_record),
        ON_STAGE(an_activation_names_person_packs_and_rules),
        ON_STAGE(every_rule_at_once_is_on_record_and_the_view_stays_a_message),
        ON_STAGE(at_64_fields_all_are_shown_and_beyond_the_vital_signs_and_the_newest),
        ON_STAGE(what_fired_comes_first_and_what_is_not_known_is_not_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
