/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"
#include "sqlite.h"

#define FLIPS 300u
#define STATE_BYTES 20000u

static int setup(void **state) {
    struct fixture *fx = fixture_make("sqlite:?commit=inline");
    fixture_open(fx);
    assert_int_equal(fixture_append_many(fx, 1, 20), JZ_OK);
    *state = fx;
    return 0;
}

static int teardown(void **state) {
    fixture_free(*state);
    return 0;
}

static void state_of(uint64_t offset, uint8_t out[STATE_BYTES]) {
    for (uint32_t i = 0; i < STATE_BYTES; i++) out[i] = (uint8_t)(i * 13u + offset);
}

static void put(struct fixture *fx, uint64_t offset) {
    static uint8_t state[STATE_BYTES];
    uint8_t hash[32] = {[0] = (uint8_t)offset};
    state_of(offset, state);
    assert_int_equal(jz_journal_snapshot_put(fx->journal, 0, offset, hash, state, sizeof state), JZ_OK);
}

/* @return the status; a snapshot that is given out must be exactly one that was put. */
static enum jz_status get(struct fixture *fx, uint32_t nth, uint64_t *offset) {
    static uint8_t wanted[STATE_BYTES];
    uint8_t hash[32];
    void *state = NULL;
    size_t bytes = 0;
    enum jz_status status = jz_journal_snapshot_get(fx->journal, 0, nth, offset, hash, &state, &bytes);
    if (status != JZ_OK) {
        assert_null(state);
        return status;
    }
    state_of(*offset, wanted);
    assert_true(*offset == 5 || *offset == 9);
    assert_int_equal(bytes, STATE_BYTES);
    assert_memory_equal(state, wanted, STATE_BYTES);
    assert_int_equal(hash[0], *offset);
    free(state);
    return JZ_OK;
}

static void snapshots_survive_a_reopen(void **state) {
    struct fixture *fx = *state;
    uint64_t offset = 0;
    put(fx, 5);
    put(fx, 9);
    fixture_close(fx);
    fixture_open(fx);
    assert_int_equal(get(fx, 0, &offset), JZ_OK);
    assert_int_equal(offset, 9);
    assert_int_equal(get(fx, 1, &offset), JZ_OK);
    assert_int_equal(offset, 5);
    assert_int_equal(get(fx, 2, &offset), JZ_E_FILE);
}

static void a_file_that_is_rubbish_is_put_aside_and_a_new_one_begun(void **state) {
    struct fixture *fx = *state;
    uint64_t offset = 0;
    put(fx, 5);
    fixture_close(fx);
    FILE *file = fopen(fixture_beside(fx, ".snap"), "wb");
    assert_non_null(file);
    assert_true(
        fputs("rubbish, and longer than the head of a database file: rubbish, rubbish, rubbish", file) >= 0);
    assert_int_equal(fclose(file), 0);
    fixture_open(fx); /* it is only a shortcut */
    assert_int_equal(get(fx, 0, &offset), JZ_E_FILE);
    put(fx, 9);
    assert_int_equal(get(fx, 0, &offset), JZ_OK);
    assert_int_equal(offset, 9);
    assert_int_equal(unlink(fixture_beside(fx, ".snap.damaged")), 0);
}

static void a_damaged_newest_gives_way_to_the_older_and_is_not_forgotten(void **state) {
    struct fixture *fx = *state;
    uint64_t offset = 0;
    put(fx, 5);
    put(fx, 9);
    assert_int_equal(jz_sqlite_exec(jz_sqlite_of(fx->journal)->snapshots,
                                    "UPDATE snapshot SET state=zeroblob(20000) WHERE at=9"),
                     JZ_OK);
    assert_int_equal(get(fx, 0, &offset), JZ_OK);
    assert_int_equal(offset, 5);
    assert_int_equal(get(fx, 1, &offset), JZ_E_FORMAT);
}

static void a_snapshot_ahead_of_the_records_is_not_used(void **state) {
    struct fixture *fx = *state;
    uint64_t offset = 0;
    put(fx, 5);
    put(fx, 9);
    fixture_close(fx);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(fx->file, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "DELETE FROM record WHERE place>=7", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_int_equal(jz_journal_open(&fx->journal, fx->url, NULL), JZ_OK);
    assert_int_equal(get(fx, 0, &offset), JZ_OK);
    assert_int_equal(offset, 5);
}

static void a_flipped_bit_never_gives_a_wrong_state(void **state) {
    struct fixture *fx = *state;
    uint32_t seed = test_seed() | 1u, refused = 0;
    put(fx, 5);
    put(fx, 9);
    fixture_close(fx);
    const char *name = fixture_beside(fx, ".snap");
    struct image image = image_load(name);
    for (uint32_t i = 0; i < FLIPS; i++) {
        size_t at = test_random(&seed) % image.count;
        uint8_t bit = (uint8_t)(1u << test_random(&seed) % 8);
        uint64_t offset = 0;
        image.bytes[at] ^= bit;
        image_store(&image, name);
        image.bytes[at] ^= bit;
        if (jz_journal_open(&fx->journal, fx->url, NULL) != JZ_OK) {
            refused++;
            continue;
        }
        for (uint32_t nth = 0; nth < 2; nth++) refused += get(fx, nth, &offset) != JZ_OK;
        fixture_close(fx);
    }
    assert_true(refused > FLIPS / 2);
    free(image.bytes);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(snapshots_survive_a_reopen),
        T(a_file_that_is_rubbish_is_put_aside_and_a_new_one_begun),
        T(a_damaged_newest_gives_way_to_the_older_and_is_not_forgotten),
        T(a_snapshot_ahead_of_the_records_is_not_used),
        T(a_flipped_bit_never_gives_a_wrong_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
