/* SPDX-License-Identifier: Apache-2.0 */
/** @file webhook_stage.h  A webhook and the gateway it speaks to, under a clock and chance that do as they are told. */
#ifndef WEBHOOK_STAGE_H
#define WEBHOOK_STAGE_H
#include "http_stage.h"
#include "webhook.h"

#define SECRET "9f2c1e7a40b85d63c7f1a2e49b06d8537e1c5fa8260d94b3" /* of docs/webhook.md */
#define OK_204 "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
#define BUSY_503 "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
#define RESULTS_MAX 600

extern struct scene {
    struct http_stage service; /**< the gateway; answers OK_204 until told otherwise */
    struct jz_webhook *hook;   /**< NULL until a test opens it */
    struct jz_pack_error error;
    char url[128], secret_file[64];
    int64_t mono_ms, utc_ms;
    uint8_t random; /**< each byte of it: 0 waits longest */
    struct jz_webhook_result result[RESULTS_MAX];
    uint32_t results, ups, downs, failures;    /**< failures: tries that failed */
    char why[160], down_why[160];              /**< of the last result, of the last change */
    const struct jz_webhook_notice *send_next; /**< from within the next result */
} scene;

int scene_setup(void **state);
int scene_teardown(void **state);
enum jz_status open_at(const char *url, const char *ca_file, uint32_t timeout_ms);
/** At scene.url, with success. */
void open_hook(void);
void close_hook(void);
/** Makes that the secret's file. @param mode  e.g. 0600 */
void write_secret(const char *text, size_t bytes, unsigned mode);

struct jz_webhook_notice notice(uint64_t id);
enum jz_status send_kind(uint64_t id, enum jz_webhook_kind kind);
void send_notice(uint64_t id);
/** Its first try has failed. */
void send_and_fail(uint64_t id);
void wait_for(const uint32_t *count, uint32_t wanted);
/** Turns the loop long enough for the hook to look at the clock. */
void turn(void);

/** A header, or the body, of the request that came at that place, from 0. Overwritten by the next call but one. */
const char *header_of(uint32_t index, const char *name);
const char *body_of(uint32_t index);
uint64_t id_of(uint32_t index);

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

#endif /* WEBHOOK_STAGE_H */
