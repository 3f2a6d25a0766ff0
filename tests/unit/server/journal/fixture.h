/* SPDX-License-Identifier: Apache-2.0 */
/** @file fixture.h  A journal in a directory of its own, faults on demand, and appends that wait for their
 *  `done`. */
#ifndef JZ_JOURNAL_FIXTURE_H
#define JZ_JOURNAL_FIXTURE_H
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "bytes.h"
#include "journal.h"

#define WAIT_MS 30000

/** Fails the nth asking (1 is the next one) of one step. */
struct fault {
    const char *step;
    enum jz_status status;
    atomic_int countdown;
    atomic_int hits;
};
struct fixture {
    char directory[64];
    char file[96];
    char url[128];
    struct fault fault;
    struct jz_hooks hooks;
    struct jz_journal *journal;
    struct jz_lease lease;
    size_t done_calls, count;
    struct jz_appended results[JZ_BATCH_RECORDS_MAX];
};

static inline enum jz_status fixture_fault(void *context, const char *step) {
    struct fault *fault = context;
    if (!fault->step || strcmp(step, fault->step) != 0) return JZ_OK;
    if (atomic_fetch_sub(&fault->countdown, 1) != 1) return JZ_OK;
    atomic_fetch_add(&fault->hits, 1);
    return fault->status;
}

static inline void fixture_fail(struct fixture *fx, const char *step, enum jz_status status, int nth) {
    fx->fault.status = status;
    atomic_store(&fx->fault.countdown, nth);
    fx->fault.step = step;
}

static inline uint32_t test_seed(void) {
    const char *given = getenv("JZ_SEED");
    uint32_t seed = given ? (uint32_t)strtoul(given, NULL, 10) : (uint32_t)time(NULL);
    print_message("JZ_SEED=%u\n", seed);
    return seed;
}

static inline uint32_t test_random(uint32_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/** `pattern`: "memory:..." as it is, or "sqlite:?commit=..." to which the temporary path is added. */
static inline struct fixture *fixture_make(const char *pattern) {
    struct fixture *fx = calloc(1, sizeof *fx);
    assert_non_null(fx);
    (void)snprintf(fx->directory, sizeof fx->directory, "/tmp/jz-journal-XXXXXX");
    assert_non_null(mkdtemp(fx->directory));
    (void)snprintf(fx->file, sizeof fx->file, "%s/j.db", fx->directory);
    const char *query = strchr(pattern, '?');
    if (strncmp(pattern, "sqlite:", 7) == 0)
        (void)snprintf(fx->url, sizeof fx->url, "sqlite:%s%s", fx->file, query ? query : "");
    else
        (void)snprintf(fx->url, sizeof fx->url, "%s", pattern);
    fx->hooks = (struct jz_hooks){.storage_fault = fixture_fault, .context = &fx->fault};
    return fx;
}

static inline void fixture_open(struct fixture *fx) {
    assert_int_equal(jz_journal_open(&fx->journal, fx->url, &fx->hooks), JZ_OK);
    fx->lease = (struct jz_lease){0};
    assert_int_equal(jz_journal_lease(fx->journal, 0, 1000, &fx->lease), JZ_OK);
}

static inline void fixture_close(struct fixture *fx) {
    jz_journal_close(fx->journal);
    fx->journal = NULL;
}

static inline void fixture_free(struct fixture *fx) {
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock", ".snap", ".snap-journal"};
    fixture_close(fx);
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        char name[128];
        (void)snprintf(name, sizeof name, "%s%s", fx->file, suffixes[i]);
        unlink(name);
    }
    rmdir(fx->directory);
    free(fx);
}

/** A body that the key decides, so that a reader can tell a wrong one. */
static inline void body_of(uint64_t source, uint64_t sequence, uint8_t out[200]) {
    for (uint64_t i = 0; i < 200; i++) out[i] = (uint8_t)(source * 31u + sequence * 7u + i * (sequence | 1u));
}

static inline struct jz_record record_of(uint64_t source, uint64_t sequence, uint8_t storage[200]) {
    struct jz_record record = {.body = storage, .bytes = 200};
    jz_put_be64(record.key, source);
    jz_put_be64(record.key + 8, sequence);
    body_of(source, sequence, storage);
    return record;
}

static inline void fixture_done(void *context, const struct jz_appended *results, size_t count) {
    struct fixture *fx = context;
    fx->done_calls++;
    fx->count = count;
    memcpy(fx->results, results, count * sizeof *results);
}

/** Waits for the descriptor, not for a time; WAIT_MS only ends a test that hangs. */
static inline void fixture_wait(struct fixture *fx, size_t calls) {
    while (fx->done_calls < calls) {
        struct pollfd ready = {.fd = jz_journal_fd(fx->journal), .events = POLLIN};
        assert_true(ready.fd >= 0);
        assert_int_equal(poll(&ready, 1, WAIT_MS), 1);
        jz_journal_service(fx->journal);
    }
}

/** Appends and waits. @return the call's status, else that of the first record. */
static inline enum jz_status fixture_append(struct fixture *fx, const struct jz_record *records,
                                            size_t count) {
    size_t calls = fx->done_calls + 1;
    enum jz_status status = jz_journal_append(fx->journal, &fx->lease, records, count, 0, fixture_done, fx);
    if (status != JZ_OK) return status;
    fixture_wait(fx, calls);
    assert_int_equal(fx->count, count);
    return fx->results[0].status;
}

static inline enum jz_status fixture_append_one(struct fixture *fx, uint64_t source, uint64_t sequence) {
    uint8_t body[200];
    struct jz_record record = record_of(source, sequence, body);
    return fixture_append(fx, &record, 1);
}

/** `count` records of sources 0 to 4 in turn, sequence = first + i, in one batch. */
static inline enum jz_status fixture_append_many(struct fixture *fx, uint64_t first, size_t count) {
    static uint8_t bodies[JZ_BATCH_RECORDS_MAX][200];
    static struct jz_record records[JZ_BATCH_RECORDS_MAX];
    for (size_t i = 0; i < count; i++) records[i] = record_of((first + i) % 5, first + i, bodies[i]);
    return fixture_append(fx, records, count);
}

static inline uint64_t fixture_next(struct fixture *fx) {
    uint64_t next = 0;
    uint8_t chain[32];
    assert_int_equal(jz_journal_tail(fx->journal, 0, &next, chain), JZ_OK);
    return next;
}

/** Counts records and checks each body against its key and each offset against the one before. */
struct reading {
    uint64_t count, expected, wrong;
    uint64_t last_sequence;
};
static inline bool reading_each(void *context, uint64_t offset, const uint8_t key[16], const uint8_t *body,
                                uint32_t bytes) {
    struct reading *reading = context;
    uint8_t wanted[200];
    reading->last_sequence = jz_get_be64(key + 8);
    body_of(jz_get_be64(key), reading->last_sequence, wanted);
    if (offset != reading->expected || bytes != 200 || memcmp(body, wanted, 200) != 0) reading->wrong++;
    reading->expected = offset + 1;
    reading->count++;
    return true;
}

/** A whole file in memory. */
struct image {
    uint8_t *bytes;
    size_t count;
};
static inline struct image image_load(const char *path) {
    struct image image = {0};
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    image.count = (size_t)ftell(file);
    image.bytes = malloc(image.count + 1);
    assert_non_null(image.bytes);
    rewind(file);
    assert_int_equal(fread(image.bytes, 1, image.count, file), image.count);
    assert_int_equal(fclose(file), 0);
    return image;
}

static inline void image_store(const struct image *image, const char *path) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(image->bytes, 1, image->count, file), image->count);
    assert_int_equal(fclose(file), 0);
}

static inline const char *fixture_beside(const struct fixture *fx, const char *suffix) {
    static char name[128];
    (void)snprintf(name, sizeof name, "%s%s", fx->file, suffix);
    return name;
}

#endif /* JZ_JOURNAL_FIXTURE_H */
