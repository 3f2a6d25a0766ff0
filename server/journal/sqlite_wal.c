/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite takes the first frame with a wrong checksum for the end of the log. After a power cut that is right:
 * the last transaction had not been synced. After a flipped bit in an older frame it silently drops
 * acknowledged commits.
 *
 * The two differ. A transaction is written only after the one before it was synced, so behind a torn end
 * there is at most the one commit that was being written. Two commits of the same generation behind the first
 * bad frame mean damage. Likewise the header is synced before the first frame is written. Format:
 * sqlite.org/fileformat2.html, 4. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sqlite.h"

#define WAL_HEADER_BYTES 32u
#define FRAME_HEADER_BYTES 24u
#define PAGE_BYTES_MAX 65536u
#define MAGIC 0x377f0682u /* the lowest bit says: checksums over big-endian words */

struct wal {
    int fd;
    uint64_t bytes;
    uint32_t page_bytes;
    bool big_endian;
    uint8_t salt[8];
    uint32_t sum[2];
    uint8_t frame[FRAME_HEADER_BYTES + PAGE_BYTES_MAX];
};

static uint32_t word(const uint8_t *in, bool big) {
    return big ? (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 | (uint32_t)in[2] << 8 | in[3]
               : (uint32_t)in[3] << 24 | (uint32_t)in[2] << 16 | (uint32_t)in[1] << 8 | in[0];
}

static void add(struct wal *wal, const uint8_t *in, size_t bytes) {
    for (size_t i = 0; i + 8 <= bytes; i += 8) {
        wal->sum[0] += word(in + i, wal->big_endian) + wal->sum[1];
        wal->sum[1] += word(in + i + 4, wal->big_endian) + wal->sum[0];
    }
}

static bool read_header(struct wal *wal) {
    uint8_t *header = wal->frame;
    if (pread(wal->fd, header, WAL_HEADER_BYTES, 0) != (ssize_t)WAL_HEADER_BYTES) return false;
    if ((word(header, true) & ~1u) != MAGIC) return false;
    wal->big_endian = word(header, true) & 1u;
    wal->page_bytes = word(header + 8, true);
    if (wal->page_bytes < 512 || wal->page_bytes > PAGE_BYTES_MAX) return false;
    for (int i = 0; i < 8; i++) wal->salt[i] = header[16 + i];
    add(wal, header, 24);
    return wal->sum[0] == word(header + 24, true) && wal->sum[1] == word(header + 28, true);
}

static bool read_frame(struct wal *wal, uint64_t index) {
    size_t bytes = FRAME_HEADER_BYTES + wal->page_bytes;
    uint64_t at = WAL_HEADER_BYTES + index * bytes;
    return at + bytes <= wal->bytes && pread(wal->fd, wal->frame, bytes, (off_t)at) == (ssize_t)bytes;
}

static bool is_this_generation(const struct wal *wal) {
    for (int i = 0; i < 8; i++)
        if (wal->frame[8 + i] != wal->salt[i]) return false;
    return true;
}

/* One half of the salt is enough: the next generation changes both, a flipped bit one. Without this a flip in the salt
 * of a commit's last frame would hide that commit from the count below. */
static bool may_be_this_generation(const struct wal *wal) {
    return memcmp(wal->frame + 8, wal->salt, 4) == 0 || memcmp(wal->frame + 12, wal->salt + 4, 4) == 0;
}

static bool is_valid(struct wal *wal) {
    if (!is_this_generation(wal)) return false;
    add(wal, wal->frame, 8);
    add(wal, wal->frame + FRAME_HEADER_BYTES, wal->page_bytes);
    return wal->sum[0] == word(wal->frame + 16, true) && wal->sum[1] == word(wal->frame + 20, true);
}

static enum jz_status check(struct wal *wal) {
    if (wal->bytes <= WAL_HEADER_BYTES) return JZ_OK; /* no frame, so nothing was ever committed here */
    if (!read_header(wal)) return JZ_E_STORE_CHAIN;
    uint64_t i = 0;
    uint32_t commits_beyond = 0;
    while (read_frame(wal, i) && is_valid(wal)) i++;
    for (; commits_beyond < 2 && read_frame(wal, i); i++)
        if (may_be_this_generation(wal) && word(wal->frame + 4, true) != 0) commits_beyond++;
    return commits_beyond < 2 ? JZ_OK : JZ_E_STORE_CHAIN;
}

enum jz_status jz_sqlite_wal_check(const char *wal_path) {
    struct stat about;
    if (stat(wal_path, &about) != 0) return JZ_OK; /* closed in good order: there is no log */
    struct wal *wal = calloc(1, sizeof *wal);
    if (!wal) return JZ_E_MEMORY;
    enum jz_status status = JZ_E_FILE;
    wal->fd = open(wal_path, O_RDONLY | O_CLOEXEC);
    wal->bytes = (uint64_t)about.st_size;
    if (wal->fd >= 0) {
        status = check(wal);
        close(wal->fd);
    }
    free(wal);
    return status;
}
