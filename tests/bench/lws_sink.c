/* SPDX-License-Identifier: Apache-2.0 */
/* The yardstick: what libwebsockets alone does on its best loop (libev). It takes the same messages over
 * the same mutual TLS 1.3 as jingzhud and acknowledges them at once; it decodes, checks and stores nothing.
 *
 *   lws_sink CERT KEY DEVICE_CA [each|latest]
 *
 * each (default): one ack a message. latest: one ack for all messages that came before the socket was
 * writable, which a batch gives jingzhud for free, so it is the harder yardstick.
 * Prints {"event":"ready","device_port":N}; SIGTERM ends it. */
#include <ev.h>
#include <libwebsockets.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "jingzhu/codec.h"

#define RX_BYTES 256u /* what jingzhud takes: smallest memory per connection that holds one vitals message */
#define OUT_BYTES_MAX 256u
#define KIND_HELLO 1u

struct peer {
    bool welcome; /* owed */
    /* Sequences rise by one, as the load's do: what is owed lies between these two. */
    uint64_t told[JZ_LANE_COUNT], got[JZ_LANE_COUNT];
};

static bool ack_each = true;

/* One unsigned CBOR integer. @return 0 at the end of the bytes or for anything else. */
static uint64_t peek_uint(const uint8_t **at, const uint8_t *end) {
    static const uint8_t width[] = {1, 2, 4, 8};
    if (*at == end) return 0;
    uint8_t head = *(*at)++;
    if (head < 24) return head;
    if (head > 27 || end - *at < width[head - 24]) return 0;
    uint64_t value = 0;
    for (int i = 0; i < width[head - 24]; i++) value = value << 8 | *(*at)++;
    return value;
}

/* A frame starts {0: kind, 1: lane, 2: seq, ...}; that is all a sink looks at. */
static void receive(struct peer *peer, const uint8_t *data, size_t bytes) {
    const uint8_t *at = data + 1, *end = data + bytes;
    uint64_t value[6] = {0};
    if (bytes < 6) return;
    for (int i = 0; i < 6; i++) value[i] = peek_uint(&at, end);
    if (value[1] == KIND_HELLO)
        peer->welcome = true;
    else if (value[3] < JZ_LANE_COUNT)
        peer->got[value[3]] = value[5];
}

static bool owes(const struct peer *peer) {
    return memcmp(peer->told, peer->got, sizeof peer->told) != 0;
}

static void next_ack(struct peer *peer, struct jz_ack *ack) {
    for (uint32_t lane = 0; lane < JZ_LANE_COUNT; lane++) {
        if (peer->told[lane] == peer->got[lane]) continue;
        peer->told[lane] = ack_each ? peer->told[lane] + 1 : peer->got[lane];
        ack->seq[lane] = peer->told[lane];
        return;
    }
}

static enum jz_status next_answer(struct peer *peer, uint8_t *out, size_t *bytes) {
    struct jz_frame frame = {.kind = JZ_FRAME_ACK, .ack = {.level = 1}};
    if (peer->welcome)
        frame = (struct jz_frame){.kind = JZ_FRAME_WELCOME, .welcome = {.version = 1, .ack_level = 1}};
    if (!peer->welcome) next_ack(peer, &frame.ack);
    peer->welcome = false;
    return jz_frame_encode(&frame, out, OUT_BYTES_MAX, bytes);
}

static int answer(struct lws *wsi, struct peer *peer) {
    uint8_t out[LWS_PRE + OUT_BYTES_MAX];
    size_t bytes;
    if (!peer->welcome && !owes(peer)) return 0;
    if (next_answer(peer, out + LWS_PRE, &bytes) != JZ_OK) return -1;
    if (owes(peer)) lws_callback_on_writable(wsi);
    return lws_write(wsi, out + LWS_PRE, bytes, LWS_WRITE_BINARY) < (int)bytes ? -1 : 0;
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t bytes) {
    struct peer *peer = user;
    /* libwebsockets takes any certificate unless told otherwise here; `bytes` is OpenSSL's own verdict. */
    if (reason == LWS_CALLBACK_OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION) return bytes == 0;
    if (reason == LWS_CALLBACK_RECEIVE) {
        receive(peer, in, bytes);
        lws_callback_on_writable(wsi);
        return 0;
    }
    return reason == LWS_CALLBACK_SERVER_WRITEABLE ? answer(wsi, peer) : 0;
}

static const struct lws_protocols protocols[] = {{.name = "jingzhu.device.v1",
                                                  .callback = on_event,
                                                  .per_session_data_size = sizeof(struct peer),
                                                  .rx_buffer_size = RX_BYTES},
                                                 {0}};

static void on_stop(struct ev_loop *loop, struct ev_signal *signal, int events) {
    (void)signal;
    (void)events;
    ev_break(loop, EVBREAK_ALL);
}

static struct lws_context *make_context(struct ev_loop *loop) {
    void *loops[] = {loop};
    struct lws_context_creation_info info = {.options = LWS_SERVER_OPTION_LIBEV |
                                                        LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
                                                        LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
                                             .foreign_loops = loops};
    return lws_create_context(&info);
}

static struct lws_vhost *make_vhost(struct lws_context *context, char **file) {
    struct lws_context_creation_info info = {
        .port = 0,
        .iface = "127.0.0.1",
        .vhost_name = "device",
        .protocols = protocols,
        .ssl_cert_filepath = file[0],
        .ssl_private_key_filepath = file[1],
        .ssl_ca_filepath = file[2],
        .ssl_options_set = SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_TLSv1_2,
        .alpn = "http/1.1",
        .options = LWS_SERVER_OPTION_REQUIRE_VALID_OPENSSL_CLIENT_CERT | LWS_SERVER_OPTION_DISABLE_IPV6};
    return lws_create_vhost(context, &info);
}

static void serve(struct ev_loop *loop, int port) {
    struct ev_signal term;
    ev_signal_init(&term, on_stop, SIGTERM);
    ev_signal_start(loop, &term);
    printf("{\"event\":\"ready\",\"device_port\":%d}\n", port);
    fflush(stdout);
    ev_run(loop, 0);
    ev_signal_stop(loop, &term);
}

int main(int argc, char **argv) {
    if (argc < 4 || argc > 5 ||
        (argc == 5 && strcmp(argv[4], "each") != 0 && strcmp(argv[4], "latest") != 0)) {
        fprintf(stderr, "usage: lws_sink CERT KEY DEVICE_CA [each|latest]\n");
        return 64;
    }
    ack_each = argc == 4 || strcmp(argv[4], "each") == 0;
    lws_set_log_level(LLL_ERR, NULL);
    signal(SIGPIPE, SIG_IGN);
    struct ev_loop *loop = ev_loop_new(EVFLAG_AUTO);
    struct lws_context *context = loop ? make_context(loop) : NULL;
    struct lws_vhost *vhost = context ? make_vhost(context, argv + 1) : NULL;
    if (vhost) serve(loop, lws_get_vhost_listen_port(vhost));
    if (context) lws_context_destroy(context);
    if (vhost) ev_run(loop, EVRUN_NOWAIT); /* lws closes its handles on the loop */
    if (loop) ev_loop_destroy(loop);
    return vhost ? 0 : 70;
}
