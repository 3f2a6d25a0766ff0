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
    LEVEL_BYTES = 8 * JZ_LANE_COUNT,
    COPY_BYTES = 4096
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

static bool read_all(int fd, void *data, size_t bytes, uint64_t at) {
    uint8_t *to = data;
    while (bytes > 0) {
        ssize_t done = pread(fd, to, bytes, (off_t)at);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        to += done, at += (uint64_t)done, bytes -= (size_t)done;
    }
    return true;
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
    if (!read_all(box->fd, head, sizeof head, 0)) return JZ_E_FORMAT;
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

static bool record_read(int fd, uint64_t at, struct record *out, uint8_t head[JZ_OUTBOX_RECORD_HEAD_BYTES]) {
    if (!read_all(fd, head, JZ_OUTBOX_RECORD_HEAD_BYTES, at)) return false;
    *out = (struct record){.bytes = (uint32_t)load(head, 4),
                           .type = head[4],
                           .lane = head[5],
                           .seq = load(head + 8, 8),
                           .crc = (uint32_t)load(head + 20, 4)};
    return out->bytes <= JZ_MESSAGE_BYTES_MAX && out->type >= RECORD_FRAME && out->type <= RECORD_LEVEL &&
           out->lane < JZ_LANE_COUNT;
}

static uint64_t record_end(uint64_t at, const struct record *record) {
    return at + JZ_OUTBOX_RECORD_HEAD_BYTES + record->bytes;
}

/* The body goes past a small buffer, so recovery needs no frame-sized memory. */
static bool record_is_whole(int fd, uint64_t at, const struct record *record, const uint8_t *head) {
    uint8_t piece[COPY_BYTES];
    uint32_t crc = jz_crc32c(0, head, JZ_OUTBOX_RECORD_HEAD_BYTES - 4);
    for (uint32_t done = 0; done < record->bytes;) {
        uint32_t step = record->bytes - done < sizeof piece ? record->bytes - done : (uint32_t)sizeof piece;
        if (!read_all(fd, piece, step, at + JZ_OUTBOX_RECORD_HEAD_BYTES + done)) return false;
        crc = jz_crc32c(crc, piece, step);
        done += step;
    }
    return crc == record->crc;
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

static bool take_note(struct jz_outbox *box, uint64_t at, const struct record *record) {
    if (record->bytes > JZ_DEVICE_NOTE_BYTES_MAX) return false;
    box->note_bytes = record->bytes;
    return read_all(box->fd, box->note, record->bytes, at + JZ_OUTBOX_RECORD_HEAD_BYTES);
}

static bool take_level(struct jz_outbox *box, uint64_t at, const struct record *record) {
    uint8_t body[LEVEL_BYTES];
    if (record->bytes != sizeof body ||
        !read_all(box->fd, body, sizeof body, at + JZ_OUTBOX_RECORD_HEAD_BYTES))
        return false;
    for (unsigned i = 0; i < JZ_LANE_COUNT; i++) {
        struct jz_outbox_lane *lane = &box->lane[i];
        lane->freed = load(body + 8u * i, 8);
        if (lane->staged < lane->freed) lane->staged = lane->freed;
    }
    return true;
}

static bool take_record(struct jz_outbox *box, uint64_t at, const struct record *record) {
    if (record->type == RECORD_NOTE) return take_note(box, at, record);
    if (record->type == RECORD_LEVEL) return take_level(box, at, record);
    if (record->seq <= box->lane[record->lane].staged) return false;
    box->lane[record->lane].staged = record->seq;
    return true;
}

static void settle(struct jz_outbox *box, uint64_t end) {
    box->tail = box->write_at = end;
    for (unsigned i = 0; i < JZ_LANE_COUNT; i++) box->lane[i].committed = box->lane[i].staged;
}

/* Walks the records; each whole note or level settles what came before it. */
static enum jz_status recover(struct jz_outbox *box) {
    uint8_t head[JZ_OUTBOX_RECORD_HEAD_BYTES];
    struct record record;
    uint64_t at = JZ_OUTBOX_HEAD_BYTES;
    settle(box, at);
    while (record_read(box->fd, at, &record, head) && record_is_whole(box->fd, at, &record, head)) {
        if (!take_record(box, at, &record)) break;
        at = record_end(at, &record);
        if (record.type != RECORD_FRAME) settle(box, at);
    }
    jz_outbox_abort(box);
    jz_outbox_rewind(box, (const uint64_t[JZ_LANE_COUNT]){0});
    return JZ_OK;
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

enum jz_status jz_outbox_stage(struct jz_outbox *box, uint8_t lane, const uint8_t *frame, uint32_t bytes) {
    assert(lane < JZ_LANE_COUNT && bytes > 0 && bytes <= JZ_MESSAGE_BYTES_MAX);
    if (box->write_at + bytes + 2u * JZ_OUTBOX_RECORD_HEAD_BYTES + JZ_DEVICE_NOTE_BYTES_MAX >
        JZ_DEVICE_OUTBOX_BYTES_MAX)
        return JZ_E_STORE_FULL;
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

/* Moves the cursor over other lanes' records and over what was freed. */
static enum jz_status seek_frame(struct jz_outbox *box, uint8_t lane, struct record *record, uint8_t *head) {
    struct jz_outbox_lane *own = &box->lane[lane];
    uint64_t passed = own->read > own->freed ? own->read : own->freed;
    if (passed >= own->committed) return JZ_E_EMPTY;
    while (own->cursor < box->tail) {
        if (!record_read(box->fd, own->cursor, record, head)) return JZ_E_STORE_IO;
        if (record->type == RECORD_FRAME && record->lane == lane && record->seq > passed) return JZ_OK;
        own->cursor = record_end(own->cursor, record);
    }
    return JZ_E_STORE_IO;
}

enum jz_status jz_outbox_peek(struct jz_outbox *box, uint8_t lane, uint8_t *buffer, uint32_t capacity,
                              uint64_t *seq, uint32_t *written) {
    assert(lane < JZ_LANE_COUNT);
    uint8_t head[JZ_OUTBOX_RECORD_HEAD_BYTES];
    struct record record;
    *seq = 0, *written = 0;
    enum jz_status status = seek_frame(box, lane, &record, head);
    if (status != JZ_OK) return status;
    *seq = record.seq, *written = record.bytes;
    if (record.bytes > capacity) return JZ_E_BUFFER;
    if (!read_all(box->fd, buffer, record.bytes, box->lane[lane].cursor + sizeof head)) return JZ_E_STORE_IO;
    uint32_t crc = jz_crc32c(jz_crc32c(0, head, sizeof head - 4), buffer, record.bytes);
    return crc == record.crc ? JZ_OK : JZ_E_STORE_IO;
}

void jz_outbox_take(struct jz_outbox *box, uint8_t lane) {
    uint8_t head[JZ_OUTBOX_RECORD_HEAD_BYTES];
    struct record record;
    if (seek_frame(box, lane, &record, head) != JZ_OK) return;
    box->lane[lane].read = record.seq;
    box->lane[lane].cursor = record_end(box->lane[lane].cursor, &record);
}

void jz_outbox_rewind(struct jz_outbox *box, const uint64_t after[JZ_LANE_COUNT]) {
    for (unsigned i = 0; i < JZ_LANE_COUNT; i++) {
        struct jz_outbox_lane *lane = &box->lane[i];
        lane->read = after[i] > lane->freed ? after[i] : lane->freed;
        lane->cursor = JZ_OUTBOX_HEAD_BYTES;
    }
}

/* --- forgetting ------------------------------------------------------------------------------------------- */

uint64_t jz_outbox_pending(const struct jz_outbox *box) {
    uint64_t count = 0;
    for (unsigned i = 0; i < JZ_LANE_COUNT; i++) count += box->lane[i].committed - box->lane[i].freed;
    return count;
}

static enum jz_status append_level(const struct jz_outbox *box, int fd, uint64_t *at) {
    uint8_t body[LEVEL_BYTES];
    for (unsigned i = 0; i < JZ_LANE_COUNT; i++) store(body + 8u * i, box->lane[i].freed, 8);
    return record_append(fd, at, &(struct record){.bytes = sizeof body, .type = RECORD_LEVEL}, body);
}

static enum jz_status copy_bytes(int from, uint64_t from_at, int to, uint64_t *to_at, uint64_t bytes) {
    uint8_t piece[COPY_BYTES];
    for (uint64_t done = 0; done < bytes;) {
        size_t step = bytes - done < sizeof piece ? (size_t)(bytes - done) : sizeof piece;
        if (!read_all(from, piece, step, from_at + done)) return JZ_E_STORE_IO;
        enum jz_status status = write_all(to, piece, step, *to_at);
        if (status != JZ_OK) return status;
        done += step, *to_at += step;
    }
    return JZ_OK;
}

static enum jz_status copy_live(const struct jz_outbox *box, int to, uint64_t *to_at) {
    uint8_t head[JZ_OUTBOX_RECORD_HEAD_BYTES];
    struct record record;
    enum jz_status status = JZ_OK;
    for (uint64_t at = JZ_OUTBOX_HEAD_BYTES; at < box->tail && status == JZ_OK;
         at = record_end(at, &record)) {
        if (!record_read(box->fd, at, &record, head)) return JZ_E_STORE_IO;
        if (record.type == RECORD_FRAME && record.seq > box->lane[record.lane].freed)
            status = copy_bytes(box->fd, at, to, to_at, record_end(at, &record) - at);
    }
    return status;
}

static enum jz_status write_compact(const struct jz_outbox *box, int to, uint64_t *end) {
    uint8_t head[JZ_OUTBOX_HEAD_BYTES];
    head_encode(box->epoch, head);
    *end = sizeof head;
    enum jz_status status = write_all(to, head, sizeof head, 0);
    if (status == JZ_OK) status = append_level(box, to, end);
    if (status == JZ_OK) status = copy_live(box, to, end);
    if (status == JZ_OK)
        status = record_append(to, end, &(struct record){.bytes = box->note_bytes, .type = RECORD_NOTE},
                               box->note);
    if (status == JZ_OK && fsync(to) != 0) status = from_errno();
    return status;
}

static void adopt(struct jz_outbox *box, int fd, uint64_t end) {
    uint64_t read[JZ_LANE_COUNT];
    close(box->fd);
    box->fd = fd;
    box->tail = box->write_at = end;
    box->freed_bytes = 0;
    for (unsigned i = 0; i < JZ_LANE_COUNT; i++) read[i] = box->lane[i].read;
    jz_outbox_rewind(box, read);
}

/* The old file stays the truth until the rename; a failure before it costs nothing but the try. */
static enum jz_status compact(struct jz_outbox *box) {
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
        if (to > lane->freed) frames += to - lane->freed, lane->freed = to;
    }
    if (frames == 0) return JZ_OK;
    count_freed(box, frames);
    /* A compaction that fails leaves the old file as it was; the next ack tries again. */
    if (compaction_pays(box) && compact(box) == JZ_OK) return JZ_OK;
    if (box->write_at != box->tail) return JZ_OK; /* never between the records of a batch */
    enum jz_status status = append_level(box, box->fd, &box->write_at);
    if (status == JZ_OK)
        box->tail = box->write_at;
    else
        jz_outbox_abort(box);
    return status == JZ_E_STORE_FULL ? JZ_OK
                                     : status; /* a full disk may forget an ack: that costs a repeat */
}
