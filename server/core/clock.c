/* SPDX-License-Identifier: Apache-2.0 */
/* The targets of a patient's pathways as they run: what is due when, which warnings were given, and whether the way to the
 * hospital and the hospital's own record say that it will be missed. Which target applies, and to whom, the packs say. */
#include <assert.h>
#include <string.h>

#include "pair.h"

#define WIRE 67109209u
#define NEEDLE 67109210u
#define DELIVERY 67109212u
#define DOOR 67109207u
#define CT_START 67111421u
#define DAY_MS 86400000

/* Shares of a target at which people are warned: clinical-obstetric 16 (50, 80, 100 %); for the chest-pain clocks the packs
 * have their own amber at 70 % (chest-pain 8.2), which is the rule's level "due-soon" and shown as such. */
static const uint32_t warning_percent[] = {50, 80, 100};
#define WARNINGS (sizeof warning_percent / sizeof warning_percent[0])

struct target {
    uint32_t rule, number; /* number: among all targets of the program */
    struct jz_clock_info clock;
    int64_t began_ms, due_ms, ended_ms; /* ended: 0, it runs */
};

static int64_t event_ms(const struct jz_encounter *e, uint16_t field) {
    struct jz_reading reading = jz_chart_reading(&e->chart, field);
    return reading.validity == JZ_VALID ? reading.taken_ms : 0;
}

/* @return false: it does not apply to this patient, or has not begun. */
static bool target_of(const struct jz_core *core, const struct jz_encounter *e, uint32_t rule,
                      uint32_t number, struct target *out) {
    if (e->chart.result[rule].status != JZ_RULE_FIRED) return false;
    out->rule = rule;
    out->number = number;
    out->clock = jz_program_clock(core->program, rule);
    out->began_ms = event_ms(e, out->clock.from);
    if (!out->began_ms) return false;
    out->due_ms = out->began_ms + (int64_t)out->clock.within_s * 1000;
    out->ended_ms = event_ms(e, out->clock.to);
    if (out->ended_ms < out->began_ms) out->ended_ms = 0;
    return true;
}

typedef void (*each_target)(void *context, const struct target *target);

static void for_each(const struct jz_core *core, const struct jz_encounter *e, each_target each,
                     void *context) {
    uint32_t number = 0, pathways = core->program ? jz_program_pathway_count(core->program) : 0;
    struct target target;
    for (uint32_t p = 0; p < pathways; p++) {
        const struct jz_pathway_info *pathway = jz_program_pathway(core->program, p);
        for (uint32_t i = 0; i < pathway->rule_count && number < JZ_CLOCKS_MAX; i++, number++)
            if (target_of(core, e, pathway->first_rule + i, number, &target)) each(context, &target);
    }
}

/* --- what is to be expected ------------------------------------------------------------------------------------ */

static const struct {
    uint32_t code;
    enum jz_figure_kind figure;
    const char *milestone; /* of a condition's goal; "": any */
} treatments[] = {
    {WIRE, JZ_FIGURE_WIRE, "wire"},
    {NEEDLE, JZ_FIGURE_NEEDLE, "needle"},
    {DELIVERY, JZ_FIGURE_DELIVERY, "delivery"},
    {CT_START, JZ_FIGURE_CT, ""},
};

static uint32_t planned_door_s(const struct jz_core *core, const struct jz_encounter *e,
                               const char *milestone) {
    uint32_t longest = 0;
    for (uint64_t left = e->conditions; left; left &= left - 1u) {
        const struct jz_condition_info *c =
            jz_program_condition(core->program, (uint32_t)__builtin_ctzll(left));
        bool same = milestone[0] == 0 || strcmp(c->goal_milestone, milestone) == 0;
        if (same && c->door_s > longest) longest = c->door_s;
    }
    return longest;
}

uint32_t jz_door_s(const struct jz_core *core, const struct jz_encounter *e, uint32_t facility, uint32_t to,
                   uint32_t *cases) {
    uint32_t code = jz_field_at(to)->code, today = (uint32_t)(core->head.now_ms / DAY_MS);
    *cases = 0;
    for (uint32_t i = 0; i < sizeof treatments / sizeof treatments[0]; i++) {
        if (treatments[i].code != code) continue;
        struct jz_figure_quantile own =
            jz_figures_quantile(&core->region->figures, facility, treatments[i].figure, today);
        *cases = own.seconds ? own.cases : 0;
        return own.seconds ? own.seconds : planned_door_s(core, e, treatments[i].milestone);
    }
    return 0;
}

/* The hospital the patient goes to: the one that accepted, else the one that is asked. */
static const struct jz_alert_record *goes_to(const struct jz_core *core, uint32_t slot) {
    const struct jz_encounter *e = &core->encounter[slot];
    const struct jz_alert_record *accepted = jz_alert_find(core, e->destination_alert, NULL);
    if (accepted) return accepted;
    for (uint32_t i = 0; i < e->alert_count; i++) {
        const struct jz_alert_record *alert = &jz_alerts(core, slot)[i];
        if (alert->state >= JZ_ALERT_RAISED && alert->state <= JZ_ALERT_SEEN) return alert;
    }
    return NULL;
}

static int64_t door_ms(const struct jz_core *core, const struct jz_encounter *e,
                       const struct jz_alert_record *alert) {
    if (e->milestone[JZ_MILESTONE_DOOR]) return e->milestone[JZ_MILESTONE_DOOR];
    uint32_t travel_s = e->travel_s[alert->facility];
    bool departed = e->milestone[JZ_MILESTONE_LEFT_SCENE] || e->legs;
    if (!travel_s || !e->travel_ms) return 0;
    /* Before it leaves, a journey is as long as it was when it was asked for. */
    int64_t ms = (departed ? e->travel_ms : core->head.now_ms) + (int64_t)travel_s * 1000;
    return ms > core->head.now_ms ? ms : core->head.now_ms; /* it is not there yet, whatever was predicted */
}

/* When a target that runs is likely to end; 0: nothing says so. */
static int64_t predicted_ms(const struct jz_core *core, uint32_t slot, const struct target *target) {
    const struct jz_encounter *e = &core->encounter[slot];
    const struct jz_alert_record *alert = goes_to(core, slot);
    uint32_t cases;
    if (!alert || target->ended_ms) return 0;
    int64_t door = door_ms(core, e, alert);
    if (!door || jz_field_at(target->clock.to)->code == DOOR) return door;
    uint32_t door_s = jz_door_s(core, e, alert->facility, target->clock.to, &cases);
    return door_s ? door + (int64_t)door_s * 1000 : 0;
}

/* --- warnings --------------------------------------------------------------------------------------------------- */

static int64_t warning_ms(const struct target *target, uint32_t warning) {
    return target->began_ms + (int64_t)target->clock.within_s * 10 * warning_percent[warning];
}

static uint32_t stage_of(const struct target *target, int64_t now_ms) {
    uint32_t stage = 0;
    /* Exactly the target is in time: the last warning comes after it (chest-pain 8.2). */
    while (stage < WARNINGS && now_ms >= warning_ms(target, stage) + (stage == WARNINGS - 1u)) stage++;
    return stage;
}

static uint32_t given(const struct jz_encounter *e, uint32_t number) {
    uint32_t word = number / 64u, bit = number % 64u;
    return (uint32_t)(e->warned[0][word] >> bit & 1u) | (uint32_t)(e->warned[1][word] >> bit & 1u) << 1;
}

static void set_bit(uint64_t words[2], uint32_t number, bool on) {
    uint64_t bit = UINT64_C(1) << number % 64u;
    words[number / 64u] = on ? words[number / 64u] | bit : words[number / 64u] & ~bit;
}

static void set_given(struct jz_encounter *e, uint32_t number, uint32_t stage) {
    set_bit(e->warned[0], number, stage & 1u);
    set_bit(e->warned[1], number, stage & 2u);
}

struct look {
    struct jz_core *core;
    struct jz_outcome *out;
    uint32_t slot;
    int64_t wake_ms;
};

static void warn(struct look *look, const struct target *target, uint32_t stage, int64_t predicted) {
    struct jz_encounter *e = &look->core->encounter[look->slot];
    struct jz_writer w = jz_decision_begin(look->core, JZ_DECISION_CLOCK, 4, e, look->out);
    jz_pair_text(&w, 5, jz_program_rule(look->core->program, target->rule)->id);
    jz_pair_uint(&w, 6, stage);
    jz_pair_int(&w, 7, target->due_ms);
    jz_pair_int(&w, 8, predicted);
    jz_decision_end(&w, look->out);
    jz_touch(look->out, look->slot);
    if (stage == WARNINGS || predicted > target->due_ms) look->out->urgent = true;
}

static void look_at(void *context, const struct target *target) {
    struct look *look = context;
    struct jz_encounter *e = &look->core->encounter[look->slot];
    if (target->ended_ms) return;
    int64_t now_ms = look->core->head.now_ms, predicted = predicted_ms(look->core, look->slot, target);
    uint32_t stage = stage_of(target, now_ms);
    bool late = predicted > target->due_ms;
    bool news = late && !(e->predicted_late[target->number / 64u] >> target->number % 64u & 1u);
    if (stage > given(e, target->number) || news) warn(look, target, stage, predicted);
    set_given(e, target->number, stage);
    set_bit(e->predicted_late, target->number, late);
    if (stage == WARNINGS) return;
    int64_t next = warning_ms(target, stage) + (stage == WARNINGS - 1u);
    if (next < look->wake_ms) look->wake_ms = next;
}

void jz_clocks_look(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    struct look look = {core, out, slot, JZ_NEVER};
    for_each(core, &core->encounter[slot], look_at, &look);
    core->encounter[slot].clock_wake_ms = look.wake_ms;
}

/* --- for screens ------------------------------------------------------------------------------------------------ */

enum state { RUNNING = 1, DUE_SOON, OVERDUE, MET, LATE };

static enum state state_of(const struct jz_core *core, const struct jz_encounter *e,
                           const struct target *target, int64_t now_ms) {
    if (target->ended_ms) return target->ended_ms <= target->due_ms ? MET : LATE;
    if (now_ms > target->due_ms) return OVERDUE;
    const struct jz_level_info *level =
        jz_program_level(core->program, target->rule, e->chart.result[target->rule].level);
    return strcmp(level->id, "due-soon") == 0 ? DUE_SOON : RUNNING;
}

#define SHOWN_MAX 24u /* what is due soonest; a case has fewer */
struct shown {
    struct target target[SHOWN_MAX];
    uint32_t count;
};

/* What runs before what ended, then the earlier due. */
static bool comes_before(const struct target *a, const struct target *b) {
    if (!a->ended_ms != !b->ended_ms) return !a->ended_ms;
    return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->number < b->number;
}

static void collect(void *context, const struct target *target) {
    struct shown *shown = context;
    uint32_t at = shown->count < SHOWN_MAX ? shown->count++ : SHOWN_MAX - 1u;
    if (at == SHOWN_MAX - 1u && shown->count == SHOWN_MAX && shown->target[at].clock.within_s &&
        !comes_before(target, &shown->target[at]))
        return;
    for (; at > 0 && comes_before(target, &shown->target[at - 1u]); at--)
        shown->target[at] = shown->target[at - 1u];
    shown->target[at] = *target;
}

void jz_view_clocks(struct jz_writer *w, const struct jz_core *core, uint32_t slot, int64_t now_ms) {
    const struct jz_encounter *e = &core->encounter[slot];
    struct shown shown;
    memset(&shown, 0, sizeof shown);
    for_each(core, e, collect, &shown);
    jz_write_array(w, shown.count);
    for (uint32_t i = 0; i < shown.count; i++) {
        const struct target *target = &shown.target[i];
        const struct jz_rule_info *rule = jz_program_rule(core->program, target->rule);
        int64_t predicted = predicted_ms(core, slot, target);
        jz_write_array(w, 8);
        jz_write_cstr(w, rule->id);
        jz_write_cstr(w, rule->title_zh);
        jz_write_cstr(w, rule->title_en);
        jz_write_int(w, target->began_ms);
        jz_write_int(w, target->due_ms);
        jz_write_uint(w, state_of(core, e, target, now_ms));
        jz_write_uint(w, target->ended_ms ? given(e, target->number) : stage_of(target, now_ms));
        if (predicted)
            jz_write_int(w, predicted);
        else
            jz_write_null(w);
    }
}
