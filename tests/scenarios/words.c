/* SPDX-License-Identifier: Apache-2.0 */
#include "words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* --- a line into words ------------------------------------------------------------------------------------------- */

static bool ends_word(char c) {
    return c == 0 || c == '#' || isspace((unsigned char)c);
}

/* A comma ends a word where a blank follows it, so that a text like "a,b" stays whole. */
static size_t plain_length(const char *at) {
    size_t n = 0;
    while (!ends_word(at[n]) && at[n] != ';' && !(at[n] == ',' && ends_word(at[n + 1]))) n++;
    return n;
}

static const char *take(const char **line, struct words *out, size_t *used) {
    const char *at = *line, *from = at;
    char mark = *at == '"' ? '"' : *at == '(' ? ')' : 0;
    size_t n = 0;
    if (mark) {
        const char *end = strchr(++from, mark);
        if (!end) return mark == '"' ? "a quote is not closed" : "a parenthesis is not closed";
        n = (size_t)(end - from);
        at = end + 1;
    } else {
        n = *at == ',' || *at == ';' ? 1 : plain_length(at);
        at += n;
    }
    if (out->count == WORDS_MAX || *used + n + 1 > sizeof out->store) return "the line is too long";
    out->word[out->count] = memcpy(out->store + *used, from, n);
    out->store[*used + n] = 0;
    out->mark[out->count++] = (char)(mark == ')' ? '(' : mark);
    *used += n + 1;
    *line = at;
    return NULL;
}

const char *words_split(const char *line, struct words *out) {
    size_t used = 0;
    memset(out, 0, sizeof *out);
    for (;;) {
        while (isspace((unsigned char)*line)) line++;
        if (*line == 0 || *line == '#') return NULL;
        const char *wrong = take(&line, out, &used);
        if (wrong) return wrong;
    }
}

bool words_end(const struct part *part) {
    return part->at >= part->end;
}

static const char *word_at(const struct part *part, uint32_t ahead) {
    return part->at + ahead < part->end ? part->words->word[part->at + ahead] : "";
}

struct part words_next(struct part *list, const char *separator) {
    struct part part = *list;
    while (!words_end(list)) {
        bool separates = !list->words->mark[list->at] && strcmp(word_at(list, 0), separator) == 0;
        if (separates) break;
        list->at++;
    }
    part.end = list->at;
    if (!words_end(list)) list->at++;
    return part;
}

void words_join(const struct part *part, char *out, size_t capacity) {
    size_t used = 0;
    out[0] = 0;
    for (uint32_t i = part->at; i < part->end && used < capacity; i++) {
        const char *word = part->words->word[i];
        const char *blank = i == part->at || strcmp(word, ",") == 0 || strcmp(word, ";") == 0 ? "" : " ";
        int n = snprintf(out + used, capacity - used, "%s%s", blank, word);
        used += n > 0 ? (size_t)n : 0;
    }
}

/* --- names ------------------------------------------------------------------------------------------------------- */

const char *name_of(const struct named *rows, uint32_t number) {
    while (rows->name && rows->number != number) rows++;
    return rows->name ? rows->name : "?";
}

/* Words of `name` at the beginning of the part; 0: they are not there. */
static uint32_t starts_with(const struct part *part, const char *name) {
    uint32_t words = 0;
    while (*name) {
        size_t n = strcspn(name, " ");
        const char *word = word_at(part, words);
        if (strlen(word) != n || memcmp(word, name, n) != 0) return 0;
        words++;
        name += n + (name[n] == ' ');
    }
    return words;
}

uint32_t name_fit(const struct part *part, const struct named *rows, uint32_t *number) {
    uint32_t longest = 0;
    for (; rows->name; rows++) {
        uint32_t words = starts_with(part, rows->name);
        if (words <= longest) continue;
        longest = words;
        *number = rows->number;
    }
    return longest;
}

void names_list(const struct named *rows, char *out, size_t capacity) {
    size_t used = 0;
    for (; rows->name && used < capacity; rows++) {
        int n = snprintf(out + used, capacity - used, "%s%s", used ? ", " : "", rows->name);
        used += n > 0 ? (size_t)n : 0;
    }
}

/* --- placeholders -------------------------------------------------------------------------------------------------- */

/* @return words taken; 0: none of these */
typedef uint32_t (*take_words)(const struct scene *s, const struct part *part, struct word_arg *arg);

static uint32_t take_time(const struct scene *s, const struct part *part, struct word_arg *arg) {
    (void)s;
    return word_time(word_at(part, 0), &arg->number) ? 1 : 0;
}

static const struct {
    const char *unit;
    int64_t ms;
} duration_units[] = {{"s", 1000}, {"min", 60000}, {"h", 3600000}, {"d", 86400000}, {"ms", 1}};

static uint32_t take_duration(const struct scene *s, const struct part *part, struct word_arg *arg) {
    int64_t thousandths;
    if (take_time(s, part, arg)) return 1;
    if (!word_number(word_at(part, 0), &thousandths)) return 0;
    for (size_t i = 0; i < sizeof duration_units / sizeof duration_units[0]; i++)
        if (strcmp(word_at(part, 1), duration_units[i].unit) == 0) {
            arg->number = thousandths * duration_units[i].ms / 1000;
            return 2;
        }
    return 0;
}

static uint32_t take_number(const struct scene *s, const struct part *part, struct word_arg *arg) {
    int64_t thousandths;
    (void)s;
    if (!word_number(word_at(part, 0), &thousandths) || thousandths % 1000) return 0;
    arg->number = thousandths / 1000;
    return 1;
}

static uint32_t take_name(const struct scene *s, const struct part *part, struct word_arg *arg) {
    (void)s;
    arg->text = word_at(part, 0);
    return words_end(part) || strcmp(arg->text, ",") == 0 ? 0 : 1;
}

static uint32_t take_text(const struct scene *s, const struct part *part, struct word_arg *arg) {
    (void)s;
    if (words_end(part) || part->words->mark[part->at] != '"') return 0;
    arg->text = word_at(part, 0);
    return 1;
}

static bool degrees(const char *text, int32_t *e7) {
    char *end;
    double value = strtod(text, &end);
    if (!isdigit((unsigned char)text[0]) || *end || value > 180) return false;
    *e7 = (int32_t)(value * 1e7 + 0.5);
    return true;
}

static uint32_t take_place(const struct scene *s, const struct part *part, struct word_arg *arg) {
    int32_t lat = 0, lon = 0;
    uint32_t words = degrees(word_at(part, 0), &lat) && degrees(word_at(part, 1), &lon) ? 2 : 0;
    for (uint32_t i = 0; i < s->place_count && !words; i++) {
        if (strcmp(s->place[i].name, word_at(part, 0)) != 0) continue;
        lat = s->place[i].lat_e7;
        lon = s->place[i].lon_e7;
        words = 1;
    }
    arg->number = (int64_t)((uint64_t)(uint32_t)lat << 32 | (uint32_t)lon);
    return words;
}

static uint32_t take_facility(const struct scene *s, const struct part *part, struct word_arg *arg) {
    const char *word = word_at(part, 0);
    arg->text = word;
    arg->number = jz_directory_facility(s->core->directory, word, strlen(word));
    return arg->number != JZ_NONE_U32 ? 1 : 0;
}

static uint32_t take_capability(const struct scene *s, const struct part *part, struct word_arg *arg) {
    arg->text = word_at(part, 0);
    arg->number = jz_directory_capability_index(s->core->directory, arg->text);
    return arg->number != JZ_NONE_U32 ? 1 : 0;
}

static uint32_t take_rule(const struct scene *s, const struct part *part, struct word_arg *arg) {
    arg->text = word_at(part, 0);
    arg->number = jz_program_rule_by_id(s->files->program, arg->text);
    return arg->number != JZ_NONE_U32 ? 1 : 0;
}

static uint32_t take_condition(const struct scene *s, const struct part *part, struct word_arg *arg) {
    const struct jz_program *program = s->files->program;
    arg->text = word_at(part, 0);
    for (uint32_t i = 0; i < jz_program_condition_count(program); i++)
        if (strcmp(jz_program_condition(program, i)->id, arg->text) == 0) {
            arg->number = i;
            return 1;
        }
    return 0;
}

static uint32_t take_field(const struct scene *s, const struct part *part, struct word_arg *arg) {
    (void)s;
    arg->text = word_at(part, 0);
    arg->number = jz_field_by_name(arg->text);
    return arg->number != JZ_FIELD_UNKNOWN ? 1 : 0;
}

static uint32_t take_patient(const struct scene *s, const struct part *part, struct word_arg *arg) {
    arg->text = word_at(part, 0);
    for (uint32_t i = 0; i < s->patient_count; i++)
        if (strcmp(s->patient[i].name, arg->text) == 0) {
            arg->number = i;
            return 1;
        }
    return 0;
}

static const struct {
    const char *name;
    take_words take;
    const struct named *rows; /* instead of `take` */
    const char *wanted;       /* of rows: what they name */
} placeholders[] = {
    {"<time>", take_time, NULL, "a time: 4:30 (minutes:seconds) or 1:04:30"},
    {"<duration>", take_duration, NULL, "a duration: 90 s, 12 min, 2 h, 1 d or 4:30"},
    {"<number>", take_number, NULL, "a whole number"},
    {"<name>", take_name, NULL, "a name"},
    {"<text>", take_text, NULL, "a text in \"quotes\""},
    {"<place>", take_place, NULL,
     "a place: degrees north and east (26.57 106.70), or a name given as `place: name 26.57 106.70`"},
    {"<hospital>", take_facility, NULL, "the id of a hospital in the directory: gy-2"},
    {"<capability>", take_capability, NULL, "a capability of the directory: pci_24h"},
    {"<rule>", take_rule, NULL, "the id of a rule (docs/rules): CP-STEMI"},
    {"<condition>", take_condition, NULL, "the id of a routing condition (docs/rules/conditions.md): R01"},
    {"<field>", take_field, NULL, "the name of a field (protocol/fields): sbp"},
    {"<patient>", take_patient, NULL, "the name of a patient of this story"},
    {"<milestone>", NULL, milestone_names, "milestone"},
    {"<complaint>", NULL, complaint_names, "complaint"},
    {"<end>", NULL, close_names, "end of the case"},
    {"<route>", NULL, route_names, "route"},
    {"<reason>", NULL, decline_names, "reason of a hospital"},
    {"<state>", NULL, alert_state_names, "state of an alert"},
    {"<validity>", NULL, validity_names, "validity of a reading"},
    {"<exclusion>", NULL, exclusion_names, "reason to exclude"},
    {"<phase>", NULL, phase_names, "phase of a case"},
    {"<status>", NULL, rule_status_names, "status of a rule"},
    {"<goal>", NULL, goal_names, "time goal"},
    {"<why>", NULL, why_names, "reason of an action"},
    {"<service>", NULL, service_names, "service"},
    {"<team>", NULL, team_names, "team"},
    {"<receipt>", NULL, receipt_names, "receipt of a team"},
    {"<grade>", NULL, grade_names, "grade of an alert"},
    {"<conclusion>", NULL, conclusion_names, "conclusion of a consultant"},
    {"<diagnosis>", NULL, diagnosis_names, "diagnosis"},
    {"<verdict>", NULL, triage_names, "what triage was"},
    {"<source>", NULL, source_names, "source of a milestone"},
    {"<kin>", NULL, kin_names, "what another record is"},
    {"<consult>", NULL, consult_names, "state of a consult"},
    {"<proposal>", NULL, proposal_names, "state of a proposal"},
    {"<strategy>", NULL, reperfusion_names, "reperfusion"},
    {"<way_out>", NULL, wayout_names, "way out"},
    {"<need>", NULL, wayout_why_names, "why a way out is needed"},
    {"<apart>", NULL, pair_names, "why mother and newborn go apart"},
    {"<change>", NULL, change_names, "what would change the order"},
    {"<flag>", NULL, flag_names, "flag of a candidate"},
    {"<notice>", NULL, notice_names, "notice to a person outside"},
    {"<path>", NULL, probe_names, "state of the path to a board"},
    {"<confirmation>", NULL, confirmation_names, "what is said of a capability"},
    {"<colour>", NULL, colour_names, "colour of an emergency department"},
    {"<event>", NULL, service_event_names, "what became of a service"},
    {"<action>", NULL, action_names, "action"},
    {"<target>", NULL, target_names, "state of a target"},
};

/* <value>: of the field that the placeholder before it named. */
static uint32_t fit_value(const struct part *part, struct word_arg *arg, struct fit *fit) {
    int32_t value = 0;
    struct part one = *part;
    struct part first = words_next(&one, ",");
    uint32_t words = word_value(&first, (uint32_t)arg[-1].number, &value, fit->wanted, sizeof fit->wanted);
    arg->number = value;
    return words;
}

static uint32_t fit_placeholder(const struct scene *s, const struct part *part, const char *name,
                                size_t bytes, struct word_arg *arg, struct fit *fit) {
    if (bytes == strlen("<value>") && memcmp(name, "<value>", bytes) == 0) return fit_value(part, arg, fit);
    for (size_t i = 0; i < sizeof placeholders / sizeof placeholders[0]; i++) {
        if (strlen(placeholders[i].name) != bytes || memcmp(placeholders[i].name, name, bytes) != 0) continue;
        uint32_t number = 0, words;
        if (placeholders[i].rows) {
            words = name_fit(part, placeholders[i].rows, &number);
            arg->number = number;
        } else {
            words = placeholders[i].take(s, part, arg);
        }
        if (words || part->at < fit->reached) return words;
        char list[200] = "";
        if (placeholders[i].rows) names_list(placeholders[i].rows, list, sizeof list);
        snprintf(fit->wanted, sizeof fit->wanted, "%s%s%s", placeholders[i].wanted, list[0] ? ": " : "",
                 list);
        return 0;
    }
    abort(); /* a pattern of ours with a placeholder that is none */
}

/* {a|b_c}: one of several; "_" stands for the blank between two words of one. */
static uint32_t fit_choice(const struct part *part, const char *choices, size_t bytes, struct word_arg *arg,
                           struct fit *fit) {
    const char *at = choices + 1, *end = choices + bytes - 1;
    for (int64_t index = 0; at < end; index++) {
        char name[64];
        size_t n = strcspn(at, "|}");
        snprintf(name, sizeof name, "%.*s", (int)n, at);
        for (char *blank = name; *blank; blank++)
            if (*blank == '_') *blank = ' ';
        uint32_t words = starts_with(part, name);
        if (words) {
            arg->number = index;
            arg->text = word_at(part, 0);
            return words;
        }
        at += n + 1;
    }
    if (part->at >= fit->reached)
        snprintf(fit->wanted, sizeof fit->wanted, "one of %.*s", (int)bytes - 2, choices + 1);
    return 0;
}

static uint32_t fit_literal(const struct part *part, const char *word, size_t bytes, struct fit *fit) {
    const char *own = word_at(part, 0);
    if (strlen(own) == bytes && memcmp(own, word, bytes) == 0) return 1;
    if (part->at > fit->reached || fit->wanted[0] == 0)
        snprintf(fit->wanted, sizeof fit->wanted, "\"%.*s\"", (int)bytes, word);
    return 0;
}

bool words_fit(const struct scene *s, struct part *part, const char *pattern,
               struct word_arg arg[WORD_ARGS_MAX], struct fit *fit) {
    uint32_t args = 0;
    struct part at = *part;
    while (*pattern) {
        size_t bytes = strcspn(pattern, " ");
        uint32_t words;
        if (*pattern == '<')
            words = fit_placeholder(s, &at, pattern, bytes, &arg[args++], fit);
        else if (*pattern == '{')
            words = fit_choice(&at, pattern, bytes, &arg[args++], fit);
        else
            words = fit_literal(&at, pattern, bytes, fit);
        if (at.at > fit->reached) fit->reached = at.at;
        if (!words) return false;
        at.at += words;
        pattern += bytes + (pattern[bytes] == ' ');
    }
    *part = at;
    return true;
}
