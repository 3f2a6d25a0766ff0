/* SPDX-License-Identifier: Apache-2.0 */
#include "chain.h"
#include "fixture.h"

static void the_digest_is_sha_256(void **state) {
    (void)state;
    /* FIPS 180-2, appendix B.1: "abc". */
    static const uint8_t wanted[8] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea};
    struct jz_chain chain;
    uint8_t out[32];
    assert_int_equal(jz_chain_open(&chain), JZ_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(jz_chain_digest(&chain, "a", 1, "bc", 2, out), JZ_OK);
        assert_memory_equal(out, wanted, sizeof wanted);
    }
    jz_chain_close(&chain);
}

static void every_part_changes_the_value_and_out_may_be_the_previous(void **state) {
    (void)state;
    struct jz_chain chain;
    uint8_t zero[32] = {0}, one[32] = {1}, key[16] = {0}, other_key[16] = {[15] = 1}, base[32], out[32];
    assert_int_equal(jz_chain_open(&chain), JZ_OK);
    const struct {
        const uint8_t *previous;
        uint64_t offset;
        const uint8_t *key;
        const char *body;
        uint32_t bytes;
    } rows[] = {
        {one, 0, key, "body", 4},        {zero, 1, key, "body", 4}, {zero, UINT64_C(1) << 40, key, "body", 4},
        {zero, 0, other_key, "body", 4}, {zero, 0, key, "bodY", 4}, {zero, 0, key, "body", 3},
        {zero, 0, key, NULL, 0}};
    assert_int_equal(jz_chain_next(&chain, zero, 0, key, (const uint8_t *)"body", 4, base), JZ_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(jz_chain_next(&chain, rows[i].previous, rows[i].offset, rows[i].key,
                                       (const uint8_t *)rows[i].body, rows[i].bytes, out),
                         JZ_OK);
        assert_memory_not_equal(out, base, 32);
    }
    assert_int_equal(jz_chain_next(&chain, zero, 0, key, (const uint8_t *)"body", 4, zero), JZ_OK);
    assert_memory_equal(zero, base, 32);
    jz_chain_close(&chain);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_digest_is_sha_256),
        cmocka_unit_test(every_part_changes_the_value_and_out_may_be_the_previous),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
