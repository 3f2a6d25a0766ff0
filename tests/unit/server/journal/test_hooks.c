/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

static int64_t seven(void *context) {
    return *(int *)context;
}
static void sevens(void *context, uint8_t *out, size_t bytes) {
    memset(out, *(int *)context, bytes);
}

static void given_members_answer_and_missing_ones_are_the_real_thing(void **state) {
    (void)state;
    int value = 7;
    struct jz_hooks bent = {.utc_ms = seven, .mono_ms = seven, .random = sevens, .context = &value},
                    empty = {0};
    uint8_t bytes[4] = {0};
    assert_int_equal(jz_hooks_utc_ms(&bent), 7);
    assert_int_equal(jz_hooks_mono_ms(&bent), 7);
    jz_hooks_random(&bent, bytes, sizeof bytes);
    assert_int_equal(bytes[3], 7);
    assert_true(jz_hooks_utc_ms(&empty) > INT64_C(1600000000000));
    assert_true(jz_hooks_utc_ms(NULL) > INT64_C(1600000000000));
    assert_true(jz_hooks_mono_ms(NULL) >= jz_hooks_mono_ms(&empty) - 60000);
}

static void real_randomness_fills_more_than_one_piece(void **state) {
    (void)state;
    static uint8_t first[1000], second[1000];
    jz_hooks_random(NULL, first, sizeof first);
    jz_hooks_random(&(struct jz_hooks){0}, second, sizeof second);
    assert_memory_not_equal(first, second, sizeof first);
    assert_memory_not_equal(first + 900, second + 900, 100);
    assert_memory_not_equal(first, first + 300, 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(given_members_answer_and_missing_ones_are_the_real_thing),
        cmocka_unit_test(real_randomness_fills_more_than_one_piece),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
