/* SPDX-License-Identifier: Apache-2.0 */
#include "link.h"

#include <assert.h>
#include <string.h>

enum { PROTOCOL_VERSION = 1 };

/* What an error frame means for the frame it names and for the connection. */
enum verdict {
    VERDICT_DROP,  /* refused for good: quarantine */
    VERDICT_KEPT,  /* stored all the same; the ack will come */
    VERDICT_AGAIN, /* not now: end the connection, resend after a delay */
    VERDICT_FAIL   /* needs an operator */
};

static const struct {
    enum jz_status status;
    enum verdict verdict;
} verdict_rows[] = {
    {JZ_E_RATE, VERDICT_AGAIN},         {JZ_E_FULL, VERDICT_AGAIN},
    {JZ_E_BEFORE_HELLO, VERDICT_AGAIN}, {JZ_E_VERSION, VERDICT_FAIL},
    {JZ_E_HELLO_AGAIN, VERDICT_AGAIN},  {JZ_E_SEQUENCE, VERDICT_AGAIN},
    {JZ_E_REPLACED, VERDICT_AGAIN},     {JZ_E_UNKNOWN_FIELD, VERDICT_KEPT},
    {JZ_E_IMPLAUSIBLE, VERDICT_KEPT},   {JZ_E_INCOMPLETE, VERDICT_KEPT},
    {JZ_E_STORE_FULL, VERDICT_AGAIN},   {JZ_E_STORE_IO, VERDICT_AGAIN},
    {JZ_E_STORE_FENCED, VERDICT_AGAIN}, {JZ_E_STORE_UNKNOWN, VERDICT_AGAIN},
    {JZ_E_REVOKED, VERDICT_AGAIN},      {JZ_E_TIMEOUT, VERDICT_AGAIN},
};

/* All others speak of one frame's content, which no repeat will change. */
static enum verdict verdict_of(enum jz_status status) {
    for (size_t i = 0; i < sizeof verdict_rows / sizeof verdict_rows[0]; i++)
        if (verdict_rows[i].status == status) return verdict_rows[i].verdict;
    return VERDICT_DROP;
}

/* splitmix64: small, and good enough to spread devices in time. */
static uint64_t draw(struct jz_link *link) {
    uint64_t z = link->random += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static uint32_t draw_between(struct jz_link *link, uint32_t low, uint32_t high) {
    return low + (uint32_t)(draw(link) % ((uint64_t)high - low + 1));
}

static void draw_retry(struct jz_link *link) {
    uint64_t high = link->retry_ms == 0 ? JZ_LINK_FIRST_RETRY_MS : 3u * (uint64_t)link->retry_ms;
    uint32_t low = link->retry_ms == 0 ? 0 : JZ_LINK_RETRY_MIN_MS;
    /* No way back while another device holds this identity, but still some spread between the two. */
    if (link->contended && link->retry_ms > low)
        low = link->retry_ms < JZ_LINK_RETRY_MAX_MS / 2 ? link->retry_ms : JZ_LINK_RETRY_MAX_MS / 2;
    if (high < JZ_LINK_RETRY_MIN_MS) high = JZ_LINK_RETRY_MIN_MS;
    if (high > JZ_LINK_RETRY_MAX_MS) high = JZ_LINK_RETRY_MAX_MS;
    link->retry_ms = draw_between(link, low, (uint32_t)high);
    if (link->retry_ms == 0) link->retry_ms = 1; /* 0 would mean "none drawn yet" */
}

/* Ends the back-off once this connection has proved itself. */
static void end_back_off(struct jz_link *link, int64_t mono_ms) {
    int64_t enough = link->contended ? JZ_LINK_QUIET_MS : JZ_LINK_STEADY_MS;
    if (link->state != JZ_LINK_STREAMING || mono_ms - link->streaming_since_ms < enough) return;
    link->contended = false;
    link->retry_ms = 0;
}

void jz_link_init(struct jz_link *link, uint32_t epoch, const uint64_t freed[JZ_LANE_COUNT],
                  const uint64_t committed[JZ_LANE_COUNT], uint32_t backoff_permille, uint64_t seed) {
    assert(epoch != 0);
    memset(link, 0, sizeof *link);
    link->state = JZ_LINK_WAITING;
    link->epoch = epoch;
    link->backoff_permille = backoff_permille ? backoff_permille : 1000;
    link->random = seed;
    memcpy(link->freed, freed, sizeof link->freed);
    memcpy(link->committed, committed, sizeof link->committed);
}

void jz_link_committed(struct jz_link *link, const uint64_t committed[JZ_LANE_COUNT]) {
    memcpy(link->committed, committed, sizeof link->committed);
}

bool jz_link_connect_due(struct jz_link *link, int64_t mono_ms) {
    if (link->state != JZ_LINK_WAITING || mono_ms < link->state_until_ms) return false;
    link->state = JZ_LINK_CONNECTING;
    link->state_until_ms = mono_ms + JZ_LINK_CONNECT_MS;
    return true;
}

void jz_link_opened(struct jz_link *link, int64_t mono_ms) {
    link->state = JZ_LINK_GREETING;
    link->state_until_ms = mono_ms + JZ_LINK_WELCOME_MS;
    link->hello_due = true;
}

void jz_link_lost(struct jz_link *link, int64_t mono_ms) {
    if (link->state == JZ_LINK_FAILED || link->state == JZ_LINK_WAITING) return;
    end_back_off(link, mono_ms);
    draw_retry(link);
    link->state = JZ_LINK_WAITING;
    link->state_until_ms = mono_ms + (int64_t)link->retry_ms * link->backoff_permille / 1000;
    link->hello_due = link->clock_due = false;
    link->flight_count = link->flight_bytes = 0;
}

bool jz_link_overdue(const struct jz_link *link, int64_t mono_ms) {
    if (link->state == JZ_LINK_CONNECTING || link->state == JZ_LINK_GREETING)
        return mono_ms >= link->state_until_ms;
    if (link->state != JZ_LINK_STREAMING || link->flight_count == 0) return false;
    return mono_ms - link->flight[0].sent_mono_ms >= JZ_LINK_ACK_MS;
}

int64_t jz_link_deadline(const struct jz_link *link) {
    if (link->state == JZ_LINK_FAILED) return INT64_MAX;
    if (link->state != JZ_LINK_STREAMING) return link->state_until_ms;
    int64_t ack = link->flight_count ? link->flight[0].sent_mono_ms + JZ_LINK_ACK_MS : INT64_MAX;
    return ack < link->clock_due_ms ? ack : link->clock_due_ms;
}

/* --- sending ---------------------------------------------------------------------------------------------- */

static void fill_clock(struct jz_link *link, int64_t mono_ms, int64_t utc_ms, struct jz_frame *out) {
    out->kind = JZ_FRAME_CLOCK;
    out->at_ms = utc_ms;
    out->clock.has_estimate = link->has_estimate;
    out->clock.offset_ms = link->offset_ms;
    out->clock.uncertainty_ms = link->uncertainty_ms;
    link->clock_due = false;
    link->clock_due_ms = mono_ms + JZ_LINK_CLOCK_MS;
}

bool jz_link_control(struct jz_link *link, int64_t mono_ms, int64_t utc_ms, struct jz_frame *out) {
    memset(out, 0, sizeof *out);
    if (link->state == JZ_LINK_GREETING && link->hello_due) {
        out->kind = JZ_FRAME_HELLO;
        out->at_ms = utc_ms;
        out->hello = (struct jz_hello){.version = PROTOCOL_VERSION, .epoch = link->epoch};
        link->hello_due = false;
        return true;
    }
    if (link->state != JZ_LINK_STREAMING || (!link->clock_due && mono_ms < link->clock_due_ms)) return false;
    fill_clock(link, mono_ms, utc_ms, out);
    return true;
}

bool jz_link_may_send(const struct jz_link *link, uint32_t bytes) {
    return link->state == JZ_LINK_STREAMING && link->flight_count < JZ_DEVICE_WINDOW_FRAMES &&
           link->flight_bytes + bytes <= JZ_DEVICE_WINDOW_BYTES;
}

void jz_link_sent(struct jz_link *link, uint8_t lane, uint64_t seq, uint32_t bytes, int64_t mono_ms) {
    assert(jz_link_may_send(link, bytes) && lane < JZ_LANE_COUNT);
    link->flight[link->flight_count++] =
        (struct jz_in_flight){.lane = lane, .seq = seq, .bytes = bytes, .sent_mono_ms = mono_ms};
    link->flight_bytes += bytes;
}

/* --- receiving -------------------------------------------------------------------------------------------- */

/* Frames of a lane are sent in ascending order from `freed` on: with none before it in flight, all before it are
 * done, or were lost with the outbox's disk and will never be sent. */
static bool is_oldest(const struct jz_link *link, uint32_t index) {
    const struct jz_in_flight *one = &link->flight[index];
    for (uint32_t i = 0; i < index; i++)
        if (link->flight[i].lane == one->lane && link->flight[i].seq > link->freed[one->lane]) return false;
    return one->seq > link->freed[one->lane];
}

/* A refused frame counts as done when all before it in its lane are. */
static void pass_refused(struct jz_link *link) {
    for (uint32_t i = 0; i < link->flight_count; i++) {
        const struct jz_in_flight *one = &link->flight[i];
        if (one->refused && is_oldest(link, i)) link->freed[one->lane] = one->seq;
    }
}

static void leave_flight(struct jz_link *link) {
    uint32_t kept = 0, bytes = 0;
    for (uint32_t i = 0; i < link->flight_count; i++) {
        struct jz_in_flight one = link->flight[i];
        if (one.seq <= link->freed[one.lane]) continue;
        link->flight[kept++] = one;
        bytes += one.bytes;
    }
    link->flight_count = kept;
    link->flight_bytes = bytes;
}

/* True when any lane rose. A level above what this device committed is none of ours: cut. */
static bool raise_freed(struct jz_link *link, const uint64_t level[JZ_LANE_COUNT]) {
    bool rose = false;
    for (unsigned i = 0; i < JZ_LANE_COUNT; i++) {
        uint64_t to = level[i] < link->committed[i] ? level[i] : link->committed[i];
        if (to > link->freed[i]) link->freed[i] = to, rose = true;
    }
    pass_refused(link);
    leave_flight(link);
    return rose;
}

static void estimate_clock(struct jz_link *link, int64_t asked_ms, int64_t received_ms, int64_t sent_ms,
                           int64_t mono_ms, int64_t utc_ms) {
    int64_t offset = ((received_ms - asked_ms) + (sent_ms - utc_ms)) / 2;
    int64_t spread = ((utc_ms - asked_ms) - (sent_ms - received_ms) + 1) / 2;
    bool sane = spread >= 0 && spread <= 86400000 && offset >= -86400000 && offset <= 86400000;
    if (!sane) return; /* a clock jumped between the two; the next exchange will tell */
    bool old = mono_ms - link->estimate_mono_ms > JZ_LINK_ESTIMATE_MS;
    if (link->has_estimate && !old && spread > link->uncertainty_ms) return;
    link->has_estimate = true;
    link->offset_ms = (int32_t)offset;
    link->uncertainty_ms = (int32_t)spread;
    link->estimate_mono_ms = mono_ms;
}

static bool fail(struct jz_link *link, enum jz_status why, struct jz_notice *out) {
    link->state = JZ_LINK_FAILED;
    link->fault = why;
    out->kind = JZ_NOTICE_FAULT;
    out->status = why;
    return false;
}

static bool take_welcome(struct jz_link *link, const struct jz_frame *frame, int64_t mono_ms, int64_t utc_ms,
                         struct jz_notice *out) {
    const struct jz_welcome *welcome = &frame->welcome;
    if (link->state != JZ_LINK_GREETING) return true;
    if (welcome->version != PROTOCOL_VERSION) return fail(link, JZ_E_VERSION, out);
    /* The server knows more of this epoch than this outbox: it is an old copy. To go on would lose reports,
     * since the server takes their numbers for duplicates. */
    for (unsigned i = 0; i < JZ_LANE_COUNT; i++)
        if (welcome->resume[i] > link->committed[i]) return fail(link, JZ_E_SEQUENCE, out);
    link->state = JZ_LINK_STREAMING;
    link->streaming_since_ms = mono_ms;
    link->ack_level = welcome->ack_level;
    link->has_estimate = false;
    estimate_clock(link, welcome->hello_ms, welcome->received_ms, frame->at_ms, mono_ms, utc_ms);
    link->clock_due = true;
    link->clock_due_ms = mono_ms + JZ_LINK_CLOCK_MS;
    if (link->ack_level <= 1) (void)raise_freed(link, welcome->resume);
    out->kind = JZ_NOTICE_WELCOME;
    return true;
}

static bool take_ack(struct jz_link *link, const struct jz_ack *ack, int64_t mono_ms, struct jz_notice *out) {
    if (link->state != JZ_LINK_STREAMING || ack->level < link->ack_level) return true;
    if (!raise_freed(link, ack->seq)) return true;
    if (link->contended)
        end_back_off(link, mono_ms);
    else
        link->retry_ms = 0;
    out->kind = JZ_NOTICE_ACKED;
    return true;
}

static bool drop_frame(struct jz_link *link, uint8_t lane, uint64_t seq) {
    for (uint32_t i = 0; i < link->flight_count; i++) {
        struct jz_in_flight *one = &link->flight[i];
        if (one->lane != lane || one->seq != seq || one->refused) continue;
        one->refused = true;
        link->quarantined++;
        pass_refused(link);
        leave_flight(link);
        return true;
    }
    return false;
}

static void be_replaced(struct jz_link *link, int64_t mono_ms) {
    end_back_off(link, mono_ms);
    link->contended = true;
    link->streaming_since_ms = mono_ms;
}

static bool take_error(struct jz_link *link, const struct jz_error *error, int64_t mono_ms,
                       struct jz_notice *out) {
    enum verdict verdict = verdict_of(error->status);
    out->kind = JZ_NOTICE_REFUSED;
    out->status = error->status;
    out->lane = error->lane;
    out->seq = error->seq;
    if (error->status == JZ_E_REPLACED) be_replaced(link, mono_ms);
    if (verdict == VERDICT_FAIL) return fail(link, error->status, out);
    if (verdict == VERDICT_DROP && error->has_seq && error->lane < JZ_LANE_COUNT)
        out->dropped = drop_frame(link, error->lane, error->seq);
    return verdict != VERDICT_AGAIN;
}

static bool take_clock(struct jz_link *link, const struct jz_frame *frame, int64_t mono_ms, int64_t utc_ms) {
    if (link->state != JZ_LINK_STREAMING || !frame->clock.answered) return true;
    estimate_clock(link, frame->at_ms, frame->clock.received_ms, frame->clock.sent_ms, mono_ms, utc_ms);
    return true;
}

static bool dispatch(struct jz_link *link, const struct jz_frame *frame, int64_t mono_ms, int64_t utc_ms,
                     struct jz_notice *out) {
    if (frame->kind == JZ_FRAME_WELCOME) return take_welcome(link, frame, mono_ms, utc_ms, out);
    if (frame->kind == JZ_FRAME_ACK) return take_ack(link, &frame->ack, mono_ms, out);
    if (frame->kind == JZ_FRAME_ERROR) return take_error(link, &frame->error, mono_ms, out);
    if (frame->kind == JZ_FRAME_CLOCK) return take_clock(link, frame, mono_ms, utc_ms);
    if (frame->kind == JZ_FRAME_DIRECTIVE) out->kind = JZ_NOTICE_DIRECTIVE;
    return true;
}

bool jz_link_frame(struct jz_link *link, const struct jz_frame *frame, int64_t mono_ms, int64_t utc_ms,
                   struct jz_notice *out) {
    memset(out, 0, sizeof *out);
    out->frame = frame;
    bool stays = dispatch(link, frame, mono_ms, utc_ms, out);
    memcpy(out->acked, link->freed, sizeof out->acked);
    return stays;
}
