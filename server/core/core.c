/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "state.h"

/* Raise when a struct of state.h changes its meaning; a change of size alone is noticed by itself. */
#define LAYOUT_VERSION 4u

/* FNV-1a over the field codes: a chart is indexed by field row, so other rows are another layout. */
static uint64_t fields_hash(void) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (uint32_t i = 0; i < jz_field_count(); i++) hash = (hash ^ jz_field_at(i)->code) * 0x100000001b3u;
    return hash;
}

static uint64_t layout(void) {
    uint64_t sizes = ((uint64_t)LAYOUT_VERSION << 48) ^ ((uint64_t)sizeof(struct jz_region) << 12) ^
                     ((uint64_t)sizeof(struct jz_alert_record) << 36) ^
                     ((uint64_t)sizeof(struct jz_peer_state) << 24) ^ (uint64_t)sizeof(struct jz_encounter);
    return sizes ^ fields_hash();
}

static uint32_t bucket_count(uint32_t items) {
    uint32_t count = 16;
    while (count < items && count < (1u << 30)) count *= 2;
    return count;
}

static size_t rounded(size_t bytes) {
    return (bytes + 15u) & ~(size_t)15u;
}

/* One block, cut into its arrays in this order. With `core` NULL it only measures. */
static size_t lay_out(const struct jz_core_limits *limits, struct jz_core *core, uint8_t *block) {
    uint32_t peer_buckets = bucket_count(limits->peers_max);
    uint32_t encounter_buckets = bucket_count(limits->encounters_max);
    struct {
        void **pointer;
        size_t bytes;
    } part[] = {
        {core ? (void **)&core->peer : NULL, limits->peers_max * sizeof(struct jz_peer_state)},
        {core ? (void **)&core->encounter : NULL, limits->encounters_max * sizeof(struct jz_encounter)},
        {core ? (void **)&core->alert : NULL,
         (size_t)limits->encounters_max * JZ_ALERTS_PER_ENCOUNTER_MAX * sizeof(struct jz_alert_record)},
        {core ? (void **)&core->region : NULL, sizeof(struct jz_region)},
        {core ? (void **)&core->wake_ms : NULL, limits->encounters_max * sizeof(int64_t)},
        {core ? (void **)&core->peer_bucket : NULL, peer_buckets * sizeof(uint32_t)},
        {core ? (void **)&core->peer_next : NULL, limits->peers_max * sizeof(uint32_t)},
        {core ? (void **)&core->encounter_bucket : NULL, encounter_buckets * sizeof(uint32_t)},
        {core ? (void **)&core->encounter_next : NULL, limits->encounters_max * sizeof(uint32_t)},
        {core ? (void **)&core->serial_bucket : NULL, encounter_buckets * sizeof(uint32_t)},
        {core ? (void **)&core->serial_next : NULL, limits->encounters_max * sizeof(uint32_t)},
    };
    size_t used = rounded(sizeof(struct jz_core));
    for (size_t i = 0; i < sizeof part / sizeof part[0]; i++) {
        if (core) *part[i].pointer = block + used;
        used += rounded(part[i].bytes);
    }
    return used;
}

size_t jz_core_bytes(const struct jz_core_limits *limits) {
    return lay_out(limits, NULL, NULL);
}

static void clear_chains(struct jz_core *core) {
    memset(core->peer_bucket, 0xff, (core->peer_mask + 1u) * sizeof(uint32_t));
    memset(core->encounter_bucket, 0xff, (core->encounter_mask + 1u) * sizeof(uint32_t));
    memset(core->serial_bucket, 0xff, (core->encounter_mask + 1u) * sizeof(uint32_t));
}

struct jz_core *jz_core_init(void *memory, const struct jz_core_limits *limits) {
    assert(memory && limits && ((uintptr_t)memory & 15u) == 0);
    assert(limits->encounters_max > 0 && limits->peers_max > 0);
    struct jz_core *core = memory;
    lay_out(limits, core, memory);
    core->limits = *limits;
    core->peer_mask = bucket_count(limits->peers_max) - 1u;
    core->encounter_mask = bucket_count(limits->encounters_max) - 1u;
    core->head.layout = layout();
    core->region->wake_ms = core->region->office_ms = JZ_NEVER;
    clear_chains(core);
    return core;
}

/* --- hash chains -------------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t h) {
    h ^= h >> 31;
    h *= 0x9e3779b97f4a7c15u;
    return h ^ (h >> 29);
}

static uint64_t hash16(const uint8_t id[16]) {
    uint64_t a, b;
    memcpy(&a, id, 8);
    memcpy(&b, id + 8, 8);
    return mix(mix(a) ^ b);
}

static void chain(uint32_t *bucket, uint32_t *next, uint32_t mask, uint64_t hash, uint32_t slot) {
    next[slot] = bucket[hash & mask];
    bucket[hash & mask] = slot;
}

static void unchain(uint32_t *bucket, uint32_t *next, uint32_t mask, uint64_t hash, uint32_t slot) {
    uint32_t *link = &bucket[hash & mask];
    while (*link != JZ_NONE_U32 && *link != slot) link = &next[*link];
    if (*link == slot) *link = next[slot];
}

struct jz_encounter *jz_encounter_find(struct jz_core *core, struct jz_encounter_id id, uint32_t *slot) {
    uint32_t at = core->encounter_bucket[hash16(id.byte) & core->encounter_mask];
    while (at != JZ_NONE_U32) {
        if (memcmp(core->encounter[at].id.byte, id.byte, sizeof id.byte) == 0) {
            *slot = at;
            return &core->encounter[at];
        }
        at = core->encounter_next[at];
    }
    return NULL;
}

/* A closed record somebody still needs: a hospital is to be told that the patient does not come, or what names a duplicate
 * finds the patient it goes on in. */
static bool is_needed(const struct jz_core *core, uint32_t slot) {
    struct jz_encounter *e = &core->encounter[slot];
    uint32_t kept = slot;
    if (core->wake_ms[slot] != JZ_NEVER) return true;
    return e->phase == JZ_PHASE_MERGED &&
           jz_phase_is_live(jz_merged_into((struct jz_core *)core, e, &kept)->phase);
}

/* Of the closed encounters the one silent longest, and one that is still needed only where there is no other; JZ_NONE_U32: all
 * are open. */
static uint32_t closed_longest(const struct jz_core *core) {
    uint32_t oldest[2] = {JZ_NONE_U32, JZ_NONE_U32};
    for (uint32_t i = 0; i < core->head.encounter_count; i++) {
        const struct jz_encounter *e = &core->encounter[i];
        if (e->phase != JZ_PHASE_CLOSED && e->phase != JZ_PHASE_MERGED) continue;
        uint32_t *of = &oldest[is_needed(core, i)];
        if (*of == JZ_NONE_U32 || e->last_ms < core->encounter[*of].last_ms) *of = i;
    }
    return oldest[oldest[0] == JZ_NONE_U32];
}

/* Memory is for patients under way; the journal keeps everyone. */
static uint32_t encounter_slot(struct jz_core *core) {
    if (core->head.encounter_count < core->limits.encounters_max) return core->head.encounter_count++;
    uint32_t slot = closed_longest(core);
    if (slot == JZ_NONE_U32) return slot;
    const struct jz_encounter *e = &core->encounter[slot];
    unchain(core->encounter_bucket, core->encounter_next, core->encounter_mask, hash16(e->id.byte), slot);
    unchain(core->serial_bucket, core->serial_next, core->encounter_mask, mix(e->serial), slot);
    return slot;
}

static void chain_encounter(struct jz_core *core, uint32_t slot) {
    const struct jz_encounter *e = &core->encounter[slot];
    chain(core->encounter_bucket, core->encounter_next, core->encounter_mask, hash16(e->id.byte), slot);
    chain(core->serial_bucket, core->serial_next, core->encounter_mask, mix(e->serial), slot);
}

struct jz_encounter *jz_encounter_add(struct jz_core *core, struct jz_encounter_id id, uint32_t *slot) {
    *slot = encounter_slot(core);
    if (*slot == JZ_NONE_U32) return NULL;
    struct jz_encounter *e = &core->encounter[*slot];
    memset(e, 0, sizeof *e);
    memset(jz_alerts(core, *slot), 0, JZ_ALERTS_PER_ENCOUNTER_MAX * sizeof(struct jz_alert_record));
    e->id = id;
    e->serial = ++core->head.serial;
    e->phase = JZ_PHASE_OPEN;
    e->priority = e->rule_priority = 5;
    e->handover_due_ms = e->clock_wake_ms = JZ_NEVER;
    e->measure = e->directive_measure = JZ_FIELD_NONE;
    e->rules_wake_ms = JZ_NEVER;
    chain_encounter(core, *slot);
    return e;
}

/* --- alerts: a few places beside each encounter ------------------------------------------------------------- */

struct jz_alert_record *jz_alerts(const struct jz_core *core, uint32_t slot) {
    return &core->alert[(size_t)slot * JZ_ALERTS_PER_ENCOUNTER_MAX];
}

struct jz_alert_record *jz_alert_find(const struct jz_core *core, uint64_t id, uint32_t *slot) {
    uint64_t serial = id ? (id - 1u) / JZ_ALERTS_PER_ENCOUNTER_MAX + 1u : 0;
    uint32_t which = id ? (uint32_t)((id - 1u) % JZ_ALERTS_PER_ENCOUNTER_MAX) : 0;
    uint32_t at = core->serial_bucket[mix(serial) & core->encounter_mask];
    while (at != JZ_NONE_U32 && core->encounter[at].serial != serial) at = core->serial_next[at];
    if (at == JZ_NONE_U32 || which >= core->encounter[at].alert_count) return NULL;
    if (slot) *slot = at;
    return &jz_alerts(core, at)[which];
}

#define PLACE_RESTS_MS 10000 /* PROJ: what ended is on its hospital's screens before the place is another's */

/* Of the hospitals that have nothing more to do with this patient and know it, the one that has known it longest; NULL: each
 * place is still needed. */
static struct jz_alert_record *over_longest(const struct jz_core *core, uint32_t slot) {
    struct jz_alert_record *longest = NULL;
    for (uint32_t i = 0; i < core->encounter[slot].alert_count; i++) {
        struct jz_alert_record *alert = &jz_alerts(core, slot)[i];
        bool off = alert->state == JZ_ALERT_WITHDRAWN || alert->state == JZ_ALERT_EXPIRED;
        bool over = alert->state == JZ_ALERT_DECLINED || (off && alert->told);
        if (!over || core->head.now_ms - alert->changed_ms < PLACE_RESTS_MS) continue;
        if (!longest || alert->changed_ms < longest->changed_ms) longest = alert;
    }
    return longest;
}

bool jz_alert_has_room(const struct jz_core *core, uint32_t slot) {
    return core->encounter[slot].alert_count < JZ_ALERTS_PER_ENCOUNTER_MAX || over_longest(core, slot);
}

/* The number stays, and goes on counting its ringings: nothing that was said about it is taken for something new. */
static struct jz_alert_record *use_again(struct jz_core *core, uint32_t slot, struct jz_alert_record *alert) {
    struct jz_encounter *e = &core->encounter[slot];
    uint8_t place = (uint8_t)(alert - jz_alerts(core, slot) + 1);
    struct jz_alert_record fresh = {.id = alert->id, .occurrence = alert->occurrence};
    for (uint32_t i = 0; i < e->alert_count; i++)
        if (jz_alerts(core, slot)[i].off_for == place) jz_alerts(core, slot)[i].off_for = 0;
    if (e->directive_alert == alert->id) e->directive_state = 0; /* another hospital: to be told anew */
    *alert = fresh;
    return alert;
}

struct jz_alert_record *jz_alert_add(struct jz_core *core, uint32_t slot) {
    struct jz_encounter *e = &core->encounter[slot];
    if (e->alert_count == JZ_ALERTS_PER_ENCOUNTER_MAX) {
        struct jz_alert_record *over = over_longest(core, slot);
        return over ? use_again(core, slot, over) : NULL;
    }
    struct jz_alert_record *alert = &jz_alerts(core, slot)[e->alert_count];
    memset(alert, 0, sizeof *alert);
    alert->id = (e->serial - 1u) * JZ_ALERTS_PER_ENCOUNTER_MAX + 1u + e->alert_count++;
    return alert;
}

static void sooner(int64_t *wake, int64_t ms) {
    if (ms < *wake) *wake = ms;
}

void jz_set_wake(struct jz_core *core, uint32_t slot, struct jz_outcome *out) {
    const struct jz_encounter *e = &core->encounter[slot];
    int64_t wake = JZ_NEVER;
    if (jz_phase_is_live(e->phase)) {
        sooner(&wake, e->last_ms + JZ_SILENT_MS);
        sooner(&wake, e->rules_wake_ms);
        sooner(&wake, e->clock_wake_ms);
        sooner(&wake, e->handover_due_ms);
        if (e->held_until_ms) sooner(&wake, e->held_until_ms);
        if (e->reconsider) sooner(&wake, core->head.now_ms);
    }
    for (uint32_t i = 0; i < e->alert_count;
         i++) { /* a hospital may have to be told that a closed case is off */
        const struct jz_alert_record *alert = &jz_alerts(core, slot)[i];
        sooner(&wake, alert->due_ms);
        sooner(&wake, jz_teams_next(core, alert));
    }
    core->wake_ms[slot] = wake;
    sooner(&out->deadline_ms, wake);
}

void jz_set_region_wake(struct jz_core *core, struct jz_outcome *out) {
    int64_t wake = jz_services_next(core);
    sooner(&wake, jz_consults_next(core));
    sooner(&wake, jz_probes_next(core));
    sooner(&wake, jz_proposals_next(core));
    core->region->wake_ms = wake;
    sooner(&out->deadline_ms, wake);
}

static struct jz_peer_state *peer_find(const struct jz_core *core, const uint8_t id[16], uint32_t epoch) {
    uint32_t at = core->peer_bucket[hash16(id) & core->peer_mask];
    while (at != JZ_NONE_U32) {
        struct jz_peer_state *p = &core->peer[at];
        if (p->epoch == epoch && memcmp(p->id, id, 16) == 0) return p;
        at = core->peer_next[at];
    }
    return NULL;
}

/* A peer chooses its epochs: of one id so many are kept, and the one silent longest gives way. NULL: fewer are known. */
static struct jz_peer_state *oldest_epoch(const struct jz_core *core, const uint8_t id[16]) {
    struct jz_peer_state *oldest = NULL;
    uint32_t known = 0, at = core->peer_bucket[hash16(id) & core->peer_mask];
    for (; at != JZ_NONE_U32; at = core->peer_next[at]) {
        struct jz_peer_state *p = &core->peer[at];
        if (memcmp(p->id, id, 16) != 0) continue;
        known++;
        if (!oldest || p->last_ms < oldest->last_ms) oldest = p;
    }
    return known < JZ_EPOCHS_PER_PEER_MAX ? NULL : oldest;
}

static struct jz_peer_state *peer_add(struct jz_core *core, const struct jz_peer *peer, uint32_t epoch) {
    struct jz_peer_state *p = oldest_epoch(core, peer->id);
    bool fresh = !p;
    if (fresh && core->head.peer_count == core->limits.peers_max) return NULL;
    if (fresh) p = &core->peer[core->head.peer_count];
    memset(p, 0, sizeof *p);
    memcpy(p->id, peer->id, sizeof p->id);
    p->epoch = epoch;
    p->kind = (uint8_t)peer->kind;
    if (fresh)
        chain(core->peer_bucket, core->peer_next, core->peer_mask, hash16(p->id), core->head.peer_count++);
    return p;
}

uint64_t jz_core_watermark(const struct jz_core *core, const uint8_t peer[16], uint32_t epoch, uint8_t lane) {
    const struct jz_peer_state *p = peer_find(core, peer, epoch);
    return p && lane < JZ_LANE_COUNT ? p->seq[lane] : 0;
}

/* --- one event --------------------------------------------------------------------------------------------
 */

void jz_touch(struct jz_outcome *out, uint32_t slot) {
    for (uint32_t i = 0; i < out->touched_count; i++)
        if (out->touched[i] == slot) return;
    if (out->touched_count < JZ_TOUCHED_MAX) out->touched[out->touched_count++] = slot;
}

/* Cuts on a character boundary, so that what is shown stays valid UTF-8. */
void jz_copy_text(char *to, size_t capacity, const char *from, size_t bytes) {
    size_t n = bytes < capacity - 1u ? bytes : capacity - 1u;
    if (n < bytes)
        while (n > 0 && ((uint8_t)from[n] & 0xc0u) == 0x80u) n--;
    memset(to, 0, capacity);
    if (n) memcpy(to, from, n);
}

/* Handed over, it is the hospital's case and no longer this device's. */
static bool is_under_way(uint8_t phase) {
    return phase == JZ_PHASE_OPEN || phase == JZ_PHASE_ARRIVED;
}

static uint32_t open_count(const struct jz_core *core, const uint8_t device[16]) {
    uint32_t open = 0;
    for (uint32_t i = 0; i < core->head.encounter_count; i++)
        open += is_under_way(core->encounter[i].phase) &&
                memcmp(core->encounter[i].device[0].id, device, 16) == 0;
    return open;
}

/* Whom it opens a record for, if there is none yet; NULL: nobody. A birth opens the newborn's. */
static const struct jz_encounter_id *opens(const struct jz_event *event) {
    const struct jz_frame *frame = event->frame;
    if (frame->kind != JZ_FRAME_ACTION) return frame->has_encounter ? &frame->encounter : NULL;
    return frame->action.what == JZ_ACTION_BIRTH && frame->action.has_other ? &frame->action.other : NULL;
}

/* A frame for a patient who cannot be taken in is not stored at all: its sender keeps it and tries again. */
static bool has_room_for(struct jz_core *core, const struct jz_event *event) {
    uint32_t slot;
    const struct jz_encounter_id *id = opens(event);
    if (!id || event->peer.kind != JZ_PEER_DEVICE) return true; /* a person is told that there is no room */
    if (jz_encounter_find(core, *id, &slot)) return true;
    if (open_count(core, event->peer.id) >= JZ_OPEN_PER_DEVICE_MAX) return false;
    return core->head.encounter_count < core->limits.encounters_max || closed_longest(core) != JZ_NONE_U32;
}

bool jz_core_replaces(const struct jz_core *core, const struct jz_event *event, uint32_t *slot) {
    uint32_t known;
    if (core->head.encounter_count < core->limits.encounters_max || event->kind != JZ_EVENT_FRAME)
        return false;
    const struct jz_encounter_id *id = opens(event);
    if (!id || jz_core_encounter_slot(core, *id, &known)) return false;
    *slot = closed_longest(core);
    return *slot != JZ_NONE_U32;
}

/* Stored once, whatever it does: the sequence advances even for a frame that is then refused. */
static bool take_sequence(struct jz_core *core, const struct jz_event *event, struct jz_outcome *out) {
    uint8_t lane = event->frame->lane;
    assert(lane < JZ_LANE_COUNT);
    struct jz_peer_state *p = peer_find(core, event->peer.id, event->epoch);
    out->duplicate = p && event->frame->seq <= p->seq[lane];
    if (out->duplicate) return false;
    if (!p && has_room_for(core, event)) p = peer_add(core, &event->peer, event->epoch);
    if (!p || !has_room_for(core, event)) {
        out->status = JZ_E_FULL;
        out->duplicate = true; /* not stored, and with a status: not acknowledged */
        return false;
    }
    p->seq[lane] = event->frame->seq;
    p->last_ms = core->head.now_ms;
    return true;
}

static void reset(struct jz_outcome *out) {
    out->status = JZ_OK;
    out->duplicate = out->urgent = out->directory_changed = out->consults = out->proposals = false;
    out->facilities = 0;
    out->decision_count = out->buffer_used = out->touched_count = 0;
    out->deadline_ms = JZ_NEVER;
}

void jz_core_apply(struct jz_core *core, const struct jz_event *event, struct jz_outcome *out) {
    reset(out);
    if (event->received_ms > core->head.now_ms) core->head.now_ms = event->received_ms;
    switch (event->kind) {
    case JZ_EVENT_FRAME:
        if (take_sequence(core, event, out)) jz_apply_frame(core, event, out);
        break;
    case JZ_EVENT_DEADLINE: jz_apply_due(core, out); break;
    case JZ_EVENT_TRAVEL: jz_apply_travel(core, event, out); break;
    case JZ_EVENT_PACKS:
    case JZ_EVENT_DIRECTORY: jz_apply_configuration(core, event, out); break;
    case JZ_EVENT_MEASUREMENT: jz_apply_measurement(core, event, out); break;
    case JZ_EVENT_NONE: assert(false && "an event has a kind"); break;
    }
    if (!out->duplicate) core->head.applied++;
}

int64_t jz_core_next_deadline(const struct jz_core *core) {
    int64_t next = core->region->wake_ms;
    for (uint32_t i = 0; i < core->head.encounter_count; i++)
        if (core->wake_ms[i] < next) next = core->wake_ms[i];
    return next;
}

int64_t jz_core_now(const struct jz_core *core) {
    return core->head.now_ms;
}

bool jz_core_wants_travel(const struct jz_core *core, uint32_t slot, struct jz_encounter_id *encounter,
                          struct jz_point *from) {
    const struct jz_encounter *e = &core->encounter[slot];
    if (!e->travel_wanted_ms) return false;
    *encounter = e->id;
    *from = (struct jz_point){.has = true,
                              .lat_e7 = e->lat_e7,
                              .lon_e7 = e->lon_e7,
                              .at_ms = e->position_ms,
                              .accuracy_m = e->accuracy_m};
    return true;
}

/* --- snapshot ---------------------------------------------------------------------------------------------
 */

void jz_core_save(const struct jz_core *core, jz_core_write write, void *context) {
    write(context, &core->head, sizeof core->head);
    write(context, core->region, sizeof *core->region);
    write(context, core->peer, core->head.peer_count * sizeof *core->peer);
    write(context, core->encounter, core->head.encounter_count * sizeof *core->encounter);
    write(context, core->wake_ms, core->head.encounter_count * sizeof *core->wake_ms);
    write(context, core->alert,
          (size_t)core->head.encounter_count * JZ_ALERTS_PER_ENCOUNTER_MAX * sizeof *core->alert);
}

static bool head_fits(const struct jz_core *core, const struct jz_core_head *head) {
    return head->layout == layout() && head->encounter_count <= core->limits.encounters_max &&
           head->peer_count <= core->limits.peers_max;
}

static void rebuild_chains(struct jz_core *core) {
    clear_chains(core);
    for (uint32_t i = 0; i < core->head.peer_count; i++)
        chain(core->peer_bucket, core->peer_next, core->peer_mask, hash16(core->peer[i].id), i);
    for (uint32_t i = 0; i < core->head.encounter_count; i++) chain_encounter(core, i);
}

enum jz_status jz_core_load(struct jz_core *core, const void *bytes, size_t count,
                            const struct jz_program *program, const struct jz_directory *directory) {
    struct jz_core_head head;
    const uint8_t *from = bytes;
    if (count < sizeof head) return JZ_E_FORMAT;
    memcpy(&head, from, sizeof head);
    from += sizeof head;
    if (!head_fits(core, &head) || (head.has_program && !program) || (head.has_directory && !directory))
        return JZ_E_FORMAT;
    struct {
        void *to;
        size_t bytes;
    } part[] = {
        {core->region, sizeof *core->region},
        {core->peer, head.peer_count * sizeof *core->peer},
        {core->encounter, head.encounter_count * sizeof *core->encounter},
        {core->wake_ms, head.encounter_count * sizeof *core->wake_ms},
        {core->alert, (size_t)head.encounter_count * JZ_ALERTS_PER_ENCOUNTER_MAX * sizeof *core->alert}};
    const size_t parts = sizeof part / sizeof part[0];
    size_t total = sizeof head;
    for (size_t i = 0; i < parts; i++) total += part[i].bytes;
    if (total != count) return JZ_E_FORMAT;
    for (size_t i = 0; i < parts; i++) {
        if (part[i].bytes) memcpy(part[i].to, from, part[i].bytes);
        from += part[i].bytes;
    }
    core->head = head;
    core->program = head.has_program ? program : NULL;
    core->directory = head.has_directory ? directory : NULL;
    rebuild_chains(core);
    return JZ_OK;
}
