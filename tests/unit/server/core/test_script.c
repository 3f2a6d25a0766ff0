/* SPDX-License-Identifier: Apache-2.0 */
/* What holds of every text of script.h, and how each thing is told. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "jingzhu/field.h"
#include "script_patient.h"
#include "script_say.h"

/* --- missing never reads as normal -------------------------------------------------------------------------------- */

static void a_priority_that_nothing_stands_behind_is_not_told_as_five(void **state) {
    (void)state;
    assert_null(strstr(sms(JZ_ZH), "P5"));
    does_not_read(JZ_EN, "P5");
    note("rr", 16); /* a rule says so now */
    assert_non_null(strstr(sms(JZ_ZH), "P5"));
    note_as("rr", 16, NOW - MINUTE, JZ_ARTEFACT);
    assert_null(strstr(sms(JZ_ZH), "P5"));
    encounter.rule_priority = 3; /* a person has put a 3 down to 5 */
    assert_non_null(strstr(sms(JZ_ZH), "P5"));
}

static void every_vital_sign_is_measured_or_told_to_be_missing(void **state) {
    static const struct {
        const char *field, *zh, *en;
    } sign[] = {{"sbp", "血压", "BP"}, {"hr", "心率", "HR"},       {"spo2", "血氧", "SpO2"},
                {"rr", "呼吸", "RR"},  {"temp_c", "体温", "temp"}, {"acvpu", "意识", "AVPU"}};
    (void)state;
    for (size_t i = 0; i < sizeof sign / sizeof sign[0]; i++) {
        char gap[64];
        nobody(NULL);
        vital_signs(120, 80, 80, 97, 16);
        note("temp_c", 368);
        note("acvpu", 1);
        does_not_read(JZ_ZH, "未测");
        note_as(sign[i].field, 1, NOW - MINUTE, JZ_PROBE_OFF);
        snprintf(gap, sizeof gap, "未测：%s。", sign[i].zh);
        reads(JZ_ZH, gap);
        note_as(sign[i].field, 1, NOW - MINUTE, JZ_ARTEFACT);
        snprintf(gap, sizeof gap, "measured but not believed: %s.", sign[i].en);
        reads(JZ_EN, gap);
    }
}

static void a_value_is_current_up_to_its_freshness_and_not_beyond(void **state) {
    (void)state;
    note_as("spo2", 97, NOW - 15 * MINUTE, JZ_VALID);
    reads(JZ_ZH, "血氧 97%（是否吸氧不详）");
    nobody(NULL);
    note_as("spo2", 97, NOW - 15 * MINUTE - 1, JZ_VALID);
    reads(JZ_ZH, "血氧 97%（15分钟前，已过时）");
    assert_non_null(strstr(sms(JZ_ZH), "血氧97%(15分前)"));
    assert_non_null(strstr(sms(JZ_EN), "SpO2 97% (15 min ago)"));
}

static void a_no_that_is_old_is_no_no(void **state) {
    (void)state;
    static const char *const asked[] = {"diaphoresis", "cold_clammy_skin", "pulmonary_oedema",
                                        "pulse_deficit"};
    encounter.complaint = JZ_COMPLAINT_CHEST_PAIN;
    for (size_t i = 0; i < 4; i++) note(asked[i], 0);
    reads(JZ_ZH, "体检 无");
    note_as("pulse_deficit", 0, NOW - MINUTE, JZ_PROBE_OFF);
    does_not_read(JZ_ZH, "体检 无");
    reads(JZ_ZH, "体检、溶栓禁忌");
    nobody(NULL);
    encounter.complaint = JZ_COMPLAINT_CHEST_PAIN;
    for (size_t i = 0; i < 4; i++) note_as(asked[i], 0, NOW - (i ? 1 : 16) * MINUTE, JZ_VALID);
    does_not_read(JZ_ZH, "体检 无");
}

static void contraindications_are_told_by_name_and_none_only_when_all_were_asked(void **state) {
    (void)state;
    static const char *const answer[] = {"ci_intracranial_bleed",
                                         "ci_cns_lesion",
                                         "aortic_suspected",
                                         "ci_bleeding",
                                         "ci_hypertension_refractory",
                                         "ci_puncture",
                                         "ci_hypertension_chronic",
                                         "anticoagulant",
                                         "ci_cpr",
                                         "ci_intracranial_other",
                                         "ci_peptic_ulcer"};
    static const char *const never[] = {"ci_ischaemic_stroke", "ci_head_trauma", "ci_neurosurgery",
                                        "ci_major_surgery", "ci_internal_bleeding"};
    encounter.complaint = JZ_COMPLAINT_CHEST_PAIN;
    for (size_t i = 0; i < sizeof answer / sizeof answer[0]; i++) note(answer[i], 0);
    for (size_t i = 0; i + 1 < sizeof never / sizeof never[0]; i++) note(never[i], 1);
    reads(JZ_EN, "not known: condition, findings, contraindications of lysis");
    note("ci_internal_bleeding", 1);
    reads(JZ_EN, "contraindications of lysis none");
    note("ci_ischaemic_stroke", 3);
    reads(JZ_EN, "contraindications of lysis Ischaemic stroke within 3 months (no others)");
}

static void an_ecg_is_never_called_normal(void **state) {
    (void)state;
    encounter.complaint = JZ_COMPLAINT_CHEST_PAIN;
    reads(JZ_EN, "not recorded: ECG");
    note("st_ii", 0);
    note("st_v2", 0);
    encounter.ecg.taken_ms = NOW - 3 * MINUTE;
    encounter.ecg.readable = 1;
    reads(JZ_EN, "ECG 14:27 recorded, not read; excludes nothing");
    reads(JZ_ZH, "心电图 14:27 已记录，未判读，不排除任何情况");
    encounter.ecg.readable = 0;
    reads(JZ_EN, "ECG 14:27 cannot be read");
    note("st_elevation_confirmed", 1);
    encounter.ecg.readable = 1;
    reads(JZ_EN, "ECG 14:27 ST elevation confirmed by physician;");
}

static void a_cardiotocogram_is_normal_only_while_that_is_current(void **state) {
    (void)state;
    encounter.complaint = JZ_COMPLAINT_PREGNANCY;
    reads(JZ_EN, "not recorded: CTG, ECG");
    note("ctg_late", 0);
    reads(JZ_EN, "CTG FIGO normal");
    check_utf8(text, jz_script_read(&core, 0, NEAR, NOW + 14 * MINUTE, JZ_EN, text, sizeof text));
    assert_null(strstr(text, "FIGO normal")); /* the chart's result has not been looked at since */
    assert_non_null(strstr(text, "not recorded: CTG, ECG"));
    note("ctg_read", 2);
    reads(JZ_EN, "CTG suspicious (as read by a clinician);");
    does_not_read(JZ_EN, "FIGO");
}

static void the_shock_index_needs_both_values_current(void **state) {
    (void)state;
    encounter.complaint = JZ_COMPLAINT_PREGNANCY;
    note("hr", 110);
    reads(JZ_EN, "not known: shock index");
    note_as("sbp", 88, NOW - 16 * MINUTE, JZ_VALID);
    reads(JZ_EN, "not known: shock index");
    note("sbp", 88);
    reads(JZ_EN, "shock index 1.25");
    note_as("sbp", 0, NOW - MINUTE, JZ_VALID);
    reads(JZ_EN, "not known: shock index");
}

static void a_pressure_that_cannot_be_obtained_stands_until_one_is_measured(void **state) {
    (void)state;
    note_as("sbp", 124, NOW - 10 * MINUTE, JZ_VALID);
    note_as("bp_unrecordable", 1, NOW - 5 * MINUTE, JZ_VALID);
    reads(JZ_EN, "BP unrecordable");
    does_not_read(JZ_EN, "124");
    note("sbp", 70);
    reads(JZ_EN, "BP 70/? mmHg");
    note("dbp", 40);
    reads(JZ_EN, "BP 70/40 mmHg");
    note_as("sbp", 90, NOW - MINUTE, JZ_VALID); /* of another measurement than the 40 */
    reads(JZ_EN, "BP 90/? mmHg");
}

static void whether_a_woman_is_pregnant_is_a_gap_like_any_other(void **state) {
    (void)state;
    note("sex", 2);
    note("age_years", 30);
    reads(JZ_ZH, "30岁，女；不详：是否妊娠");
    note("pregnancy", 1);
    does_not_read(JZ_ZH, "是否妊娠");
    nobody(NULL);
    note("sex", 2);
    note("age_years", 56);
    does_not_read(JZ_ZH, "是否妊娠");
    nobody(NULL);
    encounter.complaint = JZ_COMPLAINT_PREGNANCY;
    reads(JZ_ZH, "孕周不详");
    assert_non_null(strstr(sms(JZ_EN), "weeks of gestation unknown"));
}

static void magnesium_is_given_not_given_or_not_known(void **state) {
    (void)state;
    encounter.complaint = JZ_COMPLAINT_PREGNANCY;
    reads(JZ_EN, "risk colour, magnesium sulphate started.");
    note("mgso4_running", 0);
    reads(JZ_EN, "Magnesium sulphate running: no;");
    note_as("mgso4_running", 1, NOW - MINUTE, JZ_VALID);
    reads(JZ_EN, "Magnesium sulphate running: yes, time not known");
    happened("mgso4_start", 40);
    reads(JZ_EN, "magnesium sulphate started 13:50");
}

/* --- arrival ------------------------------------------------------------------------------------------------------ */

static void arrival_is_told_by_what_is_known_of_it(void **state) {
    (void)state;
    drive(14);
    assert_non_null(strstr(sms_for(JZ_SCRIPT_NO_FACILITY, JZ_EN), "arrival unknown"));
    assert_non_null(strstr(sms_for(7, JZ_EN), "arrival unknown")); /* the directory has no such hospital */
    assert_non_null(strstr(sms(JZ_EN), "ETA earliest 14:43"));
    happened("left_scene", 2);
    assert_non_null(strstr(sms(JZ_EN), "ETA 14:43,"));
    encounter.travel_ms = NOW - 5 * MINUTE - 1; /* ten refreshes have failed */
    assert_non_null(strstr(sms(JZ_EN), "ETA 14:38 (as of 5 min ago)"));
    encounter.travel_ms = NOW - 20 * MINUTE;
    assert_non_null(strstr(sms(JZ_EN), "was due 14:24 (as of 20 min ago)"));
    encounter.from_facility = 2; /* transferred, and not on the way yet: it cannot be late */
    assert_non_null(strstr(sms(JZ_EN), "arrival unknown"));
    happened("door_out", 3);
    assert_non_null(strstr(sms(JZ_EN), "was due 14:24"));
    encounter.travel_ms = 0;
    assert_non_null(strstr(sms(JZ_EN), "arrival unknown"));
}

static void arrived_is_told_of_the_hospital_the_patient_is_in(void **state) {
    (void)state;
    drive(14);
    happened("left_scene", 30);
    happened("door", 4);
    encounter.phase = JZ_PHASE_ARRIVED;
    encounter.alert_count = 2;
    alert[0] = (struct jz_alert_record){.id = 1, .facility = NEAR};
    alert[1] = (struct jz_alert_record){.id = 2, .facility = LONG_NAMES};
    encounter.destination_alert = 1;
    assert_non_null(strstr(sms(JZ_ZH), "14:26已到"));
    assert_null(strstr(sms_for(LONG_NAMES, JZ_ZH), "已到"));
}

static void clocks_are_those_of_china(void **state) {
    (void)state;
    encounter.travel_s[NEAR] = 60;
    encounter.travel_ms = INT64_C(1767196740000); /* 15:59 UTC: a minute before midnight in China */
    happened("left_scene", 30);
    check_utf8(text, jz_script_sms(&core, 0, NEAR, encounter.travel_ms, JZ_EN, text, sizeof text));
    assert_non_null(strstr(text, "ETA 00:00"));
}

static void what_happened_on_another_day_is_told_with_it(void **state) {
    (void)state;
    happened("pain_onset", 14 * 60 + 29);
    reads(JZ_EN, "onset 00:01");
    happened("pain_onset", 14 * 60 + 31);
    reads(JZ_EN, "onset yesterday 23:59");
    happened("pain_onset", 40 * 60);
    reads(JZ_ZH, "发病 2天前");
}

/* --- limits ------------------------------------------------------------------------------------------------------- */

static void no_buffer_is_overrun_and_no_character_cut(void **state) {
    (void)state;
    static void (*const patient[])(void) = {stemi, eclampsia, haemorrhage, stale, newborn, long_names};
    char nothing[1] = {0x55};
    assert_int_equal(jz_script_sms(&core, 0, NEAR, NOW, JZ_ZH, nothing, 0), 0);
    assert_int_equal(jz_script_read(&core, 0, NEAR, NOW, JZ_ZH, nothing, 0), 0);
    assert_int_equal(nothing[0], 0x55);
    for (size_t i = 0; i < sizeof patient / sizeof patient[0]; i++) {
        nobody(NULL);
        patient[i]();
        walk_capacities(jz_script_sms, NEAR);
        walk_capacities(jz_script_read, LONG_NAMES);
    }
}

static void a_text_to_be_read_that_is_not_all_says_so(void **state) {
    (void)state;
    static const char *const item[][2] = {{"ETA 14", "ETA 14:43"},
                                          {"SpO2 91", "SpO2 91%"},
                                          {"onset 13", "onset 13:05"},
                                          {"BP 8", "BP 86/54 mmHg"}};
    stemi();
    size_t all = jz_script_read(&core, 0, NEAR, NOW, JZ_EN, text, sizeof text);
    assert_null(strstr(text, "(not all)"));
    for (size_t capacity = 100; capacity <= all; capacity++) {
        size_t bytes = jz_script_read(&core, 0, NEAR, NOW, JZ_EN, text, capacity);
        assert_string_equal(text + bytes - strlen(" (not all)"), " (not all)");
        for (size_t i = 0; i < sizeof item / sizeof item[0]; i++) /* it is there whole or not at all */
            assert_int_equal(strstr(text, item[i][0]) != NULL, strstr(text, item[i][1]) != NULL);
    }
}

static void a_condition_whose_name_is_too_long_is_told_by_its_code(void **state) {
    (void)state;
    long_names();
    assert_non_null(strstr(sms_for(LONG_NAMES, JZ_ZH), "病情代码L0NG等2项"));
    assert_non_null(strstr(sms_for(LONG_NAMES, JZ_EN), "Condition L0NG +1 more"));
    reads(JZ_ZH, LONG_ZH);
    reads(JZ_EN, LONG_EN);
}

static void a_condition_that_another_stands_for_is_not_told_beside_it(void **state) {
    (void)state;
    note("is_newborn", 1);
    note("spo2", 80);
    latch();
    assert_non_null(strstr(sms(JZ_EN), "Newborn referral. "));
    note("indoor_coal_fire", 1); /* its condition replaces the referral */
    latch();
    does_not_read(JZ_EN, "Newborn referral, ");
    reads(JZ_EN, "illness: " LONG_EN ";");
    assert_non_null(strstr(sms(JZ_EN), "Condition L0NG. "));
}

static void characters_beyond_the_basic_plane_count_as_two(void **state) {
    (void)state;
    char lead[300] = "";
    for (size_t i = 0; i < 34; i++) memcpy(lead + 4 * i, "🚑", 5);
    eclampsia();
    (void)jz_script_sms_led(&core, 0, NEAR, NOW, JZ_ZH, lead, text, sizeof text);
    check_sms(text, JZ_ZH);
    assert_memory_equal(text, lead, strlen(lead)); /* 68 of 70 */
    for (size_t i = 34; i < 36; i++) memcpy(lead + 4 * i, "🚑", 5);
    (void)jz_script_sms_led(&core, 0, NEAR, NOW, JZ_ZH, lead, text, sizeof text);
    check_sms(text, JZ_ZH);
    assert_null(strstr(text, "🚑"));
}

static void letters_of_two_bytes_are_one_septet_where_gsm_has_them(void **state) {
    (void)state;
    char lead[400] = "";
    for (size_t i = 0; i < JZ_SCRIPT_SMS_GSM7; i++) memcpy(lead + 2 * i, "é", 3);
    (void)jz_script_sms_led(&core, 0, NEAR, NOW, JZ_EN, lead, text, JZ_SCRIPT_SMS_BYTES);
    assert_string_equal(text, lead); /* all the room there is */
    memcpy(lead + 2 * JZ_SCRIPT_SMS_GSM7, "é", 3);
    (void)jz_script_sms_led(&core, 0, NEAR, NOW, JZ_EN, lead, text, JZ_SCRIPT_SMS_BYTES);
    assert_memory_equal(text, "priority not known", 18);
}

static void what_gsm_has_not_is_written_with_what_it_has(void **state) {
    (void)state;
    note("cohb", 300);
    latch();
    assert_non_null(strstr(sms(JZ_EN), "CO >= 10 % - \"odd\" 'name' ?"));
    assert_non_null(strstr(sms(JZ_ZH), "一氧化碳 ≥ 10%"));
}

static void what_is_no_text_cannot_break_a_text(void **state) {
    (void)state;
    static const char *const bad[] = {
        "\xff",    "\xc3", "\xe5\x8c", "\xed\xa0\x80", "\xc0\xaf", "\xf4\x90\x80\x80", "a\nS: well\x01\x7f",
        "\xc2\x85"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(encounter.callsign, sizeof encounter.callsign, "%s", bad[i]);
        out_loud(JZ_ZH); /* checks that it is UTF-8 */
        assert_null(strstr(text, "\nS: well"));
    }
}

/* --- off, and on standby -------------------------------------------------------------------------------------------- */

static void a_hospital_that_is_off_learns_that_and_nothing_of_the_patient(void **state) {
    (void)state;
    static const enum jz_alert_state off[] = {JZ_ALERT_WITHDRAWN, JZ_ALERT_EXPIRED};
    for (size_t i = 0; i < 2; i++) {
        nobody(NULL);
        stemi();
        alert[0].state = (uint8_t)off[i];
        assert_string_equal(sms(JZ_ZH), "预警取消，患者不送贵院 病例a1b2 请确认");
        assert_string_equal(sms(JZ_EN),
                            "Alert cancelled, the patient is not coming to you. case a1b2, please confirm");
        assert_string_equal(
            out_loud(JZ_ZH),
            "急救预警取消，致贵阳某医院，车组 贵A·120-07，病例 a1b2。患者不送贵院，请确认收到。");
        assert_string_equal(out_loud(JZ_EN),
                            "Pre-alert cancelled for Near Hospital, unit 贵A·120-07, case a1b2. The "
                            "patient is not coming to you. Please confirm.");
    }
}

static void a_hospital_on_standby_learns_that_nobody_is_sent_yet(void **state) {
    (void)state;
    stemi();
    alert[0].standby = 1;
    assert_memory_equal(sms(JZ_ZH), "候补P1 58岁男", strlen("候补P1 58岁男"));
    assert_memory_equal(sms(JZ_EN), "standby P1, 58 y M", strlen("standby P1, 58 y M"));
    reads(JZ_ZH, "P1，患者尚未送往贵院。");
    reads(JZ_EN, "P1, the patient is not sent to you yet.");
}

/* --- words of the caller before it ------------------------------------------------------------------------------------ */

static void words_that_lead_take_their_room_from_the_rest(void **state) {
    (void)state;
    static const char *const lead[2] = {"【演练】候补医院预警。", "[EXERCISE] Standby alert. "};
    static const char *const name[2] = {"子痫/重度子痫前期/高血压急症", "Eclampsia, severe pre-eclampsia"};
    static const char *const wish[2] = {"请答复", "please answer"};
    eclampsia();
    for (int language = JZ_ZH; language <= JZ_EN; language++) {
        size_t bytes = jz_script_sms_led(&core, 0, NEAR, NOW, (enum jz_language)language, lead[language],
                                         text, JZ_SCRIPT_SMS_BYTES);
        assert_int_equal(strlen(text), bytes);
        check_sms(text, (enum jz_language)language);
        assert_memory_equal(text, lead[language], strlen(lead[language]));
        assert_memory_equal(text + strlen(lead[language]), "P1", 2);
        assert_non_null(strstr(text, name[language]));
        assert_non_null(strstr(text, "178/112"));
        assert_non_null(strstr(text, wish[language]));
    }
}

/* However long they are: it is one SMS, and what the patient has is told in some way as long as there is room for any. */
static void words_of_every_length_lead_to_one_sms(void **state) {
    (void)state;
    char lead[200];
    eclampsia();
    for (size_t length = 0; length < 199; length++) {
        memset(lead, 'x', length);
        lead[length] = 0;
        for (int language = JZ_ZH; language <= JZ_EN; language++) {
            uint32_t all = language == JZ_ZH ? JZ_SCRIPT_SMS_UCS2 : JZ_SCRIPT_SMS_GSM7;
            (void)jz_script_sms_led(&core, 0, NEAR, NOW, (enum jz_language)language, lead, text,
                                    JZ_SCRIPT_SMS_BYTES);
            check_sms(text, (enum jz_language)language);
            assert_int_equal(strncmp(text, lead, length) == 0, length <= all);
            if (length + (language == JZ_ZH ? 26u : 80u) > all) continue;
            assert_true(strstr(text, "子痫") || strstr(text, "Eclampsia") || strstr(text, "OB-HTN") ||
                        strstr(text, "病情请电询") || strstr(text, "Call for the condition"));
        }
    }
}

/* --- the tables ----------------------------------------------------------------------------------------------------- */

static void check_name(const char *name) {
    if (name && jz_field_by_name(name) == JZ_FIELD_UNKNOWN) fail_msg("%s", name);
}

static void every_field_a_table_names_is_there(void **state) {
    (void)state;
    for (size_t form = 0; form < JZ_SCRIPT_FORMS; form++) {
        const struct jz_script_line *line = jz_script_form[form].line;
        assert_true(jz_script_form[form].line_count > 5);
        for (uint32_t i = 0; i < jz_script_form[form].line_count; i++) {
            check_name(line[i].field);
            check_name(line[i].other);
            for (const char *const *item = line[i].list; item && *item; item++) check_name(*item);
            assert_non_null((void *)(uintptr_t)line[i].say);
            assert_true(line[i].who != 0);
        }
    }
}

/* --- whatever a chart holds ----------------------------------------------------------------------------------------- */

static uint64_t draw(uint64_t *seed) {
    *seed += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */
    uint64_t z = (*seed ^ (*seed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void fill(uint64_t *seed) {
    static const int32_t edge[] = {0, 1, 2, 3, -1, 100, INT32_MIN, INT32_MAX};
    struct jz_chart *chart = &encounter.chart;
    for (uint32_t i = 0; i < 200; i++) {
        uint32_t field = (uint32_t)(draw(seed) % jz_field_count());
        if (!chart->slot[field]) chart->slot[field] = (uint8_t)++chart->count;
        chart->reading[chart->slot[field] - 1u] = (struct jz_reading){
            .taken_ms = NOW - (int64_t)(draw(seed) % (5000 * MINUTE)) / (int64_t)(1 + draw(seed) % 500),
            .value = edge[draw(seed) % 8],
            .validity = (uint8_t)(draw(seed) % 8),
            .field = (uint16_t)field};
    }
    encounter.complaint = (uint8_t)(draw(seed) % 4);
    encounter.conditions = draw(seed);
    encounter.priority = (uint8_t)(1 + draw(seed) % 5);
    drive((uint32_t)(draw(seed) % 1440));
}

static void no_chart_makes_a_text_that_is_none(void **state) {
    (void)state;
    const char *given = getenv("JZ_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
    print_message("JZ_SEED=%llu\n", (unsigned long long)seed);
    for (int i = 0; i < 500; i++) {
        nobody(NULL);
        fill(&seed);
        for (int language = JZ_ZH; language <= JZ_EN; language++) {
            sms((enum jz_language)language); /* both check what must hold of every text */
            out_loud((enum jz_language)language);
        }
    }
}

int main(void) {
#define PATIENT(test) cmocka_unit_test_setup(test, nobody)
    const struct CMUnitTest tests[] = {
        PATIENT(a_priority_that_nothing_stands_behind_is_not_told_as_five),
        PATIENT(every_vital_sign_is_measured_or_told_to_be_missing),
        PATIENT(a_value_is_current_up_to_its_freshness_and_not_beyond),
        PATIENT(a_no_that_is_old_is_no_no),
        PATIENT(contraindications_are_told_by_name_and_none_only_when_all_were_asked),
        PATIENT(an_ecg_is_never_called_normal),
        PATIENT(a_cardiotocogram_is_normal_only_while_that_is_current),
        PATIENT(the_shock_index_needs_both_values_current),
        PATIENT(a_pressure_that_cannot_be_obtained_stands_until_one_is_measured),
        PATIENT(whether_a_woman_is_pregnant_is_a_gap_like_any_other),
        PATIENT(magnesium_is_given_not_given_or_not_known),
        PATIENT(arrival_is_told_by_what_is_known_of_it),
        PATIENT(arrived_is_told_of_the_hospital_the_patient_is_in),
        PATIENT(clocks_are_those_of_china),
        PATIENT(what_happened_on_another_day_is_told_with_it),
        PATIENT(no_buffer_is_overrun_and_no_character_cut),
        PATIENT(a_text_to_be_read_that_is_not_all_says_so),
        PATIENT(a_condition_whose_name_is_too_long_is_told_by_its_code),
        PATIENT(a_condition_that_another_stands_for_is_not_told_beside_it),
        PATIENT(characters_beyond_the_basic_plane_count_as_two),
        PATIENT(letters_of_two_bytes_are_one_septet_where_gsm_has_them),
        PATIENT(what_gsm_has_not_is_written_with_what_it_has),
        PATIENT(what_is_no_text_cannot_break_a_text),
        PATIENT(a_hospital_that_is_off_learns_that_and_nothing_of_the_patient),
        PATIENT(a_hospital_on_standby_learns_that_nobody_is_sent_yet),
        PATIENT(words_that_lead_take_their_room_from_the_rest),
        PATIENT(words_of_every_length_lead_to_one_sms),
        PATIENT(every_field_a_table_names_is_there),
        PATIENT(no_chart_makes_a_text_that_is_none),
    };
    return cmocka_run_group_tests(tests, script_compile, script_release);
}
