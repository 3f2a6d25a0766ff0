/* SPDX-License-Identifier: Apache-2.0 */
/* What consoles, devices and the gateway are told, and that nothing is told before it is durable: the true ledger, core, show
 * and notices over a journal that commits on its own thread. The network and the gateway are counted here. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "notices.h"
#include "show.h"
#include "webhook.h"

#define NOON INT64_C(1767225600000)
#define SESSIONS 3u
enum { DISPATCHER, ZHANG, LI };
#define KINDS 64u

/* --- the network: who is there, and what was sent ------------------------------------------------------------------- */

struct jz_blob {
    uint32_t owners;
    size_t count;
    uint8_t bytes[];
};

static struct {
    struct jz_session_info info[SESSIONS];
    bool ready[SESSIONS];
    uint32_t sent; /* frames, heartbeats left out */
    uint32_t kinds[SESSIONS][KINDS];
    uint8_t consult[SESSIONS][JZ_NET_SEND_BYTES_MAX];
    size_t consult_bytes[SESSIONS];
    uint32_t last_kind[SESSIONS];
} wire;

static struct jz_net *const net = (struct jz_net *)&wire;

uint64_t jz_net_each(const struct jz_net *n, enum jz_side side, uint32_t *cursor) {
    (void)n;
    while (*cursor < SESSIONS) {
        uint32_t i = (*cursor)++;
        if (wire.ready[i] && wire.info[i].side == side) return i + 1u;
    }
    return JZ_NET_NONE;
}
const struct jz_session_info *jz_net_session(const struct jz_net *n, uint64_t session) {
    (void)n;
    return &wire.info[session - 1u];
}
uint64_t jz_net_device(const struct jz_net *n, const uint8_t peer[16]) {
    (void)n, (void)peer;
    return JZ_NET_NONE;
}
size_t jz_net_waiting(const struct jz_net *n, uint64_t session) {
    (void)n, (void)session;
    return 0;
}
void jz_net_close_session(struct jz_net *n, uint64_t session, enum jz_status why) {
    (void)n, (void)session, (void)why;
    fail_msg("nobody is let go here");
}

static uint32_t kind_of(const uint8_t *bytes, size_t count) {
    struct jz_reader r;
    jz_reader_init(&r, bytes, count);
    jz_read_map(&r);
    jz_read_uint(&r); /* key 0 */
    return (uint32_t)jz_read_uint(&r);
}

enum jz_status jz_net_send(struct jz_net *n, uint64_t session, const uint8_t *bytes, size_t count,
                           enum jz_send_class cls) {
    (void)n, (void)cls;
    uint32_t kind = kind_of(bytes, count);
    if (kind == JZ_FRAME_CLOCK) return JZ_OK; /* says nothing of anybody */
    assert_true(kind < KINDS);
    wire.sent++;
    wire.kinds[session - 1u][kind]++;
    wire.last_kind[session - 1u] = kind;
    if (kind != JZ_FRAME_CONSULT) return JZ_OK;
    memcpy(wire.consult[session - 1u], bytes, count);
    wire.consult_bytes[session - 1u] = count;
    return JZ_OK;
}
enum jz_status jz_net_send_blob(struct jz_net *n, uint64_t session, struct jz_blob *blob,
                                enum jz_send_class cls) {
    return jz_net_send(n, session, blob->bytes, blob->count, cls);
}
struct jz_blob *jz_blob_make(const uint8_t *bytes, size_t count) {
    struct jz_blob *blob = malloc(sizeof *blob + count);
    assert_non_null(blob);
    blob->owners = 1;
    blob->count = count;
    memcpy(blob->bytes, bytes, count);
    return blob;
}
void jz_blob_release(struct jz_blob *blob) {
    if (blob && --blob->owners == 0) free(blob);
}

/* --- no waveforms, and a gateway that does as it is told ------------------------------------------------------------- */

const struct jz_trace *jz_waves_trace(const struct jz_waves *waves) {
    (void)waves;
    return NULL;
}
bool jz_waves_durable(struct jz_waves *waves, const struct jz_released_event *event, uint32_t *slot) {
    (void)waves, (void)event, (void)slot;
    return false;
}
uint32_t jz_trace_get(const struct jz_trace *trace, uint32_t slot, struct jz_encounter_id encounter,
                      struct jz_bytes frames[JZ_TRACE_SEGMENTS]) {
    (void)trace, (void)slot, (void)encounter, (void)frames;
    return 0;
}

static struct {
    struct jz_webhook_config config;
    enum jz_status answers;
    uint32_t taken, asked;
    uint64_t last;
} gateway;

enum jz_status jz_webhook_open(struct jz_webhook **hook, struct ev_loop *loop,
                               const struct jz_webhook_config *config, struct jz_pack_error *error) {
    (void)loop, (void)error;
    *hook = (struct jz_webhook *)&gateway;
    gateway.config = *config;
    return JZ_OK;
}
void jz_webhook_close(struct jz_webhook *hook) {
    (void)hook;
}
enum jz_status jz_webhook_send(struct jz_webhook *hook, const struct jz_webhook_notice *notice) {
    (void)hook;
    gateway.asked++;
    gateway.taken += gateway.answers == JZ_OK;
    gateway.last = notice->id;
    return gateway.answers;
}

/* --- the centre ------------------------------------------------------------------------------------------------------ */

struct centre {
    char dir[64];
    struct jz_hooks hooks;
    int64_t now, mono;
    struct jz_ledger *ledger;
    struct jz_show *show;
    struct jz_notices *notices;
    uint64_t seq;
};

static int64_t centre_utc(void *context) {
    return ((struct centre *)context)->now;
}
static int64_t centre_mono(void *context) {
    return ((struct centre *)context)->mono;
}

static void on_batch(void *context, const struct jz_released *released) {
    struct centre *c = context;
    if (!c->show) return;
    jz_show_released(c->show, released);
    jz_notices_released(c->notices, released);
}

static void activate(struct centre *c) {
    struct jz_payload payload;
    struct jz_pack_error error;
    assert_int_equal(jz_packs_read(JZ_SOURCE_DIR "/clinical-rules/packs", &payload, &error), JZ_OK);
    enum jz_status status = jz_ledger_activate(c->ledger, JZ_EVENT_PACKS, payload, "周组长", &error);
    free(payload.data);
    assert_int_equal(status, JZ_OK);
    assert_int_equal(jz_directory_read(JZ_SOURCE_DIR "/server/routing/data/guiyang-directory.yaml", true,
                                       &payload, &error),
                     JZ_OK);
    status = jz_ledger_activate(c->ledger, JZ_EVENT_DIRECTORY, payload, "周组长", &error);
    free(payload.data);
    assert_int_equal(status, JZ_OK);
}

static void somebody(uint32_t session, enum jz_role role, const char *name) {
    wire.info[session] = (struct jz_session_info){.side = JZ_SIDE_CONSOLE, .role = role};
    snprintf(wire.info[session].name, sizeof wire.info[session].name, "%s", name);
}

static int centre_open(void **state) {
    static struct jz_config config;
    struct centre *c = calloc(1, sizeof *c);
    struct jz_pack_error error;
    char url[128];
    assert_non_null(c);
    memset(&wire, 0, sizeof wire);
    memset(&gateway, 0, sizeof gateway);
    c->now = NOON;
    c->mono = 1000000;
    c->hooks = (struct jz_hooks){.utc_ms = centre_utc, .mono_ms = centre_mono, .context = c};
    snprintf(c->dir, sizeof c->dir, "/tmp/jz-show-XXXXXX");
    assert_non_null(mkdtemp(c->dir));
    snprintf(url, sizeof url, "sqlite:%s/journal.db?commit=thread", c->dir);
    struct jz_ledger_config ledger = {
        .journal_url = url, .limits = {16, 16}, .hooks = &c->hooks, .context = c, .batch_released = on_batch};
    assert_int_equal(jz_ledger_open(&c->ledger, &ledger, &error), JZ_OK);
    activate(c);
    c->show = jz_show_open(c->ledger, NULL, &c->hooks, 16);
    assert_non_null(c->show);
    snprintf(config.webhook_url, sizeof config.webhook_url, "http://localhost/");
    assert_int_equal(jz_notices_open(&c->notices, NULL, &config, c->ledger, &c->hooks, &error), JZ_OK);
    jz_show_start(c->show, net);
    somebody(DISPATCHER, JZ_ROLE_DISPATCHER, "王调度");
    somebody(ZHANG, JZ_ROLE_CONSULTANT, "北京张");
    somebody(LI, JZ_ROLE_CONSULTANT, "北京李");
    *state = c;
    return 0;
}

static int centre_close(void **state) {
    static const char *const files[] = {"journal.db", "journal.db-wal", "journal.db-shm", "journal.db.lock",
                                        "journal.db.snap"};
    struct centre *c = *state;
    char path[128];
    jz_show_close(c->show);
    jz_notices_close(c->notices);
    jz_ledger_close(c->ledger);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", c->dir, files[i]);
        unlink(path);
    }
    rmdir(c->dir);
    free(c);
    return 0;
}

static void settle(struct centre *c) {
    jz_ledger_flush(c->ledger);
    while (!jz_ledger_settled(c->ledger)) {
        struct pollfd fd = {.fd = jz_ledger_fd(c->ledger), .events = POLLIN};
        assert_true(poll(&fd, 1, 10000) == 1);
        jz_ledger_service(c->ledger);
    }
}

static void come(struct centre *c, uint32_t session) {
    wire.ready[session] = true;
    jz_show_ready(c->show, session + 1u, &wire.info[session]);
}

static void submit(struct centre *c, struct jz_frame *frame, const struct jz_session_info *who) {
    uint8_t bytes[1024];
    size_t written;
    frame->seq = ++c->seq;
    frame->at_ms = c->now;
    frame->has_encounter = true;
    frame->encounter = (struct jz_encounter_id){{1, 0, 1}};
    assert_int_equal(jz_frame_encode(frame, bytes, sizeof bytes, &written), JZ_OK);
    struct jz_event event = {.kind = JZ_EVENT_FRAME,
                             .received_ms = c->now,
                             .epoch = 3,
                             .frame = frame,
                             .peer = {.id = {9}, .kind = JZ_PEER_DEVICE},
                             .original = {bytes, (uint32_t)written}};
    if (who) {
        event.peer = (struct jz_peer){.kind = JZ_PEER_PERSON, .role = who->role};
        memcpy(event.peer.name, who->name, sizeof event.peer.name);
        memcpy(event.peer.id, who->name, sizeof event.peer.id);
    }
    assert_int_equal(jz_ledger_submit(c->ledger, &event, 1), JZ_OK);
}

/* An infarct: a hospital is asked at once. */
static void infarct(struct centre *c) {
    struct jz_frame frame = {.kind = JZ_FRAME_FINDING};
    frame.finding.code = jz_field_at(jz_field_by_name("st_elevation_confirmed"))->code;
    frame.finding.value = 1;
    frame.finding.observer = JZ_OBSERVER_PHYSICIAN;
    submit(c, &frame, NULL);
}

static void act(struct centre *c, uint32_t session, enum jz_action_code what, const char *text) {
    struct jz_frame frame = {.kind = JZ_FRAME_ACTION};
    frame.action = (struct jz_action){.what = what, .text = {text, text ? (uint32_t)strlen(text) : 0}};
    submit(c, &frame, &wire.info[session]);
    settle(c);
}

/* Whatever may call upon them while a commit is under way. */
static void try_everything(struct centre *c) {
    c->mono += 20000;
    jz_show_tick(c->show);
    jz_show_advance(c->show);
    jz_show_ready(c->show, DISPATCHER + 1u, &wire.info[DISPATCHER]);
    come(c, ZHANG);
    jz_notices_tick(c->notices);
}

/* --- nothing before it is durable ------------------------------------------------------------------------------------- */

static void nothing_is_shown_before_the_commit_that_holds_it(void **state) {
    struct centre *c = *state;
    come(c, DISPATCHER);
    uint32_t before = wire.sent;
    assert_true(before > 0); /* hospitals */
    infarct(c);
    assert_int_equal(wire.sent, before); /* applied, and not begun to be committed */
    try_everything(c);
    assert_int_equal(wire.sent, before);
    jz_ledger_flush(c->ledger);
    assert_false(jz_ledger_settled(c->ledger)); /* on its way to the disk */
    try_everything(c);
    assert_int_equal(wire.sent, before);
    settle(c);
    assert_true(wire.sent > before);
    assert_true(wire.kinds[DISPATCHER][JZ_FRAME_PATIENT] > 0);
    assert_true(wire.kinds[DISPATCHER][JZ_FRAME_ALERT] > 0);
    assert_int_equal(wire.kinds[ZHANG][JZ_FRAME_PATIENT], 0); /* was not asked */
}

/* Nobody's device confirms the alert for ten seconds: the gateway is told, when that is durable. */
static void no_gateway_is_told_before_the_commit_that_holds_it(void **state) {
    struct centre *c = *state;
    infarct(c);
    settle(c);
    gateway.answers = JZ_E_FULL; /* the last notices found no room */
    c->now += 11000;
    jz_ledger_tick(c->ledger);
    settle(c);
    assert_true(gateway.asked > 0);
    assert_int_equal(gateway.taken, 0);
    gateway.answers = JZ_OK;
    infarct(c); /* not durable */
    try_everything(c);
    assert_int_equal(gateway.taken, 0);
    jz_ledger_flush(c->ledger);
    try_everything(c);
    assert_int_equal(gateway.taken, 0);
    settle(c);
    assert_true(gateway.taken > 0);
}

/* --- the gateway ------------------------------------------------------------------------------------------------------ */

static void unconfirmed(struct centre *c) {
    infarct(c);
    settle(c);
    c->now += 11000;
    jz_ledger_tick(c->ledger);
    settle(c);
    assert_true(gateway.asked > 0);
}

/* Of this patient nothing more is heard: no change will come that would bring the notice again. */
static void a_notice_that_found_no_room_is_told_when_there_is(void **state) {
    struct centre *c = *state;
    gateway.answers = JZ_E_FULL;
    unconfirmed(c);
    gateway.answers = JZ_OK;
    jz_notices_tick(c->notices);
    assert_int_equal(gateway.taken, 0); /* not in the same breath */
    c->mono += 1000;
    jz_notices_tick(c->notices);
    assert_int_equal(gateway.taken, 1);
    c->mono += 1000;
    jz_notices_tick(c->notices);
    assert_int_equal(gateway.taken, 1); /* and once */
}

static void a_notice_that_was_given_up_is_told_again_while_it_is_true(void **state) {
    struct centre *c = *state;
    unconfirmed(c);
    assert_int_equal(gateway.taken, 1);
    struct jz_webhook_result result = {.id = gateway.last, .why = "no answer"};
    gateway.config.done(gateway.config.context, &result);
    c->mono += 1000;
    jz_notices_tick(c->notices);
    assert_int_equal(gateway.taken, 2);
    assert_int_equal(gateway.last, result.id);
    result.http = 400; /* the same question would have the same answer */
    gateway.config.done(gateway.config.context, &result);
    c->mono += 1000;
    jz_notices_tick(c->notices);
    assert_int_equal(gateway.taken, 2);
}

/* --- consultants ------------------------------------------------------------------------------------------------------ */

static bool was_told(uint32_t session, const char *word) {
    return memmem(wire.consult[session], wire.consult_bytes[session], word, strlen(word)) != NULL;
}

/* The page of the one who was not first rings until it hears that. */
static void who_was_asked_beside_hears_that_it_was_taken_and_that_it_ended(void **state) {
    struct centre *c = *state;
    infarct(c);
    settle(c);
    for (uint32_t i = 0; i < SESSIONS; i++) come(c, i);
    act(c, DISPATCHER, JZ_ACTION_ASK_CONSULT, "question in words");
    assert_int_equal(wire.kinds[LI][JZ_FRAME_CONSULT], 1);
    assert_true(was_told(LI, "question in words"));
    assert_true(wire.kinds[LI][JZ_FRAME_PATIENT] >
                0); /* with the patient, who was not theirs to see before */
    act(c, ZHANG, JZ_ACTION_TAKE_CONSULT, NULL);
    assert_int_equal(wire.kinds[LI][JZ_FRAME_CONSULT], 2);
    assert_false(was_told(LI, "question in words"));
    uint32_t patients = wire.kinds[LI][JZ_FRAME_PATIENT];
    infarct(c);
    settle(c);
    assert_int_equal(wire.kinds[LI][JZ_FRAME_PATIENT], patients); /* sees nothing more */
    struct jz_frame end = {.kind = JZ_FRAME_ENCOUNTER_CLOSE};
    end.close.reason = JZ_CLOSE_STOOD_DOWN;
    submit(c, &end, NULL);
    settle(c);
    assert_int_equal(wire.kinds[LI][JZ_FRAME_CONSULT], 3);
    assert_int_equal(wire.last_kind[LI], JZ_FRAME_CONSULT);
}

int main(void) {
#define AT_CENTRE(test) cmocka_unit_test_setup_teardown(test, centre_open, centre_close)
    const struct CMUnitTest tests[] = {
        AT_CENTRE(nothing_is_shown_before_the_commit_that_holds_it),
        AT_CENTRE(no_gateway_is_told_before_the_commit_that_holds_it),
        AT_CENTRE(a_notice_that_found_no_room_is_told_when_there_is),
        AT_CENTRE(a_notice_that_was_given_up_is_told_again_while_it_is_true),
        AT_CENTRE(who_was_asked_beside_hears_that_it_was_taken_and_that_it_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
