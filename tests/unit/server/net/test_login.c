/* SPDX-License-Identifier: Apache-2.0 */
#include "login.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NOW 1000000

static struct login login;
static const uint8_t here[ADDRESS_BYTES] = {1}, there[ADDRESS_BYTES] = {2};
static const struct jz_user wang = {.name = "wang", .role = JZ_ROLE_DISPATCHER};

static int setup(void **state) {
    const struct jz_net_limits limits = {.tickets_max = 3,
                                         .http_sessions_max = 2,
                                         .login_failures_per_name = 2,
                                         .login_failures_per_address = 4,
                                         .session_idle_s = 10,
                                         .session_max_s = 100};
    (void)state;
    return login_init(&login, &limits, NULL) == JZ_OK ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    login_deinit(&login);
    return 0;
}

static void failures_of_a_name_are_counted_up_to_the_limit_and_forgotten_after_the_window(void **state) {
    (void)state;
    assert_true(login_admit(&login, "wang", here, NOW));
    assert_true(login_admit(&login, "wang", here, NOW));
    assert_false(login_admit(&login, "wang", there, NOW));
    assert_true(login_admit(&login, "li", here, NOW));
    assert_false(login_admit(&login, "wang", here, NOW + LOGIN_WINDOW_MS - 1));
    assert_true(login_admit(&login, "wang", here, NOW + LOGIN_WINDOW_MS));
}

static void failures_of_an_address_are_counted_over_all_names(void **state) {
    static const char *const names[] = {"a", "b", "c", "d"};
    (void)state;
    for (size_t i = 0; i < 4; i++) assert_true(login_admit(&login, names[i], here, NOW));
    assert_false(login_admit(&login, "e", here, NOW));
    assert_true(login_admit(&login, "e", there, NOW));
}

static void the_right_password_gives_back_what_was_charged(void **state) {
    (void)state;
    for (int i = 0; i < 50; i++) {
        assert_true(login_admit(&login, "wang", here, NOW));
        login_forgive(&login, "wang", here, NOW);
    }
    assert_true(login_admit(&login, "wang", here, NOW));
    assert_true(login_admit(&login, "wang", here, NOW));
    assert_false(login_admit(&login, "wang", here, NOW));
}

static void a_check_that_never_ran_is_not_charged(void **state) {
    (void)state;
    for (int i = 0; i < 10; i++) {
        assert_true(login_admit(&login, "wang", here, NOW));
        login_unadmit(&login, "wang", here, NOW);
    }
    assert_true(login_admit(&login, "wang", here, NOW));
}

static void many_names_take_over_the_oldest_counters_only(void **state) {
    char name[32];
    uint8_t address[ADDRESS_BYTES];
    (void)state;
    for (uint32_t i = 0; i < LOGIN_COUNTERS_MAX; i++) {
        memset(address, 0, sizeof address);
        memcpy(address, &i, sizeof i);
        snprintf(name, sizeof name, "name%u", i);
        assert_true(login_admit(&login, name, address, NOW + i));
        assert_true(login_admit(&login, name, address, NOW + i));
    }
    snprintf(name, sizeof name, "name%u", LOGIN_COUNTERS_MAX - 1);
    assert_false(login_admit(&login, name, there, NOW + LOGIN_COUNTERS_MAX));
    assert_true(login_admit(&login, "newcomer", there, NOW + LOGIN_COUNTERS_MAX));
    assert_false(login_admit(&login, name, there, NOW + LOGIN_COUNTERS_MAX));
}

static void a_session_is_found_by_its_secret_alone(void **state) {
    char secret[SECRET_CHARS + 1], other[SECRET_CHARS + 1];
    (void)state;
    struct login_session *s = login_open(&login, &wang, NOW, secret);
    assert_string_equal(s->name, "wang");
    assert_ptr_equal(login_find(&login, secret, NOW), s);
    memcpy(other, secret, sizeof other);
    other[63] = other[63] == '0' ? '1' : '0';
    assert_null(login_find(&login, other, NOW));
    assert_null(login_find(&login, "", NOW));
    secret[63] = 0;
    assert_null(login_find(&login, secret, NOW));
}

static void a_session_ends_idle_old_or_logged_out(void **state) {
    char secret[SECRET_CHARS + 1];
    (void)state;
    struct login_session *s = login_open(&login, &wang, NOW, secret);
    assert_non_null(login_find(&login, secret, NOW + 9999));
    assert_null(login_find(&login, secret, NOW + 9999 + 10000));
    s = login_open(&login, &wang, NOW, secret);
    uint64_t handle = s->handle;
    for (int64_t t = NOW; t < NOW + 100000; t += 5000) assert_non_null(login_touch(&login, handle, t));
    assert_null(login_touch(&login, handle, NOW + 100000));
    s = login_open(&login, &wang, NOW, secret);
    login_end(s);
    assert_null(login_find(&login, secret, NOW));
    assert_null(login_touch(&login, 0, NOW));
}

static void a_full_table_drops_the_least_recently_used(void **state) {
    char one[SECRET_CHARS + 1], two[SECRET_CHARS + 1], three[SECRET_CHARS + 1];
    (void)state;
    login_open(&login, &wang, NOW, one);
    login_open(&login, &wang, NOW + 1, two);
    assert_non_null(login_find(&login, one, NOW + 2));
    login_open(&login, &wang, NOW + 3, three);
    assert_non_null(login_find(&login, one, NOW + 3));
    assert_null(login_find(&login, two, NOW + 3));
    assert_non_null(login_find(&login, three, NOW + 3));
}

static void a_ticket_works_once_in_time_and_for_its_session(void **state) {
    char secret[SECRET_CHARS + 1], ticket[SECRET_CHARS + 1];
    (void)state;
    struct login_session *s = login_open(&login, &wang, NOW, secret);
    struct login_session *other = login_open(&login, &wang, NOW, secret);
    login_ticket_make(&login, s, NOW, ticket);
    assert_true(login_ticket_take(&login, s, ticket, NOW + TICKET_LIFE_MS - 1));
    assert_false(login_ticket_take(&login, s, ticket, NOW));
    login_ticket_make(&login, s, NOW, ticket);
    assert_false(login_ticket_take(&login, s, ticket, NOW + TICKET_LIFE_MS));
    login_ticket_make(&login, s, NOW, ticket);
    assert_false(login_ticket_take(&login, other, ticket, NOW));
    assert_false(login_ticket_take(&login, s, ticket, NOW)); /* a try with the wrong session uses it up */
    assert_false(login_ticket_take(&login, s, "short", NOW));
}

static void a_full_ticket_table_drops_the_oldest(void **state) {
    char secret[SECRET_CHARS + 1], ticket[4][SECRET_CHARS + 1];
    (void)state;
    struct login_session *s = login_open(&login, &wang, NOW, secret);
    for (int i = 0; i < 4; i++) login_ticket_make(&login, s, NOW + i, ticket[i]);
    assert_false(login_ticket_take(&login, s, ticket[0], NOW + 4));
    for (int i = 1; i < 4; i++) assert_true(login_ticket_take(&login, s, ticket[i], NOW + 4));
}

int main(void) {
#define ROW(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        ROW(failures_of_a_name_are_counted_up_to_the_limit_and_forgotten_after_the_window),
        ROW(failures_of_an_address_are_counted_over_all_names),
        ROW(the_right_password_gives_back_what_was_charged),
        ROW(a_check_that_never_ran_is_not_charged),
        ROW(many_names_take_over_the_oldest_counters_only),
        ROW(a_session_is_found_by_its_secret_alone),
        ROW(a_session_ends_idle_old_or_logged_out),
        ROW(a_full_table_drops_the_least_recently_used),
        ROW(a_ticket_works_once_in_time_and_for_its_session),
        ROW(a_full_ticket_table_drops_the_oldest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
