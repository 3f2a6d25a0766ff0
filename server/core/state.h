/* SPDX-License-Identifier: Apache-2.0 */
/** @file state.h  What the core remembers, private to server/core.
 *
 *  Every struct here is free of padding and pointers (-Wpadded is an error where this header is compiled), so
 *  equal states are equal bytes on every compiler, and a snapshot is a copy. */
#ifndef JZ_STATE_H
#define JZ_STATE_H
#include "capacity.h"
#include "core.h"
#include "figures.h"

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
#define JZ_RECEIPT_LIMIT_MS 10000  /**< console.md 6: until somebody must telephone */
#define JZ_ANSWER_LIMIT_MS 60000   /**< design 6: 60 s until escalation */
#define JZ_TEAM_LIMIT_MS 300000    /**< console.md 6: from the acceptance until a team is reminded */
#define JZ_SIGN_LIMIT_MS 900000    /**< console.md 6: until a missing signature is asked for */
#define JZ_TRAVEL_REFRESH_MS 30000 /**< a new arrival time at most this often while the position moves */
#define JZ_PERSON_BYTES 32u
#define JZ_REASON_BYTES 128u
#define JZ_KIN_MAX 6u           /**< newborns and duplicates of one patient */
#define JZ_STAMPS_MAX 48u       /**< milestones known of one case */
#define JZ_CLOCKS_MAX 96u       /**< targets of all pathways together that are watched */
#define JZ_CONSULT_TRIES_MAX 3u /**< console.md 6 */
#define JZ_QUESTION_BYTES 520u  /**< a text of the wire, whole */
#define JZ_OPINION_BYTES 520u
#define JZ_PROPOSAL_LIMIT_MS 300000 /**< then it must be asked for again (PROJ) */
#define JZ_HOLD_LIMIT_MS 14400000   /**< a place is held four hours for a patient who does not come (PROJ) */
#define JZ_TAG_BYTES 16u
#define JZ_CLOCK_SLACK_MS                                                                                    \
    60000 /**< how far in the future a person's clock may be before it is called impossible (PROJ) */

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

/** One device that is with the patient. */
struct jz_device_of {
    uint8_t id[16];
    int64_t heard_ms; /**< 0: no device */
    char callsign[JZ_PERSON_BYTES];
};

/** Another encounter that belongs to this one. */
struct jz_kin {
    struct jz_encounter_id id;
    int64_t since_ms; /**< 0: none */
    uint8_t kind;     /**< enum jz_kin_kind: what the other is to this one */
    uint8_t reserved[7];
};

/** When one milestone of a case happened, and how that is known. Who said it is in the journal. */
struct jz_stamp_record {
    int64_t happened_ms; /**< on the server's clock */
    int64_t first_ms;    /**< as it was said first; a correction stands beside it */
    int64_t device_ms;   /**< on the sender's own clock; 0: the server's own observation */
    int64_t received_ms;
    uint32_t uncertainty_ms;
    uint16_t field;      /**< index of the event field */
    uint8_t source;      /**< enum jz_stamp_source */
    uint8_t corrections; /**< how often; stays at 255 */
};

struct jz_signature {
    int64_t ms; /**< 0: not signed */
    char person[JZ_PERSON_BYTES];
};

struct jz_encounter {
    struct jz_encounter_id id;
    struct jz_device_of device[JZ_DEVICES_PER_ENCOUNTER_MAX]; /**< the one heard last comes first */
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
    int64_t held_until_ms;                 /**< 0: nothing is reserved */
    int64_t handover_due_ms;               /**< JZ_NEVER: nobody is reminded to sign */
    int64_t outcome_ms;                    /**< 0: not told yet */
    int64_t clock_wake_ms;                 /**< when a target passes its next warning */
    int64_t birth_ms;                      /**< of a newborn encounter; 0: none */
    uint64_t warned[2][2];      /**< bit per target: low and high bit of the warnings given (clock.c) */
    uint64_t predicted_late[2]; /**< bit per target: said that it will be missed */
    struct jz_signature gives, receives; /**< of the handover */
    int32_t lat_e7, lon_e7;
    uint32_t accuracy_m;
    uint32_t alert_count;
    uint16_t measure, directive_measure;              /**< field index, JZ_FIELD_NONE: none */
    uint8_t complaint, phase, close_reason, priority; /**< priority: latched, 1 most urgent */
    uint8_t wants_alert, directive, directive_state;
    uint8_t rule_priority; /**< latched from rules; `priority` differs where a person changed it */
    uint8_t chosen;        /**< facility + 1 that a person chose over the ranking; 0: none */
    uint8_t chosen_reason; /**< enum jz_action_reason */
    uint8_t held_facility; /**< + 1; 0: none */
    uint8_t held_services; /**< bits of enum jz_service */
    uint8_t legs;          /**< hospitals left for another one (DIDO) */
    uint8_t from_facility; /**< + 1: the hospital it is transferred from; 0: from the scene */
    uint8_t reminded;      /**< the missing signature was asked for */
    uint8_t triage_right;  /**< 0 not told 1 right 2 too high 3 too low */
    uint8_t diagnosis;     /**< enum jz_diagnosis, as the hospital found it; 0: not told */
    uint8_t consult;       /**< index + 1 in the region's consults; 0: none */
    uint8_t stamp_count;
    uint8_t reconsider; /**< what hospitals offer has changed: look at the destination anew (destination.c) */
    char tag[JZ_TAG_BYTES]; /**< wristband or case tag, no name; "": not identified */
    char chosen_by[JZ_PERSON_BYTES];
    struct jz_kin kin[JZ_KIN_MAX];
    struct jz_stamp_record stamp[JZ_STAMPS_MAX];
    char callsign[32];
    char provider[32];
    uint32_t travel_s[JZ_FACILITIES_MAX], travel_uncertainty_s[JZ_FACILITIES_MAX];
    struct jz_chart chart; /**< what is known, and what every rule makes of it */
    struct jz_machine_fields machine;
    struct jz_measured ecg, ctg;
    uint32_t trend_count, trend_next;
    struct jz_trend_row trend[JZ_TREND_ROWS];
};

/** One team of the alerted hospital. */
struct jz_team_record {
    int64_t changed_ms;
    uint8_t receipt; /**< enum jz_receipt */
    uint8_t needed;  /**< the condition calls it (packs/routing) */
    uint8_t late;    /**< it was reminded */
    uint8_t reserved[5];
    char person[JZ_PERSON_BYTES];
};

struct jz_alert_record {
    uint64_t id; /**< (serial of its encounter - 1) * JZ_ALERTS_PER_ENCOUNTER_MAX + 1 + which; 0: unused */
    int64_t raised_ms, changed_ms;
    int64_t due_ms; /**< JZ_NEVER: no answer is waited for */
    uint64_t conditions;
    uint32_t travel_s;
    uint8_t facility, state, priority, escalated;
    uint8_t reason, occurrence;
    uint8_t grade;       /**< enum jz_grade */
    uint8_t rung;        /**< rungs of the ladder that were taken since it rang (alert.c) */
    uint8_t technical;   /**< no device of the hospital confirmed it: telephone */
    uint8_t standby;     /**< asked beside another hospital that does not answer; nobody is sent there yet */
    uint8_t told;        /**< the hospital confirmed that it is off: withdrawn or another destination */
    uint8_t off_for;     /**< withdrawn because another hospital accepted: which of the case's alerts, + 1 */
    int64_t accepted_ms; /**< 0: not accepted */
    char person[JZ_PERSON_BYTES];
    char reason_text[JZ_REASON_BYTES];
    struct jz_team_record team[JZ_TEAM_COUNT];
};

/** A question to the Beijing partner (consult.c). */
struct jz_consult_record {
    struct jz_encounter_id encounter; /**< all zero: free */
    uint64_t number;
    int64_t asked_ms, due_ms; /**< due: next step of its ladder; JZ_NEVER: none */
    int64_t service_ms;       /**< the opinion is promised by then */
    int64_t answered_ms;      /**< 0: no opinion yet */
    uint64_t snapshot;        /**< number of the frozen ECG; 0: none */
    uint8_t state;            /**< enum jz_consult_state */
    uint8_t tries;            /**< how many were asked */
    uint8_t conclusion;       /**< enum jz_conclusion */
    uint8_t late;             /**< the service level passed */
    uint8_t passed_count, reserved[3];
    char asked_by[JZ_PERSON_BYTES], consultant[JZ_PERSON_BYTES];
    char passed[JZ_CONSULT_TRIES_MAX][JZ_PERSON_BYTES]; /**< who let it go on: not asked again */
    char question[JZ_QUESTION_BYTES], opinion[JZ_OPINION_BYTES];
};

/** Proof that a message reaches a hospital's sounder (probe.c). */
struct jz_probe_record {
    uint64_t number;    /**< of the newest; 0: none yet */
    int64_t sent_ms;    /**< 0: none yet */
    int64_t sounded_ms; /**< newest that came back; 0: never */
    int64_t due_ms;     /**< next step */
    uint8_t state;      /**< enum jz_probe_state */
    uint8_t missed;     /**< one after another */
    uint8_t awaited;    /**< the newest did not come back yet, and is not given up */
    uint8_t reserved[5];
    char station[JZ_PERSON_BYTES]; /**< who was logged in there */
};

/** An action that waits for a second person. */
struct jz_proposal_record {
    uint64_t number; /**< 0: never used */
    int64_t asked_ms, until_ms;
    struct jz_encounter_id encounter, other;
    uint64_t about; /**< the action's own number */
    int64_t ms;
    uint32_t code;
    int32_t value;
    uint8_t what, reason, role, facility; /**< facility: index + 1 */
    uint8_t has_encounter, has_other, has_value;
    uint8_t state; /**< 1 waits; 2 confirmed, 3 refused, 4 nobody came: shown until the place is needed */
    char person[JZ_PERSON_BYTES], text[JZ_REASON_BYTES];
};

/** What belongs to no single patient. */
struct jz_region {
    struct jz_capacity capacity;
    struct jz_figures figures;
    struct jz_probe_record probe[JZ_FACILITIES_MAX];
    struct jz_consult_record consult[JZ_CONSULTS_MAX];
    struct jz_proposal_record proposal[JZ_PROPOSALS_MAX];
    uint64_t consults, proposals, probes; /**< numbers given */
    int64_t office_ms; /**< when office hours turn, if a capability stands for them; JZ_NEVER */
    int64_t wake_ms;   /**< the first moment time alone can change something here */
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

/** On the wire: never renumber. MERGED: this record goes on in another one. */
enum jz_phase {
    JZ_PHASE_NONE,
    JZ_PHASE_OPEN,
    JZ_PHASE_ARRIVED,
    JZ_PHASE_CLOSED,
    JZ_PHASE_HANDED_OVER,
    JZ_PHASE_MERGED,
    JZ_PHASE_COUNT
};
enum jz_phase_event {
    JZ_PHASE_EVENT_NONE,
    JZ_PHASE_ARRIVE,    /**< at a hospital's door */
    JZ_PHASE_HAND_OVER, /**< the hospital has the patient */
    JZ_PHASE_CLOSE,     /**< ended: handed over, stood down, refused, died, or silent for a day */
    JZ_PHASE_REOPEN,    /**< a person took the end back, or a merger */
    JZ_PHASE_TRANSFER,  /**< on to another hospital */
    JZ_PHASE_MERGE,     /**< found to be another encounter's patient */
    JZ_PHASE_EVENT_COUNT
};
enum jz_kin_kind { JZ_KIN_NONE, JZ_KIN_NEWBORN, JZ_KIN_MOTHER, JZ_KIN_MERGED_INTO, JZ_KIN_MERGED_FROM };
enum jz_stamp_source {
    JZ_STAMP_UNKNOWN,
    JZ_STAMP_EVENT,     /**< the system saw it happen: an answer, an arrival, the end of a recording */
    JZ_STAMP_RECORDING, /**< taken from a recording's own time */
    JZ_STAMP_CREW,      /**< tapped or reported by the crew */
    JZ_STAMP_HOSPITAL,  /**< by the receiving team */
    JZ_STAMP_DISPATCH   /**< by a dispatcher */
};
enum jz_consult_state {
    JZ_CONSULT_NONE,
    JZ_CONSULT_ASKED, /**< the next in the rota has 120 s to take it */
    JZ_CONSULT_TAKEN,
    JZ_CONSULT_ANSWERED, /**< an opinion is signed; access until the case ends */
    JZ_CONSULT_PHONE,    /**< nobody took it: call */
    JZ_CONSULT_ENDED     /**< the case ended: nothing of it may be seen any more */
};
enum jz_conclusion {
    JZ_CONCLUSION_NONE,
    JZ_CONCLUSION_AGREE, /**< with what the rules found */
    JZ_CONCLUSION_MORE_URGENT,
    JZ_CONCLUSION_LESS_URGENT,
    JZ_CONCLUSION_REPEAT, /**< the recording cannot be read: take it again */
    JZ_CONCLUSION_OTHER,  /**< see the text */
    JZ_CONCLUSION_COUNT
};
enum jz_probe_state { JZ_PROBE_NONE, JZ_PROBE_SENT, JZ_PROBE_ALIVE, JZ_PROBE_DEAD };
/** What the hospital found, for the facility's figures and for the crew. */
enum jz_diagnosis {
    JZ_DIAGNOSIS_NONE,
    JZ_DIAGNOSIS_STEMI,
    JZ_DIAGNOSIS_NSTE_ACS,
    JZ_DIAGNOSIS_DISSECTION,
    JZ_DIAGNOSIS_PULMONARY_EMBOLISM,
    JZ_DIAGNOSIS_OTHER_CARDIAC,
    JZ_DIAGNOSIS_PREECLAMPSIA,
    JZ_DIAGNOSIS_HAEMORRHAGE,
    JZ_DIAGNOSIS_PRETERM,
    JZ_DIAGNOSIS_SEPSIS,
    JZ_DIAGNOSIS_OTHER_OBSTETRIC,
    JZ_DIAGNOSIS_OTHER,
    JZ_DIAGNOSIS_COUNT
};

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
    struct jz_region *region;
};

/* core.c */
struct jz_encounter *jz_encounter_find(struct jz_core *core, struct jz_encounter_id id, uint32_t *slot);
struct jz_encounter *jz_encounter_add(struct jz_core *core, struct jz_encounter_id id, uint32_t *slot);
/** The alerts of an encounter: e->alert_count of them, oldest first. */
struct jz_alert_record *jz_alerts(const struct jz_core *core, uint32_t slot);
struct jz_alert_record *jz_alert_find(const struct jz_core *core, uint64_t id,
                                      uint32_t *slot); /**< NULL: none */
/** For another hospital: a place that was never used, else the one of a hospital that declined or confirmed that it is off,
 *  and whose number goes on. NULL: there is none. */
struct jz_alert_record *jz_alert_add(struct jz_core *core, uint32_t slot);
bool jz_alert_has_room(const struct jz_core *core, uint32_t slot);
/** Sets the encounter's next wake: what its rules say, its alerts' deadlines, and a day of silence. */
void jz_set_wake(struct jz_core *core, uint32_t slot, struct jz_outcome *out);
void jz_touch(struct jz_outcome *out, uint32_t slot);
void jz_copy_text(char *to, size_t capacity, const char *from, size_t bytes);

/** Ends of the region's own deadlines; `out` may be told of a nearer one. */
void jz_set_region_wake(struct jz_core *core, struct jz_outcome *out);

/* --- actions: what people and crews do --------------------------------------------------------------------------- */

/** An action whose sender, patient and hospital were found and whose right to it was checked by its row (action.c). */
struct jz_act {
    const struct jz_event *event;   /**< who and when; of the proposal's confirmation where it was one */
    const struct jz_action *action; /**< texts borrowed for the call */
    struct jz_encounter *e;         /**< NULL: about no patient */
    uint32_t slot;                  /**< of `e` */
    uint32_t facility;              /**< index, or JZ_NONE_U32 */
    const char *person;             /**< who answers for it: name, or callsign */
    const char *second;             /**< who confirmed it; NULL: one person was enough */
};
/** Does it, or says why not and changes nothing. The journal record of the action is written by the caller. */
typedef enum jz_status (*jz_act_do)(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out);

/* action.c */
void jz_apply_action(struct jz_core *core, const struct jz_event *event, struct jz_outcome *out);
/** All that its row demands, in a fixed order; finds patient and hospital. `event`, `action` and persons are given, `facility`
 *  is JZ_NONE_U32. */
enum jz_status jz_act_check(struct jz_core *core, struct jz_act *act);
/** Does what was checked, and records it. */
enum jz_status jz_act_run(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out);

/* proposal.c: what waits for a second person */
/** @retval JZ_E_SECOND_PERSON  it waits  @retval JZ_E_FULL  too much does */
enum jz_status jz_propose(struct jz_core *core, const struct jz_act *act, struct jz_outcome *out);
enum jz_status jz_do_second(struct jz_core *, const struct jz_act *, struct jz_outcome *);
void jz_proposals_due(struct jz_core *core, struct jz_outcome *out);
int64_t jz_proposals_next(const struct jz_core *core);

/** Has a time of the sender's clock yet to come, by that clock and by ours? */
bool jz_is_to_come(const struct jz_core *core, const struct jz_event *event, int64_t device_ms);
/** Who says it, as a milestone's source. */
enum jz_stamp_source jz_source_of(const struct jz_peer *peer);
/** Does the birth say another time of one that is known? Then it needs a reason. */
bool jz_birth_corrects(struct jz_core *core, const struct jz_act *act); /* birth.c */

/* One function a row of the table, by the file that knows the matter. */
enum jz_status jz_do_choose_destination(struct jz_core *, const struct jz_act *,
                                        struct jz_outcome *); /* destination.c */
enum jz_status jz_do_set_priority(struct jz_core *, const struct jz_act *,
                                  struct jz_outcome *);                                        /* triage.c */
enum jz_status jz_do_stand_down(struct jz_core *, const struct jz_act *, struct jz_outcome *); /* phase.c */
enum jz_status jz_do_reopen(struct jz_core *, const struct jz_act *, struct jz_outcome *);     /* phase.c */
enum jz_status jz_do_transfer(struct jz_core *, const struct jz_act *, struct jz_outcome *);   /* phase.c */
enum jz_status jz_do_merge(struct jz_core *, const struct jz_act *, struct jz_outcome *);      /* kin.c */
enum jz_status jz_do_birth(struct jz_core *, const struct jz_act *, struct jz_outcome *);      /* birth.c */
enum jz_status jz_do_join(struct jz_core *, const struct jz_act *, struct jz_outcome *);       /* kin.c */
enum jz_status jz_do_identify(struct jz_core *, const struct jz_act *, struct jz_outcome *);   /* kin.c */
enum jz_status jz_do_divert(struct jz_core *, const struct jz_act *, struct jz_outcome *); /* services.c */
enum jz_status jz_do_end_divert(struct jz_core *, const struct jz_act *,
                                struct jz_outcome *); /* services.c */
enum jz_status jz_do_set_capacity(struct jz_core *, const struct jz_act *,
                                  struct jz_outcome *); /* services.c */
enum jz_status jz_do_confirm_capability(struct jz_core *, const struct jz_act *,
                                        struct jz_outcome *);                               /* services.c */
enum jz_status jz_do_stamp(struct jz_core *, const struct jz_act *, struct jz_outcome *);   /* stamp.c */
enum jz_status jz_do_receipt(struct jz_core *, const struct jz_act *, struct jz_outcome *); /* team.c */
enum jz_status jz_do_ask_consult(struct jz_core *, const struct jz_act *,
                                 struct jz_outcome *); /* consult.c */
enum jz_status jz_do_take_consult(struct jz_core *, const struct jz_act *,
                                  struct jz_outcome *); /* consult.c */
enum jz_status jz_do_pass_consult(struct jz_core *, const struct jz_act *,
                                  struct jz_outcome *); /* consult.c */
enum jz_status jz_do_answer_consult(struct jz_core *, const struct jz_act *,
                                    struct jz_outcome *); /* consult.c */
enum jz_status jz_do_sign_handover(struct jz_core *, const struct jz_act *,
                                   struct jz_outcome *);                                    /* handover.c */
enum jz_status jz_do_outcome(struct jz_core *, const struct jz_act *, struct jz_outcome *); /* handover.c */
enum jz_status jz_do_probe_sounded(struct jz_core *, const struct jz_act *,
                                   struct jz_outcome *); /* probe.c */
/** Is this a hard stop of console.md 6 (a second person must confirm)? */
bool jz_destination_needs_second(const struct jz_core *core, const struct jz_act *act);

/* phase.c: the life of an encounter, a table of phase x event */
/** @return JZ_OK and the phase is changed and journaled, or JZ_E_PHASE and nothing is. */
enum jz_status jz_phase_move(struct jz_core *core, uint32_t slot, enum jz_phase_event event,
                             struct jz_outcome *out);
/** The table itself: JZ_PHASE_NONE where the event is refused. */
enum jz_phase jz_phase_after(enum jz_phase phase, enum jz_phase_event event);
/** Under way or in a hospital: it may change and be watched. */
bool jz_phase_is_live(uint8_t phase);
/** A milestone moves the phase, where it can: the door to arrived, the handover to handed over, where the signatures are waited for. */
void jz_phase_reached(struct jz_core *core, uint32_t slot, enum jz_milestone what, struct jz_outcome *out);
/** The crew left: of a transfer it is the first hospital's door out, unless that was said already. Else nothing. */
/** When a transferred patient's present leg began, as far as that is known: what happened at a door before it belongs to the
 *  hospital before. 0: no transfer. */
int64_t jz_leg_began_ms(const struct jz_core *core, const struct jz_encounter *e);
void jz_left_hospital(struct jz_core *core, struct jz_encounter *e, int64_t ms, const struct jz_event *event,
                      struct jz_rule_set *due, struct jz_outcome *out);

/* kin.c: devices of a patient, duplicates, mother and newborn */
/** The device is with the patient: it comes first in the list. */
void jz_device_heard(struct jz_core *core, struct jz_encounter *e, const struct jz_peer *peer);
/** Who answers for what a device of this patient does: its unit's callsign, or the patient's where it told none. Borrowed. */
const char *jz_device_callsign(const struct jz_encounter *e, const uint8_t device[16]);
/** The encounter that carries a merged one's record on: itself where it was not merged. Bounded: JZ_KIN_MAX steps. */
struct jz_encounter *jz_merged_into(struct jz_core *core, struct jz_encounter *e, uint32_t *slot);
/** The link of that kind to `id` (NULL: to anybody); NULL: there is none. */
struct jz_kin *jz_kin_find(struct jz_encounter *e, const struct jz_encounter_id *id, enum jz_kin_kind kind);
uint32_t jz_kin_free(const struct jz_encounter *e); /**< how many more links it can have */
/** One side of a link, and its journal record. Asserts that there is room. */
void jz_kin_add(struct jz_core *core, uint32_t slot, struct jz_encounter_id other, enum jz_kin_kind kind,
                struct jz_outcome *out);
/** A merged encounter goes on by itself again: both links are taken off. */
void jz_kin_separate(struct jz_core *core, uint32_t slot, struct jz_outcome *out);

/* stamp.c: milestones, each with its source; clock.c: targets between two of them */
/** One milestone, first or corrected. @retval JZ_E_TIME_ORDER  @retval JZ_E_CHART_FULL */
enum jz_status jz_stamp_field(struct jz_core *core, struct jz_encounter *e, uint32_t field,
                              int64_t happened_ms, const struct jz_event *event, enum jz_stamp_source source,
                              bool correction, struct jz_rule_set *due, struct jz_outcome *out);
/** Warnings at 50, 80 and 100 % of each running target that were reached since the last look; sets clock_wake_ms. */
void jz_clocks_look(struct jz_core *core, uint32_t slot, struct jz_outcome *out);
/** Seconds from door to what a condition's goal waits for at this hospital: its own record, else as planned.
 *  @param to  field index of wire, needle, delivery or CT  @param[out] cases  behind it; 0: planned  @return 0: not known */
uint32_t jz_door_s(const struct jz_core *core, const struct jz_encounter *e, uint32_t facility, uint32_t to,
                   uint32_t *cases);
/** Running and finished targets of a patient for the view: array of maps, see the CDDL key 28. */
void jz_view_clocks(struct jz_writer *w, const struct jz_core *core, uint32_t slot, int64_t now_ms);
void jz_view_stamps(struct jz_writer *w, const struct jz_core *core, uint32_t slot);

/* team.c: who in the alerted hospital has heard, and is ready */
/** Whom the patient's conditions call. Receipts begin anew, but for a team that is ready and whose conditions are the
 *  same: `alert->conditions` are still those of the ringing before. */
void jz_teams_call(struct jz_core *core, uint32_t slot, struct jz_alert_record *alert);
/** When a team's deadline falls; JZ_NEVER: none. */
int64_t jz_teams_next(const struct jz_core *core, const struct jz_alert_record *alert);
void jz_teams_due(struct jz_core *core, uint32_t slot, struct jz_alert_record *alert, struct jz_outcome *out);
void jz_view_teams(struct jz_writer *w, const struct jz_alert_record *alert);

/* services.c: capacity, diversion and reservation as events of the core */
void jz_hold_places(struct jz_core *core, uint32_t slot, uint32_t facility, struct jz_outcome *out);
void jz_release_places(struct jz_core *core, uint32_t slot,
                       struct jz_outcome *out);                                  /**< not coming after all */
void jz_use_places(struct jz_core *core, uint32_t slot, struct jz_outcome *out); /**< arrived */
void jz_services_due(struct jz_core *core, struct jz_outcome *out);
int64_t jz_services_next(const struct jz_core *core);
/** Places of those who did not come in time. */
void jz_places_due(struct jz_core *core, uint32_t slot, struct jz_outcome *out);
/** Gives back what the patient does not need any more. */
void jz_release_unwanted(struct jz_core *core, uint32_t slot, struct jz_outcome *out);
/** Services this patient takes a place of now. */
uint32_t jz_places_wanted(const struct jz_core *core, const struct jz_encounter *e);
/** Services a patient with these conditions takes a place of: bits of enum jz_service. */
uint32_t jz_services_needed(const struct jz_core *core, uint64_t conditions);
/** What ranking may know of services and capabilities at this moment. */
struct jz_live;
void jz_live_of(const struct jz_core *core, struct jz_live *live);
void jz_view_services(struct jz_writer *w, const struct jz_core *core, uint32_t facility, int64_t now_ms);

/* consult.c */
void jz_consults_due(struct jz_core *core, struct jz_outcome *out);
int64_t jz_consults_next(const struct jz_core *core);
void jz_consult_end(struct jz_core *core, uint32_t slot, struct jz_outcome *out); /**< with the case */

/* handover.c */
/** The case is over: consult and reminders end, and what was measured of the hospital feeds its figures. */
void jz_case_ended(struct jz_core *core, uint32_t slot, struct jz_outcome *out);
void jz_handover_begin(struct jz_core *core, uint32_t slot,
                       struct jz_outcome *out); /**< the reminder's clock */
void jz_handover_due(struct jz_core *core, uint32_t slot, struct jz_outcome *out);
void jz_view_handover(struct jz_writer *w, const struct jz_core *core, uint32_t slot); /**< a map */

/* probe.c */
void jz_probes_due(struct jz_core *core, struct jz_outcome *out);
int64_t jz_probes_next(const struct jz_core *core);

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
void jz_machine_note_reading(struct jz_encounter *e, uint32_t source, uint32_t field, int64_t at_ms);
void jz_machine_note_fact(struct jz_encounter *e, uint32_t source, const struct jz_fact *fact, int64_t at_ms);
bool jz_machine_has(const struct jz_encounter *e, uint32_t source, uint32_t field);

/** When a milestone happened: into the encounter and its chart. The first stamp stands; a `correction` replaces it, and so
 *  does an earlier time than the one that was taken from a recording.
 *  @param event  who said so; NULL: the core saw it itself */
void jz_stamp(struct jz_core *core, struct jz_encounter *e, enum jz_milestone what, int64_t ms,
              const struct jz_event *event, enum jz_stamp_source source, bool correction,
              struct jz_rule_set *due, struct jz_outcome *out);
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

/** The same by field index; JZ_FIELD_UNKNOWN is said. */
void jz_triage_observe_field(struct jz_core *core, struct jz_encounter *e, uint32_t field,
                             struct jz_reading reading, struct jz_rule_set *due, struct jz_outcome *out);

/* destination.c: ranking and who is alerted next */
struct jz_pair;
void jz_want_travel(struct jz_core *core, struct jz_encounter *e);
void jz_apply_travel(struct jz_core *core, const struct jz_event *event, struct jz_outcome *out);
void jz_rank_encounter(const struct jz_core *core, const struct jz_encounter *e, struct jz_ranking *ranking);
void jz_alert_next(struct jz_core *core, uint32_t slot, struct jz_outcome *out);
/** Whether the best hospital of this ranking is asked and may still answer, or a person chose another, or there is none. */
struct jz_ranking;
bool jz_best_is_asked(const struct jz_core *core, uint32_t slot, const struct jz_ranking *ranking);
/** Mother and newborn looked at together. @return false: there is no other, or it is not under way */
bool jz_pair_of(const struct jz_core *core, const struct jz_encounter *e, const struct jz_ranking *own,
                struct jz_pair *pair, bool *is_mother);
/** The shortest predicted time to wire among hospitals that can, into the chart: the reperfusion rules read it (chest-pain
 *  7.1). Nothing where no time is known. */
void jz_predict_wire(struct jz_core *core, uint32_t slot, struct jz_rule_set *due, struct jz_outcome *out);
/** What hospitals offer has changed: whoever waits for one is tried again; nobody under way is moved. */
void jz_reconsider(struct jz_core *core, uint32_t slot, struct jz_outcome *out);
/** This hospital and no other: whoever else was asked is told that it is off. There must be room for its alert. */
void jz_ask_only(struct jz_core *core, uint32_t slot, uint8_t facility, struct jz_outcome *out);
/** Is there an alert of this hospital, or room for one? */
bool jz_can_ask(const struct jz_core *core, uint32_t slot, uint8_t facility);
/** Fibrinolysis that is contraindicated now is taken off the patient's conditions, where others say what to do instead. A
 *  finding stays found (chest-pain 0.4), but this is a plan. @return whether it was */
bool jz_drop_lysis(struct jz_core *core, struct jz_encounter *e);
void jz_direct(struct jz_core *core, uint32_t slot, struct jz_outcome *out);

/* alert.c: the alert's states and its ladder */
void jz_alert_raise(struct jz_core *core, uint32_t slot, uint8_t facility, struct jz_outcome *out);
void jz_alert_renew(struct jz_core *core, uint32_t slot, struct jz_alert_record *alert,
                    struct jz_outcome *out);
void jz_alert_worse(struct jz_core *core, uint32_t slot, struct jz_outcome *out);
/** Somebody is asked and has not answered, and the next rung of that alert's ladder is still to come. */
bool jz_alert_waits(const struct jz_core *core, uint32_t slot);
/** Is the patient this hospital's to receive: it accepted, or nobody did and it is the one that was asked (a standby is not)? */
bool jz_is_destination(const struct jz_core *core, uint32_t slot, uint32_t facility);
/** May it speak of what happened to the patient: it is the destination, or had the patient before a transfer? */
bool jz_has_patient(const struct jz_core *core, uint32_t slot, uint32_t facility);
/** All hospitals but that of alert `kept` (0: all) that were asked or accepted are off: they are told, and places let go. */
void jz_alert_call_off(struct jz_core *core, uint32_t slot, uint64_t kept, struct jz_outcome *out);
/** A device of the hospital has it, whoever's: the alert is delivered, if it was not. */
void jz_alert_received(struct jz_core *core, uint32_t slot, struct jz_alert_record *alert,
                       struct jz_outcome *out);
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
enum jz_decision_kind {
    JZ_DECISION_NONE,
    JZ_DECISION_ASSESSMENT,
    JZ_DECISION_PRIORITY,
    JZ_DECISION_RANKING,
    JZ_DECISION_ALERT,
    JZ_DECISION_DIRECTIVE,
    JZ_DECISION_PHASE,
    JZ_DECISION_ACTIVATION,
    JZ_DECISION_ACTION, /**< 5 what 6 person 7 second person 8 role 9 reason 10 text 11 facility 12 code 13 before 14 after */
    JZ_DECISION_CLOCK, /**< 5 target 6 stage 7 due 8 predicted; or of a stamp: 9 field 10 happened 11 first 12 source */
    JZ_DECISION_TEAM,    /**< 5 alert 6 team 7 receipt 8 person 9 late */
    JZ_DECISION_SERVICE, /**< 5 facility 6 service 7 what changed 8 free 9 held 10 until 11 person 12 reason */
    JZ_DECISION_CONSULT,  /**< 5 number 6 state 7 person 8 conclusion 9 late */
    JZ_DECISION_HANDOVER, /**< 5 gives 6 receives 7 reminded 8 diagnosis 9 triage right */
    JZ_DECISION_PROBE,    /**< 5 facility 6 number 7 state 8 missed */
    JZ_DECISION_PROPOSAL, /**< 5 number 6 what 7 person 8 state: 1 waits 2 confirmed 3 refused 4 expired */
    JZ_DECISION_KIN       /**< 5 the other encounter 6 what it is to this one 7 since */
};
/** A record is begun, its `pairs` pairs (keys from 5 up) are written, and it is ended. @param e  NULL: of no patient */
struct jz_writer jz_decision_begin(struct jz_core *core, enum jz_decision_kind kind, uint64_t pairs,
                                   const struct jz_encounter *e, struct jz_outcome *out);
void jz_decision_end(const struct jz_writer *w, struct jz_outcome *out);
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
