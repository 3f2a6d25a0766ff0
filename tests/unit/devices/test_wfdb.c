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

/* Records made here. */

static char folder[] = "/tmp/jz-wfdb2-XXXXXX", base[64];

static void put(const char *ending, const void *data, size_t bytes) {
    char path[80];
    snprintf(path, sizeof path, "%s%s", base, ending);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, bytes, file), bytes);
    fclose(file);
}
static void put_header(const char *text) {
    put(".hea", text, strlen(text));
}
static int make_folder(void **state) {
    (void)state;
    if (!mkdtemp(folder)) return -1;
    snprintf(base, sizeof base, "%s/r", folder);
    return 0;
}
static int drop_folder(void **state) {
    (void)state;
    static const char *const endings[] = {".hea", ".dat"};
    for (size_t i = 0; i < 2; i++) {
        char path[80];
        snprintf(path, sizeof path, "%s%s", base, endings[i]);
        unlink(path);
    }
    return rmdir(folder);
}

static void bad_headers_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum jz_status status;
    } rows[] = {
        {"r 1 500 10\nr.dat 16 200 16 0 1 2 0 I\n", JZ_OK},
        {"r 1 500 10\nr.dat 16+24 1000(5)/mV 16 0 1 2 0 I\n", JZ_OK},
        {"r 1 500 10\nr.dat 212 200 12 0 1 2 0 I\n", JZ_OK},
        {"r 1 500 10\nr.dat 80 200 8 0 1 2 0 I\n", JZ_E_FORMAT}, /* another format */
        {"r 2 500 10\nr.dat 16 200 16 0 1 2 0 I\nr.dat 212 200 16 0 1 2 0 II\n",
         JZ_E_FORMAT},                                        /* two in one file */
        {"r 1 500 10\nr.dat 16 200 16 0 1 2 0\n", JZ_OK},     /* no name */
        {"r 1 500 10\nr.dat 16 16 0 1 2 0 I\n", JZ_E_FORMAT}, /* no gain: a column is missing */
        {"r 1 500 10\nr.dat 16x1+24 200 16 0 1 2 0 I\n", JZ_OK},
        {"r 1 500 10\nr.dat 16x12 200 16 0 1 2 0 I\n", JZ_E_FORMAT},
        {"r 1 500 10\nr.dat 16x2 200 16 0 1 2 0 I\n", JZ_E_FORMAT},  /* several samples a frame */
        {"r 1 500 10\n../r.dat 16 200 16 0 1 2 0 I\n", JZ_E_FORMAT}, /* leaves its folder */
        {"r 2 500 10\nr.dat 16 200 16 0 1 2 0 I\n", JZ_E_FORMAT},    /* a signal is missing */
        {"r/2 1 500 10\nr.dat 16 200 16 0 1 2 0 I\n", JZ_E_FORMAT},  /* multi-segment */
        {"r 16 500 10\n", JZ_E_FORMAT},
        {"r 17 500 10\n", JZ_E_FORMAT},
        {"r 1 0 10\nr.dat 16 200 16 0 1 2 0 I\n", JZ_E_FORMAT},
        {"r 1 500 0\nr.dat 16 200 16 0 1 2 0 I\n", JZ_E_FORMAT},
        {"r 1 500 100000001\nr.dat 16 200 16 0 1 2 0 I\n", JZ_E_FORMAT},
        {"r 1 500 10\nr.dat 16 -1 16 0 1 2 0 I\n", JZ_E_FORMAT},
        {"r 1 500 10\nr.dat 16 200()/mV 16 0 1 2 0 I\n", JZ_E_FORMAT},
        {"r 1 500 10\nr.dat 16 200(99999999999)/mV 16 0 1 2 0 I\n", JZ_E_FORMAT},
        {"r 1 500 10\nr.dat 16 200(-65537)/mV 16 0 1 2 0 I\n", JZ_E_FORMAT},
        {"", JZ_E_FORMAT},
    };
    char path[80];
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
}

/* signal(5): 1, -1, 2047, -2047, then "no sample" and 5. */
static void twelve_bit_samples_in_three_bytes_a_pair_are_unpacked(void **state) {
    (void)state;
    static const uint8_t data[] = {0x01, 0xf0, 0xff, 0xff, 0x87, 0x01, 0x00, 0x08, 0x05};
    static const int32_t expected[] = {1, -1, 2047, -2047, JZ_WFDB_MISSING, 5};
    struct jz_wfdb record;
    int32_t got[6];
    put(".dat", data, sizeof data);
    put_header("r 1 360 6\nr.dat 212 200(0)/mV 12 0 1 0 0 MLII\n");
    assert_int_equal(jz_wfdb_open(base, &record), JZ_OK);
    assert_int_equal(jz_wfdb_read(&record, 0, 0, 6, got), JZ_OK);
    assert_memory_equal(got, expected, sizeof got);
    for (uint32_t i = 0; i < 6; i++) { /* any one of them alone */
        assert_int_equal(jz_wfdb_read(&record, 0, i, 1, got), JZ_OK);
        assert_int_equal(got[0], expected[i]);
    }
    put_header("r 2 360 3\nr.dat 212 200 12 0 1 0 0 MLII\nr.dat 212 200 12 0 -1 0 0 V1\n");
    assert_int_equal(jz_wfdb_open(base, &record), JZ_OK);
    assert_int_equal(jz_wfdb_read(&record, 1, 0, 3, got), JZ_OK);
    assert_int_equal(got[0], -1);
    assert_int_equal(got[1], -2047);
    assert_int_equal(got[2], 5);
    assert_int_equal(jz_wfdb_read(&record, 0, 0, 3, got), JZ_OK);
    assert_int_equal(got[1], 2047);
}

static void an_odd_number_of_twelve_bit_samples_ends_in_two_bytes(void **state) {
    (void)state;
    static const uint8_t data[] = {0x01, 0xf0, 0xff, 0x07, 0x00};
    struct jz_wfdb record;
    int32_t got[4];
    put(".dat", data, sizeof data);
    put_header("r 1 360 3\nr.dat 212 200 12 0 1 0 0 MLII\n");
    assert_int_equal(jz_wfdb_open(base, &record), JZ_OK);
    assert_int_equal(jz_wfdb_read(&record, 0, 0, 3, got), JZ_OK);
    assert_int_equal(got[2], 7);
    put_header("r 1 360 4\nr.dat 212 200 12 0 1 0 0 MLII\n");
    assert_int_equal(jz_wfdb_open(base, &record), JZ_OK);
    assert_int_equal(jz_wfdb_read(&record, 0, 0, 4, got), JZ_E_FILE); /* shorter than the header says */
}

static void what_is_wrong_with_a_header_is_said_with_its_line(void **state) {
    (void)state;
    static const struct {
        const char *text, *what;
        uint32_t line;
    } rows[] = {
        {"# c\nr 2 500 10\nr.dat 16 200 16 0 1 2 0 I\n# c\nr.dat 80 200 8 0 1 2 0 II\n", "format 16 or 212",
         5},
        {"r 1 500\nr.dat 16 200 16 0 1 2 0 I\n", "number of samples", 1},
        {"r 1 fast 10\n", "sampling rate", 1},
        {"r/3 1 500 10\n", "several segments", 1},
        {"r 1 500 10\nr.dat 16 x/mV 16 0 1 2 0 I\n", "gain", 2},
        {"r 1 500 10\nr.dat 16 200\n", "eight columns", 2},
        {"r 1 500 10\n", "ends early", 1},
    };
    struct jz_wfdb record;
    struct jz_wfdb_problem problem;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        put_header(rows[i].text);
        assert_int_equal(jz_wfdb_open_or_say(base, &record, &problem), JZ_E_FORMAT);
        if (!strstr(problem.what, rows[i].what) || problem.line != rows[i].line)
            fail_msg("row %zu: line %u: %s", i, problem.line, problem.what);
    }
    assert_int_equal(jz_wfdb_open_or_say("/tmp/jz-no-such-record", &record, &problem), JZ_E_FILE);
    assert_int_equal(problem.line, 0);
}

static void a_header_without_gain_is_not_calibrated(void **state) {
    (void)state;
    struct jz_wfdb record;
    put_header("r 1 500 10\nr.dat 16 0 16 0 1 2 0 I\n");
    assert_int_equal(jz_wfdb_open(base, &record), JZ_OK);
    assert_false(record.signal[0].calibrated);
    put_header("r 1 500 10\nr.dat 16 1000/mV 16 0 1 2 0 I\n");
    assert_int_equal(jz_wfdb_open(base, &record), JZ_OK);
    assert_true(record.signal[0].calibrated);
}

static void comments_say_whom_a_record_is_of(void **state) {
    (void)state;
    static const struct {
        const char *comment;
        int age;
        char sex;
    } rows[] = {
        {"#Age: 81\n#Sex: Female\n", 81, 'f'},
        {"# age: 54\n# sex: male\n", 54, 'm'},
        {"# <age>: 25  <sex>: M  <diagnoses>: (none)\n", 25, 'm'},
        {"#Age: NaN\n#Sex: Unknown\n", -1, 0},
        {"# age: 300\n", -1, 0},
        {"# Dosage: 30 mg\n# Essex: Male\n", -1, 0},
        {"", -1, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[256];
        struct jz_wfdb_person person;
        snprintf(text, sizeof text, "r 1 500 10\nr.dat 16 200 16 0 1 2 0 I\n%s", rows[i].comment);
        put_header(text);
        jz_wfdb_person(base, &person);
        if (person.age_years != rows[i].age || person.sex != rows[i].sex)
            fail_msg("%s: age %d, sex %d", rows[i].comment, person.age_years, person.sex);
    }
    struct jz_wfdb_person person;
    jz_wfdb_person(MAT, &person);
    assert_int_equal(person.age_years, 81);
    assert_int_equal(person.sex, 'f');
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_of_two_files_agrees_with_its_header),
        cmocka_unit_test(a_challenge_mat_file_agrees_with_its_header),
        cmocka_unit_test(gains_units_and_places_are_read),
        cmocka_unit_test(a_part_is_the_same_as_that_part_of_the_whole),
        cmocka_unit_test(bad_headers_are_refused),
        cmocka_unit_test(twelve_bit_samples_in_three_bytes_a_pair_are_unpacked),
        cmocka_unit_test(an_odd_number_of_twelve_bit_samples_ends_in_two_bytes),
        cmocka_unit_test(what_is_wrong_with_a_header_is_said_with_its_line),
        cmocka_unit_test(a_header_without_gain_is_not_calibrated),
        cmocka_unit_test(comments_say_whom_a_record_is_of),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
