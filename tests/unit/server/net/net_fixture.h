/* SPDX-License-Identifier: Apache-2.0 */
/** @file net_fixture.h  A real server on loopback with an owner that only records, and a client of raw TLS.
 *
 *  Everything runs on one thread: a client's wait turns the server's loop until what it waits for has come. Keys and
 *  certificates are made anew for each program. */
#ifndef NET_FIXTURE_H
#define NET_FIXTURE_H
#include <ev.h>
#include <openssl/ssl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "event_log.h"
#include "jingzhu/codec.h"
#include "net.h"

#define WAIT_MS 10000
#define RECORDS_MAX 512

/** What the recording owner saw. */
struct seen {
    uint32_t frames, hellos, ready, closed, drained, rounds;
    uint64_t session[RECORDS_MAX], seq[RECORDS_MAX]; /**< of frames */
    enum jz_frame_kind kind[RECORDS_MAX];
    uint64_t last_ready, last_closed;
    struct jz_session_info info;               /**< of the last hello */
    uint64_t resume[JZ_LANE_COUNT];            /**< what hello answers */
    enum jz_status hello_status, frame_status; /**< what the owner answers */
    bool healthy;
    enum jz_status activate_status; /**< what the owner answers */
    uint32_t activations;
    char activated_by[32];
};

struct server {
    struct ev_loop *loop;
    struct jz_net *net;
    struct jz_net_events events;
    struct seen seen;
    int64_t shift_ms;     /**< added to the monotonic clock: time passes at will */
    int64_t utc_shift_ms; /**< how far the wall clock is ahead */
    char folder[64];
    char log[64][JZ_LOG_LINE_BYTES_MAX];
    uint32_t log_count;
};

/** Certificates a client can show. */
enum identity {
    ID_NONE,
    ID_ALICE,
    ID_BOB,
    ID_REVOKED,
    ID_STRANGER,   /**< signed by an unknown authority */
    ID_NO_URI,     /**< no subjectAltName */
    ID_BAD_UUID,   /**< urn:device:not-a-uuid */
    ID_TWO_URIS,   /**< two device URIs */
    ID_SERVER_USE, /**< extended key usage serverAuth only */
    ID_NO_USE,     /**< no extended key usage */
    ID_EXPIRED,
    ID_COUNT
};
extern const uint8_t alice_uuid[16], bob_uuid[16];
/** The certificate itself, for unit tests. Borrowed. */
X509 *identity_certificate(enum identity id);

struct client {
    struct server *server;
    SSL_CTX *context;
    SSL *ssl;
    int fd;
    bool ended; /**< the server closed */
    uint8_t in[1 << 20];
    size_t in_bytes;
};
struct client_options {
    enum identity id;
    int tls_max;         /**< 0: TLS 1.3 */
    const char *alpn;    /**< NULL: http/1.1 alone */
    SSL_SESSION *resume; /**< NULL: full handshake */
};
struct message {
    uint8_t opcode;
    uint8_t data[70000];
    size_t bytes;
};

/** Makes keys once for a program. */
int pki_setup(void **state);
int pki_teardown(void **state);
/** A folder with users (wang, li, chen), revoked list, console files. `tune` may change the configuration. */
void server_start(struct server *s, void (*tune)(struct jz_net_config *config));
void server_stop(struct server *s);
void server_path(const struct server *s, const char *name, char *out, size_t capacity);
void write_text(const char *path, const char *text);
/** A folder of tests and all that is in it. */
void remove_tree(const char *folder);
/** One turn of the loop. */
void turn(struct server *s);
/** Turns until the condition holds; fails the test after WAIT_MS. */
#define turn_until(s, condition)                                                                             \
    do {                                                                                                     \
        int64_t end_ = real_ms() + WAIT_MS;                                                                  \
        while (!(condition)) {                                                                               \
            if (real_ms() > end_) fail_msg("waited in vain for %s", #condition);                             \
            turn(s);                                                                                         \
        }                                                                                                    \
    } while (0)
int64_t real_ms(void);
bool log_has(const struct server *s, enum jz_log_event event);

/** @return false: no handshake. Call client_close in either case. */
bool client_open(struct client *c, struct server *s, enum jz_side side, const struct client_options *options);
void client_close(struct client *c);
/** One turn of the loop, and whatever came for the client into its buffer. */
void client_turn(struct client *c);
void client_write(struct client *c, const void *data, size_t bytes);
/** Turns until the server closed the connection. */
void client_wait_end(struct client *c);
/** Sends a request, waits for the end; the answer is c->in, terminated. @return its status code, 0: none. */
int client_request(struct client *c, const char *request);
/** Waits for the head of an answer. @return its status code, 0: closed without one. What follows stays in c->in. */
int client_head(struct client *c);
/** GET with a WebSocket upgrade. `extra`: further header lines. @return status code, 101: upgraded. */
int client_upgrade(struct client *c, const char *path, const char *subprotocol, const char *extra);
/** One masked WebSocket frame, as bytes and on the wire. */
size_t ws_encode(uint8_t *out, size_t capacity, uint8_t opcode, bool final, const void *data, size_t bytes);
void client_ws(struct client *c, uint8_t opcode, bool final, const void *data, size_t bytes);
/** Next WebSocket message, pings left out. @return false: closed instead. */
bool client_receive(struct client *c, struct message *m);

/** A device that is connected and upgraded; with hello said and welcome read. */
void device_connect(struct client *c, struct server *s, enum identity id);
void device_ready(struct client *c, struct server *s, enum identity id);
void send_frame(struct client *c, const struct jz_frame *frame);
/** First frame of the next message that is of this kind. Texts in it are void after the next call. */
struct jz_frame expect_frame(struct client *c, enum jz_frame_kind kind);
void expect_error(struct client *c, enum jz_status status);

struct jz_frame hello_frame(uint16_t version);
/** Vitals: pulse of encounter 1, lane 2. */
struct jz_frame vitals_frame(uint64_t seq);

#endif /* NET_FIXTURE_H */
