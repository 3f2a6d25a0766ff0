/* SPDX-License-Identifier: Apache-2.0 */
#include "jingzhu/field.h"

#include "jingzhu/limits.h"

#include "hex.h"

static void every_row_is_found_by_its_code_and_its_name(void **state) {
    (void)state;
    assert_in_range(jz_field_count(), 1, JZ_FIELDS_MAX);
    for (uint32_t i = 0; i < jz_field_count(); i++) {
        assert_int_equal(jz_field_by_code(jz_field_at(i)->code), i);
        assert_int_equal(jz_field_by_name(jz_field_at(i)->name), i);
    }
}

static void codes_beside_a_row_are_unknown(void **state) {
    (void)state;
    for (uint32_t i = 0; i < jz_field_count(); i++) {
        uint32_t code = jz_field_at(i)->code;
        bool follows = i + 1 < jz_field_count() && jz_field_at(i + 1)->code == code + 1;
        if (!follows) assert_int_equal(jz_field_by_code(code + 1), JZ_FIELD_UNKNOWN);
    }
    assert_int_equal(jz_field_by_code(0), JZ_FIELD_UNKNOWN);
    assert_int_equal(jz_field_by_code(UINT32_MAX), JZ_FIELD_UNKNOWN);
    assert_int_equal(jz_field_by_name(""), JZ_FIELD_UNKNOWN);
    assert_int_equal(jz_field_by_name("sbp "), JZ_FIELD_UNKNOWN);
}

static void a_row_is_the_table_row(void **state) {
    (void)state;
    const struct jz_field *temperature = jz_field_at(jz_field_by_code(150364));
    assert_string_equal(temperature->term, "MDC_TEMP_BODY");
    assert_string_equal(temperature->name, "temp_c");
    assert_int_equal(temperature->kind, 'v');
    assert_int_equal(temperature->scale, 10);
    assert_string_equal(temperature->unit, "Cel");
    assert_int_equal(temperature->min, 250);
    assert_int_equal(temperature->max, 450);
    assert_int_equal(temperature->fresh_s, 900);
    assert_string_equal(temperature->loinc, "8310-5");
    assert_string_equal(temperature->zh, "体温");
    assert_string_equal(temperature->en, "Temperature");
    assert_string_equal(jz_field_at(jz_field_by_name("on_oxygen"))->loinc, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_found_by_its_code_and_its_name),
        cmocka_unit_test(codes_beside_a_row_are_unknown),
        cmocka_unit_test(a_row_is_the_table_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
