/* SPDX-License-Identifier: Apache-2.0 */
/* One routing decision over JZ_FACILITIES hospitals, travel times at hand (goal P12): the real conditions, places and
 * records of all hospitals known, so that nothing is left out of the work.
 *
 *   bench_routing CONDITIONS_YAML [REPEATS]     JSON lines; CPU time of this process, medians
 *
 * Built twice: with the limit of a region and with that of a library for a thousand facilities. The yardstick does less: it
 * sorts one number a facility, as a list by distance would need. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assign.h"
#include "measure.h"
#include "rank.h"

#define REPEATS_MAX 25u
enum { ROUNDS = 200000 / JZ_FACILITIES }; /* a repeat: long enough to time */
#define TODAY 20000u

struct scene {
    struct jz_directory directory;
    struct jz_travel travel;
    struct jz_live live;
    struct jz_figures figures;
    struct jz_rank_request request;
    struct jz_ranking ranking;
};
static struct scene scene;
static volatile uint64_t kept; /* so that the compiler cannot leave the work out */

static uint32_t next_random(void) {
    static uint64_t state = 1;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33);
}

/* --- the scene -------------------------------------------------------------------------------------------- */

static void fill_facility(uint32_t f) {
    struct jz_live_facility *live = &scene.live.of[f];
    for (uint32_t k = 0; k < scene.directory.capability_count; k++) {
        uint8_t state = next_random() % 10 ? JZ_CAPABILITY_CONFIRMED : JZ_CAPABILITY_ABSENT;
        scene.directory.facility[f].capability[k] = live->capability[k] = state;
    }
    for (uint32_t s = 1; s < JZ_SERVICE_COUNT; s++)
        live->service[s] = (uint8_t)(next_random() % 8 ? JZ_LIVE_OPEN : next_random() % 4);
    for (uint32_t kind = 0; kind < JZ_FIGURE_KINDS; kind++)
        for (uint32_t i = 0; i < JZ_FIGURE_CASES_MAX; i++)
            if (!jz_figures_add(&scene.figures, f, (enum jz_figure_kind)kind, 1800 + next_random() % 3600,
                                TODAY))
                abort();
    scene.travel.seconds[f] = 60 + next_random() % 7200;
    scene.travel.uncertainty_s[f] = 300;
}

static void fill_scene(const struct jz_program *program) {
    static const char *const keys[] = {"chest_pain_centre",
                                       "pci_24h",
                                       "thrombolysis",
                                       "cardiac_surgery",
                                       "ecmo",
                                       "obstetrics_emergency",
                                       "critical_maternal_centre",
                                       "nicu_critical_neonatal_centre",
                                       "interventional_radiology",
                                       "blood_bank",
                                       "adult_icu",
                                       "infectious_obstetrics",
                                       "paediatric_icu"};
    scene.directory.facility_count = JZ_FACILITIES;
    scene.directory.capability_count = sizeof keys / sizeof keys[0];
    for (uint32_t k = 0; k < scene.directory.capability_count; k++)
        snprintf(scene.directory.capability[k], sizeof scene.directory.capability[k], "%s", keys[k]);
    for (uint32_t f = 0; f < JZ_FACILITIES; f++) fill_facility(f);
    scene.request = (struct jz_rank_request){.program = program,
                                             .directory = &scene.directory,
                                             .travel = &scene.travel,
                                             .live = &scene.live,
                                             .figures = &scene.figures,
                                             .elapsed_s = 300,
                                             .today = TODAY,
                                             .priority = 1};
}

static uint64_t conditions_of(const struct jz_program *program, const char *const *id) {
    uint64_t bits = 0;
    for (; *id; id++)
        for (uint32_t c = 0; c < jz_program_condition_count(program); c++)
            if (strcmp(jz_program_condition(program, c)->id, *id) == 0) bits |= UINT64_C(1) << c;
    return bits;
}

/* --- measuring -------------------------------------------------------------------------------------------- */

static double rank_us(void) {
    int64_t start = measure_cpu_ns(0);
    for (uint32_t i = 0; i < (uint32_t)ROUNDS; i++) {
        scene.request.elapsed_s = 300 + i % 60;
        jz_rank(&scene.request, &scene.ranking);
        kept += scene.ranking.candidate[0].facility + scene.ranking.change_count;
    }
    return (double)(measure_cpu_ns(0) - start) / ROUNDS / 1e3;
}

static int by_value(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static double sort_us(void) {
    static uint32_t sorted[JZ_FACILITIES];
    int64_t start = measure_cpu_ns(0);
    for (uint32_t i = 0; i < (uint32_t)ROUNDS; i++) {
        memcpy(sorted, scene.travel.seconds, sizeof sorted);
        qsort(sorted, JZ_FACILITIES, sizeof sorted[0], by_value);
        kept += sorted[i % JZ_FACILITIES];
    }
    return (double)(measure_cpu_ns(0) - start) / ROUNDS / 1e3;
}

/* Sixteen such patients compete for the last places. */
static double assign_us(void) {
    static struct jz_assign_request request;
    static struct jz_assignment answer;
    static int32_t places[JZ_FACILITIES_MAX];
    const struct jz_ranking *ranking[JZ_ASSIGN_PATIENTS_MAX];
    uint8_t priority[JZ_ASSIGN_PATIENTS_MAX];
    for (uint32_t p = 0; p < JZ_ASSIGN_PATIENTS_MAX; p++) {
        ranking[p] = &scene.ranking;
        priority[p] = (uint8_t)(1 + p % 3);
    }
    for (uint32_t f = 0; f < JZ_FACILITIES; f++) places[f] = (int32_t)(next_random() % 3);
    int64_t start = measure_cpu_ns(0);
    jz_assign_prepare(ranking, priority, JZ_ASSIGN_PATIENTS_MAX, places, JZ_FACILITIES, &request);
    jz_assign(&request, &answer);
    kept += answer.best.facility[0];
    return (double)(measure_cpu_ns(0) - start) / 1e3;
}

static void bench(const char *name, uint64_t conditions, uint32_t repeats) {
    double rank[REPEATS_MAX], sort[REPEATS_MAX], assign[REPEATS_MAX];
    scene.request.conditions = conditions;
    rank_us();
    size_t used = mallinfo2().uordblks;
    for (uint32_t r = 0; r < repeats; r++) {
        rank[r] = rank_us();
        sort[r] = sort_us();
        assign[r] = assign_us();
    }
    long long allocated = (long long)(mallinfo2().uordblks - used);
    printf("{\"bench\":\"routing\",\"facilities\":%u,\"patient\":\"%s\",\"repeats\":%u,\"us\":%.3f,\"sort_"
           "us\":%.3f,"
           "\"assign_us\":%.1f,\"candidates\":%u,\"allocated\":%lld}\n",
           JZ_FACILITIES, name, repeats, measure_median(rank, repeats), measure_median(sort, repeats),
           measure_median(assign, repeats), scene.ranking.candidate_count, allocated);
}

/* @return NULL: said why. Free with jz_program_free. */
static struct jz_program *read_conditions(const char *path) {
    static char yaml[262144];
    struct jz_program *program = NULL;
    struct jz_pack_error error = {.text = "cannot read it"};
    FILE *in = fopen(path, "re");
    size_t bytes = in ? fread(yaml, 1, sizeof yaml, in) : 0;
    if (in) fclose(in);
    struct jz_pack_source source = {"routing/conditions.yaml", yaml, bytes};
    if (bytes == 0 || jz_program_compile(&source, 1, &program, &error) != JZ_OK)
        fprintf(stderr, "bench_routing: %s:%d: %s\n", path, error.line, error.text);
    return program;
}

int main(int argc, char **argv) {
    static const char *const stemi[] = {"R01", NULL}, *const nearest[] = {"R11", "R13", NULL},
                             *const pregnant[] = {"R01",     "R02",        "R22",    "OB-STEMI",
                                                  "OB-NICU", "OB-NICU-32", "OB-RED", NULL};
    unsigned long repeats = argc > 2 ? strtoul(argv[2], NULL, 10) : 7;
    if (argc < 2 || repeats < 1 || repeats > REPEATS_MAX) {
        fprintf(stderr, "usage: bench_routing CONDITIONS_YAML [REPEATS]   (1 to %u)\n", REPEATS_MAX);
        return 64;
    }
    struct jz_program *program = read_conditions(argv[1]);
    if (!program) return 70;
    fill_scene(program);
    bench("STEMI", conditions_of(program, stemi), (uint32_t)repeats);
    bench("pregnant, STEMI, lysis", conditions_of(program, pregnant), (uint32_t)repeats);
    bench("every condition", ~conditions_of(program, nearest), (uint32_t)repeats);
    jz_program_free(program);
    return 0;
}
