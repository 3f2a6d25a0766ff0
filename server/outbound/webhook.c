/* SPDX-License-Identifier: Apache-2.0 */
/* A queue of rendered notices. Two are under way at most; the rest wait for their time. Whenever a place is free, a notice
 * never tried and one tried before take turns, so neither a flood nor a dead gateway starves the other; tests come last. */
#include "webhook.h"

#include <arpa/inet.h>
#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <ev.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "web_client.h"

#define ESCAPED_BYTES_MAX 6u /* \u00XX */
static_assert(ESCAPED_BYTES_MAX * (2 * JZ_WEBHOOK_TEXT_BYTES_MAX + JZ_WEBHOOK_CONTACT_BYTES_MAX +
                                   JZ_WEBHOOK_FACILITY_BYTES_MAX) +
                      512u <=
                  JZ_WEBHOOK_BODY_BYTES_MAX,
              "every notice within the limits has a body within its own");
static_assert(JZ_WEBHOOK_BODY_BYTES_MAX <= JZ_WEB_BODY_BYTES_MAX, "and the client takes it");
static_assert(JZ_WEBHOOK_IN_FLIGHT_MAX <= JZ_WEB_IN_FLIGHT_MAX, "the client is never full");

enum place { FREE, WAITING, SENDING };
enum path { PATH_UNTRIED, PATH_UP, PATH_DOWN };

struct queued {
    enum place place;
    enum jz_webhook_kind kind;
    uint64_t id, order; /* of acceptance */
    char *body;
    size_t body_bytes;
    int64_t accepted_ms, due_ms; /* monotonic */
    uint32_t tries, http;
    char why[160];
};

struct jz_webhook {
    struct jz_webhook_config config;
    struct ev_loop *loop;
    struct jz_web_client *web;
    ev_timer tick;
    enum path path;
    bool retry_next; /* whose turn it is */
    uint64_t next_order;
    uint32_t sending;
    char url[JZ_WEBHOOK_URL_BYTES_MAX + 1];
    char secret[JZ_WEBHOOK_SECRET_BYTES_MAX + 1];
    struct queued queue[JZ_WEBHOOK_QUEUE_MAX];
};

/* --- the address -------------------------------------------------------------------------------------------- */

static bool is_loopback(const char *host) {
    struct in_addr v4;
    if (strcmp(host, "[::1]") == 0 || strcmp(host, "localhost") == 0) return true;
    return inet_pton(AF_INET, host, &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127;
}

static const char *parts_refused(const char *scheme, const char *host, const char *user) {
    if (user) return "it names a user; the signature says who asks";
    if (strcmp(scheme, "https") == 0 || (strcmp(scheme, "http") == 0 && is_loopback(host))) return NULL;
    return "it begins with https://, or with http:// and reaches this machine only";
}

/* curl takes the address apart here as it will when it sends, so that both mean the same host. */
const char *jz_webhook_url_refused(const char *url) {
    char *scheme = NULL, *host = NULL, *user = NULL;
    const char *why = "it is no address of a gateway; it begins with https://";
    if (strlen(url) > JZ_WEBHOOK_URL_BYTES_MAX) return "it is longer than 1023 bytes";
    CURLU *parts = curl_url();
    if (!parts) return "no memory to read it";
    if (curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
        curl_url_get(parts, CURLUPART_USER, &user, 0); /* none: NULL stays */
        why = parts_refused(scheme, host, user);
    }
    curl_free(scheme);
    curl_free(host);
    curl_free(user);
    curl_url_cleanup(parts);
    return why;
}

/* --- the secret --------------------------------------------------------------------------------------------- */

static enum jz_status refuse(struct jz_pack_error *error, enum jz_status status, const char *file,
                             const char *what) {
    memset(error, 0, sizeof *error);
    snprintf(error->file, sizeof error->file, "%s", file);
    snprintf(error->text, sizeof error->text, "%s", what);
    return status;
}

/* One line, its end taken off. @return what is wrong with it; NULL: nothing */
static const char *take_line(char *text, size_t bytes, char secret[JZ_WEBHOOK_SECRET_BYTES_MAX + 1]) {
    if (bytes && text[bytes - 1] == '\n') bytes--;
    if (bytes && text[bytes - 1] == '\r') bytes--;
    if (bytes < JZ_WEBHOOK_SECRET_BYTES_MIN || bytes > JZ_WEBHOOK_SECRET_BYTES_MAX)
        return "a webhook secret has 32 to 256 characters; make one with `openssl rand -hex 32`";
    for (size_t i = 0; i < bytes; i++)
        if (text[i] <= ' ' || text[i] > '~')
            return "a webhook secret is one line of printable ASCII without blanks";
    memcpy(secret, text, bytes);
    secret[bytes] = '\0';
    return NULL;
}

static enum jz_status read_secret(const char *file, char secret[JZ_WEBHOOK_SECRET_BYTES_MAX + 1],
                                  struct jz_pack_error *error) {
    char text[JZ_WEBHOOK_SECRET_BYTES_MAX + 3]; /* its line's end, and one over */
    struct stat st;
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY); /* a pipe does not hold us up */
    if (fd < 0) return refuse(error, JZ_E_FILE, file, strerror(errno));
    const char *why = NULL;
    ssize_t bytes = 0;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        why = "a webhook secret is a file";
    else if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        why = "others than its owner may read or write it; chmod 600, and make a new secret";
    else if ((bytes = read(fd, text, sizeof text)) < 0)
        why = "it cannot be read";
    close(fd);
    if (!why) why = take_line(text, (size_t)bytes, secret);
    OPENSSL_cleanse(text, sizeof text);
    return why ? refuse(error, JZ_E_CONFIG, file, why) : JZ_OK;
}

/* --- body and signature -------------------------------------------------------------------------------------- */

static const char *kind_name(enum jz_webhook_kind kind) {
    static const char *const name[] = {
#define NAME(constant, number, text) [number] = (text),
        JZ_WEBHOOK_KIND_LIST(NAME)
#undef NAME
    };
    return (size_t)kind < sizeof name / sizeof name[0] ? name[kind] : NULL;
}

/* Missing is null, never "". */
static const char *text_or_null(const char *text) {
    return text && text[0] ? text : NULL;
}

static bool fits(const char *text, size_t max) {
    return !text || strnlen(text, max + 1) <= max;
}

static bool within_limits(const struct jz_webhook_notice *n) {
    return n->id && kind_name(n->kind) && n->raised_ms > 0 &&
           (text_or_null(n->text_zh) || text_or_null(n->text_en)) &&
           fits(n->text_zh, JZ_WEBHOOK_TEXT_BYTES_MAX) && fits(n->text_en, JZ_WEBHOOK_TEXT_BYTES_MAX) &&
           fits(n->contact, JZ_WEBHOOK_CONTACT_BYTES_MAX) && fits(n->facility, JZ_WEBHOOK_FACILITY_BYTES_MAX);
}

/* Numbers of 64 bits are text: many readers of JSON keep only 53 of them. Keys in this order, no blanks. */
static enum jz_status render(const struct jz_webhook_notice *n, struct queued *q) {
    static const struct jz_encounter_id none;
    char id[24], alert[24], encounter[2 * sizeof n->encounter.byte + 1];
    json_error_t error;
    snprintf(id, sizeof id, "%" PRIu64, n->id);
    snprintf(alert, sizeof alert, "%" PRIu64, n->alert);
    for (size_t i = 0; i < sizeof n->encounter.byte; i++)
        snprintf(encounter + 2 * i, 3, "%02x", n->encounter.byte[i]);
    bool known = memcmp(&n->encounter, &none, sizeof none) != 0;
    json_t *body = json_pack_ex(&error, 0, "{s:i,s:s,s:s,s:s?,s:s?,s:s?,s:s?,s:I,s:s?,s:s?}", "version", 1,
                                "id", id, "kind", kind_name(n->kind), "encounter", known ? encounter : NULL,
                                "alert", n->alert ? alert : NULL, "facility", text_or_null(n->facility),
                                "contact", text_or_null(n->contact), "raised_ms", (json_int_t)n->raised_ms,
                                "text_zh", text_or_null(n->text_zh), "text_en", text_or_null(n->text_en));
    if (!body) return json_error_code(&error) == json_error_invalid_utf8 ? JZ_E_UTF8 : JZ_E_MEMORY;
    q->body = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    if (!q->body) return JZ_E_MEMORY;
    q->body_bytes = strlen(q->body);
    return JZ_OK;
}

bool jz_webhook_sign(const char *secret, int64_t timestamp_s, const char *body, size_t body_bytes,
                     char signature[JZ_WEBHOOK_SIGNATURE_BYTES]) {
    char signed_text[JZ_WEBHOOK_BODY_BYTES_MAX + 24];
    uint8_t mac[EVP_MAX_MD_SIZE];
    unsigned mac_bytes = 0;
    assert(body_bytes <= JZ_WEBHOOK_BODY_BYTES_MAX);
    size_t bytes = (size_t)snprintf(signed_text, sizeof signed_text, "%" PRId64 ".", timestamp_s);
    memcpy(signed_text + bytes, body, body_bytes);
    if (!HMAC(EVP_sha256(), secret, (int)strlen(secret), (const uint8_t *)signed_text, bytes + body_bytes,
              mac, &mac_bytes))
        return false;
    snprintf(signature, JZ_WEBHOOK_SIGNATURE_BYTES, "v1=");
    for (unsigned i = 0; i < mac_bytes; i++) snprintf(signature + 3 + 2 * i, 3, "%02x", mac[i]);
    return true;
}

/* --- how a try ends ------------------------------------------------------------------------------------------ */

static int64_t mono_ms(const struct jz_webhook *h) {
    return jz_hooks_mono_ms(h->config.hooks);
}

static void set_path(struct jz_webhook *h, enum path path, const char *why) {
    if (h->path == path) return;
    h->path = path;
    h->config.changed(h->config.context, path == PATH_UP, why);
}

static void tell(const struct jz_webhook *h, const struct queued *q, bool delivered) {
    struct jz_webhook_result result = {.id = q->id,
                                       .kind = q->kind,
                                       .delivered = delivered,
                                       .http = q->http,
                                       .tries = q->tries,
                                       .why = delivered ? "" : q->why};
    h->config.done(h->config.context, &result);
}

/* Its place is free before the owner is told, who may send the next. */
static void conclude(struct jz_webhook *h, struct queued *q, bool delivered) {
    struct queued over = *q;
    q->place = FREE;
    q->body = NULL;
    free(over.body);
    tell(h, &over, delivered);
}

/* 1, 2, 4 ... 60 s, each shortened by up to half: after an outage not everything comes back at one moment. */
static int64_t backoff_ms(const struct jz_webhook *h, uint32_t tries) {
    uint16_t random;
    int64_t ms = JZ_WEBHOOK_BACKOFF_MS;
    for (uint32_t i = 1; i < tries && ms < JZ_WEBHOOK_BACKOFF_MS_MAX; i++) ms *= 2;
    if (ms > JZ_WEBHOOK_BACKOFF_MS_MAX) ms = JZ_WEBHOOK_BACKOFF_MS_MAX;
    jz_hooks_random(h->config.hooks, (uint8_t *)&random, sizeof random);
    return ms - ms / 2 * random / UINT16_MAX;
}

/* The gateway understood and said no: the same question has the same answer. 408, 425 and 429 mean "later". */
static bool is_final(uint32_t http) {
    return http >= 400 && http < 500 && http != 408 && http != 425 && http != 429;
}

static void fail(struct jz_webhook *h, struct queued *q, const char *why) {
    snprintf(q->why, sizeof q->why, "%s", why);
    q->place = WAITING;
    q->due_ms = mono_ms(h) + backoff_ms(h, q->tries);
    set_path(h, PATH_DOWN, q->why);
    if (is_final(q->http)) conclude(h, q, false);
}

/* --- whose turn it is ---------------------------------------------------------------------------------------- */

/* Lower goes first. */
static uint32_t class_of(const struct jz_webhook *h, const struct queued *q) {
    return (q->kind == JZ_WEBHOOK_TEST ? 2u : 0u) + ((q->tries > 0) == h->retry_next ? 0u : 1u);
}

static bool goes_before(const struct jz_webhook *h, const struct queued *a, const struct queued *b) {
    uint32_t class_a = class_of(h, a), class_b = class_of(h, b);
    if (class_a != class_b) return class_a < class_b;
    return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->order < b->order;
}

static bool is_over(const struct queued *q, int64_t now_ms) {
    return now_ms - q->accepted_ms >= JZ_WEBHOOK_GIVE_UP_MS;
}

static struct queued *next_due(struct jz_webhook *h, int64_t now_ms) {
    struct queued *best = NULL;
    for (uint32_t i = 0; i < JZ_WEBHOOK_QUEUE_MAX; i++) {
        struct queued *q = &h->queue[i];
        if (q->place != WAITING || q->due_ms > now_ms || is_over(q, now_ms)) continue;
        if (!best || goes_before(h, q, best)) best = q;
    }
    return best;
}

/* Signed anew for each try, with the time of the try. */
static bool start(struct jz_webhook *h, struct queued *q) {
    char id[48], timestamp[48], signature[32 + JZ_WEBHOOK_SIGNATURE_BYTES], value[JZ_WEBHOOK_SIGNATURE_BYTES];
    int64_t now_s = jz_hooks_utc_ms(h->config.hooks) / 1000;
    if (!jz_webhook_sign(h->secret, now_s, q->body, q->body_bytes, value)) return false;
    snprintf(id, sizeof id, "Jingzhu-Id: %" PRIu64, q->id);
    snprintf(timestamp, sizeof timestamp, "Jingzhu-Timestamp: %" PRId64, now_s);
    snprintf(signature, sizeof signature, "Jingzhu-Signature: %s", value);
    struct jz_web_request request = {.url = h->url,
                                     .body = q->body,
                                     .body_bytes = q->body_bytes,
                                     .header = {id, timestamp, signature},
                                     .timeout_ms = h->config.timeout_ms,
                                     .token = (uint64_t)(q - h->queue)};
    return jz_web_client_send(h->web, &request) == JZ_OK;
}

static void pump(struct jz_webhook *h) {
    int64_t now_ms = mono_ms(h);
    while (h->sending < JZ_WEBHOOK_IN_FLIGHT_MAX) {
        struct queued *q = next_due(h, now_ms);
        if (!q) break;
        h->retry_next = q->tries == 0;
        q->tries++;
        q->http = 0;
        if (start(h, q)) {
            q->place = SENDING;
            h->sending++;
        } else {
            fail(h, q, "this machine had no memory to send it");
        }
    }
    bool wanted = jz_webhook_queued(h) > h->sending;
    if (wanted && !ev_is_active(&h->tick)) ev_timer_again(h->loop, &h->tick);
    if (!wanted) ev_timer_stop(h->loop, &h->tick);
}

static void answered(void *context, const struct jz_web_answer *answer) {
    struct jz_webhook *h = context;
    struct queued *q = &h->queue[answer->token];
    char why[sizeof q->why];
    h->sending--;
    q->http = answer->http;
    if (answer->http / 100 == 2) { /* the gateway has it, however the rest of its answer ended */
        set_path(h, PATH_UP, "");
        conclude(h, q, true);
    } else {
        snprintf(why, sizeof why, "the gateway answered %" PRIu32, answer->http);
        fail(h, q, answer->status == JZ_OK ? why : answer->why);
    }
    pump(h);
}

static void on_tick(struct ev_loop *loop, ev_timer *tick, int events) {
    struct jz_webhook *h = tick->data;
    int64_t now_ms = mono_ms(h);
    (void)loop, (void)events;
    for (uint32_t i = 0; i < JZ_WEBHOOK_QUEUE_MAX; i++) {
        struct queued *q = &h->queue[i];
        if (q->place == WAITING && is_over(q, now_ms)) conclude(h, q, false);
    }
    pump(h);
}

/* --- public -------------------------------------------------------------------------------------------------- */

enum jz_status jz_webhook_open(struct jz_webhook **hook, struct ev_loop *loop,
                               const struct jz_webhook_config *config, struct jz_pack_error *error) {
    assert(config->done && config->changed);
    *hook = NULL;
    const char *why = jz_webhook_url_refused(config->url);
    if (why) return refuse(error, JZ_E_CONFIG, "webhook_url", why);
    struct jz_webhook *h = calloc(1, sizeof *h);
    if (!h) return JZ_E_MEMORY;
    h->config = *config;
    if (!h->config.timeout_ms) h->config.timeout_ms = JZ_WEBHOOK_TIMEOUT_MS;
    h->loop = loop;
    snprintf(h->url, sizeof h->url, "%s", config->url);
    ev_timer_init(&h->tick, on_tick, 0.0, JZ_WEBHOOK_TICK_MS / 1000.0);
    h->tick.data = h;
    enum jz_status status = read_secret(config->secret_file, h->secret, error);
    if (status == JZ_OK) h->web = jz_web_client_open(loop, config->ca_file, answered, h);
    if (status == JZ_OK && h->web) {
        *hook = h;
        return JZ_OK;
    }
    jz_webhook_close(h);
    return status == JZ_OK ? JZ_E_MEMORY : status;
}

void jz_webhook_close(struct jz_webhook *hook) {
    if (!hook) return;
    jz_web_client_close(hook->web);
    ev_timer_stop(hook->loop, &hook->tick);
    for (uint32_t i = 0; i < JZ_WEBHOOK_QUEUE_MAX; i++) free(hook->queue[i].body);
    OPENSSL_cleanse(hook->secret, sizeof hook->secret);
    free(hook);
}

static bool is_queued(const struct jz_webhook *h, uint64_t id) {
    for (uint32_t i = 0; i < JZ_WEBHOOK_QUEUE_MAX; i++)
        if (h->queue[i].place != FREE && h->queue[i].id == id) return true;
    return false;
}

/* A free place, else that of the oldest waiting test, else NULL. */
static struct queued *place_for_one(struct jz_webhook *h) {
    struct queued *test = NULL;
    for (uint32_t i = 0; i < JZ_WEBHOOK_QUEUE_MAX; i++) {
        struct queued *q = &h->queue[i];
        if (q->place == FREE) return q;
        if (q->place == WAITING && q->kind == JZ_WEBHOOK_TEST && (!test || q->order < test->order)) test = q;
    }
    return test;
}

enum jz_status jz_webhook_send(struct jz_webhook *hook, const struct jz_webhook_notice *notice) {
    if (!within_limits(notice)) return JZ_E_VALUE;
    if (is_queued(hook, notice->id)) return JZ_OK;
    struct queued *q = place_for_one(hook);
    if (!q) return JZ_E_FULL;
    int64_t now_ms = mono_ms(hook);
    struct queued made = {.place = WAITING,
                          .kind = notice->kind,
                          .id = notice->id,
                          .accepted_ms = now_ms,
                          .due_ms = now_ms,
                          .why = "its turn did not come in time"};
    enum jz_status status = render(notice, &made);
    if (status != JZ_OK) return status;
    struct queued before = *q;
    made.order = hook->next_order++;
    *q = made;
    if (before.place != FREE) {
        free(before.body);
        snprintf(before.why, sizeof before.why, "a newer notice needed its place");
        tell(hook, &before, false);
    }
    pump(hook);
    return JZ_OK;
}

uint32_t jz_webhook_queued(const struct jz_webhook *hook) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < JZ_WEBHOOK_QUEUE_MAX; i++) count += hook->queue[i].place != FREE;
    return count;
}
