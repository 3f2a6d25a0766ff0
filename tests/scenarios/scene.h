/* SPDX-License-Identifier: Apache-2.0 */
/** @file scene.h  A scenario on its stage: the true core under a virtual clock, and what stands around it.
 *
 *  What happens to the core is exactly what happens to it in the server: frames are encoded, scanned and decoded,
 *  every event becomes a journal record, deadlines are brought when the core says, travel times come as events. At the
 *  end the records are played again (replay.c). One thread; a scene is used once. */
#ifndef SCENE_H
#define SCENE_H
#include <stdio.h>

#include "state.h"

#define SCENE_PATIENTS_MAX 16u
#define SCENE_DEVICES_MAX 8u
#define SCENE_PEOPLE_MAX 96u
#define SCENE_PLACES_MAX 16u
#define SCENE_DUE_MAX 256u
#define SCENE_NAME_BYTES 32u
#define SCENE_FAILURES_SHOWN 20u

/** What all scenarios of a process share: the packs and the road graph of the tree, the directory's text. */
struct world_files {
    struct jz_program *program;
    char *directory_yaml, *roads_json;
    size_t directory_bytes, roads_bytes;
};
/** Reads and compiles. @return false: says why on stderr. */
bool world_files_open(struct world_files *files, const char *source_dir);
void world_files_close(struct world_files *files);

struct scene_patient {
    char name[SCENE_NAME_BYTES];
    struct jz_encounter_id id;
};
struct scene_device {
    char name[SCENE_NAME_BYTES];
    uint8_t id[16];
    uint32_t epoch, patient; /**< patient: index, the one it spoke of last; JZ_NONE_U32: none yet */
    int64_t ahead_ms;        /**< its clock against the true one */
    bool ahead_known;        /**< the server has measured that */
    uint64_t seq[JZ_LANE_COUNT];
};
struct scene_person {
    struct jz_peer peer;
    uint64_t seq;
};
struct scene_place {
    char name[SCENE_NAME_BYTES];
    int32_t lat_e7, lon_e7;
};

/** What comes by itself: the page that reports an alert as delivered or that a probe was sounded, the answer of the road
 *  service. */
enum scene_due_kind { SCENE_DUE_NONE, SCENE_DUE_RECEIPT, SCENE_DUE_PROBE, SCENE_DUE_TRAVEL };
struct scene_due {
    enum scene_due_kind kind;
    int64_t at_ms;
    uint64_t number; /**< of the alert or the probe */
    uint32_t facility;
    uint8_t occurrence;
    struct jz_encounter_id encounter;
    struct jz_point from;
};

/** An input as it stands in the journal, and the decisions that followed it. */
struct scene_record {
    uint8_t *input, *decisions;
    size_t input_bytes, decision_bytes;
};

/** A directory in force, made of its payload (scene_directory). */
struct scene_directory {
    struct jz_directory directory;
    struct jz_roads *roads;
    struct scene_directory *before;
};

struct scene {
    const struct world_files *files;
    const char *path;
    FILE *to;      /**< what is to say of it */
    uint32_t line; /**< of the statement under way */
    bool broken;   /**< a statement that is none: the scenario stops */
    uint32_t failures, expectations;

    void *memory;
    struct jz_core *core;
    struct jz_core_limits limits;
    struct jz_outcome *out; /**< of the last event */
    struct scene_directory *directory;
    char payload[4096]; /**< of the directory in force */

    int64_t start_ms, now_ms; /**< virtual: 0:00 of the story, and now */
    int64_t server_ahead_ms;  /**< the server's clock against the true one */
    bool boards_silent[JZ_FACILITIES_MAX], roads_silent, travel_given;
    int64_t receipt_ms, roads_ms; /**< how long they take */
    struct jz_travel travel;      /**< given in the story instead of the road graph's */

    uint32_t patient_count, device_count, person_count, place_count, due_count;
    struct scene_patient patient[SCENE_PATIENTS_MAX];
    struct scene_device device[SCENE_DEVICES_MAX];
    struct scene_person person[SCENE_PEOPLE_MAX];
    struct scene_place place[SCENE_PLACES_MAX];
    struct scene_due due[SCENE_DUE_MAX];
    uint32_t snapshot_count; /**< recordings so far: each has a number of its own */

    struct scene_record *record;
    size_t record_count, record_capacity;
};

/* scene.c */
/** @param start_ms  0:00 of the story, UTC */
bool scene_open(struct scene *s, const struct world_files *files, const char *path, FILE *to);
/** The first events of every journal: rule packs, then the directory. */
void scene_begin(struct scene *s, int64_t start_ms);
void scene_close(struct scene *s);
/** A statement that is none, or something that cannot be. Prints file and line; the scenario stops. */
void scene_error(struct scene *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** Puts another directory in force. @param payload  what differs from the file: lines, see scene_directory */
void scene_set_directory(struct scene *s, const char *payload);
/** Lets time pass up to `at_ms`: deadlines exactly when the core says, receipts and travel times when they are due. */
void scene_run_to(struct scene *s, int64_t at_ms);
/** Applies and records one event. @return the outcome's status. */
enum jz_status scene_apply(struct scene *s, struct jz_event *event);
/** A frame from a device on its lane, or from a person: encoded, scanned, decoded, applied. */
enum jz_status scene_from_device(struct scene *s, struct scene_device *device, struct jz_frame *frame);
enum jz_status scene_from_person(struct scene *s, struct scene_person *person, struct jz_frame *frame);
/** The hospital's screen on the wall. NULL: too many people. */
struct scene_person *scene_board(struct scene *s, uint32_t facility);
/** The person of that name in that role; new where not met before. NULL: too many. */
struct scene_person *scene_person(struct scene *s, enum jz_role role, const char *facility, const char *name);

/* directory.c */
/** "simulation" or "live" on the first line, then lines "facility capability confirmed|assumed|absent|unknown".
 *  @return NULL: not such a payload */
struct scene_directory *scene_directory(const struct world_files *files, const char *payload);
void scene_directory_free(struct scene_directory *directory);
/** Names of enum jz_capability_state as payloads have them. */
extern const char *const scene_capability_words[4];

/* replay.c */
/** Plays the records in a fresh core, and from a snapshot taken in the middle: the same decisions, the same state. */
bool scene_replays(struct scene *s);

/* show.c */
/** All that is known of a patient, in words. */
void scene_show(const struct scene *s, uint32_t slot);
/** enum jz_validity of a reading as screens show it now: what has aged is stale. */
uint8_t scene_validity(const struct scene *s, uint32_t field, const struct jz_reading *r);
/** "4:31" or "1:04:31" */
const char *scene_time(const struct scene *s, int64_t ms, char text[32]);

#endif /* SCENE_H */
