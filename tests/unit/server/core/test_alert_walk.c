/* SPDX-License-Identifier: Apache-2.0 */
/* Every state of an alert by every event. What stands in the tables here is all there is: whatever else happens must change
 * nothing. Columns are the states in their order: raised, delivered, seen, accepted, declined, preparing, arrived, handed
 * over, withdrawn, expired. Where a state is named it is by its number on the wire, 0 for the tenth. */
#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state.h"

struct walk {
    struct stage *s;
    uint8_t *before;
    size_t bytes;
};

static int begin(void **state) {
    struct walk *w = calloc(1, sizeof *w);
    void *stage = NULL;
    assert_non_null(w);
    assert_int_equal(stage_open(&stage), 0);
    w->s = stage;
    stage_open_patient(w->s, 1, true);
    stage_travel(w->s, 1);
    stage_sbp(w->s, 1, 168);
    w->bytes = jz_core_bytes(&w->s->limits);
    w->before = malloc(w->bytes);
    assert_non_null(w->before);
    memcpy(w->before, w->s->memory, w->bytes);
    *state = w;
    return 0;
}

static int end(void **state) {
    struct walk *w = *state;
    void *stage = w->s;
    free(w->before);
    free(w);
    return stage_close(&stage);
}

static struct jz_alert_record *alert(struct walk *w) {
    return jz_alert_find(w->s->core, 1, NULL);
}

/* The stage as it was, with the one alert in this state since just now. */
static struct jz_alert_record *stand_in(struct walk *w, uint8_t state) {
    memcpy(w->s->memory, w->before, w->bytes);
    struct jz_alert_record *a = alert(w);
    bool coming = state == JZ_ALERT_ACCEPTED || state == JZ_ALERT_PREPARING;
    if (coming || state == JZ_ALERT_ARRIVED || state == JZ_ALERT_HANDED_OVER)
        w->s->core->encounter[0].destination_alert = 1;
    a->state = state;
    a->accepted_ms = coming ? w->s->now : 0;
    a->changed_ms = w->s->now;
    if (state > JZ_ALERT_SEEN) a->due_ms = JZ_NEVER;
    snprintf(a->person, sizeof a->person, "李医生 near"); /* who answers in stage_answer */
    return a;
}

static uint8_t number(char digit) {
    return digit == '0' ? (uint8_t)JZ_ALERT_EXPIRED : (uint8_t)(digit - '0');
}

/* Answers are columns here: back to raised, delivered, seen, accepted, declined, preparing, arrived, handed over.
 * R refused, M moves to it, N nothing new, B back to raised, T told that it is off. */
static void every_state_takes_just_these_answers(void **state) {
    static const char *const expected[] = {
        [JZ_ALERT_RAISED] = "RMMMMRRR",    [JZ_ALERT_DELIVERED] = "RNMMMRRR",
        [JZ_ALERT_SEEN] = "RNNMMRRR",      [JZ_ALERT_ACCEPTED] = "BNNRMMMR",
        [JZ_ALERT_DECLINED] = "RNNRRRRR",  [JZ_ALERT_PREPARING] = "RNNRMRMR",
        [JZ_ALERT_ARRIVED] = "RNNRRRRM",   [JZ_ALERT_HANDED_OVER] = "RNNRRRRR",
        [JZ_ALERT_WITHDRAWN] = "RNTRRRRR", [JZ_ALERT_EXPIRED] = "RNTRRRRR",
    };
    struct walk *w = *state;
    for (uint8_t from = JZ_ALERT_RAISED; from < JZ_ALERT_STATE_COUNT; from++) {
        for (uint8_t to = JZ_ALERT_RAISED; to <= JZ_ALERT_HANDED_OVER; to++) {
            const struct jz_alert_record *a = stand_in(w, from);
            char letter = expected[from][to - 1u];
            stage_answer(w->s, "near", 1, (enum jz_alert_state)to,
                         to == JZ_ALERT_DECLINED ? JZ_DECLINE_NO_BED : 0);
            assert_int_equal(w->s->out.status, letter == 'R' ? JZ_E_TRANSITION : JZ_OK);
            assert_int_equal(a->state, letter == 'M' || letter == 'B' ? to : from);
            assert_int_equal(a->told, letter == 'T' || (letter == 'M' && to == JZ_ALERT_DECLINED));
            assert_int_equal(w->s->out.decision_count == 0, letter == 'R' || letter == 'N');
        }
    }
}

static char what_the_rung_did(struct walk *w, const struct jz_alert_record *before) {
    const struct jz_alert_record *a = alert(w);
    if (w->s->core->encounter[0].alert_count > 1) return 'n';
    if (a->escalated != before->escalated) return 'e';
    if (a->occurrence != before->occurrence) return 's';
    if (a->technical != before->technical) return 't';
    return a->rung != before->rung ? '-' : '.';
}

/* t technical, s sounds again, e escalated, n next hospital, - passed, . not on the ladder. */
static void every_state_takes_just_these_rungs(void **state) {
    static const int64_t after_ms[] = {10000, 30000, 60000, 120000};
    static const char *const expected[] = {"t--.......", "sss.......", "eee.......", "nnn......."};
    struct walk *w = *state;
    for (uint8_t rung = 0; rung < 4; rung++) {
        for (uint8_t in = JZ_ALERT_RAISED; in < JZ_ALERT_STATE_COUNT; in++) {
            struct jz_alert_record *a = stand_in(w, in), before;
            a->rung = rung;
            a->raised_ms = w->s->now - after_ms[rung];
            if (a->due_ms != JZ_NEVER) a->due_ms = w->s->now;
            before = *a;
            w->s->core->wake_ms[0] = w->s->now;
            stage_wait(w->s, 0);
            assert_int_equal(what_the_rung_did(w, &before), expected[rung][in - 1u]);
            assert_int_equal(a->state, in);
            assert_true(w->s->core->wake_ms[0] > w->s->now); /* nothing is due twice */
        }
    }
}

static void every_state_takes_just_these_milestones(void **state) {
    struct walk *w = *state;
    for (uint8_t what = 1; what < JZ_MILESTONE_COUNT; what++) {
        const char *expected = "1234567890";
        if (what == JZ_MILESTONE_DOOR) expected = "1237577890";
        if (what == JZ_MILESTONE_HANDOVER) expected = "0008588890";
        for (uint8_t in = JZ_ALERT_RAISED; in < JZ_ALERT_STATE_COUNT; in++) {
            const struct jz_alert_record *a = stand_in(w, in);
            stage_milestone(w->s, 1, (enum jz_milestone)what);
            assert_int_equal(a->state, number(expected[in - 1u]));
        }
    }
}

static void end_case(struct walk *w, enum jz_close_reason reason) {
    struct jz_frame close = {
        .kind = JZ_FRAME_ENCOUNTER_CLOSE, .has_encounter = true, .encounter = stage_patient(1)};
    if (reason == JZ_CLOSE_UNKNOWN) { /* silence */
        w->s->core->encounter[0].last_ms = w->s->now - JZ_SILENT_MS;
        w->s->core->wake_ms[0] = w->s->now;
        stage_wait(w->s, 0);
        return;
    }
    close.close.reason = reason;
    stage_device(w->s, &close);
}

/* And whoever is off must be told: something is due of it within a minute, and of nothing else. */
static void every_state_takes_just_these_ends(void **state) {
    static const char *const expected[] = {
        [JZ_CLOSE_UNKNOWN] = "0009598890",    [JZ_CLOSE_HANDED_OVER] = "0008588890",
        [JZ_CLOSE_STOOD_DOWN] = "0009598890", [JZ_CLOSE_REFUSED] = "0009598890",
        [JZ_CLOSE_DIED] = "0009598890",
    };
    struct walk *w = *state;
    for (uint8_t reason = JZ_CLOSE_UNKNOWN; reason <= JZ_CLOSE_DIED; reason++) {
        for (uint8_t in = JZ_ALERT_RAISED; in < JZ_ALERT_STATE_COUNT; in++) {
            const struct jz_alert_record *a = stand_in(w, in);
            uint8_t to = number(expected[reason][in - 1u]);
            end_case(w, (enum jz_close_reason)reason);
            assert_int_equal(w->s->core->encounter[0].phase, JZ_PHASE_CLOSED);
            assert_int_equal(a->state, to);
            bool off = to != in && (to == JZ_ALERT_WITHDRAWN || to == JZ_ALERT_EXPIRED);
            assert_int_equal(w->s->core->wake_ms[0], off ? w->s->now + MINUTE : INT64_MAX);
            assert_int_equal(w->s->core->encounter[0].destination_alert != 0,
                             to == JZ_ALERT_HANDED_OVER && in != JZ_ALERT_EXPIRED);
        }
    }
}

/* A hospital whose alert is over is asked anew, for nobody else is. */
static void a_rise_rings_again_in_just_these_states(void **state) {
    static const char expected[] = "1111517811";
    struct walk *w = *state;
    for (uint8_t in = JZ_ALERT_RAISED; in < JZ_ALERT_STATE_COUNT; in++) {
        const struct jz_alert_record *a = stand_in(w, in);
        stage_sbp(w->s, 1, 184);
        uint8_t to = number(expected[in - 1u]);
        assert_int_equal(a->state, to);
        assert_int_equal(a->occurrence, to == JZ_ALERT_RAISED ? 2 : 1);
    }
}

static void another_destination_calls_off_just_these_states(void **state) {
    static const char expected[] = "9999597890";
    struct walk *w = *state;
    struct jz_peer dispatcher = stage_dispatcher("王调度");
    struct jz_action choose = {
        .what = JZ_ACTION_CHOOSE_DESTINATION, .facility = {"far", 3}, .reason = JZ_REASON_ROAD};
    for (uint8_t in = JZ_ALERT_RAISED; in < JZ_ALERT_STATE_COUNT; in++) {
        const struct jz_alert_record *a = stand_in(w, in);
        stage_action(w->s, &dispatcher, 1, &choose);
        assert_int_equal(w->s->out.status, JZ_OK);
        assert_int_equal(a->state, number(expected[in - 1u]));
        const struct jz_alert_record *chosen = jz_alert_find(w->s->core, 2, NULL);
        assert_int_equal(chosen->state, JZ_ALERT_RAISED);
        assert_int_equal(chosen->standby, 0);
    }
}

#define WALK(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        WALK(every_state_takes_just_these_answers),    WALK(every_state_takes_just_these_rungs),
        WALK(every_state_takes_just_these_milestones), WALK(every_state_takes_just_these_ends),
        WALK(a_rise_rings_again_in_just_these_states), WALK(another_destination_calls_off_just_these_states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
