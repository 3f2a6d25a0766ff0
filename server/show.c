/* SPDX-License-Identifier: Apache-2.0 */
#include "show.h"

#include <stdlib.h>
#include <string.h>

#define SHOW_EVERY_MS 100     /* one patient is sent again at most this often, unless it is urgent */
#define CLOCK_EVERY_MS 5000   /* heartbeat to consoles */
#define PLAN_EVERY_MS 1000    /* patients who compete for places are looked at together at most this often */
#define SNAPSHOT_AHEAD 65536u /* a snapshot goes on while no more than this waits for the console */
#define SNAPSHOTS_MAX 256u    /* consoles being brought up to date at once; more wait for the next tick */
#define VIEW_BYTES JZ_NET_SEND_BYTES_MAX

/* What was last shown of an encounter. */
struct shown {
    struct jz_encounter_id id; /* another id: the slot went to another patient */
    int64_t mono_ms;
    struct {
        uint8_t device[16];
        uint64_t directive; /* number last sent to it; 0: none */
    } told[JZ_DEVICES_PER_ENCOUNTER_MAX];
    uint32_t alert_count; /* hospitals that were sent what was recorded before they were asked */
    bool dirty;
};

/* A console that is being told everything it may see. */
struct snapshot {
    uint64_t session;
    uint32_t next_facility, next_consult, next_proposal;
    uint32_t next_slot, next_segment; /* segment 0: the patient itself comes first */
    bool one;                         /* of this one patient, whom it did not see before */
};

struct jz_show {
    struct jz_ledger *ledger;
    struct jz_net *net; /* NULL: nobody is let in yet */
    struct jz_waves *waves;
    const struct jz_hooks *hooks;
    struct shown *shown;
    uint32_t *dirty, dirty_count;
    struct snapshot snapshot[SNAPSHOTS_MAX];
    uint32_t snapshot_count;
    int64_t next_clock_ms, next_plan_ms;
    uint64_t consult[JZ_CONSULTS_MAX]; /* number of the question of which consultants have the recordings */
    bool plans_dirty, has_plan[JZ_SERVICE_COUNT]; /* has_plan: dispatchers were shown one */
    uint8_t view[VIEW_BYTES];
};

static const struct jz_core *core_of(const struct jz_show *s) {
    return jz_ledger_core(s->ledger);
}
static int64_t utc_ms(const struct jz_show *s) {
    return jz_hooks_utc_ms(s->hooks);
}
static int64_t mono_ms(const struct jz_show *s) {
    return jz_hooks_mono_ms(s->hooks);
}

/* --- who may see what --------------------------------------------------------------------------------------- */

static bool sees_patient(const struct jz_show *s, const struct jz_session_info *info, uint32_t slot) {
    if (info->role == JZ_ROLE_DISPATCHER) return true;
    if (info->role == JZ_ROLE_CONSULTANT) return jz_core_consultant_sees(core_of(s), info->name, slot);
    return info->role == JZ_ROLE_RECEIVING && jz_core_facility_sees(core_of(s), info->facility, slot);
}

static bool sees_alert(const struct jz_session_info *info, const char *facility) {
    if (info->role == JZ_ROLE_DISPATCHER) return true;
    return info->role == JZ_ROLE_RECEIVING && strcmp(info->facility, facility) == 0;
}

static bool sees_consult(const struct jz_show *s, const struct jz_session_info *info, uint32_t consult) {
    uint32_t slot;
    if (info->role == JZ_ROLE_DISPATCHER) return true;
    if (info->role == JZ_ROLE_CONSULTANT) return jz_core_consult_is_for(core_of(s), consult, info->name);
    return jz_core_consult_slot(core_of(s), consult, &slot) && sees_patient(s, info, slot);
}

static bool sees_proposal(const struct jz_session_info *info) {
    return info->role == JZ_ROLE_DISPATCHER || info->role == JZ_ROLE_ADMINISTRATOR;
}

static bool is_pseudonymous(const struct jz_session_info *info) {
    return info->role == JZ_ROLE_CONSULTANT;
}

/* --- views out ------------------------------------------------------------------------------------------------ */

static void send_state(struct jz_show *s, uint64_t session, struct jz_blob *blob) {
    enum jz_status status = jz_net_send_blob(s->net, session, blob, JZ_SEND_STATE);
    (void)status; /* full: net calls `drained` and the whole state goes again; gone: nothing to do */
}

static struct jz_blob *blob_of(struct jz_show *s, enum jz_status status, const struct jz_writer *w) {
    return status == JZ_OK ? jz_blob_make(s->view, w->used) : NULL;
}

static struct jz_writer writer_of(struct jz_show *s) {
    struct jz_writer w;
    jz_writer_init(&w, s->view, sizeof s->view);
    return w;
}

static struct jz_blob *patient_blob(struct jz_show *s, uint32_t slot, bool pseudonymous) {
    struct jz_writer w = writer_of(s);
    return blob_of(s, jz_view_patient(core_of(s), slot, utc_ms(s), pseudonymous, &w), &w);
}
static struct jz_blob *alert_blob(struct jz_show *s, uint64_t alert) {
    struct jz_writer w = writer_of(s);
    return blob_of(s, jz_view_alert(core_of(s), alert, utc_ms(s), &w), &w);
}
static struct jz_blob *facility_blob(struct jz_show *s, uint32_t facility) {
    struct jz_writer w = writer_of(s);
    return blob_of(s, jz_view_facility(core_of(s), facility, utc_ms(s), &w), &w);
}
static struct jz_blob *consult_blob(struct jz_show *s, uint32_t consult, enum jz_consult_view view) {
    struct jz_writer w = writer_of(s);
    return blob_of(s, jz_view_consult(core_of(s), consult, utc_ms(s), view, &w), &w);
}
static struct jz_blob *proposal_blob(struct jz_show *s, uint32_t proposal) {
    struct jz_writer w = writer_of(s);
    return blob_of(s, jz_view_proposal(core_of(s), proposal, utc_ms(s), &w), &w);
}

/* A consultant's view has no callsign, tag or position; everybody else's is the same for all. */
static void show_patient(struct jz_show *s, uint32_t slot) {
    struct jz_blob *blob[2] = {NULL, NULL};
    uint32_t cursor = 0;
    for (uint64_t to; (to = jz_net_each(s->net, JZ_SIDE_CONSOLE, &cursor)) != JZ_NET_NONE;) {
        const struct jz_session_info *info = jz_net_session(s->net, to);
        if (!sees_patient(s, info, slot)) continue;
        bool pseudonymous = is_pseudonymous(info);
        if (!blob[pseudonymous]) blob[pseudonymous] = patient_blob(s, slot, pseudonymous);
        if (blob[pseudonymous]) send_state(s, to, blob[pseudonymous]);
    }
    jz_blob_release(blob[0]);
    jz_blob_release(blob[1]);
}

static void show_alert(struct jz_show *s, uint64_t alert) {
    const char *facility;
    uint32_t slot, cursor = 0;
    struct jz_blob *blob = NULL;
    if (!jz_core_alert_of(core_of(s), alert, &facility, &slot)) return;
    for (uint64_t to; (to = jz_net_each(s->net, JZ_SIDE_CONSOLE, &cursor)) != JZ_NET_NONE;) {
        if (!sees_alert(jz_net_session(s->net, to), facility)) continue;
        if (!blob && !(blob = alert_blob(s, alert))) return;
        send_state(s, to, blob);
    }
    jz_blob_release(blob);
}

/* The probe goes with it to the hospital's own boards: each sounds a number once. */
static void show_facility(struct jz_show *s, uint32_t facility) {
    uint32_t cursor = 0;
    struct jz_blob *blob = facility_blob(s, facility);
    struct jz_writer w = writer_of(s);
    struct jz_blob *probe = blob_of(s, jz_view_probe(core_of(s), facility, utc_ms(s), &w), &w);
    const char *id = jz_core_facility_id(core_of(s), facility);
    for (uint64_t to; blob && (to = jz_net_each(s->net, JZ_SIDE_CONSOLE, &cursor)) != JZ_NET_NONE;) {
        const struct jz_session_info *info = jz_net_session(s->net, to);
        send_state(s, to, blob);
        if (probe && info->role == JZ_ROLE_RECEIVING && strcmp(info->facility, id) == 0)
            send_state(s, to, probe);
    }
    jz_blob_release(blob);
    jz_blob_release(probe);
}

static void show_facilities(struct jz_show *s, uint64_t facilities) {
    for (uint32_t f = 0; f < jz_core_facility_count(core_of(s)); f++)
        if (facilities >> f & 1u) show_facility(s, f);
}

static enum jz_consult_view view_for(const struct jz_session_info *info, bool sees) {
    if (info->role != JZ_ROLE_CONSULTANT) return JZ_CONSULT_WHOLE;
    return sees ? JZ_CONSULT_PSEUDONYMOUS : JZ_CONSULT_OFF;
}

/* A consultant who was asked has to hear that another took it, or that it ended: the page rings and shows until then. */
static void show_consult(struct jz_show *s, uint32_t consult) {
    struct jz_blob *blob[JZ_CONSULT_OFF + 1] = {NULL};
    uint32_t cursor = 0;
    for (uint64_t to; (to = jz_net_each(s->net, JZ_SIDE_CONSOLE, &cursor)) != JZ_NET_NONE;) {
        const struct jz_session_info *info = jz_net_session(s->net, to);
        bool sees = sees_consult(s, info, consult);
        enum jz_consult_view view = view_for(info, sees);
        if (!sees && view != JZ_CONSULT_OFF) continue;
        if (!blob[view]) blob[view] = consult_blob(s, consult, view);
        if (blob[view]) send_state(s, to, blob[view]);
    }
    for (uint32_t i = 0; i <= JZ_CONSULT_OFF; i++) jz_blob_release(blob[i]);
}

static void show_consults(struct jz_show *s) {
    for (uint32_t i = 0; i < JZ_CONSULTS_MAX; i++) show_consult(s, i);
}

static void show_proposals(struct jz_show *s) {
    for (uint32_t i = 0; i < JZ_PROPOSALS_MAX; i++) {
        uint32_t cursor = 0;
        struct jz_blob *blob = proposal_blob(s, i);
        for (uint64_t to; blob && (to = jz_net_each(s->net, JZ_SIDE_CONSOLE, &cursor)) != JZ_NET_NONE;)
            if (sees_proposal(jz_net_session(s->net, to))) send_state(s, to, blob);
        jz_blob_release(blob);
    }
}

static void to_dispatchers(struct jz_show *s, struct jz_blob *blob) {
    uint32_t cursor = 0;
    for (uint64_t to; blob && (to = jz_net_each(s->net, JZ_SIDE_CONSOLE, &cursor)) != JZ_NET_NONE;)
        if (jz_net_session(s->net, to)->role == JZ_ROLE_DISPATCHER) send_state(s, to, blob);
    jz_blob_release(blob);
}

/* An empty one takes back the one before. */
static void show_plans(struct jz_show *s) {
    if (!s->plans_dirty || mono_ms(s) < s->next_plan_ms || !jz_ledger_settled(s->ledger)) return;
    s->plans_dirty = false;
    s->next_plan_ms = mono_ms(s) + PLAN_EVERY_MS;
    for (uint32_t service = JZ_SERVICE_CATH_LAB; service < JZ_SERVICE_COUNT; service++) {
        bool anything;
        struct jz_writer w = writer_of(s);
        enum jz_status status = jz_view_plan(core_of(s), (enum jz_service)service, utc_ms(s), &anything, &w);
        if (!anything && !s->has_plan[service]) continue;
        s->has_plan[service] = anything;
        to_dispatchers(s, blob_of(s, status, &w));
    }
}

/* --- directives to the devices with the patient ------------------------------------------------------------------ */

static bool send_directive(struct jz_show *s, uint32_t slot, const uint8_t device[16]) {
    uint64_t session = jz_net_device(s->net, device);
    struct jz_writer w = writer_of(s);
    if (session == JZ_NET_NONE) return false;
    if (jz_view_directive(core_of(s), slot, utc_ms(s), &w) != JZ_OK) return false;
    return jz_net_send(s->net, session, s->view, w.used, JZ_SEND_STATE) == JZ_OK;
}

/* What was told to a device that left is forgotten: it is told again when it is back. */
static void keep_told(struct shown *shown, const uint8_t devices[][16], uint32_t count) {
    struct shown before = *shown;
    memset(shown->told, 0, sizeof shown->told);
    for (uint32_t i = 0; i < count; i++) {
        memcpy(shown->told[i].device, devices[i], 16);
        for (uint32_t k = 0; k < JZ_DEVICES_PER_ENCOUNTER_MAX; k++)
            if (before.told[k].directive && memcmp(before.told[k].device, devices[i], 16) == 0)
                shown->told[i].directive = before.told[k].directive;
    }
}

static void direct(struct jz_show *s, uint32_t slot) {
    struct shown *shown = &s->shown[slot];
    struct jz_encounter_id id = jz_core_encounter_id(core_of(s), slot);
    uint8_t devices[JZ_DEVICES_PER_ENCOUNTER_MAX][16];
    uint32_t count = jz_core_encounter_devices(core_of(s), slot, devices);
    uint64_t number = jz_core_directive_number(core_of(s), slot);
    if (memcmp(shown->id.byte, id.byte, sizeof id.byte) != 0) {
        memset(shown->told, 0, sizeof shown->told);
        shown->alert_count = 0;
    }
    shown->id = id;
    keep_told(shown, devices, count);
    for (uint32_t i = 0; i < count; i++)
        if (number != shown->told[i].directive && send_directive(s, slot, shown->told[i].device))
            shown->told[i].directive = number;
}

/* A device that is back is told again, at the next moment when all that is known is durable. */
static void show_dirty(struct jz_show *s);
static void mark_dirty(struct jz_show *s, uint32_t slot) {
    if (s->shown[slot].dirty) return;
    s->shown[slot].dirty = true;
    s->dirty[s->dirty_count++] = slot;
}

static void tell_device(struct jz_show *s, const uint8_t peer[16]) {
    for (uint32_t slot = 0; slot < jz_core_encounter_count(core_of(s)); slot++) {
        struct shown *shown = &s->shown[slot];
        if (!jz_core_encounter_is_open(core_of(s), slot)) continue;
        for (uint32_t i = 0; i < JZ_DEVICES_PER_ENCOUNTER_MAX; i++) {
            if (memcmp(shown->told[i].device, peer, 16) != 0) continue;
            shown->told[i].directive = 0;
            shown->mono_ms = 0;
            mark_dirty(s, slot);
        }
    }
    if (jz_ledger_settled(s->ledger)) show_dirty(s);
}

/* --- one patient ------------------------------------------------------------------------------------------------- */

/* An alert goes to a board before or with its patient, never without. */
static void show_case(struct jz_show *s, uint32_t slot) {
    uint64_t alert[16];
    uint32_t count = jz_core_alerts_of(core_of(s), slot, alert, 16);
    direct(s, slot);
    show_patient(s, slot);
    for (uint32_t i = 0; i < count && i < 16; i++) show_alert(s, alert[i]);
    s->shown[slot].mono_ms = mono_ms(s);
    s->shown[slot].dirty = false;
}

static void show_dirty(struct jz_show *s) {
    uint32_t kept = 0;
    int64_t now = mono_ms(s);
    for (uint32_t i = 0; i < s->dirty_count; i++) {
        uint32_t slot = s->dirty[i];
        if (!s->shown[slot].dirty) continue;
        if (now - s->shown[slot].mono_ms >= SHOW_EVERY_MS)
            show_case(s, slot);
        else
            s->dirty[kept++] = slot;
    }
    s->dirty_count = kept;
}

/* --- snapshots of everything for one console ---------------------------------------------------------------------- */

static void begin_snapshot(struct jz_show *s, uint64_t session) {
    for (uint32_t i = 0; i < s->snapshot_count; i++) {
        if (s->snapshot[i].session != session || s->snapshot[i].one) continue;
        s->snapshot[i] = (struct snapshot){.session = session};
        return;
    }
    if (s->snapshot_count == SNAPSHOTS_MAX) {
        jz_net_close_session(s->net, session, JZ_E_FULL); /* the page comes back after its back-off */
        return;
    }
    s->snapshot[s->snapshot_count++] = (struct snapshot){.session = session};
}

/* One patient with all that was recorded, to a console that sees it from now on. One that is being told everything gets it
 * there; where nobody more can be served now, new segments come all the same. */
static void begin_patient(struct jz_show *s, uint64_t session, uint32_t slot) {
    if (s->snapshot_count == SNAPSHOTS_MAX) return;
    s->snapshot[s->snapshot_count++] = (struct snapshot){.session = session,
                                                         .next_facility = UINT32_MAX,
                                                         .next_proposal = UINT32_MAX,
                                                         .next_consult = UINT32_MAX,
                                                         .next_slot = slot,
                                                         .one = true};
}

static void begin_board(struct jz_show *s, uint64_t alert) {
    const char *facility;
    uint32_t slot, cursor = 0;
    if (!jz_core_alert_of(core_of(s), alert, &facility, &slot)) return;
    for (uint64_t to; (to = jz_net_each(s->net, JZ_SIDE_CONSOLE, &cursor)) != JZ_NET_NONE;) {
        const struct jz_session_info *info = jz_net_session(s->net, to);
        if (info->role == JZ_ROLE_RECEIVING && sees_alert(info, facility)) begin_patient(s, to, slot);
    }
}

/* The hospitals that were asked since: their boards never saw this patient. */
static void begin_new_boards(struct jz_show *s, uint32_t slot) {
    uint64_t alert[16];
    uint32_t count = jz_core_alerts_of(core_of(s), slot, alert, 16);
    for (uint32_t i = s->shown[slot].alert_count; i < count && i < 16; i++) begin_board(s, alert[i]);
    s->shown[slot].alert_count = count;
}

/* A question that was just put: those it is put to see the patient from now on. */
static void begin_new_consults(struct jz_show *s) {
    for (uint32_t i = 0; i < JZ_CONSULTS_MAX; i++) {
        uint32_t slot, cursor = 0;
        uint64_t number = jz_core_consult_number(core_of(s), i);
        if (number == s->consult[i] || !jz_core_consult_slot(core_of(s), i, &slot)) continue;
        s->consult[i] = number;
        for (uint64_t to; (to = jz_net_each(s->net, JZ_SIDE_CONSOLE, &cursor)) != JZ_NET_NONE;) {
            const struct jz_session_info *info = jz_net_session(s->net, to);
            if (info->role == JZ_ROLE_CONSULTANT && sees_patient(s, info, slot)) begin_patient(s, to, slot);
        }
    }
}

static bool send_one(struct jz_show *s, uint64_t session, struct jz_blob *blob) {
    if (!blob) return true;
    enum jz_status status = jz_net_send_blob(s->net, session, blob, JZ_SEND_STATE);
    jz_blob_release(blob);
    return status == JZ_OK;
}

static bool send_patient(struct jz_show *s, uint64_t session, const struct jz_session_info *info,
                         uint32_t slot) {
    uint64_t alert[16];
    const char *facility;
    uint32_t of, count = jz_core_alerts_of(core_of(s), slot, alert, 16);
    if (!send_one(s, session, patient_blob(s, slot, is_pseudonymous(info)))) return false;
    for (uint32_t i = 0; i < count && i < 16; i++) {
        if (!jz_core_alert_of(core_of(s), alert[i], &facility, &of) || !sees_alert(info, facility)) continue;
        if (!send_one(s, session, alert_blob(s, alert[i]))) return false;
    }
    return true;
}

/* One step: the patient with its alerts, then its waveform segments one by one. @return false: the session is gone
 * or its queue overflowed, and it starts anew when it has drained. */
static bool send_step(struct jz_show *s, struct snapshot *snapshot, const struct jz_session_info *info) {
    struct jz_bytes frames[JZ_TRACE_SEGMENTS];
    uint32_t slot = snapshot->next_slot;
    if (!sees_patient(s, info, slot)) {
        snapshot->next_slot++;
        return true;
    }
    uint32_t count =
        jz_trace_get(jz_waves_trace(s->waves), slot, jz_core_encounter_id(core_of(s), slot), frames);
    bool sent = true;
    if (snapshot->next_segment == 0)
        sent = send_patient(s, snapshot->session, info, slot);
    else if (snapshot->next_segment <= count)
        sent = jz_net_send(s->net, snapshot->session, frames[snapshot->next_segment - 1u].data,
                           frames[snapshot->next_segment - 1u].bytes, JZ_SEND_BULK) == JZ_OK;
    if (snapshot->next_segment++ >= count) {
        snapshot->next_segment = 0;
        snapshot->next_slot++;
    }
    return sent;
}

static void send_clock(struct jz_show *s, uint64_t session) {
    uint8_t bytes[64];
    size_t written;
    int64_t now = utc_ms(s);
    struct jz_frame frame = {.kind = JZ_FRAME_CLOCK, .at_ms = now};
    frame.clock.answered = true;
    frame.clock.received_ms = frame.clock.sent_ms = now;
    if (jz_frame_encode(&frame, bytes, sizeof bytes, &written) != JZ_OK) return;
    enum jz_status status = jz_net_send(s->net, session, bytes, written, JZ_SEND_STATE);
    (void)status; /* a heartbeat that does not fit is followed by the next */
}

/* The next thing a console is told. @return NULL: all but patients was; *skip: nothing of it is for this console */
static struct jz_blob *next_of_region(struct jz_show *s, struct snapshot *snapshot,
                                      const struct jz_session_info *info, bool *more) {
    *more = true;
    if (snapshot->next_facility < jz_core_facility_count(core_of(s)))
        return facility_blob(s, snapshot->next_facility++);
    if (snapshot->next_proposal < JZ_PROPOSALS_MAX) {
        uint32_t i = snapshot->next_proposal++;
        return sees_proposal(info) ? proposal_blob(s, i) : NULL;
    }
    if (snapshot->next_consult < JZ_CONSULTS_MAX) {
        uint32_t i = snapshot->next_consult++;
        bool sees = sees_consult(s, info, i);
        return sees ? consult_blob(s, i, view_for(info, sees)) : NULL;
    }
    *more = false;
    return NULL;
}

/* @return true: done, or the session is gone or starts again when it has drained. */
static bool go_on(struct jz_show *s, struct snapshot *snapshot) {
    const struct jz_session_info *found = jz_net_session(s->net, snapshot->session);
    if (!found) return true;
    struct jz_session_info info = *found;
    for (bool more = true; more;) {
        if (jz_net_waiting(s->net, snapshot->session) > SNAPSHOT_AHEAD) return false;
        if (!send_one(s, snapshot->session, next_of_region(s, snapshot, &info, &more))) return true;
    }
    uint32_t end = snapshot->one ? snapshot->next_slot + 1u : jz_core_encounter_count(core_of(s));
    while (snapshot->next_slot < end) {
        if (jz_net_waiting(s->net, snapshot->session) > SNAPSHOT_AHEAD) return false;
        if (!send_step(s, snapshot, &info)) return true;
    }
    if (!snapshot->one) send_clock(s, snapshot->session); /* docs/console-http.md: the snapshot is whole */
    return true;
}

void jz_show_advance(struct jz_show *s) {
    if (!s->net || !jz_ledger_settled(s->ledger)) return; /* what is applied is not durable yet */
    for (uint32_t i = s->snapshot_count; i-- > 0;)
        if (go_on(s, &s->snapshot[i])) s->snapshot[i] = s->snapshot[--s->snapshot_count];
}

/* --- when ----------------------------------------------------------------------------------------------------------- */

void jz_show_released(struct jz_show *s, const struct jz_released *released) {
    if (!s->net) return;
    for (uint32_t i = 0; i < released->touched_count; i++) {
        direct(s, released->touched[i]);
        if (released->urgent)
            show_case(s, released->touched[i]);
        else
            mark_dirty(s, released->touched[i]);
    }
    show_facilities(s, released->directory_changed ? UINT64_MAX : released->facilities);
    for (uint32_t i = 0; i < released->touched_count; i++) begin_new_boards(s, released->touched[i]);
    if (released->consults) show_consults(s);
    if (released->consults) begin_new_consults(s);
    if (released->proposals) show_proposals(s);
    s->plans_dirty |= released->urgent;
    show_dirty(s);
    jz_show_advance(s);
}

void jz_show_waveform(struct jz_show *s, const struct jz_released_event *event) {
    uint32_t slot, cursor = 0;
    struct jz_blob *blob = NULL;
    if (!jz_waves_durable(s->waves, event, &slot) || !s->net) return;
    for (uint64_t to; (to = jz_net_each(s->net, JZ_SIDE_CONSOLE, &cursor)) != JZ_NET_NONE;) {
        if (!sees_patient(s, jz_net_session(s->net, to), slot)) continue;
        if (!blob && !(blob = jz_blob_make(event->original.data, event->original.bytes))) return;
        enum jz_status status = jz_net_send_blob(s->net, to, blob, JZ_SEND_BULK);
        (void)status; /* dropped first when a console is slow */
    }
    jz_blob_release(blob);
}

static bool in_snapshot(const struct jz_show *s, uint64_t session) {
    for (uint32_t i = 0; i < s->snapshot_count; i++)
        if (s->snapshot[i].session == session && !s->snapshot[i].one) return true;
    return false;
}

/* Not to who is still being told everything: the clock frame is what says that this is done. */
static void heartbeat(struct jz_show *s) {
    uint32_t cursor = 0;
    if (mono_ms(s) < s->next_clock_ms) return;
    s->next_clock_ms = mono_ms(s) + CLOCK_EVERY_MS;
    for (uint64_t to; (to = jz_net_each(s->net, JZ_SIDE_CONSOLE, &cursor)) != JZ_NET_NONE;)
        if (!in_snapshot(s, to)) send_clock(s, to);
}

void jz_show_tick(struct jz_show *s) {
    if (!s->net) return;
    if (jz_ledger_settled(s->ledger)) show_dirty(s);
    show_plans(s);
    heartbeat(s);
}

void jz_show_ready(struct jz_show *s, uint64_t session, const struct jz_session_info *info) {
    if (info->side == JZ_SIDE_DEVICE) {
        tell_device(s, info->peer);
        return;
    }
    begin_snapshot(s, session);
    memset(s->has_plan, 0, sizeof s->has_plan);
    s->plans_dirty = true; /* a dispatcher who comes sees it, too */
    jz_show_advance(s);
}

/* What was on record before this start: which devices each patient has. */
void jz_show_start(struct jz_show *s, struct jz_net *net) {
    s->net = net;
    for (uint32_t slot = 0; slot < jz_core_encounter_count(core_of(s)); slot++) {
        uint8_t devices[JZ_DEVICES_PER_ENCOUNTER_MAX][16];
        uint32_t count = jz_core_encounter_devices(core_of(s), slot, devices);
        s->shown[slot].id = jz_core_encounter_id(core_of(s), slot);
        keep_told(&s->shown[slot], devices, count);
        s->shown[slot].alert_count = jz_core_alerts_of(core_of(s), slot, NULL, 0);
    }
    for (uint32_t i = 0; i < JZ_CONSULTS_MAX; i++) s->consult[i] = jz_core_consult_number(core_of(s), i);
}

struct jz_show *jz_show_open(struct jz_ledger *ledger, struct jz_waves *waves, const struct jz_hooks *hooks,
                             uint32_t encounters_max) {
    struct jz_show *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->ledger = ledger;
    s->waves = waves;
    s->hooks = hooks;
    s->shown = calloc(encounters_max, sizeof *s->shown);
    s->dirty = calloc(encounters_max, sizeof *s->dirty);
    if (s->shown && s->dirty) return s;
    jz_show_close(s);
    return NULL;
}

void jz_show_close(struct jz_show *s) {
    if (!s) return;
    free(s->shown);
    free(s->dirty);
    free(s);
}
