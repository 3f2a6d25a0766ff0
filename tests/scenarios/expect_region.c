/* SPDX-License-Identifier: Apache-2.0 */
/* What is expected of what belongs to no single patient: places, diversions, paths to boards, plans, proposals, notices, and
 * what stands on record. */
#include <string.h>

#include "hope.h"

/* --- places ------------------------------------------------------------------------------------------------------------------------- */

static enum jz_service service_of(const struct word_arg *about) {
    return (enum jz_service)about[0].number;
}

static bool is_known(const struct scene *s, const struct word_arg *about) {
    return jz_capacity_known(&s->core->region->capacity, (uint32_t)about[1].number, service_of(about),
                             s->core->head.now_ms) != JZ_CAPACITY_UNKNOWN;
}

static const struct jz_capacity_number *number_of(const struct scene *s, const struct word_arg *about,
                                                  char *so, size_t so_bytes) {
    const struct jz_capacity *capacity = &s->core->region->capacity;
    const struct jz_capacity_number *n =
        jz_capacity_number(capacity, (uint32_t)about[1].number, service_of(about));
    snprintf(so, so_bytes, "%d free, %s, %u held, said by \"%s\"",
             jz_capacity_shown(capacity, (uint32_t)about[1].number, service_of(about)),
             is_known(s, about) ? "known"
             : n->set_ms        ? "expired"
                                : "unknown",
             n->held, n->owner);
    return n;
}

CHECK(places_free) {
    (void)slot;
    number_of(s, about, so, so_bytes);
    return is_known(s, about) && jz_capacity_shown(&s->core->region->capacity, (uint32_t)about[1].number,
                                                   service_of(about)) == says[0].number;
}

CHECK(places_held) {
    (void)slot;
    return number_of(s, about, so, so_bytes)->held == says[0].number;
}

CHECK(places_unknown) {
    (void)slot;
    (void)says;
    return number_of(s, about, so, so_bytes)->set_ms == 0;
}

CHECK(places_expired) {
    (void)slot;
    (void)says;
    return number_of(s, about, so, so_bytes)->set_ms && !is_known(s, about);
}

CHECK(places_owner) {
    (void)slot;
    return strcmp(number_of(s, about, so, so_bytes)->owner, says[0].text) == 0;
}

CHECK(capability) {
    uint32_t f = (uint32_t)says[1].number, c = (uint32_t)says[0].number;
    (void)slot;
    (void)about;
    uint32_t is = jz_capacity_capability(
        &s->core->region->capacity, f, c,
        (enum jz_capability_state)s->core->directory->facility[f].capability[c], s->core->head.now_ms);
    snprintf(so, so_bytes, "it is %s", scene_capability_words[is]);
    return is == says[2].number;
}

/* --- diversions --------------------------------------------------------------------------------------------------------------------- */

static const struct jz_diversion *diversion_of(const struct scene *s, const struct word_arg *about, char *so,
                                               size_t so_bytes) {
    char at[32];
    const struct jz_diversion *d =
        jz_capacity_diversion(&s->core->region->capacity, (uint32_t)about[1].number, service_of(about));
    snprintf(so, so_bytes, "state %u until %s because %s, by \"%s\"", d->state,
             scene_time(s, d->until_ms - s->server_ahead_ms, at), name_of(why_names, d->reason), d->owner);
    return d;
}

CHECK(diversion_runs) {
    (void)slot;
    (void)says;
    diversion_of(s, about, so, so_bytes);
    return jz_capacity_diverting(&s->core->region->capacity, (uint32_t)about[1].number, service_of(about),
                                 s->core->head.now_ms);
}

CHECK(diversion_why) {
    (void)slot;
    return diversion_of(s, about, so, so_bytes)->reason == says[0].number;
}

CHECK(diversion_until) {
    (void)slot;
    return hope_at(s, diversion_of(s, about, so, so_bytes)->until_ms, says[0].number, so, so_bytes);
}

CHECK(diversion_by) {
    (void)slot;
    return strcmp(diversion_of(s, about, so, so_bytes)->owner, says[0].text) == 0;
}

/* --- paths to boards ------------------------------------------------------------------------------------------------------------------ */

CHECK(path_is) {
    (void)slot;
    return hope_number(s->core->region->probe[about[0].number].state, says[0].number, probe_names, so,
                       so_bytes);
}

CHECK(path_missed) {
    (void)slot;
    return hope_number(s->core->region->probe[about[0].number].missed, says[0].number, NULL, so, so_bytes);
}

CHECK(path_told) {
    struct jz_notice notice;
    (void)slot;
    (void)says;
    snprintf(so, so_bytes, "nobody outside is told");
    return jz_core_facility_notice(s->core, (uint32_t)about[0].number, &notice);
}

/* --- plans ---------------------------------------------------------------------------------------------------------------------------- */

struct placed {
    bool anything, differs, found;
    char best[32], greedy[32];
};

static void read_place(struct jz_reader *r, const struct jz_encounter_id *id, struct placed *out) {
    (void)jz_read_array(r);
    struct jz_bytes patient = jz_read_bytes(r);
    struct jz_text best = jz_read_text(r);
    jz_read_skip(r);
    struct jz_text greedy = jz_read_text(r);
    jz_read_skip(r);
    if (patient.bytes != sizeof id->byte || memcmp(patient.data, id->byte, patient.bytes) != 0) return;
    out->found = true;
    snprintf(out->best, sizeof out->best, "%.*s", (int)best.bytes, best.data);
    snprintf(out->greedy, sizeof out->greedy, "%.*s", (int)greedy.bytes, greedy.data);
}

/* @param patient  index; JZ_NONE_U32: none is asked about */
static struct placed plan_of(const struct scene *s, const struct word_arg *about, uint32_t patient, char *so,
                             size_t so_bytes) {
    static uint8_t buffer[JZ_VIEW_BYTES_MAX];
    static const struct jz_encounter_id nobody;
    struct placed out = {0};
    struct jz_writer w;
    struct jz_reader r;
    jz_writer_init(&w, buffer, sizeof buffer);
    enum jz_status status = jz_view_plan(s->core, service_of(about), s->core->head.now_ms, &out.anything, &w);
    jz_reader_init(&r, buffer, w.used);
    for (uint32_t pairs = status == JZ_OK ? jz_read_map(&r) : 0; pairs && r.status == JZ_OK; pairs--) {
        uint64_t key = jz_read_uint(&r);
        if (key == 9)
            for (uint32_t left = jz_read_array(&r); left && r.status == JZ_OK; left--)
                read_place(&r, patient == JZ_NONE_U32 ? &nobody : &s->patient[patient].id, &out);
        else if (key == 10)
            out.differs = jz_read_bool(&r);
        else
            jz_read_skip(&r);
    }
    snprintf(so, so_bytes, "%s, together \"%s\", in turn \"%s\"",
             !out.anything ? "there is no plan"
             : out.differs ? "the two differ"
                           : "the two are the same",
             out.best, out.greedy);
    return out;
}

CHECK(plan_places) {
    (void)slot;
    struct placed p = plan_of(s, about, (uint32_t)says[0].number, so, so_bytes);
    return p.found && strcmp(p.best, says[1].text) == 0;
}

CHECK(plan_nowhere) {
    (void)slot;
    struct placed p = plan_of(s, about, (uint32_t)says[0].number, so, so_bytes);
    return p.found && !p.best[0];
}

CHECK(plan_in_turn) {
    (void)slot;
    struct placed p = plan_of(s, about, (uint32_t)says[0].number, so, so_bytes);
    return p.found && strcmp(p.greedy, says[1].text) == 0;
}

CHECK(plan_differs) {
    (void)slot;
    (void)says;
    return plan_of(s, about, JZ_NONE_U32, so, so_bytes).differs;
}

CHECK(plan_empty) {
    (void)slot;
    (void)says;
    return !plan_of(s, about, JZ_NONE_U32, so, so_bytes).anything;
}

/* --- proposals ------------------------------------------------------------------------------------------------------------------------ */

static const struct jz_proposal_record *proposal_of(const struct scene *s, char *so, size_t so_bytes) {
    const struct jz_proposal_record *newest = NULL;
    for (uint32_t i = 0; i < JZ_PROPOSALS_MAX; i++) {
        const struct jz_proposal_record *p = &s->core->region->proposal[i];
        if (p->number && (!newest || p->number > newest->number)) newest = p;
    }
    if (!newest) snprintf(so, so_bytes, "nothing was proposed");
    return newest;
}

CHECK(proposal_is) {
    const struct jz_proposal_record *p = proposal_of(s, so, so_bytes);
    (void)slot;
    (void)about;
    return p && hope_number(p->state, says[0].number, proposal_names, so, so_bytes);
}

CHECK(proposal_by) {
    const struct jz_proposal_record *p = proposal_of(s, so, so_bytes);
    (void)slot;
    (void)about;
    return p && hope_text(p->person, says[0].text, so, so_bytes);
}

CHECK(proposal_to) {
    const struct jz_proposal_record *p = proposal_of(s, so, so_bytes);
    (void)slot;
    (void)about;
    return p && hope_number(p->what, says[0].number, action_names, so, so_bytes);
}

CHECK(proposal_none) {
    (void)slot;
    (void)about;
    (void)says;
    bool none = proposal_of(s, so, so_bytes) == NULL;
    if (!none) snprintf(so, so_bytes, "something was proposed");
    return none;
}

/* --- notices -------------------------------------------------------------------------------------------------------------------------- */

static bool has_notice(const struct scene *s, uint32_t slot, int64_t kind, int64_t facility, char *so,
                       size_t so_bytes) {
    struct jz_notice notice[JZ_NOTICES_MAX];
    uint32_t count = jz_core_notices(s->core, slot, notice, JZ_NOTICES_MAX);
    size_t used = (size_t)snprintf(so, so_bytes, count ? "there is" : "there is none");
    for (uint32_t i = 0; i < count; i++) {
        if (notice[i].kind == kind && (facility < 0 || notice[i].facility == facility)) return true;
        if (used < so_bytes)
            used += (size_t)snprintf(so + used, so_bytes - used, " %s",
                                     name_of(notice_names, (uint32_t)notice[i].kind));
    }
    return false;
}

CHECK(notice_at) {
    (void)about;
    return has_notice(s, slot, says[0].number, says[1].number, so, so_bytes);
}

CHECK(notice) {
    (void)about;
    return has_notice(s, slot, says[0].number, -1, so, so_bytes);
}

CHECK(no_notice) {
    struct jz_notice notice[JZ_NOTICES_MAX];
    (void)about;
    (void)says;
    uint32_t count = jz_core_notices(s->core, slot, notice, JZ_NOTICES_MAX);
    snprintf(so, so_bytes, "there is %s", count ? name_of(notice_names, (uint32_t)notice[0].kind) : "none");
    return count == 0;
}

/* --- on record: what the journal says ------------------------------------------------------------------------------------------------- */

#define VALUES_MAX 16u
struct decision {
    uint64_t kind;
    int64_t number[VALUES_MAX]; /* by key; 0 where it is no number */
    struct jz_text text[VALUES_MAX];
};

/* By the first byte of an item: what it is. */
static void read_value(struct jz_reader *r, uint64_t key, struct decision *d) {
    uint8_t major = (uint8_t)(r->data[r->at] >> 5);
    if (key >= VALUES_MAX)
        jz_read_skip(r);
    else if (major <= 1)
        d->number[key] = jz_read_int(r);
    else if (major == 3)
        d->text[key] = jz_read_text(r);
    else
        jz_read_skip(r);
}

static bool read_decision(struct jz_reader *r, struct decision *d) {
    memset(d, 0, sizeof *d);
    for (uint32_t pairs = jz_read_map(r); pairs && r->status == JZ_OK; pairs--)
        read_value(r, jz_read_uint(r), d);
    d->kind = (uint64_t)d->number[3];
    return r->status == JZ_OK;
}

typedef bool (*wanted_decision)(const struct scene *s, const struct decision *d, const struct word_arg *about,
                                const struct word_arg *says);

/* The newest decision that fits. */
static bool find_decision(const struct scene *s, wanted_decision wanted, const struct word_arg *about,
                          const struct word_arg *says, struct decision *out) {
    bool found = false;
    for (size_t i = 0; i < s->record_count; i++) {
        struct jz_reader r;
        struct decision d;
        jz_reader_init(&r, s->record[i].decisions, s->record[i].decision_bytes);
        r.items_max = r.bytes_max = UINT32_MAX;
        while (r.at < r.bytes && read_decision(&r, &d)) {
            if (!wanted(s, &d, about, says)) continue;
            *out = d;
            found = true;
        }
    }
    return found;
}

static bool is_action(const struct scene *s, const struct decision *d, const struct word_arg *about,
                      const struct word_arg *says) {
    (void)s;
    (void)says;
    return d->kind == JZ_DECISION_ACTION && d->number[5] == about[0].number;
}

static bool text_is(const struct decision *d, uint32_t key, const char *wanted, char *so, size_t so_bytes) {
    const struct jz_text *is = &d->text[key];
    snprintf(so, so_bytes, "it is \"%.*s\"", (int)is->bytes, is->data ? is->data : "");
    return strlen(wanted) == is->bytes && memcmp(wanted, is->data, is->bytes) == 0;
}

static bool action_of(const struct scene *s, const struct word_arg *about, struct decision *d, char *so,
                      size_t so_bytes) {
    snprintf(so, so_bytes, "no such action is on record");
    return find_decision(s, is_action, about, NULL, d);
}

CHECK(record_by) {
    struct decision d;
    (void)slot;
    return action_of(s, about, &d, so, so_bytes) && text_is(&d, 6, says[0].text, so, so_bytes);
}

CHECK(record_second) {
    struct decision d;
    (void)slot;
    return action_of(s, about, &d, so, so_bytes) && text_is(&d, 7, says[0].text, so, so_bytes);
}

CHECK(record_why) {
    struct decision d;
    (void)slot;
    return action_of(s, about, &d, so, so_bytes) &&
           hope_number(d.number[9], says[0].number, why_names, so, so_bytes);
}

CHECK(record_text) {
    struct decision d;
    (void)slot;
    return action_of(s, about, &d, so, so_bytes) && text_is(&d, 10, says[0].text, so, so_bytes);
}

CHECK(record_change) {
    struct decision d;
    (void)slot;
    if (!action_of(s, about, &d, so, so_bytes)) return false;
    snprintf(so, so_bytes, "from %lld to %lld", (long long)d.number[13], (long long)d.number[14]);
    return d.number[13] == says[0].number && d.number[14] == says[1].number;
}

CHECK(record_none) {
    struct decision d;
    (void)slot;
    (void)says;
    bool none = !action_of(s, about, &d, so, so_bytes);
    if (!none) snprintf(so, so_bytes, "there is one");
    return none;
}

static bool is_event(const struct scene *s, const struct decision *d, const struct word_arg *about,
                     const struct word_arg *says) {
    const char *id = hope_facility(s, (uint32_t)about[1].number);
    bool there = d->text[5].bytes == strlen(id) && memcmp(d->text[5].data, id, d->text[5].bytes) == 0;
    return d->kind == JZ_DECISION_SERVICE && there && d->number[6] == about[0].number &&
           d->number[7] == says[0].number;
}

CHECK(ledger) {
    struct decision d;
    (void)slot;
    snprintf(so, so_bytes, "no such record");
    return find_decision(s, is_event, about, says, &d);
}

#define PLACES "places of <service> at <hospital>"
#define DIVERSION "diversion of <service> at <hospital>"
#define PATH "path to <hospital>"
#define PLAN "plan for <service>"
#define PROPOSAL "proposal"
#define RECORD "record of <action>"
#define LEDGER "ledger of <service> at <hospital>"
const struct hope region_hopes[] = {
    {PLACES, "<number> free", places_free,
     "for another patient; the number stands. Less than 0: over-booked"},
    {PLACES, "<number> held", places_held, "for patients who are accepted and on their way"},
    {PLACES, "unknown", places_unknown, "nobody said a number"},
    {PLACES, "expired", places_expired, "somebody did, and it is too old: unknown again"},
    {PLACES, "said by <name>", places_owner, ""},
    {DIVERSION, "runs", diversion_runs, ""},
    {DIVERSION, "because <why>", diversion_why, ""},
    {DIVERSION, "until <time>", diversion_until, ""},
    {DIVERSION, "by <name>", diversion_by, ""},
    {LEDGER, "<event>", ledger, "it stands in the journal"},
    {PATH, "<path>", path_is, "from the centre to the sounder of its board"},
    {PATH, "<number> missed", path_missed, "probes, one after another"},
    {PATH, "told outside", path_told, "a notice goes to the city's own gateway"},
    {PLAN, "places <patient> at <hospital>", plan_places, "if all who want a place are looked at together"},
    {PLAN, "places <patient> nowhere", plan_nowhere, ""},
    {PLAN, "in turn <patient> at <hospital>", plan_in_turn, "if each in turn takes the best that is left"},
    {PLAN, "differs", plan_differs, "the two are not the same"},
    {PLAN, "empty", plan_empty, "nobody competes, or it makes no difference"},
    {PROPOSAL, "<proposal>", proposal_is, "the newest that needs a second person"},
    {PROPOSAL, "by <name>", proposal_by, ""},
    {PROPOSAL, "to <action>", proposal_to, ""},
    {PROPOSAL, "none", proposal_none, ""},
    {RECORD, "by <name>", record_by, "the newest action of that kind, in the journal"},
    {RECORD, "confirmed by <name>", record_second, "the second person"},
    {RECORD, "because <why>", record_why, ""},
    {RECORD, "says <text>", record_text, ""},
    {RECORD, "from <number> to <number>", record_change, "what it was before and after"},
    {RECORD, "none", record_none, ""},
    {"", "capability <capability> at <hospital> {absent|confirmed|assumed|unknown}", capability,
     "as it counts now"},
    {"", "notice <notice> at <hospital>", notice_at, "goes to people outside, for this patient"},
    {"", "notice <notice>", notice, ""},
    {"", "no notice", no_notice, ""},
    {.says = NULL}};
