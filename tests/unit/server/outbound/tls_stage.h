/* SPDX-License-Identifier: Apache-2.0 */
/** @file tls_stage.h  An HTTPS service on loopback with a certificate of its own, on the test's loop; answers 204 to all. */
#ifndef TLS_STAGE_H
#define TLS_STAGE_H
#include <ev.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>

#define TLS_STAGE_CONNECTIONS_MAX 8

struct tls_stage {
    struct ev_loop *loop;
    SSL_CTX *context;
    ev_io listener;
    struct tls_peer {
        ev_io io;
        SSL *ssl; /* NULL: gone */
        struct tls_stage *stage;
    } peer[TLS_STAGE_CONNECTIONS_MAX];
    uint32_t connections, requests;
    char ca_file[64]; /**< the certificate: its own authority */
    char url[64];     /**< "https://127.0.0.1:PORT/notice" */
};

/** @param name  what the certificate is for, e.g. "IP:127.0.0.1"; NULL: only a common name, "elsewhere"
 *  @return false: no port, key or file */
bool tls_stage_open(struct tls_stage *stage, struct ev_loop *loop, const char *name);
void tls_stage_close(struct tls_stage *stage);

#endif /* TLS_STAGE_H */
