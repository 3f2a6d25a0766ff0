/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

#include <stdio.h>
#include <string.h>

#include "state.h"

#define SECOND INT64_C(1000)
#define INTERVAL (5 * MINUTE)
enum { NEAR, FAR, CLINIC, MOTHERS, HOSPITALS };

static const struct jz_probe_record *probe(struct stage *s, uint32_t facility) {
    return &s->core->region->probe[facility];
}

static void sounded(struct stage *s, const char *facility, uint64_t number) {
    struct jz_peer peer = stage_team(facility, "陈护士");
    struct jz_action action = {.what = JZ_ACTION_PROBE_SOUNDED,
                               .facility = {facility, (uint32_t)strlen(facility)},
                               .number = number};
    stage_action(s, &peer, 0, &action);
}

/* How many records of the journal speak of probes, from the given one on. */
static uint32_t probe_records(struct stage *s, size_t from) {
    uint32_t count = 0;
    char text[4096];
    size_t written;
    for (size_t i = from; i < s->record_count; i++) {
        const struct stage_record *r = &s->record[i];
        if (!jz_record_is_decision(r->bytes, r->count)) continue;
        assert_int_equal(jz_diagnostic(r->bytes, r->count, text, sizeof text, &written), JZ_OK);
        char kind[16];
        snprintf(kind, sizeof kind, ", 3: %d, ", JZ_DECISION_PROBE);
        count += strstr(text, kind) != NULL;
    }
    return count;
}

/* Until this hospital's next probe is on its way, one deadline at a time. */
static void until_sent(struct stage *s, uint32_t facility) {
    uint64_t before = probe(s, facility)->number;
    for (int i = 0; i < 1000 && probe(s, facility)->number == before; i++)
        stage_wait(s, jz_core_next_deadline(s->core) > s->now ? jz_core_next_deadline(s->core) - s->now : 0);
    assert_true(probe(s, facility)->number > before);
}

static void bring_alive(struct stage *s, uint32_t facility, const char *id) {
    until_sent(s, facility);
    sounded(s, id, probe(s, facility)->number);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(probe(s, facility)->state, JZ_PROBE_ALIVE);
}

static void every_hospital_has_its_own_moment_in_the_interval(void **state) {
    struct stage *s = *state;
    stage_wait(s, 0);
    for (uint32_t i = 0; i < HOSPITALS; i++) {
        assert_int_equal(probe(s, i)->state, JZ_PROBE_NONE);
        assert_int_equal(probe(s, i)->due_ms % INTERVAL, i * INTERVAL / HOSPITALS);
        assert_true(probe(s, i)->due_ms > s->now && probe(s, i)->due_ms <= s->now + INTERVAL);
    }
}

static void a_probe_goes_out_and_comes_back(void **state) {
    struct stage *s = *state;
    until_sent(s, FAR);
    assert_int_equal(probe(s, FAR)->state, JZ_PROBE_SENT);
    assert_int_equal(probe(s, FAR)->sent_ms, s->now);
    assert_int_equal(probe(s, FAR)->due_ms, s->now + 15 * SECOND);
    assert_true(s->out.facilities >> FAR & 1u); /* the shell is told whom to send it to */
    s->now += 2 * SECOND;
    sounded(s, "far", probe(s, FAR)->number);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(probe(s, FAR)->state, JZ_PROBE_ALIVE);
    assert_int_equal(probe(s, FAR)->sounded_ms, s->now);
    assert_int_equal(probe(s, FAR)->missed, 0);
    assert_string_equal(probe(s, FAR)->station, "陈护士");
    assert_int_equal(probe(s, FAR)->due_ms, s->now - 2 * SECOND + INTERVAL);
}

static void the_frame_names_hospital_and_number_while_one_is_on_its_way(void **state) {
    struct stage *s = *state;
    uint8_t buffer[256];
    char text[512], expected[128];
    struct jz_writer w;
    size_t written;
    jz_writer_init(&w, buffer, sizeof buffer);
    assert_int_equal(jz_view_probe(s->core, FAR, s->now, &w), JZ_E_UNKNOWN_CODE);
    until_sent(s, FAR);
    assert_int_equal(jz_view_probe(s->core, FAR, s->now, &w), JZ_OK);
    assert_int_equal(jz_diagnostic(buffer, w.used, text, sizeof text, &written), JZ_OK);
    snprintf(expected, sizeof expected, "{0: 26, 3: %lld, 8: \"far\", 9: %llu}", (long long)s->now,
             (unsigned long long)probe(s, FAR)->number);
    assert_string_equal(text, expected);
    sounded(s, "far", probe(s, FAR)->number);
    assert_int_equal(jz_view_probe(s->core, FAR, s->now, &w), JZ_E_UNKNOWN_CODE);
}

static void a_hospital_where_no_board_ever_answered_is_dead_at_once(void **state) {
    struct stage *s = *state;
    until_sent(s, NEAR);
    stage_wait(s, 15 * SECOND - 1);
    assert_int_equal(probe(s, NEAR)->state, JZ_PROBE_SENT);
    stage_wait(s, 1);
    assert_int_equal(probe(s, NEAR)->state, JZ_PROBE_DEAD);
    assert_int_equal(probe(s, NEAR)->missed, 1);
    assert_true(s->out.urgent);
}

static void a_path_that_lived_is_dead_after_three_misses_a_minute_apart(void **state) {
    struct stage *s = *state;
    bring_alive(s, NEAR, "near");
    until_sent(s, NEAR);
    int64_t first = s->now;
    for (uint8_t missed = 0; missed < 3; missed++) {
        assert_int_equal(s->now, first + missed * MINUTE);
        assert_int_equal(probe(s, NEAR)->missed, missed);
        assert_int_equal(probe(s, NEAR)->state, JZ_PROBE_SENT);
        if (missed < 2) until_sent(s, NEAR);
    }
    stage_wait(s, 15 * SECOND);
    assert_int_equal(probe(s, NEAR)->state, JZ_PROBE_DEAD);
    assert_int_equal(probe(s, NEAR)->missed, 3);
}

static void a_miss_in_between_is_forgiven_by_the_next_answer(void **state) {
    struct stage *s = *state;
    bring_alive(s, NEAR, "near");
    for (int i = 0; i < 5; i++) {
        until_sent(s, NEAR);
        until_sent(s, NEAR); /* the one before was missed */
        until_sent(s, NEAR);
        assert_int_equal(probe(s, NEAR)->missed, 2);
        sounded(s, "near", probe(s, NEAR)->number);
        assert_int_equal(probe(s, NEAR)->missed, 0);
        assert_int_equal(probe(s, NEAR)->state, JZ_PROBE_ALIVE);
    }
}

static void a_dead_path_is_tried_each_minute_and_stays_dead_until_one_comes_back(void **state) {
    struct stage *s = *state;
    until_sent(s, NEAR);
    stage_wait(s, 15 * SECOND);
    for (int i = 0; i < 3; i++) {
        int64_t before = probe(s, NEAR)->sent_ms;
        until_sent(s, NEAR);
        assert_int_equal(s->now, before + MINUTE);
        assert_int_equal(probe(s, NEAR)->state, JZ_PROBE_DEAD);
    }
    sounded(s, "near", probe(s, NEAR)->number);
    assert_int_equal(probe(s, NEAR)->state, JZ_PROBE_ALIVE);
}

static void one_that_comes_late_proves_the_way_and_one_that_was_overtaken_does_not(void **state) {
    struct stage *s = *state;
    until_sent(s, NEAR);
    uint64_t first = probe(s, NEAR)->number;
    stage_wait(s, 20 * SECOND);
    assert_int_equal(probe(s, NEAR)->state, JZ_PROBE_DEAD);
    sounded(s, "near", first);
    assert_int_equal(probe(s, NEAR)->state, JZ_PROBE_ALIVE);
    until_sent(s, NEAR);
    sounded(s, "near", first);
    assert_int_equal(s->out.status, JZ_OK);
    assert_int_equal(probe(s, NEAR)->state, JZ_PROBE_SENT);
}

static void a_number_that_was_never_given_is_refused(void **state) {
    struct stage *s = *state;
    until_sent(s, NEAR);
    sounded(s, "near", s->core->region->probes + 1u);
    assert_int_equal(s->out.status, JZ_E_VALUE);
    assert_int_equal(probe(s, NEAR)->state, JZ_PROBE_SENT);
}

static void another_hospitals_number_proves_nothing(void **state) {
    struct stage *s = *state;
    until_sent(s, NEAR);
    sounded(s, "far", probe(s, NEAR)->number);
    assert_int_equal(probe(s, FAR)->sounded_ms, 0);
    assert_int_equal(probe(s, FAR)->state, JZ_PROBE_DEAD);
    assert_int_equal(probe(s, NEAR)->state, JZ_PROBE_SENT);
}

static void the_journal_tells_when_a_path_comes_alive_or_dies_and_nothing_in_between(void **state) {
    struct stage *s = *state;
    bring_alive(s, NEAR, "near"); /* by then the three others are dead */
    assert_int_equal(probe_records(s, 0), HOSPITALS);
    size_t from = s->record_count;
    for (int i = 0; i < 20; i++) {
        until_sent(s, NEAR);
        sounded(s, "near", probe(s, NEAR)->number);
    }
    assert_int_equal(probe_records(s, from), 0);
    from = s->record_count;
    for (int i = 0; i < 20; i++) until_sent(s, NEAR);
    assert_int_equal(probe_records(s, from), 1);
    from = s->record_count;
    sounded(s, "near", probe(s, NEAR)->number);
    sounded(s, "near", probe(s, NEAR)->number); /* a second board */
    assert_int_equal(probe_records(s, from), 1);
}

static void a_hospital_that_nobody_could_ask_is_asked_again_and_not_blamed(void **state) {
    struct stage *s = *state;
    bring_alive(s, NEAR, "near");
    until_sent(s, NEAR);
    uint64_t number = probe(s, NEAR)->number;
    s->now += 60 * MINUTE; /* the centre stood still */
    struct jz_event deadline = {.kind = JZ_EVENT_DEADLINE, .received_ms = s->now};
    stage_apply(s, &deadline);
    assert_int_equal(probe(s, NEAR)->missed, 0);
    assert_true(probe(s, NEAR)->number > number);
    assert_true(jz_probes_next(s->core) > s->now);
}

static void hospitals_that_move_in_the_directory_keep_their_proof(void **state) {
    struct stage *s = *state;
    bring_alive(s, NEAR, "near");
    int64_t sounded_ms = probe(s, NEAR)->sounded_ms;
    struct jz_directory swapped = s->directory;
    swapped.facility[NEAR] = s->directory.facility[FAR];
    swapped.facility[FAR] = s->directory.facility[NEAR];
    stage_directory(s, &swapped);
    assert_int_equal(probe(s, FAR)->sounded_ms, sounded_ms);
    assert_int_equal(probe(s, NEAR)->sounded_ms, 0);
    stage_directory(s, &s->directory); /* the stage's own outlives this test's */
}

#define ON_STAGE(test) cmocka_unit_test_setup_teardown(test, stage_open, stage_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_STAGE(every_hospital_has_its_own_moment_in_the_interval),
        ON_STAGE(a_probe_goes_out_and_comes_back),
        ON_STAGE(the_frame_names_hospital_and_number_while_one_is_on_its_way),
        ON_STAGE(a_hospital_where_no_board_ever_answered_is_dead_at_once),
        ON_STAGE(a_path_that_lived_is_dead_after_three_misses_a_minute_apart),
        ON_STAGE(a_miss_in_between_is_forgiven_by_the_next_answer),
        ON_STAGE(a_dead_path_is_tried_each_minute_and_stays_dead_until_one_comes_back),
        ON_STAGE(one_that_comes_late_proves_the_way_and_one_that_was_overtaken_does_not),
        ON_STAGE(a_number_that_was_never_given_is_refused),
        ON_STAGE(another_hospitals_number_proves_nothing),
        ON_STAGE(the_journal_tells_when_a_path_comes_alive_or_dies_and_nothing_in_between),
        ON_STAGE(a_hospital_that_nobody_could_ask_is_asked_again_and_not_blamed),
        ON_STAGE(hospitals_that_move_in_the_directory_keep_their_proof),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
