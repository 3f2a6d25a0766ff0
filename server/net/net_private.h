/* SPDX-License-Identifier: Apache-2.0 */
/** @file net_private.h  What the files of net share. Nobody else includes it. */
#ifndef JZ_NET_PRIVATE_H
#define JZ_NET_PRIVATE_H
#include <ev.h>
#include <libwebsockets.h>

#include "assets.h"
#include "certificate.h"
#include "clock.h"
#include "event_log.h"
#include "hasher.h"
#include "jingzhu/codec.h"
#include "login.h"
#include "net.h"
#include "queue.h"
#include "users.h"

#define NET_STATUS_MAX 1000u       /**< status numbers are below this */
#define NET_REFUSALS_MAX 80u       /**< errors that wait for one peer; one message can make 65 */
#define NET_REFUSALS_PAUSE 8u      /**< from here on the peer is not read until it has taken some */
#define NET_CONTROL_BYTES 16384u   /**< one message of acks and errors */
#define NET_ERROR_FRAME_BYTES 256u /**< an error frame is shorter: 13 keys, text of at most 100 bytes */
#define NET_CLOSE_MS 5000          /**< from the decision to close until it is forced */
#define NET_RESPONSE_MS 30000      /**< without progress of an HTTP answer */
#define NET_RECHECK_MS 60000       /**< a log-in, a certificate's dates: looked at this often */
#define NET_CHUNK_BYTES 16384u     /**< of a static file, per write */
#define NET_SPARE_BUFFERS 32u      /**< message buffers kept for reuse */
#define NET_BODY_BYTES_MAX 1024u   /**< of an HTTP request */
#define NET_HOST_BYTES_MAX 256u
#define NET_COOKIE_BYTES_MAX 2048u

enum stage {
    STAGE_FREE,
    STAGE_HTTP,  /**< TLS handshake, request, answer */
    STAGE_OPEN,  /**< WebSocket, hello is awaited */
    STAGE_READY, /**< the owner knows it */
};

/** Why a socket is not read. */
enum pause_reason { PAUSE_RATE = 1, PAUSE_REFUSALS = 2 };

struct refusal {
    enum jz_status status;
    uint32_t kind, offset;
    uint64_t seq; /**< 0: none */
    uint8_t lane;
    bool has_offset;
};

/** One HTTP request and its answer; a connection serves one. */
struct exchange {
    uint8_t *head; /**< LWS_PRE, then status line and headers (and a short body) */
    size_t head_bytes;
    const uint8_t *body; /**< borrowed static file; NULL: none */
    size_t body_bytes, sent;
    char in[NET_BODY_BYTES_MAX + 1];
    size_t in_bytes, in_expected;
    struct hash_job *job; /**< under way; the hasher's */
};

struct connection {
    struct lws *wsi;
    struct jz_net *net;
    struct jz_session_info info;
    enum stage stage;
    uint32_t slot, generation, next_same_hash;
    bool indexed, closing, reading, receiving, lagging, wants_drained, skipping, revoked;
    bool heard, ping_due, ack_listed; /**< heard: something came since the last sweep */
    uint32_t quiet_s;                 /**< sweeps since anything was heard */
    uint8_t pauses;
    enum jz_status why; /**< of closing */
    int64_t deadline_ms, progress_ms, recheck_ms;
    int64_t tokens, tokens_ms; /**< thousandths of a message */
    uint64_t last_seq[JZ_LANE_COUNT], ack[JZ_LANE_COUNT];
    struct queue queue;
    struct refusal *refusal;
    uint32_t refusal_count;
    uint8_t *message; /**< a message that arrives in pieces, JZ_MESSAGE_BYTES_MAX long */
    uint32_t message_bytes;
    uint64_t login;            /**< console: session it was opened with */
    struct exchange *exchange; /**< STAGE_HTTP */
};

struct jz_net {
    struct lws_context *context;
    struct lws_vhost *vhost[JZ_SIDE_COUNT];
    struct ev_loop *loop;
    const struct jz_hooks *hooks;
    struct jz_net_events events;
    struct jz_net_limits limits;
    bool simulation, paused, received;
    uint32_t *ack_due, ack_due_count; /**< connections with acks to write at the end of this round */
    bool deferred;                    /**< a connection waits for the end of the round to be paused */
    bool has_tls[JZ_SIDE_COUNT];      /**< a listener without it must not be */
    uint8_t ack_level;
    int port[JZ_SIDE_COUNT];
    char *listen, *cert, *key, *device_ca, *data_dir, *users_file, *revoked_file;

    struct connection *connection;
    uint32_t *bucket; /**< heads of hash chains by peer id; slot + 1 */
    uint32_t bucket_count, high_water, connection_count;
    uint8_t *spare[NET_SPARE_BUFFERS];
    uint32_t spare_count;

    ev_prepare round;
    ev_timer sweep, tick;

    struct jz_users *users;
    struct jz_revoked *revoked;
    struct login login;
    struct hasher *hasher;
    struct assets assets;
    struct jz_net_stats stats;
    uint64_t refusals[NET_STATUS_MAX];
    uint8_t control[LWS_PRE + NET_CONTROL_BYTES];
};

/* net.c */
uint64_t net_handle(const struct connection *c);
/** NULL: dead. */
struct connection *net_connection(const struct jz_net *net, uint64_t handle);
const char *net_side_name(enum jz_side side);
void net_index(struct connection *c);
/** Live WebSocket connections of a peer, walked by the caller: start with NULL. */
struct connection *net_next_of_peer(const struct jz_net *net, enum jz_side side, const uint8_t peer[16],
                                    const struct connection *after);
void net_free_exchange(struct connection *c);

/* tls.c */
/** Certificate, key and authority can be used; the log names the one that cannot. */
JZ_MUST_CHECK enum jz_status tls_check_files(const struct jz_net *net);
/** Settings that the library does not make by itself. @return not 0: refused. */
int tls_configure(struct jz_net *net, enum jz_side side, SSL_CTX *tls);
/** The device at the other end, checked anew (a resumed session skips verification). */
JZ_MUST_CHECK enum jz_status tls_device(const struct jz_net *net, struct lws *wsi, uint8_t uuid[16]);

/* session.c */
int session_established(struct connection *c);
int session_received(struct connection *c, const uint8_t *data, size_t bytes);
int session_writable(struct connection *c);
/** Writes the acks that wait, at once: a round trip through the writable callback costs as much as the message. */
void session_write_acks(struct connection *c);
void session_ended(struct connection *c);
void session_refuse(struct connection *c, const struct refusal *refusal);
void session_close(struct connection *c, enum jz_status why);
void session_apply_pauses(struct connection *c);
void session_refill(struct connection *c, int64_t now_ms);
/** Time-outs of one WebSocket connection. */
void session_sweep(struct connection *c, int64_t now_ms);

/* http.c */
int http_upgrade(struct connection *c);
int http_request(struct connection *c, const char *path, size_t bytes);
int http_body(struct connection *c, const char *data, size_t bytes);
int http_body_complete(struct connection *c);
int http_writable(struct connection *c);
void http_login_checked(void *net, struct hash_job *job);
/** @param body  Copied. @return for lws. */
int http_answer(struct connection *c, int code, const char *extra, const char *type, const char *body,
                size_t bytes);

/* metrics.c */
int metrics_answer(struct connection *c);

#endif /* JZ_NET_PRIVATE_H */
