/* SPDX-License-Identifier: Apache-2.0 */
/* Messages written by hand, each with the one error it must get and the offset in the message. */
#include "jingzhu/codec.h"

#include "hex.h"

/* {0: kind, 1: lane, 2: seq, 3: at, 4: encounter, ...}: 27 bytes, so key 8 stands at 27 and its value at 28. */
#define ID "50 00000000000000000000000000000001"
#define STORED(map, kind) map " 00" kind " 01 02 02 01 03 00 04" ID
#define NO_ID(map, kind) map " 00" kind " 01 02 02 01 03 00"
#define HELLO(map) map " 00 01 03 00"
#define ACK(map) map " 00 04"
#define TIMED(map, kind) map " 00" kind " 03 00 04" ID

struct malformed {
    const char *hex;
    enum jz_status status;
    uint32_t offset;
};

static const struct malformed not_a_frame[] = {
    {"", JZ_E_EMPTY, 0},
    {"00", JZ_E_NOT_FRAME, 0},
    {"20", JZ_E_NOT_FRAME, 0},
    {"40", JZ_E_NOT_FRAME, 0},
    {"60", JZ_E_NOT_FRAME, 0},
    {"80", JZ_E_NOT_FRAME, 0},
    {"f6", JZ_E_NOT_FRAME, 0},
    {"7b 2274223a317d", JZ_E_NOT_FRAME, 0}, /* JSON */
    {"c1 a1 00 05", JZ_E_NOT_FRAME, 0},
    {"d9d9f7 a1 00 05", JZ_E_NOT_FRAME, 0}, /* the self-described CBOR tag */
    {"a0", JZ_E_NOT_FRAME, 0},
    {"a1 01 05", JZ_E_NOT_FRAME, 0},
    {"a1 60 05", JZ_E_NOT_FRAME, 0},
    {"a1 20 05", JZ_E_NOT_FRAME, 0},
    {"a1 18 00 05", JZ_E_NOT_FRAME, 0},
    {"a2 00 05 03 00 00", JZ_E_NOT_FRAME, 5}, /* a byte left over */
    {"a2 00 05 03 00 ff", JZ_E_NOT_FRAME, 5},
};

static const struct malformed bad_form[] = {
    {"a1", JZ_E_TRUNCATED, 1},
    {"a1 00", JZ_E_TRUNCATED, 2},
    {"a2 00 05", JZ_E_TRUNCATED, 3},
    {"a2 00 05 03", JZ_E_TRUNCATED, 4},
    {"a2 00 05 03 1b 000000", JZ_E_TRUNCATED, 4},
    {"a2 00 05 08 42 00", JZ_E_TRUNCATED, 4},
    {"a2 00 05 08 62 61", JZ_E_TRUNCATED, 4},
    {"a2 00 05 08 82 00", JZ_E_TRUNCATED, 6},
    {"a2 00 05 08 a1 00", JZ_E_TRUNCATED, 6},
    {"b8", JZ_E_TRUNCATED, 0},
    {"bf 00 05 ff", JZ_E_INDEFINITE, 0},
    {"a2 00 05 08 9f ff", JZ_E_INDEFINITE, 4},
    {"a2 00 05 08 bf ff", JZ_E_INDEFINITE, 4},
    {"a2 00 05 08 5f 41 00 ff", JZ_E_INDEFINITE, 4},
    {"a2 00 05 08 7f 61 61 ff", JZ_E_INDEFINITE, 4},
    {"b8 02 00 05 03 00", JZ_E_NOT_CANONICAL, 0},
    {"b9 0002 00 05 03 00", JZ_E_NOT_CANONICAL, 0},
    {"a2 00 18 05 03 00", JZ_E_NOT_CANONICAL, 2},
    {"a2 00 05 18 03 00", JZ_E_NOT_CANONICAL, 3},
    {"a2 00 05 03 18 17", JZ_E_NOT_CANONICAL, 4},
    {"a2 00 05 03 19 00ff", JZ_E_NOT_CANONICAL, 4},
    {"a2 00 05 03 1a 0000ffff", JZ_E_NOT_CANONICAL, 4},
    {"a2 00 05 03 1b 00000000ffffffff", JZ_E_NOT_CANONICAL, 4},
    {"a2 00 05 03 38 17", JZ_E_NOT_CANONICAL, 4},
    {"a2 00 05 08 58 01 00", JZ_E_NOT_CANONICAL, 4},
    {"a2 00 05 08 78 01 61", JZ_E_NOT_CANONICAL, 4},
    {"a2 00 05 08 98 01 00", JZ_E_NOT_CANONICAL, 4},
    {"a3 00 05 08 00 03 00", JZ_E_KEY_ORDER, 5},
    {"a3 00 05 03 00 03 00", JZ_E_KEY_ORDER, 5},
    {"a2 00 05 00 05", JZ_E_KEY_ORDER, 3},
    {"a2 00 05 08 a2 02 00 01 00", JZ_E_KEY_ORDER, 7},
    {"a2 00 05 20 00", JZ_E_TYPE, 3},
    {"a2 00 05 61 61 00", JZ_E_TYPE, 3},
    {"a2 00 05 f6 00", JZ_E_TYPE, 3},
    {"a2 00 05 80 00", JZ_E_TYPE, 3},
    {"a2 00 05 08 a1 20 00", JZ_E_TYPE, 5},
    {"a2 00 05 03 c1 00", JZ_E_RESERVED, 4},
    {"a2 00 05 03 f9 0000", JZ_E_RESERVED, 4},
    {"a2 00 05 03 fa 00000000", JZ_E_RESERVED, 4},
    {"a2 00 05 03 fb 0000000000000000", JZ_E_RESERVED, 4},
    {"a2 00 05 03 f7", JZ_E_RESERVED, 4},
    {"a2 00 05 03 e0", JZ_E_RESERVED, 4},
    {"a2 00 05 03 f8 20", JZ_E_RESERVED, 4},
    {"a2 00 05 03 ff", JZ_E_RESERVED, 4},
    {"a2 00 05 03 1c", JZ_E_RESERVED, 4},
    {"a2 00 05 03 1f", JZ_E_RESERVED, 4},
    {"a2 00 05 08 61 ff", JZ_E_UTF8, 5},
    {"a2 00 05 08 63 61 ed a0", JZ_E_UTF8, 6},
    {"a2 00 05 08 62 61 c3", JZ_E_UTF8, 6},
    {"a2 00 05 08 9a ffffffff", JZ_E_COUNT, 4},
    {"a2 00 05 08 7a ffffffff", JZ_E_STRING_SIZE, 4},
    {"a1 00 05 a1 00", JZ_E_MISSING_KEY, 3}, /* the first frame is read, and lacks its time */
};

static const struct malformed bad_session[] = {
    {"a1 00 00", JZ_E_UNKNOWN_KIND, 2},
    {"a1 00 06", JZ_E_UNKNOWN_KIND, 2},
    {"a1 00 11", JZ_E_UNKNOWN_KIND, 2},
    {"a1 00 18 1e", JZ_E_UNKNOWN_KIND, 2},
    {"a1 00 1b ffffffffffffffff", JZ_E_UNKNOWN_KIND, 2},
    {"a1 00 20", JZ_E_TYPE, 2},
    {"a1 00 61 62", JZ_E_TYPE, 2},
    {"a1 00 a0", JZ_E_TYPE, 2},
    {"a1 00 18 18", JZ_E_DIRECTION, 2},
    {"a1 00 18 19", JZ_E_DIRECTION, 2},
    {"a1 00 18 1a", JZ_E_DIRECTION, 2},
    {"a1 00 18 1b", JZ_E_DIRECTION, 2},
    {"a1 00 18 1c", JZ_E_DIRECTION, 2},
    {"a1 00 18 1d", JZ_E_DIRECTION, 2},
    {"a1 00 01", JZ_E_MISSING_KEY, 3},
    {HELLO("a2"), JZ_E_MISSING_KEY, 5},
    {HELLO("a3") "08 01", JZ_E_MISSING_KEY, 7},
    {HELLO("a3") "09 01", JZ_E_MISSING_KEY, 5},
    {HELLO("a4") "08 00 09 01", JZ_E_VALUE, 6},
    {HELLO("a4") "08 1a 00010000 09 01", JZ_E_VALUE, 6},
    {HELLO("a4") "08 20 09 01", JZ_E_VALUE, 6},
    {HELLO("a4") "08 f5 09 01", JZ_E_TYPE, 6},
    {HELLO("a4") "08 01 09 00", JZ_E_VALUE, 8},
    {HELLO("a4") "08 01 09 1b 0000000100000000", JZ_E_VALUE, 8},
    {HELLO("a5") "08 01 09 01 0a 01", JZ_E_TYPE, 10},
    {HELLO("a5") "08 01 09 01 0a 41 61", JZ_E_TYPE, 10},
    {"a4 00 01 03 1b 000003bb2cc3d801 08 01 09 01", JZ_E_VALUE, 4}, /* one ms after 2100 */
    {"a4 00 01 03 20 08 01 09 01", JZ_E_VALUE, 4},
    {"a4 00 01 03 1b ffffffffffffffff 08 01 09 01", JZ_E_VALUE, 4},
    {ACK("a2") "09 01", JZ_E_MISSING_KEY, 3},
    {ACK("a3") "08 a0 09 01", JZ_E_VALUE, 4},
    {ACK("a3") "08 a1 04 01 09 01", JZ_E_VALUE, 5},
    {ACK("a3") "08 a1 00 00 09 01", JZ_E_VALUE, 6},
    {ACK("a3") "08 a1 00 1b 0020000000000000 09 01", JZ_E_VALUE, 6},
    {ACK("a3") "08 a5 00 01 01 01 02 01 03 01 04 01 09 01", JZ_E_COUNT, 4},
    {ACK("a3") "08 81 01 09 01", JZ_E_TYPE, 4},
    {ACK("a3") "08 a1 00 01 09 00", JZ_E_VALUE, 8},
    {ACK("a3") "08 a1 00 01 09 03", JZ_E_VALUE, 8},
    {"a3 00 05 03 00 08 00", JZ_E_MISSING_KEY, 7},          /* received, but not sent */
    {"a3 00 05 03 00 09 00", JZ_E_MISSING_KEY, 5},          /* sent, but not received */
    {"a3 00 05 03 00 0a 00", JZ_E_MISSING_KEY, 7},          /* offset without uncertainty */
    {"a4 00 05 03 00 0a 1a 05265c01 0b 00", JZ_E_VALUE, 6}, /* more than a day */
    {"a4 00 05 03 00 0a 3a 05265c00 0b 00", JZ_E_VALUE, 6},
    {"a4 00 05 03 00 0a 00 0b 20", JZ_E_VALUE, 8},
    {"a4 00 03 03 00 08 00 0d 60", JZ_E_VALUE, 6},
    {"a4 00 03 03 00 08 19 03e8 0d 60", JZ_E_VALUE, 6},
    {"a3 00 03 03 00 08 01", JZ_E_MISSING_KEY, 7},
    {"a5 00 03 03 00 08 01 0a 00 0d 60", JZ_E_MISSING_KEY, 9}, /* lane without seq */
    {"a5 00 03 03 00 08 01 0b 01 0d 60", JZ_E_MISSING_KEY, 7}, /* seq without lane */
    {"a7 00 02 03 00 08 01 09 00 0a 00 0b a0 0c 03", JZ_E_VALUE, 14},
    {"a8 00 02 03 00 08 01 09 00 0a 00 0b a0 0c 01 0e 07", JZ_E_VALUE, 16},
    {"a8 00 02 03 00 08 01 09 00 0a 00 0b a0 0c 01 10 f6", JZ_E_TYPE, 16},
};

static const struct malformed bad_report[] = {
    {"a2 00 0b 01 02", JZ_E_MISSING_KEY, 5},
    {"a2 00 0b 01 04", JZ_E_VALUE, 4},
    {"a2 00 0b 01 20", JZ_E_VALUE, 4},
    {"a3 00 0b 01 02 02 00", JZ_E_VALUE, 6},
    {"a3 00 0b 01 02 02 1b 0020000000000000", JZ_E_VALUE, 6},
    {"a3 00 0b 01 02 03 00", JZ_E_MISSING_KEY, 5},
    {NO_ID("a5", "0b") "08 a0", JZ_E_MISSING_KEY, 9},
    {NO_ID("a5", "0b") "04 4f 000000000000000000000000000000", JZ_E_VALUE, 10},
    {NO_ID("a5", "0b") "04 51 0000000000000000000000000000000000", JZ_E_VALUE, 10},
    {NO_ID("a5", "0b") "04 00", JZ_E_TYPE, 10},
    {STORED("a5", "0b"), JZ_E_MISSING_KEY, 27},
    {STORED("a6", "0b") "08 80", JZ_E_TYPE, 28},
    {STORED("a6", "0b") "08 a1 00 01", JZ_E_VALUE, 29},
    {STORED("a6", "0b") "08 a1 1b 0000000100000000 01", JZ_E_VALUE, 29},
    {STORED("a6", "0b") "08 a1 01 f6", JZ_E_TYPE, 30},
    {STORED("a6", "0b") "08 a1 01 1a 80000000", JZ_E_VALUE, 30},
    {STORED("a6", "0b") "08 a1 01 3a 80000000", JZ_E_VALUE, 30},
    {STORED("a6", "0b") "08 a1 01 3b ffffffffffffffff", JZ_E_VALUE, 30},
    {STORED("a6", "0b") "08 b8 19 01 00 02 00 03 00 04 00 05 00 06 00 07 00 08 00 09 00 0a 00 0b 00 0c 00 0d "
                        "00 0e 00 0f 00"
                        "10 00 11 00 12 00 13 00 14 00 15 00 16 00 17 00 18 18 00 18 19 00",
     JZ_E_COUNT, 28},
    {STORED("a7", "0b") "08 a0 09 a0", JZ_E_VALUE, 30},
    {STORED("a7", "0b") "08 a0 09 a1 01 00", JZ_E_VALUE, 32},
    {STORED("a7", "0b") "08 a0 09 a1 01 06", JZ_E_VALUE, 32},
    {STORED("a6", "08") "08 00", JZ_E_VALUE, 28},
    {STORED("a6", "08") "08 03", JZ_E_VALUE, 28},
    {STORED("a7", "08") "08 01 09 00", JZ_E_TYPE, 30},
    {STORED("a7", "08") "08 01 0b a1 08 00", JZ_E_MISSING_KEY, 33},
    {STORED("a7", "08") "08 01 0b a1 09 00", JZ_E_MISSING_KEY, 33},
    {STORED("a7", "08") "08 01 0b a2 08 1a 35a4e901 09 00", JZ_E_VALUE, 32},
    {STORED("a7", "08") "08 01 0b a2 08 00 09 3a 6b49d200", JZ_E_VALUE, 34},
    {STORED("a7", "08") "08 01 0b a3 08 00 09 00 0a 1a 000186a1", JZ_E_VALUE, 36},
    {STORED("a6", "0a") "08 05", JZ_E_VALUE, 28},
    {STORED("ac", "0c") "08 03 09 01 0a 81 01 0b 01 0c 01 0d 41 00", JZ_E_TRUNCATED, 41},
    {STORED("ac", "0c") "08 03 09 01 0a 81 01 0b 01 0c 01 0d 41 00 0e 00", JZ_E_VALUE, 28},
    {STORED("ac", "0c") "08 01 09 00 0a 81 01 0b 01 0c 01 0d 41 00 0e 00", JZ_E_VALUE, 30},
    {STORED("ac", "0c") "08 01 09 1a 01e84801 0a 81 01 0b 01 0c 01 0d 41 00 0e 00", JZ_E_VALUE, 30},
    {STORED("ac", "0c") "08 01 09 01 0a 80 0b 01 0c 01 0d 41 00 0e 00", JZ_E_VALUE, 32},
    {STORED("ac", "0c") "08 01 09 01 0a 8d 01 01 01 01 01 01 01 01 01 01 01 01 01 0b 01 0c 01 0d 41 00 0e 00",
     JZ_E_COUNT, 32},
    {STORED("ac", "0c") "08 01 09 01 0a 81 00 0b 01 0c 01 0d 41 00 0e 00", JZ_E_VALUE, 33},
    {STORED("ac", "0c") "08 01 09 01 0a 81 01 0b 00 0c 01 0d 41 00 0e 00", JZ_E_VALUE, 35},
    {STORED("ac", "0c") "08 01 09 01 0a 81 01 0b 19 0401 0c 01 0d 41 00 0e 00", JZ_E_VALUE, 35},
    {STORED("ac", "0c") "08 01 09 01 0a 81 01 0b 01 0c 00 0d 41 00 0e 00", JZ_E_VALUE, 37},
    {STORED("ac", "0c") "08 01 09 01 0a 81 01 0b 01 0c 01 0d 40 0e 00", JZ_E_VALUE, 39},
    {STORED("ac", "0c") "08 01 09 01 0a 81 01 0b 01 0c 01 0d 60 0e 00", JZ_E_TYPE, 39},
    {STORED("ac", "0c") "08 01 09 01 0a 87 01 01 01 01 01 01 01 0b 19 0400 0c 01 0d 41 00 0e 00", JZ_E_VALUE,
     51}, /* 7 x 1024 */
    {STORED("a7", "0d") "08 01 0a 01", JZ_E_MISSING_KEY, 29},
    {STORED("a8", "0d") "08 01 09 01 0a 04", JZ_E_VALUE, 32},
    {STORED("a8", "0e") "08 60 09 00 0a 01", JZ_E_VALUE, 30},
    {STORED("a8", "0e") "08 60 09 1a 3b9aca01 0a 01", JZ_E_VALUE, 30},
    {STORED("a8", "0e") "08 60 09 01 0a 07", JZ_E_VALUE, 32},
    {STORED("a6", "0f") "08 0b", JZ_E_VALUE, 28},
    {STORED("a7", "0f") "08 01 09 20", JZ_E_VALUE, 30},
    {STORED("a7", "0f") "08 01 09 00", JZ_E_VALUE, 30},
    {NO_ID("a6", "10") "08 1a 35a4e901 09 00", JZ_E_VALUE, 10},
    {NO_ID("a5", "10") "08 00", JZ_E_MISSING_KEY, 11},
};

static const struct malformed bad_server[] = {
    {TIMED("a4", "14") "08 01", JZ_E_MISSING_KEY, 25},
    {TIMED("a5", "14") "08 00 09 01", JZ_E_VALUE, 24},
    {TIMED("a5", "14") "08 01 09 04", JZ_E_VALUE, 26},
    {TIMED("a6", "14") "08 01 09 01 0d 0b", JZ_E_VALUE, 28},
    {TIMED("a6", "14") "08 01 09 01 0f 1a 00015181", JZ_E_VALUE, 28},
    {TIMED("a6", "14") "08 01 09 01 10 00", JZ_E_VALUE, 28},
    {TIMED("ac", "15") "08 01 09 60 0a 01 0b 00 0c 00 0d 06 0e f4 12 80 14 01", JZ_E_VALUE, 34},
    {TIMED("ac", "15") "08 01 09 60 0a 01 0b 00 0c 00 0d 01 0e 00 12 80 14 01", JZ_E_TYPE, 36},
    {TIMED("ac", "15") "08 01 09 60 0a 01 0b 00 0c 00 0d 01 0e f4 12 81 00 14 01", JZ_E_TYPE, 39},
    {TIMED("ac", "15") "08 01 09 60 0a 01 0b 00 0c 00 0d 01 0e f4 12 80 14 00", JZ_E_VALUE, 40},
    {NO_ID("a6", "16") "08 01 09 00", JZ_E_VALUE, 12},
    {NO_ID("a6", "16") "08 01 09 09", JZ_E_VALUE, 12},
    {NO_ID("a7", "16") "08 01 09 05 0a 15", JZ_E_VALUE, 14},
};

/* As a server receives: scan, then decode each frame; the first error, at its place in the message. */
static enum jz_status receive(const struct hex_bytes *message, uint32_t *offset) {
    static struct jz_scan scan;
    struct jz_frame frame;
    enum jz_status status = jz_message_scan(message->data, message->bytes, &scan);
    enum jz_status decoded = JZ_OK;
    *offset = scan.error_offset;
    for (uint32_t i = 0; i < scan.count && decoded == JZ_OK; i++) {
        uint32_t within;
        decoded = jz_frame_decode(message->data + scan.frame[i].offset, scan.frame[i].bytes, &frame, &within);
        if (decoded == JZ_OK) continue;
        status = decoded;
        *offset = scan.frame[i].offset + within;
    }
    return status;
}

static void check_table(const struct malformed *table, size_t rows) {
    static struct hex_bytes message;
    for (size_t i = 0; i < rows; i++) {
        uint32_t offset;
        hex_parse(table[i].hex, &message);
        enum jz_status status = receive(&message, &offset);
        if (status != table[i].status || offset != table[i].offset)
            fail_msg("%s: %s at %u, not %s at %u", table[i].hex, jz_status_name(status), offset,
                     jz_status_name(table[i].status), table[i].offset);
    }
}
#define CHECK_TABLE(table) check_table(table, sizeof(table) / sizeof(table)[0])

static void what_is_not_a_frame_is_refused(void **state) {
    (void)state;
    CHECK_TABLE(not_a_frame);
}
static void forms_outside_the_protocol_are_refused_at_their_first_byte(void **state) {
    (void)state;
    CHECK_TABLE(bad_form);
}
static void session_frames_outside_the_grammar_are_refused(void **state) {
    (void)state;
    CHECK_TABLE(bad_session);
}
static void device_frames_outside_the_grammar_are_refused(void **state) {
    (void)state;
    CHECK_TABLE(bad_report);
}
static void server_frames_outside_the_grammar_are_refused(void **state) {
    (void)state;
    CHECK_TABLE(bad_server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_a_frame_is_refused),
        cmocka_unit_test(forms_outside_the_protocol_are_refused_at_their_first_byte),
        cmocka_unit_test(session_frames_outside_the_grammar_are_refused),
        cmocka_unit_test(device_frames_outside_the_grammar_are_refused),
        cmocka_unit_test(server_frames_outside_the_grammar_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
