/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "crc32c.h"
#include "outbox.h"

enum { EPOCH = 77, OTHER_EPOCH = 78, ROOM = 4096 };
static char folder[] = "/tmp/jz-outbox-XXXXXX";
static char path[64];

/* A disk that cannot read from here on; -1: it can. Stands before the library's own pread. */
static off_t unreadable_from = -1;

ssize_t pread(int fd, void *to, size_t bytes, off_t at) {
    if (unreadable_from >= 0 && at + (off_t)bytes > unreadable_from) {
        errno = EIO;
        return -1;
    }
    return syscall(SYS_pread64, fd, to, bytes, at);
}

static int make_folder(void **state) {
    (void)state;
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/box", folder);
    return 0;
}

static int drop_folder(void **state) {
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static int fresh_file(void **state) {
    (void)state;
    unlink(path);
    return 0;
}

static void reopen(struct jz_outbox *box) {
    jz_outbox_close(box);
    assert_int_equal(jz_outbox_open(box, path, OTHER_EPOCH), JZ_OK);
}

/* One committed frame whose bytes tell lane and seq. */
static void put(struct jz_outbox *box, uint8_t lane, uint32_t bytes) {
    uint8_t frame[ROOM];
    memset(frame, (int)(lane * 50 + jz_outbox_next_seq(box, lane)), bytes);
    assert_int_equal(jz_outbox_stage(box, lane, frame, bytes), JZ_OK);
    assert_int_equal(jz_outbox_commit(box, "n", 1), JZ_OK);
}

static void expect_next(struct jz_outbox *box, uint8_t lane, uint64_t seq, uint32_t bytes) {
    uint8_t frame[ROOM];
    uint64_t got_seq;
    uint32_t got;
    assert_int_equal(jz_outbox_peek(box, lane, frame, sizeof frame, &got_seq, &got), JZ_OK);
    assert_int_equal(got_seq, seq);
    assert_int_equal(got, bytes);
    assert_int_equal(frame[0], (uint8_t)(lane * 50 + seq));
    assert_int_equal(frame[bytes - 1], (uint8_t)(lane * 50 + seq));
    jz_outbox_take(box, lane);
}

static void expect_empty(struct jz_outbox *box, uint8_t lane) {
    uint8_t frame[ROOM];
    uint64_t seq;
    uint32_t bytes;
    assert_int_equal(jz_outbox_peek(box, lane, frame, sizeof frame, &seq, &bytes), JZ_E_EMPTY);
}

static off_t file_size(void) {
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    return about.st_size;
}

static void the_checksum_is_crc32c(void **state) {
    (void)state;
    assert_int_equal(jz_crc32c(0, "123456789", 9), 0xe3069283u); /* the published check value */
    assert_int_equal(jz_crc32c(jz_crc32c(0, "1234", 4), "56789", 5), 0xe3069283u);
}

static void committed_frames_survive_a_reopen_in_order(void **state) {
    (void)state;
    struct jz_outbox box;
    assert_int_equal(jz_outbox_open(&box, path, EPOCH), JZ_OK);
    assert_true(box.fresh);
    put(&box, 2, 100), put(&box, 0, 50), put(&box, 2, 30);
    reopen(&box);
    assert_int_equal(box.epoch, EPOCH); /* not the one offered at the second open */
    assert_false(box.fresh);
    assert_int_equal(jz_outbox_pending(&box), 3);
    expect_next(&box, 2, 1, 100), expect_next(&box, 2, 2, 30), expect_next(&box, 0, 1, 50);
    expect_empty(&box, 2), expect_empty(&box, 1);
    assert_int_equal(box.note_bytes, 1);
    jz_outbox_close(&box);
}

static void a_staged_frame_is_not_sent_before_its_commit_and_goes_with_an_abort(void **state) {
    (void)state;
    struct jz_outbox box;
    assert_int_equal(jz_outbox_open(&box, path, EPOCH), JZ_OK);
    assert_int_equal(jz_outbox_stage(&box, 0, (const uint8_t *)"x", 1), JZ_OK);
    expect_empty(&box, 0);
    jz_outbox_abort(&box);
    assert_int_equal(jz_outbox_next_seq(&box, 0), 1);
    assert_int_equal(file_size(), JZ_OUTBOX_HEAD_BYTES);
    jz_outbox_close(&box);
}

/* Every length to which a crash can cut the last batch: either the whole batch is there or nothing of it. */
static void a_tail_torn_at_any_byte_loses_only_the_uncommitted_batch(void **state) {
    (void)state;
    struct jz_outbox box;
    assert_int_equal(jz_outbox_open(&box, path, EPOCH), JZ_OK);
    put(&box, 1, 20);
    off_t first = file_size();
    put(&box, 1, 20);
    off_t whole = file_size();
    for (off_t cut = whole - 1; cut >= first; cut--) {
        jz_outbox_close(&box);
        assert_int_equal(truncate(path, cut), 0);
        assert_int_equal(jz_outbox_open(&box, path, OTHER_EPOCH), JZ_OK);
        assert_int_equal(jz_outbox_pending(&box), 1);
        assert_int_equal(file_size(), first);
        put(&box, 1, 20);
        assert_int_equal(file_size(), whole);
    }
    jz_outbox_close(&box);
}

static void flip(const struct jz_outbox *box, off_t at) {
    uint8_t byte;
    assert_int_equal(pread(box->fd, &byte, 1, at), 1);
    byte ^= 0x10;
    assert_int_equal(pwrite(box->fd, &byte, 1, at), 1);
}

/* A batch without its note was never promised; one with its note was, so its frame is told lost. */
static void a_flipped_bit_in_any_byte_of_the_last_batch_is_found(void **state) {
    (void)state;
    off_t frame = JZ_OUTBOX_RECORD_HEAD_BYTES + 20, batch = frame + JZ_OUTBOX_RECORD_HEAD_BYTES + 1;
    for (off_t at = 0; at < batch; at++) {
        struct jz_outbox box;
        unlink(path);
        assert_int_equal(jz_outbox_open(&box, path, EPOCH), JZ_OK);
        put(&box, 1, 20);
        off_t first = file_size();
        put(&box, 1, 20);
        flip(&box, first + at);
        reopen(&box);
        assert_int_equal(box.lost, at < frame ? 1 : 0);
        assert_true(jz_outbox_next_seq(&box, 1) >= (at < frame ? 3 : 2));
        if (at >= frame) assert_int_equal(file_size(), first);
        expect_next(&box, 1, 1, 20), expect_empty(&box, 1);
        jz_outbox_close(&box);
    }
}

enum { BATCH = 2 * JZ_OUTBOX_RECORD_HEAD_BYTES + 40 + 1 }; /* one frame of 40 bytes and its note */

static void ten_batches(struct jz_outbox *box, uint8_t lane) {
    assert_int_equal(jz_outbox_open(box, path, EPOCH), JZ_OK);
    for (int i = 0; i < 10; i++) put(box, lane, 40);
}

static void a_flipped_bit_in_any_byte_of_a_middle_batch_loses_that_report_only(void **state) {
    (void)state;
    for (off_t at = 0; at < BATCH; at++) {
        struct jz_outbox box;
        bool in_note = at >= JZ_OUTBOX_RECORD_HEAD_BYTES + 40;
        unlink(path);
        ten_batches(&box, 2);
        off_t whole = file_size();
        flip(&box, JZ_OUTBOX_HEAD_BYTES + 2 * BATCH + at);
        reopen(&box);
        assert_true(file_size() >= whole);
        /* A note's length or kind out of order hides what it was: then a loss is assumed. */
        if (!in_note) assert_int_equal(box.lost, 1);
        assert_true(box.lost <= 1);
        for (uint64_t seq = 1; seq <= 10; seq++)
            if (in_note || seq != 3) expect_next(&box, 2, seq, 40);
        expect_empty(&box, 2);
        assert_true(box.lost <= 1); /* met again at reading: the same loss, not another */
        assert_true(jz_outbox_next_seq(&box, 2) >= 11);
        assert_int_equal(jz_outbox_free(&box, (const uint64_t[4]){0, 0, 10, 0}), JZ_OK);
        assert_int_equal(jz_outbox_pending(&box), 0);
        jz_outbox_close(&box);
    }
}

/* Lane 0's only frame is damaged: nothing in the file tells its number any more. */
static void a_number_that_a_damaged_record_may_have_held_is_not_given_out_again(void **state) {
    (void)state;
    struct jz_outbox box;
    assert_int_equal(jz_outbox_open(&box, path, EPOCH), JZ_OK);
    put(&box, 0, 40), put(&box, 2, 40), put(&box, 2, 40);
    flip(&box, JZ_OUTBOX_HEAD_BYTES + 8);
    reopen(&box);
    assert_int_equal(box.lost, 1);
    uint64_t next = jz_outbox_next_seq(&box, 0);
    assert_true(next >= 2);
    reopen(&box);
    assert_int_equal(jz_outbox_next_seq(&box, 0), next); /* kept, and not raised again */
    expect_empty(&box, 0);
    put(&box, 0, 40);
    reopen(&box);
    expect_next(&box, 0, next, 40), expect_empty(&box, 0);
    assert_int_equal(box.lost, 1);
    expect_next(&box, 2, 1, 40), expect_next(&box, 2, 2, 40), expect_empty(&box, 2);
    assert_int_equal(jz_outbox_free(&box, (const uint64_t[4]){next, 0, 2, 0}), JZ_OK);
    assert_int_equal(jz_outbox_pending(&box), 0);
    jz_outbox_close(&box);
}

static void a_disk_that_cannot_be_read_stops_the_opening_and_cuts_nothing(void **state) {
    (void)state;
    struct jz_outbox box;
    ten_batches(&box, 2);
    off_t whole = file_size();
    jz_outbox_close(&box);
    for (off_t from = 0; from < whole; from += 7) {
        unreadable_from = from;
        enum jz_status status = jz_outbox_open(&box, path, OTHER_EPOCH);
        unreadable_from = -1;
        jz_outbox_close(&box);
        assert_int_equal(status, JZ_E_STORE_IO);
        assert_int_equal(file_size(), whole);
    }
    assert_int_equal(jz_outbox_open(&box, path, OTHER_EPOCH), JZ_OK);
    assert_int_equal(jz_outbox_pending(&box), 10);
    jz_outbox_close(&box);
}

static void damage_met_while_reading_is_skipped_and_counted_once(void **state) {
    (void)state;
    for (off_t at = 0; at < BATCH; at++) {
        struct jz_outbox box;
        bool in_note = at >= JZ_OUTBOX_RECORD_HEAD_BYTES + 40;
        unlink(path);
        ten_batches(&box, 2);
        flip(&box, JZ_OUTBOX_HEAD_BYTES + 2 * BATCH + at);
        for (int pass = 0; pass < 2; pass++) {
            for (uint64_t seq = 1; seq <= 10; seq++)
                if (in_note || seq != 3) expect_next(&box, 2, seq, 40);
            expect_empty(&box, 2);
            assert_int_equal(box.lost, in_note ? 0 : 1);
            jz_outbox_rewind(&box, (const uint64_t[4]){0});
        }
        jz_outbox_close(&box);
    }
}

static void a_damaged_last_frame_does_not_stay_pending_for_ever(void **state) {
    (void)state;
    struct jz_outbox box;
    ten_batches(&box, 2);
    flip(&box, JZ_OUTBOX_HEAD_BYTES + 9 * BATCH + 30);
    for (uint64_t seq = 1; seq <= 9; seq++) expect_next(&box, 2, seq, 40);
    expect_empty(&box, 2);
    assert_int_equal(box.lost, 1);
    assert_int_equal(jz_outbox_free(&box, (const uint64_t[4]){0, 0, 9, 0}), JZ_OK);
    assert_int_equal(jz_outbox_pending(&box), 0);
    assert_int_equal(jz_outbox_next_seq(&box, 2), 11);
    jz_outbox_close(&box);
}

static void compaction_leaves_damage_behind_and_keeps_the_rest(void **state) {
    (void)state;
    struct jz_outbox box;
    assert_int_equal(jz_outbox_open(&box, path, EPOCH), JZ_OK);
    for (int i = 0; i < 100; i++) put(&box, 3, 4000);
    flip(&box, JZ_OUTBOX_HEAD_BYTES + 94 * (4000 + 1 + 2 * JZ_OUTBOX_RECORD_HEAD_BYTES) + 2000);
    assert_int_equal(jz_outbox_free(&box, (const uint64_t[4]){0, 0, 0, 90}), JZ_OK);
    assert_true(file_size() < 45000);
    for (uint64_t seq = 91; seq <= 100; seq++)
        if (seq != 95) expect_next(&box, 3, seq, 4000);
    expect_empty(&box, 3);
    assert_int_equal(box.lost, 1);
    jz_outbox_close(&box);
}

static void a_file_that_is_no_outbox_is_refused_and_left_alone(void **state) {
    (void)state;
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("this is somebody's letter, long enough to hold a head", file);
    fclose(file);
    off_t before = file_size();
    struct jz_outbox box;
    assert_int_equal(jz_outbox_open(&box, path, EPOCH), JZ_E_FORMAT);
    jz_outbox_close(&box);
    assert_int_equal(file_size(), before);
}

static void a_second_opener_is_refused(void **state) {
    (void)state;
    struct jz_outbox box, second;
    assert_int_equal(jz_outbox_open(&box, path, EPOCH), JZ_OK);
    assert_int_equal(jz_outbox_open(&second, path, EPOCH), JZ_E_FILE);
    jz_outbox_close(&second);
    jz_outbox_close(&box);
}

static void freed_frames_do_not_come_back_and_their_numbers_are_not_used_again(void **state) {
    (void)state;
    struct jz_outbox box;
    assert_int_equal(jz_outbox_open(&box, path, EPOCH), JZ_OK);
    put(&box, 2, 10), put(&box, 2, 10), put(&box, 2, 10);
    assert_int_equal(jz_outbox_free(&box, (const uint64_t[4]){9, 0, 2, 0}), JZ_OK); /* lane 0 has nothing */
    assert_int_equal(jz_outbox_free(&box, (const uint64_t[4]){0, 0, 1, 0}), JZ_OK); /* never back */
    assert_int_equal(box.lane[0].freed, 0);
    reopen(&box);
    assert_int_equal(jz_outbox_pending(&box), 1);
    expect_next(&box, 2, 3, 10);
    assert_int_equal(jz_outbox_free(&box, (const uint64_t[4]){0, 0, 3, 0}), JZ_OK);
    reopen(&box);
    assert_int_equal(jz_outbox_pending(&box), 0);
    assert_int_equal(jz_outbox_next_seq(&box, 2), 4);
    jz_outbox_close(&box);
}

static void compaction_shrinks_the_file_and_keeps_what_is_pending_and_the_cursors(void **state) {
    (void)state;
    struct jz_outbox box;
    assert_int_equal(jz_outbox_open(&box, path, EPOCH), JZ_OK);
    for (int i = 0; i < 100; i++) put(&box, 3, 4000);
    put(&box, 0, 10);
    for (uint64_t seq = 1; seq <= 95; seq++) expect_next(&box, 3, seq, 4000);
    assert_true(file_size() > 400000);
    assert_int_equal(jz_outbox_free(&box, (const uint64_t[4]){0, 0, 0, 90}), JZ_OK);
    assert_true(file_size() < 45000);
    expect_next(&box, 3, 96, 4000);
    put(&box, 3, 4000);
    reopen(&box);
    assert_int_equal(box.epoch, EPOCH);
    assert_int_equal(jz_outbox_pending(&box), 12);
    expect_next(&box, 3, 91, 4000), expect_next(&box, 0, 1, 10);
    assert_int_equal(box.note[0], 'n');
    jz_outbox_close(&box);
}

static void rewinding_sends_again_what_was_read_but_not_freed(void **state) {
    (void)state;
    struct jz_outbox box;
    assert_int_equal(jz_outbox_open(&box, path, EPOCH), JZ_OK);
    put(&box, 0, 10), put(&box, 0, 10), put(&box, 0, 10);
    expect_next(&box, 0, 1, 10), expect_next(&box, 0, 2, 10);
    assert_int_equal(jz_outbox_free(&box, (const uint64_t[4]){1, 0, 0, 0}), JZ_OK);
    jz_outbox_rewind(&box, (const uint64_t[4]){0});
    expect_next(&box, 0, 2, 10), expect_next(&box, 0, 3, 10);
    jz_outbox_close(&box);
}

static void a_buffer_one_byte_short_is_told_the_size_and_does_not_move(void **state) {
    (void)state;
    struct jz_outbox box;
    uint8_t frame[10];
    uint64_t seq;
    uint32_t bytes;
    assert_int_equal(jz_outbox_open(&box, path, EPOCH), JZ_OK);
    put(&box, 0, 10);
    assert_int_equal(jz_outbox_peek(&box, 0, frame, 9, &seq, &bytes), JZ_E_BUFFER);
    assert_int_equal(bytes, 10);
    assert_int_equal(jz_outbox_peek(&box, 0, frame, 10, &seq, &bytes), JZ_OK);
    jz_outbox_close(&box);
}

static void set_file_limit(rlim_t bytes) {
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A full disk, as a file size limit, at every byte of a batch. */
static void a_full_disk_refuses_the_batch_and_harms_nothing_committed(void **state) {
    (void)state;
    struct jz_outbox box;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(jz_outbox_open(&box, path, EPOCH), JZ_OK);
    put(&box, 1, 20);
    off_t before = file_size(), batch = 20 + 1 + 2 * JZ_OUTBOX_RECORD_HEAD_BYTES;
    for (off_t room = 0; room < batch; room++) {
        set_file_limit((rlim_t)(before + room));
        enum jz_status status = jz_outbox_stage(&box, 1, (const uint8_t *)"01234567890123456789", 20);
        if (status == JZ_OK) status = jz_outbox_commit(&box, "n", 1);
        jz_outbox_abort(&box);
        set_file_limit(RLIM_INFINITY);
        assert_int_equal(status, JZ_E_STORE_FULL);
        assert_int_equal(jz_outbox_next_seq(&box, 1), 2);
        assert_int_equal(file_size(), before);
    }
    put(&box, 1, 20);
    reopen(&box);
    assert_int_equal(jz_outbox_pending(&box), 2);
    jz_outbox_close(&box);
}

/* Puts until there is no room. @return how many went in. */
static uint32_t fill(struct jz_outbox *box, uint8_t lane) {
    uint8_t frame[1000];
    memset(frame, 1, sizeof frame);
    for (uint32_t count = 0;; count++) {
        enum jz_status status = jz_outbox_stage(box, lane, frame, sizeof frame);
        if (status == JZ_OK) status = jz_outbox_commit(box, "n", 1);
        if (status == JZ_OK) continue;
        assert_int_equal(status, JZ_E_STORE_FULL);
        jz_outbox_abort(box);
        return count;
    }
}

static void a_bulk_backlog_leaves_room_for_snapshots_and_both_for_the_urgent(void **state) {
    (void)state;
    struct jz_outbox box;
    assert_int_equal(jz_outbox_open(&box, path, EPOCH), JZ_OK);
    assert_int_equal(box.bytes_max, JZ_DEVICE_OUTBOX_BYTES_MAX);
    box.bytes_max = 100000;
    assert_in_range(fill(&box, 3), 45, 50);
    assert_in_range(fill(&box, 1), 20, 25);
    assert_int_equal(fill(&box, 3), 0);
    assert_in_range(fill(&box, 0), 10, 12 + 12);
    assert_int_equal(fill(&box, 2), 0);
    jz_outbox_close(&box);
}

static void a_full_outbox_makes_room_from_what_was_acknowledged(void **state) {
    (void)state;
    struct jz_outbox box;
    assert_int_equal(jz_outbox_open(&box, path, EPOCH), JZ_OK);
    box.bytes_max = 100000;
    uint64_t held = fill(&box, 2);
    assert_int_equal(jz_outbox_free(&box, (const uint64_t[4]){0, 0, 30, 0}), JZ_OK);
    assert_in_range(fill(&box, 2), 28, 31);
    for (uint64_t seq = 31; seq <= held; seq++) {
        uint8_t frame[1000];
        uint64_t got;
        uint32_t bytes;
        assert_int_equal(jz_outbox_peek(&box, 2, frame, sizeof frame, &got, &bytes), JZ_OK);
        assert_int_equal(got, seq);
        jz_outbox_take(&box, 2);
    }
    jz_outbox_close(&box);
}

/* Its first frame fits, its second does not: only the next try starts at a point where room can be made. */
static void a_batch_that_found_no_room_halfway_finds_it_at_the_next_try(void **state) {
    (void)state;
    struct jz_outbox box;
    uint8_t frame[1000] = {1};
    assert_int_equal(jz_outbox_open(&box, path, EPOCH), JZ_OK);
    box.bytes_max = 100000;
    fill(&box, 2);
    assert_int_equal(jz_outbox_free(&box, (const uint64_t[4]){0, 0, 30, 0}), JZ_OK);
    box.bytes_max = box.tail + 2000;
    enum jz_status status = JZ_OK;
    for (int try = 0; try < 2; try++) {
        status = jz_outbox_stage(&box, 0, frame, sizeof frame);
        assert_int_equal(status, JZ_OK);
        status = jz_outbox_stage(&box, 0, frame, sizeof frame);
        if (status != JZ_OK) jz_outbox_abort(&box);
    }
    assert_int_equal(status, JZ_OK);
    jz_outbox_close(&box);
}

/* No second file: the disk may be full. */
static void an_outbox_with_nothing_pending_shrinks_in_place_and_keeps_its_numbers_and_note(void **state) {
    (void)state;
    struct jz_outbox box;
    struct stat before, after;
    assert_int_equal(jz_outbox_open(&box, path, EPOCH), JZ_OK);
    for (int i = 0; i < 100; i++) put(&box, 3, 4000);
    assert_int_equal(stat(path, &before), 0);
    assert_int_equal(jz_outbox_free(&box, (const uint64_t[4]){0, 0, 0, 100}), JZ_OK);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(after.st_ino, before.st_ino);
    assert_true(after.st_size < 1000);
    put(&box, 3, 40);
    reopen(&box);
    assert_int_equal(box.note[0], 'n');
    assert_int_equal(box.lost, 0);
    expect_next(&box, 3, 101, 40), expect_empty(&box, 3);
    jz_outbox_close(&box);
}

#define CASE(f) cmocka_unit_test_setup(f, fresh_file)
int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(the_checksum_is_crc32c),
        CASE(committed_frames_survive_a_reopen_in_order),
        CASE(a_staged_frame_is_not_sent_before_its_commit_and_goes_with_an_abort),
        CASE(a_tail_torn_at_any_byte_loses_only_the_uncommitted_batch),
        CASE(a_flipped_bit_in_any_byte_of_the_last_batch_is_found),
        CASE(a_file_that_is_no_outbox_is_refused_and_left_alone),
        CASE(a_second_opener_is_refused),
        CASE(freed_frames_do_not_come_back_and_their_numbers_are_not_used_again),
        CASE(compaction_shrinks_the_file_and_keeps_what_is_pending_and_the_cursors),
        CASE(rewinding_sends_again_what_was_read_but_not_freed),
        CASE(a_buffer_one_byte_short_is_told_the_size_and_does_not_move),
        CASE(a_full_disk_refuses_the_batch_and_harms_nothing_committed),
        CASE(a_flipped_bit_in_any_byte_of_a_middle_batch_loses_that_report_only),
        CASE(a_number_that_a_damaged_record_may_have_held_is_not_given_out_again),
        CASE(a_disk_that_cannot_be_read_stops_the_opening_and_cuts_nothing),
        CASE(damage_met_while_reading_is_skipped_and_counted_once),
        CASE(a_damaged_last_frame_does_not_stay_pending_for_ever),
        CASE(compaction_leaves_damage_behind_and_keeps_the_rest),
        CASE(a_bulk_backlog_leaves_room_for_snapshots_and_both_for_the_urgent),
        CASE(a_full_outbox_makes_room_from_what_was_acknowledged),
        CASE(a_batch_that_found_no_room_halfway_finds_it_at_the_next_try),
        CASE(an_outbox_with_nothing_pending_shrinks_in_place_and_keeps_its_numbers_and_note),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
