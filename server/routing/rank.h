/* SPDX-License-Identifier: Apache-2.0 */
/** @file rank.h  Which hospital: capability first, then predicted time to treatment. Pure.
 *
 *  Source: clinical-chest-pain 7, 11, clinical-obstetric 14. Every facility appears exactly once in the result,
 *  as a candidate with its figures or as an exclusion with its reason. The order, and why, is in
 *  docs/routing.md. Integers only: the same request gives the same bytes on every machine.
 *  A request's members beyond program, directory and travel may be zero: then that part is not known, and the answer says
 *  so or is the one on the safe side. */
#ifndef JZ_RANK_H
#define JZ_RANK_H
#include "directory.h"
#include "figures.h"
#include "jingzhu/frame.h" /* enum jz_service, enum jz_team */
#include "travel.h"

#define JZ_PREFER_TIE_S 600u /**< prefer capabilities decide only within this (chest-pain 11.3.3, PROJ) */
#define JZ_TREATMENT_S_MAX 86400u /**< the wire's largest time; longer ones are shown as this */
#define JZ_CHANGE_WORTH_S 900u    /**< after departure a change must save this (chest-pain 11.3.7, PROJ) */
#define JZ_REACH_P1_S 3600u /**< to definitive care, mother or newborn of priority 1 (obstetric 14.3, DEC) */
#define JZ_REACH_S 7200u    /**< the same, less urgent */
/** What a doubt about places may cost in predicted time, and no more: how far certain places are preferred (PROJ). */
#define JZ_DOUBT_UNKNOWN_S                                                                                   \
    1800u /**< no number, or an expired number or confirmation: obstetric 14.3, bypass 30 min */
#define JZ_DOUBT_FULL_S 3600u      /**< no place free: a place is looked for, or waited for */
#define JZ_WIRE_S_MAX 7200u        /**< T_wire for primary PCI, included (chest-pain 7.2 row 2) */
#define JZ_WIRE_NOTE_S 5400u       /**< above: a note for very early, large infarcts (7.2) */
#define JZ_FMC_TO_WIRE_S_MAX 5400u /**< 11.2 R01 */
#define JZ_PAIR_EXTRA_S 900u       /**< that being together may cost mother or newborn (PROJ) */
#define JZ_CHANGES_MAX 4u

/* --- what is known beside the directory --------------------------------------------------------------------------- */

enum jz_live_state {
    JZ_LIVE_UNKNOWN, /**< no number */
    JZ_LIVE_OPEN,
    JZ_LIVE_FULL, /**< no place free for another patient */
    JZ_LIVE_DIVERTING
};
/** What a hospital said of late, as far as it still stands. */
struct jz_live_facility {
    uint8_t capability[JZ_CAPABILITIES_MAX]; /**< enum jz_capability_state in force, by capability index */
    uint8_t service[JZ_SERVICE_COUNT];       /**< enum jz_live_state, by enum jz_service */
    uint32_t
        capability_expired; /**< bit per capability that was confirmed and has to be confirmed anew: not known,
                                      usable and shown so, unless its state is ABSENT */
    uint16_t
        service_expired; /**< bit per service whose number is too old: counts as UNKNOWN, unless it diverts */
    uint16_t reserved;
};
struct jz_live {
    struct jz_live_facility of[JZ_FACILITIES_MAX];
};

/** What is known of the check list and the window of fibrinolysis (chest-pain 7.2, 7.3). */
enum jz_lysis {
    JZ_LYSIS_UNANSWERED,      /**< a question or the screen is open: blocks the proposal */
    JZ_LYSIS_CLEAR,           /**< all answered, no contraindication, onset within 12 h */
    JZ_LYSIS_RELATIVE,        /**< a relative contraindication: a cardiologist decides */
    JZ_LYSIS_CONTRAINDICATED, /**< an absolute one, or a positive dissection screen */
    JZ_LYSIS_LATE,            /**< onset over 12 h ago */
    JZ_LYSIS_CONFIRMED        /**< a physician confirmed it */
};

struct jz_rank_request {
    const struct jz_program *program;
    const struct jz_directory *directory;
    const struct jz_travel *travel;
    const struct jz_live *live;       /**< NULL: the directory as it stands, nothing known of places */
    const struct jz_figures *figures; /**< NULL: planned door times */
    uint64_t conditions;              /**< bits; 0: any facility with nothing required */
    struct jz_facility_set declined;  /**< who declined this patient */
    struct jz_facility_set diverting; /**< who diverts all patients */
    uint32_t elapsed_s;               /**< since first medical contact, for the goal */
    uint32_t since_t0_s; /**< since the ECG was read as STEMI (chest-pain 7.1), for T_wire; 0: just now */
    uint32_t today;      /**< days since 1970, for `figures` */
    uint8_t priority;    /**< 1..5; 0: not known, the stricter of each rule */
    uint8_t lysis;       /**< enum jz_lysis */
    bool adult; /**< not known to be under 18, and no newborn: no hospital for children alone (PROJ) */
};
/** Capability that is named where an adult is kept from a children's hospital. */
#define JZ_TAKES_ADULTS "adult_patients"

/* --- the answer --------------------------------------------------------------------------------------------------- */

/** The most lasting reason is the one given: what a hospital lacks, before what it said today. */
enum jz_exclusion_why {
    JZ_EXCLUDED_NONE,
    JZ_EXCLUDED_LACKS,
    JZ_EXCLUDED_DIVERTING,
    JZ_EXCLUDED_DECLINED,
    JZ_EXCLUDED_UNCONFIRMED
};
/** MET: the first candidate reaches the strictest goal. UNMET: it does not, or there is none. A hospital whose
 *  capability is unknown ranks after all known ones and never turns UNMET into MET before them; one that is full never
 *  meets a goal. */
enum jz_goal { JZ_GOAL_NONE, JZ_GOAL_MET, JZ_GOAL_UNMET };

/** Bits of jz_candidate.flags: what a screen has to say beside the figures. */
enum {
    JZ_CANDIDATE_UNSURE = 1,  /**< a must-have that nobody ever confirmed: simulation only */
    JZ_CANDIDATE_EXPIRED = 2, /**< a confirmation or a number that it rests on expired */
    JZ_CANDIDATE_UNKNOWN = 4, /**< a service the patient needs has no number */
    JZ_CANDIDATE_FULL = 8,    /**< a service the patient needs has no place free */
    JZ_CANDIDATE_ONWARD = 16, /**< not the last destination: lacks what a replaced condition needs */
    JZ_CANDIDATE_MEETS = 32   /**< meets the goal */
};
struct jz_candidate {
    jz_facility_index facility;
    uint8_t confirmed; /**< every must-have is CONFIRMED */
    uint8_t preferred; /**< how many prefer capabilities it has (confirmed or assumed) */
    uint8_t flags;
    uint32_t travel_s, treatment_s, uncertainty_s; /**< treatment: travel + door to treatment, at most a day;
                                                        all 0 where the travel time is not known */
    uint32_t door_s;                               /**< door to treatment that was taken */
    uint32_t missing;                              /**< bit per capability that is preferred and not there */
    uint16_t cases; /**< of the hospital's own behind `door_s`; 0: planned, not measured */
    uint16_t reserved;
};
struct jz_exclusion {
    jz_facility_index facility;
    uint8_t why;
    uint8_t service;        /**< enum jz_service that is diverted; NONE: all, or another reason */
    const char *capability; /**< "" unless LACKS or UNCONFIRMED; program's string */
};

/** Where there is a way out, why it is needed. */
enum jz_fallback_why {
    JZ_FALLBACK_BECAUSE_NONE,
    JZ_FALLBACK_BECAUSE_NOBODY, /**< no candidate at all */
    JZ_FALLBACK_BECAUSE_GOAL,   /**< no candidate meets the goal */
    JZ_FALLBACK_BECAUSE_REACH,  /**< none within JZ_REACH_P1_S or JZ_REACH_S (obstetric 14.3) */
    JZ_FALLBACK_BECAUSE_BYPASS  /**< the first would pass nearer ones by more than its row allows (11.2) */
};
/** The row of chest-pain 7.2 as far as routing can tell it. Always a proposal. */
enum jz_reperfusion {
    JZ_REPERFUSION_NONE,       /**< no STEMI */
    JZ_REPERFUSION_CANNOT_SAY, /**< no predicted time to wire: show both branches */
    JZ_REPERFUSION_PCI,        /**< row 2 */
    JZ_REPERFUSION_PCI_ANYWAY, /**< whatever the delay: shock (row 1), contraindicated (4), late (5, 6) */
    JZ_REPERFUSION_LYSIS,      /**< row 3 */
    JZ_REPERFUSION_DISCUSS,    /**< row 3 with a relative contraindication */
    JZ_REPERFUSION_ASK         /**< row 3 blocked: an item is unanswered */
};
struct jz_reperfusion_advice {
    uint8_t what;           /**< enum jz_reperfusion */
    uint8_t row;            /**< of 7.2; 0: none */
    uint8_t within_120;     /**< T_wire <= 120 min; 0 where not known */
    uint8_t within_90;      /**< FMC to wire <= 90 min; 0 where not known */
    uint32_t wire_s;        /**< T_wire: since t0, travel and door to wire of the fastest; 0: not known */
    uint32_t fmc_to_wire_s; /**< the same since first medical contact; 0: not known */
};

/** What would change the order. */
enum jz_change_kind {
    JZ_CHANGE_NONE,
    JZ_CHANGE_MARGIN, /**< the second would come before the first if it treated `seconds` sooner */
    JZ_CHANGE_PLACES, /**< a candidate `seconds` sooner than the first stands behind it for doubtful places */
    JZ_CHANGE_EXCLUDED /**< an excluded hospital would be `seconds` sooner than the first; `why` it is excluded */
};
struct jz_change {
    jz_facility_index facility;
    uint8_t kind;
    uint8_t why;            /**< enum jz_exclusion_why */
    uint8_t service;        /**< that it diverts */
    uint32_t seconds;       /**< EXCLUDED without any candidate: its own time to treatment */
    const char *capability; /**< that it lacks or has not confirmed; "" */
};

struct jz_ranking {
    uint32_t candidate_count, exclusion_count;
    struct jz_candidate candidate[JZ_FACILITIES_MAX]; /**< best first; ties: facility index */
    struct jz_exclusion exclusion[JZ_FACILITIES_MAX]; /**< facility order */
    enum jz_goal goal;
    uint32_t goal_s;      /**< the strictest goal, from first medical contact; 0: none */
    uint8_t goal_kind;    /**< enum jz_door_kind of that goal's condition */
    uint8_t nearest;      /**< by travel time alone: an immediately lethal, reversible problem (11.3.5) */
    uint8_t fallback;     /**< enum jz_fallback_kind */
    uint8_t fallback_why; /**< enum jz_fallback_why */
    jz_facility_index fallback_facility; /**< whereto; JZ_FACILITY_NONE: no fallback, or nobody can */
    uint16_t services, teams;            /**< bits: what the conditions reserve, and whom they call */
    uint64_t replaced,
        yielded; /**< conditions that another one replaced; fetal ones that yield to the mother */
    struct jz_reperfusion_advice reperfusion;
    uint32_t change_count;
    struct jz_change change[JZ_CHANGES_MAX];
};
/** Ranks every facility of the directory. Bounded by JZ_FACILITIES_MAX * log, JZ_CONDITIONS_MAX, JZ_CAPABILITIES_MAX.
 *  @param[out] out  Fully written; unused entries are zero. */
void jz_rank(const struct jz_rank_request *request, struct jz_ranking *out);

/** Whether to propose the first candidate in place of the current destination (chest-pain 11.3.7). Before departure any
 *  better one is; after it one that saves JZ_CHANGE_WORTH_S or more, or any where the patient is worse or the current
 *  destination is no candidate any more. Without travel times nothing is known to be saved.
 *  @param current  destination in force; JZ_FACILITY_NONE: none yet
 *  @param worse    the condition became worse, or another one */
bool jz_rank_change_worth(const struct jz_ranking *ranking, uint32_t current, bool departed, bool worse);

/* --- mother and newborn ------------------------------------------------------------------------------------------- */

enum jz_pair_why {
    JZ_PAIR_TOGETHER,
    JZ_PAIR_NOBODY,       /**< no hospital is a candidate for both with known times */
    JZ_PAIR_MOTHER_FIRST, /**< the mother has priority 1 and her best hospital does not take the newborn as well */
    JZ_PAIR_GOAL,         /**< together one of them would miss a goal that is met apart */
    JZ_PAIR_TOO_FAR       /**< together one of them would lose more than JZ_PAIR_EXTRA_S */
};
struct jz_pair {
    jz_facility_index mother, newborn; /**< JZ_FACILITY_NONE: no candidate */
    uint8_t why;                       /**< enum jz_pair_why */
    uint32_t mother_extra_s,
        newborn_extra_s; /**< what being together costs, or would at the hospital that came
                                                   nearest to it; 0 where there is none */
};
/** One hospital for both if it costs neither a goal and neither more than JZ_PAIR_EXTRA_S (PROJ), the least loss of the
 *  mother first; else each one's best. An unstable mother (priority 1, or not known: 0) never goes beyond her own best
 *  for the newborn's sake (obstetric 14.3 b).
 *  @param[out] out  Fully written. */
void jz_rank_pair(const struct jz_ranking *mother, uint8_t mother_priority, const struct jz_ranking *newborn,
                  struct jz_pair *out);

#endif /* JZ_RANK_H */
