/* SPDX-License-Identifier: Apache-2.0 */
/* What is expected of what people do with a case: milestones and targets, other records, consult, handover, choices. */
#include <string.h>

#include "hope.h"

/* --- milestones, each with its source ------------------------------------------------------------------------------------------- */

static const struct jz_stamp_record *stamp_of(const struct scene *s, uint32_t slot,
                                              const struct word_arg *about, char *so, size_t so_bytes) {
    const struct jz_encounter *e = hope_case(s, slot);
    for (uint32_t i = 0; i < e->stamp_count; i++)
        if (e->stamp[i].field == about[0].number) return &e->stamp[i];
    snprintf(so, so_bytes, "it is missing");
    return NULL;
}

CHECK(stamp_at) {
    const struct jz_stamp_record *stamp = stamp_of(s, slot, about, so, so_bytes);
    return stamp && hope_at(s, stamp->happened_ms, says[0].number, so, so_bytes);
}

CHECK(stamp_first) {
    const struct jz_stamp_record *stamp = stamp_of(s, slot, about, so, so_bytes);
    return stamp && hope_at(s, stamp->first_ms, says[0].number, so, so_bytes);
}

CHECK(stamp_source) {
    const struct jz_stamp_record *stamp = stamp_of(s, slot, about, so, so_bytes);
    return stamp && hope_number(stamp->source, says[0].number, source_names, so, so_bytes);
}

CHECK(stamp_corrected) {
    const struct jz_stamp_record *stamp = stamp_of(s, slot, about, so, so_bytes);
    return stamp && hope_number(stamp->corrections, says[0].number, NULL, so, so_bytes);
}

CHECK(stamp_missing) {
    (void)says;
    bool missing = stamp_of(s, slot, about, so, so_bytes) == NULL;
    if (!missing) snprintf(so, so_bytes, "it is known");
    return missing;
}

/* --- targets, as screens show them ---------------------------------------------------------------------------------------------- */

struct target {
    int64_t due_ms, predicted_ms; /* predicted: 0 where nothing is */
    uint64_t state, stage;
};

static void read_target(struct jz_reader *r, const char *wanted, struct target *out, bool *found) {
    struct target t = {0};
    (void)jz_read_array(r);
    struct jz_text id = jz_read_text(r);
    jz_read_skip(r);
    jz_read_skip(r);
    (void)jz_read_int(r);
    t.due_ms = jz_read_int(r);
    t.state = jz_read_uint(r);
    t.stage = jz_read_uint(r);
    if (r->data[r->at] == 0xf6) /* null */
        jz_read_skip(r);
    else
        t.predicted_ms = jz_read_int(r);
    if (strlen(wanted) != id.bytes || memcmp(wanted, id.data, id.bytes) != 0) return;
    *out = t;
    *found = true;
}

static bool target_of(const struct scene *s, uint32_t slot, const struct word_arg *about, struct target *out,
                      char *so, size_t so_bytes) {
    static uint8_t buffer[JZ_VIEW_BYTES_MAX];
    struct jz_writer w;
    struct jz_reader r;
    bool found = false;
    jz_writer_init(&w, buffer, sizeof buffer);
    jz_view_clocks(&w, s->core, slot, s->core->head.now_ms);
    jz_reader_init(&r, buffer, w.used);
    for (uint32_t left = jz_read_array(&r); left && r.status == JZ_OK; left--)
        read_target(&r, about[0].text, out, &found);
    if (!found) snprintf(so, so_bytes, "no screen shows it");
    return found && r.status == JZ_OK;
}

CHECK(target_state) {
    struct target t;
    return target_of(s, slot, about, &t, so, so_bytes) &&
           hope_number((int64_t)t.state, says[0].number, target_names, so, so_bytes);
}

CHECK(target_due) {
    struct target t;
    return target_of(s, slot, about, &t, so, so_bytes) && hope_at(s, t.due_ms, says[0].number, so, so_bytes);
}

/* Stages 0 to 3 of the warnings: none, 50, 80 and 100 percent. */
CHECK(target_warned) {
    static const int64_t percent[] = {0, 50, 80, 100};
    struct target t;
    return target_of(s, slot, about, &t, so, so_bytes) &&
           hope_number(t.stage < 4 ? percent[t.stage] : -1, says[0].number, NULL, so, so_bytes);
}

static bool predicted(const struct scene *s, uint32_t slot, const struct word_arg *about, struct target *t,
                      char *so, size_t so_bytes) {
    char at[32];
    if (!target_of(s, slot, about, t, so, so_bytes)) return false;
    snprintf(so, so_bytes, "predicted is %s",
             t->predicted_ms ? scene_time(s, t->predicted_ms - s->server_ahead_ms, at) : "nothing");
    return t->predicted_ms != 0;
}

CHECK(target_late) {
    struct target t;
    (void)says;
    return predicted(s, slot, about, &t, so, so_bytes) && t.predicted_ms > t.due_ms;
}

CHECK(target_in_time) {
    struct target t;
    (void)says;
    return predicted(s, slot, about, &t, so, so_bytes) && t.predicted_ms <= t.due_ms;
}

CHECK(target_predicted) {
    struct target t;
    return predicted(s, slot, about, &t, so, so_bytes) &&
           hope_at(s, t.predicted_ms, says[0].number, so, so_bytes);
}

CHECK(target_missing) {
    struct target t;
    (void)says;
    bool missing = !target_of(s, slot, about, &t, so, so_bytes);
    if (!missing) snprintf(so, so_bytes, "it is shown");
    return missing;
}

/* --- consult ---------------------------------------------------------------------------------------------------------------------- */

/* The newest of this patient, ended or not. */
static const struct jz_consult_record *consult_of(const struct scene *s, uint32_t slot, char *so,
                                                  size_t so_bytes) {
    const struct jz_consult_record *newest = NULL;
    for (uint32_t i = 0; i < JZ_CONSULTS_MAX; i++) {
        const struct jz_consult_record *c = &s->core->region->consult[i];
        bool own = memcmp(&c->encounter, &hope_case(s, slot)->id, sizeof c->encounter) == 0;
        if (c->state && own && (!newest || c->number > newest->number)) newest = c;
    }
    if (!newest) snprintf(so, so_bytes, "nobody was asked");
    return newest;
}

CHECK(consult_state) {
    const struct jz_consult_record *c = consult_of(s, slot, so, so_bytes);
    (void)about;
    return c && hope_number(c->state, says[0].number, consult_names, so, so_bytes);
}

CHECK(consult_round) {
    const struct jz_consult_record *c = consult_of(s, slot, so, so_bytes);
    (void)about;
    return c && hope_number(c->tries, says[0].number, NULL, so, so_bytes);
}

CHECK(consult_late) {
    const struct jz_consult_record *c = consult_of(s, slot, so, so_bytes);
    (void)about;
    (void)says;
    if (!c) return false;
    snprintf(so, so_bytes, "the promised time has not passed");
    return c->late != 0;
}

CHECK(consult_by) {
    const struct jz_consult_record *c = consult_of(s, slot, so, so_bytes);
    (void)about;
    return c && hope_text(c->consultant, says[0].text, so, so_bytes);
}

CHECK(consult_concludes) {
    const struct jz_consult_record *c = consult_of(s, slot, so, so_bytes);
    (void)about;
    return c && hope_number(c->conclusion, says[0].number, conclusion_names, so, so_bytes);
}

CHECK(consult_opinion) {
    const struct jz_consult_record *c = consult_of(s, slot, so, so_bytes);
    (void)about;
    return c && hope_text(c->opinion, says[0].text, so, so_bytes);
}

CHECK(consult_about) {
    const struct jz_consult_record *c = consult_of(s, slot, so, so_bytes);
    (void)about;
    return c && hope_number((int64_t)c->snapshot, says[0].number, NULL, so, so_bytes);
}

CHECK(consult_none) {
    (void)about;
    (void)says;
    bool none = consult_of(s, slot, so, so_bytes) == NULL;
    if (!none) snprintf(so, so_bytes, "there is one");
    return none;
}

CHECK(seen_by_consultant) {
    (void)about;
    snprintf(so, so_bytes, "this consultant may not see the patient");
    return jz_core_consultant_sees(s->core, says[0].text, slot);
}

/* --- handover ---------------------------------------------------------------------------------------------------------------------- */

CHECK(handover_given) {
    (void)about;
    return hope_text(hope_case(s, slot)->gives.person, says[0].text, so, so_bytes);
}

CHECK(handover_received) {
    (void)about;
    return hope_text(hope_case(s, slot)->receives.person, says[0].text, so, so_bytes);
}

CHECK(handover_reminded) {
    (void)about;
    (void)says;
    snprintf(so, so_bytes, "nobody was reminded");
    return hope_case(s, slot)->reminded != 0;
}

CHECK(handover_diagnosis) {
    (void)about;
    return hope_number(hope_case(s, slot)->diagnosis, says[0].number, diagnosis_names, so, so_bytes);
}

CHECK(handover_triage) {
    (void)about;
    return hope_number(hope_case(s, slot)->triage_right, says[0].number, triage_names, so, so_bytes);
}

/* --- other records, devices ---------------------------------------------------------------------------------------------------- */

CHECK(kin_is) {
    const struct jz_encounter *e = hope_case(s, slot);
    (void)about;
    snprintf(so, so_bytes, "no such record is linked");
    for (uint32_t i = 0; i < JZ_KIN_MAX; i++)
        if (e->kin[i].since_ms && e->kin[i].kind == says[0].number &&
            memcmp(&e->kin[i].id, &s->patient[says[1].number].id, sizeof e->kin[i].id) == 0)
            return true;
    return false;
}

CHECK(no_kin) {
    (void)about;
    (void)says;
    snprintf(so, so_bytes, "%u records are linked", JZ_KIN_MAX - jz_kin_free(hope_case(s, slot)));
    return jz_kin_free(hope_case(s, slot)) == JZ_KIN_MAX;
}

CHECK(tag_is) {
    (void)about;
    return hope_text(hope_case(s, slot)->tag, says[0].text, so, so_bytes);
}

CHECK(no_tag) {
    (void)about;
    (void)says;
    return hope_text(hope_case(s, slot)->tag, "", so, so_bytes);
}

CHECK(device_count) {
    uint8_t peer[JZ_DEVICES_PER_ENCOUNTER_MAX][16];
    (void)about;
    return hope_number(jz_core_encounter_devices(s->core, slot, peer), says[0].number, NULL, so, so_bytes);
}

CHECK(callsign_is) {
    (void)about;
    return hope_text(hope_case(s, slot)->callsign, says[0].text, so, so_bytes);
}

CHECK(seen_by) {
    (void)about;
    snprintf(so, so_bytes, "that hospital may not see the patient");
    return jz_core_facility_sees(s->core, says[0].text, slot);
}

/* --- what people decided ------------------------------------------------------------------------------------------------------- */

CHECK(chosen_is) {
    const struct jz_encounter *e = hope_case(s, slot);
    (void)about;
    return hope_text(e->chosen ? hope_facility(s, e->chosen - 1u) : "", says[0].text, so, so_bytes);
}

CHECK(chosen_by) {
    (void)about;
    return hope_text(hope_case(s, slot)->chosen_by, says[0].text, so, so_bytes);
}

CHECK(chosen_why) {
    (void)about;
    return hope_number(hope_case(s, slot)->chosen_reason, says[0].number, why_names, so, so_bytes);
}

CHECK(nothing_chosen) {
    (void)about;
    (void)says;
    snprintf(so, so_bytes, "a person chose");
    return hope_case(s, slot)->chosen == 0;
}

CHECK(rule_priority) {
    (void)about;
    return hope_number(hope_case(s, slot)->rule_priority, says[0].number, NULL, so, so_bytes);
}

CHECK(legs) {
    (void)about;
    return hope_number(hope_case(s, slot)->legs, says[0].number, NULL, so, so_bytes);
}

CHECK(came_from) {
    const struct jz_encounter *e = hope_case(s, slot);
    (void)about;
    return hope_text(e->from_facility ? hope_facility(s, e->from_facility - 1u) : "", says[0].text, so,
                     so_bytes);
}

#define STAMP "stamp <field>"
#define TARGET "target <rule>"
#define CONSULT "consult"
#define HANDOVER "handover"
const struct hope care_hopes[] = {
    {STAMP, "at <time>", stamp_at, "when the milestone happened"},
    {STAMP, "first at <time>", stamp_first, "as it was said first; a correction stands beside it"},
    {STAMP, "by <source>", stamp_source, "how it is known"},
    {STAMP, "corrected <number> times", stamp_corrected, ""},
    {STAMP, "missing", stamp_missing, ""},
    {TARGET, "<target>", target_state, "a time target as screens show it"},
    {TARGET, "due at <time>", target_due, ""},
    {TARGET, "warned at <number>", target_warned, "percent: 50, 80 or 100; 0 where nobody was warned yet"},
    {TARGET, "predicted at <time>", target_predicted, "from the way and the hospital's own record"},
    {TARGET, "predicted late", target_late, ""},
    {TARGET, "predicted in time", target_in_time, ""},
    {TARGET, "missing", target_missing, "it does not apply, or has not begun"},
    {CONSULT, "<consult>", consult_state, "the newest question about this patient"},
    {CONSULT, "round <number>", consult_round, "of those who are asked"},
    {CONSULT, "late", consult_late, "the promised ten minutes have passed"},
    {CONSULT, "by <name>", consult_by, "who took it"},
    {CONSULT, "concludes <conclusion>", consult_concludes, ""},
    {CONSULT, "says <text>", consult_opinion, ""},
    {CONSULT, "about ECG <number>", consult_about, ""},
    {CONSULT, "none", consult_none, ""},
    {HANDOVER, "given by <name>", handover_given, "the crew's signature"},
    {HANDOVER, "received by <name>", handover_received, "the hospital's signature"},
    {HANDOVER, "reminded", handover_reminded, "a signature was missing after 15 min"},
    {HANDOVER, "diagnosis <diagnosis>", handover_diagnosis, "what the hospital found"},
    {HANDOVER, "triage <verdict>", handover_triage, ""},
    {"", "<kin> <patient>", kin_is, "what the other record is to this one: newborn Xiao"},
    {"", "no kin", no_kin, "no other record is linked"},
    {"", "tag <name>", tag_is, ""},
    {"", "no tag", no_tag, ""},
    {"", "<number> devices", device_count, "are with the patient"},
    {"", "callsign <name>", callsign_is, "of the crew that is called"},
    {"", "seen by <hospital>", seen_by, "it may see this patient"},
    {"", "seen by consultant <name>", seen_by_consultant, ""},
    {"", "chosen <hospital>", chosen_is, "by a person over the ranking"},
    {"", "chosen by <name>", chosen_by, ""},
    {"", "chosen because <why>", chosen_why, ""},
    {"", "nothing chosen", nothing_chosen, ""},
    {"", "rules found priority <number>", rule_priority, "where a person set another"},
    {"", "transferred <number> times", legs, "from one hospital to the next"},
    {"", "transferred from <hospital>", came_from, ""},
    {.says = NULL}};
