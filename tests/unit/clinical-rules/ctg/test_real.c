/* SPDX-License-Identifier: Apache-2.0 */
/* Two stretches of real recordings (tests/data/ctg); the figures were read off the curves and agree with what is
 * measured. The same integers are expected of every compiler and machine. */
#include "trace.h"

static int16_t tenths(const char *text) {
    char *end;
    long whole = strtol(text, &end, 10), tenth = 0;
    if (*end == '.') tenth = (end[1] - '0') + (end[1] && end[2] >= '5');
    return (int16_t)(10 * whole + tenth);
}

static struct trace *read_recording(const char *name) {
    char path[512], line[128];
    struct trace *t = trace_new();
    snprintf(path, sizeof path, "%s/tests/data/ctg/%s", JZ_SOURCE_DIR, name);
    FILE *in = fopen(path, "re");
    assert_non_null(in);
    assert_non_null(fgets(line, sizeof line, in));
    while (fgets(line, sizeof line, in)) {
        const char *rate = strchr(line, ',') + 1, *toco = strchr(rate, ',') + 1;
        add_rate(t, tenths(rate), 1);
        t->sample[t->count - 1].toco_x10 = tenths(toco);
    }
    fclose(in);
    return t;
}

struct expected {
    enum jz_ctg_event_kind kind;
    uint32_t start_s, end_s;
};

static void assert_events(const struct jz_ctg_measure *m, const struct expected *expected, uint32_t count) {
    uint32_t at = 0;
    for (uint32_t i = 0; i < m->event_count; i++) {
        const struct jz_ctg_event *e = &m->event[i];
        if (e->kind == JZ_CTG_CONTRACTION) continue;
        assert_true(at < count);
        assert_int_equal(e->kind, expected[at].kind);
        assert_int_equal(e->start / SECOND, expected[at].start_s);
        assert_int_equal(e->end / SECOND, expected[at].end_s);
        at++;
    }
    assert_int_equal(at, count);
}

/* Record 1308: a baseline of about 140, a short contraction-free start, three brief falls, accelerations. */
static void a_good_half_hour_is_measured_as_it_looks(void **state) {
    (void)state;
    static const struct expected expected[] = {
        {JZ_CTG_VARIABLE, 350, 429},       {JZ_CTG_ACCELERATION, 640, 807},
        {JZ_CTG_VARIABLE, 1072, 1099},     {JZ_CTG_ACCELERATION, 1274, 1310},
        {JZ_CTG_ACCELERATION, 1328, 1422}, {JZ_CTG_ACCELERATION, 1473, 1495},
        {JZ_CTG_ACCELERATION, 1580, 1598}, {JZ_CTG_VARIABLE, 1628, 1648}};
    const struct jz_ctg_measure *m = measure(read_recording("ctu_1308_30min.csv"));
    assert_events(m, expected, sizeof expected / sizeof expected[0]);
    assert_true(m->adequate && m->toco_usable && !m->maternal_pickup);
    assert_int_equal(m->usable_permille, 997);
    assert_int_equal(m->baseline_x10, 1390);
    assert_int_equal(m->baseline_start_x10, 1389);
    assert_int_equal(m->variability_x10, 111);
    assert_int_equal(m->stv_ms_x100, 968);
    assert_int_equal(m->contraction_rate_x10, 19);
    assert_int_equal(field_of(m, "ctg_ongoing_decel_s"), 0);
}

/* Record 1036: tachycardia in the second stage, lost for three minutes, then down to 80 for more than nine minutes. */
static void nine_minutes_down_are_one_prolonged_deceleration(void **state) {
    (void)state;
    const struct jz_ctg_measure *m = measure(read_recording("ctu_1036_40min.csv"));
    const struct jz_ctg_event *longest = &m->event[0];
    for (uint32_t i = 0; i < m->event_count; i++)
        if (m->event[i].end - m->event[i].start > longest->end - longest->start) longest = &m->event[i];
    assert_int_equal(longest->start / SECOND, 1126);
    assert_int_equal(longest->end / SECOND, 1684);
    assert_true(longest->prolonged);
    assert_int_equal(longest->height_x10, 961);
    assert_int_equal(field_of(m, "ctg_longest_decel_s"), 558);
    assert_int_equal(field_of(m, "ctg_above_160_s"), 2400);
    assert_int_equal(m->minute[25].baseline_x10, 1706);
    assert_int_equal(m->minute[7].usable_pct, 0);
    assert_int_equal(field_of(m, "ctg_ongoing_decel_s"), NO_FIELD); /* the last minute is lost */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_half_hour_is_measured_as_it_looks),
        cmocka_unit_test(nine_minutes_down_are_one_prolonged_deceleration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
