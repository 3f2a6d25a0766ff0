/* SPDX-License-Identifier: Apache-2.0 */
/** @file core.h  The dispatch core: a pure fold of events into state, decisions and things to do.
 *
 *  Purity   No I/O, clock, randomness or allocation: memory is the caller's, time comes in events. The build
 *           compares this archive's undefined symbols with an allow list.
 *  State    One block without pointers or padding (directory and rule program are set by events and kept
 * beside it), so a snapshot is a copy and the state hash is a hash of it. Order    The shell applies a batch,
 * appends inputs and decisions in one commit, and only then asks the views what to send. It never applies the
 * next batch before that commit is done.
 */
#ifndef JZ_CORE_H
#define JZ_CORE_H
#include "jingzhu/codec.h"
#include "jingzhu/field.h"
#include "jingzhu/rules.h"
#include "rank.h"

#define JZ_DEVICES_PER_ENCOUNTER_MAX 4u /**< at once with one patient; the one silent longest gives way */
#define JZ_VIEW_BYTES_MAX 32768u        /**< one frame to a console */
#define JZ_MEASURED_FACTS_MAX 128u      /**< of one measurement */
#define JZ_MEASURED_LEADS_MAX 17u
#define JZ_MEASUREMENT_BYTES_MAX 4096u
#define JZ_NUMBER_UNKNOWN INT16_MIN

/** Numbers of an ECG that are shown beside its trace. */
enum jz_measured_number {
    JZ_NUMBER_RATE, /**< beats a minute x 10 */
    JZ_NUMBER_PR,   /**< ms, and so are the next three */
    JZ_NUMBER_QRS,
    JZ_NUMBER_QT,
    JZ_NUMBER_QTC,
    JZ_NUMBER_AXIS,       /**< degrees */
    JZ_NUMBER_CONDUCTION, /**< enum jz_ecg_conduction */
    JZ_NUMBER_RHYTHM,     /**< bits of enum jz_ecg_rhythm */
    JZ_NUMBER_COUNT
};

/** One lead: how far it is believed. */
struct jz_measured_lead {
    uint32_t code;   /**< MDC_ECG_LEAD_* */
    uint8_t quality; /**< 0 .. 100 */
    uint8_t trouble; /**< bits of enum jz_ecg_trouble */
    uint8_t usable;  /**< 0: not measured */
};

/** What the shell measured of a waveform that is durable. Decided once: a replay applies it and never measures again. */
struct jz_measurement {
    struct jz_encounter_id encounter;
    enum jz_wave_kind wave;
    uint32_t snapshot;    /**< ECG: its number; CTG: 0 */
    int64_t taken_ms;     /**< of the last sample, on the server's clock */
    uint32_t duration_ms; /**< of the recording, from its first sample to its last */
    uint32_t segments; /**< waveform frames it was made of; more that come later make another measurement */
    uint32_t version;  /**< JZ_MEASURE_VERSION of the library that measured */
    uint8_t quality;   /**< 0 .. 100 */
    bool readable;     /**< false: take it again; nothing of it may be called negative */
    uint32_t fact_count, lead_count;
    struct jz_fact fact[JZ_MEASURED_FACTS_MAX]; /**< by ascending code */
    struct jz_measured_lead lead[JZ_MEASURED_LEADS_MAX];
    int16_t number[JZ_NUMBER_COUNT]; /**< JZ_NUMBER_UNKNOWN: not measured */
};

/** Deterministic CBOR. @param[out] written  0 on failure
 *  @retval JZ_E_BUFFER  @retval JZ_E_VALUE  a kind, count or order that is none */
JZ_MUST_CHECK enum jz_status jz_measurement_encode(const struct jz_measurement *measurement, uint8_t *buffer,
                                                   size_t capacity, size_t *written);
/** Back again, checked as what a peer sends is. @retval JZ_E_VALUE and the reader's: not such a measurement */
JZ_MUST_CHECK enum jz_status jz_measurement_decode(struct jz_bytes bytes, struct jz_measurement *out);

/** Who sent an event, as authority stood then. */
enum jz_peer_kind { JZ_PEER_SHELL, JZ_PEER_DEVICE, JZ_PEER_PERSON };
struct jz_peer {
    uint8_t id[16]; /**< device: uuid of its certificate; person: from the name */
    enum jz_peer_kind kind;
    enum jz_role role; /**< persons only */
    char name[32];     /**< callsign or person, UTF-8, terminated */
    char facility[16]; /**< receiving team's facility id, else "" */
};

enum jz_event_kind {
    JZ_EVENT_NONE,
    JZ_EVENT_FRAME,     /**< a stored frame from a device or a person */
    JZ_EVENT_DEADLINE,  /**< the clock passed jz_core_next_deadline */
    JZ_EVENT_TRAVEL,    /**< answer of a travel time provider */
    JZ_EVENT_PACKS,     /**< rule packs activated (payload: the pack sources) */
    JZ_EVENT_DIRECTORY, /**< directory activated (payload: its YAML) */
    JZ_EVENT_MEASUREMENT /**< the shell measured an ECG or CTG (payload: a jz_measurement). No peer can send one */
};

struct jz_event {
    enum jz_event_kind kind;
    int64_t received_ms;     /**< server's clock; the core never lets it run backwards */
    struct jz_peer peer;     /**< FRAME; PACKS: `name` is the person who activates them */
    uint32_t epoch;          /**< FRAME: the peer's */
    int32_t clock_offset_ms; /**< FRAME: server - device, best estimate; 0 for persons */
    uint32_t clock_uncertainty_ms;
    const struct jz_frame *frame; /**< FRAME */
    struct jz_bytes
        original; /**< FRAME: the frame's bytes as they came; PACKS, DIRECTORY, MEASUREMENT: payload */
    struct jz_encounter_id encounter; /**< TRAVEL */
    const struct jz_travel *travel;   /**< TRAVEL */
    const struct jz_program
        *program; /**< PACKS: compiled by the shell from the payload; outlives the core's use */
    const struct jz_directory *directory; /**< DIRECTORY: likewise */
};

/* Enough for the event of one patient in which every rule changes at once (decision.c), and then some: a deadline
 * event goes on to the next patient while there is room for another such. */
#define JZ_OUTCOME_DECISIONS_MAX (2u * JZ_RULES_MAX + 384u)
#define JZ_OUTCOME_BYTES_MAX (JZ_RULES_MAX * 7168u + 1572864u)
#define JZ_TOUCHED_MAX 64u

/** What applying one event brought about. */
struct jz_outcome {
    enum jz_status
        status; /**< JZ_OK, or why the frame had no effect (it is stored all the same, unless `duplicate`) */
    bool duplicate;          /**< already applied: do not store, just acknowledge */
    bool urgent;             /**< commit at once */
    uint32_t decision_count; /**< decision records, in order */
    struct jz_slice decision[JZ_OUTCOME_DECISIONS_MAX]; /**< into `buffer` */
    uint32_t buffer_used;
    uint8_t buffer[JZ_OUTCOME_BYTES_MAX];
    uint32_t touched_count; /**< encounters whose views changed; slot numbers */
    uint32_t touched[JZ_TOUCHED_MAX];
    bool directory_changed;   /**< all facilities must be sent anew */
    uint64_t facilities;      /**< bit per facility whose view changed */
    bool consults, proposals; /**< those that are under way changed */
    int64_t deadline_ms;      /**< the earliest deadline this event set; INT64_MAX: none */
};

struct jz_core_limits {
    uint32_t encounters_max, peers_max;
};

struct jz_core; /**< opaque; lives in the caller's block */

/** Bytes and initialisation. `memory` is 16-byte aligned, zeroed, `jz_core_bytes` long; the caller frees it.
 */
size_t jz_core_bytes(const struct jz_core_limits *limits);
struct jz_core *jz_core_init(void *memory, const struct jz_core_limits *limits);

/** Applies one event. Deterministic; bounded; asserts only on programmer errors. */
void jz_core_apply(struct jz_core *core, const struct jz_event *event, struct jz_outcome *out);

/** A time of the sender brought to the server's clock, as the core does it: never in the future, where it could outlive its
 *  freshness. */
int64_t jz_core_time(const struct jz_core *core, const struct jz_event *event, int64_t device_ms);

/** Would this event put a new patient into the place of one who is closed? Then what happened to that one must have been shown
 *  before it is applied. @param[out] slot  that place */
bool jz_core_replaces(const struct jz_core *core, const struct jz_event *event, uint32_t *slot);

/** Last applied sequence of a peer's lane in its epoch; 0: none. */
uint64_t jz_core_watermark(const struct jz_core *core, const uint8_t peer[16], uint32_t epoch, uint8_t lane);
/** A directory may add hospitals and change them, but not lose one that patients were sent to: mark its capabilities
 *  absent instead. @return id of the first that is missing; NULL: none, it may be activated. */
const char *jz_core_misses_facility(const struct jz_core *core, const struct jz_directory *directory);
/** When the shell must bring a DEADLINE event; INT64_MAX: never. Walks all patients: keep the least of the outcomes'
 *  `deadline_ms` as a lower bound and ask only when that has passed. */
int64_t jz_core_next_deadline(const struct jz_core *core);
/** Does this encounter wait for travel times, and from where? */
bool jz_core_wants_travel(const struct jz_core *core, uint32_t slot, struct jz_encounter_id *encounter,
                          struct jz_point *from);

/** Snapshot of the state: canonical bytes, equal on every machine for equal state.
 *  `write` gets consecutive pieces; used both to save and to hash. */
typedef void (*jz_core_write)(void *context, const void *bytes, size_t count);
void jz_core_save(const struct jz_core *core, jz_core_write write, void *context);
/** Loads what jz_core_save wrote, into a freshly initialised core whose PACKS and DIRECTORY the shell
 * re-supplies. */
JZ_MUST_CHECK enum jz_status jz_core_load(struct jz_core *core, const void *bytes, size_t count,
                                          const struct jz_program *program,
                                          const struct jz_directory *directory);

/* --- records: an event as it stands in the journal -------------------------------------------------------
 */

enum jz_record_type { JZ_RECORD_INPUT = 1, JZ_RECORD_DECISION = 2 };
/** Body of the journal record of an input. Deterministic CBOR. */
JZ_MUST_CHECK enum jz_status jz_event_encode(const struct jz_event *event, uint8_t *buffer, size_t capacity,
                                             size_t *written);
/** Back again. `frame` and `travel` are storage for what the event points to; PACKS and DIRECTORY come back
 * with `original` only: the caller compiles and sets the pointer. Borrowed from `body`. */
JZ_MUST_CHECK enum jz_status jz_event_decode(const uint8_t *body, size_t bytes, struct jz_event *event,
                                             struct jz_frame *frame, struct jz_travel *travel);
/** True when a record body is a decision. */
bool jz_record_is_decision(const uint8_t *body, size_t bytes);

/* --- views: frames for consoles and devices, encoded from durable state -----------------------------------
 */

/** Slots in use: 0 .. count-1. When all are, the slot of the encounter closed longest is used again. */
uint32_t jz_core_encounter_count(const struct jz_core *core);
struct jz_encounter_id jz_core_encounter_id(const struct jz_core *core, uint32_t slot);
bool jz_core_encounter_slot(const struct jz_core *core, struct jz_encounter_id id, uint32_t *slot);
/** Which facility an alert belongs to, and its encounter's slot. @return false: no such alert (any more). */
bool jz_core_alert_of(const struct jz_core *core, uint64_t alert, const char **facility, uint32_t *slot);
/** What is known of the patient and what the rules make of it. */
const struct jz_chart *jz_core_chart(const struct jz_core *core, uint32_t slot);
/** When the encounter was opened, on the server's clock. */
int64_t jz_core_encounter_opened(const struct jz_core *core, uint32_t slot);
/** True until the encounter is closed. */
bool jz_core_encounter_is_open(const struct jz_core *core, uint32_t slot);
/** Latest time an event brought. */
int64_t jz_core_now(const struct jz_core *core);
/** May this facility see this patient (an alert of it was raised there, and not withdrawn)? */
bool jz_core_facility_sees(const struct jz_core *core, const char *facility, uint32_t slot);
/** May this consultant see this patient: is asked and did not pass it on, or took it, and the case is not over? */
bool jz_core_consultant_sees(const struct jz_core *core, const char *person, uint32_t slot);
/** The devices with the patient, the one heard last first. @return how many of `peer` were written */
uint32_t jz_core_encounter_devices(const struct jz_core *core, uint32_t slot,
                                   uint8_t peer[JZ_DEVICES_PER_ENCOUNTER_MAX][16]);

/** @param pseudonymous  without callsign, tag and position: for a consultant */
JZ_MUST_CHECK enum jz_status jz_view_patient(const struct jz_core *core, uint32_t slot, int64_t now_ms,
                                             bool pseudonymous, struct jz_writer *w);
JZ_MUST_CHECK enum jz_status jz_view_alert(const struct jz_core *core, uint64_t alert, int64_t now_ms,
                                           struct jz_writer *w);
JZ_MUST_CHECK enum jz_status jz_view_facility(const struct jz_core *core, uint32_t facility, int64_t now_ms,
                                              struct jz_writer *w);
/** The probe that a hospital's boards should sound. @return JZ_E_UNKNOWN_CODE: none is on its way */
JZ_MUST_CHECK enum jz_status jz_view_probe(const struct jz_core *core, uint32_t facility, int64_t now_ms,
                                           struct jz_writer *w);
/** Places for consults and proposals are numbered from 0. @return JZ_E_UNKNOWN_ENCOUNTER, JZ_E_UNKNOWN_PROPOSAL: free */
#define JZ_CONSULTS_MAX 64u  /**< under way in the region; answered ones stay until the case ends */
#define JZ_PROPOSALS_MAX 32u /**< what waits for a second person */
/** For whom a consult is written. */
enum jz_consult_view {
    JZ_CONSULT_WHOLE,
    JZ_CONSULT_PSEUDONYMOUS, /**< without who asked: for the consultant whom it is put to, or who took it */
    JZ_CONSULT_OFF /**< its number, and that it ended: for a consultant whom it does not concern any more */
};
JZ_MUST_CHECK enum jz_status jz_view_consult(const struct jz_core *core, uint32_t consult, int64_t now_ms,
                                             enum jz_consult_view view, struct jz_writer *w);
JZ_MUST_CHECK enum jz_status jz_view_proposal(const struct jz_core *core, uint32_t proposal, int64_t now_ms,
                                              struct jz_writer *w);
/** Who would go where if all who want a place of this service were looked at together, beside each in turn.
 *  @param[out] anything  false: they do not compete, and the frame is empty. Walks all patients. */
JZ_MUST_CHECK enum jz_status jz_view_plan(const struct jz_core *core, enum jz_service service, int64_t now_ms,
                                          bool *anything, struct jz_writer *w);
/** Is it put to this consultant, or did they take it? With the case that ends. */
bool jz_core_consult_is_for(const struct jz_core *core, uint32_t consult, const char *person);
/** Number of the question at this place; 0: none yet. */
uint64_t jz_core_consult_number(const struct jz_core *core, uint32_t consult);
/** Whose patient a consult is about. @return false: free */
bool jz_core_consult_slot(const struct jz_core *core, uint32_t consult, uint32_t *slot);
uint32_t jz_core_facility_count(const struct jz_core *core);
const char *jz_core_facility_id(const struct jz_core *core, uint32_t facility);
/** Writes the encounter's current directive. @return JZ_E_UNKNOWN_ENCOUNTER where there is nothing to tell.
 */
JZ_MUST_CHECK enum jz_status jz_view_directive(const struct jz_core *core, uint32_t slot, int64_t now_ms,
                                               struct jz_writer *w);
/** What a person outside this system has to be told, as true now (notice.c). */
enum jz_notice_kind {
    JZ_NOTICE_NONE,
    JZ_NOTICE_NOT_DELIVERED,
    JZ_NOTICE_ESCALATED,
    JZ_NOTICE_STANDBY,
    JZ_NOTICE_TEAM_NOT_READY,
    JZ_NOTICE_PATH_DEAD,
    JZ_NOTICE_CONSULT,
    JZ_NOTICE_HANDOVER,
    JZ_NOTICE_NOT_TOLD /**< a hospital does not know that it is off */
};
struct jz_notice {
    uint64_t id;    /**< the same as long as it is the same notice, also after a restart; not 0 */
    uint64_t alert; /**< 0: none */
    int64_t raised_ms;
    enum jz_notice_kind kind;
    uint32_t facility; /**< index; UINT32_MAX: none */
};
#define JZ_NOTICES_MAX 40u /**< of one patient */
/** Those of a patient. @return how many of `notice` were written */
uint32_t jz_core_notices(const struct jz_core *core, uint32_t slot, struct jz_notice *notice,
                         uint32_t capacity);
/** That a hospital's board cannot be reached. @return false: it can, or it was never tried */
bool jz_core_facility_notice(const struct jz_core *core, uint32_t facility, struct jz_notice *notice);
/** Number of the current directive; 0: none yet. */
uint64_t jz_core_directive_number(const struct jz_core *core, uint32_t slot);
/** ids of the alerts of an encounter; returns the count, at most `capacity` written, oldest first. */
uint32_t jz_core_alerts_of(const struct jz_core *core, uint32_t slot, uint64_t *ids, uint32_t capacity);

#endif /* JZ_CORE_H */
