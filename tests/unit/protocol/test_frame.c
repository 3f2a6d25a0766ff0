/* SPDX-License-Identifier: Apache-2.0 */
/* One frame to bytes and back. The golden files are read here and by protocol/tools/check-cddl.mjs, which has its
 * own decoder and the grammar; JZ_GOLDEN_UPDATE=1 writes them anew, to be reviewed like code. */
#include "jingzhu/codec.h"

#include "hex.h"
#include "sample_frames.h"

static uint8_t buffer[JZ_MESSAGE_BYTES_MAX];

static const enum jz_frame_kind coded_kinds[] = {JZ_FRAME_HELLO,
                                                 JZ_FRAME_WELCOME,
                                                 JZ_FRAME_ERROR,
                                                 JZ_FRAME_ACK,
                                                 JZ_FRAME_CLOCK,
                                                 JZ_FRAME_ENCOUNTER_OPEN,
                                                 JZ_FRAME_ENCOUNTER_UPDATE,
                                                 JZ_FRAME_ENCOUNTER_CLOSE,
                                                 JZ_FRAME_VITALS,
                                                 JZ_FRAME_WAVEFORM,
                                                 JZ_FRAME_FINDING,
                                                 JZ_FRAME_MEDICATION,
                                                 JZ_FRAME_MILESTONE,
                                                 JZ_FRAME_POSITION,
                                                 JZ_FRAME_DIRECTIVE,
                                                 JZ_FRAME_ALERT,
                                                 JZ_FRAME_ALERT_ANSWER,
                                                 JZ_FRAME_ACTION};
enum { CODED_KIND_COUNT = sizeof coded_kinds / sizeof coded_kinds[0] };

/* Compares what two texts say and forgets where they lie, so that the rest can be compared as bytes. */
static void same_text(struct jz_text *a, struct jz_text *b) {
    assert_int_equal(a->bytes, b->bytes);
    assert_int_equal(a->data == NULL, b->data == NULL);
    if (a->bytes > 0) assert_memory_equal(a->data, b->data, a->bytes);
    memset(a, 0, sizeof *a);
    memset(b, 0, sizeof *b);
}

static void same_bytes(struct jz_bytes *a, struct jz_bytes *b) {
    assert_int_equal(a->bytes, b->bytes);
    assert_memory_equal(a->data, b->data, a->bytes);
    memset(a, 0, sizeof *a);
    memset(b, 0, sizeof *b);
}

struct text_place {
    enum jz_frame_kind kind;
    size_t at;
};
#define PLACE(kind, field)                                                                                   \
    { kind, offsetof(struct jz_frame, field) }
static const struct text_place text_places[] = {
    PLACE(JZ_FRAME_HELLO, hello.software),         PLACE(JZ_FRAME_WELCOME, welcome.person),
    PLACE(JZ_FRAME_WELCOME, welcome.facility),     PLACE(JZ_FRAME_ERROR, error.text),
    PLACE(JZ_FRAME_ENCOUNTER_OPEN, open.callsign), PLACE(JZ_FRAME_ENCOUNTER_UPDATE, update.callsign),
    PLACE(JZ_FRAME_FINDING, finding.note),         PLACE(JZ_FRAME_MEDICATION, medication.drug),
    PLACE(JZ_FRAME_MEDICATION, medication.note),   PLACE(JZ_FRAME_DIRECTIVE, directive.facility),
    PLACE(JZ_FRAME_DIRECTIVE, directive.name_zh),  PLACE(JZ_FRAME_DIRECTIVE, directive.name_en),
    PLACE(JZ_FRAME_DIRECTIVE, directive.person),   PLACE(JZ_FRAME_ALERT, alert.facility),
    PLACE(JZ_FRAME_ALERT, alert.person),           PLACE(JZ_FRAME_ALERT, alert.reason_text),
    PLACE(JZ_FRAME_ALERT_ANSWER, answer.text),     PLACE(JZ_FRAME_ACTION, action.facility),
    PLACE(JZ_FRAME_ACTION, action.text),
};

static void assert_same_frame(const struct jz_frame *expected, const struct jz_frame *got) {
    struct jz_frame a, b;
    memcpy(&a, expected, sizeof a);
    memcpy(&b, got, sizeof b);
    for (size_t i = 0; i < sizeof text_places / sizeof text_places[0]; i++)
        if (a.kind == text_places[i].kind)
            same_text((void *)((char *)&a + text_places[i].at), (void *)((char *)&b + text_places[i].at));
    for (uint32_t i = 0; i < JZ_CONDITIONS_MAX && a.kind == JZ_FRAME_ALERT; i++)
        same_text(&a.alert.condition[i], &b.alert.condition[i]);
    if (a.kind == JZ_FRAME_WAVEFORM) same_bytes(&a.waveform.coded, &b.waveform.coded);
    assert_memory_equal(&a, &b, sizeof a);
}

static void decode_whole(const uint8_t *data, size_t bytes, struct jz_frame *out) {
    struct jz_scan scan;
    uint32_t offset = 99;
    assert_int_equal(jz_message_scan(data, bytes, &scan), JZ_OK);
    assert_int_equal(scan.count, 1);
    enum jz_status status = jz_frame_decode(data, bytes, out, &offset);
    if (status != JZ_OK) fail_msg("kind %d: %s at %u", out->kind, jz_status_name(status), offset);
    assert_int_equal(offset, 0);
}

static void encode_whole(const struct jz_frame *frame, size_t *written) {
    enum jz_status status = jz_frame_encode(frame, buffer, sizeof buffer, written);
    if (status != JZ_OK) fail_msg("%s: %s", jz_frame_name(frame->kind), jz_status_name(status));
}

static void random_frames_survive_encoding_and_decoding(void **state) {
    (void)state;
    uint64_t random = test_seed();
    for (unsigned round = 0; round < 500 * CODED_KIND_COUNT; round++) {
        struct jz_frame frame, decoded;
        size_t written;
        sample_random(coded_kinds[round % CODED_KIND_COUNT], &random, &frame);
        encode_whole(&frame, &written);
        decode_whole(buffer, written, &decoded);
        assert_same_frame(&frame, &decoded);
    }
}

static void print_hex(FILE *file, const uint8_t *data, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) (void)fprintf(file, "%02x", data[i]);
}

static void golden_path(enum jz_frame_kind kind, char *path, size_t capacity) {
    (void)snprintf(path, capacity, "tests/golden/frames/%s.hex", jz_frame_name(kind));
}

static void write_golden(void) {
    for (unsigned i = 0; i < sample_count; i++) {
        char path[128], name[512], text[4096];
        struct jz_frame frame;
        size_t written, length;
        bool first = i == 0 || samples[i - 1].kind != samples[i].kind;
        golden_path(samples[i].kind, path, sizeof path);
        (void)snprintf(name, sizeof name, "%s/%s", JZ_SOURCE_DIR, path);
        FILE *file = fopen(name, first ? "w" : "a");
        assert_non_null(file);
        sample_build(&samples[i], &frame);
        encode_whole(&frame, &written);
        assert_int_equal(jz_diagnostic(buffer, written, text, sizeof text, &length), JZ_OK);
        (void)fprintf(file, "%s: ", samples[i].name);
        print_hex(file, buffer, written);
        (void)fprintf(file, "\n  %s\n", text);
        assert_int_equal(fclose(file), 0);
    }
}

/* The line after "name: " in a golden text. */
static const char *find_golden(const char *text, const char *name) {
    size_t length = strlen(name);
    for (const char *line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
        if (strncmp(line, name, length) == 0 && strncmp(line + length, ": ", 2) == 0)
            return line + length + 2;
    fail_msg("no golden frame %s", name);
    return NULL;
}

static void check_golden(const struct sample *sample) {
    static struct hex_bytes golden;
    char path[128], text[4096];
    struct jz_frame frame, decoded;
    size_t written, length;
    golden_path(sample->kind, path, sizeof path);
    char *file = read_text(path);
    const char *line = find_golden(file, sample->name), *diagnostic = strchr(line, '\n') + 3;
    hex_parse(line, &golden);
    sample_build(sample, &frame);
    encode_whole(&frame, &written);
    assert_int_equal(written, golden.bytes);
    assert_memory_equal(buffer, golden.data, written);
    decode_whole(golden.data, golden.bytes, &decoded);
    assert_same_frame(&frame, &decoded);
    assert_int_equal(jz_diagnostic(golden.data, golden.bytes, text, sizeof text, &length), JZ_OK);
    assert_int_equal(strncmp(diagnostic, text, length), 0);
    assert_int_equal(diagnostic[length], '\n');
    free(file);
}

static void golden_frames_decode_and_encode_to_the_byte(void **state) {
    (void)state;
    if (getenv("JZ_GOLDEN_UPDATE")) write_golden();
    for (unsigned i = 0; i < sample_count; i++) check_golden(&samples[i]);
}

static void every_kind_has_a_golden_frame(void **state) {
    (void)state;
    for (unsigned kind = 0; kind < CODED_KIND_COUNT; kind++) {
        unsigned found = 0;
        for (unsigned i = 0; i < sample_count; i++) found += samples[i].kind == coded_kinds[kind];
        if (found == 0) fail_msg("no sample of %s", jz_frame_name(coded_kinds[kind]));
    }
}

static void views_of_the_server_are_neither_decoded_nor_encoded_here(void **state) {
    (void)state;
    static const char *const views[] = {"patient", "facility", "probe", "consult", "proposal", "plan"};
    for (unsigned i = 0; i < sizeof views / sizeof views[0]; i++) {
        static struct hex_bytes golden;
        struct jz_scan scan;
        struct jz_frame frame;
        size_t written = 7;
        char path[128];
        (void)snprintf(path, sizeof path, "tests/golden/frames/%s.hex", views[i]);
        char *file = read_text(path);
        hex_parse(strchr(file, ':') + 1, &golden);
        assert_int_equal(jz_message_scan(golden.data, golden.bytes, &scan), JZ_OK);
        assert_int_equal(jz_frame_decode(golden.data, golden.bytes, &frame, NULL), JZ_E_DIRECTION);
        assert_string_equal(jz_frame_name(frame.kind), views[i]);
        assert_int_equal(jz_frame_encode(&frame, buffer, sizeof buffer, &written), JZ_E_DIRECTION);
        assert_int_equal(written, 0);
        free(file);
    }
}

/* The server's view of an alert says more than this library keeps: teams and the rungs of the ladder are for screens. */
static void an_alert_as_the_server_shows_it_is_read(void **state) {
    (void)state;
    static struct hex_bytes golden;
    struct jz_frame frame;
    char *file = read_text("tests/golden/frames/alert-view.hex");
    hex_parse(find_golden(file, "withdrawn and told"), &golden);
    decode_whole(golden.data, golden.bytes, &frame);
    assert_int_equal(frame.kind, JZ_FRAME_ALERT);
    assert_int_equal(frame.alert.state, JZ_ALERT_WITHDRAWN);
    assert_int_equal(frame.alert.occurrence, 2);
    free(file);
}

/* Every frame fails in every smaller buffer, and nothing is written behind its end (the sanitizer watches). */
static void a_buffer_one_byte_too_small_is_refused(void **state) {
    (void)state;
    for (unsigned i = 0; i < sample_count; i++) {
        struct jz_frame frame;
        size_t written, again;
        sample_build(&samples[i], &frame);
        encode_whole(&frame, &written);
        for (size_t capacity = 0; capacity < written; capacity++) {
            uint8_t *exact = malloc(capacity + (capacity == 0));
            assert_non_null(exact);
            assert_int_equal(jz_frame_encode(&frame, exact, capacity, &again), JZ_E_BUFFER);
            assert_int_equal(again, 0);
            free(exact);
        }
    }
}

/* A longer frame of a newer version: the same frame with more keys behind, and inside its place. */
static void unknown_keys_are_skipped(void **state) {
    (void)state;
    static struct hex_bytes newer;
    struct jz_frame frame;
    hex_parse("a8 00 08 01 00 02 01 03 07 04 50 00000000000000000000000000000009 08 01"
              "0b a4 07 f6 08 05 09 06 0b 80 18 63 a1 00 82 a1 00 41 00 f5",
              &newer);
    decode_whole(newer.data, newer.bytes, &frame);
    assert_true(frame.open.position.has);
    assert_int_equal(frame.open.position.lat_e7, 5);
    assert_int_equal(frame.open.position.lon_e7, 6);
    assert_int_equal(frame.open.position.at_ms, 7);
    hex_parse("a5 00 01 03 00 07 81 f5 08 01 09 01", &newer); /* an unknown key between known ones */
    decode_whole(newer.data, newer.bytes, &frame);
    assert_int_equal(frame.hello.version, 1);
}

/* The first of its kind. */
static const struct sample *sample_of(enum jz_frame_kind kind) {
    unsigned i = 0;
    while (i < sample_count && samples[i].kind != kind) i++;
    assert_true(i < sample_count);
    return &samples[i];
}

/* A caller that leaves happened_ms at 0 means "now", never 1970. */
static void a_milestone_without_its_own_time_happened_at_the_frames(void **state) {
    (void)state;
    struct jz_frame frame, decoded;
    size_t written;
    sample_build(sample_of(JZ_FRAME_MILESTONE), &frame);
    assert_int_equal(frame.kind, JZ_FRAME_MILESTONE);
    frame.milestone.happened_ms = 0;
    encode_whole(&frame, &written);
    decode_whole(buffer, written, &decoded);
    assert_true(decoded.milestone.happened_ms == frame.at_ms);
}

struct header_case {
    const char *hex;
    unsigned kind, lane;
    uint64_t seq;
};

static void a_refused_frame_keeps_the_header_that_was_readable(void **state) {
    (void)state;
    static const struct header_case cases[] = {
        {"a5 00 0b 01 02 02 18 64 03 f6 04 00", 11, 2, 100}, /* the time has the wrong type */
        {"a3 00 18 63 01 03 02 05", 99, 3, 5},               /* an unknown kind */
        {"a3 00 0b 01 04 02 05", 11, 0, 5},                  /* no such lane */
        {"a3 00 0b 01 f6 02 05", 11, 0, 0},
        {"a3 00 f5 01 02 02 05", 0, 0, 0},
        {"a1 00 0b", 11, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static struct hex_bytes bad;
        struct jz_frame frame, rest;
        hex_parse(cases[i].hex, &bad);
        memset(&frame, 0xff, sizeof frame);
        assert_int_not_equal(jz_frame_decode(bad.data, bad.bytes, &frame, NULL), JZ_OK);
        assert_int_equal(frame.kind, cases[i].kind);
        assert_int_equal(frame.lane, cases[i].lane);
        assert_int_equal(frame.seq, cases[i].seq);
        memset(&rest, 0, sizeof rest);
        rest.kind = frame.kind, rest.lane = frame.lane, rest.seq = frame.seq;
        assert_memory_equal(&frame, &rest, sizeof rest);
    }
}

static void readings_in_any_order_are_encoded_in_order_of_code(void **state) {
    (void)state;
    struct jz_frame frame, decoded;
    size_t written;
    sample_build(sample_of(JZ_FRAME_VITALS), &frame);
    assert_int_equal(frame.kind, JZ_FRAME_VITALS);
    struct jz_fact first = frame.vitals.item[0];
    frame.vitals.item[0] = frame.vitals.item[4];
    frame.vitals.item[4] = first;
    encode_whole(&frame, &written);
    decode_whole(buffer, written, &decoded);
    sample_build(sample_of(JZ_FRAME_VITALS), &frame);
    assert_same_frame(&frame, &decoded);
    frame.vitals.item[1].code = frame.vitals.item[0].code;
    assert_int_equal(jz_frame_encode(&frame, buffer, sizeof buffer, &written), JZ_E_VALUE);
}

static void break_seq(struct jz_frame *f) {
    f->seq = 0;
}
static void break_seq_high(struct jz_frame *f) {
    f->seq = UINT64_C(9007199254740992);
}
static void break_lane(struct jz_frame *f) {
    f->lane = 4;
}
static void break_time(struct jz_frame *f) {
    f->at_ms = -1;
}
static void break_time_high(struct jz_frame *f) {
    f->at_ms = INT64_C(4102444800001);
}
static void break_encounter(struct jz_frame *f) {
    f->has_encounter = false;
}
static void break_count(struct jz_frame *f) {
    f->vitals.count = 25;
}
static void break_code(struct jz_frame *f) {
    f->vitals.item[0].code = 0;
}
static void break_absence(struct jz_frame *f) {
    f->vitals.absent[0].why = JZ_ABSENCE_NONE;
}
static void break_kind(struct jz_frame *f) {
    f->kind = (enum jz_frame_kind)17;
}

static void a_frame_outside_the_grammar_is_not_encoded(void **state) {
    (void)state;
    static const struct {
        void (*apply)(struct jz_frame *);
        enum jz_status status;
    } cases[] = {
        {break_seq, JZ_E_VALUE},         {break_seq_high, JZ_E_VALUE},  {break_lane, JZ_E_VALUE},
        {break_time, JZ_E_VALUE},        {break_time_high, JZ_E_VALUE}, {break_encounter, JZ_E_MISSING_KEY},
        {break_count, JZ_E_VALUE},       {break_code, JZ_E_VALUE},      {break_absence, JZ_E_VALUE},
        {break_kind, JZ_E_UNKNOWN_KIND},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct jz_frame frame;
        size_t written = 7;
        sample_build(sample_of(JZ_FRAME_VITALS), &frame);
        cases[i].apply(&frame);
        enum jz_status status = jz_frame_encode(&frame, buffer, sizeof buffer, &written);
        if (status != cases[i].status) fail_msg("case %zu: %s", i, jz_status_name(status));
        assert_int_equal(written, 0);
    }
}

static void kinds_8_to_16_and_22_and_23_are_stored(void **state) {
    (void)state;
    for (unsigned kind = 0; kind < 300; kind++)
        assert_int_equal(jz_frame_is_stored((enum jz_frame_kind)kind),
                         (kind >= 8 && kind <= 16) || kind == 22 || kind == 23);
    assert_string_equal(jz_frame_name((enum jz_frame_kind)17), "unknown");
    assert_string_equal(jz_frame_name(JZ_FRAME_ENCOUNTER_OPEN), "encounter-open");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_frames_survive_encoding_and_decoding),
        cmocka_unit_test(golden_frames_decode_and_encode_to_the_byte),
        cmocka_unit_test(every_kind_has_a_golden_frame),
        cmocka_unit_test(views_of_the_server_are_neither_decoded_nor_encoded_here),
        cmocka_unit_test(an_alert_as_the_server_shows_it_is_read),
        cmocka_unit_test(a_buffer_one_byte_too_small_is_refused),
        cmocka_unit_test(unknown_keys_are_skipped),
        cmocka_unit_test(a_milestone_without_its_own_time_happened_at_the_frames),
        cmocka_unit_test(a_refused_frame_keeps_the_header_that_was_readable),
        cmocka_unit_test(readings_in_any_order_are_encoded_in_order_of_code),
        cmocka_unit_test(a_frame_outside_the_grammar_is_not_encoded),
        cmocka_unit_test(kinds_8_to_16_and_22_and_23_are_stored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
