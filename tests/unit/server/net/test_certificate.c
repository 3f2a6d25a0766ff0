/* SPDX-License-Identifier: Apache-2.0 */
#include "certificate.h"

#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net_fixture.h"

static const uint8_t nobody[16];

static void the_one_device_uri_names_the_device_and_all_else_is_refused(void **state) {
    static const struct {
        enum identity id;
        const uint8_t *uuid;
    } rows[] = {{ID_ALICE, alice_uuid}, {ID_BOB, bob_uuid},  {ID_STRANGER, alice_uuid}, {ID_NO_URI, NULL},
                {ID_BAD_UUID, NULL},    {ID_TWO_URIS, NULL}, {ID_SERVER_USE, NULL},     {ID_NO_USE, NULL}};
    uint8_t uuid[16];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum jz_status status = jz_certificate_device(identity_certificate(rows[i].id), uuid);
        assert_int_equal(status, rows[i].uuid ? JZ_OK : JZ_E_TLS);
        assert_memory_equal(uuid, rows[i].uuid ? rows[i].uuid : nobody, 16);
    }
}

static enum jz_status load(const char *text, struct jz_revoked **revoked, struct jz_identity_error *error) {
    char path[] = "/tmp/jz-revoked-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    write_text(path, text);
    enum jz_status status = jz_revoked_load(path, revoked, error);
    unlink(path);
    return status;
}

static void a_listed_serial_is_found_in_any_spelling(void **state) {
    static const char *const spellings[] = {"abcdef\n", "AB:CD:EF\n", "0000abcdef\n",
                                            "# c\n\nff\nab cd ef\n01\n", "abcdef\r\n"};
    struct jz_revoked *revoked;
    struct jz_identity_error error;
    (void)state;
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        assert_int_equal(load(spellings[i], &revoked, &error), JZ_OK);
        assert_true(jz_revoked_has(revoked, identity_certificate(ID_REVOKED)));
        assert_false(jz_revoked_has(revoked, identity_certificate(ID_ALICE)));
        jz_revoked_free(revoked);
    }
}

static void no_file_is_an_empty_list_and_a_missing_file_an_error(void **state) {
    struct jz_revoked *revoked;
    struct jz_identity_error error;
    (void)state;
    assert_int_equal(jz_revoked_load(NULL, &revoked, &error), JZ_OK);
    assert_false(jz_revoked_has(revoked, identity_certificate(ID_REVOKED)));
    jz_revoked_free(revoked);
    assert_int_equal(jz_revoked_load("/nonexistent/revoked", &revoked, &error), JZ_E_FILE);
    assert_null(revoked);
    jz_revoked_free(NULL);
}

static void a_line_that_is_no_serial_is_named(void **state) {
    static const char *const lines[] = {"01\nzz\n", "01\n:\n", "01\n12g4\n",
                                        "01\n000102030405060708090a0b0c0d0e0f1011121314\n"};
    struct jz_revoked *revoked;
    struct jz_identity_error error;
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        assert_int_equal(load(lines[i], &revoked, &error), JZ_E_FORMAT);
        assert_int_equal(error.line, 2);
        assert_null(revoked);
    }
    assert_int_equal(load("000102030405060708090a0b0c0d0e0f10111213\n", &revoked, &error),
                     JZ_OK); /* 20 bytes */
    jz_revoked_free(revoked);
}

static void a_serial_longer_than_the_standard_allows_counts_as_revoked(void **state) {
    uint8_t bytes[JZ_SERIAL_BYTES_MAX + 1];
    struct jz_revoked *revoked;
    struct jz_identity_error error;
    (void)state;
    X509 *copy = X509_dup(identity_certificate(ID_ALICE));
    memset(bytes, 0x11, sizeof bytes);
    assert_int_equal(jz_revoked_load(NULL, &revoked, &error), JZ_OK);
    assert_int_equal(ASN1_STRING_set(X509_get_serialNumber(copy), bytes, JZ_SERIAL_BYTES_MAX), 1);
    assert_false(jz_revoked_has(revoked, copy));
    assert_int_equal(ASN1_STRING_set(X509_get_serialNumber(copy), bytes, JZ_SERIAL_BYTES_MAX + 1), 1);
    assert_true(jz_revoked_has(revoked, copy));
    X509_free(copy);
    jz_revoked_free(revoked);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_one_device_uri_names_the_device_and_all_else_is_refused),
        cmocka_unit_test(a_listed_serial_is_found_in_any_spelling),
        cmocka_unit_test(no_file_is_an_empty_list_and_a_missing_file_an_error),
        cmocka_unit_test(a_line_that_is_no_serial_is_named),
        cmocka_unit_test(a_serial_longer_than_the_standard_allows_counts_as_revoked),
    };
    return cmocka_run_group_tests(tests, pki_setup, pki_teardown);
}
