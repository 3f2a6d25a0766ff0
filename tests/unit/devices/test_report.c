/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

static void expect_line(const struct jz_notice *notice, const char *expected) {
    char *text = NULL;
    size_t bytes = 0;
    FILE *to = open_memstream(&text, &bytes);
    assert_non_null(to);
    jz_report_notice(to, notice);
    fclose(to);
    assert_string_equal(text, expected);
    free(text);
}

static struct jz_text text(const char *words) {
    return (struct jz_text){words, (uint32_t)strlen(words)};
}

static void a_directive_tells_all_its_fields(void **state) {
    (void)state;
    struct jz_frame frame = {.kind = JZ_FRAME_DIRECTIVE, .at_ms = 12, .encounter = {.byte = {0, 0xab}}};
    frame.directive = (struct jz_directive){.number = 3,
                                            .what = JZ_DIRECTIVE_DESTINATION,
                                            .facility = text("gy01"),
                                            .name_zh = text("贵州\"一\""),
                                            .name_en = text("A\nB"),
                                            .person = text("李"),
                                            .alert_state = JZ_ALERT_ACCEPTED,
                                            .has_travel = true,
                                            .travel_s = 0,
                                            .measure_code = 150364};
    expect_line(&(struct jz_notice){.kind = JZ_NOTICE_DIRECTIVE, .frame = &frame},
                "{\"event\":\"directive\",\"encounter\":\"00ab0000000000000000000000000000\",\"at_ms\":12,"
                "\"number\":3,"
                "\"what\":\"destination\",\"facility\":\"gy01\",\"name_zh\":\"贵州\\\"一\\\"\",\"name_en\":"
                "\"A\\u000aB\","
                "\"person\":\"李\",\"alert_state\":\"accepted\",\"travel_s\":0,\"measure_code\":150364,"
                "\"measure\":\"temp_c\"}\n");
}

static void absent_fields_are_left_out(void **state) {
    (void)state;
    struct jz_frame frame = {.kind = JZ_FRAME_DIRECTIVE};
    frame.directive = (struct jz_directive){.number = 1, .what = JZ_DIRECTIVE_NO_DESTINATION};
    expect_line(&(struct jz_notice){.kind = JZ_NOTICE_DIRECTIVE, .frame = &frame},
                "{\"event\":\"directive\",\"encounter\":\"00000000000000000000000000000000\",\"at_ms\":0,"
                "\"number\":1,"
                "\"what\":\"no_destination\"}\n");
}

static void a_refusal_names_status_frame_and_reason(void **state) {
    (void)state;
    struct jz_frame frame = {.kind = JZ_FRAME_ERROR};
    frame.error = (struct jz_error){
        .status = JZ_E_VALUE, .refused_kind = 11, .has_seq = true, .lane = 2, .seq = 7, .text = text("x")};
    expect_line(
        &(struct jz_notice){
            .kind = JZ_NOTICE_REFUSED, .status = JZ_E_VALUE, .frame = &frame, .dropped = true},
        "{\"event\":\"refused\",\"status\":110,\"name\":\"JZ_E_VALUE\",\"kind\":11,\"dropped\":true,\"lane\":"
        "2,"
        "\"seq\":7,\"text\":\"x\"}\n");
}

static void link_events_are_short(void **state) {
    (void)state;
    expect_line(&(struct jz_notice){.kind = JZ_NOTICE_CONNECTED}, "{\"event\":\"connected\"}\n");
    expect_line(&(struct jz_notice){.kind = JZ_NOTICE_SENT, .lane = 1, .seq = 9},
                "{\"event\":\"sent\",\"lane\":1,\"seq\":9}\n");
    expect_line(&(struct jz_notice){.kind = JZ_NOTICE_ACKED, .acked = {1, 2, 3, 4}},
                "{\"event\":\"acked\",\"acked\":[1,2,3,4]}\n");
    expect_line(&(struct jz_notice){.kind = JZ_NOTICE_DISCONNECTED, .status = JZ_E_TLS, .retry_ms = 5},
                "{\"event\":\"disconnected\",\"status\":602,\"name\":\"JZ_E_TLS\",\"retry_ms\":5}\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_directive_tells_all_its_fields),
        cmocka_unit_test(absent_fields_are_left_out),
        cmocka_unit_test(a_refusal_names_status_frame_and_reason),
        cmocka_unit_test(link_events_are_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
