/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP of the console port: static files, log-in, tickets, upgrades. docs/console-http.md is the contract.
 *
 * A connection serves one request and closes. With no second request there is no pipelining, no body to smuggle
 * one in, and none of the library's keep-alive states to be wrong about; resumed TLS makes the next one cheap. */
#include <arpa/inet.h>
#include <jansson.h>
#include <netinet/in.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "net_private.h"

#define HEAD_BYTES_MAX 2048u
#define COOKIE_NAME "__Host-jz"
#define COOKIE_TAIL "; Path=/; Secure; HttpOnly; SameSite=Strict"
#define JSON "application/json"
#define ANSWER_LOGIN "{\"error\":803}"
#define ANSWER_DENIED "{\"error\":801}"
#define ANSWER_FORMAT "{\"error\":703}"
#define ANSWER_BUSY "{\"error\":206}"

/* docs/security.md names each. */
#define SECURITY_HEADERS                                                                                     \
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " \
    "frame-ancestors 'none'\r\n"                                                                             \
    "X-Content-Type-Options: nosniff\r\n"                                                                    \
    "Referrer-Policy: no-referrer\r\n"                                                                       \
    "Strict-Transport-Security: max-age=31536000\r\n"                                                        \
    "Connection: close\r\n"

static const struct reason {
    int code;
    const char *text;
} reasons[] = {{200, "OK"},
               {202, "Accepted"},
               {204, "No Content"},
               {400, "Bad Request"},
               {401, "Unauthorized"},
               {403, "Forbidden"},
               {404, "Not Found"},
               {405, "Method Not Allowed"},
               {409, "Conflict"},
               {411, "Length Required"},
               {413, "Content Too Large"},
               {429, "Too Many Requests"},
               {503, "Service Unavailable"}};

static const char *reason_of(int code) {
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].code == code) return reasons[i].text;
    return "Error";
}

/* --- answers ------------------------------------------------------------------------------------------------ */

void net_free_exchange(struct connection *c) {
    struct exchange *x = c->exchange;
    if (!x) return;
    if (x->job) x->job->owner = NULL; /* its result will find nobody */
    free(x->head);
    OPENSSL_cleanse(x, sizeof *x);
    free(x);
    c->exchange = NULL;
}

static struct exchange *exchange_of(struct connection *c) {
    if (!c->exchange) c->exchange = calloc(1, sizeof *c->exchange);
    return c->exchange;
}

static int write_head(char *out, int code, const char *extra, const char *type, size_t bytes) {
    return snprintf(out, HEAD_BYTES_MAX,
                    "HTTP/1.1 %d %s\r\n" SECURITY_HEADERS "Content-Type: %s\r\nContent-Length: %zu\r\n%s\r\n",
                    code, reason_of(code), type, bytes, extra);
}

/* @param body  Copied behind the head when `copied`, else borrowed. */
static int answer(struct connection *c, int code, const char *extra, const char *type, const void *body,
                  size_t bytes, bool copied) {
    struct exchange *x = exchange_of(c);
    if (!x || x->head) return x ? 0 : -1; /* one answer only */
    x->head = malloc(LWS_PRE + HEAD_BYTES_MAX + (copied ? bytes : 0));
    if (!x->head) return -1;
    int n = write_head((char *)x->head + LWS_PRE, code, extra, type, bytes);
    if (n <= 0 || n >= (int)HEAD_BYTES_MAX) return -1;
    x->head_bytes = (size_t)n;
    if (copied && bytes) memcpy(x->head + LWS_PRE + n, body, bytes);
    x->head_bytes += copied ? bytes : 0;
    x->body = copied ? NULL : body;
    x->body_bytes = copied ? 0 : bytes;
    c->deadline_ms = net_mono_ms(c->net->hooks) + NET_RESPONSE_MS;
    lws_callback_on_writable(c->wsi);
    return 0;
}

int http_answer(struct connection *c, int code, const char *extra, const char *type, const char *body,
                size_t bytes) {
    return answer(c, code, extra, type, body, bytes, true);
}

static int answer_json(struct connection *c, int code, const char *body) {
    return http_answer(c, code, "Cache-Control: no-store\r\n", JSON, body, strlen(body));
}

static int answer_code(struct connection *c, int code) {
    return http_answer(c, code, "Cache-Control: no-store\r\n", "text/plain; charset=utf-8", "", 0);
}

static int write_body(struct connection *c, struct exchange *x) {
    static uint8_t chunk[LWS_PRE + NET_CHUNK_BYTES];
    size_t left = x->body_bytes - x->sent;
    size_t n = left < NET_CHUNK_BYTES ? left : NET_CHUNK_BYTES;
    memcpy(chunk + LWS_PRE, x->body + x->sent, n);
    x->sent += n;
    return lws_write(c->wsi, chunk + LWS_PRE, n, LWS_WRITE_HTTP) < 0 ? -1 : 0;
}

int http_writable(struct connection *c) {
    struct exchange *x = c->exchange;
    if (!x || !x->head) return 0;
    c->deadline_ms = net_mono_ms(c->net->hooks) + NET_RESPONSE_MS;
    if (x->head_bytes) {
        size_t n = x->head_bytes;
        x->head_bytes = 0;
        if (lws_write(c->wsi, x->head + LWS_PRE, n, LWS_WRITE_HTTP_HEADERS) < 0) return -1;
    } else if (x->sent < x->body_bytes && write_body(c, x) != 0) {
        return -1;
    }
    if (x->sent == x->body_bytes) return -1; /* all is written or buffered: close when it is flushed */
    lws_callback_on_writable(c->wsi);
    return 0;
}

/* --- what the request says ---------------------------------------------------------------------------------- */

static bool header(struct connection *c, enum lws_token_indexes token, char *out, size_t capacity) {
    *out = 0;
    return lws_hdr_copy(c->wsi, out, (int)capacity, token) > 0;
}

/* `Cookie: a=b; __Host-jz=<64 digits>`: the value, or "". */
static void cookie_secret(struct connection *c, char secret[SECRET_CHARS + 1]) {
    char cookies[NET_COOKIE_BYTES_MAX], *save = NULL;
    size_t name = sizeof COOKIE_NAME - 1;
    secret[0] = 0;
    if (!header(c, WSI_TOKEN_HTTP_COOKIE, cookies, sizeof cookies)) return;
    for (char *pair = strtok_r(cookies, "; ", &save); pair; pair = strtok_r(NULL, "; ", &save)) {
        if (strncmp(pair, COOKIE_NAME, name) != 0 || pair[name] != '=') continue;
        if (strlen(pair + name + 1) == SECRET_CHARS) memcpy(secret, pair + name + 1, SECRET_CHARS + 1);
    }
    OPENSSL_cleanse(cookies, sizeof cookies);
}

static struct login_session *login_of(struct connection *c) {
    char secret[SECRET_CHARS + 1];
    cookie_secret(c, secret);
    struct login_session *s = login_find(&c->net->login, secret, net_mono_ms(c->net->hooks));
    OPENSSL_cleanse(secret, sizeof secret);
    return s;
}

/* A page of another site can make a browser send our cookie, but neither this header nor this Origin. */
static bool origin_is_ours(struct connection *c, bool required) {
    char origin[NET_HOST_BYTES_MAX + 8], host[NET_HOST_BYTES_MAX], want[NET_HOST_BYTES_MAX + 8];
    bool has = lws_hdr_total_length(c->wsi, WSI_TOKEN_ORIGIN) > 0;
    if (!has) return !required;
    if (!header(c, WSI_TOKEN_ORIGIN, origin, sizeof origin) || !header(c, WSI_TOKEN_HOST, host, sizeof host))
        return false;
    snprintf(want, sizeof want, "https://%s", host);
    return strcasecmp(origin, want) == 0;
}

static bool is_our_page(struct connection *c) {
    char value[8];
    static const char name[] = "x-jingzhu:";
    if (lws_hdr_custom_copy(c->wsi, value, sizeof value, name, sizeof name - 1) <= 0) return false;
    return strcmp(value, "1") == 0 && origin_is_ours(c, false);
}

static void peer_address(struct connection *c, uint8_t address[ADDRESS_BYTES]) {
    struct sockaddr_storage peer = {.ss_family = AF_UNSPEC};
    socklen_t bytes = sizeof peer;
    memset(address, 0, ADDRESS_BYTES);
    if (getpeername(lws_get_socket_fd(c->wsi), (struct sockaddr *)&peer, &bytes) != 0) return;
    if (peer.ss_family == AF_INET6)
        memcpy(address, &((struct sockaddr_in6 *)&peer)->sin6_addr, 8); /* a household has a /64 */
    else if (peer.ss_family == AF_INET)
        memcpy(address + 12, &((struct sockaddr_in *)&peer)->sin_addr, 4);
}

static bool peer_is_loopback(struct connection *c) {
    struct sockaddr_storage peer = {.ss_family = AF_UNSPEC};
    socklen_t bytes = sizeof peer;
    if (getpeername(lws_get_socket_fd(c->wsi), (struct sockaddr *)&peer, &bytes) != 0) return false;
    if (peer.ss_family == AF_INET6) {
        const struct in6_addr *a = &((struct sockaddr_in6 *)&peer)->sin6_addr;
        return IN6_IS_ADDR_LOOPBACK(a) || (IN6_IS_ADDR_V4MAPPED(a) && a->s6_addr[12] == 127);
    }
    return peer.ss_family == AF_INET && ntohl(((struct sockaddr_in *)&peer)->sin_addr.s_addr) >> 24 == 127;
}

/* --- upgrades ----------------------------------------------------------------------------------------------- */

static int refuse_upgrade(struct connection *c, int code) {
    uint8_t out[LWS_PRE + HEAD_BYTES_MAX];
    jz_log(JZ_LOG_UPGRADE_REFUSED, &(struct jz_log_fields){.side = net_side_name(c->info.side)});
    int n = write_head((char *)out + LWS_PRE, code, "Cache-Control: no-store\r\n",
                       "text/plain; charset=utf-8", 0);
    if (n > 0 && n < (int)HEAD_BYTES_MAX)
        (void)!lws_write(c->wsi, out + LWS_PRE, (size_t)n, LWS_WRITE_HTTP_HEADERS); /* we close either way */
    return -1;
}

static bool header_is(struct connection *c, enum lws_token_indexes token, const char *want) {
    char value[64];
    return header(c, token, value, sizeof value) && strcmp(value, want) == 0;
}

static bool ticket_is_good(struct connection *c) {
    char argument[SECRET_CHARS + 16];
    struct login_session *s = login_of(c);
    if (!s || !origin_is_ours(c, true)) return false;
    if (lws_hdr_copy_fragment(c->wsi, argument, sizeof argument, WSI_TOKEN_HTTP_URI_ARGS, 0) <= 0)
        return false;
    if (strncmp(argument, "ticket=", 7) != 0) return false;
    bool good = login_ticket_take(&c->net->login, s, argument + 7, net_mono_ms(c->net->hooks));
    c->login = good ? s->handle : 0;
    return good;
}

/* The library hands over a pointer that may be freed already when the upgrade is not one it knows (see
 * docs/security.md), so the header is read anew here; it is gone then, and that is a refusal without an answer. */
int http_upgrade(struct connection *c) {
    char upgrade[32];
    uint8_t uuid[16];
    bool device = c->info.side == JZ_SIDE_DEVICE;
    if (!header(c, WSI_TOKEN_UPGRADE, upgrade, sizeof upgrade)) return -1;
    if (strcasecmp(upgrade, "websocket") != 0) return refuse_upgrade(c, 403);
    if (!header_is(c, WSI_TOKEN_GET_URI, device ? "/device" : "/console")) return refuse_upgrade(c, 404);
    if (!header_is(c, WSI_TOKEN_VERSION, "13")) return refuse_upgrade(c, 400);
    if (!header_is(c, WSI_TOKEN_PROTOCOL, device ? "jingzhu.device.v1" : "jingzhu.console.v1"))
        return refuse_upgrade(c, 403);
    bool good = device ? tls_device(c->net, c->wsi, uuid) == JZ_OK : ticket_is_good(c);
    return good ? 0 : refuse_upgrade(c, 403);
}

/* --- log-in ------------------------------------------------------------------------------------------------- */

static int answer_person(struct connection *c, const struct login_session *s, const char *secret) {
    char body[256], extra[256];
    /* Names and facility ids hold nothing that JSON would escape: users.h. */
    snprintf(body, sizeof body, "{\"name\":\"%s\",\"role\":%d,\"facility\":\"%s\",\"simulation\":%s}",
             s->name, (int)s->role, s->facility, c->net->simulation ? "true" : "false");
    snprintf(extra, sizeof extra, "Cache-Control: no-store\r\n");
    if (secret)
        snprintf(extra, sizeof extra,
                 "Cache-Control: no-store\r\nSet-Cookie: " COOKIE_NAME "=%s" COOKIE_TAIL "\r\n", secret);
    return http_answer(c, 200, extra, JSON, body, strlen(body));
}

static bool copy_text(json_t *object, const char *key, char *out, size_t capacity) {
    const json_t *value = json_object_get(object, key);
    size_t bytes = json_is_string(value) ? json_string_length(value) : 0;
    if (bytes == 0 || bytes >= capacity || strlen(json_string_value(value)) != bytes) return false;
    memcpy(out, json_string_value(value), bytes + 1);
    return true;
}

/* Exactly {"name": text, "password": text}. */
static bool parse_login(const char *body, size_t bytes, struct hash_job *job) {
    json_t *root = json_loadb(body, bytes, JSON_REJECT_DUPLICATES, NULL);
    bool good = json_is_object(root) && json_object_size(root) == 2 &&
                copy_text(root, "name", job->name, sizeof job->name) &&
                copy_text(root, "password", job->password, sizeof job->password);
    json_decref(root);
    return good;
}

static int submit_login(struct connection *c, struct hash_job *job) {
    struct jz_net *net = c->net;
    const struct jz_user *user = jz_users_find(net->users, job->name);
    peer_address(c, job->address);
    snprintf(job->hash, sizeof job->hash, "%s", user ? user->hash : jz_password_decoy());
    job->owner = c;
    bool admitted = login_admit(&net->login, job->name, job->address, net_mono_ms(net->hooks));
    bool taken = admitted && hasher_submit(net->hasher, job);
    if (admitted && !taken)
        login_unadmit(&net->login, job->name, job->address, net_mono_ms(net->hooks)); /* we are busy */
    if (!taken) {
        jz_log(JZ_LOG_LOGIN_LIMITED, NULL);
        net->refusals[JZ_E_LOGIN]++;
        hash_job_free(job);
        return answer_json(c, 429, ANSWER_LOGIN);
    }
    c->exchange->job = job;
    return 0;
}

static int start_login(struct connection *c) {
    struct hash_job *job = calloc(1, sizeof *job);
    if (!job) return -1;
    bool good = parse_login(c->exchange->in, c->exchange->in_bytes, job);
    OPENSSL_cleanse(c->exchange->in, sizeof c->exchange->in);
    if (good) return submit_login(c, job);
    hash_job_free(job);
    return answer_json(c, 400, ANSWER_FORMAT);
}

static int finish_login(struct connection *c, const struct hash_job *job) {
    struct jz_net *net = c->net;
    char secret[SECRET_CHARS + 1];
    int64_t now = net_mono_ms(net->hooks);
    const struct jz_user *user = jz_users_find(net->users, job->name);
    bool good = job->matches && user && strcmp(user->hash, job->hash) == 0;
    jz_log(good ? JZ_LOG_LOGIN : JZ_LOG_LOGIN_FAILED, NULL);
    if (!good) {
        net->stats.login_failures++;
        net->refusals[JZ_E_LOGIN]++;
        return answer_json(c, 401, ANSWER_LOGIN);
    }
    net->stats.logins++;
    login_forgive(&net->login, job->name, job->address, now);
    struct login_session *s = login_open(&net->login, user, now, secret);
    int result = answer_person(c, s, secret);
    OPENSSL_cleanse(secret, sizeof secret);
    return result;
}

void http_login_checked(void *context, struct hash_job *job) {
    struct connection *c = job->owner;
    (void)context;
    if (c) {
        c->exchange->job = NULL;
        if (finish_login(c, job) != 0) {
            lws_set_timeout(c->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
            lws_cancel_service(c->net->context);
        }
    }
    hash_job_free(job);
}

static int post_logout(struct connection *c) {
    struct login_session *s = login_of(c);
    if (s) {
        jz_log(JZ_LOG_LOGOUT, NULL);
        for (uint32_t i = 0; i < c->net->high_water; i++)
            if (c->net->connection[i].login == s->handle) c->net->connection[i].recheck_ms = 0;
        login_end(s);
    }
    return http_answer(
        c, 204, "Cache-Control: no-store\r\nSet-Cookie: " COOKIE_NAME "=; Max-Age=0" COOKIE_TAIL "\r\n", JSON,
        "", 0);
}

static int post_ticket(struct connection *c) {
    char secret[SECRET_CHARS + 1], body[SECRET_CHARS + 32];
    struct login_session *s = login_of(c);
    if (!s) return answer_json(c, 401, ANSWER_LOGIN);
    login_ticket_make(&c->net->login, s, net_mono_ms(c->net->hooks), secret);
    snprintf(body, sizeof body, "{\"ticket\":\"%s\"}", secret);
    OPENSSL_cleanse(secret, sizeof secret);
    return answer_json(c, 200, body);
}

static int get_session(struct connection *c) {
    const struct login_session *s = login_of(c);
    return s ? answer_person(c, s, NULL) : answer_json(c, 401, ANSWER_LOGIN);
}

static int get_health(struct connection *c) {
    const struct jz_net_events *events = &c->net->events;
    bool ready = !events->healthy || events->healthy(events->context);
    return ready ? answer_json(c, 200, "{\"ready\":true}") : answer_json(c, 503, "{\"ready\":false}");
}

static int get_metrics(struct connection *c) {
    return peer_is_loopback(c) ? metrics_answer(c) : answer_code(c, 404);
}

/* --- rule packs: what is in force, and other ones in its place -------------------------------------------------- */

/* What was cut to its field may end within a character, and JSON takes none of that. */
static void end_on_a_character(char *text) {
    size_t n = strlen(text), at = n;
    while (at > 0 && n - at < 3 && ((unsigned char)text[at - 1] & 0xc0) == 0x80) at--;
    if (at == 0) return;
    unsigned char lead = (unsigned char)text[at - 1];
    size_t bytes = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (n - (at - 1) < bytes) text[at - 1] = 0;
}

static int get_rules(struct connection *c) {
    static const char *const state[] = {"none", "running", "done", "unchanged", "refused"};
    const struct jz_net_events *events = &c->net->events;
    struct jz_net_rules r = {.rules = 0};
    if (!events->rules) return answer_code(c, 404);
    if (!login_of(c)) return answer_json(c, 401, ANSWER_LOGIN);
    events->rules(events->context, &r);
    end_on_a_character(r.text);
    json_t *root = json_pack("{s:s, s:I, s:{s:I, s:s, s:s, s:i, s:s, s:i, s:i, s:s}}", "hash", r.hash,
                             "rules", (json_int_t)r.rules, "activation", "number", (json_int_t)r.activation,
                             "state", state[r.state], "by", r.by, "error", (int)r.status, "file", r.file,
                             "line", r.line, "column", r.column, "text", r.text);
    char *body = root ? json_dumps(root, JSON_COMPACT) : NULL;
    int result = body ? answer_json(c, 200, body) : answer_code(c, 503);
    json_decref(root);
    free(body);
    return result;
}

static int post_activate(struct connection *c) {
    const struct jz_net_events *events = &c->net->events;
    const struct login_session *s = login_of(c);
    if (!events->activate) return answer_code(c, 404);
    if (!s) return answer_json(c, 401, ANSWER_LOGIN);
    if (s->role != JZ_ROLE_ADMINISTRATOR) return answer_json(c, 403, ANSWER_DENIED);
    if (events->activate(events->context, s->name) != JZ_OK) return answer_json(c, 409, ANSWER_BUSY);
    return answer_json(c, 202, "{\"started\":true}");
}

/* --- routes ------------------------------------------------------------------------------------------------- */

/* The body decides, so the answer comes later: http_body_complete. */
static int await_login(struct connection *c) {
    return c->exchange->in_expected ? 0 : answer_json(c, 400, ANSWER_FORMAT);
}

static const struct route {
    const char *path;
    bool post, takes_body;
    int (*run)(struct connection *c);
} routes[] = {
    {"/api/login", true, true, await_login},   {"/api/logout", true, false, post_logout},
    {"/api/ticket", true, false, post_ticket}, {"/api/session", false, false, get_session},
    {"/healthz", false, false, get_health},    {"/metrics", false, false, get_metrics},
    {"/api/rules", false, false, get_rules},   {"/api/rules/activate", true, false, post_activate},
};

static const struct route *route_of(const char *path) {
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++)
        if (strcmp(routes[i].path, path) == 0) return &routes[i];
    return NULL;
}

static int get_asset(struct connection *c, const char *path) {
    char accepted[128], extra[128];
    const struct asset *a = assets_find(&c->net->assets, path);
    if (!a) return answer_code(c, 404);
    bool gzip = a->gzip && header(c, WSI_TOKEN_HTTP_ACCEPT_ENCODING, accepted, sizeof accepted) &&
                strstr(accepted, "gzip") != NULL;
    snprintf(extra, sizeof extra, "Cache-Control: %s\r\nVary: Accept-Encoding\r\n%s",
             a->immutable ? "public, max-age=31536000, immutable" : "no-cache",
             gzip ? "Content-Encoding: gzip\r\n" : "");
    return answer(c, 200, extra, a->type, gzip ? a->gzip : a->plain, gzip ? a->gzip_bytes : a->plain_bytes,
                  false);
}

/* 1 .. 4 digits, so it cannot overflow. Absent: 0. @return false: not a number, or no plain length. */
static bool body_length(struct connection *c, size_t *bytes) {
    char text[8];
    *bytes = 0;
    if (lws_hdr_total_length(c->wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING)) return false;
    if (!lws_hdr_total_length(c->wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH)) return true;
    if (!header(c, WSI_TOKEN_HTTP_CONTENT_LENGTH, text, sizeof text)) return false;
    size_t n = strspn(text, "0123456789");
    if (n == 0 || n > 4 || text[n]) return false;
    for (size_t i = 0; i < n; i++) *bytes = *bytes * 10 + (size_t)(text[i] - '0');
    return true;
}

static int run_route(struct connection *c, const struct route *r, bool post) {
    if (r->post != post) return answer_code(c, 405);
    if (post && !is_our_page(c)) return answer_json(c, 403, ANSWER_DENIED);
    if (!body_length(c, &c->exchange->in_expected) || c->exchange->in_expected > NET_BODY_BYTES_MAX)
        return answer_code(c, 413);
    if (!r->takes_body && c->exchange->in_expected) return answer_code(c, 400);
    return r->run(c);
}

int http_request(struct connection *c, const char *path, size_t bytes) {
    bool get = lws_hdr_total_length(c->wsi, WSI_TOKEN_GET_URI) > 0;
    bool post = lws_hdr_total_length(c->wsi, WSI_TOKEN_POST_URI) > 0;
    if (!exchange_of(c)) return -1;
    c->deadline_ms = net_mono_ms(c->net->hooks) + NET_RESPONSE_MS;
    if (c->info.side == JZ_SIDE_DEVICE || bytes >= JZ_NET_PATH_BYTES_MAX || strlen(path) != bytes)
        return answer_code(c, 404);
    const struct route *r = route_of(path);
    if (r) return get || post ? run_route(c, r, post) : answer_code(c, 405);
    if (!get) return answer_code(c, assets_find(&c->net->assets, path) ? 405 : 404);
    return get_asset(c, path);
}

int http_body(struct connection *c, const char *data, size_t bytes) {
    struct exchange *x = c->exchange;
    if (!x || x->head) return 0; /* refused already: what else comes is dropped */
    if (bytes > x->in_expected - x->in_bytes) return -1;
    memcpy(x->in + x->in_bytes, data, bytes);
    x->in_bytes += bytes;
    return 0;
}

int http_body_complete(struct connection *c) {
    struct exchange *x = c->exchange;
    if (!x || x->head || x->job) return 0;
    if (x->in_bytes != x->in_expected || x->in_expected == 0) return -1;
    return start_login(c);
}
