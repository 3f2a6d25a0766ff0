/* SPDX-License-Identifier: Apache-2.0 */
/* Listeners, connections and the hand-over to the files that know what to do with them.
 *
 * Trap: the library calls CLOSED also for handshakes that never were ESTABLISHED, and some callbacks before a
 * connection has its slot; hence the stage checks. A slot lives from SERVER_NEW_CLIENT_INSTANTIATED to
 * WSI_DESTROY. */
#include "net.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net_private.h"

#define RX_BUFFER_BYTES 512u
#define TX_PACKET_BYTES                                                                                      \
    JZ_NET_SEND_BYTES_MAX /* else the library cuts a message into records of RX_BUFFER_BYTES */
#define HEADER_BYTES_MAX 4096
#define HEADER_POOL_MIN 64u
#define SWEEP_S 1.
#define TICK_S 0.05
#define SUBPROTOCOLS 2

static_assert(JZ_BLOB_HEADROOM >= LWS_PRE, "a blob has room for the library's header");
static_assert(JZ_E_LOGIN < NET_STATUS_MAX, "every status has a counter");

/* --- connections -------------------------------------------------------------------------------------------- */

uint64_t net_handle(const struct connection *c) {
    return (uint64_t)c->generation << 32 | c->slot;
}

struct connection *net_connection(const struct jz_net *net, uint64_t handle) {
    uint32_t slot = (uint32_t)handle, generation = (uint32_t)(handle >> 32);
    if (slot >= net->high_water || generation == 0) return NULL;
    struct connection *c = &net->connection[slot];
    return c->stage != STAGE_FREE && c->generation == generation ? c : NULL;
}

static struct connection *ready_connection(const struct jz_net *net, uint64_t handle) {
    struct connection *c = net_connection(net, handle);
    return c && c->stage == STAGE_READY && !c->closing ? c : NULL;
}

const char *net_side_name(enum jz_side side) {
    return side == JZ_SIDE_DEVICE ? "device" : "console";
}

static uint32_t bucket_of(const struct jz_net *net, const uint8_t peer[16]) {
    uint32_t hash = 2166136261u; /* FNV-1a; ids come from our authority, not from an attacker */
    for (size_t i = 0; i < 16; i++) hash = (hash ^ peer[i]) * 16777619u;
    return hash & (net->bucket_count - 1);
}

void net_index(struct connection *c) {
    uint32_t *head = &c->net->bucket[bucket_of(c->net, c->info.peer)];
    c->next_same_hash = *head;
    *head = c->slot + 1;
    c->indexed = true;
}

static void unindex(struct connection *c) {
    if (!c->indexed) return;
    uint32_t *link = &c->net->bucket[bucket_of(c->net, c->info.peer)];
    while (*link != c->slot + 1) link = &c->net->connection[*link - 1].next_same_hash;
    *link = c->next_same_hash;
    c->indexed = false;
}

struct connection *net_next_of_peer(const struct jz_net *net, enum jz_side side, const uint8_t peer[16],
                                    const struct connection *after) {
    uint32_t at = after ? after->next_same_hash : net->bucket[bucket_of(net, peer)];
    for (; at; at = net->connection[at - 1].next_same_hash) {
        struct connection *c = &net->connection[at - 1];
        if (c->info.side == side && !c->closing && memcmp(c->info.peer, peer, sizeof c->info.peer) == 0)
            return c;
    }
    return NULL;
}

static struct connection *spare_slot(struct jz_net *net) {
    uint32_t slot = 0;
    while (slot < net->high_water && net->connection[slot].stage != STAGE_FREE) slot++;
    if (slot == net->limits.connections_max) return NULL;
    if (slot == net->high_water) net->high_water++;
    return &net->connection[slot];
}

static void set_socket(const struct jz_net *net, int fd) {
    unsigned timeout_ms = net->limits.tcp_user_timeout_ms;
    /* Without these options a vanished peer is found by the ping alone: slower, not wrong. */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout_ms, sizeof timeout_ms);
}

static int accept_connection(struct jz_net *net, struct lws *wsi, enum jz_side side) {
    struct connection *c = spare_slot(net);
    if (!c) return -1;
    uint32_t slot = (uint32_t)(c - net->connection), generation = c->generation + 1;
    memset(c, 0, sizeof *c);
    c->net = net;
    c->wsi = wsi;
    c->slot = slot;
    c->generation = generation ? generation : 1;
    c->stage = STAGE_HTTP;
    c->info.side = side;
    c->deadline_ms = net_mono_ms(net->hooks) + (int64_t)net->limits.handshake_s * 1000;
    net->connection_count++;
    lws_set_opaque_user_data(wsi, c);
    set_socket(net, lws_get_socket_fd(wsi));
    return 0;
}

static void forget_connection(struct lws *wsi) {
    struct connection *c = lws_get_opaque_user_data(wsi);
    if (!c) return;
    if (c->stage == STAGE_OPEN || c->stage == STAGE_READY) session_ended(c);
    unindex(c);
    net_free_exchange(c);
    c->net->connection_count--;
    c->stage = STAGE_FREE;
    c->wsi = NULL;
    lws_set_opaque_user_data(wsi, NULL);
}

static int admit_connection(struct jz_net *net) {
    if (net->connection_count < net->limits.connections_max) return 0;
    net->refusals[JZ_E_FULL]++;
    jz_log(JZ_LOG_FULL, &(struct jz_log_fields){.count = net->connection_count});
    return -1;
}

/* --- the library's callbacks -------------------------------------------------------------------------------- */

static int on_tls(struct lws *wsi, void *tls, void *vhost) {
    struct jz_net *net = lws_context_user(lws_get_context(wsi));
    enum jz_side side = strcmp(lws_get_vhost_name(vhost), "device") == 0 ? JZ_SIDE_DEVICE : JZ_SIDE_CONSOLE;
    net->has_tls[side] = tls_configure(net, side, tls) == 0;
    return net->has_tls[side] ? 0 : 1;
}

static int on_http(struct connection *c, enum lws_callback_reasons reason, void *in, size_t bytes) {
    if (!c || c->stage != STAGE_HTTP) return -1;
    if (reason == LWS_CALLBACK_HTTP) return http_request(c, in, bytes);
    if (reason == LWS_CALLBACK_HTTP_BODY) return http_body(c, in, bytes);
    if (reason == LWS_CALLBACK_HTTP_BODY_COMPLETION) return http_body_complete(c);
    if (reason == LWS_CALLBACK_HTTP_WRITEABLE) return http_writable(c);
    return http_upgrade(c);
}

static bool is_http_reason(enum lws_callback_reasons reason) {
    return reason == LWS_CALLBACK_HTTP || reason == LWS_CALLBACK_HTTP_BODY ||
           reason == LWS_CALLBACK_HTTP_BODY_COMPLETION || reason == LWS_CALLBACK_HTTP_WRITEABLE ||
           reason == LWS_CALLBACK_HTTP_CONFIRM_UPGRADE;
}

static int on_listener(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                       size_t bytes) {
    struct jz_net *net = lws_context_user(lws_get_context(wsi));
    if (is_http_reason(reason)) return on_http(lws_get_opaque_user_data(wsi), reason, in, bytes);
    if (reason == LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS) return on_tls(wsi, user, in);
    if (reason == LWS_CALLBACK_FILTER_NETWORK_CONNECTION) return admit_connection(net);
    if (reason == LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED)
        return accept_connection(net, wsi, (enum jz_side)lws_get_protocol(wsi)->id);
    if (reason == LWS_CALLBACK_WSI_DESTROY) forget_connection(wsi);
    return 0;
}

static int on_websocket(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                        size_t bytes) {
    struct connection *c = lws_get_opaque_user_data(wsi);
    bool live = c && (c->stage == STAGE_OPEN || c->stage == STAGE_READY);
    (void)user;
    if (reason == LWS_CALLBACK_ESTABLISHED) return c && c->stage == STAGE_HTTP ? session_established(c) : -1;
    if (reason == LWS_CALLBACK_RECEIVE) return live ? session_received(c, in, bytes) : -1;
    if (reason == LWS_CALLBACK_SERVER_WRITEABLE) return live ? session_writable(c) : -1;
    if (reason == LWS_CALLBACK_RECEIVE_PONG && live) c->heard = true;
    if (reason == LWS_CALLBACK_CLOSED && live) session_ended(c);
    return 0;
}

#define LISTENER(side)                                                                                       \
    {                                                                                                        \
        .name = "http", .callback = on_listener, .rx_buffer_size = RX_BUFFER_BYTES, .id = (side),            \
        .tx_packet_size = TX_PACKET_BYTES                                                                    \
    }
#define WEBSOCKET(side, subprotocol)                                                                         \
    {                                                                                                        \
        .name = (subprotocol), .callback = on_websocket, .rx_buffer_size = RX_BUFFER_BYTES, .id = (side),    \
        .tx_packet_size = TX_PACKET_BYTES                                                                    \
    }
static const struct lws_protocols protocols[JZ_SIDE_COUNT][SUBPROTOCOLS + 1] = {
    {LISTENER(JZ_SIDE_DEVICE), WEBSOCKET(JZ_SIDE_DEVICE, "jingzhu.device.v1"), {.name = NULL}},
    {LISTENER(JZ_SIDE_CONSOLE), WEBSOCKET(JZ_SIDE_CONSOLE, "jingzhu.console.v1"), {.name = NULL}},
};

/* --- the loop's watchers ------------------------------------------------------------------------------------ */

static void apply_all_pauses(struct jz_net *net) {
    net->deferred = false;
    for (uint32_t i = 0; i < net->high_water; i++) {
        struct connection *c = &net->connection[i];
        if (c->stage == STAGE_OPEN || c->stage == STAGE_READY) session_apply_pauses(c);
    }
}

static void write_acks(struct jz_net *net) {
    for (uint32_t i = 0; i < net->ack_due_count; i++) {
        struct connection *c = &net->connection[net->ack_due[i]];
        c->ack_listed = false;
        if (c->stage == STAGE_READY) session_write_acks(c);
    }
    net->ack_due_count = 0;
}

static void on_round(struct ev_loop *loop, ev_prepare *w, int events) {
    struct jz_net *net = w->data;
    (void)loop, (void)events;
    if (net->deferred) apply_all_pauses(net);
    if (net->received) {
        net->received = false;
        if (net->events.round_end) net->events.round_end(net->events.context);
    }
    write_acks(net);
}

static void sweep_http(struct connection *c, int64_t now_ms) {
    if (c->deadline_ms == 0 || now_ms < c->deadline_ms) return;
    c->deadline_ms = 0;
    c->net->refusals[JZ_E_TIMEOUT]++;
    jz_log(JZ_LOG_HANDSHAKE_SLOW, &(struct jz_log_fields){.side = net_side_name(c->info.side)});
    lws_set_timeout(c->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
    lws_cancel_service(c->net->context);
}

static void on_sweep(struct ev_loop *loop, ev_timer *w, int events) {
    struct jz_net *net = w->data;
    int64_t now = net_mono_ms(net->hooks);
    (void)loop, (void)events;
    for (uint32_t i = 0; i < net->high_water; i++) {
        struct connection *c = &net->connection[i];
        if (c->stage == STAGE_HTTP) sweep_http(c, now);
        if (c->stage == STAGE_OPEN || c->stage == STAGE_READY) session_sweep(c, now);
    }
}

/* Runs only while somebody is over the rate. */
static void on_tick(struct ev_loop *loop, ev_timer *w, int events) {
    struct jz_net *net = w->data;
    int64_t now = net_mono_ms(net->hooks);
    bool any = false;
    (void)events;
    for (uint32_t i = 0; i < net->high_water; i++) {
        struct connection *c = &net->connection[i];
        if ((c->stage != STAGE_OPEN && c->stage != STAGE_READY) || !(c->pauses & PAUSE_RATE)) continue;
        session_refill(c, now);
        any = any || (c->pauses & PAUSE_RATE);
    }
    if (!any) ev_timer_stop(loop, w);
}

static void start_watchers(struct jz_net *net) {
    ev_prepare_init(&net->round, on_round);
    ev_timer_init(&net->sweep, on_sweep, SWEEP_S, SWEEP_S);
    ev_timer_init(&net->tick, on_tick, TICK_S, TICK_S);
    net->round.data = net->sweep.data = net->tick.data = net;
    ev_prepare_start(net->loop, &net->round);
    ev_timer_start(net->loop, &net->sweep);
}

static void stop_watchers(struct jz_net *net) {
    ev_prepare_stop(net->loop, &net->round);
    ev_timer_stop(net->loop, &net->sweep);
    ev_timer_stop(net->loop, &net->tick);
}

/* --- opening ------------------------------------------------------------------------------------------------ */

static void preset(uint32_t *value, uint32_t otherwise) {
    if (*value == 0) *value = otherwise;
}

static void preset_limits(struct jz_net_limits *l) {
    preset(&l->connections_max, 12000);
    preset(&l->consoles_per_person_max, 8);
    preset(&l->device_rate_per_s, 20);
    preset(&l->device_burst, 100);
    preset(&l->console_rate_per_s, 20);
    preset(&l->console_burst, 100);
    preset(&l->handshake_s, 5);
    preset(&l->idle_ping_s, 10);
    preset(&l->tcp_user_timeout_ms, 15000);
    preset(&l->tickets_max, 1024);
    preset(&l->http_sessions_max, 1024);
    preset(&l->login_failures_per_name, 5);
    preset(&l->login_failures_per_address, 20);
    preset(&l->session_idle_s, 900);
    preset(&l->session_max_s, 43200);
    preset(&l->console_stall_s, 30);
}

static bool copy(char **to, const char *from) {
    *to = strdup(from ? from : "");
    return *to != NULL;
}

static enum jz_status copy_config(struct jz_net *net, const struct jz_net_config *config) {
    net->limits = config->limits;
    preset_limits(&net->limits);
    net->simulation = config->simulation;
    net->ack_level = config->ack_level ? config->ack_level : 1;
    net->port[JZ_SIDE_DEVICE] = config->device_port;
    net->port[JZ_SIDE_CONSOLE] = config->console_port;
    bool good = copy(&net->listen, config->listen && *config->listen ? config->listen : "0.0.0.0") &&
                copy(&net->cert, config->tls_cert) && copy(&net->key, config->tls_key) &&
                copy(&net->device_ca, config->device_ca) && copy(&net->data_dir, config->data_dir) &&
                copy(&net->users_file, config->users) && copy(&net->revoked_file, config->revoked);
    return good ? JZ_OK : JZ_E_MEMORY;
}

static enum jz_status make_tables(struct jz_net *net) {
    net->bucket_count = 16;
    while (net->bucket_count < net->limits.connections_max) net->bucket_count *= 2;
    net->connection = calloc(net->limits.connections_max, sizeof *net->connection);
    net->ack_due = calloc(net->limits.connections_max, sizeof *net->ack_due);
    net->bucket = calloc(net->bucket_count, sizeof *net->bucket);
    if (!net->connection || !net->bucket) return JZ_E_MEMORY;
    return login_init(&net->login, &net->limits, net->hooks);
}

static enum jz_status load_people(struct jz_net *net, enum jz_log_event event, struct jz_users **users,
                                  struct jz_revoked **revoked) {
    struct jz_identity_error error = {.line = 0};
    enum jz_status status = JZ_OK;
    const char *file = net->users_file;
    *users = NULL;
    *revoked = NULL;
    if (*net->users_file) status = jz_users_load(net->users_file, users, &error);
    if (status == JZ_OK) {
        file = net->revoked_file;
        status = jz_revoked_load(net->revoked_file, revoked, &error);
    }
    if (status == JZ_OK) return JZ_OK;
    jz_log(event,
           &(struct jz_log_fields){.status = status, .file = file, .line = error.line, .detail = error.text});
    jz_users_free(*users);
    jz_revoked_free(*revoked);
    *users = NULL;
    *revoked = NULL;
    return status;
}

static enum jz_status load_files(struct jz_net *net, const char *console_dir) {
    enum jz_status status = load_people(net, JZ_LOG_CONFIG_REFUSED, &net->users, &net->revoked);
    if (status || !console_dir || !*console_dir) return status;
    status = assets_load(console_dir, &net->assets);
    if (status) jz_log(JZ_LOG_CONFIG_REFUSED, &(struct jz_log_fields){.status = status, .file = console_dir});
    return status;
}

/* The library logs text that may come from peers, so it is listened to only while nobody is connected yet. */
static void on_library_log(int level, const char *text) {
    (void)level;
    jz_log(JZ_LOG_LIBRARY, &(struct jz_log_fields){.detail = text});
}

static enum jz_status make_context(struct jz_net *net) {
    void *loops[1] = {net->loop};
    uint32_t pool = net->limits.connections_max / 10;
    struct lws_context_creation_info info = {.port = CONTEXT_PORT_NO_LISTEN_SERVER,
                                             .gid = (gid_t)-1,
                                             .uid = (uid_t)-1,
                                             .user = net,
                                             .foreign_loops = loops,
                                             .timeout_secs = net->limits.handshake_s,
                                             .max_http_header_data = HEADER_BYTES_MAX};
    info.options =
        LWS_SERVER_OPTION_LIBEV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    if (pool < HEADER_POOL_MIN) pool = HEADER_POOL_MIN;
    info.max_http_header_pool = (unsigned short)(pool > UINT16_MAX ? UINT16_MAX : pool);
    net->context = lws_create_context(&info);
    return net->context ? JZ_OK : JZ_E_CONFIG;
}

static bool parse_address(const char *text, int port, struct sockaddr_storage *out, socklen_t *bytes) {
    struct sockaddr_in *v4 = (struct sockaddr_in *)out;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons((uint16_t)port);
        *bytes = sizeof *v4;
        return true;
    }
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons((uint16_t)port);
    *bytes = sizeof *v6;
    return inet_pton(AF_INET6, text, &v6->sin6_addr) == 1;
}

/* Asked first, because the library leaks a listener's TLS when it cannot bind, and says little. */
static bool can_bind(const char *address, int port) {
    struct sockaddr_storage to;
    socklen_t bytes;
    int one = 1;
    if (!parse_address(address, port, &to, &bytes)) return false;
    int fd = socket(to.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return false;
    bool good = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
                bind(fd, (struct sockaddr *)&to, bytes) == 0 && listen(fd, 1) == 0;
    return close(fd) == 0 && good;
}

static enum jz_status check_ports(const struct jz_net *net) {
    for (int side = 0; side < JZ_SIDE_COUNT; side++) {
        if (can_bind(net->listen, net->port[side])) continue;
        jz_log(JZ_LOG_LIBRARY, &(struct jz_log_fields){.side = net_side_name((enum jz_side)side),
                                                       .count = (uint64_t)net->port[side],
                                                       .detail = "cannot listen on this address and port"});
        return JZ_E_CONFIG;
    }
    return JZ_OK;
}

/* The library's own idle timers move in one sorted list with every message, a quarter of the work at 5,000 devices;
 * session_sweep pings and closes instead. */
static const lws_retry_bo_t no_idle_timers = {.secs_since_valid_hangup = 0};

static enum jz_status make_vhost(struct jz_net *net, enum jz_side side) {
    struct lws_context_creation_info info = {.iface = net->listen,
                                             .port = net->port[side],
                                             .vhost_name = net_side_name(side),
                                             .protocols = protocols[side],
                                             .alpn = "http/1.1",
                                             .ssl_cert_filepath = net->cert,
                                             .ssl_private_key_filepath = net->key,
                                             .retry_and_idle_policy = &no_idle_timers,
                                             .timeout_secs = net->limits.handshake_s,
                                             .timeout_secs_ah_idle = net->limits.handshake_s,
                                             .keepalive_timeout = (int)net->limits.handshake_s,
                                             .user = net};
    /* A port in use must fail at once; the library would otherwise wait for an interface to appear. Without the
     * second option it would serve in clear text and say nothing. */
    info.options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
                   LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS; /* we are nobody's client */
    net->vhost[side] = lws_create_vhost(net->context, &info);
    if (!net->vhost[side] || !net->has_tls[side]) return JZ_E_TLS;
    net->port[side] = lws_get_vhost_listen_port(net->vhost[side]);
    jz_log(JZ_LOG_LISTENING,
           &(struct jz_log_fields){.side = net_side_name(side), .count = (uint64_t)net->port[side]});
    return JZ_OK;
}

static enum jz_status make_listeners(struct jz_net *net) {
    lws_set_log_level(LLL_ERR, on_library_log);
    enum jz_status status = make_context(net);
    for (int side = 0; status == JZ_OK && side < JZ_SIDE_COUNT; side++)
        status = make_vhost(net, (enum jz_side)side);
    lws_set_log_level(0, NULL);
    return status;
}

static enum jz_status open_parts(struct jz_net *net, const struct jz_net_config *config) {
    enum jz_status status = copy_config(net, config);
    if (status == JZ_OK) status = make_tables(net);
    if (status == JZ_OK) status = check_ports(net);
    if (status == JZ_OK) status = tls_check_files(net);
    if (status == JZ_OK) status = load_files(net, config->console_dir);
    if (status == JZ_OK) status = hasher_open(&net->hasher, net->loop, http_login_checked, net);
    if (status == JZ_OK) status = make_listeners(net);
    return status;
}

static bool config_is_sound(const struct jz_net_config *config, const struct jz_net_events *events) {
    if (!config->tls_cert || !config->tls_key || !config->device_ca || !events->frame || !events->hello)
        return false;
    if (config->limits.idle_ping_s > UINT16_MAX / 2) return false;
    return config->device_port >= 0 && config->device_port <= UINT16_MAX && config->console_port >= 0 &&
           config->console_port <= UINT16_MAX && config->ack_level <= 2;
}

enum jz_status jz_net_open(struct jz_net **out, const struct jz_net_config *config, struct ev_loop *loop,
                           const struct jz_hooks *hooks, const struct jz_net_events *events) {
    *out = NULL;
    if (!config_is_sound(config, events)) return JZ_E_CONFIG;
    struct jz_net *net = calloc(1, sizeof *net);
    if (!net) return JZ_E_MEMORY;
    net->loop = loop;
    net->hooks = hooks;
    net->events = *events;
    start_watchers(net);
    enum jz_status status = open_parts(net, config);
    if (status)
        jz_net_close(net);
    else
        *out = net;
    return status;
}

static void free_net(struct jz_net *net) {
    while (net->spare_count) free(net->spare[--net->spare_count]);
    char *texts[] = {net->listen,   net->cert,       net->key,         net->device_ca,
                     net->data_dir, net->users_file, net->revoked_file};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) free(texts[i]);
    assets_free(&net->assets);
    login_deinit(&net->login);
    jz_users_free(net->users);
    jz_revoked_free(net->revoked);
    free(net->bucket);
    free(net->connection);
    free(net->ack_due);
    free(net);
}

void jz_net_close(struct jz_net *net) {
    if (!net) return;
    if (net->context)
        lws_context_destroy(net->context); /* tells `closed` for each session, lets go of log-ins */
    hasher_close(net->hasher);
    stop_watchers(net);
    free_net(net);
}

int jz_net_port(const struct jz_net *net, enum jz_side side) {
    return net->port[side];
}

/* --- reloading ---------------------------------------------------------------------------------------------- */

static bool same_user(const struct jz_user *a, const struct jz_user *b) {
    return a && b && a->role == b->role && strcmp(a->facility, b->facility) == 0 &&
           strcmp(a->hash, b->hash) == 0;
}

static void drop_changed_people(struct jz_net *net, const struct jz_users *old) {
    for (uint32_t i = 0; i < net->login.sessions_max; i++) {
        struct login_session *s = &net->login.sessions[i];
        if (s->handle && !same_user(jz_users_find(old, s->name), jz_users_find(net->users, s->name)))
            login_end(s);
    }
}

/* Looking at every live connection when the list changes is the same as looking at the list on every message. */
static void drop_unentitled(struct jz_net *net) {
    uint8_t uuid[16];
    int64_t now = net_mono_ms(net->hooks);
    for (uint32_t i = 0; i < net->high_water; i++) {
        struct connection *c = &net->connection[i];
        if (c->stage != STAGE_OPEN && c->stage != STAGE_READY) continue;
        bool device = c->info.side == JZ_SIDE_DEVICE;
        bool good =
            device ? tls_device(net, c->wsi, uuid) == JZ_OK : login_touch(&net->login, c->login, now) != NULL;
        if (good) continue;
        jz_log(JZ_LOG_REVOKED,
               &(struct jz_log_fields){.side = net_side_name(c->info.side), .peer = c->info.peer});
        session_close(c, device ? JZ_E_REVOKED : JZ_E_DENIED);
    }
}

enum jz_status jz_net_reload(struct jz_net *net) {
    struct jz_users *users, *old = net->users;
    struct jz_revoked *revoked;
    enum jz_status status = load_people(net, JZ_LOG_RELOAD_REFUSED, &users, &revoked);
    if (status) return status;
    jz_revoked_free(net->revoked);
    net->users = users;
    net->revoked = revoked;
    drop_changed_people(net, old);
    jz_users_free(old);
    drop_unentitled(net);
    jz_log(JZ_LOG_RELOADED, NULL);
    return JZ_OK;
}

/* --- sending ------------------------------------------------------------------------------------------------ */

static enum jz_status overflow(struct connection *c) {
    if (!c->lagging) {
        c->net->stats.lagged++;
        jz_log(JZ_LOG_LAGGING,
               &(struct jz_log_fields){.side = net_side_name(c->info.side), .session = net_handle(c)});
    }
    c->lagging = true;
    lws_callback_on_writable(c->wsi);
    return JZ_E_FULL;
}

enum jz_status jz_net_send_blob(struct jz_net *net, uint64_t session, struct jz_blob *blob,
                                enum jz_send_class cls) {
    struct connection *c = ready_connection(net, session);
    uint32_t dropped;
    if (!c) return JZ_E_LINK;
    if (c->lagging && cls == JZ_SEND_STATE) return overflow(c);
    if (!c->queue.first) c->progress_ms = net_mono_ms(net->hooks);
    enum queue_result result = queue_push(&c->queue, blob, cls, &dropped);
    net->stats.bulk_dropped += dropped;
    if (result == QUEUE_OVERFLOW) return overflow(c);
    if (result == QUEUE_TAKEN) lws_callback_on_writable(c->wsi);
    return JZ_OK;
}

enum jz_status jz_net_send(struct jz_net *net, uint64_t session, const uint8_t *bytes, size_t count,
                           enum jz_send_class cls) {
    if (count == 0 || count > JZ_NET_SEND_BYTES_MAX) return JZ_E_MESSAGE_SIZE;
    if (!ready_connection(net, session)) return JZ_E_LINK;
    struct jz_blob *blob = jz_blob_make(bytes, count);
    if (!blob) return JZ_E_FULL;
    enum jz_status status = jz_net_send_blob(net, session, blob, cls);
    jz_blob_release(blob);
    return status;
}

void jz_net_ack(struct jz_net *net, uint64_t session, uint8_t lane, uint64_t seq) {
    struct connection *c = ready_connection(net, session);
    assert(lane < JZ_LANE_COUNT);
    if (!c || seq <= c->ack[lane]) return;
    c->ack[lane] = seq;
    if (c->ack_listed) return;
    if (net->ack_due_count == net->limits.connections_max) { /* slots that changed hands within this round */
        lws_callback_on_writable(c->wsi);
        return;
    }
    c->ack_listed = true;
    net->ack_due[net->ack_due_count++] = (uint32_t)(c - net->connection);
}

void jz_net_error(struct jz_net *net, uint64_t session, enum jz_status status, enum jz_frame_kind kind,
                  uint8_t lane, uint64_t seq) {
    struct connection *c = ready_connection(net, session);
    if (c)
        session_refuse(c,
                       &(struct refusal){.status = status, .kind = (uint32_t)kind, .lane = lane, .seq = seq});
}

void jz_net_close_session(struct jz_net *net, uint64_t session, enum jz_status why) {
    struct connection *c = ready_connection(net, session);
    if (c) session_close(c, why);
}

/* --- sessions and figures ----------------------------------------------------------------------------------- */

const struct jz_session_info *jz_net_session(const struct jz_net *net, uint64_t session) {
    const struct connection *c = ready_connection(net, session);
    return c ? &c->info : NULL;
}

size_t jz_net_room(const struct jz_net *net, uint64_t session) {
    const struct connection *c = ready_connection(net, session);
    return c && !c->lagging ? queue_room(&c->queue) : 0;
}

void jz_net_want_drained(struct jz_net *net, uint64_t session) {
    struct connection *c = ready_connection(net, session);
    if (!c) return;
    c->wants_drained = true;
    lws_callback_on_writable(c->wsi);
}

bool jz_net_lagging(const struct jz_net *net, uint64_t session) {
    const struct connection *c = ready_connection(net, session);
    return c && c->lagging;
}

size_t jz_net_waiting(const struct jz_net *net, uint64_t session) {
    const struct connection *c = ready_connection(net, session);
    return c ? c->queue.bytes : 0;
}

uint64_t jz_net_each(const struct jz_net *net, enum jz_side side, uint32_t *cursor) {
    if (net->stats.sessions[side] == 0) return JZ_NET_NONE;
    while (*cursor < net->high_water) {
        const struct connection *c = &net->connection[(*cursor)++];
        if (c->stage == STAGE_READY && !c->closing && c->info.side == side) return net_handle(c);
    }
    return JZ_NET_NONE;
}

uint64_t jz_net_device(const struct jz_net *net, const uint8_t peer[16]) {
    const struct connection *c = NULL;
    while ((c = net_next_of_peer(net, JZ_SIDE_DEVICE, peer, c)))
        if (c->stage == STAGE_READY) return net_handle(c);
    return JZ_NET_NONE;
}

void jz_net_pause(struct jz_net *net, bool pause) {
    if (net->paused == pause) return;
    net->paused = pause;
    jz_log(pause ? JZ_LOG_PAUSED : JZ_LOG_RESUMED, NULL);
    apply_all_pauses(net);
}

void jz_net_stats(const struct jz_net *net, struct jz_net_stats *out) {
    *out = net->stats;
    out->connections = net->connection_count;
}

uint64_t jz_net_refusals(const struct jz_net *net, enum jz_status status) {
    return (uint32_t)status < NET_STATUS_MAX ? net->refusals[status] : 0;
}
