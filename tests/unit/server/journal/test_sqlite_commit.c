/* SPDX-License-Identifier: Apache-2.0 */
/* The committer thread, held before its transaction by the fault hook for as long as a test needs. */
#include "fixture.h"

#include <errno.h>
#include <semaphore.h>

#include "sqlite.h"

static struct gate {
    atomic_bool closed;
    sem_t reached, open;
    atomic_llong mono_ms;
    bool virtual_clock;
} gate;

static enum jz_status gate_fault(void *context, const char *step) {
    (void)context;
    if (strcmp(step, "begin") != 0 || !atomic_load(&gate.closed)) return JZ_OK;
    sem_post(&gate.reached);
    while (sem_wait(&gate.open) != 0) continue; /* EINTR */
    return JZ_OK;
}

static int64_t gate_mono(void *context) {
    (void)context;
    return gate.virtual_clock ? atomic_load(&gate.mono_ms) : jz_hooks_mono_ms(NULL);
}

static int setup(void **state) {
    struct fixture *fx = fixture_make("sqlite:?commit=thread");
    gate.virtual_clock = false;
    atomic_store(&gate.closed, false);
    assert_int_equal(sem_init(&gate.reached, 0, 0), 0);
    assert_int_equal(sem_init(&gate.open, 0, 0), 0);
    fx->hooks = (struct jz_hooks){.storage_fault = gate_fault, .mono_ms = gate_mono};
    fixture_open(fx);
    *state = fx;
    return 0;
}

static int teardown(void **state) {
    fixture_free(*state);
    sem_destroy(&gate.reached);
    sem_destroy(&gate.open);
    return 0;
}

static void close_gate(void) {
    atomic_store(&gate.closed, true);
}

static void await_gate(void) {
    struct timespec until;
    assert_int_equal(clock_gettime(CLOCK_REALTIME, &until), 0);
    until.tv_sec += WAIT_MS / 1000;
    assert_int_equal(sem_timedwait(&gate.reached, &until), 0);
}

static void open_gate(void) {
    atomic_store(&gate.closed, false);
    sem_post(&gate.open);
}

static enum jz_status submit(struct fixture *fx, uint64_t sequence, uint8_t body[200], uint32_t deadline_ms) {
    struct jz_record record = record_of(1, sequence, body);
    return jz_journal_append(fx->journal, &fx->lease, &record, 1, deadline_ms, fixture_done, fx);
}

static bool is_readable(const struct fixture *fx, int wait_ms) {
    struct pollfd ready = {.fd = jz_journal_fd(fx->journal), .events = POLLIN};
    return poll(&ready, 1, wait_ms) == 1;
}

static void a_commit_that_is_late_is_unknown_and_its_retry_a_duplicate(void **state) {
    struct fixture *fx = *state;
    uint8_t body[200];
    close_gate();
    assert_int_equal(submit(fx, 1, body, 1), JZ_OK);
    await_gate();
    fixture_wait(fx, 1);
    assert_int_equal(fx->results[0].status, JZ_E_STORE_UNKNOWN);
    assert_int_equal(submit(fx, 1, body, 1), JZ_E_STORE_UNKNOWN);
    memset(body, 0xee, sizeof body); /* after `done` the storage is the caller's again */
    assert_int_equal(fx->done_calls, 1);
    assert_int_equal(fixture_next(fx), 0);
    open_gate();
    assert_true(is_readable(fx, WAIT_MS));
    jz_journal_service(fx->journal);
    assert_int_equal(fx->done_calls, 1);
    assert_int_equal(fixture_append_one(fx, 1, 1), JZ_OK);
    assert_true(fx->results[0].duplicate);
    struct reading reading = {0};
    assert_int_equal(jz_journal_read(fx->journal, 0, 0, 9, reading_each, &reading, NULL), JZ_OK);
    assert_int_equal(reading.count, 1);
    assert_int_equal(reading.wrong, 0);
    assert_false(is_readable(fx, 0));
}

static void a_commit_inside_its_deadline_is_ok_and_the_timer_is_off(void **state) {
    struct fixture *fx = *state;
    uint8_t body[200];
    assert_int_equal(submit(fx, 1, body, WAIT_MS), JZ_OK);
    fixture_wait(fx, 1);
    assert_int_equal(fx->results[0].status, JZ_OK);
    assert_false(is_readable(fx, 0));
}

static void the_deadline_follows_the_clock_of_the_hooks(void **state) {
    struct fixture *fx = *state;
    uint8_t body[200];
    gate.virtual_clock = true;
    atomic_store(&gate.mono_ms, 1000);
    close_gate();
    assert_int_equal(submit(fx, 1, body, 50), JZ_OK);
    await_gate();
    atomic_store(&gate.mono_ms, 1049);
    jz_journal_service(fx->journal);
    assert_int_equal(fx->done_calls, 0);
    atomic_store(&gate.mono_ms, 1050);
    jz_journal_service(fx->journal);
    assert_int_equal(fx->done_calls, 1);
    assert_int_equal(fx->results[0].status, JZ_E_STORE_UNKNOWN);
    jz_journal_service(fx->journal);
    assert_int_equal(fx->done_calls, 1);
    open_gate();
}

static void while_a_commit_is_under_way_only_reading_and_renewing_go_on(void **state) {
    struct fixture *fx = *state;
    struct jz_lease other = {0};
    struct reading reading = {0};
    uint8_t body[200], more[200];
    assert_int_equal(fixture_append_one(fx, 1, 1), JZ_OK);
    close_gate();
    assert_int_equal(submit(fx, 2, body, 0), JZ_OK);
    await_gate();
    assert_int_equal(submit(fx, 3, more, 0), JZ_E_FULL);
    assert_int_equal(jz_journal_lease(fx->journal, 0, 1000, &other), JZ_E_FULL);
    assert_int_equal(jz_journal_lease(fx->journal, 0, 1000, &fx->lease), JZ_OK);
    assert_int_equal(jz_journal_read(fx->journal, 0, 0, 9, reading_each, &reading, NULL), JZ_OK);
    assert_int_equal(reading.count, 1);
    assert_int_equal(jz_journal_snapshot_put(fx->journal, 0, 1, body, "s", 1), JZ_OK);
    open_gate();
    fixture_wait(fx, 2);
    assert_int_equal(fx->results[0].status, JZ_OK);
    assert_int_equal(fx->results[0].offset, 1);
}

static void closing_waits_for_the_commit_and_calls_done(void **state) {
    struct fixture *fx = *state;
    uint8_t body[200];
    close_gate();
    assert_int_equal(submit(fx, 1, body, 0), JZ_OK);
    await_gate();
    open_gate();
    fixture_close(fx);
    assert_int_equal(fx->done_calls, 1);
    assert_int_equal(fx->results[0].status, JZ_OK);
    fixture_open(fx);
    assert_int_equal(fixture_next(fx), 1);
}

static void the_choice_between_loop_and_thread_has_its_bounds(void **state) {
    static const struct {
        uint32_t mean_us, bytes;
        bool inlined;
    } rows[] = {{JZ_INLINE_COMMIT_US_MAX - 1, 100, true},
                {JZ_INLINE_COMMIT_US_MAX, 100, false},
                {0, JZ_INLINE_BATCH_BYTES_MAX, true},
                {0, JZ_INLINE_BATCH_BYTES_MAX + 1, false}};
    (void)state;
    struct fixture *fx = fixture_make("sqlite:?commit=auto");
    uint8_t *body = calloc(1, JZ_INLINE_BATCH_BYTES_MAX + 1);
    assert_non_null(body);
    fixture_open(fx);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct jz_journal_stats before, after;
        struct jz_record record = {.body = body, .bytes = rows[i].bytes};
        jz_put_be64(record.key + 8, i);
        jz_journal_stats(fx->journal, &before);
        jz_sqlite_of(fx->journal)->commit_us_mean = rows[i].mean_us;
        assert_int_equal(fixture_append(fx, &record, 1), JZ_OK);
        jz_journal_stats(fx->journal, &after);
        assert_int_equal(after.inline_commits - before.inline_commits, rows[i].inlined);
        assert_true(after.last_commit_us > 0 && after.max_commit_us >= after.last_commit_us);
    }
    free(body);
    fixture_free(fx);
}

static void an_inline_journal_has_no_descriptor_and_the_others_have_one(void **state) {
    struct fixture *threaded = *state, *fx = fixture_make("sqlite:?commit=inline");
    fixture_open(fx);
    assert_int_equal(jz_journal_fd(fx->journal), -1);
    assert_true(jz_journal_fd(threaded->journal) >= 0);
    fixture_free(fx);
}

static void many_batches_of_many_sizes_come_back_whole(void **state) {
    struct fixture *fx = *state;
    uint32_t seed = test_seed() | 1u;
    uint64_t next = 0;
    for (int i = 0; i < 200; i++) {
        size_t count = 1 + test_random(&seed) % 64;
        assert_int_equal(fixture_append_many(fx, next + 1, count), JZ_OK);
        assert_int_equal(fx->results[count - 1].offset, next + count - 1);
        next += count;
    }
    struct reading reading = {0};
    assert_int_equal(jz_journal_read(fx->journal, 0, 0, UINT64_MAX, reading_each, &reading, NULL), JZ_OK);
    assert_int_equal(reading.count, next);
    assert_int_equal(reading.wrong, 0);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(a_commit_that_is_late_is_unknown_and_its_retry_a_duplicate),
        T(a_commit_inside_its_deadline_is_ok_and_the_timer_is_off),
        T(the_deadline_follows_the_clock_of_the_hooks),
        T(while_a_commit_is_under_way_only_reading_and_renewing_go_on),
        T(closing_waits_for_the_commit_and_calls_done),
        T(the_choice_between_loop_and_thread_has_its_bounds),
        T(an_inline_journal_has_no_descriptor_and_the_others_have_one),
        T(many_batches_of_many_sizes_come_back_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
