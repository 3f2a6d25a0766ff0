/* SPDX-License-Identifier: Apache-2.0 */
/** @file verbs.h  Everything a scenario can say: rows of a pattern, what it does, and what it means. */
#ifndef VERBS_H
#define VERBS_H
#include "words.h"

enum speaker { SPEAKER_DEVICE, SPEAKER_HOSPITAL, SPEAKER_PERSON, SPEAKER_WORLD };

/** Who speaks and of whom, as far as the line says. */
struct saying {
    enum speaker speaker;
    struct scene_device *device;
    struct scene_person *person;
    uint32_t patient; /**< index, JZ_NONE_U32: not said */
    bool physician, machine;
    int64_t taken_ms; /**< when what is said was so; 0: now */
    struct part rest; /**< behind the pattern */
};

struct verb {
    enum speaker speaker;
    const char
        *pattern; /**< behind the speaker; words.c lists the placeholders; "..." after it: more words */
    enum jz_status (*act)(struct scene *s, struct saying *saying, const struct word_arg *arg);
    const char *help;
};
extern const struct verb device_verbs[], hospital_verbs[], world_verbs[],
    action_verbs[]; /* end with pattern NULL */

/** An expectation: what it is about, and what is said of it; both are patterns, either may be "". */
struct hope {
    const char *about, *says;
    /** @param[out] so  what is so instead, written unless true  @return whether it is as expected */
    bool (*check)(const struct scene *s, uint32_t slot, const struct word_arg *about,
                  const struct word_arg *says, char *so, size_t so_bytes);
    const char *help;
};
extern const struct hope rule_hopes[], alert_hopes[], case_hopes[], route_hopes[], care_hopes[],
    region_hopes[]; /* end with says NULL */

/* act.c */
/** One statement behind "at TIME": finds the row, acts, and checks that the core takes it (or refuses as said). */
void act_line(struct scene *s, struct part part);
/** The patient a line is about; JZ_NONE_U32 (and scene_error) where that is not clear. */
uint32_t act_patient(struct scene *s, uint32_t said);
/** Slot of a patient in the core; JZ_NONE_U32 (and scene_error): not opened. */
uint32_t act_slot(struct scene *s, uint32_t patient);

/** The patient of that name, new where there is none yet. */
uint32_t act_named(struct scene *s, const char *name);
/** The hospital's newest alert for the patient; one that does not exist where there is none, so that the core says so. */
uint64_t act_alert(struct scene *s, uint32_t slot, const char *facility);

/* expect.c */
void expect_line(struct scene *s, struct part part);

/* read.c */
/** Plays one file. @param to  gets what is to say of it. @return whether everything was as expected. */
bool scenario_play(const struct world_files *files, const char *path, FILE *to);

#endif /* VERBS_H */
