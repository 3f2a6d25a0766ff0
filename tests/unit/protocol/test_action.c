/* SPDX-License-Identifier: Apache-2.0 */
/* The action frame key by key: what stands at each bound is read, and one over is refused at its own byte. Bytes are
 * written by hand, so that the encoder cannot hide a mistake of the decoder. */
#include "jingzhu/codec.h"

#include "hex.h"
#include "sample_frames.h"

/* Header without a patient: key 8 stands at 9, its value at 10, and what follows it at 11. */
#define ACTION(map) map " 00 17 01 00 02 01 03 00"
#define ID "50 000102030405060708090a0b0c0d0e0f"
#define WITH(pair) ACTION("a6") " 08 01 " pair

static enum jz_status receive(const char *hex, struct jz_frame *frame, uint32_t *offset) {
    static struct hex_bytes message;
    struct jz_scan scan;
    hex_parse(hex, &message);
    enum jz_status status = jz_message_scan(message.data, message.bytes, &scan);
    *offset = scan.error_offset;
    return status == JZ_OK ? jz_frame_decode(message.data, message.bytes, frame, offset) : status;
}

static const struct bound {
    const char *hex;
    enum jz_status status;
    uint32_t offset; /* of the value that is refused */
} bounds[] = {
    {ACTION("a5") " 08 01", JZ_OK, 0},
    {ACTION("a5") " 08 17", JZ_OK, 0},
    {ACTION("a5") " 08 00", JZ_E_VALUE, 10},
    {ACTION("a5") " 08 18 18", JZ_E_VALUE, 10},
    {ACTION("a5") " 08 20", JZ_E_VALUE, 10},
    {ACTION("a5") " 08 61 31", JZ_E_TYPE, 10},
    {ACTION("a5") " 09 60", JZ_E_MISSING_KEY, 9},
    {ACTION("a4"), JZ_E_MISSING_KEY, 9},

    {WITH("09 60"), JZ_OK, 0},
    {WITH("09 41 61"), JZ_E_TYPE, 12},
    {WITH("09 f6"), JZ_E_TYPE, 12},

    {WITH("0a 01"), JZ_OK, 0},
    {WITH("0a 1a ffffffff"), JZ_OK, 0},
    {WITH("0a 00"), JZ_E_VALUE, 12},
    {WITH("0a 1b 0000000100000000"), JZ_E_VALUE, 12},
    {WITH("0a 20"), JZ_E_VALUE, 12},

    {WITH("0b 3a 7fffffff"), JZ_OK, 0},
    {WITH("0b 1a 7fffffff"), JZ_OK, 0},
    {WITH("0b 00"), JZ_OK, 0},
    {WITH("0b 3a 80000000"), JZ_E_VALUE, 12},
    {WITH("0b 1a 80000000"), JZ_E_VALUE, 12},
    {WITH("0b 3b ffffffffffffffff"), JZ_E_VALUE, 12},
    {WITH("0b f4"), JZ_E_TYPE, 12},

    {WITH("0c 01"), JZ_OK, 0},
    {WITH("0c 1b 000003bb2cc3d800"), JZ_OK, 0},
    {WITH("0c 00"), JZ_E_VALUE, 12},
    {WITH("0c 1b 000003bb2cc3d801"), JZ_E_VALUE, 12},
    {WITH("0c 20"), JZ_E_VALUE, 12},

    {WITH("0d 01"), JZ_OK, 0},
    {WITH("0d 10"), JZ_OK, 0},
    {WITH("0d 00"), JZ_E_VALUE, 12},
    {WITH("0d 11"), JZ_E_VALUE, 12},

    {WITH("0e 60"), JZ_OK, 0},
    {WITH("0e 00"), JZ_E_TYPE, 12},
    {WITH("0e 61 ff"), JZ_E_UTF8, 13},

    {WITH("0f " ID), JZ_OK, 0},
    {WITH("0f 4f 000102030405060708090a0b0c0d0e"), JZ_E_VALUE, 12},
    {WITH("0f 51 000102030405060708090a0b0c0d0e0f10"), JZ_E_VALUE, 12},
    {WITH("0f 70 30313233343536373839303132333435"), JZ_E_TYPE, 12},

    {WITH("10 01"), JZ_OK, 0},
    {WITH("10 1b 001fffffffffffff"), JZ_OK, 0},
    {WITH("10 00"), JZ_E_VALUE, 12},
    {WITH("10 1b 0020000000000000"), JZ_E_VALUE, 12},
};

static void each_key_is_read_at_its_bounds_and_refused_one_over(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
        struct jz_frame frame;
        uint32_t offset;
        enum jz_status status = receive(bounds[i].hex, &frame, &offset);
        if (status != bounds[i].status || offset != bounds[i].offset)
            fail_msg("%s: %s at %u, not %s at %u", bounds[i].hex, jz_status_name(status), offset,
                     jz_status_name(bounds[i].status), bounds[i].offset);
    }
}

/* Absent, 0 and "" are three things: 0 places is a number, and an action without a value says none. */
static void a_key_that_is_absent_is_not_zero(void **state) {
    (void)state;
    struct jz_frame frame;
    uint32_t offset;
    assert_int_equal(receive(ACTION("a5") " 08 0c", &frame, &offset), JZ_OK);
    assert_false(frame.has_encounter || frame.action.has_value || frame.action.has_other);
    assert_null(frame.action.facility.data);
    assert_null(frame.action.text.data);
    assert_int_equal(receive(WITH("0b 00"), &frame, &offset), JZ_OK);
    assert_true(frame.action.has_value);
    assert_int_equal(frame.action.value, 0);
    assert_int_equal(receive(WITH("0f " ID), &frame, &offset), JZ_OK);
    assert_true(frame.action.has_other);
    assert_int_equal(frame.action.other.byte[15], 15);
    assert_int_equal(receive(WITH("0e 60"), &frame, &offset), JZ_OK);
    assert_non_null(frame.action.text.data);
    assert_int_equal(frame.action.text.bytes, 0);
}

static const struct sample *sample_named(const char *name) {
    for (unsigned i = 0; i < sample_count; i++)
        if (samples[i].kind == JZ_FRAME_ACTION && strcmp(samples[i].name, name) == 0) return &samples[i];
    fail_msg("no action sample %s", name);
    return NULL;
}

/* The text of a question may be as long as any text, and not a byte longer. */
static void the_longest_question_is_carried_and_one_byte_more_is_not(void **state) {
    (void)state;
    static uint8_t bytes[JZ_MESSAGE_BYTES_MAX];
    static char longer[JZ_TEXT_BYTES_MAX + 1];
    struct jz_frame frame, decoded;
    size_t written;
    sample_build(sample_named("the longest question"), &frame);
    assert_int_equal(frame.action.text.bytes, JZ_TEXT_BYTES_MAX);
    assert_int_equal(jz_frame_encode(&frame, bytes, sizeof bytes, &written), JZ_OK);
    assert_int_equal(jz_frame_decode(bytes, written, &decoded, NULL), JZ_OK);
    assert_int_equal(decoded.action.text.bytes, JZ_TEXT_BYTES_MAX);
    assert_memory_equal(decoded.action.text.data, frame.action.text.data, JZ_TEXT_BYTES_MAX);
    memset(longer, 'a', sizeof longer);
    frame.action.text = frame.action.facility = (struct jz_text){longer, sizeof longer};
    assert_int_equal(jz_frame_encode(&frame, bytes, sizeof bytes, &written), JZ_E_VALUE);
    frame.action.text.bytes = frame.action.facility.bytes = JZ_TEXT_BYTES_MAX;
    assert_int_equal(jz_frame_encode(&frame, bytes, sizeof bytes, &written), JZ_OK);
}

static void break_what_low(struct jz_action *a) {
    a->what = JZ_ACTION_NONE;
}
static void break_what_high(struct jz_action *a) {
    a->what = JZ_ACTION_COUNT;
}
static void break_ms_low(struct jz_action *a) {
    a->ms = -1;
}
static void break_ms_high(struct jz_action *a) {
    a->ms = INT64_C(4102444800001);
}
static void break_reason(struct jz_action *a) {
    a->reason = JZ_REASON_COUNT;
}
static void break_number(struct jz_action *a) {
    a->number = UINT64_C(9007199254740992);
}

static void an_action_outside_the_grammar_is_not_encoded(void **state) {
    (void)state;
    static void (*const breaks[])(struct jz_action *) = {break_what_low, break_what_high, break_ms_low,
                                                         break_ms_high,  break_reason,    break_number};
    for (size_t i = 0; i < sizeof breaks / sizeof breaks[0]; i++) {
        uint8_t bytes[1024];
        struct jz_frame frame;
        size_t written = 7;
        sample_build(sample_named("stamp corrected"), &frame);
        assert_int_equal(jz_frame_encode(&frame, bytes, sizeof bytes, &written), JZ_OK);
        breaks[i](&frame.action);
        enum jz_status status = jz_frame_encode(&frame, bytes, sizeof bytes, &written);
        if (status == JZ_OK) fail_msg("case %zu was encoded", i);
        assert_int_equal(written, 0);
    }
}

/* A message that is cut anywhere is refused by the scan, and no frame of it reaches a decoder. */
static void every_prefix_of_an_action_is_refused(void **state) {
    (void)state;
    for (unsigned i = 0; i < sample_count; i++) {
        static uint8_t bytes[JZ_MESSAGE_BYTES_MAX];
        struct jz_frame frame;
        struct jz_scan scan;
        size_t written;
        if (samples[i].kind != JZ_FRAME_ACTION) continue;
        sample_build(&samples[i], &frame);
        assert_int_equal(jz_frame_encode(&frame, bytes, sizeof bytes, &written), JZ_OK);
        for (size_t cut = 1; cut < written; cut++) {
            uint8_t *exact = malloc(cut);
            assert_non_null(exact);
            memcpy(exact, bytes, cut);
            assert_int_not_equal(jz_message_scan(exact, cut, &scan), JZ_OK);
            assert_int_equal(scan.count, 0);
            free(exact);
        }
    }
}

/* What a page of a later version says besides is skipped, and what this one knows is used. */
static void later_keys_of_an_action_are_skipped(void **state) {
    (void)state;
    struct jz_frame frame;
    uint32_t offset;
    assert_int_equal(receive(ACTION("a7") " 08 02 0b 03 11 82 f5 a1 00 41 00", &frame, &offset), JZ_OK);
    assert_int_equal(frame.action.what, JZ_ACTION_SET_PRIORITY);
    assert_int_equal(frame.action.value, 3);
    assert_int_equal(frame.lane, JZ_LANE_URGENT);
}

/* State 1 takes one's own acceptance back; 9 and 10 are the server's own. */
static void an_answer_may_take_back_and_goes_no_further_than_the_handover(void **state) {
    (void)state;
    struct jz_frame frame;
    uint32_t offset;
    static const struct {
        const char *hex;
        enum jz_status status;
    } answers[] = {
        {"a6 00 16 01 00 02 01 03 00 08 01 09 01", JZ_OK},
        {"a6 00 16 01 00 02 01 03 00 08 01 09 08", JZ_OK},
        {"a6 00 16 01 00 02 01 03 00 08 01 09 00", JZ_E_VALUE},
        {"a6 00 16 01 00 02 01 03 00 08 01 09 09", JZ_E_VALUE},
    };
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        assert_int_equal(receive(answers[i].hex, &frame, &offset), answers[i].status);
        assert_int_equal(offset, answers[i].status == JZ_OK ? 0 : 12);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_key_is_read_at_its_bounds_and_refused_one_over),
        cmocka_unit_test(a_key_that_is_absent_is_not_zero),
        cmocka_unit_test(the_longest_question_is_carried_and_one_byte_more_is_not),
        cmocka_unit_test(an_action_outside_the_grammar_is_not_encoded),
        cmocka_unit_test(every_prefix_of_an_action_is_refused),
        cmocka_unit_test(later_keys_of_an_action_are_skipped),
        cmocka_unit_test(an_answer_may_take_back_and_goes_no_further_than_the_handover),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
