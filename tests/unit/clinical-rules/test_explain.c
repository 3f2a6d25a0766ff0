/* SPDX-License-Identifier: Apache-2.0 */
/* A result in words: every kind of value as a reader knows it. */
#include "forms.h"

static const char *explain(const char *rule, enum jz_language language, int64_t now_ms) {
    static char text[8192];
    struct jz_assessment a = now(rule, now_ms);
    size_t bytes = jz_explain_text(program, rule_index(program, rule), &a, language, text, sizeof text);
    assert_int_equal(bytes, strlen(text));
    return text;
}

static void says(const char *rule, enum jz_language language, const char *line) {
    const char *text = explain(rule, language, T0);
    if (!strstr(text, line)) fail_msg("no '%s' in:\n%s", line, text);
}

static void yes_and_no_are_in_the_language_of_the_reader(void **state) {
    (void)state;
    begin(criterion("", "{any: [seizure, syncope]}"));
    see("seizure", 1, T0);
    see("syncope", 0, T0);
    says("X", JZ_EN, " yes (0 min 0 s ago, decisive)\n");
    says("X", JZ_EN, " no (0 min 0 s ago)\n");
    says("X", JZ_ZH, " 是 (0 min 0 s 前, 决定性)\n");
    says("X", JZ_ZH, " 否 (0 min 0 s 前)\n");
}

static void dates_are_dates(void **state) {
    (void)state;
    static const struct {
        int32_t days;
        const char *date;
    } rows[] = {{19676, "2023-11-15"}, {19782, "2024-02-29"}, {19783, "2024-03-01"}, {19722, "2023-12-31"},
                {19723, "2024-01-01"}, {11016, "2000-02-29"}, {20088, "2024-12-31"}};
    begin(criterion("", "today - lmp_date > 280"));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        see("lmp_date", rows[i].days, T0);
        says("X", JZ_EN, rows[i].date);
    }
    see("lmp_date", 19676, T0);
    says("X", JZ_ZH, "2023-11-15");
}

static void an_event_has_a_time_and_no_value(void **state) {
    (void)state;
    begin(criterion("", "since fmc > 10 min"));
    see("fmc", 1, T0 - 3 * MINUTE);
    const char *text = explain("X", JZ_EN, T0);
    assert_null(strstr(text, "  "));
    assert_non_null(strstr(text, " (3 min 0 s ago"));
}

static void numbers_have_their_scale_and_unit_and_words_are_words(void **state) {
    (void)state;
    begin(criterion("", "{all: [temp_c >= 300, sex = male, sbp < 90]}"));
    see("temp_c", 372, T0);
    see("sex", 1, T0);
    see("sbp", 85, T0);
    says("X", JZ_EN, " 37.2 Cel (");
    says("X", JZ_EN, " male (");
    says("X", JZ_ZH, " 男 (");
    says("X", JZ_EN, " 85 mm[Hg] (");
}

/* One line of an explanation that rests on nothing but this value; the head of the text stays the rule's. */
static void says_value(uint32_t f, int32_t value, enum jz_language language, const char *line) {
    static char text[8192];
    struct jz_assessment a = now("X", T0);
    a.used_count = 1;
    a.used[0].taken_ms = T0;
    a.used[0].field = (uint16_t)f;
    a.used[0].value = value;
    a.used[0].validity = JZ_VALID;
    (void)jz_explain_text(program, rule_index(program, "X"), &a, language, text, sizeof text);
    if (!strstr(text, line)) fail_msg("no '%s' in:\n%s", line, text);
}

static void no_word_of_a_table_stands_in_a_chinese_explanation(void **state) {
    (void)state;
    char zh[512], en[512];
    const char *word;
    uint32_t seen = 0;
    begin(criterion("", "sbp < 90"));
    for (uint32_t f = 0; f < jz_field_count(); f++) {
        const struct jz_field *def = jz_field_at(f);
        for (const struct jz_field_text *text = def->text; text && text->zh; text++, seen++) {
            char bare[64];
            int bytes = (int)jz_field_word_of(f, text->value, &word);
            assert_in_range(bytes, 1, sizeof bare - 1);
            snprintf(bare, sizeof bare, "%.*s", bytes, word);
            if (strstr(text->zh, bare)) fail_msg("%s: '%s' in '%s'", def->name, bare, text->zh);
            snprintf(zh, sizeof zh, ": %s %s (0 min 0 s 前", def->zh, text->zh);
            snprintf(en, sizeof en, ": %s %s (0 min 0 s ago", def->en, text->en);
            says_value(f, text->value, JZ_ZH, zh);
            says_value(f, text->value, JZ_EN, en);
        }
    }
    assert_true(seen > 500);
}

int main(void) {
#define TEST(name) cmocka_unit_test_teardown(name, end)
    const struct CMUnitTest tests[] = {
        TEST(yes_and_no_are_in_the_language_of_the_reader),
        TEST(dates_are_dates),
        TEST(an_event_has_a_time_and_no_value),
        TEST(numbers_have_their_scale_and_unit_and_words_are_words),
        TEST(no_word_of_a_table_stands_in_a_chinese_explanation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
