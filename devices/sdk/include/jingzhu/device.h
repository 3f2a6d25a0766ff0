/* SPDX-License-Identifier: Apache-2.0 */
/** @file jingzhu/device.h  What a bedside device needs to report a patient: durable, in order, once in effect.
 *
 *  A frame is put, then committed; from then on it is on this device's disk and reaches the server over any
 *  number of lost links, crashes and restarts of either side. The server stores each (epoch, lane, seq) once.
 *
 *  Order    Lanes overtake each other: urgent before snapshot before vitals before bulk. Within a lane the server
 *           takes ascending sequence numbers only (jingzhu.cddl, `seq`), so a backlog goes oldest first; the
 *           present overtakes the past by lane, never inside one.
 *  Forget   A frame leaves the outbox when an ack of at least welcome's level covers it, or when the server
 *           refused it for good (counted and reported, never sent again).
 *  Memory   One block of less than 64 KiB taken at open, beside what libwebsockets and OpenSSL hold.
 *  Threads  One thread per device; nothing global.
 */
#ifndef JZ_DEVICE_H
#define JZ_DEVICE_H
#include "jingzhu/frame.h"

#define JZ_DEVICE_NOTE_BYTES_MAX 256u         /**< the application's own state, committed with its frames */
#define JZ_DEVICE_WINDOW_FRAMES 64u           /**< sent and not yet acknowledged */
#define JZ_DEVICE_WINDOW_BYTES (256u * 1024u) /**< likewise */
#define JZ_DEVICE_OUTBOX_BYTES_MAX (1u << 30) /**< one outbox file; about a day of everything */
#define JZ_DEVICE_PATH_BYTES_MAX 240u

enum jz_notice_kind {
    JZ_NOTICE_NONE,
    JZ_NOTICE_CONNECTED,    /**< TLS and WebSocket stand */
    JZ_NOTICE_DISCONNECTED, /**< `status` says why; `retry_ms` until the next try */
    JZ_NOTICE_WELCOME,      /**< `frame` is the welcome */
    JZ_NOTICE_ACKED,        /**< `acked` rose in at least one lane */
    JZ_NOTICE_DIRECTIVE,    /**< `frame` is the directive */
    JZ_NOTICE_REFUSED,      /**< `frame` is the error; `dropped`: it will not be sent again. Made here, with
                               JZ_E_STORE_IO, when the outbox lost reports to a damaged disk */
    JZ_NOTICE_SENT,         /**< `lane`, `seq` went out */
    JZ_NOTICE_FAULT         /**< `status`: the device cannot go on without an operator */
};

/** Borrowed for the call. */
struct jz_notice {
    enum jz_notice_kind kind;
    enum jz_status status;
    const struct jz_frame *frame;
    uint64_t acked[JZ_LANE_COUNT]; /**< all up to here have left the outbox */
    bool dropped;
    uint8_t lane;
    uint64_t seq;
    uint32_t retry_ms;
};
typedef void (*jz_notify)(void *context, const struct jz_notice *notice);

/** Texts are borrowed until jz_device_close. */
struct jz_device_config {
    const char *host;
    uint16_t port;
    const char *ca_path, *cert_path, *key_path; /**< PEM */
    const char *outbox_path;                    /**< created when absent; locked while open */
    const char *software;                       /**< name and version, may be NULL */
    uint32_t backoff_permille;                  /**< 1000 in service; less only in tests; 0 means 1000 */
    jz_notify notify;                           /**< runs inside jz_device_service */
    void *context;
};

struct jz_device;

/** Opens the outbox and gets ready to connect (jz_device_service does).
 *  @retval JZ_E_FILE    outbox cannot be read, written or locked
 *  @retval JZ_E_FORMAT  the file is no outbox
 *  @retval JZ_E_TLS     certificate, key or authority cannot be loaded
 *  @retval JZ_E_MEMORY, JZ_E_CONFIG
 *  @param[out] out  NULL unless JZ_OK; pairs with jz_device_close. */
JZ_MUST_CHECK enum jz_status jz_device_open(const struct jz_device_config *config, struct jz_device **out);
/** Loses nothing that was committed. NULL is allowed. */
void jz_device_close(struct jz_device *device);

/** Stages one stored frame (kinds 8 to 16). `seq` is set here; lane, times and encounter are the caller's.
 *  @retval JZ_E_DIRECTION   not a kind that is stored
 *  @retval JZ_E_STORE_FULL  no room on disk or in JZ_DEVICE_OUTBOX_BYTES_MAX, of which bulk may fill half and
 *                           snapshots three quarters. This frame was not staged: commit the others without it,
 *                           so that it does not hold up urgent ones, or call jz_device_abort
 *  @retval JZ_E_VALUE, JZ_E_BUFFER  as jz_frame_encode; nothing was staged */
JZ_MUST_CHECK enum jz_status jz_device_put(struct jz_device *device, struct jz_frame *frame);
/** Makes all staged frames and `note` durable together (one fsync); only then are they sent.
 *  On failure nothing of the batch stays. */
JZ_MUST_CHECK enum jz_status jz_device_commit(struct jz_device *device, const void *note, uint32_t bytes);
void jz_device_abort(struct jz_device *device); /**< forgets what was staged since the last commit */

/** The note of the last commit, from this run or an earlier one. @return 0 bytes when there is none. */
uint32_t jz_device_note(const struct jz_device *device, uint8_t note[JZ_DEVICE_NOTE_BYTES_MAX]);
uint64_t jz_device_pending(const struct jz_device *device);     /**< committed, not yet acknowledged */
uint64_t jz_device_quarantined(const struct jz_device *device); /**< refused for good, or lost to
                                                                     a damaged disk, since open */

/** Runs the link: connects, sends, receives, notifies; returns after `timeout_ms` at the latest, or earlier
 *  when something happened. @return JZ_OK, or the fault that stops this device for good. */
JZ_MUST_CHECK enum jz_status jz_device_service(struct jz_device *device, uint32_t timeout_ms);

#endif /* JZ_DEVICE_H */
