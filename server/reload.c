/* SPDX-License-Identifier: Apache-2.0 */
#include "reload.h"

#include <ev.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "config.h"

struct jz_reload {
    struct ev_loop *loop;
    struct ev_async finished;
    jz_reload_done done;
    void *context;
    pthread_t worker;
    bool under_way;
    char folder[2][JZ_CONFIG_TEXT], person[32];
    struct jz_loaded loaded[2];
};

static enum jz_status test(struct jz_bytes bytes, struct jz_pack_error *error) {
    struct jz_pack_tests *tests = calloc(1, sizeof *tests); /* too large for a stack */
    if (!tests) return JZ_E_MEMORY;
    enum jz_status status = jz_packs_test(bytes, tests, error);
    if (status != JZ_OK && tests->failed) *error = tests->failure[0];
    free(tests);
    return status;
}

void jz_packs_load(const char *folder, struct jz_loaded *out) {
    *out = (struct jz_loaded){.program = NULL};
    out->status = jz_packs_read(folder, &out->payload, &out->error);
    struct jz_bytes bytes = {out->payload.data, (uint32_t)out->payload.bytes};
    if (out->status == JZ_OK) out->status = test(bytes, &out->error);
    if (out->status == JZ_OK) out->status = jz_packs_compile(bytes, &out->program, &out->error);
    if (out->status != JZ_OK && !out->error.text[0])
        snprintf(out->error.text, sizeof out->error.text, "%s", jz_status_text(out->status));
}

void jz_loaded_free(struct jz_loaded *loaded) {
    free(loaded->payload.data);
    jz_program_free(loaded->program);
    *loaded = (struct jz_loaded){.program = NULL};
}

static void *work(void *argument) {
    struct jz_reload *r = argument;
    jz_packs_load(r->folder[0], &r->loaded[0]);
    if (r->folder[1][0]) jz_packs_load(r->folder[1], &r->loaded[1]);
    ev_async_send(r->loop, &r->finished);
    return NULL;
}

static void end(struct jz_reload *r) {
    pthread_join(r->worker, NULL);
    r->under_way = false;
}

static void on_finished(struct ev_loop *loop, struct ev_async *watcher, int events) {
    struct jz_reload *r = watcher->data;
    (void)loop;
    (void)events;
    if (!r->under_way) return;
    end(r);
    r->done(r->context, r->person, &r->loaded[0], &r->loaded[1]);
    for (int i = 0; i < 2; i++) jz_loaded_free(&r->loaded[i]);
}

struct jz_reload *jz_reload_open(struct ev_loop *loop, jz_reload_done done, void *context) {
    struct jz_reload *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    r->loop = loop;
    r->done = done;
    r->context = context;
    ev_async_init(&r->finished, on_finished);
    r->finished.data = r;
    ev_async_start(loop, &r->finished);
    return r;
}

void jz_reload_close(struct jz_reload *r) {
    if (!r) return;
    if (r->under_way) end(r);
    ev_async_stop(r->loop, &r->finished);
    for (int i = 0; i < 2; i++) jz_loaded_free(&r->loaded[i]);
    free(r);
}

enum jz_status jz_reload_start(struct jz_reload *r, const char *packs, const char *shadow,
                               const char *person) {
    if (r->under_way) return JZ_E_FULL;
    snprintf(r->folder[0], sizeof r->folder[0], "%s", packs);
    snprintf(r->folder[1], sizeof r->folder[1], "%s", shadow);
    snprintf(r->person, sizeof r->person, "%s", person);
    r->under_way = pthread_create(&r->worker, NULL, work, r) == 0;
    return r->under_way ? JZ_OK : JZ_E_MEMORY;
}
