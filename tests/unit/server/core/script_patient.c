/* SPDX-License-Identifier: Apache-2.0 */
#include "script_patient.h"

#include <stdio.h>
#include <string.h>

#include "jingzhu/field.h"

/* --- rules ------------------------------------------------------------------------------------------------------ */

static const char conditions[] =
    "pack: routing/conditions\n"
    "title: {zh: 病情, en: conditions}\n"
    "conditions:\n"
    "  - {id: R01, title: {zh: STEMI 或等同, en: STEMI or equivalent}, source: t, mark: DEC, must: [], "
    "prefer: [],\n"
    "     goal: 0, door: 0}\n"
    "  - {id: OB-HTN, title: {zh: 子痫/重度子痫前期/高血压急症,\n"
    "     en: \"Eclampsia, severe pre-eclampsia, hypertensive emergency\"}, source: t, mark: DEC, must: [],\n"
    "     prefer: [], goal: 0, door: 0}\n"
    "  - {id: OB-PPH3, title: {zh: 产后出血 3 期/未控制, en: \"Postpartum haemorrhage, stage 3 or "
    "uncontrolled\"},\n"
    "     source: t, mark: DEC, must: [], prefer: [], goal: 0, door: 0}\n"
    "  - {id: NB-NICU, title: {zh: 新生儿转诊, en: Newborn referral}, source: t, mark: DEC, must: [], "
    "prefer: [],\n"
    "     goal: 0, door: 0}\n"
    "  - {id: OB-GA24, title: {zh: 孕 24 周及以上（新生儿救治）, en: 24 weeks or more (newborn care)}, "
    "source: t,\n"
    "     mark: DEC, must: [], prefer: [], goal: 0, door: 0}\n"
    "  - {id: L0NG, title: {zh: " LONG_ZH ", en: " LONG_EN
    "}, source: t, mark: DEC, must: [], prefer: [], goal: 0,\n"
    "     door: 0, replaces: [NB-NICU]}\n"
    "  - {id: ODD, title: {zh: 一氧化碳 ≥ 10%, en: \"CO ≥ 10 % – “odd” `name` 心\"}, source: t, mark: DEC, "
    "must: [],\n"
    "     prefer: [], goal: 0, door: 0}\n";

#define HEAD(pack)                                                                                           \
    "pack: " pack "\ntitle: {zh: 规则, en: rules}\n"                                                       \
    "population: {for: {zh: 人, en: people}, not_for: {zh: 无, en: nobody}}\n"
#define RULE(id, zh, en)                                                                                     \
    "  - id: " id "\n    version: 1.0.0\n    title: {zh: " zh ", en: " en                                    \
    "}\n    source: t\n    mark: DEC\n"                                                                      \
    "    sign_off: {by: \"\", date: \"\"}\n"
#define TESTS "    tests: [{id: t, given: {}, expect: {status: cannot_evaluate}}]\n"

static const char ecg[] = HEAD("chest-pain/ecg-test") //
    "inputs:\n"
    "  st_ii: {unit: uV, fresh: 15 min, mark: DEC}\n"
    "  st_v2: {unit: uV, fresh: 15 min, mark: DEC}\n"
    "rules:\n" //
    RULE(
        "T-INF", "下壁 ST 段抬高",
        "inferior ST elevation") "    levels: [{id: positive, when: st_ii >= 100, title: {zh: 达到阈值, en: "
                                 "reached}, action: {zh: 做, en: act},\n"
                                 "              mark: DEC}]\n" TESTS //
                                     RULE(
                                         "T-ANT", "前壁 ST 段抬高",
                                         "anterior ST elevation") "    levels: [{id: positive, when: st_v2 "
                                                                  ">= 200, title: {zh: 达到阈值, en: "
                                                                  "reached}, action: {zh: 做, en: act},\n"
                                                                  "              mark: DEC}]\n" TESTS //
                                                                      RULE(
                                                                          "T-STEMI", "心电图 STEMI 标准",
                                                                          "STEMI criteria on the ECG") "    "
                                                                                                       "level"
                                                                                                       "s: "
                                                                                                       "[{id:"
                                                                                                       " posi"
                                                                                                       "tive,"
                                                                                                       " when"
                                                                                                       ": "
                                                                                                       "{any:"
                                                                                                       " [st_"
                                                                                                       "ii "
                                                                                                       ">= "
                                                                                                       "100, "
                                                                                                       "st_"
                                                                                                       "v2 "
                                                                                                       ">= "
                                                                                                       "200]}"
                                                                                                       ", "
                                                                                                       "prior"
                                                                                                       "ity: "
                                                                                                       "2, "
                                                                                                       "mark:"
                                                                                                       " DEC,"
                                                                                                       "\n"
                                                                                                       "     "
                                                                                                       "     "
                                                                                                       "    "
                                                                                                       "title"
                                                                                                       ": "
                                                                                                       "{zh: "
                                                                                                       "符合 "
                                                                                                       "STEMI"
                                                                                                       " 心电"
                                                                                                       "图标"
                                                                                                       "准, "
                                                                                                       "en: "
                                                                                                       "meets"
                                                                                                       " the "
                                                                                                       "ECG "
                                                                                                       "crite"
                                                                                                       "ria "
                                                                                                       "of "
                                                                                                       "STEMI"
                                                                                                       "},\n"
                                                                                                       "     "
                                                                                                       "     "
                                                                                                       "    "
                                                                                                       "actio"
                                                                                                       "n: "
                                                                                                       "{zh: "
                                                                                                       "做, "
                                                                                                       "en: "
                                                                                                       "act}}"
                                                                                                       "]"
                                                                                                       "\n" TESTS;

static const char rules[] = HEAD("general/test") //
    "inputs:\n"
    "  sbp: {unit: \"mm[Hg]\", fresh: 15 min, mark: DEC}\n"
    "  rr: {unit: /min, fresh: 15 min, mark: DEC}\n"
    "  st_elevation_confirmed: {unit: \"{bool}\"}\n"
    "  pregnancy: {unit: \"{enum}\"}\n"
    "  seizure: {unit: \"{bool}\"}\n"
    "  ga_days: {unit: d}\n"
    "  blood_loss_ml: {unit: mL}\n"
    "  is_newborn: {unit: \"{bool}\"}\n"
    "  spo2: {unit: \"%\", fresh: 15 min, mark: DEC}\n"
    "  indoor_coal_fire: {unit: \"{bool}\"}\n"
    "  cohb: {unit: \"%\", scale: 10}\n"
    "rules:\n" //
    RULE("T-BREATH", "呼吸",
         "Breathing") "    levels:\n"
                      "      - {id: fast, when: rr >= 25, priority: 2, title: {zh: 呼吸急促, en: fast}, "
                      "action: {zh: 做, en: act},\n"
                      "         mark: DEC}\n"
                      "      - {id: usual, when: rr >= 9, rule_out: yes, priority: 5, title: {zh: 平稳, en: "
                      "calm},\n"
                      "         action: {zh: 做, en: act}, mark: DEC}\n" TESTS //
                          RULE("T-SHOCK", "休克",
                               "Shock") "    levels: [{id: low, when: sbp <= 90, priority: 1, title: {zh: "
                                        "低血压, en: low pressure}, mark: DEC,\n"
                                        "              action: {zh: 补液, en: give fluid}}]\n" TESTS //
                                            RULE(
                                                "CP-STE", "医师确认 ST 段抬高",
                                                "ST elevation confirmed") "    levels: [{id: met, when: "
                                                                          "st_elevation_confirmed, priority: "
                                                                          "1, conditions: [R01], mark: DEC,\n"
                                                                          "              title: {zh: "
                                                                          "符合标准, en: criteria met}, "
                                                                          "action: {zh: 启动导管室, en: "
                                                                          "activate the laboratory}}]\n" //
    TESTS RULE("ECL", "子痫",
               "Eclampsia") "    levels: [{id: eclampsia, when: {all: [seizure, pregnancy = pregnant]}, "
                            "priority: 1, conditions: [OB-HTN],\n"
                            "              mark: DEC, title: {zh: 子痫（疑似）, en: eclampsia suspected},\n"
                            "              action: {zh: 硫酸镁，控制血压, en: \"magnesium sulphate, control "
                            "the pressure\"}}]\n" //
    TESTS RULE("T-GA", "孕周与新生儿",
               "Weeks and newborn care") "    levels: [{id: viable, when: ga_days >= 168, conditions: "
                                         "[OB-GA24], mark: DEC,\n"
                                         "              title: {zh: 24 周及以上, en: 24 weeks or more}, "
                                         "action: {zh: 做, en: act}}]\n" //
    TESTS RULE("T-PPH", "产后出血",
               "Haemorrhage after birth") "    levels: [{id: three, when: blood_loss_ml > 1500, priority: 1, "
                                          "conditions: [OB-PPH3], mark: DEC,\n"
                                          "              title: {zh: 三期, en: stage 3}, action: {zh: "
                                          "大量输血, en: massive transfusion}}]\n" //
    TESTS RULE("T-NB", "新生儿转诊",
               "Newborn referral") "    levels: [{id: refer, when: {all: [is_newborn, spo2 < 90]}, priority: "
                                   "1, conditions: [NB-NICU], mark: DEC,\n"
                                   "              title: {zh: 低氧, en: low oxygen}, action: {zh: "
                                   "转新生儿中心, en: to a neonatal centre}}]\n" //
    TESTS RULE("T-LONG", "长名称",
               "Long") "    levels: [{id: long, when: indoor_coal_fire, priority: 2, conditions: [L0NG], "
                       "mark: DEC,\n"
                       "              title: {zh: 长, en: long}, action: {zh: 做, en: act}}]\n" //
    TESTS RULE("T-ODD", "怪名称",
               "Odd") "    levels: [{id: odd, when: cohb >= 10, priority: 2, conditions: [ODD], mark: DEC,\n"
                      "              title: {zh: 怪, en: odd}, action: {zh: 做, en: act}}]\n" TESTS;

static const char ctg[] = HEAD("obstetric/ctg-test") //
    "inputs:\n"
    "  ctg_late: {unit: \"{count}\", fresh: 15 min, mark: DEC}\n"
    "rules:\n" //
    RULE("CTG-FIGO", "胎心监护", "CTG") "    levels:\n"
                                        "      - {id: pathological, when: ctg_late >= 5, priority: 1, title: "
                                        "{zh: 病理, en: pathological}, mark: DEC,\n"
                                        "         action: {zh: 做, en: act}}\n"
                                        "      - {id: normal, when: ctg_late = 0, rule_out: yes, title: {zh: "
                                        "正常, en: normal}, mark: DEC,\n"
                                        "         action: {zh: 做, en: act}}\n" TESTS;

/* --- a patient -------------------------------------------------------------------------------------------------- */

struct jz_program *program;
struct jz_directory directory;
struct jz_encounter encounter;
struct jz_alert_record alert[JZ_ALERTS_PER_ENCOUNTER_MAX];
struct jz_core core;

int script_compile(void **state) {
    (void)state;
    const struct jz_pack_source source[] = {{"chest-pain/ecg-test.yaml", ecg, sizeof ecg - 1},
                                            {"general/test.yaml", rules, sizeof rules - 1},
                                            {"obstetric/ctg-test.yaml", ctg, sizeof ctg - 1},
                                            {"routing/conditions.yaml", conditions, sizeof conditions - 1}};
    struct jz_pack_error error = {.text = ""};
    if (jz_program_compile(source, 4, &program, &error) != JZ_OK)
        fail_msg("%s:%d:%d: %s", error.file, error.line, error.column, error.text);
    return 0;
}

int script_release(void **state) {
    (void)state;
    jz_program_free(program);
    return 0;
}

/* Nothing is known of the patient but that somebody called. */
int nobody(void **state) {
    (void)state;
    memset(&encounter, 0, sizeof encounter);
    memset(alert, 0, sizeof alert);
    memset(&directory, 0, sizeof directory);
    directory.facility_count = 2;
    snprintf(directory.facility[NEAR].id, sizeof directory.facility[NEAR].id, "near");
    snprintf(directory.facility[NEAR].name_zh, sizeof directory.facility[NEAR].name_zh, "贵阳某医院");
    snprintf(directory.facility[NEAR].name_en, sizeof directory.facility[NEAR].name_en, "Near Hospital");
    encounter.id = (struct jz_encounter_id){{1, 0, 7, [14] = 0xa1, [15] = 0xb2}};
    encounter.phase = JZ_PHASE_OPEN;
    encounter.priority = encounter.rule_priority = 5;
    encounter.opened_ms = NOW - 60 * MINUTE;
    snprintf(encounter.callsign, sizeof encounter.callsign, "贵A·120-07");
    core = (struct jz_core){.head = {.encounter_count = 1},
                            .program = program,
                            .directory = &directory,
                            .encounter = &encounter,
                            .alert = alert};
    return 0;
}

void note_as(const char *name, int32_t value, int64_t ms, enum jz_validity validity) {
    struct jz_rule_set due = {{0}};
    uint32_t field = jz_field_by_name(name);
    assert_int_not_equal(field, JZ_FIELD_UNKNOWN);
    struct jz_reading reading = {.taken_ms = ms, .value = value, .validity = (uint8_t)validity};
    assert_int_equal(jz_chart_observe(program, &encounter.chart, field, reading, &due), JZ_OK);
    (void)jz_chart_update(program, &encounter.chart, due, NOW);
}

void note(const char *name, int32_t value) {
    note_as(name, value, NOW - 2 * MINUTE, JZ_VALID);
}

void happened(const char *name, int64_t minutes_ago) {
    note_as(name, 1, NOW - minutes_ago * MINUTE, JZ_VALID);
}

/* As triage.c does. */
void latch(void) {
    for (uint32_t i = 0; i < jz_program_rule_count(program); i++) {
        const struct jz_rule_result *r = &encounter.chart.result[i];
        if (r->status != JZ_RULE_FIRED || r->level == JZ_LEVEL_NONE) continue;
        const struct jz_level_info *level = jz_program_level(program, i, r->level);
        if (level->priority && level->priority < encounter.priority)
            encounter.priority = encounter.rule_priority = level->priority;
        encounter.conditions |= level->conditions;
    }
}

void drive(uint32_t minutes) {
    encounter.travel_ms = NOW - MINUTE / 2;
    encounter.travel_s[NEAR] = encounter.travel_s[LONG_NAMES] = minutes * 60;
}

void vital_signs(int32_t sbp, int32_t dbp, int32_t hr, int32_t spo2, int32_t rr) {
    note("sbp", sbp);
    note("dbp", dbp);
    note("hr", hr);
    note("spo2", spo2);
    note("rr", rr);
}

/* --- what must hold of every text --------------------------------------------------------------------------------- */

static uint32_t utf16_units(const char *of) {
    uint32_t units = 0;
    for (const uint8_t *b = (const uint8_t *)of; *b; b++)
        units += (*b & 0xC0u) != 0x80u ? 1u + (*b >= 0xF0u) : 0u;
    return units;
}

/* The texts of these tests need nothing of GSM 7 bit beyond ASCII. */
static uint32_t gsm_septets(const char *of) {
    uint32_t units = 0;
    for (; *of; of++) {
        assert_true(*of >= ' ' && *of <= '~' && *of != '`');
        units += strchr("^{}\\[~]|", *of) ? 2u : 1u;
    }
    return units;
}

void check_utf8(const char *of, size_t bytes) {
    static const uint32_t least[5] = {0, ' ', 0x80, 0x800, 0x10000};
    for (size_t i = 0; i < bytes;) {
        uint8_t first = (uint8_t)of[i];
        size_t n = first < 0x80u ? 1 : first < 0xC0u ? 0 : first < 0xE0u ? 2 : first < 0xF0u ? 3 : 4;
        uint32_t point = n == 1 ? first : first & (0x7Fu >> n);
        assert_true(n > 0 && i + n <= bytes);
        for (size_t k = 1; k < n; k++) {
            assert_int_equal((uint8_t)of[i + k] & 0xC0u, 0x80u);
            point = point << 6 | ((uint8_t)of[i + k] & 0x3Fu);
        }
        assert_true(point >= least[n] || point == '\n');
        assert_true(point <= 0x10FFFFu && (point < 0xD800u || point > 0xDFFFu));
        assert_true(point < 0x7Fu || point >= 0xA0u);
        i += n;
    }
}

/* In every buffer from 1 byte up: the 0 is there, nothing behind it is touched, all is UTF-8 within the limit. */
void walk_capacities(make made, uint32_t facility) {
    static char buffer[JZ_SCRIPT_READ_BYTES + 1];
    for (int language = JZ_ZH; language <= JZ_EN; language++) {
        size_t whole =
            made(&core, 0, facility, NOW, (enum jz_language)language, buffer, JZ_SCRIPT_READ_BYTES);
        for (size_t capacity = 1; capacity <= whole + 20; capacity++) {
            memset(buffer, 0x55, sizeof buffer);
            size_t bytes = made(&core, 0, facility, NOW, (enum jz_language)language, buffer, capacity);
            assert_true(bytes < capacity);
            assert_int_equal(buffer[bytes], 0);
            assert_int_equal(strlen(buffer), bytes);
            for (size_t i = capacity; i < capacity + 16; i++) assert_int_equal(buffer[i], 0x55);
            check_utf8(buffer, bytes);
        }
    }
}

char text[JZ_SCRIPT_READ_BYTES];

void check_sms(const char *of, enum jz_language language) {
    check_utf8(of, strlen(of));
    if (language == JZ_ZH)
        assert_true(utf16_units(of) <= JZ_SCRIPT_SMS_UCS2);
    else
        assert_true(gsm_septets(of) <= JZ_SCRIPT_SMS_GSM7);
}

const char *sms_for(uint32_t facility, enum jz_language language) {
    size_t bytes = jz_script_sms(&core, 0, facility, NOW, language, text, JZ_SCRIPT_SMS_BYTES);
    assert_int_equal(strlen(text), bytes);
    check_sms(text, language);
    return text;
}

const char *sms(enum jz_language language) {
    return sms_for(NEAR, language);
}

const char *out_loud(enum jz_language language) {
    check_utf8(text, jz_script_read(&core, 0, NEAR, NOW, language, text, sizeof text));
    return text;
}

void reads(enum jz_language language, const char *part) {
    if (!strstr(out_loud(language), part)) fail_msg("\"%s\" is not in:\n%s", part, text);
}

void does_not_read(enum jz_language language, const char *part) {
    if (strstr(out_loud(language), part)) fail_msg("\"%s\" is in:\n%s", part, text);
}

/* --- patients --------------------------------------------------------------------------------------------------- */

void stemi(void) {
    encounter.complaint = JZ_COMPLAINT_CHEST_PAIN;
    note("age_years", 58);
    note("sex", 1);
    note("chest_pain", 1);
    note("pain_pressure", 1);
    note("pain_radiates", 1);
    note("dyspnoea", 0);
    note("syncope", 0);
    note("pain_tearing", 0);
    note("diaphoresis", 1);
    note("st_ii", 210);
    encounter.ecg.taken_ms = NOW - 21 * MINUTE;
    encounter.ecg.readable = 1;
    note("st_elevation_confirmed", 1);
    vital_signs(86, 54, 118, 91, 24);
    note("temp_c", 364);
    note("acvpu", 1);
    note("on_oxygen", 1);
    note("pain_score", 7);
    happened("pain_onset", 85);
    happened("fmc", 35);
    happened("antiplatelet", 12);
    happened("left_scene", 10);
    note("ci_bleeding", 0);
    latch();
    drive(14);
    encounter.alert_count = 1;
    alert[0] = (struct jz_alert_record){.id = 1, .facility = NEAR, .grade = JZ_GRADE_ACTIVATE};
    alert[0].team[JZ_TEAM_ED].needed = alert[0].team[JZ_TEAM_CATH_LAB].needed = 1;
}

void eclampsia(void) {
    encounter.complaint = JZ_COMPLAINT_PREGNANCY;
    note("age_years", 32);
    note("sex", 2);
    note("pregnancy", 2);
    note("ga_days", 36 * 7 + 2);
    note("seizure", 1);
    note("headache", 1);
    note("gravidity", 1);
    note("parity", 0);
    note("blood_group", 12); /* O, RhD negative */
    note("risk_colour", 3);
    vital_signs(178, 112, 118, 91, 22);
    note("acvpu", 3);
    note("fhr", 96);
    note("ctg_late", 6);
    note("ctg_read", 3);
    happened("mgso4_start", 9);
    happened("left_scene", 10);
    latch();
    drive(22);
    encounter.alert_count = 1;
    alert[0] = (struct jz_alert_record){.id = 1, .facility = NEAR, .grade = JZ_GRADE_PREPARE};
    alert[0].team[JZ_TEAM_OBSTETRICS].needed = alert[0].team[JZ_TEAM_NICU].needed = 1;
}

void haemorrhage(void) {
    encounter.complaint = JZ_COMPLAINT_PREGNANCY;
    note("age_years", 27);
    note("sex", 2);
    note("pregnancy", 3);
    note("blood_loss_ml", 2200);
    note("vaginal_bleeding", 1);
    note("parity", 2);
    note("bp_unrecordable", 1);
    note("hr", 142);
    note("rr", 28);
    note_as("spo2", 62, NOW - MINUTE, JZ_ARTEFACT);
    note("mgso4_running", 0);
    happened("delivery", 75);
    happened("txa", 40);
    latch();
    drive(18);
}

void stale(void) {
    encounter.complaint = JZ_COMPLAINT_CHEST_PAIN;
    note("age_years", 71);
    note("sex", 2);
    note_as("sbp", 124, NOW - 22 * MINUTE, JZ_VALID);
    note_as("dbp", 76, NOW - 22 * MINUTE, JZ_VALID);
    note_as("hr", 80, NOW - 16 * MINUTE, JZ_VALID);
    note("pulse", 96);
    note_as("dyspnoea", 0, NOW - 40 * MINUTE, JZ_VALID);
    note_as("diaphoresis", 1, NOW - 40 * MINUTE, JZ_VALID);
    happened("pain_onset", 16 * 60);
    happened("left_scene", 50);
    encounter.travel_ms = NOW - 20 * MINUTE;
    encounter.travel_s[NEAR] = 15 * 60;
}

void newborn(void) {
    note("is_newborn", 1);
    note("sex", 1);
    note("birth_ga_days", 33 * 7 + 4);
    note("birth_weight_g", 1850);
    note("hr", 168);
    note("spo2", 84);
    note("rr", 66);
    note("temp_c", 352);
    note("nb_grunting", 1);
    note("nb_cpap", 1);
    happened("birth", 130);
    latch();
    drive(35);
}

void long_names(void) {
    struct jz_facility *f = &directory.facility[LONG_NAMES];
    memset(f->name_en, 'n', sizeof f->name_en - 1);
    for (size_t i = 0; i + 3 < sizeof f->name_zh; i += 3) memcpy(f->name_zh + i, "名", 3);
    memset(encounter.callsign, 'c', sizeof encounter.callsign - 1);
    encounter.complaint = JZ_COMPLAINT_PREGNANCY;
    note("age_years", 120);
    note("sex", 2);
    note("pregnancy", 2);
    note("ga_days", 280);
    note("indoor_coal_fire", 1);
    vital_signs(250, 140, 188, 100, 80);
    latch();
    drive(600);
}
