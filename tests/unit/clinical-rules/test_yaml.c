/* SPDX-License-Identifier: Apache-2.0 */
/* The reader's values, places and cures; and whatever bytes come as a pack: a program or a placed refusal, never a
 * crash, a leak or an endless loop. */
#include "jingzhu/yaml.h"
#include "support.h"

#define ROUNDS 600
#define BYTES_MAX 1024u

static struct jz_yaml yaml;
static struct jz_pack_error error;

static struct fy_node *open_bytes(const char *text, size_t bytes) {
    struct jz_pack_source source = {"t.yaml", text, bytes};
    error = (struct jz_pack_error){0};
    return jz_yaml_open(&yaml, &source, BYTES_MAX, &error);
}

static struct fy_node *open_text(const char *text) {
    return open_bytes(text, strlen(text));
}

static int teardown(void **state) {
    (void)state;
    jz_yaml_close(&yaml);
    return 0;
}

/* The refusal is the one expected, in every part. */
static void refused_at(int line, int column, const char *cure) {
    assert_true(yaml.refused);
    assert_int_equal(yaml.status, JZ_E_CONFIG);
    assert_string_equal(error.file, "t.yaml");
    if (error.line != line || error.column != column || !strstr(error.text, cure))
        fail_msg("%d:%d: %s (expected %d:%d: %s)", error.line, error.column, error.text, line, column, cure);
}

static void decimals_become_degrees_exactly(void **state) {
    static const struct {
        const char *text;
        bool good;
        int32_t e7;
    } rows[] = {{"0", true, 0},
                {"90", true, 900000000},
                {"-90", true, -900000000},
                {"89.9999999", true, 899999999},
                {"26.5705", true, 265705000},
                {"-0.0000001", true, -1},
                {"90.0000001", false, 0},
                {"1000", false, 0},
                {"+1", false, 0},
                {".5", false, 0},
                {"1.", false, 0},
                {"1.12345678", false, 0},
                {"1,5", false, 0},
                {"-", false, 0},
                {"\"1 \"", false, 0},
                {"0x1", false, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[64];
        snprintf(text, sizeof text, "a: %s", rows[i].text);
        struct fy_node *root = open_text(text);
        assert_int_equal(jz_yaml_degrees(&yaml, jz_yaml_get(root, "a"), "a", 90), rows[i].e7);
        if (yaml.refused == rows[i].good) fail_msg("%s", rows[i].text);
        jz_yaml_close(&yaml);
    }
}

static void whole_numbers_keep_their_bounds(void **state) {
    static const struct {
        const char *text;
        bool good;
    } rows[] = {{"5", true},    {"10", true},  {"4", false}, {"11", false},   {"0000000000000005", false},
                {"5.0", false}, {"-5", false}, {"x", false}, {"\"\"", false}, {"[5]", false}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[64];
        snprintf(text, sizeof text, "a: %s", rows[i].text);
        struct fy_node *root = open_text(text);
        int64_t value = jz_yaml_number(&yaml, jz_yaml_get(root, "a"), "a", 5, 10);
        if (yaml.refused == rows[i].good) fail_msg("%s", rows[i].text);
        assert_true(value >= 5 && value <= 10);
        jz_yaml_close(&yaml);
    }
}

static void numbers_of_15_digits_are_exact_and_longer_ones_refused(void **state) {
    (void)state;
    int64_t value = 0;
    assert_true(jz_yaml_parse_number("999999999999999", &value));
    assert_int_equal(value, 999999999999999);
    assert_true(jz_yaml_parse_number("-1", &value));
    assert_int_equal(value, -1);
    assert_false(jz_yaml_parse_number("1000000000000000", &value));
    assert_false(jz_yaml_parse_number("", &value));
    assert_false(jz_yaml_parse_number("-", &value));
}

static void the_first_refusal_sticks(void **state) {
    char text[4] = "xxx";
    (void)state;
    struct fy_node *root = open_text("a: 1\nb: 2\n");
    assert_false(jz_yaml_refuse(&yaml, jz_yaml_get(root, "b"), "first"));
    jz_yaml_refuse(&yaml, NULL, "second");
    jz_yaml_no_memory(&yaml);
    refused_at(2, 4, "first");
    assert_false(jz_yaml_text(&yaml, jz_yaml_get(root, "a"), "a", text, sizeof text));
    assert_string_equal(text, "");
    assert_int_equal(jz_yaml_number(&yaml, jz_yaml_get(root, "a"), "a", 0, 9), 0);
    assert_null(jz_yaml_map(&yaml, root, "a"));
    assert_null(jz_yaml_list(&yaml, root, "a", 0, 1));
    refused_at(2, 4, "first");
}

static void want_of_memory_has_its_own_status(void **state) {
    (void)state;
    assert_non_null(open_text("a: 1"));
    jz_yaml_no_memory(&yaml);
    assert_true(yaml.refused);
    assert_int_equal(yaml.status, JZ_E_MEMORY);
    assert_non_null(strstr(error.text, "out of memory"));
}

static void an_empty_collection_is_placed_at_its_parent(void **state) {
    (void)state;
    struct fy_node *root = open_text("\n a: {}\n");
    jz_yaml_need(&yaml, jz_yaml_map(&yaml, root, "a"), "b");
    refused_at(2, 2, "'b' is missing; add it");
}

static void texts_fill_their_buffer_and_no_more(void **state) {
    char four[4];
    (void)state;
    struct fy_node *root = open_text("a: abc\nb: abcd\n");
    assert_true(jz_yaml_text(&yaml, jz_yaml_get(root, "a"), "a", four, sizeof four));
    assert_string_equal(four, "abc");
    assert_false(jz_yaml_text(&yaml, jz_yaml_get(root, "b"), "b", four, sizeof four));
    assert_string_equal(four, "");
    refused_at(2, 4, "b is longer than 3 bytes");
}

static void a_zero_byte_in_a_scalar_is_refused(void **state) {
    char out[16];
    (void)state;
    struct fy_node *root = open_text("a: \"x\\0y\"\n");
    assert_false(jz_yaml_word(&yaml, jz_yaml_get(root, "a"), out, sizeof out));
    assert_string_equal(out, "");
    refused_at(1, 5, "zero byte");
}

static void a_word_may_be_empty_and_a_text_not(void **state) {
    char out[16] = "x";
    (void)state;
    struct fy_node *root = open_text("a: ''\n");
    assert_true(jz_yaml_word(&yaml, jz_yaml_get(root, "a"), out, sizeof out));
    assert_string_equal(out, "");
    assert_false(jz_yaml_text(&yaml, jz_yaml_get(root, "a"), "a", out, sizeof out));
    refused_at(1, 5, "a is empty; give a value");
}

static void a_choice_is_one_of_its_words(void **state) {
    static const char *const words[] = {"red", "green", NULL};
    (void)state;
    struct fy_node *root = open_text("a: green\nb: gree\n");
    assert_int_equal(jz_yaml_choice(&yaml, jz_yaml_get(root, "a"), "a", words), 1);
    assert_int_equal(jz_yaml_choice(&yaml, jz_yaml_get(root, "b"), "b", words), 0);
    refused_at(2, 4, "b is 'gree'; it must be one of: red, green");
}

static void a_list_keeps_its_bounds(void **state) {
    static const struct {
        const char *text, *cure;
        int column;
    } rows[] = {{"a: [1]", NULL, 0},
                {"a: [1, 2]", NULL, 0},
                {"a: []", "'a' has 0 entries; 1 to 2 are allowed", 1},
                {"a: [1, 2, 3]", "'a' has 3 entries; 1 to 2 are allowed", 5},
                {"a: 1", "'a' must be a list", 4},
                {"b: 1", "'a' is missing; add it", 1}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fy_node *list = jz_yaml_list(&yaml, open_text(rows[i].text), "a", 1, 2);
        assert_int_equal(list != NULL, rows[i].cure == NULL);
        if (rows[i].cure) refused_at(1, rows[i].column, rows[i].cure);
        jz_yaml_close(&yaml);
    }
}

static void a_map_is_no_scalar_and_no_list(void **state) {
    static const char *const texts[] = {"a: 1", "a: [1]"};
    (void)state;
    assert_non_null(jz_yaml_map(&yaml, open_text("a: {b: 1}"), "a"));
    jz_yaml_close(&yaml);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_null(jz_yaml_map(&yaml, open_text(texts[i]), "a"));
        refused_at(1, i ? 5 : 4, "'a' must be a map");
        jz_yaml_close(&yaml);
    }
}

static void keys_outside_the_list_are_refused(void **state) {
    static const char *const keys[] = {"a", "b", NULL};
    static const struct {
        const char *text, *cure;
        int line, column;
    } rows[] = {{"a: 1\nb: 2", NULL, 0, 0},
                {"a: 1\nbb: 2", "'bb' is not known here; remove it or correct its spelling", 2, 1},
                {"{? [a] : 1}", "a key must be one word or number", 1, 5},
                {"- a", "expected a map with 'a'", 1, 3},
                {"just words", "expected a map with 'a'", 1, 1},
                {"# nothing", "nothing to read in the file; write a map", 1, 1}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        jz_yaml_only(&yaml, open_text(rows[i].text), keys);
        assert_int_equal(yaml.refused, rows[i].cure != NULL);
        if (rows[i].cure) refused_at(rows[i].line, rows[i].column, rows[i].cure);
        jz_yaml_close(&yaml);
    }
}

static void a_long_unknown_key_is_shown_in_part(void **state) {
    static const char *const keys[] = {"a", NULL};
    (void)state;
    jz_yaml_only(&yaml, open_text("x23456789012345678901234567890123456789012: 1"), keys);
    refused_at(1, 1, "'x234567890123456789012345678901234567890' is not known here");
}

static void entries_up_to_256_are_counted_and_one_more_refused(void **state) {
    char text[BYTES_MAX] = "a: [";
    (void)state;
    for (size_t i = 0; i <= JZ_YAML_NODES_MAX; i++) memcpy(text + 4 + 2 * i, "1,", 2);
    text[4 + 2 * JZ_YAML_NODES_MAX - 1] = ']';
    struct fy_node *root = open_bytes(text, 4 + 2 * JZ_YAML_NODES_MAX);
    assert_int_equal(jz_yaml_count(&yaml, jz_yaml_get(root, "a")), JZ_YAML_NODES_MAX);
    jz_yaml_close(&yaml);
    text[4 + 2 * JZ_YAML_NODES_MAX - 1] = ',';
    text[4 + 2 * JZ_YAML_NODES_MAX + 1] = ']';
    root = open_bytes(text, 4 + 2 * JZ_YAML_NODES_MAX + 2);
    assert_int_equal(jz_yaml_count(&yaml, jz_yaml_get(root, "a")), 0);
    refused_at(1, 5, "257 entries, at most 256; split the list");
}

static void anchors_and_aliases_are_refused_at_their_place(void **state) {
    static const struct {
        const char *text, *cure;
        int line, column;
    } rows[] = {{"b: 1\na: &x 1", "anchors ('&') are not allowed", 2, 7},
                {"b: {c: [2, &x 1]}\na: 1", "anchors ('&') are not allowed", 1, 15},
                {"b: &x [2, 1]\na: *x", "anchors ('&') are not allowed", 1, 8},
                {"&x a: 1", "anchors ('&') are not allowed", 1, 4},
                {"b: 1\na: *x", "a: aliases ('*') are not allowed; write the value", 2, 5}};
    char out[8];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fy_node *root = open_text(rows[i].text);
        jz_yaml_text(&yaml, jz_yaml_get(root, "a"), "a", out, sizeof out);
        refused_at(rows[i].line, rows[i].column, rows[i].cure);
        jz_yaml_close(&yaml);
    }
}

static void a_file_of_the_limit_is_read_and_a_longer_or_empty_one_refused(void **state) {
    char text[BYTES_MAX + 1] = "a: 1\n#";
    (void)state;
    memset(text + 6, 'x', sizeof text - 6);
    assert_non_null(open_bytes(text, BYTES_MAX));
    jz_yaml_close(&yaml);
    assert_null(open_bytes(text, BYTES_MAX + 1));
    refused_at(1, 1, "1025 bytes, at most 1024");
    assert_null(open_bytes(text, 0));
    refused_at(1, 1, "the file is empty");
}

static void a_duplicate_key_is_refused_where_it_comes_again(void **state) {
    (void)state;
    assert_null(open_text("a: 1\nb: 1\na: 2\n"));
    refused_at(3, 1, "duplicate key");
}

static void closing_twice_does_no_harm(void **state) {
    (void)state;
    assert_non_null(open_text("a: 1"));
    jz_yaml_close(&yaml);
    assert_null(yaml.document);
    assert_null(yaml.root);
}

static struct packs small;
static struct jz_pack_tests report;

static int read_small(void **state) {
    (void)state;
    packs_read_small(&small);
    return 0;
}

static int free_small(void **state) {
    (void)state;
    packs_free(&small);
    return 0;
}

/* One of the small packs is the text instead: compiled and its tests run, or refused at a place. */
static void check_as(size_t which, const char *text, size_t bytes) {
    struct packs packs = small;
    struct jz_program *program = NULL;
    error = (struct jz_pack_error){0};
    packs.source[which].yaml = text;
    packs.source[which].bytes = bytes;
    enum jz_status status = jz_program_compile(packs.source, packs.count, &program, &error);
    if (status == JZ_OK) {
        assert_non_null(program);
        status = jz_pack_tests_run(packs.source, packs.count, &report, &error);
        assert_int_equal(status, report.failed ? JZ_E_PACK : JZ_OK);
    } else {
        assert_int_equal(status, JZ_E_PACK);
        assert_null(program);
        assert_true(error.line >= 1 && error.column >= 1 && error.text[0] && error.file[0]);
    }
    jz_program_free(program);
}

static void check(const char *text, size_t bytes) {
    check_as(0, text, bytes);
}

static size_t mutate(char *text, size_t bytes, uint64_t *seed) {
    static const char marks[] = "{}[]:,-#&*!|>'\"%@` \n\t\0\xff\xc3?~<=.0123456789";
    for (uint32_t i = 0, edits = 1 + draw(seed, 4); i < edits && bytes > 8; i++) {
        size_t at = draw(seed, (uint32_t)bytes), span = 1 + draw(seed, 8);
        if (at + span > bytes) span = bytes - at;
        switch (draw(seed, 4)) {
        case 0: text[at] = marks[draw(seed, sizeof marks - 1)]; break;
        case 1:
            memmove(text + at, text + at + span, bytes - at - span);
            bytes -= span;
            break;
        case 2: memmove(text + at, text + draw(seed, (uint32_t)(bytes - span)), span); break;
        case 3: bytes = draw(seed, 8) ? bytes : at + 1; break;
        default: break;
        }
    }
    return bytes;
}

static void random_mutations_of_good_packs_are_compiled_or_refused(void **state) {
    (void)state;
    uint64_t seed = seed_of(__func__);
    for (int round = 0; round < ROUNDS; round++) {
        uint32_t which = draw(&seed, (uint32_t)small.count);
        const struct jz_pack_source *pack = &small.source[which];
        char *copy = malloc(pack->bytes);
        assert_non_null(copy);
        memcpy(copy, pack->yaml, pack->bytes);
        check_as(which, copy, mutate(copy, pack->bytes, &seed));
        free(copy);
    }
}

static void random_bytes_are_refused(void **state) {
    (void)state;
    uint64_t seed = seed_of(__func__);
    for (int round = 0; round < 200; round++) {
        char bytes[64];
        size_t count = 1 + draw(&seed, sizeof bytes - 1);
        for (size_t i = 0; i < count; i++) bytes[i] = (char)draw(&seed, 256);
        check(bytes, count);
    }
}

static void odd_documents_are_refused(void **state) {
    (void)state;
    static const char *const texts[] = {"",
                                        "-",
                                        "{}",
                                        "[]",
                                        "a",
                                        "pack: [",
                                        "? ",
                                        "*a",
                                        "&a *a",
                                        "pack: *a",
                                        "{a: b",
                                        "\"",
                                        "--- \n...\n",
                                        "%YAML 9.9\n---\n",
                                        "a: &x [*x]",
                                        "pack: &p p\ntitle: *p\nrules: []",
                                        "pack: {}\ntitle: {}\nrules: {}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) check(texts[i], strlen(texts[i]));
}

/* Plain characters reach the parser; arbitrary bytes mostly end before it. */
static void random_punctuation_is_refused(void **state) {
    (void)state;
    static const char marks[] = "{}[]:,-#&*!|>'\"%@`? \n\n\tab1~<=.\\";
    uint64_t seed = seed_of(__func__);
    for (int round = 0; round < 400; round++) {
        char bytes[48];
        size_t count = 1 + draw(&seed, sizeof bytes - 1);
        for (size_t i = 0; i < count; i++) bytes[i] = marks[draw(&seed, sizeof marks - 1)];
        check(bytes, count);
    }
}

static void text_the_parser_must_not_see_is_refused_at_its_place(void **state) {
    (void)state;
    static const struct {
        const char *text, *cure;
        int line, column;
    } rows[] = {{"a: b\n%\xff", "directives are not allowed", 2, 1},
                {"a:\r%YAML 1.2\n", "directives are not allowed", 1, 1},
                {"a: \xff\n", "save the file as UTF-8", 1, 4},
                {"a: \xc0\x80\n", "not UTF-8", 1, 4},
                {"a: \xed\xa0\x80\n", "not UTF-8", 1, 4},
                {"\xef\xbb\xbf"
                 "a: b\n",
                 "byte order mark", 1, 1},
                {"\xef\xbb\xbf%x\n", "byte order mark", 1, 1},
                {"a: b\x7f", "invisible", 1, 5},
                {"a: b\n\n c\x01", "control character", 3, 3},
                {"a: \xe8\x83\n", "not UTF-8", 1, 4},
                {"a: \xf4\x90\x80\x80", "not UTF-8", 1, 4},
                {"a: \xe2\x80\xa8", "invisible", 1, 4}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct jz_pack_source pack = {"x.yaml", rows[i].text, strlen(rows[i].text)};
        struct jz_program *program;
        assert_int_equal(jz_program_compile(&pack, 1, &program, &error), JZ_E_PACK);
        assert_non_null(strstr(error.text, rows[i].cure));
        assert_int_equal(error.line, rows[i].line);
        assert_int_equal(error.column, rows[i].column);
    }
}

static void nesting_without_end_is_refused(void **state) {
    (void)state;
    static char deep[60000];
    memset(deep, '[', sizeof deep);
    check(deep, sizeof deep);
    memset(deep, '{', sizeof deep);
    check(deep, sizeof deep);
    for (size_t i = 0; i + 1 < sizeof deep; i += 2) memcpy(deep + i, "- ", 2);
    check(deep, sizeof deep);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(decimals_become_degrees_exactly, teardown),
        cmocka_unit_test_teardown(whole_numbers_keep_their_bounds, teardown),
        cmocka_unit_test_teardown(numbers_of_15_digits_are_exact_and_longer_ones_refused, teardown),
        cmocka_unit_test_teardown(the_first_refusal_sticks, teardown),
        cmocka_unit_test_teardown(want_of_memory_has_its_own_status, teardown),
        cmocka_unit_test_teardown(an_empty_collection_is_placed_at_its_parent, teardown),
        cmocka_unit_test_teardown(texts_fill_their_buffer_and_no_more, teardown),
        cmocka_unit_test_teardown(a_zero_byte_in_a_scalar_is_refused, teardown),
        cmocka_unit_test_teardown(a_word_may_be_empty_and_a_text_not, teardown),
        cmocka_unit_test_teardown(a_choice_is_one_of_its_words, teardown),
        cmocka_unit_test_teardown(a_list_keeps_its_bounds, teardown),
        cmocka_unit_test_teardown(a_map_is_no_scalar_and_no_list, teardown),
        cmocka_unit_test_teardown(keys_outside_the_list_are_refused, teardown),
        cmocka_unit_test_teardown(a_long_unknown_key_is_shown_in_part, teardown),
        cmocka_unit_test_teardown(entries_up_to_256_are_counted_and_one_more_refused, teardown),
        cmocka_unit_test_teardown(anchors_and_aliases_are_refused_at_their_place, teardown),
        cmocka_unit_test_teardown(a_file_of_the_limit_is_read_and_a_longer_or_empty_one_refused, teardown),
        cmocka_unit_test_teardown(a_duplicate_key_is_refused_where_it_comes_again, teardown),
        cmocka_unit_test_teardown(closing_twice_does_no_harm, teardown),
        cmocka_unit_test(random_mutations_of_good_packs_are_compiled_or_refused),
        cmocka_unit_test(random_bytes_are_refused),
        cmocka_unit_test(random_punctuation_is_refused),
        cmocka_unit_test(text_the_parser_must_not_see_is_refused_at_its_place),
        cmocka_unit_test(odd_documents_are_refused),
        cmocka_unit_test(nesting_without_end_is_refused)};
    return cmocka_run_group_tests(tests, read_small, free_small);
}
