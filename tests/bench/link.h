/* SPDX-License-Identifier: Apache-2.0 */
/** @file link.h  One simulated device's connection: TCP, TLS 1.3, WebSocket, hello; then frames both ways.
 *
 *  Story    Non-blocking, on the owner's epoll. The owner calls link_service when the descriptor is ready;
 *           the link calls back for each frame from the server. At most one message waits to be written: a
 *           device that must wait for the socket sends nothing new meanwhile.
 *  Threads  One. */
#ifndef JZ_BENCH_LINK_H
#define JZ_BENCH_LINK_H
#include <openssl/types.h>
#include <stdbool.h>
#include <stdint.h>

#include "jingzhu/frame.h"
#include "ws.h"

#define LINK_OUT_BYTES_MAX 512u
#define LINK_IN_BYTES_MAX (WS_PAYLOAD_BYTES_MAX + 96u)

enum link_stage { LINK_CLOSED, LINK_HANDSHAKE, LINK_UPGRADE, LINK_HELLO, LINK_READY, LINK_FAILED };

struct link {
    int fd;
    SSL *ssl;
    enum link_stage stage;
    uint32_t interest; /**< epoll events asked for */
    const char *why;   /**< static text once FAILED */
    size_t out_bytes, in_bytes;
    uint8_t out[LINK_OUT_BYTES_MAX], in[LINK_IN_BYTES_MAX];
};

/** What all links of a run share. Filled by the owner. */
struct link_net {
    int epoll;
    SSL_CTX *tls;
    uint16_t port; /**< on 127.0.0.1 */
    uint32_t epoch;
    uint64_t mask_state; /**< for masking keys; not 0 */
    void *context;
    /** A frame from the server, from welcome on; borrowed for the call. */
    void (*on_frame)(void *context, struct link *link, const struct jz_frame *frame);
};

/** Client TLS 1.3 that trusts only `ca`. @return NULL: refused; OpenSSL's error queue says why. */
SSL_CTX *link_tls(const char *ca);

/** Starts connecting. Failure shows as stage LINK_FAILED, here and everywhere below. */
void link_open(struct link_net *net, struct link *link, X509 *certificate, EVP_PKEY *key);
/** Does what the descriptor is ready for. */
void link_service(struct link_net *net, struct link *link);
/** True when nothing waits to be written. */
bool link_idle(const struct link *link);
/** Sends one frame as one message; only on a link that is READY and idle.
 *  @return message bytes (before TLS and framing), 0: failed. */
size_t link_send(struct link_net *net, struct link *link, const struct jz_frame *frame);
void link_close(struct link *link);

#endif /* JZ_BENCH_LINK_H */
