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

#include "wfdb.h"

#define PTB JZ_SOURCE_DIR "/tests/data/ecg/ptb/s0010_re"
#define MAT JZ_SOURCE_DIR "/tests/data/ecg/challenge/A0003"
static int32_t samples[20000];

/* header(5): the first sample of each signal and the 16-bit sum of all are in the header. */
static void expect_header_agrees(const char *name, uint32_t signals, uint32_t length) {
    struct jz_wfdb record;
    assert_int_equal(jz_wfdb_open(name, &record), JZ_OK);
    assert_int_equal(record.signal_count, signals);
    assert_int_equal(record.samples, length);
    for (uint32_t i = 0; i < signals; i++) {
        uint16_t sum = 0;
        assert_int_equal(jz_wfdb_read(&record, i, 0, length, samples), JZ_OK);
        for (uint32_t s = 0; s < length; s++) sum = (uint16_t)(sum + (uint16_t)samples[s]);
        assert_int_equal((int16_t)sum, record.signal[i].checksum);
        assert_int_equal(samples[0], record.signal[i].first);
    }
}

static void a_record_of_two_files_agrees_with_its_header(void **state) {
    (void)state;
    expect_header_agrees(PTB, 15, 20000);
}

static void a_challenge_mat_file_agrees_with_its_header(void **state) {
    (void)state;
    expect_header_agrees(MAT, 12, 5000);
}

static void gains_units_and_places_are_read(void **state) {
    (void)state;
    struct jz_wfdb record;
    assert_int_equal(jz_wfdb_open(PTB, &record), JZ_OK);
    int lead = jz_wfdb_find(&record, "aVR"), vz = jz_wfdb_find(&record, "VZ");
    assert_int_equal(lead, 3);
    assert_int_equal(record.signal[lead].gain * 10, 20000);
    assert_string_equal(record.signal[lead].unit, "mV");
    assert_int_equal(record.signal[lead].per_file, 12);
    assert_int_equal(vz, 14);
    assert_int_equal(record.signal[vz].per_file, 3);
    assert_int_equal(record.signal[vz].position, 2);
    assert_int_equal(jz_wfdb_find(&record, "v7"), -1);
    assert_int_equal(jz_wfdb_open(MAT, &record), JZ_OK);
    assert_int_equal(record.signal[0].offset, 24);
    assert_int_equal(record.rate_hz, 500);
}

static void a_part_is_the_same_as_that_part_of_the_whole(void **state) {
    (void)state;
    struct jz_wfdb record;
    int32_t part[100];
    assert_int_equal(jz_wfdb_open(PTB, &record), JZ_OK);
    assert_int_equal(jz_wfdb_read(&record, 7, 0, 20000, samples), JZ_OK);
    assert_int_equal(jz_wfdb_read(&record, 7, 19900, 100, part), JZ_OK);
    assert_memory_equal(part, samples + 19900, sizeof part);
    assert_int_equal(jz_wfdb_read(&record, 7, 19901, 100, part), JZ_E_VALUE);
    assert_int_equal(jz_wfdb_read(&record, 7, 20001, 0, part), JZ_E_VALUE);
}

static void bad_headers_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum jz_status status;
    } rows[] = {
        {"r 1 500 10\nr.dat 16 200 16 0 1 2 0 I\n", JZ_OK},
        {"r 1 500 10\nr.dat 16+24 1000(5)/mV 16 0 1 2 0 I\n", JZ_OK},
        {"r 1 500 10\nr.dat 212 200 16 0 1 2 0 I\n", JZ_E_FORMAT},   /* another format */
        {"r 1 500 10\nr.dat 16x2 200 16 0 1 2 0 I\n", JZ_E_FORMAT},  /* several samples a frame */
        {"r 1 500 10\n../r.dat 16 200 16 0 1 2 0 I\n", JZ_E_FORMAT}, /* leaves its folder */
        {"r 2 500 10\nr.dat 16 200 16 0 1 2 0 I\n", JZ_E_FORMAT},    /* a signal is missing */
        {"r/2 1 500 10\nr.dat 16 200 16 0 1 2 0 I\n", JZ_E_FORMAT},  /* multi-segment */
        {"r 16 500 10\n", JZ_E_FORMAT},
        {"r 17 500 10\n", JZ_E_FORMAT},
        {"r 1 0 10\nr.dat 16 200 16 0 1 2 0 I\n", JZ_E_FORMAT},
        {"r 1 500 0\nr.dat 16 200 16 0 1 2 0 I\n", JZ_E_FORMAT},
        {"r 1 500 4000001\nr.dat 16 200 16 0 1 2 0 I\n", JZ_E_FORMAT},
        {"r 1 500 10\nr.dat 16 -1 16 0 1 2 0 I\n", JZ_E_FORMAT},
        {"", JZ_E_FORMAT},
    };
    char folder[] = "/tmp/jz-wfdb-XXXXXX", base[64], path[80];
    assert_non_null(mkdtemp(folder));
    snprintf(base, sizeof base, "%s/r", folder);
    snprintf(path, sizeof path, "%s.hea", base);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct jz_wfdb record;
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(rows[i].text, file);
        fclose(file);
        if (jz_wfdb_open(base, &record) != rows[i].status) fail_msg("row %zu", i);
    }
    struct jz_wfdb record;
    assert_int_equal(jz_wfdb_open("/tmp/jz-no-such-record", &record), JZ_E_FILE);
    unlink(path);
    rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_of_two_files_agrees_with_its_header),
        cmocka_unit_test(a_challenge_mat_file_agrees_with_its_header),
        cmocka_unit_test(gains_units_and_places_are_read),
        cmocka_unit_test(a_part_is_the_same_as_that_part_of_the_whole),
        cmocka_unit_test(bad_headers_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
