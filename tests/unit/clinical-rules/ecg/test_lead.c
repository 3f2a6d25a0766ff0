/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "jingzhu/ecg.h"

static void names_and_codes_are_the_standards(void **state) {
    (void)state;
    static const struct {
        enum jz_ecg_lead lead;
        const char *name;
        uint32_t code;
    } row[] = {
        {JZ_LEAD_I, "I", 131073},     {JZ_LEAD_II, "II", 131074},   {JZ_LEAD_III, "III", 131133},
        {JZ_LEAD_AVR, "aVR", 131134}, {JZ_LEAD_AVL, "aVL", 131135}, {JZ_LEAD_AVF, "aVF", 131136},
        {JZ_LEAD_V1, "V1", 131075},   {JZ_LEAD_V2, "V2", 131076},   {JZ_LEAD_V3, "V3", 131077},
        {JZ_LEAD_V4, "V4", 131078},   {JZ_LEAD_V5, "V5", 131079},   {JZ_LEAD_V6, "V6", 131080},
        {JZ_LEAD_V3R, "V3R", 131083}, {JZ_LEAD_V4R, "V4R", 131084}, {JZ_LEAD_V7, "V7", 131081},
        {JZ_LEAD_V8, "V8", 131138},   {JZ_LEAD_V9, "V9", 131139},
    };
    assert_int_equal(sizeof row / sizeof row[0], JZ_LEAD_COUNT);
    for (unsigned i = 0; i < JZ_LEAD_COUNT; i++) {
        assert_string_equal(jz_ecg_lead_name(row[i].lead), row[i].name);
        assert_int_equal(jz_ecg_lead_code(row[i].lead), row[i].code);
        assert_int_equal(jz_ecg_lead_of_code(row[i].code), row[i].lead);
    }
}

static void what_is_no_lead_of_ours_is_none(void **state) {
    (void)state;
    static const uint32_t code[] = {0, 131072, 131082, 131085, 131137, 131140, 147842, UINT32_MAX};
    for (unsigned i = 0; i < sizeof code / sizeof code[0]; i++)
        assert_int_equal(jz_ecg_lead_of_code(code[i]), JZ_LEAD_COUNT);
    assert_int_equal(jz_ecg_lead_code(JZ_LEAD_COUNT), 0);
    assert_string_equal(jz_ecg_lead_name(JZ_LEAD_COUNT), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_codes_are_the_standards),
        cmocka_unit_test(what_is_no_lead_of_ours_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
