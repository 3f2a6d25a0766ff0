/* SPDX-License-Identifier: Apache-2.0 */
/* Rules small enough to see through, in place of the engine: the core is tested, not the medicine.
 *   rule 0  PRESSURE  sbp >= 160: fires P2, condition C-OB, alarm; >= 180: P1 and condition C-NICU too. Without sbp
 *                     it cannot be evaluated and asks for it.
 *   rule 1  CHEST     st_elevation_confirmed = 1: fires P1, condition C-PCI, alarm. */
#include "fake_rules.h"

#include <string.h>

#include "jingzhu/field.h"

struct jz_program {
    bool reversed; /* the same conditions, last first */
};
static const struct jz_program program = {false}, reversed_program = {true};

const struct jz_program *fake_program(void) {
    return &program;
}
const struct jz_program *fake_program_reversed(void) {
    return &reversed_program;
}

static const struct jz_condition_info condition[] = {
    {.id = "C-OB", .must_count = 1, .must = {"obstetrics"}, .door_s = 600},
    {.id = "C-NICU", .must_count = 1, .must = {"nicu"}, .door_s = 600},
    {.id = "C-PCI",
     .must_count = 1,
     .must = {"pci"},
     .goal_s = 7200,
     .goal_milestone = "wire",
     .door_s = 5400},
};
static const struct jz_rule_info rule[] = {
    {.id = "PRESSURE", .version = "1", .title_zh = "血压", .title_en = "Pressure", .source = "test"},
    {.id = "CHEST", .version = "1", .title_zh = "胸痛", .title_en = "Chest", .source = "test"},
};
static const struct jz_level_info level = {"high", "高", "High", "处理", "Act"};

uint32_t jz_program_rule_count(const struct jz_program *p) {
    return (void)p, 2;
}
const struct jz_rule_info *jz_program_rule(const struct jz_program *p, uint32_t i) {
    return (void)p, &rule[i];
}
const struct jz_level_info *jz_program_level(const struct jz_program *p, uint32_t r, uint32_t l) {
    return (void)p, (void)r, (void)l, &level;
}
uint32_t jz_program_condition_count(const struct jz_program *p) {
    return (void)p, 3;
}
const struct jz_condition_info *jz_program_condition(const struct jz_program *p, uint32_t i) {
    return &condition[p->reversed ? 2 - i : i];
}

static uint32_t field(const char *name) {
    return jz_field_by_name(name);
}

uint64_t jz_chart_observe(const struct jz_program *p, struct jz_chart *chart, uint32_t f,
                          struct jz_reading reading) {
    (void)p;
    if (reading.taken_ms >= chart->latest[f].taken_ms) chart->latest[f] = reading;
    if (f == field("sbp")) return 1;
    return f == field("st_elevation_confirmed") ? 2 : 0;
}

static void use(struct jz_assessment *out, uint32_t f, const struct jz_reading *r, uint8_t points) {
    out->used_count = 1;
    out->used[0].field = (uint8_t)f;
    out->used[0].value = r->value;
    out->used[0].taken_ms = r->taken_ms;
    out->used[0].points = points;
}

void jz_rule_evaluate(const struct jz_program *p, const struct jz_chart *chart, uint32_t i, int64_t now_ms,
                      struct jz_assessment *out) {
    memset(out, 0, sizeof *out);
    out->evaluated_ms = now_ms;
    out->measure_next = 255;
    out->level = JZ_LEVEL_NONE;
    uint32_t f = i == 0 ? field("sbp") : field("st_elevation_confirmed");
    const struct jz_reading *r = &chart->latest[f];
    if (r->validity != JZ_VALID) {
        out->status = JZ_RULE_CANNOT_EVALUATE;
        out->missing = UINT64_C(1) << f;
        out->hi = 1;
        out->measure_next = (uint8_t)f;
        return;
    }
    out->complete = 1;
    bool fired = i == 0 ? r->value >= 160 : r->value == 1;
    out->status = fired ? JZ_RULE_FIRED : JZ_RULE_NOT_FIRED;
    out->lo = out->hi = fired;
    if (!fired) return;
    use(out, f, r, 1);
    out->level = 0;
    out->alarm = 1;
    out->priority = i == 1 || r->value >= 180 ? 1 : 2;
    uint32_t conditions = i == 1 ? 4u : r->value >= 180 ? 3u : 1u;
    out->conditions = p->reversed ? (conditions & 1u) << 2 | (conditions & 2u) | conditions >> 2 : conditions;
}

int64_t jz_chart_next_change(const struct jz_program *p, const struct jz_chart *chart, int64_t now_ms) {
    (void)p;
    const struct jz_reading *r = &chart->latest[field("sbp")];
    int64_t stale = r->taken_ms + 900001;
    return r->validity == JZ_VALID && stale > now_ms ? stale : INT64_MAX;
}
