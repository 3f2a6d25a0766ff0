/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"
#include "sqlite.h"

static enum jz_status no_checkpoint(void *context, const char *step) {
    (void)context;
    return strcmp(step, "checkpoint") == 0 ? JZ_E_STORE_FULL : JZ_OK;
}

#define COMMITS 5u
#define HEADER 32u

static struct image wal;
static size_t commit_end[COMMITS + 1]; /* where the log ended after each commit; 0: before the first */

static int setup(void **state) {
    struct fixture *fx = fixture_make("sqlite:?commit=inline");
    fx->hooks.storage_fault = no_checkpoint;
    fixture_open(fx);
    fixture_close(fx); /* the schema goes into the database, so the log starts empty */
    assert_int_equal(jz_journal_open(&fx->journal, fx->url, &fx->hooks), JZ_OK);
    fx->lease = (struct jz_lease){0};
    assert_int_equal(jz_journal_lease(fx->journal, 0, 1, &fx->lease), JZ_OK);
    for (uint64_t i = 0; i <= COMMITS; i++) {
        if (i > 0) assert_int_equal(fixture_append_many(fx, i * 10, 3), JZ_OK);
        struct image now = image_load(fixture_beside(fx, "-wal"));
        commit_end[i] = now.count;
        if (i == COMMITS)
            wal = now;
        else
            free(now.bytes);
    }
    fixture_close(fx);
    *state = fx;
    return 0;
}

static int teardown(void **state) {
    fixture_free(*state);
    free(wal.bytes);
    return 0;
}

static enum jz_status check(struct fixture *fx, size_t count) {
    struct image cut = {.bytes = wal.bytes, .count = count};
    const char *name = fixture_beside(fx, ".lock"); /* any file of the fixture */
    image_store(&cut, name);
    return jz_sqlite_wal_check(name);
}

static void a_whole_log_a_missing_one_and_an_empty_one_are_fine(void **state) {
    struct fixture *fx = *state;
    assert_int_equal(check(fx, wal.count), JZ_OK);
    assert_int_equal(check(fx, 0), JZ_OK);
    assert_int_equal(jz_sqlite_wal_check("/nonexistent/file"), JZ_OK);
}

static void a_log_cut_at_any_length_is_what_a_power_cut_leaves(void **state) {
    for (size_t count = 0; count < wal.count; count += 97) assert_int_equal(check(*state, count), JZ_OK);
}

static void a_flip_with_two_commits_at_or_behind_it_is_damage(void **state) {
    for (size_t i = 1; i <= COMMITS; i++) {
        size_t places[] = {commit_end[i - 1] + 8, commit_end[i - 1] + 16, commit_end[i - 1] + 100};
        for (size_t k = 0; k < 3; k++) {
            wal.bytes[places[k]] ^= 4;
            /* The commit frame is the last of its commit, so it is behind every place tried here. */
            enum jz_status wanted = i <= COMMITS - 1 ? JZ_E_STORE_CHAIN : JZ_OK;
            assert_int_equal(check(*state, wal.count), wanted);
            wal.bytes[places[k]] ^= 4;
        }
    }
}

/* The frame that ends the last commit but one: with its salt spoilt it must still count as a commit. */
static void a_flip_in_the_salt_of_a_commit_frame_does_not_hide_the_commit(void **state) {
    const size_t frame = 24u + 4096u, at = commit_end[COMMITS - 1] - frame;
    for (size_t i = 8; i < 16; i++) {
        for (unsigned bit = 1; bit < 256; bit <<= 1) {
            wal.bytes[at + i] ^= (uint8_t)bit;
            assert_int_equal(check(*state, wal.count), JZ_E_STORE_CHAIN);
            wal.bytes[at + i] ^= (uint8_t)bit;
        }
    }
}

static void a_flip_in_the_header_is_damage(void **state) {
    for (size_t i = 0; i < HEADER; i++) {
        wal.bytes[i] ^= 1;
        assert_int_equal(check(*state, wal.count), JZ_E_STORE_CHAIN);
        wal.bytes[i] ^= 1;
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(a_whole_log_a_missing_one_and_an_empty_one_are_fine),
        T(a_log_cut_at_any_length_is_what_a_power_cut_leaves),
        T(a_flip_with_two_commits_at_or_behind_it_is_damage),
        T(a_flip_in_the_salt_of_a_commit_frame_does_not_hide_the_commit),
        T(a_flip_in_the_header_is_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
