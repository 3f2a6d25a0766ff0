/* SPDX-License-Identifier: Apache-2.0 */
/* A statement: who speaks, of whom, and which row of the tables it is. */
#include <ctype.h>
#include <string.h>

#include "verbs.h"

static const char *word(const struct part *part, uint32_t ahead) {
    return part->at + ahead < part->end ? part->words->word[part->at + ahead] : "";
}

/* --- patients ---------------------------------------------------------------------------------------------------------- */

uint32_t act_patient(struct scene *s, uint32_t said) {
    if (said != JZ_NONE_U32) return said;
    if (s->patient_count == 1) return 0;
    scene_error(s,
                s->patient_count ? "there are %u patients: say which (\"A with Zhang ...\", \", for Zhang\", "
                                   "\"expect for Zhang ...\")"
                                 : "there are %u patients: open one first",
                s->patient_count);
    return JZ_NONE_U32;
}

uint32_t act_slot(struct scene *s, uint32_t patient) {
    uint32_t slot;
    if (patient == JZ_NONE_U32) return JZ_NONE_U32;
    if (jz_core_encounter_slot(s->core, s->patient[patient].id, &slot)) return slot;
    scene_error(s, "the core knows no patient %s", s->patient[patient].name);
    return JZ_NONE_U32;
}

static uint32_t find_patient(const struct scene *s, const char *name) {
    for (uint32_t i = 0; i < s->patient_count; i++)
        if (strcmp(s->patient[i].name, name) == 0) return i;
    return JZ_NONE_U32;
}

static uint32_t new_patient(struct scene *s, const char *name) {
    if (find_patient(s, name) != JZ_NONE_U32 || s->patient_count == SCENE_PATIENTS_MAX) {
        scene_error(s, "%s is there already, or there are more than %u patients", name, SCENE_PATIENTS_MAX);
        return JZ_NONE_U32;
    }
    struct scene_patient *p = &s->patient[s->patient_count];
    snprintf(p->name, sizeof p->name, "%s", name);
    memset(&p->id, 0, sizeof p->id);
    p->id.byte[0] = 1;
    p->id.byte[2] = (uint8_t)(s->patient_count + 1);
    p->id.byte[15] = 0x51;
    return s->patient_count++;
}

uint32_t act_named(struct scene *s, const char *name) {
    uint32_t patient = find_patient(s, name);
    return patient == JZ_NONE_U32 ? new_patient(s, name) : patient;
}

/* --- speakers ------------------------------------------------------------------------------------------------------------ */

static struct scene_device *find_device(struct scene *s, const char *name) {
    for (uint32_t i = 0; i < s->device_count; i++)
        if (strcmp(s->device[i].name, name) == 0) return &s->device[i];
    return NULL;
}

static struct scene_device *new_device(struct scene *s, const char *name) {
    if (s->device_count == SCENE_DEVICES_MAX) {
        scene_error(s, "more than %u ambulances and clinics", SCENE_DEVICES_MAX);
        return NULL;
    }
    struct scene_device *d = &s->device[s->device_count++];
    *d = (struct scene_device){.epoch = 1, .patient = JZ_NONE_U32, .ahead_known = true};
    snprintf(d->name, sizeof d->name, "%s", name);
    d->id[0] = 0xaa;
    d->id[1] = (uint8_t)s->device_count;
    return d;
}

/* "A", or "A's" before what belongs to it. @return words taken */
static uint32_t take_device(struct scene *s, const struct part *part, struct saying *out) {
    char name[SCENE_NAME_BYTES];
    uint32_t words = 1;
    bool is_new = strcmp(word(part, 0), "ambulance") == 0 || strcmp(word(part, 0), "clinic") == 0;
    snprintf(name, sizeof name, "%s", word(part, is_new));
    size_t n = strlen(name);
    if (n > 2 && strcmp(name + n - 2, "'s") == 0) name[n - 2] = 0;
    out->device = find_device(s, name);
    if (!out->device && is_new && name[0]) out->device = new_device(s, name);
    if (!out->device) return 0;
    words += is_new;
    out->physician = strcmp(word(part, words), "physician") == 0;
    out->machine = strcmp(word(part, words), "machine") == 0;
    return words + (out->physician || out->machine);
}

/* "with Zhang"; a patient begins with "opens", or with "with new Zhang" where data come before anybody opened. */
static void take_with(struct scene *s, struct part *part, struct saying *out) {
    if (strcmp(word(part, 0), "with") != 0) {
        bool first = strcmp(word(part, 0), "opens") == 0;
        out->patient = first ? new_patient(s, out->device->name) : out->device->patient;
        return;
    }
    bool is_new = strcmp(word(part, 1), "new") == 0;
    const char *name = word(part, 1 + is_new);
    is_new |= strcmp(word(part, 2), "opens") == 0;
    out->patient = is_new ? new_patient(s, name) : find_patient(s, name);
    if (out->patient == JZ_NONE_U32 && !s->broken) scene_error(s, "no patient %s; open the case first", name);
    part->at += 2 + (strcmp(word(part, 1), "new") == 0);
}

static const char *take_name(struct part *part, const char *otherwise) {
    if (words_end(part) || part->words->mark[part->at] != '(') return otherwise;
    return part->words->word[part->at++];
}

static void take_hospital(struct scene *s, struct part *part, struct saying *out) {
    char duty[SCENE_NAME_BYTES];
    const char *id = word(part, 0);
    snprintf(duty, sizeof duty, "%s值班", id);
    part->at++;
    out->speaker = SPEAKER_HOSPITAL;
    out->person = scene_person(s, JZ_ROLE_RECEIVING, id, take_name(part, duty));
}

static bool take_role(struct scene *s, struct part *part, struct saying *out) {
    uint32_t role;
    uint32_t words = name_fit(part, role_names, &role);
    if (!words) return false;
    const char *title = word(part, 0);
    part->at += words;
    out->speaker = SPEAKER_PERSON;
    out->person = scene_person(s, (enum jz_role)role, "", take_name(part, title));
    return true;
}

static void take_speaker(struct scene *s, struct part *part, struct saying *out) {
    const char *first = word(part, 0);
    uint32_t words = take_device(s, part, out);
    if (words) {
        out->speaker = SPEAKER_DEVICE;
        part->at += words;
        take_with(s, part, out);
    } else if (jz_directory_facility(s->core->directory, first, strlen(first)) != JZ_NONE_U32) {
        take_hospital(s, part, out);
    } else if (!take_role(s, part, out)) {
        out->speaker = SPEAKER_WORLD;
    }
    if (out->speaker != SPEAKER_WORLD && !out->device && !out->person)
        scene_error(s, "too many people in one story");
}

/* --- what stands behind a statement, after its last comma -------------------------------------------------------------- */

/* "unknown alert" for JZ_E_UNKNOWN_ALERT. */
static bool take_status(const struct part *part, enum jz_status *status) {
    static const struct {
        const char *name;
        enum jz_status status;
    } rows[] = {
#define ROW(name, number, text) {#name, name},
        JZ_STATUS_LIST(ROW)
#undef ROW
    };
    char wanted[64] = "JZ_E", *to = wanted + 4;
    for (uint32_t i = 0; *word(part, i); i++) {
        *to++ = '_';
        for (const char *at = word(part, i); *at && to < wanted + sizeof wanted - 2; at++)
            *to++ = (char)toupper((unsigned char)*at);
    }
    *to = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].name, wanted) == 0) {
            *status = rows[i].status;
            return true;
        }
    return false;
}

/* @return whether the part was such a remark. */
static bool take_remark(struct scene *s, struct part part, struct saying *out, enum jz_status *status) {
    struct word_arg arg[WORD_ARGS_MAX];
    struct fit fit = {0};
    struct part at = part;
    if (words_fit(s, &at, "taken at <time>", arg, &fit) && words_end(&at)) {
        out->taken_ms = s->start_ms + arg[0].number;
        return true;
    }
    at = part;
    if (words_fit(s, &at, "taken <duration> ago", arg, &fit) && words_end(&at)) {
        out->taken_ms = s->now_ms - arg[0].number;
        return true;
    }
    at = part;
    if (words_fit(s, &at, "for <patient>", arg, &fit) && words_end(&at)) {
        out->patient = (uint32_t)arg[0].number;
        return true;
    }
    at = part;
    if (!words_fit(s, &at, "refused because", arg, &fit)) return false;
    if (take_status(&at, status)) return true;
    scene_error(
        s, "no such refusal; allowed are the names of protocol/include/jingzhu/status.h in small letters: "
           "denied, transition, reason, unknown alert, encounter closed ...");
    return true;
}

static void take_remarks(struct scene *s, struct part *part, struct saying *out, enum jz_status *status) {
    for (;;) {
        uint32_t comma = part->end;
        while (comma > part->at && strcmp(part->words->word[comma - 1], ",") != 0) comma--;
        if (comma <= part->at) return;
        struct part last = {part->words, comma, part->end};
        if (!take_remark(s, last, out, status)) return;
        part->end = comma - 1;
    }
}

/* --- the row ------------------------------------------------------------------------------------------------------------- */

static const struct verb *const verbs_of[] = {
    [SPEAKER_DEVICE] = device_verbs, [SPEAKER_HOSPITAL] = hospital_verbs, [SPEAKER_WORLD] = world_verbs};
static const char *const speaker_words[] = {
    "an ambulance or clinic", "a hospital", "a person of the centre",
    "the line (its first words name no ambulance, hospital or person of this story)"};

static const struct verb *find_in(const struct scene *s, const struct verb *v, struct part part,
                                  struct saying *saying, struct word_arg arg[WORD_ARGS_MAX],
                                  struct fit *fit) {
    for (; v && v->pattern; v++) {
        struct part at = part;
        if (!words_fit(s, &at, v->pattern, arg, fit)) continue;
        saying->rest = at;
        return v;
    }
    return NULL;
}

static size_t list_verbs(const struct verb *v, char *line, size_t used, size_t capacity) {
    for (; v && v->pattern && used < capacity; v++)
        used += (size_t)snprintf(line + used, capacity - used, "%s%s", used ? "; " : "", v->pattern);
    return used;
}

static const struct verb *find_verb(struct scene *s, struct saying *saying, struct part part,
                                    struct word_arg arg[WORD_ARGS_MAX]) {
    struct fit fit = {.reached = part.at};
    const struct verb *actions = saying->speaker == SPEAKER_WORLD ? NULL : action_verbs;
    const struct verb *found = find_in(s, verbs_of[saying->speaker], part, saying, arg, &fit);
    if (!found) found = find_in(s, actions, part, saying, arg, &fit);
    if (found) return found;
    char line[1600] = "";
    size_t used = list_verbs(verbs_of[saying->speaker], line, 0, sizeof line);
    list_verbs(actions, line, used, sizeof line);
    if (fit.reached > part.at)
        scene_error(s, "\"%s\": wanted %s",
                    fit.reached < part.end ? part.words->word[fit.reached] : "end of line", fit.wanted);
    else
        scene_error(s, "\"%s\" is nothing that %s can do; allowed: %s", word(&part, 0),
                    speaker_words[saying->speaker], line);
    return NULL;
}

void act_line(struct scene *s, struct part part) {
    struct word_arg arg[WORD_ARGS_MAX] = {{0}};
    struct saying saying = {.patient = JZ_NONE_U32};
    enum jz_status wanted = JZ_OK;
    take_speaker(s, &part, &saying);
    if (!s->broken) take_remarks(s, &part, &saying, &wanted);
    const struct verb *verb = s->broken ? NULL : find_verb(s, &saying, part, arg);
    if (!verb) return;
    enum jz_status status = verb->act(s, &saying, arg);
    if (s->broken) return;
    if (!words_end(&saying.rest)) {
        scene_error(s, "\"%s\": nothing is expected there", word(&saying.rest, 0));
    } else if (status != wanted) {
        scene_error(s, "the core said %s (%s), and %s was expected", jz_status_name(status),
                    jz_status_text(status), wanted == JZ_OK ? "that it is taken" : jz_status_name(wanted));
    }
}
