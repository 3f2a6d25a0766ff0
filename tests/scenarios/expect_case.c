/* SPDX-License-Identifier: Apache-2.0 */
/* What is expected of the case: priority, conditions, ranking, directive, milestones, readings; and of its alerts. */
#include <string.h>

#include "verbs.h"

#define CHECK(name)                                                                                          \
    static bool name(const struct scene *s, uint32_t slot, const struct word_arg *about,                     \
                     const struct word_arg *says, char *so, size_t so_bytes)

static const struct jz_encounter *case_of(const struct scene *s, uint32_t slot) {
    return &s->core->encounter[slot];
}

static const char *facility_id(const struct scene *s, uint32_t facility) {
    return s->core->directory->facility[facility].id;
}

/* --- the case -------------------------------------------------------------------------------------------------------------- */

CHECK(priority) {
    (void)about;
    snprintf(so, so_bytes, "it is %u", case_of(s, slot)->priority);
    return case_of(s, slot)->priority == says[0].number;
}

static void list_conditions(const struct scene *s, uint64_t bits, char *out, size_t capacity) {
    size_t used = 0;
    snprintf(out, capacity, "none");
    for (uint32_t i = 0; i < jz_program_condition_count(s->files->program) && used < capacity; i++)
        if (bits >> i & 1u)
            used += (size_t)snprintf(out + used, capacity - used, "%s%s", used ? " " : "",
                                     jz_program_condition(s->files->program, i)->id);
}

CHECK(condition) {
    char list[300];
    (void)about;
    list_conditions(s, case_of(s, slot)->conditions, list, sizeof list);
    snprintf(so, so_bytes, "there is %s", list);
    return case_of(s, slot)->conditions >> says[0].number & 1u;
}

CHECK(no_condition) {
    (void)about;
    (void)says;
    char list[300];
    list_conditions(s, case_of(s, slot)->conditions, list, sizeof list);
    snprintf(so, so_bytes, "there is %s", list);
    return case_of(s, slot)->conditions == 0;
}

CHECK(phase) {
    (void)about;
    snprintf(so, so_bytes, "it is %s", name_of(phase_names, case_of(s, slot)->phase));
    return case_of(s, slot)->phase == says[0].number;
}

CHECK(closed_as) {
    (void)about;
    const struct jz_encounter *e = case_of(s, slot);
    snprintf(so, so_bytes, "it is %s, as %s", name_of(phase_names, e->phase),
             name_of(close_names, e->close_reason));
    return e->phase == JZ_PHASE_CLOSED && e->close_reason == says[0].number;
}

/* --- directive ---------------------------------------------------------------------------------------------------------------- */

static const char *directive_place(const struct scene *s, const struct jz_encounter *e) {
    const struct jz_alert_record *alert = jz_alert_find(s->core, e->directive_alert, NULL);
    return alert ? facility_id(s, alert->facility) : "";
}

static void say_directive(const struct scene *s, const struct jz_encounter *e, char *so, size_t so_bytes) {
    snprintf(so, so_bytes, "it is %s %s, measure %s", name_of(directive_names, e->directive),
             directive_place(s, e),
             e->directive_measure == JZ_FIELD_NONE ? "nothing" : jz_field_at(e->directive_measure)->name);
}

CHECK(directive_to) {
    (void)about;
    const struct jz_encounter *e = case_of(s, slot);
    say_directive(s, e, so, so_bytes);
    return e->directive == JZ_DIRECTIVE_DESTINATION && strcmp(directive_place(s, e), says[0].text) == 0;
}

CHECK(directive_none) {
    (void)about;
    (void)says;
    const struct jz_encounter *e = case_of(s, slot);
    say_directive(s, e, so, so_bytes);
    return e->directive == JZ_DIRECTIVE_NO_DESTINATION;
}

CHECK(no_directive) {
    (void)about;
    (void)says;
    const struct jz_encounter *e = case_of(s, slot);
    say_directive(s, e, so, so_bytes);
    return e->directive == JZ_DIRECTIVE_UNKNOWN;
}

CHECK(directive_measure) {
    (void)about;
    const struct jz_encounter *e = case_of(s, slot);
    say_directive(s, e, so, so_bytes);
    return e->directive_measure == says[0].number;
}

/* --- ranking ------------------------------------------------------------------------------------------------------------------ */

static const struct jz_candidate *candidate_of(const struct jz_ranking *rank, int64_t facility) {
    for (uint32_t i = 0; i < rank->candidate_count; i++)
        if (rank->candidate[i].facility == facility) return &rank->candidate[i];
    return NULL;
}

static const struct jz_exclusion *exclusion_of(const struct jz_ranking *rank, int64_t facility) {
    for (uint32_t i = 0; i < rank->exclusion_count; i++)
        if (rank->exclusion[i].facility == facility) return &rank->exclusion[i];
    return NULL;
}

static void say_ranking(const struct scene *s, const struct jz_ranking *rank, char *so, size_t so_bytes) {
    size_t used = (size_t)snprintf(so, so_bytes, "goal %s, ranking", name_of(goal_names, rank->goal));
    for (uint32_t i = 0; i < rank->candidate_count && used < so_bytes; i++)
        used += (size_t)snprintf(so + used, so_bytes - used, " %s %u s",
                                 facility_id(s, rank->candidate[i].facility), rank->candidate[i].travel_s);
    if (!rank->candidate_count) snprintf(so, so_bytes, "nobody is ranked");
}

static void rank_case(const struct scene *s, uint32_t slot, struct jz_ranking *rank, char *so,
                      size_t so_bytes) {
    jz_rank_encounter(s->core, case_of(s, slot), rank);
    say_ranking(s, rank, so, so_bytes);
}

CHECK(ranked) {
    struct jz_ranking rank;
    (void)about;
    rank_case(s, slot, &rank, so, so_bytes);
    return says[0].number >= 1 && says[0].number <= rank.candidate_count &&
           rank.candidate[says[0].number - 1].facility == says[1].number;
}

CHECK(goal) {
    struct jz_ranking rank;
    (void)about;
    rank_case(s, slot, &rank, so, so_bytes);
    return rank.goal == (enum jz_goal)says[0].number;
}

CHECK(candidate) {
    struct jz_ranking rank;
    (void)about;
    rank_case(s, slot, &rank, so, so_bytes);
    return candidate_of(&rank, says[0].number) != NULL;
}

CHECK(excluded) {
    struct jz_ranking rank;
    (void)about;
    rank_case(s, slot, &rank, so, so_bytes);
    const struct jz_exclusion *x = exclusion_of(&rank, says[0].number);
    if (x)
        snprintf(so, so_bytes, "it is excluded because %s %s", name_of(exclusion_names, x->why),
                 x->capability);
    return x && x->why == says[1].number && (!says[2].text || strcmp(x->capability, says[2].text) == 0);
}

CHECK(all_excluded) {
    struct jz_ranking rank;
    (void)about;
    (void)says;
    rank_case(s, slot, &rank, so, so_bytes);
    return rank.candidate_count == 0;
}

/* {exactly|at most|at least}: the first argument. */
static bool compare(int64_t how, int64_t is_s, int64_t wanted_ms) {
    int64_t wanted_s = wanted_ms / 1000;
    return how == 0 ? is_s == wanted_s : how == 1 ? is_s <= wanted_s : is_s >= wanted_s;
}

CHECK(travel) {
    (void)about;
    const struct jz_encounter *e = case_of(s, slot);
    uint32_t is = e->travel_s[says[0].number];
    snprintf(so, so_bytes, "it is %u s by %s", is, e->provider[0] ? e->provider : "nobody");
    return is != JZ_TRAVEL_NONE && compare(says[1].number, is, says[2].number);
}

CHECK(treatment) {
    struct jz_ranking rank;
    (void)about;
    rank_case(s, slot, &rank, so, so_bytes);
    const struct jz_candidate *c = candidate_of(&rank, says[0].number);
    if (c) snprintf(so, so_bytes, "it is %u s", c->treatment_s);
    return c && compare(says[1].number, c->treatment_s, says[2].number);
}

CHECK(travel_by) {
    (void)about;
    const struct jz_encounter *e = case_of(s, slot);
    snprintf(so, so_bytes, "it is by %s", e->provider[0] ? e->provider : "nobody");
    return strcmp(e->provider, says[0].text) == 0;
}

/* --- milestones and readings ---------------------------------------------------------------------------------------------------- */

CHECK(milestone_at) {
    char at[32];
    (void)about;
    int64_t is = case_of(s, slot)->milestone[says[0].number];
    snprintf(so, so_bytes, "it is %s", is ? scene_time(s, is - s->server_ahead_ms, at) : "missing");
    return is && is - s->server_ahead_ms == s->start_ms + says[1].number;
}

CHECK(milestone_missing) {
    char at[32];
    (void)about;
    int64_t is = case_of(s, slot)->milestone[says[0].number];
    snprintf(so, so_bytes, "it is %s", is ? scene_time(s, is, at) : "missing");
    return is == 0;
}

static uint32_t shown(const struct scene *s, uint32_t slot, uint32_t field, char *so, size_t so_bytes) {
    struct jz_reading r = jz_chart_reading(&case_of(s, slot)->chart, field);
    uint8_t validity = scene_validity(s, field, &r);
    char value[64], at[32];
    word_of_value(field, r.value, value, sizeof value);
    snprintf(so, so_bytes, "it is %s, %s, %s", value, name_of(validity_names, validity),
             scene_time(s, r.taken_ms, at));
    return validity;
}

CHECK(reading_is) {
    (void)about;
    return shown(s, slot, (uint32_t)says[0].number, so, so_bytes) == says[1].number;
}

CHECK(reading_value) {
    (void)about;
    shown(s, slot, (uint32_t)says[0].number, so, so_bytes);
    struct jz_reading r = jz_chart_reading(&case_of(s, slot)->chart, (uint32_t)says[0].number);
    return r.validity != JZ_ABSENT && r.value == says[1].number;
}

/* --- what a screen shows ------------------------------------------------------------------------------------------------------- */

/* Key 23 of the patient's view: true where a person must find a hospital. */
CHECK(needs_person) {
    static uint8_t buffer[2u * JZ_MESSAGE_BYTES_MAX];
    struct jz_writer w;
    struct jz_reader r;
    bool needs = false;
    (void)about;
    jz_writer_init(&w, buffer, sizeof buffer);
    if (jz_view_patient(s->core, slot, s->core->head.now_ms, false, &w) != JZ_OK) {
        snprintf(so, so_bytes, "the patient's view cannot be written");
        return false;
    }
    jz_reader_init(&r, buffer, w.used);
    for (uint32_t pairs = jz_read_map(&r); pairs && r.status == JZ_OK; pairs--) {
        uint64_t key = jz_read_uint(&r);
        if (key == 23)
            needs = jz_read_bool(&r);
        else
            jz_read_skip(&r);
    }
    snprintf(so, so_bytes, "the screen says that %s has to find a hospital", needs ? "a person" : "nobody");
    return needs == (says[0].number == 0);
}

CHECK(alert_count) {
    (void)about;
    snprintf(so, so_bytes, "there are %u", case_of(s, slot)->alert_count);
    return case_of(s, slot)->alert_count == says[0].number;
}

CHECK(no_alert) {
    (void)about;
    (void)says;
    snprintf(so, so_bytes, "there are %u", case_of(s, slot)->alert_count);
    return case_of(s, slot)->alert_count == 0;
}

static const struct jz_alert_record *alert_at(const struct scene *s, uint32_t slot, int64_t facility) {
    const struct jz_alert_record *newest = NULL;
    for (uint32_t i = 0; i < case_of(s, slot)->alert_count; i++)
        if (jz_alerts(s->core, slot)[i].facility == facility) newest = &jz_alerts(s->core, slot)[i];
    return newest;
}

CHECK(no_alert_at) {
    (void)about;
    const struct jz_alert_record *a = alert_at(s, slot, says[0].number);
    snprintf(so, so_bytes, "there is one, %s", a ? name_of(alert_state_names, a->state) : "none");
    return a == NULL;
}

#define BOUND "{exactly|at_most|at_least}"
const struct hope case_hopes[] = {
    {"", "priority <number>", priority, "of the case, 1 most urgent"},
    {"", "condition <condition>", condition, "the case asks for what this condition needs"},
    {"", "no condition", no_condition, ""},
    {"", "case <phase>", phase, "open, arrived or closed"},
    {"", "closed as <end>", closed_as, ""},
    {"", "directive destination <hospital>", directive_to, "where the crew is told to go"},
    {"", "directive no destination", directive_none, "the crew is told that no hospital is found"},
    {"", "directive measure <field>", directive_measure, "what the crew is asked to measure next"},
    {"", "no directive", no_directive, ""},
    {"", "ranking <number> <hospital>", ranked, ""},
    {"", "candidate <hospital>", candidate, "it is in the ranking"},
    {"", "goal <goal>", goal, "whether the first of the ranking treats in time"},
    {"", "excluded <hospital> because <exclusion> <capability>", excluded, ""},
    {"", "excluded <hospital> because <exclusion>", excluded, ""},
    {"", "all hospitals excluded", all_excluded, ""},
    {"", "travel to <hospital> " BOUND " <duration>", travel, ""},
    {"", "travel by <name>", travel_by, "who answered"},
    {"", "treatment at <hospital> " BOUND " <duration>", treatment, "predicted, from now"},
    {"", "milestone <milestone> at <time>", milestone_at, ""},
    {"", "milestone <milestone> missing", milestone_missing, ""},
    {"", "reading <field> is <value>", reading_value, ""},
    {"", "reading <field> <validity>", reading_is, "as screens show it now"},
    {"", "{a|no} person is needed", needs_person,
     "the screens say that no hospital was found and nobody is being asked"},
    {"", "no alert at <hospital>", no_alert_at, ""},
    {"", "no alert", no_alert, ""},
    {"", "<number> alerts", alert_count, "of this case, whatever became of them"},
    {.says = NULL}};

/* --- alerts ---------------------------------------------------------------------------------------------------------------------- */

static bool found(const struct jz_alert_record *a, char *so, size_t so_bytes) {
    if (!a) snprintf(so, so_bytes, "there is no alert there");
    return a != NULL;
}

CHECK(alert_state) {
    const struct jz_alert_record *a = alert_at(s, slot, about[0].number);
    if (!found(a, so, so_bytes)) return false;
    snprintf(so, so_bytes, "it is %s", name_of(alert_state_names, a->state));
    return a->state == says[0].number;
}

CHECK(alert_escalated) {
    const struct jz_alert_record *a = alert_at(s, slot, about[0].number);
    (void)says;
    if (!found(a, so, so_bytes)) return false;
    snprintf(so, so_bytes, "it is not escalated");
    return a->escalated != 0;
}

CHECK(alert_priority) {
    const struct jz_alert_record *a = alert_at(s, slot, about[0].number);
    if (!found(a, so, so_bytes)) return false;
    snprintf(so, so_bytes, "it is %u", a->priority);
    return a->priority == says[0].number;
}

CHECK(alert_asked) {
    const struct jz_alert_record *a = alert_at(s, slot, about[0].number);
    if (!found(a, so, so_bytes)) return false;
    snprintf(so, so_bytes, "asked %u times", a->occurrence);
    return a->occurrence == says[0].number;
}

CHECK(alert_by) {
    const struct jz_alert_record *a = alert_at(s, slot, about[0].number);
    if (!found(a, so, so_bytes)) return false;
    snprintf(so, so_bytes, "by \"%s\"", a->person);
    return strcmp(a->person, says[0].text) == 0;
}

CHECK(alert_for) {
    const struct jz_alert_record *a = alert_at(s, slot, about[0].number);
    char list[300];
    if (!found(a, so, so_bytes)) return false;
    list_conditions(s, a->conditions, list, sizeof list);
    snprintf(so, so_bytes, "it is for %s", list);
    return a->conditions >> says[0].number & 1u;
}

CHECK(alert_reason) {
    const struct jz_alert_record *a = alert_at(s, slot, about[0].number);
    if (!found(a, so, so_bytes)) return false;
    snprintf(so, so_bytes, "the reason is %s", name_of(decline_names, a->reason));
    return a->reason == says[0].number;
}

#define ALERT "alert at <hospital>"
const struct hope alert_hopes[] = {
    {ALERT, "<state>", alert_state, "the hospital's newest alert for this patient"},
    {ALERT, "escalated", alert_escalated, "nobody answered in time"},
    {ALERT, "priority <number>", alert_priority, ""},
    {ALERT, "asked <number> times", alert_asked, "each rise in severity rings again"},
    {ALERT, "by <name>", alert_by, "the person who answered"},
    {ALERT, "for <condition>", alert_for, ""},
    {ALERT, "reason <reason>", alert_reason, ""},
    {.says = NULL}};
