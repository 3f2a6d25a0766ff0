/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "csv.h"

#define DATA JZ_SOURCE_DIR "/tests/data/"

static void numbers_are_exact_or_refused(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum jz_status status;
        int32_t value;
    } rows[] = {
        {"126.25", JZ_OK, 126250},
        {"0", JZ_OK, 0},
        {"-0.5", JZ_OK, -500},
        {"36.8", JZ_OK, 36800},
        {"1.001", JZ_OK, 1001},
        {"1.0001", JZ_E_VALUE, 0},
        {"2000000", JZ_OK, 2000000000},
        {"2000001", JZ_E_VALUE, 0},
        {"", JZ_E_VALUE, 0},
        {".5", JZ_E_VALUE, 0},
        {"1.", JZ_E_VALUE, 0},
        {"1e3", JZ_E_VALUE, 0},
        {"1,5", JZ_E_VALUE, 0},
        {"nan", JZ_E_VALUE, 0},
        {"--1", JZ_E_VALUE, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int32_t value = 1;
        if (jz_csv_number(rows[i].text, &value) != rows[i].status) fail_msg("%s", rows[i].text);
        if (rows[i].status == JZ_OK) assert_int_equal(value, rows[i].value);
    }
}

static void a_ctg_is_read_in_quarters_with_its_signal_loss(void **state) {
    (void)state;
    static const char *const names[] = {"uc", "fhr_bpm"};
    static int32_t values[2 * 7201];
    uint32_t rows, line;
    assert_int_equal(jz_csv_read(DATA "ctg/ctu_1308_30min.csv", names, 2, 0, 7201, values, &rows, &line),
                     JZ_OK);
    assert_int_equal(rows, 7200);
    assert_int_equal(values[0], 1000);
    assert_int_equal(values[1], 139500);
    assert_int_equal(values[3], 140250);
}

static void a_missing_cell_is_missing_and_never_zero(void **state) {
    (void)state;
    static const char *const names[] = {"HR", "PULSE", "RESP", "SpO2"};
    int32_t values[4];
    uint32_t rows;
    assert_int_equal(jz_csv_read(DATA "vitals/bidmc_44_Numerics.csv", names, 4, 316, 1, values, &rows, NULL),
                     JZ_OK);
    assert_int_equal(rows, 1);
    assert_int_equal(values[0], 89000);
    assert_int_equal(values[1], JZ_CSV_MISSING);
    assert_int_equal(values[2], 17000);
    assert_int_equal(values[3], JZ_CSV_MISSING);
}

static void what_is_not_there_is_told(void **state) {
    (void)state;
    static const char *const names[] = {"HR", "EtCO2"};
    int32_t values[2];
    uint32_t rows = 9, line;
    assert_int_equal(jz_csv_read(DATA "no.csv", names, 1, 0, 1, values, &rows, &line), JZ_E_FILE);
    assert_int_equal(rows, 0);
    assert_int_equal(jz_csv_read(DATA "vitals/bidmc_04_Numerics.csv", names, 2, 0, 1, values, &rows, &line),
                     JZ_E_FORMAT);
    assert_int_equal(line, 1);
    assert_int_equal(jz_csv_read(DATA "vitals/bidmc_04_Numerics.csv", names, 1, 480, 2, values, &rows, &line),
                     JZ_OK);
    assert_int_equal(rows, 1); /* 481 rows */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_exact_or_refused),
        cmocka_unit_test(a_ctg_is_read_in_quarters_with_its_signal_loss),
        cmocka_unit_test(a_missing_cell_is_missing_and_never_zero),
        cmocka_unit_test(what_is_not_there_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
