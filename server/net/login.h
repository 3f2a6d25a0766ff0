/* SPDX-License-Identifier: Apache-2.0 */
/** @file login.h  Log-ins of people: sessions, tickets and the count of failures. Tables of fixed size, no I/O.
 *
 *  Secrets are 256-bit random numbers in hexadecimal; only their SHA-256 is kept. Time is the caller's monotonic
 *  clock in milliseconds. Loop thread only. */
#ifndef JZ_NET_LOGIN_H
#define JZ_NET_LOGIN_H
#include "journal.h"
#include "net.h"
#include "users.h"

#define SECRET_CHARS 64u
#define TICKET_LIFE_MS 30000
#define LOGIN_WINDOW_MS 900000
#define LOGIN_COUNTERS_MAX 1024u /**< names and addresses whose failures are remembered, each */
#define ADDRESS_BYTES 16u

/** One log-in. `handle` 0: free. */
struct login_session {
    uint64_t handle;
    uint8_t digest[32];
    int64_t created_ms, touched_ms;
    char name[JZ_USER_NAME_BYTES], facility[JZ_USER_FACILITY_BYTES];
    enum jz_role role;
};
struct login_ticket {
    uint8_t digest[32];
    uint64_t session;
    int64_t expires_ms;
};
struct login_counter {
    uint8_t key[16];
    int64_t since_ms;
    uint32_t failures;
};
struct login {
    struct login_session *sessions;
    struct login_ticket *tickets;
    struct login_counter *names, *addresses;
    uint32_t sessions_max, tickets_max, failures_per_name, failures_per_address;
    int64_t idle_ms, life_ms;
    uint64_t next_handle;
    const struct jz_hooks *hooks; /**< randomness */
};

JZ_MUST_CHECK enum jz_status login_init(struct login *login, const struct jz_net_limits *limits,
                                        const struct jz_hooks *hooks);
void login_deinit(struct login *login);

/** Charges one failure in advance to name and address. @return false: over a limit; nothing was charged. */
bool login_admit(struct login *login, const char *name, const uint8_t address[ADDRESS_BYTES], int64_t now_ms);
/** It was never checked: gives back what login_admit charged. */
void login_unadmit(struct login *login, const char *name, const uint8_t address[ADDRESS_BYTES],
                   int64_t now_ms);
/** The password was right: gives back what login_admit charged, and forgives the name. */
void login_forgive(struct login *login, const char *name, const uint8_t address[ADDRESS_BYTES],
                   int64_t now_ms);

/** A new session; the least recently used one gives way when the table is full.
 *  @param[out] secret  For the cookie. */
struct login_session *login_open(struct login *login, const struct jz_user *user, int64_t now_ms,
                                 char secret[SECRET_CHARS + 1]);
/** The live session of a cookie; it counts as used now. NULL: none. */
struct login_session *login_find(struct login *login, const char *secret, int64_t now_ms);
/** The live session of a handle, counted as used now. NULL: gone. */
struct login_session *login_touch(struct login *login, uint64_t handle, int64_t now_ms);
void login_end(struct login_session *session);

void login_ticket_make(struct login *login, const struct login_session *session, int64_t now_ms,
                       char secret[SECRET_CHARS + 1]);
/** Uses a ticket up. @return true: it was live and belongs to this session. */
bool login_ticket_take(struct login *login, const struct login_session *session, const char *secret,
                       int64_t now_ms);

#endif /* JZ_NET_LOGIN_H */
