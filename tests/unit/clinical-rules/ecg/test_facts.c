/* SPDX-License-Identifier: Apache-2.0 */
#include "beat.h"
#include "jingzhu/field.h"
#include "lead_measure.h"

static struct jz_ecg_measure now, before;
static struct jz_fact facts[JZ_ECG_FACTS_MAX];
static uint32_t count;

#define NOT_SAID INT32_MIN

/* A readable ECG with every lead usable and every measure of it 0 or plain. */
static void plain(struct jz_ecg_measure *m) {
    memset(m, 0, sizeof *m);
    m->readable = true;
    m->quality = 100;
    m->conduction = JZ_CONDUCTION_NORMAL;
    m->rate_bpm_x10 = 724;
    m->pr_ms = 160;
    m->qrs_ms = 90;
    m->qtc_ms = 410;
    m->axis_deg = -30;
    m->sokolow_uv = 2000;
    for (int lead = 0; lead < JZ_LEAD_COUNT; lead++) {
        struct jz_ecg_lead_measure *l = &m->lead[lead];
        lead_clear(l);
        l->slope = JZ_SLOPE_UP;
        l->polarity = JZ_QRS_POSITIVE;
        l->t_shape = JZ_T_UPRIGHT;
        l->r_uv = 800;
        l->r_ms = 40;
        l->s_uv = 100;
        l->t_uv = 200;
    }
}

static void say(bool with_before) {
    count = jz_ecg_facts(&now, with_before ? &before : NULL, facts);
    assert_in_range(count, 1, JZ_ECG_FACTS_MAX);
}

static int32_t said(const char *name) {
    uint32_t field = jz_field_by_name(name);
    assert_int_not_equal(field, JZ_FIELD_UNKNOWN);
    for (uint32_t i = 0; i < count; i++)
        if (facts[i].code == jz_field_at(field)->code) return facts[i].value;
    return NOT_SAID;
}

static const char *lower(enum jz_ecg_lead lead) {
    static char name[8];
    snprintf(name, sizeof name, "%s", jz_ecg_lead_name(lead));
    for (char *c = name; *c; c++)
        if (*c >= 'A' && *c <= 'Z') *c = (char)(*c - 'A' + 'a');
    return name;
}

static int32_t said_of(const char *what, enum jz_ecg_lead lead) {
    char name[32];
    snprintf(name, sizeof name, "%s_%s", what, lower(lead));
    return jz_field_by_name(name) == JZ_FIELD_UNKNOWN ? NOT_SAID : said(name);
}

static void the_depth_of_a_negative_qrs_is_its_deeper_wave_whichever_comes_first(void **state) {
    (void)state;
    plain(&now);
    struct jz_ecg_lead_measure *v1 = &now.lead[JZ_LEAD_V1], *v2 = &now.lead[JZ_LEAD_V2];
    v1->polarity = v2->polarity = JZ_QRS_NEGATIVE;
    v1->q_uv = 1200, v1->s_uv = 34;
    v2->q_uv = 34, v2->s_uv = 1200;
    now.lead[JZ_LEAD_V3].q_uv = 1200, now.lead[JZ_LEAD_V3].s_uv = 34; /* positive: a Q stays a Q */
    say(false);
    assert_int_equal(said("s_v1"), 1200);
    assert_int_equal(said("s_v2"), 1200);
    assert_int_equal(said("s_v3"), 34);
}

static void every_measure_of_a_lead_goes_to_its_own_field(void **state) {
    (void)state;
    plain(&now);
    for (int lead = 0; lead < JZ_LEAD_COUNT; lead++) {
        struct jz_ecg_lead_measure *l = &now.lead[lead];
        l->st_j_uv = (int16_t)(10 + lead);
        l->r_uv = (int16_t)(1000 + lead);
        l->s_uv = (int16_t)(200 + lead);
        l->t_uv = (int16_t)(300 + lead);
        l->slope = (uint8_t)(1 + lead % 3);
        l->polarity = (uint8_t)(1 + (lead + 1) % 3);
        l->t_shape = (uint8_t)(1 + lead % 6);
    }
    say(false);
    for (int lead = 0; lead < JZ_LEAD_COUNT; lead++) {
        bool extra = lead > JZ_LEAD_V6, avr = lead == JZ_LEAD_AVR;
        assert_int_equal(said_of("st", lead), 10 + lead);
        assert_int_equal(said_of("qrs", lead), extra ? NOT_SAID : 1 + (lead + 1) % 3);
        assert_int_equal(said_of("s", lead), extra ? NOT_SAID : 200 + lead);
        assert_int_equal(said_of("r", lead), extra || avr ? NOT_SAID : 1000 + lead);
        assert_int_equal(said_of("t", lead), extra || avr ? NOT_SAID : 300 + lead);
        assert_int_equal(said_of("st_slope", lead), extra || avr ? NOT_SAID : 1 + lead % 3);
        assert_int_equal(said_of("t_shape", lead), extra || avr ? NOT_SAID : 1 + lead % 6);
    }
    assert_int_equal(said("r_ms_v2"), 40);
}

static void with_limb_leads_perhaps_reversed_nothing_is_said_that_needs_them(void **state) {
    (void)state;
    plain(&now);
    plain(&before);
    now.limb_reversal_suspected = true;
    now.conduction = JZ_CONDUCTION_LBBB;
    now.lvh_strain = true;
    say(true);
    for (int lead = JZ_LEAD_I; lead <= JZ_LEAD_AVF; lead++) {
        static const char *const what[] = {"st", "st_slope", "qrs", "r", "s", "t", "t_shape"};
        for (unsigned k = 0; k < 7; k++) assert_int_equal(said_of(what[k], lead), NOT_SAID);
    }
    for (int lead = JZ_LEAD_V1; lead < JZ_LEAD_COUNT; lead++) assert_int_equal(said_of("st", lead), 0);
    static const char *const needs_limbs[] = {"ecg_axis", "lbbb", "lvh_strain", "prominent_r", "st_dynamic"};
    for (unsigned k = 0; k < 5; k++) assert_int_equal(said(needs_limbs[k]), NOT_SAID);
    assert_int_equal(said("ecg_quality"), 50);
    assert_int_equal(said("ecg_qrs_ms"), 90);
    now.conduction = JZ_CONDUCTION_NORMAL; /* narrow: that needs no lead of its own */
    say(false);
    assert_int_equal(said("lbbb"), 0);
    plain(&now);
    before.limb_reversal_suspected = true;
    say(true);
    assert_int_equal(said("st_prev_v2"), 0);
    assert_int_equal(said("st_dynamic"), NOT_SAID);
}

static void every_fact_is_a_field_of_the_table_within_its_range_and_said_once(void **state) {
    (void)state;
    plain(&now);
    plain(&before);
    say(true);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t field = jz_field_by_code(facts[i].code);
        assert_int_not_equal(field, JZ_FIELD_UNKNOWN);
        assert_in_range(facts[i].value + 100000, jz_field_at(field)->min + 100000,
                        jz_field_at(field)->max + 100000);
        for (uint32_t k = 0; k < i; k++) assert_int_not_equal(facts[k].code, facts[i].code);
    }
}

static void the_words_of_the_table_are_the_values_of_the_header(void **state) {
    (void)state;
    static const struct {
        const char *field, *word;
        int value;
    } rows[] = {{"st_slope_v2", "up", JZ_SLOPE_UP},
                {"st_slope_v2", "horizontal", JZ_SLOPE_HORIZONTAL},
                {"st_slope_v2", "down", JZ_SLOPE_DOWN},
                {"qrs_v1", "negative", JZ_QRS_NEGATIVE},
                {"qrs_v1", "isoelectric", JZ_QRS_ISOELECTRIC},
                {"qrs_v1", "positive", JZ_QRS_POSITIVE},
                {"t_shape_v2", "upright", JZ_T_UPRIGHT},
                {"t_shape_v2", "broad_symmetrical", JZ_T_BROAD_SYMMETRICAL},
                {"t_shape_v2", "biphasic_up_down", JZ_T_BIPHASIC_UP_DOWN},
                {"t_shape_v2", "inverted", JZ_T_INVERTED},
                {"t_shape_v2", "inverted_symmetrical", JZ_T_INVERTED_SYMMETRICAL},
                {"t_shape_v2", "flat", JZ_T_FLAT}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int32_t value = -1;
        assert_true(jz_field_word(jz_field_by_name(rows[i].field), rows[i].word, &value));
        assert_int_equal(value, rows[i].value);
    }
}

static void a_lead_that_is_not_usable_gives_no_field_at_all(void **state) {
    (void)state;
    static const char *const whats[] = {"st", "st_slope", "qrs", "r", "s", "t", "t_shape"};
    for (int lead = 0; lead < JZ_LEAD_COUNT; lead++) {
        plain(&now);
        now.lead[lead].usable = false;
        say(false);
        for (size_t k = 0; k < sizeof whats / sizeof whats[0]; k++)
            assert_int_equal(said_of(whats[k], lead), NOT_SAID);
        assert_int_equal(said("r_ms_v2"), lead == JZ_LEAD_V2 ? NOT_SAID : 40);
        assert_int_equal(said_of("st", lead == 0 ? 1 : 0), 0);
    }
}

static void an_unknown_measure_is_left_out(void **state) {
    (void)state;
    plain(&now);
    jz_ecg_forget_lead(&now.lead[JZ_LEAD_V4]);
    now.rate_bpm_x10 = now.pr_ms = now.qrs_ms = now.qtc_ms = now.axis_deg = JZ_ECG_UNKNOWN;
    say(false);
    static const char *const none[] = {"st_v4",     "st_slope_v4", "qrs_v4",     "r_v4",
                                       "s_v4",      "t_v4",        "t_shape_v4", "ecg_rate",
                                       "ecg_pr_ms", "ecg_qrs_ms",  "ecg_qtc_ms", "ecg_axis"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) assert_int_equal(said(none[i]), NOT_SAID);
}

static void an_unreadable_ecg_says_only_that(void **state) {
    (void)state;
    plain(&now);
    now.readable = false;
    now.quality = 20;
    say(false);
    assert_int_equal(count, 2);
    assert_int_equal(said("ecg_unreadable"), 1);
    assert_int_equal(said("ecg_quality"), 20);
    now.readable = true;
    say(false);
    assert_int_equal(said("ecg_unreadable"), 0);
}

static void intervals_rate_and_axis_are_said(void **state) {
    (void)state;
    plain(&now);
    say(false);
    assert_int_equal(said("ecg_rate"), 72);
    assert_int_equal(said("ecg_pr_ms"), 160);
    assert_int_equal(said("ecg_qrs_ms"), 90);
    assert_int_equal(said("ecg_qtc_ms"), 410);
    assert_int_equal(said("ecg_axis"), -30);
}

static void conduction_that_is_not_known_is_neither_lbbb_nor_its_absence(void **state) {
    (void)state;
    static const struct {
        enum jz_ecg_conduction conduction;
        uint8_t rhythm;
        int32_t lbbb, paced;
    } rows[] = {{JZ_CONDUCTION_UNKNOWN, 0, NOT_SAID, NOT_SAID},
                {JZ_CONDUCTION_NORMAL, 0, 0, 0},
                {JZ_CONDUCTION_LBBB, 0, 1, NOT_SAID},
                {JZ_CONDUCTION_RBBB, 0, 0, NOT_SAID},
                {JZ_CONDUCTION_IVCD, 0, 0, NOT_SAID},
                {JZ_CONDUCTION_UNKNOWN, JZ_RHYTHM_PACED, NOT_SAID, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        plain(&now);
        now.conduction = (uint8_t)rows[i].conduction;
        now.rhythm = rows[i].rhythm;
        say(false);
        assert_int_equal(said("lbbb"), rows[i].lbbb);
        assert_int_equal(said("paced"), rows[i].paced);
    }
}

static void strain_and_pre_excitation_are_denied_only_where_they_could_be_seen(void **state) {
    (void)state;
    plain(&now);
    say(false);
    assert_int_equal(said("lvh_strain"), 0);
    assert_int_equal(said("preexcitation"), 0);
    now.conduction = JZ_CONDUCTION_IVCD;
    say(false);
    assert_int_equal(said("lvh_strain"), NOT_SAID);
    assert_int_equal(said("preexcitation"), NOT_SAID);
    now.conduction = JZ_CONDUCTION_NORMAL;
    now.lead[JZ_LEAD_V5].usable = false;
    now.pr_ms = JZ_ECG_UNKNOWN;
    say(false);
    assert_int_equal(said("lvh_strain"), NOT_SAID);
    assert_int_equal(said("preexcitation"), NOT_SAID);
    now.lvh_strain = now.preexcitation_suspected = true;
    say(false);
    assert_int_equal(said("lvh_strain"), 1);
    assert_int_equal(said("preexcitation"), 1);
}

static void precordial_q_are_those_of_the_universal_definition(void **state) {
    (void)state;
    static const struct {
        enum jz_ecg_lead lead, other;
        int16_t q_uv, q_ms, r_uv;
        int32_t q;
    } rows[] = {{JZ_LEAD_V2, JZ_LEAD_V2, 30, 20, 800, 0},  {JZ_LEAD_V2, JZ_LEAD_V2, 30, 22, 800, 1},
                {JZ_LEAD_V3, JZ_LEAD_V3, 900, 20, 0, 1},   {JZ_LEAD_V4, JZ_LEAD_V5, 100, 30, 800, 1},
                {JZ_LEAD_V4, JZ_LEAD_V5, 99, 30, 800, 0},  {JZ_LEAD_V4, JZ_LEAD_V5, 100, 28, 800, 0},
                {JZ_LEAD_V4, JZ_LEAD_V6, 100, 30, 800, 0}, {JZ_LEAD_V5, JZ_LEAD_V6, 60, 20, 0, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        plain(&now);
        const enum jz_ecg_lead leads[] = {rows[i].lead, rows[i].other};
        for (size_t k = 0; k < 2; k++) {
            now.lead[leads[k]].q_uv = rows[i].q_uv;
            now.lead[leads[k]].q_ms = rows[i].q_ms;
            now.lead[leads[k]].r_uv = rows[i].r_uv;
        }
        say(false);
        assert_int_equal(said("precordial_q"), rows[i].q);
    }
    now.conduction = JZ_CONDUCTION_LBBB;
    say(false);
    assert_int_equal(said("precordial_q"), NOT_SAID);
    plain(&now);
    now.lead[JZ_LEAD_V6].usable = false;
    say(false);
    assert_int_equal(said("precordial_q"), NOT_SAID);
}

static void r_progression_is_lost_with_3_mm_or_less_in_v3(void **state) {
    (void)state;
    plain(&now);
    now.lead[JZ_LEAD_V1].r_uv = 100;
    now.lead[JZ_LEAD_V3].r_uv = 301;
    say(false);
    assert_int_equal(said("r_progression_preserved"), 1);
    now.lead[JZ_LEAD_V3].r_uv = 300;
    say(false);
    assert_int_equal(said("r_progression_preserved"), 0);
    now.lead[JZ_LEAD_V3].r_uv = 500;
    now.lead[JZ_LEAD_V1].r_uv = 501;
    say(false);
    assert_int_equal(said("r_progression_preserved"), 0);
    now.lead[JZ_LEAD_V1].usable = false;
    say(false);
    assert_int_equal(said("r_progression_preserved"), NOT_SAID);
}

static void a_prominent_r_is_said_for_all_inverted_leads_or_none(void **state) {
    (void)state;
    plain(&now);
    say(false);
    assert_int_equal(said("prominent_r"), 0);
    now.lead[JZ_LEAD_V5].t_uv = -101;
    say(false);
    assert_int_equal(said("prominent_r"), 1);
    now.lead[JZ_LEAD_V2].t_uv = -101;
    now.lead[JZ_LEAD_V2].s_uv = 1000;
    say(false);
    assert_int_equal(said("prominent_r"), NOT_SAID);
    now.lead[JZ_LEAD_V2].t_uv = -100;
    say(false);
    assert_int_equal(said("prominent_r"), 1);
}

static void the_earlier_ecg_gives_its_st_levels(void **state) {
    (void)state;
    plain(&now);
    plain(&before);
    before.lead[JZ_LEAD_V2].st_j_uv = 120;
    before.lead[JZ_LEAD_V3].st_j_uv = 140;
    say(true);
    assert_int_equal(said("st_prev_v2"), 120);
    assert_int_equal(said("st_prev_v3"), 140);
    before.lead[JZ_LEAD_V2].usable = false;
    say(true);
    assert_int_equal(said("st_prev_v2"), NOT_SAID);
    before.readable = false;
    say(true);
    assert_int_equal(said("st_prev_v3"), NOT_SAID);
    assert_int_equal(said("st_dynamic"), NOT_SAID);
    say(false);
    assert_int_equal(said("st_dynamic"), NOT_SAID);
}

static void st_is_dynamic_when_two_contiguous_leads_change_alike(void **state) {
    (void)state;
    static const struct {
        enum jz_ecg_lead a, b;
        int16_t st_before, st_now;
        enum jz_ecg_slope slope;
        int32_t dynamic;
    } rows[] = {{JZ_LEAD_V2, JZ_LEAD_V3, 50, 151, JZ_SLOPE_UP, 1},
                {JZ_LEAD_V2, JZ_LEAD_V3, 50, 150, JZ_SLOPE_UP, 0},
                {JZ_LEAD_V2, JZ_LEAD_V4, 50, 151, JZ_SLOPE_UP, 0},
                {JZ_LEAD_I, JZ_LEAD_AVL, 0, -50, JZ_SLOPE_HORIZONTAL, 1},
                {JZ_LEAD_I, JZ_LEAD_AVL, 0, -50, JZ_SLOPE_UP, 0},
                {JZ_LEAD_I, JZ_LEAD_AVL, 0, -49, JZ_SLOPE_DOWN, 0},
                {JZ_LEAD_I, JZ_LEAD_AVL, -10, -59, JZ_SLOPE_DOWN, 0},
                {JZ_LEAD_II, JZ_LEAD_AVF, -10, -60, JZ_SLOPE_DOWN, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        plain(&now);
        plain(&before);
        const enum jz_ecg_lead leads[] = {rows[i].a, rows[i].b};
        for (size_t k = 0; k < 2; k++) {
            before.lead[leads[k]].st_j_uv = rows[i].st_before;
            now.lead[leads[k]].st_j_uv = rows[i].st_now;
            now.lead[leads[k]].slope = (uint8_t)rows[i].slope;
        }
        say(true);
        assert_int_equal(said("st_dynamic"), rows[i].dynamic);
    }
}

static void t_that_turned_over_is_dynamic(void **state) {
    (void)state;
    plain(&now);
    plain(&before);
    now.lead[JZ_LEAD_V3].t_uv = now.lead[JZ_LEAD_V4].t_uv = -101;
    say(true);
    assert_int_equal(said("st_dynamic"), 1);
    before.lead[JZ_LEAD_V3].t_uv = 0;
    say(true);
    assert_int_equal(said("st_dynamic"), 0);
}

static void no_change_is_said_only_where_every_lead_could_show_one_and_conduction_is_the_same(void **state) {
    (void)state;
    plain(&now);
    plain(&before);
    say(true);
    assert_int_equal(said("st_dynamic"), 0);
    before.lead[JZ_LEAD_V5].usable = false;
    say(true);
    assert_int_equal(said("st_dynamic"), NOT_SAID);
    plain(&before);
    before.conduction = JZ_CONDUCTION_RBBB;
    say(true);
    assert_int_equal(said("st_dynamic"), NOT_SAID);
}

static void what_ten_seconds_cannot_tell_is_left_to_people(void **state) {
    (void)state;
    plain(&now);
    plain(&before);
    now.rhythm = JZ_RHYTHM_VF_SUSPECTED;
    say(true);
    static const char *const left[] = {"monitor_rhythm",       "early_repolarisation",
                                       "ventricular_aneurysm", "hyperkalaemia_suspected",
                                       "st_t_unchanged",       "ecg_pain",
                                       "equivalent_confirmed", "hr"};
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++) assert_int_equal(said(left[i]), NOT_SAID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_depth_of_a_negative_qrs_is_its_deeper_wave_whichever_comes_first),
        cmocka_unit_test(every_measure_of_a_lead_goes_to_its_own_field),
        cmocka_unit_test(with_limb_leads_perhaps_reversed_nothing_is_said_that_needs_them),
        cmocka_unit_test(every_fact_is_a_field_of_the_table_within_its_range_and_said_once),
        cmocka_unit_test(the_words_of_the_table_are_the_values_of_the_header),
        cmocka_unit_test(a_lead_that_is_not_usable_gives_no_field_at_all),
        cmocka_unit_test(an_unknown_measure_is_left_out),
        cmocka_unit_test(an_unreadable_ecg_says_only_that),
        cmocka_unit_test(intervals_rate_and_axis_are_said),
        cmocka_unit_test(conduction_that_is_not_known_is_neither_lbbb_nor_its_absence),
        cmocka_unit_test(strain_and_pre_excitation_are_denied_only_where_they_could_be_seen),
        cmocka_unit_test(precordial_q_are_those_of_the_universal_definition),
        cmocka_unit_test(r_progression_is_lost_with_3_mm_or_less_in_v3),
        cmocka_unit_test(a_prominent_r_is_said_for_all_inverted_leads_or_none),
        cmocka_unit_test(the_earlier_ecg_gives_its_st_levels),
        cmocka_unit_test(st_is_dynamic_when_two_contiguous_leads_change_alike),
        cmocka_unit_test(t_that_turned_over_is_dynamic),
        cmocka_unit_test(no_change_is_said_only_where_every_lead_could_show_one_and_conduction_is_the_same),
        cmocka_unit_test(what_ten_seconds_cannot_tell_is_left_to_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
