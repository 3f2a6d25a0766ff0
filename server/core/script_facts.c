/* SPDX-License-Identifier: Apache-2.0 */
#include "script_facts.h"

#include <assert.h>
#include <string.h>

#include "jingzhu/field.h"

#define LATCHED_ONLY 6u /* rank of a condition that no rule asks for any more: behind every priority */
#define UNRANKED 5u     /* and of one that a rule without a priority asks for: as the least urgent */
#define PRIORITY_DEFAULT 5u
#define WEEK 7
enum { PREGNANT = 2, POSTPARTUM = 3 }; /* of the field `pregnancy` */

/* --- fields --------------------------------------------------------------------------------------------------- */

static enum jz_script_known known_of(const struct jz_reading *r, const struct jz_field *field,
                                     int64_t now_ms) {
    bool aged = field->fresh_s > 0 && now_ms - r->taken_ms > (int64_t)field->fresh_s * 1000;
    switch ((enum jz_validity)r->validity) {
    case JZ_VALID: return aged ? JZ_KNOWN_STALE : JZ_KNOWN_NOW;
    case JZ_STALE: return JZ_KNOWN_STALE;
    case JZ_OUT_OF_RANGE:
    case JZ_ARTEFACT:
    case JZ_PAIR_INCONSISTENT: return JZ_KNOWN_DOUBTED;
    case JZ_ABSENT:
    case JZ_PROBE_OFF:
    case JZ_NOT_MEASURED: break;
    }
    return JZ_KNOWN_NOTHING;
}

struct jz_script_value jz_script_look(const struct jz_script_facts *f, const char *name) {
    uint32_t field = jz_field_by_name(name);
    if (field == JZ_FIELD_UNKNOWN) return (struct jz_script_value){.known = JZ_KNOWN_NOTHING};
    struct jz_reading r = jz_chart_reading(&f->e->chart, field);
    return (struct jz_script_value){.known = known_of(&r, jz_field_at(field), f->now_ms),
                                    .value = r.value,
                                    .field = field,
                                    .taken_ms = r.taken_ms};
}

static bool says(const struct jz_script_facts *f, const char *name, int32_t value) {
    struct jz_script_value v = jz_script_look(f, name);
    return jz_script_told(&v) && v.value == value;
}

static bool happened(const struct jz_script_facts *f, const char *name) {
    struct jz_script_value v = jz_script_look(f, name);
    return jz_script_told(&v);
}

bool jz_script_is_no(uint32_t field, int32_t value) {
    static const char *const nothing[] = {"no", "none", "never"};
    const char *word;
    uint32_t length = jz_field_word_of(field, value, &word);
    for (size_t i = 0; i < sizeof nothing / sizeof nothing[0]; i++)
        if (length == strlen(nothing[i]) && memcmp(word, nothing[i], length) == 0) return true;
    return false;
}

bool jz_script_pressure_lost(const struct jz_script_facts *f) {
    struct jz_script_value lost = jz_script_look(f, "bp_unrecordable"), pressure = jz_script_look(f, "sbp");
    if (!jz_script_told(&lost) || lost.value != 1) return false;
    return !jz_script_told(&pressure) || pressure.taken_ms <= lost.taken_ms;
}

/* --- who ------------------------------------------------------------------------------------------------------ */

static enum jz_script_who who_is(const struct jz_script_facts *f) {
    if (says(f, "is_newborn", 1) || happened(f, "birth")) return JZ_SCRIPT_NEWBORN;
    if (f->e->complaint == JZ_COMPLAINT_PREGNANCY || says(f, "pregnancy", PREGNANT) ||
        says(f, "pregnancy", POSTPARTUM) || happened(f, "delivery"))
        return JZ_SCRIPT_MOTHER;
    bool chest = f->e->complaint == JZ_COMPLAINT_CHEST_PAIN || says(f, "chest_pain", 1);
    return chest ? JZ_SCRIPT_CHEST : JZ_SCRIPT_GENERAL;
}

int32_t jz_script_weeks(const struct jz_script_facts *f, int32_t *days) {
    bool newborn = f->who == JZ_SCRIPT_NEWBORN;
    struct jz_script_value v = jz_script_look(f, newborn ? "birth_ga_days" : "ga_days");
    int32_t reported = jz_script_told(&v) ? v.value : -1;
    uint32_t rule =
        f->core->program && !newborn ? jz_program_rule_by_id(f->core->program, "OB-GA") : UINT32_MAX;
    const struct jz_rule_result *r = rule == UINT32_MAX ? NULL : &f->e->chart.result[rule];
    *days = reported < 0 ? -1 : reported % WEEK;
    /* The rule knows the due date on record, which outweighs what was reported; it counts whole weeks. */
    if (!r || r->status != JZ_RULE_FIRED || r->lo != r->hi) return reported < 0 ? -1 : reported / WEEK;
    if (reported < 0 || r->lo != reported / WEEK) *days = -1;
    return r->lo;
}

/* --- rules ---------------------------------------------------------------------------------------------------- */

static const struct jz_level_info *fired_level(const struct jz_script_facts *f, uint32_t rule) {
    const struct jz_rule_result *r = &f->e->chart.result[rule];
    if (r->status != JZ_RULE_FIRED || r->level == JZ_LEVEL_NONE) return NULL;
    return jz_program_level(f->core->program, rule, r->level);
}

static const struct jz_level_info *enabled_level(const struct jz_script_facts *f, uint32_t rule) {
    return jz_program_rule(f->core->program, rule)->enabled ? fired_level(f, rule) : NULL;
}

const struct jz_level_info *jz_script_level(const struct jz_script_facts *f, uint32_t rule) {
    if (!f->core->program || rule == UINT32_MAX) return NULL;
    const struct jz_level_info *level = enabled_level(f, rule);
    const struct jz_rule_result *r = &f->e->chart.result[rule];
    if (!level || !level->rule_out) return level;
    struct jz_assessment now;
    jz_rule_evaluate(f->core->program, &f->e->chart, rule, f->now_ms, &now);
    return r->complete && now.result.complete && !now.stale && now.result.level == r->level ? level : NULL;
}

static void rank_fields(struct jz_script_facts *f, uint32_t rule, uint8_t priority) {
    struct jz_assessment a;
    jz_rule_evaluate(f->core->program, &f->e->chart, rule, f->now_ms, &a);
    for (uint32_t i = 0; i < a.used_count; i++) {
        uint8_t *rank = &f->field_rank[a.used[i].field];
        if (a.because >> a.used[i].input & 1u && priority < *rank) *rank = priority;
    }
}

/* One that says how ill the patient is: a target that runs out says that somebody is late, and nothing is bad about what a
 * rule calls calm. */
static const struct jz_level_info *telling_level(const struct jz_script_facts *f, uint32_t rule) {
    const struct jz_level_info *level = enabled_level(f, rule);
    bool is_clock = jz_program_rule(f->core->program, rule)->kind == JZ_KIND_CLOCK;
    bool tells =
        level && !is_clock && !level->rule_out && level->priority && level->priority < PRIORITY_DEFAULT;
    return tells ? level : NULL;
}

static void weigh_rule(struct jz_script_facts *f, uint32_t rule, uint8_t rank[JZ_CONDITIONS_MAX]) {
    const struct jz_level_info *level = enabled_level(f, rule);
    if (!level) return;
    uint8_t priority = level->priority ? level->priority : (uint8_t)UNRANKED;
    for (uint32_t c = 0; c < JZ_CONDITIONS_MAX; c++)
        if (level->conditions >> c & 1u && priority < rank[c]) rank[c] = priority;
    if (level->priority) f->has_priority = true;
    if (telling_level(f, rule)) rank_fields(f, rule, priority);
}

/* The rule that is told: the most urgent one, of such one that asks for a condition, of such one that asks for what is told
 * first. */
static void choose_rule(struct jz_script_facts *f) {
    uint32_t most = UINT32_MAX, rules = f->core->program ? jz_program_rule_count(f->core->program) : 0;
    uint64_t first = 0;
    if (f->condition_count)
        first = UINT64_C(1) << f->condition[0] |
                jz_program_condition(f->core->program, f->condition[0])->replaces;
    for (uint32_t i = 0; i < rules; i++) {
        const struct jz_level_info *level = telling_level(f, i);
        if (!level) continue;
        uint32_t urgency = level->priority * 4u + !level->conditions * 2u + !(level->conditions & first);
        if (urgency == most && f->also == UINT32_MAX) f->also = i;
        if (urgency >= most) continue;
        f->rule = i;
        f->also = UINT32_MAX;
        most = urgency;
    }
}

/* A condition is as urgent as those that it stands for, which are not told beside it. @return those that are told */
static uint64_t stand_for(const struct jz_script_facts *f, uint8_t rank[JZ_CONDITIONS_MAX], uint32_t count) {
    uint64_t left = f->e->conditions;
    for (uint32_t c = 0; c < count; c++) {
        uint64_t replaces = jz_program_condition(f->core->program, c)->replaces & f->e->conditions;
        if (!(f->e->conditions >> c & 1u)) continue;
        left &= ~replaces;
        for (uint32_t other = 0; other < count; other++)
            if (replaces >> other & 1u && rank[other] < rank[c]) rank[c] = rank[other];
    }
    return left;
}

/* Latched conditions by rank, equal ones as the packs have them. */
static void order_conditions(struct jz_script_facts *f, uint8_t rank[JZ_CONDITIONS_MAX]) {
    uint32_t count = f->core->program ? jz_program_condition_count(f->core->program) : 0;
    uint64_t left = stand_for(f, rank, count);

    for (uint32_t r = 0; r <= LATCHED_ONLY; r++)
        for (uint32_t c = 0; c < count; c++)
            if (left >> c & 1u && rank[c] == r) f->condition[f->condition_count++] = (uint8_t)c;
}

static void weigh(struct jz_script_facts *f) {
    uint8_t rank[JZ_CONDITIONS_MAX];
    uint32_t rules = f->core->program ? jz_program_rule_count(f->core->program) : 0;
    memset(f->field_rank, JZ_SCRIPT_NO_RANK, sizeof f->field_rank);
    memset(rank, LATCHED_ONLY, sizeof rank);
    for (uint32_t i = 0; i < rules; i++) weigh_rule(f, i, rank);
    order_conditions(f, rank);
    choose_rule(f);
}

uint32_t jz_script_ecg_rule(const struct jz_script_facts *f) {
    static const char pack[] = "chest-pain/ecg-";
    uint32_t best = UINT32_MAX, least = UINT32_MAX;
    for (uint32_t i = 0; f->core->program && i < jz_program_rule_count(f->core->program); i++) {
        const struct jz_rule_info *info = jz_program_rule(f->core->program, i);
        const struct jz_level_info *level =
            strncmp(info->pack, pack, sizeof pack - 1) == 0 ? jz_script_level(f, i) : NULL;
        if (!level || level->rule_out || !level->priority || level->priority >= least) continue;
        least = level->priority;
        best = i;
    }
    return best;
}

/* --- arrival -------------------------------------------------------------------------------------------------- */

static bool is_here(const struct jz_script_facts *f) {
    const struct jz_encounter *e = f->e;
    bool arrived = e->phase == JZ_PHASE_ARRIVED || e->phase == JZ_PHASE_HANDED_OVER;
    return arrived && f->alert && e->destination_alert == f->alert->id;
}

struct jz_script_eta jz_script_arrival(const struct jz_script_facts *f) {
    const struct jz_encounter *e = f->e;
    struct jz_script_value door = jz_script_look(f, "door");
    if (is_here(f) && jz_script_told(&door))
        return (struct jz_script_eta){.kind = JZ_ETA_DONE, .ms = door.taken_ms};
    uint32_t travel_s = f->facility == JZ_SCRIPT_NO_FACILITY || !e->travel_ms ? 0 : e->travel_s[f->facility];
    if (!travel_s) return (struct jz_script_eta){.kind = JZ_ETA_UNKNOWN};
    bool left = happened(f, e->from_facility ? "door_out" : "left_scene");
    struct jz_script_eta eta = {.kind = left ? JZ_ETA_AT : JZ_ETA_EARLIEST,
                                .ms = e->travel_ms + (int64_t)travel_s * 1000};
    /* Who has not left cannot be late; from a travel time that old nothing follows. */
    if (eta.ms < f->now_ms) eta.kind = left ? JZ_ETA_PASSED : JZ_ETA_UNKNOWN;
    if (f->now_ms - e->travel_ms > JZ_SCRIPT_TRAVEL_FRESH_MS) eta.age_ms = f->now_ms - e->travel_ms;
    return eta;
}

/* -------------------------------------------------------------------------------------------------------------- */

void jz_script_gather(struct jz_script_facts *f, const struct jz_core *core, uint32_t slot, uint32_t facility,
                      int64_t now_ms) {
    assert(slot < core->head.encounter_count);
    bool listed = core->directory && facility < core->directory->facility_count;
    const struct jz_encounter *e = &core->encounter[slot];
    *f = (struct jz_script_facts){.core = core,
                                  .e = e,
                                  .facility = listed ? facility : JZ_SCRIPT_NO_FACILITY,
                                  .now_ms = now_ms,
                                  .rule = UINT32_MAX,
                                  .also = UINT32_MAX};
    for (uint32_t i = 0; listed && i < e->alert_count; i++)
        if (jz_alerts(core, slot)[i].facility == facility) f->alert = &jz_alerts(core, slot)[i];
    f->off = f->alert && (f->alert->state == JZ_ALERT_WITHDRAWN || f->alert->state == JZ_ALERT_EXPIRED);
    f->standby = f->alert && f->alert->standby && !f->off;
    f->who = who_is(f);
    f->has_priority = e->priority != PRIORITY_DEFAULT || e->priority != e->rule_priority;
    weigh(f);
}
