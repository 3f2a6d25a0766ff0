/* SPDX-License-Identifier: Apache-2.0 */
/* A patient in words, for whoever reads why a scenario failed. */
#include <string.h>

#include "words.h"

static void heading(FILE *to, const char *text) {
    fprintf(to, "    %s\n", text);
}

uint8_t scene_validity(const struct scene *s, uint32_t field, const struct jz_reading *r) {
    int64_t fresh_ms = (int64_t)jz_field_at(field)->fresh_s * 1000;
    bool aged = r->validity == JZ_VALID && fresh_ms && s->core->head.now_ms - r->taken_ms > fresh_ms;
    return aged ? (uint8_t)JZ_STALE : r->validity;
}

/* Readings of one time and validity on one line. */
static void readings(const struct scene *s, FILE *to, const struct jz_encounter *e) {
    char value[64], at[32];
    int64_t taken_ms = -1;
    uint8_t validity = UINT8_MAX;
    for (uint32_t field = 0; field < jz_field_count(); field++) {
        if (!e->chart.slot[field]) continue;
        struct jz_reading r = jz_chart_reading(&e->chart, field);
        const struct jz_field *def = jz_field_at(field);
        uint8_t now = scene_validity(s, field, &r);
        bool same = r.taken_ms == taken_ms && now == validity;
        taken_ms = r.taken_ms;
        validity = now;
        word_of_value(field, r.value, value, sizeof value);
        if (same)
            fprintf(to, ",");
        else
            fprintf(to, "%s    known, %s, of %s:", taken_ms < 0 ? "" : "\n", name_of(validity_names, now),
                    scene_time(s, taken_ms, at));
        fprintf(to, " %s%s%s", def->name, def->kind == 'e' ? "" : " ", def->kind == 'e' ? "" : value);
    }
    fprintf(to, "\n");
}

static void inputs(FILE *to, const char *what, const struct jz_rule_info *info, uint64_t bits) {
    if (!bits) return;
    fprintf(to, ", %s", what);
    for (uint32_t i = 0; i < info->input_count; i++)
        if (bits >> i & 1u) fprintf(to, " %s", jz_field_at(info->input[i])->name);
}

static const char *level_id(const struct jz_program *program, uint32_t rule, uint8_t level) {
    return level == JZ_LEVEL_NONE ? "none" : jz_program_level(program, rule, level)->id;
}

static void rule_line(const struct scene *s, FILE *to, const struct jz_encounter *e, uint32_t rule) {
    const struct jz_program *program = s->files->program;
    const struct jz_rule_info *info = jz_program_rule(program, rule);
    struct jz_assessment a;
    jz_rule_evaluate(program, &e->chart, rule, s->core->head.now_ms, &a);
    fprintf(to, "      %s %s", info->id, name_of(rule_status_names, a.result.status));
    if (a.result.level != JZ_LEVEL_NONE) fprintf(to, ", level %s", level_id(program, rule, a.result.level));
    if (a.result.level_hi != a.result.level)
        fprintf(to, ", could be %s", level_id(program, rule, a.result.level_hi));
    if (info->kind == JZ_KIND_SCORE) fprintf(to, ", score %d to %d", a.result.lo, a.result.hi);
    if (a.priority) fprintf(to, ", priority %u", a.priority);
    inputs(to, "because", info, a.because);
    inputs(to, "misses", info, a.missing);
    inputs(to, "stale", info, a.stale);
    fprintf(to, "\n");
}

static void rules(const struct scene *s, FILE *to, const struct jz_encounter *e, uint8_t status,
                  const char *text) {
    heading(to, text);
    for (uint32_t i = 0; i < jz_program_rule_count(s->files->program); i++) {
        const struct jz_rule_result *r = &e->chart.result[i];
        if (r->status == status && (status == JZ_RULE_FIRED || r->known)) rule_line(s, to, e, i);
    }
}

static void conditions(const struct scene *s, FILE *to, uint64_t bits) {
    for (uint32_t i = 0; i < jz_program_condition_count(s->files->program); i++)
        if (bits >> i & 1u) fprintf(to, " %s", jz_program_condition(s->files->program, i)->id);
}

static void ranking(const struct scene *s, FILE *to, const struct jz_encounter *e) {
    struct jz_ranking rank;
    const struct jz_facility *f = s->core->directory->facility;
    jz_rank_encounter(s->core, e, &rank);
    fprintf(to, "    ranking by %s, goal %s:\n", e->provider[0] ? e->provider : "nobody",
            name_of(goal_names, rank.goal));
    for (uint32_t i = 0; i < rank.candidate_count && i < 8; i++)
        fprintf(to, "      %u %s, travel %u s, treatment %u s, preferred %u\n", i + 1,
                f[rank.candidate[i].facility].id, rank.candidate[i].travel_s, rank.candidate[i].treatment_s,
                rank.candidate[i].preferred);
    fprintf(to, "      excluded:");
    for (uint32_t i = 0; i < rank.exclusion_count; i++)
        fprintf(to, "%s %s %s%s%s", i ? "," : "", f[rank.exclusion[i].facility].id,
                name_of(exclusion_names, rank.exclusion[i].why), rank.exclusion[i].capability[0] ? " " : "",
                rank.exclusion[i].capability);
    fprintf(to, "\n");
}

static void teams(FILE *to, const struct jz_alert_record *a) {
    for (uint32_t i = 0; i < JZ_TEAM_COUNT; i++)
        if (a->team[i].needed || a->team[i].receipt)
            fprintf(to, "; %s team %s%s", name_of(team_names, i), name_of(receipt_names, a->team[i].receipt),
                    a->team[i].late ? ", late" : "");
}

static void alerts(const struct scene *s, FILE *to, const struct jz_encounter *e, uint32_t slot) {
    char at[32];
    heading(to, "alerts:");
    for (uint32_t i = 0; i < e->alert_count; i++) {
        const struct jz_alert_record *a = &jz_alerts(s->core, slot)[i];
        fprintf(to, "      %s %s since %s, asked %u times, priority %u%s%s%s, travel %u s, for",
                s->core->directory->facility[a->facility].id, name_of(alert_state_names, a->state),
                scene_time(s, a->changed_ms, at), a->occurrence, a->priority,
                a->escalated ? ", escalated" : "", a->person[0] ? ", by " : "", a->person, a->travel_s);
        conditions(s, to, a->conditions);
        fprintf(to, "; %s, rung %u%s%s%s", name_of(grade_names, a->grade), a->rung,
                a->standby ? ", standby" : "", a->technical ? ", technical" : "", a->told ? ", told" : "");
        teams(to, a);
        fprintf(to, "\n");
    }
}

static void milestones(const struct scene *s, FILE *to, const struct jz_encounter *e) {
    char at[32];
    heading(to, "milestones:");
    for (uint32_t i = 0; i < e->stamp_count; i++) {
        const struct jz_stamp_record *stamp = &e->stamp[i];
        fprintf(to, "      %s %s by %s", jz_field_at(stamp->field)->name,
                scene_time(s, stamp->happened_ms - s->server_ahead_ms, at),
                name_of(source_names, stamp->source));
        if (stamp->corrections)
            fprintf(to, ", first %s", scene_time(s, stamp->first_ms - s->server_ahead_ms, at));
        fprintf(to, "\n");
    }
}

static void directive(const struct scene *s, FILE *to, const struct jz_encounter *e) {
    const struct jz_alert_record *alert = jz_alert_find(s->core, e->directive_alert, NULL);
    fprintf(to, "    directive %llu: %s", (unsigned long long)e->directive_number,
            name_of(directive_names, e->directive));
    if (alert) fprintf(to, " %s", s->core->directory->facility[alert->facility].id);
    if (e->directive_measure != JZ_FIELD_NONE)
        fprintf(to, ", measure %s", jz_field_at(e->directive_measure)->name);
    fprintf(to, "\n");
}

/* What people did with the case. */
static void care(const struct scene *s, FILE *to, const struct jz_encounter *e) {
    if (e->chosen)
        fprintf(to, "    chosen: %s by %s because %s\n", s->core->directory->facility[e->chosen - 1u].id,
                e->chosen_by, name_of(why_names, e->chosen_reason));
    if (e->gives.ms || e->receives.ms || e->reminded)
        fprintf(to, "    handover: given by \"%s\", received by \"%s\"%s\n", e->gives.person,
                e->receives.person, e->reminded ? ", reminded" : "");
    if (e->consult) {
        const struct jz_consult_record *c = &s->core->region->consult[e->consult - 1u];
        fprintf(to, "    consult: %s, round %u, by \"%s\"%s\n", name_of(consult_names, c->state), c->tries,
                c->consultant, c->late ? ", late" : "");
    }
}

void scene_show(const struct scene *s, uint32_t slot) {
    FILE *to = s->to;
    const struct jz_encounter *e = &s->core->encounter[slot];
    char at[32];
    fprintf(to, "  what is so at %s: priority %u, %s, conditions", scene_time(s, s->now_ms, at), e->priority,
            name_of(phase_names, e->phase));
    conditions(s, to, e->conditions);
    fprintf(to, "\n");
    milestones(s, to, e);
    readings(s, to, e);
    rules(s, to, e, JZ_RULE_FIRED, "rules that fired:");
    rules(s, to, e, JZ_RULE_CANNOT_EVALUATE, "rules that cannot be evaluated, though something is known:");
    alerts(s, to, e, slot);
    directive(s, to, e);
    care(s, to, e);
    ranking(s, to, e);
}
