/* SPDX-License-Identifier: Apache-2.0 */
/* One connection and its bad inputs: each gets its typed error, and the connection or another one goes on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static size_t encode(const struct jz_frame *f, uint8_t *out, size_t capacity) {
    size_t n;
    assert_int_equal(jz_frame_encode(f, out, capacity, &n), JZ_OK);
    return n;
}

/* The connection still works: a further frame reaches the owner. */
static void still_works(struct client *c, uint64_t seq) {
    struct jz_frame f = vitals_frame(seq);
    uint32_t before = server.seen.frames;
    send_frame(c, &f);
    turn_until(&server, server.seen.frames == before + 1);
    assert_int_equal(server.seen.seq[before], seq);
}

static void hello_is_answered_with_what_the_owner_knows(void **state) {
    (void)state;
    struct jz_frame hello = hello_frame(1);
    server.seen.resume[JZ_LANE_VITALS] = 41;
    device_connect(&a, &server, ID_ALICE);
    send_frame(&a, &hello);
    struct jz_frame f = expect_frame(&a, JZ_FRAME_WELCOME);
    assert_int_equal(f.welcome.hello_ms, hello.at_ms);
    assert_int_equal(f.welcome.resume[JZ_LANE_VITALS], 41);
    assert_int_equal(f.welcome.ack_level, 1);
    assert_true(f.welcome.has_simulation && f.welcome.simulation);
    assert_int_equal(server.seen.info.side, JZ_SIDE_DEVICE);
    assert_memory_equal(server.seen.info.peer, alice_uuid, 16);
    assert_int_equal(server.seen.info.epoch, 7);
    assert_int_equal(server.seen.info.clock_uncertainty_ms, JZ_NET_CLOCK_UNKNOWN_MS);
    assert_int_equal(server.seen.ready, 1);
}

static void a_frame_reaches_the_owner_and_its_ack_the_device(void **state) {
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    still_works(&a, 1);
    assert_true(server.seen.rounds > 0);
    still_works(&a, 2);
    jz_net_ack(server.net, server.seen.last_ready, JZ_LANE_VITALS, 1);
    jz_net_ack(server.net, server.seen.last_ready, JZ_LANE_VITALS, 2);
    jz_net_ack(server.net, server.seen.last_ready, JZ_LANE_URGENT, 9);
    struct jz_frame f = expect_frame(&a, JZ_FRAME_ACK);
    assert_int_equal(f.ack.seq[JZ_LANE_VITALS], 2);
    assert_int_equal(f.ack.seq[JZ_LANE_URGENT], 9);
    assert_int_equal(f.ack.seq[JZ_LANE_BULK], 0);
    struct jz_net_stats stats;
    jz_net_stats(server.net, &stats);
    assert_int_equal(stats.acks_out, 1);
}

static void a_frame_before_hello_is_refused_and_hello_still_works(void **state) {
    (void)state;
    struct jz_frame f = vitals_frame(1), hello = hello_frame(1);
    device_connect(&a, &server, ID_ALICE);
    send_frame(&a, &f);
    struct jz_frame error = expect_frame(&a, JZ_FRAME_ERROR);
    assert_int_equal(error.error.status, JZ_E_BEFORE_HELLO);
    assert_int_equal(error.error.refused_kind, JZ_FRAME_VITALS);
    assert_int_equal(error.error.seq, 1);
    assert_int_equal(server.seen.frames, 0);
    send_frame(&a, &hello);
    expect_frame(&a, JZ_FRAME_WELCOME);
    still_works(&a, 1);
}

static void another_version_is_told_and_closed(void **state) {
    (void)state;
    struct jz_frame hello = hello_frame(2);
    device_connect(&a, &server, ID_ALICE);
    send_frame(&a, &hello);
    expect_error(&a, JZ_E_VERSION);
    client_wait_end(&a);
    assert_int_equal(server.seen.hellos, 0);
    assert_int_equal(server.seen.closed, 0);
}

static void a_second_hello_is_refused_and_the_connection_goes_on(void **state) {
    (void)state;
    struct jz_frame hello = hello_frame(1);
    device_ready(&a, &server, ID_ALICE);
    send_frame(&a, &hello);
    expect_error(&a, JZ_E_HELLO_AGAIN);
    still_works(&a, 1);
    assert_int_equal(server.seen.hellos, 1);
}

static void a_hello_the_owner_refuses_is_told_and_closed(void **state) {
    (void)state;
    struct jz_frame hello = hello_frame(1);
    server.seen.hello_status = JZ_E_FULL;
    device_connect(&a, &server, ID_ALICE);
    send_frame(&a, &hello);
    expect_error(&a, JZ_E_FULL);
    client_wait_end(&a);
    assert_int_equal(server.seen.ready, 0);
}

static void bad_messages_get_their_own_error(void **state) {
    static const struct {
        uint8_t bytes[12];
        size_t count;
        enum jz_status status;
        bool goes_on; /* nothing that stood behind can have been lost */
    } rows[] = {
        {{0}, 0, JZ_E_EMPTY, true},
        {{0x9b, 0, 0, 0, 0, 0x10, 0, 0, 0}, 9, JZ_E_NOT_FRAME, false},
        {{0xa1, 0x00}, 2, JZ_E_TRUNCATED, false},
        {{0xbf, 0x00, 0x05, 0xff}, 4, JZ_E_INDEFINITE, false},
        {{0xa1, 0x00, 0x18, 0x05}, 4, JZ_E_NOT_CANONICAL, false},
        {{0xa2, 0x00, 0x05, 0x00, 0x05}, 5, JZ_E_KEY_ORDER, false},
        {{0xa2, 0x00, 0x05, 0x03, 0xf9, 0x3c, 0x00}, 7, JZ_E_RESERVED, false},
        {{0xa1, 0x00, 0x18, 0x63}, 4, JZ_E_UNKNOWN_KIND, true},
        {{0xa1, 0x00, 0x0b}, 3, JZ_E_MISSING_KEY, true},
        {{0xa1, 0x00, 0x02}, 3, JZ_E_MISSING_KEY, true},
    };
    (void)state;
    device_ready(&b, &server, ID_BOB);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        device_ready(&a, &server, ID_ALICE);
        client_ws(&a, 2, true, rows[i].bytes, rows[i].count);
        expect_error(&a, rows[i].status);
        if (rows[i].goes_on)
            still_works(&a, i + 1);
        else
            client_wait_end(&a); /* it comes again and goes on from its last ack */
        client_close(&a);
        still_works(&b, i + 1); /* and the others never notice */
    }
    assert_true(log_has(&server, JZ_LOG_FRAME_REFUSED));
}

/* What stands behind the bad place was never looked at: were the connection to go on, the next ack would cover it. */
static void a_frame_behind_a_bad_place_is_not_covered_by_a_later_ack(void **state) {
    uint8_t bytes[1024];
    struct jz_frame one = vitals_frame(1), three = vitals_frame(3), four = vitals_frame(4);
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    size_t n = encode(&one, bytes, sizeof bytes);
    bytes[n++] = 0xbf;
    n += encode(&three, bytes + n, sizeof bytes - n);
    client_ws(&a, 2, true, bytes, n);
    send_frame(&a, &four);
    expect_error(&a, JZ_E_INDEFINITE);
    client_wait_end(&a);
    assert_int_equal(server.seen.frames, 1);
}

static void good_frames_before_a_bad_one_are_delivered(void **state) {
    uint8_t bytes[1024];
    struct jz_frame one = vitals_frame(1), two = vitals_frame(2);
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    size_t n = encode(&one, bytes, sizeof bytes);
    n += encode(&two, bytes + n, sizeof bytes - n);
    size_t bad = n;
    bytes[n++] = 0xbf;
    client_ws(&a, 2, true, bytes, n);
    struct jz_frame f = expect_frame(&a, JZ_FRAME_ERROR);
    assert_int_equal(f.error.status, JZ_E_INDEFINITE);
    assert_true(f.error.has_offset);
    assert_int_equal(f.error.offset, bad);
    assert_int_equal(server.seen.frames, 2);
}

static void a_frame_of_the_other_direction_is_refused(void **state) {
    struct jz_frame ack = {.kind = JZ_FRAME_ACK}, answer = vitals_frame(1);
    (void)state;
    ack.ack.seq[0] = 1;
    ack.ack.level = 1;
    answer = (struct jz_frame){.kind = JZ_FRAME_ALERT_ANSWER, .seq = 1, .at_ms = 1700000000000};
    answer.answer = (struct jz_alert_answer){.alert = 1, .to = JZ_ALERT_SEEN};
    device_ready(&a, &server, ID_ALICE);
    send_frame(&a, &ack);
    expect_error(&a, JZ_E_DIRECTION);
    send_frame(&a, &answer);
    expect_error(&a, JZ_E_DIRECTION);
    assert_int_equal(server.seen.frames, 0);
}

static void a_sequence_that_goes_back_is_refused_and_a_repeat_is_not(void **state) {
    struct jz_frame f = vitals_frame(4);
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    still_works(&a, 5);
    send_frame(&a, &f);
    expect_error(&a, JZ_E_SEQUENCE);
    assert_int_equal(server.seen.frames, 1);
    still_works(&a, 5);
    still_works(&a, 6);
}

static void text_is_refused_and_the_connection_goes_on(void **state) {
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    client_ws(&a, 1, true, "hello", 5);
    expect_error(&a, JZ_E_TEXT_MESSAGE);
    still_works(&a, 1);
}

static void a_message_of_the_limit_is_read_and_one_byte_more_is_refused(void **state) {
    static uint8_t bytes[JZ_MESSAGE_BYTES_MAX + 1];
    (void)state;
    memset(bytes, 0xff, sizeof bytes);
    device_ready(&a, &server, ID_ALICE);
    client_ws(&a, 2, true, bytes, JZ_MESSAGE_BYTES_MAX);
    expect_error(&a, JZ_E_NOT_FRAME);
    client_close(&a);
    device_ready(&a, &server, ID_ALICE);
    client_ws(&a, 2, true, bytes, JZ_MESSAGE_BYTES_MAX + 1);
    expect_error(&a, JZ_E_MESSAGE_SIZE);
    client_wait_end(&a);
}

static void a_message_in_fragments_is_one_message_and_is_bounded(void **state) {
    static uint8_t filler[4096];
    uint8_t bytes[256];
    struct jz_frame f = vitals_frame(1);
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    size_t n = encode(&f, bytes, sizeof bytes);
    client_ws(&a, 2, false, bytes, 3);
    client_ws(&a, 0, false, bytes + 3, n - 4);
    client_ws(&a, 0, true, bytes + n - 1, 1);
    turn_until(&server, server.seen.frames == 1);
    client_ws(&a, 2, false, filler, sizeof filler);
    for (int i = 0; i < 20; i++) client_ws(&a, 0, false, filler, sizeof filler);
    client_ws(&a, 0, true, filler, 1);
    expect_error(&a, JZ_E_MESSAGE_SIZE);
    client_wait_end(&a);
    assert_int_equal(jz_net_refusals(server.net, JZ_E_MESSAGE_SIZE), 1);
}

static void what_the_owner_refuses_is_told_with_lane_and_sequence(void **state) {
    struct jz_frame f = vitals_frame(3);
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    server.seen.frame_status = JZ_E_UNKNOWN_ENCOUNTER;
    send_frame(&a, &f);
    struct jz_frame error = expect_frame(&a, JZ_FRAME_ERROR);
    assert_int_equal(error.error.status, JZ_E_UNKNOWN_ENCOUNTER);
    assert_int_equal(error.error.lane, JZ_LANE_VITALS);
    assert_int_equal(error.error.seq, 3);
    jz_net_error(server.net, server.seen.last_ready, JZ_E_UNKNOWN_ALERT, JZ_FRAME_ALERT_ANSWER, 0, 0);
    error = expect_frame(&a, JZ_FRAME_ERROR);
    assert_int_equal(error.error.status, JZ_E_UNKNOWN_ALERT);
    assert_false(error.error.has_seq);
}

static void a_frame_the_owner_has_no_room_for_ends_the_connection(void **state) {
    struct jz_frame f = vitals_frame(1);
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    server.seen.frame_status = JZ_E_FULL;
    send_frame(&a, &f);
    expect_error(&a, JZ_E_FULL);
    client_wait_end(&a);
    turn_until(&server, server.seen.closed == 1);
    assert_int_equal(server.seen.last_closed, server.seen.last_ready);
}

static void a_clock_question_is_answered_and_its_estimate_is_kept(void **state) {
    struct jz_frame clock = {.kind = JZ_FRAME_CLOCK, .at_ms = 1700000000123}, f = vitals_frame(1);
    (void)state;
    clock.clock.has_estimate = true;
    clock.clock.offset_ms = -250;
    clock.clock.uncertainty_ms = 30;
    device_ready(&a, &server, ID_ALICE);
    send_frame(&a, &clock);
    struct jz_frame answer = expect_frame(&a, JZ_FRAME_CLOCK);
    assert_int_equal(answer.at_ms, clock.at_ms);
    assert_true(answer.clock.answered);
    assert_true(answer.clock.sent_ms >= answer.clock.received_ms);
    send_frame(&a, &f);
    turn_until(&server, server.seen.frames == 1);
    const struct jz_session_info *info = jz_net_session(server.net, server.seen.last_ready);
    assert_true(info->has_clock);
    assert_int_equal(info->clock_offset_ms, -250);
    assert_int_equal(info->clock_uncertainty_ms, 30);
}

static void the_newer_of_two_connections_of_a_device_wins(void **state) {
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    uint64_t older = server.seen.last_ready;
    device_ready(&b, &server, ID_ALICE);
    expect_error(&a, JZ_E_REPLACED);
    client_wait_end(&a);
    turn_until(&server, server.seen.closed == 1);
    assert_int_equal(server.seen.last_closed, older);
    assert_null(jz_net_session(server.net, older));
    assert_int_equal(jz_net_device(server.net, alice_uuid), server.seen.last_ready);
    still_works(&b, 1);
}

static void a_dead_handle_is_refused_even_when_its_slot_lives_again(void **state) {
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    uint64_t old = server.seen.last_ready;
    client_close(&a);
    turn_until(&server, server.seen.closed == 1);
    device_ready(&b, &server, ID_BOB);
    uint64_t fresh = server.seen.last_ready;
    assert_int_equal((uint32_t)old, (uint32_t)fresh); /* the slot is the same */
    assert_int_not_equal(old, fresh);
    assert_null(jz_net_session(server.net, old));
    assert_non_null(jz_net_session(server.net, fresh));
    assert_int_equal(jz_net_send(server.net, old, (const uint8_t *)"x", 1, JZ_SEND_STATE), JZ_E_LINK);
    jz_net_ack(server.net, old, 0, 1);
    jz_net_close_session(server.net, old, JZ_E_DENIED);
    still_works(&b, 1);
}

static void a_fast_device_is_read_slower_and_loses_nothing(void **state) {
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    for (uint64_t i = 1; i <= 130; i++) { /* burst is 100, hello was one of them */
        struct jz_frame f = vitals_frame(i);
        send_frame(&a, &f);
    }
    turn_until(&server, server.seen.frames >= 99);
    for (int i = 0; i < 20; i++) turn(&server);
    assert_true(server.seen.frames < 130);
    struct jz_net_stats stats;
    jz_net_stats(server.net, &stats);
    assert_int_equal(stats.rate_paused, 1);
    server.shift_ms += 2000; /* two seconds are forty messages */
    turn_until(&server, server.seen.frames == 130);
    for (uint64_t i = 0; i < 130; i++) assert_int_equal(server.seen.seq[i], i + 1);
    assert_int_equal(jz_net_refusals(server.net, JZ_E_RATE), 0);
}

/* The record is used up, the next one waits; without care the library spins for ever. */
static void a_pause_inside_a_tls_record_takes_effect_behind_it(void **state) {
    static uint8_t record[12000];
    uint8_t bytes[256];
    size_t used = 0;
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    for (uint64_t i = 1; i <= 90; i++) still_works(&a, i);
    for (uint64_t i = 91; i <= 150; i++) {
        struct jz_frame f = vitals_frame(i);
        size_t n = encode(&f, bytes, sizeof bytes);
        used += ws_encode(record + used, sizeof record - used, 2, true, bytes, n);
    }
    client_write(&a, record, used);
    turn_until(&server, server.seen.frames == 150);
    struct jz_frame next = vitals_frame(151);
    send_frame(&a, &next);
    for (int i = 0; i < 30; i++) turn(&server);
    assert_int_equal(server.seen.frames, 150);
    server.shift_ms += 5000;
    turn_until(&server, server.seen.frames == 151);
}

static void a_pause_stops_reading_and_resuming_goes_on(void **state) {
    struct jz_frame f = vitals_frame(1);
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    jz_net_pause(server.net, true);
    send_frame(&a, &f);
    for (int i = 0; i < 50; i++) turn(&server);
    assert_int_equal(server.seen.frames, 0);
    jz_net_pause(server.net, false);
    turn_until(&server, server.seen.frames == 1);
}

/* Errors of several refusals may share a message. */
static uint32_t count_errors(uint32_t enough) {
    static struct message m;
    struct jz_scan scan;
    uint32_t count = 0;
    while (count < enough && client_receive(&a, &m)) {
        assert_int_equal(jz_message_scan(m.data, m.bytes, &scan), JZ_OK);
        count += scan.count;
    }
    return count;
}

static void rubbish_gets_an_error_each(void **state) {
    static const uint8_t rubbish[] = {0xa1, 0x00, 0x18, 0x63}; /* a frame of no known kind */
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    for (int i = 0; i < 60; i++) client_ws(&a, 2, true, rubbish, sizeof rubbish);
    assert_int_equal(count_errors(60), 60);
    still_works(&a, 1);
}

static void a_message_is_sent_and_shared_by_many(void **state) {
    static struct message m;
    struct jz_frame f = vitals_frame(1);
    uint8_t bytes[256];
    (void)state;
    size_t n = encode(&f, bytes, sizeof bytes);
    device_ready(&a, &server, ID_ALICE);
    uint64_t first = server.seen.last_ready;
    device_ready(&b, &server, ID_BOB);
    struct jz_blob *blob = jz_blob_make(bytes, n);
    assert_int_equal(jz_net_send_blob(server.net, first, blob, JZ_SEND_STATE), JZ_OK);
    assert_int_equal(jz_net_send_blob(server.net, server.seen.last_ready, blob, JZ_SEND_BULK), JZ_OK);
    jz_blob_release(blob);
    assert_true(client_receive(&a, &m));
    assert_memory_equal(m.data, bytes, n);
    assert_true(client_receive(&b, &m));
    assert_int_equal(m.bytes, n);
    assert_memory_equal(m.data, bytes, n);
}

static void a_long_message_arrives_whole(void **state) {
    static uint8_t bytes[JZ_NET_SEND_BYTES_MAX + 1];
    static struct message m;
    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(i * 7);
    device_ready(&a, &server, ID_ALICE);
    uint64_t s = server.seen.last_ready;
    assert_int_equal(jz_net_send(server.net, s, bytes, sizeof bytes, JZ_SEND_STATE), JZ_E_MESSAGE_SIZE);
    assert_int_equal(jz_net_send(server.net, s, bytes, 0, JZ_SEND_STATE), JZ_E_MESSAGE_SIZE);
    assert_int_equal(jz_net_send(server.net, s, bytes, sizeof bytes - 1, JZ_SEND_STATE), JZ_OK);
    assert_true(client_receive(&a, &m));
    assert_int_equal(m.bytes, sizeof bytes - 1);
    assert_memory_equal(m.data, bytes, sizeof bytes - 1);
}

static void overflow_marks_the_session_lagging_until_it_drained(void **state) {
    static uint8_t bytes[40000];
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    uint64_t s = server.seen.last_ready;
    assert_int_equal(jz_net_room(server.net, s), JZ_NET_DEVICE_QUEUE_BYTES_MAX);
    assert_int_equal(jz_net_send(server.net, s, bytes, sizeof bytes, JZ_SEND_STATE), JZ_OK);
    assert_int_equal(jz_net_room(server.net, s), JZ_NET_DEVICE_QUEUE_BYTES_MAX - sizeof bytes);
    assert_int_equal(jz_net_send(server.net, s, bytes, sizeof bytes, JZ_SEND_BULK), JZ_OK); /* dropped */
    assert_false(jz_net_lagging(server.net, s));
    assert_int_equal(jz_net_send(server.net, s, bytes, sizeof bytes, JZ_SEND_STATE), JZ_E_FULL);
    assert_true(jz_net_lagging(server.net, s));
    assert_int_equal(jz_net_room(server.net, s), 0);
    assert_int_equal(jz_net_send(server.net, s, bytes, 1, JZ_SEND_STATE), JZ_E_FULL);
    turn_until(&server, server.seen.drained == 1);
    assert_false(jz_net_lagging(server.net, s));
    assert_int_equal(jz_net_send(server.net, s, bytes, 1, JZ_SEND_STATE), JZ_OK);
    jz_net_want_drained(server.net, s);
    turn_until(&server, server.seen.drained == 2);
    struct jz_net_stats stats;
    jz_net_stats(server.net, &stats);
    assert_int_equal(stats.bulk_dropped, 1);
    assert_int_equal(stats.lagged, 1);
}

static void closing_a_session_says_why(void **state) {
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    jz_net_close_session(server.net, server.seen.last_ready, JZ_E_DENIED);
    assert_null(jz_net_session(server.net, server.seen.last_ready));
    expect_error(&a, JZ_E_DENIED);
    client_wait_end(&a);
}

static void a_connection_without_hello_is_closed_in_time(void **state) {
    (void)state;
    device_connect(&a, &server, ID_ALICE);
    server.shift_ms += 6000;
    expect_error(&a, JZ_E_TIMEOUT);
    client_wait_end(&a);
}

/* Sends to `a`, which reads nothing, until the buffers of both kernels and the queue are full. */
static void fill_up(void) {
    static uint8_t bytes[60000];
    uint64_t s = server.seen.last_ready;
    for (int stuck = 0; stuck < 100;) {
        stuck++;
        if (jz_net_room(server.net, s) >= sizeof bytes) {
            assert_int_equal(jz_net_send(server.net, s, bytes, sizeof bytes, JZ_SEND_STATE), JZ_OK);
            stuck = 0;
        }
        turn(&server);
    }
}

static void a_peer_that_takes_nothing_is_closed(void **state) {
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    fill_up();
    assert_int_equal(server.seen.closed, 0);
    /* The kernel may yet take a little more, and that is progress: time goes on until it takes nothing. */
    turn_until(&server, (server.shift_ms += 1000, server.seen.closed == 1));
    assert_true(log_has(&server, JZ_LOG_STALLED));
}

static void a_peer_that_sends_rubbish_and_reads_nothing_is_read_no_further(void **state) {
    static const uint8_t rubbish[] = {0xa1, 0x00, 0x18, 0x63}; /* a frame of no known kind */
    struct jz_net_stats before, after;
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    fill_up();
    jz_net_stats(server.net, &before);
    for (int i = 0; i < 60; i++) client_ws(&a, 2, true, rubbish, sizeof rubbish);
    for (int i = 0; i < 100; i++) turn(&server);
    jz_net_stats(server.net, &after);
    assert_in_range(after.messages - before.messages, 8, 12);
    assert_int_equal(after.errors_dropped, 0);
}

static void an_unmasked_frame_ends_only_that_connection(void **state) {
    static const uint8_t unmasked[] = {0x82, 0x01, 0xa0};
    (void)state;
    device_ready(&a, &server, ID_ALICE);
    device_ready(&b, &server, ID_BOB);
    client_write(&a, unmasked, sizeof unmasked);
    for (int i = 0; i < 30; i++) turn(&server);
    still_works(&b, 1);
}

int main(void) {
#define ROW(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        ROW(hello_is_answered_with_what_the_owner_knows),
        ROW(a_frame_reaches_the_owner_and_its_ack_the_device),
        ROW(a_frame_before_hello_is_refused_and_hello_still_works),
        ROW(another_version_is_told_and_closed),
        ROW(a_second_hello_is_refused_and_the_connection_goes_on),
        ROW(a_hello_the_owner_refuses_is_told_and_closed),
        ROW(bad_messages_get_their_own_error),
        ROW(a_frame_behind_a_bad_place_is_not_covered_by_a_later_ack),
        ROW(good_frames_before_a_bad_one_are_delivered),
        ROW(a_frame_of_the_other_direction_is_refused),
        ROW(a_sequence_that_goes_back_is_refused_and_a_repeat_is_not),
        ROW(text_is_refused_and_the_connection_goes_on),
        ROW(a_message_of_the_limit_is_read_and_one_byte_more_is_refused),
        ROW(a_message_in_fragments_is_one_message_and_is_bounded),
        ROW(what_the_owner_refuses_is_told_with_lane_and_sequence),
        ROW(a_frame_the_owner_has_no_room_for_ends_the_connection),
        ROW(a_clock_question_is_answered_and_its_estimate_is_kept),
        ROW(the_newer_of_two_connections_of_a_device_wins),
        ROW(a_dead_handle_is_refused_even_when_its_slot_lives_again),
        ROW(a_fast_device_is_read_slower_and_loses_nothing),
        ROW(a_pause_stops_reading_and_resuming_goes_on),
        ROW(rubbish_gets_an_error_each),
        ROW(a_peer_that_sends_rubbish_and_reads_nothing_is_read_no_further),
        ROW(a_pause_inside_a_tls_record_takes_effect_behind_it),
        ROW(a_message_is_sent_and_shared_by_many),
        ROW(a_long_message_arrives_whole),
        ROW(overflow_marks_the_session_lagging_until_it_drained),
        ROW(closing_a_session_says_why),
        ROW(a_connection_without_hello_is_closed_in_time),
        ROW(a_peer_that_takes_nothing_is_closed),
        ROW(an_unmasked_frame_ends_only_that_connection),
    };
    return cmocka_run_group_tests(tests, pki_setup, pki_teardown);
}
