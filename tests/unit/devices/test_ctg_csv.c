/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctg_csv.h"

#define TRACE JZ_SOURCE_DIR "/tests/data/ctg/ctu_1308_30min.csv"
static struct jz_ctg_sample samples[8000];
static struct jz_ctg_csv_problem problem;
static uint32_t count;
static char path[] = "/tmp/jz-ctg-XXXXXX";

static void put(const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static enum jz_status read_it(uint32_t from, uint32_t capacity) {
    return jz_ctg_csv_read(path, from, capacity, samples, &count, &problem);
}

static void a_recorded_trace_is_read_in_tenths(void **state) {
    (void)state;
    assert_int_equal(jz_ctg_csv_read(TRACE, 0, 8000, samples, &count, &problem), JZ_OK);
    assert_int_equal(count, 7200);
    assert_int_equal(samples[0].fhr_bpm_x10, 1395);
    assert_int_equal(samples[1].fhr_bpm_x10, 1403); /* 140.25 to the nearest tenth */
    assert_int_equal(samples[0].toco_x10, 10);
    assert_int_equal(samples[0].mhr_bpm_x10, JZ_CTG_LOSS);
    assert_int_equal(samples[0].fhr2_bpm_x10, JZ_CTG_LOSS);
}

static void a_part_is_the_same_as_that_part_of_the_whole(void **state) {
    (void)state;
    static struct jz_ctg_sample part[100];
    assert_int_equal(jz_ctg_csv_read(TRACE, 0, 8000, samples, &count, &problem), JZ_OK);
    assert_int_equal(jz_ctg_csv_read(TRACE, 4790, 100, part, &count, &problem), JZ_OK);
    assert_int_equal(count, 100);
    assert_memory_equal(part, samples + 4790, sizeof part);
    assert_int_equal(jz_ctg_csv_read(TRACE, 7200, 100, part, &count, &problem), JZ_OK);
    assert_int_equal(count, 0);
}

static void columns_may_stand_in_any_order_and_be_empty(void **state) {
    (void)state;
    put("mhr_bpm,uc,time_s,note,fhr_bpm,fhr2_bpm\n82,12.5,0,x,0,141\n,,0.25,x,,\n");
    assert_int_equal(read_it(0, 10), JZ_OK);
    assert_int_equal(count, 2);
    assert_int_equal(samples[0].mhr_bpm_x10, 820);
    assert_int_equal(samples[0].toco_x10, 125);
    assert_int_equal(samples[0].fhr_bpm_x10, JZ_CTG_LOSS);
    assert_int_equal(samples[0].fhr2_bpm_x10, 1410);
    assert_int_equal(samples[1].toco_x10, JZ_CTG_NO_TOCO);
    assert_int_equal(samples[1].fhr_bpm_x10, JZ_CTG_LOSS);
    put("time_s,fhr_bpm\n0,140\n");
    assert_int_equal(read_it(0, 10), JZ_OK);
    assert_int_equal(samples[0].toco_x10, JZ_CTG_NO_TOCO);
}

static void what_other_programs_write_is_read(void **state) {
    (void)state;
    put("\xef\xbb\xbftime_s,fhr_bpm,uc\r\n0,140,10\r\n0.25,nan,NAN\r\n\r\n\n");
    assert_int_equal(read_it(0, 10), JZ_OK);
    assert_int_equal(count, 2);
    assert_int_equal(samples[0].fhr_bpm_x10, 1400);
    assert_int_equal(samples[1].fhr_bpm_x10, JZ_CTG_LOSS);
    assert_int_equal(samples[1].toco_x10, JZ_CTG_NO_TOCO);
}

static void what_is_wrong_is_said_with_its_line(void **state) {
    (void)state;
    static const struct {
        const char *text, *what;
        uint32_t line;
    } rows[] = {
        {"time,fhr\n0,140\n", "time_s and fhr_bpm", 1},
        {"", "time_s and fhr_bpm", 1},
        {"time_s,fhr_bpm\n0,140\n1,141\n", "0.25 s apart", 3},
        {"time_s,fhr_bpm\n0,140\n,141\n", "0.25 s apart", 3},
        {"time_s,fhr_bpm\n0,140\n0.25,fast\n", "no number", 3},
        {"time_s,fhr_bpm\n0,140\n\n0.25,141\n", "empty", 4}, /* something is missing there */
        {"time_s,fhr_bpm\n0,140.0001\n", "three decimals", 2},
        {"time_s,fhr_bpm\n0,-1\n", "no heart rate", 2},
        {"time_s,fhr_bpm\n0,300.1\n", "no heart rate", 2},
        {"time_s,fhr_bpm,uc\n0,140,1001\n", "toco", 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        put(rows[i].text);
        assert_int_equal(read_it(0, 10), JZ_E_FORMAT);
        assert_int_equal(count, 0);
        if (!strstr(problem.what, rows[i].what) || problem.line != rows[i].line)
            fail_msg("row %zu: line %u: %s", i, problem.line, problem.what);
    }
    assert_int_equal(jz_ctg_csv_read("/tmp/jz-no-such.csv", 0, 1, samples, &count, &problem), JZ_E_FILE);
}

static int make_file(void **state) {
    (void)state;
    int file = mkstemp(path);
    if (file < 0) return -1;
    return close(file);
}
static int drop_file(void **state) {
    (void)state;
    return unlink(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_recorded_trace_is_read_in_tenths),
        cmocka_unit_test(a_part_is_the_same_as_that_part_of_the_whole),
        cmocka_unit_test(columns_may_stand_in_any_order_and_be_empty),
        cmocka_unit_test(what_other_programs_write_is_read),
        cmocka_unit_test(what_is_wrong_is_said_with_its_line),
    };
    return cmocka_run_group_tests(tests, make_file, drop_file);
}
