/* SPDX-License-Identifier: Apache-2.0 */
/* The contract: every test runs on every engine, committing inside the append and after it. */
#include "fixture.h"

static const char *engine_url;

static int setup(void **state) {
    struct fixture *fx = fixture_make(engine_url);
    fixture_open(fx);
    *state = fx;
    return 0;
}

static int teardown(void **state) {
    fixture_free(*state);
    return 0;
}

static uint64_t read_all(struct fixture *fx, uint64_t from) {
    struct reading reading = {.expected = from};
    assert_int_equal(jz_journal_read(fx->journal, 0, from, UINT64_MAX, reading_each, &reading, NULL), JZ_OK);
    assert_int_equal(reading.wrong, 0);
    return reading.count;
}

static void p1_a_batch_that_fails_at_any_step_leaves_nothing(void **state) {
    static const struct {
        const char *step;
        int nth;
        enum jz_status status;
    } rows[] = {{"begin", 1, JZ_E_STORE_FULL},    {"insert", 1, JZ_E_STORE_FULL},
                {"insert", 3, JZ_E_STORE_FULL},   {"insert", 7, JZ_E_STORE_FULL},
                {"commit", 1, JZ_E_STORE_FULL},   {"commit", 1, JZ_E_STORE_UNKNOWN},
                {"insert", 2, JZ_E_STORE_UNKNOWN}};
    struct fixture *fx = *state;
    assert_int_equal(fixture_append_many(fx, 1, 3), JZ_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fixture_fail(fx, rows[i].step, rows[i].status, rows[i].nth);
        assert_int_equal(fixture_append_many(fx, 4, 7), rows[i].status);
        for (size_t k = 0; k < 7; k++) assert_int_equal(fx->results[k].status, rows[i].status);
        assert_int_equal(atomic_load(&fx->fault.hits), i + 1);
        assert_int_equal(fixture_next(fx), 3);
        assert_int_equal(read_all(fx, 0), 3);
    }
    assert_int_equal(fixture_append_many(fx, 4, 7), JZ_OK);
    assert_false(fx->results[0].duplicate);
    assert_int_equal(read_all(fx, 0), 10);
}

static void p1_a_batch_with_one_bad_record_is_refused_whole(void **state) {
    struct fixture *fx = *state;
    uint8_t bodies[3][200];
    struct jz_record records[3] = {record_of(1, 5, bodies[0]), record_of(2, 1, bodies[1]),
                                   record_of(1, 4, bodies[2])};
    assert_int_equal(fixture_append(fx, records, 3), JZ_E_STORE_ORDER);
    records[2].bytes = JZ_RECORD_BYTES_MAX + 1;
    assert_int_equal(fixture_append(fx, records, 3), JZ_E_STORE_TOO_BIG);
    assert_int_equal(fx->done_calls, 0);
    assert_int_equal(fixture_next(fx), 0);
    assert_int_equal(fixture_append(fx, records, 2), JZ_OK);
    assert_false(fx->results[0].duplicate || fx->results[1].duplicate);
}

static void p2_ok_comes_with_a_level_and_the_record_is_readable_by_then(void **state) {
    struct fixture *fx = *state;
    assert_int_equal(fixture_append_one(fx, 1, 1), JZ_OK);
    assert_int_equal(fx->results[0].level, 1);
    assert_int_equal(read_all(fx, 0), 1);
}

static void p3_a_repeated_key_gets_its_first_offset(void **state) {
    struct fixture *fx = *state;
    static const struct {
        uint64_t source, sequence, offset;
        bool duplicate;
    } rows[] = {{1, 10, 0, false}, {2, 1, 1, false},  {1, 12, 2, false}, {1, 12, 2, true}, {1, 10, 0, true},
                {2, 1, 1, true},   {1, 13, 3, false}, {1, 12, 2, true},  {1, 10, 0, true}, {1, 13, 3, true}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(fixture_append_one(fx, rows[i].source, rows[i].sequence), JZ_OK);
        assert_int_equal(fx->results[0].offset, rows[i].offset);
        assert_int_equal(fx->results[0].duplicate, rows[i].duplicate);
        assert_int_equal(fx->results[0].level, 1);
    }
    assert_int_equal(fixture_append_one(fx, 1, 11), JZ_E_STORE_ORDER);
    assert_int_equal(fixture_append_one(fx, 1, 9), JZ_E_STORE_ORDER);
    assert_int_equal(fixture_next(fx), 4);
}

static void p3_duplicates_and_new_records_mix_in_one_batch(void **state) {
    struct fixture *fx = *state;
    assert_int_equal(fixture_append_one(fx, 1, 1), JZ_OK);
    assert_int_equal(fixture_append_one(fx, 1, 2), JZ_OK);
    uint8_t bodies[7][200];
    struct jz_record records[7] = {record_of(1, 1, bodies[0]), record_of(1, 3, bodies[1]),
                                   record_of(1, 2, bodies[2]), record_of(2, 1, bodies[3]),
                                   record_of(1, 3, bodies[4]), record_of(1, 4, bodies[5]),
                                   record_of(1, 3, bodies[6])};
    static const struct {
        uint64_t offset;
        bool duplicate;
    } wanted[7] = {{0, true}, {2, false}, {1, true}, {3, false}, {2, true}, {4, false}, {2, true}};
    assert_int_equal(fixture_append(fx, records, 7), JZ_OK);
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(fx->results[i].status, JZ_OK);
        assert_int_equal(fx->results[i].offset, wanted[i].offset);
        assert_int_equal(fx->results[i].duplicate, wanted[i].duplicate);
    }
    assert_int_equal(read_all(fx, 0), 5);
}

static void p4_offsets_of_each_shard_are_dense_from_zero(void **state) {
    struct fixture *fx = *state;
    struct jz_lease other = {0};
    uint64_t expected[2] = {0, 0};
    assert_int_equal(jz_journal_lease(fx->journal, 255, 1000, &other), JZ_OK);
    for (uint64_t i = 0; i < 60; i++) {
        uint8_t body[200];
        struct jz_record record = record_of(7, i, body);
        bool second = i % 3 == 1;
        size_t calls = fx->done_calls + 1;
        assert_int_equal(
            jz_journal_append(fx->journal, second ? &other : &fx->lease, &record, 1, 0, fixture_done, fx),
            JZ_OK);
        fixture_wait(fx, calls);
        assert_int_equal(fx->results[0].status, JZ_OK);
        assert_int_equal(fx->results[0].offset, expected[second]++);
    }
    struct reading reading = {0};
    assert_int_equal(jz_journal_read(fx->journal, 255, 0, UINT64_MAX, reading_each, &reading, NULL), JZ_OK);
    assert_int_equal(reading.count, 20);
    assert_int_equal(reading.wrong, 0);
    assert_int_equal(read_all(fx, 0), 40);
}

static void p5_after_a_take_the_older_epoch_appends_nothing(void **state) {
    struct fixture *fx = *state;
    struct jz_lease newer = {0}, older = fx->lease;
    assert_int_equal(fixture_append_one(fx, 1, 1), JZ_OK);
    assert_int_equal(jz_journal_lease(fx->journal, 0, 1000, &newer), JZ_OK);
    assert_int_equal(newer.epoch, older.epoch + 1);
    assert_int_equal(fixture_append_one(fx, 1, 2), JZ_E_STORE_FENCED);
    assert_int_equal(fixture_append_one(fx, 1, 1), JZ_E_STORE_FENCED);
    assert_int_equal(fixture_next(fx), 1);
    fx->lease = newer;
    assert_int_equal(fixture_append_one(fx, 1, 2), JZ_OK);
    fx->lease = (struct jz_lease){0};
    assert_int_equal(fixture_append_one(fx, 1, 3), JZ_E_STORE_FENCED);
}

static void p5_renewing_keeps_the_epoch_and_a_failed_take_changes_nothing(void **state) {
    struct fixture *fx = *state;
    struct jz_lease before = fx->lease, other = {0};
    assert_int_equal(jz_journal_lease(fx->journal, 0, 60000, &fx->lease), JZ_OK);
    assert_int_equal(fx->lease.epoch, before.epoch);
    assert_true(fx->lease.until_mono_ms > before.until_mono_ms);
    fixture_fail(fx, "commit", JZ_E_STORE_FULL, 1);
    assert_int_equal(jz_journal_lease(fx->journal, 0, 1000, &other), JZ_E_STORE_FULL);
    assert_int_equal(other.epoch, 0);
    assert_int_equal(fixture_append_one(fx, 1, 1), JZ_OK);
    assert_int_equal(jz_journal_lease(fx->journal, 256, 1000, &other), JZ_E_VALUE);
}

static void p6_after_an_unknown_outcome_the_same_key_is_stored_once(void **state) {
    struct fixture *fx = *state;
    for (uint64_t i = 1; i <= 4; i++) {
        fixture_fail(fx, "commit", JZ_E_STORE_UNKNOWN, 1);
        assert_int_equal(fixture_append_one(fx, 1, i), JZ_E_STORE_UNKNOWN);
        assert_int_equal(fixture_append_one(fx, 1, i), JZ_OK);
        assert_int_equal(fx->results[0].offset, i - 1);
    }
    assert_int_equal(read_all(fx, 0), 4);
}

static void p7_an_io_error_stops_every_later_append_and_reading_goes_on(void **state) {
    struct fixture *fx = *state;
    assert_int_equal(fixture_append_many(fx, 1, 5), JZ_OK);
    fixture_fail(fx, "commit", JZ_E_STORE_IO, 1);
    assert_int_equal(fixture_append_many(fx, 6, 5), JZ_E_STORE_IO);
    size_t calls = fx->done_calls;
    struct jz_lease other = {0};
    assert_int_equal(fixture_append_many(fx, 6, 5), JZ_E_STORE_IO);
    assert_int_equal(jz_journal_lease(fx->journal, 0, 1000, &other), JZ_E_STORE_IO);
    assert_int_equal(fx->done_calls, calls);
    assert_int_equal(read_all(fx, 0), 5);
}

static void p8_the_tail_is_the_documented_hash_of_everything_before(void **state) {
    struct fixture *fx = *state;
    uint8_t body[3] = {1, 2, 3}, chain[32];
    /* SHA-256(32 zero bytes | offset 0 | key 00..01 00..02 | 01 02 03), computed with sha256sum. */
    static const uint8_t wanted[8] = {0xdd, 0xb2, 0xf6, 0x38, 0x2c, 0x19, 0x9b, 0x91};
    struct jz_record record = {.body = body, .bytes = 3};
    uint64_t next = 0;
    jz_put_be64(record.key, 1);
    jz_put_be64(record.key + 8, 2);
    assert_int_equal(fixture_append(fx, &record, 1), JZ_OK);
    assert_int_equal(jz_journal_tail(fx->journal, 0, &next, chain), JZ_OK);
    assert_int_equal(next, 1);
    assert_memory_equal(chain, wanted, sizeof wanted);
}

static void reading_starts_and_stops_where_it_is_asked_to(void **state) {
    struct fixture *fx = *state;
    static const struct {
        uint64_t from, max, count;
    } rows[] = {{0, 0, 0},  {0, 1, 1},  {0, 20, 20}, {0, 21, 20},        {5, 3, 3},
                {19, 5, 1}, {20, 5, 0}, {21, 5, 0},  {1, UINT64_MAX, 19}};
    assert_int_equal(fixture_append_many(fx, 1, 20), JZ_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct reading reading = {.expected = rows[i].from};
        assert_int_equal(
            jz_journal_read(fx->journal, 0, rows[i].from, rows[i].max, reading_each, &reading, NULL), JZ_OK);
        assert_int_equal(reading.count, rows[i].count);
        assert_int_equal(reading.wrong, 0);
    }
}

struct nested {
    struct fixture *fx;
    size_t calls;
};

static bool read_again(void *context, uint64_t offset, const uint8_t key[16], const uint8_t *body,
                       uint32_t bytes) {
    (void)offset, (void)key, (void)body, (void)bytes;
    struct nested *nested = context;
    struct reading inner = {0};
    nested->calls++;
    assert_int_equal(jz_journal_read(nested->fx->journal, 0, 0, 1, reading_each, &inner, NULL), JZ_E_FULL);
    return false;
}

static void a_reader_may_stop_and_may_not_read_inside_a_read(void **state) {
    struct nested nested = {.fx = *state};
    assert_int_equal(fixture_append_many(nested.fx, 1, 3), JZ_OK);
    assert_int_equal(jz_journal_read(nested.fx->journal, 0, 0, 3, read_again, &nested, NULL), JZ_OK);
    assert_int_equal(nested.calls, 1);
}

static void append_again(void *context, const struct jz_appended *results, size_t count) {
    struct fixture *fx = context;
    uint8_t body[200];
    struct jz_record record = record_of(9, 9, body);
    assert_int_equal(jz_journal_append(fx->journal, &fx->lease, &record, 1, 0, fixture_done, fx), JZ_E_FULL);
    jz_journal_service(fx->journal);
    fixture_done(context, results, count);
}

static void an_append_from_inside_done_is_refused(void **state) {
    struct fixture *fx = *state;
    uint8_t body[200];
    struct jz_record record = record_of(1, 1, body);
    assert_int_equal(jz_journal_append(fx->journal, &fx->lease, &record, 1, 0, append_again, fx), JZ_OK);
    fixture_wait(fx, 1);
    assert_int_equal(fx->done_calls, 1);
    assert_int_equal(fixture_append_one(fx, 9, 9), JZ_OK);
}

static void batch_and_record_limits_hold_at_the_limit_and_one_over(void **state) {
    struct fixture *fx = *state;
    uint8_t *body = calloc(1, JZ_RECORD_BYTES_MAX);
    struct jz_record *records = calloc(JZ_BATCH_RECORDS_MAX + 1, sizeof *records);
    assert_true(body && records);
    for (size_t i = 0; i <= JZ_BATCH_RECORDS_MAX; i++) jz_put_be64(records[i].key + 8, i);
    assert_int_equal(fixture_append(fx, records, JZ_BATCH_RECORDS_MAX + 1), JZ_E_COUNT);
    assert_int_equal(fixture_append(fx, records, 0), JZ_E_EMPTY);
    assert_int_equal(fixture_append(fx, records, JZ_BATCH_RECORDS_MAX), JZ_OK);
    for (size_t i = 0; i < 65; i++) {
        jz_put_be64(records[i].key, 1);
        records[i].body = body;
        records[i].bytes = JZ_RECORD_BYTES_MAX;
    }
    assert_int_equal(fixture_append(fx, records, 65), JZ_E_STORE_TOO_BIG);
    records[0].bytes++;
    assert_int_equal(fixture_append(fx, records, 1), JZ_E_STORE_TOO_BIG);
    records[0].bytes--;
    assert_int_equal(fixture_append(fx, records, 1), JZ_OK);
    free(records);
    free(body);
}

static void the_two_newest_snapshots_are_kept_newest_first(void **state) {
    struct fixture *fx = *state;
    static const uint64_t offsets[] = {1, 3, 2, 2, 1};
    uint8_t hash[32] = {9}, got[32];
    void *bytes = NULL;
    uint64_t offset = 0;
    size_t size = 0;
    assert_int_equal(jz_journal_snapshot_get(fx->journal, 0, 0, &offset, got, &bytes, &size), JZ_E_FILE);
    assert_int_equal(fixture_append_many(fx, 1, 3), JZ_OK);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(jz_journal_snapshot_put(fx->journal, 0, offsets[i], hash, &i, sizeof i), JZ_OK);
    assert_int_equal(jz_journal_snapshot_put(fx->journal, 0, 4, hash, "x", 1), JZ_E_VALUE);
    static const struct {
        uint64_t offset;
        size_t state;
    } wanted[] = {{3, 1}, {2, 3}};
    for (uint32_t nth = 0; nth < 2; nth++) {
        assert_int_equal(jz_journal_snapshot_get(fx->journal, 0, nth, &offset, got, &bytes, &size), JZ_OK);
        assert_int_equal(offset, wanted[nth].offset);
        assert_int_equal(size, sizeof(size_t));
        assert_memory_equal(bytes, &wanted[nth].state, sizeof(size_t));
        assert_memory_equal(got, hash, 32);
        free(bytes);
    }
    assert_int_equal(jz_journal_snapshot_get(fx->journal, 0, 2, &offset, got, &bytes, &size), JZ_E_FILE);
    assert_null(bytes);
}

static void a_failed_snapshot_leaves_the_older_ones(void **state) {
    struct fixture *fx = *state;
    uint8_t hash[32] = {0};
    void *bytes = NULL;
    uint64_t offset = 1;
    size_t size = 1;
    assert_int_equal(jz_journal_snapshot_put(fx->journal, 0, 0, hash, NULL, 0), JZ_OK);
    fixture_fail(fx, "snapshot", JZ_E_STORE_FULL, 1);
    assert_int_equal(jz_journal_snapshot_put(fx->journal, 0, 0, hash, "new", 3), JZ_E_STORE_FULL);
    assert_int_equal(jz_journal_snapshot_get(fx->journal, 0, 0, &offset, hash, &bytes, &size), JZ_OK);
    assert_int_equal(size, 0);
    assert_int_equal(offset, 0);
    free(bytes);
}

static void figures_count_what_was_stored_and_not_the_duplicates(void **state) {
    struct fixture *fx = *state;
    struct jz_journal_stats stats;
    assert_int_equal(fixture_append_many(fx, 1, 4), JZ_OK);
    assert_int_equal(fixture_append_many(fx, 1, 4), JZ_OK);
    jz_journal_stats(fx->journal, &stats);
    assert_int_equal(stats.commits, 1);
    assert_int_equal(stats.records, 4);
    assert_int_equal(stats.bytes, 800);
    assert_int_equal(stats.inline_commits, strstr(engine_url, "thread") ? 0 : 1);
}

static void an_open_that_fails_gives_no_journal(void **state) {
    struct fixture *fx = *state;
    struct jz_journal *second = fx->journal;
    fixture_fail(fx, "open", JZ_E_STORE_FULL, 1);
    assert_int_equal(jz_journal_open(&second, fx->url, &fx->hooks), JZ_E_STORE_FULL);
    assert_null(second);
    static const char *const wrong[] = {
        "", "pg:", "memory:x", "sqlite:", "sqlite:?commit=auto", "sqlite:/tmp/x?commit="};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(jz_journal_open(&second, wrong[i], NULL), JZ_E_CONFIG);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    static const struct CMUnitTest tests[] = {
        T(p1_a_batch_that_fails_at_any_step_leaves_nothing),
        T(p1_a_batch_with_one_bad_record_is_refused_whole),
        T(p2_ok_comes_with_a_level_and_the_record_is_readable_by_then),
        T(p3_a_repeated_key_gets_its_first_offset),
        T(p3_duplicates_and_new_records_mix_in_one_batch),
        T(p4_offsets_of_each_shard_are_dense_from_zero),
        T(p5_after_a_take_the_older_epoch_appends_nothing),
        T(p5_renewing_keeps_the_epoch_and_a_failed_take_changes_nothing),
        T(p6_after_an_unknown_outcome_the_same_key_is_stored_once),
        T(p7_an_io_error_stops_every_later_append_and_reading_goes_on),
        T(p8_the_tail_is_the_documented_hash_of_everything_before),
        T(reading_starts_and_stops_where_it_is_asked_to),
        T(a_reader_may_stop_and_may_not_read_inside_a_read),
        T(an_append_from_inside_done_is_refused),
        T(batch_and_record_limits_hold_at_the_limit_and_one_over),
        T(the_two_newest_snapshots_are_kept_newest_first),
        T(a_failed_snapshot_leaves_the_older_ones),
        T(figures_count_what_was_stored_and_not_the_duplicates),
        T(an_open_that_fails_gives_no_journal),
    };
    static const char *const urls[] = {"memory:", "memory:?commit=thread", "sqlite:?commit=inline",
                                       "sqlite:?commit=thread"};
    int failed = 0;
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        engine_url = urls[i];
        failed += cmocka_run_group_tests_name(engine_url, tests, NULL, NULL);
    }
    return failed != 0;
}
