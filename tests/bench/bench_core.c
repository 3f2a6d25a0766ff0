/* SPDX-License-Identifier: Apache-2.0 */
/* The core alone, with the real rule packs and directory: events a second (decoding and I/O left out), and
 * what one new reading (into the chart, its rules evaluated, and what changed explained) and one full evaluation of a
 * patient cost.
 *
 *   bench_core PACKS_FOLDER DIRECTORY_YAML [REPEATS]     JSON lines; CPU time of this process, medians */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "measure.h"
#include "world.h"

#define PATIENTS 1000u
#define EVENTS 200000u  /* a repeat */
#define READINGS 20000u /* a repeat */
#define REPEATS_MAX 25u
#define NOON INT64_C(1767225600000)
#define EPOCH 7u

struct scene {
    struct jz_world world;
    struct jz_core *core;
    void *memory;
    struct jz_outcome out;
    int64_t now, deadline;
    uint64_t vitals, decisions, refused;
};

/* --- setting the scene -------------------------------------------------------------------------------- */

static enum jz_status load_world(struct scene *s, const char *packs, const char *directory) {
    struct jz_pack_error error = {.line = 0};
    struct jz_payload payload[2] = {{0}, {0}};
    enum jz_status status = jz_packs_read(packs, &payload[0], &error);
    if (status == JZ_OK) status = jz_directory_read(directory, true, &payload[1], &error);
    for (int i = 0; i < 2 && status == JZ_OK; i++) {
        struct jz_bytes bytes = {payload[i].data, (uint32_t)payload[i].bytes};
        status = i == 0 ? jz_world_set_packs(&s->world, bytes, &error)
                        : jz_world_set_directory(&s->world, bytes, &error);
    }
    free(payload[0].data);
    free(payload[1].data);
    if (status != JZ_OK) fprintf(stderr, "bench_core: %s:%d: %s\n", error.file, error.line, error.text);
    return status;
}

static void apply(struct scene *s, const struct jz_event *event) {
    jz_core_apply(s->core, event, &s->out);
    s->decisions += s->out.decision_count;
    if (s->out.status != JZ_OK || s->out.duplicate) s->refused++;
    if (s->out.deadline_ms < s->deadline) s->deadline = s->out.deadline_ms;
}

static bool make_core(struct scene *s) {
    struct jz_core_limits limits = {.encounters_max = PATIENTS, .peers_max = PATIENTS};
    size_t bytes = (jz_core_bytes(&limits) + 15u) & ~(size_t)15u;
    s->memory = aligned_alloc(16, bytes);
    if (!s->memory) return false;
    memset(s->memory, 0, bytes);
    s->core = jz_core_init(s->memory, &limits);
    s->now = NOON;
    s->deadline = INT64_MAX;
    struct jz_event packs = {.kind = JZ_EVENT_PACKS,
                             .received_ms = s->now,
                             .program = s->world.program,
                             .original = {s->world.packs.data, (uint32_t)s->world.packs.bytes}};
    struct jz_event directory = {
        .kind = JZ_EVENT_DIRECTORY,
        .received_ms = s->now,
        .directory = s->world.directory,
        .original = {s->world.directory_source.data, (uint32_t)s->world.directory_source.bytes}};
    apply(s, &packs);
    apply(s, &directory);
    return true;
}

/* --- events ------------------------------------------------------------------------------------------- */

static void frame_event(struct scene *s, uint32_t patient, struct jz_frame *frame) {
    static const uint8_t original[64] = {0};
    struct jz_event event = {.kind = JZ_EVENT_FRAME,
                             .received_ms = s->now,
                             .epoch = EPOCH,
                             .frame = frame,
                             .original = {original, sizeof original},
                             .peer = {.kind = JZ_PEER_DEVICE, .name = "B-120"}};
    memcpy(event.peer.id, &patient, sizeof patient);
    frame->has_encounter = true;
    frame->at_ms = s->now;
    frame->encounter = (struct jz_encounter_id){{1, 0}};
    memcpy(frame->encounter.byte + 2, &patient, sizeof patient);
    apply(s, &event);
}

static void open_patient(struct scene *s, uint32_t patient) {
    static struct jz_frame frame;
    frame = (struct jz_frame){.kind = JZ_FRAME_ENCOUNTER_OPEN, .lane = JZ_LANE_URGENT, .seq = 1};
    frame.open.complaint = patient % 2 ? JZ_COMPLAINT_CHEST_PAIN : JZ_COMPLAINT_PREGNANCY;
    frame.open.facts.count = 3;
    frame.open.facts.item[0] = (struct jz_fact){67108880, patient % 2 ? 58 : 29}; /* age */
    frame.open.facts.item[1] = (struct jz_fact){67108881, patient % 2 ? 1 : 2};   /* sex */
    frame.open.facts.item[2] = (struct jz_fact){67108882, patient % 2 ? 1 : 2};   /* pregnancy */
    frame_event(s, patient, &frame);
}

/* Like the load generator's: four readings that change with every message and stay within what is normal. */
static void vitals(struct scene *s) {
    static struct jz_frame frame;
    uint64_t seq = s->vitals / PATIENTS + 1;
    uint32_t patient = (uint32_t)(s->vitals++ % PATIENTS);
    int32_t step = (int32_t)(seq % 16);
    frame.kind = JZ_FRAME_VITALS;
    frame.lane = JZ_LANE_VITALS;
    frame.seq = seq;
    frame.vitals.count = 4;
    frame.vitals.item[0] = (struct jz_fact){147842, 64 + step};
    frame.vitals.item[1] = (struct jz_fact){150021, 134 - step};
    frame.vitals.item[2] = (struct jz_fact){150022, 70 + step / 2};
    frame.vitals.item[3] = (struct jz_fact){150456, 98 - step / 8};
    frame_event(s, patient, &frame);
    s->now++;
}

/* As the shell does: the walk over all patients only when the least deadline seen has passed. */
static void deadlines(struct scene *s) {
    if (s->now < s->deadline) return;
    struct jz_event event = {.kind = JZ_EVENT_DEADLINE, .received_ms = s->now};
    s->deadline = INT64_MAX;
    if (jz_core_next_deadline(s->core) <= s->now) apply(s, &event);
    int64_t next = jz_core_next_deadline(s->core);
    if (next < s->deadline) s->deadline = next;
}

static void bench_events(struct scene *s, uint32_t repeats) {
    double per_s[REPEATS_MAX];
    for (uint32_t i = 0; i < PATIENTS; i++) open_patient(s, i);
    for (uint32_t i = 0; i < PATIENTS; i++) vitals(s);
    size_t used = mallinfo2().uordblks;
    uint64_t decisions = s->decisions;
    for (uint32_t r = 0; r < repeats; r++) {
        int64_t cpu = measure_cpu_ns(0);
        for (uint32_t i = 0; i < EVENTS; i++) {
            vitals(s);
            deadlines(s);
        }
        per_s[r] = EVENTS * 1e9 / (double)(measure_cpu_ns(0) - cpu);
    }
    printf("{\"bench\":\"core\",\"patients\":%u,\"events\":%u,\"repeats\":%u,\"events_per_s\":%.0f,",
           PATIENTS, EVENTS, repeats, measure_median(per_s, repeats));
    printf("\"decisions\":%llu,\"refused\":%llu,\"allocated\":%lld}\n",
           (unsigned long long)(s->decisions - decisions), (unsigned long long)s->refused,
           (long long)(mallinfo2().uordblks - used));
}

/* --- one patient's chart ------------------------------------------------------------------------------ */

static struct jz_chart chart;
static struct jz_assessment assessment;
static volatile int32_t kept;

static void observe(const struct scene *s, uint32_t field, int32_t value, int64_t now,
                    struct jz_rule_set *due) {
    struct jz_reading reading = {.taken_ms = now, .value = value, .validity = JZ_VALID};
    if (jz_chart_observe(s->world.program, &chart, field, reading, due) != JZ_OK) abort();
}

static void explain(const struct scene *s, const struct jz_rule_set *rules, int64_t now) {
    for (uint32_t w = 0; w < JZ_RULES_MAX / 64u; w++)
        for (uint64_t left = rules->word[w]; left; left &= left - 1) {
            jz_rule_evaluate(s->world.program, &chart, w * 64u + (uint32_t)__builtin_ctzll(left), now,
                             &assessment);
            kept += assessment.result.lo;
        }
}

static struct jz_rule_set all_rules(const struct scene *s) {
    struct jz_rule_set all = {{0}};
    for (uint32_t i = 0; i < jz_program_rule_count(s->world.program); i++) jz_rule_set_add(&all, i);
    return all;
}

/* Every field known and in the middle of what is plausible; the vitals as in a healthy adult. */
static void fill_chart(const struct scene *s, int64_t now) {
    static const struct {
        const char *name;
        int32_t value;
    } row[] = {{"hr", 72},       {"pulse", 72},     {"sbp", 124},      {"dbp", 76},
               {"temp_c", 368},  {"spo2", 98},      {"rr", 14},        {"on_oxygen", 0},
               {"acvpu", 1},     {"spo2_scale", 1}, {"age_years", 29}, {"sex", 2},
               {"pregnancy", 2}, {"ga_days", 238},  {"fhr", 140},      {"severe_symptom", 0},
               {"chest_pain", 0}};
    struct jz_rule_set due = all_rules(s);
    memset(&chart, 0, sizeof chart);
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
        observe(s, jz_field_by_name(row[i].name), row[i].value, now, &due);
    jz_chart_update(s->world.program, &chart, due, now);
}

/* @param[in,out] now  Moves on: a reading older than the last would rightly change nothing. */
static void time_chart(const struct scene *s, int64_t *now, double *reading_ns, double *full_ns) {
    uint32_t field[] = {jz_field_by_name("hr"), jz_field_by_name("sbp"), jz_field_by_name("spo2"),
                        jz_field_by_name("rr")};
    static const int32_t base[] = {70, 120, 96, 13};
    struct jz_rule_set all = all_rules(s);
    fill_chart(s, *now);
    int64_t start = measure_cpu_ns(0);
    for (uint32_t i = 0; i < READINGS; i++) {
        struct jz_rule_set due = {{0}};
        *now += 1000;
        observe(s, field[i % 4], base[i % 4] + (int32_t)(i / 4 % 3), *now, &due);
        struct jz_rule_set changed = jz_chart_update(s->world.program, &chart, due, *now);
        explain(s, &changed, *now);
        kept += (int32_t)jz_chart_next_change(s->world.program, &chart, *now);
    }
    int64_t middle = measure_cpu_ns(0);
    for (uint32_t i = 0; i < READINGS; i++) {
        struct jz_rule_set changed = jz_chart_update(s->world.program, &chart, all, *now);
        kept += (int32_t)changed.word[0];
    }
    *reading_ns = (double)(middle - start) / READINGS;
    *full_ns = (double)(measure_cpu_ns(0) - middle) / READINGS;
}

static void bench_chart(const struct scene *s, uint32_t repeats) {
    double reading[REPEATS_MAX], full[REPEATS_MAX];
    int64_t now = NOON;
    fill_chart(s, now);
    size_t used = mallinfo2().uordblks;
    for (uint32_t r = 0; r < repeats; r++) time_chart(s, &now, &reading[r], &full[r]);
    printf("{\"bench\":\"rules\",\"rules\":%u,\"repeats\":%u,\"reading_us\":%.3f,\"full_us\":%.3f,"
           "\"allocated\":%lld}\n",
           jz_program_rule_count(s->world.program), repeats, measure_median(reading, repeats) / 1e3,
           measure_median(full, repeats) / 1e3, (long long)(mallinfo2().uordblks - used));
}

int main(int argc, char **argv) {
    static struct scene scene;
    unsigned long repeats = argc > 3 ? strtoul(argv[3], NULL, 10) : 7;
    if (argc < 3 || repeats < 1 || repeats > REPEATS_MAX) {
        fprintf(stderr, "usage: bench_core PACKS_FOLDER DIRECTORY_YAML [REPEATS]   (1 to %u)\n", REPEATS_MAX);
        return 64;
    }
    bool good = load_world(&scene, argv[1], argv[2]) == JZ_OK && make_core(&scene);
    if (good) bench_chart(&scene, (uint32_t)repeats);
    if (good) bench_events(&scene, (uint32_t)repeats);
    free(scene.memory);
    jz_world_deinit(&scene.world);
    return good ? 0 : 70;
}
