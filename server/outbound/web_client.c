/* SPDX-License-Identifier: Apache-2.0 */
/* curl says which sockets and which time to wait for; libev waits; curl goes on. */
#include "web_client.h"

#include <assert.h>
#include <curl/curl.h>
#include <ev.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Sockets of one exchange: a second while IPv4 and IPv6 race, and as many again for the resolver. */
#define SOCKETS_MAX (4u * JZ_WEB_IN_FLIGHT_MAX)

struct exchange {
    struct jz_web_client *client;
    CURL *easy; /* NULL: free */
    struct curl_slist *headers;
    char *body;
    uint64_t token;
    size_t answer_bytes;
    char why[CURL_ERROR_SIZE];
    char answer[JZ_WEB_ANSWER_BYTES_MAX + 1];
};

struct watched {
    ev_io io;
    struct jz_web_client *client;
    bool used;
};

struct jz_web_client {
    struct ev_loop *loop;
    CURLM *multi;
    ev_timer timer;
    jz_web_answered answered;
    void *context;
    char ca_file[512];
    struct watched watched[SOCKETS_MAX];
    struct exchange exchange[JZ_WEB_IN_FLIGHT_MAX];
};

/* --- one exchange ------------------------------------------------------------------------------------------ */

static size_t keep_answer(char *data, size_t size, size_t count, void *context) {
    struct exchange *x = context;
    size_t bytes = size * count;
    if (bytes > JZ_WEB_ANSWER_BYTES_MAX - x->answer_bytes) return 0; /* curl then fails the exchange */
    memcpy(x->answer + x->answer_bytes, data, bytes);
    x->answer_bytes += bytes;
    return bytes;
}

static void release(struct exchange *x) {
    if (!x->easy) return;
    curl_multi_remove_handle(x->client->multi, x->easy);
    curl_easy_cleanup(x->easy);
    curl_slist_free_all(x->headers);
    free(x->body);
    x->easy = NULL;
    x->headers = NULL;
    x->body = NULL;
}

/* What is wrong, in curl's words, but for one that quotes the service's certificate: that it is another's. Then OpenSSL
 * had nothing against it: its result is 0, or 1 ("unspecified") where curl did not come to read it. */
static const char *reason(struct exchange *x, CURLcode code) {
    long fault = 0;
    curl_easy_getinfo(x->easy, CURLINFO_SSL_VERIFYRESULT, &fault);
    if (code == CURLE_WRITE_ERROR) return "the answer is longer than the limit";
    if (code == CURLE_PEER_FAILED_VERIFICATION && fault <= 1)
        return "the certificate is valid for another name than that of the address";
    return x->why[0] ? x->why : curl_easy_strerror(code);
}

static void finish(struct exchange *x, CURLcode code) {
    struct jz_web_client *client = x->client;
    struct jz_web_answer answer = {.token = x->token, .why = "", .body = ""};
    long http = 0;
    curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &http);
    x->answer[x->answer_bytes] = '\0';
    answer.http = (uint32_t)http;
    if (code == CURLE_OK) {
        answer.body = x->answer;
        answer.body_bytes = x->answer_bytes;
    } else {
        answer.status = JZ_E_LINK;
        answer.why = reason(x, code);
    }
    client->answered(client->context, &answer); /* before the slot is free: `answer` borrows from it */
    release(x);
}

static void collect(struct jz_web_client *client) {
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(client->multi, &left))) {
        struct exchange *x = NULL;
        if (message->msg != CURLMSG_DONE) continue;
        CURLcode code = message->data.result; /* the message is gone with its handle */
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&x);
        finish(x, code);
    }
}

/* --- curl on the loop -------------------------------------------------------------------------------------- */

static void act(struct jz_web_client *client, curl_socket_t fd, int what) {
    int running;
    curl_multi_socket_action(client->multi, fd, what, &running);
    collect(client);
}

static void socket_ready(struct ev_loop *loop, ev_io *io, int events) {
    struct watched *w = io->data;
    (void)loop;
    int what = (events & EV_READ ? CURL_CSELECT_IN : 0) | (events & EV_WRITE ? CURL_CSELECT_OUT : 0);
    act(w->client, io->fd, what);
}

static void time_is_up(struct ev_loop *loop, ev_timer *timer, int events) {
    (void)loop, (void)events;
    act(timer->data, CURL_SOCKET_TIMEOUT, 0);
}

static struct watched *watch_for(struct jz_web_client *client) {
    for (uint32_t i = 0; i < SOCKETS_MAX; i++)
        if (!client->watched[i].used) return &client->watched[i];
    return NULL;
}

static int watch_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *known) {
    struct jz_web_client *client = context;
    struct watched *w = known ? known : watch_for(client);
    (void)easy;
    if (!w) return -1;
    if (w->used) ev_io_stop(client->loop, &w->io);
    w->used = what != CURL_POLL_REMOVE;
    if (!w->used) return 0;
    int events = (what & CURL_POLL_IN ? EV_READ : 0) | (what & CURL_POLL_OUT ? EV_WRITE : 0);
    ev_io_init(&w->io, socket_ready, fd, events);
    w->io.data = w;
    ev_io_start(client->loop, &w->io);
    curl_multi_assign(client->multi, fd, w);
    return 0;
}

static int watch_time(CURLM *multi, long timeout_ms, void *context) {
    struct jz_web_client *client = context;
    (void)multi;
    ev_timer_stop(client->loop, &client->timer);
    if (timeout_ms < 0) return 0;
    ev_timer_set(&client->timer, (double)timeout_ms / 1000.0, 0.0);
    ev_timer_start(client->loop, &client->timer);
    return 0;
}

/* --- public ------------------------------------------------------------------------------------------------ */

struct jz_web_client *jz_web_client_open(struct ev_loop *loop, const char *ca_file, jz_web_answered answered,
                                         void *context) {
    assert(loop && answered);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return NULL;
    struct jz_web_client *client = calloc(1, sizeof *client);
    CURLM *multi = client ? curl_multi_init() : NULL;
    if (!multi) {
        free(client);
        curl_global_cleanup();
        return NULL;
    }
    client->loop = loop;
    client->multi = multi;
    client->answered = answered;
    client->context = context;
    snprintf(client->ca_file, sizeof client->ca_file, "%s", ca_file);
    for (uint32_t i = 0; i < SOCKETS_MAX; i++) client->watched[i].client = client;
    for (uint32_t i = 0; i < JZ_WEB_IN_FLIGHT_MAX; i++) client->exchange[i].client = client;
    ev_timer_init(&client->timer, time_is_up, 0.0, 0.0);
    client->timer.data = client;
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, client);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, watch_time);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, client);
    return client;
}

void jz_web_client_close(struct jz_web_client *client) {
    if (!client) return;
    for (uint32_t i = 0; i < JZ_WEB_IN_FLIGHT_MAX; i++) release(&client->exchange[i]);
    curl_multi_cleanup(client->multi);
    for (uint32_t i = 0; i < SOCKETS_MAX; i++)
        if (client->watched[i].used) ev_io_stop(client->loop, &client->watched[i].io);
    ev_timer_stop(client->loop, &client->timer);
    free(client);
    curl_global_cleanup();
}

static bool within_limits(const struct jz_web_request *request) {
    if (!request->url || strlen(request->url) > JZ_WEB_URL_BYTES_MAX) return false;
    if (request->body && request->body_bytes > JZ_WEB_BODY_BYTES_MAX) return false;
    for (uint32_t i = 0; i < JZ_WEB_HEADERS_MAX && request->header[i]; i++)
        if (strlen(request->header[i]) > JZ_WEB_HEADER_BYTES_MAX || strpbrk(request->header[i], "\r\n"))
            return false;
    return request->timeout_ms >= 1 && request->timeout_ms <= 60000;
}

static bool add_header(struct exchange *x, const char *header) {
    struct curl_slist *longer = curl_slist_append(x->headers, header);
    if (longer) x->headers = longer;
    return longer != NULL;
}

static bool prepare_body(struct exchange *x, const struct jz_web_request *request) {
    if (!request->body) return true;
    x->body = malloc(request->body_bytes + 1);
    if (!x->body || !add_header(x, "Content-Type: application/json")) return false;
    memcpy(x->body, request->body, request->body_bytes);
    curl_easy_setopt(x->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_bytes);
    curl_easy_setopt(x->easy, CURLOPT_POSTFIELDS, x->body);
    return true;
}

static bool prepare(struct exchange *x, const struct jz_web_request *request) {
    x->token = request->token;
    x->answer_bytes = 0;
    x->why[0] = '\0';
    if (!prepare_body(x, request)) return false;
    for (uint32_t i = 0; i < JZ_WEB_HEADERS_MAX && request->header[i]; i++)
        if (!add_header(x, request->header[i])) return false;
    if (curl_easy_setopt(x->easy, CURLOPT_URL, request->url) != CURLE_OK) return false;
    curl_easy_setopt(x->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(x->easy, CURLOPT_HTTPHEADER, x->headers);
    curl_easy_setopt(x->easy, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
    curl_easy_setopt(x->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(x->easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(x->easy, CURLOPT_ERRORBUFFER, x->why);
    curl_easy_setopt(x->easy, CURLOPT_WRITEFUNCTION, keep_answer);
    curl_easy_setopt(x->easy, CURLOPT_WRITEDATA, x);
    curl_easy_setopt(x->easy, CURLOPT_PRIVATE, x);
    if (x->client->ca_file[0]) curl_easy_setopt(x->easy, CURLOPT_CAINFO, x->client->ca_file);
    return curl_multi_add_handle(x->client->multi, x->easy) == CURLM_OK;
}

enum jz_status jz_web_client_send(struct jz_web_client *client, const struct jz_web_request *request) {
    if (!within_limits(request)) return JZ_E_VALUE;
    struct exchange *x = NULL;
    for (uint32_t i = 0; i < JZ_WEB_IN_FLIGHT_MAX && !x; i++)
        if (!client->exchange[i].easy) x = &client->exchange[i];
    if (!x) return JZ_E_FULL;
    x->easy = curl_easy_init();
    if (!x->easy) return JZ_E_MEMORY;
    if (prepare(x, request)) return JZ_OK;
    release(x);
    return JZ_E_MEMORY;
}

uint32_t jz_web_client_in_flight(const struct jz_web_client *client) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < JZ_WEB_IN_FLIGHT_MAX; i++) count += client->exchange[i].easy != NULL;
    return count;
}
