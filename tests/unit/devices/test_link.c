/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link.h"

enum { EPOCH = 5, UTC = 1700000000 };
static const uint64_t none[JZ_LANE_COUNT];
static const uint64_t ten[JZ_LANE_COUNT] = {10, 10, 10, 10};

static struct jz_frame welcome(uint8_t level, uint64_t lane0, uint64_t lane2) {
    struct jz_frame frame = {.kind = JZ_FRAME_WELCOME, .at_ms = UTC};
    frame.welcome =
        (struct jz_welcome){.version = 1, .hello_ms = UTC, .received_ms = UTC, .ack_level = level};
    frame.welcome.resume[0] = lane0;
    frame.welcome.resume[2] = lane2;
    return frame;
}

static struct jz_frame ack(uint8_t level, uint64_t lane0, uint64_t lane2) {
    struct jz_frame frame = {.kind = JZ_FRAME_ACK};
    frame.ack = (struct jz_ack){.seq = {lane0, 0, lane2, 0}, .level = level};
    return frame;
}

static struct jz_frame refusal(enum jz_status status, uint8_t lane, uint64_t seq) {
    struct jz_frame frame = {.kind = JZ_FRAME_ERROR, .at_ms = UTC};
    frame.error = (struct jz_error){.status = status, .has_seq = true, .lane = lane, .seq = seq};
    return frame;
}

static bool feed(struct jz_link *link, struct jz_frame frame, struct jz_notice *notice) {
    return jz_link_frame(link, &frame, 0, UTC, notice);
}

/* Ten frames a lane in the outbox, connected and greeted. */
static void streaming(struct jz_link *link, uint8_t level) {
    struct jz_notice notice;
    struct jz_frame hello;
    jz_link_init(link, EPOCH, none, ten, 1000, 1);
    assert_true(jz_link_connect_due(link, 0));
    jz_link_opened(link, 0);
    assert_true(jz_link_control(link, 0, UTC, &hello));
    assert_true(feed(link, welcome(level, 0, 0), &notice));
    assert_int_equal(link->state, JZ_LINK_STREAMING);
}

static void hello_goes_first_and_once_and_carries_the_epoch(void **state) {
    (void)state;
    struct jz_link link;
    struct jz_frame frame;
    jz_link_init(&link, EPOCH, none, ten, 1000, 1);
    assert_false(jz_link_control(&link, 0, UTC, &frame));
    assert_true(jz_link_connect_due(&link, 0));
    assert_false(jz_link_connect_due(&link, 0));
    jz_link_opened(&link, 0);
    assert_false(jz_link_may_send(&link, 1)); /* nothing before welcome */
    assert_true(jz_link_control(&link, 0, UTC, &frame));
    assert_int_equal(frame.kind, JZ_FRAME_HELLO);
    assert_int_equal(frame.hello.epoch, EPOCH);
    assert_int_equal(frame.hello.version, 1);
    assert_false(jz_link_control(&link, 0, UTC, &frame));
}

static void welcome_frees_by_its_resume_only_when_one_disk_is_enough(void **state) {
    (void)state;
    static const struct {
        uint8_t level;
        uint64_t freed;
    } rows[] = {{1, 7}, {2, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct jz_link link;
        struct jz_notice notice;
        jz_link_init(&link, EPOCH, none, ten, 1000, 1);
        assert_true(jz_link_connect_due(&link, 0));
        jz_link_opened(&link, 0);
        assert_true(feed(&link, welcome(rows[i].level, 7, 0), &notice));
        assert_int_equal(notice.kind, JZ_NOTICE_WELCOME);
        assert_int_equal(link.freed[0], rows[i].freed);
    }
}

static void an_ack_below_the_required_level_frees_nothing(void **state) {
    (void)state;
    struct jz_link link;
    struct jz_notice notice;
    streaming(&link, 2);
    assert_true(feed(&link, ack(1, 4, 0), &notice));
    assert_int_equal(notice.kind, JZ_NOTICE_NONE);
    assert_int_equal(link.freed[0], 0);
    assert_true(feed(&link, ack(2, 4, 0), &notice));
    assert_int_equal(notice.kind, JZ_NOTICE_ACKED);
    assert_int_equal(notice.acked[0], 4);
    assert_true(feed(&link, ack(2, 3, 0), &notice)); /* late: no step back */
    assert_int_equal(link.freed[0], 4);
}

static void a_server_that_knows_more_than_this_outbox_stops_the_device(void **state) {
    (void)state;
    struct jz_link link;
    struct jz_notice notice;
    jz_link_init(&link, EPOCH, none, ten, 1000, 1);
    assert_true(jz_link_connect_due(&link, 0));
    jz_link_opened(&link, 0);
    assert_false(feed(&link, welcome(1, 11, 0), &notice)); /* 10 is the last committed */
    assert_int_equal(link.state, JZ_LINK_FAILED);
    assert_int_equal(link.fault, JZ_E_SEQUENCE);
    jz_link_lost(&link, 0);
    assert_false(jz_link_connect_due(&link, INT64_MAX - 1));
}

static void errors_are_dropped_kept_retried_or_fatal_by_their_number(void **state) {
    (void)state;
    static const struct {
        enum jz_status status;
        bool stays, dropped;
        enum jz_link_state after;
    } rows[] = {
        {JZ_E_VALUE, true, true, JZ_LINK_STREAMING},
        {JZ_E_UNKNOWN_KIND, true, true, JZ_LINK_STREAMING},
        {JZ_E_ENCOUNTER_CLOSED, true, true, JZ_LINK_STREAMING},
        {JZ_E_DENIED, true, true, JZ_LINK_STREAMING},
        {JZ_E_IMPLAUSIBLE, true, false, JZ_LINK_STREAMING},
        {JZ_E_UNKNOWN_FIELD, true, false, JZ_LINK_STREAMING},
        {JZ_E_RATE, false, false, JZ_LINK_STREAMING},
        {JZ_E_STORE_FULL, false, false, JZ_LINK_STREAMING},
        {JZ_E_REPLACED, false, false, JZ_LINK_STREAMING},
        {JZ_E_SEQUENCE, false, false, JZ_LINK_STREAMING},
        {JZ_E_REVOKED, false, false, JZ_LINK_STREAMING},
        {JZ_E_VERSION, false, false, JZ_LINK_FAILED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct jz_link link;
        struct jz_notice notice;
        streaming(&link, 1);
        jz_link_sent(&link, 0, 1, 10, 0);
        assert_int_equal(feed(&link, refusal(rows[i].status, 0, 1), &notice), rows[i].stays);
        assert_int_equal(notice.status, rows[i].status);
        assert_int_equal(notice.dropped, rows[i].dropped);
        assert_int_equal(link.quarantined, rows[i].dropped);
        assert_int_equal(link.freed[0], rows[i].dropped ? 1 : 0);
        assert_int_equal(link.state, rows[i].after);
    }
}

static void a_refused_frame_waits_for_those_before_it_and_is_counted_once(void **state) {
    (void)state;
    struct jz_link link;
    struct jz_notice notice;
    streaming(&link, 1);
    for (uint64_t seq = 1; seq <= 4; seq++) jz_link_sent(&link, 2, seq, 10, 0);
    assert_true(feed(&link, refusal(JZ_E_VALUE, 2, 2), &notice));
    assert_true(feed(&link, refusal(JZ_E_VALUE, 2, 3), &notice));
    assert_true(feed(&link, refusal(JZ_E_VALUE, 2, 3), &notice));
    assert_false(notice.dropped);
    assert_int_equal(link.freed[2], 0); /* 1 is not durable yet */
    assert_true(feed(&link, ack(1, 0, 1), &notice));
    assert_int_equal(link.freed[2], 3);
    assert_int_equal(link.quarantined, 2);
    assert_int_equal(link.flight_count, 1);
}

static void the_window_holds_at_its_bounds(void **state) {
    (void)state;
    struct jz_link link;
    struct jz_notice notice;
    uint64_t many[JZ_LANE_COUNT] = {100, 100, 100, 100};
    streaming(&link, 1);
    jz_link_committed(&link, many);
    for (uint64_t seq = 1; seq < JZ_DEVICE_WINDOW_FRAMES; seq++) jz_link_sent(&link, 0, seq, 1, 0);
    assert_true(jz_link_may_send(&link, 1));
    jz_link_sent(&link, 0, JZ_DEVICE_WINDOW_FRAMES, 1, 0);
    assert_false(jz_link_may_send(&link, 0));
    assert_true(feed(&link, ack(1, JZ_DEVICE_WINDOW_FRAMES, 0), &notice));
    assert_int_equal(link.flight_bytes, 0);
    assert_true(jz_link_may_send(&link, JZ_DEVICE_WINDOW_BYTES));
    assert_false(jz_link_may_send(&link, JZ_DEVICE_WINDOW_BYTES + 1));
}

static void delays_stay_in_their_bounds_and_spread(void **state) {
    (void)state;
    uint64_t seed = getenv("JZ_SEED") ? strtoull(getenv("JZ_SEED"), NULL, 10) : 20240601;
    print_message("seed %llu\n", (unsigned long long)seed);
    uint32_t first_low = UINT32_MAX, first_high = 0, longest = 0;
    for (uint64_t device = 0; device < 2000; device++) {
        struct jz_link link;
        jz_link_init(&link, EPOCH, none, none, 1000, seed + device);
        int64_t now = 0;
        for (int try = 0; try < 12; try++) {
            uint32_t before = link.retry_ms;
            assert_true(jz_link_connect_due(&link, now));
            jz_link_lost(&link, now);
            assert_in_range(link.retry_ms, try == 0 ? 1 : JZ_LINK_RETRY_MIN_MS,
                            try == 0 ? JZ_LINK_FIRST_RETRY_MS : JZ_LINK_RETRY_MAX_MS);
            if (try > 0) assert_true(link.retry_ms <= 3 * before || link.retry_ms == JZ_LINK_RETRY_MIN_MS);
            assert_false(jz_link_connect_due(&link, now + link.retry_ms - 1));
            now += link.retry_ms;
            if (try == 0 && link.retry_ms < first_low) first_low = link.retry_ms;
            if (try == 0 && link.retry_ms > first_high) first_high = link.retry_ms;
            if (link.retry_ms > longest) longest = link.retry_ms;
        }
    }
    assert_true(first_low < 50 && first_high > 1950 && longest > 25000);
}

/* Connected, greeted and acknowledged at once; thrown out by the other device `service_ms` later. */
static void serve_until_replaced(struct jz_link *link, int64_t service_ms, uint64_t acked) {
    struct jz_notice notice;
    int64_t now = link->state_until_ms;
    struct jz_frame hi = welcome(1, 0, 0), done = ack(1, acked, 0), out = refusal(JZ_E_REPLACED, 0, 0);
    assert_true(jz_link_connect_due(link, now));
    jz_link_opened(link, now);
    assert_true(jz_link_frame(link, &hi, now, UTC, &notice));
    assert_true(jz_link_frame(link, &done, now, UTC, &notice));
    assert_int_equal(notice.kind, JZ_NOTICE_ACKED);
    assert_false(jz_link_frame(link, &out, now + service_ms, UTC, &notice));
    jz_link_lost(link, now + service_ms);
}

static void a_replaced_connection_backs_off_further_each_time_whatever_was_acknowledged(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct jz_link link;
        jz_link_init(&link, EPOCH, none, ten, 1000, seed);
        uint32_t before = 0;
        for (uint64_t round = 1; round <= 10; round++) {
            serve_until_replaced(&link, 1000, round);
            uint32_t least = before < JZ_LINK_RETRY_MAX_MS / 2 ? before : JZ_LINK_RETRY_MAX_MS / 2;
            assert_true(link.retry_ms >= least);
            before = link.retry_ms;
        }
        assert_true(link.retry_ms > 5000);
    }
}

static void a_minute_of_service_without_replacement_ends_the_back_off(void **state) {
    (void)state;
    static const struct {
        int64_t service_ms;
        bool ends;
    } rows[] = {{JZ_LINK_QUIET_MS - 1, false}, {JZ_LINK_QUIET_MS, true}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct jz_link link;
        struct jz_notice notice;
        struct jz_frame hi = welcome(1, 0, 0), done = ack(1, 6, 0);
        jz_link_init(&link, EPOCH, none, ten, 1000, 1);
        for (uint64_t round = 1; round <= 5; round++) serve_until_replaced(&link, 1000, round);
        int64_t now = link.state_until_ms;
        assert_true(jz_link_connect_due(&link, now));
        jz_link_opened(&link, now);
        assert_true(jz_link_frame(&link, &hi, now, UTC, &notice));
        assert_true(jz_link_frame(&link, &done, now + rows[i].service_ms, UTC, &notice));
        assert_int_equal(link.retry_ms == 0, rows[i].ends);
        assert_int_equal(link.contended, !rows[i].ends);
    }
}

/* The outbox lost 1 and 2: the refused 3 must not wait for them. */
static void a_refused_frame_does_not_wait_for_numbers_that_were_never_sent(void **state) {
    (void)state;
    struct jz_link link;
    struct jz_notice notice;
    streaming(&link, 1);
    jz_link_sent(&link, 2, 3, 10, 0);
    assert_true(feed(&link, refusal(JZ_E_VALUE, 2, 3), &notice));
    assert_int_equal(link.freed[2], 3);
    assert_int_equal(link.flight_count, 0);
}

static void the_back_off_scales_for_tests(void **state) {
    (void)state;
    struct jz_link link;
    jz_link_init(&link, EPOCH, none, none, 10, 3);
    assert_true(jz_link_connect_due(&link, 0));
    jz_link_lost(&link, 0);
    assert_int_equal(link.state_until_ms, link.retry_ms / 100);
}

static void silence_ends_a_connection_at_its_deadline(void **state) {
    (void)state;
    struct jz_link link;
    jz_link_init(&link, EPOCH, none, ten, 1000, 1);
    assert_true(jz_link_connect_due(&link, 0));
    assert_false(jz_link_overdue(&link, JZ_LINK_CONNECT_MS - 1));
    assert_true(jz_link_overdue(&link, JZ_LINK_CONNECT_MS));
    jz_link_opened(&link, 0);
    assert_false(jz_link_overdue(&link, JZ_LINK_WELCOME_MS - 1));
    assert_true(jz_link_overdue(&link, JZ_LINK_WELCOME_MS));
    streaming(&link, 1);
    assert_false(jz_link_overdue(&link, 10 * JZ_LINK_ACK_MS)); /* nothing in flight: nothing owed */
    jz_link_sent(&link, 0, 1, 10, 100);
    assert_false(jz_link_overdue(&link, 100 + JZ_LINK_ACK_MS - 1));
    assert_true(jz_link_overdue(&link, 100 + JZ_LINK_ACK_MS));
}

static void the_clock_estimate_is_the_midpoint_and_the_surer_one_wins(void **state) {
    (void)state;
    struct jz_link link;
    struct jz_notice notice;
    struct jz_frame frame;
    streaming(&link, 1);
    assert_true(jz_link_control(&link, 0, UTC, &frame)); /* told to the server at once */
    assert_int_equal(frame.kind, JZ_FRAME_CLOCK);
    assert_true(frame.clock.has_estimate);
    link.has_estimate = false;
    /* asked at 1000; the server, 5000 ahead, got it 40 later and answered 10 later; 50 back: 100 on the road */
    struct jz_frame answer = {.kind = JZ_FRAME_CLOCK, .at_ms = 1000};
    answer.clock = (struct jz_clock){.answered = true, .received_ms = 6040, .sent_ms = 6050};
    assert_true(jz_link_frame(&link, &answer, 0, 1100, &notice));
    assert_int_equal(link.offset_ms, 4995);
    assert_int_equal(link.uncertainty_ms, 45);
    answer.clock = (struct jz_clock){.answered = true, .received_ms = 9000, .sent_ms = 9000};
    assert_true(
        jz_link_frame(&link, &answer, 0, 2000, &notice)); /* a second on the road: not believed over 45 ms */
    assert_int_equal(link.offset_ms, 4995);
    assert_true(
        jz_link_frame(&link, &answer, JZ_LINK_ESTIMATE_MS + 1, 2000, &notice)); /* but an old one gives way */
    assert_int_equal(link.offset_ms, 7500);
}

/* --- a whole server in twenty lines: stores each (lane, seq) once, acks what is durable, crashes at will -------- */

struct fake {
    uint64_t durable[JZ_LANE_COUNT], received[JZ_LANE_COUNT];
    uint32_t stored, repeats, gaps;
};

static void fake_receive(struct fake *fake, uint8_t lane, uint64_t seq) {
    if (seq <= fake->received[lane]) {
        fake->repeats++;
        return;
    }
    if (seq != fake->received[lane] + 1) fake->gaps++;
    fake->received[lane] = seq;
    fake->stored++;
}

static void fake_crash(struct fake *fake) {
    for (unsigned i = 0; i < JZ_LANE_COUNT; i++) {
        fake->stored -= (uint32_t)(fake->received[i] - fake->durable[i]);
        fake->received[i] = fake->durable[i];
    }
}

/* Small generator of the test's own, so that the link's draws do not depend on it. */
static uint32_t next_random(uint64_t *seed) {
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

static void send_some(struct jz_link *link, struct fake *fake, uint64_t next[JZ_LANE_COUNT], uint64_t *seed) {
    for (uint8_t lane = 0; lane < JZ_LANE_COUNT; lane++)
        while (next[lane] <= link->committed[lane] && jz_link_may_send(link, 500) &&
               next_random(seed) % 8 != 0) {
            jz_link_sent(link, lane, next[lane], 500, 0);
            fake_receive(fake, lane, next[lane]++);
        }
}

static void run_through_crashes(uint64_t seed) {
    struct jz_link link;
    struct jz_notice notice;
    struct fake fake = {0};
    uint64_t committed[JZ_LANE_COUNT] = {40, 60, 300, 200}, next[JZ_LANE_COUNT] = {0};
    int64_t now = 0;
    jz_link_init(&link, EPOCH, none, committed, 1000, seed);
    for (int round = 0; round < 4000; round++) {
        if (link.state == JZ_LINK_WAITING) {
            now = link.state_until_ms;
            assert_true(jz_link_connect_due(&link, now));
            jz_link_opened(&link, now);
            struct jz_frame frame = welcome(1, 0, 0);
            memcpy(frame.welcome.resume, fake.durable, sizeof fake.durable);
            assert_true(jz_link_frame(&link, &frame, now, UTC, &notice));
            for (unsigned i = 0; i < JZ_LANE_COUNT; i++) next[i] = link.freed[i] + 1;
        }
        send_some(&link, &fake, next, &seed);
        uint32_t dice = next_random(&seed) % 10;
        if (dice < 5) memcpy(fake.durable, fake.received, sizeof fake.durable);
        if (dice < 4) { /* in dice 4 the ack is lost with the connection */
            struct jz_frame frame = {.kind = JZ_FRAME_ACK};
            memcpy(frame.ack.seq, fake.durable, sizeof fake.durable);
            frame.ack.level = 1;
            assert_true(jz_link_frame(&link, &frame, now, UTC, &notice));
        }
        if (dice == 9) fake_crash(&fake);
        if (dice == 9 || dice == 4) jz_link_lost(&link, now);
    }
    assert_memory_equal(link.freed, committed, sizeof committed);
    assert_memory_equal(fake.durable, committed, sizeof committed);
    assert_int_equal(fake.stored, 600);
    assert_int_equal(fake.gaps, 0);
}

static void nothing_is_lost_or_stored_twice_over_crashes_and_lost_acks(void **state) {
    (void)state;
    uint64_t seed = getenv("JZ_SEED") ? strtoull(getenv("JZ_SEED"), NULL, 10) : 7;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (uint64_t i = 0; i < 50; i++) run_through_crashes(seed + i);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hello_goes_first_and_once_and_carries_the_epoch),
        cmocka_unit_test(welcome_frees_by_its_resume_only_when_one_disk_is_enough),
        cmocka_unit_test(an_ack_below_the_required_level_frees_nothing),
        cmocka_unit_test(a_server_that_knows_more_than_this_outbox_stops_the_device),
        cmocka_unit_test(errors_are_dropped_kept_retried_or_fatal_by_their_number),
        cmocka_unit_test(a_refused_frame_waits_for_those_before_it_and_is_counted_once),
        cmocka_unit_test(the_window_holds_at_its_bounds),
        cmocka_unit_test(delays_stay_in_their_bounds_and_spread),
        cmocka_unit_test(a_replaced_connection_backs_off_further_each_time_whatever_was_acknowledged),
        cmocka_unit_test(a_minute_of_service_without_replacement_ends_the_back_off),
        cmocka_unit_test(a_refused_frame_does_not_wait_for_numbers_that_were_never_sent),
        cmocka_unit_test(the_back_off_scales_for_tests),
        cmocka_unit_test(silence_ends_a_connection_at_its_deadline),
        cmocka_unit_test(the_clock_estimate_is_the_midpoint_and_the_surer_one_wins),
        cmocka_unit_test(nothing_is_lost_or_stored_twice_over_crashes_and_lost_acks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
