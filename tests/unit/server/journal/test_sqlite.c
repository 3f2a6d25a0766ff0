/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "faulty_vfs.h"
#include "sqlite.h"

#define FLIPS 500u
#define KILLS 100u
#define BATCH 10u

static int setup(void **state) {
    *state = fixture_make("sqlite:?commit=inline");
    return 0;
}

static int teardown(void **state) {
    fixture_free(*state);
    return 0;
}

static enum jz_status no_checkpoint(void *context, const char *step) {
    (void)context;
    return strcmp(step, "checkpoint") == 0 ? JZ_E_STORE_FULL : JZ_OK;
}

static void sql(struct fixture *fx, const char *text) {
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(fx->file, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void the_settings_that_keep_acknowledged_records_are_in_force(void **state) {
    static const struct {
        const char *ask;
        int64_t answer;
    } rows[] = {{"PRAGMA synchronous", 2},
                {"PRAGMA wal_autocheckpoint", 0},
                {"SELECT journal_mode='wal' FROM pragma_journal_mode", 1}};
    struct fixture *fx = *state;
    fixture_open(fx);
    struct jz_sqlite *sqlite = jz_sqlite_of(fx->journal);
    for (size_t i = 0; i < 3; i++) {
        int64_t answer = -1;
        assert_int_equal(jz_sqlite_number(sqlite->writer, rows[i].ask, &answer), JZ_OK);
        assert_int_equal(answer, rows[i].answer);
    }
    int64_t synchronous = 0;
    assert_int_equal(jz_sqlite_number(sqlite->checkpointer.db, "PRAGMA synchronous", &synchronous), JZ_OK);
    assert_int_equal(synchronous, 2);
}

static void a_second_open_of_the_same_file_is_refused_until_the_first_closes(void **state) {
    struct fixture *fx = *state;
    struct jz_journal *second = NULL;
    fixture_open(fx);
    assert_int_equal(jz_journal_open(&second, fx->url, NULL), JZ_E_STORE_BUSY);
    assert_null(second);
    fixture_close(fx);
    assert_int_equal(jz_journal_open(&second, fx->url, NULL), JZ_OK);
    jz_journal_close(second);
}

static void reopening_gives_the_same_tail_chain_epoch_and_duplicates(void **state) {
    struct fixture *fx = *state;
    uint8_t before[32], after[32];
    uint64_t next = 0;
    fixture_open(fx);
    assert_int_equal(fixture_append_many(fx, 1, 57), JZ_OK);
    assert_int_equal(jz_journal_tail(fx->journal, 0, &next, before), JZ_OK);
    uint64_t epoch = fx->lease.epoch;
    fixture_close(fx);
    fixture_open(fx);
    assert_int_equal(jz_journal_tail(fx->journal, 0, &next, after), JZ_OK);
    assert_int_equal(next, 57);
    assert_memory_equal(before, after, 32);
    assert_int_equal(fx->lease.epoch, epoch + 1);
    struct jz_lease current = fx->lease;
    fx->lease.epoch = epoch;
    assert_int_equal(fixture_append_one(fx, 1, 1), JZ_E_STORE_FENCED);
    fx->lease = current;
    assert_int_equal(fixture_append_many(fx, 1, 57), JZ_OK);
    for (size_t i = 0; i < 57; i++) {
        assert_true(fx->results[i].duplicate);
        assert_int_equal(fx->results[i].offset, i);
    }
    assert_int_equal(fixture_append_many(fx, 58, 1), JZ_OK);
    assert_int_equal(fx->results[0].offset, 57);
}

static void damage_done_by_sql_is_found_and_named(void **state) {
    (void)state;
    static const struct {
        const char *sql;
        uint64_t bad;
    } rows[] = {{"DELETE FROM record WHERE place=7", 7},
                {"DELETE FROM record WHERE place=0", 0},
                {"DELETE FROM record WHERE place=19", 19},
                {"DELETE FROM record", 0},
                {"UPDATE record SET place=-1 WHERE place=7; UPDATE record SET place=7 WHERE place=8;"
                 "UPDATE record SET place=8 WHERE place=-1",
                 7},
                {"UPDATE record SET body=zeroblob(200) WHERE place=11", 11},
                {"UPDATE record SET key=zeroblob(16) WHERE place=11", 11},
                {"UPDATE record SET key=x'00' WHERE place=11", 11},
                {"UPDATE record SET chain=zeroblob(32) WHERE place=11", 11},
                {"UPDATE record SET chain=zeroblob(32) WHERE place=19", 19},
                {"INSERT INTO record SELECT 20, key, body, chain FROM record WHERE place=19", 20},
                {"UPDATE shard SET epoch=9", 20},
                {"UPDATE shard SET next=19", 20},
                {"DELETE FROM shard", 20}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture *fx = fixture_make("sqlite:?commit=inline");
        struct reading reading = {0};
        uint64_t next = 0, bad = 99;
        uint8_t chain[32];
        fixture_open(fx);
        assert_int_equal(fixture_append_many(fx, 1, 20), JZ_OK);
        fixture_close(fx);
        sql(fx, rows[i].sql);
        assert_int_equal(jz_journal_open(&fx->journal, fx->url, NULL), JZ_OK);
        assert_int_equal(jz_journal_tail(fx->journal, 0, &next, chain), JZ_E_STORE_CHAIN);
        assert_int_equal(jz_journal_lease(fx->journal, 0, 1000, &fx->lease), JZ_E_STORE_CHAIN);
        assert_int_equal(fixture_append_one(fx, 1, 100), JZ_E_STORE_CHAIN);
        assert_int_equal(jz_journal_read(fx->journal, 0, 0, 100, reading_each, &reading, &bad),
                         JZ_E_STORE_CHAIN);
        assert_int_equal(bad, rows[i].bad);
        assert_int_equal(reading.count, bad);
        assert_int_equal(reading.wrong, 0);
        fixture_free(fx);
    }
}

static void damage_after_the_open_is_found_by_the_read(void **state) {
    struct fixture *fx = *state;
    struct reading reading = {0};
    uint64_t bad = 0;
    fixture_open(fx);
    assert_int_equal(fixture_append_many(fx, 1, 20), JZ_OK);
    sql(fx, "UPDATE record SET body=zeroblob(200) WHERE place=11");
    assert_int_equal(jz_journal_read(fx->journal, 0, 0, 11, reading_each, &reading, &bad), JZ_OK);
    assert_int_equal(jz_journal_read(fx->journal, 0, 3, 100, reading_each, &reading, &bad), JZ_E_STORE_CHAIN);
    assert_int_equal(bad, 11);
    reading = (struct reading){.expected = 12};
    sql(fx, "DELETE FROM record WHERE place>=18");
    assert_int_equal(jz_journal_read(fx->journal, 0, 12, 100, reading_each, &reading, &bad),
                     JZ_E_STORE_CHAIN);
    assert_int_equal(bad, 18);
    assert_int_equal(reading.count, 6);
    reading = (struct reading){.expected = 12};
    assert_int_equal(jz_journal_read(fx->journal, 0, 12, 7, reading_each, &reading, &bad), JZ_E_STORE_CHAIN);
    assert_int_equal(bad, 18);
    assert_int_equal(jz_journal_read(fx->journal, 0, 19, 1, reading_each, &reading, &bad), JZ_E_STORE_CHAIN);
}

/* The other outcome of an unknown commit: it did happen. The rows come from a journal where it succeeded. */
static void an_unknown_commit_that_did_happen_makes_the_retry_a_duplicate(void **state) {
    struct fixture *fx = *state, *twin = fixture_make("sqlite:?commit=inline");
    char text[400];
    fixture_open(twin);
    assert_int_equal(fixture_append_many(twin, 1, 3), JZ_OK);
    fixture_close(twin);
    fixture_open(fx);
    fixture_fail(fx, "commit", JZ_E_STORE_UNKNOWN, 1);
    assert_int_equal(fixture_append_many(fx, 1, 3), JZ_E_STORE_UNKNOWN);
    (void)snprintf(
        text, sizeof text,
        "ATTACH '%s' AS twin; INSERT INTO record SELECT * FROM twin.record; DELETE FROM main.shard;"
        " INSERT INTO main.shard SELECT * FROM twin.shard",
        twin->file);
    sql(fx, text);
    assert_int_equal(fixture_append_many(fx, 1, 3), JZ_OK);
    for (size_t i = 0; i < 3; i++) {
        assert_true(fx->results[i].duplicate);
        assert_int_equal(fx->results[i].offset, i);
    }
    assert_int_equal(fixture_append_many(fx, 4, 1), JZ_OK);
    assert_int_equal(fixture_next(fx), 4);
    fixture_free(twin);
}

static void a_file_that_is_not_ours_or_newer_is_left_alone(void **state) {
    static const char *const texts[] = {"CREATE TABLE other(x)", "PRAGMA user_version=2",
                                        "PRAGMA application_id=5"};
    for (size_t i = 0; i < 3; i++) {
        struct fixture *fx = fixture_make("sqlite:");
        if (i > 0) {
            fixture_open(fx);
            fixture_close(fx);
        }
        sql(fx, texts[i]);
        assert_int_equal(jz_journal_open(&fx->journal, fx->url, NULL), JZ_E_FORMAT);
        fixture_free(fx);
    }
    struct fixture *fx = *state;
    struct image text = {
        .bytes = (uint8_t *)"this is not a database, but it is long enough to look like one ........."
                            "...........................................",
        .count = 100};
    image_store(&text, fx->file);
    assert_int_equal(jz_journal_open(&fx->journal, fx->url, NULL), JZ_E_FORMAT);
}

/* A crash image: half of the records in the database, half in the log. */
static void make_image(struct fixture *fx, struct image *db, struct image *wal) {
    fx->hooks.storage_fault = no_checkpoint;
    fixture_open(fx);
    for (uint64_t i = 0; i < 15; i++) assert_int_equal(fixture_append_many(fx, 1 + i * BATCH, BATCH), JZ_OK);
    fixture_close(fx);
    fixture_open(fx);
    for (uint64_t i = 15; i < 30; i++) assert_int_equal(fixture_append_many(fx, 1 + i * BATCH, BATCH), JZ_OK);
    *db = image_load(fx->file);
    *wal = image_load(fixture_beside(fx, "-wal"));
    fixture_close(fx);
}

struct verdict {
    uint32_t refused, found, harmless, shortened;
};

static void judge_image(struct fixture *fx, bool in_last_commit, struct verdict *verdict) {
    struct reading reading = {0};
    enum jz_status opened = jz_journal_open(&fx->journal, fx->url, NULL);
    if (opened != JZ_OK) {
        assert_true(opened == JZ_E_FORMAT || opened == JZ_E_STORE_CHAIN || opened == JZ_E_FILE);
        verdict->refused++;
        return;
    }
    enum jz_status status = jz_journal_read(fx->journal, 0, 0, UINT64_MAX, reading_each, &reading, NULL);
    fixture_close(fx);
    assert_int_equal(reading.wrong, 0);
    if (status != JZ_OK) {
        assert_int_equal(status, JZ_E_STORE_CHAIN);
        verdict->found++;
    } else if (reading.count == 300) {
        verdict->harmless++;
    } else {
        /* The last commit of a log looks like a write that the power cut tore. */
        assert_true(in_last_commit && reading.count == 290);
        verdict->shortened++;
    }
}

static void a_flipped_bit_in_database_or_log_never_gives_a_wrong_record(void **state) {
    struct fixture *fx = *state;
    struct image db, wal;
    struct verdict verdict = {0};
    uint32_t seed = test_seed() | 1u;
    make_image(fx, &db, &wal);
    for (uint32_t i = 0; i < FLIPS; i++) {
        struct image *hit = i % 2 ? &wal : &db;
        size_t at = test_random(&seed) % hit->count;
        uint8_t bit = (uint8_t)(1u << test_random(&seed) % 8);
        hit->bytes[at] ^= bit;
        image_store(&db, fx->file);
        image_store(&wal, fixture_beside(fx, "-wal"));
        unlink(fixture_beside(fx, "-shm"));
        judge_image(fx, hit == &wal && at + 8u * 4120u > wal.count, &verdict);
        hit->bytes[at] ^= bit;
    }
    print_message("%u refused, %u found, %u harmless, %u shortened by the last commit\n", verdict.refused,
                  verdict.found, verdict.harmless, verdict.shortened);
    assert_true(verdict.refused > 0 && verdict.found > 0);
    free(db.bytes);
    free(wal.bytes);
}

static void set_file_limit(rlim_t bytes) {
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_disk_that_is_full_refuses_stays_readable_and_recovers(void **state) {
    struct fixture *fx = *state;
    struct reading reading = {0};
    uint64_t stored = 0;
    enum jz_status status = JZ_OK;
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    fx->hooks.storage_fault = no_checkpoint;
    fixture_open(fx);
    set_file_limit(256u * 1024u);
    while (status == JZ_OK && stored < 10000) {
        status = fixture_append_many(fx, stored + 1, BATCH);
        if (status == JZ_OK) stored += BATCH;
    }
    assert_int_equal(status, JZ_E_STORE_FULL);
    assert_true(stored > 0);
    assert_int_equal(fixture_append_many(fx, stored + 1, BATCH), JZ_E_STORE_FULL);
    assert_int_equal(jz_journal_read(fx->journal, 0, 0, UINT64_MAX, reading_each, &reading, NULL), JZ_OK);
    assert_int_equal(reading.count, stored);
    set_file_limit(RLIM_INFINITY);
    assert_int_equal(fixture_append_many(fx, stored + 1, BATCH), JZ_OK);
    assert_int_equal(fx->results[0].offset, stored);
    fixture_close(fx);
    fixture_open(fx);
    assert_int_equal(fixture_next(fx), stored + BATCH);
}

static void fault_run(enum faulty_kind kind, int result, int nth, enum jz_status wanted, const char *mode) {
    struct fixture *fx = fixture_make(mode);
    fx->hooks = (struct jz_hooks){.storage_fault = no_checkpoint, .vfs = "faulty"};
    faulty_set(kind, 0, 0, false);
    fixture_open(fx);
    assert_int_equal(fixture_append_many(fx, 1, BATCH), JZ_OK);
    int hits = atomic_load(&faulty_plan.hits);
    faulty_set(kind, result, nth, false);
    uint64_t stored = BATCH;
    enum jz_status status = JZ_OK;
    for (; stored < 500 && status == JZ_OK; stored += status == JZ_OK ? BATCH : 0)
        status = fixture_append_many(fx, stored + 1, BATCH);
    assert_int_equal(status, wanted);
    assert_int_equal(atomic_load(&faulty_plan.hits), hits + 1);
    status = fixture_append_many(fx, stored + 1, BATCH);
    assert_int_equal(status, wanted == JZ_E_STORE_IO ? JZ_E_STORE_IO : JZ_OK);
    struct reading reading = {0};
    assert_int_equal(jz_journal_read(fx->journal, 0, 0, UINT64_MAX, reading_each, &reading, NULL), JZ_OK);
    assert_int_equal(reading.count, stored + (wanted == JZ_E_STORE_IO ? 0 : BATCH));
    fixture_close(fx);
    fixture_open(fx);
    assert_true(fixture_next(fx) >= stored);
    fixture_free(fx);
}

static void a_full_disk_at_any_write_is_rolled_back_and_the_next_append_works(void **state) {
    (void)state;
    for (int nth = 1; nth <= 40; nth++)
        fault_run(FAULTY_WRITE, SQLITE_FULL, nth, JZ_E_STORE_FULL,
                  nth % 2 ? "sqlite:?commit=inline" : "sqlite:?commit=thread");
}

static void a_failed_fsync_at_any_point_stops_appends_for_good(void **state) {
    (void)state;
    for (int nth = 1; nth <= 20; nth++)
        fault_run(FAULTY_SYNC, SQLITE_IOERR_FSYNC, nth, JZ_E_STORE_IO,
                  nth % 2 ? "sqlite:?commit=inline" : "sqlite:?commit=thread");
}

/* The child appends for ever; each acknowledged batch goes into the pipe as the count of records by then. */
static _Noreturn void child(struct fixture *fx, int acks, uint32_t seed) {
    uint64_t next = 0;
    uint8_t chain[32];
    if (jz_journal_open(&fx->journal, fx->url, NULL) != JZ_OK) _exit(10);
    if (jz_journal_lease(fx->journal, 0, 1000, &fx->lease) != JZ_OK) _exit(11);
    if (jz_journal_tail(fx->journal, 0, &next, chain) != JZ_OK) _exit(12);
    for (;;) {
        size_t count = 1 + test_random(&seed) % 8;
        if (fixture_append_many(fx, next + 1, count) != JZ_OK) _exit(13);
        next += count;
        if (write(acks, &next, sizeof next) != sizeof next) _exit(14);
    }
}

static uint64_t kill_after(struct fixture *fx, uint32_t reads, uint32_t seed) {
    int ends[2], status = 0;
    uint64_t acked = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(ends[0]);
        child(fx, ends[1], seed);
    }
    close(ends[1]);
    for (uint32_t i = 0; i < reads; i++) assert_int_equal(read(ends[0], &acked, sizeof acked), sizeof acked);
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    for (uint64_t later = 0; read(ends[0], &later, sizeof later) == sizeof later;) acked = later;
    close(ends[0]);
    return acked;
}

static void everything_acknowledged_before_a_kill_is_there_once(void **state) {
    struct fixture *fx = *state;
    uint32_t seed = test_seed() | 1u;
    for (uint32_t i = 0; i < KILLS; i++) {
        (void)snprintf(fx->url, sizeof fx->url, "sqlite:%s?commit=%s", fx->file, i % 2 ? "thread" : "inline");
        uint64_t acked = kill_after(fx, 1 + test_random(&seed) % 40, test_random(&seed) | 1u);
        struct reading reading = {0};
        assert_int_equal(jz_journal_open(&fx->journal, fx->url, NULL), JZ_OK);
        assert_int_equal(jz_journal_read(fx->journal, 0, 0, UINT64_MAX, reading_each, &reading, NULL), JZ_OK);
        assert_int_equal(reading.wrong, 0);
        assert_true(reading.count >= acked && reading.count <= acked + 8);
        assert_int_equal(reading.last_sequence,
                         reading.count); /* once each: sequence i + 1 stands at offset i */
        fixture_close(fx);
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(the_settings_that_keep_acknowledged_records_are_in_force),
        T(a_second_open_of_the_same_file_is_refused_until_the_first_closes),
        T(reopening_gives_the_same_tail_chain_epoch_and_duplicates),
        T(damage_done_by_sql_is_found_and_named),
        T(damage_after_the_open_is_found_by_the_read),
        T(an_unknown_commit_that_did_happen_makes_the_retry_a_duplicate),
        T(a_file_that_is_not_ours_or_newer_is_left_alone),
        T(a_flipped_bit_in_database_or_log_never_gives_a_wrong_record),
        T(a_disk_that_is_full_refuses_stays_readable_and_recovers),
        T(a_full_disk_at_any_write_is_rolled_back_and_the_next_append_works),
        T(a_failed_fsync_at_any_point_stops_appends_for_good),
        T(everything_acknowledged_before_a_kill_is_there_once),
    };
    if (faulty_register() != SQLITE_OK) return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
