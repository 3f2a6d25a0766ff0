/* SPDX-License-Identifier: Apache-2.0 */
/** @file link.h  The device's side of a connection: a state machine without I/O.
 *
 *      waiting --due--> connecting --opened--> greeting --welcome--> streaming --lost--> waiting
 *
 *  The shell (client.c) tells what happened and asks what to do. Times are milliseconds: `mono_ms` never jumps and
 *  paces retries, `utc_ms` is the device's clock and only travels. Randomness is the seed given at init.
 *  Purity   No I/O, clock, randomness, allocation or global state.
 *
 *  Back-off First retry uniform in 0 to 2 s, then decorrelated jitter: uniform between 0.25 s and three times the
 *           delay before, at most 30 s. It starts anew once the server acknowledged something or a connection
 *           streamed for 30 s. After an error 305 (two devices with one identity) neither counts: the delay grows
 *           until a connection streamed for 60 s without one, so the two do not throw each other out in a spin.
 *  Levels   With ack level 1, welcome's resume counts as an ack. With level 2 it does not (it may stand on one disk
 *           only): all that was not acknowledged at level 2 is sent again, which the server drops as duplicate.
 *  Refusals A frame refused for good counts as done, once all before it in its lane are done.
 */
#ifndef JZ_LINK_H
#define JZ_LINK_H
#include "jingzhu/device.h"

#define JZ_LINK_FIRST_RETRY_MS 2000u
#define JZ_LINK_RETRY_MIN_MS 250u
#define JZ_LINK_RETRY_MAX_MS 30000u
#define JZ_LINK_CONNECT_MS 15000u  /**< TCP, TLS and WebSocket together */
#define JZ_LINK_WELCOME_MS 10000u  /**< from hello */
#define JZ_LINK_CLOCK_MS 30000u    /**< between clock exchanges */
#define JZ_LINK_ACK_MS 20000u      /**< the oldest frame in flight without an ack: the link is dead */
#define JZ_LINK_STEADY_MS 30000u   /**< streaming this long ends the back-off */
#define JZ_LINK_QUIET_MS 60000u    /**< likewise after an error 305 */
#define JZ_LINK_ESTIMATE_MS 120000 /**< an older clock estimate gives way to a less certain new one */

enum jz_link_state {
    JZ_LINK_WAITING,
    JZ_LINK_CONNECTING,
    JZ_LINK_GREETING,
    JZ_LINK_STREAMING,
    JZ_LINK_FAILED
};

struct jz_in_flight {
    uint8_t lane;
    bool refused;
    uint64_t seq;
    uint32_t bytes;
    int64_t sent_mono_ms;
};

struct jz_link {
    enum jz_link_state state;
    enum jz_status fault; /**< why FAILED */
    uint32_t epoch, backoff_permille;
    uint64_t random;
    uint8_t ack_level;
    uint32_t retry_ms;          /**< delay drawn last; 0: the next retry is the first */
    int64_t state_until_ms;     /**< mono: when WAITING ends, or CONNECTING and GREETING give up */
    int64_t streaming_since_ms; /**< or since the last error 305 */
    bool contended;             /**< another device uses this identity */
    uint64_t freed[JZ_LANE_COUNT], committed[JZ_LANE_COUNT];
    uint64_t quarantined;
    bool hello_due, clock_due;
    int64_t clock_due_ms; /**< mono */
    bool has_estimate;
    int32_t offset_ms, uncertainty_ms; /**< server - device */
    int64_t estimate_mono_ms;
    uint32_t flight_count, flight_bytes;
    struct jz_in_flight flight[JZ_DEVICE_WINDOW_FRAMES];
};

/** @param freed, committed  the outbox's, a lane
 *  @param seed              any number; equal seeds give equal delays */
void jz_link_init(struct jz_link *link, uint32_t epoch, const uint64_t freed[JZ_LANE_COUNT],
                  const uint64_t committed[JZ_LANE_COUNT], uint32_t backoff_permille, uint64_t seed);

/** What the outbox holds grew. */
void jz_link_committed(struct jz_link *link, const uint64_t committed[JZ_LANE_COUNT]);
/** True once: start connecting now. */
bool jz_link_connect_due(struct jz_link *link, int64_t mono_ms);
void jz_link_opened(struct jz_link *link, int64_t mono_ms);
/** The connection ended or could not be made; draws the next delay into `retry_ms`. */
void jz_link_lost(struct jz_link *link, int64_t mono_ms);
/** True when the connection must be given up: no welcome, no connection or no ack in time. */
bool jz_link_overdue(const struct jz_link *link, int64_t mono_ms);
/** The next moment (mono) at which anything above or a clock exchange falls due. */
int64_t jz_link_deadline(const struct jz_link *link);

/** A hello or clock frame that goes out before any other. The shell sends it. */
bool jz_link_control(struct jz_link *link, int64_t mono_ms, int64_t utc_ms, struct jz_frame *out);
/** May another stored frame of this size go out now? */
bool jz_link_may_send(const struct jz_link *link, uint32_t bytes);
/** It went out. Only after jz_link_may_send. */
void jz_link_sent(struct jz_link *link, uint8_t lane, uint64_t seq, uint32_t bytes, int64_t mono_ms);

/** A frame from the server. `out` says what happened; frames of no concern give JZ_NOTICE_NONE.
 *  `freed` may have risen after any call: the shell passes it to the outbox.
 *  @return false: this connection must end now (the state says how it goes on). */
bool jz_link_frame(struct jz_link *link, const struct jz_frame *frame, int64_t mono_ms, int64_t utc_ms,
                   struct jz_notice *out);

#endif /* JZ_LINK_H */
