/* SPDX-License-Identifier: Apache-2.0 */
/** @file stage.h  A core on a small stage: four hospitals, one ambulance, one clock that moves when told.
 *
 *  near: obstetrics, nicu, pci, 10 min away. far: the same, 20 min. clinic: nothing, 5 min. mothers: no pci, 60 min. */
#ifndef STAGE_H
#define STAGE_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core.h"

#define NOON INT64_C(1767225600000)
#define MINUTE INT64_C(60000)

/** One applied event as it would stand in the journal. */
struct stage_record {
    uint8_t *bytes;
    size_t count;
};

struct stage {
    void *memory;
    struct jz_core *core;
    struct jz_core_limits limits;
    struct jz_directory directory;
    struct jz_outcome out; /**< of the last event */
    int64_t now;
    uint64_t device_seq[JZ_LANE_COUNT], person_seq;
    struct stage_record *record; /**< inputs and decisions, in order */
    size_t record_count, record_capacity;
};

int stage_open(void **state); /**< cmocka setup: *state is a struct stage */
int stage_close(void **state);

struct jz_encounter_id stage_patient(uint8_t n);
/** Applies and records. */
void stage_apply(struct stage *s, const struct jz_event *event);
/** Fills header and applies a device frame on its lane. */
void stage_device(struct stage *s, struct jz_frame *frame);
void stage_open_patient(struct stage *s, uint8_t n, bool with_position);
void stage_sbp(struct stage *s, uint8_t n, int32_t mmhg);
void stage_finding(struct stage *s, uint8_t n, const char *field, int32_t value);
void stage_milestone(struct stage *s, uint8_t n, enum jz_milestone what);
/** One fact that the shell measured of an ECG which ended now. */
void stage_measured(struct stage *s, uint8_t n, const char *field, int32_t value);
/** One fact of an update. */
void stage_fact(struct stage *s, uint8_t n, const char *field, int32_t value);
/** The patient's view as diagnostic text (static storage), checked as a message. */
const char *stage_view(struct stage *s, uint32_t slot, size_t *bytes);
void stage_travel(struct stage *s, uint8_t n);
void stage_answer(struct stage *s, const char *facility, uint64_t alert, enum jz_alert_state to,
                  uint8_t reason);
/** Moves the clock and brings the deadline event if one is due. */
void stage_wait(struct stage *s, int64_t ms);

/** Activates rules by name: "packs", "reversed" or "crowd"; and the program of such an event on record. */
void stage_packs(struct stage *s, const char *name, const char *person);
const struct jz_program *stage_program(struct jz_bytes name);
/** Replaces the directory. */
void stage_directory(struct stage *s, const struct jz_directory *directory);
enum jz_alert_state stage_alert_state(struct stage *s, uint64_t alert);
const char *stage_alert_facility(struct stage *s, uint64_t alert);
/** All state bytes, malloc'ed. */
uint8_t *stage_state(const struct jz_core *core, size_t *bytes);
/** Applies a frame of a person; header and sequence are filled in where they are 0. */
void stage_person(struct stage *s, const struct jz_peer *peer, struct jz_frame *frame);
/** Somebody of a hospital's receiving team, by name. */
struct jz_peer stage_team(const char *facility, const char *name);
struct jz_peer stage_dispatcher(const char *name);
/** An action about patient `n`; 0: about none. */
void stage_action(struct stage *s, const struct jz_peer *peer, uint8_t n, const struct jz_action *action);
/** The last decision of that kind (enum jz_decision_kind) the last event made, as diagnostic text (static storage); NULL: none. */
const char *stage_decision(struct stage *s, uint32_t kind);

#endif /* STAGE_H */
