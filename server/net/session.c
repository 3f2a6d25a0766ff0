/* SPDX-License-Identifier: Apache-2.0 */
/* One WebSocket connection: hello, frames, acks, errors, limits. */
#include <assert.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net_private.h"

#define PROTOCOL_VERSION 1u
#define TOKEN 1000 /**< thousandths of a message */

/* What a side may send. Kinds from the server (welcome, error, ack, ...) are in neither column. */
enum treatment { REFUSE, HELLO, CLOCK, STORE };
static const uint8_t treatments[JZ_SIDE_COUNT][JZ_FRAME_PLAN + 1] = {
    [JZ_SIDE_DEVICE] = {[JZ_FRAME_HELLO] = HELLO,
                        [JZ_FRAME_CLOCK] = CLOCK,
                        [JZ_FRAME_ENCOUNTER_OPEN] = STORE,
                        [JZ_FRAME_ENCOUNTER_UPDATE] = STORE,
                        [JZ_FRAME_ENCOUNTER_CLOSE] = STORE,
                        [JZ_FRAME_VITALS] = STORE,
                        [JZ_FRAME_WAVEFORM] = STORE,
                        [JZ_FRAME_FINDING] = STORE,
                        [JZ_FRAME_MEDICATION] = STORE,
                        [JZ_FRAME_MILESTONE] = STORE,
                        [JZ_FRAME_POSITION] = STORE,
                        [JZ_FRAME_ACTION] = STORE},
    [JZ_SIDE_CONSOLE] = {[JZ_FRAME_HELLO] = HELLO,
                         [JZ_FRAME_CLOCK] = CLOCK,
                         [JZ_FRAME_ALERT_ANSWER] = STORE,
                         [JZ_FRAME_ACTION] = STORE},
};

static struct jz_log_fields log_fields(const struct connection *c, enum jz_status status, uint32_t kind) {
    return (struct jz_log_fields){.status = status,
                                  .side = net_side_name(c->info.side),
                                  .session = net_handle(c),
                                  .peer = c->info.peer,
                                  .kind = kind};
}

static void ask_to_write(struct connection *c) {
    if (c->wsi) lws_callback_on_writable(c->wsi);
}

/* --- reading and not reading -------------------------------------------------------------------------------- */

/* Trap: when the library stops reading in the middle of a TLS record it spins for ever, stashing and fetching the
 * same bytes (the buffer is drained before flow control is looked at, while OpenSSL has more). So inside a record the
 * stop waits for the end of the loop round, when the record has been used up: at most 16 KiB more. */
void session_apply_pauses(struct connection *c) {
    bool reading = c->pauses == 0 && !c->net->paused;
    if (reading == c->reading) return;
    if (!reading && c->receiving && SSL_pending(lws_get_ssl(c->wsi)) > 0) {
        c->net->deferred = true;
        return;
    }
    c->reading = reading;
    if (lws_rx_flow_control(c->wsi, reading ? 1 : 0) < 0) session_close(c, JZ_E_LINK);
    /* What the library holds back is only looked at when its loop turns. */
    if (reading) lws_cancel_service(c->net->context);
}

static void pause_for(struct connection *c, uint8_t reason) {
    c->pauses |= reason;
    session_apply_pauses(c);
}

static void resume_from(struct connection *c, uint8_t reason) {
    c->pauses &= (uint8_t)~reason;
    session_apply_pauses(c);
}

void session_refill(struct connection *c, int64_t now_ms) {
    bool device = c->info.side == JZ_SIDE_DEVICE;
    int64_t rate = device ? c->net->limits.device_rate_per_s : c->net->limits.console_rate_per_s;
    int64_t burst = device ? c->net->limits.device_burst : c->net->limits.console_burst;
    int64_t elapsed = now_ms - c->tokens_ms;
    c->tokens_ms = now_ms;
    if (elapsed > 0) c->tokens += elapsed * rate; /* rate a second = rate thousandths a millisecond */
    if (c->tokens > burst * TOKEN) c->tokens = burst * TOKEN;
    if ((c->pauses & PAUSE_RATE) && c->tokens >= TOKEN) resume_from(c, PAUSE_RATE);
}

/* An emergency call is never refused by its own device's quota: over the rate the socket is read slower, and the
 * device's outbox keeps what waits. */
static void charge(struct connection *c) {
    session_refill(c, net_mono_ms(c->net->hooks));
    c->tokens -= TOKEN;
    if (c->tokens >= 0 || (c->pauses & PAUSE_RATE)) return;
    struct jz_log_fields fields = log_fields(c, JZ_OK, 0);
    c->net->stats.rate_paused++;
    jz_log(JZ_LOG_RATE, &fields);
    pause_for(c, PAUSE_RATE);
    ev_timer_again(c->net->loop, &c->net->tick);
}

/* --- refusing ----------------------------------------------------------------------------------------------- */

static bool keep_refusal(struct connection *c, const struct refusal *refusal) {
    if (!c->refusal) c->refusal = calloc(NET_REFUSALS_MAX, sizeof *c->refusal);
    if (!c->refusal || c->refusal_count == NET_REFUSALS_MAX) {
        c->net->stats.errors_dropped++;
        return false;
    }
    c->refusal[c->refusal_count++] = *refusal;
    return true;
}

void session_refuse(struct connection *c, const struct refusal *refusal) {
    struct jz_log_fields fields = log_fields(c, refusal->status, refusal->kind);
    assert((uint32_t)refusal->status < NET_STATUS_MAX);
    c->net->refusals[refusal->status]++;
    jz_log(JZ_LOG_FRAME_REFUSED, &fields);
    if (!keep_refusal(c, refusal)) return;
    if (c->refusal_count >= NET_REFUSALS_PAUSE) pause_for(c, PAUSE_REFUSALS);
    ask_to_write(c);
}

void session_close(struct connection *c, enum jz_status why) {
    struct jz_log_fields fields = log_fields(c, why, 0);
    if (c->closing) return;
    c->closing = true;
    c->why = why;
    c->deadline_ms = net_mono_ms(c->net->hooks) + NET_CLOSE_MS;
    c->net->refusals[why]++;
    jz_log(why == JZ_E_REPLACED ? JZ_LOG_REPLACED : JZ_LOG_SESSION_REFUSED, &fields);
    (void)keep_refusal(c, &(struct refusal){.status = why});
    ask_to_write(c);
}

static void refuse_frame(struct connection *c, enum jz_status status, const struct jz_frame *f,
                         uint32_t offset) {
    session_refuse(c, &(struct refusal){.status = status,
                                        .kind = (uint32_t)f->kind,
                                        .lane = f->lane,
                                        .seq = f->seq,
                                        .has_offset = true,
                                        .offset = offset});
}

/* --- frames ------------------------------------------------------------------------------------------------- */

static enum jz_status queue_frame(struct connection *c, const struct jz_frame *frame) {
    uint8_t bytes[1024];
    size_t count;
    uint32_t dropped;
    enum jz_status status = jz_frame_encode(frame, bytes, sizeof bytes, &count);
    if (status) return status;
    struct jz_blob *blob = jz_blob_make(bytes, count);
    if (!blob) return JZ_E_MEMORY;
    enum queue_result result = queue_push(&c->queue, blob, JZ_SEND_STATE, &dropped);
    jz_blob_release(blob);
    c->net->stats.bulk_dropped += dropped;
    ask_to_write(c);
    return result == QUEUE_TAKEN ? JZ_OK : JZ_E_FULL;
}

static struct jz_text text_of(const char *text) {
    uint32_t bytes = (uint32_t)strlen(text);
    return (struct jz_text){.data = bytes ? text : NULL, .bytes = bytes};
}

static enum jz_status queue_welcome(struct connection *c, int64_t hello_ms,
                                    const uint64_t resume[JZ_LANE_COUNT]) {
    const struct jz_net *net = c->net;
    struct jz_frame f = {.kind = JZ_FRAME_WELCOME, .at_ms = net_utc_ms(net->hooks)};
    f.welcome = (struct jz_welcome){.version = PROTOCOL_VERSION,
                                    .hello_ms = hello_ms,
                                    .received_ms = c->info.received_ms,
                                    .ack_level = net->ack_level,
                                    .has_simulation = true,
                                    .simulation = net->simulation};
    memcpy(f.welcome.resume, resume, sizeof f.welcome.resume);
    if (c->info.side == JZ_SIDE_CONSOLE) {
        f.welcome.person = text_of(c->info.name);
        f.welcome.role = c->info.role;
        f.welcome.facility = text_of(c->info.facility);
    }
    return queue_frame(c, &f);
}

static void become_ready(struct connection *c) {
    struct jz_log_fields fields = log_fields(c, JZ_OK, 0);
    c->stage = STAGE_READY;
    c->deadline_ms = 0;
    c->net->stats.sessions[c->info.side]++;
    jz_log(JZ_LOG_SESSION_OPENED, &fields);
    if (c->net->events.ready) c->net->events.ready(c->net->events.context, net_handle(c), &c->info);
}

static int32_t clamp_ms(int64_t ms) {
    return ms > INT32_MAX ? INT32_MAX : ms < INT32_MIN ? INT32_MIN : (int32_t)ms;
}

static void take_hello(struct connection *c, const struct jz_frame *f, uint32_t offset) {
    uint64_t resume[JZ_LANE_COUNT] = {0};
    struct jz_net_events *events = &c->net->events;
    if (c->stage == STAGE_READY) {
        refuse_frame(c, JZ_E_HELLO_AGAIN, f, offset);
        return;
    }
    if (f->hello.version != PROTOCOL_VERSION) {
        session_close(c, JZ_E_VERSION);
        return;
    }
    c->info.epoch = f->hello.epoch;
    c->info.clock_offset_ms = clamp_ms(c->info.received_ms - f->at_ms);
    c->info.clock_uncertainty_ms = JZ_NET_CLOCK_UNKNOWN_MS;
    enum jz_status status = events->hello(events->context, net_handle(c), &c->info, resume);
    if (status == JZ_OK) status = queue_welcome(c, f->at_ms, resume);
    if (status)
        session_close(c, status);
    else
        become_ready(c);
}

static void take_clock(struct connection *c, const struct jz_frame *f) {
    if (f->clock.has_estimate) {
        c->info.has_clock = true;
        c->info.clock_offset_ms = f->clock.offset_ms;
        c->info.clock_uncertainty_ms = (uint32_t)f->clock.uncertainty_ms;
    }
    if (f->clock.answered) return;
    struct jz_frame answer = {.kind = JZ_FRAME_CLOCK, .at_ms = f->at_ms};
    answer.clock = (struct jz_clock){
        .answered = true, .received_ms = c->info.received_ms, .sent_ms = net_utc_ms(c->net->hooks)};
    /* A full queue loses the answer; the peer asks again. */
    if (queue_frame(c, &answer) != JZ_OK) c->lagging = true;
}

static void take_stored(struct connection *c, const struct jz_frame *f, struct jz_bytes original,
                        uint32_t offset) {
    struct jz_net_events *events = &c->net->events;
    if (f->seq < c->last_seq[f->lane]) {
        refuse_frame(c, JZ_E_SEQUENCE, f, offset);
        return;
    }
    enum jz_status status = events->frame(events->context, net_handle(c), &c->info, f, original);
    if (status == JZ_E_FULL) {
        session_close(c, JZ_E_FULL);
        return;
    }
    c->last_seq[f->lane] = f->seq; /* an equal one may follow: a repeat is harmless and gets its ack again */
    if (status) refuse_frame(c, status, f, offset);
}

static void take_frame(struct connection *c, const struct jz_frame *f, struct jz_bytes original,
                       uint32_t offset) {
    uint32_t kind = (uint32_t)f->kind;
    enum treatment how = kind <= JZ_FRAME_PLAN ? (enum treatment)treatments[c->info.side][kind] : REFUSE;
    c->net->stats.frames++;
    if (how == REFUSE) {
        refuse_frame(c, JZ_E_DIRECTION, f, offset);
    } else if (how == HELLO) {
        take_hello(c, f, offset);
    } else if (c->stage != STAGE_READY) {
        refuse_frame(c, JZ_E_BEFORE_HELLO, f, offset);
    } else if (how == CLOCK) {
        take_clock(c, f);
    } else {
        take_stored(c, f, original, offset);
    }
}

/* What stands behind a place that cannot be read was never looked at, and an ack of anything later would cover it. So a
 * device must come again and go on from its last ack. A page sends one frame a message and loses nothing. */
static void lose_place(struct connection *c, enum jz_status why) {
    if (c->info.side != JZ_SIDE_DEVICE || c->stage != STAGE_READY || c->closing || why == JZ_E_EMPTY) return;
    c->closing = true;
    c->why = why;
    c->deadline_ms = net_mono_ms(c->net->hooks) + NET_CLOSE_MS;
    ask_to_write(c);
}

/* Good frames before the bad place are used; the bad one is told about. */
static void take_message(struct connection *c, const uint8_t *data, size_t bytes) {
    struct jz_scan scan;
    struct jz_frame frame;
    c->info.received_ms = net_utc_ms(c->net->hooks);
    c->net->stats.messages++;
    enum jz_status scanned = jz_message_scan(data, bytes, &scan);
    for (uint32_t i = 0; i < scan.count && !c->closing; i++) {
        struct jz_slice s = scan.frame[i];
        uint32_t at = 0;
        enum jz_status status = jz_frame_decode(data + s.offset, s.bytes, &frame, &at);
        if (status)
            refuse_frame(c, status, &frame, s.offset + at);
        else
            take_frame(c, &frame, (struct jz_bytes){.data = data + s.offset, .bytes = s.bytes}, s.offset);
    }
    if (!scanned || c->closing) return;
    session_refuse(c, &(struct refusal){.status = scanned, .has_offset = true, .offset = scan.error_offset});
    lose_place(c, scanned);
}

/* --- messages from pieces ----------------------------------------------------------------------------------- */

static uint8_t *borrow_buffer(struct jz_net *net) {
    if (net->spare_count) return net->spare[--net->spare_count];
    return malloc(JZ_MESSAGE_BYTES_MAX);
}

static void return_buffer(struct connection *c) {
    struct jz_net *net = c->net;
    if (!c->message) return;
    if (net->spare_count < NET_SPARE_BUFFERS)
        net->spare[net->spare_count++] = c->message;
    else
        free(c->message);
    c->message = NULL;
    c->message_bytes = 0;
}

/* @return false: the rest of this message is thrown away. */
static bool collect(struct connection *c, const uint8_t *data, size_t bytes) {
    if (bytes > JZ_MESSAGE_BYTES_MAX - c->message_bytes) return false;
    if (!c->message) c->message = borrow_buffer(c->net);
    if (!c->message) return false;
    memcpy(c->message + c->message_bytes, data, bytes);
    c->message_bytes += (uint32_t)bytes;
    return true;
}

/* Text and over-long messages are told about once and skipped; the connection and its other messages go on. */
static void skip_message(struct connection *c, enum jz_status why) {
    c->skipping = true;
    return_buffer(c);
    session_refuse(c, &(struct refusal){.status = why});
    if (why == JZ_E_MESSAGE_SIZE) lose_place(c, why);
}

static void take_piece(struct connection *c, const uint8_t *data, size_t bytes, bool last) {
    if (c->skipping) return;
    if (!lws_frame_is_binary(c->wsi)) {
        skip_message(c, JZ_E_TEXT_MESSAGE);
    } else if (last && c->message_bytes == 0 && bytes <= JZ_MESSAGE_BYTES_MAX) {
        take_message(c, data, bytes);
    } else if (!collect(c, data, bytes)) {
        skip_message(c, JZ_E_MESSAGE_SIZE);
    } else if (last) {
        take_message(c, c->message, c->message_bytes);
    }
}

int session_received(struct connection *c, const uint8_t *data, size_t bytes) {
    bool last = lws_is_final_fragment(c->wsi) && lws_remaining_packet_payload(c->wsi) == 0;
    c->net->received = true;
    c->net->stats.bytes_in += bytes;
    c->heard = true;
    if (c->closing) return 0;
    c->receiving = true;
    take_piece(c, data, bytes, last);
    if (last) {
        c->skipping = false;
        return_buffer(c);
        if (!c->closing) charge(c);
    }
    c->receiving = false;
    return 0;
}

/* --- writing ------------------------------------------------------------------------------------------------ */

static bool has_ack(const struct connection *c) {
    for (uint32_t i = 0; i < JZ_LANE_COUNT; i++)
        if (c->ack[i]) return true;
    return false;
}

static size_t encode_ack(struct connection *c, uint8_t *buffer, size_t capacity) {
    size_t written = 0;
    struct jz_frame f = {.kind = JZ_FRAME_ACK};
    if (!has_ack(c)) return 0;
    f.ack.level = c->net->ack_level;
    memcpy(f.ack.seq, c->ack, sizeof f.ack.seq);
    memset(c->ack, 0, sizeof c->ack);
    enum jz_status status = jz_frame_encode(&f, buffer, capacity, &written);
    assert(status == JZ_OK);
    c->net->stats.acks_out += status == JZ_OK;
    return written;
}

static size_t encode_refusal(const struct connection *c, const struct refusal *r, uint8_t *buffer,
                             size_t capacity) {
    size_t written = 0;
    struct jz_frame f = {.kind = JZ_FRAME_ERROR, .at_ms = net_utc_ms(c->net->hooks)};
    f.error = (struct jz_error){.status = r->status,
                                .refused_kind = r->kind,
                                .has_seq = r->seq != 0,
                                .lane = r->lane,
                                .seq = r->seq,
                                .has_offset = r->has_offset,
                                .offset = r->offset,
                                .text = text_of(jz_status_text(r->status))};
    enum jz_status status = jz_frame_encode(&f, buffer, capacity, &written);
    return status == JZ_OK ? written : 0;
}

/* Acks and errors go as one message, in front of everything that waits. */
static size_t encode_control(struct connection *c) {
    uint8_t *out = c->net->control + LWS_PRE;
    size_t used = encode_ack(c, out, NET_CONTROL_BYTES);
    uint32_t done = 0;
    while (done < c->refusal_count && done < JZ_FRAMES_PER_MESSAGE_MAX - 1 &&
           NET_CONTROL_BYTES - used >= NET_ERROR_FRAME_BYTES) {
        used += encode_refusal(c, &c->refusal[done], out + used, NET_CONTROL_BYTES - used);
        done++;
    }
    c->refusal_count -= done;
    if (c->refusal_count) memmove(c->refusal, c->refusal + done, c->refusal_count * sizeof *c->refusal);
    return used;
}

static int write_message(struct connection *c, uint8_t *bytes, size_t count) {
    c->progress_ms = net_mono_ms(c->net->hooks);
    c->net->stats.messages_out++;
    c->net->stats.bytes_out += count;
    return lws_write(c->wsi, bytes, count, LWS_WRITE_BINARY) < 0 ? -1 : 0;
}

static int write_control(struct connection *c) {
    size_t used = encode_control(c);
    if (c->refusal_count < NET_REFUSALS_PAUSE) resume_from(c, PAUSE_REFUSALS);
    return used ? write_message(c, c->net->control + LWS_PRE, used) : 0;
}

static int write_next(struct connection *c) {
    struct jz_blob *blob = queue_pop(&c->queue);
    int failed = write_message(c, blob->data + JZ_BLOB_HEADROOM, blob->bytes);
    jz_blob_release(blob);
    return failed;
}

/* With a payload: the library does not report a pong that is empty. */
static int write_ping(struct connection *c) {
    uint8_t ping[LWS_PRE + 4] = {0};
    c->ping_due = false;
    return lws_write(c->wsi, ping + LWS_PRE, 4, LWS_WRITE_PING) < 0;
}

static enum lws_close_status close_code(enum jz_status why) {
    if (why == JZ_E_LINK) return LWS_CLOSE_STATUS_GOINGAWAY;
    return LWS_CLOSE_STATUS_POLICY_VIOLATION;
}

static void tell_drained(struct connection *c) {
    if (c->stage != STAGE_READY || c->queue.first || !(c->lagging || c->wants_drained)) return;
    c->lagging = c->wants_drained = false;
    if (c->net->events.drained) c->net->events.drained(c->net->events.context, net_handle(c), &c->info);
}

/* One write a call: a second one would be copied and buffered by the library. */
int session_writable(struct connection *c) {
    int failed = 0;
    if (has_ack(c) || c->refusal_count)
        failed = write_control(c);
    else if (c->closing) {
        lws_close_reason(c->wsi, close_code(c->why), NULL, 0);
        return -1;
    } else if (c->ping_due)
        failed = write_ping(c);
    else if (c->queue.first)
        failed = write_next(c);
    if (failed) return -1;
    tell_drained(c);
    if (has_ack(c) || c->refusal_count || c->closing || c->ping_due || c->queue.first) ask_to_write(c);
    return 0;
}

/* --- beginning and end -------------------------------------------------------------------------------------- */

static void replace_older(struct connection *c) {
    struct connection *other = NULL;
    while ((other = net_next_of_peer(c->net, JZ_SIDE_DEVICE, c->info.peer, other)))
        if (other != c) session_close(other, JZ_E_REPLACED);
}

static int identify_console(struct connection *c) {
    uint8_t digest[32];
    int64_t now = net_mono_ms(c->net->hooks);
    const struct login_session *s = login_touch(&c->net->login, c->login, now);
    uint32_t same = 0;
    if (!s) return -1;
    c->info.role = s->role;
    memcpy(c->info.name, s->name, sizeof c->info.name);
    memcpy(c->info.facility, s->facility, sizeof c->info.facility);
    SHA256((const unsigned char *)s->name, strlen(s->name), digest);
    memcpy(c->info.peer, digest, sizeof c->info.peer);
    for (struct connection *o = NULL; (o = net_next_of_peer(c->net, JZ_SIDE_CONSOLE, c->info.peer, o));)
        same++;
    if (same >= c->net->limits.consoles_per_person_max) session_close(c, JZ_E_FULL);
    return 0;
}

int session_established(struct connection *c) {
    int64_t now = net_mono_ms(c->net->hooks);
    bool device = c->info.side == JZ_SIDE_DEVICE;
    net_free_exchange(c);
    c->stage = STAGE_OPEN;
    c->reading = true;
    c->deadline_ms = now + (int64_t)c->net->limits.handshake_s * 1000;
    c->progress_ms = c->tokens_ms = now;
    c->recheck_ms = now + NET_RECHECK_MS;
    c->tokens = (int64_t)(device ? c->net->limits.device_burst : c->net->limits.console_burst) * TOKEN;
    c->queue.bytes_max = device ? JZ_NET_DEVICE_QUEUE_BYTES_MAX : JZ_NET_CONSOLE_QUEUE_BYTES_MAX;
    if (device ? tls_device(c->net, c->wsi, c->info.peer) != JZ_OK : identify_console(c) != 0) return -1;
    net_index(c);
    if (device) replace_older(c);
    session_apply_pauses(c);
    return 0;
}

void session_ended(struct connection *c) {
    struct jz_log_fields fields = log_fields(c, c->why, 0);
    if (c->stage == STAGE_READY) {
        c->net->stats.sessions[c->info.side]--;
        jz_log(JZ_LOG_SESSION_CLOSED, &fields);
        if (c->net->events.closed) c->net->events.closed(c->net->events.context, net_handle(c), &c->info);
        c->net->received = true; /* the owner may have something to flush */
    }
    c->stage = STAGE_HTTP;
    c->closing = true;
    queue_clear(&c->queue);
    return_buffer(c);
    free(c->refusal);
    c->refusal = NULL;
    c->refusal_count = 0;
}

static void kill_now(struct connection *c) {
    struct jz_log_fields fields = log_fields(c, JZ_E_TIMEOUT, 0);
    jz_log(JZ_LOG_STALLED, &fields);
    lws_set_timeout(c->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
    lws_cancel_service(c->net->context);
    c->deadline_ms = 0;
}

/* A console's log-in may have ended or run out. An open page counts as use: a board on a wall must not go dark. */
static void recheck(struct connection *c, int64_t now_ms) {
    struct jz_log_fields fields = log_fields(c, JZ_E_DENIED, 0);
    uint8_t uuid[16];
    if (now_ms < c->recheck_ms || c->closing) return;
    c->recheck_ms = now_ms + NET_RECHECK_MS;
    if (c->info.side == JZ_SIDE_DEVICE) {
        if (tls_device(c->net, c->wsi, uuid) != JZ_OK) session_close(c, JZ_E_REVOKED);
        return;
    }
    if (login_touch(&c->net->login, c->login, now_ms)) return;
    jz_log(JZ_LOG_SESSION_EXPIRED, &fields);
    session_close(c, JZ_E_DENIED);
}

/* A peer that says nothing is asked once; one that does not even answer that is gone. Counted in sweeps of a second
 * and not by the clock: a machine that slept must not lose everybody at once. */
static void sweep_idle(struct connection *c) {
    if (!c->reading) { /* it is we who do not listen */
        c->quiet_s = 0;
        return;
    }
    c->quiet_s = c->heard ? 0 : c->quiet_s + 1u;
    c->heard = false;
    if (c->quiet_s == c->net->limits.idle_ping_s) {
        c->ping_due = true;
        ask_to_write(c);
    } else if (c->quiet_s >= 2 * c->net->limits.idle_ping_s) {
        c->closing = true;
        c->why = JZ_E_LINK;
        kill_now(c);
    }
}

void session_write_acks(struct connection *c) {
    if (c->closing || !has_ack(c)) return;
    if (lws_partial_buffered(c->wsi)) {
        ask_to_write(c);
    } else if (write_control(c) != 0) {
        c->closing = true;
        c->why = JZ_E_LINK;
        kill_now(c);
    }
}

void session_sweep(struct connection *c, int64_t now_ms) {
    bool stalled = now_ms - c->progress_ms >= (int64_t)c->net->limits.console_stall_s * 1000;
    if (c->closing) {
        if (c->deadline_ms && now_ms >= c->deadline_ms) kill_now(c);
        return;
    }
    if (c->stage == STAGE_OPEN && !c->reading)
        c->deadline_ms = now_ms + (int64_t)c->net->limits.handshake_s * 1000;
    if (c->stage == STAGE_OPEN && now_ms >= c->deadline_ms) session_close(c, JZ_E_TIMEOUT);
    if ((c->queue.first || lws_partial_buffered(c->wsi)) && stalled) {
        c->closing = true;
        c->why = JZ_E_TIMEOUT;
        kill_now(c);
        return;
    }
    recheck(c, now_ms);
    sweep_idle(c);
}
