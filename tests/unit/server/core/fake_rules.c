/* SPDX-License-Identifier: Apache-2.0 */
/* Rules small enough to see through, in place of the engine: the core is tested, not the medicine.
 *   rule 0  PRESSURE  sbp >= 160: fires P2, condition C-OB, alarm; >= 180: P1 and condition C-NICU too. Without sbp
 *                     it cannot be evaluated and asks for it.
 *   rule 1  CHEST     st_elevation_confirmed = 1: fires P1, condition C-PCI, alarm.
 *   rule 2  CLOCK     10 min from fmc to ecg: fires "running", then "overdue" with P3; "met" when ecg is there. */
#include "fake_rules.h"

#include <stdio.h>
#include <string.h>

#include "jingzhu/field.h"
#include "jingzhu/frame.h"

enum { PRESSURE, CHEST, CLOCK, RULES };
#define CLOCK_MS 600000

struct jz_program {
    bool reversed; /* the same conditions, last first */
    bool crowd;
};
static const struct jz_program program = {false, false}, reversed_program = {true, false},
                               crowd = {false, true};

static const struct jz_condition_info condition[] = {
    {.id = "C-OB",
     .must_count = 1,
     .must = {{1, {"obstetrics"}}},
     .services = 1u << JZ_SERVICE_OBSTETRICS,
     .teams = 1u << JZ_TEAM_OBSTETRICS,
     .goal_milestone = "",
     .door_s = 600},
    {.id = "C-NICU",
     .must_count = 1,
     .must = {{1, {"nicu"}}},
     .services = 1u << JZ_SERVICE_NICU,
     .teams = 1u << JZ_TEAM_NICU,
     .goal_milestone = "",
     .door_s = 600},
    {.id = "C-PCI",
     .must_count = 1,
     .must = {{1, {"pci"}}},
     .services = 1u << JZ_SERVICE_CATH_LAB,
     .teams = 1u << JZ_TEAM_CATH_LAB,
     .goal_s = 7200,
     .goal_milestone = "wire",
     .door_kind = JZ_DOOR_WIRE,
     .fallback = JZ_FALLBACK_LYSIS,
     .door_s = 5400},
};

static uint16_t sbp[1], st_elevation[1], clock_input[2];
static const struct jz_rule_info rule[RULES] = {
    {.id = "PRESSURE",
     .version = "1",
     .title_zh = "血压",
     .title_en = "Pressure",
     .source = "test",
     .kind = JZ_KIND_CRITERIA,
     .enabled = true,
     .input_count = 1,
     .input = sbp},
    {.id = "CHEST",
     .version = "1",
     .title_zh = "胸痛",
     .title_en = "Chest",
     .source = "test",
     .kind = JZ_KIND_CRITERIA,
     .enabled = true,
     .input_count = 1,
     .input = st_elevation},
    {.id = "CLOCK",
     .version = "1",
     .title_zh = "首份心电图",
     .title_en = "First ECG",
     .source = "test",
     .kind = JZ_KIND_CLOCK,
     .enabled = true,
     .input_count = 2,
     .input = clock_input},
};
static const struct jz_level_info level[RULES][3] = {
    {{.id = "severe",
      .title_zh = "重度",
      .title_en = "Severe",
      .action_zh = "处理",
      .action_en = "Act",
      .source = "",
      .conditions = 3,
      .priority = 1,
      .alarm = 1},
     {.id = "high",
      .title_zh = "高",
      .title_en = "High",
      .action_zh = "处理",
      .action_en = "Act",
      .source = "",
      .conditions = 1,
      .priority = 2,
      .alarm = 1}},
    {{.id = "stemi",
      .title_zh = "高",
      .title_en = "High",
      .action_zh = "处理",
      .action_en = "Act",
      .source = "",
      .conditions = 4,
      .priority = 1,
      .alarm = 1}},
    {{.id = "overdue",
      .title_zh = "超时",
      .title_en = "Overdue",
      .action_zh = "",
      .action_en = "",
      .source = "",
      .priority = 3},
     {.id = "running",
      .title_zh = "进行中",
      .title_en = "Running",
      .action_zh = "",
      .action_en = "",
      .source = ""},
     {.id = "met", .title_zh = "达标", .title_en = "Met", .action_zh = "", .action_en = "", .source = ""}},
};

/* --- the crowd ------------------------------------------------------------------------------------------------ */

static char long_text[512], crowd_id[JZ_RULES_MAX][64], condition_id[JZ_CONDITIONS_MAX][64];
static uint16_t crowd_input[JZ_INPUTS_MAX];
static struct jz_rule_info crowd_rule[JZ_RULES_MAX];
static struct jz_level_info crowd_level;
static struct jz_condition_info crowd_condition[JZ_CONDITIONS_MAX];
static struct jz_item_info crowd_item;

static void make_crowd(void) {
    if (crowd_rule[0].id) return;
    memset(long_text, 'x', sizeof long_text - 1);
    for (uint32_t i = 0; i < JZ_INPUTS_MAX; i++) crowd_input[i] = (uint16_t)i;
    for (uint32_t i = 0; i < JZ_CONDITIONS_MAX; i++) {
        snprintf(condition_id[i], sizeof condition_id[i], "C%.59s%03u", long_text, i);
        crowd_condition[i] = (struct jz_condition_info){.id = condition_id[i], .goal_milestone = ""};
    }
    for (uint32_t i = 0; i < JZ_RULES_MAX; i++) {
        snprintf(crowd_id[i], sizeof crowd_id[i], "R%.59s%03u", long_text, i);
        crowd_rule[i] = (struct jz_rule_info){.id = crowd_id[i],
                                              .version = crowd_id[i],
                                              .title_zh = long_text,
                                              .title_en = long_text,
                                              .source = long_text,
                                              .kind = JZ_KIND_SCORE,
                                              .enabled = true,
                                              .input_count = JZ_INPUTS_MAX,
                                              .item_count = JZ_ITEMS_PER_RULE_MAX,
                                              .input = crowd_input};
    }
    crowd_level = (struct jz_level_info){.id = crowd_id[0],
                                         .title_zh = long_text,
                                         .title_en = long_text,
                                         .action_zh = long_text,
                                         .action_en = long_text,
                                         .source = "",
                                         .conditions = UINT64_MAX,
                                         .priority = 1,
                                         .alarm = 1};
    crowd_item = (struct jz_item_info){long_text, long_text, "S", JZ_FIELD_NONE};
}

static void evaluate_crowd(const struct jz_chart *chart, uint32_t i, int64_t now_ms,
                           struct jz_assessment *out) {
    (void)i;
    bool known = jz_chart_reading(chart, sbp[0]).validity == JZ_VALID;
    out->evaluated_ms = now_ms;
    out->measure_next = JZ_FIELD_NONE;
    out->result = (struct jz_rule_result){.lo = INT16_MIN,
                                          .hi = INT16_MAX,
                                          .status = known ? JZ_RULE_FIRED : JZ_RULE_NOT_FIRED,
                                          .level = known ? 0 : JZ_LEVEL_NONE,
                                          .level_hi = known ? 0 : JZ_LEVEL_NONE,
                                          .known = known};
    if (!known) return;
    out->missing = out->stale = out->because = out->conditions = UINT64_MAX;
    out->priority = out->alarm = 1;
    out->used_count = JZ_INPUTS_MAX;
    for (uint8_t k = 0; k < JZ_INPUTS_MAX; k++) {
        out->used[k].field = crowd_input[k];
        out->used[k].input = k;
        out->used[k].value = INT32_MIN;
        out->used[k].taken_ms = now_ms;
    }
    out->item_count = JZ_ITEMS_PER_RULE_MAX;
    for (uint32_t k = 0; k < JZ_ITEMS_PER_RULE_MAX; k++) out->item[k].lo = out->item[k].hi = INT16_MIN;
}

/* --- what a program says -------------------------------------------------------------------------------------- */

static const struct jz_program *with_fields(const struct jz_program *p) {
    sbp[0] = (uint16_t)jz_field_by_name("sbp");
    st_elevation[0] = (uint16_t)jz_field_by_name("st_elevation_confirmed");
    clock_input[0] = (uint16_t)jz_field_by_name("fmc");
    clock_input[1] = (uint16_t)jz_field_by_name("ecg");
    make_crowd();
    return p;
}
const struct jz_program *fake_program(void) {
    return with_fields(&program);
}
const struct jz_program *fake_program_reversed(void) {
    return with_fields(&reversed_program);
}
const struct jz_program *fake_program_crowd(void) {
    return with_fields(&crowd);
}

const uint8_t *jz_program_hash(const struct jz_program *p) {
    static const uint8_t hash[2][32] = {{1, 2, 3, 4, 5, 6, 7, 8, 9}, {0xcc}};
    return hash[p->crowd];
}
uint32_t jz_program_rule_count(const struct jz_program *p) {
    return p->crowd ? JZ_RULES_MAX : RULES;
}
const struct jz_rule_info *jz_program_rule(const struct jz_program *p, uint32_t i) {
    return p->crowd ? &crowd_rule[i] : &rule[i];
}
const struct jz_level_info *jz_program_level(const struct jz_program *p, uint32_t r, uint32_t l) {
    static struct jz_level_info turned;
    if (p->crowd) return &crowd_level;
    turned = level[r][l];
    uint64_t c = turned.conditions;
    if (p->reversed) turned.conditions = (c & 1u) << 2 | (c & 2u) | c >> 2;
    return &turned;
}
const struct jz_item_info *jz_program_item(const struct jz_program *p, uint32_t r, uint32_t i) {
    return (void)p, (void)r, (void)i, &crowd_item;
}
uint32_t jz_program_condition_count(const struct jz_program *p) {
    return p->crowd ? JZ_CONDITIONS_MAX : 3;
}
const struct jz_condition_info *jz_program_condition(const struct jz_program *p, uint32_t i) {
    return p->crowd ? &crowd_condition[i] : &condition[p->reversed ? 2 - i : i];
}

uint32_t jz_program_rule_by_id(const struct jz_program *p, const char *id) {
    for (uint32_t i = 0; i < jz_program_rule_count(p); i++)
        if (strcmp(jz_program_rule(p, i)->id, id) == 0) return i;
    return UINT32_MAX;
}
uint32_t jz_program_pathway_count(const struct jz_program *p) {
    return !p->crowd;
}
const struct jz_pathway_info *jz_program_pathway(const struct jz_program *p, uint32_t i) {
    static const struct jz_pathway_info pathway = {.id = "FIRST-ECG",
                                                   .version = "1",
                                                   .title_zh = "首份心电图",
                                                   .title_en = "First ECG",
                                                   .source = "test",
                                                   .first_rule = CLOCK,
                                                   .rule_count = 1};
    return (void)p, (void)i, &pathway;
}
struct jz_clock_info jz_program_clock(const struct jz_program *p, uint32_t r) {
    (void)p, (void)r;
    return (struct jz_clock_info){clock_input[0], clock_input[1], CLOCK_MS / 1000};
}

/* --- the chart ------------------------------------------------------------------------------------------------ */

struct jz_reading jz_chart_reading(const struct jz_chart *chart, uint32_t f) {
    return chart->slot[f] ? chart->reading[chart->slot[f] - 1u] : (struct jz_reading){0};
}

enum jz_status jz_chart_observe(const struct jz_program *p, struct jz_chart *chart, uint32_t f,
                                struct jz_reading reading, struct jz_rule_set *due) {
    if (!chart->slot[f] && chart->count == JZ_CHART_READINGS_MAX) return JZ_E_FULL;
    if (!chart->slot[f]) chart->slot[f] = (uint8_t)++chart->count;
    reading.field = (uint16_t)f;
    struct jz_reading *kept = &chart->reading[chart->slot[f] - 1u];
    if (reading.taken_ms >= kept->taken_ms || jz_field_at(f)->kind == 'e') *kept = reading;
    for (uint32_t i = 0; i < jz_program_rule_count(p); i++)
        for (uint32_t k = 0; k < jz_program_rule(p, i)->input_count; k++)
            if (jz_program_rule(p, i)->input[k] == f) jz_rule_set_add(due, i);
    return JZ_OK;
}

static void use(struct jz_assessment *out, uint8_t input, const struct jz_reading *r) {
    out->because |= UINT64_C(1) << input;
    out->used[out->used_count].field = r->field;
    out->used[out->used_count].input = input;
    out->used[out->used_count].value = r->value;
    out->used[out->used_count++].taken_ms = r->taken_ms;
}

static void evaluate_clock(const struct jz_chart *chart, int64_t now_ms, struct jz_assessment *out) {
    struct jz_reading fmc = jz_chart_reading(chart, clock_input[0]),
                      ecg = jz_chart_reading(chart, clock_input[1]);
    struct jz_rule_result *r = &out->result;
    if (fmc.validity != JZ_VALID) {
        r->status = JZ_RULE_NOT_APPLICABLE;
        return;
    }
    bool met = ecg.validity == JZ_VALID;
    r->status = JZ_RULE_FIRED;
    r->lo = r->hi = 1;
    r->level = r->level_hi = met ? 2 : now_ms - fmc.taken_ms > CLOCK_MS ? 0 : 1;
    use(out, 0, &fmc);
    if (met) use(out, 1, &ecg);
}

static void evaluate_value(const struct jz_chart *chart, uint32_t i, struct jz_assessment *out) {
    uint32_t f = i == PRESSURE ? sbp[0] : st_elevation[0];
    struct jz_reading reading = jz_chart_reading(chart, f);
    struct jz_rule_result *r = &out->result;
    if (reading.validity != JZ_VALID) {
        r->status = JZ_RULE_CANNOT_EVALUATE;
        r->hi = 1;
        r->level_hi = 0;
        out->measure_next = (uint16_t)f;
        out->missing = 1;
        return;
    }
    bool fired = i == PRESSURE ? reading.value >= 160 : reading.value == 1;
    r->known = r->complete = 1;
    r->status = fired ? JZ_RULE_FIRED : JZ_RULE_NOT_FIRED;
    r->lo = r->hi = fired;
    if (!fired) return;
    use(out, 0, &reading);
    r->level = r->level_hi = i == PRESSURE && reading.value < 180;
}

void jz_rule_evaluate(const struct jz_program *p, const struct jz_chart *chart, uint32_t i, int64_t now_ms,
                      struct jz_assessment *out) {
    memset(out, 0, sizeof *out);
    if (p->crowd) {
        evaluate_crowd(chart, i, now_ms, out);
        return;
    }
    out->evaluated_ms = now_ms;
    out->measure_next = JZ_FIELD_NONE;
    out->result.level = out->result.level_hi = JZ_LEVEL_NONE;
    if (i == CLOCK)
        evaluate_clock(chart, now_ms, out);
    else
        evaluate_value(chart, i, out);
    if (out->result.level == JZ_LEVEL_NONE) return;
    const struct jz_level_info *is = jz_program_level(p, i, out->result.level);
    out->priority = is->priority;
    out->alarm = is->alarm;
    out->conditions = is->conditions;
}

struct jz_rule_set jz_chart_update_from(const struct jz_program *p, struct jz_chart *chart,
                                        struct jz_rule_set due, int64_t now_ms,
                                        struct jz_rule_result before[JZ_RULES_MAX]) {
    struct jz_rule_set changed = {{0}};
    for (uint32_t i = 0; i < jz_program_rule_count(p); i++) {
        struct jz_assessment a;
        if (!jz_rule_set_has(&due, i)) continue;
        jz_rule_evaluate(p, chart, i, now_ms, &a);
        if (memcmp(&chart->result[i], &a.result, sizeof a.result) == 0) continue;
        before[i] = chart->result[i];
        chart->result[i] = a.result;
        jz_rule_set_add(&changed, i);
    }
    return changed;
}

int64_t jz_chart_next_change(const struct jz_program *p, const struct jz_chart *chart, int64_t now_ms) {
    struct jz_reading pressure = jz_chart_reading(chart, sbp[0]),
                      fmc = jz_chart_reading(chart, clock_input[0]);
    int64_t stale = pressure.taken_ms + 900001, overdue = fmc.taken_ms + CLOCK_MS + 1, next = INT64_MAX;
    if (pressure.validity == JZ_VALID && stale > now_ms) next = stale;
    if (!p->crowd && fmc.validity == JZ_VALID && overdue > now_ms && overdue < next) next = overdue;
    return next;
}
