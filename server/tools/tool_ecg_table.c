/* SPDX-License-Identifier: Apache-2.0 */
/* Two heads, Chinese and English; "-" is not measured. Amplitudes in µV, as the thresholds are. */
#include <string.h>

#include "tool_ecg_answer.h"
#include "tool_value.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define CELL 7

static const struct {
    uint8_t bit;
    const char *text;
} rhythms[] = {{JZ_RHYTHM_REGULAR, "regular 规则"},
               {JZ_RHYTHM_IRREGULAR, "irregular 不规则"},
               {JZ_RHYTHM_PAUSE, "pause 停搏 ≥2 s"},
               {JZ_RHYTHM_WIDE, "wide 宽 QRS"},
               {JZ_RHYTHM_WIDE_FAST, "WIDE AND FAST 宽 QRS 心动过速"},
               {JZ_RHYTHM_VF_SUSPECTED, "VF SUSPECTED 疑似室颤"},
               {JZ_RHYTHM_FLAT, "NO QRS 无 QRS"},
               {JZ_RHYTHM_PACED, "paced 起搏"}};
static const char *const conductions[] = {[JZ_CONDUCTION_UNKNOWN] = "unknown 未知",
                                          [JZ_CONDUCTION_NORMAL] = "normal 正常",
                                          [JZ_CONDUCTION_LBBB] = "LBBB 左束支阻滞",
                                          [JZ_CONDUCTION_RBBB] = "RBBB 右束支阻滞",
                                          [JZ_CONDUCTION_IVCD] = "IVCD 室内阻滞"};

static void print_int(FILE *out, int value) {
    if (value == JZ_ECG_UNKNOWN)
        fprintf(out, "%*s", CELL, "-");
    else
        fprintf(out, "%*d", CELL, value);
}

static void print_interval(FILE *out, const char *name, int16_t value, const char *unit) {
    if (value == JZ_ECG_UNKNOWN)
        fprintf(out, "   %s -", name);
    else
        fprintf(out, "   %s %d%s", name, value, unit);
}

static void print_head(FILE *out, const struct jz_ecg_answer *answer) {
    const struct jz_ecg_measure *m = &answer->now->measure;
    char seconds[JZ_VALUE_TEXT_MAX], rate[JZ_VALUE_TEXT_MAX] = "-";
    jz_value_decimal((int64_t)m->samples * 10 / JZ_ECG_HZ, 10, seconds);
    if (m->rate_bpm_x10 != JZ_ECG_UNKNOWN) jz_value_decimal(m->rate_bpm_x10, 10, rate);
    fprintf(out, "%s   %s s   quality 质量 %u %%", jz_ecg_short_name(answer->now->record), seconds,
            m->quality);
    if (answer->age_years >= 0) fprintf(out, "   age 年龄 %d", answer->age_years);
    if (answer->sex) fprintf(out, "   %s", answer->sex == 'm' ? "male 男" : "female 女");
    fprintf(out, "\n\nrate 心率 %s/min", rate);
    print_interval(out, "PR", m->pr_ms, " ms");
    print_interval(out, "QRS", m->qrs_ms, " ms");
    print_interval(out, "QT", m->qt_ms, " ms");
    print_interval(out, "QTc (Fridericia)", m->qtc_ms, " ms");
    print_interval(out, "axis 电轴", m->axis_deg, "°");
    fprintf(out, "\nrhythm 节律:");
    for (size_t i = 0; i < COUNT(rhythms); i++)
        if (m->rhythm & rhythms[i].bit) fprintf(out, " %s;", rhythms[i].text);
    if (!m->rhythm) fputs(" unknown 未知;", out);
    fprintf(out, " conduction 传导: %s", conductions[m->conduction]);
    if (m->lvh_voltage) fprintf(out, "; LVH voltage 左室高电压%s", m->lvh_strain ? " + strain 劳损" : "");
    if (m->preexcitation_suspected) fputs("; preexcitation suspected 疑似预激", out);
    fprintf(out, "\n%u beats 心搏, %u averaged 平均", m->beat_count, m->averaged_count);
    if (m->rr_ms_mean != JZ_ECG_UNKNOWN)
        fprintf(out, ", RR %d (%d-%d) ms", m->rr_ms_mean, m->rr_ms_min, m->rr_ms_max);
    fputs("\n\n", out);
}

/* ST first: it is what the criteria read. */
static void print_lead(FILE *out, const char *name, const struct jz_ecg_lead_measure *m,
                       const struct jz_ecg_lead_measure *before) {
    char why[128], label[16];
    snprintf(label, sizeof label, "%s%s", name, m->derived ? "*" : "");
    fprintf(out, "%-5s", label);
    if (!m->usable) {
        jz_ecg_trouble_text(m, JZ_EN, why, sizeof why);
        fprintf(out, "  unreadable 不可读: %s ", why);
        jz_ecg_trouble_text(m, JZ_ZH, why, sizeof why);
        fprintf(out, "%s\n", why);
        return;
    }
    const int16_t cell[] = {m->st_j_uv, m->st_j40_uv, m->st_j60_uv, m->st_j80_uv, m->t_uv,
                            m->p_uv,    m->q_uv,      m->r_uv,      m->s_uv,      m->r2_uv};
    for (size_t i = 0; i < COUNT(cell); i++) print_int(out, cell[i]);
    fprintf(out, "%*u", CELL, m->quality);
    if (before && before->st_j_uv != JZ_ECG_UNKNOWN && m->st_j_uv != JZ_ECG_UNKNOWN)
        fprintf(out, "  %+6d", m->st_j_uv - before->st_j_uv);
    putc('\n', out);
}

static void print_leads(FILE *out, const struct jz_ecg_answer *answer) {
    static const char *const en[] = {"J", "J+40", "J+60", "J+80", "T", "P", "Q", "R", "S", "R'", "quality"};
    const struct jz_ecg_measure *m = &answer->now->measure;
    fprintf(out, "µV   ");
    for (size_t i = 0; i < COUNT(en); i++) fprintf(out, "%*s", i + 1 < COUNT(en) ? CELL : CELL + 1, en[i]);
    fprintf(out, "%s\n导联 -- ST 段 (对 QRS 起点) ---   T 波   P 波 -- QRS 波群 ---------      质量%s\n",
            answer->before ? "  J since" : "", answer->before ? "   变化" : "");
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++)
        if (m->lead[lead].recorded || lead <= JZ_LEAD_V6)
            print_lead(out, jz_ecg_lead_name((enum jz_ecg_lead)lead), &m->lead[lead],
                       answer->before ? &answer->before->measure.lead[lead] : NULL);
    fputs("* worked out of I and II 由 I、II 导联推算\n", out);
    if (answer->before)
        fprintf(out, "J since: against %s 与该次心电图相比\n", jz_ecg_short_name(answer->before->record));
}

void jz_ecg_answer_table(FILE *out, const struct jz_ecg_answer *answer) {
    print_head(out, answer);
    print_leads(out, answer);
    fputs("\nRules 规则\n", out);
    jz_signal_print_rules(out, answer->patient, jz_statement_of_ecg);
    fprintf(out, "\n%s\n%s\n", answer->zh, answer->en);
}
