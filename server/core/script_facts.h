/* SPDX-License-Identifier: Apache-2.0 */
/** @file script_facts.h  What is known of a patient as far as a text for the telephone needs it (private to script*.c).
 *  Pure; nothing here chooses words. */
#ifndef JZ_SCRIPT_FACTS_H
#define JZ_SCRIPT_FACTS_H
#include "script.h"
#include "state.h"

#define JZ_SCRIPT_NO_RANK UINT8_MAX
/** An arrival time is told with its age where the newest travel time is older: ten refreshes of a moving vehicle failed. */
#define JZ_SCRIPT_TRAVEL_FRESH_MS (10 * JZ_TRAVEL_REFRESH_MS)

/** Whom the text is about: bits, so that a line can be for several. */
enum jz_script_who {
    JZ_SCRIPT_GENERAL = 1,
    JZ_SCRIPT_CHEST = 2,
    JZ_SCRIPT_MOTHER = 4, /**< pregnant, after birth, or called for as such */
    JZ_SCRIPT_NEWBORN = 8
};

/** How far something can be told. */
enum jz_script_known {
    JZ_KNOWN_NOTHING, /**< nobody measured, asked or recorded it */
    JZ_KNOWN_DOUBTED, /**< the newest value was not believed */
    JZ_KNOWN_UNTOLD,  /**< there is nothing to say, and no gap either */
    JZ_KNOWN_STALE,
    JZ_KNOWN_NOW
};
struct jz_script_value {
    enum jz_script_known known; /**< never UNTOLD */
    int32_t value;              /**< the next three: where STALE or NOW */
    uint32_t field;
    int64_t taken_ms;
};

enum jz_script_arrival { JZ_ETA_UNKNOWN, JZ_ETA_DONE, JZ_ETA_PASSED, JZ_ETA_EARLIEST, JZ_ETA_AT };
struct jz_script_eta {
    enum jz_script_arrival kind; /**< EARLIEST: has not left; PASSED: should be there, and nobody said so */
    int64_t ms;
    int64_t age_ms; /**< of the travel time; 0: it is fresh */
};

struct jz_script_facts {
    const struct jz_core *core;
    const struct jz_encounter *e;
    const struct jz_alert_record *alert; /**< the facility's newest; NULL: none */
    uint32_t facility;                   /**< index, JZ_SCRIPT_NO_FACILITY: none */
    int64_t now_ms;
    enum jz_script_who who;
    /** The alert was withdrawn or ran out: the patient is not that hospital's, nor is what is known. */
    bool off;
    bool standby;      /**< asked beside another hospital: nobody is sent there yet */
    bool has_priority; /**< a rule proposed one or a person set it: 5 can be either that or nothing */
    /** The most urgent rule that fired, of such one that asks for what is told first; and another such. UINT32_MAX: none */
    uint32_t rule, also;
    /** Most urgent priority that rests on the field; JZ_SCRIPT_NO_RANK: none. */
    uint8_t field_rank[JZ_FIELDS_MAX];
    uint8_t condition[JZ_CONDITIONS_MAX]; /**< indexes, the most urgent first */
    uint32_t condition_count;
};

void jz_script_gather(struct jz_script_facts *f, const struct jz_core *core, uint32_t slot, uint32_t facility,
                      int64_t now_ms);
/** A field by name; one that the table does not have is not known. */
struct jz_script_value jz_script_look(const struct jz_script_facts *f, const char *name);
static inline bool jz_script_told(const struct jz_script_value *v) {
    return v->known == JZ_KNOWN_STALE || v->known == JZ_KNOWN_NOW;
}
/** Is this what a person says where there is nothing: no, none, never? */
bool jz_script_is_no(uint32_t field, int32_t value);
/** A blood pressure could not be obtained, and none was measured since. */
bool jz_script_pressure_lost(const struct jz_script_facts *f);
struct jz_script_eta jz_script_arrival(const struct jz_script_facts *f);
/** Weeks of gestation. @param[out] days  beyond whole weeks; -1: only the weeks are known  @return -1: not known */
int32_t jz_script_weeks(const struct jz_script_facts *f, int32_t *days);
/** The level that a rule ended in; NULL: it did not fire, or its level rules something out on what is not all known and
 *  current. @param rule  UINT32_MAX: NULL */
const struct jz_level_info *jz_script_level(const struct jz_script_facts *f, uint32_t rule);
/** The most telling rule over the newest ECG that fired; UINT32_MAX: none. */
uint32_t jz_script_ecg_rule(const struct jz_script_facts *f);

#endif /* JZ_SCRIPT_FACTS_H */
