/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http_stage.h"
#include "web_client.h"

struct answer {
    uint64_t token;
    enum jz_status status;
    uint32_t http;
    char body[256], why[256];
};

static struct scene {
    struct http_stage service;
    struct jz_web_client *client;
    char *long_reply;
    char url[128];
    struct answer answer[STAGE_CONNECTIONS_MAX];
    uint32_t answers;
    bool send_again;
} scene;

static enum jz_status send_to(const char *url, uint64_t token);

static void on_answer(void *context, const struct jz_web_answer *answer) {
    (void)context;
    struct answer *kept = &scene.answer[scene.answers++];
    kept->token = answer->token, kept->status = answer->status, kept->http = answer->http;
    snprintf(kept->body, sizeof kept->body, "%s", answer->body);
    snprintf(kept->why, sizeof kept->why, "%s", answer->why);
    if (scene.send_again) {
        scene.send_again = false;
        assert_int_equal(send_to(scene.url, 99), JZ_OK);
    }
}

static int setup(void **state) {
    (void)state;
    memset(&scene, 0, sizeof scene);
    if (!stage_open(&scene.service)) return -1;
    snprintf(scene.url, sizeof scene.url, "%s/table?x=1", scene.service.base);
    scene.client = jz_web_client_open(scene.service.loop, "", on_answer, NULL);
    return scene.client ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    jz_web_client_close(scene.client);
    stage_close(&scene.service);
    free(scene.long_reply);
    return 0;
}

static enum jz_status send_to(const char *url, uint64_t token) {
    struct jz_web_request request = {.url = url, .timeout_ms = 5000, .token = token};
    return jz_web_client_send(scene.client, &request);
}

static void wait_for(uint32_t answers) {
    assert_true(stage_wait(&scene.service, &scene.answers, answers));
}

static void an_answer_comes_back_with_its_token_status_and_body(void **state) {
    (void)state;
    scene.service.reply = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"a\": 1}";
    assert_int_equal(send_to(scene.url, 7), JZ_OK);
    assert_int_equal(jz_web_client_in_flight(scene.client), 1);
    wait_for(1);
    assert_int_equal(scene.answer[0].token, 7);
    assert_int_equal(scene.answer[0].status, JZ_OK);
    assert_int_equal(scene.answer[0].http, 200);
    assert_string_equal(scene.answer[0].body, "{\"a\": 1}");
    assert_int_equal(jz_web_client_in_flight(scene.client), 0);
    assert_memory_equal(scene.service.request, "GET /table?x=1 HTTP/1.1\r\n", 25);
}

static void a_body_is_posted_as_json_with_the_headers_given(void **state) {
    (void)state;
    char body[] = "{\"case\":1}";
    struct jz_web_request request = {.url = scene.url,
                                     .body = body,
                                     .body_bytes = strlen(body),
                                     .header = {"X-Signature: abc"},
                                     .timeout_ms = 5000};
    scene.service.reply = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
    assert_int_equal(jz_web_client_send(scene.client, &request), JZ_OK);
    memset(body, 'x', sizeof body - 1); /* it was copied */
    wait_for(1);
    assert_int_equal(scene.answer[0].http, 503);
    assert_non_null(strstr(scene.service.request, "POST /table?x=1 HTTP/1.1\r\n"));
    assert_non_null(strstr(scene.service.request, "Content-Type: application/json\r\n"));
    assert_non_null(strstr(scene.service.request, "X-Signature: abc\r\n"));
    assert_non_null(strstr(scene.service.request, "\r\n\r\n{\"case\":1}"));
}

static void silence_ends_with_the_time_out(void **state) {
    (void)state;
    struct jz_web_request request = {.url = scene.url, .timeout_ms = 50, .token = 3};
    assert_int_equal(jz_web_client_send(scene.client, &request), JZ_OK);
    wait_for(1);
    assert_int_equal(scene.answer[0].status, JZ_E_LINK);
    assert_int_equal(scene.answer[0].http, 0);
    assert_string_not_equal(scene.answer[0].why, "");
}

static void nobody_there_is_an_answer_that_says_why(void **state) {
    (void)state;
    stage_deafen(&scene.service);
    assert_int_equal(send_to(scene.url, 4), JZ_OK);
    wait_for(1);
    assert_int_equal(scene.answer[0].status, JZ_E_LINK);
    assert_string_not_equal(scene.answer[0].why, "");
}

static void an_answer_over_the_limit_is_refused(void **state) {
    (void)state;
    size_t bytes = JZ_WEB_ANSWER_BYTES_MAX + 1;
    scene.long_reply = malloc(bytes + 128);
    int head = sprintf(scene.long_reply, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", bytes);
    memset(scene.long_reply + head, ' ', bytes);
    scene.long_reply[head + (int)bytes] = '\0';
    scene.service.reply = scene.long_reply;
    assert_int_equal(send_to(scene.url, 1), JZ_OK);
    wait_for(1);
    assert_int_equal(scene.answer[0].status, JZ_E_LINK);
    assert_string_equal(scene.answer[0].why, "the answer is longer than the limit");
    assert_int_equal(scene.answer[0].http, 200); /* that much is known */
    assert_string_equal(scene.answer[0].body, "");
}

static void a_redirect_is_not_followed(void **state) {
    (void)state;
    scene.service.reply = "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n";
    assert_int_equal(send_to(scene.url, 1), JZ_OK);
    wait_for(1);
    assert_int_equal(scene.answer[0].http, 302);
    assert_int_equal(scene.service.connections, 1);
}

static void nothing_but_http_is_spoken(void **state) {
    (void)state;
    assert_int_equal(send_to("file:///etc/passwd", 1), JZ_OK);
    wait_for(1);
    assert_int_equal(scene.answer[0].status, JZ_E_LINK);
    assert_string_equal(scene.answer[0].body, "");
}

static void one_over_the_limit_in_flight_is_refused(void **state) {
    (void)state;
    for (uint32_t i = 0; i < JZ_WEB_IN_FLIGHT_MAX; i++) assert_int_equal(send_to(scene.url, i), JZ_OK);
    assert_int_equal(send_to(scene.url, 1000), JZ_E_FULL);
    scene.service.reply = "HTTP/1.1 204 No\r\n\r\n";
    wait_for(JZ_WEB_IN_FLIGHT_MAX);
    assert_int_equal(send_to(scene.url, 1000), JZ_OK);
    wait_for(JZ_WEB_IN_FLIGHT_MAX + 1);
}

static void what_is_under_way_at_closing_is_never_answered(void **state) {
    (void)state;
    assert_int_equal(send_to(scene.url, 1), JZ_OK);
    while (!scene.service.connections) ev_run(scene.service.loop, EVRUN_ONCE);
    jz_web_client_close(scene.client);
    scene.client = NULL;
    ev_run(scene.service.loop, EVRUN_NOWAIT);
    assert_int_equal(scene.answers, 0);
}

static void the_owner_may_send_from_within_an_answer(void **state) {
    (void)state;
    scene.service.reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    scene.send_again = true;
    assert_int_equal(send_to(scene.url, 1), JZ_OK);
    wait_for(2);
    assert_int_equal(scene.answer[1].token, 99);
}

static void what_is_beyond_a_limit_is_not_sent(void **state) {
    (void)state;
    struct jz_web_request request = {.url = scene.url, .timeout_ms = 0};
    assert_int_equal(jz_web_client_send(scene.client, &request), JZ_E_VALUE);
    request.timeout_ms = 60001;
    assert_int_equal(jz_web_client_send(scene.client, &request), JZ_E_VALUE);
    request.timeout_ms = 60000, request.header[0] = "A: b\r\nC: d";
    assert_int_equal(jz_web_client_send(scene.client, &request), JZ_E_VALUE);
    request.header[0] = NULL, request.body = "", request.body_bytes = JZ_WEB_BODY_BYTES_MAX + 1;
    assert_int_equal(jz_web_client_send(scene.client, &request), JZ_E_VALUE);
    request.body = NULL, request.url = NULL;
    assert_int_equal(jz_web_client_send(scene.client, &request), JZ_E_VALUE);
    assert_int_equal(jz_web_client_in_flight(scene.client), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(an_answer_comes_back_with_its_token_status_and_body),
        TEST(a_body_is_posted_as_json_with_the_headers_given),
        TEST(silence_ends_with_the_time_out),
        TEST(nobody_there_is_an_answer_that_says_why),
        TEST(an_answer_over_the_limit_is_refused),
        TEST(a_redirect_is_not_followed),
        TEST(nothing_but_http_is_spoken),
        TEST(one_over_the_limit_in_flight_is_refused),
        TEST(what_is_under_way_at_closing_is_never_answered),
        TEST(the_owner_may_send_from_within_an_answer),
        TEST(what_is_beyond_a_limit_is_not_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
