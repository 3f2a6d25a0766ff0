/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

#define ENCOUNTERS_MAX 20u
#define PEERS_MAX 160u
#define RECEIPT_MS 1000 /* a page that is connected shows an alert within a second (performance goals) */

/* --- what all scenarios share ---------------------------------------------------------------------------------------- */

static bool take_file(const char *dir, const char *name, char **data, size_t *bytes) {
    char path[1024];
    struct jz_payload payload;
    struct jz_pack_error error;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    if (jz_file_read(path, &payload, &error) != JZ_OK) {
        fprintf(stderr, "%s: %s\n", error.file, error.text);
        return false;
    }
    *data = (char *)payload.data;
    *bytes = payload.bytes;
    return true;
}

bool world_files_open(struct world_files *files, const char *source_dir) {
    char path[1024];
    struct jz_payload packs = {0};
    struct jz_pack_error error = {0};
    memset(files, 0, sizeof *files);
    snprintf(path, sizeof path, "%s/clinical-rules/packs", source_dir);
    enum jz_status status = jz_packs_read(path, &packs, &error);
    if (status == JZ_OK)
        status =
            jz_packs_compile((struct jz_bytes){packs.data, (uint32_t)packs.bytes}, &files->program, &error);
    free(packs.data);
    if (status != JZ_OK) fprintf(stderr, "%s:%d:%d: %s\n", error.file, error.line, error.column, error.text);
    return status == JZ_OK &&
           take_file(source_dir, "server/routing/data/guiyang-directory.yaml", &files->directory_yaml,
                     &files->directory_bytes) &&
           take_file(source_dir, "server/routing/data/guiyang-roads.json", &files->roads_json,
                     &files->roads_bytes);
}

void world_files_close(struct world_files *files) {
    jz_program_free(files->program);
    free(files->directory_yaml);
    free(files->roads_json);
}

/* --- opening and closing ------------------------------------------------------------------------------------------------ */

bool scene_open(struct scene *s, const struct world_files *files, const char *path, FILE *to) {
    memset(s, 0, sizeof *s);
    s->files = files;
    s->path = path;
    s->to = to;
    s->limits = (struct jz_core_limits){.encounters_max = ENCOUNTERS_MAX, .peers_max = PEERS_MAX};
    s->receipt_ms = RECEIPT_MS;
    s->memory = aligned_alloc(16, jz_core_bytes(&s->limits));
    s->out = malloc(sizeof *s->out);
    if (!s->memory || !s->out) return false;
    memset(s->memory, 0, jz_core_bytes(&s->limits));
    s->core = jz_core_init(s->memory, &s->limits);
    return true;
}

void scene_close(struct scene *s) {
    for (size_t i = 0; i < s->record_count; i++) {
        free(s->record[i].input);
        free(s->record[i].decisions);
    }
    free(s->record);
    free(s->memory);
    free(s->out);
    scene_directory_free(s->directory);
}

void scene_error(struct scene *s, const char *format, ...) {
    va_list list;
    va_start(list, format);
    fprintf(s->to, "%s:%u: ", s->path, s->line);
    vfprintf(s->to, format, list);
    fprintf(s->to, "\n");
    va_end(list);
    s->broken = true;
}

void scene_begin(struct scene *s, int64_t start_ms) {
    struct jz_event packs = {.kind = JZ_EVENT_PACKS,
                             .original = {jz_program_hash(s->files->program), 32},
                             .program = s->files->program};
    s->start_ms = s->now_ms = start_ms;
    scene_apply(s, &packs);
    scene_set_directory(s, s->payload[0] ? s->payload : "simulation\n");
}

void scene_set_directory(struct scene *s, const char *payload) {
    struct scene_directory *made = scene_directory(s->files, payload);
    if (!made) {
        scene_error(s, "no such directory: %s", payload);
        return;
    }
    if (payload != s->payload) snprintf(s->payload, sizeof s->payload, "%s", payload);
    made->before = s->directory;
    s->directory = made;
    struct jz_event event = {
        .kind = JZ_EVENT_DIRECTORY,
        .directory = &made->directory,
        .original = {(const uint8_t *)s->payload, (uint32_t)strlen(s->payload)},
    };
    scene_apply(s, &event);
}

const char *scene_time(const struct scene *s, int64_t ms, char text[32]) {
    int64_t t = (ms - s->start_ms) / 1000, m = t / 60;
    if (m < 100 && t >= 0)
        snprintf(text, 32, "%lld:%02lld", (long long)m, (long long)(t % 60));
    else if (t >= 0)
        snprintf(text, 32, "%lld:%02lld:%02lld", (long long)(m / 60), (long long)(m % 60),
                 (long long)(t % 60));
    else
        snprintf(text, 32, "%lld s before", (long long)-t);
    return text;
}

/* --- one event --------------------------------------------------------------------------------------------------------- */

static void *copy_of(const void *bytes, size_t count) {
    void *copy = malloc(count ? count : 1);
    if (!copy) abort();
    if (count) memcpy(copy, bytes, count);
    return copy;
}

static void keep(struct scene *s, const struct jz_event *event) {
    static uint8_t buffer[65536];
    size_t written = 0;
    if (jz_event_encode(event, buffer, sizeof buffer, &written) != JZ_OK) abort();
    if (s->record_count == s->record_capacity) {
        s->record_capacity = s->record_capacity ? s->record_capacity * 2 : 256;
        s->record = realloc(s->record, s->record_capacity * sizeof *s->record);
        if (!s->record) abort();
    }
    s->record[s->record_count++] = (struct scene_record){
        copy_of(buffer, written), copy_of(s->out->buffer, s->out->buffer_used), written, s->out->buffer_used};
}

static bool is_expected(const struct scene *s, const struct scene_due *due) {
    for (uint32_t i = 0; i < s->due_count; i++)
        if (s->due[i].kind == due->kind && s->due[i].number == due->number &&
            s->due[i].facility == due->facility && s->due[i].occurrence == due->occurrence &&
            memcmp(&s->due[i].encounter, &due->encounter, sizeof due->encounter) == 0)
            return true;
    return false;
}

static void expect_due(struct scene *s, const struct scene_due *due) {
    if (is_expected(s, due)) return;
    if (s->due_count == SCENE_DUE_MAX) abort();
    s->due[s->due_count++] = *due;
}

/* A board that is on sounds its probe and says so. */
static void plan_soundings(struct scene *s) {
    for (uint32_t f = 0; f < jz_core_facility_count(s->core); f++) {
        const struct jz_probe_record *probe = &s->core->region->probe[f];
        struct scene_due sounded = {.kind = SCENE_DUE_PROBE,
                                    .at_ms = s->now_ms + s->receipt_ms,
                                    .number = probe->number,
                                    .facility = f};
        if (probe->awaited && !s->boards_silent[f]) expect_due(s, &sounded);
    }
}

/* A page shows what rings and reports that it arrived; the shell asks for travel times that the core wants. */
static void plan_replies(struct scene *s) {
    plan_soundings(s);
    for (uint32_t slot = 0; slot < jz_core_encounter_count(s->core); slot++) {
        struct scene_due travel = {.kind = SCENE_DUE_TRAVEL, .at_ms = s->now_ms + s->roads_ms};
        if (!s->roads_silent && jz_core_wants_travel(s->core, slot, &travel.encounter, &travel.from))
            expect_due(s, &travel);
        for (uint32_t i = 0; i < s->core->encounter[slot].alert_count; i++) {
            const struct jz_alert_record *alert = &jz_alerts(s->core, slot)[i];
            struct scene_due receipt = {.kind = SCENE_DUE_RECEIPT,
                                        .at_ms = s->now_ms + s->receipt_ms,
                                        .number = alert->id,
                                        .occurrence = alert->occurrence};
            if (alert->state == JZ_ALERT_RAISED && !s->boards_silent[alert->facility])
                expect_due(s, &receipt);
        }
    }
}

enum jz_status scene_apply(struct scene *s, struct jz_event *event) {
    event->received_ms = s->now_ms + s->server_ahead_ms;
    jz_core_apply(s->core, event, s->out);
    if (!s->out->duplicate) keep(s, event);
    plan_replies(s);
    return s->out->status;
}

/* --- frames ---------------------------------------------------------------------------------------------------------------- */

static enum jz_status apply_frame(struct scene *s, struct jz_event *event, struct jz_frame *frame) {
    static uint8_t bytes[JZ_MESSAGE_BYTES_MAX];
    static struct jz_frame decoded;
    struct jz_scan scan;
    size_t written = 0;
    enum jz_status status = jz_frame_encode(frame, bytes, sizeof bytes, &written);
    if (status == JZ_OK) status = jz_message_scan(bytes, written, &scan);
    if (status == JZ_OK && scan.count != 1) status = JZ_E_FORMAT;
    if (status == JZ_OK) status = jz_frame_decode(bytes, written, &decoded, NULL);
    if (status != JZ_OK) return status;
    event->kind = JZ_EVENT_FRAME;
    event->frame = &decoded;
    event->original = (struct jz_bytes){bytes, (uint32_t)written};
    return scene_apply(s, event);
}

enum jz_status scene_from_device(struct scene *s, struct scene_device *device, struct jz_frame *frame) {
    struct jz_event event = {.peer = {.kind = JZ_PEER_DEVICE}, .epoch = device->epoch};
    memcpy(event.peer.id, device->id, sizeof device->id);
    snprintf(event.peer.name, sizeof event.peer.name, "%s", device->name);
    if (device->ahead_known) event.clock_offset_ms = (int32_t)(s->server_ahead_ms - device->ahead_ms);
    if (!frame->at_ms) frame->at_ms = s->now_ms;
    frame->at_ms += device->ahead_ms;
    frame->seq = ++device->seq[frame->lane];
    return apply_frame(s, &event, frame);
}

enum jz_status scene_from_person(struct scene *s, struct scene_person *person, struct jz_frame *frame) {
    struct jz_event event = {.peer = person->peer, .epoch = 1};
    frame->at_ms = s->now_ms + s->server_ahead_ms;
    frame->seq = ++person->seq;
    return apply_frame(s, &event, frame);
}

/* Ids by name, so that a story gives the same journal every time. */
static void id_of(const char *role, const char *name, uint8_t id[16]) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (const char *at = role; *at; at++) hash = (hash ^ (uint8_t)*at) * 0x100000001b3u;
    for (const char *at = name; *at; at++) hash = (hash ^ (uint8_t)*at) * 0x100000001b3u;
    memcpy(id, &hash, sizeof hash);
    memset(id + sizeof hash, 0x5c, 8);
}

struct scene_person *scene_person(struct scene *s, enum jz_role role, const char *facility,
                                  const char *name) {
    for (uint32_t i = 0; i < s->person_count; i++)
        if (s->person[i].peer.role == role && strcmp(s->person[i].peer.facility, facility) == 0 &&
            strcmp(s->person[i].peer.name, name) == 0)
            return &s->person[i];
    if (s->person_count == SCENE_PEOPLE_MAX) return NULL;
    struct scene_person *p = &s->person[s->person_count++];
    *p = (struct scene_person){.peer = {.kind = JZ_PEER_PERSON, .role = role}};
    snprintf(p->peer.name, sizeof p->peer.name, "%s", name);
    snprintf(p->peer.facility, sizeof p->peer.facility, "%s", facility);
    id_of(facility, name, p->peer.id);
    return p;
}

struct scene_person *scene_board(struct scene *s, uint32_t facility) {
    return scene_person(s, JZ_ROLE_RECEIVING, s->core->directory->facility[facility].id, "大屏");
}

/* --- time ------------------------------------------------------------------------------------------------------------------ */

static void give_travel(struct scene *s, const struct scene_due *due) {
    struct jz_travel travel = s->travel;
    if (!s->travel_given)
        jz_roads_travel(s->directory->roads, due->from.lat_e7, due->from.lon_e7,
                        s->now_ms + s->server_ahead_ms, &travel);
    struct jz_event event = {.kind = JZ_EVENT_TRAVEL, .encounter = due->encounter, .travel = &travel};
    scene_apply(s, &event);
}

/* What a board says by itself is always taken. */
static void from_board(struct scene *s, struct scene_person *board, struct jz_frame *frame) {
    enum jz_status status = board ? scene_from_person(s, board, frame) : JZ_E_FULL;
    if (status != JZ_OK)
        scene_error(s, "the board of %s: %s (%s)", board ? board->peer.facility : "a hospital",
                    jz_status_name(status), jz_status_text(status));
}

/* The page of a hospital, which says by itself that an alert arrived there. */
static void give_receipt(struct scene *s, const struct scene_due *due) {
    uint32_t slot;
    const struct jz_alert_record *alert = jz_alert_find(s->core, due->number, &slot);
    if (!alert || alert->state != JZ_ALERT_RAISED || alert->occurrence != due->occurrence) return;
    if (s->boards_silent[alert->facility]) return;
    struct jz_frame frame = {.kind = JZ_FRAME_ALERT_ANSWER};
    frame.answer = (struct jz_alert_answer){.alert = due->number, .to = JZ_ALERT_DELIVERED};
    from_board(s, scene_board(s, alert->facility), &frame);
}

static void give_sounding(struct scene *s, const struct scene_due *due) {
    struct jz_frame frame = {.kind = JZ_FRAME_ACTION};
    struct scene_person *page = s->boards_silent[due->facility] ? NULL : scene_board(s, due->facility);
    if (!page) return;
    frame.action.what = JZ_ACTION_PROBE_SOUNDED;
    frame.action.number = due->number;
    frame.action.facility = (struct jz_text){page->peer.facility, (uint32_t)strlen(page->peer.facility)};
    from_board(s, page, &frame);
}

static uint32_t earliest(const struct scene *s) {
    uint32_t first = 0;
    for (uint32_t i = 1; i < s->due_count; i++)
        if (s->due[i].at_ms < s->due[first].at_ms) first = i;
    return first;
}

static void give(struct scene *s) {
    uint32_t first = earliest(s);
    struct scene_due due = s->due[first];
    memmove(&s->due[first], &s->due[first + 1], (--s->due_count - first) * sizeof due);
    if (due.at_ms > s->now_ms) s->now_ms = due.at_ms;
    if (due.kind == SCENE_DUE_TRAVEL && !s->roads_silent) give_travel(s, &due);
    if (due.kind == SCENE_DUE_RECEIPT) give_receipt(s, &due);
    if (due.kind == SCENE_DUE_PROBE) give_sounding(s, &due);
}

void scene_run_to(struct scene *s, int64_t at_ms) {
    for (;;) {
        int64_t reply = s->due_count ? s->due[earliest(s)].at_ms : JZ_NEVER;
        int64_t deadline = jz_core_next_deadline(s->core);
        if (deadline != JZ_NEVER) deadline -= s->server_ahead_ms;
        if (reply > at_ms && deadline > at_ms) break;
        if (reply <= deadline) {
            give(s);
            continue;
        }
        struct jz_event event = {.kind = JZ_EVENT_DEADLINE};
        if (deadline > s->now_ms) s->now_ms = deadline;
        scene_apply(s, &event);
    }
    s->now_ms = at_ms;
}
