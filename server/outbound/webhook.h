/* SPDX-License-Identifier: Apache-2.0 */
/** @file webhook.h  Notices to the city's own SMS or WeCom gateway: signed, repeated, bounded (docs/webhook.md).
 *
 *  The fallback when a board cannot be reached. A notice is accepted or refused at once, and each accepted one ends in
 *  exactly one result: delivered, or given up. Nothing is kept on disk: after a restart the owner sends again what had no
 *  result, with the same id, and the gateway tells the second from the first by it. Threads  Loop thread only. */
#ifndef JZ_WEBHOOK_H
#define JZ_WEBHOOK_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jingzhu/frame.h"
#include "jingzhu/rules.h" /* struct jz_pack_error */
#include "jingzhu/status.h"
#include "journal.h" /* struct jz_hooks only */

#define JZ_WEBHOOK_QUEUE_MAX 256u
#define JZ_WEBHOOK_IN_FLIGHT_MAX 2u
#define JZ_WEBHOOK_TIMEOUT_MS 5000u
#define JZ_WEBHOOK_BACKOFF_MS 1000 /**< before the second try; doubles with each */
#define JZ_WEBHOOK_BACKOFF_MS_MAX 60000
#define JZ_WEBHOOK_GIVE_UP_MS 600000 /**< no try begins later than this after the notice was accepted */
#define JZ_WEBHOOK_TICK_MS 100u      /**< how often the clock is looked at while something waits */
#define JZ_WEBHOOK_URL_BYTES_MAX 1023u
#define JZ_WEBHOOK_TEXT_BYTES_MAX 1024u /**< of one text: longer than any SMS in parts */
#define JZ_WEBHOOK_CONTACT_BYTES_MAX 64u
#define JZ_WEBHOOK_FACILITY_BYTES_MAX 64u
#define JZ_WEBHOOK_BODY_BYTES_MAX 16384u /**< a full notice whose every byte is written as \u00XX fits */
/** A key shorter than the hash it makes weakens it (RFC 2104, section 3). */
#define JZ_WEBHOOK_SECRET_BYTES_MIN 32u
#define JZ_WEBHOOK_SECRET_BYTES_MAX 256u
#define JZ_WEBHOOK_SIGNATURE_BYTES 68u /**< "v1=", 64 hexadecimal digits, and the end */

/** Why a person is told. X(constant, number, name in the body). Numbers and names never change meaning. */
#define JZ_WEBHOOK_KIND_LIST(X)                                                                              \
    X(JZ_WEBHOOK_NOT_DELIVERED, 1, "not_delivered")                                                          \
    X(JZ_WEBHOOK_ESCALATED, 2, "escalated")                                                                  \
    X(JZ_WEBHOOK_STANDBY, 3, "standby")                                                                      \
    X(JZ_WEBHOOK_TEAM_NOT_READY, 4, "team_not_ready")                                                        \
    X(JZ_WEBHOOK_PATH_DEAD, 5, "path_dead")                                                                  \
    X(JZ_WEBHOOK_CONSULT, 6, "consult")                                                                      \
    X(JZ_WEBHOOK_HANDOVER_REMINDER, 7, "handover_reminder")                                                  \
    X(JZ_WEBHOOK_TEST, 8, "test")

enum jz_webhook_kind {
    JZ_WEBHOOK_NO_KIND, /**< refused */
#define JZ_WEBHOOK_ENUM(constant, number, name) constant = (number),
    JZ_WEBHOOK_KIND_LIST(JZ_WEBHOOK_ENUM)
#undef JZ_WEBHOOK_ENUM
};

/** What the gateway is told. It has no identity of the patient beyond what the texts say. */
struct jz_webhook_notice {
    uint64_t id; /**< the owner's: one a notice, the same whenever that notice is sent again; not 0 */
    enum jz_webhook_kind kind;
    struct jz_encounter_id encounter; /**< all zero: about no encounter */
    uint64_t alert;                   /**< 0: none */
    const char *facility;             /**< id in the directory; NULL or "": none */
    const char *contact;              /**< number or account to reach; NULL or "": the gateway decides */
    const char *text_zh, *text_en;    /**< SMS-sized, UTF-8, terminated; at least one is not empty */
    int64_t raised_ms;                /**< UTC, milliseconds since 1970, from 1 */
};

struct jz_webhook_result {
    uint64_t id;
    enum jz_webhook_kind kind;
    bool delivered;
    uint32_t http;   /**< of the last try; 0: no answer, or no try */
    uint32_t tries;  /**< 0: it waited for others until its time was over, or made room */
    const char *why; /**< of the last failure, for the log; "" when delivered. Borrowed for the call */
};
/** May send; must not close. From the loop; from within jz_webhook_send only for a test that made room. */
typedef void (*jz_webhook_done)(void *context, const struct jz_webhook_result *result);
/** Told how the first try ended, and whenever one ends otherwise than the one before: for the log. Must neither send nor
 *  close. @param why  "" when up; borrowed for the call */
typedef void (*jz_webhook_changed)(void *context, bool up, const char *why);

struct jz_webhook_config {
    const char *url;         /**< https://, or http:// to this machine; copied */
    const char *ca_file;     /**< see jz_web_client_open */
    const char *secret_file; /**< one line, printable; nobody but its owner may read or write it */
    uint32_t timeout_ms;     /**< of one try; 0: JZ_WEBHOOK_TIMEOUT_MS */
    /** Borrowed; NULL: all real. Its UTC is what the gateway compares with its own, so it is the system's present
     *  time, also where the rest of the server goes on with a steady one. */
    const struct jz_hooks *hooks;
    jz_webhook_done done;
    jz_webhook_changed changed;
    void *context;
};

struct ev_loop;
struct jz_webhook;

/** Why this address is none for a webhook: a sentence for the operator, static; NULL: it is one. */
const char *jz_webhook_url_refused(const char *url);

/** @param loop  Borrowed.
 *  @param[out] hook  NULL on failure.  @param[out] error  File and cure on JZ_E_CONFIG and JZ_E_FILE.
 *  @retval JZ_E_CONFIG  the address, or what the secret's file holds or permits
 *  @retval JZ_E_FILE    the secret cannot be read  @retval JZ_E_MEMORY */
JZ_MUST_CHECK enum jz_status jz_webhook_open(struct jz_webhook **hook, struct ev_loop *loop,
                                             const struct jz_webhook_config *config,
                                             struct jz_pack_error *error);
/** Drops what is queued and under way; nothing of it is told. NULL is allowed. */
void jz_webhook_close(struct jz_webhook *hook);
/** Accepts a notice; `done` is told once, later. One whose id is queued already is that notice. What it points to is
 *  copied. When the queue is full the oldest waiting test makes room.
 *  @retval JZ_E_FULL   JZ_WEBHOOK_QUEUE_MAX are queued and none is a waiting test: nothing was accepted
 *  @retval JZ_E_VALUE  no id, kind, time or text, or beyond a limit above  @retval JZ_E_UTF8
 *  @retval JZ_E_MEMORY */
JZ_MUST_CHECK enum jz_status jz_webhook_send(struct jz_webhook *hook, const struct jz_webhook_notice *notice);
/** Accepted and without a result, those under way included. */
uint32_t jz_webhook_queued(const struct jz_webhook *hook);

/** "v1=" and the HMAC-SHA256, in hexadecimal, of "TIMESTAMP.BODY" under the secret. Any thread.
 *  @param body_bytes  at most JZ_WEBHOOK_BODY_BYTES_MAX  @return false: no memory */
JZ_MUST_CHECK bool jz_webhook_sign(const char *secret, int64_t timestamp_s, const char *body,
                                   size_t body_bytes, char signature[JZ_WEBHOOK_SIGNATURE_BYTES]);

#endif /* JZ_WEBHOOK_H */
