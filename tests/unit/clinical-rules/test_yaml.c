/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever bytes come as a pack: a program or a placed refusal, never a crash, a leak or an endless loop. */
#include "support.h"

#define ROUNDS 600

static void check(const char *yaml, size_t bytes) {
    struct packs packs;
    struct jz_program *program = NULL;
    struct jz_pack_error error = {0};
    packs_read(&packs);
    struct jz_pack_source two[] = {packs.source[packs.count - 1], {"x/mutant.yaml", yaml, bytes}};
    enum jz_status status = jz_program_compile(two, 2, &program, &error);
    if (status == JZ_OK) {
        struct jz_chart chart = {0};
        assert_non_null(program);
        for (uint32_t r = 0; r < jz_program_rule_count(program); r++) {
            struct jz_assessment out;
            jz_rule_evaluate(program, &chart, r, T0, &out);
        }
    } else {
        assert_int_equal(status, JZ_E_PACK);
        assert_null(program);
        assert_true(error.line >= 1 && error.column >= 1 && error.text[0]);
        assert_string_equal(error.file, "x/mutant.yaml");
    }
    jz_program_free(program);
    packs_free(&packs);
}

static size_t mutate(char *yaml, size_t bytes, uint64_t *seed) {
    static const char marks[] = "{}[]:,-#&*!|>'\"%@` \n\t\0\xff\xc3?~<=.0123456789";
    for (uint32_t i = 0, edits = 1 + draw(seed, 4); i < edits && bytes > 8; i++) {
        size_t at = draw(seed, (uint32_t)bytes), span = 1 + draw(seed, 8);
        if (at + span > bytes) span = bytes - at;
        switch (draw(seed, 4)) {
        case 0: yaml[at] = marks[draw(seed, sizeof marks - 1)]; break;
        case 1:
            memmove(yaml + at, yaml + at + span, bytes - at - span);
            bytes -= span;
            break;
        case 2: memmove(yaml + at, yaml + draw(seed, (uint32_t)(bytes - span)), span); break;
        case 3: bytes = draw(seed, 8) ? bytes : at + 1; break;
        default: break;
        }
    }
    return bytes;
}

static void random_mutations_of_good_packs_are_compiled_or_refused(void **state) {
    (void)state;
    uint64_t seed = seed_of(__func__);
    struct packs packs;
    packs_read(&packs);
    for (int round = 0; round < ROUNDS; round++) {
        const struct jz_pack_source *pack = &packs.source[draw(&seed, (uint32_t)packs.count - 1)];
        char *copy = malloc(pack->bytes);
        assert_non_null(copy);
        memcpy(copy, pack->yaml, pack->bytes);
        check(copy, mutate(copy, pack->bytes, &seed));
        free(copy);
    }
    packs_free(&packs);
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
    } rows[] = {{"a: b\n%\xff", "no YAML directives", 2, 1},
                {"a:\r%YAML 1.2\n", "no YAML directives", 1, 1},
                {"a: \xff\n", "save the file as UTF-8", 1, 4},
                {"a: \xc0\x80\n", "not UTF-8", 1, 4},
                {"a: \xed\xa0\x80\n", "not UTF-8", 1, 4},
                {"\xef\xbb\xbf"
                 "a: b\n",
                 "byte order mark", 1, 1},
                {"a: b\n\n c\x01", "control character", 3, 3},
                {"a: \xe8\x83\n", "not UTF-8", 1, 4},
                {"a: \xf4\x90\x80\x80", "not UTF-8", 1, 4},
                {"a: \xe2\x80\xa8", "invisible", 1, 4}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct jz_pack_source pack = {"x.yaml", rows[i].text, strlen(rows[i].text)};
        struct jz_pack_error error = {0};
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
        cmocka_unit_test(random_mutations_of_good_packs_are_compiled_or_refused),
        cmocka_unit_test(random_bytes_are_refused),
        cmocka_unit_test(random_punctuation_is_refused),
        cmocka_unit_test(text_the_parser_must_not_see_is_refused_at_its_place),
        cmocka_unit_test(odd_documents_are_refused),
        cmocka_unit_test(nesting_without_end_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
