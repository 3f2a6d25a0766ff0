/* SPDX-License-Identifier: Apache-2.0 */
/** @file outbox.h  The device's durable memory of what the server has not yet acknowledged: one append-only file.
 *
 *  File     A 32-byte head (magic, epoch, CRC), then records: a 24-byte head (body bytes, type, lane, seq, CRC-32C
 *           over head and body) and a body. Types: frame; note, which ends a batch and carries the application's
 *           state; level, the sequence up to which each lane left the outbox and the last one given out. Little
 *           endian.
 *  Durable  A batch counts when its note is on disk (fsync). On open, what follows the last whole note or level
 *           is cut off, so a torn write loses only what was never promised. A read error cuts nothing.
 *  Damage   A record that does not check, with a whole note or level somewhere behind it, is damage and not a torn
 *           write: it stays in place, all whole records behind it are kept, `lost` counts it (at every open until
 *           an ack lets it go), and each lane goes on above every number that the damaged bytes can have held.
 *  Room     Bulk may fill half of `bytes_max`, snapshots three quarters, urgent and vitals all of it.
 *  Compact  When more than half of a file is acknowledged, or an eighth and there is no room, the rest is copied to
 *           `<path>.new`, synced, renamed. When nothing is pending the file shrinks in place, which needs no disk.
 *  Memory   No index: each lane keeps one cursor into the file. The caller owns the struct.
 *  Threads  One at a time.
 */
#ifndef JZ_OUTBOX_H
#define JZ_OUTBOX_H
#include "jingzhu/device.h"

#define JZ_OUTBOX_HEAD_BYTES 32u
#define JZ_OUTBOX_RECORD_HEAD_BYTES 24u
#define JZ_OUTBOX_COMPACT_BYTES (256u * 1024u) /**< smaller files are left alone while there is room */
#define JZ_OUTBOX_TIGHT_SHARE 8u /**< without room, compaction pays once this part of the file is free */
#define JZ_OUTBOX_BULK_PERCENT 50u
#define JZ_OUTBOX_SNAPSHOT_PERCENT 75u

struct jz_outbox_lane {
    uint64_t freed;     /**< all up to here have left the outbox */
    uint64_t committed; /**< last sequence on disk */
    uint64_t staged;    /**< last sequence given out */
    uint64_t last;     /**< last committed sequence that the file holds: less than `committed` after damage */
    uint64_t read;     /**< last sequence that the cursor passed */
    uint64_t cursor;   /**< file offset to look for the next one */
    uint64_t missed;   /**< sequences that the cursor did not find since the last rewind */
    uint64_t known;    /**< as many of them are accounted for */
    uint64_t known_to; /**< none of those lies above this sequence */
};

struct jz_outbox {
    int fd;
    uint32_t epoch;
    uint64_t tail;        /**< end of what is committed */
    uint64_t write_at;    /**< end of what is staged */
    uint64_t freed_bytes; /**< estimate since the last compaction: decides when the next one pays */
    uint64_t bytes_max;   /**< JZ_DEVICE_OUTBOX_BYTES_MAX; less only in tests */
    uint64_t lost;        /**< committed frames lost to damage, found since open */
    bool fresh;           /**< this open drew a new epoch */
    bool tight;           /**< a batch found no room: the next one starts with a compaction */
    uint32_t note_bytes;
    uint8_t note[JZ_DEVICE_NOTE_BYTES_MAX];
    struct jz_outbox_lane lane[JZ_LANE_COUNT];
    char path[JZ_DEVICE_PATH_BYTES_MAX + 8u];
};

/** Opens, locks and recovers, or creates with `new_epoch` (1 .. 2^32-1, random).
 *  @retval JZ_E_FILE, JZ_E_FORMAT, JZ_E_CONFIG (path too long), JZ_E_STORE_FULL
 *  @retval JZ_E_STORE_IO  the disk cannot be read; the file is left as it is
 *  @param[out] box  Fully written; jz_outbox_close accepts it whatever the result. */
JZ_MUST_CHECK enum jz_status jz_outbox_open(struct jz_outbox *box, const char *path, uint32_t new_epoch);
void jz_outbox_close(struct jz_outbox *box);

/** The sequence that the next jz_outbox_stage of this lane takes. */
uint64_t jz_outbox_next_seq(const struct jz_outbox *box, uint8_t lane);
/** @retval JZ_E_STORE_FULL, JZ_E_STORE_IO  this frame was not staged; those staged before it still are. */
JZ_MUST_CHECK enum jz_status jz_outbox_stage(struct jz_outbox *box, uint8_t lane, const uint8_t *frame,
                                             uint32_t bytes);
JZ_MUST_CHECK enum jz_status jz_outbox_commit(struct jz_outbox *box, const void *note, uint32_t bytes);
void jz_outbox_abort(struct jz_outbox *box);

/** The first committed frame of a lane after the cursor; the cursor does not move.
 *  @retval JZ_OK            found
 *  @retval JZ_E_EMPTY       the lane has no more
 *  @retval JZ_E_BUFFER      longer than `capacity`; *written holds its bytes
 *  @retval JZ_E_STORE_IO    the disk cannot be read
 *  A frame that does not check is skipped and counted in `lost`. */
JZ_MUST_CHECK enum jz_status jz_outbox_peek(struct jz_outbox *box, uint8_t lane, uint8_t *buffer,
                                            uint32_t capacity, uint64_t *seq, uint32_t *written);
void jz_outbox_take(struct jz_outbox *box, uint8_t lane); /**< moves the cursor past what peek found */
/** Puts every cursor to the first frame after `after[lane]`, never before what was freed. */
void jz_outbox_rewind(struct jz_outbox *box, const uint64_t after[JZ_LANE_COUNT]);

/** Lets go of everything up to `level[lane]`; compacts when it is worth it. Levels never go back; one above
 *  what is committed is cut to it. Not synced: forgetting an ack costs a repeat, never a loss. */
JZ_MUST_CHECK enum jz_status jz_outbox_free(struct jz_outbox *box, const uint64_t level[JZ_LANE_COUNT]);
/** Committed and not freed; a lost one counts until an ack passes over it. */
uint64_t jz_outbox_pending(const struct jz_outbox *box);

#endif /* JZ_OUTBOX_H */
