/* SPDX-License-Identifier: Apache-2.0 */
#include "story.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "crc32c.h"
#include "jingzhu/field.h"
#include "story_word.h"

enum { SECONDS_MAX = 86400, DOSE_MG_DECIMAL_SCALE = 1000, ACCURACY_MAX_M = 100000 };

struct context {
    const char *name;
    uint32_t line;
    struct jz_story *story;
};

__attribute__((format(printf, 2, 3))) static bool refuse(struct context *c, const char *format, ...) {
    int used = snprintf(c->story->error, JZ_STORY_ERROR_MAX, "%.160s:%u: ", c->name, c->line);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(c->story->error + used, JZ_STORY_ERROR_MAX - (size_t)used, format, arguments);
    va_end(arguments);
    return false;
}

/* --- verbs and their keys --------------------------------------------------------------------------------- */

enum shape { TEXT, CHOICE, COUNT, DEGREES, DOSE };

struct key_row {
    enum jz_story_verb verb;
    const char *key;
    enum shape shape;
    bool required;
    size_t offset;       /* of the value in the item */
    const char *choices; /* CHOICE */
    uint32_t low, high;  /* COUNT; DEGREES: high is the limit */
    size_t has_offset;   /* DEGREES: of the flag */
};
#define AT(member) offsetof(struct jz_story_item, member)

static const char absences[] = "probe_off|out_of_range|artefact|not_attached|failed";
static const char milestones[] =
    "fmc|ecg|ecg_read|left_scene|door|handover|wire|needle|decision_delivery|delivery";

static const struct key_row key_rows[] = {
    {JZ_STORY_OPEN, "complaint", CHOICE, true, AT(enums[0]), "chest_pain|pregnancy", 0, 0, 0},
    {JZ_STORY_OPEN, "callsign", TEXT, false, AT(text), NULL, 0, 0, 0},
    {JZ_STORY_OPEN, "lat", DEGREES, false, AT(lat_e7), NULL, 0, 90, AT(has_lat)},
    {JZ_STORY_OPEN, "lon", DEGREES, false, AT(lon_e7), NULL, 0, 180, AT(has_lon)},
    {JZ_STORY_UPDATE, "callsign", TEXT, false, AT(text), NULL, 0, 0, 0},
    {JZ_STORY_VITALS, "file", TEXT, false, AT(file), NULL, 0, 0, 0},
    {JZ_STORY_VITALS, "from", COUNT, false, AT(from_s), NULL, 0, SECONDS_MAX, 0},
    {JZ_STORY_VITALS, "every", COUNT, false, AT(every_s), NULL, 1, 3600, 0},
    {JZ_STORY_VITALS, "seconds", COUNT, false, AT(length_s), NULL, 1, SECONDS_MAX, 0},
    {JZ_STORY_ABSENT, "field", TEXT, true, AT(text), NULL, 0, 0, 0},
    {JZ_STORY_ABSENT, "why", CHOICE, true, AT(enums[0]), absences, 0, 0, 0},
    {JZ_STORY_ECG, "record", TEXT, true, AT(file), NULL, 0, 0, 0},
    {JZ_STORY_ECG, "seconds", COUNT, true, AT(length_s), NULL, 1, 3600, 0},
    {JZ_STORY_ECG, "from", COUNT, false, AT(from_s), NULL, 0, SECONDS_MAX, 0},
    {JZ_STORY_ECG, "lane", CHOICE, false, AT(enums[0]), "snapshot|bulk", 0, 0, 0},
    {JZ_STORY_CTG, "file", TEXT, true, AT(file), NULL, 0, 0, 0},
    {JZ_STORY_CTG, "minutes", COUNT, true, AT(length_s), NULL, 1, 1440, 0},
    {JZ_STORY_CTG, "from", COUNT, false, AT(from_s), NULL, 0, SECONDS_MAX, 0},
    {JZ_STORY_FINDING, "observer", CHOICE, false, AT(enums[1]), "crew|physician|machine", 0, 0, 0},
    {JZ_STORY_FINDING, "note", TEXT, false, AT(note), NULL, 0, 0, 0},
    {JZ_STORY_MEDICATION, "drug", TEXT, true, AT(text), NULL, 0, 0, 0},
    {JZ_STORY_MEDICATION, "dose_mg", DOSE, true, AT(dose_ug), NULL, 0, 0, 0},
    {JZ_STORY_MEDICATION, "route", CHOICE, true, AT(enums[0]), "oral|sublingual|iv|im|sc|inhaled", 0, 0, 0},
    {JZ_STORY_MEDICATION, "note", TEXT, false, AT(note), NULL, 0, 0, 0},
    {JZ_STORY_MILESTONE, "what", CHOICE, true, AT(enums[0]), milestones, 0, 0, 0},
    {JZ_STORY_POSITION, "lat", DEGREES, true, AT(lat_e7), NULL, 0, 90, AT(has_lat)},
    {JZ_STORY_POSITION, "lon", DEGREES, true, AT(lon_e7), NULL, 0, 180, AT(has_lon)},
    {JZ_STORY_POSITION, "accuracy_m", COUNT, false, AT(accuracy_m), NULL, 0, ACCURACY_MAX_M, 0},
    {JZ_STORY_CLOSE, "reason", CHOICE, true, AT(enums[0]), "handed_over|stood_down|refused|died", 0, 0, 0},
};
enum { KEY_ROW_COUNT = sizeof key_rows / sizeof key_rows[0] };

static const struct {
    const char *word;
    enum jz_story_verb verb;
    const char *field_kinds; /* which fields of protocol/fields/ it takes as keys; "": none */
} verb_rows[] = {
    {"open", JZ_STORY_OPEN, "ae"},
    {"update", JZ_STORY_UPDATE, "ae"},
    {"vitals", JZ_STORY_VITALS, "v"},
    {"absent", JZ_STORY_ABSENT, ""},
    {"ecg", JZ_STORY_ECG, ""},
    {"ctg", JZ_STORY_CTG, ""},
    {"finding", JZ_STORY_FINDING, "fe"},
    {"medication", JZ_STORY_MEDICATION, ""},
    {"milestone", JZ_STORY_MILESTONE, ""},
    {"position", JZ_STORY_POSITION, ""},
    {"await", JZ_STORY_AWAIT, ""},
    {"close", JZ_STORY_CLOSE, ""},
};
enum { VERB_ROW_COUNT = sizeof verb_rows / sizeof verb_rows[0] };

static const struct key_row *find_key(enum jz_story_verb verb, const char *key) {
    for (int i = 0; i < KEY_ROW_COUNT; i++)
        if (key_rows[i].verb == verb && strcmp(key_rows[i].key, key) == 0) return &key_rows[i];
    return NULL;
}

static bool takes_field(enum jz_story_verb verb, char kind) {
    for (int i = 0; i < VERB_ROW_COUNT; i++)
        if (verb_rows[i].verb == verb) return strchr(verb_rows[i].field_kinds, kind) != NULL;
    return 0;
}

/* --- values ----------------------------------------------------------------------------------------------- */

static bool set_text(struct context *c, const struct jz_story_word *word, char *to) {
    if (*word->value == 0) return refuse(c, "%s is empty; give a value or leave it out", word->key);
    if (strlen(word->value) >= JZ_STORY_TEXT_MAX)
        return refuse(c, "%s is longer than %u bytes; shorten it", word->key, JZ_STORY_TEXT_MAX - 1);
    memcpy(to, word->value, strlen(word->value) + 1);
    return true;
}

static bool set_degrees(struct context *c, const struct key_row *row, const char *value,
                        struct jz_story_item *item) {
    bool has = true;
    int32_t e7;
    if (!jz_story_degrees(value, (int32_t)row->high, &e7))
        return refuse(c, "%s=%.40s is no angle within %u degrees; write it like 26.5785", row->key, value,
                      row->high);
    memcpy((char *)item + row->offset, &e7, sizeof e7);
    memcpy((char *)item + row->has_offset, &has, sizeof has);
    return true;
}

static bool set_number(struct context *c, const struct key_row *row, const char *value, uint32_t *to) {
    int32_t dose = 0;
    if (row->shape == CHOICE) {
        *to = jz_story_choice(value, row->choices);
        return *to != 0 ||
               refuse(c, "%s=%.40s is not known; choose one of %s", row->key, value, row->choices);
    }
    if (row->shape == COUNT)
        return jz_story_count(value, row->low, row->high, to) ||
               refuse(c, "%s=%.40s is not a whole number from %u to %u", row->key, value, row->low,
                      row->high);
    if (!jz_story_scaled(value, DOSE_MG_DECIMAL_SCALE, &dose) || dose <= 0 || dose > 1000000000)
        return refuse(c, "%s=%.40s is no dose; give milligrams from 0.001 to 1000000", row->key, value);
    *to = (uint32_t)dose;
    return true;
}

static bool set_key(struct context *c, const struct key_row *row, const struct jz_story_word *word,
                    struct jz_story_item *item) {
    char *to = (char *)item + row->offset;
    if (row->shape == TEXT) return set_text(c, word, to);
    if (row->shape == DEGREES) return set_degrees(c, row, word->value, item);
    uint32_t value = 0;
    if (!set_number(c, row, word->value, &value)) return false;
    memcpy(to, &value, sizeof value);
    return true;
}

static bool set_field(struct context *c, uint32_t index, const char *text, struct jz_story_item *item) {
    const struct jz_field *field = jz_field_at(index);
    int32_t value;
    if (!jz_field_word(index, text, &value) && !jz_story_scaled(text, field->scale, &value))
        return refuse(c, "%s=%.40s is not a number in steps of 1/%d %s", field->name, text, field->scale,
                      field->unit);
    for (uint32_t i = 0; i < item->facts.count; i++)
        if (item->facts.item[i].code == field->code)
            return refuse(c, "%s stands twice; keep one", field->name);
    if (item->facts.count == JZ_FACTS_PER_FRAME_MAX)
        return refuse(c, "more than %u fields; use two lines", JZ_FACTS_PER_FRAME_MAX);
    item->facts.item[item->facts.count++] = (struct jz_fact){.code = field->code, .value = value};
    return true;
}

static bool set_word(struct context *c, const struct jz_story_word *word, struct jz_story_item *item) {
    if (!word->value) return refuse(c, "'%.40s' has no value; write key=value", word->key);
    const struct key_row *row = find_key(item->verb, word->key);
    if (row) return set_key(c, row, word, item);
    uint32_t index = jz_field_by_name(word->key);
    if (index == JZ_FIELD_UNKNOWN || !takes_field(item->verb, jz_field_at(index)->kind))
        return refuse(
            c, "'%.40s' does not belong here; see story.h for this verb's keys, protocol/fields/ for fields",
            word->key);
    return set_field(c, index, word->value, item);
}

/* --- what a line must have -------------------------------------------------------------------------------- */

static bool has_required(struct context *c, const struct jz_story_word *words, int count,
                         enum jz_story_verb verb) {
    for (int i = 0; i < KEY_ROW_COUNT; i++) {
        if (key_rows[i].verb != verb || !key_rows[i].required) continue;
        int at = 0;
        while (at < count && strcmp(words[at].key, key_rows[i].key) != 0) at++;
        if (at == count) return refuse(c, "%s is missing; add %s=...", key_rows[i].key, key_rows[i].key);
    }
    return true;
}

static bool is_sparse(enum jz_story_verb verb) {
    return verb == JZ_STORY_VITALS || verb == JZ_STORY_UPDATE;
}

/* The absent field's name becomes its one fact. */
static bool resolve_absent(struct context *c, struct jz_story_item *item) {
    uint32_t index = jz_field_by_name(item->text);
    if (index == JZ_FIELD_UNKNOWN || jz_field_at(index)->kind != 'v')
        return refuse(c, "field=%.40s is no vital sign; see protocol/fields/", item->text);
    item->facts = (struct jz_facts){.count = 1, .item = {{.code = jz_field_at(index)->code}}};
    return true;
}

static bool check_vitals(struct context *c, const struct jz_story_item *item) {
    bool streams = item->file[0] != 0;
    if (streams && item->facts.count > 0) return refuse(c, "values and file= together; use two lines");
    if (streams && (item->every_s == 0 || item->length_s == 0))
        return refuse(c, "file= needs every= and seconds=; add them");
    return true;
}

static bool check_item(struct context *c, struct jz_story_item *item) {
    if (item->has_lat != item->has_lon) return refuse(c, "lat and lon belong together; give both");
    if (item->verb == JZ_STORY_ABSENT) return resolve_absent(c, item);
    if (item->verb == JZ_STORY_FINDING && item->facts.count != 1)
        return refuse(c, "a finding line has exactly one finding; write like st_elevation_confirmed=1");
    if (is_sparse(item->verb) && item->facts.count == 0 && item->file[0] == 0 && item->text[0] == 0)
        return refuse(c, "nothing is said; give at least one value");
    if (item->verb == JZ_STORY_VITALS) return check_vitals(c, item);
    if (item->verb == JZ_STORY_CTG) item->length_s *= 60;
    if (item->verb == JZ_STORY_ECG) item->lane = item->enums[0] == 2 ? JZ_LANE_BULK : JZ_LANE_SNAPSHOT;
    return true;
}

/* --- lines ------------------------------------------------------------------------------------------------ */

static bool parse_verb(struct context *c, const char *word, struct jz_story_item *item) {
    for (int i = 0; i < VERB_ROW_COUNT; i++)
        if (strcmp(verb_rows[i].word, word) == 0) item->verb = verb_rows[i].verb;
    return item->verb != JZ_STORY_NONE || refuse(c,
                                                 "'%.40s' is no verb; use open, update, vitals, absent, ecg, "
                                                 "ctg, finding, medication, milestone, "
                                                 "position, await or close",
                                                 word);
}

static bool parse_arguments(struct context *c, const struct jz_story_word *words, int count,
                            struct jz_story_item *item) {
    if (item->verb == JZ_STORY_AWAIT)
        return (count == 1 && strcmp(words[0].key, "accepted") == 0) ||
               refuse(c, "only 'await accepted' is known");
    for (int i = 0; i < count; i++)
        if (!set_word(c, &words[i], item)) return false;
    return has_required(c, words, count, item->verb) && check_item(c, item);
}

/* The story's order: it opens first and once, time never goes back, nothing follows the close. */
static bool check_order(struct context *c, const struct jz_story_item *item) {
    const struct jz_story *story = c->story;
    const struct jz_story_item *last = story->count ? &story->item[story->count - 1] : NULL;
    if (!last)
        return item->verb == JZ_STORY_OPEN || refuse(c, "the first line must be 'open'; put it before");
    if (item->verb == JZ_STORY_OPEN) return refuse(c, "a story opens once; remove this line");
    if (item->at_ms < last->at_ms) return refuse(c, "time goes back; sort the lines by time");
    return last->verb != JZ_STORY_CLOSE ||
           refuse(c, "the story is closed above; move this line before 'close'");
}

static void count_snapshot(struct jz_story *story, struct jz_story_item *item) {
    if (item->verb != JZ_STORY_ECG || item->lane != JZ_LANE_SNAPSHOT) return;
    item->snapshot = 1;
    for (uint32_t i = 0; i < story->count; i++)
        if (story->item[i].snapshot > 0) item->snapshot++;
}

static bool parse_line(struct context *c, char *line) {
    struct jz_story_word words[JZ_STORY_WORDS_MAX];
    int count = jz_story_split(line, words);
    if (count == 0) return true;
    if (count == -1) return refuse(c, "more than %u words; use two lines", JZ_STORY_WORDS_MAX);
    if (count == -2) return refuse(c, "a quote is not closed; add \"");
    if (c->story->count == JZ_STORY_ITEMS_MAX)
        return refuse(c, "more than %u events; split the story", JZ_STORY_ITEMS_MAX);
    struct jz_story_item *item = &c->story->item[c->story->count];
    memset(item, 0, sizeof *item);
    item->line = c->line;
    if (words[0].value || !jz_story_time(words[0].key, &item->at_ms))
        return refuse(c, "'%.40s' is no time; start the line like 2:30", words[0].key);
    if (count < 2) return refuse(c, "a verb is missing after the time; see story.h");
    if (!parse_verb(c, words[1].key, item) || !parse_arguments(c, words + 2, count - 2, item)) return false;
    if (!check_order(c, item)) return false;
    count_snapshot(c->story, item);
    c->story->count++;
    return true;
}

enum jz_status jz_story_parse(const char *name, char *text, struct jz_story *out) {
    struct context c = {.name = name, .story = out};
    memset(out, 0, sizeof *out);
    out->crc = jz_crc32c(0, text, strlen(text));
    for (char *next = text; next;) {
        char *line = strsep(&next, "\n");
        c.line++;
        if (!parse_line(&c, line)) return JZ_E_FORMAT;
    }
    if (out->count > 0) return JZ_OK;
    refuse(&c, "no event in this story; start with '0:00 open complaint=...'");
    return JZ_E_FORMAT;
}

static enum jz_status read_text(const char *path, char *text, struct jz_story *out) {
    FILE *file = fopen(path, "re");
    if (!file) {
        snprintf(out->error, sizeof out->error, "%.200s: cannot be read; check name and rights", path);
        return JZ_E_FILE;
    }
    size_t bytes = fread(text, 1, JZ_STORY_BYTES_MAX + 1, file);
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed || bytes > JZ_STORY_BYTES_MAX || memchr(text, 0, bytes)) {
        snprintf(out->error, sizeof out->error, "%.200s: not a text of at most %u bytes; split it", path,
                 JZ_STORY_BYTES_MAX);
        return JZ_E_FORMAT;
    }
    text[bytes] = 0;
    return JZ_OK;
}

enum jz_status jz_story_load(const char *path, struct jz_story *out) {
    char text[JZ_STORY_BYTES_MAX + 2];
    memset(out, 0, sizeof *out);
    enum jz_status status = read_text(path, text, out);
    if (status == JZ_OK) status = jz_story_parse(path, text, out);
    const char *slash = strrchr(path, '/');
    snprintf(out->folder, sizeof out->folder, "%.*s", slash ? (int)(slash - path + 1) : 0, path);
    return status;
}
