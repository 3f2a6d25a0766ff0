/* SPDX-License-Identifier: Apache-2.0 */
/** @file forms.h  Small packs of a test's own, and one patient to try them on. Their rules carry no tests: compiling a
 *  pack does not run them. */
#ifndef JZ_RULES_TEST_FORMS_H
#define JZ_RULES_TEST_FORMS_H
#include "support.h"

/* Parts of a pack as text. */
#define HEAD(id)                                                                                             \
    "  - id: " id "\n"                                                                                       \
    "    version: 1.0.0\n"                                                                                   \
    "    title: {zh: 规, en: rule}\n"                                                                       \
    "    source: test\n"                                                                                     \
    "    mark: PROJ\n"                                                                                       \
    "    sign_off: {by: \"\", date: \"\"}\n"
#define LEVEL(id, when, more)                                                                                \
    "      - {id: " id ", when: " when                                                                       \
    ", title: {zh: 级, en: level}, action: {zh: 做, en: act}, mark: PROJ" more "}\n"
#define TOTAL(id, score, more)                                                                               \
    "      - {id: " id ", score: " score ", title: {zh: 级, en: level}, mark: PROJ" more "}\n"
#define TESTS "    tests: [{id: t, given: {sbp: 100}, expect: {status: fired}}]\n"
#define RULE(id, when) HEAD(id) "    levels:\n" LEVEL("yes", when, "") TESTS
/* Reads every input, so that none is unused. */
#define READER                                                                                               \
    RULE("READER",                                                                                           \
         "{all: [{known: sbp}, {known: dbp}, {known: hr}, {known: rr}, {known: temp_c}, {known: spo2}, "     \
         "{known: seizure}, {known: syncope}, {known: lmp_date}, {known: edd_date}, {known: ga_days}, "      \
         "{known: sex}, {known: ecg_pts}, {known: st_deviation}, {known: fmc}, {known: ecg}]}")

/** Compiles a pack with the inputs above, definitions and rules; fails the test where it is refused. */
struct jz_program *compile(const char *define, const char *rules);
/** Likewise, of one rule X whose only level holds when `when` does. */
struct jz_program *criterion(const char *define, const char *when);
/** How such a pack is refused; "" where it is not. */
const char *refusal(const char *define, const char *rules);

/* The patient, and the program that looks at him. */
extern struct jz_chart chart;
extern struct jz_program *program;
void begin(struct jz_program *with); /**< a new patient; the program before is freed */
int end(void **state);

/** Takes a believed value in, and updates the rules it is due for at its time. */
void see(const char *name, int32_t value, int64_t at_ms);
void see_reading(const char *name, struct jz_reading reading);
/** Takes a value in; the rules wait for the rest of the frame. */
void take(const char *name, int32_t value, int64_t at_ms, struct jz_rule_set *due);
struct jz_assessment now(const char *rule, int64_t now_ms);
void expect(const char *rule, int64_t now_ms, int status);
/** The result that was kept, which only changes where the rule was woken. */
int kept(const char *rule);

#endif /* JZ_RULES_TEST_FORMS_H */
