/* SPDX-License-Identifier: Apache-2.0 */
#include "utf8.h"

#include "jingzhu/limits.h"

#include "hex.h"

struct utf8_case {
    const char *hex;
    size_t valid; /* length of the valid prefix */
};

static const struct utf8_case cases[] = {
    {"", 0},
    {"00 41 7f", 3},
    {"80", 0}, /* a continuation alone */
    {"41 bf", 1},
    {"c1 bf", 0}, /* overlong: U+007F in two */
    {"c2 80", 2}, /* U+0080, the first of two */
    {"df bf", 2}, /* U+07FF, the last of two */
    {"c2 7f", 0},
    {"c2", 0},       /* cut */
    {"e0 9f bf", 0}, /* overlong: U+07FF in three */
    {"e0 a0 80", 3}, /* U+0800 */
    {"ed 9f bf", 3}, /* U+D7FF, last before the surrogates */
    {"ed a0 80", 0}, /* U+D800, a surrogate */
    {"ed bf bf", 0}, /* U+DFFF */
    {"ee 80 80", 3}, /* U+E000, first after */
    {"ef bf bf", 3}, /* U+FFFF */
    {"ef bf c0", 0},
    {"ef bf", 0},
    {"f0 8f bf bf", 0}, /* overlong: U+FFFF in four */
    {"f0 90 80 80", 4}, /* U+10000 */
    {"f4 8f bf bf", 4}, /* U+10FFFF, the last */
    {"f4 90 80 80", 0}, /* U+110000 */
    {"f5 80 80 80", 0},
    {"ff", 0},
    {"e4ba ac e7ad 91", 6}, /* the project's name */
    {"e4baac e7ad", 3},
};

static void only_utf8_passes_and_the_first_bad_byte_is_named(void **state) {
    (void)state;
    static struct hex_bytes text;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        hex_parse(cases[i].hex, &text);
        size_t valid = jz_utf8_valid(text.data, text.bytes);
        if (valid != cases[i].valid) fail_msg("%s: %zu, not %zu", cases[i].hex, valid, cases[i].valid);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(only_utf8_passes_and_the_first_bad_byte_is_named)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
