/* SPDX-License-Identifier: Apache-2.0 */
/* What is told of whom, in which order, and what each thing is called. How each is said: script_say.c. */
#include "script_say.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define PERSON (JZ_SCRIPT_GENERAL | JZ_SCRIPT_CHEST)
#define ADULT (PERSON | JZ_SCRIPT_MOTHER)
#define NOT_MOTHER (PERSON | JZ_SCRIPT_NEWBORN)
#define ANYBODY (ADULT | JZ_SCRIPT_NEWBORN)

/* --- vital signs, for both texts ------------------------------------------------------------------------------ */

#define LINE_PRESSURE(place)                                                                                 \
    {                                                                                                        \
        .section = (place), .who = ADULT, .say = jz_say_pressure, .zh = "血压", .en = "BP", .field = "sbp",  \
        .other = "dbp"                                                                                       \
    }
#define LINE_PRESSURE_NEWBORN(place)                                                                         \
    {                                                                                                        \
        .section = (place), .who = JZ_SCRIPT_NEWBORN, .optional = true, .say = jz_say_pressure,              \
        .zh = "血压", .en = "BP", .field = "sbp", .other = "dbp"                                             \
    }
#define LINE_RATE(place)                                                                                     \
    {                                                                                                        \
        .section = (place), .who = ANYBODY, .say = jz_say_unless, .zh = "心率", .en = "HR", .field = "hr",   \
        .other = "pulse"                                                                                     \
    }
#define LINE_PULSE(place)                                                                                    \
    {                                                                                                        \
        .section = (place), .who = ANYBODY, .optional = true, .say = jz_say_unless, .zh = "脉率",            \
        .en = "pulse", .field = "pulse", .other = "hr"                                                       \
    }
#define LINE_SPO2(place)                                                                                     \
    {                                                                                                        \
        .section = (place), .who = ANYBODY, .say = jz_say_oxygen, .zh = "血氧", .en = "SpO2",                \
        .field = "spo2", .other = "on_oxygen"                                                                \
    }
#define LINE_BREATHS(place)                                                                                  \
    { .section = (place), .who = ANYBODY, .say = jz_say_value, .zh = "呼吸", .en = "RR", .field = "rr" }
#define LINE_MIND(place)                                                                                     \
    { .section = (place), .who = ADULT, .say = jz_say_value, .zh = "意识", .en = "AVPU", .field = "acvpu" }
#define LINE_TEMPERATURE(place, how_optional)                                                                \
    {                                                                                                        \
        .section = (place), .who = ANYBODY, .optional = (how_optional), .say = jz_say_value, .zh = "体温",   \
        .en = "temp", .field = "temp_c"                                                                      \
    }
#define LINE_SUGAR(place)                                                                                    \
    {                                                                                                        \
        .section = (place), .who = JZ_SCRIPT_NEWBORN, .say = jz_say_value, .zh = "血糖", .en = "glucose",    \
        .field = "glucose"                                                                                   \
    }

/* Of an SMS, in the order in which equally important ones are told. */
static const struct jz_script_line sms_signs[] = {
    LINE_PRESSURE(0),
    LINE_PRESSURE_NEWBORN(0),
    LINE_RATE(0),
    LINE_PULSE(0),
    LINE_SPO2(0),
    LINE_BREATHS(0),
    LINE_MIND(0),
    {.who = JZ_SCRIPT_MOTHER,
     .optional = true,
     .say = jz_say_value,
     .zh = "失血",
     .en = "Blood loss",
     .field = "blood_loss_ml"},
    {.who = JZ_SCRIPT_MOTHER,
     .optional = true,
     .say = jz_say_value,
     .zh = "胎心",
     .en = "FHR",
     .field = "fhr"},
    LINE_TEMPERATURE(0, true),
    LINE_SUGAR(0),
};

/* --- lists ---------------------------------------------------------------------------------------------------- */

static const char *const complaints[] = {"pain_pressure", "pain_tearing", "pain_radiates",
                                         "dyspnoea",      "syncope",      NULL};
static const char *const findings[] = {"diaphoresis", "cold_clammy_skin", "pulmonary_oedema", "pulse_deficit",
                                       NULL};
static const char *const contraindications[] = {"ci_intracranial_bleed",
                                                "ci_ischaemic_stroke",
                                                "ci_cns_lesion",
                                                "aortic_suspected",
                                                "ci_bleeding",
                                                "ci_head_trauma",
                                                "ci_neurosurgery",
                                                "ci_hypertension_refractory",
                                                "ci_major_surgery",
                                                "ci_internal_bleeding",
                                                "ci_puncture",
                                                "ci_hypertension_chronic",
                                                "anticoagulant",
                                                "ci_cpr",
                                                "ci_intracranial_other",
                                                "ci_peptic_ulcer",
                                                NULL};
static const char *const mother_symptoms[] = {"seizure",         "headache", "visual_disturbance",
                                              "epigastric_pain", "dyspnoea", "vaginal_bleeding",
                                              "chest_pain",      NULL};
static const char *const newborn_findings[] = {"nb_limp", "nb_blue_grey", "nb_grunting",
                                               "nb_hie",  "nb_surgical",  NULL};

/* --- the texts to be read out --------------------------------------------------------------------------------- */

enum { A_AGE, A_TIME, A_COMPLAINT, A_ILLNESS, A_SIGNS, A_TREATMENT, A_PLEASE };
static const struct jz_script_line atmist[] = {
    {A_AGE, NOT_MOTHER, .say = jz_say_age_sex},
    {A_AGE, NOT_MOTHER, JZ_GAP_ASK, .say = jz_say_weeks, .zh = "是否妊娠", .en = "whether pregnant"},
    {A_AGE, JZ_SCRIPT_NEWBORN, JZ_GAP_ASK, .say = jz_say_value, .zh = "出生体重", .en = "birth weight",
     .field = "birth_weight_g"},
    {A_TIME, PERSON, JZ_GAP_ASK, .say = jz_say_event, .zh = "发病", .en = "onset", .field = "pain_onset"},
    {A_TIME, PERSON, .optional = true, .say = jz_say_event, .zh = "卒中起病", .en = "onset of stroke",
     .field = "stroke_onset"},
    {A_TIME, JZ_SCRIPT_NEWBORN, JZ_GAP_ASK, .say = jz_say_event, .zh = "出生", .en = "born",
     .field = "birth"},
    {A_TIME, NOT_MOTHER, JZ_GAP_RECORD, .say = jz_say_event, .zh = "首次医疗接触",
     .en = "first medical contact", .field = "fmc"},
    {A_TIME, NOT_MOTHER, .say = jz_say_arrival},
    {A_COMPLAINT, PERSON, JZ_GAP_ASK, .say = jz_say_complaint, .zh = "主诉", .en = "complaint"},
    {A_COMPLAINT, PERSON, JZ_GAP_ASK, .say = jz_say_list, .zh = "症状", .en = "symptoms", .list = complaints},
    {A_COMPLAINT, JZ_SCRIPT_NEWBORN, JZ_GAP_ASK, .say = jz_say_list, .zh = "体检", .en = "findings",
     .list = newborn_findings},
    {A_ILLNESS, NOT_MOTHER, JZ_GAP_ASK, .say = jz_say_conditions, .zh = "病情", .en = "condition"},
    {A_ILLNESS, JZ_SCRIPT_GENERAL | JZ_SCRIPT_NEWBORN, .say = jz_say_rule, .zh = "依据", .en = "by rule"},
    {A_ILLNESS, PERSON, JZ_GAP_RECORD, .say = jz_say_ecg, .zh = "心电图", .en = "ECG",
     .field = "st_elevation_confirmed"},
    {A_ILLNESS, PERSON, JZ_GAP_ASK, .say = jz_say_list, .zh = "体检", .en = "findings", .list = findings},
    {A_ILLNESS, JZ_SCRIPT_CHEST, JZ_GAP_ASK, .say = jz_say_list, .zh = "溶栓禁忌",
     .en = "contraindications of lysis", .list = contraindications},

    LINE_PRESSURE(A_SIGNS),
    LINE_PRESSURE_NEWBORN(A_SIGNS),
    LINE_RATE(A_SIGNS),
    LINE_PULSE(A_SIGNS),
    LINE_BREATHS(A_SIGNS),
    LINE_SPO2(A_SIGNS),
    LINE_TEMPERATURE(A_SIGNS, false),
    LINE_MIND(A_SIGNS),
    LINE_SUGAR(A_SIGNS),
    {A_SIGNS, JZ_SCRIPT_CHEST, .optional = true, .say = jz_say_value, .zh = "疼痛", .en = "pain score",
     .field = "pain_score"},
    {A_TREATMENT, JZ_SCRIPT_CHEST, JZ_GAP_RECORD, .say = jz_say_event, .zh = "双联抗血小板",
     .en = "dual antiplatelet", .field = "antiplatelet"},
    {A_TREATMENT, NOT_MOTHER, .optional = true, .say = jz_say_event, .zh = "溶栓", .en = "fibrinolysis",
     .field = "needle"},
    {A_TREATMENT, NOT_MOTHER, .optional = true, .say = jz_say_if_so, .zh = "近7天服阿司匹林",
     .en = "aspirin in the past 7 days", .field = "aspirin_7d"},
    {A_TREATMENT, NOT_MOTHER, .optional = true, .say = jz_say_event, .zh = "心搏骤停", .en = "arrest",
     .field = "arrest"},
    {A_TREATMENT, NOT_MOTHER, .optional = true, .say = jz_say_if_so, .zh = "已除颤", .en = "shock delivered",
     .field = "shock_delivered"},
    {A_TREATMENT, NOT_MOTHER, .optional = true, .say = jz_say_event, .zh = "恢复自主循环",
     .en = "return of circulation", .field = "rosc"},
    {A_TREATMENT, NOT_MOTHER, .optional = true, .say = jz_say_if_so, .zh = "使用血管活性药",
     .en = "vasopressor running", .field = "vasopressor"},
    {A_TREATMENT, NOT_MOTHER, .optional = true, .say = jz_say_if_so, .zh = "机械通气", .en = "ventilated",
     .field = "ventilated"},
    {A_TREATMENT, JZ_SCRIPT_CHEST, JZ_GAP_RECORD, .say = jz_say_event, .zh = "签署知情同意",
     .en = "consent signed", .field = "consent_signed"},
    {A_TREATMENT, JZ_SCRIPT_NEWBORN, JZ_GAP_RECORD, .say = jz_say_event, .zh = "正压通气",
     .en = "ventilation started", .field = "nb_ppv_start"},
    {A_TREATMENT, JZ_SCRIPT_NEWBORN, .optional = true, .say = jz_say_if_so, .zh = "已气管插管",
     .en = "intubated", .field = "nb_intubated"},
    {A_TREATMENT, JZ_SCRIPT_NEWBORN, .optional = true, .say = jz_say_if_so, .zh = "使用CPAP", .en = "on CPAP",
     .field = "nb_cpap"},
    {A_TREATMENT, JZ_SCRIPT_NEWBORN, .optional = true, .say = jz_say_event, .zh = "亚低温", .en = "cooling",
     .field = "nb_cooling_start"},
    {A_PLEASE, NOT_MOTHER, .say = jz_say_teams},
};

enum { S_SITUATION, S_BACKGROUND, S_ASSESSMENT, S_RECOMMENDATION };
static const struct jz_script_line sbar[] = {
    {S_SITUATION, JZ_SCRIPT_MOTHER, JZ_GAP_ASK, .say = jz_say_conditions, .zh = "病情", .en = "condition"},
    {S_SITUATION, JZ_SCRIPT_MOTHER, .say = jz_say_rule, .zh = "依据", .en = "by rule"},
    {S_SITUATION, JZ_SCRIPT_MOTHER, JZ_GAP_ASK, .say = jz_say_list, .zh = "症状", .en = "symptoms",
     .list = mother_symptoms},
    {S_SITUATION, JZ_SCRIPT_MOTHER, .say = jz_say_arrival},
    {S_BACKGROUND, JZ_SCRIPT_MOTHER, .say = jz_say_age_sex},
    {S_BACKGROUND, JZ_SCRIPT_MOTHER, .say = jz_say_weeks},
    {S_BACKGROUND, JZ_SCRIPT_MOTHER, .optional = true, .say = jz_say_event, .zh = "分娩", .en = "birth",
     .field = "delivery"},
    {S_BACKGROUND, JZ_SCRIPT_MOTHER, JZ_GAP_ASK, .say = jz_say_value, .zh = "孕次", .en = "gravidity",
     .field = "gravidity"},
    {S_BACKGROUND, JZ_SCRIPT_MOTHER, JZ_GAP_ASK, .say = jz_say_value, .zh = "产次", .en = "parity",
     .field = "parity"},
    {S_BACKGROUND, JZ_SCRIPT_MOTHER, JZ_GAP_ASK, .say = jz_say_value, .zh = "血型", .en = "blood group",
     .field = "blood_group"},
    {S_BACKGROUND, JZ_SCRIPT_MOTHER, JZ_GAP_ASK, .say = jz_say_value, .zh = "风险颜色", .en = "risk colour",
     .field = "risk_colour"},
    {S_BACKGROUND, JZ_SCRIPT_MOTHER, .optional = true, .say = jz_say_if_so, .zh = "传染病（紫色）",
     .en = "infectious disease (purple)", .field = "infectious"},
    {S_BACKGROUND, JZ_SCRIPT_MOTHER, .optional = true, .say = jz_say_event, .zh = "胸痛发作",
     .en = "onset of chest pain", .field = "pain_onset"},
    {S_BACKGROUND, JZ_SCRIPT_MOTHER, JZ_GAP_ASK, .say = jz_say_event, .zh = "硫酸镁开始",
     .en = "magnesium sulphate started", .field = "mgso4_start", .other = "mgso4_running"},
    {S_BACKGROUND, JZ_SCRIPT_MOTHER, .optional = true, .say = jz_say_event, .zh = "降压药",
     .en = "antihypertensive", .field = "antihypertensive"},
    {S_BACKGROUND, JZ_SCRIPT_MOTHER, .optional = true, .say = jz_say_event, .zh = "氨甲环酸",
     .en = "tranexamic acid", .field = "txa"},
    {S_BACKGROUND, JZ_SCRIPT_MOTHER, .optional = true, .say = jz_say_value, .zh = "已输红细胞单位",
     .en = "red cell units given", .field = "rbc_units"},
    {S_BACKGROUND, JZ_SCRIPT_MOTHER, .optional = true, .say = jz_say_event, .zh = "糖皮质激素",
     .en = "antenatal steroid", .field = "steroid"},
    {S_BACKGROUND, JZ_SCRIPT_MOTHER, .optional = true, .say = jz_say_event, .zh = "抗生素",
     .en = "antibiotic", .field = "antibiotic"},
    {S_BACKGROUND, JZ_SCRIPT_MOTHER, .optional = true, .say = jz_say_event, .zh = "双联抗血小板",
     .en = "dual antiplatelet", .field = "antiplatelet"},
    {S_BACKGROUND, JZ_SCRIPT_MOTHER, .optional = true, .say = jz_say_event, .zh = "溶栓",
     .en = "fibrinolysis", .field = "needle"},
    LINE_PRESSURE(S_ASSESSMENT),
    LINE_RATE(S_ASSESSMENT),
    LINE_PULSE(S_ASSESSMENT),
    LINE_BREATHS(S_ASSESSMENT),
    LINE_SPO2(S_ASSESSMENT),
    LINE_TEMPERATURE(S_ASSESSMENT, false),
    LINE_MIND(S_ASSESSMENT),
    {S_ASSESSMENT, JZ_SCRIPT_MOTHER, JZ_GAP_ASK, .say = jz_say_shock_index, .zh = "休克指数",
     .en = "shock index"},
    {S_ASSESSMENT, JZ_SCRIPT_MOTHER, JZ_GAP_MEASURE, .say = jz_say_value, .zh = "失血量", .en = "blood loss",
     .field = "blood_loss_ml"},
    {S_ASSESSMENT, JZ_SCRIPT_MOTHER, .optional = true, .say = jz_say_value, .zh = "胎心",
     .en = "fetal heart rate", .field = "fhr"},
    {S_ASSESSMENT, JZ_SCRIPT_MOTHER, JZ_GAP_RECORD, .say = jz_say_ctg, .zh = "胎心监护", .en = "CTG",
     .field = "ctg_read"},
    {S_ASSESSMENT, JZ_SCRIPT_MOTHER, JZ_GAP_RECORD, .say = jz_say_ecg, .zh = "心电图", .en = "ECG",
     .field = "st_elevation_confirmed"},
    {S_RECOMMENDATION, JZ_SCRIPT_MOTHER, .say = jz_say_action, .zh = "处置", .en = "action"},
    {S_RECOMMENDATION, JZ_SCRIPT_MOTHER, .say = jz_say_teams},
};

static const struct jz_script_section atmist_sections[] = {
    {"A 年龄：", "A, age: ", false},       {"T 时间：", "T, time: ", false},
    {"M 主诉：", "M, complaint: ", false}, {"I 病情：", "I, illness: ", false},
    {"S 体征：", "S, signs: ", false},     {"T 处置：", "T, treatment: ", false},
    {"请求：", "Request: ", true},
};
static const struct jz_script_section sbar_sections[] = {
    {"S 现状：", "S, situation: ", false},
    {"B 背景：", "B, background: ", false},
    {"A 评估：", "A, assessment: ", false},
    {"R 建议：", "R, recommendation: ", true},
};
_Static_assert(COUNT(sms_signs) <= JZ_SCRIPT_SIGNS_MAX, "signs of an SMS");
_Static_assert(COUNT(atmist) <= JZ_SCRIPT_LINES_MAX && COUNT(sbar) <= JZ_SCRIPT_LINES_MAX, "lines of a text");
const struct jz_script_form jz_script_form[JZ_SCRIPT_FORMS] = {
    [JZ_SCRIPT_SMS_SIGNS] = {sms_signs, COUNT(sms_signs), NULL, 0},
    [JZ_SCRIPT_ATMIST] = {atmist, COUNT(atmist), atmist_sections, COUNT(atmist_sections)},
    [JZ_SCRIPT_SBAR] = {sbar, COUNT(sbar), sbar_sections, COUNT(sbar_sections)},
};
