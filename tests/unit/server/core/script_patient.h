/* SPDX-License-Identifier: Apache-2.0 */
/** @file script_patient.h  One patient at a time for the texts of script.h: a chart over the real engine with a few rules
 *  small enough to see through, and what must hold of every text. */
#ifndef SCRIPT_PATIENT_H
#define SCRIPT_PATIENT_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "script.h"
#include "state.h"

#define NOW INT64_C(1767249000000) /* 2026-01-01 14:30 in China */
#define MINUTE INT64_C(60000)
#define NEAR 0u
#define LONG_NAMES 1u
#define LONG_ZH "很长的病情名称很长的病情名称很长的病情名称很长的病情名称很长的病情名称"
#define LONG_EN "a condition with a name so long that it would leave no room for anything about the patient"

extern struct jz_program
    *program; /**< of the rules in script_patient.c, unless a test puts another in its place */
extern struct jz_directory directory;
extern struct jz_encounter encounter;
extern struct jz_alert_record alert[JZ_ALERTS_PER_ENCOUNTER_MAX];
extern struct jz_core core;
extern char text[JZ_SCRIPT_READ_BYTES]; /**< the newest */

int script_compile(void **state); /**< group setup and teardown */
int script_release(void **state);
int nobody(void **state); /**< test setup: nothing is known but that somebody called */

/** A reading of a field, and the rules it is due for. */
void note_as(const char *name, int32_t value, int64_t ms, enum jz_validity validity);
void note(const char *name, int32_t value); /**< valid, two minutes ago */
void happened(const char *name, int64_t minutes_ago);
void latch(void);             /**< priority and conditions, as the core does */
void drive(uint32_t minutes); /**< to both hospitals, as was known half a minute ago */
void vital_signs(int32_t sbp, int32_t dbp, int32_t hr, int32_t spo2, int32_t rr);

void stemi(void);
void eclampsia(void);
void haemorrhage(void);
void stale(void);
void newborn(void);
void long_names(void);

/** UTF-8, and no control characters but line ends. */
void check_utf8(const char *of, size_t bytes);
/** The text, checked against the limits of an SMS. */
const char *sms_for(uint32_t facility, enum jz_language language);
const char *sms(enum jz_language language); /**< for NEAR */
/** Fails where a text is no SMS. */
void check_sms(const char *of, enum jz_language language);
const char *out_loud(enum jz_language language);
void reads(enum jz_language language, const char *part);
void does_not_read(enum jz_language language, const char *part);
/** In every buffer from 1 byte up: the 0 is there, nothing behind it is touched, all is UTF-8. */
typedef size_t (*make)(const struct jz_core *, uint32_t, uint32_t, int64_t, enum jz_language, char *, size_t);
void walk_capacities(make made, uint32_t facility);

#endif /* SCRIPT_PATIENT_H */
