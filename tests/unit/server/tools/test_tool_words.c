/* SPDX-License-Identifier: Apache-2.0 */
/* Records in words: what the tables say, and what they do not know. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jingzhu/field.h"
#include "tool_words.h"

#define NOW INT64_C(1767225600000)

static char *said;

/* The pairs of a map from key 5 up, as one line. @return for the caller to compare; freed by the next call */
static const char *tell(const struct jz_writer *w, const struct jz_word_key *keys, bool json) {
    size_t bytes;
    struct jz_reader r;
    free(said);
    FILE *out = open_memstream(&said, &bytes);
    assert_non_null(out);
    assert_int_equal(w->status, JZ_OK);
    struct jz_teller t = {
        .say = {.json = {.out = out}, .as_json = json}, .now_ms = NOW, .field = JZ_FIELD_UNKNOWN};
    jz_reader_init(&r, w->buffer, w->used);
    jz_tool_say_open(&t.say, NULL, '{');
    jz_tell_pairs(&t, &r, keys, 0x1f);
    jz_tool_say_close(&t.say, '}');
    fclose(out);
    assert_int_equal(r.status, JZ_OK);
    assert_int_equal(r.at, w->used);
    return said;
}

static struct jz_writer begin(uint8_t *buffer, size_t capacity, uint32_t pairs) {
    struct jz_writer w;
    jz_writer_init(&w, buffer, capacity);
    jz_write_map(&w, pairs);
    return w;
}

static uint32_t code(const char *field) {
    return jz_field_at(jz_field_by_name(field))->code;
}

static void readings_are_said_with_their_units(void **state) {
    uint8_t buffer[256];
    struct jz_writer w = begin(buffer, sizeof buffer, 3);
    (void)state;
    jz_write_uint(&w, 0); /* told by the head */
    jz_write_uint(&w, JZ_FRAME_VITALS);
    jz_write_uint(&w, 8);
    jz_write_map(&w, 2);
    jz_write_uint(&w, code("temp_c"));
    jz_write_int(&w, 372);
    jz_write_uint(&w, code("sbp"));
    jz_write_int(&w, 85);
    jz_write_uint(&w, 9);
    jz_write_map(&w, 1);
    jz_write_uint(&w, code("spo2"));
    jz_write_uint(&w, JZ_ABSENCE_PROBE_OFF);
    const struct jz_word_key *keys = jz_word_kind(jz_frame_words, JZ_FRAME_VITALS)->key;
    assert_string_equal(tell(&w, keys, false),
                        "readings: (temp_c: 37.2 °C, sbp: 85 mmHg), absent: (spo2: probe off)");
    assert_string_equal(tell(&w, keys, true),
                        "{\"readings\":{\"temp_c\":37.2,\"sbp\":85},\"absent\":{\"spo2\":\"probe off\"}}");
}

static void inputs_of_a_decision_are_said_with_their_ages(void **state) {
    uint8_t buffer[256];
    struct jz_writer w = begin(buffer, sizeof buffer, 2);
    (void)state;
    jz_write_uint(&w, 5);
    jz_write_cstr(&w, "GEN-NEWS2");
    jz_write_uint(&w, 15);
    jz_write_array(&w, 1);
    jz_write_array(&w, 4);
    jz_write_uint(&w, code("sbp"));
    jz_write_int(&w, 85);
    jz_write_int(&w, NOW - 2500);
    jz_write_bool(&w, true);
    assert_string_equal(tell(&w, jz_word_kind(jz_decision_words, 1)->key, false),
                        "rule: GEN-NEWS2, used: [(field: sbp, value: 85 mmHg, age_s: 2.500 s, reason: yes)]");
}

static void a_key_without_a_row_is_shown_as_it_stands(void **state) {
    uint8_t buffer[64];
    struct jz_writer w = begin(buffer, sizeof buffer, 2);
    (void)state;
    jz_write_uint(&w, 5);
    jz_write_uint(&w, 2);
    jz_write_uint(&w, 63);
    jz_write_array(&w, 2);
    jz_write_uint(&w, 7);
    jz_write_cstr(&w, "x");
    const struct jz_word_key *keys = jz_word_kind(jz_decision_words, 2)->key;
    assert_string_equal(tell(&w, keys, false), "priority: 2, key 63: [7, \"x\"]");
    assert_string_equal(tell(&w, NULL, false), "key 5: 2, key 63: [7, \"x\"]");
}

static void a_value_of_another_shape_is_shown_as_it_stands(void **state) {
    uint8_t buffer[64];
    struct jz_writer w = begin(buffer, sizeof buffer, 2);
    (void)state;
    jz_write_uint(&w, 5);
    jz_write_cstr(&w, "not a number");
    jz_write_uint(&w, 6);
    jz_write_array(&w, 2);
    jz_write_cstr(&w, "R01");
    jz_write_uint(&w, 1);
    assert_string_equal(tell(&w, jz_word_kind(jz_decision_words, 2)->key, false),
                        "priority: \"not a number\", conditions: [\"R01\", 1]");
}

static void a_number_without_a_word_and_a_place_without_a_row_keep_their_numbers(void **state) {
    uint8_t buffer[64];
    struct jz_writer w = begin(buffer, sizeof buffer, 2);
    (void)state;
    jz_write_uint(&w, 7);
    jz_write_uint(&w, 77);
    jz_write_uint(&w, 15);
    jz_write_array(&w, 1);
    jz_write_array(&w, 5);
    jz_write_uint(&w, code("sbp"));
    jz_write_int(&w, 85);
    jz_write_int(&w, NOW);
    jz_write_bool(&w, false);
    jz_write_uint(&w, 9);
    assert_string_equal(
        tell(&w, jz_word_kind(jz_decision_words, 1)->key, false),
        "status: 77, used: [(field: sbp, value: 85 mmHg, age_s: 0.000 s, reason: no, key 4: 9)]");
}

static void a_code_of_a_newer_field_table_is_shown_as_its_number(void **state) {
    uint8_t buffer[64];
    struct jz_writer w = begin(buffer, sizeof buffer, 2);
    (void)state;
    jz_write_uint(&w, 8);
    jz_write_uint(&w, 4000000000u);
    jz_write_uint(&w, 9);
    jz_write_int(&w, -3);
    assert_string_equal(tell(&w, jz_word_kind(jz_frame_words, JZ_FRAME_FINDING)->key, false),
                        "field: 4000000000, value: -3");
}

static void what_a_peer_wrote_cannot_drive_a_terminal_or_begin_a_line(void **state) {
    uint8_t buffer[64];
    struct jz_writer w = begin(buffer, sizeof buffer, 1);
    (void)state;
    jz_write_uint(&w, 11);
    jz_write_cstr(&w, "a\n\x1b[2J\xc2\x9b"
                      "b\x7f 胸痛");
    assert_string_equal(tell(&w, jz_word_kind(jz_frame_words, JZ_FRAME_FINDING)->key, false),
                        "note: a??[2J?b? 胸痛");
}

static void every_kind_of_the_wire_that_is_stored_has_words(void **state) {
    (void)state;
    for (int kind = 1; kind < 64; kind++)
        if (jz_frame_is_stored((enum jz_frame_kind)kind) && !jz_word_kind(jz_frame_words, (uint64_t)kind))
            fail_msg("kind %d (%s)", kind, jz_frame_name((enum jz_frame_kind)kind));
    assert_null(jz_word_kind(jz_frame_words, 250));
}

static int forget(void **state) {
    (void)state;
    free(said);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readings_are_said_with_their_units),
        cmocka_unit_test(inputs_of_a_decision_are_said_with_their_ages),
        cmocka_unit_test(a_key_without_a_row_is_shown_as_it_stands),
        cmocka_unit_test(a_value_of_another_shape_is_shown_as_it_stands),
        cmocka_unit_test(a_number_without_a_word_and_a_place_without_a_row_keep_their_numbers),
        cmocka_unit_test(a_code_of_a_newer_field_table_is_shown_as_its_number),
        cmocka_unit_test(what_a_peer_wrote_cannot_drive_a_terminal_or_begin_a_line),
        cmocka_unit_test(every_kind_of_the_wire_that_is_stored_has_words),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
