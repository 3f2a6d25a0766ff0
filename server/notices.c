/* SPDX-License-Identifier: Apache-2.0 */
#include "notices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event_log.h"
#include "script.h"
#include "webhook.h"

#define SENT_MAX                                                                                             \
    4096u /* numbers remembered: what is true stays so for minutes, and a number sent twice is known there */
#define TEXT_BYTES 512u
#define AGAIN_MS 1000 /* between two looks at what could not be told */

struct jz_notices {
    const struct jz_ledger *ledger;
    const struct jz_hooks *hooks;
    struct jz_webhook *hook;
    bool simulation;
    uint64_t sent[SENT_MAX]; /* a ring */
    uint32_t next;
    bool held_back; /* one found no room or was given up: all that is true is looked at again */
    int64_t again_ms;
};

static const struct {
    enum jz_webhook_kind kind;
    const char *zh, *en;
} kinds[] = {
    [JZ_NOTICE_NOT_DELIVERED] = {JZ_WEBHOOK_NOT_DELIVERED, "预警未送达，请打电话。",
                                 "Alert not delivered, please call. "},
    [JZ_NOTICE_ESCALATED] = {JZ_WEBHOOK_ESCALATED, "预警60秒未应答。", "Alert not answered for 60 s. "},
    [JZ_NOTICE_STANDBY] = {JZ_WEBHOOK_STANDBY, "候补医院预警。", "Standby alert. "},
    [JZ_NOTICE_TEAM_NOT_READY] = {JZ_WEBHOOK_TEAM_NOT_READY, "团队5分钟未就位。",
                                  "Team not ready after 5 min. "},
    [JZ_NOTICE_PATH_DEAD] = {JZ_WEBHOOK_PATH_DEAD, "接收屏链路中断，预警请改用电话。",
                             "The receiving board cannot be reached: alerts by telephone."},
    [JZ_NOTICE_CONSULT] = {JZ_WEBHOOK_CONSULT, "会诊请求待接。", "Consult waits to be taken. "},
    [JZ_NOTICE_NOT_TOLD] = {JZ_WEBHOOK_NOT_DELIVERED, "预警已取消，未确认知晓。",
                            "Alert is off, not yet confirmed. "},
    [JZ_NOTICE_HANDOVER] = {JZ_WEBHOOK_HANDOVER_REMINDER, "交接单未签。", "Handover not signed. "},
};

static bool was_sent(const struct jz_notices *n, uint64_t id) {
    for (uint32_t i = 0; i < SENT_MAX; i++)
        if (n->sent[i] == id) return true;
    return false;
}

/* What the notice is about, then the case itself, in one SMS. In an exercise it says so first: it may ring a doctor's
 * telephone. */
static void text_of(const struct jz_notices *n, const struct jz_notice *notice, uint32_t slot,
                    enum jz_language language, char text[TEXT_BYTES]) {
    char lead[128];
    bool zh = language == JZ_ZH;
    const char *exercise = n->simulation ? (zh ? "【演练】" : "[EXERCISE] ") : "";
    snprintf(lead, sizeof lead, "%s%s", exercise, zh ? kinds[notice->kind].zh : kinds[notice->kind].en);
    if (slot == UINT32_MAX)
        snprintf(text, TEXT_BYTES, "%s", lead);
    else
        jz_script_sms_led(jz_ledger_core(n->ledger), slot, notice->facility, jz_hooks_utc_ms(n->hooks),
                          language, lead, text, TEXT_BYTES);
}

static void try_again(struct jz_notices *n) {
    if (!n->held_back) n->again_ms = jz_hooks_mono_ms(n->hooks) + AGAIN_MS;
    n->held_back = true;
}

static void send(struct jz_notices *n, const struct jz_notice *notice, uint32_t slot) {
    char zh[TEXT_BYTES], en[TEXT_BYTES];
    const struct jz_core *core = jz_ledger_core(n->ledger);
    if (was_sent(n, notice->id)) return;
    text_of(n, notice, slot, JZ_ZH, zh);
    text_of(n, notice, slot, JZ_EN, en);
    struct jz_webhook_notice out = {.id = notice->id,
                                    .kind = kinds[notice->kind].kind,
                                    .alert = notice->alert,
                                    .text_zh = zh,
                                    .text_en = en,
                                    .raised_ms = notice->raised_ms};
    if (slot != UINT32_MAX) out.encounter = jz_core_encounter_id(core, slot);
    if (notice->facility != UINT32_MAX) out.facility = jz_core_facility_id(core, notice->facility);
    enum jz_status status = jz_webhook_send(n->hook, &out);
    bool later = status == JZ_E_FULL || status == JZ_E_MEMORY;
    if (status != JZ_OK && !(later && n->held_back)) /* once for all that waits */
        jz_log(JZ_LOG_WEBHOOK_FULL, &(struct jz_log_fields){.status = status, .count = notice->id});
    if (later) {
        try_again(n);
        return;
    }
    n->sent[n->next] = notice->id;
    n->next = (n->next + 1u) % SENT_MAX;
}

static void of_patient(struct jz_notices *n, uint32_t slot) {
    struct jz_notice notice[JZ_NOTICES_MAX];
    uint32_t count = jz_core_notices(jz_ledger_core(n->ledger), slot, notice, JZ_NOTICES_MAX);
    for (uint32_t i = 0; i < count; i++) send(n, &notice[i], slot);
}

static void of_facility(struct jz_notices *n, uint32_t facility) {
    struct jz_notice notice;
    if (jz_core_facility_notice(jz_ledger_core(n->ledger), facility, &notice)) send(n, &notice, UINT32_MAX);
}

void jz_notices_released(struct jz_notices *n, const struct jz_released *released) {
    if (!n) return;
    for (uint32_t i = 0; i < released->touched_count; i++) of_patient(n, released->touched[i]);
    for (uint32_t f = 0; f < jz_core_facility_count(jz_ledger_core(n->ledger)); f++)
        if (released->facilities >> f & 1u) of_facility(n, f);
}

void jz_notices_all(struct jz_notices *n) {
    if (!n) return;
    const struct jz_core *core = jz_ledger_core(n->ledger);
    for (uint32_t slot = 0; slot < jz_core_encounter_count(core); slot++) of_patient(n, slot);
    for (uint32_t f = 0; f < jz_core_facility_count(core); f++) of_facility(n, f);
}

/* A patient of whom nothing more is heard changes no more, and somebody has to be told all the same. */
void jz_notices_tick(struct jz_notices *n) {
    if (!n || !n->held_back || jz_hooks_mono_ms(n->hooks) < n->again_ms || !jz_ledger_settled(n->ledger))
        return;
    n->held_back = false;
    jz_notices_all(n);
}

/* docs/webhook.md: the same question would have the same answer. */
static bool is_refused(uint32_t http) {
    return http >= 400 && http < 500 && http != 408 && http != 425 && http != 429;
}

/* What was given up is told again for as long as it is true: a gateway that was away comes back. */
static void done(void *context, const struct jz_webhook_result *result) {
    struct jz_notices *n = context;
    if (result->delivered) return;
    jz_log(JZ_LOG_WEBHOOK_GIVEN_UP, &(struct jz_log_fields){.count = result->id, .detail = result->why});
    if (is_refused(result->http)) return;
    for (uint32_t i = 0; i < SENT_MAX; i++)
        if (n->sent[i] == result->id) n->sent[i] = 0;
    try_again(n);
}

static void changed(void *context, bool up, const char *why) {
    (void)context;
    jz_log(up ? JZ_LOG_WEBHOOK_UP : JZ_LOG_WEBHOOK_DOWN, &(struct jz_log_fields){.detail = why});
}

enum jz_status jz_notices_open(struct jz_notices **out, struct ev_loop *loop, const struct jz_config *config,
                               const struct jz_ledger *ledger, const struct jz_hooks *hooks,
                               struct jz_pack_error *error) {
    *out = NULL;
    if (!config->webhook_url[0]) return JZ_OK;
    struct jz_notices *n = calloc(1, sizeof *n);
    if (!n) return JZ_E_MEMORY;
    n->ledger = ledger;
    n->hooks = hooks;
    n->simulation = config->simulation;
    struct jz_webhook_config webhook = {.url = config->webhook_url,
                                        .ca_file = config->webhook_ca,
                                        .secret_file = config->webhook_secret,
                                        .hooks = hooks,
                                        .done = done,
                                        .changed = changed,
                                        .context = n};
    enum jz_status status = jz_webhook_open(&n->hook, loop, &webhook, error);
    if (status == JZ_OK)
        *out = n;
    else
        free(n);
    return status;
}

void jz_notices_close(struct jz_notices *n) {
    if (!n) return;
    jz_webhook_close(n->hook);
    free(n);
}
