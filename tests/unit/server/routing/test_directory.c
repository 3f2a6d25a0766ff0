/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "directory.h"

static struct jz_directory two(void) {
    struct jz_directory d = {.facility_count = 2, .capability_count = 2};
    strcpy(d.capability[0], "pci_24h");
    strcpy(d.capability[1], "ecmo");
    strcpy(d.facility[0].id, "gy-1");
    strcpy(d.facility[1].id, "gy-1-ldb");
    d.facility[0].capability[1] = JZ_CAPABILITY_ASSUMED;
    d.facility[1].capability[0] = JZ_CAPABILITY_CONFIRMED;
    return d;
}

static void a_facility_is_found_by_its_whole_id_only(void **state) {
    static const struct {
        const char *id;
        size_t bytes;
        uint32_t index;
    } rows[] = {{"gy-1", 4, 0},          {"gy-1-ldb", 8, 1},
                {"gy-1-ldb", 4, 0},      {"gy-1-ld", 7, UINT32_MAX},
                {"gy-", 3, UINT32_MAX},  {"", 0, UINT32_MAX},
                {"gy-2", 4, UINT32_MAX}, {"0123456789abcdef", 16, UINT32_MAX}};
    struct jz_directory d = two();
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(jz_directory_facility(&d, rows[i].id, rows[i].bytes), rows[i].index);
}

static void an_id_of_fifteen_bytes_is_found(void **state) {
    struct jz_directory d = two();
    (void)state;
    strcpy(d.facility[1].id, "0123456789abcde");
    assert_int_equal(jz_directory_facility(&d, "0123456789abcde", 15), 1);
}

static void a_capability_is_looked_up_by_key(void **state) {
    struct jz_directory d = two();
    (void)state;
    assert_int_equal(jz_directory_capability_index(&d, "ecmo"), 1);
    assert_int_equal(jz_directory_capability(&d, 0, "ecmo"), JZ_CAPABILITY_ASSUMED);
    assert_int_equal(jz_directory_capability(&d, 0, "pci_24h"), JZ_CAPABILITY_ABSENT);
    assert_int_equal(jz_directory_capability(&d, 1, "pci_24h"), JZ_CAPABILITY_CONFIRMED);
}

static void what_the_directory_does_not_know_is_unknown_and_not_absent(void **state) {
    struct jz_directory d = two();
    (void)state;
    assert_int_equal(jz_directory_capability_index(&d, "tox"), UINT32_MAX);
    assert_int_equal(jz_directory_capability(&d, 0, "tox"), JZ_CAPABILITY_UNKNOWN);
    assert_int_equal(jz_directory_capability(&d, 2, "ecmo"), JZ_CAPABILITY_UNKNOWN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_facility_is_found_by_its_whole_id_only),
        cmocka_unit_test(an_id_of_fifteen_bytes_is_found),
        cmocka_unit_test(a_capability_is_looked_up_by_key),
        cmocka_unit_test(what_the_directory_does_not_know_is_unknown_and_not_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
