/* SPDX-License-Identifier: Apache-2.0 */
#include "jingzhu/codec.h"

#include "hex.h"

static struct hex_bytes message;
static struct jz_scan scan;

static void append(const char *hex) {
    static struct hex_bytes more;
    hex_parse(hex, &more);
    assert_true(message.bytes + more.bytes <= sizeof message.data);
    memcpy(message.data + message.bytes, more.data, more.bytes);
    message.bytes += more.bytes;
}

static void append_zeros(size_t bytes) {
    assert_true(message.bytes + bytes <= sizeof message.data);
    memset(message.data + message.bytes, 0, bytes);
    message.bytes += bytes;
}

static enum jz_status scan_message(void) {
    return jz_message_scan(message.data, message.bytes, &scan);
}

static void start(const char *hex) {
    message.bytes = 0;
    append(hex);
}

static void an_empty_message_is_refused(void **state) {
    (void)state;
    assert_int_equal(jz_message_scan(NULL, 0, &scan), JZ_E_EMPTY);
    assert_int_equal(scan.count, 0);
}

static void frames_are_found_where_they_lie(void **state) {
    (void)state;
    start("a1 00 01  a2 00 05 18 64 f6  a1 00 18 19");
    assert_int_equal(scan_message(), JZ_OK);
    assert_int_equal(scan.count, 3);
    const struct jz_slice expected[3] = {{0, 3}, {3, 6}, {9, 4}};
    assert_memory_equal(scan.frame, expected, sizeof expected);
    assert_int_equal(scan.error_offset, 0);
}

static void good_frames_before_a_bad_one_are_kept(void **state) {
    (void)state;
    start("a1 00 01  a1 00 02  a2 00 03 08 fa 00000000  a1 00 04");
    assert_int_equal(scan_message(), JZ_E_RESERVED);
    assert_int_equal(scan.count, 2);
    assert_int_equal(scan.error_offset, 10);
    assert_int_equal(scan.frame[1].offset, 3);
    assert_int_equal(scan.frame[2].bytes, 0);
}

/* `at` the limit passes, one over is refused with `status` at `offset`. */
static void check_bound(enum jz_status status, uint32_t offset) {
    enum jz_status got = scan_message();
    if (got != status || scan.error_offset != offset)
        fail_msg("%s at %u, not %s at %u", jz_status_name(got), scan.error_offset, jz_status_name(status),
                 offset);
}

static void a_message_has_16384_bytes_at_most(void **state) {
    (void)state;
    /* Two frames of byte strings: {0: 11, 100: h'...'} */
    start("a2 00 0b 18 64 59 3000");
    append_zeros(12288);
    append("a2 00 0b 18 64 59 0ff0");
    append_zeros(4080);
    assert_int_equal(message.bytes, JZ_MESSAGE_BYTES_MAX);
    check_bound(JZ_OK, 0);
    message.bytes++;
    check_bound(JZ_E_MESSAGE_SIZE, JZ_MESSAGE_BYTES_MAX);
    assert_int_equal(scan.count, 0);
}

static void a_message_has_64_frames_at_most(void **state) {
    (void)state;
    start("");
    for (unsigned i = 0; i < JZ_FRAMES_PER_MESSAGE_MAX; i++) append("a1 00 05");
    check_bound(JZ_OK, 0);
    append("a1 00 05");
    check_bound(JZ_E_COUNT, 192);
    assert_int_equal(scan.count, JZ_FRAMES_PER_MESSAGE_MAX);
}

static void nesting_has_6_levels_at_most(void **state) {
    (void)state;
    start("a2 00 0b 18 64 81 81 81 81 80"); /* the frame's map is the first level */
    check_bound(JZ_OK, 0);
    start("a2 00 0b 18 64 81 81 81 81 81 80");
    check_bound(JZ_E_DEPTH, 10);
    start("a2 00 0b 18 64 a1 00 a1 00 a1 00 a1 00 a1 00 00");
    check_bound(JZ_OK, 0);
    start("a2 00 0b 18 64 a1 00 a1 00 a1 00 a1 00 a1 00 a0");
    check_bound(JZ_E_DEPTH, 15);
}

static void a_map_has_64_pairs_at_most(void **state) {
    (void)state;
    start("b8 40 00 0b");
    char pair[8];
    for (unsigned key = 1; key < JZ_MAP_PAIRS_MAX; key++) {
        (void)snprintf(pair, sizeof pair, key < 24 ? "%02x00" : "18%02x00", key);
        append(pair);
    }
    check_bound(JZ_OK, 0);
    message.data[1] = 0x41;
    check_bound(JZ_E_COUNT, 0);
}

static void an_array_has_64_items_at_most(void **state) {
    (void)state;
    start("a2 00 0b 18 64 98 40");
    append_zeros(64);
    check_bound(JZ_OK, 0);
    message.data[6] = 0x41;
    append_zeros(1);
    check_bound(JZ_E_COUNT, 5);
}

static void a_text_has_512_bytes_at_most(void **state) {
    (void)state;
    start("a2 00 0b 18 64 79 0200");
    append_zeros(512);
    check_bound(JZ_OK, 0);
    message.data[7] = 0x01;
    append_zeros(1);
    check_bound(JZ_E_STRING_SIZE, 5);
}

static void a_byte_string_has_12288_bytes_at_most(void **state) {
    (void)state;
    start("a2 00 0b 18 64 59 3000");
    append_zeros(12288);
    check_bound(JZ_OK, 0);
    message.data[7] = 0x01;
    append_zeros(1);
    check_bound(JZ_E_STRING_SIZE, 5);
}

/* Whatever is cut off, the scan says so, and never reads behind the end (the sanitizer watches). */
static void every_prefix_of_a_frame_is_truncated(void **state) {
    (void)state;
    start("a5 00 0b 04 42 0102 08 a2 01 1a 00024182 19 0100 20 18 64 83 f4 f6 62 6162 18 65 1b "
          "0000000100000000");
    assert_int_equal(scan_message(), JZ_OK);
    for (size_t bytes = 1; bytes < message.bytes; bytes++) {
        uint8_t *exact = malloc(bytes);
        assert_non_null(exact);
        memcpy(exact, message.data, bytes);
        assert_int_equal(jz_message_scan(exact, bytes, &scan), JZ_E_TRUNCATED);
        assert_int_equal(scan.count, 0);
        assert_in_range(scan.error_offset, 1, bytes);
        free(exact);
    }
}

/* All 256 first bytes of a value, with enough bytes behind: exactly the forms of the protocol pass. */
static void each_first_byte_has_one_fate(void **state) {
    (void)state;
    for (unsigned first = 0; first < 256; first++) {
        start("a2 00 0b 18 64");
        message.data[message.bytes++] = (uint8_t)first;
        append_zeros(64);
        enum jz_status status = scan_message();
        unsigned major = first >> 5, info = first & 31u;
        enum jz_status expected = JZ_E_NOT_FRAME; /* the value passed, and zeros follow the frame */
        if (major == 6 || (major == 7 && (info < 20 || info > 22)) || (info > 27 && info < 31))
            expected = JZ_E_RESERVED;
        if (major == 5 && info > 1 && info < 24) expected = JZ_E_KEY_ORDER;
        if (major < 6 && info > 23 && info < 28) expected = JZ_E_NOT_CANONICAL;
        if (info == 31) expected = major >= 2 && major <= 5 ? JZ_E_INDEFINITE : JZ_E_RESERVED;
        if (status != expected)
            fail_msg("%02x: %s, not %s", first, jz_status_name(status), jz_status_name(expected));
    }
}

/* Nine bytes that made libcbor 0.8 take 2 GiB, and a length that makes its streaming decoder loop. */
static void the_known_bombs_are_refused_at_their_first_byte(void **state) {
    (void)state;
    start("a2 00 0b 18 64 9b 0000000100000000");
    check_bound(JZ_E_COUNT, 5);
    start("a2 00 0b 18 64 5b ffffffffffffffff 00 00");
    check_bound(JZ_E_STRING_SIZE, 5);
    start("bb ffffffffffffffff 00 0b");
    check_bound(JZ_E_COUNT, 0);
}

static void random_bytes_never_pass_the_end_and_found_frames_lie_inside(void **state) {
    (void)state;
    uint64_t random = test_seed();
    for (unsigned round = 0; round < 20000; round++) {
        size_t bytes = 1 + next_random(&random) % 40;
        uint8_t *exact = malloc(bytes);
        assert_non_null(exact);
        for (size_t i = 0; i < bytes; i++) exact[i] = (uint8_t)(next_random(&random) >> 32);
        exact[0] = 0xa2;
        if (bytes > 1) exact[1] = 0;
        enum jz_status status = jz_message_scan(exact, bytes, &scan);
        uint32_t end = 0;
        for (uint32_t i = 0; i < scan.count; i++) {
            assert_int_equal(scan.frame[i].offset, end);
            end += scan.frame[i].bytes;
        }
        assert_true(end <= bytes && scan.error_offset <= bytes);
        assert_true((status == JZ_OK) == (end == bytes));
        free(exact);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_message_is_refused),
        cmocka_unit_test(frames_are_found_where_they_lie),
        cmocka_unit_test(good_frames_before_a_bad_one_are_kept),
        cmocka_unit_test(a_message_has_16384_bytes_at_most),
        cmocka_unit_test(a_message_has_64_frames_at_most),
        cmocka_unit_test(nesting_has_6_levels_at_most),
        cmocka_unit_test(a_map_has_64_pairs_at_most),
        cmocka_unit_test(an_array_has_64_items_at_most),
        cmocka_unit_test(a_text_has_512_bytes_at_most),
        cmocka_unit_test(a_byte_string_has_12288_bytes_at_most),
        cmocka_unit_test(every_prefix_of_a_frame_is_truncated),
        cmocka_unit_test(each_first_byte_has_one_fate),
        cmocka_unit_test(the_known_bombs_are_refused_at_their_first_byte),
        cmocka_unit_test(random_bytes_never_pass_the_end_and_found_frames_lie_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
