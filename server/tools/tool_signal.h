/* SPDX-License-Identifier: Apache-2.0 */
/** @file tool_signal.h  What `ecg` and `ctg` have in common: measures through the rules, and the answer as JSON. */
#ifndef JZ_TOOL_SIGNAL_H
#define JZ_TOOL_SIGNAL_H
#include "jingzhu/frame.h"
#include "jingzhu/rules.h"
#include "jingzhu/statement.h"
#include "tool_json.h"

/* What the commands of signals answer with; 64 and 70 as of every command that is no `rules`. */
enum jz_signal_exit {
    JZ_SIGNAL_MEASURED = 0,
    JZ_SIGNAL_UNREADABLE = 1, /**< measured, and too little of it can be read */
    JZ_SIGNAL_USAGE = 64,
    JZ_SIGNAL_FAILED =
        70 /**< no such file, not in the format, no packs, or it could not be drawn or written */
};

/** The patient of a recording: nobody but what was measured and what the options say. */
struct jz_signal_patient {
    const struct jz_program *program;
    int64_t now_ms;
    struct jz_chart chart;
};

void jz_signal_begin(struct jz_signal_patient *patient, const struct jz_program *program);
/** One fact about the patient by its field's name. */
void jz_signal_tell(struct jz_signal_patient *patient, const char *field, int32_t value);
/** Takes measures of now and evaluates every rule. */
void jz_signal_take(struct jz_signal_patient *patient, const struct jz_fact *facts, uint32_t count);

/** "facts":{"st_ii":210,...}, as `rules eval` takes inputs. */
void jz_signal_put_facts(struct jz_json *j, const struct jz_fact *facts, uint32_t count);
/** "rules":[...] of the packs that `of` names: fired first, then what cannot be evaluated. */
void jz_signal_put_rules(struct jz_json *j, const struct jz_signal_patient *patient,
                         bool (*of)(const struct jz_rule_info *rule));
/** The same for people, a line a rule: those that fired and those that cannot be evaluated. */
void jz_signal_print_rules(FILE *out, const struct jz_signal_patient *patient,
                           bool (*of)(const struct jz_rule_info *rule));

/** A number of an option in whole steps of 1/scale. Says on standard error what is wrong. */
bool jz_signal_number(const char *option, const char *text, int32_t scale, int64_t min, int64_t max,
                      int64_t *out);
/** An int of 1/scale as decimal JSON. */
void jz_signal_put_decimal(struct jz_json *j, const char *key, int64_t value, int32_t scale);

/** Whether all of standard output so far was taken; else says so. */
bool jz_signal_written(void);
/** `text` and blanks up to `width` columns of a terminal, where a Chinese character takes two. */
void jz_signal_print_padded(FILE *out, const char *text, int width);

#endif /* JZ_TOOL_SIGNAL_H */
