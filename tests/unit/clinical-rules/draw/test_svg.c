/* SPDX-License-Identifier: Apache-2.0 */
#include "paper.h"

static struct jz_svg begin(void) {
    paper.bytes = 0;
    paper.text[0] = 0;
    return (struct jz_svg){.write = keep};
}

static void lengths_are_exact_millimetres(void **state) {
    (void)state;
    static const struct {
        int64_t um;
        const char *text;
    } rows[] = {{0, "0"},       {1000, "1"},     {1500, "1.5"}, {1050, "1.05"},          {1001, "1.001"},
                {-1, "-0.001"}, {-2500, "-2.5"}, {100, "0.1"},  {12345678, "12345.678"}, {-1000, "-1"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct jz_svg svg = begin();
        jz_svg_mm(&svg, rows[i].um);
        assert_string_equal(paper.text, rows[i].text);
    }
}

static void a_small_drawing_is_this_text(void **state) {
    (void)state;
    struct jz_svg svg = begin();
    jz_svg_begin(&svg, 20000, 10000, "a<b", "text{fill:#111}");
    jz_svg_path(&svg, "t");
    jz_svg_move(&svg, 0, 5000);
    jz_svg_to(&svg, 50, 4990);
    jz_svg_path_end(&svg);
    jz_svg_text(&svg, "name", 1000, 2000, "II & \"aVF\" 下壁");
    jz_svg_grid(&svg, "g", 0, 0, 2000, 1000, 1000, 1000);
    jz_svg_end(&svg);
    assert_string_equal(paper.text,
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20mm\" height=\"10mm\" "
                        "viewBox=\"0 0 20 10\" xml:space=\"preserve\">\n"
                        "<title>a&lt;b</title>\n"
                        "<style>text{fill:#111}</style>\n"
                        "<rect class=\"sheet\" x=\"0\" y=\"0\" width=\"20\" height=\"10\"/>\n"
                        "<path class=\"t\" d=\"M0 5L0.05 4.99\"/>\n"
                        "<text class=\"name\" x=\"1\" y=\"2\">II &amp; &quot;aVF&quot; 下壁</text>\n"
                        "<path class=\"g\" d=\"M0 0V1M1 0V1M2 0V1M0 0H2M0 1H2\"/>\n"
                        "</svg>\n");
}

static void bytes_that_are_no_text_become_question_marks(void **state) {
    (void)state;
    struct jz_svg svg = begin();
    jz_svg_escaped(&svg, "a\x01\xff\xe4\xb8z", 6);
    assert_string_equal(paper.text, "a????z");
}

static void a_drawing_ends_at_its_limit(void **state) {
    (void)state;
    struct jz_svg svg = begin();
    svg.written = JZ_SVG_BYTES_MAX - 3;
    jz_svg_raw(&svg, "abc");
    assert_false(svg.full);
    jz_svg_raw(&svg, "d");
    assert_true(svg.full);
    jz_svg_raw(&svg, "");
    assert_string_equal(paper.text, "abc");
}

static void text_is_wrapped_at_blanks_and_between_chinese_characters(void **state) {
    (void)state;
    struct jz_svg svg = begin();
    /* 10 mm at a size of 1 mm: ten Chinese characters, twenty Latin ones. */
    assert_int_equal(jz_svg_wrapped(&svg, "l", 0, 0, 10000, 1000, 2000, 9, "one two three four five six"), 2);
    has(">one two three four</text>");
    has("y=\"2\">five six</text>");
    svg = begin();
    assert_int_equal(jz_svg_wrapped(&svg, "l", 0, 0, 10000, 1000, 2000, 9, "一二三四五六七八九十，甲乙"), 2);
    has(">一二三四五六七八九</text>");
    has(">十，甲乙</text>"); /* a line begins with no comma */
    svg = begin();
    assert_int_equal(jz_svg_wrapped(&svg, "l", 0, 0, 10000, 1000, 2000, 1, "一二三四五六七八九十甲乙"), 1);
    has(">一二三四五六七八九十…</text>");
}

static void labels_keep_signs_and_tenths(void **state) {
    (void)state;
    struct jz_label label = {.bytes = 0};
    jz_label_int(&label, 210, true);
    jz_label_add(&label, " ");
    jz_label_int(&label, -65, true);
    jz_label_add(&label, " ");
    jz_label_int(&label, 0, true);
    jz_label_add(&label, " ");
    jz_label_x10(&label, 723);
    jz_label_add(&label, " ");
    jz_label_x10(&label, -5);
    assert_string_equal(label.text, "+210 −65 0 72.3 −0.5");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_are_exact_millimetres),
        cmocka_unit_test(a_small_drawing_is_this_text),
        cmocka_unit_test(bytes_that_are_no_text_become_question_marks),
        cmocka_unit_test(a_drawing_ends_at_its_limit),
        cmocka_unit_test(text_is_wrapped_at_blanks_and_between_chinese_characters),
        cmocka_unit_test(labels_keep_signs_and_tenths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
