/* SPDX-License-Identifier: Apache-2.0 */
#include "dispatch.h"

#include <ev.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "event_log.h"
#include "notices.h"
#include "reload.h"
#include "shadow.h"
#include "show.h"
#include "steady.h"
#include "travel_service.h"
#include "waves.h"

#define TICK_S 0.05 /* what was held back for consoles, snapshots under way, deadlines */

struct jz_dispatch {
    struct jz_config config;
    struct jz_steady steady;
    const struct jz_hooks *hooks; /* of `steady` */
    struct ev_loop *loop;
    struct jz_ledger *ledger;
    struct jz_net *net;
    struct jz_roads *roads;
    struct jz_travel_service *travel;
    struct jz_notices *notices; /* NULL: no gateway is configured */
    struct jz_waves *waves;
    struct jz_reload *reload;
    struct jz_shadow *shadow;       /* NULL: no shadow packs are wanted */
    struct jz_net_rules activation; /* of the last wish to activate packs */
    struct jz_show *show;
    int64_t last_commit_us;
    uint64_t replayed_records;
    uint8_t replayed_hash[32];
    bool paused, stopping, travel_later; /* travel_later: a question found no room */
    bool measured;                       /* in this loop round: one is enough, others wait for the next */
    struct ev_timer tick, commit_timer;
    struct ev_io journal_io;
};

static const struct jz_core *core_of(const struct jz_dispatch *d) {
    return jz_ledger_core(d->ledger);
}
static int64_t utc_ms(const struct jz_dispatch *d) {
    return jz_hooks_utc_ms(d->hooks);
}
static int64_t mono_ms(const struct jz_dispatch *d) {
    return jz_hooks_mono_ms(d->hooks);
}

/* --- after a commit ------------------------------------------------------------------------------------------------- */

/* Nobody is told but the operator: a measurement has no sender. */
static void measurement_released(const struct jz_released_event *event) {
    if (event->status != JZ_OK && event->status != JZ_E_ENCOUNTER_CLOSED)
        jz_log(JZ_LOG_MEASURE_REFUSED, &(struct jz_log_fields){.status = event->status});
}

static void event_released(void *context, const struct jz_released_event *event) {
    struct jz_dispatch *d = context;
    if (event->kind == JZ_EVENT_MEASUREMENT) measurement_released(event);
    if (event->kind != JZ_EVENT_FRAME || !d->net) return;
    bool stored = !(event->duplicate && event->status != JZ_OK);
    if (!stored) {
        jz_net_close_session(d->net, event->token, event->status);
        return;
    }
    if (event->status != JZ_OK)
        jz_net_error(d->net, event->token, event->status, event->frame_kind, event->lane, event->seq);
    jz_net_ack(d->net, event->token, event->lane, event->seq);
    if (!event->duplicate && event->status == JZ_OK && event->frame_kind == JZ_FRAME_WAVEFORM)
        jz_show_waveform(d->show, event);
}

static void travel_answered(void *context, struct jz_encounter_id encounter, const struct jz_travel *travel) {
    struct jz_dispatch *d = context;
    struct jz_event event = {
        .kind = JZ_EVENT_TRAVEL, .received_ms = utc_ms(d), .encounter = encounter, .travel = travel};
    if (jz_ledger_submit(d->ledger, &event, JZ_NET_NONE) != JZ_OK) d->travel_later = true;
}

static void travel_changed(void *context, bool up, const char *why) {
    (void)context;
    jz_log(up ? JZ_LOG_TRAVEL_UP : JZ_LOG_TRAVEL_DOWN, &(struct jz_log_fields){.detail = why});
}

static void ask_travel(struct jz_dispatch *d, uint32_t slot) {
    struct jz_encounter_id encounter;
    struct jz_travel travel;
    struct jz_point from;
    if (!jz_core_wants_travel(core_of(d), slot, &encounter, &from)) return;
    if (jz_travel_service_ask(d->travel, encounter, from.lat_e7, from.lon_e7, mono_ms(d), utc_ms(d), &travel))
        travel_answered(d, encounter, &travel);
}

static void ask_all_travel(struct jz_dispatch *d) {
    d->travel_later = false;
    for (uint32_t slot = 0; slot < jz_core_encounter_count(core_of(d)); slot++) ask_travel(d, slot);
}

static void measure_one(struct jz_dispatch *d) {
    if (!d->measured) d->measured = jz_waves_step(d->waves);
}

/* First everything that is shown, while the state is exactly what is durable; then what goes into the next batch. */
static void batch_released(void *context, const struct jz_released *released) {
    struct jz_dispatch *d = context;
    if (!d->net) return;
    jz_show_released(d->show, released);
    jz_notices_released(d->notices, released);
    for (uint32_t i = 0; d->shadow && i < released->touched_count; i++)
        jz_shadow_look(d->shadow, core_of(d), released->touched[i]);
    for (uint32_t i = 0; i < released->touched_count; i++) ask_travel(d, released->touched[i]);
    measure_one(d); /* before its sender hears the acknowledgement and may close the patient */
}

/* --- commits: at once when it matters, spaced when the load is high ---------------------------------------------------- */

static void check_failed(struct jz_dispatch *d) {
    enum jz_status status = jz_ledger_failed(d->ledger);
    if (status == JZ_OK || d->stopping) return;
    /* The state is ahead of the journal: stop, restart, replay. */
    jz_log(JZ_LOG_STORE_FAILED, &(struct jz_log_fields){.status = status});
    _exit(70);
}

static void flush(struct jz_dispatch *d) {
    d->last_commit_us = mono_ms(d) * 1000;
    jz_ledger_flush(d->ledger);
    check_failed(d);
    bool room = jz_ledger_has_room(d->ledger);
    if (room == d->paused) {
        d->paused = !room;
        if (jz_ledger_blocked(d->ledger)) jz_log(JZ_LOG_STORE_FULL, NULL);
        jz_net_pause(d->net, d->paused);
    }
    jz_show_advance(d->show);
}

static void round_end(void *context) {
    struct jz_dispatch *d = context;
    d->measured = false;
    int64_t since_us = mono_ms(d) * 1000 - d->last_commit_us;
    if (jz_ledger_urgent(d->ledger) || since_us >= d->config.commit_spacing_us) {
        flush(d);
    } else if (!ev_is_active(&d->commit_timer)) {
        ev_timer_set(&d->commit_timer, (double)(d->config.commit_spacing_us - since_us) * 1e-6, 0.);
        ev_timer_start(d->loop, &d->commit_timer);
    }
}

static void on_commit_timer(struct ev_loop *loop, struct ev_timer *timer, int events) {
    (void)loop;
    (void)events;
    flush(timer->data);
}

static void on_journal(struct ev_loop *loop, struct ev_io *io, int events) {
    struct jz_dispatch *d = io->data;
    (void)loop;
    (void)events;
    jz_ledger_service(d->ledger);
    flush(d);
}

static void on_tick(struct ev_loop *loop, struct ev_timer *timer, int events) {
    struct jz_dispatch *d = timer->data;
    (void)loop;
    (void)events;
    jz_ledger_tick(d->ledger);
    d->measured = false;
    measure_one(d);
    flush(d);
    if (d->travel_later) ask_all_travel(d);
    jz_show_tick(d->show);
    jz_notices_tick(d->notices);
}

/* --- what the network tells --------------------------------------------------------------------------------------------- */

static void fill_peer(struct jz_peer *peer, const struct jz_session_info *info) {
    memcpy(peer->id, info->peer, sizeof peer->id);
    memcpy(peer->name, info->name, sizeof peer->name);
    memcpy(peer->facility, info->facility, sizeof peer->facility);
    peer->kind = info->side == JZ_SIDE_DEVICE ? JZ_PEER_DEVICE : JZ_PEER_PERSON;
    peer->role = info->role;
}

static enum jz_status on_frame(void *context, uint64_t session, const struct jz_session_info *info,
                               const struct jz_frame *frame, struct jz_bytes original) {
    struct jz_dispatch *d = context;
    bool device = info->side == JZ_SIDE_DEVICE;
    struct jz_event event = {.kind = JZ_EVENT_FRAME,
                             .received_ms = utc_ms(d),
                             .epoch = info->epoch,
                             .clock_offset_ms = device && info->has_clock ? info->clock_offset_ms : 0,
                             .clock_uncertainty_ms = device ? info->clock_uncertainty_ms : 0,
                             .frame = frame,
                             .original = original};
    fill_peer(&event.peer, info);
    return jz_ledger_submit(d->ledger, &event, session);
}

static enum jz_status on_hello(void *context, uint64_t session, const struct jz_session_info *info,
                               uint64_t resume[JZ_LANE_COUNT]) {
    struct jz_dispatch *d = context;
    (void)session;
    for (uint8_t lane = 0; lane < JZ_LANE_COUNT; lane++)
        resume[lane] = jz_ledger_watermark(d->ledger, info->peer, info->epoch, lane);
    return JZ_OK;
}

static void on_ready(void *context, uint64_t session, const struct jz_session_info *info) {
    struct jz_dispatch *d = context;
    jz_show_ready(d->show, session, info);
}

static void on_drained(void *context, uint64_t session, const struct jz_session_info *info) {
    on_ready(context, session, info);
}

static bool on_healthy(void *context) {
    return ((struct jz_dispatch *)context)->net != NULL;
}

static size_t on_metrics(void *context, char *buffer, size_t capacity) {
    struct jz_dispatch *d = context;
    struct jz_journal_stats stats;
    struct jz_measure_stats measured;
    jz_ledger_stats(d->ledger, &stats);
    jz_waves_stats(d->waves, &measured);
    int n = snprintf(
        buffer, capacity,
        "jingzhu_journal_records_total %llu\njingzhu_journal_commits_total %llu\n"
        "jingzhu_journal_commit_last_us %u\njingzhu_journal_commit_max_us %u\njingzhu_encounters %u\n"
        "jingzhu_shadow_differences_total %llu\njingzhu_measure_waiting %u\n"
        "jingzhu_measured_ecg_total %llu\njingzhu_measured_ctg_total %llu\n"
        "jingzhu_measure_let_go_total %llu\njingzhu_measure_max_us %u\n",
        (unsigned long long)jz_ledger_offset(d->ledger), (unsigned long long)stats.commits,
        stats.last_commit_us, stats.max_commit_us, jz_core_encounter_count(core_of(d)),
        (unsigned long long)(d->shadow ? jz_shadow_differences(d->shadow) : 0), measured.waiting,
        (unsigned long long)measured.ecg, (unsigned long long)measured.ctg,
        (unsigned long long)measured.let_go, measured.max_us);
    return n < 0 || (size_t)n >= capacity ? 0 : (size_t)n;
}

/* --- other rule packs while serving ------------------------------------------------------------------------------------ */

static const struct jz_program *program_of(const struct jz_dispatch *d) {
    return jz_ledger_world(d->ledger)->program;
}

/* Who answers for what the machine's operator does: as configured, else who runs the process. */
static void operator_of(const struct jz_dispatch *d, char name[32]) {
    const struct passwd *user = d->config.operator[0] ? NULL : getpwuid(getuid());
    snprintf(name, 32, "%.31s", d->config.operator[0] ? d->config.operator : user ? user->pw_name : "operator");
}

static void log_loaded(enum jz_log_event event, const struct jz_program *program) {
    char hash[65];
    for (int i = 0; i < 32; i++) snprintf(hash + 2 * i, 3, "%02x", jz_program_hash(program)[i]);
    jz_log(event, &(struct jz_log_fields){.count = jz_program_rule_count(program), .detail = hash});
}

static void log_refused(enum jz_log_event event, const struct jz_loaded *loaded) {
    jz_log(event, &(struct jz_log_fields){.status = loaded->status,
                                          .file = loaded->error.file,
                                          .line = (uint32_t)loaded->error.line,
                                          .detail = loaded->error.text});
}

static void watch(struct jz_dispatch *d, struct jz_loaded *loaded) {
    if (!d->shadow) return;
    if (loaded->status != JZ_OK) {
        log_refused(JZ_LOG_SHADOW_REFUSED, loaded);
        jz_shadow_follow(d->shadow, program_of(d));
        return;
    }
    log_loaded(JZ_LOG_SHADOW_LOADED, loaded->program);
    jz_shadow_set(d->shadow, program_of(d), loaded->program);
    loaded->program = NULL;
}

static void replace_packs(struct jz_dispatch *d, const char *person, struct jz_loaded *packs) {
    bool changed = false;
    struct jz_program *program = packs->program;
    packs->program = NULL;
    if (packs->status == JZ_OK)
        packs->status =
            jz_ledger_replace_packs(d->ledger, packs->payload, program, person, &changed, &packs->error);
    check_failed(d);
    if (packs->status != JZ_OK)
        log_refused(JZ_LOG_RULES_REFUSED, packs);
    else
        log_loaded(changed ? JZ_LOG_ACTIVATED : JZ_LOG_RULES_UNCHANGED, program_of(d));
    d->activation.state = packs->status != JZ_OK ? JZ_ACTIVATION_REFUSED
                          : changed              ? JZ_ACTIVATION_DONE
                                                 : JZ_ACTIVATION_UNCHANGED;
    d->activation.status = packs->status;
    d->activation.line = packs->error.line;
    d->activation.column = packs->error.column;
    snprintf(d->activation.file, sizeof d->activation.file, "%s", packs->error.file);
    snprintf(d->activation.text, sizeof d->activation.text, "%s", packs->error.text);
}

static void on_loaded(void *context, const char *person, struct jz_loaded *packs, struct jz_loaded *shadow) {
    struct jz_dispatch *d = context;
    replace_packs(d, person, packs);
    watch(d, shadow);
}

static enum jz_status on_activate(void *context, const char *person) {
    struct jz_dispatch *d = context;
    enum jz_status status = jz_reload_start(d->reload, d->config.packs, d->config.packs_shadow, person);
    if (status != JZ_OK) return status;
    d->activation =
        (struct jz_net_rules){.activation = d->activation.activation + 1u, .state = JZ_ACTIVATION_RUNNING};
    snprintf(d->activation.by, sizeof d->activation.by, "%s", person);
    return JZ_OK;
}

static void on_rules(void *context, struct jz_net_rules *out) {
    struct jz_dispatch *d = context;
    *out = d->activation;
    out->rules = jz_program_rule_count(program_of(d));
    for (int i = 0; i < 32; i++) snprintf(out->hash + 2 * i, 3, "%02x", jz_program_hash(program_of(d))[i]);
}

void jz_dispatch_reload(struct jz_dispatch *d) {
    char name[32];
    enum jz_status people = jz_net_reload(d->net); /* logs what is wrong; what was in force stays */
    (void)people;
    operator_of(d, name);
    if (on_activate(d, name) != JZ_OK)
        jz_log(JZ_LOG_RULES_REFUSED,
               &(struct jz_log_fields){.status = JZ_E_FULL, .detail = "one is under way"});
}

/* --- open and close ------------------------------------------------------------------------------------------------------ */

/* Packs on record were tested when they were put there: an ordinary start does not wait for that again. */
static bool are_in_force(struct jz_dispatch *d) {
    struct jz_payload payload;
    struct jz_pack_error error;
    if (jz_packs_read(d->config.packs, &payload, &error) != JZ_OK) return false;
    bool same = jz_ledger_has_packs(d->ledger, payload);
    free(payload.data);
    return same;
}

static enum jz_status activate_packs(struct jz_dispatch *d, const char *person, struct jz_pack_error *error) {
    struct jz_loaded loaded;
    if (are_in_force(d)) return JZ_OK;
    jz_packs_load(d->config.packs, &loaded);
    enum jz_status status = loaded.status;
    *error = loaded.error;
    if (status == JZ_OK)
        status = jz_ledger_activate(d->ledger, JZ_EVENT_PACKS, loaded.payload, person, error);
    jz_loaded_free(&loaded);
    return status;
}

static enum jz_status activate(struct jz_dispatch *d, struct jz_pack_error *error) {
    struct jz_payload payload;
    char person[32];
    uint64_t before = jz_ledger_offset(d->ledger);
    operator_of(d, person);
    enum jz_status status = activate_packs(d, person, error);
    if (status != JZ_OK) return status;
    status = jz_directory_read(d->config.directory, d->config.simulation, &payload, error);
    if (status == JZ_OK) {
        status = jz_ledger_activate(d->ledger, JZ_EVENT_DIRECTORY, payload, person, error);
        free(payload.data);
    }
    if (status == JZ_OK && jz_ledger_offset(d->ledger) > before) log_loaded(JZ_LOG_ACTIVATED, program_of(d));
    return status;
}

/* A shadow that cannot be used stops nothing. */
static enum jz_status open_reload(struct jz_dispatch *d) {
    struct jz_loaded loaded;
    d->reload = jz_reload_open(d->loop, on_loaded, d);
    if (!d->reload) return JZ_E_MEMORY;
    if (!d->config.packs_shadow[0]) return JZ_OK;
    d->shadow = jz_shadow_open((uint32_t)d->config.encounters_max);
    if (!d->shadow) return JZ_E_MEMORY;
    jz_packs_load(d->config.packs_shadow, &loaded);
    watch(d, &loaded);
    jz_loaded_free(&loaded);
    return JZ_OK;
}

static enum jz_status open_roads(struct jz_dispatch *d, struct jz_pack_error *error) {
    struct jz_payload json = {0};
    enum jz_status status = d->config.roads[0] ? jz_file_read(d->config.roads, &json, error) : JZ_OK;
    if (status == JZ_OK)
        status = jz_roads_load(d->config.roads, (const char *)json.data, json.bytes,
                               jz_ledger_world(d->ledger)->directory, &d->roads, error);
    free(json.data);
    return status;
}

static enum jz_status open_travel(struct jz_dispatch *d) {
    struct jz_travel_service_config config = {.url = d->config.travel_url,
                                              .ca_file = d->config.travel_ca,
                                              .answered = travel_answered,
                                              .changed = travel_changed,
                                              .context = d};
    d->travel = jz_travel_service_open(d->loop, &config);
    if (!d->travel) return JZ_E_MEMORY;
    jz_travel_service_use(d->travel, jz_ledger_world(d->ledger)->directory, d->roads);
    return JZ_OK;
}

static enum jz_status open_ledger(struct jz_dispatch *d, struct jz_pack_error *error) {
    char url[2 * JZ_CONFIG_TEXT];
    snprintf(url, sizeof url, "sqlite:%s/journal.db", d->config.data_dir);
    struct jz_ledger_config config = {
        .journal_url = url,
        .limits = {(uint32_t)d->config.encounters_max, (uint32_t)d->config.peers_max},
        .snapshot_every = (uint32_t)d->config.snapshot_every,
        .hooks = d->hooks,
        .context = d,
        .event_released = event_released,
        .batch_released = batch_released};
    enum jz_status status = jz_ledger_open(&d->ledger, &config, error);
    if (status != JZ_OK) {
        jz_log(JZ_LOG_REPLAY_FAILED, &(struct jz_log_fields){.status = status, .detail = error->text});
        return status;
    }
    jz_steady_not_before(&d->steady, jz_core_now(core_of(d)));
    d->replayed_records = jz_ledger_offset(d->ledger);
    jz_ledger_state_hash(d->ledger, d->replayed_hash);
    jz_log(JZ_LOG_REPLAYED, &(struct jz_log_fields){.count = d->replayed_records});
    return JZ_OK;
}

/* Before any peer is let in: what is on record of those who are under way, for consoles and for measuring. */
static enum jz_status open_waves(struct jz_dispatch *d, struct jz_pack_error *error) {
    d->waves = jz_waves_open(d->ledger, d->hooks, (uint32_t)d->config.encounters_max);
    enum jz_status status = d->waves ? jz_waves_recall(d->waves) : JZ_E_MEMORY;
    if (status != JZ_OK) snprintf(error->text, sizeof error->text, "%s", jz_status_text(status));
    return status;
}

static enum jz_status open_net(struct jz_dispatch *d, struct jz_pack_error *error) {
    const struct jz_config *c = &d->config;
    struct jz_net_config config = {.listen = c->listen,
                                   .device_port = c->device_port,
                                   .console_port = c->console_port,
                                   .tls_cert = c->tls_cert,
                                   .tls_key = c->tls_key,
                                   .device_ca = c->device_ca,
                                   .data_dir = c->data_dir,
                                   .console_dir = c->console_dir,
                                   .users = c->users,
                                   .revoked = c->revoked,
                                   .simulation = c->simulation,
                                   .ack_level = 1,
                                   .limits = {.connections_max = (uint32_t)c->connections_max,
                                              .device_rate_per_s = (uint32_t)c->device_rate,
                                              .device_burst = (uint32_t)c->device_burst}};
    struct jz_net_events events = {.context = d,
                                   .frame = on_frame,
                                   .hello = on_hello,
                                   .ready = on_ready,
                                   .drained = on_drained,
                                   .round_end = round_end,
                                   .healthy = on_healthy,
                                   .rules = on_rules,
                                   .activate = on_activate,
                                   .metrics = on_metrics};
    enum jz_status status = jz_net_open(&d->net, &config, d->loop, d->hooks, &events);
    if (status != JZ_OK) {
        snprintf(error->file, sizeof error->file, "%.100s", c->listen);
        snprintf(error->text, sizeof error->text, "%s (see the log line above)", jz_status_text(status));
    }
    return status;
}

static void start_watchers(struct jz_dispatch *d) {
    ev_timer_init(&d->tick, on_tick, TICK_S, TICK_S);
    ev_timer_init(&d->commit_timer, on_commit_timer, 0., 0.);
    d->tick.data = d->commit_timer.data = d->journal_io.data = d;
    ev_timer_start(d->loop, &d->tick);
    int fd = jz_ledger_fd(d->ledger);
    if (fd < 0) return;
    ev_io_init(&d->journal_io, on_journal, fd, EV_READ);
    d->journal_io.data = d;
    ev_io_start(d->loop, &d->journal_io);
}

/* What was on record before this start: who still waits for travel times. */
static void take_stock(struct jz_dispatch *d) {
    jz_show_start(d->show, d->net);
    jz_notices_all(d->notices);
    ask_all_travel(d);
    jz_ledger_flush(d->ledger);
}

/* Before any peer is let in: what is on record of those who are under way, for consoles and for measuring. */
static enum jz_status open_show(struct jz_dispatch *d) {
    d->show = jz_show_open(d->ledger, d->waves, d->hooks, (uint32_t)d->config.encounters_max);
    return d->show ? JZ_OK : JZ_E_MEMORY;
}

enum jz_status jz_dispatch_open(struct jz_dispatch **out, const struct jz_config *config,
                                struct ev_loop *loop, const struct jz_hooks *hooks,
                                struct jz_pack_error *error) {
    struct jz_dispatch *d = calloc(1, sizeof *d);
    *out = d;
    *error = (struct jz_pack_error){.line = 0};
    if (!d) return JZ_E_MEMORY;
    d->config = *config;
    jz_steady_start(&d->steady, hooks);
    d->hooks = &d->steady.hooks;
    d->loop = loop;
    enum jz_status status = open_ledger(d, error);
    if (status == JZ_OK) status = activate(d, error);
    if (status == JZ_OK) status = open_waves(d, error);
    if (status == JZ_OK) status = open_show(d);
    if (status == JZ_OK) status = open_reload(d);
    if (status == JZ_OK) status = open_roads(d, error);
    if (status == JZ_OK) status = open_travel(d);
    if (status == JZ_OK) status = jz_notices_open(&d->notices, d->loop, &d->config, d->ledger, hooks, error);
    if (status == JZ_OK) status = open_net(d, error);
    if (status == JZ_OK) {
        start_watchers(d);
        take_stock(d);
        return JZ_OK;
    }
    jz_dispatch_close(d);
    *out = NULL;
    return status;
}

void jz_dispatch_close(struct jz_dispatch *d) {
    if (!d) return;
    d->stopping = true;
    jz_reload_close(d->reload);
    jz_travel_service_close(d->travel);
    jz_notices_close(d->notices);
    if (d->net) {
        ev_timer_stop(d->loop, &d->tick);
        ev_timer_stop(d->loop, &d->commit_timer);
        ev_io_stop(d->loop, &d->journal_io);
        jz_net_close(d->net);
        d->net = NULL;
    }
    if (d->ledger) {
        jz_ledger_flush(d->ledger);
        if (jz_ledger_settled(d->ledger) && jz_ledger_offset(d->ledger) > 0 &&
            jz_ledger_snapshot(d->ledger) != JZ_OK)
            jz_log(JZ_LOG_SNAPSHOT_FAILED, NULL);
    }
    jz_waves_close(d->waves);
    jz_ledger_close(d->ledger);
    jz_roads_free(d->roads);
    jz_shadow_close(d->shadow);
    jz_show_close(d->show);
    free(d);
}

int jz_dispatch_port(const struct jz_dispatch *d, enum jz_side side) {
    return jz_net_port(d->net, side);
}
uint64_t jz_dispatch_replayed(const struct jz_dispatch *d, uint8_t state_hash[32]) {
    memcpy(state_hash, d->replayed_hash, sizeof d->replayed_hash);
    return d->replayed_records;
}
