/* SPDX-License-Identifier: Apache-2.0 */
/** @file words.h  A line of a scenario as words, and what words can stand for. */
#ifndef WORDS_H
#define WORDS_H
#include "scene.h"

#define WORDS_MAX 192u
#define WORDS_BYTES 4096u
#define WORD_ARGS_MAX 12u

struct words {
    uint32_t count;
    const char *word[WORDS_MAX]; /**< "," and ";" stand alone; "quotes" and (parentheses) hold blanks */
    char mark[WORDS_MAX];        /**< '"' or '(' where the word stood in them, else 0 */
    char store[WORDS_BYTES];
};
/** Splits; "#" begins a comment. @return NULL, or what is wrong. */
const char *words_split(const char *line, struct words *out);

/** What a placeholder of a pattern stood for. */
struct word_arg {
    const char *text;
    int64_t number;
};
/** A part of a line: words `at` .. `end` - 1. */
struct part {
    const struct words *words;
    uint32_t at, end;
};

/** How far a pattern fits, and what should have followed. */
struct fit {
    uint32_t reached;
    char wanted[256];
};

/** Fits words `part->at` onwards to a pattern: words, {a|b}, and <placeholders> (words.c lists them).
 *  @param[out] part  moves behind what was fitted
 *  @param[in,out] fit  keeps the farthest failure
 *  @return true: all of the pattern was fitted; rest is behind it */
bool words_fit(const struct scene *s, struct part *part, const char *pattern,
               struct word_arg arg[WORD_ARGS_MAX], struct fit *fit);
/** Takes the words up to the next "," (or ";"), and moves behind it. */
struct part words_next(struct part *list, const char *separator);
bool words_end(const struct part *part);
/** For messages: the words of a part with blanks. */
void words_join(const struct part *part, char *out, size_t capacity);

/* --- single words ------------------------------------------------------------------------------------------------ */
/** "m:ss" or "h:mm:ss". */
bool word_time(const char *text, int64_t *ms);
/** A decimal number, exactly, times 1000. */
bool word_number(const char *text, int64_t *thousandths);
/** "2026-03-02": days since 1970. */
bool word_date(const char *text, int64_t *days);
/** A value of a field from one or two words ("36.8", "2.5 mm", "yes", "34w2d", "2:10:00 ago").
 *  @return words used; 0: `why` says what is allowed */
uint32_t word_value(const struct part *part, uint32_t field, int32_t *value, char *why, size_t why_bytes);
/** The value as people write it. */
void word_of_value(uint32_t field, int32_t value, char *out, size_t capacity);

/** Rows of words and numbers, ended by a NULL name. The first of several words of a number is the one that is printed. */
struct named {
    const char *name;
    uint32_t number;
};
extern const struct named milestone_names[], complaint_names[], absence_names[], close_names[], route_names[],
    decline_names[], alert_state_names[], role_names[], validity_names[], exclusion_names[], phase_names[],
    rule_status_names[], goal_names[], directive_names[], why_names[], service_names[], team_names[],
    receipt_names[], grade_names[], conclusion_names[], diagnosis_names[], source_names[], kin_names[],
    consult_names[], proposal_names[], reperfusion_names[], wayout_names[], wayout_why_names[], pair_names[],
    change_names[], flag_names[], notice_names[], probe_names[], confirmation_names[], colour_names[],
    triage_names[], service_event_names[], action_names[], target_names[];
/** @return "?" where no row has the number. */
const char *name_of(const struct named *rows, uint32_t number);
/** Fits the longest name (names may be several words). @return words used. */
uint32_t name_fit(const struct part *part, const struct named *rows, uint32_t *number);
void names_list(const struct named *rows, char *out, size_t capacity);

#endif /* WORDS_H */
