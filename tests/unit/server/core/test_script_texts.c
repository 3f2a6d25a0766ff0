/* SPDX-License-Identifier: Apache-2.0 */
/* The texts of script.h themselves, whole: they are read by people, and reviewed like code. */
#include "script_patient.h"

/* --- golden texts ------------------------------------------------------------------------------------------------- */

struct golden {
    void (*patient)(void);
    const char *sms[2], *read[2]; /* by enum jz_language */
};

static void nothing_known(void) {}

static const struct golden of_stemi = {
    stemi,
    {"P1 58岁男 STEMI 或等同 血压86/54 心率118 血氧91%(吸氧) 呼吸24 意识清醒 14:43到 病例a1b2 请答复",
     "P1, 58 y M. STEMI or equivalent. BP 86/54, HR 118, SpO2 91% (on O2), RR 24, AVPU alert, temp 36.4, ETA "
     "14:43, case a1b2, please answer"},
    {"急救预警，致贵阳某医院，车组 贵A·120-07，病例 a1b2，P1。\n"
     "A 年龄：58岁，男。\n"
     "T 时间：发病 13:05；首次医疗接触 13:55；预计14:43到达。\n"
     "M 主诉：胸痛；症状 压榨样疼痛、放射至臂肩颈或下颌（其余无）。\n"
     "I 病情：STEMI 或等同；心电图 14:09 医师确认ST段抬高，符合 STEMI 心电图标准：下壁 ST 段抬高；体检 "
     "大汗（其余不详）；不详：溶栓禁忌。\n"
     "S 体征：血压 86/54 毫米汞柱；心率 118次/分；呼吸 24次/分；血氧 91%（吸氧）；体温 36.4℃；意识 "
     "清醒；疼痛 7分。\n"
     "T 处置：双联抗血小板 14:18；未记录：签署知情同意。\n"
     "请求：请启动 急诊科、导管室。规则提示非诊断，请答复能否接收。",
     "Pre-alert for Near Hospital, unit 贵A·120-07, case a1b2, P1.\n"
     "A, age: 58 years, male.\n"
     "T, time: onset 13:05; first medical contact 13:55; ETA 14:43.\n"
     "M, complaint: chest pain; symptoms Pain like pressure, Radiation to arm or shoulder or neck or jaw (no "
     "others).\n"
     "I, illness: STEMI or equivalent; ECG 14:09 ST elevation confirmed by physician, meets the ECG criteria "
     "of STEMI: inferior ST elevation; findings Diaphoresis (others not known); not known: contraindications "
     "of lysis.\n"
     "S, signs: BP 86/54 mmHg; HR 118 per minute; RR 24 per minute; SpO2 91% (on oxygen); temp 36.4 degrees "
     "C; AVPU alert; pain score 7.\n"
     "T, treatment: dual antiplatelet 14:18; not recorded: consent signed.\n"
     "Request: please activate emergency department, catheter laboratory. Rule findings are no diagnosis. "
     "Please answer whether you accept."},
};

static const struct golden of_eclampsia = {
    eclampsia,
    {"P1 32岁女 孕36+2周 子痫/重度子痫前期/高血压急症等2项 血压178/112 心率118 14:51到 病例a1b2 请答复",
     "P1, 32 y F, pregnant 36w2d. Eclampsia, severe pre-eclampsia, hypertensive emergency +1 more. BP "
     "178/112, HR 118, SpO2 91%, ETA 14:51, case a1b2, please answer"},
    {"急救预警，致贵阳某医院，车组 贵A·120-07，病例 a1b2，P1。\n"
     "S 现状：子痫/重度子痫前期/高血压急症，以及孕 24 周及以上（新生儿救治）；依据 子痫：子痫（疑似）；症状 "
     "抽搐、头痛（其余不详）；预计14:51到达。\n"
     "B 背景：32岁，女；孕36周2天；孕次 1；产次 0；血型 O型RhD阴性；风险颜色 橙色；硫酸镁开始 14:21。\n"
     "A 评估：血压 178/112 毫米汞柱；心率 118次/分；呼吸 22次/分；血氧 91%（是否吸氧不详）；意识 "
     "对声音有反应；休克指数 0.66；胎心 96次/分；胎心监护 "
     "病理性（医师判读）；未测：体温、失血量；未记录：心电图。\n"
     "R 建议：处置 硫酸镁，控制血压；请准备 产科、新生儿科。规则提示非诊断，请答复能否接收。",
     "Pre-alert for Near Hospital, unit 贵A·120-07, case a1b2, P1.\n"
     "S, situation: Eclampsia, severe pre-eclampsia, hypertensive emergency, and also 24 weeks or more "
     "(newborn care); by rule Eclampsia: eclampsia suspected; symptoms Seizure, Headache (others not known); "
     "ETA 14:51.\n"
     "B, background: 32 years, female; pregnant 36 weeks 2 days; gravidity 1; parity 0; blood group O RhD "
     "negative; risk colour orange; magnesium sulphate started 14:21.\n"
     "A, assessment: BP 178/112 mmHg; HR 118 per minute; RR 22 per minute; SpO2 91% (oxygen or air: not "
     "known); AVPU responds to voice; shock index 0.66; fetal heart rate 96 per minute; CTG pathological (as "
     "read by a clinician); not measured: temp, blood loss; not recorded: ECG.\n"
     "R, recommendation: action magnesium sulphate, control the pressure; please prepare obstetrics, "
     "neonatal unit. Rule findings are no diagnosis. Please answer whether you accept."},
};

static const struct golden of_haemorrhage = {
    haemorrhage,
    {"P1 27岁女 产后 产后出血 3 期/未控制 血压测不出 失血2200ml 呼吸28 心率142 最早14:47到 病例a1b2 请答复",
     "P1, 27 y F, after birth. Postpartum haemorrhage, stage 3 or uncontrolled. BP unrecordable, Blood loss "
     "2200 mL, ETA earliest 14:47, case a1b2, please answer"},
    {"急救预警，致贵阳某医院，车组 贵A·120-07，病例 a1b2，P1。\n"
     "S 现状：产后出血 3 期/未控制；依据 产后出血：三期；症状 阴道出血（其余不详）；未出发，最早14:47到达。\n"
     "B 背景：27岁，女；产后；分娩 13:15；产次 2；硫酸镁静滴中：否；氨甲环酸 "
     "13:50；不详：孕次、血型、风险颜色。\n"
     "A 评估：血压测不出；心率 142次/分；呼吸 28次/分；失血量 "
     "2200毫升；未测：体温、意识；不详：休克指数；未记录：胎心监护、心电图；测值不可信：血氧。\n"
     "R 建议：处置 大量输血。规则提示非诊断，请答复能否接收。",
     "Pre-alert for Near Hospital, unit 贵A·120-07, case a1b2, P1.\n"
     "S, situation: Postpartum haemorrhage, stage 3 or uncontrolled; by rule Haemorrhage after birth: stage "
     "3; symptoms Vaginal bleeding (others not known); not left yet, ETA 14:47 at the earliest.\n"
     "B, background: 27 years, female; after birth; birth 13:15; parity 2; Magnesium sulphate running: no; "
     "tranexamic acid 13:50; not known: gravidity, blood group, risk colour.\n"
     "A, assessment: BP unrecordable; HR 142 per minute; RR 28 per minute; blood loss 2200 mL; not measured: "
     "temp, AVPU; not known: shock index; not recorded: CTG, ECG; measured but not believed: SpO2.\n"
     "R, recommendation: action massive transfusion. Rule findings are no diagnosis. Please answer whether "
     "you accept."},
};

static const struct golden of_stale = {
    stale,
    {"级别未定 71岁女 病情不详 血压124/76(22分前) 脉率96 血氧未测 原估14:25到(20分前估) 病例a1b2 请答复",
     "priority not known, 71 y F. Condition not known. BP 124/76 (22 min ago), pulse 96, SpO2 not taken, was "
     "due 14:25 (as of 20 min ago), case a1b2, please answer"},
    {"急救预警，致贵阳某医院，车组 贵A·120-07，病例 a1b2，优先级未定。\n"
     "A 年龄：71岁，女。\n"
     "T 时间：发病 昨日22:30；原估14:25到达，未报到达（20分钟前的估计）；未记录：首次医疗接触。\n"
     "M 主诉：胸痛；不详：症状。\n"
     "I 病情：体检 大汗（40分钟前，已过时）（其余不详）；不详：病情、溶栓禁忌；未记录：心电图。\n"
     "S 体征：血压 124/76 毫米汞柱（22分钟前，已过时）；脉率 96次/分；未测：呼吸、血氧、体温、意识。\n"
     "T 处置：未记录：双联抗血小板、签署知情同意。\n"
     "请求：规则提示非诊断，请答复能否接收。",
     "Pre-alert for Near Hospital, unit 贵A·120-07, case a1b2, priority not known.\n"
     "A, age: 71 years, female.\n"
     "T, time: onset yesterday 22:30; was due 14:25, not reported there (as of 20 min ago); not recorded: "
     "first medical contact.\n"
     "M, complaint: chest pain; not known: symptoms.\n"
     "I, illness: findings Diaphoresis (40 min ago, not current) (others not known); not known: condition, "
     "contraindications of lysis; not recorded: ECG.\n"
     "S, signs: BP 124/76 mmHg (22 min ago, not current); pulse 96 per minute; not measured: RR, SpO2, temp, "
     "AVPU.\n"
     "T, treatment: not recorded: dual antiplatelet, consent signed.\n"
     "Request: Rule findings are no diagnosis. Please answer whether you accept."},
};

static const struct golden of_newborn = {
    newborn,
    {"P1 新生儿男 孕33+4周出生 新生儿转诊 血氧84% 呼吸66 心率168 体温35.2 最早15:04到 病例a1b2 请答复",
     "P1, newborn M, born at 33w4d. Newborn referral. SpO2 84%, RR 66, HR 168, temp 35.2, glucose not taken, "
     "ETA earliest 15:04, case a1b2, please answer"},
    {"急救预警，致贵阳某医院，车组 贵A·120-07，病例 a1b2，P1。\n"
     "A 年龄：新生儿，男；孕33周4天出生；出生体重 1850克。\n"
     "T 时间：出生 12:20；未出发，最早15:04到达；未记录：首次医疗接触。\n"
     "M 主诉：体检 呻吟（其余不详）。\n"
     "I 病情：新生儿转诊；依据 新生儿转诊：低氧。\n"
     "S 体征：心率 168次/分；呼吸 66次/分；血氧 84%（是否吸氧不详）；体温 35.2℃；未测：血糖。\n"
     "T 处置：使用CPAP；未记录：正压通气。\n"
     "请求：规则提示非诊断，请答复能否接收。",
     "Pre-alert for Near Hospital, unit 贵A·120-07, case a1b2, P1.\n"
     "A, age: newborn, male; born at 33 weeks 4 days; birth weight 1850 g.\n"
     "T, time: born 12:20; not left yet, ETA 15:04 at the earliest; not recorded: first medical contact.\n"
     "M, complaint: findings Grunting (others not known).\n"
     "I, illness: Newborn referral; by rule Newborn referral: low oxygen.\n"
     "S, signs: HR 168 per minute; RR 66 per minute; SpO2 84% (oxygen or air: not known); temp 35.2 degrees "
     "C; not measured: glucose.\n"
     "T, treatment: on CPAP; not recorded: ventilation started.\n"
     "Request: Rule findings are no diagnosis. Please answer whether you accept."},
};

static const struct golden of_nothing = {
    nothing_known,
    {"级别未定 年龄性别不详 病情不详 血压未测 心率未测 血氧未测 呼吸未测 意识未测 到达不详 病例a1b2 请答复",
     "priority not known, age and sex unknown. Condition not known. BP not taken, HR not taken, SpO2 not "
     "taken, arrival unknown, case a1b2, please answer"},
    {"急救预警，致贵阳某医院，车组 贵A·120-07，病例 a1b2，优先级未定。\n"
     "A 年龄：年龄性别不详。\n"
     "T 时间：到达时间不详；不详：发病；未记录：首次医疗接触。\n"
     "M 主诉：不详：主诉、症状。\n"
     "I 病情：不详：病情、体检；未记录：心电图。\n"
     "S 体征：未测：血压、心率、呼吸、血氧、体温、意识。\n"
     "T 处置：不详。\n"
     "请求：规则提示非诊断，请答复能否接收。",
     "Pre-alert for Near Hospital, unit 贵A·120-07, case a1b2, priority not known.\n"
     "A, age: age and sex unknown.\n"
     "T, time: arrival time unknown; not known: onset; not recorded: first medical contact.\n"
     "M, complaint: not known: complaint, symptoms.\n"
     "I, illness: not known: condition, findings; not recorded: ECG.\n"
     "S, signs: not measured: BP, HR, RR, SpO2, temp, AVPU.\n"
     "T, treatment: not known.\n"
     "Request: Rule findings are no diagnosis. Please answer whether you accept."},
};

static void compare(const struct golden *g) {
    g->patient();
    for (int language = JZ_ZH; language <= JZ_EN; language++) {
        assert_string_equal(sms((enum jz_language)language), g->sms[language]);
        assert_string_equal(out_loud((enum jz_language)language), g->read[language]);
    }
}

static void an_infarction_is_told_as_atmist(void **state) {
    (void)state;
    compare(&of_stemi);
}
static void an_eclampsia_is_told_as_sbar(void **state) {
    (void)state;
    compare(&of_eclampsia);
}
static void a_bleeding_with_a_lost_pressure_is_told_with_it_first(void **state) {
    (void)state;
    compare(&of_haemorrhage);
}
static void values_that_are_old_are_told_with_their_age(void **state) {
    (void)state;
    compare(&of_stale);
}
static void a_newborn_is_told_by_weeks_and_weight_at_birth(void **state) {
    (void)state;
    compare(&of_newborn);
}
static void of_a_patient_nobody_knows_anything_of_that_is_told(void **state) {
    (void)state;
    compare(&of_nothing);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_infarction_is_told_as_atmist, nobody),
        cmocka_unit_test_setup(an_eclampsia_is_told_as_sbar, nobody),
        cmocka_unit_test_setup(a_bleeding_with_a_lost_pressure_is_told_with_it_first, nobody),
        cmocka_unit_test_setup(values_that_are_old_are_told_with_their_age, nobody),
        cmocka_unit_test_setup(a_newborn_is_told_by_weeks_and_weight_at_birth, nobody),
        cmocka_unit_test_setup(of_a_patient_nobody_knows_anything_of_that_is_told, nobody),
    };
    return cmocka_run_group_tests(tests, script_compile, script_release);
}
