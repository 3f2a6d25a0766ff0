/* SPDX-License-Identifier: Apache-2.0 */
/** @file state.h  What the core remembers, private to server/core.
 *
 *  Every struct here is free of padding and pointers (-Wpadded is an error where this header is compiled), so
 *  equal states are equal bytes on every compiler, and a snapshot is a copy. */
#ifndef JZ_STATE_H
#define JZ_STATE_H
#include "core.h"

#define JZ_NONE_U32 UINT32_MAX
#define JZ_NEVER INT64_MAX
#define JZ_ALERTS_PER_ENCOUNTER_MAX 8u
#define JZ_OPEN_PER_DEVICE_MAX 32u
#define JZ_EPOCHS_PER_PEER_MAX                                                                               \
    8u /**< outboxes of one device, pages of one person; the one silent longest gives way */
#define JZ_SILENT_MS 86400000 /**< a patient nothing was heard of for a day is closed (PROJ) */
#define JZ_TREND_ROWS 48u
#define JZ_TREND_COLUMNS 6u
#define JZ_TREND_SPACING_MS 30000
#define JZ_TREND_NULL INT32_MIN
#define JZ_ANSWER_LIMIT_MS 60000   /**< design 6: 60 s until escalation */
#define JZ_TRAVEL_REFRESH_MS 30000 /**< a new arrival time at most this often while the position moves */
#define JZ_PERSON_BYTES 32u
#define JZ_REASON_BYTES 128u

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"

/** How far each lane of one peer's epoch has been applied. */
struct jz_peer_state {
    uint8_t id[16];
    uint64_t seq[JZ_LANE_COUNT];
    int64_t last_ms;
    uint32_t epoch;
    uint8_t kind; /**< enum jz_peer_kind */
    uint8_t reserved[3];
};

struct jz_trend_row {
    int64_t ms;
    int32_t value[JZ_TREND_COLUMNS];
};

/** The newest measurement of a kind of waveform, as a console shows it. */
struct jz_measured {
    int64_t taken_ms; /**< 0: none yet */
    uint32_t snapshot, duration_ms;
    uint32_t lead_code[JZ_MEASURED_LEADS_MAX];
    int16_t number[JZ_NUMBER_COUNT];
    uint8_t lead_quality[JZ_MEASURED_LEADS_MAX], lead_trouble[JZ_MEASURED_LEADS_MAX];
    uint8_t lead_usable[JZ_MEASURED_LEADS_MAX];
    uint8_t lead_count, quality, readable;
    uint8_t reserved[6];
};

/** Which of the chart's readings a machine took from a waveform, or reported as its own finding: a person's stand over
 *  them. By enum jz_wave_kind; 0: a device's own finding. */
#define JZ_MACHINE_SOURCES 3u
struct jz_machine_fields {
    uint64_t word[JZ_MACHINE_SOURCES][JZ_FIELDS_MAX / 64u];
};

struct jz_encounter {
    struct jz_encounter_id id;
    uint8_t device[16];
    uint64_t serial; /**< 1, 2, 3 ... in the order of opening; alert ids are made of it */
    int64_t opened_ms, last_ms;
    int64_t milestone[JZ_MILESTONE_COUNT]; /**< 0: not reached; index 0 unused */
    int64_t position_ms;                   /**< 0: no position */
    int64_t travel_ms;                     /**< 0: no travel times yet */
    int64_t travel_wanted_ms;              /**< 0: none outstanding */
    uint64_t declined;                     /**< bit per facility */
    uint64_t directive_number;             /**< 0: nothing told yet */
    uint64_t directive_alert;              /**< alert the directive speaks of; 0: none */
    uint64_t destination_alert;            /**< accepted alert id; 0: none */
    int64_t rules_wake_ms;                 /**< when a rule can change by time alone */
    uint64_t conditions;                   /**< latched */
    int32_t lat_e7, lon_e7;
    uint32_t accuracy_m;
    uint32_t alert_count;
    uint16_t measure, directive_measure;              /**< field index, JZ_FIELD_NONE: none */
    uint8_t complaint, phase, close_reason, priority; /**< priority: latched, 1 most urgent */
    uint8_t wants_alert, directive, directive_state;
    uint8_t reserved[5];
    char callsign[32];
    char provider[32];
    uint32_t travel_s[JZ_FACILITIES_MAX], travel_uncertainty_s[JZ_FACILITIES_MAX];
    struct jz_chart chart; /**< what is known, and what every rule makes of it */
    struct jz_machine_fields machine;
    struct jz_measured ecg, ctg;
    uint32_t trend_count, trend_next;
    struct jz_trend_row trend[JZ_TREND_ROWS];
};

struct jz_alert_record {
    uint64_t id; /**< (serial of its encounter - 1) * JZ_ALERTS_PER_ENCOUNTER_MAX + 1 + which; 0: unused */
    int64_t raised_ms, changed_ms;
    int64_t due_ms; /**< JZ_NEVER: no answer is waited for */
    uint64_t conditions;
    uint32_t travel_s;
    uint8_t facility, state, priority, escalated;
    uint8_t reason, occurrence;
    uint8_t reserved[6];
    char person[JZ_PERSON_BYTES];
    char reason_text[JZ_REASON_BYTES];
};

/** First part of every snapshot. */
struct jz_core_head {
    uint64_t layout;    /**< changes with these structs: an old snapshot is then replayed, not loaded */
    int64_t now_ms;     /**< latest time an event brought; never runs back */
    uint64_t decisions; /**< decision records made */
    uint64_t applied;   /**< events applied */
    uint64_t serial;    /**< of the newest encounter */
    uint32_t encounter_count, peer_count; /**< entries ever used of each array */
    uint32_t has_program, has_directory;
};
#pragma GCC diagnostic pop

enum jz_phase { JZ_PHASE_NONE, JZ_PHASE_OPEN, JZ_PHASE_ARRIVED, JZ_PHASE_CLOSED };

struct jz_core {
    struct jz_core_head head;
    struct jz_core_limits limits;
    const struct jz_program *program;
    const struct jz_directory *directory;
    uint32_t peer_mask, encounter_mask; /**< hash table sizes less one */
    uint32_t *peer_bucket, *peer_next;  /**< chained hash tables of slots, JZ_NONE_U32 ends a chain */
    uint32_t *encounter_bucket, *encounter_next;
    uint32_t *serial_bucket, *serial_next; /**< the same slots by serial */
    struct jz_peer_state *peer;
    struct jz_encounter *encounter;
    int64_t *wake_ms;              /**< by encounter slot: the first moment time alone can change something */
    struct jz_alert_record *alert; /**< JZ_ALERTS_PER_ENCOUNTER_MAX by encounter slot */
};

/* core.c */
struct jz_encounter *jz_encounter_find(struct jz_core *core, struct jz_encounter_id id, uint32_t *slot);
struct jz_encounter *jz_encounter_add(struct jz_core *core, struct jz_encounter_id id, uint32_t *slot);
/** The alerts of an encounter: e->alert_count of them, oldest first. */
struct jz_alert_record *jz_alerts(const struct jz_core *core, uint32_t slot);
struct jz_alert_record *jz_alert_find(const struct jz_core *core, uint64_t id,
                                      uint32_t *slot);                     /**< NULL: none */
struct jz_alert_record *jz_alert_add(struct jz_core *core, uint32_t slot); /**< NULL: no room */
/** Sets the encounter's next wake: what its rules say, its alerts' deadlines, and a day of silence. */
void jz_set_wake(struct jz_core *core, uint32_t slot, struct jz_outcome *out);
void jz_touch(struct jz_outcome *out, uint32_t slot);
void jz_copy_text(char *to, size_t capacity, const char *from, size_t bytes);

/* encounter.c: a frame's facts into the state */
void jz_apply_frame(struct jz_core *core, const struct jz_event *event, struct jz_outcome *out);

/* measured.c: what a machine found, and what people's findings make of it */
void jz_apply_measurement(struct jz_core *core, const struct jz_event *event, struct jz_outcome *out);
/** A machine's fact into the chart, unless a person's reading of that field stands.
 *  @param source  index of jz_machine_fields.word */
void jz_observe_machine(struct jz_core *core, struct jz_encounter *e, uint32_t source,
                        const struct jz_fact *fact, int64_t at_ms, struct jz_rule_set *due,
                        struct jz_outcome *out);
#define JZ_NO_MACHINE JZ_MACHINE_SOURCES /**< a person, or a monitor by its own means */
/** Whose the field's newest reading is. @param source  index of jz_machine_fields.word, or JZ_NO_MACHINE */
void jz_machine_note(struct jz_encounter *e, uint32_t source, uint32_t field);
/** Likewise of a fact that was observed at `at_ms`, unless the chart knows a newer one. */
void jz_machine_note_fact(struct jz_encounter *e, uint32_t source, const struct jz_fact *fact, int64_t at_ms);
bool jz_machine_has(const struct jz_encounter *e, uint32_t source, uint32_t field);

/** When a milestone happened: into the encounter and its chart. The first stamp stands; a `correction` replaces it, and so
 *  does an earlier time than the one that was taken from a recording. */
void jz_stamp(struct jz_core *core, struct jz_encounter *e, enum jz_milestone what, int64_t ms,
              bool correction, struct jz_rule_set *due, struct jz_outcome *out);
/** Code of the event field of a milestone; 0: none. */
uint32_t jz_milestone_code(enum jz_milestone what);
/** The columns of the trend, by field code. */
extern const uint32_t jz_trend_code[JZ_TREND_COLUMNS];

/* triage.c: rules over the chart, priority and conditions */
/** Evaluates the rules of `due` and all that follow from them. */
void jz_triage(struct jz_core *core, uint32_t slot, const struct jz_rule_set *due, struct jz_outcome *out);
void jz_triage_all(struct jz_core *core, uint32_t slot, struct jz_outcome *out);
/** One field into the chart; the rules it can change are added to `due`. */
void jz_triage_observe(struct jz_core *core, struct jz_encounter *e, uint32_t code, struct jz_reading reading,
                       struct jz_rule_set *due, struct jz_outcome *out);

/* destination.c: ranking and who is alerted next */
void jz_want_travel(struct jz_core *core, struct jz_encounter *e);
void jz_apply_travel(struct jz_core *core, const struct jz_event *event, struct jz_outcome *out);
void jz_rank_encounter(const struct jz_core *core, const struct jz_encounter *e, struct jz_ranking *ranking);
void jz_alert_next(struct jz_core *core, uint32_t slot, struct jz_outcome *out);
void jz_direct(struct jz_core *core, uint32_t slot, struct jz_outcome *out);

/* alert.c: the alert's states and its ladder */
void jz_alert_raise(struct jz_core *core, uint32_t slot, uint8_t facility, struct jz_outcome *out);
void jz_alert_renew(struct jz_core *core, uint32_t slot, struct jz_alert_record *alert,
                    struct jz_outcome *out);
void jz_alert_worse(struct jz_core *core, uint32_t slot, struct jz_outcome *out);
bool jz_alert_waits(const struct jz_core *core, uint32_t slot); /**< one not yet due an escalation */
bool jz_outcome_has_room(const struct jz_outcome *out);
void jz_apply_answer(struct jz_core *core, const struct jz_event *event, struct jz_outcome *out);
void jz_alert_milestone(struct jz_core *core, uint32_t slot, enum jz_milestone what, struct jz_outcome *out);
void jz_alert_close(struct jz_core *core, uint32_t slot, struct jz_outcome *out);
void jz_apply_due(struct jz_core *core, struct jz_outcome *out);
void jz_close_encounter(struct jz_core *core, uint32_t slot, enum jz_close_reason reason,
                        struct jz_outcome *out);

/* configuration.c: rule packs or directory replaced under patients who are under way */
void jz_apply_configuration(struct jz_core *core, const struct jz_event *event, struct jz_outcome *out);

/* decision.c: decisions as journal records */
void jz_decide_assessment(struct jz_core *core, const struct jz_encounter *e, uint32_t rule,
                          struct jz_outcome *out);
void jz_decide_priority(struct jz_core *core, const struct jz_encounter *e, struct jz_outcome *out);
void jz_decide_ranking(struct jz_core *core, const struct jz_encounter *e, const struct jz_ranking *ranking,
                       struct jz_outcome *out);
void jz_decide_alert(struct jz_core *core, uint32_t slot, const struct jz_alert_record *alert,
                     struct jz_outcome *out);
void jz_decide_directive(struct jz_core *core, const struct jz_encounter *e, struct jz_outcome *out);
void jz_decide_phase(struct jz_core *core, const struct jz_encounter *e, struct jz_outcome *out);
/** Which rules are in force from now on, and who says so. */
void jz_decide_activation(struct jz_core *core, const char *person, struct jz_outcome *out);

#endif /* JZ_STATE_H */
