/* SPDX-License-Identifier: Apache-2.0 */
/** @file capacity.h  How many places each hospital has, which services it diverts, and which capabilities it
 *  confirmed. Pure.
 *
 *  Nothing here can go on being believed by being forgotten: each number, diversion and confirmation has an owner, an age
 *  and an end. After its end a number is unknown - neither the old one nor zero - and what was said last stays readable
 *  with owner and age, so that a screen can show it as expired.
 *
 *  Places  "Free" is what a person counted; "held" are places of patients who were accepted and are on the way; free for
 *          another patient is the one less the other. A correction changes only what was counted. An arrival takes one
 *          off both, so what is shown does not jump. Less than 0 means over-booked and is shown so.
 *  Time    On the server's clock, in ms. An end belongs to what comes after: at `expires_ms` it is over. What ended is
 *          reported once, by jz_capacity_due: callers bring that up to the present before they change anything, lest what
 *          just ended is written over unsaid.
 *  Calls   `facility` is below JZ_FACILITIES_MAX or the call asserts; services and capabilities that came from a peer are
 *          refused with a status where one is returned, and assert elsewhere. Who may say what is the caller's to check.
 *  State   All zero: nothing is known. No padding, no pointers: part of the core's state, saved by copying. */
#ifndef JZ_CAPACITY_H
#define JZ_CAPACITY_H
#include "directory.h"
#include "jingzhu/frame.h"

#define JZ_CAPACITY_OWNER_BYTES 32u
#define JZ_CAPACITY_TEXT_BYTES 128u
#define JZ_CAPACITY_LIFE_MAX_MS 86400000 /**< no number stands longer than a day (PROJ) */
#define JZ_DIVERT_DEFAULT_MS 3600000     /**< console 6 */
#define JZ_DIVERT_MAX_MS 14400000        /**< console 6; each renewal is a new decision of a person */
#define JZ_DIVERT_WARNING_MS 600000      /**< console 6: ten minutes before the end */
#define JZ_CONFIRMED_MAX_MS                                                                                  \
    INT64_C(31536000000)             /**< chest-pain 11.1: confirmed anew every 12 months (PROJ) */
#define JZ_CLOSED_DEFAULT_MS 3600000 /**< "closed now" is a live status, no property (PROJ: as a number) */
#define JZ_CLOSED_MAX_MS 86400000    /**< PROJ */
/** More patients than can be on the way to one hospital: the most encounters that can be configured. */
#define JZ_CAPACITY_HELD_MAX 1000000u

/** What is known of a number. */
enum jz_capacity_state {
    JZ_CAPACITY_UNKNOWN, /**< nobody said it, or it expired */
    JZ_CAPACITY_KNOWN,
    JZ_CAPACITY_FULL /**< known, and no place is free for another patient; ED: black */
};
enum jz_diversion_state {
    JZ_DIVERSION_NONE,
    JZ_DIVERSION_ON,
    JZ_DIVERSION_WARNED, /**< on, and the warning of its end was given */
    JZ_DIVERSION_OVER    /**< it ended; what it was stays readable */
};
/** What a hospital says of one of its capabilities. */
enum jz_confirmation_value {
    JZ_CONFIRMATION_NONE, /**< nothing, or it was withdrawn */
    JZ_CONFIRMATION_ABSENT,
    JZ_CONFIRMATION_ROUND_THE_CLOCK,
    JZ_CONFIRMATION_OFFICE_HOURS,
    JZ_CONFIRMATION_CLOSED_NOW,
    JZ_CONFIRMATION_COUNT
};

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"

struct jz_capacity_number {
    int64_t set_ms, expires_ms;
    int32_t value; /**< free places as counted, less those that arrived since; ED: the colour */
    uint32_t held; /**< accepted and not yet arrived */
    char owner[JZ_CAPACITY_OWNER_BYTES]; /**< UTF-8, terminated; "": nobody said a number yet */
    uint8_t told;                        /**< its expiry was reported */
    uint8_t reserved[7];
};
struct jz_diversion {
    int64_t since_ms; /**< when it began; a renewal does not change that */
    int64_t until_ms;
    int64_t said_ms;       /**< when the last word on it was spoken: begun, renewed or ended */
    uint8_t state, reason; /**< enum jz_diversion_state, enum jz_action_reason */
    uint8_t reserved[6];
    char owner[JZ_CAPACITY_OWNER_BYTES]; /**< who spoke it */
    char text[JZ_CAPACITY_TEXT_BYTES];   /**< UTF-8, terminated; "" where none */
};
struct jz_confirmation {
    int64_t set_ms, expires_ms;
    uint8_t value; /**< enum jz_confirmation_value */
    uint8_t told;  /**< its expiry was reported */
    uint8_t reserved[6];
    char owner[JZ_CAPACITY_OWNER_BYTES]; /**< who confirmed it, or withdrew that */
};
/** One hospital. Services from 1: index 0 is not used. */
struct jz_facility_capacity {
    struct jz_capacity_number number[JZ_SERVICE_COUNT];
    struct jz_diversion diversion[JZ_SERVICE_COUNT];
    struct jz_confirmation confirmation[JZ_CAPABILITIES_MAX]; /**< by capability index */
};
struct jz_capacity {
    struct jz_facility_capacity of[JZ_FACILITIES_MAX];
};
#pragma GCC diagnostic pop

/** A service: what its number may be, and how long it stands. */
struct jz_capacity_row {
    const char *key;  /**< "cath_lab" */
    int32_t min, max; /**< a number outside is a slip of the hand (PROJ) */
    int64_t life_ms;  /**< unless it is said until when (PROJ) */
    bool
        reservable; /**< false: no count of places but a grade whose highest means full; what is held lessens nothing */
};
/** @return NULL: no such service. Static storage. */
const struct jz_capacity_row *jz_capacity_row(enum jz_service service);

/** Who says something, when, and until when it is to stand. */
struct jz_said {
    struct jz_text owner; /**< not empty; borrowed, kept up to 31 bytes */
    int64_t at_ms;        /**< when it was counted or decided, not when it came: stale never becomes fresh */
    int64_t until_ms;     /**< 0: as long as is usual */
};

/* --- numbers ------------------------------------------------------------------------------------------------ */

/** A number, by the hospital or the dispatcher. Held places stay held.
 *  @retval JZ_E_UNKNOWN_CODE  no such service   @retval JZ_E_IMPLAUSIBLE  a value outside the service's row
 *  @retval JZ_E_TIME_ORDER  said before what stands, or until a time before that   @retval JZ_E_VALUE  no owner, or
 *  until more than JZ_CAPACITY_LIFE_MAX_MS after `at_ms`. On failure nothing changes. */
JZ_MUST_CHECK enum jz_status jz_capacity_set(struct jz_capacity *capacity, uint32_t facility,
                                             enum jz_service service, int32_t value,
                                             const struct jz_said *said);
enum jz_capacity_state jz_capacity_known(const struct jz_capacity *capacity, uint32_t facility,
                                         enum jz_service service, int64_t now_ms);
/** The last number as it stands, known or expired, with owner, age and what is held. Borrowed. */
const struct jz_capacity_number *jz_capacity_number(const struct jz_capacity *capacity, uint32_t facility,
                                                    enum jz_service service);
/** Free for another patient by the last number, below 0 where over-booked; ED: the colour. A figure to act on only while
 *  jz_capacity_known says so. */
int32_t jz_capacity_shown(const struct jz_capacity *capacity, uint32_t facility, enum jz_service service);

/** A patient is accepted: one place is held, whatever is known - the hospital's word is the place.
 *  @return what was known before: JZ_CAPACITY_FULL is an over-booking to be shown, JZ_CAPACITY_UNKNOWN an acceptance that
 *  no number stands behind. Asserts fewer than JZ_CAPACITY_HELD_MAX held before. */
enum jz_capacity_state jz_capacity_hold(struct jz_capacity *capacity, uint32_t facility,
                                        enum jz_service service, int64_t now_ms);
/** A patient whose place is held arrived: the place is taken. Asserts that one is held. */
void jz_capacity_use(struct jz_capacity *capacity, uint32_t facility, enum jz_service service,
                     int64_t now_ms);
/** A patient whose place is held does not come: stand-down, time-out, another destination. Asserts that one is held. */
void jz_capacity_release(struct jz_capacity *capacity, uint32_t facility, enum jz_service service);

/* --- diversion ---------------------------------------------------------------------------------------------- */

/** Begins a diversion, or renews the one that runs with a new end, reason and owner: it is then warned about anew.
 *  @param reason  JZ_REASON_EQUIPMENT, FULL, STAFF, POWER, INFECTION, or OTHER with JZ_REASON_TEXT_MIN characters of `text`
 *  @param text    further words, may be empty; borrowed, kept up to 127 bytes
 *  @retval JZ_E_REASON  none of these   @retval JZ_E_UNKNOWN_CODE  no such service   @retval JZ_E_TIME_ORDER  said before
 *  the last word on it, or until a time before that   @retval JZ_E_VALUE  no owner, or until more than JZ_DIVERT_MAX_MS
 *  after `at_ms`. On failure nothing changes. */
JZ_MUST_CHECK enum jz_status jz_capacity_divert(struct jz_capacity *capacity, uint32_t facility,
                                                enum jz_service service, enum jz_action_reason reason,
                                                struct jz_text text, const struct jz_said *said);
/** Ends it before its time. `said->until_ms` is not looked at.
 *  @retval JZ_E_TRANSITION  none runs   @retval JZ_E_TIME_ORDER  said before the last word on it
 *  @retval JZ_E_UNKNOWN_CODE  no such service   @retval JZ_E_VALUE  no owner. On failure nothing changes. */
JZ_MUST_CHECK enum jz_status jz_capacity_end_divert(struct jz_capacity *capacity, uint32_t facility,
                                                    enum jz_service service, const struct jz_said *said);
bool jz_capacity_diverting(const struct jz_capacity *capacity, uint32_t facility, enum jz_service service,
                           int64_t now_ms);
/** The newest diversion, running or over. Borrowed. */
const struct jz_diversion *jz_capacity_diversion(const struct jz_capacity *capacity, uint32_t facility,
                                                 enum jz_service service);
/** How many hospitals divert a service: from 2 on the region is short of it (console 6). */
uint32_t jz_capacity_diverting_count(const struct jz_capacity *capacity, enum jz_service service,
                                     int64_t now_ms);

/* --- capabilities ------------------------------------------------------------------------------------------- */

/** What a hospital confirms of a capability; JZ_CONFIRMATION_NONE withdraws what it said (`said->until_ms` is not looked at).
 *  It stands for JZ_CONFIRMED_MAX_MS and no longer; "closed now" for JZ_CLOSED_DEFAULT_MS, JZ_CLOSED_MAX_MS at most.
 *  @retval JZ_E_UNKNOWN_CODE  no such capability index or value   @retval JZ_E_TIME_ORDER  said before what stands, or
 *  until a time before that   @retval JZ_E_VALUE  no owner, or until too late. On failure nothing changes. */
JZ_MUST_CHECK enum jz_status jz_capacity_confirm(struct jz_capacity *capacity, uint32_t facility,
                                                 uint32_t capability, enum jz_confirmation_value value,
                                                 const struct jz_said *said);
/** What was said last. Borrowed. */
const struct jz_confirmation *jz_capacity_confirmation(const struct jz_capacity *capacity, uint32_t facility,
                                                       uint32_t capability);
/** What counts: a confirmation while it stands, and else what the directory says. Where a confirmation expired, CONFIRMED of
 *  the directory is UNKNOWN: somebody knew better since, and nobody knows now.
 *  @param now_ms  the moment it is asked for: now, or when the patient will be there */
enum jz_capability_state jz_capacity_capability(const struct jz_capacity *capacity, uint32_t facility,
                                                uint32_t capability, enum jz_capability_state directory,
                                                int64_t now_ms);
/** Office hours: 08:00 to 17:30, Monday to Friday, UTC+8 (PROJ). Public holidays and the working weekends that make up for
 *  them are decreed year by year and are not known here: a hospital says "closed now" on such a day.
 *  @param now_ms  since 1970, not negative */
bool jz_office_hours(int64_t now_ms);
/** When office hours next begin or end, after `now_ms`: a capability confirmed for them changes then by time alone. */
int64_t jz_office_hours_turn(int64_t now_ms);

/* --- what time does ----------------------------------------------------------------------------------------- */

enum jz_capacity_notice_kind {
    JZ_CAPACITY_EXPIRED,          /**< a number is unknown from now on */
    JZ_CAPACITY_DIVERSION_ENDING, /**< ten minutes are left of a diversion, or fewer */
    JZ_CAPACITY_DIVERSION_OVER,   /**< a diversion ended by time */
    JZ_CAPACITY_CONFIRMATION_EXPIRED
};
struct jz_capacity_notice {
    int64_t at_ms; /**< when it was to happen */
    enum jz_capacity_notice_kind kind;
    uint32_t facility;
    uint32_t index; /**< enum jz_service; of a confirmation, the capability's */
};
/** The earliest moment of which jz_capacity_due has something to report; INT64_MAX: never. It has passed already where a
 *  diversion is shorter than its warning, or something came late. Walks everything: ask when the last answer has passed. */
int64_t jz_capacity_next(const struct jz_capacity *capacity);
/** Takes the earliest thing that became due up to `now_ms` and marks it as reported; call until it returns false. Of one
 *  moment, in order of facility, then numbers, diversions, confirmations, then index. A diversion found over is not
 *  warned about any more.
 *  @param[out] out  written only where it returns true */
bool jz_capacity_due(struct jz_capacity *capacity, int64_t now_ms, struct jz_capacity_notice *out);

/** Another directory: facilities and capabilities have other indexes.
 *  @param moved  new index of each of the `count` old facilities; all differ, none may be missing
 *  @param capability_moved  new index of each of the `capability_count` old capabilities, all different; UINT32_MAX: the new
 *  directory does not list it, and what was confirmed of it is dropped */
void jz_capacity_carry(struct jz_capacity *capacity, const uint32_t moved[JZ_FACILITIES_MAX], uint32_t count,
                       const uint32_t capability_moved[JZ_CAPABILITIES_MAX], uint32_t capability_count);

#endif /* JZ_CAPACITY_H */
