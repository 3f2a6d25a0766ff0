/* SPDX-License-Identifier: Apache-2.0 */
#include "outbox.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crc32c.h"

enum {
    RECORD_FRAME = 1,
    RECORD_NOTE = 2,
    RECORD_LEVEL = 3,
    LEVEL_BYTES = 16 * JZ_LANE_COUNT, /* freed, then given out */
    COPY_BYTES = 4096,
    SHRUNK_BYTES_MAX =
        JZ_OUTBOX_HEAD_BYTES + 2 * JZ_OUTBOX_RECORD_HEAD_BYTES + LEVEL_BYTES + JZ_DEVICE_NOTE_BYTES_MAX,
    LANE_SNAPSHOT = 1,
    LANE_BULK = 3
};
static const char magic[8] = {'J', 'Z', 'O', 'U', 'T', 'B', 'X', '1'};

struct record {
    uint32_t bytes;
    uint8_t type, lane;
    uint64_t seq;
    uint32_t crc;
};

static void store(uint8_t *at, uint64_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; i++) at[i] = (uint8_t)(value >> (8u * i));
}

static uint64_t load(const uint8_t *at, unsigned bytes) {
    uint64_t value = 0;
    for (unsigned i = bytes; i > 0; i--) value = value << 8 | at[i - 1];
    return value;
}

static enum jz_status from_errno(void) {
    return errno == ENOSPC || errno == EFBIG || errno == EDQUOT ? JZ_E_STORE_FULL : JZ_E_STORE_IO;
}

static enum jz_status write_all(int fd, const void *data, size_t bytes, uint64_t at) {
    const uint8_t *from = data;
    while (bytes > 0) {
        ssize_t done = pwrite(fd, from, bytes, (off_t)at);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return from_errno();
        from += done, at += (uint64_t)done, bytes -= (size_t)done;
    }
    return JZ_OK;
}

/* @return JZ_OK, JZ_E_EMPTY (the file ends before that) or JZ_E_STORE_IO */
static enum jz_status read_all(int fd, void *data, size_t bytes, uint64_t at) {
    uint8_t *to = data;
    while (bytes > 0) {
        ssize_t done = pread(fd, to, bytes, (off_t)at);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return JZ_E_STORE_IO;
        if (done == 0) return JZ_E_EMPTY;
        to += done, at += (uint64_t)done, bytes -= (size_t)done;
    }
    return JZ_OK;
}

/* --- heads ------------------------------------------------------------------------------------------------ */

static void head_encode(uint32_t epoch, uint8_t head[JZ_OUTBOX_HEAD_BYTES]) {
    memset(head, 0, JZ_OUTBOX_HEAD_BYTES);
    memcpy(head, magic, sizeof magic);
    store(head + 8, epoch, 4);
    store(head + 28, jz_crc32c(0, head, 28), 4);
}

static enum jz_status head_read(struct jz_outbox *box) {
    uint8_t head[JZ_OUTBOX_HEAD_BYTES];
    enum jz_status status = read_all(box->fd, head, sizeof head, 0);
    if (status != JZ_OK) return status == JZ_E_EMPTY ? JZ_E_FORMAT : status;
    if (memcmp(head, magic, sizeof magic) != 0 || load(head + 28, 4) != jz_crc32c(0, head, 28))
        return JZ_E_FORMAT;
    box->epoch = (uint32_t)load(head + 8, 4);
    return box->epoch == 0 ? JZ_E_FORMAT : JZ_OK;
}

static void record_encode(const struct record *record, const void *body,
                          uint8_t head[JZ_OUTBOX_RECORD_HEAD_BYTES]) {
    memset(head, 0, JZ_OUTBOX_RECORD_HEAD_BYTES);
    store(head, record->bytes, 4);
    head[4] = record->type;
    head[5] = record->lane;
    store(head + 8, record->seq, 8);
    uint32_t crc = jz_crc32c(0, head, JZ_OUTBOX_RECORD_HEAD_BYTES - 4);
    if (record->bytes > 0) crc = jz_crc32c(crc, body, record->bytes);
    store(head + 20, crc, 4);
}

static bool head_is_plausible(const uint8_t *head, struct record *out) {
    *out = (struct record){.bytes = (uint32_t)load(head, 4),
                           .type = head[4],
                           .lane = head[5],
                           .seq = load(head + 8, 8),
                           .crc = (uint32_t)load(head + 20, 4)};
    return out->bytes <= JZ_MESSAGE_BYTES_MAX && out->type >= RECORD_FRAME && out->type <= RECORD_LEVEL &&
           out->lane < JZ_LANE_COUNT && load(head + 6, 2) == 0 && load(head + 16, 4) == 0;
}

/* @return JZ_OK, JZ_E_EMPTY (no head stands here) or JZ_E_STORE_IO */
static enum jz_status record_read(int fd, uint64_t at, struct record *out,
                                  uint8_t head[JZ_OUTBOX_RECORD_HEAD_BYTES]) {
    enum jz_status status = read_all(fd, head, JZ_OUTBOX_RECORD_HEAD_BYTES, at);
    if (status != JZ_OK) return status;
    return head_is_plausible(head, out) ? JZ_OK : JZ_E_EMPTY;
}

static uint64_t record_end(uint64_t at, const struct record *record) {
    return at + JZ_OUTBOX_RECORD_HEAD_BYTES + record->bytes;
}

/* The body goes past a small buffer, so recovery needs no frame-sized memory. Results as record_read. */
static enum jz_status record_check(int fd, uint64_t at, const struct record *record, const uint8_t *head) {
    uint8_t piece[COPY_BYTES];
    uint32_t crc = jz_crc32c(0, head, JZ_OUTBOX_RECORD_HEAD_BYTES - 4);
    for (uint32_t done = 0; done < record->bytes;) {
        uint32_t step = record->bytes - done < sizeof piece ? record->bytes - done : (uint32_t)sizeof piece;
        enum jz_status status = read_all(fd, piece, step, at + JZ_OUTBOX_RECORD_HEAD_BYTES + done);
        if (status != JZ_OK) return status;
        crc = jz_crc32c(crc, piece, step);
        done += step;
    }
    return crc == record->crc ? JZ_OK : JZ_E_EMPTY;
}

static enum jz_status whole_at(int fd, uint64_t at, struct record *record, uint8_t *head) {
    enum jz_status status = record_read(fd, at, record, head);
    return status == JZ_OK ? record_check(fd, at, record, head) : status;
}

/* Looks for a whole record at each of the piece's bytes. */
static enum jz_status search_piece(int fd, const uint8_t *piece, size_t bytes, uint64_t *at,
                                   struct record *record, uint8_t *head) {
    for (size_t i = 0; i + JZ_OUTBOX_RECORD_HEAD_BYTES <= bytes; i++) {
        if (!head_is_plausible(piece + i, record)) continue;
        enum jz_status status = whole_at(fd, *at + i, record, head);
        if (status == JZ_OK) *at += i;
        if (status != JZ_E_EMPTY) return status;
    }
    return JZ_E_EMPTY;
}

/* Moves `at` to the first whole record there or behind. @return JZ_OK, JZ_E_EMPTY (none) or JZ_E_STORE_IO */
static enum jz_status next_whole(int fd, uint64_t *at, struct record *record, uint8_t *head) {
    uint8_t piece[COPY_BYTES];
    enum jz_status status = whole_at(fd, *at, record, head);
    if (status != JZ_E_EMPTY) return status;
    struct stat about;
    if (fstat(fd, &about) != 0) return JZ_E_STORE_IO;
    uint64_t end = (uint64_t)about.st_size;
    for (uint64_t from = *at + 1; from + JZ_OUTBOX_RECORD_HEAD_BYTES <= end;) {
        size_t bytes = end - from < sizeof piece ? (size_t)(end - from) : sizeof piece;
        status = read_all(fd, piece, bytes, from);
        if (status != JZ_OK) return status;
        *at = from;
        status = search_piece(fd, piece, bytes, at, record, head);
        if (status != JZ_E_EMPTY) return status;
        from += bytes - (JZ_OUTBOX_RECORD_HEAD_BYTES - 1);
    }
    return JZ_E_EMPTY;
}

static enum jz_status record_append(int fd, uint64_t *at, const struct record *record, const void *body) {
    uint8_t head[JZ_OUTBOX_RECORD_HEAD_BYTES];
    record_encode(record, body, head);
    enum jz_status status = write_all(fd, head, sizeof head, *at);
    if (status == JZ_OK) status = write_all(fd, body, record->bytes, *at + sizeof head);
    if (status == JZ_OK) *at = record_end(*at, record);
    return status;
}

/* --- recovery --------------------------------------------------------------------------------------------- */

/* What recovery learned up to a point of the file. */
struct walk {
    uint64_t regions, gaps; /* damaged places that may have held frames; sequences missing */
    uint64_t unseen;        /* so many frames at most stood in damaged places */
    struct jz_outbox_lane lane[JZ_LANE_COUNT];
};

static uint64_t most(uint64_t a, uint64_t b) {
    return a > b ? a : b;
}

static void miss(struct jz_outbox_lane *lane, uint64_t first, uint64_t end) {
    if (end <= first) return;
    lane->missed += end - first;
    lane->known_to = most(lane->known_to, end - 1);
}

static enum jz_status take_note(struct jz_outbox *box, uint64_t at, const struct record *record) {
    if (record->bytes > JZ_DEVICE_NOTE_BYTES_MAX) return JZ_OK;
    box->note_bytes = record->bytes;
    return read_all(box->fd, box->note, record->bytes, at + JZ_OUTBOX_RECORD_HEAD_BYTES);
}

/* Everything given out before a level that frees it all was acknowledged: damage before it took nothing. */
static void level_rises(struct walk *walk, const uint8_t *body) {
    bool all_free = true;
    for (unsigned i = 0; i < JZ_LANE_COUNT; i++) {
        struct jz_outbox_lane *lane = &walk->lane[i];
        uint64_t given = load(body + 8u * (JZ_LANE_COUNT + i), 8);
        lane->freed = most(lane->freed, load(body + 8u * i, 8));
        if (lane->freed >= lane->known_to) lane->missed = 0;
        lane->staged = most(lane->staged, lane->freed);
        miss(lane, lane->staged + 1, given + 1);
        lane->staged = most(lane->staged, given);
        all_free = all_free && lane->freed == lane->staged;
    }
    walk->unseen = 0;
    if (all_free) walk->regions = walk->gaps = 0;
}

static enum jz_status take_level(struct jz_outbox *box, struct walk *walk, uint64_t at,
                                 const struct record *record) {
    uint8_t body[LEVEL_BYTES];
    if (record->bytes != sizeof body) return JZ_OK;
    enum jz_status status = read_all(box->fd, body, sizeof body, at + JZ_OUTBOX_RECORD_HEAD_BYTES);
    if (status == JZ_OK) level_rises(walk, body);
    return status;
}

static enum jz_status take_record(struct jz_outbox *box, struct walk *walk, uint64_t at,
                                  const struct record *record) {
    if (record->type == RECORD_NOTE) return take_note(box, at, record);
    if (record->type == RECORD_LEVEL) return take_level(box, walk, at, record);
    struct jz_outbox_lane *lane = &walk->lane[record->lane];
    if (record->seq <= lane->staged) return JZ_OK; /* was there before */
    walk->gaps += record->seq - lane->staged - 1;
    miss(lane, lane->staged + 1, record->seq);
    lane->staged = lane->last = record->seq;
    return JZ_OK;
}

static void settle(struct jz_outbox *box, uint64_t end) {
    box->tail = box->write_at = end;
    for (unsigned i = 0; i < JZ_LANE_COUNT; i++) box->lane[i].committed = box->lane[i].staged;
}

/* From `at` to `end` nothing is whole. Only a note or level that ends just where the next record starts is taken
 * for what its head says. */
static enum jz_status pass_damage(struct jz_outbox *box, struct walk *walk, uint64_t at, uint64_t end) {
    uint8_t head[JZ_OUTBOX_RECORD_HEAD_BYTES];
    struct record record;
    enum jz_status status = record_read(box->fd, at, &record, head);
    if (status == JZ_E_STORE_IO) return status;
    bool held_none = status == JZ_OK && record.type != RECORD_FRAME && record_end(at, &record) == end;
    if (!held_none) walk->regions++;
    walk->unseen += (end - at) / (JZ_OUTBOX_RECORD_HEAD_BYTES + 1);
    return JZ_OK;
}

/* A lane with nothing left in the file has nothing to wait for. */
static void free_rest(struct jz_outbox_lane *lane) {
    if (lane->freed >= lane->last) lane->freed = lane->committed;
    if (lane->freed >= lane->known_to) lane->missed = lane->known = 0;
}

static enum jz_status append_level(const struct jz_outbox *box, int fd, uint64_t *at, bool first);

/* Numbers that damaged records can have held are given out no more, from the next open on too. */
static enum jz_status pass_unseen(struct jz_outbox *box, const struct walk *walk) {
    for (unsigned i = 0; i < JZ_LANE_COUNT; i++) {
        struct jz_outbox_lane *lane = &box->lane[i];
        miss(lane, lane->staged + 1, lane->staged + walk->unseen + 1);
        lane->committed = lane->staged += walk->unseen;
        free_rest(lane);
        lane->known = lane->missed;
    }
    if (walk->unseen == 0) return JZ_OK;
    enum jz_status status = append_level(box, box->fd, &box->write_at, false);
    if (status == JZ_OK && fsync(box->fd) != 0) status = from_errno();
    if (status == JZ_OK) box->tail = box->write_at;
    jz_outbox_abort(box);
    return status == JZ_E_STORE_FULL ? JZ_OK : status; /* the next open finds the same numbers */
}

/* Walks the whole records; each note or level settles what came before it. */
static enum jz_status walk_records(struct jz_outbox *box, struct walk *settled) {
    uint8_t head[JZ_OUTBOX_RECORD_HEAD_BYTES];
    struct record record;
    struct walk walk = *settled;
    for (uint64_t at = JZ_OUTBOX_HEAD_BYTES;;) {
        uint64_t from = at;
        enum jz_status status = next_whole(box->fd, &at, &record, head);
        if (status == JZ_E_EMPTY) return JZ_OK;
        if (status == JZ_OK && at > from) status = pass_damage(box, &walk, from, at);
        if (status == JZ_OK) status = take_record(box, &walk, at, &record);
        if (status != JZ_OK) return JZ_E_STORE_IO;
        at = record_end(at, &record);
        if (record.type == RECORD_FRAME) continue;
        *settled = walk;
        box->tail = at;
    }
}

static enum jz_status recover(struct jz_outbox *box) {
    struct walk walk = {0};
    box->tail = JZ_OUTBOX_HEAD_BYTES;
    enum jz_status status = walk_records(box, &walk);
    if (status != JZ_OK) return status;
    memcpy(box->lane, walk.lane, sizeof box->lane);
    settle(box, box->tail);
    jz_outbox_abort(box);
    box->lost = most(walk.gaps, walk.regions);
    status = pass_unseen(box, &walk);
    jz_outbox_rewind(box, (const uint64_t[JZ_LANE_COUNT]){0});
    return status;
}

static enum jz_status sync_folder(const char *path) {
    char folder[JZ_DEVICE_PATH_BYTES_MAX + 8u];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash == folder) slash++;
    if (slash) *slash = 0;
    int fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return JZ_E_FILE;
    int result = fsync(fd);
    close(fd);
    return result == 0 ? JZ_OK : JZ_E_STORE_IO;
}

static enum jz_status create(struct jz_outbox *box, uint32_t new_epoch) {
    uint8_t head[JZ_OUTBOX_HEAD_BYTES];
    head_encode(new_epoch, head);
    enum jz_status status = write_all(box->fd, head, sizeof head, 0);
    if (status == JZ_OK && fsync(box->fd) != 0) status = from_errno();
    if (status == JZ_OK) status = sync_folder(box->path);
    box->epoch = new_epoch;
    box->fresh = true;
    return status;
}

enum jz_status jz_outbox_open(struct jz_outbox *box, const char *path, uint32_t new_epoch) {
    assert(new_epoch != 0);
    memset(box, 0, sizeof *box);
    box->fd = -1;
    box->bytes_max = JZ_DEVICE_OUTBOX_BYTES_MAX;
    if (strlen(path) > JZ_DEVICE_PATH_BYTES_MAX) return JZ_E_CONFIG;
    memcpy(box->path, path, strlen(path) + 1);
    box->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    struct stat about;
    if (box->fd < 0 || flock(box->fd, LOCK_EX | LOCK_NB) != 0 || fstat(box->fd, &about) != 0)
        return JZ_E_FILE;
    /* Shorter than a head: the power went while it was being made, so nothing was ever promised. */
    enum jz_status status = about.st_size < JZ_OUTBOX_HEAD_BYTES ? create(box, new_epoch) : head_read(box);
    return status == JZ_OK ? recover(box) : status;
}

void jz_outbox_close(struct jz_outbox *box) {
    if (box->fd >= 0) close(box->fd);
    box->fd = -1;
}

/* --- writing ---------------------------------------------------------------------------------------------- */

uint64_t jz_outbox_next_seq(const struct jz_outbox *box, uint8_t lane) {
    assert(lane < JZ_LANE_COUNT);
    return box->lane[lane].staged + 1;
}

static uint64_t room_of(const struct jz_outbox *box, uint8_t lane) {
    if (lane == LANE_BULK) return box->bytes_max / 100 * JZ_OUTBOX_BULK_PERCENT;
    if (lane == LANE_SNAPSHOT) return box->bytes_max / 100 * JZ_OUTBOX_SNAPSHOT_PERCENT;
    return box->bytes_max;
}

static bool has_room(const struct jz_outbox *box, uint8_t lane, uint32_t bytes) {
    return box->write_at + bytes + 2u * JZ_OUTBOX_RECORD_HEAD_BYTES + JZ_DEVICE_NOTE_BYTES_MAX <=
           room_of(box, lane);
}

static void make_room(struct jz_outbox *box);

enum jz_status jz_outbox_stage(struct jz_outbox *box, uint8_t lane, const uint8_t *frame, uint32_t bytes) {
    assert(lane < JZ_LANE_COUNT && bytes > 0 && bytes <= JZ_MESSAGE_BYTES_MAX);
    if (box->tight || !has_room(box, lane, bytes)) make_room(box);
    if (!has_room(box, lane, bytes)) return JZ_E_STORE_FULL;
    struct record record = {
        .bytes = bytes, .type = RECORD_FRAME, .lane = lane, .seq = box->lane[lane].staged + 1};
    enum jz_status status = record_append(box->fd, &box->write_at, &record, frame);
    if (status == JZ_OK) box->lane[lane].staged = record.seq;
    return status;
}

enum jz_status jz_outbox_commit(struct jz_outbox *box, const void *note, uint32_t bytes) {
    assert(bytes <= JZ_DEVICE_NOTE_BYTES_MAX);
    struct record record = {.bytes = bytes, .type = RECORD_NOTE};
    enum jz_status status = record_append(box->fd, &box->write_at, &record, note);
    if (status == JZ_OK && fsync(box->fd) != 0) status = from_errno();
    if (status != JZ_OK) {
        jz_outbox_abort(box);
        return status;
    }
    box->note_bytes = bytes;
    if (bytes > 0) memcpy(box->note, note, bytes);
    for (unsigned i = 0; i < JZ_LANE_COUNT; i++)
        if (box->lane[i].staged > box->lane[i].committed) box->lane[i].last = box->lane[i].staged;
    settle(box, box->write_at);
    return JZ_OK;
}

void jz_outbox_abort(struct jz_outbox *box) {
    /* Should cutting fail, the rest stays unsettled and the next batch overwrites it. */
    if (box->fd >= 0 && ftruncate(box->fd, (off_t)box->tail) != 0) errno = 0;
    box->write_at = box->tail;
    for (unsigned i = 0; i < JZ_LANE_COUNT; i++) box->lane[i].staged = box->lane[i].committed;
}

/* --- reading ---------------------------------------------------------------------------------------------- */

/* What a lane misses and was not accounted for before is lost. */
static void count_missed(struct jz_outbox *box, struct jz_outbox_lane *lane, uint64_t first, uint64_t end) {
    miss(lane, first, end);
    if (lane->missed <= lane->known) return;
    box->lost += lane->missed - lane->known;
    lane->known = lane->missed;
}

/* The record at the cursor is damaged, or the one at `before` is and led astray: goes on to the next whole one. */
static enum jz_status pass_break(struct jz_outbox *box, struct jz_outbox_lane *own, uint64_t before) {
    uint8_t head[JZ_OUTBOX_RECORD_HEAD_BYTES];
    struct record record;
    enum jz_status status = whole_at(box->fd, before, &record, head);
    if (status == JZ_E_EMPTY) own->cursor = before;
    if (status != JZ_E_STORE_IO) status = next_whole(box->fd, &own->cursor, &record, head);
    if (status == JZ_E_EMPTY || own->cursor > box->tail) own->cursor = box->tail;
    return status == JZ_E_EMPTY ? JZ_OK : status;
}

/* Nothing of the lane is left behind the cursor: what was committed beyond is gone. */
static void end_lane(struct jz_outbox *box, struct jz_outbox_lane *own, uint64_t passed) {
    count_missed(box, own, passed + 1, own->committed + 1);
    own->last = passed;
    own->read = own->committed;
    free_rest(own);
}

/* Moves the cursor over other lanes' records, over what was freed and over damage. */
static enum jz_status seek_frame(struct jz_outbox *box, uint8_t lane, struct record *record, uint8_t *head) {
    struct jz_outbox_lane *own = &box->lane[lane];
    uint64_t passed = most(own->read, own->freed), before = own->cursor;
    if (passed >= own->committed) return JZ_E_EMPTY;
    while (own->cursor < box->tail) {
        enum jz_status status = record_read(box->fd, own->cursor, record, head);
        bool fits = status == JZ_OK && record_end(own->cursor, record) <= box->tail;
        bool ours = record->type == RECORD_FRAME && record->lane == lane && record->seq > passed;
        if (status == JZ_OK && fits && !ours) {
            before = own->cursor;
            own->cursor = record_end(own->cursor, record);
            continue;
        }
        if (status == JZ_OK && fits) status = record_check(box->fd, own->cursor, record, head);
        if (status == JZ_E_STORE_IO || (status == JZ_OK && fits)) return status;
        status = pass_break(box, own, before);
        if (status != JZ_OK) return status;
        before = own->cursor;
    }
    end_lane(box, own, passed);
    return JZ_E_EMPTY;
}

enum jz_status jz_outbox_peek(struct jz_outbox *box, uint8_t lane, uint8_t *buffer, uint32_t capacity,
                              uint64_t *seq, uint32_t *written) {
    assert(lane < JZ_LANE_COUNT);
    uint8_t head[JZ_OUTBOX_RECORD_HEAD_BYTES];
    struct record record = {0};
    *seq = 0, *written = 0;
    enum jz_status status = seek_frame(box, lane, &record, head);
    if (status != JZ_OK) return status;
    *seq = record.seq, *written = record.bytes;
    if (record.bytes > capacity) return JZ_E_BUFFER;
    status = read_all(box->fd, buffer, record.bytes, box->lane[lane].cursor + sizeof head);
    return status == JZ_OK ? JZ_OK : JZ_E_STORE_IO;
}

void jz_outbox_take(struct jz_outbox *box, uint8_t lane) {
    uint8_t head[JZ_OUTBOX_RECORD_HEAD_BYTES];
    struct record record = {0};
    struct jz_outbox_lane *own = &box->lane[lane];
    if (seek_frame(box, lane, &record, head) != JZ_OK) return;
    count_missed(box, own, most(own->read, own->freed) + 1, record.seq);
    own->read = record.seq;
    own->cursor = record_end(own->cursor, &record);
}

void jz_outbox_rewind(struct jz_outbox *box, const uint64_t after[JZ_LANE_COUNT]) {
    for (unsigned i = 0; i < JZ_LANE_COUNT; i++) {
        struct jz_outbox_lane *lane = &box->lane[i];
        lane->read = after[i] > lane->freed ? after[i] : lane->freed;
        lane->cursor = JZ_OUTBOX_HEAD_BYTES;
        lane->missed = 0;
    }
}

/* --- forgetting ------------------------------------------------------------------------------------------- */

uint64_t jz_outbox_pending(const struct jz_outbox *box) {
    uint64_t count = 0;
    for (unsigned i = 0; i < JZ_LANE_COUNT; i++) count += box->lane[i].committed - box->lane[i].freed;
    return count;
}

/* `first`: the frames that were given out follow it. */
static enum jz_status append_level(const struct jz_outbox *box, int fd, uint64_t *at, bool first) {
    uint8_t body[LEVEL_BYTES];
    for (unsigned i = 0; i < JZ_LANE_COUNT; i++) {
        const struct jz_outbox_lane *lane = &box->lane[i];
        store(body + 8u * i, lane->freed, 8);
        store(body + 8u * (JZ_LANE_COUNT + i), first ? lane->freed : lane->committed, 8);
    }
    return record_append(fd, at, &(struct record){.bytes = sizeof body, .type = RECORD_LEVEL}, body);
}

static enum jz_status copy_bytes(int from, uint64_t from_at, int to, uint64_t *to_at, uint64_t bytes) {
    uint8_t piece[COPY_BYTES];
    for (uint64_t done = 0; done < bytes;) {
        size_t step = bytes - done < sizeof piece ? (size_t)(bytes - done) : sizeof piece;
        if (read_all(from, piece, step, from_at + done) != JZ_OK) return JZ_E_STORE_IO;
        enum jz_status status = write_all(to, piece, step, *to_at);
        if (status != JZ_OK) return status;
        done += step, *to_at += step;
    }
    return JZ_OK;
}

static enum jz_status copy_live(const struct jz_outbox *box, int to, uint64_t *to_at) {
    uint8_t head[JZ_OUTBOX_RECORD_HEAD_BYTES];
    struct record record;
    for (uint64_t at = JZ_OUTBOX_HEAD_BYTES;; at = record_end(at, &record)) {
        enum jz_status status = next_whole(box->fd, &at, &record, head);
        if (status == JZ_E_EMPTY || (status == JZ_OK && at >= box->tail)) return JZ_OK;
        if (status == JZ_OK && record.type == RECORD_FRAME && record.seq > box->lane[record.lane].freed)
            status = copy_bytes(box->fd, at, to, to_at, record_end(at, &record) - at);
        if (status != JZ_OK) return status;
    }
}

static enum jz_status append_state(const struct jz_outbox *box, int to, uint64_t *end) {
    enum jz_status status = append_level(box, to, end, false);
    if (status == JZ_OK)
        status = record_append(to, end, &(struct record){.bytes = box->note_bytes, .type = RECORD_NOTE},
                               box->note);
    if (status == JZ_OK && fsync(to) != 0) status = from_errno();
    return status;
}

static enum jz_status write_compact(const struct jz_outbox *box, int to, uint64_t *end) {
    uint8_t head[JZ_OUTBOX_HEAD_BYTES];
    head_encode(box->epoch, head);
    *end = sizeof head;
    enum jz_status status = write_all(to, head, sizeof head, 0);
    if (status == JZ_OK) status = append_level(box, to, end, true);
    if (status == JZ_OK) status = copy_live(box, to, end);
    return status == JZ_OK ? append_state(box, to, end) : status;
}

static void adopt(struct jz_outbox *box, int fd, uint64_t end) {
    if (fd != box->fd) close(box->fd);
    box->fd = fd;
    box->tail = box->write_at = end;
    box->freed_bytes = 0;
    for (unsigned i = 0; i < JZ_LANE_COUNT; i++) box->lane[i].cursor = JZ_OUTBOX_HEAD_BYTES;
}

/* Nothing is pending. The state goes behind the old records first, where there is room, then over the first of
 * them; until the file is cut, they are frames freed long ago. */
static enum jz_status shrink(struct jz_outbox *box) {
    uint64_t end = box->tail;
    if (append_state(box, box->fd, &end) != JZ_OK) jz_outbox_abort(box);
    end = JZ_OUTBOX_HEAD_BYTES;
    enum jz_status status = append_state(box, box->fd, &end);
    if (status != JZ_OK) return status;
    adopt(box, box->fd, end);
    jz_outbox_abort(box);
    return JZ_OK;
}

/* The old file stays the truth until the rename; a failure before it costs nothing but the try. */
static enum jz_status compact(struct jz_outbox *box) {
    if (jz_outbox_pending(box) == 0 && box->tail > SHRUNK_BYTES_MAX) return shrink(box);
    char path[sizeof box->path + 4];
    snprintf(path, sizeof path, "%s.new", box->path);
    int to = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (to < 0) return JZ_E_FILE;
    uint64_t end = 0;
    enum jz_status status = flock(to, LOCK_EX | LOCK_NB) == 0 ? write_compact(box, to, &end) : JZ_E_FILE;
    if (status == JZ_OK && rename(path, box->path) != 0) status = from_errno();
    if (status != JZ_OK) {
        close(to);
        unlink(path);
        return status;
    }
    adopt(box, to, end);
    return sync_folder(box->path);
}

static bool compaction_pays(const struct jz_outbox *box) {
    if (box->write_at != box->tail)
        return false; /* a batch is being staged: its records are in the old file */
    return box->tail > JZ_OUTBOX_COMPACT_BYTES && 2u * box->freed_bytes > box->tail;
}

/* Between the records of a batch it only remembers to do so before the next. */
static void make_room(struct jz_outbox *box) {
    box->tight = box->write_at != box->tail;
    bool pays = JZ_OUTBOX_TIGHT_SHARE * box->freed_bytes >= box->tail;
    if (!box->tight && pays && compact(box) != JZ_OK) errno = 0; /* then there is no room */
}

/* Exact bytes would need an index; the share of frames that a level frees stands for the share of bytes. */
static void count_freed(struct jz_outbox *box, uint64_t frames) {
    uint64_t all = jz_outbox_pending(box) + frames;
    uint64_t live_bytes = box->tail > box->freed_bytes ? box->tail - box->freed_bytes : 0;
    if (all > 0) box->freed_bytes += live_bytes * frames / all;
}

enum jz_status jz_outbox_free(struct jz_outbox *box, const uint64_t level[JZ_LANE_COUNT]) {
    uint64_t frames = 0;
    for (unsigned i = 0; i < JZ_LANE_COUNT; i++) {
        struct jz_outbox_lane *lane = &box->lane[i];
        uint64_t to = level[i] < lane->committed ? level[i] : lane->committed;
        uint64_t before = lane->freed;
        if (to > lane->freed) lane->freed = to;
        free_rest(lane);
        frames += lane->freed - before;
    }
    if (frames == 0) return JZ_OK;
    count_freed(box, frames);
    /* A compaction that fails leaves the old file as it was; the next ack tries again. */
    if (compaction_pays(box) && compact(box) == JZ_OK) return JZ_OK;
    if (box->write_at != box->tail) return JZ_OK; /* never between the records of a batch */
    enum jz_status status = append_level(box, box->fd, &box->write_at, false);
    if (status == JZ_OK)
        box->tail = box->write_at;
    else
        jz_outbox_abort(box);
    return status == JZ_E_STORE_FULL ? JZ_OK
                                     : status; /* a full disk may forget an ack: that costs a repeat */
}
