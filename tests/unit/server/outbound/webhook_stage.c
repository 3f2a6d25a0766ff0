/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "webhook_stage.h"

struct scene scene;

static int64_t told_mono(void *context) {
    return ((struct scene *)context)->mono_ms;
}
static int64_t told_utc(void *context) {
    return ((struct scene *)context)->utc_ms;
}
/* Asked once for each try that failed. */
static void told_random(void *context, uint8_t *out, size_t bytes) {
    ((struct scene *)context)->failures++;
    memset(out, ((struct scene *)context)->random, bytes);
}
static const struct jz_hooks hooks = {
    .mono_ms = told_mono, .utc_ms = told_utc, .random = told_random, .context = &scene};

static void on_done(void *context, const struct jz_webhook_result *result) {
    (void)context;
    assert_true(scene.results < RESULTS_MAX);
    scene.result[scene.results++] = *result;
    snprintf(scene.why, sizeof scene.why, "%s", result->why);
    const struct jz_webhook_notice *next = scene.send_next;
    scene.send_next = NULL;
    if (next) assert_int_equal(jz_webhook_send(scene.hook, next), JZ_OK);
}

static void on_change(void *context, bool up, const char *why) {
    (void)context;
    scene.ups += up;
    scene.downs += !up;
    assert_true(up == (why[0] == '\0'));
    if (!up) snprintf(scene.down_why, sizeof scene.down_why, "%s", why);
}

enum jz_status open_at(const char *url, const char *ca_file, uint32_t timeout_ms) {
    struct jz_webhook_config config = {.url = url,
                                       .ca_file = ca_file,
                                       .secret_file = scene.secret_file,
                                       .timeout_ms = timeout_ms,
                                       .hooks = &hooks,
                                       .done = on_done,
                                       .changed = on_change};
    return jz_webhook_open(&scene.hook, scene.service.loop, &config, &scene.error);
}

void open_hook(void) {
    assert_int_equal(open_at(scene.url, "", 0), JZ_OK);
}

void write_secret(const char *text, size_t bytes, unsigned mode) {
    FILE *file = fopen(scene.secret_file, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, bytes, file), bytes);
    fclose(file);
    assert_int_equal(chmod(scene.secret_file, mode), 0);
}

void close_hook(void) {
    jz_webhook_close(scene.hook);
    scene.hook = NULL;
}

int scene_setup(void **state) {
    (void)state;
    memset(&scene, 0, sizeof scene);
    if (!stage_open(&scene.service)) return -1;
    snprintf(scene.url, sizeof scene.url, "%s/notice", scene.service.base);
    snprintf(scene.secret_file, sizeof scene.secret_file, "/tmp/jz-webhook-XXXXXX");
    close(mkstemp(scene.secret_file));
    write_secret(SECRET "\n", strlen(SECRET) + 1, 0600);
    scene.mono_ms = 5000;
    scene.utc_ms = 1753167602345;
    scene.service.reply = OK_204;
    return 0;
}

int scene_teardown(void **state) {
    (void)state;
    jz_webhook_close(scene.hook);
    stage_close(&scene.service);
    unlink(scene.secret_file);
    return 0;
}

struct jz_webhook_notice notice(uint64_t id) {
    return (struct jz_webhook_notice){.id = id,
                                      .kind = JZ_WEBHOOK_ESCALATED,
                                      .encounter = {{1}},
                                      .alert = 9,
                                      .facility = "gy-2",
                                      .contact = "085100000000",
                                      .text_zh = "\xe6\x80\xa5",
                                      .text_en = "now",
                                      .raised_ms = 1753167600000};
}

enum jz_status send_kind(uint64_t id, enum jz_webhook_kind kind) {
    struct jz_webhook_notice n = notice(id);
    n.kind = kind;
    return jz_webhook_send(scene.hook, &n);
}

void send_notice(uint64_t id) {
    assert_int_equal(send_kind(id, JZ_WEBHOOK_ESCALATED), JZ_OK);
}

void wait_for(const uint32_t *count, uint32_t wanted) {
    assert_true(stage_wait(&scene.service, count, wanted));
}

static void end_turn(struct ev_loop *loop, ev_timer *timer, int events) {
    (void)timer, (void)events;
    ev_break(loop, EVBREAK_ALL);
}

void turn(void) {
    ev_timer limit;
    ev_timer_init(&limit, end_turn, 1.5 * JZ_WEBHOOK_TICK_MS / 1000.0, 0.0);
    ev_now_update(scene.service.loop);
    ev_timer_start(scene.service.loop, &limit);
    ev_run(scene.service.loop, 0);
    ev_timer_stop(scene.service.loop, &limit);
}

void send_and_fail(uint64_t id) {
    uint32_t before = scene.failures;
    send_notice(id);
    wait_for(&scene.failures, before + 1);
}

static const char *request_at(uint32_t index) {
    const char *at = strstr(scene.service.request, "POST ");
    for (uint32_t i = 0; at && i < index; i++) at = strstr(at + 1, "POST ");
    assert_non_null(at);
    return at;
}

static const char *part_of(uint32_t index, const char *start, const char *end) {
    static char kept[2][20000];
    static uint32_t turn_of;
    char *part = kept[turn_of++ % 2];
    const char *at = strstr(request_at(index), start);
    assert_non_null(at);
    at += strlen(start);
    size_t bytes = strstr(at, end) ? (size_t)(strstr(at, end) - at) : strlen(at);
    snprintf(part, sizeof kept[0], "%.*s", (int)bytes, at);
    return part;
}
const char *header_of(uint32_t index, const char *name) {
    char start[64];
    snprintf(start, sizeof start, "\r\n%s: ", name);
    return part_of(index, start, "\r\n");
}
const char *body_of(uint32_t index) {
    return part_of(index, "\r\n\r\n", "POST ");
}
uint64_t id_of(uint32_t index) {
    return strtoull(header_of(index, "Jingzhu-Id"), NULL, 10);
}
