/* SPDX-License-Identifier: Apache-2.0 */
/* The trace as it runs: portions, the two hours that are kept, nothing, garbage, and a real recording. */
#include "trace.h"

static struct jz_ctg_measure whole, part;

static void assert_same(const struct jz_ctg_measure *a, const struct jz_ctg_measure *b) {
    assert_int_equal(a->samples, b->samples);
    assert_memory_equal(a, b, sizeof *a);
}

/* Rates that wander, fall, rise and get lost, with contractions. */
static void add_life(struct trace *t, uint64_t *seed, uint32_t minutes) {
    uint32_t from = t->count;
    int rate = 1300 + (int)draw(seed, 200);
    for (uint32_t i = 0; i < minutes * 12; i++) {
        uint32_t what = draw(seed, 30);
        rate += (int)draw(seed, 61) - 30 + (1400 - rate) / 10;
        if (what == 0)
            add_loss(t, 20);
        else if (what == 1)
            add_ramp(t, rate, rate - 400, 20);
        else
            add_band(t, rate, (int)draw(seed, 60), 20);
    }
    for (uint32_t i = from; i < t->count; i++)
        t->sample[i].toco_x10 = (int16_t)(100 + draw(seed, 20) + (i % 600 < 200 ? 300 : 0));
}

static void portions_of_any_size_give_the_same(void **state) {
    (void)state;
    uint64_t seed = seed_of("portions_of_any_size_give_the_same");
    struct trace *t = trace_new();
    add_life(t, &seed, 180);
    whole = *measure(t);
    for (int round = 0; round < 3; round++) {
        jz_ctg_begin(measured(), 0);
        for (uint32_t at = 0; at < t->count;) {
            uint32_t n = 1 + draw(&seed, round == 0 ? 8 : 5000);
            if (n > t->count - at) n = t->count - at;
            jz_ctg_append(measured(), t->sample + at, n);
            at += n;
            if (round == 2) jz_ctg_measure(measured(), &part); /* measuring changes nothing */
        }
        jz_ctg_measure(measured(), &part);
        assert_same(&whole, &part);
    }
}

static void minutes_twenty_minutes_old_no_longer_change(void **state) {
    (void)state;
    uint64_t seed = seed_of("minutes_twenty_minutes_old_no_longer_change");
    struct trace *t = trace_new();
    for (uint32_t i = 0; i < 40;
         i++) { /* no step that lasts nearly ten minutes: that one is decided afterwards */
        add_band(t, 1380, (int)draw(&seed, 120), 2 * MINUTE - 100);
        add_rate(t, i % 2 ? 1150 : 1580, 100);
    }
    whole = *measure(t);
    for (uint32_t minutes = 22; minutes < 80; minutes += 7) {
        jz_ctg_begin(measured(), 0);
        jz_ctg_append(measured(), t->sample, minutes * MINUTE);
        jz_ctg_measure(measured(), &part);
        for (uint32_t m = 0; m + 20 < minutes; m++)
            assert_int_equal(part.minute[m].baseline_x10, whole.minute[m].baseline_x10);
    }
}

static void of_a_longer_trace_the_last_two_hours_are_shown(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 1500, 40 * MINUTE);
    add_rate(t, 1050, 140 * MINUTE);
    const struct jz_ctg_measure *m = measure(t);
    assert_int_equal(m->samples, 180 * MINUTE);
    assert_int_equal(m->first, 60 * MINUTE);
    assert_int_equal(m->minute_count, 120);
    assert_int_equal(m->baseline_start_x10, 1500);
    assert_int_equal(field_of(m, "ctg_below_110_s"), 140 * 60);
    assert_int_equal(field_of(m, "ctg_low_variability_s"), 180 * 60);
    static int16_t rate[JZ_CTG_SAMPLES_MAX], level[JZ_CTG_SAMPLES_MAX];
    assert_int_equal(jz_ctg_curves(measured(), rate, level), JZ_CTG_SAMPLES_MAX);
    assert_int_equal(rate[0], 1050);
    assert_int_equal(field_of(m, "dr_record_s"), NO_FIELD);
    assert_int_equal(field_of(m, "ctg_stv"), NO_FIELD);
}

static void a_chain_older_than_two_hours_is_remembered(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 1400, 10 * MINUTE);
    for (uint32_t i = 0; i < 34; i++) {
        add_ramp(t, 1399, 1100, 140);
        add_ramp(t, 1100, 1400, 100);
        add_rate(t, 1400, 5 * MINUTE - 240);
    }
    const struct jz_ctg_measure *m = measure(t);
    assert_int_equal(field_of(m, "ctg_late_s"), 33 * 300 + 60);
    assert_int_equal(field_of(m, "ctg_late_prolonged_s"), 33 * 300 + 60);
}

/* One contraction in four comes without; at some edge of what is kept it is the first that is seen. */
static void the_edge_of_what_is_kept_does_not_end_a_chain(void **state) {
    (void)state;
    struct trace *t = trace_new();
    const uint32_t every = 3 * MINUTE, count = 57;
    add_rate(t, 1400, 20 * MINUTE);
    for (uint32_t i = 0; i < count; i++) {
        add_rate(t, 1400, 200);
        if ((i + 1) % 4 < 3) {
            add_ramp(t, 1399, 1100, 140);
            add_ramp(t, 1100, 1400, 100);
        } else {
            add_rate(t, 1400, 240);
        }
        add_rate(t, 1400, every - 440);
    }
    rest_toco(t);
    for (uint32_t i = 0; i < count; i++) peak_toco(t, 20 * MINUTE + i * every + 200, 160, 500);
    assert_true(field_of(measure(t), "ctg_late_prolonged_s") > 160 * 60);
}

static void the_edge_of_what_is_kept_does_not_make_a_fall_the_baseline(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 1400, 10 * MINUTE);
    add_rate(t, 800, 9 * MINUTE);
    add_rate(t, 1400, 112 * MINUTE);
    const struct jz_ctg_measure *m = measure(t);
    assert_int_equal(m->first, 11 * MINUTE);
    assert_int_equal(m->minute[3].baseline_x10, 1400);
}

static void an_empty_trace_knows_nothing(void **state) {
    (void)state;
    struct jz_fact fact[JZ_CTG_FACTS_MAX];
    const struct jz_ctg_measure *m = measure(trace_new());
    assert_int_equal(m->samples, 0);
    assert_int_equal(m->minute_count, 0);
    assert_int_equal(m->event_count, 0);
    assert_false(m->adequate);
    assert_int_equal(m->baseline_x10, JZ_CTG_UNKNOWN);
    assert_int_equal(m->usable_permille, JZ_CTG_UNKNOWN);
    assert_int_equal(jz_ctg_facts(measured(), m, fact), 0);
    int16_t rate[1], level[1];
    assert_int_equal(jz_ctg_curves(measured(), rate, level), 0);
}

static void loss_everywhere_gives_its_share_and_no_class(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_loss(t, 60 * MINUTE);
    const struct jz_ctg_measure *m = measure(t);
    assert_false(m->adequate);
    assert_int_equal(field_of(m, "ctg_usable"), 0);
    assert_int_equal(field_of(m, "ctg_usable_s"), 0);
    static const char *const absent[] = {
        "ctg_baseline",      "ctg_variability",     "ctg_below_110_s", "ctg_late",
        "ctg_accelerations", "ctg_longest_decel_s", "ctg_decels_20",   "ctg_stv",
        "ctg_sinusoidal_s",  "ctg_ongoing_decel_s", "ctg_late_s"};
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++)
        assert_int_equal(field_of(m, absent[i]), NO_FIELD);
}

static void half_of_the_window_and_ten_minutes_must_be_read(void **state) {
    (void)state;
    struct trace *t = trace_new();
    add_rate(t, 1400, 15 * MINUTE);
    add_loss(t, 15 * MINUTE);
    assert_true(measure(t)->adequate);
    t->sample[0].fhr_bpm_x10 = 0;
    assert_false(measure(t)->adequate);
    assert_int_equal(field_of(measure(t), "ctg_usable"), 499);
    t->count = 0;
    add_rate(t, 1400, 10 * MINUTE - 1);
    assert_false(measure(t)->adequate);
    assert_int_equal(field_of(measure(t), "ctg_usable"), 1000);
    add_rate(t, 1400, 1);
    assert_true(measure(t)->adequate);
}

static int16_t any(uint64_t *seed) {
    return (int16_t)(draw(seed, 65536) - 32768u);
}

static struct jz_ctg_sample odd_sample(uint64_t *seed, uint32_t mode) {
    struct jz_ctg_sample s = {any(seed), any(seed), any(seed), any(seed)};
    if (mode == 0) return s;
    s.fhr_bpm_x10 = (int16_t)(mode == 1 ? draw(seed, 2600) : 400 + draw(seed, 2000));
    s.fhr2_bpm_x10 = (int16_t)(draw(seed, 3) ? 0 : draw(seed, 2600));
    s.mhr_bpm_x10 = (int16_t)(draw(seed, 2) ? 0 : s.fhr_bpm_x10);
    s.toco_x10 = (int16_t)draw(seed, mode == 1 ? 3000 : 200);
    return s;
}

static void check_invariants(const struct jz_ctg_measure *m) {
    struct jz_fact fact[JZ_CTG_FACTS_MAX];
    assert_true(m->minute_count <= JZ_CTG_MINUTES_MAX && m->event_count <= JZ_CTG_EVENTS_MAX);
    assert_true(m->usable_permille <= 1000 && m->usable_s <= 1800);
    for (uint32_t i = 0; i < m->event_count; i++) {
        const struct jz_ctg_event *e = &m->event[i];
        assert_true(e->start <= e->peak && e->peak < e->end && e->end <= m->samples);
        assert_in_range(e->kind, JZ_CTG_ACCELERATION, JZ_CTG_CONTRACTION);
        assert_true(e->height_x10 >= 100 || e->kind == JZ_CTG_CONTRACTION);
        if (i) assert_true(m->event[i - 1].start <= e->start);
    }
    for (uint32_t i = 0; i < m->minute_count; i++) {
        assert_true(m->minute[i].usable_pct <= 100);
        assert_true(m->minute[i].baseline_x10 == JZ_CTG_UNKNOWN ||
                    (m->minute[i].baseline_x10 >= 500 && m->minute[i].baseline_x10 <= 2200));
    }
    uint32_t count = jz_ctg_facts(measured(), m, fact);
    assert_true(count <= JZ_CTG_FACTS_MAX);
    for (uint32_t i = 0; i < count; i++) {
        const struct jz_field *f = jz_field_at(jz_field_by_code(fact[i].code));
        assert_true(fact[i].value >= f->min && fact[i].value <= f->max);
        if (i) assert_true(fact[i - 1].code < fact[i].code);
    }
}

/* Samples that stay for a while, or change every time. */
static void garbage_of_any_kind_keeps_the_measures_in_their_bounds(void **state) {
    (void)state;
    uint64_t seed = seed_of("garbage_of_any_kind_keeps_the_measures_in_their_bounds");
    struct trace *t = trace_new();
    for (uint32_t round = 0; round < 30; round++) {
        t->count = 0;
        t->ga_days = draw(&seed, 300);
        uint32_t length = round % 5 ? draw(&seed, 70 * MINUTE) : 190 * MINUTE, longest = 1 + draw(&seed, 400);
        while (t->count < length) {
            struct jz_ctg_sample s = odd_sample(&seed, round % 3);
            for (uint32_t n = 1 + draw(&seed, longest); n > 0 && t->count < length; n--)
                t->sample[t->count++] = s;
        }
        check_invariants(measure(t));
    }
}

static void the_working_memory_stays_below_512_kib(void **state) {
    (void)state;
    assert_true(jz_ctg_bytes() <= 512u * 1024u);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(portions_of_any_size_give_the_same),
        cmocka_unit_test(minutes_twenty_minutes_old_no_longer_change),
        cmocka_unit_test(of_a_longer_trace_the_last_two_hours_are_shown),
        cmocka_unit_test(a_chain_older_than_two_hours_is_remembered),
        cmocka_unit_test(the_edge_of_what_is_kept_does_not_end_a_chain),
        cmocka_unit_test(the_edge_of_what_is_kept_does_not_make_a_fall_the_baseline),
        cmocka_unit_test(an_empty_trace_knows_nothing),
        cmocka_unit_test(loss_everywhere_gives_its_share_and_no_class),
        cmocka_unit_test(half_of_the_window_and_ten_minutes_must_be_read),
        cmocka_unit_test(garbage_of_any_kind_keeps_the_measures_in_their_bounds),
        cmocka_unit_test(the_working_memory_stays_below_512_kib),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
