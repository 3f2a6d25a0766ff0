/* SPDX-License-Identifier: Apache-2.0 */
/** @file rank_stage.h  A scene for rankings: hospitals, conditions and journeys that a test changes in one point. */
#ifndef RANK_STAGE_H
#define RANK_STAGE_H
#include "fake_rules.h"
#include "rank.h"

enum { PCI, ICU, SURGERY, OBSTETRICS, LYSIS, BLOOD, NICU, CAPABILITIES };
#define ABSENT JZ_CAPABILITY_ABSENT
#define CONFIRMED JZ_CAPABILITY_CONFIRMED
#define ASSUMED JZ_CAPABILITY_ASSUMED
#define UNKNOWN JZ_CAPABILITY_UNKNOWN

/** Everything a ranking needs, in one place. */
struct scene {
    struct jz_program program;
    struct jz_directory directory;
    struct jz_travel travel;
    struct jz_live live;
    struct jz_figures figures;
    struct jz_rank_request request;
    struct jz_ranking ranking;
};
extern struct scene scene;

/** `count` hospitals that can do everything, for certain, 10, 30, 50 ... minutes away; the program is stemi_program(), and
 *  its condition 0 is present. Nothing is known live. */
void stage(uint32_t count, bool simulation);
void can(uint32_t facility, uint32_t capability, uint8_t state);
/** From now on the request has live states: those of the directory, and every service open. */
void go_live(void);
/** Adds a condition to the program and to the request. @return its bit number */
uint32_t add_condition(struct jz_condition_info condition);
const struct jz_ranking *rank(void);
/** Order of the candidates as digits: "102". Ranks. */
const char *order(void);
/** A candidate of the last ranking; fails the test where there is none. */
const struct jz_candidate *candidate(uint32_t facility);
/** Ranks; fails the test unless the facility is excluded so. */
void excluded(uint32_t facility, uint8_t why, const char *capability);
/** One of everything at random, for properties. */
void stage_at_random(uint64_t *seed);

#endif /* RANK_STAGE_H */
