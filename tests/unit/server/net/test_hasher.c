/* SPDX-License-Identifier: Apache-2.0 */
#include "hasher.h"

#include <ev.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A person whose password is "correct horse". */
static char line[JZ_USER_LINE_BYTES];
static uint32_t done_count, matched;

static void on_done(void *context, struct hash_job *job) {
    assert_ptr_equal(context, &done_count);
    assert_int_equal(job->password[0], 0); /* wiped by the worker */
    done_count++;
    matched += job->matches;
    hash_job_free(job);
}

static struct hash_job *make_job(const char *password) {
    struct hash_job *job = calloc(1, sizeof *job);
    assert_non_null(job);
    snprintf(job->hash, sizeof job->hash, "%s", strstr(line, "$argon2id"));
    snprintf(job->password, sizeof job->password, "%s", password);
    return job;
}

static int setup(void **state) {
    (void)state;
    return jz_user_line_make("a", JZ_ROLE_AUDITOR, "", "correct horse", line, sizeof line) == JZ_OK ? 0 : -1;
}

static void results_come_on_the_loop_and_tell_right_from_wrong(void **state) {
    struct hasher *hasher;
    (void)state;
    struct ev_loop *loop = ev_loop_new(EVFLAG_AUTO);
    done_count = matched = 0;
    assert_int_equal(hasher_open(&hasher, loop, on_done, &done_count), JZ_OK);
    assert_true(hasher_submit(hasher, make_job("correct horse")));
    assert_true(hasher_submit(hasher, make_job("wrong horse")));
    while (done_count < 2) ev_run(loop, EVRUN_ONCE);
    assert_int_equal(matched, 1);
    hasher_close(hasher);
    ev_loop_destroy(loop);
}

static void waiting_is_bounded_and_closing_drops_what_waits(void **state) {
    struct hasher *hasher;
    uint32_t taken = 0;
    (void)state;
    struct ev_loop *loop = ev_loop_new(EVFLAG_AUTO);
    done_count = 0;
    assert_int_equal(hasher_open(&hasher, loop, on_done, &done_count), JZ_OK);
    for (uint32_t i = 0; i < HASHER_WAITING_MAX + HASHER_THREADS + 10; i++) {
        struct hash_job *job = make_job("wrong horse");
        if (hasher_submit(hasher, job))
            taken++;
        else
            hash_job_free(job);
    }
    assert_in_range(taken, HASHER_WAITING_MAX, HASHER_WAITING_MAX + 2 * HASHER_THREADS);
    hasher_close(hasher);
    assert_int_equal(done_count, 0);
    ev_loop_destroy(loop);
    hasher_close(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_come_on_the_loop_and_tell_right_from_wrong),
        cmocka_unit_test(waiting_is_bounded_and_closing_drops_what_waits),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
