/* SPDX-License-Identifier: Apache-2.0 */
/* The shell: libwebsockets callbacks, clocks and randomness around outbox.c and link.c. It decides nothing.
 *
 * The TLS context is our own and not made by libwebsockets 4.1.6, which can neither require TLS 1.3 nor check an
 * address (rather than a name) in the server's certificate. */
#include <arpa/inet.h>
#include <assert.h>
#include <libwebsockets.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "jingzhu/codec.h"
#include "jingzhu/device.h"
#include "link.h"
#include "outbox.h"

struct jz_device {
    struct jz_device_config config;
    struct lws_context *context;
    struct lws *wsi;
    SSL_CTX *tls;
    lws_sorted_usec_list_t wake;
    enum jz_status fault;
    bool closing, end_link, rx_over;
    uint32_t rx_bytes;
    struct jz_link link;
    struct jz_outbox outbox;
    uint64_t lost_told;
    uint8_t rx[JZ_MESSAGE_BYTES_MAX];
    uint8_t frame[JZ_MESSAGE_BYTES_MAX];
    uint8_t tx[LWS_PRE + JZ_MESSAGE_BYTES_MAX];
};
static_assert(sizeof(struct jz_device) < 65536, "the SDK's memory goal (64 KiB)");

static int64_t clock_ms(clockid_t which) {
    struct timespec now;
    clock_gettime(which, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
static int64_t mono_ms(void) {
    return clock_ms(CLOCK_MONOTONIC);
}
static int64_t utc_ms(void) {
    return clock_ms(CLOCK_REALTIME);
}

static void notify(struct jz_device *device, const struct jz_notice *notice) {
    if (device->config.notify && !device->closing) device->config.notify(device->config.context, notice);
}

static void stop_with(struct jz_device *device, enum jz_status fault) {
    if (device->fault != JZ_OK) return;
    device->fault = fault;
    device->end_link = true;
    notify(device, &(struct jz_notice){.kind = JZ_NOTICE_FAULT, .status = fault});
}

/* In the shape of a refusal for good, which it is in effect: the report will not arrive. */
static void tell_lost(struct jz_device *device) {
    char words[64];
    uint64_t count = device->outbox.lost - device->lost_told;
    if (count == 0) return;
    device->lost_told = device->outbox.lost;
    int bytes = snprintf(words, sizeof words, "outbox damaged: %llu lost", (unsigned long long)count);
    struct jz_frame frame = {.kind = JZ_FRAME_ERROR, .at_ms = utc_ms()};
    frame.error.status = JZ_E_STORE_IO;
    frame.error.text = (struct jz_text){words, (uint32_t)bytes};
    notify(device, &(struct jz_notice){
                       .kind = JZ_NOTICE_REFUSED, .status = JZ_E_STORE_IO, .frame = &frame, .dropped = true});
}

static void lanes_committed(const struct jz_outbox *box, uint64_t out[JZ_LANE_COUNT]) {
    for (unsigned i = 0; i < JZ_LANE_COUNT; i++) out[i] = box->lane[i].committed;
}

static void lanes_freed(const struct jz_outbox *box, uint64_t out[JZ_LANE_COUNT]) {
    for (unsigned i = 0; i < JZ_LANE_COUNT; i++) out[i] = box->lane[i].freed;
}

/* --- receiving -------------------------------------------------------------------------------------------- */

static void apply_levels(struct jz_device *device) {
    enum jz_status status = jz_outbox_free(&device->outbox, device->link.freed);
    if (status != JZ_OK) stop_with(device, status);
}

static void take_frame(struct jz_device *device, const uint8_t *bytes, uint32_t count) {
    struct jz_frame frame;
    struct jz_notice notice;
    if (jz_frame_decode(bytes, count, &frame, NULL) != JZ_OK) return; /* a newer server's kind: not for us */
    if (!jz_link_frame(&device->link, &frame, mono_ms(), utc_ms(), &notice)) device->end_link = true;
    apply_levels(device);
    if (notice.kind == JZ_NOTICE_WELCOME) jz_outbox_rewind(&device->outbox, device->link.freed);
    if (notice.kind == JZ_NOTICE_FAULT)
        stop_with(device, notice.status);
    else if (notice.kind != JZ_NOTICE_NONE)
        notify(device, &notice);
}

static void take_message(struct jz_device *device) {
    struct jz_scan scan;
    enum jz_status status = jz_message_scan(device->rx, device->rx_bytes, &scan);
    for (uint32_t i = 0; i < scan.count && !device->end_link; i++)
        take_frame(device, device->rx + scan.frame[i].offset, scan.frame[i].bytes);
    if (status != JZ_OK) device->end_link = true; /* not our protocol: start over */
}

static void take_piece(struct jz_device *device, struct lws *wsi, const void *data, size_t bytes) {
    if (device->rx_over || bytes > sizeof device->rx - device->rx_bytes) {
        device->rx_over = device->end_link = true;
        return;
    }
    memcpy(device->rx + device->rx_bytes, data, bytes);
    device->rx_bytes += (uint32_t)bytes;
    if (lws_remaining_packet_payload(wsi) > 0 || !lws_is_final_fragment(wsi)) return;
    take_message(device);
    device->rx_bytes = 0;
}

/* --- sending ---------------------------------------------------------------------------------------------- */

struct message {
    uint32_t bytes, frames;
};

static void add_control(struct jz_device *device, struct message *message) {
    struct jz_frame frame;
    size_t written = 0;
    if (!jz_link_control(&device->link, mono_ms(), utc_ms(), &frame)) return;
    if (frame.kind == JZ_FRAME_HELLO && device->config.software)
        frame.hello.software =
            (struct jz_text){device->config.software, (uint32_t)strlen(device->config.software)};
    enum jz_status status = jz_frame_encode(&frame, device->tx + LWS_PRE, JZ_MESSAGE_BYTES_MAX, &written);
    if (status != JZ_OK) {
        stop_with(device, status);
        return;
    }
    message->bytes = (uint32_t)written;
    message->frames = 1;
}

/* @return false when the lane has nothing (more) for this message. */
static bool add_stored(struct jz_device *device, uint8_t lane, struct message *message) {
    uint64_t seq;
    uint32_t bytes;
    uint8_t *to = device->tx + LWS_PRE + message->bytes;
    if (message->frames >= JZ_FRAMES_PER_MESSAGE_MAX) return false;
    enum jz_status status =
        jz_outbox_peek(&device->outbox, lane, to, JZ_MESSAGE_BYTES_MAX - message->bytes, &seq, &bytes);
    if (status == JZ_E_STORE_IO) stop_with(device, status);
    if (status != JZ_OK || !jz_link_may_send(&device->link, bytes)) return false;
    jz_outbox_take(&device->outbox, lane);
    jz_link_sent(&device->link, lane, seq, bytes, mono_ms());
    message->bytes += bytes;
    message->frames++;
    notify(device, &(struct jz_notice){.kind = JZ_NOTICE_SENT, .lane = lane, .seq = seq});
    return true;
}

static bool something_waits(const struct jz_device *device) {
    if (!jz_link_may_send(&device->link, 0)) return false;
    for (unsigned i = 0; i < JZ_LANE_COUNT; i++)
        if (device->outbox.lane[i].read < device->outbox.lane[i].committed) return true;
    return false;
}

/* One message: session first, then lanes by urgency. */
static bool write_message(struct jz_device *device, struct lws *wsi) {
    struct message message = {0};
    add_control(device, &message);
    for (uint8_t lane = 0; lane < JZ_LANE_COUNT && device->link.state == JZ_LINK_STREAMING; lane++)
        while (device->fault == JZ_OK && add_stored(device, lane, &message)) {}
    if (message.bytes == 0) return true;
    if (lws_write(wsi, device->tx + LWS_PRE, message.bytes, LWS_WRITE_BINARY) < (int)message.bytes)
        return false;
    if (something_waits(device)) lws_callback_on_writable(wsi);
    return true;
}

/* --- libwebsockets ---------------------------------------------------------------------------------------- */

static void lost(struct jz_device *device, enum jz_status why) {
    device->wsi = NULL;
    device->rx_bytes = 0;
    device->rx_over = device->end_link = false;
    jz_link_lost(&device->link, mono_ms());
    notify(device, &(struct jz_notice){
                       .kind = JZ_NOTICE_DISCONNECTED, .status = why, .retry_ms = device->link.retry_ms});
}

static void opened(struct jz_device *device, struct lws *wsi) {
    jz_link_opened(&device->link, mono_ms());
    notify(device, &(struct jz_notice){.kind = JZ_NOTICE_CONNECTED});
    lws_callback_on_writable(wsi);
}

/* libwebsockets has no status for a refused certificate, only words. */
static enum jz_status connect_error(const char *words, size_t bytes) {
    bool tls = words && (memmem(words, bytes, "SSL", 3) || memmem(words, bytes, "cert", 4) ||
                         memmem(words, bytes, "tls", 3));
    return tls ? JZ_E_TLS : JZ_E_LINK;
}

/* Reasons are a library's enum of a hundred; those not named here are none of ours. */
static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len) {
    struct jz_device *device = wsi ? lws_get_opaque_user_data(wsi) : NULL;
    (void)user;
    if (!device || device->closing) return 0;
    if (reason == LWS_CALLBACK_CLIENT_ESTABLISHED) opened(device, wsi);
    if (reason == LWS_CALLBACK_CLIENT_RECEIVE) {
        take_piece(device, wsi, in, len);
        lws_callback_on_writable(wsi);
    }
    if (reason == LWS_CALLBACK_CLIENT_WRITEABLE && !device->end_link && !write_message(device, wsi))
        return -1;
    if (reason == LWS_CALLBACK_CLIENT_CONNECTION_ERROR) lost(device, connect_error(in, len));
    if (reason == LWS_CALLBACK_CLIENT_CLOSED) lost(device, JZ_E_LINK);
    return device->end_link && device->wsi ? -1 : 0;
}

static const struct lws_protocols protocols[] = {{.name = "jingzhu.device.v1", .callback = on_event}, {0}};
/* A dead radio is noticed by a ping after 10 s of silence and given up at 20 s. */
static const lws_retry_bo_t alive = {.secs_since_valid_ping = 10, .secs_since_valid_hangup = 20};

static void connect_now(struct jz_device *device) {
    struct lws_client_connect_info info = {
        .context = device->context,
        .address = device->config.host,
        .port = device->config.port,
        .ssl_connection = LCCSCF_USE_SSL | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK, /* our context checks it */
        .path = "/device",
        .host = device->config.host,
        .origin = device->config.host,
        .protocol = protocols[0].name,
        .alpn = "http/1.1",
        .opaque_user_data = device,
        .retry_and_idle_policy = &alive,
        .pwsi = &device->wsi,
    };
    if (!lws_client_connect_via_info(&info) && device->link.state == JZ_LINK_CONNECTING)
        lost(device, JZ_E_LINK);
}

static bool expect_host(SSL_CTX *tls, const char *host) {
    X509_VERIFY_PARAM *expected = SSL_CTX_get0_param(tls);
    struct in6_addr address;
    bool is_address = inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1;
    if (is_address) return X509_VERIFY_PARAM_set1_ip_asc(expected, host) == 1;
    X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return X509_VERIFY_PARAM_set1_host(expected, host, 0) == 1;
}

static enum jz_status make_tls(struct jz_device *device) {
    const struct jz_device_config *config = &device->config;
    device->tls = SSL_CTX_new(TLS_client_method());
    if (!device->tls) return JZ_E_MEMORY;
    SSL_CTX_set_verify(device->tls, SSL_VERIFY_PEER, NULL);
    bool ready = SSL_CTX_set_min_proto_version(device->tls, TLS1_3_VERSION) == 1 &&
                 SSL_CTX_load_verify_locations(device->tls, config->ca_path, NULL) == 1 &&
                 SSL_CTX_use_certificate_chain_file(device->tls, config->cert_path) == 1 &&
                 SSL_CTX_use_PrivateKey_file(device->tls, config->key_path, SSL_FILETYPE_PEM) == 1 &&
                 SSL_CTX_check_private_key(device->tls) == 1 && expect_host(device->tls, config->host);
    return ready ? JZ_OK : JZ_E_TLS;
}

static enum jz_status make_context(struct jz_device *device) {
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .protocols = protocols,
        .options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
        .provided_client_ssl_ctx = device->tls,
        .gid = (gid_t)-1,
        .uid = (uid_t)-1,
        .fd_limit_per_thread = 16,
    };
    device->context = lws_create_context(&info);
    return device->context ? JZ_OK : JZ_E_MEMORY;
}

/* --- the public face -------------------------------------------------------------------------------------- */

static bool config_is_whole(const struct jz_device_config *config) {
    return config->host && config->port && config->ca_path && config->cert_path && config->key_path &&
           config->outbox_path;
}

static enum jz_status open_parts(struct jz_device *device) {
    struct {
        uint32_t epoch;
        uint64_t seed;
    } drawn = {0};
    if (getrandom(&drawn, sizeof drawn, 0) != (ssize_t)sizeof drawn) return JZ_E_CONFIG;
    if (drawn.epoch == 0) drawn.epoch = 1;
    enum jz_status status = jz_outbox_open(&device->outbox, device->config.outbox_path, drawn.epoch);
    if (status == JZ_OK) status = make_tls(device);
    if (status == JZ_OK) status = make_context(device);
    if (status != JZ_OK) return status;
    uint64_t freed[JZ_LANE_COUNT], committed[JZ_LANE_COUNT];
    lanes_freed(&device->outbox, freed);
    lanes_committed(&device->outbox, committed);
    jz_link_init(&device->link, device->outbox.epoch, freed, committed, device->config.backoff_permille,
                 drawn.seed);
    return JZ_OK;
}

enum jz_status jz_device_open(const struct jz_device_config *config, struct jz_device **out) {
    *out = NULL;
    if (!config_is_whole(config)) return JZ_E_CONFIG;
    struct jz_device *device = calloc(1, sizeof *device);
    if (!device) return JZ_E_MEMORY;
    device->config = *config;
    device->outbox.fd = -1;
    enum jz_status status = open_parts(device);
    if (status != JZ_OK) {
        jz_device_close(device);
        return status;
    }
    *out = device;
    return JZ_OK;
}

void jz_device_close(struct jz_device *device) {
    if (!device) return;
    device->closing = true;
    if (device->context) {
        lws_sul_cancel(&device->wake);
        lws_context_destroy(device->context);
    }
    SSL_CTX_free(device->tls);
    jz_outbox_close(&device->outbox);
    free(device);
}

enum jz_status jz_device_put(struct jz_device *device, struct jz_frame *frame) {
    bool from_device = frame->kind >= JZ_FRAME_ENCOUNTER_OPEN && frame->kind <= JZ_FRAME_POSITION;
    if (!from_device) return JZ_E_DIRECTION;
    if (frame->lane >= JZ_LANE_COUNT) return JZ_E_VALUE;
    size_t bytes = 0;
    frame->seq = jz_outbox_next_seq(&device->outbox, frame->lane);
    enum jz_status status = jz_frame_encode(frame, device->frame, sizeof device->frame, &bytes);
    if (status != JZ_OK) return status;
    return jz_outbox_stage(&device->outbox, frame->lane, device->frame, (uint32_t)bytes);
}

enum jz_status jz_device_commit(struct jz_device *device, const void *note, uint32_t bytes) {
    if (bytes > JZ_DEVICE_NOTE_BYTES_MAX) {
        jz_device_abort(device);
        return JZ_E_BUFFER;
    }
    enum jz_status status = jz_outbox_commit(&device->outbox, note, bytes);
    if (status != JZ_OK) return status;
    uint64_t committed[JZ_LANE_COUNT];
    lanes_committed(&device->outbox, committed);
    jz_link_committed(&device->link, committed);
    if (device->wsi && device->link.state == JZ_LINK_STREAMING) lws_callback_on_writable(device->wsi);
    return JZ_OK;
}

void jz_device_abort(struct jz_device *device) {
    jz_outbox_abort(&device->outbox);
}

uint32_t jz_device_note(const struct jz_device *device, uint8_t note[JZ_DEVICE_NOTE_BYTES_MAX]) {
    memcpy(note, device->outbox.note, device->outbox.note_bytes);
    return device->outbox.note_bytes;
}

uint64_t jz_device_pending(const struct jz_device *device) {
    return jz_outbox_pending(&device->outbox);
}
uint64_t jz_device_quarantined(const struct jz_device *device) {
    return device->link.quarantined + device->outbox.lost;
}

static void on_wake(lws_sorted_usec_list_t *wake) {
    (void)wake;
} /* being woken is all */

static void sleep_until(struct jz_device *device, int64_t now_ms, uint32_t timeout_ms) {
    int64_t left = jz_link_deadline(&device->link) - now_ms;
    if (left > (int64_t)timeout_ms) left = timeout_ms;
    if (left < 1) left = 1;
    lws_sul_schedule(device->context, 0, &device->wake, on_wake, left * LWS_US_PER_MS);
}

enum jz_status jz_device_service(struct jz_device *device, uint32_t timeout_ms) {
    if (device->fault != JZ_OK && !device->wsi) return device->fault;
    tell_lost(device);
    int64_t now = mono_ms();
    if (jz_link_connect_due(&device->link, now)) connect_now(device);
    if (jz_link_overdue(&device->link, now)) device->end_link = true;
    if (device->end_link && device->wsi)
        lws_set_timeout(device->wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
    else if (device->wsi && jz_link_deadline(&device->link) <= now)
        lws_callback_on_writable(device->wsi);
    sleep_until(device, now, timeout_ms);
    if (lws_service(device->context, 0) < 0) stop_with(device, JZ_E_LINK);
    return device->wsi ? JZ_OK : device->fault;
}
