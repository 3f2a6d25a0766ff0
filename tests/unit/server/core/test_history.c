/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold after any event of any history, and that a history replays to the same bytes, from its first record and from
 * a snapshot. JZ_SEED repeats a run, JZ_STEPS makes it longer. */
#include "history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rank.h"
#include "state.h"

#define STEPS 4000u

static uint64_t number_of(const char *name, uint64_t otherwise) {
    const char *given = getenv(name);
    return given ? strtoull(given, NULL, 10) : otherwise;
}

static const struct jz_alert_record *alert_of(const struct stage *s, uint32_t slot, uint32_t which) {
    return &jz_alerts(s->core, slot)[which];
}

static bool rings(const struct jz_alert_record *a) {
    return a->state >= JZ_ALERT_RAISED && a->state <= JZ_ALERT_SEEN;
}

static bool comes(const struct jz_alert_record *a) {
    return a->state == JZ_ALERT_ACCEPTED || a->state == JZ_ALERT_PREPARING;
}

/* --- one case --------------------------------------------------------------------------------------------------- */

static void check_alerts(const struct stage *s, uint32_t slot) {
    const struct jz_encounter *e = &s->core->encounter[slot];
    uint32_t accepted = 0;
    for (uint32_t i = 0; i < e->alert_count; i++) {
        const struct jz_alert_record *a = alert_of(s, slot, i);
        bool off = a->state == JZ_ALERT_WITHDRAWN || a->state == JZ_ALERT_EXPIRED;
        accepted += comes(a);
        if (comes(a)) assert_int_equal(e->destination_alert, a->id);
        if (rings(a)) assert_true(a->escalated || a->due_ms != JZ_NEVER);
        if (off && !a->told) assert_true(a->technical || a->due_ms != JZ_NEVER);
        if (rings(a)) assert_true(jz_phase_is_live(e->phase));
        for (uint32_t k = 0; k < i; k++) assert_int_not_equal(alert_of(s, slot, k)->facility, a->facility);
    }
    assert_true(accepted <= 1);
}

static bool is_asked(const struct stage *s, uint32_t slot, uint32_t facility) {
    for (uint32_t i = 0; i < s->core->encounter[slot].alert_count; i++)
        if (alert_of(s, slot, i)->facility == facility && rings(alert_of(s, slot, i))) return true;
    return false;
}

/* A patient who wants a hospital has one, or one is asked, or times are awaited, or all that can were asked, and then a person
 * is called. What changed a moment ago is looked at with the next deadline. */
static void check_owner(const struct stage *s, uint32_t slot, const struct jz_ranking *ranking) {
    const struct jz_encounter *e = &s->core->encounter[slot];
    bool soon = s->core->wake_ms[slot] <= s->core->head.now_ms;
    if (e->phase != JZ_PHASE_OPEN || !e->wants_alert || e->destination_alert || soon) return;
    if (jz_alert_waits(s->core, slot) || e->travel_wanted_ms) return;
    if (e->alert_count == JZ_ALERTS_PER_ENCOUNTER_MAX) return; /* eight were asked: a person knows */
    for (uint32_t i = 0; i < ranking->candidate_count; i++) {
        const char *id = s->core->directory->facility[ranking->candidate[i].facility].id;
        if (!is_asked(s, slot, ranking->candidate[i].facility))
            fail_msg("patient %u could go to %s, and nobody is asked", e->id.byte[2], id);
    }
}

/* Every hospital once, and none that declined, diverts what is needed or lacks it among the candidates. */
static void check_ranking(const struct stage *s, uint32_t slot) {
    static struct jz_ranking ranking;
    const struct jz_encounter *e = &s->core->encounter[slot];
    uint64_t seen = 0, candidates = 0;
    jz_rank_encounter(s->core, e, &ranking);
    uint32_t services = jz_services_needed(s->core, e->conditions);
    for (uint32_t i = 0; i < ranking.candidate_count; i++) {
        uint32_t f = ranking.candidate[i].facility;
        assert_false(seen >> f & 1u);
        seen |= UINT64_C(1) << f;
        for (uint32_t v = 1; v < JZ_SERVICE_COUNT; v++)
            assert_false((services >> v & 1u) &&
                         jz_capacity_diverting(&s->core->region->capacity, f, (enum jz_service)v,
                                               s->core->head.now_ms));
        if (e->conditions) assert_string_not_equal(s->core->directory->facility[f].id, "clinic");
    }
    candidates = seen;
    for (uint32_t i = 0; i < ranking.exclusion_count; i++) {
        assert_false(seen >> ranking.exclusion[i].facility & 1u);
        seen |= UINT64_C(1) << ranking.exclusion[i].facility;
    }
    assert_int_equal(candidates & e->declined, 0);
    assert_int_equal(ranking.candidate_count + ranking.exclusion_count, s->core->directory->facility_count);
    check_owner(s, slot, &ranking);
}

static void check_kin(struct stage *s, uint32_t slot) {
    static const uint8_t other_side[] = {0, JZ_KIN_MOTHER, JZ_KIN_NEWBORN, JZ_KIN_MERGED_FROM,
                                         JZ_KIN_MERGED_INTO};
    struct jz_encounter *e = &s->core->encounter[slot];
    uint32_t into = 0, mothers = 0, of;
    for (uint32_t i = 0; i < JZ_KIN_MAX; i++) {
        const struct jz_kin *k = &e->kin[i];
        if (!k->since_ms) continue;
        into += k->kind == JZ_KIN_MERGED_INTO;
        mothers += k->kind == JZ_KIN_MOTHER;
        struct jz_encounter *other = jz_encounter_find(s->core, k->id, &of);
        assert_ptr_not_equal(other, e);
        if (!other) continue; /* its place was used again */
        assert_non_null(jz_kin_find(other, &e->id, (enum jz_kin_kind)other_side[k->kind]));
        if (k->kind == JZ_KIN_MERGED_INTO) assert_int_not_equal(other->phase, JZ_PHASE_MERGED);
    }
    assert_int_equal(into, e->phase == JZ_PHASE_MERGED);
    assert_true(mothers <= 1);
}

static void check_consult(const struct stage *s, uint32_t slot) {
    const struct jz_encounter *e = &s->core->encounter[slot];
    if (!e->consult) return;
    const struct jz_consult_record *c = &s->core->region->consult[e->consult - 1u];
    assert_memory_equal(&c->encounter, &e->id, sizeof e->id);
    assert_true(jz_phase_is_live(e->phase));
    assert_in_range(c->state, JZ_CONSULT_ASKED, JZ_CONSULT_PHONE);
}

static void check_notices(const struct stage *s, uint32_t slot) {
    struct jz_notice notice[JZ_NOTICES_MAX];
    uint32_t count = jz_core_notices(s->core, slot, notice, JZ_NOTICES_MAX);
    assert_true(count < JZ_NOTICES_MAX);
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < i; k++) assert_int_not_equal(notice[i].id, notice[k].id);
}

/* --- the region ------------------------------------------------------------------------------------------------- */

/* Each place that is held is held for a patient who is on the way to it. */
static void check_places(const struct stage *s) {
    static uint32_t held[JZ_FACILITIES_MAX][JZ_SERVICE_COUNT];
    memset(held, 0, sizeof held);
    for (uint32_t slot = 0; slot < jz_core_encounter_count(s->core); slot++) {
        const struct jz_encounter *e = &s->core->encounter[slot];
        if (!e->held_facility) continue;
        const struct jz_alert_record *d = jz_alert_find(s->core, e->destination_alert, NULL);
        assert_true(jz_phase_is_live(e->phase));
        assert_true(d && comes(d) && d->facility + 1u == e->held_facility);
        for (uint32_t v = 1; v < JZ_SERVICE_COUNT; v++)
            held[e->held_facility - 1u][v] += e->held_services >> v & 1u;
    }
    for (uint32_t f = 0; f < JZ_FACILITIES_MAX; f++)
        for (uint32_t v = 1; v < JZ_SERVICE_COUNT; v++)
            assert_int_equal(jz_capacity_number(&s->core->region->capacity, f, (enum jz_service)v)->held,
                             held[f][v]);
}

static void check_consults(const struct stage *s) {
    uint32_t open = 0, of_cases = 0;
    for (uint32_t i = 0; i < JZ_CONSULTS_MAX; i++) {
        uint8_t state = s->core->region->consult[i].state;
        open += state != JZ_CONSULT_NONE && state != JZ_CONSULT_ENDED;
    }
    for (uint32_t slot = 0; slot < jz_core_encounter_count(s->core); slot++)
        of_cases += s->core->encounter[slot].consult != 0;
    assert_int_equal(open, of_cases);
}

/* No deadline is set later than what waits for it: it would never come in time. A wake that is too early finds nothing. */
static void check_wakes(struct stage *s) {
    static struct jz_outcome nothing;
    for (uint32_t slot = 0; slot < jz_core_encounter_count(s->core); slot++) {
        int64_t is = s->core->wake_ms[slot];
        jz_set_wake(s->core, slot, &nothing);
        assert_true(is <= s->core->wake_ms[slot]);
        s->core->wake_ms[slot] = is;
    }
    int64_t is = s->core->region->wake_ms;
    jz_set_region_wake(s->core, &nothing);
    assert_true(is <= s->core->region->wake_ms);
    s->core->region->wake_ms = is;
}

static void check_proposals(const struct stage *s, bool was_due) {
    for (uint32_t i = 0; i < JZ_PROPOSALS_MAX; i++) {
        const struct jz_proposal_record *p = &s->core->region->proposal[i];
        if (p->facility) assert_true(p->facility <= s->core->directory->facility_count);
        if (was_due && p->state == 1u) assert_true(p->until_ms > s->core->head.now_ms);
    }
}

static void check_case(struct stage *s, uint32_t slot, bool ranked) {
    check_alerts(s, slot);
    check_kin(s, slot);
    check_consult(s, slot);
    check_notices(s, slot);
    if (ranked) check_ranking(s, slot);
}

static void check(struct history *h) {
    struct stage *s = h->stage;
    size_t bytes;
    uint32_t count = jz_core_encounter_count(s->core), looked_at = count ? history_draw(h, count) : 0;
    for (uint32_t slot = 0; slot < count; slot++) check_case(s, slot, slot == looked_at);
    check_places(s);
    check_consults(s);
    check_wakes(s);
    check_proposals(s, h->was_due);
    if (h->was_due) assert_true(jz_core_next_deadline(s->core) > s->core->head.now_ms);
    if (count && history_draw(h, 20) == 0) stage_view(s, looked_at, &bytes);
}

/* --- replay ------------------------------------------------------------------------------------------------------- */

static struct jz_core *another_core(const struct stage *s, void **memory) {
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

static void replay_input(const struct history *h, const struct stage_record *r, struct jz_core *core,
                         struct jz_outcome *out) {
    static struct jz_frame frame;
    static struct jz_travel travel;
    struct jz_event event;
    assert_int_equal(jz_event_decode(r->bytes, r->count, &event, &frame, &travel), JZ_OK);
    if (event.kind == JZ_EVENT_PACKS) event.program = stage_program(event.original);
    if (event.kind == JZ_EVENT_DIRECTORY) event.directory = history_directory(h, event.original);
    jz_core_apply(core, &event, out);
}

/* Every decision it makes is the one on record. */
static void replay(const struct history *h, size_t from, struct jz_core *core) {
    static struct jz_outcome out;
    uint32_t decision = 0;
    out.decision_count = 0;
    for (size_t i = from; i < h->stage->record_count; i++) {
        const struct stage_record *r = &h->stage->record[i];
        if (!jz_record_is_decision(r->bytes, r->count)) {
            assert_int_equal(decision, out.decision_count);
            replay_input(h, r, core, &out);
            decision = 0;
            continue;
        }
        assert_true(decision < out.decision_count);
        struct jz_slice made = out.decision[decision++];
        assert_int_equal(made.bytes, r->count);
        assert_memory_equal(out.buffer + made.offset, r->bytes, r->count);
    }
    assert_int_equal(decision, out.decision_count);
}

struct snapshot {
    uint8_t *bytes;
    size_t count, records;
    const struct jz_program *program;
    const struct jz_directory *directory;
};

static struct snapshot take_snapshot(const struct stage *s) {
    struct snapshot taken = {
        .records = s->record_count, .program = s->core->program, .directory = s->core->directory};
    taken.bytes = stage_state(s->core, &taken.count);
    return taken;
}

static void any_history_keeps_its_promises_and_replays_to_the_same_bytes(void **state) {
    struct stage *s = *state;
    struct history h;
    void *memory[2];
    uint64_t seed = number_of("JZ_SEED", (uint64_t)time(NULL)), steps = number_of("JZ_STEPS", STEPS);
    print_message("JZ_SEED=%llu JZ_STEPS=%llu\n", (unsigned long long)seed, (unsigned long long)steps);
    history_begin(&h, s, seed);
    uint64_t at = steps / 4u + history_draw(&h, (uint32_t)(steps / 2u));
    struct snapshot snapshot = {0};
    for (uint64_t i = 0; i < steps; i++) {
        history_step(&h);
        check(&h);
        if (i == at) snapshot = take_snapshot(s);
    }
    struct jz_core *whole = another_core(s, &memory[0]), *loaded = another_core(s, &memory[1]);
    replay(&h, 0, whole);
    assert_same_state(s->core, whole);
    assert_int_equal(
        jz_core_load(loaded, snapshot.bytes, snapshot.count, snapshot.program, snapshot.directory), JZ_OK);
    replay(&h, snapshot.records, loaded);
    assert_same_state(s->core, loaded);
    assert_int_equal(jz_core_next_deadline(s->core), jz_core_next_deadline(loaded));
    free(snapshot.bytes);
    free(memory[0]);
    free(memory[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(any_history_keeps_its_promises_and_replays_to_the_same_bytes,
                                        stage_open, stage_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
