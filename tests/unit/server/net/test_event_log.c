/* SPDX-License-Identifier: Apache-2.0 */
#include "event_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char last[JZ_LOG_LINE_BYTES_MAX];
static uint32_t lines;

static void keep(void *context, const char *line) {
    (void)context;
    snprintf(last, sizeof last, "%s", line);
    lines++;
}

static int setup(void **state) {
    (void)state;
    lines = 0;
    jz_log_sink(keep, NULL);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    jz_log_sink(NULL, NULL);
    return 0;
}

static void a_line_has_number_severity_name_and_the_fields_given(void **state) {
    static const uint8_t peer[16] = {0xab, 1};
    (void)state;
    jz_log(JZ_LOG_FRAME_REFUSED,
           &(struct jz_log_fields){
               .status = JZ_E_VALUE, .side = "device", .session = 258, .peer = peer, .kind = 11, .count = 3});
    assert_non_null(
        strstr(last, "\"event\":2103,\"severity\":\"WARNING\",\"name\":\"net.frame_refused\",\"status\":110,"
                     "\"side\":\"device\",\"session\":\"0000000000000102\","
                     "\"peer\":\"ab010000000000000000000000000000\",\"kind\":11,\"count\":3}"));
    assert_int_equal(last[0], '{');
    jz_log(JZ_LOG_STOPPED, NULL);
    assert_non_null(strstr(last, "\"name\":\"server.stopped\"}"));
}

static void text_cannot_break_out_of_its_field(void **state) {
    char longest[3000];
    (void)state;
    jz_log(JZ_LOG_LIBRARY, &(struct jz_log_fields){.detail = "a\"b\\c\nd\x1b\xff"});
    assert_non_null(strstr(last, "\"detail\":\"a?b?c?d??\"}"));
    memset(longest, 'x', sizeof longest);
    longest[sizeof longest - 1] = 0;
    jz_log(JZ_LOG_LIBRARY, &(struct jz_log_fields){.detail = longest, .file = longest, .side = longest});
    assert_int_equal(last[strlen(last) - 1], '}');
}

static void a_flood_of_one_event_is_cut_and_leaves_the_others_alone(void **state) {
    (void)state;
    for (uint32_t i = 0; i < JZ_LOG_BURST + 50; i++) jz_log(JZ_LOG_RATE, NULL);
    assert_int_equal(lines, JZ_LOG_BURST);
    jz_log(JZ_LOG_LOGIN, NULL);
    assert_int_equal(lines, JZ_LOG_BURST + 1);
}

static void numbers_and_names_are_unique_and_every_row_says_cause_and_action(void **state) {
    struct jz_log_row a, b;
    (void)state;
    for (size_t i = 0; jz_log_row(i, &a); i++) {
        assert_true(strlen(a.cause) > 5 && strlen(a.action) > 5);
        for (size_t k = i + 1; jz_log_row(k, &b); k++) {
            assert_true(a.event < b.event); /* ascending, so unique */
            assert_string_not_equal(a.name, b.name);
        }
    }
}

/* docs/events.md holds exactly the catalogue's rows, in order, as this test writes them. */
static void the_document_is_the_catalogue(void **state) {
    char want[1024], have[1024];
    struct jz_log_row row;
    size_t i = 0;
    (void)state;
    FILE *in = fopen(JZ_SOURCE_DIR "/docs/events.md", "r");
    assert_non_null(in);
    while (fgets(have, sizeof have, in)) {
        if (strncmp(have, "| 1", 3) && strncmp(have, "| 2", 3) && strncmp(have, "| 3", 3) &&
            strncmp(have, "| 4", 3))
            continue;
        assert_true(jz_log_row(i++, &row));
        snprintf(want, sizeof want, "| %d | %s | `%s` | %s | %s |\n", (int)row.event, row.severity, row.name,
                 row.cause, row.action);
        assert_string_equal(have, want);
    }
    fclose(in);
    assert_false(jz_log_row(i, &row));
}

int main(void) {
#define ROW(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        ROW(a_line_has_number_severity_name_and_the_fields_given),
        ROW(text_cannot_break_out_of_its_field),
        ROW(a_flood_of_one_event_is_cut_and_leaves_the_others_alone),
        ROW(numbers_and_names_are_unique_and_every_row_says_cause_and_action),
        ROW(the_document_is_the_catalogue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
