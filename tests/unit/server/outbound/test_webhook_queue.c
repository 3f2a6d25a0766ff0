/* SPDX-License-Identifier: Apache-2.0 */
/* When a notice is sent, how often, and which goes first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "webhook_stage.h"

/* --- tries ------------------------------------------------------------------------------------------------------ */

static void a_failure_is_tried_again_with_the_same_id_and_body_and_a_new_time(void **state) {
    (void)state;
    open_hook();
    scene.service.reply = BUSY_503;
    send_and_fail(44);
    assert_int_equal(scene.results, 0);
    assert_int_equal(jz_webhook_queued(scene.hook), 1);
    scene.service.reply = OK_204;
    scene.mono_ms += JZ_WEBHOOK_BACKOFF_MS, scene.utc_ms += JZ_WEBHOOK_BACKOFF_MS;
    wait_for(&scene.results, 1);
    assert_true(scene.result[0].delivered);
    assert_int_equal(scene.result[0].tries, 2);
    assert_int_equal(scene.result[0].http, 204);
    assert_int_equal(id_of(0), id_of(1));
    assert_string_equal(body_of(0), body_of(1));
    assert_string_equal(header_of(0, "Jingzhu-Timestamp"), "1753167602");
    assert_string_equal(header_of(1, "Jingzhu-Timestamp"), "1753167603");
    assert_string_not_equal(header_of(0, "Jingzhu-Signature"), header_of(1, "Jingzhu-Signature"));
}

static void waits_double_up_to_a_minute_and_after_ten_it_is_given_up(void **state) {
    static const int64_t wait_ms[] = {1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000};
    int64_t accepted_ms = scene.mono_ms;
    uint32_t tries = 1;
    (void)state;
    open_hook();
    scene.service.reply = BUSY_503;
    send_and_fail(1);
    for (size_t i = 0; i < sizeof wait_ms / sizeof wait_ms[0]; i++) {
        scene.mono_ms += wait_ms[i] - 1;
        turn();
        assert_int_equal(scene.service.connections, tries);
        scene.mono_ms += 1;
        wait_for(&scene.failures, ++tries);
    }
    scene.mono_ms = accepted_ms + JZ_WEBHOOK_GIVE_UP_MS - 1;
    wait_for(&scene.failures, ++tries);
    assert_int_equal(scene.results, 0);
    scene.mono_ms += 1;
    wait_for(&scene.results, 1);
    assert_false(scene.result[0].delivered);
    assert_int_equal(scene.result[0].tries, tries);
    assert_int_equal(scene.result[0].http, 503);
    assert_string_equal(scene.why, "the gateway answered 503");
    assert_int_equal(jz_webhook_queued(scene.hook), 0);
}

static void chance_shortens_a_wait_by_at_most_half(void **state) {
    (void)state;
    open_hook();
    scene.service.reply = BUSY_503;
    scene.random = 0xff;
    send_and_fail(1);
    scene.mono_ms += JZ_WEBHOOK_BACKOFF_MS / 2 - 1;
    turn();
    assert_int_equal(scene.service.connections, 1);
    scene.mono_ms += 1;
    wait_for(&scene.service.connections, 2);
}

static void what_the_gateway_refuses_is_given_up_at_once_and_the_rest_is_not(void **state) {
    static const struct {
        uint32_t http;
        bool final;
    } row[] = {{400, true},  {401, true},  {403, true},  {404, true},  {407, true},  {408, false},
               {409, true},  {410, true},  {413, true},  {424, true},  {425, false}, {426, true},
               {428, true},  {429, false}, {430, true},  {499, true},  {500, false}, {503, false},
               {599, false}, {300, false}, {304, false}, {307, false}, {399, false}};
    (void)state;
    open_hook();
    for (uint32_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        char reply[96];
        uint32_t before = scene.results;
        snprintf(reply, sizeof reply, "HTTP/1.1 %u X\r\nContent-Length: 0\r\n\r\n", row[i].http);
        scene.service.reply = reply;
        send_and_fail(1000 + i);
        assert_int_equal(scene.results - before, row[i].final);
        if (!row[i].final) continue;
        assert_int_equal(scene.result[before].id, 1000 + i);
        assert_int_equal(scene.result[before].http, row[i].http);
        assert_int_equal(scene.result[before].tries, 1);
        assert_false(scene.result[before].delivered);
        assert_non_null(strstr(scene.why, "the gateway answered 4"));
    }
}

static void a_redirect_is_not_followed(void **state) {
    char reply[256];
    (void)state;
    open_hook();
    snprintf(reply, sizeof reply,
             "HTTP/1.1 307 Over there\r\nLocation: %s/other\r\nContent-Length: 0\r\n\r\n",
             scene.service.base);
    scene.service.reply = reply;
    send_and_fail(1);
    assert_int_equal(scene.service.connections, 1);
    assert_int_equal(scene.results, 0);
    assert_null(strstr(scene.service.request, "/other"));
}

static void silence_ends_with_the_time_out_and_is_tried_again(void **state) {
    (void)state;
    assert_int_equal(open_at(scene.url, "", 50), JZ_OK);
    scene.service.reply = NULL;
    send_notice(1);
    wait_for(&scene.downs, 1);
    assert_int_equal(scene.results, 0);
    scene.service.reply = OK_204;
    scene.mono_ms += JZ_WEBHOOK_BACKOFF_MS;
    wait_for(&scene.results, 1);
    assert_true(scene.result[0].delivered);
    assert_int_equal(scene.result[0].tries, 2);
}

static void nobody_there_is_a_failure_that_says_why(void **state) {
    (void)state;
    open_hook();
    stage_deafen(&scene.service);
    send_notice(1);
    wait_for(&scene.downs, 1);
    scene.mono_ms += JZ_WEBHOOK_GIVE_UP_MS;
    wait_for(&scene.results, 1);
    assert_false(scene.result[0].delivered);
    assert_int_equal(scene.result[0].http, 0);
    assert_int_equal(scene.result[0].tries, 1);
    assert_string_equal(scene.why, scene.down_why);
    assert_non_null(strstr(scene.why, "127.0.0.1"));
}

static void a_long_answer_is_cut_and_its_first_line_decides(void **state) {
    size_t bytes = 2u * 65536u;
    char *reply = malloc(bytes + 64);
    (void)state;
    int head = sprintf(reply, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", bytes);
    memset(reply + head, 'x', bytes);
    reply[(size_t)head + bytes] = '\0';
    open_hook();
    scene.service.reply = reply;
    send_notice(1);
    wait_for(&scene.results, 1);
    free(reply);
    assert_true(scene.result[0].delivered);
    assert_int_equal(scene.result[0].http, 200);
}

static void up_and_down_are_told_when_they_change(void **state) {
    (void)state;
    open_hook();
    send_notice(1);
    wait_for(&scene.results, 1);
    assert_int_equal(scene.ups, 1); /* the first time is news */
    send_notice(2);
    wait_for(&scene.results, 2);
    assert_int_equal(scene.ups, 1);
    scene.service.reply = "HTTP/1.1 401 Who\r\nContent-Length: 0\r\n\r\n";
    send_notice(3);
    wait_for(&scene.results, 3);
    send_notice(4);
    wait_for(&scene.results, 4);
    assert_int_equal(scene.downs, 1);
    assert_string_equal(scene.down_why, "the gateway answered 401");
    scene.service.reply = OK_204;
    send_notice(5);
    wait_for(&scene.results, 5);
    assert_int_equal(scene.ups, 2);
    assert_int_equal(scene.downs, 1);
}

/* --- queue ------------------------------------------------------------------------------------------------------ */

static void two_are_under_way_at_once_and_no_more(void **state) {
    (void)state;
    open_hook();
    scene.service.reply = NULL;
    for (uint64_t id = 1; id <= 5; id++) send_notice(id);
    wait_for(&scene.service.connections, 2);
    turn();
    assert_int_equal(scene.service.connections, 2);
    assert_int_equal(jz_webhook_queued(scene.hook), 5);
}

static void a_full_queue_refuses_one_more(void **state) {
    (void)state;
    open_hook();
    scene.service.reply = NULL;
    for (uint64_t id = 1; id <= JZ_WEBHOOK_QUEUE_MAX; id++) send_notice(id);
    assert_int_equal(send_kind(1000, JZ_WEBHOOK_ESCALATED), JZ_E_FULL);
    assert_int_equal(send_kind(1000, JZ_WEBHOOK_TEST), JZ_E_FULL);
    send_notice(7); /* it is queued already */
    assert_int_equal(jz_webhook_queued(scene.hook), JZ_WEBHOOK_QUEUE_MAX);
    assert_int_equal(scene.results, 0);
    scene.mono_ms += JZ_WEBHOOK_GIVE_UP_MS; /* all but the two under way */
    wait_for(&scene.results, JZ_WEBHOOK_QUEUE_MAX - 2);
    assert_int_equal(scene.result[0].tries, 0);
    assert_string_equal(scene.why, "its turn did not come in time");
    send_notice(1000);
    assert_int_equal(jz_webhook_queued(scene.hook), 3);
}

static void in_a_full_queue_the_oldest_waiting_test_makes_room(void **state) {
    (void)state;
    open_hook();
    scene.service.reply = NULL;
    for (uint64_t id = 1; id <= JZ_WEBHOOK_QUEUE_MAX; id++)
        assert_int_equal(
            send_kind(id, id <= 2 || id == 40 || id == 90 ? JZ_WEBHOOK_TEST : JZ_WEBHOOK_ESCALATED), JZ_OK);
    struct jz_webhook_notice next = notice(1001);
    scene.send_next = &next; /* from within the result: takes the place of the other test */
    send_notice(1000);
    assert_int_equal(scene.results, 2);
    assert_int_equal(scene.result[0].id, 40);
    assert_int_equal(scene.result[0].kind, JZ_WEBHOOK_TEST);
    assert_int_equal(scene.result[1].id, 90);
    assert_false(scene.result[1].delivered);
    assert_int_equal(scene.result[1].tries, 0);
    assert_string_equal(scene.why, "a newer notice needed its place");
    assert_int_equal(send_kind(1002, JZ_WEBHOOK_ESCALATED), JZ_E_FULL); /* 1 and 2 are under way: they stay */
    assert_int_equal(jz_webhook_queued(scene.hook), JZ_WEBHOOK_QUEUE_MAX);
}

static void the_owner_may_send_from_within_a_result(void **state) {
    struct jz_webhook_notice next = notice(2);
    (void)state;
    open_hook();
    scene.send_next = &next;
    send_notice(1);
    wait_for(&scene.results, 2);
    assert_int_equal(scene.result[1].id, 2);
}

/* Where in the order of arrival, from `first`, that id is. */
static uint32_t place_of(uint64_t id, uint32_t first, uint32_t count) {
    for (uint32_t i = first; i < count; i++)
        if (id_of(i) == id) return i - first;
    return UINT32_MAX;
}

static void a_new_notice_does_not_wait_behind_repeats(void **state) {
    (void)state;
    open_hook();
    scene.service.reply = BUSY_503;
    for (uint64_t id = 1; id <= 8; id++) send_notice(id);
    wait_for(&scene.failures, 8);
    scene.mono_ms += JZ_WEBHOOK_BACKOFF_MS; /* all eight are due, longer than what comes now */
    send_notice(100);
    send_notice(101);
    wait_for(&scene.failures, 18);
    assert_true(place_of(100, 8, 18) < 2);
    assert_true(place_of(101, 8, 18) < 4);
}

static void a_repeat_does_not_wait_behind_a_flood_of_new_ones(void **state) {
    (void)state;
    open_hook();
    scene.service.reply = BUSY_503;
    send_and_fail(1);
    for (uint64_t id = 100; id < 110; id++) send_notice(id); /* the first two take both places */
    scene.mono_ms += JZ_WEBHOOK_BACKOFF_MS;
    wait_for(&scene.failures, 12);
    assert_true(place_of(1, 1, 12) < 4);
}

static void what_had_no_turn_in_ten_minutes_is_not_sent_after_them(void **state) {
    (void)state;
    open_hook();
    for (uint64_t id = 1; id <= 3; id++) send_notice(id); /* the first two take both places */
    scene.mono_ms += JZ_WEBHOOK_GIVE_UP_MS;
    wait_for(&scene.results, 3);
    assert_int_equal(scene.service.connections, 2);
    for (uint32_t i = 0; i < 3; i++) assert_int_equal(scene.result[i].delivered, scene.result[i].id != 3);
}

static void a_test_goes_when_nothing_else_is_due(void **state) {
    (void)state;
    open_hook();
    for (uint64_t id = 1; id <= 2; id++) send_notice(id); /* take both places until the loop turns */
    assert_int_equal(send_kind(50, JZ_WEBHOOK_TEST), JZ_OK);
    for (uint64_t id = 3; id <= 8; id++) send_notice(id);
    wait_for(&scene.results, 9);
    assert_int_equal(scene.result[8].id, 50);
}

static void the_same_notice_after_a_restart_has_the_same_id_and_body(void **state) {
    (void)state;
    open_hook();
    scene.service.reply = NULL;
    send_notice(12345678901234567890u);
    wait_for(&scene.service.connections, 1);
    turn();
    jz_webhook_close(scene.hook);
    scene.mono_ms = 17, scene.utc_ms += 30000; /* another machine's life */
    open_hook();
    scene.service.reply = OK_204;
    assert_int_equal(jz_webhook_queued(scene.hook), 0);
    send_notice(12345678901234567890u);
    wait_for(&scene.results, 1);
    assert_string_equal(header_of(0, "Jingzhu-Id"), "12345678901234567890");
    assert_string_equal(header_of(0, "Jingzhu-Id"), header_of(1, "Jingzhu-Id"));
    assert_string_equal(body_of(0), body_of(1));
    assert_int_equal(scene.result[0].id, 12345678901234567890u);
}

static void what_is_queued_at_closing_is_never_told(void **state) {
    (void)state;
    open_hook();
    for (uint64_t id = 1; id <= 5; id++) send_notice(id);
    close_hook();
    turn();
    assert_int_equal(scene.results, 0);
    assert_int_equal(scene.ups + scene.downs, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_failure_is_tried_again_with_the_same_id_and_body_and_a_new_time),
        TEST(waits_double_up_to_a_minute_and_after_ten_it_is_given_up),
        TEST(chance_shortens_a_wait_by_at_most_half),
        TEST(what_the_gateway_refuses_is_given_up_at_once_and_the_rest_is_not),
        TEST(a_redirect_is_not_followed),
        TEST(silence_ends_with_the_time_out_and_is_tried_again),
        TEST(nobody_there_is_a_failure_that_says_why),
        TEST(a_long_answer_is_cut_and_its_first_line_decides),
        TEST(up_and_down_are_told_when_they_change),
        TEST(two_are_under_way_at_once_and_no_more),
        TEST(a_full_queue_refuses_one_more),
        TEST(in_a_full_queue_the_oldest_waiting_test_makes_room),
        TEST(the_owner_may_send_from_within_a_result),
        TEST(a_new_notice_does_not_wait_behind_repeats),
        TEST(a_repeat_does_not_wait_behind_a_flood_of_new_ones),
        TEST(what_had_no_turn_in_ten_minutes_is_not_sent_after_them),
        TEST(a_test_goes_when_nothing_else_is_due),
        TEST(the_same_notice_after_a_restart_has_the_same_id_and_body),
        TEST(what_is_queued_at_closing_is_never_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
