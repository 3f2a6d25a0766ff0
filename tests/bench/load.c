/* SPDX-License-Identifier: Apache-2.0 */
/* The load: a fleet of devices in one process, and what they saw of the server.
 *
 * Phases: connect all; let the server settle and read its memory; open an encounter each, settle, read
 * again; send vitals, first unmeasured, then measured; stop sending and wait for the last acks. Closed
 * loop: each device keeps `window` messages unacknowledged. Open loop: messages fall due at a fixed total
 * rate whatever the server does, and latency counts from when a message fell due, so a stall is charged to
 * every message it delayed.
 *
 * Prints one JSON line. Exit: 0 measured, 64 usage, 70 failed (stderr says why). */
#include <assert.h>
#include <errno.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "fleet.h"
#include "histogram.h"
#include "link.h"
#include "load_options.h"
#include "measure.h"

#define CONNECTING_MAX 48u /* handshakes at once; a server gives each only seconds */
#define RING 256u          /* messages of one device under way */
#define EVENTS_MAX 256
#define SETTLE_NS (NS_PER_S / 2)
#define DRAIN_NS (5 * NS_PER_S)
#define STUCK_NS (120 * NS_PER_S)
static_assert(LOAD_WINDOW_MAX < RING, "a window fits the ring");

enum phase { CONNECT, SETTLE_IDLE, OPEN, SETTLE_OPEN, WARM, MEASURE, DRAIN, DONE, PHASE_COUNT };

struct device {
    struct link link; /* first: the link's address is the device's */
    struct jz_encounter_id encounter;
    uint64_t scheduled, sent, acked; /* vitals sequences */
    int64_t due_ns[RING];            /* by sequence */
};

/* The server at one moment. */
struct reading {
    int64_t at_ns, cpu_ns, client_cpu_ns, rss;
};

struct load {
    struct load_options options;
    struct fleet fleet;
    struct link_net net;
    struct device *device;
    enum phase phase;
    struct reading at[PHASE_COUNT]; /* when each phase began */
    uint32_t started, ready, opened;
    uint64_t due_count, overrun, acked, ack_frames, refused;
    size_t message_bytes;
    const char *why; /* failed */
    struct histogram latency;
};

/* --- what a device sends ------------------------------------------------------------------------------ */

static struct jz_encounter_id encounter_id(uint32_t epoch, uint32_t index) {
    struct jz_encounter_id id = {{1, 0}};
    uint64_t x = ((uint64_t)epoch << 32 | index) * 0x9e3779b97f4a7c15u;
    memcpy(id.byte + 2, &epoch, sizeof epoch);
    memcpy(id.byte + 6, &index, sizeof index);
    memcpy(id.byte + 10, &x, 6);
    return id;
}

static void send_open(struct load *load, struct device *d) {
    struct jz_frame frame = {.kind = JZ_FRAME_ENCOUNTER_OPEN,
                             .lane = JZ_LANE_URGENT,
                             .seq = 1,
                             .at_ms = measure_utc_ms(),
                             .has_encounter = true,
                             .encounter = d->encounter};
    frame.open.complaint = JZ_COMPLAINT_CHEST_PAIN;
    frame.open.facts.count = 2;
    frame.open.facts.item[0] = (struct jz_fact){67108880, 58}; /* age */
    frame.open.facts.item[1] = (struct jz_fact){67108881, 1};  /* sex */
    frame.open.callsign = (struct jz_text){"B-120", 5};
    link_send(&load->net, &d->link, &frame);
}

/* Heart rate, systolic, diastolic, SpO2, wandering within what is normal: every message changes the chart. */
static void send_vitals(struct load *load, struct device *d) {
    struct jz_frame frame = {.kind = JZ_FRAME_VITALS,
                             .lane = JZ_LANE_VITALS,
                             .seq = ++d->sent,
                             .at_ms = measure_utc_ms(),
                             .has_encounter = true,
                             .encounter = d->encounter};
    int32_t step = (int32_t)(d->sent % 16);
    frame.vitals.count = 4;
    frame.vitals.item[0] = (struct jz_fact){147842, 64 + step};
    frame.vitals.item[1] = (struct jz_fact){150021, 134 - step};
    frame.vitals.item[2] = (struct jz_fact){150022, 70 + step / 2};
    frame.vitals.item[3] = (struct jz_fact){150456, 98 - step / 8};
    load->message_bytes = link_send(&load->net, &d->link, &frame);
}

static bool sending(const struct load *load) {
    return load->phase == WARM || load->phase == MEASURE;
}

static void schedule(struct device *d, int64_t due_ns) {
    d->due_ns[++d->scheduled % RING] = due_ns;
}

/* Sends what is due, as far as the socket takes it. */
static void pump(struct load *load, struct device *d) {
    uint32_t window = load->options.rate ? 0 : load->options.window;
    while (link_idle(&d->link) && d->link.stage == LINK_READY) {
        if (d->sent == d->scheduled && sending(load) && d->sent - d->acked < window)
            schedule(d, measure_now_ns());
        if (d->sent == d->scheduled) return;
        send_vitals(load, d);
    }
}

/* Open loop: message k falls due k / rate after the start, on device k modulo their number. */
static int64_t due_time(const struct load *load) {
    return load->at[WARM].at_ns + (int64_t)((double)load->due_count * 1e9 / load->options.rate);
}

static void pump_due(struct load *load, int64_t now) {
    for (int64_t due; load->options.rate && sending(load) && (due = due_time(load)) <= now;
         load->due_count++) {
        struct device *d = &load->device[load->due_count % load->options.connections];
        if (d->scheduled - d->acked >= RING) {
            load->overrun++;
            continue;
        }
        schedule(d, due);
        pump(load, d);
    }
}

/* --- what it hears ------------------------------------------------------------------------------------ */

static void take_ack(struct load *load, struct device *d, uint64_t seq) {
    int64_t now = measure_now_ns(), from = load->at[MEASURE].at_ns, to = load->at[DRAIN].at_ns;
    if (seq > d->sent) load->why = "the server acknowledged a message that was not sent";
    for (; d->acked < seq && !load->why; d->acked++) {
        int64_t due = d->due_ns[(d->acked + 1) % RING];
        if (load->phase == MEASURE) load->acked++;
        if (from && due >= from && (!to || due < to)) histogram_add(&load->latency, (uint64_t)(now - due));
    }
    if (load->phase == MEASURE) load->ack_frames++;
    pump(load, d);
}

static void take_error(struct load *load, const struct jz_error *error) {
    if (load->refused++ == 0)
        fprintf(stderr, "load: the server refused a frame: %d %.*s\n", (int)error->status,
                (int)error->text.bytes, error->text.data ? error->text.data : "");
}

static void on_frame(void *context, struct link *link, const struct jz_frame *frame) {
    struct load *load = context;
    struct device *d = (struct device *)link;
    if (frame->kind == JZ_FRAME_WELCOME) load->ready++;
    if (frame->kind == JZ_FRAME_ERROR) take_error(load, &frame->error);
    if (frame->kind != JZ_FRAME_ACK) return;
    if (frame->ack.seq[JZ_LANE_URGENT]) load->opened++;
    if (frame->ack.seq[JZ_LANE_VITALS]) take_ack(load, d, frame->ack.seq[JZ_LANE_VITALS]);
}

/* --- phases ------------------------------------------------------------------------------------------- */

static struct reading read_server(const struct load *load) {
    pid_t pid = (pid_t)load->options.pid;
    return (struct reading){measure_now_ns(), measure_cpu_ns(pid), measure_cpu_ns(0), measure_rss_bytes(pid)};
}

static void enter(struct load *load, enum phase phase) {
    load->phase = phase;
    load->at[phase] = read_server(load);
    if (load->at[phase].cpu_ns < 0) load->why = "the server is gone";
    for (uint32_t i = 0; i < load->options.connections; i++) {
        if (phase == OPEN) send_open(load, &load->device[i]);
        if (phase == WARM) pump(load, &load->device[i]);
    }
}

static void connect_more(struct load *load) {
    while (load->started < load->options.connections && load->started - load->ready < CONNECTING_MAX) {
        struct device *d = &load->device[load->started];
        d->encounter = encounter_id(load->net.epoch, load->started);
        link_open(&load->net, &d->link, load->fleet.certificate[load->started], load->fleet.key);
        if (d->link.stage == LINK_FAILED) load->why = d->link.why;
        load->started++;
    }
}

static bool drained(const struct load *load) {
    for (uint32_t i = 0; i < load->options.connections; i++)
        if (load->device[i].acked < load->device[i].scheduled) return false;
    return true;
}

/* Nanoseconds this phase lasts; 0: until something has happened. */
static int64_t phase_ns(const struct load *load) {
    const int64_t row[PHASE_COUNT] = {[SETTLE_IDLE] = SETTLE_NS,
                                      [SETTLE_OPEN] = SETTLE_NS,
                                      [WARM] = (int64_t)load->options.warm_ms * 1000000,
                                      [MEASURE] = (int64_t)load->options.measure_ms * 1000000,
                                      [DRAIN] = DRAIN_NS};
    return row[load->phase];
}

static bool phase_over(const struct load *load, int64_t now) {
    uint32_t all = load->options.connections;
    int64_t lasts = phase_ns(load), since = now - load->at[load->phase].at_ns;
    if (load->phase == CONNECT) return load->ready == all;
    if (load->phase == OPEN) return load->opened == all;
    return since >= lasts || (load->phase == DRAIN && drained(load));
}

static void step(struct load *load, int64_t now) {
    if (load->phase == CONNECT) connect_more(load);
    pump_due(load, now);
    if (!load->why && phase_over(load, now)) enter(load, (enum phase)(load->phase + 1));
    if (load->phase != DONE && now - load->at[load->phase].at_ns > STUCK_NS)
        load->why =
            load->phase == CONNECT ? "not all devices could connect" : "not every encounter was acknowledged";
}

/* Until when nothing needs doing unless a socket becomes ready. */
static int64_t next_ns(const struct load *load) {
    int64_t until = load->at[load->phase].at_ns + (phase_ns(load) ? phase_ns(load) : STUCK_NS);
    if (load->options.rate && sending(load) && due_time(load) < until) until = due_time(load);
    return until;
}

static void wait_and_serve(struct load *load) {
    static struct epoll_event event[EVENTS_MAX];
    int64_t left = next_ns(load) - measure_now_ns();
    if (left < 0) left = 0;
    struct timespec timeout = {left / NS_PER_S, left % NS_PER_S};
    int count = epoll_pwait2(load->net.epoll, event, EVENTS_MAX, &timeout, NULL);
    if (count < 0 && errno != EINTR) load->why = "epoll_pwait2 failed: Linux 5.11 or newer is needed";
    for (int i = 0; i < count && !load->why; i++) {
        struct device *d = event[i].data.ptr;
        link_service(&load->net, &d->link);
        pump(load, d);
        if (d->link.stage == LINK_FAILED) load->why = d->link.why;
    }
}

static void run(struct load *load) {
    enter(load, CONNECT);
    connect_more(load);
    while (load->phase != DONE && !load->why) {
        wait_and_serve(load);
        step(load, measure_now_ns());
    }
}

/* --- report ------------------------------------------------------------------------------------------- */

static uint64_t unacknowledged(const struct load *load) {
    uint64_t count = 0;
    for (uint32_t i = 0; i < load->options.connections; i++)
        count += load->device[i].scheduled - load->device[i].acked;
    return count;
}

static double us(const struct load *load, double share) {
    return (double)histogram_percentile(&load->latency, share) / 1000.0;
}

static void report_messages(const struct load *load) {
    double seconds = (double)(load->at[DRAIN].at_ns - load->at[MEASURE].at_ns) / 1e9;
    printf("\"acked\":%llu,\"seconds\":%.3f,\"per_s\":%.1f,\"ack_frames\":%llu,",
           (unsigned long long)load->acked, seconds, (double)load->acked / seconds,
           (unsigned long long)load->ack_frames);
    printf("\"p50_us\":%.1f,\"p99_us\":%.1f,\"p999_us\":%.1f,\"max_us\":%.1f,", us(load, 0.5), us(load, 0.99),
           us(load, 0.999), us(load, 1.0));
}

static void report_cpu(const struct load *load) {
    const struct reading *from = &load->at[MEASURE], *to = &load->at[DRAIN];
    double acked = load->acked ? (double)load->acked : 1.0, server_ns = (double)(to->cpu_ns - from->cpu_ns);
    printf("\"server_cpu_us\":%.3f,\"server_cores\":%.3f,\"client_cpu_us\":%.3f,", server_ns / 1e3 / acked,
           server_ns / (double)(to->at_ns - from->at_ns),
           (double)(to->client_cpu_ns - from->client_cpu_ns) / 1e3 / acked);
}

static void report_connections(const struct load *load) {
    const struct reading *at = load->at;
    double all = load->options.connections;
    printf("\"connect_per_s\":%.1f,\"connect_cpu_us\":%.1f,",
           all * 1e9 / (double)(at[SETTLE_IDLE].at_ns - at[CONNECT].at_ns),
           (double)(at[SETTLE_IDLE].cpu_ns - at[CONNECT].cpu_ns) / 1e3 / all);
    printf("\"rss_connection\":%.0f,\"rss_patient\":%.0f,", (double)(at[OPEN].rss - at[CONNECT].rss) / all,
           (double)(at[WARM].rss - at[OPEN].rss) / all);
}

static void report(const struct load *load) {
    const struct load_options *o = &load->options;
    printf("{\"server\":\"%s\",\"case\":\"%s\",\"round\":%u,\"connections\":%u,\"window\":%u,", o->server,
           o->name, o->round, o->connections, o->window);
    printf("\"rate\":%u,\"message_bytes\":%zu,", o->rate, load->message_bytes);
    report_messages(load);
    report_cpu(load);
    report_connections(load);
    printf("\"refused\":%llu,\"overrun\":%llu,\"unacknowledged\":%llu}\n", (unsigned long long)load->refused,
           (unsigned long long)load->overrun, (unsigned long long)unacknowledged(load));
}

static const char *prepare(struct load *load) {
    const struct load_options *o = &load->options;
    enum jz_status status = fleet_init(&load->fleet, o->ca, o->ca_key, o->connections);
    if (status != JZ_OK) return jz_status_text(status);
    uint32_t epoch = (uint32_t)measure_utc_ms() | 1u;
    load->net = (struct link_net){.epoll = epoll_create1(EPOLL_CLOEXEC),
                                  .tls = link_tls(o->ca),
                                  .port = (uint16_t)o->port,
                                  .epoch = epoch,
                                  .mask_state = epoch,
                                  .context = load,
                                  .on_frame = on_frame};
    load->device = calloc(o->connections, sizeof *load->device);
    return load->net.epoll >= 0 && load->net.tls && load->device ? NULL
                                                                 : "no memory, no epoll, or no authority";
}

static void clean_up(struct load *load) {
    for (uint32_t i = 0; i < load->started; i++) link_close(&load->device[i].link);
    free(load->device);
    SSL_CTX_free(load->net.tls);
    if (load->net.epoll > 0) close(load->net.epoll);
    fleet_deinit(&load->fleet);
}

int main(int argc, char **argv) {
    static struct load load;
    if (!load_options_parse(argc, argv, &load.options)) return 64;
    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL); /* due messages go on time: 1 us instead of 50 */
    load.why = prepare(&load);
    if (!load.why) run(&load);
    if (load.why)
        fprintf(stderr, "load: %s (%u of %u devices ready)\n", load.why, load.ready,
                load.options.connections);
    else
        report(&load);
    clean_up(&load);
    return load.why ? 70 : 0;
}
