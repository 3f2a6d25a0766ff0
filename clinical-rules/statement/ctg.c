/* SPDX-License-Identifier: Apache-2.0 */
/* The order of a cardiotocogram's statement: a deceleration that goes on, whether it can be read, its class by each
 * scheme, what was measured, what to check, and that it is no diagnosis. */
#include <string.h>

#include "jingzhu/statement.h"
#include "say.h"

static const struct {
    const char *rule, *name;
} schemes[] = {{"CTG-FIGO", "FIGO 2015"}, {"CTG-NICHD", "NICHD"}, {"CTG-NG229", "NICE NG229"}};
#define SCHEME_COUNT (sizeof schemes / sizeof schemes[0])
#define LOST_PCT 50u /* a minute of which less was read counts for no baseline (9.3) */

bool jz_statement_of_ctg(const struct jz_rule_info *rule) {
    static const char pack[] = "obstetric/ctg-";
    return strncmp(rule->pack, pack, sizeof pack - 1) == 0;
}

/* The level that a rule ended in, or NULL. */
static const struct jz_level_info *level_of(const struct jz_program *program, const struct jz_chart *chart,
                                            const char *id) {
    uint32_t rule = jz_program_rule_by_id(program, id);
    if (rule == UINT32_MAX || !jz_program_rule(program, rule)->enabled) return NULL;
    const struct jz_rule_result *result = &chart->result[rule];
    if (result->status != JZ_RULE_FIRED || result->level == JZ_LEVEL_NONE) return NULL;
    return jz_program_level(program, rule, result->level);
}

static void say_level(struct jz_say *say, const struct jz_level_info *level) {
    jz_say_two(say, level->title_zh, level->title_en);
    if (!level->action_zh[0]) return;
    jz_say_two(say, "；", "; ");
    jz_say_two(say, level->action_zh, level->action_en);
}

/* bpm x 10, to the nearest whole. */
static void say_rate(struct jz_say *say, const char *zh, const char *en, int32_t x10) {
    if (x10 == JZ_CTG_UNKNOWN) return;
    jz_say_two(say, zh, en);
    jz_say_int(say, (x10 + (x10 < 0 ? -5 : 5)) / 10);
    jz_say_two(say, " 次/分", "/min");
}

static void say_measures(struct jz_say *say, const struct jz_ctg_measure *m) {
    if (m->baseline_x10 == JZ_CTG_UNKNOWN) return;
    say_rate(say, "基线 ", "Baseline ", m->baseline_x10);
    say_rate(say, "，变异 ", ", variability ", m->variability_x10);
    jz_say_two(say, "。", ". ");
}

static void say_level_of(struct jz_say *say, size_t scheme, const struct jz_level_info *level) {
    jz_say(say, schemes[scheme].name);
    jz_say(say, " ");
    jz_say_two(say, level->title_zh, level->title_en);
}

static void say_missing_classes(struct jz_say *say, const struct jz_program *program,
                                const struct jz_chart *chart) {
    bool first = true;
    for (size_t i = 0; i < SCHEME_COUNT; i++) {
        if (level_of(program, chart, schemes[i].rule)) continue;
        if (first) jz_say_two(say, "无法判定：", "Cannot evaluate: ");
        jz_say_comma(say, &first, "、", ", ");
        jz_say(say, schemes[i].name);
    }
    if (!first) jz_say_two(say, "。", ". ");
}

static void say_classes(struct jz_say *say, const struct jz_program *program, const struct jz_chart *chart) {
    bool first = true;
    for (size_t i = 0; i < SCHEME_COUNT; i++) {
        const struct jz_level_info *level = level_of(program, chart, schemes[i].rule);
        if (!level) continue;
        if (first) jz_say_two(say, "符合标准：", "Criteria met: ");
        jz_say_comma(say, &first, "；", "; ");
        say_level_of(say, i, level);
    }
    if (first) {
        jz_say_two(say, "无法判读：分类所需信息不全。",
                   "Cannot evaluate: a class needs more than is known. ");
        return;
    }
    jz_say_two(say, "。", ". ");
    say_missing_classes(say, program, chart);
}

/* A worse class stands until a better one has been seen for long enough, also while nothing can be seen. */
static void say_held(struct jz_say *say, const struct jz_program *program, const struct jz_chart *chart) {
    bool first = true;
    for (size_t i = 0; i < SCHEME_COUNT; i++) {
        const struct jz_level_info *level = level_of(program, chart, schemes[i].rule);
        if (!level || level->priority != 1) continue;
        if (first) jz_say_two(say, "此前的分类仍然有效：", "From before and not over: ");
        jz_say_comma(say, &first, "；", "; ");
        say_level_of(say, i, level);
    }
    if (!first) jz_say_two(say, "。", ". ");
}

static const struct jz_ctg_event *fall_under_way(const struct jz_ctg_measure *m) {
    for (uint32_t i = m->event_count; i-- > 0;) {
        const struct jz_ctg_event *e = &m->event[i];
        if (e->ongoing && e->kind != JZ_CTG_ACCELERATION && e->kind != JZ_CTG_CONTRACTION) return e;
    }
    return NULL;
}

/* Judged on what is seen, also where the record as a whole cannot be classified. */
static void say_ongoing(struct jz_say *say, const struct jz_program *program, const struct jz_chart *chart,
                        const struct jz_ctg_measure *m) {
    const struct jz_level_info *level = level_of(program, chart, "CTG-3-6-9-12");
    const struct jz_ctg_event *fall = fall_under_way(m);
    if (level) {
        jz_say_two(say, "减速未见结束：", "Deceleration not seen to end: ");
        say_level(say, level);
        jz_say_two(say, "。", ". ");
    } else if (fall) {
        jz_say_two(say, "减速正在进行，已 ", "A deceleration is going on, ");
        jz_say_int(say, (fall->end - fall->start) / JZ_CTG_HZ);
        jz_say_two(say, " 秒。", " s so far. ");
    }
}

/* Minutes at the end that cannot be read: a class is then of what came before them. */
static void say_lost(struct jz_say *say, const struct jz_ctg_measure *m) {
    uint32_t lost = 0;
    while (lost < m->minute_count && m->minute[m->minute_count - 1 - lost].usable_pct < LOST_PCT) lost++;
    if (!lost) return;
    jz_say_two(say, "最近 ", "No usable signal for the last ");
    jz_say_int(say, lost);
    jz_say_two(say, " 分钟无可用信号。", " min. ");
}

static void say_checks(struct jz_say *say, const struct jz_ctg_measure *m) {
    if (m->maternal_pickup)
        jz_say_two(say, "所记可能为母体心率：请核对母体脉搏。",
                   "The rate may be the mother's: check her pulse. ");
    if (!m->toco_usable)
        jz_say_two(say, "宫缩曲线不可用：均一减速按晚期减速计。",
                   "No usable contraction curve: uniform decelerations count as late. ");
}

size_t jz_ctg_statement(const struct jz_program *program, const struct jz_chart *chart,
                        const struct jz_ctg_measure *measure, enum jz_language language, char *out,
                        size_t capacity) {
    struct jz_say say;
    const struct jz_level_info *signal = level_of(program, chart, "CTG-SIGNAL");
    bool usable = signal && strcmp(signal->id, "usable") == 0;
    jz_say_begin(&say, language, out, capacity);
    say_ongoing(&say, program, chart, measure);
    if (!usable) {
        jz_say_two(&say, "无法判读：", "Cannot evaluate: ");
        if (signal)
            say_level(&say, signal);
        else
            jz_say_two(&say, "无可用信号", "no usable signal");
        jz_say_two(&say, "。", ". ");
        say_held(&say, program, chart);
    } else {
        say_lost(&say, measure);
        say_classes(&say, program, chart);
    }
    say_measures(&say, measure);
    say_checks(&say, measure);
    jz_say_two(&say, "非诊断，须医师判读。", "Not a diagnosis; needs a physician's reading.");
    return say.used;
}
