/* SPDX-License-Identifier: Apache-2.0 */
#include "login.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"

enum jz_status login_init(struct login *login, const struct jz_net_limits *limits,
                          const struct jz_hooks *hooks) {
    *login = (struct login){.sessions_max = limits->http_sessions_max,
                            .tickets_max = limits->tickets_max,
                            .failures_per_name = limits->login_failures_per_name,
                            .failures_per_address = limits->login_failures_per_address,
                            .idle_ms = (int64_t)limits->session_idle_s * 1000,
                            .life_ms = (int64_t)limits->session_max_s * 1000,
                            .hooks = hooks};
    login->sessions = calloc(limits->http_sessions_max, sizeof *login->sessions);
    login->tickets = calloc(limits->tickets_max, sizeof *login->tickets);
    login->names = calloc(LOGIN_COUNTERS_MAX, sizeof *login->names);
    login->addresses = calloc(LOGIN_COUNTERS_MAX, sizeof *login->addresses);
    return login->sessions && login->tickets && login->names && login->addresses ? JZ_OK : JZ_E_MEMORY;
}

void login_deinit(struct login *login) {
    free(login->sessions);
    free(login->tickets);
    free(login->names);
    free(login->addresses);
    memset(login, 0, sizeof *login);
}

static bool is_live(const struct login_counter *counter, int64_t now_ms) {
    return counter->failures > 0 && now_ms - counter->since_ms < LOGIN_WINDOW_MS;
}

/* The counter of a key; a dead one, else the oldest, is taken over for a new key. */
static struct login_counter *counter_of(struct login_counter *counters, const uint8_t key[16],
                                        int64_t now_ms) {
    struct login_counter *spare = &counters[0];
    for (uint32_t i = 0; i < LOGIN_COUNTERS_MAX; i++) {
        struct login_counter *c = &counters[i];
        if (is_live(c, now_ms) && memcmp(c->key, key, sizeof c->key) == 0) return c;
        bool better = !is_live(c, now_ms) || (is_live(spare, now_ms) && c->since_ms < spare->since_ms);
        if (is_live(spare, now_ms) && better) spare = c;
    }
    *spare = (struct login_counter){.since_ms = now_ms};
    memcpy(spare->key, key, sizeof spare->key);
    return spare;
}

static struct login_counter *name_counter(struct login *login, const char *name, int64_t now_ms) {
    uint8_t digest[32];
    SHA256((const unsigned char *)name, strlen(name), digest);
    return counter_of(login->names, digest, now_ms);
}

bool login_admit(struct login *login, const char *name, const uint8_t address[ADDRESS_BYTES],
                 int64_t now_ms) {
    struct login_counter *by_name = name_counter(login, name, now_ms);
    struct login_counter *by_address = counter_of(login->addresses, address, now_ms);
    if (by_name->failures >= login->failures_per_name || by_address->failures >= login->failures_per_address)
        return false;
    by_name->failures++;
    by_address->failures++;
    return true;
}

void login_unadmit(struct login *login, const char *name, const uint8_t address[ADDRESS_BYTES],
                   int64_t now_ms) {
    struct login_counter *by_name = name_counter(login, name, now_ms);
    struct login_counter *by_address = counter_of(login->addresses, address, now_ms);
    if (by_name->failures) by_name->failures--;
    if (by_address->failures) by_address->failures--;
}

void login_forgive(struct login *login, const char *name, const uint8_t address[ADDRESS_BYTES],
                   int64_t now_ms) {
    name_counter(login, name, now_ms)->failures = 0;
    struct login_counter *by_address = counter_of(login->addresses, address, now_ms);
    if (by_address->failures) by_address->failures--;
}

static void digest_of(const char *secret, uint8_t digest[32]) {
    SHA256((const unsigned char *)secret, strlen(secret), digest);
}

static void make_secret(const struct login *login, char secret[SECRET_CHARS + 1], uint8_t digest[32]) {
    uint8_t random[SECRET_CHARS / 2];
    net_random(login->hooks, random, sizeof random);
    for (size_t i = 0; i < sizeof random; i++) snprintf(secret + 2 * i, 3, "%02x", random[i]);
    OPENSSL_cleanse(random, sizeof random);
    digest_of(secret, digest);
}

static bool session_is_live(const struct login *login, const struct login_session *s, int64_t now_ms) {
    return s->handle && now_ms - s->created_ms < login->life_ms && now_ms - s->touched_ms < login->idle_ms;
}

static struct login_session *spare_session(struct login *login, int64_t now_ms) {
    struct login_session *spare = &login->sessions[0];
    for (uint32_t i = 0; i < login->sessions_max; i++) {
        struct login_session *s = &login->sessions[i];
        if (!session_is_live(login, s, now_ms)) return s;
        if (s->touched_ms < spare->touched_ms) spare = s;
    }
    return spare;
}

struct login_session *login_open(struct login *login, const struct jz_user *user, int64_t now_ms,
                                 char secret[SECRET_CHARS + 1]) {
    struct login_session *s = spare_session(login, now_ms);
    *s = (struct login_session){
        .handle = ++login->next_handle, .created_ms = now_ms, .touched_ms = now_ms, .role = user->role};
    memcpy(s->name, user->name, sizeof s->name);
    memcpy(s->facility, user->facility, sizeof s->facility);
    make_secret(login, secret, s->digest);
    return s;
}

struct login_session *login_find(struct login *login, const char *secret, int64_t now_ms) {
    uint8_t digest[32];
    struct login_session *found = NULL;
    if (strlen(secret) != SECRET_CHARS) return NULL;
    digest_of(secret, digest);
    for (uint32_t i = 0; i < login->sessions_max; i++) {
        struct login_session *s = &login->sessions[i];
        if (session_is_live(login, s, now_ms) && CRYPTO_memcmp(s->digest, digest, sizeof digest) == 0)
            found = s;
    }
    if (found) found->touched_ms = now_ms;
    return found;
}

struct login_session *login_touch(struct login *login, uint64_t handle, int64_t now_ms) {
    for (uint32_t i = 0; handle && i < login->sessions_max; i++) {
        struct login_session *s = &login->sessions[i];
        if (s->handle != handle || !session_is_live(login, s, now_ms)) continue;
        s->touched_ms = now_ms;
        return s;
    }
    return NULL;
}

void login_end(struct login_session *session) {
    memset(session, 0, sizeof *session);
}

void login_ticket_make(struct login *login, const struct login_session *session, int64_t now_ms,
                       char secret[SECRET_CHARS + 1]) {
    struct login_ticket *spare = &login->tickets[0];
    for (uint32_t i = 0; i < login->tickets_max; i++)
        if (login->tickets[i].expires_ms < spare->expires_ms) spare = &login->tickets[i];
    spare->session = session->handle;
    spare->expires_ms = now_ms + TICKET_LIFE_MS;
    make_secret(login, secret, spare->digest);
}

bool login_ticket_take(struct login *login, const struct login_session *session, const char *secret,
                       int64_t now_ms) {
    uint8_t digest[32];
    struct login_ticket *found = NULL;
    if (strlen(secret) != SECRET_CHARS) return false;
    digest_of(secret, digest);
    for (uint32_t i = 0; i < login->tickets_max; i++) {
        struct login_ticket *t = &login->tickets[i];
        if (t->session && CRYPTO_memcmp(t->digest, digest, sizeof digest) == 0) found = t;
    }
    if (!found) return false;
    bool good = found->session == session->handle && now_ms < found->expires_ms;
    memset(found, 0, sizeof *found);
    return good;
}
