/* SPDX-License-Identifier: Apache-2.0 */
/** @file web_client.h  HTTP requests to services of the operator's choice, on the loop and never in its way.
 *
 *  libcurl's multi interface on libev (docs/decisions/0013). Bounded in number, size and time; no redirects; TLS
 *  certificates are always checked. Threads  Loop thread only. */
#ifndef JZ_WEB_CLIENT_H
#define JZ_WEB_CLIENT_H
#include <stddef.h>
#include <stdint.h>

#include "jingzhu/status.h"

#define JZ_WEB_IN_FLIGHT_MAX 16u
#define JZ_WEB_URL_BYTES_MAX 8192u
#define JZ_WEB_BODY_BYTES_MAX 65536u
#define JZ_WEB_ANSWER_BYTES_MAX 65536u
#define JZ_WEB_HEADERS_MAX 4u
#define JZ_WEB_HEADER_BYTES_MAX 256u

struct ev_loop;
struct jz_web_client;

struct jz_web_request {
    const char *url;  /**< http:// or https:// */
    const char *body; /**< NULL: GET; else POST of application/json */
    size_t body_bytes;
    const char *header[JZ_WEB_HEADERS_MAX]; /**< "Name: value"; NULL ends the list early */
    uint32_t timeout_ms;                    /**< of the whole exchange, 1 .. 60,000 */
    uint64_t token;                         /**< comes back with the answer */
};
struct jz_web_answer {
    uint64_t token;
    enum jz_status
        status; /**< JZ_OK: the service answered, `http` says what. JZ_E_LINK: it did not, `why` says how */
    uint32_t http;   /**< 0: none. Also where the answer broke off or was too long: its first line had come */
    const char *why; /**< for the log, nothing of it from the service; "" where it answered */
    const char *body; /**< terminated; borrowed for the call */
    size_t body_bytes;
};
typedef void (*jz_web_answered)(void *context, const struct jz_web_answer *answer);

/** @param ca_file  PEM of the authorities to trust; "": those of the system
 *  @param loop, answered, context  Borrowed for the client's life.  @return NULL: out of memory. */
struct jz_web_client *jz_web_client_open(struct ev_loop *loop, const char *ca_file, jz_web_answered answered,
                                         void *context);
/** Drops what is under way; nothing of it is answered. NULL is allowed. */
void jz_web_client_close(struct jz_web_client *client);
/** Sends a request; `answered` is told exactly once, later, from the loop. What the request points to is copied.
 *  @retval JZ_E_FULL  JZ_WEB_IN_FLIGHT_MAX are under way  @retval JZ_E_VALUE  beyond a limit above
 *  @retval JZ_E_MEMORY */
JZ_MUST_CHECK enum jz_status jz_web_client_send(struct jz_web_client *client,
                                                const struct jz_web_request *request);
uint32_t jz_web_client_in_flight(const struct jz_web_client *client);

#endif /* JZ_WEB_CLIENT_H */
