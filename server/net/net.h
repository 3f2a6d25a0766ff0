/* SPDX-License-Identifier: Apache-2.0 */
/** @file net.h  The network side of the shell: TLS, WebSockets, limits, log-in. Decides nothing clinical.
 *
 *  Story    Two listeners (docs/console-http.md) on one libwebsockets context that lives on the owner's libev
 *           loop. Net turns bytes into frames that were scanned, decoded, allowed for that side and in
 * sequence; the owner journals them and answers with acks and messages. Net knows neither core nor journal.
 *  Threads  Every call and every callback on the loop thread. Password hashing runs on net's own workers.
 *  Number   One net at a time in a process: libwebsockets 4.1.6 keeps OpenSSL indexes in global variables.
 *  Handles  A session is named by `uint64_t`: slot in the low half, generation in the high half, never 0. A
 * handle whose session is gone is refused by every call, so it may be kept (as a journal token, say) for
 * ever. Sources  docs/security.md, docs/events.md; limits in jingzhu/limits.h and below.
 */
#ifndef JZ_NET_H
#define JZ_NET_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jingzhu/frame.h"
#include "jingzhu/limits.h"
#include "jingzhu/status.h"
#include "journal.h" /* struct jz_hooks only */

struct ev_loop;
struct jz_net;

#define JZ_NET_DEVICE_QUEUE_BYTES_MAX 65536u   /**< waiting for one device */
#define JZ_NET_CONSOLE_QUEUE_BYTES_MAX 262144u /**< waiting for one console */
#define JZ_NET_SEND_BYTES_MAX 65536u           /**< one message to a peer */
#define JZ_NET_PATH_BYTES_MAX 256u
#define JZ_NET_METRICS_BYTES_MAX 65536u /**< the owner's part of /metrics */
#define JZ_NET_NONE 0u                  /**< the handle of no session */

enum jz_side { JZ_SIDE_DEVICE, JZ_SIDE_CONSOLE, JZ_SIDE_COUNT };

/** Who is at the other end, as authority stood when the connection was opened. Borrowed for a call. */
struct jz_session_info {
    enum jz_side side;
    uint8_t peer[16];  /**< device: UUID of its certificate; person: first 16 bytes of SHA-256 of the name */
    enum jz_role role; /**< JZ_ROLE_NONE for a device */
    char name[32];     /**< person; "" for a device */
    char facility[16]; /**< receiving team's facility id, else "" */
    uint32_t epoch;    /**< of the peer's hello */
    bool has_clock;    /**< the peer has measured its clock against ours (key 10 of a clock frame) */
    int32_t clock_offset_ms; /**< server - peer; before `has_clock`: reception minus the hello's own time */
    uint32_t clock_uncertainty_ms; /**< before `has_clock`: JZ_NET_CLOCK_UNKNOWN_MS */
    int64_t received_ms;           /**< server's UTC clock when the message at hand arrived */
};
#define JZ_NET_CLOCK_UNKNOWN_MS 60000u

/** Limits on what a peer can do; 0 takes the default in brackets. */
struct jz_net_limits {
    uint32_t connections_max;                /**< both listeners together, handshakes included [12000] */
    uint32_t consoles_per_person_max;        /**< [8]; a device has one connection: the newest */
    uint32_t device_rate_per_s;              /**< messages; above it that socket is read no faster [20] */
    uint32_t device_burst;                   /**< [100] */
    uint32_t console_rate_per_s;             /**< [20] */
    uint32_t console_burst;                  /**< [100] */
    uint32_t handshake_s;                    /**< TCP accept to upgraded or answered [5] */
    uint32_t idle_ping_s;                    /**< quiet for this long: ping; twice as long: close [10] */
    uint32_t tcp_user_timeout_ms;            /**< sent and unacknowledged for this long: dead [15000] */
    uint32_t tickets_max, http_sessions_max; /**< [1024] [1024] */
    uint32_t login_failures_per_name, login_failures_per_address; /**< in 15 min [5] [20] */
    uint32_t session_idle_s, session_max_s;                       /**< of a log-in [900] [43200] */
    uint32_t console_stall_s; /**< a console that takes nothing for this long is closed [30] */
};

struct jz_net_config {
    const char *listen;             /**< an IP address: "0.0.0.0" (also for NULL and ""), "127.0.0.1" */
    int device_port, console_port;  /**< 0: any free one */
    const char *tls_cert, *tls_key; /**< PEM files */
    const char *device_ca;          /**< PEM file: who signs device certificates */
    const char *data_dir;           /**< ticket keys are kept here (0600); NULL or "": new at each start */
    const char *console_dir;        /**< built console; NULL or "": none served */
    const char *users;              /**< users file; NULL or "": nobody can log in */
    const char *revoked;            /**< serials, hexadecimal, one a line; NULL or "": none */
    bool simulation;                /**< told in welcome and log-in */
    uint8_t ack_level; /**< what `ack` and `welcome` promise: 1 one disk (also for 0), 2 two nodes */
    struct jz_net_limits limits;
};

/** What is known of the rule packs: in force, and what became of the last wish to activate others. */
struct jz_net_rules {
    char hash[65]; /**< hexadecimal */
    uint32_t rules;
    uint64_t activation; /**< number of the last wish since the start; 0: none */
    enum jz_net_activation {
        JZ_ACTIVATION_NONE,
        JZ_ACTIVATION_RUNNING,
        JZ_ACTIVATION_DONE,
        JZ_ACTIVATION_UNCHANGED,
        JZ_ACTIVATION_REFUSED
    } state;
    char by[32];           /**< who wished it */
    enum jz_status status; /**< of a refusal, and where and why: */
    char file[128], text[256];
    int line, column;
};

/** What net tells its owner. All but `frame` and `hello` may be NULL. No callback may close the net. */
struct jz_net_events {
    void *context;
    /** A stored frame. @return JZ_OK: taken (the owner acks it later); JZ_E_FULL: not taken for want of room, so the
     *  connection is closed with that error and the peer resumes from its last ack (call jz_net_pause before it
     *  comes to that: one message holds up to JZ_FRAMES_PER_MESSAGE_MAX frames); else: told to the peer as this
     *  frame's error. */
    enum jz_status (*frame)(void *context, uint64_t session, const struct jz_session_info *info,
                            const struct jz_frame *frame, struct jz_bytes original);
    /** A peer said hello. @param[out] resume  Zeroed; last durable sequence per lane of this epoch.
     *  @return Not JZ_OK: told to the peer, and closed. */
    enum jz_status (*hello)(void *context, uint64_t session, const struct jz_session_info *info,
                            uint64_t resume[JZ_LANE_COUNT]);
    /** Welcome is queued: snapshots may follow. */
    void (*ready)(void *context, uint64_t session, const struct jz_session_info *info);
    /** After `ready` only. The handle is dead when this returns. */
    void (*closed)(void *context, uint64_t session, const struct jz_session_info *info);
    /** A session that was lagging, or for which jz_net_want_drained was called, has an empty queue. */
    void (*drained)(void *context, uint64_t session, const struct jz_session_info *info);
    /** Once at the end of a loop round in which something arrived: flush the batch. */
    void (*round_end)(void *context);
    /** Journal open and replayed: GET /healthz says so. NULL: always. */
    bool (*healthy)(void *context);
    /** GET /api/rules, for anybody who is logged in. NULL: 404. */
    void (*rules)(void *context, struct jz_net_rules *out);
    /** POST /api/rules/activate by an administrator of that name. NULL: 404.
     *  @return JZ_OK: begun, see `rules`; JZ_E_FULL: one is under way. */
    enum jz_status (*activate)(void *context, const char *person);
    /** Further Prometheus lines. @return bytes written, at most `capacity`. */
    size_t (*metrics)(void *context, char *buffer, size_t capacity);
};

/** Starts listening at once.
 *  @param config  Copied. @param loop  Borrowed, runs on this thread, outlives the net.
 *  @param hooks   Borrowed; time and randomness; NULL: all real. @param events  Copied.
 *  @param[out] net  NULL on failure.
 *  @retval JZ_E_CONFIG  A value makes no sense, or the address or port cannot be had.
 *  @retval JZ_E_FILE, JZ_E_FORMAT  A file named by the configuration; the log says which and where.
 *  @retval JZ_E_TLS     Certificate or key refused. @retval JZ_E_MEMORY  Lower the limits. */
JZ_MUST_CHECK enum jz_status jz_net_open(struct jz_net **net, const struct jz_net_config *config,
                                         struct ev_loop *loop, const struct jz_hooks *hooks,
                                         const struct jz_net_events *events);
/** Closes everything, running the loop as long as that needs; `closed` is called for each session. NULL is
 * allowed. Not from inside a callback of net. */
void jz_net_close(struct jz_net *net);
/** The port really listened on. */
int jz_net_port(const struct jz_net *net, enum jz_side side);
/** Reads the users and revoked files again (SIGHUP). On failure the old ones stay in force. Revoked devices
 * and people who are gone or changed lose their connections now. */
JZ_MUST_CHECK enum jz_status jz_net_reload(struct jz_net *net);

/* --- sending
 * ------------------------------------------------------------------------------------------------ */

enum jz_send_class {
    JZ_SEND_STATE, /**< must arrive: directive, alert, patient, facility */
    JZ_SEND_BULK   /**< dropped first when the peer is slow: waveform */
};

/** Bytes that many sessions share, counted. Loop thread only. */
struct jz_blob;
/** @param bytes  Copied; 1 .. JZ_NET_SEND_BYTES_MAX of them. @return NULL: out of memory or range. */
struct jz_blob *jz_blob_make(const uint8_t *bytes, size_t count);
void jz_blob_keep(struct jz_blob *blob);    /**< one more owner */
void jz_blob_release(struct jz_blob *blob); /**< NULL is allowed; the last one frees */

/** Queues one binary message (a CBOR sequence of frames).
 *  @retval JZ_OK      Queued, or BULK and dropped because the queue is full (counted).
 *  @retval JZ_E_FULL  STATE and no room: the session is marked lagging, what waits is dropped, and `drained`
 * will ask for the present state.
 *  @retval JZ_E_LINK  No such session (any more), or not ready. @retval JZ_E_MESSAGE_SIZE  0 or too long. */
JZ_MUST_CHECK enum jz_status jz_net_send(struct jz_net *net, uint64_t session, const uint8_t *bytes,
                                         size_t count, enum jz_send_class cls);
/** The same with shared bytes. Takes a share of its own; the caller keeps its own. */
JZ_MUST_CHECK enum jz_status jz_net_send_blob(struct jz_net *net, uint64_t session, struct jz_blob *blob,
                                              enum jz_send_class cls);
/** All of the lane up to `seq` is durable. Acks of a session wait for its next write and go as one frame;
 * they need no queue room. A dead handle is ignored: the peer resumes from welcome. */
void jz_net_ack(struct jz_net *net, uint64_t session, uint8_t lane, uint64_t seq);
/** Tells the peer that a frame had no effect (it may be stored all the same). seq 0: no particular frame.
 *  A dead handle is ignored. */
void jz_net_error(struct jz_net *net, uint64_t session, enum jz_status status, enum jz_frame_kind kind,
                  uint8_t lane, uint64_t seq);
/** Says why (error frame), then closes when that is written. A dead handle is ignored. */
void jz_net_close_session(struct jz_net *net, uint64_t session, enum jz_status why);

/* --- sessions
 * ----------------------------------------------------------------------------------------------- */

/** Information on a ready session; NULL when the handle is dead. Valid until the next callback or call. */
const struct jz_session_info *jz_net_session(const struct jz_net *net, uint64_t session);
/** Bytes of STATE that the session's queue still takes; 0 for a dead handle. A snapshot longer than this is sent in
 *  parts: as much as there is room for, then jz_net_want_drained. */
size_t jz_net_room(const struct jz_net *net, uint64_t session);
/** Calls `drained` once the queue is empty. A dead handle is ignored. */
void jz_net_want_drained(struct jz_net *net, uint64_t session);
/** True while the session has dropped state and waits for `drained`. */
bool jz_net_lagging(const struct jz_net *net, uint64_t session);
/** Bytes queued for a session and not yet written; 0 for a dead handle. Send on while this is small. */
size_t jz_net_waiting(const struct jz_net *net, uint64_t session);
/** Ready sessions of a side, in slot order. Start with *cursor = 0. @return JZ_NET_NONE: no more. */
uint64_t jz_net_each(const struct jz_net *net, enum jz_side side, uint32_t *cursor);
/** The ready session of a device; JZ_NET_NONE: not connected. */
uint64_t jz_net_device(const struct jz_net *net, const uint8_t peer[16]);
/** Stops or resumes reading from every socket: back-pressure to the peers' own queues. Called from `frame`, what is
 *  left of the TLS record at hand (at most 16 KiB) still comes: keep room for it. */
void jz_net_pause(struct jz_net *net, bool pause);

/* --- figures
 * ------------------------------------------------------------------------------------------------ */

struct jz_net_stats {
    uint32_t connections, sessions[JZ_SIDE_COUNT];
    uint64_t messages, frames, bytes_in, bytes_out, messages_out, acks_out;
    uint64_t bulk_dropped, lagged, rate_paused, errors_dropped, logins, login_failures;
};
void jz_net_stats(const struct jz_net *net, struct jz_net_stats *out);
/** How often an error with this status was told to a peer or refused one. */
uint64_t jz_net_refusals(const struct jz_net *net, enum jz_status status);

#endif /* JZ_NET_H */
