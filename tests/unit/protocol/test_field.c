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
    assert_int_equal(temperature->spike, 0);
    assert_string_equal(temperature->loinc, "8310-5");
    assert_string_equal(temperature->words, "");
    assert_string_equal(temperature->zh, "体温");
    assert_string_equal(temperature->en, "Temperature");
    assert_string_equal(jz_field_at(jz_field_by_name("on_oxygen"))->loinc, "");
}

static void a_word_is_a_value_and_back(void **state) {
    (void)state;
    uint32_t acvpu = jz_field_by_name("acvpu");
    int32_t value = 0;
    const char *word = NULL;
    assert_true(jz_field_word(acvpu, "P", &value));
    assert_int_equal(value, 4);
    assert_int_equal(jz_field_word_of(acvpu, 4, &word), 1);
    assert_memory_equal(word, "P", 1);
    assert_false(jz_field_word(acvpu, "p", &value));
    assert_false(jz_field_word(acvpu, "", &value));
    assert_int_equal(jz_field_word_of(acvpu, 6, &word), 0);
    assert_false(jz_field_word(jz_field_by_name("pregnancy"), "pregnan", &value));
    assert_false(jz_field_word(jz_field_by_name("pregnancy"), "pregnant=", &value));
    assert_false(jz_field_word(jz_field_by_name("sbp"), "no", &value));
    assert_int_equal(jz_field_word_of(jz_field_by_name("sbp"), 1, &word), 0);
}

static bool is_ascii(const char *text) {
    while (*text && (unsigned char)*text < 0x80u) text++;
    return !*text;
}

static void every_word_has_a_chinese_and_an_english_text_of_its_own(void **state) {
    (void)state;
    uint32_t words = 0;
    for (uint32_t i = 0; i < jz_field_count(); i++) {
        const struct jz_field *field = jz_field_at(i);
        bool has_words = strcmp(field->unit, "{enum}") == 0 || strcmp(field->unit, "{bool}") == 0;
        assert_int_equal(*field->words != 0, has_words);
        for (int32_t value = field->min; has_words && value <= field->max; value++) {
            const char *word;
            const struct jz_field_text *text = jz_field_text_of(i, value);
            assert_int_equal(text != NULL, jz_field_word_of(i, value, &word) > 0);
            if (!text) continue;
            words++;
            assert_false(is_ascii(text->zh));
            assert_true(*text->en && is_ascii(text->en));
            for (const struct jz_field_text *other = field->text; other != text; other++) {
                assert_string_not_equal(other->zh, text->zh);
                assert_string_not_equal(other->en, text->en);
            }
        }
    }
    assert_true(words > 500);
    assert_null(jz_field_text_of(jz_field_by_name("sbp"), 1));
    assert_null(jz_field_text_of(jz_field_by_name("acvpu"), 6));
    const struct jz_field_text *pain = jz_field_text_of(jz_field_by_name("acvpu"), 4);
    assert_string_equal(pain->zh, "对疼痛有反应");
    assert_string_equal(pain->en, "responds to pain");
}

static void yes_and_no_are_words_of_every_bool(void **state) {
    (void)state;
    for (uint32_t i = 0; i < jz_field_count(); i++) {
        if (strcmp(jz_field_at(i)->unit, "{bool}") != 0) continue;
        int32_t value = -1;
        assert_true(jz_field_word(i, "no", &value) && value == 0);
        assert_true(jz_field_word(i, "yes", &value) && value == 1);
    }
}

static void fields_with_a_spike_gate_are_numbered_from_0(void **state) {
    (void)state;
    int32_t next = 0;
    for (uint32_t i = 0; i < jz_field_count(); i++)
        assert_int_equal(jz_field_at(i)->spike_row, jz_field_at(i)->spike > 0 ? next++ : -1);
    assert_in_range(next, 1, JZ_SPIKE_FIELDS_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_found_by_its_code_and_its_name),
        cmocka_unit_test(codes_beside_a_row_are_unknown),
        cmocka_unit_test(a_row_is_the_table_row),
        cmocka_unit_test(a_word_is_a_value_and_back),
        cmocka_unit_test(every_word_has_a_chinese_and_an_english_text_of_its_own),
        cmocka_unit_test(yes_and_no_are_words_of_every_bool),
        cmocka_unit_test(fields_with_a_spike_gate_are_numbered_from_0),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
