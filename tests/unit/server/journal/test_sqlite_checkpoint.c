/* SPDX-License-Identifier: Apache-2.0 */
/* The checkpointer asks the fault hook before each checkpoint; the tests wait there, not for a time. */
#include "fixture.h"

#include <semaphore.h>
#include <sys/stat.h>

#include "sqlite.h"

static struct {
    sem_t asked, answered;
    atomic_int answer; /* an enum jz_status */
    atomic_bool manual;
} hook;

static enum jz_status hook_fault(void *context, const char *step) {
    (void)context;
    if (strcmp(step, "checkpoint") != 0 || !atomic_load(&hook.manual)) return JZ_OK;
    sem_post(&hook.asked);
    while (sem_wait(&hook.answered) != 0) continue; /* EINTR */
    return (enum jz_status)atomic_load(&hook.answer);
}

static void await_asked(void) {
    struct timespec until;
    assert_int_equal(clock_gettime(CLOCK_REALTIME, &until), 0);
    until.tv_sec += WAIT_MS / 1000;
    assert_int_equal(sem_timedwait(&hook.asked, &until), 0);
}

static void answer(enum jz_status status) {
    atomic_store(&hook.answer, (int)status);
    sem_post(&hook.answered);
}

static int setup(void **state) {
    struct fixture *fx = fixture_make("sqlite:?commit=inline");
    assert_int_equal(sem_init(&hook.asked, 0, 0), 0);
    assert_int_equal(sem_init(&hook.answered, 0, 0), 0);
    atomic_store(&hook.manual, true);
    fx->hooks = (struct jz_hooks){.storage_fault = hook_fault};
    fixture_open(fx);
    *state = fx;
    return 0;
}

static int teardown(void **state) {
    atomic_store(&hook.manual, false);
    answer(JZ_OK);
    fixture_free(*state);
    sem_destroy(&hook.asked);
    sem_destroy(&hook.answered);
    return 0;
}

static uint64_t records_in_database_file_alone(struct fixture *fx) {
    struct image db = image_load(fx->file);
    struct fixture *copy = fixture_make("sqlite:");
    sqlite3 *raw = NULL;
    int64_t count = -1;
    image_store(&db, copy->file);
    assert_int_equal(sqlite3_open(copy->file, &raw), SQLITE_OK);
    assert_int_equal(jz_sqlite_number(raw, "SELECT count(*) FROM record", &count), JZ_OK);
    assert_int_equal(sqlite3_close(raw), SQLITE_OK);
    free(db.bytes);
    fixture_free(copy);
    return (uint64_t)count;
}

static void commits_move_from_the_log_to_the_database_in_the_background(void **state) {
    struct fixture *fx = *state;
    await_asked(); /* for the lease */
    assert_int_equal(fixture_append_many(fx, 1, 10), JZ_OK);
    answer(JZ_OK);
    assert_int_equal(fixture_append_many(fx, 11, 10), JZ_OK);
    await_asked(); /* the one before is over */
    assert_true(records_in_database_file_alone(fx) >= 10);
    answer(JZ_OK);
}

static void a_checkpoint_refused_for_room_is_tried_again_and_appends_go_on(void **state) {
    struct fixture *fx = *state;
    for (uint64_t i = 0; i < 3; i++) {
        await_asked();
        answer(JZ_E_STORE_FULL);
        assert_int_equal(fixture_append_many(fx, 1 + i * 10, 10), JZ_OK);
    }
    await_asked();
    answer(JZ_OK);
    assert_int_equal(fixture_next(fx), 30);
}

static void a_checkpoint_whose_fsync_failed_ends_every_append(void **state) {
    struct fixture *fx = *state;
    uint64_t next = 0;
    enum jz_status status = JZ_OK;
    await_asked();
    assert_int_equal(fixture_append_many(fx, 1, 1), JZ_OK);
    answer(JZ_E_STORE_IO);
    /* The thread needs a moment to say so; each append asks. */
    for (next = 1; next < 1000000 && status == JZ_OK; next++) status = fixture_append_many(fx, next + 1, 1);
    assert_int_equal(status, JZ_E_STORE_IO);
    assert_int_equal(fixture_append_many(fx, next + 1, 1), JZ_E_STORE_IO);
    struct jz_lease other = {0};
    assert_int_equal(jz_journal_lease(fx->journal, 1, 1000, &other), JZ_E_STORE_IO);
}

static uint64_t log_bytes(const struct fixture *fx) {
    struct stat about;
    assert_int_equal(stat(fixture_beside(fx, "-wal"), &about), 0);
    return (uint64_t)about.st_size;
}

/* Writes a log of some megabytes while the checkpointer waits, lets it see them, and commits once more. */
static void fill_and_checkpoint(struct fixture *fx, uint64_t megabytes) {
    uint8_t *body = calloc(1, JZ_RECORD_BYTES_MAX);
    assert_non_null(body);
    await_asked();
    for (uint64_t i = 0; i < megabytes; i++) {
        struct jz_record record = {.body = body, .bytes = JZ_RECORD_BYTES_MAX};
        jz_put_be64(record.key + 8, i);
        assert_int_equal(fixture_append(fx, &record, 1), JZ_OK);
    }
    free(body);
    assert_true(log_bytes(fx) > megabytes * JZ_RECORD_BYTES_MAX);
    answer(JZ_OK); /* this one knew only of the lease */
    await_asked(); /* this one knows of all */
    answer(JZ_OK);
    /* The next one is asked for only after that, and after a commit that starts the log again. */
    assert_int_equal(fixture_append_one(fx, 1, 1), JZ_OK);
    await_asked();
    answer(JZ_OK);
    assert_int_equal(fixture_next(fx), megabytes + 1);
}

static void a_log_over_its_limit_is_truncated(void **state) {
    fill_and_checkpoint(*state, JZ_TRUNCATE_WAL_BYTES / JZ_RECORD_BYTES_MAX);
    assert_true(log_bytes(*state) < JZ_CHECKPOINT_WAL_BYTES);
}

static void a_long_log_is_written_again_from_its_beginning(void **state) {
    struct fixture *fx = *state;
    uint64_t megabytes = JZ_RESTART_WAL_BYTES / JZ_RECORD_BYTES_MAX;
    fill_and_checkpoint(fx, megabytes);
    assert_true(log_bytes(fx) > megabytes * JZ_RECORD_BYTES_MAX);
    uint64_t before = log_bytes(fx);
    atomic_store(&hook.manual, false);
    assert_int_equal(fixture_append_many(fx, 100, 1000), JZ_OK);
    assert_int_equal(log_bytes(fx), before);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(commits_move_from_the_log_to_the_database_in_the_background),
        T(a_checkpoint_refused_for_room_is_tried_again_and_appends_go_on),
        T(a_checkpoint_whose_fsync_failed_ends_every_append),
        T(a_log_over_its_limit_is_truncated),
        T(a_long_log_is_written_again_from_its_beginning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
