/* SPDX-License-Identifier: Apache-2.0 */
/** @file script_say.h  One thing about a patient in words: a line of a table says which field, how, and to whom (private
 *  to script*.c). Pure. */
#ifndef JZ_SCRIPT_SAY_H
#define JZ_SCRIPT_SAY_H
#include "script_facts.h"
#include "script_text.h"

struct jz_script_line;
/** Writes what is known, and nothing where it is not. @return how far it is known */
typedef enum jz_script_known (*jz_script_say)(struct jz_script_text *t, const struct jz_script_facts *f,
                                              const struct jz_script_line *line);

/** What a gap is called. */
enum jz_script_gap { JZ_GAP_MEASURE, JZ_GAP_ASK, JZ_GAP_RECORD, JZ_GAP_COUNT };

struct jz_script_line {
    uint8_t section; /**< of the script; an SMS has none */
    uint8_t who;     /**< bits of enum jz_script_who */
    uint8_t gap;     /**< enum jz_script_gap */
    bool optional;   /**< nobody misses it where it is not known */
    jz_script_say say;
    const char *zh, *en;       /**< what it is called */
    const char *field, *other; /**< names; which other field is meant is the say function's matter */
    const char *const *list;   /**< of jz_say_list: field names, NULL ends it */
};

enum jz_script_known jz_say_value(struct jz_script_text *, const struct jz_script_facts *,
                                  const struct jz_script_line *);
/** `other`: the diastolic pressure. */
enum jz_script_known jz_say_pressure(struct jz_script_text *, const struct jz_script_facts *,
                                     const struct jz_script_line *);
/** Told unless `other` is current and it is not: heart rate and pulse rate stand in for each other. */
enum jz_script_known jz_say_unless(struct jz_script_text *, const struct jz_script_facts *,
                                   const struct jz_script_line *);
/** `other`: whether on oxygen. */
enum jz_script_known jz_say_oxygen(struct jz_script_text *, const struct jz_script_facts *,
                                   const struct jz_script_line *);
/** Heart rate over systolic pressure where both are current. */
enum jz_script_known jz_say_shock_index(struct jz_script_text *, const struct jz_script_facts *,
                                        const struct jz_script_line *);
/** What is there of a list, and whether the rest is known not to be. */
enum jz_script_known jz_say_list(struct jz_script_text *, const struct jz_script_facts *,
                                 const struct jz_script_line *);
/** Only where it is so. */
enum jz_script_known jz_say_if_so(struct jz_script_text *, const struct jz_script_facts *,
                                  const struct jz_script_line *);
/** When it happened. `other`: a field that tells whether it was done at all. */
enum jz_script_known jz_say_event(struct jz_script_text *, const struct jz_script_facts *,
                                  const struct jz_script_line *);
enum jz_script_known jz_say_age_sex(struct jz_script_text *, const struct jz_script_facts *,
                                    const struct jz_script_line *);
enum jz_script_known jz_say_weeks(struct jz_script_text *, const struct jz_script_facts *,
                                  const struct jz_script_line *);
enum jz_script_known jz_say_complaint(struct jz_script_text *, const struct jz_script_facts *,
                                      const struct jz_script_line *);
enum jz_script_known jz_say_conditions(struct jz_script_text *, const struct jz_script_facts *,
                                       const struct jz_script_line *);
/** The most urgent rule that fired and the level it ended in, and another such. */
enum jz_script_known jz_say_rule(struct jz_script_text *, const struct jz_script_facts *,
                                 const struct jz_script_line *);
/** What the level of the first asks for. */
enum jz_script_known jz_say_action(struct jz_script_text *, const struct jz_script_facts *,
                                   const struct jz_script_line *);
enum jz_script_known jz_say_ecg(struct jz_script_text *, const struct jz_script_facts *,
                                const struct jz_script_line *);
/** `field`: as a clinician read it, which stands while it is current. */
enum jz_script_known jz_say_ctg(struct jz_script_text *, const struct jz_script_facts *,
                                const struct jz_script_line *);
enum jz_script_known jz_say_arrival(struct jz_script_text *, const struct jz_script_facts *,
                                    const struct jz_script_line *);
/** Which teams the alert calls, and how far they should go. */
enum jz_script_known jz_say_teams(struct jz_script_text *, const struct jz_script_facts *,
                                  const struct jz_script_line *);

struct jz_script_section {
    const char *zh, *en;
    bool asks; /**< ends with the wish for an answer */
};
/** Lines of one text, in their order. The signs of an SMS have no sections; equally important ones are told in order. */
struct jz_script_form {
    const struct jz_script_line *line;
    uint32_t line_count;
    const struct jz_script_section *section;
    uint32_t section_count;
};
enum jz_script_form_name { JZ_SCRIPT_SMS_SIGNS, JZ_SCRIPT_ATMIST, JZ_SCRIPT_SBAR, JZ_SCRIPT_FORMS };
#define JZ_SCRIPT_SIGNS_MAX 16u
#define JZ_SCRIPT_LINES_MAX 64u
extern const struct jz_script_form jz_script_form[JZ_SCRIPT_FORMS]; /**< script_tables.c */

void jz_say_priority(struct jz_script_text *t, const struct jz_script_facts *f);
void jz_say_code(struct jz_script_text *t, const struct jz_script_facts *f);

#endif /* JZ_SCRIPT_SAY_H */
