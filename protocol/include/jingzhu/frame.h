/* SPDX-License-Identifier: Apache-2.0 */
/** @file jingzhu/frame.h  One frame of the wire as a C value. Grammar: protocol/jingzhu.cddl.
 *
 *  Ownership  `struct jz_text` and `struct jz_bytes` borrow: a decoded frame points into the message
 *             it came from and is valid as long as that buffer is.
 *  Purity     No I/O, clock, allocation or global state.
 *  Absent     The zero value of an optional key is "absent": has_* false, text of length 0 and NULL,
 *             enum 0. Absent is never a normal value.
 */
#ifndef JZ_FRAME_H
#define JZ_FRAME_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jingzhu/limits.h"
#include "jingzhu/status.h"

struct jz_text {
    const char *data; /**< UTF-8, not terminated; NULL where absent */
    uint32_t bytes;
};
struct jz_bytes {
    const uint8_t *data;
    uint32_t bytes;
};
struct jz_encounter_id {
    uint8_t byte[16]; /**< region, shard, 112 random bits; all zero: none */
};

enum jz_frame_kind {
    JZ_FRAME_NONE = 0,
    JZ_FRAME_HELLO = 1,
    JZ_FRAME_WELCOME = 2,
    JZ_FRAME_ERROR = 3,
    JZ_FRAME_ACK = 4,
    JZ_FRAME_CLOCK = 5,
    JZ_FRAME_ENCOUNTER_OPEN = 8,
    JZ_FRAME_ENCOUNTER_UPDATE = 9,
    JZ_FRAME_ENCOUNTER_CLOSE = 10,
    JZ_FRAME_VITALS = 11,
    JZ_FRAME_WAVEFORM = 12,
    JZ_FRAME_FINDING = 13,
    JZ_FRAME_MEDICATION = 14,
    JZ_FRAME_MILESTONE = 15,
    JZ_FRAME_POSITION = 16,
    JZ_FRAME_DIRECTIVE = 20,
    JZ_FRAME_ALERT = 21,
    JZ_FRAME_ALERT_ANSWER = 22,
    JZ_FRAME_ACTION = 23,
    JZ_FRAME_PATIENT = 24, /**< encoded by the server's view, decoded by consoles only */
    JZ_FRAME_FACILITY = 25,
    JZ_FRAME_PROBE = 26,
    JZ_FRAME_CONSULT = 27,
    JZ_FRAME_PROPOSAL = 28,
    JZ_FRAME_PLAN = 29 /**< the last four are views too */
};

enum jz_lane { JZ_LANE_URGENT = 0, JZ_LANE_SNAPSHOT = 1, JZ_LANE_VITALS = 2, JZ_LANE_BULK = 3 };
enum jz_complaint { JZ_COMPLAINT_UNKNOWN, JZ_COMPLAINT_CHEST_PAIN, JZ_COMPLAINT_PREGNANCY };
enum jz_absence {
    JZ_ABSENCE_NONE,
    JZ_ABSENCE_PROBE_OFF,
    JZ_ABSENCE_OUT_OF_RANGE,
    JZ_ABSENCE_ARTEFACT,
    JZ_ABSENCE_NOT_ATTACHED,
    JZ_ABSENCE_FAILED
};
enum jz_close_reason {
    JZ_CLOSE_UNKNOWN,
    JZ_CLOSE_HANDED_OVER,
    JZ_CLOSE_STOOD_DOWN,
    JZ_CLOSE_REFUSED,
    JZ_CLOSE_DIED
};
enum jz_wave_kind { JZ_WAVE_UNKNOWN, JZ_WAVE_ECG, JZ_WAVE_CTG };
enum jz_observer { JZ_OBSERVER_UNKNOWN, JZ_OBSERVER_CREW, JZ_OBSERVER_PHYSICIAN, JZ_OBSERVER_MACHINE };
enum jz_drug_route {
    JZ_ROUTE_UNKNOWN,
    JZ_ROUTE_ORAL,
    JZ_ROUTE_SUBLINGUAL,
    JZ_ROUTE_IV,
    JZ_ROUTE_IM,
    JZ_ROUTE_SC,
    JZ_ROUTE_INHALED
};
enum jz_milestone {
    JZ_MILESTONE_UNKNOWN,
    JZ_MILESTONE_FMC,
    JZ_MILESTONE_ECG,
    JZ_MILESTONE_ECG_READ,
    JZ_MILESTONE_LEFT_SCENE,
    JZ_MILESTONE_DOOR,
    JZ_MILESTONE_HANDOVER,
    JZ_MILESTONE_WIRE,
    JZ_MILESTONE_NEEDLE,
    JZ_MILESTONE_DECISION_DELIVERY,
    JZ_MILESTONE_DELIVERY,
    JZ_MILESTONE_COUNT
};
enum jz_directive_kind {
    JZ_DIRECTIVE_UNKNOWN,
    JZ_DIRECTIVE_DESTINATION,
    JZ_DIRECTIVE_NO_DESTINATION,
    JZ_DIRECTIVE_MEASURE
};
enum jz_alert_state {
    JZ_ALERT_NONE,
    JZ_ALERT_RAISED,
    JZ_ALERT_DELIVERED,
    JZ_ALERT_SEEN,
    JZ_ALERT_ACCEPTED,
    JZ_ALERT_DECLINED,
    JZ_ALERT_PREPARING,
    JZ_ALERT_ARRIVED,
    JZ_ALERT_HANDED_OVER,
    JZ_ALERT_WITHDRAWN,
    JZ_ALERT_EXPIRED,
    JZ_ALERT_STATE_COUNT
};
enum jz_role {
    JZ_ROLE_NONE,
    JZ_ROLE_PARAMEDIC,
    JZ_ROLE_DISPATCHER,
    JZ_ROLE_RECEIVING,
    JZ_ROLE_CONSULTANT,
    JZ_ROLE_ADMINISTRATOR,
    JZ_ROLE_AUDITOR,
    JZ_ROLE_COUNT
};
enum jz_decline_reason {
    JZ_DECLINE_NONE,
    JZ_DECLINE_NO_BED,
    JZ_DECLINE_CATH_LAB_BUSY,
    JZ_DECLINE_NO_TEAM,
    JZ_DECLINE_NO_NICU_COT,
    JZ_DECLINE_NO_BLOOD,
    JZ_DECLINE_ON_DIVERSION,
    JZ_DECLINE_OTHER,
    JZ_DECLINE_COUNT
};

/** What a person or a crew does, beside reporting and answering: each is an event with who, when and why. */
enum jz_action_code {
    JZ_ACTION_NONE,
    JZ_ACTION_CHOOSE_DESTINATION,
    JZ_ACTION_SET_PRIORITY,
    JZ_ACTION_STAND_DOWN,
    JZ_ACTION_REOPEN,
    JZ_ACTION_MERGE,
    JZ_ACTION_BIRTH,
    JZ_ACTION_TRANSFER,
    JZ_ACTION_JOIN,
    JZ_ACTION_IDENTIFY,
    JZ_ACTION_DIVERT,
    JZ_ACTION_END_DIVERT,
    JZ_ACTION_SET_CAPACITY,
    JZ_ACTION_CONFIRM_CAPABILITY,
    JZ_ACTION_STAMP,
    JZ_ACTION_RECEIPT,
    JZ_ACTION_ASK_CONSULT,
    JZ_ACTION_TAKE_CONSULT,
    JZ_ACTION_PASS_CONSULT,
    JZ_ACTION_ANSWER_CONSULT,
    JZ_ACTION_SIGN_HANDOVER,
    JZ_ACTION_OUTCOME,
    JZ_ACTION_SECOND,
    JZ_ACTION_PROBE_SOUNDED,
    JZ_ACTION_COUNT
};
/** Why, where an action needs a reason. `console.md` 6 names the first six. */
enum jz_action_reason {
    JZ_REASON_NONE,
    JZ_REASON_CONDITION_CHANGED,
    JZ_REASON_FAMILY,
    JZ_REASON_ROAD,
    JZ_REASON_HOSPITAL_REFUSED,
    JZ_REASON_SPECIALTY,
    JZ_REASON_OTHER, /**< text of JZ_REASON_TEXT_MIN characters at least */
    JZ_REASON_NEAREST_RESUSCITATION,
    JZ_REASON_FALSE_CALL,
    JZ_REASON_DUPLICATE,
    JZ_REASON_MISTAKE,
    JZ_REASON_CLOCK_WRONG,
    JZ_REASON_EQUIPMENT,
    JZ_REASON_FULL,
    JZ_REASON_STAFF,
    JZ_REASON_POWER,
    JZ_REASON_INFECTION,
    JZ_REASON_COUNT
};
/** What a hospital counts, diverts and reserves. */
enum jz_service {
    JZ_SERVICE_NONE,
    JZ_SERVICE_ED, /**< a colour: 0 green 1 yellow 2 red 3 black */
    JZ_SERVICE_CATH_LAB,
    JZ_SERVICE_THEATRE,
    JZ_SERVICE_OBSTETRICS,
    JZ_SERVICE_ICU,
    JZ_SERVICE_NICU,
    JZ_SERVICE_BLOOD,
    JZ_SERVICE_COUNT
};
/** Whom an alert calls in a hospital. An index, not a code: 0 is the emergency department. */
enum jz_team { JZ_TEAM_ED, JZ_TEAM_CATH_LAB, JZ_TEAM_OBSTETRICS, JZ_TEAM_NICU, JZ_TEAM_BLOOD, JZ_TEAM_COUNT };
enum jz_receipt {
    JZ_RECEIPT_NONE,
    JZ_RECEIPT_DELIVERED,
    JZ_RECEIPT_DISPLAYED,
    JZ_RECEIPT_ACKNOWLEDGED,
    JZ_RECEIPT_READY,
    JZ_RECEIPT_COUNT
};
enum jz_grade { JZ_GRADE_NONE, JZ_GRADE_INFORM, JZ_GRADE_PREPARE, JZ_GRADE_ACTIVATE };

/** One field with its scaled value (protocol/fields/). */
struct jz_fact {
    uint32_t code;
    int32_t value;
};
struct jz_absent {
    uint32_t code;
    enum jz_absence why;
};
struct jz_point {
    bool has;
    int32_t lat_e7, lon_e7;
    int64_t at_ms;
    uint32_t accuracy_m;
};

struct jz_facts {
    uint32_t count;
    struct jz_fact item[JZ_FACTS_PER_FRAME_MAX];
};

struct jz_hello {
    uint16_t version;
    uint32_t epoch;
    struct jz_text software;
};
struct jz_welcome {
    uint16_t version;
    int64_t hello_ms, received_ms;
    uint64_t resume[JZ_LANE_COUNT]; /**< last durable seq a lane; 0: none */
    uint8_t ack_level;
    struct jz_text person, facility;
    enum jz_role role;
    bool has_simulation, simulation;
};
struct jz_error {
    enum jz_status status;
    uint32_t refused_kind; /**< 0: not known */
    bool has_seq;
    uint8_t lane;
    uint64_t seq;
    bool has_offset;
    uint32_t offset; /**< in the message */
    struct jz_text text;
};
struct jz_ack {
    uint64_t seq[JZ_LANE_COUNT];
    uint8_t level;
}; /**< 0: lane not in this ack */
struct jz_clock {
    bool answered;
    int64_t received_ms, sent_ms;
    bool has_estimate;
    int32_t offset_ms, uncertainty_ms; /**< server - device */
};
struct jz_encounter_open {
    enum jz_complaint complaint;
    struct jz_facts facts;
    struct jz_text callsign;
    struct jz_point position; /**< at_ms is the frame's own time */
};
struct jz_encounter_update {
    struct jz_facts facts;
    struct jz_text callsign;
};
struct jz_encounter_close {
    enum jz_close_reason reason;
};
struct jz_vitals {
    uint32_t count;
    struct jz_fact item[JZ_READINGS_PER_FRAME_MAX];
    uint32_t absent_count;
    struct jz_absent absent[JZ_READINGS_PER_FRAME_MAX];
};
struct jz_waveform {
    enum jz_wave_kind wave;
    uint32_t period_us, channel_count, channel[JZ_CHANNELS_MAX];
    uint32_t samples, scale; /**< samples per channel; see CDDL for the scale's unit */
    struct jz_bytes coded;   /**< jz_wave_encode / jz_wave_decode */
    uint32_t snapshot;       /**< 0: none */
};
struct jz_finding {
    uint32_t code;
    int32_t value;
    enum jz_observer observer;
    struct jz_text note;
};
struct jz_medication {
    struct jz_text drug;
    uint32_t dose_ug;
    enum jz_drug_route route;
    struct jz_text note;
};
struct jz_milestone_stamp {
    enum jz_milestone what;
    int64_t happened_ms; /**< equals at_ms where not given */
};
struct jz_directive {
    uint64_t number;
    enum jz_directive_kind what;
    struct jz_text facility, name_zh, name_en, person;
    enum jz_alert_state alert_state;
    bool has_travel;
    uint32_t travel_s;
    uint32_t measure_code;
};
struct jz_alert {
    uint64_t id;
    struct jz_text facility;
    enum jz_alert_state state;
    int64_t raised_ms, due_ms;
    uint8_t priority;
    bool escalated;
    struct jz_text person, reason_text;
    uint8_t reason;
    uint32_t condition_count;
    struct jz_text condition[JZ_CONDITIONS_MAX];
    bool has_travel;
    uint32_t travel_s;
    uint8_t occurrence;
};
struct jz_alert_answer {
    uint64_t alert;
    enum jz_alert_state to;
    uint8_t reason;
    struct jz_text text;
};

struct jz_action {
    enum jz_action_code what;
    struct jz_text facility; /**< id */
    uint32_t code;           /**< service, team, field code or conclusion; 0: none */
    bool has_value;
    int32_t value;
    int64_t ms; /**< when it happened, or until when; 0: not given */
    uint8_t reason;
    struct jz_text text;
    bool has_other;
    struct jz_encounter_id other;
    uint64_t number; /**< of an alert, proposal, probe or ECG snapshot; 0: none */
};

/** A frame. `lane`, `seq`, `at_ms` and `encounter` are 0 in kinds that do not carry them. */
struct jz_frame {
    enum jz_frame_kind kind;
    uint8_t lane;
    bool has_encounter;
    uint64_t seq;
    int64_t at_ms;
    struct jz_encounter_id encounter;
    union {
        struct jz_hello hello;
        struct jz_welcome welcome;
        struct jz_error error;
        struct jz_ack ack;
        struct jz_clock clock;
        struct jz_encounter_open open;
        struct jz_encounter_update update;
        struct jz_encounter_close close;
        struct jz_vitals vitals;
        struct jz_waveform waveform;
        struct jz_finding finding;
        struct jz_medication medication;
        struct jz_milestone_stamp milestone;
        struct jz_point position; /**< at_ms repeats the frame's */
        struct jz_directive directive;
        struct jz_alert alert;
        struct jz_alert_answer answer;
        struct jz_action action;
    };
};

/** True for kinds that carry lane and seq, are stored, and are acknowledged (8..16, 22 and 23). */
bool jz_frame_is_stored(enum jz_frame_kind kind);
/** Field-standard name of a kind ("vitals"); "unknown" for others. Static storage. */
const char *jz_frame_name(enum jz_frame_kind kind);

#endif /* JZ_FRAME_H */
