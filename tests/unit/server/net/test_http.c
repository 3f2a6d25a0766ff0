/* SPDX-License-Identifier: Apache-2.0 */
/* The console port: files, log-in, tickets, origins; docs/console-http.md line by line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net_fixture.h"

static struct server server;
static struct client a, b;
static char secret[65], ticket[65];

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

/* One request on a connection of its own. The answer stays in `a`. */
static int ask(const char *method, const char *path, const char *headers, const char *body) {
    char request[8192];
    client_close(&a);
    assert_true(client_open(&a, &server, JZ_SIDE_CONSOLE, NULL));
    snprintf(request, sizeof request, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n%s", method, path, headers,
             body);
    return client_request(&a, request);
}

static bool answer_has(const char *text) {
    return strstr((const char *)a.in, text) != NULL;
}

static int post(const char *path, const char *headers, const char *body) {
    char all[4096];
    snprintf(all, sizeof all, "X-Jingzhu: 1\r\nContent-Length: %zu\r\n%s", strlen(body), headers);
    return ask("POST", path, all, body);
}

static int login(const char *name, const char *password) {
    char body[256];
    snprintf(body, sizeof body, "{\"name\":\"%s\",\"password\":\"%s\"}", name, password);
    int code = post("/api/login", "", body);
    const char *cookie = strstr((const char *)a.in, "Set-Cookie: __Host-jz=");
    secret[0] = 0;
    if (cookie) assert_int_equal(sscanf(cookie, "Set-Cookie: __Host-jz=%64[0-9a-f];", secret), 1);
    return code;
}

static const char *cookie(void) {
    static char line[128];
    snprintf(line, sizeof line, "Cookie: other=1; __Host-jz=%s\r\n", secret);
    return line;
}

static int get_ticket(void) {
    int code = post("/api/ticket", cookie(), "");
    const char *at = strstr((const char *)a.in, "{\"ticket\":\"");
    ticket[0] = 0;
    if (at) assert_int_equal(sscanf(at, "{\"ticket\":\"%64[0-9a-f]\"}", ticket), 1);
    return code;
}

static int upgrade(struct client *c, const char *with_ticket, const char *headers) {
    char path[128];
    snprintf(path, sizeof path, "/console?ticket=%s", with_ticket);
    client_close(c);
    assert_true(client_open(c, &server, JZ_SIDE_CONSOLE, NULL));
    return client_upgrade(c, path, "jingzhu.console.v1", headers);
}

static const char *page_headers(const char *origin) {
    static char lines[256];
    snprintf(lines, sizeof lines, "%sOrigin: %s\r\n", cookie(), origin);
    return lines;
}
#define OURS "https://localhost"

static void console_ready(struct client *c, const char *name) {
    struct jz_frame hello = hello_frame(1);
    assert_int_equal(login(name, "correct"), 200);
    assert_int_equal(get_ticket(), 200);
    assert_int_equal(upgrade(c, ticket, page_headers(OURS)), 101);
    send_frame(c, &hello);
    struct jz_frame f = expect_frame(c, JZ_FRAME_WELCOME);
    assert_int_equal(f.welcome.person.bytes, strlen(name));
}

static void the_page_comes_with_every_security_header(void **state) {
    static const char *const headers[] = {"Content-Security-Policy: default-src 'none'; script-src 'self'; "
                                          "style-src 'self'; connect-src 'self'; "
                                          "frame-ancestors 'none'\r\n",
                                          "X-Content-Type-Options: nosniff\r\n",
                                          "Referrer-Policy: no-referrer\r\n",
                                          "Strict-Transport-Security: max-age=31536000\r\n",
                                          "Content-Type: text/html; charset=utf-8\r\n",
                                          "Cache-Control: no-cache\r\n"};
    (void)state;
    assert_int_equal(ask("GET", "/", "", ""), 200);
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) assert_true(answer_has(headers[i]));
    assert_true(answer_has("<title>console</title>"));
    assert_int_equal(ask("GET", "/nothing", "", ""), 404);
    assert_true(answer_has("Content-Security-Policy: default-src 'none'"));
}

static void a_hashed_asset_is_kept_for_ever_and_zipped_when_accepted(void **state) {
    (void)state;
    assert_int_equal(ask("GET", "/assets/main-4f2a9c1e.js", "", ""), 200);
    assert_true(answer_has("plain script"));
    assert_true(answer_has("Cache-Control: public, max-age=31536000, immutable\r\n"));
    assert_true(answer_has("Content-Type: text/javascript; charset=utf-8\r\n"));
    assert_false(answer_has("Content-Encoding"));
    assert_int_equal(ask("GET", "/assets/main-4f2a9c1e.js", "Accept-Encoding: br, gzip\r\n", ""), 200);
    assert_true(answer_has("zipped script"));
    assert_true(answer_has("Content-Encoding: gzip\r\n"));
}

static void no_path_leaves_the_console_folder(void **state) {
    static const char *const paths[] = {"/../secret",
                                        "/assets/../../secret",
                                        "/%2e%2e/secret",
                                        "/assets/%2e%2e%2f..%2fsecret",
                                        "/assets/..%5c..%5csecret",
                                        "//secret",
                                        "/assets/main-4f2a9c1e.js.gz",
                                        "/index.html",
                                        "/assets/",
                                        "/assets",
                                        "/assets/main-4f2a9c1e.js%00.html",
                                        "/users"};
    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        int code = ask("GET", paths[i], "", "");
        assert_false(answer_has("must not be served"));
        if (code != 404 && code != 403 && code != 0) fail_msg("%s: %d", paths[i], code);
    }
}

static void a_path_of_any_length_is_answered_or_closed(void **state) {
    char path[6000];
    (void)state;
    for (size_t n = 250; n < sizeof path; n = n * 2 + 7) {
        memset(path, 'a', n);
        path[0] = '/';
        path[n] = 0;
        int code = ask("GET", path, "", "");
        assert_true(code == 404 || code == 0 || code == 414 || code == 403);
    }
    assert_int_equal(ask("GET", "/healthz", "", ""), 200);
}

static void the_right_password_gives_a_cookie_and_who_one_is(void **state) {
    (void)state;
    assert_int_equal(login("wang", "correct"), 200);
    assert_true(answer_has("{\"name\":\"wang\",\"role\":2,\"facility\":\"\",\"simulation\":true}"));
    assert_true(answer_has("; Path=/; Secure; HttpOnly; SameSite=Strict\r\n"));
    assert_true(answer_has("Cache-Control: no-store\r\n"));
    assert_int_equal(strlen(secret), 64);
    assert_int_equal(ask("GET", "/api/session", cookie(), ""), 200);
    assert_true(answer_has("\"name\":\"wang\""));
    assert_int_equal(login("li", "correct"), 200);
    assert_true(answer_has("{\"name\":\"li\",\"role\":3,\"facility\":\"gz-hosp1\",\"simulation\":true}"));
}

static void a_wrong_name_and_a_wrong_password_look_alike(void **state) {
    (void)state;
    assert_int_equal(login("wang", "wrong"), 401);
    assert_true(answer_has("{\"error\":803}"));
    assert_int_equal(login("nobody", "correct"), 401);
    assert_true(answer_has("{\"error\":803}"));
    assert_int_equal(secret[0], 0);
    struct jz_net_stats stats;
    jz_net_stats(server.net, &stats);
    assert_int_equal(stats.login_failures, 2);
    assert_true(log_has(&server, JZ_LOG_LOGIN_FAILED));
}

static void the_sixth_try_for_a_name_is_refused_for_fifteen_minutes(void **state) {
    (void)state;
    for (int i = 0; i < 5; i++) assert_int_equal(login("wang", "wrong"), 401);
    assert_int_equal(login("wang", "correct"), 429);
    assert_true(answer_has("{\"error\":803}"));
    assert_int_equal(login("li", "correct"), 200);
    server.shift_ms += 15 * 60 * 1000;
    assert_int_equal(login("wang", "correct"), 200);
}

static void right_passwords_never_count(void **state) {
    (void)state;
    for (int i = 0; i < 6; i++) assert_int_equal(login("wang", "correct"), 200);
    for (int i = 0; i < 4; i++) assert_int_equal(login("wang", "wrong"), 401);
    assert_int_equal(login("wang", "correct"), 200);
}

static void an_address_with_twenty_failures_is_refused_for_every_name(void **state) {
    char name[24];
    (void)state;
    for (int i = 0; i < 20; i++) {
        snprintf(name, sizeof name, "guess%d", i);
        assert_int_equal(login(name, "wrong"), 401);
    }
    assert_int_equal(login("wang", "correct"), 429);
}

static void a_bad_log_in_request_is_refused_by_its_own_code(void **state) {
    static const struct {
        const char *headers, *body;
        int code;
    } rows[] = {
        {"Content-Length: 37\r\n", "{\"name\":\"wang\",\"password\":\"correct\"}", 403}, /* no X-Jingzhu */
        {"X-Jingzhu: 0\r\nContent-Length: 2\r\n", "{}", 403},
        {"X-Jingzhu: 1\r\nOrigin: https://evil.example\r\nContent-Length: 2\r\n", "{}", 403},
        {"X-Jingzhu: 1\r\nContent-Length: 2\r\n", "{}", 400},
        {"X-Jingzhu: 1\r\nContent-Length: 2\r\n", "[]", 400},
        {"X-Jingzhu: 1\r\nContent-Length: 4\r\n", "null", 400},
        {"X-Jingzhu: 1\r\nContent-Length: 26\r\n", "{\"name\":\"a\",\"password\":\"\"} ", 400},
        {"X-Jingzhu: 1\r\nContent-Length: 25\r\n", "{\"name\":1,\"password\":\"bc\"}", 400},
        {"X-Jingzhu: 1\r\nContent-Length: 38\r\n", "{\"name\":\"a\",\"name\":\"b\",\"password\":\"c\"} ",
         400},
        {"X-Jingzhu: 1\r\nContent-Length: 36\r\n", "{\"name\":\"a\",\"password\":\"c\",\"x\":\"y\"}  ", 400},
        {"X-Jingzhu: 1\r\nContent-Length: 31\r\n", "{\"name\":\"a\\u0000\",\"password\":\"c\"}", 400},
        {"X-Jingzhu: 1\r\nContent-Length: 2\r\n", "{\"", 400},
        {"X-Jingzhu: 1\r\n", "", 400},
        {"X-Jingzhu: 1\r\nContent-Length: 0\r\n", "", 400},
        {"X-Jingzhu: 1\r\nContent-Length: 1025\r\n", "", 413},
        {"X-Jingzhu: 1\r\nContent-Length: 99999999999\r\n", "", 413},
        {"X-Jingzhu: 1\r\nContent-Length: -1\r\n", "", 413},
        {"X-Jingzhu: 1\r\nTransfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n", 413},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int code = ask("POST", "/api/login", rows[i].headers, rows[i].body);
        if (code != rows[i].code) fail_msg("row %zu: %d, not %d", i, code, rows[i].code);
    }
    assert_int_equal(ask("GET", "/api/login", "", ""), 405);
    assert_int_equal(ask("POST", "/healthz", "X-Jingzhu: 1\r\nContent-Length: 0\r\n", ""), 405);
    assert_int_equal(ask("POST", "/", "X-Jingzhu: 1\r\nContent-Length: 0\r\n", ""), 405);
    assert_int_equal(ask("HEAD", "/healthz", "", ""), 405);
    assert_int_equal(login("wang", "correct"), 200);
}

static void a_body_of_the_limit_is_read(void **state) {
    char body[1025], headers[64];
    (void)state;
    snprintf(body, sizeof body, "{\"name\":\"wang\",\"password\":\"correct\"}");
    memset(body + strlen(body), ' ', sizeof body - 1 - strlen(body));
    body[1024] = 0;
    snprintf(headers, sizeof headers, "X-Jingzhu: 1\r\nContent-Length: 1024\r\n");
    assert_int_equal(ask("POST", "/api/login", headers, body), 200);
}

static void log_out_ends_the_session(void **state) {
    (void)state;
    assert_int_equal(login("wang", "correct"), 200);
    assert_int_equal(ask("POST", "/api/logout", cookie(), ""), 403);
    assert_int_equal(post("/api/logout", cookie(), ""), 204);
    assert_int_equal(ask("GET", "/api/session", cookie(), ""), 401);
    assert_int_equal(post("/api/ticket", cookie(), ""), 401);
}

static void a_session_ends_when_idle_and_when_old(void **state) {
    (void)state;
    assert_int_equal(login("wang", "correct"), 200);
    server.shift_ms += 14 * 60 * 1000;
    assert_int_equal(ask("GET", "/api/session", cookie(), ""), 200);
    server.shift_ms += 15 * 60 * 1000;
    assert_int_equal(ask("GET", "/api/session", cookie(), ""), 401);
    assert_int_equal(login("wang", "correct"), 200);
    for (int i = 0; i < 59; i++) { /* used every twelve minutes, for 11 h 48 min */
        server.shift_ms += 12 * 60 * 1000;
        assert_int_equal(ask("GET", "/api/session", cookie(), ""), 200);
    }
    server.shift_ms += 12 * 60 * 1000;
    assert_int_equal(ask("GET", "/api/session", cookie(), ""), 401);
}

static void the_upgrade_needs_cookie_ticket_and_origin(void **state) {
    char wrong[65];
    (void)state;
    assert_int_equal(login("wang", "correct"), 200);
    assert_int_equal(get_ticket(), 200);
    memset(wrong, 'a', 64);
    wrong[64] = 0;
    assert_int_equal(upgrade(&b, ticket, "Origin: https://localhost\r\n"), 403); /* no cookie */
    assert_int_equal(upgrade(&b, ticket, cookie()), 403);                        /* no origin */
    assert_int_equal(upgrade(&b, ticket, page_headers("https://evil.example")), 403);
    assert_int_equal(upgrade(&b, ticket, page_headers("http://localhost")), 403);
    assert_int_equal(upgrade(&b, ticket, page_headers("https://localhost.evil.example")), 403);
    assert_int_equal(upgrade(&b, wrong, page_headers(OURS)), 403);
    assert_int_equal(upgrade(&b, "", page_headers(OURS)), 403);
    assert_int_equal(upgrade(&b, ticket, page_headers(OURS)), 101);
    assert_int_equal(upgrade(&a, ticket, page_headers(OURS)), 403); /* used */
    assert_true(log_has(&server, JZ_LOG_UPGRADE_REFUSED));
}

static void a_ticket_lives_thirty_seconds(void **state) {
    (void)state;
    assert_int_equal(login("wang", "correct"), 200);
    assert_int_equal(get_ticket(), 200);
    server.shift_ms += 30000;
    assert_int_equal(upgrade(&b, ticket, page_headers(OURS)), 403);
    assert_int_equal(get_ticket(), 200);
    server.shift_ms += 28000;
    assert_int_equal(upgrade(&b, ticket, page_headers(OURS)), 101);
}

static void a_ticket_of_another_session_is_refused(void **state) {
    (void)state;
    assert_int_equal(login("wang", "correct"), 200);
    assert_int_equal(get_ticket(), 200);
    assert_int_equal(login("li", "correct"), 200);
    assert_int_equal(upgrade(&b, ticket, page_headers(OURS)), 403);
}

static void a_console_is_known_by_name_role_and_facility(void **state) {
    (void)state;
    console_ready(&b, "li");
    assert_int_equal(server.seen.info.side, JZ_SIDE_CONSOLE);
    assert_int_equal(server.seen.info.role, JZ_ROLE_RECEIVING);
    assert_string_equal(server.seen.info.name, "li");
    assert_string_equal(server.seen.info.facility, "gz-hosp1");
    uint32_t cursor = 0;
    assert_int_equal(jz_net_each(server.net, JZ_SIDE_CONSOLE, &cursor), server.seen.last_ready);
    assert_int_equal(jz_net_each(server.net, JZ_SIDE_CONSOLE, &cursor), JZ_NET_NONE);
    cursor = 0;
    assert_int_equal(jz_net_each(server.net, JZ_SIDE_DEVICE, &cursor), JZ_NET_NONE);
}

static void a_console_may_answer_alerts_and_report_no_vitals(void **state) {
    struct jz_frame vitals = vitals_frame(1),
                    answer = {.kind = JZ_FRAME_ALERT_ANSWER, .seq = 1, .at_ms = 1700000000000};
    (void)state;
    answer.answer = (struct jz_alert_answer){.alert = 5, .to = JZ_ALERT_SEEN};
    console_ready(&b, "li");
    send_frame(&b, &vitals);
    expect_error(&b, JZ_E_DIRECTION);
    send_frame(&b, &answer);
    turn_until(&server, server.seen.frames == 1);
    assert_int_equal(server.seen.kind[0], JZ_FRAME_ALERT_ANSWER);
}

static void logging_out_closes_the_open_pages(void **state) {
    (void)state;
    console_ready(&b, "wang");
    assert_int_equal(post("/api/logout", cookie(), ""), 204);
    expect_error(&b, JZ_E_DENIED);
    client_wait_end(&b);
}

static void an_open_page_keeps_the_session_until_twelve_hours(void **state) {
    (void)state;
    console_ready(&b, "wang");
    for (int i = 0; i < 4; i++) { /* past the idle limit; the sweep looks once a second */
        server.shift_ms += 8 * 60 * 1000;
        int64_t until = real_ms() + 1200;
        while (real_ms() < until) turn(&server);
    }
    assert_non_null(jz_net_session(server.net, server.seen.last_ready));
    server.shift_ms += 12LL * 3600 * 1000;
    expect_error(&b, JZ_E_DENIED);
    assert_true(log_has(&server, JZ_LOG_SESSION_EXPIRED));
}

static void a_person_who_is_removed_loses_session_and_page(void **state) {
    char path[256];
    (void)state;
    console_ready(&b, "wang");
    server_path(&server, "users", path, sizeof path);
    write_text(path, "broken line\n");
    assert_int_equal(jz_net_reload(server.net), JZ_E_FORMAT);
    assert_non_null(jz_net_session(server.net, server.seen.last_ready));
    assert_int_equal(ask("GET", "/api/session", cookie(), ""), 200);
    write_text(path, "# nobody\n");
    assert_int_equal(jz_net_reload(server.net), JZ_OK);
    expect_error(&b, JZ_E_DENIED);
    assert_int_equal(ask("GET", "/api/session", cookie(), ""), 401);
}

static void health_follows_the_owner(void **state) {
    (void)state;
    assert_int_equal(ask("GET", "/healthz", "", ""), 200);
    assert_true(answer_has("{\"ready\":true}"));
    server.seen.healthy = false;
    assert_int_equal(ask("GET", "/healthz", "", ""), 503);
    assert_true(answer_has("{\"ready\":false}"));
}

static void metrics_have_our_lines_and_the_owners(void **state) {
    (void)state;
    assert_int_equal(login("wang", "wrong"), 401);
    assert_int_equal(ask("GET", "/metrics", "", ""), 200);
    assert_true(answer_has("jingzhu_net_login_failures_total 1\n"));
    assert_true(answer_has("jingzhu_net_refusals_total{status=\"803\"} 1\n"));
    assert_true(answer_has("owner_line 7\n"));
}

static void a_large_file_arrives_whole(void **state) {
    static char big[400001];
    char path[256];
    (void)state;
    for (size_t i = 0; i < sizeof big - 1; i++) big[i] = (char)('a' + i % 23);
    server_path(&server, "console/index.html", path, sizeof path);
    write_text(path, big);
    client_close(&a);
    /* Files are read at start: a second server on the same folder sees the new one. */
    jz_net_close(server.net);
    struct jz_net_config config = {.listen = "127.0.0.1"};
    char cert[256], key[256], ca[256], console[256];
    server_path(&server, "server.pem", cert, sizeof cert);
    server_path(&server, "server.key", key, sizeof key);
    server_path(&server, "ca.pem", ca, sizeof ca);
    server_path(&server, "console", console, sizeof console);
    config.tls_cert = cert;
    config.tls_key = key;
    config.device_ca = ca;
    config.console_dir = console;
    assert_int_equal(jz_net_open(&server.net, &config, server.loop, NULL, &server.events), JZ_OK);
    assert_int_equal(ask("GET", "/", "", ""), 200);
    const char *body = strstr((const char *)a.in, "\r\n\r\n");
    assert_non_null(body);
    assert_string_equal(body + 4, big);
}

static void strange_requests_never_stop_the_server(void **state) {
    static const char *const requests[] = {
        "GET /console HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: "
        "AAMAAABkAAQAAP__\r\n\r\n",
        "GET /console HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: telnet\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\nGET / HTTP/1.1\r\nHost: "
        "x\r\n\r\n",
        "POST /api/login HTTP/1.1\r\nHost: x\r\nUpgrade: foo, websocket\r\nContent-Length: 5\r\n\r\nabcde",
        "GET /console HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "BREW / HTTP/1.1\r\n\r\n",
        "GET http://x/ HTTP/1.1\r\n\r\n",
        "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        "\r\n\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        client_close(&a);
        assert_true(client_open(&a, &server, JZ_SIDE_CONSOLE, NULL));
        client_write(&a, requests[i], strlen(requests[i]));
        for (int k = 0; k < 10; k++) turn(&server);
        client_close(&a);
        assert_int_equal(ask("GET", "/healthz", "", ""), 200);
    }
}

static void a_header_that_never_ends_is_closed_in_time(void **state) {
    (void)state;
    assert_true(client_open(&b, &server, JZ_SIDE_CONSOLE, NULL));
    client_write(&b, "GET / HTTP/1.1\r\nHost: lo", 24);
    for (int i = 0; i < 20; i++) turn(&server);
    server.shift_ms += 5000;
    client_wait_end(&b);
    assert_true(log_has(&server, JZ_LOG_HANDSHAKE_SLOW));
    assert_int_equal(ask("GET", "/healthz", "", ""), 200);
}

static void anybody_who_is_logged_in_sees_which_rules_are_in_force(void **state) {
    (void)state;
    assert_int_equal(ask("GET", "/api/rules", "", ""), 401);
    assert_int_equal(login("li", "correct"), 200);
    assert_int_equal(ask("GET", "/api/rules", cookie(), ""), 200);
    assert_true(
        answer_has("{\"hash\":\"00ff\",\"rules\":7,\"activation\":{\"number\":0,\"state\":\"none\","));
    assert_int_equal(post("/api/rules", cookie(), ""), 405);
}

static void only_an_administrator_activates_rules_and_by_name(void **state) {
    (void)state;
    assert_int_equal(post("/api/rules/activate", "", ""), 401);
    assert_int_equal(login("wang", "correct"), 200);
    assert_int_equal(post("/api/rules/activate", cookie(), ""), 403);
    assert_true(answer_has("{\"error\":801}"));
    assert_int_equal(server.seen.activations, 0);
    assert_int_equal(login("chen", "correct"), 200);
    assert_int_equal(ask("POST", "/api/rules/activate", cookie(), ""), 403); /* not from our page */
    assert_int_equal(ask("GET", "/api/rules/activate", cookie(), ""), 405);
    assert_int_equal(post("/api/rules/activate", cookie(), ""), 202);
    assert_int_equal(server.seen.activations, 1);
    assert_string_equal(server.seen.activated_by, "chen");
    assert_int_equal(ask("GET", "/api/rules", cookie(), ""), 200);
    assert_true(answer_has("\"activation\":{\"number\":1,\"state\":\"refused\",\"by\":\"chen\",\"error\":704,"
                           "\"file\":\"general/\\\"a\\\".yaml\",\"line\":12,\"column\":0,"
                           "\"text\":\"cut within \xe4\xba\xac\"}}"));
    server.seen.activate_status = JZ_E_FULL;
    assert_int_equal(post("/api/rules/activate", cookie(), ""), 409);
}

int main(void) {
#define ROW(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        ROW(the_page_comes_with_every_security_header),
        ROW(a_hashed_asset_is_kept_for_ever_and_zipped_when_accepted),
        ROW(no_path_leaves_the_console_folder),
        ROW(a_path_of_any_length_is_answered_or_closed),
        ROW(the_right_password_gives_a_cookie_and_who_one_is),
        ROW(a_wrong_name_and_a_wrong_password_look_alike),
        ROW(the_sixth_try_for_a_name_is_refused_for_fifteen_minutes),
        ROW(right_passwords_never_count),
        ROW(an_address_with_twenty_failures_is_refused_for_every_name),
        ROW(a_bad_log_in_request_is_refused_by_its_own_code),
        ROW(a_body_of_the_limit_is_read),
        ROW(log_out_ends_the_session),
        ROW(a_session_ends_when_idle_and_when_old),
        ROW(the_upgrade_needs_cookie_ticket_and_origin),
        ROW(a_ticket_lives_thirty_seconds),
        ROW(a_ticket_of_another_session_is_refused),
        ROW(a_console_is_known_by_name_role_and_facility),
        ROW(a_console_may_answer_alerts_and_report_no_vitals),
        ROW(logging_out_closes_the_open_pages),
        ROW(an_open_page_keeps_the_session_until_twelve_hours),
        ROW(a_person_who_is_removed_loses_session_and_page),
        ROW(health_follows_the_owner),
        ROW(metrics_have_our_lines_and_the_owners),
        ROW(a_large_file_arrives_whole),
        ROW(strange_requests_never_stop_the_server),
        ROW(a_header_that_never_ends_is_closed_in_time),
        ROW(anybody_who_is_logged_in_sees_which_rules_are_in_force),
        ROW(only_an_administrator_activates_rules_and_by_name),
    };
    return cmocka_run_group_tests(tests, pki_setup, pki_teardown);
}
