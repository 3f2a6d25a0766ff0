/* SPDX-License-Identifier: Apache-2.0 */
/** @file indicator_case.h  The cases of a journal, as far as indicators ask: when which event happened, which pathways
 *  applied, how the patient came and how the case ended. Gathered while the journal is replayed: a case is looked at each
 *  time something changed, so that it is complete when its place in the core is used again. */
#ifndef JZ_INDICATOR_CASE_H
#define JZ_INDICATOR_CASE_H
#include "jingzhu/rules.h"
#include "tool_replay.h"

#define JZ_CASE_EVENTS_MAX 128u /**< event fields of protocol/fields/ */
#define JZ_CASE_CLOCKS_MAX 128u /**< clock rules of all packs ever in force in a journal */

/** How the patient came (8.2: per arrival mode). */
enum jz_arrival {
    JZ_ARRIVAL_ALL,
    JZ_ARRIVAL_AMBULANCE,
    JZ_ARRIVAL_TRANSFER,
    JZ_ARRIVAL_SELF,
    JZ_ARRIVAL_UNKNOWN,
    JZ_ARRIVAL_COUNT
};
#define JZ_ARRIVAL_BIT(arrival) (1u << (arrival))

/** How the case stands. OTHERWISE: stood down, refused or died, so nothing more was to happen. MERGED: counted as part of
 *  the case it goes on in. */
enum jz_case_end { JZ_CASE_OPEN, JZ_CASE_ENDED, JZ_CASE_OTHERWISE, JZ_CASE_MERGED };

/** What the last evaluation and all before it said of a clock in a case. */
enum { JZ_CLOCK_COUNTED = 1, JZ_CLOCK_APPLIES = 2, JZ_CLOCK_UNCLEAR = 4 };

/** Facts besides events that indicators ask for. */
enum jz_case_fact {
    JZ_FACT_TRANSFERRED,
    JZ_FACT_PREGNANCY,
    JZ_FACT_BYPASS_ED,
    JZ_FACT_BYPASS_CCU,
    JZ_FACT_COUNT
};
#define JZ_FACT_ABSENT INT32_MIN

struct jz_case {
    struct jz_encounter_id id;
    int64_t opened_ms;
    int64_t ecg_received_ms;        /**< the first segment of an ECG on the platform; 0: none */
    int64_t at[JZ_CASE_EVENTS_MAX]; /**< server's clock, by event; 0: not known */
    int32_t fact[JZ_FACT_COUNT];
    uint8_t clock[JZ_CASE_CLOCKS_MAX]; /**< bits */
    uint8_t end;                       /**< enum jz_case_end */
    uint8_t arrival;                   /**< enum jz_arrival; from jz_cases_end on */
    bool stemi, lysis; /**< once found: STEMI; fibrinolysis free of contraindications, or confirmed */
    char facility[16]; /**< the hospital that accepted; "": none */
};

/** A clock rule, as the last packs that had it state it. Strings live as long as the replay. */
struct jz_clock_row {
    const char *id, *zh, *en, *pack, *source, *mark;
    uint32_t from, to; /**< events */
    uint32_t within_s;
    uint32_t number; /**< index in jz_case.clock */
    uint32_t rule;   /**< in the program in force; UINT32_MAX: it has none of that id */
    uint64_t done;   /**< bit per level that says that both ends are known */
};

struct jz_cases {
    struct jz_case *item;
    uint32_t count, capacity;
    uint32_t *bucket, buckets; /**< 1 + index, by id; 0: free */
    struct jz_clock_row clock[JZ_CASE_CLOCKS_MAX];
    uint32_t clock_count;
    uint32_t event_field[JZ_CASE_EVENTS_MAX], event_count;
    uint32_t fact_field[JZ_FACT_COUNT];
    uint32_t stemi_rule, strategy_rule;
    const struct jz_program *program;
    struct jz_chart scratch; /**< to try what a clock would say */
    bool simulation;         /**< a directory on record is of a simulation */
};

/** @retval false  more event fields than JZ_CASE_EVENTS_MAX: raise it. */
bool jz_cases_init(struct jz_cases *cases);
void jz_cases_deinit(struct jz_cases *cases);
/** For jz_tool_replay; `context` is the jz_cases. */
bool jz_cases_before(void *context, const struct jz_tool_replay *replay, const struct jz_event *event);
bool jz_cases_after(void *context, const struct jz_tool_replay *replay, const struct jz_tool_replayed *input);
/** After the last record: what is open stands as it stands. Then in the order of opening. */
bool jz_cases_end(struct jz_cases *cases, const struct jz_tool_replay *replay);

/** Index of an event by its field's name; UINT32_MAX: none. */
uint32_t jz_case_event(const struct jz_cases *cases, const char *name);
/** When it happened; 0: not known, or no such event. */
int64_t jz_case_at(const struct jz_cases *cases, const struct jz_case *item, const char *name);
/** "ambulance"; stable, for tables. */
const char *jz_arrival_name(enum jz_arrival arrival);

#endif /* JZ_INDICATOR_CASE_H */
