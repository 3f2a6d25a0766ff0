/* SPDX-License-Identifier: Apache-2.0 */
/* The project's own packs on measures made by hand: what is said in both languages. */
#include "jingzhu/statement.h"
#include "support.h"

static struct jz_program *program;
static struct jz_chart chart;
static struct jz_ecg_measure ecg;
static struct jz_ctg_measure ctg;
static char zh[JZ_STATEMENT_MAX], en[JZ_STATEMENT_MAX];

static void give(const char *name, int32_t value) {
    observe(program, &chart, name, value, T0);
}

/* Twelve leads that can be read, all ST levels 0, a man of 60 without pain. */
static void begin_ecg(void) {
    static const char *const st[] = {"st_i",  "st_ii", "st_iii", "st_avr", "st_avl", "st_avf",
                                     "st_v1", "st_v2", "st_v3",  "st_v4",  "st_v5",  "st_v6"};
    static const char *const enums[] = {"st_slope_%s", "qrs_%s", "t_shape_%s"};
    static const char *const sizes[] = {"r_%s", "s_%s", "t_%s", "q_%s", "q_ms_%s", "r_ms_%s"};
    memset(&chart, 0, sizeof chart);
    memset(&ecg, 0, sizeof ecg);
    ecg.readable = true;
    ecg.quality = 100;
    give("age_years", 60);
    give("sex", 1);
    give("ecg_pain", 0);
    for (uint32_t lead = 0; lead < 12; lead++) {
        char name[48];
        ecg.lead[lead].recorded = ecg.lead[lead].usable = true;
        give(st[lead], 0);
        for (size_t i = 0; i < 3; i++) {
            snprintf(name, sizeof name, enums[i], st[lead] + 3);
            if (jz_field_by_name(name) != JZ_FIELD_UNKNOWN) give(name, i == 2 ? 1 : 3 - (int)i);
        }
        for (size_t i = 0; i < 6; i++) {
            snprintf(name, sizeof name, sizes[i], st[lead] + 3);
            if (jz_field_by_name(name) != JZ_FIELD_UNKNOWN) give(name, i < 2 ? 700 : i < 3 ? 100 : 0);
        }
    }
}

static void say_ecg(void) {
    (void)evaluate(program, &chart, "ECG-STEMI", T0);
    struct jz_rule_set all = {{0}};
    for (uint32_t i = 0; i < jz_program_rule_count(program); i++) jz_rule_set_add(&all, i);
    (void)jz_chart_update(program, &chart, all, T0);
    jz_ecg_statement(program, &chart, T0, &ecg, JZ_ZH, zh, sizeof zh);
    jz_ecg_statement(program, &chart, T0, &ecg, JZ_EN, en, sizeof en);
}

static void has(const char *text, const char *part) {
    if (!strstr(text, part)) fail_msg("missing: %s\n  in: %s", part, text);
}
static void lacks(const char *text, const char *part) {
    if (strstr(text, part)) fail_msg("should not be there: %s\n  in: %s", part, text);
}
static void ends(const char *text, const char *tail) {
    size_t a = strlen(text), b = strlen(tail);
    if (a < b || strcmp(text + a - b, tail) != 0) fail_msg("should end in: %s\n  is: %s", tail, text);
}

static void an_inferior_elevation_is_said_with_its_leads_and_levels(void **state) {
    (void)state;
    begin_ecg();
    give("st_ii", 210);
    give("st_iii", 260);
    give("st_avf", 190);
    say_ecg();
    has(en, "Criteria met: inferior ST elevation II, III, aVF, 210/260/190 µV, quality good. ");
    has(zh, "符合标准：下壁 ST 段抬高 II、III、aVF，210/260/190 µV，信号质量良好。");
    has(en, "Also to be recorded: V3R, V4R. ");
    ends(en, "Not a diagnosis; needs a physician's reading.");
    ends(zh, "非诊断，须医师判读。");
    lacks(en, "does not rule out");
}

static void an_elevation_is_said_before_the_depression_that_mirrors_it(void **state) {
    (void)state;
    begin_ecg();
    give("st_ii", 210);
    give("st_iii", 260);
    give("st_avf", 190);
    give("st_i", -110);
    give("st_avl", -150);
    give("st_slope_i", 2);
    give("st_slope_avl", 2);
    say_ecg();
    const char *elevation = strstr(en, "inferior ST elevation"),
               *depression = strstr(en, "ST depression not known to be old I, aVL");
    assert_non_null(elevation);
    assert_non_null(depression);
    assert_true(elevation < depression);
}

static void where_nothing_is_met_the_leads_are_named_and_nothing_is_ruled_out(void **state) {
    (void)state;
    begin_ecg();
    say_ecg();
    assert_string_equal(
        en, "No criteria met on readable leads I, II, III, aVR, aVL, aVF, V1-V6; does not rule out "
            "infarction. Not a diagnosis; needs a physician's reading.");
    assert_string_equal(
        zh, "可读导联 I、II、III、aVR、aVL、aVF、V1-V6 未见达标；不能排除心肌梗死。非诊断，须医师判读。");
}

static void lose(enum jz_ecg_lead lead, uint8_t trouble) {
    static const char *const left[] = {"v3", "v4", "v5"};
    char name[16];
    ecg.lead[lead].usable = false;
    ecg.lead[lead].trouble = trouble;
    snprintf(name, sizeof name, "st_%s", left[lead - JZ_LEAD_V3]);
    struct jz_reading gone = {.taken_ms = T0 + 1, .validity = JZ_PROBE_OFF};
    observe_reading(program, &chart, name, gone);
}

static void leads_that_cannot_be_read_are_named_with_why_before_anything_else(void **state) {
    (void)state;
    begin_ecg();
    lose(JZ_LEAD_V3, JZ_ECG_LEAD_OFF);
    lose(JZ_LEAD_V4, JZ_ECG_LEAD_OFF);
    lose(JZ_LEAD_V5, JZ_ECG_NOISY | JZ_ECG_WANDER);
    say_ecg();
    const char *what =
        "Cannot evaluate: V3, V4 unreadable (lead off); V5 unreadable (noisy, baseline wander). "
        "Repeat the ECG. ";
    assert_memory_equal(en, what, strlen(what));
    has(zh, "无法判读：V3、V4 不可读（导联脱落）；V5 不可读（干扰、基线漂移）。请重做心电图。");
    lacks(en, "V1-V6");
    lacks(en, "egative");
    lacks(en, "quality good");
}

/* Its row also asks that no other lead is elevated: those decide too, and are not named. */
static void only_leads_of_the_title_are_named_where_it_names_any(void **state) {
    (void)state;
    begin_ecg();
    give("st_v2", -120);
    give("st_v3", -110);
    give("st_v4", -20);
    for (char lead[] = "st_slope_v1"; lead[10] <= '4'; lead[10]++) give(lead, 2);
    say_ecg();
    has(en, "Isolated horizontal ST depression in V1-V3 V1, V2, V3, 0/-120/-110 µV");
}

static void leads_that_were_not_recorded_are_missing_and_not_normal(void **state) {
    (void)state;
    memset(&chart, 0, sizeof chart);
    memset(&ecg, 0, sizeof ecg);
    ecg.readable = false;
    say_ecg();
    has(en, "Cannot evaluate: I, II, III, aVR, aVL, aVF, V1-V6 (not recorded). Repeat the ECG. ");
    has(zh, "（未记录）。请重做心电图。");
    lacks(en, "No criteria met");
    has(en, "Still to be told: Age");
}

static void a_level_that_age_decides_is_possible_and_asks_for_it(void **state) {
    (void)state;
    begin_ecg();
    chart.slot[field("age_years")] = 0;
    give("st_v2", 210);
    give("st_v3", 220);
    say_ecg();
    has(en, "Possible: anterior ST elevation V2, V3, 210/220 µV");
    has(zh, "可能符合：前壁 ST 段抬高 V2、V3，210/220 µV");
    has(en, "Still to be told: Age. ");
    lacks(en, "Criteria met");
    lacks(en, "No criteria met");
}

static void a_rhythm_that_cannot_wait_comes_first(void **state) {
    (void)state;
    begin_ecg();
    ecg.rhythm = JZ_RHYTHM_VF_SUSPECTED;
    say_ecg();
    has(en, "VF suspected: look at the patient now. ");
    assert_int_equal(strncmp(en, "VF suspected", 12), 0);
    assert_int_equal(strncmp(zh, "疑似室颤", strlen("疑似室颤")), 0);
}

static void bundle_branch_block_makes_thresholds_unreliable(void **state) {
    (void)state;
    begin_ecg();
    give("lbbb", 1);
    say_ecg();
    has(en, "ST thresholds unreliable: ");
    has(zh, "ST 阈值不可靠：");
}

static void a_statement_is_cut_at_a_character_and_ends_in_0(void **state) {
    (void)state;
    char small[64];
    begin_ecg();
    say_ecg();
    for (size_t capacity = 1; capacity <= sizeof small; capacity++) {
        memset(small, 'x', sizeof small);
        size_t used = jz_ecg_statement(program, &chart, T0, &ecg, JZ_ZH, small, capacity);
        assert_true(used < capacity);
        assert_int_equal(small[used], 0);
        assert_memory_equal(small, zh, used);
        assert_int_not_equal((unsigned char)zh[used] & 0xc0, 0x80);
    }
}

/* --- cardiotocograms -------------------------------------------------------------------------------------- */

static void begin_ctg(void) {
    memset(&chart, 0, sizeof chart);
    memset(&ctg, 0, sizeof ctg);
    ctg.adequate = ctg.toco_usable = true;
    ctg.usable_permille = 960;
    ctg.baseline_x10 = 1450;
    ctg.variability_x10 = 120;
    give("pregnancy", 2);
    give("ctg_usable", 960);
    give("ctg_usable_s", 1800);
    give("ctg_toco_usable", 1);
    give("ctg_baseline", 1450);
    give("ctg_baseline_start", 1450);
    give("ctg_variability", 120);
    static const char *const none[] = {"ctg_below_110_s",
                                       "ctg_above_160_s",
                                       "ctg_low_variability_s",
                                       "ctg_high_variability_s",
                                       "ctg_sinusoidal_s",
                                       "ctg_decels_20",
                                       "ctg_late_20",
                                       "ctg_variable_20",
                                       "ctg_concerning_20",
                                       "ctg_late_s",
                                       "ctg_variable_s",
                                       "ctg_concerning_s",
                                       "ctg_late_prolonged_s",
                                       "ctg_late",
                                       "ctg_variable",
                                       "ctg_longest_decel_s",
                                       "ctg_ongoing_decel_s",
                                       "ctg_accelerations",
                                       "ctg_decel_low_variability_s",
                                       "ctg_pseudo_sinusoidal",
                                       "ctg_hypertonus"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) give(none[i], 0);
    give("ctg_contractions_20", 6);
    give("ctg_contraction_rate", 30);
}

static void say_ctg_at(int64_t now_ms) {
    struct jz_rule_set all = {{0}};
    for (uint32_t i = 0; i < jz_program_rule_count(program); i++) jz_rule_set_add(&all, i);
    (void)jz_chart_update(program, &chart, all, now_ms);
    jz_ctg_statement(program, &chart, &ctg, JZ_ZH, zh, sizeof zh);
    jz_ctg_statement(program, &chart, &ctg, JZ_EN, en, sizeof en);
}

static void say_ctg(void) {
    say_ctg_at(T0);
}

static void a_pathological_trace_is_said_by_each_scheme(void **state) {
    (void)state;
    begin_ctg();
    give("ctg_baseline", 950);
    ctg.baseline_x10 = 950;
    say_ctg();
    has(en, "Criteria met: FIGO 2015 Pathological; ");
    has(zh, "符合标准：FIGO 2015 病理；");
    has(en, "Baseline 95/min, variability 12/min. ");
    has(zh, "基线 95 次/分，变异 12 次/分。");
    ends(en, "Not a diagnosis; needs a physician's reading.");
    ends(zh, "非诊断，须医师判读。");
}

static void too_little_signal_is_never_a_class(void **state) {
    (void)state;
    begin_ctg();
    give("ctg_usable", 340);
    ctg.baseline_x10 = ctg.variability_x10 = JZ_CTG_UNKNOWN;
    say_ctg();
    has(en, "Cannot evaluate: Signal inadequate; re-site the transducer; check the mother's pulse. ");
    has(zh, "无法判读：信号不足，无法判读；");
    lacks(en, "FIGO");
    lacks(en, "Baseline");
}

static void the_mothers_rate_and_a_missing_curve_are_said(void **state) {
    (void)state;
    begin_ctg();
    ctg.maternal_pickup = true;
    ctg.toco_usable = false;
    say_ctg();
    has(en, "The rate may be the mother's: check her pulse. ");
    has(zh, "请核对母体脉搏");
    has(en, "uniform decelerations count as late");
    has(zh, "均一减速按晚期减速计");
}

static void a_deceleration_that_goes_on_comes_first_whatever_the_signal(void **state) {
    (void)state;
    for (int usable = 340; usable <= 960; usable += 620) {
        begin_ctg();
        give("ctg_usable", usable);
        give("ctg_ongoing_decel_s", 560);
        say_ctg();
        static const char first[] = "Deceleration not seen to end: 9 min: to theatre; move to theatre. ";
        assert_int_equal(strncmp(en, first, sizeof first - 1), 0);
        assert_int_equal(strncmp(zh, "减速未见结束：", strlen("减速未见结束：")), 0);
        has(en, usable < 500 ? "Cannot evaluate: Signal inadequate" : "FIGO");
    }
    begin_ctg();
    ctg.event_count = 2;
    ctg.event[0] = (struct jz_ctg_event){.start = 100, .end = 420, .kind = JZ_CTG_VARIABLE, .ongoing = true};
    ctg.event[1] =
        (struct jz_ctg_event){.start = 200, .end = 420, .kind = JZ_CTG_CONTRACTION, .ongoing = true};
    say_ctg();
    assert_int_equal(strncmp(en, "A deceleration is going on, 80 s so far. ", 41), 0);
    has(zh, "减速正在进行，已 80 秒。");
}

/* A worse class stands until a better one has been seen: also when nothing can be seen any more. */
static void a_pathological_class_still_stands_when_the_signal_goes(void **state) {
    (void)state;
    begin_ctg();
    give("ctg_baseline", 950);
    say_ctg();
    observe(program, &chart, "ctg_usable", 340, T0 + 60000);
    say_ctg_at(T0 + 60000);
    has(en, "Cannot evaluate: Signal inadequate; ");
    has(en, "From before and not over: FIGO 2015 Pathological");
    has(zh, "此前的分类仍然有效：FIGO 2015 病理");
    lacks(en, "Criteria met");
}

static void a_scheme_without_a_class_is_named(void **state) {
    (void)state;
    begin_ctg();
    chart.slot[field("ctg_contraction_rate")] = 0;
    say_ctg();
    has(en, "Criteria met: FIGO 2015 Normal; NICHD Category I. Cannot evaluate: NICE NG229. ");
    has(zh, "无法判定：NICE NG229。");
}

static void signal_lost_up_to_now_is_said_before_a_class_from_before(void **state) {
    (void)state;
    begin_ctg();
    ctg.minute_count = 30;
    for (uint32_t m = 0; m < 30; m++) ctg.minute[m].usable_pct = m < 18 ? 100 : 49;
    say_ctg();
    assert_int_equal(strncmp(en, "No usable signal for the last 12 min. ", 38), 0);
    has(zh, "最近 12 分钟无可用信号。");
    ctg.minute[29].usable_pct = 50;
    say_ctg();
    lacks(en, "No usable signal");
}

static int compile(void **state) {
    (void)state;
    program = program_of_tree();
    return program ? 0 : -1;
}
static int drop(void **state) {
    (void)state;
    jz_program_free(program);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_inferior_elevation_is_said_with_its_leads_and_levels),
        cmocka_unit_test(an_elevation_is_said_before_the_depression_that_mirrors_it),
        cmocka_unit_test(where_nothing_is_met_the_leads_are_named_and_nothing_is_ruled_out),
        cmocka_unit_test(leads_that_cannot_be_read_are_named_with_why_before_anything_else),
        cmocka_unit_test(only_leads_of_the_title_are_named_where_it_names_any),
        cmocka_unit_test(leads_that_were_not_recorded_are_missing_and_not_normal),
        cmocka_unit_test(a_level_that_age_decides_is_possible_and_asks_for_it),
        cmocka_unit_test(a_rhythm_that_cannot_wait_comes_first),
        cmocka_unit_test(bundle_branch_block_makes_thresholds_unreliable),
        cmocka_unit_test(a_statement_is_cut_at_a_character_and_ends_in_0),
        cmocka_unit_test(a_pathological_trace_is_said_by_each_scheme),
        cmocka_unit_test(too_little_signal_is_never_a_class),
        cmocka_unit_test(the_mothers_rate_and_a_missing_curve_are_said),
        cmocka_unit_test(a_deceleration_that_goes_on_comes_first_whatever_the_signal),
        cmocka_unit_test(a_pathological_class_still_stands_when_the_signal_goes),
        cmocka_unit_test(a_scheme_without_a_class_is_named),
        cmocka_unit_test(signal_lost_up_to_now_is_said_before_a_class_from_before),
    };
    return cmocka_run_group_tests(tests, compile, drop);
}
