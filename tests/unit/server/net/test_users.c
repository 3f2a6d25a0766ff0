/* SPDX-License-Identifier: Apache-2.0 */
#include "users.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define HASH "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA"

static char path[64];

static int setup(void **state) {
    (void)state;
    snprintf(path, sizeof path, "/tmp/jz-users-XXXXXX");
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int teardown(void **state) {
    (void)state;
    return unlink(path);
}

static void put(const char *text) {
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

static void people_are_found_by_name(void **state) {
    struct jz_users *users;
    struct jz_identity_error error;
    (void)state;
    put("# people\n\nwang\tdispatcher\t-\t" HASH
        "\n\xe6\x9d\x8e\xe5\x8c\xbb\xe7\x94\x9f\treceiving\tgz-1\t" HASH);
    assert_int_equal(jz_users_load(path, &users, &error), JZ_OK);
    assert_int_equal(jz_users_count(users), 2);
    assert_int_equal(jz_users_find(users, "wang")->role, JZ_ROLE_DISPATCHER);
    assert_string_equal(jz_users_find(users, "wang")->facility, "");
    assert_string_equal(jz_users_find(users, "\xe6\x9d\x8e\xe5\x8c\xbb\xe7\x94\x9f")->facility, "gz-1");
    assert_null(jz_users_find(users, "wan"));
    assert_null(jz_users_find(NULL, "wang"));
    jz_users_free(users);
}

static void a_wrong_line_is_named(void **state) {
    static const char *const lines[] = {
        "wang\n",
        "wang\tdispatcher\t-\n",
        "wang\tdispatcher\t-\t" HASH "\tmore\n",
        "\tdispatcher\t-\t" HASH "\n",
        "wa\"ng\tdispatcher\t-\t" HASH "\n",
        "wa\\ng\tdispatcher\t-\t" HASH "\n",
        "wa\x01ng\tdispatcher\t-\t" HASH "\n",
        "a234567890123456789012345678901x\tdispatcher\t-\t" HASH "\n", /* 32 bytes */
        "wang\tking\t-\t" HASH "\n",
        "wang\tdispatcher\tgz-1\t" HASH "\n",
        "wang\treceiving\t-\t" HASH "\n",
        "wang\treceiving\tGZ/1\t" HASH "\n",
        "wang\treceiving\tg234567890123456\t" HASH "\n", /* 16 bytes */
        "wang\tdispatcher\t-\tplain\n",
        "wang\tdispatcher\t-\t$argon2i$v=19$m=19456,t=2,p=1$c2FsdA$AAAA\n",
        "wang\tdispatcher\t-\t$argon2id$v=19$m=262145,t=2,p=1$c2FsdA$AAAA\n",
        "wang\tdispatcher\t-\t$argon2id$v=19$m=19456,t=11,p=1$c2FsdA$AAAA\n",
        "wang\tdispatcher\t-\t$argon2id$v=19$m=19456,t=2,p=5$c2FsdA$AAAA\n",
        "wang\tdispatcher\t-\t$argon2id$v=19$m=19456,t=2,p=1$c2FsdA\n",
        "first\tauditor\t-\t" HASH "\n", /* repeats line 1 */
    };
    struct jz_users *users;
    struct jz_identity_error error;
    char text[1024];
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        snprintf(text, sizeof text, "first\tauditor\t-\t" HASH "\n%s", lines[i]);
        put(text);
        if (jz_users_load(path, &users, &error) != JZ_E_FORMAT) fail_msg("row %zu was taken", i);
        assert_int_equal(error.line, 2);
        assert_true(strlen(error.text) > 5);
        assert_null(users);
    }
}

static void a_missing_file_is_told_apart_from_a_wrong_one(void **state) {
    struct jz_users *users;
    struct jz_identity_error error;
    (void)state;
    assert_int_equal(jz_users_load("/nonexistent/users", &users, &error), JZ_E_FILE);
    assert_int_equal(error.line, 0);
}

static void the_list_is_bounded(void **state) {
    struct jz_users *users;
    struct jz_identity_error error;
    (void)state;
    for (uint32_t extra = 0; extra < 2; extra++) {
        FILE *out = fopen(path, "w");
        assert_non_null(out);
        for (uint32_t i = 0; i < JZ_USERS_MAX + extra; i++) fprintf(out, "u%u\tauditor\t-\t" HASH "\n", i);
        assert_int_equal(fclose(out), 0);
        assert_int_equal(jz_users_load(path, &users, &error), extra ? JZ_E_FORMAT : JZ_OK);
        if (!extra) assert_int_equal(jz_users_count(users), JZ_USERS_MAX);
        jz_users_free(users);
    }
}

static void a_person_is_added_and_replaced_and_can_log_in(void **state) {
    struct jz_users *users;
    struct jz_identity_error error;
    struct stat st;
    (void)state;
    put("# keep me\nli\tauditor\t-\t" HASH "\nwangwei\tauditor\t-\t" HASH "\n");
    assert_int_equal(jz_user_put(path, "wang", JZ_ROLE_RECEIVING, "gz-1", "correct horse", &error), JZ_OK);
    assert_int_equal(jz_user_put(path, "wang", JZ_ROLE_DISPATCHER, "", "another horse", &error), JZ_OK);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(jz_users_load(path, &users, &error), JZ_OK);
    assert_int_equal(jz_users_count(users), 3);
    const struct jz_user *wang = jz_users_find(users, "wang");
    assert_int_equal(wang->role, JZ_ROLE_DISPATCHER);
    assert_true(jz_password_matches(wang->hash, "another horse", 13));
    assert_false(jz_password_matches(wang->hash, "correct horse", 13));
    assert_false(jz_password_matches(wang->hash, "", 0));
    jz_users_free(users);
}

static void what_cannot_be_a_person_is_refused_and_the_file_stays(void **state) {
    static const struct {
        const char *name;
        enum jz_role role;
        const char *facility, *password, *says;
    } rows[] = {
        {"", JZ_ROLE_AUDITOR, "", "long enough", "the name is"},
        {"a\tb", JZ_ROLE_AUDITOR, "", "long enough", "the name is"},
        {"#a", JZ_ROLE_AUDITOR, "", "long enough", "the name is"},
        {"a", JZ_ROLE_NONE, "", "long enough", "no such role"},
        {"a", JZ_ROLE_COUNT, "", "long enough", "no such role"},
        {"a", JZ_ROLE_AUDITOR, "gz-1", "long enough", "a facility id"},
        {"a", JZ_ROLE_RECEIVING, "", "long enough", "a facility id"},
        {"a", JZ_ROLE_AUDITOR, "", "1234567", "the password is"},
    };
    struct jz_identity_error error;
    struct stat st;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(
            jz_user_put(path, rows[i].name, rows[i].role, rows[i].facility, rows[i].password, &error),
            JZ_E_VALUE);
        assert_non_null(strstr(error.text, rows[i].says));
    }
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_size, 0);
}

static void a_password_has_both_bounds(void **state) {
    char line[JZ_USER_LINE_BYTES], password[JZ_PASSWORD_BYTES_MAX + 2];
    (void)state;
    memset(password, 'x', sizeof password);
    password[JZ_PASSWORD_BYTES_MAX + 1] = 0;
    assert_int_equal(jz_user_line_make("a", JZ_ROLE_AUDITOR, "", password, line, sizeof line), JZ_E_VALUE);
    password[JZ_PASSWORD_BYTES_MAX] = 0;
    assert_int_equal(jz_user_line_make("a", JZ_ROLE_AUDITOR, "", password, line, sizeof line), JZ_OK);
    assert_int_equal(jz_user_line_make("a", JZ_ROLE_AUDITOR, "", password, line, 20), JZ_E_BUFFER);
    password[JZ_PASSWORD_BYTES_MIN] = 0;
    assert_int_equal(jz_user_line_make("a", JZ_ROLE_AUDITOR, "", password, line, sizeof line), JZ_OK);
}

static void nobody_has_the_decoys_password(void **state) {
    (void)state;
    assert_false(jz_password_matches(jz_password_decoy(), "password", 8));
}

static void role_words_round_trip(void **state) {
    (void)state;
    for (int i = JZ_ROLE_NONE + 1; i < JZ_ROLE_COUNT; i++)
        assert_int_equal(jz_role_of(jz_role_name((enum jz_role)i)), i);
    assert_string_equal(jz_role_name(JZ_ROLE_NONE), "");
    assert_int_equal(jz_role_of(""), JZ_ROLE_NONE);
    assert_int_equal(jz_role_of("Dispatcher"), JZ_ROLE_NONE);
}

int main(void) {
#define ROW(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        ROW(people_are_found_by_name),
        ROW(a_wrong_line_is_named),
        ROW(a_missing_file_is_told_apart_from_a_wrong_one),
        ROW(the_list_is_bounded),
        ROW(a_person_is_added_and_replaced_and_can_log_in),
        ROW(what_cannot_be_a_person_is_refused_and_the_file_stays),
        ROW(a_password_has_both_bounds),
        ROW(nobody_has_the_decoys_password),
        ROW(role_words_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
