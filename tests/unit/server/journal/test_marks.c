/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"
#include "marks.h"

#define SOURCES 5000u

static void set(struct jz_marks *marks, uint32_t shard, uint64_t source, uint64_t sequence,
                struct jz_mark_undo *undo) {
    struct jz_mark mark = {
        .source = source, .sequence = sequence, .place = (uint64_t)shard << JZ_PLACE_SHIFT | sequence};
    jz_marks_set(marks, &mark, undo);
}

static void every_source_of_every_shard_keeps_its_newest_through_growth(void **state) {
    (void)state;
    struct jz_marks marks;
    struct jz_mark_undo undo;
    uint32_t seed = test_seed() | 1u;
    static uint64_t newest[2][SOURCES];
    jz_marks_init(&marks, seed);
    assert_null(jz_marks_find(&marks, 0, 0));
    memset(newest, 0, sizeof newest);
    for (uint32_t i = 1; i <= 40000; i++) {
        uint32_t shard = test_random(&seed) % 2, source = test_random(&seed) % SOURCES;
        assert_int_equal(jz_marks_reserve(&marks, 1), JZ_OK);
        set(&marks, shard, source, i, &undo);
        newest[shard][source] = i;
    }
    for (uint32_t i = 0; i < 2 * SOURCES; i++) {
        const struct jz_mark *mark = jz_marks_find(&marks, i % 2, i / 2);
        assert_int_equal(mark ? mark->sequence : 0, newest[i % 2][i / 2]);
    }
    assert_true(marks.used * 4u <= marks.slot_count * 3u);
    jz_marks_deinit(&marks);
}

static void undone_changes_leave_the_table_as_it_was(void **state) {
    (void)state;
    struct jz_marks marks;
    static struct jz_mark_undo undo[2000];
    jz_marks_init(&marks, 1);
    assert_int_equal(jz_marks_reserve(&marks, 3000), JZ_OK);
    for (uint64_t i = 0; i < 1000; i++) set(&marks, 3, i * 7, i, &undo[0]);
    for (uint64_t i = 0; i < 2000; i++) set(&marks, 3, i * 5, 5000 + i, &undo[i]);
    for (size_t i = 2000; i > 0; i--) jz_marks_undo(&marks, &undo[i - 1]);
    assert_int_equal(marks.used, 1000);
    for (uint64_t i = 0; i < 10000; i++) {
        const struct jz_mark *mark = jz_marks_find(&marks, 3, i);
        bool there = i % 7 == 0 && i / 7 < 1000;
        assert_int_equal(mark != NULL, there);
        if (mark) assert_int_equal(mark->sequence, i / 7);
    }
    jz_marks_deinit(&marks);
}

static void the_limit_holds_and_one_over_is_refused_without_allocating(void **state) {
    (void)state;
    struct jz_marks marks;
    jz_marks_init(&marks, 1);
    assert_int_equal(jz_marks_reserve(&marks, JZ_SOURCES_MAX + 1u), JZ_E_FULL);
    assert_int_equal(marks.slot_count, 0);
    assert_int_equal(jz_marks_reserve(&marks, JZ_SOURCES_MAX), JZ_OK);
    marks.used = JZ_SOURCES_MAX;
    assert_int_equal(jz_marks_reserve(&marks, 1), JZ_E_FULL);
    assert_int_equal(jz_marks_reserve(&marks, 0), JZ_OK);
    jz_marks_deinit(&marks);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_source_of_every_shard_keeps_its_newest_through_growth),
        cmocka_unit_test(undone_changes_leave_the_table_as_it_was),
        cmocka_unit_test(the_limit_holds_and_one_over_is_refused_without_allocating),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
