/* SPDX-License-Identifier: Apache-2.0 */
#include "tls_stage.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define DAY_S 86400

static void hang_up(struct tls_peer *peer) {
    if (!peer->ssl) return;
    ev_io_stop(peer->stage->loop, &peer->io);
    SSL_free(peer->ssl);
    peer->ssl = NULL;
    close(peer->io.fd);
}

/* A notice is far less than a record, so one read has all of it and one write takes the answer. */
static void on_bytes(struct ev_loop *loop, ev_io *io, int events) {
    static const char reply[] = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
    struct tls_peer *peer = io->data;
    char request[16384];
    (void)loop, (void)events;
    int got = SSL_read(peer->ssl, request, sizeof request);
    if (got <= 0 && SSL_get_error(peer->ssl, got) == SSL_ERROR_WANT_READ) return;
    if (got > 0) {
        peer->stage->requests++;
        SSL_write(peer->ssl, reply, sizeof reply - 1);
        SSL_shutdown(peer->ssl);
    }
    hang_up(peer);
}

static void on_connection(struct ev_loop *loop, ev_io *io, int events) {
    struct tls_stage *stage = io->data;
    (void)events;
    int fd = accept4(io->fd, NULL, NULL, SOCK_NONBLOCK);
    if (fd < 0 || stage->connections == TLS_STAGE_CONNECTIONS_MAX) abort();
    struct tls_peer *peer = &stage->peer[stage->connections++];
    peer->stage = stage;
    peer->ssl = SSL_new(stage->context);
    SSL_set_fd(peer->ssl, fd);
    SSL_set_accept_state(peer->ssl);
    ev_io_init(&peer->io, on_bytes, fd, EV_READ);
    peer->io.data = peer;
    ev_io_start(loop, &peer->io);
}

static X509 *certificate(EVP_PKEY *key, const char *name) {
    X509 *x = X509_new();
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -DAY_S);
    X509_gmtime_adj(X509_getm_notAfter(x), DAY_S);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC, (const uint8_t *)"elsewhere", -1,
                               -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(x));
    X509_set_pubkey(x, key);
    X509_EXTENSION *names = name ? X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, name) : NULL;
    if (names) X509_add_ext(x, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(x, key, EVP_sha256());
    return x;
}

static bool use_certificate(struct tls_stage *stage, const char *name) {
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *x = certificate(key, name);
    snprintf(stage->ca_file, sizeof stage->ca_file, "/tmp/jz-stage-ca-XXXXXX");
    int fd = mkstemp(stage->ca_file);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    bool done = file && PEM_write_X509(file, x) && SSL_CTX_use_certificate(stage->context, x) == 1 &&
                SSL_CTX_use_PrivateKey(stage->context, key) == 1;
    if (file) fclose(file);
    X509_free(x);
    EVP_PKEY_free(key);
    return done;
}

bool tls_stage_open(struct tls_stage *stage, struct ev_loop *loop, const char *name) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t bytes = sizeof at;
    memset(stage, 0, sizeof *stage);
    stage->loop = loop;
    stage->context = SSL_CTX_new(TLS_server_method());
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(fd, (struct sockaddr *)&at, sizeof at) || listen(fd, TLS_STAGE_CONNECTIONS_MAX)) return false;
    getsockname(fd, (struct sockaddr *)&at, &bytes);
    snprintf(stage->url, sizeof stage->url, "https://127.0.0.1:%u/notice", ntohs(at.sin_port));
    ev_io_init(&stage->listener, on_connection, fd, EV_READ);
    stage->listener.data = stage;
    ev_io_start(loop, &stage->listener);
    return use_certificate(stage, name);
}

void tls_stage_close(struct tls_stage *stage) {
    for (uint32_t i = 0; i < stage->connections; i++) hang_up(&stage->peer[i]);
    ev_io_stop(stage->loop, &stage->listener);
    close(stage->listener.fd);
    unlink(stage->ca_file);
    SSL_CTX_free(stage->context);
}
