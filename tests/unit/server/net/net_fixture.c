/* SPDX-License-Identifier: Apache-2.0 */
#include "net_fixture.h"

#include <argon2.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "users.h"

const uint8_t alice_uuid[16] = {0x11, 0x11, 0x11, 0x11, 0x22, 0x22, 0x43, 0x33,
                                0x84, 0x44, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55};
const uint8_t bob_uuid[16] = {0xaa, 0xaa, 0xaa, 0xaa, 0xbb, 0xbb, 0x4c, 0xcc,
                              0x8d, 0xdd, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee};
#define ALICE "URI:urn:device:11111111-2222-4333-8444-555555555555"
#define BOB "URI:urn:device:aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
#define DAY 86400L

static EVP_PKEY *key;
static X509 *authority, *other_authority, *server_certificate, *certificates[ID_COUNT];

static const struct plan {
    const char *names, *usage;
    long serial, until_s;
} plans[ID_COUNT] = {
    [ID_ALICE] = {ALICE, "clientAuth", 0x1001, DAY},
    [ID_BOB] = {BOB, "clientAuth", 0x1002, DAY},
    [ID_REVOKED] = {BOB, "clientAuth", 0xabcdef, DAY},
    [ID_STRANGER] = {ALICE, "clientAuth", 0x1003, DAY},
    [ID_NO_URI] = {NULL, "clientAuth", 0x1004, DAY},
    [ID_BAD_UUID] = {"URI:urn:device:11111111-2222-4333-8444-55555555555G", "clientAuth", 0x1005, DAY},
    [ID_TWO_URIS] = {ALICE "," BOB, "clientAuth", 0x1006, DAY},
    [ID_SERVER_USE] = {ALICE, "serverAuth", 0x1007, DAY},
    [ID_NO_USE] = {ALICE, NULL, 0x1008, DAY},
    [ID_EXPIRED] = {ALICE, "clientAuth", 0x1009, -10},
};

int64_t real_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --- keys and certificates ---------------------------------------------------------------------------------- */

static void add_extension(X509 *certificate, X509 *issuer, int nid, const char *value) {
    X509V3_CTX context;
    if (!value) return;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    assert_non_null(extension);
    assert_int_equal(X509_add_ext(certificate, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

static X509 *make_certificate(X509 *issuer, const char *cn, bool ca, const struct plan *plan) {
    X509 *x = X509_new();
    assert_non_null(x);
    assert_int_equal(X509_set_version(x, 2), 1);
    ASN1_INTEGER_set(X509_get_serialNumber(x), plan->serial);
    X509_gmtime_adj(X509_getm_notBefore(x), -DAY);
    X509_gmtime_adj(X509_getm_notAfter(x), plan->until_s);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC, (const uint8_t *)cn, -1, -1, 0);
    X509_set_issuer_name(x, issuer ? X509_get_subject_name(issuer) : X509_get_subject_name(x));
    X509_set_pubkey(x, key);
    add_extension(x, issuer ? issuer : x, NID_basic_constraints,
                  ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
    add_extension(x, issuer ? issuer : x, NID_subject_alt_name, plan->names);
    add_extension(x, issuer ? issuer : x, NID_ext_key_usage, plan->usage);
    assert_true(X509_sign(x, key, EVP_sha256()) > 0);
    return x;
}

int pki_setup(void **state) {
    static const struct plan root = {NULL, NULL, 1, DAY}, listener = {"DNS:localhost", "serverAuth", 2, DAY};
    (void)state;
    key = EVP_EC_gen("P-256");
    authority = make_certificate(NULL, "authority", true, &root);
    other_authority = make_certificate(NULL, "elsewhere", true, &root);
    server_certificate = make_certificate(authority, "localhost", false, &listener);
    for (int i = ID_NONE + 1; i < ID_COUNT; i++)
        certificates[i] =
            make_certificate(i == ID_STRANGER ? other_authority : authority, "device", false, &plans[i]);
    return 0;
}

int pki_teardown(void **state) {
    (void)state;
    for (int i = 0; i < ID_COUNT; i++) X509_free(certificates[i]);
    X509_free(authority);
    X509_free(other_authority);
    X509_free(server_certificate);
    EVP_PKEY_free(key);
    return 0;
}

X509 *identity_certificate(enum identity id) {
    return certificates[id];
}

/* --- the owner ---------------------------------------------------------------------------------------------- */

static enum jz_status on_frame(void *context, uint64_t session, const struct jz_session_info *info,
                               const struct jz_frame *frame, struct jz_bytes original) {
    struct seen *seen = &((struct server *)context)->seen;
    assert_non_null(info);
    assert_non_null(original.data);
    if (seen->frame_status) return seen->frame_status;
    if (seen->frames < RECORDS_MAX) {
        seen->session[seen->frames] = session;
        seen->seq[seen->frames] = frame->seq;
        seen->kind[seen->frames] = frame->kind;
    }
    seen->frames++;
    return JZ_OK;
}

static enum jz_status on_hello(void *context, uint64_t session, const struct jz_session_info *info,
                               uint64_t resume[JZ_LANE_COUNT]) {
    struct seen *seen = &((struct server *)context)->seen;
    assert_int_not_equal(session, JZ_NET_NONE);
    seen->hellos++;
    seen->info = *info;
    memcpy(resume, seen->resume, sizeof seen->resume);
    return seen->hello_status;
}

static void on_ready(void *context, uint64_t session, const struct jz_session_info *info) {
    struct seen *seen = &((struct server *)context)->seen;
    (void)info;
    seen->ready++;
    seen->last_ready = session;
}

static void on_closed(void *context, uint64_t session, const struct jz_session_info *info) {
    struct seen *seen = &((struct server *)context)->seen;
    (void)info;
    seen->closed++;
    seen->last_closed = session;
}

static void on_drained(void *context, uint64_t session, const struct jz_session_info *info) {
    (void)session, (void)info;
    ((struct server *)context)->seen.drained++;
}

static void on_round_end(void *context) {
    ((struct server *)context)->seen.rounds++;
}
static bool on_healthy(void *context) {
    return ((struct server *)context)->seen.healthy;
}

static size_t on_metrics(void *context, char *buffer, size_t capacity) {
    (void)context;
    return (size_t)snprintf(buffer, capacity, "owner_line 7\n");
}

static int64_t shifted_mono(void *context) {
    return real_ms() + ((struct server *)context)->shift_ms;
}

static int64_t shifted_utc(void *context) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 + ((struct server *)context)->utc_shift_ms;
}

static void keep_line(void *context, const char *line) {
    struct server *s = context;
    snprintf(s->log[s->log_count++ % 64], JZ_LOG_LINE_BYTES_MAX, "%s", line);
}

bool log_has(const struct server *s, enum jz_log_event event) {
    char want[32];
    snprintf(want, sizeof want, "\"event\":%d,", (int)event);
    for (uint32_t i = 0; i < 64 && i < s->log_count; i++)
        if (strstr(s->log[i], want)) return true;
    return false;
}

/* --- the server --------------------------------------------------------------------------------------------- */

void write_text(const char *path, const char *text) {
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

void server_path(const struct server *s, const char *name, char *out, size_t capacity) {
    assert_true(snprintf(out, capacity, "%s/%s", s->folder, name) < (int)capacity);
}

static void write_pem(const struct server *s, const char *name, X509 *certificate, bool with_key) {
    char path[256];
    server_path(s, name, path, sizeof path);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    if (with_key) assert_int_equal(PEM_write_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL), 1);
    if (certificate) assert_int_equal(PEM_write_X509(out, certificate), 1);
    assert_int_equal(fclose(out), 0);
}

/* The cheapest hash that is accepted, so that a log-in under a sanitizer takes no second. Password: "correct". */
static char quick_hash[JZ_USER_HASH_BYTES];

static void make_files(struct server *s) {
    char path[256], users[512];
    server_path(s, "users", path, sizeof path);
    snprintf(users, sizeof users,
             "# people\nwang\tdispatcher\t-\t%s\nli\treceiving\tgz-hosp1\t%s\n"
             "chen\tadministrator\t-\t%s\n",
             quick_hash, quick_hash, quick_hash);
    write_text(path, users);
    server_path(s, "revoked", path, sizeof path);
    write_text(path, "# serials\nAB:CD:EF\n");
    server_path(s, "console", path, sizeof path);
    assert_int_equal(mkdir(path, 0700), 0);
    server_path(s, "console/assets", path, sizeof path);
    assert_int_equal(mkdir(path, 0700), 0);
    server_path(s, "console/index.html", path, sizeof path);
    write_text(path, "<!doctype html><title>console</title>");
    server_path(s, "console/assets/main-4f2a9c1e.js", path, sizeof path);
    write_text(path, "plain script");
    server_path(s, "console/assets/main-4f2a9c1e.js.gz", path, sizeof path);
    write_text(path, "zipped script");
    server_path(s, "secret", path, sizeof path);
    write_text(path, "must not be served");
}

static void on_rules(void *context, struct jz_net_rules *out) {
    struct server *s = context;
    *out = (struct jz_net_rules){.hash = "00ff", .rules = 7, .activation = s->seen.activations};
    if (!s->seen.activations) return;
    out->state = JZ_ACTIVATION_REFUSED;
    out->status = JZ_E_PACK;
    out->line = 12;
    snprintf(out->by, sizeof out->by, "%s", s->seen.activated_by);
    snprintf(out->file, sizeof out->file, "general/\"a\".yaml");
    snprintf(out->text, sizeof out->text, "cut within \xe4\xba\xac\xe7\xad");
}

static enum jz_status on_activate(void *context, const char *person) {
    struct server *s = context;
    s->seen.activations++;
    snprintf(s->seen.activated_by, sizeof s->seen.activated_by, "%s", person);
    return s->seen.activate_status;
}

void server_start(struct server *s, void (*tune)(struct jz_net_config *config)) {
    static struct jz_hooks hooks;
    char ca[256], cert[256], pkey[256], users[256], revoked[256], console[256];
    memset(s, 0, sizeof *s);
    if (!quick_hash[0])
        assert_int_equal(
            argon2id_hash_encoded(1, 8, 1, "correct", 7, "saltsalt", 8, 32, quick_hash, sizeof quick_hash),
            0);
    snprintf(s->folder, sizeof s->folder, "/tmp/jz-net-XXXXXX");
    assert_non_null(mkdtemp(s->folder));
    make_files(s);
    write_pem(s, "ca.pem", authority, false);
    write_pem(s, "server.pem", server_certificate, false);
    write_pem(s, "server.key", NULL, true);
    server_path(s, "ca.pem", ca, sizeof ca);
    server_path(s, "server.pem", cert, sizeof cert);
    server_path(s, "server.key", pkey, sizeof pkey);
    server_path(s, "users", users, sizeof users);
    server_path(s, "revoked", revoked, sizeof revoked);
    server_path(s, "console", console, sizeof console);
    struct jz_net_config config = {.listen = "127.0.0.1",
                                   .tls_cert = cert,
                                   .tls_key = pkey,
                                   .device_ca = ca,
                                   .data_dir = s->folder,
                                   .console_dir = console,
                                   .users = users,
                                   .revoked = revoked,
                                   .simulation = true};
    if (tune) tune(&config);
    s->seen.healthy = true;
    s->loop = ev_loop_new(EVFLAG_AUTO);
    hooks = (struct jz_hooks){.mono_ms = shifted_mono, .utc_ms = shifted_utc, .context = s};
    jz_log_sink(keep_line, s);
    s->events = (struct jz_net_events){.context = s,
                                       .frame = on_frame,
                                       .hello = on_hello,
                                       .ready = on_ready,
                                       .closed = on_closed,
                                       .drained = on_drained,
                                       .round_end = on_round_end,
                                       .healthy = on_healthy,
                                       .rules = on_rules,
                                       .activate = on_activate,
                                       .metrics = on_metrics};
    enum jz_status status = jz_net_open(&s->net, &config, s->loop, &hooks, &s->events);
    if (status) fail_msg("no server: %d %s", (int)status, s->log[s->log_count ? s->log_count - 1 : 0]);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at) {
    (void)st, (void)kind, (void)at;
    return remove(path);
}

void remove_tree(const char *folder) {
    assert_int_equal(strncmp(folder, "/tmp/jz-", 8), 0);
    assert_int_equal(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

void server_stop(struct server *s) {
    jz_net_close(s->net);
    ev_loop_destroy(s->loop);
    jz_log_sink(NULL, NULL);
    remove_tree(s->folder);
}

void turn(struct server *s) {
    ev_run(s->loop, EVRUN_NOWAIT);
    poll(NULL, 0, 1); /* a breath, so that waiting does not eat a core */
}

/* --- the client --------------------------------------------------------------------------------------------- */

static const struct client_options plain_options = {
    .id = ID_NONE, .tls_max = 0, .alpn = NULL, .resume = NULL};

static void set_alpn(struct client *c, const char *alpn) {
    static const uint8_t http[] = "\x08http/1.1", h2[] = "\x02h2", both[] = "\x02h2\x08http/1.1";
    const uint8_t *list = !alpn ? http : strcmp(alpn, "h2") == 0 ? h2 : both;
    assert_int_equal(SSL_set_alpn_protos(c->ssl, list, (unsigned)strlen((const char *)list)), 0);
}

static void client_connect(struct client *c, int port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(c->fd >= 0);
    assert_int_equal(connect(c->fd, (struct sockaddr *)&to, sizeof to), 0);
    assert_int_equal(fcntl(c->fd, F_SETFL, O_NONBLOCK), 0);
}

static bool handshake(struct client *c) {
    int64_t end = real_ms() + WAIT_MS;
    for (;;) {
        int n = SSL_connect(c->ssl);
        if (n == 1) return true;
        int why = SSL_get_error(c->ssl, n);
        if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) return false;
        if (real_ms() > end) fail_msg("no handshake in time");
        turn(c->server);
    }
}

bool client_open(struct client *c, struct server *s, enum jz_side side,
                 const struct client_options *options) {
    if (!options) options = &plain_options;
    memset(c, 0, sizeof *c);
    c->server = s;
    ERR_clear_error();
    c->context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_max_proto_version(c->context, options->tls_max ? options->tls_max : TLS1_3_VERSION);
    if (options->id != ID_NONE) {
        assert_int_equal(SSL_CTX_use_certificate(c->context, certificates[options->id]), 1);
        assert_int_equal(SSL_CTX_use_PrivateKey(c->context, key), 1);
    }
    c->ssl = SSL_new(c->context);
    set_alpn(c, options->alpn);
    if (options->resume) assert_int_equal(SSL_set_session(c->ssl, options->resume), 1);
    client_connect(c, jz_net_port(s->net, side));
    assert_int_equal(SSL_set_fd(c->ssl, c->fd), 1);
    return handshake(c);
}

void client_close(struct client *c) {
    if (c->ssl && !c->ended) SSL_shutdown(c->ssl);
    SSL_free(c->ssl);
    SSL_CTX_free(c->context);
    if (c->fd > 0) close(c->fd);
    c->ssl = NULL;
    c->context = NULL;
    c->fd = -1;
}

/* Takes what there is. */
static void client_read(struct client *c) {
    while (!c->ended && c->in_bytes < sizeof c->in - 1) {
        int n = SSL_read(c->ssl, c->in + c->in_bytes, (int)(sizeof c->in - 1 - c->in_bytes));
        if (n > 0) {
            c->in_bytes += (size_t)n;
            continue;
        }
        int why = SSL_get_error(c->ssl, n);
        c->ended = why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE;
        break;
    }
    ERR_clear_error();
    c->in[c->in_bytes] = 0;
}

void client_turn(struct client *c) {
    client_read(c);
    turn(c->server);
    client_read(c);
}

void client_write(struct client *c, const void *data, size_t bytes) {
    int64_t end = real_ms() + WAIT_MS;
    for (size_t done = 0; done < bytes;) {
        int n = SSL_write(c->ssl, (const uint8_t *)data + done, (int)(bytes - done));
        if (n > 0) {
            done += (size_t)n;
            continue;
        }
        int why = SSL_get_error(c->ssl, n);
        if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) {
            c->ended = true;
            return;
        }
        if (real_ms() > end) fail_msg("the server does not read");
        turn(c->server);
    }
}

void client_wait_end(struct client *c) {
    int64_t end = real_ms() + WAIT_MS;
    while (!c->ended) {
        if (real_ms() > end) fail_msg("the server keeps the connection open");
        client_turn(c);
    }
}

int client_request(struct client *c, const char *request) {
    int code = 0;
    client_write(c, request, strlen(request));
    client_wait_end(c);
    if (sscanf((const char *)c->in, "HTTP/1.1 %d", &code) != 1) return 0;
    return code;
}

static void consume(struct client *c, size_t bytes) {
    memmove(c->in, c->in + bytes, c->in_bytes - bytes + 1);
    c->in_bytes -= bytes;
}

int client_head(struct client *c) {
    int64_t end = real_ms() + WAIT_MS;
    int code = 0;
    char *stop;
    while (!(stop = strstr((char *)c->in, "\r\n\r\n"))) {
        if (c->ended) return 0;
        if (real_ms() > end) fail_msg("no answer");
        client_turn(c);
    }
    assert_int_equal(sscanf((const char *)c->in, "HTTP/1.1 %d", &code), 1);
    consume(c, (size_t)(stop - (char *)c->in) + 4);
    return code;
}

int client_upgrade(struct client *c, const char *path, const char *subprotocol, const char *extra) {
    char request[2048];
    snprintf(request, sizeof request,
             "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
             "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
             "Sec-WebSocket-Protocol: %s\r\n%s\r\n",
             path, subprotocol, extra ? extra : "");
    client_write(c, request, strlen(request));
    return client_head(c);
}

size_t ws_encode(uint8_t *out, size_t capacity, uint8_t opcode, bool final, const void *data, size_t bytes) {
    static const uint8_t mask[4] = {0x12, 0x34, 0x56, 0x78};
    size_t n = 0, wide = bytes < 126 ? 0 : bytes < 65536 ? 2 : 8;
    assert_true(14 + bytes <= capacity);
    out[n++] = (uint8_t)((final ? 0x80 : 0) | opcode);
    out[n++] = (uint8_t)(0x80 | (wide == 0 ? bytes : wide == 2 ? 126 : 127));
    for (size_t i = wide; i-- > 0;) out[n++] = (uint8_t)((uint64_t)bytes >> (8 * i));
    memcpy(out + n, mask, 4);
    n += 4;
    for (size_t i = 0; i < bytes; i++) out[n + i] = ((const uint8_t *)data)[i] ^ mask[i % 4];
    return n + bytes;
}

void client_ws(struct client *c, uint8_t opcode, bool final, const void *data, size_t bytes) {
    static uint8_t out[1 << 17];
    client_write(c, out, ws_encode(out, sizeof out, opcode, final, data, bytes));
}

/* @return bytes of the frame at the front, 0: not whole yet. */
static size_t parse_ws(const struct client *c, struct message *m) {
    size_t head = 2, bytes;
    if (c->in_bytes < 2) return 0;
    assert_int_equal(c->in[1] & 0x80, 0); /* a server does not mask */
    bytes = c->in[1] & 0x7f;
    if (bytes >= 126) {
        size_t wide = bytes == 126 ? 2 : 8;
        if (c->in_bytes < 2 + wide) return 0;
        bytes = 0;
        for (size_t i = 0; i < wide; i++) bytes = bytes << 8 | c->in[2 + i];
        head += wide;
    }
    if (c->in_bytes < head + bytes) return 0;
    assert_true(bytes <= sizeof m->data);
    m->opcode = c->in[0] & 0x0f;
    memcpy(m->data, c->in + head, bytes);
    m->bytes = bytes;
    return head + bytes;
}

bool client_receive(struct client *c, struct message *m) {
    int64_t end = real_ms() + WAIT_MS;
    for (;;) {
        size_t used = parse_ws(c, m);
        if (used) {
            consume(c, used);
            if (m->opcode == 8) return false;
            if (m->opcode == 2) return true;
            continue;
        }
        if (c->ended) return false;
        if (real_ms() > end) fail_msg("no message");
        client_turn(c);
    }
}

/* --- devices ------------------------------------------------------------------------------------------------ */

struct jz_frame hello_frame(uint16_t version) {
    struct jz_frame f = {.kind = JZ_FRAME_HELLO, .at_ms = 1700000000000};
    f.hello.version = version;
    f.hello.epoch = 7;
    return f;
}

struct jz_frame vitals_frame(uint64_t seq) {
    struct jz_frame f = {.kind = JZ_FRAME_VITALS, .lane = JZ_LANE_VITALS, .seq = seq, .at_ms = 1700000000000};
    f.has_encounter = true;
    f.encounter.byte[15] = 1;
    f.vitals.count = 1;
    f.vitals.item[0] = (struct jz_fact){.code = 149530, .value = 80};
    return f;
}

void send_frame(struct client *c, const struct jz_frame *frame) {
    uint8_t bytes[JZ_MESSAGE_BYTES_MAX];
    size_t count;
    assert_int_equal(jz_frame_encode(frame, bytes, sizeof bytes, &count), JZ_OK);
    client_ws(c, 2, true, bytes, count);
}

struct jz_frame expect_frame(struct client *c, enum jz_frame_kind kind) {
    static struct message m;
    struct jz_scan scan;
    struct jz_frame f;
    for (int i = 0; i < 100; i++) {
        if (!client_receive(c, &m)) fail_msg("closed instead of a frame of kind %d", (int)kind);
        assert_int_equal(jz_message_scan(m.data, m.bytes, &scan), JZ_OK);
        for (uint32_t k = 0; k < scan.count; k++) {
            assert_int_equal(jz_frame_decode(m.data + scan.frame[k].offset, scan.frame[k].bytes, &f, NULL),
                             JZ_OK);
            if (f.kind == kind) return f;
        }
    }
    fail_msg("no frame of kind %d", (int)kind);
    return f;
}

void expect_error(struct client *c, enum jz_status status) {
    struct jz_frame f = expect_frame(c, JZ_FRAME_ERROR);
    assert_int_equal(f.error.status, status);
    assert_true(f.error.text.bytes > 0);
}

void device_connect(struct client *c, struct server *s, enum identity id) {
    assert_true(client_open(c, s, JZ_SIDE_DEVICE, &(struct client_options){.id = id}));
    assert_int_equal(client_upgrade(c, "/device", "jingzhu.device.v1", NULL), 101);
}

void device_ready(struct client *c, struct server *s, enum identity id) {
    struct jz_frame hello = hello_frame(1);
    device_connect(c, s, id);
    send_frame(c, &hello);
    struct jz_frame welcome = expect_frame(c, JZ_FRAME_WELCOME);
    assert_int_equal(welcome.welcome.version, 1);
}
