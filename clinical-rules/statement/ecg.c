/* SPDX-License-Identifier: Apache-2.0 */
/* The order of an ECG's statement: a rhythm that cannot wait, what could not be read, what was met, what may be met,
 * what makes thresholds unreliable, what to record or tell, and that it is no diagnosis. */
#include <string.h>

#include "jingzhu/field.h"
#include "jingzhu/statement.h"
#include "say.h"

#define STANDARD_LEADS (JZ_LEAD_V6 + 1)
#define NAME_MAX 48u

/* How a level that fired is spoken of. */
enum part { PART_NONE, PART_MET, PART_POSSIBLE, PART_BORDERLINE, PART_CAUTION, PART_ASK };

/* First match; what is not listed is met. NULL: any. */
static const struct {
    const char *rule, *level;
    enum part part;
} parts[] = {
    {"ECG-STEMI", NULL, PART_NONE}, /* only sums up its regions */
    {"ECG-REPEAT", NULL, PART_NONE},
    {"ECG-OVERREAD", NULL, PART_NONE},
    {"ECG-SGARB", "negative", PART_NONE}, /* rules nothing out */
    {"ECG-MSGARB", "not-evaluable", PART_NONE},
    {"ECG-FLAG", NULL, PART_CAUTION},
    {"ECG-RV", "ask", PART_ASK},
    {"ECG-RV", "ask-likely", PART_ASK},
    {"ECG-EQ-HAT", NULL, PART_POSSIBLE},
    {NULL, "possible", PART_POSSIBLE},
    {NULL, "suspected", PART_POSSIBLE},
    {NULL, "borderline", PART_BORDERLINE},
};

static const struct {
    enum part part;
    const char *zh, *en;
} part_titles[] = {
    {PART_MET, "符合标准：", "Criteria met: "},
    {PART_POSSIBLE, "可能符合：", "Possible: "},
    {PART_BORDERLINE, "临界：", "Borderline: "},
    {PART_CAUTION, "ST 阈值不可靠：", "ST thresholds unreliable: "},
    {PART_ASK, "请加做：", "Also to be recorded: "},
};

static const struct {
    uint8_t bit;
    const char *zh, *en;
} troubles[] = {
    {JZ_ECG_LEAD_OFF, "导联脱落", "lead off"},
    {JZ_ECG_SATURATED, "信号饱和", "saturated"},
    {JZ_ECG_NOISY, "干扰", "noisy"},
    {JZ_ECG_WANDER, "基线漂移", "baseline wander"},
    {JZ_ECG_TOO_SHORT, "记录过短", "too short"},
    {JZ_ECG_UNSTEADY, "波形不稳定", "unsteady beats"},
};
#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* What the reader has to do something about before reading on. */
static const struct {
    uint8_t bit;
    const char *zh, *en;
} rhythms[] = {
    {JZ_RHYTHM_VF_SUSPECTED, "疑似室颤：立即查看患者。", "VF suspected: look at the patient now. "},
    {JZ_RHYTHM_FLAT, "无 QRS 波：立即查看患者。", "No QRS: look at the patient now. "},
    {JZ_RHYTHM_WIDE_FAST, "宽 QRS 心动过速：除外之前按室速处理。",
     "Wide and fast: VT until shown otherwise. "},
};

struct ecg {
    struct jz_say say;
    const struct jz_program *program;
    const struct jz_chart *chart;
    const struct jz_ecg_measure *measure;
    int64_t now_ms;
    bool graded; /**< its quality has been told */
};

bool jz_statement_of_ecg(const struct jz_rule_info *rule) {
    static const char pack[] = "chest-pain/ecg-";
    return strncmp(rule->pack, pack, sizeof pack - 1) == 0;
}

/* --- what could not be read ------------------------------------------------------------------------------- */

static void say_trouble(struct jz_say *say, const struct jz_ecg_lead_measure *lead) {
    bool first = true;
    if (!lead->recorded) {
        jz_say_two(say, "未记录", "not recorded");
        return;
    }
    for (size_t i = 0; i < COUNT(troubles); i++)
        if (lead->trouble & troubles[i].bit) {
            jz_say_comma(say, &first, "、", ", ");
            jz_say_two(say, troubles[i].zh, troubles[i].en);
        }
    if (first) jz_say_two(say, "无法测量", "cannot be measured");
}

void jz_ecg_trouble_text(const struct jz_ecg_lead_measure *lead, enum jz_language language, char *out,
                         size_t capacity) {
    struct jz_say say;
    jz_say_begin(&say, language, out, capacity);
    say_trouble(&say, lead);
}

static bool same_trouble(const struct jz_ecg_lead_measure *a, const struct jz_ecg_lead_measure *b) {
    return a->recorded == b->recorded && (!a->recorded || a->trouble == b->trouble);
}

/* "I, II, V1-V6": a full set of chest leads is written short. */
static void say_leads(struct jz_say *say, uint32_t leads) {
    static const uint32_t chest = (1u << (JZ_LEAD_V6 + 1)) - (1u << JZ_LEAD_V1);
    bool first = true, all_chest = (leads & chest) == chest;
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++) {
        if (!(leads >> lead & 1u)) continue;
        if (all_chest && lead > JZ_LEAD_V1 && lead <= JZ_LEAD_V6) continue;
        jz_say_comma(say, &first, "、", ", ");
        jz_say(say, all_chest && lead == JZ_LEAD_V1 ? "V1-V6" : jz_ecg_lead_name((enum jz_ecg_lead)lead));
    }
}

static uint32_t usable_leads(const struct jz_ecg_measure *m) {
    uint32_t leads = 0;
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++)
        if (m->lead[lead].usable) leads |= 1u << lead;
    return leads;
}

/* The twelve that are not usable, and further leads that were recorded and are not. */
static uint32_t lost_leads(const struct jz_ecg_measure *m) {
    uint32_t leads = 0;
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++)
        if (!m->lead[lead].usable && (lead < STANDARD_LEADS || m->lead[lead].recorded)) leads |= 1u << lead;
    return leads;
}

static void say_lost(struct ecg *e) {
    uint32_t left = lost_leads(e->measure);
    bool first = true;
    if (!left && e->measure->readable) return;
    jz_say_two(&e->say, "无法判读：", "Cannot evaluate: ");
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++) {
        uint32_t alike = 0;
        if (!(left >> lead & 1u)) continue;
        for (uint32_t other = lead; other < JZ_LEAD_COUNT; other++)
            if (left >> other & 1u && same_trouble(&e->measure->lead[lead], &e->measure->lead[other]))
                alike |= 1u << other;
        left &= ~alike;
        jz_say_comma(&e->say, &first, "；", "; ");
        say_leads(&e->say, alike);
        jz_say_two(&e->say, e->measure->lead[lead].recorded ? " 不可读（" : "（",
                   e->measure->lead[lead].recorded ? " unreadable (" : " (");
        say_trouble(&e->say, &e->measure->lead[lead]);
        jz_say_two(&e->say, "）", ")");
    }
    if (first) jz_say_two(&e->say, "未能测得平均心搏", "no beat could be averaged");
    jz_say_two(&e->say, "。请重做心电图。", ". Repeat the ECG. ");
}

/* --- what fired ------------------------------------------------------------------------------------------- */

static bool is(const char *listed, const char *id) {
    return !listed || strcmp(listed, id) == 0;
}

static enum part part_of(const struct ecg *e, uint32_t rule) {
    const struct jz_rule_info *info = jz_program_rule(e->program, rule);
    const struct jz_rule_result *result = &e->chart->result[rule];
    if (!info->enabled || !jz_statement_of_ecg(info)) return PART_NONE;
    if (result->status != JZ_RULE_FIRED || result->level == JZ_LEVEL_NONE) return PART_NONE;
    const char *level = jz_program_level(e->program, rule, result->level)->id;
    for (size_t i = 0; i < COUNT(parts); i++)
        if (is(parts[i].rule, info->id) && is(parts[i].level, level)) return parts[i].part;
    return PART_MET;
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool same_letters(const char *a, const char *b) {
    while (*a && lower(*a) == lower(*b)) a++, b++;
    return lower(*a) == lower(*b);
}

/* "st_slope_v2" is of lead V2, its measure is "st_slope". JZ_LEAD_COUNT: of no lead. */
static uint32_t lead_of(const char *field, size_t *measure_bytes) {
    const char *line = strrchr(field, '_');
    *measure_bytes = line ? (size_t)(line - field) : 0;
    for (uint32_t lead = 0; line && lead < JZ_LEAD_COUNT; lead++)
        if (same_letters(line + 1, jz_ecg_lead_name((enum jz_ecg_lead)lead))) return lead;
    return JZ_LEAD_COUNT;
}

/* The lead whose name `text` begins with, as a word of its own; JZ_LEAD_COUNT: none. */
static uint32_t lead_word(const char *text, size_t *bytes) {
    static const char word[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    *bytes = strspn(text, word);
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++) {
        const char *name = jz_ecg_lead_name((enum jz_ecg_lead)lead);
        if (strlen(name) == *bytes && memcmp(name, text, *bytes) == 0) return lead;
    }
    return JZ_LEAD_COUNT;
}

/* Leads that a title names: "(I, aVL, V4-V6)". */
static uint32_t titled(const char *title) {
    uint32_t leads = 0, before = JZ_LEAD_COUNT;
    while (*title) {
        size_t bytes;
        uint32_t lead = lead_word(title, &bytes);
        bool range = *title == '-' && before < JZ_LEAD_COUNT;
        if (range) {
            uint32_t last = lead_word(title + 1, &bytes);
            for (uint32_t i = before; last < JZ_LEAD_COUNT && i <= last; i++) leads |= 1u << i;
            bytes++;
        } else if (lead < JZ_LEAD_COUNT) {
            leads |= 1u << lead;
        }
        before = range ? JZ_LEAD_COUNT : lead;
        title += bytes ? bytes : 1;
    }
    return leads;
}

/* Bit per lead: those of a rule's decision whose ST level was read, and those of which anything was. */
struct deciding {
    uint32_t st, any;
    int32_t uv[JZ_LEAD_COUNT];
};

static void find_deciding(const struct jz_assessment *a, struct deciding *out) {
    *out = (struct deciding){.st = 0};
    for (uint32_t i = 0; i < a->used_count; i++) {
        size_t bytes;
        const char *name = jz_field_at(a->used[i].field)->name;
        uint32_t lead = lead_of(name, &bytes);
        if (lead == JZ_LEAD_COUNT || !(a->because >> a->used[i].input & 1u)) continue;
        out->any |= 1u << lead;
        if (bytes != 2 || memcmp(name, "st", 2) != 0) continue;
        out->st |= 1u << lead;
        out->uv[lead] = a->used[i].value;
    }
}

/* Leads whose values decided, with their ST levels. Of a rule whose title names leads, those of them: the others
 * decided by showing nothing. */
static void say_deciding(struct ecg *e, const struct jz_rule_info *info, const struct jz_assessment *a) {
    struct deciding d;
    uint32_t named = titled(info->title_en);
    bool first = true;
    find_deciding(a, &d);
    if (d.st & named) d.st &= named;
    uint32_t leads = d.st ? d.st : d.any;
    if (!leads) return;
    jz_say(&e->say, " ");
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++)
        if (leads >> lead & 1u) {
            jz_say_comma(&e->say, &first, "、", ", ");
            jz_say(&e->say, jz_ecg_lead_name((enum jz_ecg_lead)lead));
        }
    if (!d.st) return;
    jz_say_two(&e->say, "，", ", ");
    first = true;
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++)
        if (d.st >> lead & 1u) {
            jz_say_comma(&e->say, &first, "/", "/");
            jz_say_int(&e->say, d.uv[lead]);
        }
    jz_say(&e->say, " µV");
}

/* What comes before a bracket at the end of a title: the leads that decided stand there instead. */
static size_t without_bracket(const char *title) {
    static const char *const open[] = {"（", " ("};
    for (size_t i = 0; i < COUNT(open); i++) {
        const char *at = strstr(title, open[i]);
        if (at && at > title) return (size_t)(at - title);
    }
    return strlen(title);
}

/* "ST elevation, inferior" is spoken "inferior ST elevation". */
static void say_title(struct ecg *e, const struct jz_rule_info *info) {
    const char *title = e->say.language == JZ_ZH ? info->title_zh : info->title_en;
    size_t bytes = without_bracket(title);
    const char *comma = memchr(title, ',', bytes);
    if (!comma || (size_t)(comma - title) + 2 >= bytes) {
        jz_say_bytes(&e->say, title, bytes);
        return;
    }
    jz_say_bytes(&e->say, comma + 2, bytes - (size_t)(comma - title) - 2);
    jz_say(&e->say, " ");
    jz_say_bytes(&e->say, title, (size_t)(comma - title));
}

/* What a caution rests on is not in leads: the names of the findings. */
static void say_cautions(struct ecg *e, const struct jz_assessment *a) {
    bool first = true;
    for (uint32_t i = 0; i < a->used_count; i++) {
        const struct jz_field *f = jz_field_at(a->used[i].field);
        if (!(a->because >> a->used[i].input & 1u) || strcmp(f->name, "age_years") == 0) continue;
        jz_say_comma(&e->say, &first, "、", ", ");
        jz_say_two(&e->say, f->zh, f->en);
    }
}

static void say_rule(struct ecg *e, uint32_t rule, enum part part) {
    struct jz_assessment a;
    jz_rule_evaluate(e->program, e->chart, rule, e->now_ms, &a);
    if (part == PART_CAUTION) {
        say_cautions(e, &a);
    } else if (part == PART_ASK) {
        jz_say_two(&e->say, "V3R、V4R", "V3R, V4R");
    } else {
        say_title(e, jz_program_rule(e->program, rule));
        say_deciding(e, jz_program_rule(e->program, rule), &a);
    }
}

/* Once: good where every one of the twelve is believed without a reserve. */
static void say_quality(struct ecg *e) {
    bool clean = true;
    if (e->graded) return;
    e->graded = true;
    for (uint32_t lead = 0; lead < STANDARD_LEADS; lead++)
        clean &= e->measure->lead[lead].usable && e->measure->lead[lead].trouble == 0;
    if (clean)
        jz_say_two(&e->say, "，信号质量良好", ", quality good");
    else
        jz_say_two(&e->say, "，信号质量受限", ", quality limited");
}

/* The infarction comes first, then what has a priority of its own, then the rest. */
enum { RANK_STEMI, RANK_URGENT, RANK_OTHER, RANK_COUNT };
static int rank_of(const struct ecg *e, uint32_t rule) {
    static const char stemi[] = "ECG-STEMI";
    if (strncmp(jz_program_rule(e->program, rule)->id, stemi, sizeof stemi - 1) == 0) return RANK_STEMI;
    return jz_program_level(e->program, rule, e->chart->result[rule].level)->priority ? RANK_URGENT
                                                                                      : RANK_OTHER;
}

static void say_part_title(struct ecg *e, enum part part) {
    for (size_t i = 0; i < COUNT(part_titles); i++)
        if (part_titles[i].part == part) jz_say_two(&e->say, part_titles[i].zh, part_titles[i].en);
}

/* @return whether anything of this part fired. */
static bool say_part(struct ecg *e, enum part part) {
    bool first = true;
    for (int rank = 0; rank < RANK_COUNT; rank++)
        for (uint32_t rule = 0; rule < jz_program_rule_count(e->program); rule++) {
            if (part_of(e, rule) != part || rank_of(e, rule) != rank) continue;
            if (first) say_part_title(e, part);
            jz_say_comma(&e->say, &first, "；", "; ");
            say_rule(e, rule, part);
        }
    if (first) return false;
    if (part != PART_CAUTION && part != PART_ASK) say_quality(e);
    jz_say_two(&e->say, "。", ". ");
    return true;
}

/* --- the whole -------------------------------------------------------------------------------------------- */

/* What the crew can tell, and what a threshold or criterion waits for. */
static void say_wanted(struct ecg *e) {
    static const char *const names[] = {"age_years", "sex", "ecg_pain"};
    uint32_t wanted = 0;
    bool first = true;
    for (uint32_t rule = 0; rule < jz_program_rule_count(e->program); rule++) {
        const struct jz_rule_info *info = jz_program_rule(e->program, rule);
        enum part part = part_of(e, rule);
        bool open = e->chart->result[rule].status == JZ_RULE_CANNOT_EVALUATE || part == PART_POSSIBLE;
        if (!open || !info->enabled || strcmp(info->pack, "chest-pain/ecg-context") == 0 ||
            !jz_statement_of_ecg(info))
            continue;
        for (uint32_t i = 0; i < info->input_count; i++)
            for (uint32_t n = 0; n < COUNT(names); n++)
                if (jz_chart_reading(e->chart, info->input[i]).validity == JZ_ABSENT &&
                    strcmp(jz_field_at(info->input[i])->name, names[n]) == 0)
                    wanted |= 1u << n;
    }
    for (uint32_t n = 0; n < COUNT(names); n++) {
        const struct jz_field *f = jz_field_at(jz_field_by_name(names[n]));
        if (!(wanted >> n & 1u)) continue;
        if (first) jz_say_two(&e->say, "请补充：", "Still to be told: ");
        jz_say_comma(&e->say, &first, "、", ", ");
        jz_say_two(&e->say, f->zh, f->en);
    }
    if (!first) jz_say_two(&e->say, "。", ". ");
}

static void say_nothing_met(struct ecg *e) {
    uint32_t leads = usable_leads(e->measure);
    if (!leads) return;
    jz_say_two(&e->say, "可读导联 ", "No criteria met on readable leads ");
    say_leads(&e->say, leads);
    jz_say_two(&e->say, " 未见达标；不能排除心肌梗死。", "; does not rule out infarction. ");
}

size_t jz_ecg_statement(const struct jz_program *program, const struct jz_chart *chart, int64_t now_ms,
                        const struct jz_ecg_measure *measure, enum jz_language language, char *out,
                        size_t capacity) {
    struct ecg e = {.program = program, .chart = chart, .measure = measure, .now_ms = now_ms};
    jz_say_begin(&e.say, language, out, capacity);
    for (size_t i = 0; i < COUNT(rhythms); i++)
        if (measure->rhythm & rhythms[i].bit) jz_say_two(&e.say, rhythms[i].zh, rhythms[i].en);
    say_lost(&e);
    if (measure->limb_reversal_suspected)
        jz_say_two(&e.say, "疑似肢体导联接反：检查电极后重做。",
                   "Limb leads may be reversed: check the electrodes and repeat. ");
    bool met = say_part(&e, PART_MET), possible = say_part(&e, PART_POSSIBLE);
    bool borderline = say_part(&e, PART_BORDERLINE);
    if (!met && !possible && !borderline) say_nothing_met(&e);
    say_part(&e, PART_CAUTION);
    say_part(&e, PART_ASK);
    say_wanted(&e);
    jz_say_two(&e.say, "非诊断，须医师判读。", "Not a diagnosis; needs a physician's reading.");
    return e.say.used;
}
