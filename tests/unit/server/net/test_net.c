/* SPDX-License-Identifier: Apache-2.0 */
/* The listeners as a whole: opening, limits, reloading, vanished peers, closing. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net_fixture.h"

static struct server server;
static struct client a, b, c;

static void tune_small(struct jz_net_config *config) {
    config->limits.connections_max = 2;
    config->limits.idle_ping_s = 1;
}

static int setup(void **state) {
    (void)state;
    server_start(&server, NULL);
    return 0;
}

static int setup_small(void **state) {
    (void)state;
    server_start(&server, tune_small);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    client_close(&a);
    client_close(&b);
    client_close(&c);
    server_stop(&server);
    return 0;
}

static struct jz_net_config good_config(void) {
    static char cert[256], key[256], ca[256];
    server_path(&server, "server.pem", cert, sizeof cert);
    server_path(&server, "server.key", key, sizeof key);
    server_path(&server, "ca.pem", ca, sizeof ca);
    return (struct jz_net_config){.listen = "127.0.0.1", .tls_cert = cert, .tls_key = key, .device_ca = ca};
}

static enum jz_status try_open(const struct jz_net_config *config) {
    struct jz_net *net;
    enum jz_status status = jz_net_open(&net, config, server.loop, NULL, &server.events);
    assert_int_equal(net == NULL, status != JZ_OK);
    jz_net_close(net);
    return status;
}

/* A port somebody else listens on. */
static int taken_port(int *port) {
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t bytes = sizeof at;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, bytes), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &bytes), 0);
    *port = ntohs(at.sin_port);
    return fd;
}

static void a_configuration_that_cannot_work_is_refused_at_start(void **state) {
    char path[256];
    (void)state;
    struct jz_net_config config = good_config();
    jz_net_close(server.net); /* one at a time in a process: net.h */
    server.net = NULL;
    assert_int_equal(try_open(&config), JZ_OK);
    config.device_port = 65536;
    assert_int_equal(try_open(&config), JZ_E_CONFIG);
    int fd = taken_port(&config.device_port);
    assert_int_equal(try_open(&config), JZ_E_CONFIG);
    close(fd);
    assert_true(log_has(&server, JZ_LOG_LIBRARY));
    config = good_config();
    config.listen = "localhost";
    assert_int_equal(try_open(&config), JZ_E_CONFIG);
    config.listen = "0.0.0.0";
    assert_int_equal(try_open(&config), JZ_OK);
    config.listen = "::1";
    assert_int_equal(try_open(&config), JZ_OK);
    config = good_config();
    config.tls_cert = NULL;
    assert_int_equal(try_open(&config), JZ_E_CONFIG);
    config.tls_cert = "/nonexistent/server.pem";
    assert_int_equal(try_open(&config), JZ_E_TLS);
    config = good_config();
    config.device_ca = "/nonexistent/ca.pem";
    assert_int_equal(try_open(&config), JZ_E_TLS);
    assert_true(log_has(&server, JZ_LOG_TLS_FILES));
    config = good_config();
    config.users = "/nonexistent/users";
    assert_int_equal(try_open(&config), JZ_E_FILE);
    config = good_config();
    config.console_dir = "/nonexistent";
    assert_int_equal(try_open(&config), JZ_E_FILE);
    config = good_config();
    server_path(&server, "users", path, sizeof path);
    write_text(path, "one field only\n");
    config.users = path;
    assert_int_equal(try_open(&config), JZ_E_FORMAT);
    assert_true(log_has(&server, JZ_LOG_CONFIG_REFUSED));
}

static void a_free_port_is_found_and_told(void **state) {
    (void)state;
    int device = jz_net_port(server.net, JZ_SIDE_DEVICE), console = jz_net_port(server.net, JZ_SIDE_CONSOLE);
    assert_true(device > 0 && device < 65536);
    assert_true(console > 0 && console < 65536);
    assert_int_not_equal(device, console);
}

static void the_connection_after_the_last_is_refused_and_a_place_is_given_back(void **state) {
    struct jz_frame hello = hello_frame(1);
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    device_ready(&b, &server, ID_BOB);
    assert_false(client_open(&c, &server, JZ_SIDE_DEVICE, &(struct client_options){.id = ID_BOB}));
    client_close(&c);
    assert_true(log_has(&server, JZ_LOG_FULL));
    client_close(&a);
    turn_until(&server, server.seen.closed == 1);
    struct jz_net_stats stats;
    do {
        turn(&server);
        jz_net_stats(server.net, &stats);
    } while (stats.connections > 1);
    device_connect(&c, &server, ID_ALICE);
    send_frame(&c, &hello);
    expect_frame(&c, JZ_FRAME_WELCOME);
}

static void a_silent_peer_is_pinged_and_a_vanished_one_is_closed(void **state) {
    int64_t start = real_ms();
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    turn_until(&server, server.seen.closed == 1); /* it answers no ping; limits say 1 s and 2 s */
    assert_true(real_ms() - start >= 1000);
    client_wait_end(&a);
    assert_true(a.in_bytes >= 2);
    assert_int_equal(a.in[0], 0x89); /* the ping */
    assert_true(real_ms() - start < 6000);
}

static void a_silent_peer_that_answers_its_pings_stays(void **state) {
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    for (int i = 0; i < 4; i++) { /* limits say gone after 2 s */
        a.in_bytes = 0;
        turn_until(&server, (client_turn(&a), a.in_bytes >= 6));
        assert_int_equal(a.in[0], 0x89);
        client_ws(&a, 0xa, true, a.in + 2, a.in[1]);
    }
    assert_int_equal(server.seen.closed, 0);
}

static void a_long_pause_of_ours_is_no_silence_of_theirs(void **state) {
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    jz_net_pause(server.net, true);
    int64_t end = real_ms() + 3500; /* limits say gone after 2 s: the time itself is what is tested */
    while (real_ms() < end) turn(&server);
    assert_int_equal(server.seen.closed, 0);
    jz_net_pause(server.net, false);
    struct jz_frame f = vitals_frame(1);
    send_frame(&a, &f);
    turn_until(&server, server.seen.frames == 1);
}

static void a_revoked_device_loses_its_connection_on_reload(void **state) {
    char path[256];
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    device_ready(&b, &server, ID_BOB);
    server_path(&server, "revoked", path, sizeof path);
    write_text(path, "00:10:01\n");
    assert_int_equal(jz_net_reload(server.net), JZ_OK);
    expect_error(&a, JZ_E_REVOKED);
    client_wait_end(&a);
    assert_int_equal(jz_net_device(server.net, alice_uuid), JZ_NET_NONE);
    assert_int_not_equal(jz_net_device(server.net, bob_uuid), JZ_NET_NONE);
    assert_true(log_has(&server, JZ_LOG_REVOKED));
    write_text(path, "xyz\n");
    assert_int_equal(jz_net_reload(server.net), JZ_E_FORMAT);
    assert_true(log_has(&server, JZ_LOG_RELOAD_REFUSED));
    assert_false(client_open(&c, &server, JZ_SIDE_DEVICE, &(struct client_options){.id = ID_ALICE}) &&
                 client_upgrade(&c, "/device", "jingzhu.device.v1", NULL) ==
                     101); /* the old list still holds */
}

static void every_ready_session_is_told_when_the_net_closes(void **state) {
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    device_ready(&b, &server, ID_BOB);
    device_connect(&c, &server, ID_ALICE); /* no hello: the owner never knew it; it also replaces the first */
    turn_until(&server, server.seen.closed == 1);
    jz_net_close(server.net);
    server.net = NULL;
    assert_int_equal(server.seen.closed, 2);
    jz_net_close(NULL);
}

static void figures_count_what_happened(void **state) {
    struct jz_frame f = vitals_frame(1);
    struct jz_net_stats stats;
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    send_frame(&a, &f);
    turn_until(&server, server.seen.frames == 1);
    jz_net_stats(server.net, &stats);
    assert_int_equal(stats.connections, 1);
    assert_int_equal(stats.sessions[JZ_SIDE_DEVICE], 1);
    assert_int_equal(stats.sessions[JZ_SIDE_CONSOLE], 0);
    assert_int_equal(stats.messages, 2);
    assert_int_equal(stats.frames, 2);
    assert_int_equal(stats.messages_out, 1);
    assert_true(stats.bytes_in > 0 && stats.bytes_out > 0);
    assert_int_equal(jz_net_refusals(server.net, (enum jz_status)100000), 0);
}

static void bytes_that_are_no_tls_do_no_harm(void **state) {
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    (void)client_open(&b, &server, JZ_SIDE_CONSOLE, NULL);
    client_close(&b);
    for (int side = 0; side < JZ_SIDE_COUNT; side++) {
        assert_true(client_open(&b, &server, (enum jz_side)side, &(struct client_options){.id = ID_BOB}));
        assert_int_equal(write(b.fd, "GET / HTTP/1.0\r\n\r\n", 18), 18); /* under TLS, as clear text */
        client_wait_end(&b);
        client_close(&b);
    }
    assert_non_null(jz_net_session(server.net, server.seen.last_ready));
}

int main(void) {
#define ROW(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define SMALL(name) cmocka_unit_test_setup_teardown(name, setup_small, teardown)
    const struct CMUnitTest tests[] = {
        ROW(a_configuration_that_cannot_work_is_refused_at_start),
        ROW(a_free_port_is_found_and_told),
        SMALL(the_connection_after_the_last_is_refused_and_a_place_is_given_back),
        SMALL(a_silent_peer_is_pinged_and_a_vanished_one_is_closed),
        SMALL(a_silent_peer_that_answers_its_pings_stays),
        SMALL(a_long_pause_of_ours_is_no_silence_of_theirs),
        ROW(a_revoked_device_loses_its_connection_on_reload),
        ROW(every_ready_session_is_told_when_the_net_closes),
        ROW(figures_count_what_happened),
        ROW(bytes_that_are_no_tls_do_no_harm),
    };
    return cmocka_run_group_tests(tests, pki_setup, pki_teardown);
}
