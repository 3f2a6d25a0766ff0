/* SPDX-License-Identifier: Apache-2.0 */
#include "script_say.h"

#include <string.h>

#include "jingzhu/field.h"

#define CONDITIONS_SAID_MAX 3u /* of a patient with more, how many more is said */
#define COUNT(table) (sizeof(table) / sizeof(table)[0])

typedef struct jz_script_text text;
typedef const struct jz_script_facts facts;
typedef const struct jz_script_line line;
typedef enum jz_script_known known;

/* --- pieces --------------------------------------------------------------------------------------------------- */

static void label(text *t, line *l) {
    jz_text_two(t, l->zh, l->en);
    if (!t->sms || t->language == JZ_EN) jz_text_put(t, " ");
}

static void comma(text *t, bool *first) {
    if (!*first) jz_text_two(t, "、", ", ");
    *first = false;
}

static void age_of(text *t, facts *f, int64_t taken_ms) {
    int64_t age = f->now_ms - taken_ms;
    jz_text_two(t, t->sms ? "(" : "（", " (");
    jz_text_ago(t, age < 0 ? 0 : age);
    if (!t->sms) jz_text_two(t, "，已过时", ", not current");
    jz_text_two(t, t->sms ? ")" : "）", ")");
}

static void age_if_stale(text *t, facts *f, const struct jz_script_value *v) {
    if (v->known == JZ_KNOWN_STALE) age_of(t, f, v->taken_ms);
}

/* --- values --------------------------------------------------------------------------------------------------- */

known jz_say_value(text *t, facts *f, line *l) {
    struct jz_script_value v = jz_script_look(f, l->field);
    if (!jz_script_told(&v)) return v.known;
    label(t, l);
    jz_text_value(t, v.field, v.value);
    age_if_stale(t, f, &v);
    return v.known;
}

known jz_say_unless(text *t, facts *f, line *l) {
    struct jz_script_value v = jz_script_look(f, l->field), other = jz_script_look(f, l->other);
    if (v.known != JZ_KNOWN_NOW && other.known == JZ_KNOWN_NOW) return JZ_KNOWN_UNTOLD;
    return jz_say_value(t, f, l);
}

known jz_say_pressure(text *t, facts *f, line *l) {
    struct jz_script_value high = jz_script_look(f, l->field), low = jz_script_look(f, l->other);
    if (jz_script_pressure_lost(f)) {
        jz_text_two(t, l->zh, l->en);
        jz_text_two(t, "测不出", " unrecordable");
        return JZ_KNOWN_NOW;
    }
    if (!jz_script_told(&high)) return high.known;
    bool pair = jz_script_told(&low) && low.taken_ms == high.taken_ms;
    label(t, l);
    jz_text_number(t, high.value, 1);
    jz_text_put(t, "/");
    if (pair)
        jz_text_number(t, low.value, 1);
    else
        jz_text_put(t, "?");
    if (!t->sms) jz_text_two(t, " 毫米汞柱", " mmHg");
    age_if_stale(t, f, &high);
    return high.known;
}

known jz_say_oxygen(text *t, facts *f, line *l) {
    known k = jz_say_value(t, f, l);
    struct jz_script_value on = jz_script_look(f, l->other);
    if (k != JZ_KNOWN_NOW && k != JZ_KNOWN_STALE) return k;
    if (on.known != JZ_KNOWN_NOW) {
        if (!t->sms) jz_text_two(t, "（是否吸氧不详）", " (oxygen or air: not known)");
    } else if (on.value == 1) {
        jz_text_two(t, t->sms ? "(吸氧)" : "（吸氧）", t->sms ? " (on O2)" : " (on oxygen)");
    } else if (!t->sms) {
        jz_text_two(t, "（未吸氧）", " (on air)");
    }
    return k;
}

known jz_say_shock_index(text *t, facts *f, line *l) {
    struct jz_script_value rate = jz_script_look(f, "hr"), pressure = jz_script_look(f, "sbp");
    bool current = rate.known == JZ_KNOWN_NOW && pressure.known == JZ_KNOWN_NOW;
    if (!current || pressure.value <= 0 || jz_script_pressure_lost(f)) return JZ_KNOWN_NOTHING;
    label(t, l);
    jz_text_number(t, (200 * (int64_t)rate.value + pressure.value) / (2 * (int64_t)pressure.value), 100);
    return JZ_KNOWN_NOW;
}

known jz_say_if_so(text *t, facts *f, line *l) {
    struct jz_script_value v = jz_script_look(f, l->field);
    if (!jz_script_told(&v) || jz_script_is_no(v.field, v.value)) return JZ_KNOWN_UNTOLD;
    jz_text_two(t, l->zh, l->en);
    age_if_stale(t, f, &v);
    return v.known;
}

known jz_say_event(text *t, facts *f, line *l) {
    struct jz_script_value v = jz_script_look(f, l->field);
    if (jz_script_told(&v)) {
        label(t, l);
        jz_text_when(t, v.taken_ms, f->now_ms);
        return JZ_KNOWN_NOW;
    }
    struct jz_script_value done = {.known = JZ_KNOWN_NOTHING};
    if (l->other) done = jz_script_look(f, l->other);
    if (!jz_script_told(&done)) return JZ_KNOWN_NOTHING;
    jz_text_two(t, jz_field_at(done.field)->zh, jz_field_at(done.field)->en);
    jz_text_two(t, "：", ": ");
    jz_text_value(t, done.field, done.value);
    if (!jz_script_is_no(done.field, done.value)) jz_text_two(t, "，时间不详", ", time not known");
    age_if_stale(t, f, &done);
    return JZ_KNOWN_NOW;
}

/* --- lists ---------------------------------------------------------------------------------------------------- */

static bool is_yes_or_no(uint32_t field) {
    return strcmp(jz_field_at(field)->unit, "{bool}") == 0;
}

static void list_item(text *t, facts *f, const struct jz_script_value *v) {
    jz_text_two(t, jz_field_at(v->field)->zh, jz_field_at(v->field)->en);
    if (!is_yes_or_no(v->field)) {
        jz_text_put(t, " ");
        jz_text_value(t, v->field, v->value);
    }
    age_if_stale(t, f, v);
}

/* A "no" that is past its freshness is none. */
known jz_say_list(text *t, facts *f, line *l) {
    uint32_t there = 0, open = 0;
    bool first = true;
    for (const char *const *name = l->list; *name; name++) {
        struct jz_script_value v = jz_script_look(f, *name);
        bool no = jz_script_told(&v) && jz_script_is_no(v.field, v.value);
        open += !jz_script_told(&v) || (no && v.known == JZ_KNOWN_STALE);
        if (!jz_script_told(&v) || no) continue;
        if (!there++) label(t, l);
        comma(t, &first);
        list_item(t, f, &v);
    }
    if (!there && open) return JZ_KNOWN_NOTHING;
    if (!there) label(t, l);
    if (!there)
        jz_text_two(t, "无", "none");
    else
        jz_text_two(t, open ? "（其余不详）" : "（其余无）", open ? " (others not known)" : " (no others)");
    return JZ_KNOWN_NOW;
}

/* --- who ------------------------------------------------------------------------------------------------------ */

static bool say_age(text *t, facts *f) {
    struct jz_script_value years = jz_script_look(f, "age_years"), months = jz_script_look(f, "age_months");
    if (f->who == JZ_SCRIPT_NEWBORN) {
        jz_text_two(t, "新生儿", "newborn");
    } else if (jz_script_told(&years) && (years.value > 1 || !jz_script_told(&months))) {
        jz_text_number(t, years.value, 1);
        jz_text_two(t, "岁", t->sms ? " y" : " years");
    } else if (jz_script_told(&months)) {
        jz_text_number(t, months.value, 1);
        jz_text_two(t, "个月", " months");
    } else {
        return false;
    }
    return true;
}

known jz_say_age_sex(text *t, facts *f, line *l) {
    (void)l;
    struct jz_script_value sex = jz_script_look(f, "sex");
    bool aged = say_age(t, f);
    if (!aged && !jz_script_told(&sex)) {
        jz_text_two(t, "年龄性别不详", "age and sex unknown");
        return JZ_KNOWN_NOW;
    }
    if (!aged) jz_text_two(t, "年龄不详", "age unknown");
    jz_text_two(t, t->sms && aged ? "" : "，", t->sms && aged ? " " : ", ");
    if (!jz_script_told(&sex))
        jz_text_two(t, "性别不详", "sex unknown");
    else if (t->sms && t->language == JZ_EN && aged && (sex.value == 1 || sex.value == 2))
        jz_text_put(t, sex.value == 1 ? "M" : "F");
    else
        jz_text_value(t, sex.field, sex.value);
    return JZ_KNOWN_NOW;
}

static void weeks_and_days(text *t, int32_t weeks, int32_t days) {
    jz_text_number(t, weeks, 1);
    if (days < 0 || t->sms || t->language == JZ_EN) jz_text_two(t, "", t->sms ? "w" : " weeks");
    if (days >= 0 && t->sms) {
        jz_text_two(t, "+", "");
        jz_text_number(t, days, 1);
        jz_text_two(t, "", "d");
    }
    jz_text_two(t, "周", "");
    if (days < 0 || t->sms) return;
    jz_text_two(t, "", " ");
    jz_text_number(t, days, 1);
    jz_text_two(t, "天", " days");
}

/* A woman of 10 to 55 (clinical-obstetric 0), or of an age that is not known. */
static bool may_be_pregnant(facts *f) {
    struct jz_script_value sex = jz_script_look(f, "sex"), age = jz_script_look(f, "age_years");
    bool of_age = !jz_script_told(&age) || (age.value >= 10 && age.value <= 55);
    return jz_script_told(&sex) && sex.value == 2 && of_age;
}

known jz_say_weeks(text *t, facts *f, line *l) {
    (void)l;
    int32_t days, weeks = jz_script_weeks(f, &days);
    struct jz_script_value status = jz_script_look(f, "pregnancy"), birth = jz_script_look(f, "delivery");
    bool newborn = f->who == JZ_SCRIPT_NEWBORN;
    if (f->who != JZ_SCRIPT_MOTHER && !newborn)
        return !jz_script_told(&status) && may_be_pregnant(f) ? JZ_KNOWN_NOTHING : JZ_KNOWN_UNTOLD;
    if (!newborn && (jz_script_told(&birth) || (jz_script_told(&status) && status.value == 3))) {
        jz_text_two(t, "产后", "after birth");
        return JZ_KNOWN_NOW;
    }
    if (weeks < 0) {
        jz_text_two(t, newborn ? "出生孕周不详" : "孕周不详",
                    newborn ? "gestation at birth unknown" : "weeks of gestation unknown");
        return JZ_KNOWN_NOW;
    }
    jz_text_two(t, "孕", newborn ? "born at " : "pregnant ");
    weeks_and_days(t, weeks, days);
    if (newborn) jz_text_two(t, "出生", "");
    return JZ_KNOWN_NOW;
}

known jz_say_complaint(text *t, facts *f, line *l) {
    (void)l;
    static const char *const zh[] = {"", "胸痛", "妊娠相关"}, *const en[] = {"", "chest pain", "pregnancy"};
    uint8_t complaint = f->e->complaint;
    if (complaint == JZ_COMPLAINT_UNKNOWN || complaint >= COUNT(zh)) return JZ_KNOWN_NOTHING;
    jz_text_two(t, zh[complaint], en[complaint]);
    return JZ_KNOWN_NOW;
}

/* --- what the rules make of it -------------------------------------------------------------------------------- */

known jz_say_conditions(text *t, facts *f, line *l) {
    (void)l;
    bool first = true;
    if (!f->condition_count) return JZ_KNOWN_NOTHING;
    for (uint32_t i = 0; i < f->condition_count && i < CONDITIONS_SAID_MAX; i++) {
        const struct jz_condition_info *c = jz_program_condition(f->core->program, f->condition[i]);
        if (!first) jz_text_two(t, "，以及", ", and also ");
        first = false;
        jz_text_two(t, c->title_zh, c->title_en);
    }
    if (f->condition_count <= CONDITIONS_SAID_MAX) return JZ_KNOWN_NOW;
    jz_text_two(t, "，另有", ", and ");
    jz_text_number(t, f->condition_count - CONDITIONS_SAID_MAX, 1);
    jz_text_two(t, "项", " more");
    return JZ_KNOWN_NOW;
}

known jz_say_rule(text *t, facts *f, line *l) {
    uint32_t rule[2] = {f->rule, f->also};
    bool first = true;
    for (size_t i = 0; i < COUNT(rule); i++) {
        const struct jz_level_info *level = jz_script_level(f, rule[i]);
        if (!level) continue;
        const struct jz_rule_info *info = jz_program_rule(f->core->program, rule[i]);
        if (first)
            label(t, l);
        else
            jz_text_two(t, "，", ", ");
        first = false;
        jz_text_two(t, info->title_zh, info->title_en);
        jz_text_two(t, "：", ": ");
        jz_text_two(t, level->title_zh, level->title_en);
    }
    return first ? JZ_KNOWN_UNTOLD : JZ_KNOWN_NOW;
}

known jz_say_action(text *t, facts *f, line *l) {
    const struct jz_level_info *level = jz_script_level(f, f->rule);
    if (!level || !level->action_zh[0] || !level->action_en[0]) return JZ_KNOWN_UNTOLD;
    label(t, l);
    jz_text_two(t, level->action_zh, level->action_en);
    return JZ_KNOWN_NOW;
}

/* Rules of the same pack that fired at a level of the same name: the regions that the most telling one sums up. */
static void ecg_regions(text *t, facts *f, uint32_t rule, const struct jz_level_info *level) {
    const char *pack = jz_program_rule(f->core->program, rule)->pack;
    bool first = true;
    for (uint32_t i = 0; i < jz_program_rule_count(f->core->program); i++) {
        const struct jz_rule_info *info = jz_program_rule(f->core->program, i);
        const struct jz_level_info *also =
            i != rule && strcmp(info->pack, pack) == 0 ? jz_script_level(f, i) : NULL;
        if (!also || strcmp(also->id, level->id) != 0) continue;
        if (first) jz_text_two(t, "：", ": ");
        comma(t, &first);
        jz_text_two(t, info->title_zh, info->title_en);
    }
}

static void ecg_finding(text *t, facts *f) {
    uint32_t rule = jz_script_ecg_rule(f);
    const struct jz_level_info *level = jz_script_level(f, rule);
    if (f->e->ecg.taken_ms && !f->e->ecg.readable) {
        jz_text_two(t, "无法判读", "cannot be read");
    } else if (level) {
        jz_text_two(t, level->title_zh, level->title_en);
        ecg_regions(t, f, rule, level);
    } else {
        jz_text_two(t, "已记录，未判读，不排除任何情况", "recorded, not read; excludes nothing");
    }
}

static int64_t ecg_time(facts *f) {
    struct jz_script_value last = jz_script_look(f, "ecg_last"), first = jz_script_look(f, "ecg");
    if (f->e->ecg.taken_ms) return f->e->ecg.taken_ms;
    if (jz_script_told(&last)) return last.taken_ms;
    return jz_script_told(&first) ? first.taken_ms : 0;
}

known jz_say_ecg(text *t, facts *f, line *l) {
    struct jz_script_value read = jz_script_look(f, l->field);
    bool confirmed = jz_script_told(&read) && read.value == 1;
    int64_t ms = ecg_time(f);
    if (!ms && !confirmed) return JZ_KNOWN_NOTHING;
    label(t, l);
    if (ms) jz_text_when(t, ms, f->now_ms);
    if (ms) jz_text_put(t, " ");
    if (confirmed) jz_text_two(t, jz_field_at(read.field)->zh, jz_field_at(read.field)->en);
    if (confirmed && !jz_script_level(f, jz_script_ecg_rule(f))) return JZ_KNOWN_NOW;
    if (confirmed) jz_text_two(t, "，", ", ");
    ecg_finding(t, f);
    return JZ_KNOWN_NOW;
}

known jz_say_ctg(text *t, facts *f, line *l) {
    struct jz_script_value read = jz_script_look(f, l->field);
    uint32_t rule = f->core->program ? jz_program_rule_by_id(f->core->program, "CTG-FIGO") : UINT32_MAX;
    const struct jz_level_info *level = read.known == JZ_KNOWN_NOW ? NULL : jz_script_level(f, rule);
    if (!jz_script_told(&read) && !level) return read.known;
    label(t, l);
    if (jz_script_told(&read)) {
        jz_text_value(t, read.field, read.value);
        jz_text_two(t, "（医师判读）", " (as read by a clinician)");
        age_if_stale(t, f, &read);
    }
    if (jz_script_told(&read) && level) jz_text_two(t, "，", ", ");
    if (level) jz_text_put(t, "FIGO ");
    if (level) jz_text_two(t, level->title_zh, level->title_en);
    return JZ_KNOWN_NOW;
}

/* --- the way there -------------------------------------------------------------------------------------------- */

static void say_estimate_age(text *t, const struct jz_script_eta *eta) {
    if (!eta->age_ms) return;
    jz_text_two(t, t->sms ? "(" : "（", " (as of ");
    jz_text_ago(t, eta->age_ms);
    jz_text_two(t, t->sms ? "估)" : "的估计）", ")");
}

known jz_say_arrival(text *t, facts *f, line *l) {
    (void)l;
    static const struct {
        const char *zh, *zh_after, *en, *en_after, *zh_sms, *zh_sms_after, *en_sms;
    } how[] = {
        [JZ_ETA_UNKNOWN] = {"到达时间不详", "", "arrival time unknown", "", "到达不详", "",
                            "arrival unknown"},
        [JZ_ETA_DONE] = {"已于", "到达", "arrived ", "", "", "已到", "arrived "},
        [JZ_ETA_PASSED] = {"原估", "到达，未报到达", "was due ", ", not reported there", "原估", "到",
                           "was due "},
        [JZ_ETA_EARLIEST] = {"未出发，最早", "到达", "not left yet, ETA ", " at the earliest", "最早", "到",
                             "ETA earliest "},
        [JZ_ETA_AT] = {"预计", "到达", "ETA ", "", "", "到", "ETA "},
    };
    struct jz_script_eta eta = jz_script_arrival(f);
    if (t->sms)
        jz_text_two(t, how[eta.kind].zh_sms, how[eta.kind].en_sms);
    else
        jz_text_two(t, how[eta.kind].zh, how[eta.kind].en);
    if (eta.kind == JZ_ETA_UNKNOWN) return JZ_KNOWN_NOW;
    jz_text_clock(t, eta.ms);
    if (t->sms)
        jz_text_two(t, how[eta.kind].zh_sms_after, "");
    else
        jz_text_two(t, how[eta.kind].zh_after, how[eta.kind].en_after);
    say_estimate_age(t, &eta);
    return JZ_KNOWN_NOW;
}

known jz_say_teams(text *t, facts *f, line *l) {
    (void)l;
    static const struct {
        const char *zh, *en;
    } team[JZ_TEAM_COUNT] =
        {
            [JZ_TEAM_ED] = {"急诊科", "emergency department"},
            [JZ_TEAM_CATH_LAB] = {"导管室", "catheter laboratory"},
            [JZ_TEAM_OBSTETRICS] = {"产科", "obstetrics"},
            [JZ_TEAM_NICU] = {"新生儿科", "neonatal unit"},
            [JZ_TEAM_BLOOD] = {"输血科", "blood bank"},
        },
      grade[] = {[JZ_GRADE_NONE] = {"请通知", "please inform"},
                 [JZ_GRADE_INFORM] = {"请通知", "please inform"},
                 [JZ_GRADE_PREPARE] = {"请准备", "please prepare"},
                 [JZ_GRADE_ACTIVATE] = {"请启动", "please activate"}};
    bool first = true;
    for (uint32_t i = 0; f->alert && i < JZ_TEAM_COUNT; i++) {
        if (!f->alert->team[i].needed) continue;
        if (first)
            jz_text_two(t, grade[f->alert->grade % COUNT(grade)].zh,
                        grade[f->alert->grade % COUNT(grade)].en);
        if (first) jz_text_put(t, " ");
        comma(t, &first);
        jz_text_two(t, team[i].zh, team[i].en);
    }
    return first ? JZ_KNOWN_UNTOLD : JZ_KNOWN_NOW;
}

/* --- the case ------------------------------------------------------------------------------------------------- */

void jz_say_priority(text *t, facts *f) {
    if (f->has_priority) {
        jz_text_put(t, "P");
        jz_text_number(t, f->e->priority, 1);
    } else {
        jz_text_two(t, t->sms ? "级别未定" : "优先级未定", "priority not known");
    }
}

void jz_say_code(text *t, facts *f) {
    static const char digit[] = "0123456789abcdef";
    const uint8_t *last = f->e->id.byte + sizeof f->e->id.byte - 2;
    char code[5] = {digit[last[0] >> 4], digit[last[0] & 15u], digit[last[1] >> 4], digit[last[1] & 15u], 0};
    jz_text_put(t, code);
}
