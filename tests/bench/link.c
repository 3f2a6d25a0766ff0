/* SPDX-License-Identifier: Apache-2.0 */
#include "link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "jingzhu/codec.h"
#include "measure.h"

static void fail(struct link *link, const char *why) {
    if (link->stage == LINK_FAILED) return;
    link->stage = LINK_FAILED;
    link->why = why;
}

SSL_CTX *link_tls(const char *ca) {
    static const unsigned char http11[] = "\x08http/1.1";
    SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
    if (tls && SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION) && SSL_CTX_load_verify_file(tls, ca) &&
        SSL_CTX_set_alpn_protos(tls, http11, sizeof http11 - 1) == 0) {
        SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, NULL);
        SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
        SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS);
        SSL_CTX_set_read_ahead(tls,
                               1); /* one read() a record instead of two: the client must not be the limit */
        return tls;
    }
    SSL_CTX_free(tls);
    return NULL;
}

/* --- epoll and TLS ------------------------------------------------------------------------------------ */

static void want(struct link_net *net, struct link *link, uint32_t interest) {
    struct epoll_event event = {.events = interest, .data.ptr = link};
    if (interest == link->interest) return;
    if (epoll_ctl(net->epoll, link->interest ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, link->fd, &event) != 0)
        fail(link, "epoll refused the socket");
    link->interest = interest;
}

/* @return true: try again when the socket is ready. */
static bool must_wait(struct link_net *net, struct link *link, int result, const char *why) {
    int error = SSL_get_error(link->ssl, result);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
        want(net, link, error == SSL_ERROR_WANT_WRITE ? EPOLLIN | EPOLLOUT : EPOLLIN);
        return true;
    }
    fail(link, error == SSL_ERROR_ZERO_RETURN ? "the server closed the connection" : why);
    return false;
}

static void flush(struct link_net *net, struct link *link) {
    if (link->out_bytes == 0) return;
    int sent = SSL_write(link->ssl, link->out, (int)link->out_bytes);
    if (sent > 0) {
        link->out_bytes = 0;
        want(net, link, EPOLLIN);
        return;
    }
    must_wait(net, link, sent, "writing failed");
}

/* --- messages out ------------------------------------------------------------------------------------- */

static uint32_t next_mask(struct link_net *net) {
    uint64_t x = net->mask_state;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    net->mask_state = x;
    return (uint32_t)(x >> 32);
}

static void send_message(struct link_net *net, struct link *link, enum ws_opcode opcode,
                         const uint8_t *payload, size_t bytes) {
    link->out_bytes = ws_write(opcode, payload, bytes, next_mask(net), link->out, sizeof link->out);
    if (link->out_bytes == 0) fail(link, "message longer than a link sends");
    flush(net, link);
}

size_t link_send(struct link_net *net, struct link *link, const struct jz_frame *frame) {
    uint8_t payload[LINK_OUT_BYTES_MAX];
    size_t bytes;
    if (jz_frame_encode(frame, payload, sizeof payload, &bytes) != JZ_OK) {
        fail(link, "a frame cannot be encoded");
        return 0;
    }
    send_message(net, link, WS_BINARY, payload, bytes);
    return bytes;
}

bool link_idle(const struct link *link) {
    return link->out_bytes == 0;
}

/* --- messages in -------------------------------------------------------------------------------------- */

static void take_frame(struct link_net *net, struct link *link, const struct jz_frame *frame) {
    if (frame->kind == JZ_FRAME_WELCOME && link->stage == LINK_HELLO) link->stage = LINK_READY;
    net->on_frame(net->context, link, frame);
}

static void take_message(struct link_net *net, struct link *link, const uint8_t *data, size_t bytes) {
    struct jz_scan scan;
    struct jz_frame frame;
    if (jz_message_scan(data, bytes, &scan) != JZ_OK) fail(link, "the server sent a message that is no CBOR");
    for (uint32_t i = 0; i < scan.count && link->stage != LINK_FAILED; i++) {
        const struct jz_slice *slice = &scan.frame[i];
        if (jz_frame_decode(data + slice->offset, slice->bytes, &frame, NULL) == JZ_OK)
            take_frame(net, link, &frame);
        else
            fail(link, "the server sent a frame that cannot be decoded");
    }
}

static void take_ws(struct link_net *net, struct link *link, const struct ws_frame *frame) {
    if (frame->opcode == WS_BINARY)
        take_message(net, link, frame->payload, frame->bytes);
    else if (frame->opcode == WS_CLOSE)
        fail(link, "the server closed the WebSocket");
    else if (frame->opcode == WS_PING && link_idle(link))
        send_message(net, link, WS_PONG, frame->payload, frame->bytes);
}

static void say_hello(struct link_net *net, struct link *link) {
    struct jz_frame hello = {.kind = JZ_FRAME_HELLO,
                             .at_ms = measure_utc_ms(),
                             .hello = {.version = 1, .epoch = net->epoch, .software = {"jingzhu-bench", 13}}};
    link->stage = LINK_HELLO;
    link_send(net, link, &hello);
}

/* @return bytes used up, 0: more are needed, or the link has failed. */
static size_t take_one(struct link_net *net, struct link *link, const uint8_t *data, size_t bytes) {
    struct ws_frame frame;
    size_t used = 0;
    bool upgrade = link->stage == LINK_UPGRADE;
    enum ws_result result =
        upgrade ? ws_answer((const char *)data, bytes, &used) : ws_read(data, bytes, &frame, &used);
    if (result == WS_BAD)
        fail(link, upgrade ? "the server refused the upgrade" : "the server broke WebSocket framing");
    if (result != WS_DONE) return 0;
    if (upgrade)
        say_hello(net, link);
    else
        take_ws(net, link, &frame);
    return used;
}

static void take_all(struct link_net *net, struct link *link) {
    size_t at = 0;
    while (at < link->in_bytes && link->stage != LINK_FAILED) {
        size_t used = take_one(net, link, link->in + at, link->in_bytes - at);
        if (used == 0) break;
        at += used;
    }
    memmove(link->in, link->in + at, link->in_bytes - at);
    link->in_bytes -= at;
}

/* Level-triggered: what is not read now wakes us again, so an empty read() is never needed to be sure. */
static void receive(struct link_net *net, struct link *link) {
    do {
        int got = SSL_read(link->ssl, link->in + link->in_bytes, (int)(sizeof link->in - link->in_bytes));
        if (got <= 0) {
            if (must_wait(net, link, got, "reading failed") && link->out_bytes)
                want(net, link, EPOLLIN | EPOLLOUT);
            return;
        }
        link->in_bytes += (size_t)got;
        take_all(net, link);
    } while (link->stage != LINK_FAILED && SSL_has_pending(link->ssl));
}

/* --- life --------------------------------------------------------------------------------------------- */

static int connect_socket(uint16_t port) {
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0 &&
        (connect(fd, (struct sockaddr *)&to, sizeof to) == 0 || errno == EINPROGRESS))
        return fd;
    close(fd);
    return -1;
}

static SSL *make_ssl(SSL_CTX *tls, int fd, X509 *certificate, EVP_PKEY *key) {
    SSL *ssl = SSL_new(tls);
    if (ssl && SSL_set_fd(ssl, fd) && SSL_set1_host(ssl, "localhost") &&
        SSL_set_tlsext_host_name(ssl, "localhost") && SSL_use_certificate(ssl, certificate) &&
        SSL_use_PrivateKey(ssl, key))
        return ssl;
    SSL_free(ssl);
    return NULL;
}

void link_open(struct link_net *net, struct link *link, X509 *certificate, EVP_PKEY *key) {
    memset(link, 0, sizeof *link);
    link->fd = connect_socket(net->port);
    link->ssl = link->fd >= 0 ? make_ssl(net->tls, link->fd, certificate, key) : NULL;
    link->stage = LINK_HANDSHAKE;
    if (!link->ssl) fail(link, "no socket or no TLS for one more connection: raise `ulimit -n`");
    if (link->ssl) want(net, link, EPOLLIN | EPOLLOUT);
}

static void handshake(struct link_net *net, struct link *link) {
    char request[LINK_OUT_BYTES_MAX];
    int result = SSL_connect(link->ssl);
    if (result != 1) {
        must_wait(net, link, result, "TLS handshake failed");
        return;
    }
    link->stage = LINK_UPGRADE;
    link->out_bytes = ws_request("/device", "jingzhu.device.v1", request, sizeof request);
    memcpy(link->out, request, link->out_bytes);
    flush(net, link);
}

void link_service(struct link_net *net, struct link *link) {
    if (link->stage == LINK_FAILED || link->stage == LINK_CLOSED) return;
    if (link->stage == LINK_HANDSHAKE) {
        handshake(net, link);
        return;
    }
    flush(net, link);
    if (link->stage != LINK_FAILED) receive(net, link);
}

void link_close(struct link *link) {
    if (link->ssl) SSL_free(link->ssl);
    if (link->fd >= 0 && link->stage != LINK_CLOSED) close(link->fd);
    memset(link, 0, sizeof *link);
}
