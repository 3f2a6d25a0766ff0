/* SPDX-License-Identifier: Apache-2.0 */
#include "rank_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct scene scene;

void stage(uint32_t count, bool simulation) {
    static const char *const keys[CAPABILITIES] = {"pci_24h",
                                                   "adult_icu",
                                                   "cardiac_surgery",
                                                   "obstetrics_emergency",
                                                   "thrombolysis",
                                                   "blood_bank",
                                                   "nicu_critical_neonatal_centre"};
    memset(&scene, 0, sizeof scene);
    scene.program = stemi_program();
    scene.directory = (struct jz_directory){
        .facility_count = count, .capability_count = CAPABILITIES, .simulation = simulation};
    for (uint32_t k = 0; k < CAPABILITIES; k++) strcpy(scene.directory.capability[k], keys[k]);
    for (uint32_t f = 0; f < count; f++) {
        memset(scene.directory.facility[f].capability, CONFIRMED, JZ_CAPABILITIES_MAX);
        scene.travel.seconds[f] = 600 + 1200 * f;
        scene.travel.uncertainty_s[f] = 60 + f;
    }
    scene.request = (struct jz_rank_request){
        .program = &scene.program, .directory = &scene.directory, .travel = &scene.travel, .conditions = 1};
}

void can(uint32_t facility, uint32_t capability, uint8_t state) {
    scene.directory.facility[facility].capability[capability] = state;
}

void go_live(void) {
    for (uint32_t f = 0; f < scene.directory.facility_count; f++) {
        memcpy(scene.live.of[f].capability, scene.directory.facility[f].capability,
               sizeof scene.live.of[f].capability);
        memset(scene.live.of[f].service, JZ_LIVE_OPEN, sizeof scene.live.of[f].service);
    }
    scene.request.live = &scene.live;
}

uint32_t add_condition(struct jz_condition_info condition) {
    uint32_t index = scene.program.count++;
    scene.program.condition[index] = condition;
    scene.request.conditions |= UINT64_C(1) << index;
    return index;
}

const struct jz_ranking *rank(void) {
    memset(&scene.ranking, 0xa5, sizeof scene.ranking);
    jz_rank(&scene.request, &scene.ranking);
    return &scene.ranking;
}

const char *order(void) {
    static char text[JZ_FACILITIES_MAX + 1];
    rank();
    for (uint32_t i = 0; i < scene.ranking.candidate_count; i++)
        text[i] = (char)('0' + scene.ranking.candidate[i].facility);
    text[scene.ranking.candidate_count] = '\0';
    return text;
}

const struct jz_candidate *candidate(uint32_t facility) {
    for (uint32_t i = 0; i < scene.ranking.candidate_count; i++)
        if (scene.ranking.candidate[i].facility == facility) return &scene.ranking.candidate[i];
    fail_msg("facility %u is no candidate", facility);
    return NULL;
}

void excluded(uint32_t facility, uint8_t why, const char *capability) {
    for (uint32_t i = 0; i < rank()->exclusion_count; i++) {
        const struct jz_exclusion *x = &scene.ranking.exclusion[i];
        if (x->facility != facility) continue;
        assert_int_equal(x->why, why);
        assert_string_equal(x->capability, capability);
        return;
    }
    fail_msg("facility %u is not excluded", facility);
}

static uint32_t one_in(uint64_t *seed, uint32_t n) {
    return next_random(seed) % n == 0;
}

static void random_conditions(uint64_t *seed) {
    scene.program.condition[0].goal_s = one_in(seed, 3) ? 0 : 3600 + next_random(seed) % 7200;
    scene.program.condition[0].door_kind = JZ_DOOR_WIRE;
    scene.program.condition[0].fallback = JZ_FALLBACK_LYSIS;
    scene.program.condition[0].fallback_must_count = 1;
    scene.program.condition[0].fallback_must[0] = (struct jz_alternatives){1, {"thrombolysis"}};
    scene.program.condition[0].services = 1u << JZ_SERVICE_CATH_LAB;
    add_condition((struct jz_condition_info){.id = "R22",
                                             .must_count = 2,
                                             .must = {{1, {"obstetrics_emergency"}}, {1, {"tox"}}},
                                             .prefer_count = 1,
                                             .prefer = {"adult_icu"},
                                             .services = 1u << JZ_SERVICE_OBSTETRICS,
                                             .goal_s = next_random(seed) % 9000,
                                             .door_s = next_random(seed) % 7200});
    add_condition((struct jz_condition_info){.id = "R02",
                                             .must_count = 1,
                                             .must = {{2, {"thrombolysis", "adult_icu"}}},
                                             .replaces = 1,
                                             .door_kind = JZ_DOOR_NEEDLE,
                                             .door_s = 1800});
    add_condition((struct jz_condition_info){.id = "OB-NICU",
                                             .must_count = 1,
                                             .must = {{1, {"nicu_critical_neonatal_centre"}}},
                                             .fetal = true,
                                             .services = 1u << JZ_SERVICE_NICU,
                                             .fallback = JZ_FALLBACK_STABILISE,
                                             .fallback_must_count = 1,
                                             .fallback_must = {{1, {"obstetrics_emergency"}}}});
    add_condition((struct jz_condition_info){
        .id = "R13", .nearest = true, .services = 1u << JZ_SERVICE_ED, .fallback = JZ_FALLBACK_NEAREST});
    scene.request.conditions = next_random(seed) % 16u | (one_in(seed, 10) ? 16u : 0);
}

static void random_facility(uint64_t *seed, uint32_t f) {
    for (uint32_t k = 0; k < CAPABILITIES; k++) {
        uint8_t state = (uint8_t)(next_random(seed) % 8u);
        can(f, k, state > UNKNOWN ? one_in(seed, 2) ? CONFIRMED : ASSUMED : state);
    }
    scene.travel.seconds[f] = one_in(seed, 8) ? JZ_TRAVEL_NONE : 1 + next_random(seed) % 7200;
    struct jz_live_facility *live = &scene.live.of[f];
    memcpy(live->capability, scene.directory.facility[f].capability, sizeof live->capability);
    for (uint32_t s = 1; s < JZ_SERVICE_COUNT; s++)
        live->service[s] = (uint8_t)(one_in(seed, 4) ? next_random(seed) % 4u : JZ_LIVE_OPEN);
    live->capability_expired = next_random(seed) & next_random(seed) & next_random(seed);
    live->service_expired = (uint16_t)(next_random(seed) & next_random(seed) & next_random(seed));
    for (uint32_t i = next_random(seed) % 8u; i < 6; i++)
        jz_figures_add(&scene.figures, f, JZ_FIGURE_WIRE, next_random(seed) % 9000, 20000);
    if (one_in(seed, 6)) jz_facility_set_add(&scene.request.declined, f);
    if (one_in(seed, 12)) jz_facility_set_add(&scene.request.diverting, f);
}

void stage_at_random(uint64_t *seed) {
    stage(next_random(seed) % (JZ_FACILITIES_MAX + 1u), !one_in(seed, 4));
    random_conditions(seed);
    scene.request.elapsed_s = next_random(seed) % 4000;
    scene.request.since_t0_s = next_random(seed) % 1000;
    scene.request.priority = (uint8_t)(next_random(seed) % 6u);
    scene.request.lysis = (uint8_t)(next_random(seed) % 7u);
    scene.request.today = 20000;
    for (uint32_t f = 0; f < scene.directory.facility_count; f++) random_facility(seed, f);
    scene.request.live = one_in(seed, 2) ? &scene.live : NULL;
    scene.request.figures = one_in(seed, 2) ? &scene.figures : NULL;
}
