/* SPDX-License-Identifier: Apache-2.0 */
/* From samples to class: what the CTG packs make of the fields of whole traces. */
#include "../support.h"

#include "jingzhu/ctg.h"

static struct jz_program *program;

static int load(void **state) {
    (void)state;
    program = program_of_tree();
    return 0;
}
static int unload(void **state) {
    (void)state;
    jz_program_free(program);
    return 0;
}

/* A trace in labour of `lost` minutes without signal, then `well` at 140 that vary by 6 bpm, then `down` at 80. */
static void chart_of(uint32_t lost, uint32_t well, uint32_t down, struct jz_chart *chart) {
    struct jz_ctg *ctg = malloc(jz_ctg_bytes());
    struct jz_ctg_measure *m = malloc(sizeof *m);
    assert_true(ctg && m);
    jz_ctg_begin(ctg, 0);
    for (uint32_t i = 0; i < (lost + well + down) * 240; i++) {
        uint32_t minute = i / 240, second = i / 4, step = (second * second / 11 + second) % 20; /* no wave */
        int16_t varied = (int16_t)(1370 + 6 * (step < 10 ? step : 20 - step));
        struct jz_ctg_sample s = {0, 0, 0, (int16_t)(100 + i / 40 % 2 * 15 + (i % 1000 < 200 ? 300 : 0))};
        if (minute >= lost) s.fhr_bpm_x10 = minute < lost + well ? varied : 800;
        jz_ctg_append(ctg, &s, 1);
    }
    jz_ctg_measure(ctg, m);
    struct jz_fact fact[JZ_CTG_FACTS_MAX];
    uint32_t count = jz_ctg_facts(ctg, m, fact);
    (void)observe(program, chart, "pregnancy", 2, T0);
    (void)observe(program, chart, "in_labour", 1, T0);
    for (uint32_t i = 0; i < count; i++)
        (void)observe(program, chart, jz_field_at(jz_field_by_code(fact[i].code))->name, fact[i].value, T0);
    free(m);
    free(ctg);
}

static const char *level_of(struct jz_chart *chart, const char *rule) {
    struct jz_assessment a = evaluate(program, chart, rule, T0);
    return level_id(program, rule_index(program, rule), a.result.level);
}

static void expect(struct jz_chart *chart, const char *rule, const char *level) {
    const char *got = level_of(chart, rule);
    if (strcmp(got, level) != 0) fail_msg("%s: %s, not %s", rule, got, level);
}

static void loss_everywhere_is_inadequate_and_of_no_class(void **state) {
    (void)state;
    struct jz_chart chart = {0};
    chart_of(60, 0, 0, &chart);
    expect(&chart, "CTG-SIGNAL", "inadequate");
    expect(&chart, "CTG-FIGO", "inadequate");
    expect(&chart, "CTG-NICHD", "none");
    expect(&chart, "CTG-NICE-2017", "none");
    expect(&chart, "CTG-ROUTING", "minor");
}

static void five_minutes_are_still_being_collected(void **state) {
    (void)state;
    struct jz_chart chart = {0};
    chart_of(0, 5, 0, &chart);
    expect(&chart, "CTG-SIGNAL", "collecting");
    expect(&chart, "CTG-FIGO", "none");
    expect(&chart, "CTG-NICHD", "none");
}

static void a_good_trace_is_normal_by_every_system_that_can_tell(void **state) {
    (void)state;
    struct jz_chart chart = {0};
    chart_of(0, 60, 0, &chart);
    expect(&chart, "CTG-SIGNAL", "usable");
    expect(&chart, "CTG-FIGO", "normal");
    expect(&chart, "CTG-NICHD", "i");
    expect(&chart, "CTG-NICE-DECEL", "white");
    expect(&chart, "CTG-N17-BASELINE", "white");
    expect(&chart, "CTG-N17-VARIABILITY", "white");
    expect(&chart, "CTG-3-6-9-12", "none");
}

static void a_fall_counts_the_minutes_to_delivery(void **state) {
    (void)state;
    static const struct {
        uint32_t minutes;
        const char *level;
    } given[] = {{2, "none"}, {3, "alert"}, {6, "prepare"}, {9, "theatre"}, {12, "delivery"}};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        struct jz_chart chart = {0};
        chart_of(0, 30, given[i].minutes, &chart);
        expect(&chart, "CTG-3-6-9-12", given[i].level);
        if (given[i].minutes > 3) expect(&chart, "CTG-NICE-DECEL", "urgent");
        if (given[i].minutes > 5) expect(&chart, "CTG-FIGO", "pathological");
    }
}

static void a_fall_in_a_poor_trace_still_counts_them(void **state) {
    (void)state;
    struct jz_chart chart = {0};
    chart_of(25, 5, 4, &chart);
    expect(&chart, "CTG-SIGNAL", "inadequate");
    expect(&chart, "CTG-3-6-9-12", "alert");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loss_everywhere_is_inadequate_and_of_no_class),
        cmocka_unit_test(five_minutes_are_still_being_collected),
        cmocka_unit_test(a_good_trace_is_normal_by_every_system_that_can_tell),
        cmocka_unit_test(a_fall_counts_the_minutes_to_delivery),
        cmocka_unit_test(a_fall_in_a_poor_trace_still_counts_them),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
