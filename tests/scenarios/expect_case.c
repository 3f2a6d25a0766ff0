/* SPDX-License-Identifier: Apache-2.0 */
/* What is expected of the case: priority, conditions, directive, milestones, readings. */
#include <string.h>

#include "hope.h"

/* --- what all files of expectations use --------------------------------------------------------------------------------------- */

const struct jz_encounter *hope_case(const struct scene *s, uint32_t slot) {
    return &s->core->encounter[slot];
}

const char *hope_facility(const struct scene *s, uint32_t facility) {
    return s->core->directory->facility[facility].id;
}

const struct jz_alert_record *hope_alert(const struct scene *s, uint32_t slot, int64_t facility) {
    const struct jz_alert_record *newest = NULL;
    for (uint32_t i = 0; i < hope_case(s, slot)->alert_count; i++)
        if (jz_alerts(s->core, slot)[i].facility == facility) newest = &jz_alerts(s->core, slot)[i];
    return newest;
}

void hope_conditions(const struct scene *s, uint64_t bits, char *out, size_t capacity) {
    size_t used = 0;
    snprintf(out, capacity, "none");
    for (uint32_t i = 0; i < jz_program_condition_count(s->files->program) && used < capacity; i++)
        if (bits >> i & 1u)
            used += (size_t)snprintf(out + used, capacity - used, "%s%s", used ? " " : "",
                                     jz_program_condition(s->files->program, i)->id);
}

bool hope_bound(int64_t how, int64_t is_s, int64_t wanted_ms) {
    int64_t wanted_s = wanted_ms / 1000;
    return how == 0 ? is_s == wanted_s : how == 1 ? is_s <= wanted_s : is_s >= wanted_s;
}

bool hope_at(const struct scene *s, int64_t ms, int64_t story_ms, char *so, size_t so_bytes) {
    char at[32];
    snprintf(so, so_bytes, "it is %s", ms ? scene_time(s, ms - s->server_ahead_ms, at) : "never");
    return ms && ms - s->server_ahead_ms == s->start_ms + story_ms;
}

bool hope_text(const char *is, const char *wanted, char *so, size_t so_bytes) {
    snprintf(so, so_bytes, "it is \"%s\"", is);
    return strcmp(is, wanted) == 0;
}

bool hope_number(int64_t is, int64_t wanted, const struct named *rows, char *so, size_t so_bytes) {
    if (rows)
        snprintf(so, so_bytes, "it is %s", name_of(rows, (uint32_t)is));
    else
        snprintf(so, so_bytes, "it is %lld", (long long)is);
    return is == wanted;
}

/* --- the case -------------------------------------------------------------------------------------------------------------- */

CHECK(priority) {
    (void)about;
    snprintf(so, so_bytes, "it is %u", hope_case(s, slot)->priority);
    return hope_case(s, slot)->priority == says[0].number;
}

CHECK(condition) {
    char list[300];
    (void)about;
    hope_conditions(s, hope_case(s, slot)->conditions, list, sizeof list);
    snprintf(so, so_bytes, "there is %s", list);
    return hope_case(s, slot)->conditions >> says[0].number & 1u;
}

CHECK(no_condition) {
    (void)about;
    (void)says;
    char list[300];
    hope_conditions(s, hope_case(s, slot)->conditions, list, sizeof list);
    snprintf(so, so_bytes, "there is %s", list);
    return hope_case(s, slot)->conditions == 0;
}

CHECK(phase) {
    (void)about;
    snprintf(so, so_bytes, "it is %s", name_of(phase_names, hope_case(s, slot)->phase));
    return hope_case(s, slot)->phase == says[0].number;
}

CHECK(closed_as) {
    (void)about;
    const struct jz_encounter *e = hope_case(s, slot);
    snprintf(so, so_bytes, "it is %s, as %s", name_of(phase_names, e->phase),
             name_of(close_names, e->close_reason));
    return e->phase == JZ_PHASE_CLOSED && e->close_reason == says[0].number;
}

/* --- directive ---------------------------------------------------------------------------------------------------------------- */

static const char *directive_place(const struct scene *s, const struct jz_encounter *e) {
    const struct jz_alert_record *alert = jz_alert_find(s->core, e->directive_alert, NULL);
    return alert ? hope_facility(s, alert->facility) : "";
}

static void say_directive(const struct scene *s, const struct jz_encounter *e, char *so, size_t so_bytes) {
    snprintf(so, so_bytes, "it is %s %s, measure %s", name_of(directive_names, e->directive),
             directive_place(s, e),
             e->directive_measure == JZ_FIELD_NONE ? "nothing" : jz_field_at(e->directive_measure)->name);
}

CHECK(directive_to) {
    (void)about;
    const struct jz_encounter *e = hope_case(s, slot);
    say_directive(s, e, so, so_bytes);
    return e->directive == JZ_DIRECTIVE_DESTINATION && strcmp(directive_place(s, e), says[0].text) == 0;
}

CHECK(directive_none) {
    (void)about;
    (void)says;
    const struct jz_encounter *e = hope_case(s, slot);
    say_directive(s, e, so, so_bytes);
    return e->directive == JZ_DIRECTIVE_NO_DESTINATION;
}

CHECK(no_directive) {
    (void)about;
    (void)says;
    const struct jz_encounter *e = hope_case(s, slot);
    say_directive(s, e, so, so_bytes);
    return e->directive == JZ_DIRECTIVE_UNKNOWN;
}

CHECK(directive_measure) {
    (void)about;
    const struct jz_encounter *e = hope_case(s, slot);
    say_directive(s, e, so, so_bytes);
    return e->directive_measure == says[0].number;
}

/* --- milestones and readings ---------------------------------------------------------------------------------------------------- */

CHECK(milestone_at) {
    char at[32];
    (void)about;
    int64_t is = hope_case(s, slot)->milestone[says[0].number];
    snprintf(so, so_bytes, "it is %s", is ? scene_time(s, is - s->server_ahead_ms, at) : "missing");
    return is && is - s->server_ahead_ms == s->start_ms + says[1].number;
}

CHECK(milestone_missing) {
    char at[32];
    (void)about;
    int64_t is = hope_case(s, slot)->milestone[says[0].number];
    snprintf(so, so_bytes, "it is %s", is ? scene_time(s, is, at) : "missing");
    return is == 0;
}

static uint32_t shown(const struct scene *s, uint32_t slot, uint32_t field, char *so, size_t so_bytes) {
    struct jz_reading r = jz_chart_reading(&hope_case(s, slot)->chart, field);
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
    struct jz_reading r = jz_chart_reading(&hope_case(s, slot)->chart, (uint32_t)says[0].number);
    return r.validity != JZ_ABSENT && r.value == says[1].number;
}

CHECK(alert_count) {
    (void)about;
    snprintf(so, so_bytes, "there are %u", hope_case(s, slot)->alert_count);
    return hope_case(s, slot)->alert_count == says[0].number;
}

CHECK(no_alert) {
    (void)about;
    (void)says;
    snprintf(so, so_bytes, "there are %u", hope_case(s, slot)->alert_count);
    return hope_case(s, slot)->alert_count == 0;
}

CHECK(no_alert_at) {
    (void)about;
    const struct jz_alert_record *a = hope_alert(s, slot, says[0].number);
    snprintf(so, so_bytes, "there is one, %s", a ? name_of(alert_state_names, a->state) : "none");
    return a == NULL;
}

const struct hope case_hopes[] = {
    {"", "priority <number>", priority, "of the case, 1 most urgent"},
    {"", "condition <condition>", condition, "the case asks for what this condition needs"},
    {"", "no condition", no_condition, ""},
    {"", "case <phase>", phase, ""},
    {"", "closed as <end>", closed_as, ""},
    {"", "directive destination <hospital>", directive_to, "where the crew is told to go"},
    {"", "directive no destination", directive_none, "the crew is told that no hospital is found"},
    {"", "directive measure <field>", directive_measure, "what the crew is asked to measure next"},
    {"", "no directive", no_directive, ""},
    {"", "milestone <milestone> at <time>", milestone_at, ""},
    {"", "milestone <milestone> missing", milestone_missing, ""},
    {"", "reading <field> is <value>", reading_value, ""},
    {"", "reading <field> <validity>", reading_is, "as screens show it now"},
    {"", "no alert at <hospital>", no_alert_at, ""},
    {"", "no alert", no_alert, ""},
    {"", "<number> alerts", alert_count, "of this case, whatever became of them"},
    {.says = NULL}};
