/* SPDX-License-Identifier: Apache-2.0 */
/* The worked case of docs/routing.md, and goal P12, over the shipped directory and graph. Every row of the page's tables is
 * worked out here and looked for there; with JZ_SHOW set the rows are printed, for the page. */
#include "guiyang.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "fake_rules.h"
#include "rank.h"

#define KAIYANG 270613000, 1069612000
#define BUDGET_US 50.0 /* P12, optimised build */
#define ROUNDS 2000

#define TODAY 20500u

static struct jz_travel travel;
static struct jz_live live;
static struct jz_figures figures;
static struct jz_ranking ranking;
static struct jz_rank_request request;

static void rank_from_kaiyang(const struct jz_directory *directory, const struct jz_program *program) {
    struct jz_roads *roads = guiyang_roads(directory);
    jz_roads_travel(roads, KAIYANG, 0, &travel);
    jz_roads_free(roads);
    request = (struct jz_rank_request){
        .program = program, .directory = directory, .travel = &travel, .conditions = 1, .elapsed_s = 300};
    jz_rank(&request, &ranking);
}

/* --- the page ---------------------------------------------------------------------------------------------- */

static char *page;

static int read_page(void **state) {
    char path[512];
    (void)state;
    snprintf(path, sizeof path, "%s/docs/routing.md", JZ_SOURCE_DIR);
    FILE *in = fopen(path, "rb");
    page = calloc(1, 262144);
    if (!in || !page || fread(page, 1, 262143, in) == 0) return -1;
    return fclose(in);
}

static int free_page(void **state) {
    (void)state;
    free(page);
    return 0;
}

static void on_page(const char *row) {
    if (getenv("JZ_SHOW"))
        printf("%s\n", row);
    else if (!strstr(page, row))
        fail_msg("not in docs/routing.md: %s", row);
}

static void candidates_on_page(const struct jz_directory *d) {
    for (uint32_t i = 0; i < ranking.candidate_count; i++) {
        const struct jz_candidate *c = &ranking.candidate[i];
        const struct jz_facility *f = &d->facility[c->facility];
        char row[256], cases[32] = "planned";
        if (c->cases) snprintf(cases, sizeof cases, "%u cases", c->cases);
        snprintf(row, sizeof row, "| %u | %s (`%s`) | %u | %u | %u, %s | %u | %u |%s", i + 1, f->name_zh,
                 f->id, c->travel_s, c->uncertainty_s, c->door_s, cases, c->treatment_s, c->preferred,
                 c->flags & JZ_CANDIDATE_FULL    ? " full |"
                 : c->flags & JZ_CANDIDATE_MEETS ? " meets |"
                                                 : " |");
        on_page(row);
    }
}

static void changes_on_page(const struct jz_directory *d) {
    static const char *const kind[] = {"", "margin", "places", "excluded"};
    static const char *const why[] = {"", "lacks ", "diverting ", "declined ", "unconfirmed "};
    for (uint32_t i = 0; i < ranking.change_count; i++) {
        const struct jz_change *c = &ranking.change[i];
        char row[256];
        snprintf(row, sizeof row, "| %s | `%s` | %u | %s%s |", kind[c->kind], d->facility[c->facility].id,
                 c->seconds, why[c->why], c->capability);
        on_page(row);
    }
}

static void advice_on_page(const struct jz_directory *d) {
    const struct jz_reperfusion_advice *a = &ranking.reperfusion;
    char row[256];
    bool to = ranking.fallback_facility != JZ_FACILITY_NONE;
    snprintf(row, sizeof row, "goal %d, T_wire %u s, FMC to wire %u s, row %u, fallback %u to `%s`",
             ranking.goal, a->wire_s, a->fmc_to_wire_s, a->row, ranking.fallback,
             to ? d->facility[ranking.fallback_facility].id : "none");
    on_page(row);
}

/* R01 as packs/routing/conditions.yaml has it: door to wire 90 min where a hospital's record is not known. */
static struct jz_program r01_program(uint32_t door_s) {
    struct jz_program program = stemi_program();
    struct jz_condition_info *r01 = &program.condition[0];
    r01->must_count = 1;
    r01->prefer_count = 2;
    r01->prefer[1] = "chest_pain_centre";
    r01->services = 1u << JZ_SERVICE_CATH_LAB;
    r01->teams = 1u << JZ_TEAM_ED | 1u << JZ_TEAM_CATH_LAB;
    r01->fallback = JZ_FALLBACK_LYSIS;
    r01->fallback_must_count = 1;
    r01->fallback_must[0] = (struct jz_alternatives){1, {"thrombolysis"}};
    r01->door_s = door_s;
    r01->door_kind = JZ_DOOR_WIRE;
    return program;
}

static void no_hospital_reaches_the_stemi_goal_from_kaiyang(void **state) {
    static const char *const best[] = {"guiqian-intl", "gmu-ah", "gz-pph"};
    const struct jz_directory *d = guiyang_directory(true);
    struct jz_program program = r01_program(5400);
    (void)state;
    rank_from_kaiyang(d, &program);
    candidates_on_page(d);
    changes_on_page(d);
    advice_on_page(d);
    assert_int_equal(ranking.candidate_count, 9);
    assert_int_equal(ranking.exclusion_count, 17);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(ranking.candidate[i].facility, facility_index(d, best[i]));
    assert_in_range(ranking.candidate[0].travel_s, 3000, 3030);
    assert_int_equal(ranking.candidate[0].confirmed, 0);
    assert_int_equal(ranking.goal, JZ_GOAL_UNMET);
    assert_int_equal(ranking.reperfusion.what, JZ_REPERFUSION_ASK);
    assert_int_equal(ranking.fallback_facility, facility_index(d, "ky-ph"));
    for (uint32_t i = 0; i < ranking.exclusion_count; i++) {
        assert_int_equal(ranking.exclusion[i].why, JZ_EXCLUDED_LACKS);
        assert_string_equal(ranking.exclusion[i].capability, "pci_24h");
    }
}

/* The nearest laboratory is full, and the next one has shown that it is fast. */
static void what_is_known_of_places_and_records_turns_it(void **state) {
    const struct jz_directory *d = guiyang_directory(true);
    struct jz_program program = r01_program(5400);
    static const uint32_t minutes[] = {48, 50, 51, 52, 54, 55, 58, 75};
    (void)state;
    rank_from_kaiyang(d, &program);
    for (uint32_t f = 0; f < d->facility_count; f++) {
        memcpy(live.of[f].capability, d->facility[f].capability, sizeof live.of[f].capability);
        memset(live.of[f].service, JZ_LIVE_OPEN, sizeof live.of[f].service);
    }
    live.of[facility_index(d, "guiqian-intl")].service[JZ_SERVICE_CATH_LAB] = JZ_LIVE_FULL;
    for (uint32_t i = 0; i < sizeof minutes / sizeof minutes[0]; i++)
        assert_true(
            jz_figures_add(&figures, facility_index(d, "gmu-ah"), JZ_FIGURE_WIRE, minutes[i] * 60, TODAY));
    request.live = &live;
    request.figures = &figures;
    request.today = TODAY;
    jz_rank(&request, &ranking);
    candidates_on_page(d);
    changes_on_page(d);
    advice_on_page(d);
    assert_int_equal(ranking.candidate[0].facility, facility_index(d, "gmu-ah"));
    assert_int_equal(ranking.goal, JZ_GOAL_MET);
    assert_int_equal(ranking.reperfusion.what, JZ_REPERFUSION_PCI);
}

static void a_door_time_of_an_hour_would_reach_it(void **state) {
    const struct jz_directory *d = guiyang_directory(true);
    struct jz_program program = r01_program(3600);
    (void)state;
    rank_from_kaiyang(d, &program);
    assert_int_equal(ranking.goal, JZ_GOAL_MET);
    assert_int_equal(ranking.candidate[0].facility, facility_index(d, "guiqian-intl"));
}

static void live_mode_routes_to_nobody_until_somebody_confirms(void **state) {
    const struct jz_directory *d = guiyang_directory(false);
    struct jz_program program = stemi_program();
    (void)state;
    rank_from_kaiyang(d, &program);
    assert_int_equal(ranking.candidate_count, 0);
    assert_int_equal(ranking.exclusion_count, 26);
    assert_int_equal(ranking.goal, JZ_GOAL_UNMET);
    for (uint32_t i = 0; i < ranking.exclusion_count; i++)
        assert_int_equal(ranking.exclusion[i].why, JZ_EXCLUDED_UNCONFIRMED);
}

/* Thirty-two conditions with sixteen mentions each are the most a program can ask for. */
static struct jz_program heavy_program(void) {
    struct jz_program program = stemi_program();
    program.count = JZ_CONDITIONS_MAX;
    for (uint32_t c = 1; c < JZ_CONDITIONS_MAX; c++) program.condition[c] = program.condition[0];
    return program;
}

static double microseconds_each(void) {
    struct timespec start, end;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    for (int i = 0; i < ROUNDS; i++) jz_rank(&request, &ranking);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    double ns = (double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec);
    return ns / ROUNDS / 1000.0;
}

/* Sanitizers make it several times slower, so the bound asserted here has room; the bench has the figure. */
static void ranking_takes_microseconds(void **state) {
    const struct jz_directory *d = guiyang_directory(true);
    struct jz_program stemi = stemi_program(), heavy = heavy_program();
    (void)state;
    rank_from_kaiyang(d, &stemi);
    double one = microseconds_each();
    request.program = &heavy;
    request.conditions = UINT32_MAX;
    double all = microseconds_each();
    printf("ranking 26 facilities: %.1f us with one condition, %.1f us with thirty-two\n", one, all);
    assert_true(one < 20 * BUDGET_US && all < 20 * BUDGET_US);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_hospital_reaches_the_stemi_goal_from_kaiyang),
        cmocka_unit_test(what_is_known_of_places_and_records_turns_it),
        cmocka_unit_test(a_door_time_of_an_hour_would_reach_it),
        cmocka_unit_test(live_mode_routes_to_nobody_until_somebody_confirms),
        cmocka_unit_test(ranking_takes_microseconds),
    };
    return cmocka_run_group_tests(tests, read_page, free_page);
}
