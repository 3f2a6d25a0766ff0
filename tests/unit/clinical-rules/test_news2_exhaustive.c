/* SPDX-License-Identifier: Apache-2.0 */
/* NEWS2 walked whole: both sides of every band edge, and missing, of all seven parameters in every
 * combination, on both oxygen scales, through the real pack. Beside it the chart of the Royal College of
 * Physicians (2017) in straight lines of C, written from the source and not from the pack. */
#include "support.h"

#define PARAMETERS 7
#define EDGES_MAX 13
#define MISSING INT32_MIN
#define WORST 3

enum parameter { RR, SPO2, OXYGEN, SBP, HR, ACVPU, TEMP };
static const char *const names[PARAMETERS] = {"rr", "spo2", "on_oxygen", "sbp", "hr", "acvpu", "temp_c"};

struct edges {
    int count;
    int32_t value[EDGES_MAX];
};
static const struct edges edges_of[PARAMETERS] = {
    [RR] = {9, {MISSING, 8, 9, 11, 12, 20, 21, 24, 25}},
    [SPO2] = {7, {MISSING, 91, 92, 93, 94, 95, 96}},
    [OXYGEN] = {3, {MISSING, 0, 1}},
    [SBP] = {9, {MISSING, 90, 91, 100, 101, 110, 111, 219, 220}},
    [HR] = {11, {MISSING, 40, 41, 50, 51, 90, 91, 110, 111, 130, 131}},
    [ACVPU] = {6, {MISSING, 1, 2, 3, 4, 5}},
    [TEMP] = {9, {MISSING, 350, 351, 360, 361, 380, 381, 390, 391}},
};
static const struct edges spo2_on_scale_2 = {13, {MISSING, 83, 84, 85, 86, 87, 88, 92, 93, 94, 95, 96, 97}};

/* --- the source, in straight lines ---------------------------------------------------------------------- */

static int rr_points(int32_t rr) {
    if (rr <= 8) return 3;
    if (rr <= 11) return 1;
    if (rr <= 20) return 0;
    return rr <= 24 ? 2 : 3;
}
static int sbp_points(int32_t sbp) {
    if (sbp <= 90) return 3;
    if (sbp <= 100) return 2;
    if (sbp <= 110) return 1;
    return sbp <= 219 ? 0 : 3;
}
static int hr_points(int32_t hr) {
    if (hr <= 40) return 3;
    if (hr <= 50) return 1;
    if (hr <= 90) return 0;
    if (hr <= 110) return 1;
    return hr <= 130 ? 2 : 3;
}
static int temp_points(int32_t tenths) {
    if (tenths <= 350) return 3;
    if (tenths <= 360) return 1;
    if (tenths <= 380) return 0;
    return tenths <= 390 ? 1 : 2;
}
static int scale_1_points(int32_t spo2) {
    if (spo2 <= 91) return 3;
    if (spo2 <= 93) return 2;
    return spo2 <= 95 ? 1 : 0;
}
static int scale_2_points(int32_t spo2, bool oxygen) {
    if (spo2 <= 83) return 3;
    if (spo2 <= 85) return 2;
    if (spo2 <= 87) return 1;
    if (spo2 <= 92 || !oxygen) return 0;
    if (spo2 <= 94) return 1;
    return spo2 <= 96 ? 2 : 3;
}

struct points {
    int lo, hi;
};
static struct points exactly(int n) {
    return (struct points){n, n};
}
static struct points at_most(int n) {
    return (struct points){0, n};
}

/* Scale 2 without a word on oxygen: 93 and above may be anything from air to too much oxygen (0 to 3). */
static struct points spo2_of(int32_t spo2, int32_t oxygen, int scale) {
    if (spo2 == MISSING) return at_most(WORST);
    if (scale == 1) return exactly(scale_1_points(spo2));
    if (oxygen == MISSING && spo2 >= 93) return at_most(WORST);
    return exactly(scale_2_points(spo2, oxygen == 1));
}

static void points_of(const int32_t v[PARAMETERS], int scale, struct points out[PARAMETERS]) {
    out[RR] = v[RR] == MISSING ? at_most(3) : exactly(rr_points(v[RR]));
    out[SPO2] = spo2_of(v[SPO2], v[OXYGEN], scale);
    out[OXYGEN] = v[OXYGEN] == MISSING ? at_most(2) : exactly(v[OXYGEN] ? 2 : 0);
    out[SBP] = v[SBP] == MISSING ? at_most(3) : exactly(sbp_points(v[SBP]));
    out[HR] = v[HR] == MISSING ? at_most(3) : exactly(hr_points(v[HR]));
    out[ACVPU] = v[ACVPU] == MISSING ? at_most(3) : exactly(v[ACVPU] == 1 ? 0 : 3);
    out[TEMP] = v[TEMP] == MISSING ? at_most(3) : exactly(temp_points(v[TEMP]));
}

enum band { LOW, LOW_MEDIUM, MEDIUM, HIGH, NONE };

static enum band band_of(int total, bool red) {
    if (total >= 7) return HIGH;
    if (total >= 5) return MEDIUM;
    return red ? LOW_MEDIUM : LOW;
}

struct expected {
    int lo, hi;
    enum band certain, worst;
    bool all_known, any_known;
};

static struct expected news2(const int32_t v[PARAMETERS], int scale) {
    struct points p[PARAMETERS];
    struct expected e = {.all_known = true};
    bool red = false, perhaps_red = false;
    points_of(v, scale, p);
    for (int i = 0; i < PARAMETERS; i++) {
        e.lo += p[i].lo;
        e.hi += p[i].hi;
        red |= p[i].lo == WORST;
        perhaps_red |= p[i].hi == WORST;
        e.all_known &= v[i] != MISSING;
        e.any_known |= v[i] != MISSING;
    }
    e.certain = e.any_known ? band_of(e.lo, red) : NONE;
    e.worst = band_of(e.hi, perhaps_red);
    return e;
}

/* --- the pack ------------------------------------------------------------------------------------------- */

struct walk {
    struct jz_program *program;
    uint32_t rule, arrest, field[PARAMETERS];
    int scale;
    int32_t value[PARAMETERS];
    struct jz_chart chart[PARAMETERS + 1]; /* of the first so many parameters */
    uint64_t cases;
};

static enum band band_named(const struct walk *w, uint8_t level) {
    static const char *const words[] = {
        [LOW] = "low", [LOW_MEDIUM] = "low-medium", [MEDIUM] = "medium", [HIGH] = "high"};
    if (level == JZ_LEVEL_NONE) return NONE;
    for (enum band b = LOW; b < NONE; b++)
        if (strcmp(jz_program_level(w->program, w->rule, level)->id, words[b]) == 0) return b;
    fail_msg("a level that NEWS2 does not have");
    return NONE;
}

static void compare(struct walk *w, const struct jz_chart *chart) {
    struct expected e = news2(w->value, w->scale);
    const struct jz_rule_result *r = &chart->result[w->rule];
    bool same = r->lo == e.lo && r->hi == e.hi && band_named(w, r->level) == e.certain &&
                band_named(w, r->level_hi) == e.worst && r->complete == (e.all_known ? 1 : 0) && !r->stale &&
                r->status == (e.any_known ? JZ_RULE_FIRED : JZ_RULE_CANNOT_EVALUATE);
    w->cases++;
    if (same) return;
    for (int i = 0; i < PARAMETERS; i++) print_message("%s %d, ", names[i], w->value[i]);
    fail_msg("scale %d: %d..%d band %d..%d, expected %d..%d band %d..%d", w->scale, r->lo, r->hi,
             band_named(w, r->level), band_named(w, r->level_hi), e.lo, e.hi, e.certain, e.worst);
}

/* Of the rules that a reading is due for, those that NEWS2 hangs on: the others would take most of the
 * time. */
static struct jz_rule_set of_concern(const struct walk *w, const struct jz_rule_set *due) {
    struct jz_rule_set kept = {{0}};
    if (jz_rule_set_has(due, w->arrest)) jz_rule_set_add(&kept, w->arrest);
    if (jz_rule_set_has(due, w->rule)) jz_rule_set_add(&kept, w->rule);
    return kept;
}

static void put(struct walk *w, struct jz_chart *chart, uint32_t at, int32_t value, int64_t ms) {
    struct jz_rule_set due = {{0}};
    struct jz_reading reading = {.taken_ms = ms, .value = value, .validity = JZ_VALID};
    assert_int_equal(jz_chart_observe(w->program, chart, at, reading, &due), JZ_OK);
    jz_chart_update(w->program, chart, of_concern(w, &due), ms);
}

/* The last parameter changes in place, a millisecond a value; the others each in a copy of the chart
 * before. */
static void walk_temp(struct walk *w, struct jz_chart *chart) {
    const struct edges *edges = &edges_of[TEMP];
    for (int i = 0; i < edges->count; i++) {
        w->value[TEMP] = edges->value[i];
        if (edges->value[i] != MISSING) put(w, chart, w->field[TEMP], edges->value[i], T0 + i);
        compare(w, chart);
    }
}

static void walk_from(struct walk *w, int parameter) {
    const struct edges *edges = parameter == SPO2 && w->scale == 2 ? &spo2_on_scale_2 : &edges_of[parameter];
    if (parameter == TEMP) {
        walk_temp(w, &w->chart[parameter]);
        return;
    }
    for (int i = 0; i < edges->count; i++) {
        w->value[parameter] = edges->value[i];
        w->chart[parameter + 1] = w->chart[parameter];
        if (edges->value[i] != MISSING)
            put(w, &w->chart[parameter + 1], w->field[parameter], edges->value[i], T0);
        walk_from(w, parameter + 1);
    }
}

static struct walk *new_walk(int scale) {
    struct walk *w = calloc(1, sizeof *w);
    assert_non_null(w);
    w->program = program_of_tree();
    w->rule = rule_index(w->program, "GEN-NEWS2");
    w->arrest = rule_index(w->program, "CA-ARREST");
    w->scale = scale;
    for (int i = 0; i < PARAMETERS; i++) w->field[i] = field(names[i]);
    put(w, &w->chart[0], field("age_years"), 60, T0);
    put(w, &w->chart[0], field("sex"), 1, T0);
    if (scale == 2) put(w, &w->chart[0], field("spo2_scale"), 2, T0);
    return w;
}

static void walk_whole(int scale, uint64_t cases) {
    struct walk *w = new_walk(scale);
    walk_from(w, 0);
    assert_int_equal(w->cases, cases);
    jz_program_free(w->program);
    free(w);
}

static void scale_1_is_the_sources_chart_in_every_combination(void **state) {
    (void)state;
    walk_whole(1, UINT64_C(9) * 7 * 3 * 9 * 11 * 6 * 9);
}

static void scale_2_is_the_sources_chart_in_every_combination(void **state) {
    (void)state;
    walk_whole(2, UINT64_C(9) * 13 * 3 * 9 * 11 * 6 * 9);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(scale_1_is_the_sources_chart_in_every_combination),
                                       cmocka_unit_test(scale_2_is_the_sources_chart_in_every_combination)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
