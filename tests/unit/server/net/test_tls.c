/* SPDX-License-Identifier: Apache-2.0 */
/* Who gets through TLS: versions, protocols, certificates, resumption. */
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "net_fixture.h"

static struct server server;
static struct client a, b;

static int setup(void **state) {
    (void)state;
    server_start(&server, NULL);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    client_close(&a);
    client_close(&b);
    server_stop(&server);
    return 0;
}

/* In TLS 1.3 a client believes it is connected before the server has judged its certificate: what counts is whether
 * an upgrade is answered. */
static int device_upgrade(enum identity id) {
    client_close(&a);
    if (!client_open(&a, &server, JZ_SIDE_DEVICE, &(struct client_options){.id = id})) return 0;
    return client_upgrade(&a, "/device", "jingzhu.device.v1", NULL);
}

static void only_a_good_device_certificate_is_let_in(void **state) {
    static const struct {
        enum identity id;
        int code;
    } rows[] = {{ID_ALICE, 101},    {ID_BOB, 101},  {ID_NONE, 0},     {ID_REVOKED, 0},
                {ID_STRANGER, 0},   {ID_NO_URI, 0}, {ID_BAD_UUID, 0}, {ID_TWO_URIS, 0},
                {ID_SERVER_USE, 0}, {ID_NO_USE, 0}, {ID_EXPIRED, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int code = device_upgrade(rows[i].id);
        if (code != rows[i].code) fail_msg("row %zu: %d, not %d", i, code, rows[i].code);
    }
    assert_true(log_has(&server, JZ_LOG_CERTIFICATE));
    assert_int_equal(jz_net_refusals(server.net, JZ_E_REVOKED), 1);
    assert_int_equal(device_upgrade(ID_ALICE), 101);
}

static void a_console_needs_no_certificate(void **state) {
    (void)state;
    assert_true(client_open(&a, &server, JZ_SIDE_CONSOLE, NULL));
    assert_int_equal(client_request(&a, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"), 200);
}

static void tls_1_2_is_refused_on_both_ports(void **state) {
    (void)state;
    for (int side = 0; side < JZ_SIDE_COUNT; side++) {
        client_close(&a);
        assert_false(client_open(&a, &server, (enum jz_side)side,
                                 &(struct client_options){.id = ID_ALICE, .tls_max = TLS1_2_VERSION}));
    }
}

static void http_2_is_not_offered(void **state) {
    const uint8_t *chosen;
    unsigned bytes;
    (void)state;
    for (int side = 0; side < JZ_SIDE_COUNT; side++) {
        client_close(&a);
        if (client_open(&a, &server, (enum jz_side)side,
                        &(struct client_options){.id = ID_ALICE, .alpn = "h2"})) {
            SSL_get0_alpn_selected(a.ssl, &chosen, &bytes);
            assert_int_equal(bytes, 0);
        }
        client_close(&a);
        assert_true(client_open(&a, &server, (enum jz_side)side,
                                &(struct client_options){.id = ID_ALICE, .alpn = "both"}));
        SSL_get0_alpn_selected(a.ssl, &chosen, &bytes);
        assert_int_equal(bytes, 8);
        assert_memory_equal(chosen, "http/1.1", 8);
    }
}

static void the_device_port_upgrades_one_path_and_subprotocol_and_serves_nothing_else(void **state) {
    static const struct {
        const char *path, *subprotocol;
        int code;
    } rows[] = {{"/device", "jingzhu.console.v1", 403},
                {"/device", "jingzhu.device.v2", 403},
                {"/device", "http", 403},
                {"/device", "jingzhu.device.v1, http", 403},
                {"/console", "jingzhu.device.v1", 404},
                {"/", "jingzhu.device.v1", 404},
                {"/device/", "jingzhu.device.v1", 404},
                {"/device", "jingzhu.device.v1", 101}};
    static const char *const requests[] = {"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                                           "GET /device HTTP/1.1\r\nHost: localhost\r\n\r\n",
                                           "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n",
                                           "GET /api/session HTTP/1.1\r\nHost: localhost\r\n\r\n"};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        client_close(&a);
        assert_true(client_open(&a, &server, JZ_SIDE_DEVICE, &(struct client_options){.id = ID_ALICE}));
        int code = client_upgrade(&a, rows[i].path, rows[i].subprotocol, NULL);
        if (code != rows[i].code) fail_msg("row %zu: %d, not %d", i, code, rows[i].code);
    }
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        client_close(&a);
        assert_true(client_open(&a, &server, JZ_SIDE_DEVICE, &(struct client_options){.id = ID_ALICE}));
        assert_int_equal(client_request(&a, requests[i]), 404);
    }
}

/* The ticket arrives with the first data after the handshake. */
static SSL_SESSION *session_of(enum identity id) {
    device_ready(&b, &server, id);
    SSL_SESSION *session = SSL_get1_session(b.ssl);
    assert_true(SSL_SESSION_is_resumable(session));
    client_close(&b);
    return session;
}

static bool resumes(SSL_SESSION *session) {
    client_close(&a);
    assert_true(client_open(&a, &server, JZ_SIDE_DEVICE,
                            &(struct client_options){.id = ID_ALICE, .resume = session}));
    return SSL_session_reused(a.ssl) == 1;
}

static void start_again(void) {
    char cert[256], key[256], ca[256], revoked[256];
    struct jz_net_config config = {.listen = "127.0.0.1", .data_dir = server.folder};
    server_path(&server, "server.pem", cert, sizeof cert);
    server_path(&server, "server.key", key, sizeof key);
    server_path(&server, "ca.pem", ca, sizeof ca);
    server_path(&server, "revoked", revoked, sizeof revoked);
    config.tls_cert = cert;
    config.tls_key = key;
    config.device_ca = ca;
    config.revoked = revoked;
    jz_net_close(server.net);
    assert_int_equal(jz_net_open(&server.net, &config, server.loop, NULL, &server.events), JZ_OK);
}

static void a_session_is_resumed_also_after_a_restart(void **state) {
    char path[256];
    struct stat st;
    (void)state;
    SSL_SESSION *session = session_of(ID_ALICE);
    start_again();
    assert_true(resumes(session));
    assert_int_equal(client_upgrade(&a, "/device", "jingzhu.device.v1", NULL), 101);
    server_path(&server, "ticket-keys-device", path, sizeof path);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    SSL_SESSION_free(session);
}

static void a_resumed_session_of_a_revoked_device_is_refused(void **state) {
    char path[256];
    (void)state;
    SSL_SESSION *session = session_of(ID_ALICE);
    server_path(&server, "revoked", path, sizeof path);
    write_text(path, "1001\n");
    assert_int_equal(jz_net_reload(server.net), JZ_OK);
    assert_true(resumes(session));
    assert_int_equal(client_upgrade(&a, "/device", "jingzhu.device.v1", NULL), 403);
    SSL_SESSION_free(session);
}

static void a_device_whose_certificate_ran_out_is_closed_and_cannot_resume(void **state) {
    (void)state;
    SSL_SESSION *session = session_of(ID_ALICE);
    device_ready(&a, &server, ID_ALICE);
    server.utc_shift_ms = 400LL * 86400 * 1000;
    server.shift_ms += 61000; /* the dates are looked at once a minute */
    expect_error(&a, JZ_E_REVOKED);
    client_close(&a);
    assert_true(resumes(session));
    assert_int_equal(client_upgrade(&a, "/device", "jingzhu.device.v1", NULL), 403);
    SSL_SESSION_free(session);
}

static void keys_that_others_may_read_are_not_used(void **state) {
    char path[256];
    (void)state;
    SSL_SESSION *session = session_of(ID_ALICE);
    server_path(&server, "ticket-keys-device", path, sizeof path);
    assert_int_equal(chmod(path, 0644), 0);
    start_again();
    assert_false(resumes(session));
    SSL_SESSION_free(session);
}

int main(void) {
#define ROW(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        ROW(only_a_good_device_certificate_is_let_in),
        ROW(a_console_needs_no_certificate),
        ROW(tls_1_2_is_refused_on_both_ports),
        ROW(http_2_is_not_offered),
        ROW(the_device_port_upgrades_one_path_and_subprotocol_and_serves_nothing_else),
        ROW(a_session_is_resumed_also_after_a_restart),
        ROW(a_resumed_session_of_a_revoked_device_is_refused),
        ROW(a_device_whose_certificate_ran_out_is_closed_and_cannot_resume),
        ROW(keys_that_others_may_read_are_not_used),
    };
    return cmocka_run_group_tests(tests, pki_setup, pki_teardown);
}
