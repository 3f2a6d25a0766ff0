/* SPDX-License-Identifier: Apache-2.0 */
/* TLS 1.3 only, tickets that survive a restart, and a verification of client certificates that knows devices.
 * The library offers HTTP/2 and TLS 1.2 by default and takes the session-id context from a pointer; both are set
 * here instead. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "net_private.h"

#define TICKET_KEY_BYTES 80u /**< OpenSSL: name 16, HMAC 32, AES 32 */
#define TICKET_KEYS_LIFE_S (7L * 24 * 3600)
#define SESSION_LIFE_S (24L * 3600)
#define PATH_BYTES 4096

#define SUITES "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
#define GROUPS "X25519:P-256"

static pthread_once_t index_once = PTHREAD_ONCE_INIT;
static int net_index_in_tls = -1;

static void make_index(void) {
    net_index_in_tls = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL);
}

static void log_certificate(enum jz_status status) {
    jz_log(JZ_LOG_CERTIFICATE, &(struct jz_log_fields){.status = status, .side = "device"});
}

static enum jz_status check_device(const struct jz_net *net, const X509 *certificate, uint8_t uuid[16]) {
    enum jz_status status = jz_certificate_device(certificate, uuid);
    if (status == JZ_OK && jz_revoked_has(net->revoked, certificate)) status = JZ_E_REVOKED;
    return status;
}

/* OpenSSL has checked the chain, times and purpose; the leaf must also name a device that is not revoked. */
static int verify_device(int preverify_ok, X509_STORE_CTX *store) {
    uint8_t uuid[16];
    SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct jz_net *net = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), net_index_in_tls);
    enum jz_status status = JZ_E_TLS;
    if (preverify_ok && X509_STORE_CTX_get_error_depth(store) > 0) return 1;
    if (preverify_ok) status = check_device(net, X509_STORE_CTX_get_current_cert(store), uuid);
    if (status == JZ_OK) return 1;
    if (preverify_ok)
        X509_STORE_CTX_set_error(store, status == JZ_E_REVOKED ? X509_V_ERR_CERT_REVOKED
                                                               : X509_V_ERR_APPLICATION_VERIFICATION);
    net->refusals[status]++;
    log_certificate(status);
    return 0;
}

static bool is_fresh_key_file(int fd) {
    struct stat st;
    if (fstat(fd, &st) != 0 || st.st_size != TICKET_KEY_BYTES || (st.st_mode & 077) != 0) return false;
    return time(NULL) - st.st_mtime < TICKET_KEYS_LIFE_S;
}

static bool read_keys(const char *path, uint8_t keys[TICKET_KEY_BYTES]) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return false;
    bool good = is_fresh_key_file(fd) && read(fd, keys, TICKET_KEY_BYTES) == (ssize_t)TICKET_KEY_BYTES;
    close(fd);
    return good;
}

static bool write_keys(const char *path, const uint8_t keys[TICKET_KEY_BYTES]) {
    unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return false;
    bool good = write(fd, keys, TICKET_KEY_BYTES) == (ssize_t)TICKET_KEY_BYTES;
    return close(fd) == 0 && good;
}

/* Tickets made before a restart stay good, so that a region's devices come back with half the work. Keys older
 * than a week are replaced at a start. */
static void ticket_keys(const struct jz_net *net, enum jz_side side, uint8_t keys[TICKET_KEY_BYTES]) {
    char path[PATH_BYTES];
    bool kept = net->data_dir && *net->data_dir;
    if (kept) snprintf(path, sizeof path, "%s/ticket-keys-%s", net->data_dir, net_side_name(side));
    if (kept && read_keys(path, keys)) return;
    net_random(net->hooks, keys, TICKET_KEY_BYTES);
    if (kept && !write_keys(path, keys)) jz_log(JZ_LOG_TICKET_KEYS, &(struct jz_log_fields){.file = path});
}

/* The store is our own, so that nothing the library or the system adds can vouch for a device. */
static int require_device(struct jz_net *net, SSL_CTX *tls) {
    STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(net->device_ca);
    X509_STORE *store = X509_STORE_new();
    if (!names || !store || X509_STORE_load_file(store, net->device_ca) != 1) {
        sk_X509_NAME_pop_free(names, X509_NAME_free);
        X509_STORE_free(store);
        return 1;
    }
    SSL_CTX_set_cert_store(tls, store);
    SSL_CTX_set_client_CA_list(tls, names); /* both are taken */
    SSL_CTX_set_verify(tls, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, verify_device);
    return 0;
}

/* Names the file that is wrong; the library would say less, and leaks when it fails here. */
static const char *wrong_file(const struct jz_net *net, SSL_CTX *tls) {
    if (SSL_CTX_use_certificate_chain_file(tls, net->cert) != 1) return net->cert;
    if (SSL_CTX_use_PrivateKey_file(tls, net->key, SSL_FILETYPE_PEM) != 1) return net->key;
    if (SSL_CTX_check_private_key(tls) != 1) return net->key;
    STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(net->device_ca);
    bool good = names && SSL_CTX_load_verify_file(tls, net->device_ca) == 1;
    sk_X509_NAME_pop_free(names, X509_NAME_free);
    return good ? NULL : net->device_ca;
}

enum jz_status tls_check_files(const struct jz_net *net) {
    SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
    if (!tls) return JZ_E_MEMORY;
    const char *wrong = wrong_file(net, tls);
    SSL_CTX_free(tls);
    ERR_clear_error();
    if (!wrong) return JZ_OK;
    jz_log(JZ_LOG_TLS_FILES, &(struct jz_log_fields){.status = JZ_E_TLS, .file = wrong});
    return JZ_E_TLS;
}

/* What a ticket is good for: this side, and devices of this authority only. A ticket given under another one is refused. */
static bool session_context(const struct jz_net *net, enum jz_side side, uint8_t context[32]) {
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    FILE *file = side == JZ_SIDE_DEVICE ? fopen(net->device_ca, "rb") : NULL;
    uint8_t piece[4096];
    const char *name = net_side_name(side);
    bool good =
        md && EVP_DigestInit_ex(md, EVP_sha256(), NULL) == 1 && EVP_DigestUpdate(md, name, strlen(name)) == 1;
    for (size_t n; good && file && (n = fread(piece, 1, sizeof piece, file)) > 0;)
        good = EVP_DigestUpdate(md, piece, n) == 1;
    good = good && (side == JZ_SIDE_CONSOLE || (file && !ferror(file))) &&
           EVP_DigestFinal_ex(md, context, NULL) == 1;
    if (file) fclose(file);
    EVP_MD_CTX_free(md);
    return good;
}

int tls_configure(struct jz_net *net, enum jz_side side, SSL_CTX *tls) {
    uint8_t keys[TICKET_KEY_BYTES], context[32];
    pthread_once(&index_once, make_index);
    if (net_index_in_tls < 0 || SSL_CTX_set_ex_data(tls, net_index_in_tls, net) != 1) return 1;
    if (SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION) != 1) return 1;
    if (SSL_CTX_set_ciphersuites(tls, SUITES) != 1 || SSL_CTX_set1_groups_list(tls, GROUPS) != 1) return 1;
    SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE);
    SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_timeout(tls, SESSION_LIFE_S);
    if (SSL_CTX_set_num_tickets(tls, 1) != 1) return 1;
    if (!session_context(net, side, context) ||
        SSL_CTX_set_session_id_context(tls, context, sizeof context) != 1)
        return 1;
    ticket_keys(net, side, keys);
    long set = SSL_CTX_set_tlsext_ticket_keys(tls, keys, sizeof keys);
    OPENSSL_cleanse(keys, sizeof keys);
    if (set != 1) return 1;
    return side == JZ_SIDE_DEVICE ? require_device(net, tls) : 0;
}

/* A resumed session skips the handshake's own look at the dates, and every resumption gives a new ticket. */
static bool is_in_its_time(const struct jz_net *net, const X509 *certificate) {
    time_t now = (time_t)(net_utc_ms(net->hooks) / 1000);
    return X509_cmp_time(X509_get0_notBefore(certificate), &now) < 0 &&
           X509_cmp_time(X509_get0_notAfter(certificate), &now) > 0;
}

enum jz_status tls_device(const struct jz_net *net, struct lws *wsi, uint8_t uuid[16]) {
    SSL *ssl = lws_get_ssl(wsi);
    memset(uuid, 0, 16);
    if (!ssl || SSL_get_verify_result(ssl) != X509_V_OK) return JZ_E_TLS;
    const X509 *certificate = SSL_get0_peer_certificate(ssl);
    if (!certificate || !is_in_its_time(net, certificate)) return JZ_E_TLS;
    return check_device(net, certificate, uuid);
}
