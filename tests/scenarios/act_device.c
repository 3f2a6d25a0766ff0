/* SPDX-License-Identifier: Apache-2.0 */
/* What ambulances and clinics do. */
#include <stdlib.h>
#include <string.h>

#include "verbs.h"

static const char *word(const struct part *part, uint32_t ahead) {
    return part->at + ahead < part->end ? part->words->word[part->at + ahead] : "";
}

/* A frame about the patient of the saying, on the lane that devices use for its kind. */
static enum jz_status send(struct scene *s, struct saying *saying, struct jz_frame *frame) {
    uint32_t patient = act_patient(s, saying->patient);
    if (patient == JZ_NONE_U32) return JZ_OK;
    saying->device->patient = patient;
    frame->has_encounter = true;
    frame->encounter = s->patient[patient].id;
    frame->at_ms = saying->taken_ms;
    bool vital = frame->kind == JZ_FRAME_VITALS || frame->kind == JZ_FRAME_POSITION;
    frame->lane = vital ? JZ_LANE_VITALS : JZ_LANE_URGENT;
    return scene_from_device(s, saying->device, frame);
}

/* --- lists of values -------------------------------------------------------------------------------------------------------- */

struct list {
    struct jz_fact fact[64];
    struct jz_absent absent[JZ_READINGS_PER_FRAME_MAX];
    uint32_t count, absent_count;
    bool has_place;
    int32_t lat_e7, lon_e7;
};

static uint32_t code_of(const char *name) {
    return jz_field_at(jz_field_by_name(name))->code;
}

static void add(struct scene *s, struct list *list, uint32_t code, int32_t value) {
    for (uint32_t i = 0; i < list->count; i++)
        if (list->fact[i].code == code) {
            scene_error(s, "%s is there twice", jz_field_at(jz_field_by_code(code))->name);
            return;
        }
    if (list->count == sizeof list->fact / sizeof list->fact[0])
        scene_error(s, "too many values in one line");
    else
        list->fact[list->count++] = (struct jz_fact){code, value};
}

/* "male 58", "female 31": how crews say it. */
static bool take_person(struct scene *s, struct part *part, struct list *list) {
    int64_t age;
    bool male = strcmp(word(part, 0), "male") == 0, female = strcmp(word(part, 0), "female") == 0;
    if (!male && !female) return false;
    add(s, list, code_of("sex"), male ? 1 : 2);
    part->at++;
    if (words_end(part)) return true;
    if (!word_number(word(part, 0), &age) || part->at + 1 != part->end)
        scene_error(s, "\"%s\": wanted the age in years", word(part, 0));
    else
        add(s, list, code_of("age_years"), (int32_t)(age / 1000));
    return true;
}

static bool take_absence(struct list *list, const struct part *part, uint32_t field) {
    uint32_t why;
    struct part rest = {part->words, part->at + 1, part->end};
    if (name_fit(&rest, absence_names, &why) != rest.end - rest.at ||
        list->absent_count == JZ_READINGS_PER_FRAME_MAX)
        return false;
    list->absent[list->absent_count++] = (struct jz_absent){jz_field_at(field)->code, (enum jz_absence)why};
    return true;
}

static void take_value(struct scene *s, struct list *list, struct part part) {
    char why[256];
    int32_t value;
    uint32_t field = jz_field_by_name(word(&part, 0));
    if (field == JZ_FIELD_UNKNOWN) {
        scene_error(s, "\"%s\" is no field; the names are in protocol/fields", word(&part, 0));
        return;
    }
    if (take_absence(list, &part, field)) return;
    part.at++;
    if (word_value(&part, field, &value, why, sizeof why))
        add(s, list, jz_field_at(field)->code, value);
    else
        scene_error(s, "%s", why);
}

static void take_list(struct scene *s, struct saying *saying, struct list *list) {
    memset(list, 0, sizeof *list);
    while (!words_end(&saying->rest) && !s->broken) {
        struct word_arg arg[WORD_ARGS_MAX];
        struct fit fit = {0};
        struct part part = words_next(&saying->rest, ","), at = part;
        if (words_end(&part)) continue;
        if (words_fit(s, &at, "at <place>", arg, &fit) && words_end(&at)) {
            list->has_place = true;
            list->lat_e7 = (int32_t)((uint64_t)arg[0].number >> 32);
            list->lon_e7 = (int32_t)(uint32_t)arg[0].number;
        } else if (!take_person(s, &part, list)) {
            take_value(s, list, part);
        }
    }
}

static void only_values(struct scene *s, const struct list *list, bool absences) {
    if (list->has_place || (list->absent_count && !absences))
        scene_error(s, "only fields with values are allowed here");
    if (list->count > JZ_FACTS_PER_FRAME_MAX)
        scene_error(s, "more than %u values in one line", JZ_FACTS_PER_FRAME_MAX);
}

/* --- the verbs ---------------------------------------------------------------------------------------------------------------- */

static enum jz_status opens(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    struct list list;
    struct jz_frame frame = {.kind = JZ_FRAME_ENCOUNTER_OPEN};
    take_list(s, saying, &list);
    if (s->broken) return JZ_OK;
    frame.open.complaint = (enum jz_complaint)arg[0].number;
    frame.open.callsign = (struct jz_text){saying->device->name, (uint32_t)strlen(saying->device->name)};
    frame.open.facts.count = list.count;
    memcpy(frame.open.facts.item, list.fact, sizeof frame.open.facts.item);
    if (list.has_place)
        frame.open.position =
            (struct jz_point){.has = true, .lat_e7 = list.lat_e7, .lon_e7 = list.lon_e7, .accuracy_m = 10};
    return send(s, saying, &frame);
}

static enum jz_status reports(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    struct list list;
    struct jz_frame frame = {.kind = JZ_FRAME_VITALS};
    (void)arg;
    take_list(s, saying, &list);
    only_values(s, &list, true);
    for (uint32_t i = 0; i < list.count && !s->broken; i++) {
        const struct jz_field *field = jz_field_at(jz_field_by_code(list.fact[i].code));
        if (field->kind != 'v')
            scene_error(s, "%s is no vital sign; say it with \"finds\" or \"learns\"", field->name);
    }
    if (s->broken) return JZ_OK;
    frame.vitals.count = list.count;
    memcpy(frame.vitals.item, list.fact, sizeof frame.vitals.item);
    frame.vitals.absent_count = list.absent_count;
    memcpy(frame.vitals.absent, list.absent, sizeof frame.vitals.absent);
    return send(s, saying, &frame);
}

/* Each finding is a frame of its own, all of one moment. */
static enum jz_status finds(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    struct list list;
    enum jz_status status = JZ_OK;
    (void)arg;
    take_list(s, saying, &list);
    only_values(s, &list, false);
    for (uint32_t i = 0; i < list.count && !s->broken && status == JZ_OK; i++) {
        struct jz_frame frame = {.kind = JZ_FRAME_FINDING};
        frame.finding.code = list.fact[i].code;
        frame.finding.value = list.fact[i].value;
        frame.finding.observer = saying->physician ? JZ_OBSERVER_PHYSICIAN
                                 : saying->machine ? JZ_OBSERVER_MACHINE
                                                   : JZ_OBSERVER_CREW;
        status = send(s, saying, &frame);
    }
    return status;
}

static enum jz_status learns(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    struct list list;
    struct jz_frame frame = {.kind = JZ_FRAME_ENCOUNTER_UPDATE};
    (void)arg;
    take_list(s, saying, &list);
    only_values(s, &list, false);
    if (s->broken) return JZ_OK;
    frame.update.facts.count = list.count;
    memcpy(frame.update.facts.item, list.fact, sizeof frame.update.facts.item);
    return send(s, saying, &frame);
}

static enum jz_status marks(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    struct jz_frame frame = {.kind = JZ_FRAME_MILESTONE};
    frame.milestone.what = (enum jz_milestone)arg[0].number;
    frame.milestone.happened_ms =
        (saying->taken_ms ? saying->taken_ms : s->now_ms) + saying->device->ahead_ms;
    saying->taken_ms = 0; /* tapped now */
    return send(s, saying, &frame);
}

static enum jz_status is_at(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    struct jz_frame frame = {.kind = JZ_FRAME_POSITION};
    frame.position = (struct jz_point){.has = true,
                                       .lat_e7 = (int32_t)((uint64_t)arg[0].number >> 32),
                                       .lon_e7 = (int32_t)(uint32_t)arg[0].number,
                                       .accuracy_m = 20};
    return send(s, saying, &frame);
}

static enum jz_status gives(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    static const uint32_t ug[] = {1000, 1, 1000000};
    struct jz_frame frame = {.kind = JZ_FRAME_MEDICATION};
    frame.medication.drug = (struct jz_text){arg[0].text, (uint32_t)strlen(arg[0].text)};
    frame.medication.dose_ug = (uint32_t)arg[1].number * ug[arg[2].number];
    frame.medication.route = (enum jz_drug_route)arg[3].number;
    return send(s, saying, &frame);
}

static enum jz_status closes(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    struct jz_frame frame = {.kind = JZ_FRAME_ENCOUNTER_CLOSE};
    frame.close.reason = (enum jz_close_reason)arg[0].number;
    return send(s, saying, &frame);
}

/* --- what the shell measures of a recording --------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    uint32_t code; /* MDC_ECG_LEAD_*: partition 2 of IEEE 11073-10101 */
} leads[] = {{"i", 131073},   {"ii", 131074},  {"iii", 131133}, {"avr", 131134},
             {"avl", 131135}, {"avf", 131136}, {"v1", 131075},  {"v2", 131076},
             {"v3", 131077},  {"v4", 131078},  {"v5", 131079},  {"v6", 131080}};
enum { LEADS = sizeof leads / sizeof leads[0] };

/* What a lead of an ordinary ECG measures, by the beginning of the field's name. */
static const struct {
    const char *prefix;
    int32_t value;
} ordinary[] = {{"st_slope_", 2}, {"st_", 0},  {"t_shape_", 1}, {"t_", 200},
                {"r_", 800},      {"s_", 300}, {"qrs_", 3}};

static bool said(const struct list *list, uint32_t code) {
    for (uint32_t i = 0; i < list->count; i++)
        if (list->fact[i].code == code) return true;
    return false;
}

static int by_code(const void *a, const void *b) {
    uint32_t x = ((const struct jz_fact *)a)->code, y = ((const struct jz_fact *)b)->code;
    return (x > y) - (x < y);
}

static void fill_ordinary(struct jz_measurement *m, const struct list *list, uint64_t off) {
    for (size_t k = 0; k < sizeof ordinary / sizeof ordinary[0]; k++)
        for (uint32_t lead = 0; lead < LEADS; lead++) {
            char name[32];
            snprintf(name, sizeof name, "%s%s", ordinary[k].prefix, leads[lead].name);
            uint32_t field = jz_field_by_name(name);
            if (field == JZ_FIELD_UNKNOWN || said(list, jz_field_at(field)->code) || off >> lead & 1u)
                continue;
            m->fact[m->fact_count++] = (struct jz_fact){jz_field_at(field)->code, ordinary[k].value};
        }
}

static void fill_leads(struct jz_measurement *m, uint64_t off) {
    m->lead_count = LEADS;
    for (uint32_t i = 0; i < LEADS; i++) {
        bool is_off = off >> i & 1u;
        m->lead[i] = (struct jz_measured_lead){leads[i].code, is_off ? 0 : 90, is_off, !is_off};
    }
}

/* "lead v3 off" takes it out of `rest`. */
static uint64_t take_leads_off(struct scene *s, struct saying *saying, bool *otherwise_ordinary,
                               struct part *values) {
    uint64_t off = 0;
    struct part rest = saying->rest;
    *otherwise_ordinary = false;
    *values = (struct part){saying->rest.words, saying->rest.end, saying->rest.end};
    while (!words_end(&rest)) {
        uint32_t from = rest.at;
        struct part part = words_next(&rest, ",");
        struct word_arg arg[WORD_ARGS_MAX];
        struct fit fit = {0};
        struct part at = part;
        if (words_end(&part)) continue;
        if (words_fit(s, &at, "otherwise ordinary", arg, &fit) && words_end(&at)) {
            *otherwise_ordinary = true;
            continue;
        }
        at = part;
        if (words_fit(s, &at, "lead {i|ii|iii|avr|avl|avf|v1|v2|v3|v4|v5|v6} off", arg, &fit) &&
            words_end(&at)) {
            off |= UINT64_C(1) << arg[0].number;
            continue;
        }
        values->at = from; /* values come last */
        break;
    }
    return off;
}

static enum jz_status measured(struct scene *s, struct saying *saying, struct jz_measurement *m) {
    static uint8_t bytes[JZ_MEASUREMENT_BYTES_MAX];
    size_t written;
    uint32_t patient = act_patient(s, saying->patient);
    if (patient == JZ_NONE_U32) return JZ_OK;
    saying->device->patient = patient;
    m->encounter = s->patient[patient].id;
    m->taken_ms = (saying->taken_ms ? saying->taken_ms : s->now_ms) + s->server_ahead_ms;
    m->segments = 10;
    m->version = 1;
    for (uint32_t i = 0; i < JZ_NUMBER_COUNT; i++) m->number[i] = JZ_NUMBER_UNKNOWN;
    qsort(m->fact, m->fact_count, sizeof m->fact[0], by_code);
    enum jz_status status = jz_measurement_encode(m, bytes, sizeof bytes, &written);
    if (status != JZ_OK) return status;
    struct jz_event event = {.kind = JZ_EVENT_MEASUREMENT, .original = {bytes, (uint32_t)written}};
    return scene_apply(s, &event);
}

static enum jz_status unreadable_ecg(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    struct jz_measurement m = {
        .wave = JZ_WAVE_ECG, .snapshot = ++s->snapshot_count, .duration_ms = 10000, .quality = 10};
    (void)arg;
    m.fact[m.fact_count++] = (struct jz_fact){code_of("ecg_unreadable"), 1};
    return measured(s, saying, &m);
}

static enum jz_status records_ecg(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    struct jz_measurement m = {.wave = JZ_WAVE_ECG,
                               .snapshot = ++s->snapshot_count,
                               .duration_ms = 10000,
                               .quality = 90,
                               .readable = true};
    struct list list;
    struct part values;
    bool rest_ordinary;
    (void)arg;
    uint64_t off = take_leads_off(s, saying, &rest_ordinary, &values);
    saying->rest = values;
    take_list(s, saying, &list);
    if (list.has_place || list.absent_count) scene_error(s, "only fields with values are allowed here");
    if (s->broken) return JZ_OK;
    memcpy(m.fact, list.fact, sizeof list.fact);
    m.fact_count = list.count;
    fill_leads(&m, off);
    if (rest_ordinary) fill_ordinary(&m, &list, off);
    if (!said(&list, code_of("ecg_unreadable")))
        m.fact[m.fact_count++] = (struct jz_fact){code_of("ecg_unreadable"), 0};
    return measured(s, saying, &m);
}

static enum jz_status records_ctg(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    struct jz_measurement m = {.wave = JZ_WAVE_CTG, .duration_ms = 1800000, .quality = 90, .readable = true};
    struct list list;
    (void)arg;
    take_list(s, saying, &list);
    if (list.has_place || list.absent_count) scene_error(s, "only fields with values are allowed here");
    if (s->broken) return JZ_OK;
    memcpy(m.fact, list.fact, sizeof list.fact);
    m.fact_count = list.count;
    return measured(s, saying, &m);
}

/* --- the device itself ---------------------------------------------------------------------------------------------------------- */

static enum jz_status clock_is(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    struct word_arg none[WORD_ARGS_MAX];
    struct fit fit = {0};
    saying->device->ahead_ms = arg[1].number == 0 ? arg[0].number : -arg[0].number;
    saying->device->ahead_known = !words_fit(s, &saying->rest, "and nobody knows", none, &fit);
    return JZ_OK;
}

static enum jz_status restarts(struct scene *s, struct saying *saying, const struct word_arg *arg) {
    (void)s;
    (void)arg;
    saying->device->epoch++;
    memset(saying->device->seq, 0, sizeof saying->device->seq);
    return JZ_OK;
}

const struct verb device_verbs[] = {
    {SPEAKER_DEVICE, "opens <complaint>", opens,
     "a new case; then, in any order: at a place, \"male 58\", facts with their values"},
    {SPEAKER_DEVICE, "reports", reports,
     "vital signs, one set of one moment; or why one is missing: spo2 probe-off"},
    {SPEAKER_DEVICE, "finds", finds, "findings; \"A's physician finds\" or \"A's machine finds\" says who"},
    {SPEAKER_DEVICE, "learns", learns, "facts and times: diabetes yes, pain_onset 90 min ago, ga_days 34w2d"},
    {SPEAKER_DEVICE, "marks <milestone>", marks, "taps a milestone, now or \", taken 3:00 ago\""},
    {SPEAKER_DEVICE, "is at <place>", is_at, "a position fix"},
    {SPEAKER_DEVICE, "gives <name> <number> {mg|ug|g} <route>", gives, "a drug"},
    {SPEAKER_DEVICE, "records an ECG that cannot be read", unreadable_ecg,
     "a recording in which no lead is usable"},
    {SPEAKER_DEVICE, "records an ECG", records_ecg,
     "what the server measured of a 12-lead ECG: \", otherwise ordinary\", \", lead v3 off\", then its "
     "values; the first is snapshot 1"},
    {SPEAKER_DEVICE, "records a CTG", records_ctg, "what the server measured of a cardiotocogram"},
    {SPEAKER_DEVICE, "closes the case as <end>", closes, "the crew ends the case"},
    {SPEAKER_DEVICE, "clock is <duration> {ahead|behind}", clock_is,
     "from now on; the server has measured it, unless \"and nobody knows\""},
    {SPEAKER_DEVICE, "restarts", restarts,
     "the device lost its outbox: sequence numbers begin anew in another epoch"},
    {.pattern = NULL}};
